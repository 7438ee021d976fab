//! Results of `gsec ca`.

use serde::Serialize;

use super::certificate::{key_text, protection};
use super::{CertificateFacts, CrlFacts, NamedSerials, NextSteps, Page, PathStep, Report};

/// Files of a new CA.
#[derive(Debug, Clone, Serialize)]
pub struct CaFiles {
    /// `ca_cert.pem`.
    pub certificate: String,
    /// `ca_priv_key.pem`.
    pub private_key: String,
    /// `ca.conf`.
    pub openssl_configuration: String,
    /// `gsec.toml`.
    pub policy: String,
}

/// The CA above a new intermediate CA.
#[derive(Debug, Clone, Serialize)]
pub struct ParentFacts {
    /// Its directory.
    pub ca_dir: String,
    /// Its name, which is the issuer of the new one's certificate.
    pub issuer: String,
    /// Its own pathLenConstraint.
    pub path_len: Option<u32>,
    /// Permitted subtrees of its name constraints and of those above it.
    pub permitted_names: Vec<String>,
    /// Excluded subtrees of the same.
    pub excluded_names: Vec<String>,
    /// The new CA's certificate in its repository; `null` in a dry run.
    pub certificate: Option<String>,
    /// The head of its audit log after it; `null` in a dry run, and where it has none.
    pub audit_head: Option<String>,
}

impl ParentFacts {
    fn text(&self, page: &mut Page) {
        page.fact("issuer", &self.issuer);
        page.fact("parent CA", &self.ca_dir);
        page.detail_if(
            "its path len",
            self.path_len.map(|path_len| path_len.to_string()).as_deref(),
        );
        page.facts("permitted", self.permitted_names.iter().map(String::as_str));
        page.facts("excluded", self.excluded_names.iter().map(String::as_str));
        page.detail_if("kept there as", self.certificate.as_deref());
        page.detail_if("its audit head", self.audit_head.as_deref());
    }
}

/// `ca init`.
#[derive(Debug, Clone, Serialize)]
pub struct CaInitReport {
    /// Whether nothing was made.
    pub dry_run: bool,
    /// The directory.
    pub ca_dir: String,
    /// Its name.
    pub subject: String,
    /// Serial number of its certificate; `null` in a dry run, unless it is the next one of the CA above.
    pub serial: Option<String>,
    /// Kind of key.
    pub key_type: String,
    /// Size of the key.
    pub key_bits: u32,
    /// Whether the key is encrypted.
    pub key_encrypted: bool,
    /// Start of validity (notBefore).
    pub not_before: String,
    /// End.
    pub not_after: String,
    /// pathLenConstraint.
    pub path_len: Option<u8>,
    /// Where serial numbers come from.
    pub serial_mode: String,
    /// SHA-1; `null` in a dry run.
    pub thumbprint_sha1: Option<String>,
    /// SHA-256; `null` in a dry run.
    pub thumbprint_sha256: Option<String>,
    /// Its files.
    pub files: CaFiles,
    /// The CA above; `null` for a root.
    pub parent: Option<ParentFacts>,
    /// Audit log head after this change; `null` if nothing changed, or if the CA does not keep a log.
    pub audit_head: Option<String>,
    /// What to do next.
    #[serde(flatten)]
    pub next: NextSteps,
}

impl Report for CaInitReport {
    const SCHEMA: &'static str = "gsec/ca.init/1";

    fn is_answer(&self) -> bool {
        self.dry_run
    }

    fn text(&self, page: &mut Page) {
        let verb = if self.dry_run { "Would create" } else { "Created" };
        let kind = if self.parent.is_some() {
            "intermediate certification authority"
        } else {
            "certification authority"
        };
        page.line(&format!(
            "{verb} the {kind} `{}` in {}",
            self.subject, self.ca_dir
        ));
        page.fact("certificate", &self.files.certificate);
        page.fact(
            "private key",
            &format!("{}{}", self.files.private_key, protection(self.key_encrypted)),
        );
        page.fact("key", &key_text(&self.key_type, Some(self.key_bits)));
        page.detail("valid from", &self.not_before);
        page.end("valid until", &self.not_after);
        match (&self.serial, self.dry_run) {
            (Some(serial), true) => {
                page.fact("serial", &format!("{serial}, if no other command issues first"))
            }
            (Some(serial), false) => page.detail("serial", serial),
            (None, _) => {}
        }
        page.detail_if(
            "path length",
            self.path_len.map(|path_len| path_len.to_string()).as_deref(),
        );
        if let Some(parent) = &self.parent {
            parent.text(page);
        }
        page.detail("serial mode", &self.serial_mode);
        page.detail("for OpenSSL", &self.files.openssl_configuration);
        page.detail("policy", &self.files.policy);
        page.digest_if("sha1", self.thumbprint_sha1.as_deref());
        page.digest_if("sha256", self.thumbprint_sha256.as_deref());
        page.detail_if("audit head", self.audit_head.as_deref());
        self.next.text(page);
    }
}

/// Counts of an index.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Counts {
    /// Neither revoked nor expired.
    pub valid: u64,
    /// Of these, expiring within 30 days.
    pub expiring: u64,
    /// Expired.
    pub expired: u64,
    /// Revoked.
    pub revoked: u64,
}

impl std::fmt::Display for Counts {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            valid,
            expiring,
            expired,
            revoked,
        } = self;
        write!(
            out,
            "{valid} valid ({expiring} expiring within 30 days), {expired} expired, {revoked} revoked"
        )
    }
}

/// `ca show`.
#[derive(Debug, Clone, Serialize)]
pub struct CaShowReport {
    /// The directory.
    pub ca_dir: String,
    /// `root` or `intermediate`.
    pub role: String,
    /// Its certificate.
    #[serde(flatten)]
    pub certificate: CertificateFacts,
    /// The certificates above it, the root last.
    pub chain: Vec<PathStep>,
    /// Whether the key is encrypted; `null` when the key file cannot be read.
    pub key_encrypted: Option<bool>,
    /// The next serial number; `null` when they are random, or when `gsec.toml` does not read.
    pub next_serial: Option<String>,
    /// Where serial numbers come from; `null` when `gsec.toml` does not read.
    pub serial_mode: Option<String>,
    /// Whether there is a `gsec.toml`.
    pub adopted: bool,
    /// Counts of the index.
    pub counts: Counts,
    /// Number of lines of the index that are not records.
    pub damaged_lines: u64,
    /// The former keys of the CA.
    pub previous_keys: Vec<PreviousKeyFacts>,
    /// Audit log head; `null` if the CA does not keep a log.
    pub audit_head: Option<String>,
}

/// A key that a CA had before.
#[derive(Debug, Clone, Serialize)]
pub struct PreviousKeyFacts {
    /// The file of its root certificate.
    pub certificate: String,
    /// When its root ends.
    pub not_after: String,
    /// SHA-256 of its root.
    pub thumbprint_sha256: String,
}

impl Report for CaShowReport {
    const SCHEMA: &'static str = "gsec/ca.show/2";

    fn text(&self, page: &mut Page) {
        page.line(&format!(
            "{} CA in {}",
            if self.role == "root" {
                "Root"
            } else {
                "Intermediate"
            },
            self.ca_dir
        ));
        self.certificate.text(page);
        PathStep::all("above it", &self.chain, page);
        page.fact_if(
            "CA key",
            self.key_encrypted
                .map(|encrypted| if encrypted { "encrypted" } else { "not encrypted" }),
        );
        let no_serial = match &self.serial_mode {
            Some(_) => "random",
            None => "unknown: gsec.toml is unreadable",
        };
        page.fact("next serial", self.next_serial.as_deref().unwrap_or(no_serial));
        page.fact("issued", &self.counts.to_string());
        if self.damaged_lines > 0 {
            page.fact("damaged lines", &format!("{} in ca.db", self.damaged_lines));
        }
        let mut label = "former roots";
        for key in &self.previous_keys {
            page.fact(label, &format!("{} (until {})", key.certificate, key.not_after));
            page.digest("  sha256", &key.thumbprint_sha256);
            label = "";
        }
        page.fact_if("audit head", self.audit_head.as_deref());
    }
}

/// `ca adopt`.
#[derive(Debug, Clone, Serialize)]
pub struct AdoptReport {
    /// The directory.
    pub ca_dir: String,
    /// Whether anything was changed, or would be in a dry run.
    pub changed: bool,
    /// Whether this was a dry run, in which nothing changes.
    pub dry_run: bool,
    /// Its name.
    pub subject: String,
    /// Counts of the index.
    pub counts: Counts,
    /// What is weak.
    pub weaknesses: Vec<String>,
    /// What is changed.
    pub changes: Vec<String>,
    /// Copies that were kept of what was changed.
    pub kept: Vec<String>,
    /// Audit log head after this change; `null` if nothing changed, or if the CA does not keep a log.
    pub audit_head: Option<String>,
}

impl Report for AdoptReport {
    const SCHEMA: &'static str = "gsec/ca.adopt/1";

    fn is_answer(&self) -> bool {
        self.dry_run
    }

    fn text(&self, page: &mut Page) {
        page.line(&format!("CA `{}` in {}", self.subject, self.ca_dir));
        page.fact("issued", &self.counts.to_string());
        page.facts("weak", self.weaknesses.iter().map(String::as_str));
        let label = if self.dry_run { "would change" } else { "changed" };
        page.facts(label, self.changes.iter().map(String::as_str));
        page.facts("kept", self.kept.iter().map(String::as_str));
        page.detail_if("audit head", self.audit_head.as_deref());
        if self.changes.is_empty() {
            page.line("There is nothing to change");
        }
    }
}

/// `ca passphrase`.
#[derive(Debug, Clone, Serialize)]
pub struct PassphraseReport {
    /// Whether nothing was done.
    pub dry_run: bool,
    /// The directory.
    pub ca_dir: String,
    /// Whether the key file was rewritten, or would be in a dry run.
    pub changed: bool,
    /// `set`, `changed`, `removed` or `unchanged`.
    pub passphrase: &'static str,
    /// The key file.
    pub private_key: String,
    /// Whether the key is encrypted after it.
    pub key_encrypted: bool,
    /// Audit log head after this change; `null` if nothing changed, or if the CA does not keep a log.
    pub audit_head: Option<String>,
}

impl Report for PassphraseReport {
    const SCHEMA: &'static str = "gsec/ca.passphrase/1";

    fn is_answer(&self) -> bool {
        self.dry_run
    }

    fn text(&self, page: &mut Page) {
        page.line(&match (self.changed, self.dry_run) {
            (true, true) => format!("The passphrase of the CA key would be {}", self.passphrase),
            (true, false) => format!("The passphrase of the CA key is {}", self.passphrase),
            (false, _) if self.key_encrypted => {
                "The CA key already has this passphrase: nothing was changed".to_owned()
            }
            (false, _) => "The CA key has no passphrase: nothing was changed".to_owned(),
        });
        page.detail("CA directory", &self.ca_dir);
        page.fact(
            "private key",
            &format!("{}{}", self.private_key, protection(self.key_encrypted)),
        );
        page.detail_if("audit head", self.audit_head.as_deref());
    }
}

/// `ca renew`.
#[derive(Debug, Clone, Serialize)]
pub struct CaRenewReport {
    /// Whether nothing was done.
    pub dry_run: bool,
    /// The directory.
    pub ca_dir: String,
    /// The CA's name.
    pub subject: String,
    /// Serial number of the old certificate.
    pub previous_serial: String,
    /// Serial number of the new certificate; `null` in a dry run, unless it is kept.
    pub serial: Option<String>,
    /// Start of validity (notBefore).
    pub not_before: String,
    /// End.
    pub not_after: String,
    /// How many valid certificates were looked at.
    pub checked: u64,
    /// Those that name the CA certificate by its serial number.
    pub bound_to_serial: NamedSerials,
    /// The file of the new certificate.
    pub certificate: String,
    /// Where the old certificate is kept; `null` in a dry run.
    pub kept: Option<String>,
    /// SHA-1; `null` in a dry run.
    pub thumbprint_sha1: Option<String>,
    /// SHA-256; `null` in a dry run.
    pub thumbprint_sha256: Option<String>,
    /// The CA above that certifies it; `null` for a root.
    pub parent: Option<ParentFacts>,
    /// Audit log head after this change; `null` if nothing changed, or if the CA does not keep a log.
    pub audit_head: Option<String>,
    /// What to do next.
    #[serde(flatten)]
    pub next: NextSteps,
}

impl Report for CaRenewReport {
    const SCHEMA: &'static str = "gsec/ca.renew/1";

    fn is_answer(&self) -> bool {
        self.dry_run
    }

    fn text(&self, page: &mut Page) {
        let verb = if self.dry_run { "Would renew" } else { "Renewed" };
        page.line(&format!(
            "{verb} the certificate of `{}` in {}; the key stays the same",
            self.subject, self.ca_dir
        ));
        page.fact("certificate", &self.certificate);
        page.fact_if("serial", self.serial.as_deref());
        page.detail("old serial", &self.previous_serial);
        page.detail("valid from", &self.not_before);
        page.end("valid until", &self.not_after);
        page.fact_if("old one kept", self.kept.as_deref());
        page.fact("checked", &format!("{} valid certificates", self.checked));
        page.fact_if(
            "bound to it",
            self.bound_to_serial.in_words(" by its serial number").as_deref(),
        );
        page.digest_if("sha1", self.thumbprint_sha1.as_deref());
        page.digest_if("sha256", self.thumbprint_sha256.as_deref());
        if let Some(parent) = &self.parent {
            parent.text(page);
        }
        page.detail_if("audit head", self.audit_head.as_deref());
        self.next.text(page);
    }
}

/// Files of a CA that got another key.
#[derive(Debug, Clone, Serialize)]
pub struct CaRekeyFiles {
    /// `ca_cert.pem`.
    pub certificate: String,
    /// `ca_priv_key.pem`.
    pub private_key: String,
    /// The new root and the old ones that are in date.
    pub bundle: String,
    /// The old root.
    pub old_certificate: String,
    /// The old key.
    pub old_private_key: String,
    /// The new key certified by the old one.
    pub new_with_old: String,
    /// The old key certified by the new one.
    pub old_with_new: String,
}

/// `ca rekey`.
#[derive(Debug, Clone, Serialize)]
pub struct CaRekeyReport {
    /// Whether nothing was done.
    pub dry_run: bool,
    /// The directory.
    pub ca_dir: String,
    /// The CA's name.
    pub subject: String,
    /// Serial number of the new root; `null` in a dry run.
    pub serial: Option<String>,
    /// Kind of the new key.
    pub key_type: String,
    /// Size of the new key.
    pub key_bits: u32,
    /// Whether the new key is encrypted.
    pub key_encrypted: bool,
    /// Start of validity of the new root.
    pub not_before: String,
    /// End of the new root.
    pub not_after: String,
    /// End of the old root.
    pub old_not_after: String,
    /// SHA-1 of the new root; `null` in a dry run.
    pub thumbprint_sha1: Option<String>,
    /// SHA-256 of the new root; `null` in a dry run.
    pub thumbprint_sha256: Option<String>,
    /// Its files.
    pub files: CaRekeyFiles,
    /// The CRLs that were made after it; `null` where the CA had none.
    pub crl: Option<CrlFacts>,
    /// Audit log head after this change; `null` if nothing changed, or if the CA does not keep a log.
    pub audit_head: Option<String>,
    /// What to do next.
    #[serde(flatten)]
    pub next: NextSteps,
}

impl Report for CaRekeyReport {
    const SCHEMA: &'static str = "gsec/ca.rekey/1";

    fn is_answer(&self) -> bool {
        self.dry_run
    }

    fn text(&self, page: &mut Page) {
        let verb = if self.dry_run { "Would replace" } else { "Replaced" };
        page.line(&format!(
            "{verb} the key of CA `{}` in {}",
            self.subject, self.ca_dir
        ));
        page.fact("certificate", &self.files.certificate);
        page.fact(
            "private key",
            &format!("{}{}", self.files.private_key, protection(self.key_encrypted)),
        );
        page.fact("key", &key_text(&self.key_type, Some(self.key_bits)));
        page.fact_if("serial", self.serial.as_deref());
        page.detail("valid from", &self.not_before);
        page.end("valid until", &self.not_after);
        page.fact("bundle", &self.files.bundle);
        page.fact(
            "old root",
            &format!("{} (until {})", self.files.old_certificate, self.old_not_after),
        );
        page.fact("old key", &self.files.old_private_key);
        page.fact("new with old", &self.files.new_with_old);
        page.fact("old with new", &self.files.old_with_new);
        if let Some(crl) = &self.crl {
            crl.facts(page);
        }
        page.digest_if("sha1", self.thumbprint_sha1.as_deref());
        page.digest_if("sha256", self.thumbprint_sha256.as_deref());
        page.detail_if("audit head", self.audit_head.as_deref());
        self.next.text(page);
    }
}
