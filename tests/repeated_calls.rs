//! A call that was cut off, at any of the system calls by which it changes the disk, and then the same call once more: it does what is left
//! to do, or says that nothing is left. By default a sample of the points is tried; all of them with GSEC_EVERY_POINT=1.

mod ca_check;

use ca_check::strace::{self, Call};
use ca_check::{assert_files_consistent, copy_tree, for_each_at_once, gsec, issue_args, make_ca, openssl, openssl_request, run, temp_dir};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// So many points of each call are tried in a normal run.
const SAMPLE: usize = 2;
/// What is done to a system call.
const FAULTS: [&str; 3] = ["signal=SIGKILL", "error=EIO", "error=ENOSPC"];

/// A call, in a CA that was prepared for it.
struct Situation {
    name: &'static str,
    prepare: &'static [&'static [&'static str]],
    call: &'static [&'static str],
    /// Whether the CRL has to tell of all that is revoked once the call was repeated.
    tells_in_crl: bool,
}

const ENSURE: &[&str] = &["cert", "ensure", "--key-type", "p256", "--host", "db1.example.com"];
const ISSUE: &[&str] = &["cert", "issue", "--key-type", "p256", "--host", "db1.example.com"];
const REKEY: &[&str] = &["ca", "rekey", "--key-type", "p256", "--yes", "--ca-passphrase-file", "OLD"];

const SITUATIONS: &[Situation] = &[
    Situation { name: "issue", prepare: &[], call: ISSUE, tells_in_crl: false },
    Situation {
        name: "issue a list",
        prepare: &[],
        call: &["cert", "issue", "--key-type", "p256", "--from", "LIST", "--jobs", "1"],
        tells_in_crl: false,
    },
    Situation { name: "ensure", prepare: &[], call: ENSURE, tells_in_crl: false },
    Situation { name: "renew", prepare: &[ISSUE], call: &["cert", "renew", "01"], tells_in_crl: false },
    Situation { name: "renew and revoke", prepare: &[ISSUE], call: &["cert", "renew", "01", "--revoke-old"], tells_in_crl: true },
    Situation { name: "renew and revoke a host", prepare: &[ISSUE], call: &["cert", "renew", "db1.example.com", "--revoke-old"], tells_in_crl: true },
    Situation { name: "revoke", prepare: &[ISSUE], call: &["cert", "revoke", "01", "--reason", "superseded"], tells_in_crl: true },
    Situation {
        name: "revoke all of a host",
        prepare: &[ISSUE, ISSUE, &["cert", "revoke", "01", "--reason", "certificateHold"]],
        call: &["cert", "revoke", "db1.example.com", "--all", "--reason", "keyCompromise"],
        tells_in_crl: true,
    },
    Situation {
        name: "unhold",
        prepare: &[ISSUE, &["cert", "revoke", "01", "--reason", "certificateHold"]],
        call: &["cert", "unhold", "01"],
        tells_in_crl: true,
    },
    Situation { name: "sign", prepare: &[], call: &["cert", "sign", "REQUEST", "--host", "db1.example.com"], tells_in_crl: false },
    Situation { name: "update the CRL", prepare: &[ISSUE, &["cert", "revoke", "01", "--no-crl"]], call: &["crl", "update"], tells_in_crl: true },
    Situation { name: "renew the CA", prepare: &[ISSUE], call: &["ca", "renew", "--yes"], tells_in_crl: false },
    Situation { name: "rekey", prepare: &[ISSUE], call: &["ca", "rekey", "--key-type", "p256", "--yes"], tells_in_crl: false },
    Situation { name: "set a passphrase", prepare: &[ISSUE], call: &["ca", "passphrase", "--new-passphrase-file", "NEW"], tells_in_crl: false },
    Situation {
        name: "change the passphrase of present and former keys",
        prepare: &[&["ca", "passphrase", "--new-passphrase-file", "OLD"], REKEY, REKEY],
        call: &["ca", "passphrase", "--ca-passphrase-file", "OLD", "--new-passphrase-file", "NEW"],
        tells_in_crl: false,
    },
    Situation {
        name: "have doctor fix",
        prepare: &[ISSUE, &["cert", "revoke", "01", "--no-crl"]],
        call: &["doctor", "DIR", "--fix", "--yes"],
        tells_in_crl: false,
    },
];

/// The call on a CA directory, beside which the files lie that it names.
fn command(call: &[&str], ca: &Path) -> Command {
    let beside = |name: &str| ca.parent().unwrap().join(name).to_str().unwrap().to_owned();
    let words = call.iter().map(|word| match *word {
        "LIST" => beside("hosts.csv"),
        "REQUEST" => beside("host.csr"),
        "OLD" => beside("old"),
        "NEW" => beside("new"),
        "DIR" => ca.to_str().unwrap().to_owned(),
        word => word.to_owned(),
    });
    gsec(ca, words)
}

/// So much of the points as is tried.
fn sample(calls: Vec<Call>) -> Vec<(usize, Call)> {
    let step = if std::env::var_os("GSEC_EVERY_POINT").is_some() { 1 } else { calls.len().div_ceil(SAMPLE).max(1) };
    // The last ones are those after which little is left to do.
    let last = calls.len().saturating_sub(1);
    calls.into_iter().enumerate().filter(|(number, _)| number % step == 0 || *number == last).collect()
}

fn in_crl(ca: &Path) -> BTreeSet<String> {
    let text = run(&mut openssl(ca, ["crl", "-in", "ca_conf/ca_crl.pem", "-noout", "-text"])).succeeded("openssl reads the CRL").stdout;
    text.lines().filter_map(|line| line.trim().strip_prefix("Serial Number: ")).map(str::to_owned).collect()
}

#[test]
fn every_call_that_was_cut_off_can_be_repeated() {
    let tried = AtomicUsize::new(0);
    for situation in SITUATIONS {
        let place = temp_dir();
        let ca = place.path().join("ca");
        make_ca(&ca);
        fs::write(place.path().join("old"), "old passphrase").unwrap();
        fs::write(place.path().join("new"), "new passphrase").unwrap();
        fs::write(place.path().join("hosts.csv"), "host\ndb1.example.com\ndb2.example.com\ndb3.example.com\n").unwrap();
        openssl_request(place.path(), "db1.example.com");
        for call in situation.prepare {
            run(&mut command(call, &ca)).succeeded(&format!("{}: {call:?}", situation.name));
        }
        let calls = sample(strace::changes_of(place.path(), &ca, |copy| command(situation.call, copy)));
        let points: Vec<(usize, &Call, &str)> = calls.iter().flat_map(|(number, call)| FAULTS.map(|fault| (*number, call, fault))).collect();
        for_each_at_once(&points, |at, (number, call, fault)| {
            let copy = place.path().join(format!("copy{at}"));
            copy_tree(&ca, &copy);
            strace::inject(&command(situation.call, &copy), &place.path().join(format!("log{at}")), call, fault);
            let what = format!("{}, {fault} at change {number}, {}", situation.name, call.line);
            assert_files_consistent(&copy, &what);
            run(&mut command(situation.call, &copy)).succeeded(&format!("the same call again after {what}"));
            let state = assert_files_consistent(&copy, &format!("after the same call again, {what}"));
            run(&mut gsec(&copy, ["ca", "log", "--verify"])).succeeded(&what);
            if situation.tells_in_crl {
                let revoked: BTreeSet<String> =
                    state.records.iter().filter(|record| record.status == "R").map(|record| record.serial.clone()).collect();
                assert_eq!(in_crl(&copy), revoked, "{what}: the CRL does not tell of it");
            }
            tried.fetch_add(1, Ordering::SeqCst);
            fs::remove_dir_all(&copy).unwrap();
        });
        println!("{}: {} of its changes", situation.name, calls.len());
    }
    println!("{} calls were cut off and repeated", tried.into_inner());
}

/// Stops a call between its change and the CRL that tells of it, and lets it go on when another has changed the CA.
#[test]
fn a_revocation_during_which_the_ca_is_renewed_or_rekeyed_makes_its_crl() {
    for other in [&["ca", "renew", "--yes"][..], &["ca", "rekey", "--key-type", "p256", "--yes"]] {
        let place = temp_dir();
        let ca = place.path().join("ca");
        make_ca(&ca);
        run(&mut gsec(&ca, issue_args("db1.example.com"))).succeeded("issue");
        let revoke = |ca: &Path| gsec(ca, ["cert", "revoke", "01", "--reason", "superseded"]);
        let traced = place.path().join("traced");
        copy_tree(&ca, &traced);
        let (outcome, calls) = strace::trace(&revoke(&traced), &place.path().join("log"));
        outcome.succeeded("the untouched run");
        let renamed = calls.iter().position(|call| call.is_rename_to(&traced.join("ca_conf/ca.db"))).expect("rename to ca.db");
        // With these the lock is let go, that of the folder last; the CRL takes it again.
        let mut closed = calls[renamed..].iter().skip_while(|call| call.name != "close" || !call.line.contains("/.lock>"));
        let close = closed.find(|call| call.name == "close" && call.line.contains("/ca_conf>")).expect("the lock is let go");
        let inject = format!("inject=close:signal=SIGSTOP:when={}", close.nth);
        let mut tracer = strace::under_strace(&revoke(&ca), &place.path().join("log2"), &["-e", "trace=close", "-e", &inject]);
        let mut tracer = tracer.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let stopped = strace::wait_until_stopped(&mut tracer);
        let renewed = run(&mut gsec(&ca, other));
        // The stopped one goes on before anything is asserted: it must not outlive a failing test.
        assert!(Command::new("kill").args(["-CONT", &stopped.to_string()]).status().unwrap().success());
        let revoked = tracer.wait_with_output().unwrap();
        renewed.succeeded(&format!("{other:?} in between"));
        assert!(revoked.status.success(), "{other:?} in between: {}", String::from_utf8_lossy(&revoked.stderr));
        assert_eq!(in_crl(&ca), BTreeSet::from(["01".to_owned()]), "{other:?}");
    }
}
