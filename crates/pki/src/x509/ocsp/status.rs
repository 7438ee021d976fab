//! What a response says: of the request, and of each certificate.

use std::fmt;

use time::OffsetDateTime;

use super::cert_id::CertId;
use crate::x509::RevocationReason;

/// Why there is no answer (RFC 6960 §4.2.1). Such a response is not signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseRefusal {
    /// The request is none.
    MalformedRequest,
    /// The responder failed.
    InternalError,
    /// The responder has no time now.
    TryLater,
    /// The request must be signed.
    SigRequired,
    /// The responder does not speak about these certificates (RFC 5019 §2.2.3), or not to this client.
    Unauthorized,
}

impl ResponseRefusal {
    const ALL: [Self; 5] = [
        Self::MalformedRequest,
        Self::InternalError,
        Self::TryLater,
        Self::SigRequired,
        Self::Unauthorized,
    ];

    /// The number in responseStatus; 4 is not used.
    pub(super) fn code(self) -> u8 {
        match self {
            Self::MalformedRequest => 1,
            Self::InternalError => 2,
            Self::TryLater => 3,
            Self::SigRequired => 5,
            Self::Unauthorized => 6,
        }
    }

    pub(super) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.code() == code)
    }
}

/// The name in RFC 6960.
impl fmt::Display for ResponseRefusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::MalformedRequest => "malformedRequest",
            Self::InternalError => "internalError",
            Self::TryLater => "tryLater",
            Self::SigRequired => "sigRequired",
            Self::Unauthorized => "unauthorized",
        })
    }
}

/// What is said of one certificate (RFC 6960 §2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertStatus {
    /// Not revoked.
    Good,
    /// Revoked, or on hold.
    Revoked {
        /// Since when.
        at: OffsetDateTime,
        /// Why; `None` when it is not said, and for codes that RFC 5280 does not name.
        reason: Option<RevocationReason>,
    },
    /// The responder does not know of it.
    Unknown,
}

/// One certificate, what is said of it, and for how long (RFC 6960 §4.2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SingleResponse {
    /// The certificate.
    pub id: CertId,
    /// What is said of it.
    pub status: CertStatus,
    /// When that was known to be so.
    pub this_update: OffsetDateTime,
    /// When more will be known at the latest; `None`: at any time.
    pub next_update: Option<OffsetDateTime>,
}
