//! `gsec fleet check`.

use std::path::Path;

use super::facts;
use super::inventory_args::InventoryArgs;
use crate::cli::failure::Failure;
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use gsec_env::Env;
use gsec_platform::finding::Finding;
use gsec_platform::fleet::check::{Checked, Counts, NotChecked, check};
use gsec_platform::inventory::{Inventory, Reading};
use gsec_report::{FindingCounts, FleetCheckReport, FleetSize, NotCheckedPart, PlacedFinding};

/// Check an inventory against the rules of the platform
///
/// Finds names that nothing has, ports that clash, missing certificates, connections whose ends do not agree on TLS, pairs whose
/// servers differ, and client ports that cannot work. Compares with the policy and certificates of the CA in `ca_dir`, if it
/// can be opened, and finds what `fleet plan` would refuse. Says what was not checked. Changes nothing.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec fleet check
  $ gsec fleet check --inventory fleet.toml --json",
no = "at least one error was found"))]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    inventory: InventoryArgs,

    /// Also look up the names of all hosts, and their addresses backwards
    #[arg(long)]
    resolve: bool,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let report = checked(&args.inventory, args.resolve, global, env)?;
    let is_fine = report.ok;
    Ok(Outcome::report(&report, &[], global).answering(is_fine))
}

/// The inventory in a file, without looking names up.
pub(in crate::cli) fn of_file(path: &Path, global: &Global, env: &Env) -> Result<FleetCheckReport, Failure> {
    let inventory = InventoryArgs {
        inventory: path.to_owned(),
    };
    checked(&inventory, false, global, env)
}

fn checked(
    args: &InventoryArgs,
    resolves: bool,
    global: &Global,
    env: &Env,
) -> Result<FleetCheckReport, Failure> {
    let reading = args.reading(env)?;
    let checked = match is_whole(&reading) {
        true => {
            let ca_dir = reading.inventory.ca_dir.as_ref();
            let ca_dir = ca_dir.map(|directory| args.beside(directory));
            let authority = global.open_authority_or(ca_dir, env);
            let facts = facts::collect(args, &reading.inventory, &authority, resolves, env.clock.now());
            check(&reading.inventory, &facts)
        }
        false => not_whole(),
    };
    Ok(report(args, &reading, checked))
}

/// Whether all of it was read: what is missing otherwise would be found again wherever it is named.
fn is_whole(reading: &Reading) -> bool {
    !reading.findings.iter().any(Finding::is_error)
}

fn not_whole() -> Checked {
    Checked {
        findings: Vec::new(),
        counts: Counts::default(),
        not_checked: vec![NotChecked {
            part: "rest",
            is_prevented: true,
            what: "everything else",
            why: "a part of the inventory could not be read".into(),
        }],
    }
}

fn report(args: &InventoryArgs, reading: &Reading, checked: Checked) -> FleetCheckReport {
    let mut findings: Vec<Finding> = [reading.findings.clone(), checked.findings].concat();
    findings.sort_by_key(|finding| finding.places.first().map(|place| (place.line, place.column)));
    let findings: Vec<PlacedFinding> = findings.into_iter().map(PlacedFinding::from).collect();
    let of_reading = reading.findings.iter().cloned().map(PlacedFinding::from);
    let of_reading: Vec<PlacedFinding> = of_reading.collect();
    let mut counts = FindingCounts::of(&of_reading);
    counts.error += reading.left_out + checked.counts.errors;
    counts.warning += checked.counts.warnings;
    counts.notice += checked.counts.notices;
    let not_checked = checked.not_checked.into_iter().map(|part| NotCheckedPart {
        part: part.part,
        what: part.what,
        why: part.why,
        is_prevented: part.is_prevented,
    });
    FleetCheckReport::new(
        shown(&args.inventory),
        size(&reading.inventory),
        counts,
        findings,
        not_checked.collect(),
    )
}

fn size(inventory: &Inventory) -> FleetSize {
    FleetSize {
        hosts: inventory.hosts.len(),
        applications: inventory.apps.len(),
        ports: inventory.apps.iter().map(|app| app.ports.len()).sum(),
        connections: inventory.apps.iter().map(|app| app.connections.len()).sum(),
        pairs: inventory.pairs.len(),
    }
}
