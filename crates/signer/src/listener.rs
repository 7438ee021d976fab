//! A UNIX socket before the desk.

use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use thiserror::Error;

use crate::desk::Desk;
use crate::frame::{read_message, write_message};
use crate::message::{Answer, Request};

/// So many callers at once: the server, and commands beside it.
const MAX_CALLERS: usize = 64;
/// How long a message may take once it has begun.
const MESSAGE_TIMEOUT: Duration = Duration::from_secs(30);

/// Why there is no socket.
#[derive(Debug, Error)]
pub enum ListenError {
    /// The socket cannot be made.
    #[error("cannot listen at `{}`", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Something else is there.
    #[error("`{}` is not a socket", .0.display())]
    NotASocket(PathBuf),
    /// Another signer answers there.
    #[error("a signer listens at `{}` already", .0.display())]
    InUse(PathBuf),
}

/// Makes the socket, for its owner, and for its group where `group_may`, and answers until the process ends. `ready` is called once callers
/// can come.
///
/// # Errors
/// [`ListenError`].
pub fn serve(desk: Desk, path: &Path, group_may: bool, ready: impl FnOnce()) -> Result<(), ListenError> {
    let fails = |source| ListenError::Io {
        path: path.to_owned(),
        source,
    };
    let listener = bind(path, group_may)?;
    ready();
    let desk = Arc::new(desk);
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

/// The socket has its mode before it has its name: whoever connects first is one who may.
fn bind(path: &Path, group_may: bool) -> Result<UnixListener, ListenError> {
    let fails = |source| ListenError::Io {
        path: path.to_owned(),
        source,
    };
    match fs::symlink_metadata(path) {
        Ok(there) if !there.file_type().is_socket() => return Err(ListenError::NotASocket(path.to_owned())),
        Ok(_) if UnixStream::connect(path).is_ok() => return Err(ListenError::InUse(path.to_owned())),
        Ok(there) => {
            // Left by a signer that was killed. Another user's is not taken away.
            if there.uid() != rustix::process::geteuid().as_raw() {
                return Err(ListenError::InUse(path.to_owned()));
            }
            fs::remove_file(path).map_err(fails)?;
        }
        Err(_) => {}
    }
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let listener = UnixListener::bind(&temporary).map_err(fails)?;
    let mode = if group_may { 0o660 } else { 0o600 };
    fs::set_permissions(&temporary, fs::Permissions::from_mode(mode))
        .and_then(|()| fs::rename(&temporary, path))
        .map_err(fails)?;
    Ok(listener)
}

fn converse(desk: &Desk, mut stream: UnixStream) -> io::Result<()> {
    stream.set_write_timeout(Some(MESSAGE_TIMEOUT))?;
    while let Some(request) = read_message::<Request>(&mut stream)? {
        let answer: Answer = desk.answer(request);
        write_message(&mut stream, &answer)?;
    }
    Ok(())
}
