//! Encodings of CRLs that gsec reads and programs may not, or not in the same way. CRLs as they are usually written have none of these.

use super::fault::{CrlEffect, CrlFault};
use crate::x509::RevocationList;
use crate::x509::elements::{Element, Elements, ExtensionParts, tag};
use crate::x509::path::finding::{Rule, Severity};
use crate::x509::path::rules::unusual::is_one_element;

/// What is unusual about a CRL.
pub(super) fn fault(crl: &RevocationList) -> Option<CrlFault> {
    let what = of_list(crl.der())?;
    let is_usable = is_readable_for_openssl(crl) && has_plain_times(crl);
    let (effect, severity, who) = match is_usable {
        true => (CrlEffect::Odd, Severity::Notice, "not every program accepts that"),
        false => (
            CrlEffect::UnusableForOpenSsl,
            Severity::Warning,
            "OpenSSL cannot use it",
        ),
    };
    Some(CrlFault {
        rule: Rule::CrlUnusualEncoding,
        severity,
        effect,
        message: format!("has {what}: {who}"),
        sides: None,
    })
}

/// Whether OpenSSL can read the CRL as far as its serial numbers go: crypto/asn1/a_int.c, `c2i_ibuf`, takes none that is not DER.
pub(in crate::x509::path) fn is_readable_for_openssl(crl: &RevocationList) -> bool {
    let is_der = |entry: Element<'_>| {
        let number = Elements::of(entry.content).next_if(tag::INTEGER);
        number.is_some_and(|number| !is_padded(number.content))
    };
    Elements::of(crl.entries_der()).all(is_der)
}

/// Whether thisUpdate and nextUpdate are in the one form that OpenSSL compares (crypto/x509/x509_vfy.c, `X509_cmp_time`).
pub(in crate::x509::path) fn has_plain_times(crl: &RevocationList) -> bool {
    let tbs = Elements::of(crl.der())
        .next_if(tag::SEQUENCE)
        .and_then(|list| Elements::of(list.content).next_if(tag::SEQUENCE));
    let is_time = |field: &Element<'_>| field.is(tag::UTC_TIME) || field.is(tag::GENERALIZED_TIME);
    tbs.is_some_and(|tbs| {
        Elements::of(tbs.content)
            .filter(is_time)
            .all(|time| is_plain_time(&time))
    })
}

/// X.690 §8.3: no byte at all, or a first one that could be left out.
fn is_padded(number: &[u8]) -> bool {
    matches!(number, [] | [0, 0..=0x7f, ..] | [0xff, 0x80..=0xff, ..])
}

/// Whether programs differ in what they read in a CRL.
pub(in crate::x509::path) fn is_unusual_crl(crl: &RevocationList) -> bool {
    of_list(crl.der()).is_some()
}

fn of_list(der: &[u8]) -> Option<&'static str> {
    let in_parts =
        (!is_certificate_list(der)).then_some("fields in another form than RFC 5280 §5.1 has them");
    crl_fields(der).or(in_parts)
}

/// RFC 5280 §5.1.2.4 to §5.1.2.6, §5.3.1: times in one form, serial numbers in DER, reasons that are ENUMERATED.
fn crl_fields(der: &[u8]) -> Option<&'static str> {
    let tbs = Elements::of(Elements::of(der).next_if(tag::SEQUENCE)?.content).next_if(tag::SEQUENCE)?;
    let is_time = |field: &Element<'_>| field.is(tag::UTC_TIME) || field.is(tag::GENERALIZED_TIME);
    let fields: Vec<Element<'_>> = Elements::of(tbs.content).collect();
    if !fields.iter().filter(|field| is_time(field)).all(is_plain_time) {
        return Some("a time in a form that RFC 5280 does not allow");
    }
    let first_time = fields.iter().position(is_time)?;
    let entries = fields
        .iter()
        .skip(first_time)
        .find(|field| field.is(tag::SEQUENCE));
    entries
        .into_iter()
        .flat_map(|entries| Elements::of(entries.content))
        .find_map(|entry| {
            let mut parts = Elements::of(entry.content);
            let number = parts.next_if(tag::INTEGER)?.content;
            let time = parts.next_where(|part| is_time(part))?;
            if is_padded(number) {
                return Some("an entry whose serial number is not DER");
            }
            if !is_plain_time(&time) {
                return Some("an entry with a time in a form that RFC 5280 does not allow");
            }
            parts
                .next_if(tag::SEQUENCE)
                .filter(has_odd_reason)
                .map(|_| "an entry whose reason is not ENUMERATED")
        })
}

fn next_time<'a>(elements: &mut Elements<'a>) -> Option<Element<'a>> {
    let has_form = |element: &Element<'_>| {
        [tag::UTC_TIME, tag::GENERALIZED_TIME]
            .iter()
            .any(|tag| element.is_der(*tag))
    };
    elements.next_where(|element| has_form(element) && is_plain_time(element))
}

/// `CertificateList`, RFC 5280 §5.1, with nothing left over.
fn is_certificate_list(der: &[u8]) -> bool {
    let mut file = Elements::of(der);
    let list = file.next_der(tag::SEQUENCE).filter(|_| file.rest.is_empty());
    list.is_some_and(|list| {
        let mut parts = Elements::of(list.content);
        let tbs = parts.next_der(tag::SEQUENCE);
        let beside = [tag::SEQUENCE, tag::BIT_STRING].map(|tag| parts.next_der(tag).is_some());
        beside == [true; 2] && parts.rest.is_empty() && tbs.is_some_and(|tbs| is_tbs_list(tbs.content))
    })
}

fn is_tbs_list(content: &[u8]) -> bool {
    let mut fields = Elements::of(content);
    fields.next_der(tag::INTEGER);
    let names = [tag::SEQUENCE; 2].map(|tag| fields.next_der(tag).is_some());
    let this_update = next_time(&mut fields);
    next_time(&mut fields);
    let entries = fields.next_der(tag::SEQUENCE);
    let extensions = fields.next_where(|field| field.is_context(0) && field.whole.first() == Some(&0xa0));
    names == [true; 2]
        && this_update.is_some()
        && fields.rest.is_empty()
        && entries.is_none_or(|entries| is_list_of(entries.content, is_entry))
        && extensions.is_none_or(|explicit| {
            let mut inside = Elements::of(explicit.content);
            let list = inside.next_der(tag::SEQUENCE);
            inside.rest.is_empty() && list.is_some_and(|list| is_list_of(list.content, is_extension))
        })
}

/// `SEQUENCE { userCertificate, revocationDate, crlEntryExtensions OPTIONAL }`.
fn is_entry(entry: &Element<'_>) -> bool {
    let mut parts = Elements::of(entry.content);
    let number = parts.next_der(tag::INTEGER);
    let time = next_time(&mut parts);
    let extensions = parts.next_der(tag::SEQUENCE);
    entry.is_der(tag::SEQUENCE)
        && number.is_some()
        && time.is_some()
        && parts.rest.is_empty()
        && extensions.is_none_or(|list| is_list_of(list.content, is_extension))
}

/// An Extension in DER, with one element in its value.
fn is_extension(extension: &Element<'_>) -> bool {
    let parts = ExtensionParts::of(extension).filter(|_| extension.is_der(tag::SEQUENCE));
    parts.is_some_and(|parts| {
        let is_true = |critical: Element<'_>| critical.is_der(tag::BOOLEAN) && critical.content == [0xff];
        parts.critical.is_none_or(is_true) && is_one_element(parts.value)
    })
}

/// Whether a list has at least one element, each of them sound, and nothing else.
fn is_list_of(content: &[u8], is_sound: impl Fn(&Element<'_>) -> bool) -> bool {
    let mut list = Elements::of(content);
    let are_sound = list.by_ref().all(|element| is_sound(&element));
    are_sound && list.rest.is_empty() && !content.is_empty()
}

fn is_plain_time(time: &Element<'_>) -> bool {
    let length = if time.is(tag::UTC_TIME) { 13 } else { 15 };
    time.content.len() == length
        && time.content.ends_with(b"Z")
        && time.content[..length - 1].iter().all(u8::is_ascii_digit)
}

/// reasonCode, 2.5.29.21.
fn has_odd_reason(extensions: &Element<'_>) -> bool {
    const REASON_CODE: &[u8] = &[0x55, 0x1d, 21];
    const ENUMERATED: u8 = 10;
    Elements::of(extensions.content).any(|extension| {
        let mut parts = Elements::of(extension.content);
        let is_reason = parts
            .next_if(tag::OBJECT_IDENTIFIER)
            .is_some_and(|oid| oid.content == REASON_CODE);
        parts.next_if(tag::BOOLEAN);
        is_reason
            && parts
                .next_if(tag::OCTET_STRING)
                .is_some_and(|value| value.content.first() != Some(&ENUMERATED))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x509::path::rules::unusual::tests::tlv;

    #[test]
    fn fields_of_crls_in_other_forms_are_told() {
        let crl = |this_update: &[u8], number: &[u8], reason: &[u8]| {
            let value = tlv(4, reason);
            let extensions = tlv(0x30, &tlv(0x30, &[tlv(6, &[0x55, 0x1d, 21]), value].concat()));
            let entry = tlv(
                0x30,
                &[tlv(2, number), tlv(23, b"260101000000Z"), extensions].concat(),
            );
            let fields = [
                tlv(2, &[1]),
                tlv(0x30, &[]),
                tlv(0x30, &[]),
                tlv(23, this_update),
                tlv(23, b"270101000000Z"),
                tlv(0x30, &entry),
            ];
            tlv(0x30, &tlv(0x30, &fields.concat()))
        };
        assert_eq!(crl_fields(&crl(b"260101000000Z", &[1], &[10, 1, 1])), None);
        assert!(crl_fields(&crl(b"2601010000Z", &[1], &[10, 1, 1])).is_some());
        assert!(crl_fields(&crl(b"260101000000+0000", &[1], &[10, 1, 1])).is_some());
        assert!(crl_fields(&crl(b"260101000000Z", &[0, 1], &[10, 1, 1])).is_some());
        assert!(crl_fields(&crl(b"260101000000Z", &[1], &[2, 1, 1])).is_some());
    }

    #[test]
    fn crls_in_parts_that_are_not_those_of_rfc_5280_are_told() {
        let number = [tlv(6, &[0x55, 0x1d, 20]), tlv(4, &tlv(2, &[7]))].concat();
        let crl = |entry_form: u8, extension: &[u8], list_form: u8| {
            let entry = tlv(entry_form, &[tlv(2, &[5]), tlv(23, b"260101000000Z")].concat());
            let fields = [
                tlv(2, &[1]),
                tlv(0x30, &[]),
                tlv(0x30, &[]),
                tlv(23, b"260101000000Z"),
                tlv(0x30, &entry),
                tlv(list_form, &tlv(0x30, &tlv(0x30, extension))),
            ];
            let beside = [tlv(0x30, &[]), tlv(3, &[0])].concat();
            tlv(0x30, &[tlv(0x30, &fields.concat()), beside].concat())
        };
        assert!(is_certificate_list(&crl(0x30, &number, 0xa0)));
        assert!(!is_certificate_list(&crl(0x10, &number, 0xa0)));
        assert!(!is_certificate_list(&crl(0x30, &number, 0x80)));
        assert!(!is_certificate_list(&crl(0x30, &tlv(6, &[0x55]), 0xa0)));
        assert!(!is_certificate_list(
            &[crl(0x30, &number, 0xa0), vec![0]].concat()
        ));
    }
}
