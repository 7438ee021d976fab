//! `gsec fleet import`.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::inventory_args::utf8;
use crate::cli::failure::Failure;
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::input;
use crate::cli::outcome::{CommandResult, Outcome};
use gsec_ca::authority::{Authority, ListFilter, ListedEntry, StatusFilter};
use gsec_ca::files::{self, Access, Existing, FilesError, write_output};
use gsec_ca::records::host_names;
use gsec_env::Env;
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::x509::{Certificate, GeneralName};
use gsec_platform::finding::quoted;
use gsec_platform::fleet::import::{
    CertifiedHost, Draft, ExportError, TableError, from_certificates, from_export, from_table, write,
};
use gsec_report::{FleetImportReport, NextSteps};

/// Make an inventory from a CA, a Configuration Server export or a table
///
/// Without --json-export and --csv, the hosts are those for which the CA directory (--ca-dir) has certificates, each as its
/// newest certificate has it. Everything doubtful is a comment `# gsec: …` in the inventory. Passwords, and options that
/// have nothing to do with TLS, are not copied.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec fleet import --ca-dir gsec-ca --out new.toml
  $ gsec fleet import --json-export export.json --out new.toml
  $ gsec fleet import --csv ports.csv"))]
pub(in crate::cli) struct Args {
    /// An export of Configuration Server in JSON, as the program mutagen writes it; `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "csv")]
    json_export: Option<PathBuf>,

    /// A table with the columns host, fqdn, address, platform, app, port_id, port, mode; `-` for standard input
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,

    /// Write to this new file [default: standard output]
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    out: Option<PathBuf>,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let out = args
        .out
        .as_deref()
        .filter(|path| path.as_os_str() != "-" && !files::is_standard_output(path));
    if global.json && out.is_none() {
        return Err(Failure::usage(
            "both the inventory and the document of `--json` would go to standard output",
        )
        .hint("pass a file with `--out`"));
    }
    let draft = draft(args, out, global, env)?;
    let text = write(&draft);
    let Some(path) = out else {
        return Ok(Outcome::payload(text.into_bytes()));
    };
    write_output(path, Access::Public, text.as_bytes(), Existing::Keep).map_err(|error| match error {
        FilesError::WouldReplace(_) => {
            Failure::from(error).with_hints(vec!["choose another path for `--out`".into()])
        }
        error => error.into(),
    })?;
    let report = FleetImportReport {
        file: shown(path),
        source: draft.origin,
        hosts: draft.hosts.len(),
        applications: draft.apps.len(),
        pairs: draft.pairs.len(),
        doubts: text.lines().filter(|line| line.starts_with("# gsec: ")).count(),
        next: NextSteps::default().command(&CommandLine::new("gsec fleet check --inventory").path(path)),
    };
    Ok(Outcome::report(&report, &[], global))
}

fn draft(args: &Args, out: Option<&Path>, global: &Global, env: &Env) -> Result<Draft, Failure> {
    let named = |path: &Path| shown(path);
    let draft = match (&args.json_export, &args.csv) {
        (Some(path), _) => Draft {
            origin: named(path),
            ..from_export(&input::read_settings(path, env)?).map_err(|error| no_export(path, &error))?
        },
        (None, Some(path)) => {
            let bytes = input::read_settings(path, env)?;
            let text = utf8(&bytes, &shown(path), "csv")?;
            Draft {
                origin: named(path),
                ..from_table(text).map_err(|error| no_table(path, error))?
            }
        }
        (None, None) => {
            let authority = global.open_authority(env)?;
            let root = authority.directory().root();
            return Ok(Draft {
                origin: format!("the certificates in {}", shown(root)),
                ca_dir: beside(out, root),
                ..of_authority(&authority, env)?
            });
        }
    };
    Ok(Draft {
        ca_dir: global
            .ca_dir
            .as_deref()
            .and_then(|directory| beside(out, directory)),
        ..draft
    })
}

fn no_export(path: &Path, error: &ExportError) -> Failure {
    let failure = Failure::cannot("fleet.no_export", format!("`{}`: {error}", shown(path)));
    match error {
        ExportError::Json(why) => failure.because(why.to_string()),
        ExportError::Other => failure.hint("export with `mutagen config export --format=JSON`"),
    }
}

fn no_table(path: &Path, error: TableError) -> Failure {
    let failure = Failure::cannot("fleet.no_table", format!("`{}`: {error}", shown(path)));
    match error {
        TableError::Column {
            meant: Some(meant), ..
        } => failure.hint(format!("`{meant}` may be meant")),
        _ => failure,
    }
}

/// The CA directory as an inventory beside `out` names it: relative where it is below, so that both can move together.
fn beside(out: Option<&Path>, directory: &Path) -> Option<String> {
    let folder = match out.and_then(Path::parent) {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let whole = |path: &Path| {
        std::fs::canonicalize(path)
            .or_else(|_| std::path::absolute(path))
            .ok()
    };
    let (folder, directory) = (whole(folder)?, whole(directory)?);
    let relative = match directory.strip_prefix(&folder) {
        Ok(same) if same.as_os_str().is_empty() => Path::new("."),
        Ok(below) => below,
        Err(_) => &directory,
    };
    relative.to_str().map(str::to_owned)
}

/// The hosts of a CA's certificates that are not revoked.
fn of_authority(authority: &Authority, env: &Env) -> Result<Draft, Failure> {
    let mut certified: Vec<CertifiedHost> = Vec::new();
    let (mut revoked, mut doubts) = (BTreeSet::new(), Vec::new());
    authority
        .listing()?
        .visit(&ListFilter::default(), env.clock.now(), &mut |entry| {
            match entry {
                ListedEntry::Record {
                    record,
                    status,
                    is_own: false,
                    ..
                } => {
                    let serial = record.serial.to_string();
                    match authority.issued_certificate(&record.serial) {
                        Ok(Some(certificate)) if certificate.is_authority() => (),
                        Ok(Some(certificate)) if status == StatusFilter::Revoked => {
                            revoked.extend(host_names(&certificate).first().map(GeneralName::value));
                        }
                        _ if status == StatusFilter::Revoked => (),
                        Ok(Some(certificate)) => certified.push(host(&certificate, &serial, status)),
                        Err(why) => {
                            doubts.push(format!("serial {serial}, {}: {why}", quoted(&record.subject)))
                        }
                        Ok(None) => doubts.push(format!(
                            "serial {serial}, {}: its certificate is not in the repository",
                            quoted(&record.subject)
                        )),
                    }
                }
                ListedEntry::Record { .. } => (),
                // The record comes next where there is one.
                ListedEntry::Damaged(damaged) => {
                    doubts.push(format!("line {} of ca.db: {}", damaged.line, damaged.problem))
                }
            }
            ControlFlow::Continue(())
        })?;
    for name in certified.iter().flat_map(|host| &host.names) {
        revoked.remove(&name.value());
    }
    doubts.extend(
        revoked
            .iter()
            .map(|name| format!("{} has revoked certificates alone, and is left out", quoted(name))),
    );
    let draft = from_certificates(certified);
    doubts.extend(draft.doubts.iter().cloned());
    Ok(Draft { doubts, ..draft })
}

fn host(certificate: &Certificate, serial: &str, status: StatusFilter) -> CertifiedHost {
    let mut names = host_names(certificate);
    let common: Vec<GeneralName> = certificate
        .subject()
        .common_names()
        .iter()
        .filter_map(|name| GeneralName::parse_host(name).ok())
        .collect();
    // Stable: all else stays in the order of the certificate.
    names.sort_by_key(|name| !common.contains(name));
    let is_expired = status == StatusFilter::Expired;
    CertifiedHost {
        serial: serial.to_owned(),
        names,
        key: certificate.public_key().algorithm(),
        doubts: is_expired
            .then(|| format!("its certificate, serial {serial}, has expired"))
            .into_iter()
            .collect(),
    }
}
