//! Each kind of target goes to those who can examine it.

use time::OffsetDateTime;

use super::target::Target;
use super::{Args, ca_directory, files, machine, server, settings};
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::cli::secret::InputPassword;
use gsec_doctor::checks::{Diagnosis, Examination, TargetKind};
use gsec_env::Env;
use gsec_report::{ExaminedTarget, Linted};

/// What was found.
#[derive(Debug)]
pub(super) enum Found {
    /// By the checks of the catalog.
    Checked(Examination),
    /// By the linters.
    Linted(Linted),
}

impl Found {
    /// With what there is to say of files beside the target.
    fn and(self, beside: Option<Diagnosis>) -> Self {
        match (self, beside) {
            (Self::Checked(found), Some(beside)) => Self::Checked(Examination {
                diagnosis: found.diagnosis.and(beside),
                ..found
            }),
            (found, _) => found,
        }
    }
}

/// A target, and what became of it.
pub(super) struct Examined {
    pub(super) target: String,
    pub(super) kind: TargetKind,
    pub(super) outcome: Result<Found, Failure>,
}

impl Examined {
    /// As the report has it.
    pub(super) fn into_row(self, global: &Global, now: OffsetDateTime) -> ExaminedTarget {
        match self.outcome {
            Ok(Found::Checked(examination)) => ExaminedTarget::of(examination, now),
            Ok(Found::Linted(linted)) => ExaminedTarget::linted(self.target, self.kind, linted),
            Err(failure) => {
                let problem = failure.in_directory(&global.directory_words()).problem;
                ExaminedTarget::not_examined(self.target, self.kind.name(), problem)
            }
        }
    }
}

/// Requires that an examination looked at something: otherwise nothing is known, and it must not be reported as healthy.
fn looked_at(found: Found, target: &Target) -> Result<Found, Failure> {
    match &found {
        Found::Checked(Examination { diagnosis, .. })
            if diagnosis.checked.is_empty() && diagnosis.findings.is_empty() =>
        {
            Err(nothing_applies(target))
        }
        _ => Ok(found),
    }
}

fn nothing_applies(target: &Target) -> Failure {
    let message = format!(
        "nothing of `{}` was examined: none of the requested checks applies to it",
        target.name()
    );
    Failure::cannot("doctor.nothing_examined", message)
}

/// Examines all targets; a target that cannot be examined does not stop the others.
pub(super) fn all(
    targets: &[Target],
    args: &Args,
    password: &InputPassword,
    global: &Global,
    env: &mut Env,
) -> Result<Vec<Examined>, Failure> {
    // Read all files first: together they show what belongs together.
    let files = files::read_all(targets, args, password, global, env)?;
    let servers = server::probe(targets, args, password, env)?;
    let selection = args.selection();
    // What there is to say of the files given with the targets is said once.
    let mut beside = Some(files.beside_targets(&selection, args, env));
    let settings = settings::Settings::read(targets, env);
    let select = |linted, target: &Target| {
        let selected = settings::selected(linted, target, &selection);
        selected.map(Found::Linted).ok_or_else(|| nothing_applies(target))
    };
    let examined = targets.iter().map(|target| {
        let outcome = match target {
            Target::File(path) => files.examine(path, &selection, args, env).map(Found::Checked),
            Target::Machine => machine::examine(&files, &selection, args, env).map(Found::Checked),
            Target::CaDirectory(path) => ca_directory::examine(path, &selection, env).map(Found::Checked),
            Target::Server(endpoint) => servers
                .examine(endpoint, &files, &selection, args, env)
                .map(Found::Checked),
            Target::Settings(path) => settings.of(path).and_then(|linted| select(linted, target)),
            Target::Transport(value) => select(settings::of_value(value), target),
            Target::Inventory(path) => {
                settings::of_inventory(path, global, env).and_then(|linted| select(linted, target))
            }
        };
        let is_compared = matches!(target, Target::File(_) | Target::Server(_));
        let beside = beside.take_if(|_| is_compared);
        let outcome = outcome.map(|found| found.and(beside));
        Examined {
            target: target.name(),
            kind: target.kind(),
            outcome: outcome.and_then(|found| looked_at(found, target)),
        }
    });
    Ok(examined.collect())
}
