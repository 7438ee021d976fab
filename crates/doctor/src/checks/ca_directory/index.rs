//! `ca.db` by itself, and the numbers beside it.

use super::remedy::FROM_BACKUP;
use super::*;
use crate::checks::Finding;
use gsec_pki::encoding::sample::Sample;
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::encoding::visible::visible;
use gsec_pki::x509::SerialNumber;
use gsec_pki::x509::path::Severity;

pub(super) fn lines(facts: &Facts) -> Vec<Finding> {
    let path = &facts.paths.index;
    let index = match &facts.index {
        Part::Missing => return vec![recreated(facts, "it does not exist")],
        Part::Unreadable(problem) => return vec![recreated(facts, problem)],
        Part::Irregular | Part::Forbidden => return Vec::new(),
        Part::Read(index) => index,
    };
    let mut found = Vec::new();
    found.extend(bad_lines(facts, &index.bad_lines));
    if index.is_torn {
        let seen = match index.torn_counts {
            true => "it does not end with a line feed, so OpenSSL ignores it; gsec still reads it",
            false => "it does not end with a line feed, and is not a complete record",
        };
        let finding = facts.about(&INDEX_TORN_LINE, path, seen);
        let finding = if index.torn_counts {
            finding.weighing(Severity::Warning)
        } else {
            finding
        };
        found.push(facts.fixed(finding, CaFix::SetTornLinesAside));
    }
    found
}

/// How a revocation looks; which certificate it is of, only a person can find out.
const CORRECT_LINE: &str = "Find out which certificate it belongs to, and correct the line: R, expiry, date \
     of revocation, serial number, unknown and subject, separated by tabs.";

const CORRECT_RECORD: &str = "If a line was a record, correct it: status, expiry, date of revocation, serial \
     number, unknown and subject, separated by tabs. Otherwise comment it out.";

/// What is wrong with lines, by what can be done about it. A line that revokes a certificate is never made a comment of.
fn bad_lines(facts: &Facts, lines: &Sample<BadLine>) -> Vec<Finding> {
    let path = &facts.paths.index;
    let of_kind = |is_match: &dyn Fn(&BadLineKind) -> bool| {
        let lines: Sample<&BadLine> = lines.first.iter().filter(|line| is_match(&line.kind)).collect();
        (!lines.is_empty()).then_some(lines)
    };
    let seen = |lines: &Sample<&BadLine>| {
        lines.listed(|line| match &line.kind {
            BadLineKind::Record(serial) => format!("line {} (serial {serial}): {}", line.line, line.problem),
            _ => format!("line {}: {}", line.line, line.problem),
        })
    };
    let records = of_kind(&|kind| matches!(kind, BadLineKind::Record(_))).map(|lines| {
        let seen = format!("{}; gsec still reads them", seen(&lines));
        facts.fixed(facts.about(&INDEX_BAD_LINES, path, seen), CaFix::RepairRecords)
    });
    let revocations = of_kind(&|kind| *kind == BadLineKind::UnreadableRevocation).map(|lines| {
        let seen = format!(
            "{}: a certificate is revoked or may be, but it is unknown which one, so no CRL can be made",
            seen(&lines)
        );
        facts
            .about(&INDEX_BAD_LINES, path, seen)
            .weighing(Severity::Error)
            .advise(CORRECT_LINE)
    });
    let others = of_kind(&|kind| matches!(kind, BadLineKind::Unreadable | BadLineKind::Blank)).map(|found| {
        // Where a record stands in the same line, a comment would take that away as well.
        let is_alone = |one: &BadLine| lines.first.iter().filter(|other| other.line == one.line).count() == 1;
        let alone = found.named().iter().filter(|one| is_alone(one));
        let comments: Vec<String> = alone.map(|line| format!("{}s/^/#/", line.line)).collect();
        let finding = facts
            .about(&INDEX_BAD_LINES, path, seen(&found))
            .advise(CORRECT_RECORD);
        if comments.is_empty() {
            finding
        } else {
            finding.fix(
                CommandLine::new("sed -i.bak")
                    .value(&comments.join(";"))
                    .path(path),
            )
        }
    });
    [records, revocations, others].into_iter().flatten().collect()
}

fn recreated(facts: &Facts, problem: &str) -> Finding {
    let path = &facts.paths.index;
    let finding = facts.about(&INDEX_MISSING, path, problem).advise(FROM_BACKUP);
    // `openssl ca` keeps the file as it was before its last change. Nothing is put in the place of one that is there.
    if !matches!(facts.index, Part::Missing) {
        return finding;
    }
    let old = path.with_extension("db.old");
    let begun = CommandLine::new("cp -np")
        .path(&old)
        .path(path)
        .words("|| install -m 600 /dev/null")
        .path(path);
    finding.fix(begun).fix(
        CommandLine::new("gsec doctor")
            .path(&facts.paths.root)
            .words("--fix --yes"),
    )
}

pub(super) fn uniqueness(facts: &Facts) -> Vec<Finding> {
    let (Some(index), path) = (facts.index.read(), &facts.paths.index) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if !index.duplicates.is_empty() {
        let words = |lines: &[(u64, String)]| {
            lines
                .iter()
                .map(|(line, says)| format!("line {line} {says}"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let seen = index
            .duplicates
            .listed(|duplicate| format!("serial {}: {}", duplicate.serial, words(&duplicate.lines)));
        let finding = facts.about(&INDEX_DUPLICATE_SERIALS, path, seen);
        // In a damaged line another record may stand.
        let is_bad = |line: &u64| index.bad_lines.first.iter().any(|bad| bad.line == *line);
        let is_plain = index
            .duplicates
            .named()
            .iter()
            .all(|one| !one.lines.iter().any(|(line, _)| is_bad(line)));
        found.push(match is_plain {
            true => facts.fixed(finding, CaFix::JoinDuplicates),
            false => facts
                .fixed_automatically(finding, CaFix::JoinDuplicates)
                .fix(facts.fix(&INDEX_BAD_LINES)),
        });
    }
    let adopt = || facts.gsec("ca adopt --yes");
    if !index.duplicate_subjects.is_empty() {
        let seen = index.duplicate_subjects.listed(|subject| format!("`{subject}`"));
        found.push(facts.about(&INDEX_DUPLICATE_SUBJECTS, path, seen).fix(adopt()));
    }
    if index.expired_valid > 0 && facts.unique_subject.read() == Some(&Some(true)) {
        let seen = format!("{} records", index.expired_valid);
        let update = CommandLine::new("cd")
            .path(&facts.paths.root)
            .words("&& openssl ca -config ca_conf/ca.conf -updatedb");
        found.push(
            facts
                .about(&INDEX_EXPIRED_NOT_MARKED, path, seen)
                .fix(update)
                .fix(adopt()),
        );
    }
    found
}

pub(super) fn attributes(facts: &Facts) -> Vec<Finding> {
    // A directory of the old scripts is as OpenSSL takes it then.
    if !facts.is_adopted {
        return Vec::new();
    }
    let seen = match &facts.unique_subject {
        Part::Missing => "it does not exist",
        Part::Read(None) => "it has no line `unique_subject = no`",
        Part::Unreadable(problem) => problem,
        Part::Read(Some(_)) | Part::Irregular | Part::Forbidden => return Vec::new(),
    };
    vec![facts.fixed(
        facts.about(&INDEX_ATTRIBUTES_MISSING, &facts.paths.index_attributes, seen),
        CaFix::WriteAttributes,
    )]
}

pub(super) fn serial_number(facts: &Facts) -> Vec<Finding> {
    let used = facts.index.read().and_then(|index| index.highest.as_ref());
    let announced = facts.log.read().and_then(|log| log.largest_announced.as_ref());
    let highest = used.into_iter().chain(announced).max();
    let about = |entry, seen: String| {
        let finding = facts.about(entry, &facts.paths.serial, seen);
        // Without the index it is unknown which serial numbers are in use.
        if facts.index.read().is_some() {
            facts.fixed(finding, CaFix::RaiseSerial)
        } else {
            finding
        }
    };
    let (text, value) = match number(&facts.serial) {
        Ok(None) => return Vec::new(),
        Ok(Some(read)) => read,
        Err(problem) => return vec![about(&SERIAL_NUMBER_DAMAGED, problem)],
    };
    if highest.is_some_and(|highest| value <= highest) && !facts.serials_are_random {
        let highest = highest.map(ToString::to_string).unwrap_or_default();
        let what = if used.map(ToString::to_string).as_ref() == Some(&highest) {
            "is in use"
        } else {
            "is announced in the audit log"
        };
        return vec![about(
            &SERIAL_NUMBER_BEHIND,
            format!("it says {value}, but {highest} {what}"),
        )];
    }
    if value.next().is_none() && !facts.serials_are_random {
        return vec![about(
            &SERIAL_NUMBER_DAMAGED,
            format!("it says {value}, and no number can follow it"),
        )];
    }
    odd(text)
        .map(|problem| about(&SERIAL_NUMBER_DAMAGED, problem).weighing(Severity::Warning))
        .into_iter()
        .collect()
}

pub(super) fn crl_number(facts: &Facts) -> Vec<Finding> {
    let about = |entry, seen: String| {
        facts.fixed(
            facts.about(entry, &facts.paths.crl_number, seen),
            CaFix::RaiseCrlNumber,
        )
    };
    let (text, value) = match number(&facts.crl_number) {
        // The old scripts made none, and gsec needs none.
        Ok(None) => return Vec::new(),
        Err(_) if facts.crl_number == Part::Missing && !facts.is_adopted => return Vec::new(),
        Ok(Some(read)) => read,
        Err(problem) => return vec![about(&CRL_NUMBER_DAMAGED, problem)],
    };
    let logged = facts.log.read().and_then(|log| log.crl_number.as_ref());
    let last = facts
        .crls
        .iter()
        .filter_map(|crl| crl.part.read()?.number.as_ref())
        .chain(logged)
        .max();
    if value.next().is_none() {
        return vec![
            about(
                &CRL_NUMBER_DAMAGED,
                format!("it says {value}, and no number can follow it"),
            )
            .weighing(Severity::Error),
        ];
    }
    if let Some(last) = last.filter(|last| value <= *last) {
        return vec![about(
            &CRL_NUMBER_BEHIND,
            format!("it says {value}, but the last CRL has number {last}"),
        )];
    }
    odd(text)
        .map(|problem| about(&CRL_NUMBER_DAMAGED, problem))
        .into_iter()
        .collect()
}

/// The number in a file, or what is wrong; nothing when another finding tells it.
fn number(part: &Part<Number>) -> Result<Option<(&str, &SerialNumber)>, String> {
    match part {
        Part::Missing => Err("it does not exist".into()),
        Part::Unreadable(problem) => Err(problem.clone()),
        Part::Irregular | Part::Forbidden => Ok(None),
        Part::Read(Number {
            text,
            value: Some(value),
        }) => Ok(Some((text, value))),
        Part::Read(Number { text, value: None }) if text.is_empty() => Err("it is empty".into()),
        Part::Read(Number { text, value: None }) => Err(format!(
            "it contains `{}`, expected a hexadecimal number",
            visible(text)
        )),
    }
}

/// OpenSSL's `a2i_ASN1_INTEGER` refuses an odd number of digits.
fn odd(text: &str) -> Option<String> {
    (text.len() % 2 == 1)
        .then(|| format!("it contains `{text}`: an odd number of digits, which OpenSSL cannot read"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{each, findings, fixes, number, sample, serial};
    use super::*;
    use crate::checks::tests::help_of;
    use gsec_pki::x509::path::Severity::{Error, Notice, Warning};

    fn bad(line: u64, kind: BadLineKind) -> BadLine {
        BadLine {
            line,
            problem: "it has four columns".into(),
            kind,
        }
    }

    #[test]
    fn lines_that_are_no_records() {
        each(&[
            (
                "ca.db is gone",
                |facts| facts.index = Part::Missing,
                &[("index-missing", Error, "ca.db: it does not exist")],
            ),
            (
                "ca.db does not read",
                |facts| facts.index = Part::Unreadable("an error of the disk".into()),
                &[("index-missing", Error, "an error of the disk")],
            ),
            (
                "this user may not read ca.db, which another finding tells",
                |facts| facts.index = Part::Forbidden,
                &[],
            ),
            (
                "a line is a record that OpenSSL does not read",
                |facts| facts.index_mut().bad_lines = sample([bad(3, BadLineKind::Record(serial(2)))]),
                &[(
                    "index-bad-lines",
                    Warning,
                    "line 3 (serial 02): it has four columns; gsec still reads them",
                )],
            ),
            (
                "a line revokes nobody knows what",
                |facts| facts.index_mut().bad_lines = sample([bad(3, BadLineKind::UnreadableRevocation)]),
                &[("index-bad-lines", Error, "so no CRL can be made")],
            ),
            (
                "a line is blank, another is nothing",
                |facts| {
                    facts.index_mut().bad_lines =
                        sample([bad(3, BadLineKind::Blank), bad(4, BadLineKind::Unreadable)]);
                },
                &[(
                    "index-bad-lines",
                    Warning,
                    "line 3: it has four columns, line 4: it has four columns",
                )],
            ),
            (
                "the last line is half a record",
                |facts| facts.index_mut().is_torn = true,
                &[("index-torn-line", Notice, "and is not a complete record")],
            ),
            (
                "the last line is a record without its end",
                |facts| (facts.index_mut().is_torn, facts.index_mut().torn_counts) = (true, true),
                &[("index-torn-line", Warning, "gsec still reads it")],
            ),
        ]);
    }

    #[test]
    fn line_that_may_revoke_is_never_made_a_comment() {
        let of = |lines: &[BadLine]| {
            let lines = sample(lines.to_vec());
            help_of(&findings(|facts| facts.index_mut().bad_lines = lines)[0])
        };
        assert!(
            of(&[bad(3, BadLineKind::Blank)]).contains("fix: sed -i.bak '3s/^/#/' /srv/ca/ca_conf/ca.db")
        );
        let revocation = of(&[bad(3, BadLineKind::UnreadableRevocation)]);
        assert!(!revocation.contains("fix:"), "{revocation}");
        let shared = findings(|facts| {
            facts.index_mut().bad_lines =
                sample([bad(3, BadLineKind::Blank), bad(3, BadLineKind::Record(serial(2)))]);
        });
        let blank = shared
            .iter()
            .find(|found| !found.seen.contains("serial 02"))
            .expect("blank");
        assert!(
            !help_of(blank).contains("fix:"),
            "a record stands in the same line"
        );
        assert_eq!(
            fixes(|facts| facts.index_mut().bad_lines = sample([bad(3, BadLineKind::Record(serial(2)))])),
            [Some(CaFix::RepairRecords)]
        );
        assert_eq!(
            fixes(|facts| facts.index_mut().is_torn = true),
            [Some(CaFix::SetTornLinesAside)]
        );
    }

    #[test]
    fn nothing_is_put_in_the_place_of_an_index_that_is_there() {
        let help = |index: Part<Index>| help_of(&findings(|facts| facts.index = index)[0]);
        assert!(help(Part::Missing).contains("fix: cp -np /srv/ca/ca_conf/ca.db.old"));
        assert_eq!(
            help(Part::Unreadable("x".into())),
            format!("advice: {FROM_BACKUP}")
        );
    }

    fn duplicate() -> Sample<Duplicate> {
        sample([Duplicate {
            serial: serial(2),
            lines: vec![(2, "valid".into()), (3, "revoked".into())],
            is_revoked: true,
        }])
    }

    #[test]
    fn serial_numbers_and_subjects_that_occur_twice() {
        each(&[
            (
                "a serial number",
                |facts| facts.index_mut().duplicates = duplicate(),
                &[(
                    "index-duplicate-serials",
                    Error,
                    "serial 02: line 2 valid, line 3 revoked",
                )],
            ),
            (
                "a subject, where it may only once",
                |facts| facts.index_mut().duplicate_subjects = sample(["/CN=db1".into()]),
                &[("index-duplicate-subjects", Warning, "`/CN=db1`")],
            ),
            (
                "expired records are marked valid, where subjects are to be unique",
                |facts| {
                    facts.index_mut().expired_valid = 3;
                    facts.unique_subject = Part::Read(Some(true));
                },
                &[("index-expired-not-marked", Notice, "3 records")],
            ),
            (
                "expired records are marked valid, where that does not matter",
                |facts| facts.index_mut().expired_valid = 3,
                &[],
            ),
        ]);
    }

    #[test]
    fn duplicates_are_joined_before_damaged_lines_only_by_fix() {
        let commands = |change: fn(&mut Facts)| {
            let found = findings(change);
            let of = found.iter().find(|found| found.entry == &INDEX_DUPLICATE_SERIALS);
            help_of(of.expect("the duplicate"))
        };
        let plain = commands(|facts| facts.index_mut().duplicates = duplicate());
        assert_eq!(
            plain,
            "fix: gsec doctor /srv/ca --only index-duplicate-serials --fix --yes"
        );
        let damaged = commands(|facts| {
            facts.index_mut().duplicates = duplicate();
            facts.index_mut().bad_lines = sample([bad(3, BadLineKind::Record(serial(2)))]);
        });
        assert_eq!(
            damaged,
            "fix: gsec doctor /srv/ca --only index-bad-lines --fix --yes"
        );
    }

    #[test]
    fn attributes_of_the_index() {
        each(&[
            (
                "they are gone",
                |facts| facts.unique_subject = Part::Missing,
                &[(
                    "index-attributes-missing",
                    Warning,
                    "ca.db.attr: it does not exist",
                )],
            ),
            (
                "they say nothing of subjects",
                |facts| facts.unique_subject = Part::Read(None),
                &[(
                    "index-attributes-missing",
                    Warning,
                    "no line `unique_subject = no`",
                )],
            ),
            (
                "they do not read",
                |facts| facts.unique_subject = Part::Unreadable("it is too long".into()),
                &[("index-attributes-missing", Warning, "it is too long")],
            ),
            (
                "they say yes",
                |facts| facts.unique_subject = Part::Read(Some(true)),
                &[],
            ),
            (
                "the old scripts wrote none",
                |facts| (facts.unique_subject, facts.is_adopted) = (Part::Missing, false),
                &[],
            ),
        ]);
        assert_eq!(
            fixes(|facts| facts.unique_subject = Part::Missing),
            [Some(CaFix::WriteAttributes)]
        );
    }

    #[test]
    fn serial_number_that_cannot_be_next() {
        each(&[
            (
                "the file is gone",
                |facts| facts.serial = Part::Missing,
                &[("serial-number-damaged", Error, "serial.num: it does not exist")],
            ),
            (
                "it is empty",
                |facts| facts.serial = number(""),
                &[("serial-number-damaged", Error, "it is empty")],
            ),
            (
                "it is no number",
                |facts| facts.serial = number("next"),
                &[(
                    "serial-number-damaged",
                    Error,
                    "it contains `next`, expected a hexadecimal number",
                )],
            ),
            (
                "it has an odd number of digits",
                |facts| facts.serial = number("003"),
                &[("serial-number-damaged", Warning, "an odd number of digits")],
            ),
            (
                "it is in use",
                |facts| facts.serial = number("02"),
                &[("serial-number-behind", Warning, "it says 02, but 02 is in use")],
            ),
            (
                "a larger one is announced",
                |facts| facts.log_mut().largest_announced = Some(serial(9)),
                &[(
                    "serial-number-behind",
                    Warning,
                    "it says 03, but 09 is announced in the audit log",
                )],
            ),
            (
                "it is in use, where numbers are drawn",
                |facts| (facts.serial, facts.serials_are_random) = (number("02"), true),
                &[],
            ),
            (
                "no number can follow it",
                |facts| facts.serial = number(LARGEST),
                &[("serial-number-damaged", Error, "and no number can follow it")],
            ),
            (
                "the index is not known",
                |facts| (facts.serial, facts.index) = (number("02"), Part::Forbidden),
                &[(
                    "serial-number-behind",
                    Warning,
                    "02 is announced in the audit log",
                )],
            ),
        ]);
    }

    /// The largest serial number of 20 bytes.
    const LARGEST: &str = "7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF";

    #[test]
    fn serial_number_is_raised_only_where_it_is_known_what_is_in_use() {
        assert_eq!(
            fixes(|facts| facts.serial = number("02")),
            [Some(CaFix::RaiseSerial)]
        );
        assert_eq!(
            fixes(|facts| (facts.serial, facts.index) = (number("02"), Part::Forbidden)),
            [None]
        );
    }

    #[test]
    fn crl_number_that_cannot_be_next() {
        each(&[
            (
                "the file is gone",
                |facts| facts.crl_number = Part::Missing,
                &[("crl-number-damaged", Warning, "crl.num: it does not exist")],
            ),
            (
                "the old scripts wrote none",
                |facts| (facts.crl_number, facts.is_adopted) = (Part::Missing, false),
                &[],
            ),
            (
                "it is no number",
                |facts| facts.crl_number = number("x"),
                &[("crl-number-damaged", Warning, "it contains `x`")],
            ),
            (
                "it has an odd number of digits",
                |facts| facts.crl_number = number("002"),
                &[("crl-number-damaged", Warning, "an odd number of digits")],
            ),
            (
                "it is that of the CRL",
                |facts| facts.crl_number = number("01"),
                &[(
                    "crl-number-behind",
                    Warning,
                    "it says 01, but the last CRL has number 01",
                )],
            ),
            (
                "the log has a larger one than the CRL",
                |facts| facts.log_mut().crl_number = Some(serial(5)),
                &[
                    (
                        "ca-crl-old",
                        Error,
                        "it has number 01, and the last one in the audit log has number 05",
                    ),
                    (
                        "crl-number-behind",
                        Warning,
                        "it says 02, but the last CRL has number 05",
                    ),
                ],
            ),
            (
                "no number can follow it",
                |facts| facts.crl_number = number(LARGEST),
                &[("crl-number-damaged", Error, "and no number can follow it")],
            ),
        ]);
        assert_eq!(
            fixes(|facts| facts.crl_number = number("01")),
            [Some(CaFix::RaiseCrlNumber)]
        );
    }
}
