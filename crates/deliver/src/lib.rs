#![forbid(unsafe_code)]
#![deny(missing_docs)]
//! DELIVERY. Certificates where services serve them, and where programs trust them.
//!
//! | module | what it is |
//! |---|---|
//! | [`truststore`] | where programs look for the CAs that they trust |

pub mod truststore;
