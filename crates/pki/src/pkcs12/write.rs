//! Writing: key, certificate and chain, encrypted and with a MAC.

use der::Encode;
use thiserror::Error;
use zeroize::Zeroizing;

use super::protection::{PfxEncryption, Protector};
use super::structure::{self, BagAttributes, ContentInfo, SafeBag};
use crate::key::KeyDocument;
use crate::pbe::{Password, PbeError};
use crate::x509::Certificate;

/// Maximum length of a friendly name that gsec writes, in characters; the format has no limit, but dialogs do.
pub const MAX_FRIENDLY_NAME: usize = 255;
/// Iterations under a password. The key derivation of PKCS #12 and PBKDF2 alike; OpenSSL 3 writes 2,048, Windows 2,000.
const ITERATIONS_UNDER_PASSWORD: u32 = 100_000;
/// Iterations under the empty password, where more would protect nothing.
const ITERATIONS_UNDER_EMPTY_PASSWORD: u32 = 2_048;

/// What goes into a PFX.
pub enum PfxContent<'a> {
    /// A key with its certificates.
    KeyAndChain {
        /// The private key.
        key: &'a KeyDocument,
        /// The certificate of that key, then intermediates, then the root.
        certificates: &'a [&'a Certificate],
        /// The name that dialogues show, and Java's alias.
        friendly_name: &'a str,
    },
    /// Certificates without a key, which Java takes as trusted entries.
    TrustStore {
        /// Each certificate under its friendly name, which is Java's alias and so must be there once only.
        certificates: &'a [(&'a Certificate, String)],
    },
}

/// What can be wrong with writing a PFX.
#[derive(Debug, Error)]
pub enum Pkcs12Error {
    /// A friendly name is a BMPString: no characters beyond U+FFFF (RFC 2985 §5.5.1).
    #[error("the friendly name contains a character that PKCS #12 cannot represent: `{0}`")]
    FriendlyName(String),
    /// A friendly name that is empty or too long.
    #[error("the friendly name has {0} characters, and must have 1 to {MAX_FRIENDLY_NAME}")]
    FriendlyNameLength(usize),
    /// Passwords are BMPStrings too.
    #[error("the password contains a character beyond U+FFFF, which PKCS #12 cannot represent")]
    Password,
    /// Encoding failed.
    #[error("cannot encode the PKCS #12 file: {0}")]
    Encoding(String),
}

impl From<der::Error> for Pkcs12Error {
    fn from(error: der::Error) -> Self {
        Self::Encoding(error.to_string())
    }
}

impl From<PbeError> for Pkcs12Error {
    fn from(error: PbeError) -> Self {
        Self::Encoding(error.to_string())
    }
}

impl Pkcs12Error {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::FriendlyName(_) | Self::FriendlyNameLength(_) => "pkcs12.friendly_name",
            Self::Password => "pkcs12.password",
            Self::Encoding(_) => "pkcs12.encoding",
        }
    }
}

/// Checks a friendly name before anything is issued.
///
/// # Errors
/// [`Pkcs12Error::FriendlyName`], [`Pkcs12Error::FriendlyNameLength`].
pub fn check_friendly_name(name: &str) -> Result<(), Pkcs12Error> {
    let count = name.chars().count();
    if count == 0 || count > MAX_FRIENDLY_NAME {
        return Err(Pkcs12Error::FriendlyNameLength(count));
    }
    match name
        .chars()
        .find(|character| is_beyond_bmp(*character) || character.is_control())
    {
        Some(bad) => Err(Pkcs12Error::FriendlyName(crate::encoding::visible::visible(
            &bad.to_string(),
        ))),
        None => Ok(()),
    }
}

/// Checks a password before anything is issued.
///
/// # Errors
/// [`Pkcs12Error::Password`].
pub fn check_password(password: &str) -> Result<(), Pkcs12Error> {
    if password.chars().any(is_beyond_bmp) {
        Err(Pkcs12Error::Password)
    } else {
        Ok(())
    }
}

/// Whether Java opens a PFX under this password: its key derivation takes printable ASCII only, and calls any other
/// password wrong.
pub fn is_password_for_java(password: &str) -> bool {
    password.chars().all(|character| (' '..='~').contains(&character))
}

fn is_beyond_bmp(character: char) -> bool {
    u32::from(character) > 0xffff
}

/// Encodes a PFX with a MAC. The empty password is encoded as two zero bytes in MAC and PBES1 (RFC 7292 B.1), which every
/// program reads; the other encoding, zero bytes in length, is not universally supported. `random` fills salts.
///
/// Both the key and its certificate get the friendly name and the local key identifier: Windows shows the certificate's
/// name, Java uses the key's as alias, and both match key and certificate by the identifier.
///
/// # Errors
/// [`Pkcs12Error`], as its variants say.
pub fn encode_pfx(
    content: &PfxContent<'_>,
    password: &str,
    encryption: PfxEncryption,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error> {
    check_password(password)?;
    content.friendly_names().try_for_each(check_friendly_name)?;
    let iterations = if password.is_empty() {
        ITERATIONS_UNDER_EMPTY_PASSWORD
    } else {
        ITERATIONS_UNDER_PASSWORD
    };
    let mut protector = Protector::new(Password::new(password), encryption, iterations, random);
    let certificates = protector.encrypt(&content.certificate_bags()?)?;
    let mut safes = vec![ContentInfo::encrypted(&certificates)?];
    if let PfxContent::KeyAndChain {
        key,
        certificates: [certificate, ..],
        friendly_name,
    } = content
    {
        let encrypted = protector.encrypt(key.pkcs8())?;
        let local_key_id = certificate.public_key().key_identifier();
        let attributes = BagAttributes {
            friendly_name: Some(friendly_name),
            local_key_id: Some(&local_key_id),
            is_trusted: false,
        };
        safes.push(ContentInfo::data(
            &vec![SafeBag::shrouded_key(&encrypted, &attributes)?].to_der()?,
        )?);
    }
    let safe = safes.to_der()?;
    let mac = protector.authenticate(&safe)?;
    Ok(Zeroizing::new(structure::encode_pfx(&safe, &mac)?))
}

impl PfxContent<'_> {
    fn friendly_names(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        match self {
            Self::KeyAndChain { friendly_name, .. } => Box::new(std::iter::once(*friendly_name)),
            Self::TrustStore { certificates } => Box::new(certificates.iter().map(|(_, name)| name.as_str())),
        }
    }

    /// SafeContents with the certificates, the key's own first.
    fn certificate_bags(&self) -> Result<Vec<u8>, der::Error> {
        match self {
            Self::KeyAndChain {
                certificates,
                friendly_name,
                ..
            } => {
                let bag = |(index, certificate): (usize, &&Certificate)| {
                    let local_key_id = certificate.public_key().key_identifier();
                    let attributes = match index {
                        0 => BagAttributes {
                            friendly_name: Some(friendly_name),
                            local_key_id: Some(&local_key_id),
                            is_trusted: false,
                        },
                        _ => BagAttributes::default(),
                    };
                    SafeBag::certificate(certificate.der(), &attributes)
                };
                certificates
                    .iter()
                    .enumerate()
                    .map(bag)
                    .collect::<Result<Vec<_>, _>>()?
                    .to_der()
            }
            Self::TrustStore { certificates } => {
                let bag = |(certificate, name): &(&Certificate, String)| {
                    SafeBag::certificate(
                        certificate.der(),
                        &BagAttributes {
                            friendly_name: Some(name),
                            local_key_id: None,
                            is_trusted: true,
                        },
                    )
                };
                certificates
                    .iter()
                    .map(bag)
                    .collect::<Result<Vec<_>, _>>()?
                    .to_der()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
    use time::macros::datetime;

    use super::*;
    use crate::key::{KeyAlgorithm, PrivateKey, Signer};
    use crate::x509::{
        AuthorityExtensions, DistinguishedName, IssueTemplate, Issuer, NameParts, Role, SerialNumber,
        Validity, issue,
    };

    fn self_signed() -> (PrivateKey, Certificate) {
        let key = PrivateKey::generate(KeyAlgorithm::P256).expect("key");
        let name = DistinguishedName::build(&NameParts::default()).expect("name");
        let template = IssueTemplate {
            serial: &SerialNumber::one(),
            validity: Validity::new(
                datetime!(2026-01-01 00:00:00 UTC),
                datetime!(2027-01-01 00:00:00 UTC),
            )
            .expect("validity"),
            subject: &name,
            public_key: key.public_key(),
            names: &[],
            role: Role::Authority(AuthorityExtensions::of_root(None, None)),
        };
        let certificate = issue(
            &template,
            &Issuer {
                name: &name,
                key_identifier: None,
                key: &key,
            },
        )
        .expect("issue");
        (key, certificate)
    }

    #[test]
    fn an_independent_reader_finds_key_and_certificate_under_the_friendly_name() {
        let (key, certificate) = self_signed();
        let document = KeyDocument::from(&key);
        let content = PfxContent::KeyAndChain {
            key: &document,
            certificates: &[&certificate],
            friendly_name: "Zürich 1",
        };
        for encryption in [PfxEncryption::Modern, PfxEncryption::Compat] {
            for password in ["", "secret", "mit Blank ä"] {
                let pfx = encode_pfx(&content, password, encryption, &mut |out| out.fill(7)).expect("encode");
                let store = KeyStore::from_pkcs12(&pfx, password, Pkcs12ImportPolicy::Strict).expect("read");
                let (alias, chain) = store.private_key_chain().expect("a key");
                assert_eq!(alias, "Zürich 1");
                assert_eq!(chain.key().as_der(), key.pkcs8());
                assert_eq!(chain.certs()[0].as_der(), certificate.der());
                assert!(KeyStore::from_pkcs12(&pfx, "another", Pkcs12ImportPolicy::Strict).is_err());
            }
        }
    }

    #[test]
    fn friendly_names_that_the_format_cannot_hold() {
        assert!(check_friendly_name("db1.example.com").is_ok());
        assert!(check_friendly_name("Zürich").is_ok());
        assert!(matches!(
            check_friendly_name("a\u{1f600}"),
            Err(Pkcs12Error::FriendlyName(_))
        ));
        assert!(matches!(
            check_friendly_name("a\u{1b}[m"),
            Err(Pkcs12Error::FriendlyName(_))
        ));
        assert!(matches!(
            check_friendly_name(""),
            Err(Pkcs12Error::FriendlyNameLength(0))
        ));
    }
}
