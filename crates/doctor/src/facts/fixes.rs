//! Looks at a CA directory again for what a fix needs. The CA itself makes the change.

use time::OffsetDateTime;

use super::ca_directory::{Unrecorded, ca_directory, highest_serial, leftovers, own_certificates};
use crate::checks::ca_directory::{CaFix, DifferenceKind, Facts};
use gsec_ca::authority::Fix;
use gsec_ca::home::{CaDir, StoreError};
use gsec_pki::encoding::sample::MAX_KEPT;
use gsec_pki::x509::SerialNumber;

/// What is to be fixed in a CA directory as it is now, and whether that is all: facts name no more than [`MAX_KEPT`] of a kind.
///
/// # Errors
/// [`StoreError`] when the directory cannot be looked into.
pub fn wanted(directory: &CaDir, auto_fix: CaFix, now: OffsetDateTime) -> Result<(Fix, bool), StoreError> {
    let facts = || ca_directory(directory, now);
    let own = || own_certificates(directory);
    let fix = match auto_fix {
        CaFix::TightenRepository => Fix::TightenRepository,
        CaFix::FinishRekey => Fix::FinishRekey,
        CaFix::SetTornLinesAside => Fix::SetTornLinesAside,
        CaFix::WriteAttributes => Fix::WriteAttributes,
        CaFix::RaiseSerial => Fix::RaiseSerial(highest_serial(directory)?),
        CaFix::RaiseCrlNumber => Fix::RaiseCrlNumber,
        CaFix::CopyCertificates => Fix::CopyCertificates(copies(&facts()?)),
        CaFix::RecordCertificates => Fix::RecordCertificates {
            paths: Unrecorded::find(directory)?.paths(directory)?,
            own: own(),
        },
        CaFix::RepairRecords => Fix::RepairRecords { own: own() },
        CaFix::JoinDuplicates => Fix::JoinDuplicates,
        CaFix::CorrectRecords => Fix::CorrectRecords {
            serials: differing(&facts()?),
            own: own(),
        },
        CaFix::RevokeLoneRecords => Fix::RevokeLoneRecords(lone(&facts()?)),
        CaFix::RevokeAgain => {
            let (serials, is_all) = lost(&facts()?);
            return Ok((Fix::RevokeAgain(serials), is_all));
        }
        CaFix::TakeIntoLog => Fix::TakeIntoLog { own: own() },
        CaFix::UpdateCrl => Fix::UpdateCrl,
        CaFix::WriteBundle => Fix::WriteBundle,
        CaFix::RemoveLeftovers => Fix::RemoveLeftovers(leftovers(directory).ours.first),
        CaFix::RemoveHostIndex => Fix::RemoveHostIndex,
        CaFix::WriteConfiguration => Fix::WriteConfiguration,
    };
    Ok((fix, true))
}

fn copies(facts: &Facts) -> Vec<(SerialNumber, std::path::PathBuf)> {
    let lone = facts
        .index
        .read()
        .map(|index| index.without_file.first.as_slice())
        .unwrap_or_default();
    lone.iter()
        .filter_map(|record| Some((record.serial.clone(), record.copy.clone()?)))
        .collect()
}

fn differing(facts: &Facts) -> Vec<SerialNumber> {
    let is_fixable = |kind: &DifferenceKind| {
        matches!(
            kind,
            DifferenceKind::Expiry { .. } | DifferenceKind::Subject { .. }
        )
    };
    let differing = facts
        .index
        .read()
        .map(|index| index.differing.first.as_slice())
        .unwrap_or_default();
    differing
        .iter()
        .filter(|one| is_fixable(&one.kind))
        .map(|one| one.serial.clone())
        .collect()
}

fn lone(facts: &Facts) -> Vec<SerialNumber> {
    let lone = facts
        .index
        .read()
        .map(|index| index.without_file.first.as_slice())
        .unwrap_or_default();
    lone.iter()
        .filter(|record| facts.may_revoke(record))
        .map(|record| record.serial.clone())
        .collect()
}

fn lost(facts: &Facts) -> (Vec<SerialNumber>, bool) {
    let lost = facts
        .index
        .read()
        .map(|index| index.lost_revocations.first.as_slice())
        .unwrap_or_default();
    (
        lost.iter().map(|one| one.serial.clone()).collect(),
        lost.len() < MAX_KEPT,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::ca_directory::tests::{healthy, sample, serial};
    use crate::checks::ca_directory::{
        Difference, FoundInstead, LoneRecord, LostRevocation, RevocationSource,
    };
    use time::Duration;

    fn lone_record(number: u32, copy: Option<&str>) -> LoneRecord {
        let facts = healthy();
        LoneRecord {
            serial: serial(number),
            subject: "/CN=a".into(),
            copy: copy.map(Into::into),
            has_files: copy.is_some(),
            announced: Some(facts.now - Duration::hours(1)),
        }
    }

    #[test]
    fn records_without_a_file_are_copied_or_revoked_and_never_both() {
        let mut facts = healthy();
        let lines = [lone_record(1, Some("a_cert.pem")), lone_record(2, None)];
        facts.index_mut().without_file = sample(lines);
        assert_eq!(copies(&facts), [(serial(1), "a_cert.pem".into())]);
        assert_eq!(lone(&facts), [serial(2)]);
    }

    #[test]
    fn only_end_and_subject_are_corrected() {
        let mut facts = healthy();
        let difference = |number, kind| Difference {
            serial: serial(number),
            path: "x.pem".into(),
            kind,
            copy: None,
            aside: "x.pem.aside".into(),
        };
        let now = facts.now;
        let subject = DifferenceKind::Subject {
            record: "/CN=a".into(),
            certificate: "/CN=b".into(),
        };
        let expiry = DifferenceKind::Expiry {
            record: now,
            certificate: now,
        };
        facts.index_mut().differing = sample([
            difference(1, DifferenceKind::Signature),
            difference(2, subject),
            difference(3, DifferenceKind::Serial(serial(9))),
            difference(4, expiry),
            difference(5, DifferenceKind::HostFile("it has another key")),
        ]);
        assert_eq!(differing(&facts), [serial(2), serial(4)]);
    }

    #[test]
    fn more_revocations_than_are_named_are_not_all() {
        let with = |count: u32| {
            let mut facts = healthy();
            let one = |number| LostRevocation {
                serial: serial(number),
                source: RevocationSource::Log,
                found: FoundInstead::NotRevoked,
            };
            facts.index_mut().lost_revocations = sample((0..count).map(one));
            let (serials, is_all) = lost(&facts);
            (serials.len(), is_all)
        };
        assert_eq!(with(999), (999, true));
        assert_eq!(with(1000), (1000, false));
        assert_eq!(with(1001), (1000, false));
    }
}
