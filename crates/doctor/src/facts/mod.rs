//! FACTS. Gathers the input of doctor's checks, one file for each group, and applies fixes.
//!
//! All access to disk, network and operating system for doctor is here; `checks` decides what it means.

mod ca_directory;
mod fixes;
mod handshake;
mod home;
mod libraries;
mod machine;
mod names;
mod server;
mod user;

pub mod file;

pub use ca_directory::ca_directory;
pub use fixes::wanted;
pub use handshake::{Ends, Equipment, handshake, presented_chain};
pub use home::home;
pub use libraries::{Origin, libraries};
pub use machine::{certificates_in, system};
pub use names::names;
pub use server::{Expected, ProbedHost, probe_hosts, server, subordinates};
pub use user::User;
