//! External account bindings (RFC 8555 §7.3.4): who has a key from the administrator says so of the key of a new account.

use gsec_pki::encoding::visible::shortened;
use thiserror::Error;

use super::fault::JwsFault;
use super::flattened::{Flattened, named};
use super::json::Object;
use super::jwk::{Jwk, JwkFault};
use super::mac::MacAlgorithm;
use super::problem::{Problem, ProblemType};

/// Why a binding does not bind.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum BindingFault {
    /// It is not an inner JWS as it must be.
    #[error("`externalAccountBinding` is not accepted: {0}")]
    Jws(#[from] JwsFault),
    /// It has a key in its header.
    #[error(
        "`externalAccountBinding` has `jwk` in its header, and it must have the identifier of the HMAC key, in `kid`"
    )]
    KeyItself,
    /// Its payload is no key.
    #[error("the payload of `externalAccountBinding` is not the key of the account: {0}")]
    Payload(JwkFault),
    /// Its payload is another key.
    #[error("the payload of `externalAccountBinding` is not the key of the account, but another key")]
    OtherKey,
    /// The MAC is not by the key that `kid` names.
    #[error(
        "the MAC of `externalAccountBinding` does not verify: `kid` and HMAC key do not belong together, or one of them has a typing error"
    )]
    Mac,
}

impl From<BindingFault> for Problem {
    fn from(fault: BindingFault) -> Self {
        let text = fault.to_string();
        match fault {
            BindingFault::Jws(JwsFault::Url { .. }) | BindingFault::Mac => {
                Self::new(ProblemType::Unauthorized, text)
            }
            _ => Self::new(ProblemType::Malformed, text),
        }
    }
}

/// A binding as it was read; nothing in it is verified.
#[derive(Debug)]
pub struct Binding {
    algorithm: MacAlgorithm,
    key_id: String,
    parts: Flattened,
    document: String,
}

impl Binding {
    pub(super) fn read(object: &Object) -> Result<Self, BindingFault> {
        let parts = Flattened::from_object(object)?;
        let name = parts.algorithm()?;
        let algorithm = MacAlgorithm::parse(name).ok_or_else(|| JwsFault::MacAlgorithm(shortened(name)))?;
        if parts.header.has("jwk") {
            return Err(BindingFault::KeyItself);
        }
        Ok(Self {
            algorithm,
            key_id: named(&parts.header, "kid")?,
            parts,
            document: object.to_json(),
        })
    }

    /// The binding as JSON, which the account shows (RFC 8555 §7.3.4).
    pub fn to_json(&self) -> &str {
        &self.document
    }

    /// `kid`: which key of the administrator's it claims.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Checks that whoever has the HMAC key `key` binds this account's key to it, in a request to this URL.
    ///
    /// # Errors
    /// [`BindingFault`], as its variants say.
    pub fn verify(&self, key: &[u8], account: &Jwk, url: &str) -> Result<(), BindingFault> {
        self.parts.expect_inner(url)?;
        if !self
            .algorithm
            .verify(key, &self.parts.signing_input, &self.parts.signature)
        {
            return Err(BindingFault::Mac);
        }
        match Jwk::parse(&self.parts.payload).map_err(BindingFault::Payload)? {
            bound if bound == *account => Ok(()),
            _ => Err(BindingFault::OtherKey),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acme::base64url;
    use crate::acme::samples::{BOUND_BY_PYTHON, Client, RFC_8037_KEY, URL};
    use serde_json::{Value, json};

    fn hmac_key() -> Vec<u8> {
        (0..64).collect()
    }

    fn read(binding: &Value) -> Result<Binding, BindingFault> {
        Binding::read(&Object::read(binding.to_string().as_bytes()).expect("an object"))
    }

    fn account() -> Jwk {
        Jwk::parse(RFC_8037_KEY.as_bytes()).expect("a key")
    }

    #[test]
    fn what_python_binds_is_bound_to_this_key_and_url_only() {
        for text in BOUND_BY_PYTHON {
            let binding = read(&serde_json::from_str(text).expect("JSON")).expect("a binding");
            assert_eq!(binding.key_id(), "kid-1");
            assert_eq!(binding.to_json(), text);
            assert_eq!(binding.verify(&hmac_key(), &account(), URL), Ok(()));
            assert_eq!(
                binding.verify(&hmac_key()[..32], &account(), URL),
                Err(BindingFault::Mac)
            );
            let other = Client::new().jwk();
            assert_eq!(
                binding.verify(&hmac_key(), &other, URL),
                Err(BindingFault::OtherKey)
            );
            let elsewhere = binding.verify(&hmac_key(), &account(), "https://other.example/acme/new-account");
            assert!(matches!(elsewhere, Err(BindingFault::Jws(JwsFault::Url { .. }))));
        }
    }

    #[test]
    fn another_payload_or_tag_does_not_verify() {
        let whole: Value = serde_json::from_str(BOUND_BY_PYTHON[0]).expect("JSON");
        let tag = base64url::decode(whole["signature"].as_str().expect("a text")).expect("base64url");
        for (part, bytes) in [
            ("payload", Client::new().jwk().canonical().as_bytes().to_vec()),
            ("signature", tag[..16].to_vec()),
            ("signature", Vec::new()),
        ] {
            let mut binding = whole.clone();
            binding[part] = json!(base64url::encode(&bytes));
            let binding = read(&binding).expect("a binding");
            let verified = binding.verify(&hmac_key(), &account(), URL);
            assert_eq!(verified, Err(BindingFault::Mac));
            assert_eq!(Problem::from(BindingFault::Mac).kind(), ProblemType::Unauthorized);
        }
    }

    #[test]
    fn its_header_has_a_key_id_and_a_mac_and_no_nonce() {
        let client = Client::new();
        let fault = |header: Value| {
            let jws = client.sign(&header, client.jwk().canonical());
            match read(&jws) {
                Ok(binding) => binding
                    .verify(&hmac_key(), &client.jwk(), URL)
                    .expect_err("a fault"),
                Err(fault) => fault,
            }
        };
        assert_eq!(
            fault(json!({"alg": "HS256", "kid": "k", "url": URL})),
            BindingFault::Mac
        );
        for (header, expected) in [
            (
                json!({"alg": "ES256", "kid": "k", "url": URL}),
                JwsFault::MacAlgorithm("ES256".into()),
            ),
            (
                json!({"alg": "none", "kid": "k", "url": URL}),
                JwsFault::MacAlgorithm("none".into()),
            ),
            (
                json!({"alg": "HS256", "kid": "k", "url": URL, "nonce": "eA"}),
                JwsFault::InnerNonce,
            ),
            (
                json!({"alg": "HS256", "kid": "k", "url": URL, "crit": []}),
                JwsFault::Extension("crit"),
            ),
        ] {
            assert_eq!(fault(header), BindingFault::Jws(expected));
        }
        assert_eq!(
            fault(json!({"alg": "HS256", "kid": "k", "url": URL, "jwk": {}})),
            BindingFault::KeyItself
        );
        for header in [
            json!({"alg": "HS256", "url": URL}),
            json!({"alg": "HS256", "kid": "", "url": URL}),
        ] {
            assert!(matches!(fault(header), BindingFault::Jws(JwsFault::Header(_))));
        }
    }
}
