//! `gsec doctor --fix`.

use std::collections::BTreeSet;

use super::Args;
use super::examine::{self, Examined, Found};
use super::target::Target;
use crate::cli::ask::{self, Unasked};
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::cli::secret::InputPassword;
use gsec_ca::authority::{AuthorityError, Session, fix};
use gsec_ca::files::tighten;
use gsec_ca::home::CaDir;
use gsec_doctor::checks::AutoFix;
use gsec_doctor::checks::ca_directory::CaFix;
use gsec_doctor::facts::wanted;
use gsec_env::Env;
use gsec_pki::encoding::visible::visible;

/// A fix can reveal another one: after a revocation is restored, the CRL lacks it.
const ROUNDS: usize = 3;

/// Applies all safe fixes, and examines again. Returns the remaining findings, and a description of what was done.
pub(super) fn run(
    before: Vec<Examined>,
    targets: &[Target],
    args: &Args,
    password: &InputPassword,
    global: &Global,
    env: &mut Env,
) -> Result<(Vec<Examined>, Vec<String>), Failure> {
    let (mut examined, mut words, mut done) = (before, Vec::new(), BTreeSet::new());
    for round in 0..ROUNDS {
        let fixes: Vec<AutoFix> = fixes_of(&examined)
            .into_iter()
            .filter(|auto_fix| !done.contains(auto_fix))
            .collect();
        words.extend(fixes.iter().map(ToString::to_string));
        if fixes.is_empty() || args.dry_run {
            break;
        }
        if round == 0 && !confirm(&words, global, env)? {
            return Ok((examined, Vec::new()));
        }
        for one in &fixes {
            let applied = apply(one, &mut global.session("doctor.fix", env));
            applied.map_err(|error| {
                Failure::from(error)
                    .hint("the earlier fixes in the list were applied; type the same command again")
            })?;
        }
        done.extend(fixes);
        examined = examine::all(targets, args, password, global, env)?;
    }
    Ok((examined, words))
}

/// Applies one fix. A file of unknown ownership is not touched.
fn apply(auto_fix: &AutoFix, session: &mut Session<'_>) -> Result<(), AuthorityError> {
    match auto_fix {
        AutoFix::SetMode { path, mode } => Ok(tighten(path, *mode)?),
        AutoFix::CaDirectory { root, auto_fix } => fix_ca_directory(&CaDir::at(root), *auto_fix, session),
    }
}

fn fix_ca_directory(
    directory: &CaDir,
    auto_fix: CaFix,
    session: &mut Session<'_>,
) -> Result<(), AuthorityError> {
    let mut before = None;
    loop {
        let (wanted, is_all) = wanted(directory, auto_fix, session.now)?;
        // What stays as it was found is not fixed by trying again.
        if before.as_ref() == Some(&wanted) {
            return Ok(());
        }
        fix(directory, &wanted, session)?;
        if is_all {
            return Ok(());
        }
        before = Some(wanted);
    }
}

/// The fixes of all findings, without duplicates and in the order in which they are applied.
fn fixes_of(examined: &[Examined]) -> BTreeSet<AutoFix> {
    let found = examined
        .iter()
        .filter_map(|examined| match &examined.outcome {
            Ok(Found::Checked(examination)) => Some(examination),
            _ => None,
        })
        .flat_map(|examination| &examination.diagnosis.findings);
    found.filter_map(|finding| finding.auto_fix.clone()).collect()
}

/// Whether the user, or `--yes`, confirms; without confirmation the findings are still reported.
fn confirm(words: &[String], global: &Global, env: &mut Env) -> Result<bool, Failure> {
    let unasked = Unasked::Refuses(
        "`--fix` asks before it changes anything, and there is no terminal".into(),
        "confirm with `--yes`; `--dry-run` shows what would be done",
    );
    let shown = || words.iter().map(|what| visible(what) + "\n").collect();
    ask::permission(shown, "Apply these fixes?", false, unasked, global, env)
}
