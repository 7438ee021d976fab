#![forbid(unsafe_code)]
#![deny(missing_docs)]
//! THE PLATFORM. The settings, logs and registry files of the contact-center platform: bytes in, bytes and findings out. Pure.

pub mod banner;
pub mod catalog;
pub mod conf;
pub mod finding;
pub mod fleet;
pub mod inventory;
pub mod log_filter;
pub mod registry;
pub mod start_file;
pub mod text;
pub mod transport;
