//! The store of the operating system: files of an administrator, and what a tool of the system makes of them.

use std::fs;
use std::path::{Path, PathBuf};

use super::files::{Digest, certificates_below, certificates_of, entries_below, remove_leftovers};
use super::image;
use super::java::KeyStore;
use super::layout::{OtherRoot, Output};
use super::password::Passwords;
use super::shared::{Shared, SharedKind};
use super::{Anchor, Found, Layout, Machine, Standing, TrustError};
use gsec_ca::files::{
    Access, Existing, FilesError, OutputFile, OutputFolder, expect_own_way, read_file, write_files,
};
use gsec_env::ProgramCall;

/// The store of a system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    layout: &'static Layout,
    anchors: PathBuf,
    outputs: Vec<(Output, PathBuf)>,
    java: Option<PathBuf>,
    has_other_root: bool,
}

/// Whether the tool of a store has run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refreshed {
    /// It has.
    Yes,
    /// The files are in their place, and it must be run inside of the other root directory.
    Inside(&'static str),
}

impl System {
    /// The store of a machine, where it is one that gsec knows.
    ///
    /// # Errors
    /// [`TrustError::Link`].
    pub(super) fn of(machine: &Machine<'_>) -> Result<Option<Self>, TrustError> {
        let Some(layout) = Layout::of(machine) else {
            return Ok(None);
        };
        let outputs = layout
            .outputs
            .iter()
            .map(|output| Ok((*output, machine.plain_below_root(output.path())?)));
        Ok(Some(Self {
            layout,
            anchors: machine.plain_below_root(layout.anchors)?,
            outputs: outputs.collect::<Result<_, TrustError>>()?,
            java: layout
                .java
                .map(|path| machine.plain_below_root(path))
                .transpose()?,
            has_other_root: machine.has_other_root(),
        }))
    }

    pub(super) fn layout(&self) -> &'static Layout {
        self.layout
    }

    pub(super) fn anchors(&self) -> &Path {
        &self.anchors
    }

    /// What programs read: of several places, the first that is there.
    pub(super) fn output(&self) -> &Path {
        let there = self.outputs.iter().find(|(_, path)| path.exists());
        let first = there.or(self.outputs.first());
        first.map_or(&*self.anchors, |(_, path)| path)
    }

    /// Java's store that the same tools write, where there is one.
    pub(super) fn java(&self) -> Option<&Path> {
        self.java.as_deref().filter(|path| path.is_file())
    }

    /// Debian's tools write the bundle and Java's store anew; those of the other systems make the same of the same files.
    pub(super) fn shared_files(&self) -> Vec<Shared> {
        if self.has_other_root || self.layout.switched_off.is_none() {
            return Vec::new();
        }
        let shared = |path: &Path, kind| Shared {
            files: vec![path.to_owned()],
            kind,
        };
        let bundle = shared(self.output(), SharedKind::Bundle);
        let java = self.java().map(|path| shared(path, SharedKind::Java));
        std::iter::once(bundle).chain(java).collect()
    }

    /// Files among Debian's outputs that bear the names of the tool's links.
    pub(super) fn plain_files(&self) -> Vec<PathBuf> {
        if self.has_other_root || self.layout.switched_off.is_none() {
            return Vec::new();
        }
        let folder = self.output().parent().unwrap_or(Path::new("/"));
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut found: Vec<PathBuf> = entries
            .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "pem"))
            .collect();
        found.sort();
        found
    }

    pub(super) fn look(&self, digest: &Digest, machine: &Machine<'_>) -> Result<Found, TrustError> {
        let (files, ignored): (Vec<PathBuf>, Vec<PathBuf>) = self
            .files_with(digest)
            .into_iter()
            .partition(|path| self.is_taken(path));
        let distrusted_by = self.distrusted_by(digest, machine);
        let standing = match (
            self.is_in_output(digest)?,
            distrusted_by.is_some(),
            files.is_empty(),
        ) {
            (true, ..) => Standing::Present,
            (false, true, _) => Standing::Distrusted,
            (false, false, false) => Standing::Stale,
            (false, false, true) => Standing::Absent,
        };
        let shown = |paths: &[PathBuf]| paths.iter().map(|path| path.display().to_string()).collect();
        Ok(Found {
            standing,
            places: shown(&files),
            distrusted_by,
            ignored: shown(&ignored),
        })
    }

    /// The administrator's files that have this certificate.
    fn files_with(&self, digest: &Digest) -> Vec<PathBuf> {
        let files = certificates_below(&self.anchors).into_iter();
        files
            .filter(|(_, digests)| digests.contains(digest))
            .map(|(path, _)| path)
            .collect()
    }

    /// Whether the tool takes a file of this name. Debian's leaves out what does not end in `.crt`; p11-kit takes any.
    fn is_taken(&self, path: &Path) -> bool {
        self.layout.switched_off.is_none()
            || path
                .file_name()
                .is_some_and(|name| name.to_string_lossy().ends_with(self.layout.suffix))
    }

    fn is_in_output(&self, digest: &Digest) -> Result<bool, TrustError> {
        let Some((output, path)) = self.outputs.iter().find(|(_, path)| path.exists()) else {
            return Ok(false);
        };
        Ok(match output {
            Output::Bundle(_) => certificates_of(path)?.contains(digest),
            Output::Folder(_) => certificates_below(path)
                .iter()
                .any(|(_, digests)| digests.contains(digest)),
        })
    }

    /// What says that a certificate is not to be trusted: a file among the distrusted ones, or a line in Debian's list.
    fn distrusted_by(&self, digest: &Digest, machine: &Machine<'_>) -> Option<String> {
        let folders = self
            .layout
            .distrusted
            .iter()
            .map(|folder| machine.below_root(folder));
        let mut below = folders.flat_map(|folder| certificates_below(&folder));
        let file = below.find(|(_, digests)| digests.contains(digest));
        file.map(|(path, _)| path.display().to_string())
            .or_else(|| self.switched_off(digest, machine))
    }

    /// The line that begins with `!` for a file of this certificate, by its content or by the name that gsec gives it.
    fn switched_off(&self, digest: &Digest, machine: &Machine<'_>) -> Option<String> {
        let (list, folder) = self.layout.switched_off?;
        let (list, folder) = (machine.below_root(list), machine.below_root(folder));
        let text = read_file(&list).ok()?;
        let text = String::from_utf8_lossy(&text).into_owned();
        let names = text.lines().filter_map(|line| line.strip_prefix('!'));
        let own_end = format!(
            "-{}{}",
            &super::files::as_names([*digest]).pop_first()?[..16],
            self.layout.suffix
        );
        let is_meant = |name: &&str| {
            let path = Path::new(name.trim());
            let is_plain = path.is_relative()
                && path
                    .components()
                    .all(|part| matches!(part, std::path::Component::Normal(_)));
            name.trim().ends_with(&own_end)
                || is_plain && certificates_of(&folder.join(path)).is_ok_and(|found| found.contains(digest))
        };
        let name = names.into_iter().find(is_meant)?;
        Some(format!("{}: !{name}", list.display()))
    }

    /// Checks that this may be changed, and that nobody but root says what the store trusts: what another user can write there would become
    /// trusted together with the CA.
    ///
    /// # Errors
    /// [`TrustError::NeedsRoot`], [`TrustError::Exposed`], [`TrustError::NoProgram`].
    pub(super) fn expect_changeable(&self, machine: &Machine<'_>) -> Result<(), TrustError> {
        if !self.has_other_root && !rustix::process::geteuid().is_root() {
            return Err(TrustError::NeedsRoot(self.anchors.clone()));
        }
        expect_own_way(&self.anchors).map_err(TrustError::Exposed)?;
        for path in entries_below(&self.anchors) {
            // A link whose target is gone puts nothing into the store.
            if path.exists() {
                expect_own_way(&path).map_err(TrustError::Exposed)?;
            }
        }
        if !self.has_other_root && machine.programs.find(self.layout.tool).is_none() {
            return Err(TrustError::NoProgram {
                program: self.layout.tool,
                store: self.anchors.clone(),
            });
        }
        Ok(())
    }

    /// Puts the CA's file in its place, and has the tool look at it.
    pub(super) fn add(&self, anchor: &Anchor, machine: &Machine<'_>) -> Result<Refreshed, TrustError> {
        let file = OutputFile {
            name: anchor.file_name(self.layout.suffix),
            access: Access::Public,
            content: anchor.pem()?.into_bytes().into(),
        };
        remove_leftovers(&self.anchors);
        write_files(&OutputFolder::named(&self.anchors)?, &[file], Existing::Replace)?;
        self.refresh(self.layout.after_adding, machine)
    }

    /// Takes the CA's files away that have nothing else in them, and has the tool look again.
    pub(super) fn remove(&self, digest: &Digest, machine: &Machine<'_>) -> Result<Refreshed, TrustError> {
        let files = certificates_below(&self.anchors).into_iter();
        let gone: Vec<PathBuf> = files
            .filter(|(path, digests)| self.is_taken(path) && digests.as_slice() == [*digest])
            .map(|(path, _)| path)
            .collect();
        remove_leftovers(&self.anchors);
        for path in &gone {
            fs::remove_file(path).map_err(FilesError::io("remove", path))?;
        }
        let refreshed = self.refresh(self.layout.after_removing, machine)?;
        self.remove_dangling_links(&gone);
        Ok(refreshed)
    }

    /// After a failure: takes the CA's file away if it was not there before, and has the tool look again.
    pub(super) fn withdraw(&self, anchor: &Anchor, before: &[String], machine: &Machine<'_>) {
        let path = self.anchors.join(anchor.file_name(self.layout.suffix).as_str());
        if !before.contains(&path.display().to_string()) && fs::remove_file(&path).is_ok() {
            let _ = self.refresh(self.layout.after_removing, machine);
            self.remove_dangling_links(&[path]);
        }
    }

    /// Debian's hook for Java does not see that a file is gone when its tool begins afresh.
    pub(super) fn remove_from_java(
        &self,
        digest: &Digest,
        machine: &Machine<'_>,
        passwords: &Passwords,
    ) -> Result<(), TrustError> {
        let Some(java) = self.java().filter(|_| !self.has_other_root) else {
            return Ok(());
        };
        let store = KeyStore::of_the_system(java);
        match store.look(digest, machine, passwords) {
            Ok(found) if !found.places.is_empty() => {
                store.expect_changeable(machine)?;
                store.remove(digest, machine, passwords)
            }
            Ok(_) | Err(TrustError::NoProgram { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// What Debian's tool leaves when it is not called with `--fresh`, as an older one or a hook may do.
    fn remove_dangling_links(&self, gone: &[PathBuf]) {
        let folder = self.output().parent().unwrap_or(Path::new("/"));
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if fs::read_link(entry.path()).is_ok_and(|target| gone.contains(&target)) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    fn refresh(&self, arguments: &[&str], machine: &Machine<'_>) -> Result<Refreshed, TrustError> {
        let inside = Refreshed::Inside(self.layout.tool);
        let Some(tool) = machine.programs.find(self.layout.tool) else {
            return if self.has_other_root {
                Ok(inside)
            } else {
                Err(TrustError::NoProgram {
                    program: self.layout.tool,
                    store: self.anchors.clone(),
                })
            };
        };
        let call = ProgramCall::new(tool);
        let call = match (self.has_other_root, self.layout.other_root) {
            (false, _) => call.args(arguments),
            (true, OtherRoot::No) => return Ok(inside),
            (true, OtherRoot::Option(option)) => call.arg(option).arg(machine.root()).args(arguments),
            (true, OtherRoot::Directories) => match image::expect_plain(&self.anchors, machine) {
                Ok(()) => image::debian_call(call, machine).args(arguments),
                Err(_) => return Ok(inside),
            },
        };
        let end = machine.programs.run(&call)?;
        if !end.is_success() {
            return Err(TrustError::Failed {
                program: call.name(),
                store: self.anchors.clone(),
                words: end.last_words(),
            });
        }
        if self.has_other_root && self.layout.other_root == OtherRoot::Directories {
            image::fix_links(self.output(), machine)?;
        }
        Ok(Refreshed::Yes)
    }

    /// The call after which programs see the change, for a person who types it.
    pub(super) fn refreshing_command(&self) -> String {
        let words = std::iter::once(&self.layout.tool).chain(self.layout.after_adding);
        words.copied().collect::<Vec<_>>().join(" ")
    }
}
