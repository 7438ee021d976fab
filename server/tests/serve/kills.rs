//! Processes that are killed while clients are served.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use gsec_pki::x509::Certificate;
use rustix::process::{Pid, Signal, kill_process};

use crate::client::{Client, Obtained, Responder, base64url, request_for};
use crate::site::{Dns, Site};
use crate::wrong::UNLIMITED;

/// How many clients ask at once.
const FLOWS: usize = 8;
/// How many kills there are, unless `GSEC_KILLS` says otherwise.
const KILLS: usize = 40;
/// How long a server may take to be back.
const RETURN: Duration = Duration::from_secs(120);

fn tell(pid: u32, signal: Signal) {
    let pid = i32::try_from(pid)
        .ok()
        .and_then(Pid::from_raw)
        .expect("a process");
    let _ = kill_process(pid, signal);
}

/// The certificates in the directory, by their public key: each with its serial number.
fn repository(site: &Site) -> BTreeMap<Vec<u8>, BTreeSet<String>> {
    let mut found: BTreeMap<Vec<u8>, BTreeSet<String>> = BTreeMap::new();
    for entry in std::fs::read_dir(site.ca().join("repository")).expect("the repository") {
        let path = entry.expect("an entry").path();
        let stem = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        let is_of_serial = stem.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_of_serial && path.extension().is_some_and(|kind| kind == "pem") {
            let pem = std::fs::read(&path).expect("a certificate");
            let certificate = gsec_pki::x509::decode_certificates(&pem)
                .expect("whole")
                .remove(0);
            let key = certificate.public_key().spki().to_vec();
            found
                .entry(key)
                .or_default()
                .insert(certificate.serial().to_string());
        }
    }
    found
}

/// The serial numbers of ca.db: none is there twice.
fn recorded(site: &Site) -> BTreeSet<String> {
    let text = std::fs::read_to_string(site.ca().join("ca_conf/ca.db")).expect("ca.db");
    let mut serials = BTreeSet::new();
    for line in text.lines() {
        let serial = line.split('\t').nth(3).expect("a serial number").to_owned();
        assert!(serials.insert(serial), "recorded twice: {line}");
    }
    serials
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn whatever_is_killed_no_certificate_is_lost_or_made_twice() {
    let kills = std::env::var("GSEC_KILLS")
        .ok()
        .and_then(|count| count.parse().ok());
    let kills = kills.unwrap_or(KILLS);
    let site = Site::with(UNLIMITED, Some(Dns::start()));
    let responder = Responder::start(site.http_port);
    let (is_over, names) = (AtomicBool::new(false), AtomicUsize::new(0));
    let obtained: Mutex<Vec<Obtained>> = Mutex::default();
    let beside: Mutex<usize> = Mutex::default();
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..FLOWS)
            .map(|_| {
                scope.spawn(|| {
                    let mut client = Client::new(&site, &responder);
                    client.register();
                    while !is_over.load(Ordering::SeqCst) {
                        let name = format!("h{}.ca.test", names.fetch_add(1, Ordering::SeqCst));
                        let one = client.obtain(&[&name]);
                        obtained.lock().unwrap_or_else(PoisonError::into_inner).push(one);
                    }
                })
            })
            .collect();
        let commands = scope.spawn(|| {
            while !is_over.load(Ordering::SeqCst) {
                let name = format!("c{}.ca.test", names.fetch_add(1, Ordering::SeqCst));
                site.gsec(&["cert", "issue", &name]).ok();
                *beside.lock().unwrap_or_else(PoisonError::into_inner) += 1;
                std::thread::sleep(Duration::from_millis(500));
            }
        });
        let mut seed = 0x2545_F491_u32;
        for number in 0..kills {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            std::thread::sleep(Duration::from_millis(u64::from(seed >> 16) % 400));
            let end = Instant::now() + RETURN;
            let parts = loop {
                let parts = site.parts();
                if parts.len() == 2 {
                    break parts;
                }
                assert!(
                    Instant::now() < end,
                    "kill {number}: {parts:?}\n{}",
                    site.server_log()
                );
                std::thread::sleep(Duration::from_millis(10));
            };
            tell(parts[(seed >> 8) as usize % 2].1, Signal::KILL);
            // Another one obtains all of its certificate before the next kill, every fourth time.
            let count = || obtained.lock().unwrap_or_else(PoisonError::into_inner).len();
            let before = count();
            while number % 4 == 3 && count() <= before {
                let is_alive = clients.iter().any(|client| !client.is_finished());
                assert!(
                    is_alive && Instant::now() < end,
                    "kill {number}\n{}",
                    site.server_log()
                );
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        is_over.store(true, Ordering::SeqCst);
        for client in clients {
            client.join().expect("a client");
        }
        commands.join().expect("commands");
    });
    let obtained = obtained.into_inner().unwrap_or_else(PoisonError::into_inner);
    let beside = beside.into_inner().unwrap_or_else(PoisonError::into_inner);
    println!("{kills} kills, {} certificates, {beside} beside", obtained.len());
    let (by_key, recorded) = (repository(&site), recorded(&site));
    let mut serials = BTreeSet::new();
    for one in &obtained {
        let certificate = Certificate::from_der(&one.certificate).expect("whole");
        let serial = certificate.serial().to_string();
        assert!(recorded.contains(&serial), "{serial} is not recorded");
        let of_order = by_key.get(certificate.public_key().spki());
        assert_eq!(of_order, Some(&BTreeSet::from([serial.clone()])), "{}", one.order);
        assert!(serials.insert(serial), "{} has a number twice", one.order);
    }
    let all: usize = by_key.values().map(BTreeSet::len).sum();
    let all_serials: BTreeSet<&String> = by_key.values().flatten().collect();
    assert_eq!(all, all_serials.len(), "no serial number twice");
    assert!(all_serials.into_iter().all(|serial| recorded.contains(serial)));
    assert!(beside > 0 && !obtained.is_empty());
    site.is_in_order();
    assert!(!site.server_log().contains("bug"), "{}", site.server_log());
    // `openssl ca` takes no lock, so it has its turn when nobody else has.
    let host = site.folder().join("o");
    openssl_issues(&site, &host);
    let mut client = Client::new(&site, &responder);
    client.register();
    client.obtain(&["after.ca.test"]);
    assert_eq!(self::recorded(&site).len(), recorded.len() + 2);
    site.is_in_order();
}

/// `openssl ca` issues a certificate beside the server; key, request and certificate are in files of this name.
pub fn openssl_issues(site: &Site, at: &std::path::Path) {
    use crate::site::run;
    use std::process::Command;
    let (key, request, certificate) = (
        at.with_extension("key"),
        at.with_extension("csr"),
        at.with_extension("pem"),
    );
    run(Command::new("openssl")
        .args([
            "req",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
        ])
        .args(["-subj", "/CN=openssl.ca.test", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&request))
    .ok();
    run(Command::new("openssl")
        .args(["ca", "-batch", "-notext", "-config", "ca_conf/ca.conf", "-in"])
        .arg(&request)
        .arg("-out")
        .arg(&certificate)
        .current_dir(site.ca()))
    .ok();
}

/// The front ends with its supervisor, as the signer does: the next one finds ports, state and journal free.
#[test]
#[ignore = "sh tests/serve.sh"]
fn supervisor_that_is_killed_leaves_nothing_running() {
    let mut site = Site::with(UNLIMITED, Some(Dns::start()));
    let responder = Responder::start(site.http_port);
    let mut client = Client::new(&site, &responder);
    client.register();
    let order = client.order(&["a.ca.test"]);
    for _ in 0..3 {
        let parts = site.parts();
        tell(site.supervisor(), Signal::KILL);
        let end = Instant::now() + RETURN;
        let runs = |pid: &u32| {
            let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            state
                .rsplit(") ")
                .next()
                .is_some_and(|rest| !rest.is_empty() && !rest.starts_with('Z'))
        };
        while parts.iter().any(|(_, pid)| runs(pid)) {
            assert!(Instant::now() < end, "{parts:?} run on");
            std::thread::sleep(Duration::from_millis(20));
        }
        site.stop();
        site.start();
    }
    client.follow(&order, &request_for(&["a.ca.test"]));
    site.is_in_order();
}

/// The front is killed while the signer has its certificate in hand.
#[test]
#[ignore = "sh tests/serve.sh"]
fn order_that_was_in_hand_becomes_valid_with_one_certificate() {
    let site = Site::with(UNLIMITED, Some(Dns::start()));
    let responder = Responder::start(site.http_port);
    let mut client = Client::new(&site, &responder);
    client.register();
    for number in 0..3 {
        let name = format!("h{number}.ca.test");
        let (order, request) = (client.order(&[&name]), request_for(&[&name]));
        let object = client.asked(&order, None).json();
        client.prove(&object);
        let pid = |part: &str| {
            site.parts()
                .iter()
                .find(|(name, _)| *name == part)
                .expect("it runs")
                .1
        };
        let (front, signer) = (pid("front"), pid("signer"));
        tell(signer, Signal::STOP);
        let finalize = object["finalize"].as_str().expect("a URL").to_owned();
        let csr = serde_json::json!({"csr": base64url(&request)});
        let answer = client.post(&finalize, Some(&csr)).expect("an answer");
        assert_eq!(answer.json()["status"], "processing", "{}", answer.text());
        tell(front, Signal::KILL);
        tell(signer, Signal::CONT);
        let obtained = client.follow(&order, &request);
        let certificate = Certificate::from_der(&obtained.certificate).expect("whole");
        let made = repository(&site).remove(certificate.public_key().spki());
        assert_eq!(made, Some(BTreeSet::from([certificate.serial().to_string()])));
    }
    site.is_in_order();
}
