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
    pub state: StoreState,
    /// After a removal, how the store is beside what it was before: `yes`, `changed_since`, `not_known`, `in_use`.
    pub restored: Option<String>,
    /// The files that bring the CA there, or the names it has there.
    pub places: Vec<String>,
    /// What distrusts it.
    pub distrusted_by: Option<String>,
    /// What must be run inside of the other root directory.
    pub run_inside: Option<String>,
    /// Why nothing could be done or said.
    pub error: Option<Problem>,
}

/// What came of a store, or what it says of a CA.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoreState {
    /// The CA was put in, and is trusted.
    Installed,
    /// The CA is trusted.
    Present,
    /// Its file is in its place below another root directory.
    Placed,
    /// It would be put in.
    WouldInstall,
    /// It would be taken out.
    WouldRemove,
    /// It was taken out.
    Removed,
    /// Its file was taken away below another root directory.
    TakenAway,
    /// It is not there.
    Absent,
    /// It is there, and marked as not to be trusted.
    Distrusted,
    /// It is there, and its certificate has expired.
    Expired,
    /// It is there, and its certificate is not valid yet.
    NotYetValid,
    /// Its file is there, and what programs read does not contain it.
    Stale,
    /// The store was passed over.
    Skipped,
    /// Something failed.
    Failed,
    /// The store could not be looked into.
    Unknown,
}

impl StoreState {
    /// What is said of it.
    fn words(self) -> (Tone, &'static str) {
        match self {
            Self::Installed => (Tone::Good, "installed"),
            Self::Present => (Tone::Good, "trusted"),
            Self::Placed => (Tone::Warning, "file placed, not yet in effect"),
            Self::WouldInstall => (Tone::Plain, "would be installed"),
            Self::WouldRemove => (Tone::Plain, "would be removed"),
            Self::Removed => (Tone::Good, "removed"),
            Self::TakenAway => (Tone::Warning, "file removed, not yet in effect"),
            Self::Absent => (Tone::Plain, "not in the store"),
            Self::Distrusted => (Tone::Bad, "in the store, but marked as not trusted"),
            Self::Expired => (Tone::Bad, "in the store, but expired"),
            Self::NotYetValid => (Tone::Bad, "in the store, but not valid yet"),
            Self::Stale => (Tone::Bad, "in the store, but not in effect"),
            Self::Skipped => (Tone::Warning, "skipped"),
            Self::Failed => (Tone::Bad, "failed"),
            Self::Unknown => (Tone::Warning, "unknown: cannot be read"),
        }
    }
}

impl TrustStoreFacts {
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
        let (tone, words) = self.state.words();
        page.fact_of(&self.kind, &[(tone, words), (Tone::Plain, &self.place())]);
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
        let has = |state: StoreState| self.stores.iter().any(|store| store.state == state);
        page.line(&match () {
            () if self.dry_run && self.changed => format!("{title} would be installed as a trusted CA"),
            () if has(StoreState::Installed) => format!("Installed {title} as a trusted CA"),
            () if has(StoreState::Placed) => format!("Placed the file of {title}"),
            () if has(StoreState::Failed) || !has(StoreState::Present) => {
                format!("{title} was not installed")
            }
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
        let has = |state: StoreState| self.stores.iter().any(|store| store.state == state);
        page.line(&match () {
            () if self.dry_run && self.changed => format!("{title} would be removed from the trusted CAs"),
            () if has(StoreState::Removed) || has(StoreState::TakenAway) => {
                format!("Removed {title} from the trusted CAs")
            }
            () if has(StoreState::Failed) => format!("{title} was not removed"),
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
        let title = self.ca.title();
        let number = |state: StoreState| self.stores.iter().filter(|store| store.state == state).count();
        let (all, trusting, unknown) = (
            self.stores.len(),
            number(StoreState::Present),
            number(StoreState::Unknown),
        );
        let line = match () {
            () if self.trusted => [
                (Tone::Plain, format!("{title} is ")),
                (Tone::Good, "trusted".to_owned()),
                (Tone::Plain, " by every store that was checked".to_owned()),
            ],
            () if trusting + unknown == all => [
                (Tone::Plain, format!("{title}: ")),
                (Tone::Warning, "unknown".to_owned()),
                (
                    Tone::Plain,
                    format!("; {unknown} of {all} stores could not be read"),
                ),
            ],
            () if trusting > 0 => [
                (Tone::Plain, format!("{title} is ")),
                (Tone::Bad, "NOT trusted".to_owned()),
                (
                    Tone::Plain,
                    format!(
                        " by {} of {all} stores that were checked",
                        all - trusting - unknown
                    ),
                ),
            ],
            () => [
                (Tone::Plain, format!("{title} is ")),
                (Tone::Bad, "NOT trusted".to_owned()),
                (Tone::Plain, " by any store that was checked".to_owned()),
            ],
        };
        let line: Vec<(Tone, &str)> = line.iter().map(|(tone, words)| (*tone, words.as_str())).collect();
        page.words(2, &line);
        self.ca.text(page);
        self.stores.iter().for_each(|store| store.text(page));
        if !self.related.is_empty() {
            page.gap();
            page.words(
                0,
                &[(
                    Tone::Strong,
                    "Written by the tools of the system, and not counted above:",
                )],
            );
        }
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
