//! DER taken apart one element after another, for what x509-parser reads whole or not at all.

use x509_parser::asn1_rs::{Any, Class, FromDer};
use x509_parser::extensions::X509Extension;

use crate::encoding::visible::shortened;

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

    /// Whether it has this universal tag in the form that DER has for its type: lists constructed, all else primitive (X.690 §10.2).
    pub(super) fn is_der(&self, tag: u32) -> bool {
        const CONSTRUCTED: u8 = 0x20;
        let is_constructed = self.whole.first().is_some_and(|first| first & CONSTRUCTED != 0);
        self.is(tag) && is_constructed == [tag::SEQUENCE, tag::SET].contains(&tag)
    }

    /// Whether it is an OBJECT IDENTIFIER in DER.
    pub(super) fn is_oid(&self) -> bool {
        self.is_der(tag::OBJECT_IDENTIFIER) && is_oid_content(self.content)
    }

    /// Its universal tag; `None` for one of another class.
    pub(super) fn universal_tag(&self) -> Option<u32> {
        (self.class == Class::Universal).then_some(self.tag)
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

    /// The next element when it has this universal tag, in the form of DER.
    pub(super) fn next_der(&mut self, tag: u32) -> Option<Element<'a>> {
        self.next_where(|element| element.is_der(tag))
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
        Some(Element {
            class: any.header.class(),
            tag: any.header.tag().0,
            content: any.data,
            whole,
        })
    }
}

/// Whether this is the content of an OBJECT IDENTIFIER: whole numbers, each without leading zeros (X.690 §8.19.2).
pub(super) fn is_oid_content(content: &[u8]) -> bool {
    let is_last = |byte: &u8| byte & 0x80 == 0;
    content.last().is_some_and(is_last)
        && content
            .split_inclusive(is_last)
            .all(|number| number.first() != Some(&0x80))
}

/// `SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }`, RFC 5280 §4.1.
pub(super) struct ExtensionParts<'a> {
    pub(super) critical: Option<Element<'a>>,
    pub(super) value: &'a [u8],
}

impl<'a> ExtensionParts<'a> {
    /// The parts; `None` if one is not of its type, or something else is there.
    pub(super) fn of(extension: &Element<'a>) -> Option<Self> {
        let mut parts = Elements::of(extension.content);
        parts
            .next_where(Element::is_oid)
            .filter(|_| extension.is(tag::SEQUENCE))?;
        let critical = parts.next_if(tag::BOOLEAN);
        let value = parts.next_der(tag::OCTET_STRING)?.content;
        parts.rest.is_empty().then_some(Self { critical, value })
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
        parts.rest.is_empty().then_some(Self {
            tbs,
            algorithm,
            signature,
            trailing: file.rest.len(),
        })
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

/// Why an element is no time as certificates and CRLs must have it, with the name of its field; `None` when it is one.
pub(super) fn time_problem(name: &str, time: &Element<'_>) -> Option<String> {
    let (kind, form, year_digits) = match () {
        () if time.is(tag::UTC_TIME) => ("UTCTime", "YYMMDDHHMMSSZ", 2),
        () if time.is(tag::GENERALIZED_TIME) => ("GeneralizedTime", "YYYYMMDDHHMMSSZ", 4),
        () => {
            return Some(format!(
                "its {name} is neither a UTCTime nor a GeneralizedTime (RFC 5280 §4.1.2.5)"
            ));
        }
    };
    let text = String::from_utf8_lossy(time.content);
    let has_form = text.len() == form.len()
        && text.ends_with('Z')
        && text
            .bytes()
            .take(form.len() - 1)
            .all(|byte| byte.is_ascii_digit());
    let problem = if has_form {
        "no such date or time exists".to_owned()
    } else {
        format!("it must have the form {form}")
    };
    (!is_time(&text, year_digits)).then(|| {
        format!(
            "its {name} is the {kind} `{}`: {problem} (RFC 5280 §4.1.2.5)",
            shortened(&text)
        )
    })
}

/// Whether a text is a time in UTC to the second that is on the calendar and the clock.
fn is_time(text: &str, year_digits: usize) -> bool {
    const AFTER_YEAR: usize = 10;
    let Some(digits) = text.strip_suffix('Z').filter(|digits| {
        digits.len() == year_digits + AFTER_YEAR && digits.bytes().all(|byte| byte.is_ascii_digit())
    }) else {
        return false;
    };
    let number = |at: usize, length: usize| {
        digits
            .get(at..at + length)
            .and_then(|part| part.parse::<u16>().ok())
            .unwrap_or(u16::MAX)
    };
    let part = |index: usize| u8::try_from(number(year_digits + 2 * index, 2)).unwrap_or(u8::MAX);
    let year = number(0, year_digits);
    let year = i32::from(if year_digits == 4 {
        year
    } else if year < 50 {
        2000 + year
    } else {
        1900 + year
    });
    let month = time::Month::try_from(part(0));
    let is_day = month.is_ok_and(|month| time::Date::from_calendar_date(year, month, part(1)).is_ok());
    is_day && time::Time::from_hms(part(2), part(3), part(4)).is_ok()
}
