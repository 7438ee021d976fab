//! The two digests that thumbprints and key identifiers are made with.

use aws_lc_rs::digest;

/// SHA-1 (FIPS 180-4): thumbprints as Windows shows them and key identifiers (RFC 5280 §4.2.1.2); never a signature.
pub fn sha1(bytes: &[u8]) -> [u8; 20] {
    let mut out = [0; 20];
    out.copy_from_slice(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref());
    out
}

/// SHA-256 (FIPS 180-4).
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    out
}
