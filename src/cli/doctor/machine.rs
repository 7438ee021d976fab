//! This machine as target of `gsec doctor`.

use std::path::{Path, PathBuf};

use super::Args;
use super::files::Files;
use crate::cli::failure::Failure;
use crate::cli::trust::{of_this_machine, root_of};
use gsec_doctor::checks::machine::{Deployment, Facts, Libraries, Standing, TrustStores, diagnose};
use gsec_doctor::checks::{Examination, Expiry, Selection, TRUST_STORES, TargetKind};
use gsec_doctor::facts::{Origin, certificates_in, libraries, names, system};
use gsec_env::Env;
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::x509::GeneralName;
use gsec_report::StoreState;

/// The code of the failure where there is no store that could be looked into.
const NO_STORE: &str = "trust-no-store";

/// Options for this machine.
#[derive(clap::Args)]
#[command(next_help_heading = "This machine")]
pub(super) struct MachineArgs {
    /// The directory that must contain the host's certificate and the CA certificate
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,

    /// A library that must be found, `ssl` or `libssl.so.3`; can be repeated
    #[arg(long, value_name = "NAME")]
    pub library: Vec<String>,

    /// Take the search paths for libraries from this process [default: from the environment]
    #[arg(long, value_name = "PID", conflicts_with = "script")]
    pub pid: Option<u32>,

    /// Take the search paths for libraries from this start script
    #[arg(long, value_name = "FILE")]
    pub script: Option<PathBuf>,

    /// Read the operating system from this file, which may be from another machine [default: /etc/os-release]
    #[arg(long, value_name = "FILE")]
    pub os_release: Option<PathBuf>,
}

impl MachineArgs {
    /// Whether any option is given that applies only to the machine.
    pub(super) fn are_given(&self) -> bool {
        self.dir.is_some()
            || !self.library.is_empty()
            || self.pid.is_some()
            || self.script.is_some()
            || self.os_release.is_some()
    }

    fn libraries(&self, env: &Env) -> Result<Libraries, Failure> {
        let origin = match (self.pid, &self.script) {
            (Some(number), _) => Origin::Process(number),
            (None, Some(script)) => Origin::Script(script),
            (None, None) => Origin::Environment(env.variable),
        };
        Ok(libraries(&origin, &self.library)?)
    }
}

pub(super) fn examine(
    files: &Files,
    selection: &Selection,
    args: &Args,
    env: &Env,
) -> Result<Examination, Failure> {
    let machine = &args.machine;
    let mut facts = Facts {
        libraries: Some(machine.libraries(env)?),
        system: system(machine.os_release.as_deref())?,
        ..Facts::default()
    };
    let (trust, unread) = match is_default(args) {
        true => trust(files, env),
        false => (None, Vec::new()),
    };
    facts.trust = trust;
    facts.names = (!args.server.connection.no_dns).then(names);
    facts.deployment = machine
        .dir
        .as_deref()
        .map(|folder| deployment(folder, &facts, files, args))
        .transpose()?;
    let expiries = facts
        .deployment
        .iter()
        .flat_map(|deployment| &deployment.certificates)
        .map(Expiry::from)
        .collect();
    let diagnosis = diagnose(&facts, selection);
    let not_read = unread.iter().map(|why| ("not read", why.clone()));
    Ok(Examination {
        target: "this machine".into(),
        kind: TargetKind::Machine,
        facts: seen(&facts).into_iter().chain(not_read).collect(),
        expiries,
        not_checked: (!unread.is_empty()).then_some(TRUST_STORES).into_iter().collect(),
        is_unseen: false,
        summary: None,
        diagnosis,
    })
}

/// Whether nothing is named, so that it is about this machine and its CA.
fn is_default(args: &Args) -> bool {
    args.targets.is_empty() && !args.machine.are_given()
}

/// What the trust stores say of the local CA, and why of some of them nothing is known.
fn trust(files: &Files, env: &Env) -> (Option<TrustStores>, Vec<String>) {
    let option = files.trust().and_then(|trust| trust.ca_option.clone());
    let Some(((authority, _), option)) = files.known().1.zip(option) else {
        return (None, Vec::new());
    };
    let root = root_of(authority);
    let subject = root.subject().to_string();
    let stores = match of_this_machine(root, env) {
        Ok(stores) => stores,
        // A machine may have none.
        Err(failure) if failure.problem.code == NO_STORE => return (None, Vec::new()),
        Err(failure) => return (None, vec![failure.problem.message]),
    };
    let (mut known, mut unread) = (Vec::new(), Vec::new());
    for store in stores {
        let name = match store.layout {
            Some(_) => "the store of the system".to_owned(),
            None => format!("{} `{}`", store.kind, store.path),
        };
        match (standing(store.state), store.error) {
            (Some(standing), _) => known.push((name, standing)),
            (None, Some(problem)) => unread.push(problem.message),
            (None, None) => unread.push(name),
        }
    }
    let trust = TrustStores {
        subject,
        stores: known,
        install: CommandLine::new("gsec trust install").then(&option),
    };
    (Some(trust), unread)
}

fn standing(state: StoreState) -> Option<Standing> {
    match state {
        StoreState::Present => Some(Standing::Trusted),
        StoreState::Absent => Some(Standing::Absent),
        StoreState::Distrusted => Some(Standing::Broken("it is marked as not to be trusted")),
        StoreState::Expired => Some(Standing::Broken("its certificate has expired")),
        StoreState::NotYetValid => Some(Standing::Broken("its certificate is not valid yet")),
        StoreState::Stale => Some(Standing::Broken(
            "its file is there, and what programs read does not contain it",
        )),
        _ => None,
    }
}

fn deployment(folder: &Path, facts: &Facts, files: &Files, args: &Args) -> Result<Deployment, Failure> {
    let own = || {
        facts
            .names
            .iter()
            .flat_map(|names| names.canonical.iter().chain([&names.own]).cloned())
            .filter(|name| name.contains('.'))
    };
    let trust = files.trust();
    Ok(Deployment {
        folder: folder.to_owned(),
        certificates: certificates_in(folder)?,
        hosts: args
            .name
            .as_ref()
            .map_or_else(|| own().take(1).collect(), |name| vec![GeneralName::value(name)]),
        authority: trust.and_then(|trust| Some((trust.ca_certificate.clone()?, trust.own.first()?.clone()))),
        ca_option: trust.and_then(|trust| trust.ca_option.clone()),
    })
}

/// What is worth showing.
fn seen(facts: &Facts) -> Vec<(&'static str, String)> {
    let mut seen = Vec::new();
    if let Some(names) = &facts.names {
        seen.push(("own name", names.own.clone()));
        seen.extend(names.canonical.iter().map(|name| ("whole name", name.clone())));
        let address = |(address, name): &(std::net::IpAddr, Option<String>)| {
            format!("{address} ({})", name.as_deref().unwrap_or("no name"))
        };
        seen.extend(
            names
                .addresses
                .iter()
                .flatten()
                .map(|found| ("address", address(found))),
        );
    }
    seen.extend(facts.system.iter().map(|system| ("system", system.name.clone())));
    if let Some(libraries) = &facts.libraries {
        let folders = |path: &gsec_doctor::checks::machine::SearchPath| {
            path.folders
                .iter()
                .map(|(folder, _)| folder.display().to_string())
                .collect::<Vec<_>>()
                .join(":")
        };
        seen.extend(
            libraries
                .paths
                .iter()
                .map(|path| ("search path", format!("{}={}", path.variable, folders(path)))),
        );
        seen.extend(
            libraries
                .wanted
                .iter()
                .filter_map(|(_, found)| Some(("library", found.as_ref()?.display().to_string()))),
        );
    }
    seen
}
