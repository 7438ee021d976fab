//! Thumbprints: digests of a whole certificate in DER.

use crate::key::{sha1, sha256};

/// The two thumbprints of a certificate. They identify it; neither is a signature, so SHA-1 does no harm here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thumbprints {
    /// What Windows shows, and what the old platform's settings take.
    pub sha1: [u8; 20],
    /// What everything else shows today.
    pub sha256: [u8; 32],
}

impl Thumbprints {
    /// The thumbprints of the certificate with this DER.
    pub fn of(der: &[u8]) -> Self {
        Self {
            sha1: sha1(der),
            sha256: sha256(der),
        }
    }
}
