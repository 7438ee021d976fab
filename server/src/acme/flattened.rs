//! The flattened JSON serialization of a JWS (RFC 7515 §7.2.2), taken apart; nothing in it is verified.

use super::base64url;
use super::fault::JwsFault;
use super::json::{JsonFault, Object};

/// The parts of a JWS.
#[derive(Debug)]
pub(super) struct Flattened {
    /// The protected header. It has neither `crit` nor `b64`.
    pub(super) header: Object,
    pub(super) payload: Vec<u8>,
    pub(super) signature: Vec<u8>,
    /// What was signed (RFC 7515 §5.1).
    pub(super) signing_input: Vec<u8>,
}

impl Flattened {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, JwsFault> {
        Self::from_object(&Object::read(bytes).map_err(JwsFault::Json)?)
    }

    pub(super) fn from_object(object: &Object) -> Result<Self, JwsFault> {
        if object.has("signatures") {
            return Err(JwsFault::SeveralSignatures);
        }
        if object.has("header") {
            return Err(JwsFault::UnprotectedHeader);
        }
        let (protected, header) = part(object, "protected")?;
        let (content, payload) = part(object, "payload")?;
        let (_, signature) = part(object, "signature")?;
        Ok(Self {
            header: read_header(&header)?,
            payload,
            signature,
            signing_input: format!("{protected}.{content}").into_bytes(),
        })
    }

    /// The URL that it was signed for (RFC 8555 §6.4.1).
    pub(super) fn url(&self) -> Result<&str, JwsFault> {
        self.header.expect_text("url").map_err(JwsFault::Header)
    }

    /// `alg`.
    pub(super) fn algorithm(&self) -> Result<&str, JwsFault> {
        self.header.expect_text("alg").map_err(JwsFault::Header)
    }

    /// Whether it is an inner JWS as RFC 8555 has them: without a nonce, for the URL of the outer one (§7.3.4, §7.3.5).
    pub(super) fn expect_inner(&self, outer_url: &str) -> Result<(), JwsFault> {
        if self.header.has("nonce") {
            return Err(JwsFault::InnerNonce);
        }
        expect_url(self.url()?, outer_url)
    }
}

/// Whether a JWS was signed for the URL to which it was sent, character for character (RFC 8555 §6.4.1).
pub(super) fn expect_url(signed: &str, sent_to: &str) -> Result<(), JwsFault> {
    if signed == sent_to {
        return Ok(());
    }
    Err(JwsFault::Url {
        signed: gsec_pki::encoding::visible::shortened(signed),
        sent_to: sent_to.to_owned(),
    })
}

/// The text of a part, and what it encodes.
fn part<'a>(object: &'a Object, name: &'static str) -> Result<(&'a str, Vec<u8>), JwsFault> {
    let text = object.expect_text(name).map_err(JwsFault::Json)?;
    let bytes = base64url::decode(text).ok_or(JwsFault::Base64(name))?;
    Ok((text, bytes))
}

fn read_header(bytes: &[u8]) -> Result<Object, JwsFault> {
    let header = Object::read(bytes).map_err(JwsFault::Header)?;
    match header.first_of(&["crit", "b64"]) {
        Some(parameter) => Err(JwsFault::Extension(parameter)),
        None => Ok(header),
    }
}

/// A text of the header that may not be empty.
pub(super) fn named(header: &Object, name: &'static str) -> Result<String, JwsFault> {
    let text = header.expect_text(name).map_err(JwsFault::Header)?;
    if text.is_empty() {
        return Err(JwsFault::Header(JsonFault::Missing(name)));
    }
    Ok(text.to_owned())
}
