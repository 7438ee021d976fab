//! Results of revoking and of CRLs: `cert revoke`, `cert unhold`, `crl update` and `crl show`.

use serde::Serialize;

use super::certificate::extensions_text;
use super::{ExtensionFacts, NextSteps, Page, Report};
use gsec_pki::x509::oid;

/// A subject as the index has it, for people: of a single attribute as everywhere else, `CN=db1.example.com`.
pub fn shown_subject(subject: &str) -> &str {
    match subject.strip_prefix('/') {
        Some(only) if !only.contains('/') => only,
        _ => subject,
    }
}

/// A certificate to be revoked.
#[derive(Debug, Clone, Serialize)]
pub struct RevokedCertificate {
    /// Serial number.
    pub serial: String,
    /// Subject, as the index has it.
    pub subject: String,
    /// `valid`, `expired` or `revoked`, now.
    pub status: &'static str,
    /// Whether its status was changed, or would be in a dry run.
    pub changed: bool,
    /// Time of revocation.
    pub revoked_at: Option<String>,
    /// Reason of revocation, as the index has it.
    pub reason: Option<String>,
}

/// A certificate that is not revoked, and whose key is compromised.
#[derive(Debug, Clone, Serialize)]
pub struct SameKeyCertificate {
    /// Serial number.
    pub serial: String,
    /// Subject, as the index has it.
    pub subject: String,
    /// End.
    pub not_after: String,
}

/// A CRL that was made.
#[derive(Debug, Clone, Serialize)]
pub struct CrlFacts {
    /// Its file.
    pub file: String,
    /// Its number.
    pub number: String,
    /// When the next one is due.
    pub next_update: String,
    /// How many certificates it revokes.
    pub revoked: usize,
}

impl CrlFacts {
    /// The CRL in a report that is about something else.
    pub(super) fn facts(&self, page: &mut Page) {
        page.fact("CRL", &self.file);
        page.fact("CRL number", &self.number);
        page.end("next CRL due", &self.next_update);
    }
}

/// `cert revoke` and `cert unhold`.
#[derive(Debug, Clone, Serialize)]
pub struct RevokeReport {
    /// Whether nothing was done.
    pub dry_run: bool,
    /// The directory of the CA.
    pub ca_dir: String,
    /// Whether anything was changed, or would be in a dry run.
    pub changed: bool,
    /// The selected certificates.
    pub certificates: Vec<RevokedCertificate>,
    /// Other valid certificates of keys that are compromised.
    pub same_key: Vec<SameKeyCertificate>,
    /// The CRL that was made after it; `null` when none was.
    pub crl: Option<CrlFacts>,
    /// Audit log head after this change; `null` if nothing changed, or if the CA does not keep a log.
    pub audit_head: Option<String>,
    /// What to do next.
    #[serde(flatten)]
    pub next: NextSteps,
}

impl Report for RevokeReport {
    const SCHEMA: &'static str = "gsec/cert.revoke/1";

    fn is_answer(&self) -> bool {
        self.dry_run
    }

    fn text(&self, page: &mut Page) {
        for certificate in &self.certificates {
            let RevokedCertificate {
                serial,
                subject,
                status,
                changed,
                revoked_at,
                reason,
            } = certificate;
            let since = revoked_at
                .as_ref()
                .map(|at| format!(" since {at}"))
                .unwrap_or_default();
            let why = reason
                .as_ref()
                .map(|reason| format!(" ({reason})"))
                .unwrap_or_default();
            let state = if *status == "revoked" {
                format!("revoked{since}{why}")
            } else {
                (*status).to_owned()
            };
            let at = revoked_at
                .as_ref()
                .map(|at| format!(" at {at}"))
                .unwrap_or_default();
            page.line(&match (changed, self.dry_run, *status == "revoked") {
                (true, true, true) => format!("Would revoke serial {serial}"),
                (true, false, true) => format!("Revoked serial {serial}{at}{why}"),
                (true, true, false) => format!("Would release serial {serial} from hold"),
                (true, false, false) => format!("Released serial {serial} from hold"),
                (false, ..) if self.crl.is_some() => {
                    format!("Serial {serial} is already {state}; the CRL did not say so, and was made again")
                }
                (false, ..) => format!("Serial {serial} is already {state}: nothing was changed"),
            });
            page.fact("subject", shown_subject(subject));
        }
        let same_key: Vec<String> = self
            .same_key
            .iter()
            .map(|other| format!("serial {} {}", other.serial, shown_subject(&other.subject)))
            .collect();
        page.facts("same key", same_key.iter().map(String::as_str));
        if let Some(crl) = &self.crl {
            crl.facts(page);
        }
        page.detail_if("audit head", self.audit_head.as_deref());
        self.next.text(page);
    }
}

/// `crl update`.
#[derive(Debug, Clone, Serialize)]
pub struct CrlUpdateReport {
    /// Whether nothing was made.
    pub dry_run: bool,
    /// The directory of the CA.
    pub ca_dir: String,
    /// The file.
    pub file: String,
    /// The files of those that former keys of the CA signed.
    pub previous_files: Vec<String>,
    /// How many parts of it were made in `ca_conf/crl`.
    pub shards: u64,
    /// The CRL's number; `null` in a dry run.
    pub number: Option<String>,
    /// Its thisUpdate time.
    pub this_update: String,
    /// When the next one is due.
    pub next_update: String,
    /// How many certificates it revokes.
    pub revoked: u64,
    /// Audit log head after this change; `null` in a dry run, or if the CA does not keep a log.
    pub audit_head: Option<String>,
}

impl Report for CrlUpdateReport {
    const SCHEMA: &'static str = "gsec/crl.update/1";

    fn is_answer(&self) -> bool {
        self.dry_run
    }

    fn text(&self, page: &mut Page) {
        let revoked = match self.revoked {
            1 => "1 revoked certificate".to_owned(),
            count => format!("{count} revoked certificates"),
        };
        page.line(&format!(
            "{} a CRL with {revoked} in {}",
            if self.dry_run { "Would create" } else { "Created" },
            self.file
        ));
        page.facts("by former keys", self.previous_files.iter().map(String::as_str));
        if self.shards > 0 {
            page.fact(
                "parts",
                &format!("{} in {}/ca_conf/crl", self.shards, self.ca_dir),
            );
        }
        page.fact_if("number", self.number.as_deref());
        page.end("next one due", &self.next_update);
        page.detail_if("audit head", self.audit_head.as_deref());
    }
}

/// An entry of a CRL.
#[derive(Debug, Clone, Serialize)]
pub struct CrlEntryFacts {
    /// Serial number.
    pub serial: String,
    /// Time of revocation; `null` where the CRL has none that exists.
    pub revoked_at: Option<String>,
    /// Why the CRL's time of revocation is no time.
    pub date_problem: Option<String>,
    /// The reason, by its name in RFC 5280.
    pub reason: Option<&'static str>,
    /// Since when the key is known or suspected to be compromised.
    pub invalidity_date: Option<String>,
    /// Who issued the certificate, where that is not the issuer of the CRL.
    pub certificate_issuer: Option<String>,
}

/// `crl show`: the first CRL of a file, and those after it.
#[derive(Debug, Clone, Serialize)]
pub struct CrlShowReport {
    /// The first.
    #[serde(flatten)]
    pub first: CrlInFull,
    /// The others, in the order of the file.
    pub others: Vec<CrlInFull>,
}

/// Everything in one CRL.
#[derive(Debug, Clone, Serialize)]
pub struct CrlInFull {
    /// Where it was read from.
    pub source: String,
    /// Who signed it.
    pub issuer: String,
    /// The version as people count: 1 or 2.
    pub version: u32,
    /// Its number.
    pub number: Option<String>,
    /// The number of the CRL since which it lists changes; `null` for a complete CRL.
    pub base_number: Option<String>,
    /// Which certificates it is about, in words; empty for all of its issuer.
    pub limits: Vec<String>,
    /// Its thisUpdate time.
    pub this_update: String,
    /// When the next one is due.
    pub next_update: Option<String>,
    /// Whether the next one is due already.
    pub overdue: bool,
    /// Signature algorithm.
    pub signature_algorithm: String,
    /// `good` or `bad` by the CA's key, `unchecked` if the issuing CA's certificate is not available, `unsupported`.
    pub signature: &'static str,
    /// authorityKeyIdentifier.
    pub authority_key_identifier: Option<String>,
    /// Critical extensions that gsec does not know.
    pub unknown_critical: Vec<String>,
    /// All extensions of the list.
    pub extensions: Vec<ExtensionFacts>,
    /// What it revokes.
    pub revoked: Vec<CrlEntryFacts>,
}

/// Of thousands of entries, text shows this many; JSON has all.
const SHOWN_ENTRIES: usize = 1000;

impl Report for CrlShowReport {
    const SCHEMA: &'static str = "gsec/crl.show/2";

    fn text(&self, page: &mut Page) {
        let count = self.others.len() + 1;
        for (index, crl) in std::iter::once(&self.first).chain(&self.others).enumerate() {
            if index > 0 {
                page.gap();
            }
            let number = if count > 1 {
                format!(" {} of {count}", index + 1)
            } else {
                String::new()
            };
            page.line(&format!("CRL{number} in {}", crl.source));
            crl.text(page);
        }
    }
}

impl CrlInFull {
    fn text(&self, page: &mut Page) {
        page.fact("issuer", &self.issuer);
        if self.version == 1 {
            page.fact("version", "1: without extensions");
        }
        page.fact_if("number", self.number.as_deref());
        if let Some(base) = &self.base_number {
            page.fact(
                "delta CRL",
                &format!("only what changed since the CRL number {base}"),
            );
        }
        page.facts("limited to", self.limits.iter().map(String::as_str));
        page.fact("valid from", &self.this_update);
        match &self.next_update {
            Some(due) if self.overdue => page.fact(
                "next one due",
                &format!("{due}, which is past: clients reject this CRL"),
            ),
            Some(due) => page.end("next one due", due),
            None => page.fact("next one due", "(not stated)"),
        }
        page.fact(
            "signature",
            &format!("{}, {}", self.signature_algorithm, self.signature),
        );
        page.fact_if("issuer key id", self.authority_key_identifier.as_deref());
        page.facts("not known", self.unknown_critical.iter().map(String::as_str));
        extensions_text(
            &self.extensions,
            &[oid::CRL_NUMBER, oid::AUTHORITY_KEY_IDENTIFIER],
            page,
        );
        page.fact("revoked", &self.revoked.len().to_string());
        if !self.revoked.is_empty() {
            page.gap();
            let row = |entry: &CrlEntryFacts| {
                let since = entry
                    .invalidity_date
                    .as_ref()
                    .map(|date| format!(" since {date}"))
                    .unwrap_or_default();
                let issuer = entry
                    .certificate_issuer
                    .as_ref()
                    .map(|issuer| format!(", certificate of {issuer}"))
                    .unwrap_or_default();
                let problem = entry
                    .date_problem
                    .as_ref()
                    .map(|problem| format!("; {problem}"))
                    .unwrap_or_default();
                let at = entry.revoked_at.clone().unwrap_or_else(|| "no such time".into());
                vec![
                    entry.serial.clone(),
                    at,
                    format!(
                        "{}{since}{issuer}{problem}",
                        entry.reason.unwrap_or("unspecified")
                    ),
                ]
            };
            page.table(
                &["serial", "revoked at", "reason"],
                &self
                    .revoked
                    .iter()
                    .take(SHOWN_ENTRIES)
                    .map(row)
                    .collect::<Vec<_>>(),
            );
        }
        if self.revoked.len() > SHOWN_ENTRIES {
            page.line(&format!(
                "and {} more; `--json` has all",
                self.revoked.len() - SHOWN_ENTRIES
            ));
        }
    }
}
