//! Whether anything came that says of a certificate that it is revoked, or is not any more: found out without reading what was there before.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::IndexPlace;
use super::host_pages::Stamp;
use super::log_seen::LogSeen;
use crate::home::{CaDir, StoreError};
use crate::records::RevocationState;

/// Where `ca.db` ended when somebody looked last.
#[derive(Default)]
pub(super) struct RevocationsSeen(Mutex<Index>);

#[derive(Default)]
struct Index {
    place: Option<IndexPlace>,
    /// Changes whenever a revoked record was appended, and when the file is another one, as after each change of a status.
    generation: u64,
}

impl std::fmt::Debug for RevocationsSeen {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("RevocationsSeen")
    }
}

impl RevocationsSeen {
    /// What is known now; `None` where the system does not tell whether a file is still what it was.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub(super) fn state(
        &self,
        ca_dir: &CaDir,
        log: &LogSeen,
        crls: impl Iterator<Item = PathBuf>,
    ) -> Result<Option<RevocationState>, StoreError> {
        let crls = crls.map(|path| stamp_of(&path)).collect::<Result<Vec<_>, _>>()?;
        if crls.iter().flatten().any(|stamp| !stamp.is_known()) {
            return Ok(None);
        }
        Ok(Some(RevocationState {
            index: self
                .0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .follow(ca_dir)?,
            log: log.look(ca_dir, |known| known.generation)?,
            crls: crls.into_iter().map(|stamp| stamp.map(Stamp::numbers)).collect(),
        }))
    }
}

impl Index {
    fn follow(&mut self, ca_dir: &CaDir) -> Result<u64, StoreError> {
        let mut is_changed = false;
        match &mut self.place {
            Some(place) => {
                let is_same = place.follow(&mut |record| is_changed |= record.revocation.is_some())?;
                is_changed |= !is_same;
            }
            none => *none = Some(IndexPlace::end_of(ca_dir)?),
        }
        self.generation += u64::from(is_changed);
        Ok(self.generation)
    }
}

/// `None` where there is no file.
fn stamp_of(path: &Path) -> Result<Option<Stamp>, StoreError> {
    match path.symlink_metadata() {
        Ok(metadata) => Ok(Some(Stamp::of(&metadata))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::io("read", path)(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{read_to_string, remove_file, rename, write};

    struct Ca {
        _folder: tempfile::TempDir,
        dir: CaDir,
        seen: (RevocationsSeen, LogSeen),
    }

    impl Ca {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("folder");
            let dir = CaDir::at(folder.path());
            std::fs::create_dir(dir.conf()).expect("ca_conf");
            let seen = Default::default();
            let ca = Self {
                _folder: folder,
                dir,
                seen,
            };
            write(ca.dir.index(), record("01")).expect("ca.db");
            write(ca.dir.audit_log(), line("cert.issue")).expect("audit.log");
            ca
        }

        fn state(&self) -> Option<RevocationState> {
            let (revocations, log) = &self.seen;
            let crls = [self.dir.crl()].into_iter();
            revocations.state(&self.dir, log, crls).expect("read")
        }

        /// What was done is noticed, once.
        #[track_caller]
        fn notices(&self, change: impl FnOnce(&CaDir)) {
            let before = self.state();
            assert!(before.is_some());
            change(&self.dir);
            let after = self.state();
            assert_ne!(after, before);
            assert_eq!(self.state(), after);
        }
    }

    fn record(serial: &str) -> String {
        format!("V\t361031201500Z\t\t{serial}\tunknown\t/CN=h{serial}.example.com\n")
    }

    fn line(action: &str) -> String {
        format!("{{\"seq\":1,\"time\":\"2030-03-26T12:00:00Z\",\"action\":\"{action}\",\"prev\":\"\"}}\n")
    }

    fn append(path: &Path, text: &str) {
        write(path, read_to_string(path).expect("a file") + text).expect("written");
    }

    fn replace(path: &Path, text: &str) {
        let new = path.with_extension("new");
        write(&new, text).expect("written");
        rename(new, path).expect("renamed");
    }

    #[test]
    fn certificates_that_are_issued_change_nothing_and_each_revocation_does() {
        let ca = Ca::new();
        let before = ca.state();
        append(&ca.dir.index(), &record("02"));
        append(&ca.dir.audit_log(), &line("cert.issue"));
        assert_eq!(ca.state(), before);
        ca.notices(|dir| append(&dir.audit_log(), &line("cert.revoke")));
        ca.notices(|dir| append(&dir.audit_log(), &line("crl.update")));
        // A line whose action is not where it is expected.
        ca.notices(|dir| append(&dir.audit_log(), "{\"prev\":\"\"}\n"));
        let revoked = record("03").replacen("V\t361031201500Z\t", "R\t361031201500Z\t261121201500Z", 1);
        ca.notices(|dir| append(&dir.index(), &revoked));
    }

    #[test]
    fn files_that_others_put_in_place_are_noticed_each_time() {
        let ca = Ca::new();
        let text = read_to_string(ca.dir.index()).expect("ca.db");
        // Of the same length, and the second may well get the inode of the first.
        for _ in 0..8 {
            ca.notices(|dir| replace(&dir.index(), &text));
        }
        ca.notices(|dir| write(dir.index(), "").expect("emptied"));
        let log = read_to_string(ca.dir.audit_log()).expect("audit.log");
        ca.notices(|dir| replace(&dir.audit_log(), &log));
        // In place, and longer: the line that was the last is another.
        ca.notices(|dir| write(dir.audit_log(), line("crl.make").repeat(3)).expect("written"));
        ca.notices(|dir| remove_file(dir.audit_log()).expect("removed"));
        ca.notices(|dir| write(dir.crl(), "a CRL").expect("written"));
        ca.notices(|dir| replace(&dir.crl(), "a CRL"));
        ca.notices(|dir| remove_file(dir.crl()).expect("removed"));
    }
}
