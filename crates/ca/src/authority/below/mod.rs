//! CAs below this one: certified, renewed, made with their own directory, and what they get back.

pub(super) mod accept;
pub(super) mod certify;
pub(super) mod from_request;
pub(super) mod intermediate;
pub(super) mod renew;
pub(super) mod waiting;
