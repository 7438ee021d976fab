//! `gsec conf lint`.

use std::path::{Path, PathBuf};

use super::read::{self, Read};
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use gsec_env::Env;
use gsec_pki::encoding::shell::CommandLine;
use gsec_platform::conf::{self, ConfFile, ConfKind};
use gsec_platform::start_file::{self, Around, StartFile};
use gsec_platform::transport::{is_fixed, is_secured, names_certificates};
use gsec_report::{ConfLintReport, LintedFile, NextSteps, PlacedFinding};

/// Check configuration and start files against the platform's rules
///
/// Files of DB Server and Configuration Server are told apart by their content, and compared where both are given. Start
/// scripts (`run.sh`, `startServer.bat`) and exports of the registry are read, never run. Passwords are never shown.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec conf lint confserv.cfg dbserver.cfg
  $ gsec conf lint confserv.cfg run.sh --json",
no = "at least one error was found"))]
pub(in crate::cli) struct Args {
    /// Configuration files and start files, together those of one environment; `-` for standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    if args.files.iter().filter(|file| file.as_os_str() == "-").count() > 1 {
        return Err(Failure::usage("standard input can be read only once"));
    }
    let files = of_files(&args.files, env)?;
    let next = next(&files);
    let report = ConfLintReport::new(files, next);
    Ok(Outcome::report(&report, &[], global).answering(report.ok))
}

/// The findings of all files, which are those of one environment, in their order.
pub(in crate::cli) fn of_files(files: &[PathBuf], env: &Env) -> Result<Vec<LintedFile>, Failure> {
    let all = files.iter().map(|path| read::any(path, env));
    Ok(linted(all.collect::<Result<_, _>>()?))
}

/// The findings of all files, in their order.
fn linted(all: Vec<Read>) -> Vec<LintedFile> {
    let (mut confs, mut starts): (Vec<ConfFile>, Vec<StartFile>) = (Vec::new(), Vec::new());
    let mut is_conf = Vec::new();
    for read in all {
        is_conf.push(matches!(read, Read::Conf(_)));
        match read {
            Read::Conf(file) => confs.push(file),
            Read::Start(file) => starts.push(file),
        }
    }
    let of_confs = conf::lint(&confs);
    let of_starts = start_file::lint(&starts, &around(&confs));
    let has = |kind| confs.iter().any(|file| ConfKind::of(&file.conf) == kind);
    let (has_db_server, has_server) = (has(ConfKind::DbServer), has(ConfKind::ConfigurationServer));
    let mut confs = confs.iter().zip(of_confs).map(|(file, found)| {
        let kind = ConfKind::of(&file.conf);
        let sections = file.conf.sections.iter();
        let mut transports = sections.filter_map(|section| section.key("transport"));
        LintedFile {
            file: file.name.clone(),
            kind: kind.name(),
            encoding: file.conf.text.encoding.name(),
            found: found.into(),
            names_certificates: transports.any(|key| names_certificates(&key.value)),
            is_compared: has_db_server || kind != ConfKind::ConfigurationServer,
        }
    });
    let mut starts = starts.iter().zip(of_starts).map(|(file, found)| LintedFile {
        file: file.name.clone(),
        kind: file.kind.name(),
        encoding: file.text.encoding.name(),
        found: found.into(),
        names_certificates: false,
        is_compared: has_server,
    });
    is_conf
        .into_iter()
        .filter_map(|is_conf| if is_conf { confs.next() } else { starts.next() })
        .collect()
}

/// The command that fixes what can be fixed without asking a person.
fn next(files: &[LintedFile]) -> NextSteps {
    let is_fixed = |finding: &PlacedFinding| has_fix(finding.slug);
    let fixed: Vec<&Path> = files
        .iter()
        .filter(|file| file.file != "-" && file.found.findings.iter().any(is_fixed))
        .map(|file| Path::new(&file.file))
        .collect();
    match fixed.is_empty() {
        true => NextSteps::default(),
        false => NextSteps::default().command(&CommandLine::new(FIX).paths(fixed)),
    }
}

/// What fixes files.
const FIX: &str = "gsec conf fix";

fn has_fix(slug: &str) -> bool {
    slug == "conf-wrapped" || is_fixed(slug)
}

/// The command that fixes what was found in one file, if it can.
pub(in crate::cli) fn fixing(file: &Path, slug: &str) -> Option<CommandLine> {
    has_fix(slug).then(|| CommandLine::new(FIX).path(file))
}

/// What the configuration files say about how servers must be started.
fn around(files: &[ConfFile]) -> Around {
    let sections = || files.iter().flat_map(|file| &file.conf.sections);
    let has_tls = sections()
        .filter_map(|section| section.key("transport"))
        .any(|key| is_secured(&key.value));
    let own = sections().filter(|section| section.key("server").is_some());
    Around {
        has_tls,
        unsecured_ports: own
            .filter(|section| section.key("transport").is_none_or(|key| !is_secured(&key.value)))
            .filter_map(|section| section.value("port")?.parse().ok())
            .collect(),
    }
}
