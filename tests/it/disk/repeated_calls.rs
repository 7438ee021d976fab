//! A call that was cut off, at any of the system calls by which it changes the disk, and then the same call once more: it does what is left
//! to do, or says that nothing is left. By default a sample of the points is tried; all of them with GSEC_EVERY_POINT=1, those of some calls with a word of their name in its place.

use crate::ca_check;

use ca_check::strace;
use ca_check::{
    State, assert_files_consistent, chmod, copy_tree, for_each_at_once, gsec, issue_args, make_ca, openssl, openssl_request, run, temp_dir,
};
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// So many times each call is cut off in a normal run.
const SAMPLE: usize = 3;
/// What is done to a system call.
const FAULTS: [&str; 3] = ["signal=SIGKILL", "error=EIO", "error=ENOSPC"];

/// A call, in a world that was prepared for it: a folder with the CA directory `ca`, others beside it, and files. Of the words of a call,
/// `@name` is that file or folder of the world; a call whose first word is one is made in that CA directory and not in `ca`.
struct Situation {
    name: &'static str,
    prepare: &'static [Call],
    call: Call,
    then: Then,
}

type Call = &'static [&'static str];

/// What the same call does after one that was cut off.
#[derive(Clone, Copy, PartialEq)]
enum Then {
    Succeeds,
    /// The same, and the CRL tells of all that is revoked.
    TellsInCrl,
    /// It succeeds, or says that this stands there already; then the file is what an undisturbed call writes, byte for byte where it is the same
    /// in each call.
    IsThere(&'static str),
}
use Then::{IsThere, Succeeds, TellsInCrl};

const INIT: Call = &["ca", "init", "--cn", "Robust Test CA", "--key-type", "p256"];
const ROOT: Call = &["@root", "ca", "init", "--cn", "Robust Test Root", "--key-type", "p256"];
const ENSURE: Call = &["cert", "ensure", "--key-type", "p256", "--host", "db1.example.com"];
const ISSUE: Call = &["cert", "issue", "--key-type", "p256", "--host", "db1.example.com"];
const REKEY: Call = &["ca", "rekey", "--key-type", "p256", "--yes", "--ca-passphrase-file", "@old"];
const REQUEST: Call = &["@sub", "ca", "request", "--cn", "Robust Test Sub", "--key-type", "p256"];
const SIGN: Call = &["ca", "sign", "@sub/ca_conf/ca_req.pem", "--out", "@sub.pem"];
const HOLD: Call = &["cert", "revoke", "01", "--reason", "certificateHold"];

const fn situation(name: &'static str, prepare: &'static [Call], call: Call, then: Then) -> Situation {
    Situation { name, prepare, call, then }
}

const SITUATIONS: &[Situation] = &[
    situation("init", &[], INIT, IsThere("ca/ca_conf/ca_cert.pem")),
    situation(
        "init below another CA",
        &[ROOT],
        &["ca", "init", "--cn", "Robust Test CA", "--key-type", "p256", "--parent", "@root"],
        IsThere("ca/ca_conf/ca_cert.pem"),
    ),
    situation("quickstart", &[], &["quickstart", "db1.example.com"], Succeeds),
    situation("quickstart in a CA", &[INIT], &["quickstart", "db1.example.com"], Succeeds),
    situation("issue", &[INIT], ISSUE, Succeeds),
    situation("issue to a folder", &[INIT], &["cert", "issue", "--key-type", "p256", "--host", "db1.example.com", "--out-dir", "@out"], Succeeds),
    situation("issue a list", &[INIT], &["cert", "issue", "--key-type", "p256", "--from", "@hosts.csv", "--jobs", "1"], Succeeds),
    situation("ensure", &[INIT], ENSURE, Succeeds),
    situation("ensure to a folder", &[INIT], &["cert", "ensure", "--key-type", "p256", "--host", "db1.example.com", "--out-dir", "@out"], Succeeds),
    situation("ensure on a request", &[INIT], &["cert", "ensure", "--host", "db1.example.com", "--csr", "@host.csr"], Succeeds),
    situation(
        "request",
        &[INIT],
        &["cert", "request", "--host", "db1.example.com", "--key-type", "p256", "--out-dir", "@out"],
        IsThere("out/db1_req.pem"),
    ),
    situation("sign", &[INIT], &["cert", "sign", "@host.csr", "--host", "db1.example.com"], Succeeds),
    situation("renew", &[INIT, ISSUE], &["cert", "renew", "01"], Succeeds),
    situation("renew and revoke", &[INIT, ISSUE], &["cert", "renew", "01", "--revoke-old"], TellsInCrl),
    situation("renew and revoke a host", &[INIT, ISSUE], &["cert", "renew", "db1.example.com", "--revoke-old"], TellsInCrl),
    situation("revoke", &[INIT, ISSUE], &["cert", "revoke", "01", "--reason", "superseded"], TellsInCrl),
    situation(
        "revoke all of a host",
        &[INIT, ISSUE, ISSUE, HOLD],
        &["cert", "revoke", "db1.example.com", "--all", "--reason", "keyCompromise"],
        TellsInCrl,
    ),
    situation("unhold", &[INIT, ISSUE, HOLD], &["cert", "unhold", "01"], TellsInCrl),
    situation("update the CRL", &[INIT, ISSUE, &["cert", "revoke", "01", "--no-crl"]], &["crl", "update"], TellsInCrl),
    situation("request for a CA", &[], &["ca", "request", "--cn", "Robust Test CA", "--key-type", "p256"], IsThere("ca/ca_conf/ca_req.pem")),
    situation("sign for a CA", &[INIT, REQUEST], SIGN, IsThere("sub.pem")),
    situation("accept", &[INIT, REQUEST, SIGN], &["@sub", "ca", "accept", "@sub.pem", "--yes"], Succeeds),
    situation("adopt", &[INIT, ISSUE, &["@ca", "FORGET"]], &["ca", "adopt", "--yes"], Succeeds),
    situation("renew the CA", &[INIT, ISSUE], &["ca", "renew", "--yes"], Succeeds),
    situation("rekey", &[INIT, ISSUE], &["ca", "rekey", "--key-type", "p256", "--yes"], Succeeds),
    situation("set a passphrase", &[INIT, ISSUE], &["ca", "passphrase", "--new-passphrase-file", "@new"], Succeeds),
    situation(
        "change the passphrase of present and former keys",
        &[INIT, &["ca", "passphrase", "--new-passphrase-file", "@old"], REKEY, REKEY],
        &["ca", "passphrase", "--ca-passphrase-file", "@old", "--new-passphrase-file", "@new"],
        Succeeds,
    ),
    situation("have doctor fix", &[INIT, ISSUE, &["cert", "revoke", "01", "--no-crl"]], &["doctor", "@ca", "--fix", "--yes"], Succeeds),
    situation("convert a key", &[], &["convert", "key", "@host.key", "--out", "@out/copy.pem"], IsThere("out/copy.pem")),
    situation("convert over a file", &[], &["convert", "key", "@host.key", "--out", "@old", "--force"], Succeeds),
    situation("convert a PFX to files", &[], &["convert", "to-pem", "@host.pfx", "--out-dir", "@out"], IsThere("out/db1_priv_key.pem")),
    situation(
        "convert to a PFX",
        &[],
        &["convert", "to-pfx", "--cert", "@host_cert.pem", "--key", "@host.key", "--out", "@out/copy.pfx", "--pfx-password-file", "@old"],
        IsThere("out/copy.pfx"),
    ),
    situation("fetch", &[], &["cert", "fetch", "SERVER", "--out", "@out/fetched.pem"], IsThere("out/fetched.pem")),
    situation("write the manual pages", &[], &["man", "--out", "@out"], IsThere("out/gsec-man.1")),
    situation("link the old scripts", &[], &["compat", "link", "@out"], IsThere("out/create_cert.sh")),
];

/// A call in a world.
fn command(call: &[&str], world: &Path, server: &str) -> Command {
    let place = |name: &str| world.join(name).to_str().unwrap().to_owned();
    let (directory, words) = match call.first().and_then(|word| word.strip_prefix('@')) {
        Some(directory) => (directory, &call[1..]),
        None => ("ca", call),
    };
    let words = words.iter().map(|word| match word.strip_prefix('@') {
        Some(name) => place(name),
        None if *word == "SERVER" => server.to_owned(),
        None => (*word).to_owned(),
    });
    let mut command = gsec(&world.join(directory), words);
    command.current_dir(world);
    command
}

/// What `openssl ca` and the old scripts leave: no `gsec.toml`, no log, no `crl.num`.
fn forget_gsec(ca: &Path) {
    for name in ["gsec.toml", "audit.log", "audit.head", "crl.num", ".hosts.idx", ".lock"] {
        let _ = fs::remove_file(ca.join("ca_conf").join(name));
    }
    // gsec knows the configuration that it makes.
    let configuration = fs::read_to_string(ca.join("ca_conf/ca.conf")).unwrap();
    fs::write(ca.join("ca_conf/ca.conf"), configuration.split_once('\n').unwrap().1).unwrap();
    chmod(&ca.join("repository"), 0o755);
}

fn prepare(situation: &Situation, world: &Path, server: &str) {
    fs::create_dir_all(world.join("out")).unwrap();
    chmod(&world.join("out"), 0o700);
    fs::write(world.join("old"), "old passphrase").unwrap();
    fs::write(world.join("new"), "new passphrase").unwrap();
    fs::write(world.join("hosts.csv"), "host\ndb1.example.com\ndb2.example.com\ndb3.example.com\n").unwrap();
    openssl_request(world, "db1.example.com");
    run(&mut openssl(world, ["x509", "-req", "-in", "host.csr", "-signkey", "host.key", "-out", "host_cert.pem"])).succeeded("openssl x509");
    let pem = [fs::read(world.join("host_cert.pem")).unwrap(), fs::read(world.join("host.key")).unwrap()].concat();
    fs::write(world.join("host.pem"), pem).unwrap();
    run(&mut openssl(world, ["pkcs12", "-export", "-in", "host.pem", "-passout", "pass:", "-out", "host.pfx"])).succeeded("openssl pkcs12");
    for call in situation.prepare {
        match call {
            [directory, "FORGET"] => forget_gsec(&world.join(directory.trim_start_matches('@'))),
            call => drop(run(&mut command(call, world, server)).succeeded(&format!("{}: {call:?}", situation.name))),
        }
    }
}

/// Every CA directory of a world that has its certificate is whole.
fn states(world: &Path, what: &str) -> Vec<(PathBuf, State)> {
    let directories = ["ca", "root", "sub"].map(|name| world.join(name));
    let made = directories.into_iter().filter(|directory| directory.join("ca_conf/ca_cert.pem").exists());
    made.map(|directory| (directory.clone(), assert_files_consistent(&directory, what))).collect()
}

/// The points at which a call is cut off, and what is done there: each with each, or a sample that tries the end of the call too, after which
/// little is left to do.
fn points(calls: &[strace::Call]) -> Vec<(usize, &strace::Call, &'static str)> {
    let all: Vec<_> = calls.iter().enumerate().flat_map(|(number, call)| FAULTS.map(|fault| (number, call, fault))).collect();
    let step = if every_point().is_some() { 1 } else { (all.len() / SAMPLE).max(1) };
    all.into_iter().rev().step_by(step).collect()
}

fn every_point() -> Option<String> {
    std::env::var("GSEC_EVERY_POINT").ok()
}

/// What is tried: with `GSEC_EVERY_POINT=renew` the situations whose name has this word.
fn is_asked_for(situation: &Situation) -> bool {
    every_point().is_none_or(|word| word == "1" || situation.name.contains(&word))
}

fn in_crl(ca: &Path) -> BTreeSet<String> {
    let text = run(&mut openssl(ca, ["crl", "-in", "ca_conf/ca_crl.pem", "-noout", "-text"])).succeeded("openssl reads the CRL").stdout;
    text.lines().filter_map(|line| line.trim().strip_prefix("Serial Number: ")).map(str::to_owned).collect()
}

/// A server to fetch from, until it is dropped.
struct Server(Child, String);

impl Server {
    fn start(place: &Path) -> Self {
        openssl_request(place, "localhost");
        run(&mut openssl(place, ["x509", "-req", "-in", "host.csr", "-signkey", "host.key", "-out", "host_cert.pem"])).succeeded("openssl x509");
        let mut server = openssl(place, ["s_server", "-accept", "127.0.0.1:0", "-cert", "host_cert.pem", "-key", "host.key", "-www"]);
        let mut server = server.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(server.stdout.take().unwrap()).lines();
        let accepts = lines.map_while(Result::ok).find_map(|line| line.strip_prefix("ACCEPT ").map(str::to_owned)).expect("s_server accepts");
        Self(server, accepts)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Calls that issue once, however often they are repeated.
const ONCE: [&str; 5] = ["quickstart in a CA", "ensure", "ensure to a folder", "ensure on a request", "renew and revoke"];

/// How many certificates hosts were handed.
fn handed_out(world: &Path) -> usize {
    let files = fs::read_dir(world.join("ca/repository")).into_iter().flatten().chain(fs::read_dir(world.join("out")).unwrap());
    let names: BTreeSet<String> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.iter().filter(|name| name.ends_with("_cert.pem")).count()
}

/// The same call again, and what has to be so then.
fn repeat(situation: &Situation, world: &Path, server: &str, (undisturbed, is_same): (&Path, bool), what: &str) {
    let again = run(&mut command(situation.call, world, server));
    match situation.then {
        IsThere(file) if again.code != Some(0) => {
            assert!(
                again.code == Some(3) && (again.stderr.contains("exist") || again.stderr.contains("waits for its certificate")),
                "the same call again after {what}: {again:#?}"
            );
            let written = fs::read(world.join(file)).unwrap_or_else(|error| panic!("{file} after {what}: {error}; {again:#?}"));
            let whole = fs::read(undisturbed.join(file)).unwrap();
            assert!(!is_same || written == whole, "{file} after {what} is not what an undisturbed call writes");
        }
        _ => drop(again.succeeded(&format!("the same call again after {what}"))),
    }
    if ONCE.contains(&situation.name) {
        assert_eq!(handed_out(world), handed_out(undisturbed), "after the same call again, {what}: another certificate was issued");
    }
    for (directory, state) in states(world, &format!("after the same call again, {what}")) {
        run(&mut gsec(&directory, ["ca", "log", "--verify"])).succeeded(what);
        if situation.then == TellsInCrl {
            let revoked: BTreeSet<String> = state.records.iter().filter(|record| record.status == "R").map(|record| record.serial.clone()).collect();
            assert_eq!(in_crl(&directory), revoked, "{what}: the CRL does not tell of it");
        }
    }
}

#[test]
fn every_call_that_was_cut_off_can_be_repeated() {
    let tried = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    let folder = temp_dir();
    let server = Server::start(folder.path());
    for situation in SITUATIONS.iter().filter(|situation| is_asked_for(situation)) {
        let place = temp_dir();
        let world = place.path().join("world");
        prepare(situation, &world, &server.1);
        let cut = |copy: &Path| command(situation.call, copy, &server.1);
        let calls = strace::changes_of(place.path(), &world, cut);
        // What two undisturbed calls write the same, a call that was cut off writes the same as well.
        let (undisturbed, second) = (place.path().join("traced"), place.path().join("second"));
        copy_tree(&world, &second);
        run(&mut cut(&second)).succeeded(situation.name);
        let is_same = matches!(situation.then, IsThere(file) if fs::read(undisturbed.join(file)).unwrap() == fs::read(second.join(file)).unwrap());
        let points = points(&calls);
        for_each_at_once(&points, |at, (number, call, fault)| {
            let copy = place.path().join(format!("copy{at}"));
            copy_tree(&world, &copy);
            strace::inject(&cut(&copy), &place.path().join(format!("log{at}")), call, fault);
            let what = format!("{}, {fault} at change {number}, {}", situation.name, call.line);
            let judged = std::panic::catch_unwind(|| {
                states(&copy, &what);
                repeat(situation, &copy, &server.1, (&undisturbed, is_same), &what);
            });
            if judged.is_err() {
                failed.lock().unwrap().push(what);
            }
            tried.fetch_add(1, Ordering::SeqCst);
            fs::remove_dir_all(&copy).unwrap();
        });
        println!("{}: {} changes, cut off {} times", situation.name, calls.len(), points.len());
    }
    println!("{} calls were cut off and repeated", tried.into_inner());
    // All of them are told, not only the first.
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{} cannot be repeated:\n{}", failed.len(), failed.join("\n"));
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
