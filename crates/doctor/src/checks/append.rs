//! How an intermediate certificate gets into a file that lacks it.

use std::path::Path;

use gsec_pki::encoding::pem::is_pem;
use gsec_pki::encoding::shell::CommandLine;

/// What may be done with the end of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appending {
    /// PEM that ends with a line feed: another block can follow.
    AsItIs,
    /// PEM whose last line has no end: what follows would become part of it.
    AfterLineFeed,
    /// No PEM. DER is destroyed by whatever follows it.
    Never,
}

impl Appending {
    /// What may be done with a file that contains these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        match (is_pem(bytes), bytes.last()) {
            (true, Some(b'\n')) => Self::AsItIs,
            (true, _) => Self::AfterLineFeed,
            (false, _) => Self::Never,
        }
    }

    /// Appends PEM files to one; `None` where that would damage it.
    pub(in crate::checks) fn command<'a>(
        self,
        files: impl IntoIterator<Item = &'a Path>,
        to: &Path,
    ) -> Option<CommandLine> {
        let cat = |before: &'static str| CommandLine::new(before).words("cat").paths(files);
        match self {
            Self::AsItIs => Some(cat("").words(">>").path(to)),
            Self::AfterLineFeed => Some(cat("{ echo;").glued("; } >>").path(to)),
            Self::Never => None,
        }
    }
}
