//! Generates one private key and ends: what `cert issue` cannot do without, for `benches/whole_process.py` to subtract.
//!
//! `cargo bench --bench keygen` prints how long keys and signatures take in one process. With `--rate KIND COUNT` it does what a batch
//! cannot do without, so many times on all cores, and prints how many a second: `rsa` and `p256` make a key and sign with one
//! of that kind, `pfx` derives the keys of a PFX (one for encryption, one for the MAC), `pfx3` as many as OpenSSL writes one with (two and one).
//! With `--issue DIR` it does what `cert issue` with a P-256 key and without a PFX cannot do without, and nothing else: see [`issue`].

use std::fs::File;
use std::io::Write;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use gsec_pki::key::{
    KeyAlgorithm, KeyFormat, PrivateKey, RsaBits, Signer, decode_private_key, encode_private_key,
};
use gsec_pki::pbe::{Digest, EncryptionScheme, MacScheme, Password};

/// What a PFX with the empty password is written with.
const ITERATIONS: u32 = 2048;

fn main() {
    if std::env::args().any(|argument| argument == "--once") {
        generate(KeyAlgorithm::Rsa(RsaBits::B2048));
        return;
    }
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--issue") {
        let directory = arguments.get(at + 1).expect("--issue DIR");
        issue(Path::new(directory)).expect("the files");
        return;
    }
    if let Some(at) = arguments.iter().position(|argument| argument == "--rate") {
        let count = arguments
            .get(at + 2)
            .and_then(|count| count.parse().ok())
            .expect("--rate KIND COUNT");
        println!("{:.1}", rate(&arguments[at + 1], count));
        return;
    }
    let kinds = [
        (KeyAlgorithm::Rsa(RsaBits::B2048), 60),
        (KeyAlgorithm::P256, 2000),
        (KeyAlgorithm::P384, 500),
        (KeyAlgorithm::Ed25519, 2000),
    ];
    println!("{:<10} {:>16} {:>16}", "key", "generate, mean", "sign, mean");
    for (algorithm, count) in kinds {
        let key = generate(algorithm);
        let generation = mean(count, || drop(generate(algorithm)));
        let signature = mean(count, || drop(key.sign(b"a message").expect("sign")));
        println!(
            "{:<10} {generation:>16.1?} {signature:>16.1?}",
            algorithm.to_string()
        );
    }
}

/// How many a second all cores do together.
fn rate(kind: &str, count: usize) -> f64 {
    let algorithm = if kind == "rsa" {
        KeyAlgorithm::Rsa(RsaBits::B2048)
    } else {
        KeyAlgorithm::P256
    };
    let signer = generate(algorithm);
    let work = || match kind {
        "pfx" => derive_for_pfx(1),
        "pfx3" => derive_for_pfx(2),
        _ => {
            let key = generate(algorithm);
            drop((key, signer.sign(b"a message").expect("sign")));
        }
    };
    let next = AtomicUsize::new(0);
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                while next.fetch_add(1, Ordering::Relaxed) < count {
                    work();
                }
            });
        }
    });
    count as f64 / start.elapsed().as_secs_f64()
}

/// Reads `ca_key.pem`, makes a key, signs twice, and writes as many files of the same length, with the same barriers and in the same order, as `cert issue` does:
/// a serial number, the log and its head, a record, and key, certificate and the CA's own copy.
fn issue(directory: &Path) -> std::io::Result<()> {
    let signer = decode_private_key(&std::fs::read(directory.join("ca_key.pem"))?, None).expect("a key");
    let key = generate(KeyAlgorithm::P256);
    let pem = encode_private_key(&key, KeyFormat::Pkcs8).expect("a key file");
    let certificate = vec![b'c'; 652];
    drop(signer.sign(&certificate).expect("sign"));
    let staged = |name: &str, content: &[u8], is_durable: bool| -> std::io::Result<PathBuf> {
        let path = directory.join(format!(".{name}.tmp"));
        let mut file = File::create_new(&path)?;
        file.write_all(content)?;
        if is_durable {
            file.sync_all()?;
        }
        Ok(path)
    };
    let publish = |name: &str, staged: PathBuf| std::fs::rename(staged, directory.join(name));
    let append = |name: &str, content: &[u8]| -> std::io::Result<()> {
        let mut file = File::options()
            .create(true)
            .append(true)
            .open(directory.join(name))?;
        file.write_all(content)?;
        file.sync_data()
    };
    publish("serial.num", staged("serial.num", b"08\n", true)?)?;
    File::open(directory)?.sync_all()?;
    let line = vec![b'l'; 601];
    let signature = signer.sign(&line).expect("sign");
    append("audit.log", &line)?;
    let head = [&signature[..], &line[..290 - signature.len().min(290)]].concat();
    publish("audit.head", staged("audit.head", &head, false)?)?;
    append("ca.db", &line[..50])?;
    let files = [
        ("key.pem", pem.as_bytes()),
        ("cert.pem", &certificate[..]),
        ("copy.pem", &certificate[..]),
    ];
    let written: Vec<(&str, PathBuf)> = files
        .into_iter()
        .map(|(name, content)| Ok((name, staged(name, content, true)?)))
        .collect::<std::io::Result<_>>()?;
    for (name, path) in written {
        publish(name, path)?;
    }
    File::open(directory)?.sync_all()
}

/// As `pkcs12` writes by default.
fn derive_for_pfx(encryptions: usize) {
    let password = Password::new("");
    let scheme = EncryptionScheme::modern(ITERATIONS, &[7; 16], [7; 16]);
    let mac = MacScheme::pkcs12(Digest::Sha256, &[7; 8], ITERATIONS);
    for _ in 0..encryptions {
        drop(scheme.encrypt(&password, b"x").expect("encrypt"));
    }
    drop(mac.authenticate(&password, b"x").expect("a MAC"));
}

fn generate(algorithm: KeyAlgorithm) -> PrivateKey {
    PrivateKey::generate(algorithm).expect("generate")
}

fn mean(count: u32, mut work: impl FnMut()) -> Duration {
    let start = Instant::now();
    (0..count).for_each(|_| work());
    start.elapsed() / count
}
