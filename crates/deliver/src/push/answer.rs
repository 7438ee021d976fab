//! What a host answers: the last line of its output that says a state, and its exit status. What a host says is believed as far as it is possible.

use gsec_env::ProgramEnd;

/// What a host answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The release is there now, checked and reloaded.
    Installed {
        /// The release before.
        previous: Option<String>,
        /// The release now.
        current: String,
    },
    /// It was there already.
    Unchanged {
        /// The release now.
        current: String,
    },
    /// The release before is back.
    RolledBack {
        /// The release that was taken back.
        previous: Option<String>,
        /// The release now.
        current: String,
    },
    /// Another release is there than the one that was to be taken back.
    Moved {
        /// The release now.
        current: Option<String>,
    },
    /// The service refuses the files; the ones before are back, and nothing was reloaded.
    CheckFailed,
    /// The service did not reload; the ones before are back.
    ReloadFailed,
    /// It was not done.
    Failed {
        /// The exit status; `None` where a signal ended it.
        status: Option<i32>,
    },
}

/// Exit statuses of what runs on the host.
const CHECK_FAILED: i32 = 4;
const RELOAD_FAILED: i32 = 5;
const MOVED: i32 = 7;

impl Answer {
    /// Reads an answer.
    pub fn of(end: &ProgramEnd) -> Self {
        let text = String::from_utf8_lossy(&end.stdout);
        let line = text.lines().rev().find_map(|line| line.strip_prefix("state="));
        let mut words = line.unwrap_or_default().split(' ');
        let state = words.next().unwrap_or_default();
        let (mut previous, mut current) = (None, None);
        for word in words {
            match word.split_once('=') {
                Some(("previous", release)) => previous = release_of(release),
                Some(("current", release)) => current = release_of(release),
                _ => {}
            }
        }
        match (end.status, state, current) {
            (Some(0), "installed", Some(current)) => Self::Installed { previous, current },
            (Some(0), "unchanged", Some(current)) => Self::Unchanged { current },
            (Some(0), "rolled-back", Some(current)) => Self::RolledBack { previous, current },
            (Some(MOVED), _, current) => Self::Moved { current },
            (Some(CHECK_FAILED), ..) => Self::CheckFailed,
            (Some(RELOAD_FAILED), ..) => Self::ReloadFailed,
            (status, ..) => Self::Failed { status },
        }
    }
}

/// A release is named by hexadecimal digits, and a number where two have the same manifest.
fn release_of(text: &str) -> Option<String> {
    let (digits, number) = text.split_once('.').unwrap_or((text, "2"));
    let is_release = digits.len() == 16
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        && (1..=6).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit());
    is_release.then(|| text.to_owned())
}

/// Whether a release on a host is the bundle's, which is made again where the files of a release are not what they were.
pub(super) fn is_release_of(release: &str, bundle: &str) -> bool {
    release == bundle
        || release
            .strip_prefix(bundle)
            .is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: Option<i32>, stdout: &str) -> Answer {
        Answer::of(&ProgramEnd {
            status,
            stdout: stdout.into(),
            stderr: Vec::new(),
        })
    }

    #[test]
    fn states_are_read_from_the_last_line_that_says_one() {
        let (one, two) = ("0123456789abcdef", "fedcba9876543210.2");
        assert_eq!(
            answer(
                Some(0),
                &format!("moved x\nstate=installed previous=none current={one}\n")
            ),
            Answer::Installed {
                previous: None,
                current: one.into()
            }
        );
        assert_eq!(
            answer(
                Some(0),
                &format!("state=rolled-back previous={one} current={two}\n")
            ),
            Answer::RolledBack {
                previous: Some(one.into()),
                current: two.into()
            }
        );
        assert_eq!(
            answer(Some(0), &format!("state=unchanged current={one}")),
            Answer::Unchanged { current: one.into() }
        );
        assert_eq!(
            answer(Some(7), &format!("state=moved current={two}\n")),
            Answer::Moved {
                current: Some(two.into())
            }
        );
        assert_eq!(answer(Some(4), ""), Answer::CheckFailed);
        assert_eq!(answer(Some(5), ""), Answer::ReloadFailed);
    }

    #[test]
    fn what_cannot_be_is_not_believed() {
        for (status, stdout) in [
            (Some(0), ""),
            (Some(0), "state=installed"),
            (Some(0), "state=installed current=$(id)"),
            (Some(0), "state=installed current=../../etc/passwd"),
            (Some(0), "state=unchanged current=0123456789abcdef.x"),
            (Some(3), "state=installed previous=none current=0123456789abcdef"),
            (None, "state=unchanged current=0123456789abcdef"),
        ] {
            assert_eq!(answer(status, stdout), Answer::Failed { status }, "{stdout}");
        }
    }
}
