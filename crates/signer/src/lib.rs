#![forbid(unsafe_code)]
#![deny(missing_docs)]
//! SIGNING. A process apart has the CA key. It is told what is to be certified, decides about it by itself, and writes each signature into a
//! journal of its own before it answers. So whoever takes over the process that talks to the network gets nothing that the policy does not
//! permit, and nothing that leaves no trace.
//!
//! | module | what it is |
//! |---|---|
//! | [`Desk`] | the key at work: decides, signs, keeps the journal |
//! | [`serve`] | a UNIX socket before the desk |
//! | [`Client`] | the other end, as what the CA at work gets its signatures from |
//! | [`frame`], [`socket`] | messages on a stream, and sockets for some users: also for whoever else asks over one |
//! | [`Confinement`] | what the process has given up, as it says |
//! | [`Journal`] | one line for each signature, each bound to the one before |
//! | [`compare_journal`] | the journal beside what the CA remembers |

/// The name of the socket in `ca_conf/`, where no other one is chosen.
pub const SOCKET_NAME: &str = "signer.sock";
/// The name of the journal in `ca_conf/`, where no other one is chosen.
pub const JOURNAL_NAME: &str = "signer.journal";

mod client;
mod compare;
mod confinement;
mod desk;
pub mod frame;
mod journal;
mod listener;
mod message;
mod rates;
pub mod socket;

pub use client::{Client, ClientError, Looked, RemoteKeys, is_slow};
pub use compare::{Comparison, Contradiction, compare_journal, journal_of};
pub use confinement::{Confinement, Hold};
pub use desk::{Desk, DeskError};
pub use journal::{Journal, JournalCheck, JournalError, check_journal};
pub use listener::serve;
pub use socket::ListenError;

#[cfg(test)]
mod tests;
