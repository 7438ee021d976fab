//! What cannot follow.

use thiserror::Error;
use time::OffsetDateTime;

use super::id::Id;
use super::status::{AccountStatus, AuthorizationStatus, ChallengeStatus, OrderStatus};

/// Why something cannot happen to an account, an order, an authorization or a challenge.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refused {
    /// The account has ended.
    #[error("the account is {}", .0.word())]
    Account(AccountStatus),
    /// It is the key that the account has.
    #[error("the new key is the account's present key")]
    SameKey,
    /// Not in this status.
    #[error("the order is {}", .0.word())]
    Order(OrderStatus),
    /// Not in this status.
    #[error("the authorization is {}", .0.word())]
    Authorization(AuthorizationStatus),
    /// Not in this status.
    #[error("the challenge is {}", .0.word())]
    Challenge(ChallengeStatus),
    /// The authorization has no such challenge.
    #[error("the authorization has no challenge {0}")]
    NoChallenge(Id),
    /// Somebody else has it in hand, or it waits.
    #[error("it is not due before {0}")]
    NotBefore(OffsetDateTime),
    /// Its time has run out.
    #[error("it expired at {0}")]
    Expired(OffsetDateTime),
    /// Its time has not run out yet.
    #[error("it does not expire before {0}")]
    NotExpired(OffsetDateTime),
    /// What was handed over is not what the order names.
    #[error("these are not the authorizations of the order")]
    OtherAuthorizations,
    /// A name is not proven, or not any more.
    #[error("authorization {id} is {}", .status.word())]
    NotProven {
        /// The authorization.
        id: Id,
        /// What it is.
        status: AuthorizationStatus,
    },
}
