//! What the database says when it does not answer.

use std::path::Path;

use gsec_ca::files::disk_space;
use rusqlite::{Error, ErrorCode};

use super::super::StateError;

/// What SQLite makes its files larger by, the index of the log in steps of 32 KiB.
const STEP_OCTETS: u64 = 32 * 1024;

/// Why a call was not done. It can be told to everybody whose call was in the same transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// The disk is full.
    Full,
    /// It cannot be read or written now.
    Unavailable(String),
    /// Another file has its name, or none.
    Replaced,
    /// What it holds is not what was written.
    Damaged(String),
    /// Its thread has ended.
    Closed,
}

impl Fault {
    /// Whether one call alone can be the reason, so that the others are to be tried without it.
    pub(super) fn may_be_one_calls(&self) -> bool {
        matches!(self, Self::Damaged(_))
    }

    /// For those who called.
    pub(super) fn of(self, path: &Path) -> StateError {
        let path = path.to_owned();
        match self {
            Self::Full => StateError::Full { path },
            // Of what it keeps in shared memory SQLite says only that it cannot make it larger.
            Self::Unavailable(_) if is_full(&path) => StateError::Full { path },
            Self::Unavailable(reason) => StateError::Unavailable { path, reason },
            Self::Replaced => StateError::Replaced { path },
            Self::Damaged(reason) => StateError::Damaged { path, reason },
            Self::Closed => StateError::Closed,
        }
    }
}

/// Whether there is no room for one step of what SQLite writes.
fn is_full(path: &Path) -> bool {
    let folder = path.parent().unwrap_or(path);
    disk_space(folder).is_some_and(|space| space.free_octets < STEP_OCTETS && !space.is_read_only)
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(
                ErrorCode::ReadOnly
                | ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::FileLockingProtocolFailed
                | ErrorCode::PermissionDenied
                | ErrorCode::AuthorizationForStatementDenied
                | ErrorCode::OperationAborted
                | ErrorCode::OperationInterrupted
                | ErrorCode::NoLargeFileSupport
                | ErrorCode::OutOfMemory,
            ) => Self::Unavailable(reason(&error)),
            // A value that is not of the form that was written, or a rule of the schema that the program has not kept.
            _ => Self::Damaged(reason(&error)),
        }
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        // Only where, for what is there may be a secret.
        Self::Damaged(format!(
            "an item cannot be read at line {}, column {}",
            error.line(),
            error.column()
        ))
    }
}

/// The words of the database, without a statement and its values.
fn reason(error: &Error) -> String {
    match error {
        Error::SqliteFailure(failure, _) => {
            format!("{failure}")
        }
        Error::SqlInputError { error, .. } => format!("{error}"),
        other => format!("{other}"),
    }
}
