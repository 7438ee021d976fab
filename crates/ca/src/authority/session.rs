//! What one call brings to a change of the CA, and how the change is recorded in the audit log.

use std::time::Duration;

use serde_json::Value;
use time::OffsetDateTime;

use crate::authority::Authority;
use crate::home::{LockWait, SigningService};
use crate::policy::{FilterType, HIDDEN, LogField, Policy};
use crate::records::{AuditEntry, AuditSeal, AuditStamp, Principal};
use gsec_env::{Clock, Random};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::{KeyError, Signer};
use gsec_pki::x509::{Certificate, DistinguishedName, GeneralName};

/// Of thousands of names, a line of the audit log has this many; the certificate has all.
const MAX_LOGGED_NAMES: usize = 100;

/// What one call brings to a change of the CA.
pub struct Session<'a> {
    /// The name of the command, as `cert.issue`: what the audit log calls the change.
    pub action: &'static str,
    /// Now.
    pub now: OffsetDateTime,
    /// Randomness, for serial numbers, salts and initialisation vectors.
    pub random: &'a mut dyn Random,
    /// The requester.
    pub by: Principal,
    /// How long to wait for the lock.
    pub wait: LockWait<'a>,
}

impl Session<'_> {
    /// What the lines of a commit have in common: the time, and the CA key where it is open.
    pub(super) fn stamp<'b>(&self, seal: Option<&'b dyn AuditSeal>) -> AuditStamp<'b> {
        AuditStamp { time: self.now, seal }
    }
}

/// What the sessions of several workers of one call have in common.
pub struct WorkerSessions<'a> {
    /// The name of the command.
    pub action: &'static str,
    /// The clock: each group of records has its own time.
    pub clock: &'a dyn Clock,
    /// Makes randomness for each worker.
    pub new_random: fn() -> Box<dyn Random>,
    /// The requester.
    pub by: Principal,
    /// How long to wait for the lock.
    pub timeout: Duration,
    /// Called with the holder of the lock, when the wait gets long.
    pub notice: &'a (dyn Fn(&str) + Sync),
}

/// What one of several workers has for itself.
pub(super) struct WorkerSession<'a> {
    shared: &'a WorkerSessions<'a>,
    random: Box<dyn Random>,
}

impl WorkerSessions<'_> {
    pub(super) fn worker(&self) -> WorkerSession<'_> {
        WorkerSession {
            shared: self,
            random: (self.new_random)(),
        }
    }
}

impl WorkerSession<'_> {
    /// A session that starts now.
    pub(super) fn session(&mut self) -> Session<'_> {
        let WorkerSessions {
            action,
            clock,
            by,
            timeout,
            notice,
            ..
        } = self.shared;
        let wait = LockWait {
            timeout: *timeout,
            notice: *notice,
        };
        Session {
            action,
            now: clock.now(),
            random: self.random.as_mut(),
            by: by.clone(),
            wait,
        }
    }
}

/// A key as the audit log sees it.
pub(super) struct KeySeal<'a> {
    pub(super) key: &'a dyn Signer,
    /// The process that has it, where it is not here.
    pub(super) service: Option<&'a dyn SigningService>,
}

impl AuditSeal for KeySeal<'_> {
    fn key(&self) -> String {
        encode(&self.key.public_key().key_identifier(), Separator::None)
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        match self.service {
            Some(service) => service.seal_head(message),
            None => self.key.sign(message),
        }
    }

    fn sign_line(&self, before: &str, line: &[u8]) -> Result<Vec<u8>, KeyError> {
        match self.service {
            Some(service) => service.seal_line(before, line),
            None => self.key.sign(line),
        }
    }
}

/// What the log says of a CA certificate: it is the CA's own, so nothing of it is request data but the
/// requester.
pub(super) fn audit_of(certificate: &Certificate, session: &Session<'_>) -> AuditEntry {
    let sha256 = encode(&certificate.thumbprints().sha256, Separator::None);
    audit_of_ca(certificate.subject(), "sha256", sha256, session)
}

/// What the log says of a CA itself: its name, one digest that identifies the subject, and the requester.
pub(super) fn audit_of_ca(
    subject: &DistinguishedName,
    digest: &'static str,
    digits: String,
    session: &Session<'_>,
) -> AuditEntry {
    let entry = AuditEntry::new(session.action)
        .with("ca", subject.to_string())
        .with(digest, digits);
    session
        .by
        .name
        .iter()
        .fold(entry, |entry, user| entry.with("remote_user", user.as_str()))
}

/// The request data of a change, which the log filter may hide.
#[derive(Default)]
pub(super) struct AuditFacts<'a> {
    /// The host.
    pub(super) host: Option<String>,
    /// Every name.
    pub(super) names: &'a [GeneralName],
    /// The subject.
    pub(super) subject: Option<&'a DistinguishedName>,
}

impl Authority {
    /// A line of the audit log with request data as the log filter of `gsec.toml` requires them.
    pub(super) fn audit_entry(&self, session: &Session<'_>, facts: &AuditFacts<'_>) -> AuditEntry {
        audit_entry(self.policy_for_log(), session.action, session, facts)
    }
}

/// The same under a policy that was read otherwise.
pub(super) fn audit_entry(
    policy: &Policy,
    action: &'static str,
    session: &Session<'_>,
    facts: &AuditFacts<'_>,
) -> AuditEntry {
    let text = |name: &GeneralName| Value::from(name.to_string());
    let is_email = |name: &&GeneralName| matches!(name, GeneralName::Email(_));
    let names: Vec<Value> = facts
        .names
        .iter()
        .filter(|name| !is_email(name))
        .take(MAX_LOGGED_NAMES)
        .map(text)
        .collect();
    let addresses = facts
        .names
        .iter()
        .filter(is_email)
        .map(GeneralName::value)
        .chain(facts.subject.into_iter().flat_map(email_addresses));
    let addresses: Vec<Value> = addresses.take(MAX_LOGGED_NAMES).map(Value::from).collect();
    let fields = [
        (LogField::Host, "host", facts.host.clone().map(Value::from)),
        (
            LogField::Names,
            "names",
            (!names.is_empty()).then_some(names.into()),
        ),
        (
            LogField::Email,
            "email",
            (!addresses.is_empty()).then_some(addresses.into()),
        ),
        (
            LogField::Subject,
            "subject",
            facts.subject.map(|subject| subject.without_email().into()),
        ),
        (
            LogField::RemoteUser,
            "remote_user",
            session.by.name.clone().map(Value::from),
        ),
        (
            LogField::RemoteUser,
            "remote_uid",
            session.by.uid.map(Value::from),
        ),
    ];
    fields
        .into_iter()
        .fold(AuditEntry::new(action), |entry, (field, key, value)| {
            filtered(policy, entry, field, key, value)
        })
}

fn filtered(
    policy: &Policy,
    entry: AuditEntry,
    field: LogField,
    key: &'static str,
    value: Option<Value>,
) -> AuditEntry {
    match (value, policy.log_filter.of(field)) {
        (Some(value), FilterType::Copy) => entry.with(key, value),
        (Some(_), FilterType::Hide) => entry.with(key, HIDDEN),
        (None, _) | (_, FilterType::Skip) => entry,
    }
}

/// An entry with names of hosts that are no names of a certificate, as the log filter requires them.
pub(super) fn with_names(policy: &Policy, entry: AuditEntry, names: &[String]) -> AuditEntry {
    let some: Vec<Value> = names
        .iter()
        .take(MAX_LOGGED_NAMES)
        .map(|name| name.as_str().into())
        .collect();
    let value = (!some.is_empty()).then_some(some.into());
    filtered(policy, entry, LogField::Names, "names", value)
}

/// The values of every emailAddress in a name.
fn email_addresses(subject: &DistinguishedName) -> Vec<String> {
    subject
        .attributes()
        .into_iter()
        .filter(|(kind, _)| kind == "emailAddress")
        .map(|(_, value)| value)
        .collect()
}
