//! The results of every command.

use serde::Serialize;

use super::certificate::key_text;
use super::{CertificateFacts, Page, Report};

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

/// `ca init`.
#[derive(Debug, Clone, Serialize)]
pub struct CaInitReport {
    /// Whether nothing was made.
    pub dry_run: bool,
    /// The directory.
    pub ca_dir: String,
    /// Its name.
    pub subject: String,
    /// Serial number of its certificate; `null` in a dry run.
    pub serial: Option<String>,
    /// Kind of key.
    pub key_type: String,
    /// Size of the key.
    pub key_bits: u32,
    /// Whether the key is encrypted.
    pub key_encrypted: bool,
    /// Begin.
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
    /// What to type next.
    pub next: Vec<String>,
}

impl Report for CaInitReport {
    const SCHEMA: &'static str = "gsec/ca.init/1";

    fn text(&self, page: &mut Page) {
        let verb = if self.dry_run { "Would create" } else { "Created" };
        page.line(&format!("{verb} the certification authority `{}` in {}", self.subject, self.ca_dir));
        page.fact("certificate", &self.files.certificate);
        page.fact("private key", &format!("{}{}", self.files.private_key, if self.key_encrypted { " (encrypted)" } else { "" }));
        page.fact("key", &key_text(&self.key_type, Some(self.key_bits)));
        page.fact("valid until", &self.not_after);
        page.fact_if("sha1", self.thumbprint_sha1.as_deref());
        page.fact_if("sha256", self.thumbprint_sha256.as_deref());
        next_steps(page, &self.next);
    }
}

fn next_steps(page: &mut Page, steps: &[String]) {
    if !steps.is_empty() {
        page.gap();
        page.line("Next:");
        steps.iter().for_each(|step| page.line(&format!("  {step}")));
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
        let Self { valid, expiring, expired, revoked } = self;
        write!(out, "{valid} valid ({expiring} expiring within 30 days), {expired} expired, {revoked} revoked")
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
    /// Whether the key is encrypted; `null` when the key file cannot be read.
    pub key_encrypted: Option<bool>,
    /// The next serial number; `null` when they are random.
    pub next_serial: Option<String>,
    /// Where serial numbers come from.
    pub serial_mode: String,
    /// Whether there is a `gsec.toml`.
    pub adopted: bool,
    /// Counts of the index.
    pub counts: Counts,
    /// Lines of the index that are no record.
    pub damaged_lines: u64,
}

impl Report for CaShowReport {
    const SCHEMA: &'static str = "gsec/ca.show/1";

    fn text(&self, page: &mut Page) {
        page.line(&format!("{} CA in {}", if self.role == "root" { "Root" } else { "Intermediate" }, self.ca_dir));
        self.certificate.text(page);
        page.fact_if("CA key", self.key_encrypted.map(|encrypted| if encrypted { "encrypted" } else { "not encrypted" }));
        page.fact("next serial", self.next_serial.as_deref().unwrap_or("random"));
        page.fact("issued", &self.counts.to_string());
        if self.damaged_lines > 0 {
            page.fact("damaged lines", &format!("{} in ca.db", self.damaged_lines));
        }
    }
}

/// `ca adopt`.
#[derive(Debug, Clone, Serialize)]
pub struct AdoptReport {
    /// The directory.
    pub ca_dir: String,
    /// Whether anything was changed, or would be in a dry run.
    pub changed: bool,
    /// Whether nothing was changed because only a look was asked for.
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
}

impl Report for AdoptReport {
    const SCHEMA: &'static str = "gsec/ca.adopt/1";

    fn text(&self, page: &mut Page) {
        page.line(&format!("CA `{}` in {}", self.subject, self.ca_dir));
        page.fact("issued", &self.counts.to_string());
        page.facts("weak", self.weaknesses.iter().map(String::as_str));
        let label = if self.dry_run { "would change" } else { "changed" };
        page.facts(label, self.changes.iter().map(String::as_str));
        page.facts("kept", self.kept.iter().map(String::as_str));
        if self.changes.is_empty() {
            page.line("There is nothing to change");
        }
    }
}

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
    /// Size of the key.
    pub key_bits: u32,
    /// Begin.
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
    /// What to type next.
    pub next: Vec<String>,
}

impl Report for IssueReport {
    const SCHEMA: &'static str = "gsec/cert.issue/1";

    fn text(&self, page: &mut Page) {
        let serial = self.serial.as_deref().unwrap_or("random");
        let name = self.names.first().map_or("", |name| name.split_once(':').map_or(name.as_str(), |(_, name)| name));
        if self.dry_run {
            page.line(&format!("Would issue a certificate for {name}; next serial {serial}, not reserved"));
        } else {
            page.line(&format!("Issued serial {serial} for {name}"));
        }
        page.fact("subject", if self.subject.is_empty() { "(empty)" } else { &self.subject });
        page.facts("names", self.names.iter().map(String::as_str));
        page.fact("profile", &self.profile);
        page.fact("key", &key_text(&self.key_type, Some(self.key_bits)));
        page.fact("valid until", &self.not_after);
        page.fact_if("certificate", self.files.host_certificate.as_deref());
        page.fact_if("private key", self.files.private_key.as_deref());
        if let (Some(pfx), Some(password)) = (&self.files.pfx, &self.pfx_password) {
            page.fact("pfx", &format!("{pfx} ({})", if password == "empty" { "empty password" } else { "with password" }));
        }
        page.facts("delivered", self.files.delivered.iter().map(String::as_str));
        page.fact_if("sha1", self.thumbprint_sha1.as_deref().map(spaced).as_deref());
        page.fact_if("sha256", self.thumbprint_sha256.as_deref());
        next_steps(page, &self.next);
    }
}

/// The form of a SHA-1 thumbprint that the old platform's settings take.
fn spaced(hex: &str) -> String {
    hex.as_bytes().chunks(2).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
}

/// `quickstart`.
#[derive(Debug, Clone, Serialize)]
pub struct QuickstartReport {
    /// Whether anything was made.
    pub changed: bool,
    /// The directory of the CA.
    pub ca_dir: String,
    /// Whether the CA was made now.
    pub ca_created: bool,
    /// The CA certificate.
    pub ca_certificate: String,
    /// The certificate.
    #[serde(flatten)]
    pub certificate: CertificateFacts,
    /// Its files.
    pub files: IssueFiles,
    /// Whether chain and name verify.
    pub verified: bool,
    /// What to type next.
    pub next: Vec<String>,
}

impl Report for QuickstartReport {
    const SCHEMA: &'static str = "gsec/quickstart/1";

    fn text(&self, page: &mut Page) {
        let name = self.certificate.subject.trim_start_matches("CN=");
        if self.ca_created {
            page.line(&format!("Created a certification authority in {}", self.ca_dir));
        }
        if self.changed {
            page.line(&format!("Issued serial {} for {name}", self.certificate.serial));
        } else {
            page.line(&format!("{name} has a valid certificate already, serial {}: nothing was changed", self.certificate.serial));
        }
        page.fact("certificate", self.files.host_certificate.as_deref().unwrap_or("(not in the repository)"));
        page.fact("private key", self.files.private_key.as_deref().unwrap_or("(not in the repository)"));
        page.fact_if("pfx", self.files.pfx.as_deref().map(|pfx| format!("{pfx} (empty password)")).as_deref());
        page.fact("trust this CA", &self.ca_certificate);
        page.fact("valid until", &self.certificate.not_after);
        page.fact("sha1", &spaced(&self.certificate.thumbprint_sha1));
        page.fact("sha256", &self.certificate.thumbprint_sha256);
        page.fact("verified", if self.verified { "chain and name are valid" } else { "NOT valid" });
        next_steps(page, &self.next);
    }
}

/// One line of `cert list`.
#[derive(Debug, Clone, Serialize)]
pub struct ListedCertificate {
    /// Serial number.
    pub serial: String,
    /// `valid`, `expired` or `revoked`.
    pub status: &'static str,
    /// Subject, as the index has it.
    pub subject: String,
    /// End.
    pub not_after: String,
    /// Time of revocation.
    pub revoked_at: Option<String>,
    /// Reason of revocation.
    pub reason: Option<String>,
    /// Its file, when it is there.
    pub file: Option<String>,
}

/// A line of the index that is no record.
#[derive(Debug, Clone, Serialize)]
pub struct DamagedLineFacts {
    /// Its number.
    pub line: u64,
    /// What is wrong with it.
    pub problem: String,
}

/// `cert list`.
#[derive(Debug, Clone, Serialize)]
pub struct ListReport {
    /// The directory of the CA.
    pub ca_dir: String,
    /// The certificates.
    pub certificates: Vec<ListedCertificate>,
    /// Lines of the index that are no record.
    pub damaged_lines: Vec<DamagedLineFacts>,
}

impl Report for ListReport {
    const SCHEMA: &'static str = "gsec/cert.list/1";

    fn text(&self, page: &mut Page) {
        let row = |listed: &ListedCertificate| {
            let status = match &listed.reason {
                Some(reason) => format!("{} ({reason})", listed.status),
                None => listed.status.to_owned(),
            };
            vec![listed.serial.clone(), status, listed.not_after.clone(), listed.subject.clone()]
        };
        let rows: Vec<_> = self.certificates.iter().map(row).collect();
        match rows.as_slice() {
            [] => page.line("No certificates"),
            rows => page.table(&["serial", "status", "until", "subject"], rows),
        }
        for damaged in &self.damaged_lines {
            page.line(&format!("Line {} of ca.db is damaged: {}", damaged.line, damaged.problem));
        }
    }
}

/// `cert show`.
#[derive(Debug, Clone, Serialize)]
pub struct ShowReport {
    /// Where it was read from.
    pub source: String,
    /// The certificates, in the order in which they stand.
    pub certificates: Vec<CertificateFacts>,
}

impl Report for ShowReport {
    const SCHEMA: &'static str = "gsec/cert.show/1";

    fn text(&self, page: &mut Page) {
        for (index, certificate) in self.certificates.iter().enumerate() {
            if index > 0 {
                page.gap();
            }
            match self.certificates.len() {
                1 => page.line(&format!("Certificate in {}", self.source)),
                count => page.line(&format!("Certificate {} of {count} in {}", index + 1, self.source)),
            }
            certificate.text(page);
        }
    }
}

/// One step of a path.
#[derive(Debug, Clone, Serialize)]
pub struct PathStep {
    /// Subject.
    pub subject: String,
    /// Issuer.
    pub issuer: String,
    /// End.
    pub not_after: String,
    /// SHA-256.
    pub thumbprint_sha256: String,
}

/// One finding.
#[derive(Debug, Clone, Serialize)]
pub struct FindingFacts {
    /// The rule.
    pub rule: &'static str,
    /// Its weight.
    pub severity: &'static str,
    /// The subject of the certificate.
    pub certificate: String,
    /// Both sides.
    pub message: String,
    /// Where the rule is written.
    pub rfc: &'static str,
    /// What would mend it.
    pub remedy: Option<String>,
}

/// `cert verify`.
#[derive(Debug, Clone, Serialize)]
pub struct VerifyReport {
    /// The answer.
    pub valid: bool,
    /// Where it was read from.
    pub source: String,
    /// Subject.
    pub subject: String,
    /// Names.
    pub names: Option<Vec<String>>,
    /// The time that it was decided for.
    pub at: String,
    /// The purpose.
    pub purpose: &'static str,
    /// The host.
    pub name: Option<String>,
    /// Whether subjectAltName has it.
    pub name_in_san: Option<bool>,
    /// Whether the Subject has it.
    pub name_in_subject: Option<bool>,
    /// The path.
    pub path: Vec<PathStep>,
    /// What a strict validator says: `accepted`, its refusal, or `null` when it was not asked (a CA certificate).
    pub strict_validator: Option<String>,
    /// What was found.
    pub findings: Vec<FindingFacts>,
    /// SHA-256.
    pub thumbprint_sha256: String,
}

impl Report for VerifyReport {
    const SCHEMA: &'static str = "gsec/cert.verify/1";

    fn text(&self, page: &mut Page) {
        let wanted = self.name.as_ref().map(|name| format!(" for `{name}`")).unwrap_or_default();
        let purpose = if self.purpose == "any" { String::new() } else { format!(" as a TLS {}", self.purpose) };
        let answer = if self.valid { "valid" } else { "NOT valid" };
        page.line(&format!("{}: {answer}{wanted}{purpose} at {}", self.source, self.at));
        page.fact("certificate", &format!("{}  sha256 {}", self.subject, self.thumbprint_sha256));
        match &self.names {
            Some(names) => page.facts("names", names.iter().take(SHOWN_NAMES).map(String::as_str)),
            None => page.fact("names", "(no subjectAltName)"),
        }
        if let (Some(in_san), Some(in_subject)) = (self.name_in_san, self.name_in_subject) {
            let word = |yes| if yes { "yes" } else { "no" };
            page.fact("name match", &format!("subjectAltName: {}, Subject: {}", word(in_san), word(in_subject)));
        }
        let path: Vec<String> = self.path.iter().map(|step| format!("{} until {}", step.subject, step.not_after)).collect();
        page.facts("path", path.iter().map(String::as_str));
        for finding in &self.findings {
            page.gap();
            page.line(&format!("{}: {} [{}, {}]", finding.severity, finding.message, finding.rule, finding.rfc));
            page.fact("certificate", &finding.certificate);
            page.fact_if("remedy", finding.remedy.as_deref());
        }
    }
}

/// Of thousands of names, text shows this many; JSON has all.
const SHOWN_NAMES: usize = 50;

/// `cert thumbprint`.
#[derive(Debug, Clone, Serialize)]
pub struct ThumbprintReport {
    /// Where it was read from.
    pub source: String,
    /// Subject.
    pub subject: String,
    /// `sha1` or `sha256`.
    pub hash: &'static str,
    /// In lower-case hexadecimal without separators, as everywhere in JSON.
    pub thumbprint: String,
    /// As it was asked for.
    pub formatted: String,
}

impl Report for ThumbprintReport {
    const SCHEMA: &'static str = "gsec/cert.thumbprint/1";

    fn text(&self, page: &mut Page) {
        page.line(&self.formatted);
    }
}

/// `compat link`.
#[derive(Debug, Clone, Serialize)]
pub struct CompatLinkReport {
    /// The files that were written.
    pub files: Vec<String>,
}

impl Report for CompatLinkReport {
    const SCHEMA: &'static str = "gsec/compat.link/1";

    fn text(&self, page: &mut Page) {
        self.files.iter().for_each(|file| page.line(&format!("Created {file}")));
    }
}

/// `man --out`.
#[derive(Debug, Clone, Serialize)]
pub struct ManReport {
    /// The files that were written.
    pub files: Vec<String>,
}

impl Report for ManReport {
    const SCHEMA: &'static str = "gsec/man/1";

    fn text(&self, page: &mut Page) {
        self.files.iter().for_each(|file| page.line(&format!("Created {file}")));
    }
}
