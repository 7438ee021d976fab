//! Requests that are no requests.

use std::process::Command;

use crate::site::{Site, http, run};

fn port_of(url: &str) -> u16 {
    let rest = url.split_once("://").expect("a URL").1;
    let host = rest.split('/').next().expect("a host");
    host.rsplit(':')
        .next()
        .expect("a port")
        .parse()
        .expect("a number")
}

#[test]
fn requests_that_are_none_get_the_problem_that_they_have() {
    let site = Site::without_dns();
    let base = site.directory().trim_end_matches("/directory").to_owned();
    let curl = |args: &[&str]| {
        run(Command::new("curl")
            .args([
                "-s",
                "-o",
                "-",
                "-w",
                "\n%{http_code} %{content_type}",
                "--cacert",
            ])
            .arg(site.ca_certificate())
            .args(args))
        .ok()
        .stdout
    };
    let jose = "Content-Type: application/jose+json";
    let rows: [(&[&str], &str, &str); 8] = [
        (
            &[&format!("{base}/directory"), "-d", "{}"],
            "415 application/problem+json",
            "malformed",
        ),
        (
            &[&format!("{base}/new-order"), "-H", jose, "-d", "{}"],
            "400 application/problem+json",
            "malformed",
        ),
        (
            &[&format!("{base}/new-order"), "-H", jose, "-d", "\u{ff}"],
            "400 application/problem+json",
            "malformed",
        ),
        (
            &[&format!("{base}/new-order")],
            "405 application/problem+json",
            "malformed",
        ),
        (
            &[&format!("{base}/")],
            "404 application/problem+json",
            "malformed",
        ),
        (
            &[&format!("{base}/nothing")],
            "404 application/problem+json",
            "malformed",
        ),
        (
            &[&format!("{base}/new-nonce"), "-X", "PUT"],
            "405 application/problem+json",
            "malformed",
        ),
        (
            &[&format!("{base}/renewal-info/AAAA.AAAA")],
            "404 application/problem+json",
            "malformed",
        ),
    ];
    for (args, end, kind) in rows {
        let answer = curl(args);
        assert!(answer.ends_with(end), "{args:?}: {answer}");
        assert!(
            answer.contains(&format!("urn:ietf:params:acme:error:{kind}")),
            "{args:?}: {answer}"
        );
    }
    let long = site.folder().join("long");
    std::fs::write(&long, vec![b'a'; 900_000]).expect("a file");
    let data = format!("@{}", long.display());
    // By each version of HTTP the answer arrives, though the client is still sending when it is known.
    for version in ["--http1.1", "--http2"].repeat(4) {
        for (path, end) in [
            ("new-order", "413 application/problem+json"),
            ("nothing", "404 application/problem+json"),
        ] {
            let url = format!("{base}/{path}");
            let answer = curl(&[version, &url, "-H", jose, "-H", "Expect:", "--data-binary", &data]);
            assert!(answer.ends_with(end), "{version} {path}: {answer}");
            assert!(
                answer.contains("urn:ietf:params:acme:error:malformed"),
                "{version} {path}: {answer}"
            );
        }
    }
}

#[test]
fn nothing_but_what_is_signed_is_had_without_tls() {
    let site = Site::without_dns();
    let port = port_of(site.ready["crl"].as_str().expect("a URL"));
    let get = |path: &str| {
        http(
            port,
            &format!("GET {path} HTTP/1.1\r\nHost: ca.test\r\nConnection: close\r\n\r\n"),
        )
    };
    assert!(get("/acme/directory").starts_with("HTTP/1.1 404"));
    assert!(get("/../ca_conf/ca_priv_key.pem").starts_with("HTTP/1.1 40"));
    let certificate = get("/ca/ca.cer");
    assert!(certificate.starts_with("HTTP/1.1 200") && certificate.contains("application/pkix-cert"));
    assert!(get("/health/live").starts_with("HTTP/1.1 200"));
    assert!(http(port, "\u{16}\u{3}\u{1}\r\n\r\n").starts_with("HTTP/1.1 400"));
    // RFC 9112 §3.2: one Host; §7.1: chunks that are none are no body.
    for request in [
        "GET /crl/ca.crl HTTP/1.1\r\nConnection: close\r\n\r\n",
        "GET /crl/ca.crl HTTP/1.1\r\nHost: ca.test\r\nHost: other.test\r\nConnection: close\r\n\r\n",
        "POST /ocsp/ca HTTP/1.1\r\nHost: ca.test\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nFFFFFFFFFFFFFFFFF\r\n0\r\n\r\n",
        "POST /ocsp/ca HTTP/1.1\r\nHost: ca.test\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\n0\n0\r\n\r\n",
        // By HTTP/2 without TLS nobody asks.
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let answer = http(port, request);
        assert!(
            answer.starts_with("HTTP/1.1 400") || answer.is_empty(),
            "{request}: {answer}"
        );
    }
}

/// RFC 9110 §15.5.6: whoever asks by another method is told by which.
#[test]
fn method_that_is_not_allowed_comes_with_those_that_are() {
    let site = Site::without_dns();
    let base = site.directory().trim_end_matches("/directory").to_owned();
    for (method, path, allowed) in [
        ("GET", "new-order", "POST"),
        ("PUT", "new-nonce", "GET, HEAD, POST"),
        ("DELETE", "directory", "GET, HEAD, POST"),
        ("POST", "renewal-info/AAAA.AAAA", "GET, HEAD"),
        ("GET", "certificate/0a", "POST"),
    ] {
        let done = run(Command::new("curl")
            .args(["-s", "-i", "-X", method, "--cacert"])
            .arg(site.ca_certificate())
            .arg(format!("{base}/{path}")));
        let head = done.stdout.to_ascii_lowercase();
        let allow = format!("allow: {}\r\n", allowed.to_ascii_lowercase());
        assert!(
            head.contains(" 405") && head.contains(&allow),
            "{method} {path}: {done}"
        );
    }
}

#[test]
fn key_under_a_passphrase_is_handed_to_the_signer() {
    let mut site = Site::without_dns();
    assert_eq!(site.stop(), Some(0));
    let file = site.folder().join("passphrase");
    std::fs::write(&file, "a passphrase\n").expect("a file");
    let file = file.to_str().expect("a path").to_owned();
    site.gsec(&["ca", "passphrase", "--new-passphrase-file", &file])
        .ok();
    // What was signed before is signed anew.
    std::fs::remove_file(site.ca().join("ca_conf/server.pem")).expect("removed");
    site.start_with(&["--ca-passphrase-file", &file]);
    assert!(
        site.ca().join("ca_conf/server.pem").exists(),
        "the signer has signed"
    );
}
