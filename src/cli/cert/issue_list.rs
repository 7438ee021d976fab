//! `gsec cert issue --from`: many hosts in one call.

use std::path::Path;

use super::issue;
use super::issue_list_outcome::{Done, outcome};
use crate::cli::delivery_args::warning_of_password;
use crate::cli::failure::{self, Failure};
use crate::cli::global::{Global, digits, shown};
use crate::cli::input;
use crate::cli::order_args::host_order;
use crate::cli::outcome::CommandResult;
use crate::cli::progress::Progress;
use crate::cli::secret::{expect_one_stdin, stdin_of};
use crate::cli::session::{shared_lock_notice, watch_interruption};
use gsec_ca::authority::{Authority, Batch, Delivery, HostKey, HostOrder, RowResult, expect_distinct_names};
use gsec_ca::hostlist::{HostEntry, Row, decode_host_list};
use gsec_env::{Env, all_cores};

/// The order of a row: what it leaves open is as in `defaults`.
fn order(entry: &HostEntry, defaults: &HostOrder) -> HostOrder {
    HostOrder {
        host: Some(entry.host.clone()),
        further_names: entry.further_names.clone(),
        subject: defaults.subject.with(&entry.subject, entry.common_name.as_ref()),
        profile: entry.profile.clone().unwrap_or_else(|| defaults.profile.clone()),
        lifetime: entry.lifetime.or(defaults.lifetime),
        key: entry.key.map_or_else(|| defaults.key.clone(), HostKey::Generate),
        friendly_name: entry.friendly_name.clone(),
        ..defaults.clone()
    }
}

/// Issues for the hosts of a list.
pub(super) fn run(args: &issue::Args, list: &Path, global: &Global, env: &mut Env) -> CommandResult {
    expect_one_stdin(&[
        args.ca_passphrase.source(),
        args.pfx.password.source(),
        stdin_of(list),
    ])?;
    let authority = global.open_authority(env)?;
    let file_name = list.file_name().map(|name| name.to_string_lossy().into_owned());
    let rows = decode_host_list(&input::read_list(list, env)?, file_name.as_deref())
        .map_err(|error| failure::of_list(&shown(list), &error))?
        .rows;
    if let Some(profile) = &args.profile.profile {
        authority.policy()?.profile(profile)?;
    }
    let key = HostKey::Generate(args.key.kind.algorithm()?);
    let defaults = host_order(
        None,
        key,
        &args.names,
        &args.profile,
        &args.subject,
        &args.lifetime,
    );
    let delivery = issue::delivery(args, env)?;
    if let Some(report) = &args.list.report {
        report.expect_room()?;
    }
    let done = work(args, &authority, &rows, &defaults, &delivery, global, env)?;
    outcome(args, list, authority, rows, delivery, done, global)
}

/// Finds out what is to be done, and does it unless this is a dry run. The CA key is opened only when there is something to issue.
fn work(
    args: &issue::Args,
    authority: &Authority,
    rows: &[Row],
    defaults: &HostOrder,
    delivery: &Delivery,
    global: &Global,
    env: &mut Env,
) -> Result<Done, Failure> {
    let readable: Vec<usize> = (0..rows.len()).filter(|row| rows[*row].entry.is_ok()).collect();
    let order = |row: usize| {
        let entry = rows[row].entry.as_ref();
        order(entry.expect("only valid rows are processed"), defaults)
    };
    let batch = Batch {
        order: &order,
        delivery,
        jobs: args.list.jobs.unwrap_or_else(all_cores),
        fail_fast: args.list.fail_fast,
        examines_all: false,
        renew_before: &|_| time::Duration::ZERO,
    };
    let hosts = || {
        readable
            .iter()
            .filter_map(|row| Some(&rows[*row].entry.as_ref().ok()?.host))
    };
    expect_distinct_names(hosts(), delivery)?;
    authority.expect_names_free(hosts(), delivery)?;
    let warnings = warning_of_password(delivery).into_iter().collect();
    let mut done = Done {
        results: rows.iter().map(|_| None).collect(),
        audit_head: None,
        warnings,
        interrupted_by: None,
    };
    if args.list.fail_fast && readable.len() < rows.len() {
        return Ok(done);
    }
    let examined = authority.examine_batch(
        &batch,
        &readable,
        args.list.again,
        env.clock.now(),
        &mut |row, result| done.results[row] = Some(result),
    )?;
    let has_failed = done
        .results
        .iter()
        .any(|result| matches!(result, Some(RowResult::Failed(_))));
    if args.dry_run || (args.list.fail_fast && has_failed) {
        return Ok(done);
    }
    let wanted: Vec<usize> = (0..rows.len())
        .filter(|row| matches!(done.results[*row], Some(RowResult::Wanted(_))))
        .collect();
    if wanted.is_empty() {
        return Ok(done);
    }
    wanted.iter().for_each(|row| done.results[*row] = None);
    let unlocked = args.ca_passphrase.unlock(authority, env)?;
    done.warnings.splice(0..0, unlocked.warnings().iter().cloned());
    let interruption = watch_interruption(env)?;
    let progress = Progress::new("issuing", wanted.len(), global);
    let lock_notice = shared_lock_notice(&progress);
    let sessions = global.worker_sessions("cert.issue", env, &lock_notice);
    let is_interrupted = || interruption.signal().is_some();
    let head = authority.issue_batch(
        &batch,
        (examined, &wanted),
        &unlocked,
        &sessions,
        &is_interrupted,
        &mut |row, result| {
            done.results[row] = Some(result);
            progress.advance();
        },
    );
    done.interrupted_by = interruption.signal();
    done.audit_head = head.as_ref().map(digits);
    Ok(done)
}
