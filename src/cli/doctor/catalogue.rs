//! `gsec doctor --list` and `--explain`.

use super::FormatArg;
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::doctor::{catalogue, entry};
use crate::report::{CatalogueReport, ExplainReport, to_markdown};

pub(super) fn run(slug: Option<&str>, format: FormatArg, global: &Global) -> CommandResult {
    match (slug.and_then(entry), format) {
        (None, FormatArg::Markdown) => Ok(Outcome::payload(to_markdown().into_bytes())),
        (_, FormatArg::Nagios | FormatArg::Prometheus | FormatArg::Markdown) => Err(Failure::usage("the catalogue comes as text or JSON")),
        (Some(entry), _) => Ok(Outcome::noticed(&ExplainReport { entry: entry.into() }, Vec::new(), global)),
        (None, _) => Ok(Outcome::noticed(&CatalogueReport { entries: catalogue().map(Into::into).collect() }, Vec::new(), global)),
    }
}
