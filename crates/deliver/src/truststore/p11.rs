//! What p11-kit manages, on systems whose own layout gsec does not know: its program `trust` changes and reads it.

use std::path::{Path, PathBuf};

use super::files::{Digest, certificate_of, certificates_of};
use super::{Found, Machine, Standing, TrustError};
use gsec_ca::files::FilesError;
use gsec_env::{ProgramCall, ProgramEnd};
use gsec_pki::x509::Certificate;

const PROGRAM: &str = "trust";
/// What stands for the store's path.
const NAME: &str = "p11-kit";

/// The store of p11-kit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct P11 {
    program: PathBuf,
}

impl P11 {
    pub(super) fn of(machine: &Machine<'_>) -> Result<Self, TrustError> {
        let program = machine.programs.find(PROGRAM).ok_or(TrustError::NoProgram {
            program: PROGRAM,
            store: NAME.into(),
        })?;
        Ok(Self { program })
    }

    /// Its name: which files its program has chosen, that does not say.
    pub(super) fn path(&self) -> &Path {
        Path::new(NAME)
    }

    pub(super) fn expect_changeable(&self) -> Result<(), TrustError> {
        if rustix::process::geteuid().is_root() {
            Ok(())
        } else {
            Err(TrustError::NeedsRoot(NAME.into()))
        }
    }

    /// The machine's store, without what a user has configured.
    fn call(&self) -> ProgramCall {
        ProgramCall::new(&self.program).variable("P11_KIT_NO_USER_CONFIG", "1")
    }

    fn run(&self, call: ProgramCall, machine: &Machine<'_>) -> Result<ProgramEnd, TrustError> {
        let end = machine.programs.run(&call)?;
        if end.is_success() {
            return Ok(end);
        }
        Err(TrustError::Failed {
            program: call.name(),
            store: NAME.into(),
            words: end.last_words(),
        })
    }

    /// `trust list` shows no certificates, so what programs would read is extracted, and read.
    pub(super) fn look(&self, digest: &Digest, machine: &Machine<'_>) -> Result<Found, TrustError> {
        let anchors = self.extracted(&["--filter=ca-anchors", "--purpose=server-auth"], digest, machine)?;
        if anchors.0 {
            return Ok(Found {
                standing: Standing::Present,
                in_effect: true,
                certificate: anchors.1,
                ..Found::absent()
            });
        }
        // Its name in versions before 0.23.21.
        let distrusted = self
            .extracted(&["--filter=blocklist"], digest, machine)
            .or_else(|_| self.extracted(&["--filter=blacklist"], digest, machine))?;
        if distrusted.0 {
            return Ok(Found {
                standing: Standing::Distrusted,
                distrusted_by: Some("the list of distrusted certificates".into()),
                ..Found::absent()
            });
        }
        let is_there = self.extracted(&["--filter=certificates"], digest, machine)?.0;
        Ok(Found {
            standing: if is_there {
                Standing::Stale
            } else {
                Standing::Absent
            },
            ..Found::absent()
        })
    }

    /// Whether what the program extracts has a certificate, and the certificate.
    fn extracted(
        &self,
        filter: &[&str],
        digest: &Digest,
        machine: &Machine<'_>,
    ) -> Result<(bool, Option<Certificate>), TrustError> {
        // Not where TMPDIR says: in a directory of another user it could be exchanged before it is read.
        let place = Path::new("/tmp");
        let folder = tempfile::tempdir_in(place).map_err(FilesError::io("create a directory in", place))?;
        let bundle = folder.path().join("anchors.pem");
        let call = self
            .call()
            .args(["extract", "--format=pem-bundle", "--overwrite"])
            .args(filter);
        self.run(call.arg(&bundle), machine)?;
        let is_there = certificates_of(&bundle)?.contains(digest);
        Ok((is_there, certificate_of(&bundle, digest)))
    }

    /// The program ends with an error where it cannot run a script that only some systems have, after it has stored the CA: what the store
    /// says then decides.
    pub(super) fn add(&self, file: &Path, digest: &Digest, machine: &Machine<'_>) -> Result<(), TrustError> {
        let call = self.call().args(["anchor", "--store"]).arg(file);
        let stored = self.run(call, machine).map(drop);
        stored.or_else(|error| self.expect(Standing::Present, digest, error, machine))
    }

    pub(super) fn remove(
        &self,
        file: &Path,
        digest: &Digest,
        machine: &Machine<'_>,
    ) -> Result<(), TrustError> {
        let call = self.call().args(["anchor", "--remove"]).arg(file);
        let removed = self.run(call, machine).map(drop);
        removed.or_else(|error| self.expect(Standing::Absent, digest, error, machine))
    }

    fn expect(
        &self,
        standing: Standing,
        digest: &Digest,
        error: TrustError,
        machine: &Machine<'_>,
    ) -> Result<(), TrustError> {
        match self.look(digest, machine) {
            Ok(found) if found.standing == standing => Ok(()),
            _ => Err(error),
        }
    }
}
