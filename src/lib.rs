#![forbid(unsafe_code)]
//! gsec: a private certification authority and TLS provisioning toolkit. This crate is the program: its command line.

pub mod cli;
