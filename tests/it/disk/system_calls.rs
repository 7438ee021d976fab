//! What one command asks of the kernel, in which order, and what is left when it gets no further than any one of these calls.

use crate::ca_check::{
    State, assert_clean, assert_consistent, assert_files_consistent, inspect, openssl_status,
};
use crate::common::at::{gsec, issue, issue_args, issue_serial, make_ca};

use super::repeated_calls::every_point;
use crate::common::machine::{copy_tree, for_each_at_once, temp_dir};
use crate::common::snapshot::{assert_unchanged, snapshot};
use crate::common::strace::Call;
use crate::common::{machine, run, strace};

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Barriers of one `cert issue`: the price that a durable issue pays on a disk, whatever the processor.
/// serial.num and its folder; audit.log; ca.db; four files and their folder. See docs/performance.md.
const SYNCS_OF_ONE_ISSUE: usize = 9;

/// A CA that has issued before, and the folder that everything of one test lives in.
fn ca_with_one_certificate() -> (tempfile::TempDir, PathBuf) {
    let place = temp_dir();
    let ca = place.path().join("ca");
    make_ca(&ca);
    issue(&ca, "earlier.example.com").succeeded("the first issue");
    (place, ca)
}

fn listing(calls: &[Call]) -> String {
    calls
        .iter()
        .map(|call| call.line.as_str())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn serial_then_announcement_then_record_then_certificate_each_durable_before_the_next() {
    let (place, ca) = ca_with_one_certificate();
    let (outcome, calls) = strace::trace(
        &gsec(&ca, issue_args("host.example.com")),
        &place.path().join("log"),
    );
    outcome.succeeded("issue under strace");
    let (conf, repository) = (ca.join("ca_conf"), ca.join("repository"));
    let (serial_num, audit_log, ca_db) = (
        conf.join("serial.num"),
        conf.join("audit.log"),
        conf.join("ca.db"),
    );
    let all = listing(&strace::calls_on(&ca, &calls));
    let find = |what: &str, from: usize, wanted: &dyn Fn(&Call) -> bool| {
        let found = calls
            .iter()
            .skip(from)
            .position(|call| call.succeeded() && wanted(call));
        from + found.unwrap_or_else(|| panic!("no {what} in\n{all}"))
    };

    let renamed = find("rename to serial.num", 0, &|call| call.is_rename_to(&serial_num));
    // What is renamed has been synced before: otherwise a power cut leaves an empty serial.num.
    let new_name = calls[renamed].line.split('"').nth(1).unwrap().to_owned();
    let content = calls[..renamed]
        .iter()
        .position(|call| call.is_sync() && call.line.contains(new_name.rsplit('/').next().unwrap()));
    assert!(
        content.is_some(),
        "`{new_name}` is renamed to serial.num without having been synced:\n{all}"
    );
    let is_sync_of =
        |call: &Call, path: &Path| call.is_sync() && call.line.contains(&format!("<{}>", path.display()));
    let serial_durable = find(
        "sync of ca_conf/ after the rename to serial.num",
        renamed,
        &|call| is_sync_of(call, &conf),
    );

    let is_write_to = |call: &Call, path: &Path| {
        call.name.contains("write") && call.line.contains(&format!("<{}>", path.display()))
    };
    let announced = find("write to audit.log", 0, &|call| is_write_to(call, &audit_log));
    assert!(
        serial_durable < announced,
        "a serial is announced before it is durable:\n{all}"
    );
    let announcement_durable = find("sync of audit.log", announced, &|call| {
        is_sync_of(call, &audit_log)
    });
    let record = find("write to ca.db", 0, &|call| is_write_to(call, &ca_db));
    assert!(
        announcement_durable < record,
        "the record is written before its announcement is durable:\n{all}"
    );
    let record_durable = find("sync of ca.db", record, &|call| is_sync_of(call, &ca_db));

    let certificate = find("new file in repository/", 0, &|call| call.creates_in(&repository));
    assert!(
        record_durable < certificate,
        "a file of the certificate is made before its record is durable:\n{all}"
    );

    // Each file that appears under its final name has been synced under its temporary one, and the folder is synced after the last of them.
    let mut last = certificate;
    for name in [
        "02_host_cert.pem",
        "02_host_priv_key.pem",
        "02_host_cert.pfx",
        "02.pem",
    ] {
        let appears = find(name, certificate, &|call| {
            call.creates_in(&repository)
                && call
                    .line
                    .rsplit('"')
                    .nth(1)
                    .is_some_and(|path| path.rsplit('/').next() == Some(name))
        });
        assert!(
            calls[appears].name.starts_with("rename") || calls[appears].name.starts_with("link"),
            "{name} does not appear whole: {}",
            calls[appears].line
        );
        let temporary = calls[appears]
            .line
            .split('"')
            .nth(1)
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap();
        let synced = calls[..appears]
            .iter()
            .any(|call| call.is_sync() && call.line.contains(temporary));
        assert!(synced, "{name} appears before its content is durable:\n{all}");
        // A list that is done again takes a host that has it for one that has all its files.
        assert!(
            name != "02.pem" || last < appears,
            "02.pem appears before another file of the host:\n{all}"
        );
        last = last.max(appears);
    }
    find("sync of repository/ after the last file", last, &|call| {
        is_sync_of(call, &repository)
    });
}

#[test]
fn the_number_of_barriers_is_the_one_that_is_stated() {
    let (place, ca) = ca_with_one_certificate();
    let (outcome, calls) = strace::trace(
        &gsec(&ca, issue_args("host.example.com")),
        &place.path().join("log"),
    );
    outcome.succeeded("issue under strace");
    let syncs: Vec<Call> = calls.into_iter().filter(Call::is_sync).collect();
    assert_eq!(
        syncs.len(),
        SYNCS_OF_ONE_ISSUE,
        "the number of syncs has changed; state the new one in docs/performance.md:\n{}",
        listing(&syncs)
    );
}

/// The lock is held for the commit alone: nothing that takes long happens between taking it and the record.
#[test]
fn the_lock_is_taken_after_the_key_and_before_the_serial() {
    let (place, ca) = ca_with_one_certificate();
    let (outcome, calls) = strace::trace(
        &gsec(&ca, issue_args("host.example.com")),
        &place.path().join("log"),
    );
    outcome.succeeded("issue under strace");
    let lock = ca.join("ca_conf/.lock");
    let taken = calls.iter().position(|call| {
        (call.name == "flock" || call.name == "fcntl") && call.touches(&lock) && call.succeeded()
    });
    let taken = taken.unwrap_or_else(|| panic!("no flock in\n{}", listing(&calls)));
    let serial = calls
        .iter()
        .position(|call| call.is_rename_to(&ca.join("ca_conf/serial.num")))
        .unwrap();
    assert!(taken < serial);
    let secret = ca.join("ca_conf/ca_priv_key.pem");
    let read_key = calls
        .iter()
        .position(|call| call.touches(&secret))
        .expect("it reads the CA's key");
    assert!(
        read_key < taken,
        "the CA key is opened (and perhaps decrypted) while others wait"
    );
}

#[test]
fn files_with_secrets_have_their_mode_from_the_first_byte_whatever_the_umask() {
    let (place, ca) = ca_with_one_certificate();
    let log = place.path().join("log");
    let mut command = Command::new("sh");
    let plain = gsec(&ca, issue_args("host.example.com"));
    command
        .args(["-c", "umask 0; exec \"$@\"", "sh"])
        .arg(plain.get_program())
        .args(plain.get_args());
    let (outcome, calls) = strace::trace(&command, &log);
    outcome.succeeded("issue with umask 0");
    assert_clean(&ca, "after an issue with umask 0");
    for call in &calls {
        if call.creates_in(&ca.join("repository")) && call.name.starts_with("open") {
            // A temporary name does not tell which file it will be, so each must start closed: a key in it would be readable for a moment.
            let mode = call.line.rsplit(", ").next().unwrap().split(')').next().unwrap();
            let certificate = calls.iter().any(|later| {
                later.name.starts_with("rename")
                    && later.line.contains(call.line.split('"').nth(1).unwrap())
                    && later.line.contains(".pem\"")
                    && !later.line.contains("priv_key")
            });
            assert!(
                certificate || matches!(mode, "0600" | "0400"),
                "a file that may hold a key is created with mode {mode}: {}",
                call.line
            );
        }
    }
    let new = place.path().join("umask-ca");
    let init = gsec(&new, ["ca", "init", "--cn", "Umask CA", "--key-type", "p256"]);
    let mut command = Command::new("sh");
    command
        .args(["-c", "umask 0; exec \"$@\"", "sh"])
        .arg(init.get_program())
        .args(init.get_args());
    run(&mut command).succeeded("init with umask 0");
    use std::os::unix::fs::MetadataExt;
    for (name, mode) in [
        ("ca_conf", 0o700),
        ("repository", 0o700),
        ("ca_conf/ca_cert.pem", 0o644),
        ("ca_conf/ca_priv_key.pem", 0o400),
        ("ca_conf/ca.db", 0o600),
        ("ca_conf/ca.db.attr", 0o600),
        ("ca_conf/serial.num", 0o600),
        ("ca_conf/crl.num", 0o600),
        ("ca_conf/ca.conf", 0o644),
        ("ca_conf/gsec.toml", 0o644),
    ] {
        let found = fs::metadata(new.join(name))
            .unwrap_or_else(|problem| panic!("{name}: {problem}"))
            .mode()
            & 0o7777;
        assert_eq!(found, mode, "{name} has mode {found:04o} instead of {mode:04o}");
    }
}

// ---------------------------------------------------------------------------------------------------------------- killed at each call

#[test]
fn an_issue_killed_at_any_of_its_calls_leaves_a_directory_that_works() {
    let (place, ca) = ca_with_one_certificate();
    let calls = calls_of(place.path(), &ca, |copy| {
        gsec(copy, issue_args("host.example.com"))
    });
    let tried = telling(&calls);
    let half = AtomicUsize::new(0);
    for_each_at_once(&tried, |_, (number, call)| {
        let (copy, log) = (
            place.path().join(format!("copy{number}")),
            place.path().join(format!("log{number}")),
        );
        copy_tree(&ca, &copy);
        let outcome = strace::inject(
            &gsec(&copy, issue_args("host.example.com")),
            &log,
            call,
            "signal=SIGKILL",
        );
        let situation = format!("killed at call {number} of {}, {}", calls.len(), call.line);
        // strace ends itself with the signal that ended what it ran.
        assert_eq!(
            outcome.signal,
            Some(9),
            "{situation}: it was not killed: {outcome:#?}"
        );
        let state = assert_files_consistent(&copy, &situation);
        assert!(state.records.len() <= 2, "{situation}");
        half.fetch_add(usize::from(!state.without_file.is_empty()), Ordering::SeqCst);
        next_issue_works(&copy, &state, &situation);
        fs::remove_dir_all(&copy).unwrap();
    });
    let half = half.into_inner();
    println!(
        "an issue killed at {} of {} calls; {half} of them left a record without a certificate",
        tried.len(),
        calls.len()
    );
    assert!(
        half > 0,
        "no kill fell between record and certificate: this test has not tested that"
    );
}

#[test]
fn an_issue_whose_call_fails_says_so_and_leaves_a_directory_that_works() {
    let (place, ca) = ca_with_one_certificate();
    let calls = calls_of(place.path(), &ca, |copy| {
        gsec(copy, issue_args("host.example.com"))
    });
    let serial_replaced = calls
        .iter()
        .position(|call| call.is_rename_to(&place.path().join("traced/ca_conf/serial.num")))
        .expect("rename to serial.num");
    // A full disk fails no call that only reads.
    let failing: Vec<(usize, &Call, &str)> = calls
        .iter()
        .enumerate()
        .filter(|(_, call)| on_disk(call))
        .flat_map(|(number, call)| [(number, call, "EIO"), (number, call, "ENOSPC")])
        .filter(|(_, call, error)| *error == "EIO" || call.changes_disk())
        .collect();
    let refused = AtomicUsize::new(0);
    for_each_at_once(&failing, |_, (number, call, error)| {
        let (copy, log) = (
            place.path().join(format!("{error}{number}")),
            place.path().join(format!("log-{error}{number}")),
        );
        copy_tree(&ca, &copy);
        let before = snapshot(&copy);
        let outcome = strace::inject(
            &gsec(&copy, issue_args("host.example.com")),
            &log,
            call,
            &format!("error={error}"),
        );
        let situation = format!("{error} at call {number}, {}", call.line);
        assert!(
            fs::read_to_string(&log).unwrap().contains("(INJECTED)"),
            "{situation}: nothing was injected"
        );
        let state = assert_files_consistent(&copy, &situation);
        if outcome.status == Some(0) {
            // A call that does not matter to the result (removing what is there no more, a hint to the kernel) may fail.
            assert!(
                state.without_file.is_empty() && state.unfinished.is_empty(),
                "{situation}: it reports success, but {state:#?}"
            );
            assert_eq!(state.records.len(), 2, "{situation}: it reports success");
            assert!(
                !needed(call),
                "{situation}: it reports success, although this call failed"
            );
        } else {
            let said = outcome.refused(&situation, &[]).stderr;
            let reason = if *error == "EIO" {
                "input/output error"
            } else {
                "no space left on device"
            };
            assert!(
                said.to_lowercase().contains(reason),
                "{situation}: the message does not say what the kernel said: {said}"
            );
            assert!(
                said.contains(copy.to_str().unwrap()),
                "{situation}: the message does not say where: {said}"
            );
            if *number < serial_replaced {
                // Nothing was used up: the directory is as it was, to the inode.
                assert_unchanged(&before, &copy, &situation);
            }
            refused.fetch_add(1, Ordering::SeqCst);
        }
        next_issue_works(&copy, &state, &situation);
        fs::remove_dir_all(&copy).unwrap();
    });
    let refused = refused.into_inner();
    println!("{} failing calls, {refused} of them reported", failing.len());
    assert!(
        refused > 20,
        "only {refused} failures reached gsec: this test has not tested much"
    );
}

/// The next issue gives out a serial that none of the records has, and everything that was there is still there.
fn next_issue_works(ca: &Path, before: &State, situation: &str) {
    let serial = issue_serial(
        ca,
        "next.example.com",
        &format!("the next issue after {situation}"),
    );
    assert!(
        !before.serials().contains(&serial),
        "{situation}: serial {serial} was given out again"
    );
    let state = assert_consistent(ca, &format!("after the next issue, {situation}"));
    assert!(
        state.serials().is_superset(&before.serials()) && state.serials().contains(&serial),
        "{situation}: a record got lost"
    );
    assert!(
        !state.without_file.contains(&serial) && !state.unfinished.contains(&serial),
        "{situation}: the next issue is incomplete"
    );
}

#[test]
fn an_init_killed_at_any_of_its_calls_can_be_repeated_or_says_what_is_there() {
    let place = temp_dir();
    let log = place.path().join("log");
    let init = |ca: &Path| gsec(ca, ["ca", "init", "--cn", "Second Try CA", "--key-type", "p256"]);
    let traced = place.path().join("traced");
    let (outcome, calls) = strace::trace(&init(&traced), &log);
    outcome.succeeded("init under strace");
    let calls = strace::calls_on(&traced, &calls);
    let tried = telling(&calls);
    let again = AtomicUsize::new(0);
    for_each_at_once(&tried, |_, (number, call)| {
        let ca = place.path().join(format!("ca{number}"));
        let outcome = strace::inject(
            &init(&ca),
            &place.path().join(format!("log{number}")),
            call,
            "signal=SIGKILL",
        );
        let situation = format!("init killed at call {number} of {}, {}", calls.len(), call.line);
        assert_eq!(
            outcome.signal,
            Some(9),
            "{situation}: it was not killed: {outcome:#?}"
        );
        assert_no_open_secret(&ca, &situation);
        again.fetch_add(
            usize::from(second_init_makes_it(&ca, &situation)),
            Ordering::SeqCst,
        );
    });
    let again = again.into_inner();
    println!(
        "init killed at {} of {} calls: {again} times the second one made the CA, else the first had made it",
        tried.len(),
        calls.len()
    );
    assert!(again > 0 && again < tried.len());
}

#[test]
fn an_init_whose_call_fails_says_so_and_can_be_repeated() {
    let place = temp_dir();
    let log = place.path().join("log");
    let init = |ca: &Path| gsec(ca, ["ca", "init", "--cn", "Second Try CA", "--key-type", "p256"]);
    let traced = place.path().join("traced");
    let (outcome, calls) = strace::trace(&init(&traced), &log);
    outcome.succeeded("init under strace");
    let failing: Vec<Call> = strace::calls_on(&traced, &calls)
        .into_iter()
        .filter(|call| on_disk(call) && call.changes_disk())
        .collect();
    let again = AtomicUsize::new(0);
    for_each_at_once(&failing, |number, call| {
        for error in ["ENOSPC", "EIO"] {
            let ca = place.path().join(format!("{error}{number}"));
            let outcome = strace::inject(
                &init(&ca),
                &place.path().join(format!("log-{error}{number}")),
                call,
                &format!("error={error}"),
            );
            let situation = format!("init, {error} at {}", call.line);
            assert_no_open_secret(&ca, &situation);
            if outcome.status == Some(0) {
                assert!(
                    !needed(call),
                    "{situation}: it reports success, although this call failed"
                );
                issue(&ca, "host.example.com").succeeded(&situation);
                assert_consistent(&ca, &situation);
            } else {
                outcome.refused(&situation, &[]);
                again.fetch_add(
                    usize::from(second_init_makes_it(&ca, &situation)),
                    Ordering::SeqCst,
                );
            }
        }
    });
    let again = again.into_inner();
    println!(
        "init with {} failing calls: {again} times the second one made the CA",
        2 * failing.len()
    );
    assert!(again > 5);
}

/// A second `ca init` in the same place works (true), or says that there is a CA, and there is; in the end there is one that issues.
fn second_init_makes_it(ca: &Path, situation: &str) -> bool {
    let situation = format!("second init after {situation}");
    let second = run(&mut gsec(
        ca,
        ["ca", "init", "--cn", "Second Try CA", "--key-type", "p256"],
    ));
    assert_no_open_secret(ca, &situation);
    let made = second.status == Some(0);
    if !made {
        second.refused(&situation, &["exist", ca.to_str().unwrap()]);
    }
    issue(ca, "host.example.com").succeeded(&format!("the first issue after {situation}"));
    assert_consistent(ca, &format!("after the first issue after {situation}"));
    made
}

fn assert_no_open_secret(ca: &Path, situation: &str) {
    let open: Vec<String> = inspect(ca)
        .problems
        .into_iter()
        .filter(|problem| problem.contains("holds a private key and has mode"))
        .collect();
    assert!(open.is_empty(), "{situation}: {open:?}");
}

// ---------------------------------------------------------------------------------------------------------------- openssl in between

/// `openssl ca` takes no lock and replaces ca.db. When it does so while gsec appends, gsec's line would be on the inode that is now ca.db.old.
#[test]
fn an_index_that_openssl_replaces_between_append_and_sync_gets_the_record_again() {
    let (place, ca) = ca_with_one_certificate();
    let log = place.path().join("log");
    let (_, calls) = {
        let copy = place.path().join("traced");
        copy_tree(&ca, &copy);
        strace::trace(&gsec(&copy, issue_args("host.example.com")), &log)
    };
    // Another `openssl ca` works in the same moment: it has read the index before gsec appended, and puts its own in place after.
    let others = place.path().join("others");
    copy_tree(&ca, &others);
    let stale = fs::read(others.join("ca_conf/ca.db")).unwrap();
    let sync = calls
        .iter()
        .find(|call| call.is_sync() && call.line.contains("/ca_conf/ca.db>"))
        .expect("sync of ca.db");
    let (trace, inject) = (
        format!("trace={}", sync.name),
        format!("inject={}:signal=SIGSTOP:when={}", sync.name, sync.nth),
    );
    let command = gsec(&ca, issue_args("host.example.com"));
    let mut tracer = strace::under_strace(&command, &log, &["-e", &trace, "-e", &inject])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let stopped = strace::wait_until_stopped(&mut tracer);
    // What openssl ca does in the end: the old index gets another name, the new one gets its place.
    fs::rename(ca.join("ca_conf/ca.db"), ca.join("ca_conf/ca.db.old")).unwrap();
    fs::write(ca.join("ca_conf/ca.db.new"), &stale).unwrap();
    fs::rename(ca.join("ca_conf/ca.db.new"), ca.join("ca_conf/ca.db")).unwrap();
    assert!(
        Command::new("kill")
            .args(["-CONT", &stopped.to_string()])
            .status()
            .unwrap()
            .success()
    );
    assert!(tracer.wait().unwrap().success(), "the issue failed");
    machine::chmod(&ca.join("ca_conf/ca.db"), 0o600);
    let state = assert_clean(&ca, "after ca.db was replaced under the hands of gsec");
    assert!(
        state.serials().contains("02"),
        "the record went to the index that is no longer there: {:?}",
        state.records
    );
    assert!(openssl_status(&ca, "02").contains("02=Valid (V)"));
}

/// The calls of a command on a copy of `ca`, from the first that touches it to the last. On copies of the same directory they are the same.
fn calls_of(place: &Path, ca: &Path, command: impl Fn(&Path) -> Command) -> Vec<Call> {
    let copy = place.join("traced");
    copy_tree(ca, &copy);
    let (outcome, calls) = strace::trace(&command(&copy), &place.join("log"));
    outcome.succeeded("the untouched run");
    strace::calls_on(&copy, &calls)
}

/// The calls at which it is worth while to kill a process: those that change the disk, for a kill at any call between two of them leaves the same
/// directory. Of the calls between one in ten, to see that this is so; and all of them with GSEC_EVERY_POINT=1.
fn telling(calls: &[Call]) -> Vec<(usize, &Call)> {
    calls
        .iter()
        .enumerate()
        .filter(|(number, call)| call.changes_disk() || number % 10 == 0 || every_point().is_some())
        .collect()
}

/// Calls that reach a disk, and so can be failed by one.
fn on_disk(call: &Call) -> bool {
    // What goes to the terminal or a pipe is another matter (descriptors 1 and 2), and memory is not a disk.
    let elsewhere = call.line.contains("(1<")
        || call.line.contains("(2<")
        || call.line.contains("<pipe:")
        || call.line.contains("<anon_inode:");
    !elsewhere
        && (call.changes_disk()
            || matches!(
                call.name.as_str(),
                "open" | "openat" | "read" | "pread64" | "getdents64" | "flock"
            ))
        && (call.line.contains('/') || call.name == "read")
}

/// Calls without which a command cannot have done its work. Who holds the lock is written into it for others' messages only. An
/// audit.head that cannot be replaced stays as true as it was.
fn needed(call: &Call) -> bool {
    let is_of_head = call.line.contains("audit.head")
        || (call.line.contains(".tmp>") && call.line.contains("{\\\"seq\\\""));
    call.succeeded()
        && !call.line.contains("/.lock>")
        && !is_of_head
        && (call.is_sync()
            || call.name.contains("write")
            || call.name.starts_with("rename")
            || call.name.starts_with("link"))
}
