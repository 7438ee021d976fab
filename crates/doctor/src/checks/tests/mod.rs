//! What the unit tests of the checks share: certificates to look at, the rows that a check must answer with, and the test that no entry of the
//! catalog goes without.

pub(in crate::checks) mod certificates;

use std::path::Path;

use super::*;
use gsec_pki::x509::path::Severity;

/// What one finding must be: its slug, what it weighs, and what its subject and its sentence name.
pub(in crate::checks) type Expected = (&'static str, Severity, &'static str);

/// Compares findings with what is expected, in their order and none besides.
#[track_caller]
pub(in crate::checks) fn assert_found(situation: &str, findings: &[Finding], expected: &[Expected]) {
    assert_all([(situation, findings.to_vec(), expected)]);
}

/// The same for several situations; all that differ are told.
#[track_caller]
pub(in crate::checks) fn assert_all<'a>(
    rows: impl IntoIterator<Item = (&'a str, Vec<Finding>, &'a [Expected])>,
) {
    let differing: Vec<String> = rows
        .into_iter()
        .filter_map(|(situation, findings, expected)| difference(situation, &findings, expected))
        .collect();
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

fn difference(situation: &str, findings: &[Finding], expected: &[Expected]) -> Option<String> {
    let found: Vec<(&str, Severity, String)> = findings
        .iter()
        .map(|finding| {
            let text = format!("{}: {}", finding.subject, finding.seen);
            (finding.entry.slug, finding.severity, text)
        })
        .collect();
    let is_expected = found.len() == expected.len()
        && found.iter().zip(expected).all(|(found, expected)| {
            (found.0, found.1) == (expected.0, expected.1) && found.2.contains(expected.2)
        });
    (!is_expected).then(|| format!("{situation}\nfound    {found:#?}\nexpected {expected:#?}"))
}

/// The commands of a finding's help and its words, as one text.
pub(in crate::checks) fn help_of(finding: &Finding) -> String {
    let words = |help: &Help| match help {
        Help::Fix(command) => format!("fix: {}", command.as_str()),
        Help::Look(command) => format!("look: {}", command.as_str()),
        Help::Advice(words) => format!("advice: {words}"),
    };
    finding.help.iter().map(words).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_slug_is_kebab_case_and_there_once() {
    let slugs: Vec<&str> = catalogue().map(|entry| entry.slug).collect();
    assert!(!slugs.is_empty());
    for slug in &slugs {
        assert!(
            slug.chars().all(|character| character.is_ascii_lowercase()
                || character.is_ascii_digit()
                || character == '-'),
            "{slug}"
        );
        assert_eq!(
            slugs.iter().filter(|other| *other == slug).count(),
            1,
            "{slug} is there twice"
        );
        assert_eq!(entry(slug).map(|found| found.slug), Some(*slug));
    }
}

/// The unit tests of a room, as text.
fn tests_of(room: &Path) -> String {
    let mut tests = String::new();
    for entry in std::fs::read_dir(room).expect("a room") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            tests.push_str(&tests_of(&path));
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a source");
        let is_test = path.file_name().is_some_and(|name| name == "tests.rs") || room.ends_with("tests");
        let own = if is_test {
            Some(text.as_str())
        } else {
            text.split_once("#[cfg(test)]").map(|(_, tests)| tests)
        };
        tests.push_str(own.unwrap_or_default());
    }
    tests
}

/// Each check of a room is asked by the room's own tests for everything that it can find. What path validation finds is for `path` to turn into
/// findings, whoever asked; its tests are there.
#[test]
fn every_finding_of_every_check_is_expected_by_a_test_beside_it() {
    let rooms: [(&str, Vec<&Entry>); 6] = [
        ("path", path::PATH_ENTRIES.to_vec()),
        ("file", entries_of(file::CHECKS)),
        ("server", server::tests::all_checks()),
        ("ca_directory", entries_of(ca_directory::CHECKS)),
        ("machine", entries_of(machine::CHECKS)),
        ("handshake", entries_of(handshake::CHECKS)),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/checks");
    let mut missing = Vec::new();
    let mut asked: Vec<&str> = Vec::new();
    for (room, entries) in rooms {
        let tests = tests_of(&folder.join(room));
        for entry in entries {
            asked.push(entry.slug);
            let is_of_path = room != "path" && path::PATH_ENTRIES.contains(&entry);
            if !is_of_path && !tests.contains(&format!("\"{}\"", entry.slug)) {
                missing.push(format!("{room}: {}", entry.slug));
            }
        }
    }
    missing.sort();
    missing.dedup();
    assert_eq!(missing, Vec::<String>::new(), "no test of the room expects these");
    let unasked: Vec<&str> = catalogue()
        .map(|entry| entry.slug)
        .filter(|slug| !asked.contains(slug))
        .collect();
    assert_eq!(unasked, Vec::<&str>::new(), "no check finds these");
}

fn entries_of<F>(checks: &[Check<F>]) -> Vec<&'static Entry> {
    checks
        .iter()
        .flat_map(|check| check.entries.iter().copied())
        .collect()
}
