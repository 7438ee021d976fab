//! Arbitrary-precision natural numbers, as far as the tests for weak RSA moduli need them: big-endian bytes as input,
//! little-endian limbs inside.

use std::cmp::Ordering;

/// A natural number without leading zero limbs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Natural(Vec<u32>);

impl Natural {
    /// A number from its big-endian bytes.
    pub(super) fn from_be_bytes(bytes: &[u8]) -> Self {
        let limb = |chunk: &[u8]| {
            chunk
                .iter()
                .fold(0_u32, |limb, byte| limb << 8 | u32::from(*byte))
        };
        Self(bytes.rchunks(4).map(limb).collect()).trimmed()
    }

    fn trimmed(mut self) -> Self {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        self
    }

    fn bits(&self) -> usize {
        self.0
            .last()
            .map_or(0, |top| self.0.len() * 32 - top.leading_zeros() as usize)
    }

    fn bit(&self, at: usize) -> bool {
        self.0.get(at / 32).is_some_and(|limb| limb >> (at % 32) & 1 == 1)
    }

    fn plus(&self, other: &Self) -> Self {
        let (mut sum, mut carry) = (Vec::with_capacity(self.0.len().max(other.0.len()) + 1), 0_u64);
        for at in 0..self.0.len().max(other.0.len()) {
            carry += u64::from(self.limb(at)) + u64::from(other.limb(at));
            sum.push(carry as u32);
            carry >>= 32;
        }
        sum.push(carry as u32);
        Self(sum).trimmed()
    }

    /// The difference; `other` must not be larger.
    fn minus(&self, other: &Self) -> Self {
        let (mut difference, mut borrow) = (Vec::with_capacity(self.0.len()), 0_i64);
        for at in 0..self.0.len() {
            borrow += i64::from(self.limb(at)) - i64::from(other.limb(at));
            difference.push(borrow as u32);
            borrow >>= 32;
        }
        Self(difference).trimmed()
    }

    fn limb(&self, at: usize) -> u32 {
        self.0.get(at).copied().unwrap_or_default()
    }

    /// Twice the number, and one more if `low` says so.
    fn doubled(&self, low: bool) -> Self {
        let (mut limbs, mut carry) = (Vec::with_capacity(self.0.len() + 1), u32::from(low));
        for limb in &self.0 {
            limbs.push(limb << 1 | carry);
            carry = limb >> 31;
        }
        limbs.push(carry);
        Self(limbs).trimmed()
    }

    /// The root, rounded down, and what is left: digit by digit, as on paper.
    fn root(&self) -> (Self, Self) {
        let (mut root, mut rest) = (Self(Vec::new()), Self(Vec::new()));
        for pair in (0..self.bits().div_ceil(2)).rev() {
            rest = rest.doubled(self.bit(2 * pair + 1)).doubled(self.bit(2 * pair));
            let candidate = root.doubled(false).doubled(true);
            let fits = candidate <= rest;
            if fits {
                rest = rest.minus(&candidate);
            }
            root = root.doubled(fits);
        }
        (root, rest)
    }

    fn is_square(&self) -> bool {
        // Squares have few residues for these moduli, which rules out most numbers.
        const MODULI: [u32; 5] = [64, 63, 65, 11, 17];
        let may_be = |modulus: u32| {
            let remainder = self.remainder(modulus);
            (0..modulus).any(|root| root * root % modulus == remainder)
        };
        MODULI.into_iter().all(may_be) && self.root().1 == Self(Vec::new())
    }

    /// What is left of a division by a small number.
    pub(super) fn remainder(&self, divisor: u32) -> u32 {
        self.0.iter().rev().fold(0_u64, |rest, limb| {
            (rest << 32 | u64::from(*limb)) % u64::from(divisor)
        }) as u32
    }

    /// Whether the number is the product of two factors so close together that Fermat's method finds them within `steps`: it
    /// is the difference of two squares, and the search for the larger one starts at the root.
    pub(super) fn has_close_factors(&self, steps: usize) -> bool {
        let one = Self(vec![1]);
        let (root, rest) = self.root();
        if rest.0.is_empty() {
            return true;
        }
        // a² - n, with a the root rounded up; then a grows by one and the difference by 2a + 1.
        let mut larger = root.plus(&one);
        let mut difference = root.doubled(true).minus(&rest);
        for _ in 0..steps {
            if difference.is_square() {
                return true;
            }
            difference = difference.plus(&larger.doubled(true));
            larger = larger.plus(&one);
        }
        false
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let by_size = self.0.len().cmp(&other.0.len());
        Some(by_size.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn natural(number: u128) -> Natural {
        Natural::from_be_bytes(&number.to_be_bytes())
    }

    #[test]
    fn roots_are_exact() {
        for number in [
            0_u128,
            1,
            2,
            3,
            4,
            8,
            9,
            15,
            16,
            17,
            99,
            100,
            65_535,
            65_536,
            4_294_967_295,
            4_294_967_296,
            u128::MAX,
            (1 << 126) - 1,
        ] {
            let (root, rest) = natural(number).root();
            let expected = number.isqrt();
            assert_eq!(
                (root, rest),
                (natural(expected), natural(number - expected * expected)),
                "{number}"
            );
            assert_eq!(
                natural(number).is_square(),
                expected * expected == number,
                "{number}"
            );
        }
    }

    #[test]
    fn sums_and_remainders_carry() {
        let (large, small) = (natural(u128::MAX / 3), natural(0xffff_ffff));
        assert_eq!(large.plus(&small), natural(u128::MAX / 3 + 0xffff_ffff));
        assert_eq!(large.minus(&small), natural(u128::MAX / 3 - 0xffff_ffff));
        assert_eq!(natural(u128::MAX).remainder(97), (u128::MAX % 97) as u32);
    }

    #[test]
    fn close_factors_are_found_and_others_not() {
        let close = |one: u128, other: u128, steps| natural(one * other).has_close_factors(steps);
        assert!(close(1_000_003, 1_000_003, 1), "a square");
        assert!(close(1_000_003, 1_000_033, 1), "twins");
        assert!(close(4_294_967_291, 4_294_967_279, 1));
        // (p - q)² / 8 √n steps: 1,171 here.
        assert!(!close(1_000_003, 1_100_009, 100) && close(1_000_003, 1_100_009, 2_000));
        assert!(!close(3, 1_000_003, 100));
    }
}
