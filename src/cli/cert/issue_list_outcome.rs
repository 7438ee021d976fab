//! What `cert issue --from` answers: a row for each row of the list, and how the call as a whole ends.

use std::path::Path;

use super::issue;
use crate::cli::failure::{self, Failure, Kind};
use crate::cli::global::{Global, shown};
use crate::cli::hint;
use crate::cli::outcome::{CommandResult, Outcome, StreamError};
use gsec_ca::authority::{Authority, Delivery, IssuedRow, RowResult, WantedRow, Warning};
use gsec_ca::hostlist::Row;
use gsec_env::StopSignal;
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::x509::rfc3339;
use gsec_report::{BatchCounts, BatchHead, BatchRow, BatchTail, List, ListForm, Notice, to_list_form};

/// Maximum number of different hints at the end; in the JSON document each failed row has its own.
const MAX_HINTS: usize = 5;

/// What came of the whole list.
pub(super) struct Done {
    /// By row; `None` where nothing was begun, or the row does not read.
    pub(super) results: Vec<Option<RowResult>>,
    pub(super) audit_head: Option<String>,
    pub(super) warnings: Vec<Warning>,
    pub(super) interrupted_by: Option<StopSignal>,
}

/// The output: one row for each row of the list, in its order.
pub(super) fn outcome(
    args: &issue::Args,
    list: &Path,
    authority: Authority,
    rows: Vec<Row>,
    delivery: Delivery,
    done: Done,
    global: &Global,
) -> CommandResult {
    let Done {
        mut results,
        audit_head,
        warnings,
        interrupted_by,
    } = done;
    if args.list.fail_fast && !args.dry_run {
        // What was only looked at was not tried.
        results.iter_mut().for_each(|result| {
            *result = result
                .take()
                .filter(|result| !matches!(result, RowResult::Wanted(_)))
        });
    }
    let counts = counts(&rows, &results);
    let next_serial = if args.dry_run {
        authority.next_serial()?.map(|serial| serial.to_string())
    } else {
        None
    };
    let (form, verbose) = (to_list_form(global.json, false), global.verbose > 0);
    let directory = global.directory_words();
    let mut lacking = lacking(
        counts,
        interrupted_by,
        rows.iter()
            .zip(&results)
            .filter_map(|(row, result)| failure_of(row, result.as_ref())),
    );
    let mut for_all: Vec<Notice> = warnings.iter().map(hint::notice).collect();
    if let Some(report) = &args.list.report {
        let all = rows.iter().zip(&results);
        let all = all.map(|(row, result)| entry(&authority, &delivery, row, result.as_ref(), &directory));
        if let Err(failure) = report.write(all) {
            for_all.push(report_not_written(&failure));
            lacking = lacking.or(Some(failure));
        }
    }
    let said = if form == ListForm::Json {
        Vec::new()
    } else {
        for_all.iter().cloned().chain(summary(&rows, &results)).collect()
    };
    let tail = BatchTail {
        counts,
        interrupted_by: interrupted_by.map(StopSignal::name),
        next_serial,
        audit_head,
        warnings: for_all,
    };
    let head = BatchHead {
        dry_run: args.dry_run,
        ca_dir: shown(authority.directory().root()),
        list: shown(list),
    };
    let screen = global.screen;
    let places: Vec<String> = std::iter::once(authority.directory().repository())
        .chain(delivery.out_dir.clone())
        .map(|place| shown(&place))
        .collect();
    let is_quiet = global.quiet && !global.json && !args.dry_run;
    if is_quiet && lacking.is_none() {
        return Ok(Outcome::payload(Vec::new()));
    }
    let stream = Outcome::stream(move |out| {
        let entry = |(row, result): (&Row, &Option<RowResult>)| {
            entry(&authority, &delivery, row, result.as_ref(), &directory)
        };
        // A thousand rows that all say that it went well hide the one that does not.
        let shows_all = form == ListForm::Json || (verbose && !is_quiet) || head.dry_run;
        let is_shown = |(row, result): &(&Row, &Option<RowResult>)| {
            shows_all || row.entry.is_err() || matches!(result, Some(RowResult::Failed(_)))
        };
        let has_rows = rows.iter().zip(&results).any(|row| is_shown(&row));
        let entries = rows
            .iter()
            .zip(&results)
            .filter(is_shown)
            .map(|both| Ok::<_, StreamError>(entry(both)));
        let list = List {
            schema: "gsec/cert.issue.batch/1",
            head: &head,
            rows_name: "hosts",
            empty: if rows.is_empty() { "No hosts" } else { "" },
            screen,
        };
        let text = tail.text(verbose, has_rows, &places, screen);
        list.write(form, entries, move || (tail.clone(), text), out)
    });
    Ok(Outcome {
        warnings: said,
        ..stream
    }
    .lacking(lacking))
}

fn report_not_written(failure: &Failure) -> Notice {
    Notice {
        code: "report_not_written".into(),
        message: failure.problem.message.clone(),
        hint: Some(
            "the same command with another file for `--report` issues nothing again, and writes it".into(),
        ),
    }
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

/// The failure of the whole command, unless every host has its certificate.
fn lacking(
    counts: BatchCounts,
    interrupted_by: Option<StopSignal>,
    failures: impl Iterator<Item = Failure>,
) -> Option<Failure> {
    let BatchCounts {
        issued,
        present,
        wanted,
        failed,
        not_tried,
    } = counts;
    let left = failed + not_tried;
    if left == 0 {
        return None;
    }
    let all = issued + present + wanted + left;
    let sentence =
        format!("{left} of {all} hosts have no certificate: {failed} failed, {not_tried} were not tried");
    let mut failure = match interrupted_by {
        Some(signal) => Failure {
            kind: Kind::stopped_by(signal),
            ..Failure::cannot("batch.interrupted", format!("interrupted: {sentence}"))
        },
        None => Failure::cannot("batch.incomplete", sentence),
    };
    for hint in failures.flat_map(|failure| failure.problem.hints) {
        let hints = &mut failure.problem.hints;
        if hints.len() < MAX_HINTS && !hints.contains(&hint) {
            hints.push(hint);
        }
    }
    Some(failure.hint(if failed == 0 {
        hint::BATCH_GO_ON
    } else {
        hint::BATCH_AGAIN
    }))
}

/// Warnings of rows, one for all rows that have the same.
fn summary(rows: &[Row], results: &[Option<RowResult>]) -> Vec<Notice> {
    let mut said: Vec<(Notice, u64, usize)> = Vec::new();
    for (row, result) in rows.iter().zip(results) {
        for warning in warnings_of(result.as_ref()) {
            match said.iter_mut().find(|(said, ..)| said.code == warning.code()) {
                Some((.., more)) => *more += 1,
                None => said.push((hint::notice(warning), row.line, 0)),
            }
        }
    }
    let sentence = |(notice, line, more): (Notice, u64, usize)| {
        let others = if more == 0 {
            String::new()
        } else {
            format!(" (and {more} more like this)")
        };
        Notice {
            message: format!("line {line}: {}{others}", notice.message),
            ..notice
        }
    };
    said.into_iter().map(sentence).collect()
}

fn warnings_of(result: Option<&RowResult>) -> &[Warning] {
    match result {
        Some(
            RowResult::Issued(IssuedRow { warnings, .. })
            | RowResult::Present(IssuedRow { warnings, .. })
            | RowResult::Wanted(WantedRow { warnings, .. }),
        ) => warnings,
        _ => &[],
    }
}

fn entry(
    authority: &Authority,
    delivery: &Delivery,
    row: &Row,
    result: Option<&RowResult>,
    directory: &CommandLine,
) -> BatchRow {
    let failure = failure_of(row, result).map(|failure| failure.in_directory(directory));
    let hinted = |notice: Notice| Notice {
        hint: notice.hint.map(|hint| hint::in_directory(&hint, directory)),
        ..notice
    };
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
        error: failure.map(|failure| failure.problem),
        warnings: warnings_of(result).iter().map(hint::notice).map(hinted).collect(),
    }
}
