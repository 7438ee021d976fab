//! `audit.head`: the CA key's word on how far the audit log had come.
//!
//! One line, `{"seq":41,"head":"…","key":"…","signature":"…"}`, signed over the line as it would be without `signature`. It replaces the
//! one before at the end of every change for which the key was open. A chain of hashes that was cut at its end is still a chain; what this
//! file names must be in the log, and nobody makes another one without the key.
//!
//! It is written when the log is durable, and is not made durable itself, which would cost a barrier for each change: after a power cut it
//! may be an older one, which is as true. It shows nothing to whom an older one was given together with the log of that time.

use std::io;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::audit::{SIGNATURE, signed_parts};
use super::{AuditSeal, CaDir, StoreError};
use crate::files::{FilesError, PRIVATE_MODE, read_own_within, stage_unsynced};
use gsec_pki::encoding::hex::{Separator, encode};

/// Some 1200 bytes for the longest signature, of RSA with 8192 bits.
const MAX_BYTES: u64 = 16 * 1024;

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

/// `audit.head` as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeadFile {
    /// There is none: gsec 0.1.0 kept none.
    Missing,
    /// It says nothing: what is wrong with it.
    Damaged(&'static str),
    /// What it says. The signature is not checked yet.
    Read(SignedHead),
}

/// Reads `audit.head`.
///
/// # Errors
/// [`StoreError::Files`].
pub fn read_signed_head(ca_dir: &CaDir) -> Result<HeadFile, StoreError> {
    let content = match read_own_within(&ca_dir.signed_head(), MAX_BYTES) {
        Ok(content) => content,
        Err(FilesError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => return Ok(HeadFile::Missing),
        Err(FilesError::SymbolicLink(_) | FilesError::NotAFile(_)) => return Ok(HeadFile::Damaged("it is not a regular file")),
        Err(FilesError::TooLarge { .. }) => return Ok(HeadFile::Damaged("it is longer than gsec writes it")),
        Err(error) => return Err(error.into()),
    };
    if content.iter().all(|byte| *byte == 0) {
        return Ok(HeadFile::Damaged("it is empty, as after a power cut"));
    }
    Ok(parse(content.strip_suffix(b"\n").unwrap_or(&content))
        .map_or(HeadFile::Damaged("it is not in the form in which gsec writes it"), HeadFile::Read))
}

fn parse(line: &[u8]) -> Option<SignedHead> {
    let (message, signature) = signed_parts(line)?;
    let fields: SignedHead = serde_json::from_slice(&message).ok()?;
    Some(SignedHead { message, signature, ..fields })
}

/// The content of `audit.head` for a log of so many lines; `None` when the key's holder refuses to sign.
pub(super) fn signed_head_line(seq: u64, head: &str, seal: &dyn AuditSeal) -> Option<String> {
    let fields = Map::from_iter([("seq".to_owned(), Value::from(seq)), ("head".into(), head.into()), ("key".into(), seal.key().into())]);
    let unsigned = Value::Object(fields).to_string();
    let signature = seal.sign(unsigned.as_bytes())?;
    Some(format!("{}{SIGNATURE}{}\"}}\n", &unsigned[..unsigned.len() - 1], encode(&signature, Separator::None)))
}

/// Replaces `audit.head`. That it cannot be written is no error: the one that is there, or none, stays true.
pub(super) fn write_signed_head(ca_dir: &CaDir, line: &str) {
    let _ = stage_unsynced(&ca_dir.conf(), PRIVATE_MODE, line.as_bytes()).and_then(|staged| staged.replace(&ca_dir.signed_head()));
}
