//! Errors of rustls in words: what it prints of them shows its own structures.

use rustls::{CertificateError, Error};

/// What an error says to people.
pub(super) fn in_words(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(error) => of_certificate(error),
        Error::PeerIncompatible(what) => {
            format!("the two have nothing in common: {}", spaced(&format!("{what:?}")))
        }
        Error::PeerMisbehaved(what) => format!("the other end misbehaves: {}", spaced(&format!("{what:?}"))),
        Error::General(reason) => reason.clone(),
        other => without_structures(&other.to_string()),
    }
}

fn of_certificate(error: &CertificateError) -> String {
    use CertificateError as Bad;
    let words = match error {
        Bad::BadEncoding => "the certificate cannot be read",
        Bad::Expired | Bad::ExpiredContext { .. } => "the certificate has expired",
        Bad::NotValidYet | Bad::NotValidYetContext { .. } => "the certificate is not valid yet",
        Bad::Revoked => "the certificate is revoked",
        Bad::UnhandledCriticalExtension => {
            "the certificate has a critical extension that rustls does not know"
        }
        Bad::UnknownIssuer => "the issuer of the certificate is not trusted (unknown issuer)",
        Bad::BadSignature => "the signature of the certificate does not verify",
        Bad::UnsupportedSignatureAlgorithmContext { .. }
        | Bad::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "the certificate is signed by an algorithm that rustls does not support"
        }
        Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
            "the certificate is not valid for the name"
        }
        Bad::InvalidPurpose | Bad::InvalidPurposeContext { .. } => {
            "the extendedKeyUsage of the certificate does not allow this use"
        }
        Bad::Other(other) => {
            return format!("rustls rejects the certificate: {}", spaced(&other.to_string()));
        }
        other => {
            return format!(
                "rustls rejects the certificate: {}",
                spaced(&format!("{other:?}"))
            );
        }
    };
    words.to_owned()
}

/// `UnsupportedCertVersion` as `unsupported cert version`, without what follows in brackets.
fn spaced(name: &str) -> String {
    let name = without_structures(name);
    let mut words = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && words.ends_with(|before: char| before.is_ascii_lowercase()) {
            words.push(' ');
        }
        words.push(character.to_ascii_lowercase());
    }
    words
}

fn without_structures(text: &str) -> String {
    text.split(['{', '[', '('])
        .next()
        .unwrap_or_default()
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_structure_of_the_library_is_shown() {
        let purpose = CertificateError::InvalidPurposeContext {
            required: rustls::ExtendedKeyPurpose::ServerAuth,
            presented: vec![rustls::ExtendedKeyPurpose::Other(vec![2, 16, 1608, 1])],
        };
        for error in [
            Error::InvalidCertificate(purpose),
            Error::InvalidCertificate(CertificateError::UnknownIssuer),
            Error::PeerIncompatible(rustls::PeerIncompatible::NoSignatureSchemesInCommon),
            Error::General("a reason".into()),
        ] {
            let words = in_words(&error);
            assert!(
                !words.contains(['{', '[', '(']) || words.contains("(unknown issuer)"),
                "{words}"
            );
            assert!(!words.contains("1608"), "{words}");
        }
        let error = Error::PeerIncompatible(rustls::PeerIncompatible::NoSignatureSchemesInCommon);
        assert_eq!(
            in_words(&error),
            "the two have nothing in common: no signature schemes in common"
        );
    }
}
