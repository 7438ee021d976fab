//! Calls of `gsec doctor`, and the commands that it tells to type.

use serde_json::Value;

use super::{Outcome, Scene, TestDir, tool};

/// One thing that doctor found.
#[derive(Debug)]
pub struct Found {
    pub slug: String,
    pub severity: String,
    pub subject: String,
    pub seen: String,
    pub fix: Vec<String>,
    pub look: Vec<String>,
    pub advice: Vec<String>,
}

/// Everything that doctor finds; also asserts that the exit status goes with it.
#[track_caller]
pub fn doctor(scene: &Scene, args: &[&str]) -> Vec<Found> {
    findings_of(&scene.gsec(&["doctor", "--json"]).args(args).run())
}

/// The findings in a document of doctor.
#[track_caller]
pub fn findings_of(outcome: &Outcome) -> Vec<Found> {
    let document = outcome.json();
    let has_error = document["counts"]["error"] != 0;
    assert_eq!(
        outcome.status,
        Some(i32::from(has_error)),
        "exit status of {outcome}"
    );
    let targets = document["targets"].as_array().expect("targets").iter();
    let text = |finding: &Value, name: &str| {
        finding[name]
            .as_str()
            .unwrap_or_else(|| panic!("{name} of {finding}"))
            .to_owned()
    };
    let lines = |finding: &Value, name: &str| {
        let lines = finding[name]
            .as_array()
            .unwrap_or_else(|| panic!("{name} of {finding}"))
            .iter();
        lines
            .map(|line| line.as_str().expect("text").to_owned())
            .collect::<Vec<_>>()
    };
    let found = |finding: &Value| Found {
        slug: text(finding, "slug"),
        severity: text(finding, "severity"),
        subject: text(finding, "subject"),
        seen: text(finding, "seen"),
        fix: lines(finding, "fix"),
        look: lines(finding, "look"),
        advice: lines(finding, "advice"),
    };
    let of_each: Vec<Vec<Found>> = targets
        .map(|target| {
            target["findings"]
                .as_array()
                .expect("findings")
                .iter()
                .map(found)
                .collect()
        })
        .collect();
    of_each.iter().for_each(|of_one| says_nothing_twice(of_one));
    let all: Vec<Found> = of_each.into_iter().flatten().collect();
    all.iter().for_each(has_no_placeholder);
    all
}

/// No finding of a target repeats what another one says of the same thing.
#[track_caller]
fn says_nothing_twice(of_one: &[Found]) {
    let repeats = |one: &Found, other: &Found| {
        one.subject == other.subject
            && one
                .seen
                .contains(other.seen.split(" (RFC").next().unwrap_or_default())
    };
    for (place, one) in of_one.iter().enumerate() {
        let other = of_one
            .iter()
            .enumerate()
            .find(|(at, other)| *at != place && repeats(one, other));
        assert!(
            other.is_none(),
            "said twice: {one:#?} and {:#?}",
            other.map(|(_, other)| other)
        );
    }
}

/// A command is typed as it stands: no word in it is to be replaced first.
#[track_caller]
fn has_no_placeholder(found: &Found) {
    const PLACEHOLDERS: [&str; 9] = [
        "CLIENT",
        "FILE",
        "NAME",
        "HOST",
        "DIR",
        "SERIAL",
        "CERTIFICATE.pem",
        "NEW-DIRECTORY",
        "BACKUP",
    ];
    let is_placeholder =
        |word: &str| PLACEHOLDERS.contains(&word) || word.starts_with("BACKUP/") || word.starts_with('<');
    let mut words = found
        .fix
        .iter()
        .chain(&found.look)
        .flat_map(|command| command.split_whitespace());
    assert!(!words.any(is_placeholder), "{found:#?}");
}

/// Asserts that doctor finds this; returns the first finding.
#[track_caller]
pub fn finds(scene: &Scene, args: &[&str], slug: &str) -> Found {
    let mut all = doctor(scene, args);
    let place = all.iter().position(|found| found.slug == slug);
    all.swap_remove(place.unwrap_or_else(|| panic!("`{slug}` is not found by {args:?}: {all:#?}")))
}

/// Asserts that doctor looks for this and does not find it.
#[track_caller]
pub fn is_silent(scene: &Scene, args: &[&str], slug: &str) {
    let outcome = scene.gsec(&["doctor", "--json"]).args(args).run();
    let document = outcome.json();
    let checked = document["targets"]
        .as_array()
        .expect("targets")
        .iter()
        .any(|target| {
            target["checked"]
                .as_array()
                .expect("checked")
                .iter()
                .any(|checked| checked == slug)
        });
    assert!(checked, "`{slug}` was not looked for by {args:?}");
    let found: Vec<Found> = findings_of(&outcome)
        .into_iter()
        .filter(|found| found.slug == slug)
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// Types what a finding says, as a person would: each command works. Returns how many there were.
#[track_caller]
pub fn type_remedy(scene: &Scene, found: &Found) -> usize {
    found
        .fix
        .iter()
        .for_each(|command| drop(type_line(scene, command).ok()));
    found.fix.len()
}

/// One line in a shell that finds the gsec under test.
pub fn type_line(scene: &Scene, line: &str) -> Outcome {
    type_line_in(&scene.dir, line)
}

/// As [`type_line`], in any folder of a test.
pub fn type_line_in(dir: &TestDir, line: &str) -> Outcome {
    let gsec = std::path::Path::new(env!("CARGO_BIN_EXE_gsec"));
    let path = format!(
        "{}:{}",
        gsec.parent().expect("a folder").display(),
        std::env::var("PATH").expect("PATH")
    );
    tool("sh")
        .args(&["-c", line])
        .in_dir(dir.path(""))
        .env("PATH", &path)
        .run()
}
