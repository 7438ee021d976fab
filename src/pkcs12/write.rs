//! Writing: key, certificate and chain, encrypted and with a MAC.

use p12_keystore::{
    Certificate as BagCertificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey as BagKey, PrivateKeyChain,
};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::key::{PrivateKey, Signer};
use crate::x509::Certificate;

/// The most characters of a friendly name that gsec writes; the format has no bound, dialogues have.
pub const MAX_FRIENDLY_NAME: usize = 255;
/// Iterations under a password. The key derivation of PKCS #12 and PBKDF2 alike; OpenSSL 3 writes 2,048, Windows 2,000.
const ITERATIONS_UNDER_PASSWORD: u32 = 100_000;
/// Iterations under the empty password, where more would protect nothing.
const ITERATIONS_UNDER_EMPTY_PASSWORD: u32 = 2_048;

/// With which algorithms a PFX is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PfxEncryption {
    /// PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA256, MAC with SHA-256: OpenSSL, Java 8u301 and later, NSS, GnuTLS,
    /// Windows Server 2019 and later, macOS 15 and later.
    #[default]
    Modern,
    /// pbeWithSHAAnd3-KeyTripleDES-CBC for key and certificates, MAC with SHA-1: everything, Windows Server 2008 to 2016
    /// included; OpenSSL 3 reads it without its legacy provider.
    Compat,
}

impl PfxEncryption {
    /// The name that `--pfx-encryption` takes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Modern => "modern",
            Self::Compat => "compat",
        }
    }
}

/// What goes into a PFX.
pub struct PfxContent<'a> {
    /// The private key.
    pub key: &'a PrivateKey,
    /// The certificate of that key, then intermediates, then the root.
    pub certificates: &'a [&'a Certificate],
    /// The name that dialogues show, and Java's alias.
    pub friendly_name: &'a str,
}

/// What can be wrong with writing a PFX.
#[derive(Debug, Error)]
pub enum Pkcs12Error {
    /// A friendly name is a BMPString: no characters beyond U+FFFF (RFC 2985 §5.5.1).
    #[error("the friendly name has a character that PKCS #12 cannot hold: `{0}`")]
    FriendlyName(String),
    /// A friendly name that is empty or too long.
    #[error("the friendly name has {0} characters, and 1 to {MAX_FRIENDLY_NAME} are wanted")]
    FriendlyNameLength(usize),
    /// Passwords are BMPStrings too.
    #[error("the password has a character beyond U+FFFF, which PKCS #12 cannot hold")]
    Password,
    /// Encoding failed.
    #[error("cannot encode the PKCS #12 file: {0}")]
    Encoding(String),
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
    match name.chars().find(|character| is_beyond_bmp(*character) || character.is_control()) {
        Some(bad) => Err(Pkcs12Error::FriendlyName(crate::encoding::visible::visible(&bad.to_string()))),
        None => Ok(()),
    }
}

fn is_beyond_bmp(character: char) -> bool {
    u32::from(character) > 0xffff
}

/// Encodes a PFX with a MAC. The empty password is two zero octets in MAC and PBES1 (RFC 7292 B.1), which everything
/// reads; the other encoding of it, no octets at all, some do not.
///
/// # Errors
/// [`Pkcs12Error`], as its variants say.
pub fn encode_pfx(content: &PfxContent<'_>, password: &str, encryption: PfxEncryption) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error> {
    check_friendly_name(content.friendly_name)?;
    if password.chars().any(is_beyond_bmp) {
        return Err(Pkcs12Error::Password);
    }
    let failed = |error: p12_keystore::error::Error| Pkcs12Error::Encoding(error.to_string());
    let certificates = content.certificates.iter().map(|certificate| BagCertificate::from_der(certificate.der()));
    let certificates = certificates.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let key = BagKey::from_der(content.key.pkcs8()).map_err(failed)?;
    let local_key_id = content.key.public_key().key_identifier().to_vec();
    let mut store = KeyStore::new();
    store.add_entry(content.friendly_name, KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new(local_key_id, key, certificates)));
    let iterations = if password.is_empty() { ITERATIONS_UNDER_EMPTY_PASSWORD } else { ITERATIONS_UNDER_PASSWORD };
    let (scheme, mac) = match encryption {
        PfxEncryption::Modern => (EncryptionAlgorithm::PbeWithHmacSha256AndAes256, MacAlgorithm::HmacSha256),
        PfxEncryption::Compat => (EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc, MacAlgorithm::HmacSha1),
    };
    let writer = store.writer(password).encryption_algorithm(scheme).encryption_iterations(iterations);
    let encoded = writer.mac_algorithm(mac).mac_iterations(iterations).write().map_err(failed)?;
    Ok(Zeroizing::new(encoded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn friendly_names_that_the_format_cannot_hold() {
        assert!(check_friendly_name("db1.example.com").is_ok());
        assert!(check_friendly_name("Zürich").is_ok());
        assert!(matches!(check_friendly_name("a\u{1f600}"), Err(Pkcs12Error::FriendlyName(_))));
        assert!(matches!(check_friendly_name("a\u{1b}[m"), Err(Pkcs12Error::FriendlyName(_))));
        assert!(matches!(check_friendly_name(""), Err(Pkcs12Error::FriendlyNameLength(0))));
    }
}
