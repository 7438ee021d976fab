//! What a bundle is to be.

use zeroize::Zeroizing;

use super::{Account, BundleError, BundleName, Dest, KeyOnHost, Unit};
use crate::target::{Content, Installer, KeyAccess, Target};
use gsec_pki::pkcs12::PfxEncryption;

/// What others may do with a file, and that its owner may read it.
const FOR_OTHERS: u32 = 0o007;
const OWNER_READS: u32 = 0o400;
/// What a key's mode is made of: nobody runs it, its group does not write it.
const KEY_BITS: u32 = 0o640;

/// The password that Java programs are given where nobody says another.
const KNOWN_PASSWORD: &str = "changeit";

/// Reads a mode as three or four octal digits, `0640`; with `0o` before them too.
pub fn parse_mode(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("0o").unwrap_or(text);
    let is_mode = (3..=4).contains(&digits.len()) && digits.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
    u32::from_str_radix(digits, 8).ok().filter(|_| is_mode)
}

/// How PKCS #12 files are written.
pub struct Store {
    /// Their password; `None`: what programs of the target expect, the empty one on Windows, `changeit` with Java.
    pub password: Option<Zeroizing<String>>,
    /// Their encryption.
    pub encryption: PfxEncryption,
}

/// What a bundle is to be.
pub struct Order {
    /// For what.
    pub target: &'static Target,
    /// What it is called; `None`: as the certificate's host.
    pub name: Option<BundleName>,
    /// Where it is installed; `None`: as the system of the host has it.
    pub dest: Option<Dest>,
    /// Whose the key is, instead of what the target says.
    pub owner: Option<Account>,
    /// Who may read it.
    pub group: Option<Account>,
    /// Its mode.
    pub mode: Option<u32>,
    /// What is reloaded.
    pub unit: Option<Unit>,
    /// The files of `generic`.
    pub files: Option<Vec<Content>>,
    /// Whether the names of the old guide lead to the files too.
    pub old_names: bool,
    /// Whether the key stays where it is.
    pub without_key: bool,
    /// The key that stays, where it is made on the host for gsec.
    pub key_on_host: Option<KeyOnHost>,
    /// How PKCS #12 files are written.
    pub store: Store,
}

impl Order {
    /// Whether it can be done, before anything is read.
    ///
    /// # Errors
    /// [`BundleError::NeedsGroup`], [`BundleError::KeyMode`], [`BundleError::NotForTarget`], [`BundleError::NeedsKey`].
    pub fn check(&self) -> Result<(), BundleError> {
        let target = self.target;
        let not_for = |option| {
            Err(BundleError::NotForTarget {
                option,
                target: target.name,
            })
        };
        if self.files.is_some() && target.name != "generic" {
            return not_for("--files");
        }
        if self.old_names && target.name != "unix" {
            return not_for("--names old");
        }
        let is_key_placed = self.owner.is_some() || self.group.is_some() || self.mode.is_some();
        if self.is_without_places() && (is_key_placed || self.dest.is_some()) {
            return not_for("--owner, --group, --mode, --dest");
        }
        if !self.has_key_file() && (is_key_placed || self.without_key) {
            return not_for("--owner, --group, --mode, --no-key");
        }
        if self.unit.is_some() && !self.uses_unit() {
            return not_for("--service");
        }
        if self.store.password.is_some() && !self.has_store() {
            return not_for("--pfx-password-*");
        }
        if target.key.group.is_none() && self.group.is_none() {
            return Err(BundleError::NeedsGroup(target.name));
        }
        if let Some(mode) = self
            .mode
            .filter(|mode| mode & !KEY_BITS != 0 || mode & FOR_OTHERS != 0 || mode & OWNER_READS == 0)
        {
            return Err(BundleError::KeyMode(mode));
        }
        let only_with_key = target.name == "tomcat";
        if self.without_key && only_with_key {
            return Err(BundleError::NeedsKey(target.name));
        }
        Ok(())
    }

    /// The unit that takes the files over when they are installed.
    pub fn reloads(&self) -> Option<&str> {
        self.unit()
    }

    /// Whether a file of it is PKCS #12, which has a password and an encryption of its own.
    pub fn has_store(&self) -> bool {
        let is_store = |content: &Content| matches!(content, Content::KeyStore | Content::TrustStore);
        self.files().iter().any(|(_, content)| is_store(content))
    }

    /// Whether the private key is in one of its files.
    pub fn has_key_file(&self) -> bool {
        self.files().iter().any(|(_, content)| content.has_key())
    }

    /// Whether its script, or what is written for another one, names a unit.
    fn uses_unit(&self) -> bool {
        let hooks = self.target.hooks;
        let names_unit = |body: &str| {
            [
                "$unit",
                "service_does",
                "systemd_does",
                "other_does",
                "service_or_signal",
            ]
            .iter()
            .any(|words| body.contains(words))
        };
        match self.target.installer {
            Installer::Shell | Installer::ShellWithNames => {
                names_unit(hooks.check) || names_unit(hooks.reload)
            }
            Installer::None => true,
            Installer::Kubectl | Installer::Windows => false,
        }
    }

    fn is_without_places(&self) -> bool {
        matches!(self.target.installer, Installer::Windows | Installer::Kubectl)
    }

    /// The files of the table: their names and what is in them.
    pub(super) fn files(&self) -> Vec<(&'static str, Content)> {
        let asked = |contents: &Vec<Content>| {
            contents
                .iter()
                .map(|content| (content.file_name(), *content))
                .collect()
        };
        let of_target = || {
            self.target
                .files
                .iter()
                .map(|file| (file.name, file.content))
                .collect()
        };
        self.files.as_ref().map_or_else(of_target, asked)
    }

    pub(super) fn key(&self) -> KeyAccess {
        KeyAccess {
            mode: self.mode.unwrap_or(self.target.key.mode),
            ..self.target.key
        }
    }

    pub(super) fn owner(&self) -> &str {
        self.owner.as_ref().map_or(self.target.key.owner, Account::as_str)
    }

    pub(super) fn group(&self) -> &str {
        self.group
            .as_ref()
            .map(Account::as_str)
            .or(self.target.key.group)
            .unwrap_or_default()
    }

    pub(super) fn unit(&self) -> Option<&str> {
        self.unit.as_ref().map(Unit::as_str).or(self.target.unit)
    }

    /// Whether `install.sh` puts the files into releases.
    pub fn is_installed_by_shell(&self) -> bool {
        matches!(
            self.target.installer,
            Installer::Shell | Installer::ShellWithNames
        )
    }

    /// The directory on a host into which `install.sh` puts the files; `None` where it does not.
    pub fn place_on(&self, host: &str) -> Option<String> {
        self.is_installed_by_shell()
            .then(|| self.dest_for(&self.name_for(host)))
    }

    /// A file of the table as it is delivered; `None` where the key in it stays on the host.
    pub(super) fn as_delivered(&self, file: &'static str, what: Content) -> Option<(&'static str, Content)> {
        match what {
            // The key that stays on the host is put beside the certificates there.
            Content::Combined | Content::KeyChain if self.without_key => {
                Some((Content::FullChain.file_name(), Content::FullChain))
            }
            Content::Key | Content::KeyStore if self.without_key => None,
            what => Some((file, what)),
        }
    }

    /// The PEM file with the key, and what else is in it.
    pub(super) fn key_file(&self) -> Option<(&'static str, Content)> {
        let is_key = |(_, what): &(&str, Content)| {
            matches!(what, Content::Key | Content::Combined | Content::KeyChain)
        };
        self.files().into_iter().find(is_key)
    }

    /// The PEM file with the certificate.
    pub(super) fn certificate_file(&self) -> Option<&'static str> {
        let is_certificate = |(_, what): &(&str, Content)| {
            matches!(what, Content::FullChain | Content::Combined | Content::KeyChain)
        };
        self.files()
            .into_iter()
            .find(is_certificate)
            .map(|(name, _)| name)
    }

    /// What the bundle is called.
    pub(super) fn name_for(&self, host: &str) -> BundleName {
        let plain = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
        let of_kubernetes = |character: char| character.is_ascii_alphanumeric() || ".-".contains(character);
        match (&self.name, self.target.installer) {
            (Some(name), _) => name.clone(),
            (None, Installer::Kubectl) => {
                let name = BundleName::representing(host, of_kubernetes, '-');
                let part = |part: &str| part.trim_matches('-').to_owned();
                let parts: Vec<String> = name.as_str().split('.').map(part).collect();
                let parts: Vec<&str> = parts
                    .iter()
                    .map(String::as_str)
                    .filter(|part| !part.is_empty())
                    .collect();
                BundleName::representing(&parts.join("."), of_kubernetes, '-')
            }
            (None, _) => BundleName::representing(host, plain, '_'),
        }
    }

    /// Where the files are on the host, for settings: what Debian has, unless something else was said.
    pub(super) fn dest_for(&self, name: &BundleName) -> String {
        match (&self.dest, self.target.dest) {
            (Some(dest), _) => dest.as_str().to_owned(),
            (None, Some(dest)) => dest(name.as_str()),
            (None, None) => format!("/etc/ssl/gsec/{name}"),
        }
    }

    /// The same, unless the system of the host decides it.
    pub(super) fn fixed_dest(&self, name: &BundleName) -> String {
        match (&self.dest, self.target.dest) {
            (None, None) => String::new(),
            _ => self.dest_for(name),
        }
    }

    /// The password of PKCS #12 files.
    pub(super) fn password(&self) -> &str {
        match (&self.store.password, self.target.installer) {
            (Some(password), _) => password,
            (None, Installer::Windows) => "",
            (None, _) => KNOWN_PASSWORD,
        }
    }

    /// Whether everybody knows that password.
    pub(super) fn has_known_password(&self) -> bool {
        self.password() == KNOWN_PASSWORD
    }
}
