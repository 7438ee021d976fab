//! FACTS. Gathers what doctor's checks look at, each group in a file of its own, and mends what was found.
//!
//! Everything that touches disk, network or operating system on doctor's behalf is here; what it means is decided in `doctor`.

mod handshake;
mod mend;
mod user;

pub mod file;

pub use handshake::{Ends, Equipment, handshake, presented_chain};
pub use mend::mend;
pub use user::User;
