//! SIGKILL at random moments.

use crate::ca_check;
use crate::ca_check::{assert_consistent, assert_files_consistent};
use crate::common::at::{gsec, issue_args, issue_serial, make_ca, openssl, openssl_request};
use crate::common::machine::temp_dir;
use crate::common::{machine, run, strace};

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

const KILLS: usize = 500;
const WORKERS: usize = 4;
/// After so many kills everybody stops for `openssl ca`: it takes no lock, so two at once may lose a record whatever gsec does.
const KILLS_BETWEEN_OPENSSL: usize = 40;

/// xorshift64*: the moments need no quality, but a seed that can be printed.
struct Moments(u64);

impl Moments {
    fn next(&mut self, below: Duration) -> Duration {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let fraction = (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1u64 << 53) as f64;
        below.mul_f64(fraction)
    }
}

#[test]
fn killed_at_five_hundred_random_moments_with_openssl_replacing_the_index_in_between() {
    let place = temp_dir();
    let ca = place.path().join("ca");
    make_ca(&ca);
    let seed = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap()
        .as_nanos() as u64
        | 1;
    println!("seed {seed}");
    openssl_request(place.path(), "openssl.example.com");

    let (killed, finished) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let mut with_openssl = 0;
    let mut reported = BTreeSet::new();
    while killed.load(Ordering::SeqCst) < KILLS {
        let goal = (killed.load(Ordering::SeqCst) + KILLS_BETWEEN_OPENSSL).min(KILLS);
        // How long it takes with as many at once as there will be: the moments must cover all of it, on a machine of any speed.
        let typical = typical_duration(&ca, &mut reported);
        std::thread::scope(|scope| {
            for worker in 0..WORKERS {
                let (ca, killed, finished) = (&ca, &killed, &finished);
                let mut moments = Moments(seed ^ ((goal as u64) << 32) ^ ((worker as u64 + 1) << 48));
                scope.spawn(move || {
                    while killed.load(Ordering::SeqCst) < goal {
                        match killed_issue(ca, moments.next(typical.mul_f64(1.2))) {
                            true => killed.fetch_add(1, Ordering::SeqCst),
                            false => finished.fetch_add(1, Ordering::SeqCst),
                        };
                    }
                });
            }
        });
        let state = assert_files_consistent(
            &ca,
            &format!("after {} kills (seed {seed})", killed.load(Ordering::SeqCst)),
        );
        assert!(
            reported.is_subset(&state.serials()),
            "a record that was reported has gone (seed {seed})"
        );

        // openssl ca goes on in the directory as the kills left it: it issues, it revokes, it rewrites the index.
        let before = state.serials();
        let arguments: Vec<&str> = match with_openssl % 3 {
            0 => vec![
                "-batch",
                "-notext",
                "-in",
                "../host.csr",
                "-out",
                "../openssl.pem",
            ],
            1 => vec!["-revoke", "../openssl.pem"],
            _ => vec!["-updatedb"],
        };
        run(openssl(&ca, ["ca", "-config", "ca_conf/ca.conf"]).args(&arguments))
            .succeeded(&format!("openssl ca {arguments:?} (seed {seed})"));
        with_openssl += 1;
        let after = ca_check::inspect(&ca).serials();
        assert!(
            after.is_superset(&before),
            "openssl ca has lost records (seed {seed})"
        );
        reported.insert(issue_serial(
            &ca,
            "next.example.com",
            &format!(
                "the issue after {} kills and openssl ca (seed {seed})",
                killed.load(Ordering::SeqCst)
            ),
        ));
    }
    let state = assert_consistent(&ca, &format!("in the end (seed {seed})"));
    println!(
        "{} killed, {} finished before the signal, {with_openssl} changes by openssl ca: {} records, {} of them without certificate, {} without key or PFX, {} temporary files left over",
        killed.load(Ordering::SeqCst),
        finished.load(Ordering::SeqCst),
        state.records.len(),
        state.without_file.len(),
        state.unfinished.len(),
        state.leftovers.len()
    );
    assert!(
        fs::metadata(ca.join("ca_conf/ca.db.old")).is_ok(),
        "openssl ca has not replaced ca.db: this test has not tested that"
    );
}

/// Issues, and kills it after `moment`. True if the signal came before its end.
fn killed_issue(ca: &Path, moment: Duration) -> bool {
    let mut child = gsec(ca, issue_args("killed.example.com"))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(moment);
    child.kill().unwrap();
    let output = child.wait_with_output().unwrap();
    if output.status.signal() == Some(9) {
        return true;
    }
    assert!(
        output.status.success(),
        "an issue failed among killed ones: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    false
}

/// The longest of some undisturbed issues, as many at once as there are workers.
fn typical_duration(ca: &Path, reported: &mut BTreeSet<String>) -> Duration {
    let runs: Vec<(Duration, String)> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..WORKERS)
            .map(|_| {
                scope.spawn(|| {
                    let began = Instant::now();
                    let serial = issue_serial(ca, "undisturbed.example.com", "an undisturbed issue");
                    (began.elapsed(), serial)
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let longest = runs.iter().map(|(duration, _)| *duration).max().unwrap();
    for (_, serial) in runs {
        assert!(
            reported.insert(serial.clone()),
            "serial {serial} was given out twice"
        );
    }
    longest
}

/// A revocation is a line in the log first, and then in `ca.db`. A call that is killed in between leaves a revocation that the log tells and
/// `ca.db` lacks: the next CRL has it, `ca log --verify` says so, and what it advises completes it.
#[test]
fn a_revocation_that_is_killed_counts_or_is_told_and_completed() {
    let place = temp_dir();
    let ca = place.path().join("ca");
    make_ca(&ca);
    let valid = issue_serial(&ca, "valid.example.com", "before");
    let superseded = issue_serial(&ca, "superseded.example.com", "before");
    run(&mut gsec(
        &ca,
        ["cert", "revoke", &superseded, "--reason", "superseded"],
    ))
    .succeeded("before");
    for serial in [&valid, &superseded] {
        let revoke = ["cert", "revoke", serial, "--reason", "keyCompromise", "--no-crl"];
        let changes = strace::changes_of(place.path(), &ca, |copy| gsec(copy, revoke));
        let told = AtomicUsize::new(0);
        machine::for_each_at_once(&changes, |number, call| {
            let copy = place.path().join(format!("{serial}.{number}"));
            machine::copy_tree(&ca, &copy);
            let log = place.path().join(format!("log.{serial}.{number}"));
            let outcome = strace::inject(&gsec(&copy, revoke), &log, call, "signal=SIGKILL");
            let situation = format!("killed at change {number} of {}: {}", changes.len(), call.line);
            assert_eq!(
                outcome.signal,
                Some(9),
                "{situation}: it was not killed: {outcome:#?}"
            );
            let verify = || run(&mut gsec(&copy, ["ca", "log", "--verify"]));
            let is_announced = || {
                let lines = fs::read_to_string(copy.join("ca_conf/audit.log")).unwrap();
                lines.lines().any(|line| line.contains("keyCompromise"))
            };
            let found = verify();
            if found.status == Some(1) {
                assert!(is_announced(), "{situation}: {found:#?}");
                assert!(
                    found
                        .stdout
                        .contains(&format!("serial {serial} was revoked (keyCompromise), but ca.db")),
                    "{situation}: {found:#?}"
                );
                told.fetch_add(1, Ordering::SeqCst);
                run(&mut gsec(&copy, ["crl", "update"])).succeeded(&situation);
                assert!(
                    crl_compromised(&copy).contains(serial),
                    "{situation}: the CRL lacks it"
                );
                run(&mut gsec(
                    &copy,
                    ["doctor", copy.to_str().unwrap(), "--fix", "--yes"],
                ));
            }
            verify().succeeded(&situation);
            let index = fs::read_to_string(copy.join("ca_conf/ca.db")).unwrap();
            assert_eq!(
                index.lines().any(|line| line.contains("keyCompromise")),
                is_announced(),
                "{situation}: {index}"
            );
            fs::remove_dir_all(&copy).unwrap();
        });
        assert!(
            told.into_inner() > 0,
            "no kill came between the line and ca.db, so nothing of that was tested"
        );
    }
}

/// The serial numbers of the CRL that are there as compromised, as OpenSSL reads it.
fn crl_compromised(ca: &Path) -> BTreeSet<String> {
    let text = run(&mut openssl(
        ca,
        ["crl", "-in", "ca_conf/ca_crl.pem", "-noout", "-text"],
    ))
    .succeeded("openssl reads the CRL")
    .stdout;
    text.split("Serial Number: ")
        .skip(1)
        .filter(|entry| entry.contains("Key Compromise"))
        .filter_map(|entry| entry.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}
