//! What can be wrong with a JWS (RFC 7515, as RFC 8555 §6.2 narrows it).

use thiserror::Error;

use super::algorithm::Algorithm;
use super::json::JsonFault;
use super::jwk::JwkFault;
use super::problem::{Problem, ProblemType};

/// The most bytes of a request: a CSR with a hundred long names takes half of it.
pub const MAX_JWS: usize = 64 * 1024;

/// What is wrong with a JWS.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum JwsFault {
    /// Longer than a request may be.
    #[error("the request has more than {MAX_JWS} bytes")]
    TooLarge,
    /// It is not the flattened JSON serialization (RFC 7515 §7.2.2).
    #[error("the request is not a JWS in the flattened JSON serialization: {0}")]
    Json(JsonFault),
    /// It has several signatures (RFC 7515 §7.2.1).
    #[error(
        "the request has `signatures`: a request has one `signature`, in the flattened JSON serialization"
    )]
    SeveralSignatures,
    /// It has a header that is not signed.
    #[error("the request has an unprotected `header`: everything belongs into `protected`")]
    UnprotectedHeader,
    /// A part is not base64url.
    #[error("`{0}` is not base64url without padding")]
    Base64(&'static str),
    /// The protected header is not as it must be.
    #[error("the protected header cannot be read: {0}")]
    Header(JsonFault),
    /// A header parameter that changes how the rest is read: `b64` (RFC 7797, which RFC 8555 §6.2 forbids) or `crit`.
    #[error("the protected header has `{0}`, which this server does not accept")]
    Extension(&'static str),
    /// An algorithm that is not accepted; shortened.
    #[error("the signature algorithm `{0}` is not accepted: use one of {names}", names = Algorithm::NAMES.join(", "))]
    Algorithm(String),
    /// A MAC algorithm that is not accepted for an external account binding; shortened.
    #[error("the algorithm `{0}` is not accepted for an external account binding: use HS256, HS384 or HS512")]
    MacAlgorithm(String),
    /// Neither `jwk` nor `kid`, or both.
    #[error("the protected header has {0}: it must have one of them")]
    KeyChoice(&'static str),
    /// `kid` where there must be `jwk`.
    #[error("the protected header has `kid`, and for this resource it must have the key itself, in `jwk`")]
    KeyIdentifier,
    /// `jwk` where there must be `kid`.
    #[error(
        "the protected header has `jwk`, and for this resource it must have the URL of the account, in `kid`"
    )]
    KeyItself,
    /// No nonce.
    #[error("the protected header has no `nonce`")]
    NoNonce,
    /// A nonce where there must be none.
    #[error("the inner JWS has a `nonce`, and only the outer one must have it")]
    InnerNonce,
    /// The key is not accepted.
    #[error("the key in `jwk` is not accepted: {0}")]
    Key(#[from] JwkFault),
    /// The algorithm is not one of the key.
    #[error("the signature algorithm is {algorithm}, and the key is {key}")]
    KeyMisfit {
        /// The algorithm.
        algorithm: Algorithm,
        /// The kind of the key.
        key: String,
    },
    /// The key that verifies is not the one in the header.
    #[error("the key in `jwk` is not the key that the signature is checked with")]
    OtherKey,
    /// The signature is not by this key over these bytes.
    #[error("the signature does not verify: the request was changed, or signed with another key")]
    Signature,
    /// The URL that was signed is not where the request arrived.
    #[error("the request was signed for `{signed}`, and sent to `{sent_to}`")]
    Url {
        /// `url` of the header; shortened.
        signed: String,
        /// Where it arrived.
        sent_to: String,
    },
    /// Content where a POST-as-GET has none.
    #[error(
        "the request has a payload, and this resource is only read: the payload must be empty (POST-as-GET)"
    )]
    Payload,
    /// No content where there must be some.
    #[error("the payload is empty, and this resource needs a JSON object")]
    NoPayload,
}

impl From<JwsFault> for Problem {
    fn from(fault: JwsFault) -> Self {
        let kind = match &fault {
            JwsFault::Algorithm(_) => ProblemType::BadSignatureAlgorithm,
            JwsFault::NoNonce => ProblemType::BadNonce,
            JwsFault::Key(fault) => fault.into(),
            JwsFault::KeyMisfit { .. } => ProblemType::BadPublicKey,
            JwsFault::Url { .. } => ProblemType::Unauthorized,
            _ => ProblemType::Malformed,
        };
        let problem = Self::new(kind, fault.to_string());
        match fault {
            JwsFault::Algorithm(_) => problem.with_algorithms(&Algorithm::NAMES),
            JwsFault::TooLarge => problem.with_status(413),
            _ => problem,
        }
    }
}
