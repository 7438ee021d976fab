//! Accounts (RFC 8555 §7.3).

use std::net::IpAddr;

use time::OffsetDateTime;

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
            return self.existing(found, &request, jwk, url).await;
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
                write = write.replace(used(&bound.value, now)?, bound.version);
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
                    let found = found.ok_or_else(|| Fault::not_found("account"))?;
                    return self.existing(found, &request, jwk, url).await;
                }
                // The key of the external account was used by another request, or ended, meanwhile.
                Outcome::Refused(_) => bound = self.bound(&request, jwk, url).await?,
            }
        }
        Err(Fault::unavailable(
            "too many accounts are made with the key of the external account at once",
        ))
    }

    /// The account that has the key already. One that is bound to nothing is bound to what a request for it brings; one that is bound stays so.
    async fn existing(
        &self,
        mut found: Versioned<Account>,
        request: &NewAccount,
        jwk: &Jwk,
        url: &str,
    ) -> Answer<FoundAccount> {
        for _ in 0..4 * MAX_ATTEMPTS {
            if found.value.status() != AccountStatus::Valid {
                return Err(ended(&found.value));
            }
            let bound = match &request.binding {
                // Who asks for an existing account changes nothing (RFC 8555 §7.3.1).
                Some(_) if !request.only_existing => self.bound(request, jwk, url).await?,
                _ => None,
            };
            let (Some(bound), Some(binding)) = (bound, &request.binding) else {
                return Ok(found_again(found.value));
            };
            match &found.value.external {
                Some(own) if *own == bound.value.id => return Ok(found_again(found.value)),
                Some(_) => {
                    return Err(Fault::of(
                        ProblemType::Unauthorized,
                        "the account is bound to another key of this server, and stays so",
                    ));
                }
                None => {}
            }
            let mut account = found.value.clone();
            account.external = Some(bound.value.id.clone());
            account.binding = Some(binding.to_json().to_owned());
            let used = used(&bound.value, self.clock.now())?;
            let write = Write::new()
                .replace(account.clone(), found.version)
                .replace(used, bound.version);
            if self.state.write_one(write).await?.is_written() {
                return Ok(found_again(account));
            }
            let again = self.state.get::<Account>(&found.value.id).await?;
            found = again.ok_or_else(|| Fault::not_found("account"))?;
        }
        Err(Fault::unavailable(
            "too many accounts are bound to the key of the external account at once",
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
        let account = updated.await?.value;
        if account.status() != AccountStatus::Valid {
            self.give_up_names(&account.id).await?;
        }
        Ok(account)
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
    /// Status 409 when the account has another key meanwhile than the one that asks for the change. When another account has that key, it is
    /// returned beside.
    pub async fn change_key(
        &self,
        mut account: Versioned<Account>,
        jwk: &Jwk,
    ) -> Answer<Result<Account, Id>> {
        let (old, key) = (account.value.key.thumbprint.clone(), key_of(jwk));
        for _ in 0..MAX_ATTEMPTS {
            if let Some(taken) = self.state.account_by_thumbprint(key.thumbprint.clone()).await? {
                return Ok(Err(taken.value.id));
            }
            if account.value.key.thumbprint != old {
                return Err(Problem::new(
                    ProblemType::Malformed,
                    "the account has another key since: another request has changed it",
                )
                .with_status(409)
                .into());
            }
            let changed = account.value.clone().with_key(key.clone())?;
            let write = Write::new().replace(changed.clone(), account.version);
            match self.state.write_one(write).await? {
                Outcome::Written => return Ok(Ok(changed)),
                Outcome::Refused(Conflict::AccountKey(id)) => return Ok(Err(id)),
                Outcome::Refused(_) => {
                    let again = self.state.get::<Account>(&account.value.id).await?;
                    account = again.ok_or_else(|| Fault::not_found("account"))?;
                }
            }
        }
        Err(Fault::unavailable(
            "too many requests change the same account at once",
        ))
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

fn found_again(account: Account) -> FoundAccount {
    FoundAccount {
        account,
        is_new: false,
    }
}

fn used(key: &EabKey, now: OffsetDateTime) -> Answer<EabKey> {
    let used = key.clone().used(now);
    used.map_err(|refused| Fault::of(ProblemType::Unauthorized, refused.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::responder::tests::Site;
    use gsec_pki::key::{KeyAlgorithm, PrivateKey, Signer as _};

    fn jwk() -> Jwk {
        let key = PrivateKey::generate(KeyAlgorithm::P256).expect("a key");
        Jwk::of(key.public_key()).expect("a key of accounts")
    }

    #[tokio::test]
    async fn of_two_changes_of_a_key_at_once_the_second_is_a_conflict() {
        let engine = Site::new().engine().await;
        let account = Account::new(engine.new_id(), key_of(&jwk()), Vec::new(), engine.now());
        let written = engine.state.write_one(Write::new().insert(account.clone())).await;
        assert!(written.expect("written").is_written());
        let read = async || {
            let found = engine.state.get::<Account>(&account.id).await;
            found.expect("read").expect("it is there")
        };
        let before = read().await;
        // Another change than of the key is none in its way.
        let contacts = AccountRequest::Update {
            contacts: Some(vec!["mailto:a@example.com".into()]),
            agrees_to_terms: false,
        };
        let updated = engine.change_account(before.clone(), contacts).await;
        updated.expect("updated");
        let (first, second) = (jwk(), jwk());
        let changed = engine.change_key(before.clone(), &first).await;
        let changed = changed.expect("changed").expect("no other account has it");
        assert_eq!(changed.key.thumbprint, first.thumbprint());
        assert_eq!(changed.contacts.len(), 1, "what came before is kept");
        let late = engine.change_key(before, &second).await.expect_err("a conflict");
        assert_eq!(late.problem.status(), 409, "{}", late.problem);
        assert_eq!(read().await.value.key.thumbprint, first.thumbprint());
    }
}
