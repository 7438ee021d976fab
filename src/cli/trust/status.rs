//! `gsec trust status`.

use super::stores::{self, Chosen, StoreArgs, ca, facts, failed};
use crate::cli::failure::Failure;
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use gsec_deliver::truststore::{Anchor, Standing, Store, bypassing, look, related_stores};
use gsec_env::Env;
use gsec_pki::encoding::shell::{CommandLine, Prose};
use gsec_pki::x509::Certificate;
use gsec_report::{BypassFacts, NextSteps, Notice, StoreState, TrustStatusReport, TrustStoreFacts};
use time::OffsetDateTime;

/// For programs that do not use the store of the system.
const VARIABLES: &str = "gsec cert bundle, with a host and --for env, writes the CAs and the variables with which most of these programs \
                         find them.";

/// Show where on this machine a CA is trusted
///
/// Checks the trust store of the system and those of the user's browsers, or the stores that are named. A CA is
/// present, absent, present but distrusted, expired or not yet valid, or stale: its file is in place, but what
/// programs read does not contain it. A store that cannot be read is unknown. Also lists the programs on this
/// machine that do not use the store of the system. Changes nothing.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec trust status
  $ gsec trust status gsec-ca/ca_conf/ca_cert.pem --store system --json",
    no = "a store does not trust the CA; 3 if no store says so, but one could not be read"
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
    let mut looked = Looked {
        now: env.clock.now(),
        chosen: &chosen,
        anchor: &anchor,
        ignored: Vec::new(),
        certificate: None,
    };
    let mut found = chosen.each(&anchor, &["status"], env, |store| looked.at(store))?;
    // Of a store in which something failed it is not known what it trusts.
    for store in &mut found {
        if store.state == StoreState::Failed {
            store.state = StoreState::Unknown;
        }
    }
    let trusted = found.iter().all(|store| store.state == StoreState::Present);
    let could_not_look = could_not_look(&found);
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
        related: related.map(|store| looked.at(&store)).collect(),
        ca: looked
            .certificate
            .take()
            .map_or_else(|| ca(&anchor), |found| ca(&Anchor::of(found))),
        other_programs: others,
        next,
        stores: found,
    };
    let notices = looked.ignored.iter().map(|file| ignored_file(file)).collect();
    let outcome = Outcome::noticed(&report, notices, global);
    Ok(match could_not_look {
        Some(failure) => outcome.lacking(Some(failure)),
        None => outcome.answering(trusted),
    })
}

/// What each store of this machine that is found without being named says of a CA.
pub(in crate::cli) fn of_this_machine(ca: Certificate, env: &Env) -> Result<Vec<TrustStoreFacts>, Failure> {
    let (anchor, chosen) = (Anchor::of(ca), StoreArgs::default().choose(env)?);
    let mut looked = Looked {
        now: env.clock.now(),
        chosen: &chosen,
        anchor: &anchor,
        ignored: Vec::new(),
        certificate: None,
    };
    Ok(chosen.stores.iter().map(|store| looked.at(store)).collect())
}

/// Why there is no answer: none of the stores is without the CA, as far as they could be read.
fn could_not_look(stores: &[TrustStoreFacts]) -> Option<Failure> {
    let is_known = |store: &TrustStoreFacts| store.state == StoreState::Present;
    let is_unknown = |store: &TrustStoreFacts| store.state == StoreState::Unknown;
    if !stores.iter().all(|store| is_known(store) || is_unknown(store)) {
        return None;
    }
    let problem = stores.iter().find(|store| is_unknown(store))?.error.clone()?;
    let failure = Failure::cannot(&problem.code, "");
    Some(Failure { problem, ..failure })
}

fn ignored_file(file: &str) -> Notice {
    Notice {
        code: "trust_ignored_file".into(),
        message: format!("`{file}` contains this CA, but the tool of the system ignores it"),
        hint: Some("rename it so that it ends in `.crt`".into()),
    }
}

/// What looking into stores needs, and what it finds besides.
struct Looked<'a> {
    now: OffsetDateTime,
    chosen: &'a Chosen<'a>,
    anchor: &'a Anchor,
    /// Files that the tool of the system ignores.
    ignored: Vec<String>,
    /// The certificate, where only its SHA-256 was given.
    certificate: Option<Certificate>,
}

impl Looked<'_> {
    fn at(&mut self, store: &Store) -> TrustStoreFacts {
        match look(store, self.anchor, &self.chosen.machine, &self.chosen.passwords) {
            Ok(found) => {
                self.ignored.extend(found.ignored);
                let certificate = self.anchor.certificate().or(found.certificate.as_ref());
                let state = state_of(found.standing, certificate, self.now);
                if self.anchor.certificate().is_none() && self.certificate.is_none() {
                    self.certificate = found.certificate;
                }
                TrustStoreFacts {
                    places: found.places,
                    distrusted_by: found.distrusted_by,
                    ..facts(store, state)
                }
            }
            Err(error) => failed(store, StoreState::Unknown, &error),
        }
    }
}

fn state_of(standing: Standing, certificate: Option<&Certificate>, now: OffsetDateTime) -> StoreState {
    match (standing, certificate) {
        (Standing::Present, Some(certificate)) if certificate.not_after() < now => StoreState::Expired,
        (Standing::Present, Some(certificate)) if certificate.not_before() > now => StoreState::NotYetValid,
        (Standing::Present, _) => StoreState::Present,
        (Standing::Absent, _) => StoreState::Absent,
        (Standing::Distrusted, _) => StoreState::Distrusted,
        (Standing::Stale, _) => StoreState::Stale,
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
