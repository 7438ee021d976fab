//! Starts the signer and the front, and starts again what ends.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use gsec::cli::serve::{ServeOrder, ServerError};
use gsec_ca::home::CaDir;
use gsec_env::Env;
use rustix::process::{Pid, Signal, kill_process};
use zeroize::Zeroizing;

use super::failed;

/// How often is looked after both.
const LOOK: Duration = Duration::from_millis(50);
/// What is not started again more often than this is started at once.
const CALM: Duration = Duration::from_secs(10);
/// The longest pause before something is started again.
const MAX_PAUSE: Duration = Duration::from_secs(10);
/// How long the front may take to answer everybody at the end.
const DRAIN: Duration = Duration::from_secs(35);

/// One of the two, with how it has fared.
struct Watched {
    child: Child,
    since: Instant,
    pause: Duration,
}

struct Supervisor {
    program: PathBuf,
    directory: CaDir,
    passphrase: Option<Zeroizing<String>>,
    front: Vec<OsString>,
    socket: Option<PathBuf>,
}

/// Runs both until this process is told to end. Returns the exit status.
pub(super) fn run(order: ServeOrder, env: &mut Env) -> Result<u8, ServerError> {
    let program = (env.program)().ok_or_else(|| ServerError {
        code: "serve.program",
        message: "this process does not know its own program".into(),
        causes: Vec::new(),
        hints: Vec::new(),
    })?;
    let told = (env.watch_interruption)().map_err(|error| failed("serve.signals", &error))?;
    let supervisor = Supervisor {
        program,
        directory: order.directory,
        passphrase: order.passphrase,
        front: order.front,
        socket: order.socket,
    };
    let (mut signer, mut held) = supervisor.signer()?;
    let mut front = supervisor.front(true)?;
    let status = loop {
        if told.signal().is_some() {
            break 0;
        }
        if let Some(status) = ended(&mut front) {
            // What ends at once would do so again: it has said why.
            if front.since.elapsed() < CALM && status != 0 {
                break status;
            }
            std::thread::sleep(front.pause);
            let pause = front.next_pause();
            front = Watched {
                pause,
                ..supervisor.front(false)?
            };
        }
        if let Some(status) = ended(&mut signer) {
            if signer.since.elapsed() < CALM && status != 0 && status < 128 {
                break status;
            }
            std::thread::sleep(signer.pause);
            let pause = signer.next_pause();
            let (again, stdin) = supervisor.signer()?;
            signer = Watched { pause, ..again };
            held = stdin;
        }
        std::thread::sleep(LOOK);
    };
    stop(&mut front.child);
    drop(held);
    stop(&mut signer.child);
    Ok(status)
}

impl Watched {
    fn of(child: Child) -> Self {
        Self {
            child,
            since: Instant::now(),
            pause: Duration::ZERO,
        }
    }

    /// Longer each time, until it has run for a while.
    fn next_pause(&self) -> Duration {
        match self.since.elapsed() {
            calm if calm >= CALM => Duration::ZERO,
            _ => (self.pause * 2).clamp(Duration::from_millis(100), MAX_PAUSE),
        }
    }
}

/// The exit status of what has ended; 128 and the number of the signal that ended it.
fn ended(watched: &mut Watched) -> Option<u8> {
    use std::os::unix::process::ExitStatusExt;
    let status = watched.child.try_wait().ok().flatten()?;
    let code = status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal))
        .unwrap_or(3);
    Some(u8::try_from(code).unwrap_or(3))
}

fn stop(child: &mut Child) {
    let end = Instant::now() + DRAIN;
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, Signal::TERM);
    }
    while Instant::now() < end {
        match child.try_wait() {
            Ok(None) => std::thread::sleep(LOOK),
            _ => return,
        }
    }
    let _ = child.kill();
    let _ = child.wait();
}

impl Supervisor {
    fn command(&self, part: &str) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(["serve", part, "--ca-dir"])
            .arg(self.directory.root());
        command
    }

    /// The signer gets the passphrase through a pipe, and ends when this process does.
    fn signer(&self) -> Result<(Watched, Option<ChildStdin>), ServerError> {
        let mut command = self.command("signer");
        command
            .arg("--end-with-stdin")
            .stdin(Stdio::piped())
            .stdout(Stdio::null());
        if let Some(socket) = &self.socket {
            command.arg("--socket").arg(socket);
        }
        if self.passphrase.is_some() {
            command.arg("--ca-passphrase-stdin");
        }
        let mut child = command.spawn().map_err(|error| failed("serve.signer", &error))?;
        let mut stdin = child.stdin.take();
        if let (Some(stdin), Some(passphrase)) = (&mut stdin, &self.passphrase) {
            let mut line = Zeroizing::new(Vec::with_capacity(passphrase.len() + 1));
            line.extend_from_slice(passphrase.as_bytes());
            line.push(b'\n');
            stdin
                .write_all(&line)
                .map_err(|error| failed("serve.signer", &error))?;
        }
        Ok((Watched::of(child), stdin))
    }

    /// The front says what is served when it is started first.
    fn front(&self, is_first: bool) -> Result<Watched, ServerError> {
        let mut command = self.command("front");
        command.args(&self.front).stdin(Stdio::null());
        if !is_first {
            command.stdout(Stdio::null());
        }
        let child = command.spawn().map_err(|error| failed("serve.front", &error))?;
        Ok(Watched::of(child))
    }
}
