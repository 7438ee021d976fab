//! TRANSPORT. The value of a `transport` option: read exactly as the platform reads it, checked, fixed, and written.
//!
//! The platform cuts the value at every `;` and finds an option by the bytes `NAME=` at the beginning of a part, without trimming: a blank
//! before a name hides the option, one behind a value becomes part of it.

mod build;
mod check_files;
mod fix;
mod lint;
mod options;
mod reader;
mod thumbprint;

pub use build::{Certificate, Settings, Unwritable, build};
pub use check_files::{FileContent, FileProblem, check_files, named_files, names_certificates};
pub use fix::{Fixes, fix, value_start};
pub use lint::{Lint, Platform, Release, Role, is_fixed, lint};
pub use options::{KNOWN, Kind, Known, known};
pub use reader::{Effect, Part, boolean, find, is_secured, parts};
pub use thumbprint::{Thumbprint, spaced};
