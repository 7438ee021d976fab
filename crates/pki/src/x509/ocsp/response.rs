//! A response that was read (RFC 6960 §4.2), and whether it is to be believed (§3.2).

use der::asn1::Any;
use der::{Decode, Encode, Tag, Tagged};
use time::OffsetDateTime;
use x509_cert::ext::Extension;

use super::cert_id::CertId;
use super::error::{OcspResponseError, OcspResponseFlaw};
use super::limits::MAX_RESPONSE_BYTES;
use super::request::nonce_in;
use super::sign::SUCCESSFUL;
use super::status::{CertStatus, ResponseRefusal, SingleResponse};
use super::wire::{
    Basic, EncodedResponder, EncodedSingle, EncodedStatus, Response, ResponseData, VERSION_1, moment,
};
use crate::key::{SignatureAlgorithm, SignatureCheck, verify_signature};
use crate::x509::oid;
use crate::x509::{
    CLOCK_SKEW_ALLOWANCE, Certificate, DistinguishedName, ExtendedKeyUsage, KeyUsage, RevocationReason,
};

/// A response: an answer, or why there is none.
#[derive(Debug, Clone)]
pub enum OcspResponse {
    /// An answer.
    Basic(Box<BasicResponse>),
    /// None, and why.
    Refused(ResponseRefusal),
}

impl OcspResponse {
    /// Reads a response in DER; what follows it is an error.
    ///
    /// # Errors
    /// [`OcspResponseError`].
    pub fn from_der(bytes: &[u8]) -> Result<Self, OcspResponseError> {
        if bytes.len() > MAX_RESPONSE_BYTES {
            return Err(OcspResponseError::TooLong {
                found: bytes.len(),
                bound: MAX_RESPONSE_BYTES,
            });
        }
        let response = Response::from_der(bytes).map_err(damaged)?;
        let code = enumerated(&response.status)
            .ok_or_else(|| strange("its responseStatus is not a number of one byte"))?;
        if code != SUCCESSFUL {
            return ResponseRefusal::from_code(code)
                .map(Self::Refused)
                .ok_or(OcspResponseError::Status(code));
        }
        let content = response
            .bytes
            .ok_or_else(|| strange("its responseStatus is successful, but it contains no answer"))?;
        let kind = content.kind.to_string();
        match kind == oid::OCSP_BASIC {
            true => {
                BasicResponse::from_der(content.response.as_bytes()).map(|basic| Self::Basic(Box::new(basic)))
            }
            false => Err(OcspResponseError::Type(kind)),
        }
    }

    /// The answer.
    ///
    /// # Errors
    /// [`OcspResponseError::Refused`].
    pub fn answer(self) -> Result<BasicResponse, OcspResponseError> {
        match self {
            Self::Basic(basic) => Ok(*basic),
            Self::Refused(refusal) => Err(OcspResponseError::Refused(refusal)),
        }
    }
}

/// An answer: BasicOCSPResponse.
#[derive(Debug, Clone)]
pub struct BasicResponse {
    tbs: Vec<u8>,
    algorithm: Vec<u8>,
    signature: Vec<u8>,
    certificates: Vec<Certificate>,
    responder: ResponderId,
    produced_at: OffsetDateTime,
    responses: Vec<SingleResponse>,
    nonce: Option<Vec<u8>>,
}

/// ResponderID: the name, or SHA-1 of the key.
#[derive(Debug, Clone)]
enum ResponderId {
    Name(DistinguishedName),
    Key(Vec<u8>),
}

impl ResponderId {
    fn is(&self, certificate: &Certificate) -> bool {
        match self {
            Self::Name(name) => name == certificate.subject(),
            Self::Key(key) => *key == certificate.public_key().key_identifier(),
        }
    }
}

/// Who signed a response that is to be believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JudgedBy {
    /// The CA itself.
    Authority,
    /// A responder, by this certificate of the CA. Unless it has id-pkix-ocsp-nocheck, whether it is revoked is still to be asked.
    Delegated(Box<Certificate>),
}

impl BasicResponse {
    fn from_der(der: &[u8]) -> Result<Self, OcspResponseError> {
        let basic = Basic::from_der(der).map_err(damaged)?;
        let tbs = basic.tbs.to_der().map_err(damaged)?;
        let data = ResponseData::from_der(&tbs).map_err(damaged)?;
        if data.version != VERSION_1 {
            return Err(strange("its version is not 1"));
        }
        let extensions = data.extensions.unwrap_or_default();
        expect_known(&extensions)?;
        let nonce = nonce_in(&extensions).transpose().map_err(damaged)?;
        let certificates = basic.certificates.unwrap_or_default();
        let certificates = certificates.iter().map(|certificate| {
            let der = certificate.to_der().map_err(damaged)?;
            Certificate::from_der(&der).map_err(|error| OcspResponseError::Damaged(error.to_string()))
        });
        Ok(Self {
            algorithm: basic.algorithm.to_der().map_err(damaged)?,
            signature: basic
                .signature
                .as_bytes()
                .ok_or_else(|| strange("its signature is not of whole bytes"))?
                .to_vec(),
            certificates: certificates.collect::<Result<_, _>>()?,
            responder: match data.responder {
                EncodedResponder::ByName(name) => {
                    let der = name.to_der().map_err(damaged)?;
                    let name = DistinguishedName::from_der(&der);
                    ResponderId::Name(name.map_err(|error| OcspResponseError::Damaged(error.to_string()))?)
                }
                EncodedResponder::ByKey(key) => ResponderId::Key(key.as_bytes().to_vec()),
            },
            produced_at: moment(&data.produced_at).map_err(damaged)?,
            responses: data.responses.iter().map(read_single).collect::<Result<_, _>>()?,
            nonce,
            tbs,
        })
    }

    /// When it was signed.
    pub fn produced_at(&self) -> OffsetDateTime {
        self.produced_at
    }

    /// What it says, in its order.
    pub fn responses(&self) -> &[SingleResponse] {
        &self.responses
    }

    /// The nonce that it says again.
    pub fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }

    /// The certificates in it.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Whether `issuer`, or a responder that it lets speak for it, signed the response; the certificate of the responder must be valid at this time.
    ///
    /// # Errors
    /// [`OcspResponseFlaw`].
    pub fn judge(&self, issuer: &Certificate, at: OffsetDateTime) -> Result<JudgedBy, OcspResponseFlaw> {
        if self.responder.is(issuer) {
            self.expect_signed_by(issuer)?;
            return Ok(JudgedBy::Authority);
        }
        // Several certificates may have the name that responderID says: one of them that holds is enough.
        let mut flaw = OcspResponseFlaw::NoResponder;
        for certificate in self.certificates.iter().filter(|found| self.responder.is(found)) {
            match expect_delegated(certificate, issuer, at).and_then(|()| self.expect_signed_by(certificate))
            {
                Ok(()) => return Ok(JudgedBy::Delegated(Box::new(certificate.clone()))),
                Err(found) => flaw = found,
            }
        }
        Err(flaw)
    }

    /// What it says of a certificate, if that counts at this time. Whether the response is to be believed, [`Self::judge`] says.
    ///
    /// # Errors
    /// [`OcspResponseFlaw::OtherCertificate`], [`OcspResponseFlaw::NotYet`], [`OcspResponseFlaw::Expired`].
    pub fn status_of(&self, id: &CertId, at: OffsetDateTime) -> Result<CertStatus, OcspResponseFlaw> {
        let found = self
            .responses
            .iter()
            .find(|single| single.id.is_same_certificate(id));
        let single = found.ok_or(OcspResponseFlaw::OtherCertificate)?;
        if single.this_update > at + CLOCK_SKEW_ALLOWANCE {
            return Err(OcspResponseFlaw::NotYet(single.this_update));
        }
        match single.next_update {
            Some(end) if end < at => Err(OcspResponseFlaw::Expired(end)),
            _ => Ok(single.status),
        }
    }

    fn expect_signed_by(&self, signer: &Certificate) -> Result<(), OcspResponseFlaw> {
        match verify_signature(signer.public_key(), &self.algorithm, &self.tbs, &self.signature) {
            SignatureCheck::Good => Ok(()),
            SignatureCheck::Bad => Err(OcspResponseFlaw::Signature),
            SignatureCheck::Unsupported => Err(OcspResponseFlaw::Algorithm(SignatureAlgorithm::name(
                &self.algorithm,
            ))),
        }
    }
}

/// RFC 6960 §4.2.2.2: issued by the CA itself, and for this alone; anyExtendedKeyUsage is not enough.
fn expect_delegated(
    responder: &Certificate,
    issuer: &Certificate,
    at: OffsetDateTime,
) -> Result<(), OcspResponseFlaw> {
    let usages = responder.extended_key_usage().unwrap_or_default();
    let is_unchecked = responder.verify_signature(issuer.public_key()) == SignatureCheck::Unsupported;
    match () {
        () if responder.issuer() == issuer.subject() && is_unchecked => Err(OcspResponseFlaw::Algorithm(
            SignatureAlgorithm::name(responder.signature_algorithm()),
        )),
        () if !responder.is_issued_by(issuer) => Err(OcspResponseFlaw::NotDelegated),
        () if !usages.contains(&ExtendedKeyUsage::OcspSigning) => Err(OcspResponseFlaw::NoOcspSigning),
        () if !responder.lets_key(KeyUsage::DIGITAL_SIGNATURE) => Err(OcspResponseFlaw::NoDigitalSignature),
        () if !(responder.not_before()..=responder.not_after()).contains(&at) => {
            Err(OcspResponseFlaw::ResponderNotInDate {
                not_before: responder.not_before(),
                not_after: responder.not_after(),
            })
        }
        () => Ok(()),
    }
}

fn read_single(single: &EncodedSingle) -> Result<SingleResponse, OcspResponseError> {
    expect_known(single.extensions.as_deref().unwrap_or_default())?;
    let status = match &single.status {
        EncodedStatus::Good(_) => CertStatus::Good,
        EncodedStatus::Unknown(_) => CertStatus::Unknown,
        EncodedStatus::Revoked(revocation) => {
            let code = match &revocation.reason {
                Some(reason) => {
                    Some(enumerated(reason).ok_or_else(|| strange("a reason is not a number of one byte"))?)
                }
                None => None,
            };
            CertStatus::Revoked {
                at: moment(&revocation.at).map_err(damaged)?,
                reason: code.and_then(RevocationReason::from_code),
            }
        }
    };
    let next_update = single.next_update.as_ref().map(moment).transpose();
    Ok(SingleResponse {
        id: CertId::from_encoded(&single.id).map_err(damaged)?,
        status,
        this_update: moment(&single.this_update).map_err(damaged)?,
        next_update: next_update.map_err(damaged)?,
    })
}

fn expect_known(list: &[Extension]) -> Result<(), OcspResponseError> {
    let names = list.iter().filter(|extension| extension.critical);
    let mut names = names.map(|extension| extension.extn_id.to_string());
    match names.find(|name| name != oid::OCSP_NONCE) {
        Some(name) => Err(OcspResponseError::CriticalExtension(name)),
        None => Ok(()),
    }
}

/// The number of an ENUMERATED of one byte.
fn enumerated(value: &Any) -> Option<u8> {
    match (value.tag(), value.value()) {
        (Tag::Enumerated, [code]) => Some(*code),
        _ => None,
    }
}

fn damaged(error: der::Error) -> OcspResponseError {
    OcspResponseError::Damaged(error.to_string())
}

fn strange(what: &str) -> OcspResponseError {
    OcspResponseError::Damaged(what.to_owned())
}
