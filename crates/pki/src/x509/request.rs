//! A certification request that was read (PKCS #10, RFC 2986 §4).

use std::ops::Range;

use x509_parser::asn1_rs::Oid;
use x509_parser::extensions::{ParsedExtension, X509Extension};
use x509_parser::prelude::{FromDer, X509Name};

use super::certificate::{read_name, read_usages};
use super::elements::{Element, Elements, Signed, range_in, read_extensions, tag};
use super::extension::{Extension, name_of};
use super::file::decode_file;
use super::oid;
use super::{Certificate, CertificateError, DistinguishedName, GeneralName, KeyUsage};
use crate::encoding::pem;
use crate::key::{PublicKey, SignatureAlgorithm, SignatureCheck, verify_signature};

/// The labels of a request: of RFC 7468 §7, and of old programs.
const LABELS: [&str; 2] = [pem::CERTIFICATE_REQUEST, "NEW CERTIFICATE REQUEST"];
/// extensionRequest (RFC 2985 §5.4.2), and what Windows had for it before.
const EXTENSION_REQUESTS: [&str; 2] = [oid::EXTENSION_REQUEST, oid::MICROSOFT_EXTENSION_REQUEST];

/// A certification request: who asks, for which key and names. What it says is a wish, not a fact.
#[derive(Debug, Clone)]
pub struct CertificateRequest {
    der: Vec<u8>,
    subject: DistinguishedName,
    public_key: PublicKey,
    wishes: Wishes,
    tbs: Range<usize>,
    signature_algorithm: Vec<u8>,
    signature: Vec<u8>,
}

/// What the attributes ask for.
#[derive(Debug, Clone, Default)]
struct Wishes {
    names: Vec<GeneralName>,
    authority: bool,
    others: Vec<String>,
    extensions: Vec<Extension>,
    attributes: Vec<String>,
}

impl CertificateRequest {
    /// Reads one request in DER; what follows it is an error. A request without attributes passes, as in old programs.
    ///
    /// # Errors
    /// [`CertificateError::DamagedRequest`], [`CertificateError::Key`].
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        let damaged = || CertificateError::DamagedRequest("it is truncated, or not a CSR in DER".into());
        let signed = Signed::read(der).ok_or_else(damaged)?;
        let info = RequestInfo::read(signed.tbs.content).ok_or_else(damaged)?;
        if signed.trailing > 0 {
            return Err(CertificateError::DamagedRequest(format!(
                "{} bytes follow it",
                signed.trailing
            )));
        }
        Ok(Self {
            subject: DistinguishedName::from_parsed_in(der, &info.subject),
            public_key: PublicKey::from_spki(info.spki)?,
            wishes: info.wishes,
            tbs: range_in(der, signed.tbs.whole),
            signature_algorithm: signed.algorithm.to_vec(),
            signature: signed.signature.to_vec(),
            der: der.to_vec(),
        })
    }

    /// The whole request, DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The request as one PEM block.
    pub fn to_pem(&self) -> String {
        pem::encode(pem::CERTIFICATE_REQUEST, &self.der)
    }

    /// The requested subject.
    pub fn subject(&self) -> &DistinguishedName {
        &self.subject
    }

    /// The requested names, from subjectAltName of extensionRequest (RFC 2985 §5.4.2).
    pub fn names(&self) -> &[GeneralName] {
        &self.wishes.names
    }

    /// The subject's public key.
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// Whether it asks for a CA certificate: basicConstraints with CA:TRUE, or keyUsage with keyCertSign.
    pub fn asks_for_authority(&self) -> bool {
        self.wishes.authority
    }

    /// Whether it asks for a certificate whose server must staple OCSP responses (TLS feature, RFC 7633).
    pub fn asks_for_stapling(&self) -> bool {
        self.extensions()
            .iter()
            .any(|extension| extension.oid == super::oid::TLS_FEATURE)
    }

    /// What it asks for beyond its key and the names in subjectAltName, one text for each: the subject, extensions with their
    /// value where gsec knows it, other attributes by name or object identifier. A challenge password is named, never shown.
    pub fn wishes(&self) -> Vec<String> {
        let subject = (!self.subject.is_empty()).then(|| format!("subject {}", self.subject));
        subject
            .into_iter()
            .chain(self.wishes.others.iter().cloned())
            .collect()
    }

    /// What it asks for beyond its key, its subject and the names in subjectAltName, as [`CertificateRequest::wishes`] says it.
    pub fn further_wishes(&self) -> &[String] {
        &self.wishes.others
    }

    /// Every extension that it asks for, with its content.
    pub fn extensions(&self) -> &[Extension] {
        &self.wishes.extensions
    }

    /// Its attributes besides the extensions, by name or object identifier. A challenge password is named, never shown.
    pub fn attributes(&self) -> &[String] {
        &self.wishes.attributes
    }

    /// Name of the signature algorithm.
    pub fn signature_algorithm(&self) -> String {
        SignatureAlgorithm::name(&self.signature_algorithm)
    }

    /// The AlgorithmIdentifier of the signature, DER.
    pub fn signature_algorithm_der(&self) -> &[u8] {
        &self.signature_algorithm
    }

    /// Proof of possession: whether the private key of the request's public key signed it (RFC 2986 §3).
    pub fn verify_possession(&self) -> SignatureCheck {
        verify_signature(
            &self.public_key,
            &self.signature_algorithm,
            self.der.get(self.tbs.clone()).unwrap_or_default(),
            &self.signature,
        )
    }
}

/// Reads the one request in a file: a PEM block (RFC 7468 §7), or DER.
///
/// # Errors
/// [`CertificateError::NoRequest`] says what is there instead; [`CertificateError::SeveralRequests`]; otherwise as
/// [`CertificateRequest::from_der`].
pub fn decode_request(bytes: &[u8]) -> Result<CertificateRequest, CertificateError> {
    let read = |der: &[u8]| match CertificateRequest::from_der(der) {
        Err(CertificateError::DamagedRequest(_)) if Certificate::from_der(der).is_ok() => {
            Err(CertificateError::NoRequest {
                found: "it is a certificate".into(),
            })
        }
        read => read,
    };
    let mut requests = decode_file(bytes, &LABELS, read, |found| CertificateError::NoRequest {
        found,
    })?;
    match (requests.pop(), requests.len()) {
        (Some(request), 0) => Ok(request),
        (_, others) => Err(CertificateError::SeveralRequests { found: others + 1 }),
    }
}

/// Reads every request in a file, as [`decode_request`] reads one.
///
/// # Errors
/// [`CertificateError::NoRequest`], [`CertificateError::DamagedRequest`].
pub fn decode_requests(bytes: &[u8]) -> Result<Vec<CertificateRequest>, CertificateError> {
    decode_file(bytes, &LABELS, CertificateRequest::from_der, |found| {
        CertificateError::NoRequest { found }
    })
}

/// CertificationRequestInfo, RFC 2986 §4.1.
struct RequestInfo<'a> {
    subject: X509Name<'a>,
    spki: &'a [u8],
    wishes: Wishes,
}

impl<'a> RequestInfo<'a> {
    fn read(content: &'a [u8]) -> Option<Self> {
        let mut fields = Elements::of(content);
        let _version = fields.next_if(tag::INTEGER)?;
        let subject = fields.parse::<X509Name<'_>, _>()?;
        let spki = fields.next_if(tag::SEQUENCE)?;
        // A request has an AlgorithmIdentifier and a BIT STRING here; a certificate or a CRL does not.
        let mut parts = Elements::of(spki.content);
        parts.next_if(tag::SEQUENCE).and(parts.next_if(tag::BIT_STRING))?;
        let mut wishes = Wishes::default();
        if let Some(attributes) = fields.next_where(|field| field.is_context(0)) {
            wishes.add_attributes(attributes.content)?;
        }
        fields.rest.is_empty().then_some(Self {
            subject,
            spki: spki.whole,
            wishes,
        })
    }
}

impl Wishes {
    fn add_attributes(&mut self, content: &[u8]) -> Option<()> {
        let mut attributes = Elements::of(content);
        while !attributes.rest.is_empty() {
            let mut parts = Elements::of(attributes.next_if(tag::SEQUENCE)?.content);
            let oid = parts.next_if(tag::OBJECT_IDENTIFIER)?;
            self.add_attribute(
                &Oid::from_der(oid.whole).ok()?.1.to_id_string(),
                parts.next().map(|set| set.content),
            );
        }
        Some(())
    }

    /// An attribute that cannot be read is a wish too: it is named, and the rest of the request stays readable.
    fn add_attribute(&mut self, oid: &str, values: Option<&[u8]>) {
        if !EXTENSION_REQUESTS.contains(&oid) {
            self.attributes.push(name_of(oid).to_owned());
            return self.others.push(name_of(oid).to_owned());
        }
        let sequence: Option<Element<'_>> =
            values.and_then(|values| Elements::of(values).next_if(tag::SEQUENCE));
        match sequence.and_then(|sequence| read_extensions(&sequence)) {
            Some(extensions) => extensions
                .iter()
                .for_each(|extension| self.add_extension(extension)),
            None => {
                self.attributes.push(unreadable(oid));
                self.others.push(unreadable(oid));
            }
        }
    }

    fn add_extension(&mut self, extension: &X509Extension<'_>) {
        self.extensions.push(Extension::of(extension));
        let oid = extension.oid.to_id_string();
        let text = match extension.parsed_extension() {
            ParsedExtension::SubjectAlternativeName(value) => {
                return self.names.extend(value.general_names.iter().map(read_name));
            }
            ParsedExtension::BasicConstraints(value) => {
                self.authority |= value.ca;
                let path_len = value
                    .path_len_constraint
                    .map_or_else(String::new, |path_len| format!(", pathlen:{path_len}"));
                format!(
                    "basicConstraints CA:{}{path_len}",
                    if value.ca { "TRUE" } else { "FALSE" }
                )
            }
            ParsedExtension::KeyUsage(value) => {
                let usage = KeyUsage::from_bits(value.flags);
                self.authority |= usage.has(KeyUsage::KEY_CERT_SIGN);
                format!("keyUsage {usage}")
            }
            ParsedExtension::ExtendedKeyUsage(value) => {
                format!(
                    "extKeyUsage {}",
                    read_usages(value)
                        .iter()
                        .map(ToString::to_string)
                        .collect::<Vec<_>>()
                        .join(", ")
                )
            }
            ParsedExtension::ParseError { .. } => unreadable(&oid),
            _ => name_of(&oid).to_owned(),
        };
        self.others.push(text);
    }
}

fn unreadable(oid: &str) -> String {
    format!("{}, which cannot be read", name_of(oid))
}

#[cfg(test)]
mod tests {
    use super::*;
    use der::{Decode, Encode};

    fn request() -> Vec<u8> {
        let key = rcgen::KeyPair::generate().expect("key");
        let params = rcgen::CertificateParams::new(vec!["db1.example.com".to_owned()]).expect("names");
        params.serialize_request(&key).expect("request").der().to_vec()
    }

    /// A request that openssl made, see `tests/data/README.md`.
    fn of_openssl(name: &str) -> CertificateRequest {
        let text = include_str!("../../../../tests/data/requests.pem");
        let at = text
            .find(&format!("# {name}\n"))
            .expect("the request is in the file");
        let end = text[at..].find("-----END").expect("end") + at;
        decode_request(format!("{}-----END CERTIFICATE REQUEST-----\n", &text[at..end]).as_bytes())
            .expect("request")
    }

    /// A copy of the request with other attributes; this makes its signature invalid.
    fn with_attributes(attributes: &[u8]) -> Result<CertificateRequest, CertificateError> {
        use der::asn1::Any;
        let sequence = |content: Vec<u8>| {
            Any::new(der::Tag::Sequence, content)
                .and_then(|any| any.to_der())
                .expect("encode")
        };
        let parts = <Vec<Any> as Decode>::from_der(&request()).expect("request");
        let mut info: Vec<Any> = parts[0].decode_as().expect("info");
        info.truncate(3);
        let mut content: Vec<u8> = info
            .iter()
            .flat_map(|part| part.to_der().expect("encode"))
            .collect();
        content.extend(attributes);
        let signed = [
            sequence(content),
            parts[1].to_der().expect("encode"),
            parts[2].to_der().expect("encode"),
        ]
        .concat();
        CertificateRequest::from_der(&sequence(signed))
    }

    #[test]
    fn names_key_and_possession_are_read() {
        let der = request();
        let request = CertificateRequest::from_der(&der).expect("request");
        assert_eq!(
            request
                .names()
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
            ["dns:db1.example.com"]
        );
        assert_eq!(request.public_key().to_string(), "P-256");
        assert_eq!(request.verify_possession(), SignatureCheck::Good);
        assert_eq!(request.signature_algorithm(), "ecdsa-with-SHA256");
        assert!(!request.asks_for_authority());
    }

    #[test]
    fn request_for_somebody_elses_key_has_no_possession() {
        let mut der = request();
        let last = der.len() - 1;
        der[last] ^= 1;
        assert_eq!(
            CertificateRequest::from_der(&der)
                .expect("request")
                .verify_possession(),
            SignatureCheck::Bad
        );
    }

    #[test]
    fn every_wish_is_said_and_the_password_is_not() {
        let request = of_openssl("wishes");
        let wanted = [
            "subject C=DE, O=Example, CN=db1.example.com",
            "challengePassword",
            "basicConstraints CA:TRUE, pathlen:1",
            "keyUsage digitalSignature, keyCertSign",
            "extKeyUsage serverAuth, 1.2.3.4",
            "tlsFeature",
            "1.2.3.5",
        ];
        let mut wishes = request.wishes();
        wishes.sort_by_key(|wish| wanted.iter().position(|wanted| wanted == wish));
        assert_eq!(wishes, wanted);
        assert!(request.asks_for_authority());
        assert_eq!(request.names().len(), 2);
    }

    #[test]
    fn key_usage_alone_asks_for_authority() {
        // [0] { extensionRequest { keyUsage keyCertSign } }
        let attributes =
            b"\xa0\x1e\x30\x1c\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x0e\x31\x0f\x30\x0d\x30\x0b\x06\x03\x55\x1d\x0f\x04\x04\x03\x02\x02\x04";
        let request = with_attributes(attributes).expect("request");
        assert_eq!(
            request.wishes(),
            ["subject CN=rcgen self signed cert", "keyUsage keyCertSign"]
        );
        assert!(request.asks_for_authority());
    }

    #[test]
    fn attributes_may_be_missing_or_strange() {
        assert!(with_attributes(&[]).expect("no attributes").names().is_empty());
        assert!(
            with_attributes(&[0xa0, 0])
                .expect("no attribute")
                .names()
                .is_empty()
        );
        let strange =
            with_attributes(b"\xa0\x0f\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x0e\x05\x00")
                .expect("a wish nobody can read");
        assert_eq!(strange.wishes()[1..], ["extensionRequest, which cannot be read"]);
        let password =
            with_attributes(b"\xa0\x10\x30\x0e\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x07\x16\x01x")
                .expect("no SET");
        assert_eq!(password.wishes()[1..], ["challengePassword"]);
        assert!(with_attributes(&[0xa0, 2, 5, 0]).is_err());
        assert!(with_attributes(&[5, 0]).is_err());
    }

    #[test]
    fn one_request_is_wanted() {
        let request = CertificateRequest::from_der(&request()).expect("request");
        assert_eq!(decode_request(request.der()).expect("DER").der(), request.der());
        let old = request
            .to_pem()
            .replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST");
        assert_eq!(
            decode_request(old.as_bytes()).expect("old label").der(),
            request.der()
        );
        let said = |bytes: &[u8]| decode_request(bytes).expect_err("not one").to_string();
        assert_eq!(
            said(request.to_pem().repeat(2).as_bytes()),
            "it contains 2 CSRs, expected one"
        );
        assert_eq!(
            said(pem::encode(pem::CERTIFICATE, &[0]).as_bytes()),
            "it contains no CSR: only CERTIFICATE"
        );
        assert_eq!(said(b"hello"), "it contains no CSR: it is neither PEM nor DER");
    }

    #[test]
    fn octets_that_are_no_request_are_refused() {
        assert!(CertificateRequest::from_der(&[0x30, 0]).is_err());
        assert!(matches!(
            CertificateRequest::from_der(&[request(), vec![0]].concat()),
            Err(CertificateError::DamagedRequest(_))
        ));
        let certificate =
            rcgen::generate_simple_self_signed(vec!["a.example.com".to_owned()]).expect("certificate");
        assert!(matches!(
            CertificateRequest::from_der(certificate.cert.der()),
            Err(CertificateError::DamagedRequest(_))
        ));
        let der = request();
        for end in 0..der.len() {
            assert!(CertificateRequest::from_der(&der[..end]).is_err(), "{end}");
        }
    }

    #[test]
    fn possession_of_what_openssl_signs() {
        use SignatureCheck::{Bad, Good, Unsupported};
        for name in [
            "p256-sha224",
            "p384-sha1",
            "p384-sha224",
            "p521-sha1",
            "p521-sha224",
            "rsa1024-sha1",
            "rsa1024-sha512",
            "pss-salt-max",
            "pss-salt-0",
            "pss-only-key",
        ] {
            let request = of_openssl(name);
            assert_eq!(request.verify_possession(), Good, "{name}");
            let mut der = request.der().to_vec();
            let last = der.len() - 1;
            der[last] ^= 1;
            assert_eq!(
                CertificateRequest::from_der(&der)
                    .expect("request")
                    .verify_possession(),
                Bad,
                "{name}"
            );
        }
        for name in ["rsa1024-sha384", "rsa1024-sha224", "pss-sha1", "pss-mgf1-sha1"] {
            assert_eq!(of_openssl(name).verify_possession(), Unsupported, "{name}");
        }
        assert!(of_openssl("pss-only-key").public_key().is_pss_only());
        assert!(!of_openssl("pss-salt-max").public_key().is_pss_only());
    }
}
