//! A call that was cut off, at any of the system calls by which it changes the disk, and then the same call once more: it does what is left
//! to do, or says that nothing is left. By default each call is cut off at a few points; at all of them with GSEC_EVERY_POINT=1, and only the
//! calls with a word in their name with that word in its place.

use crate::ca_check::{State, assert_files_consistent};
use crate::common::at::{gsec, issue_args, make_ca, openssl, openssl_request};

use crate::common::machine::{chmod, copy_tree, for_each_at_once, temp_dir};
use crate::common::{run, strace};

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

/// What is done to a system call.
const FAULTS: [&str; 3] = ["signal=SIGKILL", "error=EIO", "error=ENOSPC"];

/// Nothing is done to any of them: the call is cut off after the last, when all that it does to the disk is done.
const AFTER_THE_LAST: &str = "after the last";

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
const ROOT: Call = &[
    "@root",
    "ca",
    "init",
    "--cn",
    "Robust Test Root",
    "--key-type",
    "p256",
];
const ENSURE: Call = &[
    "cert",
    "ensure",
    "--key-type",
    "p256",
    "--host",
    "db1.example.com",
];
const ISSUE: Call = &["cert", "issue", "--key-type", "p256", "--host", "db1.example.com"];
const ISSUE_TO_A_FOLDER: Call = &[
    "cert",
    "issue",
    "--key-type",
    "p256",
    "--host",
    "db1.example.com",
    "--out-dir",
    "@out",
];
const ISSUE_TO_FILES: Call = &[
    "cert",
    "issue",
    "--key-type",
    "p256",
    "--host",
    "db1.example.com",
    "--cert-out",
    "@out/tls.pem",
    "--key-out",
    "@out/tls.key",
];
const REKEY: Call = &[
    "ca",
    "rekey",
    "--key-type",
    "p256",
    "--yes",
    "--ca-passphrase-file",
    "@old",
];
const REQUEST: Call = &[
    "@sub",
    "ca",
    "request",
    "--cn",
    "Robust Test Sub",
    "--key-type",
    "p256",
];
const SIGN: Call = &["ca", "sign", "@sub/ca_conf/ca_req.pem", "--out", "@sub.pem"];
const HOLD: Call = &["cert", "revoke", "01", "--reason", "certificateHold"];
const PASSPHRASE: Call = &["ca", "passphrase", "--new-passphrase-file", "@old"];
const PLAIN_REKEY: Call = &["ca", "rekey", "--key-type", "p256", "--yes"];
const SUB: Call = &[
    "ca",
    "init",
    "--cn",
    "Robust Test CA",
    "--key-type",
    "p256",
    "--parent",
    "@root",
];
const RENEWAL_REQUEST: Call = &["ca", "request", "--out", "@renewal.csr"];
const RENEWAL: Call = &["@root", "ca", "sign", "@renewal.csr", "--out", "@renewed.pem"];

const fn situation(name: &'static str, prepare: &'static [Call], call: Call, then: Then) -> Situation {
    Situation {
        name,
        prepare,
        call,
        then,
    }
}

const MAKING_A_CA: &[Situation] = &[
    situation("init", &[], INIT, IsThere("ca/ca_conf/ca_cert.pem")),
    situation(
        "init below another CA",
        &[ROOT],
        &[
            "ca",
            "init",
            "--cn",
            "Robust Test CA",
            "--key-type",
            "p256",
            "--parent",
            "@root",
        ],
        IsThere("ca/ca_conf/ca_cert.pem"),
    ),
    situation("quickstart", &[], &["quickstart", "db1.example.com"], Succeeds),
    situation(
        "request for a CA",
        &[],
        &["ca", "request", "--cn", "Robust Test CA", "--key-type", "p256"],
        IsThere("ca/ca_conf/ca_req.pem"),
    ),
    situation(
        "request for a CA to a file elsewhere",
        &[],
        &[
            "ca",
            "request",
            "--cn",
            "Robust Test CA",
            "--key-type",
            "p256",
            "--out",
            "@out/ca.csr",
        ],
        IsThere("out/ca.csr"),
    ),
    situation("sign for a CA", &[INIT, REQUEST], SIGN, IsThere("sub.pem")),
    situation(
        "request to renew a CA",
        &[ROOT, SUB],
        RENEWAL_REQUEST,
        IsThere("renewal.csr"),
    ),
    situation(
        "sign to renew a CA",
        &[ROOT, SUB, RENEWAL_REQUEST],
        RENEWAL,
        IsThere("renewed.pem"),
    ),
    situation(
        "accept a renewal",
        &[ROOT, SUB, RENEWAL_REQUEST, RENEWAL],
        &["ca", "accept", "@renewed.pem", "--yes"],
        Succeeds,
    ),
    situation(
        "accept",
        &[INIT, REQUEST, SIGN],
        &["@sub", "ca", "accept", "@sub.pem", "--yes"],
        Succeeds,
    ),
    situation(
        "adopt",
        &[INIT, ISSUE, &["@ca", "FORGET"]],
        &["ca", "adopt", "--yes"],
        Succeeds,
    ),
];

const ISSUING: &[Situation] = &[
    situation(
        "quickstart in a CA",
        &[INIT],
        &["quickstart", "db1.example.com"],
        Succeeds,
    ),
    situation("issue", &[INIT], ISSUE, Succeeds),
    situation(
        "issue to a folder",
        &[INIT],
        &[
            "cert",
            "issue",
            "--key-type",
            "p256",
            "--host",
            "db1.example.com",
            "--out-dir",
            "@out",
        ],
        Succeeds,
    ),
    situation(
        "issue a list",
        &[INIT],
        &[
            "cert",
            "issue",
            "--key-type",
            "p256",
            "--from",
            "@hosts.csv",
            "--jobs",
            "1",
        ],
        Succeeds,
    ),
    situation("ensure", &[INIT], ENSURE, Succeeds),
    situation(
        "ensure to a folder",
        &[INIT],
        &[
            "cert",
            "ensure",
            "--key-type",
            "p256",
            "--host",
            "db1.example.com",
            "--out-dir",
            "@out",
        ],
        Succeeds,
    ),
    situation(
        "ensure on a request",
        &[INIT],
        &[
            "cert",
            "ensure",
            "--host",
            "db1.example.com",
            "--csr",
            "@host.csr",
        ],
        Succeeds,
    ),
    situation(
        "issue a list to a folder",
        &[INIT],
        &[
            "cert",
            "issue",
            "--key-type",
            "p256",
            "--from",
            "@hosts.csv",
            "--jobs",
            "1",
            "--out-dir",
            "@out",
        ],
        Succeeds,
    ),
    situation(
        "issue to a folder and keep no key",
        &[INIT],
        &[
            "cert",
            "issue",
            "--key-type",
            "p256",
            "--host",
            "db1.example.com",
            "--out-dir",
            "@out",
            "--no-keep-key",
        ],
        Succeeds,
    ),
    situation(
        "ensure to a folder what is there",
        &[INIT, ISSUE],
        &[
            "cert",
            "ensure",
            "--key-type",
            "p256",
            "--host",
            "db1.example.com",
            "--out-dir",
            "@out",
        ],
        Succeeds,
    ),
    situation(
        "ensure to single files",
        &[INIT],
        &[
            "cert",
            "ensure",
            "--key-type",
            "p256",
            "--host",
            "db1.example.com",
            "--cert-out",
            "@out/tls.pem",
            "--key-out",
            "@out/tls.key",
            "--chain-out",
            "@out/ca.pem",
        ],
        Succeeds,
    ),
    situation(
        "ensure on a request to a folder",
        &[INIT],
        &[
            "cert",
            "ensure",
            "--host",
            "db1.example.com",
            "--csr",
            "@host.csr",
            "--out-dir",
            "@out",
        ],
        Succeeds,
    ),
    situation(
        "request for a key that is there",
        &[],
        &[
            "cert",
            "request",
            "--host",
            "db1.example.com",
            "--key",
            "@host.key",
            "--out-dir",
            "@out",
        ],
        IsThere("out/db1_req.pem"),
    ),
    situation(
        "request with an encrypted key",
        &[],
        &[
            "cert",
            "request",
            "--host",
            "db1.example.com",
            "--key-type",
            "p256",
            "--out-dir",
            "@out",
            "--new-password-file",
            "@new",
        ],
        IsThere("out/db1_req.pem"),
    ),
    situation(
        "request for Windows",
        &[],
        &[
            "cert",
            "request",
            "--host",
            "db1.example.com",
            "--format",
            "certreq-inf",
            "--out-dir",
            "@out",
        ],
        IsThere("out/db1_req.inf"),
    ),
    situation(
        "sign to a folder",
        &[INIT],
        &[
            "cert",
            "sign",
            "@host.csr",
            "--host",
            "db1.example.com",
            "--out-dir",
            "@out",
        ],
        Succeeds,
    ),
    situation(
        "request",
        &[INIT],
        &[
            "cert",
            "request",
            "--host",
            "db1.example.com",
            "--key-type",
            "p256",
            "--out-dir",
            "@out",
        ],
        IsThere("out/db1_req.pem"),
    ),
    situation(
        "sign",
        &[INIT],
        &["cert", "sign", "@host.csr", "--host", "db1.example.com"],
        Succeeds,
    ),
];

const RENEWING_AND_REVOKING: &[Situation] = &[
    situation("renew", &[INIT, ISSUE], &["cert", "renew", "01"], Succeeds),
    situation(
        "renew and revoke",
        &[INIT, ISSUE],
        &["cert", "renew", "01", "--revoke-old"],
        TellsInCrl,
    ),
    situation(
        "renew and revoke a host",
        &[INIT, ISSUE],
        &["cert", "renew", "db1.example.com", "--revoke-old"],
        TellsInCrl,
    ),
    situation(
        "renew to a folder",
        &[INIT, ISSUE],
        &["cert", "renew", "01", "--out-dir", "@out"],
        Succeeds,
    ),
    situation(
        "renew to a folder in which the old one is",
        &[INIT, ISSUE_TO_A_FOLDER],
        &["cert", "renew", "01", "--out-dir", "@out"],
        Succeeds,
    ),
    situation(
        "renew to single files that are there",
        &[INIT, ISSUE_TO_FILES],
        &[
            "cert",
            "renew",
            "01",
            "--cert-out",
            "@out/tls.pem",
            "--key-out",
            "@out/tls.key",
        ],
        Succeeds,
    ),
    situation(
        "renew to a folder and revoke",
        &[INIT, ISSUE],
        &["cert", "renew", "01", "--out-dir", "@out", "--revoke-old"],
        TellsInCrl,
    ),
    situation("hold", &[INIT, ISSUE], HOLD, TellsInCrl),
    situation(
        "revoke without a CRL",
        &[INIT, ISSUE],
        &["cert", "revoke", "01", "--no-crl"],
        Succeeds,
    ),
    situation(
        "revoke after a change of key",
        &[INIT, ISSUE, PLAIN_REKEY],
        &["cert", "revoke", "01", "--reason", "superseded"],
        Succeeds,
    ),
    situation(
        "revoke",
        &[INIT, ISSUE],
        &["cert", "revoke", "01", "--reason", "superseded"],
        TellsInCrl,
    ),
    situation(
        "revoke all of a host",
        &[INIT, ISSUE, ISSUE, HOLD],
        &[
            "cert",
            "revoke",
            "db1.example.com",
            "--all",
            "--reason",
            "keyCompromise",
        ],
        TellsInCrl,
    ),
    situation(
        "unhold",
        &[INIT, ISSUE, HOLD],
        &["cert", "unhold", "01"],
        TellsInCrl,
    ),
    situation(
        "update the CRL",
        &[INIT, ISSUE, &["cert", "revoke", "01", "--no-crl"]],
        &["crl", "update"],
        TellsInCrl,
    ),
];

const CHANGING_A_CA: &[Situation] = &[
    situation(
        "renew the CA",
        &[INIT, ISSUE],
        &["ca", "renew", "--yes"],
        Succeeds,
    ),
    situation(
        "rekey",
        &[INIT, ISSUE],
        &["ca", "rekey", "--key-type", "p256", "--yes"],
        Succeeds,
    ),
    situation(
        "set a passphrase",
        &[INIT, ISSUE],
        &["ca", "passphrase", "--new-passphrase-file", "@new"],
        Succeeds,
    ),
    situation(
        "change the passphrase of present and former keys",
        &[
            INIT,
            &["ca", "passphrase", "--new-passphrase-file", "@old"],
            REKEY,
            REKEY,
        ],
        &[
            "ca",
            "passphrase",
            "--ca-passphrase-file",
            "@old",
            "--new-passphrase-file",
            "@new",
        ],
        Succeeds,
    ),
    situation(
        "set a passphrase for present and former keys",
        &[INIT, PLAIN_REKEY, PLAIN_REKEY],
        &["ca", "passphrase", "--new-passphrase-file", "@new"],
        Succeeds,
    ),
    situation(
        "remove the passphrase of present and former keys",
        &[INIT, PASSPHRASE, REKEY, REKEY],
        &["ca", "passphrase", "--ca-passphrase-file", "@old", "--remove"],
        Succeeds,
    ),
    situation(
        "rekey with a passphrase",
        &[INIT, ISSUE, PASSPHRASE],
        REKEY,
        Succeeds,
    ),
    situation(
        "rekey a second time",
        &[INIT, ISSUE, PLAIN_REKEY],
        PLAIN_REKEY,
        Succeeds,
    ),
    situation(
        "renew the CA after a change of key",
        &[INIT, ISSUE, PLAIN_REKEY],
        &["ca", "renew", "--yes"],
        Succeeds,
    ),
    situation(
        "renew a CA by the one above",
        &[ROOT, SUB],
        &["ca", "renew", "--yes", "--parent", "@root"],
        Succeeds,
    ),
    situation(
        "have doctor fix",
        &[INIT, ISSUE, &["cert", "revoke", "01", "--no-crl"]],
        &["doctor", "@ca", "--fix", "--yes"],
        Succeeds,
    ),
];

const WRITING_ELSEWHERE: &[Situation] = &[
    situation(
        "convert a key",
        &[],
        &["convert", "key", "@host.key", "--out", "@out/copy.pem"],
        IsThere("out/copy.pem"),
    ),
    situation(
        "convert over a file",
        &[],
        &["convert", "key", "@host.key", "--out", "@old", "--force"],
        Succeeds,
    ),
    situation(
        "convert a PFX to files",
        &[],
        &["convert", "to-pem", "@host.pfx", "--out-dir", "@out"],
        IsThere("out/db1_priv_key.pem"),
    ),
    situation(
        "convert to a PFX",
        &[],
        &[
            "convert",
            "to-pfx",
            "--cert",
            "@host_cert.pem",
            "--key",
            "@host.key",
            "--out",
            "@out/copy.pfx",
            "--pfx-password-file",
            "@old",
        ],
        IsThere("out/copy.pfx"),
    ),
    situation(
        "convert a key to DER",
        &[],
        &["convert", "to-der", "@host.key", "--out", "@out/copy.der"],
        IsThere("out/copy.der"),
    ),
    situation(
        "convert to PEM",
        &[],
        &["convert", "to-pem", "@host.pfx", "--out", "@out/all.pem"],
        IsThere("out/all.pem"),
    ),
    situation(
        "convert to PEM over a file",
        &[],
        &["convert", "to-pem", "@host.pfx", "--out", "@old", "--force"],
        Succeeds,
    ),
    situation(
        "convert to a PFX over a file",
        &[],
        &[
            "convert",
            "to-pfx",
            "--cert",
            "@host_cert.pem",
            "--key",
            "@host.key",
            "--out",
            "@hosts.csv",
            "--force",
            "--pfx-password-file",
            "@old",
        ],
        Succeeds,
    ),
    situation(
        "fetch",
        &[],
        &["cert", "fetch", "SERVER", "--out", "@out/fetched.pem"],
        IsThere("out/fetched.pem"),
    ),
    situation(
        "write the manual pages",
        &[],
        &["man", "--out", "@out"],
        IsThere("out/gsec-man.1"),
    ),
    situation(
        "link the old scripts",
        &[],
        &["compat", "link", "@out"],
        IsThere("out/create_cert.sh"),
    ),
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
    for name in [
        "gsec.toml",
        "audit.log",
        "audit.head",
        "crl.num",
        ".hosts.idx",
        ".audit.idx",
        ".lock",
    ] {
        let _ = fs::remove_file(ca.join("ca_conf").join(name));
    }
    // gsec knows the configuration that it makes.
    let configuration = fs::read_to_string(ca.join("ca_conf/ca.conf")).unwrap();
    fs::write(
        ca.join("ca_conf/ca.conf"),
        configuration.split_once('\n').unwrap().1,
    )
    .unwrap();
    chmod(&ca.join("repository"), 0o755);
}

/// What every world has: files of others, and secrets.
fn make_files(world: &Path) {
    fs::create_dir_all(world.join("out")).unwrap();
    chmod(&world.join("out"), 0o700);
    fs::write(world.join("old"), "old passphrase").unwrap();
    fs::write(world.join("new"), "new passphrase").unwrap();
    fs::write(
        world.join("hosts.csv"),
        "host\ndb1.example.com\ndb2.example.com\ndb3.example.com\n",
    )
    .unwrap();
    openssl_request(world, "db1.example.com");
    run(&mut openssl(
        world,
        [
            "x509",
            "-req",
            "-in",
            "host.csr",
            "-signkey",
            "host.key",
            "-out",
            "host_cert.pem",
        ],
    ))
    .succeeded("openssl x509");
    let pem = [
        fs::read(world.join("host_cert.pem")).unwrap(),
        fs::read(world.join("host.key")).unwrap(),
    ]
    .concat();
    fs::write(world.join("host.pem"), pem).unwrap();
    run(&mut openssl(
        world,
        [
            "pkcs12", "-export", "-in", "host.pem", "-passout", "pass:", "-out", "host.pfx",
        ],
    ))
    .succeeded("openssl pkcs12");
}

fn prepare(situation: &Situation, files: &Path, world: &Path, server: &str) {
    copy_tree(files, world);
    for call in situation.prepare {
        match call {
            [directory, "FORGET"] => forget_gsec(&world.join(directory.trim_start_matches('@'))),
            call => drop(
                run(&mut command(call, world, server)).succeeded(&format!("{}: {call:?}", situation.name)),
            ),
        }
    }
}

/// Every CA directory of a world that has its certificate is whole.
fn states(world: &Path, what: &str) -> Vec<(PathBuf, State)> {
    let directories = ["ca", "root", "sub"].map(|name| world.join(name));
    let made = directories
        .into_iter()
        .filter(|directory| directory.join("ca_conf/ca_cert.pem").exists());
    made.map(|directory| (directory.clone(), assert_files_consistent(&directory, what)))
        .collect()
}

/// The points at which a call is cut off, and what is done there: each with each; or a few, other ones for each call and for each fault. It is
/// killed before its last change of a name, after which little is left to do, and before another one; the disk fails anywhere.
fn points(number: usize, calls: &[strace::Call]) -> Vec<(usize, &'static str)> {
    let end = (calls.len(), AFTER_THE_LAST);
    if every_point().is_some() {
        return (0..calls.len())
            .flat_map(|at| FAULTS.map(|fault| (at, fault)))
            .chain([end])
            .collect();
    }
    let named: Vec<usize> = (0..calls.len())
        .filter(|at| changes_a_name(&calls[*at]))
        .collect();
    let (last, others) = named
        .split_last()
        .map_or((None, &[][..]), |(last, others)| (Some(*last), others));
    let killed = last.into_iter().chain(spread(others, number));
    let all: Vec<usize> = (0..calls.len()).collect();
    let failing = [(number + 1, FAULTS[1]), (number + 2, FAULTS[2])]
        .into_iter()
        .filter_map(|(number, fault)| Some((spread(&all, number)?, fault)));
    killed
        .map(|at| (at, FAULTS[0]))
        .chain(failing)
        .chain([end])
        .collect()
}

/// One of several, another one for each number: the golden section puts every next one far from those before.
fn spread(points: &[usize], number: usize) -> Option<usize> {
    points
        .get((number * points.len() * 618 / 1000) % points.len().max(1))
        .copied()
}

fn changes_a_name(call: &strace::Call) -> bool {
    ["rename", "link", "unlink", "symlink", "mkdir", "rmdir"]
        .iter()
        .any(|name| call.name.starts_with(name))
}

pub(super) fn every_point() -> Option<String> {
    std::env::var("GSEC_EVERY_POINT").ok()
}

/// What is tried: with `GSEC_EVERY_POINT=renew` the situations whose name has this word.
fn is_asked_for(situation: &Situation) -> bool {
    every_point().is_none_or(|word| word == "1" || situation.name.contains(&word))
}

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

/// A server to fetch from, until it is dropped.
struct Server(Child, String);

impl Server {
    fn start(place: &Path) -> Self {
        openssl_request(place, "localhost");
        run(&mut openssl(
            place,
            [
                "x509",
                "-req",
                "-in",
                "host.csr",
                "-signkey",
                "host.key",
                "-out",
                "host_cert.pem",
            ],
        ))
        .succeeded("openssl x509");
        let mut server = openssl(
            place,
            [
                "s_server",
                "-accept",
                "127.0.0.1:0",
                "-cert",
                "host_cert.pem",
                "-key",
                "host.key",
                "-www",
            ],
        );
        let mut server = server
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(server.stdout.take().unwrap()).lines();
        let accepts = lines
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("ACCEPT ").map(str::to_owned))
            .expect("s_server accepts");
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
const ONCE: [&str; 10] = [
    "quickstart in a CA",
    "issue a list",
    "issue a list to a folder",
    "ensure",
    "ensure to a folder",
    "ensure to a folder what is there",
    "ensure on a request",
    "ensure on a request to a folder",
    "renew and revoke",
    "renew to a folder and revoke",
];

/// Names of the certificates that hosts were handed, without the ending.
fn handed_out(world: &Path) -> BTreeSet<String> {
    let files = fs::read_dir(world.join("ca/repository"))
        .into_iter()
        .flatten()
        .chain(fs::read_dir(world.join("out")).unwrap());
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    names
        .filter_map(|name| name.strip_suffix("_cert.pem").map(str::to_owned))
        .collect()
}

/// Whether the same call again issues no other certificate. A certificate that was finished is one that a new call may renew; one that lacks
/// the CA's own copy, or the CRL that goes with it, is of a call that was cut off.
fn issues_once(situation: &Situation, world: &Path) -> bool {
    let was_handed_out = handed_out(world).iter().any(|name| name.starts_with("02_"));
    match situation.name {
        "renew" => was_handed_out && !world.join("ca/repository/02.pem").exists(),
        "renew and revoke a host" => {
            was_handed_out
                && (!world.join("ca/ca_conf/ca_crl.pem").exists()
                    || !in_crl(&world.join("ca")).contains("01"))
        }
        name => ONCE.contains(&name),
    }
}

/// The same call again, and what has to be so then.
fn repeat(
    situation: &Situation,
    world: &Path,
    server: &str,
    (undisturbed, is_same): (&Path, bool),
    what: &str,
) {
    let issues_once = issues_once(situation, world);
    let again = run(&mut command(situation.call, world, server));
    match situation.then {
        IsThere(file) if again.status != Some(0) => {
            assert!(
                again.status == Some(3)
                    && (again.stderr.contains("exist")
                        || again.stderr.contains("is waiting for its certificate")),
                "the same call again after {what}: {again:#?}"
            );
            let written = fs::read(world.join(file))
                .unwrap_or_else(|error| panic!("{file} after {what}: {error}; {again:#?}"));
            let whole = fs::read(undisturbed.join(file)).unwrap();
            assert!(
                !is_same || written == whole,
                "{file} after {what} is not what an undisturbed call writes"
            );
        }
        _ => drop(again.succeeded(&format!("the same call again after {what}"))),
    }
    if issues_once {
        assert_eq!(
            handed_out(world).len(),
            handed_out(undisturbed).len(),
            "after the same call again, {what}: another certificate was issued"
        );
    }
    for (directory, state) in states(world, &format!("after the same call again, {what}")) {
        run(&mut gsec(&directory, ["ca", "log", "--verify"])).succeeded(what);
        if situation.then == TellsInCrl {
            let revoked: BTreeSet<String> = state
                .records
                .iter()
                .filter(|record| record.status == "R")
                .map(|record| record.serial.clone())
                .collect();
            assert_eq!(in_crl(&directory), revoked, "{what}: the CRL does not tell of it");
        }
    }
}

/// A situation with its world, and what an undisturbed call does there.
struct Traced<'a> {
    situation: &'a Situation,
    place: tempfile::TempDir,
    calls: Vec<strace::Call>,
    /// Whether two undisturbed calls write the same.
    is_same: bool,
}

impl<'a> Traced<'a> {
    fn new(situation: &'a Situation, files: &Path, server: &str) -> Self {
        let place = temp_dir();
        let world = place.path().join("world");
        prepare(situation, files, &world, server);
        let cut = |copy: &Path| command(situation.call, copy, server);
        let calls = strace::changes_of(place.path(), &world, cut);
        let IsThere(file) = situation.then else {
            return Self {
                situation,
                place,
                calls,
                is_same: false,
            };
        };
        let second = place.path().join("second");
        copy_tree(&world, &second);
        run(&mut cut(&second)).succeeded(situation.name);
        let is_same =
            fs::read(place.path().join("traced").join(file)).unwrap() == fs::read(second.join(file)).unwrap();
        Self {
            situation,
            place,
            calls,
            is_same,
        }
    }

    /// Cuts the call off at a point, and repeats it.
    fn try_at(&self, at: usize, fault: &str, server: &str) -> Result<(), String> {
        let situation = self.situation;
        let copy = self.place.path().join(format!("copy{at}{fault}"));
        copy_tree(&self.place.path().join("world"), &copy);
        let mut cut = command(situation.call, &copy, server);
        let what = match self.calls.get(at) {
            Some(call) => {
                strace::inject(
                    &cut,
                    &self.place.path().join(format!("log{at}{fault}")),
                    call,
                    fault,
                );
                format!("{}, {fault} at change {at}, {}", situation.name, call.line)
            }
            None => {
                run(&mut cut).succeeded(situation.name);
                format!("{}, {AFTER_THE_LAST}", situation.name)
            }
        };
        let judged = std::panic::catch_unwind(|| {
            states(&copy, &what);
            repeat(
                situation,
                &copy,
                server,
                (&self.place.path().join("traced"), self.is_same),
                &what,
            );
        });
        fs::remove_dir_all(&copy).unwrap();
        judged.map_err(|_| what)
    }
}

/// Cuts off and repeats each call of a group. All that cannot be repeated are told, not only the first.
fn cut_off_and_repeat(group: &[Situation]) {
    let folder = temp_dir();
    let server = Server::start(folder.path());
    let files = folder.path().join("files");
    make_files(&files);
    let asked_for: Vec<&Situation> = group.iter().filter(|situation| is_asked_for(situation)).collect();
    let traced = Mutex::new(Vec::new());
    for_each_at_once(&asked_for, |number, situation| {
        let one = Traced::new(situation, &files, &server.1);
        traced.lock().unwrap().push((number, one));
    });
    let mut traced = traced.into_inner().unwrap();
    traced.sort_by_key(|(number, _)| *number);
    let tried: Vec<_> = traced
        .iter()
        .flat_map(|(number, one)| {
            points(*number, &one.calls)
                .into_iter()
                .map(move |point| (one, point))
        })
        .collect();
    let failed = Mutex::new(Vec::new());
    for_each_at_once(&tried, |_, (one, (at, fault))| {
        if let Err(what) = one.try_at(*at, fault, &server.1) {
            failed.lock().unwrap().push(what);
        }
    });
    let failed = failed.into_inner().unwrap();
    for (_, one) in &traced {
        let (name, points) = (
            one.situation.name,
            tried
                .iter()
                .filter(|(other, _)| std::ptr::eq(*other, one))
                .count(),
        );
        let failed = failed
            .iter()
            .filter(|what| what.starts_with(&format!("{name}, ")))
            .count();
        println!(
            "{name}: {} changes, cut off {points} times, {failed} not repeatable",
            one.calls.len()
        );
    }
    assert!(
        failed.is_empty(),
        "{} cannot be repeated:\n{}",
        failed.len(),
        failed.join("\n")
    );
}

#[test]
fn making_a_ca_that_was_cut_off_can_be_repeated() {
    cut_off_and_repeat(MAKING_A_CA);
}

#[test]
fn issuing_that_was_cut_off_can_be_repeated() {
    cut_off_and_repeat(ISSUING);
}

#[test]
fn renewing_and_revoking_that_were_cut_off_can_be_repeated() {
    cut_off_and_repeat(RENEWING_AND_REVOKING);
}

#[test]
fn changing_a_ca_that_was_cut_off_can_be_repeated() {
    cut_off_and_repeat(CHANGING_A_CA);
}

#[test]
fn writing_elsewhere_that_was_cut_off_can_be_repeated() {
    cut_off_and_repeat(WRITING_ELSEWHERE);
}

/// A call in a copy of a world that is killed before it gives a file its name.
fn killed_before_naming(place: &Path, world: &Path, call: Call, name: &str) -> PathBuf {
    let calls = strace::changes_of(place, world, |copy| command(call, copy, ""));
    let at = calls
        .iter()
        .position(|call| call.is_rename_to_any(name))
        .unwrap_or_else(|| panic!("nothing is named {name}"));
    let copy = place.join("copy");
    copy_tree(world, &copy);
    let killed = strace::inject(
        &command(call, &copy, ""),
        &place.join("log"),
        &calls[at],
        "signal=SIGKILL",
    );
    assert_ne!(killed.status, Some(0), "{call:?} was not killed: {killed:#?}");
    fs::remove_dir_all(place.join("traced")).unwrap();
    copy
}

/// The public key in a file, as OpenSSL reads it.
fn public_key(folder: &Path, arguments: &[&str]) -> String {
    run(&mut openssl(folder, arguments)).succeeded("openssl").stdout
}

#[test]
fn request_that_was_cut_off_after_its_key_keeps_the_key() {
    for more in [&[][..], &["--new-password-file", "@new"]] {
        let place = temp_dir();
        let world = place.path().join("world");
        make_files(&world);
        let call = [
            &[
                "cert",
                "request",
                "--host",
                "db1.example.com",
                "--key-type",
                "p256",
                "--out-dir",
                "@out",
            ],
            more,
        ]
        .concat();
        let again = |world: &Path, more: &[&str]| run(&mut command(&[&call[..], more].concat(), world, ""));
        let killed = killed_before_naming(place.path(), &world, call.clone().leak(), "db1_req.pem");
        let (key, request) = (
            killed.join("out/db1_priv_key.pem"),
            killed.join("out/db1_req.pem"),
        );
        let made = fs::read(&key).expect("the key is there");
        assert!(!request.exists());
        // What asks for something else is another call.
        for other in [&["--san", "dns:db2.example.com"][..], &["--org", "Example"]] {
            let refused = again(&killed, other).refused("another request", &["already exists"]);
            assert!(!request.exists(), "{refused:#?}");
        }
        // A key that was there for another reason is not taken, though the folder is the same.
        let foreign = place.path().join("foreign");
        copy_tree(&killed, &foreign);
        fs::copy(foreign.join("host.key"), foreign.join("out/db1_priv_key.pem")).unwrap();
        again(&foreign, &[]).refused("the key of somebody else", &["already exists"]);
        assert!(!foreign.join("out/db1_req.pem").exists());

        // While another call writes there, it may be its own.
        let working = fs::File::open(killed.join("out")).unwrap();
        working.lock_shared().unwrap();
        again(&killed, &[]).refused("while another call works", &["already exists"]);
        assert!(!request.exists());
        // A process that another test starts has a copy of the descriptor for a moment, and with it the lock.
        working.unlock().unwrap();

        let planned = again(&killed, &["--json", "--dry-run"])
            .succeeded("dry run")
            .json();
        assert_eq!(
            (&planned["key_was_there"], request.exists()),
            (&true.into(), false)
        );
        let completed = again(&killed, &[]).succeeded("the same call again");
        let said = "Created the missing CSR, with the existing private key, for db1.example.com";
        assert!(completed.stdout.starts_with(said), "{completed:#?}");
        assert_eq!(fs::read(&key).unwrap(), made, "the key was replaced");
        let of_request = public_key(
            &killed,
            &["req", "-in", "out/db1_req.pem", "-noout", "-pubkey", "-verify"],
        );
        assert_eq!(
            of_request,
            public_key(
                &killed,
                &[
                    "pkey",
                    "-in",
                    "out/db1_priv_key.pem",
                    "-passin",
                    "file:new",
                    "-pubout"
                ]
            )
        );
        assert_eq!(
            fs::read_dir(killed.join("out")).unwrap().count(),
            2,
            "what was left over is there still"
        );
        again(&killed, &[]).refused("a third time", &["already exists"]);
    }
}

#[test]
fn what_a_host_was_handed_is_not_issued_again() {
    let list: Call = &[
        "cert",
        "issue",
        "--key-type",
        "p256",
        "--from",
        "@hosts.csv",
        "--jobs",
        "1",
    ];
    let situations: [(&[Call], Call, &str); 4] = [
        (&[INIT], list, "01.pem"),
        (&[INIT], list, "02.pem"),
        (&[INIT, ISSUE], &["cert", "renew", "01"], "02.pem"),
        (
            &[INIT, ISSUE],
            &["cert", "renew", "db1.example.com", "--keep-key"],
            "02.pem",
        ),
    ];
    for (before, call, file) in situations {
        let place = temp_dir();
        let world = place.path().join("world");
        make_files(&world);
        before
            .iter()
            .for_each(|call| drop(run(&mut command(call, &world, "")).succeeded("before")));
        let killed = killed_before_naming(place.path(), &world, call, file);
        let what = format!("{call:?} before {file}");
        let repeated = run(&mut command(call, &killed, "")).succeeded(&what);
        let serials: BTreeSet<String> = handed_out(&killed)
            .iter()
            .map(|name| name[..2].to_owned())
            .collect();
        run(&mut command(call, &world, "")).succeeded("undisturbed");
        assert_eq!(
            handed_out(&killed).len(),
            handed_out(&world).len(),
            "{what}: {repeated:#?}"
        );
        for serial in serials {
            assert!(
                killed.join(format!("ca/repository/{serial}.pem")).exists(),
                "{what}: {serial}.pem is missing"
            );
        }
        if call == list {
            let nothing = run(&mut command(call, &killed, "")).succeeded("a third time");
            assert!(nothing.stdout.contains("3 present already"), "{nothing:#?}");
        } else {
            assert!(
                repeated
                    .stdout
                    .contains("Serial 02 was already issued in its place: nothing more was issued"),
                "{repeated:#?}"
            );
            // It is a call like any other, after one that has ended.
            let next = run(&mut command(call, &killed, "")).succeeded("a third time");
            assert!(next.stdout.contains("03"), "{next:#?}");
        }
    }
}

#[test]
fn renewal_that_was_cut_off_before_the_crl_makes_the_crl() {
    let place = temp_dir();
    let world = place.path().join("world");
    make_files(&world);
    [INIT, ISSUE]
        .iter()
        .for_each(|call| drop(run(&mut command(call, &world, "")).succeeded("before")));
    let call: Call = &["cert", "renew", "db1.example.com", "--revoke-old"];
    let killed = killed_before_naming(place.path(), &world, call, "ca_crl.pem");
    let ca = killed.join("ca");
    assert!(
        fs::read_to_string(ca.join("ca_conf/ca.db"))
            .unwrap()
            .starts_with('R'),
        "the old one is revoked"
    );
    let repeated = run(&mut command(call, &killed, "")).succeeded("the same call again");
    assert!(
        repeated
            .stdout
            .contains("Serial 02 was already issued in its place: nothing more was issued"),
        "{repeated:#?}"
    );
    assert_eq!(in_crl(&ca), BTreeSet::from(["01".to_owned()]));
    assert_eq!(handed_out(&killed).len(), 2);
    // The next one is a renewal of its own.
    run(&mut command(call, &killed, "")).succeeded("another renewal");
    assert_eq!((handed_out(&killed).len(), in_crl(&ca).len()), (3, 2));
}

/// At every point: as long as the lines are two, both are there, and then the one that is left says what both said.
#[test]
fn joining_lines_of_one_serial_number_that_was_cut_off_loses_no_revocation() {
    let place = temp_dir();
    let world = place.path().join("world");
    make_files(&world);
    [INIT, ISSUE, HOLD]
        .iter()
        .for_each(|call| drop(run(&mut command(call, &world, "")).succeeded("before")));
    let index = |world: &Path| fs::read_to_string(world.join("ca/ca_conf/ca.db")).unwrap();
    let [held, compromised] =
        ["certificateHold", "keyCompromise"].map(|reason| index(&world).replace("certificateHold", reason));
    fs::write(
        world.join("ca/ca_conf/ca.db"),
        [compromised.as_str(), held.as_str()].concat(),
    )
    .unwrap();
    let fix: Call = &[
        "doctor",
        "@ca",
        "--only",
        "index-duplicate-serials",
        "--fix",
        "--yes",
    ];
    let calls = strace::changes_of(place.path(), &world, |copy| command(fix, copy, ""));
    let tried: Vec<(usize, &str)> = (0..calls.len())
        .flat_map(|at| FAULTS.map(|fault| (at, fault)))
        .collect();
    let joined = [compromised.as_str(), "#", held.as_str()].concat();
    for_each_at_once(&tried, |_, (at, fault)| {
        let copy = place.path().join(format!("copy{at}{fault}"));
        copy_tree(&world, &copy);
        strace::inject(
            &command(fix, &copy, ""),
            &place.path().join(format!("log{at}{fault}")),
            &calls[*at],
            fault,
        );
        let what = format!("{fault} at change {at}, {}", calls[*at].line);
        assert!(
            index(&copy) == index(&world) || index(&copy) == joined,
            "{what}: {}",
            index(&copy)
        );
        run(&mut command(fix, &copy, "")).succeeded(&what);
        assert_eq!(index(&copy), joined, "{what}");
        run(&mut command(&["ca", "log", "--verify"], &copy, "")).succeeded(&what);
        fs::remove_dir_all(&copy).unwrap();
    });
    println!(
        "joining lines: {} changes, cut off {} times",
        calls.len(),
        tried.len()
    );
}

/// Stops a call between its change and the CRL that tells of it, and lets it go on when another has changed the CA.
#[test]
fn a_revocation_during_which_the_ca_is_renewed_or_rekeyed_makes_its_crl() {
    for other in [
        &["ca", "renew", "--yes"][..],
        &["ca", "rekey", "--key-type", "p256", "--yes"],
    ] {
        let place = temp_dir();
        let ca = place.path().join("ca");
        make_ca(&ca);
        run(&mut gsec(&ca, issue_args("db1.example.com"))).succeeded("issue");
        let revoke = |ca: &Path| gsec(ca, ["cert", "revoke", "01", "--reason", "superseded"]);
        let traced = place.path().join("traced");
        copy_tree(&ca, &traced);
        let (outcome, calls) = strace::trace(&revoke(&traced), &place.path().join("log"));
        outcome.succeeded("the untouched run");
        let renamed = calls
            .iter()
            .position(|call| call.is_rename_to(&traced.join("ca_conf/ca.db")))
            .expect("rename to ca.db");
        // With these the lock is let go, that of the folder last; the CRL takes it again.
        let mut closed = calls[renamed..]
            .iter()
            .skip_while(|call| call.name != "close" || !call.line.contains("/.lock>"));
        let close = closed
            .find(|call| call.name == "close" && call.line.contains("/ca_conf>"))
            .expect("the lock is let go");
        let inject = format!("inject=close:signal=SIGSTOP:when={}", close.nth);
        let mut tracer = strace::under_strace(
            &revoke(&ca),
            &place.path().join("log2"),
            &["-e", "trace=close", "-e", &inject],
        );
        let mut tracer = tracer
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stopped = strace::wait_until_stopped(&mut tracer);
        let renewed = run(&mut gsec(&ca, other));
        // The stopped one goes on before anything is asserted: it must not outlive a failing test.
        assert!(
            Command::new("kill")
                .args(["-CONT", &stopped.to_string()])
                .status()
                .unwrap()
                .success()
        );
        let revoked = tracer.wait_with_output().unwrap();
        renewed.succeeded(&format!("{other:?} in between"));
        assert!(
            revoked.status.success(),
            "{other:?} in between: {}",
            String::from_utf8_lossy(&revoked.stderr)
        );
        assert_eq!(in_crl(&ca), BTreeSet::from(["01".to_owned()]), "{other:?}");
    }
}
