//! With what a PFX is encrypted and authenticated when gsec writes it.

use crate::pbe::{Digest, EncryptionScheme, MacScheme, Password, PbeError};

use super::structure::{Encrypted, Mac};

/// As OpenSSL 3 writes; RFC 8018 §4.1 asks for 8 at the least.
const PBES2_SALT_OCTETS: usize = 16;
const AES_IV_OCTETS: usize = 16;
/// What every old reader expects.
const PKCS12_SALT_OCTETS: usize = 8;

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
    pub(super) password: Password<'a>,
    pub(super) encryption: PfxEncryption,
    pub(super) iterations: u32,
    pub(super) random: &'a mut dyn FnMut(&mut [u8]),
}

impl Protector<'_> {
    pub(super) fn encrypt(&mut self, plain: &[u8]) -> Result<Encrypted, PbeError> {
        let scheme = self.scheme();
        Ok(Encrypted { algorithm: scheme.algorithm_der()?, content: scheme.encrypt(&self.password, plain)? })
    }

    fn scheme(&mut self) -> EncryptionScheme {
        match self.encryption {
            PfxEncryption::Modern => {
                let salt = self.draw::<PBES2_SALT_OCTETS>();
                EncryptionScheme::modern(self.iterations, &salt, self.draw::<AES_IV_OCTETS>())
            }
            PfxEncryption::Compat => EncryptionScheme::compat(self.iterations, &self.draw::<PKCS12_SALT_OCTETS>()),
        }
    }

    /// The MAC over the encoded AuthenticatedSafe, RFC 7292 §4 and Appendix B.
    pub(super) fn authenticate(&mut self, content: &[u8]) -> Result<Mac, PbeError> {
        let digest = match self.encryption {
            PfxEncryption::Modern => Digest::Sha256,
            PfxEncryption::Compat => Digest::Sha1,
        };
        let scheme = MacScheme::pkcs12(digest, &self.draw::<PKCS12_SALT_OCTETS>(), self.iterations);
        Ok(Mac {
            digest_algorithm: scheme.algorithm_der()?,
            value: scheme.authenticate(&self.password, content)?,
            salt: scheme.salt().to_vec(),
            iterations: self.iterations,
        })
    }

    fn draw<const N: usize>(&mut self) -> [u8; N] {
        let mut octets = [0; N];
        (self.random)(&mut octets);
        octets
    }
}
