//! Agreement on a secret, for a group that the TLS library lacks.

use aws_lc_rs::agreement::{ECDH_P521, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use aws_lc_rs::rand::SystemRandom;
use zeroize::Zeroizing;

/// A key on the curve P-521 (secp521r1) for one key exchange (RFC 8446 §4.2.8.2, §7.4.2).
pub struct EphemeralP521 {
    private: EphemeralPrivateKey,
    public: Vec<u8>,
}

impl EphemeralP521 {
    /// A new key; `None` where the library cannot make one.
    pub fn generate() -> Option<Self> {
        let private = EphemeralPrivateKey::generate(&ECDH_P521, &SystemRandom::new()).ok()?;
        let public = private.compute_public_key().ok()?.as_ref().to_vec();
        Some(Self { private, public })
    }

    /// The public half: an uncompressed point.
    pub fn public(&self) -> &[u8] {
        &self.public
    }

    /// The secret shared with the other end; `None` if `peer` is not a point on the curve.
    pub fn agree(self, peer: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let peer = UnparsedPublicKey::new(&ECDH_P521, peer);
        agree_ephemeral(self.private, peer, (), |secret| {
            Ok(Zeroizing::new(secret.to_vec()))
        })
        .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_get_the_same_secret() {
        let [one, other] = [(), ()].map(|()| EphemeralP521::generate().expect("a key"));
        let (point_of_one, point_of_other) = (one.public().to_vec(), other.public().to_vec());
        let secret = one.agree(&point_of_other).expect("a secret");
        assert_eq!(secret.len(), 66);
        assert_eq!(*secret, *other.agree(&point_of_one).expect("a secret"));
        assert!(
            EphemeralP521::generate()
                .expect("a key")
                .agree(b"no point")
                .is_none()
        );
    }
}
