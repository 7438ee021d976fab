//! Issuing a CRL, version 2 (RFC 5280 §5).

use der::asn1::{Any, ContextSpecific, Int};
use der::oid::ObjectIdentifier;
use der::{Decode, Encode, Length, Reader, Sequence, SliceReader, Tag, TagMode, TagNumber};
use time::OffsetDateTime;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::crl::dp::IssuingDistributionPoint;

use super::encode::{
    EncodedTime, encode_point, encode_time, extension_of, generalized_time, into_sequence,
    key_identifier_extension, sign,
};
use super::oid;
use super::{
    CrlShard, IssueError, Issuer, RevocationList, RevocationReason, RevokedEntry, SerialNumber, Validity,
};

/// Maximum length of cRLNumber in bytes, RFC 5280 §5.2.3.
const MAX_NUMBER_BYTES: usize = 20;
/// Version 2 is written as 1, RFC 5280 §5.1.2.1.
const VERSION_2: u8 = 1;

/// What a CRL says, apart from its issuer and its entries.
pub struct CrlTemplate<'a> {
    /// cRLNumber: larger than that of every CRL before.
    pub number: &'a SerialNumber,
    /// When it is made.
    pub this_update: OffsetDateTime,
    /// When the next one is due at the latest.
    pub next_update: OffsetDateTime,
}

/// A CRL in the making. Each entry is encoded when it comes, so that a million of them take some forty megabytes.
#[derive(Default, Clone)]
pub struct CrlBuilder {
    entries: Vec<u8>,
}

/// An entry of revokedCertificates, RFC 5280 §5.1.
#[derive(Sequence)]
struct EncodedEntry {
    serial: Int,
    revoked_at: EncodedTime,
    extensions: Option<Vec<Extension>>,
}

impl CrlBuilder {
    /// A CRL without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a certificate that is revoked. `Unspecified` is left out, as RFC 5280 §5.3.1 asks.
    ///
    /// What is *not* checked: whether the serial number is there already, and whether the reason is for delta CRLs only.
    ///
    /// # Errors
    /// [`IssueError::Encoding`] for a time before 1970 or after 9999.
    pub fn push(&mut self, entry: &RevokedEntry) -> Result<(), IssueError> {
        let extensions = entry_extensions(entry)?;
        let encoded = EncodedEntry {
            serial: Int::new(&entry.serial.content())?,
            revoked_at: encode_time(entry.revoked_at)?,
            extensions: (!extensions.is_empty()).then_some(extensions),
        };
        encoded.encode_to_vec(&mut self.entries)?;
        Ok(())
    }

    /// Its entries as they are in revokedCertificates.
    pub fn entries(&self) -> &[u8] {
        &self.entries
    }

    /// A CRL with entries that another builder has encoded.
    ///
    /// # Errors
    /// [`IssueError::Encoding`] for what is not a sequence of entries as gsec writes them.
    pub fn from_entries(entries: &[u8]) -> Result<Self, IssueError> {
        each_entry(entries).try_for_each(|entry| entry.map(|_| ()))?;
        Ok(Self {
            entries: entries.to_vec(),
        })
    }

    /// The serial numbers of its entries, in their order.
    pub fn serials(&self) -> impl Iterator<Item = SerialNumber> + '_ {
        each_entry(&self.entries)
            .map_while(Result::ok)
            .map(|(entry, _)| SerialNumber::from_content(entry.serial.as_bytes()))
    }

    /// The serial numbers of its entries that are not on hold: what is revoked for good never comes back (RFC 5280 §5.3.1).
    pub fn revoked_for_good(&self) -> impl Iterator<Item = SerialNumber> + '_ {
        each_entry(&self.entries)
            .map_while(Result::ok)
            .filter(|(entry, _)| !is_hold(entry))
            .map(|(entry, _)| SerialNumber::from_content(entry.serial.as_bytes()))
    }

    /// One for each of `of` parts, in their order, with the entries of its certificates; none when there cannot be so many.
    ///
    /// # Errors
    /// [`IssueError::Encoding`].
    pub fn split(&self, of: u16) -> Result<Vec<(CrlShard, Self)>, IssueError> {
        let mut parts: Vec<(CrlShard, Self)> = CrlShard::all(of).map(|shard| (shard, Self::new())).collect();
        if parts.is_empty() {
            return Ok(parts);
        }
        for entry in each_entry(&self.entries) {
            let (entry, der) = entry?;
            let last = entry.serial.as_bytes().last().copied().unwrap_or_default();
            let shard = CrlShard::of_octet(of, last);
            parts[usize::from(shard.index())].1.entries.extend_from_slice(der);
        }
        Ok(parts)
    }

    /// Signs the CRL and returns it read back.
    ///
    /// # Errors
    /// [`IssueError::EmptyValidity`] unless the next one is due after this one is made; [`IssueError::CrlNumber`],
    /// [`IssueError::BeyondYear9999`], [`IssueError::Encoding`], [`IssueError::Key`].
    pub fn sign(self, template: &CrlTemplate<'_>, issuer: &Issuer<'_>) -> Result<RevocationList, IssueError> {
        self.sign_for(&[], template, issuer)
    }

    /// As [`CrlBuilder::sign`], a CRL that is only about certificates that name one of these addresses (RFC 5280 §5.2.5); about all of its
    /// issuer's when there is none.
    ///
    /// # Errors
    /// As [`CrlBuilder::sign`].
    pub fn sign_for(
        self,
        addresses: &[String],
        template: &CrlTemplate<'_>,
        issuer: &Issuer<'_>,
    ) -> Result<RevocationList, IssueError> {
        let period = Validity::new(template.this_update, template.next_update)?;
        let mut head = VERSION_2.to_der()?;
        head.extend(issuer.key.signature_algorithm().identifier_der());
        head.extend(issuer.name.der());
        encode_time(period.not_before())?.encode_to_vec(&mut head)?;
        encode_time(period.not_after())?.encode_to_vec(&mut head)?;
        let extensions = crl_extensions(template.number, issuer.key_identifier, addresses)?;
        // revokedCertificates must be absent when the list is empty (RFC 5280 §5.1.2.6).
        let mut tbs = if self.entries.is_empty() {
            head
        } else {
            into_sequence(head, self.entries)?
        };
        let extensions = ContextSpecific {
            tag_number: TagNumber(0),
            tag_mode: TagMode::Explicit,
            value: extensions,
        };
        extensions.encode_to_vec(&mut tbs)?;
        Ok(RevocationList::from_vec(sign(
            into_sequence(Vec::new(), tbs)?,
            issuer.key,
        )?)?)
    }
}

/// Not critical, any of them (RFC 5280 §5.3).
fn entry_extensions(entry: &RevokedEntry) -> Result<Vec<Extension>, der::Error> {
    let mut list = Vec::new();
    if let Some(reason) = entry
        .reason
        .filter(|reason| *reason != RevocationReason::Unspecified)
    {
        list.push(extension_of(
            ObjectIdentifier::new_unwrap(oid::REASON_CODE),
            false,
            &Any::new(Tag::Enumerated, [reason.code()])?,
        )?);
    }
    if let Some(instruction) = entry.hold_instruction {
        list.push(extension_of(
            ObjectIdentifier::new_unwrap(oid::HOLD_INSTRUCTION),
            false,
            &instruction,
        )?);
    }
    if let Some(time) = entry.invalidity_date {
        list.push(extension_of(
            ObjectIdentifier::new_unwrap(oid::INVALIDITY_DATE),
            false,
            &generalized_time(time)?,
        )?);
    }
    Ok(list)
}

/// Each entry, and its encoding.
fn each_entry(entries: &[u8]) -> impl Iterator<Item = Result<(EncodedEntry, &[u8]), der::Error>> {
    let mut reader = SliceReader::new(entries);
    std::iter::from_fn(move || {
        let reader = reader.as_mut().ok().filter(|reader| !reader.is_finished())?;
        let before = reader.remaining_len();
        Some(EncodedEntry::decode(reader).and_then(|entry| {
            let (from, to) = (octets(entries, before)?, octets(entries, reader.remaining_len())?);
            Ok((entry, entries.get(from..to).unwrap_or_default()))
        }))
    })
}

fn is_hold(entry: &EncodedEntry) -> bool {
    let reason = Any::new(Tag::Enumerated, [RevocationReason::CertificateHold.code()]);
    let hold = reason.and_then(|reason| reason.to_der()).unwrap_or_default();
    let mut extensions = entry.extensions.iter().flatten();
    extensions.any(|extension| {
        extension.extn_id == ObjectIdentifier::new_unwrap(oid::REASON_CODE)
            && extension.extn_value.as_bytes() == hold
    })
}

/// How many octets come before the last ones.
fn octets(entries: &[u8], last: Length) -> Result<usize, der::Error> {
    Ok(entries.len() - usize::try_from(last)?)
}

/// authorityKeyIdentifier and cRLNumber, which RFC 5280 §5.2 asks of every CRL, and are not critical; and, where it is not about all
/// certificates of its issuer, issuingDistributionPoint, which is.
fn crl_extensions(
    number: &SerialNumber,
    key_identifier: Option<&[u8]>,
    addresses: &[String],
) -> Result<Vec<Extension>, IssueError> {
    let content = number.content();
    if content.len() > MAX_NUMBER_BYTES {
        return Err(IssueError::CrlNumber {
            found: content.len(),
            bound: MAX_NUMBER_BYTES,
        });
    }
    let mut list = Vec::new();
    if let Some(identifier) = key_identifier {
        list.push(key_identifier_extension(identifier)?);
    }
    list.push(extension_of(
        ObjectIdentifier::new_unwrap(oid::CRL_NUMBER),
        false,
        &Int::new(&content)?,
    )?);
    if !addresses.is_empty() {
        let point = IssuingDistributionPoint {
            distribution_point: Some(encode_point(addresses)?),
            only_contains_user_certs: false,
            only_contains_ca_certs: false,
            only_some_reasons: None,
            indirect_crl: false,
            only_contains_attribute_certs: false,
        };
        let id = ObjectIdentifier::new_unwrap(oid::ISSUING_DISTRIBUTION_POINT);
        list.push(extension_of(id, true, &point)?);
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{KeyAlgorithm, PrivateKey, SignatureCheck, Signer};
    use crate::x509::{AttributeKind, DistinguishedName, NameAttribute, NameParts};
    use time::macros::datetime;
    use webpki::BorrowedCertRevocationList;
    use x509_parser::prelude::FromDer;
    use x509_parser::revocation_list::CertificateRevocationList;

    const NOW: OffsetDateTime = datetime!(2026-11-21 10:00:00 UTC);

    fn serial(text: &str) -> SerialNumber {
        SerialNumber::parse_hex(text).expect("hexadecimal")
    }

    fn entry(text: &str) -> RevokedEntry {
        RevokedEntry {
            serial: serial(text),
            revoked_at: NOW,
            date_problem: None,
            reason: None,
            invalidity_date: None,
            hold_instruction: None,
        }
    }

    fn key() -> PrivateKey {
        PrivateKey::generate(KeyAlgorithm::P256).expect("key")
    }

    fn sign_until(
        key: &PrivateKey,
        number: &str,
        next_update: OffsetDateTime,
        entries: &[RevokedEntry],
    ) -> Result<RevocationList, IssueError> {
        let name = NameAttribute::parse(AttributeKind::CommonName, "CA").expect("name");
        let name = DistinguishedName::build(&NameParts::new([name])).expect("name");
        let mut builder = CrlBuilder::new();
        entries
            .iter()
            .for_each(|entry| builder.push(entry).expect("entry"));
        let template = CrlTemplate {
            number: &serial(number),
            this_update: NOW,
            next_update,
        };
        builder.sign(
            &template,
            &Issuer {
                name: &name,
                key_identifier: Some(&[7; 20]),
                key,
            },
        )
    }

    fn signed(entries: &[RevokedEntry]) -> RevocationList {
        sign_until(&key(), "0100", NOW + time::Duration::days(7), entries).expect("CRL")
    }

    fn contains(crl: &RevocationList, needle: &[u8]) -> bool {
        crl.der().windows(needle.len()).any(|bytes| bytes == needle)
    }

    #[test]
    fn everything_said_is_read_back() {
        let key = key();
        let entries = [
            entry("01"),
            RevokedEntry {
                reason: Some(RevocationReason::PrivilegeWithdrawn),
                ..entry("80")
            },
            RevokedEntry {
                invalidity_date: Some(datetime!(2025-01-02 03:04:05 UTC)),
                ..entry(&"7F".repeat(20))
            },
            RevokedEntry {
                reason: Some(RevocationReason::CertificateHold),
                hold_instruction: Some(ObjectIdentifier::new_unwrap("1.2.840.10040.2.2")),
                ..entry("03")
            },
        ];
        let crl = sign_until(&key, "0100", NOW + time::Duration::days(7), &entries).expect("CRL");
        assert_eq!(crl.entries().collect::<Vec<_>>(), entries);
        assert_eq!(
            (crl.revoked(), crl.this_update(), crl.next_update()),
            (4, NOW, Some(datetime!(2026-11-28 10:00:00 UTC)))
        );
        assert_eq!(crl.number(), Some(&serial("0100")));
        assert_eq!(crl.authority_key_identifier(), Some(&[7; 20][..]));
        assert_eq!(
            (
                crl.issuer().to_string().as_str(),
                crl.signature_algorithm().as_str()
            ),
            ("CN=CA", "ecdsa-with-SHA256")
        );
        assert!(crl.unknown_critical_extensions().is_empty());
        assert_eq!(crl.verify_signature(key.public_key()), SignatureCheck::Good);
        assert_eq!(
            crl.verify_signature(self::key().public_key()),
            SignatureCheck::Bad
        );
    }

    #[test]
    fn what_is_on_hold_is_told_from_what_is_revoked_for_good() {
        let mut builder = CrlBuilder::new();
        let reasons = [
            None,
            Some(RevocationReason::CertificateHold),
            Some(RevocationReason::Superseded),
        ];
        for (number, reason) in ["01", "02", "03"].into_iter().zip(reasons) {
            builder
                .push(&RevokedEntry {
                    reason,
                    ..entry(number)
                })
                .expect("entry");
        }
        assert!(builder.serials().eq(["01", "02", "03"].map(serial)));
        assert!(builder.revoked_for_good().eq(["01", "03"].map(serial)));
    }

    #[test]
    fn other_readers_accept_it() {
        for entries in [
            &[][..],
            &[RevokedEntry {
                reason: Some(RevocationReason::KeyCompromise),
                ..entry("0A")
            }],
        ] {
            let crl = signed(entries);
            BorrowedCertRevocationList::from_der(crl.der()).expect("webpki");
            let (rest, read) = CertificateRevocationList::from_der(crl.der()).expect("x509-parser");
            assert!(rest.is_empty());
            assert_eq!(read.iter_revoked_certificates().count(), entries.len());
            assert!(read.extensions().iter().all(|extension| !extension.critical));
            assert_eq!(read.crl_number().map(ToString::to_string), Some("256".into()));
        }
    }

    #[test]
    fn without_entries_there_is_no_list_of_them() {
        // crlExtensions follow nextUpdate at once; readers take an empty list too, so none of them would say.
        assert!(contains(&signed(&[]), b"\x17\x0d261128100000Z\xa0"));
        assert!(contains(&signed(&[entry("01")]), b"\x17\x0d261128100000Z\x30"));
    }

    #[test]
    fn an_unspecified_reason_is_left_out() {
        let unspecified = RevokedEntry {
            reason: Some(RevocationReason::Unspecified),
            ..entry("01")
        };
        assert!(!contains(&signed(&[unspecified]), &[0x55, 0x1d, 21]));
        assert!(contains(
            &signed(&[RevokedEntry {
                reason: Some(RevocationReason::Superseded),
                ..entry("01")
            }]),
            &[0x55, 0x1d, 21, 4, 3, 0x0a, 1, 4]
        ));
    }

    #[test]
    fn utc_time_ends_with_2049() {
        let until = |next| sign_until(&key(), "01", next, &[]).expect("CRL");
        assert!(contains(
            &until(datetime!(2049-12-31 23:59:59 UTC)),
            b"\x17\x0d491231235959Z"
        ));
        assert!(contains(
            &until(datetime!(2049-12-31 23:59:59 -01:00)),
            b"\x18\x0f20500101005959Z"
        ));
        let entry = RevokedEntry {
            revoked_at: datetime!(2049-12-31 23:59:59 -01:00),
            invalidity_date: Some(NOW),
            ..entry("01")
        };
        let crl = signed(&[entry]);
        assert!(
            contains(&crl, b"\x18\x0f20500101005959Z"),
            "the year is that of UTC"
        );
        assert!(
            contains(&crl, b"\x18\x0f20261121100000Z"),
            "invalidityDate is never UTCTime"
        );
    }

    #[test]
    fn numbers_have_20_octets_at_most() {
        let number = |text: &str| sign_until(&key(), text, NOW + time::Duration::days(7), &[]);
        assert!(number(&"7F".repeat(20)).is_ok());
        assert!(matches!(
            number(&"80".repeat(20)),
            Err(IssueError::CrlNumber { found: 21, bound: 20 })
        ));
    }

    #[test]
    fn the_next_one_is_due_after_this_one() {
        assert!(matches!(
            sign_until(&key(), "01", NOW, &[]),
            Err(IssueError::EmptyValidity { .. })
        ));
    }

    #[test]
    fn parts_hold_each_entry_once_and_name_their_addresses() {
        let key = key();
        let numbers = ["01", "02", "11", "0100", "0103", &"7F".repeat(20)];
        let mut builder = CrlBuilder::new();
        for number in numbers {
            let held = RevokedEntry {
                reason: Some(RevocationReason::CertificateHold),
                ..entry(number)
            };
            builder.push(&held).expect("entry");
        }
        let name = NameAttribute::parse(AttributeKind::CommonName, "CA").expect("name");
        let name = DistinguishedName::build(&NameParts::new([name])).expect("name");
        let parts = builder.split(4).expect("parts");
        let listed: Vec<Vec<String>> = parts
            .iter()
            .map(|(_, part)| part.serials().map(|serial| serial.to_string()).collect())
            .collect();
        let last = "7F".repeat(20);
        assert_eq!(
            listed,
            [vec!["0100"], vec!["01", "11"], vec!["02"], vec!["0103", &last]]
        );
        assert!(builder.split(3).expect("none").is_empty());
        let (_, second) = parts.into_iter().nth(1).expect("a part");
        let addresses = ["http://x/ca-4-1.crl".to_owned(), "http://y/ca-4-1.crl".to_owned()];
        let template = CrlTemplate {
            number: &serial("05"),
            this_update: NOW,
            next_update: NOW + time::Duration::days(7),
        };
        let issuer = Issuer {
            name: &name,
            key_identifier: Some(&[7; 20]),
            key: &key,
        };
        let crl = second
            .clone()
            .sign_for(&addresses, &template, &issuer)
            .expect("a CRL");
        let point = crl.issuing_distribution_point().expect("a point");
        assert_eq!(point.addresses().collect::<Vec<_>>(), addresses);
        assert!(crl.has_critical(oid::ISSUING_DISTRIBUTION_POINT));
        assert!(!point.only_users && !point.only_authorities && !point.is_indirect);
        assert_eq!(crl.entries_der(), second.entries());
        assert_eq!(crl.entries().count(), 2);
    }

    #[test]
    fn a_plain_entry_takes_forty_octets_at_most() {
        let mut builder = CrlBuilder::new();
        builder
            .push(&RevokedEntry {
                reason: Some(RevocationReason::Superseded),
                ..entry(&"7F".repeat(8))
            })
            .expect("entry");
        assert!(builder.entries.len() <= 41, "{}", builder.entries.len());
    }
}
