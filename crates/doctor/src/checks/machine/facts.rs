//! What is known of a machine.

use std::net::IpAddr;
use std::path::PathBuf;

use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::x509::Certificate;

/// All facts; `None` for what was not requested.
#[derive(Default)]
pub struct Facts {
    /// Its names.
    pub names: Option<Names>,
    /// What lies in the folder from which its programs take their certificates.
    pub deployment: Option<Deployment>,
    /// Where programs look for libraries.
    pub libraries: Option<Libraries>,
    /// Its operating system.
    pub system: Option<System>,
    /// Its trust stores.
    pub trust: Option<TrustStores>,
}

/// What the trust stores of the machine say of a CA.
#[derive(Debug, Clone)]
pub struct TrustStores {
    /// The CA's subject.
    pub subject: String,
    /// The stores that could be looked into, each with what it says.
    pub stores: Vec<(String, Standing)>,
    /// The command that installs the CA.
    pub install: CommandLine,
}

/// What a trust store says of a CA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is trusted.
    Trusted,
    /// It is not there.
    Absent,
    /// It is there, and not trusted: why, in a word.
    Broken(&'static str),
}

/// How the machine is called, by itself and by others.
#[derive(Debug, Clone)]
pub struct Names {
    /// The host name that the machine is configured with.
    pub own: String,
    /// The whole name that the resolver gives for it.
    pub canonical: Option<String>,
    /// Its addresses, each with the name the resolver returns for it, or the reason why they are unknown.
    pub addresses: Result<Vec<(IpAddr, Option<String>)>, String>,
}

/// A folder with certificates.
pub struct Deployment {
    /// It.
    pub folder: PathBuf,
    /// The certificates in it.
    pub certificates: Vec<Certificate>,
    /// The names of which a certificate needs at least one.
    pub hosts: Vec<String>,
    /// File and content of the CA certificate, if there is a local CA directory.
    pub authority: Option<(PathBuf, Certificate)>,
    /// The option that names that CA directory.
    pub ca_option: Option<CommandLine>,
}

/// Search paths, and what they lead to.
#[derive(Debug, Clone, Default)]
pub struct Libraries {
    /// Whose they are: `the environment`, a process, a script.
    pub origin: String,
    /// The variables that are set.
    pub paths: Vec<SearchPath>,
    /// The libraries to look for, and where each was found.
    pub wanted: Vec<(String, Option<PathBuf>)>,
    /// Directories among those that were searched which cannot be read, with the reason.
    pub unread: Vec<String>,
}

/// A variable with folders.
#[derive(Debug, Clone)]
pub struct SearchPath {
    /// Its name.
    pub variable: String,
    /// Its folders, and whether each is there.
    pub folders: Vec<(PathBuf, bool)>,
}

/// An operating system.
#[derive(Debug, Clone, Default)]
pub struct System {
    /// Its name as programs write it: `rhel`, `debian`, `AIX`.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its name for people.
    pub name: String,
}
