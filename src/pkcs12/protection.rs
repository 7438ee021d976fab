//! How the parts of a PFX are encrypted and authenticated.

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeEncrypt, KeyIvInit};
use der::asn1::{Any, Null, OctetString};
use der::oid::ObjectIdentifier;
use der::{Encode, Sequence};
use hmac::{Hmac, KeyInit, Mac as _};
use pkcs12::kdf::{Pkcs12KeyType, derive_key_utf8};
use sha1::Sha1;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::structure::{Encrypted, Mac};

/// pbeWithSHAAnd3-KeyTripleDES-CBC, RFC 7292 Appendix C.
const PBE_SHA1_3DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");
const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const TRIPLE_DES_KEY_OCTETS: usize = 24;
const TRIPLE_DES_IV_OCTETS: usize = 8;
/// As OpenSSL 3 writes; RFC 8018 §4.1 asks for 8 at the least.
const PBES2_SALT_OCTETS: usize = 16;
const AES_IV_OCTETS: usize = 16;
/// What every old reader expects.
const PBES1_SALT_OCTETS: usize = 8;
const MAC_SALT_OCTETS: usize = 8;

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

/// A password with everything that goes with it. `random` fills salts and initialisation vectors.
pub(super) struct Protector<'a> {
    pub(super) password: &'a str,
    pub(super) encryption: PfxEncryption,
    pub(super) iterations: u32,
    pub(super) random: &'a mut dyn FnMut(&mut [u8]),
}

/// Why a part could not be protected, in words.
pub(super) type Problem = String;

impl Protector<'_> {
    pub(super) fn encrypt(&mut self, plain: &[u8]) -> Result<Encrypted, Problem> {
        match self.encryption {
            PfxEncryption::Modern => self.encrypt_pbes2(plain),
            PfxEncryption::Compat => self.encrypt_triple_des(plain).map_err(|error| error.to_string()),
        }
    }

    /// PBES2, RFC 8018 §6.2; the password is taken as UTF-8 there, without any terminator.
    fn encrypt_pbes2(&mut self, plain: &[u8]) -> Result<Encrypted, Problem> {
        let salt = self.draw::<PBES2_SALT_OCTETS>();
        let iv = self.draw::<AES_IV_OCTETS>();
        let parameters = pkcs5::pbes2::Parameters::generate_pbkdf2_sha256_aes256cbc(self.iterations, &salt, iv).map_err(|error| error.to_string())?;
        let content = parameters.encrypt(self.password, plain).map_err(|error| error.to_string())?;
        let algorithm = pkcs5::EncryptionScheme::from(parameters).to_der().map_err(|error| error.to_string())?;
        Ok(Encrypted { algorithm, content })
    }

    /// PBES1 of PKCS #12, RFC 7292 Appendix B and C.
    fn encrypt_triple_des(&mut self, plain: &[u8]) -> der::Result<Encrypted> {
        let salt = self.draw::<PBES1_SALT_OCTETS>();
        let key = self.derive::<Sha1>(&salt, Pkcs12KeyType::EncryptionKey, TRIPLE_DES_KEY_OCTETS)?;
        let iv = self.derive::<Sha1>(&salt, Pkcs12KeyType::Iv, TRIPLE_DES_IV_OCTETS)?;
        let cipher = cbc::Encryptor::<des::TdesEde3>::new_from_slices(&key, &iv).map_err(|_| der::ErrorKind::Failed)?;
        let parameters = PbeParameters { salt: OctetString::new(salt)?, iterations: self.iterations };
        let algorithm = Algorithm { oid: PBE_SHA1_3DES, parameters: Any::encode_from(&parameters)? }.to_der()?;
        Ok(Encrypted { algorithm, content: cipher.encrypt_padded_vec::<Pkcs7>(plain) })
    }

    /// The MAC over the encoded AuthenticatedSafe, RFC 7292 §4 and Appendix B.
    pub(super) fn authenticate(&mut self, content: &[u8]) -> der::Result<Mac> {
        let salt = self.draw::<MAC_SALT_OCTETS>();
        let (oid, value) = match self.encryption {
            PfxEncryption::Modern => {
                let key = self.derive::<Sha256>(&salt, Pkcs12KeyType::Mac, 32)?;
                let mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| der::ErrorKind::Failed)?;
                (SHA256, mac.chain_update(content).finalize().into_bytes().to_vec())
            }
            PfxEncryption::Compat => {
                let key = self.derive::<Sha1>(&salt, Pkcs12KeyType::Mac, 20)?;
                let mac = Hmac::<Sha1>::new_from_slice(&key).map_err(|_| der::ErrorKind::Failed)?;
                (SHA1, mac.chain_update(content).finalize().into_bytes().to_vec())
            }
        };
        let digest_algorithm = Algorithm { oid, parameters: Any::encode_from(&Null)? }.to_der()?;
        Ok(Mac { digest_algorithm, value, salt: salt.to_vec(), iterations: self.iterations })
    }

    /// The key derivation of RFC 7292 B.2; it takes the password as a BMPString with two zero octets after it, so that the
    /// empty password is two zero octets.
    fn derive<D>(&self, salt: &[u8], kind: Pkcs12KeyType, octets: usize) -> der::Result<Zeroizing<Vec<u8>>>
    where
        D: sha2::Digest + sha2::digest::FixedOutputReset + sha2::digest::block_api::BlockSizeUser,
    {
        let rounds = i32::try_from(self.iterations).map_err(|_| der::ErrorKind::Overflow)?;
        derive_key_utf8::<D>(self.password, salt, kind, rounds, octets).map(Zeroizing::new)
    }

    fn draw<const N: usize>(&mut self) -> [u8; N] {
        let mut octets = [0; N];
        (self.random)(&mut octets);
        octets
    }
}

#[derive(Sequence)]
struct Algorithm {
    oid: ObjectIdentifier,
    parameters: Any,
}

#[derive(Sequence)]
struct PbeParameters {
    salt: OctetString,
    iterations: u32,
}
