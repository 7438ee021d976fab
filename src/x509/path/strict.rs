//! The strict verdict: rustls-webpki, as every rustls client decides.

use rustls_pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use webpki::{
    ALL_VERIFICATION_ALGS, BorrowedCertRevocationList, CertRevocationList, EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeIdIter,
    KeyUsage, RevocationCheckDepth, RevocationOptionsBuilder, UnknownStatusPolicy, anchor_from_trusted_cert,
};

use super::{Purpose, Question};
use crate::x509::{Certificate, GeneralName};

/// Accepts whatever extKeyUsage says.
struct AnyUsage;

impl ExtendedKeyUsageValidator for AnyUsage {
    fn validate(&self, _usages: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        Ok(())
    }
}

/// Why a strict validator refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A CRL lists a certificate of the path.
    Revoked,
    /// Something else, in its own words.
    Other(String),
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Revoked => out.write_str("CertRevoked"),
            Self::Other(words) => out.write_str(words),
        }
    }
}

/// Whether a strict validator accepts.
pub(super) fn verdict(question: &Question<'_>) -> Result<(), Refusal> {
    decide(question).map_err(|error| match error {
        Error::CertRevoked => Refusal::Revoked,
        other => Refusal::Other(format!("{other:?}")),
    })
}

fn decide(question: &Question<'_>) -> Result<(), Error> {
    let target_der = CertificateDer::from(question.target.der());
    let target = EndEntityCert::try_from(&target_der)?;
    let anchor_ders = encoded(question.anchors);
    // An anchor that webpki cannot read is no anchor to it; the others may still serve.
    let anchors: Vec<TrustAnchor<'_>> = anchor_ders.iter().filter_map(|der| anchor_from_trusted_cert(der).ok()).collect();
    let intermediates = encoded(question.untrusted);
    let crls = question.crls.iter().map(|crl| BorrowedCertRevocationList::from_der(crl).map(CertRevocationList::from));
    let crls = crls.collect::<Result<Vec<_>, _>>()?;
    let crls: Vec<&CertRevocationList<'_>> = crls.iter().collect();
    let revocation = RevocationOptionsBuilder::new(&crls)
        .ok()
        .map(|options| options.with_depth(RevocationCheckDepth::Chain).with_status_policy(UnknownStatusPolicy::Allow).build());
    let seconds = u64::try_from(question.at.unix_timestamp()).unwrap_or(0);
    let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
    match question.purpose {
        Purpose::Any => target.verify_for_usage(ALL_VERIFICATION_ALGS, &anchors, &intermediates, at, AnyUsage, revocation, None).map(|_| ()),
        Purpose::Server | Purpose::Client => {
            let usage = if question.purpose == Purpose::Server { KeyUsage::server_auth() } else { KeyUsage::client_auth() };
            target.verify_for_usage(ALL_VERIFICATION_ALGS, &anchors, &intermediates, at, usage, revocation, None).map(|_| ())
        }
    }?;
    match question.name.filter(|_| !question.allow_common_name).and_then(server_name) {
        Some(name) => target.verify_is_valid_for_subject_name(&name),
        None => Ok(()),
    }
}

fn encoded(certificates: &[Certificate]) -> Vec<CertificateDer<'_>> {
    certificates.iter().map(|certificate| CertificateDer::from(certificate.der())).collect()
}

/// The name as webpki takes it; a wildcard is no name of a host.
fn server_name(name: &GeneralName) -> Option<ServerName<'static>> {
    match name {
        GeneralName::Dns(name) => ServerName::try_from(name.as_str().to_owned()).ok(),
        GeneralName::Ip(address) => Some(ServerName::from(*address)),
        _ => None,
    }
}
