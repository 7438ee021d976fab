//! `gsec log filter`.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::source::Source;
use crate::cli::failure::Failure;
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::outcome::{Afterwards, CommandResult, Ending, Outcome, StreamError};
use crate::cli::{input, value};
use gsec_ca::files::{self, FilesError, write_stream};
use gsec_env::Env;
use gsec_pki::encoding::visible::{shortened, visible};
use gsec_platform::log_filter::{
    Action, Attributes, Format, Header, LogFilter, RuleError, RuleSet, Rules, RulesForm, Settings,
    parse_rules,
};
use gsec_report::{LogFilterReport, Notice};

/// The most keys that a notice names.
const MOST_KEYS: usize = 5;
/// What a failure about a rule is called.
const FILTER_RULE: &str = "filter-rule";

/// Hide or remove the values of chosen keys in a log of the platform
///
/// Does with logs that exist already what the platform's own options `default-filter-type` and
/// `log-filter-data` do with new ones: key-value pairs of UserData, Extensions, Reason and Reasons are
/// copied, hidden or skipped. All other bytes stay as they are. The log is streamed: its size does not
/// matter. If a line may belong to a value that is to be hidden, it is hidden too, and counted as
/// over-hidden. What no filter can see: a value that imitates whole pairs, each with its quotes. If values
/// may be forged, hide everything and copy chosen keys: --default hide --key DNIS=copy. Data that T-Server
/// kept out of its log with -udata are not in it. A log that is compressed or in UTF-16 is refused, with the
/// command that makes text of it.
///
/// ACTION is copy, hide, skip, hide-first,N, hide-last,N, unhide-first,N, unhide-last,N or
/// tag(BEFORE,AFTER). The counts go to standard error. For the CA's own audit log, see gsec ca log.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec log filter tserver.log --key PASSWORD=hide --out hidden.log
  $ gsec log filter tserver.log --default hide --key DNIS=copy > hidden.log
  $ gsec log filter tserver.log --rules app.cfg --check || echo 'to be hidden'",
or_no = "--check: something would be hidden"))]
pub(in crate::cli) struct Args {
    /// The log; `-` for standard input
    #[arg(value_name = "FILE", default_value = "-")]
    input: PathBuf,

    /// Action for keys without one of their own [default: copy, or as --rules says]
    #[arg(long, value_name = "ACTION", help_heading = "Rules")]
    default: Option<String>,

    /// Action for one key; goes before --rules; repeatable
    #[arg(long, value_name = "KEY=ACTION", help_heading = "Rules")]
    key: Vec<String>,

    /// A file with the sections [log-filter] and [log-filter-data]: as the platform writes it (.cfg), .toml or
    /// .json
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    rules: Option<PathBuf>,

    /// Compare keys without case
    #[arg(long, help_heading = "Rules")]
    ignore_case: bool,

    /// How pairs are printed in the log. tlib: 'KEY' 'value'; psdk: 'KEY' [str] = "value"; auto: both
    #[arg(long, value_name = "FORMAT", default_value = "auto", value_parser = value::one_of(&Format::ALL, Format::name))]
    format: Format,

    /// Filter only these attributes, separated by commas [default: UserData, Extensions, Reason, Reasons; with psdk, all]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    attributes: Vec<String>,

    /// What to do with the size and first bytes of a list, next to its attribute: keep, as the platform does,
    /// or mask
    #[arg(long, value_name = "HOW", default_value = "keep", value_parser = value::one_of(&Header::ALL, Header::name))]
    header: Header,

    /// After a hidden value, end a list only at a line with a time, not at an attribute, which a value can
    /// imitate
    #[arg(long)]
    strict: bool,

    /// Longest line to look at; longer ones are hidden in lists, and copied elsewhere
    #[arg(long, value_name = "SIZE", default_value = "1MiB", value_parser = value::size)]
    max_line: usize,

    /// Write nothing; exit status 1 if anything would change
    #[arg(long, conflicts_with = "out", help_heading = "Output")]
    check: bool,

    /// Write to this new file, readable by the users who can read the log [default: standard output]
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    out: Option<PathBuf>,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let settings = settings(args, env)?;
    let is_without_rules = args.default.is_none() && args.key.is_empty() && args.rules.is_none();
    let copies_all = settings.rules.copies_all();
    let out = args
        .out
        .as_deref()
        .filter(|path| path.as_os_str() != "-" && !files::is_standard_output(path));
    if global.json && out.is_none() && !args.check {
        return Err(
            Failure::usage("both the log and the document of `--json` would go to standard output")
                .hint("pass a file with `--out`, or `--check`"),
        );
    }
    let mut source = Source::open(&args.input, env)?;
    let mut filter = LogFilter::new(settings);
    let notices = move |filter: &LogFilter| notices(filter, is_without_rules, copies_all);
    if !args.check && out.is_none() {
        return Ok(to_stdout(source, filter, notices));
    }
    let end = match out {
        Some(path) => {
            let mode = source.mode();
            let written = write_stream(path, mode, |out| -> Result<(), FileError> {
                Ok(source.through(&mut filter, out)?)
            });
            written.map_err(|error| error.of(path))?;
            Ending::Yes
        }
        None => {
            let through = source.through(&mut filter, &mut std::io::sink());
            through.map_err(|error| FileError::from(error).of(Path::new("-")))?;
            if filter.has_changed() {
                Ending::No
            } else {
                Ending::Yes
            }
        }
    };
    let report = report(shown(&args.input), out.map(shown), &filter);
    let notices = notices(&filter);
    if global.json {
        let outcome = Outcome::noticed(&report, notices, global);
        return Ok(Outcome {
            ending: end,
            ..outcome
        });
    }
    Ok(Outcome::payload(Vec::new()).then(move || Afterwards {
        summary: report.summary(),
        warnings: notices,
        ending: end,
    }))
}

/// The log goes to standard output while it is read.
fn to_stdout(
    mut source: Source,
    filter: LogFilter,
    notices: impl FnOnce(&LogFilter) -> Vec<Notice> + 'static,
) -> Outcome {
    let filter = Rc::new(RefCell::new(filter));
    let done = Rc::clone(&filter);
    Outcome::stream(move |out| source.through(&mut filter.borrow_mut(), out)).then(move || {
        let filter = done.borrow();
        Afterwards {
            summary: report(String::new(), None, &filter).summary(),
            warnings: notices(&filter),
            ending: Ending::Yes,
        }
    })
}

fn settings(args: &Args, env: &Env) -> Result<Settings, Failure> {
    let mut sets = Vec::new();
    if let Some(path) = &args.rules {
        let bytes = input::read(path, env)?;
        let form = RulesForm::of_ending(path.extension().and_then(|ending| ending.to_str()));
        sets.push(parse_rules(&bytes, form).map_err(|error| of_rules(Some(path), &error))?);
    }
    let mut typed = RuleSet::default();
    if let Some(action) = &args.default {
        let parsed = Action::parse(action).ok_or_else(|| RuleError::Action {
            place: "--default: ".into(),
            action: action.clone(),
        });
        typed.default = Some(parsed.map_err(|error| of_rules(None, &error))?);
    }
    for key in &args.key {
        typed.add_typed(key).map_err(|error| of_rules(None, &error))?;
    }
    sets.push(typed);
    let names = args.attributes.iter().map(|name| {
        let name = name.trim();
        name.strip_prefix("Attribute").unwrap_or(name).to_owned()
    });
    Ok(Settings {
        rules: Rules::new(&sets, args.ignore_case).map_err(|error| of_rules(None, &error))?,
        format: args.format,
        attributes: if args.attributes.is_empty() {
            Attributes::Usual
        } else {
            Attributes::Named(names.collect())
        },
        header: args.header,
        is_strict: args.strict,
        max_line: args.max_line,
    })
}

/// A rule that is not understood stops the command: the platform would copy what was to be hidden.
fn of_rules(path: Option<&PathBuf>, error: &RuleError) -> Failure {
    let failure = match path {
        Some(path) => Failure::cannot(
            FILTER_RULE,
            format!("{FILTER_RULE}: cannot use `{}`", shown(path)),
        )
        .because(error.to_string()),
        None => Failure::cannot(FILTER_RULE, format!("{FILTER_RULE}: {error}")),
    };
    match error {
        RuleError::Action { .. } => failure.hint(format!("actions are {}", Action::FORMS)),
        RuleError::Unknown { kind: "option", .. } => failure.hint("the option is called `default-filter-type`; keys belong to `[log-filter-data]`"),
        RuleError::Unknown { .. } | RuleError::NoSection => {
            failure.hint("the sections are called `[log-filter]`, with `default-filter-type`, and `[log-filter-data]`, with the keys")
        }
        RuleError::Twice { .. } => failure.hint("keep one of the two"),
        _ => failure,
    }
}

/// Why a file was not written.
enum FileError {
    Files(FilesError),
    Stream(StreamError),
}

impl From<FilesError> for FileError {
    fn from(error: FilesError) -> Self {
        Self::Files(error)
    }
}

impl From<StreamError> for FileError {
    fn from(error: StreamError) -> Self {
        Self::Stream(error)
    }
}

impl FileError {
    fn of(self, path: &Path) -> Failure {
        match self {
            Self::Files(error @ FilesError::WouldReplace(_)) => Failure::cannot(
                error.code(),
                format!("`{}` already exists, and is never replaced", shown(path)),
            )
            .hint("choose another path for `--out`"),
            Self::Files(error) => error.into(),
            Self::Stream(StreamError::Input(failure)) => failure,
            Self::Stream(StreamError::Output(error)) => FilesError::io("write", path)(error).into(),
        }
    }
}

fn report(source: String, out: Option<String>, filter: &LogFilter) -> LogFilterReport {
    let counts = filter.counts();
    LogFilterReport {
        source,
        out,
        changed: filter.has_changed(),
        lists: counts.lists,
        hidden: counts.hidden,
        skipped: counts.skipped,
        tagged: counts.tagged,
        over_hidden: counts.over_hidden,
        cut: counts.cut,
    }
}

/// What the counts do not say.
fn notices(filter: &LogFilter, is_without_rules: bool, copies_all: bool) -> Vec<Notice> {
    let counts = filter.counts();
    let notice = |code: &str, message: String, hint: &str| Notice {
        code: code.into(),
        message,
        hint: Some(hint.into()).filter(|hint: &String| !hint.is_empty()),
    };
    let mut notices = Vec::new();
    if is_without_rules {
        notices.push(notice(
            "no_rules",
            "without a rule, nothing is hidden".into(),
            "`gsec log filter --key PASSWORD=hide`, or `--default hide`",
        ));
    } else if counts.lists == 0 && !copies_all {
        notices.push(notice(
            "no_lists",
            "no attribute with a key-value list was found: nothing was filtered".into(),
            "is it a log of T-Library or the Platform SDK? `gsec log filter --help` shows both forms; `--attributes` names other attributes",
        ));
    }
    let unused = filter.unused_keys();
    if !unused.is_empty() && counts.lists > 0 {
        notices.push(notice(
            "rule_unused",
            no_pair_for(&unused),
            "keys are compared as they are written; `--ignore-case` ignores case",
        ));
    }
    if counts.cut > 0 {
        notices.push(notice(
            "value_cut",
            format!(
                "{}: no closing quote before a line with a time or an attribute; if that line was part of the value, the lines after it may be as well",
                how_many(counts.cut, "hidden value")
            ),
            "`--strict` believes lines with a time only",
        ));
    }
    if counts.shown_heads > 0 {
        notices.push(notice(
            "header_kept",
            format!(
                "{} in which something was hidden: size and first bytes are still shown",
                how_many(counts.shown_heads, "list")
            ),
            "`--header mask` hides them",
        ));
    }
    notices
}

/// That rules were not used: a key may be misspelled.
fn no_pair_for(keys: &[String]) -> String {
    let named: Vec<String> = keys
        .iter()
        .take(MOST_KEYS)
        .map(|key| format!("`{}`", visible(&shortened(key))))
        .collect();
    let more = match keys.len() - named.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("no pair in the log has the key {}{more}", named.join(", "))
}

fn how_many(count: u64, of: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {of}{plural}")
}
