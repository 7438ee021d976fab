//! From password and salt to key.

use hmac::EagerHash;
use pkcs12::kdf::{Pkcs12KeyType, derive_key};
use zeroize::Zeroizing;

use super::digest::with_digest;
use super::{Digest, PbeError};

/// What a key derived as PKCS #12 has it is for (RFC 7292 B.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Encryption,
    Iv,
    Mac,
}

/// PBKDF2, RFC 8018 §5.2.
pub(super) fn pbkdf2(prf: Digest, password: &[u8], salt: &[u8], iterations: u32, octets: usize) -> Zeroizing<Vec<u8>> {
    fn derive<D: EagerHash<Core: Sync>>(password: &[u8], salt: &[u8], iterations: u32, key: &mut [u8]) {
        pbkdf2::pbkdf2_hmac::<D>(password, salt, iterations, key);
    }
    let mut key = Zeroizing::new(vec![0; octets]);
    with_digest!(prf, derive(password, salt, iterations, &mut key));
    key
}

/// The key derivation of PKCS #12, RFC 7292 B.2. `password` is a BMPString with its terminator.
pub(super) fn pkcs12(
    digest: Digest,
    password: &[u8],
    salt: &[u8],
    purpose: Purpose,
    iterations: u32,
    octets: usize,
) -> Result<Zeroizing<Vec<u8>>, PbeError> {
    fn derive<D>(password: &[u8], salt: &[u8], kind: Pkcs12KeyType, rounds: i32, octets: usize) -> Vec<u8>
    where
        D: sha2::Digest + sha2::digest::FixedOutputReset + sha2::digest::block_api::BlockSizeUser,
    {
        derive_key::<D>(password, salt, kind, rounds, octets)
    }
    let kind = match purpose {
        Purpose::Encryption => Pkcs12KeyType::EncryptionKey,
        Purpose::Iv => Pkcs12KeyType::Iv,
        Purpose::Mac => Pkcs12KeyType::Mac,
    };
    let rounds = i32::try_from(iterations).map_err(|_| PbeError::TooManyIterations { found: iterations.into() })?;
    Ok(Zeroizing::new(with_digest!(digest, derive(password, salt, kind, rounds, octets))))
}

/// PBKDF1, RFC 8018 §5.1: key and initialization vector of PBES1, 16 bytes.
pub(super) fn pbkdf1(digest: Digest, password: &[u8], salt: &[u8], iterations: u32) -> Zeroizing<Vec<u8>> {
    const OCTETS: usize = 16;
    fn derive<D: sha2::Digest>(password: &[u8], salt: &[u8], iterations: u32) -> Zeroizing<Vec<u8>> {
        let mut value = Zeroizing::new(D::new().chain_update(password).chain_update(salt).finalize().to_vec());
        for _ in 1..iterations {
            value = Zeroizing::new(D::digest(value.as_slice()).to_vec());
        }
        value
    }
    let mut key = with_digest!(digest, derive(password, salt, iterations));
    key.truncate(OCTETS);
    key
}

/// OpenSSL's derivation for encrypted PEM blocks: MD5 over what came before, password and salt, until there is enough. In no
/// standard; EVP_BytesToKey(3) describes it.
pub(super) fn openssl_pem(password: &[u8], salt: &[u8], octets: usize) -> Zeroizing<Vec<u8>> {
    use md5::{Digest as _, Md5};
    let mut key = Zeroizing::new(Vec::with_capacity(octets + Digest::Md5.octets()));
    let mut block = Zeroizing::new(Vec::new());
    while key.len() < octets {
        block = Zeroizing::new(Md5::new().chain_update(block.as_slice()).chain_update(password).chain_update(salt).finalize().to_vec());
        key.extend_from_slice(&block);
    }
    key.truncate(octets);
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::hex::decode;

    /// RFC 6070 §2, and RFC 7914 §11 for SHA-256.
    #[test]
    fn pbkdf2_gives_the_published_values() {
        let expected = decode("4b007901b765489abead49d926f721d065a429c1").expect("hexadecimal");
        assert_eq!(*pbkdf2(Digest::Sha1, b"password", b"salt", 4096, 20), expected);
        let expected = decode("55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc").expect("hexadecimal");
        assert_eq!(*pbkdf2(Digest::Sha256, b"passwd", b"salt", 1, 32), expected);
    }

    #[test]
    fn derived_keys_differ_by_purpose_and_password_encoding() {
        let key = |password: &[u8], purpose| pkcs12(Digest::Sha1, password, b"saltsalt", purpose, 1, 24).expect("key");
        assert_ne!(key(&[0, 0], Purpose::Encryption), key(&[0, 0], Purpose::Iv));
        assert_ne!(key(&[0, 0], Purpose::Encryption), key(&[], Purpose::Encryption));
    }
}
