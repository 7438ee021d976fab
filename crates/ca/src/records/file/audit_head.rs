//! `audit.head`: the CA key's word on how far the audit log had come.
//!
//! One line, `{"seq":41,"head":"…","key":"…","signature":"…"}`, signed over the line as it would be without `signature`. It replaces the
//! one before at the end of every change for which the key was open. A chain of hashes that was cut at its end is still a chain; what this
//! file names must be in the log, and it cannot be forged without the key.
//!
//! It is written when the log is durable, and is not made durable itself, which would cost a barrier for each change: after a power cut it
//! may be an older one, which is as true. It shows nothing to whom an older one was given together with the log of that time.

use std::io;

use crate::files::{FilesError, PRIVATE_MODE, read_own_within, stage_unsynced};
use crate::home::{CaDir, StoreError};
use crate::records::HeadFile;
use crate::records::audit::head::parse_signed_head;

/// Some 1200 bytes for the longest signature, of RSA with 8192 bits.
const MAX_BYTES: u64 = 16 * 1024;

/// Reads `audit.head`.
///
/// # Errors
/// [`StoreError::Files`].
pub fn read_signed_head(ca_dir: &CaDir) -> Result<HeadFile, StoreError> {
    let content = match read_own_within(&ca_dir.signed_head(), MAX_BYTES) {
        Ok(content) => content,
        Err(FilesError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
            return Ok(HeadFile::Missing);
        }
        Err(FilesError::SymbolicLink(_) | FilesError::NotAFile(_)) => {
            return Ok(HeadFile::Damaged("it is not a regular file"));
        }
        Err(FilesError::TooLarge { .. }) => {
            return Ok(HeadFile::Damaged("it is longer than what gsec writes"));
        }
        Err(error) => return Err(error.into()),
    };
    if content.iter().all(|byte| *byte == 0) {
        return Ok(HeadFile::Damaged("it is empty, as after a power cut"));
    }
    Ok(
        parse_signed_head(content.strip_suffix(b"\n").unwrap_or(&content)).map_or(
            HeadFile::Damaged("it is not in the format that gsec writes"),
            HeadFile::Read,
        ),
    )
}

/// Replaces `audit.head`. That it cannot be written is not an error: the one that is there, or none, stays
/// true.
pub(super) fn write_signed_head(ca_dir: &CaDir, line: &str) {
    let _ = stage_unsynced(&ca_dir.conf(), PRIVATE_MODE, line.as_bytes())
        .and_then(|staged| staged.replace(&ca_dir.signed_head()));
}
