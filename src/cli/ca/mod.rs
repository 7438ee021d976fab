//! `gsec ca`: the certification authority itself.

mod accept;
mod adopt;
mod init;
mod lifetime_args;
mod log;
mod new_ca_args;
mod passphrase;
mod rekey;
mod renew;
mod request;
mod show;
mod sign;
mod wizard;

use std::path::Path;

use clap::Subcommand;

use super::global::Global;
use super::lazy::Lazy;
use super::outcome::CommandResult;
use crate::cli::failure::Failure;
use crate::cli::global::shown;
use gsec_ca::authority::Statistics;
use gsec_ca::files::expect_new_output;
use gsec_ca::home::CaDir;
use gsec_env::Env;
use gsec_pki::encoding::sample::Sample;
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::x509::{Certificate, DnsName, NameConstraints, Subtree};
use gsec_report::{CaFiles, Counts, NamedSerials};

pub(super) use new_ca_args::order as init_order;

/// Create, show and adopt a certification authority
#[derive(Subcommand)]
pub(super) enum Command {
    Init(Lazy<init::Args>),
    Request(Lazy<request::Args>),
    Sign(Lazy<sign::Args>),
    Accept(Lazy<accept::Args>),
    Show(Lazy<show::Args>),
    Adopt(Lazy<adopt::Args>),
    Log(Lazy<log::Args>),
    Passphrase(Lazy<passphrase::Args>),
    Renew(Lazy<renew::Args>),
    Rekey(Lazy<rekey::Args>),
}

pub(super) fn run(command: Command, global: &Global, env: &mut Env) -> CommandResult {
    match command {
        Command::Init(args) => init::run(args.take(), global, env),
        Command::Request(args) => request::run(args.take(), global, env),
        Command::Sign(args) => sign::run(&args, global, env),
        Command::Accept(args) => accept::run(&args, global, env),
        Command::Show(args) => show::run(&args, global, env),
        Command::Adopt(args) => adopt::run(&args, global, env),
        Command::Log(args) => log::run(args.take(), global, env),
        Command::Passphrase(args) => passphrase::run(&args, global, env),
        Command::Renew(args) => renew::run(&args, global, env),
        Command::Rekey(args) => rekey::run(&args, global, env),
    }
}

fn counts(statistics: &Statistics) -> Counts {
    let &Statistics {
        valid,
        expiring,
        expired,
        revoked,
        ..
    } = statistics;
    Counts {
        valid,
        expiring,
        expired,
        revoked,
    }
}

/// The files of a new CA.
fn files_of(directory: &CaDir) -> CaFiles {
    CaFiles {
        certificate: shown(&directory.ca_certificate()),
        private_key: shown(&directory.ca_key()),
        openssl_configuration: shown(&directory.openssl_configuration()),
        policy: shown(&directory.policy()),
    }
}

/// The call that issues for a first host, with a name or an address that the CA's certificate permits.
fn first_issue(certificate: &Certificate, global: &Global) -> CommandLine {
    let permitted = || {
        certificate
            .name_constraints()
            .into_iter()
            .flat_map(|constraints| &constraints.permitted)
    };
    let domain = permitted().find_map(|subtree| match subtree {
        Subtree::Dns(domain) if !subtree.is_nothing() => DnsName::parse(domain.trim_start_matches('.')).ok(),
        _ => None,
    });
    let address = permitted().find_map(|subtree| {
        if let Subtree::Ip(block) = subtree {
            Some(block.first_host().to_string())
        } else {
            None
        }
    });
    let host = match (domain, address) {
        (Some(domain), _) => format!("db1.{domain}"),
        (None, Some(address)) => address,
        (None, None) => "db1.example.com".into(),
    };
    CommandLine::new("gsec cert issue --host")
        .value(&host)
        .then(&global.directory_words())
}

/// The permitted and the excluded subtrees of name constraints.
fn subtrees<'a>(constraints: impl IntoIterator<Item = &'a NameConstraints>) -> (Vec<String>, Vec<String>) {
    let mut lists = (Vec::new(), Vec::new());
    for (permitted, excluded) in constraints.into_iter().map(NameConstraints::in_words) {
        lists.0.extend(permitted);
        lists.1.extend(excluded);
    }
    lists
}

fn named(serials: &Sample<String>) -> NamedSerials {
    NamedSerials {
        count: serials.count,
        first: serials.named().to_vec(),
    }
}

/// Finds out before anything is made that a file cannot be written.
fn expect_new_file(path: &Path) -> Result<(), Failure> {
    Ok(expect_new_output(path)?)
}
