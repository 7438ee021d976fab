//! The CA key, where this user cannot read it: then the signer signs, if it lets this user ask.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::global::shown;
use super::hint::{self, quoted};
use gsec_ca::authority::{Authority, Unlocked, Warning};
use gsec_ca::home::CaDir;
use gsec_pki::encoding::visible::system_words;
use gsec_signer::{Client, ClientError, RemoteKeys, SOCKET_NAME};

/// Where the signer of a CA directory listens, if the key cannot be read here and there is one: a socket, or a link to it.
pub(super) fn socket_instead(directory: &CaDir) -> Option<PathBuf> {
    let lacking = [ErrorKind::NotFound, ErrorKind::PermissionDenied];
    let is_lacking = why_unreadable(&directory.ca_key()).is_some_and(|why| lacking.contains(&why));
    let socket = directory.conf().join(SOCKET_NAME);
    (is_lacking && socket.symlink_metadata().is_ok()).then_some(socket)
}

/// The key, as far as the signer signs with it.
pub(super) fn unlock(authority: &Authority, socket: &Path) -> Result<Unlocked, Failure> {
    let client = Client::connect(socket).map_err(|error| not_asked(authority.directory(), &error))?;
    let decides_otherwise = !client.decides_by(authority.policy_text());
    let unlocked = authority.unlock_with(RemoteKeys::of(client))?;
    let other = decides_otherwise.then(|| Warning::SignerPolicy(authority.directory().policy()));
    Ok(unlocked.noting(other))
}

/// Why the signer was not asked, and both ways to a signature.
fn not_asked(directory: &CaDir, error: &ClientError) -> Failure {
    let failure = Failure::from_error("signer.not_asked", error);
    let ClientError::Unreachable { source, .. } = error else {
        return failure.hint(key_elsewhere(directory));
    };
    let way = match source.kind() {
        ErrorKind::PermissionDenied => "the socket's owner and group say who may ask: run it as one of them",
        _ => "start the signer: `systemctl start gsec-signer`, or `gsec serve`",
    };
    let unread = format!("this user cannot read `{}` either", shown(&directory.ca_key()));
    failure
        .because(system_words(source))
        .because(unread)
        .hint(way)
        .hint(key_elsewhere(directory))
}

/// Adds the other way to an error of a key that this user may not read, where no signer is there to be asked.
pub(super) fn or_asked(failure: Failure, directory: &CaDir) -> Failure {
    match why_unreadable(&directory.ca_key()) {
        Some(ErrorKind::PermissionDenied) => failure.hint(format!(
            "start the signer as the user who can read it: it would be asked at `{}`",
            shown(&directory.conf().join(SOCKET_NAME))
        )),
        _ => failure,
    }
}

/// Why a file cannot be opened; of what is no file, such as a pipe that would be waited for, only whether it is there.
fn why_unreadable(path: &Path) -> Option<ErrorKind> {
    let opened = match path.metadata() {
        Ok(found) if !found.is_file() => return None,
        Ok(_) => std::fs::File::open(path).map(drop),
        Err(error) => Err(error),
    };
    opened.err().map(|error| error.kind())
}

/// Checks that the key itself can be had here, for what no signer does.
pub(super) fn expect_key_here(directory: &CaDir) -> Result<(), Failure> {
    let Some(socket) = socket_instead(directory) else {
        return Ok(());
    };
    let message = match directory.ca_key().symlink_metadata() {
        Ok(_) => "this needs the CA key itself, which this user cannot read",
        Err(_) => "this needs the CA key itself, which is in the signer's own directory",
    };
    let signed = "certificates of hosts and of OCSP responders, CRLs and the audit log, and nothing else";
    Err(Failure::cannot("signer.not_served", message)
        .because(format!("the signer at `{}` signs {signed}", shown(&socket)))
        .hint(key_elsewhere(directory)))
}

/// Who has the key, and how it comes back where it is in a directory of its own.
fn key_elsewhere(directory: &CaDir) -> String {
    let key = directory.ca_key();
    if key.symlink_metadata().is_ok() {
        let whose = hint::for_forbidden(&key).into_iter().next();
        return whose.unwrap_or_else(|| "type it as the user who can read the key".into());
    }
    let socket = std::fs::read_link(directory.conf().join(SOCKET_NAME)).ok();
    match socket.as_deref().and_then(Path::parent) {
        Some(own) => format!(
            "stop the server, then bring the key back: `sudo gsec serve move-key --from {}`",
            quoted(own)
        ),
        None => "type it where the key is, as the user who has it".into(),
    }
}
