//! DIAGNOSIS. Why does a TLS connection fail? A catalogue of all possible findings, and the checks, each a function from
//! facts to findings. Pure: the facts are gathered elsewhere (`facts`), and fixes are applied there.
//!
//! Findings carry their help: commands that fix, commands that look, and advice in words (`Help`).

mod append;
mod check;
mod entry;
mod examination;
mod finding;
mod help;
mod rewrite;

pub mod ca_directory;
pub mod file;
pub mod handshake;
pub mod machine;
pub mod path;
pub mod server;

pub use append::Appending;
pub use check::{Check, Diagnosis, Selection};
pub(in crate::checks) use entry::entries;
pub use entry::{Entry, Group};
pub use examination::{CA_REVOCATION, Examination, Expiry, TRUST_STORES, TargetKind};
pub use finding::{AutoFix, Finding};
pub use help::Help;
pub use rewrite::Rewriting;

/// The groups of the catalogue.
static CATALOGUE: &[&[&Entry]] = &[
    file::ENTRIES,
    path::ENTRIES,
    server::ENTRIES,
    ca_directory::ENTRIES,
    machine::ENTRIES,
    handshake::ENTRIES,
];

/// Every entry, group by group.
pub fn catalogue() -> impl Iterator<Item = &'static Entry> {
    CATALOGUE.iter().flat_map(|group| group.iter().copied())
}

/// The entry with this slug.
pub fn entry(slug: &str) -> Option<&'static Entry> {
    catalogue().find(|entry| entry.slug == slug)
}

#[cfg(test)]
mod tests;
