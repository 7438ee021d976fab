//! Results of `cert request` and `cert sign`.

use serde::Serialize;

use super::certificate::key_text;
use super::issue::host_of;
use super::{IssueReport, NextSteps, Page, Report};

/// Files of a request.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RequestFiles {
    /// `<host>_priv_key.pem`; `null` when the key was there before, or Windows makes it.
    pub private_key: Option<String>,
    /// `<host>_req.pem`, or `<host>_req.inf`.
    pub request: String,
}

/// `cert request`.
#[derive(Debug, Clone, Serialize)]
pub struct RequestReport {
    /// Whether nothing was made.
    pub dry_run: bool,
    /// `pem` or `certreq-inf`.
    pub format: &'static str,
    /// Subject.
    pub subject: String,
    /// Names.
    pub names: Vec<String>,
    /// Kind of key.
    pub key_type: String,
    /// Size of the key.
    pub key_bits: u32,
    /// Whether the key file is encrypted; `null` when none is written.
    pub key_encrypted: Option<bool>,
    /// SHA-256 of the key's SubjectPublicKeyInfo; `null` if the key does not exist yet.
    pub public_key_sha256: Option<String>,
    /// Whether the key was made by the same call before, which was cut off between the key and the request.
    pub key_was_there: bool,
    /// Its files.
    pub files: RequestFiles,
    /// What to do next.
    #[serde(flatten)]
    pub next: NextSteps,
}

impl Report for RequestReport {
    const SCHEMA: &'static str = "gsec/cert.request/1";

    fn is_answer(&self) -> bool {
        false
    }

    fn text(&self, page: &mut Page) {
        let what = match (self.files.private_key.is_some(), self.format) {
            (true, _) if self.key_was_there => "the missing CSR, with the existing private key,",
            (true, _) => "a private key and a CSR",
            (false, "pem") => "a CSR",
            _ => "the order for a key and a CSR on Windows",
        };
        page.line(&format!(
            "{} {what} for {}",
            if self.dry_run { "Would create" } else { "Created" },
            host_of(&self.names)
        ));
        page.fact(
            "subject",
            if self.subject.is_empty() {
                "(empty)"
            } else {
                &self.subject
            },
        );
        page.facts("names", self.names.iter().map(String::as_str));
        page.fact("key", &key_text(&self.key_type, Some(self.key_bits)));
        if let (Some(path), Some(encrypted)) = (&self.files.private_key, self.key_encrypted) {
            page.fact(
                "private key",
                &format!(
                    "{path} ({})",
                    if encrypted { "encrypted" } else { "not encrypted" }
                ),
            );
        }
        page.fact(
            if self.format == "pem" {
                "request"
            } else {
                "certreq file"
            },
            &self.files.request,
        );
        if page.is_verbose() {
            page.digest_if("key sha256", self.public_key_sha256.as_deref());
        }
        self.next.text(page);
    }
}

/// `cert sign`.
#[derive(Debug, Clone, Serialize)]
pub struct SignReport {
    /// The request, as it was named.
    pub request: String,
    /// What it is signed with.
    pub request_signature: String,
    /// Names that are certified because the request asks for them.
    pub names_from_request: Vec<String>,
    /// What the request asks for and does not get.
    pub ignored: Vec<String>,
    /// The certificate.
    #[serde(flatten)]
    pub issue: IssueReport,
}

impl Report for SignReport {
    const SCHEMA: &'static str = "gsec/cert.sign/1";

    fn is_answer(&self) -> bool {
        self.issue.dry_run
    }

    fn text(&self, page: &mut Page) {
        self.issue.facts(page);
        page.detail(
            "request",
            &format!("{}, signed with {}", self.request, self.request_signature),
        );
        page.facts("from CSR", self.names_from_request.iter().map(String::as_str));
        page.facts("ignored", self.ignored.iter().map(String::as_str));
        self.issue.next.text(page);
    }
}
