//! The object identifiers of key algorithms and curves (RFC 8017 Appendix C, RFC 5480 §2.1.1, RFC 8410 §3), and their names.

use der::oid::ObjectIdentifier;

pub(super) const OID_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
pub(super) const OID_RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
pub(super) const OID_EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
pub(super) const OID_P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
pub(super) const OID_P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
pub(super) const OID_P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
pub(super) const OID_ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// The algorithms of which OpenSSL 3.0 loads private keys. Of a key on a curve it knows every curve by name that is met.
pub(super) const OPENSSL_ALGORITHMS: [ObjectIdentifier; 10] = [
    OID_RSA,
    OID_RSA_PSS,
    OID_EC_PUBLIC_KEY,
    OID_ED25519,
    ObjectIdentifier::new_unwrap("1.3.101.110"),
    ObjectIdentifier::new_unwrap("1.3.101.111"),
    ObjectIdentifier::new_unwrap("1.3.101.113"),
    ObjectIdentifier::new_unwrap("1.2.840.10040.4.1"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.3.1"),
    ObjectIdentifier::new_unwrap("1.2.840.10046.2.1"),
];

/// Algorithms that are met now and then, by name.
const NAMES: [(&str, &str); 25] = [
    ("1.2.840.10040.4.1", "DSA"),
    ("1.2.840.113549.1.3.1", "Diffie-Hellman"),
    ("1.2.840.10046.2.1", "Diffie-Hellman (X9.42)"),
    ("1.3.101.110", "X25519"),
    ("1.3.101.111", "X448"),
    ("1.3.101.113", "Ed448"),
    ("1.2.840.113549.1.1.10", "RSA-PSS"),
    ("1.2.840.10045.2.1", "EC"),
    ("1.2.840.10045.3.1.1", "P-192"),
    ("1.3.132.0.33", "P-224"),
    ("1.3.132.0.10", "secp256k1"),
    ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1"),
    ("1.3.36.3.3.2.8.1.1.8", "brainpoolP256t1"),
    ("1.3.36.3.3.2.8.1.1.9", "brainpoolP320r1"),
    ("1.3.36.3.3.2.8.1.1.10", "brainpoolP320t1"),
    ("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1"),
    ("1.3.36.3.3.2.8.1.1.12", "brainpoolP384t1"),
    ("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1"),
    ("1.3.36.3.3.2.8.1.1.14", "brainpoolP512t1"),
    ("1.2.840.113549.1.1.7", "RSA-OAEP"),
    ("2.16.840.1.101.3.4.3.17", "ML-DSA-44"),
    ("2.16.840.1.101.3.4.3.18", "ML-DSA-65"),
    ("2.16.840.1.101.3.4.3.19", "ML-DSA-87"),
    ("1.2.643.7.1.1.1.1", "GOST R 34.10-2012"),
    ("1.2.156.10197.1.301", "SM2"),
];

/// Curves over a prime field besides those of NIST, on which the compressed form of a point tells whether y is odd (SEC 1 §2.3.3). On a binary
/// curve it tells something else.
pub(super) fn is_prime_curve(curve: &ObjectIdentifier) -> bool {
    let text = curve.to_string();
    [OID_P256, OID_P384, OID_P521].contains(curve)
        || ["1.3.132.0.10", "1.3.132.0.33"].contains(&text.as_str())
        || ["1.2.840.10045.3.1.", "1.3.36.3.3.2.8."]
            .iter()
            .any(|arc| text.starts_with(arc))
}

/// The name of an algorithm or a curve, or its object identifier.
pub(super) fn algorithm_name(oid: &ObjectIdentifier) -> String {
    name_of(&oid.to_string())
}

/// As [`algorithm_name`], of an object identifier in dotted form.
pub(super) fn name_of(oid: &str) -> String {
    NAMES
        .iter()
        .find(|(known, _)| *known == oid)
        .map_or_else(|| format!("algorithm {oid}"), |(_, name)| (*name).to_owned())
}
