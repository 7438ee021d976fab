//! Results of `serve backup` and `serve restore`.

use serde::Serialize;

use super::{Page, Report, Tone, counted};

fn several(count: u64, one: &str, many: &str) -> String {
    counted(usize::try_from(count).unwrap_or(usize::MAX), one, many)
}

/// How much is in a backup.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct BackupCounts {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files with private keys.
    pub private_keys: u64,
    /// Records of `ca.db`.
    pub records: u64,
    /// Certificates in the repository.
    pub certificates: u64,
    /// Lines of the audit log.
    pub log_lines: u64,
}

impl BackupCounts {
    fn text(&self, page: &mut Page) {
        page.fact("files", &format!("{} ({} bytes)", self.files, self.bytes));
        page.fact("records", &self.records.to_string());
        page.fact("certificates", &self.certificates.to_string());
        page.fact("audit log", &several(self.log_lines, "line", "lines"));
        page.fact("private keys", &self.private_keys.to_string());
    }
}

/// `serve backup`.
#[derive(Debug, Clone, Serialize)]
pub struct ServeBackupReport {
    /// The CA directory.
    pub ca_dir: String,
    /// The file.
    pub file: String,
    /// The name of the CA.
    pub subject: String,
    /// SHA-256 of its certificate.
    pub sha256: String,
    /// When it was made.
    pub made: String,
    /// Whether private keys are in it.
    pub has_keys: bool,
    /// Whether the state of the server is in it.
    pub has_state: bool,
    /// How much there is.
    pub counts: BackupCounts,
    /// Files with private keys that are not in it.
    pub keys_left_out: u64,
    /// What else is not in it.
    pub not_included: Vec<String>,
}

fn with_or_without(has_keys: bool) -> (Tone, &'static str) {
    match has_keys {
        true => (Tone::Warning, "with private keys"),
        false => (Tone::Warning, "without private keys"),
    }
}

fn about_keys(has_keys: bool) -> &'static str {
    match has_keys {
        true => "The CA's private key is in it: anyone who opens the file can issue certificates.",
        false => {
            "No private key is in it: after a restore nothing can be issued until the CA's private key is put back."
        }
    }
}

impl Report for ServeBackupReport {
    const SCHEMA: &'static str = "gsec/serve.backup/1";

    fn is_answer(&self) -> bool {
        false
    }

    fn text(&self, page: &mut Page) {
        page.words(
            2,
            &[
                (
                    Tone::Plain,
                    &format!("Backed up {}, the CA in {}, ", self.subject, self.ca_dir),
                ),
                with_or_without(self.has_keys),
                (Tone::Plain, &format!(", to {}", self.file)),
            ],
        );
        page.digest("SHA-256", &self.sha256);
        page.fact("made", &self.made);
        self.counts.text(page);
        page.fact("server's state", if self.has_state { "included" } else { "none" });
        if self.keys_left_out > 0 {
            page.fact(
                "left out",
                &several(
                    self.keys_left_out,
                    "file with private keys",
                    "files with private keys",
                ),
            );
        }
        page.facts("not included", self.not_included.iter().map(String::as_str));
        page.gap();
        page.line(about_keys(self.has_keys));
    }
}

/// `serve restore`.
#[derive(Debug, Clone, Serialize)]
pub struct ServeRestoreReport {
    /// The file.
    pub file: String,
    /// The CA directory that was made; null with `--verify`.
    pub ca_dir: Option<String>,
    /// The name of the CA.
    pub subject: String,
    /// SHA-256 of its certificate.
    pub sha256: String,
    /// When the backup was made.
    pub made: String,
    /// Whether private keys are in it.
    pub has_keys: bool,
    /// `matches`, `encrypted` or `absent`; `differs` is a problem.
    pub ca_key: &'static str,
    /// How much there is.
    pub counts: BackupCounts,
    /// Lines of the audit log that the CA key signed.
    pub signed_log_lines: u64,
    /// The hash of the last line that the backup has; null for an empty log.
    pub log_head: Option<String>,
    /// The serial number from which the CA goes on in sequence; null with `--verify`.
    pub next_serial: Option<String>,
    /// The number of the next CRL; null with `--verify`.
    pub next_crl_number: Option<String>,
    /// What is not as it should be.
    pub problems: Vec<String>,
}

impl Report for ServeRestoreReport {
    const SCHEMA: &'static str = "gsec/serve.restore/1";

    fn text(&self, page: &mut Page) {
        let done = match &self.ca_dir {
            Some(ca_dir) => format!("Restored {} to {ca_dir}, ", self.subject),
            None => format!("Verified the backup of {} in {}, ", self.subject, self.file),
        };
        page.words(2, &[(Tone::Plain, &done), with_or_without(self.has_keys)]);
        page.digest("SHA-256", &self.sha256);
        page.fact("made", &self.made);
        self.counts.text(page);
        let head = self.log_head.as_deref().unwrap_or("(empty)");
        page.fact("signed lines", &self.signed_log_lines.to_string());
        page.fact("log head", head);
        let key = match self.ca_key {
            "matches" => "belongs to the CA certificate",
            "encrypted" => "encrypted; not compared with the CA certificate",
            "absent" => "not in the backup",
            _ => "does not belong to the CA certificate",
        };
        page.fact("CA key", key);
        page.fact_if("next serial", self.next_serial.as_deref());
        page.fact_if("next CRL", self.next_crl_number.as_deref());
        for problem in &self.problems {
            page.words(
                2,
                &[
                    (Tone::Bad, "problem"),
                    (Tone::Plain, ": "),
                    (Tone::Plain, problem),
                ],
            );
        }
        page.gap();
        if self.ca_dir.is_some() {
            page.line(&format!(
                "Certificates and revocations after {} are not in it: revoke again what was revoked since.",
                self.made
            ));
        }
        page.line(about_keys(self.has_keys));
    }
}
