//! `gsec conf fix`.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::read::{conf, unchangeable, write};
use super::set::errors;
use crate::cli::ask::{Unasked, declined, permission, plan};
use crate::cli::failure::Failure;
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use gsec_env::Env;
use gsec_pki::encoding::shell::CommandLine;
use gsec_platform::conf::{Conf, Fixed, Replacement, applied, fix};
use gsec_platform::finding::masked;
use gsec_platform::text::Text;
use gsec_platform::transport::Fixes;
use gsec_report::{ConfFixReport, FixedFile, FixedValue, Notice};

/// Fix the `transport` values of configuration files
///
/// Does what `gsec transport fix` does with every `transport` value of the files, and joins thumbprints that were broken over
/// several lines; for that it asks first. Every other byte stays. What a file was before is kept next to it, in a file that only
/// its owner can read.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec conf fix dbserver.cfg
  $ gsec conf fix confserv.cfg dbserver.cfg --yes
  $ gsec conf fix dbserver.cfg --dry-run",
or_no = "with `--check`: something would be fixed; without: it was not permitted"))]
pub(in crate::cli) struct Args {
    /// Files of DB Server and Configuration Server
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Also drop parts of a value that an earlier part of the same name hides
    #[arg(long)]
    drop_shadowed: bool,

    /// Also correct names of options that are probably misspelled
    #[arg(long)]
    fix_names: bool,

    /// Show what would be fixed, and change nothing
    #[arg(long)]
    dry_run: bool,

    /// As `--dry-run`, and exit with status 1 if something would be fixed
    #[arg(long)]
    check: bool,
}

/// What is to be done in a file.
struct Planned<'a> {
    path: &'a Path,
    bytes: Zeroizing<Vec<u8>>,
    fixed: Vec<Fixed>,
    errors_left: usize,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let fixes = Fixes {
        drop_shadowed: args.drop_shadowed,
        fix_names: args.fix_names,
    };
    let planned: Vec<Planned<'_>> = args
        .files
        .iter()
        .map(|path| planned(path, fixes, env))
        .collect::<Result<_, _>>()?;
    let is_joined = planned
        .iter()
        .flat_map(|file| &file.fixed)
        .any(|fixed| fixed.joined > 0);
    let only_looks = args.dry_run || args.check;
    let report = report(&planned, true);
    if !only_looks && is_joined {
        let refusal = Unasked::Refuses(
            "lines would be joined, which needs permission".into(),
            "pass `--yes` to permit it, or `--dry-run` to see what would be fixed",
        );
        if !permission(|| plan(&report, global), "Fix this?", true, refusal, global, env)? {
            return Ok(declined(env));
        }
    }
    let report = match only_looks {
        true => report,
        false => written(&planned, env)?,
    };
    let is_yes = !(args.check && report.changed);
    Ok(Outcome::noticed(&report, left(&planned), global).answering(is_yes))
}

fn planned<'a>(path: &'a Path, fixes: Fixes, env: &Env) -> Result<Planned<'a>, Failure> {
    let (bytes, read) = conf(path, env)?;
    if !gsec_platform::conf::is_conf(&read.text) {
        let message = format!(
            "`{}` is not a configuration file: it has no `[section]`",
            shown(path)
        );
        return Err(Failure::cannot("conf.unknown_file", message));
    }
    let fixed = fix(&read, fixes).map_err(|error| unchangeable(path, &error))?;
    let after = applied(&bytes, &change(&fixed)).map(Zeroizing::new);
    let errors_left = after.map_or(0, |after| errors(&shown(path), Conf::read(Text::decode(&after))));
    Ok(Planned {
        path,
        bytes,
        fixed,
        errors_left,
    })
}

fn change(fixed: &[Fixed]) -> Vec<Replacement> {
    fixed.iter().flat_map(|one| one.change.clone()).collect()
}

fn written(planned: &[Planned<'_>], env: &Env) -> Result<ConfFixReport, Failure> {
    let mut report = report(planned, false);
    for (file, entry) in planned.iter().zip(&mut report.files) {
        if !file.fixed.is_empty() {
            entry.backup = write(file.path, &file.bytes, change(&file.fixed), env)?;
        }
    }
    Ok(report)
}

fn report(planned: &[Planned<'_>], dry_run: bool) -> ConfFixReport {
    let value = |fixed: &Fixed| FixedValue {
        line: fixed.line,
        section: fixed.section.clone(),
        before: masked(&fixed.before),
        after: masked(&fixed.after),
        joined_lines: fixed.joined,
    };
    let file = |file: &Planned<'_>| FixedFile {
        file: shown(file.path),
        values: file.fixed.iter().map(value).collect(),
        backup: None,
        errors_left: file.errors_left,
    };
    ConfFixReport {
        changed: planned.iter().any(|file| !file.fixed.is_empty()),
        dry_run,
        files: planned.iter().map(file).collect(),
    }
}

/// What only a person can fix.
fn left(planned: &[Planned<'_>]) -> Vec<Notice> {
    let notice = |file: &Planned<'_>| {
        let count = match file.errors_left {
            0 => return None,
            1 => "1 error is left that gsec does not fix".to_owned(),
            count => format!("{count} errors are left that gsec does not fix"),
        };
        Some(Notice {
            code: "errors_left".into(),
            message: format!("`{}`: {count}", shown(file.path)),
            hint: Some(format!(
                "`{}` shows them",
                CommandLine::new("gsec conf lint").path(file.path)
            )),
        })
    };
    planned.iter().filter_map(notice).collect()
}
