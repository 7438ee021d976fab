//! Accounts (RFC 8555 §7.3).

use std::net::IpAddr;

use crate::acme::{AccountRequest, Jwk, NewAccount, Problem, ProblemType};
use crate::domain::limits::{Bucket, Limit};
use crate::domain::{Account, AccountKey, AccountStatus, EabKey, Id};
use crate::engine::{Answer, Engine, Fault, MAX_ATTEMPTS};
use crate::state::{Conflict, Outcome, Versioned, Write};

/// The account of a newAccount request.
pub struct FoundAccount {
    /// The account.
    pub account: Account,
    /// Whether this request made it.
    pub is_new: bool,
}

fn key_of(jwk: &Jwk) -> AccountKey {
    AccountKey {
        jwk: jwk.canonical().to_owned(),
        thumbprint: jwk.thumbprint(),
    }
}

fn ended(account: &Account) -> Fault {
    Problem::new(
        ProblemType::Unauthorized,
        format!("the account is {}", account.status().word()),
    )
    .with_status(401)
    .into()
}

impl Engine {
    /// The account that `kid` names, if it may still ask.
    ///
    /// # Errors
    /// `accountDoesNotExist`; `unauthorized` with status 401 for one that has ended (RFC 8555 §7.3.6).
    pub async fn account(&self, id: Option<Id>) -> Answer<Versioned<Account>> {
        let unknown = || {
            Fault::of(
                ProblemType::AccountDoesNotExist,
                "`kid` is not the URL of an account of this server",
            )
        };
        let id = id.ok_or_else(unknown)?;
        let found = self.state.get::<Account>(&id).await?.ok_or_else(unknown)?;
        match found.value.status() {
            AccountStatus::Valid => Ok(found),
            _ => Err(ended(&found.value)),
        }
    }

    /// Finds or makes the account of a key (RFC 8555 §7.3, §7.3.1). `url` is what the request was signed for, `from` where it came from.
    ///
    /// # Errors
    /// As RFC 8555 has them: `accountDoesNotExist`, `externalAccountRequired`, `userActionRequired`, `unauthorized`, `rateLimited`.
    pub async fn new_account(
        &self,
        request: NewAccount,
        jwk: &Jwk,
        url: &str,
        from: IpAddr,
    ) -> Answer<FoundAccount> {
        let key = key_of(jwk);
        if let Some(found) = self.state.account_by_thumbprint(key.thumbprint.clone()).await? {
            return existing(found.value);
        }
        if request.only_existing {
            return Err(Fault::of(
                ProblemType::AccountDoesNotExist,
                "no account has this key, and the request asks for an existing one",
            ));
        }
        if let Some(terms) = &self.settings.terms
            && !request.agrees_to_terms
        {
            return Err(not_agreed("the terms of service must be agreed to", terms));
        }
        let mut bound = self.bound(&request, jwk, url).await?;
        self.count(&[(Bucket::new_accounts(from), Limit::NewAccounts)], None)
            .await?;
        let now = self.clock.now();
        let mut account = Account::new(self.new_id(), key, request.contacts.clone(), now);
        if let (Some(bound), Some(binding)) = (&bound, &request.binding) {
            account.external = Some(bound.value.id.clone());
            account.binding = Some(binding.to_json().to_owned());
        }
        if let Some(terms) = &self.settings.terms {
            account = account.agreed(terms, now)?;
        }
        for _ in 0..4 * MAX_ATTEMPTS {
            let mut write = Write::new().insert(account.clone());
            if let Some(bound) = &bound {
                let used = bound.value.clone().used(now);
                let used =
                    used.map_err(|refused| Fault::of(ProblemType::Unauthorized, refused.to_string()))?;
                write = write.replace(used, bound.version);
            }
            match self.state.write_one(write).await? {
                Outcome::Written => {
                    return Ok(FoundAccount {
                        account,
                        is_new: true,
                    });
                }
                // Another request with the same key was first.
                Outcome::Refused(Conflict::AccountKey(id)) => {
                    let found = self.state.get::<Account>(&id).await?;
                    return existing(found.ok_or_else(|| Fault::not_found("account"))?.value);
                }
                // The key of the external account was used by another request, or ended, meanwhile.
                Outcome::Refused(_) => bound = self.bound(&request, jwk, url).await?,
            }
        }
        Err(Fault::unavailable(
            "too many accounts are made with the key of the external account at once",
        ))
    }

    /// The administrator's key that a request is bound to.
    async fn bound(&self, request: &NewAccount, jwk: &Jwk, url: &str) -> Answer<Option<Versioned<EabKey>>> {
        let Some(binding) = &request.binding else {
            if self.settings.requires_external_account {
                return Err(Fault::of(
                    ProblemType::ExternalAccountRequired,
                    "this server makes accounts for those who have a key of its administrator: \
                     give the client `kid` and HMAC key (external account binding)",
                ));
            }
            return Ok(None);
        };
        let unknown = || {
            Fault::of(
                ProblemType::Unauthorized,
                "`kid` of the external account binding is not a key of this server",
            )
        };
        let id = Id::parse(binding.key_id()).ok_or_else(unknown)?;
        let key = self.state.get::<EabKey>(&id).await?.ok_or_else(unknown)?;
        binding.verify(&key.value.hmac, jwk, url).map_err(Problem::from)?;
        Ok(Some(key))
    }

    /// Looks at an account, or changes it (RFC 8555 §7.3.2, §7.3.6).
    ///
    /// # Errors
    /// `unauthorized` for one that has ended meanwhile.
    pub async fn change_account(
        &self,
        account: Versioned<Account>,
        request: AccountRequest,
    ) -> Answer<Account> {
        let now = self.clock.now();
        let updated = self.updated(account, |account| match &request {
            AccountRequest::Look => Ok(account),
            AccountRequest::Deactivate => Ok(account.deactivated()?),
            AccountRequest::Update {
                contacts,
                agrees_to_terms,
            } => {
                let account = match contacts {
                    Some(contacts) => account.with_contacts(contacts.clone())?,
                    None => account,
                };
                match &self.settings.terms {
                    Some(terms) if *agrees_to_terms => Ok(account.agreed(terms, now)?),
                    _ => Ok(account),
                }
            }
        });
        Ok(updated.await?.value)
    }

    /// Where the administrator wants it, an account orders nothing before its owner has agreed to the terms as they are now (RFC 8555 §7.3.3).
    ///
    /// # Errors
    /// `userActionRequired`, with where the terms are.
    pub(super) fn expect_agreed(&self, account: &Account) -> Answer<()> {
        match &self.settings.terms {
            Some(terms) if self.settings.must_agree_again && !account.has_agreed_to(terms) => {
                Err(not_agreed(
                    "the terms of service have changed: the account must agree to them, by `termsOfServiceAgreed`",
                    terms,
                ))
            }
            _ => Ok(()),
        }
    }

    /// Gives an account another key (RFC 8555 §7.3.5).
    ///
    /// # Errors
    /// `malformed` with status 409 when another account has that key; then the account that has it is returned beside.
    pub async fn change_key(&self, account: Versioned<Account>, jwk: &Jwk) -> Answer<Result<Account, Id>> {
        let key = key_of(jwk);
        if let Some(taken) = self.state.account_by_thumbprint(key.thumbprint.clone()).await? {
            return Ok(Err(taken.value.id));
        }
        let changed = account.value.with_key(key)?;
        let write = Write::new().replace(changed.clone(), account.version);
        match self.state.write_one(write).await? {
            Outcome::Written => Ok(Ok(changed)),
            Outcome::Refused(Conflict::AccountKey(id)) => Ok(Err(id)),
            Outcome::Refused(_) => Err(Fault::unavailable(
                "the account was changed by another request meanwhile",
            )),
        }
    }
}

fn not_agreed(what: &str, terms: &str) -> Fault {
    Problem::new(
        ProblemType::UserActionRequired,
        format!("{what}; they are at {terms}"),
    )
    .with_instance(terms)
    .into()
}

fn existing(account: Account) -> Answer<FoundAccount> {
    match account.status() {
        AccountStatus::Valid => Ok(FoundAccount {
            account,
            is_new: false,
        }),
        _ => Err(ended(&account)),
    }
}
