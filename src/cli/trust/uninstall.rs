//! `gsec trust uninstall`.

use super::delegate::browsers_of;
use super::install::expect_stores;
use super::stores::{self, Chosen, StoreArgs, ca, facts, failed, failure_of};
use crate::cli::ask::{self, Unasked};
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use gsec_deliver::truststore::{
    self, Anchor, Removed, Restored, Standing, Store, StoreKind, TrustError, look,
};
use gsec_env::Env;
use gsec_report::{TrustStoreFacts, TrustUninstallReport};

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
        expect_stores(&chosen)?;
        report(true, args, &anchor, planned(&chosen, &anchor, args, env))
    };
    if args.dry_run {
        return Ok(Outcome::noticed(&planned, Vec::new(), global).lacking(failure_of(&planned.stores)));
    }
    if planned.changed && !permitted(&planned, global, env)? {
        return Ok(ask::declined(env));
    }
    let chosen = args.stores.choose(env)?;
    let report = report(
        false,
        args,
        &anchor,
        removed(&chosen, &anchor, args, global, env)?,
    );
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
    let is_changed =
        |store: &TrustStoreFacts| ["removed", "taken_away", "would_remove"].contains(&store.state.as_str());
    TrustUninstallReport {
        dry_run,
        changed: stores.iter().any(is_changed),
        root: args.stores.shown_root(),
        ca: ca(anchor),
        stores,
    }
}

fn planned(chosen: &Chosen<'_>, anchor: &Anchor, args: &Args, env: &Env) -> Vec<TrustStoreFacts> {
    let would_become = |store: &Store| {
        let found = look(store, anchor, &chosen.machine, &chosen.passwords);
        let checked = found.and_then(|found| match found.standing {
            Standing::Absent if found.places.is_empty() => Ok(facts(store, "absent")),
            _ => truststore::expect_changeable(store, &chosen.machine).map(|()| TrustStoreFacts {
                places: found.places,
                ..facts(store, "would_remove")
            }),
        });
        checked.unwrap_or_else(|error| not_done(store, &error, chosen))
    };
    let mut planned: Vec<TrustStoreFacts> = chosen.stores.iter().map(would_become).collect();
    if let Some(user) = &chosen.user {
        let (words, password) = (["uninstall", "--dry-run"], args.stores.nss_password_file());
        planned.extend(browsers_of(user, &words, anchor, password, env));
    }
    planned
}

/// Without its program it is not known whether a database has the CA; nobody is told that it is gone.
fn not_done(store: &Store, error: &TrustError, chosen: &Chosen<'_>) -> TrustStoreFacts {
    let is_passed_over =
        chosen.is_default && store.kind() == StoreKind::Nss && matches!(error, TrustError::Exposed(_));
    failed(store, if is_passed_over { "skipped" } else { "failed" }, error)
}

fn removed(
    chosen: &Chosen<'_>,
    anchor: &Anchor,
    args: &Args,
    global: &Global,
    env: &Env,
) -> Result<Vec<TrustStoreFacts>, Failure> {
    let mut done = Vec::new();
    if !chosen.stores.is_empty() {
        let journal = stores::journal(&chosen.machine, global, env)?;
        for store in &chosen.stores {
            let removed = truststore::uninstall(
                store,
                anchor,
                journal.as_ref(),
                &chosen.machine,
                &chosen.passwords,
            );
            done.push(match removed {
                Ok(Removed::Absent) => facts(store, "absent"),
                Ok(Removed::Removed(restored)) => TrustStoreFacts {
                    restored: Some(word(restored).into()),
                    ..facts(store, "removed")
                },
                Ok(Removed::TakenAway(command)) => TrustStoreFacts {
                    run_inside: Some(command),
                    ..facts(store, "taken_away")
                },
                Err(error) => not_done(store, &error, chosen),
            });
        }
    }
    if let Some(user) = &chosen.user {
        let password = args.stores.nss_password_file();
        done.extend(browsers_of(user, &["uninstall"], anchor, password, env));
    }
    Ok(done)
}

fn word(restored: Restored) -> &'static str {
    match restored {
        Restored::Yes => "yes",
        Restored::ChangedSince => "changed_since",
        Restored::NotKnown => "not_known",
        Restored::InUse => "in_use",
    }
}
