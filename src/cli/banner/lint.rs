//! `gsec banner lint`.

use std::path::PathBuf;

use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::input;
use crate::cli::outcome::{CommandResult, Outcome};
use gsec_env::Env;
use gsec_platform::banner::lint;
use gsec_platform::registry::RegistryFile;
use gsec_report::{BannerLintReport, LintedBanner};

/// Check registry files with the log-in banner
///
/// Reads files in UTF-16, UTF-8 and Latin-1, as regedit exports them or as they are written by hand. Nothing
/// is imported. Only keys of the banner are checked. Exit status 1 means that at least one error was found;
/// warnings and notices do not change it.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec banner lint banner.reg
  $ gsec banner lint banner.reg other.reg --json",
no = "at least one error was found"))]
pub(in crate::cli) struct Args {
    /// Registry files; `-` for standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let mut files = Vec::with_capacity(args.files.len());
    for path in &args.files {
        let name = shown(path);
        let file = RegistryFile::parse(&input::read_settings(path, env)?);
        let found = lint(&file, Some(&name));
        files.push(LintedBanner {
            sound: found.errors() == 0,
            file: name,
            found: found.into(),
        });
    }
    let sound = files.iter().all(|file| file.sound);
    let report = BannerLintReport { sound, files };
    Ok(Outcome::report(&report, &[], global).answering(sound))
}
