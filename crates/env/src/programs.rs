//! Other programs: run with a list of arguments and never through a shell, with an environment that is chosen, an output that is
//! bounded, and a time limit.
//!
//! Whoever types `sudo gsec` may have any `PATH`, and so may whoever prepared the shell that root uses. What runs as root is therefore
//! found in the directories of the system alone.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;
use zeroize::Zeroizing;

mod fake;
mod system;

pub use fake::FakePrograms;
pub use system::SystemPrograms;

/// How long a program may take where nothing else is said. `update-ca-certificates` with Java's hook takes 2 s, on a slow disk 20.
const TIME_LIMIT: Duration = Duration::from_secs(120);
/// The most that is kept of each stream where nothing else is said, in bytes.
const MAX_OUTPUT: usize = 1024 * 1024;

/// Runs other programs.
pub trait Programs: Sync {
    /// Where a program is; `None` where there is none of this name that may be run. A name has no `/`.
    ///
    /// Root gets what is in the directories of the system. Another user gets those first, and then what is in the `PATH`.
    fn find(&self, name: &str) -> Option<PathBuf>;

    /// Runs a program to its end. That it ended with a status other than 0 is no error.
    ///
    /// # Errors
    /// [`ProgramError`].
    fn run(&self, call: &ProgramCall) -> Result<ProgramEnd, ProgramError>;
}

/// The user as whom a program runs, where that is another one than runs gsec. The supplementary groups are dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunAs {
    /// The user's number.
    pub user: u32,
    /// The number of the user's own group.
    pub group: u32,
}

/// One call of a program.
#[derive(Clone)]
pub struct ProgramCall {
    /// Its path, absolute.
    pub program: PathBuf,
    /// The arguments, without the program's name. Secrets do not belong here: everybody on the machine can read them.
    pub arguments: Vec<OsString>,
    /// The variables besides `PATH` and `LC_ALL`; the program gets no others.
    pub variables: Vec<(OsString, OsString)>,
    /// What it reads from standard input.
    pub stdin: Zeroizing<Vec<u8>>,
    /// The directory that it runs in; `None`: `/`.
    pub folder: Option<PathBuf>,
    /// The user it runs as; `None`: as gsec.
    pub run_as: Option<RunAs>,
    /// After this time it is killed, with what it started.
    pub time_limit: Duration,
    /// The most that is kept of each of its streams, in bytes.
    pub max_output: usize,
}

impl ProgramCall {
    /// A call without arguments.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
            variables: Vec::new(),
            stdin: Zeroizing::default(),
            folder: None,
            run_as: None,
            time_limit: TIME_LIMIT,
            max_output: MAX_OUTPUT,
        }
    }

    /// With one more argument.
    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// With more arguments.
    #[must_use]
    pub fn args<I: AsRef<OsStr>>(self, arguments: impl IntoIterator<Item = I>) -> Self {
        arguments.into_iter().fold(self, Self::arg)
    }

    /// With one more variable.
    #[must_use]
    pub fn variable(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.variables.push((name.into(), value.as_ref().to_owned()));
        self
    }

    /// The program's name, for messages.
    pub fn name(&self) -> String {
        let name = self.program.file_name().unwrap_or(self.program.as_os_str());
        name.to_string_lossy().into_owned()
    }
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProgramEnd {
    /// Its exit status; `None` where a signal killed it.
    pub status: Option<i32>,
    /// The beginning of what it wrote to standard output.
    pub stdout: Vec<u8>,
    /// The beginning of what it wrote to standard error.
    pub stderr: Vec<u8>,
}

impl ProgramEnd {
    /// Whether it ended with exit status 0.
    pub fn is_success(&self) -> bool {
        self.status == Some(0)
    }

    /// The last line that is not empty of standard error, or of standard output: what most programs say of a failure. The text is as
    /// the program wrote it.
    pub fn last_words(&self) -> Option<String> {
        let last = |stream: &[u8]| {
            let text = String::from_utf8_lossy(stream).into_owned();
            let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty());
            line.map(str::to_owned)
        };
        last(&self.stderr).or_else(|| last(&self.stdout))
    }
}

/// Why a program did not run to its end.
#[derive(Debug, Error)]
pub enum ProgramError {
    /// It could not be started.
    #[error("cannot run `{}`: {source}", program.display())]
    Start {
        /// Its path.
        program: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A path that depends on the current directory.
    #[error("`{}` is not an absolute path of a program", .0.display())]
    NotAbsolute(PathBuf),
    /// It took too long, and was killed.
    #[error("`{}` did not end within {} s, and was stopped", program.display(), limit.as_secs())]
    TimedOut {
        /// Its path.
        program: PathBuf,
        /// The time that it had.
        limit: Duration,
    },
}

/// Reads a stream to its end, and keeps its beginning: a program whose output nobody reads would wait for ever.
fn keep_beginning(stream: &mut dyn Read, most: usize, mut keep: impl FnMut(&[u8])) {
    let mut buffer = [0; 8192];
    let mut kept = 0;
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return,
            Ok(read) => {
                let now = read.min(most - kept);
                keep(&buffer[..now]);
                kept += now;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}

/// A program need not read what it is given: a broken pipe is its own matter.
fn feed(stream: &mut dyn Write, content: &[u8]) {
    let _ = stream.write_all(content);
}

/// Whether a name can be looked for in a directory.
fn is_plain_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(['/', '\0']) && Path::new(name).file_name() == Some(OsStr::new(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_words_are_those_of_standard_error_first() {
        let end = |stdout: &str, stderr: &str| ProgramEnd {
            status: Some(1),
            stdout: stdout.into(),
            stderr: stderr.into(),
        };
        assert_eq!(end("a\n", "one\n two \n\n").last_words().as_deref(), Some("two"));
        assert_eq!(end("a\nb", " \n").last_words().as_deref(), Some("b"));
        assert_eq!(end("", "").last_words(), None);
    }

    #[test]
    fn a_name_with_a_slash_is_not_looked_for() {
        for name in ["", "..", "a/b", "/bin/sh", "a\0"] {
            assert!(!is_plain_name(name), "{name}");
        }
        assert!(is_plain_name("update-ca-certificates"));
    }
}
