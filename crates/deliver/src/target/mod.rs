//! TARGETS. What each service, platform or tool needs of a certificate: which files, whose, with which mode, how its configuration is checked,
//! and how it takes over new files. Data, and pure renderers. One file a target.

mod ansible;
mod apache;
mod docker;
mod dovecot;
mod env;
mod generic;
mod haproxy;
mod java;
mod kubernetes;
mod mosquitto;
mod mysql;
mod nginx;
mod openldap;
mod postfix;
mod postgresql;
mod prometheus;
mod rabbitmq;
mod redis;
mod script;
mod stunnel;
mod systemd;
mod tomcat;
mod unix;
mod windows;

use zeroize::Zeroizing;

pub use script::Hooks;

/// Every target, as the help lists them.
pub const TARGETS: [&Target; 23] = [
    &nginx::TARGET,
    &apache::TARGET,
    &haproxy::TARGET,
    &postgresql::TARGET,
    &mysql::TARGET,
    &redis::TARGET,
    &rabbitmq::TARGET,
    &openldap::TARGET,
    &postfix::TARGET,
    &dovecot::TARGET,
    &mosquitto::TARGET,
    &stunnel::TARGET,
    &prometheus::TARGET,
    &java::TARGET,
    &tomcat::TARGET,
    &unix::TARGET,
    &windows::TARGET,
    &kubernetes::TARGET,
    &docker::TARGET,
    &env::TARGET,
    &systemd::TARGET,
    &ansible::TARGET,
    &generic::TARGET,
];

/// What is in a file of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// The certificate, then the intermediates; no root.
    FullChain,
    /// The intermediates, each the issuer of the one before.
    Chain,
    /// The private key, PKCS #8 in PEM.
    Key,
    /// The roots.
    Ca,
    /// The CRLs of the CAs above the certificate.
    Crl,
    /// Certificate, intermediates, then the private key.
    Combined,
    /// The private key, then certificate and intermediates.
    KeyChain,
    /// PKCS #12 with the key and its certificates.
    KeyStore,
    /// PKCS #12 with the roots, as Java trusts them.
    TrustStore,
    /// The CRL of the issuing CA, DER.
    CrlDer,
}

impl Content {
    /// Whether the private key is in it.
    pub fn has_key(self) -> bool {
        matches!(self, Self::Key | Self::Combined | Self::KeyChain | Self::KeyStore)
    }

    /// The short name that `--files` takes.
    pub fn short_name(self) -> &'static str {
        match self {
            Self::FullChain => "fc",
            Self::Chain => "ch",
            Self::Key => "k",
            Self::Ca => "ca",
            Self::Crl => "crl",
            Self::Combined => "comb",
            Self::KeyChain => "kc",
            Self::KeyStore => "ks",
            Self::TrustStore => "ts",
            Self::CrlDer => "crl-der",
        }
    }

    /// The usual name of the file.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::FullChain => FULL_CHAIN.name,
            Self::Chain => CHAIN.name,
            Self::Key => KEY.name,
            Self::Ca => CA.name,
            Self::Crl => CRL.name,
            Self::Combined => COMBINED.name,
            Self::KeyChain => KEY_CHAIN.name,
            Self::KeyStore => KEY_STORE.name,
            Self::TrustStore => TRUST_STORE.name,
            Self::CrlDer => "ca.crl",
        }
    }
}

/// What `--files` takes.
pub const CHOICES: [Content; 9] = [
    Content::FullChain,
    Content::Chain,
    Content::Key,
    Content::Ca,
    Content::Crl,
    Content::Combined,
    Content::KeyChain,
    Content::KeyStore,
    Content::TrustStore,
];

/// A file of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: &'static str,
    /// What is in it.
    pub content: Content,
}

const fn file(name: &'static str, content: Content) -> File {
    File { name, content }
}

const FULL_CHAIN: File = file("fullchain.pem", Content::FullChain);
const CHAIN: File = file("chain.pem", Content::Chain);
const KEY: File = file("privkey.pem", Content::Key);
const CA: File = file("ca.pem", Content::Ca);
const CRL: File = file("crl.pem", Content::Crl);
const COMBINED: File = file("combined.pem", Content::Combined);
const KEY_CHAIN: File = file("keychain.pem", Content::KeyChain);
const KEY_STORE: File = file("keystore.p12", Content::KeyStore);
const TRUST_STORE: File = file("truststore.p12", Content::TrustStore);

/// How the files come to where they are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installer {
    /// `install.sh`: `releases/ID` and `current`.
    Shell,
    /// The same, with names in the destination itself that lead through `current`.
    ShellWithNames,
    /// `install.sh` hands the files to `kubectl`.
    Kubectl,
    /// `Install.ps1` and `install.cmd`.
    Windows,
    /// Something else brings them there.
    None,
}

/// Who may read the private key on the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyAccess {
    /// Its owner.
    pub owner: &'static str,
    /// Its group; `None` where it must be named, because only the site knows it.
    pub group: Option<&'static str>,
    /// Its mode.
    pub mode: u32,
}

const ROOT_ONLY: KeyAccess = KeyAccess {
    owner: "root",
    group: Some("root"),
    mode: 0o600,
};

const fn readable_by(group: &'static str) -> KeyAccess {
    KeyAccess {
        owner: "root",
        group: Some(group),
        mode: 0o640,
    }
}

const fn owned_by(user: &'static str) -> KeyAccess {
    KeyAccess {
        owner: user,
        group: Some(user),
        mode: 0o600,
    }
}

/// One target.
pub struct Target {
    /// What `--for` takes.
    pub name: &'static str,
    /// What it is, in the help.
    pub about: &'static str,
    /// Its files.
    pub files: &'static [File],
    /// Who may read the key.
    pub key: KeyAccess,
    /// The service's unit, unless `--service` names another.
    pub unit: Option<&'static str>,
    /// Where the files go on every system; `None`: by the system.
    pub dest: Option<fn(&str) -> String>,
    /// How they get there.
    pub installer: Installer,
    /// What `install.sh` does for this service: constants.
    pub hooks: Hooks,
    /// `snippet.conf`: what to write into the service's settings.
    pub settings: fn(&Site<'_>) -> String,
    /// Files that are made of others, for this target alone.
    pub further: fn(&Site<'_>) -> Vec<FurtherFile>,
    /// What README.txt says beside what it says for all.
    pub notes: &'static str,
}

impl Target {
    /// The target of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        TARGETS.into_iter().find(|target| target.name == name)
    }

    /// Whether the target has a file of this content.
    pub fn has(&self, content: Content) -> bool {
        self.files.iter().any(|file| file.content == content)
    }
}

/// A file that a target makes of others.
pub struct FurtherFile {
    /// Its path in the bundle; directories with `/`.
    pub path: String,
    /// Whether it is installed, and holds the key: its mode is that of the key then.
    pub secret: bool,
    /// Whether it is installed.
    pub installed: bool,
    /// Its content.
    pub content: Zeroizing<Vec<u8>>,
}

impl FurtherFile {
    fn public(path: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        Self {
            path: path.into(),
            secret: false,
            installed: true,
            content: Zeroizing::new(content.into()),
        }
    }
}

fn no_further(_: &Site<'_>) -> Vec<FurtherFile> {
    Vec::new()
}

/// A file of the table, with its content.
pub struct SiteFile {
    /// Its name.
    pub name: String,
    /// Whether the private key is in it.
    pub secret: bool,
    /// Its content.
    pub content: Zeroizing<Vec<u8>>,
}

/// What a renderer knows. Every text in it is of a type that needs no quotes anywhere: names are of `[A-Za-z0-9._-]` and do not begin with `-`
/// or `.`, the directory is a full path of such names; what is in certificates is in `pem` only.
pub struct Site<'a> {
    /// What the bundle is called.
    pub name: &'a str,
    /// The directory on the host.
    pub dest: &'a str,
    /// The certificate's first name, as it is in it; for places that take any text.
    pub host: &'a str,
    /// The same, where it needs no quotes; `None` elsewhere.
    pub plain_host: Option<&'a str>,
    /// Owner, group and mode of the key.
    pub owner: &'a str,
    /// Its group.
    pub group: &'a str,
    /// Its mode.
    pub mode: u32,
    /// The service's unit.
    pub unit: Option<&'a str>,
    /// SHA-1 of the certificate, as the old settings take it: `9a ab …`.
    pub thumbprint: &'a str,
    /// SHA-256 of all that is in it, for what must change when it does.
    pub digest: &'a str,
    /// Whether CRLs are in the bundle.
    pub has_crl: bool,
    /// Whether the key is in the bundle.
    pub has_key: bool,
    /// Whether the password of PKCS #12 files is the one that everybody knows.
    pub has_known_password: bool,
    /// The files of the table that the bundle has.
    pub files: &'a [SiteFile],
}

impl Site<'_> {
    /// The path of an installed file, which stays the same after each renewal.
    fn at(&self, file: &str) -> String {
        format!("{}/current/{file}", self.dest)
    }

    /// The bytes of a file of the table.
    fn bytes(&self, file: &str) -> Option<&[u8]> {
        self.files
            .iter()
            .find(|found| found.name == file)
            .map(|found| found.content.as_slice())
    }

    /// A file of the table as text; empty where there is none.
    fn text(&self, file: &str) -> &str {
        self.bytes(file)
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or_default()
    }

    /// `line` where there are CRLs.
    fn if_crl(&self, line: String) -> String {
        if self.has_crl { line } else { String::new() }
    }
}
