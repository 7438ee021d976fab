//! Bundles of hosts: `<output>/<host>/<target>/`.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use time::OffsetDateTime;

use super::{Fleet, FleetHost, GoneStep, HostProblem, WantedBundle};
use crate::bundle::{
    Bundle, BundleError, FolderState, Material, Sources, Written, compare_folder, expect_replaceable,
    is_bundle, make, write_folders,
};
use gsec_ca::authority::{Authority, AuthorityError};
use gsec_ca::files::{
    FilesError, expect_creatable_folder, expect_not_reserved, is_temporary_name, lock_folder, make_folders,
};
use gsec_env::{cores, parallel_map};
use gsec_pki::x509::{Certificate, SerialNumber};

/// As many bundles are made durable with one barrier.
const GROUP: usize = 64;

/// Where bundles are written.
pub struct Output {
    root: PathBuf,
}

/// How a bundle that is there differs from the one that is to be there.
pub struct BundleChange {
    /// Its place among those of the host.
    pub bundle: usize,
    /// What is there.
    pub state: FolderState,
}

/// A host whose bundles are to be written, of this certificate.
pub struct BundleWork {
    /// The place of the host in the fleet.
    pub host: usize,
    /// The certificate.
    pub serial: SerialNumber,
}

/// What came of a bundle.
pub struct WrittenBundle {
    /// The host, as the inventory calls it.
    pub host: String,
    /// What its directory is called.
    pub folder: String,
    /// Where it is.
    pub path: PathBuf,
    /// The release that it is, and whether it was written; or why not.
    pub result: Result<(String, Written), HostProblem>,
}

/// What is there and not in the inventory, as paths below the output directory.
#[derive(Default)]
pub(super) struct Gone {
    /// Bundles as gsec wrote them.
    pub(super) bundles: Vec<GoneStep>,
    /// Directories that are something else, or were changed.
    pub(super) others: Vec<String>,
}

impl Output {
    /// In this directory.
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// The directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where a bundle of a host is.
    pub fn path(&self, host: &FleetHost<'_>, folder: &str) -> PathBuf {
        self.folder_of(host).join(folder)
    }

    /// Waits until no other call writes there. What a call that was killed left under temporary names is removed. `None` where nothing was
    /// written yet, or the file system has no locks.
    ///
    /// # Errors
    /// [`FilesError::Io`], of kind `TimedOut` when another call writes for longer than `timeout`.
    pub fn lock(&self, timeout: Duration) -> Result<Option<File>, FilesError> {
        make_folders(&self.root)?;
        let lock = lock_folder(&self.root, timeout)?;
        if lock.is_some() {
            for host in folders_in(&self.root)? {
                remove_unfinished(&self.root.join(host));
            }
        }
        Ok(lock)
    }

    /// Finds out before a certificate is issued whether the bundles of a host can be there: not in a folder of a CA, and in the place of nothing
    /// but other bundles.
    ///
    /// # Errors
    /// [`BundleError::NotABundle`], [`BundleError::Files`].
    pub(super) fn expect_places(&self, host: &FleetHost<'_>) -> Result<(), BundleError> {
        expect_no_link(&self.folder_of(host))?;
        for wanted in &host.bundles {
            let path = self.path(host, &wanted.folder);
            expect_not_reserved(&path)?;
            expect_replaceable(&path)?;
        }
        Ok(())
    }

    /// Finds out before a certificate is issued whether this user can write the bundles of a host.
    ///
    /// # Errors
    /// [`FilesError`].
    pub fn expect_writable(&self, host: &FleetHost<'_>) -> Result<(), FilesError> {
        let folder = self.folder_of(host);
        expect_no_link(&folder)?;
        expect_creatable_folder(&folder)
    }

    fn folder_of(&self, host: &FleetHost<'_>) -> PathBuf {
        self.root.join(host.host.name.as_str())
    }

    /// What is there that the inventory does not have any more: bundles, and other directories, which gsec does not remove.
    ///
    /// # Errors
    /// [`FilesError::Io`].
    pub(super) fn gone(&self, fleet: &Fleet<'_>) -> Result<Gone, FilesError> {
        let mut gone = Gone::default();
        if !fleet.is_whole() {
            return Ok(gone);
        }
        let mut wanted: HashMap<&str, &[WantedBundle]> = HashMap::new();
        for host in &fleet.hosts {
            wanted.insert(host.host.name.as_str(), &host.bundles);
        }
        // What is wrong with a host does not make its bundles go.
        let problems: HashSet<&str> = fleet
            .problems
            .iter()
            .map(|problem| problem.host.as_str())
            .collect();
        for host in folders_in(&self.root)? {
            if problems.contains(host.as_str()) {
                continue;
            }
            let bundles = wanted.get(host.as_str()).copied().unwrap_or_default();
            for folder in folders_in(&self.root.join(&host))? {
                let path = format!("{host}/{folder}");
                if bundles.iter().any(|bundle| bundle.folder == folder) {
                    continue;
                }
                match is_bundle(&self.root.join(&path)) {
                    true => gone.bundles.push(GoneStep { path }),
                    false => gone.others.push(path),
                }
            }
        }
        Ok(gone)
    }

    /// Removes bundles that are gone from the inventory, and the directories of hosts that are empty then.
    ///
    /// # Errors
    /// [`BundleError::NotABundle`], [`BundleError::Files`].
    pub fn remove(&self, gone: &GoneStep) -> Result<(), BundleError> {
        let path = self.root.join(&gone.path);
        if !is_bundle(&path) {
            return Err(BundleError::NotABundle {
                path,
                why: "something else is in it now".into(),
            });
        }
        std::fs::remove_dir_all(&path).map_err(FilesError::io("remove", &path))?;
        // One with something else in it stays.
        drop(path.parent().map(std::fs::remove_dir));
        Ok(())
    }

    /// Makes the bundles of hosts and writes those that differ from what is there. What fails for one host stops no other. `on` is told
    /// each bundle that is done.
    ///
    /// # Errors
    /// [`BundleError`] where the CA cannot be asked at all.
    pub fn write(
        &self,
        fleet: &Fleet<'_>,
        authority: &Authority,
        work: &[BundleWork],
        now: OffsetDateTime,
        on: &mut dyn FnMut(WrittenBundle),
    ) -> Result<(), BundleError> {
        let sources = sources(authority)?;
        for group in work.chunks(GROUP) {
            let make_one = |at: usize| {
                let host = &fleet.hosts[group[at].host];
                let certificate = authority.issued_certificate(&group[at].serial);
                made(authority, &sources, host, certificate, now)
            };
            let made = parallel_map(cores(), group.len(), make_one);
            for bundle in self.write_group(fleet, group, made) {
                on(bundle);
            }
        }
        Ok(())
    }

    fn write_group(&self, fleet: &Fleet<'_>, group: &[BundleWork], made: Vec<Made>) -> Vec<WrittenBundle> {
        let (mut rows, mut written) = (Vec::new(), Vec::new());
        for (work, made) in group.iter().zip(made) {
            let host = &fleet.hosts[work.host];
            for (wanted, bundle) in host.bundles.iter().zip(made) {
                let path = self.path(host, &wanted.folder);
                let ready = bundle.and_then(|bundle| {
                    self.expect_writable(host)?;
                    make_folders(&self.folder_of(host))?;
                    Ok(bundle)
                });
                match ready {
                    Ok(bundle) => rows.push((host, wanted.folder.clone(), path, bundle)),
                    Err(error) => written.push(failed(host, &wanted.folder, path, &error)),
                }
            }
        }
        let pairs: Vec<(&Bundle, &Path)> = rows
            .iter()
            .map(|(_, _, path, bundle)| (bundle, path.as_path()))
            .collect();
        let results = write_folders(&pairs);
        let done = rows
            .iter()
            .zip(results)
            .map(|((host, folder, path, bundle), result)| match result {
                Ok(result) => WrittenBundle {
                    host: host.host.name.to_string(),
                    folder: folder.clone(),
                    path: path.clone(),
                    result: Ok((bundle.id.clone(), result)),
                },
                Err(error) => failed(host, folder, path.clone(), &error),
            });
        written.extend(done);
        written
    }

    /// Compares the bundles of a host with what is there; without those that are the same.
    pub(super) fn compare(&self, host: &FleetHost<'_>, made: Made) -> Result<Vec<BundleChange>, BundleError> {
        expect_no_link(&self.folder_of(host))?;
        let mut changes = Vec::new();
        for (number, (wanted, bundle)) in host.bundles.iter().zip(made).enumerate() {
            match compare_folder(&bundle?, &self.path(host, &wanted.folder))? {
                FolderState::Same => {}
                state => changes.push(BundleChange {
                    bundle: number,
                    state,
                }),
            }
        }
        Ok(changes)
    }
}

/// The bundles of hosts as they are written, made again; in their order.
///
/// # Errors
/// [`BundleError`] where the CA cannot be asked at all.
pub fn make_again(
    fleet: &Fleet<'_>,
    authority: &Authority,
    work: &[BundleWork],
    now: OffsetDateTime,
) -> Result<Vec<Result<Vec<Bundle>, BundleError>>, BundleError> {
    let sources = sources(authority)?;
    let make_one = |at: usize| {
        let certificate = authority.issued_certificate(&work[at].serial);
        let host = &fleet.hosts[work[at].host];
        made(authority, &sources, host, certificate, now)
            .into_iter()
            .collect()
    };
    Ok(parallel_map(cores(), work.len(), make_one))
}

/// The bundles of a host, in its order.
pub(super) type Made = Vec<Result<Bundle, BundleError>>;

/// Makes the bundles of a host.
pub(super) fn made(
    authority: &Authority,
    sources: &Sources,
    host: &FleetHost<'_>,
    certificate: Result<Option<Certificate>, AuthorityError>,
    now: OffsetDateTime,
) -> Made {
    if host.bundles.is_empty() {
        return Vec::new();
    }
    let material = certificate
        .map_err(BundleError::from)
        .and_then(|certificate| certificate.ok_or_else(|| BundleError::NotFound(host.name.to_string())))
        .and_then(|certificate| {
            Material::of_valid(authority, sources, certificate, host.is_key_on_host, now)
        });
    match material {
        Ok(material) => host
            .bundles
            .iter()
            .map(|wanted| make(&wanted.order, &material))
            .collect(),
        Err(error) => vec![Err(error)],
    }
}

/// What all bundles have in common.
pub(super) fn sources(authority: &Authority) -> Result<Sources, BundleError> {
    Ok(Sources::read(authority)?.unknown(authority.lost_revocations()?))
}

fn failed(host: &FleetHost<'_>, folder: &str, path: PathBuf, error: &BundleError) -> WrittenBundle {
    WrittenBundle {
        host: host.host.name.to_string(),
        folder: folder.to_owned(),
        path,
        result: Err(HostProblem {
            host: host.host.name.to_string(),
            code: error.code().to_owned(),
            message: error.to_string(),
        }),
    }
}

/// The directory of a host is gsec's own: a link in its place would lead the key elsewhere.
fn expect_no_link(folder: &Path) -> Result<(), FilesError> {
    match folder.symlink_metadata() {
        Ok(metadata) if metadata.is_symlink() => Err(FilesError::SymbolicLink(folder.to_owned())),
        _ => Ok(()),
    }
}

/// Removes what has a temporary name. What cannot be removed stays, and is in nobody's way.
fn remove_unfinished(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && is_temporary_name(&entry.file_name().to_string_lossy()) {
            drop(std::fs::remove_dir_all(entry.path()));
        }
    }
}

/// The names of the directories in a directory, sorted; none where there is no such directory.
fn folders_in(path: &Path) -> Result<Vec<String>, FilesError> {
    let entries = match std::fs::read_dir(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(FilesError::io("open", path))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(FilesError::io("open", path))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) && !is_temporary_name(&name) {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}
