//! Results of `cert ensure` and `cert renew`, which keep certificates in the requested state.

use serde::Serialize;

use super::{CrlFacts, IssueReport, Page, Report, Selected};

/// Why something is changed.
#[derive(Debug, Clone, Serialize)]
pub struct Reason {
    /// What it is about: a stable name.
    pub code: &'static str,
    /// The present and the requested state.
    pub message: String,
}

impl EnsureReport {
    /// Whether files of an earlier certificate are where those of this one must be.
    fn is_older_delivered(&self) -> bool {
        self.reasons.iter().any(|reason| reason.code == "output_differs")
    }
}

/// `cert ensure`.
#[derive(Debug, Clone, Serialize)]
pub struct EnsureReport {
    /// Whether anything was changed, or would be.
    pub changed: bool,
    /// Whether this was a check, in which nothing changes.
    pub check: bool,
    /// `none`, `restored` or `issued`: what was done; `would_restore` or `would_issue`: what was only looked at.
    pub action: &'static str,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Serial number of the certificate that is closest to the requested state; `null` if there is none.
    pub compared: Option<String>,
    /// Files that were written again, or would be, without a new certificate.
    pub restored: Vec<String>,
    /// The certificate: the one that is there, or the new one.
    #[serde(flatten)]
    pub certificate: IssueReport,
}

impl Report for EnsureReport {
    const SCHEMA: &'static str = "gsec/cert.ensure/2";

    fn is_answer(&self) -> bool {
        self.check || self.certificate.dry_run
    }

    fn text(&self, page: &mut Page) {
        let (host, serial) = (
            self.certificate.host(),
            self.certificate.serial.as_deref().unwrap_or_default(),
        );
        match (self.action, self.certificate.dry_run) {
            ("issued" | "would_issue", _) => self.certificate.headline(page),
            ("would_restore", _) => page.line(&format!(
                "{host} has serial {serial}, but {}",
                match self.is_older_delivered() {
                    true => "older files are in the place of its files: they would be replaced",
                    false => "files are missing: they would be written again",
                }
            )),
            ("restored", _) => page.line(&format!(
                "{host} has serial {serial}, but {}",
                match self.is_older_delivered() {
                    true => "older files were in the place of its files: they were replaced",
                    false => "files were missing: they were written again",
                }
            )),
            _ => page.line(&format!(
                "{host}: serial {serial} is up to date; nothing was changed"
            )),
        }
        page.fact_if(
            "compared with",
            self.compared
                .as_deref()
                .filter(|_| matches!(self.action, "issued" | "would_issue"))
                .map(|serial| format!("serial {serial}"))
                .as_deref(),
        );
        let reasons: Vec<String> = self
            .reasons
            .iter()
            .map(|reason| format!("{} ({})", reason.message, reason.code))
            .collect();
        page.facts("because", reasons.iter().map(String::as_str));
        page.facts("written", self.restored.iter().map(String::as_str));
        self.certificate.details(page);
        self.certificate.next.text(page);
    }
}

/// `cert renew`.
#[derive(Debug, Clone, Serialize)]
pub struct RenewReport {
    /// The serial number of the old certificate.
    pub replaces: String,
    /// `new` or `kept`: whether it is about another key than the old one.
    pub key: &'static str,
    /// Whether the old certificate was revoked, or would be.
    pub revoked_old: bool,
    /// Whether a certificate was issued, or would be; an earlier call that was cut off may have done so already.
    pub changed: bool,
    /// Which certificate of a host it replaces; `null` where no host was named.
    pub selected: Option<Selected>,
    /// The CRL that was made after that; `null` when none was.
    pub crl: Option<CrlFacts>,
    /// The new certificate.
    #[serde(flatten)]
    pub certificate: IssueReport,
}

impl Report for RenewReport {
    const SCHEMA: &'static str = "gsec/cert.renew/1";

    fn is_answer(&self) -> bool {
        self.certificate.dry_run
    }

    fn text(&self, page: &mut Page) {
        match self.changed {
            true => self.certificate.headline(page),
            false => {
                let serial = self.certificate.serial.as_deref().unwrap_or_default();
                page.line(&format!(
                    "Serial {serial} was already issued in its place: nothing more was issued"
                ));
            }
        }
        page.fact_if(
            "selected",
            self.selected.as_ref().and_then(Selected::in_words).as_deref(),
        );
        page.fact(
            "replaces",
            &match (self.revoked_old, self.certificate.dry_run) {
                (true, true) => format!("serial {}, which would be revoked", self.replaces),
                (true, false) => format!("serial {}, which is revoked now", self.replaces),
                (false, _) => format!("serial {}", self.replaces),
            },
        );
        page.fact(
            "its key",
            if self.key == "kept" {
                "kept: the same as before"
            } else {
                "new"
            },
        );
        self.certificate.details(page);
        if let Some(crl) = &self.crl {
            crl.facts(page);
        }
        self.certificate.next.text(page);
    }
}
