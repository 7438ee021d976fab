//! The inventory of a call.

use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::cli::global::{Global, shown};
use crate::cli::hint;
use crate::cli::input;
use gsec_ca::files::read_file;
use gsec_env::Env;
use gsec_pki::encoding::shell::CommandLine;
use gsec_platform::inventory::{self, Inventory, Reading};
use gsec_report::NextSteps;

/// Which inventory.
#[derive(clap::Args)]
pub(super) struct InventoryArgs {
    /// The inventory; `-` for standard input
    #[arg(long, value_name = "FILE", default_value = "fleet.toml", global = false)]
    pub(super) inventory: PathBuf,
}

/// Whether a file is an inventory: its name ends in `.toml`, and it has hosts or says which version it is of.
pub(in crate::cli) fn is_inventory(path: &Path) -> bool {
    let is_toml = path.extension().is_some_and(|ending| ending == "toml") && path.is_file();
    let content = is_toml.then(|| read_file(path).ok()).flatten();
    content.is_some_and(|content| {
        // Of a file in UTF-16 its reader says so.
        let content: Vec<u8> = content.iter().copied().filter(|byte| *byte != 0).collect();
        let text = String::from_utf8_lossy(&content);
        text.lines().any(|line| {
            let line: String = line
                .chars()
                .filter(|character| !character.is_whitespace())
                .collect();
            line.starts_with("[[host]]") || line.starts_with("version=")
        })
    })
}

/// A file that must be UTF-8; `ending` is that of its kind.
pub(super) fn utf8<'a>(bytes: &'a [u8], name: &str, ending: &str) -> Result<&'a str, Failure> {
    std::str::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains('\0'))
        .ok_or_else(|| {
            let valid = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
            let zero = bytes.iter().position(|byte| *byte == 0).unwrap_or(valid);
            let message = format!("`{name}` is not UTF-8: byte {}", valid.min(zero) + 1);
            let hints = hint::for_utf16(name, bytes, ending).into_iter().collect();
            Failure::cannot("fleet.not_utf8", message).with_hints(hints)
        })
}

impl InventoryArgs {
    /// Reads it, with what is wrong with it.
    pub(super) fn reading(&self, env: &Env) -> Result<Reading, Failure> {
        let bytes = input::read_settings(&self.inventory, env)?;
        let name = shown(&self.inventory);
        Ok(inventory::read(utf8(&bytes, &name, "toml")?, &name))
    }

    /// Reads it for a command that needs all of it: what is wrong with its form or a value stops the command.
    pub(super) fn read(&self, env: &Env) -> Result<Inventory, Failure> {
        let reading = self.reading(env)?;
        let mut errors = reading.findings.iter().filter(|finding| finding.is_error());
        let Some(first) = errors.next() else {
            return Ok(reading.inventory);
        };
        let place = first
            .places
            .first()
            .map(|place| format!(", line {}, column {}", place.line, place.column));
        let message = format!(
            "`{}`{}: {}",
            shown(&self.inventory),
            place.unwrap_or_default(),
            first.seen
        );
        let more = match errors.count() + reading.left_out {
            0 => None,
            count => Some(format!("{count} more like it")),
        };
        let failure = Failure::cannot(first.slug, message).hint(format!(
            "`{}` shows everything that is wrong",
            self.check_command()
        ));
        Err(more.into_iter().fold(failure, Failure::because))
    }

    /// The command that shows what is wrong with it.
    fn check_command(&self) -> String {
        CommandLine::new("gsec fleet check --inventory")
            .path(&self.inventory)
            .to_string()
    }

    /// A command about the same hosts; `None` where the inventory came over standard input, and is gone.
    pub(super) fn command(
        &self,
        words: &'static str,
        only: Option<&str>,
        global: &Global,
    ) -> Option<CommandLine> {
        if self.inventory.as_os_str() == "-" {
            return None;
        }
        let command = CommandLine::new(words)
            .then(&global.directory_words())
            .words("--inventory")
            .path(&self.inventory);
        Some(match only {
            Some(only) => command.words("--only").value(only),
            None => command,
        })
    }

    /// The same as what comes next.
    pub(super) fn next_step(&self, words: &'static str, only: Option<&str>, global: &Global) -> NextSteps {
        let command = self.command(words, only, global);
        command.map_or_else(NextSteps::default, |command| {
            NextSteps::default().command(&command)
        })
    }

    /// A path of the inventory, which is relative to it.
    pub(super) fn beside(&self, path: &str) -> PathBuf {
        self.inventory.parent().unwrap_or(Path::new("")).join(path)
    }
}
