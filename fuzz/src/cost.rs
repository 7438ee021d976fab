//! What an input would cost.

/// Iterations up to which an input is tried: the exponent 65537 of RSA keys must pass.
const MAX_ITERATIONS: u32 = 65_537;
const INTEGER: u8 = 2;

/// Whether `input` holds an INTEGER of 3 or 4 octets above 65,537, which may be the number of iterations of a key derivation.
///
/// The library does millions before it refuses, which takes seconds: fuzzing would do little else. Numbers that are something else are
/// met as well: these inputs are lost. Numbers written in another way, with a longer length, are not: these inputs take their time.
pub fn may_take_long(input: &[u8]) -> bool {
    let exceeds = |octets: &[u8]| octets.iter().fold(0, |value: u32, octet| value << 8 | u32::from(*octet)) > MAX_ITERATIONS;
    input.windows(6).any(|window| match window {
        [INTEGER, 3, octets @ ..] => exceeds(&octets[..3]),
        [INTEGER, 4, octets @ ..] => exceeds(octets),
        _ => false,
    })
}
