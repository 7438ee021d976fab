//! What every way to a sink is, and why one is not open.

use std::path::PathBuf;
use std::time::Duration;

use crate::alarm::Numbered;

/// How long one event may take.
pub(super) const TIMEOUT: Duration = Duration::from_secs(15);

/// Why an event did not arrive, or is not known to have.
#[derive(Debug, thiserror::Error)]
pub enum OutletError {
    /// Nothing gets there now: what waits behind this event would not either.
    #[error("{0}")]
    Down(String),
    /// It got there and was refused: another event may not be.
    #[error("{0}")]
    Refused(String),
    /// A file that watch.toml names.
    #[error("cannot use `{}`: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
}

/// Somebody who can be told.
pub trait Outlet: Send {
    /// Sends an event, and returns when it is there.
    ///
    /// # Errors
    /// [`OutletError`].
    fn send(&mut self, event: &Numbered) -> Result<(), OutletError>;
}
