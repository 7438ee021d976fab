//! Results of `cert bundle`.

use serde::Serialize;

use super::{NextSteps, Page, Report, Selected};

/// A file of a bundle.
#[derive(Debug, Clone, Serialize)]
pub struct BundledFile {
    /// Its path in the bundle.
    pub path: String,
    /// Whether the private key is in it.
    pub secret: bool,
}

/// Whose the private key is on the host.
#[derive(Debug, Clone, Serialize)]
pub struct KeyPlace {
    /// Owner.
    pub owner: String,
    /// Group.
    pub group: String,
    /// Mode, in octal digits.
    pub mode: String,
}

/// `cert bundle`.
#[derive(Debug, Clone, Serialize)]
pub struct BundleReport {
    /// What it is for.
    pub target: &'static str,
    /// What it is called.
    pub name: String,
    /// Serial number of the certificate.
    pub serial: String,
    /// Its subject.
    pub subject: String,
    /// SHA-1.
    pub thumbprint_sha1: String,
    /// SHA-256.
    pub thumbprint_sha256: String,
    /// What the release is called on the host.
    pub release: String,
    /// The directory or file.
    pub out: String,
    /// `created`, `replaced` or `unchanged`.
    pub written: &'static str,
    /// Where its files are installed; `null` where that is not for gsec to say.
    pub dest: Option<String>,
    /// Whose the key is there; `null` without a key, or where the target has no owners.
    pub key: Option<KeyPlace>,
    /// Whether the private key is in it.
    pub has_key: bool,
    /// `empty`, `changeit` or `given`; `null` without PKCS #12 files.
    pub pfx_password: Option<&'static str>,
    /// All files in it.
    pub files: Vec<BundledFile>,
    /// Which of a host's certificates it is; `null` where a host was not asked for.
    pub selected: Option<Selected>,
    /// What to do next.
    #[serde(flatten)]
    pub next: NextSteps,
}

impl Report for BundleReport {
    const SCHEMA: &'static str = "gsec/cert.bundle/1";

    fn is_answer(&self) -> bool {
        false
    }

    fn text(&self, page: &mut Page) {
        let verb = match self.written {
            "unchanged" => "Unchanged:",
            "replaced" => "Replaced",
            _ => "Created",
        };
        page.line(&format!("{verb} {} (for {})", self.out, self.target));
        let chosen = self.selected.as_ref().and_then(Selected::in_words);
        page.fact("serial", &self.serial);
        page.fact_if("chosen", chosen.as_deref());
        page.fact(
            "subject",
            if self.subject.is_empty() {
                "(empty)"
            } else {
                &self.subject
            },
        );
        page.fact("release", &self.release);
        page.fact_if("installs to", self.dest.as_deref());
        let key = self
            .key
            .as_ref()
            .map(|key| format!("mode {}, owner {}, group {}", key.mode, key.owner, key.group));
        match (self.has_key, key) {
            (true, Some(key)) => page.fact("private key", &format!("{key}, on the host")),
            (true, None) => page.fact("private key", "in the bundle"),
            (false, _) => page.fact("private key", "not in the bundle"),
        }
        page.fact_if(
            "password",
            self.pfx_password.map(|password| match password {
                "empty" => "the empty password",
                "changeit" => "changeit, as Java programs expect",
                _ => "as given",
            }),
        );
        page.facts("files", self.files.iter().map(|file| file.path.as_str()));
        page.digest("sha1", &self.thumbprint_sha1);
        page.digest("sha256", &self.thumbprint_sha256);
        self.next.text(page);
    }
}
