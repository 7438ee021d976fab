//! Why records could not be read or changed, without saying where they are kept: the form of the records says that in its own error, which
//! is kept as it is.

use std::error::Error;
use std::fmt;

use crate::home::{FaultKind, StoreError};

/// Why records could not be read or changed.
#[derive(Debug)]
pub struct RecordsError {
    kind: FaultKind,
    code: &'static str,
    cause: Box<dyn Error + Send + Sync>,
}

impl RecordsError {
    /// An error of a form of the records. `code` is a stable name for scripts.
    pub fn new(kind: FaultKind, code: &'static str, cause: impl Error + Send + Sync + 'static) -> Self {
        Self {
            kind,
            code,
            cause: Box::new(cause),
        }
    }

    /// The error of a function that a caller gave, to be handed back to it by [`RecordsError::into_cause`].
    pub fn of_caller(cause: impl Error + Send + Sync + 'static) -> Self {
        Self::new(FaultKind::Caller, "records.caller", cause)
    }

    /// Its kind.
    pub fn kind(&self) -> FaultKind {
        self.kind
    }

    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The error of the form, or of the caller, if it is of this type.
    pub fn cause<E: Error + 'static>(&self) -> Option<&E> {
        self.cause.downcast_ref()
    }

    /// Takes the error of the form, or of the caller, out of it, if it is of this type.
    ///
    /// # Errors
    /// The error itself, when it is of another type.
    pub fn into_cause<E: Error + 'static>(self) -> Result<Box<E>, Self> {
        let Self { kind, code, cause } = self;
        cause.downcast().map_err(|cause| Self { kind, code, cause })
    }
}

impl fmt::Display for RecordsError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(out)
    }
}

impl Error for RecordsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.source()
    }
}

impl From<StoreError> for RecordsError {
    fn from(error: StoreError) -> Self {
        Self::new(error.kind(), error.code(), error)
    }
}
