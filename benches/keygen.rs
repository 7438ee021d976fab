//! Generates one private key and ends: what `cert issue` cannot do without, for `benches/whole_process.py` to subtract.
//!
//! `cargo bench --bench keygen` prints how long keys and signatures take in one process. With `--rate KIND COUNT` it does what a batch
//! cannot do without, so many times on all cores, and prints how many a second: `rsa` and `p256` make a key and sign with one
//! of that kind, `pfx` derives the keys of a PFX (one for encryption, one for the MAC), `pfx3` as many as OpenSSL writes one with (two and one).

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use gsec_pki::key::{KeyAlgorithm, PrivateKey, RsaBits, Signer};
use gsec_pki::pbe::{Digest, EncryptionScheme, MacScheme, Password};

/// What a PFX with the empty password is written with.
const ITERATIONS: u32 = 2048;

fn main() {
    if std::env::args().any(|argument| argument == "--once") {
        generate(KeyAlgorithm::Rsa(RsaBits::B2048));
        return;
    }
    let arguments: Vec<String> = std::env::args().collect();
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
