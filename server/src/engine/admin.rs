//! What an administrator changes: grants and keys of external accounts. One function does it, whether a server runs or not.

use serde::{Deserialize, Serialize};

use crate::domain::{Account, EabKey, Grant, Id, Subject};
use crate::engine::recorded::{grant_added, grant_removed, key_added, key_removed};
use crate::engine::{Engine, Issuer, Recorder, Recording};
use crate::state::{Kept, MAX_PAGE, MAX_STEPS, Outcome, State, StateError, Versioned, Write};
use gsec_ca::authority::Noted;
use gsec_ca::records::Principal;
use gsec_pki::x509::rfc3339;

/// How often a change is tried again that another one came before.
const MAX_ATTEMPTS: usize = 64;
/// So many accounts of a key are named.
const SHOWN_ACCOUNTS: u32 = 100;
/// The most that is removed, or made, at once: more makes no one write.
pub const MAX_AT_ONCE: usize = MAX_STEPS / 2;

/// What is to be done. It has no `Debug`: a key of an external account is a secret.
#[derive(Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// Grants something.
    AddGrant {
        /// What.
        grant: Grant,
    },
    /// Changes nothing: what is granted.
    ListGrants,
    /// Takes grants back; all or none.
    RemoveGrants {
        /// Which.
        ids: Vec<Id>,
    },
    /// Makes a key of an external account, and grants something to it.
    AddKey {
        /// The key.
        key: EabKey,
        /// What its accounts may have.
        grants: Vec<Grant>,
    },
    /// Changes nothing: the keys.
    ListKeys,
    /// Ends keys, and takes back what was granted to them.
    RevokeKeys {
        /// Which.
        ids: Vec<Id>,
    },
}

/// What came of it: what was asked for, made, or removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changed {
    /// Grants.
    pub grants: Vec<Grant>,
    /// Keys, without what is secret of them.
    pub keys: Vec<ListedKey>,
}

/// A key of an external account, without what is secret of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedKey {
    /// Its `kid`.
    pub id: Id,
    /// Whose it is.
    pub name: String,
    /// Whether it makes one account only.
    pub is_single_use: bool,
    /// How many accounts it has made.
    pub uses: u64,
    /// Until when it makes accounts, RFC 3339.
    pub expires: Option<String>,
    /// Whether it was ended.
    pub is_revoked: bool,
    /// Accounts that it has made: the first hundred.
    pub accounts: Vec<Id>,
}

/// Why it was not done. Then nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum NotChanged {
    /// No such grant.
    #[error("there is no grant `{0}`")]
    NoGrant(Id),
    /// No such key.
    #[error("there is no key `{0}` of an external account")]
    NoKey(Id),
    /// One that makes no accounts any more, and whose accounts were given up.
    #[error("the key `{0}` of an external account is revoked")]
    RevokedKey(Id),
    /// No such account.
    #[error("there is no account `{0}`")]
    NoAccount(Id),
    /// A grant for it would allow nothing, and nobody would know why.
    #[error(
        "this server does not offer the profile `{profile}`; it offers {}. It read serve.toml and gsec.toml when it was started: a profile \
         that was added there since is offered once it is started again", offered.join(", ")
    )]
    ProfileNotOffered {
        /// The profile.
        profile: String,
        /// Those that it offers.
        offered: Vec<String>,
    },
    /// Too much for one step.
    #[error("these are {found}; at most {MAX_AT_ONCE} are changed at once")]
    TooMany {
        /// How many.
        found: usize,
    },
    /// Others were always faster.
    #[error("others change the same at the same time")]
    Busy,
    /// The audit log does not take it.
    #[error("the audit log cannot have a line about it: {0}")]
    NotRecorded(String),
    /// The state does not answer.
    #[error(transparent)]
    State(#[from] StateError),
}

impl Engine {
    /// Does it, for somebody.
    ///
    /// # Errors
    /// [`NotChanged`].
    pub async fn administer(&self, change: Change, by: Principal) -> Result<Changed, NotChanged> {
        self.expect_offered(&change)?;
        let issuer = self.issuer.clone();
        administer(self.state(), change, &ByIssuer { issuer, by }).await
    }
}

impl Engine {
    /// Whether this server offers the profiles for which something is granted.
    fn expect_offered(&self, change: &Change) -> Result<(), NotChanged> {
        let grants = match change {
            Change::AddGrant { grant } => std::slice::from_ref(grant),
            Change::AddKey { grants, .. } => grants,
            _ => &[],
        };
        let mut named = grants.iter().flat_map(|grant| &grant.profiles);
        match named.find(|name| self.profile(Some(name.as_str())).is_err()) {
            None => Ok(()),
            Some(profile) => Err(NotChanged::ProfileNotOffered {
                profile: profile.clone(),
                offered: self
                    .settings
                    .profiles
                    .iter()
                    .map(|(name, _)| name.clone())
                    .collect(),
            }),
        }
    }
}

/// Writes into the audit log where the CA is served.
pub struct ByIssuer {
    /// Who writes.
    pub issuer: Issuer,
    /// For whom.
    pub by: Principal,
}

impl Recorder for ByIssuer {
    fn record(&self, noted: Vec<Noted>) -> Recording<'_> {
        Box::pin(async {
            let written = self.issuer.note(noted, self.by.clone()).await;
            written.map_err(|error| error.to_string())
        })
    }
}

/// Does it, once the audit log has a line about it. What was removed counts from now on: each order, and each step of an order that is open, asks for the grants of its time.
///
/// # Errors
/// [`NotChanged`].
pub async fn administer(
    state: &dyn State,
    change: Change,
    recorder: &dyn Recorder,
) -> Result<Changed, NotChanged> {
    match change {
        Change::AddGrant { grant } => {
            expect_subject(state, &grant.subject).await?;
            let added = Changed {
                grants: vec![grant.clone()],
                ..Changed::default()
            };
            record(recorder, vec![grant_added(&grant)]).await?;
            written(state, Write::new().insert(grant), added).await
        }
        Change::ListGrants => Ok(Changed {
            grants: all::<Grant>(state).await?,
            ..Changed::default()
        }),
        Change::RemoveGrants { ids } => remove_grants(state, ids, recorder).await,
        Change::AddKey { key, grants } => {
            expect_few(grants.len())?;
            let added = Changed {
                grants: grants.clone(),
                keys: vec![listed(&key, Vec::new())],
            };
            let lines = [key_added(&key)].into_iter();
            record(recorder, lines.chain(grants.iter().map(grant_added)).collect()).await?;
            let write = Write::new().insert(key);
            let write = grants.into_iter().fold(write, Write::insert);
            written(state, write, added).await
        }
        Change::ListKeys => {
            let mut keys = Vec::new();
            for key in all::<EabKey>(state).await? {
                keys.push(with_accounts(state, &key).await?);
            }
            Ok(Changed {
                keys,
                ..Changed::default()
            })
        }
        Change::RevokeKeys { ids } => revoke_keys(state, ids, recorder).await,
    }
}

async fn record(recorder: &dyn Recorder, noted: Vec<Noted>) -> Result<(), NotChanged> {
    recorder.record(noted).await.map_err(NotChanged::NotRecorded)
}

async fn written(state: &dyn State, write: Write, changed: Changed) -> Result<Changed, NotChanged> {
    match state.write_one(write).await? {
        Outcome::Written => Ok(changed),
        Outcome::Refused(_) => Err(NotChanged::Busy),
    }
}

fn expect_few(found: usize) -> Result<(), NotChanged> {
    match found > MAX_AT_ONCE {
        true => Err(NotChanged::TooMany { found }),
        false => Ok(()),
    }
}

async fn expect_subject(state: &dyn State, subject: &Subject) -> Result<(), NotChanged> {
    match subject {
        Subject::Everyone => Ok(()),
        Subject::Eab(id) => match state.get::<EabKey>(id).await? {
            None => Err(NotChanged::NoKey(id.clone())),
            Some(key) if key.value.is_revoked => Err(NotChanged::RevokedKey(id.clone())),
            Some(_) => Ok(()),
        },
        Subject::Account(id) => match state.get::<Account>(id).await? {
            None => Err(NotChanged::NoAccount(id.clone())),
            Some(_) => Ok(()),
        },
    }
}

async fn remove_grants(
    state: &dyn State,
    ids: Vec<Id>,
    recorder: &dyn Recorder,
) -> Result<Changed, NotChanged> {
    let ids = distinct(ids)?;
    let mut write = Write::new();
    let mut changed = Changed::default();
    for (id, found) in ids.iter().zip(state.get_each::<Grant>(&ids).await?) {
        let found = found.ok_or_else(|| NotChanged::NoGrant(id.clone()))?;
        changed.grants.push(found.value.clone());
        write = write.remove(found);
    }
    record(recorder, changed.grants.iter().map(grant_removed).collect()).await?;
    written(state, write, changed).await
}

/// The keys first: what is granted meanwhile to a key that has ended is refused.
async fn revoke_keys(
    state: &dyn State,
    ids: Vec<Id>,
    recorder: &dyn Recorder,
) -> Result<Changed, NotChanged> {
    let ids = distinct(ids)?;
    let mut lines = Vec::new();
    for (id, found) in ids.iter().zip(state.get_each::<EabKey>(&ids).await?) {
        let found = found.ok_or_else(|| NotChanged::NoKey(id.clone()))?;
        lines.push(key_removed(&found.value));
    }
    record(recorder, lines).await?;
    for attempt in 0.. {
        let mut write = Write::new();
        for (id, found) in ids.iter().zip(state.get_each::<EabKey>(&ids).await?) {
            let Versioned { value, version } = found.ok_or_else(|| NotChanged::NoKey(id.clone()))?;
            let ended = EabKey {
                is_revoked: true,
                ..value
            };
            write = write.replace(ended, version);
        }
        match state.write_one(write).await? {
            Outcome::Written => break,
            // The key has made an account meanwhile.
            Outcome::Refused(_) if attempt < MAX_ATTEMPTS => {}
            Outcome::Refused(_) => return Err(NotChanged::Busy),
        }
    }
    let mut changed = Changed::default();
    for key in state.get_each::<EabKey>(&ids).await?.into_iter().flatten() {
        changed.keys.push(with_accounts(state, &key.value).await?);
    }
    let is_theirs = |grant: &Versioned<Grant>| match &grant.value.subject {
        Subject::Eab(key) => ids.contains(key),
        _ => false,
    };
    let theirs: Vec<Versioned<Grant>> = all_versioned::<Grant>(state)
        .await?
        .into_iter()
        .filter(is_theirs)
        .collect();
    record(
        recorder,
        theirs.iter().map(|grant| grant_removed(&grant.value)).collect(),
    )
    .await?;
    for some in theirs.chunks(MAX_AT_ONCE) {
        let write = some
            .iter()
            .fold(Write::new(), |write, grant| write.remove(grant.clone()));
        written(state, write, Changed::default()).await?;
        changed
            .grants
            .extend(some.iter().map(|grant| grant.value.clone()));
    }
    Ok(changed)
}

fn distinct(mut ids: Vec<Id>) -> Result<Vec<Id>, NotChanged> {
    ids.sort();
    ids.dedup();
    expect_few(ids.len())?;
    Ok(ids)
}

async fn with_accounts(state: &dyn State, key: &EabKey) -> Result<ListedKey, StateError> {
    let accounts = state.accounts_of(key.id.clone(), None, SHOWN_ACCOUNTS).await?;
    let ids = accounts.into_iter().map(|account| account.value.id);
    Ok(listed(key, ids.collect()))
}

fn listed(key: &EabKey, accounts: Vec<Id>) -> ListedKey {
    ListedKey {
        id: key.id.clone(),
        name: key.name.clone(),
        is_single_use: key.is_single_use,
        uses: key.uses,
        expires: key.expires.map(rfc3339),
        is_revoked: key.is_revoked,
        accounts,
    }
}

async fn all<T: Kept>(state: &dyn State) -> Result<Vec<T>, StateError> {
    let found = all_versioned::<T>(state).await?;
    Ok(found.into_iter().map(|found| found.value).collect())
}

/// All of a kind, page by page.
pub(super) async fn all_versioned<T: Kept>(state: &dyn State) -> Result<Vec<Versioned<T>>, StateError> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = state.list(T::KIND, after.take(), MAX_PAGE).await?;
        let is_last = page.len() < MAX_PAGE as usize;
        after = page.last().map(|last| last.value.key().id);
        found.extend(page.into_iter().filter_map(|found| {
            Some(Versioned {
                version: found.version,
                value: T::from_item(found.value)?,
            })
        }));
        if is_last {
            return Ok(found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AccountKey, NameRule, Validation};
    use crate::engine::responder::tests::Site;
    use crate::state::memory::Memory;
    use std::sync::Mutex;
    use time::OffsetDateTime;
    use zeroize::Zeroizing;

    fn id(number: u8) -> Id {
        Id::from_random(&mut |out| out.fill(number))
    }

    fn grant(number: u8, subject: Subject) -> Grant {
        Grant {
            id: id(number),
            subject,
            names: vec![NameRule::suffix("example.com").expect("a name")],
            profiles: Vec::new(),
            max_lifetime_days: None,
            validation: Validation::Challenge,
            valid_until: None,
        }
    }

    fn key(number: u8) -> EabKey {
        EabKey {
            id: id(number),
            hmac: Zeroizing::new(vec![7; 32]),
            name: "web team".into(),
            is_single_use: false,
            uses: 0,
            expires: None,
            is_revoked: false,
        }
    }

    fn wait<T>(work: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        runtime.block_on(work)
    }

    /// A log that is written, or is full.
    #[derive(Default)]
    struct Log {
        lines: Mutex<Vec<Noted>>,
        is_full: bool,
    }

    impl Recorder for Log {
        fn record(&self, noted: Vec<Noted>) -> Recording<'_> {
            self.lines.lock().expect("no test panics here").extend(noted);
            let written = match self.is_full {
                true => Err("no space left".to_owned()),
                false => Ok(()),
            };
            Box::pin(async { written })
        }
    }

    fn done(state: &dyn State, change: Change) -> Changed {
        wait(administer(state, change, &Log::default())).unwrap_or_else(|error| panic!("{error}"))
    }

    fn refused(state: &dyn State, change: Change) -> String {
        wait(administer(state, change, &Log::default()))
            .expect_err("refused")
            .to_string()
    }

    #[test]
    fn what_the_log_does_not_take_is_not_done() {
        let memory = Memory::default();
        let state: &dyn State = &memory;
        done(
            state,
            Change::AddKey {
                key: key(5),
                grants: vec![grant(1, Subject::Eab(id(5)))],
            },
        );
        let changes = [
            || Change::AddGrant {
                grant: grant(2, Subject::Everyone),
            },
            || Change::RemoveGrants { ids: vec![id(1)] },
            || Change::AddKey {
                key: key(6),
                grants: vec![grant(3, Subject::Eab(id(6)))],
            },
            || Change::RevokeKeys { ids: vec![id(5)] },
        ];
        for change in changes {
            let log = Log {
                is_full: true,
                ..Log::default()
            };
            let error = wait(administer(state, change(), &log)).expect_err("full");
            assert!(error.to_string().contains("no space left"), "{error}");
            assert_eq!(
                done(state, Change::ListGrants).grants,
                [grant(1, Subject::Eab(id(5)))]
            );
            let keys = done(state, Change::ListKeys).keys;
            assert_eq!(keys.iter().map(|key| key.is_revoked).collect::<Vec<_>>(), [false]);
        }
    }

    #[test]
    fn each_change_has_its_lines_and_nothing_else_has_any() {
        let memory = Memory::default();
        let state: &dyn State = &memory;
        let lines = |change| {
            let log = Log::default();
            wait(administer(state, change, &log)).unwrap_or_else(|error| panic!("{error}"));
            log.lines.into_inner().expect("no test panics here")
        };
        let actions = |lines: &[Noted]| lines.iter().map(|line| line.action).collect::<Vec<_>>();
        let added = lines(Change::AddKey {
            key: key(5),
            grants: vec![grant(1, Subject::Eab(id(5)))],
        });
        assert_eq!(actions(&added), ["serve.eab.add", "serve.grant.add"]);
        assert_eq!(added[0].facts[0], ("external_account", id(5).as_str().into()));
        assert!(!format!("{added:?}").contains("BwcH"), "the HMAC key");
        assert_eq!(added[1].names.len(), 1);
        let granted = Grant {
            max_lifetime_days: Some(30),
            profiles: vec!["host".into()],
            ..grant(2, Subject::Everyone)
        };
        let line = lines(Change::AddGrant { grant: granted });
        assert_eq!(actions(&line), ["serve.grant.add"]);
        assert!(line[0].facts.contains(&("max_days", 30.into())));
        assert!(line[0].facts.contains(&("to", "everyone".into())));
        let line = lines(Change::RemoveGrants { ids: vec![id(2)] });
        assert_eq!(actions(&line), ["serve.grant.remove"]);
        let removed = lines(Change::RevokeKeys { ids: vec![id(5)] });
        assert_eq!(actions(&removed), ["serve.eab.remove", "serve.grant.remove"]);
        for change in [Change::ListGrants, Change::ListKeys] {
            assert!(lines(change).is_empty());
        }
        let log = Log::default();
        let unknown = Change::RemoveGrants { ids: vec![id(9)] };
        assert!(wait(administer(state, unknown, &log)).is_err());
        assert!(log.lines.into_inner().expect("no test panics here").is_empty());
    }

    #[test]
    fn what_is_granted_is_listed_until_it_is_removed() {
        let memory = Memory::default();
        let state: &dyn State = &memory;
        for number in [1, 2] {
            let grant = grant(number, Subject::Everyone);
            done(state, Change::AddGrant { grant });
        }
        assert_eq!(done(state, Change::ListGrants).grants.len(), 2);
        let unknown = Change::RemoveGrants {
            ids: vec![id(1), id(9)],
        };
        assert!(refused(state, unknown).contains("no grant"));
        assert_eq!(done(state, Change::ListGrants).grants.len(), 2, "all or none");
        let ids = vec![id(1), id(1)];
        assert_eq!(done(state, Change::RemoveGrants { ids }).grants.len(), 1);
        let left = done(state, Change::ListGrants).grants;
        assert_eq!(left, [grant(2, Subject::Everyone)]);
    }

    #[test]
    fn nothing_is_granted_for_a_profile_that_the_server_does_not_offer() {
        let site = Site::new();
        let grant = |profiles: &[&str]| Grant {
            profiles: profiles.iter().map(|name| (*name).to_owned()).collect(),
            ..grant(1, Subject::Everyone)
        };
        wait(async {
            let engine = site.engine().await;
            let ask = async |change| engine.administer(change, Principal::default()).await;
            let refused = ask(Change::AddGrant {
                grant: grant(&["host", "client"]),
            });
            let refused = refused.await.expect_err("it is not offered").to_string();
            assert!(
                refused.starts_with("this server does not offer the profile `client`; it offers host."),
                "{refused}"
            );
            assert!(refused.contains("once it is started again"), "{refused}");
            let listed = ask(Change::ListGrants).await.expect("a list");
            assert!(listed.grants.is_empty());
            let added = ask(Change::AddGrant {
                grant: grant(&["host"]),
            });
            assert_eq!(added.await.expect("it is offered").grants, [grant(&["host"])]);
        });
    }

    #[test]
    fn something_is_granted_only_to_somebody_who_is_there() {
        let memory = Memory::default();
        let state: &dyn State = &memory;
        for subject in [Subject::Eab(id(5)), Subject::Account(id(5))] {
            let grant = grant(1, subject);
            assert!(refused(state, Change::AddGrant { grant }).contains("there is no"));
        }
        assert!(done(state, Change::ListGrants).grants.is_empty());
    }

    #[test]
    fn a_key_that_is_revoked_takes_what_it_was_granted_with_it() {
        let memory = Memory::default();
        let state: &dyn State = &memory;
        for number in [5, 6] {
            let grants = vec![grant(number + 10, Subject::Eab(id(number)))];
            let added = done(
                state,
                Change::AddKey {
                    key: key(number),
                    grants,
                },
            );
            assert_eq!((added.keys.len(), added.grants.len()), (1, 1));
        }
        let jwk = AccountKey {
            jwk: "{}".into(),
            thumbprint: "x".into(),
        };
        let mut account = Account::new(id(30), jwk, Vec::new(), OffsetDateTime::UNIX_EPOCH);
        account.external = Some(id(5));
        wait(state.write_one(Write::new().insert(account))).expect("written");
        assert!(
            refused(
                state,
                Change::RevokeKeys {
                    ids: vec![id(5), id(9)]
                }
            )
            .contains("no key")
        );
        let ended = done(state, Change::RevokeKeys { ids: vec![id(5)] });
        assert!(ended.keys[0].is_revoked);
        assert_eq!(ended.keys[0].accounts, [id(30)]);
        let keys = done(state, Change::ListKeys).keys;
        let revoked: Vec<bool> = keys.iter().map(|key| key.is_revoked).collect();
        assert_eq!(revoked.iter().filter(|is| **is).count(), 1);
        let left = done(state, Change::ListGrants).grants;
        assert_eq!(left, [grant(16, Subject::Eab(id(6)))]);
        let grant = grant(40, Subject::Eab(id(5)));
        assert!(refused(state, Change::AddGrant { grant }).contains("revoked"));
    }

    #[test]
    fn what_is_listed_has_no_secret() {
        let memory = Memory::default();
        let state: &dyn State = &memory;
        let grants = Vec::new();
        done(state, Change::AddKey { key: key(5), grants });
        let listed = serde_json::to_value(done(state, Change::ListKeys)).expect("JSON");
        let mut names: Vec<&String> = listed["keys"][0].as_object().expect("an object").keys().collect();
        names.sort();
        let known = [
            "accounts",
            "expires",
            "id",
            "is_revoked",
            "is_single_use",
            "name",
            "uses",
        ];
        assert_eq!(names, known);
    }
}
