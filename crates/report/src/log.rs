//! Results of `ca log`.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Page, Report, Row, Tone, counted};

/// One line of the audit log.
#[derive(Debug, Clone, Serialize)]
pub struct LogRow {
    /// Its number in the file.
    pub line: u64,
    /// When; `null` where the line is damaged.
    pub time: Option<String>,
    /// What; `null` where the line is damaged.
    pub action: Option<String>,
    /// Serial number of the certificate the entry concerns.
    pub serial: Option<String>,
    /// Whether the CA key signed it.
    pub signed: bool,
    /// What else it says.
    pub details: Map<String, Value>,
}

impl Row for LogRow {
    const HEADINGS: &'static [&'static str] = &["time", "action", "serial", "details"];

    fn cells(&self) -> Vec<String> {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let details: Vec<String> = self
            .details
            .iter()
            .map(|(key, value)| format!("{key}={}", text(value)))
            .collect();
        let damaged = || format!("line {} is damaged", self.line);
        let time = self.time.clone().unwrap_or_else(damaged);
        vec![
            time,
            self.action.clone().unwrap_or_default(),
            self.serial.clone().unwrap_or_default(),
            details.join(" "),
        ]
    }
}

/// Serial numbers: how many, and the first of them.
#[derive(Debug, Clone, Serialize)]
pub struct NamedSerials {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub first: Vec<String>,
}

impl NamedSerials {
    /// The number of serials, and the first of them; `None` if the list is empty.
    pub(super) fn in_words(&self, why: &str) -> Option<String> {
        let more = if self.count > self.first.len() as u64 {
            ", …"
        } else {
            ""
        };
        (self.count > 0).then(|| format!("{}{why}: {}{more}", self.count, self.first.join(", ")))
    }
}

/// `ca log --verify`.
#[derive(Debug, Clone, Serialize)]
pub struct LogCheckReport {
    /// The directory of the CA.
    pub ca_dir: String,
    /// Whether nothing is wrong with the log as far as it was looked at.
    pub sound: bool,
    /// What that proves.
    pub proved: Vec<String>,
    /// What it does not.
    pub not_proved: Vec<String>,
    /// Whole lines.
    pub lines: u64,
    /// Lines that the CA key signed.
    pub signed: u64,
    /// The last of these; `null` when none is signed.
    pub last_signed: Option<u64>,
    /// Lines after it.
    pub unsigned_at_end: u64,
    /// What `audit.head` shows: `found`, `not_kept`, `lost` or `contradicts`.
    pub signed_head: &'static str,
    /// SHA-256 of the last line; `null` for an empty log.
    pub audit_head: Option<String>,
    /// Whether the expected head is there; `null` when none was given.
    pub expected_head_found: Option<bool>,
    /// What is wrong, line by line.
    pub problems: Vec<String>,
    /// Whether the last line is unterminated, as after a crash.
    pub torn: bool,
    /// Records that the log does not announce.
    pub unannounced: NamedSerials,
    /// Records whose revocation the log does not tell of.
    pub unannounced_revocations: NamedSerials,
    /// Announced certificates without a record.
    pub unrecorded: NamedSerials,
    /// Revocations that the log tells of, and ca.db lacks.
    pub lost_revocations: LostRevocations,
    /// The signer's journal beside log and records; `null` where it was not asked for.
    pub journal: Option<JournalComparison>,
}

/// What the signer's journal comes to beside the log and the records.
#[derive(Debug, Clone, Serialize)]
pub struct JournalComparison {
    /// The journal.
    pub path: String,
    /// Its lines, up to the first that is damaged.
    pub lines: u64,
    /// How many certificates were signed.
    pub certificates: u64,
    /// How many lines of the log were signed.
    pub seals: u64,
    /// How many CRLs were signed.
    pub crls: u64,
    /// How many requests were refused.
    pub refused: u64,
    /// In what it and the CA's memory contradict each other.
    pub contradictions: Vec<JournalContradiction>,
    /// What it does not prove.
    pub not_proved: Vec<String>,
}

/// In what the journal and the CA's memory contradict each other.
#[derive(Debug, Clone, Serialize)]
pub struct JournalContradiction {
    /// Its name.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
}

impl JournalComparison {
    fn text(&self, page: &mut Page) {
        let found = match self.contradictions.is_empty() {
            true => (Tone::Good, "agrees with log and records"),
            false => (Tone::Bad, "does NOT agree with log and records"),
        };
        let of = |count: u64, one, many| counted(usize::try_from(count).unwrap_or(usize::MAX), one, many);
        let counts = format!(
            ": {}, {} of the log, {} signed; {} refused",
            of(self.certificates, "certificate", "certificates"),
            of(self.seals, "line", "lines"),
            of(self.crls, "CRL", "CRLs"),
            of(self.refused, "request", "requests"),
        );
        let name = format!("The signer's journal {} ", self.path);
        page.words(2, &[(Tone::Plain, &name), found, (Tone::Plain, &counts)]);
        page.facts(
            "problem",
            self.contradictions.iter().map(|found| found.message.as_str()),
        );
        page.facts("not proved", self.not_proved.iter().map(String::as_str));
    }
}

/// Revocations that ca.db lacks: how many, and the first of them.
#[derive(Debug, Clone, Serialize)]
pub struct LostRevocations {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub first: Vec<LostRevocationFacts>,
}

/// A revocation that the audit log tells of, and ca.db lacks.
#[derive(Debug, Clone, Serialize)]
pub struct LostRevocationFacts {
    /// The certificate.
    pub serial: String,
    /// The reason, as the log says; `null` when it gives none.
    pub reason: Option<String>,
    /// What ca.db has instead: `no_record`, `not_revoked` or `weaker_reason`.
    pub found: &'static str,
    /// The same in words.
    #[serde(skip)]
    pub text: String,
}

impl Report for LogCheckReport {
    const SCHEMA: &'static str = "gsec/ca.log.verify/1";

    fn text(&self, page: &mut Page) {
        let lines = if self.lines == 1 {
            "1 line".to_owned()
        } else {
            format!("{} lines", self.lines)
        };
        let has_lost = self.lost_revocations.count > 0;
        let is_whole = self.problems.is_empty() && self.expected_head_found != Some(false);
        let (tone, verdict) = match (is_whole, has_lost, self.signed) {
            (false, ..) => (Tone::Bad, "is NOT intact"),
            (true, true, _) => (Tone::Bad, "lists revocations that ca.db does NOT have"),
            (true, false, 0) => (Tone::Warning, "has no break, but no signature"),
            (true, false, _) => (Tone::Good, "is intact"),
        };
        page.words(
            2,
            &[
                (Tone::Plain, &format!("The audit log of {} ", self.ca_dir)),
                (tone, verdict),
                (
                    Tone::Plain,
                    &format!(": {lines}, {} signed by the CA key", self.signed),
                ),
            ],
        );
        page.facts("problem", self.problems.iter().map(String::as_str));
        page.facts(
            "lost",
            self.lost_revocations.first.iter().map(|lost| lost.text.as_str()),
        );
        let more = self.lost_revocations.count - self.lost_revocations.first.len() as u64;
        page.fact_if("lost", (more > 0).then(|| format!("{more} more")).as_deref());
        page.facts("proved", self.proved.iter().map(String::as_str));
        page.facts("not proved", self.not_proved.iter().map(String::as_str));
        page.fact_if("head", self.audit_head.as_deref());
        if let Some(found) = self.expected_head_found {
            let words = if found { "found" } else { "NOT found" };
            page.fact_of("expected head", &[(Tone::of_answer(found), words)]);
        }
        if self.torn {
            page.fact(
                "last line",
                "incomplete, as after a crash; the next change moves it to a separate file",
            );
        }
        for (label, serials, why) in [
            (
                "not announced",
                &self.unannounced,
                " (no line lists them: records of `openssl ca`, or from a time that this log does not cover)",
            ),
            (
                "revoked",
                &self.unannounced_revocations,
                " (no line lists it: by `openssl ca -revoke`, or at a time that this log does not cover)",
            ),
            (
                "not recorded",
                &self.unrecorded,
                " (announced, but not in ca.db: the command ended before it made the certificate, or the \
                 record was lost)",
            ),
        ] {
            page.fact_if(label, serials.in_words(why).as_deref());
        }
        if let Some(journal) = &self.journal {
            journal.text(page);
        }
    }
}
