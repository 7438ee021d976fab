//! Distinguished names, RFC 5280 §4.1.2.4: built from what administrators type, and read from certificates as they are.

use std::fmt;
use std::hash::{Hash, Hasher};

use der::asn1::{Any, SetOfVec};
use der::oid::ObjectIdentifier;
use der::{Encode, Tag};
use x509_cert::attr::AttributeTypeAndValue;
use x509_parser::asn1_rs::Oid;
use x509_parser::prelude::FromDer;

use super::elements::{Element, Elements, range_in, tag};
use super::general_name::parse_email;
use super::{CertificateError, NameError};
use crate::encoding::hex::{Separator, encode};

/// The upper bound of commonName, RFC 5280 Appendix A.1 (ub-common-name).
pub const MAX_COMMON_NAME: usize = 64;

/// The attributes gsec writes to names, in the order of writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttributeKind {
    /// countryName.
    Country,
    /// stateOrProvinceName.
    State,
    /// localityName.
    Locality,
    /// organizationName.
    Organization,
    /// organizationalUnitName.
    OrganizationalUnit,
    /// commonName.
    CommonName,
    /// emailAddress, PKCS #9.
    Email,
}

impl AttributeKind {
    /// All of them, in the order of writing.
    const ALL: [Self; 7] = [
        Self::Country,
        Self::State,
        Self::Locality,
        Self::Organization,
        Self::OrganizationalUnit,
        Self::CommonName,
        Self::Email,
    ];

    fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Country => ObjectIdentifier::new_unwrap("2.5.4.6"),
            Self::State => ObjectIdentifier::new_unwrap("2.5.4.8"),
            Self::Locality => ObjectIdentifier::new_unwrap("2.5.4.7"),
            Self::Organization => ObjectIdentifier::new_unwrap("2.5.4.10"),
            Self::OrganizationalUnit => ObjectIdentifier::new_unwrap("2.5.4.11"),
            Self::CommonName => ObjectIdentifier::new_unwrap("2.5.4.3"),
            Self::Email => ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.1"),
        }
    }

    /// The upper bound in characters, RFC 5280 Appendix A.1.
    fn bound(self) -> usize {
        match self {
            Self::Country => 2,
            Self::State | Self::Locality => 128,
            Self::Organization | Self::OrganizationalUnit | Self::CommonName => 64,
            Self::Email => 255,
        }
    }

    fn tag(self) -> Tag {
        match self {
            Self::Country => Tag::PrintableString,
            Self::Email => Tag::Ia5String,
            _ => Tag::Utf8String,
        }
    }
}

/// A checked value of one name attribute: not empty, within its upper bound, without control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameAttribute {
    kind: AttributeKind,
    value: String,
}

impl NameAttribute {
    /// Checks `text` as a value of `kind`. A country is raised to upper case (ISO 3166).
    ///
    /// # Errors
    /// [`NameError`], as its variants say.
    pub fn parse(kind: AttributeKind, text: &str) -> Result<Self, NameError> {
        let found = text.chars().count();
        if text.trim().is_empty() {
            return Err(NameError::Empty);
        }
        if let Some(bad) = text
            .chars()
            .find(|character| crate::encoding::visible::is_dangerous(*character))
        {
            return Err(NameError::Character(crate::encoding::visible::visible(
                &bad.to_string(),
            )));
        }
        let value = match kind {
            AttributeKind::Country
                if found == 2 && text.chars().all(|letter| letter.is_ascii_alphabetic()) =>
            {
                text.to_ascii_uppercase()
            }
            AttributeKind::Country => return Err(NameError::Country),
            AttributeKind::Email => parse_email(text)?,
            _ if found > kind.bound() => {
                return Err(NameError::TooLong {
                    found,
                    bound: kind.bound(),
                });
            }
            _ => text.to_owned(),
        };
        Ok(Self { kind, value })
    }

    /// The kind.
    pub fn kind(&self) -> AttributeKind {
        self.kind
    }

    /// The value.
    pub fn value(&self) -> &str {
        &self.value
    }
}

/// The parts of a name as `ca init` and `cert issue` take them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NameParts(Vec<NameAttribute>);

impl NameParts {
    /// Joins attributes into a name in the order C, ST, L, O, OU, CN, emailAddress; several of one kind keep their order.
    pub fn new(attributes: impl IntoIterator<Item = NameAttribute>) -> Self {
        let mut attributes: Vec<_> = attributes.into_iter().collect();
        attributes.sort_by_key(|attribute| attribute.kind as u8);
        Self(attributes)
    }

    /// The value of the first attribute of a kind.
    pub fn first(&self, kind: AttributeKind) -> Option<&str> {
        self.0
            .iter()
            .find(|attribute| attribute.kind == kind)
            .map(NameAttribute::value)
    }
}

/// A distinguished name: its DER and its parsed attributes. Equal when both say the same, whatever the string types and the case of
/// letters (RFC 5280 §7.1). Go and rustls compare the bytes: [`Self::has_same_encoding`].
#[derive(Debug, Clone)]
pub struct DistinguishedName {
    der: Vec<u8>,
    relative_names: Vec<Vec<ReadAttribute>>,
}

impl PartialEq for DistinguishedName {
    fn eq(&self, other: &Self) -> bool {
        self.has_same_encoding(other)
            || (self.relative_names.len() == other.relative_names.len()
                && self.comparable() == other.comparable())
    }
}

impl Eq for DistinguishedName {}

impl Hash for DistinguishedName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.comparable().hash(state);
    }
}

/// One attribute of a name that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ReadAttribute {
    oid: String,
    /// Content bytes, whatever the string type.
    content: Vec<u8>,
    tag: u32,
}

/// A commonName with what is lost in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EncodedCommonName {
    /// The value as text.
    pub(super) text: String,
    /// The universal tag of its string type.
    pub(super) string_type: u32,
    /// The number of the RelativeDistinguishedName that it is in, from 0.
    pub(super) relative_name: usize,
}

impl DistinguishedName {
    /// Encodes a name: each attribute an RDN of its own, PrintableString for C, IA5String for emailAddress, UTF8String else.
    ///
    /// # Errors
    /// [`der::Error`] when an attribute cannot be encoded, which checked attributes always can.
    pub fn build(parts: &NameParts) -> Result<Self, der::Error> {
        let relative_names = parts.0.iter().map(|attribute| {
            let value = Any::new(attribute.kind.tag(), attribute.value.as_bytes())?;
            let pair = AttributeTypeAndValue {
                oid: attribute.kind.oid(),
                value,
            };
            SetOfVec::from_iter([pair])
        });
        let der = relative_names.collect::<Result<Vec<_>, _>>()?.to_der()?;
        Ok(Self::from_der(&der).expect("a name just encoded reads back"))
    }

    /// Reads a Name; any string type passes.
    ///
    /// # Errors
    /// [`CertificateError::Damaged`].
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        let (_, name) = x509_parser::x509::X509Name::from_der(der)
            .map_err(|_| CertificateError::Damaged("its name is not a Name in DER".into()))?;
        Ok(Self::from_parsed_in(der, &name))
    }

    /// A name that was read out of `der`. x509-parser ends a name at the first empty RDN, and so does what it gives as the name's bytes.
    pub(super) fn from_parsed_in(der: &[u8], name: &x509_parser::x509::X509Name<'_>) -> Self {
        let whole = der
            .get(range_in(der, name.as_raw()).start..)
            .and_then(|rest| Elements::of(rest).next_if(tag::SEQUENCE))
            .map(|name| name.whole);
        match whole.and_then(|whole| read_relative_names(whole).map(|relative_names| (whole, relative_names)))
        {
            Some((whole, relative_names)) => Self {
                der: whole.to_vec(),
                relative_names,
            },
            None => Self::from_parsed(name),
        }
    }

    pub(super) fn from_parsed(name: &x509_parser::x509::X509Name<'_>) -> Self {
        let read = |attribute: &x509_parser::x509::AttributeTypeAndValue<'_>| ReadAttribute {
            oid: attribute.attr_type().to_id_string(),
            content: attribute.attr_value().data.to_vec(),
            tag: attribute.attr_value().header.tag().0,
        };
        let relative_names = name
            .iter_rdn()
            .map(|rdn| rdn.iter().map(read).collect())
            .collect();
        Self {
            der: name.as_raw().to_vec(),
            relative_names,
        }
    }

    /// DER of the Name.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Whether the name is empty (an empty SEQUENCE).
    pub fn is_empty(&self) -> bool {
        self.relative_names.is_empty()
    }

    /// Whether both are the same bytes, which programs require that do not compare names as RFC 5280 §7.1 says.
    pub fn has_same_encoding(&self, other: &Self) -> bool {
        self.der == other.der
    }

    /// Whether it is `base` or lies below it in the directory (RFC 5280 §4.2.1.10).
    pub fn is_within(&self, base: &Self) -> bool {
        self.comparable().0.starts_with(&base.comparable().0)
    }

    /// A text that is the same for equal names, to look them up by.
    pub fn folded(&self) -> String {
        format!("{:?}", self.comparable().0)
    }

    /// What comparison goes by: equal for names that say the same.
    pub(super) fn comparable(&self) -> ComparableName {
        // A value that is not text is compared byte for byte.
        let value = |attribute: &ReadAttribute| match attribute.is_text() {
            true => folded(&attribute.text()),
            // No folded text begins with a blank.
            false => format!(
                " {}:{}",
                attribute.tag,
                encode(&attribute.content, Separator::None)
            ),
        };
        let attribute = |attribute: &ReadAttribute| (attribute.oid.clone(), value(attribute));
        let relative_name = |attributes: &Vec<ReadAttribute>| {
            let mut attributes: Vec<_> = attributes.iter().map(attribute).collect();
            attributes.sort();
            attributes
        };
        ComparableName(self.relative_names.iter().map(relative_name).collect())
    }

    /// Whether the bytes are exactly one Name, and every value is valid for its string type (X.680 §41). Validators that
    /// decode whole names reject others.
    pub fn is_sound(&self) -> bool {
        let attributes = || self.relative_names.iter().flatten();
        attributes().all(ReadAttribute::is_sound) && count_attributes(&self.der) == Some(attributes().count())
    }

    /// The values of every emailAddress.
    pub fn email_addresses(&self) -> Vec<String> {
        let oid = AttributeKind::Email.oid().to_string();
        self.relative_names
            .iter()
            .flatten()
            .filter(|attribute| attribute.oid == oid)
            .map(ReadAttribute::text)
            .collect()
    }

    /// The values of every commonName.
    pub fn common_names(&self) -> Vec<String> {
        let oid = AttributeKind::CommonName.oid().to_string();
        self.relative_names
            .iter()
            .flatten()
            .filter(|attribute| attribute.oid == oid)
            .map(ReadAttribute::text)
            .collect()
    }

    /// Every commonName as it is encoded, in the order of the encoding.
    pub(super) fn encoded_common_names(&self) -> Vec<EncodedCommonName> {
        let oid = AttributeKind::CommonName.oid().to_string();
        let read = |relative_name: usize, attribute: &ReadAttribute| EncodedCommonName {
            text: attribute.text(),
            string_type: attribute.tag,
            relative_name,
        };
        let names = self.relative_names.iter().enumerate();
        names
            .flat_map(|(number, list)| list.iter().map(move |attribute| (number, attribute)))
            .filter(|(_, attribute)| attribute.oid == oid)
            .map(|(number, attribute)| read(number, attribute))
            .collect()
    }

    /// The parts as gsec would write them; `None` where it has a part of another kind, several in one RDN, or a value that gsec does not take.
    pub fn parts(&self) -> Option<Vec<NameAttribute>> {
        let part = |attributes: &Vec<ReadAttribute>| {
            let [attribute] = &attributes[..] else { return None };
            let kind = AttributeKind::ALL
                .into_iter()
                .find(|kind| kind.oid().to_string() == attribute.oid)?;
            NameAttribute::parse(kind, &attribute.text()).ok()
        };
        self.relative_names.iter().map(part).collect()
    }

    /// Short name (or object identifier) and text of every attribute, in the order of the encoding.
    pub fn attributes(&self) -> Vec<(String, String)> {
        self.relative_names
            .iter()
            .flatten()
            .map(|attribute| (attribute.short_name(), attribute.text()))
            .collect()
    }

    /// The name as text, but for e-mail addresses in it.
    pub fn without_email(&self) -> String {
        let without = |relative_name: &Vec<ReadAttribute>| {
            relative_name
                .iter()
                .filter(|attribute| attribute.short_name() != "emailAddress")
                .cloned()
                .collect()
        };
        let relative_names: Vec<Vec<ReadAttribute>> = self
            .relative_names
            .iter()
            .map(without)
            .filter(|left: &Vec<_>| !left.is_empty())
            .collect();
        Self {
            der: Vec::new(),
            relative_names,
        }
        .to_string()
    }

    /// The one-line form in which `openssl ca` 3.x writes the subject column of its index (`X509_NAME_oneline`).
    ///
    /// `/` before each RDN and `+` between the parts of a multi-valued RDN. `/` and `+` inside values are escaped with a
    /// backslash, bytes outside printable ASCII become `\xHH`, and a backslash itself is not escaped.
    pub fn openssl_oneline(&self) -> String {
        let mut line = String::new();
        for relative_name in &self.relative_names {
            for (index, attribute) in relative_name.iter().enumerate() {
                line.push(if index == 0 { '/' } else { '+' });
                line.push_str(&attribute.short_name());
                line.push('=');
                for &byte in &attribute.content {
                    match byte {
                        b'/' | b'+' => line.extend(['\\', char::from(byte)]),
                        b' '..=b'~' => line.push(char::from(byte)),
                        _ => line.push_str(&format!("\\x{byte:02X}")),
                    }
                }
            }
        }
        line
    }
}

/// A name as comparison sees it: each relative name a set of types and folded values (RFC 5280 §7.1).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct ComparableName(Vec<Vec<(String, String)>>);

/// Small letters, and one blank for several: what comparison leaves of a value (RFC 4518 §2.2, §2.6.1).
fn folded(value: &str) -> String {
    value
        .split_whitespace()
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join(" ")
}

/// RFC 4514 in its escapes, but in the order of the encoding (C first), as OpenSSL and most dialogues show names.
impl fmt::Display for DistinguishedName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts = self.relative_names.iter().map(|relative_name| {
            let parts = relative_name
                .iter()
                .map(|attribute| format!("{}={}", attribute.short_name(), escape_rfc4514(&attribute.text())));
            parts.collect::<Vec<_>>().join("+")
        });
        out.write_str(&texts.collect::<Vec<_>>().join(", "))
    }
}

/// The number of attributes in a Name; `None` if it is malformed.
/// Every attribute of a Name, whatever its value is; an empty RDN has none. `None` where an attribute is not a pair.
fn read_relative_names(name: &[u8]) -> Option<Vec<Vec<ReadAttribute>>> {
    let mut relative_names = Elements::of(Elements::of(name).next_if(tag::SEQUENCE)?.content);
    let mut read = Vec::new();
    while !relative_names.rest.is_empty() {
        let mut pairs = Elements::of(relative_names.next_if(tag::SET)?.content);
        let mut attributes = Vec::new();
        while !pairs.rest.is_empty() {
            let mut parts = Elements::of(pairs.next_if(tag::SEQUENCE)?.content);
            let oid = Oid::new(parts.next_if(tag::OBJECT_IDENTIFIER)?.content.into()).to_id_string();
            let value = parts.next()?;
            // Of what is no string OpenSSL keeps the whole encoding.
            let content = if value.is(tag::SEQUENCE) {
                value.whole
            } else {
                value.content
            };
            attributes.push(ReadAttribute {
                oid,
                content: content.to_vec(),
                tag: value.universal_tag().unwrap_or(u32::MAX),
            });
            parts.rest.is_empty().then_some(())?;
        }
        read.push(attributes);
    }
    read.retain(|attributes| !attributes.is_empty());
    Some(read)
}

fn count_attributes(name: &[u8]) -> Option<usize> {
    let mut outside = Elements::of(name);
    let mut relative_names = Elements::of(outside.next_if(tag::SEQUENCE)?.content);
    let mut count = 0;
    while !relative_names.rest.is_empty() {
        let mut attributes = Elements::of(relative_names.next_if(tag::SET)?.content);
        while !attributes.rest.is_empty() {
            let mut parts = Elements::of(attributes.next_if(tag::SEQUENCE)?.content);
            parts.next_if(tag::OBJECT_IDENTIFIER)?;
            parts.next()?;
            count += usize::from(parts.rest.is_empty());
        }
    }
    outside.rest.is_empty().then_some(count)
}

impl ReadAttribute {
    /// Whether it is of one of the string types that names have: DirectoryString, and what older ones and emailAddress use.
    fn is_text(&self) -> bool {
        matches!(self.tag, 12 | 18 | 19 | 20 | 22 | 26 | 28 | 30)
    }

    /// BIT STRING is that of x500UniqueIdentifier, SEQUENCE that of postalAddress (X.520 §6.6.1); OpenSSL reads both in any attribute
    /// (crypto/asn1/a_print.c, `B_ASN1_PRINTABLE`).
    fn is_sound(&self) -> bool {
        match self.tag {
            12 => std::str::from_utf8(&self.content).is_ok(),
            28 => self.content.len().is_multiple_of(4),
            30 => self.content.len().is_multiple_of(2),
            other => self.is_text() || other == 3 || other == 16,
        }
    }

    /// The short name as OpenSSL has it, for the attributes that are met in practice; the object identifier otherwise.
    fn short_name(&self) -> String {
        let known = match self.oid.as_str() {
            "2.5.4.3" => "CN",
            "2.5.4.4" => "SN",
            "2.5.4.5" => "serialNumber",
            "2.5.4.6" => "C",
            "2.5.4.7" => "L",
            "2.5.4.8" => "ST",
            "2.5.4.9" => "street",
            "2.5.4.10" => "O",
            "2.5.4.11" => "OU",
            "2.5.4.12" => "title",
            "2.5.4.13" => "description",
            "2.5.4.16" => "postalAddress",
            "2.5.4.17" => "postalCode",
            "2.5.4.42" => "GN",
            "2.5.4.43" => "initials",
            "2.5.4.46" => "dnQualifier",
            "2.5.4.97" => "organizationIdentifier",
            "0.9.2342.19200300.100.1.1" => "UID",
            "0.9.2342.19200300.100.1.25" => "DC",
            "1.2.840.113549.1.9.1" => "emailAddress",
            "1.2.840.113549.1.9.2" => "unstructuredName",
            other => other,
        };
        known.to_owned()
    }

    /// The value as text: UTF-8 where it is, UTF-16BE for BMPString, UTF-32BE for UniversalString, Latin-1 for what else is not ASCII (old T61Strings).
    fn text(&self) -> String {
        const UNIVERSAL_STRING: u32 = 28;
        const BMP_STRING: u32 = 30;
        // The lines of a postalAddress, as RFC 4517 §3.3.28 joins them.
        if let Some(list) = Elements::of(&self.content)
            .next_if(tag::SEQUENCE)
            .filter(|_| self.tag == tag::SEQUENCE)
        {
            let line = |line: Element<'_>| {
                let content = line.content.to_vec();
                Self {
                    oid: String::new(),
                    content,
                    tag: line
                        .universal_tag()
                        .filter(|number| *number != tag::SEQUENCE)
                        .unwrap_or(u32::MAX),
                }
                .text()
            };
            return Elements::of(list.content).map(line).collect::<Vec<_>>().join("$");
        }
        if self.tag == BMP_STRING {
            let units: Vec<u16> = self
                .content
                .chunks(2)
                .map(|pair| pair.iter().fold(0, |unit, byte| unit << 8 | u16::from(*byte)))
                .collect();
            return String::from_utf16_lossy(&units);
        }
        if self.tag == UNIVERSAL_STRING {
            let character = |bytes: &[u8]| {
                let number = bytes
                    .iter()
                    .fold(0, |number, byte| number << 8 | u32::from(*byte));
                char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)
            };
            return self.content.chunks(4).map(character).collect();
        }
        match std::str::from_utf8(&self.content) {
            Ok(text) => text.to_owned(),
            Err(_) => self.content.iter().copied().map(char::from).collect(),
        }
    }
}

fn escape_rfc4514(text: &str) -> String {
    let last = text.chars().count().saturating_sub(1);
    text.chars()
        .enumerate()
        .flat_map(|(index, character)| {
            let at_edge =
                (index == 0 && matches!(character, ' ' | '#')) || (index == last && character == ' ');
            let escaped = at_edge || matches!(character, ',' | '+' | '"' | '\\' | '<' | '>' | ';');
            escaped.then_some('\\').into_iter().chain([character])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use AttributeKind::{CommonName, Country, Email, Organization, OrganizationalUnit};

    fn name(attributes: &[(AttributeKind, &str)]) -> DistinguishedName {
        let attributes = attributes
            .iter()
            .map(|(kind, text)| NameAttribute::parse(*kind, text).expect("a sound attribute"));
        DistinguishedName::build(&NameParts::new(attributes)).expect("encode")
    }

    #[test]
    fn names_are_the_same_whatever_their_case_and_string_types() {
        let name = |kind, text| {
            DistinguishedName::build(&NameParts::new(NameAttribute::parse(kind, text).ok())).expect("name")
        };
        let common_name = |text| name(AttributeKind::CommonName, text);
        assert!(common_name("Test CA") == common_name("test  ca "));
        assert!(common_name("Test CA") != common_name("Test CA 2"));
        assert!(common_name("Test CA") != name(AttributeKind::Organization, "Test CA"));
        // The same as PrintableString.
        let printable = DistinguishedName::from_der(b"\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x13\x01A")
            .expect("a name");
        assert!(printable == common_name("a") && !printable.has_same_encoding(&common_name("A")));
        assert!(std::collections::HashSet::from([printable]).contains(&common_name("a")));
    }

    #[test]
    fn no_text_is_the_same_as_what_is_no_text() {
        let with = |tag: u8, value: &[u8]| {
            let length = u8::try_from(value.len()).expect("short");
            let pair = [b"\x06\x03\x55\x04\x03", &[tag, length][..], value].concat();
            let wrapped = |tag: u8, content: Vec<u8>| {
                [vec![tag, u8::try_from(content.len()).expect("short")], content].concat()
            };
            DistinguishedName::from_der(&wrapped(0x30, wrapped(0x31, wrapped(0x30, pair)))).expect("a name")
        };
        assert!(with(0x04, b"a") == with(0x04, b"a") && with(0x04, b"a") != with(0x04, b"b"));
        assert!(with(0x04, b"a") != with(0x0c, b"4:61") && with(0x04, b"a") != with(0x0c, b" 4:61"));
    }

    #[test]
    fn a_name_lies_within_another_that_is_its_beginning() {
        let base = name(&[(Country, "DE"), (Organization, "Example")]);
        let below = name(&[(Country, "DE"), (Organization, "EXAMPLE"), (CommonName, "db1")]);
        assert!(below.is_within(&base) && base.is_within(&base) && base.is_within(&name(&[])));
        assert!(
            !base.is_within(&below)
                && !name(&[(Country, "DE"), (Organization, "Other"), (CommonName, "db1")]).is_within(&base)
        );
        // One relative name of two attributes is not two of one.
        let joined = DistinguishedName::from_der(
            b"\x30\x16\x31\x14\x30\x08\x06\x03\x55\x04\x03\x0c\x01a\x30\x08\x06\x03\x55\x04\x0a\x0c\x01b",
        )
        .expect("a name");
        assert!(joined.is_sound() && joined != name(&[(CommonName, "a"), (Organization, "b")]));
    }

    #[test]
    fn postal_addresses_and_empty_relative_names_are_read() {
        let common_name = b"\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01a";
        let lines = b"\x31\x0f\x30\x0d\x06\x03\x55\x04\x10\x30\x06\x0c\x01b\x0c\x01c";
        let name = |parts: &[&[u8]]| {
            let content = parts.concat();
            DistinguishedName::from_der(
                &[&[0x30, u8::try_from(content.len()).expect("short")], &content[..]].concat(),
            )
            .expect("a name")
        };
        let postal = name(&[lines, common_name]);
        assert!(postal.is_sound(), "{postal}");
        assert_eq!(postal.to_string(), "postalAddress=b$c, CN=a");
        let empty = name(&[b"\x31\x00", common_name]);
        assert!(empty.is_sound(), "{empty}");
        assert_eq!(
            (empty.to_string().as_str(), empty.common_names().len()),
            ("CN=a", 1)
        );
    }

    #[test]
    fn values_that_are_not_of_their_string_type_are_noticed() {
        let with = |tag: u8, value: [u8; 2]| {
            let der = [
                b"\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03",
                &[tag, 2][..],
                &value,
            ]
            .concat();
            DistinguishedName::from_der(&der).expect("a name")
        };
        assert!(
            with(0x0c, *b"ab").is_sound() && with(0x13, *b"ab").is_sound() && with(0x1e, *b"ab").is_sound()
        );
        assert!(!with(0x0c, [0xff, 0xfe]).is_sound(), "no UTF-8");
        assert!(!with(0x1c, *b"ab").is_sound(), "UniversalString of half a letter");
        assert!(
            !with(0x04, *b"ab").is_sound() && with(0x04, *b"ab") != with(0x0c, *b"ab"),
            "an octet string"
        );
        assert!(name(&[]).is_sound());
    }

    #[test]
    fn order_is_fixed_and_repeats_are_kept() {
        let name = name(&[
            (CommonName, "x"),
            (OrganizationalUnit, "B"),
            (OrganizationalUnit, "A"),
            (Country, "de"),
            (Email, "a@b.example"),
        ]);
        assert_eq!(
            name.to_string(),
            "C=DE, OU=B, OU=A, CN=x, emailAddress=a@b.example"
        );
        assert_eq!(
            name.openssl_oneline(),
            "/C=DE/OU=B/OU=A/CN=x/emailAddress=a@b.example"
        );
    }

    #[test]
    fn string_types_are_those_of_the_specification() {
        let der = name(&[(Country, "DE"), (Organization, "Ä"), (Email, "a@b.example")])
            .der()
            .to_vec();
        let contains = |needle: &[u8]| der.windows(needle.len()).any(|bytes| bytes == needle);
        assert!(contains(&[0x13, 2, b'D', b'E']), "C is a PrintableString");
        assert!(contains(&[0x0c, 2, 0xc3, 0x84]), "O is a UTF8String");
        assert!(contains(b"\x16\x0ba@b.example"), "emailAddress is an IA5String");
    }

    #[test]
    fn bounds_of_rfc_5280() {
        assert_eq!(NameAttribute::parse(Country, "DEU"), Err(NameError::Country));
        assert_eq!(NameAttribute::parse(Country, "D1"), Err(NameError::Country));
        assert_eq!(
            NameAttribute::parse(CommonName, &"é".repeat(65)),
            Err(NameError::TooLong { found: 65, bound: 64 })
        );
        assert!(NameAttribute::parse(CommonName, &"é".repeat(64)).is_ok());
        assert_eq!(NameAttribute::parse(CommonName, " "), Err(NameError::Empty));
        assert_eq!(
            NameAttribute::parse(CommonName, "a\u{1b}[2J"),
            Err(NameError::Character("\\x1B".into()))
        );
    }

    #[test]
    fn special_characters_are_escaped_in_both_forms() {
        let name = name(&[(Organization, "A/B + C, \"D\" \\ É")]);
        assert_eq!(name.openssl_oneline(), "/O=A\\/B \\+ C, \"D\" \\ \\xC3\\x89");
        assert_eq!(name.to_string(), "O=A/B \\+ C\\, \\\"D\\\" \\\\ É");
    }

    #[test]
    fn empty_name_is_an_empty_sequence() {
        let name = name(&[]);
        assert!(name.is_empty());
        assert_eq!(name.der(), [0x30, 0]);
    }
}
