//! What in `ca_cert.pem` is believed: the CA's own path. The file is readable by all users, and one
//! certificate more in it must not become what peers trust.

use gsec_pki::key::SignatureCheck;
use gsec_pki::x509::Certificate;

/// The certificates that follow the CA's own in `ca_cert.pem`.
#[derive(Debug, Default)]
pub struct OwnPath {
    /// Those above it, each the issuer of the one before, the root last; empty for a root.
    pub chain: Vec<Certificate>,
    /// Keys above that were certified by the keys before them (RFC 4210 §4.4). They are handed to hosts, and are no anchors.
    pub changeover: Vec<Certificate>,
    /// What is neither. Nothing believes it.
    pub foreign: Vec<Certificate>,
}

impl OwnPath {
    /// Sorts what follows the CA certificate. Where two certificates of the same CA are there, the first counts.
    pub fn of(certificate: &Certificate, following: impl Iterator<Item = Certificate>) -> Self {
        let mut path = Self {
            foreign: following.filter(|other| other != certificate).collect(),
            ..Self::default()
        };
        let certifies = |below: &Certificate, other: &Certificate| {
            !other.is_key_changeover() && other.lacking_for_authority().is_none() && below.is_issued_by(other)
        };
        while let Some(place) = {
            let below = path.chain.last().unwrap_or(certificate);
            let is_above = |other: &Certificate| !below.is_self_issued() && certifies(below, other);
            path.foreign.iter().position(is_above)
        } {
            path.chain.push(path.foreign.remove(place));
        }
        while let Some(place) = path
            .foreign
            .iter()
            .position(|cross| path.leads_here(certificate, cross))
        {
            path.changeover.push(path.foreign.remove(place));
        }
        path
    }

    /// Whether a certificate leads peers that trust a former root of a CA on the path to its present key, or to the next such certificate.
    fn leads_here(&self, certificate: &Certificate, cross: &Certificate) -> bool {
        if !cross.is_key_changeover() || cross.lacking_for_authority().is_some() {
            return false;
        }
        let is_of = |above: &Certificate| {
            above.subject().is_same_name(cross.subject())
                && above.public_key().is_same_key(cross.public_key())
        };
        let signed = |step: &Certificate| {
            step.issuer().is_same_name(cross.subject())
                && step.verify_signature(cross.public_key()) == SignatureCheck::Good
        };
        // A root has its own in previous/.
        !certificate.is_self_issued() && (self.chain.iter().any(is_of) || self.changeover.iter().any(signed))
    }
}
