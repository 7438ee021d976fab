//! Results of what leads to an intermediate CA across an air gap: `ca request`, `ca sign` and `ca accept`.

use serde::Serialize;

use super::certificate::{key_text, protection};
use super::{NextSteps, Page, PathStep, Report};

/// `ca request`.
#[derive(Debug, Clone, Serialize)]
pub struct CaRequestReport {
    /// Whether nothing was made.
    pub dry_run: bool,
    /// The directory of the CA.
    pub ca_dir: String,
    /// Whether the CA is new, and waits for its certificate.
    pub created: bool,
    /// Its name.
    pub subject: String,
    /// Kind of key.
    pub key_type: String,
    /// Size of the key.
    pub key_bits: Option<u32>,
    /// Whether the key is encrypted.
    pub key_encrypted: bool,
    /// The requested path length.
    pub path_len: Option<u32>,
    /// The requested permitted subtrees.
    pub permitted_names: Vec<String>,
    /// The requested excluded subtrees.
    pub excluded_names: Vec<String>,
    /// Files that have the request.
    pub files: Vec<String>,
    /// The request, PEM; `null` in a dry run.
    pub request_pem: Option<String>,
    /// The head of the audit log after it; `null` where nothing was changed.
    pub audit_head: Option<String>,
    /// What to do next.
    #[serde(flatten)]
    pub next: NextSteps,
}

impl Report for CaRequestReport {
    const SCHEMA: &'static str = "gsec/ca.request/1";

    fn is_answer(&self) -> bool {
        self.dry_run
    }

    fn text(&self, page: &mut Page) {
        page.line(&match (self.created, self.dry_run) {
            (true, false) => format!(
                "Created the certification authority `{}` in {}, which is waiting for its certificate",
                self.subject, self.ca_dir
            ),
            (true, true) => format!(
                "Would create the certification authority `{}` in {}, and a CSR",
                self.subject, self.ca_dir
            ),
            (false, false) => format!("Created a CSR of `{}` in {}", self.subject, self.ca_dir),
            (false, true) => format!("Would create a CSR of `{}` in {}", self.subject, self.ca_dir),
        });
        page.facts("request", self.files.iter().map(String::as_str));
        page.fact(
            "key",
            &format!(
                "{}{}",
                key_text(&self.key_type, self.key_bits),
                protection(self.key_encrypted)
            ),
        );
        limits(page, self.path_len, &self.permitted_names, &self.excluded_names);
        page.detail_if("audit head", self.audit_head.as_deref());
        self.next.text(page);
    }
}

/// The limits of a CA certificate, or the requested ones.
fn limits(page: &mut Page, path_len: Option<u32>, permitted: &[String], excluded: &[String]) {
    page.fact_if(
        "path length",
        path_len.map(|path_len| path_len.to_string()).as_deref(),
    );
    page.facts("permitted", permitted.iter().map(String::as_str));
    page.facts("excluded", excluded.iter().map(String::as_str));
}

/// `ca sign`.
#[derive(Debug, Clone, Serialize)]
pub struct CaSignReport {
    /// Whether nothing was done.
    pub dry_run: bool,
    /// The directory of the CA that signs.
    pub ca_dir: String,
    /// The request.
    pub source: String,
    /// Serial number; in a dry run the next one, `null` when they are random.
    pub serial: Option<String>,
    /// Name of the new CA.
    pub subject: String,
    /// Name of the CA that signs.
    pub issuer: String,
    /// Kind of key.
    pub key_type: String,
    /// The key for people.
    #[serde(skip)]
    pub key: String,
    /// Size of the key.
    pub key_bits: Option<u32>,
    /// SHA-256 of the SubjectPublicKeyInfo, to compare with where the key is.
    pub public_key_sha256: String,
    /// Start of validity (notBefore).
    pub not_before: String,
    /// End.
    pub not_after: String,
    /// pathLenConstraint.
    pub path_len: u8,
    /// Permitted subtrees.
    pub permitted_names: Vec<String>,
    /// Excluded subtrees.
    pub excluded_names: Vec<String>,
    /// What the request asks for in vain.
    pub ignored: Vec<String>,
    /// SHA-1; `null` in a dry run.
    pub thumbprint_sha1: Option<String>,
    /// SHA-256; `null` in a dry run.
    pub thumbprint_sha256: Option<String>,
    /// The certificate in the repository; `null` in a dry run.
    pub certificate: Option<String>,
    /// The file with the certificate and those above it.
    pub out: Option<String>,
    /// Audit log head after this change; `null` if nothing changed, or if the CA does not keep a log.
    pub audit_head: Option<String>,
    /// What to do next.
    #[serde(flatten)]
    pub next: NextSteps,
}

impl Report for CaSignReport {
    const SCHEMA: &'static str = "gsec/ca.sign/1";

    fn is_answer(&self) -> bool {
        self.dry_run
    }

    fn text(&self, page: &mut Page) {
        let serial = self.serial.as_deref().unwrap_or("random");
        page.line(&match self.dry_run {
            true => format!(
                "Would sign the CSR of CA `{}` from {} (serial {serial}, if no other command issues first)",
                self.subject, self.source
            ),
            false => format!(
                "Signed the CSR of CA `{}` from {}, serial {serial}",
                self.subject, self.source
            ),
        });
        page.fact("issuer", &self.issuer);
        page.fact("key", &self.key);
        page.digest("key sha256", &self.public_key_sha256);
        page.detail("valid from", &self.not_before);
        page.end("valid until", &self.not_after);
        limits(
            page,
            Some(u32::from(self.path_len)),
            &self.permitted_names,
            &self.excluded_names,
        );
        page.facts("ignored", self.ignored.iter().map(String::as_str));
        page.fact_if("certificate", self.certificate.as_deref());
        page.fact_if("with chain", self.out.as_deref());
        page.digest_if("sha1", self.thumbprint_sha1.as_deref());
        page.digest_if("sha256", self.thumbprint_sha256.as_deref());
        page.detail_if("audit head", self.audit_head.as_deref());
        self.next.text(page);
    }
}

/// `ca accept`.
#[derive(Debug, Clone, Serialize)]
pub struct CaAcceptReport {
    /// Whether nothing was done.
    pub dry_run: bool,
    /// The directory of the CA.
    pub ca_dir: String,
    /// Whether anything was changed, or would be in a dry run.
    pub changed: bool,
    /// Name of the CA.
    pub subject: String,
    /// Name of the CA above.
    pub issuer: String,
    /// Serial number.
    pub serial: String,
    /// Start of validity (notBefore).
    pub not_before: String,
    /// End.
    pub not_after: String,
    /// pathLenConstraint.
    pub path_len: Option<u32>,
    /// The certificates above it, the root last.
    pub chain: Vec<PathStep>,
    /// SHA-1.
    pub thumbprint_sha1: String,
    /// SHA-256.
    pub thumbprint_sha256: String,
    /// The CA certificate.
    pub certificate: String,
    /// Where the old certificate is; `null` where there was none, and in a dry run.
    pub kept: Option<String>,
    /// Audit log head after this change; `null` if nothing changed, or if the CA does not keep a log.
    pub audit_head: Option<String>,
    /// What to do next.
    #[serde(flatten)]
    pub next: NextSteps,
}

impl Report for CaAcceptReport {
    const SCHEMA: &'static str = "gsec/ca.accept/1";

    fn is_answer(&self) -> bool {
        self.dry_run
    }

    fn text(&self, page: &mut Page) {
        page.line(&match (self.changed, self.dry_run) {
            (false, _) => format!(
                "`{}` in {} already has this certificate: nothing was changed",
                self.subject, self.ca_dir
            ),
            (true, true) => format!(
                "Would accept the certificate of `{}` in {}",
                self.subject, self.ca_dir
            ),
            (true, false) => format!(
                "Accepted the certificate of `{}` in {}",
                self.subject, self.ca_dir
            ),
        });
        page.fact("issuer", &self.issuer);
        page.fact("serial", &self.serial);
        page.detail("valid from", &self.not_before);
        page.end("valid until", &self.not_after);
        page.fact_if(
            "path length",
            self.path_len.map(|path_len| path_len.to_string()).as_deref(),
        );
        PathStep::all("above it", &self.chain, page);
        page.fact("certificate", &self.certificate);
        page.fact_if("old one", self.kept.as_deref());
        page.digest("sha1", &self.thumbprint_sha1);
        page.digest("sha256", &self.thumbprint_sha256);
        page.detail_if("audit head", self.audit_head.as_deref());
        self.next.text(page);
    }
}
