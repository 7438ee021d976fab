//! What an input would cost.

/// Iterations up to which an input is tried: the exponent 65537 of RSA keys must pass.
const MAX_ITERATIONS: u32 = 65_537;
const INTEGER: u8 = 2;

/// Whether `input` holds an INTEGER of 3 or 4 octets above 65,537, which may be the number of iterations of a key derivation.
///
/// The library does millions before it refuses, which takes seconds: fuzzing would do little else. Numbers that are something else are
/// met as well: these inputs are lost. Numbers written in another way, with a longer length, are not: these inputs take their time.
pub fn may_take_long(input: &[u8]) -> bool {
    let exceeds = |octets: &[u8]| {
        octets
            .iter()
            .fold(0, |value: u32, octet| value << 8 | u32::from(*octet))
            > MAX_ITERATIONS
    };
    let is_large = |window: &[u8]| match window {
        [INTEGER, 3, octets @ ..] => exceeds(&octets[..3]),
        [INTEGER, 4, octets @ ..] => exceeds(octets),
        _ => false,
    };
    input.windows(6).any(is_large) || scrypt_steps(input).is_some_and(|steps| steps > MAX_ITERATIONS)
}

/// N × r × p of the first scrypt-params (RFC 7914 §7.1) in `input`, of numbers up to two octets: saturated.
fn scrypt_steps(input: &[u8]) -> Option<u32> {
    const SCRYPT: &[u8] = &[0x2b, 6, 1, 4, 1, 0xda, 0x47, 4, 11];
    let begin = input.windows(SCRYPT.len()).position(|window| window == SCRYPT)? + SCRYPT.len();
    let [_, _, _, salt_octets, rest @ ..] = input.get(begin..)? else {
        return None;
    };
    let mut rest = rest.get(usize::from(*salt_octets)..)?;
    let mut steps = 1_u32;
    while let [INTEGER, length @ 1..=2, octets @ ..] = rest {
        let (number, after) = octets.split_at_checked(usize::from(*length))?;
        steps = steps.saturating_mul(
            number
                .iter()
                .fold(0, |value, octet| value << 8 | u32::from(*octet)),
        );
        rest = after;
    }
    Some(steps)
}
