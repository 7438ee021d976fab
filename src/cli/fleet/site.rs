//! What every command about the state of a fleet opens: the inventory, its CA, and where bundles are written.

use std::path::PathBuf;

use super::inventory_args::InventoryArgs;
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use gsec_ca::authority::Authority;
use gsec_deliver::rollout::{Fleet, Output};
use gsec_env::Env;
use gsec_platform::inventory::{Host, Inventory};

/// Where bundles are written, beside the inventory.
const OUTPUT: &str = "out";

/// The inventory and its CA.
pub(super) struct Site {
    pub(super) inventory: Inventory,
    pub(super) authority: Authority,
    pub(super) output: Output,
}

impl Site {
    pub(super) fn open(args: &InventoryArgs, global: &Global, env: &Env) -> Result<Self, Failure> {
        let inventory = args.read(env)?;
        let ca_dir: Option<PathBuf> = inventory.ca_dir.as_ref().map(|directory| args.beside(directory));
        let out_dir = inventory
            .out_dir
            .as_ref()
            .map_or(OUTPUT, |directory| directory.as_str());
        Ok(Self {
            authority: global.open_authority_or(ca_dir, env)?,
            output: Output::new(args.beside(out_dir)),
            inventory,
        })
    }

    /// What the inventory asks for, of the hosts that a pattern admits.
    pub(super) fn fleet(&self, only: Option<&str>, env: &Env) -> Result<Fleet<'_>, Failure> {
        let fleet = Fleet::of(&self.inventory, &self.authority, env.clock.now())?;
        let Some(only) = only else { return Ok(fleet) };
        let fleet = fleet.only(only);
        if fleet.hosts.is_empty() && fleet.problems.is_empty() {
            return Err(Failure::cannot("fleet-no-host", nothing_of(&fleet, only)));
        }
        Ok(fleet)
    }
}

/// Why a pattern leaves nothing.
fn nothing_of(fleet: &Fleet<'_>, only: &str) -> String {
    let hosts = fleet.inventory.hosts.iter();
    let matching: Vec<&Host> = hosts.filter(|host| fleet.admits(host)).collect();
    match matching.as_slice() {
        [] => format!("no host of the inventory matches `{only}`"),
        [host] => format!(
            "host `{}` has `certificate = \"none\"`: there is nothing to do for it",
            host.name.value
        ),
        hosts => format!(
            "the {} hosts that match `{only}` have `certificate = \"none\"`: there is nothing to do for them",
            hosts.len()
        ),
    }
}
