//! The kinds of what can be wrong: what a sink's list names.

use serde::{Deserialize, Serialize};

/// A kind of alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A certificate that the CA has issued ends, and nothing took its place.
    Expires,
    /// A client that renews by itself has not.
    RenewalOverdue,
    /// A port serves a certificate that has expired.
    ExpiredServed,
    /// The CA's own certificate, or one above it, ends.
    CaExpires,
    /// The certificate of the OCSP responder ends.
    OcspSignerExpires,
    /// The server's own certificate ends.
    ServerCertificateExpires,
    /// The CRL is out of date, or cannot be used.
    Crl,
    /// The audit log was changed, is missing, or its end has no signature.
    AuditLog,
    /// A process of the server is gone, or cannot issue.
    Server,
    /// The disk is nearly full, or read-only.
    Disk,
    /// This machine's clock is wrong.
    Clock,
    /// The last backup is too old.
    Backup,
    /// Records were announced, and their certificates never came.
    UnfinishedSerials,
    /// What hosts have asked for does not move.
    Orders,
    /// A port does not serve what it should.
    Probe,
    /// Files in the directory of a host are not as they should be.
    HostFiles,
    /// Something else in the CA directory.
    CaDirectory,
    /// Something could not be looked at.
    CannotLook,
    /// Alarms do not get away from here.
    Queue,
    /// A site says nothing to its hub any more.
    SiteSilent,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 20] = [
        Self::Expires,
        Self::RenewalOverdue,
        Self::ExpiredServed,
        Self::CaExpires,
        Self::OcspSignerExpires,
        Self::ServerCertificateExpires,
        Self::Crl,
        Self::AuditLog,
        Self::Server,
        Self::Disk,
        Self::Clock,
        Self::Backup,
        Self::UnfinishedSerials,
        Self::Orders,
        Self::Probe,
        Self::HostFiles,
        Self::CaDirectory,
        Self::CannotLook,
        Self::Queue,
        Self::SiteSilent,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Expires => "expires",
            Self::RenewalOverdue => "renewal-overdue",
            Self::ExpiredServed => "expired-served",
            Self::CaExpires => "ca-expires",
            Self::OcspSignerExpires => "ocsp-signer-expires",
            Self::ServerCertificateExpires => "server-certificate-expires",
            Self::Crl => "crl",
            Self::AuditLog => "audit-log",
            Self::Server => "server",
            Self::Disk => "disk",
            Self::Clock => "clock",
            Self::Backup => "backup",
            Self::UnfinishedSerials => "unfinished-serials",
            Self::Orders => "orders",
            Self::Probe => "probe",
            Self::HostFiles => "host-files",
            Self::CaDirectory => "ca-directory",
            Self::CannotLook => "cannot-look",
            Self::Queue => "queue",
            Self::SiteSilent => "site-silent",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// How much something weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// There is time.
    Notice,
    /// Something will fail.
    Warning,
    /// Something fails.
    Error,
}

impl Severity {
    /// All of them, the lightest first.
    pub const ALL: [Self; 3] = [Self::Notice, Self::Warning, Self::Error];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The severity of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

impl From<gsec_pki::x509::path::Severity> for Severity {
    fn from(severity: gsec_pki::x509::path::Severity) -> Self {
        use gsec_pki::x509::path::Severity as Found;
        match severity {
            Found::Error => Self::Error,
            Found::Warning => Self::Warning,
            Found::Notice => Self::Notice,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_stored_form() {
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_value(kind).expect("JSON"), kind.name());
            assert_eq!(Kind::parse(kind.name()), Some(kind));
        }
        for severity in Severity::ALL {
            assert_eq!(serde_json::to_value(severity).expect("JSON"), severity.name());
        }
        assert!(Severity::Notice < Severity::Warning && Severity::Warning < Severity::Error);
    }
}
