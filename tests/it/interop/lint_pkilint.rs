//! pkilint's RFC 5280 linter finds no error and no warning in what gsec issues, except what `lint_exceptions.json` justifies.

use crate::common;

use std::collections::{BTreeMap, BTreeSet};

use common::{KEY_TYPES, Outcome, TestCa, TestDir, gsec, key_type, openssl, python};
use serde_json::Value;

/// One justified finding: `id` is `<certificate as named below>: <pkilint's code>`.
struct Exception {
    id: String,
    reason: String,
}

const FQDN: &str = "db1.example.com";
const P256: &[&str] = &["--key-type", "p256"];
const PROFILES: [&str; 7] = [
    "host",
    "server",
    "gui",
    "tls-server",
    "tls-client",
    "appliance",
    "hub",
];

#[rustfmt::skip] // a flag and its value belong on one line
const HOST_NAME_PARTS: [&str; 12] = [
    "--country", "DE", "--state", "Bayern", "--locality", "München", "--org", "Müller & Söhne", "--ou", "Voice", "--ou", "Platform",
];

#[rustfmt::skip]
const CA_NAME_PARTS: [&str; 14] = [
    "--country", "US", "--state", "CA", "--locality", "Springfield", "--org", "Old Contact Centre", "--ou", "Voice", "--ou", "Platform",
    "--email", "pki@example.com",
];

#[rustfmt::skip]
const ALTERNATIVE_NAMES: [&str; 8] = [
    "--san", "dns:db2.example.com", "--san", "ip:192.0.2.7", "--san", "email:pki@example.com", "--san", "uri:https://example.com/x",
];

#[rustfmt::skip]
const NAME_CONSTRAINTS: [&str; 6] = [
    "--permit-dns", "example.com", "--permit-ip", "192.0.2.0/24", "--permit-ip", "2001:db8::/32",
];

#[test]
fn pkilint_finds_nothing_that_is_not_justified() {
    let mut collected = Certificates::default();
    collected.every_key_type();
    collected.every_profile();
    collected.names_at_the_edge();
    collected.long_lifetimes();
    collected.special_authorities();
    collected.intermediates();
    collected.crls();
    collected.after_a_change_of_key();

    let found = findings(&collected.files);
    let exceptions = exceptions();
    let justified: BTreeSet<&str> = exceptions.iter().map(|exception| exception.id.as_str()).collect();
    let unjustified: Vec<_> = found
        .iter()
        .filter(|(id, _)| !justified.contains(id.as_str()))
        .collect();
    assert!(unjustified.is_empty(), "pkilint finds: {unjustified:#?}");
    let stale: Vec<_> = justified.iter().filter(|id| !found.contains_key(**id)).collect();
    assert!(
        stale.is_empty(),
        "no longer found, so to be taken out of tests/lint_exceptions.json: {stale:?}"
    );
}

/// The linter is listened to: what is wrong in a certificate of another make is not passed over.
#[test]
fn pkilint_finds_a_ca_that_may_not_sign_certificates() {
    let dir = TestDir::new();
    let (key, certificate) = (dir.path("key.pem"), dir.path("certificate.pem"));
    openssl(&[
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=Careless CA",
        "-keyout",
        &key,
        "-out",
        &certificate,
    ])
    .args(&["-addext", "keyUsage=digitalSignature"]) // with the basicConstraints CA:TRUE that `openssl req` puts in by itself
    .run()
    .ok();
    let found = findings(&BTreeMap::from([("careless".to_owned(), certificate)]));
    assert!(
        found
            .keys()
            .any(|id| id.contains("ca_certificate_keycertsign_keyusage_not_set")),
        "{found:#?}"
    );
}

/// zlint's e_key_usage_and_extended_key_usage_inconsistent (RFC 5280 §4.2.1.12): keyEncipherment goes with serverAuth or emailProtection.
#[test]
fn key_encipherment_goes_with_purposes_that_use_it() {
    let ca = TestCa::init(P256);
    for profile in PROFILES {
        let issued = ca.issue(FQDN, &["--key-type", "rsa", "--no-pfx", "--profile", profile]);
        let text = openssl(&["x509", "-in", &issued.record, "-noout", "-text"])
            .run()
            .ok()
            .stdout;
        let enciphers = text.contains("Key Encipherment");
        let purpose_does =
            text.contains("TLS Web Server Authentication") || text.contains("E-mail Protection");
        assert_eq!(enciphers, purpose_does, "{profile}: {text}");
        // And nothing is issued again for the sake of it.
        ca.gsec(&[
            "cert",
            "ensure",
            "--host",
            FQDN,
            "--key-type",
            "rsa",
            "--no-pfx",
            "--profile",
            profile,
            "--check",
        ])
        .run()
        .ok();
    }
}

/// zlint's e_name_constraint_not_fqdn: what shuts out a kind of name is a name of two labels, and no user gets to see it.
#[test]
fn constraints_hold_no_single_label_and_show_none_that_does_not_exist() {
    for (flags, first) in [
        (["--permit-dns", "example.com"], "db1.example.com"),
        (["--permit-ip", "10.0.0.0/8"], "10.0.0.1"),
    ] {
        let dir = TestDir::new();
        let path = dir.path("ca");
        let made = gsec(&[
            "ca",
            "init",
            "--cn",
            "Test CA",
            "--key-type",
            "p256",
            "--ca-dir",
            &path,
            "--json",
        ])
        .args(&flags)
        .run()
        .ok();
        let next = made.json()["next"][0].as_str().expect("a command").to_owned();
        assert!(next.contains(&format!("--host {first} ")), "{next}");
        let certificate = format!("{path}/ca_conf/ca_cert.pem");
        let text = openssl(&["x509", "-in", &certificate, "-noout", "-ext", "nameConstraints"])
            .run()
            .ok()
            .stdout;
        assert!(text.contains("invalid.invalid"), "{text}");
        let words: Vec<Outcome> = vec![
            made,
            gsec(&["cert", "show", &certificate]).run().ok(),
            gsec(&["cert", "show", &certificate, "--json"]).run().ok(),
            gsec(&["ca", "show", "--ca-dir", &path, "--json"]).run().ok(),
            gsec(&[
                "cert",
                "issue",
                "--host",
                first,
                "--san",
                "email:a@b.example",
                "--ca-dir",
                &path,
            ])
            .run()
            .code(3),
        ];
        for outcome in words {
            assert!(
                !outcome.stdout.contains("invalid") && !outcome.stderr.contains("invalid"),
                "{outcome}"
            );
        }
    }
}

/// zlint's e_crl_revocation_time_after_this_update.
#[test]
fn no_crl_lists_a_revocation_later_than_itself() {
    let ca = TestCa::init(P256);
    ca.issue(FQDN, &[P256, &["--no-pfx"]].concat());
    ca.gsec(&["cert", "revoke", "01"]).run().ok();
    let shown = ca.gsec(&["crl", "show", "--json"]).run().ok().json();
    let (made, revoked) = (
        shown["this_update"].as_str().expect("a time"),
        shown["revoked"][0]["revoked_at"].as_str().expect("a time"),
    );
    assert!(revoked <= made, "{shown:#}");
}

#[test]
fn every_exception_says_why() {
    for Exception { id, reason } in exceptions() {
        assert!(
            reason.len() > 20,
            "`{id}` in tests/lint_exceptions.json has no reason worth the name: {reason:?}"
        );
    }
}

/// The certificates to lint, by a name that says what they are.
#[derive(Default)]
struct Certificates {
    files: BTreeMap<String, String>,
    authorities: Vec<TestCa>, // their directories live as long as this
}

impl Certificates {
    /// Makes a CA, from which the hosts that follow are issued.
    fn authority(&mut self, name: &str, flags: &[&str]) {
        let ca = TestCa::init(flags);
        self.files.insert(format!("CA {name}"), ca.certificate.clone());
        self.authorities.push(ca);
    }

    fn host(&mut self, name: &str, host: &str, flags: &[&str]) {
        let issued = self
            .authorities
            .last()
            .expect("a CA comes first")
            .issue(host, flags);
        self.files.insert(format!("host {name}"), issued.record);
    }

    /// A host whose key is made quickly, since the case is about something else.
    fn p256_host(&mut self, name: &str, host: &str, flags: &[&str]) {
        self.host(name, host, &[P256, &["--no-pfx"], flags].concat());
    }

    fn every_key_type(&mut self) {
        for kind in &KEY_TYPES {
            self.authority(kind.name, kind.flags);
            self.host(kind.name, FQDN, &[kind.flags, &["--no-pfx"]].concat());
        }
    }

    fn every_profile(&mut self) {
        for kind in ["rsa-2048", "p256", "ed25519"].map(key_type) {
            self.authority(&format!("for profiles, {}", kind.name), kind.flags);
            for profile in PROFILES {
                self.host(
                    &format!("{profile}, {}", kind.name),
                    FQDN,
                    &[kind.flags, &["--no-pfx", "--profile", profile]].concat(),
                );
            }
        }
    }

    fn names_at_the_edge(&mut self) {
        let over_64 = format!("{}.{}.example.com", "a".repeat(40), "b".repeat(40));
        self.authority("random serials", &[P256, &["--serial-mode", "random"]].concat());
        self.p256_host("wildcard", "*.example.com", &[]);
        self.p256_host("single label", "short", &[]);
        self.p256_host("IPv4 only", "192.0.2.7", &[]);
        self.p256_host("IPv6 only", "2001:db8::7", &[]);
        self.p256_host("internationalised", "müller.example.com", &[]);
        self.p256_host("over 64 characters, so with an empty subject", &over_64, &[]);
        self.p256_host(
            "over 64 characters, with an organisation",
            &over_64,
            &["--org", "Example"],
        );
        self.p256_host("every part of a name", FQDN, &HOST_NAME_PARTS);
        self.p256_host("every kind of alternative name", FQDN, &ALTERNATIVE_NAMES);
    }

    fn long_lifetimes(&mut self) {
        self.authority(
            "until 2090",
            &[P256, &["--not-after", "2090-01-01T00:00:00Z"]].concat(),
        );
        self.p256_host(
            "until the last second of UTCTime",
            FQDN,
            &["--not-after", "2049-12-31T23:59:59Z"],
        );
        self.p256_host(
            "until the first second of GeneralizedTime",
            FQDN,
            &["--not-after", "2050-01-01T00:00:00Z"],
        );
    }

    fn special_authorities(&mut self) {
        self.authority("with every part of a name", &[P256, &CA_NAME_PARTS].concat());
        self.authority("with a path length", &[P256, &["--path-len", "0"]].concat());
        self.authority("with name constraints", &[P256, &NAME_CONSTRAINTS].concat());
        self.p256_host("under name constraints", FQDN, &["--san", "ip:192.0.2.7"]);
        self.authority(
            "with constraints on domains alone",
            &[P256, &["--permit-dns", "example.com"]].concat(),
        );
        self.p256_host("under constraints on domains", FQDN, &[]);
        self.authority(
            "with constraints on addresses alone",
            &[P256, &["--permit-ip", "192.0.2.0/24"]].concat(),
        );
        self.p256_host("under constraints on addresses", "192.0.2.7", &[]);
    }

    /// An intermediate CA below the last one, constrained itself, and a host below that.
    fn intermediates(&mut self) {
        self.authority("above others", &[P256, &NAME_CONSTRAINTS].concat());
        let above = self.authorities.last().expect("it was just made").path.clone();
        for (name, flags) in [
            ("intermediate", &[][..]),
            ("constrained intermediate", &["--permit-dns", "a.example.com"]),
        ] {
            let ca = TestCa::named(name, &[P256, &["--parent", &above], flags].concat());
            // Its own certificate alone: the linter reads one.
            let own = openssl(&["x509", "-in", &ca.certificate]).run().ok().stdout;
            self.files
                .insert(format!("CA {name}"), ca.dir.write("own.pem", own));
            self.authorities.push(ca);
            self.p256_host(&format!("below {name}"), "db1.a.example.com", &[]);
        }
    }

    fn crls(&mut self) {
        for kind in &KEY_TYPES {
            self.authority(&format!("with a CRL, {}", kind.name), kind.flags);
            let ca = self.authorities.last().expect("it was just made");
            ca.gsec(&["crl", "update"]).run().ok();
            let empty = ca.dir.write(
                "empty.crl",
                std::fs::read_to_string(ca.conf("ca_crl.pem")).expect("a CRL"),
            );
            for (at, reason) in ["keyCompromise", "superseded", "certificateHold", "unspecified"]
                .iter()
                .enumerate()
            {
                ca.issue(FQDN, &[P256, &["--no-pfx"]].concat());
                ca.gsec(&["cert", "revoke", &format!("{:02X}", at + 1), "--reason", reason])
                    .run()
                    .ok();
            }
            let full = ca.conf("ca_crl.pem");
            self.files.insert(format!("CRL empty, {}", kind.name), empty);
            self.files.insert(format!("CRL, {}", kind.name), full);
        }
    }

    fn after_a_change_of_key(&mut self) {
        self.authority("before a change of key", &[P256, &NAME_CONSTRAINTS].concat());
        let ca = self.authorities.last().expect("it was just made");
        let answer = ca.gsec(&["ca", "rekey", "--json"]).run().ok().json();
        for name in ["certificate", "new_with_old", "old_with_new"] {
            self.files.insert(
                format!("CA {name}"),
                answer["files"][name].as_str().expect("a path").to_owned(),
            );
        }
        self.p256_host("after a change of key", FQDN, &[]);
    }
}

/// What pkilint finds, by exception id.
fn findings(files: &BTreeMap<String, String>) -> BTreeMap<String, Value> {
    let paths: Vec<&str> = files.values().map(String::as_str).collect();
    let report = python("lint.py").args(&paths).run().ok().json();
    let mut found = BTreeMap::new();
    for (name, path) in files {
        for finding in report[path].as_array().expect("a list of findings") {
            found.insert(
                format!("{name}: {}", finding["code"].as_str().expect("a code")),
                finding.clone(),
            );
        }
    }
    found
}

fn exceptions() -> Vec<Exception> {
    let entries: Vec<Value> = serde_json::from_str(include_str!("../../lint_exceptions.json"))
        .expect("lint_exceptions.json is JSON");
    let text = |entry: &Value, key: &str| {
        entry[key]
            .as_str()
            .unwrap_or_else(|| panic!("no `{key}` in {entry}"))
            .to_owned()
    };
    entries
        .iter()
        .map(|entry| Exception {
            id: text(entry, "id"),
            reason: text(entry, "reason"),
        })
        .collect()
}
