//! The digests under key derivations and MACs.

use der::oid::ObjectIdentifier;

/// A digest, as far as passwords go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    /// MD5, in PBES1 and old PEM only.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// SHA-512 cut to 224 bits.
    Sha512With224,
    /// SHA-512 cut to 256 bits.
    Sha512With256,
}

/// Digest, its object identifier (RFC 8017 B.1), and that of HMAC with it (RFC 8018 B.1).
const IDENTIFIERS: [(Digest, &str, &str); 8] = [
    (Digest::Md5, "1.2.840.113549.2.5", "1.2.840.113549.2.6"),
    (Digest::Sha1, "1.3.14.3.2.26", "1.2.840.113549.2.7"),
    (Digest::Sha224, "2.16.840.1.101.3.4.2.4", "1.2.840.113549.2.8"),
    (Digest::Sha256, "2.16.840.1.101.3.4.2.1", "1.2.840.113549.2.9"),
    (Digest::Sha384, "2.16.840.1.101.3.4.2.2", "1.2.840.113549.2.10"),
    (Digest::Sha512, "2.16.840.1.101.3.4.2.3", "1.2.840.113549.2.11"),
    (
        Digest::Sha512With224,
        "2.16.840.1.101.3.4.2.5",
        "1.2.840.113549.2.12",
    ),
    (
        Digest::Sha512With256,
        "2.16.840.1.101.3.4.2.6",
        "1.2.840.113549.2.13",
    ),
];

impl Digest {
    /// The name in the standards.
    pub fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
            Self::Sha512With224 => "SHA-512/224",
            Self::Sha512With256 => "SHA-512/256",
        }
    }

    /// The name of HMAC with it.
    pub fn hmac_name(self) -> String {
        format!("HMAC-{}", self.name())
    }

    /// Length of its value.
    pub(super) fn bytes(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha224 | Self::Sha512With224 => 28,
            Self::Sha256 | Self::Sha512With256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    pub(super) fn from_oid(oid: &ObjectIdentifier) -> Option<Self> {
        let text = oid.to_string();
        IDENTIFIERS
            .iter()
            .find(|(_, digest, _)| *digest == text)
            .map(|(digest, ..)| *digest)
    }

    pub(super) fn from_hmac_oid(oid: &ObjectIdentifier) -> Option<Self> {
        let text = oid.to_string();
        IDENTIFIERS
            .iter()
            .find(|(.., hmac)| *hmac == text)
            .map(|(digest, ..)| *digest)
    }

    pub(super) fn oid(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(self.identifiers().0)
    }

    pub(super) fn hmac_oid(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(self.identifiers().1)
    }

    fn identifiers(self) -> (&'static str, &'static str) {
        let (_, digest, hmac) = IDENTIFIERS
            .iter()
            .find(|(digest, ..)| *digest == self)
            .expect("every digest stands in the table");
        (digest, hmac)
    }
}

/// Calls a generic function with the type that computes a digest.
macro_rules! with_digest {
    ($digest:expr, $function:ident ( $($argument:expr),* )) => {
        match $digest {
            $crate::pbe::Digest::Md5 => $function::<md5::Md5>($($argument),*),
            $crate::pbe::Digest::Sha1 => $function::<sha1::Sha1>($($argument),*),
            $crate::pbe::Digest::Sha224 => $function::<sha2::Sha224>($($argument),*),
            $crate::pbe::Digest::Sha256 => $function::<sha2::Sha256>($($argument),*),
            $crate::pbe::Digest::Sha384 => $function::<sha2::Sha384>($($argument),*),
            $crate::pbe::Digest::Sha512 => $function::<sha2::Sha512>($($argument),*),
            $crate::pbe::Digest::Sha512With224 => $function::<sha2::Sha512_224>($($argument),*),
            $crate::pbe::Digest::Sha512With256 => $function::<sha2::Sha512_256>($($argument),*),
        }
    };
}

pub(super) use with_digest;
