#![forbid(unsafe_code)]
#![deny(missing_docs)]
//! DELIVERY. Certificates where services serve them, and where programs trust them.
