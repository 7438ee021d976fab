//! The repository: which certificates have a file, and who else can reach keys.

use std::fs::DirEntry;
use std::path::{Path, PathBuf};

use super::names::{Digester, SerialSet};
use super::places::place;
use crate::checks::ca_directory::{RepositoryPlaces, Role};
use gsec_ca::files::FilesError;
use gsec_ca::home::{CaDir, HostFile, StoreError};
use gsec_pki::x509::{Certificate, SerialNumber, decode_certificates};

/// Owners are checked in a repository with up to this many files, if other users cannot enter it; in larger ones they are
/// not.
const MAX_LOOKED_AT: u64 = 20_000;
/// Serial numbers that long are random; a sequential CA does not count on from one.
const RANDOM_BYTES: usize = 16;

/// What the repository holds.
pub(super) struct List {
    pub(super) serials: Serials,
    pub(super) places: RepositoryPlaces,
}

/// The serial numbers of `<serial>.pem` files.
pub(super) struct Serials {
    pub(super) digester: Digester,
    pub(super) set: SerialSet,
    /// The highest of them that is not random.
    pub(super) highest: Option<SerialNumber>,
}

/// Keeps the higher of two numbers, unless the new one is random.
pub(super) fn raise(highest: &mut Option<SerialNumber>, serial: &SerialNumber) {
    if serial.content().len() < RANDOM_BYTES && highest.as_ref().is_none_or(|highest| highest < serial) {
        *highest = Some(serial.clone());
    }
}

/// The serial number in the name of the CA's copy of a certificate.
pub(super) fn serial_of(name: &str) -> Option<SerialNumber> {
    let digits = name.strip_suffix(".pem")?;
    SerialNumber::parse_hex(digits).filter(|serial| serial.to_string() == digits)
}

/// Lists the whole directory.
///
/// # Errors
/// [`StoreError::Files`], also if it is not a directory.
pub(super) fn list(directory: &CaDir) -> Result<List, StoreError> {
    let path = directory.repository();
    let metadata = path.symlink_metadata().map_err(cannot_read(directory))?;
    if metadata.is_symlink() {
        return Err(StoreError::Files(FilesError::SymbolicLink(path)));
    }
    if !metadata.is_dir() {
        return Err(StoreError::Files(FilesError::NotAFile(path)));
    }
    let owner = directory
        .root()
        .metadata()
        .map_or(0, |metadata| super::places::owner(&metadata));
    let (digester, mut digests, mut highest, mut places) =
        (Digester::default(), Vec::new(), None, RepositoryPlaces::default());
    let mut looked_at = 0;
    visit(directory, &mut |entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if let Some(serial) = serial_of(&name) {
            digests.push(digester.digest(name.trim_end_matches(".pem")));
            raise(&mut highest, &serial);
        }
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        let is_key = HostFile::is_secret_name(&name);
        let may_look = super::places::can_be_entered(&metadata) || looked_at < MAX_LOOKED_AT;
        if may_look && (is_key || super::places::can_be_entered(&metadata)) || !is_file {
            looked_at += 1;
            let Ok(found) = entry.metadata() else { return };
            let role = if is_key { Role::HostKey } else { Role::Public };
            let owner_matters = if is_key {
                owner
            } else {
                super::places::owner(&found)
            };
            places.take(place(entry.path(), role, 0o600, &metadata, &found), owner_matters);
        }
    })?;
    places.certificates = digests.len() as u64;
    [
        &mut places.irregular,
        &mut places.readable,
        &mut places.writable,
        &mut places.foreign,
    ]
    .into_iter()
    .for_each(|several| several.first.sort());
    Ok(List {
        serials: Serials {
            digester,
            set: SerialSet::new(digests),
            highest,
        },
        places,
    })
}

/// Calls `visit` with each entry; what vanishes meanwhile is passed over.
pub(super) fn visit(directory: &CaDir, visit: &mut dyn FnMut(&DirEntry)) -> Result<(), StoreError> {
    let entries = std::fs::read_dir(directory.repository()).map_err(cannot_read(directory))?;
    for entry in entries {
        visit(&entry.map_err(cannot_read(directory))?);
    }
    Ok(())
}

fn cannot_read(directory: &CaDir) -> impl FnOnce(std::io::Error) -> StoreError {
    let path: PathBuf = directory.repository();
    move |source| {
        StoreError::Files(FilesError::Io {
            action: "read",
            path,
            source,
        })
    }
}

/// The first certificate in a file of the CA's.
pub(super) fn certificate_of(directory: &CaDir, path: &Path) -> Option<Certificate> {
    decode_certificates(&directory.read(path).ok()?)
        .ok()?
        .into_iter()
        .next()
}
