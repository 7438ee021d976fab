//! Results of `gsec fleet plan` and `gsec fleet apply`.

use std::collections::BTreeSet;

use serde::Serialize;

use super::counts::counted;
use super::{NextSteps, Page, Problem, Report, Tone};
use gsec_pki::encoding::visible::visible_json;

/// Why something is done.
#[derive(Debug, Clone, Serialize)]
pub struct PlannedReason {
    /// A stable name.
    pub code: String,
    /// In words.
    pub message: String,
}

/// A certificate that is to be issued.
#[derive(Debug, Clone, Serialize)]
pub struct PlannedCertificate {
    /// The host, as the inventory calls it.
    pub host: String,
    /// Serial number of the certificate in whose place it comes; null where there is none.
    pub replaces: Option<String>,
    /// Why.
    pub reasons: Vec<PlannedReason>,
    /// Whether the key is made on the host, which sends a CSR.
    pub key_on_host: bool,
}

/// A bundle that is to be written.
#[derive(Debug, Clone, Serialize)]
pub struct PlannedBundle {
    /// The host, as the inventory calls it.
    pub host: String,
    /// Its directory below that of the host.
    pub folder: String,
    /// For what it is.
    pub target: &'static str,
    /// Whether there is none yet.
    pub new: bool,
    /// Why.
    pub reasons: Vec<PlannedReason>,
    /// The unit that takes it over when it is installed; null where there is none.
    pub reloads: Option<String>,
}

/// A setting that a person must enter.
#[derive(Debug, Clone, Serialize)]
pub struct PlannedSetting {
    /// The application or host in Configuration Manager.
    pub object: String,
    /// Where in it.
    pub place: String,
    /// The option.
    pub option: String,
    /// Its value now.
    pub before: String,
    /// What it is to be; null until the certificate is issued.
    pub after: Option<String>,
}

/// Applications that are to be restarted, in this order.
#[derive(Debug, Clone, Serialize)]
pub struct PlannedRestart {
    /// Their names; of a pair the backup first.
    pub apps: Vec<String>,
    /// Whether they are a redundant pair.
    pub pair: bool,
}

/// A host for which nothing can be done.
#[derive(Debug, Clone, Serialize)]
pub struct PlanProblem {
    /// The host, as the inventory calls it.
    pub host: String,
    /// A stable name.
    pub code: String,
    /// What is wrong.
    pub message: String,
}

/// How much is as it should be.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct PlanUnchanged {
    /// Hosts.
    pub hosts: usize,
    /// Certificates.
    pub certificates: usize,
    /// Bundles.
    pub bundles: usize,
}

/// A plan. It says nothing of when it was made, so that the same state gives the same bytes.
#[derive(Debug, Clone, Serialize)]
pub struct FleetPlan {
    /// Certificates to issue.
    pub certificates: Vec<PlannedCertificate>,
    /// Bundles to write.
    pub bundles: Vec<PlannedBundle>,
    /// Settings to enter by hand.
    pub settings: Vec<PlannedSetting>,
    /// Applications to restart.
    pub restarts: Vec<PlannedRestart>,
    /// Bundles that are gone from the inventory.
    pub gone: Vec<String>,
    /// What else a person should know.
    pub notices: Vec<PlannedReason>,
    /// Hosts for which nothing can be done.
    pub problems: Vec<PlanProblem>,
    /// What stays.
    pub unchanged: PlanUnchanged,
}

#[derive(Serialize)]
struct PlanFile<'a> {
    schema: &'static str,
    #[serde(flatten)]
    plan: &'a FleetPlan,
}

impl FleetPlan {
    /// What the file of a plan begins with.
    pub const FILE_BEGIN: &str = "{\n  \"schema\": \"gsec/fleet.plan.file/";

    /// The plan as a file. Its SHA-256 is the name by which `fleet apply --plan` knows it.
    pub fn to_file(&self) -> String {
        let file = PlanFile {
            schema: "gsec/fleet.plan.file/1",
            plan: self,
        };
        let text = serde_json::to_string_pretty(&file).expect("a plan of strings and numbers serializes");
        format!("{}\n", visible_json(&text))
    }
}

/// `fleet plan`.
#[derive(Debug, Clone, Serialize)]
pub struct FleetPlanReport {
    /// SHA-256 of the plan as a file.
    pub hash: String,
    /// Whether there is something for gsec to do.
    pub changes: bool,
    /// The file it was written to; null where it was not.
    pub out: Option<String>,
    /// What is to be done.
    pub plan: FleetPlan,
    /// What comes next.
    #[serde(flatten)]
    pub next: NextSteps,
}

/// Rows of a plan: a sign, what it is about, who, and a sentence. Who is as wide as the longest name, within bounds.
struct Rows<'a> {
    page: &'a mut Page,
    width: usize,
}

/// The narrowest and the widest column of names.
const NAMES: (usize, usize) = (14, 28);

impl<'a> Rows<'a> {
    fn of<'n>(names: impl Iterator<Item = &'n str>, page: &'a mut Page) -> Self {
        let longest = names.map(|name| name.chars().count()).max().unwrap_or_default();
        Self {
            page,
            width: longest.clamp(NAMES.0, NAMES.1),
        }
    }

    fn row(&mut self, sign: &str, what: &str, who: &str, sentence: &str) {
        let tone = match sign {
            "+" => Tone::Good,
            "!" | "x" => Tone::Bad,
            _ => Tone::Strong,
        };
        let width = self.width;
        self.page.words(
            4,
            &[
                (tone, sign),
                (Tone::Plain, " "),
                (Tone::Plain, &format!("{what:<12}")),
                (Tone::Strong, &format!("{who:<width$}")),
                (Tone::Plain, "  "),
                (Tone::Plain, sentence),
            ],
        );
    }
}

fn in_words(reasons: &[PlannedReason]) -> String {
    let messages: Vec<&str> = reasons.iter().map(|reason| reason.message.as_str()).collect();
    messages.join("; ")
}

/// What is said of a certificate where its key is not made here.
fn where_made(is_on_host: bool) -> &'static str {
    if is_on_host {
        "  (key made on the host)"
    } else {
        ""
    }
}

impl FleetPlan {
    fn names(&self) -> impl Iterator<Item = &str> {
        let certificates = self.certificates.iter().map(|step| &step.host);
        let bundles = self.bundles.iter().map(|step| &step.host);
        let settings = self.settings.iter().map(|step| &step.object);
        let problems = self.problems.iter().map(|problem| &problem.host);
        let hosts = certificates.chain(bundles).chain(settings).chain(problems);
        hosts.chain(&self.gone).map(String::as_str)
    }

    pub(super) fn text(&self, page: &mut Page) {
        let mut rows = Rows::of(self.names(), page);
        for problem in &self.problems {
            rows.row("x", "problem", &problem.host, &problem.message);
        }
        for certificate in &self.certificates {
            let sign = if certificate.replaces.is_some() { "~" } else { "+" };
            let replaced = certificate
                .replaces
                .as_deref()
                .map(|serial| format!("{serial} → (new)  "))
                .unwrap_or_default();
            let made = where_made(certificate.key_on_host);
            let sentence = format!("{replaced}{}{made}", in_words(&certificate.reasons));
            rows.row(sign, "certificate", &certificate.host, &sentence);
        }
        for bundle in &self.bundles {
            let sign = if bundle.new { "+" } else { "~" };
            let reload = bundle
                .reloads
                .as_deref()
                .map(|unit| format!("; reloads {unit}"))
                .unwrap_or_default();
            let sentence = format!("{}: {}{reload}", bundle.folder, in_words(&bundle.reasons));
            rows.row(sign, "bundle", &bundle.host, &sentence);
        }
        for setting in &self.settings {
            let after = setting.after.as_deref().unwrap_or("(the new thumbprint)");
            let sentence = format!(
                "{}, {}: {} → {after}; enter it in Configuration Manager",
                setting.place, setting.option, setting.before
            );
            rows.row("~", "setting", &setting.object, &sentence);
        }
        for restart in &self.restarts {
            let order: Vec<&str> = restart.apps.iter().map(String::as_str).collect();
            let sentence = match (restart.pair, order.as_slice()) {
                (true, [backup, primary]) => {
                    format!("{backup} (backup), then {primary}: settings are read at the start")
                }
                _ => "settings are read at the start".to_owned(),
            };
            rows.row(
                "!",
                "restart",
                if restart.pair { "" } else { &restart.apps[0] },
                &sentence,
            );
        }
        for path in &self.gone {
            rows.row(
                "-",
                "bundle",
                path,
                "is not in the inventory; `--prune` removes it",
            );
        }
        for notice in &self.notices {
            rows.row("!", "note", "", &notice.message);
        }
    }

    fn summary(&self) -> String {
        let parts = [
            (self.problems.len(), "problem", "problems"),
            (self.certificates.len(), "to issue", "to issue"),
            (self.bundles.len(), "bundle", "bundles"),
            (self.settings.len(), "setting by hand", "settings by hand"),
            (self.restarts.len(), "restart", "restarts"),
            (self.gone.len(), "bundle gone", "bundles gone"),
        ];
        let told: Vec<String> = parts
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many)| counted(count, one, many))
            .collect();
        let changes = if told.is_empty() {
            "nothing to do".to_owned()
        } else {
            told.join(", ")
        };
        format!(
            "Plan: {changes}; {} unchanged.",
            counted(self.unchanged.hosts, "host", "hosts")
        )
    }
}

impl Report for FleetPlanReport {
    const SCHEMA: &'static str = "gsec/fleet.plan/1";

    fn text(&self, page: &mut Page) {
        self.plan.text(page);
        page.line(&self.plan.summary());
        page.fact("hash", &self.hash);
        page.fact_if("written to", self.out.as_deref());
        self.next.text(page);
    }
}

/// A certificate that was issued.
#[derive(Debug, Clone, Serialize)]
pub struct AppliedCertificate {
    /// The host, as the inventory calls it.
    pub host: String,
    /// Serial number.
    pub serial: String,
    /// End.
    pub not_after: String,
    /// SHA-256 thumbprint.
    pub thumbprint_sha256: String,
    /// Whether its key was made on the host, and is nowhere else.
    pub key_on_host: bool,
}

/// A bundle that was written.
#[derive(Debug, Clone, Serialize)]
pub struct AppliedBundle {
    /// The host, as the inventory calls it.
    pub host: String,
    /// Where it is.
    pub path: String,
    /// The release that it is.
    pub release: String,
    /// `created`, `replaced` or `unchanged`.
    pub written: &'static str,
}

/// A host for which something failed.
#[derive(Debug, Clone, Serialize)]
pub struct AppliedFailure {
    /// The host, as the inventory calls it.
    pub host: String,
    /// Why.
    #[serde(flatten)]
    pub problem: Problem,
}

/// What became of a bundle that was pushed.
#[derive(Debug, Clone, Serialize)]
pub struct PushedBundle {
    /// The host, as the inventory calls it.
    pub host: String,
    /// The bundle: its directory.
    pub bundle: String,
    /// `installed`, `unchanged`, `check-failed`, `reload-failed`, `rolled-back`, `moved`, `skipped` or `failed`.
    pub state: &'static str,
    /// Whether the host has the bundle now, or it is not for the host.
    pub ok: bool,
    /// The release before; null where there was none, or it is not known.
    pub previous: Option<String>,
    /// The release now; null where it is not known.
    pub current: Option<String>,
    /// What is wrong; null where nothing is.
    pub problem: Option<Problem>,
}

impl PushedBundle {
    fn text(&self, rows: &mut Rows<'_>) {
        let sign = match (self.ok, self.state) {
            (true, "unchanged") => "=",
            (true, _) => "+",
            (false, "skipped") => "-",
            (false, _) => "x",
        };
        let release = match (&self.current, &self.previous) {
            (Some(current), Some(previous)) if self.ok => format!(" {current}, before {previous}"),
            (Some(current), _) => format!(" {current}"),
            (None, _) => String::new(),
        };
        let why = self
            .problem
            .as_ref()
            .map(|problem| format!(": {}", problem.message))
            .unwrap_or_default();
        let sentence = format!("{} {}{release}{why}", self.bundle, self.state);
        rows.row(sign, "push", &self.host, &sentence);
    }
}

/// `fleet apply`.
#[derive(Debug, Clone, Serialize)]
pub struct FleetApplyReport {
    /// SHA-256 of the plan that was carried out.
    pub plan: String,
    /// Whether anything was changed.
    pub changed: bool,
    /// Certificates that were issued.
    pub certificates: Vec<AppliedCertificate>,
    /// Bundles that were written.
    pub bundles: Vec<AppliedBundle>,
    /// Bundles that were removed because the inventory does not have them.
    pub removed: Vec<String>,
    /// Settings to enter by hand.
    pub settings: Vec<PlannedSetting>,
    /// Applications to restart.
    pub restarts: Vec<PlannedRestart>,
    /// What became of each bundle that was to be pushed, in the order in which that was known; empty without `--push`.
    pub pushed: Vec<PushedBundle>,
    /// What failed.
    pub failures: Vec<AppliedFailure>,
    /// Hosts of which nothing changed.
    pub unchanged_hosts: usize,
    /// The signal that ended it early; null when none did.
    pub interrupted_by: Option<&'static str>,
    /// Head of the audit log after the last certificate; null where nothing was recorded.
    pub audit_head: Option<String>,
}

impl FleetApplyReport {
    fn names(&self) -> impl Iterator<Item = &str> {
        let certificates = self.certificates.iter().map(|done| &done.host);
        let bundles = self.bundles.iter().map(|done| &done.host);
        let pushed = self.pushed.iter().map(|done| &done.host);
        let settings = self.settings.iter().map(|step| &step.object);
        let failures = self.failures.iter().map(|failure| &failure.host);
        let hosts = certificates.chain(bundles).chain(pushed).chain(failures);
        hosts.chain(settings).chain(&self.removed).map(String::as_str)
    }
}

impl Report for FleetApplyReport {
    const SCHEMA: &'static str = "gsec/fleet.apply/1";

    fn is_answer(&self) -> bool {
        false
    }

    fn text(&self, page: &mut Page) {
        let mut rows = Rows::of(self.names(), page);
        for certificate in &self.certificates {
            let sentence = format!(
                "serial {}, valid until {}{}",
                certificate.serial,
                certificate.not_after,
                where_made(certificate.key_on_host)
            );
            rows.row("+", "certificate", &certificate.host, &sentence);
        }
        for bundle in &self.bundles {
            rows.row(
                "+",
                "bundle",
                &bundle.host,
                &format!("{} {}", bundle.written, bundle.path),
            );
        }
        for path in &self.removed {
            rows.row("-", "bundle", path, "removed");
        }
        for pushed in &self.pushed {
            pushed.text(&mut rows);
        }
        let hints: BTreeSet<&String> = self
            .pushed
            .iter()
            .filter_map(|pushed| pushed.problem.as_ref())
            .chain(self.failures.iter().map(|failure| &failure.problem))
            .flat_map(|problem| &problem.hints)
            .collect();
        for hint in hints {
            rows.row("!", "hint", "", hint);
        }
        for setting in &self.settings {
            let after = setting.after.as_deref().unwrap_or("(unknown)");
            let sentence = format!(
                "{}, {}: {after}; enter it in Configuration Manager",
                setting.place, setting.option
            );
            rows.row("~", "setting", &setting.object, &sentence);
        }
        for restart in &self.restarts {
            let order: Vec<&str> = restart.apps.iter().map(String::as_str).collect();
            rows.row(
                "!",
                "restart",
                &order.join(", then "),
                "settings are read at the start",
            );
        }
        // What fails for many hosts is said once.
        let mut alike: Vec<(&AppliedFailure, usize)> = Vec::new();
        for failure in &self.failures {
            match alike.last_mut() {
                Some((first, more)) if first.problem.message == failure.problem.message => *more += 1,
                _ => alike.push((failure, 0)),
            }
        }
        for (failure, more) in alike {
            let others = match more {
                0 => String::new(),
                more => format!(" (and {})", counted(more, "more host", "more hosts")),
            };
            let sentence = format!("{}{others}", failure.problem.message);
            rows.row("x", "failed", &failure.host, &sentence);
        }
        let mut parts = vec![
            counted(
                self.certificates.len(),
                "certificate issued",
                "certificates issued",
            ),
            counted(self.bundles.len(), "bundle written", "bundles written"),
            counted(self.failures.len(), "failed", "failed"),
            counted(self.unchanged_hosts, "host unchanged", "hosts unchanged"),
        ];
        if !self.pushed.is_empty() {
            let count = |is_ok: bool| self.pushed.iter().filter(|pushed| pushed.ok == is_ok).count();
            parts.push(format!("{} pushed", count(true)));
            parts.push(format!("{} not pushed", count(false)));
        }
        page.line(&format!("{}.", parts.join(", ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Screen, to_text};

    #[test]
    fn sentences_begin_in_one_column_whatever_hosts_are_called() {
        let problem = |host: &str| PlanProblem {
            host: host.into(),
            code: "code".into(),
            message: "sentence".into(),
        };
        let report = FleetPlanReport {
            hash: String::new(),
            changes: false,
            out: None,
            plan: FleetPlan {
                certificates: Vec::new(),
                bundles: Vec::new(),
                settings: Vec::new(),
                restarts: Vec::new(),
                gone: Vec::new(),
                notices: Vec::new(),
                problems: vec![
                    problem("db1"),
                    problem("tserver-primary"),
                    problem(&"h".repeat(60)),
                ],
                unchanged: PlanUnchanged {
                    hosts: 0,
                    certificates: 0,
                    bundles: 0,
                },
            },
            next: NextSteps::default(),
        };
        let text = to_text(&report, false, Screen::default());
        let columns: Vec<usize> = text.lines().filter_map(|line| line.find("sentence")).collect();
        assert_eq!(columns[0], columns[1], "{text}");
        assert!(columns[0] < 60, "one long name moves no other: {text}");
    }
}
