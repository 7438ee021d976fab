//! Whether a certificate is revoked, as far as it was checked.

use time::OffsetDateTime;

use crate::x509::RevocationReason;

/// What is known about the revocation of one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RevocationStatus {
    /// Not checked: no CRL was available, or it is the trust anchor, which CRLs do not cover.
    NotChecked,
    /// A current, complete source says that it is not revoked.
    Good,
    /// A source lists it.
    Revoked {
        /// Why; `None` when the source does not say.
        reason: Option<RevocationReason>,
        /// When the CA processed the revocation; `None` if the source has no readable date.
        since: Option<OffsetDateTime>,
    },
    /// It was checked, but the sources do not give an answer.
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
            (Self::Revoked { .. }, _)
            | (_, Self::NotChecked)
            | (Self::Good, Self::Good | Self::Undetermined { .. }) => self,
            (_, Self::Revoked { .. } | Self::Good) | (Self::NotChecked, _) => other,
            (Self::Undetermined { .. }, Self::Undetermined { .. }) => self,
        }
    }
}
