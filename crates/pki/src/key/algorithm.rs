//! The key algorithms that gsec makes.

use std::fmt;

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

/// What is wrong with a kind of key and its size.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum AlgorithmError {
    /// A kind that gsec does not make.
    #[error("it is no kind of key; there are rsa, p256, p384, p521 and ed25519")]
    Unknown,
    /// A size of RSA keys that gsec does not make.
    #[error("RSA keys of {0} bits are not made: 2048, 3072, 4096 and 8192 are")]
    RsaSize(u32),
    /// A size that the kind does not have.
    #[error("keys of type {type_name} do not have {bits} bits")]
    Size {
        /// The kind.
        type_name: &'static str,
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
    /// The algorithm of a kind, by the names that [`KeyAlgorithm::type_name`] gives, and a size; the default size when it
    /// is left out.
    ///
    /// # Errors
    /// [`AlgorithmError`], as its variants say.
    pub fn parse(type_name: &str, bits: Option<u32>) -> Result<Self, AlgorithmError> {
        let fixed = match type_name {
            "rsa" => {
                let size = bits.map_or(Some(RsaBits::default()), |bits| {
                    RsaBits::at_least(bits).filter(|size| size.bits() == bits)
                });
                return size
                    .map(Self::Rsa)
                    .ok_or(AlgorithmError::RsaSize(bits.unwrap_or_default()));
            }
            "p256" => Self::P256,
            "p384" => Self::P384,
            "p521" => Self::P521,
            "ed25519" => Self::Ed25519,
            _ => return Err(AlgorithmError::Unknown),
        };
        match bits {
            Some(bits) if bits != fixed.bits() => Err(AlgorithmError::Size {
                type_name: fixed.type_name(),
                bits,
            }),
            _ => Ok(fixed),
        }
    }

    /// The name that `--key-type` takes and JSON shows.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::Rsa(_) => "rsa",
            Self::P256 => "p256",
            Self::P384 => "p384",
            Self::P521 => "p521",
            Self::Ed25519 => "ed25519",
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
            KeyAlgorithm::parse("rsa", None),
            Ok(KeyAlgorithm::Rsa(RsaBits::B2048))
        );
        assert_eq!(
            KeyAlgorithm::parse("rsa", Some(4096)),
            Ok(KeyAlgorithm::Rsa(RsaBits::B4096))
        );
        assert_eq!(KeyAlgorithm::parse("p384", Some(384)), Ok(KeyAlgorithm::P384));
        assert_eq!(
            KeyAlgorithm::parse("p256", Some(2048)),
            Err(AlgorithmError::Size {
                type_name: "p256",
                bits: 2048
            })
        );
        assert_eq!(
            KeyAlgorithm::parse("rsa", Some(2500)),
            Err(AlgorithmError::RsaSize(2500))
        );
        assert_eq!(KeyAlgorithm::parse("dsa", None), Err(AlgorithmError::Unknown));
    }

    #[test]
    fn sizes_between_are_rounded_up() {
        assert_eq!(RsaBits::at_least(2048), Some(RsaBits::B2048));
        assert_eq!(RsaBits::at_least(2049), Some(RsaBits::B3072));
        assert_eq!(RsaBits::at_least(1024), None);
        assert_eq!(RsaBits::at_least(9000), None);
    }
}
