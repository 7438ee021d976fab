//! Settings of the old platform as targets of `gsec doctor`: what the linters find in them.

use std::path::{Path, PathBuf};

use super::target::Target;
use crate::cli::conf;
use crate::cli::failure::Failure;
use crate::cli::fleet;
use crate::cli::global::Global;
use crate::cli::transport;
use gsec_doctor::checks::Selection;
use gsec_env::Env;
use gsec_pki::encoding::shell::CommandLine;
use gsec_platform::catalog::TOPICS;
use gsec_report::{Linted, LintedFile, NotCheckedPart, PlacedFinding};

/// The files of settings among the targets, which are compared with each other, each with what was found in it.
pub(super) struct Settings(Vec<(PathBuf, Result<LintedFile, Failure>)>);

impl Settings {
    /// Reads them. One that cannot be read any more does not stop the others.
    pub(super) fn read(targets: &[Target], env: &Env) -> Self {
        let named = targets.iter().filter_map(|target| match target {
            Target::Settings(path) => Some(path.clone()),
            _ => None,
        });
        let named: Vec<PathBuf> = named.collect();
        let together = conf::of_files(&named, env);
        let found: Vec<Result<LintedFile, Failure>> = match together {
            Ok(found) => found.into_iter().map(Ok).collect(),
            Err(_) => named.iter().map(|path| alone(path, env)).collect(),
        };
        Self(named.into_iter().zip(found).collect())
    }

    /// What was found in one of them.
    pub(super) fn of(&self, path: &Path) -> Result<Linted, Failure> {
        let (_, found) = self
            .0
            .iter()
            .find(|(read, _)| read == path)
            .expect("all were read");
        let file = found.as_ref().map_err(Clone::clone)?;
        let found = &file.found;
        let fixes = commands(&found.findings, |slug| conf::fixing(path, slug));
        Ok(Linted {
            findings: found.findings.clone(),
            left_out: found.findings_left_out,
            not_checked: of_file(file),
            fixes,
            ..Linted::default()
        })
    }
}

fn alone(path: &Path, env: &Env) -> Result<LintedFile, Failure> {
    let mut found = conf::of_files(&[path.to_owned()], env)?;
    Ok(found.remove(0))
}

/// What was found in a value.
pub(super) fn of_value(value: &str) -> Linted {
    let (linted, fix) = transport::of_value(value);
    let found = linted.found;
    let fixes = commands(&found.findings, |slug| {
        fix.clone().filter(|_| gsec_platform::transport::is_fixed(slug))
    });
    Linted {
        findings: found.findings,
        left_out: found.findings_left_out,
        not_checked: named_files(
            linted.names_certificates,
            "only `gsec transport lint --check-files` looks at files",
        )
        .into_iter()
        .collect(),
        fixes,
        ..Linted::default()
    }
}

/// What was not looked at of a file of settings.
fn of_file(file: &LintedFile) -> Vec<NotCheckedPart> {
    let files = named_files(
        file.names_certificates,
        "they are for `gsec transport lint --check-files` on its machine",
    );
    let comparison = (!file.is_compared).then(|| NotCheckedPart {
        part: "comparison",
        what: "whether it fits the other files of the environment",
        why: match file.kind {
            "configuration_server" => "no file of DB Server was named with it",
            _ => "no file of Configuration Server was named with it",
        }
        .into(),
        is_prevented: false,
    });
    files.into_iter().chain(comparison).collect()
}

fn named_files(names_certificates: bool, why: &str) -> Option<NotCheckedPart> {
    names_certificates.then(|| NotCheckedPart {
        part: "files",
        what: "the certificates and files that it names",
        why: why.into(),
        is_prevented: false,
    })
}

/// What was found in an inventory.
pub(super) fn of_inventory(path: &Path, global: &Global, env: &Env) -> Result<Linted, Failure> {
    let report = fleet::of_file(path, global, env)?;
    Ok(Linted {
        findings: report.findings,
        left_out: report.left_out,
        not_checked: report.not_checked,
        ..Linted::default()
    })
}

/// What `--only` and `--skip` leave of what was found in a target; `None` where they leave nothing to look for.
pub(super) fn selected(mut linted: Linted, target: &Target, selection: &Selection) -> Option<Linted> {
    if selection.is_whole() {
        return Some(linted);
    }
    let of_target: &[&str] = match target {
        Target::Inventory(_) => &["fleet", "bundle", "start", "transport"],
        Target::Transport(_) => &["transport"],
        _ => &["conf", "start", "transport"],
    };
    let topics = TOPICS.iter().filter(|topic| of_target.contains(&topic.name));
    let named = |slugs: &[String], slug: &str| slugs.iter().any(|named| named == slug);
    let is_selected = |slug: &&'static str| {
        (selection.only.is_empty() || named(&selection.only, slug)) && !named(&selection.skip, slug)
    };
    (linted.checked, linted.not_selected) = topics
        .flat_map(|topic| topic.entries)
        .map(|entry| entry.slug)
        .partition(is_selected);
    linted
        .findings
        .retain(|finding| linted.checked.contains(&finding.slug));
    (!linted.checked.is_empty()).then_some(linted)
}

/// The command for each slug that has one.
fn commands(
    findings: &[PlacedFinding],
    fixing: impl Fn(&str) -> Option<CommandLine>,
) -> Vec<(&'static str, CommandLine)> {
    let mut commands: Vec<(&'static str, CommandLine)> = Vec::new();
    for PlacedFinding { slug, .. } in findings {
        if commands.iter().all(|(known, _)| known != slug) {
            commands.extend(fixing(slug).map(|command| (*slug, command)));
        }
    }
    commands
}
