//! EncryptedPrivateKeyInfo (RFC 5958 §3), alone in a file and as pkcs8ShroudedKeyBag in PKCS #12 (RFC 7292 §4.2.2).

use der::asn1::{AnyRef, OctetStringRef};
use der::{Decode, Encode, Sequence};

use super::document::is_pkcs8;
use super::{KeyDocument, KeyError};
use crate::encoding::ber;
use crate::pbe::{Effort, EncryptionScheme, Password};

#[derive(Sequence)]
struct EncryptedPrivateKeyInfo<'a> {
    algorithm: AnyRef<'a>,
    content: &'a OctetStringRef,
}

/// Encodes a PKCS #8 key encrypted under a password.
///
/// # Errors
/// [`KeyError::Protection`] when it cannot be encrypted this way.
pub fn encrypt_pkcs8(
    pkcs8: &[u8],
    scheme: &EncryptionScheme,
    password: &Password<'_>,
) -> Result<Vec<u8>, KeyError> {
    let content = scheme.encrypt(password, pkcs8)?;
    let algorithm = scheme.algorithm_der()?;
    let damaged = |error: der::Error| KeyError::Encryption(error.to_string());
    let info = EncryptedPrivateKeyInfo {
        algorithm: AnyRef::from_der(&algorithm).map_err(damaged)?,
        content: OctetStringRef::new(&content).map_err(damaged)?,
    };
    info.to_der().map_err(damaged)
}

/// A PKCS #8 key under a password, before it is opened.
pub struct EncryptedKey<'a> {
    scheme: EncryptionScheme,
    content: &'a [u8],
}

impl<'a> EncryptedKey<'a> {
    /// Reads the outside, which needs no password.
    ///
    /// # Errors
    /// [`KeyError::Damaged`], [`KeyError::EncryptionUnsupported`], [`KeyError::Protection`].
    pub fn from_der(der: &'a [u8]) -> Result<Self, KeyError> {
        let damaged = |error: der::Error| KeyError::Damaged(error.to_string());
        let info = EncryptedPrivateKeyInfo::from_der(der).map_err(damaged)?;
        let algorithm = info.algorithm.to_der().map_err(damaged)?;
        Ok(Self {
            scheme: EncryptionScheme::from_algorithm(&algorithm)?,
            content: info.content.as_bytes(),
        })
    }

    /// How it is encrypted.
    pub fn scheme(&self) -> &EncryptionScheme {
        &self.scheme
    }

    /// Decrypts it.
    ///
    /// # Errors
    /// [`KeyError::WrongPassword`], [`KeyError::Protection`]; as [`KeyDocument::from_pkcs8`].
    pub fn decrypt(&self, password: &Password<'_>, effort: &mut Effort) -> Result<KeyDocument, KeyError> {
        // What is inside may be BER, as everything in PKCS #12.
        let is_key = |plain: &[u8]| ber::to_der(plain).is_ok_and(|der| is_pkcs8(&der));
        let plain = self.scheme.decrypt(password, self.content, effort, &is_key)?;
        KeyDocument::from_pkcs8(&ber::to_der(&plain).map_err(|error| KeyError::Damaged(error.to_string()))?)
    }
}
