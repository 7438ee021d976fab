//! Keys of accounts as JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037 §2), and their thumbprints (RFC 7638).

use gsec_pki::key::{KeyFlaw, KeyNumbers, PublicKey, PublicKeyKind, sha256};
use thiserror::Error;

use super::base64url;
use super::json::{JsonFault, Object};
use super::problem::{Problem, ProblemType};

/// The most bits of an RSA modulus: a signature is checked for whoever asks, and longer keys cost more than they protect.
const MAX_RSA_BITS: u32 = 4096;
/// The members that only private and symmetric keys have (RFC 7518 §6.2.2, §6.3.2, §6.4).
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// What is wrong with a JWK.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum JwkFault {
    /// A field is missing or of another kind.
    #[error(transparent)]
    Json(#[from] JsonFault),
    /// The private key was sent.
    #[error(
        "it contains the private member `{0}`: a request has the public key only, and a private key that was sent should not be used any more"
    )]
    Private(&'static str),
    /// A kind of key that is not accepted.
    #[error(
        "its `{member}` is `{found}`, and the keys that are accepted are RSA, EC with P-256, P-384 or P-521, and OKP with Ed25519"
    )]
    Unsupported {
        /// `kty` or `crv`.
        member: &'static str,
        /// Its value.
        found: String,
    },
    /// A number is not base64url.
    #[error("its `{0}` is not base64url without padding")]
    Base64(&'static str),
    /// A number that is zero, or not there.
    #[error("its `{0}` is zero")]
    Zero(&'static str),
    /// A coordinate that is shorter or longer than the field (RFC 7518 §6.2.1.2), or a key of another length.
    #[error("its `{member}` has {found} bytes, and on the curve {curve} it has {expected}")]
    Length {
        /// Which.
        member: &'static str,
        /// The curve.
        curve: &'static str,
        /// Bytes that it must have.
        expected: usize,
        /// Bytes that it has.
        found: usize,
    },
    /// The point is beside the curve.
    #[error("its numbers are not a key on their curve")]
    Unusable,
    /// An RSA key that is too long.
    #[error("it is an RSA key of {0} bits, and the maximum is 4096")]
    TooLarge(u32),
    /// A key that protects nothing.
    #[error(transparent)]
    Flaw(#[from] KeyFlaw),
}

impl From<&JwkFault> for ProblemType {
    fn from(fault: &JwkFault) -> Self {
        match fault {
            JwkFault::Json(_) => Self::Malformed,
            _ => Self::BadPublicKey,
        }
    }
}

impl From<JwkFault> for Problem {
    fn from(fault: JwkFault) -> Self {
        Self::new(
            (&fault).into(),
            format!("the key in `jwk` is not accepted: {fault}"),
        )
    }
}

/// A public key with its JSON. Equal keys are equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jwk {
    public_key: PublicKey,
    canonical: String,
}

impl Jwk {
    /// Reads a JWK; what else it has (`use`, `kid`, `alg`) is ignored.
    ///
    /// # Errors
    /// [`JwkFault`], as its variants say.
    pub fn parse(text: &[u8]) -> Result<Self, JwkFault> {
        Self::from_object(&Object::read(text)?)
    }

    pub(super) fn from_object(object: &Object) -> Result<Self, JwkFault> {
        if let Some(member) = object.first_of(&PRIVATE_MEMBERS) {
            return Err(JwkFault::Private(member));
        }
        let numbers = match object.expect_text("kty")? {
            "EC" => curve_point(object)?,
            "RSA" => KeyNumbers::Rsa {
                modulus: natural(object, "n")?,
                exponent: natural(object, "e")?,
            },
            "OKP" => edwards_key(object)?,
            other => return Err(unsupported("kty", other)),
        };
        let public_key = numbers.to_public_key().map_err(|_| JwkFault::Unusable)?;
        expect_acceptable(&public_key)?;
        Ok(Self {
            canonical: canonical(&numbers),
            public_key,
        })
    }

    /// The JWK of a key; `None` where it is of a kind that accounts do not have. Whether it would be accepted is not judged.
    pub fn of(public_key: &PublicKey) -> Option<Self> {
        let numbers = KeyNumbers::of(public_key)?;
        Some(Self {
            canonical: canonical(&numbers),
            public_key: numbers.to_public_key().ok()?,
        })
    }

    /// The key.
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The members that define the key, in the order and form of RFC 7638 §3: what a server keeps.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// SHA-256 of the canonical form, base64url: 43 characters.
    pub fn thumbprint(&self) -> String {
        base64url::encode(&sha256(self.canonical.as_bytes()))
    }
}

fn expect_acceptable(key: &PublicKey) -> Result<(), JwkFault> {
    if let PublicKeyKind::Rsa { bits } = *key.kind()
        && bits > MAX_RSA_BITS
    {
        return Err(JwkFault::TooLarge(bits));
    }
    key.expect_sound()?;
    match key.is_usable() {
        Some(true) => Ok(()),
        _ => Err(JwkFault::Unusable),
    }
}

fn curve_point(object: &Object) -> Result<KeyNumbers, JwkFault> {
    let (curve, bits, length) = match object.expect_text("crv")? {
        "P-256" => ("P-256", 256, 32),
        "P-384" => ("P-384", 384, 48),
        "P-521" => ("P-521", 521, 66),
        other => return Err(unsupported("crv", other)),
    };
    Ok(KeyNumbers::NistCurve {
        bits,
        x: of_length(object, "x", curve, length)?,
        y: of_length(object, "y", curve, length)?,
    })
}

fn edwards_key(object: &Object) -> Result<KeyNumbers, JwkFault> {
    match object.expect_text("crv")? {
        "Ed25519" => Ok(KeyNumbers::Ed25519(of_length(object, "x", "Ed25519", 32)?)),
        other => Err(unsupported("crv", other)),
    }
}

fn unsupported(member: &'static str, found: &str) -> JwkFault {
    JwkFault::Unsupported {
        member,
        found: gsec_pki::encoding::visible::shortened(found),
    }
}

fn bytes(object: &Object, member: &'static str) -> Result<Vec<u8>, JwkFault> {
    base64url::decode(object.expect_text(member)?).ok_or(JwkFault::Base64(member))
}

/// Base64urlUInt, RFC 7518 §2. Zeros in front, which some libraries write, are taken away (RFC 8555 §8.1).
fn natural(object: &Object, member: &'static str) -> Result<Vec<u8>, JwkFault> {
    let bytes = bytes(object, member)?;
    match bytes.iter().position(|byte| *byte != 0) {
        Some(begin) => Ok(bytes[begin..].to_vec()),
        None => Err(JwkFault::Zero(member)),
    }
}

fn of_length(
    object: &Object,
    member: &'static str,
    curve: &'static str,
    expected: usize,
) -> Result<Vec<u8>, JwkFault> {
    let bytes = bytes(object, member)?;
    match bytes.len() {
        found if found != expected => Err(JwkFault::Length {
            member,
            curve,
            expected,
            found,
        }),
        _ => Ok(bytes),
    }
}

/// RFC 7638 §3.3, RFC 8037 §2: names in order, no blanks. No value has a character that JSON escapes.
fn canonical(numbers: &KeyNumbers) -> String {
    let text = |bytes: &Vec<u8>| base64url::encode(bytes);
    match numbers {
        KeyNumbers::Rsa { modulus, exponent } => {
            format!(
                r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#,
                text(exponent),
                text(modulus)
            )
        }
        KeyNumbers::NistCurve { bits, x, y } => {
            format!(
                r#"{{"crv":"P-{bits}","kty":"EC","x":"{}","y":"{}"}}"#,
                text(x),
                text(y)
            )
        }
        KeyNumbers::Ed25519(x) => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, text(x)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acme::samples::RFC_8037_KEY;
    use gsec_pki::key::{KeyAlgorithm, PrivateKey, RsaBits, Signer};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    /// RFC 7638 §3.1.
    const RFC_7638_KEY: &str = r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#;

    fn parse(value: &Value) -> Result<Jwk, JwkFault> {
        Jwk::parse(value.to_string().as_bytes())
    }

    /// The JWK of a new key.
    fn made(algorithm: KeyAlgorithm) -> Value {
        let key = PrivateKey::generate(algorithm).expect("key");
        let jwk = Jwk::of(key.public_key()).expect("a JWK");
        serde_json::from_str(jwk.canonical()).expect("JSON")
    }

    #[test]
    fn thumbprints_are_those_of_rfc_7638_and_rfc_8037() {
        for (text, thumbprint) in [
            (RFC_7638_KEY, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"),
            (RFC_8037_KEY, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"),
        ] {
            let jwk = Jwk::parse(text.as_bytes()).expect("a key");
            assert_eq!(jwk.thumbprint(), thumbprint);
            assert_eq!(Jwk::parse(jwk.canonical().as_bytes()), Ok(jwk));
        }
    }

    #[test]
    fn every_kind_of_key_is_read_as_it_is_written() {
        for algorithm in [
            KeyAlgorithm::Rsa(RsaBits::B2048),
            KeyAlgorithm::Rsa(RsaBits::B4096),
            KeyAlgorithm::P256,
            KeyAlgorithm::P384,
            KeyAlgorithm::P521,
            KeyAlgorithm::Ed25519,
        ] {
            let key = PrivateKey::generate(algorithm).expect("key");
            let jwk = Jwk::of(key.public_key()).expect("a JWK");
            assert_eq!(jwk.public_key(), key.public_key(), "{algorithm}");
            assert_eq!(Jwk::parse(jwk.canonical().as_bytes()), Ok(jwk));
        }
    }

    #[test]
    fn private_keys_are_not_taken() {
        for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            let mut jwk = made(KeyAlgorithm::P256);
            jwk[member] = json!("c2VjcmV0LXNlY3JldA");
            let fault = parse(&jwk).expect_err("a private key");
            assert_eq!(fault, JwkFault::Private(member));
            let problem = Problem::from(fault);
            assert_eq!(problem.kind(), ProblemType::BadPublicKey);
            assert!(!problem.detail().contains("c2VjcmV0"), "{problem}");
        }
    }

    #[test]
    fn keys_of_other_kinds_are_named() {
        for (jwk, member, found) in [
            (json!({"kty": "oct"}), "kty", "oct"),
            (json!({"kty": "ec"}), "kty", "ec"),
            (
                json!({"kty": "EC", "crv": "secp256k1", "x": "", "y": ""}),
                "crv",
                "secp256k1",
            ),
            (json!({"kty": "OKP", "crv": "X25519", "x": ""}), "crv", "X25519"),
            (json!({"kty": "OKP", "crv": "Ed448", "x": ""}), "crv", "Ed448"),
        ] {
            let found = found.to_owned();
            assert_eq!(parse(&jwk), Err(JwkFault::Unsupported { member, found }));
        }
        for jwk in [
            json!({}),
            json!({"kty": 1}),
            json!({"kty": "RSA"}),
            json!({"kty": "EC", "crv": "P-256"}),
        ] {
            assert!(matches!(parse(&jwk), Err(JwkFault::Json(_))), "{jwk}");
        }
    }

    /// With a zero in front of this number.
    fn longer(jwk: &Value, member: &str) -> Value {
        let bytes = base64url::decode(jwk[member].as_str().expect("a text")).expect("base64url");
        let mut jwk = jwk.clone();
        jwk[member] = json!(base64url::encode(&[&[0], bytes.as_slice()].concat()));
        jwk
    }

    #[test]
    fn coordinates_are_as_long_as_the_field() {
        for (algorithm, member) in [
            (KeyAlgorithm::P256, "x"),
            (KeyAlgorithm::P521, "y"),
            (KeyAlgorithm::Ed25519, "x"),
        ] {
            let mut jwk = made(algorithm);
            assert!(
                matches!(parse(&longer(&jwk, member)), Err(JwkFault::Length { .. })),
                "{algorithm}"
            );
            jwk[member] = json!("AQ");
            assert!(matches!(parse(&jwk), Err(JwkFault::Length { .. })), "{algorithm}");
            jwk[member] = json!("AQ==");
            assert_eq!(parse(&jwk), Err(JwkFault::Base64(member)));
        }
    }

    #[test]
    fn zeros_in_front_of_numbers_of_rsa_are_not_part_of_the_thumbprint() {
        let jwk = made(KeyAlgorithm::Rsa(RsaBits::B2048));
        for member in ["n", "e"] {
            assert_eq!(parse(&longer(&jwk, member)), parse(&jwk), "{member}");
            for zero in ["", "AA", "AAAA"] {
                let mut jwk = jwk.clone();
                jwk[member] = json!(zero);
                assert_eq!(parse(&jwk), Err(JwkFault::Zero(member)));
            }
        }
    }

    #[test]
    fn keys_that_protect_nothing_are_refused() {
        let mut beside = made(KeyAlgorithm::P256);
        beside["y"] = beside["x"].clone();
        assert_eq!(parse(&beside), Err(JwkFault::Unusable));
        let mut even = made(KeyAlgorithm::Rsa(RsaBits::B2048));
        even["e"] = json!("AQAA");
        assert!(matches!(
            parse(&even),
            Err(JwkFault::Flaw(KeyFlaw::Exponent { .. }))
        ));
        let rsa = |bytes: usize| {
            let modulus = [&[0xc3][..], &vec![0xc3; bytes - 2], &[0xc5]].concat();
            parse(&json!({"kty": "RSA", "e": "AQAB", "n": base64url::encode(&modulus)}))
        };
        assert_eq!(rsa(128), Err(JwkFault::Flaw(KeyFlaw::TooSmall { bits: 1024 })));
        assert_eq!(rsa(513), Err(JwkFault::TooLarge(4104)));
        assert_eq!(rsa(8_000), Err(JwkFault::TooLarge(64_000)));
    }

    proptest! {
        #[test]
        fn no_numbers_panic(
            kty in "EC|RSA|OKP", crv in "P-256|P-384|P-521|Ed25519",
            one in proptest::collection::vec(any::<u8>(), 0..70), other in proptest::collection::vec(any::<u8>(), 0..70)
        ) {
            let (one, other) = (base64url::encode(&one), base64url::encode(&other));
            let jwk = json!({"kty": kty, "crv": crv, "x": one, "y": other, "n": one, "e": other});
            if let Ok(jwk) = parse(&jwk) {
                prop_assert_eq!(Jwk::parse(jwk.canonical().as_bytes()), Ok(jwk));
            }
        }
    }
}
