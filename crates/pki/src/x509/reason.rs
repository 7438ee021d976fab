//! Reasons for revocation, RFC 5280 §5.3.1.

use std::fmt;

/// Why a certificate was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationReason {
    /// No reason is given; a CRL entry then has no reasonCode.
    Unspecified,
    /// The private key is, or may be, in other hands.
    KeyCompromise,
    /// The issuing CA's private key is, or may be, in other hands.
    CaCompromise,
    /// What the certificate says of its subject is no longer so.
    AffiliationChanged,
    /// Another certificate has taken its place.
    Superseded,
    /// It is no longer needed.
    CessationOfOperation,
    /// It is out of use for a while, and may come back.
    CertificateHold,
    /// It is no longer on hold, or has expired; for delta CRLs only.
    RemoveFromCrl,
    /// A privilege in it was withdrawn.
    PrivilegeWithdrawn,
    /// The attribute authority is, or may be, in other hands.
    AaCompromise,
}

impl RevocationReason {
    /// Every reason, in the order of the codes; 7 is not used.
    pub const ALL: [Self; 10] = [
        Self::Unspecified,
        Self::KeyCompromise,
        Self::CaCompromise,
        Self::AffiliationChanged,
        Self::Superseded,
        Self::CessationOfOperation,
        Self::CertificateHold,
        Self::RemoveFromCrl,
        Self::PrivilegeWithdrawn,
        Self::AaCompromise,
    ];

    /// The number in reasonCode.
    pub fn code(self) -> u8 {
        match self {
            Self::Unspecified => 0,
            Self::KeyCompromise => 1,
            Self::CaCompromise => 2,
            Self::AffiliationChanged => 3,
            Self::Superseded => 4,
            Self::CessationOfOperation => 5,
            Self::CertificateHold => 6,
            Self::RemoveFromCrl => 8,
            Self::PrivilegeWithdrawn => 9,
            Self::AaCompromise => 10,
        }
    }

    /// The reason with this number in reasonCode.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// The name in RFC 5280.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::CaCompromise => "cACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::CertificateHold => "certificateHold",
            Self::RemoveFromCrl => "removeFromCRL",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
            Self::AaCompromise => "aACompromise",
        }
    }

    /// The name in the index of `openssl ca` 3.0. `None` for the two it does not know: a line with one of them stops it
    /// from making any CRL.
    pub fn openssl_name(self) -> Option<&'static str> {
        match self {
            Self::CaCompromise => Some("CACompromise"),
            Self::PrivilegeWithdrawn | Self::AaCompromise => None,
            other => Some(other.name()),
        }
    }

    /// Whether it says that a private key is, or may be, in other hands.
    pub fn is_compromise(self) -> bool {
        matches!(
            self,
            Self::KeyCompromise | Self::CaCompromise | Self::AaCompromise
        )
    }

    /// Reads a name in the spelling of RFC 5280 or of OpenSSL, or as people type it: `key-compromise`, `Key_Compromise`.
    pub fn parse(text: &str) -> Option<Self> {
        let letters = text
            .bytes()
            .filter(|letter| !matches!(letter, b'-' | b'_'))
            .map(|letter| letter.to_ascii_lowercase());
        Self::ALL.into_iter().find(|reason| {
            letters
                .clone()
                .eq(reason.name().bytes().map(|letter| letter.to_ascii_lowercase()))
        })
    }
}

/// The name in RFC 5280.
impl fmt::Display for RevocationReason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RevocationReason::{AaCompromise, CaCompromise, KeyCompromise, PrivilegeWithdrawn, RemoveFromCrl};

    #[test]
    fn codes_are_those_of_rfc_5280() {
        assert_eq!(
            RevocationReason::ALL.map(RevocationReason::code),
            [0, 1, 2, 3, 4, 5, 6, 8, 9, 10]
        );
        assert_eq!(RevocationReason::from_code(8), Some(RemoveFromCrl));
        assert_eq!(RevocationReason::from_code(7), None);
        assert_eq!(RevocationReason::from_code(11), None);
    }

    #[test]
    fn both_spellings_and_those_of_people_are_read() {
        for reason in RevocationReason::ALL {
            assert_eq!(RevocationReason::parse(reason.name()), Some(reason));
            assert!(
                reason
                    .openssl_name()
                    .is_none_or(|name| RevocationReason::parse(name) == Some(reason))
            );
        }
        assert_eq!(RevocationReason::parse("key-compromise"), Some(KeyCompromise));
        assert_eq!(RevocationReason::parse("CA_COMPROMISE"), Some(CaCompromise));
        for text in ["", "key compromise", "keyTime", "1"] {
            assert_eq!(RevocationReason::parse(text), None, "{text}");
        }
    }

    #[test]
    fn openssl_spells_one_otherwise_and_lacks_two() {
        assert_eq!(CaCompromise.openssl_name(), Some("CACompromise"));
        assert_eq!(
            RevocationReason::ALL
                .into_iter()
                .filter(|reason| reason.openssl_name().is_none())
                .collect::<Vec<_>>(),
            [PrivilegeWithdrawn, AaCompromise]
        );
    }
}
