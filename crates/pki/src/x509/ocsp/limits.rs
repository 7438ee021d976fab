//! How much is read.

/// The longest request that is read, in bytes.
pub const MAX_REQUEST_BYTES: usize = 64 * 1024;
/// The most certificates that one request may ask about.
pub const MAX_SINGLE_REQUESTS: usize = 100;
/// The longest nonce in bytes, RFC 8954 §2.1; RFC 9654 §2.1 lets a responder keep it.
pub const MAX_NONCE_BYTES: usize = 32;
/// The longest response that is read, in bytes: a hundred certificates, and those of the responder.
pub const MAX_RESPONSE_BYTES: usize = 256 * 1024;
