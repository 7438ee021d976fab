//! `gsec fleet schema`.

use crate::cli::help::help;
use crate::cli::outcome::Outcome;
use gsec_platform::inventory;

/// Print the JSON Schema of the inventory, for editors
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec fleet schema
  $ gsec fleet schema > fleet.1.json"))]
pub(in crate::cli) struct Args {}

pub(in crate::cli) fn run() -> Outcome {
    Outcome::payload(format!("{:#}\n", inventory::schema()).into_bytes())
}
