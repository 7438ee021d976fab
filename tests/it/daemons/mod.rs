//! Real services, each from its bundle: as its own user, in a directory of its own, on loopback. `sh tests/delivery.sh` runs them; they need
//! Debian's packages of these services, and root.

mod site;

mod databases;
mod ftp;
mod mail;
mod messages;
mod web;
