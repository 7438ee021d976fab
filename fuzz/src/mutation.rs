//! Mutations that keep the structure of DER: what encloses a change gets the length that fits.
//!
//! libFuzzer's own mutations change octets. Nearly all of these break a length on the way, and the decoder says no at once.

use libfuzzer_sys::fuzzer_mutate;

const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const CONSTRUCTED: u8 = 0x20;
const MAX_DEPTH: usize = 40;
/// Identifiers to put in place of others: the universal types, and context-specific ones.
const IDENTIFIERS: [u8; 20] = [
    0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x16, 0x17, 0x18, 0x1e, 0x30, 0x31, 0x80, 0x82,
    0xa0, 0xa1, 0xa3,
];

/// Replaces `data[..size]` by a mutation of it, at most `max_size` long, and returns its length. Every other mutation is libFuzzer's own,
/// and so is each of what is not DER.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut random = Random(u64::from(seed) | 1 << 32);
    let elements = if random.below(2) == 0 {
        None
    } else {
        parse(&data[..size], 0)
    };
    let Some(mut elements) = elements.filter(|elements| !elements.is_empty()) else {
        return fuzzer_mutate(data, size, max_size);
    };
    for _ in 0..=random.below(3) {
        mutate_one(&mut elements, &mut random);
    }
    let mutated = encode(&elements);
    if mutated.is_empty() || mutated.len() > max_size {
        return fuzzer_mutate(data, size, max_size);
    }
    data[..mutated.len()].copy_from_slice(&mutated);
    mutated.len()
}

/// xorshift64: the same seed gives the same mutation, as libFuzzer wants it.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % bound
    }
}

#[derive(Clone)]
struct Element {
    identifier: u8,
    content: Content,
}

#[derive(Clone)]
enum Content {
    Octets(Vec<u8>),
    /// Elements, after octets that are kept: the number of unused bits where a bit string holds DER.
    Elements(Vec<u8>, Vec<Element>),
}

/// The elements that `bytes` are, or `None` when they are something else. Strings that hold DER are taken apart as well.
fn parse(mut bytes: &[u8], depth: usize) -> Option<Vec<Element>> {
    let mut elements = Vec::new();
    while !bytes.is_empty() {
        let (identifier, content, rest) = split(bytes)?;
        elements.push(Element {
            identifier,
            content: parse_content(identifier, content, depth)?,
        });
        bytes = rest;
    }
    Some(elements)
}

fn parse_content(identifier: u8, content: &[u8], depth: usize) -> Option<Content> {
    let (kept, inner) = match (identifier, content) {
        (BIT_STRING, [0, inner @ ..]) => (&content[..1], inner),
        _ => (&content[..0], content),
    };
    let may_hold_elements =
        identifier & CONSTRUCTED != 0 || matches!(identifier, BIT_STRING | OCTET_STRING) && inner.len() > 1;
    let elements = if may_hold_elements && depth < MAX_DEPTH {
        parse(inner, depth + 1)
    } else {
        None
    };
    match elements {
        Some(elements) => Some(Content::Elements(kept.to_vec(), elements)),
        None if identifier & CONSTRUCTED != 0 => None,
        None => Some(Content::Octets(content.to_vec())),
    }
}

/// Identifier, content and what follows, of an element with a tag of one octet and a definite length.
fn split(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let [identifier, length, rest @ ..] = bytes else {
        return None;
    };
    let (length, rest) = match length {
        0..=0x7f => (usize::from(*length), rest),
        0x81..=0x83 => {
            let (octets, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            (
                octets
                    .iter()
                    .fold(0, |value, octet| value << 8 | usize::from(*octet)),
                rest,
            )
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    (identifier & 0x1f != 0x1f && *identifier != 0).then_some((*identifier, content, rest))
}

fn encode(elements: &[Element]) -> Vec<u8> {
    let mut out = Vec::new();
    for element in elements {
        let content = match &element.content {
            Content::Octets(octets) => octets.clone(),
            Content::Elements(kept, elements) => [kept.as_slice(), &encode(elements)].concat(),
        };
        let length = content.len().to_be_bytes();
        let significant = &length[length
            .iter()
            .position(|octet| *octet != 0)
            .unwrap_or(length.len() - 1)..];
        out.push(element.identifier);
        if content.len() > 0x7f {
            out.push(0x80 | significant.len() as u8);
        }
        out.extend_from_slice(significant);
        out.extend_from_slice(&content);
    }
    out
}

fn count(elements: &[Element]) -> usize {
    elements
        .iter()
        .map(|element| {
            1 + if let Content::Elements(_, inner) = &element.content {
                count(inner)
            } else {
                0
            }
        })
        .sum()
}

/// The list that holds element number `index`, counted from the outermost first one, and its place in that list.
fn find(elements: &mut Vec<Element>, mut index: usize) -> (&mut Vec<Element>, usize) {
    for place in 0..elements.len() {
        let below = match &elements[place].content {
            Content::Elements(_, inner) => count(inner),
            Content::Octets(_) => 0,
        };
        if index == 0 {
            return (elements, place);
        }
        if index <= below {
            let Content::Elements(_, inner) = &mut elements[place].content else {
                unreachable!("octets have nothing below")
            };
            return find(inner, index - 1);
        }
        index -= 1 + below;
    }
    unreachable!("the index is below the count")
}

fn mutate_one(elements: &mut Vec<Element>, random: &mut Random) {
    let count = count(elements);
    if count == 0 {
        return;
    }
    let (another_list, another_place) = find(elements, random.below(count));
    let another = another_list[another_place].clone();
    let (list, place) = find(elements, random.below(count));
    match random.below(8) {
        0 => drop(list.remove(place)),
        1 => list.insert(place, another),
        2 => list[place] = another,
        3 => list[place].identifier = IDENTIFIERS[random.below(IDENTIFIERS.len())],
        4 => list.insert(place, list[place].clone()),
        _ => mutate_content(&mut list[place]),
    }
}

/// A leaf's octets as libFuzzer changes octets; of anything else the encoding is, up to 64 octets longer.
fn mutate_content(element: &mut Element) {
    let mut octets = match &element.content {
        Content::Octets(octets) => octets.clone(),
        Content::Elements(kept, elements) => [kept.as_slice(), &encode(elements)].concat(),
    };
    let (size, max_size) = (octets.len(), octets.len() + 64);
    octets.resize(max_size, 0);
    let mutated = fuzzer_mutate(&mut octets, size, max_size);
    octets.truncate(mutated);
    element.content = Content::Octets(octets);
}
