//! `gsec fleet render receiver`.

use std::path::PathBuf;

use crate::cli::failure::Failure;
use crate::cli::fleet::inventory_args::InventoryArgs;
use crate::cli::fleet::site::Site;
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::input;
use crate::cli::outcome::{CommandResult, Outcome};
use gsec_deliver::bundle::{Installation, installation_of};
use gsec_deliver::push::{AuthorizedKey, SshUser, receiver_setup};
use gsec_deliver::rollout::FleetHost;
use gsec_env::Env;
use gsec_pki::encoding::visible::visible;

/// Print the script that lets a host receive its bundles over ssh
///
/// Root runs it once on the host, and again after the host's bundles have changed in the inventory. It writes
/// /usr/local/lib/gsec/receive, a file in /etc/gsec/receive.d for each bundle, and a rule for sudo, and prints the line
/// for authorized_keys of the log-in user. With that line, the key can bring certificates of these bundles, and nothing
/// else: what is checked and reloaded, and where files go, is on the host, where only root can change it.
///
/// Of a host with `key = "on-host"` it can also ask for a CSR: the host makes its key, of the kind that this script says, and
/// never hands it out.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec fleet render receiver web1 --inventory fleet.toml
  $ gsec fleet render receiver web1 --inventory fleet.toml --key push.pub > receiver.sh"))]
pub(in crate::cli) struct Args {
    /// The host, as the inventory calls it, or its FQDN
    #[arg(value_name = "HOST")]
    host: String,

    #[command(flatten)]
    inventory: InventoryArgs,

    /// Public key with which bundles will be pushed
    #[arg(long, value_name = "FILE.pub")]
    key: Option<PathBuf>,

    /// The log-in user owns where the files go, so no sudo is needed
    #[arg(long)]
    without_sudo: bool,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let site = Site::open(&args.inventory, global, env)?;
    let fleet = site.fleet(None, env)?;
    let is_meant =
        |host: &&FleetHost<'_>| host.host.name.as_str() == args.host || host.name.value() == args.host;
    let host = fleet.hosts.iter().find(is_meant).ok_or_else(|| unknown(args))?;
    let key = match &args.key {
        Some(path) => {
            let bytes = input::read_settings(path, env)?;
            let key = std::str::from_utf8(&bytes).ok().and_then(AuthorizedKey::parse);
            Some(key.ok_or_else(|| {
                Failure::cannot(
                    "push-key",
                    format!("`{}` is not a public key of OpenSSH", shown(path)),
                )
            })?)
        }
        None => None,
    };
    let user = sudo_user(args, host)?;
    let installations: Vec<(&str, Installation)> = host
        .bundles
        .iter()
        .filter_map(|bundle| {
            let installation = installation_of(&bundle.order, &host.name.value())?;
            Some((bundle.folder.as_str(), installation))
        })
        .collect();
    if installations.is_empty() {
        return Err(Failure::cannot(
            "fleet-no-bundle",
            format!("`{}` has no bundle that it could receive", args.host),
        ));
    }
    let bundles: Vec<(&str, &Installation)> = installations
        .iter()
        .map(|(folder, installation)| (*folder, installation))
        .collect();
    let script = receiver_setup(&bundles, user.as_ref().map(SshUser::as_str), key.as_ref());
    Ok(Outcome::payload(script.into_bytes()))
}

fn unknown(args: &Args) -> Failure {
    let message = format!(
        "the inventory has no host `{}` with a certificate",
        visible(&args.host)
    );
    Failure::cannot("fleet-unknown-host", message)
}

/// Who calls the receiver through sudo; nobody where root logs in, or no sudo is needed.
fn sudo_user(args: &Args, host: &FleetHost<'_>) -> Result<Option<SshUser>, Failure> {
    let named = host.host.push.as_ref().and_then(|push| push.user.as_ref());
    if args.without_sudo || named.is_some_and(|user| user.value == "root") {
        return Ok(None);
    }
    let lacking = || {
        let message = format!("the inventory does not say who logs in to `{}`", args.host);
        Failure::cannot("push-user", message)
            .hint("add `user` to `push` of the host, or pass `--without-sudo`")
    };
    let name = &named.ok_or_else(lacking)?.value;
    // In sudoers(5), ALL is everybody, and a number needs a sign.
    let is_plain =
        |user: &SshUser| user.as_str() != "ALL" && !user.as_str().bytes().all(|byte| byte.is_ascii_digit());
    SshUser::parse(name).filter(is_plain).map(Some).ok_or_else(|| {
        Failure::cannot(
            "push-user",
            format!("`{}` cannot be a user of sudo", visible(name)),
        )
    })
}
