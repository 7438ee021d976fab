//! BIT STRINGs whose count of unused bits is not what whole bytes have (X.690 §8.6.2.2).

const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
/// Of a context-specific tag, whether it holds elements.
const CONTEXT_CONSTRUCTED: u8 = 0xa0;

/// The count of unused bits of the first BIT STRING that has one, in a structure where every BIT STRING holds whole bytes:
/// SubjectPublicKeyInfo (RFC 5280 §4.1) and ECPrivateKey (RFC 5915 §3). An OCTET STRING holds secret bytes, which may look like anything.
pub fn unused_bits(der: &[u8]) -> Option<u8> {
    within(der, 0)
}

fn within(mut rest: &[u8], depth: usize) -> Option<u8> {
    const DEEPEST: usize = 8;
    if depth >= DEEPEST {
        return None;
    }
    loop {
        let (tag, content, after) = element(rest)?;
        let found = match tag {
            BIT_STRING => content.first().copied().filter(|unused| *unused != 0),
            SEQUENCE | SET => within(content, depth + 1),
            tag if tag & 0xe0 == CONTEXT_CONSTRUCTED => within(content, depth + 1),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
        rest = after;
    }
}

/// Tag, content, and what follows.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let [tag, length, rest @ ..] = bytes else {
        return None;
    };
    let (length, rest) = match usize::from(*length) {
        short if short < 0x80 => (short, rest),
        long => {
            let (digits, rest) = rest
                .split_at_checked(long & 0x7f)
                .filter(|(digits, _)| (1..=4).contains(&digits.len()))?;
            (
                digits
                    .iter()
                    .fold(0usize, |value, digit| value << 8 | usize::from(*digit)),
                rest,
            )
        }
    };
    let (content, after) = rest.split_at_checked(length)?;
    Some((*tag, content, after))
}

/// What to say of such a count.
pub fn unused_bits_in_words(unused: u8) -> String {
    format!(
        "the BIT STRING of the public key says that {unused} of its last bits are unused, but a key has \
         whole bytes: it must be 0 (X.690 §8.6.2.2)"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn count_is_found_wherever_a_key_has_its_public_half() {
        let public = |unused| [0x30, 6, 0x30, 0, 0x03, 2, unused, 4];
        assert_eq!(unused_bits(&public(0)), None);
        assert_eq!(unused_bits(&public(1)), Some(1));
        let private = |unused| [0x30, 13, 2, 1, 1, 4, 3, 0x03, 1, 9, 0xa1, 3, 0x03, 1, unused];
        assert_eq!(
            (unused_bits(&private(0)), unused_bits(&private(7))),
            (None, Some(7))
        );
        for odd in [
            &[][..],
            &[0x30],
            &[0x30, 0x85, 1, 1, 1, 1, 1],
            &[0x30, 0x80],
            &[0x03, 0],
            &[0x30, 9, 3, 1],
        ] {
            assert_eq!(unused_bits(odd), None, "{odd:?}");
        }
    }
}
