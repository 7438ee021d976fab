//! What an inventory means elsewhere: start arguments, connection settings, search paths and firewall rules, in the form that takes them.
//!
//! What an inventory says of names and values is data in every form: each form has a type of its own that writes it (see `quote`), or refuses it.

mod args;
mod connections;
mod env;
mod firewall;
mod quote;
mod select;

#[cfg(test)]
mod tests;

pub use args::{Service, StartArguments, args_as_bat, args_as_csv, args_as_reg, args_as_sh, start_arguments};
pub use connections::{ConnectionSettings, connection_settings, connections_as_csv};
pub use env::{LibraryDir, SearchPath, env_as_csv, env_as_sh, search_paths};
pub use firewall::{
    Opening, firewall_as_csv, firewall_as_iptables, firewall_as_netsh, firewall_as_nft, openings,
};
pub use quote::{Comment, Unwritable, naming_left_out};
pub use select::{Selected, select};

/// Rows, and what could not be one of them, in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendered<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// What is left out, and why.
    pub left_out: Vec<String>,
}
