//! The CA certificate that stores are asked about: what it must be, and what it is called there. Pure.

use time::OffsetDateTime;

use super::TrustError;
use gsec_ca::files::FileName;
use gsec_pki::contents::Bundle;
use gsec_pki::encoding::hex::{Separator, decode, encode};
use gsec_pki::x509::Certificate;

/// The most letters of a common name that are in the name of a file.
const MAX_SLUG: usize = 40;
/// So many bytes of the SHA-256 are in the name of a file.
const NAMED_BYTES: usize = 8;

/// A CA certificate, or only its digest, where it is taken out by that.
#[derive(Debug, Clone)]
pub struct Anchor {
    certificate: Option<Certificate>,
    sha256: [u8; 32],
}

/// A text that is not the SHA-256 of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThumbprintText;

impl Anchor {
    /// The one certificate of a file, if nothing else is in it that does not belong into a trust store.
    ///
    /// # Errors
    /// [`TrustError::PrivateKey`], [`TrustError::Several`], [`TrustError::NoCertificate`].
    pub fn of_file(bundle: &Bundle) -> Result<Self, TrustError> {
        if !bundle.keys.is_empty() {
            return Err(TrustError::PrivateKey);
        }
        match bundle.certificates.as_slice() {
            [] => Err(TrustError::NoCertificate),
            [only] => Ok(Self::of(only.certificate.clone())),
            several => Err(TrustError::Several(several.len())),
        }
    }

    /// A certificate.
    pub fn of(certificate: Certificate) -> Self {
        Self {
            sha256: certificate.thumbprints().sha256,
            certificate: Some(certificate),
        }
    }

    /// A certificate of which only the SHA-256 is known: 64 hexadecimal digits, with or without colons or blanks.
    ///
    /// # Errors
    /// [`ThumbprintText`].
    pub fn of_thumbprint(text: &str) -> Result<Self, ThumbprintText> {
        let digits: String = text.chars().filter(|letter| !": ".contains(*letter)).collect();
        let bytes = decode(&digits).ok_or(ThumbprintText)?;
        let sha256 = <[u8; 32]>::try_from(bytes).map_err(|_| ThumbprintText)?;
        Ok(Self {
            certificate: None,
            sha256,
        })
    }

    /// Checks that programs could trust it: a CA's, and in date.
    ///
    /// # Errors
    /// [`TrustError::NotCa`], [`TrustError::Expired`], [`TrustError::NotYetValid`].
    pub fn expect_ca_in_date(&self, now: OffsetDateTime) -> Result<(), TrustError> {
        let Some(certificate) = &self.certificate else {
            return Err(TrustError::NoCertificate);
        };
        let subject = || certificate.title();
        if let Some(reason) = certificate.lacking_for_authority() {
            return Err(TrustError::NotCa {
                subject: subject(),
                reason,
            });
        }
        match () {
            () if certificate.not_after() < now => Err(TrustError::Expired {
                subject: subject(),
                not_after: certificate.not_after(),
            }),
            () if certificate.not_before() > now => Err(TrustError::NotYetValid {
                subject: subject(),
                not_before: certificate.not_before(),
            }),
            () => Ok(()),
        }
    }

    /// The certificate, where it is known.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// The SHA-256 of the certificate.
    pub fn sha256(&self) -> &[u8; 32] {
        &self.sha256
    }

    /// Its SHA-256 as 64 digits.
    pub fn digits(&self) -> String {
        encode(&self.sha256, Separator::None)
    }

    /// What it is called in stores: `gsec-<common name>-<16 digits>`. Only lower-case letters, digits and `-`, whatever the subject is:
    /// Debian's tool rewrites other characters, and no tool reads this as an option or a path.
    pub fn name(&self) -> String {
        let names = self
            .certificate
            .iter()
            .flat_map(|found| found.subject().common_names());
        let slug = slug(names.last().as_deref().unwrap_or_default());
        let digits = encode(&self.sha256[..NAMED_BYTES], Separator::None);
        format!("gsec-{slug}-{digits}")
    }

    /// The name of its file, with the ending that a store wants.
    pub(super) fn file_name(&self, suffix: &str) -> FileName {
        FileName::new(&format!("{}{suffix}", self.name())).expect("letters, digits and `-`")
    }

    /// One PEM block, lines that end with a line feed, nothing before it.
    pub(super) fn pem(&self) -> Result<String, TrustError> {
        let certificate = self.certificate.as_ref().ok_or(TrustError::OnlyDigest)?;
        Ok(certificate.to_pem())
    }
}

/// A text as a part of a name.
fn slug(text: &str) -> String {
    let letters = text.chars().map(|letter| match letter.to_ascii_lowercase() {
        letter if letter.is_ascii_alphanumeric() => letter,
        _ => '-',
    });
    let mut slug = String::new();
    for letter in letters {
        if slug.len() == MAX_SLUG {
            break;
        }
        if letter != '-' || !(slug.is_empty() || slug.ends_with('-')) {
            slug.push(letter);
        }
    }
    match slug.trim_end_matches('-') {
        "" => "ca".to_owned(),
        slug => slug.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_letters_digits_and_hyphens_whatever_the_subject() {
        for (subject, expected) in [
            ("Example CA", "example-ca"),
            ("", "ca"),
            ("-rf /", "rf"),
            ("../../etc/passwd", "etc-passwd"),
            ("a\nb\0c", "a-b-c"),
            ("Zürich Größe", "z-rich-gr-e"),
            ("日本", "ca"),
            ("$(touch x)`y`;z", "touch-x-y-z"),
        ] {
            assert_eq!(slug(subject), expected, "{subject:?}");
        }
        let long = slug(&"x y".repeat(2000));
        assert!(long.len() <= MAX_SLUG && !long.ends_with('-'), "{long}");
    }

    #[test]
    fn a_thumbprint_is_64_digits_in_any_form() {
        let digits = "ab".repeat(32);
        let colons = vec!["AB"; 32].join(":");
        for text in [digits.as_str(), colons.as_str()] {
            assert_eq!(
                Anchor::of_thumbprint(text).expect("a thumbprint").sha256(),
                &[0xab; 32]
            );
        }
        for text in ["", "ab", "zz", &digits[1..], &format!("{digits}00")] {
            assert!(Anchor::of_thumbprint(text).is_err(), "{text}");
        }
    }
}
