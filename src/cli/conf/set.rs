//! `gsec conf set`.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::read::{conf, unchangeable, write};
use crate::cli::failure::Failure;
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::input;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::transport::SettingsArgs;
use gsec_env::Env;
use gsec_platform::conf::{Conf, applied, set, unset};
use gsec_platform::finding::{Finding, Findings, MASK, is_secret_name, masked};
use gsec_platform::text::Text;
use gsec_platform::transport::{Lint, Role, lint};
use gsec_report::{ChangedKey, ConfSetReport, Notice};

/// Change one value in a configuration file
///
/// Every other byte of the file stays, and so do its owner, group and mode. What it was before is kept next to it, in a file that
/// only its owner can read. A new key is added after the last one of its section, a new section at the end.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec conf set dbserver.cfg dbserver-1 port 4333
  $ gsec conf set dbserver.cfg dbserver-1 transport --from-build --host db1.example.com
  $ gsec conf set confserv.cfg dbserver password --value-file secret.txt
  $ gsec conf set dbserver.cfg dbserver-1 transport --unset --dry-run"))]
pub(in crate::cli) struct Args {
    /// The file; where it is a symbolic link, the file that it leads to is changed
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The section, without brackets
    #[arg(value_name = "SECTION")]
    section: String,

    /// The key
    #[arg(value_name = "KEY", id = "key_name")]
    name: String,

    /// The value; not for passwords, which other users could see in the list of processes
    #[arg(value_name = "VALUE", conflicts_with_all = ["value_file", "from_build", "unset"])]
    value: Option<String>,

    /// Read the value from this file; `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["from_build", "unset"])]
    value_file: Option<PathBuf>,

    /// Write the value from the options below, as `gsec transport build` does
    #[arg(long, conflicts_with = "unset")]
    from_build: bool,

    /// Remove the key
    #[arg(long)]
    unset: bool,

    /// Show what would be changed, and change nothing
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    settings: SettingsArgs,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let value = value(args, global, env)?;
    let (bytes, read) = conf(&args.file, env)?;
    let change = match &value {
        Some(value) => set(&read, &args.section, &args.name, value),
        None => unset(&read, &args.section, &args.name),
    };
    let change = change.map_err(|error| unchangeable(&args.file, &error))?;
    let after = applied(&bytes, &change).map(Zeroizing::new);
    let changed = after.as_deref().is_none_or(|after| *after != **bytes);
    expect_read_back(args, after.as_deref(), value.as_deref())?;
    let backup = match args.dry_run {
        true => None,
        false => write(&args.file, &bytes, change, env)?,
    };
    let shown_value = |value: &str| match is_secret_name(&args.name) {
        true => MASK.to_owned(),
        false => masked(value),
    };
    let before = read
        .section(&args.section)
        .and_then(|section| section.value(&args.name));
    let report = ConfSetReport {
        file: shown(&args.file),
        key: ChangedKey {
            section: args.section.clone(),
            key: args.name.clone(),
            before: before.map(shown_value),
            after: value.as_deref().map(|value| shown_value(value)),
        },
        changed,
        backup,
        dry_run: args.dry_run,
    };
    let notices = value.map_or_else(Vec::new, |value| notices(&args.name, &value));
    Ok(Outcome::noticed(&report, notices, global))
}

/// A value must be read as it was written: in a file of an old encoding, its bytes may make another one of it.
fn expect_read_back(args: &Args, after: Option<&Vec<u8>>, value: Option<&String>) -> Result<(), Failure> {
    let (Some(after), Some(value)) = (after, value) else {
        return Ok(());
    };
    let conf = Conf::read(Text::decode(after));
    let read = conf
        .section(args.section.trim())
        .and_then(|section| section.value(&args.name));
    if read == Some(value.as_str()) {
        return Ok(());
    }
    let message = format!(
        "cannot change `{}`: the value would be read as something else in the file's encoding",
        shown(&args.file)
    );
    Err(Failure::cannot("conf.encoding", message))
}

/// The new value; `None` where the key is removed.
fn value(args: &Args, global: &Global, env: &mut Env) -> Result<Option<Zeroizing<String>>, Failure> {
    if !args.from_build && !args.settings.is_empty() {
        return Err(Failure::usage(
            "options of a `transport` value need `--from-build`",
        ));
    }
    if args.from_build {
        let (value, _) = args.settings.value(global, env)?;
        return Ok(Some(value.into()));
    }
    if args.unset {
        return Ok(None);
    }
    if let Some(path) = &args.value_file {
        return from_file(path, env).map(Some);
    }
    let hint = "read it from a file with `--value-file`, or from standard input with `--value-file -`";
    match &args.value {
        Some(_) if is_secret_name(&args.name) => Err(Failure::usage(
            "a secret on the command line can be seen by every user of this machine",
        )
        .hint(hint)),
        Some(value) => Ok(Some(value.clone().into())),
        None => {
            Err(Failure::usage("missing value")
                .hint("pass VALUE, `--value-file`, `--from-build` or `--unset`"))
        }
    }
}

/// The value in a file, without the line end behind it.
fn from_file(path: &Path, env: &Env) -> Result<Zeroizing<String>, Failure> {
    let bytes = input::read_settings(path, env)?;
    Ok(Text::decode(&bytes).content().into())
}

/// What is wrong with a value all the same.
fn notices(key: &str, value: &str) -> Vec<Notice> {
    if !key.eq_ignore_ascii_case("transport") {
        return Vec::new();
    }
    let known = Lint {
        role: Some(Role::File),
        ..Lint::default()
    };
    // As it stands behind the `=` of a line.
    let line = format!("transport={value}");
    let found = lint(1, &line, "transport=".len(), &known);
    found
        .into_iter()
        .filter(Finding::is_error)
        .map(|finding| Notice {
            code: finding.slug.replace('-', "_"),
            message: format!("{}: {}", finding.slug, finding.seen),
            hint: finding.help,
        })
        .collect()
}

/// How many errors a file has.
pub(super) fn errors(name: &str, conf: Conf) -> usize {
    let file = gsec_platform::conf::ConfFile {
        name: name.to_owned(),
        conf,
        mode: None,
    };
    gsec_platform::conf::lint(&[file])
        .iter()
        .map(Findings::errors)
        .sum()
}
