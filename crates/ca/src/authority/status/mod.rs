//! What became of certificates: revoked, on hold, compromised; the CRL; what is said of one.

pub(super) mod compromise;
pub(super) mod crl;
pub(super) mod crl_shards;
pub(super) mod revoke;
pub(super) mod standing;
pub(super) mod unfinished;
pub(super) mod witnesses;
