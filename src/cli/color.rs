//! Whether what is printed is colored.

use std::io::{self, IsTerminal};

use clap::ColorChoice;

use gsec_env::{Env, Stream};

/// Whether a stream gets colors. A flag is nearer than a variable, and `NO_COLOR` (no-color.org) is stronger than `CLICOLOR_FORCE`
/// and `CLICOLOR` (bixense.com/clicolors).
pub(super) fn wants_color(choice: ColorChoice, stream: Stream, env: &Env) -> bool {
    let is_terminal = || match stream {
        Stream::Output => io::stdout().is_terminal(),
        Stream::Error => io::stderr().is_terminal(),
    };
    let said = |name: &str| (env.variable)(name).filter(|value| !value.is_empty());
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if said("NO_COLOR").is_some() => false,
        ColorChoice::Auto if said("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
        ColorChoice::Auto => {
            is_terminal()
                && said("CLICOLOR").is_none_or(|value| value != "0")
                && said("TERM").is_none_or(|value| value != "dumb")
        }
    }
}
