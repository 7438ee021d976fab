//! keyUsage, RFC 5280 §4.2.1.3.

use std::fmt;
use std::ops::BitOr;

/// A set of bits of keyUsage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KeyUsage(u16);

impl KeyUsage {
    /// No bit at all.
    pub const NONE: Self = Self(0);
    /// digitalSignature.
    pub const DIGITAL_SIGNATURE: Self = Self(1);
    /// nonRepudiation.
    pub const NON_REPUDIATION: Self = Self(1 << 1);
    /// keyEncipherment.
    pub const KEY_ENCIPHERMENT: Self = Self(1 << 2);
    /// dataEncipherment.
    pub const DATA_ENCIPHERMENT: Self = Self(1 << 3);
    /// keyAgreement.
    pub const KEY_AGREEMENT: Self = Self(1 << 4);
    /// keyCertSign.
    pub const KEY_CERT_SIGN: Self = Self(1 << 5);
    /// cRLSign.
    pub const CRL_SIGN: Self = Self(1 << 6);
    /// encipherOnly.
    pub const ENCIPHER_ONLY: Self = Self(1 << 7);
    /// decipherOnly.
    pub const DECIPHER_ONLY: Self = Self(1 << 8);

    /// What only a CA's certificate has: keyCertSign and cRLSign.
    pub const OF_AUTHORITY: Self = Self(Self::KEY_CERT_SIGN.0 | Self::CRL_SIGN.0);
    /// What a host's certificate may have.
    pub const OF_HOST: Self = Self(
        Self::DIGITAL_SIGNATURE.0
            | Self::NON_REPUDIATION.0
            | Self::KEY_ENCIPHERMENT.0
            | Self::DATA_ENCIPHERMENT.0
            | Self::KEY_AGREEMENT.0,
    );

    /// Every bit with its name in RFC 5280, in their order.
    const NAMED: [(Self, &'static str); 9] = [
        (Self::DIGITAL_SIGNATURE, "digitalSignature"),
        (Self::NON_REPUDIATION, "nonRepudiation"),
        (Self::KEY_ENCIPHERMENT, "keyEncipherment"),
        (Self::DATA_ENCIPHERMENT, "dataEncipherment"),
        (Self::KEY_AGREEMENT, "keyAgreement"),
        (Self::KEY_CERT_SIGN, "keyCertSign"),
        (Self::CRL_SIGN, "cRLSign"),
        (Self::ENCIPHER_ONLY, "encipherOnly"),
        (Self::DECIPHER_ONLY, "decipherOnly"),
    ];

    /// From bits as [`Self::bits`] gives them.
    pub(super) fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// The bits, the first of the BIT STRING as the lowest.
    pub(super) fn bits(self) -> u16 {
        self.0
    }

    /// Whether every bit of `other` is set.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether a bit of `other` is set.
    pub fn has_any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether no bit is set.
    pub fn is_empty(self) -> bool {
        self == Self::NONE
    }

    /// The bits, each by itself.
    pub fn iter(self) -> impl Iterator<Item = Self> {
        let named = Self::NAMED.into_iter().map(|(bit, _)| bit);
        named.filter(move |bit| self.has(*bit))
    }

    /// Reads the name of one bit as in RFC 5280.
    pub fn parse(name: &str) -> Option<Self> {
        let named = Self::NAMED.into_iter().find(|(_, known)| *known == name);
        named.map(|(bit, _)| bit)
    }

    /// The names of the bits that are set, in their order.
    pub fn names(self) -> Vec<&'static str> {
        let set = Self::NAMED.into_iter().filter(|(bit, _)| self.has(*bit));
        set.map(|(_, name)| name).collect()
    }
}

impl BitOr for KeyUsage {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl FromIterator<KeyUsage> for KeyUsage {
    fn from_iter<I: IntoIterator<Item = Self>>(bits: I) -> Self {
        bits.into_iter().fold(Self::NONE, BitOr::bitor)
    }
}

/// The names, with commas between them.
impl fmt::Display for KeyUsage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.names().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_it_was_made_of() {
        let set = KeyUsage::CRL_SIGN | KeyUsage::KEY_CERT_SIGN;
        assert_eq!(set, KeyUsage::OF_AUTHORITY);
        assert_eq!(set.to_string(), "keyCertSign, cRLSign");
        assert!(set.has(KeyUsage::CRL_SIGN) && !set.has(KeyUsage::CRL_SIGN | KeyUsage::KEY_AGREEMENT));
        assert!(set.has_any(KeyUsage::CRL_SIGN | KeyUsage::KEY_AGREEMENT) && !set.has_any(KeyUsage::OF_HOST));
        assert_eq!(set.iter().collect::<KeyUsage>(), set);
        assert!(KeyUsage::NONE.is_empty() && KeyUsage::NONE.names().is_empty());
    }

    #[test]
    fn names_are_read_as_they_are_shown() {
        for (bit, name) in KeyUsage::NAMED {
            assert_eq!((KeyUsage::parse(name), bit.names()), (Some(bit), vec![name]));
        }
        assert_eq!(KeyUsage::parse("contentCommitment"), None);
    }
}
