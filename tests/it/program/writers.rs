//! What a person names is written by `gsec_ca::files`, which refuses the folders of a CA: no other source makes files by itself, but those of
//! which this list says why.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// How a file or a directory is made.
const CALLS: [&str; 10] = [
    "create_new(true)",
    ".create(true)",
    "File::create",
    "fs::write(",
    "fs::copy(",
    "fs::rename(",
    "DirBuilder::new()",
    "create_dir(",
    "create_dir_all(",
    ".persist",
];

/// Who makes files otherwise.
const OTHERS: [(&str, &str); 10] = [
    ("crates/ca/src/records", "the CA's own records"),
    ("crates/ca/src/home", "the CA's own files"),
    (
        "crates/deliver/src/bundle/write.rs",
        "in a directory that `StagedFolder` made",
    ),
    (
        "crates/deliver/src/truststore",
        "the trust stores of the machine, and what was done to them",
    ),
    (
        "crates/signer/src",
        "the signer's journal and socket, in the CA's own folder",
    ),
    ("server/src/watch", "what alarms leave, in the CA's own folder"),
    ("server/src/state", "the server's state, in the CA's own folder"),
    (
        "server/src/command/backup.rs",
        "asks `CaDir::expect_outside` first",
    ),
    (
        "server/src/command/restore.rs",
        "asks `CaDir::refuse_nested` first",
    ),
    (
        "server/src/command/move_key.rs",
        "asks `CaDir::expect_outside` first",
    ),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let is_test = path
            .file_name()
            .is_some_and(|name| name == "tests" || name == "tests.rs");
        if path.is_dir() && !is_test {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") && !is_test {
            found.push(path);
        }
    }
}

fn makes_files(text: &str) -> bool {
    let is_of_tests = |line: &str| line.starts_with("mod tests") || line.ends_with(" mod tests {");
    let mut lines = text.lines().take_while(|line| !is_of_tests(line));
    lines.any(|line| !line.trim_start().starts_with("//") && CALLS.iter().any(|call| line.contains(call)))
}

#[test]
fn files_are_made_in_one_place_and_by_those_who_look_first() {
    let mut found = Vec::new();
    for folder in ["src", "server/src", "crates"] {
        sources(&Path::new(ROOT).join(folder), &mut found);
    }
    let makers: BTreeSet<String> = found
        .iter()
        .filter(|path| makes_files(&std::fs::read_to_string(path).expect("a source")))
        .map(|path| {
            path.strip_prefix(ROOT)
                .expect("of the project")
                .display()
                .to_string()
        })
        .filter(|path| !path.starts_with("crates/ca/src/files/"))
        .collect();
    let strangers: Vec<&String> = makers
        .iter()
        .filter(|path| !OTHERS.iter().any(|(other, _)| path.starts_with(other)))
        .collect();
    assert!(
        strangers.is_empty(),
        "these make files without `gsec_ca::files`: {strangers:?}"
    );
    for (other, why) in OTHERS {
        assert!(
            makers.iter().any(|path| path.starts_with(other)),
            "{other} ({why}) makes none"
        );
    }
    for (path, asks) in [
        ("server/src/command/backup.rs", "expect_outside("),
        ("server/src/command/restore.rs", "refuse_nested("),
        ("server/src/command/move_key.rs", "expect_outside("),
    ] {
        let text = std::fs::read_to_string(Path::new(ROOT).join(path)).expect("a source");
        assert!(text.contains(asks), "{path}");
    }
}
