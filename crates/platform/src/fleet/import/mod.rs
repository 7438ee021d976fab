//! Inventories from what is there already: an export of Configuration Server, a table, the certificates of a CA.
//!
//! What is read is a [`Draft`], and every doubt about it stands in it: names that an inventory cannot have, values that are left out, what the
//! source does not say. Passwords, and options that have nothing to do with TLS, are never copied.

mod certificates;
mod draft;
mod export;
mod options;
mod table;
mod write;

#[cfg(test)]
mod tests;

pub use certificates::{CertifiedHost, from_certificates};
pub use draft::{Draft, DraftApp, DraftConnection, DraftHost, DraftPair, DraftPort};
pub use export::{ExportError, from_export};
pub use table::{COLUMNS, TableError, from_table};
pub use write::write;
