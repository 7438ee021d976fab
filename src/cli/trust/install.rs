//! `gsec trust install`, and what `gsec quickstart --trust` has of it.

use std::path::PathBuf;

use super::stores::{self, Chosen, StoreArgs, ca, facts, failed, failure_of};
use crate::cli::ask::{self, Unasked};
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use gsec_deliver::truststore::{self, Added, Anchor, Standing, Store, StoreKind, TrustError, look};
use gsec_env::Env;
use gsec_pki::encoding::shell::CommandLine;
use gsec_report::{NextSteps, Notice, StoreState, TrustInstallReport, TrustStoreFacts};

/// Make the programs of this machine trust a CA
///
/// Puts the certificate of the CA into the trust store of the system and into those of the user's browsers
/// (NSS), with the tools that own them, and then checks that it is trusted there. Supports the layouts of
/// Debian, Alpine, Red Hat, SUSE, Arch and FreeBSD; elsewhere p11-kit. Java programs have key stores of their
/// own: `--store java:PATH`. Before a store is changed a copy is kept, which `gsec trust uninstall` restores.
///
/// The file must have one CA certificate that is in date, and no private key. On a terminal, shows what
/// would be changed and asks; elsewhere `--yes` is needed.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec trust install --yes
  $ gsec trust install gsec-ca/ca_conf/ca_cert.pem --store system --dry-run
  $ gsec trust install gsec-ca/ca_conf/ca_cert.pem --yes --json"
))]
pub(in crate::cli) struct Args {
    /// The CA certificate, `-` for standard input [default: the root of the CA directory]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    #[command(flatten)]
    stores: StoreArgs,

    /// Show what would be changed, and change nothing
    #[arg(long, help_heading = "Output")]
    dry_run: bool,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let anchor = stores::anchor(args.file.as_deref(), global, env)?;
    anchor.expect_ca_in_date(env.clock.now())?;
    let planned = {
        let chosen = args.stores.choose(env)?;
        if !args.dry_run {
            stores::repair(&chosen, &anchor, global, env)?;
        }
        let stores = planned(&chosen, &anchor, env)?;
        report(true, args.stores.shown_root(), &anchor, stores)
    };
    if args.dry_run {
        let notices = notices(&anchor, &planned.stores);
        return Ok(Outcome::noticed(&planned, notices, global).lacking(failure_of(&planned.stores)));
    }
    if planned.changed && !permitted(&planned, global, env)? {
        return Ok(ask::declined(env));
    }
    let chosen = args.stores.choose(env)?;
    let stores = installed(&chosen, &anchor, global, env)?;
    let mut report = report(false, args.stores.shown_root(), &anchor, stores);
    report.next = next(args, &report, global);
    let notices = notices(&anchor, &report.stores);
    Ok(Outcome::noticed(&report, notices, global).lacking(failure_of(&report.stores)))
}

/// Asks whether the stores may be changed, after they were shown.
fn permitted(planned: &TrustInstallReport, global: &Global, env: &mut Env) -> Result<bool, Failure> {
    let refused = Unasked::Refuses(
        "the trust stores of this machine are changed only with permission".into(),
        "`--yes` gives it; `--dry-run` shows what would be changed",
    );
    let what = || ask::plan(planned, global);
    ask::permission(what, "Trust this CA?", false, refused, global, env)
}

fn report(
    dry_run: bool,
    root: Option<String>,
    anchor: &Anchor,
    stores: Vec<TrustStoreFacts>,
) -> TrustInstallReport {
    let is_changed = |store: &TrustStoreFacts| {
        matches!(
            store.state,
            StoreState::Installed | StoreState::Placed | StoreState::WouldInstall
        )
    };
    TrustInstallReport {
        dry_run,
        changed: stores.iter().any(is_changed),
        root,
        ca: ca(anchor),
        stores,
        next: NextSteps::default(),
    }
}

/// What would become of each store.
fn planned(chosen: &Chosen<'_>, anchor: &Anchor, env: &Env) -> Result<Vec<TrustStoreFacts>, Failure> {
    let planned = chosen.each(anchor, &["install", "--dry-run"], env, |store| {
        would_become(store, anchor, chosen)
    })?;
    // What stops everything is said at once, and nobody is asked.
    match failure_of(&planned) {
        Some(failure)
            if planned
                .iter()
                .all(|store| store.state != StoreState::WouldInstall) =>
        {
            Err(failure)
        }
        _ => Ok(planned),
    }
}

fn would_become(store: &Store, anchor: &Anchor, chosen: &Chosen<'_>) -> TrustStoreFacts {
    let found = look(store, anchor, &chosen.machine, &chosen.passwords);
    let checked = found.and_then(|found| match found.standing {
        Standing::Present => Ok(facts(store, StoreState::Present)),
        _ => truststore::expect_installable(store, anchor, &found, &chosen.machine)
            .map(|()| facts(store, StoreState::WouldInstall)),
    });
    checked.unwrap_or_else(|error| not_done(store, &error, chosen))
}

/// A store that nobody named, and that cannot be changed, is passed over, unless it is the system's.
fn not_done(store: &Store, error: &TrustError, chosen: &Chosen<'_>) -> TrustStoreFacts {
    let is_passed_over = chosen.is_default && store.kind() == StoreKind::Nss;
    failed(
        store,
        if is_passed_over {
            StoreState::Skipped
        } else {
            StoreState::Failed
        },
        error,
    )
}

fn installed(
    chosen: &Chosen<'_>,
    anchor: &Anchor,
    global: &Global,
    env: &Env,
) -> Result<Vec<TrustStoreFacts>, Failure> {
    let journal = stores::journal(chosen, global, env)?;
    chosen.each(anchor, &["install"], env, |store| {
        match chosen.change(store, anchor, journal.as_ref()).install() {
            Ok(Added::Already) => facts(store, StoreState::Present),
            Ok(Added::Installed) => facts(store, StoreState::Installed),
            Ok(Added::Placed(command)) => TrustStoreFacts {
                run_inside: Some(command),
                ..facts(store, StoreState::Placed)
            },
            Err(error) => not_done(store, &error, chosen),
        }
    })
}

/// What is odd about the CA, and what was passed over.
fn notices(anchor: &Anchor, stores: &[TrustStoreFacts]) -> Vec<Notice> {
    let mut notices = Vec::new();
    if anchor
        .certificate()
        .is_some_and(|certificate| !certificate.is_self_issued())
    {
        notices.push(Notice {
            code: "trust_intermediate".into(),
            message:
                "this is the certificate of an intermediate CA: programs that want a whole path to a root do \
                      not trust it"
                    .into(),
            hint: Some("install the root above it".into()),
        });
    }
    let skipped = stores.iter().filter(|store| store.state == StoreState::Skipped);
    notices.extend(skipped.filter_map(|store| {
        let problem = store.error.as_ref()?;
        Some(Notice {
            code: "trust_skipped".into(),
            message: format!("skipped: {}", problem.message),
            hint: problem.hints.first().cloned(),
        })
    }));
    notices
}

fn next(args: &Args, report: &TrustInstallReport, global: &Global) -> NextSteps {
    if args.stores.shown_root().is_some() || !report.changed {
        return NextSteps::default();
    }
    let with_file = |command: CommandLine| match &args.file {
        Some(file) if file.as_os_str() != "-" => command.path(file),
        _ => command,
    };
    let command = |words| {
        with_file(CommandLine::new(words))
            .then(&args.stores.words())
            .then(&global.directory_words())
    };
    NextSteps::default()
        .command(&command("gsec trust status"))
        .command(&command("gsec trust uninstall"))
}

/// Putting a new CA into the default stores, as a part of another command.
pub(in crate::cli) struct Trusting {
    stores: StoreArgs,
}

/// Checks, before there is a CA, that it could be trusted here, and that somebody permits it.
pub(in crate::cli) fn trusting(global: &Global, env: &mut Env) -> Result<Trusting, Failure> {
    if !global.yes && !env.terminal.is_interactive() {
        return Err(Failure::usage(
            "`--trust` changes the trust stores of this machine, which needs permission",
        )
        .hint("`--yes` gives it"));
    }
    let stores = StoreArgs::default();
    let chosen = stores.choose(env)?;
    for store in chosen
        .stores
        .iter()
        .filter(|store| store.kind() != StoreKind::Nss)
    {
        truststore::expect_changeable(store, &chosen.machine)?;
    }
    Ok(Trusting { stores })
}

impl Trusting {
    /// Asks, and puts the CA into the stores; `None` where permission was refused.
    pub(in crate::cli) fn install(
        &self,
        anchor: &Anchor,
        global: &Global,
        env: &mut Env,
    ) -> Result<Option<Vec<TrustStoreFacts>>, Failure> {
        anchor.expect_ca_in_date(env.clock.now())?;
        let planned = {
            let chosen = self.stores.choose(env)?;
            let stores = planned(&chosen, anchor, env)?;
            report(true, None, anchor, stores)
        };
        if planned.changed && !permitted(&planned, global, env)? {
            return Ok(None);
        }
        let chosen = self.stores.choose(env)?;
        installed(&chosen, anchor, global, env).map(Some)
    }

    /// The first failure among the stores.
    pub(in crate::cli) fn failure(stores: &[TrustStoreFacts]) -> Option<Failure> {
        failure_of(stores)
    }
}
