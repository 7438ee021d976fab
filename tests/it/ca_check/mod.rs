//! Is this CA directory whole? The judge for the tests that kill, starve, crowd and damage one.
//!
//! It knows the directory's format from the outside (OpenSSL's index, X.509, PKCS #12), and nothing of gsec's own code:
//! whatever it accepts, somebody who has only OpenSSL would accept as well.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::common::at::openssl;
use crate::common::machine::temp_dir;
use crate::common::snapshot::walk;
use crate::common::{Record, run};

/// What a CA directory holds, and what is wrong with it.
#[derive(Debug, Default)]
pub struct State {
    pub records: Vec<Record>,
    /// Serials of `V` records without `repository/<serial>.pem`: what a crash between record and certificate leaves. Not a fault.
    pub without_file: Vec<String>,
    /// Serials with a certificate but without one of key and PFX: what a crash between two of the files leaves. Not a fault.
    pub unfinished: Vec<String>,
    /// Files that are no part of the directory's layout: temporary files of a killed process. Not a fault, if nobody else can read them.
    pub leftovers: Vec<String>,
    /// Serials that a line of the audit log is about.
    pub announced: BTreeSet<String>,
    /// The faults.
    pub problems: Vec<String>,
}

impl State {
    pub fn serials(&self) -> BTreeSet<String> {
        self.records.iter().map(|record| record.serial.clone()).collect()
    }
}

/// Checks a directory and fails with every fault found.
#[track_caller]
pub fn assert_consistent(dir: &Path, situation: &str) -> State {
    let state = inspect(dir);
    assert!(
        state.problems.is_empty(),
        "{situation}: {} is not consistent:\n  {}",
        dir.display(),
        state.problems.join("\n  ")
    );
    state
}

/// As [`assert_consistent`], and nothing is left over or missing either: how a directory looks when nothing went wrong.
#[track_caller]
pub fn assert_clean(dir: &Path, situation: &str) -> State {
    let state = assert_consistent(dir, situation);
    assert!(
        state.without_file.is_empty(),
        "{situation}: records without certificate: {:?}",
        state.without_file
    );
    assert!(
        state.unfinished.is_empty(),
        "{situation}: certificates without key or PFX: {:?}",
        state.unfinished
    );
    assert!(
        state.leftovers.is_empty(),
        "{situation}: left over: {:?}",
        state.leftovers
    );
    state
}

/// [`assert_consistent`] without OpenSSL's opinion: for the moments between, of which there are hundreds.
#[track_caller]
pub fn assert_files_consistent(dir: &Path, situation: &str) -> State {
    let state = inspect_files(dir);
    assert!(
        state.problems.is_empty(),
        "{situation}: {} is not consistent:\n  {}",
        dir.display(),
        state.problems.join("\n  ")
    );
    state
}

/// Reads a whole CA directory and judges it.
pub fn inspect(dir: &Path) -> State {
    let mut state = inspect_files(dir);
    if state.problems.is_empty() {
        check_with_openssl(dir, &mut state);
    }
    state
}

fn inspect_files(dir: &Path) -> State {
    let mut state = State::default();
    check_index(dir, &mut state);
    check_serial(dir, &mut state);
    check_repository(dir, &mut state);
    check_secrets(dir, &mut state);
    check_ca(dir, &mut state);
    check_audit_log(dir, &mut state);
    state
}

/// Each line of the audit log is bound to the one before, and each record is announced, unless the log is younger.
fn check_audit_log(dir: &Path, state: &mut State) {
    use sha2::Digest;
    let Ok(text) = fs::read_to_string(dir.join("ca_conf/audit.log")) else {
        return;
    };
    let mut expected = "0".repeat(64);
    let whole = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
    for (number, line) in whole.lines().enumerate() {
        let parsed: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
        if parsed["prev"] != expected.as_str() || parsed["seq"] != number + 1 {
            return state.problems.push(format!(
                "audit.log line {}: it is not bound to the line before: {line}",
                number + 1
            ));
        }
        expected = sha2::Sha256::digest(line.as_bytes())
            .iter()
            .map(|octet| format!("{octet:02x}"))
            .collect();
        state
            .announced
            .extend(parsed["serial"].as_str().map(str::to_owned));
    }
}

fn check_index(dir: &Path, state: &mut State) {
    let bytes = match fs::read(dir.join("ca_conf/ca.db")) {
        Ok(bytes) => bytes,
        Err(problem) => return state.problems.push(format!("ca.db cannot be read: {problem}")),
    };
    let text = String::from_utf8_lossy(&bytes);
    if !text.is_empty() && !text.ends_with('\n') {
        state.problems.push(format!(
            "ca.db does not end in a newline: …{:?}",
            text.lines().last().unwrap()
        ));
    }
    for (number, line) in text.lines().enumerate() {
        let columns: Vec<&str> = line.split('\t').collect();
        let [status, expiry, revocation, serial, file, subject] = columns[..] else {
            state.problems.push(format!(
                "ca.db line {}: {} columns instead of 6: {line:?}",
                number + 1,
                columns.len()
            ));
            continue;
        };
        if !matches!(status, "V" | "R" | "E") {
            state
                .problems
                .push(format!("ca.db line {}: status {status:?}", number + 1));
        }
        if !is_serial(serial) {
            state.problems.push(format!(
                "ca.db line {}: serial {serial:?} is not upper-case hexadecimal of even length",
                number + 1
            ));
        }
        if !(expiry.len() == 13 || expiry.len() == 15) || !expiry.ends_with('Z') {
            state
                .problems
                .push(format!("ca.db line {}: expiry {expiry:?}", number + 1));
        }
        if state
            .records
            .iter()
            .any(|record| same_serial(&record.serial, serial))
        {
            state.problems.push(format!(
                "ca.db line {}: serial {serial} stands there twice",
                number + 1
            ));
        }
        let [status, expiry, revocation, serial, file, subject] =
            [status, expiry, revocation, serial, file, subject].map(str::to_owned);
        state.records.push(Record {
            status,
            expiry,
            revocation,
            serial,
            file,
            subject,
        });
    }
}

fn check_serial(dir: &Path, state: &mut State) {
    let text = match fs::read_to_string(dir.join("ca_conf/serial.num")) {
        Ok(text) => text,
        Err(problem) => {
            return state
                .problems
                .push(format!("serial.num cannot be read: {problem}"));
        }
    };
    let Some(next) = text.strip_suffix('\n').filter(|next| is_serial(next)) else {
        return state.problems.push(format!("serial.num holds {text:?}"));
    };
    for record in &state.records {
        // Random serials have 32 digits, and say nothing about the next sequential one.
        if record.serial.len() < 32 && number_of(&record.serial) >= number_of(next) {
            state.problems.push(format!(
                "serial.num is {next}, but {} has been issued",
                record.serial
            ));
        }
    }
}

fn check_repository(dir: &Path, state: &mut State) {
    let repository = dir.join("repository");
    let mut certificates: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut kinds: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for (name, path) in walk(&repository) {
        let Some((serial, kind)) = kind_of(&name) else {
            state.leftovers.push(format!("repository/{name}"));
            continue;
        };
        let bytes = fs::read(&path).unwrap_or_default();
        if !state
            .records
            .iter()
            .any(|record| same_serial(&record.serial, serial))
        {
            state
                .problems
                .push(format!("repository/{name} has no record in ca.db"));
        }
        kinds.entry(serial.to_owned()).or_default().insert(kind);
        match kind {
            "certificate" | "host certificate" => match first_certificate(&bytes) {
                Err(problem) => state.problems.push(format!("repository/{name}: {problem}")),
                Ok((number, der)) => {
                    if !same_serial(&number, serial) {
                        state
                            .problems
                            .push(format!("repository/{name} holds serial {number}"));
                    }
                    if certificates
                        .entry(serial.to_owned())
                        .or_insert_with(|| der.clone())
                        != &der
                    {
                        state
                            .problems
                            .push(format!("two different certificates bear the serial {serial}"));
                    }
                }
            },
            "key" => {
                if let Err(problem) = whole_private_key(&bytes) {
                    state.problems.push(format!("repository/{name}: {problem}"));
                }
            }
            _ => {
                if let Err(problem) = whole_der(&bytes) {
                    state.problems.push(format!("repository/{name}: {problem}"));
                }
            }
        }
    }
    for record in &state.records {
        let there = kinds.get(&record.serial).cloned().unwrap_or_default();
        if record.status == "V" && !there.contains("certificate") {
            state.without_file.push(record.serial.clone());
        } else if there.contains("certificate") && there.len() < 4 {
            state.unfinished.push(record.serial.clone());
        }
    }
}

/// No private key and no PFX, under whatever name, may be read by anybody but its owner.
fn check_secrets(dir: &Path, state: &mut State) {
    for (name, path) in walk(dir) {
        let meta = fs::symlink_metadata(&path).unwrap();
        if !meta.is_file() || meta.mode() & 0o077 == 0 {
            continue;
        }
        let bytes = fs::read(&path).unwrap_or_default();
        let key = bytes.windows(11).any(|window| window == b"PRIVATE KEY");
        // PFX ::= SEQUENCE { version INTEGER {v3(3)}, …: RFC 7292 §4. Long-form length of one to three octets.
        let pfx = bytes.first() == Some(&0x30)
            && bytes
                .iter()
                .take(8)
                .collect::<Vec<_>>()
                .windows(3)
                .any(|window| window == [&2, &1, &3]);
        if key || pfx {
            state.problems.push(format!(
                "{name} holds a private key and has mode {:04o}",
                meta.mode() & 0o7777
            ));
        }
    }
}

fn check_ca(dir: &Path, state: &mut State) {
    const KNOWN: [&str; 13] = [
        "ca_cert.pem",
        "ca_priv_key.pem",
        "ca.db",
        "ca.db.attr",
        "serial.num",
        "crl.num",
        "ca_crl.pem",
        "ca.conf",
        "gsec.toml",
        "audit.log",
        "audit.head",
        ".lock",
        "previous",
    ];
    for (name, path) in walk(&dir.join("ca_conf")) {
        // openssl ca keeps the file it replaces under `.old`.
        if !KNOWN.contains(&name.trim_end_matches(".old").trim_end_matches(".attr"))
            && !KNOWN.contains(&name.as_str())
        {
            state.leftovers.push(format!("ca_conf/{name}"));
        }
        if name == "ca_cert.pem"
            && let Err(problem) = first_certificate(&fs::read(&path).unwrap_or_default())
        {
            state.problems.push(format!("ca_conf/ca_cert.pem: {problem}"));
        }
        if name == "ca_priv_key.pem"
            && let Err(problem) = whole_private_key(&fs::read(&path).unwrap_or_default())
        {
            state.problems.push(format!("ca_conf/ca_priv_key.pem: {problem}"));
        }
    }
    for (name, _) in walk(dir) {
        if !name.starts_with("ca_conf") && !name.starts_with("repository") {
            state.leftovers.push(name);
        }
    }
}

/// OpenSSL reads the index, and the CA's key has signed every certificate there.
fn check_with_openssl(dir: &Path, state: &mut State) {
    let copy = temp_dir();
    // On a copy, and only of what it needs: `-updatedb` rewrites ca.db.
    let conf = copy.path().join("ca_conf");
    fs::create_dir(&conf).unwrap();
    fs::create_dir(copy.path().join("repository")).unwrap();
    for name in [
        "ca.conf",
        "ca.db",
        "ca.db.attr",
        "serial.num",
        "crl.num",
        "ca_cert.pem",
        "ca_priv_key.pem",
    ] {
        if dir.join("ca_conf").join(name).exists() {
            fs::copy(dir.join("ca_conf").join(name), conf.join(name)).unwrap();
        }
    }
    let outcome = run(&mut openssl(
        copy.path(),
        ["ca", "-config", "ca_conf/ca.conf", "-updatedb"],
    ));
    if outcome.status != Some(0) {
        state.problems.push(format!(
            "openssl ca -updatedb does not accept ca.db: {}",
            outcome.stderr
        ));
    }
    if let Some(record) = state.records.last() {
        let said = openssl_status(copy.path(), &record.serial);
        if !said.contains(&format!("{}=", record.serial)) {
            state.problems.push(format!(
                "openssl ca -status {} does not find the last record: {said}",
                record.serial
            ));
        }
    }
    let files: Vec<PathBuf> = walk(&dir.join("repository"))
        .into_iter()
        .filter(|(name, _)| kind_of(name).is_some_and(|(_, kind)| kind == "certificate"))
        .map(|(_, path)| path)
        .collect();
    if !files.is_empty() {
        let outcome = run(openssl(dir, ["verify", "-CAfile", "ca_conf/ca_cert.pem"]).args(&files));
        if outcome.status != Some(0) {
            state.problems.push(format!(
                "openssl verify refuses certificates of the repository: {}",
                outcome.stderr
            ));
        }
    }
}

/// What `openssl ca -status` says of a serial: `0A=Valid (V)`. It says so on stderr, and its exit status is 1 in any case.
pub fn openssl_status(dir: &Path, serial: &str) -> String {
    run(&mut openssl(
        dir,
        ["ca", "-config", "ca_conf/ca.conf", "-status", serial],
    ))
    .stderr
}

/// Which serial and which of the four files a name in `repository/` stands for.
fn kind_of(name: &str) -> Option<(&str, &'static str)> {
    let (serial, kind) = match name.split_once('_') {
        None => (name.strip_suffix(".pem")?, "certificate"),
        Some((serial, rest)) if rest.ends_with("_cert.pem") => (serial, "host certificate"),
        Some((serial, rest)) if rest.ends_with("_priv_key.pem") => (serial, "key"),
        Some((serial, rest)) if rest.ends_with("_cert.pfx") => (serial, "pfx"),
        Some(_) => return None,
    };
    is_serial(serial).then_some((serial, kind))
}

fn is_serial(text: &str) -> bool {
    !text.is_empty()
        && text.len().is_multiple_of(2)
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte))
}

/// Comparable as numbers without a bignum: length first, then digits.
pub fn number_of(serial: &str) -> (usize, String) {
    let digits = serial.trim_start_matches('0').to_uppercase();
    (digits.len(), digits)
}

fn same_serial(one: &str, other: &str) -> bool {
    number_of(one) == number_of(other)
}

/// Serial and DER of the first certificate of a PEM file, which must be whole to its last byte.
fn first_certificate(bytes: &[u8]) -> Result<(String, Vec<u8>), String> {
    let blocks = pem::parse_many(bytes).map_err(|problem| format!("not PEM: {problem}"))?;
    let text = String::from_utf8_lossy(bytes);
    if !text.ends_with("-----END CERTIFICATE-----\n") {
        return Err("does not end with an END CERTIFICATE line".into());
    }
    if blocks.len() != text.matches("-----BEGIN CERTIFICATE-----").count() || blocks.is_empty() {
        return Err("some of its PEM blocks are cut off".into());
    }
    let mut first = None;
    for block in blocks {
        let (rest, certificate) = x509_parser::parse_x509_certificate(block.contents())
            .map_err(|problem| format!("not an X.509 certificate: {problem}"))?;
        if !rest.is_empty() {
            return Err("bytes after the certificate".into());
        }
        first.get_or_insert_with(|| (certificate.raw_serial().to_vec(), block.contents().to_vec()));
    }
    let (serial, der) = first.expect("at least one block");
    Ok((serial.iter().map(|octet| format!("{octet:02X}")).collect(), der))
}

fn whole_private_key(bytes: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(bytes);
    if !text.ends_with("PRIVATE KEY-----\n") {
        return Err("does not end with an END … PRIVATE KEY line".into());
    }
    let block = pem::parse(bytes).map_err(|problem| format!("not PEM: {problem}"))?;
    whole_der(block.contents())
}

/// One DER SEQUENCE that ends where its length says.
fn whole_der(bytes: &[u8]) -> Result<(), String> {
    let [0x30, length, rest @ ..] = bytes else {
        return Err(format!("not a DER SEQUENCE ({} bytes)", bytes.len()));
    };
    let octets = if *length < 0x80 {
        0
    } else {
        usize::from(length & 0x7f)
    };
    let (Some(long), true) = (rest.get(..octets), octets <= 4) else {
        return Err("cut off within its length".into());
    };
    let wanted = if octets == 0 {
        usize::from(*length)
    } else {
        long.iter().fold(0, |sum, octet| sum << 8 | usize::from(*octet))
    };
    let there = rest.len() - octets;
    if wanted == there {
        Ok(())
    } else {
        Err(format!("{there} bytes where the DER length says {wanted}"))
    }
}
