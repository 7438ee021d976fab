//! What holds for every certificate: dates, key, digest, serial number, version, extensions.

use std::cell::OnceCell;

use time::OffsetDateTime;

use crate::key::{PublicKeyKind, SignatureAlgorithm, SignatureDigest};
use crate::x509::oid;
use crate::x509::path::Question;
use crate::x509::path::consumers::{form_of_critical, go_and_java_accept};
use crate::x509::path::finding::{Finding, Form, Rule, Severity};
use crate::x509::path::search::Built;
use crate::x509::{Certificate, MAX_SERIAL_BYTES, rfc3339};

/// The least bits of an RSA key, NIST SP 800-131A r2 §2.
const MIN_RSA_BITS: u32 = 2048;
/// id-dsa, RFC 3279 §2.3.2.
const DSA: &str = "1.2.840.10040.4.1";
/// Curves of less than 224 bits, NIST SP 800-131A r2 §2: P-192 by its two names, and the three of SEC 2 below it.
const SHORT_CURVES: [&str; 5] = [
    "1.2.840.10045.3.1.1",
    "1.3.132.0.31",
    "1.3.132.0.8",
    "1.3.132.0.9",
    "1.3.132.0.30",
];
/// Extensions that RFC 5280 §4.2.1.1, §4.2.1.2 and §4.2.2.1 say must not be critical.
const NEVER_CRITICAL: [(&str, &str); 3] = [
    (oid::AUTHORITY_KEY_IDENTIFIER, "authorityKeyIdentifier"),
    (oid::SUBJECT_KEY_IDENTIFIER, "subjectKeyIdentifier"),
    (oid::AUTHORITY_INFO_ACCESS, "authorityInfoAccess"),
];
/// Extensions that a path is judged by.
const DECIDING: [&str; 10] = [
    oid::SUBJECT_KEY_IDENTIFIER,
    oid::KEY_USAGE,
    oid::SUBJECT_ALT_NAME,
    oid::BASIC_CONSTRAINTS,
    oid::NAME_CONSTRAINTS,
    oid::POLICY_MAPPINGS,
    oid::AUTHORITY_KEY_IDENTIFIER,
    oid::POLICY_CONSTRAINTS,
    oid::EXTENDED_KEY_USAGE,
    oid::INHIBIT_ANY_POLICY,
];

/// Extensions that OpenSSL takes out of every certificate it verifies: one that appears twice makes the certificate invalid.
const CACHED_BY_OPENSSL: [&str; 11] = [
    oid::BASIC_CONSTRAINTS,
    oid::KEY_USAGE,
    oid::EXTENDED_KEY_USAGE,
    oid::SUBJECT_KEY_IDENTIFIER,
    oid::AUTHORITY_KEY_IDENTIFIER,
    oid::SUBJECT_ALT_NAME,
    oid::NAME_CONSTRAINTS,
    oid::CRL_DISTRIBUTION_POINTS,
    oid::NETSCAPE_CERT_TYPE,
    oid::PROXY_CERT_INFO,
    oid::POLICY_CONSTRAINTS,
];
/// Extensions that are read only when something asks for them.
const RARELY_READ: [&str; 7] = [
    oid::CERTIFICATE_POLICIES,
    oid::POLICY_MAPPINGS,
    oid::INHIBIT_ANY_POLICY,
    oid::AUTHORITY_INFO_ACCESS,
    oid::ISSUER_ALT_NAME,
    oid::FRESHEST_CRL,
    oid::TLS_FEATURE,
];

/// The rules about how a certificate is written.
const OF_WRITING: [Rule; 14] = [
    Rule::SerialNegative,
    Rule::SerialNotMinimal,
    Rule::ExtensionsBeforeVersion3,
    Rule::SignatureAlgorithmMismatch,
    Rule::KeyUnreadable,
    Rule::KeyUnknown,
    Rule::ExplicitCurve,
    Rule::DuplicateExtension,
    Rule::ExtensionUnreadable,
    Rule::NameUnreadable,
    Rule::TimeForm,
    Rule::NotDer,
    Rule::UniqueIdentifiers,
    Rule::UnusualEncoding,
];

pub(super) fn of_certificate(at: OffsetDateTime, certificate: &Certificate, is_anchor: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(dates(at, certificate));
    findings.extend(key(certificate));
    findings.extend(serial(certificate));
    findings.extend(version(certificate, is_anchor));
    findings.extend(algorithms(certificate));
    if !is_anchor {
        findings.extend(digest(certificate));
        findings.extend(salt(certificate));
    }
    findings.extend(extensions(certificate));
    findings.extend(unsound_names(certificate));
    if certificate.issuer().is_empty() {
        findings.push(Finding::about(
            Rule::EmptyIssuer,
            certificate,
            "its issuer has no name".into(),
        ));
    }
    findings
}

fn unsound_names(certificate: &Certificate) -> impl Iterator<Item = Finding> {
    let names = [
        (certificate.subject(), "Subject"),
        (certificate.issuer(), "issuer"),
    ];
    names.into_iter().filter(|(name, _)| !name.is_sound()).map(|(_, kind)| {
        let message = format!(
            "its {kind} is not encoded as a name: a value does not match its string type, or bytes are left over"
        );
        Finding::about(Rule::NameUnreadable, certificate, message)
    })
}

fn dates(at: OffsetDateTime, certificate: &Certificate) -> Vec<Finding> {
    let (begin, end, now) = (
        rfc3339(certificate.not_before()),
        rfc3339(certificate.not_after()),
        rfc3339(at),
    );
    let mut findings = Vec::new();
    if at > certificate.not_after() {
        let message = format!("it expired at {end}, and it is now {now}");
        findings.push(
            Finding::about(Rule::Expired, certificate, message).compared(format!("{now} or later"), &end),
        );
    }
    if at == certificate.not_after() {
        let message = format!(
            "it expires at {end}, in this very second, which still belongs to its validity: OpenSSL treats \
             it as expired"
        );
        findings.push(
            Finding::about(Rule::ExpiresThisSecond, certificate, message)
                .compared(format!("after {now}"), &end),
        );
    }
    if at < certificate.not_before() {
        let message =
            format!("it begins at {begin}, and it is now {now}: issued for later, or a clock is wrong");
        let form = if certificate.not_before() - at <= time::Duration::DAY {
            Form::BeginsWithinADay
        } else {
            Form::Plain
        };
        findings.push(
            Finding::about(Rule::NotYetValid, certificate, message)
                .compared(format!("{now} or earlier"), &begin)
                .of_form(form),
        );
    }
    if certificate.not_before() > certificate.not_after() {
        let message = format!("it expires at {end}, before it begins at {begin}");
        findings.push(
            Finding::about(Rule::ValidityEmpty, certificate, message)
                .compared(format!("{begin} or later"), &end),
        );
    }
    findings
}

fn key(certificate: &Certificate) -> Option<Finding> {
    let finding = |form, found: String, expected: &str| {
        let message = format!("its key is {found}, and the minimum is {expected}");
        Finding::about(Rule::WeakKey, certificate, message)
            .compared(expected, found)
            .of_form(form)
    };
    if certificate.public_key().is_usable() == Some(false) {
        let message = format!(
            "its public key is not a {} key: the bytes are damaged",
            certificate.public_key()
        );
        return Some(Finding::about(Rule::KeyUnreadable, certificate, message));
    }
    match certificate.public_key().kind() {
        PublicKeyKind::Rsa { bits } if *bits < MIN_RSA_BITS => Some(finding(
            if *bits < 1024 { Form::Plain } else { Form::ShortRsa },
            format!("RSA with {bits} bits"),
            "RSA with 2048 bits",
        )),
        PublicKeyKind::Other { oid } if oid == DSA => Some(finding(
            Form::Dsa,
            "DSA, which TLS 1.3 does not support".into(),
            "RSA with 2048 bits or P-256",
        )),
        PublicKeyKind::Other { oid } if SHORT_CURVES.contains(&oid.as_str()) => Some(finding(
            Form::ShortCurve,
            format!("on a curve of less than 224 bits ({oid})"),
            "P-256",
        )),
        PublicKeyKind::Other { .. } if certificate.public_key().has_explicit_curve() => {
            let message =
                "its key has explicit curve parameters instead of a named curve, which is not allowed in \
                 certificates"
                    .into();
            Some(
                Finding::about(Rule::ExplicitCurve, certificate, message)
                    .compared("a named curve", "explicit parameters"),
            )
        }
        PublicKeyKind::Rsa { .. } if certificate.public_key().is_pss_only() => {
            let message =
                "its key is for RSASSA-PSS only (id-RSASSA-PSS): Go and rustls do not support such keys"
                    .into();
            Some(
                Finding::about(Rule::PssKey, certificate, message).compared("rsaEncryption", "id-RSASSA-PSS"),
            )
        }
        PublicKeyKind::Other { oid } => {
            let found = certificate.public_key().to_string();
            let form = if oid == oid::ED448 {
                Form::Ed448
            } else {
                Form::Plain
            };
            let message = format!("its public key ({found}) is of a type that few programs support");
            Some(
                Finding::about(Rule::KeyUnknown, certificate, message)
                    .compared("RSA, P-256, P-384, P-521 or Ed25519", found)
                    .of_form(form),
            )
        }
        _ => None,
    }
}

fn serial(certificate: &Certificate) -> Option<Finding> {
    let content = certificate.serial_content();
    let (rule, problem) = match content {
        [first, ..] if first & 0x80 != 0 => (Rule::SerialNegative, "a negative number".to_owned()),
        bytes if !bytes.is_empty() && bytes.iter().all(|byte| *byte == 0) => {
            (Rule::SerialZero, "zero".to_owned())
        }
        bytes if bytes.len() > MAX_SERIAL_BYTES => (Rule::SerialTooLong, format!("{} bytes", bytes.len())),
        [0, second, ..] if second & 0x80 == 0 => {
            let found = crate::encoding::hex::encode(content, crate::encoding::hex::Separator::None);
            let message =
                format!("its serialNumber is {found}, with a redundant leading byte 00, which is not DER");
            return Some(
                Finding::about(Rule::SerialNotMinimal, certificate, message)
                    .compared(found.trim_start_matches("00").to_owned(), found.clone()),
            );
        }
        _ => return None,
    };
    let expected = format!("a positive number of at most {MAX_SERIAL_BYTES} bytes");
    Some(
        Finding::about(
            rule,
            certificate,
            format!("its serial number is {problem}, not {expected}"),
        )
        .compared(expected, problem),
    )
}

/// What is written in another way than programs that parse a whole certificate expect.
fn of_writing(certificate: &Certificate) -> Vec<Finding> {
    let about_the_whole = [
        serial(certificate),
        version(certificate, true),
        algorithms(certificate),
        key(certificate),
    ];
    let mut findings: Vec<Finding> = about_the_whole.into_iter().flatten().collect();
    findings.extend(extensions(certificate));
    findings.extend(unsound_names(certificate));
    findings.extend(super::encoding::of_certificate(certificate));
    findings.extend(super::unusual::of_certificate(certificate));
    findings.retain(|finding| OF_WRITING.contains(&finding.rule));
    findings
}

/// Whether programs differ in whether they can read the certificate.
pub(in crate::x509::path) fn is_written_oddly(certificate: &Certificate) -> bool {
    !of_writing(certificate).is_empty()
}

/// What would be said of each given certificate if it were not on the path. It is the same beside every path, of which there may be many; the
/// certificates, of which there may be thousands, are looked at once.
#[derive(Default)]
pub(in crate::x509::path) struct Companions<'a>(OnceCell<Vec<(&'a Certificate, Finding)>>);

impl<'a> Companions<'a> {
    fn of(&self, question: &'a Question<'a>) -> &[(&'a Certificate, Finding)] {
        self.0.get_or_init(|| {
            // What both accept on the path they accept beside it.
            let is_refused = |finding: &Finding| !go_and_java_accept(finding.rule, finding.form);
            let sent = question.untrusted.iter().flat_map(|certificate| {
                let refused = of_writing(certificate).into_iter().filter(is_refused);
                refused.map(move |finding| (certificate, beside(finding, Form::Companion)))
            });
            // Of those that are trusted only Java reads more than it needs, and these two alone stop it. There may be all that a system
            // trusts.
            let stops_java = |finding: &Finding| finding.rule != Rule::Version;
            let trusted = question.anchors.iter().flat_map(|certificate| {
                let found = version(certificate, true)
                    .into_iter()
                    .chain(algorithms(certificate));
                found
                    .filter(stops_java)
                    .map(move |finding| (certificate, beside(finding, Form::TrustedCompanion)))
            });
            sent.chain(trusted).collect()
        })
    }
}

/// What makes programs that parse every certificate they are given refuse a chain for one that is not on the path.
pub(super) fn of_companions<'a>(
    question: &'a Question<'a>,
    built: &Built<'_>,
    companions: &Companions<'a>,
) -> Vec<Finding> {
    companions
        .of(question)
        .iter()
        .filter(|(certificate, _)| !built.path.contains(certificate))
        .map(|(_, finding)| finding.clone())
        .collect()
}

/// A finding about a certificate that is not on the path.
fn beside(finding: Finding, form: Form) -> Finding {
    Finding {
        message: format!(
            "it is not needed here, and {}: Go and Java parse every certificate they are given, and may refuse \
             them all for it",
            finding.message
        ),
        ..finding.of_form(form).lighter(Severity::Warning)
    }
}

/// Whether a certificate higher on the path has the same issuer and serial number, by which NSS knows certificates.
pub(super) fn reused_serial(
    built: &Built<'_>,
    position: usize,
    certificate: &Certificate,
) -> Option<Finding> {
    let mut above = built.path.iter().skip(position + 1);
    let other = above
        .find(|other| other.issuer() == certificate.issuer() && other.serial() == certificate.serial())?;
    let message = format!(
        "`{}` has the same issuer and the same serial number: NSS (Firefox, Thunderbird) refuses both, with SEC_ERROR_REUSED_ISSUER_AND_SERIAL",
        other.subject()
    );
    Some(
        Finding::about(Rule::SerialReused, certificate, message)
            .compared("a serial number of its own", certificate.serial().to_string()),
    )
}

fn version(certificate: &Certificate, is_anchor: bool) -> Option<Finding> {
    let version = certificate.version();
    if version == 3 {
        return None;
    }
    if !certificate.extensions().is_empty() {
        let form = if version > 3 {
            Form::UnknownVersion
        } else {
            Form::Plain
        };
        let message = match form {
            Form::UnknownVersion => format!("it is version {version}, which does not exist"),
            _ => format!("it has extensions, which require version 3, but is version {version}"),
        };
        return Some(
            Finding::about(Rule::ExtensionsBeforeVersion3, certificate, message)
                .compared("3", version.to_string())
                .of_form(form),
        );
    }
    let message = format!("it is version {version}, so nothing in it says what it may be used for");
    let form = if version == 1 && certificate.is_self_issued() {
        Form::SelfIssuedVersionOne
    } else {
        Form::Plain
    };
    let finding = Finding::about(Rule::Version, certificate, message)
        .compared("3", version.to_string())
        .of_form(form);
    Some(if is_anchor {
        finding.lighter(Severity::Warning)
    } else {
        finding
    })
}

fn algorithms(certificate: &Certificate) -> Option<Finding> {
    let (signed, beside) = (certificate.signed_algorithm(), certificate.signature_algorithm());
    (signed != beside).then(|| {
        let [signed, beside] = [signed, beside].map(SignatureAlgorithm::name);
        let message = format!(
            "the signed part names {signed} as the algorithm, but {beside} is given next to the \
                 signature, perhaps with other parameters"
        );
        Finding::about(Rule::SignatureAlgorithmMismatch, certificate, message).compared(signed, beside)
    })
}

fn salt(certificate: &Certificate) -> Option<Finding> {
    let message = "its RSASSA-PSS signature has a salt that is not as long as the digest: GnuTLS and Go cannot verify it, rustls neither";
    SignatureAlgorithm::has_odd_salt(certificate.signature_algorithm()).then(|| {
        Finding::about(Rule::SignatureUnsupported, certificate, message.into())
            .compared("a salt as long as the digest", "another length")
            .of_form(Form::PssSalt)
            .lighter(Severity::Warning)
    })
}

fn digest(certificate: &Certificate) -> Option<Finding> {
    let form = match SignatureAlgorithm::digest(certificate.signature_algorithm()) {
        SignatureDigest::Md5 => Some(Form::Plain),
        SignatureDigest::Sha1 => Some(Form::Sha1),
        _ => None,
    };
    form.map(|form| {
        let algorithm = SignatureAlgorithm::name(certificate.signature_algorithm());
        let message = format!(
            "it is signed with {algorithm}, which can be forged: OpenSSL 3 at security level 1 and \
                 all modern TLS libraries reject it"
        );
        Finding::about(Rule::WeakDigest, certificate, message)
            .compared("SHA-256 or better", algorithm)
            .of_form(form)
    })
}

fn extensions(certificate: &Certificate) -> Vec<Finding> {
    let mut findings = Vec::new();
    for oid in certificate.unknown_critical_extensions() {
        let finding = match NEVER_CRITICAL.iter().find(|(never, _)| never == oid) {
            Some((_, name)) => {
                let message = format!(
                    "its {name} is critical, which it must not be: validators reject it as an unknown \
                     critical extension"
                );
                Finding::about(Rule::WronglyCritical, certificate, message)
                    .compared("not critical", "critical")
            }
            None => Finding::about(
                Rule::UnknownCriticalExtension,
                certificate,
                format!("its extension {oid} is critical and unknown"),
            )
            .compared("no unsupported critical extension", oid),
        };
        findings.push(finding.of_form(form_of_critical(oid)));
    }
    for oid in certificate.unreadable_extensions() {
        let is_deciding = DECIDING.contains(&oid.as_str()) || certificate.has_critical(oid);
        let message =
            match super::encoding::names_unreadable(certificate).filter(|_| oid == oid::SUBJECT_ALT_NAME) {
                Some(why) => format!("its subjectAltName cannot be read: {why}"),
                None => format!("its extension {oid} violates RFC 5280"),
            };
        let finding = Finding::about(Rule::ExtensionUnreadable, certificate, message);
        let form = match oid.as_str() {
            oid::SUBJECT_ALT_NAME => Form::AlternativeNames,
            oid::AUTHORITY_INFO_ACCESS => Form::InformationAccess,
            _ => Form::Plain,
        };
        let finding = finding.of_form(form);
        findings.push(if is_deciding {
            finding
        } else {
            finding.lighter(Severity::Warning)
        });
    }
    for oid in certificate.duplicate_extensions() {
        let message =
            format!("its extension {oid} occurs more than once, so it is ambiguous which one counts");
        let form = match oid {
            oid if CACHED_BY_OPENSSL.contains(&oid) => Form::Plain,
            oid if RARELY_READ.contains(&oid) => Form::RarelyRead,
            _ => Form::UnknownExtension,
        };
        findings.push(
            Finding::about(Rule::DuplicateExtension, certificate, message)
                .compared("once", "more than once")
                .of_form(form),
        );
    }
    findings
}
