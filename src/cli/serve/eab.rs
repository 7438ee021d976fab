//! `gsec serve eab`.

use clap::Subcommand;
use time::OffsetDateTime;

use super::order::{EabOrder, GrantedNames, NewEabKey, Server};
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::lazy::Lazy;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::value;
use gsec_env::Env;
use gsec_pki::x509::IpSubnet;

/// Give out keys of external accounts (EAB)
///
/// A key binds ACME accounts to someone (external account binding): a client shows it when it makes its account, and the account may
/// then have what was granted to the key. An account that is there already is bound when its client shows the key. Each change is
/// a line of the audit log first.
#[derive(Subcommand)]
pub(super) enum Command {
    Add(Lazy<AddArgs>),
    List(Lazy<ListArgs>),
    Remove(Lazy<RemoveArgs>),
}

/// Make a key, and print it: this once and never again
///
/// Clients take it as `kid` and HMAC key: certbot as `--eab-kid` and `--eab-hmac-key`. `list` shows everything but the HMAC key.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec serve eab add 'web team' --grant web.example.com
  $ gsec serve eab add db1 --single-use --grant db1.example.com --granted --until 2099-12-31"
))]
pub(super) struct AddArgs {
    /// Whose it is, in your own words
    #[arg(value_name = "NAME")]
    name: String,

    /// It makes one account only
    #[arg(long)]
    single_use: bool,

    /// Until when it makes accounts: `2027-01-31T12:00:00Z` or `2027-01-31`
    #[arg(long, value_name = "TIME", value_parser = value::time)]
    until: Option<OffsetDateTime>,

    /// A domain with everything below it, or a network, that its accounts may have; give it again for each further one
    #[arg(long = "grant", value_name = "DOMAIN|CIDR", value_parser = granted)]
    grants: Vec<GrantedNames>,

    /// Ask for no challenge: the key itself is the proof
    #[arg(long, requires = "grants")]
    granted: bool,
}

/// List the keys, and the accounts that they have made
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec serve eab list
  $ gsec serve eab list --json"
))]
pub(super) struct ListArgs {}

/// Revoke keys, and take back what was granted to them
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec serve eab remove 5q2mZ0c8R3mYb1x2x0cF9A
  $ gsec serve eab remove 5q2mZ0c8R3mYb1x2x0cF9A --json"
))]
pub(super) struct RemoveArgs {
    /// The keys
    #[arg(value_name = "KID", required = true)]
    kids: Vec<String>,
}

fn granted(text: &str) -> Result<GrantedNames, String> {
    if text.contains('/') {
        let network: IpSubnet = value::subnet(text).map_err(|error| error.to_string())?;
        return Ok(GrantedNames::Network(network.to_string()));
    }
    value::domain(text)
        .map(GrantedNames::Below)
        .map_err(|error| error.to_string())
}

pub(super) fn run(
    command: Command,
    global: &Global,
    env: &mut Env,
    server: &'static dyn Server,
) -> CommandResult {
    let directory = global.existing_directory(env)?;
    let order = match command {
        Command::Add(args) => EabOrder::Add(new_key(args.take())),
        Command::List(_) => EabOrder::List,
        Command::Remove(args) => EabOrder::Remove(args.take().kids),
    };
    let report = server.eab(&directory, order, env)?;
    Ok(Outcome {
        must_arrive: report.hmac_key.is_some(),
        ..Outcome::report(&report, &[], global)
    })
}

fn new_key(args: AddArgs) -> NewEabKey {
    NewEabKey {
        name: args.name,
        is_single_use: args.single_use,
        until: args.until,
        granted: args.grants,
        replaces_proof: args.granted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_granted_is_a_domain_or_a_network() {
        let below = GrantedNames::Below("example.com".into());
        assert_eq!(granted("example.com"), Ok(below));
        let network = GrantedNames::Network("10.0.0.0/8".into());
        assert_eq!(granted("10.0.0.0/8"), Ok(network));
        for wrong in ["*.example.com", "10.0.0.1/8", "a b", ""] {
            assert!(granted(wrong).is_err(), "{wrong}");
        }
    }
}
