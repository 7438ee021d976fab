//! Files with more than one CA, and what they say of all others.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::files::{Digest, as_names, certificates_of};
use super::java::KeyStore;
use super::nss::NssDatabase;
use super::password::Passwords;
use super::{Machine, TrustError};

/// Files that belong together, and hold more than one CA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shared {
    pub(super) files: Vec<PathBuf>,
    pub(super) kind: SharedKind,
}

/// How they are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SharedKind {
    /// PEM blocks.
    Bundle,
    /// A Java key store.
    Java,
    /// A database of NSS.
    Nss,
}

impl Shared {
    /// What they say of everything except one certificate, as the files that are given: these, or a copy of them.
    pub(super) fn others(
        &self,
        files: &[PathBuf],
        except: &Digest,
        machine: &Machine<'_>,
        passwords: &Passwords,
    ) -> Result<BTreeSet<String>, TrustError> {
        let Some(first) = files.first() else {
            return Ok(BTreeSet::new());
        };
        match self.kind {
            SharedKind::Bundle => {
                let digests = certificates_of(first)?;
                Ok(as_names(digests.into_iter().filter(|digest| digest != except)))
            }
            SharedKind::Java => KeyStore::at(first).others(except, machine, passwords),
            SharedKind::Nss => {
                let folder = first.parent().unwrap_or(Path::new("/"));
                NssDatabase::at(folder).others(except, machine)
            }
        }
    }
}
