//! Accounts (RFC 8555 §7.1.2).

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::id::Id;
use super::kept::{seconds, seconds_or_none};
use super::refused::Refused;
use super::status::AccountStatus;

/// The public key of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountKey {
    /// The JWK as canonical JSON: the members of RFC 7638 §3.2 in order, without blanks.
    pub jwk: String,
    /// Its SHA-256 thumbprint as base64url, RFC 7638. No two accounts have the same.
    pub thumbprint: String,
}

/// Whoever orders certificates by ACME. It is its key; an account that has ended keeps the key, so that nobody starts over with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Names it, in `kid` too.
    pub id: Id,
    /// What its requests are signed with.
    pub key: AccountKey,
    status: AccountStatus,
    /// `mailto:` addresses, RFC 8555 §7.3.
    pub contacts: Vec<String>,
    /// When the terms of service were agreed to.
    #[serde(with = "seconds_or_none", default, skip_serializing_if = "Option::is_none")]
    pub terms_agreed: Option<OffsetDateTime>,
    /// Where the terms were that were agreed to: others at another place are other terms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<String>,
    /// The key of the external account that it is bound to, RFC 8555 §7.3.4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<Id>,
    /// The binding as the client sent it, JSON: the account shows it (RFC 8555 §7.3.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binding: Option<String>,
    /// When it was made.
    #[serde(with = "seconds")]
    pub created: OffsetDateTime,
}

impl Account {
    /// A new one, valid.
    pub fn new(id: Id, key: AccountKey, contacts: Vec<String>, created: OffsetDateTime) -> Self {
        Self {
            id,
            key,
            status: AccountStatus::Valid,
            contacts,
            terms_agreed: None,
            terms: None,
            external: None,
            binding: None,
            created,
        }
    }

    /// Its status.
    pub fn status(&self) -> AccountStatus {
        self.status
    }

    /// With other contacts (RFC 8555 §7.3.2).
    ///
    /// # Errors
    /// [`Refused::Account`] when it has ended.
    pub fn with_contacts(self, contacts: Vec<String>) -> Result<Self, Refused> {
        Ok(Self {
            contacts,
            ..self.living()?
        })
    }

    /// After its owner has agreed to the terms of service (RFC 8555 §7.3.3).
    ///
    /// # Errors
    /// [`Refused::Account`] when it has ended.
    pub fn agreed(self, terms: &str, at: OffsetDateTime) -> Result<Self, Refused> {
        Ok(Self {
            terms_agreed: Some(at),
            terms: Some(terms.to_owned()),
            ..self.living()?
        })
    }

    /// Whether its owner has agreed to the terms that are at a place.
    pub fn has_agreed_to(&self, terms: &str) -> bool {
        self.terms.as_deref() == Some(terms)
    }

    /// With another key (RFC 8555 §7.3.5). Whether an account has that key already is the state's to say.
    ///
    /// # Errors
    /// [`Refused::Account`] when it has ended, [`Refused::SameKey`].
    pub fn with_key(self, key: AccountKey) -> Result<Self, Refused> {
        let account = self.living()?;
        if account.key.thumbprint == key.thumbprint {
            return Err(Refused::SameKey);
        }
        Ok(Self { key, ..account })
    }

    /// Given up by its owner (RFC 8555 §7.3.6).
    ///
    /// # Errors
    /// [`Refused::Account`] when it has ended.
    pub fn deactivated(self) -> Result<Self, Refused> {
        Ok(Self {
            status: AccountStatus::Deactivated,
            ..self.living()?
        })
    }

    /// Ended by the administrator.
    ///
    /// # Errors
    /// [`Refused::Account`] when it has ended.
    pub fn revoked(self) -> Result<Self, Refused> {
        Ok(Self {
            status: AccountStatus::Revoked,
            ..self.living()?
        })
    }

    fn living(self) -> Result<Self, Refused> {
        match self.status {
            AccountStatus::Valid => Ok(self),
            status => Err(Refused::Account(status)),
        }
    }
}
