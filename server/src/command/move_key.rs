//! `gsec serve move-key`: the key, and what the signer decides by, in a directory of a user of its own, and back.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{
    DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown, fchown, lchown, symlink,
};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use gsec::cli::serve::{MoveKeyOrder, ServerError, Whereto};
use gsec_ca::authority::{Authority, Noted};
use gsec_ca::files::expect_own_way;
use gsec_ca::home::{CaDir, Held, LockWait};
use gsec_pki::encoding::visible::system_words;
use gsec_report::ServeMoveKeyReport;
use gsec_signer::{JOURNAL_NAME, SOCKET_NAME};
use rustix::fs::OFlags;
use serde_json::Value;

use super::noted::Log;
use super::{apart_socket, error, expect_none_serves, failed, hinted, socket_of};

/// How long the lock of the CA directory is waited for.
const LOCK_TIMEOUT: Duration = Duration::from_secs(60);
/// The front's group passes through it to the socket, and sees nothing. What is made in it belongs to that group.
const OWN_MODE: u32 = 0o2710;
const FOLDER_MODE: u32 = 0o700;
const KEY_NAME: &str = "ca_priv_key.pem";
/// What the signer has in `ca_conf/`, besides the folders of former keys.
const FILES: [&str; 6] = [
    "ca_cert.pem",
    "ca_bundle.pem",
    "gsec.toml",
    ".gsec.toml.last",
    KEY_NAME,
    JOURNAL_NAME,
];

/// Who gets a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct User {
    id: u32,
    group: u32,
}

/// Moves it.
pub(super) fn run(order: &MoveKeyOrder) -> Result<ServeMoveKeyReport, ServerError> {
    if !rustix::process::geteuid().is_root() {
        return Err(hinted(
            error(
                "serve.move_key",
                "only root can give files to another user".into(),
            ),
            "type the same with `sudo` in front",
        ));
    }
    let home = &order.directory;
    if let Whereto::Away { .. } = order.whereto {
        home.expect_outside(&order.own)
            .map_err(|error| failed(error.code(), &error))?;
    }
    expect_nothing_runs(home, &order.own)?;
    home.expect_guarded()
        .map_err(|error| failed(error.code(), &error))?;
    let authority = Authority::open(home.clone()).map_err(|error| failed(error.code(), &error))?;
    let front = owner_of(home.root())?;
    let user = user_of(order, front)?;
    note(order)?;
    let mut wait = LockWait::silent(LOCK_TIMEOUT);
    let held = Held::begin(home, &mut wait).map_err(|error| failed(error.code(), &error))?;
    expect_no_changeover(home)?;
    let own = CaDir::at(&order.own);
    let files = match &order.whereto {
        Whereto::Away { .. } => away(home, &own, front, user)?,
        Whereto::Back => back(&authority, &own, front)?,
    };
    drop(held);
    Ok(ServeMoveKeyReport {
        ca_dir: home.root().display().to_string(),
        signer_dir: order.own.display().to_string(),
        apart: matches!(order.whereto, Whereto::Away { .. }),
        user: user.id,
        asked_by_group: front.group,
        socket: apart_socket(&own).display().to_string(),
        moved: shown(files.iter().filter(|file| is_kept_apart(file))),
        files: shown(files.iter()),
    })
}

/// Who has the key afterwards.
fn user_of(order: &MoveKeyOrder, front: User) -> Result<User, ServerError> {
    if front.id == 0 {
        return Err(hinted(
            error(
                "serve.move_key",
                "the CA directory belongs to root, who can read every key".into(),
            ),
            "first give it, with `chown -R`, to the user that the front is to run as",
        ));
    }
    let Whereto::Away { user } = &order.whereto else {
        return Ok(front);
    };
    let user = named(user)?;
    if user.id == 0 || user.id == front.id {
        return Err(error(
            "serve.move_key",
            "that user is root, or has the CA directory: then nothing is kept from the front".into(),
        ));
    }
    Ok(user)
}

/// The line of the audit log, before anything moves.
fn note(order: &MoveKeyOrder) -> Result<(), ServerError> {
    let place = order.own.display().to_string();
    let facts = match &order.whereto {
        Whereto::Away { user } => vec![("to", Value::from(place)), ("user", user.as_str().into())],
        Whereto::Back => vec![("from", place.into())],
    };
    let log = Log {
        directory: &order.directory,
        apart: match order.whereto {
            Whereto::Away { .. } => None,
            Whereto::Back => Some(CaDir::at(&order.own)),
        },
        by: order.by.clone(),
    };
    let noted = Noted {
        action: "serve.move_key",
        names: Vec::new(),
        facts,
    };
    log.write(&[noted]).map_err(|error| failed(error.code(), &error))
}

/// Neither process runs: each would go on with what is not there any more.
fn expect_nothing_runs(home: &CaDir, own: &Path) -> Result<(), ServerError> {
    expect_none_serves(home)?;
    for socket in [socket_of(home, None), own.join(SOCKET_NAME)] {
        if UnixStream::connect(&socket).is_ok() {
            let message = format!("a signer answers at `{}`", socket.display());
            return Err(hinted(
                error("serve.runs", message),
                "end it first: `systemctl stop gsec-signer`",
            ));
        }
    }
    Ok(())
}

fn expect_no_changeover(home: &CaDir) -> Result<(), ServerError> {
    match home.changeover().map_err(|error| failed(error.code(), &error))? {
        None => Ok(()),
        Some(_) => Err(hinted(
            error(
                "serve.move_key",
                "a change of the CA key was interrupted, and is to be finished first".into(),
            ),
            "`gsec ca show` finishes it",
        )),
    }
}

fn cannot(verb: &str, path: &Path, cause: &io::Error) -> ServerError {
    ServerError {
        causes: vec![system_words(cause)],
        ..error("serve.move_key", format!("cannot {verb} `{}`", path.display()))
    }
}

fn owner_of(path: &Path) -> Result<User, ServerError> {
    let found = path.metadata().map_err(|cause| cannot("look at", path, &cause))?;
    Ok(User {
        id: found.uid(),
        group: found.gid(),
    })
}

/// A user of `/etc/passwd` by name, or any by number.
fn named(name: &str) -> Result<User, ServerError> {
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    among(&users, name).ok_or_else(|| {
        hinted(
            error("serve.move_key", format!("there is no user `{name}`")),
            "make one that nobody logs in as: `useradd --system --shell /usr/sbin/nologin gsec-signer`",
        )
    })
}

fn among(users: &str, name: &str) -> Option<User> {
    let number = name.parse().ok();
    let user = |line: &str| {
        let mut fields = line.split(':');
        let known = fields.next()?;
        let id = fields.nth(1)?.parse().ok()?;
        let group = fields.next()?.parse().ok()?;
        (known == name || number == Some(id)).then_some(User { id, group })
    };
    let alone = |id| User { id, group: id };
    users.lines().find_map(user).or(number.map(alone))
}

/// What the signer has, by its place in `ca_conf/`, as far as it is there; and the folders.
fn parts(home: &CaDir) -> Result<(Vec<PathBuf>, Vec<PathBuf>), ServerError> {
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    files.extend(FILES.map(PathBuf::from));
    let previous = home.previous();
    let listed = |folder: &Path| match std::fs::read_dir(folder) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read
            .and_then(|entries| entries.collect::<Result<Vec<_>, _>>())
            .map_err(|cause| cannot("read", folder, &cause)),
    };
    let above = Path::new(previous.file_name().unwrap_or_default());
    for key in listed(&previous)? {
        let place = above.join(key.file_name());
        if !key.path().is_dir() || key.path().is_symlink() {
            continue;
        }
        for file in listed(&key.path())? {
            files.push(place.join(file.file_name()));
        }
        folders.push(place);
    }
    if !folders.is_empty() {
        folders.insert(0, above.to_owned());
    }
    let is_there = |file: &PathBuf| home.conf().join(file).symlink_metadata().is_ok();
    files.retain(is_there);
    Ok((files, folders))
}

/// Whether a file is the signer's alone, and not only something that it decides by.
fn is_kept_apart(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default();
    name == KEY_NAME || name == JOURNAL_NAME
}

/// To the signer's own directory. What was cut off is done again: the CA directory loses nothing before the other one has it.
fn away(home: &CaDir, own: &CaDir, front: User, user: User) -> Result<Vec<PathBuf>, ServerError> {
    let (files, folders) = parts(home)?;
    let root = own.root();
    if own.conf().symlink_metadata().is_ok() {
        expect_same(home, own, &files)?;
    } else {
        expect_key(home)?;
        let whole = std::path::absolute(root).map_err(|cause| cannot("name", root, &cause))?;
        let above = whole.parent().unwrap_or(Path::new("/"));
        expect_own_way(above).map_err(|error| failed(error.code(), &error))?;
        expect_free(root)?;
        let staged = root.join(".ca_conf.new");
        let _ = std::fs::remove_dir_all(&staged);
        make_folder(&staged, user)?;
        for folder in &folders {
            make_folder(&staged.join(folder), user)?;
        }
        for file in &files {
            let mode = if is_kept_apart(file) { None } else { Some(0o644) };
            copy(&home.conf().join(file), &staged.join(file), mode, user)?;
        }
        // As gsec looks at any CA directory: without it, there is none. Nothing is ever recorded there.
        write_empty(&staged.join("ca.db"), user)?;
        let repository = own.repository();
        if repository.symlink_metadata().is_err() {
            make_folder(&repository, user)?;
        }
        sync_folder(&staged)?;
        std::fs::rename(&staged, own.conf()).map_err(|cause| cannot("make", &own.conf(), &cause))?;
    }
    give_folder(
        root,
        User {
            group: front.group,
            ..user
        },
        OWN_MODE,
    )?;
    sync_folder(root)?;
    remove(home, files.iter().filter(|file| is_kept_apart(file)))?;
    let link = socket_of(home, None);
    let _ = std::fs::remove_file(&link);
    let target = std::path::absolute(apart_socket(own)).map_err(|cause| cannot("name", root, &cause))?;
    symlink(target, &link)
        .and_then(|()| lchown(&link, Some(front.id), Some(front.group)))
        .map_err(|cause| cannot("make", &link, &cause))?;
    sync_folder(&home.conf())?;
    Ok(files)
}

/// Back into the CA directory, with what the signer has decided by: the front had its own in its hands.
fn back(authority: &Authority, own: &CaDir, front: User) -> Result<Vec<PathBuf>, ServerError> {
    let home = authority.directory();
    own.expect_guarded()
        .map_err(|error| failed(error.code(), &error))?;
    let theirs = Authority::open(own.clone()).map_err(|error| failed(error.code(), &error))?;
    if theirs.certificate().public_key() != authority.certificate().public_key() {
        return Err(error(
            "serve.move_key",
            format!("`{}` has the key of another CA", own.root().display()),
        ));
    }
    expect_key(own)?;
    let (files, folders) = parts(own)?;
    for folder in &folders {
        let place = home.conf().join(folder);
        if place.symlink_metadata().is_err() {
            make_folder(&place, front)?;
        }
    }
    for file in &files {
        let mode = if is_kept_apart(file) { None } else { Some(0o644) };
        copy(&own.conf().join(file), &home.conf().join(file), mode, front)?;
    }
    let link = socket_of(home, None);
    if link.is_symlink() {
        std::fs::remove_file(&link).map_err(|cause| cannot("remove", &link, &cause))?;
    }
    sync_folder(&home.conf())?;
    // The key last: as long as it is there, the same can be typed again.
    for place in [own.repository(), own.conf().join("previous")] {
        let _ = std::fs::remove_dir_all(place);
    }
    remove(
        own,
        files
            .iter()
            .filter(|file| is_kept_apart(file) && !file.ends_with(KEY_NAME)),
    )?;
    remove(own, [PathBuf::from(KEY_NAME)].iter())?;
    let conf = own.conf();
    std::fs::remove_dir_all(&conf).map_err(|cause| cannot("remove", &conf, &cause))?;
    let _ = std::fs::remove_file(apart_socket(own));
    sync_folder(own.root())?;
    Ok(files)
}

fn shown<'a>(files: impl Iterator<Item = &'a PathBuf>) -> Vec<String> {
    files.map(|file| file.display().to_string()).collect()
}

fn expect_key(home: &CaDir) -> Result<(), ServerError> {
    let key = home.ca_key();
    key.symlink_metadata()
        .map(|_| ())
        .map_err(|cause| cannot("read", &key, &cause))
}

/// An earlier call was cut off when it had made this directory: everything in it is what is still here, or here no more.
fn expect_same(home: &CaDir, own: &CaDir, files: &[PathBuf]) -> Result<(), ServerError> {
    for file in files {
        let [here, there] = [home, own].map(|place| std::fs::read(place.conf().join(file)));
        if !matches!((&here, &there), (Ok(here), Ok(there)) if here == there) {
            let message = format!(
                "`{}` is there already, with other content",
                own.conf().join(file).display()
            );
            return Err(hinted(
                error("serve.move_key", message),
                "name a directory that is empty, or none yet",
            ));
        }
    }
    expect_key(own)
}

/// Makes the directory, or takes one that is empty and of root.
fn expect_free(root: &Path) -> Result<(), ServerError> {
    match DirBuilder::new().mode(FOLDER_MODE).create(root) {
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {}
        made => return made.map_err(|cause| cannot("make", root, &cause)),
    }
    let taken = |what: &str| {
        let message = format!("`{}` {what}", root.display());
        hinted(
            error("serve.move_key", message),
            "name a directory that is empty, or none yet",
        )
    };
    let found = root
        .symlink_metadata()
        .map_err(|cause| cannot("look at", root, &cause))?;
    if !found.is_dir() {
        return Err(taken("is no directory"));
    }
    // From whoever has it now, root would take it before anything is in it.
    chown(root, Some(0), Some(0))
        .and_then(|()| std::fs::set_permissions(root, Permissions::from_mode(FOLDER_MODE)))
        .map_err(|cause| cannot("take", root, &cause))?;
    let entries = std::fs::read_dir(root).map_err(|cause| cannot("read", root, &cause))?;
    let is_left = |name: &std::ffi::OsStr| name == ".ca_conf.new" || name == "repository";
    for entry in entries {
        let entry = entry.map_err(|cause| cannot("read", root, &cause))?;
        if !is_left(&entry.file_name()) {
            return Err(taken("is not empty"));
        }
    }
    Ok(())
}

fn make_folder(path: &Path, user: User) -> Result<(), ServerError> {
    DirBuilder::new()
        .mode(FOLDER_MODE)
        .create(path)
        .map_err(|cause| cannot("make", path, &cause))?;
    give_folder(path, user, FOLDER_MODE)
}

fn give_folder(path: &Path, user: User, mode: u32) -> Result<(), ServerError> {
    chown(path, Some(user.id), Some(user.group))
        .and_then(|()| std::fs::set_permissions(path, Permissions::from_mode(mode)))
        .map_err(|cause| cannot("give away", path, &cause))
}

/// Copies a file, whole and durable, in the place of what is there; with its own mode where none is said.
fn copy(from: &Path, to: &Path, mode: Option<u32>, user: User) -> Result<(), ServerError> {
    let nofollow = OFlags::NOFOLLOW.bits().cast_signed();
    let opened = OpenOptions::new().read(true).custom_flags(nofollow).open(from);
    let mut source = opened.map_err(|cause| cannot("read", from, &cause))?;
    let found = source.metadata().map_err(|cause| cannot("read", from, &cause))?;
    if !found.is_file() {
        return Err(error(
            "serve.move_key",
            format!("`{}` is not a regular file", from.display()),
        ));
    }
    let name = to.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let staged = to.with_file_name(format!(".{name}.new"));
    let _ = std::fs::remove_file(&staged);
    let write = || {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&staged)?;
        io::copy(&mut source, &mut file)?;
        fchown(&file, Some(user.id), Some(user.group))?;
        file.set_permissions(Permissions::from_mode(mode.unwrap_or(found.mode() & 0o600)))?;
        file.sync_all()?;
        std::fs::rename(&staged, to)
    };
    let written: io::Result<()> = { write }();
    written.map_err(|cause| {
        let _ = std::fs::remove_file(&staged);
        cannot("write", to, &cause)
    })
}

fn write_empty(path: &Path, user: User) -> Result<(), ServerError> {
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    made.and_then(|file| fchown(&file, Some(user.id), Some(user.group)))
        .map_err(|cause| cannot("write", path, &cause))
}

fn remove<'a>(home: &CaDir, files: impl Iterator<Item = &'a PathBuf>) -> Result<(), ServerError> {
    for file in files {
        let path = home.conf().join(file);
        match std::fs::remove_file(&path) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
                return Err(cannot("remove", &path, &cause));
            }
            _ => sync_folder(path.parent().unwrap_or(Path::new("/")))?,
        }
    }
    Ok(())
}

fn sync_folder(path: &Path) -> Result<(), ServerError> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(|cause| cannot("write", path, &cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_found_by_name_or_number() {
        let users = "root:x:0:0::/root:/bin/sh\ngsec-signer:x:998:997::/:/usr/sbin/nologin\n";
        let user = |id, group| Some(User { id, group });
        assert_eq!(among(users, "gsec-signer"), user(998, 997));
        assert_eq!(among(users, "998"), user(998, 997));
        assert_eq!(among(users, "61018"), user(61018, 61018));
        assert_eq!(among(users, "nobody-here"), None);
    }
}
