//! Statuses, and their words (RFC 8555 §7.1.6).

use serde::{Deserialize, Serialize};

/// The status of an account, RFC 8555 §7.1.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccountStatus {
    /// It may ask for everything that it is granted.
    Valid,
    /// Its owner has given it up; nothing brings it back.
    Deactivated,
    /// The administrator has ended it; nothing brings it back.
    Revoked,
}

impl AccountStatus {
    /// The word of RFC 8555 §7.1.2.
    pub fn word(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Deactivated => "deactivated",
            Self::Revoked => "revoked",
        }
    }
}

/// The status of an order, RFC 8555 §7.1.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OrderStatus {
    /// Names are to be proven.
    Pending,
    /// All names are proven; the request is awaited.
    Ready,
    /// The certificate is being issued.
    Processing,
    /// The certificate is there.
    Valid,
    /// Given up.
    Invalid,
}

impl OrderStatus {
    /// The word of RFC 8555 §7.1.3.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Ready => "ready",
            Self::Processing => "processing",
            Self::Valid => "valid",
            Self::Invalid => "invalid",
        }
    }
}

/// The status of an authorization, RFC 8555 §7.1.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthorizationStatus {
    /// A challenge is to be proven.
    Pending,
    /// The account may have certificates for the name.
    Valid,
    /// No challenge was proven.
    Invalid,
    /// Given up by the client.
    Deactivated,
    /// It was valid until its time ran out.
    Expired,
    /// Withdrawn by the administrator.
    Revoked,
}

impl AuthorizationStatus {
    /// The word of RFC 8555 §7.1.4.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Deactivated => "deactivated",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

/// The status of a challenge, RFC 8555 §7.1.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChallengeStatus {
    /// The client has not said that it is ready.
    Pending,
    /// It is tried, or will be tried again.
    Processing,
    /// Proven.
    Valid,
    /// Given up.
    Invalid,
}

impl ChallengeStatus {
    /// The word of RFC 8555 §7.1.5.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::Valid => "valid",
            Self::Invalid => "invalid",
        }
    }
}
