//! The CA's own certificate and keys: made, renewed, changed, adopted; and who speaks for it.

pub(super) mod adopt;
pub(super) mod certificates;
pub(super) mod create;
pub(super) mod noted;
pub(super) mod ocsp_responder;
pub(super) mod passphrase;
pub(super) mod path;
pub(super) mod previous;
pub(super) mod rekey;
pub(super) mod renew;
