//! `gsec cert issue --from`: many hosts in one call.

use std::num::NonZero;
use std::path::PathBuf;

use super::issue;
use crate::authority::{Authority, Batch, Delivery, HostKey, HostOrder, IssuedRow, RowResult, Warning};
use crate::cli::delivery_args::warning_of_password;
use crate::cli::failure::{self, Failure, Kind};
use crate::cli::global::{Global, digits, shown};
use crate::cli::hint;
use crate::cli::input;
use crate::cli::order_args::host_order;
use crate::cli::outcome::{CommandResult, Outcome, StreamError, notice};
use crate::cli::progress::Progress;
use crate::encoding::hex::{Separator, encode};
use crate::env::{Env, StopSignal};
use crate::hostlist::{HostEntry, Row, decode_host_list};
use crate::key::KeyAlgorithm;
use crate::report::{BatchCounts, BatchHead, BatchRow, BatchTail, List, ListForm, Notice, RowFailure, to_list_form};
use crate::store::system_words;
use crate::x509::{AttributeKind, Lifetime, NameAttribute, rfc3339};

/// So many different hints are given in the end; each failed row has its own in the document.
const MAX_HINTS: usize = 5;

/// Where the hosts come from, and how they are worked through.
#[derive(clap::Args, Default)]
#[command(next_help_heading = "Many hosts")]
pub(in crate::cli) struct ListArgs {
    /// Issue for every host of a list: CSV with a header, JSON or TOML; `-` reads standard input
    ///
    /// The columns are host, cn, san, profile, days, lifetime, not_after, key_type, key_size, ou, org, locality, state, country and
    /// friendly_name; what a row leaves empty is as the other options say. A host that has such a certificate already, with its
    /// files, gets no new one, so the call can be repeated.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["host", "san", "cn", "key", "stdout", "friendly_name", "password"])]
    pub from: Option<PathBuf>,

    /// How many keys are made at once [default: one for each processor]
    #[arg(long, value_name = "N", requires = "from", conflicts_with = "host")]
    jobs: Option<NonZero<usize>>,

    /// Go on when a row fails; this is the default
    #[arg(long, requires = "from", conflicts_with_all = ["fail_fast", "host"])]
    keep_going: bool,

    /// Begin nothing more after the first row that fails
    #[arg(long, requires = "from", conflicts_with = "host")]
    fail_fast: bool,

    /// Issue for hosts as well that have such a certificate
    #[arg(long, requires = "from", conflicts_with = "host")]
    again: bool,
}

/// What a row gets that leaves it open.
struct Defaults {
    profile: String,
    lifetime: Option<Lifetime>,
    key: KeyAlgorithm,
    subject: Vec<NameAttribute>,
}

impl Defaults {
    fn order(&self, entry: &HostEntry) -> HostOrder {
        let profile = entry.profile.as_deref().unwrap_or(&self.profile);
        let mut order = host_order(entry.host.clone(), HostKey::Generate(entry.key.unwrap_or(self.key)), profile);
        order.further_names.clone_from(&entry.further_names);
        order.common_name.clone_from(&entry.common_name);
        order.friendly_name.clone_from(&entry.friendly_name);
        order.lifetime = entry.lifetime.or(self.lifetime);
        let is_given = |kind: AttributeKind| entry.subject.iter().any(|attribute| attribute.kind() == kind);
        order.subject = self.subject.iter().filter(|attribute| !is_given(attribute.kind())).chain(&entry.subject).cloned().collect();
        order
    }
}

/// What came of the whole list.
struct Done {
    /// By row; `None` where nothing was begun, or the row does not read.
    results: Vec<Option<RowResult>>,
    audit_head: Option<String>,
    warnings: Vec<Warning>,
    interrupted_by: Option<StopSignal>,
}

pub(super) fn run(args: &issue::Args, list: &std::path::Path, global: &Global, env: &mut Env) -> CommandResult {
    let authority = global.open_authority(env)?;
    let file_name = list.file_name().map(|name| name.to_string_lossy().into_owned());
    let rows = decode_host_list(&input::read_list(list, env)?, file_name.as_deref()).map_err(|error| failure::of_list(&shown(list), &error))?.rows;
    if let Some(profile) = &args.profile.profile {
        authority.policy().profile(profile)?;
    }
    let defaults = Defaults {
        profile: args.profile.name().to_owned(),
        lifetime: args.lifetime.asked(),
        key: args.key.kind.algorithm()?,
        subject: args.subject.parts.attributes().collect(),
    };
    let delivery = issue::delivery(args, env)?;
    let done = work(args, &authority, &rows, &defaults, &delivery, global, env)?;
    outcome(args, list, authority, rows, delivery, done, global)
}

/// Finds out what is to be done, and does it unless this is a dry run. The CA key is opened only when there is something to issue.
fn work(
    args: &issue::Args,
    authority: &Authority,
    rows: &[Row],
    defaults: &Defaults,
    delivery: &Delivery,
    global: &Global,
    env: &mut Env,
) -> Result<Done, Failure> {
    let readable: Vec<usize> = (0..rows.len()).filter(|row| rows[*row].entry.is_ok()).collect();
    let order = |row: usize| defaults.order(rows[row].entry.as_ref().expect("only rows that read are worked on"));
    let cores = || std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    let batch = Batch { order: &order, delivery, jobs: args.list.jobs.unwrap_or_else(cores), fail_fast: args.list.fail_fast };
    let warnings = warning_of_password(delivery).into_iter().collect();
    let mut done = Done { results: rows.iter().map(|_| None).collect(), audit_head: None, warnings, interrupted_by: None };
    if args.list.fail_fast && readable.len() < rows.len() {
        return Ok(done);
    }
    authority.examine_batch(&batch, &readable, args.list.again, env.clock.now(), &mut |row, result| done.results[row] = Some(result))?;
    let has_failed = done.results.iter().any(|result| matches!(result, Some(RowResult::Failed(_))));
    if args.dry_run || (args.list.fail_fast && has_failed) {
        return Ok(done);
    }
    let wanted: Vec<usize> = (0..rows.len()).filter(|row| matches!(done.results[*row], Some(RowResult::Wanted(_)))).collect();
    if wanted.is_empty() {
        return Ok(done);
    }
    wanted.iter().for_each(|row| done.results[*row] = None);
    let unlocked = args.ca_passphrase.unlock(authority, env)?;
    done.warnings.splice(0..0, unlocked.warnings().iter().cloned());
    let cannot_watch = |error| Failure::cannot("signals", format!("cannot watch for signals: {}", system_words(&error)));
    let interruption = (env.watch_interruption)().map_err(cannot_watch)?;
    let progress = Progress::new("issuing", wanted.len(), global);
    let lock_notice = super::shared_lock_notice(&progress);
    let sessions = global.worker_sessions("cert.issue", env, &lock_notice);
    let is_interrupted = || interruption.signal().is_some();
    let head = authority.issue_batch(&batch, &wanted, &unlocked, &sessions, &is_interrupted, &mut |row, result| {
        done.results[row] = Some(result);
        progress.advance();
    });
    done.interrupted_by = interruption.signal();
    done.audit_head = head.as_ref().map(digits);
    Ok(done)
}

/// What is printed: a row for each row, as they stand in the list.
fn outcome(
    args: &issue::Args,
    list: &std::path::Path,
    authority: Authority,
    rows: Vec<Row>,
    delivery: Delivery,
    done: Done,
    global: &Global,
) -> CommandResult {
    let Done { mut results, audit_head, warnings, interrupted_by } = done;
    if args.list.fail_fast && !args.dry_run {
        // What was only looked at was not tried.
        results.iter_mut().for_each(|result| *result = result.take().filter(|result| !matches!(result, RowResult::Wanted(_))));
    }
    let counts = counts(&rows, &results);
    let next_serial = if args.dry_run { authority.next_serial()?.map(|serial| serial.to_string()) } else { None };
    let (form, verbose) = (to_list_form(global.json, false), global.verbose > 0);
    let lacking = lacking(counts, interrupted_by, rows.iter().zip(&results).filter_map(|(row, result)| failure_of(row, result.as_ref())));
    let for_all: Vec<Notice> = warnings.iter().map(notice).collect();
    let said = if form == ListForm::Json { Vec::new() } else { for_all.iter().cloned().chain(summary(&rows, &results)).collect() };
    let tail = BatchTail { counts, interrupted_by: interrupted_by.map(StopSignal::name), next_serial, audit_head, warnings: for_all };
    let head = BatchHead { dry_run: args.dry_run, ca_dir: shown(authority.directory().root()), list: shown(list) };
    let stream = Outcome::stream(move |out| {
        let entries = rows.iter().zip(&results).map(|(row, result)| Ok::<_, StreamError>(entry(&authority, &delivery, row, result.as_ref())));
        let list = List { schema: "gsec/cert.issue.batch/1", head: &head, rows_name: "hosts", empty: "No hosts" };
        list.write(form, entries, move || (tail.clone(), tail.text(verbose)), out)
    });
    Ok(Outcome { warnings: said, ..stream }.lacking(lacking))
}

fn failure_of(row: &Row, result: Option<&RowResult>) -> Option<Failure> {
    match (&row.entry, result) {
        (Err(error), _) => Some(failure::of_row(error)),
        (_, Some(RowResult::Failed(error))) => Some(Failure::from(error.as_ref())),
        _ => None,
    }
}

fn counts(rows: &[Row], results: &[Option<RowResult>]) -> BatchCounts {
    let mut counts = BatchCounts::default();
    for (row, result) in rows.iter().zip(results) {
        let count = match result {
            _ if row.entry.is_err() => &mut counts.failed,
            None => &mut counts.not_tried,
            Some(RowResult::Failed(_)) => &mut counts.failed,
            Some(RowResult::Issued(_)) => &mut counts.issued,
            Some(RowResult::Present(_)) => &mut counts.present,
            Some(RowResult::Wanted(_)) => &mut counts.wanted,
        };
        *count += 1;
    }
    counts
}

/// What the call as a whole ends with, unless every host has what it shall have.
fn lacking(counts: BatchCounts, interrupted_by: Option<StopSignal>, failures: impl Iterator<Item = Failure>) -> Option<Failure> {
    let BatchCounts { issued, present, wanted, failed, not_tried } = counts;
    let left = failed + not_tried;
    if left == 0 {
        return None;
    }
    let all = issued + present + wanted + left;
    let sentence = format!("{left} of {all} hosts have no certificate: {failed} failed, {not_tried} were not tried");
    let interrupted = |kind| Failure { kind, ..Failure::cannot("batch.interrupted", format!("interrupted: {sentence}")) };
    let mut failure = match interrupted_by {
        Some(StopSignal::Interrupt) => interrupted(Kind::Interrupted),
        Some(StopSignal::Terminate) => interrupted(Kind::Terminated),
        None => Failure::cannot("batch.incomplete", sentence),
    };
    for hint in failures.flat_map(|failure| failure.hints) {
        if failure.hints.len() < MAX_HINTS && !failure.hints.contains(&hint) {
            failure.hints.push(hint);
        }
    }
    Some(failure.hint(if failed == 0 { hint::BATCH_GO_ON } else { hint::BATCH_AGAIN }))
}

/// Warnings of rows, one for all rows that have the same.
fn summary(rows: &[Row], results: &[Option<RowResult>]) -> Vec<Notice> {
    let mut said: Vec<(Notice, u64, usize)> = Vec::new();
    for (row, result) in rows.iter().zip(results) {
        for warning in warnings_of(result.as_ref()) {
            match said.iter_mut().find(|(said, ..)| said.code == warning.code()) {
                Some((.., more)) => *more += 1,
                None => said.push((notice(warning), row.line, 0)),
            }
        }
    }
    let sentence = |(notice, line, more): (Notice, u64, usize)| {
        let others = if more == 0 { String::new() } else { format!(" (and {more} more like it)") };
        Notice { message: format!("line {line}: {}{others}", notice.message), ..notice }
    };
    said.into_iter().map(sentence).collect()
}

fn warnings_of(result: Option<&RowResult>) -> &[Warning] {
    match result {
        Some(RowResult::Issued(IssuedRow { warnings, .. }) | RowResult::Wanted(warnings)) => warnings,
        _ => &[],
    }
}

fn entry(authority: &Authority, delivery: &Delivery, row: &Row, result: Option<&RowResult>) -> BatchRow {
    let failure = failure_of(row, result);
    let (word, certificate) = match result {
        _ if failure.is_some() => ("failed", None),
        None | Some(RowResult::Failed(_)) => ("not_tried", None),
        Some(RowResult::Wanted(_)) => ("wanted", None),
        Some(RowResult::Issued(certificate)) => ("issued", Some(certificate)),
        Some(RowResult::Present(certificate)) => ("present", Some(certificate)),
    };
    BatchRow {
        line: row.line,
        host: row.host_text.clone(),
        result: word,
        serial: certificate.map(|certificate| certificate.serial.to_string()),
        not_after: certificate.map(|certificate| rfc3339(certificate.not_after)),
        thumbprint_sha256: certificate.map(|certificate| encode(&certificate.sha256, Separator::None)),
        files: certificate.map(|certificate| issue::files(&authority.files_of_row(certificate, delivery))),
        error: failure.map(|Failure { code, message, caused_by, hints, .. }| RowFailure { code, message, caused_by, hints }),
        warnings: warnings_of(result).iter().map(notice).collect(),
    }
}
