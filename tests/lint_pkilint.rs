//! pkilint's RFC 5280 linter finds no error and no warning in what gsec issues, except what `lint_exceptions.json` justifies.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{KEY_TYPES, TestCa, TestDir, key_type, openssl, python};
use serde_json::Value;

/// One justified finding: `id` is `<certificate as named below>: <pkilint's code>`.
struct Exception {
    id: String,
    reason: String,
}

const FQDN: &str = "db1.example.com";
const P256: &[&str] = &["--key-type", "p256"];
const PROFILES: [&str; 7] = ["host", "server", "gui", "tls-server", "tls-client", "appliance", "hub"];

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

    let found = findings(&collected.files);
    let exceptions = exceptions();
    let justified: BTreeSet<&str> = exceptions.iter().map(|exception| exception.id.as_str()).collect();
    let unjustified: Vec<_> = found.iter().filter(|(id, _)| !justified.contains(id.as_str())).collect();
    assert!(unjustified.is_empty(), "pkilint finds: {unjustified:#?}");
    let stale: Vec<_> = justified.iter().filter(|id| !found.contains_key(**id)).collect();
    assert!(stale.is_empty(), "no longer found, so to be taken out of tests/lint_exceptions.json: {stale:?}");
}

/// The linter is listened to: what is wrong in a certificate of another make is not passed over.
#[test]
fn pkilint_finds_a_ca_that_may_not_sign_certificates() {
    let dir = TestDir::new();
    let (key, certificate) = (dir.path("key.pem"), dir.path("certificate.pem"));
    openssl(&["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Careless CA", "-keyout", &key, "-out", &certificate])
        .args(&["-addext", "keyUsage=digitalSignature"]) // with the basicConstraints CA:TRUE that `openssl req` puts in by itself
        .run()
        .ok();
    let found = findings(&BTreeMap::from([("careless".to_owned(), certificate)]));
    assert!(found.keys().any(|id| id.contains("ca_certificate_keycertsign_keyusage_not_set")), "{found:#?}");
}

#[test]
fn every_exception_says_why() {
    for Exception { id, reason } in exceptions() {
        assert!(reason.len() > 20, "`{id}` in tests/lint_exceptions.json has no reason worth the name: {reason:?}");
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
        let issued = self.authorities.last().expect("a CA comes first").issue(host, flags);
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
        for kind in ["rsa-2048", "p256"].map(key_type) {
            self.authority(&format!("for profiles, {}", kind.name), kind.flags);
            for profile in PROFILES {
                self.host(&format!("{profile}, {}", kind.name), FQDN, &[kind.flags, &["--no-pfx", "--profile", profile]].concat());
            }
        }
    }

    fn names_at_the_edge(&mut self) {
        let over_64 = format!("{}.{}.example.com", "a".repeat(40), "b".repeat(40));
        self.authority("random serials", &[P256, &["--serial-mode", "random"]].concat());
        self.p256_host("wildcard", "*.example.com", &[]);
        self.p256_host("IPv4 only", "192.0.2.7", &[]);
        self.p256_host("IPv6 only", "2001:db8::7", &[]);
        self.p256_host("internationalised", "müller.example.com", &[]);
        self.p256_host("over 64 characters, so with an empty subject", &over_64, &[]);
        self.p256_host("over 64 characters, with an organisation", &over_64, &["--org", "Example"]);
        self.p256_host("every part of a name", FQDN, &HOST_NAME_PARTS);
        self.p256_host("every kind of alternative name", FQDN, &ALTERNATIVE_NAMES);
    }

    fn long_lifetimes(&mut self) {
        self.authority("until 2090", &[P256, &["--not-after", "2090-01-01T00:00:00Z"]].concat());
        self.p256_host("until the last second of UTCTime", FQDN, &["--not-after", "2049-12-31T23:59:59Z"]);
        self.p256_host("until the first second of GeneralizedTime", FQDN, &["--not-after", "2050-01-01T00:00:00Z"]);
    }

    fn special_authorities(&mut self) {
        self.authority("with every part of a name", &[P256, &CA_NAME_PARTS].concat());
        self.authority("with a path length", &[P256, &["--path-len", "0"]].concat());
        self.authority("with name constraints", &[P256, &NAME_CONSTRAINTS].concat());
        self.p256_host("under name constraints", FQDN, &["--san", "ip:192.0.2.7"]);
    }
}

/// What pkilint finds, by exception id.
fn findings(files: &BTreeMap<String, String>) -> BTreeMap<String, Value> {
    let paths: Vec<&str> = files.values().map(String::as_str).collect();
    let report = python("lint.py").args(&paths).run().ok().json();
    let mut found = BTreeMap::new();
    for (name, path) in files {
        for finding in report[path].as_array().expect("a list of findings") {
            found.insert(format!("{name}: {}", finding["code"].as_str().expect("a code")), finding.clone());
        }
    }
    found
}

fn exceptions() -> Vec<Exception> {
    let entries: Vec<Value> = serde_json::from_str(include_str!("lint_exceptions.json")).expect("lint_exceptions.json is JSON");
    let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_else(|| panic!("no `{key}` in {entry}")).to_owned();
    entries.iter().map(|entry| Exception { id: text(entry, "id"), reason: text(entry, "reason") }).collect()
}
