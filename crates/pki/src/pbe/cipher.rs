//! The ciphers of password-based encryption.

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, InnerIvInit, KeyInit, KeyIvInit, StreamCipher};
use zeroize::Zeroizing;

use super::PbeError;

/// A cipher, with the length of its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cipher {
    /// AES-128 in CBC mode.
    Aes128,
    /// AES-192 in CBC mode.
    Aes192,
    /// AES-256 in CBC mode.
    Aes256,
    /// Triple DES with three keys, in CBC mode.
    TripleDes,
    /// Triple DES with two keys, in CBC mode.
    TripleDesTwoKeys,
    /// DES in CBC mode.
    Des,
    /// RC2 with 40 bits, in CBC mode.
    Rc2With40,
    /// RC2 with 64 bits, in CBC mode.
    Rc2With64,
    /// RC2 with 128 bits, in CBC mode.
    Rc2With128,
    /// RC4 with 40 bits.
    Rc4With40,
    /// RC4 with 128 bits.
    Rc4With128,
}

impl Cipher {
    /// The name that people know.
    pub fn name(self) -> &'static str {
        match self {
            Self::Aes128 => "AES-128-CBC",
            Self::Aes192 => "AES-192-CBC",
            Self::Aes256 => "AES-256-CBC",
            Self::TripleDes => "3DES-CBC",
            Self::TripleDesTwoKeys => "3DES-CBC with two keys",
            Self::Des => "DES-CBC",
            Self::Rc2With40 => "RC2-40-CBC",
            Self::Rc2With64 => "RC2-64-CBC",
            Self::Rc2With128 => "RC2-128-CBC",
            Self::Rc4With40 => "RC4-40",
            Self::Rc4With128 => "RC4-128",
        }
    }

    pub(super) fn key_length(self) -> usize {
        match self {
            Self::Rc2With40 | Self::Rc4With40 => 5,
            Self::Des | Self::Rc2With64 => 8,
            Self::Aes128 | Self::TripleDesTwoKeys | Self::Rc2With128 | Self::Rc4With128 => 16,
            Self::Aes192 | Self::TripleDes => 24,
            Self::Aes256 => 32,
        }
    }

    /// Length of the initialisation vector; a stream cipher has none.
    pub(super) fn iv_length(self) -> usize {
        match self {
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
            Self::Rc4With40 | Self::Rc4With128 => 0,
            _ => 8,
        }
    }

    /// Decrypts; key and IV must have this cipher's lengths.
    pub(super) fn decrypt(
        self,
        key: &[u8],
        iv: &[u8],
        encrypted: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, PbeError> {
        match self {
            Self::Aes128 => decrypt_cbc(cbc::Decryptor::<aes::Aes128>::new_from_slices(key, iv), encrypted),
            Self::Aes192 => decrypt_cbc(cbc::Decryptor::<aes::Aes192>::new_from_slices(key, iv), encrypted),
            Self::Aes256 => decrypt_cbc(cbc::Decryptor::<aes::Aes256>::new_from_slices(key, iv), encrypted),
            Self::TripleDes => decrypt_cbc(
                cbc::Decryptor::<des::TdesEde3>::new_from_slices(key, iv),
                encrypted,
            ),
            Self::TripleDesTwoKeys => decrypt_cbc(
                cbc::Decryptor::<des::TdesEde2>::new_from_slices(key, iv),
                encrypted,
            ),
            Self::Des => decrypt_cbc(cbc::Decryptor::<des::Des>::new_from_slices(key, iv), encrypted),
            Self::Rc2With40 | Self::Rc2With64 | Self::Rc2With128 => {
                let cipher = rc2::Rc2::new_with_eff_key_len(key, 8 * key.len());
                decrypt_cbc(cbc::Decryptor::inner_iv_slice_init(cipher, iv), encrypted)
            }
            Self::Rc4With40 | Self::Rc4With128 => {
                let mut cipher = rc4::Rc4::new_from_slice(key).map_err(|_| PbeError::WrongPassword)?;
                let mut bytes = Zeroizing::new(encrypted.to_vec());
                cipher.apply_keystream(&mut bytes);
                Ok(bytes)
            }
        }
    }

    /// Encrypts with one of the two ciphers that gsec writes.
    pub(super) fn encrypt(self, key: &[u8], iv: &[u8], plain: &[u8]) -> Result<Vec<u8>, PbeError> {
        let refused = |_| PbeError::Malformed("key or initialization vector has the wrong length".into());
        match self {
            Self::Aes256 => cbc::Encryptor::<aes::Aes256>::new_from_slices(key, iv)
                .map(|cipher| cipher.encrypt_padded_vec::<Pkcs7>(plain))
                .map_err(refused),
            Self::TripleDes => cbc::Encryptor::<des::TdesEde3>::new_from_slices(key, iv)
                .map(|cipher| cipher.encrypt_padded_vec::<Pkcs7>(plain))
                .map_err(refused),
            other => Err(PbeError::Unsupported(format!("{} for writing", other.name()))),
        }
    }
}

fn decrypt_cbc<C: BlockModeDecrypt, E>(
    cipher: Result<C, E>,
    encrypted: &[u8],
) -> Result<Zeroizing<Vec<u8>>, PbeError> {
    let cipher = cipher
        .map_err(|_| PbeError::Malformed("key or initialization vector has the wrong length".into()))?;
    let mut bytes = Zeroizing::new(encrypted.to_vec());
    let length = cipher
        .decrypt_padded::<Pkcs7>(&mut bytes)
        .map_err(|_| PbeError::WrongPassword)?
        .len();
    bytes.truncate(length);
    Ok(bytes)
}
