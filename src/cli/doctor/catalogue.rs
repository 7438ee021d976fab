//! `gsec doctor --list` and `--explain`.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue};

use super::FormatArg;
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::cli::outcome::{CommandResult, Outcome};
use gsec_report::{CatalogueEntry, CatalogueReport, ExplainReport, to_markdown};

pub(super) fn run(slug: Option<&str>, format: FormatArg, global: &Global) -> CommandResult {
    let mut entries = CatalogueEntry::all();
    let entry = slug.and_then(|slug| entries.find(|entry| entry.slug == slug));
    match (entry, format) {
        (None, FormatArg::Markdown) => Ok(Outcome::payload(to_markdown().into_bytes())),
        (_, FormatArg::Nagios | FormatArg::Prometheus | FormatArg::Markdown) => {
            Err(Failure::usage("`--list` and `--explain` print text or JSON only"))
        }
        (Some(entry), _) => Ok(Outcome::noticed(&ExplainReport { entry }, Vec::new(), global)),
        (None, _) => Ok(Outcome::noticed(
            &CatalogueReport {
                entries: CatalogueEntry::all().collect(),
            },
            Vec::new(),
            global,
        )),
    }
}

/// A slug of the catalogue. For a misspelt one the nearest is named: a list of them all is a page long.
#[derive(Clone)]
pub(super) struct SlugParser(PossibleValuesParser);

impl SlugParser {
    pub(super) fn new() -> Self {
        Self(PossibleValuesParser::new(
            CatalogueEntry::all().map(|entry| entry.slug),
        ))
    }
}

impl TypedValueParser for SlugParser {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        self.0.parse_ref(command, argument, value).map_err(|mut error| {
            error.remove(ContextKind::ValidValue);
            error.insert(
                ContextKind::Suggested,
                ContextValue::StyledStrs(vec!["`gsec doctor --list` lists all entries".into()]),
            );
            error
        })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        self.0.possible_values()
    }
}
