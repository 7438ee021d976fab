//! `gsec ca log`.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::ops::ControlFlow;
use std::path::PathBuf;

use serde::Serialize;
use serde_json::{Map, Value};

use super::named;
use crate::cli::failure::Failure;
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome, StreamError};
use crate::cli::value;
use gsec_ca::authority::{Authority, FoundInstead, LogCheck, LostRevocation, Signatures};
use gsec_ca::records::AuditLine;
use gsec_env::Env;
use gsec_pki::encoding::visible::system_words;
use gsec_report::{
    JournalComparison, JournalContradiction, List, LogCheckReport, LogRow, LostRevocationFacts,
    LostRevocations, Notice, to_list_form,
};
use gsec_signer::{Contradiction, JournalError, compare_journal, journal_of};

/// Print or verify the audit log
///
/// Each change of the CA is one line, linked to the line before by SHA-256. The last line of each change is
/// signed by the CA key if it was open; the key then also signs in `audit.head` how far the log has come.
/// `--verify` follows the chain, checks the last signature (which covers everything before it) and
/// `audit.head`, compares the log with the index, and says what that proves and what it does not. Keep the
/// head that it prints, or the `audit_head` of any result, elsewhere: `--expect-head` proves later that
/// nothing before it was changed or cut off. `--journal` compares the journal of `gsec serve`'s signer with log and
/// records: what it signed and they do not know was hidden from the CA.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec ca log --limit 20
  $ gsec ca log --jsonl
  $ gsec ca log --verify",
no = "something is wrong with the log or the journal, the log does not have the expected head, or ca.db lacks a \
     revocation that the log records"))]
pub(in crate::cli) struct Args {
    /// Print only the newest N lines
    #[arg(long, value_name = "N", conflicts_with = "verify")]
    limit: Option<usize>,

    /// Print one JSON document per line
    #[arg(long, conflicts_with_all = ["json", "verify"])]
    jsonl: bool,

    /// Verify that the log is complete
    #[arg(long)]
    verify: bool,

    /// A head noted earlier that the log must contain
    #[arg(long, value_name = "HASH", value_parser = value::sha256, requires = "verify")]
    expect_head: Option<String>,

    /// Check every signature, not only the last one
    #[arg(long, requires = "verify")]
    all_signatures: bool,

    /// Compare the signer's journal with log and records too [default FILE: signer.journal in ca_conf, or where the signer has
    /// its own directory]
    #[arg(long, value_name = "FILE", num_args = 0..=1, requires = "verify")]
    journal: Option<Option<PathBuf>>,
}

#[derive(Serialize)]
struct Head {
    ca_dir: String,
}

#[derive(Serialize)]
struct Tail {
    audit_head: Option<String>,
    warnings: Vec<Notice>,
}

pub(in crate::cli) fn run(args: Args, global: &Global, env: &Env) -> CommandResult {
    let authority = global.open_authority(env)?;
    if args.verify {
        if args.journal.is_some() {
            // The user that this would name may not read the journal.
            global.forget_whom_root_acts_for();
        }
        let signatures = if args.all_signatures {
            Signatures::All
        } else {
            Signatures::Last
        };
        let check = authority.check_log(args.expect_head.as_deref(), signatures, env.clock.now())?;
        let mut report = report(&authority, check);
        if let Some(journal) = &args.journal {
            let path = journal.clone();
            let compared = compared(
                &authority,
                path.unwrap_or_else(|| journal_of(authority.directory())),
            )?;
            report.sound &= compared.contradictions.is_empty();
            report.journal = Some(compared);
        }
        return Ok(Outcome::report(&report, &[], global).answering(report.sound));
    }
    let form = to_list_form(global.json, args.jsonl);
    let (doubts, screen) = (global.doubts(), global.screen);
    Ok(Outcome::stream(move |out| {
        let head = Head {
            ca_dir: shown(authority.directory().root()),
        };
        let mut rows = |take: Take<'_>| match args.limit {
            None => each_row(&authority, take),
            Some(limit) => newest(&authority, limit)?.into_iter().try_for_each(take),
        };
        let head_now = || {
            authority
                .records()
                .audit_head()
                .ok()
                .flatten()
                .map(|head| head.as_str().to_owned())
        };
        let list = List {
            schema: "gsec/ca.log/1",
            head: &head,
            rows_name: "lines",
            empty: "The audit log has no complete line",
            screen,
        };
        list.write_from(
            form,
            &mut rows,
            || {
                (
                    Tail {
                        audit_head: head_now(),
                        warnings: doubts.clone(),
                    },
                    String::new(),
                )
            },
            out,
        )
    }))
}

/// Takes a row; fails when it cannot be written.
type Take<'a> = &'a mut dyn FnMut(LogRow) -> Result<(), StreamError>;

/// Calls `take` with each whole line.
fn each_row(authority: &Authority, take: Take<'_>) -> Result<(), StreamError> {
    let mut taken = Ok(());
    authority.records().audit_lines(&mut |line| {
        if line.is_whole {
            taken = take(row(&line));
        }
        if taken.is_ok() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    })?;
    taken
}

fn newest(authority: &Authority, limit: usize) -> Result<VecDeque<LogRow>, StreamError> {
    let mut kept = VecDeque::new();
    each_row(authority, &mut |row| {
        if kept.len() == limit {
            kept.pop_front();
        }
        kept.push_back(row);
        Ok(())
    })?;
    kept.truncate(limit);
    Ok(kept)
}

/// A line for people: without what binds it, which `--verify` looks at.
fn row(line: &AuditLine) -> LogRow {
    let mut details: Map<String, Value> = serde_json::from_slice(&line.text).unwrap_or_default();
    let mut take = |key: &str| {
        details
            .shift_remove(key)
            .and_then(|value| value.as_str().map(str::to_owned))
    };
    let (time, action, serial) = (take("time"), take("action"), take("serial"));
    let signed = take("signature").is_some();
    for binding in ["seq", "key", "signed_head", "prev"] {
        details.shift_remove(binding);
    }
    LogRow {
        line: line.number,
        time,
        action,
        serial,
        signed,
        details,
    }
}

fn lost(lost: &LostRevocation) -> LostRevocationFacts {
    LostRevocationFacts {
        serial: lost.serial.to_string(),
        reason: lost
            .told
            .known_reason()
            .map(|reason| reason.name().to_owned())
            .or_else(|| lost.told.spelled_reason()),
        found: match lost.found {
            FoundInstead::Nothing => "no_record",
            FoundInstead::NotRevoked => "not_revoked",
            FoundInstead::Weaker(_) => "weaker_reason",
        },
        text: lost.to_string(),
    }
}

fn report(authority: &Authority, check: LogCheck) -> LogCheckReport {
    LogCheckReport {
        ca_dir: shown(authority.directory().root()),
        sound: check.is_sound(),
        proved: check.proved(),
        not_proved: check.not_proved(),
        lines: check.lines,
        signed: check.signed,
        last_signed: check.last_signed,
        unsigned_at_end: check.unsigned_at_end,
        signed_head: check.signed_head.name(),
        audit_head: check.head,
        expected_head_found: check.expected_head_found,
        problems: check.problems.iter().map(ToString::to_string).collect(),
        torn: check.torn,
        unannounced: named(&check.unannounced),
        unannounced_revocations: named(&check.unannounced_revocations),
        unrecorded: named(&check.unrecorded),
        lost_revocations: LostRevocations {
            count: check.lost.count,
            first: check.lost.named().iter().map(lost).collect(),
        },
        journal: None,
    }
}

/// Why the journal was not compared.
fn unread(error: &JournalError) -> Failure {
    let failure = Failure::from_error("signer.journal", error);
    let failure = match error {
        JournalError::Io { source, .. } if source.kind() == ErrorKind::PermissionDenied => failure
            .because(system_words(source))
            .hint("the journal is for the user who has the key, and for root: type the same as one of them"),
        JournalError::Io { source, .. } => failure.because(system_words(source)),
        _ => failure,
    };
    failure.hint("`--journal FILE` says where it is")
}

/// The journal of the signer beside log and records.
fn compared(authority: &Authority, path: PathBuf) -> Result<JournalComparison, Failure> {
    let compared = compare_journal(authority, &path)?.map_err(|error| unread(&error))?;
    let mut not_proved = Vec::new();
    if !compared.is_apart {
        not_proved.push(
            "whether journal, log and records were changed together: they are in the hands of one user"
                .into(),
        );
    }
    if !compared.without_copy.is_empty() {
        let first: Vec<String> = compared
            .without_copy
            .iter()
            .take(20)
            .map(ToString::to_string)
            .collect();
        not_proved.push(format!(
            "whether {} of these certificates are the ones that were signed: the CA has no copy of them (serial {})",
            compared.without_copy.len(),
            first.join(", ")
        ));
    }
    if compared.older > 0 {
        not_proved.push(format!(
            "what a signer did before this journal: {} lines of the log are older than it",
            compared.older
        ));
    }
    if !compared.replaced.is_empty() {
        let lines: Vec<String> = compared.replaced.iter().take(20).map(u64::to_string).collect();
        not_proved.push(format!(
            "what was in the place of these lines of the log: they were signed twice, as after a command that was cut off, and nothing came of the first: {}",
            lines.join(", ")
        ));
    }
    let told = |found: &Contradiction| JournalContradiction {
        code: found.code(),
        message: found.to_string(),
    };
    Ok(JournalComparison {
        path: shown(&path),
        lines: compared.lines,
        certificates: compared.certificates,
        seals: compared.seals,
        crls: compared.crls,
        refused: compared.refused,
        contradictions: compared.contradictions.iter().map(told).collect(),
        not_proved,
    })
}
