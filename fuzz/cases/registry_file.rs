//! A registry file: everything in it is in one of its lines.

use gsec_platform::registry::RegistryFile;

/// Whether there is a value in it.
pub fn check(input: &[u8]) -> bool {
    let file = RegistryFile::parse(input);
    for key in &file.keys {
        let length = |line: usize| file.line(line).chars().count();
        assert!(key.path_at.end <= length(key.line));
        for entry in &key.entries {
            assert!(entry.line > key.line);
            assert!(
                entry.name_at.end <= entry.data_at.start
                    && entry.data_at.end <= length(entry.line).max(entry.data_at.start)
            );
        }
    }
    file.keys.iter().any(|key| !key.entries.is_empty())
}
