//! A CRL that was read (RFC 5280 §5).

use std::collections::BTreeSet;
use std::ops::Range;

use der::Decode;
use der::oid::ObjectIdentifier;
use time::OffsetDateTime;
use x509_parser::extensions::{ParsedExtension, X509Extension};
use x509_parser::prelude::{ASN1Time, FromDer, X509Name};
use x509_parser::revocation_list::RevokedCertificate;

use super::elements::{Element, Elements, Signed, range_in, read_extensions, tag};
use super::file::decode_file;
use super::{CertificateError, DistinguishedName, RevocationReason, SerialNumber};
use crate::encoding::pem;
use crate::key::{PublicKey, SignatureAlgorithm, SignatureCheck, verify_signature};

/// id-ce-cRLNumber, RFC 5280 §5.2.3.
pub(super) const CRL_NUMBER: &str = "2.5.29.20";
/// id-ce-holdInstructionCode, RFC 3280 §5.3.2.
pub(super) const HOLD_INSTRUCTION: &str = "2.5.29.23";
/// Extensions of CRLs and of entries that change nothing about which certificates are revoked, or that gsec heeds: issuerAltName,
/// cRLNumber, reasonCode, holdInstructionCode, invalidityDate, authorityKeyIdentifier, freshestCRL.
const KNOWN_EXTENSIONS: [&str; 7] = ["2.5.29.18", CRL_NUMBER, "2.5.29.21", HOLD_INSTRUCTION, "2.5.29.24", "2.5.29.35", "2.5.29.46"];

/// One certificate in a CRL (RFC 5280 §5.1.2.6, §5.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokedEntry {
    /// The certificate's serial number.
    pub serial: SerialNumber,
    /// When the CA processed the revocation.
    pub revoked_at: OffsetDateTime,
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
    issuer: DistinguishedName,
    this_update: OffsetDateTime,
    next_update: Option<OffsetDateTime>,
    number: Option<SerialNumber>,
    authority_key_identifier: Option<Vec<u8>>,
    unknown_critical: Vec<String>,
    /// Object identifiers of its own critical extensions.
    critical: Vec<String>,
    /// The content of revokedCertificates.
    entries: Range<usize>,
    revoked: usize,
    tbs: Range<usize>,
    signature_algorithm: Vec<u8>,
    signature: Vec<u8>,
}

impl RevocationList {
    /// Reads one CRL in DER; what follows it is an error.
    ///
    /// # Errors
    /// [`CertificateError::Damaged`], [`CertificateError::Trailing`].
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        Ok(Self { facts: read_facts(der)?, der: der.to_vec() })
    }

    /// As [`RevocationList::from_der`], without a copy.
    pub(super) fn from_vec(der: Vec<u8>) -> Result<Self, CertificateError> {
        Ok(Self { facts: read_facts(&der)?, der })
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

    /// Object identifiers of critical extensions, of the CRL or of an entry, that gsec does not know. With one of them the CRL
    /// may be about other certificates than it seems: a delta CRL, an indirect one, one for a part of them (RFC 5280 §5.2, §5.3).
    pub fn unknown_critical_extensions(&self) -> &[String] {
        &self.facts.unknown_critical
    }

    /// Whether this extension stands in the CRL itself and is critical.
    pub fn has_critical(&self, oid: &str) -> bool {
        self.facts.critical.iter().any(|critical| critical == oid)
    }

    /// How many certificates it revokes.
    pub fn revoked(&self) -> usize {
        self.facts.revoked
    }

    /// Every certificate that it revokes, in the order in which they stand; each is decoded when its turn comes.
    pub fn entries(&self) -> impl Iterator<Item = RevokedEntry> + '_ {
        let mut elements = Elements::of(self.der.get(self.facts.entries.clone()).unwrap_or_default());
        std::iter::from_fn(move || elements.parse().map(|entry| read_entry(&entry)))
    }

    /// The name of the algorithm that it is signed with.
    pub fn signature_algorithm(&self) -> String {
        SignatureAlgorithm::name(&self.facts.signature_algorithm)
    }

    /// The AlgorithmIdentifier of the signature, DER.
    pub fn signature_algorithm_der(&self) -> &[u8] {
        &self.facts.signature_algorithm
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
    decode_file(bytes, &[pem::X509_CRL], RevocationList::from_der, |found| CertificateError::NoCrl { found })
}

fn read_facts(der: &[u8]) -> Result<Facts, CertificateError> {
    let damaged = || CertificateError::Damaged("it is cut short, or no CRL in DER".into());
    let signed = Signed::read(der).ok_or_else(damaged)?;
    let facts = read_signed(der, &signed).ok_or_else(damaged)?;
    if signed.trailing > 0 { Err(CertificateError::Trailing(signed.trailing)) } else { Ok(facts) }
}

/// TBSCertList, RFC 5280 §5.1; `None` when it is none.
fn read_signed(der: &[u8], signed: &Signed<'_>) -> Option<Facts> {
    let mut fields = Elements::of(signed.tbs.content);
    let _version = fields.next_if(tag::INTEGER);
    let _algorithm = fields.next_if(tag::SEQUENCE)?;
    let issuer = DistinguishedName::from_parsed(&fields.parse::<X509Name<'_>, _>()?);
    let this_update = fields.parse::<ASN1Time, _>()?.to_datetime();
    let next_update = fields.next_where(|field| field.is(tag::UTC_TIME) || field.is(tag::GENERALIZED_TIME));
    let next_update = match next_update {
        Some(field) => Some(ASN1Time::from_der(field.whole).ok()?.1.to_datetime()),
        None => None,
    };
    let entries = fields.next_if(tag::SEQUENCE).map_or(0..0, |list| range_in(der, list.content));
    let extensions = match fields.next_where(|field| field.is_context(0)) {
        Some(field) => extensions_in(&field)?,
        None => Vec::new(),
    };
    if !fields.rest.is_empty() {
        return None;
    }
    let mut facts = Facts {
        issuer,
        this_update,
        next_update,
        number: None,
        authority_key_identifier: None,
        unknown_critical: Vec::new(),
        critical: Vec::new(),
        entries,
        revoked: 0,
        tbs: range_in(der, signed.tbs.whole),
        signature_algorithm: signed.algorithm.to_vec(),
        signature: signed.signature.to_vec(),
    };
    let mut unknown = BTreeSet::new();
    facts.revoked = count_entries(der.get(facts.entries.clone())?, &mut unknown)?;
    extensions.iter().for_each(|extension| read_extension(extension, &mut facts, &mut unknown));
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
    match extension.parsed_extension() {
        ParsedExtension::AuthorityKeyIdentifier(value) => {
            facts.authority_key_identifier = value.key_identifier.as_ref().map(|identifier| identifier.0.to_vec());
        }
        _ if extension.oid.to_id_string() == CRL_NUMBER => {
            facts.number = Elements::of(extension.value).next_if(tag::INTEGER).map(|number| SerialNumber::from_content(number.content));
        }
        _ => {}
    }
}

/// Decodes every entry once, so that later none can fail, and keeps none of them.
fn count_entries(content: &[u8], unknown: &mut BTreeSet<String>) -> Option<usize> {
    let mut elements = Elements::of(content);
    let mut count = 0;
    while !elements.rest.is_empty() {
        let entry: RevokedCertificate<'_> = elements.parse()?;
        entry.extensions().iter().for_each(|extension| note_unknown(extension, unknown));
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

fn read_entry(entry: &RevokedCertificate<'_>) -> RevokedEntry {
    let hold = entry.extensions().iter().find(|extension| extension.oid.to_id_string() == HOLD_INSTRUCTION);
    RevokedEntry {
        serial: SerialNumber::from_content(entry.raw_serial()),
        revoked_at: entry.revocation_date.to_datetime(),
        reason: entry.reason_code().and_then(|(_, reason)| RevocationReason::from_code(reason.0)),
        invalidity_date: entry.invalidity_date().map(|(_, time)| time.to_datetime()),
        hold_instruction: hold.and_then(|extension| ObjectIdentifier::from_der(extension.value).ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A version 1 CRL made by hand: no extensions, two entries, an empty signature.
    fn version_1(nested: &[u8]) -> Vec<u8> {
        let sequence = |content: &[u8]| [&[0x30, u8::try_from(content.len()).expect("short")], content].concat();
        let time = b"\x17\x0d261121100000Z";
        let entry = |serial: u8| sequence(&[&[2, 1, serial], &time[..]].concat());
        let algorithm = sequence(&[6, 3, 0x2a, 3, 4]);
        let name = sequence(&[0x31, 12, 0x30, 10, 6, 3, 0x55, 4, 3, 0x0c, 3, b'C', b'A', b'1']);
        let tbs = sequence(&[&algorithm, &name, &time[..], &sequence(&[entry(5), entry(7)].concat()), nested].concat());
        sequence(&[&tbs, &algorithm, &[3, 2, 0, 1][..]].concat())
    }

    #[test]
    fn version_1_is_read() {
        let crl = RevocationList::from_der(&version_1(&[])).expect("version 1");
        assert_eq!(crl.issuer().to_string(), "CN=CA1");
        assert_eq!((crl.revoked(), crl.next_update(), crl.number()), (2, None, None));
        assert_eq!(crl.entries().map(|entry| entry.serial.to_string()).collect::<Vec<_>>(), ["05", "07"]);
        assert_eq!(crl.signature_algorithm(), "1.2.3.4");
    }

    #[test]
    fn critical_extensions_that_gsec_does_not_know_are_named() {
        // [0] { SEQUENCE { deltaCRLIndicator, critical; freshestCRL, critical } }, values empty.
        let delta = b"\x30\x0a\x06\x03\x55\x1d\x1b\x01\x01\xff\x04\x00";
        let freshest = b"\x30\x0a\x06\x03\x55\x1d\x2e\x01\x01\xff\x04\x00";
        let extensions = [&b"\xa0\x1a\x30\x18"[..], delta, freshest].concat();
        let crl = RevocationList::from_der(&version_1(&extensions)).expect("CRL");
        assert_eq!(crl.unknown_critical_extensions(), ["2.5.29.27"]);
    }

    #[test]
    fn octets_after_the_last_field_are_refused() {
        assert!(matches!(RevocationList::from_der(&version_1(&[5, 0])), Err(CertificateError::Damaged(_))));
        assert!(matches!(RevocationList::from_der(&[version_1(&[]), vec![0]].concat()), Err(CertificateError::Trailing(1))));
    }

    #[test]
    fn octets_that_are_no_crl_are_refused() {
        assert!(RevocationList::from_der(&[0x30, 0]).is_err());
        assert!(RevocationList::from_der(&[]).is_err());
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
        assert_eq!(decode_crls(crl.to_pem().repeat(2).as_bytes()).expect("PEM").len(), 2);
        let other = decode_crls(pem::encode(pem::PUBLIC_KEY, &[0]).as_bytes()).expect_err("no CRL");
        assert_eq!((other.code(), other.to_string().as_str()), ("x509.no_crl", "no CRL in it: only PUBLIC KEY"));
        assert_eq!(decode_crls(b"").expect_err("empty").to_string(), "no CRL in it: it is empty");
    }
}
