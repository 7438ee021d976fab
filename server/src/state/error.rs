//! What keeps the state from answering.

use std::path::PathBuf;

use gsec_ca::files::FilesError;
use thiserror::Error;

/// Why the state gave no answer. Nothing that was not answered is half written.
#[derive(Debug, Error)]
pub enum StateError {
    /// The disk is full. Writing goes on by itself when there is room.
    #[error("cannot write `{path}`: the disk is full")]
    Full {
        /// The database.
        path: PathBuf,
    },
    /// It cannot be read or written now: a read-only file system, a disk that fails, a database server that is gone.
    #[error("cannot use `{path}`: {reason}")]
    Unavailable {
        /// The database.
        path: PathBuf,
        /// What it says.
        reason: String,
    },
    /// The file that is open is not the one under its name any more: it was removed, or another one was put in its place.
    #[error(
        "`{path}` was removed or replaced while this server has it open: nothing more is written; put the right file there and start the server again"
    )]
    Replaced {
        /// The database.
        path: PathBuf,
    },
    /// Another process has it open.
    #[error("`{path}` is open in another process")]
    InUse {
        /// The database.
        path: PathBuf,
    },
    /// A later version of this program has written it.
    #[error("`{path}` was written by a later version: its schema is {found}, this version knows {known}")]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The last one that this version knows.
        known: u32,
    },
    /// What it holds is not what was written, or it is no database of this server.
    #[error("`{path}` is damaged: {reason}")]
    Damaged {
        /// The database.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The file, or the way to it, is not in trusted hands.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// It was closed.
    #[error("the server's state is closed")]
    Closed,
}

impl StateError {
    /// Whether the same call can succeed later without anybody doing anything to the program.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Full { .. } | Self::Unavailable { .. })
    }
}
