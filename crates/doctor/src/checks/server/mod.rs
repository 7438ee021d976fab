//! A port of a server: whether it is reached, what it speaks, what it presents, and whom it wants.

mod clients;
mod entries;
mod facts;
mod presented;
mod protocol;
mod reach;

pub use entries::*;
pub use facts::{ClientCause, Deployed, Facts, Records};

use crate::checks::file::{
    AUTHORITY_ENDS_FIRST, EXPIRES_SOON, KEY_MISMATCH, KEY_NOT_COMPARED, LIFETIME_LONG, SUBJECT_WITHOUT_HOST,
    THUMBPRINT_INVISIBLE, THUMBPRINT_MISMATCH,
};
use crate::checks::handshake::CLIENT_CERTIFICATE_MISSING;
use crate::checks::path::{
    CHAIN_ORDER, INTERMEDIATE_MISSING, ISSUER_UNKNOWN, PATH_ENTRIES, REVOKED, SELF_SIGNED, TRUST_UNKNOWN,
    UNRECORDED,
};
use crate::checks::{CA_REVOCATION, Check, Diagnosis, Entry, Selection};
use gsec_pki::x509::path::RevocationStatus;

/// What is looked for on the way to the port.
static REACH: &[Check<Facts>] = &[
    Check {
        entries: REACH_ENTRIES,
        run: reach::behaviour,
    },
    Check {
        entries: &[&CONNECTIONS_DIFFER],
        run: reach::connections,
    },
    Check {
        entries: &[&ADDRESSES_DIFFER],
        run: reach::addresses,
    },
];

/// Findings that end an examination before TLS starts.
static REACH_ENTRIES: &[&Entry] = &[
    &HOST_UNRESOLVED,
    &HOST_UNREACHABLE,
    &PORT_REFUSED,
    &PORT_TIMEOUT,
    &OWN_ADDRESS,
    &PROXY_REFUSED,
    &PLAIN_TEXT,
    &NOT_TLS,
    &STARTTLS_TLS_AT_ONCE,
    &STARTTLS_OTHER_PROTOCOL,
    &STARTTLS_NOT_OFFERED,
    &STARTTLS_REFUSED,
    &STARTTLS_BYTES_BEHIND,
    &STARTTLS_UNFINISHED,
    &PORT_CLOSES,
    &PORT_SILENT,
    &TLS_REFUSED,
    &PLAIN_AND_TLS,
];

/// What is looked for where TLS is spoken.
static PROTOCOL: &[Check<Facts>] = &[
    Check {
        entries: &[&PROTOCOL_OUTDATED, &PROTOCOL_OLD_ACCEPTED],
        run: protocol::versions,
    },
    Check {
        entries: &[&SUITES_OUTDATED, &TLS_REFUSED, &SUITES_BROKEN],
        run: protocol::suites,
    },
    Check {
        entries: &[&GROUPS_UNCOMMON, &NO_CERTIFICATES],
        run: protocol::groups,
    },
    Check {
        entries: &[&SIGNATURE_SHA1],
        run: protocol::signature,
    },
    Check {
        entries: &[&CONNECTIONS_DROPPED],
        run: protocol::dropped,
    },
    Check {
        entries: &[&SHORT_PRIME, &RENEGOTIATION],
        run: protocol::details,
    },
    Check {
        entries: &[
            &CLIENT_CERTIFICATE_MISSING,
            &CLIENT_CERTIFICATE_REFUSED,
            &CLIENT_AUTHORITY_NOT_LISTED,
            &CLIENT_INTERMEDIATE_MISSING,
            &CLIENT_CERTIFICATE_UNASKED,
            &REVOKED,
        ],
        run: clients::check,
    },
];

/// What is looked for in what is presented.
static PRESENTED: &[Check<Facts>] = &[
    Check {
        entries: &[&UNREADABLE_CERTIFICATE],
        run: presented::unreadable,
    },
    Check {
        entries: &[&KEY_MISMATCH, &KEY_NOT_COMPARED],
        run: presented::key,
    },
    Check {
        entries: PATH_ENTRIES,
        run: presented::path,
    },
    Check {
        entries: &[&INTERMEDIATE_MISSING, &INTERCEPTED, &TRUST_UNKNOWN],
        run: presented::issuers,
    },
    Check {
        entries: &[&CHAIN_ORDER],
        run: presented::order,
    },
    Check {
        entries: &[&EXPIRES_SOON, &AUTHORITY_ENDS_FIRST],
        run: presented::ends,
    },
    Check {
        entries: &[&LIFETIME_LONG],
        run: presented::lifetime,
    },
    Check {
        entries: &[&SUBJECT_WITHOUT_HOST],
        run: presented::subject,
    },
    Check {
        entries: &[&REVOKED, &UNRECORDED, &PRESENTED_OUTDATED],
        run: presented::records,
    },
    Check {
        entries: &[&PRESENTED_DIFFERS],
        run: presented::files,
    },
    Check {
        entries: &[&THUMBPRINT_MISMATCH, &THUMBPRINT_INVISIBLE],
        run: presented::thumbprint,
    },
    Check {
        entries: &[&STAPLE_MISSING],
        run: presented::staple,
    },
];

/// What is looked for in what is presented without a server name.
static WITHOUT_NAME: &[Check<Facts>] = &[Check {
    entries: &[&SERVER_NAME_NEEDED],
    run: presented::server_name,
}];

/// Examines a port: as far as it was reached.
pub fn diagnose(facts: &Facts, selection: &Selection) -> Diagnosis {
    let mut diagnosis = Diagnosis::of(facts, REACH, selection);
    if facts.probe.speaks_tls() {
        diagnosis = diagnosis.and(Diagnosis::of(facts, PROTOCOL, selection));
    }
    if !facts.probe.chain.is_empty() {
        diagnosis = diagnosis.and(Diagnosis::of(facts, PRESENTED, selection));
        for also in &facts.also {
            diagnosis = diagnosis.and_new(Diagnosis::of(also, PRESENTED, selection));
        }
        diagnosis = diagnosis.and(Diagnosis::of(facts, WITHOUT_NAME, selection));
    }
    diagnosis.retain(|entry| was_testable(facts, entry));
    diagnosis
}

/// What was not looked at, though it usually is.
pub fn not_checked(facts: &Facts) -> Vec<&'static str> {
    let Some(answer) = &facts.answer else {
        return match facts.hides_certificates() {
            true => vec!["chain", "revocation"],
            false => Vec::new(),
        };
    };
    let is_recorded = facts
        .records
        .as_ref()
        .is_some_and(|records| records.is_issuer && records.is_recorded);
    let revocation = match answer.target_revocation() {
        RevocationStatus::NotChecked => !is_recorded,
        status => matches!(status, RevocationStatus::Undetermined { .. }),
    };
    let authorities = !revocation && facts.trust.is_some() && answer.unchecked_authorities().next().is_some();
    [
        ("chain", facts.trust.is_none()),
        ("revocation", revocation),
        (CA_REVOCATION, authorities),
    ]
    .into_iter()
    .filter(|(_, lacks)| *lacks)
    .map(|(what, _)| what)
    .collect()
}

/// Whether what is known is enough to say that something is not the case.
fn was_testable(facts: &Facts, entry: &Entry) -> bool {
    let is_among = |entries: &[&Entry]| entries.contains(&entry);
    match () {
        () if is_among(&[&THUMBPRINT_MISMATCH, &THUMBPRINT_INVISIBLE]) => facts.thumbprint.is_some(),
        () if is_among(&[&KEY_NOT_COMPARED]) => facts.key.is_some(),
        () if is_among(&[&PRESENTED_DIFFERS]) => !facts.deployed.is_empty(),
        () if is_among(&[
            &CLIENT_CERTIFICATE_REFUSED,
            &CLIENT_AUTHORITY_NOT_LISTED,
            &CLIENT_INTERMEDIATE_MISSING,
            &CLIENT_CERTIFICATE_UNASKED,
        ]) =>
        {
            !facts.client.is_empty()
        }
        () if is_among(&[&REVOKED, &UNRECORDED, &PRESENTED_OUTDATED, &INTERCEPTED]) => {
            facts.records.is_some()
        }
        () if is_among(&[&ISSUER_UNKNOWN, &SELF_SIGNED, &INTERMEDIATE_MISSING]) => facts.trust.is_some(),
        () => true,
    }
}

#[cfg(test)]
pub(in crate::checks) mod tests;
