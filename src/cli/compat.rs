//! `gsec compat`: the old scripts' names.

use std::path::PathBuf;

use clap::Subcommand;
use zeroize::Zeroizing;

use super::global::{Global, shown};
use super::help::help;
use super::old_scripts::Script;
use super::outcome::{CommandResult, Outcome};
use gsec_ca::files::{Access, FileName, OutputFile, OutputFolder, write_new_files};
use gsec_env::Env;
use gsec_report::CompatLinkReport;

/// Drop-in replacements for create_ca.sh and create_cert.sh
#[derive(Subcommand)]
pub(super) enum Command {
    Link(LinkArgs),
}

/// Write create_ca.sh and create_cert.sh, which call gsec
///
/// The scripts take the old arguments: automation that calls them, as `./create_ca.sh`, `sh create_ca.sh` or
/// `bash create_ca.sh`, works unchanged. A link to gsec with one of these names works too.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec compat link .
  $ sh create_ca.sh -CN 'Example CA' -O Example
  $ sh create_cert.sh -host db1.example.com -CN db1.example.com"
))]
pub(super) struct LinkArgs {
    /// Directory to write the scripts to
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(super) fn run(command: &Command, global: &Global, env: &Env) -> CommandResult {
    let Command::Link(args) = command;
    let scripts = Script::ALL.map(|script| OutputFile {
        name: FileName::new(script.file_name()).expect("a script's name is a file name"),
        access: Access::Executable,
        content: Zeroizing::new(wrapper(script, env).into_bytes()),
    });
    let files = write_new_files(&OutputFolder::named(&args.folder)?, &scripts)?;
    Ok(Outcome::report(
        &CompatLinkReport {
            files: files.iter().map(|path| shown(path)).collect(),
        },
        &[],
        global,
    ))
}

/// A POSIX shell script: POSIX does not include `exec -a`, so the script's name is passed as an argument.
fn wrapper(script: Script, env: &Env) -> String {
    let own_path = (env.program)().map_or_else(|| "gsec".into(), |path| super::hint::quoted(&path));
    let name = script.file_name();
    format!(
        "#!/bin/sh\n# Passes the arguments of the old {name} to gsec. Made by `gsec compat \
         link`.\ngsec={own_path}\n[ -x \"$gsec\" ] || gsec=gsec\nexec \"$gsec\" compat {name} \"$@\"\n"
    )
}
