//! A CRL that was read (RFC 5280 §5).

use std::collections::BTreeSet;
use std::ops::Range;

use der::Decode;
use der::oid::ObjectIdentifier;
use time::OffsetDateTime;
use x509_parser::extensions::{ParsedExtension, X509Extension};
use x509_parser::prelude::{ASN1Time, FromDer, X509Name};

use super::distribution::read_names;
use super::elements::{Element, Elements, Signed, range_in, read_extensions, tag, time_problem};
use super::file::decode_file;
use super::oid;
use super::{
    Certificate, CertificateError, DistinguishedName, IssuingDistributionPoint, RevocationReason,
    SerialNumber,
};
use crate::encoding::pem;
use crate::key::{PublicKey, SignatureAlgorithm, SignatureCheck, verify_signature};

/// Extensions of CRLs and of entries that do not affect which certificates are revoked, or that gsec processes:
/// issuerAltName, cRLNumber, reasonCode, holdInstructionCode, invalidityDate, deltaCRLIndicator, issuingDistributionPoint,
/// certificateIssuer, authorityKeyIdentifier, freshestCRL.
const KNOWN_EXTENSIONS: [&str; 10] = [
    oid::ISSUER_ALT_NAME,
    oid::CRL_NUMBER,
    oid::REASON_CODE,
    oid::HOLD_INSTRUCTION,
    oid::INVALIDITY_DATE,
    oid::DELTA_CRL_INDICATOR,
    oid::ISSUING_DISTRIBUTION_POINT,
    oid::CERTIFICATE_ISSUER,
    oid::AUTHORITY_KEY_IDENTIFIER,
    oid::FRESHEST_CRL,
];

/// One certificate in a CRL (RFC 5280 §5.1.2.6, §5.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokedEntry {
    /// The certificate's serial number.
    pub serial: SerialNumber,
    /// When the CA processed the revocation; with a `date_problem`, when the CRL was made, by which it was revoked.
    pub revoked_at: OffsetDateTime,
    /// Why revocationDate is no time (RFC 5280 §5.1.2.4, §5.1.2.6); `None` when it is one.
    pub date_problem: Option<String>,
    /// Why; `None` when the CRL does not say, and for codes that RFC 5280 does not name.
    pub reason: Option<RevocationReason>,
    /// Since when the certificate is not to be trusted.
    pub invalidity_date: Option<OffsetDateTime>,
    /// What to do with a certificate on hold, RFC 3280 §5.3.2.
    pub hold_instruction: Option<ObjectIdentifier>,
}

/// A certificate revocation list, read leniently: version 1 passes, and what is odd in it is for others to judge.
#[derive(Debug, Clone)]
pub struct RevocationList {
    der: Vec<u8>,
    facts: Facts,
}

#[derive(Debug, Clone)]
struct Facts {
    version: u32,
    issuer: DistinguishedName,
    this_update: OffsetDateTime,
    next_update: Option<OffsetDateTime>,
    number: Option<SerialNumber>,
    authority_key_identifier: Option<Vec<u8>>,
    unknown_critical: Vec<String>,
    unreadable: Vec<String>,
    base_number: Option<SerialNumber>,
    issuing_distribution_point: Option<IssuingDistributionPoint>,
    /// DER of issuingDistributionPoint, which links a delta CRL to its base.
    scope: Vec<u8>,
    /// Whether an entry names the issuer of its certificate.
    names_issuers: bool,
    /// Object identifiers of its own critical extensions, and of those of its entries.
    critical: Vec<String>,
    critical_in_entries: BTreeSet<String>,
    /// The content of revokedCertificates.
    entries: Range<usize>,
    revoked: usize,
    /// The first entry whose date is no time: its serial number, and what is wrong.
    bad_date: Option<String>,
    tbs: Range<usize>,
    signed_algorithm: Vec<u8>,
    signature_algorithm: Vec<u8>,
    signature: Vec<u8>,
}

impl RevocationList {
    /// Reads one CRL in DER; what follows it is an error.
    ///
    /// # Errors
    /// [`CertificateError::Damaged`], [`CertificateError::Trailing`].
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        Ok(Self {
            facts: read_facts(der)?,
            der: der.to_vec(),
        })
    }

    /// As [`RevocationList::from_der`], without a copy.
    pub(super) fn from_vec(der: Vec<u8>) -> Result<Self, CertificateError> {
        Ok(Self {
            facts: read_facts(&der)?,
            der,
        })
    }

    /// The whole CRL, DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The CRL as one PEM block.
    pub fn to_pem(&self) -> String {
        pem::encode(pem::X509_CRL, &self.der)
    }

    /// Who signed it.
    pub fn issuer(&self) -> &DistinguishedName {
        &self.facts.issuer
    }

    /// When it was made.
    pub fn this_update(&self) -> OffsetDateTime {
        self.facts.this_update
    }

    /// When the next one is due.
    pub fn next_update(&self) -> Option<OffsetDateTime> {
        self.facts.next_update
    }

    /// cRLNumber, RFC 5280 §5.2.3.
    pub fn number(&self) -> Option<&SerialNumber> {
        self.facts.number.as_ref()
    }

    /// The keyIdentifier field of authorityKeyIdentifier, RFC 5280 §5.2.1.
    pub fn authority_key_identifier(&self) -> Option<&[u8]> {
        self.facts.authority_key_identifier.as_deref()
    }

    /// The version as people count: 1, or 2, which has extensions.
    pub fn version(&self) -> u32 {
        self.facts.version
    }

    /// BaseCRLNumber of a delta CRL, which says only what changed since that CRL (RFC 5280 §5.2.4); `None` for a complete one.
    pub fn base_number(&self) -> Option<&SerialNumber> {
        self.facts.base_number.as_ref()
    }

    /// issuingDistributionPoint: which certificates it is about; `None` for all of its issuer.
    pub fn issuing_distribution_point(&self) -> Option<&IssuingDistributionPoint> {
        self.facts.issuing_distribution_point.as_ref()
    }

    /// Whether both are about the same certificates of the same issuer, as a delta CRL and its base must be (RFC 5280 §5.2.4).
    pub fn has_same_scope(&self, other: &Self) -> bool {
        self.issuer() == other.issuer() && self.facts.scope == other.facts.scope
    }

    /// Whether an entry names the issuer of its certificate, as those of indirect CRLs do (RFC 5280 §5.3.3).
    pub fn names_issuers(&self) -> bool {
        self.facts.names_issuers
    }

    /// Object identifiers of known extensions of the CRL whose content is malformed, and of duplicated ones.
    pub fn unreadable_extensions(&self) -> &[String] {
        &self.facts.unreadable
    }

    /// Object identifiers of critical extensions, of the CRL or of an entry, that gsec does not know. With one of them the CRL
    /// may mean something else than it seems (RFC 5280 §5.2, §5.3).
    pub fn unknown_critical_extensions(&self) -> &[String] {
        &self.facts.unknown_critical
    }

    /// Whether the CRL itself has this extension and marks it critical.
    pub fn has_critical(&self, oid: &str) -> bool {
        self.facts.critical.iter().any(|critical| critical == oid)
    }

    /// Object identifiers of its own critical extensions.
    pub fn critical_extensions(&self) -> &[String] {
        &self.facts.critical
    }

    /// Object identifiers of the critical extensions of its entries.
    pub fn critical_in_entries(&self) -> &BTreeSet<String> {
        &self.facts.critical_in_entries
    }

    /// The first entry whose revocationDate is no time, and why; programs may not read such a CRL.
    pub fn bad_date(&self) -> Option<&str> {
        self.facts.bad_date.as_deref()
    }

    /// How many certificates it revokes.
    pub fn revoked(&self) -> usize {
        self.facts.revoked
    }

    /// Its entries as they are in revokedCertificates, DER.
    pub fn entries_der(&self) -> &[u8] {
        self.der.get(self.facts.entries.clone()).unwrap_or_default()
    }

    /// Every revoked certificate, in the order of the list; entries are decoded one at a time.
    pub fn entries(&self) -> impl Iterator<Item = RevokedEntry> + '_ {
        let mut elements = Elements::of(self.entries_der());
        std::iter::from_fn(move || Entry::read(&mut elements).map(|entry| self.entry(&entry)))
    }

    /// For each entry the names of the issuer of its certificate, where that is not the CRL's own (RFC 5280 §5.3.3).
    pub fn entry_issuers(&self) -> impl Iterator<Item = Option<String>> + '_ {
        let mut elements = Elements::of(self.entries_der());
        let mut named = None;
        std::iter::from_fn(move || {
            let entry = Entry::read(&mut elements)?;
            if let Some(issuers) = issuers_named(&entry) {
                named = Some(
                    issuers
                        .iter()
                        .map(ToString::to_string)
                        .collect::<Vec<_>>()
                        .join("; "),
                );
            }
            Some(named.clone())
        })
    }

    /// The entry for the certificate with this serial number and issuer. The issuer of an entry is the one it or the
    /// last entry before it names, and otherwise the CRL's own (RFC 5280 §5.3.3). If several entries match, one that revokes
    /// is preferred to one that removes the revocation.
    pub fn entry_for(&self, serial: &SerialNumber, issuer: &DistinguishedName) -> Option<RevokedEntry> {
        let mut elements = Elements::of(self.entries_der());
        let mut is_of_issuer = self.issuer() == issuer;
        let mut taken_back = None;
        while let Some(entry) = Entry::read(&mut elements) {
            if self.names_issuers()
                && let Some(named) = issuers_named(&entry)
            {
                is_of_issuer = named.iter().any(|name| name == issuer);
            }
            if is_of_issuer && SerialNumber::from_content(entry.serial) == *serial {
                let entry = self.entry(&entry);
                if entry.reason != Some(RevocationReason::RemoveFromCrl) {
                    return Some(entry);
                }
                taken_back = Some(entry);
            }
        }
        taken_back
    }

    fn entry(&self, entry: &Entry<'_>) -> RevokedEntry {
        let values: Vec<_> = entry
            .extensions
            .iter()
            .map(X509Extension::parsed_extension)
            .collect();
        let reason = values.iter().find_map(|value| {
            if let ParsedExtension::ReasonCode(reason) = value {
                Some(reason.0)
            } else {
                None
            }
        });
        let invalidity = values.iter().find_map(|value| {
            if let ParsedExtension::InvalidityDate(time) = value {
                Some(time)
            } else {
                None
            }
        });
        let hold = entry
            .extensions
            .iter()
            .find(|extension| extension.oid.to_id_string() == oid::HOLD_INSTRUCTION);
        RevokedEntry {
            serial: SerialNumber::from_content(entry.serial),
            revoked_at: entry.date.as_ref().copied().unwrap_or(self.facts.this_update),
            date_problem: entry.date.as_ref().err().cloned(),
            reason: reason.and_then(RevocationReason::from_code),
            invalidity_date: invalidity.map(ASN1Time::to_datetime),
            hold_instruction: hold.and_then(|extension| ObjectIdentifier::from_der(extension.value).ok()),
        }
    }

    /// Name of the signature algorithm.
    pub fn signature_algorithm(&self) -> String {
        SignatureAlgorithm::name(&self.facts.signature_algorithm)
    }

    /// The AlgorithmIdentifier of the signature, DER.
    pub fn signature_algorithm_der(&self) -> &[u8] {
        &self.facts.signature_algorithm
    }

    /// The AlgorithmIdentifier in what is signed, DER; it must be the same (RFC 5280 §5.1.1.2).
    pub fn signed_algorithm_der(&self) -> &[u8] {
        &self.facts.signed_algorithm
    }

    /// Whether it is signed by this key.
    pub fn verify_signature(&self, key: &PublicKey) -> SignatureCheck {
        let tbs = self.der.get(self.facts.tbs.clone()).unwrap_or_default();
        verify_signature(key, &self.facts.signature_algorithm, tbs, &self.facts.signature)
    }
}

/// Reads every CRL in a file: all `X509 CRL` blocks of a PEM text (RFC 7468 §6), or one in DER.
///
/// # Errors
/// [`CertificateError::NoCrl`] says what is there instead; otherwise as [`RevocationList::from_der`].
pub fn decode_crls(bytes: &[u8]) -> Result<Vec<RevocationList>, CertificateError> {
    decode_file(bytes, &[pem::X509_CRL], RevocationList::from_der, |found| {
        CertificateError::NoCrl { found }
    })
}

/// The DER of every CRL in a file, whether or not it can be read as one: what is wrong with it is for those to say who use it.
///
/// # Errors
/// [`CertificateError::NoCrl`] says what is there instead.
pub fn crl_ders(bytes: &[u8]) -> Result<Vec<Vec<u8>>, CertificateError> {
    let found = decode_file(
        bytes,
        &[pem::X509_CRL],
        |der| Ok(der.to_vec()),
        |found| CertificateError::NoCrl { found },
    )?;
    match found.as_slice() {
        [der] if Certificate::from_der(der).is_ok() => Err(CertificateError::NoCrl {
            found: "it is a certificate".into(),
        }),
        _ => Ok(found),
    }
}

fn read_facts(der: &[u8]) -> Result<Facts, CertificateError> {
    let damaged = || CertificateError::Damaged("it is truncated, or not a CRL in DER".into());
    let signed = Signed::read(der).ok_or_else(damaged)?;
    let facts = read_signed(der, &signed)
        .ok_or_else(|| unreadable_time(&signed).map_or_else(damaged, CertificateError::Damaged))?;
    if signed.trailing > 0 {
        Err(CertificateError::Trailing(signed.trailing))
    } else {
        Ok(facts)
    }
}

/// Which of thisUpdate and nextUpdate is no time, and why.
fn unreadable_time(signed: &Signed<'_>) -> Option<String> {
    let mut fields = Elements::of(signed.tbs.content);
    fields.next_if(tag::INTEGER);
    fields.next_if(tag::SEQUENCE)?;
    fields.next_if(tag::SEQUENCE)?;
    let is_time = |field: &Element<'_>| field.is(tag::UTC_TIME) || field.is(tag::GENERALIZED_TIME);
    ["thisUpdate", "nextUpdate"].into_iter().find_map(|name| {
        fields
            .next_where(is_time)
            .and_then(|field| time_problem(name, &field))
    })
}

/// Parses TBSCertList, RFC 5280 §5.1; `None` if it is malformed.
fn read_signed(der: &[u8], signed: &Signed<'_>) -> Option<Facts> {
    let mut fields = Elements::of(signed.tbs.content);
    let version = match fields.next_if(tag::INTEGER) {
        Some(field) => u32::from(*field.content.last()?) + 1,
        None => 1,
    };
    let algorithm = fields.next_if(tag::SEQUENCE)?;
    let issuer = DistinguishedName::from_parsed_in(der, &fields.parse::<X509Name<'_>, _>()?);
    let this_update = fields.parse::<ASN1Time, _>()?.to_datetime();
    let next_update = fields.next_where(|field| field.is(tag::UTC_TIME) || field.is(tag::GENERALIZED_TIME));
    let next_update = match next_update {
        Some(field) => Some(ASN1Time::from_der(field.whole).ok()?.1.to_datetime()),
        None => None,
    };
    let entries = fields
        .next_if(tag::SEQUENCE)
        .map_or(0..0, |list| range_in(der, list.content));
    let extensions = match fields.next_where(|field| field.is_context(0)) {
        Some(field) => extensions_in(&field)?,
        None => Vec::new(),
    };
    if !fields.rest.is_empty() {
        return None;
    }
    let mut facts = Facts {
        version,
        issuer,
        this_update,
        next_update,
        number: None,
        authority_key_identifier: None,
        unknown_critical: Vec::new(),
        unreadable: Vec::new(),
        base_number: None,
        issuing_distribution_point: None,
        scope: Vec::new(),
        names_issuers: false,
        critical: Vec::new(),
        critical_in_entries: BTreeSet::new(),
        entries,
        revoked: 0,
        bad_date: None,
        tbs: range_in(der, signed.tbs.whole),
        signed_algorithm: algorithm.whole.to_vec(),
        signature_algorithm: signed.algorithm.to_vec(),
        signature: signed.signature.to_vec(),
    };
    let mut unknown = BTreeSet::new();
    let entries = facts.entries.clone();
    facts.revoked = count_entries(der.get(entries)?, &mut facts, &mut unknown)?;
    extensions
        .iter()
        .for_each(|extension| read_extension(extension, &mut facts, &mut unknown));
    facts.unreadable.extend(duplicates(&extensions));
    facts.unknown_critical = unknown.into_iter().collect();
    Some(facts)
}

/// crlExtensions: a SEQUENCE OF Extension under an explicit tag.
fn extensions_in<'a>(field: &Element<'a>) -> Option<Vec<X509Extension<'a>>> {
    read_extensions(&Elements::of(field.content).next_if(tag::SEQUENCE)?)
}

fn read_extension(extension: &X509Extension<'_>, facts: &mut Facts, unknown: &mut BTreeSet<String>) {
    note_unknown(extension, unknown);
    if extension.critical {
        facts.critical.push(extension.oid.to_id_string());
    }
    let oid = extension.oid.to_id_string();
    let is_read = match oid.as_str() {
        oid::CRL_NUMBER => read_integer(extension.value).map(|number| facts.number = Some(number)),
        oid::DELTA_CRL_INDICATOR => {
            read_integer(extension.value).map(|number| facts.base_number = Some(number))
        }
        oid::ISSUING_DISTRIBUTION_POINT => {
            facts.scope = extension.value.to_vec();
            IssuingDistributionPoint::read(extension.value)
                .map(|point| facts.issuing_distribution_point = Some(point))
        }
        _ => Some(()),
    };
    if is_read.is_none() {
        facts.unreadable.push(oid);
    }
    if let ParsedExtension::AuthorityKeyIdentifier(value) = extension.parsed_extension() {
        facts.authority_key_identifier = value
            .key_identifier
            .as_ref()
            .map(|identifier| identifier.0.to_vec());
    }
}

fn read_integer(value: &[u8]) -> Option<SerialNumber> {
    let mut outside = Elements::of(value);
    outside
        .next_if(tag::INTEGER)
        .filter(|number| outside.rest.is_empty() && !number.content.is_empty())
        .map(|number| SerialNumber::from_content(number.content))
}

fn duplicates(extensions: &[X509Extension<'_>]) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    extensions
        .iter()
        .map(|extension| extension.oid.to_id_string())
        .filter(|oid| !seen.insert(oid.clone()))
        .collect()
}

/// The directory names in certificateIssuer, RFC 5280 §5.3.3; `None` without the extension, empty when it cannot be read.
fn issuers_named(entry: &Entry<'_>) -> Option<Vec<DistinguishedName>> {
    let extension = entry
        .extensions
        .iter()
        .find(|extension| extension.oid.to_id_string() == oid::CERTIFICATE_ISSUER)?;
    let names = Elements::of(extension.value)
        .next_if(tag::SEQUENCE)
        .and_then(|list| read_names(&list))
        .unwrap_or_default();
    Some(
        names
            .iter()
            .filter_map(|name| name.directory().cloned())
            .collect(),
    )
}

/// Decodes every entry once, so that later none can fail, and keeps none of them.
fn count_entries(content: &[u8], facts: &mut Facts, unknown: &mut BTreeSet<String>) -> Option<usize> {
    let mut elements = Elements::of(content);
    let mut count = 0;
    while !elements.rest.is_empty() {
        let entry = Entry::read(&mut elements)?;
        if let (Err(problem), None) = (&entry.date, &facts.bad_date) {
            facts.bad_date = Some(format!(
                "the entry {}: {problem}",
                SerialNumber::from_content(entry.serial)
            ));
        }
        for extension in &entry.extensions {
            note_unknown(extension, unknown);
            if extension.critical {
                facts.critical_in_entries.insert(extension.oid.to_id_string());
            }
        }
        if let Some(issuers) = issuers_named(&entry) {
            facts.names_issuers = true;
            if issuers.is_empty() && facts.unreadable.is_empty() {
                facts.unreadable.push(oid::CERTIFICATE_ISSUER.into());
            }
        }
        count += 1;
    }
    Some(count)
}

fn note_unknown(extension: &X509Extension<'_>, unknown: &mut BTreeSet<String>) {
    if extension.critical {
        let oid = extension.oid.to_id_string();
        if !KNOWN_EXTENSIONS.contains(&oid.as_str()) {
            unknown.insert(oid);
        }
    }
}

/// One element of revokedCertificates (RFC 5280 §5.1.2.6). A date that is no time does not hide which certificate is revoked.
struct Entry<'a> {
    /// The content of the INTEGER.
    serial: &'a [u8],
    date: Result<OffsetDateTime, String>,
    extensions: Vec<X509Extension<'a>>,
}

impl<'a> Entry<'a> {
    fn read(elements: &mut Elements<'a>) -> Option<Self> {
        let mut fields = Elements::of(elements.next_if(tag::SEQUENCE)?.content);
        let serial = fields.next_if(tag::INTEGER)?.content;
        let date = fields.next()?;
        let read = ASN1Time::from_der(date.whole).map(|(_, time)| time.to_datetime());
        let date = read.map_err(|_| {
            time_problem("revocationDate", &date)
                .unwrap_or_else(|| "its revocationDate is not a valid time".into())
        });
        let extensions = match fields.next_if(tag::SEQUENCE) {
            Some(list) => read_extensions(&list)?,
            None => Vec::new(),
        };
        fields.rest.is_empty().then_some(Self {
            serial,
            date,
            extensions,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A version 1 CRL made by hand: no extensions, two entries, an empty signature.
    fn version_1(nested: &[u8]) -> Vec<u8> {
        let sequence =
            |content: &[u8]| [&[0x30, u8::try_from(content.len()).expect("short")], content].concat();
        let time = b"\x17\x0d261121100000Z";
        let entry = |serial: u8| sequence(&[&[2, 1, serial], &time[..]].concat());
        let algorithm = sequence(&[6, 3, 0x2a, 3, 4]);
        let name = sequence(&[0x31, 12, 0x30, 10, 6, 3, 0x55, 4, 3, 0x0c, 3, b'C', b'A', b'1']);
        let tbs = sequence(
            &[
                &algorithm,
                &name,
                &time[..],
                &sequence(&[entry(5), entry(7)].concat()),
                nested,
            ]
            .concat(),
        );
        sequence(&[&tbs, &algorithm, &[3, 2, 0, 1][..]].concat())
    }

    #[test]
    fn version_1_is_read() {
        let crl = RevocationList::from_der(&version_1(&[])).expect("version 1");
        assert_eq!(crl.issuer().to_string(), "CN=CA1");
        assert_eq!((crl.revoked(), crl.next_update(), crl.number()), (2, None, None));
        assert_eq!(
            crl.entries()
                .map(|entry| entry.serial.to_string())
                .collect::<Vec<_>>(),
            ["05", "07"]
        );
        assert_eq!(crl.signature_algorithm(), "1.2.3.4");
    }

    #[test]
    fn critical_extensions_that_gsec_does_not_know_are_named() {
        // [0] { SEQUENCE { 2.5.29.99, critical; freshestCRL, critical } }, values empty.
        let strange = b"\x30\x0a\x06\x03\x55\x1d\x63\x01\x01\xff\x04\x00";
        let freshest = b"\x30\x0a\x06\x03\x55\x1d\x2e\x01\x01\xff\x04\x00";
        let extensions = [&b"\xa0\x1a\x30\x18"[..], strange, freshest].concat();
        let crl = RevocationList::from_der(&version_1(&extensions)).expect("CRL");
        assert_eq!(crl.unknown_critical_extensions(), ["2.5.29.99"]);
    }

    #[test]
    fn octets_after_the_last_field_are_refused() {
        assert!(matches!(
            RevocationList::from_der(&version_1(&[5, 0])),
            Err(CertificateError::Damaged(_))
        ));
        assert!(matches!(
            RevocationList::from_der(&[version_1(&[]), vec![0]].concat()),
            Err(CertificateError::Trailing(1))
        ));
    }

    #[test]
    fn octets_that_are_no_crl_are_refused() {
        assert!(RevocationList::from_der(&[0x30, 0]).is_err());
        assert!(RevocationList::from_der(&[]).is_err());
    }

    #[test]
    fn an_entry_whose_date_does_not_exist_revokes_all_the_same() {
        let der = version_1(&[]);
        let at = der
            .windows(3)
            .position(|window| window == [2, 1, 5])
            .expect("the first entry")
            + 5;
        let mut odd = der.clone();
        odd[at..at + 6].copy_from_slice(b"260230");
        let crl = RevocationList::from_der(&odd).expect("its serial numbers can be read");
        let entry = crl.entries().next().expect("two entries");
        assert_eq!(
            (entry.serial.to_string().as_str(), entry.revoked_at),
            ("05", crl.this_update())
        );
        assert_eq!(
            entry.date_problem.as_deref(),
            Some(
                "its revocationDate is the UTCTime `260230100000Z`: no such date or time exists (RFC 5280 §4.1.2.5)"
            )
        );
        assert!(
            crl.bad_date()
                .is_some_and(|problem| problem.starts_with("the entry 05: "))
        );
        assert_eq!(crl.entries().nth(1).and_then(|entry| entry.date_problem), None);
    }

    #[test]
    fn every_cut_is_refused() {
        let der = version_1(&[]);
        for end in 0..der.len() {
            assert!(RevocationList::from_der(&der[..end]).is_err(), "{end}");
        }
    }

    #[test]
    fn files_in_pem_and_der() {
        let crl = RevocationList::from_der(&version_1(&[])).expect("version 1");
        assert_eq!(decode_crls(crl.der()).expect("DER").len(), 1);
        assert_eq!(
            decode_crls(crl.to_pem().repeat(2).as_bytes()).expect("PEM").len(),
            2
        );
        let other = decode_crls(pem::encode(pem::PUBLIC_KEY, &[0]).as_bytes()).expect_err("no CRL");
        assert_eq!(
            (other.code(), other.to_string().as_str()),
            ("x509.no_crl", "it contains no CRL: only PUBLIC KEY")
        );
        assert_eq!(
            decode_crls(b"").expect_err("empty").to_string(),
            "it contains no CRL: it is empty"
        );
    }
}
