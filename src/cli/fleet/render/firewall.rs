//! `gsec fleet render firewall`.

use super::output::{Format, PartArgs, document, text_payload};
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::cli::help::help;
use crate::cli::outcome::CommandResult;
use crate::cli::value;
use gsec_env::Env;
use gsec_platform::fleet::render::{
    firewall_as_csv, firewall_as_iptables, firewall_as_netsh, firewall_as_nft, openings,
};

/// Print firewall rules for the connections of an inventory
///
/// One rule for each connection between two hosts, in the direction in which it is opened, from the client-side port if it
/// has one. Backups of redundant pairs and the Local Control Agents count too, and hosts with the profile `appliance`
/// connect to those with the profile `hub`, port 443. For one host the rules are for its own firewall, otherwise for one
/// between the hosts.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec fleet render firewall
  $ gsec fleet render firewall tsrv1 --format iptables
  $ gsec fleet render firewall tsrv1 --format netsh > rules.bat"))]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    part: PartArgs,

    /// In which form; netsh for one host [default: nft]
    #[arg(long, value_name = "FORMAT", value_parser = value::one_of(&FORMATS, Format::name))]
    format: Option<Format>,

    /// Also drop other connections to the same ports (nft, iptables)
    #[arg(long)]
    drop_others: bool,
}

const FORMATS: [Format; 5] = [
    Format::Nft,
    Format::Iptables,
    Format::Netsh,
    Format::Csv,
    Format::Json,
];

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let format = Format::chosen(args.format, Format::Nft, global)?;
    if args.drop_others && !matches!(format, Format::Nft | Format::Iptables) {
        return Err(Failure::usage(
            "`--drop-others` is for `--format nft` and `--format iptables`",
        ));
    }
    let inventory = args.part.read(env)?;
    let selected = args.part.selected(&inventory)?;
    if format == Format::Netsh && selected.host.is_none() {
        return Err(Failure::usage("`--format netsh` is for the firewall of one host").hint("name the host"));
    }
    let rendered = openings(&inventory, &selected);
    let rows = rendered.rows.as_slice();
    let text = match format {
        Format::Json => return Ok(document("firewall", &inventory, &rendered)),
        Format::Csv => firewall_as_csv(rows),
        Format::Netsh => firewall_as_netsh(rows, &selected),
        Format::Iptables => firewall_as_iptables(rows, &selected, args.drop_others),
        _ => firewall_as_nft(rows, &selected, args.drop_others),
    };
    Ok(text_payload(&text, format, &rendered.left_out))
}
