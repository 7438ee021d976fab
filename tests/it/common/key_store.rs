//! What a key store holds, in digests: so that what one program wrote can be compared with what another one reads.

use std::fs;

use serde_json::Value;

use super::pfx::{Cast, Held, digest_of, gsec_refuses_password, sha256};
use super::{TestDir, gsec, openssl};

/// A private key under its name, with the certificates that belong to it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyEntry {
    /// friendlyName, Java's alias; empty where there is none.
    pub name: String,
    /// SHA-256 of the private key as OpenSSL encodes it: PKCS #8, DER.
    pub key: String,
    /// SHA-256 of its certificate, then of the issuers upwards.
    pub chain: Vec<String>,
}

/// Everything in a key store, in an order that no program has a say in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    pub keys: Vec<KeyEntry>,
    /// Trusted certificates: name, and SHA-256.
    pub trusted: Vec<(String, String)>,
    /// What is neither, by the name that the reader gives it.
    pub others: Vec<String>,
}

impl Contents {
    /// One key and nothing else.
    pub fn of_key(name: &str, key: &str, chain: &[&str]) -> Self {
        Contents {
            keys: vec![KeyEntry::of_files(name, key, chain)],
            ..Contents::default()
        }
    }

    /// The host's key with the whole chain.
    pub fn of_cast(name: &str, cast: &Cast) -> Self {
        Contents::of_key(
            name,
            &cast.key,
            &[&cast.certificate, &cast.intermediate, &cast.root],
        )
    }

    /// The same without names, and without saying what belongs together.
    pub fn held(&self) -> Held {
        let in_chains = self.keys.iter().flat_map(|entry| entry.chain.iter());
        let certificates = in_chains
            .chain(self.trusted.iter().map(|(_, digest)| digest))
            .cloned();
        let mut held = Held {
            certificates: certificates.collect(),
            keys: self.keys.iter().map(|entry| entry.key.clone()).collect(),
        };
        held.certificates.sort();
        held.keys.sort();
        held
    }

    /// Trusted certificates and nothing else: names, and PEM files.
    pub fn of_trusted(files: &[(&str, &str)]) -> Self {
        let trusted = files
            .iter()
            .map(|(name, file)| ((*name).to_owned(), digest_of(file)))
            .collect();
        Contents {
            trusted,
            ..Contents::default()
        }
        .sorted()
    }

    pub fn sorted(mut self) -> Self {
        self.keys.sort();
        self.trusted.sort();
        self.others.sort();
        self
    }

    /// With names in lower case, as Java has them.
    pub fn in_lower_case(mut self) -> Self {
        self.keys
            .iter_mut()
            .for_each(|entry| entry.name = entry.name.to_lowercase());
        self.trusted
            .iter_mut()
            .for_each(|(name, _)| *name = name.to_lowercase());
        self.sorted()
    }
}

impl KeyEntry {
    /// From a key and the certificates of its chain, all in PEM files.
    pub fn of_files(name: &str, key: &str, chain: &[&str]) -> Self {
        KeyEntry {
            name: name.into(),
            key: key_digest(&read(key)),
            chain: chain.iter().map(|file| digest_of(file)).collect(),
        }
    }
}

/// SHA-256 of a private key in PEM or DER, however it was written: OpenSSL brings all forms into one.
#[track_caller]
pub fn key_digest(key: &[u8]) -> String {
    let form = if key.starts_with(b"-----") { "PEM" } else { "DER" };
    sha256(
        &openssl(&["pkey", "-inform", form, "-outform", "DER"])
            .stdin(key)
            .run()
            .ok()
            .stdout_bytes,
    )
}

/// SHA-256 of a private key's public half, as SubjectPublicKeyInfo.
#[track_caller]
pub fn public_key_digest(key: &[u8]) -> String {
    sha256(
        &openssl(&["pkey", "-pubout", "-outform", "DER"])
            .stdin(key)
            .run()
            .ok()
            .stdout_bytes,
    )
}

/// Asserts that gsec takes this file apart into exactly this, in each of the forms that it writes, and under no other password.
/// Where a file has none, `password` is `None`, and none is given.
#[track_caller]
pub fn comes_apart(file: &str, password: Option<&str>, expected: &Contents) {
    let dir = TestDir::new();
    assert_eq!(
        &split(&dir, file, password),
        expected,
        "what `convert to-pem --out-dir` makes of {file}, with the names of `cert show`"
    );
    let stream = Held::in_pem(
        &with_password(&dir, &["convert", "to-pem", file], password)
            .ok()
            .stdout,
    );
    assert_eq!(
        once(stream),
        once(expected.held()),
        "the stream of `convert to-pem`"
    );
    if password.is_some() {
        gsec_refuses_password(file, "no such password");
    }
}

/// Some writers put a certificate into a file twice, as an issuer and as a trusted one.
fn once(mut held: Held) -> Held {
    held.certificates.dedup();
    held
}

/// Runs gsec with a password in a file.
pub fn with_password(dir: &TestDir, args: &[&str], password: Option<&str>) -> super::Outcome {
    match password {
        Some(password) => gsec(args)
            .args(&["--password-file", &dir.write("password", password)])
            .run(),
        None => gsec(args).run(),
    }
}

/// What `convert to-pem --out-dir` writes, joined with the names that `cert show` tells.
#[track_caller]
fn split(dir: &TestDir, file: &str, password: Option<&str>) -> Contents {
    let shown = Shown(
        with_password(dir, &["cert", "show", "--json", file], password)
            .ok()
            .json(),
    );
    let out = dir.path("split");
    let written = with_password(
        dir,
        &["convert", "to-pem", "--json", "--out-dir", &out, file],
        password,
    )
    .ok()
    .json();
    let paths: Vec<String> = list(&written["files"])
        .iter()
        .map(|file| text(&file["path"]))
        .collect();
    let certificates = |path: &String| thumbprints_of(&String::from_utf8_lossy(&read(path)));
    let mut read_already = Vec::new();
    let mut keys = Vec::new();
    for (path, base) in paths
        .iter()
        .filter_map(|path| Some((path, path.strip_suffix("_priv_key.pem")?)))
    {
        let beside = ["cert", "chain"].map(|part| format!("{base}_{part}.pem"));
        let chain: Vec<String> = beside
            .iter()
            .filter(|path| paths.contains(path))
            .flat_map(certificates)
            .collect();
        let key = read(path);
        keys.push(KeyEntry {
            name: shown.name_of_key(&public_key_digest(&key), &chain),
            key: key_digest(&key),
            chain,
        });
        read_already.extend(beside.into_iter().chain([path.clone()]));
    }
    let trusted = shown.trusted();
    let of_no_key = paths
        .iter()
        .filter(|path| !read_already.contains(path))
        .flat_map(certificates);
    let of_nobody = of_no_key.filter(|thumbprint| !trusted.iter().any(|(_, known)| known == thumbprint));
    let others = of_nobody
        .chain(list(&shown.0["pkcs12"]["others"]).iter().map(text))
        .collect();
    Contents {
        keys,
        trusted,
        others,
    }
    .sorted()
}

/// What `cert show --json` says.
struct Shown(Value);

impl Shown {
    /// friendlyName of the key with this public half. Not every public half can be told; then it is the key that says the same
    /// identifier as the certificate that stands with it.
    fn name_of_key(&self, public_key: &str, chain: &[String]) -> String {
        let keys = list(&self.0["pkcs12"]["keys"]);
        let own = self.certificates().find(|(certificate, _)| {
            chain
                .first()
                .is_some_and(|first| certificate["thumbprint_sha256"] == first.as_str())
        });
        let has_key = |key: &&Value| key["public_key_sha256"] == public_key;
        let has_identifier = |key: &&Value| {
            !key["local_key_id"].is_null()
                && own.is_some_and(|(_, facts)| facts["local_key_id"] == key["local_key_id"])
        };
        let key = keys
            .iter()
            .find(has_key)
            .or_else(|| keys.iter().find(has_identifier));
        text(
            &key.unwrap_or_else(|| panic!("`cert show` tells of no key {public_key}: {:#}", self.0))["friendly_name"],
        )
    }

    /// Name and thumbprint of every certificate that Java takes as a trusted one.
    fn trusted(&self) -> Vec<(String, String)> {
        let trusted = self.certificates().filter(|(_, facts)| facts["trusted"] == true);
        trusted
            .map(|(certificate, facts)| {
                (
                    text(&facts["friendly_name"]),
                    text(&certificate["thumbprint_sha256"]),
                )
            })
            .collect()
    }

    /// Each certificate with what the file says about it.
    fn certificates(&self) -> impl Iterator<Item = (&Value, &Value)> {
        list(&self.0["certificates"])
            .iter()
            .zip(list(&self.0["pkcs12"]["certificates"]))
    }
}

#[track_caller]
fn list(value: &Value) -> &Vec<Value> {
    value
        .as_array()
        .unwrap_or_else(|| panic!("not a list: {value:#}"))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// SHA-256 of each certificate in a PEM text.
pub fn thumbprints_of(pem: &str) -> Vec<String> {
    let blocks = pem::parse_many(pem).expect("PEM");
    blocks
        .iter()
        .filter(|block| block.tag() == "CERTIFICATE")
        .map(|block| sha256(block.contents()))
        .collect()
}

fn read(path: &str) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|problem| panic!("cannot read {path}: {problem}"))
}

/// The certificate of a new CA under its own key, in PEM.
pub fn self_signed_ca(dir: &TestDir, name: &str, cn: &str) -> String {
    let [key, certificate] = ["key", "pem"].map(|ending| dir.path(&format!("{name}.{ending}")));
    openssl(&[
        "req",
        "-x509",
        "-noenc",
        "-days",
        "30",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
    ])
    .args(&[
        "-subj",
        &format!("/CN={cn}"),
        "-keyout",
        &key,
        "-out",
        &certificate,
    ])
    .run()
    .ok();
    certificate
}
