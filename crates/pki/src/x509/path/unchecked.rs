//! Signatures of an algorithm, or by a key, that the library does not have.

use crate::key::SignatureAlgorithm;
use crate::x509::Certificate;

/// The algorithm of a certificate's signature, as a message names it.
pub(super) fn algorithm_of(certificate: &Certificate) -> String {
    match SignatureAlgorithm::name(certificate.signature_algorithm()) {
        pss if pss == "rsassaPss" => "rsassaPss with these parameters".into(),
        algorithm => algorithm,
    }
}

/// Why it is not known whether an issuer, which may be the certificate itself, has signed it.
pub fn why_unchecked(certificate: &Certificate, issuer: &Certificate) -> String {
    format!(
        "its signature could not be checked: gsec does not support {} with the {} key of `{}`",
        algorithm_of(certificate),
        issuer.public_key(),
        issuer.subject()
    )
}
