//! `gsec fleet status`.

use std::num::NonZero;
use std::time::Duration;

use super::inventory_args::InventoryArgs;
use super::site::Site;
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::value;
use gsec_deliver::rollout::{
    Fleet, FleetHost, Has, HostProblem, PortState, Reason, certificates, expected, probe_ports,
    serving_ports, unprobed_ports,
};
use gsec_env::{Env, all_cores};
use gsec_pki::x509::{Certificate, rfc3339};
use gsec_report::{FleetStatusReport, HostStatus, NextSteps, NotCheckedPart, PortStatus, counted};
use time::OffsetDateTime;

/// Connections at the same time, unless `--jobs` says otherwise.
const JOBS: usize = 64;

/// Show whether hosts have their certificates, and ports serve them
///
/// With `--probe`, gsec connects to each secured port of the inventory, and compares the certificate that it serves with
/// the one that it is to serve: an older certificate of this CA, one of another issuer, and plain text are told apart.
/// Bundles are not checked: `fleet plan` compares them. Nothing is changed.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec fleet status --inventory fleet.toml
  $ gsec fleet status --inventory fleet.toml --expires-within 60d --json
  $ gsec fleet status --inventory fleet.toml --probe",
no = "a host lacks its certificate, one ends soon, or a port serves another or cannot be reached"))]
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
    let has = certificates(&fleet, &site.authority, all_cores(), now)?;
    let newest = expected(&fleet, &site.authority, now)?;
    let soon = args.expires_within.map(|within| now + within);
    let hosts = hosts(&fleet, &has, &newest, soon);
    let ports = args.probe.then(|| ports(args, &site, &fleet, &newest));
    let is_wrong = hosts.iter().any(|host| !matches!(host.state, "ok" | "problem"))
        || ports
            .iter()
            .flatten()
            .any(|port| !matches!(port.state, "serves" | "not-probed"));
    let problems = hosts.iter().filter(|host| host.state == "problem").count();
    let report = FleetStatusReport {
        ok: !is_wrong && problems == 0,
        next: next(args, global, &hosts),
        not_checked: not_checked(ports.as_deref()),
        hosts,
        ports,
    };
    let outcome = Outcome::noticed(&report, Vec::new(), global);
    Ok(match problems {
        0 => outcome.answering(!is_wrong),
        _ if is_wrong => outcome.answering(false),
        count => outcome.lacking(Some(not_looked_at(count))),
    })
}

/// Of such hosts it cannot be said whether they have their certificates.
fn not_looked_at(count: usize) -> Failure {
    let hosts = counted(count, "host", "hosts");
    Failure::cannot("fleet-incomplete", format!("{hosts} could not be checked"))
}

fn ports(args: &Args, site: &Site, fleet: &Fleet<'_>, newest: &[Option<Certificate>]) -> Vec<PortStatus> {
    let ports = serving_ports(fleet);
    let jobs = args.jobs.map_or(JOBS, NonZero::get);
    let states = probe_ports(fleet, &site.authority, newest, &ports, jobs, args.timeout);
    let probed = ports.iter().zip(states).map(|(port, state)| PortStatus {
        host: fleet.hosts[port.host].host.name.to_string(),
        of: port.of.clone(),
        port: port.number,
        state: state.code(),
        message: in_words(&state),
    });
    let unprobed = unprobed_ports(fleet).into_iter().map(|port| PortStatus {
        host: port.host,
        of: port.of,
        port: port.number,
        state: "not-probed",
        message: Some(port.why.to_string()),
    });
    probed.chain(unprobed).collect()
}

fn not_checked(ports: Option<&[PortStatus]>) -> Vec<NotCheckedPart> {
    let part = |what, why: String| NotCheckedPart::new("", what, why);
    let unprobed = |ports: &[PortStatus]| ports.iter().filter(|port| port.state == "not-probed").count();
    let what = "what the ports serve";
    let of_ports = match ports {
        None => Some(part(what, "`--probe` connects to them".into())),
        Some([]) => Some(part(what, "the inventory has no port with TLS".into())),
        Some(ports) => match (unprobed(ports), ports.len()) {
            (0, _) => None,
            (count, all) => Some(part(
                what,
                format!("{count} of {all} ports were not probed: `--verbose` lists them"),
            )),
        },
    };
    let bundles = part("bundles", "`gsec fleet plan` compares them".into());
    of_ports.into_iter().chain([bundles]).collect()
}

fn hosts(
    fleet: &Fleet<'_>,
    has: &[Has],
    newest: &[Option<Certificate>],
    soon: Option<OffsetDateTime>,
) -> Vec<HostStatus> {
    let examined = fleet.hosts.iter().zip(has).zip(newest);
    let unusable = fleet.problems.iter().map(|problem| HostStatus {
        host: problem.host.clone(),
        name: problem.host.clone(),
        state: "problem",
        serial: None,
        not_after: None,
        message: Some(problem.message.clone()),
    });
    examined
        .map(|((host, has), newest)| of_host(host, has, newest.as_ref(), soon))
        .chain(unusable)
        .collect()
}

fn of_host(
    host: &FleetHost<'_>,
    has: &Has,
    newest: Option<&Certificate>,
    soon: Option<OffsetDateTime>,
) -> HostStatus {
    let ends_soon = newest.zip(soon).is_some_and(|(own, soon)| own.not_after() < soon);
    let (state, message) = match has {
        Has::Problem(HostProblem { message, .. }) => ("problem", Some(message.clone())),
        Has::Wanted { reasons, .. } if newest.is_none() => ("missing", Some(joined(reasons))),
        Has::Wanted { reasons, .. } => ("due", Some(joined(reasons))),
        Has::Certificate(_) if ends_soon => ("expiring", None),
        Has::Certificate(_) => ("ok", None),
    };
    HostStatus {
        host: host.host.name.to_string(),
        name: host.name.value(),
        state,
        serial: newest.map(|own| own.serial().to_string()),
        not_after: newest.map(|own| rfc3339(own.not_after())),
        message,
    }
}

fn joined(reasons: &[Reason]) -> String {
    let words: Vec<&str> = reasons.iter().map(|reason| reason.message.as_str()).collect();
    words.join("; ")
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
        PortState::NothingToServe => "the CA has no valid certificate for this host".to_owned(),
    })
}

fn next(args: &Args, global: &Global, hosts: &[HostStatus]) -> NextSteps {
    let is_due = hosts.iter().any(|host| matches!(host.state, "due" | "missing"));
    match is_due {
        true => args
            .inventory
            .next_step("gsec fleet plan", args.only.as_deref(), global),
        false => NextSteps::default(),
    }
}
