//! A certification request that was read (PKCS #10, RFC 2986 §4).

use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::FromDer;

use super::certificate::{read_name, signature_algorithm_der};
use super::{CertificateError, DistinguishedName, GeneralName};
use crate::encoding::pem;
use crate::key::{PublicKey, SignatureCheck, verify_signature};

/// A certification request: who asks, for which key and names. What it says is a wish, not a fact.
#[derive(Debug, Clone)]
pub struct CertificateRequest {
    der: Vec<u8>,
    subject: DistinguishedName,
    public_key: PublicKey,
    names: Vec<GeneralName>,
    tbs: std::ops::Range<usize>,
    signature_algorithm: Vec<u8>,
    signature: Vec<u8>,
}

impl CertificateRequest {
    /// Reads one request in DER; what follows it is an error.
    ///
    /// # Errors
    /// [`CertificateError::Damaged`], [`CertificateError::Key`].
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        let (rest, parsed) =
            X509CertificationRequest::from_der(der).map_err(|_| CertificateError::Damaged("it is cut short, or no request in DER".into()))?;
        if !rest.is_empty() {
            return Err(CertificateError::Trailing(rest.len()));
        }
        let info = &parsed.certification_request_info;
        let start = info.raw.as_ptr().addr().saturating_sub(der.as_ptr().addr());
        let tbs = start..start + info.raw.len();
        let names = parsed.requested_extensions().into_iter().flatten().filter_map(|extension| match extension {
            ParsedExtension::SubjectAlternativeName(value) => Some(&value.general_names),
            _ => None,
        });
        Ok(Self {
            subject: DistinguishedName::from_parsed(&info.subject),
            public_key: PublicKey::from_spki(info.subject_pki.raw)?,
            names: names.flatten().map(read_name).collect(),
            signature_algorithm: signature_algorithm_der(der, tbs.end)?,
            signature: parsed.signature_value.data.to_vec(),
            tbs,
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

    /// The subject that is asked for.
    pub fn subject(&self) -> &DistinguishedName {
        &self.subject
    }

    /// The names that are asked for, in subjectAltName of extensionRequest (RFC 2985 §5.4.2).
    pub fn names(&self) -> &[GeneralName] {
        &self.names
    }

    /// The key that a certificate is asked for.
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// Proof of possession: whether the request is signed by the key that it is about (RFC 2986 §3).
    pub fn verify_possession(&self) -> SignatureCheck {
        verify_signature(&self.public_key, &self.signature_algorithm, self.der.get(self.tbs.clone()).unwrap_or_default(), &self.signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Vec<u8> {
        let key = rcgen::KeyPair::generate().expect("key");
        let params = rcgen::CertificateParams::new(vec!["db1.example.com".to_owned()]).expect("names");
        params.serialize_request(&key).expect("request").der().to_vec()
    }

    #[test]
    fn names_key_and_possession_are_read() {
        let der = request();
        let request = CertificateRequest::from_der(&der).expect("request");
        assert_eq!(request.names().iter().map(ToString::to_string).collect::<Vec<_>>(), ["dns:db1.example.com"]);
        assert_eq!(request.public_key().to_string(), "P-256");
        assert_eq!(request.verify_possession(), SignatureCheck::Good);
    }

    #[test]
    fn request_for_somebody_elses_key_has_no_possession() {
        let mut der = request();
        let last = der.len() - 1;
        der[last] ^= 1;
        assert_eq!(CertificateRequest::from_der(&der).expect("request").verify_possession(), SignatureCheck::Bad);
    }

    #[test]
    fn octets_that_are_no_request_are_refused() {
        assert!(CertificateRequest::from_der(&[0x30, 0]).is_err());
        assert!(CertificateRequest::from_der(&[request(), vec![0]].concat()).is_err());
    }
}
