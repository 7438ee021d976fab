//! Certificates for hosts: planned, decided, issued, compared with what is there, renewed.

pub(super) mod as_present;
pub(super) mod batch;
pub(super) mod compare;
pub(super) mod decide;
pub(super) mod delivery;
pub(super) mod deviation;
pub(super) mod from_request;
pub(super) mod intent;
pub(super) mod issue;
pub(super) mod left_behind;
pub(super) mod once;
pub(super) mod order;
pub(super) mod plan;
pub(super) mod present;
mod ready;
pub(super) mod renew;
pub(super) mod request;
pub(super) mod stable_names;
pub(super) mod successor;
