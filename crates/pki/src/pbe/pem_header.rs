//! PEM blocks under `Proc-Type: 4,ENCRYPTED` (RFC 1421 §4.6), as OpenSSL before 1.0 wrote keys.

use zeroize::Zeroizing;

use super::derive::openssl_pem;
use super::{Cipher, Password, PbeError};
use crate::encoding::hex;
use crate::encoding::visible::shortened;

/// Names in `DEK-Info`: those of OpenSSL's ciphers.
const CIPHERS: [(&str, Cipher); 5] = [
    ("AES-128-CBC", Cipher::Aes128),
    ("AES-192-CBC", Cipher::Aes192),
    ("AES-256-CBC", Cipher::Aes256),
    ("DES-EDE3-CBC", Cipher::TripleDes),
    ("DES-CBC", Cipher::Des),
];
/// The salt is the start of the initialization vector.
const SALT_BYTES: usize = 8;

/// Decrypts the content of a block whose header `DEK-Info` is `dek_info`; `is_sensible` checks whether a candidate result is
/// a key.
///
/// # Errors
/// [`PbeError::Unsupported`] names a cipher that gsec does not read; [`PbeError::WrongPassword`]; [`PbeError::Malformed`].
pub fn decrypt_pem_block(
    dek_info: &str,
    encrypted: &[u8],
    password: &Password<'_>,
    is_sensible: &dyn Fn(&[u8]) -> bool,
) -> Result<Zeroizing<Vec<u8>>, PbeError> {
    let (name, iv) = dek_info
        .split_once(',')
        .ok_or_else(|| PbeError::Malformed("DEK-Info has no initialization vector".into()))?;
    let name = name.trim().to_ascii_uppercase();
    let cipher = CIPHERS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, cipher)| *cipher);
    let cipher = cipher.ok_or_else(|| PbeError::Unsupported(format!("the cipher {}", shortened(&name))))?;
    let iv = hex::decode(iv.trim()).filter(|iv| iv.len() == cipher.iv_length());
    let iv = iv.ok_or_else(|| PbeError::Malformed("the initialization vector in DEK-Info".into()))?;
    let salt = iv.get(..SALT_BYTES).unwrap_or_default();
    for bytes in password.byte_encodings() {
        let key = openssl_pem(&bytes, salt, cipher.key_length());
        match cipher.decrypt(&key, &iv, encrypted) {
            Ok(plain) if is_sensible(&plain) => return Ok(plain),
            Ok(_) | Err(PbeError::WrongPassword) => {}
            Err(error) => return Err(error),
        }
    }
    Err(PbeError::WrongPassword)
}
