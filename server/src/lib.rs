#![forbid(unsafe_code)]
#![deny(missing_docs)]
//! THE SERVER. The CA directory, served: ACME, CRL and OCSP.
//!
//! | module | what it is |
//! |---|---|
//! | [`domain`] | accounts, orders, authorizations, challenges, grants and limits: what may follow what; pure |
//! | [`state`] | what the server remembers beside the CA's records: one trait, a SQLite database, a form in memory |

pub mod domain;
pub mod state;
