//! ENCODINGS. Bytes in, bytes out: PEM (RFC 7468), BER within bounds, hexadecimal, what kind of file some bytes are, and texts for people.
//!
//! Nothing here touches a disk, and nothing of gsec's is imported.

pub mod ber;
pub mod bit_string;
mod boundary;
pub mod bounded;
mod der_kind;
mod dump;
pub mod hex;
mod kind;
mod labels;
pub mod lines;
pub mod pem;
pub mod sample;
pub mod shell;
pub mod sniff;
pub mod unique;
pub mod visible;
