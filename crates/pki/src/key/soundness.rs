//! Whether a public key from elsewhere may be certified.

use der::Decode;
use der::asn1::UintRef;
use thiserror::Error;

use super::natural::Natural;
use super::{PublicKey, PublicKeyKind, public::bit_length};

/// The least bits of an RSA modulus (NIST SP 800-131A r2 §2).
const MIN_RSA_BITS: u32 = 2048;
/// The most bits of an RSA modulus, and of its public exponent, that the library checks signatures with.
const MAX_RSA_BITS: u32 = 8192;
const MAX_EXPONENT_BITS: u32 = 33;
/// A modulus must not have a prime factor below this (CA/Browser Forum Baseline Requirements §6.1.6).
const SMALL_FACTORS_END: u32 = 752;
/// A modulus must withstand this many steps of Fermat's method (CA/Browser Forum Baseline Requirements §6.1.1.3).
const FERMAT_STEPS: usize = 100;
/// The primes that identify keys of Infineon's library, and their generator (CVE-2017-15361, "ROCA").
const ROCA_PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103,
    107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];
const ROCA_GENERATOR: u32 = 65_537;
/// NIST curves below 112 bits of security, or that no peer has any more.
const SMALL_CURVES: [(&str, &str); 2] = [("1.2.840.10045.3.1.1", "P-192"), ("1.3.132.0.33", "P-224")];

/// Why a public key is not certified.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum KeyFlaw {
    /// An RSA modulus that is too short.
    #[error("it is an RSA key of {bits} bits, and the minimum is 2048")]
    TooSmall {
        /// Bits of the modulus.
        bits: u32,
    },
    /// An RSA modulus that anybody can take apart.
    #[error("the modulus of the RSA key is divisible by {factor}")]
    SmallFactor {
        /// The least factor.
        factor: u32,
    },
    /// An RSA modulus whose two primes are almost the same: Fermat's method finds them at once (CVE-2022-26320).
    #[error("the primes of the RSA key are so close together that anyone can factor it")]
    ClosePrimes,
    /// An RSA modulus of the kind that Infineon's library made.
    #[error("the RSA key is of the kind that can be factored (CVE-2017-15361, \"ROCA\")")]
    Roca,
    /// A public exponent that is 1, or even: with it RSA encrypts nothing, or nothing that can be decrypted.
    #[error("the public exponent of the RSA key is {exponent}, and must be an odd number of at least 3")]
    Exponent {
        /// The exponent, in hexadecimal digits when it is long.
        exponent: String,
    },
    /// A curve that is too small.
    #[error("it is a key on the curve {curve}, and the minimum is P-256")]
    SmallCurve {
        /// The name of the curve.
        curve: &'static str,
    },
    /// A kind or a form of key that gsec does not certify.
    #[error("it is {found}; only RSA, P-256, P-384, P-521 and Ed25519 keys are certified")]
    Unsupported {
        /// What it is.
        found: String,
    },
}

impl PublicKey {
    /// Whether the key may be certified, as far as the key alone tells.
    ///
    /// # Errors
    /// [`KeyFlaw`], as its variants say.
    pub fn expect_sound(&self) -> Result<(), KeyFlaw> {
        match self.kind() {
            PublicKeyKind::Rsa { bits } => expect_sound_rsa(*bits, self.bits()),
            PublicKeyKind::NistCurve { bits } => expect_uncompressed(*bits, self.bits()),
            PublicKeyKind::Ed25519 if self.bits().len() == 32 => Ok(()),
            PublicKeyKind::Ed25519 => Err(unsupported("an Ed25519 key with the wrong length")),
            PublicKeyKind::Other { oid } => match SMALL_CURVES.iter().find(|(small, _)| small == oid) {
                Some((_, curve)) => Err(KeyFlaw::SmallCurve { curve }),
                None => Err(unsupported(&self.to_string())),
            },
        }
    }
}

fn unsupported(found: &str) -> KeyFlaw {
    KeyFlaw::Unsupported {
        found: found.to_owned(),
    }
}

/// RSAPublicKey, RFC 8017 A.1.1.
fn expect_sound_rsa(bits: u32, public_key: &[u8]) -> Result<(), KeyFlaw> {
    let numbers = Vec::<UintRef<'_>>::from_der(public_key).unwrap_or_default();
    let [modulus, exponent] = numbers.as_slice() else {
        return Err(unsupported("an RSA key that cannot be read"));
    };
    if bits < MIN_RSA_BITS {
        return Err(KeyFlaw::TooSmall { bits });
    }
    if bits > MAX_RSA_BITS {
        return Err(unsupported(&format!("an RSA key of {bits} bits")));
    }
    let number = Natural::from_be_bytes(modulus.as_bytes());
    if let Some(factor) = (2..SMALL_FACTORS_END).find(|factor| number.remainder(*factor) == 0) {
        return Err(KeyFlaw::SmallFactor { factor });
    }
    if ROCA_PRIMES
        .iter()
        .all(|prime| is_power_of_generator(number.remainder(*prime), *prime))
    {
        return Err(KeyFlaw::Roca);
    }
    if number.has_close_factors(FERMAT_STEPS) {
        return Err(KeyFlaw::ClosePrimes);
    }
    let exponent = exponent.as_bytes();
    let exponent_bits = bit_length(exponent);
    if exponent_bits > MAX_EXPONENT_BITS {
        return Err(unsupported(&format!(
            "an RSA key with a public exponent of {exponent_bits} bits"
        )));
    }
    let value = exponent
        .iter()
        .fold(0_u64, |value, byte| (value << 8) | u64::from(*byte));
    if value < 3 || value % 2 == 0 {
        Err(KeyFlaw::Exponent {
            exponent: value.to_string(),
        })
    } else {
        Ok(())
    }
}

/// Whether a remainder is a power of the generator modulo a prime.
fn is_power_of_generator(remainder: u32, prime: u32) -> bool {
    let mut power = 1;
    for _ in 0..prime {
        if power == remainder {
            return true;
        }
        power = power * (ROCA_GENERATOR % prime) % prime;
    }
    false
}

/// The point as `04 x y` (RFC 5480 §2.2): the other forms are legal, and most peers refuse them.
fn expect_uncompressed(curve_bits: u32, point: &[u8]) -> Result<(), KeyFlaw> {
    let coordinate = curve_bits.div_ceil(8) as usize;
    match point.first() {
        Some(4) if point.len() == 1 + 2 * coordinate => Ok(()),
        _ => Err(unsupported(&format!(
            "a P-{curve_bits} key whose point is compressed or damaged"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{KeyAlgorithm, PrivateKey, RsaBits, Signer};
    use der::Encode;

    /// An RSAPublicKey with this modulus and exponent.
    fn rsa(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
        let number = |bytes| UintRef::new(bytes).expect("a number");
        vec![number(modulus), number(exponent)].to_der().expect("encode")
    }

    /// The modulus of a valid key, with these bits of its last byte flipped.
    fn modulus(turned: u8) -> Vec<u8> {
        let key = PrivateKey::generate(KeyAlgorithm::Rsa(RsaBits::B2048)).expect("key");
        let numbers = Vec::<UintRef<'_>>::from_der(key.public_key().bits()).expect("RSAPublicKey");
        let mut modulus = numbers[0].as_bytes().to_vec();
        *modulus.last_mut().expect("an octet") ^= turned;
        modulus
    }

    #[test]
    fn keys_that_gsec_makes_are_sound() {
        for algorithm in [
            KeyAlgorithm::Rsa(RsaBits::B2048),
            KeyAlgorithm::P256,
            KeyAlgorithm::P384,
            KeyAlgorithm::P521,
            KeyAlgorithm::Ed25519,
        ] {
            assert_eq!(
                PrivateKey::generate(algorithm)
                    .expect("key")
                    .public_key()
                    .expect_sound(),
                Ok(()),
                "{algorithm}"
            );
        }
    }

    #[test]
    fn rsa_keys_that_protect_nothing() {
        let sound = modulus(0);
        assert_eq!(expect_sound_rsa(2048, &rsa(&sound, &[1, 0, 1])), Ok(()));
        assert_eq!(expect_sound_rsa(2048, &rsa(&sound, &[3])), Ok(()));
        assert_eq!(
            expect_sound_rsa(2048, &rsa(&sound, &[1])),
            Err(KeyFlaw::Exponent { exponent: "1".into() })
        );
        assert_eq!(
            expect_sound_rsa(2048, &rsa(&sound, &[1, 0])),
            Err(KeyFlaw::Exponent {
                exponent: "256".into()
            })
        );
        assert!(matches!(
            expect_sound_rsa(2048, &rsa(&sound, &[1; 9])),
            Err(KeyFlaw::Unsupported { .. })
        ));
        assert_eq!(
            expect_sound_rsa(2048, &rsa(&modulus(1), &[1, 0, 1])),
            Err(KeyFlaw::SmallFactor { factor: 2 })
        );
        assert_eq!(
            expect_sound_rsa(2040, &rsa(&[0xff; 255], &[1, 0, 1])),
            Err(KeyFlaw::TooSmall { bits: 2040 })
        );
        // 0xff bytes: divisible by 3.
        assert_eq!(
            expect_sound_rsa(2048, &rsa(&[0xff; 256], &[1, 0, 1])),
            Err(KeyFlaw::SmallFactor { factor: 3 })
        );
        assert!(matches!(
            expect_sound_rsa(8200, &rsa(&[0xff; 1025], &[1, 0, 1])),
            Err(KeyFlaw::Unsupported { .. })
        ));
        assert!(matches!(
            expect_sound_rsa(0, &[5, 0]),
            Err(KeyFlaw::Unsupported { .. })
        ));
    }

    /// The modulus of an RSA key that OpenSSL and other tools would refuse to generate: the product of two big-endian
    /// numbers.
    fn product(one: &[u8], other: &[u8]) -> Vec<u8> {
        let mut digits = vec![0_u32; one.len() + other.len()];
        for (place, byte) in one.iter().rev().enumerate() {
            let mut carry = 0;
            for (at, factor) in other.iter().rev().enumerate() {
                let sum = digits[place + at] + u32::from(*byte) * u32::from(*factor) + carry;
                digits[place + at] = sum & 0xff;
                carry = sum >> 8;
            }
            digits[place + other.len()] += carry;
        }
        digits
            .iter()
            .rev()
            .map(|digit| u8::try_from(*digit).expect("an octet"))
            .collect()
    }

    #[test]
    fn rsa_keys_whose_primes_are_close_together() {
        // Numbers without small factors whose last bytes differ serve as primes: the method does not care.
        let number = |last: u8| [&[0xc3; 127][..], &[last]].concat();
        let pair = (1..=255_u8).step_by(2).filter(|last| {
            let bytes = number(*last);
            (2..SMALL_FACTORS_END).all(|factor| Natural::from_be_bytes(&bytes).remainder(factor) != 0)
        });
        let pair: Vec<u8> = pair.take(2).collect();
        let [one, other] = pair.as_slice() else {
            panic!("no two numbers without small factors")
        };
        let modulus = product(&number(*one), &number(*other));
        assert_eq!(
            expect_sound_rsa(2048, &rsa(&modulus, &[1, 0, 1])),
            Err(KeyFlaw::ClosePrimes)
        );
    }

    #[test]
    fn the_fingerprint_of_roca_is_told() {
        // 65537 to a power, modulo the product of the primes, has the fingerprint; so has any power of it that is not reduced.
        let fits = |number: &Natural| {
            ROCA_PRIMES
                .iter()
                .all(|prime| is_power_of_generator(number.remainder(*prime), *prime))
        };
        let power = (0..7).fold(vec![1], |power, _| product(&power, &[1, 0, 1]));
        assert!(fits(&Natural::from_be_bytes(&power)));
        assert!(!fits(&Natural::from_be_bytes(&modulus(0))));
    }

    #[test]
    fn points_are_wanted_whole() {
        assert_eq!(
            expect_uncompressed(521, &[[4].as_slice(), &[1; 132]].concat()),
            Ok(())
        );
        assert!(expect_uncompressed(256, &[[2].as_slice(), &[1; 32]].concat()).is_err());
        assert!(expect_uncompressed(256, &[4, 1]).is_err());
        assert!(expect_uncompressed(256, &[]).is_err());
    }
}
