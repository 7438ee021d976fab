//! What each fuzz target asks of the library for one input. `tests/it/hostile/fuzz_cases.rs` asks the same of every seed and of every case that
//! fuzzing found, so that `cargo test` keeps what fuzzing taught.
//!
//! Each module has `check(input)`: it panics where something does not hold that must hold for every input, and says whether the input
//! was read rather than refused.

pub mod backup;
pub mod banner;
pub mod ber;
pub mod caa;
pub mod certificate;
pub mod conf;
pub mod crl;
pub mod hub;
pub mod jws;
pub mod log_filter;
pub mod ocsp;
pub mod pem;
pub mod pkcs12;
pub mod private_key;
pub mod registry_file;
pub mod request;
pub mod server_flight;
pub mod start_file;
pub mod transport;
