//! `gsec watch` as it is started, with somebody who is told.

mod conditions;
mod hub;
mod place;
mod sinks;
mod told;
