//! A picture of a directory that tells inodes and links too, to compare with a later one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Every name below a directory, with what it is, its mode and its content. `ca_conf/.lock` is left out: taking the lock may create it
/// and write its holder into it.
pub type Snapshot = BTreeMap<String, String>;

#[track_caller]
pub fn snapshot(dir: &Path) -> Snapshot {
    let mut found = Snapshot::new();
    for (name, path) in walk(dir) {
        if name == "ca_conf/.lock" {
            continue;
        }
        let meta = fs::symlink_metadata(&path).unwrap();
        let what = if meta.is_symlink() {
            format!("link to {}", fs::read_link(&path).unwrap().display())
        } else if meta.is_dir() {
            format!("{:04o} folder", meta.mode() & 0o7777)
        } else {
            let bytes = fs::read(&path).unwrap_or_default();
            format!(
                "{:04o} inode {} {} bytes: {}",
                meta.mode() & 0o7777,
                meta.ino(),
                bytes.len(),
                bytes.escape_ascii()
            )
        };
        found.insert(name, what);
    }
    found
}

/// What is different between two snapshots, one line each.
pub fn differences(before: &Snapshot, after: &Snapshot) -> Vec<String> {
    let short = |text: &str| text.chars().take(300).collect::<String>();
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut lines = Vec::new();
    for name in names {
        match (before.get(name), after.get(name)) {
            (Some(old), None) => lines.push(format!("gone: {name} (was {})", short(old))),
            (None, Some(new)) => lines.push(format!("new: {name} ({})", short(new))),
            (Some(old), Some(new)) if old != new => lines.push(format!(
                "changed: {name}\n  was {}\n  is  {}",
                short(old),
                short(new)
            )),
            _ => {}
        }
    }
    lines
}

#[track_caller]
pub fn assert_unchanged(before: &Snapshot, dir: &Path, situation: &str) {
    let lines = differences(before, &snapshot(dir));
    assert!(
        lines.is_empty(),
        "{situation}: the directory is not as it was:\n{}",
        lines.join("\n")
    );
}

/// All names below `dir`, relative to it, links not followed.
pub fn walk(dir: &Path) -> Vec<(String, PathBuf)> {
    fn into(folder: &Path, prefix: &str, found: &mut Vec<(String, PathBuf)>) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        let mut entries: Vec<_> = entries.map(Result::unwrap).collect();
        entries.sort_by_key(|entry| entry.file_name());
        for entry in entries {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            found.push((name.clone(), entry.path()));
            if entry.file_type().unwrap().is_dir() {
                into(&entry.path(), &format!("{name}/"), found);
            }
        }
    }
    let mut found = Vec::new();
    into(dir, "", &mut found);
    found
}
