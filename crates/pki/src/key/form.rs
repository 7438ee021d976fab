//! The form in which a private key was written, and which programs do not load it.

use crate::encoding::pem;

/// A particularity of a key as it was written, for which some programs do not load it. tests/it/interop/key_forms.rs asks them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyForm {
    /// PKCS #8 version 2, with the public key in it (OneAsymmetricKey, RFC 5958 §2).
    Version2,
    /// OpenSSH's own format.
    OpenSsh,
    /// A PEM block whose label is that of another form or algorithm.
    Mislabeled {
        /// The label.
        label: KeyLabel,
        /// What is in the block.
        content: KeyContent,
        /// Whether the label names the key's algorithm, though not the form.
        is_of_algorithm: bool,
        /// Whether headers (`Proc-Type: 4,ENCRYPTED`) say that the block is encrypted.
        has_headers: bool,
    },
    /// RSA of version 1, which announces further primes, without any (RFC 8017 A.1.2).
    WithoutFurtherPrimes,
    /// RSA of a version that is not defined.
    UndefinedVersion,
    /// RSA with more than two primes.
    SeveralPrimes,
    /// RSA whose AlgorithmIdentifier has other parameters than NULL (RFC 8017 A.1).
    RsaParameters,
    /// The secret number of an EC key with more bytes than its curve has (RFC 5915 §3).
    LongSecret,
    /// An EC key without its public half, which RFC 5915 §3 permits.
    WithoutPublicHalf,
    /// An EC key with all numbers of its curve instead of the curve's name (RFC 5480 §2.1.1).
    ExplicitCurve,
    /// An EC key whose public half is a compressed or a hybrid point.
    PointForm,
    /// An EC key whose curve only the `EC PARAMETERS` block before it names.
    CurveApart,
}

/// A label of private keys that gsec reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyLabel {
    /// `PRIVATE KEY`.
    Pkcs8,
    /// `ENCRYPTED PRIVATE KEY`.
    Encrypted,
    /// `RSA PRIVATE KEY`.
    Rsa,
    /// `EC PRIVATE KEY`.
    Ec,
}

/// What a block with a private key contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyContent {
    /// PKCS #8.
    Pkcs8,
    /// Encrypted PKCS #8.
    Encrypted,
    /// PKCS #1.
    Pkcs1,
    /// SEC 1.
    Sec1,
}

/// A library that loads private keys for many programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyReader {
    /// OpenSSL 3.0, as servers load a key: `SSL_CTX_use_PrivateKey_file`. `openssl pkey` takes more.
    OpenSsl,
    /// GnuTLS 3.7.
    GnuTls,
    /// Python's cryptography.
    Cryptography,
}

use KeyReader::{Cryptography, GnuTls, OpenSsl};

impl KeyLabel {
    /// Every label.
    pub const ALL: [Self; 4] = [Self::Pkcs8, Self::Encrypted, Self::Rsa, Self::Ec];

    /// As it stands in the BEGIN line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pkcs8 => pem::PRIVATE_KEY,
            Self::Encrypted => pem::ENCRYPTED_PRIVATE_KEY,
            Self::Rsa => pem::RSA_PRIVATE_KEY,
            Self::Ec => pem::EC_PRIVATE_KEY,
        }
    }
}

impl KeyContent {
    /// The label under which it stands.
    fn label(self) -> KeyLabel {
        match self {
            Self::Pkcs8 => KeyLabel::Pkcs8,
            Self::Encrypted => KeyLabel::Encrypted,
            Self::Pkcs1 => KeyLabel::Rsa,
            Self::Sec1 => KeyLabel::Ec,
        }
    }

    /// What it is called.
    fn name(self) -> &'static str {
        match self {
            Self::Pkcs8 => "PKCS #8",
            Self::Encrypted => "encrypted PKCS #8",
            Self::Pkcs1 => "PKCS #1",
            Self::Sec1 => "SEC 1",
        }
    }
}

impl KeyReader {
    /// The library, and what loads keys with it.
    fn name(self) -> &'static str {
        match self {
            OpenSsl => "OpenSSL (as nginx, Apache, Python and Node.js use it)",
            GnuTls => "GnuTLS",
            Cryptography => "Python's cryptography",
        }
    }
}

impl KeyForm {
    /// The form of a block with this label and this content; `None` where the label is the content's.
    pub(super) fn of_label(
        label: KeyLabel,
        content: KeyContent,
        is_of_algorithm: bool,
        has_headers: bool,
    ) -> Option<Self> {
        (content.label() != label).then_some(Self::Mislabeled {
            label,
            content,
            is_of_algorithm,
            has_headers,
        })
    }

    /// The libraries that do not load it.
    pub fn refused_by(self) -> Vec<KeyReader> {
        match self {
            Self::Version2 | Self::OpenSsh | Self::CurveApart => vec![OpenSsl, GnuTls, Cryptography],
            Self::Mislabeled {
                label,
                content,
                is_of_algorithm,
                has_headers,
            } => {
                let all = match (label, content) {
                    (KeyLabel::Encrypted, KeyContent::Pkcs8) => vec![Cryptography],
                    (KeyLabel::Rsa | KeyLabel::Ec, KeyContent::Pkcs8) if is_of_algorithm => {
                        vec![GnuTls, Cryptography]
                    }
                    _ => vec![OpenSsl, GnuTls, Cryptography],
                };
                // Behind headers GnuTLS goes by the content.
                all.into_iter()
                    .filter(|reader| !has_headers || *reader != GnuTls)
                    .collect()
            }
            Self::WithoutFurtherPrimes => vec![OpenSsl, Cryptography],
            Self::UndefinedVersion | Self::SeveralPrimes | Self::RsaParameters | Self::LongSecret => {
                vec![Cryptography]
            }
            Self::WithoutPublicHalf | Self::ExplicitCurve | Self::PointForm => vec![GnuTls],
        }
    }

    /// Whether servers and clients with OpenSSL load it.
    pub fn is_read_by_openssl(self) -> bool {
        !self.refused_by().contains(&OpenSsl)
    }

    /// What is particular, and which programs do not load it.
    pub fn in_words(self) -> String {
        let readers = self.refused_by();
        let names: Vec<&str> = readers.iter().map(|reader| reader.name()).collect();
        let refusing = match names.as_slice() {
            [] => return self.particular(),
            [one] => (*one).to_owned(),
            [others @ .., last] => format!("{} and {last}", others.join(", ")),
        };
        format!("{}: {refusing} cannot load it", self.particular())
    }

    fn particular(self) -> String {
        match self {
            Self::Version2 => "it is PKCS #8 version 2, with the public key in it".into(),
            Self::OpenSsh => "it is in OpenSSH's own format (`OPENSSH PRIVATE KEY`)".into(),
            Self::Mislabeled { label, content, .. } => format!(
                "it is labeled `{}`, but contains {}, which is labeled `{}`",
                label.name(),
                content.name(),
                content.label().name()
            ),
            Self::WithoutFurtherPrimes => {
                "its RSA version is 1, which is for keys of more than two primes, and it has two".into()
            }
            Self::UndefinedVersion => "its RSA version is not defined".into(),
            Self::SeveralPrimes => "it has more than two primes".into(),
            Self::RsaParameters => "its algorithm has parameters, which RSA keys do not have".into(),
            Self::LongSecret => "its secret number is longer than its curve requires".into(),
            Self::WithoutPublicHalf => "it lacks its public half".into(),
            Self::ExplicitCurve => "it has explicit curve parameters instead of the curve's name".into(),
            Self::PointForm => "its public half is a compressed or hybrid point".into(),
            Self::CurveApart => {
                "its curve is named only by the `EC PARAMETERS` block before it, not in the key itself".into()
            }
        }
    }

    /// Whether a standard defines it, so that programs may learn it.
    pub fn is_standard(self) -> bool {
        self == Self::Version2
    }

    /// Whether it stays when gsec writes the key again: it is the key itself that is particular.
    pub fn is_kept(self) -> bool {
        self == Self::SeveralPrimes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn label_of_the_content_is_no_particularity() {
        for (label, content) in [
            (KeyLabel::Pkcs8, KeyContent::Pkcs8),
            (KeyLabel::Encrypted, KeyContent::Encrypted),
            (KeyLabel::Rsa, KeyContent::Pkcs1),
            (KeyLabel::Ec, KeyContent::Sec1),
        ] {
            assert_eq!(KeyForm::of_label(label, content, true, false), None);
        }
    }

    #[test]
    fn every_form_is_refused_by_a_program_and_says_so() {
        for form in [
            KeyForm::Version2,
            KeyForm::OpenSsh,
            KeyForm::WithoutFurtherPrimes,
            KeyForm::UndefinedVersion,
            KeyForm::SeveralPrimes,
            KeyForm::RsaParameters,
            KeyForm::LongSecret,
            KeyForm::WithoutPublicHalf,
            KeyForm::ExplicitCurve,
            KeyForm::PointForm,
            KeyForm::CurveApart,
        ] {
            assert!(form.in_words().ends_with(" cannot load it"), "{form:?}");
        }
    }
}
