//! Whether a certificate is revoked, as far as anybody was asked.

use time::OffsetDateTime;

use crate::x509::RevocationReason;

/// What is known about the revocation of one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RevocationStatus {
    /// Nobody was asked: no CRL was at hand, or it is the trust anchor, which no CRL is about.
    NotChecked,
    /// A current, complete source says that it is not revoked.
    Good,
    /// A source lists it.
    Revoked {
        /// Why; `None` when the source does not say.
        reason: Option<RevocationReason>,
        /// When the CA processed the revocation; `None` when the source has no date that can be read.
        since: Option<OffsetDateTime>,
    },
    /// Somebody was asked, and could not say.
    Undetermined {
        /// Why not, in words.
        why: String,
    },
}

impl RevocationStatus {
    /// Its name in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::NotChecked => "not_checked",
            Self::Good => "good",
            Self::Revoked { .. } => "revoked",
            Self::Undetermined { .. } => "undetermined",
        }
    }

    /// What two sources come to: revoked when either says so, good when either knows.
    pub(super) fn or(self, other: Self) -> Self {
        match (&self, &other) {
            (Self::Revoked { .. }, _) | (_, Self::NotChecked) | (Self::Good, Self::Good | Self::Undetermined { .. }) => self,
            (_, Self::Revoked { .. } | Self::Good) | (Self::NotChecked, _) => other,
            (Self::Undetermined { .. }, Self::Undetermined { .. }) => self,
        }
    }
}
