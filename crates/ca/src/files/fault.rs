//! Crash points for tests: from a step on, nothing becomes durable any more.

use std::path::Path;

use super::FilesError;

#[cfg(test)]
thread_local! {
    static STEPS_LEFT: std::cell::Cell<Option<u32>> = const { std::cell::Cell::new(None) };
}

/// Of this thread: so many durable steps succeed, and none after them; `None`: all do.
#[cfg(test)]
pub(crate) fn fail_after(steps: Option<u32>) {
    STEPS_LEFT.set(steps);
}

/// Comes before every step that changes what is found under a name.
#[cfg(test)]
pub(crate) fn step(path: &Path) -> Result<(), FilesError> {
    match STEPS_LEFT.get() {
        None => Ok(()),
        Some(0) => Err(FilesError::io("write", path)(std::io::Error::other(
            "the crash that a test asked for",
        ))),
        Some(left) => {
            STEPS_LEFT.set(Some(left - 1));
            Ok(())
        }
    }
}

/// Outside tests every step is tried.
#[cfg(not(test))]
#[inline]
pub(crate) fn step(_path: &Path) -> Result<(), FilesError> {
    Ok(())
}
