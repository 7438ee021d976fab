//! Lines of the audit log about what a command changes while no server runs.

use std::sync::Arc;
use std::time::Duration;

use gsec_ca::authority::{Authority, AuthorityError, Noted, Session, Unlocked};
use gsec_ca::home::{CaDir, KeyFiles, LockWait};
use gsec_ca::records::Principal;
use gsec_env::{Clock, Env, SystemClock};
use gsec_signer::{Client, RemoteKeys};

use super::socket_of;
use crate::engine::{Recorder, Recording};

/// How long the lock of the CA directory is waited for.
const LOCK_TIMEOUT: Duration = Duration::from_secs(20);

/// The audit log of a CA directory.
pub(super) struct Log<'a> {
    pub(super) directory: &'a CaDir,
    /// Where the key is, if it is not there.
    pub(super) apart: Option<CaDir>,
    /// Who changes something, as the caller says.
    pub(super) by: Option<String>,
}

impl Log<'_> {
    /// Writes lines, signed where there is a signer that may be asked, or a key that needs no passphrase. The signature of a later line is for
    /// these too.
    ///
    /// # Errors
    /// [`AuthorityError`].
    pub(super) fn write(&self, noted: &[Noted]) -> Result<(), AuthorityError> {
        let authority = Authority::open(self.directory.clone())?;
        let unlocked = self.unlocked(&authority);
        let mut random = (Env::real().new_random)();
        let mut session = Session {
            action: "serve",
            now: SystemClock.now(),
            random: random.as_mut(),
            by: Principal::named(self.by.clone()).of_user(rustix::process::geteuid().as_raw()),
            wait: LockWait::silent(LOCK_TIMEOUT),
        };
        authority.note(noted, unlocked.as_ref(), &mut session)
    }

    fn unlocked(&self, authority: &Authority) -> Option<Unlocked> {
        match Client::connect(&socket_of(self.directory, None)) {
            Ok(client) => authority.unlock_with(RemoteKeys::of(client)).ok(),
            Err(_) => {
                let home = self.apart.as_ref().unwrap_or(self.directory);
                authority.unlock_with(Arc::new(KeyFiles::of(home, None))).ok()
            }
        }
    }
}

impl Recorder for Log<'_> {
    fn record(&self, noted: Vec<Noted>) -> Recording<'_> {
        let written = self.write(&noted).map_err(|error| error.to_string());
        Box::pin(async { written })
    }
}
