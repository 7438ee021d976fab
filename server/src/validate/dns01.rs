//! dns-01, RFC 8555 §8.4: a TXT record.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gsec_pki::key::sha256;

use super::failure::Failure;
use super::proof::{Proof, Proven};
use super::reach::Reach;

/// Looks whether one of the TXT records at `_acme-challenge` is the digest of the key authorization.
///
/// # Errors
/// [`Failure::Lookup`], [`Failure::OtherText`].
pub(super) async fn prove(proof: &Proof<'_>, reach: &Reach<'_>) -> Result<Proven, Failure> {
    let name = format!("_acme-challenge.{}", proof.identifier);
    let expected = URL_SAFE_NO_PAD.encode(sha256(proof.key_authorization.as_bytes()));
    let texts = reach.texts(&name, proof.identifier).await?;
    if texts.iter().any(|text| text == expected.as_bytes()) {
        return Ok(Proven { address: None });
    }
    Err(Failure::OtherText {
        name,
        found: texts.len(),
        expected,
    })
}
