//! Signature algorithms of JWS (RFC 7518 §3.1, RFC 8037 §3.1).

use std::fmt;

use gsec_pki::key::{
    PublicKey, PublicKeyKind, SignatureAlgorithm, SignatureCheck, ecdsa_signature_from_fixed,
    verify_signature,
};

/// A signature algorithm that requests are signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// ECDSA on P-521 with SHA-512.
    Es512,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// Every one, with the one that clients should use first.
    pub const ALL: [Self; 5] = [Self::Es256, Self::Es384, Self::Es512, Self::Rs256, Self::EdDsa];
    /// Their names, as `algorithms` of a problem has them.
    pub const NAMES: [&'static str; 5] = ["ES256", "ES384", "ES512", "RS256", "EdDSA"];

    /// The value of `alg`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::Rs256 => "RS256",
            Self::EdDsa => "EdDSA",
        }
    }

    /// Reads `alg`. Names are case-sensitive (RFC 7515 §4.1.1).
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// Bits of the curve that goes with the algorithm.
    fn curve_bits(self) -> Option<u32> {
        match self {
            Self::Es256 => Some(256),
            Self::Es384 => Some(384),
            Self::Es512 => Some(521),
            Self::Rs256 | Self::EdDsa => None,
        }
    }

    /// Whether a key makes signatures of this algorithm: each curve has its own.
    pub fn fits(self, key: &PublicKey) -> bool {
        match *key.kind() {
            PublicKeyKind::Rsa { .. } => self == Self::Rs256 && !key.is_pss_only(),
            PublicKeyKind::NistCurve { bits } => self.curve_bits() == Some(bits),
            PublicKeyKind::Ed25519 => self == Self::EdDsa,
            PublicKeyKind::Other { .. } => false,
        }
    }

    /// Whether the signature, in the form of RFC 7518, is by this key, which must fit, over this message.
    pub(super) fn verify(self, key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
        let identifier = match self {
            Self::Es256 => SignatureAlgorithm::ECDSA_SHA256,
            Self::Es384 => SignatureAlgorithm::ECDSA_SHA384,
            Self::Es512 => SignatureAlgorithm::ECDSA_SHA512,
            Self::Rs256 => SignatureAlgorithm::RSA_SHA256,
            Self::EdDsa => SignatureAlgorithm::ED25519,
        };
        let signature = match self.curve_bits() {
            Some(bits) => ecdsa_signature_from_fixed(signature, bits),
            None => Some(signature.to_vec()),
        };
        let is_good = |signature: Vec<u8>| {
            verify_signature(key, &identifier.identifier_der(), message, &signature) == SignatureCheck::Good
        };
        signature.is_some_and(is_good)
    }
}

/// The value of `alg`.
impl fmt::Display for Algorithm {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acme::base64url;
    use crate::acme::jwk::Jwk;
    use crate::acme::samples::RFC_8037_KEY;

    /// RFC 7515 A.3, A.4 and RFC 8037 A.4: algorithm, key, what is signed, signature.
    const OF_RFCS: [(Algorithm, &str, &str, &str); 3] = [
        (
            Algorithm::Es256,
            r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#,
            "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
        ),
        (
            Algorithm::Es512,
            r#"{"kty":"EC","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2"}"#,
            "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA",
            "AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn",
        ),
        (
            Algorithm::EdDsa,
            RFC_8037_KEY,
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
        ),
    ];

    #[test]
    fn each_algorithm_has_its_kind_of_key() {
        use gsec_pki::key::{KeyAlgorithm, PrivateKey, RsaBits, Signer};
        for (kind, algorithm) in [
            (KeyAlgorithm::P256, Algorithm::Es256),
            (KeyAlgorithm::P384, Algorithm::Es384),
            (KeyAlgorithm::P521, Algorithm::Es512),
            (KeyAlgorithm::Rsa(RsaBits::B2048), Algorithm::Rs256),
            (KeyAlgorithm::Ed25519, Algorithm::EdDsa),
        ] {
            let key = PrivateKey::generate(kind).expect("a key");
            for other in Algorithm::ALL {
                assert_eq!(
                    other.fits(key.public_key()),
                    other == algorithm,
                    "{kind} as {other}"
                );
            }
        }
    }

    #[test]
    fn signatures_of_the_rfcs_verify_with_their_algorithm_only() {
        for (algorithm, key, message, signature) in OF_RFCS {
            let jwk = Jwk::parse(key.as_bytes()).expect("a key");
            let signature = base64url::decode(signature).expect("base64url");
            for other in Algorithm::ALL {
                let is_good = other.verify(jwk.public_key(), message.as_bytes(), &signature);
                assert_eq!(is_good, other == algorithm, "{algorithm} as {other}");
            }
            assert!(!algorithm.verify(jwk.public_key(), b"another message", &signature));
        }
    }
}
