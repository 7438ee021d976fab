//! Of what, in which form, and how it is printed.

use serde::Serialize;

use crate::cli::failure::Failure;
use crate::cli::fleet::inventory_args::InventoryArgs;
use crate::cli::global::Global;
use crate::cli::outcome::Outcome;
use gsec_env::Env;
use gsec_platform::finding::{nearest, quoted};
use gsec_platform::fleet::render::{Comment, Rendered, Selected, naming_left_out, select};
use gsec_platform::inventory::Inventory;
use gsec_report::{FleetRenderReport, Notice, to_json};

/// Of which inventory, and of which part.
#[derive(clap::Args)]
pub(super) struct PartArgs {
    /// Only of this application or host [default: all]
    #[arg(value_name = "APP|HOST")]
    name: Option<String>,

    #[command(flatten)]
    inventory: InventoryArgs,
}

impl PartArgs {
    pub(super) fn read(&self, env: &Env) -> Result<Inventory, Failure> {
        self.inventory.read(env)
    }

    /// What is meant by the name.
    pub(super) fn selected<'a>(&self, inventory: &'a Inventory) -> Result<Selected<'a>, Failure> {
        select(inventory, self.name.as_deref()).ok_or_else(|| {
            let name = self.name.as_deref().unwrap_or_default();
            let apps = inventory.apps.iter().map(|app| app.name.as_str());
            let hosts = inventory.hosts.iter().map(|host| host.name.as_str());
            let meant = nearest(name, apps.chain(hosts));
            let failure = Failure::cannot(
                "fleet.unknown_name",
                format!("no application and no host {} in the inventory", quoted(name)),
            );
            meant
                .map(|meant| format!("{} may be meant", quoted(meant)))
                .into_iter()
                .fold(failure, Failure::hint)
        })
    }
}

/// A form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Sh,
    Bat,
    Reg,
    Nft,
    Iptables,
    Netsh,
    Csv,
    Json,
}

impl Format {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sh => "sh",
            Self::Bat => "bat",
            Self::Reg => "reg",
            Self::Nft => "nft",
            Self::Iptables => "iptables",
            Self::Netsh => "netsh",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// The form that was asked for, by its own option or by that of every command.
    pub(super) fn chosen(asked: Option<Self>, usual: Self, global: &Global) -> Result<Self, Failure> {
        match asked {
            None if global.json => Ok(Self::Json),
            Some(other) if global.json && other != Self::Json => {
                let words = format!("`--format {}` cannot be used with `--json`", other.name());
                Err(Failure::usage(words).hint("leave out one of them"))
            }
            asked => Ok(asked.unwrap_or(usual)),
        }
    }
}

/// The rows as a document.
pub(super) fn document<T: Serialize>(
    of: &'static str,
    inventory: &Inventory,
    rendered: &Rendered<T>,
) -> Outcome {
    let rows = rendered
        .rows
        .iter()
        .map(|row| serde_json::to_value(row).expect("a row of texts and numbers serializes"));
    let report = FleetRenderReport {
        of,
        inventory: inventory.source.file().to_owned(),
        rows: rows.collect(),
        left_out: rendered.left_out.clone(),
    };
    Outcome::payload(to_json(&report, &[]).into_bytes())
}

/// A text for another program, which names in comments what is left out; a table has none.
pub(super) fn text_payload(text: &str, format: Format, left_out: &[String]) -> Outcome {
    let text = match format {
        Format::Csv => text.to_owned(),
        Format::Bat | Format::Netsh => naming_left_out(text, Comment::Rem, left_out),
        _ => naming_left_out(text, Comment::Hash, left_out),
    };
    payload(text.into_bytes(), left_out)
}

/// Bytes for another program, and beside them what is left out.
pub(super) fn payload(bytes: Vec<u8>, left_out: &[String]) -> Outcome {
    Outcome {
        warnings: left_out.iter().map(|what| notice(what)).collect(),
        ..Outcome::payload(bytes)
    }
}

fn notice(what: &str) -> Notice {
    Notice {
        code: "left_out".into(),
        message: format!("left out: {what}"),
        hint: None,
    }
}
