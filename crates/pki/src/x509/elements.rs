//! DER taken apart one element after another, for what x509-parser reads whole or not at all.

use x509_parser::asn1_rs::{Any, Class, FromDer};
use x509_parser::extensions::X509Extension;

/// One element: its tag, its content, and the whole encoding with tag and length.
#[derive(Clone, Copy)]
pub(super) struct Element<'a> {
    class: Class,
    tag: u32,
    pub(super) content: &'a [u8],
    pub(super) whole: &'a [u8],
}

impl Element<'_> {
    /// Whether it has this universal tag.
    pub(super) fn is(&self, tag: u32) -> bool {
        self.class == Class::Universal && self.tag == tag
    }

    /// Whether it has this context-specific tag.
    pub(super) fn is_context(&self, tag: u32) -> bool {
        self.class == Class::ContextSpecific && self.tag == tag
    }
}

/// The universal tags that are looked at.
pub(super) mod tag {
    pub(in crate::x509) const BOOLEAN: u32 = 1;
    pub(in crate::x509) const INTEGER: u32 = 2;
    pub(in crate::x509) const BIT_STRING: u32 = 3;
    pub(in crate::x509) const OCTET_STRING: u32 = 4;
    pub(in crate::x509) const OBJECT_IDENTIFIER: u32 = 6;
    pub(in crate::x509) const SEQUENCE: u32 = 16;
    pub(in crate::x509) const SET: u32 = 17;
    pub(in crate::x509) const UTC_TIME: u32 = 23;
    pub(in crate::x509) const GENERALIZED_TIME: u32 = 24;
}

/// The elements of some content, in order; what cannot be read is the end, and [`Elements::rest`] has it.
pub(super) struct Elements<'a> {
    pub(super) rest: &'a [u8],
}

impl<'a> Elements<'a> {
    pub(super) fn of(content: &'a [u8]) -> Self {
        Self { rest: content }
    }

    /// The next element when it has this universal tag.
    pub(super) fn next_if(&mut self, tag: u32) -> Option<Element<'a>> {
        self.next_where(|element| element.is(tag))
    }

    /// Takes the next element if it satisfies the predicate; otherwise leaves it.
    pub(super) fn next_where(&mut self, is_match: impl Fn(&Element<'a>) -> bool) -> Option<Element<'a>> {
        let before = self.rest;
        let found = self.next().filter(is_match);
        if found.is_none() {
            self.rest = before;
        }
        found
    }

    /// What a parser of x509-parser reads next.
    pub(super) fn parse<T: FromDer<'a, E>, E>(&mut self) -> Option<T> {
        let (rest, found) = T::from_der(self.rest).ok()?;
        self.rest = rest;
        Some(found)
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        let (rest, any) = Any::from_der(self.rest).ok()?;
        let whole = &self.rest[..self.rest.len() - rest.len()];
        self.rest = rest;
        Some(Element { class: any.header.class(), tag: any.header.tag().0, content: any.data, whole })
    }
}

/// `SEQUENCE { tbs, signatureAlgorithm, signature }`: certificates, CRLs and requests (RFC 5280 §4.1, §5.1, RFC 2986 §4).
pub(super) struct Signed<'a> {
    pub(super) tbs: Element<'a>,
    pub(super) algorithm: &'a [u8],
    pub(super) signature: &'a [u8],
    /// Bytes after the end.
    pub(super) trailing: usize,
}

impl<'a> Signed<'a> {
    pub(super) fn read(der: &'a [u8]) -> Option<Self> {
        let mut file = Elements::of(der);
        let mut parts = Elements::of(file.next_if(tag::SEQUENCE)?.content);
        let tbs = parts.next_if(tag::SEQUENCE)?;
        let algorithm = parts.next_if(tag::SEQUENCE)?.whole;
        // The first byte counts unused bits; a signature has 0 of them.
        let signature = parts.next_if(tag::BIT_STRING)?.content.split_first()?.1;
        parts.rest.is_empty().then_some(Self { tbs, algorithm, signature, trailing: file.rest.len() })
    }
}

/// Where `part` lies in `der`, of which it was cut.
pub(super) fn range_in(der: &[u8], part: &[u8]) -> std::ops::Range<usize> {
    let start = part.as_ptr().addr().saturating_sub(der.as_ptr().addr());
    start..start + part.len()
}

/// Every extension of `SEQUENCE OF Extension` (RFC 5280 §4.1); `None` if the sequence is malformed.
pub(super) fn read_extensions<'a>(sequence: &Element<'a>) -> Option<Vec<X509Extension<'a>>> {
    let mut elements = Elements::of(sequence.content);
    let mut list = Vec::new();
    while !elements.rest.is_empty() {
        list.push(elements.parse()?);
    }
    Some(list)
}
