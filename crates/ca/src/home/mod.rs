//! THE CA'S HOME. The directory with the CA's identity and settings: certificate, key, former keys,
//! `gsec.toml`, its lock, and the users that may change them. Always files, wherever the records are kept.

mod changeover;
mod error;
mod file_name;
mod guard;
mod held;
mod keys;
mod layout;
mod lock;
mod origin;
mod own_changeover;
mod previous;
mod signing_service;

pub use changeover::RekeyFiles;
pub use error::{FaultKind, StoreError};
pub use file_name::HostFile;
pub use guard::{LinkTarget, LooseMode, LooseModes, Looseness, key_file_looseness, runs_as_root};
pub use held::Held;
pub use keys::{CaKey, KeyAndFile, KeyFiles, KeySource, KeySourceError, NewCaKey, OpenedKey};
pub use layout::{CaDir, exists};
pub use lock::{LockWait, WriteLock};
pub use own_changeover::Changeover;
pub(crate) use own_changeover::{is_cross, is_root};
pub use previous::PreviousFile;
pub use signing_service::{CrlIntent, INTENT, Intent, MAX_INTENT_AGE, SigningService, starts_now};
