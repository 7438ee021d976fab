//! ACME. The protocol on the wire (RFC 8555, 8737, 8738, 9773, 7515, 7517, 7638): bytes in, typed values out, and answers as values that serialize.
//! Pure: no HTTP, no clock, no storage.

mod account;
mod algorithm;
mod answer;
mod ari;
mod base64url;
mod certificate_id;
mod challenge;
mod eab;
mod fault;
mod finalize;
mod flattened;
mod identifier_object;
mod json;
mod jwk;
mod jws;
mod key_change;
mod mac;
mod moment;
mod order;
mod problem;
#[cfg(test)]
mod requirements;
mod revoke;
#[cfg(test)]
mod samples;

pub use account::{AccountRequest, ContactFault, MAX_CONTACTS, NewAccount};
pub use algorithm::Algorithm;
pub use answer::{
    AccountObject, AuthorizationObject, ChallengeObject, Directory, JsonText, Meta, OrderObject, OrdersList,
};
pub use ari::{RenewalInfo, SuggestedWindow};
pub use certificate_id::CertificateId;
pub use challenge::{ChallengeRequest, key_authorization};
pub use eab::{Binding, BindingFault};
pub use fault::{JwsFault, MAX_JWS};
pub use finalize::{expect_request_fits, read_finalize};
pub use identifier_object::IdentifierObject;
pub use json::JsonFault;
pub use jwk::{Jwk, JwkFault};
pub use jws::{Jws, SignedBy, Unverified, Verified};
pub use key_change::KeyChange;
pub use moment::Moment;
pub use order::{AuthorizationRequest, MAX_IDENTIFIERS, NewOrder, read_new_authorization};
pub use problem::{Problem, ProblemType, Subproblem};
pub use revoke::Revocation;
