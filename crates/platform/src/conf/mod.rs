//! CONF. The files of DB Server and Configuration Server: sections, keys and values, each with the place of its bytes.
//!
//! Lines begin with `[`, `;` or `#`, or have a `=`. Blanks around the first `=` of a line are harmless; those in the value of `transport` are
//! what `transport` is about. Nothing is written here: a change is a list of bytes to replace.

mod change;
mod cross;
mod file;
mod fix;
mod kind;
mod lint;
mod names;
mod rules;

#[cfg(test)]
mod tests;

pub use change::{ChangeError, Replacement, applied, set, unset};
pub use file::{Conf, Key, Section, is_conf};
pub use fix::{Fixed, fix};
pub use kind::{ConfFile, ConfKind};
pub use lint::lint;
