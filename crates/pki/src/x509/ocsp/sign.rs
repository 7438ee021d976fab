//! Answering: a response is assembled and signed (RFC 6960 §4.2).

use der::asn1::{Any, ContextSpecific, GeneralizedTime, Null, OctetString};
use der::oid::ObjectIdentifier;
use der::{Decode, Encode, Tag, TagMode, TagNumber};
use time::OffsetDateTime;

use super::request::nonce_extension;
use super::status::{CertStatus, ResponseRefusal, SingleResponse};
use super::wire::{
    EncodedResponder, EncodedRevocation, EncodedSingle, EncodedStatus, Response, ResponseBytes, ResponseData,
    VERSION_1,
};
use crate::key::Signer;
use crate::x509::encode::{generalized_time, sign_with};
use crate::x509::oid;
use crate::x509::{Certificate, IssueError, RevocationReason, Validity};

/// responseStatus of an answer.
pub(super) const SUCCESSFUL: u8 = 0;

/// Who signs responses.
pub struct Responder<'a> {
    /// The certificate by which the CA lets the key speak for it (RFC 6960 §4.2.2.2), which goes with each response; `None` where the key is the CA's
    /// own.
    pub certificate: Option<&'a Certificate>,
    /// The key.
    pub key: &'a dyn Signer,
}

/// What a response says, apart from its responder.
pub struct OcspResponseTemplate<'a> {
    /// When it is signed.
    pub produced_at: OffsetDateTime,
    /// The certificates, in the order of the request.
    pub responses: &'a [SingleResponse],
    /// The nonce of the request.
    pub nonce: Option<&'a [u8]>,
}

/// Signs a response, and returns it in DER.
///
/// # Errors
/// [`IssueError::EmptyValidity`] for a status that ends before it begins; [`IssueError::Encoding`], [`IssueError::Key`].
pub fn sign_response(
    template: &OcspResponseTemplate<'_>,
    responder: &Responder<'_>,
) -> Result<Vec<u8>, IssueError> {
    let responses = template.responses.iter().map(encode_single);
    let nonce = template.nonce.map(nonce_extension).transpose()?;
    let data = ResponseData {
        version: VERSION_1,
        responder: EncodedResponder::ByKey(OctetString::new(responder.key.public_key().key_identifier())?),
        produced_at: generalized_time(template.produced_at)?,
        responses: responses.collect::<Result<_, _>>()?,
        extensions: nonce.map(|nonce| vec![nonce]),
    };
    let mut certificates = Vec::new();
    if let Some(certificate) = responder.certificate {
        let list = ContextSpecific {
            tag_number: TagNumber(0),
            tag_mode: TagMode::Explicit,
            value: vec![Any::from_der(certificate.der())?],
        };
        list.encode_to_vec(&mut certificates)?;
    }
    let basic = sign_with(data.to_der()?, responder.key, &certificates)?;
    let response = Response {
        status: Any::new(Tag::Enumerated, [SUCCESSFUL])?,
        bytes: Some(ResponseBytes {
            kind: ObjectIdentifier::new_unwrap(oid::OCSP_BASIC),
            response: OctetString::new(basic)?,
        }),
    };
    Ok(response.to_der()?)
}

/// The response that says why there is no answer, in DER.
pub fn refusal(why: ResponseRefusal) -> Vec<u8> {
    let encode = || {
        Response {
            status: Any::new(Tag::Enumerated, [why.code()])?,
            bytes: None,
        }
        .to_der()
    };
    encode().expect("one number encodes")
}

fn encode_single(single: &SingleResponse) -> Result<EncodedSingle, IssueError> {
    let next_update = match single.next_update {
        Some(next_update) => {
            Validity::new(single.this_update, next_update)?;
            Some(generalized_time(next_update)?)
        }
        None => None,
    };
    Ok(EncodedSingle {
        id: single.id.encoded()?,
        status: encode_status(&single.status)?,
        this_update: generalized_time(single.this_update)?,
        next_update,
        extensions: None,
    })
}

fn encode_status(status: &CertStatus) -> Result<EncodedStatus, der::Error> {
    Ok(match status {
        CertStatus::Good => EncodedStatus::Good(Null),
        CertStatus::Unknown => EncodedStatus::Unknown(Null),
        CertStatus::Revoked { at, reason } => {
            let at: GeneralizedTime = generalized_time(*at)?;
            // As in a CRL, no reason is better than one that says nothing (RFC 5280 §5.3.1).
            let reason = reason.filter(|reason| *reason != RevocationReason::Unspecified);
            let reason = reason.map(|reason| Any::new(Tag::Enumerated, [reason.code()]));
            EncodedStatus::Revoked(EncodedRevocation {
                at,
                reason: reason.transpose()?,
            })
        }
    })
}
