//! ACME. The protocol on the wire (RFC 8555, 8737, 8738, 9773, 7515, 7517, 7638): bytes in, typed values out, and answers as values that serialize.
//! Pure: no HTTP, no clock, no storage.

mod account;
mod algorithm;
mod base64url;
mod eab;
mod fault;
mod flattened;
mod identifier_object;
mod json;
mod jwk;
mod jws;
mod key_change;
mod mac;
mod problem;
#[cfg(test)]
mod samples;

pub use account::{AccountRequest, ContactFault, MAX_CONTACTS, NewAccount};
pub use algorithm::Algorithm;
pub use eab::{Binding, BindingFault};
pub use fault::JwsFault;
pub use identifier_object::IdentifierObject;
pub use json::JsonFault;
pub use jwk::{Jwk, JwkFault};
pub use jws::{Jws, MAX_JWS, SignedBy, Unverified, Verified};
pub use key_change::KeyChange;
pub use problem::{Problem, ProblemType, Subproblem};
