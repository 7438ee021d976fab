//! Generates one private key and ends: what `cert issue` cannot do without, for `benches/whole_process.py` to subtract.
//!
//! `cargo bench --bench keygen` prints how long keys and signatures take in one process.

use std::time::{Duration, Instant};

use gsec::key::{KeyAlgorithm, PrivateKey, RsaBits, Signer};

fn main() {
    if std::env::args().any(|argument| argument == "--once") {
        generate(KeyAlgorithm::Rsa(RsaBits::B2048));
        return;
    }
    let kinds = [(KeyAlgorithm::Rsa(RsaBits::B2048), 60), (KeyAlgorithm::P256, 2000), (KeyAlgorithm::P384, 500), (KeyAlgorithm::Ed25519, 2000)];
    println!("{:<10} {:>16} {:>16}", "key", "generate, mean", "sign, mean");
    for (algorithm, count) in kinds {
        let key = generate(algorithm);
        let generation = mean(count, || drop(generate(algorithm)));
        let signature = mean(count, || drop(key.sign(b"a message").expect("sign")));
        println!("{:<10} {generation:>16.1?} {signature:>16.1?}", algorithm.to_string());
    }
}

fn generate(algorithm: KeyAlgorithm) -> PrivateKey {
    PrivateKey::generate(algorithm).expect("generate")
}

fn mean(count: u32, mut work: impl FnMut()) -> Duration {
    let start = Instant::now();
    (0..count).for_each(|_| work());
    start.elapsed() / count
}
