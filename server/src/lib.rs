#![forbid(unsafe_code)]
#![deny(missing_docs)]
//! THE SERVER. The CA directory, served: ACME, CRL and OCSP.
//!
//! | module | what it is |
//! |---|---|
//! | [`domain`] | accounts, orders, authorizations, challenges, grants and limits: what may follow what; pure |

pub mod domain;
