//! One connection, with a limit for each step and for all of them.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use socket2::SockRef;

use crate::tls::Refusal;
use gsec_pki::encoding::visible::system_words;

/// What is left of the time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline {
    end: Instant,
    step: Duration,
}

impl Deadline {
    pub(super) fn new(limits: super::Limits) -> Self {
        let now = Instant::now();
        // A century is as good as for ever, and Instant can hold it.
        let whole = limits.whole.min(Duration::from_secs(3_000_000_000));
        Self {
            end: now.checked_add(whole).unwrap_or(now),
            step: limits.step,
        }
    }

    /// How long the next step may take; `None` when the time is over.
    pub(super) fn step(&self) -> Option<Duration> {
        let left = self.end.saturating_duration_since(Instant::now());
        Some(left.min(self.step)).filter(|limit| !limit.is_zero())
    }

    /// All that is left being one step from now.
    pub(super) fn of_one_step(self) -> Self {
        let now = Instant::now();
        let end = now.checked_add(self.step).unwrap_or(self.end);
        Self {
            end: end.min(self.end),
            ..self
        }
    }

    /// With this limit for a step, where it is shorter.
    pub(super) fn within(self, step: Duration) -> Self {
        Self {
            step: self.step.min(step),
            ..self
        }
    }
}

/// A connection.
#[derive(Debug)]
pub(super) struct Stream {
    pub(super) socket: TcpStream,
    pub(super) deadline: Deadline,
}

impl Stream {
    pub(super) fn peer(&self) -> Option<SocketAddr> {
        self.socket.peer_addr().ok()
    }

    /// Reads the next bytes; zero bytes mean that the peer closed the connection.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Refusal> {
        loop {
            let limit = self.deadline.step().ok_or(Refusal::Silent)?;
            self.socket
                .set_read_timeout(Some(limit))
                .map_err(|error| broken(&error))?;
            match self.socket.read(buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => return read.map_err(|error| broken(&error)),
            }
        }
    }

    pub(super) fn write_all(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let limit = self.deadline.step().ok_or(Refusal::Silent)?;
        self.socket
            .set_write_timeout(Some(limit))
            .map_err(|error| broken(&error))?;
        self.socket.write_all(bytes).map_err(|error| broken(&error))
    }

    /// Says that nothing more will be written, unless the port is to be used again at once: where this end closes first,
    /// the port stays taken for a minute (TIME_WAIT, RFC 9293 §3.3.2).
    pub(super) fn finish_writing(&self) {
        if SockRef::from(&self.socket)
            .linger()
            .is_ok_and(|linger| linger.is_some())
        {
            return;
        }
        // A peer that closed the connection does not need to be notified.
        let _ = self.socket.shutdown(Shutdown::Write);
    }
}

/// A reset is how an end hangs up that had not read everything.
fn broken(error: &io::Error) -> Refusal {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => Refusal::Silent,
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof => Refusal::Closed,
        _ => Refusal::Connection {
            reason: system_words(error),
        },
    }
}
