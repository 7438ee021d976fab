//! How much work a file may ask for.

use super::PbeError;

/// The most iterations of one key derivation; Java's PKCS #12 reader has the same bound.
pub const MAX_ITERATIONS: u64 = 5_000_000;
/// The most iterations of all key derivations of one file, counted once for each block of a derived key: a store of many keys,
/// each under its own salt, must open too.
pub const MAX_ITERATIONS_IN_ALL: u64 = 20_000_000;
/// The most memory for scrypt: four times what OpenSSL writes by default.
pub const MAX_SCRYPT_BYTES: u64 = 64 << 20;

/// What opening one file has cost, in iterations of key derivation.
#[derive(Debug, Default)]
pub struct Effort {
    spent: u64,
}

impl Effort {
    /// Nothing spent.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the cost of a derivation before it starts: its iterations, once for each block of its result.
    pub(super) fn spend(&mut self, iterations: u64, blocks: usize) -> Result<(), PbeError> {
        let blocks = u64::try_from(blocks).unwrap_or(u64::MAX);
        self.spent = self.spent.saturating_add(iterations.saturating_mul(blocks));
        if self.spent > MAX_ITERATIONS_IN_ALL {
            Err(PbeError::TooMuchWork)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sum_is_bounded() {
        let mut effort = Effort::new();
        for _ in 0..2 {
            assert_eq!(effort.spend(5_000_000, 2), Ok(()));
        }
        assert_eq!(effort.spend(1, 1), Err(PbeError::TooMuchWork));
        assert_eq!(effort.spend(u64::MAX, usize::MAX), Err(PbeError::TooMuchWork));
    }
}
