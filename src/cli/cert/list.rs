//! `gsec cert list`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::ControlFlow;

use serde::Serialize;
use time::{Duration, OffsetDateTime};

use crate::cli::failure::Failure;
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::hint;
use crate::cli::outcome::{CommandResult, Outcome, StreamError};
use crate::cli::value;
use gsec_ca::authority::{
    Authority, HostPattern, ListDoubts, ListFilter, ListedEntry, Listing, NotRead, StatusFilter,
};
use gsec_ca::records::{Record, Revocation};
use gsec_env::Env;
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::x509::{Certificate, GeneralName, days_left, rfc3339};
use gsec_report::{
    DamagedLineFacts, List, ListForm, ListedCertificate, Notice, damaged_lines_text, notices_text,
    shown_subject, to_list_form,
};

/// How many certificates are read for their names and successors, unless more is asked for: a list of a million takes a second without.
const READ_CERTIFICATES: usize = 1000;

/// List the certificates that the CA has issued
///
/// Names are read from the certificates; of more than 1000, the rest are shown by the subject that
/// ca.db has. The output is streamed; listing a million certificates takes no extra memory.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec cert list
  $ gsec cert list --status valid --expires-within 30d --sort expires
  $ gsec cert list --host '*.example.com' --jsonl"
))]
pub(in crate::cli) struct Args {
    /// Show only certificates with this status; a certificate past its expiry date is expired
    #[arg(long, value_name = "STATUS", value_parser = value::one_of(&StatusFilter::ALL, StatusFilter::name))]
    status: Option<StatusFilter>,

    /// Show only valid certificates that expire within this time: `30d`, `12h`
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    expires_within: Option<Duration>,

    /// Show only certificates with a host name that matches this pattern, with `*` and `?`, or that begins
    /// with this label
    #[arg(long, value_name = "GLOB", value_parser = value::host_pattern)]
    host: Option<HostPattern>,

    /// Show at most N certificates
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    /// Order: issued, as in ca.db, or expires, which keeps the whole list in memory
    #[arg(long, value_name = "ORDER", default_value = "issued")]
    sort: SortArg,

    /// Read the names of every certificate, however many there are
    #[arg(long)]
    names: bool,

    /// Print one JSON document per certificate, each on its own line
    #[arg(long, conflicts_with = "json")]
    jsonl: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum SortArg {
    Issued,
    Expires,
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
    let is_of_valid = matches!(args.status, None | Some(StatusFilter::Valid));
    if args.expires_within.is_some() && !is_of_valid {
        return Err(Failure::usage("`--expires-within` is about valid certificates")
            .hint("leave out `--status`, or say `--status valid`"));
    }
    let authority = global.open_authority(env)?;
    let is_sorted = args.sort == SortArg::Expires;
    let filter = ListFilter {
        host: args.host,
        status: args.status,
        expires_within: args.expires_within,
        limit: args.limit.filter(|_| !is_sorted),
    };
    let (form, now) = (to_list_form(global.json, args.jsonl), env.clock.now());
    let (doubts, directory) = (global.doubts(), global.directory_words());
    let screen = global.screen;
    Ok(Outcome::stream(move |out| {
        let head = Head {
            ca_dir: shown(authority.directory().root()),
        };
        let damaged = RefCell::new(Vec::new());
        let found = RefCell::new(Vec::new());
        let mut rows = |take: Take<'_>| {
            let listing = authority.listing()?;
            let mut gathered = Gathered {
                authority: &authority,
                listing: &listing,
                now,
                form,
                reads_all_names: args.names,
                is_sorted,
                count: 0,
                not_read: NotRead::default(),
                waiting: Some(Vec::new()),
            };
            let mut taken = Ok(());
            let doubts = listing.visit(&filter, now, &mut |entry| {
                match entry {
                    ListedEntry::Record {
                        record,
                        status,
                        revocation,
                        is_own,
                    } => {
                        let state = (status, revocation.as_ref(), is_own);
                        taken = gathered.add(&record, state, take);
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
            *found.borrow_mut() = notices(&doubts, &gathered.not_read, &directory);
            taken?;
            gathered.finish(args.limit.filter(|_| is_sorted), take)
        };
        let tail = || {
            let damaged_lines = damaged.take();
            let found = found.take();
            let text = damaged_lines_text(&damaged_lines, screen) + &notices_text(&found, screen);
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
            screen,
        };
        list.write_from(form, &mut rows, tail, out)
    }))
}

/// Rows on their way to the output. The first ones wait until it is known whether they are all: then it is worth asking what came after each.
struct Gathered<'a> {
    authority: &'a Authority,
    listing: &'a Listing<'a>,
    now: OffsetDateTime,
    form: ListForm,
    reads_all_names: bool,
    is_sorted: bool,
    count: usize,
    /// What was to be read for its names.
    not_read: NotRead,
    /// `None` once rows are written as they come.
    waiting: Option<Vec<ListedCertificate>>,
}

impl Gathered<'_> {
    fn add(&mut self, record: &Record, state: State<'_>, take: Take<'_>) -> Result<(), StreamError> {
        let is_read = self.reads_all_names || self.count < READ_CERTIFICATES;
        let certificate = is_read.then(|| self.authority.issued_certificate(&record.serial));
        let certificate = certificate.and_then(|read| self.not_read.noting(read));
        self.count += 1;
        let row = listed(
            self.authority,
            record,
            certificate.as_ref(),
            state,
            self.form,
            self.now,
        );
        let Some(waiting) = &mut self.waiting else {
            return take(row);
        };
        waiting.push(row);
        if waiting.len() <= READ_CERTIFICATES || self.is_sorted {
            return Ok(());
        }
        let rows = self.waiting.take().unwrap_or_default();
        rows.into_iter().try_for_each(take)
    }

    fn finish(mut self, limit: Option<usize>, take: Take<'_>) -> Result<(), StreamError> {
        let mut rows = self.waiting.take().unwrap_or_default();
        if rows.len() <= READ_CERTIFICATES && rows.iter().any(|row| row.status == "valid") {
            self.find_successors(&mut rows)?;
        }
        if self.is_sorted {
            rows.sort_by(|one, other| one.not_after.cmp(&other.not_after));
        }
        rows.into_iter()
            .take(limit.unwrap_or(usize::MAX))
            .try_for_each(take)
    }

    /// Finds for each valid certificate the newest valid one that was issued later for the same subject and has all its names.
    fn find_successors(&self, rows: &mut [ListedCertificate]) -> Result<(), StreamError> {
        let mut by_subject: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, row) in rows.iter().enumerate().filter(|(_, row)| row.status == "valid") {
            by_subject.entry(row.subject.clone()).or_default().push(at);
        }
        let mut is_past = vec![false; rows.len()];
        let subjects = by_subject.keys().cloned().collect();
        self.listing.visit_valid(&subjects, self.now, &mut |record| {
            let Some(same) = by_subject.get(&record.subject) else {
                return;
            };
            let serial = record.serial.to_string();
            let names = same
                .iter()
                .any(|at| is_past[*at])
                .then(|| self.authority.issued_certificate(&record.serial).ok().flatten())
                .flatten()
                .map(|certificate| names_of(&certificate));
            for at in same {
                let row = &mut rows[*at];
                if row.serial == serial {
                    is_past[*at] = true;
                    row.superseded_by = None;
                } else if is_past[*at]
                    && let (Some(own), Some(names)) = (&row.names, &names)
                    && own.iter().all(|name| names.contains(name))
                {
                    row.superseded_by = Some(serial.clone());
                }
            }
        })?;
        Ok(())
    }
}

fn names_of(certificate: &Certificate) -> Vec<String> {
    let names = certificate.subject_alternative_names().unwrap_or_default();
    names.iter().map(ToString::to_string).collect()
}

/// What the list does not say by itself.
fn notices(doubts: &ListDoubts, listed: &NotRead, directory: &CommandLine) -> Vec<Notice> {
    let doctor = || {
        let doctor = hint::in_directory("`gsec doctor` says more", directory);
        Some(doctor)
    };
    let unread = doubts.unread.iter().map(|why| Notice {
        code: "revocations_not_read".into(),
        message: format!("{why}: its revocations are not in this list"),
        hint: doctor(),
    });
    let not_read = [
        (
            &doubts.not_read,
            "its names are unknown, and it is not in this list",
        ),
        (
            listed,
            "its names are unknown: it is listed by its subject in ca.db",
        ),
    ];
    let not_read = not_read.into_iter().filter_map(|(not_read, consequence)| {
        let more = match not_read.count.saturating_sub(1) {
            0 => String::new(),
            more => format!("; the same is true of {more} more"),
        };
        Some(Notice {
            code: "certificates_not_read".into(),
            message: format!("{}: {consequence}{more}", not_read.first.as_ref()?),
            hint: doctor(),
        })
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
        .chain(not_read)
        .chain(unknown)
        .chain(old)
        .chain(lost)
        .chain(without_record)
        .collect()
}

/// Takes a row; fails when it cannot be written.
type Take<'a> = &'a mut dyn FnMut(ListedCertificate) -> Result<(), StreamError>;

/// Status, the revocation that holds, and whether it is the CA itself.
type State<'a> = (StatusFilter, Option<&'a Revocation>, bool);

fn listed(
    authority: &Authority,
    record: &Record,
    certificate: Option<&Certificate>,
    (status, revocation, own_ca): State<'_>,
    form: ListForm,
    now: OffsetDateTime,
) -> ListedCertificate {
    // Where the index has no date that can be read, the end is that of certificates that have none (RFC 5280 §4.1.2.5).
    let days_left = (record.expiry.year() < 9999).then(|| days_left(record.expiry, now));
    ListedCertificate {
        serial: record.serial.to_string(),
        status: status.name(),
        title: if form == ListForm::Text {
            title(record, certificate)
        } else {
            String::new()
        },
        subject: record.subject.clone(),
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
        names: certificate.map(names_of),
        days_left,
        superseded_by: None,
    }
}

/// The names in a certificate without their kinds, or else its subject; that of the index where the certificate was not read.
fn title(record: &Record, certificate: Option<&Certificate>) -> String {
    let Some(certificate) = certificate else {
        return shown_subject(&record.readable_subject()).to_owned();
    };
    let names = certificate.subject_alternative_names().unwrap_or_default();
    if names.is_empty() {
        certificate.subject().to_string()
    } else {
        let values: Vec<String> = names.iter().map(GeneralName::value).collect();
        values.join(", ")
    }
}
