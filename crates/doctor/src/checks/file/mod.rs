//! Certificates, private keys and PFX files: each by itself, and what belongs together.

mod again;
mod certificates;
mod contents;
mod crls;
mod entries;
mod facts;
mod judgement;
mod keys;
mod pfx;

pub(in crate::checks) use certificates::{MUST_STAPLE_REFUSED_BY, must_staple, too_long, unrecorded};
pub(in crate::checks) use contents::thumbprint_findings;
pub use entries::*;
pub(in crate::checks) use facts::soon;
pub use facts::{Blocked, Facts, FileAccess, FileContent, Trust, written_beside};
pub use judgement::Judgements;
pub(in crate::checks) use keys::forms_in_words;
pub use keys::writable;

use crate::checks::path::{
    ADDRESS_AS_NAME, AUTHORITY_UNFIT, AUTHORITY_WITHOUT_KEY_USAGE, CERTIFICATE_FLAW, CHAIN_ORDER,
    INTERMEDIATE_MISSING, PATH_ENTRIES, SAN_MISSING, TRUST_SETTINGS, UNRECORDED, WEAK_KEY, WEAK_SIGNATURE,
};
use crate::checks::{CA_REVOCATION, Check, Diagnosis, Entry, Selection};
use gsec_pki::x509::Certificate;
use gsec_pki::x509::path::RevocationStatus;

/// Everything that is looked for in a file.
pub static CHECKS: &[Check<Facts>] = &[
    Check {
        entries: &[&KEY_MISMATCH],
        run: keys::mismatch,
    },
    Check {
        entries: &[&KEY_NOT_COMPARED, &KEY_MISMATCH],
        run: keys::not_compared,
    },
    Check {
        entries: &[&KEY_READABLE, &KEY_WRITABLE, &FILE_WRITABLE, &UNREADABLE_FOR_USER],
        run: keys::access,
    },
    Check {
        entries: &[&KEY_FORM],
        run: keys::form,
    },
    Check {
        entries: &[&KEY_ENCRYPTED],
        run: keys::encrypted,
    },
    Check {
        entries: &[&KEY_IN_PUBLIC_FILE],
        run: keys::in_public_file,
    },
    Check {
        entries: &[&WEAK_KEY],
        run: keys::weak,
    },
    Check {
        entries: PATH_ENTRIES,
        run: certificates::paths,
    },
    Check {
        entries: &[&UNRECORDED],
        run: certificates::all_unrecorded,
    },
    Check {
        entries: &[&CONTENTS_UNREAD],
        run: contents::unread,
    },
    Check {
        entries: &[&PEM_FORM],
        run: contents::form,
    },
    Check {
        entries: &[&TRUST_SETTINGS],
        run: certificates::trust_settings,
    },
    Check {
        entries: &[&INTERMEDIATE_MISSING],
        run: certificates::intermediates,
    },
    Check {
        entries: &[&EXPIRES_SOON, &AUTHORITY_ENDS_FIRST],
        run: certificates::ends,
    },
    Check {
        entries: &[&LIFETIME_LONG],
        run: certificates::lifetime,
    },
    Check {
        entries: &[&SAN_MISSING, &SUBJECT_WITHOUT_HOST, &ADDRESS_AS_NAME],
        run: certificates::names,
    },
    Check {
        entries: &[&AUTHORITY_WITHOUT_KEY_USAGE, &WEAK_SIGNATURE],
        run: certificates::authorities,
    },
    Check {
        entries: &[&MUST_STAPLE],
        run: certificates::staple,
    },
    Check {
        entries: &[&SEVERAL_AUTHORITIES],
        run: contents::several_authorities,
    },
    Check {
        entries: &[&DH_SHORT],
        run: contents::diffie_hellman,
    },
    Check {
        entries: &[&CHAIN_ORDER, &MIXED_HOSTS],
        run: contents::order,
    },
    Check {
        entries: &[&THUMBPRINT_MISMATCH, &THUMBPRINT_INVISIBLE],
        run: contents::thumbprint,
    },
    Check {
        entries: &[
            &CRL_STALE,
            &CRL_MISSING,
            &CRL_FOREIGN,
            &CRL_LOST_REVOCATIONS,
            &CRL_FLAW,
        ],
        run: crls::check,
    },
    Check {
        entries: &[&PFX_LEGACY, &PFX_UNREADABLE, &PFX_WITHOUT_CHAIN],
        run: pfx::check,
    },
];

/// What is looked for in the file of a key that is compared with the targets, and is no target itself.
static KEY_FILE_CHECKS: &[Check<Facts>] = &[
    Check {
        entries: &[&KEY_READABLE, &KEY_WRITABLE, &UNREADABLE_FOR_USER],
        run: keys::access,
    },
    Check {
        entries: &[&KEY_ENCRYPTED],
        run: keys::encrypted,
    },
    Check {
        entries: &[&KEY_FORM],
        run: keys::form,
    },
    Check {
        entries: &[&PEM_FORM],
        run: contents::form,
    },
    Check {
        entries: &[&WEAK_KEY],
        run: keys::weak,
    },
];

/// Examines the file of a key that is compared with the targets.
pub fn diagnose_key(facts: &Facts, selection: &Selection) -> Diagnosis {
    Diagnosis::of(facts, KEY_FILE_CHECKS, selection)
}

/// The certificate whose key is another than the one that is there: the right one is worth looking for.
pub fn lacks_its_key(facts: &Facts) -> Option<&Certificate> {
    keys::mismatched(facts).map(|(certificate, ..)| certificate)
}

/// Examines a file. What two checks say of the same certificate is said once.
pub fn diagnose(facts: &Facts, selection: &Selection) -> Diagnosis {
    let mut diagnosis = Diagnosis::of(facts, CHECKS, selection);
    let mut said = std::collections::HashSet::new();
    // A certificate can have several flaws of one kind, and may not do something for several reasons; several programs may not read a PFX.
    let is_one_of_many =
        |entry: &Entry| [&CERTIFICATE_FLAW, &AUTHORITY_UNFIT, &PFX_UNREADABLE].contains(&entry);
    diagnosis.findings.retain(|finding| {
        let seen = is_one_of_many(finding.entry).then(|| finding.seen.clone());
        said.insert((finding.entry.slug, finding.subject.clone(), seen))
    });
    let mut named = std::collections::HashSet::new();
    diagnosis.retain(|entry| named.insert(entry.slug) && is_asked(facts, entry));
    diagnosis
}

/// Whether there is anything in a file that can be looked at.
pub fn has_anything(file: &FileContent) -> bool {
    let bundle = &file.bundle;
    let counts = [
        bundle.certificates.len(),
        bundle.keys.len(),
        bundle.requests.len(),
        bundle.crls.len(),
        bundle.public_keys.len(),
        bundle.dh_primes.len(),
    ];
    file.is_locked || counts.iter().any(|count| *count > 0)
}

/// What was not looked at in a file, though it usually is.
pub fn not_checked(facts: &Facts) -> Vec<&'static str> {
    let hosts: Vec<_> = facts
        .judged()
        .iter()
        .filter(|judged| facts.is_for_host(&judged.certificate))
        .collect();
    let is_open = |status: &RevocationStatus| {
        matches!(
            status,
            RevocationStatus::NotChecked | RevocationStatus::Undetermined { .. }
        )
    };
    // The CA may have an older CRL that says good, and records that do not say.
    let is_unknown = |certificate: &Certificate| {
        facts
            .recorded
            .iter()
            .any(|(known, status)| known == certificate && is_open(status))
    };
    let revocation = hosts
        .iter()
        .any(|judged| is_open(judged.answer.target_revocation()) || is_unknown(&judged.certificate));
    let chain = !facts.judged().is_empty() && facts.trust.is_none();
    // Only the parent CA knows about a CA's own certificate, and a root has no parent.
    let is_open_authority = |certificate: &Certificate, status| {
        !facts.is_for_host(certificate) && !certificate.is_self_issued() && is_open(status)
    };
    let of_authorities = facts.judged().iter().any(|judged| {
        is_open_authority(&judged.certificate, judged.answer.target_revocation())
            || judged.answer.unchecked_authorities().next().is_some()
    });
    let authorities = of_authorities && !revocation && !chain;
    [
        ("chain", chain),
        ("revocation", revocation),
        (CA_REVOCATION, authorities),
        ("signature", crls::has_unchecked(facts)),
    ]
    .into_iter()
    .filter(|(_, lacks)| *lacks)
    .map(|(what, _)| what)
    .collect()
}

/// Whether the file has anything that an entry could be about.
fn is_asked(facts: &Facts, entry: &Entry) -> bool {
    let file = &facts.file;
    let is_among = |entries: &[&Entry]| entries.contains(&entry);
    let has_certificate = !file.bundle.certificates.is_empty();
    match () {
        () if is_among(&[&UNREADABLE_FOR_USER]) => facts.user_is_asked,
        () if is_among(&[&KEY_NOT_COMPARED]) => facts.key.is_some() || keys::has_underivable(facts),
        () if is_among(&[&FILE_WRITABLE]) => file.bundle.keys.is_empty() && !file.is_locked,
        () if is_among(&[&KEY_FORM]) => !file.bundle.keys.is_empty(),
        () if is_among(&[&KEY_READABLE, &KEY_WRITABLE, &KEY_ENCRYPTED]) => {
            !file.bundle.keys.is_empty() || file.is_locked
        }
        () if is_among(&[&WEAK_KEY, &KEY_MISMATCH]) => {
            has_certificate || !file.bundle.keys.is_empty() || !file.bundle.requests.is_empty()
        }
        () if is_among(&[&KEY_IN_PUBLIC_FILE]) => {
            file.bundle.pfx.is_none() && (has_certificate || !file.bundle.keys.is_empty())
        }
        () if is_among(&[&UNRECORDED]) => has_certificate && facts.local_ca.is_some(),
        () if is_among(&[&DH_SHORT]) => !file.bundle.dh_primes.is_empty(),
        () if is_among(&[&CONTENTS_UNREAD, &PEM_FORM]) => has_anything(file),
        () if is_among(&[&THUMBPRINT_MISMATCH, &THUMBPRINT_INVISIBLE]) => facts.thumbprint.is_some(),
        () if is_among(&[&PFX_LEGACY, &PFX_WITHOUT_CHAIN]) => file.bundle.pfx.is_some(),
        () if is_among(&[&PFX_UNREADABLE]) => file.bundle.pfx.is_some() && !facts.readers.is_empty(),
        () if is_among(&[&CRL_STALE, &CRL_FOREIGN, &CRL_LOST_REVOCATIONS, &CRL_FLAW]) => {
            !file.bundle.crls.is_empty()
        }
        () if is_among(&[&CRL_MISSING]) => {
            has_certificate && facts.files().any(|file| !file.bundle.crls.is_empty())
        }
        () => has_certificate,
    }
}

#[cfg(test)]
mod tests;
