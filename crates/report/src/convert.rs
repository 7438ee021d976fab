//! Results of `convert` and `cert match`.

use serde::Serialize;

use super::{Page, Report, Tone};

/// A file that was written.
#[derive(Debug, Clone, Serialize)]
pub struct WrittenFile {
    /// Its path.
    pub path: String,
    /// What is in it, in words.
    pub holds: String,
    /// Whether only its owner can read it.
    pub secret: bool,
}

impl WrittenFile {
    pub(super) fn text(&self, page: &mut Page) {
        page.line(&format!("Created {} ({})", self.path, self.holds));
    }
}

/// `convert to-pem`.
#[derive(Debug, Clone, Serialize)]
pub struct ToPemReport {
    /// What was read.
    pub source: String,
    /// Private keys in it.
    pub keys: usize,
    /// Certificates in it.
    pub certificates: usize,
    /// Certification requests in it.
    pub requests: usize,
    /// CRLs in it.
    pub crls: usize,
    /// What was written.
    pub files: Vec<WrittenFile>,
}

impl Report for ToPemReport {
    const SCHEMA: &'static str = "gsec/convert.to_pem/1";

    fn is_answer(&self) -> bool {
        false
    }

    fn text(&self, page: &mut Page) {
        self.files.iter().for_each(|file| file.text(page));
        if self.keys > 0 {
            page.line("The private key is not encrypted; only the owner of the file can read it.");
        }
    }
}

/// `convert to-pfx`.
#[derive(Debug, Clone, Serialize)]
pub struct ToPfxReport {
    /// Where the certificate was read.
    pub source: String,
    /// What was written.
    pub file: Option<WrittenFile>,
    /// Whether a private key is in it.
    pub has_key: bool,
    /// Subjects of the certificates in it, in their order.
    pub certificates: Vec<String>,
    /// Names of the entries.
    pub friendly_names: Vec<String>,
    /// Subjects of the certificates in the input that are outside the first one's chain, and were left out.
    pub left_out: Vec<String>,
    /// `modern` or `compat`.
    pub pfx_encryption: String,
    /// `empty` or `given`.
    pub pfx_password: String,
}

impl Report for ToPfxReport {
    const SCHEMA: &'static str = "gsec/convert.to_pfx/1";

    fn is_answer(&self) -> bool {
        false
    }

    fn text(&self, page: &mut Page) {
        if let Some(file) = &self.file {
            file.text(page);
        }
        page.fact(
            "holds",
            if self.has_key {
                "a private key and its certificates"
            } else {
                "trusted certificates, no key"
            },
        );
        page.facts("certificates", self.certificates.iter().map(String::as_str));
        page.facts("name", self.friendly_names.iter().map(String::as_str));
        page.facts("left out", self.left_out.iter().map(String::as_str));
        page.fact("encryption", &self.pfx_encryption);
        page.fact(
            "password",
            if self.pfx_password == "empty" {
                "the empty password"
            } else {
                "as given"
            },
        );
    }
}

/// `convert to-der`.
#[derive(Debug, Clone, Serialize)]
pub struct ToDerReport {
    /// What was read.
    pub source: String,
    /// What was written.
    pub file: WrittenFile,
}

impl Report for ToDerReport {
    const SCHEMA: &'static str = "gsec/convert.to_der/1";

    fn is_answer(&self) -> bool {
        false
    }

    fn text(&self, page: &mut Page) {
        self.file.text(page);
    }
}

/// `convert key`.
#[derive(Debug, Clone, Serialize)]
pub struct ConvertKeyReport {
    /// What was read.
    pub source: String,
    /// What was written.
    pub file: WrittenFile,
    /// Algorithm and size.
    pub algorithm: String,
    /// SHA-256 of the SubjectPublicKeyInfo; `null` if it cannot be derived.
    pub public_key_sha256: Option<String>,
    /// How it was encrypted; `null` when it was not.
    pub was_encrypted: Option<String>,
    /// Whether it is encrypted now.
    pub is_encrypted: bool,
}

impl Report for ConvertKeyReport {
    const SCHEMA: &'static str = "gsec/convert.key/1";

    fn is_answer(&self) -> bool {
        false
    }

    fn text(&self, page: &mut Page) {
        self.file.text(page);
        page.fact("key", &self.algorithm);
        page.digest_if("key sha256", self.public_key_sha256.as_deref());
        page.fact_if("was", self.was_encrypted.as_deref());
    }
}

/// One file of `cert match`.
#[derive(Debug, Clone, Serialize)]
pub struct MatchedFile {
    /// Its path.
    pub source: String,
    /// What is in it: `private key`, `certificate`, `certification request` or `public key`.
    pub kind: &'static str,
    /// Whom it is about, where it says so.
    pub subject: Option<String>,
    /// Algorithm and size of the key.
    pub key: String,
    /// SHA-256 of the SubjectPublicKeyInfo.
    pub public_key_sha256: String,
    /// Whether this is the first file's key.
    pub matches: bool,
}

/// `cert match`.
#[derive(Debug, Clone, Serialize)]
pub struct MatchReport {
    /// Whether all belong together.
    pub matches: bool,
    /// The files, in the order in which they were named.
    pub files: Vec<MatchedFile>,
}

impl Report for MatchReport {
    const SCHEMA: &'static str = "gsec/cert.match/1";

    fn text(&self, page: &mut Page) {
        let verdict = if self.matches {
            [(Tone::Good, "They belong together"), (Tone::Plain, ": one key")]
        } else {
            [(Tone::Bad, "They do NOT belong together"), (Tone::Plain, "")]
        };
        page.words(2, &verdict);
        for file in &self.files {
            let subject = file
                .subject
                .as_deref()
                .map(|subject| format!(" of {subject}"))
                .unwrap_or_default();
            let verdict = if file.matches { "same key" } else { "OTHER key" };
            let words = format!("  {}: {}, {}{subject}", file.source, file.kind, file.key);
            page.words(
                4,
                &[
                    (Tone::Plain, "  "),
                    (Tone::of_answer(file.matches), verdict),
                    (Tone::Plain, &words),
                ],
            );
            page.digest("  key sha256", &file.public_key_sha256);
        }
    }
}
