//! The key algorithms that gsec makes.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Sizes of RSA keys, in bits of the modulus, that gsec makes. Less than 2048 is not made (NIST SP 800-131A r2 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum RsaBits {
    /// 2048 bits, the default.
    #[default]
    B2048,
    /// 3072 bits.
    B3072,
    /// 4096 bits.
    B4096,
    /// 8192 bits: generation takes many seconds.
    B8192,
}

impl RsaBits {
    /// Every size, smallest first.
    pub const ALL: [Self; 4] = [Self::B2048, Self::B3072, Self::B4096, Self::B8192];

    /// The size in bits.
    pub fn bits(self) -> u32 {
        match self {
            Self::B2048 => 2048,
            Self::B3072 => 3072,
            Self::B4096 => 4096,
            Self::B8192 => 8192,
        }
    }

    /// The smallest supported size of at least `bits`; `None` if there is none, or if `bits` is below 2048.
    pub fn at_least(bits: u32) -> Option<Self> {
        if bits < Self::B2048.bits() {
            return None;
        }
        Self::ALL.into_iter().find(|size| size.bits() >= bits)
    }
}

/// Kinds of key, without their size: what `--key-type` and `key_types` name. Only these are made and certified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum KeyType {
    /// RSA, RFC 8017; the default.
    #[default]
    Rsa,
    /// NIST P-256 (secp256r1), RFC 5480.
    P256,
    /// NIST P-384 (secp384r1), RFC 5480.
    P384,
    /// NIST P-521 (secp521r1), RFC 5480.
    P521,
    /// Ed25519, RFC 8410.
    Ed25519,
}

impl KeyType {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Rsa, Self::P256, Self::P384, Self::P521, Self::Ed25519];

    /// The name that `--key-type` takes and JSON shows.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rsa => "rsa",
            Self::P256 => "p256",
            Self::P384 => "p384",
            Self::P521 => "p521",
            Self::Ed25519 => "ed25519",
        }
    }
}

impl fmt::Display for KeyType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// Reads [`KeyType::name`].
impl FromStr for KeyType {
    type Err = AlgorithmError;

    fn from_str(text: &str) -> Result<Self, AlgorithmError> {
        let named = Self::ALL.into_iter().find(|kind| kind.name() == text);
        named.ok_or(AlgorithmError::Unknown)
    }
}

/// What is wrong with a kind of key and its size.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum AlgorithmError {
    /// A kind that gsec does not make.
    #[error("unknown key type; use rsa, p256, p384, p521 or ed25519")]
    Unknown,
    /// A size of RSA keys that gsec does not make.
    #[error("{0}-bit RSA keys are not supported: use 2048, 3072, 4096 or 8192")]
    RsaSize(u32),
    /// A size that the kind does not have.
    #[error("keys of type {key_type} do not have {bits} bits")]
    Size {
        /// The kind.
        key_type: KeyType,
        /// The requested size.
        bits: u32,
    },
}

/// A key algorithm with its size, as `--key-type` and `--key-size` choose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyAlgorithm {
    /// RSA, RFC 8017.
    Rsa(RsaBits),
    /// NIST P-256 (secp256r1), RFC 5480.
    P256,
    /// NIST P-384 (secp384r1), RFC 5480.
    P384,
    /// NIST P-521 (secp521r1), RFC 5480.
    P521,
    /// Ed25519, RFC 8410.
    Ed25519,
}

impl KeyAlgorithm {
    /// The algorithm of a kind and a size; the default size when `bits` is `None`.
    ///
    /// # Errors
    /// [`AlgorithmError::RsaSize`], [`AlgorithmError::Size`].
    pub fn new(key_type: KeyType, bits: Option<u32>) -> Result<Self, AlgorithmError> {
        let fixed = match key_type {
            KeyType::Rsa => {
                let size = bits.map_or(Some(RsaBits::default()), |bits| {
                    RsaBits::at_least(bits).filter(|size| size.bits() == bits)
                });
                return size
                    .map(Self::Rsa)
                    .ok_or(AlgorithmError::RsaSize(bits.unwrap_or_default()));
            }
            KeyType::P256 => Self::P256,
            KeyType::P384 => Self::P384,
            KeyType::P521 => Self::P521,
            KeyType::Ed25519 => Self::Ed25519,
        };
        match bits {
            Some(bits) if bits != fixed.bits() => Err(AlgorithmError::Size { key_type, bits }),
            _ => Ok(fixed),
        }
    }

    /// The kind.
    pub fn key_type(self) -> KeyType {
        match self {
            Self::Rsa(_) => KeyType::Rsa,
            Self::P256 => KeyType::P256,
            Self::P384 => KeyType::P384,
            Self::P521 => KeyType::P521,
            Self::Ed25519 => KeyType::Ed25519,
        }
    }

    /// Size of the key in bits: of the RSA modulus, or of the curve's field.
    pub fn bits(self) -> u32 {
        match self {
            Self::Rsa(size) => size.bits(),
            Self::P256 | Self::Ed25519 => 256,
            Self::P384 => 384,
            Self::P521 => 521,
        }
    }
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa(size) => write!(out, "RSA {}", size.bits()),
            Self::P256 => out.write_str("P-256"),
            Self::P384 => out.write_str("P-384"),
            Self::P521 => out.write_str("P-521"),
            Self::Ed25519 => out.write_str("Ed25519"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn size_goes_with_rsa_only() {
        assert_eq!(
            KeyAlgorithm::new(KeyType::Rsa, None),
            Ok(KeyAlgorithm::Rsa(RsaBits::B2048))
        );
        assert_eq!(
            KeyAlgorithm::new(KeyType::Rsa, Some(4096)),
            Ok(KeyAlgorithm::Rsa(RsaBits::B4096))
        );
        assert_eq!(
            KeyAlgorithm::new(KeyType::P384, Some(384)),
            Ok(KeyAlgorithm::P384)
        );
        assert_eq!(
            KeyAlgorithm::new(KeyType::P256, Some(2048)),
            Err(AlgorithmError::Size {
                key_type: KeyType::P256,
                bits: 2048
            })
        );
        assert_eq!(
            KeyAlgorithm::new(KeyType::Rsa, Some(2500)),
            Err(AlgorithmError::RsaSize(2500))
        );
    }

    #[test]
    fn names_of_kinds_are_read_as_they_are_shown() {
        for kind in KeyType::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
        }
        assert_eq!("dsa".parse::<KeyType>(), Err(AlgorithmError::Unknown));
    }

    #[test]
    fn sizes_between_are_rounded_up() {
        assert_eq!(RsaBits::at_least(2048), Some(RsaBits::B2048));
        assert_eq!(RsaBits::at_least(2049), Some(RsaBits::B3072));
        assert_eq!(RsaBits::at_least(1024), None);
        assert_eq!(RsaBits::at_least(9000), None);
    }
}
