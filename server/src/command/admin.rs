//! The commands of the administrator: from their words to a change, and back.

use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gsec::cli::serve::{
    EabOrder, GrantOrder, GrantedNames, Grantee, NewEabKey, NewGrant, ServerError, login_name,
};
use gsec_ca::authority::Authority;
use gsec_ca::home::CaDir;
use gsec_env::Env;
use gsec_pki::x509::{parse_time, rfc3339};
use gsec_report::{EabKeyFacts, GrantFacts, GrantedName, SecretText, ServeEabReport, ServeGrantReport};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::admin_socket::{Answered, Asked, LOOK_TIMEOUT, ask, ask_within, listener_of, no_answer};
use super::noted::Log;
use super::{admin_socket_of, failed, hinted, is_there, profiles_of, state_of};
use crate::domain::{EabKey, Grant, Id, Identifier, NameRule, Subject, Validation};
use crate::engine::{Change, Changed, ListedKey, administer};
use crate::state::StateError;
use crate::state::sqlite::Database;

/// Bytes of a new HMAC key: as many as SHA-256 has.
const HMAC_BYTES: usize = 32;
/// How long a server that is starting, or another command, is waited for.
const PATIENCE: Duration = Duration::from_secs(20);
/// The longest name of a key.
const MAX_NAME_CHARACTERS: usize = 200;

/// `gsec serve grant`.
pub(super) fn grant(
    directory: &CaDir,
    order: GrantOrder,
    env: &mut Env,
) -> Result<ServeGrantReport, ServerError> {
    let (action, change) = match order {
        GrantOrder::Add(new) => {
            let grant = new_grant(directory, new, env)?;
            ("add", Change::AddGrant { grant })
        }
        GrantOrder::List => ("list", Change::ListGrants),
        GrantOrder::Remove(ids) => ("remove", Change::RemoveGrants { ids: ids_of(&ids)? }),
    };
    let done = done(directory, change, env)?;
    Ok(ServeGrantReport {
        ca_dir: shown(directory),
        action,
        by_server: done.by_server,
        grants: facts_of(&done.changed.grants, env.clock.now()),
    })
}

/// `gsec serve eab`.
pub(super) fn eab(directory: &CaDir, order: EabOrder, env: &mut Env) -> Result<ServeEabReport, ServerError> {
    let mut hmac_key = None;
    let (action, change) = match order {
        EabOrder::Add(new) => {
            let (key, grants) = new_key(new, env)?;
            let text = Zeroizing::new(URL_SAFE_NO_PAD.encode(&*key.hmac));
            hmac_key = Some(SecretText::new(&text));
            ("add", Change::AddKey { key, grants })
        }
        EabOrder::List => ("list", Change::ListKeys),
        EabOrder::Remove(kids) => ("remove", Change::RevokeKeys { ids: ids_of(&kids)? }),
    };
    let done = done(directory, change, env)?;
    let now = env.clock.now();
    Ok(ServeEabReport {
        ca_dir: shown(directory),
        action,
        by_server: done.by_server,
        keys: done
            .changed
            .keys
            .into_iter()
            .map(|key| key_facts(key, now))
            .collect(),
        hmac_key,
        grants: facts_of(&done.changed.grants, now),
    })
}

fn shown(directory: &CaDir) -> String {
    directory.root().display().to_string()
}

/// What came of a change, and who did it.
struct Done {
    changed: Changed,
    by_server: bool,
}

/// Has the server do it; where none runs, does it. One that is starting has the state open before it answers.
fn done(directory: &CaDir, change: Change, env: &Env) -> Result<Done, ServerError> {
    let by = login_name(env);
    let end = Instant::now() + PATIENCE;
    loop {
        if let Ok(stream) = UnixStream::connect(admin_socket_of(directory)) {
            return asked(stream, change, by);
        }
        let path = state_of(directory);
        if !is_there(&path)? {
            if matches!(change, Change::ListGrants | Change::ListKeys) {
                return Ok(Done {
                    changed: Changed::default(),
                    by_server: false,
                });
            }
            expect_own(directory)?;
        }
        match Database::open(&path) {
            Ok(database) => {
                let apart = None;
                return alone(&database, change, &Log { directory, apart, by });
            }
            Err(StateError::InUse { .. }) if Instant::now() < end => {
                std::thread::sleep(Duration::from_millis(50));
            }
            Err(error) => {
                let in_use = matches!(error, StateError::InUse { .. });
                let failure = failed("serve.state", &error);
                return Err(match in_use {
                    true => hinted(
                        failure,
                        "a server that does not answer has it: `gsec serve status`",
                    ),
                    false => failure,
                });
            }
        }
    }
}

fn asked(stream: UnixStream, change: Change, by: Option<String>) -> Result<Done, ServerError> {
    let process = listener_of(&stream).map(|(_, process)| process);
    let is_look = matches!(change, Change::ListGrants | Change::ListKeys);
    let asked = Asked::Change { what: change, by };
    let answered = match is_look {
        true => ask_within(LOOK_TIMEOUT, stream, &asked),
        false => ask(stream, &asked),
    };
    match answered {
        Ok(Answered::Changed { what }) => Ok(Done {
            changed: what,
            by_server: true,
        }),
        Ok(Answered::Refused { reason }) => Err(refused(reason)),
        Ok(Answered::Status { .. } | Answered::Copied { .. }) => {
            Err(refused("the server does not answer what was asked".into()))
        }
        Err(error) => Err(ServerError {
            code: "serve.asked",
            message: "cannot ask the server that runs".into(),
            causes: vec![no_answer(&error, process)],
            hints: match is_look {
                true => vec!["`gsec serve status` says how the server is".into()],
                false => vec![
                    "`gsec serve status` says how the server is".into(),
                    "look whether it was done: `gsec serve grant list`, `gsec serve eab list`".into(),
                ],
            },
        }),
    }
}

fn alone(database: &Database, change: Change, log: &Log<'_>) -> Result<Done, ServerError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .map_err(|error| failed("serve.runtime", &error))?;
    let changed = runtime.block_on(administer(database, change, log));
    Ok(Done {
        changed: changed.map_err(|error| refused(error.to_string()))?,
        by_server: false,
    })
}

/// Whoever makes the state owns it: a server of another user could not open it.
fn expect_own(directory: &CaDir) -> Result<(), ServerError> {
    let owner = std::fs::metadata(directory.conf()).map(|conf| conf.uid());
    match owner {
        Ok(uid) if uid != rustix::process::geteuid().as_raw() => Err(ServerError {
            code: "serve.user",
            message: format!(
                "the server's state is to be made in {}, which belongs to user {uid}",
                directory.conf().display()
            ),
            causes: Vec::new(),
            hints: vec!["start the server first, or run this command as that user".into()],
        }),
        _ => Ok(()),
    }
}

fn refused(reason: String) -> ServerError {
    ServerError {
        code: "serve.refused",
        message: reason,
        causes: Vec::new(),
        hints: Vec::new(),
    }
}

fn ids_of(texts: &[String]) -> Result<Vec<Id>, ServerError> {
    texts.iter().map(|text| id_of(text)).collect()
}

fn id_of(text: &str) -> Result<Id, ServerError> {
    Id::parse(text).ok_or_else(|| {
        hinted(
            refused(format!("`{text}` is not an id: an id has 22 characters")),
            "`gsec serve grant list` and `gsec serve eab list` have them",
        )
    })
}

/// A key whose text does not look like an option where it is typed behind one.
fn new_hmac_key(env: &mut Env) -> Zeroizing<Vec<u8>> {
    let mut hmac = Zeroizing::new(vec![0; HMAC_BYTES]);
    loop {
        env.random.fill(&mut hmac);
        if !Zeroizing::new(URL_SAFE_NO_PAD.encode(&*hmac)).starts_with('-') {
            return hmac;
        }
    }
}

fn rule(names: GrantedNames) -> Result<NameRule, ServerError> {
    let (text, rule) = match &names {
        GrantedNames::Below(text) => (text, NameRule::suffix(text)),
        GrantedNames::Exact(text) => (text, NameRule::exact(text)),
        GrantedNames::Network(text) => (text, NameRule::network(text)),
    };
    rule.map_err(|error| refused(format!("`{text}` {error}")))
}

fn rules(names: Vec<GrantedNames>) -> Result<Vec<NameRule>, ServerError> {
    names.into_iter().map(rule).collect()
}

fn validation(replaces_proof: bool) -> Validation {
    match replaces_proof {
        true => Validation::Granted,
        false => Validation::Challenge,
    }
}

fn new_grant(directory: &CaDir, new: NewGrant, env: &mut Env) -> Result<Grant, ServerError> {
    expect_ahead(new.until, env)?;
    expect_profiles(directory, &new.profiles)?;
    Ok(Grant {
        id: Id::from_random(&mut |out| env.random.fill(out)),
        subject: match &new.to {
            Grantee::Everyone => Subject::Everyone,
            Grantee::Eab(kid) => Subject::Eab(id_of(kid)?),
            Grantee::Account(id) => Subject::Account(id_of(id)?),
        },
        names: rules(new.names)?,
        profiles: new.profiles,
        max_lifetime_days: new.max_lifetime_days,
        validation: validation(new.replaces_proof),
        valid_until: new.until,
    })
}

fn new_key(new: NewEabKey, env: &mut Env) -> Result<(EabKey, Vec<Grant>), ServerError> {
    expect_ahead(new.until, env)?;
    if new.name.trim().is_empty() || new.name.chars().count() > MAX_NAME_CHARACTERS {
        return Err(refused(format!(
            "the name of a key has from 1 to {MAX_NAME_CHARACTERS} characters"
        )));
    }
    let key = EabKey {
        id: Id::from_random(&mut |out| env.random.fill(out)),
        hmac: new_hmac_key(env),
        name: new.name,
        is_single_use: new.is_single_use,
        uses: 0,
        expires: new.until,
        is_revoked: false,
    };
    let names = rules(new.granted)?;
    let grant = (!names.is_empty()).then(|| Grant {
        id: Id::from_random(&mut |out| env.random.fill(out)),
        subject: Subject::Eab(key.id.clone()),
        names,
        profiles: Vec::new(),
        max_lifetime_days: None,
        validation: validation(new.replaces_proof),
        valid_until: None,
    });
    Ok((key, grant.into_iter().collect()))
}

/// A grant for a profile that there is not would allow nothing, and nobody would know why.
fn expect_profiles(directory: &CaDir, named: &[String]) -> Result<(), ServerError> {
    if named.is_empty() {
        return Ok(());
    }
    let authority = Authority::open(directory.clone()).map_err(|error| failed(error.code(), &error))?;
    let policy = authority.policy().map_err(|error| failed(error.code(), &error))?;
    match named.iter().find(|name| policy.profile(name).is_err()) {
        Some(name) => Err(refused(format!(
            "gsec.toml has no profile `{name}`; it has {}",
            profiles_of(policy)
        ))),
        None => Ok(()),
    }
}

fn expect_ahead(until: Option<OffsetDateTime>, env: &Env) -> Result<(), ServerError> {
    match until {
        Some(until) if until <= env.clock.now() => {
            Err(refused(format!("`--until` is in the past: {}", rfc3339(until))))
        }
        _ => Ok(()),
    }
}

fn facts_of(grants: &[Grant], now: OffsetDateTime) -> Vec<GrantFacts> {
    grants.iter().map(|grant| grant_facts(grant, now)).collect()
}

fn grant_facts(grant: &Grant, now: OffsetDateTime) -> GrantFacts {
    let (to, subject) = match &grant.subject {
        Subject::Everyone => ("everyone", None),
        Subject::Eab(id) => ("eab", Some(id.to_string())),
        Subject::Account(id) => ("account", Some(id.to_string())),
    };
    let name = |rule: &NameRule| match rule {
        NameRule::Suffix(domain) => ("below", domain.to_string()),
        NameRule::Exact(Identifier::Dns(name)) => ("exact", name.to_string()),
        NameRule::Exact(Identifier::Ip(address)) => ("exact", address.to_string()),
        NameRule::Network(network) => ("network", network.to_string()),
    };
    GrantFacts {
        id: grant.id.to_string(),
        to,
        subject,
        names: grant
            .names
            .iter()
            .map(name)
            .map(|(kind, value)| GrantedName { kind, value })
            .collect(),
        profiles: grant.profiles.clone(),
        max_days: grant.max_lifetime_days,
        proof: match grant.validation {
            Validation::Challenge => "challenge",
            Validation::Granted => "granted",
        },
        until: grant.valid_until.map(rfc3339),
        expired: !grant.counts(now),
    }
}

fn key_facts(key: ListedKey, now: OffsetDateTime) -> EabKeyFacts {
    let is_over = |until: &String| parse_time(until).is_some_and(|until| until <= now);
    let state = match &key.expires {
        _ if key.is_revoked => "revoked",
        Some(until) if is_over(until) => "expired",
        _ if key.is_single_use && key.uses > 0 => "used-up",
        _ => "usable",
    };
    EabKeyFacts {
        kid: key.id.to_string(),
        name: key.name,
        single_use: key.is_single_use,
        uses: key.uses,
        until: key.expires,
        state,
        accounts: key.accounts.iter().map(Id::to_string).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Randomness that begins with what would be an option.
    struct Options(u8);

    impl gsec_env::Random for Options {
        fn fill(&mut self, out: &mut [u8]) {
            out.fill(self.0);
            self.0 = self.0.wrapping_add(1);
        }
    }

    #[test]
    fn key_that_is_typed_behind_an_option_does_not_look_like_one() {
        let mut env = Env::real();
        // 0xf8 is the first octet whose first six bits are `-`.
        env.random = Box::new(Options(0xf8));
        let key = new_hmac_key(&mut env);
        assert_eq!(key[0], 0xfc);
    }

    #[test]
    fn names_become_rules_and_what_is_none_is_named() {
        let rule_of = |names: GrantedNames| rule(names).map(|rule| rule.to_string());
        let below = GrantedNames::Below("example.com".into());
        assert_eq!(rule_of(below).expect("a rule"), "example.com and below");
        let network = GrantedNames::Network("10.0.0.0/8".into());
        assert_eq!(rule_of(network).expect("a rule"), "10.0.0.0/8");
        let wrong = rule_of(GrantedNames::Below("*.example.com".into())).expect_err("refused");
        assert!(wrong.message.contains("*.example.com"), "{}", wrong.message);
    }

    #[test]
    fn a_key_says_whether_it_makes_accounts() {
        let now = parse_time("2026-11-30T10:00:00Z").expect("a time");
        let key = |uses, is_single_use, expires: Option<&str>, is_revoked| {
            let listed = ListedKey {
                id: Id::from_random(&mut |out| out.fill(1)),
                name: "db1".into(),
                is_single_use,
                uses,
                expires: expires.map(str::to_owned),
                is_revoked,
                accounts: Vec::new(),
            };
            key_facts(listed, now).state
        };
        assert_eq!(key(3, false, Some("2026-11-30T10:00:01Z"), false), "usable");
        assert_eq!(key(0, true, None, false), "usable");
        assert_eq!(key(1, true, None, false), "used-up");
        assert_eq!(key(0, false, Some("2026-11-30T10:00:00Z"), false), "expired");
        assert_eq!(key(1, true, Some("2026-11-30T10:00:00Z"), true), "revoked");
    }
}
