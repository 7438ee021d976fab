//! Examinations of which `--only` or `--skip` leaves nothing.

use crate::cli::failure::Failure;
use gsec_doctor::checks::Diagnosis;
use gsec_pki::x509::path::Severity;

/// Why nothing of a target was examined, where `--only` or `--skip` hides what stopped the examination.
pub(super) fn stopped(
    target: &str,
    selected: &Diagnosis,
    whole: impl FnOnce() -> Diagnosis,
) -> Result<(), Failure> {
    let is_without_fault = |diagnosis: &Diagnosis| {
        diagnosis
            .findings
            .iter()
            .all(|finding| finding.severity == Severity::Notice)
    };
    if selected.left_out.is_empty() || !is_without_fault(selected) {
        return Ok(());
    }
    match whole()
        .findings
        .first()
        .filter(|finding| finding.severity != Severity::Notice)
    {
        Some(finding) => Err(Failure::cannot(
            "doctor.nothing_examined",
            format!(
                "nothing of `{target}` was examined: {}: {}",
                finding.entry.slug, finding.seen
            ),
        )),
        None => Ok(()),
    }
}
