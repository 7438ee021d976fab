//! Carries out what mends a finding.

use super::ca_mend::mend_ca_directory;
use crate::checks::Mend;
use gsec_ca::authority::{AuthorityError, Session};
use gsec_ca::store::tighten;

/// Mends one finding.
///
/// # Errors
/// As [`tighten`]: what may be somebody else's file stays as it is; what keeps a CA directory from being mended.
pub fn mend(mend: &Mend, session: &mut Session<'_>) -> Result<(), AuthorityError> {
    match mend {
        Mend::SetMode { path, mode } => Ok(tighten(path, *mode)?),
        Mend::CaDirectory { root, mend } => mend_ca_directory(root, *mend, session),
    }
}
