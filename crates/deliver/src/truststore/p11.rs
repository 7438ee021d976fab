//! What p11-kit manages, on systems whose own layout gsec does not know: its program `trust` changes and reads it.

use std::path::{Path, PathBuf};

use super::files::{Digest, certificates_of};
use super::{Found, Machine, Standing, TrustError};
use gsec_env::{ProgramCall, ProgramEnd};

const PROGRAM: &str = "trust";

/// The store of p11-kit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct P11 {
    program: PathBuf,
}

impl P11 {
    pub(super) fn of(machine: &Machine<'_>) -> Result<Self, TrustError> {
        let program = machine.programs.find(PROGRAM).ok_or(TrustError::NoProgram {
            program: PROGRAM,
            store: "p11-kit".into(),
        })?;
        Ok(Self { program })
    }

    /// The program: which files it has chosen, it does not say.
    pub(super) fn path(&self) -> &Path {
        &self.program
    }

    pub(super) fn expect_changeable(&self) -> Result<(), TrustError> {
        if rustix::process::geteuid().is_root() {
            Ok(())
        } else {
            Err(TrustError::NeedsRoot(self.program.clone()))
        }
    }

    fn run(&self, call: ProgramCall, machine: &Machine<'_>) -> Result<ProgramEnd, TrustError> {
        let end = machine.programs.run(&call)?;
        if end.is_success() {
            return Ok(end);
        }
        Err(TrustError::Failed {
            program: call.name(),
            store: self.program.clone(),
            words: end.last_words(),
        })
    }

    /// `trust list` shows no certificates, so what programs would read is extracted, and read.
    pub(super) fn look(&self, digest: &Digest, machine: &Machine<'_>) -> Result<Found, TrustError> {
        let folder =
            tempfile::tempdir().map_err(gsec_ca::files::FilesError::io("create", Path::new("/tmp")))?;
        let bundle = folder.path().join("anchors.pem");
        let call = ProgramCall::new(&self.program).args([
            "extract",
            "--format=pem-bundle",
            "--filter=ca-anchors",
            "--purpose=server-auth",
            "--overwrite",
        ]);
        self.run(call.arg(&bundle), machine)?;
        let standing = if certificates_of(&bundle)?.contains(digest) {
            Standing::Present
        } else {
            Standing::Absent
        };
        Ok(Found {
            standing,
            places: Vec::new(),
            distrusted_by: None,
        })
    }

    pub(super) fn add(&self, file: &Path, machine: &Machine<'_>) -> Result<(), TrustError> {
        let call = ProgramCall::new(&self.program)
            .args(["anchor", "--store"])
            .arg(file);
        self.run(call, machine).map(drop)
    }

    pub(super) fn remove(&self, file: &Path, machine: &Machine<'_>) -> Result<(), TrustError> {
        let call = ProgramCall::new(&self.program)
            .args(["anchor", "--remove"])
            .arg(file);
        self.run(call, machine).map(drop)
    }
}
