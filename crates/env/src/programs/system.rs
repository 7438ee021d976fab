//! The programs of this machine.

use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::fs::Mode;
use rustix::process::{Pid, Signal, kill_process_group, umask};

use super::{ProgramCall, ProgramEnd, ProgramError, Programs, feed, is_plain_name, keep_beginning};

/// Where the programs of the system are: root's own, whatever `PATH` says.
const SYSTEM_PATH: [&str; 4] = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];
/// Where administrators put theirs, and the BSDs all of their packages. On Debian a group may write there.
const LOCAL_PATH: [&str; 2] = ["/usr/local/sbin", "/usr/local/bin"];
/// `PATH` of what is run.
const CHILDS_PATH: &str = "/usr/sbin:/usr/bin:/sbin:/bin";
/// Messages are those that the programs' documentation has; file names may have any letters, which Java loses in the plain C locale.
const CHILDS_LOCALE: &str = "C.UTF-8";
/// What a program makes can be read by everybody, where it says nothing else: trust stores must be.
const CHILDS_UMASK: u32 = 0o022;
/// How long the output of a program is waited for that has ended: what it started may hold the pipe open.
const GRACE: Duration = Duration::from_secs(2);
const WRITABLE_BY_OTHERS: u32 = 0o022;
const EXECUTABLE: u32 = 0o111;

/// Runs the programs of this machine.
#[derive(Debug, Default)]
pub struct SystemPrograms;

impl Programs for SystemPrograms {
    fn find(&self, name: &str) -> Option<PathBuf> {
        if !is_plain_name(name) {
            return None;
        }
        let is_root = rustix::process::geteuid().is_root();
        let system = SYSTEM_PATH.iter().map(|folder| Path::new(folder).join(name));
        let local = LOCAL_PATH
            .iter()
            .map(|folder| Path::new(folder).join(name))
            .filter(|path| !is_root || is_roots_alone(path));
        let own = own_path(is_root).into_iter().map(|folder| folder.join(name));
        system.chain(local).chain(own).find(|path| is_program(path))
    }

    fn run(&self, call: &ProgramCall) -> Result<ProgramEnd, ProgramError> {
        if !call.program.is_absolute() {
            return Err(ProgramError::NotAbsolute(call.program.clone()));
        }
        Running::start(call)?.finish(call)
    }
}

/// Calls something while files are made with this umask. The umask is the whole process's; what gsec writes meanwhile has its mode set, whatever it is.
fn with_umask<T>(mask: u32, act: impl FnOnce() -> T) -> T {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let before = umask(Mode::from_raw_mode(mask));
    let result = act();
    umask(before);
    result
}

/// The absolute directories of `PATH`: a relative one would be whatever directory one happens to be in.
fn own_path(is_root: bool) -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").filter(|_| !is_root);
    let folders = path.iter().flat_map(std::env::split_paths);
    folders.filter(|folder| folder.is_absolute()).collect()
}

fn is_program(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.mode() & EXECUTABLE != 0)
}

/// Whether root alone could put another program there.
fn is_roots_alone(path: &Path) -> bool {
    let Ok(real) = path.canonicalize() else {
        return false;
    };
    let is_guarded = |path: &Path| {
        path.symlink_metadata()
            .is_ok_and(|metadata| metadata.uid() == 0 && metadata.mode() & WRITABLE_BY_OTHERS == 0)
    };
    path.ancestors().skip(1).chain(real.ancestors()).all(is_guarded)
}

/// A program that runs, and what reads its output.
struct Running {
    child: Child,
    output: [Arc<Mutex<Vec<u8>>>; 2],
    /// Says when a stream has come to its end.
    ended: Receiver<()>,
}

impl Running {
    fn start(call: &ProgramCall) -> Result<Self, ProgramError> {
        let mut command = Command::new(&call.program);
        command
            .args(&call.arguments)
            .env_clear()
            .env("PATH", CHILDS_PATH)
            .env("LC_ALL", CHILDS_LOCALE)
            .envs(call.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(call.folder.as_deref().unwrap_or(Path::new("/")))
            .stdin(if call.stdin.is_empty() {
                Stdio::null()
            } else {
                Stdio::piped()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        if let Some(other) = call.run_as {
            // Where root sets the user, std drops the supplementary groups.
            command.gid(other.group).uid(other.user);
        }
        let started = with_umask(CHILDS_UMASK, || command.spawn());
        let child = started.map_err(|source| ProgramError::Start {
            program: call.program.clone(),
            source,
        })?;
        Ok(Self::attended(child, call))
    }

    fn attended(mut child: Child, call: &ProgramCall) -> Self {
        let (tell, ended) = channel();
        let output = [
            kept(child.stdout.take(), call.max_output, tell.clone()),
            kept(child.stderr.take(), call.max_output, tell),
        ];
        if let Some(mut stdin) = child.stdin.take() {
            let content = call.stdin.clone();
            std::thread::spawn(move || feed(&mut stdin, &content));
        }
        Self { child, output, ended }
    }

    fn finish(mut self, call: &ProgramCall) -> Result<ProgramEnd, ProgramError> {
        let deadline = Instant::now() + call.time_limit;
        let Some(status) = self.wait_until(deadline) else {
            self.kill();
            return Err(ProgramError::TimedOut {
                program: call.program.clone(),
                limit: call.time_limit,
            });
        };
        let grace = Instant::now() + GRACE;
        let is_whole = (0..self.output.len()).all(|_| self.stream_ends_before(grace));
        if !is_whole {
            self.kill();
        }
        let [stdout, stderr] = self
            .output
            .map(|kept| std::mem::take(&mut *kept.lock().unwrap_or_else(PoisonError::into_inner)));
        Ok(ProgramEnd {
            status: status.code(),
            stdout,
            stderr,
        })
    }

    /// Waits for the end of the program. Its streams mostly end with it, so that is what is waited for first.
    fn wait_until(&mut self, deadline: Instant) -> Option<ExitStatus> {
        const LONGEST_PAUSE: Duration = Duration::from_millis(20);
        let mut pause = Duration::from_micros(500);
        loop {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
            if Instant::now() >= deadline {
                return None;
            }
            std::thread::sleep(pause.min(deadline.saturating_duration_since(Instant::now())));
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    fn stream_ends_before(&self, time: Instant) -> bool {
        let left = time.saturating_duration_since(Instant::now());
        !matches!(self.ended.recv_timeout(left), Err(RecvTimeoutError::Timeout))
    }

    /// Ends the program and what it started, as far as that is in its process group.
    fn kill(&mut self) {
        let group = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        if let Some(group) = group {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.child.wait();
    }
}

fn kept<R: std::io::Read + Send + 'static>(
    stream: Option<R>,
    most: usize,
    ended: Sender<()>,
) -> Arc<Mutex<Vec<u8>>> {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let Some(mut stream) = stream else { return kept };
    let shared = kept.clone();
    std::thread::spawn(move || {
        keep_beginning(&mut stream, most, |more| {
            shared
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .extend_from_slice(more);
        });
        let _ = ended.send(());
    });
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> ProgramCall {
        ProgramCall::new("/bin/sh").args(["-c", script])
    }

    fn output(call: &ProgramCall) -> String {
        let end = SystemPrograms.run(call).expect("sh runs");
        String::from_utf8(end.stdout).expect("text")
    }

    #[test]
    fn arguments_reach_a_program_as_they_are() {
        let call = shell(r#"printf '%s\n' "$@""#).args(["-", "$(id)", "a b", "-n", "x\ny", "`id`;"]);
        assert_eq!(output(&call), "$(id)\na b\n-n\nx\ny\n`id`;\n");
    }

    #[test]
    fn a_program_gets_the_variables_that_are_given_and_no_others() {
        let names = output(&shell("env | cut -d= -f1 | sort | tr '\\n' ' '").variable("GIVEN", "1"));
        let names: Vec<&str> = names.split_whitespace().collect();
        for name in &names {
            assert!(
                ["GIVEN", "LC_ALL", "PATH", "PWD", "OLDPWD", "SHLVL", "_"].contains(name),
                "{name}"
            );
        }
        assert!(names.contains(&"GIVEN"));
    }

    #[test]
    fn a_status_other_than_0_is_told_and_no_error() {
        let end = SystemPrograms
            .run(&shell("echo why >&2; exit 7"))
            .expect("sh runs");
        assert_eq!((end.status, end.last_words().as_deref()), (Some(7), Some("why")));
        assert!(!end.is_success());
        let killed = SystemPrograms.run(&shell("kill -9 $$")).expect("sh runs");
        assert_eq!(killed.status, None);
    }

    #[test]
    fn more_output_than_is_kept_stops_nothing() {
        let call = ProgramCall {
            max_output: 1000,
            ..shell("i=0; while [ $i -lt 20000 ]; do echo 0123456789; i=$((i+1)); done; echo end >&2")
        };
        let end = SystemPrograms.run(&call).expect("sh runs");
        assert_eq!(
            (end.status, end.stdout.len(), end.stderr.as_slice()),
            (Some(0), 1000, &b"end\n"[..])
        );
    }

    #[test]
    fn a_program_that_takes_too_long_is_ended_with_what_it_started() {
        let folder = tempfile_folder();
        let call = ProgramCall {
            time_limit: Duration::from_millis(300),
            folder: Some(folder.clone()),
            ..shell("sleep 600 & echo $! > child; wait")
        };
        let error = SystemPrograms.run(&call).expect_err("it does not end");
        assert!(matches!(error, ProgramError::TimedOut { .. }), "{error}");
        let child: i32 = std::fs::read_to_string(folder.join("child"))
            .expect("it started one")
            .trim()
            .parse()
            .expect("a number");
        let is_gone = || {
            rustix::process::test_kill_process(Pid::from_raw(child).expect("a process")).is_err()
                || std::fs::read_to_string(format!("/proc/{child}/stat"))
                    .is_ok_and(|stat| stat.contains(") Z "))
        };
        assert!((0..500).any(|_| is_gone() || {
            std::thread::sleep(Duration::from_millis(10));
            false
        }));
        std::fs::remove_dir_all(folder).expect("it is removed");
    }

    #[test]
    fn what_a_program_leaves_running_with_its_output_is_not_waited_for() {
        let call = ProgramCall {
            time_limit: Duration::from_secs(300),
            ..shell("echo done; sleep 600 &")
        };
        let end = SystemPrograms.run(&call).expect("sh runs");
        assert_eq!((end.status, end.stdout.as_slice()), (Some(0), &b"done\n"[..]));
    }

    #[test]
    fn standard_input_is_what_is_given_and_empty_otherwise() {
        let call = ProgramCall {
            stdin: b"secret\n".to_vec().into(),
            ..shell("read line; echo \"<$line>\"")
        };
        assert_eq!(output(&call), "<secret>\n");
        assert_eq!(output(&shell("cat; echo end")), "end\n");
    }

    #[test]
    fn what_a_program_makes_can_be_read_by_all() {
        let mask = output(&shell("umask"));
        assert_eq!(mask.trim().trim_start_matches('0'), "22");
    }

    #[test]
    fn a_relative_path_is_not_run_and_a_missing_program_is_told() {
        let run = |path: &str| SystemPrograms.run(&ProgramCall::new(path));
        assert!(matches!(run("sh"), Err(ProgramError::NotAbsolute(_))));
        assert!(matches!(run("/nonexistent/sh"), Err(ProgramError::Start { .. })));
    }

    #[test]
    fn a_program_is_found_in_the_system_s_directories_and_by_its_name_alone() {
        let found = SystemPrograms.find("sh").expect("there is a shell");
        assert!(found.is_absolute() && found.ends_with("sh"));
        assert_eq!(SystemPrograms.find("no-such-program-anywhere"), None);
        assert_eq!(SystemPrograms.find("../bin/sh"), None);
    }

    #[test]
    fn root_finds_nothing_where_others_could_have_put_it() {
        let folder = tempfile_folder();
        let program = folder.join("tool");
        std::fs::write(&program, "#!/bin/sh\n").expect("a file");
        // Anybody may write `/tmp`, on the way to it.
        assert!(!is_roots_alone(&program));
        assert!(own_path(true).is_empty(), "root's PATH counts for nothing");
        std::fs::remove_dir_all(folder).expect("it is removed");
    }

    fn tempfile_folder() -> PathBuf {
        let number = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .expect("it is later")
            .as_nanos();
        let folder = std::env::temp_dir().join(format!("gsec-env-{}-{number}", std::process::id()));
        std::fs::create_dir(&folder).expect("a folder");
        folder
    }
}
