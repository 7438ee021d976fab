//! `gsec man`.

mod page;
mod roff;

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::global::{Global, shown};
use super::help::help;
use super::outcome::{CommandResult, Outcome};
use gsec_ca::files::{Access, FileName, OutputFile, OutputFolder, write_new_files};
use gsec_report::ManReport;
use page::Page;

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
    let pages = Page::all(&root);
    let Some(folder) = &args.out else {
        return Ok(Outcome::payload(
            pages.first().map(Page::render).unwrap_or_default(),
        ));
    };
    let pages: Vec<OutputFile> = pages.iter().map(file).collect();
    let files = write_new_files(&OutputFolder::named(folder)?, &pages)?;
    Ok(Outcome::report(
        &ManReport {
            files: files.iter().map(|path| shown(path)).collect(),
        },
        &[],
        global,
    ))
}

fn file(page: &Page<'_>) -> OutputFile {
    OutputFile {
        name: FileName::new(&format!("{}.1", page.name)).expect("command names are file names"),
        access: Access::Public,
        content: Zeroizing::new(page.render()),
    }
}
