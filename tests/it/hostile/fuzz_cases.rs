//! What the fuzz targets ask, asked of their seeds and of every case that fuzzing found. `fuzz/run.sh` fuzzes; this needs nothing but Rust.

use std::path::{Path, PathBuf};

#[path = "../../../fuzz/cases/mod.rs"]
mod cases;

/// The files of `fuzz/KIND/TARGET`, in order; none where the folder is not there.
fn files(kind: &str, target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz")
        .join(kind)
        .join(target);
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

/// Every seed is read, and what was found holds.
fn replay(target: &str, check: fn(&[u8]) -> bool) {
    let seeds = files("seeds", target);
    assert!(!seeds.is_empty(), "no seeds");
    let refused: Vec<&PathBuf> = seeds.iter().filter(|seed| !holds(seed, check)).collect();
    assert_eq!(refused, Vec::<&PathBuf>::new(), "refused");
    for case in files("found", target) {
        holds(&case, check);
    }
}

/// Names the file first, so that it is known where `check` panics.
fn holds(file: &Path, check: fn(&[u8]) -> bool) -> bool {
    println!("{}", file.display());
    check(&std::fs::read(file).expect("a file"))
}

#[test]
fn pem() {
    replay("pem", cases::pem::check);
}

#[test]
fn private_key() {
    replay("private_key", cases::private_key::check);
}

#[test]
fn pkcs12() {
    replay("pkcs12", cases::pkcs12::check);
}

#[test]
fn certificate() {
    replay("certificate", cases::certificate::check);
}

#[test]
fn request() {
    replay("request", cases::request::check);
}

#[test]
fn crl() {
    replay("crl", cases::crl::check);
}

#[test]
fn ocsp() {
    replay("ocsp", cases::ocsp::check);
}

#[test]
fn ber() {
    replay("ber", cases::ber::check);
}

#[test]
fn server_flight() {
    replay("server_flight", cases::server_flight::check);
}

#[test]
fn transport() {
    replay("transport", cases::transport::check);
}

#[test]
fn conf() {
    replay("conf", cases::conf::check);
}

#[test]
fn start_file() {
    replay("start_file", cases::start_file::check);
}

#[test]
fn registry_file() {
    replay("registry_file", cases::registry_file::check);
}

#[test]
fn banner() {
    replay("banner", cases::banner::check);
}

#[test]
fn log_filter() {
    replay("log_filter", cases::log_filter::check);
}

#[test]
fn caa() {
    replay("caa", cases::caa::check);
}

#[test]
fn hub() {
    replay("hub", cases::hub::check);
}

#[test]
fn jws() {
    replay("jws", cases::jws::check);
}

#[test]
fn backup() {
    replay("backup", cases::backup::check);
}

#[test]
fn versions_that_are_fuzzed_are_those_that_are_built() {
    let crates = |lock: &str| {
        let text =
            std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(lock)).expect("a lock file");
        let packages = text.parse::<toml::Table>().expect("TOML")["package"]
            .as_array()
            .expect("packages")
            .clone();
        packages
            .iter()
            .map(|package| (package["name"].to_string(), package["version"].to_string()))
            .collect::<Vec<_>>()
    };
    let (built, fuzzed) = (crates("Cargo.lock"), crates("fuzz/Cargo.lock"));
    // What is there for fuzzing alone is in one of them only.
    let shared: Vec<_> = fuzzed
        .iter()
        .filter(|(name, _)| built.iter().any(|(built, _)| built == name))
        .collect();
    assert!(shared.len() > 50, "both are read");
    let differing: Vec<_> = shared
        .into_iter()
        .filter(|found| !built.contains(found))
        .collect();
    assert!(
        differing.is_empty(),
        "fuzz/README.md says how to make fuzz/Cargo.lock follow: {differing:?}"
    );
}
