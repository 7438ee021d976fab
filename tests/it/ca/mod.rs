//! A CA directory through its life.

mod audit_log;
mod intermediate;
mod known_revocations;
mod log_as_source;
mod old_directory;
mod openssl_ca_side_by_side;
mod passphrase;
mod policy;
mod rekey;
mod renew;
mod revocation;
mod revocation_kept;
