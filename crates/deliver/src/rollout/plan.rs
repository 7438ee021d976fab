//! What is to be done.

/// Why something is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// A stable name.
    pub code: String,
    /// In words.
    pub message: String,
}

/// A certificate that is to be issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateStep {
    /// The host, as the inventory calls it.
    pub host: String,
    /// The serial number of the one in whose place it comes.
    pub replaces: Option<String>,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Whether the host must send a request, because its key is made there.
    pub is_key_on_host: bool,
}

/// A bundle that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleStep {
    /// The host, as the inventory calls it.
    pub host: String,
    /// What its directory is called.
    pub folder: String,
    /// For what it is.
    pub target: &'static str,
    /// Whether there is none yet.
    pub is_new: bool,
    /// Why: files that differ, or the new certificate.
    pub reasons: Vec<Reason>,
    /// The unit that takes it over when it is installed.
    pub reloads: Option<String>,
}

/// A setting that a person must enter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingStep {
    /// The application or host in Configuration Manager.
    pub object: String,
    /// The host whose certificate it is about.
    pub host: String,
    /// The level: `host`, `application` or `port ID`, and the section.
    pub place: String,
    /// The option.
    pub option: String,
    /// What it is.
    pub before: String,
    /// What it is to be; `None` until the certificate is issued.
    pub after: Option<String>,
}

/// Applications that read settings and certificates only when they start, in the order in which they are to be restarted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestartStep {
    /// Their names: of a pair the backup first.
    pub apps: Vec<String>,
    /// Whether they are a redundant pair.
    pub is_pair: bool,
}

/// A directory of a host or bundle that the inventory does not have any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoneStep {
    /// Its path below the output directory, with `/`.
    pub path: String,
}

/// How much is as it should be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unchanged {
    /// Hosts of which nothing changes.
    pub hosts: usize,
    /// Certificates.
    pub certificates: usize,
    /// Bundles.
    pub bundles: usize,
}

/// What is to be done for an inventory, in its order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Certificates that are to be issued.
    pub certificates: Vec<CertificateStep>,
    /// Bundles that are to be written.
    pub bundles: Vec<BundleStep>,
    /// Settings to enter.
    pub settings: Vec<SettingStep>,
    /// Applications to restart.
    pub restarts: Vec<RestartStep>,
    /// What is gone from the inventory.
    pub gone: Vec<GoneStep>,
    /// What else a person should know.
    pub notices: Vec<Reason>,
    /// Hosts for which nothing can be done.
    pub problems: Vec<super::HostProblem>,
    /// What stays.
    pub unchanged: Unchanged,
}

impl Plan {
    /// Whether there is nothing for gsec to do. What is gone from the inventory counts only where it is to be removed.
    pub fn is_empty(&self, removes: bool) -> bool {
        self.certificates.is_empty() && self.bundles.is_empty() && (self.gone.is_empty() || !removes)
    }
}
