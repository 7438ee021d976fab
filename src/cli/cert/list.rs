//! `gsec cert list`.

use std::cell::RefCell;
use std::ops::ControlFlow;

use serde::Serialize;
use time::Duration;

use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome, StreamError};
use crate::cli::value;
use gsec_ca::authority::{Authority, HostPattern, ListFilter, ListedEntry, StatusFilter};
use gsec_ca::records::Record;
use gsec_env::Env;
use gsec_pki::x509::rfc3339;
use gsec_report::{
    DamagedLineFacts, List, ListForm, ListedCertificate, Notice, damaged_lines_text, to_list_form,
};

/// List the certificates that the CA has issued
///
/// The output is streamed; listing a million certificates takes no extra memory.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec cert list
  $ gsec cert list --status valid --expires-within 30d
  $ gsec cert list --host '*.example.com' --jsonl"
))]
pub(in crate::cli) struct Args {
    /// Show only certificates with this status; a certificate past its expiry date is expired
    #[arg(long, value_name = "STATUS", value_parser = value::one_of(&StatusFilter::ALL, StatusFilter::name))]
    status: Option<StatusFilter>,

    /// Show only valid certificates that expire within this time: `30d`, `12h`
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    expires_within: Option<Duration>,

    /// Show only certificates with a host name that matches this pattern, with `*` and `?`
    #[arg(long, value_name = "GLOB", value_parser = value::host_pattern)]
    host: Option<HostPattern>,

    /// Show at most N certificates
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    /// Print one JSON document per certificate, each on its own line
    #[arg(long, conflicts_with = "json")]
    jsonl: bool,
}

#[derive(Serialize)]
struct Head {
    ca_dir: String,
}

#[derive(Serialize)]
struct Tail {
    damaged_lines: Vec<DamagedLineFacts>,
    warnings: Vec<Notice>,
}

pub(in crate::cli) fn run(args: Args, global: &Global, env: &mut Env) -> CommandResult {
    let authority = global.open_authority(env)?;
    let filter = ListFilter {
        host: args.host,
        status: args.status,
        expires_within: args.expires_within,
        limit: args.limit,
    };
    let (form, now) = (to_list_form(global.json, args.jsonl), env.clock.now());
    let doubts = global.doubts();
    Ok(Outcome::stream(move |out| {
        let head = Head {
            ca_dir: shown(authority.directory().root()),
        };
        let damaged = RefCell::new(Vec::new());
        let mut rows = |take: Take<'_>| {
            let mut taken = Ok(());
            authority.list(&filter, now, &mut |entry| {
                match entry {
                    ListedEntry::Record {
                        record,
                        status,
                        is_own,
                    } => taken = take(listed(&authority, &record, (status, is_own), form)),
                    ListedEntry::Damaged(line) => damaged.borrow_mut().push(DamagedLineFacts {
                        line: line.line,
                        problem: line.problem,
                    }),
                }
                if taken.is_ok() {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                }
            })?;
            taken
        };
        let tail = || {
            let damaged_lines = damaged.take();
            let text = damaged_lines_text(&damaged_lines);
            (
                Tail {
                    damaged_lines,
                    warnings: doubts.clone(),
                },
                text,
            )
        };
        let list = List {
            schema: "gsec/cert.list/1",
            head: &head,
            rows_name: "certificates",
            empty: "No certificates",
        };
        list.write_from(form, &mut rows, tail, out)
    }))
}

/// Takes a row; fails when it cannot be written.
type Take<'a> = &'a mut dyn FnMut(ListedCertificate) -> Result<(), StreamError>;

fn listed(
    authority: &Authority,
    record: &Record,
    (status, own_ca): (StatusFilter, bool),
    form: ListForm,
) -> ListedCertificate {
    let revocation = record.revocation.as_ref();
    ListedCertificate {
        serial: record.serial.to_string(),
        status: status.name(),
        subject: if form == ListForm::Text {
            record.readable_subject()
        } else {
            record.subject.clone()
        },
        not_after: rfc3339(record.expiry),
        revoked_at: revocation.map(|revocation| rfc3339(revocation.at)),
        own_ca,
        reason: revocation.and_then(|revocation| revocation.reason.clone()),
        // Text does not show it, and looking for a million files takes longer than all the rest.
        file: if form == ListForm::Text {
            None
        } else {
            authority.file_of(&record.serial).as_deref().map(shown)
        },
    }
}
