//! What holds for everything that issued something: CA bit, key usage, path length, key identifiers.

use crate::encoding::hex::{Separator, encode};
use crate::x509::elements::Elements;
use crate::x509::oid;
use crate::x509::path::Question;
use crate::x509::path::finding::{Finding, Form, Rule, Severity};
use crate::x509::path::search::Built;
use crate::x509::path::unchecked::{algorithm_of, why_unchecked};
use crate::x509::{Certificate, KeyUsage, Subtree};

/// Netscape's certificate type, the bits of CAs for TLS, S/MIME and objects.
const NETSCAPE_AUTHORITIES: u8 = 0x07;

pub(super) fn of_issuer(
    question: &Question<'_>,
    built: &Built<'_>,
    position: usize,
    certificate: &Certificate,
) -> Vec<Finding> {
    let is_anchor = built.is_anchor(position);
    let mut findings = Vec::new();
    findings.extend(authority_bit(certificate, is_anchor));
    findings.extend(signing_usage(certificate));
    findings.extend(strict_form(certificate));
    findings.extend(path_length(built, position, certificate));
    if certificate.subject().is_empty() {
        findings.push(Finding::about(
            Rule::EmptyAuthoritySubject,
            certificate,
            "it is a CA certificate, and its Subject is empty".into(),
        ));
    }
    if certificate.name_constraints().is_some() && !certificate.has_critical(oid::NAME_CONSTRAINTS) {
        let message =
            "its name constraints are not critical, so clients that do not support them ignore them".into();
        findings.push(
            Finding::about(Rule::NameConstraintsNotCritical, certificate, message)
                .compared("critical", "not critical"),
        );
    }
    for (oid, name) in [
        (oid::POLICY_CONSTRAINTS, "policyConstraints"),
        (oid::INHIBIT_ANY_POLICY, "inhibitAnyPolicy"),
    ] {
        if certificate
            .extensions()
            .iter()
            .any(|(found, is_critical)| found == oid && !is_critical)
        {
            let message =
                format!("its {name} are not critical, so clients that do not support them ignore them");
            findings.push(
                Finding::about(Rule::PolicyNotCritical, certificate, message)
                    .compared("critical", "not critical"),
            );
        }
    }
    findings.extend(leading_dot(certificate));
    let is_issuer_trusted = || {
        question
            .anchors
            .iter()
            .any(|anchor| anchor.subject() == certificate.issuer())
    };
    if is_anchor && !certificate.is_self_issued() && !is_issuer_trusted() {
        let message = format!(
            "it is trusted but not a root: OpenSSL continues to its issuer `{}`",
            certificate.issuer()
        );
        findings.push(Finding::about(Rule::AnchorNotSelfSigned, certificate, message));
    }
    findings
}

fn leading_dot(certificate: &Certificate) -> Option<Finding> {
    let constraints = certificate.name_constraints()?;
    let mut subtrees = constraints.permitted.iter().chain(&constraints.excluded);
    let found = subtrees
        .find(|subtree| matches!(subtree, Subtree::Dns(base) if base.starts_with('.')))?
        .to_string();
    let message = format!(
        "its name constraints contain `{found}`: RFC 5280 does not define a leading dot there, and most \
         clients read it as everything below the domain, without the domain itself"
    );
    Some(
        Finding::about(Rule::NameConstraintsLeadingDot, certificate, message)
            .compared(found.replacen("dns:.", "dns:", 1), found),
    )
}

fn authority_bit(certificate: &Certificate, is_anchor: bool) -> Option<Finding> {
    if certificate.is_authority() {
        return None;
    }
    let is_first_version = certificate.version() == 1 && certificate.is_self_issued();
    if is_anchor && is_first_version {
        // Trust does not come from the certificate (RFC 5280 §6.1.1 (d)), and version 1 has no field that marks a CA.
        let message = "it is a version 1 root, which cannot say that it is a CA: OpenSSL, GnuTLS, Go and \
             Java accept it as a trusted root; NSS, Python 3.13 and `openssl verify -x509_strict` \
             do not";
        let finding = Finding::about(
            Rule::AuthorityWithoutBasicConstraints,
            certificate,
            message.into(),
        );
        return Some(
            finding
                .compared("CA:TRUE", "version 1")
                .of_form(Form::VersionOne)
                .lighter(Severity::Warning),
        );
    }
    let is_unreadable = certificate
        .unreadable_extensions()
        .iter()
        .any(|oid| oid == oid::BASIC_CONSTRAINTS);
    let (rule, message, found) = match certificate.basic_constraints() {
        Some(_) => (
            Rule::IssuerNotAuthority,
            "it issued a certificate, but its basicConstraints do not say CA:TRUE",
            "CA:FALSE",
        ),
        None if is_unreadable => {
            let message = "it issued a certificate, but its basicConstraints cannot be read";
            (
                Rule::AuthorityWithoutBasicConstraints,
                message,
                "unreadable basicConstraints",
            )
        }
        None => {
            let message = "it issued a certificate, but has no basicConstraints: programs differ on that for \
                 a root, and reject it for an intermediate CA";
            (
                Rule::AuthorityWithoutBasicConstraints,
                message,
                "no basicConstraints",
            )
        }
    };
    let form = match certificate.key_usage() {
        _ if is_first_version => Form::VersionOne,
        _ if certificate.version() == 1 => Form::IssuedVersionOne,
        _ if is_unreadable => Form::Unreadable,
        None if certificate
            .netscape_type()
            .is_some_and(|found| found & NETSCAPE_AUTHORITIES != 0) =>
        {
            Form::NetscapeAuthority
        }
        None => Form::NoKeyUsage,
        Some(_) => Form::Plain,
    };
    Some(
        Finding::about(rule, certificate, message.into())
            .compared("CA:TRUE", found)
            .of_form(form),
    )
}

/// What OpenSSL in strict mode requires of every certificate that says CA:TRUE, wherever it is in the path
/// (crypto/x509/x509_vfy.c, `check_extensions`).
pub(super) fn strict_form(certificate: &Certificate) -> Vec<Finding> {
    let mut findings = Vec::new();
    if certificate.is_authority() && certificate.has_uncritical_basic_constraints() {
        let message = "its basicConstraints are not critical: `openssl verify -x509_strict` and Python 3.13 \
             reject that"
            .into();
        findings.push(
            Finding::about(Rule::BasicConstraintsNotCritical, certificate, message)
                .compared("critical", "not critical"),
        );
    }
    if certificate.key_usage().is_none() {
        let message = "it has no keyUsage: curl and most clients accept that, Python 3.13 and `openssl \
             verify -x509_strict` reject it"
            .into();
        findings.push(
            Finding::about(Rule::AuthorityWithoutKeyUsage, certificate, message)
                .compared("keyCertSign", "no keyUsage"),
        );
    }
    findings
}

fn signing_usage(certificate: &Certificate) -> Option<Finding> {
    let usage = certificate
        .key_usage()
        .filter(|usage| !usage.has(KeyUsage::KEY_CERT_SIGN))?;
    let list = usage.to_string();
    let message = format!("it issued a certificate, but its keyUsage is {list}, without keyCertSign");
    let form = if usage.is_empty() {
        Form::EmptyKeyUsage
    } else {
        Form::Plain
    };
    Some(
        Finding::about(Rule::IssuerKeyUsage, certificate, message)
            .compared("keyCertSign", list)
            .of_form(form),
    )
}

/// Self-issued certificates, as after a change of key, do not count (§6.1.4 (l)).
fn path_length(built: &Built<'_>, position: usize, certificate: &Certificate) -> Option<Finding> {
    let allowed = certificate.basic_constraints()?.path_len?;
    let intermediates = built
        .path
        .iter()
        .take(position)
        .skip(1)
        .filter(|below| !below.is_self_issued())
        .count();
    (intermediates > usize::try_from(allowed).unwrap_or(usize::MAX)).then(|| {
        let message = format!("it allows {allowed} intermediate CAs below it, and there are {intermediates}");
        Finding::about(Rule::PathLength, certificate, message)
            .compared(format!("at most {allowed}"), intermediates.to_string())
    })
}

/// A signature of an algorithm, or by a key, that the library does not have.
pub(super) fn unchecked_signature(
    built: &Built<'_>,
    position: usize,
    certificate: &Certificate,
) -> Option<Finding> {
    let issuer = built
        .path
        .get(position + 1)
        .filter(|_| built.unchecked.contains(&position))?;
    Some(
        Finding::about(
            Rule::SignatureUnchecked,
            certificate,
            why_unchecked(certificate, issuer),
        )
        .compared("a signature that gsec can check", algorithm_of(certificate)),
    )
}

/// How this certificate and the one above it name each other.
pub(super) fn identifiers(built: &Built<'_>, position: usize, certificate: &Certificate) -> Vec<Finding> {
    let mut findings = Vec::new();
    let is_authority = position > 0 || certificate.is_authority();
    if is_authority && certificate.version() == 3 && certificate.subject_key_identifier().is_none() {
        let message = "it is a CA certificate without subjectKeyIdentifier: `openssl verify -x509_strict` \
             and Python 3.13 reject that"
            .into();
        let finding = Finding::about(Rule::NoSubjectKeyIdentifier, certificate, message);
        findings.push(finding.compared("a subjectKeyIdentifier", "none"));
    }
    // A root names itself, and may leave that out (§4.2.1.1).
    let is_root = built.is_anchor(position) && certificate.is_self_issued();
    let issuer = if is_root {
        Some(&certificate)
    } else {
        built.path.get(position + 1)
    };
    match issuer {
        Some(issuer) => findings.extend(key_identifiers(
            certificate,
            issuer,
            is_root,
            built.is_anchor(position + 1),
        )),
        None if built.is_anchor(position) && certificate.authority_key_identifier().is_none() => {
            findings.push(no_authority_key_identifier(certificate, None))
        }
        None => {}
    }
    findings
}

fn no_authority_key_identifier(certificate: &Certificate, issuer: Option<&Certificate>) -> Finding {
    let expected = issuer
        .and_then(Certificate::subject_key_identifier)
        .map_or("a key identifier".into(), hex);
    let message =
        "it has no authorityKeyIdentifier: `openssl verify -x509_strict` and Python 3.13 reject that".into();
    Finding::about(Rule::NoAuthorityKeyIdentifier, certificate, message).compared(expected, "none")
}

fn key_identifiers(
    certificate: &Certificate,
    issuer: &Certificate,
    is_root: bool,
    is_below_anchor: bool,
) -> Vec<Finding> {
    let form = if is_below_anchor {
        Form::IssuerAndSerialOfAnchor
    } else {
        Form::IssuerAndSerial
    };
    let mut findings = Vec::new();
    match (
        certificate.authority_key_identifier(),
        issuer.subject_key_identifier(),
    ) {
        (Some(wanted), Some(found)) if wanted != found => {
            let message = format!(
                "its authorityKeyIdentifier does not match the subjectKeyIdentifier of `{}`, whose key \
                 signed it: OpenSSL finds no issuer",
                issuer.subject()
            );
            findings.push(
                Finding::about(Rule::KeyIdentifierMismatch, certificate, message)
                    .compared(hex(wanted), hex(found))
                    .of_form(if is_below_anchor {
                        Form::BelowAnchor
                    } else {
                        Form::Plain
                    }),
            );
        }
        (None, _) if certificate.version() == 3 && !is_root => {
            findings.push(no_authority_key_identifier(certificate, Some(issuer)))
        }
        _ => {}
    }
    if let Some(wanted) = certificate
        .authority_serial()
        .filter(|serial| *serial != issuer.serial())
    {
        let message = format!(
            "its authorityKeyIdentifier references a certificate of its issuer with the serial number \
             {wanted}, and that of `{}` has {}",
            issuer.subject(),
            issuer.serial()
        );
        let finding = Finding::about(Rule::KeyIdentifierMismatch, certificate, message).of_form(form);
        findings.push(finding.compared(wanted.to_string(), issuer.serial().to_string()));
    }
    if let Some(wanted) = certificate
        .authority_issuer()
        .filter(|name| *name != issuer.issuer())
    {
        let message = format!(
            "its authorityKeyIdentifier references a certificate issued by `{wanted}`, and that of `{}` was \
             issued by `{}`",
            issuer.subject(),
            issuer.issuer()
        );
        let finding =
            Finding::about(Rule::KeyIdentifierMismatch, certificate, message).of_form(if is_below_anchor {
                Form::IssuerOfAnchor
            } else {
                form
            });
        findings.push(finding.compared(wanted.to_string(), issuer.issuer().to_string()));
    }
    if !certificate.issuer().has_same_encoding(issuer.subject()) {
        let message = format!(
            "its issuer is the same name as the Subject of `{}`, but in different letters or string types",
            issuer.subject()
        );
        let is_same_text = certificate.issuer().to_string() == issuer.subject().to_string();
        let form = match is_same_text {
            true if has_old_string(certificate.issuer().der()) || has_old_string(issuer.subject().der()) => {
                Form::OldStringType
            }
            true if is_below_anchor => Form::StringTypeOfAnchor,
            true => Form::StringType,
            false => Form::Plain,
        };
        let finding = Finding::about(Rule::NameEncoding, certificate, message)
            .lighter(Severity::Warning)
            .of_form(form);
        findings.push(finding.compared(hex(issuer.subject().der()), hex(certificate.issuer().der())));
    }
    findings
}

/// Whether a name has a TeletexString, a UniversalString or a BMPString, of which programs make different texts.
fn has_old_string(name: &[u8]) -> bool {
    const OLD: [u32; 3] = [20, 28, 30];
    let attributes = Elements::of(name)
        .flat_map(|list| Elements::of(list.content))
        .flat_map(|set| Elements::of(set.content));
    attributes
        .filter_map(|attribute| Elements::of(attribute.content).nth(1))
        .any(|value| OLD.iter().any(|tag| value.is(*tag)))
}

fn hex(bytes: &[u8]) -> String {
    encode(bytes, Separator::None)
}
