//! PFX files. A change breaks the MAC, and what lies behind it is not reached: so there are seeds without MAC and encryption, and with
//! them what lies behind is changed as well.

use gsec_pki::encoding::ber::to_der;
use gsec_pki::key::decode_key_document;
use gsec_pki::pkcs12::{PfxContents, decode_pfx, readability};
use gsec_pki::x509::Certificate;

/// What the encrypted seeds are encrypted with.
const PASSWORDS: [&str; 2] = ["", "password"];

/// Whether a PFX was read.
pub fn check(input: &[u8]) -> bool {
    let read = PASSWORDS.map(|password| match decode_pfx(input, password) {
        Ok(contents) => {
            parts_stand_on_their_own(&contents);
            let der = to_der(input).expect("what was read is BER");
            is_the_same(&decode_pfx(&der, password).expect("the same in DER"), &contents);
            Some(contents)
        }
        Err(error) => {
            assert!(!error.to_string().is_empty() && !error.code().is_empty());
            None
        }
    });
    if let [Some(one), Some(other)] = &read {
        assert!(
            one.mac.is_none() && other.mac.is_none(),
            "the MAC fits two passwords"
        );
        is_the_same(one, other);
    }
    read.iter().any(Option::is_some)
}

fn parts_stand_on_their_own(contents: &PfxContents) {
    for key in &contents.keys {
        let again = decode_key_document(key.key.pkcs8(), None).expect("a key stands on its own");
        assert_eq!(again.public_key(), key.key.public_key());
        let _ = key.encryption.as_ref().map(ToString::to_string);
    }
    for certificate in &contents.certificates {
        assert_eq!(
            Certificate::from_der(certificate.certificate.der()).expect("a certificate stands on its own"),
            certificate.certificate
        );
    }
    let _ = contents.mac.as_ref().map(ToString::to_string);
    assert!(!readability(contents).is_empty());
}

/// In everything but the encryption of its parts.
fn is_the_same(one: &PfxContents, other: &PfxContents) {
    assert_eq!(one.mac, other.mac);
    assert_eq!(one.keys.len(), other.keys.len());
    for (one, other) in one.keys.iter().zip(&other.keys) {
        assert!(one.key.pkcs8() == other.key.pkcs8(), "another key");
        assert_eq!(one.facts, other.facts);
    }
    assert_eq!(one.certificates.len(), other.certificates.len());
    for (one, other) in one.certificates.iter().zip(&other.certificates) {
        assert_eq!((&one.certificate, &one.facts), (&other.certificate, &other.facts));
    }
    assert_eq!(one.crls, other.crls);
    assert_eq!(one.others, other.others);
}
