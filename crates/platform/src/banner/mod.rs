//! The log-in banner of the platform's applications: its settings in the Windows registry, as registry files.
//!
//! The key [`BANNER_KEY`] has the settings for all applications. A key below it with the number of a type of applications is used instead of it by
//! these. The documents to show are in numbered keys below `URLs`.

mod application;
mod effective;
mod lint;
mod order;
mod settings;
#[cfg(test)]
mod tests;

pub use application::{Application, ApplicationError};
pub use effective::{Effective, EffectiveUrl, Level, effective, levels};
pub use lint::{RULES, lint};
pub use order::{Order, UrlLayout, build, build_removal};

/// The key with the settings for all applications.
pub const BANNER_KEY: &str = "HKEY_LOCAL_MACHINE\\SOFTWARE\\GCTI\\Unilogin\\Banner";
/// The key below with the documents.
const URLS: &str = "URLs";
/// The smallest height that is accepted.
pub const MIN_HEIGHT: u32 = 181;
/// The smallest width that is accepted.
pub const MIN_WIDTH: u32 = 360;
