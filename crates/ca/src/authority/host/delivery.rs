//! Which files a host is handed, and where: kept in the repository, in a directory for output, and at paths of their own.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::authority::AuthorityError;
use crate::files::FileName;
use crate::home::HostFile;
use gsec_pki::key::KeyFormat;
use gsec_pki::pkcs12::PfxEncryption;
use gsec_pki::x509::{GeneralName, SerialNumber};

/// How a PFX is written.
pub struct PfxOrder {
    /// The password; may be empty.
    pub password: Zeroizing<String>,
    /// The algorithms.
    pub encryption: PfxEncryption,
}

/// What the files of a host are called in a directory for output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OutNames {
    /// `db1_cert.pem`: after the first label of the host, the same after each renewal.
    #[default]
    Label,
    /// `db1.example.com_cert.pem`: after the whole host, the same after each renewal.
    Fqdn,
    /// `01_db1_cert.pem`: as in the repository, other ones after each renewal.
    Serial,
}

impl OutNames {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Label, Self::Fqdn, Self::Serial];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::Fqdn => "fqdn",
            Self::Serial => "serial",
        }
    }

    /// What names begin with that stay; `None` where they begin with the serial number. Lower case: a host has the same names however it
    /// is typed.
    pub(in crate::authority) fn part(self, host: &GeneralName) -> Option<String> {
        let part = match self {
            Self::Label => FileName::host_part(host),
            Self::Fqdn => FileName::whole_host_part(host),
            Self::Serial => return None,
        };
        Some(part.to_ascii_lowercase())
    }
}

/// Paths of single files; a file at one of them is replaced if it is an earlier one of the same host.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutFiles {
    /// The certificate with the intermediates.
    pub certificate: Option<PathBuf>,
    /// The private key.
    pub key: Option<PathBuf>,
    /// The certificates above the host's.
    pub chain: Option<PathBuf>,
    /// The PFX.
    pub pfx: Option<PathBuf>,
}

impl OutFiles {
    fn path(&self, file: HostFile) -> Option<&PathBuf> {
        match file {
            HostFile::Certificate => self.certificate.as_ref(),
            HostFile::Key => self.key.as_ref(),
            HostFile::Chain => self.chain.as_ref(),
            HostFile::Pfx => self.pfx.as_ref(),
            HostFile::OwnCopy => None,
        }
    }
}

/// Which files are written, and where.
pub struct Delivery {
    /// The PFX, when one is requested.
    pub pfx: Option<PfxOrder>,
    /// The form of the key file.
    pub key_format: KeyFormat,
    /// A folder that gets certificate, key and PFX as well.
    pub out_dir: Option<PathBuf>,
    /// What they are called there.
    pub out_names: OutNames,
    /// Single files that are written as well.
    pub out_files: OutFiles,
    /// Whether key and PFX are kept in the repository.
    pub keep_key: bool,
}

/// How a file is kept where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::authority) enum Place {
    /// The records keep it.
    Kept,
    /// In the directory for output, under a name with the serial number. Nothing is replaced.
    Numbered,
    /// In the directory for output, under a name that leads to the set that counts.
    Linked,
    /// At a path of its own.
    Single,
}

/// A file that a person wanted elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveredFile {
    /// Which one it is.
    pub file: HostFile,
    /// Where it is.
    pub path: PathBuf,
    pub(in crate::authority) place: Place,
}

/// Where the files of an issued certificate are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssuedFiles {
    /// What the CA keeps of it, in the order certificate, key, PFX, own copy.
    pub kept: Vec<(HostFile, PathBuf)>,
    /// What was written elsewhere as well: in the folder for output, then at paths of their own; each in the order certificate, key,
    /// chain, PFX.
    pub delivered: Vec<DeliveredFile>,
}

impl IssuedFiles {
    /// Where the CA keeps a file, if it does.
    pub fn kept(&self, file: HostFile) -> Option<&Path> {
        let found = self.kept.iter().find(|(kept, _)| *kept == file);
        found.map(|(_, path)| path.as_path())
    }

    /// Takes out a file that is not there.
    pub(in crate::authority) fn forget(&mut self, path: &Path) {
        self.kept.retain(|(_, kept)| kept != path);
        self.delivered.retain(|delivered| delivered.path != path);
    }
}

impl Delivery {
    /// Which files the CA keeps of a host, in the order in which people are told of them, its own copy last.
    pub(in crate::authority) fn kept(&self, has_key: bool) -> impl Iterator<Item = HostFile> + use<> {
        let keeps_key = self.keep_key;
        self.handed(has_key)
            .filter(move |file| *file != HostFile::Chain && (keeps_key || !file.is_secret()))
            .chain([HostFile::OwnCopy])
    }

    /// Which files a host is handed, in the order in which people are told of them.
    pub(in crate::authority) fn handed(&self, has_key: bool) -> impl Iterator<Item = HostFile> + use<> {
        let has_pfx = has_key && self.pfx.is_some();
        [
            Some(HostFile::Certificate),
            has_key.then_some(HostFile::Key),
            Some(HostFile::Chain),
            has_pfx.then_some(HostFile::Pfx),
        ]
        .into_iter()
        .flatten()
    }

    /// Where files are required outside of the repository.
    pub(in crate::authority) fn delivered(
        &self,
        serial: &SerialNumber,
        host: &GeneralName,
        has_key: bool,
    ) -> Vec<DeliveredFile> {
        let in_folder = |folder: &Path, file: HostFile| {
            let (name, place) = match self.out_names.part(host) {
                Some(part) => (FileName::without_serial(&part, file.ending())?, Place::Linked),
                None if file == HostFile::Chain => return None,
                None => (file.name(serial, Some(host))?, Place::Numbered),
            };
            let path = folder.join(name.as_str());
            Some(DeliveredFile { file, path, place })
        };
        let in_folder = self
            .out_dir
            .iter()
            .flat_map(|folder| self.handed(has_key).filter_map(|file| in_folder(folder, file)));
        let single = self.handed(has_key).filter_map(|file| {
            Some(DeliveredFile {
                file,
                path: self.out_files.path(file)?.clone(),
                place: Place::Single,
            })
        });
        in_folder.chain(single).collect()
    }
}

/// Checks that no two of several hosts would get files of the same names in the directory for output.
///
/// # Errors
/// [`AuthorityError::SameNames`].
pub fn expect_distinct_names<'a>(
    hosts: impl Iterator<Item = &'a GeneralName>,
    delivery: &Delivery,
) -> Result<(), AuthorityError> {
    let Some(folder) = &delivery.out_dir else {
        return Ok(());
    };
    let mut seen: HashMap<String, &GeneralName> = HashMap::new();
    for host in hosts {
        let Some(part) = delivery.out_names.part(host) else {
            return Ok(());
        };
        let name = FileName::without_serial(&part, HostFile::Certificate.ending());
        match seen.insert(part, host) {
            Some(first) if first != host => {
                return Err(AuthorityError::SameNames {
                    path: name.map_or_else(|| folder.clone(), |name| folder.join(name.as_str())),
                    first: first.value(),
                    second: host.value(),
                    names: delivery.out_names,
                });
            }
            _ => {}
        }
    }
    Ok(())
}
