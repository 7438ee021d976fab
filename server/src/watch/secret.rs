//! Secrets, from files that nobody else reads.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use gsec_ca::files::read_file_within;
use zeroize::Zeroizing;

use super::OutletError;

const MAX_BYTES: u64 = 4096;
const OTHERS: u32 = 0o007;

/// The content of a file without the line end behind it.
pub(super) fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, OutletError> {
    let wrong = |reason: String| OutletError::File {
        path: path.to_owned(),
        reason,
    };
    let metadata = std::fs::metadata(path).map_err(|error| wrong(error.to_string()))?;
    if metadata.mode() & OTHERS != 0 {
        return Err(wrong("everybody can read it: `chmod o= FILE`".into()));
    }
    let mut content = read_file_within(path, MAX_BYTES).map_err(|error| wrong(error.to_string()))?;
    while matches!(content.last(), Some(b'\n' | b'\r')) {
        content.pop();
    }
    match content.is_empty() {
        true => Err(wrong("it is empty".into())),
        false => Ok(content),
    }
}
