//! A client and a server that should be able to connect: who would reject whom, and why, before anything is deployed.

mod checks;
mod entries;
mod facts;

pub use checks::CHECKS;
pub(in crate::checks) use checks::ISSUE_FOR_CLIENT;
pub use entries::*;
pub use facts::{Attempt, Facts, Lacking, Presented, Trust};
