//! `gsec serve move-key`.

use std::path::PathBuf;

use super::order::{MoveKeyOrder, Server, Whereto};
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::session::login_name;
use gsec_env::Env;

/// Give the CA key a directory and a user of its own, or bring it back
///
/// The process that talks to the network then has no way to the key, to the gsec.toml by which the signer decides, and to
/// the signer's journal. It is for root, while no server runs. Commands that need the key itself, such as
/// `gsec ca rekey`, work again once it is back.
#[derive(clap::Args)]
#[command(
    override_usage = "gsec serve move-key [OPTIONS] --to <DIR> --user <USER>\n       gsec serve move-key [OPTIONS] --from <DIR>"
)]
#[command(after_long_help = help!(
"  $ gsec serve move-key --to /var/lib/gsec-signer --user gsec-signer
  $ gsec serve move-key --from /var/lib/gsec-signer"
))]
pub(super) struct Args {
    #[command(flatten)]
    place: Place,

    /// The user who gets it, by name or number
    #[arg(long, value_name = "USER", requires = "to", required_unless_present = "from")]
    user: Option<String>,
}

#[derive(clap::Args)]
#[group(id = "place", required = true, multiple = false)]
struct Place {
    /// The signer's own directory; it must not exist, or be empty
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,

    /// Bring the key back from there, and the gsec.toml by which the signer has decided
    #[arg(long, value_name = "DIR", conflicts_with = "user")]
    from: Option<PathBuf>,
}

pub(super) fn run(args: &Args, global: &Global, env: &Env, server: &'static dyn Server) -> CommandResult {
    let own = args.place.to.as_ref().or(args.place.from.as_ref());
    let order = MoveKeyOrder {
        directory: global.existing_directory(env)?,
        own: own.cloned().unwrap_or_default(),
        whereto: match &args.user {
            Some(user) => Whereto::Away { user: user.clone() },
            None => Whereto::Back,
        },
        by: login_name(env),
    };
    let report = server.move_key(&order)?;
    Ok(Outcome::report(&report, &[], global))
}
