//! CRLs in parts: which part is about a certificate, and where it is published.
//!
//! The part of a certificate follows from its serial number and from how many parts there are, and both are in the address that is written
//! into the certificate. So there may be more parts later: what is published at an address stays about the same certificates.

use std::fmt;

use super::SerialNumber;

/// How a published CRL ends (RFC 5280 §4.2.1.13).
const CRL_SUFFIX: &str = ".crl";

/// One of the parts of a CRL: that of the serial numbers whose low bits are `index`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CrlShard {
    of: u16,
    index: u16,
}

impl CrlShard {
    /// The most parts that there are: the low bits are those of the last octet.
    pub const MAX_COUNT: u16 = 256;

    /// From so many certificates on that have not expired, a CA publishes its CRL in parts.
    pub const MANY: u64 = 10_000;

    /// How many parts the CRL of a CA with so many certificates has, that have not expired: so many that a part has 1,000 entries at the most
    /// if all of them are revoked, within [`CrlShard::MAX_COUNT`]. `None` below [`CrlShard::MANY`].
    pub fn count_for(certificates: u64) -> Option<u16> {
        let parts = certificates.div_ceil(1000).next_power_of_two();
        let count = u16::try_from(parts).unwrap_or(u16::MAX).min(Self::MAX_COUNT);
        (certificates >= Self::MANY).then_some(count)
    }

    /// Whether a CRL can have so many parts: a power of two from 2 to [`CrlShard::MAX_COUNT`].
    pub fn is_count(of: u16) -> bool {
        of.is_power_of_two() && (2..=Self::MAX_COUNT).contains(&of)
    }

    /// One of `of` parts, counted from 0; `None` when there is none such.
    pub fn new(of: u16, index: u16) -> Option<Self> {
        (Self::is_count(of) && index < of).then_some(Self { of, index })
    }

    /// That of a serial number; `None` when there cannot be so many parts.
    pub fn of_serial(of: u16, serial: &SerialNumber) -> Option<Self> {
        let last = serial.content().last().copied().unwrap_or_default();
        Self::is_count(of).then(|| Self::of_octet(of, last))
    }

    /// That of serial numbers with this last octet. `of` is a count.
    pub(super) fn of_octet(of: u16, last: u8) -> Self {
        Self {
            of,
            index: u16::from(last) & (of - 1),
        }
    }

    /// All of `of` parts, in their order; none when there cannot be so many.
    pub fn all(of: u16) -> impl Iterator<Item = Self> {
        (0..of).filter_map(move |index| Self::new(of, index))
    }

    /// How many parts there are.
    pub fn of(self) -> u16 {
        self.of
    }

    /// Which of them it is, from 0.
    pub fn index(self) -> u16 {
        self.index
    }

    /// Where it is published, beside the whole CRL: `http://…/ca-16-3.crl` for `http://…/ca.crl`. `None` where the address of the whole CRL
    /// does not end with `.crl`.
    pub fn address(self, whole: &str) -> Option<String> {
        let stem = whole.strip_suffix(CRL_SUFFIX)?;
        Some(format!("{stem}-{self}{CRL_SUFFIX}"))
    }

    /// Reads such an address: that of the whole CRL, and which part it is.
    pub fn read_address(address: &str) -> Option<(String, Self)> {
        let (rest, index) = address.strip_suffix(CRL_SUFFIX)?.rsplit_once('-')?;
        let (stem, of) = rest.rsplit_once('-')?;
        let shard = Self::new(of.parse().ok()?, index.parse().ok()?)?;
        let whole = format!("{stem}{CRL_SUFFIX}");
        // One spelling alone, so that `016` or `+3` is no part.
        (shard.address(&whole).as_deref() == Some(address)).then_some((whole, shard))
    }
}

/// `16-3`.
impl fmt::Display for CrlShard {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}-{}", self.of, self.index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shard(of: u16, index: u16) -> CrlShard {
        CrlShard::new(of, index).expect("a part")
    }

    #[test]
    fn low_bits_of_the_serial_number_decide() {
        let of =
            |of, serial: &str| CrlShard::of_serial(of, &SerialNumber::parse_hex(serial).expect("a number"));
        assert_eq!(of(16, "03"), Some(shard(16, 3)));
        assert_eq!(of(16, "0113"), Some(shard(16, 3)));
        assert_eq!(of(32, "0113"), Some(shard(32, 19)));
        assert_eq!(of(256, "AB00FF"), Some(shard(256, 255)));
        assert_eq!(of(2, "0100"), Some(shard(2, 0)));
        for none in [0, 1, 3, 48, 512] {
            assert_eq!(of(none, "03"), None);
            assert_eq!(CrlShard::all(none).count(), 0);
        }
        assert_eq!(
            CrlShard::all(4).map(CrlShard::index).collect::<Vec<_>>(),
            [0, 1, 2, 3]
        );
    }

    #[test]
    fn as_many_parts_as_a_ca_needs() {
        let counts =
            [0, 9_999, 10_000, 16_000, 16_001, 100_000, 128_001, u64::MAX / 2].map(CrlShard::count_for);
        let expected = [
            None,
            None,
            Some(16),
            Some(16),
            Some(32),
            Some(128),
            Some(256),
            Some(256),
        ];
        assert_eq!(counts, expected);
        assert!(counts.into_iter().flatten().all(CrlShard::is_count));
    }

    #[test]
    fn an_address_says_which_part_it_is() {
        let address = shard(16, 3).address("http://x/ca.crl").expect("an address");
        assert_eq!(address, "http://x/ca-16-3.crl");
        assert_eq!(
            CrlShard::read_address(&address),
            Some(("http://x/ca.crl".into(), shard(16, 3)))
        );
        assert_eq!(shard(16, 3).address("http://x/crl"), None);
        for none in [
            "http://x/ca.crl",
            "http://x/ca-16-16.crl",
            "http://x/ca-15-3.crl",
            "http://x/ca-16-03.crl",
            "http://x/ca-16-+3.crl",
            "http://x/ca-16-3",
            "-.crl",
        ] {
            assert_eq!(CrlShard::read_address(none), None, "{none}");
        }
    }
}
