//! What files are made of that are encrypted for the holder of a key (the age format): agreement on a secret, keys derived from it, a cipher that
//! notices every change, a code over a header.

use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{PrivateKey, UnparsedPublicKey, X25519, agree};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::hmac;
use zeroize::Zeroizing;

/// 32 bytes that are a secret.
pub type Secret32 = Zeroizing<[u8; 32]>;

/// What the cipher adds to what it encrypts.
pub const TAG_BYTES: usize = 16;

/// A private key for X25519 (RFC 7748).
pub struct X25519Key {
    private: PrivateKey,
    public: [u8; 32],
}

impl X25519Key {
    /// The key of 32 bytes, which anything may be that nobody else knows; `None` where the library refuses them.
    pub fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        let private = PrivateKey::from_private_key(&X25519, bytes).ok()?;
        let public = private.compute_public_key().ok()?.as_ref().try_into().ok()?;
        Some(Self { private, public })
    }

    /// The public half.
    pub fn public(&self) -> &[u8; 32] {
        &self.public
    }

    /// The secret shared with the other end; `None` for one of the points with which every secret is the same.
    pub fn agree(&self, peer: &[u8; 32]) -> Option<Secret32> {
        let peer = UnparsedPublicKey::new(&X25519, peer);
        let secret = agree(&self.private, peer, (), |secret| {
            <[u8; 32]>::try_from(secret).map(Zeroizing::new).map_err(|_| ())
        });
        secret.ok().filter(|secret| secret.iter().any(|byte| *byte != 0))
    }
}

struct Bytes32;

impl KeyType for Bytes32 {
    fn len(&self) -> usize {
        32
    }
}

/// A key derived from a secret (HKDF with SHA-256, RFC 5869).
pub fn derive_key(secret: &[u8], salt: &[u8], purpose: &[u8]) -> Secret32 {
    let mut key = Zeroizing::new([0; 32]);
    let purpose = [purpose];
    let derived = Salt::new(HKDF_SHA256, salt).extract(secret);
    derived
        .expand(&purpose, Bytes32)
        .and_then(|derived| derived.fill(key.as_mut_slice()))
        .expect("32 bytes are less than HKDF with SHA-256 gives");
    key
}

/// HMAC with SHA-256 (RFC 2104).
pub fn authentication_code(key: &Secret32, message: &[u8]) -> [u8; 32] {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_slice());
    let code = hmac::sign(&key, message);
    code.as_ref().try_into().expect("as long as a digest")
}

/// Whether a message has this code; takes as long whichever byte differs.
pub fn has_code(key: &Secret32, message: &[u8], code: &[u8]) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_slice());
    hmac::verify(&key, message, code).is_ok()
}

/// ChaCha20-Poly1305 (RFC 8439) without associated data. No number may be used twice with one key.
pub struct ChunkCipher(LessSafeKey);

impl ChunkCipher {
    /// With a key.
    pub fn new(key: &Secret32) -> Self {
        let key = UnboundKey::new(&CHACHA20_POLY1305, key.as_slice()).expect("the length of its keys");
        Self(LessSafeKey::new(key))
    }

    /// Encrypts in place; [`TAG_BYTES`] are added.
    pub fn seal(&self, number: [u8; 12], chunk: &mut Vec<u8>) {
        let nonce = Nonce::assume_unique_for_key(number);
        self.0
            .seal_in_place_append_tag(nonce, Aad::empty(), chunk)
            .expect("chunks are shorter than 256 GiB");
    }

    /// Decrypts in place. `None` where the chunk is not as it was sealed, or has another number; then nothing in it means anything.
    #[must_use]
    pub fn open(&self, number: [u8; 12], chunk: &mut Vec<u8>) -> Option<()> {
        let nonce = Nonce::assume_unique_for_key(number);
        let length = self.0.open_in_place(nonce, Aad::empty(), chunk).ok()?.len();
        chunk.truncate(length);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::hex::{Separator, decode, encode};

    #[test]
    fn both_ends_agree() {
        let [one, other] = [[9; 32], [7; 32]].map(|bytes| X25519Key::from_bytes(&bytes).expect("a key"));
        assert_eq!(one.agree(other.public()), other.agree(one.public()));
        assert!(one.agree(other.public()).is_some());
        assert!(one.agree(&[0; 32]).is_none(), "every secret would be the same");
    }

    #[test]
    fn keys_are_derived_as_in_rfc_5869() {
        let key = derive_key(
            &[0x0b; 22],
            &decode("000102030405060708090a0b0c").expect("digits"),
            &decode("f0f1f2f3f4f5f6f7f8f9").expect("digits"),
        );
        assert_eq!(
            encode(key.as_slice(), Separator::None),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
        );
    }

    #[test]
    fn chunk_that_was_changed_or_moved_does_not_open() {
        let cipher = ChunkCipher::new(&Zeroizing::new([1; 32]));
        let mut chunk = b"chunk".to_vec();
        cipher.seal([2; 12], &mut chunk);
        assert_eq!(chunk.len(), 5 + TAG_BYTES);
        let sealed = chunk.clone();
        assert_eq!(cipher.open([2; 12], &mut chunk), Some(()));
        assert_eq!(chunk, b"chunk");
        assert_eq!(cipher.open([3; 12], &mut sealed.clone()), None);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(cipher.open([2; 12], &mut changed), None, "{at}");
        }
        let code = authentication_code(&Zeroizing::new([1; 32]), b"header");
        assert!(has_code(&Zeroizing::new([1; 32]), b"header", &code));
        assert!(!has_code(&Zeroizing::new([1; 32]), b"headers", &code));
    }
}
