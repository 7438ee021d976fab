//! How a certificate is written: DER (RFC 5280 §4.1, X.690 §10, §11), and times of the one form that RFC 5280 §4.1.2.5 leaves.

use crate::encoding::hex::{Separator, encode};
use crate::x509::Certificate;
use crate::x509::elements::{Element, Elements, ExtensionParts, tag};
use crate::x509::oid;
use crate::x509::path::consumers::who_refuses;
use crate::x509::path::finding::{Finding, Form, Rule};

/// Fields of a TBSCertificate, exactly as encoded.
struct Fields<'a> {
    version: Option<Element<'a>>,
    times: Vec<Element<'a>>,
    unique_identifiers: Vec<Element<'a>>,
    /// Each Extension.
    extensions: Vec<Element<'a>>,
}

impl<'a> Fields<'a> {
    fn of(certificate: &'a Certificate) -> Option<Self> {
        let mut outside = Elements::of(certificate.tbs());
        let mut fields = Elements::of(outside.next_if(tag::SEQUENCE)?.content);
        let version = fields.next_where(|field| field.is_context(0));
        fields.next_if(tag::INTEGER)?;
        fields.next_if(tag::SEQUENCE)?;
        fields.next_if(tag::SEQUENCE)?;
        let validity = fields.next_if(tag::SEQUENCE)?;
        fields.next_if(tag::SEQUENCE)?;
        fields.next_if(tag::SEQUENCE)?;
        let unique_identifiers = (1..3)
            .filter_map(|number| fields.next_where(|field| field.is_context(number)))
            .collect();
        let list = fields
            .next_where(|field| field.is_context(3))
            .map(|explicit| Elements::of(explicit.content).next_if(tag::SEQUENCE));
        let extensions = list
            .flatten()
            .map(|list| Elements::of(list.content).collect())
            .unwrap_or_default();
        Some(Self {
            version,
            times: Elements::of(validity.content).collect(),
            unique_identifiers,
            extensions,
        })
    }
}

pub(super) fn of_certificate(certificate: &Certificate) -> Vec<Finding> {
    let Some(fields) = Fields::of(certificate) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for (name, time) in ["notBefore", "notAfter"].into_iter().zip(&fields.times) {
        findings.extend(time_form(certificate, name, time));
    }
    if fields.version.is_some_and(|version| version.content == [2, 1, 0]) {
        findings.push(not_der(
            certificate,
            Form::DefaultValue,
            "version",
            "no version, since version 1 is the default",
            "020100",
        ));
    }
    if let Some(identifier) = fields.unique_identifiers.first() {
        let found = encode(identifier.content, Separator::None);
        let message = "it has a unique identifier of its issuer or subject, which RFC 5280 does not allow \
             CAs to write: rustls rejects it"
            .into();
        findings.push(Finding::about(Rule::UniqueIdentifiers, certificate, message).compared("none", found));
    }
    for extension in &fields.extensions {
        findings.extend(of_extension(certificate, extension));
    }
    findings.extend(malformed_extension(certificate, &fields));
    findings.extend(malformed_attribute(certificate));
    findings
}

/// An extension whose object identifier, criticality or value is not of its type: programs that skip it and programs that refuse the
/// certificate are both in use.
fn malformed_extension(certificate: &Certificate, fields: &Fields<'_>) -> Option<Finding> {
    let extension = fields
        .extensions
        .iter()
        .find(|extension| ExtensionParts::of(extension).is_none())?;
    let message =
        "it has an extension that is not an Extension: its object identifier, criticality or value \
         is not of its type"
            .into();
    Some(
        Finding::about(Rule::ExtensionUnreadable, certificate, message).compared(
            "OBJECT IDENTIFIER, BOOLEAN, OCTET STRING",
            encode(extension.whole, Separator::None),
        ),
    )
}

/// An attribute of a name whose type is not an object identifier.
fn malformed_attribute(certificate: &Certificate) -> Option<Finding> {
    let is_in_form = |name: &[u8]| {
        let pairs = Elements::of(name)
            .flat_map(|list| Elements::of(list.content))
            .flat_map(|set| Elements::of(set.content));
        let mut kinds = pairs.map(|pair| Elements::of(pair.content).next());
        kinds.all(|kind| kind.is_some_and(|kind| kind.is_oid()))
    };
    let names = [certificate.subject(), certificate.issuer()];
    let is_malformed = names.iter().any(|name| !is_in_form(name.der()));
    let message = "the type of an attribute in its Subject or issuer is not an object identifier".into();
    is_malformed.then(|| Finding::about(Rule::NameUnreadable, certificate, message))
}

/// Why subjectAltName cannot be parsed, with the byte offset of the error in the extension; `None` if it can, or is absent.
pub(super) fn names_unreadable(certificate: &Certificate) -> Option<String> {
    if !certificate
        .unreadable_extensions()
        .iter()
        .any(|oid| oid == oid::SUBJECT_ALT_NAME)
    {
        return None;
    }
    let fields = Fields::of(certificate)?;
    let value = fields.extensions.iter().find_map(|extension| {
        let mut parts = Elements::of(extension.content);
        let is_names = parts.next_if(tag::OBJECT_IDENTIFIER)?.content == [0x55, 0x1d, 17];
        parts.next_if(tag::BOOLEAN);
        parts
            .next_if(tag::OCTET_STRING)
            .filter(|_| is_names)
            .map(|value| value.content)
    })?;
    Some(names_problem(value))
}

fn names_problem(value: &[u8]) -> String {
    let Some(first) = value.first() else {
        return "subjectAltName is empty".into();
    };
    let mut outside = Elements::of(value);
    let Some(list) = outside.next_if(tag::SEQUENCE) else {
        let kind = match first {
            0x31 => " (SET)",
            0x30 => return "the SEQUENCE of subjectAltName is truncated".into(),
            _ => "",
        };
        return format!("subjectAltName must be a SEQUENCE (30), but begins with the byte {first:02x}{kind}");
    };
    if list.content.is_empty() {
        return "subjectAltName contains no name".into();
    }
    let begin = list.whole.len() - list.content.len();
    let mut names = Elements::of(list.content);
    let mut number = 0;
    while !names.rest.is_empty() {
        let at = begin + list.content.len() - names.rest.len();
        number += 1;
        match names.next() {
            None => return format!("name {number} of subjectAltName, at byte {at}, is truncated"),
            Some(name) if !(0..=8).any(|kind| name.is_context(kind)) => {
                return format!(
                    "name {number} of subjectAltName, at byte {at}, is not a known kind of name: its tag is \
                     {:02x}",
                    name.whole[0]
                );
            }
            Some(_) => {}
        }
    }
    "one of the names in subjectAltName is not valid for its kind".into()
}

fn not_der(certificate: &Certificate, form: Form, field: &str, expected: &str, found: &str) -> Finding {
    let message = format!(
        "its {field} is `{found}`, which is BER and not DER: {}",
        who_refuses(Rule::NotDer, form)
    );
    Finding::about(Rule::NotDer, certificate, message)
        .compared(expected, found)
        .of_form(form)
}

/// `YYMMDDHHMMSSZ`, or `YYYYMMDDHHMMSSZ`.
fn time_form(certificate: &Certificate, field: &str, time: &Element<'_>) -> Option<Finding> {
    let (kind, length, expected) = match time.is(tag::UTC_TIME) {
        true => ("UTCTime", 13, "YYMMDDHHMMSSZ"),
        false => ("GeneralizedTime", 15, "YYYYMMDDHHMMSSZ"),
    };
    let is_sound = time.content.len() == length
        && time.content.ends_with(b"Z")
        && time.content[..length - 1].iter().all(u8::is_ascii_digit);
    (!is_sound).then(|| {
        let found = String::from_utf8_lossy(time.content).into_owned();
        let form = match time.content {
            content if content.contains(&b'.') => Form::Fraction,
            content if content.len() + 2 == length && content.ends_with(b"Z") => Form::NoSeconds,
            _ => Form::Plain,
        };
        let message = format!("its {field} is `{found}`, and a {kind} in a certificate is {expected}, with seconds, in UTC, without fractions");
        Finding::about(Rule::TimeForm, certificate, message).compared(expected, found).of_form(form)
    })
}

/// `SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }`.
fn of_extension(certificate: &Certificate, extension: &Element<'_>) -> Option<Finding> {
    let mut parts = Elements::of(extension.content);
    let oid = parts.next_if(tag::OBJECT_IDENTIFIER)?;
    let name = extension_name(oid.content);
    let hex = |bytes: &[u8]| encode(bytes, Separator::None);
    if let Some(critical) = parts.next_if(tag::BOOLEAN) {
        match critical.content {
            [0xff] => {}
            [0] => {
                return Some(not_der(
                    certificate,
                    Form::DefaultValue,
                    &format!("{name}, critical"),
                    "no value, since FALSE is the default",
                    "00",
                ));
            }
            other => {
                return Some(not_der(
                    certificate,
                    Form::Boolean,
                    &format!("{name}, critical"),
                    "ff for TRUE",
                    &hex(other),
                ));
            }
        }
    }
    let value = parts.next_if(tag::OCTET_STRING)?.content;
    let mut inside = Elements::of(value);
    let content = inside.next()?;
    if !inside.rest.is_empty() {
        let field = format!("{name} extension, which has bytes after its end,");
        return Some(not_der(
            certificate,
            Form::ExtensionTrailing,
            &field,
            "no bytes after the end",
            &hex(value),
        ));
    }
    if !is_shortest_length(&content) {
        let field = format!("{name} extension, whose length is not encoded in the shortest form,");
        return Some(not_der(
            certificate,
            Form::ExtensionLength,
            &field,
            "the shortest length",
            &hex(value),
        ));
    }
    if content.is(tag::SEQUENCE) && !is_used_up(&content) {
        let field = format!("{name} extension, which contains unexpected elements,");
        return Some(not_der(
            certificate,
            Form::ExtensionTrailing,
            &field,
            "no unexpected elements",
            &hex(value),
        ));
    }
    if content.is(tag::BIT_STRING)
        && let [unused @ 0..=7, .., last] = content.content
    {
        if last & ((1u16 << unused) - 1) as u8 != 0 {
            return Some(not_der(
                certificate,
                Form::UnusedBits,
                &name,
                "zero in the unused bits",
                &hex(value),
            ));
        }
        if last >> unused & 1 == 0 {
            return Some(not_der(
                certificate,
                Form::DefaultValue,
                &name,
                "no zero bits at the end",
                &hex(value),
            ));
        }
    }
    None
}

/// Whether the elements of a list of GeneralNames are of its kinds: context-specific, and nothing else.
fn is_used_up(content: &Element<'_>) -> bool {
    let elements: Vec<Element<'_>> = Elements::of(content.content).collect();
    let is_name = |element: &Element<'_>| (0..=8).any(|number| element.is_context(number));
    !(elements.first().is_some_and(is_name)
        && elements
            .iter()
            .any(|element| !is_name(element) && element.content.is_empty()))
}

fn is_shortest_length(element: &Element<'_>) -> bool {
    let header = element.whole.len() - element.content.len();
    let shortest = match element.content.len() {
        0..=0x7f => 2,
        0x80..=0xff => 3,
        0x100..=0xffff => 4,
        _ => 5,
    };
    header <= shortest
}

/// The name in RFC 5280 of an extension id-ce, or its object identifier in hexadecimal.
fn extension_name(oid: &[u8]) -> String {
    let named = match oid {
        [0x55, 0x1d, 14] => "subjectKeyIdentifier",
        [0x55, 0x1d, 15] => "keyUsage",
        [0x55, 0x1d, 17] => "subjectAltName",
        [0x55, 0x1d, 19] => "basicConstraints",
        [0x55, 0x1d, 30] => "nameConstraints",
        [0x55, 0x1d, 31] => "cRLDistributionPoints",
        [0x55, 0x1d, 32] => "certificatePolicies",
        [0x55, 0x1d, 35] => "authorityKeyIdentifier",
        [0x55, 0x1d, 37] => "extKeyUsage",
        other => return encode(other, Separator::None),
    };
    named.to_owned()
}
