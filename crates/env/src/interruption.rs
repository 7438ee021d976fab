//! Interruption: Ctrl-C and SIGTERM set a flag that long operations check between two steps; the second signal ends the
//! process immediately. The only module that uses signal-hook.

use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::{SigId, flag, low_level};

/// What a process ends with after a signal is this and the signal's number, as shells count.
const SIGNALLED: i32 = 128;

/// The signals that are watched.
const WATCHED: [i32; 2] = [SIGINT, SIGTERM];
/// Whether they are watched.
static IS_WATCHED: AtomicBool = AtomicBool::new(false);

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
        IS_WATCHED.store(true, Ordering::SeqCst);
        if let Some(Ok(endings)) = ENDINGS.get() {
            endings.end_by_themselves(true);
        }
        for signal in WATCHED {
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

/// The signals that end a process.
const ENDING: [i32; 4] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT];
static ENDINGS: OnceLock<io::Result<Endings>> = OnceLock::new();

/// What the signals do that end a process. It is registered once and stays so: a signal of which no action is left is ignored.
struct Endings {
    /// For each of [`ENDING`], whether it ends the process at once.
    at_once: [Arc<AtomicBool>; ENDING.len()],
    /// The one that came last.
    last: Arc<AtomicUsize>,
}

impl Endings {
    fn register() -> io::Result<Self> {
        let at_once = ENDING.map(|_| Arc::new(AtomicBool::new(true)));
        let last = Arc::new(AtomicUsize::new(0));
        for (signal, at_once) in ENDING.into_iter().zip(&at_once) {
            flag::register_conditional_default(signal, at_once.clone())?;
            flag::register_usize(signal, last.clone(), signal.unsigned_abs() as usize)?;
        }
        Ok(Self { at_once, last })
    }

    /// What is watched never ends the process at once.
    fn end_by_themselves(&self, at_once: bool) {
        let is_watched = IS_WATCHED.load(Ordering::SeqCst);
        for (signal, flag) in ENDING.into_iter().zip(&self.at_once) {
            let is_told = is_watched && WATCHED.contains(&signal);
            flag.store(at_once && !is_told, Ordering::SeqCst);
        }
    }
}

/// While this is kept, a signal that ends the process does something else first.
pub(crate) struct BeforeTheEnd {
    endings: &'static Endings,
    actions: Vec<SigId>,
}

impl BeforeTheEnd {
    /// From now on, `undo` is called before a signal ends the process.
    ///
    /// # Errors
    /// Those of the operating system; then signals end the process at once.
    pub(crate) fn call(undo: impl FnOnce() + Send + 'static) -> io::Result<Self> {
        let endings = ENDINGS.get_or_init(Endings::register).as_ref();
        let endings = endings.map_err(|error| io::Error::from(error.kind()))?;
        let (mut woken, waker) = UnixStream::pair()?;
        std::thread::Builder::new().spawn(move || {
            // No byte comes when the actions are gone, and with them the other end.
            if woken.read(&mut [0]).is_ok_and(|bytes| bytes > 0) {
                undo();
                let signal = endings.last.load(Ordering::SeqCst);
                let _ = low_level::emulate_default_handler(i32::try_from(signal).unwrap_or(SIGTERM));
            }
        })?;
        let mut kept = Self {
            endings,
            actions: Vec::new(),
        };
        for signal in ENDING {
            kept.actions
                .push(low_level::pipe::register(signal, waker.try_clone()?)?);
        }
        endings.end_by_themselves(false);
        Ok(kept)
    }
}

impl Drop for BeforeTheEnd {
    fn drop(&mut self) {
        self.endings.end_by_themselves(true);
        self.actions.drain(..).for_each(|action| {
            low_level::unregister(action);
        });
    }
}
