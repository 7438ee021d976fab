//! Requests to revoke a certificate (RFC 8555 §7.6).

use gsec_pki::x509::{Certificate, RevocationReason};

use super::base64url;
use super::json::Object;
use super::problem::{Problem, ProblemType};

/// What revokeCert asks for. Who may ask, the key of the request says: an account's, or that of the certificate ([`Certificate::public_key`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// The certificate, as it was sent: whether this CA issued it is to be found out.
    pub certificate: Certificate,
    /// The reason, when one is given.
    pub reason: Option<RevocationReason>,
}

impl Revocation {
    /// Reads the content of a revokeCert request.
    ///
    /// # Errors
    /// `malformed`, `badRevocationReason`.
    pub fn read(content: &[u8]) -> Result<Self, Problem> {
        let object = Object::read(content)?;
        let malformed = |detail: String| Problem::new(ProblemType::Malformed, detail);
        let text = object.expect_text("certificate")?;
        let der = base64url::decode(text)
            .ok_or_else(|| malformed("`certificate` is not DER in base64url without padding".into()))?;
        let certificate = Certificate::from_der(&der)
            .map_err(|fault| malformed(format!("the certificate cannot be read: {fault}")))?;
        let reason = object.number("reason")?.map(reason).transpose()?;
        Ok(Self { certificate, reason })
    }
}

/// What a client may say of its certificate. Holds are the administrator's, and the keys of CAs are not a client's.
const REASONS: [RevocationReason; 5] = [
    RevocationReason::Unspecified,
    RevocationReason::KeyCompromise,
    RevocationReason::AffiliationChanged,
    RevocationReason::Superseded,
    RevocationReason::CessationOfOperation,
];

/// A number in reasonCode, RFC 5280 §5.3.1.
fn reason(code: u64) -> Result<RevocationReason, Problem> {
    let known = u8::try_from(code).ok().and_then(RevocationReason::from_code);
    known.filter(|reason| REASONS.contains(reason)).ok_or_else(|| {
        Problem::new(
            ProblemType::BadRevocationReason,
            format!(
                "{code} is not a reason that a client gives: those are 0, 1, 3, 4 and 5 (RFC 5280 §5.3.1)"
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acme::samples::certificate;
    use serde_json::{Value, json};

    fn read(reason: &Value) -> Result<Option<RevocationReason>, ProblemType> {
        let der = base64url::encode(certificate(&[1], 90).der());
        let content = json!({"certificate": der, "reason": reason}).to_string();
        Revocation::read(content.as_bytes())
            .map(|revocation| revocation.reason)
            .map_err(|problem| problem.kind())
    }

    #[test]
    fn reasons_are_those_that_a_client_may_give() {
        assert_eq!(read(&json!(null)), Ok(None));
        for code in [0, 1, 3, 4, 5] {
            assert_eq!(
                read(&json!(code)).map(|reason| reason.map(RevocationReason::code)),
                Ok(Some(code))
            );
        }
        for code in [2_u64, 6, 7, 8, 9, 10, 11, 255, 256, 257, u64::MAX] {
            assert_eq!(
                read(&json!(code)),
                Err(ProblemType::BadRevocationReason),
                "{code}"
            );
        }
        for other in [json!("1"), json!(-1), json!(1.5), json!([])] {
            assert_eq!(read(&other), Err(ProblemType::Malformed), "{other}");
        }
    }

    #[test]
    fn the_certificate_is_kept_as_it_was_sent() {
        let certificate = certificate(&[1], 90);
        let content = |der: &[u8]| json!({"certificate": base64url::encode(der)}).to_string();
        let read = |content: String| Revocation::read(content.as_bytes());
        assert_eq!(
            read(content(certificate.der())).expect("a request").certificate,
            certificate
        );
        for wrong in [
            content(b""),
            content(&[certificate.der(), &[0]].concat()),
            json!({"certificate": "MA=="}).to_string(),
            json!({"certificate": certificate.to_pem()}).to_string(),
            "{}".to_owned(),
        ] {
            assert_eq!(read(wrong).expect_err("a problem").kind(), ProblemType::Malformed);
        }
    }
}
