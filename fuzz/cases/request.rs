//! Certification requests in DER: kept octet for octet, shown and checked.

use gsec_pki::encoding::pem;
use gsec_pki::x509::CertificateRequest;

/// Whether a request was read.
pub fn check(input: &[u8]) -> bool {
    let Ok(request) = CertificateRequest::from_der(input) else {
        return false;
    };
    assert_eq!(request.der(), input);
    let blocks = pem::decode_all(request.to_pem().as_bytes()).expect("own PEM");
    assert!(blocks.len() == 1 && blocks[0].label == pem::CERTIFICATE_REQUEST && *blocks[0].content == input);
    let _ = (
        request.subject().to_string(),
        request.subject().openssl_oneline(),
        request.public_key().to_string(),
    );
    let _ = request
        .names()
        .iter()
        .map(ToString::to_string)
        .collect::<String>();
    let _ = (
        request.verify_possession(),
        request.public_key().expect_sound(),
        request.wishes(),
    );
    true
}
