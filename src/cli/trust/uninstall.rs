//! `gsec trust uninstall`.

use super::stores::{self, Chosen, StoreArgs, ca, facts, failed, failure_of};
use crate::cli::ask::{self, Unasked};
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use gsec_deliver::truststore::{self, Anchor, Removed, Restored, Standing, look};
use gsec_env::Env;
use gsec_report::{StoreState, TrustStoreFacts, TrustUninstallReport};

/// Make the programs of this machine no longer trust a CA
///
/// Removes the CA from the trust stores, also if another program installed it; it is identified by the SHA-256
/// of its certificate. A store that has not been changed since `gsec trust install` is restored byte for byte;
/// from any other one only the CA is removed, and the output says so. On a terminal, shows what would be changed and asks;
/// elsewhere `--yes` is needed.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec trust uninstall --yes
  $ gsec trust uninstall gsec-ca/ca_conf/ca_cert.pem --store system --dry-run
  $ gsec trust uninstall gsec-ca/ca_conf/ca_cert.pem --yes --json"
))]
pub(in crate::cli) struct Args {
    /// The CA certificate, or its SHA-256; `-` for standard input [default: the root of the CA directory]
    #[arg(value_name = "FILE|SHA256")]
    file: Option<std::path::PathBuf>,

    #[command(flatten)]
    stores: StoreArgs,

    /// Show what would be changed, and change nothing
    #[arg(long, help_heading = "Output")]
    dry_run: bool,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let anchor = stores::named_or_known(args.file.as_deref(), global, env)?;
    let planned = {
        let chosen = args.stores.choose(env)?;
        if !args.dry_run {
            stores::repair(&chosen, &anchor, global, env)?;
        }
        report(true, args, &anchor, planned(&chosen, &anchor, env)?)
    };
    if args.dry_run {
        return Ok(Outcome::noticed(&planned, Vec::new(), global).lacking(failure_of(&planned.stores)));
    }
    if planned.changed && !permitted(&planned, global, env)? {
        return Ok(ask::declined(env));
    }
    let chosen = args.stores.choose(env)?;
    let report = report(false, args, &anchor, removed(&chosen, &anchor, global, env)?);
    Ok(Outcome::noticed(&report, Vec::new(), global).lacking(failure_of(&report.stores)))
}

fn permitted(planned: &TrustUninstallReport, global: &Global, env: &mut Env) -> Result<bool, Failure> {
    let refused = Unasked::Refuses(
        "the trust stores of this machine are changed only with permission".into(),
        "`--yes` gives it; `--dry-run` shows what would be changed",
    );
    let what = || ask::plan(planned, global);
    ask::permission(what, "Remove this CA?", false, refused, global, env)
}

fn report(dry_run: bool, args: &Args, anchor: &Anchor, stores: Vec<TrustStoreFacts>) -> TrustUninstallReport {
    let is_changed = |store: &TrustStoreFacts| {
        matches!(
            store.state,
            StoreState::Removed | StoreState::TakenAway | StoreState::WouldRemove
        )
    };
    TrustUninstallReport {
        dry_run,
        changed: stores.iter().any(is_changed),
        root: args.stores.shown_root(),
        ca: ca(anchor),
        stores,
    }
}

fn planned(chosen: &Chosen<'_>, anchor: &Anchor, env: &Env) -> Result<Vec<TrustStoreFacts>, Failure> {
    chosen.each(anchor, &["uninstall", "--dry-run"], env, |store| {
        let found = look(store, anchor, &chosen.machine, &chosen.passwords);
        let checked = found.and_then(|found| match found.standing {
            Standing::Absent if found.places.is_empty() => Ok(facts(store, StoreState::Absent)),
            _ => truststore::expect_changeable(store, &chosen.machine).map(|()| TrustStoreFacts {
                places: found.places,
                ..facts(store, StoreState::WouldRemove)
            }),
        });
        checked.unwrap_or_else(|error| failed(store, StoreState::Failed, &error))
    })
}

fn removed(
    chosen: &Chosen<'_>,
    anchor: &Anchor,
    global: &Global,
    env: &Env,
) -> Result<Vec<TrustStoreFacts>, Failure> {
    let journal = stores::journal(chosen, global, env)?;
    chosen.each(anchor, &["uninstall"], env, |store| {
        match chosen.change(store, anchor, journal.as_ref()).uninstall() {
            Ok(Removed::Absent) => facts(store, StoreState::Absent),
            Ok(Removed::Removed(restored)) => TrustStoreFacts {
                restored: Some(word(restored).into()),
                ..facts(store, StoreState::Removed)
            },
            Ok(Removed::TakenAway(command)) => TrustStoreFacts {
                run_inside: Some(command),
                ..facts(store, StoreState::TakenAway)
            },
            // What cannot be changed, or cannot be looked into, may have the CA still: it is not passed over.
            Err(error) => failed(store, StoreState::Failed, &error),
        }
    })
}

fn word(restored: Restored) -> &'static str {
    match restored {
        Restored::Yes => "yes",
        Restored::ChangedSince => "changed_since",
        Restored::NotKnown => "not_known",
        Restored::InUse => "in_use",
    }
}
