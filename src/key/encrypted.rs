//! EncryptedPrivateKeyInfo (RFC 5958 §3), alone in a file and as pkcs8ShroudedKeyBag in PKCS #12 (RFC 7292 §4.2.2).

use der::asn1::{AnyRef, OctetStringRef};
use der::{Decode, Encode, Sequence};
use zeroize::Zeroizing;

use super::KeyError;
use super::document::is_pkcs8;
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
pub fn encrypt_pkcs8(pkcs8: &[u8], scheme: &EncryptionScheme, password: &Password<'_>) -> Result<Vec<u8>, KeyError> {
    let content = scheme.encrypt(password, pkcs8)?;
    let algorithm = scheme.algorithm_der()?;
    let damaged = |error: der::Error| KeyError::Encryption(error.to_string());
    let info = EncryptedPrivateKeyInfo {
        algorithm: AnyRef::from_der(&algorithm).map_err(damaged)?,
        content: OctetStringRef::new(&content).map_err(damaged)?,
    };
    info.to_der().map_err(damaged)
}

/// The scheme that an encrypted key says, which needs no password.
///
/// # Errors
/// [`KeyError::Damaged`], [`KeyError::EncryptionUnsupported`], [`KeyError::Protection`].
pub fn encryption_of(der: &[u8]) -> Result<EncryptionScheme, KeyError> {
    Ok(parse(der)?.0)
}

/// Decrypts to PKCS #8.
///
/// # Errors
/// As [`encryption_of`]; [`KeyError::WrongPassword`].
pub fn decrypt_pkcs8(der: &[u8], password: &Password<'_>, effort: &mut Effort) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let (scheme, content) = parse(der)?;
    // What is inside may be BER, as everything in PKCS #12.
    let is_key = |plain: &[u8]| ber::to_der(plain).is_ok_and(|der| is_pkcs8(&der));
    let plain = scheme.decrypt(password, content, effort, &is_key)?;
    ber::to_der(&plain).map_err(|error| KeyError::Damaged(error.to_string()))
}

fn parse(der: &[u8]) -> Result<(EncryptionScheme, &[u8]), KeyError> {
    let damaged = |error: der::Error| KeyError::Damaged(error.to_string());
    let info = EncryptedPrivateKeyInfo::from_der(der).map_err(damaged)?;
    let algorithm = info.algorithm.to_der().map_err(damaged)?;
    Ok((EncryptionScheme::from_algorithm(&algorithm)?, info.content.as_bytes()))
}
