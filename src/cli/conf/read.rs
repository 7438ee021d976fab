//! Reading and writing the platform's files.

use std::path::{Path, PathBuf};

use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::cli::failure::{Failure, Kind};
use crate::cli::global::shown;
use crate::cli::input;
use gsec_ca::files::{Edit, FilesError, edit_with_backup, read_file};
use gsec_env::Env;
use gsec_pki::encoding::shell::CommandLine;
use gsec_platform::conf::{ChangeError, Conf, ConfFile, ConfKind, Replacement, is_conf};
use gsec_platform::start_file::{StartFile, StartKind};
use gsec_platform::text::Text;

/// A file of one kind or the other.
pub(super) enum Read {
    Conf(ConfFile),
    Start(StartFile),
}

/// The most bytes of a settings file of the platform.
const MAX_SETTINGS_BYTES: usize = 1024 * 1024;

fn bytes(path: &Path, env: &Env) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let bytes = input::read_settings(path, env)?;
    match bytes.len() <= MAX_SETTINGS_BYTES {
        true => Ok(bytes),
        false => Err(FilesError::TooLarge {
            path: path.to_owned(),
            bound: MAX_SETTINGS_BYTES as u64,
        }
        .into()),
    }
}

/// Reads a file, or standard input for `-`, and tells what it is.
pub(super) fn any(path: &Path, env: &Env) -> Result<Read, Failure> {
    let bytes = bytes(path, env)?;
    let text = Text::decode(&bytes);
    expect_lines(path, &text)?;
    let name = shown(path);
    if let Some(kind) = StartKind::of(&name, &text) {
        return Ok(Read::Start(StartFile { name, kind, text }));
    }
    if is_conf(&text) {
        return Ok(Read::Conf(ConfFile {
            name,
            conf: Conf::read(text),
            mode: mode(path),
        }));
    }
    let message = format!("`{name}` is neither a configuration file nor a start file of the platform");
    let is_one_value = text.lines.len() == 1 && text.content().contains('=');
    let failure = Failure::cannot("conf.unknown_file", message);
    Err(match is_one_value {
        true => failure.hint(format!(
            "`{}` checks a single value",
            CommandLine::new("gsec transport lint --file").path(path)
        )),
        false => failure.hint("a configuration file has a `[section]` and lines with `=`; a start file ends in .sh, .bat or .reg"),
    })
}

/// Whether a file is of one of the two servers, or starts one. What cannot be read is not: its reader says why.
pub(in crate::cli) fn is_settings(path: &Path) -> bool {
    let is_small =
        |metadata: std::fs::Metadata| metadata.is_file() && metadata.len() <= MAX_SETTINGS_BYTES as u64;
    if !path.metadata().is_ok_and(is_small) {
        return false;
    }
    let text = read_file(path).map(|bytes| Text::decode(&bytes));
    text.is_ok_and(|text| {
        let is_start = StartKind::of(&shown(path), &text).is_some();
        is_start || is_conf(&text) && ConfKind::of(&Conf::read(text)) != ConfKind::Other
    })
}

/// A configuration file with its bytes.
pub(super) fn conf(path: &Path, env: &Env) -> Result<(Zeroizing<Vec<u8>>, Conf), Failure> {
    if path.as_os_str() == "-" {
        return Err(Failure::usage(
            "a file is required: standard input cannot be changed",
        ));
    }
    let bytes = bytes(path, env)?;
    let text = Text::decode(&bytes);
    expect_lines(path, &text)?;
    Ok((bytes, Conf::read(text)))
}

/// Old editors end lines in a CR alone: all of the file would be one line.
fn expect_lines(path: &Path, text: &Text) -> Result<(), Failure> {
    match text.lines.as_slice() {
        [line] if line.text.trim_end_matches('\r').contains('\r') => {
            let command = CommandLine::new("tr '\\r' '\\n' <").path(path);
            let message = format!("the lines of `{}` end in a carriage return alone", shown(path));
            Err(Failure::cannot("conf.line_ends", message)
                .hint(format!("`{command}` writes it with line feeds")))
        }
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = path.metadata().ok().filter(|metadata| metadata.is_file())?;
    Some(metadata.permissions().mode() & 0o7777)
}

#[cfg(not(unix))]
fn mode(_path: &Path) -> Option<u32> {
    None
}

/// Writes a change that was planned for these bytes, and returns where they are kept; `None` when nothing was to be changed.
pub(super) fn write(
    path: &Path,
    planned_for: &[u8],
    change: Vec<Replacement>,
    env: &Env,
) -> Result<Option<String>, Failure> {
    let mut is_same = true;
    let edited = edit_with_backup(path, &suffix(env.clock.now()), |content| {
        is_same = content == planned_for;
        let edits = change.into_iter().map(|replacement| Edit {
            range: replacement.range,
            replacement: replacement.bytes,
        });
        edits.filter(|_| is_same).collect()
    })?;
    match is_same {
        true => Ok(edited.map(|edited| shown(&as_named(path, edited.backup)))),
        false => Err(FilesError::ChangedMeanwhile(path.to_owned()).into()),
    }
}

/// A file beside the one that was named, by the same way where that leads to it.
fn as_named(path: &Path, beside: PathBuf) -> PathBuf {
    let near = beside.file_name().map(|name| path.with_file_name(name));
    near.filter(|near| near.canonicalize().is_ok_and(|found| found == beside))
        .unwrap_or(beside)
}

/// `gsec-20261231T120000Z`
fn suffix(now: OffsetDateTime) -> String {
    let (date, time) = (now.date(), now.time());
    format!(
        "gsec-{:04}{:02}{:02}T{:02}{:02}{:02}Z",
        date.year(),
        u8::from(date.month()),
        date.day(),
        time.hour(),
        time.minute(),
        time.second()
    )
}

/// A change that cannot be made.
pub(super) fn unchangeable(path: &Path, error: &ChangeError) -> Failure {
    let failure = Failure::cannot(error.code(), format!("cannot change `{}`: {error}", shown(path)));
    match error {
        ChangeError::Ambiguous { .. } => Failure {
            kind: Kind::Usage,
            ..failure.hint(format!(
                "`{}` shows where",
                CommandLine::new("gsec conf lint").path(path)
            ))
        },
        ChangeError::Unwritable { .. } => Failure {
            kind: Kind::Usage,
            ..failure
        },
        ChangeError::NotFound { .. } | ChangeError::HalfCharacter { .. } | ChangeError::Encoding { .. } => {
            failure
        }
    }
}
