//! Users, by `/etc/passwd`: whose browsers are meant.

use std::path::{Path, PathBuf};

use gsec_ca::files::read_file_within;
use gsec_env::RunAs;

/// The most that is read of `/etc/passwd`, in bytes.
const MAX_PASSWD: u64 = 16 * 1024 * 1024;

/// A user of the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The user's number.
    pub user: u32,
    /// The number of the user's own group.
    pub group: u32,
    /// The home directory, where one is known.
    pub home: Option<PathBuf>,
}

impl Account {
    /// The user with a number; `None` where `/etc/passwd` does not have it.
    pub fn with_number(user: u32) -> Option<Self> {
        let text = read_file_within(Path::new("/etc/passwd"), MAX_PASSWD).ok()?;
        Self::among(user, &String::from_utf8_lossy(&text))
    }

    /// The user who runs gsec. Where it is not root, `$HOME` says where the browser's files are, as it does to the browser.
    pub fn running(home: Option<PathBuf>) -> Self {
        let user = rustix::process::geteuid().as_raw();
        let listed = Self::with_number(user);
        let listed_home = listed.as_ref().and_then(|found| found.home.clone());
        Self {
            user,
            group: listed.map_or(rustix::process::getegid().as_raw(), |found| found.group),
            home: if user == 0 {
                listed_home
            } else {
                home.or(listed_home)
            },
        }
    }

    fn among(user: u32, text: &str) -> Option<Self> {
        text.lines().find_map(|line| {
            let fields: Vec<&str> = line.split(':').collect();
            let [_, _, number, group, _, home, _] = fields.as_slice() else {
                return None;
            };
            (number.parse() == Ok(user)).then_some(())?;
            Some(Self {
                user,
                group: group.parse().ok()?,
                home: Some(PathBuf::from(home)).filter(|home| home.is_absolute()),
            })
        })
    }

    /// Whether gsec runs as this user.
    pub fn is_running(&self) -> bool {
        rustix::process::geteuid().as_raw() == self.user
    }

    /// Runs a program as this user.
    pub fn run_as(&self) -> RunAs {
        RunAs {
            user: self.user,
            group: self.group,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: &str = "root:x:0:0:root:/root:/bin/sh\nada:x:1000:1001:,,,:/home/ada:/bin/sh\n\
                         odd:x:1002\nnone:x:1003:1003::relative:/bin/sh\n";

    #[test]
    fn a_user_is_found_by_number_with_group_and_home() {
        let ada = Account::among(1000, USERS).expect("she is there");
        assert_eq!(
            (ada.group, ada.home.as_deref()),
            (1001, Some(Path::new("/home/ada")))
        );
        assert_eq!(Account::among(1002, USERS), None);
        assert_eq!(Account::among(1003, USERS).expect("it is there").home, None);
        assert_eq!(Account::among(4711, USERS), None);
    }
}
