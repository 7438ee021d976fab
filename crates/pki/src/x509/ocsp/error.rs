//! What is wrong with a request, with a response, and with what a response says.

use thiserror::Error;
use time::OffsetDateTime;

use super::limits::{MAX_NONCE_BYTES, MAX_REQUEST_BYTES, MAX_SINGLE_REQUESTS};
use super::status::ResponseRefusal;
use crate::x509::rfc3339;

/// Why a request is not answered; a responder answers malformedRequest to each (RFC 6960 §2.3).
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum OcspRequestError {
    /// Longer than any client needs.
    #[error("the request has {found} bytes, and at most {MAX_REQUEST_BYTES} are read")]
    TooLong {
        /// Its length in bytes.
        found: usize,
    },
    /// No OCSPRequest in DER.
    #[error("it is not an OCSP request in DER: {0}")]
    Damaged(String),
    /// Another version than 1, as people count.
    #[error("its version is {0}, and only version 1 is supported")]
    Version(u16),
    /// It asks about nothing.
    #[error("it asks about no certificate")]
    Empty,
    /// It asks about too much.
    #[error("it asks about {found} certificates, and at most {MAX_SINGLE_REQUESTS} are answered")]
    TooMany {
        /// About how many.
        found: usize,
    },
    /// A nonce of a size that RFC 8954 §2.1 does not have.
    #[error("its nonce has {found} bytes, and must have 1 to {MAX_NONCE_BYTES}")]
    Nonce {
        /// Its length in bytes.
        found: usize,
    },
    /// An extension that is there twice, by object identifier.
    #[error("it has the extension {0} twice")]
    RepeatedExtension(String),
    /// A critical extension that is not known here, by object identifier (RFC 6960 §4.4).
    #[error("its critical extension {0} is not supported")]
    CriticalExtension(String),
}

/// Why a response cannot be read.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum OcspResponseError {
    /// Longer than it is read.
    #[error("the response has {found} bytes, and at most {bound} are read")]
    TooLong {
        /// Its length in bytes.
        found: usize,
        /// The bound.
        bound: usize,
    },
    /// No OCSPResponse in DER.
    #[error("it is not an OCSP response in DER: {0}")]
    Damaged(String),
    /// A response of another type than id-pkix-ocsp-basic, by object identifier.
    #[error("it is a response of the type {0}, and only id-pkix-ocsp-basic is known")]
    Type(String),
    /// A responseStatus that RFC 6960 §4.2.1 does not name.
    #[error("its responseStatus {0} is unknown")]
    Status(u8),
    /// A critical extension that is not known here, by object identifier (RFC 6960 §4.4).
    #[error("its critical extension {0} is not supported")]
    CriticalExtension(String),
    /// It says that there is no answer.
    #[error("the responder refused: {0}")]
    Refused(ResponseRefusal),
}

/// Why a response is not to be believed, or not any more (RFC 6960 §3.2).
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum OcspResponseFlaw {
    /// No certificate in it, and not the CA's own, is the one that responderID names.
    #[error("neither the CA nor a certificate in the response is the responder that it names")]
    NoResponder,
    /// The certificate of the responder was not issued by the CA whose certificates it speaks of.
    #[error("the responder's certificate was not issued by the CA (RFC 6960 §4.2.2.2)")]
    NotDelegated,
    /// The certificate of the responder has no OCSPSigning in extKeyUsage.
    #[error(
        "the responder's certificate does not have the extended key usage OCSPSigning (RFC 6960 §4.2.2.2)"
    )]
    NoOcspSigning,
    /// keyUsage of the responder's certificate has no digitalSignature.
    #[error("the keyUsage of the responder's certificate does not have digitalSignature")]
    NoDigitalSignature,
    /// The responder's certificate is not valid at the time in question.
    #[error("the responder's certificate is valid from {} to {}", rfc3339(*not_before), rfc3339(*not_after))]
    ResponderNotInDate {
        /// Start.
        not_before: OffsetDateTime,
        /// End.
        not_after: OffsetDateTime,
    },
    /// The signature is not one of the responder's key over the response.
    #[error("the signature is not the responder's")]
    Signature,
    /// The signature is of an algorithm that cannot be checked here.
    #[error("the signature is of an algorithm that cannot be checked: {0}")]
    Algorithm(String),
    /// It says nothing of the certificate in question.
    #[error("it has no information about the certificate")]
    OtherCertificate,
    /// What it says begins in the future.
    #[error("what it says is of {}, which is in the future", rfc3339(*.0))]
    NotYet(OffsetDateTime),
    /// What it says has run out.
    #[error("what it says was valid until {}", rfc3339(*.0))]
    Expired(OffsetDateTime),
}
