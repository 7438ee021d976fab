//! What the audit log says of grants and keys of external accounts, before they change. No secret is in it, and no name of a person.

use std::future::Future;
use std::pin::Pin;

use serde_json::Value;

use crate::domain::{EabKey, Grant, Subject, Validation};
use gsec_ca::authority::Noted;
use gsec_pki::x509::rfc3339;

/// That it is written; or why not.
pub type Recording<'a> = Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>>;

/// Who writes into the audit log.
pub trait Recorder: Sync {
    /// Writes lines about what is changed next.
    fn record(&self, noted: Vec<Noted>) -> Recording<'_>;
}

/// A grant that is made.
pub(super) fn grant_added(grant: &Grant) -> Noted {
    of_grant("serve.grant.add", grant)
}

/// A grant that is taken back.
pub(super) fn grant_removed(grant: &Grant) -> Noted {
    of_grant("serve.grant.remove", grant)
}

/// A key that is made.
pub(super) fn key_added(key: &EabKey) -> Noted {
    of_key("serve.eab.add", key)
}

/// A key that is ended.
pub(super) fn key_removed(key: &EabKey) -> Noted {
    of_key("serve.eab.remove", key)
}

fn of_grant(action: &'static str, grant: &Grant) -> Noted {
    let (kind, subject) = match &grant.subject {
        Subject::Everyone => ("everyone", None),
        Subject::Eab(id) => ("eab", Some(("external_account", id))),
        Subject::Account(id) => ("account", Some(("acme_account", id))),
    };
    let proof = match grant.validation {
        Validation::Challenge => "challenge",
        Validation::Granted => "granted",
    };
    let mut facts = vec![
        ("grant", Value::from(grant.id.as_str())),
        ("to", kind.into()),
        ("proof", proof.into()),
    ];
    facts.extend(subject.map(|(key, id)| (key, id.as_str().into())));
    if !grant.profiles.is_empty() {
        facts.push(("profiles", grant.profiles.clone().into()));
    }
    facts.extend(grant.max_lifetime_days.map(|days| ("max_days", days.into())));
    facts.extend(grant.valid_until.map(|until| ("until", rfc3339(until).into())));
    Noted {
        action,
        names: grant.names.iter().map(ToString::to_string).collect(),
        facts,
    }
}

fn of_key(action: &'static str, key: &EabKey) -> Noted {
    let mut facts = vec![
        ("external_account", Value::from(key.id.as_str())),
        ("single_use", key.is_single_use.into()),
    ];
    facts.extend(key.expires.map(|until| ("until", rfc3339(until).into())));
    Noted {
        action,
        names: Vec::new(),
        facts,
    }
}
