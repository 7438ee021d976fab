//! From password and salt to key.

use hmac::EagerHash;
use sha2::digest::block_api::BlockSizeUser;
use zeroize::{Zeroize, Zeroizing};

use super::Digest;
use super::digest::with_digest;

/// What a key derived as PKCS #12 has it is for (RFC 7292 B.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Encryption = 1,
    Iv = 2,
    Mac = 3,
}

/// PBKDF2, RFC 8018 §5.2.
pub(super) fn pbkdf2(
    prf: Digest,
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    bytes: usize,
) -> Zeroizing<Vec<u8>> {
    fn derive<D: EagerHash<Core: Sync>>(password: &[u8], salt: &[u8], iterations: u32, key: &mut [u8]) {
        pbkdf2::pbkdf2_hmac::<D>(password, salt, iterations, key);
    }
    let mut key = Zeroizing::new(vec![0; bytes]);
    with_digest!(prf, derive(password, salt, iterations, &mut key));
    key
}

/// The key derivation of PKCS #12, RFC 7292 B.2: `length` bytes. `password` is a BMPString with its terminator.
pub(super) fn pkcs12(
    digest: Digest,
    password: &[u8],
    salt: &[u8],
    purpose: Purpose,
    iterations: u32,
    length: usize,
) -> Zeroizing<Vec<u8>> {
    with_digest!(digest, derive_pkcs12(password, salt, purpose, iterations, length))
}

/// The letters are those of RFC 7292 B.2, and so is the order.
fn derive_pkcs12<D>(
    password: &[u8],
    salt: &[u8],
    purpose: Purpose,
    iterations: u32,
    length: usize,
) -> Zeroizing<Vec<u8>>
where
    D: sha2::Digest + BlockSizeUser,
{
    let v = D::block_size();
    let fill = |text: &[u8]| {
        Zeroizing::new(
            text.iter()
                .copied()
                .cycle()
                .take(text.len().next_multiple_of(v))
                .collect::<Vec<_>>(),
        )
    };
    let d = vec![purpose as u8; v];
    let mut i = Zeroizing::new([fill(salt).as_slice(), fill(password).as_slice()].concat());
    // Allocated once: a vector that grows leaves a copy behind that is not zeroized.
    let mut key = Zeroizing::new(Vec::with_capacity(length));
    loop {
        let mut a = D::new().chain_update(&d).chain_update(i.as_slice()).finalize();
        for _ in 1..iterations {
            a = D::digest(&a);
        }
        let missing = length - key.len();
        key.extend(a.iter().take(missing));
        let b = Zeroizing::new(a.iter().copied().cycle().take(v).collect::<Vec<_>>());
        a.as_mut_slice().zeroize();
        if key.len() == length {
            return key;
        }
        i.chunks_mut(v).for_each(|block| add_with_one(block, &b));
    }
}

/// `block + other + 1` modulo 2 to the power of their length in bits, big-endian (RFC 7292 B.2, step 6C).
fn add_with_one(block: &mut [u8], other: &[u8]) {
    let mut carry = 1;
    for (byte, other) in block.iter_mut().zip(other).rev() {
        let sum = u16::from(*byte) + u16::from(*other) + carry;
        *byte = sum.to_be_bytes()[1];
        carry = sum >> 8;
    }
}

/// PBKDF1, RFC 8018 §5.1: key and initialization vector of PBES1, 16 bytes.
pub(super) fn pbkdf1(digest: Digest, password: &[u8], salt: &[u8], iterations: u32) -> Zeroizing<Vec<u8>> {
    const BYTES: usize = 16;
    fn derive<D: sha2::Digest>(password: &[u8], salt: &[u8], iterations: u32) -> Zeroizing<Vec<u8>> {
        let mut value = Zeroizing::new(
            D::new()
                .chain_update(password)
                .chain_update(salt)
                .finalize()
                .to_vec(),
        );
        for _ in 1..iterations {
            value = Zeroizing::new(D::digest(value.as_slice()).to_vec());
        }
        value
    }
    let mut key = with_digest!(digest, derive(password, salt, iterations));
    key.truncate(BYTES);
    key
}

/// OpenSSL's derivation for encrypted PEM blocks: MD5 over what came before, password and salt, until there is enough. In no
/// standard; EVP_BytesToKey(3) describes it.
pub(super) fn openssl_pem(password: &[u8], salt: &[u8], bytes: usize) -> Zeroizing<Vec<u8>> {
    use md5::{Digest as _, Md5};
    let mut key = Zeroizing::new(Vec::with_capacity(bytes + Digest::Md5.bytes()));
    let mut block = Zeroizing::new(Vec::new());
    while key.len() < bytes {
        block = Zeroizing::new(
            Md5::new()
                .chain_update(block.as_slice())
                .chain_update(password)
                .chain_update(salt)
                .finalize()
                .to_vec(),
        );
        key.extend_from_slice(&block);
    }
    key.truncate(bytes);
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
        let expected =
            decode("55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc").expect("hexadecimal");
        assert_eq!(*pbkdf2(Digest::Sha256, b"passwd", b"salt", 1, 32), expected);
    }

    /// `openssl kdf -keylen N -kdfopt digest:D -kdfopt hexpass:P -kdfopt hexsalt:S -kdfopt iter:I -kdfopt id:PURPOSE PKCS12KDF` of OpenSSL 3.0:
    /// keys shorter and longer than the digest, passwords and salts longer than its block, and a carry out of every block.
    #[test]
    fn pkcs12_derives_what_openssl_derives() {
        let is = |derived: Zeroizing<Vec<u8>>, expected: &str| {
            assert_eq!(*derived, decode(expected).expect("hexadecimal"))
        };
        let smeg: Vec<u8> = "smeg\0".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let queeg: Vec<u8> = "queeg\0".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let long: Vec<u8> = format!("{}\0", "a".repeat(40))
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        let salt = [0x0a, 0x58, 0xcf, 0x64, 0x53, 0x0d, 0x82, 0x3f];
        is(
            pkcs12(Digest::Sha1, &smeg, &salt, Purpose::Encryption, 1, 24),
            "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3",
        );
        is(
            pkcs12(Digest::Sha1, &smeg, &salt, Purpose::Iv, 1, 8),
            "79993dfe048d3b76",
        );
        let salt = [0x05, 0xde, 0xc9, 0x59, 0xac, 0xff, 0x72, 0xf7];
        is(
            pkcs12(Digest::Sha1, &queeg, &salt, Purpose::Mac, 1000, 20),
            "8e6f200e446345e726b49ef9c7899edd9c498401",
        );
        is(
            pkcs12(Digest::Sha256, &long, &[0xa5; 70], Purpose::Encryption, 3, 100),
            "5705ef79e13599bc651025494d6bbced2e75fb53deee8a2cf53219fe80314764774950d30b7a7c66d69566aa3d9a6102c8c453cd7a894a145598eb277f7cadef\
             37a9fa05c2d20b1826a093425a9be5b0017dc67f97f953d2b060a2d849c98b43d70a3cb5",
        );
        is(
            pkcs12(Digest::Sha512, &[0xff; 130], &[0xff; 130], Purpose::Mac, 2, 150),
            "a70267e6fc5a17e3ee7407567b35024c42f39f665a94453dfa7cac230ed77bbc319b25447910ceba7c4b0b72972d87669bc0cfacf37dedfdb2188f253c9b3813\
             568b927b5395bbf5db2145d7fa684d2273354e008058abd6429ad29d0876add39d034e3628bbb0a73e6b34659b10bdafcb8a4fe708baf78efeb6f3c7ab791fe0\
             5b4cf4b4f34795ba522ce6f380e9d93e0eba57163b54",
        );
    }

    #[test]
    fn derived_keys_differ_by_purpose_and_password_encoding() {
        let key = |password: &[u8], purpose| pkcs12(Digest::Sha1, password, b"saltsalt", purpose, 1, 24);
        assert_ne!(key(&[0, 0], Purpose::Encryption), key(&[0, 0], Purpose::Iv));
        assert_ne!(key(&[0, 0], Purpose::Encryption), key(&[], Purpose::Encryption));
    }
}
