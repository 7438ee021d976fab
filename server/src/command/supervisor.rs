//! Starts the signer and the front, and starts again what ends.

use std::ffi::OsString;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use gsec::cli::serve::{ServeOrder, ServerError};
use gsec_ca::home::CaDir;
use gsec_env::Env;
use rustix::process::{Pid, Signal, kill_process};
use zeroize::Zeroizing;

use crate::confine::with_memory_limit_lifted;

use super::{apart_socket, error, failed, hinted};

/// How often is looked after both.
const LOOK: Duration = Duration::from_millis(50);
/// What has run for so long is started again at once.
const CALM: Duration = Duration::from_secs(10);
/// The shortest pause before something is started again that has not.
const MIN_PAUSE: Duration = Duration::from_millis(100);
/// The longest one: so long nobody is served at the most.
const MAX_PAUSE: Duration = Duration::from_secs(2);
/// How long the front may take to answer everybody at the end.
const DRAIN: Duration = Duration::from_secs(35);

/// One of the two, with how it has fared.
struct Watched {
    name: &'static str,
    child: Child,
    /// The other end of its standard input: it ends when this does.
    held: Option<ChildStdin>,
    since: Instant,
    /// How long the last pause before it was started again was.
    pause: Duration,
    /// When it is started again, once it has ended.
    again_at: Option<Instant>,
    is_first: bool,
}

/// What is to be done about one of the two.
enum Due {
    Nothing,
    Start,
    /// It ended by itself as soon as it was there first: it has said why, and would say so again.
    GiveUp(u8),
}

struct Supervisor {
    program: PathBuf,
    directory: CaDir,
    passphrase: Option<Zeroizing<String>>,
    front: Vec<OsString>,
    socket: Option<PathBuf>,
    signer_dir: Option<CaDir>,
    users: Users,
}

/// A user with his group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct User {
    id: u32,
    group: u32,
}

/// Whom the two run as, where root starts them: the front as the owner of the CA directory, the signer as the owner of the key.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Users {
    front: Option<User>,
    signer: Option<User>,
}

/// Runs both until this process is told to end. Returns the exit status.
pub(super) fn run(order: ServeOrder, env: &mut Env) -> Result<u8, ServerError> {
    super::expect_none_serves(&order.directory)?;
    let program = (env.program)().ok_or_else(|| {
        error(
            "serve.program",
            "this process does not know its own program".into(),
        )
    })?;
    let told = (env.watch_interruption)().map_err(|error| failed("serve.signals", &error))?;
    let supervisor = Supervisor {
        program,
        passphrase: order.passphrase,
        front: order.front,
        socket: order.socket,
        users: users(&order.directory, order.signer_dir.as_ref())?,
        signer_dir: order.signer_dir,
        directory: order.directory,
    };
    let mut signer = supervisor.signer()?;
    let mut front = supervisor.front(true)?;
    let status = loop {
        if told.signal().is_some() {
            break 0;
        }
        match front.due() {
            Due::Nothing => {}
            Due::Start => front = front.followed_by(supervisor.front(false)?),
            Due::GiveUp(status) => break status,
        }
        match signer.due() {
            Due::Nothing => {}
            Due::Start => signer = signer.followed_by(supervisor.signer()?),
            Due::GiveUp(status) => break status,
        }
        std::thread::sleep(LOOK);
    };
    stop(front);
    drop(signer.held.take());
    stop(signer);
    Ok(status)
}

/// The owner of a file or folder.
fn owner(path: &Path) -> Result<User, ServerError> {
    let found = path.symlink_metadata();
    let found = found.map_err(|error| failed("serve.owner", &error))?;
    Ok(User {
        id: found.uid(),
        group: found.gid(),
    })
}

fn users(directory: &CaDir, signer_dir: Option<&CaDir>) -> Result<Users, ServerError> {
    if !rustix::process::geteuid().is_root() {
        return Ok(Users::default());
    }
    let root = directory.root().canonicalize();
    let root = root.map_err(|error| failed("serve.owner", &error))?;
    let front = owner(&root)?;
    let signer = owner(&signer_dir.unwrap_or(directory).ca_key())?;
    if signer_dir.is_none() && front.id != signer.id {
        return Err(hinted(
            error(
                "serve.key_of_another_user",
                "the CA key belongs to another user than the CA directory, in which no process of that user can work".into(),
            ),
            "give the key and its user a directory of their own: `gsec serve move-key`",
        ));
    }
    let is_other = |user: &User| user.id != 0;
    Ok(Users {
        front: Some(front).filter(is_other),
        signer: Some(signer).filter(is_other),
    })
}

impl Watched {
    fn of(name: &'static str, mut child: Child) -> Self {
        Self {
            name,
            held: child.stdin.take(),
            child,
            since: Instant::now(),
            pause: Duration::ZERO,
            again_at: None,
            is_first: true,
        }
    }

    fn due(&mut self) -> Due {
        if let Some(at) = self.again_at {
            return if Instant::now() >= at {
                Due::Start
            } else {
                Due::Nothing
            };
        }
        let Some(status) = ended(&mut self.child) else {
            return Due::Nothing;
        };
        let lived = self.since.elapsed();
        // Later, the same may be the disk, or the other of the two: that passes. What was killed has said nothing.
        if self.is_first && lived < CALM && (1..128).contains(&status) {
            return Due::GiveUp(status);
        }
        if let Some(signal) = signal_of(status) {
            let _ = writeln!(std::io::stderr(), "{}", killed(self.name, signal));
        }
        self.pause = next_pause(self.pause, lived);
        self.again_at = Some(Instant::now() + self.pause);
        Due::Nothing
    }

    fn followed_by(&self, next: Self) -> Self {
        Self {
            pause: self.pause,
            is_first: false,
            ..next
        }
    }
}

/// Longer each time, until it has run for a while.
fn next_pause(last: Duration, lived: Duration) -> Duration {
    match lived {
        calm if calm >= CALM => Duration::ZERO,
        _ => (last * 2).clamp(MIN_PAUSE, MAX_PAUSE),
    }
}

/// The exit status of what has ended; 128 and the number of the signal that ended it.
fn ended(child: &mut Child) -> Option<u8> {
    use std::os::unix::process::ExitStatusExt;
    let status = child.try_wait().ok().flatten()?;
    let code = status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal))
        .unwrap_or(3);
    Some(u8::try_from(code).unwrap_or(3))
}

/// The signal that ended it, where one did: nothing here ends with such a status by itself.
fn signal_of(status: u8) -> Option<u8> {
    status.checked_sub(128).filter(|signal| *signal > 0)
}

/// What is told of a process that was ended by a signal, which has said nothing itself.
fn killed(name: &str, signal: u8) -> String {
    let sigsys = u8::try_from(Signal::SYS.as_raw()).unwrap_or_default();
    let why = match signal {
        signal if signal == sigsys => {
            ", SIGSYS: it asked the kernel for something that it has given up. Look whether somebody has taken it over"
        }
        _ => "",
    };
    format!("error: the {name} was ended by signal {signal}{why}; it is started again")
}

fn stop(mut watched: Watched) {
    if watched.again_at.is_some() {
        return;
    }
    let (child, end) = (&mut watched.child, Instant::now() + DRAIN);
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
    /// `gsec serve PART`, as a user, who has no further groups.
    fn command(&self, part: &str, user: Option<User>) -> Command {
        let mut command = Command::new(&self.program);
        command.args(["serve", part]);
        if let Some(User { id, group }) = user {
            command.gid(group).uid(id);
        }
        command
    }

    /// The signer gets the passphrase through a pipe, and ends when this process does.
    fn signer(&self) -> Result<Watched, ServerError> {
        let mut command = self.command("signer", self.users.signer);
        match &self.signer_dir {
            Some(own) => command.arg("--signer-dir").arg(own.root()),
            None => command.arg("--ca-dir").arg(self.directory.root()),
        };
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
        let child = with_memory_limit_lifted(|| command.spawn());
        let child = child.map_err(|error| failed("serve.signer", &error))?;
        let mut signer = Watched::of("signer", child);
        if let (Some(stdin), Some(passphrase)) = (&mut signer.held, &self.passphrase) {
            let mut line = Zeroizing::new(Vec::with_capacity(passphrase.len() + 1));
            line.extend_from_slice(passphrase.as_bytes());
            line.push(0);
            // One that ends before it has read it is started again, as any that ends.
            let _ = stdin.write_all(&line);
        }
        Ok(signer)
    }

    /// The front says what is served when it is started first, and ends when this process does.
    fn front(&self, is_first: bool) -> Result<Watched, ServerError> {
        let mut command = self.command("front", self.users.front);
        if let Some(own) = self.signer_dir.as_ref().filter(|_| self.socket.is_none()) {
            command.arg("--socket").arg(apart_socket(own));
        }
        command
            .arg("--ca-dir")
            .arg(self.directory.root())
            .args(&self.front)
            .arg("--end-with-stdin")
            .stdin(Stdio::piped());
        if !is_first {
            command.stdout(Stdio::null());
        }
        let child = command.spawn().map_err(|error| failed("serve.front", &error))?;
        Ok(Watched::of("front", child))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended_with(words: &str) -> Watched {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", words]).stdin(Stdio::null());
        let mut watched = Watched::of("shell", command.spawn().expect("a shell"));
        watched.child.wait().expect("ended");
        watched
    }

    #[test]
    fn pauses_grow_until_it_is_calm() {
        let pauses = |lived: &[u64]| -> Vec<u128> {
            let step = |pause: &mut Duration, lived: &u64| {
                *pause = next_pause(*pause, Duration::from_secs(*lived));
                Some(pause.as_millis())
            };
            lived.iter().scan(Duration::ZERO, step).collect()
        };
        assert_eq!(
            pauses(&[0, 1, 2, 9, 0, 0, 0]),
            [100, 200, 400, 800, 1600, 2000, 2000]
        );
        assert_eq!(pauses(&[9, 9, 10, 9]), [100, 200, 0, 100]);
    }

    #[test]
    fn an_end_by_a_signal_is_told() {
        assert_eq!(
            killed("front", 9),
            "error: the front was ended by signal 9; it is started again"
        );
        assert!(killed("signer", 31).contains("SIGSYS: it asked the kernel"));
        let of = |words| ended(&mut ended_with(words).child).and_then(signal_of);
        assert_eq!(of("kill -31 $$"), Some(31));
        assert_eq!(of("exit 3"), None);
        assert_eq!(of("exit 0"), None);
    }

    #[test]
    fn only_what_fails_by_itself_at_first_is_given_up() {
        assert!(matches!(ended_with("exit 3").due(), Due::GiveUp(3)));
        for words in ["kill -9 $$", "exit 0"] {
            let mut watched = ended_with(words);
            assert!(matches!(watched.due(), Due::Nothing), "{words}");
            watched.again_at = Some(Instant::now());
            assert!(matches!(watched.due(), Due::Start), "{words}");
        }
        let mut later = ended_with("true").followed_by(ended_with("exit 3"));
        assert!(matches!(later.due(), Due::Nothing));
        assert_eq!(later.pause, MIN_PAUSE);
    }
}
