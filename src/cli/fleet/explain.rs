//! `gsec fleet explain`.

use super::inventory_args::InventoryArgs;
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::value;
use gsec_env::Env;
use gsec_pki::encoding::visible::visible;
use gsec_platform::finding::masked;
use gsec_platform::fleet::explain::{
    Chain, End, Model, Row, Said, Source, TargetError, explain, find_target, findings,
};
use gsec_platform::inventory::{Inventory, PortMode};
use gsec_report::{
    ExplainedConnection, ExplainedEnd, ExplainedLevel, ExplainedOption, ExplainedPort, FindingCounts,
    FleetExplainReport, PlacedFinding,
};

/// The most names that a hint lists.
const MAX_NAMES: usize = 12;

/// Show the security settings of an application, and where each is set
///
/// The platform looks for an option at the port or the connection first, then at the application, then at the host. Two
/// models of this are documented: `set` takes all options of a certificate from the first level that has any of them,
/// `each` looks up every option by itself. Both are shown, and where they differ it is an error.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec fleet explain TServer_P
  $ gsec fleet explain TServer_P:secure --model set
  $ gsec fleet explain 'TServer_P->ConfServ' --json",
no = "certificate, key and CA come from different levels in the two models"))]
pub(in crate::cli) struct Args {
    /// The application; `APP:PORT` for one of its ports, `APP->SERVER` for its connections to a server
    #[arg(value_name = "APP[:PORT|->SERVER]")]
    target: String,

    #[command(flatten)]
    inventory: InventoryArgs,

    /// How options are looked up: set, each, or both for a comparison
    #[arg(long, value_name = "MODEL", default_value = "both", value_parser = value::one_of(&Models::ALL, Models::name))]
    model: Models,
}

/// Which models are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Models {
    One(Model),
    Both,
}

impl Models {
    const ALL: [Self; 3] = [Self::One(Model::Set), Self::One(Model::Each), Self::Both];

    fn name(self) -> &'static str {
        match self {
            Self::One(model) => model.name(),
            Self::Both => "both",
        }
    }
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let inventory = args.inventory.read(env)?;
    let target = find_target(&inventory, &args.target).map_err(|error| not_found(&error))?;
    let chains = explain(&inventory, &target);
    let found: Vec<PlacedFinding> = findings(&inventory, &chains)
        .into_iter()
        .filter(|finding| args.model == Models::Both || !finding.is_error())
        .map(PlacedFinding::from)
        .collect();
    let counts = FindingCounts::of(&found);
    let report = FleetExplainReport {
        ok: counts.error == 0,
        inventory: inventory.source.file().to_owned(),
        model: args.model.name(),
        explained: chains
            .iter()
            .map(|chain| end(&inventory, chain, args.model))
            .collect(),
        counts,
        findings: found,
    };
    Ok(Outcome::report(&report, &[], global).answering(report.ok))
}

fn not_found(error: &TargetError) -> Failure {
    let names = |names: &[String], what: &str| match names.is_empty() {
        true => format!("the inventory has no {what} of it"),
        false => {
            let shown: Vec<String> = names.iter().take(MAX_NAMES).map(|name| visible(name)).collect();
            let more = if names.len() > MAX_NAMES { ", …" } else { "" };
            format!("there is: {}{more}", shown.join(", "))
        }
    };
    let (code, hint) = match error {
        TargetError::App { meant, .. } => (
            "fleet.unknown_app",
            meant
                .as_ref()
                .map(|meant| format!("`{}` may be meant", visible(meant))),
        ),
        TargetError::Port { known, .. } => ("fleet.unknown_port", Some(names(known, "port"))),
        TargetError::Server { known, .. } => ("fleet.unknown_server", Some(names(known, "connection"))),
    };
    hint.into_iter()
        .fold(Failure::cannot(code, error.to_string()), Failure::hint)
}

fn end(inventory: &Inventory, chain: &Chain<'_>, models: Models) -> ExplainedEnd {
    let (role, port, connects_to) = match chain.end {
        End::Port(port) => {
            let port = ExplainedPort {
                id: port.id.value.clone(),
                number: port.number.value,
                mode: mode(port.mode.value),
            };
            ("server", Some(port), None)
        }
        End::Connection(to) => {
            let other = ExplainedConnection {
                application: to.to.value.clone(),
                port: to.port_id().to_owned(),
            };
            ("client", None, Some(other))
        }
        End::Application => ("application", None, None),
    };
    let levels = chain.levels.iter().map(|level| ExplainedLevel {
        level: level.level.name(),
        options: level.options,
    });
    ExplainedEnd {
        role,
        application: chain.app.name.value.clone(),
        host: chain.app.host.value.clone(),
        port,
        connects_to,
        documented_model: chain.documented.map(Model::name),
        levels: levels.collect(),
        options: chain
            .rows
            .iter()
            .flat_map(|row| options(inventory, row, models))
            .collect(),
        not_known: chain.not_known.clone(),
    }
}

fn mode(mode: PortMode) -> &'static str {
    match mode {
        PortMode::Unsecured => "unsecured",
        PortMode::Secured => "secured",
        PortMode::AutoDetect => "auto-detect",
    }
}

/// An option as one model has it, or as both have it; twice where they differ.
fn options(inventory: &Inventory, row: &Row, models: Models) -> Vec<ExplainedOption> {
    let of = |model: &'static str, source: Option<&Source>| ExplainedOption {
        option: row.option,
        model,
        differs: models == Models::Both && row.differs(),
        state: match source.map(|source| &source.said) {
            Some(Said::Value(_)) => "set",
            Some(Said::Assigned) => "assigned",
            None => "not-set",
        },
        value: source.and_then(|source| match &source.said {
            Said::Value(value) => Some(masked(value)),
            Said::Assigned => None,
        }),
        level: source.map(|source| source.level.name()),
        field: source.map(|source| source.field.clone()),
        place: source.map(|source| inventory.source.place(&source.span).into()),
    };
    match models {
        Models::One(model) => vec![of(model.name(), row.of(model))],
        Models::Both if row.differs() => Model::ALL
            .iter()
            .map(|model| of(model.name(), row.of(*model)))
            .collect(),
        Models::Both => vec![of("both", row.set.as_ref())],
    }
}
