//! `gsec trust status`.

use super::stores::{self, Chosen, StoreArgs, ca, facts, failed};
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use gsec_deliver::truststore::{Anchor, Standing, Store, bypassing, look, related_stores};
use gsec_env::Env;
use gsec_pki::encoding::shell::{CommandLine, Prose};
use gsec_report::{BypassFacts, NextSteps, Notice, StoreState, TrustStatusReport, TrustStoreFacts};

/// For programs that do not use the store of the system.
const VARIABLES: &str = "gsec cert bundle, with a host and --for env, writes the CAs and the variables with which most of these programs \
                         find them.";

/// Show where on this machine a CA is trusted
///
/// Checks the trust store of the system and those of the user's browsers, or the stores that are named. A CA is
/// present, absent, present but distrusted, or stale: its file is in place, but what programs read does not
/// contain it. Also lists the programs on this machine that do not use the store of the system. Changes
/// nothing.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec trust status
  $ gsec trust status gsec-ca/ca_conf/ca_cert.pem --store system --json",
    no = "a store does not trust the CA"
))]
pub(in crate::cli) struct Args {
    /// The CA certificate, or its SHA-256; `-` for standard input [default: the root of the CA directory]
    #[arg(value_name = "FILE|SHA256")]
    file: Option<std::path::PathBuf>,

    #[command(flatten)]
    stores: StoreArgs,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let anchor = stores::named_or_known(args.file.as_deref(), global, env)?;
    let chosen = args.stores.choose(env)?;
    let mut ignored = Vec::new();
    let mut found = chosen.each(&anchor, &["status"], env, |store| {
        looked_at(store, &anchor, &chosen, &mut ignored)
    })?;
    // Of a store in which something failed it is not known what it trusts.
    for store in &mut found {
        if store.state == StoreState::Failed {
            store.state = StoreState::Unknown;
        }
    }
    let trusted = found.iter().all(|store| store.state == StoreState::Present);
    let related = chosen.stores.iter().flat_map(related_stores);
    let others = bypassing(&chosen.machine).into_iter().map(|other| BypassFacts {
        program: other.program.into(),
        path: shown(&other.place),
        advice: other.remedy.into(),
    });
    let others: Vec<BypassFacts> = others.collect();
    let next = match others.is_empty() {
        true => next(args, &anchor, trusted, global),
        false => next(args, &anchor, trusted, global).advise(Prose::new(VARIABLES)),
    };
    let report = TrustStatusReport {
        trusted,
        root: args.stores.shown_root(),
        ca: ca(&anchor),
        related: related
            .map(|store| looked_at(&store, &anchor, &chosen, &mut Vec::new()))
            .collect(),
        other_programs: others,
        next,
        stores: found,
    };
    let notices = ignored.iter().map(|file| ignored_file(file)).collect();
    Ok(Outcome::noticed(&report, notices, global).answering(trusted))
}

fn ignored_file(file: &str) -> Notice {
    Notice {
        code: "trust_ignored_file".into(),
        message: format!("`{file}` contains this CA, but the tool of the system ignores it"),
        hint: Some("rename it so that it ends in `.crt`".into()),
    }
}

fn looked_at(
    store: &Store,
    anchor: &Anchor,
    chosen: &Chosen<'_>,
    ignored: &mut Vec<String>,
) -> TrustStoreFacts {
    match look(store, anchor, &chosen.machine, &chosen.passwords) {
        Ok(found) => {
            ignored.extend(found.ignored);
            TrustStoreFacts {
                places: found.places,
                distrusted_by: found.distrusted_by,
                ..facts(store, state_of(found.standing))
            }
        }
        Err(error) => failed(store, StoreState::Unknown, &error),
    }
}

fn state_of(standing: Standing) -> StoreState {
    match standing {
        Standing::Present => StoreState::Present,
        Standing::Absent => StoreState::Absent,
        Standing::Distrusted => StoreState::Distrusted,
        Standing::Stale => StoreState::Stale,
    }
}

fn next(args: &Args, anchor: &Anchor, trusted: bool, global: &Global) -> NextSteps {
    if trusted || anchor.certificate().is_none() || args.stores.shown_root().is_some() {
        return NextSteps::default();
    }
    let install = CommandLine::new("gsec trust install");
    let install = match &args.file {
        Some(file) if file.as_os_str() != "-" => install.path(file),
        Some(_) => return NextSteps::default(),
        None => install.then(&global.directory_words()),
    };
    NextSteps::default().command(&install.then(&args.stores.words()))
}
