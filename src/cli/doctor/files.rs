//! Files as targets of `gsec doctor`.

use std::path::{Path, PathBuf};

use super::Args;
use super::target::Target;
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::doctor::{Examination, Selection};
use crate::env::Env;

/// What is asked about files.
#[derive(clap::Args)]
#[command(next_help_heading = "Files")]
pub(super) struct FileArgs {
    /// The private key that shall belong to the certificates
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
}

/// The files among the targets, read.
pub(super) struct Files {}

pub(super) fn read_all(_targets: &[Target], _args: &Args, _global: &Global, _env: &mut Env) -> Result<Files, Failure> {
    Ok(Files {})
}

impl Files {
    pub(super) fn examine(&self, _path: &Path, _selection: &Selection, _args: &Args, _env: &Env) -> Result<Examination, Failure> {
        Err(Failure::cannot("doctor.not_there_yet", "files cannot be examined yet"))
    }
}
