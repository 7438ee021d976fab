//! The life of a certificate, for each type of key, under a root CA and under an intermediate: made, asked for, renewed, revoked and
//! listed, with OpenSSL and GnuTLS as judges at each step.

use crate::common;

use common::{KEY_TYPES, KeyType, Outcome, Scene, tool};
use serde_json::Value;

const ROOT: &str = "root/ca_conf/ca_cert.pem";
const CRLS: &str = "crls.pem";

/// A CA that issues, and the path from its certificates up to the root.
struct Life {
    scene: Scene,
    kind: &'static KeyType,
    /// The directory of the CA that issues.
    ca: &'static str,
}

#[test]
fn every_key_type_lives_under_a_root() {
    KEY_TYPES
        .iter()
        .for_each(|kind| Life::under_a_root(kind).is_lived());
}

#[test]
fn every_key_type_lives_under_an_intermediate() {
    KEY_TYPES
        .iter()
        .for_each(|kind| Life::under_an_intermediate(kind).is_lived());
}

impl Life {
    fn under_a_root(kind: &'static KeyType) -> Self {
        let life = Life {
            scene: Scene::empty(),
            kind,
            ca: "root",
        };
        life.gsec("root", &["ca", "init", "--cn", "Root CA"], kind.flags)
            .ok();
        life
    }

    fn under_an_intermediate(kind: &'static KeyType) -> Self {
        let life = Life {
            ca: "below",
            ..Life::under_a_root(kind)
        };
        life.gsec(
            "below",
            &["ca", "init", "--cn", "CA below", "--parent", "root"],
            kind.flags,
        )
        .ok();
        life
    }

    fn gsec(&self, ca: &str, words: &[&str], flags: &[&str]) -> Outcome {
        self.scene.gsec(&["--ca-dir", ca]).args(words).args(flags).run()
    }

    /// A call in the CA that issues, and what it answers.
    fn json(&self, words: &[&str], flags: &[&str]) -> Value {
        self.gsec(self.ca, words, &[flags, &["--json"]].concat())
            .ok()
            .json()
    }

    fn is_lived(&self) {
        self.crls_are_made("01");
        let issued = self.json(
            &["cert", "issue", "--host", "db1.example.com", "--san", "dns:db1"],
            self.kind.flags,
        );
        let first = self.is_taken_by_all(&issued);
        self.requests_are_signed();

        let renewed = self.json(&["cert", "renew", &first], &[]);
        assert_eq!(renewed["replaces"], Value::from(first.as_str()), "{renewed}");
        let second = self.is_taken_by_all(&renewed);
        assert_eq!(
            self.public_key(&first).0,
            self.public_key(&second).0,
            "a key of the same type and size"
        );
        assert_ne!(self.public_key(&first), self.public_key(&second), "a new key");
        assert_eq!(self.names(&first), self.names(&second));

        let kept = self.json(&["cert", "renew", &second, "--keep-key"], &[]);
        let third = self.is_taken_by_all(&kept);
        assert_eq!(self.public_key(&second), self.public_key(&third), "the same key");
        assert_eq!(self.names(&first), self.names(&third));

        let revoked = self.json(&["cert", "revoke", &first], &["--reason", "keyCompromise"]);
        assert_eq!(
            (&revoked["changed"], &revoked["crl"]["number"]),
            (&true.into(), &"02".into()),
            "{revoked}"
        );
        self.json(&["cert", "revoke", &second], &["--reason", "superseded"]);
        self.crls_are_made("04");
        self.crl_is_right(&[(&first, "Key Compromise"), (&second, "Superseded")]);
        assert!(
            !self.openssl_takes(&first) && !self.gnutls_takes(&first),
            "{} {first} is revoked",
            self.kind.name
        );
        assert!(
            !self.openssl_takes(&second) && !self.gnutls_takes(&second),
            "{} {second} is revoked",
            self.kind.name
        );
        assert!(
            self.openssl_takes(&third) && self.gnutls_takes(&third),
            "{} {third} is not revoked",
            self.kind.name
        );
        self.everything_is_listed(&[&first, &second]);
        self.gsec(self.ca, &["ca", "log", "--verify"], &[]).ok();
    }

    /// A request of gsec's own, one of OpenSSL's and one of GnuTLS's, each with a key of this type.
    fn requests_are_signed(&self) {
        let at = self.scene.dir.path("");
        self.scene
            .gsec(&["cert", "request", "--host", "web1.example.com"])
            .args(self.kind.flags)
            .run()
            .ok();
        self.scene
            .openssl(&["req", "-verify", "-noout", "-in", "web1_req.pem"]);
        common::openssl(&[
            "req",
            "-new",
            "-nodes",
            "-subj",
            "/CN=web2.example.com",
            "-keyout",
            "web2.key",
            "-out",
            "web2_req.pem",
            "-newkey",
        ])
        .args(self.openssl_key())
        .in_dir(&at)
        .run()
        .ok();
        self.scene.write("gnutls.cfg", "cn = web3.example.com\n");
        let key = [
            "--load-privkey",
            "web1_priv_key.pem",
            "--template",
            "gnutls.cfg",
            "--outfile",
            "web3_req.pem",
        ];
        tool("certtool")
            .args(&["--generate-request"])
            .args(&key)
            .in_dir(&at)
            .run()
            .ok();
        for host in ["web1", "web2", "web3"] {
            let name = format!("{host}.example.com");
            let signed = self.json(
                &["cert", "sign", &format!("{host}_req.pem"), "--host", &name],
                &[],
            );
            let serial = self.is_taken_by_all(&signed);
            assert_eq!(self.names(&serial), format!("DNS:{name}"));
            let asked = self
                .scene
                .openssl(&["req", "-in", &format!("{host}_req.pem"), "-noout", "-pubkey"])
                .stdout;
            let certified = self
                .scene
                .openssl(&["x509", "-in", &self.file(&serial), "-noout", "-pubkey"])
                .stdout;
            assert_eq!(asked, certified, "{host}: the key of the request");
        }
    }

    /// OpenSSL's words for a key of this type.
    fn openssl_key(&self) -> &'static [&'static str] {
        match self.kind.name {
            "rsa-2048" => &["rsa:2048"],
            "rsa-3072" => &["rsa:3072"],
            "rsa-4096" => &["rsa:4096"],
            "p256" => &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
            "p384" => &["ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
            "p521" => &["ec", "-pkeyopt", "ec_paramgen_curve:P-521"],
            "ed25519" => &["ed25519"],
            other => panic!("how does OpenSSL make {other}?"),
        }
    }

    /// A CRL of every CA on the path, all in one file; that of the CA that issues has this number.
    fn crls_are_made(&self, number: &str) {
        let made = self.json(&["crl", "update"], &[]);
        assert_eq!(made["number"], number, "{made}");
        if self.ca != "root" {
            self.gsec("root", &["crl", "update"], &[]).ok();
        }
        let of = |ca: &str| self.scene.read(&format!("{ca}/ca_conf/ca_crl.pem"));
        let all = if self.ca == "root" {
            of("root")
        } else {
            of(self.ca) + &of("root")
        };
        self.scene.write(CRLS, all);
    }

    /// What OpenSSL and GnuTLS find in the CRL: number, key identifier of the CA that issued it, signature, and these entries.
    fn crl_is_right(&self, entries: &[(&str, &str)]) {
        let (crl, certificate) = (
            format!("{}/ca_conf/ca_crl.pem", self.ca),
            format!("{}/ca_conf/ca_cert.pem", self.ca),
        );
        let text = self
            .scene
            .openssl(&["crl", "-in", &crl, "-noout", "-text", "-CAfile", &certificate]);
        assert!(text.stderr.contains("verify OK"), "{text}");
        let identifier = self
            .scene
            .openssl(&[
                "x509",
                "-in",
                &certificate,
                "-noout",
                "-ext",
                "subjectKeyIdentifier",
            ])
            .stdout;
        let identifier = identifier.lines().nth(1).expect("an identifier").trim();
        let after = text
            .stdout
            .split("X509v3 Authority Key Identifier:")
            .nth(1)
            .expect("the extension");
        assert!(
            after
                .trim_start()
                .trim_start_matches("keyid:")
                .starts_with(identifier),
            "{identifier}: {text}"
        );
        let number = text
            .stdout
            .split("X509v3 CRL Number:")
            .nth(1)
            .and_then(|rest| rest.split_whitespace().next());
        assert_eq!(number, Some("4"), "{text}");
        assert_eq!(
            text.stdout.matches("Serial Number: ").count(),
            entries.len(),
            "{text}"
        );
        for (serial, reason) in entries {
            let entry = text
                .stdout
                .split("Serial Number: ")
                .find(|entry| entry.starts_with(serial))
                .expect("an entry");
            assert!(entry.contains(reason), "{serial}: {entry}");
        }
        let args = [
            "--verify-crl",
            "--load-ca-certificate",
            &certificate,
            "--infile",
            &crl,
        ];
        tool("certtool")
            .args(&args)
            .in_dir(self.scene.dir.path(""))
            .run()
            .ok()
            .says("Verified");
    }

    fn everything_is_listed(&self, revoked: &[&str]) {
        let listed = self.json(&["cert", "list"], &[]);
        let entries = listed["certificates"].as_array().expect("a list");
        assert_eq!(entries.len(), 6, "three of db1, three requests: {listed}");
        for entry in entries {
            let is_revoked = revoked.iter().any(|serial| entry["serial"] == *serial);
            assert_eq!(
                entry["status"],
                if is_revoked { "revoked" } else { "valid" },
                "{entry}"
            );
        }
    }

    /// Every judge takes what a report tells of, against the CRLs too. Returns the serial number.
    fn is_taken_by_all(&self, report: &Value) -> String {
        let serial = report["serial"].as_str().expect("a serial number").to_owned();
        assert!(
            self.openssl_takes(&serial) && self.gnutls_takes(&serial),
            "{} {serial} under {}",
            self.kind.name,
            self.ca
        );
        self.gsec(
            self.ca,
            &[
                "cert",
                "verify",
                report["files"]["host_certificate"].as_str().expect("a file"),
            ],
            &["--crl", CRLS],
        )
        .ok();
        serial
    }

    fn file(&self, serial: &str) -> String {
        format!("{}/repository/{serial}.pem", self.ca)
    }

    /// What the host presents: its certificate and those between it and the root.
    fn presented(&self, serial: &str) -> String {
        let folder = self
            .scene
            .dir
            .path(&format!("{}/repository", self.ca))
            .to_string();
        let names = std::fs::read_dir(folder).expect("the repository").map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("a name")
        });
        let name = names
            .into_iter()
            .find(|name| name.starts_with(&format!("{serial}_")) && name.ends_with("_cert.pem"))
            .expect("its file");
        format!("{}/repository/{name}", self.ca)
    }

    fn openssl_takes(&self, serial: &str) -> bool {
        let presented = self.presented(serial);
        let args = [
            "verify",
            "-x509_strict",
            "-crl_check_all",
            "-CAfile",
            ROOT,
            "-CRLfile",
            CRLS,
            "-untrusted",
            &presented,
            &presented,
        ];
        let outcome = common::openssl(&args).in_dir(self.scene.dir.path("")).run();
        assert!(
            outcome.status == Some(0) || outcome.stderr.contains("certificate revoked"),
            "refused for another reason: {outcome}"
        );
        outcome.status == Some(0)
    }

    fn gnutls_takes(&self, serial: &str) -> bool {
        let presented = self.presented(serial);
        let args = [
            "--verify",
            "--load-ca-certificate",
            ROOT,
            "--load-crl",
            CRLS,
            "--infile",
            &presented,
        ];
        let outcome = tool("certtool").args(&args).in_dir(self.scene.dir.path("")).run();
        assert!(
            outcome.status == Some(0) || outcome.stdout.contains("revoked"),
            "refused for another reason: {outcome}"
        );
        outcome.status == Some(0)
    }

    /// The line of OpenSSL's text that says type and size of the key, and the key.
    fn public_key(&self, serial: &str) -> (String, String) {
        let text = self
            .scene
            .openssl(&["x509", "-in", &self.file(serial), "-noout", "-text"])
            .stdout;
        let kind = text
            .lines()
            .find(|line| line.contains("Public-Key"))
            .expect("a key")
            .to_owned();
        (
            kind,
            self.scene
                .openssl(&["x509", "-in", &self.file(serial), "-noout", "-pubkey"])
                .stdout,
        )
    }

    fn names(&self, serial: &str) -> String {
        let text = self
            .scene
            .openssl(&[
                "x509",
                "-in",
                &self.file(serial),
                "-noout",
                "-ext",
                "subjectAltName",
            ])
            .stdout;
        text.lines().nth(1).expect("the names").trim().to_owned()
    }
}
