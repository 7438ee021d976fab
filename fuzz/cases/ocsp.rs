//! OCSP requests and responses in DER: what was read of a request comes out of one that says the same, and a response says only what is in it.

use gsec_pki::x509::ocsp::{
    MAX_NONCE_BYTES, MAX_SINGLE_REQUESTS, OcspRequest, OcspResponse, OcspResponseFlaw,
};
use time::OffsetDateTime;

/// Whether a request or a response was read.
pub fn check(input: &[u8]) -> bool {
    is_request(input) | is_response(input)
}

fn is_request(input: &[u8]) -> bool {
    let Ok(request) = OcspRequest::from_der(input) else {
        return false;
    };
    assert!((1..=MAX_SINGLE_REQUESTS).contains(&request.ids().len()));
    assert!(
        request
            .nonce()
            .is_none_or(|nonce| (1..=MAX_NONCE_BYTES).contains(&nonce.len()))
    );
    assert_eq!(
        OcspRequest::from_der(&request.to_der()).as_ref(),
        Ok(&request),
        "written and read again"
    );
    for id in request.ids() {
        assert!(
            input.windows(id.der().len()).any(|window| window == id.der()),
            "as it was sent"
        );
    }
    true
}

fn is_response(input: &[u8]) -> bool {
    let Ok(response) = OcspResponse::from_der(input) else {
        return false;
    };
    let Ok(answer) = response.answer() else {
        return true;
    };
    let at = OffsetDateTime::UNIX_EPOCH;
    for single in answer.responses().iter().take(20) {
        let found = answer.status_of(&single.id, single.this_update);
        assert!(
            single.id.digest().is_none() || found != Err(OcspResponseFlaw::OtherCertificate),
            "what it says of a certificate is found"
        );
    }
    for certificate in answer.certificates().iter().take(3) {
        let _ = answer.judge(certificate, at);
    }
    let _ = (answer.produced_at(), answer.nonce().map(<[u8]>::len));
    true
}
