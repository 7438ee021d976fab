//! Nonces (RFC 8555 §6.5): `base64url(time ‖ random ‖ MAC)`. Whoever has the key can say whether one was given out, without keeping it; that it is
//! redeemed once is the state's to hold. This module alone names the crates of the MAC.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use thiserror::Error;
use time::{Duration, OffsetDateTime};
use zeroize::Zeroizing;

/// How long one can be redeemed.
pub const LIFETIME: Duration = Duration::minutes(10);
/// Clocks of two nodes may differ so much.
const CLOCK_SKEW: Duration = Duration::seconds(60);

const TIME_OCTETS: usize = 8;
/// Random bytes of a nonce.
pub const RANDOM_OCTETS: usize = 16;
const MAC_OCTETS: usize = 16;
const OCTETS: usize = TIME_OCTETS + RANDOM_OCTETS + MAC_OCTETS;

/// What nonces are made and checked with. It has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct NonceKey(Zeroizing<[u8; 32]>);

impl NonceKey {
    /// Of random bits.
    pub fn new(bits: Zeroizing<[u8; 32]>) -> Self {
        Self(bits)
    }

    fn mac(&self, message: &[u8]) -> Hmac<Sha256> {
        let mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice()).expect("HMAC takes keys of any length");
        mac.chain_update(message)
    }
}

/// A nonce that this server has given out, and whose time has not run out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Nonce {
    /// When it was made.
    pub made: OffsetDateTime,
    /// What tells it from all others.
    pub random: [u8; RANDOM_OCTETS],
}

impl Nonce {
    /// When it ends.
    pub fn expires(&self) -> OffsetDateTime {
        self.made.saturating_add(LIFETIME)
    }
}

/// Why something is no nonce that can be redeemed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NonceFault {
    /// This server has not given it out, or with a key that it does not have any more.
    #[error("the nonce is not from this server, or from before it was restarted")]
    NotOurs,
    /// Its time has run out.
    #[error("the nonce is older than ten minutes")]
    Expired,
}

/// Makes a nonce from random bits.
pub fn make(key: &NonceKey, now: OffsetDateTime, random: [u8; RANDOM_OCTETS]) -> String {
    let mut octets = Vec::with_capacity(OCTETS);
    octets.extend_from_slice(&now.unix_timestamp().to_be_bytes());
    octets.extend_from_slice(&random);
    let mac = key.mac(&octets).finalize().into_bytes();
    octets.extend_from_slice(&mac[..MAC_OCTETS]);
    URL_SAFE_NO_PAD.encode(octets)
}

/// Says whether a nonce was made with the key, in constant time, and is not too old. It has yet to be redeemed.
///
/// # Errors
/// [`NonceFault`].
pub fn check(key: &NonceKey, text: &str, now: OffsetDateTime) -> Result<Nonce, NonceFault> {
    if text.len() > OCTETS * 2 {
        return Err(NonceFault::NotOurs);
    }
    let octets = URL_SAFE_NO_PAD.decode(text).map_err(|_| NonceFault::NotOurs)?;
    let octets: [u8; OCTETS] = octets.try_into().map_err(|_| NonceFault::NotOurs)?;
    let (message, mac) = octets.split_at(TIME_OCTETS + RANDOM_OCTETS);
    key.mac(message)
        .verify_truncated_left(mac)
        .map_err(|_| NonceFault::NotOurs)?;
    let (made, random) = message.split_at(TIME_OCTETS);
    let made = i64::from_be_bytes(made.try_into().map_err(|_| NonceFault::NotOurs)?);
    let made = OffsetDateTime::from_unix_timestamp(made).map_err(|_| NonceFault::NotOurs)?;
    let nonce = Nonce {
        made,
        random: random.try_into().map_err(|_| NonceFault::NotOurs)?,
    };
    if nonce.expires() <= now || made > now.saturating_add(CLOCK_SKEW) {
        return Err(NonceFault::Expired);
    }
    Ok(nonce)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-30 10:00:00 UTC);

    fn key(filled: u8) -> NonceKey {
        NonceKey::new(Zeroizing::new([filled; 32]))
    }

    #[test]
    fn a_nonce_counts_for_ten_minutes() {
        let text = make(&key(1), NOW, [7; 16]);
        let nonce = Nonce {
            made: NOW,
            random: [7; 16],
        };
        let at = |seconds: i64| check(&key(1), &text, NOW + Duration::seconds(seconds));
        assert_eq!(at(0), Ok(nonce));
        assert_eq!(at(599), Ok(nonce));
        assert_eq!(at(600), Err(NonceFault::Expired));
        assert_eq!(at(-60), Ok(nonce), "another node's clock may be ahead");
        assert_eq!(at(-61), Err(NonceFault::Expired));
        assert!(text.len() == 54 && !text.contains('='));
    }

    #[test]
    fn what_this_server_has_not_made_is_told_so() {
        let text = make(&key(1), NOW, [7; 16]);
        assert_eq!(check(&key(2), &text, NOW), Err(NonceFault::NotOurs));
        let octets = URL_SAFE_NO_PAD.decode(&text).expect("base64url");
        for bit in 0..octets.len() * 8 {
            let mut changed = octets.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let changed = URL_SAFE_NO_PAD.encode(changed);
            assert_eq!(
                check(&key(1), &changed, NOW),
                Err(NonceFault::NotOurs),
                "bit {bit}"
            );
        }
        for text in [
            String::new(),
            format!("{text}="),
            format!(" {text}"),
            text[..53].to_owned(),
            format!("{text}AAAA"),
            text.to_ascii_uppercase(),
            "A".repeat(1_000_000),
        ] {
            assert_eq!(check(&key(1), &text, NOW), Err(NonceFault::NotOurs));
        }
    }

    #[test]
    fn the_mac_is_that_of_another_implementation() {
        // Python: hmac.new(bytes([1]*32), (1796032800).to_bytes(8,'big') + bytes([7]*16), 'sha256').digest()[:16]
        let octets = URL_SAFE_NO_PAD
            .decode(make(&key(1), NOW, [7; 16]))
            .expect("base64url");
        let expected = [
            0xbb, 0xa1, 0x3e, 0x95, 0x6b, 0x53, 0x7f, 0xe2, 0xf4, 0xfd, 0x3c, 0xb5, 0x17, 0x09, 0xd4, 0xc5,
        ];
        assert_eq!(octets[..8], 1_796_032_800_i64.to_be_bytes());
        assert_eq!(octets[24..], expected);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,200}", octets in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = check(&key(1), &text, NOW);
            prop_assert!(check(&key(1), &URL_SAFE_NO_PAD.encode(octets), NOW).is_err());
        }
    }
}
