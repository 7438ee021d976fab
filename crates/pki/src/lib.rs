#![forbid(unsafe_code)]
#![deny(missing_docs)]
//! What a public key infrastructure is made of: keys, certificates, CRLs, requests, PKCS #12, and their encodings.
//!
//! Bytes in, bytes out: no files, no clock, no terminal. Time and randomness are arguments.
//!
//! | module | what it is |
//! |---|---|
//! | [`contents`] | everything in a file of any kind, and what of it belongs together |
//! | [`pkcs12`] | PFX files |
//! | [`x509`] | names, validity, certificates, CRLs, requests, path validation |
//! | [`key`] | keys and signatures |
//! | [`pbe`] | what is encrypted or authenticated under a password |
//! | [`encoding`] | PEM, BER within bounds, hexadecimal, text that is safe to show |

pub mod contents;
pub mod encoding;
pub mod key;
pub mod pbe;
pub mod pkcs12;
pub mod x509;
