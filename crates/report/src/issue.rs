//! Results of issuing: `cert issue` and `quickstart`.

use serde::Serialize;

use super::certificate::protection;
use super::{CertificateFacts, NextSteps, Page, Report, Tone, TrustStoreFacts};

/// Files of an issued certificate.
#[derive(Debug, Clone, Default, Serialize)]
pub struct IssueFiles {
    /// `<serial>.pem`.
    pub certificate: Option<String>,
    /// `<serial>_<host>_cert.pem`.
    pub host_certificate: Option<String>,
    /// `<serial>_<host>_priv_key.pem`.
    pub private_key: Option<String>,
    /// `<serial>_<host>_cert.pfx`.
    pub pfx: Option<String>,
    /// What was written elsewhere as well.
    pub delivered: Vec<String>,
}

/// `cert issue`.
#[derive(Debug, Clone, Serialize)]
pub struct IssueReport {
    /// Whether nothing was issued.
    pub dry_run: bool,
    /// The directory of the CA.
    pub ca_dir: String,
    /// Serial number; in a dry run the next one, not reserved; `null` when it would be random.
    pub serial: Option<String>,
    /// Subject.
    pub subject: String,
    /// Names.
    pub names: Vec<String>,
    /// Profile.
    pub profile: String,
    /// Kind of key.
    pub key_type: String,
    /// The key for people.
    #[serde(skip)]
    pub key: String,
    /// Size of the key.
    pub key_bits: u32,
    /// Start of validity (notBefore).
    pub not_before: String,
    /// End.
    pub not_after: String,
    /// SHA-1, as Windows and the old settings take it; `null` in a dry run.
    pub thumbprint_sha1: Option<String>,
    /// SHA-256; `null` in a dry run.
    pub thumbprint_sha256: Option<String>,
    /// Its files.
    pub files: IssueFiles,
    /// `modern` or `compat`; `null` without PFX.
    pub pfx_encryption: Option<String>,
    /// `empty` or `given`; `null` without PFX.
    pub pfx_password: Option<String>,
    /// Audit log head after this change; `null` if nothing changed, or if the CA does not keep a log.
    pub audit_head: Option<String>,
    /// What to do next.
    #[serde(flatten)]
    pub next: NextSteps,
}

impl IssueReport {
    /// The host: its first name, without the kind in front.
    pub fn host(&self) -> &str {
        host_of(&self.names)
    }
}

impl Report for IssueReport {
    const SCHEMA: &'static str = "gsec/cert.issue/1";

    fn is_answer(&self) -> bool {
        self.dry_run
    }

    fn text(&self, page: &mut Page) {
        self.facts(page);
        self.next.text(page);
    }
}

impl IssueReport {
    /// Everything but what to type next.
    pub(super) fn facts(&self, page: &mut Page) {
        self.headline(page);
        self.details(page);
    }

    /// What was issued, or would be.
    pub(super) fn headline(&self, page: &mut Page) {
        let name = self.host();
        page.line(&match (&self.serial, self.dry_run) {
            (Some(serial), true) => {
                format!(
                    "Would issue a certificate for {name} (serial {serial}, if no other command issues first)"
                )
            }
            (None, true) => format!("Would issue a certificate for {name} (random serial)"),
            (serial, false) => format!(
                "Issued serial {} for {name}",
                serial.as_deref().unwrap_or("random")
            ),
        });
    }

    /// The certificate and its files.
    pub(super) fn details(&self, page: &mut Page) {
        page.fact(
            "subject",
            if self.subject.is_empty() {
                "(empty)"
            } else {
                &self.subject
            },
        );
        page.facts("names", self.names.iter().map(String::as_str));
        page.fact("profile", &self.profile);
        page.fact("key", &self.key);
        page.detail("valid from", &self.not_before);
        page.end("valid until", &self.not_after);
        page.detail("as kept", self.files.certificate.as_deref().unwrap_or_default());
        page.fact_if("certificate", self.files.host_certificate.as_deref());
        page.fact_if("private key", self.files.private_key.as_deref());
        if let Some(pfx) = &self.files.pfx {
            let password = self.pfx_password.as_deref().map(|password| {
                if password == "empty" {
                    " (empty password)"
                } else {
                    " (with password)"
                }
            });
            page.fact("pfx", &format!("{pfx}{}", password.unwrap_or_default()));
        }
        page.facts("delivered", self.files.delivered.iter().map(String::as_str));
        page.digest_if("sha1", self.thumbprint_sha1.as_deref());
        page.digest_if("sha256", self.thumbprint_sha256.as_deref());
        page.detail_if("audit head", self.audit_head.as_deref());
    }
}

/// The first of several names, without the kind in front.
pub(super) fn host_of(names: &[String]) -> &str {
    names.first().map_or("", |name| {
        name.split_once(':').map_or(name.as_str(), |(_, name)| name)
    })
}

/// `quickstart`.
#[derive(Debug, Clone, Serialize)]
pub struct QuickstartReport {
    /// Whether anything was made.
    pub changed: bool,
    /// Files that were written to the directory for output, of a certificate that was there already.
    pub restored: Vec<String>,
    /// The directory of the CA.
    pub ca_dir: String,
    /// Whether the CA was made now.
    pub ca_created: bool,
    /// The CA certificate.
    pub ca_certificate: String,
    /// The CA's private key.
    pub ca_private_key: String,
    /// Whether it is encrypted; `null` if its file cannot be read.
    pub ca_key_encrypted: Option<bool>,
    /// The certificate.
    #[serde(flatten)]
    pub certificate: CertificateFacts,
    /// Its files.
    pub files: IssueFiles,
    /// Whether chain and name verify.
    pub verified: bool,
    /// The trust stores, where they were to trust the CA; `null` otherwise.
    pub trust: Option<Vec<TrustStoreFacts>>,
    /// Audit log head after this change; `null` if nothing changed, or if the CA does not keep a log.
    pub audit_head: Option<String>,
    /// What to do next.
    #[serde(flatten)]
    pub next: NextSteps,
}

impl Report for QuickstartReport {
    const SCHEMA: &'static str = "gsec/quickstart/1";

    fn is_answer(&self) -> bool {
        false
    }

    fn text(&self, page: &mut Page) {
        let name = self.certificate.subject.trim_start_matches("CN=");
        if self.ca_created {
            page.line(&format!("Created a certification authority in {}", self.ca_dir));
        }
        if !self.restored.is_empty() {
            page.line(&format!(
                "{name} already has a valid certificate, serial {}: only files were written",
                self.certificate.serial
            ));
        } else if self.changed {
            page.line(&format!("Issued serial {} for {name}", self.certificate.serial));
        } else {
            page.line(&format!(
                "{name} already has a valid certificate, serial {}: nothing was changed",
                self.certificate.serial
            ));
        }
        page.fact(
            "certificate",
            self.files
                .host_certificate
                .as_deref()
                .unwrap_or("(not in the repository)"),
        );
        page.fact(
            "private key",
            self.files
                .private_key
                .as_deref()
                .unwrap_or("(not in the repository)"),
        );
        page.fact_if(
            "pfx",
            self.files
                .pfx
                .as_deref()
                .map(|pfx| format!("{pfx} (empty password)"))
                .as_deref(),
        );
        page.facts("delivered", self.files.delivered.iter().map(String::as_str));
        page.fact("trust this CA", &self.ca_certificate);
        if let (true, Some(is_encrypted)) = (self.ca_created, self.ca_key_encrypted) {
            page.fact(
                "CA key",
                &format!("{}{}", self.ca_private_key, protection(is_encrypted)),
            );
        }
        page.end("valid until", &self.certificate.not_after);
        page.digest("sha1", &self.certificate.thumbprint_sha1);
        page.digest("sha256", &self.certificate.thumbprint_sha256);
        page.detail_if("audit head", self.audit_head.as_deref());
        let verdict = if self.verified {
            [(Tone::Plain, "chain and name are "), (Tone::Good, "valid")]
        } else {
            [(Tone::Plain, ""), (Tone::Bad, "NOT valid")]
        };
        page.fact_of("verified", &verdict);
        self.trust.iter().flatten().for_each(|store| store.text(page));
        self.next.text(page);
    }
}
