//! What `--out-dir` delivers, cut off at every system call by which a call changes that directory: whoever reads finds the old pair whole or
//! the new one, and the next call finishes.

use crate::common::at::{gsec, make_ca};
use crate::common::machine::{copy_tree, for_each_at_once, temp_dir};
use crate::common::snapshot::walk;
use crate::common::{run, strace};

use std::fs;
use std::path::Path;
use std::process::Command;

use gsec_pki::key::{Signer, decode_private_key};
use gsec_pki::x509::decode_certificates;

/// What is done to a system call: it is the last one of the process, at each of them; or it fails, at every third.
const FAULTS: [(&str, usize); 3] = [("signal=SIGKILL", 1), ("error=EIO", 3), ("error=ENOSPC", 3)];

/// A call in a world, with the CA in `ca` and the directory `out`.
fn command(world: &Path, call: &[&str]) -> Command {
    let mut command = gsec(&world.join("ca"), call.iter().map(|word| (*word).to_owned()));
    command.current_dir(world);
    command
}

/// The serial number of the pair of a host in `out`; `None` where a reader finds no pair yet. Panics where it finds halves of two.
fn pair(world: &Path, host: &str, what: &str) -> Option<String> {
    let read = |ending: &str| fs::read(world.join(format!("out/{host}_{ending}"))).ok();
    let certificate = decode_certificates(&read("cert.pem")?)
        .unwrap_or_else(|problem| panic!("{what}: half a certificate: {problem}"));
    if let Some(key) = read("priv_key.pem") {
        let key =
            decode_private_key(&key, None).unwrap_or_else(|problem| panic!("{what}: half a key: {problem}"));
        assert!(
            key.public_key().is_pair_of(certificate[0].public_key()),
            "{what}: key and certificate of two pairs"
        );
    }
    Some(certificate[0].serial().to_string())
}

/// Cuts a call off at each change of `out`, and then makes `repair`, after which the hosts have whole pairs.
fn cut_off(before: &[&[&str]], call: &[&str], repair: &[&str], hosts: &[&str]) {
    let place = temp_dir();
    let world = place.path().join("world");
    fs::create_dir_all(world.join("out")).unwrap();
    make_ca(&world.join("ca"));
    fs::write(
        world.join("hosts.csv"),
        "host\ndb1.example.com\ndb2.example.com\n",
    )
    .unwrap();
    for earlier in before {
        run(&mut command(&world, earlier)).succeeded("before");
    }
    let old: Vec<Option<String>> = hosts.iter().map(|host| pair(&world, host, "before")).collect();
    let calls = strace::changes_of(place.path(), &world, |copy| command(copy, call));
    let out = place.path().join("traced/out");
    let tried: Vec<(usize, &str)> = (0..calls.len())
        .filter(|at| calls[*at].touches(&out) || calls[*at].line.contains("\"out/"))
        .flat_map(|at| FAULTS.map(|(fault, each)| (at, fault, each)))
        .filter(|(at, fault, each)| (at + fault.len()) % each == 0)
        .map(|(at, fault, _)| (at, fault))
        .collect();
    assert!(tried.len() > 30, "only {} points", tried.len());
    for_each_at_once(&tried, |_, (at, fault)| {
        let copy = place.path().join(format!("copy{at}{fault}"));
        copy_tree(&world, &copy);
        let log = place.path().join(format!("log{at}{fault}"));
        strace::inject(&command(&copy, call), &log, &calls[*at], fault);
        let what = format!("{fault} at change {at}, {}", calls[*at].line);
        for (host, old) in hosts.iter().zip(&old) {
            let found = pair(&copy, host, &what);
            assert!(
                found.is_some() || old.is_none(),
                "{what}: the pair of {host} is gone"
            );
        }
        run(&mut command(&copy, repair)).succeeded(&format!("repair after {what}"));
        for host in hosts {
            let found = pair(&copy, host, &what);
            let key = copy.join(format!("out/{host}_priv_key.pem"));
            assert!(found.is_some() && key.exists(), "{what}: {host} has no pair");
        }
        let listed = || -> Vec<String> {
            let names = walk(&copy.join("out")).into_iter();
            names.map(|(name, _)| name).collect()
        };
        let left = listed();
        run(&mut command(&copy, repair)).succeeded("a third time");
        assert_eq!(left, listed(), "{what}: repeated, it changes nothing");
        // What has a temporary name goes when something is delivered again.
        run(&mut command(&copy, call)).succeeded("the same call again");
        let left = listed();
        assert!(
            !left.iter().any(|name| name.contains(".gsec-")),
            "{what}: {left:?}"
        );
        hosts.iter().for_each(|host| drop(pair(&copy, host, &what)));
        run(&mut command(&copy, &["ca", "log", "--verify"])).succeeded(&what);
        fs::remove_dir_all(&copy).unwrap();
    });
    println!("{call:?}: cut off {} times", tried.len());
}

const ENSURE: [&str; 7] = [
    "cert",
    "ensure",
    "db1.example.com",
    "--key-type",
    "p256",
    "--out-dir",
    "out",
];

#[test]
fn first_pair_appears_whole() {
    let issue = [
        "cert",
        "issue",
        "db1.example.com",
        "--key-type",
        "p256",
        "--out-dir",
        "out",
    ];
    cut_off(&[], &issue, &ENSURE, &["db1"]);
}

#[test]
fn renewed_pair_takes_the_place_of_the_old_one_at_once() {
    let renew = ["cert", "renew", "db1.example.com", "--out-dir", "out"];
    cut_off(&[&ENSURE], &renew, &ENSURE, &["db1"]);
}

#[test]
fn pair_whose_key_is_nowhere_else_is_not_lost() {
    let ensure = [&ENSURE[..], &["--no-keep-key"]].concat();
    let renew = [
        "cert",
        "renew",
        "db1.example.com",
        "--out-dir",
        "out",
        "--no-keep-key",
        "--pfx-encryption",
        "modern",
    ];
    let ensure: &[&str] = &ensure;
    cut_off(&[ensure], &renew, &[ensure, &["--no-pfx"]].concat(), &["db1"]);
}

#[test]
fn pairs_of_a_list_appear_each_whole() {
    let list = [
        "cert",
        "issue",
        "--from",
        "hosts.csv",
        "--key-type",
        "p256",
        "--no-pfx",
        "--jobs",
        "1",
        "--out-dir",
        "out",
    ];
    let again = [&list[..], &["--again"]].concat();
    cut_off(&[&list], &again, &list, &["db1", "db2"]);
}

/// A certificate whose key is not there yet would be of no use; and each file is durable before it has its name.
#[test]
fn single_files_take_their_names_key_first() {
    let place = temp_dir();
    let world = place.path().join("world");
    fs::create_dir_all(world.join("out")).unwrap();
    make_ca(&world.join("ca"));
    let files = [
        "--cert-out",
        "out/tls.pem",
        "--key-out",
        "out/tls.key",
        "--chain-out",
        "out/ca.pem",
    ];
    let issue = [
        &["cert", "issue", "db1.example.com", "--key-type", "p256"][..],
        &files,
    ]
    .concat();
    let renew = [&["cert", "renew", "db1.example.com"][..], &files].concat();
    for call in [issue, renew] {
        let (outcome, calls) = strace::trace(&command(&world, &call), &place.path().join("log"));
        outcome.succeeded("under strace");
        let named = |name: &str| {
            calls
                .iter()
                .position(|call| call.is_rename_to_any(name))
                .unwrap_or_else(|| panic!("nothing is named {name}"))
        };
        let order = ["tls.key", "ca.pem", "tls.pem"].map(named);
        assert!(order.is_sorted(), "{call:?}: {order:?}");
        let synced = calls[..order[0]]
            .iter()
            .filter(|call| call.is_sync() && call.line.contains("/out/.gsec-"))
            .count();
        assert_eq!(
            synced, 3,
            "{call:?}: all are durable before the first has its name"
        );
    }
}
