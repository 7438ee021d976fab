//! REGISTRY FILES. What `regedit` imports and exports: keys with values, each with its line.

mod read;
mod text;
mod write;

pub use read::{Data, Entry, Key, RegistryFile};
pub use text::decode_text;
pub use write::{WriteError, Writer};

/// The first line of a file that is written.
const VERSION_5: &str = "Windows Registry Editor Version 5.00";
/// The first line of files from before Windows 2000.
const REGEDIT4: &str = "REGEDIT4";
