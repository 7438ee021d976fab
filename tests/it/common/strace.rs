//! What a process asks of the kernel, as strace tells it; and the same process with one of its calls failing or being its last.

use super::machine::copy_tree;
use super::{Outcome, program, run};
use std::fs;
use std::path::Path;
use std::process::Command;

/// One system call.
#[derive(Debug, Clone)]
pub struct Call {
    pub name: String,
    /// The how-manieth call of this name by this thread: what strace's `when=` counts.
    pub nth: usize,
    /// The line as strace wrote it, without the thread's id; descriptors are annotated with their paths.
    pub line: String,
}

impl Call {
    pub fn touches(&self, path: &Path) -> bool {
        self.line.contains(path.to_str().unwrap())
    }

    pub fn succeeded(&self) -> bool {
        !self.line.contains(" = -1 ")
    }

    /// Creates a name (or a file without one) below `folder`, whichever call does it.
    pub fn creates_in(&self, folder: &Path) -> bool {
        let creates = match self.name.as_str() {
            "open" | "openat" | "openat2" => self.line.contains("O_CREAT") || self.line.contains("O_TMPFILE"),
            "creat" | "rename" | "renameat" | "renameat2" | "link" | "linkat" | "symlink" | "symlinkat"
            | "mkdir" | "mkdirat" | "mknod" | "mknodat" => true,
            _ => false,
        };
        creates && self.touches(folder)
    }

    pub fn is_sync(&self) -> bool {
        matches!(
            self.name.as_str(),
            "fsync" | "fdatasync" | "sync" | "syncfs" | "sync_file_range" | "msync"
        )
    }

    /// Gives a file a name, in whatever folder.
    pub fn is_rename_to_any(&self, name: &str) -> bool {
        let last = self.line.rsplit('"').nth(1).unwrap_or_default();
        self.name.starts_with("rename") && (last == name || last.ends_with(&format!("/{name}")))
    }

    pub fn is_rename_to(&self, target: &Path) -> bool {
        // The new name is the last string of the line, absolute or relative to an annotated descriptor.
        self.touches(target.parent().unwrap())
            && self.is_rename_to_any(target.file_name().unwrap().to_str().unwrap())
    }

    /// The call writes to, or changes, what is on disk: the ones that a full or failing disk makes fail.
    pub fn changes_disk(&self) -> bool {
        match self.name.as_str() {
            "open" | "openat" | "openat2" => ["O_CREAT", "O_TMPFILE", "O_WRONLY", "O_RDWR", "O_TRUNC"]
                .iter()
                .any(|flag| self.line.contains(flag)),
            "write" | "writev" | "pwrite64" | "pwritev" | "pwritev2" | "copy_file_range" | "sendfile"
            | "fsync" | "fdatasync" | "syncfs" | "rename" | "renameat" | "renameat2" | "link" | "linkat"
            | "symlink" | "symlinkat" | "unlink" | "unlinkat" | "truncate" | "ftruncate" | "fallocate"
            | "chmod" | "fchmod" | "fchmodat" | "chown" | "fchown" | "fchownat" | "mkdir" | "mkdirat"
            | "rmdir" => true,
            _ => false,
        }
    }
}

/// Runs `command` under strace and returns its calls in order.
#[track_caller]
pub fn trace(command: &Command, log: &Path) -> (Outcome, Vec<Call>) {
    let outcome = run(&mut under_strace(command, log, &[]));
    let calls = read_log(log);
    assert!(
        !calls.is_empty(),
        "strace wrote no calls; it said: {}",
        outcome.stderr
    );
    (outcome, calls)
}

/// Runs `command` with `what` (`signal=SIGKILL`, `error=ENOSPC`) done to the `nth` call named `name`.
#[track_caller]
pub fn inject(command: &Command, log: &Path, call: &Call, what: &str) -> Outcome {
    let name = &call.name;
    let (trace, inject) = (
        format!("trace={name}"),
        format!("inject={name}:{what}:when={}", call.nth),
    );
    run(&mut under_strace(command, log, &["-e", &trace, "-e", &inject]))
}

/// The same command as a child of strace, with strace's own words kept out of its stderr.
pub fn under_strace(command: &Command, log: &Path, options: &[&str]) -> Command {
    let mut traced = Command::new(program("strace"));
    traced
        .args(["-f", "-y", "-s", "32", "-o"])
        .arg(log)
        .args(options)
        .arg("--")
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => traced.env(name, value),
            None => traced.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        traced.current_dir(folder);
    }
    traced
}

/// Reads what `strace -f -o` wrote. A call that another thread's call interrupted counts where it began.
pub fn read_log(log: &Path) -> Vec<Call> {
    let mut seen = std::collections::HashMap::<(String, String), usize>::new();
    let mut calls = Vec::new();
    for line in String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).lines() {
        let Some((thread, rest)) = line.trim_start().split_once(' ') else {
            continue;
        };
        let rest = rest.trim_start();
        let Some((name, _)) = rest.split_once('(') else {
            continue;
        };
        if name.is_empty()
            || !name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            continue; // `+++ exited with 0 +++`, `--- SIGCHLD … ---`, `<... read resumed>`
        }
        let nth = seen.entry((thread.to_owned(), name.to_owned())).or_default();
        *nth += 1;
        calls.push(Call {
            name: name.to_owned(),
            nth: *nth,
            line: rest.to_owned(),
        });
    }
    calls
}

/// The calls from the first that names something in `dir` to the last: loading the program and ending it is the kernel's business. Without
/// those that draw randomness: a serial number whose first octet comes out as zero is drawn again, so that there are not as many of them in
/// every run, and none of them changes anything on a disk.
pub fn calls_on(dir: &Path, calls: &[Call]) -> Vec<Call> {
    let first = calls
        .iter()
        .position(|call| call.touches(dir) && call.name != "execve");
    let last = calls.iter().rposition(|call| call.touches(dir));
    let (Some(first), Some(last)) = (first, last) else {
        panic!("no call touches {}", dir.display());
    };
    calls[first..=last]
        .iter()
        .filter(|call| call.name != "getrandom")
        .cloned()
        .collect()
}

/// Waits until the process that this strace runs has been stopped by a signal, and returns its id.
#[track_caller]
pub fn wait_until_stopped(tracer: &mut std::process::Child) -> u32 {
    // A minute is no limit on speed: without one, a process that never stops would hang the test.
    for _ in 0..6000 {
        if let Some(status) = tracer.try_wait().unwrap() {
            panic!("the process ended with {status} before it could be stopped");
        }
        let children =
            fs::read_to_string(format!("/proc/{0}/task/{0}/children", tracer.id())).unwrap_or_default();
        for child in children.split_whitespace() {
            let stat = fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
            // `pid (name) state …`: T when stopped, t when stopped for its tracer. The latter is seen at each traced call as well,
            // so the signal must have been taken: SIGSTOP shows in strace's log.
            let state = stat
                .rsplit(')')
                .next()
                .unwrap_or_default()
                .trim_start()
                .chars()
                .next();
            if matches!(state, Some('T' | 't')) && stopped_in_log(tracer) {
                return child.parse().unwrap();
            }
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("the process was not stopped within a minute");
}

fn stopped_in_log(tracer: &std::process::Child) -> bool {
    // The log's name is the argument after `-o`.
    let command_line = fs::read(format!("/proc/{}/cmdline", tracer.id())).unwrap_or_default();
    let words: Vec<String> = command_line
        .split(|byte| *byte == 0)
        .map(|word| String::from_utf8_lossy(word).into_owned())
        .collect();
    let log = words
        .iter()
        .position(|word| word == "-o")
        .and_then(|at| words.get(at + 1))
        .expect("strace -o");
    String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).contains("stopped by SIGSTOP")
}

/// The calls by which a command changes the disk, on a copy of `ca`. On copies of the same directory they are the same.
pub fn changes_of(place: &Path, ca: &Path, command: impl Fn(&Path) -> Command) -> Vec<Call> {
    let copy = place.join("traced");
    copy_tree(ca, &copy);
    let (outcome, calls) = trace(&command(&copy), &place.join("log"));
    outcome.succeeded("the untouched run");
    calls_on(&copy, &calls)
        .into_iter()
        .filter(Call::changes_disk)
        .collect()
}
