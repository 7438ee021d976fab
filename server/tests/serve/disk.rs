//! Order on the disk, and disks that are full.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::client::{Client, Responder, base64url, request_for};
use crate::site::{Dns, Running, Site, run};
use crate::wrong::UNLIMITED;

/// A machine may be slow.
const PATIENCE: Duration = Duration::from_secs(180);

/// Runs the body of an ignored test in a mount namespace of its own: what is mounted there goes with its last process.
#[track_caller]
fn in_private_mounts(name: &str, body: impl FnOnce()) {
    in_namespace(&["--mount", "--propagation", "private"], name, body);
}

/// Runs the body of an ignored test in a namespace of its own, by starting this program again for that one test.
#[track_caller]
pub fn in_namespace(kind: &[&str], name: &str, body: impl FnOnce()) {
    const INSIDE: &str = "GSEC_TEST_IN_NAMESPACE";
    if std::env::var_os(INSIDE).is_some() {
        return body();
    }
    let done = run(Command::new("unshare")
        .args(kind)
        .arg(std::env::current_exe().expect("this program"))
        .args([
            "--exact",
            name,
            "--include-ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(INSIDE, "1"))
    .ok();
    assert!(done.stdout.contains("1 passed"), "{done}");
}

/// A disk of this size in place of a folder, with what was in it.
fn small_disk(at: &Path, size: &str) {
    let aside = at.with_extension("aside");
    let copy = |from: &Path, to: &Path| run(Command::new("cp").arg("-a").arg(from.join(".")).arg(to)).ok();
    std::fs::create_dir(&aside).expect("a folder");
    copy(at, &aside);
    run(Command::new("mount")
        .args(["-t", "tmpfs", "-o", &format!("size={size},mode=700"), "tmpfs"])
        .arg(at))
    .ok();
    copy(&aside, at);
}

/// Takes all the room that a disk has; given back when it is removed.
fn fill(at: &Path) -> PathBuf {
    use std::io::Write;
    let path = at.join("filling");
    let mut file = std::fs::File::create(&path).expect("a file");
    while file.write_all(&[0; 4096]).is_ok() {}
    while file.write_all(&[0]).is_ok() {}
    path
}

/// Fills `at`, finalizes an order meanwhile, and makes room again: the order comes to its certificate by itself.
#[track_caller]
fn order_outlives_a_full_disk(site: &Site, at: &Path) {
    let responder = Responder::start(site.http_port);
    let mut client = Client::new(site, &responder);
    client.register();
    client.obtain(&["before.ca.test"]);
    let order = client.order(&["a.ca.test"]);
    let object = client.asked(&order, None).json();
    client.prove(&object);
    assert_eq!(client.asked(&order, None).json()["status"], "ready");
    let log = site.ca().join("ca_conf/audit.log");
    let filling = fill(at);
    let (finalize, csr) = (
        object["finalize"].as_str().expect("a URL").to_owned(),
        request_for(&["a.ca.test"]),
    );
    let answer = client
        .post(&finalize, Some(&json!({"csr": base64url(&csr)})))
        .expect("an answer");
    assert_eq!(crate::ready::readiness(site), "503", "the disk is full");
    // It waits to be issued, or could not even be written down: in both cases the client is told when to come again.
    let waits = answer.status == 200 && answer.json()["status"] == "processing";
    assert!(
        waits || answer.status == 503,
        "{}\n{}",
        answer.text(),
        site.server_log()
    );
    assert!(answer.header("retry-after").is_some(), "{}", answer.text());
    site.gsec(&["ca", "log", "--verify"]).ok();
    let lines = std::fs::read_to_string(&log).expect("the log").lines().count();
    std::fs::remove_file(filling).expect("room");
    let end = Instant::now() + PATIENCE;
    if waits {
        loop {
            let order = client.asked(&order, None).json();
            match order["status"].as_str() {
                Some("valid") => break,
                Some("processing") => std::thread::sleep(Duration::from_millis(200)),
                _ => panic!("{order}\n{}", site.server_log()),
            }
            assert!(Instant::now() < end, "{order}\n{}", site.server_log());
        }
    }
    crate::ready::wait_until_ready(site, true);
    client.follow(&order, &csr);
    assert!(std::fs::read_to_string(&log).expect("the log").lines().count() > lines);
    client.obtain(&["after.ca.test"]);
    site.is_in_order();
}

/// A site whose CA directory is a small disk.
fn site_on(size: &str) -> Site {
    let mut site = Site::with(UNLIMITED, Some(Dns::start()));
    assert_eq!(site.stop(), Some(0));
    small_disk(&site.ca(), size);
    site.start();
    site
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn order_waits_while_the_disk_of_the_ca_is_full() {
    in_private_mounts("disk::order_waits_while_the_disk_of_the_ca_is_full", || {
        let site = site_on("2m");
        order_outlives_a_full_disk(&site, &site.ca());
    });
}

/// The repository alone: the certificate is announced, recorded and signed, and its file cannot be written.
#[test]
#[ignore = "sh tests/serve.sh"]
fn order_waits_while_the_repository_is_full() {
    in_private_mounts("disk::order_waits_while_the_repository_is_full", || {
        let mut site = Site::with(UNLIMITED, Some(Dns::start()));
        assert_eq!(site.stop(), Some(0));
        small_disk(&site.ca().join("repository"), "256k");
        site.start();
        order_outlives_a_full_disk(&site, &site.ca().join("repository"));
    });
}

/// The signer's journal on a disk of its own: nothing is signed that it cannot write down.
#[test]
#[ignore = "sh tests/serve.sh"]
fn nothing_is_signed_while_the_journal_is_full() {
    in_private_mounts("disk::nothing_is_signed_while_the_journal_is_full", || {
        let mut site = Site::with(UNLIMITED, Some(Dns::start()));
        assert_eq!(site.stop(), Some(0));
        let (disk, journal) = (
            site.folder().join("journal"),
            site.ca().join("ca_conf/signer.journal"),
        );
        std::fs::create_dir(&disk).expect("a folder");
        std::fs::copy(&journal, disk.join("signer.journal")).expect("copied");
        small_disk(&disk, "64k");
        let socket = site.folder().join("s.sock");
        let gsecd = |part: &str| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_gsecd"));
            let log = std::fs::File::options()
                .create(true)
                .append(true)
                .open(site.folder().join("server.log"))
                .expect("a log");
            command
                .args(["serve", part, "--ca-dir"])
                .arg(site.ca())
                .arg("--socket")
                .arg(&socket)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(log);
            command
        };
        let on_disk = disk.join("signer.journal");
        let _signer = Running::start(gsecd("signer").arg("--journal").arg(&on_disk));
        let _front = Running::start(&mut gsecd("front"));
        let port = site
            .directory()
            .rsplit(':')
            .next()
            .and_then(|rest| rest.split('/').next()?.parse().ok());
        crate::site::wait_for_port(port.expect("a port"));
        let responder = Responder::start(site.http_port);
        let mut client = Client::new(&site, &responder);
        client.register();
        client.obtain(&["before.ca.test"]);
        let order = client.order(&["a.ca.test"]);
        let object = client.asked(&order, None).json();
        client.prove(&object);
        let before = gsec_signer::check_journal(&on_disk).expect("a journal");
        let filling = fill(&disk);
        let csr = request_for(&["a.ca.test"]);
        let finalize = object["finalize"].as_str().expect("a URL").to_owned();
        // What is left of the last block of the file holds a few lines: so many that are refused fill it.
        let answer = client
            .post(&finalize, Some(&json!({"csr": base64url(&csr)})))
            .expect("an answer");
        assert!(answer.status < 400 || answer.status == 503, "{}", answer.text());
        std::thread::sleep(Duration::from_secs(1));
        let during = gsec_signer::check_journal(&on_disk).expect("whole");
        let repository = site.ca().join("repository");
        let made = std::fs::read_dir(&repository).expect("the repository").count();
        println!("{} lines, then {}; {made} files", before.lines, during.lines);
        std::fs::remove_file(filling).expect("room");
        let obtained = client.follow(&order, &csr);
        let after = gsec_signer::check_journal(&on_disk).expect("whole");
        let sha256 = gsec_pki::encoding::hex::encode(
            &gsec_pki::key::sha256(&obtained.certificate),
            gsec_pki::encoding::hex::Separator::None,
        );
        assert!(after.certificates.iter().any(|(_, digest)| *digest == sha256));
        assert!(after.certificates.len() > before.certificates.len());
        site.gsec(&["ca", "log", "--verify"]).ok();
    });
}

/// What both processes call of the kernel, as strace writes it, while one order is finalized.
#[track_caller]
fn calls_of_finalize(site: &Site, client: &mut Client, name: &str, traced: &str) -> String {
    let order = client.order(&[name]);
    let object = client.asked(&order, None).json();
    client.prove(&object);
    let trace = site.folder().join("trace");
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-yy", "-s", "64", "-o"])
        .arg(&trace)
        .args(["-e", &format!("trace={traced}")]);
    for (_, pid) in site.parts() {
        strace.args(["-p", &pid.to_string()]);
    }
    let tracer = Running::start(strace.stdout(Stdio::null()).stderr(Stdio::piped()));
    wait_for_tracer(site);
    let finalize = object["finalize"].as_str().expect("a URL").to_owned();
    let csr = request_for(&[name]);
    let answer = client
        .post(&finalize, Some(&json!({"csr": base64url(&csr)})))
        .expect("an answer");
    assert_eq!(answer.json()["status"], "valid", "{}", answer.text());
    tracer.end();
    std::fs::read_to_string(&trace).expect("a trace")
}

/// What was issued before is not read again for the next certificate.
#[test]
#[ignore = "sh tests/serve.sh"]
fn certificate_takes_no_longer_in_a_ca_that_has_issued_many() {
    let site = Site::with(UNLIMITED, Some(Dns::start()));
    let responder = Responder::start(site.http_port);
    let mut client = Client::new(&site, &responder);
    client.register();
    let mut reads = |name: &str| {
        // What came since the last certificate is read once.
        client.obtain(&[&format!("first.{name}")]);
        let text = calls_of_finalize(&site, &mut client, name, "openat,read,pread64");
        let certificates = text.lines().filter(|line| line.contains("/repository/")).count();
        let mut read: BTreeMap<String, usize> = BTreeMap::new();
        for line in text.lines().filter(|line| line.contains("read")) {
            let file = line.split_once('<').and_then(|(_, rest)| rest.split('>').next());
            let bytes = line
                .rsplit_once(" = ")
                .and_then(|(_, bytes)| bytes.parse::<usize>().ok());
            *read.entry(file.unwrap_or_default().to_owned()).or_default() += bytes.unwrap_or_default();
        }
        (certificates, read)
    };
    // Some files are read from 64 KiB before a place on: they are longer than that before it is measured.
    let issue = |from: u32, to: u32| {
        let list = site.folder().join("hosts");
        let hosts: String = (from..to).map(|number| format!("h{number}.ca.test\n")).collect();
        std::fs::write(&list, hosts).expect("a list");
        site.gsec(&[
            "cert",
            "issue",
            "--key-type",
            "p256",
            "--from",
            list.to_str().expect("a path"),
        ])
        .ok();
    };
    let total = |read: &BTreeMap<String, usize>| read.values().sum::<usize>();
    issue(0, 600);
    let (_, few) = reads("a.ca.test");
    issue(600, 1800);
    let (certificates, many) = reads("b.ca.test");
    assert!(
        certificates < 20,
        "{certificates} calls for certificates in repository/"
    );
    assert!(
        total(&many) < total(&few) + 512 * 1024,
        "{many:#?}\nbefore: {few:#?}"
    );
}

/// One finalize under strace: what makes each thing durable comes before whatever relies on it.
#[test]
#[ignore = "sh tests/serve.sh"]
fn each_thing_is_durable_before_what_relies_on_it() {
    let site = Site::with(UNLIMITED, Some(Dns::start()));
    let responder = Responder::start(site.http_port);
    let mut client = Client::new(&site, &responder);
    client.register();
    client.obtain(&["before.ca.test"]);
    let text = calls_of_finalize(
        &site,
        &mut client,
        "a.ca.test",
        "write,writev,pwrite64,sendto,fsync,fdatasync,rename,renameat,renameat2,link,linkat",
    );
    let calls: Vec<&str> = text.lines().collect();
    let first = |what: &str, is: &dyn Fn(&str) -> bool| {
        let found = calls.iter().position(|line| is(line));
        found.unwrap_or_else(|| panic!("{what} is not there\n{text}"))
    };
    let syncs = |name: &'static str| move |line: &str| line.contains("sync(") && line.contains(name);
    let names = |name: &'static str| {
        move |line: &str| {
            (line.contains("rename") || line.contains("link")) && line.contains(&format!("{name}\""))
        }
    };
    let serial = first("serial.num", &names("serial.num"));
    let log = first("audit.log", &syncs("/audit.log>"));
    let record = first("ca.db", &syncs("/ca.db>"));
    // The journal has the seal before the log has its line, and the certificate after it was recorded.
    let seal = first("the seal", &syncs("/signer.journal>"));
    let signed = calls
        .iter()
        .rposition(|line| syncs("/signer.journal>")(line))
        .expect("the certificate");
    let file = first("the certificate", &|line: &str| {
        (line.contains("rename") || line.contains("link"))
            && line.contains("repository")
            && line.contains(".pem\"")
    });
    let folder = calls
        .iter()
        .enumerate()
        .position(|(at, line)| at > file && line.contains("sync(") && line.contains("repository"))
        .unwrap_or_else(|| panic!("the repository is not synced\n{text}"));
    let answered = first("the answer", &|line: &str| {
        (line.contains("write") || line.contains("sendto(")) && line.contains("<TCP:[")
    });
    let order = [
        ("serial.num", serial),
        ("the seal", seal),
        ("audit.log", log),
        ("ca.db", record),
        ("the journal", signed),
        ("the certificate", file),
        ("its folder", folder),
        ("the answer", answered),
    ];
    assert!(order.is_sorted_by_key(|(_, at)| *at), "{order:?}\n{text}");
}

/// Waits until each process is traced.
#[track_caller]
fn wait_for_tracer(site: &Site) {
    let end = Instant::now() + PATIENCE;
    let is_traced = |pid: u32| {
        let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).expect("tasks");
        tasks.flatten().all(|task| {
            let status = std::fs::read_to_string(task.path().join("status")).unwrap_or_default();
            !status.contains("TracerPid:\t0\n")
        })
    };
    while !site.parts().iter().all(|(_, pid)| is_traced(*pid)) {
        assert!(Instant::now() < end, "strace does not attach");
        std::thread::sleep(Duration::from_millis(20));
    }
}
