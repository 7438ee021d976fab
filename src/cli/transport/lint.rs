//! `gsec transport lint`.

use time::OffsetDateTime;

use super::value_args::{Given, ValuesArgs};
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::value;
use gsec_ca::files::{FilesError, read_file};
use gsec_env::Env;
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::encoding::visible::{shortened, system_words};
use gsec_platform::finding::{Finding, masked};
use gsec_platform::transport::{
    FileContent, FileProblem, Lint, Platform, Release, Role, check_files, is_fixed, lint, named_files,
    names_certificates, value_start,
};
use gsec_report::{LintedValue, NextSteps, TransportLintReport};

/// The most commands that are offered.
const MAX_COMMANDS: usize = 10;

/// Check `transport` values against the rules of the platform
///
/// Finds what the platform silently ignores or misreads: blanks beside `;` and `=`, invisible characters that came with a
/// thumbprint, misspelled names, missing certificates. Each finding has the line with a mark under the fault.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec transport lint 'port=4001;address=10.0.0.1' --role connection
  $ gsec transport lint --file value.txt --role connection
  $ gsec transport lint --platform windows --file value.txt --json",
no = "at least one error was found"))]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    values: ValuesArgs,

    /// Where the value is used: a server's port, a client's connection, the options of an application or a host, or a file of
    /// DB Server or Configuration Server [default: connection if only client options are set, else port]
    #[arg(long, value_name = "ROLE", value_parser = value::one_of(&Role::ALL, Role::name))]
    role: Option<Role>,

    /// What kind of host reads it [default: windows if `certificate` is a thumbprint, else unix]
    #[arg(long, value_name = "PLATFORM", value_parser = value::one_of(&Platform::ALL, Platform::name))]
    platform: Option<Platform>,

    /// The platform's release: 7.6, 8.0, 8.1, 8.5 or 9.0
    #[arg(long, value_name = "RELEASE", value_parser = value::one_of(&Release::ALL, Release::name))]
    release: Option<Release>,

    /// Also check the files that the value names, on this machine: whether they can be read, belong together and are in
    /// date; revocation is not checked
    #[arg(long)]
    check_files: bool,

    /// Check certificates for this time: `2027-12-31`, or `2027-12-31T12:00:00Z` [default: now]
    #[arg(long, value_name = "TIME", value_parser = value::time, requires = "check_files")]
    at: Option<OffsetDateTime>,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let at = args.at.unwrap_or_else(|| env.clock.now());
    let known = Lint {
        role: args.role,
        platform: args.platform,
        release: args.release,
    };
    let files_at = args.check_files.then_some(at);
    let linted = |given: Given| linted(&given, &known, files_at);
    let (values, commands): (Vec<_>, Vec<_>) = args.values.read(env)?.into_iter().map(linted).unzip();
    let next = commands
        .iter()
        .flatten()
        .take(MAX_COMMANDS)
        .fold(NextSteps::default(), NextSteps::command);
    let report = TransportLintReport::new(values, next);
    Ok(Outcome::report(&report, &[], global).answering(report.ok))
}

fn linted(
    given: &Given,
    known: &Lint,
    files_at: Option<OffsetDateTime>,
) -> (LintedValue, Option<CommandLine>) {
    let mut found = lint(1, &given.value, 0, known);
    if let Some(at) = files_at {
        found.extend(files(&given.value, at));
    }
    let is_fixable = found.iter().any(|finding| is_fixed(finding.slug));
    let linted = LintedValue {
        names_files: !named_files(&given.value).is_empty(),
        names_certificates: names_certificates(&given.value),
        value: shortened(&masked(&given.value)),
        files_checked: files_at.is_some(),
        found: found.into(),
        source: given.source.clone(),
    };
    (linted, fixing(given).filter(|_| is_fixable))
}

/// A value that was typed, and the command that fixes it, if one does.
pub(in crate::cli) fn of_value(value: &str) -> (LintedValue, Option<CommandLine>) {
    let given = Given {
        source: None,
        value: value.to_owned(),
    };
    linted(&given, &Lint::default(), None)
}

/// The command that writes a value as it was meant. A value with a secret is not shown.
fn fixing(given: &Given) -> Option<CommandLine> {
    let command = CommandLine::new("gsec transport fix");
    match given.source.as_deref() {
        Some("-") => None,
        Some(file) => Some(command.words("--file").path(file.as_ref())),
        None => (masked(&given.value) == given.value).then(|| command.value(&given.value)),
    }
}

/// What is wrong with the files that the platform finds in a value.
pub(in crate::cli) fn files(value: &str, at: OffsetDateTime) -> Vec<Finding> {
    check_files(1, value, value_start(value), &content, at)
}

/// What a file on this machine holds.
fn content(path: &str) -> FileContent {
    match read_file(path.as_ref()) {
        Ok(bytes) => Ok(bytes),
        Err(FilesError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
            Err(FileProblem::Missing)
        }
        Err(FilesError::Io { source, .. }) => Err(FileProblem::Unreadable(system_words(&source))),
        Err(other) => Err(FileProblem::Unreadable(other.to_string())),
    }
}
