//! A directory that ends with the test, and a picture of a directory to compare with a later one.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// A temporary directory. Paths are text, so that they stand among a command's other arguments.
pub struct TestDir {
    dir: tempfile::TempDir,
}

impl TestDir {
    pub fn new() -> Self {
        TestDir {
            dir: tempfile::tempdir().expect("a temporary directory"),
        }
    }

    /// The path of `name` in here, whether or not it exists; `""` is the directory itself.
    pub fn path(&self, name: &str) -> String {
        let path = if name.is_empty() {
            self.dir.path().to_owned()
        } else {
            self.dir.path().join(name)
        };
        path.into_os_string()
            .into_string()
            .expect("temporary paths are UTF-8")
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::write(&path, content).unwrap_or_else(|problem| panic!("cannot write {path}: {problem}"));
        path
    }
}

/// Every file and directory below one, with its bytes and mode; a link with what it says.
#[derive(Clone, PartialEq, Eq)]
pub struct Tree {
    entries: BTreeMap<String, (u32, Vec<u8>)>,
}

impl Tree {
    pub fn of(dir: impl AsRef<Path>) -> Self {
        let mut entries = BTreeMap::new();
        collect(dir.as_ref(), "", &mut entries);
        Tree { entries }
    }

    /// The names of all files, without directories.
    pub fn files(&self) -> Vec<String> {
        self.entries
            .keys()
            .filter(|name| !name.ends_with('/'))
            .cloned()
            .collect()
    }

    pub fn mode(&self, name: &str) -> u32 {
        self.entries[name].0
    }

    /// The names of the files that are there now and were not there `before`.
    pub fn added_since(&self, before: &Tree) -> Vec<String> {
        self.entries
            .keys()
            .filter(|name| !before.entries.contains_key(*name))
            .cloned()
            .collect()
    }

    /// Asserts that everything that was there `before` still has its bytes and its mode, but for the files named.
    #[track_caller]
    pub fn keeps(&self, before: &Tree, except: &[&str]) {
        for (name, old) in before
            .entries
            .iter()
            .filter(|(name, _)| !except.contains(&name.as_str()))
        {
            let new = self
                .entries
                .get(name)
                .unwrap_or_else(|| panic!("`{name}` has gone"));
            assert_eq!(
                format!("{:o}", new.0),
                format!("{:o}", old.0),
                "the mode of `{name}` has changed"
            );
            assert!(new.1 == old.1, "`{name}` has changed");
        }
    }

    /// Asserts that nothing was added, removed or changed.
    #[track_caller]
    pub fn is_unchanged_since(&self, before: &Tree) {
        self.keeps(before, &[]);
        assert_eq!(self.added_since(before), Vec::<String>::new(), "files were added");
    }
}

fn collect(dir: &Path, prefix: &str, entries: &mut BTreeMap<String, (u32, Vec<u8>)>) {
    for entry in
        fs::read_dir(dir).unwrap_or_else(|problem| panic!("cannot list {}: {problem}", dir.display()))
    {
        let entry = entry.expect("a directory entry");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let metadata = entry.metadata().expect("metadata");
        let mode = metadata.permissions().mode();
        if metadata.is_dir() {
            entries.insert(format!("{name}/"), (mode, Vec::new()));
            collect(&entry.path(), &format!("{name}/"), entries);
        } else if metadata.is_symlink() {
            let target = fs::read_link(entry.path()).expect("a readable link");
            entries.insert(name, (mode, target.into_os_string().into_encoded_bytes()));
        } else {
            entries.insert(name, (mode, fs::read(entry.path()).expect("a readable file")));
        }
    }
}

/// The names in a folder, sorted.
pub fn names_in(folder: impl AsRef<Path>) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| {
            let name = entry.expect("an entry").file_name();
            name.to_string_lossy().into_owned()
        })
        .collect();
    names.sort();
    names
}
