//! extKeyUsage, RFC 5280 §4.2.1.12.

use std::fmt;

use der::oid::ObjectIdentifier;

use super::oid;

/// What a certificate's key may be used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExtendedKeyUsage {
    /// id-kp-serverAuth.
    ServerAuth,
    /// id-kp-clientAuth.
    ClientAuth,
    /// id-kp-emailProtection.
    EmailProtection,
    /// id-kp-codeSigning.
    CodeSigning,
    /// id-kp-timeStamping.
    TimeStamping,
    /// id-kp-OCSPSigning.
    OcspSigning,
    /// anyExtendedKeyUsage.
    Any,
    /// Another one.
    Other(ObjectIdentifier),
}

impl ExtendedKeyUsage {
    /// Those of the two sides of TLS.
    pub const OF_TLS: [Self; 2] = [Self::ServerAuth, Self::ClientAuth];

    const NAMED: [(Self, &'static str, ObjectIdentifier); 7] = [
        (
            Self::ServerAuth,
            "serverAuth",
            ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1"),
        ),
        (
            Self::ClientAuth,
            "clientAuth",
            ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2"),
        ),
        (
            Self::CodeSigning,
            "codeSigning",
            ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.3"),
        ),
        (
            Self::EmailProtection,
            "emailProtection",
            ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.4"),
        ),
        (
            Self::TimeStamping,
            "timeStamping",
            ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8"),
        ),
        (
            Self::OcspSigning,
            "OCSPSigning",
            ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.9"),
        ),
        (
            Self::Any,
            "anyExtendedKeyUsage",
            ObjectIdentifier::new_unwrap(oid::ANY_EXTENDED_KEY_USAGE),
        ),
    ];

    /// The object identifier.
    pub fn oid(&self) -> ObjectIdentifier {
        match self {
            Self::Other(oid) => *oid,
            named => {
                Self::NAMED
                    .iter()
                    .find(|(usage, ..)| usage == named)
                    .expect("every named usage is in the table")
                    .2
            }
        }
    }

    /// Whether it covers every usage: anyExtendedKeyUsage, or szOID_ANY_APPLICATION_POLICY of Windows.
    pub fn is_any(&self) -> bool {
        const WINDOWS_ANY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.10.12.1");
        *self == Self::Any || *self == Self::Other(WINDOWS_ANY)
    }

    /// Whether two lists have the same usages, in whatever order.
    pub fn is_same_set(one: &[Self], other: &[Self]) -> bool {
        one.iter().all(|usage| other.contains(usage)) && other.iter().all(|usage| one.contains(usage))
    }

    /// The usage an object identifier names.
    pub fn from_oid(oid: ObjectIdentifier) -> Self {
        Self::NAMED
            .into_iter()
            .find(|(.., known)| *known == oid)
            .map_or(Self::Other(oid), |(usage, ..)| usage)
    }

    /// Reads a name as in RFC 5280 (`serverAuth`), or an object identifier in dotted form.
    pub fn parse(text: &str) -> Option<Self> {
        let named = Self::NAMED
            .into_iter()
            .find(|(_, name, _)| *name == text)
            .map(|(usage, ..)| usage);
        named.or_else(|| ObjectIdentifier::new(text).ok().map(Self::from_oid))
    }
}

impl fmt::Display for ExtendedKeyUsage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Self::NAMED.iter().find(|(usage, ..)| usage == self) {
            Some((_, name, _)) => out.write_str(name),
            None => write!(out, "{}", self.oid()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_object_identifiers_are_the_same() {
        assert_eq!(
            ExtendedKeyUsage::parse("serverAuth"),
            Some(ExtendedKeyUsage::ServerAuth)
        );
        assert_eq!(
            ExtendedKeyUsage::parse("1.3.6.1.5.5.7.3.1"),
            Some(ExtendedKeyUsage::ServerAuth)
        );
        assert_eq!(
            ExtendedKeyUsage::parse("1.2.3.4").map(|usage| usage.to_string()),
            Some("1.2.3.4".into())
        );
        assert_eq!(ExtendedKeyUsage::parse("server auth"), None);
    }
}
