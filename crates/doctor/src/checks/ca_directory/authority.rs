//! The CA certificate, those above it, and the CA key.

use time::{Duration, OffsetDateTime};

use super::remedy::FROM_BACKUP;
use super::*;
use crate::checks::{Finding, Help};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::encoding::sample::Sample;
use gsec_pki::encoding::shell::{CommandLine, Prose};
use gsec_pki::key::{PublicKeyKind, SignatureAlgorithm, SignatureCheck, SignatureDigest};
use gsec_pki::x509::path::{Severity, purposes_excluded};
use gsec_pki::x509::{Certificate, ExtendedKeyUsage, KeyUsage, rfc3339};

/// A CA certificate that ends within this time, and within a fifth of its lifetime, ends soon.
const SOON: Duration = Duration::days(90);
const SOON_OF_LIFETIME: i32 = 5;
const MIN_RSA_BITS: u32 = 2048;

pub(super) fn certificate_is_there(facts: &Facts) -> Vec<Finding> {
    let path = &facts.paths.certificate;
    match &facts.certificates {
        Part::Missing if facts.is_waiting => {
            let seen = format!(
                "there is no ca_cert.pem, but a CSR in `{}`",
                facts.paths.request.display()
            );
            vec![facts.about(&CA_WAITING, &facts.paths.root, seen).advise(
                "Have the parent CA sign this CSR, then install the certificate with gsec ca accept.",
            )]
        }
        Part::Missing => vec![restored(facts.about(
            &CA_CERTIFICATE_MISSING,
            path,
            "it does not exist",
        ))],
        Part::Unreadable(problem) => vec![restored(facts.about(&CA_CERTIFICATE_DAMAGED, path, problem))],
        Part::Read(_) | Part::Irregular | Part::Forbidden => Vec::new(),
    }
}

fn restored(finding: Finding) -> Finding {
    finding.advise(FROM_BACKUP)
}

/// With a key as weak as this nothing is signed, a new key of the CA neither.
const NEW_CA: &str = "Make a new CA in another directory with gsec ca init, and issue from it.";

fn is_weak(certificate: &Certificate) -> bool {
    matches!(certificate.public_key().kind(), PublicKeyKind::Rsa { bits } if *bits < MIN_RSA_BITS)
}

/// What makes another certificate of the same key: a root signs its own, an intermediate CA is for the parent CA to certify.
fn renewal(facts: &Facts, certificate: &Certificate) -> Help {
    match certificate.is_self_issued() {
        _ if is_weak(certificate) => Help::advice(NEW_CA),
        // With another serial number they would have no issuer any more.
        true if facts.index.read().is_some_and(|index| index.has_bound) => {
            Help::Fix(facts.gsec("ca renew --keep-serial"))
        }
        true => Help::Fix(facts.gsec("ca renew")),
        false => Help::Advice(
            Prose::new("Have the parent CA ")
                .name(&certificate.issuer().to_string())
                .words(
                    " renew it: with gsec ca renew and --parent if that CA is on this machine, otherwise \
                     with gsec ca request, sign and accept.",
                ),
        ),
    }
}

pub(super) fn is_an_authority(facts: &Facts) -> Vec<Finding> {
    let Some(certificate) = facts.certificate() else {
        return Vec::new();
    };
    let about = |entry, seen: String| {
        facts
            .about(entry, &facts.paths.certificate, seen)
            .help(renewal(facts, certificate))
    };
    if let Some(lacking) = certificate.lacking_for_authority() {
        return vec![about(&CA_NOT_AUTHORITY, lacking.into())];
    }
    let mut found = Vec::new();
    if certificate.key_usage().is_none() {
        found.push(about(
            &CA_KEY_USAGE_MISSING,
            "it has no keyUsage; keyCertSign and cRLSign are required".into(),
        ));
    }
    if !certificate.lets_key(KeyUsage::CRL_SIGN) {
        let usage = certificate
            .key_usage()
            .map(|usage| usage.to_string())
            .unwrap_or_default();
        found.push(about(&CA_WITHOUT_CRL_SIGN, format!("its keyUsage is {usage}")));
    }
    let path = facts.certificates.read().into_iter().flatten();
    for (authority, usage) in purposes_excluded(path, &ExtendedKeyUsage::OF_TLS) {
        let seen = format!(
            "the extKeyUsage of `{}` does not have {usage}",
            authority.subject()
        );
        found.push(about(&CA_PURPOSE_EXCLUDED, seen));
    }
    if certificate.has_uncritical_basic_constraints() {
        found.push(about(
            &CA_CONSTRAINTS_NOT_CRITICAL,
            "its basicConstraints is not marked critical".into(),
        ));
    }
    found
}

pub(super) fn is_strong(facts: &Facts) -> Vec<Finding> {
    let Some(certificate) = facts.certificate() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let digest = SignatureAlgorithm::digest(certificate.signature_algorithm());
    if matches!(digest, SignatureDigest::Md5 | SignatureDigest::Sha1) {
        let name = SignatureAlgorithm::name(certificate.signature_algorithm());
        let severity = if certificate.is_self_issued() {
            Severity::Notice
        } else {
            Severity::Error
        };
        let finding = facts.about(
            &CA_SIGNATURE_WEAK,
            &facts.paths.certificate,
            format!("it is signed with {name}"),
        );
        found.push(finding.weighing(severity).help(renewal(facts, certificate)));
    }
    if let PublicKeyKind::Rsa { bits } = certificate.public_key().kind()
        && is_weak(certificate)
    {
        let seen = format!("its key is RSA with {bits} bits, and the minimum is {MIN_RSA_BITS}");
        let finding = facts.about(&CA_KEY_WEAK, &facts.paths.certificate, seen);
        found.push(finding.advise(NEW_CA));
    }
    found
}

pub(super) fn is_in_date(facts: &Facts) -> Vec<Finding> {
    let Some(certificate) = facts.certificate() else {
        return Vec::new();
    };
    let about = |entry, seen| facts.about(entry, &facts.paths.certificate, seen);
    let now = rfc3339(facts.now);
    if certificate.not_before() > facts.now {
        let seen = format!(
            "it begins at {}, but this machine's clock says {now}",
            rfc3339(certificate.not_before())
        );
        vec![about(&CA_NOT_YET_VALID, seen).look(CommandLine::new("date -u"))]
    } else if certificate.not_after() < facts.now {
        let seen = format!(
            "it expired at {}, and it is now {now}",
            rfc3339(certificate.not_after())
        );
        vec![about(&CA_EXPIRED, seen).help(renewal(facts, certificate))]
    } else if ends_soon(certificate, facts.now) {
        let seen = format!(
            "it expires at {}, {}",
            rfc3339(certificate.not_after()),
            in_days(certificate.not_after(), facts.now)
        );
        vec![about(&CA_EXPIRES_SOON, seen).help(renewal(facts, certificate))]
    } else {
        Vec::new()
    }
}

fn ends_soon(certificate: &Certificate, now: OffsetDateTime) -> bool {
    let left = certificate.not_after() - now;
    left < SOON && left < (certificate.not_after() - certificate.not_before()) / SOON_OF_LIFETIME
}

/// `in 12 days`, as it is said behind a date.
pub(super) fn in_days(end: OffsetDateTime, now: OffsetDateTime) -> String {
    match (end - now).whole_days() {
        0 => "in less than a day".into(),
        1 => "in 1 day".into(),
        days => format!("in {days} days"),
    }
}

pub(super) fn outlives_its_certificates(facts: &Facts) -> Vec<Finding> {
    let (Some(certificate), Some(index)) = (facts.certificate(), facts.index.read()) else {
        return Vec::new();
    };
    // Another finding already reports an expired CA certificate.
    if index.outliving.is_empty() || certificate.not_after() < facts.now {
        return Vec::new();
    }
    let serials = index.outliving.listed(ToString::to_string);
    let seen = format!(
        "it expires at {}, before {} of its certificates: serial {serials}",
        rfc3339(certificate.not_after()),
        index.outliving.count
    );
    vec![
        facts
            .about(&CA_EXPIRES_BEFORE_CERTIFICATES, &facts.paths.certificate, seen)
            .help(renewal(facts, certificate)),
    ]
}

pub(super) fn leads_to_a_root(facts: &Facts) -> Vec<Finding> {
    let Some(certificates) = facts
        .certificates
        .read()
        .filter(|all| all.first().is_some_and(|first| !first.is_self_issued()))
    else {
        return Vec::new();
    };
    let about = |entry, seen: String| {
        let accept = "Ask the parent CA for its certificates up to the root, and install this CA's certificate followed by them with gsec ca accept.";
        facts.about(entry, &facts.paths.certificate, seen).advise(accept)
    };
    if !facts.reaches_root
        && let Some(problem) = broken_link(certificates)
    {
        return vec![about(&CA_CHAIN_BROKEN, problem)];
    }
    // What leads there from a former root is needed only as long as that root lives.
    let above = certificates
        .iter()
        .skip(1)
        .filter(|certificate| !certificate.is_key_changeover() && !facts.off_path.contains(certificate));
    let ended = above
        .clone()
        .find(|certificate| certificate.not_after() < facts.now);
    let soon = above
        .clone()
        .find(|certificate| ends_soon(certificate, facts.now));
    let say = |certificate: &Certificate, how: &str| {
        format!(
            "`{}` {how} {}",
            certificate.subject(),
            rfc3339(certificate.not_after())
        )
    };
    match (ended, soon) {
        (Some(ended), _) => vec![about(&CA_CHAIN_EXPIRED, say(ended, "expired at"))],
        (None, Some(soon)) => {
            vec![about(&CA_CHAIN_EXPIRED, say(soon, "expires at")).weighing(Severity::Warning)]
        }
        (None, None) => Vec::new(),
    }
}

/// A user who can append to the file would give peers another root.
pub(super) fn holds_its_path_alone(facts: &Facts) -> Vec<Finding> {
    if facts.off_path.is_empty() {
        return Vec::new();
    }
    let path = &facts.paths.certificate;
    let several: Sample<&Certificate> = facts.off_path.iter().collect();
    let digits = |certificate: &Certificate| encode(&certificate.thumbprints().sha256, Separator::None);
    let named =
        several.listed(|certificate| format!("`{}`, sha256 {}", certificate.subject(), digits(certificate)));
    let finding = facts.about(
        &CA_CERTIFICATE_FOREIGN,
        path,
        format!("besides the CA's own path it contains {named}"),
    );
    let advice = "Find out who put it there, and remove it from the file in an editor; clients that were \
         given the file trust it, and must be informed.";
    vec![
        finding
            .look(CommandLine::new("gsec cert show").path(path))
            .advise(advice),
    ]
}

/// The first position where a certificate, in file order, is not signed by the next.
fn broken_link(certificates: &[Certificate]) -> Option<String> {
    for pair in certificates.windows(2) {
        let (below, above) = (&pair[0], &pair[1]);
        if below.issuer() != above.subject() {
            return Some(format!(
                "`{}` is issued by `{}`, but is followed by `{}`",
                below.subject(),
                below.issuer(),
                above.subject()
            ));
        }
        if below.verify_signature(above.public_key()) == SignatureCheck::Bad {
            return Some(format!(
                "`{}` is not signed by the key of `{}`, which follows it",
                below.subject(),
                above.subject()
            ));
        }
    }
    let last = certificates.last()?;
    (!last.is_self_issued()).then(|| {
        format!(
            "the last is `{}`, which `{}` issued, and no root follows",
            last.subject(),
            last.issuer()
        )
    })
}

/// A change that waits for the passphrase of what it brings.
fn sealed(facts: &Facts) -> Finding {
    let path = facts.paths.conf.join(".rekey");
    let (seen, command) = (
        "it has an encrypted key and no certificate of a new CA key",
        facts.gsec("ca passphrase"),
    );
    facts
        .about(&REKEY_SEALED, &path, seen)
        .advise(Prose::new("Run ").typed(&command).words(" with the new passphrase: if the key is the CA's, the change is finished. If none of your passphrases opens it, move the directory away."))
}

pub(super) fn key_belongs_to_it(facts: &Facts) -> Vec<Finding> {
    let path = &facts.paths.key;
    match &facts.changeover {
        ChangeoverState::None => {}
        ChangeoverState::Unfinished => {
            let finding = facts.about(
                &REKEY_UNFINISHED,
                &facts.paths.conf,
                "it contains a directory `.rekey`",
            );
            return vec![
                facts
                    .fixed_automatically(finding, CaFix::FinishRekey)
                    .fix(facts.gsec("ca show")),
            ];
        }
        ChangeoverState::Sealed => return vec![sealed(facts)],
        ChangeoverState::Foreign { path, problem } => {
            let aside = CommandLine::new("mv -n")
                .path(path)
                .path(&super::access::before(path));
            return vec![facts.about(&REKEY_FOREIGN, path, problem).fix(aside)];
        }
    }
    match &facts.key {
        Part::Missing => vec![
            facts
                .about(&CA_KEY_MISSING, path, "it does not exist")
                .advise(FROM_BACKUP),
        ],
        Part::Unreadable(problem) => vec![facts.about(&CA_KEY_UNREADABLE, path, problem).advise(FROM_BACKUP)],
        Part::Read(KeyState::Open { pin }) => {
            let Some(certificate) = facts
                .certificate()
                .filter(|certificate| certificate.public_key().pin() != *pin)
            else {
                return Vec::new();
            };
            let digits = |pin: &[u8]| encode(pin, Separator::None);
            let seen = format!(
                "key sha256 {}, certificate sha256 {}",
                digits(pin),
                digits(&certificate.public_key().pin())
            );
            vec![facts.about(&CA_KEY_MISMATCH, path, seen).advise(FROM_BACKUP)]
        }
        Part::Read(KeyState::Encrypted) | Part::Irregular | Part::Forbidden => Vec::new(),
    }
}

pub(super) fn previous_keys_are_of_use(facts: &Facts) -> Vec<Finding> {
    let ended = facts
        .previous
        .iter()
        .filter(|previous| previous.certificate.not_after() < facts.now);
    let found = ended.filter_map(|previous| {
        let path = previous.key.as_ref()?;
        let seen = format!(
            "its root expired at {}",
            rfc3339(previous.certificate.not_after())
        );
        Some(
            facts
                .about(&PREVIOUS_KEY_ENDED, path, seen)
                .fix(CommandLine::new("rm -f").path(path)),
        )
    });
    found.collect()
}

pub(super) fn previous_keys_are_whole(facts: &Facts) -> Vec<Finding> {
    let mut found = Vec::new();
    for previous in facts
        .previous
        .iter()
        .filter(|previous| previous.certificate.not_after() >= facts.now)
    {
        if let Some(problem) = &previous.key_problem {
            let path = previous.cross.with_file_name("ca_priv_key.pem");
            found.push(
                facts
                    .about(&PREVIOUS_KEY_UNUSABLE, &path, problem)
                    .advise(FROM_BACKUP),
            );
        }
        if let Some(problem) = previous.cross_problem {
            found.push(
                facts
                    .about(&PREVIOUS_CROSS_CERTIFICATE_WRONG, &previous.cross, problem)
                    .advise(FROM_BACKUP),
            );
        }
    }
    found
}

pub(super) fn bundle_holds_the_roots(facts: &Facts) -> Vec<Finding> {
    let Some(problem) = &facts.bundle.problem else {
        return Vec::new();
    };
    let finding = facts.about(&CA_BUNDLE_WRONG, &facts.bundle.path, problem);
    vec![match facts.bundle.can_be_written {
        true => facts
            .fixed(finding, CaFix::WriteBundle)
            .advise("Clients that were given the wrong file must get the new one."),
        // A root that is not proven would be missing in it.
        false => finding.advise(FROM_BACKUP),
    }]
}

pub(super) fn previous_certificates_are_proven(facts: &Facts) -> Vec<Finding> {
    const WHAT_TO_DO: &str = "Find out where it comes from, and move the directory away; if it is a former \
         root of this CA, restore old_with_new.pem from a backup.";
    const LOST: &str = "If that root is no longer used, remove it from ca_bundle.pem in an editor, and give clients the new \
         file.";
    let finding = |root: &ForeignRoot| {
        if root.is_lost {
            return facts
                .about(&PREVIOUS_CERTIFICATE_FOREIGN, &root.folder, &root.problem)
                .advise(FROM_BACKUP)
                .advise(LOST);
        }
        let certificate = root.folder.join("ca_cert.pem");
        let found = facts.about(&PREVIOUS_CERTIFICATE_FOREIGN, &certificate, &root.problem);
        found
            .look(CommandLine::new("gsec cert show").path(&certificate))
            .advise(WHAT_TO_DO)
    };
    facts.foreign_roots.iter().map(finding).collect()
}

pub(super) fn former_keys_are_kept(facts: &Facts) -> Vec<Finding> {
    let in_use = facts.index.read().map(|index| &index.of_lost_keys);
    let finding = |lost: &LostKey| {
        let seen = format!(
            "the audit log says that the CA had another key until {}, but nothing of it is left: no root, no key, no CRL",
            lost.changed
        );
        let signed = in_use.filter(|signed| !signed.is_empty());
        let seen = match signed {
            Some(signed) => format!(
                "{seen}; valid certificates of such a key: serial {}",
                signed.listed(ToString::to_string)
            ),
            None => seen,
        };
        let severity = match (in_use, signed) {
            (Some(_), None) => Severity::Notice,
            _ => Severity::Error,
        };
        facts
            .about(&PREVIOUS_KEY_LOST, &lost.folder, seen)
            .weighing(severity)
            .advise("Restore previous/ in ca_conf and ca_bundle.pem from a backup.")
            .advise("If there is none, re-issue the certificates of that key that are still in use, and remove the former root from all clients.")
    };
    facts.lost_keys.iter().map(finding).collect()
}
