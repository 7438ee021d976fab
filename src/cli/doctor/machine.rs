//! This machine as target of `gsec doctor`.

use std::path::PathBuf;

use super::Args;
use super::files::Files;
use crate::cli::failure::Failure;
use crate::doctor::{Examination, Selection};
use crate::env::Env;

/// What is asked about this machine.
#[derive(clap::Args)]
#[command(next_help_heading = "This machine")]
pub(super) struct MachineArgs {
    /// The folder in which a host's certificate and the CA certificate shall be
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

pub(super) fn examine(_files: &Files, _selection: &Selection, _args: &Args, _env: &Env) -> Result<Examination, Failure> {
    Err(Failure::cannot("doctor.not_there_yet", "this machine cannot be examined yet"))
}
