//! `gsec fleet status`.

use std::collections::HashMap;
use std::num::NonZero;
use std::time::Duration;

use super::inventory_args::InventoryArgs;
use super::site::Site;
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::value;
use gsec_deliver::rollout::{Fleet, Look, Plan, PortState, expected, probe_ports, serving_ports};
use gsec_env::{Env, all_cores};
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::x509::{Certificate, rfc3339};
use gsec_report::{FleetStatusReport, HostStatus, NextSteps, PortStatus};
use time::OffsetDateTime;

/// Connections at the same time, unless `--jobs` says otherwise.
const JOBS: usize = 64;

/// Show whether hosts have their certificates, and ports serve them
///
/// With `--probe`, gsec connects to each secured port of the inventory, and compares the certificate that it serves with
/// the one that it is to serve: an older certificate of this CA, one of another issuer, and plain text are told apart. Nothing
/// is changed.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec fleet status --inventory fleet.toml
  $ gsec fleet status --inventory fleet.toml --expires-within 60d --json
  $ gsec fleet status --inventory fleet.toml --probe",
no = "a host lacks its certificate, one ends soon, or a port serves another"))]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    inventory: InventoryArgs,

    /// Ask each secured port for its certificate
    #[arg(long)]
    probe: bool,

    /// Certificates that end within this time count as not in order (`12h`, `30d`, `4w`)
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    expires_within: Option<time::Duration>,

    /// Number of connections at the same time [default: 64]
    #[arg(long, value_name = "N", requires = "probe")]
    jobs: Option<NonZero<usize>>,

    /// Timeout for one step of a connection
    #[arg(long, value_name = "TIME", requires = "probe", default_value = "5s", value_parser = value::timeout)]
    timeout: Duration,

    /// Only hosts whose name or FQDN matches; `*` and `?` stand for anything
    #[arg(long, value_name = "GLOB")]
    only: Option<String>,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let site = Site::open(&args.inventory, global, env)?;
    let fleet = site.fleet(args.only.as_deref(), env)?;
    let now = env.clock.now();
    let plan = Look::take(&fleet, &site.authority, &site.output, all_cores(), now)?.plan;
    let certificates = expected(&fleet, &site.authority, now)?;
    let soon = args.expires_within.map(|within| now + within);
    let hosts: Vec<HostStatus> = hosts(&fleet, &plan, &certificates, soon);
    let ports = args.probe.then(|| {
        let ports = serving_ports(&fleet);
        let jobs = args.jobs.map_or(JOBS, NonZero::get);
        let states = probe_ports(&fleet, &site.authority, &certificates, &ports, jobs, args.timeout);
        let status = |(port, state): (&gsec_deliver::rollout::ServingPort, PortState)| PortStatus {
            host: fleet.hosts[port.host].host.name.to_string(),
            of: port.of.clone(),
            port: port.number,
            state: state.code(),
            message: in_words(&state),
        };
        ports.iter().zip(states).map(status).collect::<Vec<_>>()
    });
    let is_ok = hosts.iter().all(|host| host.state == "ok")
        && ports.iter().flatten().all(|port| port.state == "serves");
    let report = FleetStatusReport {
        ok: is_ok,
        next: next(args, &hosts),
        hosts,
        ports,
    };
    Ok(Outcome::noticed(&report, Vec::new(), global).answering(is_ok))
}

fn hosts(
    fleet: &Fleet<'_>,
    plan: &Plan,
    certificates: &[Option<Certificate>],
    soon: Option<OffsetDateTime>,
) -> Vec<HostStatus> {
    let steps: HashMap<&str, _> = plan
        .certificates
        .iter()
        .map(|step| (step.host.as_str(), step))
        .collect();
    let problems: HashMap<&str, _> = plan
        .problems
        .iter()
        .map(|problem| (problem.host.as_str(), problem))
        .collect();
    let of_host = |(host, certificate): (&gsec_deliver::rollout::FleetHost<'_>, &Option<Certificate>)| {
        let called = host.host.name.as_str();
        let (step, problem) = (steps.get(called), problems.get(called));
        let ends_soon = certificate
            .as_ref()
            .zip(soon)
            .is_some_and(|(own, soon)| own.not_after() < soon);
        let (state, message) = match (problem, step) {
            (Some(problem), _) => ("problem", Some(problem.message.clone())),
            (None, Some(step)) => {
                let words: Vec<&str> = step
                    .reasons
                    .iter()
                    .map(|reason| reason.message.as_str())
                    .collect();
                (
                    if certificate.is_none() { "missing" } else { "due" },
                    Some(words.join("; ")),
                )
            }
            (None, None) if ends_soon => ("expiring", None),
            (None, None) => ("ok", None),
        };
        HostStatus {
            host: called.to_owned(),
            name: host.name.value(),
            state,
            serial: certificate.as_ref().map(|own| own.serial().to_string()),
            not_after: certificate.as_ref().map(|own| rfc3339(own.not_after())),
            message,
        }
    };
    let unusable = fleet.problems.iter().map(|problem| HostStatus {
        host: problem.host.clone(),
        name: problem.host.clone(),
        state: "problem",
        serial: None,
        not_after: None,
        message: Some(problem.message.clone()),
    });
    fleet
        .hosts
        .iter()
        .zip(certificates)
        .map(of_host)
        .chain(unusable)
        .collect()
}

/// What is wrong with a port; `None` where it serves what it is to serve.
pub(super) fn in_words(state: &PortState) -> Option<String> {
    Some(match state {
        PortState::Serves => return None,
        PortState::Old { serial, not_after } => {
            format!(
                "serves the older certificate {serial}, valid until {}",
                rfc3339(*not_after)
            )
        }
        PortState::Foreign { title } => format!("serves a certificate that this CA did not issue: {title}"),
        PortState::Plain => "speaks no TLS".to_owned(),
        PortState::Unreachable { why } => why.clone(),
        PortState::NothingToServe => "the CA has no certificate for this host".to_owned(),
    })
}

fn next(args: &Args, hosts: &[HostStatus]) -> NextSteps {
    let is_due = hosts.iter().any(|host| matches!(host.state, "due" | "missing"));
    match is_due {
        true => NextSteps::default()
            .command(&CommandLine::new("gsec fleet plan --inventory").path(&args.inventory.inventory)),
        false => NextSteps::default(),
    }
}
