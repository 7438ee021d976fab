//! `gsec cert list`.

use time::Duration;

use crate::authority::{ListFilter, ListedRecord, StatusFilter};
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::value;
use crate::env::Env;
use crate::report::{DamagedLineFacts, ListReport, ListedCertificate};
use crate::x509::rfc3339;

/// List what the CA has issued
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec cert list
  $ gsec cert list --status valid --expires-within 30d
  $ gsec cert list --json"
))]
pub(in crate::cli) struct Args {
    /// Only certificates of this status; one past its end is expired
    #[arg(long, value_name = "STATUS")]
    status: Option<StatusArg>,

    /// Only valid certificates that expire within this time: `30d`, `12h`
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    expires_within: Option<Duration>,

    /// At most so many
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum StatusArg {
    Valid,
    Expired,
    Revoked,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let authority = global.open_authority(env)?;
    let status = args.status.map(|status| match status {
        StatusArg::Valid => StatusFilter::Valid,
        StatusArg::Expired => StatusFilter::Expired,
        StatusArg::Revoked => StatusFilter::Revoked,
    });
    let filter = ListFilter { host: None, status, expires_within: args.expires_within, limit: args.limit };
    let (records, damaged) = authority.list(filter, env.clock.now())?;
    let report = ListReport {
        ca_dir: shown(authority.directory().root()),
        certificates: records.iter().map(listed).collect(),
        damaged_lines: damaged.into_iter().map(|line| DamagedLineFacts { line: line.line, problem: line.problem }).collect(),
    };
    Ok(Outcome::report(&report, &[], global))
}

fn listed(listed: &ListedRecord) -> ListedCertificate {
    let (record, revocation) = (&listed.record, listed.record.revocation.as_ref());
    ListedCertificate {
        serial: record.serial.to_string(),
        status: match listed.status {
            StatusFilter::Valid => "valid",
            StatusFilter::Expired => "expired",
            StatusFilter::Revoked => "revoked",
        },
        subject: record.subject.clone(),
        not_after: rfc3339(record.expiry),
        revoked_at: revocation.map(|revocation| rfc3339(revocation.at)),
        reason: revocation.and_then(|revocation| revocation.reason.clone()),
        file: listed.file.as_deref().map(shown),
    }
}
