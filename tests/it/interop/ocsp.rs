//! OCSP: OpenSSL, GnuTLS, Python and Java ask, and believe what a responder of the CA answers; and gsec believes OpenSSL's responder.

use std::time::Duration as Wait;

use gsec_ca::authority::{Authority, Session};
use gsec_ca::home::{CaDir, LockWait};
use gsec_ca::records::Principal;
use gsec_env::Env;
use gsec_pki::key::{KeyAlgorithm, PrivateKey, Signer};
use gsec_pki::x509::ocsp::{
    CertId, CertStatus, JudgedBy, OcspRequest, OcspResponse, OcspResponseTemplate, Responder,
    ResponseRefusal, SingleResponse, refusal, sign_response,
};
use gsec_pki::x509::{Certificate, RevocationReason, decode_certificates};
use serde_json::json;
use time::{Duration, OffsetDateTime};

use crate::common;

use common::{HostFiles, TestCa, java_class, key_type, openssl, python, tool};

/// A CA with two hosts, and a responder whose key the CA has certified.
struct Site {
    ca: TestCa,
    certificate: Certificate,
    host: HostFiles,
    other: HostFiles,
    key: PrivateKey,
    responder: Certificate,
    now: OffsetDateTime,
}

impl Site {
    fn of_key(kind: &str) -> Self {
        let ca = TestCa::of_key(key_type(kind));
        let flags = ["--key-type", "p256"];
        let (host, other) = (
            ca.issue("db1.example.com", &flags),
            ca.issue("db2.example.com", &flags),
        );
        let key = PrivateKey::generate(KeyAlgorithm::P256).expect("a key");
        let authority = Authority::open(CaDir::at(&ca.path)).expect("the CA");
        let unlocked = authority.unlock(None).expect("the key");
        let mut env = Env::real();
        let now = env.clock.now();
        let mut session = Session {
            action: "ocsp.responder",
            now,
            random: env.random.as_mut(),
            by: Principal::default(),
            wait: LockWait::silent(Wait::from_secs(10)),
        };
        let issued = authority.issue_ocsp_responder(key.public_key(), &unlocked, &mut session);
        Self {
            certificate: authority.certificate().clone(),
            responder: issued.expect("a responder").certificate,
            ca,
            host,
            other,
            key,
            now,
        }
    }

    /// Answers a request: the first host is good, the second was revoked, all else is unknown.
    fn answer(&self, request: &[u8]) -> Vec<u8> {
        let request = OcspRequest::from_der(request).expect("a request");
        let status = |id: &CertId| match id.serial().to_string() {
            serial if serial == self.host.serial => CertStatus::Good,
            serial if serial == self.other.serial => CertStatus::Revoked {
                at: self.now - Duration::HOUR,
                reason: Some(RevocationReason::KeyCompromise),
            },
            _ => CertStatus::Unknown,
        };
        let single = |id: &CertId| SingleResponse {
            id: id.clone(),
            status: status(id),
            this_update: self.now,
            next_update: Some(self.now + Duration::DAY),
        };
        let template = OcspResponseTemplate {
            produced_at: self.now,
            responses: &request.ids().iter().map(single).collect::<Vec<_>>(),
            nonce: request.nonce(),
        };
        let responder = Responder {
            certificate: Some(&self.responder),
            key: &self.key,
        };
        sign_response(&template, &responder).expect("an answer")
    }

    /// Answers the request in a file. The file of the answer.
    fn answered(&self, request: &str) -> String {
        let request = std::fs::read(request).expect("a request");
        self.ca.dir.write("response.der", self.answer(&request))
    }

    /// A request of gsec's own about a host.
    fn asked(&self, host: &HostFiles) -> String {
        let serial = gsec_pki::x509::SerialNumber::parse_hex(&host.serial).expect("a number");
        let request = OcspRequest::new(vec![CertId::of(&self.certificate, &serial)], None);
        self.ca
            .dir
            .write("request.der", request.expect("a request").to_der())
    }
}

#[test]
fn openssl_asks_and_believes() {
    for kind in ["p256", "p384", "rsa-2048", "ed25519"] {
        let site = Site::of_key(kind);
        let request = site.ca.dir.path("openssl.req");
        let of_both = [
            "-issuer",
            &site.ca.certificate,
            "-cert",
            &site.host.record,
            "-cert",
            &site.other.record,
            "-serial",
            "0x7777",
        ];
        openssl(&["ocsp", "-reqout", &request]).args(&of_both).run().ok();
        let response = site.answered(&request);
        let with_nonce = openssl(&["ocsp", "-reqin", &request, "-respin", &response])
            .args(&["-CAfile", &site.ca.certificate])
            .run()
            .ok();
        let said = format!("{}{}", with_nonce.stdout, with_nonce.stderr);
        assert!(
            said.contains("Response verify OK") && !said.contains("onc"),
            "{with_nonce}"
        );
        // With certificates of its own it makes another request, which has another nonce.
        let judged = openssl(&["ocsp", "-no_nonce", "-respin", &response])
            .args(&["-CAfile", &site.ca.certificate])
            .args(&of_both)
            .run()
            .ok();
        let said = format!("{}{}", judged.stdout, judged.stderr);
        assert!(said.contains("Response verify OK"), "{judged}");
        assert!(!said.contains("WARNING"), "{judged}");
        for line in [
            format!("{}: good", site.host.record),
            format!("{}: revoked", site.other.record),
            "Reason: keyCompromise".into(),
            "0x7777: unknown".into(),
        ] {
            assert!(said.contains(&line), "`{line}`: {judged}");
        }
    }
}

#[test]
fn openssl_refuses_what_another_ca_answers() {
    let (site, other) = (Site::of_key("p256"), Site::of_key("p256"));
    let response = site.answered(&site.asked(&site.host));
    openssl(&["ocsp", "-respin", &response, "-issuer", &other.ca.certificate])
        .args(&["-cert", &other.host.record, "-CAfile", &other.ca.certificate])
        .run()
        .says("Response Verify Failure");
}

#[test]
fn gnutls_asks_and_believes() {
    for kind in ["p256", "rsa-2048"] {
        let site = Site::of_key(kind);
        for (host, status) in [(&site.host, "good"), (&site.other, "revoked")] {
            let request = site.ca.dir.path("gnutls.req");
            tool("ocsptool")
                .args(&["--generate-request", "--load-issuer", &site.ca.certificate])
                .args(&["--load-cert", &host.record, "--outfile", &request])
                .run()
                .ok();
            let response = site.answered(&request);
            tool("ocsptool")
                .args(&["--verify-response", "--load-response", &response])
                .args(&["--load-trust", &site.ca.certificate])
                .run()
                .ok()
                .says("Success");
            tool("ocsptool")
                .args(&["--response-info", "--load-response", &response])
                .run()
                .ok()
                .says(&format!("Certificate Status: {status}"));
        }
    }
}

#[test]
fn python_asks_with_both_digests_and_reads_everything() {
    for kind in ["p256", "ed25519"] {
        let site = Site::of_key(kind);
        for digest in ["sha1", "sha256"] {
            for (host, status, reason) in [
                (&site.host, "GOOD", json!(null)),
                (&site.other, "REVOKED", json!("keyCompromise")),
            ] {
                let request = site.ca.dir.path("python.req");
                python("ocsp.py")
                    .args(&["request", &site.ca.certificate, &host.record, digest, &request])
                    .run()
                    .ok();
                let response = site.answered(&request);
                let read = python("ocsp.py")
                    .args(&["response", &site.ca.certificate, &response])
                    .run()
                    .ok()
                    .json();
                let nonce: String = (0..32).map(|byte| format!("{byte:02x}")).collect();
                assert_eq!(
                    read,
                    json!({
                        "signature": "good",
                        "by_key": true,
                        "no_check": [true],
                        "nonce": [nonce],
                        "said": [{"serial": host.serial, "digest": digest, "status": status, "reason": reason}],
                    })
                );
            }
        }
    }
}

#[test]
fn java_validates_by_the_response_alone() {
    let site = Site::of_key("p256");
    for (host, verdict) in [(&site.host, "accepted"), (&site.other, "REVOKED")] {
        let response = site.answered(&site.asked(host));
        java_class("OcspJudge", &[])
            .args(&[&site.ca.certificate, &host.record, &response])
            .run()
            .ok()
            .says(verdict);
    }
    let about_another = site.answered(&site.asked(&site.other));
    let judged = java_class("OcspJudge", &[])
        .args(&[&site.ca.certificate, &site.host.record, &about_another])
        .run()
        .ok();
    assert!(!judged.stdout.contains("accepted"), "{judged}");
}

#[test]
fn refusals_are_read() {
    let site = Site::of_key("p256");
    for (why, openssl_says, python_says) in [
        (
            ResponseRefusal::MalformedRequest,
            "malformedrequest (1)",
            "MALFORMED_REQUEST",
        ),
        (
            ResponseRefusal::InternalError,
            "internalerror (2)",
            "INTERNAL_ERROR",
        ),
        (ResponseRefusal::TryLater, "trylater (3)", "TRY_LATER"),
        (ResponseRefusal::Unauthorized, "unauthorized (6)", "UNAUTHORIZED"),
    ] {
        let response = site.ca.dir.write("refusal.der", refusal(why));
        let judged = openssl(&["ocsp", "-respin", &response, "-resp_text", "-noverify"]).run();
        let said = format!("{}{}", judged.stdout, judged.stderr).to_lowercase();
        assert!(said.contains(openssl_says), "{judged}");
        let read = python("ocsp.py")
            .args(&["response", &site.ca.certificate, &response])
            .run()
            .ok()
            .json();
        assert_eq!(read, json!({"refused": python_says}));
    }
}

/// The responder of `openssl ocsp` with the same index, CA and responder.
#[test]
fn gsec_believes_the_responder_of_openssl() {
    let site = Site::of_key("p256");
    site.ca
        .gsec(&[
            "cert",
            "revoke",
            "--serial",
            &site.other.serial,
            "--reason",
            "superseded",
        ])
        .run()
        .ok();
    let key = gsec_pki::key::encode_private_key(&site.key, gsec_pki::key::KeyFormat::Pkcs8).expect("PEM");
    let key = site.ca.dir.write("responder.key", key.as_bytes());
    let certificate = site.ca.dir.write("responder.pem", site.responder.to_pem());
    let request = site.ca.dir.path("both.req");
    openssl(&["ocsp", "-reqout", &request, "-issuer", &site.ca.certificate])
        .args(&["-cert", &site.host.record, "-cert", &site.other.record])
        .run()
        .ok();
    let ids = OcspRequest::from_der(&std::fs::read(&request).expect("a request")).expect("a request");
    for by_key in [false, true] {
        let response = site.ca.dir.path("openssl.resp");
        openssl(&[
            "ocsp",
            "-index",
            &site.ca.conf("ca.db"),
            "-CA",
            &site.ca.certificate,
        ])
        .args(&["-rsigner", &certificate, "-rkey", &key, "-ndays", "1"])
        .args(if by_key { &["-resp_key_id"][..] } else { &[] })
        .args(&["-reqin", &request, "-respout", &response])
        .run()
        .ok();
        let response = std::fs::read(&response).expect("a response");
        let answer = OcspResponse::from_der(&response).and_then(OcspResponse::answer);
        let answer = answer.expect("an answer");
        let now = OffsetDateTime::now_utc();
        assert_eq!(
            answer.judge(&site.certificate, now),
            Ok(JudgedBy::Delegated(Box::new(site.responder.clone())))
        );
        assert_eq!(answer.nonce(), ids.nonce());
        assert_eq!(answer.status_of(&ids.ids()[0], now), Ok(CertStatus::Good));
        assert!(matches!(
            answer.status_of(&ids.ids()[1], now),
            Ok(CertStatus::Revoked {
                reason: Some(RevocationReason::Superseded),
                ..
            })
        ));
    }
}

/// What looks at the CA directory finds nothing odd about the responder.
#[test]
fn directory_with_a_responder_is_sound() {
    let site = Site::of_key("p256");
    let listed = site.ca.gsec(&["cert", "list"]).run().ok();
    assert!(listed.stdout.contains("OCSP responder"), "{listed}");
    site.ca.gsec(&["ca", "log", "--verify"]).run().ok();
    let kept = std::fs::read(format!(
        "{}/repository/{}.pem",
        site.ca.path,
        site.responder.serial()
    ));
    let kept = decode_certificates(&kept.expect("a copy")).expect("a certificate");
    assert_eq!(kept, std::slice::from_ref(&site.responder));
    let doctor = common::gsec(&["doctor", "--json", &site.ca.path]).run();
    for word in ["OCSP", site.responder.serial().to_string().as_str()] {
        assert!(!doctor.stdout.contains(&format!("\"{word}")), "{doctor}");
    }
    println!("{doctor}");
    site.ca
        .gsec(&["cert", "renew", "--serial", &site.responder.serial().to_string()])
        .run()
        .code(3);
}
