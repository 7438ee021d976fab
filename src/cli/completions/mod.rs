//! `gsec completions`, and `gsec complete`, which the scripts of bash, zsh and fish call.

mod candidates;
mod typed;

use std::ffi::OsString;

use clap::ValueEnum;
use clap_complete::Shell;

use super::global::Global;
use super::help::help;
use super::outcome::Outcome;
use candidates::Candidates;
use gsec_env::Env;

/// Generate shell completions
///
/// For bash: write the output to `~/.local/share/bash-completion/completions/gsec`; for zsh: to `_gsec` in a
/// directory of `$fpath`; for fish: to `~/.config/fish/completions/gsec.fish`. These three call gsec, and also
/// complete hosts, serial numbers and profiles of the CA directory.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec completions bash
  $ gsec completions zsh"
))]
pub(super) struct Args {
    /// The shell: bash, zsh, fish, powershell or elvish
    #[arg(value_name = "SHELL", value_parser = shell)]
    shell: Shell,
}

/// The names of the shells.
const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "powershell", "elvish"];

/// Of a shell that is not among them the nearest name would say nothing.
fn shell(text: &str) -> Result<Shell, String> {
    Shell::from_str(text, false).map_err(|_| format!("there are completions for {} only", SHELLS.join(", ")))
}

pub(super) fn run(args: &Args) -> Outcome {
    let script = match args.shell {
        Shell::Bash => include_bytes!("gsec.bash").to_vec(),
        Shell::Zsh => include_bytes!("gsec.zsh").to_vec(),
        Shell::Fish => include_bytes!("gsec.fish").to_vec(),
        other => {
            let mut script = Vec::new();
            clap_complete::generate(other, &mut super::command(), "gsec", &mut script);
            script
        }
    };
    Outcome::payload(script)
}

/// A shell that asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AskingShell {
    Bash,
    Zsh,
    Fish,
}

/// Print what the last of these words can become, for the scripts of `gsec completions`
///
/// The first line says which files belong to it: `:none`, `:directories` or `:files` with their endings. Each
/// further line is a candidate, and after a tab what it is.
#[derive(clap::Args)]
pub(super) struct CompleteArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: AskingShell,

    /// The words of the line up to the cursor, without `gsec`
    #[arg(value_name = "WORD", last = true)]
    words: Vec<OsString>,
}

/// Never fails, and says nothing about what is wrong: it is called at each press of a key. Writes nothing, takes no lock and opens no key.
pub(super) fn complete(args: &CompleteArgs, global: &Global, env: &Env) -> Outcome {
    let words = args.words.iter().map(|word| {
        let word = word.to_string_lossy();
        match args.shell {
            AskingShell::Fish => word.into_owned(), // without quotes already
            AskingShell::Bash | AskingShell::Zsh => typed::unquoted(&word, (env.variable)("HOME").as_deref()),
        }
    });
    let mut words: Vec<String> = words.collect();
    let current = words.pop().unwrap_or_default();
    let mut root = super::command();
    root.build();
    let found = Candidates::of(&root, &words, &current, global, env);
    Outcome::payload(found.to_text(&current).into_bytes())
}
