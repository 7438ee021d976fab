//! Applies the fixes of findings.

use super::ca_mend::mend_ca_directory;
use crate::checks::Mend;
use gsec_ca::authority::{AuthorityError, Session};
use gsec_ca::files::tighten;

/// Applies one fix.
///
/// # Errors
/// As [`tighten`], which does not touch a file of unknown ownership; the errors of fixing a CA directory.
pub fn mend(mend: &Mend, session: &mut Session<'_>) -> Result<(), AuthorityError> {
    match mend {
        Mend::SetMode { path, mode } => Ok(tighten(path, *mode)?),
        Mend::CaDirectory { root, mend } => mend_ca_directory(root, *mend, session),
    }
}
