//! A writer of DER and BER, for files that no program writes.

pub const SEQUENCE: u8 = 0x30;
pub const SET: u8 = 0x31;
pub const OCTET_STRING: u8 = 0x04;
/// An octet string in pieces.
pub const OCTET_STRING_IN_PIECES: u8 = 0x24;

/// An element with a definite length in the fewest octets.
pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let significant: Vec<u8> = content
        .len()
        .to_be_bytes()
        .into_iter()
        .skip_while(|octet| *octet == 0)
        .collect();
    let short = [u8::try_from(content.len()).unwrap_or(u8::MAX)];
    let long = [
        &[0x80 | u8::try_from(significant.len()).expect("at most eight")][..],
        &significant,
    ]
    .concat();
    claiming(tag, if content.len() < 0x80 { &short } else { &long }, content)
}

/// An element with these length octets, whatever its content is.
pub fn claiming(tag: u8, length_octets: &[u8], content: &[u8]) -> Vec<u8> {
    [&[tag], length_octets, content].concat()
}

/// A constructed element with an indefinite length.
pub fn indefinite(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, 0x80], content, &[0, 0]].concat()
}

pub fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(SEQUENCE, &parts.concat())
}

pub fn set(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(SET, &parts.concat())
}

/// `[number]`, as it stands before an element that keeps its own tag, or in place of the tag of a constructed one.
pub fn context(number: u8, content: &[u8]) -> Vec<u8> {
    tlv(0xa0 | number, content)
}

pub fn octet_string(content: &[u8]) -> Vec<u8> {
    tlv(OCTET_STRING, content)
}

/// An INTEGER of these octets, in two's complement.
pub fn integer(octets: &[u8]) -> Vec<u8> {
    tlv(2, octets)
}

pub fn number(value: u32) -> Vec<u8> {
    let octets: Vec<u8> = [0].into_iter().chain(value.to_be_bytes()).collect();
    let needed = (0..octets.len() - 1)
        .find(|at| octets[*at] != 0 || octets[at + 1] & 0x80 != 0)
        .unwrap_or(octets.len() - 1);
    integer(&octets[needed..])
}

pub fn null() -> Vec<u8> {
    tlv(5, &[])
}

/// An OBJECT IDENTIFIER from its dotted form.
pub fn oid(dotted: &str) -> Vec<u8> {
    let arcs: Vec<u64> = dotted
        .split('.')
        .map(|arc| arc.parse().expect("a number"))
        .collect();
    let first = [40 * arcs[0] + arcs[1]];
    tlv(
        6,
        &first
            .iter()
            .chain(&arcs[2..])
            .flat_map(|arc| base128(*arc))
            .collect::<Vec<u8>>(),
    )
}

fn base128(arc: u64) -> Vec<u8> {
    let groups = (0..10)
        .rev()
        .map(|group| u8::try_from(arc >> (7 * group) & 0x7f).expect("seven bits"));
    let significant: Vec<u8> = groups.skip_while(|group| *group == 0).collect();
    let Some((last, before)) = significant.split_last() else {
        return vec![0];
    };
    before.iter().map(|group| group | 0x80).chain([*last]).collect()
}

/// An AlgorithmIdentifier.
pub fn algorithm(dotted: &str, parameters: Vec<u8>) -> Vec<u8> {
    sequence(&[oid(dotted), parameters])
}

/// As many elements within one another, with definite lengths; the innermost is empty.
pub fn nested(tag: u8, depth: usize) -> Vec<u8> {
    // Written from its end, so that nothing is copied again and again.
    let mut reversed: Vec<u8> = Vec::new();
    for _ in 0..depth {
        let mut header = tlv(tag, &vec![0; reversed.len()]);
        header.truncate(header.len() - reversed.len());
        reversed.extend(header.iter().rev());
    }
    reversed.reverse();
    reversed
}

/// As many elements within one another, with indefinite lengths.
pub fn nested_indefinite(tag: u8, depth: usize) -> Vec<u8> {
    [[tag, 0x80].repeat(depth), [0, 0].repeat(depth)].concat()
}
