//! Results of `gsec doctor`.

use serde::Serialize;
use time::OffsetDateTime;

use super::{
    FindingCounts, FoundPlace, HelpFacts, NotCheckedPart, Page, PlacedFinding, Problem, Report, Tone,
};
use gsec_doctor::checks::file::{KEY_MISMATCH, KEY_NOT_COMPARED};
use gsec_doctor::checks::path::CERTIFICATE_EXPIRED;
use gsec_doctor::checks::{
    CA_REVOCATION, Diagnosis, Entry, Examination, Expiry, Finding, Group, Help, TRUST_STORES, TargetKind,
    catalogue,
};
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::x509::path::Severity;
use gsec_pki::x509::{days_left, rfc3339};
use gsec_platform::catalog::{self, TOPICS, Topic};

/// Something seen.
#[derive(Debug, Clone, Serialize)]
pub struct ExaminedFact {
    /// What it is.
    pub label: &'static str,
    /// What was seen.
    pub value: String,
}

/// A certificate and its end.
#[derive(Debug, Clone, Serialize)]
pub struct ExpiryFacts {
    /// Its subject.
    pub subject: String,
    /// Its serial number.
    pub serial: String,
    /// Its end.
    pub not_after: String,
    /// Whole days until then; negative when it is past.
    pub days_left: i64,
    #[serde(skip)]
    pub(super) not_after_seconds: i64,
}

/// One thing that was found.
#[derive(Debug, Clone, Serialize)]
pub struct DoctorFinding {
    /// Its stable name.
    pub slug: &'static str,
    /// `error`, `warning` or `notice`.
    pub severity: &'static str,
    /// The file, certificate or port that it is about.
    pub subject: String,
    /// What was seen.
    pub seen: String,
    /// Why it matters; empty where that is seen.
    pub why: &'static str,
    /// What helps.
    #[serde(flatten)]
    pub help: HelpFacts,
    /// Whether `--fix` fixes it.
    pub fixable: bool,
    /// Where the rule is written.
    pub source: Option<&'static str>,
    /// Where it is in a text, the fault first; empty for what is in none.
    pub places: Vec<FoundPlace>,
}

/// One target.
#[derive(Debug, Clone, Serialize)]
pub struct ExaminedTarget {
    /// As it was named.
    pub target: String,
    /// `file`, `ca_directory`, `server`, `machine`, `settings` or `inventory`.
    pub kind: &'static str,
    /// Whether it was examined, and nothing was found but notices; `None` when nothing was found, and a part was left
    /// out, or of settings not looked at.
    pub healthy: Option<bool>,
    /// Why it could not be examined; `null` when it was.
    pub problem: Option<Problem>,
    /// What was seen.
    pub facts: Vec<ExaminedFact>,
    /// The certificates the result depends on.
    pub certificates: Vec<ExpiryFacts>,
    /// What was found.
    pub findings: Vec<DoctorFinding>,
    /// What is usually looked at and was not.
    pub not_checked: Vec<&'static str>,
    /// What linters did not look at, with the reasons.
    #[serde(skip)]
    pub(super) not_checked_parts: Vec<NotCheckedPart>,
    /// The slugs of what was looked for.
    pub checked: Vec<&'static str>,
    /// The slugs of what `--only` or `--skip` left out.
    pub left_out: Vec<&'static str>,
    /// The most important of what was seen, in one line; `null` where nothing was.
    pub summary: Option<String>,
}

/// What a linter says of a target.
#[derive(Debug, Clone, Default)]
pub struct Linted {
    /// What was found.
    pub findings: Vec<PlacedFinding>,
    /// How many more there are.
    pub left_out: usize,
    /// What was not looked at.
    pub not_checked: Vec<NotCheckedPart>,
    /// With `--only` or `--skip`, the slugs of what was looked for.
    pub checked: Vec<&'static str>,
    /// The slugs that they left out.
    pub not_selected: Vec<&'static str>,
    /// The commands that fix a finding, by its slug.
    pub fixes: Vec<(&'static str, CommandLine)>,
}

impl ExaminedTarget {
    /// A target that was examined.
    pub fn of(examination: Examination, now: OffsetDateTime) -> Self {
        let Examination {
            target,
            kind,
            facts,
            expiries,
            not_checked,
            is_unseen,
            summary,
            diagnosis,
        } = examination;
        let Diagnosis {
            findings,
            checked,
            left_out,
        } = diagnosis;
        let is_without_fault = findings
            .iter()
            .all(|finding| finding.severity == Severity::Notice);
        Self {
            target,
            kind: kind.name(),
            healthy: (!is_without_fault || left_out.is_empty() && !is_unseen).then_some(is_without_fault),
            problem: None,
            facts: facts
                .into_iter()
                .map(|(label, value)| ExaminedFact { label, value })
                .collect(),
            certificates: expiries
                .into_iter()
                .map(|expiry| ExpiryFacts::of(expiry, now))
                .collect(),
            findings: findings.into_iter().map(DoctorFinding::from).collect(),
            not_checked,
            not_checked_parts: Vec::new(),
            checked: checked.into_iter().map(|entry| entry.slug).collect(),
            left_out: left_out.into_iter().map(|entry| entry.slug).collect(),
            summary,
        }
    }

    /// A text that a linter has read.
    pub fn linted(target: String, kind: TargetKind, linted: Linted) -> Self {
        let target_of = |finding| DoctorFinding::linted(finding, &target, &linted.fixes);
        let mut findings: Vec<DoctorFinding> = linted.findings.into_iter().map(target_of).collect();
        let heavier_first = [Severity::Error, Severity::Warning, Severity::Notice].map(Severity::name);
        findings.sort_by_key(|finding| heavier_first.iter().position(|name| *name == finding.severity));
        let is_without_fault = findings
            .iter()
            .all(|finding| finding.severity == Severity::Notice.name());
        let is_whole = linted.not_checked.is_empty() && linted.not_selected.is_empty();
        let not_shown = (linted.left_out > 0).then(|| ExaminedFact {
            label: "not shown",
            value: format!("{} more findings", linted.left_out),
        });
        Self {
            kind: kind.name(),
            healthy: (!is_without_fault || is_whole).then_some(is_without_fault),
            problem: None,
            facts: not_shown.into_iter().collect(),
            certificates: Vec::new(),
            findings,
            not_checked: linted.not_checked.iter().map(|part| part.part).collect(),
            not_checked_parts: linted.not_checked,
            checked: linted.checked,
            left_out: linted.not_selected,
            summary: None,
            target,
        }
    }

    /// A target that could not be examined.
    pub fn not_examined(target: String, kind: &'static str, problem: Problem) -> Self {
        let (facts, certificates, findings, not_checked, checked, left_out) = Default::default();
        Self {
            target,
            kind,
            healthy: Some(false),
            problem: Some(problem),
            facts,
            certificates,
            findings,
            not_checked,
            not_checked_parts: Vec::new(),
            checked,
            left_out,
            summary: None,
        }
    }

    /// How many findings of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.severity == severity.name())
            .count()
    }

    /// Whether a finding is as heavy as this, or heavier.
    pub fn weighs(&self, limit: Severity) -> bool {
        [Severity::Error, Severity::Warning, Severity::Notice]
            .into_iter()
            .any(|severity| severity <= limit && self.count(severity) > 0)
    }

    /// What is said of the target beside its name.
    fn headline(&self) -> Vec<(Tone, String)> {
        if self.problem.is_some() {
            return vec![(Tone::Bad, "could not be examined".into())];
        }
        let counts = [Severity::Error, Severity::Warning, Severity::Notice]
            .map(|severity| (self.count(severity), severity.name()));
        let counted = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, name)| {
                let plural = if *count == 1 { "" } else { "s" };
                (Tone::of_severity(name), format!("{count} {name}{plural}"))
            });
        let is_healthy = self.healthy == Some(true);
        let verdict = match (is_healthy, self.findings.is_empty()) {
            (true, _) => Some((Tone::Good, self.verdict())),
            (false, true) => Some((Tone::Plain, self.verdict())),
            (false, false) => None,
        };
        let mut parts: Vec<(Tone, String)> = Vec::new();
        for part in verdict.into_iter().chain(counted) {
            if !parts.is_empty() {
                parts.push((Tone::Plain, ", ".into()));
            }
            parts.push(part);
        }
        let is_said = self.not_checked_parts.is_empty();
        if is_said && !self.not_checked.is_empty() && (is_healthy || self.findings.is_empty()) {
            let lacks = format!(", {} not checked", self.not_checked_in_words());
            parts.push((Tone::Plain, lacks));
        }
        parts.extend(
            self.summary
                .iter()
                .filter(|_| is_healthy)
                .map(|summary| (Tone::Plain, format!(": {summary}"))),
        );
        parts
    }

    /// Healthy, or what was looked for where that is only a part.
    pub(super) fn verdict(&self) -> String {
        if self.left_out.is_empty() {
            let words = if self.healthy.is_none() {
                "no findings"
            } else {
                "healthy"
            };
            return words.into();
        }
        let (but, named) = match self.checked.len() <= self.left_out.len() {
            true => ("", &self.checked),
            false => ("everything but ", &self.left_out),
        };
        let named = named.join(", ");
        let uncounted: String = self.uncounted().iter().map(|what| format!("; {what}")).collect();
        format!("nothing found of what was looked for: {but}{named}{uncounted}")
    }

    /// What is known all the same, and was left out.
    fn uncounted(&self) -> Vec<String> {
        let is_left_out = |entry: &Entry| self.left_out.contains(&entry.slug);
        let expired = self
            .certificates
            .iter()
            .filter(|certificate| certificate.days_left < 0 && is_left_out(&CERTIFICATE_EXPIRED))
            .map(|certificate| {
                let (name, end) = (&certificate.subject, &certificate.not_after);
                format!("{name} expired at {end}, which was not counted")
            });
        let is_key_left_out = is_left_out(&KEY_MISMATCH) && is_left_out(&KEY_NOT_COMPARED);
        let key = is_key_left_out.then(|| "the private key was not compared".to_owned());
        expired.chain(key).collect()
    }

    /// What was not looked at.
    pub(super) fn not_checked_in_words(&self) -> String {
        let words = |what: &&'static str| {
            let part = self.not_checked_parts.iter().find(|part| part.part == *what);
            match part {
                Some(part) => part.what,
                None if *what == CA_REVOCATION => "revocation of intermediate CAs",
                None if *what == TRUST_STORES => "trust stores",
                None => *what,
            }
        };
        self.not_checked
            .iter()
            .map(words)
            .collect::<Vec<_>>()
            .join(" and ")
    }

    fn text(&self, page: &mut Page, is_verbose: bool) {
        let headline = self.headline();
        let parts: Vec<(Tone, &str)> = [(Tone::Strong, self.target.as_str()), (Tone::Plain, ": ")]
            .into_iter()
            .chain(headline.iter().map(|(tone, words)| (*tone, words.as_str())))
            .collect();
        page.words(2, &parts);
        if let Some(problem) = &self.problem {
            page.line(&format!("  {}", problem.message));
            problem
                .caused_by
                .iter()
                .for_each(|cause| page.line(&format!("  caused by: {cause}")));
            problem
                .hints
                .iter()
                .for_each(|hint| page.line(&format!("  hint: {hint}")));
        }
        for fact in &self.facts {
            match fact.label {
                "sha1" | "sha256" if page.is_verbose() => page.digest(fact.label, &fact.value),
                label => page.detail(label, &fact.value),
            }
        }
        for certificate in &self.certificates {
            page.detail(
                "valid until",
                &format!(
                    "{}: {}, serial {}",
                    page.with_distance(&certificate.not_after),
                    certificate.subject,
                    certificate.serial
                ),
            );
        }
        self.findings
            .iter()
            .for_each(|finding| finding.text(page, &self.target));
        NotCheckedPart::text(&self.not_checked_parts, page, "  ");
        if is_verbose && !self.checked.is_empty() {
            page.line(&format!("  checks: {}", self.checked.join(", ")));
        }
    }
}

impl ExpiryFacts {
    fn of(expiry: Expiry, now: OffsetDateTime) -> Self {
        let Expiry {
            subject,
            serial,
            not_after,
        } = expiry;
        Self {
            days_left: days_left(not_after, now),
            subject,
            serial,
            not_after: rfc3339(not_after),
            not_after_seconds: not_after.unix_timestamp(),
        }
    }
}

impl From<Finding> for DoctorFinding {
    fn from(finding: Finding) -> Self {
        let Finding {
            entry,
            severity,
            subject,
            seen,
            help,
            auto_fix,
        } = finding;
        let help = if help.is_empty() {
            vec![Help::advice(entry.remedy)]
        } else {
            help
        };
        let help = help.into_iter().collect();
        Self {
            slug: entry.slug,
            severity: severity.name(),
            subject,
            seen,
            why: entry.why,
            help,
            fixable: auto_fix.is_some(),
            source: entry.source,
            places: Vec::new(),
        }
    }
}

impl DoctorFinding {
    fn linted(finding: PlacedFinding, target: &str, fixes: &[(&'static str, CommandLine)]) -> Self {
        let of_it = |(slug, _): &&(&'static str, CommandLine)| *slug == finding.slug;
        let fix = fixes.iter().filter(of_it).map(|(_, command)| command.to_string());
        let file = finding.places.first().and_then(|place| place.file.clone());
        Self {
            slug: finding.slug,
            severity: finding.severity,
            subject: file.unwrap_or_else(|| target.to_owned()),
            help: HelpFacts {
                fix: fix.collect(),
                look: Vec::new(),
                advice: finding.help.into_iter().collect(),
            },
            seen: finding.message,
            why: "",
            fixable: false,
            source: None,
            places: finding.places,
        }
    }

    /// In a report whose heading names the target, which a finding does not name again.
    pub(super) fn text(&self, page: &mut Page, target: &str) {
        let place = self.places.first().map(|place| place.in_words(Some(target)));
        let subject = match self.subject.strip_prefix(target) {
            _ if place.is_some() => place.unwrap_or_default(),
            _ if target.is_empty() => format!("{}: ", self.subject),
            Some("") => String::new(),
            Some(rest) if rest.starts_with(": ") => format!("{}: ", &rest[2..]),
            _ => format!("{}: ", self.subject),
        };
        let padding = " ".repeat(8_usize.saturating_sub(self.severity.len()));
        page.words(
            10,
            &[
                (Tone::Plain, "  "),
                (Tone::of_severity(self.severity), self.severity),
                (Tone::Plain, &padding),
                (Tone::Strong, self.slug),
                (Tone::Plain, &format!(": {subject}{}", self.seen)),
            ],
        );
        FoundPlace::excerpts(&self.places, page, Some(target));
        if !self.why.is_empty() {
            page.line(&format!("          why: {}", self.why));
        }
        self.help.text(page, 10);
    }
}

/// `doctor`.
#[derive(Debug, Clone, Serialize)]
pub struct DoctorReport {
    /// Whether every target is healthy; `None` when none is not, and a part of one was left out.
    pub healthy: Option<bool>,
    /// How many findings there are.
    pub counts: FindingCounts,
    /// What `--fix` did, or would do in a dry run, in words.
    pub fixed: Vec<String>,
    /// Whether nothing was changed.
    pub dry_run: bool,
    /// The targets.
    pub targets: Vec<ExaminedTarget>,
    #[serde(skip)]
    verbose: bool,
}

impl DoctorReport {
    /// A report of these targets.
    pub fn new(targets: Vec<ExaminedTarget>, fixed: Vec<String>, dry_run: bool, verbose: bool) -> Self {
        let count = |severity| targets.iter().map(|target| target.count(severity)).sum();
        Self {
            healthy: match targets.iter().any(|target| target.healthy == Some(false)) {
                true => Some(false),
                false => targets.iter().try_fold(true, |_, target| target.healthy),
            },
            counts: FindingCounts {
                error: count(Severity::Error),
                warning: count(Severity::Warning),
                notice: count(Severity::Notice),
            },
            fixed,
            dry_run,
            targets,
            verbose,
        }
    }
}

impl Report for DoctorReport {
    const SCHEMA: &'static str = "gsec/doctor/2";

    fn text(&self, page: &mut Page) {
        let did = if self.dry_run { "Would apply" } else { "Applied" };
        self.fixed
            .iter()
            .for_each(|what| page.line(&format!("{did}: {what}")));
        self.targets
            .iter()
            .for_each(|target| target.text(page, self.verbose));
    }
}

/// An entry of the catalogue.
#[derive(Debug, Clone, Serialize)]
pub struct CatalogueEntry {
    /// Its stable name.
    pub slug: &'static str,
    /// `file`, `server`, `ca_directory`, `machine`, `handshake`, or one of the linters' topics.
    pub group: &'static str,
    /// `error`, `warning` or `notice`, unless a finding says otherwise.
    pub severity: &'static str,
    /// What is wrong.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// How to fix it.
    pub remedy: &'static str,
    /// Where the rule is written.
    pub source: Option<&'static str>,
}

impl From<&'static Entry> for CatalogueEntry {
    fn from(entry: &'static Entry) -> Self {
        let Entry {
            slug,
            group,
            severity,
            title,
            why,
            remedy,
            source,
        } = *entry;
        Self {
            slug,
            group: group.name(),
            severity: severity.name(),
            title,
            why,
            remedy,
            source,
        }
    }
}

impl CatalogueEntry {
    /// Everything that the checks can find, then what the linters can.
    pub fn all() -> impl Iterator<Item = Self> {
        let of_topic = |topic: &'static Topic| topic.entries.iter().map(|entry| Self::linted(topic, entry));
        let linted = TOPICS.iter().flat_map(of_topic);
        catalogue().map(Self::from).chain(linted)
    }

    fn linted(topic: &Topic, entry: &catalog::Entry) -> Self {
        Self {
            slug: entry.slug,
            group: topic.name,
            severity: entry.severity.name(),
            title: entry.title,
            why: entry.why,
            remedy: entry.remedy,
            source: None,
        }
    }
}

/// The groups of entries, each with its heading.
pub(super) fn groups() -> impl Iterator<Item = (&'static str, &'static str)> {
    let checks = Group::ALL.map(|group| (group.name(), group.title()));
    checks
        .into_iter()
        .chain(TOPICS.iter().map(|topic| (topic.name, topic.title)))
}

/// `doctor --list`.
#[derive(Debug, Clone, Serialize)]
pub struct CatalogueReport {
    /// Everything that doctor can find.
    pub entries: Vec<CatalogueEntry>,
}

impl Report for CatalogueReport {
    const SCHEMA: &'static str = "gsec/doctor.list/1";

    fn text(&self, page: &mut Page) {
        for (name, title) in groups() {
            let of_group: Vec<_> = self.entries.iter().filter(|entry| entry.group == name).collect();
            let width = of_group.iter().map(|entry| entry.slug.len()).max().unwrap_or(0);
            if !of_group.is_empty() {
                page.line(title);
                page.detail("in JSON", name);
                for entry in of_group {
                    page.words(
                        width + 13,
                        &[
                            (Tone::Plain, "  "),
                            (Tone::Strong, entry.slug),
                            (Tone::Plain, &" ".repeat(width + 2 - entry.slug.len())),
                            (Tone::of_severity(entry.severity), entry.severity),
                            (
                                Tone::Plain,
                                &" ".repeat(9_usize.saturating_sub(entry.severity.len())),
                            ),
                            (Tone::Plain, entry.title),
                        ],
                    );
                    page.detail("  why", entry.why);
                    page.detail("  remedy", entry.remedy);
                    page.detail_if("  source", entry.source);
                }
            }
        }
    }
}

/// `doctor --explain`.
#[derive(Debug, Clone, Serialize)]
pub struct ExplainReport {
    /// The entry.
    #[serde(flatten)]
    pub entry: CatalogueEntry,
}

impl Report for ExplainReport {
    const SCHEMA: &'static str = "gsec/doctor.explain/1";

    fn text(&self, page: &mut Page) {
        let entry = &self.entry;
        page.words(
            2,
            &[
                (Tone::Strong, entry.slug),
                (Tone::Plain, ": "),
                (Tone::Plain, entry.title),
            ],
        );
        page.fact_of("severity", &[(Tone::of_severity(entry.severity), entry.severity)]);
        page.fact("group", entry.group);
        page.fact("why", entry.why);
        page.fact("remedy", entry.remedy);
        page.fact_if("source", entry.source);
    }
}
