//! A UNIX socket before the desk.

use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::confinement::Confinement;
use crate::desk::Desk;
use crate::frame::{read_message, write_message};
use crate::message::{Answer, MAX_MESSAGE_BYTES, Request};
use crate::socket::{ListenError, Readers, bind};

/// So many callers at once: the server, and commands beside it.
const MAX_CALLERS: usize = 64;
/// How long a message may take once it has begun.
const MESSAGE_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a caller may take to begin its first one.
const FIRST_TIMEOUT: Duration = Duration::from_secs(10);

/// Makes the socket, for its owner, and for its group where `group_may`, and answers until the process ends. `confine` is called once everything is
/// open, and before the first caller is heard: what the process has given up then is what it says.
///
/// # Errors
/// [`ListenError`].
pub fn serve(
    desk: Desk,
    path: &Path,
    group_may: bool,
    confine: impl FnOnce() -> Option<Confinement>,
) -> Result<(), ListenError> {
    let fails = |source| ListenError::Io {
        path: path.to_owned(),
        source,
    };
    let readers = if group_may { Readers::Group } else { Readers::Owner };
    let listener = bind(path, readers)?;
    let desk = Arc::new(desk.confined(confine()));
    let callers = Arc::new(AtomicUsize::new(0));
    loop {
        let (stream, _) = match listener.accept() {
            Ok(accepted) => accepted,
            // Too many files are open, or a caller went away: neither ends a signer.
            Err(error) if error.kind() != io::ErrorKind::InvalidInput => {
                thread::sleep(Duration::from_millis(50));
                continue;
            }
            Err(error) => return Err(fails(error)),
        };
        if callers.fetch_add(1, Ordering::SeqCst) >= MAX_CALLERS {
            callers.fetch_sub(1, Ordering::SeqCst);
            continue;
        }
        let (desk, callers) = (desk.clone(), callers.clone());
        thread::spawn(move || {
            // A caller that goes away, or says what is no message, is let go.
            let _ = converse(&desk, stream);
            callers.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

/// A server keeps its connection for as long as it lives. Whoever connects and says nothing has no place here.
fn converse(desk: &Desk, mut stream: UnixStream) -> io::Result<()> {
    stream.set_write_timeout(Some(MESSAGE_TIMEOUT))?;
    let user = user_of(&stream);
    stream.set_read_timeout(Some(FIRST_TIMEOUT))?;
    loop {
        let mut first = [0];
        if stream.read(&mut first)? == 0 {
            return Ok(());
        }
        stream.set_read_timeout(Some(MESSAGE_TIMEOUT))?;
        let request = match read_message::<Request>(&mut first.chain(&stream), MAX_MESSAGE_BYTES) {
            Ok(Some(request)) => request,
            Ok(None) => return Ok(()),
            Err(error) => {
                desk.note_no_message(user, &error);
                return Err(error);
            }
        };
        let answer: Answer = desk.answer(user, request);
        write_message(&mut stream, &answer, MAX_MESSAGE_BYTES)?;
        stream.set_read_timeout(None)?;
    }
}

/// Who is at the other end, as the kernel says.
#[cfg(target_os = "linux")]
fn user_of(stream: &UnixStream) -> Option<u32> {
    let peer = rustix::net::sockopt::socket_peercred(stream).ok()?;
    Some(peer.uid.as_raw())
}

#[cfg(not(target_os = "linux"))]
fn user_of(_stream: &UnixStream) -> Option<u32> {
    None
}
