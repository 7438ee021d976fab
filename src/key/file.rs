//! Private key files: PKCS #8, PKCS #1 and SEC 1, in PEM or DER, plain and encrypted (PBES2).

use der::Decode;
use pkcs8::{EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef};
use zeroize::Zeroizing;

use super::{KeyError, PrivateKey, forms};
use crate::encoding::pem::{self, Block};
use crate::encoding::sniff::{FileKind, file_kind};

/// Iterations of PBKDF2-HMAC-SHA256 for a key under a passphrase (OWASP Password Storage Cheat Sheet, 2023: 600,000).
const PBKDF2_ITERATIONS: u32 = 600_000;
/// Length of the salt, RFC 8018 §4.1 asks for 8 at least, NIST SP 800-132 for 16.
const SALT_OCTETS: usize = 16;
/// Length of the initialisation vector of AES-CBC.
const IV_OCTETS: usize = 16;

/// The form in which a private key file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyFormat {
    /// `BEGIN PRIVATE KEY`, RFC 5958.
    #[default]
    Pkcs8,
    /// `BEGIN RSA PRIVATE KEY` (RFC 8017 A.1.2) for RSA, `BEGIN EC PRIVATE KEY` (RFC 5915) for elliptic curves.
    Traditional,
}

/// Encodes `key` as PEM, not encrypted.
///
/// # Errors
/// [`KeyError::NoTraditionalForm`] when the key's algorithm has no older form.
pub fn encode_private_key(key: &PrivateKey, format: KeyFormat) -> Result<Zeroizing<String>, KeyError> {
    let text = match format {
        KeyFormat::Pkcs8 => pem::encode(pem::PRIVATE_KEY, key.pkcs8()),
        KeyFormat::Traditional => {
            let (label, der) = forms::traditional(key.pkcs8())?;
            pem::encode(label, &der)
        }
    };
    Ok(Zeroizing::new(text))
}

/// Encodes `key` as PEM, encrypted with PBES2: PBKDF2-HMAC-SHA256 and AES-256-CBC (RFC 8018 §6.2).
///
/// PBKDF2 and not scrypt, because GnuTLS 3.7 cannot read scrypt. `random` fills what it is given with random octets.
///
/// # Errors
/// [`KeyError::Encryption`] when the derivation fails.
pub fn encode_encrypted_private_key(key: &PrivateKey, passphrase: &[u8], random: &mut dyn FnMut(&mut [u8])) -> Result<Zeroizing<String>, KeyError> {
    let failed = |error: &dyn std::fmt::Display| KeyError::Encryption(error.to_string());
    let (mut salt, mut iv) = ([0; SALT_OCTETS], [0; IV_OCTETS]);
    random(&mut salt);
    random(&mut iv);
    let parameters = pkcs5::pbes2::Parameters::generate_pbkdf2_sha256_aes256cbc(PBKDF2_ITERATIONS, &salt, iv).map_err(|error| failed(&error))?;
    let info = PrivateKeyInfoRef::from_der(key.pkcs8()).map_err(|error| failed(&error))?;
    let document = info.encrypt_with_params(parameters, passphrase).map_err(|error| failed(&error))?;
    Ok(Zeroizing::new(pem::encode(pem::ENCRYPTED_PRIVATE_KEY, document.as_bytes())))
}

/// Whether a key file is encrypted, so that its password must be asked for.
pub fn is_encrypted_key_file(bytes: &[u8]) -> bool {
    pem::decode_all(bytes).is_ok_and(|blocks| blocks.iter().any(|block| block.is_encrypted || block.label == pem::ENCRYPTED_PRIVATE_KEY))
        || EncryptedPrivateKeyInfoRef::from_der(bytes).is_ok()
}

/// Reads the one private key in `bytes`; other PEM blocks, such as certificates and `EC PARAMETERS`, are passed over.
///
/// # Errors
/// [`KeyError::NoKey`], [`KeyError::SeveralKeys`]; [`KeyError::Encrypted`] when a password is needed and not given;
/// [`KeyError::WrongPassword`]; [`KeyError::EncryptionUnsupported`] and [`KeyError::AlgorithmUnsupported`] name what
/// gsec does not read.
pub fn decode_private_key(bytes: &[u8], password: Option<&[u8]>) -> Result<PrivateKey, KeyError> {
    match file_kind(bytes) {
        FileKind::Pem => {
            let blocks = pem::decode_all(bytes)?;
            let keys: Vec<&Block> = blocks.iter().filter(|block| block.label.ends_with("PRIVATE KEY")).collect();
            match keys.as_slice() {
                [] => Err(KeyError::NoKey { found: found_instead(&blocks) }),
                [key] => decode_block(key, password),
                several => Err(KeyError::SeveralKeys { count: several.len() }),
            }
        }
        FileKind::DerPrivateKey => {
            PrivateKey::from_pkcs8(bytes).or_else(|error| PrivateKey::from_pkcs1(bytes).or_else(|_| PrivateKey::from_sec1(bytes)).map_err(|_| error))
        }
        FileKind::DerSigned if EncryptedPrivateKeyInfoRef::from_der(bytes).is_ok() => decrypt(bytes, password),
        FileKind::DerSigned => Err(KeyError::NoKey { found: "a certificate, request or CRL in DER".into() }),
        FileKind::Pkcs12 => Err(KeyError::NoKey { found: "a PKCS #12 file".into() }),
        FileKind::Unknown if bytes.is_empty() => Err(KeyError::NoKey { found: "it is empty".into() }),
        FileKind::Unknown => Err(KeyError::NoKey { found: "neither PEM nor DER".into() }),
    }
}

fn found_instead(blocks: &[Block]) -> String {
    let labels: Vec<&str> = blocks.iter().map(|block| block.label.as_str()).collect();
    format!("only {}", labels.join(", "))
}

fn decode_block(block: &Block, password: Option<&[u8]>) -> Result<PrivateKey, KeyError> {
    if block.is_encrypted {
        return Err(KeyError::EncryptionUnsupported { scheme: "`Proc-Type: 4,ENCRYPTED`".into() });
    }
    match block.label.as_str() {
        pem::PRIVATE_KEY => PrivateKey::from_pkcs8(&block.content),
        pem::ENCRYPTED_PRIVATE_KEY => decrypt(&block.content, password),
        pem::RSA_PRIVATE_KEY => PrivateKey::from_pkcs1(&block.content),
        pem::EC_PRIVATE_KEY => PrivateKey::from_sec1(&block.content),
        label => Err(KeyError::AlgorithmUnsupported { found: format!("labelled `{label}`") }),
    }
}

fn decrypt(der: &[u8], password: Option<&[u8]>) -> Result<PrivateKey, KeyError> {
    let info = EncryptedPrivateKeyInfoRef::from_der(der).map_err(|error| KeyError::Damaged(error.to_string()))?;
    let scheme = info.encryption_algorithm.oid();
    if info.encryption_algorithm.pbes2().is_none() {
        return Err(KeyError::EncryptionUnsupported { scheme: scheme.to_string() });
    }
    let document = info.decrypt(password.ok_or(KeyError::Encrypted)?).map_err(|_| KeyError::WrongPassword)?;
    PrivateKey::from_pkcs8(document.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{KeyAlgorithm, RsaBits, Signer};

    fn no_random(out: &mut [u8]) {
        out.fill(7);
    }

    #[test]
    fn every_form_reads_back_as_the_same_key() {
        for algorithm in [KeyAlgorithm::Rsa(RsaBits::B2048), KeyAlgorithm::P256, KeyAlgorithm::P521] {
            let key = PrivateKey::generate(algorithm).expect("generate");
            for format in [KeyFormat::Pkcs8, KeyFormat::Traditional] {
                let text = encode_private_key(&key, format).expect("encode");
                let again = decode_private_key(text.as_bytes(), None).expect("decode");
                assert_eq!(again.public_key().spki(), key.public_key().spki(), "{algorithm} {format:?}");
            }
        }
    }

    #[test]
    fn ed25519_has_no_traditional_form() {
        let key = PrivateKey::generate(KeyAlgorithm::Ed25519).expect("generate");
        assert!(matches!(encode_private_key(&key, KeyFormat::Traditional), Err(KeyError::NoTraditionalForm { .. })));
    }

    #[test]
    fn encrypted_key_opens_with_its_password_only() {
        let key = PrivateKey::generate(KeyAlgorithm::P256).expect("generate");
        let text = encode_encrypted_private_key(&key, b"right", &mut no_random).expect("encrypt");
        assert!(is_encrypted_key_file(text.as_bytes()));
        assert!(matches!(decode_private_key(text.as_bytes(), None), Err(KeyError::Encrypted)));
        assert!(matches!(decode_private_key(text.as_bytes(), Some(b"wrong")), Err(KeyError::WrongPassword)));
        let again = decode_private_key(text.as_bytes(), Some(b"right")).expect("decrypt");
        assert_eq!(again.public_key().spki(), key.public_key().spki());
    }

    #[test]
    fn what_is_there_instead_of_a_key_is_named() {
        let certificate = pem::encode(pem::CERTIFICATE, b"x");
        let error = decode_private_key(certificate.as_bytes(), None).err().expect("no key");
        assert_eq!(error.to_string(), "no private key in it: only CERTIFICATE");
    }
}
