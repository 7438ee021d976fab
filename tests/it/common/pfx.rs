//! What a PKCS #12 file holds, told by digests, whoever reads it; and what goes into one: a key with its certificate and two issuers.

use std::fmt::Write as _;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Call, Outcome, TestDir, gsec, openssl};

/// The password where the test is not about passwords.
pub const PASSWORD: &str = "correct horse";

/// The kinds of key that go into files; RSA 2048 is the only one that takes a while to make.
pub const KEY_KINDS: [&str; 5] = ["rsa-2048", "p256", "p384", "p521", "ed25519"];

/// What people type, and what readers and writers have stumbled over.
pub const PASSWORDS: [(&str, &str); 8] = [
    ("empty", ""),
    ("short", "x"),
    ("long", LONG),
    ("with a blank inside", "correct horse"),
    ("with blanks around", "  correct horse "),
    ("of Latin-1", "pässwörd"),
    ("of Cyrillic and more", "Жук €"),
    ("beyond U+FFFF", "horse \u{1f600}"),
];

/// 200 characters.
const LONG: &str = concat!(
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN",
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN",
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN",
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN"
);

/// Passwords that gsec can write a file under: a PFX has characters up to U+FFFF only.
pub fn writable_passwords() -> impl Iterator<Item = (&'static str, &'static str)> {
    PASSWORDS
        .into_iter()
        .filter(|(_, password)| password.chars().all(|character| character <= '\u{ffff}'))
}

/// The SHA-256 of everything that was found: of certificates in DER, of private keys in PKCS #8 as OpenSSL encodes it, because writers
/// differ in what they leave out. Sorted, and what is there twice stands here twice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Held {
    pub certificates: Vec<String>,
    pub keys: Vec<String>,
}

impl Held {
    /// What stands in a PEM text.
    #[track_caller]
    pub fn in_pem(text: &str) -> Self {
        let mut held = Held::default();
        for block in pem::parse_many(text).unwrap_or_else(|problem| panic!("not PEM ({problem}): {text}")) {
            match block.tag() {
                "CERTIFICATE" => held.certificates.push(sha256(block.contents())),
                label if label.ends_with("PRIVATE KEY") => {
                    held.keys.push(sha256(&openssl_key(&pem::encode(&block))))
                }
                other => panic!("a block of another kind: {other}"),
            }
        }
        held.sorted()
    }

    /// What stands in these PEM files.
    #[track_caller]
    pub fn in_files(files: &[&str]) -> Self {
        let read = |file: &&str| {
            std::fs::read_to_string(file).unwrap_or_else(|problem| panic!("cannot read {file}: {problem}"))
        };
        Held::in_pem(&files.iter().map(read).collect::<String>())
    }

    /// What a program says: a key in PEM, if there is one, and digests of certificates.
    #[track_caller]
    pub fn of(key: Option<&str>, certificates: Vec<String>) -> Self {
        Held {
            certificates,
            ..Held::in_pem(key.unwrap_or_default())
        }
        .sorted()
    }

    /// The same without keys.
    pub fn certificates_only(&self) -> Self {
        Held {
            certificates: self.certificates.clone(),
            keys: Vec::new(),
        }
    }

    /// The same without certificates.
    pub fn keys_only(&self) -> Self {
        Held {
            certificates: Vec::new(),
            keys: self.keys.clone(),
        }
    }

    fn sorted(mut self) -> Self {
        self.certificates.sort();
        self.keys.sort();
        self
    }
}

/// A private key in PEM as OpenSSL's PKCS #8 in DER.
#[track_caller]
fn openssl_key(pem: &str) -> Vec<u8> {
    openssl(&["pkey", "-outform", "DER"])
        .stdin(pem)
        .run()
        .ok()
        .stdout_bytes
}

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, octet| {
            let _ = write!(text, "{octet:02x}");
            text
        })
}

/// The SHA-256 of the certificate in a PEM file.
#[track_caller]
pub fn digest_of(certificate: &str) -> String {
    let [digest]: [String; 1] = Held::in_files(&[certificate])
        .certificates
        .try_into()
        .expect("one certificate");
    digest
}

/// Who goes into a file: a host's key and certificate, the intermediate CA that issued it, and the root. OpenSSL made them.
pub struct Cast {
    pub dir: TestDir,
    pub key: String,
    pub certificate: String,
    pub intermediate: String,
    pub root: String,
    /// Root and intermediate in one file, in the order that no server wants.
    pub issuers: String,
}

const EXTENSIONS: &str = "[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:TRUE
subjectKeyIdentifier = hash
[host]
subjectAltName = DNS:db1.example.com
";

impl Cast {
    /// With a host key of this kind of [`KEY_KINDS`].
    pub fn of_key(kind: &str) -> Self {
        println!("key kind {kind}"); // shown with a failure: tests that loop over kinds say where they were
        let dir = TestDir::new();
        dir.write("req.cnf", EXTENSIONS);
        let [root_key, intermediate_key] =
            ["root.key", "intermediate.key"].map(|file| generate_key(&dir, "p256", file));
        let key = generate_key(&dir, kind, "host.key");
        let root = self_sign(&dir, &root_key, "/CN=Test Root", "authority", "root.pem", &[]);
        let intermediate = self_sign(
            &dir,
            &intermediate_key,
            "/CN=Test Intermediate",
            "authority",
            "intermediate.pem",
            &["-CA", &root, "-CAkey", &root_key],
        );
        let by_intermediate = ["-CA", &intermediate, "-CAkey", &intermediate_key];
        let certificate = self_sign(
            &dir,
            &key,
            "/CN=db1.example.com",
            "host",
            "host.pem",
            &by_intermediate,
        );
        let read = |file: &str| std::fs::read_to_string(file).expect("a certificate");
        let issuers = dir.write("issuers.pem", [read(&root), read(&intermediate)].concat());
        Cast {
            key,
            certificate,
            intermediate,
            root,
            issuers,
            dir,
        }
    }

    /// Quickly made.
    pub fn new() -> Self {
        Cast::of_key("p256")
    }

    /// Key and all three certificates.
    pub fn all(&self) -> Held {
        Held::in_files(&[&self.key, &self.certificate, &self.intermediate, &self.root])
    }

    /// Key and certificate of the host.
    pub fn without_issuers(&self) -> Held {
        Held::in_files(&[&self.key, &self.certificate])
    }

    /// OpenSSL writes all of it into `name` in the directory, with these further flags.
    #[track_caller]
    pub fn openssl_writes(&self, name: &str, password: &str, flags: &[&str]) -> String {
        self.openssl_writes_host(name, password, &[&["-certfile", &self.issuers], flags].concat())
    }

    /// The same without the issuers.
    #[track_caller]
    pub fn openssl_writes_host(&self, name: &str, password: &str, flags: &[&str]) -> String {
        let file = self.dir.path(name);
        openssl(&[
            "pkcs12",
            "-export",
            "-inkey",
            &self.key,
            "-in",
            &self.certificate,
            "-out",
            &file,
            "-passout",
            "env:PFX_PASSWORD",
        ])
        .args(flags)
        .env("PFX_PASSWORD", password)
        .run()
        .ok();
        file
    }

    /// gsec writes all of it into `name` in the directory, with these further flags.
    #[track_caller]
    pub fn gsec_writes(&self, name: &str, password: &str, flags: &[&str]) -> String {
        let file = self.dir.path(name);
        to_pfx(
            &file,
            password,
            &[
                "--cert",
                &self.certificate,
                "--key",
                &self.key,
                "--chain",
                &self.issuers,
            ],
        )
        .args(flags)
        .run()
        .ok();
        file
    }
}

fn generate_key(dir: &TestDir, kind: &str, name: &str) -> String {
    let file = dir.path(name);
    let curve = |curve| {
        vec![
            "-algorithm".to_owned(),
            "EC".into(),
            "-pkeyopt".into(),
            format!("ec_paramgen_curve:{curve}"),
        ]
    };
    let flags = match kind {
        "rsa-2048" => ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
            .map(String::from)
            .to_vec(),
        "p256" => curve("P-256"),
        "p384" => curve("P-384"),
        "p521" => curve("P-521"),
        "ed25519" => ["-algorithm", "ED25519"].map(String::from).to_vec(),
        "ed448" => ["-algorithm", "ED448"].map(String::from).to_vec(),
        "secp256k1" => curve("secp256k1"),
        other => panic!("no key kind `{other}`"),
    };
    openssl(&["genpkey", "-quiet", "-out", &file])
        .args(&flags.iter().map(String::as_str).collect::<Vec<_>>())
        .run()
        .ok();
    file
}

/// `openssl req -x509`, which signs with the subject's own key, or with another one's when the flags name it.
fn self_sign(
    dir: &TestDir,
    key: &str,
    subject: &str,
    extensions: &str,
    name: &str,
    flags: &[&str],
) -> String {
    let file = dir.path(name);
    openssl(&[
        "req",
        "-x509",
        "-config",
        &dir.path("req.cnf"),
        "-days",
        "30",
        "-subj",
        subject,
        "-extensions",
        extensions,
    ])
    .args(&["-key", key, "-out", &file])
    .args(flags)
    .run()
    .ok();
    file
}

/// `gsec convert to-pem` to standard output.
pub fn to_pem(file: &str, password: &str) -> Call {
    gsec(&["convert", "to-pem", file, "--password-env", "PFX_PASSWORD"]).env("PFX_PASSWORD", password)
}

/// `gsec convert to-pfx`, over what may be there.
pub fn to_pfx(out: &str, password: &str, flags: &[&str]) -> Call {
    gsec(&[
        "convert",
        "to-pfx",
        "--out",
        out,
        "--force",
        "--pfx-password-env",
        "NEW_PASSWORD",
    ])
    .args(flags)
    .env("NEW_PASSWORD", password)
}

/// What gsec finds in a file.
#[track_caller]
pub fn gsec_reads(file: &str, password: &str) -> Held {
    Held::in_pem(&to_pem(file, password).run().ok().stdout)
}

/// What OpenSSL finds in a file.
#[track_caller]
pub fn openssl_reads(file: &str, password: &str) -> Held {
    Held::in_pem(&openssl_nodes(file, password).ok().stdout)
}

/// `openssl pkcs12 -nodes`, with the algorithms of old too.
pub fn openssl_nodes(file: &str, password: &str) -> Outcome {
    openssl(&[
        "pkcs12",
        "-legacy",
        "-nodes",
        "-in",
        file,
        "-passin",
        "env:PFX_PASSWORD",
    ])
    .env("PFX_PASSWORD", password)
    .run()
}

/// Asserts that gsec refuses a file, for this reason, and gives out nothing.
#[track_caller]
pub fn gsec_refuses(file: &str, password: &str, reason: &str) {
    let outcome = to_pem(file, password).run().code(3);
    assert_eq!(outcome.stdout, "", "a refusal leaves stdout empty: {outcome}");
    assert!(
        outcome.stderr.starts_with("error: ") && outcome.stderr.contains(reason),
        "wanted `{reason}`, got {outcome}"
    );
}

/// Asserts that gsec does not open a file under a password that is not the file's.
#[track_caller]
pub fn gsec_refuses_password(file: &str, password: &str) {
    gsec_refuses(file, password, "wrong password, or the file is damaged");
}

/// The algorithms of a file as `cert show` names them: of its MAC, of its keys, of its certificates.
#[derive(Debug, PartialEq, Eq)]
pub struct Algorithms {
    pub mac: Option<String>,
    pub keys: Vec<Option<String>>,
    pub certificates: Vec<Option<String>>,
}

/// What `cert show --json` says of a PFX.
#[track_caller]
pub fn shown(file: &str, password: &str) -> Value {
    gsec(&["cert", "show", file, "--json", "--password-env", "PFX_PASSWORD"])
        .env("PFX_PASSWORD", password)
        .run()
        .ok()
        .json()["pkcs12"]
        .clone()
}

#[track_caller]
pub fn algorithms(file: &str, password: &str) -> Algorithms {
    let shown = shown(file, password);
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let of = |list: &str| {
        shown[list]
            .as_array()
            .expect("a list")
            .iter()
            .map(|entry| text(&entry["encryption"]))
            .collect()
    };
    Algorithms {
        mac: text(&shown["mac"]),
        keys: of("keys"),
        certificates: of("certificates"),
    }
}

/// Asserts that each encrypted part has the algorithm of `key` or `certificates`, as gsec words them; there is one key, and all
/// certificates are alike.
#[track_caller]
pub fn has_algorithms(
    file: &str,
    password: &str,
    mac: Option<&str>,
    key: Option<&str>,
    certificates: Option<&str>,
) {
    let found = algorithms(file, password);
    let own = |text: Option<&str>| text.map(str::to_owned);
    let expected = Algorithms {
        mac: own(mac),
        keys: vec![own(key)],
        certificates: vec![own(certificates); found.certificates.len()],
    };
    assert_eq!(found, expected, "the algorithms of {file}");
    assert!(!found.certificates.is_empty(), "certificates are in {file}");
}

/// `1 iteration`, `2 iterations`.
pub fn times(iterations: u32) -> String {
    if iterations == 1 {
        "1 iteration".into()
    } else {
        format!("{iterations} iterations")
    }
}

/// HMAC under a key derived as PKCS #12 has it.
pub fn mac(digest: &str, iterations: u32) -> String {
    format!("HMAC-{digest}, PKCS #12 key derivation, {}", times(iterations))
}

pub fn pbes2(cipher: &str, iterations: u32) -> String {
    format!("PBES2: {cipher}, PBKDF2 with HMAC-SHA-256, {}", times(iterations))
}

/// One of the encryptions of RFC 7292 Appendix C.
pub fn pkcs12_pbe(cipher: &str, iterations: u32) -> String {
    format!("PKCS #12 PBE: {cipher}, SHA-1, {}", times(iterations))
}

/// One of the encryptions of RFC 8018 A.3.
pub fn pbes1(cipher: &str, digest: &str, iterations: u32) -> String {
    format!("PBES1: {cipher}, {digest}, {}", times(iterations))
}
