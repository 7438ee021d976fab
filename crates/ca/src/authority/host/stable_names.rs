//! Names that stay when a certificate is renewed: in a directory for output, links that lead to the set of files that counts
//! (`files::Releases`); and single files, which are replaced only where they are earlier ones of the same host.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::authority::host::delivery::{DeliveredFile, Place};
use crate::authority::look::find::file_host;
use crate::authority::{Authority, AuthorityError, Delivery};
use crate::files::{
    CURRENT, Exchange, FileName, FilesError, Linked, NamedFile, OutputFile, OutputFolder, RELEASES, Releases,
    check_writable, is_within, linked_release, linked_through, parent_of, place_of, read_file, read_own_file,
    release_folder, releases_in, write_named,
};
use crate::home::{HostFile, StoreError};
use crate::records::key_digits;
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::{PrivateKey, Signer, decode_private_key, sha256};
use gsec_pki::pkcs12::decode_pfx;
use gsec_pki::x509::{Certificate, GeneralName, NameError, SerialNumber, decode_certificates};

/// The files of a host that have names that stay.
const FILES: [HostFile; 4] = [
    HostFile::Key,
    HostFile::Pfx,
    HostFile::Certificate,
    HostFile::Chain,
];
/// The end of the name of the link of a host that is not the first in a directory.
const OWN_LINK: &str = "current";
/// So many hexadecimal digits of a digest are the name of a set.
const ID_DIGITS: usize = 16;

/// The files of one host with their contents.
pub(in crate::authority) type Contents = Vec<(HostFile, Zeroizing<Vec<u8>>)>;

/// The names of one host in a directory.
pub(in crate::authority) struct StableNames<'a> {
    folder: &'a Path,
    host: &'a GeneralName,
    delivery: &'a Delivery,
    part: String,
}

/// What the names of a host lead to.
pub(in crate::authority) struct Present {
    /// The link through which they lead, or are to lead.
    link: FileName,
    /// The set that counts; `None` where there is none yet.
    release: Option<FileName>,
}

impl<'a> StableNames<'a> {
    /// The names of a host; `None` where nothing is to have such names.
    ///
    /// # Errors
    /// [`AuthorityError::Name`] when the host's name is too long for a file name.
    pub(in crate::authority) fn of(
        delivery: &'a Delivery,
        host: &'a GeneralName,
    ) -> Result<Option<Self>, AuthorityError> {
        let Some((folder, part)) = delivery.out_dir.as_deref().zip(delivery.out_names.part(host)) else {
            return Ok(None);
        };
        let longest = HostFile::Key.ending();
        if FileName::without_serial(&part, longest).is_none() {
            let (found, bound) = (part.len(), 255 - longest.len() - 1);
            return Err(AuthorityError::Name {
                text: host.value(),
                source: NameError::TooLong { found, bound },
            });
        }
        Ok(Some(Self {
            folder,
            host,
            delivery,
            part,
        }))
    }

    fn named(&self, ending: &str) -> FileName {
        FileName::without_serial(&self.part, ending).expect("the longest ending was tried")
    }

    /// The name of a file.
    fn file(&self, file: HostFile) -> FileName {
        self.named(file.ending())
    }

    /// Looks at what has the names of some files.
    ///
    /// # Errors
    /// [`AuthorityError::NameTaken`] when they lead to files of another host; [`AuthorityError::NotReplaced`] when something else has one of
    /// the names.
    pub(in crate::authority) fn look(
        &self,
        files: impl IntoIterator<Item = HostFile>,
    ) -> Result<Present, AuthorityError> {
        let present = self.present()?;
        let links = [FileName::new(CURRENT), Some(self.named(OWN_LINK))];
        for file in files {
            let name = self.file(file);
            match linked_through(self.folder, &name)? {
                Linked::Nothing => {}
                Linked::To(link) if links.contains(&Some(link.clone())) => {}
                Linked::To(_) | Linked::Other => return Err(self.not_replaced(&name)),
            }
        }
        if let Some(other) = present
            .release
            .as_ref()
            .and_then(|release| self.certificate_in(release))
            .and_then(|certificate| file_host(&certificate))
            .filter(|other| other != self.host)
        {
            return Err(AuthorityError::NameTaken {
                path: self.folder.join(self.file(HostFile::Certificate).as_str()),
                other: other.value(),
                host: self.host.value(),
                names: self.delivery.out_names,
            });
        }
        Ok(present)
    }

    /// The first host of a directory has the link `current`, and every other one a link of its own.
    fn present(&self) -> Result<Present, AuthorityError> {
        let own = self.named(OWN_LINK);
        match linked_release(self.folder, &own)? {
            Linked::To(release) => {
                return Ok(Present {
                    link: own,
                    release: Some(release),
                });
            }
            Linked::Other => return Err(self.not_replaced(&own)),
            Linked::Nothing => {}
        }
        let current = FileName::new(CURRENT).expect("letters are a file name");
        let own = Present {
            link: own,
            release: None,
        };
        Ok(match linked_release(self.folder, &current)? {
            Linked::Other => own,
            Linked::Nothing => Present {
                link: current,
                release: None,
            },
            Linked::To(release) if self.has_files(&release) => Present {
                link: current,
                release: Some(release),
            },
            // It leads nowhere.
            Linked::To(release) if release_folder(self.folder, &release).symlink_metadata().is_err() => {
                Present {
                    link: current,
                    release: None,
                }
            }
            Linked::To(_) => own,
        })
    }

    fn has_files(&self, release: &FileName) -> bool {
        let folder = release_folder(self.folder, release);
        FILES
            .iter()
            .any(|file| folder.join(self.file(*file).as_str()).symlink_metadata().is_ok())
    }

    fn not_replaced(&self, name: &FileName) -> AuthorityError {
        AuthorityError::NotReplaced {
            path: self.folder.join(name.as_str()),
            expected: "a link that gsec made".into(),
        }
    }

    /// The file of a set.
    fn content_in(&self, release: &FileName, file: HostFile) -> Option<Zeroizing<Vec<u8>>> {
        read_own_file(&release_folder(self.folder, release).join(self.file(file).as_str())).ok()
    }

    fn certificate_in(&self, release: &FileName) -> Option<Certificate> {
        let content = self.content_in(release, HostFile::Certificate)?;
        decode_certificates(&content).ok()?.into_iter().next()
    }

    /// The content of a file that its name leads to; `None` where it does not lead to a set of this host.
    pub(in crate::authority) fn content(
        &self,
        file: HostFile,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, AuthorityError> {
        let Present { link, release } = self.present()?;
        let leads = linked_through(self.folder, &self.file(file))? == Linked::To(link);
        Ok(release
            .filter(|_| leads)
            .and_then(|release| self.content_in(&release, file)))
    }

    /// The certificates of this host in all sets, the one that counts first.
    pub(in crate::authority) fn certificates(&self) -> impl Iterator<Item = (FileName, Certificate)> + '_ {
        let counts = self.present().ok().and_then(|present| present.release);
        let others = releases_in(self.folder).into_iter().filter({
            let counts = counts.clone();
            move |release| Some(release) != counts.as_ref()
        });
        counts.into_iter().chain(others).filter_map(|release| {
            let certificate = self.certificate_in(&release)?;
            Some((release, certificate))
        })
    }

    /// A file of the set that has a certificate, whether or not it is the one that counts.
    pub(in crate::authority) fn content_with(
        &self,
        certificate: &Certificate,
        file: HostFile,
    ) -> Option<Zeroizing<Vec<u8>>> {
        self.certificates()
            .filter(|(_, found)| found == certificate)
            .find_map(|(release, _)| self.content_in(&release, file))
    }
}

/// The name of a set: the beginning of a digest of everything in it, so that the same files are the same set.
fn release_id(files: &[OutputFile]) -> FileName {
    let mut lines: Vec<String> = files
        .iter()
        .map(|file| {
            format!(
                "{} {} {}\n",
                encode(&sha256(&file.content), Separator::None),
                file.content.len(),
                file.name
            )
        })
        .collect();
    lines.sort();
    let digest = encode(&sha256(lines.concat().as_bytes()), Separator::None);
    FileName::new(&digest[..ID_DIGITS]).expect("hexadecimal digits are a file name")
}

impl Delivery {
    /// Checks that a single file is none of those that are written to the directory for output in the same call, and none of what it needs there
    /// to lead to them.
    ///
    /// # Errors
    /// [`AuthorityError::SameFile`].
    fn expect_apart(
        &self,
        single: &Path,
        delivered: &[DeliveredFile],
        host: &GeneralName,
    ) -> Result<(), AuthorityError> {
        let Some(folder) = &self.out_dir else {
            return Ok(());
        };
        let own = place_of(single);
        let is_same = |name: &str| place_of(&folder.join(name)) == own;
        let is_taken = match StableNames::of(self, host)? {
            Some(names) => {
                let links = [CURRENT, names.named(OWN_LINK).as_str(), RELEASES]
                    .into_iter()
                    .any(is_same);
                links
                    || FILES.iter().any(|file| is_same(names.file(*file).as_str()))
                    || is_within(parent_of(single), &folder.join(RELEASES))
            }
            // Under which number, nobody knows before.
            None => delivered
                .iter()
                .filter(|one| one.place == Place::Numbered)
                .any(|one| {
                    let name = single.file_name().and_then(OsStr::to_str).unwrap_or_default();
                    let digits = numbered(&one.path).and_then(|rest| name.strip_suffix(rest));
                    digits.is_some_and(is_number) && is_same(name)
                }),
        };
        match is_taken {
            true => Err(AuthorityError::SameFile {
                path: single.to_owned(),
                folder: folder.clone(),
            }),
            false => Ok(()),
        }
    }
}

/// What follows the serial number in a name.
fn numbered(path: &Path) -> Option<&str> {
    let name = path.file_name()?.to_str()?;
    name.find('_').map(|place| &name[place..])
}

fn is_number(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
}

impl Authority {
    /// The certificates above a host's, up to the root, PEM. Those that lead there from a former root come before it.
    pub(in crate::authority) fn chain_pem(&self, now: time::OffsetDateTime) -> String {
        let (roots, below): (Vec<&Certificate>, Vec<&Certificate>) = self
            .path_upwards()
            .partition(|certificate| certificate.is_self_issued());
        below
            .into_iter()
            .chain(self.changeover(now))
            .chain(roots)
            .map(Certificate::to_pem)
            .collect()
    }

    /// Finds out before anything is issued whether files can be delivered outside of the repository.
    pub(in crate::authority) fn expect_places(
        &self,
        host: &GeneralName,
        has_key: bool,
        delivery: &Delivery,
    ) -> Result<(), AuthorityError> {
        if let Some(folder) = &delivery.out_dir {
            self.directory().expect_outside(folder)?;
            check_writable(folder)?;
            let output = self.directory().output_folder(folder)?;
            if has_key {
                output.expect_for_secrets()?;
            }
            if let Some(names) = StableNames::of(delivery, host)? {
                Releases::expect_possible(&output)?;
                names.look(delivery.handed(has_key))?;
            }
        }
        let none = SerialNumber::one();
        let delivered = delivery.delivered(&none, host, has_key);
        for single in delivered.iter().filter(|one| one.place == Place::Single) {
            let folder = parent_of(&single.path);
            self.directory().expect_outside(folder)?;
            check_writable(folder)?;
            delivery.expect_apart(&single.path, &delivered, host)?;
            let folder = self.directory().output_folder(folder)?;
            if single.file.is_secret() {
                folder.expect_for_secrets()?;
            }
            folder.expect_replaceable(&single.path, single.file.access())?;
            self.expect_earlier(single.file, &single.path, host, delivery)?;
        }
        Ok(())
    }

    /// Checks for all hosts of a list, before anything is issued, that the names of their files are not those of other hosts.
    ///
    /// # Errors
    /// [`AuthorityError::NameTaken`], [`AuthorityError::NotReplaced`].
    pub fn expect_names_free<'a>(
        &self,
        mut hosts: impl Iterator<Item = &'a GeneralName>,
        delivery: &Delivery,
    ) -> Result<(), AuthorityError> {
        hosts.try_for_each(|host| match StableNames::of(delivery, host)? {
            Some(names) => names.look(delivery.handed(true)).map(drop),
            None => Ok(()),
        })
    }

    /// Checks that what has the path of a single file is an earlier one of the same host.
    ///
    /// # Errors
    /// [`AuthorityError::NotReplaced`].
    pub(in crate::authority) fn expect_earlier(
        &self,
        file: HostFile,
        path: &Path,
        host: &GeneralName,
        delivery: &Delivery,
    ) -> Result<(), AuthorityError> {
        let Some(content) = self.delivered_content(path)? else {
            return Ok(());
        };
        let password = delivery.pfx.as_ref().map_or("", |order| &order.password);
        let (is_earlier, what) = match file {
            HostFile::Key => (self.is_key_of(&content, host)?, "an unencrypted private key"),
            HostFile::Pfx => (
                self.is_pfx_of(&content, password, host)?,
                "a PFX, readable with the given password,",
            ),
            HostFile::Chain => (self.is_own_chain(&content)?, "a chain"),
            HostFile::Certificate | HostFile::OwnCopy => {
                (self.is_certificate_of(&content, host)?, "a certificate")
            }
        };
        if is_earlier {
            return Ok(());
        }
        Err(AuthorityError::NotReplaced {
            path: path.to_owned(),
            expected: match file {
                HostFile::Chain => format!("{what} of this CA"),
                _ => format!("{what} of this CA for `{}`", host.value()),
            },
        })
    }

    fn is_certificate_of(&self, content: &[u8], host: &GeneralName) -> Result<bool, AuthorityError> {
        let Some(first) = decode_certificates(content)
            .ok()
            .and_then(|certificates| certificates.into_iter().next())
        else {
            return Ok(false);
        };
        self.has_issued_for(&first, host)
    }

    fn has_issued_for(&self, certificate: &Certificate, host: &GeneralName) -> Result<bool, AuthorityError> {
        Ok(file_host(certificate).as_ref() == Some(host)
            && (self.has_issued(certificate)? || certificate.is_issued_by(self.certificate())))
    }

    fn is_key_of(&self, content: &[u8], host: &GeneralName) -> Result<bool, AuthorityError> {
        let Ok(key) = decode_private_key(content, None) else {
            return Ok(false);
        };
        self.is_certified_for(&key, host)
    }

    /// Whether this CA has certified a key for a host, also where the certificate was never handed out.
    fn is_certified_for(&self, key: &PrivateKey, host: &GeneralName) -> Result<bool, AuthorityError> {
        let key = key.public_key();
        for record in self.records().lookup()?.by_key(key)? {
            let certificate = self
                .issued_certificate(&record.serial)?
                .filter(|certificate| certificate.public_key().is_pair_of(key));
            if certificate.is_some_and(|certificate| file_host(&certificate).as_ref() == Some(host)) {
                return Ok(true);
            }
        }
        let digits = key_digits(key);
        let mut serials = Vec::new();
        self.records().audit_lines_with(&[&digits], &mut |line| {
            if line.key_material.as_ref() == Some(&digits) {
                serials.extend(line.serial);
            }
        })?;
        for serial in serials
            .iter()
            .filter_map(|serial| SerialNumber::parse_any_hex(serial))
        {
            let record = self.records().find(&serial)?;
            if record.is_some_and(|record| record.host_names().contains(host)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_pfx_of(&self, content: &[u8], password: &str, host: &GeneralName) -> Result<bool, AuthorityError> {
        let Ok(contents) = decode_pfx(content, password) else {
            return Ok(false);
        };
        let [key] = contents.keys.as_slice() else {
            return Ok(false);
        };
        for found in &contents.certificates {
            let has_key = key
                .key
                .public_key()
                .is_some_and(|key| key.is_pair_of(found.certificate.public_key()));
            if has_key && self.has_issued_for(&found.certificate, host)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a file is a chain of this CA: its certificate, or one that it had before, and those that lead up from there.
    fn is_own_chain(&self, content: &[u8]) -> Result<bool, AuthorityError> {
        let Ok(found) = decode_certificates(content) else {
            return Ok(false);
        };
        let own = self.own_certificates()?;
        let is_of_path = |(at, certificate): (usize, &Certificate)| {
            own.contains(certificate)
                || at > 0 && found[..at].iter().any(|below| below.is_issued_by(certificate))
        };
        Ok(!found.is_empty() && found.iter().enumerate().all(is_of_path))
    }

    /// Has the names of hosts lead to new sets of files. Returns what came of each.
    pub(in crate::authority) fn publish(
        &self,
        folder: &Path,
        hosts: Vec<(&GeneralName, Contents)>,
        delivery: &Delivery,
        patience: Duration,
    ) -> Vec<Result<(), AuthorityError>> {
        let taken = || -> Result<Releases, AuthorityError> {
            Ok(Releases::take(self.directory().output_folder(folder)?, patience)?)
        };
        let releases = match taken() {
            Ok(releases) => releases,
            Err(error) => return one_error_for_all(error, folder, hosts.len()),
        };
        let mut publication = Publication::default();
        for (host, contents) in hosts {
            let added = publication.add(delivery, host, contents);
            publication.results.push(added);
        }
        publication.carry_out(&releases)
    }

    /// Writes single files, the key first: a certificate without its key would be of no use.
    pub(in crate::authority) fn write_single(
        &self,
        delivered: &[DeliveredFile],
        contents: &[(HostFile, Zeroizing<Vec<u8>>)],
    ) -> Result<(), AuthorityError> {
        let content_of = |file: HostFile| contents.iter().find(|(found, _)| *found == file);
        let mut files = Vec::new();
        for file in [
            HostFile::Key,
            HostFile::Pfx,
            HostFile::Chain,
            HostFile::Certificate,
        ] {
            let wanted = delivered
                .iter()
                .filter(|one| one.place == Place::Single && one.file == file);
            files.extend(wanted.filter_map(|one| {
                Some(NamedFile {
                    path: one.path.clone(),
                    access: file.access(),
                    content: content_of(file)?.1.clone(),
                })
            }));
        }
        let owner = self.directory().root();
        Ok(write_named(&files, &|folder| {
            OutputFolder::for_owner_of(owner, folder)
        })?)
    }

    /// The content of a file outside of the repository; `None` where there is none.
    pub(in crate::authority) fn delivered_content(
        &self,
        path: &Path,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, AuthorityError> {
        match read_file(path) {
            Ok(content) => Ok(Some(content)),
            Err(FilesError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// The sets of several hosts in one directory, and what their names are to lead to.
#[derive(Default)]
struct Publication {
    /// What came of each host.
    results: Vec<Result<(), AuthorityError>>,
    sets: Vec<(FileName, Vec<OutputFile>)>,
    /// For each set the place of its host, and what is to be exchanged.
    exchanges: Vec<(usize, Exchange)>,
    /// Of several hosts that are new in a directory, each finds `current` without an owner, and only the first gets it.
    is_current_taken: bool,
}

impl Publication {
    fn add(
        &mut self,
        delivery: &Delivery,
        host: &GeneralName,
        contents: Contents,
    ) -> Result<(), AuthorityError> {
        let Some(names) = StableNames::of(delivery, host)? else {
            return Ok(());
        };
        let files: Vec<HostFile> = contents.iter().map(|(file, _)| *file).collect();
        let link = match names.look(files.iter().copied())? {
            Present { release: None, link } if link.as_str() == CURRENT => {
                match std::mem::replace(&mut self.is_current_taken, true) {
                    true => names.named(OWN_LINK),
                    false => link,
                }
            }
            present => present.link,
        };
        let named = contents.into_iter().map(|(file, content)| OutputFile {
            name: names.file(file),
            access: file.access(),
            content,
        });
        let set: Vec<OutputFile> = named.collect();
        let release = release_id(&set);
        let gone = FILES.into_iter().filter(|file| !files.contains(file));
        let exchange = Exchange {
            link,
            release: release.clone(),
            names: set.iter().map(|file| file.name.clone()).collect(),
            gone: gone.map(|file| names.file(file)).collect(),
        };
        self.exchanges.push((self.results.len(), exchange));
        self.sets.push((release, set));
        Ok(())
    }

    fn carry_out(self, releases: &Releases) -> Vec<Result<(), AuthorityError>> {
        let Self {
            mut results,
            sets,
            exchanges,
            ..
        } = self;
        if sets.is_empty() {
            return results;
        }
        let mut ready = Vec::new();
        for ((at, exchange), added) in exchanges.into_iter().zip(releases.add(&sets)) {
            match added {
                Ok(release) => ready.push((at, Exchange { release, ..exchange })),
                Err(error) => results[at] = Err(error.into()),
            }
        }
        let (places, ready): (Vec<usize>, Vec<Exchange>) = ready.into_iter().unzip();
        for (at, exchanged) in places.into_iter().zip(releases.exchange(&ready)) {
            results[at] = exchanged.map_err(AuthorityError::from);
        }
        results
    }
}

/// The same error for each host.
fn one_error_for_all(error: AuthorityError, folder: &Path, count: usize) -> Vec<Result<(), AuthorityError>> {
    let again = |error: &StoreError| (0..count).map(|_| Err(error.again(folder).into())).collect();
    match error.into_directory() {
        Ok(error) => again(&error),
        Err(other) => again(&StoreError::io("write into", folder)(std::io::Error::other(
            other.to_string(),
        ))),
    }
}
