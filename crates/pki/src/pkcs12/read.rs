//! Reads what OpenSSL, Java, NSS, GnuTLS, Windows and BouncyCastle write.
//!
//! First the outer structure is converted to DER, then the MAC is verified over the bytes exactly as in the file, and only
//! then the contents are decoded. A damaged file, or one with another password, gets no further.

use der::asn1::{AnyRef, OctetStringRef};
use der::oid::ObjectIdentifier;
use der::{Decode, Encode, Tag, Tagged};
use thiserror::Error;
use zeroize::Zeroizing;

use super::outline::{BagFacts, Content, ContentInfo, MacData, Pfx, SafeBag, TypedBag, each};
use super::structure::{CERT_BAG, SHROUDED_KEY_BAG, VERSION, X509_CERTIFICATE};
use super::{PassedOver, is_password_for_java};
use crate::encoding::ber::{self, BerError};
use crate::key::{EncryptedKey, KeyDocument, KeyError};
use crate::pbe::{Effort, EncryptionScheme, MacScheme, Password, PbeError};
use crate::x509::{Certificate, CertificateError};

const KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.1");
const CRL_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.4");
const SECRET_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.5");
const SAFE_CONTENTS_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.6");
const X509_CRL: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.23.1");
/// The identifier of a SEQUENCE.
const SEQUENCE: u8 = 0x30;
/// SafeContents, for messages.
const BAGS: &str = "a list of keys and certificates";
/// Maximum nesting of SafeContents; no known program nests them deeper than 1.
const MAX_SAFE_NESTING: usize = 8;

/// The most private keys that are read from one file: each is checked, which takes milliseconds.
pub const MAX_KEYS: usize = 1_000;
/// The most certificates that are read from one file; all trust stores together have some hundreds.
pub const MAX_CERTIFICATES: usize = 10_000;

/// A key in a PFX.
pub struct PfxKey {
    /// The key.
    pub key: KeyDocument,
    /// Its attributes.
    pub facts: BagFacts,
    /// How it is encrypted by itself; `None` for a key that is not, though its safe may be.
    pub encryption: Option<EncryptionScheme>,
}

/// A certificate in a PFX.
pub struct PfxCertificate {
    /// The certificate.
    pub certificate: Certificate,
    /// Its attributes.
    pub facts: BagFacts,
    /// Encryption of the safe that contains it.
    pub encryption: Option<EncryptionScheme>,
}

/// Everything in a PFX.
pub struct PfxContents {
    /// Whether the password that opened it is one that Java takes.
    pub password_suits_java: bool,
    /// The MAC; `None` if the file has none.
    pub mac: Option<MacScheme>,
    /// The keys, in file order.
    pub keys: Vec<PfxKey>,
    /// The certificates, in file order.
    pub certificates: Vec<PfxCertificate>,
    /// Whether a certificate comes before the first key.
    pub begins_with_certificate: bool,
    /// CRLs, DER.
    pub crls: Vec<Vec<u8>>,
    /// What else is in it.
    pub others: PassedOver,
}

/// What can be wrong with a PFX that is read.
#[derive(Debug, Error)]
pub enum PfxReadError {
    /// The MAC does not fit; a wrong password and damage look alike.
    #[error("wrong password, or the file is damaged: its MAC ({mac}) does not match")]
    MacMismatch {
        /// The MAC, with its algorithms.
        mac: String,
    },
    /// Without a MAC, and the encrypted part does not decrypt.
    #[error(
        "wrong password, or the file is damaged: it has no MAC, and {part} ({scheme}) cannot be decrypted"
    )]
    NotDecrypted {
        /// What does not decrypt.
        part: &'static str,
        /// With which algorithms it is encrypted.
        scheme: String,
    },
    /// The MAC fits, and a part does not decrypt: it has another password.
    #[error(
        "the password matches the MAC, but cannot decrypt {part} ({scheme}): that part has a separate \
         password, or the file is damaged"
    )]
    SecondPassword {
        /// What does not decrypt.
        part: &'static str,
        /// With which algorithms it is encrypted.
        scheme: String,
    },
    /// Not even BER.
    #[error("it is not a PKCS #12 file, or damaged: {0}")]
    Encoding(#[from] BerError),
    /// Not the structure of RFC 7292.
    #[error("it is not a PKCS #12 file, or damaged: {part} is malformed: {problem}")]
    Structure {
        /// Which part.
        part: &'static str,
        /// What the decoder says.
        problem: String,
    },
    /// More keys or certificates than gsec reads.
    #[error("it contains more than {bound} {what}, the most that gsec reads from one file")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The bound.
        bound: usize,
    },
    /// A version other than 3.
    #[error("it is PKCS #12 version {0}, and only version 3 exists")]
    Version(String),
    /// Protected in a way that gsec does not read, or that would be too much work.
    #[error("{part}: {source}")]
    Protection {
        /// Which part.
        part: &'static str,
        /// Why not.
        source: PbeError,
    },
    /// A key in it.
    #[error("a key in it: {0}")]
    Key(KeyError),
    /// A certificate in it.
    #[error("a certificate in it: {0}")]
    Certificate(#[from] CertificateError),
}

impl PfxReadError {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MacMismatch { .. } | Self::NotDecrypted { .. } => "pkcs12.wrong_password",
            Self::SecondPassword { .. } => "pkcs12.second_password",
            Self::Encoding(_) | Self::Structure { .. } | Self::Version(_) => "pkcs12.damaged",
            Self::TooMany { .. } => "pkcs12.too_many",
            Self::Protection { source, .. } => source.code(),
            Self::Key(error) => error.code(),
            Self::Certificate(error) => error.code(),
        }
    }

    /// Whether another password might help.
    pub fn is_wrong_password(&self) -> bool {
        matches!(self, Self::MacMismatch { .. } | Self::NotDecrypted { .. })
    }
}

/// Reads a PFX. `password` is for the MAC and for everything encrypted; all encodings of it that programs use are tried.
///
/// # Errors
/// [`PfxReadError`]: what is wrong, where, and with which algorithms.
pub fn decode_pfx(bytes: &[u8], password: &str) -> Result<PfxContents, PfxReadError> {
    let outside = ber::to_der(bytes)?;
    let pfx = Pfx::from_der(&outside).map_err(in_part("the outermost structure"))?;
    if pfx.version.tag() != Tag::Integer || pfx.version.value() != [VERSION] {
        return Err(PfxReadError::Version(integer_in_words(pfx.version.value())));
    }
    let authenticated = match pfx
        .authenticated_safe
        .open()
        .map_err(in_part("the outermost content"))?
    {
        Content::Data(content) => content,
        Content::Encrypted { .. } => {
            return Err(unsupported(
                "the whole file",
                "encryption as a whole (encryptedData)".into(),
            ));
        }
        Content::Other(what) => return Err(unsupported("the whole file", what)),
    };
    let mut reader = Reader {
        password: Password::new(password),
        effort: Effort::new(),
        contents: PfxContents::empty(is_password_for_java(password)),
    };
    reader.contents.mac = pfx
        .mac
        .as_ref()
        .map(|mac| reader.check_mac(mac, authenticated))
        .transpose()?;
    let safes = ber::to_der(authenticated)?;
    let list = sequence(&safes, "the list of its parts")?;
    each(list, |safe: ContentInfo<'_>| {
        reader.read_safe(&safe).map_err(Stop::Because)
    })
    .map_err(|stop| stop.in_part("the list of its parts"))?;
    Ok(reader.contents)
}

/// The content of an INTEGER as a number (X.690 §8.3), as far as people can read one.
fn integer_in_words(content: &[u8]) -> String {
    const MOST: usize = 8;
    if content.is_empty() || content.len() > MOST {
        return format!("of {} bytes", content.len());
    }
    let start = if content[0] & 0x80 == 0 { 0 } else { -1 };
    content
        .iter()
        .fold(start, |number: i64, byte| number << 8 | i64::from(*byte))
        .to_string()
}

struct Reader<'a> {
    password: Password<'a>,
    effort: Effort,
    contents: PfxContents,
}

impl PfxContents {
    fn empty(password_suits_java: bool) -> Self {
        Self {
            password_suits_java,
            mac: None,
            keys: Vec::new(),
            certificates: Vec::new(),
            begins_with_certificate: false,
            crls: Vec::new(),
            others: PassedOver::default(),
        }
    }
}

impl Reader<'_> {
    fn check_mac(&mut self, data: &MacData<'_>, content: &[u8]) -> Result<MacScheme, PfxReadError> {
        const PART: &str = "its MAC";
        let algorithm = data.mac.algorithm.to_der().map_err(in_part(PART))?;
        let iterations = data
            .iterations
            .map(|any| any.to_der())
            .transpose()
            .map_err(in_part(PART))?;
        let scheme = MacScheme::from_algorithm(&algorithm, data.salt.as_bytes(), iterations.as_deref())
            .map_err(protection(PART))?;
        match scheme.verify(
            &self.password,
            content,
            data.mac.digest.as_bytes(),
            &mut self.effort,
        ) {
            Ok(()) => Ok(scheme),
            Err(PbeError::WrongPassword) => Err(PfxReadError::MacMismatch {
                mac: scheme.to_string(),
            }),
            Err(source) => Err(PfxReadError::Protection { part: PART, source }),
        }
    }

    fn read_safe(&mut self, safe: &ContentInfo<'_>) -> Result<(), PfxReadError> {
        const PART: &str = "an encrypted part";
        match safe.open().map_err(in_part("one of its parts"))? {
            Content::Data(contents) => self.read_contents(contents, None),
            Content::Other(what) => Err(unsupported("one of its parts", what)),
            Content::Encrypted { algorithm, content } => {
                let scheme = EncryptionScheme::from_algorithm(&algorithm).map_err(protection(PART))?;
                let is_sequence =
                    |plain: &[u8]| plain.first() == Some(&SEQUENCE) && ber::to_der(plain).is_ok();
                let plain = scheme.decrypt(&self.password, &content, &mut self.effort, &is_sequence);
                let plain = plain.map_err(|error| self.not_decrypted(PART, &scheme, error))?;
                self.read_contents(&plain, Some(&scheme))
            }
        }
    }

    fn read_contents(
        &mut self,
        contents: &[u8],
        encryption: Option<&EncryptionScheme>,
    ) -> Result<(), PfxReadError> {
        let der = ber::to_der(contents)?;
        self.read_bags(sequence(&der, BAGS)?, encryption, 1)
    }

    /// Reads bags that lie one after another, already in DER.
    fn read_bags(
        &mut self,
        bags: &[u8],
        encryption: Option<&EncryptionScheme>,
        depth: usize,
    ) -> Result<(), PfxReadError> {
        let read = each(bags, |bag: SafeBag<'_>| {
            self.read_bag(&bag, encryption, depth).map_err(Stop::Because)
        });
        read.map_err(|stop| stop.in_part(BAGS))
    }

    fn read_bag(
        &mut self,
        bag: &SafeBag<'_>,
        encryption: Option<&EncryptionScheme>,
        depth: usize,
    ) -> Result<(), PfxReadError> {
        let facts = bag.facts().map_err(in_part("the attributes of a bag"))?;
        let der = || bag.value.to_der().map(Zeroizing::new).map_err(in_part("a bag"));
        match bag.kind {
            KEY_BAG => {
                let key = KeyDocument::from_pkcs8(&der()?).map_err(PfxReadError::Key)?;
                self.add_key(PfxKey {
                    key,
                    facts,
                    encryption: encryption.cloned(),
                })
            }
            SHROUDED_KEY_BAG => {
                let (key, scheme) = self.open_key(&der()?)?;
                self.add_key(PfxKey {
                    key,
                    facts,
                    encryption: Some(scheme),
                })
            }
            CERT_BAG => self.read_certificate(&der()?, facts, encryption),
            CRL_BAG => {
                let der = der()?;
                let typed = TypedBag::from_der(&der).map_err(in_part("a CRL"))?;
                match typed.kind {
                    X509_CRL => self.contents.crls.push(bytes_of(&typed, "a CRL")?),
                    other => self.contents.others.add(&format!("a CRL of type {other}")),
                }
                bounded("CRLs", self.contents.crls.len(), MAX_CERTIFICATES)
            }
            SECRET_BAG => {
                let der = der()?;
                let typed = TypedBag::from_der(&der).map_err(in_part("a secret"))?;
                self.contents
                    .others
                    .add(&format!("a secret of type {}", typed.kind));
                Ok(())
            }
            SAFE_CONTENTS_BAG if depth < MAX_SAFE_NESTING => {
                self.read_bags(bag.value.value(), encryption, depth + 1)
            }
            SAFE_CONTENTS_BAG => {
                let problem = format!("more than {MAX_SAFE_NESTING} are nested in one another");
                Err(PfxReadError::Structure { part: BAGS, problem })
            }
            other => {
                self.contents.others.add(&format!("a bag of type {other}"));
                Ok(())
            }
        }
    }

    fn add_key(&mut self, key: PfxKey) -> Result<(), PfxReadError> {
        self.contents.keys.push(key);
        bounded("private keys", self.contents.keys.len(), MAX_KEYS)
    }

    fn open_key(&mut self, value: &[u8]) -> Result<(KeyDocument, EncryptionScheme), PfxReadError> {
        const PART: &str = "its private key";
        let key_error = |error| match error {
            KeyError::EncryptionUnsupported { scheme } => PfxReadError::Protection {
                part: PART,
                source: PbeError::Unsupported(scheme),
            },
            KeyError::Protection(source) => PfxReadError::Protection { part: PART, source },
            other => PfxReadError::Key(other),
        };
        let encrypted = EncryptedKey::from_der(value).map_err(key_error)?;
        match encrypted.decrypt(&self.password, &mut self.effort) {
            Ok(key) => Ok((key, encrypted.scheme().clone())),
            Err(KeyError::WrongPassword) => {
                Err(self.not_decrypted(PART, encrypted.scheme(), PbeError::WrongPassword))
            }
            Err(error) => Err(key_error(error)),
        }
    }

    fn read_certificate(
        &mut self,
        value: &[u8],
        facts: BagFacts,
        encryption: Option<&EncryptionScheme>,
    ) -> Result<(), PfxReadError> {
        let typed = TypedBag::from_der(value).map_err(in_part("a certificate"))?;
        if typed.kind != X509_CERTIFICATE {
            self.contents
                .others
                .add(&format!("a certificate of type {}", typed.kind));
            return Ok(());
        }
        let certificate = Certificate::from_der(&bytes_of(&typed, "a certificate")?)?;
        self.contents.begins_with_certificate |= self.contents.keys.is_empty();
        self.contents.certificates.push(PfxCertificate {
            certificate,
            facts,
            encryption: encryption.cloned(),
        });
        bounded("certificates", self.contents.certificates.len(), MAX_CERTIFICATES)
    }

    fn not_decrypted(&self, part: &'static str, scheme: &EncryptionScheme, error: PbeError) -> PfxReadError {
        let scheme = scheme.to_string();
        match error {
            PbeError::WrongPassword if self.contents.mac.is_some() => {
                PfxReadError::SecondPassword { part, scheme }
            }
            PbeError::WrongPassword => PfxReadError::NotDecrypted { part, scheme },
            source => PfxReadError::Protection { part, source },
        }
    }
}

/// What ends the reading of a list: its own encoding, or something in one of its elements.
enum Stop {
    Encoding(der::Error),
    Because(PfxReadError),
}

impl From<der::Error> for Stop {
    fn from(error: der::Error) -> Self {
        Self::Encoding(error)
    }
}

impl Stop {
    fn in_part(self, part: &'static str) -> PfxReadError {
        match self {
            Self::Encoding(error) => in_part(part)(error),
            Self::Because(error) => error,
        }
    }
}

/// The content of a SEQUENCE.
fn sequence<'a>(der: &'a [u8], part: &'static str) -> Result<&'a [u8], PfxReadError> {
    let any = AnyRef::from_der(der).map_err(in_part(part))?;
    any.tag().assert_eq(Tag::Sequence).map_err(in_part(part))?;
    Ok(any.value())
}

fn bounded(what: &'static str, count: usize, bound: usize) -> Result<(), PfxReadError> {
    if count > bound {
        Err(PfxReadError::TooMany { what, bound })
    } else {
        Ok(())
    }
}

fn bytes_of(bag: &TypedBag<'_>, part: &'static str) -> Result<Vec<u8>, PfxReadError> {
    Ok(bag
        .value
        .decode_as::<&OctetStringRef>()
        .map_err(in_part(part))?
        .as_bytes()
        .to_vec())
}

fn in_part(part: &'static str) -> impl Fn(der::Error) -> PfxReadError {
    move |error| PfxReadError::Structure {
        part,
        problem: error.to_string(),
    }
}

fn protection(part: &'static str) -> impl Fn(PbeError) -> PfxReadError {
    move |source| PfxReadError::Protection { part, source }
}

fn unsupported(part: &'static str, what: String) -> PfxReadError {
    PfxReadError::Protection {
        part,
        source: PbeError::Unsupported(what),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{KeyAlgorithm, PrivateKey};
    use crate::pkcs12::{PfxContent, PfxEncryption, encode_pfx};

    fn key() -> KeyDocument {
        KeyDocument::from(&PrivateKey::generate(KeyAlgorithm::P256).expect("key"))
    }

    fn certificate(name: &str) -> Certificate {
        let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).expect("certificate");
        Certificate::from_der(made.cert.der()).expect("DER")
    }

    fn pfx(
        key: &KeyDocument,
        certificate: &Certificate,
        password: &str,
        encryption: PfxEncryption,
    ) -> Zeroizing<Vec<u8>> {
        let content = PfxContent::KeyAndChain {
            key,
            certificates: &[certificate],
            friendly_name: "Zürich 1",
        };
        encode_pfx(&content, password, encryption, &mut |out| out.fill(7)).expect("encode")
    }

    #[test]
    fn what_is_written_is_read_back() {
        let (key, certificate) = (key(), certificate("db1.example.com"));
        for encryption in [PfxEncryption::Modern, PfxEncryption::Compat] {
            let contents = decode_pfx(&pfx(&key, &certificate, "", encryption), "").expect("own PFX");
            assert_eq!(contents.keys[0].key.pkcs8(), key.pkcs8());
            assert_eq!(contents.certificates[0].certificate, certificate);
            assert_eq!(contents.keys[0].facts.friendly_name.as_deref(), Some("Zürich 1"));
            assert_eq!(
                contents.keys[0].facts.local_key_id,
                contents.certificates[0].facts.local_key_id
            );
        }
    }

    #[test]
    fn another_password_is_told_with_the_algorithms_of_the_mac() {
        let error = decode_pfx(
            &pfx(&key(), &certificate("db1.example.com"), "", PfxEncryption::Modern),
            "another",
        )
        .err()
        .expect("wrong");
        assert!(error.is_wrong_password());
        let expected = "wrong password, or the file is damaged: its MAC (HMAC-SHA-256, PKCS #12 key \
         derivation, 2048 iterations) does not match";
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn trusted_certificates_are_marked_as_java_wants_them() {
        let (one, two) = (certificate("one.example.com"), certificate("two.example.com"));
        let content = PfxContent::TrustStore {
            certificates: &[(&one, "one".into()), (&two, "two".into())],
        };
        let pfx = encode_pfx(&content, "", PfxEncryption::Modern, &mut |out| out.fill(7)).expect("encode");
        let contents = decode_pfx(&pfx, "").expect("own PFX");
        let names: Vec<_> = contents
            .certificates
            .iter()
            .map(|found| (found.facts.is_trusted, found.facts.friendly_name.clone()))
            .collect();
        assert_eq!(names, [(true, Some("one".into())), (true, Some("two".into()))]);
        assert!(contents.keys.is_empty());
    }

    #[test]
    fn version_and_kind_of_integrity_are_named() {
        let version_2 = [
            0x30, 15, 2, 1, 2, 0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7,
        ];
        assert!(matches!(decode_pfx(&version_2, ""), Err(PfxReadError::Version(found)) if found == "2"));
        let negative = [&version_2[..4], &[0xff], &version_2[5..]].concat();
        assert!(matches!(decode_pfx(&negative, ""), Err(PfxReadError::Version(found)) if found == "-1"));
        let signed = [&[
            0x30, 20, 2, 1, 3, 0x30, 15, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2, 0xa0, 2, 0x30, 0,
        ][..]]
        .concat();
        let error = decode_pfx(&signed, "").err().expect("signed");
        assert!(error.to_string().contains("signedData"), "{error}");
    }
}
