//! FACTS. Gathers what doctor's checks look at, each group in a file of its own, and mends what was found.
//!
//! Everything that touches disk, network or operating system on doctor's behalf is here; what it means is decided in `doctor`.

mod ca_directory;
mod ca_mend;
mod handshake;
mod home;
mod libraries;
mod machine;
mod mend;
mod names;
mod server;
mod user;

pub mod file;

pub use ca_directory::ca_directory;
pub use handshake::{Ends, Equipment, handshake, presented_chain};
pub use home::home;
pub use libraries::{Origin, libraries};
pub use machine::{certificates_in, system};
pub use mend::mend;
pub use names::names;
pub use server::{Expected, ProbedHost, probe_hosts, server, subordinates};
pub use user::User;
