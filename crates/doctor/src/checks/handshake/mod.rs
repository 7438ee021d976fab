//! Two ends that shall speak to each other: who would refuse whom, and why, before anything is deployed.

mod checks;
mod entries;
mod facts;

pub use checks::CHECKS;
pub(in crate::checks) use checks::ISSUE_FOR_CLIENT;
pub use entries::*;
pub use facts::{Attempt, Facts, Lacking, Presented, Trust};
