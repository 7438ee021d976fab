//! dns-01, RFC 8555 §8.4: a TXT record.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gsec_pki::key::sha256;

use super::authoritative;
use super::failure::{Failure, Hop, LookupFlaw};
use super::proof::{Proof, Proven};
use super::reach::Reach;
use crate::domain::Identifier;

/// Looks whether one of the TXT records at `_acme-challenge` is the digest of the key authorization.
///
/// # Errors
/// [`Failure::Lookup`], [`Failure::OtherText`].
pub(super) async fn prove(proof: &Proof<'_>, reach: &Reach<'_>) -> Result<Proven, Failure> {
    let name = format!("_acme-challenge.{}", proof.identifier);
    let expected = URL_SAFE_NO_PAD.encode(sha256(proof.key_authorization.as_bytes()));
    let texts = texts(&name, proof.identifier, reach).await?;
    if texts.iter().any(|text| text == expected.as_bytes()) {
        return Ok(Proven { address: None });
    }
    Err(Failure::OtherText {
        name,
        found: texts.len(),
        expected,
    })
}

/// All TXT records of a name, by the DNS servers of the identifier's rule, or by those of the zone where the rule says so.
///
/// # Errors
/// [`Failure::Lookup`].
async fn texts(name: &str, identifier: &Identifier, reach: &Reach<'_>) -> Result<Vec<Vec<u8>>, Failure> {
    let rule = reach.rules.rule_for(identifier);
    let asked = async {
        match rule.is_authoritative {
            true => authoritative::texts(name, identifier, reach).await,
            false => reach.resolver.texts(name, &rule.resolvers).await,
        }
    };
    let answer = reach.deadline.within(asked).await;
    answer
        .unwrap_or(Err(LookupFlaw::Silent))
        .map_err(|flaw| Failure::Lookup {
            records: "TXT records",
            name: name.to_owned(),
            hop: Hop::Own,
            flaw,
        })
}
