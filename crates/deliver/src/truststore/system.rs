//! The store of the operating system: files of an administrator, and what a tool of the system makes of them.

use std::fs;
use std::path::{Path, PathBuf};

use super::files::{
    Digest, certificate_of, certificates_below, certificates_of, entries_below, is_absent, remove_leftovers,
};
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
    written: Vec<PathBuf>,
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
    /// [`TrustError::Link`]; [`TrustError::Files`] where it cannot be looked for.
    pub(super) fn of(machine: &Machine<'_>) -> Result<Option<Self>, TrustError> {
        let Some(layout) = Layout::of(machine)? else {
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
            written: layout
                .written
                .iter()
                .map(|path| machine.plain_below_root(path))
                .collect::<Result<_, _>>()?,
            has_other_root: machine.has_other_root(),
        }))
    }

    pub(super) fn layout(&self) -> &'static Layout {
        self.layout
    }

    /// The program that makes the outputs.
    pub(super) fn tool(&self) -> &'static str {
        self.layout.tool
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

    /// The certificates in it.
    ///
    /// # Errors
    /// [`TrustError::Files`].
    pub(super) fn in_output(&self) -> Result<Vec<Digest>, TrustError> {
        let path = self.output();
        let is_folder = |(output, at): &(Output, PathBuf)| at == path && matches!(output, Output::Folder(_));
        if !self.outputs.iter().any(is_folder) {
            return certificates_of(path);
        }
        let files = certificates_below(path)?.into_iter();
        Ok(files.flat_map(|(_, digests)| digests).collect())
    }

    /// Java's store that the same tools write, where there is one.
    pub(super) fn java(&self) -> Option<&Path> {
        let may_be_there = |path: &&Path| match path.metadata() {
            Ok(found) => found.is_file(),
            Err(error) => !is_absent(&error),
        };
        self.java.as_deref().filter(may_be_there)
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

    /// The directories in which the tool writes. On this machine one may be a link, as its administrator has it.
    pub(super) fn written_folders(&self) -> Vec<PathBuf> {
        let there = self.written.iter().filter_map(|path| path.canonicalize().ok());
        there.filter(|path| path.is_dir()).collect()
    }

    /// What programs read, as far as it is files, and Java's store.
    pub(super) fn written_files(&self) -> Vec<PathBuf> {
        let bundles = self.outputs.iter().filter_map(|(output, path)| match output {
            Output::Bundle(_) => Some(path.as_path()),
            Output::Folder(_) => None,
        });
        let all = bundles.chain(self.java.as_deref());
        all.filter(|path| path.symlink_metadata().is_ok())
            .map(Path::to_owned)
            .collect()
    }

    /// The files among the anchors by which a CA is there, and nothing else.
    ///
    /// # Errors
    /// [`TrustError::Files`].
    pub(super) fn files_of(&self, digest: &Digest) -> Result<Vec<PathBuf>, TrustError> {
        let files = certificates_below(&self.anchors)?.into_iter();
        Ok(files
            .filter(|(path, digests)| self.is_taken(path) && digests.as_slice() == [*digest])
            .map(|(path, _)| path)
            .collect())
    }

    /// The file by which gsec puts a CA in.
    pub(super) fn own_file(&self, anchor: &Anchor) -> PathBuf {
        self.anchors.join(anchor.file_name(self.layout.suffix).as_str())
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
            .files_with(digest)?
            .into_iter()
            .partition(|path| self.is_taken(path));
        let output = self.output_with(digest)?;
        let mut distrusted_by = self.distrusted_by(digest, machine)?;
        // Debian's list is about the files of packages: what an administrator has put in beside them counts all the same.
        let is_overruled = self.layout.switched_off.is_some() && !files.is_empty();
        let standing = match (output.is_some(), distrusted_by.is_some(), files.is_empty()) {
            (true, true, _) if !is_overruled => Standing::Distrusted,
            (true, ..) => Standing::Present,
            (false, true, _) => Standing::Distrusted,
            (false, false, false) => Standing::Stale,
            (false, false, true) => Standing::Absent,
        };
        if let (Some(by), true, Standing::Distrusted) = (&mut distrusted_by, output.is_some(), standing) {
            by.push_str(&format!(
                "; programs trust it until `{}` is run",
                self.command_after_removing()
            ));
        }
        let shown = |paths: &[PathBuf]| paths.iter().map(|path| path.display().to_string()).collect();
        Ok(Found {
            standing,
            places: shown(&files),
            distrusted_by,
            ignored: shown(&ignored),
            in_effect: output.is_some(),
            certificate: output.and_then(|path| certificate_of(&path, digest)),
        })
    }

    /// The administrator's files that have this certificate.
    fn files_with(&self, digest: &Digest) -> Result<Vec<PathBuf>, TrustError> {
        let files = certificates_below(&self.anchors)?.into_iter();
        Ok(files
            .filter(|(_, digests)| digests.contains(digest))
            .map(|(path, _)| path)
            .collect())
    }

    /// Whether the tool takes a file of this name. Debian's leaves out what does not end in `.crt`; p11-kit takes any.
    fn is_taken(&self, path: &Path) -> bool {
        self.layout.switched_off.is_none()
            || path
                .file_name()
                .is_some_and(|name| name.to_string_lossy().ends_with(self.layout.suffix))
    }

    /// The file from which programs read it. What cannot be looked into says nothing: neither that it is there, nor that it is not.
    fn output_with(&self, digest: &Digest) -> Result<Option<PathBuf>, TrustError> {
        for (output, path) in &self.outputs {
            if !path.try_exists().map_err(FilesError::io("read", path))? {
                continue;
            }
            return match output {
                Output::Bundle(_) => {
                    let is_there = certificates_of(path)?.contains(digest);
                    Ok(is_there.then(|| path.clone()))
                }
                Output::Folder(_) => {
                    let mut files = certificates_below(path)?.into_iter();
                    let found = files.find(|(_, digests)| digests.contains(digest));
                    Ok(found.map(|(path, _)| path))
                }
            };
        }
        Ok(None)
    }

    /// What says that a certificate is not to be trusted: a file among the distrusted ones, or a line in Debian's list.
    fn distrusted_by(&self, digest: &Digest, machine: &Machine<'_>) -> Result<Option<String>, TrustError> {
        for folder in self.layout.distrusted {
            let mut below = certificates_below(&machine.below_root(folder))?.into_iter();
            if let Some((path, _)) = below.find(|(_, digests)| digests.contains(digest)) {
                return Ok(Some(path.display().to_string()));
            }
        }
        self.switched_off(digest, machine)
    }

    /// The line that begins with `!` for a file of this certificate, by its content or by the name that gsec gives it.
    fn switched_off(&self, digest: &Digest, machine: &Machine<'_>) -> Result<Option<String>, TrustError> {
        let Some((list, folder)) = self.layout.switched_off else {
            return Ok(None);
        };
        let (list, folder) = (machine.below_root(list), machine.below_root(folder));
        let text = match read_file(&list) {
            Err(FilesError::Io { source, .. }) if is_absent(&source) => return Ok(None),
            text => text?,
        };
        let text = String::from_utf8_lossy(&text).into_owned();
        let names = text.lines().filter_map(|line| line.strip_prefix('!'));
        let digits = super::files::as_names([*digest]).pop_first().unwrap_or_default();
        let own_end = format!("-{}{}", &digits[..16], self.layout.suffix);
        for name in names {
            let path = Path::new(name.trim());
            let is_plain = path.is_relative()
                && path
                    .components()
                    .all(|part| matches!(part, std::path::Component::Normal(_)));
            if name.trim().ends_with(&own_end)
                || is_plain && certificates_of(&folder.join(path))?.contains(digest)
            {
                return Ok(Some(format!("{}: !{name}", list.display())));
            }
        }
        Ok(None)
    }

    /// Checks that the name of the CA's file is free, or the file is this CA's: a link, and what somebody else put there, stays.
    ///
    /// # Errors
    /// [`TrustError::Occupied`].
    pub(super) fn expect_free(&self, anchor: &Anchor) -> Result<(), TrustError> {
        let path = self.own_file(anchor);
        let occupied = |why| {
            Err(TrustError::Occupied {
                path: path.clone(),
                why,
            })
        };
        match path.symlink_metadata() {
            Err(_) => Ok(()),
            Ok(found) if found.is_symlink() => occupied("is a symbolic link"),
            Ok(found) if !found.is_file() => occupied("is not a file"),
            Ok(_) if certificates_of(&path)?.as_slice() != [*anchor.sha256()] => {
                occupied("has something else in it")
            }
            Ok(_) => Ok(()),
        }
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
        for path in entries_below(&self.anchors)? {
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
        let gone = self.files_of(digest)?;
        remove_leftovers(&self.anchors);
        for path in &gone {
            fs::remove_file(path).map_err(FilesError::io("remove", path))?;
        }
        let refreshed = self.refresh(self.layout.after_removing, machine)?;
        self.remove_dangling_links(&gone);
        Ok(refreshed)
    }

    /// Debian's hook for Java does not see that a file is gone when its tool begins afresh.
    pub(super) fn remove_from_java(
        &self,
        anchor: &Anchor,
        machine: &Machine<'_>,
        passwords: &Passwords,
    ) -> Result<(), TrustError> {
        let Some(java) = self.java().filter(|_| !self.has_other_root) else {
            return Ok(());
        };
        let store = KeyStore::of_the_system(java);
        match store.look(anchor.sha256(), machine, passwords) {
            Ok(found) if !found.places.is_empty() => {
                store.expect_changeable(machine)?;
                store.remove(anchor.sha256(), machine, passwords)
            }
            Ok(_) => Ok(()),
            // Without its program it is seen in the file, or not at all.
            Err(TrustError::NoProgram { .. }) if store.is_without(anchor) => Ok(()),
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

    /// The call after which programs see that a file was added, for a person who types it.
    pub(super) fn command_after_adding(&self) -> String {
        self.refreshing_command(self.layout.after_adding)
    }

    /// The same, where a file was taken away.
    pub(super) fn command_after_removing(&self) -> String {
        self.refreshing_command(self.layout.after_removing)
    }

    fn refreshing_command(&self, arguments: &[&str]) -> String {
        let words = std::iter::once(&self.layout.tool).chain(arguments);
        words.copied().collect::<Vec<_>>().join(" ")
    }
}
