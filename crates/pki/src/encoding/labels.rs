//! The labels of PEM blocks.

/// The label of a certificate, RFC 7468 §5.
pub const CERTIFICATE: &str = "CERTIFICATE";
/// The label of a certification request, RFC 7468 §7.
pub const CERTIFICATE_REQUEST: &str = "CERTIFICATE REQUEST";
/// The label of a CRL, RFC 7468 §6.
pub const X509_CRL: &str = "X509 CRL";
/// What old programs wrote for [`CERTIFICATE`].
pub(super) const OLD_CERTIFICATE: &str = "X509 CERTIFICATE";
/// The label of a SubjectPublicKeyInfo, RFC 7468 §13.
pub const PUBLIC_KEY: &str = "PUBLIC KEY";
/// Label of the block with the curve that precedes a SEC 1 key; OpenSSL writes it, no RFC defines it.
pub const EC_PARAMETERS: &str = "EC PARAMETERS";
/// Labels of Diffie-Hellman parameters; OpenSSL writes them, no RFC defines them.
pub const DH_PARAMETERS_LABELS: [&str; 2] = ["DH PARAMETERS", "X9.42 DH PARAMETERS"];
/// The label of a PKCS #12 file in text; practice of GnuTLS, in no RFC.
pub const PKCS12: &str = "PKCS12";
/// Labels of PKCS #7 and CMS (RFC 7468 §8, §9), and OpenSSL's for signed data.
pub const PKCS7_LABELS: [&str; 4] = ["PKCS7", "CMS", "CERTIFICATE CHAIN", "PKCS #7 SIGNED DATA"];
/// The label of a PKCS #8 private key, RFC 7468 §10.
pub const PRIVATE_KEY: &str = "PRIVATE KEY";
/// The label of an encrypted PKCS #8 private key, RFC 7468 §11.
pub const ENCRYPTED_PRIVATE_KEY: &str = "ENCRYPTED PRIVATE KEY";
/// The label of a PKCS #1 RSA private key; practice of OpenSSL before 3.0, in no RFC.
pub const RSA_PRIVATE_KEY: &str = "RSA PRIVATE KEY";
/// The label of a SEC 1 elliptic curve private key, RFC 5915 §4.
pub const EC_PRIVATE_KEY: &str = "EC PRIVATE KEY";
