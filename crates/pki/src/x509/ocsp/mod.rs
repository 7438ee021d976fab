//! OCSP (RFC 6960), also as RFC 5019 profiles it: requests read and made, responses signed, read and judged. Pure: times and keys are arguments.
//!
//! ```text
//! OcspRequest::from_der ──► CertId, nonce          what a client asks
//! sign_response, refusal ──► bytes                 what a responder answers
//! OcspResponse::from_der ──► BasicResponse::judge  what an answer says, and whether it is to be believed
//! ```

mod cert_id;
mod error;
mod limits;
mod request;
mod response;
mod sign;
mod status;
mod wire;

pub use cert_id::{AskedIssuer, CertId, CertIdDigest, CertIdIssuer};
pub use error::{OcspRequestError, OcspResponseError, OcspResponseFlaw};
pub use limits::{MAX_NONCE_BYTES, MAX_REQUEST_BYTES, MAX_RESPONSE_BYTES, MAX_SINGLE_REQUESTS};
pub use request::OcspRequest;
pub use response::{BasicResponse, JudgedBy, OcspResponse};
pub use sign::{OcspResponseTemplate, Responder, refusal, sign_response};
pub use status::{CertStatus, ResponseRefusal, SingleResponse};

#[cfg(test)]
mod tests;
