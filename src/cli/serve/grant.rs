//! `gsec serve grant`.

use clap::Subcommand;
use time::OffsetDateTime;

use super::order::{GrantOrder, GrantedNames, Grantee, NewGrant, Server};
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::lazy::Lazy;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::value;
use gsec_env::Env;
use gsec_pki::x509::{GeneralName, IpSubnet};

/// Say who may have certificates for which names
///
/// Without a grant there is no certificate. What is changed counts at once, also while the server runs: an order that is open
/// is refused too when its grant is removed. Certificates that were issued stay valid: `gsec cert revoke`. Each change is a line
/// of the audit log first.
#[derive(Subcommand)]
pub(super) enum Command {
    Add(Lazy<AddArgs>),
    List(Lazy<ListArgs>),
    Remove(Lazy<RemoveArgs>),
}

/// Grant names to everyone, an account, or the accounts of an EAB key
///
/// Hosts prove that they control a name by a challenge, unless `--granted` says that the grant itself is the proof.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec serve grant add --name example.com
  $ gsec serve grant add --exact db1.example.com --max-days 30
  $ gsec serve grant add --network 10.0.0.0/8"
))]
pub(super) struct AddArgs {
    /// A domain: it and everything below it, wildcards too; give it again for each further one
    #[arg(long = "name", value_name = "DOMAIN", value_parser = value::domain)]
    names: Vec<String>,

    /// One name, one wildcard or one address
    #[arg(long, value_name = "NAME", value_parser = value::host)]
    exact: Vec<GeneralName>,

    /// The addresses of a network
    #[arg(long, value_name = "CIDR", value_parser = value::subnet)]
    network: Vec<IpSubnet>,

    /// A profile that may be asked for; the default profile when none is given
    #[arg(long = "profile", value_name = "NAME")]
    profiles: Vec<String>,

    /// The longest lifetime of a certificate, in days
    #[arg(long, value_name = "N", value_parser = value::days)]
    max_days: Option<u32>,

    /// Ask for no challenge: anyone who has the account may have these names
    #[arg(long, requires = "to")]
    granted: bool,

    #[command(flatten)]
    to: To,

    /// Until when it counts: `2027-01-31T12:00:00Z` or `2027-01-31`
    #[arg(long, value_name = "TIME", value_parser = value::time)]
    until: Option<OffsetDateTime>,
}

/// To whom; everyone when nobody is named.
#[derive(clap::Args)]
#[group(id = "to", multiple = false)]
struct To {
    /// To the accounts that this EAB key has made, and makes
    #[arg(long, value_name = "KID")]
    eab: Option<String>,

    /// To this account: the last part of its URL
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    account: Option<String>,
}

/// List what is granted
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec serve grant list
  $ gsec serve grant list --json"
))]
pub(super) struct ListArgs {}

/// Take grants back; `grant list` has their ids
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec serve grant remove 5q2mZ0c8R3mYb1x2x0cF9A
  $ gsec serve grant remove 5q2mZ0c8R3mYb1x2x0cF9A dW9vd3JlZ3JhbnRzMTIzNA"
))]
pub(super) struct RemoveArgs {
    /// The grants
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
}

pub(super) fn run(
    command: Command,
    global: &Global,
    env: &mut Env,
    server: &'static dyn Server,
) -> CommandResult {
    let directory = global.existing_directory(env)?;
    let order = match command {
        Command::Add(args) => GrantOrder::Add(new_grant(args.take())?),
        Command::List(_) => GrantOrder::List,
        Command::Remove(args) => GrantOrder::Remove(args.take().ids),
    };
    let report = server.grant(&directory, order, env)?;
    Ok(Outcome::report(&report, &[], global))
}

fn new_grant(args: AddArgs) -> Result<NewGrant, Failure> {
    let below = args.names.into_iter().map(GrantedNames::Below);
    let exact = args.exact.iter().map(|name| GrantedNames::Exact(name.value()));
    let networks = args
        .network
        .iter()
        .map(|network| GrantedNames::Network(network.to_string()));
    let names: Vec<GrantedNames> = below.chain(exact).chain(networks).collect();
    if names.is_empty() {
        return Err(Failure::usage("a grant is for names, and none is given")
            .hint("pass `--name example.com`, `--exact db1.example.com` or `--network 10.0.0.0/8`"));
    }
    Ok(NewGrant {
        to: match (args.to.eab, args.to.account) {
            (Some(kid), _) => Grantee::Eab(kid),
            (None, Some(account)) => Grantee::Account(account),
            (None, None) => Grantee::Everyone,
        },
        names,
        profiles: args.profiles,
        max_lifetime_days: args.max_days,
        replaces_proof: args.granted,
        until: args.until,
    })
}
