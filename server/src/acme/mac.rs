//! HMAC with SHA-2 (RFC 7518 §3.2): the one place of the room that names the crates for it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha384, Sha512};

/// An algorithm of the MAC of an external account binding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MacAlgorithm {
    Hs256,
    Hs384,
    Hs512,
}

impl MacAlgorithm {
    /// Reads `alg`.
    pub(super) fn parse(name: &str) -> Option<Self> {
        match name {
            "HS256" => Some(Self::Hs256),
            "HS384" => Some(Self::Hs384),
            "HS512" => Some(Self::Hs512),
            _ => None,
        }
    }

    /// Whether `tag` is the whole MAC over `message`, in a time that says nothing of where the two differ.
    pub(super) fn verify(self, key: &[u8], message: &[u8], tag: &[u8]) -> bool {
        match self {
            Self::Hs256 => is_mac::<Hmac<Sha256>>(key, message, tag),
            Self::Hs384 => is_mac::<Hmac<Sha384>>(key, message, tag),
            Self::Hs512 => is_mac::<Hmac<Sha512>>(key, message, tag),
        }
    }
}

fn is_mac<M: Mac + KeyInit>(key: &[u8], message: &[u8], tag: &[u8]) -> bool {
    <M as KeyInit>::new_from_slice(key).is_ok_and(|mut mac| {
        mac.update(message);
        mac.verify_slice(tag).is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acme::base64url;

    #[test]
    fn the_mac_of_rfc_7515_a_1_and_no_part_of_it() {
        let decode = |text| base64url::decode(text).expect("base64url");
        let key =
            decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
        let message = b"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let tag = decode("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert!(MacAlgorithm::Hs256.verify(&key, message, &tag));
        assert!(!MacAlgorithm::Hs256.verify(&key, b"another message", &tag));
        assert!(!MacAlgorithm::Hs256.verify(&key[1..], message, &tag));
        for cut in [0, 1, 16, 31] {
            assert!(!MacAlgorithm::Hs256.verify(&key, message, &tag[..cut]), "{cut}");
        }
        assert!(!MacAlgorithm::Hs512.verify(&key, message, &tag));
        assert!(!MacAlgorithm::Hs256.verify(&[], message, &tag));
    }

    #[test]
    fn names_are_case_sensitive() {
        for name in ["hs256", "HS1", "ES256", "none", ""] {
            assert_eq!(MacAlgorithm::parse(name), None, "{name}");
        }
    }
}
