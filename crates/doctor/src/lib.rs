#![forbid(unsafe_code)]
#![deny(missing_docs)]
//! Why is the connection not established?
//!
//! | module | what it is |
//! |---|---|
//! | [`checks`] | the catalog of what can be wrong, and its checks: pure functions from facts to findings |
//! | [`facts`] | gathers what the checks look at: files, servers, CA directories, this machine |
//! | [`net`] | name resolution, connections, the TLS probe; every step with a time limit |
//! | [`tls`] | messages of the TLS protocol as bytes, and what a probe saw; pure |

pub mod checks;
pub mod facts;
pub mod net;
pub mod tls;
