//! A new key for an account (RFC 8555 §7.3.5): the old key signs outside, the new one inside.

use super::fault::JwsFault;
use super::flattened::Flattened;
use super::json::{JsonFault, Object};
use super::jwk::Jwk;
use super::jws::{SignedBy, Verified, expect_fit, own_key, signature_algorithm};
use super::problem::{Problem, ProblemType};

/// A request to keyChange: whoever made it has both keys, and means this account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyChange {
    /// The key that the account is to have.
    pub new_key: Jwk,
}

impl KeyChange {
    /// Reads the inner JWS of a request whose outer one is verified with the key of its account, and verifies it.
    ///
    /// # Errors
    /// `malformed`, `badSignatureAlgorithm`, `badPublicKey`, `unauthorized`.
    pub fn read(outer: &Verified) -> Result<Self, Problem> {
        let inner = Flattened::read(outer.content()?)?;
        let algorithm = signature_algorithm(&inner)?;
        let new_key = own_key(&inner.header)?;
        if inner.header.has("kid") {
            return Err(JwsFault::KeyChoice("both `jwk` and `kid`").into());
        }
        expect_fit(algorithm, new_key.public_key())?;
        inner.expect_inner(outer.url())?;
        if !algorithm.verify(new_key.public_key(), &inner.signing_input, &inner.signature) {
            return Err(JwsFault::Signature.into());
        }
        let change = Object::read(&inner.payload)?;
        expect_account(outer, change.expect_text("account")?)?;
        expect_old_key(outer, &change)?;
        Ok(Self { new_key })
    }
}

fn expect_account(outer: &Verified, account: &str) -> Result<(), Problem> {
    match outer.signed_by() {
        SignedBy::Account(url) if url == account => Ok(()),
        SignedBy::Account(_) => Err(Problem::new(
            ProblemType::Malformed,
            "the `account` in the inner JWS is not the account that signed the outer one",
        )),
        SignedBy::Key(_) => Err(JwsFault::KeyItself.into()),
    }
}

fn expect_old_key(outer: &Verified, change: &Object) -> Result<(), Problem> {
    let old_key = change.object("oldKey")?.ok_or(JsonFault::Missing("oldKey"))?;
    if Jwk::from_object(&old_key)?.public_key() == outer.key() {
        return Ok(());
    }
    Err(Problem::new(
        ProblemType::Malformed,
        "the `oldKey` in the inner JWS is not the key that the account has now",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acme::jws::Jws;
    use crate::acme::samples::{Client, SIGNED_BY_PYTHON};
    use serde_json::{Value, json};

    const URL: &str = "https://ca.example/acme/key-change";
    const ACCOUNT: &str = "https://ca.example/acme/account/1";

    /// What comes of a change whose inner header and payload are changed like this.
    fn changed(
        old: &Client,
        new: &Client,
        change: impl Fn(&mut Value, &mut Value),
    ) -> Result<KeyChange, Problem> {
        let mut header = json!({"alg": "EdDSA", "jwk": new.jwk_value(), "url": URL});
        let mut payload = json!({"account": ACCOUNT, "oldKey": old.jwk_value()});
        change(&mut header, &mut payload);
        signed_outside(old, &new.sign(&header, &payload.to_string()).to_string())
    }

    fn signed_outside(old: &Client, inner: &str) -> Result<KeyChange, Problem> {
        let header = json!({"alg": "EdDSA", "kid": ACCOUNT, "nonce": "eA", "url": URL});
        let outer = Jws::parse(old.sign(&header, inner).to_string().as_bytes()).expect("a JWS");
        KeyChange::read(&outer.verify(old.jwk().public_key()).expect("verified"))
    }

    #[test]
    fn a_key_changes_when_both_agree() {
        let (old, new) = (Client::new(), Client::new());
        let change = changed(&old, &new, |_, _| {}).expect("a change");
        assert_eq!(change.new_key, new.jwk());
    }

    #[test]
    fn everything_inside_must_fit_to_what_is_outside() {
        let (old, new, third) = (Client::new(), Client::new(), Client::new());
        let kind = |change: &dyn Fn(&mut Value, &mut Value)| {
            changed(&old, &new, change).expect_err("a problem").kind()
        };
        use ProblemType::{BadPublicKey, BadSignatureAlgorithm, Malformed, Unauthorized};
        assert_eq!(
            kind(&|header, _| header["url"] = json!("https://ca.example/")),
            Unauthorized
        );
        assert_eq!(kind(&|header, _| header["nonce"] = json!("eA")), Malformed);
        assert_eq!(kind(&|header, _| header["kid"] = json!(ACCOUNT)), Malformed);
        assert_eq!(kind(&|header, _| header["jwk"] = json!(null)), Malformed);
        assert_eq!(kind(&|header, _| header["jwk"] = third.jwk_value()), Malformed);
        assert_eq!(
            kind(&|header, _| header["alg"] = json!("HS256")),
            BadSignatureAlgorithm
        );
        assert_eq!(kind(&|header, _| header["alg"] = json!("ES256")), BadPublicKey);
        assert_eq!(
            kind(&|_, payload| payload["account"] = json!("https://ca.example/acme/account/2")),
            Malformed
        );
        assert_eq!(kind(&|_, payload| payload["account"] = json!(null)), Malformed);
        assert_eq!(
            kind(&|_, payload| payload["oldKey"] = third.jwk_value()),
            Malformed
        );
        assert_eq!(kind(&|_, payload| payload["oldKey"] = json!(null)), Malformed);
        for inner in ["{}", "[]", "x", SIGNED_BY_PYTHON[0].2] {
            signed_outside(&old, inner).expect_err(inner);
        }
    }

    #[test]
    fn an_outer_jws_with_the_key_itself_is_no_account() {
        let (old, new) = (Client::new(), Client::new());
        let header = json!({"alg": "EdDSA", "jwk": new.jwk_value(), "url": URL});
        let payload = json!({"account": ACCOUNT, "oldKey": old.jwk_value()});
        let inner = new.sign(&header, &payload.to_string()).to_string();
        let mut header = old.header_with_key();
        header["url"] = json!(URL);
        let outer = Jws::parse(old.sign(&header, &inner).to_string().as_bytes()).expect("a JWS");
        let verified = outer.verify(old.jwk().public_key()).expect("verified");
        assert_eq!(KeyChange::read(&verified), Err(JwsFault::KeyItself.into()));
    }
}
