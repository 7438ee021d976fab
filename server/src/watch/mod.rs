//! WATCH AT WORK. Remembers alarms, and gets them to those who are to be told: a queue on disk for each, so that nothing is lost while
//! a line is down.

mod alertmanager;
mod command;
mod deliver;
mod http;
mod hub;
mod mail;
mod open;
mod outlet;
mod secret;
mod store;
mod syslog;
#[cfg(test)]
mod tests;
mod trust;
mod webhook;

pub use deliver::{Delivered, Patience, deliver};
pub use hub::{HUB_PATH, HubOutlet};
pub use open::open;
pub use outlet::{Outlet, OutletError};
pub use store::{MAX_WAITING, Received, Recorded, SiteAlarm, Store, StoreError, Teller, Watching};
