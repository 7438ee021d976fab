//! The signed head: the CA key's word on how far the audit log had come. Pure.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::AuditSeal;
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::KeyError;

/// The separator between a line and its signature.
pub(super) const SIGNATURE: &str = ",\"signature\":\"";

/// What the CA key signed of a line, and the signature; `None` of an unsigned line.
pub(super) fn signed_parts(line: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let at = line
        .windows(SIGNATURE.len())
        .rposition(|window| window == SIGNATURE.as_bytes())?;
    let digits = line.get(at + SIGNATURE.len()..)?.strip_suffix(b"\"}")?;
    let signature = gsec_pki::encoding::hex::decode(std::str::from_utf8(digits).ok()?)?;
    Some(([&line[..at], b"}"].concat(), signature))
}

/// What the CA key said last about the log.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SignedHead {
    /// How many lines the log had.
    pub seq: u64,
    /// The hash of the last of them.
    pub head: String,
    /// Which key signed it: its key identifier in hexadecimal digits.
    pub key: String,
    /// What was signed.
    #[serde(skip)]
    pub message: Vec<u8>,
    /// The signature.
    #[serde(skip)]
    pub signature: Vec<u8>,
}

/// The content of `audit.head`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeadFile {
    /// There is none: gsec 0.1.0 kept none.
    Missing,
    /// It says nothing: what is wrong with it.
    Damaged(&'static str),
    /// What it says. The signature is not checked yet.
    Read(SignedHead),
}

/// Reads the line of `audit.head`.
pub(in crate::records) fn parse_signed_head(line: &[u8]) -> Option<SignedHead> {
    let (message, signature) = signed_parts(line)?;
    let fields: SignedHead = serde_json::from_slice(&message).ok()?;
    Some(SignedHead {
        message,
        signature,
        ..fields
    })
}

/// The content of `audit.head` for a log of so many lines.
///
/// # Errors
/// [`KeyError`] when the key does not sign.
pub(super) fn signed_head_line(seq: u64, head: &str, seal: &dyn AuditSeal) -> Result<String, KeyError> {
    let unsigned = head_message(seq, head, &seal.key());
    let signature = seal.sign(unsigned.as_bytes())?;
    Ok(with_signature(unsigned.as_bytes(), &signature) + "\n")
}

/// What is signed of it.
pub(super) fn head_message(seq: u64, head: &str, key: &str) -> String {
    let fields = Map::from_iter([
        ("seq".to_owned(), Value::from(seq)),
        ("head".into(), head.into()),
        ("key".into(), key.into()),
    ]);
    Value::Object(fields).to_string()
}

/// A JSON object with the signature over it.
pub(super) fn with_signature(unsigned: &[u8], signature: &[u8]) -> String {
    let unsigned = String::from_utf8_lossy(unsigned);
    let open = unsigned.strip_suffix('}').unwrap_or(&unsigned);
    format!("{open}{SIGNATURE}{}\"}}", encode(signature, Separator::None))
}
