//! Certificates, private keys and PFX files: each by itself, and what belongs together.

mod entries;

pub use entries::*;
