//! WORLD. The clock, randomness, the terminal, environment variables and standard input: everything that makes one call
//! differ from the next, behind traits, so that tests can hold it still. The shipped binary has no switch that does.

mod interruption;
mod terminal;

use std::io::Read;

use time::OffsetDateTime;
use zeroize::Zeroizing;

pub use interruption::{Interruption, StopSignal};
pub use terminal::{PromptError, Terminal, UserTerminal};

/// What time it is.
pub trait Clock: Sync {
    /// Now, UTC.
    fn now(&self) -> OffsetDateTime;
}

/// Where random octets come from, for serial numbers, salts and initialisation vectors. Keys draw their own.
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
    /// Where the running program is, for what shall call it later.
    pub program: fn() -> Option<std::path::PathBuf>,
    /// Standard input, read to its end.
    pub read_stdin: fn() -> std::io::Result<Zeroizing<Vec<u8>>>,
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
            read_stdin: || {
                let mut content = Zeroizing::new(Vec::new());
                std::io::stdin().lock().take(MAX_STDIN_OCTETS).read_to_end(&mut content)?;
                Ok(content)
            },
        }
    }
}

/// The most that is read of standard input.
const MAX_STDIN_OCTETS: u64 = 256 * 1024 * 1024 + 1;

/// Keeps the memory of this process, which may hold keys, out of core files. Where the system refuses, work goes on.
pub fn forbid_core_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
}

struct SystemClock;

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
