//! `gsec doctor`.

mod ca_directory;
mod catalogue;
mod examine;
mod files;
mod fix;
mod handshake;
mod left_out;
mod machine;
mod server;
mod settings;
mod target;
mod trust;
mod unused;

use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::lazy::Lazy;
use crate::cli::outcome::{CommandResult, Ending, Outcome};
use crate::cli::secret::PasswordArgs;
use crate::cli::value;
use catalogue::SlugParser;
use examine::{Examined, Found};
use gsec_doctor::checks::Selection;
use gsec_env::Env;
use gsec_pki::x509::GeneralName;
use gsec_pki::x509::path::{Purpose, Severity};
use gsec_report::{DoctorReport, to_nagios, to_prometheus};
use target::{Target, targets};
use unused::expect_used;

/// How soon is soon, unless `--expires-within` says.
const SOON_DAYS: i64 = 30;

/// Diagnose TLS problems and show how to fix them
///
/// Checks server ports, files with certificates, keys, CSRs or CRLs, CA directories, and this machine; also
/// settings of the old platform, as `conf lint`, `transport lint` and `fleet check` do. Each finding says what
/// was seen, why it matters, and what to type. Nothing is printed about what is in order;
/// `-v` lists the checks. Without a target: this machine, and the CA directory.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true, after_long_help = help!(
"  $ gsec doctor gsec-ca/repository/01_db1_cert.pem --name db1.example.com
  $ gsec doctor gsec-ca/repository/01_db1_cert.pfx --format nagios
  $ gsec doctor localhost:8443 --name db1.example.com
  $ gsec doctor localhost:8587 --starttls smtp --name db1.example.com
  $ gsec doctor confserv.cfg run.sh
  $ gsec doctor --list
  $ gsec doctor --explain key-mismatch",
no = "findings of --fail-on severity or higher"))]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    command: Option<Command>,

    /// A file, a CA directory, HOST:PORT, or a `transport` value; `-` reads a list of them from standard input, one
    /// per line. Configuration and start files are compared with each other
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,

    /// Host name or address that certificates must match
    #[arg(long, value_name = "FQDN|IP", value_parser = value::compared_host)]
    name: Option<GeneralName>,

    /// Purpose to check for [default: server with --name, else any]
    #[arg(long, value_name = "PURPOSE", value_parser = value::one_of(&Purpose::ALL, Purpose::name))]
    purpose: Option<Purpose>,

    /// Trust the certificates in this file, instead of the CA directory's; can be repeated
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,

    #[command(flatten)]
    files: files::FileArgs,

    #[command(flatten)]
    machine: machine::MachineArgs,

    #[command(flatten)]
    server: server::ServerArgs,

    /// Report certificates that expire within this time: `30d` [default: 30d, or a third of the lifetime if
    /// that is less]
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    expires_within: Option<time::Duration>,

    /// Run only this check; SLUG is an entry of the catalog; can be repeated
    #[arg(long, value_name = "SLUG", value_parser = SlugParser::new(), hide_possible_values = true, help_heading = "Catalog")]
    only: Vec<String>,

    /// Skip this check; can be repeated
    #[arg(long, value_name = "SLUG", value_parser = SlugParser::new(), hide_possible_values = true, help_heading = "Catalog")]
    skip: Vec<String>,

    /// Print the catalog: everything that can be found
    #[arg(long, conflicts_with_all = ["targets", "explain", "fix"], help_heading = "Catalog")]
    list: bool,

    /// Explain one entry of the catalog
    #[arg(long, value_name = "SLUG", value_parser = SlugParser::new(), hide_possible_values = true, conflicts_with_all = ["targets", "fix"], help_heading = "Catalog")]
    explain: Option<String>,

    /// Lowest severity that causes exit status 1
    #[arg(
        long,
        value_name = "SEVERITY",
        default_value = "error",
        help_heading = "Output"
    )]
    fail_on: FailOnArg,

    /// Output format: text, json, nagios (a line for each target, with the exit status of a plugin) or
    /// prometheus
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    format: FormatArg,

    /// Apply the safe fixes, then check again
    #[arg(long, help_heading = "Output")]
    fix: bool,

    /// With `--fix`: show what would be fixed, and change nothing
    #[arg(long, requires = "fix", help_heading = "Output")]
    dry_run: bool,

    #[command(flatten)]
    password: PasswordArgs,
}

#[derive(clap::Subcommand)]
enum Command {
    Handshake(Lazy<handshake::Args>),
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FailOnArg {
    Error,
    Warning,
    Notice,
    Never,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FormatArg {
    Text,
    Json,
    Nagios,
    Prometheus,
    #[value(hide = true)]
    Markdown,
}

impl Args {
    /// Whether JSON output is requested, which applies to failures too.
    pub(in crate::cli) fn wants_json(&self) -> bool {
        self.format == FormatArg::Json
    }

    fn purpose(&self) -> Purpose {
        value::purpose(self.purpose, self.name.is_some())
    }

    fn selection(&self) -> Selection {
        Selection {
            only: self.only.clone(),
            skip: self.skip.clone(),
        }
    }
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    if let Some(Command::Handshake(args)) = &args.command {
        return handshake::run(args, global, env);
    }
    if args.list || args.explain.is_some() {
        return catalogue::run(args.explain.as_deref(), args.format, global);
    }
    if args.format == FormatArg::Markdown {
        return Err(Failure::usage("`--format markdown` is for `--list`"));
    }
    if global.json && matches!(args.format, FormatArg::Nagios | FormatArg::Prometheus) {
        return Err(
            Failure::usage("`--json` and `--format` request different output formats")
                .hint("leave one of them out"),
        );
    }
    let starttls = args.server.connection.starttls;
    let targets = targets(&args.targets, args.machine.are_given(), starttls, global, env)?;
    expect_used(args, &targets)?;
    let read = targets
        .iter()
        .filter_map(Target::path)
        .chain(args.trust.iter().chain(&args.files.key).map(PathBuf::as_path))
        .chain(args.server.connection.files());
    let list = args
        .targets
        .iter()
        .filter(|target| *target == "-")
        .map(|_| Path::new("-"));
    let password = args.password.read(read.chain(list), env)?;
    let examined = examine::all(&targets, args, &password, global, env)?;
    let (examined, fixed) = if args.fix {
        fix::run(examined, &targets, args, &password, global, env)?
    } else {
        (examined, Vec::new())
    };
    outcome(examined, fixed, args, global, env)
}

fn outcome(
    mut examined: Vec<Examined>,
    fixed: Vec<String>,
    args: &Args,
    global: &Global,
    env: &Env,
) -> CommandResult {
    let is_alone = examined.len() == 1 && args.format != FormatArg::Nagios;
    if is_alone && let Some(Examined { outcome: Err(_), .. }) = examined.first() {
        let Examined { outcome, .. } = examined.remove(0);
        return Err(outcome.expect_err("it was looked at"));
    }
    let failed = examined
        .iter()
        .filter(|examined| examined.outcome.is_err())
        .count();
    let is_unseen =
        |examined: &&Examined| matches!(&examined.outcome, Ok(Found::Checked(found)) if found.is_unseen);
    let unseen = examined.iter().filter(is_unseen).count();
    let all = examined.len();
    let now = env.clock.now();
    let rows = examined
        .into_iter()
        .map(|examined| examined.into_row(global, now))
        .collect();
    let report = DoctorReport::new(rows, fixed, args.dry_run, global.verbose > 0);
    let within = args.expires_within.map_or(SOON_DAYS, time::Duration::whole_days);
    let mut outcome = match args.format {
        FormatArg::Nagios => {
            let (text, state) = to_nagios(&report, within);
            return Ok(Outcome {
                ending: Ending::Status(state as u8),
                ..Outcome::payload(text.into_bytes())
            });
        }
        FormatArg::Prometheus => Outcome::payload(to_prometheus(&report).into_bytes()),
        FormatArg::Text | FormatArg::Json | FormatArg::Markdown => {
            Outcome::noticed(&report, Vec::new(), global)
        }
    };
    let weighs = |limit: Severity| report.targets.iter().any(|target| target.weighs(limit));
    let has_failed = match args.fail_on {
        FailOnArg::Never => false,
        FailOnArg::Error => weighs(Severity::Error),
        FailOnArg::Warning => weighs(Severity::Warning),
        FailOnArg::Notice => weighs(Severity::Notice),
    };
    outcome.ending = match (failed, has_failed) {
        (0, true) => Ending::No,
        (0, false) if unseen > 0 => Ending::Partly(Failure::cannot(
            "doctor.certificate_not_seen",
            format!("of {unseen} of {all} targets gsec could not see the certificate"),
        )),
        (0, false) => Ending::Yes,
        _ => Ending::Partly(Failure::cannot(
            "doctor.not_examined",
            format!("{failed} of {all} targets could not be examined"),
        )),
    };
    Ok(outcome)
}
