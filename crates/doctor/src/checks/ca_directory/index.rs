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
