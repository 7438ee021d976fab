//! `gsec doctor --fix`.

use super::Args;
use super::examine::{self, Examined};
use super::target::Target;
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::cli::secret::InputPassword;
use crate::doctor::Mend;
use crate::env::Env;
use crate::examine::mend;

/// Mends what can be mended, and looks again. Returns what was found then, and what was done in words.
pub(super) fn run(
    before: Vec<Examined>,
    targets: &[Target],
    args: &Args,
    password: &InputPassword,
    global: &Global,
    env: &mut Env,
) -> Result<(Vec<Examined>, Vec<String>), Failure> {
    let found = before.iter().filter_map(|examined| examined.outcome.as_ref().ok()).flat_map(|examination| &examination.diagnosis.findings);
    let mut mends: Vec<Mend> = Vec::new();
    for mend in found.filter_map(|finding| finding.mend.clone()) {
        if !mends.contains(&mend) {
            mends.push(mend);
        }
    }
    let words: Vec<String> = mends.iter().map(ToString::to_string).collect();
    if mends.is_empty() || args.dry_run {
        return Ok((before, words));
    }
    confirm(&words, global, env)?;
    for one in &mends {
        mend(one).map_err(|error| Failure::from(error).hint("what stands before it in the list was mended; type the same command again"))?;
    }
    Ok((examine::all(targets, args, password, global, env)?, words))
}

fn confirm(words: &[String], global: &Global, env: &mut Env) -> Result<(), Failure> {
    if global.yes {
        return Ok(());
    }
    if !env.terminal.is_interactive() {
        return Err(Failure::usage("`--fix` asks before it changes anything, and there is no terminal to ask on")
            .hint("`--yes` answers, and `--dry-run` shows what would be done"));
    }
    words.iter().for_each(|what| env.terminal.tell(&crate::encoding::visible::visible(what)));
    if env.terminal.confirm("Mend this?")? { Ok(()) } else { Err(Failure::cannot("doctor.declined", "nothing was mended")) }
}
