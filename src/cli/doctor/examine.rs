//! Each kind of target goes to those who can examine it.

use time::OffsetDateTime;

use super::target::Target;
use super::{Args, ca_directory, files, machine, server};
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::cli::secret::InputPassword;
use gsec_doctor::checks::{Examination, TargetKind};
use gsec_env::Env;
use gsec_report::ExaminedTarget;

/// A target, and what became of it.
pub(super) struct Examined {
    pub(super) target: String,
    pub(super) kind: TargetKind,
    pub(super) outcome: Result<Examination, Failure>,
}

impl Examined {
    /// As the report has it.
    pub(super) fn into_row(self, global: &Global, now: OffsetDateTime) -> ExaminedTarget {
        match self.outcome {
            Ok(examination) => ExaminedTarget::of(examination, now),
            Err(failure) => {
                let problem = failure.in_directory(&global.directory_words()).problem;
                ExaminedTarget::not_examined(self.target, self.kind.name(), problem)
            }
        }
    }
}

/// Requires that an examination looked at something: otherwise nothing is known, and it must not be reported as healthy.
fn looked_at(examination: Examination, target: &Target) -> Result<Examination, Failure> {
    if !examination.diagnosis.checked.is_empty() || !examination.diagnosis.findings.is_empty() {
        return Ok(examination);
    }
    let message = format!(
        "nothing of `{}` was examined: none of the requested checks applies to it",
        target.name()
    );
    Err(Failure::cannot("doctor.nothing_examined", message))
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
    let examined = targets.iter().map(|target| {
        let outcome = match target {
            Target::File(path) => files.examine(path, &selection, args, env),
            Target::Machine => machine::examine(&files, &selection, args, env),
            Target::CaDirectory(path) => ca_directory::examine(path, &selection, env),
            Target::Server(endpoint) => servers.examine(endpoint, &files, &selection, args, env),
        };
        let is_compared = matches!(target, Target::File(_) | Target::Server(_));
        let outcome = outcome.map(|found| match beside.take_if(|_| is_compared) {
            Some(beside) => Examination {
                diagnosis: found.diagnosis.and(beside),
                ..found
            },
            None => found,
        });
        Examined {
            target: target.name(),
            kind: target.kind(),
            outcome: outcome.and_then(|found| looked_at(found, target)),
        }
    });
    Ok(examined.collect())
}
