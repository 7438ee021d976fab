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
use gsec_pki::x509::{Certificate, ExtendedKeyUsage, KeyUsage, days_left, rfc3339};

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
    match days_left(end, now) {
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
    if let Some(socket) = signer_instead(facts) {
        return vec![facts.about(
            &CA_KEY_APART,
            path,
            format!("the signer listens at {}", socket.display()),
        )];
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

/// Where the signer listens that has the keys, when they are not here.
fn signer_instead(facts: &Facts) -> Option<&std::path::PathBuf> {
    let is_elsewhere = matches!(facts.key, Part::Missing | Part::Forbidden);
    facts.signer_apart.as_ref().filter(|_| is_elsewhere)
}

pub(super) fn previous_keys_are_whole(facts: &Facts) -> Vec<Finding> {
    let mut found = Vec::new();
    for previous in facts
        .previous
        .iter()
        .filter(|previous| previous.certificate.not_after() >= facts.now)
    {
        if let Some(problem) = previous
            .key_problem
            .as_ref()
            .filter(|_| signer_instead(facts).is_none())
        {
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

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose};

    use super::super::tests::{each, findings, fixes, sample, serial};
    use super::*;
    use crate::checks::tests::certificates::{
        self, Change, Identity, in_days, now, signed_with_sha1, uncritical_basic_constraints,
    };
    use crate::checks::tests::help_of;
    use gsec_pki::x509::path::Severity::{Error, Notice, Warning};

    /// Puts a root with something changed in the place of the CA's.
    fn root_with(facts: &mut Facts, change: Change) {
        facts.set_path(&[Identity::root_with("Example CA", change)]);
    }

    /// A root, and a CA below it with something changed; the directory is that of the latter.
    fn below_with(facts: &mut Facts, change: Change) -> (Identity, Identity) {
        let root = Identity::root("Root CA");
        let below = root.below("Example CA", change);
        facts.set_path([&below, &root]);
        (root, below)
    }

    fn ends(days: i64) -> impl Fn(&mut CertificateParams) {
        move |params| params.not_after = in_days(days)
    }

    #[test]
    fn certificate_that_is_not_there() {
        each(&[
            (
                "it is gone",
                |facts| facts.certificates = Part::Missing,
                &[(
                    "ca-certificate-missing",
                    Error,
                    "/srv/ca/ca_conf/ca_cert.pem: it does not exist",
                )],
            ),
            (
                "it has not come yet",
                |facts| (facts.certificates, facts.is_waiting) = (Part::Missing, true),
                &[("ca-waiting", Notice, "a CSR in `/srv/ca/ca_conf/ca_req.pem`")],
            ),
            (
                "it came, and the request is still there",
                |facts| facts.is_waiting = true,
                &[],
            ),
            (
                "it is no certificate",
                |facts| facts.certificates = Part::Unreadable("it is empty".into()),
                &[("ca-certificate-damaged", Error, "it is empty")],
            ),
            (
                "a link stands in its place, which another finding tells",
                |facts| facts.certificates = Part::Irregular,
                &[],
            ),
            (
                "this user may not read it, which another finding tells",
                |facts| facts.certificates = Part::Forbidden,
                &[],
            ),
        ]);
    }

    #[test]
    fn certificate_of_no_ca_or_of_half_a_ca() {
        each(&[
            (
                "CA:FALSE",
                |facts| root_with(facts, |params| params.is_ca = IsCa::ExplicitNoCa),
                &[("ca-not-authority", Error, "do not say CA:TRUE")],
            ),
            (
                "no keyCertSign",
                |facts| root_with(facts, |params| params.key_usages = vec![KeyUsagePurpose::CrlSign]),
                &[("ca-not-authority", Error, "does not have keyCertSign")],
            ),
            (
                "no keyUsage",
                |facts| root_with(facts, |params| params.key_usages.clear()),
                &[("ca-key-usage-missing", Warning, "it has no keyUsage")],
            ),
            (
                "no cRLSign",
                |facts| {
                    root_with(facts, |params| {
                        params.key_usages = vec![KeyUsagePurpose::KeyCertSign]
                    })
                },
                &[("ca-without-crl-sign", Warning, "keyCertSign")],
            ),
            (
                "an extKeyUsage for servers alone",
                |facts| {
                    root_with(facts, |params| {
                        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
                    });
                },
                &[(
                    "ca-purpose-excluded",
                    Warning,
                    "`CN=Example CA` does not have clientAuth",
                )],
            ),
            (
                "an extKeyUsage for both",
                |facts| {
                    root_with(facts, |params| {
                        params.extended_key_usages = vec![
                            ExtendedKeyUsagePurpose::ServerAuth,
                            ExtendedKeyUsagePurpose::ClientAuth,
                        ];
                    });
                },
                &[],
            ),
            (
                "an extKeyUsage of the CA above, for clients alone",
                |facts| {
                    let top = Identity::root_with("Root CA", |params| {
                        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
                    });
                    facts.set_path([&top.below("Example CA", |_| {}), &top]);
                },
                &[(
                    "ca-purpose-excluded",
                    Warning,
                    "`CN=Root CA` does not have serverAuth",
                )],
            ),
            (
                "basicConstraints that is not critical",
                |facts| {
                    root_with(facts, |params| {
                        params.is_ca = IsCa::NoCa;
                        params.custom_extensions = vec![uncritical_basic_constraints()];
                    });
                },
                &[("ca-constraints-not-critical", Notice, "not marked critical")],
            ),
            (
                "a path length",
                |facts| {
                    root_with(facts, |params| {
                        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0))
                    })
                },
                &[],
            ),
        ]);
    }

    #[test]
    fn signature_or_key_that_can_be_forged() {
        each(&[
            (
                "a root that signed itself with SHA-1",
                |facts| facts.certificates = Part::Read(vec![signed_with_sha1(true)]),
                &[("ca-signature-weak", Notice, "sha1WithRSAEncryption")],
            ),
            (
                "a CA below that was signed with SHA-1",
                |facts| {
                    let path = vec![signed_with_sha1(false), certificates::root().certificate.clone()];
                    facts.certificates = Part::Read(path);
                },
                &[("ca-signature-weak", Error, "sha1WithRSAEncryption")],
            ),
            (
                "an RSA key of 2040 bits",
                |facts| facts.certificates = Part::Read(vec![of_rsa_key(2040)]),
                &[
                    ("ca-not-authority", Error, ""),
                    ("ca-key-weak", Error, "2040 bits, and the minimum is 2048"),
                ],
            ),
            (
                "an RSA key of 2048 bits",
                |facts| facts.certificates = Part::Read(vec![of_rsa_key(2048)]),
                &[("ca-not-authority", Error, "")],
            ),
        ]);
    }

    /// No CA's, and of the size that is asked about.
    fn of_rsa_key(bits: usize) -> Certificate {
        let certificate = certificates::root().host_of_rsa_key("db1.example.com", bits);
        assert!(!certificate.is_authority());
        certificate
    }

    #[test]
    fn certificate_before_and_after_its_time() {
        each(&[
            (
                "it begins tomorrow",
                |facts| root_with(facts, |params| params.not_before = in_days(1)),
                &[("ca-not-yet-valid", Error, "this machine's clock says 2030-03-27")],
            ),
            (
                "it begins now",
                |facts| root_with(facts, |params| params.not_before = now()),
                &[],
            ),
            (
                "it ended yesterday",
                |facts| root_with(facts, |params| ends(-1)(params)),
                &[("ca-expired", Error, "it expired at 2030-03-26")],
            ),
            (
                "this is its last second",
                |facts| root_with(facts, |params| ends(0)(params)),
                &[("ca-expires-soon", Warning, "in less than a day")],
            ),
            (
                "it ends in 89 days",
                |facts| root_with(facts, |params| ends(89)(params)),
                &[("ca-expires-soon", Warning, "in 89 days")],
            ),
            (
                "it ends in 90 days",
                |facts| root_with(facts, |params| ends(90)(params)),
                &[],
            ),
            (
                "less than a fifth of a short life is left",
                |facts| {
                    root_with(facts, |params| {
                        (params.not_before, params.not_after) = (in_days(-81), in_days(19));
                    });
                },
                &[("ca-expires-soon", Warning, "in 19 days")],
            ),
            (
                "a fifth of a short life is left",
                |facts| {
                    root_with(facts, |params| {
                        (params.not_before, params.not_after) = (in_days(-80), in_days(20));
                    });
                },
                &[],
            ),
        ]);
    }

    #[test]
    fn ca_that_ends_before_its_certificates() {
        each(&[
            (
                "two certificates end after it",
                |facts| facts.index_mut().outliving = sample([serial(1), serial(2)]),
                &[(
                    "ca-expires-before-certificates",
                    Warning,
                    "before 2 of its certificates: serial 01, 02",
                )],
            ),
            (
                "it has expired, which another finding tells",
                |facts| {
                    facts.index_mut().outliving = sample([serial(1)]);
                    root_with(facts, |params| ends(-1)(params));
                },
                &[("ca-expired", Error, "")],
            ),
        ]);
    }

    #[test]
    fn path_to_a_root() {
        each(&[
            ("it is whole", |facts| drop(below_with(facts, |_| {})), &[]),
            (
                "no root follows",
                |facts| {
                    let (_, below) = below_with(facts, |_| {});
                    facts.set_path([&below]);
                    facts.reaches_root = false;
                },
                &[(
                    "ca-chain-broken",
                    Error,
                    "which `CN=Root CA` issued, and no root follows",
                )],
            ),
            (
                "another CA follows",
                |facts| {
                    let (_, below) = below_with(facts, |_| {});
                    facts.set_path([&below, certificates::root()]);
                    facts.reaches_root = false;
                },
                &[(
                    "ca-chain-broken",
                    Error,
                    "is issued by `CN=Root CA`, but is followed by `CN=Example CA`",
                )],
            ),
            (
                "a CA of the same name and another key follows",
                |facts| {
                    let (_, below) = below_with(facts, |_| {});
                    facts.set_path([&below, &Identity::root("Root CA")]);
                    facts.reaches_root = false;
                },
                &[(
                    "ca-chain-broken",
                    Error,
                    "is not signed by the key of `CN=Root CA`",
                )],
            ),
            (
                "they stand in another order",
                |facts| {
                    let (root, below) = below_with(facts, |_| {});
                    let middle = root.below("Middle CA", |_| {});
                    let lowest = middle.below("Example CA", |_| {});
                    facts.set_path([&lowest, &root, &middle]);
                    drop(below);
                },
                &[],
            ),
            (
                "the root has expired",
                |facts| {
                    let (root, below) = below_with(facts, |_| {});
                    facts.set_path([&below, &root.again(|params| ends(-1)(params))]);
                },
                &[("ca-chain-expired", Error, "`CN=Root CA` expired at 2030-03-26")],
            ),
            (
                "the root expires soon",
                |facts| {
                    let (root, below) = below_with(facts, |_| {});
                    facts.set_path([&below, &root.again(|params| ends(30)(params))]);
                },
                &[("ca-chain-expired", Warning, "`CN=Root CA` expires at 2030-04-26")],
            ),
            (
                "what has expired is not on the path",
                |facts| {
                    let (root, below) = below_with(facts, |_| {});
                    let stray = Identity::root_with("Stray CA", |params| ends(-1)(params));
                    facts.set_path([&below, &root, &stray]);
                    facts.off_path = vec![stray.certificate];
                },
                &[(
                    "ca-certificate-foreign",
                    Error,
                    "besides the CA's own path it contains `CN=Stray CA`, sha256 ",
                )],
            ),
        ]);
    }

    fn open_key(pin: [u8; 32]) -> Part<KeyState> {
        Part::Read(KeyState::Open { pin })
    }

    #[test]
    fn key_of_the_ca() {
        each(&[
            (
                "it is gone",
                |facts| facts.key = Part::Missing,
                &[("ca-key-missing", Error, "ca_priv_key.pem: it does not exist")],
            ),
            (
                "the signer has it, in a directory of its own",
                |facts| {
                    (facts.key, facts.signer_apart) = (Part::Missing, Some("/srv/signer/signer.sock".into()))
                },
                &[(
                    "ca-key-apart",
                    Notice,
                    "the signer listens at /srv/signer/signer.sock",
                )],
            ),
            (
                "it is here, and the link was left",
                |facts| facts.signer_apart = Some("/srv/signer/signer.sock".into()),
                &[],
            ),
            (
                "it is no key",
                |facts| facts.key = Part::Unreadable("it is empty".into()),
                &[("ca-key-unreadable", Error, "it is empty")],
            ),
            (
                "it is another CA's",
                |facts| facts.key = open_key([7; 32]),
                &[("ca-key-mismatch", Error, "key sha256 0707")],
            ),
            (
                "it is the CA's",
                |facts| facts.key = open_key(certificates::root().public_key().pin()),
                &[],
            ),
            (
                "there is no certificate to compare it with",
                |facts| (facts.key, facts.certificates) = (open_key([7; 32]), Part::Forbidden),
                &[],
            ),
            (
                "it is for others to read",
                |facts| facts.key = Part::Forbidden,
                &[],
            ),
        ]);
    }

    #[test]
    fn change_of_key_that_is_under_way() {
        each(&[
            (
                "the next command finishes it",
                |facts| facts.changeover = ChangeoverState::Unfinished,
                &[(
                    "rekey-unfinished",
                    Notice,
                    "/srv/ca/ca_conf: it contains a directory `.rekey`",
                )],
            ),
            (
                "it waits for a passphrase, whatever the present key is",
                |facts| (facts.changeover, facts.key) = (ChangeoverState::Sealed, Part::Missing),
                &[(
                    "rekey-sealed",
                    Warning,
                    "/srv/ca/ca_conf/.rekey: it has an encrypted key",
                )],
            ),
            (
                "somebody else put it there",
                |facts| {
                    facts.changeover = ChangeoverState::Foreign {
                        path: "/srv/ca/ca_conf/.rekey".into(),
                        problem: "it was not signed".into(),
                    };
                },
                &[(
                    "rekey-foreign",
                    Error,
                    "/srv/ca/ca_conf/.rekey: it was not signed",
                )],
            ),
        ]);
        assert_eq!(
            fixes(|facts| facts.changeover = ChangeoverState::Unfinished),
            [Some(CaFix::FinishRekey)]
        );
        assert_eq!(fixes(|facts| facts.changeover = ChangeoverState::Sealed), [None]);
    }

    fn previous(change: Change) -> PreviousKey {
        PreviousKey {
            certificate: Identity::root_with("Example CA", change).certificate,
            key: Some("/srv/ca/ca_conf/previous/aa/ca_priv_key.pem".into()),
            key_problem: None,
            cross: "/srv/ca/ca_conf/previous/aa/new_with_old.pem".into(),
            cross_problem: None,
        }
    }

    #[test]
    fn former_keys() {
        each(&[
            (
                "one that is of use",
                |facts| facts.previous = vec![previous(|_| {})],
                &[],
            ),
            (
                "one whose root has expired, and whatever is wrong with it",
                |facts| {
                    let mut ended = previous(|params| ends(-1)(params));
                    (ended.key_problem, ended.cross_problem) =
                        (Some("it is empty".into()), Some("it is gone"));
                    facts.previous = vec![ended];
                },
                &[(
                    "previous-key-ended",
                    Notice,
                    "previous/aa/ca_priv_key.pem: its root expired at 2030-03-26",
                )],
            ),
            (
                "one whose root has expired, and whose key was removed",
                |facts| {
                    let mut ended = previous(|params| ends(-1)(params));
                    ended.key = None;
                    facts.previous = vec![ended];
                },
                &[],
            ),
            (
                "one whose key does not read",
                |facts| {
                    let mut damaged = previous(|_| {});
                    damaged.key_problem = Some("it is empty".into());
                    facts.previous = vec![damaged];
                },
                &[(
                    "previous-key-unusable",
                    Error,
                    "previous/aa/ca_priv_key.pem: it is empty",
                )],
            ),
            (
                "one whose cross-certificate is gone",
                |facts| {
                    let mut lonely = previous(|_| {});
                    lonely.cross_problem = Some("it does not exist");
                    facts.previous = vec![lonely];
                },
                &[(
                    "previous-cross-certificate-wrong",
                    Error,
                    "previous/aa/new_with_old.pem: it does not exist",
                )],
            ),
            (
                "one that nothing proves",
                |facts| {
                    facts.foreign_roots = vec![ForeignRoot {
                        is_lost: false,
                        folder: "/srv/ca/ca_conf/previous/bb".into(),
                        problem: "no key of this CA has certified it".into(),
                    }];
                },
                &[(
                    "previous-certificate-foreign",
                    Error,
                    "previous/bb/ca_cert.pem: no key of this CA",
                )],
            ),
            (
                "one whose folder is gone",
                |facts| {
                    facts.foreign_roots = vec![ForeignRoot {
                        is_lost: true,
                        folder: "/srv/ca/ca_conf/previous/bb".into(),
                        problem: "it does not exist".into(),
                    }];
                },
                &[(
                    "previous-certificate-foreign",
                    Error,
                    "previous/bb: it does not exist",
                )],
            ),
        ]);
    }

    fn lost_key() -> Vec<LostKey> {
        vec![LostKey {
            folder: "/srv/ca/ca_conf/previous/cc".into(),
            changed: "2029-01-01".into(),
        }]
    }

    #[test]
    fn former_key_of_which_nothing_is_left() {
        each(&[
            (
                "nothing that it signed is in use",
                |facts| facts.lost_keys = lost_key(),
                &[("previous-key-lost", Notice, "another key until 2029-01-01")],
            ),
            (
                "what it signed is in use",
                |facts| {
                    facts.lost_keys = lost_key();
                    facts.index_mut().of_lost_keys = sample([serial(9)]);
                },
                &[(
                    "previous-key-lost",
                    Error,
                    "valid certificates of such a key: serial 09",
                )],
            ),
            (
                "it is not known what is in use",
                |facts| (facts.lost_keys, facts.index) = (lost_key(), Part::Forbidden),
                &[("previous-key-lost", Error, "nothing of it is left")],
            ),
        ]);
    }

    #[test]
    fn bundle_is_written_again_only_where_no_root_gets_lost() {
        let wrong = |can_be_written: bool| {
            move |facts: &mut Facts| {
                facts.bundle = Bundle {
                    path: "/srv/ca/ca_conf/ca_bundle.pem".into(),
                    problem: Some("it lacks a root".into()),
                    can_be_written,
                };
            }
        };
        for (can_be_written, fix) in [(true, Some(CaFix::WriteBundle)), (false, None)] {
            let found = findings(wrong(can_be_written));
            let expected = ("ca-bundle-wrong", Error, "ca_bundle.pem: it lacks a root");
            crate::checks::tests::assert_found("a root is missing", &found, &[expected]);
            assert_eq!(fixes(wrong(can_be_written)), [fix]);
        }
    }

    /// The help of the only finding.
    fn help(change: impl FnOnce(&mut Facts)) -> String {
        let found = findings(change);
        assert_eq!(found.len(), 1, "{found:?}");
        help_of(&found[0])
    }

    #[test]
    fn who_renews_the_certificate() {
        let expired: Change = |params| ends(-1)(params);
        let root = help(|facts| root_with(facts, expired));
        assert!(root.starts_with("fix: gsec ca renew --ca-dir"), "{root}");
        let bound = help(|facts| {
            root_with(facts, expired);
            facts.index_mut().has_bound = true;
        });
        assert!(bound.starts_with("fix: gsec ca renew --keep-serial"), "{bound}");
        let below = help(|facts| drop(below_with(facts, expired)));
        assert!(
            below.starts_with("advice: Have the parent CA 'CN=Root CA' renew it"),
            "{below}"
        );
    }
}
