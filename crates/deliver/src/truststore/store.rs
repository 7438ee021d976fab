//! One trust store: which ones there are, and what one says of a CA. Reads only.

use std::path::{Path, PathBuf};

use super::java::KeyStore;
use super::nss::NssDatabase;
use super::p11::P11;
use super::password::Passwords;
use super::shared::{Shared, SharedKind};
use super::system::System;
use super::{Anchor, Machine, TrustError};
use gsec_pki::x509::Certificate;

/// A store as a person asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// That of the operating system.
    System,
    /// The database of NSS in a directory; `None`: all that browsers of the user have.
    Nss(Option<PathBuf>),
    /// A Java key store; `None`: that of `$JAVA_HOME`.
    Java(Option<PathBuf>),
    /// What p11-kit manages.
    P11,
}

/// The kind of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreKind {
    /// Of the operating system.
    System,
    /// Of NSS: Firefox, and Chromium on Linux.
    Nss,
    /// Of Java.
    Java,
    /// Of p11-kit.
    P11,
}

impl StoreKind {
    /// Its name, as `--store` takes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Nss => "nss",
            Self::Java => "java",
            Self::P11 => "p11",
        }
    }
}

/// A trust store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Store {
    /// Of the operating system.
    System(System),
    /// Of NSS.
    Nss(NssDatabase),
    /// Of Java.
    Java(KeyStore),
    /// Of p11-kit.
    P11(P11),
}

/// What a store says of a CA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is trusted: what programs read contains it.
    Present,
    /// It is not there.
    Absent,
    /// It is there, and marked as not to be trusted.
    Distrusted,
    /// Its file is in its place, and what programs read does not contain it.
    Stale,
}

impl Standing {
    /// Its name, in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Absent => "absent",
            Self::Distrusted => "distrusted",
            Self::Stale => "stale",
        }
    }
}

/// What was found of a CA in a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it comes to.
    pub standing: Standing,
    /// The files that bring it there, or the names it has there.
    pub places: Vec<String>,
    /// What distrusts it: a file or a line of one.
    pub distrusted_by: Option<String>,
    /// Files among the anchors that have it, and that the tool of the system does not take because of their names.
    pub ignored: Vec<String>,
    /// Whether what programs read contains it, whatever else is said of it.
    pub in_effect: bool,
    /// The certificate, as the store has it.
    pub certificate: Option<Certificate>,
}

impl Found {
    /// Nothing was found.
    pub(super) fn absent() -> Self {
        Self {
            standing: Standing::Absent,
            places: Vec::new(),
            distrusted_by: None,
            ignored: Vec::new(),
            in_effect: false,
            certificate: None,
        }
    }
}

impl Store {
    /// Its kind.
    pub fn kind(&self) -> StoreKind {
        match self {
            Self::System(_) => StoreKind::System,
            Self::Nss(_) => StoreKind::Nss,
            Self::Java(_) => StoreKind::Java,
            Self::P11(_) => StoreKind::P11,
        }
    }

    /// Its layout or its owner, where there are several of the kind.
    pub fn layout(&self) -> Option<&'static str> {
        match self {
            Self::System(system) => Some(system.layout().name),
            _ => None,
        }
    }

    /// Where it is: the directory of anchors, the directory of the database, the file.
    pub fn path(&self) -> &Path {
        match self {
            Self::System(system) => system.anchors(),
            Self::Nss(database) => database.folder(),
            Self::Java(store) => store.path(),
            Self::P11(store) => store.path(),
        }
    }

    /// What programs read of it.
    pub fn output(&self) -> &Path {
        match self {
            Self::System(system) => system.output(),
            other => other.path(),
        }
    }

    /// Whether the tools of the system's store write it, so that it is looked at and not changed by itself.
    pub fn is_of_the_system(&self) -> bool {
        matches!(self, Self::Java(store) if store.is_of_the_system())
    }

    /// The directories in which a tool writes.
    pub(super) fn written_folders(&self) -> Vec<PathBuf> {
        match self {
            Self::System(system) => system.written_folders(),
            _ => Vec::new(),
        }
    }

    /// The files that a tool writes as a whole.
    pub(super) fn written_files(&self) -> Vec<PathBuf> {
        match self {
            Self::System(system) => system.written_files(),
            other => other
                .shared_files()
                .into_iter()
                .flat_map(|shared| shared.files)
                .collect(),
        }
    }

    /// Files that a tool makes links of.
    pub(super) fn plain_files(&self) -> Vec<PathBuf> {
        match self {
            Self::System(system) => system.plain_files(),
            _ => Vec::new(),
        }
    }

    /// The files that a tool may change which hold more than one CA, each group with what is in it.
    pub(super) fn shared_files(&self) -> Vec<Shared> {
        match self {
            Self::System(system) => system.shared_files(),
            Self::Nss(database) => vec![Shared {
                files: database.files(),
                kind: SharedKind::Nss,
            }],
            Self::Java(store) => vec![Shared {
                files: vec![store.path().to_owned()],
                kind: SharedKind::Java,
            }],
            Self::P11(_) => Vec::new(),
        }
    }
}

/// The stores that are asked for, or that there are: without a request the system's, and the databases of the user's browsers.
///
/// # Errors
/// [`TrustError::NoSystemStore`], [`TrustError::NotAStore`], [`TrustError::OfTheSystem`].
pub fn find_stores(asked: &[Asked], machine: &Machine<'_>) -> Result<Vec<Store>, TrustError> {
    if asked.is_empty() {
        let mut stores = vec![default_store(machine)?];
        if !machine.has_other_root() {
            stores.extend(NssDatabase::all(machine).into_iter().map(Store::Nss));
        }
        return Ok(stores);
    }
    let mut stores = Vec::new();
    for asked in asked {
        let found = match asked {
            Asked::System => vec![default_store(machine)?],
            Asked::Nss(None) => NssDatabase::all(machine).into_iter().map(Store::Nss).collect(),
            Asked::Nss(Some(folder)) => vec![Store::Nss(NssDatabase::named(folder)?)],
            Asked::Java(path) => vec![Store::Java(KeyStore::named(path.as_deref(), machine)?)],
            Asked::P11 => vec![Store::P11(P11::of(machine)?)],
        };
        stores.extend(
            found
                .into_iter()
                .filter(|store| !stores.contains(store))
                .collect::<Vec<_>>(),
        );
    }
    Ok(stores)
}

/// Stores that the tools of another one write: Java's, beside the store of a system.
pub fn related_stores(store: &Store) -> Vec<Store> {
    match store {
        Store::System(system) => {
            let java = system.java().map(KeyStore::of_the_system);
            java.map(Store::Java).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The system's own store, or what p11-kit manages where the system is not one that gsec knows.
fn default_store(machine: &Machine<'_>) -> Result<Store, TrustError> {
    match System::of(machine)? {
        Some(system) => Ok(Store::System(system)),
        None if !machine.has_other_root() => match P11::of(machine) {
            Ok(store) => Ok(Store::P11(store)),
            Err(_) => Err(no_store(machine)),
        },
        None => Err(no_store(machine)),
    }
}

fn no_store(machine: &Machine<'_>) -> TrustError {
    TrustError::NoSystemStore {
        root: machine.root().to_owned(),
    }
}

/// What a store says of a CA. Nothing is changed; doctor's facts use it too.
///
/// # Errors
/// [`TrustError::NoProgram`] when a store cannot be read without its program, [`TrustError::Failed`], [`TrustError::Password`], [`TrustError::Files`].
pub fn look(
    store: &Store,
    anchor: &Anchor,
    machine: &Machine<'_>,
    passwords: &Passwords,
) -> Result<Found, TrustError> {
    match store {
        Store::System(system) => system.look(anchor.sha256(), machine),
        Store::Nss(database) => database.look(anchor, machine),
        Store::Java(store) => store.look(anchor.sha256(), machine, passwords),
        Store::P11(store) => store.look(anchor.sha256(), machine),
    }
}
