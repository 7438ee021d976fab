//! Whether another user can read a file, by owners and modes. Access lists are not looked at.

use std::path::Path;

use crate::checks::file::Blocked;

/// A user and his groups, by `/etc/passwd` and `/etc/group`.
#[derive(Debug, Clone)]
pub struct User {
    /// As he was named.
    pub name: String,
    id: u32,
    groups: Vec<u32>,
}

impl User {
    /// The user with this name or number; `None` if `/etc/passwd` does not contain it.
    pub fn named(name: &str) -> Option<Self> {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        Self::among(name, &read("/etc/passwd"), &read("/etc/group"))
    }

    fn among(name: &str, users: &str, groups: &str) -> Option<Self> {
        let fields = |line: &str| -> Vec<String> { line.split(':').map(str::to_owned).collect() };
        let by_number: Option<u32> = name.parse().ok();
        let is_user = |fields: &Vec<String>| {
            fields.len() > 3
                && (fields[0] == name || by_number.is_some_and(|number| fields[2] == number.to_string()))
        };
        let Some(found) = users.lines().map(fields).find(is_user) else {
            return by_number.map(|id| Self {
                name: name.into(),
                id,
                groups: Vec::new(),
            });
        };
        let is_member =
            |fields: &Vec<String>| fields.len() > 3 && fields[3].split(',').any(|member| member == found[0]);
        let further = groups
            .lines()
            .map(fields)
            .filter(is_member)
            .filter_map(|fields| fields[2].parse().ok());
        let groups = found[3].parse().ok().into_iter().chain(further).collect();
        Some(Self {
            name: name.into(),
            id: found[2].parse().ok()?,
            groups,
        })
    }

    /// Whether he has a right (4 to read, 1 to pass) by owner, group and mode. The first of the three that fits him decides.
    #[cfg(unix)]
    fn has(&self, right: u32, owner: u32, group: u32, mode: u32) -> bool {
        let shift = if self.id == owner {
            6
        } else if self.groups.contains(&group) {
            3
        } else {
            0
        };
        // Root reads everything, and passes through every folder.
        self.id == 0 || mode >> shift & right != 0
    }
}

/// What keeps a user from reading a file: the first folder above that he may not pass, or the file.
#[cfg(unix)]
pub(super) fn blocked(path: &Path, user: &User) -> Option<Blocked> {
    use std::os::unix::fs::MetadataExt;
    const READ: u32 = 4;
    const PASS: u32 = 1;
    let whole = path.canonicalize().ok()?;
    let mut folders: Vec<&Path> = whole.ancestors().skip(1).collect();
    folders.reverse();
    let steps = folders
        .into_iter()
        .map(|folder| (folder, PASS))
        .chain([(whole.as_path(), READ)]);
    for (at, right) in steps {
        let metadata = std::fs::metadata(at).ok()?;
        let (owner, group, mode) = (metadata.uid(), metadata.gid(), metadata.mode() & 0o7777);
        if !user.has(right, owner, group, mode) {
            let rights = format!("owner {owner}, group {group}, mode {mode:03o}");
            // The file is named as it was named; folders are where they are.
            let at = if right == READ { path } else { at };
            return Some(Blocked {
                user: user.name.clone(),
                at: at.to_owned(),
                is_folder: right == PASS,
                rights,
            });
        }
    }
    None
}

#[cfg(not(unix))]
pub(super) fn blocked(_path: &Path, _user: &User) -> Option<Blocked> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const USERS: &str = "root:x:0:0:root:/root:/bin/sh\nweb:x:33:33::/:/bin/false\n";
    const GROUPS: &str = "root:x:0:\nweb:x:33:\nssl-cert:x:110:web,db\n";

    #[test]
    fn a_user_has_the_groups_that_list_him() {
        let user = User::among("web", USERS, GROUPS).expect("web");
        assert_eq!((user.id, user.groups.as_slice()), (33, &[33, 110][..]));
        assert_eq!(User::among("33", USERS, GROUPS).expect("33").groups, [33, 110]);
        assert!(User::among("nobody", USERS, GROUPS).is_none());
        assert_eq!(
            User::among("4711", USERS, GROUPS).expect("a number").groups,
            Vec::<u32>::new()
        );
    }

    #[test]
    fn the_first_of_owner_group_and_others_decides() {
        let user = User::among("web", USERS, GROUPS).expect("web");
        assert!(user.has(4, 0, 110, 0o640));
        assert!(!user.has(4, 0, 0, 0o640));
        assert!(user.has(4, 0, 0, 0o604));
        assert!(
            !user.has(4, 33, 0, 0o044),
            "its owner has no permission, although all others have"
        );
        assert!(
            User::among("root", USERS, GROUPS)
                .expect("root")
                .has(4, 33, 33, 0)
        );
    }
}
