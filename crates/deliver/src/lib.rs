#![forbid(unsafe_code)]
#![deny(missing_docs)]
//! DELIVERY. Certificates where services serve them, and where programs trust them.
//!
//! | module | what it is |
//! |---|---|
//! | [`bundle`] | a certificate as one service takes it, with the script that installs it |
//! | [`push`] | bundles to hosts over ssh, in an order in which a fault stops early |
//! | [`rollout`] | all hosts of an inventory: what each has, and what it is to get |
//! | [`target`] | what each service needs |
//! | [`truststore`] | where programs look for the CAs that they trust |

pub mod bundle;
pub mod push;
pub mod rollout;
pub mod target;
pub mod truststore;
