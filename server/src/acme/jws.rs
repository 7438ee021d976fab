//! Signed requests (RFC 8555 §6.2 to §6.5): read, then verified, and only then with content.

use gsec_pki::encoding::visible::shortened;
use gsec_pki::key::PublicKey;

use super::algorithm::Algorithm;
use super::base64url;
use super::fault::{JwsFault, MAX_JWS};
use super::flattened::{Flattened, expect_url, named};
use super::json::Object;
use super::jwk::Jwk;

/// Who says that they signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignedBy {
    /// `jwk`: whoever has this key.
    Key(Jwk),
    /// `kid`: the account with this URL.
    Account(String),
}

/// A JWS as it was read. What its header says is to be checked, and its content cannot be had.
#[derive(Debug)]
pub struct Unverified {
    algorithm: Algorithm,
    signed_by: SignedBy,
    nonce: String,
    url: String,
    parts: Flattened,
}

/// A JWS whose signature is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    signed_by: SignedBy,
    key: PublicKey,
    url: String,
    payload: Vec<u8>,
}

/// A JWS.
pub struct Jws;

impl Jws {
    /// Reads the body of a request, and checks nothing of what it says but that it is said as RFC 8555 §6.2 has it.
    ///
    /// # Errors
    /// [`JwsFault`], as its variants say.
    pub fn parse(bytes: &[u8]) -> Result<Unverified, JwsFault> {
        if bytes.len() > MAX_JWS {
            return Err(JwsFault::TooLarge);
        }
        let parts = Flattened::read(bytes)?;
        let algorithm = signature_algorithm(&parts)?;
        let signed_by = signed_by(&parts.header)?;
        if let SignedBy::Key(jwk) = &signed_by {
            expect_fit(algorithm, jwk.public_key())?;
        }
        Ok(Unverified {
            algorithm,
            signed_by,
            nonce: nonce(&parts.header)?,
            url: parts.url()?.to_owned(),
            parts,
        })
    }
}

impl Unverified {
    /// The algorithm of the signature.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Who says that they signed.
    pub fn signed_by(&self) -> &SignedBy {
        &self.signed_by
    }

    /// The nonce, base64url (RFC 8555 §6.5.2).
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// The URL that was signed.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether it was signed for the URL to which it was sent (RFC 8555 §6.4.1): the same characters.
    ///
    /// # Errors
    /// [`JwsFault::Url`].
    pub fn expect_url(&self, sent_to: &str) -> Result<(), JwsFault> {
        expect_url(&self.url, sent_to)
    }

    /// The key in the header, for newAccount and for revokeCert by the key of a certificate (RFC 8555 §6.2).
    ///
    /// # Errors
    /// [`JwsFault::KeyIdentifier`].
    pub fn expect_jwk(&self) -> Result<&Jwk, JwsFault> {
        match &self.signed_by {
            SignedBy::Key(jwk) => Ok(jwk),
            SignedBy::Account(_) => Err(JwsFault::KeyIdentifier),
        }
    }

    /// The URL of the account, for all other requests (RFC 8555 §6.2).
    ///
    /// # Errors
    /// [`JwsFault::KeyItself`].
    pub fn expect_account(&self) -> Result<&str, JwsFault> {
        match &self.signed_by {
            SignedBy::Account(url) => Ok(url),
            SignedBy::Key(_) => Err(JwsFault::KeyItself),
        }
    }

    /// Checks the signature: with the key of the account that `kid` names, or with the one in `jwk`, and no other one then.
    ///
    /// # Errors
    /// [`JwsFault::OtherKey`], [`JwsFault::KeyMisfit`], [`JwsFault::Signature`].
    pub fn verify(self, key: &PublicKey) -> Result<Verified, JwsFault> {
        if let SignedBy::Key(jwk) = &self.signed_by
            && jwk.public_key() != key
        {
            return Err(JwsFault::OtherKey);
        }
        expect_fit(self.algorithm, key)?;
        if !self
            .algorithm
            .verify(key, &self.parts.signing_input, &self.parts.signature)
        {
            return Err(JwsFault::Signature);
        }
        Ok(Verified {
            signed_by: self.signed_by,
            key: key.clone(),
            url: self.url,
            payload: self.parts.payload,
        })
    }
}

impl Verified {
    /// Who signed.
    pub fn signed_by(&self) -> &SignedBy {
        &self.signed_by
    }

    /// The key that verified it.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The URL that was signed.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether it is a POST-as-GET (RFC 8555 §6.3): its payload is empty, which `{}` is not.
    pub fn is_post_as_get(&self) -> bool {
        self.payload.is_empty()
    }

    /// That it is a POST-as-GET.
    ///
    /// # Errors
    /// [`JwsFault::Payload`].
    pub fn expect_post_as_get(&self) -> Result<(), JwsFault> {
        if self.is_post_as_get() {
            Ok(())
        } else {
            Err(JwsFault::Payload)
        }
    }

    /// Its content.
    ///
    /// # Errors
    /// [`JwsFault::NoPayload`] when it is a POST-as-GET.
    pub fn content(&self) -> Result<&[u8], JwsFault> {
        if self.is_post_as_get() {
            Err(JwsFault::NoPayload)
        } else {
            Ok(&self.payload)
        }
    }
}

pub(super) fn signature_algorithm(parts: &Flattened) -> Result<Algorithm, JwsFault> {
    let name = parts.algorithm()?;
    Algorithm::parse(name).ok_or_else(|| JwsFault::Algorithm(shortened(name)))
}

pub(super) fn expect_fit(algorithm: Algorithm, key: &PublicKey) -> Result<(), JwsFault> {
    if algorithm.fits(key) {
        return Ok(());
    }
    Err(JwsFault::KeyMisfit {
        algorithm,
        key: key.to_string(),
    })
}

fn signed_by(header: &Object) -> Result<SignedBy, JwsFault> {
    match (header.has("jwk"), header.has("kid")) {
        (true, true) => Err(JwsFault::KeyChoice("both `jwk` and `kid`")),
        (false, false) => Err(JwsFault::KeyChoice("neither `jwk` nor `kid`")),
        (false, true) => named(header, "kid").map(SignedBy::Account),
        (true, false) => Ok(SignedBy::Key(own_key(header)?)),
    }
}

/// The key in `jwk`.
pub(super) fn own_key(header: &Object) -> Result<Jwk, JwsFault> {
    let object = header.object("jwk").map_err(JwsFault::Header)?;
    let object = object.ok_or(JwsFault::Header(super::json::JsonFault::Missing("jwk")))?;
    Ok(Jwk::from_object(&object)?)
}

/// RFC 8555 §6.5.2: a nonce that is no base64url is malformed; one that is missing is answered as a bad one (§6.5).
fn nonce(header: &Object) -> Result<String, JwsFault> {
    match header.text("nonce").map_err(JwsFault::Header)? {
        None | Some("") => Err(JwsFault::NoNonce),
        Some(text) if base64url::decode(text).is_none() => Err(JwsFault::Base64("nonce")),
        Some(text) => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acme::jwk::JwkFault;
    use crate::acme::problem::{Problem, ProblemType};
    use crate::acme::samples::{Client, NEW_ACCOUNT, SIGNED_BY_PYTHON, URL};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn parse(jws: &Value) -> Result<Unverified, JwsFault> {
        Jws::parse(jws.to_string().as_bytes())
    }

    /// The fault of a newAccount request whose header is changed like this.
    fn fault_of_header(change: impl Fn(&mut Value)) -> JwsFault {
        let client = Client::new();
        let mut header = client.header_with_key();
        change(&mut header);
        parse(&client.sign(&header, "{}")).expect_err("a fault")
    }

    #[test]
    fn what_python_signs_verifies_in_every_algorithm() {
        for (algorithm, thumbprint, text) in SIGNED_BY_PYTHON {
            let unverified = Jws::parse(text.as_bytes()).expect("a JWS");
            assert_eq!(unverified.algorithm(), algorithm);
            assert_eq!((unverified.url(), unverified.nonce()), (URL, "bm9uY2U"));
            let jwk = unverified.expect_jwk().expect("a key").clone();
            assert_eq!(jwk.thumbprint(), thumbprint, "{algorithm}");
            let verified = unverified.verify(jwk.public_key()).expect("a good signature");
            assert_eq!(verified.content(), Ok(NEW_ACCOUNT.as_bytes()));
            assert_eq!(verified.key(), jwk.public_key());
        }
    }

    #[test]
    fn a_signature_over_something_else_or_of_another_length_does_not_verify() {
        for (algorithm, _, text) in SIGNED_BY_PYTHON {
            let jws: Value = serde_json::from_str(text).expect("JSON");
            let signature = base64url::decode(jws["signature"].as_str().expect("a text")).expect("base64url");
            let verify = |jws: &Value| {
                let unverified = parse(jws).expect("a JWS");
                let key = unverified.expect_jwk().expect("a key").public_key().clone();
                unverified.verify(&key).map(drop)
            };
            assert_eq!(verify(&jws), Ok(()));
            let mut other = jws.clone();
            other["payload"] = json!(base64url::encode(b"{}"));
            assert_eq!(verify(&other), Err(JwsFault::Signature), "{algorithm}");
            let flipped = [
                &signature[..signature.len() - 1],
                &[signature[signature.len() - 1] ^ 1],
            ]
            .concat();
            for wrong in [
                flipped,
                signature[1..].to_vec(),
                [&[0], signature.as_slice()].concat(),
                [signature.as_slice(), &[0]].concat(),
                vec![0; signature.len()],
                Vec::new(),
            ] {
                let mut other = jws.clone();
                other["signature"] = json!(base64url::encode(&wrong));
                assert_eq!(verify(&other), Err(JwsFault::Signature), "{algorithm}");
            }
        }
    }

    #[test]
    fn a_signature_of_der_is_none() {
        let key = gsec_pki::key::PrivateKey::generate(gsec_pki::key::KeyAlgorithm::P256).expect("key");
        let signature = gsec_pki::key::Signer::sign(&key, b"message").expect("a signature");
        let public = gsec_pki::key::Signer::public_key(&key);
        assert!(!Algorithm::Es256.verify(public, b"message", &signature));
    }

    #[test]
    fn the_form_is_the_flattened_one_and_everything_is_protected() {
        let client = Client::new();
        let good = client.sign(&client.header_with_key(), "{}");
        assert!(parse(&good).is_ok());
        let with = |name: &str, value: Value| {
            let mut jws = good.clone();
            jws[name] = value;
            parse(&jws).err()
        };
        assert_eq!(with("more", json!(1)), None, "ignored, RFC 7515 §7.2.1");
        assert_eq!(with("header", json!({})), Some(JwsFault::UnprotectedHeader));
        assert_eq!(with("header", json!(null)), Some(JwsFault::UnprotectedHeader));
        assert_eq!(with("signatures", json!([])), Some(JwsFault::SeveralSignatures));
        for part in ["protected", "payload", "signature"] {
            assert!(
                matches!(with(part, json!(null)), Some(JwsFault::Json(_))),
                "{part}"
            );
            assert!(matches!(with(part, json!(1)), Some(JwsFault::Json(_))), "{part}");
            for text in ["e30=", "e3 0", "e31", "e30\n", "é"] {
                assert_eq!(with(part, json!(text)), Some(JwsFault::Base64(part)), "{text}");
            }
        }
        assert!(matches!(Jws::parse(b""), Err(JwsFault::Json(_))));
        assert!(matches!(Jws::parse(b"e30.e30.e30"), Err(JwsFault::Json(_))));
        let twice = good.to_string().replacen('{', r#"{"payload":"e30","#, 1);
        assert!(matches!(Jws::parse(twice.as_bytes()), Err(JwsFault::Json(_))));
        assert_eq!(
            Jws::parse(&vec![b' '; MAX_JWS + 1]).err(),
            Some(JwsFault::TooLarge)
        );
    }

    #[test]
    fn a_header_has_what_rfc_8555_asks_for_and_no_more() {
        use JwsFault::{Algorithm as Unknown, Base64, Extension, Header, KeyChoice, NoNonce};
        assert_eq!(
            fault_of_header(|header| header["crit"] = json!(["exp"])),
            Extension("crit")
        );
        assert_eq!(
            fault_of_header(|header| header["b64"] = json!(true)),
            Extension("b64")
        );
        for name in ["none", "HS256", "es256", "PS256", "RS1", ""] {
            assert_eq!(
                fault_of_header(|header| header["alg"] = json!(name)),
                Unknown(name.into())
            );
        }
        for missing in ["alg", "url"] {
            assert!(matches!(
                fault_of_header(|header| header[missing] = json!(null)),
                Header(_)
            ));
            assert!(matches!(
                fault_of_header(|header| header[missing] = json!(["x"])),
                Header(_)
            ));
        }
        assert_eq!(
            fault_of_header(|header| header["kid"] = json!("x")),
            KeyChoice("both `jwk` and `kid`")
        );
        let neither = |header: &mut Value| {
            header.as_object_mut().expect("an object").remove("jwk");
        };
        assert_eq!(fault_of_header(neither), KeyChoice("neither `jwk` nor `kid`"));
        assert!(matches!(
            fault_of_header(|header| header["jwk"] = json!(null)),
            Header(_)
        ));
        assert_eq!(fault_of_header(|header| header["nonce"] = json!(null)), NoNonce);
        assert_eq!(fault_of_header(|header| header["nonce"] = json!("")), NoNonce);
        assert_eq!(
            fault_of_header(|header| header["nonce"] = json!("a=b")),
            Base64("nonce")
        );
        assert_eq!(
            fault_of_header(|header| header["alg"] = json!("ES256")),
            JwsFault::KeyMisfit {
                algorithm: Algorithm::Es256,
                key: "Ed25519".into()
            }
        );
    }

    #[test]
    fn a_name_of_the_header_that_occurs_twice_is_refused() {
        let client = Client::new();
        let header =
            client
                .header_with_key()
                .to_string()
                .replacen('{', r#"{"url":"https://ca.example/other","#, 1);
        let fault = parse(&client.sign_text(&header, "{}")).expect_err("a fault");
        assert!(fault.to_string().contains("`url` occurs twice"), "{fault}");
    }

    #[test]
    fn only_the_key_in_the_header_verifies_it() {
        let (client, other) = (Client::new(), Client::new());
        let jws = client.sign(&client.header_with_key(), "{}");
        let with_other = parse(&jws).expect("a JWS").verify(other.jwk().public_key());
        assert_eq!(with_other, Err(JwsFault::OtherKey));
        let by_account = |client: &Client| {
            let header = json!({"alg": "EdDSA", "kid": "https://ca.example/acme/account/1", "nonce": "eA", "url": URL});
            parse(&client.sign(&header, "")).expect("a JWS")
        };
        let key = client.jwk().public_key().clone();
        assert!(by_account(&client).verify(&key).is_ok());
        assert_eq!(by_account(&other).verify(&key), Err(JwsFault::Signature));
        let of_another_kind = Jws::parse(SIGNED_BY_PYTHON[0].2.as_bytes()).expect("a JWS");
        let curve_key = of_another_kind.expect_jwk().expect("a key").public_key();
        assert!(matches!(
            by_account(&client).verify(curve_key),
            Err(JwsFault::KeyMisfit { .. })
        ));
        assert_eq!(
            by_account(&client).expect_account(),
            Ok("https://ca.example/acme/account/1")
        );
        assert_eq!(by_account(&client).expect_jwk(), Err(JwsFault::KeyIdentifier));
        assert_eq!(
            parse(&jws).expect("a JWS").expect_account(),
            Err(JwsFault::KeyItself)
        );
    }

    #[test]
    fn an_empty_payload_is_a_post_as_get_and_an_empty_object_is_none() {
        let client = Client::new();
        let verified = |payload| {
            let unverified = parse(&client.sign(&client.header_with_key(), payload)).expect("a JWS");
            unverified.verify(client.jwk().public_key()).expect("verified")
        };
        let (get, object) = (verified(""), verified("{}"));
        assert_eq!((get.is_post_as_get(), get.expect_post_as_get()), (true, Ok(())));
        assert_eq!(get.content(), Err(JwsFault::NoPayload));
        assert_eq!(object.expect_post_as_get(), Err(JwsFault::Payload));
        assert_eq!(object.content(), Ok(&b"{}"[..]));
    }

    #[test]
    fn the_url_is_compared_character_for_character() {
        let unverified = Jws::parse(SIGNED_BY_PYTHON[0].2.as_bytes()).expect("a JWS");
        assert_eq!(unverified.expect_url(URL), Ok(()));
        for other in [
            "https://ca.example/acme/new-account/",
            "https://CA.example/acme/new-account",
            "https://ca.example:443/acme/new-account",
            "",
        ] {
            let problem = Problem::from(unverified.expect_url(other).expect_err("another URL"));
            assert_eq!(
                (problem.kind(), problem.status()),
                (ProblemType::Unauthorized, 403),
                "{other}"
            );
        }
    }

    #[test]
    fn faults_have_the_types_that_clients_wait_for() {
        for (fault, kind, status) in [
            (JwsFault::NoNonce, ProblemType::BadNonce, 400),
            (JwsFault::Signature, ProblemType::Malformed, 400),
            (JwkFault::Unusable.into(), ProblemType::BadPublicKey, 400),
            (
                JwsFault::KeyMisfit {
                    algorithm: Algorithm::Es256,
                    key: "P-384".into(),
                },
                ProblemType::BadPublicKey,
                400,
            ),
            (JwsFault::TooLarge, ProblemType::Malformed, 413),
        ] {
            let problem = Problem::from(fault);
            assert_eq!((problem.kind(), problem.status()), (kind, status));
        }
        let problem = Problem::from(JwsFault::Algorithm("none".into()));
        assert_eq!(problem.kind(), ProblemType::BadSignatureAlgorithm);
        let document: Value = serde_json::from_str(&problem.to_json()).expect("JSON");
        assert_eq!(
            document["algorithms"],
            json!(["ES256", "ES384", "ES512", "RS256", "EdDSA"])
        );
        assert_eq!(Algorithm::ALL.map(Algorithm::name), Algorithm::NAMES);
    }

    /// Reads and verifies as a server does.
    fn serve(bytes: &[u8]) -> Result<Verified, Problem> {
        let unverified = Jws::parse(bytes)?;
        unverified.expect_url(URL)?;
        let key = unverified.expect_jwk()?.public_key().clone();
        Ok(unverified.verify(&key)?)
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
            let problem = serve(&bytes).expect_err("no request");
            prop_assert!((400..500).contains(&problem.status()));
        }

        #[test]
        fn a_request_that_was_changed_is_the_same_or_a_problem(
            which in 0..SIGNED_BY_PYTHON.len(), place in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()
        ) {
            let mut bytes = SIGNED_BY_PYTHON[which].2.as_bytes().to_vec();
            let good = serve(&bytes).expect("a request");
            let place = place.index(bytes.len());
            if cut {
                bytes.remove(place);
            } else {
                bytes[place] = byte;
            }
            match serve(&bytes) {
                Ok(verified) => prop_assert_eq!(verified, good),
                Err(problem) => {
                    prop_assert!((400..500).contains(&problem.status()));
                    prop_assert!(!problem.detail().chars().any(char::is_control));
                }
            }
        }
    }
}
