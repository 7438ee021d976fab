//! A certificate that was read: every fact that gsec decides by, owned and without the encoding around it.

use std::net::IpAddr;

use der::oid::ObjectIdentifier;
use time::OffsetDateTime;
use x509_parser::extensions::{GeneralName as ParsedName, ParsedExtension, X509Extension};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::elements::{Elements, tag, time_problem};
use super::oid;
use super::{
    CertificateError, DistinguishedName, DistributionPoint, DnsName, ExtendedKeyUsage, GeneralName, KeyUsage,
    NameConstraints, PolicyExtensions, SerialNumber, Thumbprints, TrustSettings, Validity,
};
use crate::encoding::bit_string::unused_bits_in_words;
use crate::encoding::pem::{self, Block, PKCS7_LABELS};
use crate::encoding::sniff::{FileKind, file_kind, without_padding};
use crate::key::{PublicKey, SignatureAlgorithm, SignatureCheck, verify_signature};

/// A certificate with OpenSSL's settings of trust after it; practice of OpenSSL, in no RFC.
const TRUSTED_CERTIFICATE: &str = "TRUSTED CERTIFICATE";

/// basicConstraints, RFC 5280 §4.2.1.9.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether the subject is a CA.
    pub is_ca: bool,
    /// How many intermediate CAs may follow.
    pub path_len: Option<u32>,
}

/// A certificate, read leniently: what is odd in it is for `verify` to say, what is not DER at all is an error.
#[derive(Debug, Clone)]
pub struct Certificate {
    der: Vec<u8>,
    facts: Facts,
    trust_settings: Option<TrustSettings>,
}

/// Two certificates are equal when their DER is the same.
impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

#[derive(Debug, Clone)]
struct Facts {
    version: u32,
    serial: SerialNumber,
    serial_content: Vec<u8>,
    issuer: DistinguishedName,
    subject: DistinguishedName,
    not_before: OffsetDateTime,
    not_after: OffsetDateTime,
    public_key: PublicKey,
    tbs: std::ops::Range<usize>,
    signed_algorithm: Vec<u8>,
    signature_algorithm: Vec<u8>,
    signature: Vec<u8>,
    extensions: ExtensionFacts,
}

#[derive(Debug, Clone, Default)]
struct ExtensionFacts {
    basic_constraints: Option<BasicConstraints>,
    key_usage: Option<KeyUsage>,
    extended_key_usage: Option<Vec<ExtendedKeyUsage>>,
    subject_alternative_names: Option<Vec<GeneralName>>,
    name_constraints: Option<NameConstraints>,
    subject_key_identifier: Option<Vec<u8>>,
    authority_key_identifier: Option<Vec<u8>>,
    authority_serial: Option<SerialNumber>,
    authority_issuer: Option<DistinguishedName>,
    netscape_type: Option<u8>,
    requires_staple: bool,
    crl_addresses: Vec<String>,
    distribution_points: Vec<DistributionPoint>,
    policies: PolicyExtensions,
    issuer_addresses: Vec<String>,
    ocsp_addresses: Vec<String>,
    unknown_critical: Vec<String>,
    unreadable: Vec<String>,
    all: Vec<(String, bool)>,
}

impl Certificate {
    /// Reads one certificate in DER; what follows it is an error.
    ///
    /// # Errors
    /// [`CertificateError::Damaged`], [`CertificateError::Key`].
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        let damaged = |problem: &dyn std::fmt::Display| CertificateError::Damaged(problem.to_string());
        let unreadable = || {
            unreadable_time(der)
                .or_else(|| unreadable_bits(der))
                .unwrap_or_else(|| "it is truncated, or not a certificate in DER".into())
        };
        let (rest, parsed) = X509Certificate::from_der(der).map_err(|_| damaged(&unreadable()))?;
        if !rest.is_empty() {
            return Err(CertificateError::Trailing(rest.len()));
        }
        let facts = read_facts(der, &parsed)?;
        Ok(Self {
            der: der.to_vec(),
            facts,
            trust_settings: None,
        })
    }

    /// The whole certificate, DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// What OpenSSL's `TRUSTED CERTIFICATE` block that it was read from says of it; `None` where it was in no such block.
    pub fn trust_settings(&self) -> Option<&TrustSettings> {
        self.trust_settings.as_ref()
    }

    /// The certificate as one PEM block.
    pub fn to_pem(&self) -> String {
        pem::encode(pem::CERTIFICATE, &self.der)
    }

    /// The version as people count: 1, 2 or 3.
    pub fn version(&self) -> u32 {
        self.facts.version
    }

    /// The serial number.
    pub fn serial(&self) -> &SerialNumber {
        &self.facts.serial
    }

    /// Content bytes of serialNumber exactly as encoded, with sign and padding.
    pub fn serial_content(&self) -> &[u8] {
        &self.facts.serial_content
    }

    /// Who signed it.
    pub fn issuer(&self) -> &DistinguishedName {
        &self.facts.issuer
    }

    /// Whom it is about.
    pub fn subject(&self) -> &DistinguishedName {
        &self.facts.subject
    }

    /// A short title for messages: the subject, or the first name of a certificate whose subject is empty.
    pub fn title(&self) -> String {
        if !self.subject().is_empty() {
            return self.subject().to_string();
        }
        let first = self.subject_alternative_names().and_then(<[GeneralName]>::first);
        first.map_or_else(
            || "(empty subject)".into(),
            |name| format!("(empty subject) {name}"),
        )
    }

    /// Start of validity (notBefore).
    pub fn not_before(&self) -> OffsetDateTime {
        self.facts.not_before
    }

    /// End of validity, itself included.
    pub fn not_after(&self) -> OffsetDateTime {
        self.facts.not_after
    }

    /// The validity, unless it is empty or out of range.
    pub fn validity(&self) -> Option<Validity> {
        Validity::new(self.not_before(), self.not_after()).ok()
    }

    /// The subject's public key.
    pub fn public_key(&self) -> &PublicKey {
        &self.facts.public_key
    }

    /// DER of the TBSCertificate, which is the signed part.
    pub fn tbs(&self) -> &[u8] {
        self.der.get(self.facts.tbs.clone()).unwrap_or_default()
    }

    /// The AlgorithmIdentifier of the signature, DER.
    pub fn signature_algorithm(&self) -> &[u8] {
        &self.facts.signature_algorithm
    }

    /// The AlgorithmIdentifier in what is signed, DER; it must be the same (RFC 5280 §4.1.1.2).
    pub fn signed_algorithm(&self) -> &[u8] {
        &self.facts.signed_algorithm
    }

    /// The signature.
    pub fn signature(&self) -> &[u8] {
        &self.facts.signature
    }

    /// Whether it is signed by this key.
    pub fn verify_signature(&self, key: &PublicKey) -> SignatureCheck {
        verify_signature(key, self.signature_algorithm(), self.tbs(), self.signature())
    }

    /// Whether its issuer is this certificate's subject (RFC 5280 §7.1), and this certificate's key signed it. Ignores dates
    /// and what the issuer is allowed to sign.
    pub fn is_issued_by(&self, issuer: &Self) -> bool {
        self.issuer() == issuer.subject()
            && self.verify_signature(issuer.public_key()) == SignatureCheck::Good
    }

    /// Whether its issuer is this certificate's subject, and nothing says that another key signed it: that of an algorithm that cannot be
    /// checked is not refuted.
    pub fn may_be_issued_by(&self, issuer: &Self) -> bool {
        self.issuer() == issuer.subject() && self.verify_signature(issuer.public_key()) != SignatureCheck::Bad
    }

    /// Those of `candidates` that may be its issuer ([`Self::may_be_issued_by`]); where none is, all that have the issuer's name: then the
    /// certificate was changed after it was signed. Bounded: of many with the name, the signature is checked with the first 32.
    pub fn issuers_among<'a>(&self, candidates: impl IntoIterator<Item = &'a Self>) -> Vec<&'a Self> {
        const MOST: usize = 32;
        let named: Vec<&Self> = candidates
            .into_iter()
            .filter(|candidate| self.issuer() == candidate.subject())
            .collect();
        let signed = named.iter().copied().take(MOST);
        let signed: Vec<&Self> = signed
            .filter(|candidate| self.may_be_issued_by(candidate))
            .collect();
        if signed.is_empty() { named } else { signed }
    }

    /// basicConstraints.
    pub fn basic_constraints(&self) -> Option<BasicConstraints> {
        self.facts.extensions.basic_constraints
    }

    /// Whether basicConstraints says CA:TRUE.
    pub fn is_authority(&self) -> bool {
        self.basic_constraints()
            .is_some_and(|constraints| constraints.is_ca)
    }

    /// What it lacks to be the certificate of a CA whose key signs others (RFC 5280 §4.2.1.9, §4.2.1.3); `None` when nothing. Without
    /// keyUsage, as old CAs have it, everything is permitted.
    pub fn lacking_for_authority(&self) -> Option<&'static str> {
        match () {
            () if !self.is_authority() => Some("its basicConstraints do not say CA:TRUE"),
            () if !self.lets_key(KeyUsage::KEY_CERT_SIGN) => Some("its keyUsage does not have keyCertSign"),
            () => None,
        }
    }

    /// Whether keyUsage lets the key do this; without keyUsage it may do everything (RFC 5280 §4.2.1.3).
    pub fn lets_key(&self, usage: KeyUsage) -> bool {
        self.key_usage().is_none_or(|allowed| allowed.has(usage))
    }

    /// Whether subject and issuer are the same name.
    pub fn is_self_issued(&self) -> bool {
        self.subject() == self.issuer()
    }

    /// Whether it may be self-signed, and its signature cannot be checked, so that nothing proves it or refutes it.
    pub fn is_perhaps_self_signed(&self) -> bool {
        self.is_self_issued()
            && SignatureAlgorithm::may_be_made_with(self.signature_algorithm(), self.public_key())
            && self.verify_signature(self.public_key()) == SignatureCheck::Unsupported
    }

    /// Whether a CA signed its own key with another key of its own: the certificate leads from its root before a change of key to the one after
    /// it, or back (RFC 4210 §4.4).
    pub fn is_key_changeover(&self) -> bool {
        self.is_self_issued() && self.verify_signature(self.public_key()) == SignatureCheck::Bad
    }

    /// keyUsage.
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.facts.extensions.key_usage
    }

    /// extKeyUsage.
    pub fn extended_key_usage(&self) -> Option<&[ExtendedKeyUsage]> {
        self.facts.extensions.extended_key_usage.as_deref()
    }

    /// subjectAltName; `None` without the extension.
    pub fn subject_alternative_names(&self) -> Option<&[GeneralName]> {
        self.facts.extensions.subject_alternative_names.as_deref()
    }

    /// nameConstraints.
    pub fn name_constraints(&self) -> Option<&NameConstraints> {
        self.facts.extensions.name_constraints.as_ref()
    }

    /// Whether extKeyUsage permits `usage`: it is missing, or has this one or anyExtendedKeyUsage (RFC 5280 §4.2.1.12). In a CA
    /// certificate every program in use reads it as a limit for what is below.
    pub fn permits(&self, usage: &ExtendedKeyUsage) -> bool {
        let usages = self.extended_key_usage();
        usages.is_none_or(|usages| usages.contains(usage) || usages.contains(&ExtendedKeyUsage::Any))
    }

    /// Whether it has basicConstraints that are not critical, against RFC 5280 §4.2.1.9: strict programs refuse such a CA.
    pub fn has_uncritical_basic_constraints(&self) -> bool {
        let mut extensions = self.extensions().iter();
        extensions.any(|(oid, critical)| oid == oid::BASIC_CONSTRAINTS && !critical)
    }

    /// subjectKeyIdentifier.
    pub fn subject_key_identifier(&self) -> Option<&[u8]> {
        self.facts.extensions.subject_key_identifier.as_deref()
    }

    /// The keyIdentifier field of authorityKeyIdentifier.
    pub fn authority_key_identifier(&self) -> Option<&[u8]> {
        self.facts.extensions.authority_key_identifier.as_deref()
    }

    /// Whether authorityKeyIdentifier names the issuer's certificate by issuer and serial, which binds to that one certificate.
    pub fn authority_names_issuer_and_serial(&self) -> bool {
        self.authority_serial().is_some()
    }

    /// The authorityCertSerialNumber field of authorityKeyIdentifier.
    pub fn authority_serial(&self) -> Option<&SerialNumber> {
        self.facts.extensions.authority_serial.as_ref()
    }

    /// The directory name in the authorityCertIssuer field of authorityKeyIdentifier: the issuer of the issuer's certificate.
    pub fn authority_issuer(&self) -> Option<&DistinguishedName> {
        self.facts.extensions.authority_issuer.as_ref()
    }

    /// The first byte of Netscape's certificate type: bits for TLS client, TLS server, e-mail, code signing, and for the CAs
    /// of each.
    pub fn netscape_type(&self) -> Option<u8> {
        self.facts.extensions.netscape_type
    }

    /// Whether the server must staple an OCSP response (TLS feature status_request, RFC 7633 §4.2.3.1), as clients that look at it require.
    pub fn requires_staple(&self) -> bool {
        self.facts.extensions.requires_staple
    }

    /// The URIs in cRLDistributionPoints.
    pub fn crl_addresses(&self) -> &[String] {
        &self.facts.extensions.crl_addresses
    }

    /// cRLDistributionPoints; empty without the extension, or when it cannot be read.
    pub fn distribution_points(&self) -> &[DistributionPoint] {
        &self.facts.extensions.distribution_points
    }

    /// What it says about certificate policies.
    pub fn policies(&self) -> &PolicyExtensions {
        &self.facts.extensions.policies
    }

    /// The caIssuers URIs in authorityInfoAccess.
    pub fn issuer_addresses(&self) -> &[String] {
        &self.facts.extensions.issuer_addresses
    }

    /// The OCSP URIs in authorityInfoAccess.
    pub fn ocsp_addresses(&self) -> &[String] {
        &self.facts.extensions.ocsp_addresses
    }

    /// Object identifiers of its critical extensions that path validation takes into account.
    pub(super) fn processed_critical_extensions(&self) -> impl Iterator<Item = &'static str> {
        PROCESSED.into_iter().filter(|oid| self.has_critical(oid))
    }

    /// Object identifiers of critical extensions that gsec does not process.
    pub fn unknown_critical_extensions(&self) -> &[String] {
        &self.facts.extensions.unknown_critical
    }

    /// Whether it may be a server's, and its lifetime is longer than Apple's systems accept from one
    /// ([`super::MAX_APPLE_SERVER_LIFETIME`]), beyond what gsec sets notBefore back.
    pub fn exceeds_apple_lifetime(&self) -> bool {
        let is_for_servers = self
            .extended_key_usage()
            .is_none_or(|usages| usages.contains(&ExtendedKeyUsage::ServerAuth));
        is_for_servers
            && !self.is_authority()
            && self.not_after() - self.not_before()
                > super::MAX_APPLE_SERVER_LIFETIME + super::CLOCK_SKEW_ALLOWANCE
    }

    /// Object identifiers of extensions that gsec knows, and whose content is not what it must be.
    pub fn unreadable_extensions(&self) -> &[String] {
        &self.facts.extensions.unreadable
    }

    /// Object identifiers of extensions that occur more than once, each listed once.
    pub fn duplicate_extensions(&self) -> Vec<&str> {
        let mut seen = std::collections::BTreeSet::new();
        let repeated = self
            .extensions()
            .iter()
            .filter(|(oid, _)| !seen.insert(oid.as_str()))
            .map(|(oid, _)| oid.as_str());
        repeated
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect()
    }

    /// Whether the certificate has this extension and marks it critical.
    pub fn has_critical(&self, oid: &str) -> bool {
        self.extensions()
            .iter()
            .any(|(found, critical)| found == oid && *critical)
    }

    /// Object identifier and criticality of every extension, in order.
    pub fn extensions(&self) -> &[(String, bool)] {
        &self.facts.extensions.all
    }

    /// The identifier that certificates signed by this key carry as authorityKeyIdentifier: the subjectKeyIdentifier
    /// copied; without one SHA-1 of the key (RFC 5280 §4.2.1.1).
    pub fn key_identifier_for_issued(&self) -> Vec<u8> {
        self.subject_key_identifier()
            .map_or_else(|| self.public_key().key_identifier().to_vec(), <[u8]>::to_vec)
    }

    /// The thumbprints.
    pub fn thumbprints(&self) -> Thumbprints {
        Thumbprints::of(&self.der)
    }
}

/// Whether a PEM block is a certificate, in one of the labels of old too (RFC 7468 §5.1).
pub fn is_certificate_block(block: &Block) -> bool {
    matches!(
        block.label.as_str(),
        pem::CERTIFICATE | "X509 CERTIFICATE" | TRUSTED_CERTIFICATE
    )
}

/// Reads a PEM block that is a certificate.
///
/// # Errors
/// As [`Certificate::from_der`].
pub fn decode_certificate_block(block: &Block) -> Result<Certificate, CertificateError> {
    if block.label == TRUSTED_CERTIFICATE {
        // OpenSSL's own settings of trust follow the certificate.
        let rest = X509Certificate::from_der(&block.content).map_or(0, |(rest, _)| rest.len());
        let (certificate, settings) = block.content.split_at(block.content.len() - rest);
        let certificate = Certificate::from_der(certificate)?;
        let no_settings = || {
            CertificateError::Damaged(
                "the data after the certificate in the block is not a list of OpenSSL trust settings".into(),
            )
        };
        let settings = TrustSettings::read(settings).ok_or_else(no_settings)?;
        return Ok(Certificate {
            trust_settings: Some(settings),
            ..certificate
        });
    }
    Certificate::from_der(&block.content)
}

/// Reads every certificate in a file: all `CERTIFICATE` blocks of a PEM text, or one in DER.
///
/// # Errors
/// [`CertificateError::NoCertificate`] says what is there instead; [`CertificateError::Damaged`].
pub fn decode_certificates(bytes: &[u8]) -> Result<Vec<Certificate>, CertificateError> {
    let none = |found: String| Err(CertificateError::NoCertificate { found });
    match file_kind(bytes) {
        FileKind::Pem => {
            let blocks = pem::decode_all(bytes)?;
            let found: Vec<_> = blocks
                .iter()
                .filter(|block| is_certificate_block(block))
                .collect();
            if let Some(foreign) = blocks
                .iter()
                .find(|block| found.is_empty() && PKCS7_LABELS.contains(&block.label.as_str()))
            {
                return Err(CertificateError::Foreign(pem::pkcs7_form(&foreign.label)));
            }
            if found.is_empty() {
                return none(format!("only {}", pem::labels_in_words(&blocks)));
            }
            let in_block = |block: &Block, source| CertificateError::InBlock {
                line: block.line,
                source: Box::new(source),
            };
            found
                .into_iter()
                .map(|block| decode_certificate_block(block).map_err(|error| in_block(block, error)))
                .collect()
        }
        FileKind::DerSigned => Ok(vec![Certificate::from_der(without_padding(bytes))?]),
        FileKind::Foreign(foreign) => Err(CertificateError::Foreign(foreign)),
        other => none(format!("it is {}", other.name())),
    }
}

/// Why a BIT STRING of it holds no whole bytes.
fn unreadable_bits(der: &[u8]) -> Option<String> {
    let signed = super::elements::Signed::read(der)?;
    let key = Elements::of(signed.tbs.content)
        .filter(|field| field.is(tag::SEQUENCE))
        .find_map(|field| {
            let mut parts = Elements::of(field.content);
            parts.next_if(tag::SEQUENCE)?;
            parts.next_if(tag::BIT_STRING)?.content.first().copied()
        });
    if let Some(unused) = key.filter(|unused| *unused != 0) {
        return Some(unused_bits_in_words(unused));
    }
    let mut parts = Elements::of(Elements::of(der).next_if(tag::SEQUENCE)?.content);
    let unused = parts
        .find(|part| part.is(tag::BIT_STRING))?
        .content
        .first()
        .copied()
        .filter(|unused| *unused != 0)?;
    Some(format!(
        "the BIT STRING of its signature says that {unused} of its last bits are unused: it must be 0 (X.690 §8.6.2.2)"
    ))
}

/// The validity field that is not a valid time: its name, its value, and the rule it breaks (RFC 5280 §4.1.2.5).
fn unreadable_time(der: &[u8]) -> Option<String> {
    let mut fields = Elements::of(super::elements::Signed::read(der)?.tbs.content);
    fields.next_where(|field| field.is_context(0));
    fields.next_if(tag::INTEGER)?;
    fields.next_if(tag::SEQUENCE)?;
    fields.next_if(tag::SEQUENCE)?;
    let validity = fields.next_if(tag::SEQUENCE)?;
    let times: Vec<_> = Elements::of(validity.content).collect();
    let names = ["notBefore", "notAfter"];
    if times.len() != names.len() {
        return Some("its validity does not consist of notBefore and notAfter (RFC 5280 §4.1.2.5)".into());
    }
    names
        .into_iter()
        .zip(&times)
        .find_map(|(name, time)| time_problem(name, time))
}

fn read_facts(der: &[u8], parsed: &X509Certificate<'_>) -> Result<Facts, CertificateError> {
    let tbs = parsed.tbs_certificate.as_ref();
    let start = tbs.as_ptr().addr().saturating_sub(der.as_ptr().addr());
    let serial_content = parsed.raw_serial().to_vec();
    Ok(Facts {
        version: parsed.version().0.saturating_add(1),
        serial: SerialNumber::from_content(&serial_content),
        serial_content,
        issuer: DistinguishedName::from_parsed_in(der, parsed.issuer()),
        subject: DistinguishedName::from_parsed_in(der, parsed.subject()),
        not_before: parsed.validity().not_before.to_datetime(),
        not_after: parsed.validity().not_after.to_datetime(),
        public_key: PublicKey::from_spki(parsed.public_key().raw)?,
        tbs: start..start + tbs.len(),
        signed_algorithm: signed_algorithm_der(tbs)?,
        signature_algorithm: signature_algorithm_der(der, start + tbs.len())?,
        signature: parsed.signature_value.data.to_vec(),
        extensions: read_extensions(parsed),
    })
}

/// The AlgorithmIdentifier follows the TBSCertificate; it is cut out whole, so that PSS parameters stay.
pub(super) fn signature_algorithm_der(der: &[u8], start: usize) -> Result<Vec<u8>, CertificateError> {
    use der::{Header, Reader, SliceReader};
    let rest = der.get(start..).unwrap_or_default();
    let damaged = |error: der::Error| CertificateError::Damaged(format!("signatureAlgorithm: {error}"));
    let mut reader = SliceReader::new(rest).map_err(damaged)?;
    let header: Header = der::Decode::decode(&mut reader).map_err(damaged)?;
    let header_bytes = usize::try_from(reader.position()).unwrap_or(usize::MAX);
    let content_bytes = usize::try_from(header.length()).unwrap_or(usize::MAX);
    let whole = rest.get(..header_bytes.saturating_add(content_bytes));
    whole
        .map(<[u8]>::to_vec)
        .ok_or_else(|| CertificateError::Damaged("signatureAlgorithm is truncated".into()))
}

/// In a TBSCertificate, after the version, if it is there, and the serial number.
fn signed_algorithm_der(tbs: &[u8]) -> Result<Vec<u8>, CertificateError> {
    let mut outside = Elements::of(tbs);
    let mut fields = Elements::of(outside.next_if(tag::SEQUENCE).map_or(&[][..], |tbs| tbs.content));
    fields.next_where(|field| field.is_context(0));
    fields.next_if(tag::INTEGER);
    let algorithm = fields
        .next_if(tag::SEQUENCE)
        .ok_or_else(|| CertificateError::Damaged("signature is not an AlgorithmIdentifier".into()))?;
    Ok(algorithm.whole.to_vec())
}

/// Extensions whose meaning path validation takes into account, so that they may be critical: keyUsage, subjectAltName,
/// basicConstraints, nameConstraints, cRLDistributionPoints, certificatePolicies, policyMappings, policyConstraints, extKeyUsage,
/// inhibitAnyPolicy.
const PROCESSED: [&str; 10] = [
    oid::KEY_USAGE,
    oid::SUBJECT_ALT_NAME,
    oid::BASIC_CONSTRAINTS,
    oid::NAME_CONSTRAINTS,
    oid::CRL_DISTRIBUTION_POINTS,
    oid::CERTIFICATE_POLICIES,
    oid::POLICY_MAPPINGS,
    oid::POLICY_CONSTRAINTS,
    oid::EXTENDED_KEY_USAGE,
    oid::INHIBIT_ANY_POLICY,
];

fn read_extensions(parsed: &X509Certificate<'_>) -> ExtensionFacts {
    let mut facts = ExtensionFacts::default();
    for extension in parsed.extensions() {
        let oid = extension.oid.to_id_string();
        if extension.critical && !PROCESSED.contains(&oid.as_str()) {
            facts.unknown_critical.push(oid.clone());
        }
        let is_unread = matches!(
            extension.parsed_extension(),
            ParsedExtension::ParseError { .. } | ParsedExtension::Unparsed
        );
        let is_unread = is_unread && !(oid == oid::KEY_USAGE && key_usage_bits(extension.value).is_some());
        let is_policy_read = facts.policies.read(&oid, extension.value);
        let points = if oid == oid::CRL_DISTRIBUTION_POINTS {
            DistributionPoint::read_all(extension.value)
        } else {
            Some(Vec::new())
        };
        if is_unread
            || !is_policy_read
            || points.is_none()
            || !has_identifiers_in_form(&oid, extension.value)
            || !has_usages_in_form(&oid, extension.value)
        {
            facts.unreadable.push(oid.clone());
        }
        facts.distribution_points.extend(points.into_iter().flatten());
        facts.requires_staple |= oid == oid::TLS_FEATURE && has_status_request(extension.value);
        read_extension(extension, &mut facts);
        facts.all.push((oid, extension.critical));
    }
    facts
}

/// Whether the two key identifiers are what they must be (RFC 5280 §4.2.1.1, §4.2.1.2), which x509-parser does not insist on.
fn has_identifiers_in_form(oid: &str, value: &[u8]) -> bool {
    let mut outside = Elements::of(value);
    match oid {
        oid::SUBJECT_KEY_IDENTIFIER => {
            outside.next_if(tag::OCTET_STRING).is_some() && outside.rest.is_empty()
        }
        oid::AUTHORITY_KEY_IDENTIFIER => outside.next_if(tag::SEQUENCE).is_some_and(|fields| {
            let mut fields = Elements::of(fields.content);
            for number in 0..3 {
                fields.next_where(|field| field.is_context(number));
            }
            fields.rest.is_empty()
        }),
        _ => true,
    }
}

/// Whether keyUsage is a BIT STRING and extKeyUsage a list of object identifiers (RFC 5280 §4.2.1.3, §4.2.1.12): x509-parser passes
/// over elements of other kinds.
fn has_usages_in_form(oid: &str, value: &[u8]) -> bool {
    match oid {
        oid::KEY_USAGE => value.first() == Some(&0x03),
        oid::EXTENDED_KEY_USAGE => {
            let list = Elements::of(value).next_if(tag::SEQUENCE);
            list.is_some_and(|list| {
                let mut usages = Elements::of(list.content);
                usages.all(|usage| usage.is_oid()) && usages.rest.is_empty()
            })
        }
        _ => true,
    }
}

/// The bits of keyUsage, the first of the BIT STRING as the lowest; those that are not used count as zero.
fn key_usage_bits(value: &[u8]) -> Option<u16> {
    let mut outside = Elements::of(value);
    let bits = outside
        .next_if(tag::BIT_STRING)
        .filter(|_| outside.rest.is_empty())?;
    let (unused, octets) = bits
        .content
        .split_first()
        .filter(|(unused, octets)| **unused < 8 && (1..=2).contains(&octets.len()))?;
    let used = octets.len() * 8 - usize::from(*unused);
    let is_set = |bit: usize| octets[bit / 8] >> (7 - bit % 8) & 1 == 1;
    Some((0..used).filter(|bit| is_set(*bit)).map(|bit| 1 << bit).sum())
}

fn read_extension(extension: &X509Extension<'_>, facts: &mut ExtensionFacts) {
    match extension.parsed_extension() {
        ParsedExtension::BasicConstraints(value) => {
            facts.basic_constraints = Some(BasicConstraints {
                is_ca: value.ca,
                path_len: value.path_len_constraint,
            });
        }
        ParsedExtension::KeyUsage(value) => facts.key_usage = Some(KeyUsage::from_bits(value.flags)),
        // x509-parser refuses bits that are said not to be used and are set; they say nothing.
        ParsedExtension::ParseError { .. } if extension.oid.to_id_string() == oid::KEY_USAGE => {
            facts.key_usage = key_usage_bits(extension.value).map(KeyUsage::from_bits)
        }
        ParsedExtension::ExtendedKeyUsage(value) => facts.extended_key_usage = Some(read_usages(value)),
        ParsedExtension::SubjectAlternativeName(value) => {
            facts.subject_alternative_names = Some(value.general_names.iter().map(read_name).collect());
        }
        ParsedExtension::NameConstraints(_) => {
            facts.name_constraints = Some(NameConstraints::decode(extension.value))
        }
        ParsedExtension::ParseError { .. } if extension.oid.to_id_string() == oid::NAME_CONSTRAINTS => {
            facts.name_constraints = Some(NameConstraints::decode(extension.value));
        }
        ParsedExtension::SubjectKeyIdentifier(value) => facts.subject_key_identifier = Some(value.0.to_vec()),
        ParsedExtension::AuthorityKeyIdentifier(value) => {
            facts.authority_key_identifier = value
                .key_identifier
                .as_ref()
                .map(|identifier| identifier.0.to_vec());
            facts.authority_serial = value.authority_cert_serial.map(SerialNumber::from_content);
            facts.authority_issuer =
                value
                    .authority_cert_issuer
                    .iter()
                    .flatten()
                    .find_map(|name| match name {
                        ParsedName::DirectoryName(name) => Some(DistinguishedName::from_parsed(name)),
                        _ => None,
                    });
        }
        // x509-parser has the bits in the order of a BIT STRING, and none for an empty one.
        ParsedExtension::NSCertType(_) => facts.netscape_type = Some(netscape_type(extension.value)),
        ParsedExtension::CRLDistributionPoints(value) => {
            use x509_parser::extensions::DistributionPointName::FullName;
            let names = value
                .points
                .iter()
                .filter_map(|point| match &point.distribution_point {
                    Some(FullName(names)) => Some(names),
                    _ => None,
                });
            facts.crl_addresses = names.flatten().filter_map(uri_of).collect();
        }
        ParsedExtension::AuthorityInfoAccess(value) => {
            let addresses = |method: &str| {
                let named = value
                    .accessdescs
                    .iter()
                    .filter(|access| access.access_method.to_id_string() == method);
                named
                    .filter_map(|access| uri_of(&access.access_location))
                    .collect()
            };
            facts.issuer_addresses = addresses(oid::CA_ISSUERS);
            facts.ocsp_addresses = addresses(oid::AD_OCSP);
        }
        _ => {}
    }
}

/// Whether a list of TLS features has status_request, number 5 (RFC 7633 §4.1).
fn has_status_request(value: &[u8]) -> bool {
    const STATUS_REQUEST: &[u8] = &[5];
    Elements::of(value).next_if(tag::SEQUENCE).is_some_and(|list| {
        Elements::of(list.content)
            .any(|feature| feature.is(tag::INTEGER) && feature.content == STATUS_REQUEST)
    })
}

/// The first content byte of the BIT STRING, after the count of unused bits.
fn netscape_type(value: &[u8]) -> u8 {
    Elements::of(value)
        .next_if(tag::BIT_STRING)
        .and_then(|bits| bits.content.get(1).copied())
        .unwrap_or(0)
}

fn uri_of(name: &ParsedName<'_>) -> Option<String> {
    match name {
        ParsedName::URI(address) => Some((*address).to_owned()),
        _ => None,
    }
}

pub(super) fn read_usages(value: &x509_parser::extensions::ExtendedKeyUsage<'_>) -> Vec<ExtendedKeyUsage> {
    let named = [
        (value.server_auth, ExtendedKeyUsage::ServerAuth),
        (value.client_auth, ExtendedKeyUsage::ClientAuth),
        (value.email_protection, ExtendedKeyUsage::EmailProtection),
        (value.code_signing, ExtendedKeyUsage::CodeSigning),
        (value.time_stamping, ExtendedKeyUsage::TimeStamping),
        (value.ocsp_signing, ExtendedKeyUsage::OcspSigning),
        (value.any, ExtendedKeyUsage::Any),
    ];
    let others = value.other.iter().filter_map(|oid| {
        ObjectIdentifier::new(&oid.to_id_string())
            .ok()
            .map(ExtendedKeyUsage::Other)
    });
    named
        .into_iter()
        .filter(|(present, _)| *present)
        .map(|(_, usage)| usage)
        .chain(others)
        .collect()
}

pub(super) fn read_name(name: &ParsedName<'_>) -> GeneralName {
    let other = |kind, text: String| GeneralName::Other { kind, text };
    match name {
        // Users may type non-ASCII letters and a trailing dot, but a dNSName must not contain them (RFC 5280 §4.2.1.6,
        // §7.2).
        ParsedName::DNSName(text) => match DnsName::parse(text) {
            Ok(name) if name.as_str() == *text => GeneralName::Dns(name),
            _ => other("dns", (*text).to_owned()),
        },
        ParsedName::IPAddress(octets) => match address_of(octets) {
            Some(address) => GeneralName::Ip(address),
            None => other(
                "ip",
                crate::encoding::hex::encode(octets, crate::encoding::hex::Separator::None),
            ),
        },
        ParsedName::RFC822Name(text) => GeneralName::Email((*text).to_owned()),
        ParsedName::URI(text) => GeneralName::Uri((*text).to_owned()),
        ParsedName::DirectoryName(name) => GeneralName::Directory(DistinguishedName::from_parsed(name)),
        ParsedName::OtherName(oid, _) => other("otherName", oid.to_id_string()),
        ParsedName::RegisteredID(oid) => other("registeredID", oid.to_id_string()),
        ParsedName::X400Address(_) => other("x400Address", String::new()),
        ParsedName::EDIPartyName(_) => other("ediPartyName", String::new()),
        ParsedName::Invalid(..) => other("invalid", String::new()),
    }
}

fn address_of(octets: &[u8]) -> Option<IpAddr> {
    match octets.len() {
        4 => <[u8; 4]>::try_from(octets).ok().map(IpAddr::from),
        16 => <[u8; 16]>::try_from(octets).ok().map(IpAddr::from),
        _ => None,
    }
}
