//! Which certificate, in a URL: the identifier of ACME Renewal Information (RFC 9773 §4.1).

use std::fmt;

use gsec_pki::x509::{Certificate, MAX_SERIAL_BYTES, SerialNumber};

use super::base64url;

/// The longest key identifier: that of a CA is SHA-1 or a shortened SHA-256, and some have the whole of SHA-512.
const MAX_KEY_IDENTIFIER: usize = 64;

/// Who issued a certificate, and its serial number, octet for octet as in the certificate.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CertificateId {
    key_identifier: Vec<u8>,
    serial: Vec<u8>,
}

impl CertificateId {
    /// The identifier of a certificate; `None` where it has no keyIdentifier of its issuer.
    pub fn of(certificate: &Certificate) -> Option<Self> {
        Self::new(
            certificate.authority_key_identifier()?,
            certificate.serial_content(),
        )
    }

    /// From the keyIdentifier in authorityKeyIdentifier, and the content of serialNumber with its sign and padding.
    fn new(key_identifier: &[u8], serial: &[u8]) -> Option<Self> {
        let is_sound = (1..=MAX_KEY_IDENTIFIER).contains(&key_identifier.len())
            && (1..=MAX_SERIAL_BYTES + 1).contains(&serial.len());
        is_sound.then(|| Self {
            key_identifier: key_identifier.to_vec(),
            serial: serial.to_vec(),
        })
    }

    /// Reads one: two texts in base64url without padding, and a dot between them.
    pub fn parse(text: &str) -> Option<Self> {
        let (key_identifier, serial) = text.split_once('.')?;
        Self::new(&base64url::decode(key_identifier)?, &base64url::decode(serial)?)
    }

    /// The keyIdentifier of the issuer.
    pub fn key_identifier(&self) -> &[u8] {
        &self.key_identifier
    }

    /// The serial number.
    pub fn serial(&self) -> SerialNumber {
        SerialNumber::from_content(&self.serial)
    }

    /// Whether it is the identifier of this certificate.
    pub fn is_of(&self, certificate: &Certificate) -> bool {
        Self::of(certificate).as_ref() == Some(self)
    }
}

/// As it stands in URLs and in `replaces`.
impl fmt::Display for CertificateId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{}.{}",
            base64url::encode(&self.key_identifier),
            base64url::encode(&self.serial)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// RFC 9773 §4.1.
    const EXAMPLE: &str = "aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE";

    #[test]
    fn the_example_of_the_rfc_is_read_and_written() {
        let id = CertificateId::parse(EXAMPLE).expect("an identifier");
        assert_eq!(
            id.key_identifier(),
            [
                0x69, 0x88, 0x5b, 0x6b, 0x87, 0x46, 0x40, 0x41, 0xe1, 0xb3, 0x7b, 0x84, 0x7b, 0xa0, 0xae,
                0x2c, 0xde, 0x01, 0xc8, 0xd4
            ]
        );
        assert_eq!(id.serial().to_string(), "87654321");
        assert_eq!(id.to_string(), EXAMPLE);
    }

    #[test]
    fn a_certificate_has_the_identifier_that_its_octets_say() {
        let certificate = crate::acme::samples::certificate(&[0x80, 1], 90);
        let id = CertificateId::of(&certificate).expect("an identifier");
        assert!(id.to_string().ends_with(".AIAB"), "{id}");
        assert_eq!(CertificateId::parse(&id.to_string()), Some(id.clone()));
        assert!(id.is_of(&certificate));
        let other = crate::acme::samples::certificate(&[0x40, 1], 90);
        assert!(!id.is_of(&other));
    }

    #[test]
    fn what_is_no_identifier_is_refused() {
        for text in [
            "",
            ".",
            "aYhb",
            "aYhb.",
            ".AIdl",
            "aYhb.AIdl.AIdl",
            "aYhb.AIdlQyE=",
            "aY+b.AIdl",
            "aYhb. AIdl",
        ] {
            assert_eq!(CertificateId::parse(text), None, "{text}");
        }
        let long = format!("{}.AA", "A".repeat(88));
        assert_eq!(CertificateId::parse(&long), None);
        assert_eq!(CertificateId::parse(&format!("AA.{}", "A".repeat(32))), None);
    }

    proptest! {
        #[test]
        fn each_identifier_has_one_text(text in "[A-Za-z0-9_.-]{0,60}") {
            if let Some(id) = CertificateId::parse(&text) {
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }
}
