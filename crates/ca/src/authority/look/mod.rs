//! What the CA has: listed, counted, found, and its audit log.

pub(super) mod find;
pub(super) mod host_pattern;
pub(super) mod list;
pub(super) mod log;
