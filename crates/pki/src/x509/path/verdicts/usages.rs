//! What each program makes of purposes: extKeyUsage on the whole path, keyUsage and Netscape's certificate type of the target.
//!
//! Each function follows the program's own code, and tests/it/interop/consumers.rs asks the programs about the same certificates.

use crate::key::PublicKeyKind;
use crate::x509::path::consumers::Consumer;
use crate::x509::path::consumers::Verdict::{self, Accepts, Refuses, Unknown};
use crate::x509::path::finding::Rule;
use crate::x509::path::search::Built;
use crate::x509::path::{Purpose, Question};
use crate::x509::{Certificate, ExtendedKeyUsage, KeyUsage};

/// Netscape's and Microsoft's server gated cryptography, purposes of servers before there was serverAuth.
const NETSCAPE_SGC: &str = "2.16.840.1.113730.4.1";
const MICROSOFT_SGC: &str = "1.3.6.1.4.1.311.10.3.3";
/// Bits of Netscape's certificate type, in the first byte of its BIT STRING.
const TYPE_CLIENT: u8 = 0x80;
const TYPE_SERVER: u8 = 0x40;
const TYPE_SSL_CA: u8 = 0x04;

/// Why a program refuses, and which certificate of the path.
pub(super) struct Objection {
    pub(super) rule: Rule,
    pub(super) verdict: Verdict,
    pub(super) position: usize,
}

/// Whether what this program makes of the rule is said here, and not in the table.
pub(super) fn decides(consumer: Consumer, rule: Rule) -> bool {
    let is_of_usage = matches!(
        rule,
        Rule::ExtendedKeyUsage
            | Rule::EndEntityKeyUsage
            | Rule::AnyUsageInAuthority
            | Rule::NetscapeCertificateType
            | Rule::KeyUsageForTls
    );
    is_of_usage && !matches!(consumer, Consumer::Windows | Consumer::Rustls)
}

/// What the program has against the purposes of the path.
pub(super) fn objections(consumer: Consumer, question: &Question<'_>, built: &Built<'_>) -> Vec<Objection> {
    if question.purpose == Purpose::Any || matches!(consumer, Consumer::Windows | Consumer::Rustls) {
        return Vec::new();
    }
    let is_server = question.purpose == Purpose::Server;
    let mut objections = Vec::new();
    let is_trusted_itself = built.is_anchored && built.path.len() == 1;
    // sun.security.validator.Validator, `validate`: "omit EE extension check if EE cert is also trust anchor".
    if consumer == Consumer::Java && is_trusted_itself {
        return objections;
    }
    if consumer == Consumer::Nss {
        objections.extend(nss_authority(question.target, built, is_trusted_itself));
    }
    for (position, certificate) in built.path.iter().enumerate() {
        let place = Place {
            is_target: position == 0,
            is_anchor: position > 0 && built.is_anchor(position),
        };
        if let Some(rule) = purposes(consumer, certificate, is_server, place) {
            objections.push(Objection {
                rule,
                verdict: Refuses,
                position,
            });
        }
    }
    if let Some(verdict) = key_usage(consumer, question.target, is_server) {
        objections.push(Objection {
            rule: key_usage_rule(question.target, is_server),
            verdict,
            position: 0,
        });
    }
    objections
}

/// What NSS has against the CAs: its own issuer must be a CA too, and not every version of it verifies Ed25519.
fn nss_authority(target: &Certificate, built: &Built<'_>, is_trusted_itself: bool) -> Option<Objection> {
    if is_trusted_itself && target.is_self_issued() {
        let at_target = |rule, verdict| Objection {
            rule,
            verdict,
            position: 0,
        };
        let problem = match () {
            () if !target.is_authority() => Some(at_target(Rule::IssuerNotAuthority, Refuses)),
            () if !target.lets_key(KeyUsage::KEY_CERT_SIGN) => Some(at_target(Rule::IssuerKeyUsage, Refuses)),
            // Names in its own subject and subjectAltName are compared in some forms and not in others.
            () if target.name_constraints().is_some() => Some(at_target(Rule::NameConstraints, Unknown)),
            () => None,
        };
        if problem.is_some() {
            return problem;
        }
    }
    let signers = built.path.iter().enumerate().skip(1);
    let mut modern = signers.filter(|(_, signer)| *signer.public_key().kind() == PublicKeyKind::Ed25519);
    modern.next().map(|(position, _)| Objection {
        rule: Rule::SignatureUnsupported,
        verdict: Unknown,
        position,
    })
}

#[derive(Clone, Copy)]
struct Place {
    is_target: bool,
    is_anchor: bool,
}

/// What extKeyUsage of one certificate has.
struct Usages<'a>(Option<&'a [ExtendedKeyUsage]>);

impl Usages<'_> {
    fn is_absent(&self) -> bool {
        self.0.is_none()
    }

    fn has(&self, usage: &ExtendedKeyUsage) -> bool {
        self.0.is_some_and(|usages| usages.contains(usage))
    }

    fn has_oid(&self, wanted: &str) -> bool {
        let is_it = |usage: &ExtendedKeyUsage| matches!(usage, ExtendedKeyUsage::Other(oid) if oid.to_string() == wanted);
        self.0.is_some_and(|usages| usages.iter().any(is_it))
    }
}

/// The rule by which the program refuses this certificate for the purpose.
fn purposes(consumer: Consumer, certificate: &Certificate, is_server: bool, place: Place) -> Option<Rule> {
    let usages = Usages(certificate.extended_key_usage());
    // A rule of its own reports an empty extKeyUsage.
    if certificate.extended_key_usage().is_some_and(<[_]>::is_empty) {
        return None;
    }
    let asked = if is_server {
        ExtendedKeyUsage::ServerAuth
    } else {
        ExtendedKeyUsage::ClientAuth
    };
    let other = if is_server {
        ExtendedKeyUsage::ClientAuth
    } else {
        ExtendedKeyUsage::ServerAuth
    };
    let has_asked = usages.is_absent() || usages.has(&asked);
    let has_any = usages.has(&ExtendedKeyUsage::Any);
    let has_netscape = is_server && usages.has_oid(NETSCAPE_SGC);
    let has_gated = has_netscape || (is_server && usages.has_oid(MICROSOFT_SGC));
    let has_type = |bit: u8| certificate.netscape_type().is_none_or(|found| found & bit != 0);
    let is_typed_as = |bit: u8| certificate.netscape_type().is_some_and(|found| found & bit != 0);
    let type_bit = if is_server { TYPE_SERVER } else { TYPE_CLIENT };
    let is_allowed = match consumer {
        // crypto/x509/v3_purp.c, `check_purpose_ssl_server`, `check_purpose_ssl_client`: every certificate of the path.
        Consumer::OpenSsl | Consumer::OpenSslStrict | Consumer::Python | Consumer::Node => {
            has_asked || has_gated
        }
        // sun.security.validator.EndEntityChecker.
        Consumer::Java => !place.is_target || has_asked || has_any || has_gated,
        // lib/x509/verify.c: anyExtendedKeyUsage counts in the target only, and the anchor is not looked at.
        Consumer::GnuTls if place.is_target => has_asked || has_any,
        Consumer::GnuTls => place.is_anchor || has_asked || has_netscape,
        // crypto/x509/verify.go, `checkChainForKeyUsage`.
        Consumer::Go => has_asked || has_any,
        // lib/certdb/certdb.c, `cert_ComputeCertType`: a CA must have a purpose of TLS, whichever it is.
        // What Netscape's type allows counts as well as what extKeyUsage allows.
        Consumer::Nss if place.is_target => has_asked || has_netscape || is_typed_as(type_bit),
        Consumer::Nss => {
            has_asked || usages.has(&other) || usages.has_oid(NETSCAPE_SGC) || is_typed_as(TYPE_SSL_CA)
        }
        Consumer::Rustls | Consumer::Windows => true,
    };
    if !is_allowed {
        return Some(if !place.is_target && has_any {
            Rule::AnyUsageInAuthority
        } else {
            Rule::ExtendedKeyUsage
        });
    }
    let is_typed = match consumer {
        Consumer::OpenSsl | Consumer::OpenSslStrict | Consumer::Python | Consumer::Node | Consumer::Java => {
            !place.is_target || has_type(type_bit)
        }
        // NSS reads it only if the certificate has no extKeyUsage.
        Consumer::Nss => {
            !usages.is_absent() || has_type(if place.is_target { type_bit } else { TYPE_SSL_CA })
        }
        _ => true,
    };
    (!is_typed).then_some(Rule::NetscapeCertificateType)
}

/// Which rule keyUsage of the target breaks.
fn key_usage_rule(target: &Certificate, is_server: bool) -> Rule {
    let has = |usage| target.lets_key(usage);
    let is_enough = has(KeyUsage::DIGITAL_SIGNATURE)
        || has(KeyUsage::KEY_AGREEMENT)
        || (is_server && has(KeyUsage::KEY_ENCIPHERMENT));
    if is_enough {
        Rule::KeyUsageForTls
    } else {
        Rule::EndEntityKeyUsage
    }
}

/// What the program has against keyUsage of the target, with its kind of key.
fn key_usage(consumer: Consumer, target: &Certificate, is_server: bool) -> Option<Verdict> {
    let has = |usage| target.lets_key(usage);
    let signs = has(KeyUsage::DIGITAL_SIGNATURE);
    let is_rsa = matches!(target.public_key().kind(), PublicKeyKind::Rsa { .. });
    let verdict = match consumer {
        Consumer::OpenSsl | Consumer::OpenSslStrict | Consumer::Python | Consumer::Node => {
            match signs || has(KeyUsage::KEY_AGREEMENT) || (is_server && has(KeyUsage::KEY_ENCIPHERMENT)) {
                false => Refuses,
                // It takes no such certificate for ECDHE_ECDSA in TLS 1.2, and takes it in TLS 1.3 (RFC 8422 §5.3, RFC 8446 §4.4.2.2).
                true if !signs && !is_rsa => Unknown,
                true => Accepts,
            }
        }
        // Both ask for it in the handshake, for every suite with ECDHE.
        Consumer::Java | Consumer::GnuTls => if_not(signs),
        Consumer::Nss => match target.public_key().kind() {
            PublicKeyKind::Rsa { .. } if target.public_key().is_pss_only() => if_not(signs),
            PublicKeyKind::Rsa { .. } if is_server => if_not(has(KeyUsage::KEY_ENCIPHERMENT)),
            PublicKeyKind::NistCurve { .. } if is_server => if_not(signs || has(KeyUsage::KEY_AGREEMENT)),
            PublicKeyKind::Rsa { .. } | PublicKeyKind::NistCurve { .. } => if_not(signs),
            // Not every version of it has Ed25519.
            PublicKeyKind::Ed25519 => Unknown,
            PublicKeyKind::Other { .. } => Accepts,
        },
        Consumer::Go | Consumer::Rustls | Consumer::Windows => Accepts,
    };
    (verdict != Accepts).then_some(verdict)
}

fn if_not(is_allowed: bool) -> Verdict {
    if is_allowed { Accepts } else { Refuses }
}
