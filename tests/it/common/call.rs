//! One call of a program, and what came of it.

use std::ffi::OsStr;
use std::fmt;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The peers and the Debian packages that hold them.
const PACKAGES: [(&str, &str); 30] = [
    ("openssl", "openssl"),
    ("certtool", "gnutls-bin"),
    ("ocsptool", "gnutls-bin"),
    ("certutil", "libnss3-tools"),
    ("pk12util", "libnss3-tools"),
    ("tstclnt", "libnss3-tools"),
    ("modutil", "libnss3-tools"),
    ("vfychain", "libnss3-tools"),
    ("java", "default-jdk-headless"),
    ("javac", "default-jdk-headless"),
    ("keytool", "default-jdk-headless"),
    ("nginx", "nginx-light"),
    ("node", "nodejs"),
    ("prlimit", "util-linux"),
    ("ssh-keygen", "openssh-client"),
    ("sshd", "openssh-server"),
    ("curl", "curl"),
    ("strace", "strace"),
    ("setpriv", "util-linux"),
    ("unshare", "util-linux"),
    ("flock", "util-linux"),
    ("mount", "mount"),
    ("umount", "mount"),
    ("timeout", "coreutils"),
    ("dpkg-shlibdeps", "dpkg-dev"),
    ("lintian", "lintian"),
    ("trust", "p11-kit"),
    ("nft", "nftables"),
    ("iptables-restore", "iptables"),
    ("ip6tables-restore", "iptables"),
];

/// A program call that is being put together.
pub struct Call {
    command: Command,
    stdin: Vec<u8>,
}

/// Calls the gsec under test, untouched by what the caller's environment says to gsec.
pub fn gsec(args: &[&str]) -> Call {
    let mut call = Call::new(env!("CARGO_BIN_EXE_gsec")).args(args);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GSEC_") {
            call.command.env_remove(name);
        }
    }
    call
}

/// Calls OpenSSL's command.
pub fn openssl(args: &[&str]) -> Call {
    tool("openssl").args(args)
}

/// Calls a peer by name; one that is not installed fails the test, naming the package to install.
#[track_caller]
pub fn tool(name: &str) -> Call {
    Call::new(program(name))
}

/// The path of a peer; one that is not installed fails the test: a test that skips itself proves nothing.
#[track_caller]
pub fn program(name: &str) -> std::path::PathBuf {
    find(name).unwrap_or_else(|| {
        panic!(
            "`{name}` is missing: install the Debian package `{}`, or run `sh tests/run.sh`",
            package(name)
        )
    })
}

/// Runs a prepared command to its end, without a terminal and without input.
#[track_caller]
pub fn run(command: &mut Command) -> Outcome {
    let shown = format!("{command:?}");
    let output = command.stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|problem| panic!("cannot run {shown}: {problem}"));
    Outcome::of(shown, output)
}

/// Runs `tests/python/<script>` in the virtual environment that `tests/run.sh` makes.
pub fn python(script: &str) -> Call {
    peer_python(&[&format!("{}/tests/python/{script}", env!("CARGO_MANIFEST_DIR"))])
}

/// Calls the Python of that environment with these arguments, such as `-m` and a module.
pub fn peer_python(args: &[&str]) -> Call {
    let venv = || concat!(env!("CARGO_MANIFEST_DIR"), "/target/peers/venv/bin/python").into();
    let interpreter = std::env::var_os("GSEC_PEER_PYTHON").unwrap_or_else(venv);
    assert!(
        Path::new(&interpreter).exists(),
        "no Python with `cryptography` and `pkilint` at {interpreter:?}: run `sh tests/run.sh`"
    );
    Call::new(interpreter).args(args)
}

/// Daemons such as nginx live in `sbin`, which is not on every user's PATH.
fn find(name: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let sbin = ["/usr/local/sbin", "/usr/sbin", "/sbin"].map(Into::into);
    std::env::split_paths(&path)
        .chain(sbin)
        .map(|dir| dir.join(name))
        .find(|file| file.is_file())
}

fn package(name: &str) -> &str {
    PACKAGES
        .iter()
        .find(|(tool, _)| *tool == name)
        .map_or(name, |(_, package)| package)
}

impl Call {
    pub(super) fn new(program: impl AsRef<OsStr>) -> Self {
        Call {
            command: Command::new(program),
            stdin: Vec::new(),
        }
    }

    pub fn args(mut self, args: &[&str]) -> Self {
        self.command.args(args);
        self
    }

    pub fn in_dir(mut self, dir: impl AsRef<Path>) -> Self {
        self.command.current_dir(dir);
        self
    }

    pub fn stdin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.stdin = bytes.as_ref().to_vec();
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Without a variable that the caller may have.
    pub fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// The same call made through another program, which takes the program and its arguments after its own.
    pub fn through(self, mut runner: Call) -> Self {
        runner
            .command
            .arg(self.command.get_program())
            .args(self.command.get_args());
        for (name, value) in self.command.get_envs() {
            match value {
                Some(value) => runner.command.env(name, value),
                None => runner.command.env_remove(name),
            };
        }
        if let Some(dir) = self.command.get_current_dir() {
            runner.command.current_dir(dir);
        }
        Call {
            stdin: self.stdin,
            ..runner
        }
    }

    /// Hands out the command for what [`Call::run`] does not do, such as leaving a server running.
    pub fn into_command(self) -> Command {
        self.command
    }

    /// The command with both output streams in one pipe, so that a reader cannot leave the other one full. The shell replaces itself by the program.
    pub fn streams_joined(self) -> Command {
        let mut joined = Command::new("sh");
        joined
            .args(["-c", "exec \"$@\" 2>&1", "sh"])
            .arg(self.command.get_program())
            .args(self.command.get_args());
        joined.stdin(Stdio::piped()).stdout(Stdio::piped());
        joined
    }

    /// Runs to the end, with no terminal anywhere, and keeps all that was said.
    pub fn run(mut self) -> Outcome {
        self.command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let shown = format!("{:?}", self.command);
        let mut child = self
            .command
            .spawn()
            .unwrap_or_else(|problem| panic!("cannot run {shown}: {problem}"));
        let mut pipe = child.stdin.take().expect("stdin is piped");
        let input = self.stdin;
        let writer = std::thread::spawn(move || pipe.write_all(&input)); // beside reading, so that neither end waits for the other
        let output = child.wait_with_output().expect("the program ends");
        let _ = writer.join(); // a program that did not want its input is no failure
        Outcome::of(shown, output)
    }
}

/// How a call ended and what it printed.
#[derive(Clone)]
pub struct Outcome {
    shown: String,
    /// `None` when a signal ended it.
    pub status: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    pub stdout_bytes: Vec<u8>,
    pub stderr_bytes: Vec<u8>,
}

impl Outcome {
    fn of(shown: String, output: Output) -> Self {
        Self {
            shown,
            status: output.status.code(),
            signal: output.status.signal(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            stdout_bytes: output.stdout,
            stderr_bytes: output.stderr,
        }
    }

    /// As [`Outcome::ok`], saying which of many situations it was.
    #[track_caller]
    pub fn succeeded(self, situation: &str) -> Self {
        assert!(
            self.status == Some(0),
            "{situation}: expected success, got {self}"
        );
        self
    }

    /// Exit 3 with an `error:` line that mentions every one of `words`, nothing on stdout, and no panic.
    #[track_caller]
    pub fn refused(self, situation: &str, words: &[&str]) -> Self {
        assert!(self.status == Some(3), "{situation}: expected exit 3, got {self}");
        assert!(
            self.stderr.contains("error: "),
            "{situation}: no `error:` line in {self}"
        );
        assert!(
            self.stdout.is_empty(),
            "{situation}: a failure wrote to stdout: {self}"
        );
        for word in words {
            assert!(
                self.stderr.contains(word),
                "{situation}: the message does not mention `{word}`: {self}"
            );
        }
        self
    }

    /// The `hint:` lines.
    pub fn hints(&self) -> Vec<&str> {
        let lines = self.stderr.lines();
        lines.filter_map(|line| line.strip_prefix("hint: ")).collect()
    }

    /// Asserts exit status 0.
    #[track_caller]
    pub fn ok(self) -> Self {
        self.code(0)
    }

    /// Asserts the exit status.
    #[track_caller]
    pub fn code(self, expected: i32) -> Self {
        assert_eq!(self.status, Some(expected), "exit status of {self}");
        self
    }

    /// Asserts that it failed, however it says so.
    #[track_caller]
    pub fn fails(self) -> Self {
        assert_ne!(self.status, Some(0), "this should have failed: {self}");
        self
    }

    /// Asserts that both streams together hold this text; peers do not agree on which stream it belongs to.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(
            self.stdout.contains(text) || self.stderr.contains(text),
            "`{text}` is not in what was said by {self}"
        );
        self
    }

    /// The one JSON document on stdout.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|problem| panic!("stdout is not one JSON document ({problem}): {self}"))
    }

    /// The one JSON object on stderr that a failure under `--json` is.
    #[track_caller]
    pub fn error(&self) -> serde_json::Value {
        assert_eq!(self.stdout, "", "a failure leaves stdout empty: {self}");
        let document: serde_json::Value = serde_json::from_str(&self.stderr)
            .unwrap_or_else(|problem| panic!("stderr is not one JSON document ({problem}): {self}"));
        document["error"].clone()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Outcome {
            shown,
            status,
            signal,
            stdout,
            stderr,
            ..
        } = self;
        let ended = signal.map_or_else(
            || format!("status {status:?}"),
            |signal| format!("signal {signal}"),
        );
        write!(
            f,
            "{shown}\n{ended}\n--- stdout\n{stdout}\n--- stderr\n{stderr}\n---"
        )
    }
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
