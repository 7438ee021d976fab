//! Many processes at once on one CA directory.

use crate::ca_check;
use crate::ca_check::assert_clean;
use crate::common::at::{gsec, issue, issue_args, make_ca, openssl, openssl_request};

use crate::common::machine::{chmod, temp_dir};
use crate::common::snapshot::{assert_unchanged, snapshot};
use crate::common::{machine, program, run, strace};

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const CALLS: usize = 200;

/// Starts all commands before it waits for the first of them.
fn all_at_once(commands: impl IntoIterator<Item = Command>) -> Vec<Output> {
    let started: Vec<Child> = commands
        .into_iter()
        .map(|mut command| {
            command
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    // What one of them writes fits a pipe's buffer (64 KiB), so none waits for its turn to be read.
    started
        .into_iter()
        .map(|child| child.wait_with_output().unwrap())
        .collect()
}

#[test]
fn two_hundred_issues_at_once_all_succeed_with_different_serials() {
    let place = temp_dir();
    let ca = place.path().join("ca");
    make_ca(&ca);
    let outputs = all_at_once((0..CALLS).map(|number| {
        let mut command = gsec(&ca, ["--json"]);
        command.args(issue_args(&format!("h{number}.example.com")));
        command
    }));
    let mut serials = BTreeSet::new();
    for (number, output) in outputs.iter().enumerate() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "call {number} failed with {:?}: {stderr}",
            output.status
        );
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let serial = json["serial"].as_str().unwrap().to_owned();
        let own = fs::read_to_string(ca.join(format!("repository/{serial}_h{number}_priv_key.pem")));
        assert!(
            own.is_ok_and(|pem| pem.contains("PRIVATE KEY")),
            "serial {serial} is not that of h{number}"
        );
        assert!(
            serials.insert(serial.clone()),
            "serial {serial} was given out twice"
        );
    }
    assert_eq!(serials.len(), CALLS);
    let state = assert_clean(&ca, "after 200 issues at once");
    assert_eq!(state.records.len(), CALLS);
    assert_eq!(
        state.serials(),
        serials,
        "the records are not those that the calls reported"
    );
    assert_eq!(
        fs::read_to_string(ca.join("ca_conf/serial.num")).unwrap(),
        "C9\n",
        "201 is the next serial"
    );
}

/// The comparison that the tool people use today makes: `openssl ca` takes no lock. Its losses are reported, not asserted,
/// since how many there are is up to the scheduler.
#[test]
fn two_hundred_calls_of_openssl_ca_for_comparison() {
    let place = temp_dir();
    let ca = place.path().join("ca");
    make_ca(&ca);
    openssl_request(&ca, "host.example.com");
    let call = |number: usize| {
        openssl(
            &ca,
            [
                "ca",
                "-batch",
                "-notext",
                "-config",
                "ca_conf/ca.conf",
                "-in",
                "host.csr",
                "-out",
                &format!("out{number}.pem"),
            ],
        )
    };
    // Alone it works: what goes wrong after this is due to the others.
    run(&mut call(0)).succeeded("openssl ca alone");
    let outputs = all_at_once((1..CALLS).map(call));
    let done = 1 + outputs.iter().filter(|output| output.status.success()).count();
    let certificates: Vec<String> = (0..CALLS)
        .filter_map(|number| {
            let text = fs::read(ca.join(format!("out{number}.pem"))).ok()?;
            let block = pem::parse(text).ok()?;
            let (_, certificate) = x509_parser::parse_x509_certificate(block.contents()).ok()?;
            Some(certificate.raw_serial_as_string())
        })
        .collect();
    let different: BTreeSet<&String> = certificates.iter().collect();
    // It may be gone altogether: each renames it away, and the last of them may have nothing to put in its place.
    let index = fs::read_to_string(ca.join("ca_conf/ca.db")).unwrap_or_default();
    println!(
        "openssl ca, {CALLS} calls at once: {done} reported success, {} certificates with {} different serials, {} records in ca.db",
        certificates.len(),
        different.len(),
        index.lines().count()
    );
    println!("gsec cert issue, {CALLS} calls at once: {CALLS} of each, as the test beside this one asserts");
}

#[test]
fn twenty_inits_at_once_make_one_ca() {
    let place = temp_dir();
    let ca = place.path().join("ca");
    let outputs = all_at_once((0..20).map(|number| {
        gsec(
            &ca,
            [
                "ca",
                "init",
                "--key-type",
                "p256",
                "--cn",
                &format!("CA number {number}"),
            ],
        )
    }));
    let (made, refused): (Vec<&Output>, Vec<&Output>) =
        outputs.iter().partition(|output| output.status.success());
    let said: Vec<_> = outputs
        .iter()
        .map(|output| (output.status.code(), String::from_utf8_lossy(&output.stderr)))
        .collect();
    assert_eq!(made.len(), 1, "exactly one `ca init` makes the CA: {said:#?}");
    for output in refused {
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{stderr}");
        assert!(
            stderr.contains("error: ") && stderr.contains("exist"),
            "the message does not say that there is a CA already: {stderr}"
        );
        assert!(output.stdout.is_empty());
    }
    // The CA is of one piece: what the winner says it made is what is there.
    let shown = run(&mut gsec(&ca, ["--json", "ca", "show"]))
        .succeeded("ca show")
        .json();
    let winner = outputs.iter().position(|output| output.status.success()).unwrap();
    assert!(
        shown["subject"]
            .as_str()
            .unwrap()
            .contains(&format!("CA number {winner}")),
        "CA number {winner} won, but the directory holds {shown}"
    );
    issue(&ca, "first.example.com").succeeded("the first issue of that CA");
    assert_clean(&ca, "after twenty inits at once");
}

#[test]
fn reading_while_others_issue_never_fails() {
    let place = temp_dir();
    let ca = place.path().join("ca");
    make_ca(&ca);
    let outputs = all_at_once((0..60).map(|number| match number % 3 {
        0 => gsec(&ca, ["cert", "list"]),
        1 => gsec(&ca, ["ca", "show"]),
        _ => gsec(&ca, issue_args(&format!("h{number}.example.com"))),
    }));
    for output in outputs {
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{stderr}");
        // A reader sees the index before or after a commit, but never half a line.
        assert!(
            !stderr.contains("damaged") && !stderr.contains("warning"),
            "a reader complains about a commit in progress: {stderr}"
        );
    }
    assert_clean(&ca, "after reading and issuing at once");
}

/// Another program that holds the lock file, and lets go when it is killed or told to.
struct Holder(Child);

impl Holder {
    fn of(lock: &Path) -> Self {
        let mut holder = Command::new(program("flock"))
            .arg(lock)
            .args(["sh", "-c", "echo held; exec sleep 1000"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(holder.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert_eq!(line, "held\n");
        Self(holder)
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        // `sleep` has inherited flock's descriptor and thereby the lock: it is the child that must go.
        let children =
            fs::read_to_string(format!("/proc/{0}/task/{0}/children", self.0.id())).unwrap_or_default();
        for child in children.split_whitespace() {
            let _ = Command::new("kill").args(["-KILL", child]).status();
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_lock_that_somebody_holds_is_waited_for_and_then_given_up() {
    let place = temp_dir();
    let ca = place.path().join("ca");
    make_ca(&ca);
    issue(&ca, "before.example.com").succeeded("issue before");
    let before = snapshot(&ca);
    let holder = Holder::of(&ca.join("ca_conf/.lock"));
    let began = Instant::now();
    let outcome = run(&mut gsec(
        &ca,
        [
            vec!["--lock-timeout".into(), "1".into()],
            issue_args("waits.example.com"),
        ]
        .concat(),
    ));
    assert!(
        began.elapsed() >= Duration::from_millis(900),
        "it gave up before the second was over: {outcome:#?}"
    );
    outcome.refused("held by flock(1)", &[".lock"]);
    assert_unchanged(&before, &ca, "an issue that did not get the lock");
    // Who only reads takes no lock.
    run(&mut gsec(&ca, ["--lock-timeout", "1", "cert", "list"])).succeeded("cert list under a held lock");
    run(&mut gsec(&ca, ["--lock-timeout", "1", "ca", "show"])).succeeded("ca show under a held lock");
    drop(holder);
    issue(&ca, "after.example.com").succeeded("issue after the holder has gone");
    assert_clean(&ca, "after the holder has gone");
}

#[test]
fn who_waits_gets_the_lock_when_the_holder_lets_go() {
    let place = temp_dir();
    let ca = place.path().join("ca");
    make_ca(&ca);
    let holder = Holder::of(&ca.join("ca_conf/.lock"));
    let mut waiting = gsec(&ca, issue_args("waits.example.com"))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It says so after a second; only then is the holder killed, so that this is no race.
    let mut said = String::new();
    BufReader::new(waiting.stderr.take().unwrap())
        .read_line(&mut said)
        .unwrap();
    assert!(
        said.contains("waiting for"),
        "the first thing said while waiting is {said:?}"
    );
    assert!(waiting.try_wait().unwrap().is_none(), "it did not wait");
    drop(holder);
    assert!(waiting.wait().unwrap().success());
    assert_clean(&ca, "after waiting");
}

/// A gsec that stopped in the middle of its commit, with the lock in its hands (`kill -STOP`, a debugger, a suspended machine).
#[test]
fn the_message_names_the_process_that_holds_the_lock_and_killing_it_frees_the_directory() {
    let place = temp_dir();
    let ca = place.path().join("ca");
    make_ca(&ca);
    let log = place.path().join("strace.log");
    let stopped = gsec(&ca, issue_args("stopped.example.com"));
    let options = [
        "-e",
        "trace=fsync,fdatasync",
        "-e",
        "inject=fsync,fdatasync:signal=SIGSTOP:when=1",
    ];
    let mut tracer = strace::under_strace(&stopped, &log, &options)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let holder = strace::wait_until_stopped(&mut tracer);

    let outcome = run(&mut gsec(
        &ca,
        [
            vec!["--lock-timeout".into(), "1".into()],
            issue_args("waits.example.com"),
        ]
        .concat(),
    ));
    // The holder goes before anything is asserted: a stopped process must not outlive a failing test.
    assert!(
        Command::new("kill")
            .args(["-KILL", &holder.to_string()])
            .status()
            .unwrap()
            .success()
    );
    tracer.wait().unwrap();
    outcome.refused("held by a stopped gsec", &[".lock", &holder.to_string()]);

    run(&mut gsec(
        &ca,
        [
            vec!["--lock-timeout".into(), "1".into()],
            issue_args("next.example.com"),
        ]
        .concat(),
    ))
    .succeeded("issue after the holder was killed");
    ca_check::assert_consistent(&ca, "after the holder was killed");
}

#[test]
fn an_old_directory_without_a_lock_file_gets_one_that_only_its_owner_can_open() {
    use std::os::unix::fs::MetadataExt;
    let place = temp_dir();
    let ca = place.path().join("ca");
    make_ca(&ca);
    fs::remove_file(ca.join("ca_conf/.lock")).unwrap();
    chmod(&ca.join("ca_conf"), 0o755);
    issue(&ca, "host.example.com").succeeded("issue without a lock file");
    // Whoever can open the file can hold the lock for ever.
    assert_eq!(
        fs::metadata(ca.join("ca_conf/.lock")).unwrap().mode() & 0o7777,
        0o600
    );
}

// ---------------------------------------------------------------------------------------------------------------- once

fn ensure_args(host: &str) -> Vec<String> {
    ["--json", "cert", "ensure", "--key-type", "p256", "--host", host]
        .map(String::from)
        .to_vec()
}

#[track_caller]
fn documents(outputs: &[Output]) -> Vec<serde_json::Value> {
    let document = |output: &Output| {
        assert!(
            output.status.success(),
            "{:?}: {}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).unwrap()
    };
    outputs.iter().map(document).collect()
}

#[track_caller]
fn records_of(ca: &Path, situation: &str) -> usize {
    assert_clean(ca, situation).records.len()
}

#[test]
fn of_many_ensures_at_once_one_issues_and_the_others_find_what_it_issued() {
    let place = temp_dir();
    let ca = place.path().join("ca");
    make_ca(&ca);
    for round in 0..3 {
        let host = format!("same{round}.example.com");
        let answers = documents(&all_at_once((0..12).map(|_| gsec(&ca, ensure_args(&host)))));
        let issued: Vec<_> = answers
            .iter()
            .filter(|answer| answer["action"] == "issued")
            .collect();
        assert_eq!(issued.len(), 1, "{answers:#?}");
        assert!(
            answers
                .iter()
                .all(|answer| answer["serial"] == issued[0]["serial"]),
            "all tell of the same certificate: {answers:#?}"
        );
        assert_eq!(
            answers.iter().filter(|answer| answer["changed"] == true).count(),
            1
        );
        assert_eq!(records_of(&ca, "after many ensures at once"), round + 1);
    }
}

#[test]
fn ensures_at_once_for_different_hosts_and_names_do_not_hold_each_other_up() {
    let place = temp_dir();
    let ca = place.path().join("ca");
    make_ca(&ca);
    let outputs = all_at_once((0..20).map(|number| {
        let mut command = gsec(&ca, ensure_args(&format!("h{}.example.com", number / 2)));
        command.args(if number % 2 == 0 {
            vec!["--cn", "One name"]
        } else {
            vec!["--cn", "Another name"]
        });
        command
    }));
    // Two orders for one host that differ are two certificates.
    assert_eq!(
        documents(&outputs)
            .iter()
            .filter(|answer| answer["action"] == "issued")
            .count(),
        20
    );
    assert_eq!(records_of(&ca, "after ensures for ten hosts"), 20);
}

#[test]
fn lists_at_once_with_the_same_hosts_issue_each_of_them_once() {
    let place = temp_dir();
    let ca = place.path().join("ca");
    make_ca(&ca);
    let hosts: String = (0..70).map(|number| format!("l{number}.example.com\n")).collect();
    let list = place.path().join("hosts.csv");
    fs::write(&list, format!("host\n{hosts}")).unwrap();
    let list = list.to_str().unwrap();
    let answers = documents(&all_at_once((0..3).map(|_| {
        gsec(
            &ca,
            [
                "--json",
                "cert",
                "issue",
                "--from",
                list,
                "--key-type",
                "p256",
                "--no-pfx",
                "--jobs",
                "2",
            ],
        )
    })));
    let count = |name: &str| {
        answers
            .iter()
            .map(|answer| answer["counts"][name].as_u64().unwrap())
            .sum::<u64>()
    };
    assert_eq!(
        (count("issued"), count("present"), count("failed")),
        (70, 140, 0),
        "{answers:#?}"
    );
    let state = ca_check::assert_consistent(&ca, "after three lists at once");
    assert_eq!(state.records.len(), 70);
}

#[test]
fn a_list_an_ensure_and_a_quickstart_at_once_for_one_host_issue_once() {
    let place = temp_dir();
    let ca = place.path().join("ca");
    make_ca(&ca);
    for round in 0..3 {
        let host = format!("mixed{round}.example.com");
        let list = place.path().join("hosts.csv");
        fs::write(&list, format!("host\n{host}\n")).unwrap();
        let list = list.to_str().unwrap();
        let answers = documents(&all_at_once((0..9).map(|number| match number % 3 {
            0 => gsec(&ca, ["--json", "cert", "issue", "--from", list]),
            1 => gsec(&ca, ["--json", "cert", "ensure", "--host", &host]),
            _ => gsec(&ca, ["--json", "quickstart", &host]),
        })));
        assert_eq!(
            records_of(&ca, "after three kinds of call at once"),
            round + 1,
            "{answers:#?}"
        );
    }
}

#[test]
fn quickstarts_at_once_in_an_empty_directory_all_succeed_with_one_ca_and_one_certificate() {
    for _ in 0..3 {
        let place = temp_dir();
        let outputs = all_at_once((0..5).map(|_| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_gsec"));
            command.env_remove("GSEC_CA_DIR").current_dir(place.path()).args([
                "--json",
                "quickstart",
                "db1.example.com",
            ]);
            command
        }));
        let answers = documents(&outputs);
        for made in ["ca_created", "changed"] {
            assert_eq!(
                answers.iter().filter(|answer| answer[made] == true).count(),
                1,
                "{made}: {answers:#?}"
            );
        }
        assert!(
            answers.iter().all(
                |answer| answer["verified"] == true && answer["certificate"] == answers[0]["certificate"]
            ),
            "{answers:#?}"
        );
        assert_eq!(
            records_of(&place.path().join("gsec-ca"), "after five quickstarts"),
            1
        );
    }
}

#[test]
fn renewals_at_once_issue_once_and_each_says_what_was_issued() {
    let place = temp_dir();
    let ca = place.path().join("ca");
    make_ca(&ca);
    issue(&ca, "db1.example.com").succeeded("issue");
    // All begin while the lock is held, so that each has begun before the first renews.
    for (round, selector) in ["db1.example.com", "02"].into_iter().enumerate() {
        for option in [None, Some("--revoke-old")].into_iter().take(2 - round) {
            let before = records_of(&ca, "before renewals at once");
            let newest = format!("{before:02X}");
            let selector = if round == 0 { selector } else { newest.as_str() };
            let holder = Holder::of(&ca.join("ca_conf/.lock"));
            let renew = |number: usize| {
                let mut command = gsec(&ca, ["--json", "cert", "renew", selector]);
                let folder = place.path().join(format!("out-{number}"));
                std::fs::create_dir_all(&folder).unwrap();
                command
                    .args(option)
                    .arg("--out-dir")
                    .arg(folder)
                    .stdin(Stdio::null())
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped());
                command.spawn().unwrap()
            };
            let mut waiting: Vec<Child> = (0..3).map(renew).collect();
            for child in &mut waiting {
                let mut said = String::new();
                BufReader::new(child.stderr.as_mut().unwrap())
                    .read_line(&mut said)
                    .unwrap();
                assert!(said.contains("waiting for"), "{said}");
            }
            drop(holder);
            let answers = documents(
                &waiting
                    .into_iter()
                    .map(|child| child.wait_with_output().unwrap())
                    .collect::<Vec<_>>(),
            );
            let situation = format!("{selector}, {option:?}: {answers:#?}");
            let renewed = format!("{:02X}", before + 1);
            assert_eq!(
                records_of(&ca, "after renewals at once"),
                before + 1,
                "{situation}"
            );
            assert!(
                answers
                    .iter()
                    .all(|answer| answer["serial"] == *renewed && answer["replaces"] == *newest),
                "{situation}"
            );
            // Who issued nothing delivers all the same, to its own directory.
            let copy = std::fs::read(ca.join(format!("repository/{renewed}_db1_priv_key.pem"))).unwrap();
            for (number, answer) in answers.iter().enumerate() {
                let folder = place.path().join(format!("out-{number}"));
                assert_eq!(
                    std::fs::read(folder.join("db1_priv_key.pem")).unwrap(),
                    copy,
                    "{situation}"
                );
                for name in ["db1_cert.pem", "db1_chain.pem", "db1_cert.pfx"] {
                    assert!(folder.join(name).exists(), "{name}: {situation}");
                }
                let delivered = answer["files"]["delivered"].as_array().unwrap();
                assert_eq!(delivered.len(), 4, "{situation}");
            }
            // Who finds the new one may be the one that revokes the old one.
            let changed = answers.iter().filter(|answer| answer["changed"] == true).count();
            assert!(
                if option.is_none() {
                    changed == 1
                } else {
                    changed >= 1
                },
                "{situation}"
            );
        }
    }
}

/// Stops an ensure after its record and before its certificate, and starts a second one. Returns both, once the second says that it waits.
fn an_ensure_that_waits_for_another(place: &Path, ca: &Path) -> (Child, u32, Child) {
    let traced = place.join("traced");
    machine::copy_tree(ca, &traced);
    let first = |ca: &Path| gsec(ca, ensure_args("db1.example.com"));
    let (outcome, calls) = strace::trace(&first(&traced), &place.join("log"));
    outcome.succeeded("the untouched run");
    let sync = calls
        .iter()
        .find(|call| call.is_sync() && call.line.contains("/ca_conf/ca.db>"))
        .expect("sync of ca.db");
    let (trace, inject) = (
        format!("trace={}", sync.name),
        format!("inject={}:signal=SIGSTOP:when={}", sync.name, sync.nth),
    );
    let mut traced = strace::under_strace(&first(ca), &place.join("log2"), &["-e", &trace, "-e", &inject]);
    let mut tracer = traced
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let stopped = strace::wait_until_stopped(&mut tracer);
    // A stopped holder of the lock would be waited for as such: what is stopped here has let it go, or is made to.
    let mut second = first(ca)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    BufReader::new(second.stderr.take().unwrap())
        .read_line(&mut said)
        .unwrap();
    assert!(said.contains("waiting for"), "{said}");
    (tracer, stopped, second)
}

fn signal(name: &str, process: u32) {
    assert!(
        Command::new("kill")
            .args([name, &process.to_string()])
            .status()
            .unwrap()
            .success()
    );
}

#[test]
fn an_ensure_waits_for_the_certificate_that_another_has_recorded_and_is_writing() {
    let place = temp_dir();
    let ca = place.path().join("ca");
    make_ca(&ca);
    let (tracer, stopped, second) = an_ensure_that_waits_for_another(place.path(), &ca);
    signal("-CONT", stopped);
    let answers = documents(&[
        tracer.wait_with_output().unwrap(),
        second.wait_with_output().unwrap(),
    ]);
    assert_eq!(
        (&answers[0]["action"], &answers[1]["action"]),
        (&"issued".into(), &"none".into()),
        "{answers:#?}"
    );
    assert_eq!(records_of(&ca, "after the wait"), 1);
}

#[test]
fn an_ensure_that_waits_issues_itself_when_the_other_is_killed() {
    let place = temp_dir();
    let ca = place.path().join("ca");
    make_ca(&ca);
    let (tracer, stopped, second) = an_ensure_that_waits_for_another(place.path(), &ca);
    signal("-KILL", stopped);
    tracer.wait_with_output().unwrap();
    let answers = documents(&[second.wait_with_output().unwrap()]);
    assert_eq!(answers[0]["action"], "issued", "{answers:#?}");
    let state = ca_check::assert_consistent(&ca, "after the first was killed");
    assert_eq!((state.records.len(), state.without_file.len()), (2, 1));
}
