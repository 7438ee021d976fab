//! `gsec man`.

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::failure::Failure;
use super::global::{Global, shown};
use super::help::help;
use super::outcome::{CommandResult, Outcome};
use gsec_ca::files::{Access, FileName, OutputFile, OutputFolder, write_new_files};
use gsec_report::ManReport;

/// Print the manual page, or write the pages of all commands
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec man
  $ gsec man --out ."
))]
pub(super) struct Args {
    /// Write one page per command to this directory
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) fn run(args: &Args, global: &Global) -> CommandResult {
    let mut root = super::command();
    root.build();
    let Some(folder) = &args.out else {
        return Ok(Outcome::payload(page("gsec", &root)?));
    };
    let mut pages = Vec::new();
    collect("gsec", &root, &mut pages)?;
    let files = write_new_files(&OutputFolder::named(folder)?, &pages)?;
    Ok(Outcome::report(
        &ManReport {
            files: files.iter().map(|path| shown(path)).collect(),
        },
        &[],
        global,
    ))
}

fn collect(name: &str, command: &clap::Command, pages: &mut Vec<OutputFile>) -> Result<(), Failure> {
    let file = FileName::new(&format!("{name}.1")).expect("command names are file names");
    pages.push(OutputFile {
        name: file,
        access: Access::Public,
        content: Zeroizing::new(page(name, command)?),
    });
    let commands = command
        .get_subcommands()
        .filter(|command| command.get_name() != "help" && !command.is_hide_set());
    commands
        .into_iter()
        .try_for_each(|command| collect(&format!("{name}-{}", command.get_name()), command, pages))
}

fn page(name: &str, command: &clap::Command) -> Result<Vec<u8>, Failure> {
    let mut text = Vec::new();
    let titled = command
        .clone()
        .name(name.to_owned())
        .display_name(name.to_owned());
    let rendered = clap_mangen::Man::new(titled).date("").render(&mut text);
    rendered.map_err(|error| Failure::cannot("output", format!("cannot render the manual page: {error}")))?;
    Ok(text)
}
