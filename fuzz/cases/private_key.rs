//! Private keys in every form, PEM and DER, plain and encrypted: what is read signs, and reads back as the same key.

use gsec_pki::key::{
    KeyDocument, KeyError, KeyFormat, PrivateKey, SignatureCheck, Signer, decode_key_document,
    decode_private_key, is_encrypted_key_file, verify_signature,
};

/// What the encrypted seeds are encrypted with.
const PASSWORD: &str = "password";

/// Whether a key was read.
pub fn check(input: &[u8]) -> bool {
    let mut was_read = false;
    for password in [None, Some(PASSWORD)] {
        match decode_key_document(input, password) {
            Ok(document) => {
                assert!(
                    password.is_some() || !is_encrypted_key_file(input),
                    "read without its password"
                );
                reads_back_as_the_same_key(&document);
                let public = document.public_key().cloned();
                let key = document.into_signing_key();
                assert_eq!(decode_private_key(input, password).is_ok(), key.is_ok());
                if let Ok(key) = key {
                    assert_eq!(Some(key.public_key()), public.as_ref());
                    signs_for_its_public_key(&key);
                }
                was_read = true;
            }
            Err(error) => assert!(!error.to_string().is_empty() && !error.code().is_empty()),
        }
    }
    was_read
}

fn reads_back_as_the_same_key(document: &KeyDocument) {
    is_the_same_key(
        &decode_key_document(document.pkcs8(), None).expect("own DER"),
        document,
    );
    for format in [KeyFormat::Pkcs8, KeyFormat::Traditional] {
        let text = match document.to_pem(format) {
            Err(KeyError::NoTraditionalForm { .. }) if format == KeyFormat::Traditional => continue,
            encoded => encoded.expect("a key that was read can be written"),
        };
        is_the_same_key(
            &decode_key_document(text.as_bytes(), None).expect("own PEM"),
            document,
        );
    }
}

fn is_the_same_key(again: &KeyDocument, document: &KeyDocument) {
    assert_eq!(again.public_key(), document.public_key());
    assert_eq!(again.algorithm(), document.algorithm());
    assert!(
        again.pkcs8() == document.pkcs8(),
        "the same key has another encoding"
    );
}

fn signs_for_its_public_key(key: &PrivateKey) {
    let message = b"message";
    let algorithm = key.signature_algorithm().identifier_der();
    match key.sign(message) {
        Ok(signature) => assert_eq!(
            verify_signature(key.public_key(), &algorithm, message, &signature),
            SignatureCheck::Good
        ),
        Err(error) => assert!(matches!(error, KeyError::Signing(_)), "{error}"),
    }
}
