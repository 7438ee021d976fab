//! Results of `trust install`, `trust uninstall` and `trust status`.

use serde::{Deserialize, Serialize};

use super::{NextSteps, Page, Problem, Report, Tone};

/// The CA that stores are asked about.
#[derive(Debug, Clone, Serialize)]
pub struct TrustedCa {
    /// Its subject; `null` where only its SHA-256 is known.
    pub subject: Option<String>,
    /// Its end; `null` where only its SHA-256 is known.
    pub not_after: Option<String>,
    /// SHA-256 of the certificate.
    pub thumbprint_sha256: String,
}

impl TrustedCa {
    /// What it is called in a sentence.
    fn title(&self) -> &str {
        match self.subject.as_deref() {
            None => "The CA",
            Some("") => "(empty subject)",
            Some(subject) => subject,
        }
    }

    fn text(&self, page: &mut Page) {
        if let Some(end) = &self.not_after {
            page.end("valid until", end);
        }
        page.digest("sha256", &self.thumbprint_sha256);
    }
}

/// A store, and what came of it or is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustStoreFacts {
    /// `system`, `nss`, `java` or `p11`.
    pub kind: String,
    /// The layout of a system's store: `debian`, `redhat`, `suse`, `arch` or `freebsd`.
    pub layout: Option<String>,
    /// The directory or file.
    pub path: String,
    /// The number of the user as whom it was changed or read, where that is not who runs gsec.
    pub user: Option<u32>,
    /// What came of it.
    pub state: String,
    /// After a removal, how the store is beside what it was before: `yes`, `changed_since`, `not_known`, `in_use`.
    pub restored: Option<String>,
    /// The files that bring the CA there, or the names it has there.
    pub places: Vec<String>,
    /// What distrusts it.
    pub distrusted_by: Option<String>,
    /// What must be run inside of the other root directory.
    pub run_inside: Option<String>,
    /// Why nothing could be done or said.
    pub error: Option<StoreProblem>,
}

/// Why nothing could be done in a store, or said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreProblem {
    /// A stable name.
    pub code: String,
    /// What happened.
    pub message: String,
    /// Why, the nearest cause first.
    pub caused_by: Vec<String>,
    /// What to type about it.
    pub hints: Vec<String>,
}

impl From<Problem> for StoreProblem {
    fn from(problem: Problem) -> Self {
        let Problem {
            code,
            message,
            caused_by,
            hints,
        } = problem;
        Self {
            code,
            message,
            caused_by,
            hints,
        }
    }
}

impl From<StoreProblem> for Problem {
    fn from(problem: StoreProblem) -> Self {
        let StoreProblem {
            code,
            message,
            caused_by,
            hints,
        } = problem;
        Self {
            code,
            message,
            caused_by,
            hints,
        }
    }
}

impl TrustStoreFacts {
    /// What is said of its state.
    fn words(&self) -> (Tone, String) {
        let (tone, words) = match self.state.as_str() {
            "installed" => (Tone::Good, "installed"),
            "present" => (Tone::Good, "trusted"),
            "placed" => (Tone::Warning, "file placed, not yet in effect"),
            "would_install" => (Tone::Plain, "would be installed"),
            "would_remove" => (Tone::Plain, "would be removed"),
            "removed" => (Tone::Good, "removed"),
            "taken_away" => (Tone::Warning, "file removed, not yet in effect"),
            "absent" => (Tone::Plain, "not in the store"),
            "distrusted" => (Tone::Bad, "in the store, but marked as not trusted"),
            "stale" => (Tone::Bad, "in the store, but not in effect"),
            "skipped" => (Tone::Warning, "skipped"),
            "failed" => (Tone::Bad, "failed"),
            _ => (Tone::Warning, "unknown"),
        };
        (tone, words.to_owned())
    }

    fn place(&self) -> String {
        let layout = self.layout.as_deref().map(|layout| format!(" ({layout})"));
        let user = self.user.map(|user| format!(" (user {user})"));
        format!(
            ": {}{}{}",
            self.path,
            layout.unwrap_or_default(),
            user.unwrap_or_default()
        )
    }

    pub(super) fn text(&self, page: &mut Page) {
        let (tone, words) = self.words();
        page.fact_of(&self.kind, &[(tone, &words), (Tone::Plain, &self.place())]);
        let restored = match self.restored.as_deref() {
            Some("yes") => Some("the store is as it was before"),
            Some("changed_since") => Some("changed since by someone else: removed, not restored"),
            Some("in_use") => Some("a program has it open: removed, not restored"),
            Some("not_known") => Some("its earlier state is unknown: removed, not restored"),
            _ => None,
        };
        page.fact_if("", restored);
        page.fact_if("", self.distrusted_by.as_deref());
        if page.is_verbose() {
            page.facts("", self.places.iter().map(String::as_str));
        }
        if let Some(command) = &self.run_inside {
            page.fact("", &format!("run inside: {command}"));
        }
        if let Some(error) = &self.error {
            page.fact("", &error.message);
            page.facts("", error.caused_by.iter().map(String::as_str));
            error
                .hints
                .iter()
                .for_each(|hint| page.fact("", &format!("hint: {hint}")));
        }
    }
}

/// `trust install`.
#[derive(Debug, Clone, Serialize)]
pub struct TrustInstallReport {
    /// Whether nothing was done.
    pub dry_run: bool,
    /// Whether a store was changed, or would be.
    pub changed: bool,
    /// Another root directory than `/`.
    pub root: Option<String>,
    /// The CA.
    pub ca: TrustedCa,
    /// The stores.
    pub stores: Vec<TrustStoreFacts>,
    /// What to do next.
    #[serde(flatten)]
    pub next: NextSteps,
}

impl Report for TrustInstallReport {
    const SCHEMA: &'static str = "gsec/trust.install/1";

    fn is_answer(&self) -> bool {
        self.dry_run
    }

    fn text(&self, page: &mut Page) {
        let title = self.ca.title();
        let has = |state: &str| self.stores.iter().any(|store| store.state == state);
        page.line(&match () {
            () if self.dry_run && self.changed => format!("{title} would be installed as a trusted CA"),
            () if has("installed") => format!("Installed {title} as a trusted CA"),
            () if has("placed") => format!("Placed the file of {title}"),
            () if has("failed") || !has("present") => format!("{title} was not installed"),
            () => format!("{title} is trusted already: nothing was changed"),
        });
        self.ca.text(page);
        self.stores.iter().for_each(|store| store.text(page));
        self.next.text(page);
    }
}

/// `trust uninstall`.
#[derive(Debug, Clone, Serialize)]
pub struct TrustUninstallReport {
    /// Whether nothing was done.
    pub dry_run: bool,
    /// Whether a store was changed, or would be.
    pub changed: bool,
    /// Another root directory than `/`.
    pub root: Option<String>,
    /// The CA.
    pub ca: TrustedCa,
    /// The stores.
    pub stores: Vec<TrustStoreFacts>,
}

impl Report for TrustUninstallReport {
    const SCHEMA: &'static str = "gsec/trust.uninstall/1";

    fn is_answer(&self) -> bool {
        self.dry_run
    }

    fn text(&self, page: &mut Page) {
        let title = self.ca.title();
        let has = |state: &str| self.stores.iter().any(|store| store.state == state);
        page.line(&match () {
            () if self.dry_run && self.changed => format!("{title} would be removed from the trusted CAs"),
            () if has("removed") || has("taken_away") => format!("Removed {title} from the trusted CAs"),
            () if has("failed") => format!("{title} was not removed"),
            () => format!("{title} is in none of these stores: nothing was changed"),
        });
        self.ca.text(page);
        self.stores.iter().for_each(|store| store.text(page));
    }
}

/// A program that does not use the system's store.
#[derive(Debug, Clone, Serialize)]
pub struct BypassFacts {
    /// What it is.
    pub program: String,
    /// Where it was found.
    pub path: String,
    /// How it is told of a CA.
    pub advice: String,
}

/// `trust status`.
#[derive(Debug, Clone, Serialize)]
pub struct TrustStatusReport {
    /// Whether every store that was asked trusts the CA.
    pub trusted: bool,
    /// Another root directory than `/`.
    pub root: Option<String>,
    /// The CA.
    pub ca: TrustedCa,
    /// The stores that were asked.
    pub stores: Vec<TrustStoreFacts>,
    /// Stores that belong to one of them, and decide nothing here: Java's, which the tools of the system write.
    pub related: Vec<TrustStoreFacts>,
    /// Programs on this machine that do not use the store of the system.
    pub other_programs: Vec<BypassFacts>,
    /// What to do next.
    #[serde(flatten)]
    pub next: NextSteps,
}

impl Report for TrustStatusReport {
    const SCHEMA: &'static str = "gsec/trust.status/1";

    fn text(&self, page: &mut Page) {
        let is_anywhere = self.stores.iter().any(|store| store.state == "present");
        let verdict = match (self.trusted, is_anywhere) {
            (true, _) => [
                (Tone::Good, "trusted"),
                (Tone::Plain, " by every store that was checked"),
            ],
            (false, true) => [(Tone::Bad, "NOT trusted everywhere"), (Tone::Plain, "")],
            (false, false) => [(Tone::Bad, "NOT trusted"), (Tone::Plain, "")],
        };
        let title = format!("{} is ", self.ca.title());
        let line: Vec<(Tone, &str)> = std::iter::once((Tone::Plain, title.as_str()))
            .chain(verdict)
            .collect();
        page.words(2, &line);
        self.ca.text(page);
        self.stores.iter().for_each(|store| store.text(page));
        self.related.iter().for_each(|store| store.text(page));
        if !self.other_programs.is_empty() {
            page.gap();
            page.words(0, &[(Tone::Strong, "These do not use the store of the system:")]);
            for other in &self.other_programs {
                page.line(&format!("  {} ({}): {}", other.program, other.path, other.advice));
            }
        }
        self.next.text(page);
    }
}
