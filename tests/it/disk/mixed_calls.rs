//! Calls of every kind that changes something, all at once in one CA directory, some of them killed.

use crate::ca_check::{State, assert_consistent};
use crate::common::at::{gsec, issue_args, issue_serial, make_ca, openssl};
use crate::common::machine::temp_dir;

use crate::common::run;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

const CALLS: usize = 100;
const ROUNDS: usize = 3;
/// Who is killed is killed within this time of its start; a call alone takes a few milliseconds, a hundred at once take more.
const LONGEST_MOMENT: Duration = Duration::from_millis(60);

/// The certificates that the calls of one round are about.
struct Targets {
    /// Any of these may be revoked.
    revocable: Vec<String>,
    /// These are renewed and stay valid.
    renewable: Vec<String>,
    /// Each of these is renewed once, and revoked then.
    replaceable: Vec<String>,
}

/// Hosts that have a certificate by `cert ensure`, several calls for each.
const ENSURED_HOSTS: usize = 4;

fn ensure_args(host: usize) -> Vec<String> {
    [
        "cert",
        "ensure",
        "--key-type",
        "p256",
        "--host",
        &format!("ensured{host}.example.com"),
    ]
    .map(String::from)
    .to_vec()
}

/// What one call is about.
fn call(number: usize, targets: &Targets) -> Vec<String> {
    let one_of = |serials: &[String]| serials[number / 10 % serials.len()].clone();
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    match number % 10 {
        0 | 1 => issue_args(&format!("h{number}.example.com")),
        2 => words(&[
            "cert",
            "revoke",
            &one_of(&targets.revocable),
            "--reason",
            "keyCompromise",
            "--no-crl",
        ]),
        3 => words(&[
            "cert",
            "revoke",
            &one_of(&targets.revocable),
            "--reason",
            "superseded",
        ]),
        4 => words(&["crl", "update"]),
        5 => words(&["cert", "list"]),
        6 => words(&["cert", "renew", &one_of(&targets.renewable), "--keep-key"]),
        7 => words(&["cert", "renew", &one_of(&targets.replaceable), "--revoke-old"]),
        _ => ensure_args(number / 10 % ENSURED_HOSTS),
    }
}

/// All calls at once; every third is killed at some moment, or has ended by then. Returns how many were killed.
fn run_all(ca: &Path, targets: &Targets, seed: u64) -> usize {
    let killed = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for number in 0..CALLS {
            let killed = &killed;
            scope.spawn(move || {
                let mut command = gsec(ca, call(number, targets));
                let mut child = command
                    .stdin(Stdio::null())
                    .stdout(Stdio::null())
                    .stderr(Stdio::piped())
                    .spawn()
                    .unwrap();
                if number % 3 == 0 {
                    let moment = (seed
                        .wrapping_mul(number as u64 + 1)
                        .wrapping_mul(0x2545_F491_4F6C_DD1D)
                        >> 32)
                        % LONGEST_MOMENT.as_micros() as u64;
                    std::thread::sleep(Duration::from_micros(moment));
                    child.kill().unwrap();
                }
                let output = child.wait_with_output().unwrap();
                if output.status.signal() == Some(9) {
                    killed.fetch_add(1, Ordering::SeqCst);
                } else {
                    let stderr = String::from_utf8_lossy(&output.stderr);
                    assert!(
                        output.status.success(),
                        "call {number} {:?} failed: {stderr}",
                        call(number, targets)
                    );
                }
            });
        }
    });
    killed.into_inner()
}

/// The serials that the CRL has.
fn in_crl(ca: &Path) -> BTreeSet<String> {
    let text = run(&mut openssl(
        ca,
        ["crl", "-in", "ca_conf/ca_crl.pem", "-noout", "-text"],
    ))
    .succeeded("openssl reads the CRL")
    .stdout;
    text.lines()
        .filter_map(|line| line.trim().strip_prefix("Serial Number: "))
        .map(str::to_owned)
        .collect()
}

/// The log is sound, or it has nothing against it but revocations whose calls were killed before `ca.db` had them: those are told, and
/// the remedy that is named completes them. What a kill at each step
/// leaves, `killed::a_revocation_that_is_killed_counts_or_is_told_and_completed` tries.
fn finish_killed_revocations(ca: &Path, situation: &str) {
    let verify = || run(&mut gsec(ca, ["ca", "log", "--verify", "--json"]));
    let found = verify();
    if found.status == Some(1) {
        let facts: serde_json::Value = serde_json::from_str(&found.stdout).unwrap();
        assert!(
            facts["problems"].as_array().unwrap().is_empty()
                && facts["lost_revocations"]["count"].as_u64() > Some(0),
            "{situation}: {facts:#}"
        );
        run(&mut gsec(ca, ["doctor", ca.to_str().unwrap(), "--fix", "--yes"]));
    }
    verify().succeeded(situation);
}

fn revoked(state: &State) -> BTreeSet<String> {
    state
        .records
        .iter()
        .filter(|record| record.status == "R")
        .map(|record| record.serial.clone())
        .collect()
}

#[test]
fn a_hundred_mixed_calls_at_once_some_of_them_killed_leave_everything_consistent() {
    let place = temp_dir();
    let ca = place.path().join("ca");
    make_ca(&ca);
    let issue_some = |count: usize, name: &str| {
        (0..count)
            .map(|number| issue_serial(&ca, &format!("{name}{number}.example.com"), "before"))
            .collect()
    };
    let mut targets = Targets {
        revocable: issue_some(12, "first"),
        renewable: issue_some(4, "renewed"),
        replaceable: Vec::new(),
    };
    let seed = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap()
        .as_nanos() as u64
        | 1;
    let (mut last_crl, mut all_killed) = (BTreeSet::new(), 0);
    for round in 0..ROUNDS {
        targets.replaceable = issue_some(CALLS / 10, "replaced");
        let killed = run_all(&ca, &targets, seed.wrapping_add(round as u64));
        all_killed += killed;
        let situation = format!("round {round}: {killed} of {CALLS} calls killed (seed {seed})");
        println!("{situation}");
        finish_killed_revocations(&ca, &situation);
        let state = assert_consistent(&ca, &situation);
        // Nothing that was revoked comes back, in the index or in a CRL that was made while others revoked.
        let listed = if ca.join("ca_conf/ca_crl.pem").exists() {
            in_crl(&ca)
        } else {
            BTreeSet::new()
        };
        assert!(
            last_crl.is_subset(&listed),
            "{situation}: a later CRL lacks what an earlier one had"
        );
        assert!(
            listed.is_subset(&revoked(&state)),
            "{situation}: the CRL has what the index does not"
        );
        last_crl = listed;
        // Every record was announced before; what was announced and has no record is of a killed call.
        assert!(
            state.serials().is_subset(&state.announced),
            "{situation}: a record that no line of the audit log announces"
        );
        targets.revocable.push(issue_serial(
            &ca,
            &format!("after{round}.example.com"),
            &situation,
        ));
    }
    assert!(
        all_killed > 0,
        "nothing was killed, so nothing of that was tested"
    );
    run(&mut gsec(&ca, ["crl", "update"])).succeeded("crl update in the end");
    // Whatever was killed, one call more and every host has what it wants.
    for host in 0..ENSURED_HOSTS {
        run(&mut gsec(&ca, ensure_args(host))).succeeded("ensure in the end");
        run(&mut gsec(
            &ca,
            [ensure_args(host), vec!["--check".into()]].concat(),
        ))
        .succeeded("nothing is left to do");
    }
    let state = assert_consistent(&ca, "in the end");
    assert_eq!(
        in_crl(&ca),
        revoked(&state),
        "a CRL that is made alone has exactly what the index has"
    );
    assert!(
        fs::read_to_string(ca.join("ca_conf/audit.log"))
            .unwrap()
            .lines()
            .count()
            > CALLS
    );
}
