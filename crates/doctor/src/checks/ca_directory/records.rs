//! `ca.db` beside the repository, the audit log and the CRL.

use std::collections::HashSet;
use std::path::Path;

use time::Duration;

use super::access::file_name;
use super::*;
use crate::checks::{Entry, Finding, Help};
use gsec_pki::encoding::sample::Sample;
use gsec_pki::encoding::shell::{CommandLine, Prose};
use gsec_pki::x509::path::Severity;
use gsec_pki::x509::rfc3339;

/// A record without a file may be of a call that is at work; such a call is over after this time.
const SETTLED_AFTER: Duration = Duration::minutes(10);
/// A killed call leaves as many records without files as one commit has, for each of its workers. More are deleted files.
const MAX_LEFT_BY_CALLS: u64 = 1000;

/// The key cannot be made again; the other two files can.
const HOST_FILE_ADVICE: &str = "Restore the right one from the host or a backup. A certificate or PFX can be \
     moved away instead: gsec cert ensure writes it again.";

impl Facts {
    /// Whether the call that made a record must be over.
    pub fn is_settled(&self, record: &LoneRecord) -> bool {
        let changed = self.index.read().and_then(|index| index.changed);
        let is_old = |time: time::OffsetDateTime| self.now - time >= SETTLED_AFTER;
        record.announced.is_some_and(is_old) || changed.is_some_and(is_old)
    }

    /// Whether `--fix` may revoke a record: gsec's own, which it makes before any file, and none that has a file. `openssl ca` makes
    /// the file first, so its files were deleted, and the host may have the certificate.
    pub fn may_revoke(&self, record: &LoneRecord) -> bool {
        let count = self.index.read().map_or(0, |index| index.without_file.count);
        record.announced.is_some()
            && !record.has_files
            && self.is_settled(record)
            && count <= MAX_LEFT_BY_CALLS
    }
}

pub(super) fn without_file(facts: &Facts) -> Vec<Finding> {
    // Without the directory everything is missing, which another finding already reports.
    let (Some(index), Some(_)) = (facts.index.read(), facts.repository.read()) else {
        return Vec::new();
    };
    let (copies, mut lone): (Vec<LoneRecord>, Vec<LoneRecord>) = index
        .without_file
        .first
        .iter()
        .cloned()
        .partition(|record| record.copy.is_some());
    let more = index.without_file.count - index.without_file.first.len() as u64;
    let lone = Sample {
        count: lone.len() as u64 + more,
        first: std::mem::take(&mut lone),
    };
    [
        copy_missing(facts, &copies.into_iter().collect()),
        lone_records(facts, &lone),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn copy_missing(facts: &Facts, copies: &Sample<LoneRecord>) -> Option<Finding> {
    let serials = copies.listed(|record| format!("serial {}", record.serial));
    let finding = facts.about(&CERTIFICATE_COPY_MISSING, &facts.paths.repository, serials);
    let copy = |record: &LoneRecord| {
        let to = facts.paths.repository.join(format!("{}.pem", record.serial));
        record.copy.as_ref().map(|from| {
            CommandLine::new("openssl x509 -in")
                .path(from)
                .words("-out")
                .path(&to)
        })
    };
    let finding = copies.named().iter().filter_map(copy).fold(finding, Finding::fix);
    (!copies.is_empty()).then(|| facts.fixed_automatically(finding, CaFix::CopyCertificates))
}

fn lone_records(facts: &Facts, lone: &Sample<LoneRecord>) -> Option<Finding> {
    if lone.is_empty() {
        return None;
    }
    let settled = lone.first.iter().all(|record| facts.is_settled(record));
    let why = match (settled, lone.first.iter().all(|record| facts.may_revoke(record))) {
        (false, _) => "made in the last 10 minutes: a command is running, or was killed",
        (true, true) => {
            "announced by gsec, but it has no files: left by a killed command, unless someone deleted the \
             files"
        }
        (true, false) => "the files were deleted",
    };
    let names = lone.listed(|record| format!("serial {} `{}`", record.serial, record.subject));
    let finding = facts.about(
        &RECORD_WITHOUT_FILE,
        &facts.paths.index,
        format!("{names}: {why}"),
    );
    let serials = lone.named().iter().map(|record| record.serial.to_string());
    let revoke = || facts.in_directory(CommandLine::new("gsec cert revoke --serial").values(serials));
    let finding = match settled {
        true => finding.fix(revoke()),
        // A call at work is about to write the certificate: revoking it now would harm.
        false => finding
            .weighing(Severity::Notice)
            .advise("Check again in ten minutes: a running command is done by then."),
    };
    let may_revoke = lone.first.iter().any(|record| facts.may_revoke(record));
    Some(if may_revoke {
        facts.fixed_automatically(finding, CaFix::RevokeLoneRecords)
    } else {
        finding
    })
}

pub(super) fn certificates(facts: &Facts) -> Vec<Finding> {
    without_record(facts)
        .into_iter()
        .chain(differing(facts))
        .collect()
}

fn without_record(facts: &Facts) -> Vec<Finding> {
    let Some(index) = facts.index.read() else {
        return Vec::new();
    };
    let all = &index.without_record;
    let named = |wanted: &dyn Fn(&LoneCertificate) -> bool| {
        all.first
            .iter()
            .filter(|one| wanted(one))
            .map(|one| one.path.as_path())
            .collect()
    };
    let mut ours: Sample<&Path> = named(&|one| one.is_ours);
    // Of those that were not looked at, most are as the others are.
    ours.count += if ours.is_empty() {
        0
    } else {
        all.count - all.first.len() as u64
    };
    let unknown = facts.about(
        &CERTIFICATE_WITHOUT_RECORD,
        &facts.paths.index,
        ours.listed(|path| file_name(path)),
    );
    let unknown = (!ours.is_empty()).then(|| match index.first_unreadable() {
        // As valid it would be recorded, and the line that cannot be read may revoke it.
        Some(line) => unknown.advise(Prose::new("Correct line ").number(line.line).words(
            " of ca.db first, or comment it out if it is not a record: it cannot be read, and may \
                     belong to such a certificate.",
        )),
        None => facts.fixed(unknown, CaFix::RecordCertificates),
    });
    let foreign = moved_away(
        facts,
        &CERTIFICATE_OF_ANOTHER_CA,
        &named(&|one| !one.is_ours && one.subject.is_some()),
        "not signed by this CA",
    );
    let damaged = moved_away(
        facts,
        &CERTIFICATE_FILE_DAMAGED,
        &named(&|one| one.subject.is_none()),
        "no record, and no readable certificate",
    );
    [unknown, foreign, damaged].into_iter().flatten().collect()
}

/// A finding about files that do not belong into the repository.
fn moved_away(facts: &Facts, entry: &'static Entry, paths: &Sample<&Path>, why: &str) -> Option<Finding> {
    let names = paths.listed(|path| file_name(path));
    let command = CommandLine::new("mv -n")
        .paths(paths.named().iter().copied())
        .path(&facts.paths.root);
    (!paths.is_empty()).then(|| {
        facts
            .about(entry, &facts.paths.repository, format!("{names}: {why}"))
            .fix(command)
    })
}

fn differing(facts: &Facts) -> Vec<Finding> {
    let Some(index) = facts.index.read() else {
        return Vec::new();
    };
    let mut found: Vec<Finding> = index
        .differing
        .named()
        .iter()
        .map(|difference| finding_of(facts, difference))
        .collect();
    let more = index.differing.unnamed();
    if let (Some(last), true) = (found.last_mut(), more > 0) {
        last.seen = format!("{}; and {more} more files", last.seen);
    }
    found
}

/// What to do where no file in the repository holds the certificate.
const FROM_HOST: &str = "Restore the certificate from the host that has it, or from a backup: no file in the repository contains it.";

fn finding_of(facts: &Facts, difference: &Difference) -> Finding {
    let path = &difference.path;
    // Nothing is lost by it: what is there is kept beside it, under a name that is free.
    let put_back = |finding: Finding| match &difference.copy {
        Some(copy) => finding
            .fix(CommandLine::new("mv -n").path(path).path(&difference.aside))
            .fix(
                CommandLine::new("openssl x509 -in")
                    .path(copy)
                    .words("-out")
                    .path(path),
            ),
        None => finding.advise(FROM_HOST),
    };
    let correct = |seen: String| {
        facts.fixed(
            facts.about(&CERTIFICATE_DIFFERS, path, seen),
            CaFix::CorrectRecords,
        )
    };
    match &difference.kind {
        DifferenceKind::Damaged(problem) => put_back(facts.about(&CERTIFICATE_FILE_DAMAGED, path, problem)),
        DifferenceKind::Issuer(issuer) => put_back(facts.about(
            &CERTIFICATE_OF_ANOTHER_CA,
            path,
            format!("it was issued by `{issuer}`"),
        )),
        DifferenceKind::Signature => put_back(facts.about(
            &CERTIFICATE_FILE_DAMAGED,
            path,
            "none of the CA's keys signed it: it was changed, or is another CA's",
        )),
        DifferenceKind::HostFile(what) => {
            let seen = format!("{what} of serial {}", difference.serial);
            facts
                .about(&HOST_FILE_DIFFERS, path, seen)
                .advise(HOST_FILE_ADVICE)
        }
        DifferenceKind::Serial(serial) => {
            let seen = format!(
                "the record says serial {}, the certificate {serial}",
                difference.serial
            );
            put_back(
                facts
                    .about(&CERTIFICATE_DIFFERS, path, seen)
                    .weighing(Severity::Error),
            )
        }
        DifferenceKind::Expiry { record, certificate } => correct(format!(
            "the record says that it expires at {}, the certificate at {}",
            rfc3339(*record),
            rfc3339(*certificate)
        )),
        DifferenceKind::Subject { record, certificate } => correct(format!(
            "the record says subject `{record}`, the certificate `{certificate}`"
        )),
    }
}

pub(super) fn lost_revocations(facts: &Facts) -> Vec<Finding> {
    let Some(index) = facts
        .index
        .read()
        .filter(|index| !index.lost_revocations.is_empty())
    else {
        return Vec::new();
    };
    let source = |lost: &LostRevocation| match lost.source {
        RevocationSource::Log => "the audit log",
        RevocationSource::Crl => "a CRL",
        RevocationSource::Comment => "a comment in ca.db, which was a record",
    };
    let found = |lost: &LostRevocation| match lost.found {
        FoundInstead::NotRevoked => "",
        FoundInstead::NoRecord => ", but ca.db has no record of it",
        FoundInstead::WeakerReason => ", but ca.db gives a weaker reason",
    };
    let seen = index.lost_revocations.listed(|lost| {
        format!(
            "serial {}, according to {}{}",
            lost.serial,
            source(lost),
            found(lost)
        )
    });
    vec![facts.fixed(
        facts.about(&REVOCATION_LOST, &facts.paths.index, seen),
        CaFix::RevokeAgain,
    )]
}

/// Certificates that the log announces and that have no record. A call that is killed before it records leaves one commit like that; where
/// `serial.num` never came so far, or several commits at the end are missing, ca.db is older than the log.
pub(super) fn lost_records(facts: &Facts) -> Vec<Finding> {
    let Some(index) = facts.index.read().filter(|index| !index.lost_records.is_empty()) else {
        return Vec::new();
    };
    let next = facts
        .serial
        .read()
        .and_then(|number| number.value.as_ref())
        .filter(|_| !facts.serials_are_random);
    let is_behind = |one: &LostRecord| {
        next.is_some_and(|next| *next <= one.serial && next.content().len() >= one.serial.content().len())
    };
    let at_end = |one: &&LostRecord| index.highest.as_ref().is_none_or(|highest| *highest < one.serial);
    let commits: HashSet<_> = index
        .lost_records
        .first
        .iter()
        .filter(at_end)
        .map(|one| one.announced)
        .collect();
    // Commands that were killed one after another leave the same as an older ca.db.
    let is_unclear = |one: &LostRecord| commits.len() > 1 && at_end(&one);
    let settled = |one: &&LostRecord| {
        one.announced
            .is_none_or(|announced| facts.now - announced >= SETTLED_AFTER)
    };
    let (evident, others): (Vec<&LostRecord>, Vec<&LostRecord>) =
        index.lost_records.first.iter().partition(|one| is_behind(one));
    let (unclear, others): (Vec<&LostRecord>, Vec<&LostRecord>) =
        others.into_iter().partition(|one| is_unclear(one));
    let (evident, others): (Sample<&LostRecord>, Sample<&LostRecord>) = (
        evident.into_iter().collect(),
        others.into_iter().filter(settled).collect(),
    );
    let serials = |all: &Sample<&LostRecord>| all.listed(|one| format!("serial {}", one.serial));
    let about = |seen: String| facts.about(&RECORD_LOST, &facts.paths.index, seen);
    let evident = (!evident.is_empty()).then(|| {
        let seen = format!("{}: ca.db is older than the audit log", serials(&evident));
        about(seen).advise(
            "Restore ca.db and the repository from the newest backup; the serial numbers are \
             not assigned again.",
        )
    });
    let unclear: Sample<&LostRecord> = unclear.into_iter().filter(settled).collect();
    let unclear = (!unclear.is_empty()).then(|| {
        let seen = format!(
            "{}: several commands ended one after another before they made the certificate, or ca.db is older \
             than the audit log",
            serials(&unclear)
        );
        about(seen).weighing(Severity::Warning).advise(
            "If commands were killed at these times, there is nothing to do. Otherwise restore ca.db and the \
             repository from the newest backup.",
        )
    });
    let others = (!others.is_empty()).then(|| {
        let seen = format!(
            "{}: the command ended before it made the certificate, or the record was lost",
            serials(&others)
        );
        let advice = "If a command was killed at that time, there is nothing to do. Otherwise restore ca.db \
             from a backup.";
        about(seen).weighing(Severity::Notice).advise(advice)
    });
    evident.into_iter().chain(unclear).chain(others).collect()
}

pub(super) fn names_outside_constraints(facts: &Facts) -> Vec<Finding> {
    let Some(index) = facts
        .index
        .read()
        .filter(|index| !index.outside_constraints.is_empty())
    else {
        return Vec::new();
    };
    let outside = &index.outside_constraints;
    let seen = outside.listed(|(serial, problem)| format!("serial {serial}: {problem}"));
    let finding = facts.about(&NAMES_OUTSIDE_CONSTRAINTS, &facts.paths.index, seen);
    vec![
        finding
            .advise("Have these hosts certified by a CA that may issue for their names, or ask the parent CA for a CA certificate that permits them.")
            .advise("Then revoke these certificates."),
    ]
}

pub(super) fn ca_keys(facts: &Facts) -> Vec<Finding> {
    const WHAT_ELSE: &str = "Remove its key file and PFX from the repository, and find out who has copies; \
         anyone who has one has the CA key.";
    let Some(index) = facts.index.read().filter(|index| !index.ca_keys.is_empty()) else {
        return Vec::new();
    };
    let seen = format!(
        "serial {} contains the key of a CA",
        index.ca_keys.listed(ToString::to_string)
    );
    let revoke = CommandLine::new("gsec cert revoke --serial")
        .values(index.ca_keys.named().iter().map(ToString::to_string));
    vec![
        facts
            .about(&CA_KEY_CERTIFIED, &facts.paths.index, seen)
            .fix(facts.in_directory(revoke))
            .advise(WHAT_ELSE),
    ]
}

pub(super) fn compromised_keys(facts: &Facts) -> Vec<Finding> {
    let Some(index) = facts
        .index
        .read()
        .filter(|index| !index.compromised_keys.is_empty())
    else {
        return Vec::new();
    };
    let seen = index
        .compromised_keys
        .listed(|one| format!("serial {} has the key of serial {}", one.serial, one.revoked));
    let serials = index
        .compromised_keys
        .named()
        .iter()
        .map(|one| one.serial.to_string());
    let revoke = CommandLine::new("gsec cert revoke --serial")
        .values(serials)
        .words("--reason keyCompromise");
    vec![
        facts
            .about(&COMPROMISED_KEY_IN_USE, &facts.paths.index, seen)
            .fix(facts.in_directory(revoke)),
    ]
}

pub(super) fn unknown_compromised(facts: &Facts) -> Vec<Finding> {
    const ADVICE: &str = "Restore the certificate in the repository from a backup, under its serial number.";
    let Some(index) = facts
        .index
        .read()
        .filter(|index| !index.unknown_compromised.is_empty())
    else {
        return Vec::new();
    };
    let seen = format!(
        "serial {} was revoked because of its key, and is not in the repository",
        index.unknown_compromised.listed(ToString::to_string)
    );
    vec![
        facts
            .about(&COMPROMISED_KEY_UNKNOWN, &facts.paths.index, seen)
            .advise(ADVICE),
    ]
}

pub(super) fn expiring(facts: &Facts) -> Vec<Finding> {
    let Some(index) = facts.index.read().filter(|index| !index.expiring.is_empty()) else {
        return Vec::new();
    };
    let first = index.expiring.listed(|one| {
        format!(
            "serial {} `{}` {}",
            one.serial,
            one.subject,
            super::authority::in_days(one.expiry, facts.now)
        )
    });
    let days = EXPIRING_WITHIN.whole_days();
    let seen = format!("{} within {days} days: {first}", index.expiring.count);
    let finding = facts.about(&CERTIFICATES_EXPIRE_SOON, &facts.paths.index, seen);
    let renew = |one: &Expiring| match one.is_authority {
        true => Help::advice(
            "A CA below renews its certificate in its own directory, with gsec ca renew and --parent.",
        ),
        false => Help::Fix(
            facts.in_directory(CommandLine::new("gsec cert renew --serial").value(&one.serial.to_string())),
        ),
    };
    let mut help: Vec<Help> = index.expiring.named().iter().map(renew).collect();
    help.dedup();
    let list = facts.in_directory(
        CommandLine::new("gsec cert list --status valid --expires-within").value(&format!("{days}d")),
    );
    vec![finding.look(list).helps(help)]
}

#[cfg(test)]
mod tests {
    use super::super::tests::{each, findings, fixes, healthy, number, sample, serial};
    use super::*;
    use crate::checks::tests::certificates::{in_days, now};
    use crate::checks::tests::help_of;
    use gsec_pki::x509::path::Severity::{Error, Notice, Warning};

    fn lone(announced_minutes_ago: Option<i64>) -> LoneRecord {
        LoneRecord {
            serial: serial(2),
            subject: "/CN=db1".into(),
            copy: None,
            has_files: false,
            announced: announced_minutes_ago.map(|minutes| now() - Duration::minutes(minutes)),
        }
    }

    fn with_lone(facts: &mut Facts, record: LoneRecord) {
        facts.index_mut().without_file = sample([record]);
    }

    #[test]
    fn records_without_a_certificate() {
        each(&[
            (
                "gsec announced it ten minutes ago, and ca.db changed since",
                |facts| {
                    facts.index_mut().changed = Some(now());
                    with_lone(facts, lone(Some(10)));
                },
                &[(
                    "record-without-file",
                    Warning,
                    "serial 02 `/CN=db1`: announced by gsec, but it has no files",
                )],
            ),
            (
                "gsec announced it nine minutes ago, and ca.db changed since",
                |facts| {
                    facts.index_mut().changed = Some(now());
                    with_lone(facts, lone(Some(9)));
                },
                &[("record-without-file", Notice, "made in the last 10 minutes")],
            ),
            (
                "nothing announced it, and ca.db is an hour old",
                |facts| with_lone(facts, lone(None)),
                &[("record-without-file", Warning, "the files were deleted")],
            ),
            (
                "the host has the certificate",
                |facts| {
                    let copy = Some("/srv/ca/repository/db1_cert.pem".into());
                    with_lone(
                        facts,
                        LoneRecord {
                            copy,
                            ..lone(Some(10))
                        },
                    );
                },
                &[(
                    "certificate-copy-missing",
                    Warning,
                    "/srv/ca/repository: serial 02",
                )],
            ),
            (
                "the repository is gone, which another finding tells",
                |facts| {
                    with_lone(facts, lone(Some(10)));
                    facts.repository = Part::Missing;
                },
                &[("ca-folder-missing", Error, "")],
            ),
        ]);
    }

    #[test]
    fn fix_revokes_only_what_no_host_can_have() {
        let revokes = |record: LoneRecord| fixes(|facts| with_lone(facts, record));
        assert_eq!(revokes(lone(Some(10))), [Some(CaFix::RevokeLoneRecords)]);
        assert_eq!(revokes(lone(None)), [None], "nothing announced it");
        let files = LoneRecord {
            has_files: true,
            ..lone(Some(10))
        };
        assert_eq!(revokes(files), [None], "a key of the host is there");
        let copy = LoneRecord {
            copy: Some("/srv/ca/repository/db1_cert.pem".into()),
            ..lone(Some(10))
        };
        assert_eq!(revokes(copy), [Some(CaFix::CopyCertificates)]);
        let running = fixes(|facts| {
            facts.index_mut().changed = Some(now());
            with_lone(facts, lone(Some(9)));
        });
        assert_eq!(running, [None], "a call may be at work");
        let mut facts = healthy();
        for (count, may_revoke) in [(MAX_LEFT_BY_CALLS, true), (MAX_LEFT_BY_CALLS + 1, false)] {
            facts.index_mut().without_file.count = count;
            assert_eq!(facts.may_revoke(&lone(Some(10))), may_revoke, "{count}");
        }
    }

    fn stray(is_ours: bool, subject: Option<&str>) -> Sample<LoneCertificate> {
        sample([LoneCertificate {
            path: "/srv/ca/repository/07.pem".into(),
            subject: subject.map(Into::into),
            is_ours,
        }])
    }

    #[test]
    fn certificates_without_a_record() {
        each(&[
            (
                "this CA signed it",
                |facts| facts.index_mut().without_record = stray(true, Some("CN=db1")),
                &[("certificate-without-record", Error, "ca.db: 07.pem")],
            ),
            (
                "another CA signed it",
                |facts| facts.index_mut().without_record = stray(false, Some("CN=db1")),
                &[(
                    "certificate-of-another-ca",
                    Warning,
                    "07.pem: not signed by this CA",
                )],
            ),
            (
                "it does not read",
                |facts| facts.index_mut().without_record = stray(false, None),
                &[(
                    "certificate-file-damaged",
                    Warning,
                    "07.pem: no record, and no readable certificate",
                )],
            ),
        ]);
    }

    #[test]
    fn nothing_is_recorded_as_valid_beside_a_line_that_may_revoke_it() {
        let ours = |facts: &mut Facts| facts.index_mut().without_record = stray(true, Some("CN=db1"));
        assert_eq!(fixes(ours), [Some(CaFix::RecordCertificates)]);
        for kind in [BadLineKind::Unreadable, BadLineKind::UnreadableRevocation] {
            let found = fixes(|facts| {
                ours(facts);
                facts.index_mut().bad_lines = sample([BadLine {
                    line: 3,
                    problem: "it has four columns".into(),
                    kind: kind.clone(),
                }]);
            });
            assert_eq!(found, [None, None], "{kind:?}");
        }
    }

    fn differing(facts: &mut Facts, kind: DifferenceKind) {
        facts.index_mut().differing = sample([Difference {
            serial: serial(2),
            path: "/srv/ca/repository/02.pem".into(),
            kind,
            copy: None,
            aside: "/srv/ca/repository/02.pem.aside".into(),
        }]);
    }

    #[test]
    fn certificates_that_are_not_as_recorded() {
        each(&[
            (
                "it does not read",
                |facts| differing(facts, DifferenceKind::Damaged("it is empty".into())),
                &[("certificate-file-damaged", Warning, "02.pem: it is empty")],
            ),
            (
                "it is of another CA",
                |facts| differing(facts, DifferenceKind::Issuer("CN=Other CA".into())),
                &[(
                    "certificate-of-another-ca",
                    Warning,
                    "it was issued by `CN=Other CA`",
                )],
            ),
            (
                "no key of the CA signed it",
                |facts| differing(facts, DifferenceKind::Signature),
                &[(
                    "certificate-file-damaged",
                    Warning,
                    "none of the CA's keys signed it",
                )],
            ),
            (
                "a file of the host is another's",
                |facts| differing(facts, DifferenceKind::HostFile("it does not contain the key")),
                &[(
                    "host-file-differs",
                    Warning,
                    "it does not contain the key of serial 02",
                )],
            ),
            (
                "it has another serial number",
                |facts| differing(facts, DifferenceKind::Serial(serial(9))),
                &[(
                    "certificate-differs-from-record",
                    Error,
                    "the record says serial 02, the certificate 09",
                )],
            ),
            (
                "it has another end",
                |facts| {
                    let (record, certificate) = (in_days(1), in_days(2));
                    differing(facts, DifferenceKind::Expiry { record, certificate });
                },
                &[(
                    "certificate-differs-from-record",
                    Warning,
                    "expires at 2030-03-28T00:00:00Z, the certificate at 2030-03-29",
                )],
            ),
            (
                "it has another subject",
                |facts| {
                    let (record, certificate) = ("/CN=a".into(), "/CN=b".into());
                    differing(facts, DifferenceKind::Subject { record, certificate });
                },
                &[(
                    "certificate-differs-from-record",
                    Warning,
                    "subject `/CN=a`, the certificate `/CN=b`",
                )],
            ),
        ]);
    }

    #[test]
    fn records_are_corrected_only_where_it_is_the_same_certificate() {
        let fix = |kind: DifferenceKind| fixes(|facts| differing(facts, kind));
        let (record, certificate) = (in_days(1), in_days(2));
        assert_eq!(
            fix(DifferenceKind::Expiry { record, certificate }),
            [Some(CaFix::CorrectRecords)]
        );
        assert_eq!(fix(DifferenceKind::Serial(serial(9))), [None]);
        assert_eq!(fix(DifferenceKind::Signature), [None]);
    }

    fn lost(source: RevocationSource, found: FoundInstead) -> Sample<LostRevocation> {
        sample([LostRevocation {
            serial: serial(2),
            source,
            found,
        }])
    }

    #[test]
    fn revocations_that_the_index_does_not_have() {
        each(&[
            (
                "the log has it",
                |facts| {
                    facts.index_mut().lost_revocations =
                        lost(RevocationSource::Log, FoundInstead::NotRevoked);
                },
                &[("revocation-lost", Error, "serial 02, according to the audit log")],
            ),
            (
                "a CRL has it, and the record is gone",
                |facts| {
                    facts.index_mut().lost_revocations = lost(RevocationSource::Crl, FoundInstead::NoRecord);
                },
                &[(
                    "revocation-lost",
                    Error,
                    "according to a CRL, but ca.db has no record of it",
                )],
            ),
            (
                "a comment has it, for a stronger reason",
                |facts| {
                    facts.index_mut().lost_revocations =
                        lost(RevocationSource::Comment, FoundInstead::WeakerReason);
                },
                &[(
                    "revocation-lost",
                    Error,
                    "a comment in ca.db, which was a record, but ca.db gives a weaker reason",
                )],
            ),
        ]);
        let found = fixes(|facts| {
            facts.index_mut().lost_revocations = lost(RevocationSource::Log, FoundInstead::NotRevoked);
        });
        assert_eq!(found, [Some(CaFix::RevokeAgain)]);
    }

    fn announced(number: u32, minutes_ago: i64) -> LostRecord {
        LostRecord {
            serial: serial(number),
            announced: Some(now() - Duration::minutes(minutes_ago)),
        }
    }

    #[test]
    fn certificates_that_only_the_log_knows() {
        each(&[
            (
                "serial.num never came so far",
                |facts| {
                    facts.serial = number("03");
                    facts.index_mut().lost_records = sample([announced(5, 60)]);
                },
                &[(
                    "record-lost",
                    Error,
                    "serial 05: ca.db is older than the audit log",
                )],
            ),
            (
                "one call ended before it recorded",
                |facts| {
                    facts.serial = number("06");
                    facts.index_mut().lost_records = sample([announced(5, 10)]);
                },
                &[(
                    "record-lost",
                    Notice,
                    "serial 05: the command ended before it made the certificate",
                )],
            ),
            (
                "that call may be at work",
                |facts| {
                    facts.serial = number("06");
                    facts.index_mut().lost_records = sample([announced(5, 9)]);
                },
                &[],
            ),
            (
                "several calls at the end",
                |facts| {
                    facts.serial = number("07");
                    facts.index_mut().lost_records = sample([announced(5, 60), announced(6, 50)]);
                },
                &[(
                    "record-lost",
                    Warning,
                    "serial 05, serial 06: several commands ended one after another",
                )],
            ),
            (
                "several calls of long ago, after which others recorded",
                |facts| {
                    facts.serial = number("0A");
                    facts.index_mut().highest = Some(serial(9));
                    facts.index_mut().lost_records = sample([announced(5, 60), announced(6, 50)]);
                },
                &[("record-lost", Notice, "serial 05, serial 06: the command ended")],
            ),
            (
                "numbers are drawn, so that serial.num tells nothing",
                |facts| {
                    facts.serials_are_random = true;
                    facts.index_mut().lost_records = sample([announced(5, 60)]);
                },
                &[("record-lost", Notice, "")],
            ),
        ]);
    }

    #[test]
    fn certificates_that_should_not_be_in_use() {
        each(&[
            (
                "a name that a CA of the path does not permit",
                |facts| {
                    facts.index_mut().outside_constraints =
                        sample([(serial(2), "db1.example.org is not permitted".into())]);
                },
                &[(
                    "names-outside-constraints",
                    Error,
                    "serial 02: db1.example.org is not permitted",
                )],
            ),
            (
                "the key of a CA",
                |facts| facts.index_mut().ca_keys = sample([serial(2)]),
                &[("ca-key-certified", Error, "serial 02 contains the key of a CA")],
            ),
            (
                "a compromised key",
                |facts| {
                    facts.index_mut().compromised_keys = sample([CompromisedCertificate {
                        serial: serial(2),
                        revoked: serial(1),
                    }]);
                },
                &[(
                    "compromised-key-in-use",
                    Error,
                    "serial 02 has the key of serial 01",
                )],
            ),
            (
                "a compromised key that nobody knows any more",
                |facts| facts.index_mut().unknown_compromised = sample([serial(1)]),
                &[(
                    "compromised-key-unknown",
                    Warning,
                    "serial 01 was revoked because of its key",
                )],
            ),
        ]);
        let compromised = findings(|facts| {
            facts.index_mut().compromised_keys = sample([CompromisedCertificate {
                serial: serial(2),
                revoked: serial(1),
            }]);
        });
        assert!(help_of(&compromised[0]).contains("gsec cert revoke --serial 02 --reason keyCompromise"));
    }

    #[test]
    fn certificates_that_end_soon_without_a_successor() {
        fn soon(facts: &mut Facts, is_authority: bool) {
            facts.index_mut().expiring = sample([Expiring {
                serial: serial(2),
                subject: "/CN=db1".into(),
                expiry: in_days(12),
                is_authority,
            }]);
        }
        each(&[(
            "one",
            |facts| soon(facts, false),
            &[(
                "certificates-expire-soon",
                Warning,
                "1 within 30 days: serial 02 `/CN=db1` in 12 days",
            )],
        )]);
        let help = |is_authority| help_of(&findings(|facts| soon(facts, is_authority))[0]);
        assert!(help(false).contains("fix: gsec cert renew --serial 02"));
        assert!(!help(true).contains("fix: "), "a CA below renews its own");
    }
}
