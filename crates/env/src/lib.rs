#![forbid(unsafe_code)]
#![deny(missing_docs)]
//! WORLD. The clock, randomness, the terminal, other programs, environment variables and standard input: everything that makes one run
//! differ from the next, behind traits, so that tests can control it. The shipped binary has no switch for that.

mod interruption;
mod parallel;
mod programs;
mod terminal;

use std::io::Read;

use time::OffsetDateTime;

pub use interruption::{Interruption, StopSignal};
pub use parallel::{all_cores, cores, parallel_map};
pub use programs::{FakePrograms, ProgramCall, ProgramEnd, ProgramError, Programs, RunAs, SystemPrograms};
pub use terminal::{PromptError, Stream, Terminal, UserTerminal};

/// What time it is.
pub trait Clock: Sync {
    /// Now, UTC.
    fn now(&self) -> OffsetDateTime;
}

/// A source of random bytes for serial numbers, salts and initialization vectors. Key generation does not use it.
pub trait Random {
    /// Fills `out`.
    fn fill(&mut self, out: &mut [u8]);
}

/// The world as one call sees it.
pub struct Env {
    /// The clock.
    pub clock: Box<dyn Clock>,
    /// Randomness.
    pub random: Box<dyn Random>,
    /// More randomness, for each worker of its own.
    pub new_random: fn() -> Box<dyn Random>,
    /// The terminal.
    pub terminal: Box<dyn Terminal>,
    /// Has Ctrl-C and SIGTERM tell, from now on, instead of ending the process.
    pub watch_interruption: fn() -> std::io::Result<Interruption>,
    /// Environment variables by name.
    pub variable: fn(&str) -> Option<std::ffi::OsString>,
    /// Path of the running program, for schedules that run it later.
    pub program: fn() -> Option<std::path::PathBuf>,
    /// Other programs.
    pub programs: Box<dyn Programs>,
    /// Standard input.
    pub stdin: fn() -> Box<dyn Read>,
}

impl Env {
    /// The real world.
    pub fn real() -> Self {
        Self {
            clock: Box::new(SystemClock),
            random: Box::new(SystemRandom),
            new_random: || Box::new(SystemRandom),
            terminal: Box::new(UserTerminal::default()),
            watch_interruption: Interruption::watch,
            variable: |name| std::env::var_os(name),
            program: || std::env::current_exe().ok(),
            programs: Box::new(SystemPrograms),
            stdin: || Box::new(Stdin),
        }
    }
}

/// Standard input without the buffer of std's, which would keep a copy of a secret.
struct Stdin;

impl Read for Stdin {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        read_from_stdin(buffer)
    }
}

#[cfg(unix)]
fn read_from_stdin(buffer: &mut [u8]) -> std::io::Result<usize> {
    Ok(rustix::io::read(std::io::stdin(), buffer)?)
}

#[cfg(not(unix))]
fn read_from_stdin(buffer: &mut [u8]) -> std::io::Result<usize> {
    std::io::Read::read(&mut std::io::stdin().lock(), buffer)
}

/// Keeps the memory of this process, which may hold keys, out of core files. Where the system refuses, work goes on.
///
/// The limit alone does not do it: the kernel ignores it where a program takes the core files, as systemd-coredump does (core(5)). A
/// process that is not dumpable is not handed over, and no other process of the same user may look into its memory (ptrace(2)).
pub fn forbid_core_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let _ = setrlimit(
            Resource::Core,
            Rlimit {
                current: Some(0),
                maximum: Some(0),
            },
        );
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// The clock of this machine.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }
}

struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&mut self, out: &mut [u8]) {
        getrandom::fill(out).expect("the operating system has randomness");
    }
}
