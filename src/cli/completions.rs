//! `gsec completions`.

use clap_complete::Shell;

use super::help::help;
use super::outcome::Outcome;

/// Generate shell completions
///
/// For bash: write the output to `~/.local/share/bash-completion/completions/gsec`.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec completions bash
  $ gsec completions zsh"
))]
pub(super) struct Args {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub(super) fn run(args: &Args) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::command(), "gsec", &mut script);
    Outcome::payload(script)
}
