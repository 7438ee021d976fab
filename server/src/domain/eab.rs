//! Keys of external accounts (RFC 8555 §7.3.4).

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::id::Id;
use super::kept::{octets, seconds_or_none};

/// What an ACME account proves with that it belongs to somebody the administrator knows. It has no `Debug`: nothing shows the MAC key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EabKey {
    /// Its `kid`.
    pub id: Id,
    /// The MAC key.
    #[serde(with = "octets")]
    pub hmac: Zeroizing<Vec<u8>>,
    /// Whose it is, in the administrator's words.
    pub name: String,
    /// Whether it makes one account only.
    pub is_single_use: bool,
    /// How many accounts it has made.
    pub uses: u64,
    /// Until when it makes accounts.
    #[serde(with = "seconds_or_none", default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<OffsetDateTime>,
    /// Whether the administrator has ended it.
    pub is_revoked: bool,
}

/// Why a key makes no account.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EabRefused {
    /// The administrator has ended it.
    #[error("the key of the external account is revoked")]
    Revoked,
    /// Its time has run out.
    #[error("the key of the external account expired at {0}")]
    Expired(OffsetDateTime),
    /// It makes one account only.
    #[error("the key of the external account is used up")]
    Used,
}

impl EabKey {
    /// After it has made an account.
    ///
    /// # Errors
    /// [`EabRefused`].
    pub fn used(self, now: OffsetDateTime) -> Result<Self, EabRefused> {
        match self.expires {
            _ if self.is_revoked => Err(EabRefused::Revoked),
            Some(expires) if expires <= now => Err(EabRefused::Expired(expires)),
            _ if self.is_single_use && self.uses > 0 => Err(EabRefused::Used),
            _ => Ok(Self {
                uses: self.uses.saturating_add(1),
                ..self
            }),
        }
    }
}
