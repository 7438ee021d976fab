//! DOMAIN. Accounts, orders, authorizations, challenges, grants and limits: what may follow what. Pure: times are arguments, ids are drawn by the
//! caller.
//!
//! A change takes a value and returns the changed one, or [`Refused`] with what it is; then nothing has changed. What is kept of a value is its JSON.

mod account;
mod authorization;
mod caa;
mod challenge;
mod eab;
mod grant;
mod id;
mod identifier;
mod kept;
pub mod limits;
pub mod nonce;
mod order;
mod refused;
mod status;

pub use account::{Account, AccountKey};
pub use authorization::{Authorization, NewAuthorization};
pub use caa::{CaaAsking, CaaRecord, CaaRefused, GRANTED_METHOD, may_issue};
pub use challenge::{Challenge, ChallengeKind};
pub use eab::{EabKey, EabRefused};
pub use grant::{
    Allowed, Grant, GrantRefused, NameRule, Network, Requester, RuleError, Subject, Validation, Wanted,
    may_request,
};
pub use id::{Fill, Id, NotDrawn, Token};
pub use identifier::Identifier;
pub use order::{Asked, Order};
pub use refused::Refused;
pub use status::{AccountStatus, AuthorizationStatus, ChallengeStatus, OrderStatus};

#[cfg(test)]
mod tests;
