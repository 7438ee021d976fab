//! UNIX sockets that only some users can connect to.

use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Who may connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// The user of this process, and root.
    Owner,
    /// The users of the socket's group too.
    Group,
}

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
    /// Another process answers there.
    #[error("another process listens at `{}` already", .0.display())]
    InUse(PathBuf),
}

/// Makes the socket, and takes the place of one that a process which was killed has left. It has its mode before it has its name: whoever connects first
/// is one who may.
///
/// # Errors
/// [`ListenError`].
pub fn bind(path: &Path, readers: Readers) -> Result<UnixListener, ListenError> {
    let fails = |source| ListenError::Io {
        path: path.to_owned(),
        source,
    };
    match fs::symlink_metadata(path) {
        Ok(there) if !there.file_type().is_socket() => return Err(ListenError::NotASocket(path.to_owned())),
        Ok(_) if UnixStream::connect(path).is_ok() => return Err(ListenError::InUse(path.to_owned())),
        Ok(there) => {
            // Left by a process that was killed. Another user's is not taken away.
            if there.uid() != rustix::process::geteuid().as_raw() {
                return Err(ListenError::InUse(path.to_owned()));
            }
            fs::remove_file(path).map_err(fails)?;
        }
        Err(_) => {}
    }
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let listener = UnixListener::bind(&temporary).map_err(fails)?;
    let mode = match readers {
        Readers::Owner => 0o600,
        Readers::Group => 0o660,
    };
    fs::set_permissions(&temporary, fs::Permissions::from_mode(mode))
        .and_then(|()| fs::rename(&temporary, path))
        .map_err(fails)?;
    Ok(listener)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_is_for_those_who_may_and_takes_the_place_of_a_dead_one_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.sock");
        let mode = || fs::metadata(&path).expect("a socket").permissions().mode() & 0o777;
        let first = bind(&path, Readers::Owner).expect("bound");
        assert_eq!(mode(), 0o600);
        assert!(matches!(bind(&path, Readers::Owner), Err(ListenError::InUse(_))));
        drop(first);
        let _second = bind(&path, Readers::Group).expect("bound again");
        assert_eq!(mode(), 0o660);
        let file = folder.path().join("file");
        fs::write(&file, "").expect("a file");
        assert!(matches!(
            bind(&file, Readers::Owner),
            Err(ListenError::NotASocket(_))
        ));
    }
}
