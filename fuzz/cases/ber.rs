//! BER: what comes out is DER as far as lengths and strings go, and DER comes out as it went in.

use gsec_pki::encoding::ber::{MAX_NESTING, to_der};

const CONSTRUCTED: u8 = 0x20;
const HIGH_TAG_NUMBER: u8 = 0x1f;

/// Whether it was BER.
pub fn check(input: &[u8]) -> bool {
    let was_der = is_one_element(input);
    let Ok(der) = to_der(input) else {
        assert!(!was_der, "DER is refused");
        return false;
    };
    assert!(is_one_element(&der), "no DER");
    assert!(
        to_der(&der).expect("own output") == der,
        "a second time it comes out otherwise"
    );
    assert!(!was_der || *der == *input, "DER does not stay as it is");
    true
}

/// Whether `bytes` are one element in DER, nested within the bound.
fn is_one_element(bytes: &[u8]) -> bool {
    rest_after_element(bytes, 1).is_some_and(<[u8]>::is_empty)
}

/// What follows the element that `bytes` begin with, when its lengths are definite and in the fewest octets and its strings in one
/// piece (X.690 §10.1, §10.2). Written apart from the library, to disagree with it.
fn rest_after_element(bytes: &[u8], depth: usize) -> Option<&[u8]> {
    let (&identifier, rest) = bytes.split_first().filter(|_| depth <= MAX_NESTING)?;
    let rest = if identifier & HIGH_TAG_NUMBER == HIGH_TAG_NUMBER {
        let octets = 1 + rest.iter().position(|octet| octet & 0x80 == 0)?;
        rest.get(octets..).filter(|_| octets <= 4)?
    } else {
        rest
    };
    let (length, rest) = length(rest)?;
    let (mut content, rest) = rest.split_at_checked(length)?;
    let is_string = matches!(identifier & !CONSTRUCTED, 3 | 4 | 12 | 18..=30);
    match identifier {
        0 => return None,
        _ if identifier & CONSTRUCTED == 0 => {}
        _ if is_string => return None,
        _ => {
            while !content.is_empty() {
                content = rest_after_element(content, depth + 1)?;
            }
        }
    }
    Some(rest)
}

/// The length that `bytes` begin with, and what follows it.
fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    match bytes {
        [short @ ..=0x7f, rest @ ..] => Some((usize::from(*short), rest)),
        [0x81, length @ 0x80..=0xff, rest @ ..] => Some((usize::from(*length), rest)),
        [0x82, high @ 1..=0xff, low, rest @ ..] => Some((usize::from(*high) << 8 | usize::from(*low), rest)),
        [0x83, high @ 1..=0xff, middle, low, rest @ ..] => Some((
            usize::from(*high) << 16 | usize::from(*middle) << 8 | usize::from(*low),
            rest,
        )),
        _ => None,
    }
}
