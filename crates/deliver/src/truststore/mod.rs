//! TRUST STORES. Where programs look for the CAs that they trust: which stores this machine has, what they say of a CA, and how it gets in
//! and out again.
//!
//! What stores there are, and what changes and reads each, is data (`layout`, `nss`, `java`); [`Machine`] brings the disk and the
//! programs. A store is changed by the program that owns it, as an administrator would do it, and then it is read: only a store that was seen
//! to trust the CA is said to trust it. Before a program changes a file that holds more than this CA, a copy is taken (`journal`).

mod anchor;
mod before;
mod bypass;
mod change;
mod error;
mod files;
mod image;
mod java;
mod journal;
mod layout;
mod machine;
mod nss;
mod p11;
mod password;
mod shared;
mod store;
mod system;
mod user;

pub use anchor::{Anchor, ThumbprintText};
pub use bypass::{Bypass, bypassing};
pub use change::{Added, Change, Removed, Restored, expect_changeable, expect_installable};
pub use error::TrustError;
pub use journal::Journal;
pub use layout::{Layout, package_with};
pub use machine::Machine;
pub use password::Passwords;
pub use store::{Asked, Found, Standing, Store, StoreKind, find_stores, look, related_stores};
pub use user::Account;
