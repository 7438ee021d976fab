//! With what a PFX is encrypted and authenticated when gsec writes it.

use crate::pbe::{Digest, EncryptionScheme, Encryptor, MacScheme, Password, PbeError};

use super::structure::{Encrypted, Mac};

/// As OpenSSL 3 writes; RFC 8018 §4.1 asks for 8 at the least.
const PBES2_SALT_BYTES: usize = 16;
const AES_IV_BYTES: usize = 16;
/// What every old reader expects.
const PKCS12_SALT_BYTES: usize = 8;

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
    /// Every choice.
    pub const ALL: [Self; 2] = [Self::Modern, Self::Compat];

    /// The name that `--pfx-encryption` takes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Modern => "modern",
            Self::Compat => "compat",
        }
    }
}

/// A password with everything that goes with it.
pub(super) struct Protector<'a> {
    password: Password<'a>,
    encryption: PfxEncryption,
    iterations: u32,
    /// Fills salts and initialisation vectors.
    random: &'a mut dyn FnMut(&mut [u8]),
    /// The key of the first encrypted part. One derivation is enough for a file: a second salt for the same password would
    /// not make guessing more expensive, since an attacker needs to try only one part.
    first: Option<Encryptor>,
}

impl<'a> Protector<'a> {
    pub(super) fn new(
        password: Password<'a>,
        encryption: PfxEncryption,
        iterations: u32,
        random: &'a mut dyn FnMut(&mut [u8]),
    ) -> Self {
        Self {
            password,
            encryption,
            iterations,
            random,
            first: None,
        }
    }

    pub(super) fn encrypt(&mut self, plain: &[u8]) -> Result<Encrypted, PbeError> {
        let encryptor = self.encryptor()?;
        let encrypted = Encrypted {
            algorithm: encryptor.scheme().algorithm_der()?,
            content: encryptor.encrypt(plain)?,
        };
        self.first.get_or_insert(encryptor);
        Ok(encrypted)
    }

    fn encryptor(&mut self) -> Result<Encryptor, PbeError> {
        match self.encryption {
            PfxEncryption::Modern => {
                let iv = self.draw::<AES_IV_BYTES>();
                if let Some(first) = &self.first {
                    return Ok(first.with_iv(iv));
                }
                EncryptionScheme::modern(self.iterations, &self.draw::<PBES2_SALT_BYTES>(), iv)
                    .encryptor(&self.password)
            }
            // Salt and password give the vector too, so that each content needs a salt of its own.
            PfxEncryption::Compat => {
                EncryptionScheme::compat(self.iterations, &self.draw::<PKCS12_SALT_BYTES>())
                    .encryptor(&self.password)
            }
        }
    }

    /// The MAC over the encoded AuthenticatedSafe, RFC 7292 §4 and Appendix B.
    pub(super) fn authenticate(&mut self, content: &[u8]) -> Result<Mac, PbeError> {
        let digest = match self.encryption {
            PfxEncryption::Modern => Digest::Sha256,
            PfxEncryption::Compat => Digest::Sha1,
        };
        let scheme = MacScheme::pkcs12(digest, &self.draw::<PKCS12_SALT_BYTES>(), self.iterations);
        Ok(Mac {
            digest_algorithm: scheme.algorithm_der()?,
            value: scheme.authenticate(&self.password, content)?,
            salt: scheme.salt().to_vec(),
            iterations: self.iterations,
        })
    }

    fn draw<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.random)(&mut bytes);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_contents_of_one_file_are_not_equal_when_encrypted() {
        for encryption in [PfxEncryption::Modern, PfxEncryption::Compat] {
            let mut count = 0;
            let mut random = |out: &mut [u8]| {
                count += 1;
                out.fill(count);
            };
            let mut protector = Protector::new(Password::new("secret"), encryption, 3, &mut random);
            let [first, second] = [(); 2].map(|()| protector.encrypt(b"the same").expect("encrypt"));
            assert_ne!(first.algorithm, second.algorithm);
            assert_ne!(first.content, second.content);
        }
    }
}
