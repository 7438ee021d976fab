//! BACKUPS. A CA directory as one file that is encrypted in the age format: what may be in it, and where that goes. Pure.

mod age;
mod archive;
mod bech32;

pub use age::{AgeError, Decryptor, Encryptor, Identity, Lock, Opener, Recipient};
pub use archive::{Counts, Cover, EntryPath, FORM, is_key_material, mode_of};

#[cfg(test)]
mod tests;
