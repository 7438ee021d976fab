//! `gsec cert list`.

use std::cell::RefCell;
use std::ops::ControlFlow;

use serde::Serialize;
use time::Duration;

use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::hint;
use crate::cli::outcome::{CommandResult, Outcome, StreamError};
use crate::cli::value;
use gsec_ca::authority::{Authority, HostPattern, ListDoubts, ListFilter, ListedEntry, StatusFilter};
use gsec_ca::records::{Record, Revocation};
use gsec_env::Env;
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::x509::rfc3339;
use gsec_report::{
    DamagedLineFacts, List, ListForm, ListedCertificate, Notice, damaged_lines_text, notices_text,
    to_list_form,
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
    let (doubts, directory) = (global.doubts(), global.directory_words());
    Ok(Outcome::stream(move |out| {
        let head = Head {
            ca_dir: shown(authority.directory().root()),
        };
        let damaged = RefCell::new(Vec::new());
        let found = RefCell::new(Vec::new());
        let mut rows = |take: Take<'_>| {
            let mut taken = Ok(());
            let doubts = authority.list(&filter, now, &mut |entry| {
                match entry {
                    ListedEntry::Record {
                        record,
                        status,
                        revocation,
                        is_own,
                    } => {
                        let state = (status, revocation.as_ref(), is_own);
                        taken = take(listed(&authority, &record, state, form));
                    }
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
            *found.borrow_mut() = notices(&doubts, &directory);
            taken
        };
        let tail = || {
            let damaged_lines = damaged.take();
            let found = found.take();
            let text = damaged_lines_text(&damaged_lines) + &notices_text(&found);
            (
                Tail {
                    damaged_lines,
                    warnings: doubts.iter().cloned().chain(found).collect(),
                },
                text,
            )
        };
        let list = List {
            schema: "gsec/cert.list/2",
            head: &head,
            rows_name: "certificates",
            empty: "No certificates",
        };
        list.write_from(form, &mut rows, tail, out)
    }))
}

/// What the list does not say by itself.
fn notices(doubts: &ListDoubts, directory: &CommandLine) -> Vec<Notice> {
    let doctor = || {
        let doctor = hint::in_directory("`gsec doctor` says more", directory);
        Some(doctor)
    };
    let unread = doubts.unread.iter().map(|why| Notice {
        code: "revocations_not_read".into(),
        message: format!("{why}: its revocations are not in this list"),
        hint: doctor(),
    });
    let update = || Some(hint::in_directory("`gsec crl update` makes a new one", directory));
    let old = doubts.old_crl.as_ref().map(|old| Notice {
        code: "old_crl".into(),
        message: format!("{old}: clients that have it do not learn of later changes"),
        hint: update(),
    });
    let unknown = doubts.unknown.as_ref().map(|why| Notice {
        code: "revocations_unknown".into(),
        message: format!("{why}, and no later CRL is here: what is listed as valid may have been revoked"),
        hint: doctor(),
    });
    let without_record = doubts.without_record.first().map(|first| {
        let more = match doubts.without_record.len() - 1 {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Notice {
            code: "revoked_without_record".into(),
            message: format!(
                "serial {first}{more}: revoked according to a CRL or the audit log, and ca.db has no record of it"
            ),
            hint: doctor(),
        }
    });
    let lost = (doubts.lost_in_records > doubts.without_record.len() as u64).then(|| Notice {
        code: "revocation_lost".into(),
        message: format!(
            "{} of these are revoked according to a CRL or the audit log, but not in ca.db",
            doubts.lost_in_records - doubts.without_record.len() as u64
        ),
        hint: doctor(),
    });
    unread
        .chain(unknown)
        .chain(old)
        .chain(lost)
        .chain(without_record)
        .collect()
}

/// Takes a row; fails when it cannot be written.
type Take<'a> = &'a mut dyn FnMut(ListedCertificate) -> Result<(), StreamError>;

fn listed(
    authority: &Authority,
    record: &Record,
    (status, revocation, own_ca): (StatusFilter, Option<&Revocation>, bool),
    form: ListForm,
) -> ListedCertificate {
    ListedCertificate {
        serial: record.serial.to_string(),
        status: status.name(),
        subject: if form == ListForm::Text {
            record.readable_subject()
        } else {
            record.subject.clone()
        },
        not_after: rfc3339(record.expiry),
        revoked_at: revocation
            .filter(|revocation| revocation.has_date())
            .map(|revocation| rfc3339(revocation.at)),
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
