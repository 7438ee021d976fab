//! Private key files: PKCS #8, PKCS #1 and SEC 1, in PEM or DER, plain and encrypted.

use der::Tag;
use zeroize::Zeroizing;

use super::encrypted::{EncryptedKey, encrypt_pkcs8};
use super::error::ForeignKey;
use super::identifiers::{OID_EC_PUBLIC_KEY, OID_RSA};
use super::{KeyContent, KeyDocument, KeyError, KeyForm, KeyLabel, PrivateKey, forms, openssh};
use crate::encoding::pem::{self, Block};
use crate::encoding::sniff::{FileKind, file_kind, without_padding};
use crate::encoding::visible::shortened;
use crate::pbe::{Effort, EncryptionScheme, Password, decrypt_pem_block};

/// Iterations of PBKDF2-HMAC-SHA256 for a key under a passphrase (OWASP Password Storage Cheat Sheet, 2023: 600,000).
const PBKDF2_ITERATIONS: u32 = 600_000;
/// Length of the salt, RFC 8018 §4.1 asks for 8 at least, NIST SP 800-132 for 16.
const SALT_BYTES: usize = 16;
/// Length of the initialisation vector of AES-CBC.
const IV_BYTES: usize = 16;

/// The form in which a private key file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyFormat {
    /// `BEGIN PRIVATE KEY`, RFC 5958.
    #[default]
    Pkcs8,
    /// `BEGIN RSA PRIVATE KEY` (RFC 8017 A.1.2) for RSA, `BEGIN EC PRIVATE KEY` (RFC 5915) for elliptic curves.
    Traditional,
}

impl KeyFormat {
    /// Every form.
    pub const ALL: [Self; 2] = [Self::Pkcs8, Self::Traditional];

    /// The name that `--key-format` takes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pkcs8 => "pkcs8",
            Self::Traditional => "pkcs1",
        }
    }
}

/// Encodes `key` as PEM, not encrypted.
///
/// # Errors
/// [`KeyError::NoTraditionalForm`] if the key's algorithm does not have one.
pub fn encode_private_key(key: &PrivateKey, format: KeyFormat) -> Result<Zeroizing<String>, KeyError> {
    KeyDocument::from(key).to_pem(format)
}

impl KeyDocument {
    /// The key in DER: as PKCS #8 or in its older form.
    ///
    /// # Errors
    /// [`KeyError::NoTraditionalForm`].
    pub fn to_der(&self, format: KeyFormat) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        Ok(self.labelled(format)?.1)
    }

    /// The key as one PEM block.
    ///
    /// # Errors
    /// [`KeyError::NoTraditionalForm`].
    pub fn to_pem(&self, format: KeyFormat) -> Result<Zeroizing<String>, KeyError> {
        let (label, der) = self.labelled(format)?;
        Ok(pem::encode_secret(label, &der))
    }

    /// The key as one PEM block, encrypted as [`KeyDocument::to_encrypted_der`] says.
    ///
    /// # Errors
    /// [`KeyError::Encryption`] when it cannot be encoded.
    pub fn to_encrypted_pem(
        &self,
        password: &str,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<Zeroizing<String>, KeyError> {
        Ok(pem::encode_secret(
            pem::ENCRYPTED_PRIVATE_KEY,
            &self.to_encrypted_der(password, random)?,
        ))
    }

    /// The key as EncryptedPrivateKeyInfo in DER, encrypted with PBES2: PBKDF2-HMAC-SHA256 and AES-256-CBC (RFC 8018 §6.2).
    ///
    /// PBKDF2 and not scrypt, because GnuTLS 3.7 cannot read scrypt. `random` fills its argument with random bytes.
    ///
    /// # Errors
    /// [`KeyError::Encryption`] if it cannot be encoded.
    pub fn to_encrypted_der(
        &self,
        password: &str,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<Vec<u8>, KeyError> {
        let (mut salt, mut iv) = ([0; SALT_BYTES], [0; IV_BYTES]);
        random(&mut salt);
        random(&mut iv);
        encrypt_pkcs8(
            self.pkcs8(),
            &EncryptionScheme::modern(PBKDF2_ITERATIONS, &salt, iv),
            &Password::new(password),
        )
    }

    fn labelled(&self, format: KeyFormat) -> Result<(&'static str, Zeroizing<Vec<u8>>), KeyError> {
        match format {
            KeyFormat::Pkcs8 => Ok((pem::PRIVATE_KEY, Zeroizing::new(self.pkcs8().to_vec()))),
            KeyFormat::Traditional => forms::traditional(self.pkcs8()),
        }
    }
}

/// Whether a key file is encrypted and needs a password.
pub fn is_encrypted_key_file(bytes: &[u8]) -> bool {
    match file_kind(bytes) {
        FileKind::DerEncryptedKey => true,
        FileKind::Pem => pem::decode_all(bytes).is_ok_and(|blocks| blocks.iter().any(is_encrypted_block)),
        _ => false,
    }
}

/// Whether a PEM block is an encrypted private key; the content decides, because labels are not always true.
pub fn is_encrypted_block(block: &Block) -> bool {
    match file_kind(&block.content) {
        FileKind::DerEncryptedKey => is_key_block(block),
        FileKind::DerPrivateKey => block.dek_info.is_some(),
        _ => block.dek_info.is_some() || block.label == pem::ENCRYPTED_PRIVATE_KEY,
    }
}

/// Whether a PEM block is a private key of any kind.
pub fn is_key_block(block: &Block) -> bool {
    block.label.ends_with("PRIVATE KEY")
}

/// Reads the one private key in `bytes`, for signing; other PEM blocks, such as certificates, are passed over.
///
/// # Errors
/// As [`decode_key_document`]; [`KeyError::AlgorithmUnsupported`] for a key that gsec does not sign with.
pub fn decode_private_key(bytes: &[u8], password: Option<&str>) -> Result<PrivateKey, KeyError> {
    decode_key_document(bytes, password)?.into_signing_key()
}

/// Reads the one private key in `bytes`, whatever its algorithm; other PEM blocks, such as certificates, are passed over.
///
/// # Errors
/// [`KeyError::NoKey`], [`KeyError::SeveralKeys`]; [`KeyError::Encrypted`] when a password is needed and not given;
/// [`KeyError::WrongPassword`]; [`KeyError::EncryptionUnsupported`], [`KeyError::Foreign`] and
/// [`KeyError::AlgorithmUnsupported`] name what gsec does not read; [`KeyError::Protection`] for what would be too much work.
pub fn decode_key_document(bytes: &[u8], password: Option<&str>) -> Result<KeyDocument, KeyError> {
    match file_kind(bytes) {
        FileKind::Pem => {
            let blocks = pem::decode_all(bytes)?;
            let keys: Vec<&Block> = blocks.iter().filter(|block| is_key_block(block)).collect();
            match keys.as_slice() {
                [] => Err(KeyError::NoKey {
                    found: format!("only {}", pem::labels_in_words(&blocks)),
                }),
                [key] => decode_key_block(key, curve_block(&blocks), password, &mut Effort::new()),
                several => Err(KeyError::SeveralKeys { count: several.len() }),
            }
        }
        FileKind::DerPrivateKey => decode_der(without_padding(bytes), None),
        FileKind::DerEncryptedKey => decrypt(without_padding(bytes), password, &mut Effort::new()),
        FileKind::Foreign(foreign) => Err(KeyError::Foreign(ForeignKey::File(foreign))),
        other => Err(KeyError::NoKey {
            found: format!("it is {}", other.name()),
        }),
    }
}

/// The content of the `EC PARAMETERS` block, which names the curve of a SEC 1 key that does not.
pub fn curve_block(blocks: &[Block]) -> Option<&[u8]> {
    blocks
        .iter()
        .find(|block| block.label == pem::EC_PARAMETERS)
        .map(|block| block.content.as_slice())
}

/// Reads one PEM block that is a private key. `curve` is what [`curve_block`] found beside it.
///
/// # Errors
/// As [`decode_key_document`].
pub fn decode_key_block(
    block: &Block,
    curve: Option<&[u8]>,
    password: Option<&str>,
    effort: &mut Effort,
) -> Result<KeyDocument, KeyError> {
    match block.label.as_str() {
        "OPENSSH PRIVATE KEY" => return openssh::decode(&block.content),
        "DSA PRIVATE KEY" => return Err(KeyError::Foreign(ForeignKey::Dsa)),
        _ => {}
    }
    let labels = KeyLabel::ALL;
    let label = labels.into_iter().find(|label| label.name() == block.label);
    let label = label.ok_or_else(|| KeyError::AlgorithmUnsupported {
        found: format!("labeled `{}`", shortened(&block.label)),
    })?;
    let (document, content) = match &block.dek_info {
        None if is_encrypted_block(block) => {
            (decrypt(&block.content, password, effort)?, KeyContent::Encrypted)
        }
        None => (decode_der(&block.content, curve)?, content_of(&block.content)?),
        Some(dek_info) => {
            let password = Password::new(password.ok_or(KeyError::Encrypted)?);
            let is_key = |content: &[u8]| decode_der(content, curve).is_ok();
            let plain = decrypt_pem_block(dek_info, &block.content, &password, &is_key)?;
            (decode_der(&plain, curve)?, content_of(&plain)?)
        }
    };
    let is_of_algorithm = match label {
        KeyLabel::Rsa => document.is_of(&OID_RSA),
        KeyLabel::Ec => document.is_of(&OID_EC_PUBLIC_KEY),
        KeyLabel::Pkcs8 | KeyLabel::Encrypted => false,
    };
    let odd = KeyForm::of_label(label, content, is_of_algorithm, block.dek_info.is_some());
    Ok(document.with(odd))
}

/// What a key in DER is, by the element after the version.
fn content_of(der: &[u8]) -> Result<KeyContent, KeyError> {
    Ok(match forms::second_tag(der)? {
        Some(Tag::Integer) => KeyContent::Pkcs1,
        Some(Tag::OctetString) => KeyContent::Sec1,
        _ => KeyContent::Pkcs8,
    })
}

/// Reads PKCS #8, PKCS #1 or SEC 1.
fn decode_der(der: &[u8], curve: Option<&[u8]>) -> Result<KeyDocument, KeyError> {
    match content_of(der)? {
        KeyContent::Pkcs1 => KeyDocument::from_pkcs1(der),
        KeyContent::Sec1 => KeyDocument::from_sec1(der, curve),
        KeyContent::Pkcs8 | KeyContent::Encrypted => KeyDocument::from_pkcs8(der),
    }
}

fn decrypt(der: &[u8], password: Option<&str>, effort: &mut Effort) -> Result<KeyDocument, KeyError> {
    // Report an unreadable key before prompting for a password.
    let key = EncryptedKey::from_der(der)?;
    key.decrypt(&Password::new(password.ok_or(KeyError::Encrypted)?), effort)
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
        for algorithm in [
            KeyAlgorithm::Rsa(RsaBits::B2048),
            KeyAlgorithm::P256,
            KeyAlgorithm::P521,
        ] {
            let key = PrivateKey::generate(algorithm).expect("generate");
            for format in [KeyFormat::Pkcs8, KeyFormat::Traditional] {
                let text = encode_private_key(&key, format).expect("encode");
                let again = decode_private_key(text.as_bytes(), None).expect("decode");
                assert_eq!(
                    again.public_key().spki(),
                    key.public_key().spki(),
                    "{algorithm} {format:?}"
                );
            }
        }
    }

    #[test]
    fn ed25519_has_no_traditional_form() {
        let key = PrivateKey::generate(KeyAlgorithm::Ed25519).expect("generate");
        assert!(matches!(
            encode_private_key(&key, KeyFormat::Traditional),
            Err(KeyError::NoTraditionalForm { .. })
        ));
    }

    #[test]
    fn encrypted_key_opens_with_its_password_only() {
        let key = PrivateKey::generate(KeyAlgorithm::P256).expect("generate");
        let text = KeyDocument::from(&key)
            .to_encrypted_pem("right", &mut no_random)
            .expect("encrypt");
        assert!(is_encrypted_key_file(text.as_bytes()));
        assert!(matches!(
            decode_private_key(text.as_bytes(), None),
            Err(KeyError::Encrypted)
        ));
        assert!(matches!(
            decode_private_key(text.as_bytes(), Some("wrong")),
            Err(KeyError::WrongPassword)
        ));
        let again = decode_private_key(text.as_bytes(), Some("right")).expect("decrypt");
        assert_eq!(again.public_key().spki(), key.public_key().spki());
    }

    #[test]
    fn what_is_there_instead_of_a_key_is_named() {
        let certificate = pem::encode(pem::CERTIFICATE, b"x");
        let error = decode_private_key(certificate.as_bytes(), None)
            .err()
            .expect("no key");
        assert_eq!(error.to_string(), "it contains no private key: only CERTIFICATE");
    }
}
