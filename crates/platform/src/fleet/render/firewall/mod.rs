//! Which connections a firewall must let through: one rule for each, in the direction in which it is opened.

mod forms;
mod openings;

pub use forms::{firewall_as_csv, firewall_as_iptables, firewall_as_netsh, firewall_as_nft};
pub use openings::{Opening, openings};
