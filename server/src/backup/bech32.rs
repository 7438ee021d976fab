//! Bech32 (BIP 173), as the age format writes keys: without a limit of its length.

const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
/// Letters of the checksum.
const CHECKSUM: usize = 6;
/// The longest text that is read: keys have some 70 characters.
const MAX_CHARACTERS: usize = 200;

fn step(sum: u32, value: u8) -> u32 {
    const GENERATORS: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let top = sum >> 25;
    let shifted = ((sum & 0x01ff_ffff) << 5) ^ u32::from(value);
    let chosen = GENERATORS
        .iter()
        .enumerate()
        .filter(|(bit, _)| (top >> bit) & 1 == 1);
    chosen.fold(shifted, |sum, (_, generator)| sum ^ generator)
}

fn sum(prefix: &str, values: impl Iterator<Item = u8>) -> u32 {
    let high = prefix.bytes().map(|byte| byte >> 5);
    let low = prefix.bytes().map(|byte| byte & 31);
    high.chain([0]).chain(low).chain(values).fold(1, step)
}

/// Takes groups of bits to groups of another size. `None` where bits are left that are not zero, or a whole group of them.
fn regroup(from: impl Iterator<Item = u8>, width: u32, to: u32, pads: bool) -> Option<Vec<u8>> {
    let (mut held, mut bits, mut out) = (0_u32, 0, Vec::new());
    for value in from {
        held = (held << width) | u32::from(value);
        bits += width;
        while bits >= to {
            bits -= to;
            out.push(u8::try_from((held >> bits) & ((1 << to) - 1)).ok()?);
        }
        held &= (1 << bits) - 1;
    }
    match pads {
        true if bits > 0 => out.push(u8::try_from((held << (to - bits)) & ((1 << to) - 1)).ok()?),
        true => {}
        false if bits >= width || held != 0 => return None,
        false => {}
    }
    Some(out)
}

/// The bytes of a text with this prefix, all in lower or all in upper case.
pub(super) fn decode(prefix: &str, text: &str) -> Option<zeroize::Zeroizing<Vec<u8>>> {
    let has = |is_case: fn(&u8) -> bool| text.as_bytes().iter().any(is_case);
    if text.len() > MAX_CHARACTERS || has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) {
        return None;
    }
    let text = zeroize::Zeroizing::new(text.to_ascii_lowercase());
    let rest = text.strip_prefix(prefix)?.strip_prefix('1')?;
    let place = |byte| ALPHABET.iter().position(|letter| *letter == byte);
    let values: Option<Vec<u8>> = rest.bytes().map(|byte| u8::try_from(place(byte)?).ok()).collect();
    let values = zeroize::Zeroizing::new(values?);
    if values.len() < CHECKSUM || sum(prefix, values.iter().copied()) != 1 {
        return None;
    }
    let data = values[..values.len() - CHECKSUM].iter().copied();
    regroup(data, 5, 8, false).map(zeroize::Zeroizing::new)
}

/// The text of bytes, in lower case.
pub(super) fn encode(prefix: &str, bytes: &[u8]) -> String {
    let mut values = regroup(bytes.iter().copied(), 8, 5, true).unwrap_or_default();
    let check = sum(prefix, values.iter().copied().chain([0; CHECKSUM])) ^ 1;
    for at in (0..CHECKSUM).rev() {
        values.push(u8::try_from((check >> (5 * at)) & 31).unwrap_or_default());
    }
    let letters = values
        .iter()
        .map(|value| char::from(ALPHABET[usize::from(*value)]));
    format!("{prefix}1{}", letters.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let text = encode("age", &[7; 32]);
        assert_eq!(text.len(), 62);
        assert_eq!(decode("age", &text).expect("it").as_slice(), [7; 32]);
        assert_eq!(
            decode("age", &text.to_uppercase()).expect("it").as_slice(),
            [7; 32]
        );
        for at in 0..text.len() {
            for other in ["q", "Q", "b", "1", " ", "\u{e9}"] {
                let mut changed = text.clone();
                if changed.get(at..=at) != Some(other) {
                    changed.replace_range(at..=at, other);
                    assert_eq!(decode("age", &changed), None, "{changed}");
                }
            }
        }
        for wrong in ["", "age", "age1", "age1qqqqqq", "1", &text[1..], &"q".repeat(300)] {
            assert_eq!(decode("age", wrong), None, "{wrong}");
        }
        assert_eq!(decode("agf", &text), None);
    }
}
