//! Databases of NSS: what Firefox and, on Linux, Chromium look into. `certutil` changes and reads them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::files::{Digest, as_names, certificate_in, certificates_in, is_absent};
use super::password::Passwords;
use super::{Anchor, Found, Machine, Standing, TrustError};
use gsec_ca::files::{FilesError, expect_own_way};
use gsec_env::{ProgramCall, ProgramEnd};
use gsec_pki::x509::Certificate;

const PROGRAM: &str = "certutil";
/// The file by which a database is known. The older form, `cert8.db`, is read by no browser since 2018.
const CERTIFICATES: &str = "cert9.db";
/// What the program may change.
const FILES: [&str; 3] = [CERTIFICATES, "key4.db", "pkcs11.txt"];
/// Databases at a fixed place below the home directory.
const IN_HOME: [&str; 3] = [
    ".pki/nssdb",
    ".local/share/pki/nssdb",
    "snap/chromium/current/.pki/nssdb",
];
/// Directories of Firefox profiles below the home directory. The second is Firefox's from version 147 on.
const PROFILES: [&str; 6] = [
    ".mozilla/firefox",
    ".config/mozilla/firefox",
    "snap/firefox/common/.mozilla/firefox",
    "snap/firefox/common/.config/mozilla/firefox",
    ".var/app/org.mozilla.firefox/.mozilla/firefox",
    ".var/app/org.mozilla.firefox/config/mozilla/firefox",
];
/// The database of the whole system.
const OF_THE_SYSTEM: &str = "/etc/pki/nssdb";
/// Trusted to issue the certificates of servers.
const TRUSTED: &str = "C,,";
/// A database with more names is not searched: Firefox keeps some hundred.
const MAX_NAMES: usize = 5000;
/// What is kept of the program's output, in bytes.
const MAX_OUTPUT: usize = 16 * 1024 * 1024;

/// A database of NSS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NssDatabase {
    folder: PathBuf,
}

/// A name in a database with its trust, as the program lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Listed {
    name: String,
    trust: String,
}

impl NssDatabase {
    pub(super) fn at(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    /// The one that a person named.
    pub(super) fn named(folder: &Path) -> Result<Self, TrustError> {
        let not_one = || TrustError::NotAStore {
            path: folder.to_owned(),
            what: "a directory with an NSS database (cert9.db)",
        };
        Self::seen(folder)?.ok_or_else(not_one)
    }

    /// The one in a directory, where there is one.
    fn seen(folder: &Path) -> Result<Option<Self>, FilesError> {
        let file = folder.join(CERTIFICATES);
        let found = file
            .metadata()
            .and_then(|found| Ok((found, folder.canonicalize()?)));
        match found {
            Ok((found, folder)) if found.is_file() => Ok(Some(Self { folder })),
            Ok(_) => Ok(None),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(FilesError::io("read", &file)(error)),
        }
    }

    /// The databases of a user's browsers, and that of the system where the user may change it. Only those of the user who runs gsec:
    /// another user's directories are looked into by a process of that user. A directory that may have one and cannot be looked into is among them:
    /// whoever asks it gets the reason.
    pub(super) fn all(machine: &Machine<'_>) -> Vec<Self> {
        let home = machine.user.home.as_deref().filter(|_| machine.user.is_running());
        let in_home = home.into_iter().flat_map(|home| {
            let profiles = PROFILES.iter().flat_map(|folder| folders_in(&home.join(folder)));
            IN_HOME
                .iter()
                .map(|folder| home.join(folder))
                .chain(profiles)
                .collect::<Vec<_>>()
        });
        let is_root = rustix::process::geteuid().is_root();
        let of_the_system = is_root.then(|| machine.below_root(OF_THE_SYSTEM));
        let mut found: Vec<Self> = Vec::new();
        let seen = |path: PathBuf| Self::seen(&path).unwrap_or(Some(Self { folder: path }));
        for database in in_home.chain(of_the_system).filter_map(seen) {
            if !found.contains(&database) {
                found.push(database);
            }
        }
        found
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn files(&self) -> Vec<PathBuf> {
        FILES.iter().map(|name| self.folder.join(name)).collect()
    }

    /// Whether a browser has the database open: Firefox keeps a link of this name while it runs.
    pub(super) fn is_in_use(&self) -> bool {
        let is_there = |name: &str| self.folder.join(name).symlink_metadata().is_ok();
        ["lock", "cert9.db-journal", "cert9.db-wal"]
            .into_iter()
            .any(is_there)
    }

    /// Checks that the database is the user's own, and that no other user can change it.
    pub(super) fn expect_changeable(&self, machine: &Machine<'_>) -> Result<(), TrustError> {
        self.program(machine)?;
        expect_own_way(&self.folder).map_err(TrustError::Exposed)?;
        let mut files = self
            .files()
            .into_iter()
            .filter(|file| file.symlink_metadata().is_ok());
        files.try_for_each(|file| expect_own_way(&file).map_err(TrustError::Exposed))
    }

    fn program(&self, machine: &Machine<'_>) -> Result<PathBuf, TrustError> {
        machine
            .programs
            .find(PROGRAM)
            .ok_or_else(|| TrustError::NoProgram {
                program: PROGRAM,
                store: self.folder.clone(),
            })
    }

    fn call(&self, action: &str, machine: &Machine<'_>) -> Result<ProgramCall, TrustError> {
        if Self::seen(&self.folder)?.is_none() {
            fs::read_dir(&self.folder).map_err(FilesError::io("read", &self.folder))?;
        }
        let mut database = std::ffi::OsString::from("sql:");
        database.push(&self.folder);
        let call = ProgramCall {
            max_output: MAX_OUTPUT,
            ..ProgramCall::new(self.program(machine)?)
        };
        Ok(call.arg(action).arg("-d").arg(database))
    }

    /// The database's password comes from a file. Without one the program would ask on the terminal, and wait.
    fn with_password(call: ProgramCall, passwords: &Passwords) -> ProgramCall {
        let file = passwords.nss_file.as_deref().unwrap_or(Path::new("/dev/null"));
        call.arg("-f").arg(file)
    }

    fn run(&self, call: &ProgramCall, machine: &Machine<'_>) -> Result<ProgramEnd, TrustError> {
        self.ended(call, machine.programs.run(call)?)
    }

    fn ended(&self, call: &ProgramCall, end: ProgramEnd) -> Result<ProgramEnd, TrustError> {
        if end.is_success() {
            return Ok(end);
        }
        let text = String::from_utf8_lossy(&end.stderr).into_owned();
        if text.contains("SEC_ERROR_BAD_PASSWORD") {
            return Err(TrustError::Password(self.folder.clone()));
        }
        Err(TrustError::Failed {
            program: call.name(),
            store: self.folder.clone(),
            words: end.last_words(),
        })
    }

    fn list(&self, machine: &Machine<'_>) -> Result<Vec<Listed>, TrustError> {
        let end = self.run(&self.call("-L", machine)?, machine)?;
        Ok(listed(&String::from_utf8_lossy(&end.stdout)))
    }

    /// The certificates of one name, in PEM; `None` where the program does not find the name again, as it is with some that it cuts off.
    fn text_of(&self, name: &str, machine: &Machine<'_>) -> Result<Option<Vec<u8>>, TrustError> {
        let call = self.call("-L", machine)?.arg("-a").arg("-n").arg(name);
        let end = machine.programs.run(&call)?;
        let said = String::from_utf8_lossy(&end.stderr);
        if !end.is_success() && said.contains("Could not find cert") {
            return Ok(None);
        }
        self.ended(&call, end).map(|end| Some(end.stdout.to_vec()))
    }

    /// Under which names a certificate is there. NSS keeps the first name that a certificate got, so it may be any.
    fn names_of(
        &self,
        digest: &Digest,
        first: &str,
        machine: &Machine<'_>,
    ) -> Result<Option<(Listed, Option<Certificate>)>, TrustError> {
        let mut names = self.list(machine)?;
        names.sort_by_key(|listed| listed.name != first);
        names.truncate(MAX_NAMES);
        for listed in names {
            let Some(text) = self.text_of(&listed.name, machine)? else {
                continue;
            };
            if certificates_in(&text).contains(digest) {
                return Ok(Some((listed, certificate_in(&text, digest))));
            }
        }
        Ok(None)
    }

    pub(super) fn look(&self, anchor: &Anchor, machine: &Machine<'_>) -> Result<Found, TrustError> {
        let Some((listed, certificate)) = self.names_of(anchor.sha256(), &anchor.name(), machine)? else {
            return Ok(Found::absent());
        };
        let standing = match &listed.trust {
            trust if is_trusted(trust) => Standing::Present,
            trust if is_distrusted(trust) => Standing::Distrusted,
            // As a call leaves it that had no password.
            _ => Standing::Stale,
        };
        let distrusted_by =
            (standing == Standing::Distrusted).then(|| format!("trust attributes `{}`", listed.trust));
        Ok(Found {
            standing,
            places: vec![listed.name],
            distrusted_by,
            in_effect: standing == Standing::Present,
            certificate,
            ..Found::absent()
        })
    }

    pub(super) fn add(
        &self,
        anchor: &Anchor,
        file: &Path,
        machine: &Machine<'_>,
        passwords: &Passwords,
    ) -> Result<(), TrustError> {
        let call = self
            .call("-A", machine)?
            .args(["-t", TRUSTED, "-n", &anchor.name(), "-i"]);
        self.run(&Self::with_password(call.arg(file), passwords), machine)?;
        Ok(())
    }

    pub(super) fn remove(
        &self,
        anchor: &Anchor,
        machine: &Machine<'_>,
        passwords: &Passwords,
    ) -> Result<(), TrustError> {
        if let Some((listed, _)) = self.names_of(anchor.sha256(), &anchor.name(), machine)? {
            let call = self.call("-D", machine)?.arg("-n").arg(&listed.name);
            self.run(&Self::with_password(call, passwords), machine)?;
        }
        Ok(())
    }

    /// What else is in it: the digests of each name, with the trust.
    pub(super) fn others(
        &self,
        except: &Digest,
        machine: &Machine<'_>,
    ) -> Result<BTreeSet<String>, TrustError> {
        let mut others = BTreeSet::new();
        for listed in self.list(machine)?.into_iter().take(MAX_NAMES) {
            let text = self.text_of(&listed.name, machine)?;
            let digests = certificates_in(&text.unwrap_or_default());
            let other = as_names(digests.into_iter().filter(|digest| digest != except));
            others.extend(
                other
                    .into_iter()
                    .map(|digest| format!("{digest} {}", listed.trust)),
            );
        }
        Ok(others)
    }
}

/// Whether the attributes let the CA issue certificates of servers: `C` before the first comma (certutil(1)).
fn is_trusted(trust: &str) -> bool {
    trust.split(',').next().is_some_and(|ssl| ssl.contains('C'))
}

/// Whether they say that it is not to be trusted for that: the one letter of what is prohibited (certutil(1)).
fn is_distrusted(trust: &str) -> bool {
    trust.split(',').next().is_some_and(|ssl| ssl.contains('p'))
}

/// The table of `certutil -L`: names, blanks, and the trust as three fields between commas.
fn listed(text: &str) -> Vec<Listed> {
    let lines = text.lines().filter_map(|line| {
        let line = line.trim_end();
        let (name, trust) = line.rsplit_once([' ', '\t'])?;
        let is_trust =
            trust.matches(',').count() == 2 && trust.chars().all(|letter| ",pPcCTuwg".contains(letter));
        is_trust.then(|| Listed {
            name: name.trim_end().to_owned(),
            trust: trust.to_owned(),
        })
    });
    lines.filter(|listed| !listed.name.is_empty()).collect()
}

/// The directories in a directory; itself where it cannot be looked into.
fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if is_absent(&error) => return Vec::new(),
        Err(_) => return vec![folder.to_owned()],
    };
    let is_folder = |path: &PathBuf| match path.metadata() {
        Ok(found) => found.is_dir(),
        Err(error) => !is_absent(&error),
    };
    let entries = entries.flatten().map(|entry| entry.path());
    let mut folders: Vec<PathBuf> = entries.filter(is_folder).collect();
    folders.sort();
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_trust_are_read_from_the_program_s_table() {
        let table = "\nCertificate Nickname                                         Trust Attributes\n\
                     \x20                                                            SSL,S/MIME,JAR/XPI\n\n\
                     a ß b                                                       C,,  \n\
                     Example CA - Example, Inc.                                   CT,C,C\n\
                     none                                                         ,,   \n\
                     off                                                          p,,  \n";
        let found: Vec<(String, bool)> = listed(table)
            .into_iter()
            .map(|listed| (listed.name, is_trusted(&listed.trust)))
            .collect();
        let expected = [
            ("a ß b", true),
            ("Example CA - Example, Inc.", true),
            ("none", false),
            ("off", false),
        ];
        assert_eq!(found, expected.map(|(name, trusted)| (name.to_owned(), trusted)));
    }

    #[test]
    fn databases_of_every_browser_are_found_once() {
        let root = tempfile::tempdir().expect("a directory");
        let home = root.path().join("home");
        let places = [
            ".pki/nssdb",
            ".local/share/pki/nssdb",
            "snap/chromium/current/.pki/nssdb",
            ".mozilla/firefox/a.default",
            ".mozilla/firefox/b.dev",
            ".config/mozilla/firefox/c.default",
            "snap/firefox/common/.mozilla/firefox/d.default",
            ".var/app/org.mozilla.firefox/.mozilla/firefox/e.default",
        ];
        for place in places {
            fs::create_dir_all(home.join(place)).expect("a directory");
            fs::write(home.join(place).join(CERTIFICATES), "").expect("a file");
        }
        fs::create_dir_all(home.join(".mozilla/firefox/Crash Reports")).expect("a directory");
        std::os::unix::fs::symlink(home.join(".mozilla"), home.join(".config/mozilla/firefox/again"))
            .expect("a link");
        let programs = gsec_env::FakePrograms::default();
        let machine = Machine::for_tests(root.path(), &programs);
        let found = NssDatabase::all(&machine);
        let of_home: Vec<_> = found
            .iter()
            .filter(|database| database.folder.starts_with(home.canonicalize().expect("a path")))
            .collect();
        assert_eq!(of_home.len(), places.len(), "{found:?}");
    }
}
