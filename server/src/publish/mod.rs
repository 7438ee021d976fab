//! PUBLICATION. What everybody may fetch of the CA: the answers of its OCSP responder. Pure: what is sent comes in as bytes, what is answered goes out
//! as a body and headers; time, key and records are arguments.

mod caching;
mod kept;
mod ocsp;
mod sent;

#[cfg(test)]
mod tests;

pub use caching::{Caching, Freshness};
pub use ocsp::{Answers, MAX_LIFE, OcspAnswer, RecordsUnavailable, Standing};
pub use sent::Sent;
