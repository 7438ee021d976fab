//! `gsec fleet`: all hosts of an inventory at once.

mod apply;
mod check;
mod explain;
mod facts;
mod import;
mod inventory_args;
mod plan;
mod push;
mod refused;
mod render;
mod schema;
mod site;
mod status;
mod timer;

use clap::Subcommand;

pub(super) use check::of_file;
pub(super) use inventory_args::is_inventory;

use super::global::Global;
use super::lazy::Lazy;
use super::outcome::CommandResult;
use gsec_env::Env;

/// Check and certify all hosts of an inventory
#[derive(Subcommand)]
pub(super) enum Command {
    Check(Lazy<check::Args>),
    Plan(Lazy<plan::Args>),
    Apply(Lazy<apply::Args>),
    Status(Lazy<status::Args>),
    Explain(Lazy<explain::Args>),
    #[command(subcommand)]
    Render(render::Command),
    Import(Lazy<import::Args>),
    Timer(Lazy<timer::Args>),
    Schema(Lazy<schema::Args>),
}

pub(super) fn run(command: Command, global: &Global, env: &mut Env) -> CommandResult {
    match command {
        Command::Check(args) => check::run(&args, global, env),
        Command::Plan(args) => plan::run(&args, global, env),
        Command::Apply(args) => apply::run(&args, global, env),
        Command::Status(args) => status::run(&args, global, env),
        Command::Explain(args) => explain::run(&args, global, env),
        Command::Render(command) => render::run(command, global, env),
        Command::Import(args) => import::run(&args, global, env),
        Command::Timer(args) => timer::run(&args, global, env),
        Command::Schema(_) => Ok(schema::run()),
    }
}
