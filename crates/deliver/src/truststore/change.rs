//! Putting a CA into a store, and taking it out: each step can be the last, and the same call again goes on.

use super::before::{Before, expect_room};
use super::files::Digest;
use super::journal::{Entry, Journal, Stage};
use super::password::Passwords;
use super::shared::Shared;
use super::system::Refreshed;
use super::{Anchor, Found, Machine, Standing, Store, TrustError, look};
use gsec_ca::files::FilesError;
use std::path::{Path, PathBuf};

/// What came of putting a CA into a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// The store trusted it already.
    Already,
    /// The store trusts it: it was looked at.
    Installed,
    /// Its file is in its place, and this must be run inside of the other root directory.
    Placed(String),
}

/// What came of taking a CA out of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removed {
    /// The store did not have it.
    Absent,
    /// The store does not trust it any more.
    Removed(Restored),
    /// Its file is gone, and this must be run inside of the other root directory.
    TakenAway(String),
}

/// How a store is beside what it was before the CA was put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restored {
    /// Byte for byte as it was.
    Yes,
    /// Somebody else changed it since, so the CA alone was removed.
    ChangedSince,
    /// It is not known what it was, so the CA alone was removed.
    NotKnown,
    /// A program has it open, so the CA alone was removed.
    InUse,
}

/// A store, a CA, and what is needed to put it in or to take it out.
#[derive(Clone, Copy)]
pub struct Change<'a> {
    /// The store.
    pub store: &'a Store,
    /// The CA.
    pub anchor: &'a Anchor,
    /// Where copies are kept; `None` for another root directory.
    pub journal: Option<&'a Journal>,
    /// The disk and the programs.
    pub machine: &'a Machine<'a>,
    /// What opens the store.
    pub passwords: &'a Passwords,
}

/// Checks, without changing anything, that a CA could be put into a store.
///
/// # Errors
/// [`TrustError::Distrusted`], [`TrustError::Occupied`], and those of [`expect_changeable`].
pub fn expect_installable(
    store: &Store,
    anchor: &Anchor,
    found: &Found,
    machine: &Machine<'_>,
) -> Result<(), TrustError> {
    if let (Standing::Distrusted, Some(by)) = (found.standing, &found.distrusted_by) {
        return Err(TrustError::Distrusted {
            store: store.path().to_owned(),
            by: by.clone(),
        });
    }
    if let Store::System(system) = store {
        system.expect_free(anchor)?;
    }
    expect_changeable(store, machine)
}

/// Checks, without changing anything, that a store may be changed: that its program is there, that this user may, and that no other
/// user could change it too.
///
/// # Errors
/// [`TrustError::NeedsRoot`], [`TrustError::NoProgram`], [`TrustError::Exposed`].
pub fn expect_changeable(store: &Store, machine: &Machine<'_>) -> Result<(), TrustError> {
    match store {
        Store::System(system) => system.expect_changeable(machine),
        Store::Nss(database) => database.expect_changeable(machine),
        Store::Java(store) => store.expect_changeable(machine),
        Store::P11(store) => store.expect_changeable(),
    }
}

impl Change<'_> {
    /// Puts copies back where an earlier call was cut off with its program in the middle of a file, so that nothing can read it any more.
    ///
    /// # Errors
    /// [`TrustError::Files`].
    pub fn repair(&self) -> Result<(), TrustError> {
        match (self.journal, self.entry()) {
            (Some(journal), Some(entry)) if entry.stage != Stage::Added => journal.repair(
                &entry,
                &self.shared(),
                self.anchor.sha256(),
                self.machine,
                self.passwords,
            ),
            _ => Ok(()),
        }
    }

    fn look(&self) -> Result<Found, TrustError> {
        look(self.store, self.anchor, self.machine, self.passwords)
    }

    fn entry(&self) -> Option<Entry> {
        self.journal?.entry(self.store, self.anchor)
    }

    /// Puts the CA in, and looks whether it is trusted there. Where it is not, the store is as it was.
    ///
    /// # Errors
    /// [`TrustError::NotEffective`], [`TrustError::Distrusted`], [`TrustError::Exposed`], [`TrustError::NeedsRoot`], and what the tools and
    /// files say.
    pub fn install(&self) -> Result<Added, TrustError> {
        let found = self.look()?;
        if found.standing == Standing::Present {
            self.finish_adding()?;
            return Ok(Added::Already);
        }
        expect_installable(self.store, self.anchor, &found, self.machine)?;
        let before = self.before_adding()?;
        let entry = self.begin_adding().inspect_err(|_| self.forget())?;
        let added = self.add_and_look().and_then(|added| {
            self.expect_others_kept(&before, entry.as_ref())?;
            if let (Some(journal), Some(entry)) = (self.journal, entry.clone()) {
                journal.added(entry, self.store, self.anchor)?;
            }
            Ok(added)
        });
        added.map_err(|error| self.undone(error, &found, &before, entry.as_ref()))
    }

    /// What is there before the CA is put in.
    fn before_adding(&self) -> Result<Before, TrustError> {
        let Store::System(system) = self.store else {
            return self.before(&[]);
        };
        let file = system.own_file(self.anchor);
        if file.exists() {
            return self.before(&[file]);
        }
        Ok(self.before(&[])?.making(file, self.anchor.pem()?.into_bytes()))
    }

    /// What a tool of the store is about to write, and these files; where it has no room for that, nothing is begun.
    fn before(&self, files: &[PathBuf]) -> Result<Before, TrustError> {
        let written = self.store.written_files();
        expect_room(&written)?;
        Before::of(&[&written, files].concat(), &self.store.written_folders())
    }

    fn forget(&self) {
        if let Some(journal) = self.journal {
            journal.forget(self.store, self.anchor);
        }
    }

    /// An earlier call was cut off when the store had the CA, and before it said so.
    fn finish_adding(&self) -> Result<(), TrustError> {
        let (Some(journal), Some(entry)) = (self.journal, self.entry()) else {
            return Ok(());
        };
        match entry.stage {
            Stage::Added => Ok(()),
            Stage::Adding if self.nobody_else_changed(journal, &entry) => {
                journal.added(entry, self.store, self.anchor)
            }
            _ => {
                journal.forget(self.store, self.anchor);
                Ok(())
            }
        }
    }

    /// Takes copies; those of an earlier call that was cut off stay, where they still are what the store was.
    fn begin_adding(&self) -> Result<Option<Entry>, TrustError> {
        let Some(journal) = self.journal else {
            return Ok(None);
        };
        match self.entry() {
            Some(entry) if entry.stage == Stage::Adding && self.nobody_else_changed(journal, &entry) => {
                Ok(Some(entry))
            }
            _ => journal.begin(self.store, self.anchor, Stage::Adding).map(Some),
        }
    }

    fn nobody_else_changed(&self, journal: &Journal, entry: &Entry) -> bool {
        self.shared().iter().zip(&entry.groups).all(|(shared, group)| {
            journal.differs_by_one(group, shared, self.anchor.sha256(), self.machine, self.passwords)
        })
    }

    fn shared(&self) -> Vec<Shared> {
        self.store.shared_files()
    }

    /// Calls something with a file that has the certificate, where no other user can exchange it.
    fn with_file<T>(&self, act: impl FnOnce(&Path) -> Result<T, TrustError>) -> Result<T, TrustError> {
        let folder = self
            .journal
            .map_or_else(std::env::temp_dir, |journal| journal.folder().to_owned());
        let cannot = || FilesError::io("create a file in", &folder);
        let file = tempfile::Builder::new()
            .prefix(".gsec-")
            .suffix(".tmp")
            .tempfile_in(&folder)
            .map_err(cannot())?;
        std::fs::write(file.path(), self.anchor.pem()?).map_err(cannot())?;
        act(file.path())
    }

    fn add_and_look(&self) -> Result<Added, TrustError> {
        let (machine, passwords) = (self.machine, self.passwords);
        match self.store {
            Store::System(system) => {
                if system.add(self.anchor, machine)? != Refreshed::Yes {
                    return Ok(Added::Placed(system.command_after_adding()));
                }
            }
            Store::Nss(database) => {
                self.with_file(|file| database.add(self.anchor, file, machine, passwords))?;
            }
            Store::Java(store) => {
                self.with_file(|file| store.add(self.anchor, file, machine, passwords))?;
            }
            Store::P11(store) => self.with_file(|file| store.add(file, self.anchor.sha256(), machine))?,
        }
        match self.look()?.standing {
            Standing::Present => Ok(Added::Installed),
            _ => Err(TrustError::NotEffective {
                output: self.store.output().to_owned(),
                program: self.program(),
            }),
        }
    }

    /// Checks that a tool which says that all is well has not emptied a store.
    fn expect_others_kept(&self, before: &Before, entry: Option<&Entry>) -> Result<(), TrustError> {
        let Store::System(system) = self.store else {
            return Ok(());
        };
        let in_output = system.in_output()?;
        let is_in_output = |digest: &Digest| digest != self.anchor.sha256() && in_output.contains(digest);
        let mut is_emptied = before.without_links()?.iter().any(is_in_output);
        if let (Some(journal), Some(entry)) = (self.journal, entry) {
            is_emptied |= self.shared().iter().zip(&entry.groups).any(|(shared, group)| {
                journal.is_emptied(group, shared, self.anchor.sha256(), self.machine, self.passwords)
            });
        }
        if is_emptied {
            return Err(self.removed_more(system.tool()));
        }
        Ok(())
    }

    fn removed_more(&self, program: impl Into<String>) -> TrustError {
        TrustError::Failed {
            program: program.into(),
            store: self.store.path().to_owned(),
            words: Some("it removed more than this CA; the store was restored".into()),
        }
    }

    fn program(&self) -> String {
        match self.store {
            Store::System(system) => system.command_after_adding(),
            Store::Nss(_) => "certutil -A".into(),
            Store::Java(_) => "keytool -importcert".into(),
            Store::P11(_) => "trust anchor --store".into(),
        }
    }

    /// After an installation that failed: the store as it was before, and the failure with what could not be put back.
    fn undone(&self, error: TrustError, found: &Found, before: &Before, entry: Option<&Entry>) -> TrustError {
        if let (Store::P11(store), Standing::Absent) = (self.store, found.standing) {
            let _ = self.with_file(|file| store.remove(file, self.anchor.sha256(), self.machine));
        }
        let left = self.put_back(found, before);
        if let (Some(journal), Some(entry), true) = (self.journal, entry, left.is_empty()) {
            // Of a call that was cut off there may be an older copy.
            if entry.groups.iter().all(|group| journal.put_back(group).is_ok()) {
                journal.forget(self.store, self.anchor);
            }
        }
        with_left(error, left)
    }

    /// Puts the store back to what it was when this call began, and says what could not be.
    fn put_back(&self, found: &Found, before: &Before) -> Vec<String> {
        let is_as_found = || self.look().is_ok_and(|now| now.standing == found.standing);
        match self.store {
            // A browser writes there meanwhile: what it has written is not taken from it without need.
            Store::Nss(database) if database.is_in_use() && is_as_found() => Vec::new(),
            Store::P11(store) if !is_as_found() => vec![format!("`{}`", store.path().display())],
            _ => before.put_back(),
        }
    }

    /// Takes the CA out, and looks whether it is gone.
    ///
    /// # Errors
    /// [`TrustError::StillTrusted`], [`TrustError::Exposed`], [`TrustError::NeedsRoot`], and what the tools and files say.
    pub fn uninstall(&self) -> Result<Removed, TrustError> {
        let found = self.look()?;
        let is_there = found.standing != Standing::Absent || !found.places.is_empty();
        let entry = self.entry();
        let was_cut_off = entry.as_ref().is_some_and(|entry| entry.stage != Stage::Added);
        if !is_there && !was_cut_off {
            self.forget();
            return Ok(Removed::Absent);
        }
        expect_changeable(self.store, self.machine)?;
        let files = match self.store {
            Store::System(system) => system.files_of(self.anchor.sha256())?,
            _ => Vec::new(),
        };
        let before = self.before(&files)?;
        // The system's tool makes whole again what it was cut off in.
        let has_to_remove = is_there || was_cut_off && matches!(self.store, Store::System(_));
        let removed = self.take_out(entry.clone(), has_to_remove);
        let removed = removed.and_then(|removed| self.expect_others_kept(&before, None).map(|()| removed));
        match removed {
            Ok(removed) => {
                self.forget();
                Ok(removed)
            }
            Err(error) => Err(self.still_there(error, &found, &before, entry)),
        }
    }

    fn take_out(&self, entry: Option<Entry>, has_to_remove: bool) -> Result<Removed, TrustError> {
        let (entry, restored) = self.begin_removing(entry)?;
        if has_to_remove && let Some(command) = self.remove()? {
            return Ok(Removed::TakenAway(command));
        }
        self.leave_as_before(entry.as_ref())?;
        self.expect_gone()?;
        Ok(Removed::Removed(restored))
    }

    /// After a removal that failed: the store with the CA as it was before, and what is known of it.
    fn still_there(
        &self,
        error: TrustError,
        found: &Found,
        before: &Before,
        entry: Option<Entry>,
    ) -> TrustError {
        let left = self.put_back(found, before);
        if let (Some(journal), true) = (self.journal, left.is_empty()) {
            match entry {
                Some(entry) => drop(journal.write(&entry, self.store, self.anchor)),
                None => self.forget(),
            }
        }
        with_left(error, left)
    }

    /// Says which files are put back; where nothing is known of the store, takes copies, in case a tool removes more than it should.
    fn begin_removing(&self, entry: Option<Entry>) -> Result<(Option<Entry>, Restored), TrustError> {
        let is_in_use = matches!(self.store, Store::Nss(database) if database.is_in_use());
        let Some(journal) = self.journal else {
            return Ok((None, Restored::NotKnown));
        };
        let Some(entry) = entry else {
            let restored = if self.shared().is_empty() {
                Restored::Yes
            } else {
                Restored::NotKnown
            };
            let entry = journal.begin(self.store, self.anchor, Stage::Removing)?;
            return Ok((Some(entry), restored));
        };
        let entry = match entry.stage {
            // It was found out before the tool ran.
            Stage::Removing => entry,
            Stage::Added => journal.removing(entry, is_in_use, self.store, self.anchor)?,
            Stage::Adding => {
                let mut entry = entry;
                let is_ours = !is_in_use && self.nobody_else_changed(journal, &entry);
                entry
                    .groups
                    .iter_mut()
                    .for_each(|group| group.is_untouched = is_ours);
                entry
            }
        };
        let restored = match entry.groups.iter().all(|group| group.is_untouched) {
            true => Restored::Yes,
            false if is_in_use => Restored::InUse,
            false if !entry.groups.iter().all(|group| journal.has_copies(group)) => Restored::NotKnown,
            false => Restored::ChangedSince,
        };
        Ok((Some(entry), restored))
    }

    /// What must be run inside of another root directory, where that is so.
    fn remove(&self) -> Result<Option<String>, TrustError> {
        let (machine, passwords) = (self.machine, self.passwords);
        match self.store {
            Store::System(system) => {
                if system.remove(self.anchor.sha256(), machine)? != Refreshed::Yes {
                    return Ok(Some(system.command_after_removing()));
                }
            }
            Store::Nss(database) => database.remove(self.anchor, machine, passwords)?,
            Store::Java(store) => store.remove(self.anchor.sha256(), machine, passwords)?,
            Store::P11(store) => self.with_file(|file| store.remove(file, self.anchor.sha256(), machine))?,
        }
        Ok(None)
    }

    /// Puts back what nobody else changed. Elsewhere, what the store says of everything else must be what it said before.
    fn leave_as_before(&self, entry: Option<&Entry>) -> Result<(), TrustError> {
        let (Some(journal), Some(entry)) = (self.journal, entry) else {
            return Ok(());
        };
        Journal::put_back_plain_files(entry)?;
        for (shared, group) in self.shared().iter().zip(&entry.groups) {
            if group.is_untouched {
                journal.put_back(group)?;
                continue;
            }
            if let Store::System(system) = self.store {
                system.remove_from_java(self.anchor, self.machine, self.passwords)?;
                continue;
            }
            let is_fresh = entry.stage == Stage::Removing && group.files.iter().all(|file| !file.has_after());
            let is_whole =
                || journal.differs_by_one(group, shared, self.anchor.sha256(), self.machine, self.passwords);
            if is_fresh && !is_whole() {
                journal.put_back(group)?;
                return Err(self.removed_more(self.program()));
            }
        }
        Ok(())
    }

    fn expect_gone(&self) -> Result<(), TrustError> {
        let found = self.look()?;
        match found.standing {
            Standing::Absent | Standing::Distrusted if !found.in_effect => Ok(()),
            _ => Err(TrustError::StillTrusted {
                output: self.store.output().to_owned(),
            }),
        }
    }
}

fn with_left(error: TrustError, left: Vec<String>) -> TrustError {
    if left.is_empty() {
        return error;
    }
    TrustError::NotPutBack {
        error: Box::new(error),
        left,
    }
}
