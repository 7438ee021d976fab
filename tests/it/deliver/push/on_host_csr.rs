//! What a host could send in the place of a CSR for its own key: it is somebody else's machine, perhaps.

use super::on_host::ON_HOST;
use super::site::{Site, Spec, problem, states};
use crate::common::{Outcome, openssl};

fn site() -> Site {
    let spec = |name| Spec {
        host: ON_HOST,
        ..Spec::receiver(name)
    };
    Site::new(&[spec("web1"), spec("web2")], "")
}

/// What web1 answers to `request` from now on.
fn answers(site: &Site, answer: &[u8]) {
    site.scene.write("web1/answer", answer);
    let own = site.scene.read("web1/forced");
    let home = site.home("web1");
    if !own.contains("answer") {
        let other = own.replacen(
            "#!/bin/sh\n",
            &format!("#!/bin/sh\ncase $SSH_ORIGINAL_COMMAND in request*) exec cat {home}/answer ;; esac\n"),
            1,
        );
        site.scene.write("web1/forced", other);
        site.scene.chmod("web1/forced", 0o755);
    }
}

fn with_end(csr: &str) -> Vec<u8> {
    [csr.as_bytes(), b"state=requested\n"].concat()
}

/// A CSR of a key in a file, with these extensions.
fn csr(site: &Site, key: &str, subject: &str, extensions: &str) -> String {
    let settings = format!("[req]\ndistinguished_name = name\n[name]\n[more]\n{extensions}\n");
    site.scene.write("req.cnf", settings);
    let mut args = vec!["req", "-new", "-config", "req.cnf", "-key", key, "-subj", subject];
    if !extensions.is_empty() {
        args.extend(["-reqexts", "more"]);
    }
    openssl(&args).in_dir(site.scene.dir.path("")).run().ok().stdout
}

fn key(site: &Site, file: &str, options: &[&str]) {
    let args = [&["genpkey", "-out", file], options].concat();
    openssl(&args).in_dir(site.scene.dir.path("")).run().ok();
}

const P256: [&str; 4] = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];

/// Nothing was issued, nothing installed, and no byte of the answer can do anything to a terminal.
#[track_caller]
fn refused(site: &Site, what: &str) -> (String, String) {
    let before = site.serials("web1");
    let outcome = site.push(&["--only", "web1"]).code(3);
    assert_eq!(states(&outcome), ["web1 nginx failed"], "{what}");
    assert_eq!(site.serials("web1"), before, "{what}");
    assert!(
        !site.scene.exists("out/web1") && site.current("web1").is_none(),
        "{what}"
    );
    is_plain(&outcome, what);
    problem(&outcome)
}

#[track_caller]
fn is_plain(outcome: &Outcome, what: &str) {
    for text in [&outcome.stdout, &outcome.stderr] {
        let raw = text
            .chars()
            .find(|character| character.is_control() && *character != '\n');
        assert_eq!(raw, None, "{what}");
    }
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn an_answer_that_is_no_csr_issues_nothing() {
    let site = site();
    key(&site, "key.pem", &P256);
    let own = csr(&site, "key.pem", "/CN=gsec", "");
    let large = [
        b"-----BEGIN CERTIFICATE REQUEST-----\n".to_vec(),
        vec![b'A'; 10_000_000],
    ]
    .concat();
    let rows: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", Vec::new()),
        ("the end alone", with_end("")),
        ("garbage", (0..=255).cycle().take(5000).collect()),
        ("ten megabytes", large),
        (
            "a CSR within ten megabytes",
            with_end(&format!("{}{own}", "\n".repeat(10_000_000))),
        ),
        ("cut off", own.as_bytes()[..own.len() - 30].to_vec()),
        ("without its end", own.clone().into_bytes()),
        ("two", with_end(&format!("{own}{own}"))),
        ("a key", with_end(&site.scene.read("key.pem"))),
        (
            "the CA certificate",
            with_end(&site.scene.read("gsec-ca/ca_conf/ca_cert.pem")),
        ),
        ("a terminal", with_end("\u{1b}]0;title\u{7}\u{1b}[2J\u{202e}")),
    ];
    for (what, answer) in rows {
        answers(&site, &answer);
        let (code, _) = refused(&site, what);
        assert_eq!(code, "push-not-a-csr", "{what}");
    }
    // What is said in words goes through the same sieve.
    answers(&site, &with_end("\u{1b}[2J"));
    let text = site
        .scene
        .gsec(&["fleet", "apply", "--push", "ssh", "--yes", "--only", "web1"])
        .run()
        .code(3);
    is_plain(&text, "in words");
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn names_come_from_the_inventory_alone() {
    let site = site();
    key(&site, "key.pem", &P256);
    for (subject, names) in [
        (
            "/CN=gsec",
            "subjectAltName = DNS:web1.example.com,DNS:evil.example.com",
        ),
        ("/CN=gsec", "subjectAltName = DNS:web2.example.com"),
        ("/CN=gsec", "subjectAltName = DNS:*.example.com"),
        ("/CN=gsec", "subjectAltName = IP:10.0.0.1"),
        ("/CN=gsec", "subjectAltName = email:root@example.com"),
        ("/CN=gsec", "subjectAltName = URI:https://evil.example.com"),
        ("/CN=web2.example.com", ""),
        (
            "/CN=\u{1b}[2J.example.com",
            "subjectAltName = DNS:x\u{1b}[2J.example.com",
        ),
    ] {
        answers(&site, &with_end(&csr(&site, "key.pem", subject, names)));
        let (code, _) = refused(&site, names);
        assert!(
            code.starts_with("request.") || code == "push-not-a-csr",
            "{subject} {names} {code}"
        );
    }
    // The name of the CA itself.
    answers(&site, &with_end(&csr(&site, "key.pem", "/CN=Test CA", "")));
    assert_eq!(refused(&site, "the CA's name").0, "request.ca_name");
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn what_else_a_csr_asks_for_is_not_granted_and_said() {
    let site = site();
    key(&site, "key.pem", &P256);
    let wishes = "basicConstraints = critical,CA:TRUE\nkeyUsage = keyCertSign,cRLSign\nextendedKeyUsage = codeSigning,OCSPSigning\nsubjectAltName = DNS:web1.example.com\nnsComment = \"x\u{1b}[2J\"";
    answers(
        &site,
        &with_end(&csr(&site, "key.pem", "/O=Evil \u{1b}[2J/CN=gsec", wishes)),
    );
    // The certificate is the inventory's, for a key that is not there: it is not installed.
    let outcome = site.push(&["--only", "web1"]).code(3);
    is_plain(&outcome, "wishes");
    assert_eq!(problem(&outcome).0, "push-no-key");
    assert!(
        problem(&outcome)
            .1
            .contains("no private key on this host belongs"),
        "{outcome}"
    );
    assert_eq!(site.current("web1"), None);
    let notices = outcome.json()["warnings"].to_string();
    assert!(
        notices.contains("wishes_ignored") && notices.contains("basicConstraints CA:TRUE"),
        "{outcome}"
    );
    let file = site.scene.dir.path("out/web1/nginx/fullchain.pem");
    let shown = openssl(&[
        "x509",
        "-in",
        &file,
        "-noout",
        "-subject",
        "-ext",
        "subjectAltName,basicConstraints,extendedKeyUsage",
    ])
    .run()
    .ok()
    .stdout;
    assert!(
        shown.contains("CN = web1.example.com") && !shown.contains("CA:TRUE"),
        "{shown}"
    );
    assert!(
        !shown.contains("Evil") && !shown.contains("Code Signing"),
        "{shown}"
    );
    assert!(shown.contains("DNS:web1.example.com\n"), "{shown}");
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_key_must_be_the_hosts_own_and_of_the_kind_that_is_asked_for() {
    let site = site();
    let end = |key: &str| with_end(&csr(&site, key, "/CN=gsec", ""));
    key(
        &site,
        "p384.pem",
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
    );
    key(
        &site,
        "weak.pem",
        &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
    );
    key(
        &site,
        "k1.pem",
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"],
    );
    for other in ["p384.pem", "weak.pem", "k1.pem"] {
        answers(&site, &end(other));
        assert_eq!(refused(&site, other).0, "push-key-kind", "{other}");
    }
    // Those of the CA, of another host, and of a certificate whose key the CA has made for this very host.
    answers(&site, &end("gsec-ca/ca_conf/ca_priv_key.pem"));
    assert_eq!(refused(&site, "the CA's").0, "request.ca_key");
    site.push(&["--only", "web2"]).ok();
    answers(&site, &end("web2/tls/current/privkey.pem"));
    let (code, message) = refused(&site, "of web2");
    assert_eq!(code, "push-key-of-another");
    assert!(message.contains("web2.example.com"), "{message}");
    site.renew("web2");
    let kept = file_of(&site, "gsec-ca/repository", "web2", "priv_key");
    answers(&site, &end(&kept));
    assert_eq!(
        refused(&site, "that the CA made for web2").0,
        "push-key-of-another"
    );
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_key_that_the_ca_has_made_for_the_host_is_not_one_of_its_own() {
    let site = Site::new(&[Spec::receiver("web1")], "");
    site.push(&[]).ok();
    let key = "out/web1/nginx/privkey.pem";
    site.scene.write("kept.pem", site.scene.read(key));
    site.scene
        .edit("fleet.toml", "\n\nbundles", &format!("\n{ON_HOST}\nbundles"));
    site.set_up_receiver("web1");
    let kept = csr(&site, "kept.pem", "/CN=gsec", "");
    answers(&site, &with_end(&kept));
    let refused = site.push(&[]).code(3);
    assert_eq!(problem(&refused).0, "push-key-at-ca");
    assert_eq!(site.serials("web1").len(), 1);
    let hints = refused.json()["pushed"][0]["problem"]["hints"].to_string();
    assert!(hints.contains(".request"), "{hints}");
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_csr_that_its_own_key_did_not_sign_is_refused() {
    let site = site();
    key(&site, "key.pem", &P256);
    site.scene.write("own.csr", csr(&site, "key.pem", "/CN=gsec", ""));
    let der = |args: &[&str]| {
        openssl(&[&["req", "-in", "own.csr"], args].concat())
            .in_dir(site.scene.dir.path(""))
            .run()
            .ok();
    };
    der(&["-outform", "DER", "-out", "own.der"]);
    let mut bytes = site.scene.read_bytes("own.der");
    // Within the last integer of the signature.
    let last = bytes.len() - 5;
    bytes[last] ^= 1;
    site.scene.write("bad.der", &bytes);
    let bad = openssl(&["req", "-inform", "DER", "-in", "bad.der"])
        .in_dir(site.scene.dir.path(""))
        .run()
        .ok()
        .stdout;
    answers(&site, &with_end(&bad));
    assert_eq!(refused(&site, "a changed signature").0, "request.possession");
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn what_the_policy_refuses_is_found_before_a_host_is_asked() {
    let site = site();
    let own = site.scene.read("gsec-ca/ca_conf/gsec.toml");
    let plan = || {
        site.scene
            .gsec(&["fleet", "plan", "--only", "web1", "--json"])
            .run()
    };
    site.scene.edit(
        "gsec-ca/ca_conf/gsec.toml",
        "name_suffixes = []",
        "name_suffixes = [\"example.org\"]",
    );
    let problems = plan().code(3).json()["plan"]["problems"].to_string();
    assert!(problems.contains("web1"), "{problems}");
    site.push(&["--only", "web1"]).code(3);
    assert_eq!(site.asked(), Vec::<String>::new());
    site.scene.write("gsec-ca/ca_conf/gsec.toml", own);
    site.push(&["--only", "web1"]).ok();
    site.has_its_key("web1", "permitted");
}

/// The first file of a directory whose name has both texts.
fn file_of(site: &Site, folder: &str, one: &str, other: &str) -> String {
    let names = std::fs::read_dir(site.scene.dir.path(folder)).expect("a folder");
    let mut names: Vec<String> = names
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| name.contains(one) && name.contains(other))
        .collect();
    names.sort();
    format!("{folder}/{}", names.first().expect("a file"))
}
