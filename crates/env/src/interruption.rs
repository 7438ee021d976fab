//! Interruption: Ctrl-C and SIGTERM set a flag that long operations check between two steps; the second signal ends the
//! process immediately. The only module that uses signal-hook.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// What a process ends with after a signal is this and the signal's number, as shells count.
const SIGNALLED: i32 = 128;

/// A signal that asks a process to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopSignal {
    /// Ctrl-C.
    Interrupt,
    /// What `kill` and service managers send.
    Terminate,
}

impl StopSignal {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Interrupt => "SIGINT",
            Self::Terminate => "SIGTERM",
        }
    }
}

/// Whether the process was interrupted.
#[derive(Debug, Default)]
pub struct Interruption {
    signal: Arc<AtomicUsize>,
}

impl Interruption {
    /// Watches from now on, until the process ends.
    ///
    /// # Errors
    /// Those of the operating system.
    pub fn watch() -> io::Result<Self> {
        let (interruption, is_second) = (Self::default(), Arc::new(AtomicBool::new(false)));
        for signal in [SIGINT, SIGTERM] {
            // In this order, so that the first signal does not see its own flag.
            flag::register_conditional_shutdown(signal, SIGNALLED + signal, is_second.clone())?;
            flag::register(signal, is_second.clone())?;
            flag::register_usize(
                signal,
                interruption.signal.clone(),
                signal.unsigned_abs() as usize,
            )?;
        }
        Ok(interruption)
    }

    /// The signal that came, if one did.
    pub fn signal(&self) -> Option<StopSignal> {
        match self.signal.load(Ordering::Relaxed) {
            0 => None,
            number if number == SIGINT.unsigned_abs() as usize => Some(StopSignal::Interrupt),
            _ => Some(StopSignal::Terminate),
        }
    }
}
