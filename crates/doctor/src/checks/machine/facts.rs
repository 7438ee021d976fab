//! What is known of a machine.

use std::net::IpAddr;
use std::path::PathBuf;

use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::x509::Certificate;

/// Everything that was gathered; what was not asked about is `None`.
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
}

/// How the machine is called, by itself and by others.
#[derive(Debug, Clone)]
pub struct Names {
    /// The name that it gives itself.
    pub own: String,
    /// The whole name that the resolver gives for it.
    pub canonical: Option<String>,
    /// Its addresses, each with the name that the resolver gives for it; or why there is none.
    pub addresses: Result<Vec<(IpAddr, Option<String>)>, String>,
}

/// A folder with certificates.
pub struct Deployment {
    /// It.
    pub folder: PathBuf,
    /// The certificates in it.
    pub certificates: Vec<Certificate>,
    /// The names that a certificate shall have, whichever of them.
    pub hosts: Vec<String>,
    /// The file of the CA certificate, where a CA directory is at hand, and that certificate.
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
    /// The libraries that shall be found, and where each was.
    pub wanted: Vec<(String, Option<PathBuf>)>,
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
