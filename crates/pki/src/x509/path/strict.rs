//! The strict verdict: rustls-webpki, as every rustls client decides.

use rustls_pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use webpki::{
    ALL_VERIFICATION_ALGS, BorrowedCertRevocationList, CertRevocationList, EndEntityCert, Error,
    ExtendedKeyUsageValidator, KeyPurposeIdIter, KeyUsage, RevocationCheckDepth, RevocationOptionsBuilder,
    UnknownStatusPolicy, anchor_from_trusted_cert,
};

use super::finding::{Finding, Rule};
use super::search::Built;
use super::{Purpose, Question};
use crate::x509::oid;
use crate::x509::{Certificate, ExtendedKeyUsage, GeneralName, RevocationList, Subtree};

/// Accepts whatever extKeyUsage says.
struct AnyUsage;

impl ExtendedKeyUsageValidator for AnyUsage {
    fn validate(&self, _usages: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        Ok(())
    }
}

/// Why a strict validator refuses.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    error: Error,
    /// Where it accepts the path, and refuses for the CRLs: why.
    of_crls: Option<&'static str>,
}

pub(super) type Verdict = Result<(), Refusal>;

impl std::fmt::Display for Refusal {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The name of the variant; the values that some variants carry are useful to programs only.
        let whole = format!("{:?}", self.error);
        out.write_str(
            whole
                .split(|character: char| !character.is_ascii_alphanumeric())
                .next()
                .unwrap_or_default(),
        )
    }
}

impl Refusal {
    /// The rule that reports this refusal.
    pub(super) fn rule(&self, built: &Built<'_>, findings: &[Finding]) -> Rule {
        match self.known_limit(built, findings) {
            Some(_) if self.of_crls.is_some() => Rule::CrlStrictValidatorLimit,
            Some(_) => Rule::StrictValidatorLimit,
            None => Rule::StrictValidator,
        }
    }

    /// The reason in words where webpki is known to refuse paths that RFC 5280 has nothing against, and this path is of that kind.
    pub(super) fn known_limit(&self, built: &Built<'_>, findings: &[Finding]) -> Option<&'static str> {
        let path = || built.path.iter().skip(1);
        let has_self_issued = || {
            path()
                .take(built.path.len().saturating_sub(2))
                .any(|authority| authority.is_self_issued())
        };
        if self.of_crls.is_some() {
            let is_out_of_scope = self.error == Error::CertRevoked
                && findings.iter().any(|finding| finding.rule == Rule::CrlScope);
            return if is_out_of_scope {
                Some("the CRL lists the serial number, and it does not check which issuer the CRL covers")
            } else {
                self.of_crls
            };
        }
        match self.error {
            // src/subject_name/mod.rs: constraints of other kinds than dNSName and iPAddress fail closed.
            Error::NameConstraintViolation if path().any(|authority| has_other_constraints(authority)) => {
                Some(
                    "it rejects every name that name constraints on e-mail addresses, URIs or directory \
                     names apply to, even where they permit it",
                )
            }
            // src/verify_cert.rs: sub_ca_count grows with every CA, and names of every CA are looked at. Of CAs with the same name it
            // also tries those that did not sign, and may tell that.
            Error::PathLenConstraintViolated
            | Error::NameConstraintViolation
            | Error::InvalidSignatureForPublicKey
                if has_self_issued() =>
            {
                Some(
                    "it checks self-issued certificates on the path like all others, which RFC 5280 §6.1.3 \
                     (b) and §6.1.4 (l) do not",
                )
            }
            Error::RequiredEkuNotFoundContext(_) if path().any(|authority| has_any_usage(authority)) => {
                Some("it does not accept anyExtendedKeyUsage in a CA certificate for every purpose")
            }
            // webpki compares names byte for byte.
            Error::UnknownIssuer
                if built
                    .path
                    .windows(2)
                    .any(|pair| !pair[0].issuer().has_same_encoding(pair[1].subject())) =>
            {
                Some("it compares names byte by byte, which RFC 5280 §7.1 does not require")
            }
            Error::MaximumPathDepthExceeded => Some("it follows at most six intermediate CAs"),
            Error::MaximumSignatureChecksExceeded => Some("it checks at most 100 signatures"),
            Error::UnsupportedSignatureAlgorithmContext(_)
            | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => Some(
                "it does not support this signature algorithm with this type of key; gsec has checked the \
                 signature",
            ),
            // der::Time: it knows no time before 1970.
            Error::BadDerTime
                if built
                    .path
                    .iter()
                    .any(|certificate| certificate.not_before().unix_timestamp() < 0) =>
            {
                Some("it does not support times before 1970")
            }
            // src/verify_cert.rs, `check_cert`: certificatePolicies, policyMappings, policyConstraints and inhibitAnyPolicy are not known to it.
            Error::UnsupportedCriticalExtension
                if path()
                    .chain(&built.path[..1])
                    .any(|certificate| has_policy_demand(certificate)) =>
            {
                Some("it does not process certificate policies, and rejects critical extensions about them")
            }
            // src/der.rs: supports lengths of up to two bytes.
            Error::BadDer | Error::TrailingData(_)
                if built
                    .path
                    .iter()
                    .any(|certificate| certificate.der().len() > MAX_DER) =>
            {
                Some("it cannot read certificates of 64 KiB or more")
            }
            // Where gsec names the field that is not DER. If it cannot, it is unknown what other programs make of the
            // encoding.
            Error::BadDer
            | Error::BadDerTime
            | Error::TrailingData(_)
            | Error::ExtensionValueInvalid
            | Error::InvalidSerialNumber
            | Error::MalformedExtensions
            | Error::UnsupportedCertVersion
                if findings.iter().any(|finding| finding.rule.is_about_encoding()) =>
            {
                Some("it cannot read the certificate; gsec can, and finds no error in it")
            }
            _ => None,
        }
    }
}

/// Why it refuses for a CRL, where gsec decides about revocation by itself.
fn crl_limit(error: &Error, crls: &[Vec<u8>]) -> &'static str {
    match error {
        Error::CertRevoked => {
            "it takes an entry for another certificate, or one that was taken back, as a revocation of this \
             certificate"
        }
        Error::InvalidCrlSignatureForPublicKey => {
            "it uses the first CRL with the issuer's name, even if another key signed it"
        }
        Error::UnsupportedCrlVersion => "it can only read version 2 CRLs",
        Error::UnsupportedDeltaCrl => "it cannot read delta CRLs",
        Error::UnsupportedIndirectCrl => "it cannot read indirect CRLs",
        Error::UnsupportedCrlIssuingDistributionPoint | Error::UnsupportedRevocationReasonsPartitioning => {
            "it cannot read CRLs with this issuingDistributionPoint"
        }
        Error::UnsupportedCriticalExtension => "it does not support a critical extension of the CRL",
        Error::UnsupportedRevocationReason => "it does not support the reason of an entry of the CRL",
        Error::IssuerNotCrlSigner => "the keyUsage of the issuer does not have cRLSign",
        Error::InvalidCrlNumber => "it cannot read the number of the CRL",
        Error::UnsupportedCrlSignatureAlgorithmContext(_)
        | Error::UnsupportedCrlSignatureAlgorithmForPublicKeyContext(_) => {
            "it does not support the signature algorithm of the CRL"
        }
        Error::SignatureAlgorithmMismatch => "the two algorithms in the CRL do not match",
        _ => unread_crl(crls),
    }
}

/// What the first CRL has that it does not read.
fn unread_crl(crls: &[Vec<u8>]) -> &'static str {
    let unread = crls
        .iter()
        .find(|der| BorrowedCertRevocationList::from_der(der).is_err())
        .map(|der| RevocationList::from_der(der));
    match unread {
        Some(Ok(crl)) if crl.version() != 2 => "it can only read version 2 CRLs",
        Some(Ok(crl)) if crl.next_update().is_none() => "it cannot read CRLs without nextUpdate",
        _ => "it cannot read one of the CRLs",
    }
}

/// The longest element that webpki reads.
const MAX_DER: usize = 0xffff;

fn has_policy_demand(certificate: &Certificate) -> bool {
    [
        oid::CERTIFICATE_POLICIES,
        oid::POLICY_MAPPINGS,
        oid::POLICY_CONSTRAINTS,
        oid::INHIBIT_ANY_POLICY,
    ]
    .iter()
    .any(|oid| certificate.has_critical(oid))
}

fn has_other_constraints(authority: &Certificate) -> bool {
    let is_other = |subtree: &Subtree| !matches!(subtree, Subtree::Dns(_) | Subtree::Ip(_));
    authority.name_constraints().is_some_and(|constraints| {
        constraints
            .permitted
            .iter()
            .chain(&constraints.excluded)
            .any(is_other)
    })
}

fn has_any_usage(authority: &Certificate) -> bool {
    authority
        .extended_key_usage()
        .is_some_and(|usages| usages.contains(&ExtendedKeyUsage::Any))
}

/// Whether a strict validator accepts this path. It gets no other certificates than those of the path: among thousands that an
/// adversary chose it would search for minutes.
pub(super) fn verdict(question: &Question<'_>, built: &Built<'_>) -> Verdict {
    let lenient = UnknownStatusPolicy::Allow;
    decide(question, built, &[], lenient).map_err(|error| Refusal { error, of_crls: None })?;
    decide(question, built, question.crls, lenient).map_err(|error| Refusal {
        of_crls: Some(crl_limit(&error, question.crls)),
        error,
    })
}

/// Whether rustls takes the host for a name at all: it does not take a wildcard.
pub(super) fn takes_name(question: &Question<'_>) -> bool {
    question.name.is_none_or(|name| server_name(name).is_some())
}

/// Whether webpki accepts as rustls asks it once it has CRLs: each certificate below the anchor needs one that is about it
/// (`WebPkiServerVerifier::builder`).
pub(super) fn has_every_crl(question: &Question<'_>, built: &Built<'_>) -> bool {
    question.crls.is_empty() || decide(question, built, question.crls, UnknownStatusPolicy::Deny).is_ok()
}

fn decide(
    question: &Question<'_>,
    built: &Built<'_>,
    crls: &[Vec<u8>],
    unknown: UnknownStatusPolicy,
) -> Result<(), Error> {
    let target_der = CertificateDer::from(question.target.der());
    let target = EndEntityCert::try_from(&target_der)?;
    let (anchors, between): (Vec<&Certificate>, Vec<&Certificate>) = match built.path.split_last() {
        Some((anchor, below)) if built.is_anchored => {
            (vec![*anchor], below.iter().skip(1).copied().collect())
        }
        _ => (
            question.anchors.iter().collect(),
            built.path.iter().skip(1).copied().collect(),
        ),
    };
    let anchor_ders = encoded(&anchors);
    // Whether the name is empty (an empty SEQUENCE).
    let anchors: Vec<TrustAnchor<'_>> = anchor_ders
        .iter()
        .filter_map(|der| anchor_from_trusted_cert(der).ok())
        .collect();
    let intermediates = encoded(&between);
    let crls = crls
        .iter()
        .map(|crl| BorrowedCertRevocationList::from_der(crl).map(CertRevocationList::from));
    let crls = crls.collect::<Result<Vec<_>, _>>()?;
    let crls: Vec<&CertRevocationList<'_>> = crls.iter().collect();
    let revocation = RevocationOptionsBuilder::new(&crls).ok().map(|options| {
        options
            .with_depth(RevocationCheckDepth::Chain)
            .with_status_policy(unknown)
            .build()
    });
    let seconds = u64::try_from(question.at.unix_timestamp()).unwrap_or(0);
    let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
    match question.purpose {
        Purpose::Any => target
            .verify_for_usage(
                ALL_VERIFICATION_ALGS,
                &anchors,
                &intermediates,
                at,
                AnyUsage,
                revocation,
                None,
            )
            .map(|_| ()),
        Purpose::Server | Purpose::Client => {
            let usage = if question.purpose == Purpose::Server {
                KeyUsage::server_auth()
            } else {
                KeyUsage::client_auth()
            };
            target
                .verify_for_usage(
                    ALL_VERIFICATION_ALGS,
                    &anchors,
                    &intermediates,
                    at,
                    usage,
                    revocation,
                    None,
                )
                .map(|_| ())
        }
    }?;
    match question
        .name
        .filter(|_| !question.allow_common_name)
        .and_then(server_name)
    {
        Some(name) => target.verify_is_valid_for_subject_name(&name),
        None => Ok(()),
    }
}

fn encoded<'a>(certificates: &[&'a Certificate]) -> Vec<CertificateDer<'a>> {
    certificates
        .iter()
        .map(|certificate| CertificateDer::from(certificate.der()))
        .collect()
}

/// The name as webpki expects it; a wildcard is not a host name.
fn server_name(name: &GeneralName) -> Option<ServerName<'static>> {
    match name {
        GeneralName::Dns(name) => ServerName::try_from(name.as_str().to_owned()).ok(),
        GeneralName::Ip(address) => Some(ServerName::from(*address)),
        _ => None,
    }
}
