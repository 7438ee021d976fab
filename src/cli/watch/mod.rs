//! `gsec watch`. What is behind the words is in `gsecd`, which has the network in it.

pub(in crate::cli) mod order;

use std::path::PathBuf;

use super::failure::Failure;
use super::global::Global;
use super::outcome::{CommandResult, Ending, Outcome, StreamError};
use super::serve::Server;
use super::session::login_name;
use super::value;
use gsec_doctor::tls::Endpoint;
use gsec_env::Env;
use gsec_pki::encoding::visible::visible;
use gsec_report::{WatchReport, to_json, to_text};

pub use order::{WatchOrder, WatchTask, Watched};

const HELP: &str = "EXAMPLES
  $ gsec watch --once
  $ gsec watch --list
  $ gsec watch --every 5m --probe localhost:8443

EXIT CODES
  0  nothing that was checked is wrong; it was told to end (Ctrl-C or SIGTERM)
  1  --once: something is wrong
  2  usage error
  3  failed, or something could not be checked";

/// Raise alarms before certificates, the CRL or the server fail
///
/// Checks again and again, or with --once a single time, for a timer: certificates that expire, the CRL, the audit log, the
/// disk, the server if one was ever seen here, ports and files of hosts. Each cause is one alarm: raised, acknowledged,
/// cleared. ca_conf/watch.toml says who is told: webhooks, Alertmanager, mail, syslog or a program. What a receiver has not got
/// waits on disk. What could not be checked is an alarm too, and keeps its state.
#[derive(clap::Args)]
#[command(after_long_help = HELP)]
pub(super) struct Args {
    /// Check once, send what is new, and end
    #[arg(long, conflicts_with_all = ["every", "list", "acknowledge"], help_heading = "What to do")]
    once: bool,

    /// Show the alarms that are open, and check nothing
    #[arg(long, conflicts_with_all = ["every", "acknowledge", "probe", "host_dir"], help_heading = "What to do")]
    list: bool,

    /// Say that someone takes care of this alarm; --list shows the keys
    #[arg(long, value_name = "KEY", conflicts_with_all = ["every", "probe", "host_dir"], help_heading = "What to do")]
    acknowledge: Option<String>,

    /// Time between two checks, from 10s to 1d [default: `every` in watch.toml, else 5m]
    #[arg(long, value_name = "TIME", value_parser = interval, help_heading = "What to do")]
    every: Option<time::Duration>,

    /// Probe this port, too; can be repeated
    #[arg(long, value_name = "HOST:PORT", value_parser = value::endpoint)]
    probe: Vec<Endpoint>,

    /// Check the certificates and keys in this directory, too: as `cert issue --out-dir` fills it; can be repeated
    #[arg(long, value_name = "DIR")]
    host_dir: Vec<PathBuf>,

    /// The settings [default: watch.toml in the CA's ca_conf]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

fn interval(text: &str) -> Result<time::Duration, String> {
    let (seconds, day) = (time::Duration::seconds(10), time::Duration::DAY);
    let wrong = || "must be a time from `10s` to `1d`, as in `5m`".to_owned();
    value::duration(text)
        .ok()
        .or_else(|| seconds_of(text))
        .filter(|time| (seconds..=day).contains(time))
        .ok_or_else(wrong)
}

/// `30s` and `5m`, which are too short for what else is said in days.
fn seconds_of(text: &str) -> Option<time::Duration> {
    let (count, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let count: i64 = count.parse::<u32>().ok()?.into();
    match unit {
        "s" => Some(time::Duration::seconds(count)),
        "m" => Some(time::Duration::minutes(count)),
        _ => None,
    }
}

pub(super) fn run(args: Args, global: &Global, env: &mut Env, server: &'static dyn Server) -> CommandResult {
    let order = WatchOrder {
        directory: global.existing_directory(env)?,
        settings: args.config,
        probe: args.probe,
        host_dirs: args.host_dir,
        every: args.every,
    };
    let task = match (args.once, args.list, args.acknowledge) {
        (true, ..) => WatchTask::Once,
        (_, true, _) => WatchTask::List,
        (.., Some(key)) => WatchTask::Acknowledge {
            key,
            by: login_name(env),
        },
        _ => return Ok(daemon(order, global, server)),
    };
    let report = server.watch(&order, &task, env)?;
    let outcome = Outcome::report(&report, &[], global);
    Ok(match task {
        WatchTask::Once => Outcome {
            ending: ending(&report),
            ..outcome
        },
        WatchTask::List | WatchTask::Acknowledge { .. } => outcome,
    })
}

fn ending(report: &WatchReport) -> Ending {
    match (report.not_checked.len(), report.alarms.is_empty()) {
        (0, true) => Ending::Yes,
        (0, false) => Ending::No,
        (count, _) => Ending::Partly(Failure::cannot(
            "watch.not_checked",
            match count {
                1 => "one thing could not be checked".into(),
                count => format!("{count} things could not be checked"),
            },
        )),
    }
}

/// Writes what it sees while it sees it.
fn daemon(order: WatchOrder, global: &Global, server: &'static dyn Server) -> Outcome {
    let (json, quiet, screen) = (global.json, global.quiet, global.screen);
    Outcome::stream(move |out| {
        let mut written = Ok(());
        let mut told = |what: Watched<'_>| {
            let text = match what {
                Watched::First(report) if json => to_json(report, &[]),
                Watched::First(_) if quiet => String::new(),
                Watched::First(report) => to_text(report, false, screen),
                Watched::Event { json: document, .. } if json => format!("{document}\n"),
                Watched::Event { .. } if quiet => String::new(),
                Watched::Event { line, .. } => format!("{line}\n"),
                Watched::Trouble(words) => {
                    super::print::write_stderr(&format!("warning: {}\n", visible(words)));
                    String::new()
                }
            };
            let arrived = out.write_all(text.as_bytes()).and_then(|()| out.flush());
            if written.is_ok() {
                written = arrived;
            }
            written.is_ok()
        };
        let watched = server.watch_on(order, &mut told);
        watched.map_err(|error| StreamError::Input(Failure::from(error)))?;
        Ok(written?)
    })
}
