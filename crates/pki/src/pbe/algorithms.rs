//! Which object identifier is which way of encrypting under a password.

use der::oid::ObjectIdentifier;

use super::{Cipher, Digest};

/// The ciphers of PBES2: NIST's list of AES identifiers, and RFC 8018 B.2.
const PBES2_CIPHERS: [(&str, Cipher); 5] = [
    ("2.16.840.1.101.3.4.1.2", Cipher::Aes128),
    ("2.16.840.1.101.3.4.1.22", Cipher::Aes192),
    ("2.16.840.1.101.3.4.1.42", Cipher::Aes256),
    ("1.2.840.113549.3.7", Cipher::TripleDes),
    ("1.3.14.3.2.7", Cipher::Des),
];

/// RFC 7292 Appendix C.
const PKCS12_CIPHERS: [(&str, Cipher); 6] = [
    ("1.2.840.113549.1.12.1.1", Cipher::Rc4With128),
    ("1.2.840.113549.1.12.1.2", Cipher::Rc4With40),
    ("1.2.840.113549.1.12.1.3", Cipher::TripleDes),
    ("1.2.840.113549.1.12.1.4", Cipher::TripleDesTwoKeys),
    ("1.2.840.113549.1.12.1.5", Cipher::Rc2With128),
    ("1.2.840.113549.1.12.1.6", Cipher::Rc2With40),
];

/// RFC 8018 A.3, without those that digest with MD2.
const PBES1_CIPHERS: [(&str, (Digest, Cipher)); 4] = [
    ("1.2.840.113549.1.5.3", (Digest::Md5, Cipher::Des)),
    ("1.2.840.113549.1.5.6", (Digest::Md5, Cipher::Rc2With64)),
    ("1.2.840.113549.1.5.10", (Digest::Sha1, Cipher::Des)),
    ("1.2.840.113549.1.5.11", (Digest::Sha1, Cipher::Rc2With64)),
];

/// What is met now and then and not read, so that a message can name it.
const NAMES: [(&str, &str); 20] = [
    ("1.2.840.113549.1.5.1", "PBES1 with MD2 and DES"),
    ("1.2.840.113549.1.5.4", "PBES1 with MD2 and RC2"),
    ("1.2.840.113549.3.2", "RC2-CBC under PBES2"),
    ("1.2.840.113549.3.4", "RC4 under PBES2"),
    ("2.16.840.1.101.3.4.1.6", "AES-128-GCM"),
    ("2.16.840.1.101.3.4.1.26", "AES-192-GCM"),
    ("2.16.840.1.101.3.4.1.46", "AES-256-GCM"),
    ("1.2.392.200011.61.1.1.1.2", "Camellia-128-CBC"),
    ("1.2.392.200011.61.1.1.1.3", "Camellia-192-CBC"),
    ("1.2.392.200011.61.1.1.1.4", "Camellia-256-CBC"),
    ("1.2.410.200004.1.4", "SEED-CBC"),
    ("1.2.410.200046.1.1.2", "ARIA-128-CBC"),
    ("1.2.410.200046.1.1.7", "ARIA-192-CBC"),
    ("1.2.410.200046.1.1.12", "ARIA-256-CBC"),
    ("1.2.156.10197.1.104.2", "SM4-CBC"),
    ("1.3.6.1.4.1.3029.1.2", "Blowfish-CBC"),
    ("1.2.840.113533.7.66.10", "CAST5-CBC"),
    ("1.2.643.2.2.21", "GOST 28147-89"),
    ("1.2.643.7.1.1.5.2.2", "GOST R 34.12-2015 Kuznyechik"),
    ("1.2.840.113549.1.5.14", "PBMAC1"),
];

/// The cipher that PBES2 names.
pub(super) fn pbes2_cipher(oid: &ObjectIdentifier) -> Option<Cipher> {
    row(&PBES2_CIPHERS, oid)
}

/// The cipher of an algorithm of PKCS #12.
pub(super) fn pkcs12_cipher(oid: &ObjectIdentifier) -> Option<Cipher> {
    row(&PKCS12_CIPHERS, oid)
}

/// Digest and cipher of an algorithm of PBES1.
pub(super) fn pbes1_cipher(oid: &ObjectIdentifier) -> Option<(Digest, Cipher)> {
    row(&PBES1_CIPHERS, oid)
}

/// The name of an algorithm that is not read, or its object identifier.
pub(super) fn name(oid: &ObjectIdentifier) -> String {
    row(&NAMES, oid).map_or_else(|| format!("algorithm {oid}"), str::to_owned)
}

fn row<T: Copy>(table: &[(&str, T)], oid: &ObjectIdentifier) -> Option<T> {
    let text = oid.to_string();
    table
        .iter()
        .find(|(known, _)| *known == text)
        .map(|(_, value)| *value)
}
