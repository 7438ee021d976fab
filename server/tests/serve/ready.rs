//! What is said of a server that cannot do its work: nothing that was not looked at is well.

use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::site::{Done, PATIENCE, Site, run};
use crate::walk::Walk;

/// The status of HTTP of `/health/ready`.
pub fn readiness(site: &Site) -> String {
    let url = format!(
        "{}/health/ready",
        site.directory().split("/acme/").next().expect("a URL")
    );
    run(Command::new("curl")
        .args([
            "-s",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}",
            "--max-time",
            "60",
            "--cacert",
        ])
        .arg(site.ca_certificate())
        .arg(url))
    .stdout
}

/// Waits until it is so: an answer counts for two seconds.
#[track_caller]
pub fn wait_until_ready(site: &Site, is_ready: bool) {
    let (expected, end) = (if is_ready { "200" } else { "503" }, Instant::now() + PATIENCE);
    loop {
        let found = readiness(site);
        if found == expected {
            return;
        }
        assert!(
            Instant::now() < end,
            "{found} where {expected} is right\n{}",
            site.server_log()
        );
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// The slugs of what is found, with whether the directory is served.
fn status(site: &Site) -> (bool, Vec<String>) {
    let done = site.gsec(&["serve", "status", "--json"]);
    let report: Value = serde_json::from_str(&done.stdout).unwrap_or_else(|error| panic!("{error}: {done}"));
    let serving = report["serving"].as_bool().expect("a flag");
    assert_eq!(done.status, Some(i32::from(!serving)), "{done}");
    let findings = report["findings"].as_array().expect("findings").iter();
    let slugs = findings.map(|finding| finding["slug"].as_str().expect("a slug").to_owned());
    (serving, slugs.collect())
}

#[track_caller]
fn is_well(site: &Site) {
    wait_until_ready(site, true);
    site.fetched_crl();
    assert_eq!(status(site), (true, Vec::new()));
}

#[track_caller]
fn is_not_well(site: &Site, slug: &str) {
    wait_until_ready(site, false);
    let (serving, slugs) = status(site);
    assert!(!serving && slugs.iter().any(|found| found == slug), "{slugs:?}");
}

fn copied(from: &Path, to: &Path) {
    run(Command::new("cp").arg("-a").arg(from).arg(to)).ok();
}

#[test]
fn signer_that_does_not_answer_is_told_at_once() {
    let site = Site::new();
    is_well(&site);
    let parts = site.parts();
    let (_, signer) = parts
        .iter()
        .find(|(part, _)| *part == "signer")
        .expect("a signer");
    let pid = Pid::from_raw(i32::try_from(*signer).expect("a number")).expect("a process");
    kill_process(pid, Signal::STOP).expect("stopped");
    is_not_well(&site, "not-ready");
    let (_, slugs) = status(&site);
    assert!(slugs.contains(&"signer-down".to_owned()), "{slugs:?}");
    let told = site.gsec(&["serve", "status"]).fails();
    let hangs = format!("the signer, process {signer}, runs, but does not answer");
    assert!(one_line(&told.stdout).contains(&hangs), "{told}");
    kill_process(pid, Signal::CONT).expect("on its way again");
    wait_until_ready(&site, true);
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn front_that_hangs_is_told_to_run_and_not_to_answer() {
    let site = Site::without_dns();
    let parts = site.parts();
    let (_, front) = parts.iter().find(|(part, _)| *part == "front").expect("a front");
    let pid = Pid::from_raw(i32::try_from(*front).expect("a number")).expect("a process");
    kill_process(pid, Signal::STOP).expect("stopped");
    let told = site.gsec(&["serve", "status"]).fails();
    let hangs = format!("the front, process {front}, runs, but does not answer");
    assert!(one_line(&told.stdout).contains(&hangs), "{told}");
    assert!(told.stdout.contains("systemctl restart gsec-serve"), "{told}");
    let listed = site.gsec(&["serve", "grant", "list"]).fails();
    let hangs = format!("process {front} runs, but does not answer");
    assert!(one_line(&listed.stderr).contains(&hangs), "{listed}");
    assert!(!listed.stderr.contains("whether it was done"), "{listed}");
    kill_process(pid, Signal::CONT).expect("on its way again");
    wait_until_ready(&site, true);
}

#[test]
fn database_that_was_removed_or_replaced_is_not_written_to() {
    let mut walk = Walk::new();
    is_well(&walk.site);
    let path = walk.site.ca().join("ca_conf/server.db");
    let aside = walk.site.folder().join("server.db");
    std::fs::rename(&path, &aside).expect("moved");
    is_not_well(&walk.site, "not-ready");
    let new_order = walk.client.url("new-order");
    let names = serde_json::json!({"identifiers": [{"type": "dns", "value": "a.ca.test"}]});
    let answer = walk.client.post(&new_order, Some(&names)).expect("an answer");
    assert_eq!(answer.status, 503, "{}", answer.text());
    // Another one in its place, as who restores it by `cp` would put there.
    copied(&aside, &path);
    is_not_well(&walk.site, "not-ready");
    std::fs::rename(&aside, &path).expect("moved back");
    is_well(&walk.site);
    walk.client.obtain(&["a.ca.test"]);
}

/// Whatever issuing needs, and is not there or may not be changed.
#[test]
fn nothing_that_issuing_needs_is_missing_or_fixed_where_it_is_ready() {
    let mut walk = Walk::new();
    let conf = walk.site.ca().join("ca_conf");
    let aside = walk.site.folder().join("aside");
    for name in ["gsec.toml", "serial.num", "ca.db"] {
        is_well(&walk.site);
        std::fs::rename(conf.join(name), &aside).expect("moved");
        wait_until_ready(&walk.site, false);
        let done = walk.site.gsec(&["serve", "status"]);
        assert_ne!(done.status, Some(0), "{name}: {done}");
        assert!(done.to_string().contains(name), "{name}: {done}");
        std::fs::rename(&aside, conf.join(name)).expect("moved back");
    }
    let fixed = |name: &str, how: &str| run(Command::new("chattr").arg(how).arg(conf.join(name)));
    if fixed("serial.num", "+i").status == Some(0) {
        fixed("serial.num", "-i").ok();
        let immutable = [
            "",
            "ca.db",
            "audit.log",
            "serial.num",
            ".lock",
            "signer.journal",
            "../repository",
        ];
        let appended = ["", "ca.db", "../repository"];
        let marks = immutable
            .map(|name| (name, "i"))
            .into_iter()
            .chain(appended.map(|name| (name, "a")));
        for (name, mark) in marks {
            is_well(&walk.site);
            fixed(name, &format!("+{mark}")).ok();
            wait_until_ready(&walk.site, false);
            let found = walk
                .site
                .gsec(&["doctor", walk.site.ca().to_str().expect("text")]);
            assert!(
                found.to_string().contains("ca-cannot-be-changed"),
                "{name} +{mark}: {found}"
            );
            fixed(name, &format!("-{mark}")).ok();
        }
    }
    is_well(&walk.site);
    walk.client.obtain(&["a.ca.test"]);
}

/// What lets another user exchange the CA's files stops every order, and so it is told before there is one.
#[test]
fn nothing_of_the_ca_may_belong_to_others_or_be_something_else_where_it_is_ready() {
    let mut walk = Walk::new();
    let ca = walk.site.ca();
    let aside = walk.site.folder().join("aside");
    let changes = |done: Done, name: &str| {
        done.ok();
        wait_until_ready(&walk.site, false);
        let told = walk.site.gsec(&["serve", "status"]);
        assert_ne!(told.status, Some(0), "{name}: {told}");
    };
    for name in ["", "ca_conf", "repository"] {
        let path = ca.join(name);
        let mode = path.metadata().expect("there").permissions();
        changes(run(Command::new("chmod").arg("0777").arg(&path)), name);
        std::fs::set_permissions(&path, mode).expect("set");
        is_well(&walk.site);
    }
    if rustix::process::geteuid().is_root() {
        for name in [
            "repository",
            "ca_conf/serial.num",
            "ca_conf/audit.head",
            "ca_conf/gsec.toml",
        ] {
            changes(run(Command::new("chown").arg("65534").arg(ca.join(name))), name);
            run(Command::new("chown").arg("0").arg(ca.join(name))).ok();
            is_well(&walk.site);
        }
    }
    for name in ["ca_conf/.lock", "ca_conf/ca.db.attr"] {
        std::fs::rename(ca.join(name), &aside).expect("moved");
        changes(run(Command::new("mkdir").arg(ca.join(name))), name);
        std::fs::remove_dir(ca.join(name)).expect("removed");
        std::fs::rename(&aside, ca.join(name)).expect("moved back");
        is_well(&walk.site);
    }
    let serial = ca.join("ca_conf/serial.num");
    let before = std::fs::read(&serial).expect("read");
    std::fs::write(&serial, format!("7F{}\n", "F".repeat(38))).expect("written");
    wait_until_ready(&walk.site, false);
    std::fs::write(&serial, before).expect("written");
    is_well(&walk.site);
    walk.client.obtain(&["a.ca.test"]);
}

/// What nobody can look at before there is an order, the order that meets it tells: here, that somebody keeps the lock for long.
#[test]
fn order_that_could_not_be_issued_is_told_until_one_could() {
    let mut walk = Walk::new();
    walk.client.obtain(&["before.ca.test"]);
    is_well(&walk.site);
    let lock = File::open(walk.site.ca().join("ca_conf/.lock")).expect("the lock");
    lock.lock().expect("locked");
    let client = &mut walk.client;
    std::thread::scope(|scope| {
        let waits = scope.spawn(move || client.obtain(&["a.ca.test"]));
        wait_until_ready(&walk.site, false);
        let told = walk.site.gsec(&["serve", "status"]).fails();
        assert!(
            told.to_string().contains("an order could not be issued"),
            "{told}"
        );
        lock.unlock().expect("unlocked");
        waits.join().expect("it is issued then");
    });
    is_well(&walk.site);
}

#[test]
fn log_that_went_back_is_told_and_nothing_is_signed_after_it() {
    let mut walk = Walk::new();
    walk.client.obtain(&["before.ca.test"]);
    walk.site.stop();
    let (ca, aside) = (walk.site.ca(), walk.site.folder().join("aside"));
    copied(&ca, &aside);
    walk.site.start();
    walk.client.obtain(&["hidden.ca.test"]);
    walk.site.stop();
    // Everything is put back but the signer's journal.
    let journal = walk.site.folder().join("signer.journal");
    std::fs::rename(ca.join("ca_conf/signer.journal"), &journal).expect("kept");
    std::fs::remove_dir_all(&ca).expect("removed");
    std::fs::rename(&aside, &ca).expect("put back");
    std::fs::rename(&journal, ca.join("ca_conf/signer.journal")).expect("put in");
    walk.site.start();
    is_not_well(&walk.site, "signer-refuses");
    let log = ca.join("ca_conf/audit.log");
    let before = std::fs::read(&log).expect("the log");
    let new_order = walk.client.url("new-order");
    let names = serde_json::json!({"identifiers": [{"type": "dns", "value": "before.ca.test"}]});
    let answer = walk.client.asked(&new_order, Some(&names));
    assert_eq!(answer.status, 201, "an order can be made: {}", answer.text());
    assert_eq!(std::fs::read(&log).expect("the log"), before);
}

#[test]
fn clock_that_is_behind_the_log_is_told() {
    let mut site = Site::new();
    is_well(&site);
    site.stop();
    let lines = |site: &Site| {
        let log = std::fs::read_to_string(site.ca().join("ca_conf/audit.log")).expect("the log");
        log.lines().count()
    };
    let before = lines(&site);
    // Half of the life of the CRL is over then, and the next one is in the log.
    site.start_ahead("20d");
    let end = Instant::now() + PATIENCE;
    while lines(&site) == before {
        assert!(Instant::now() < end, "{}", site.server_log());
        std::thread::sleep(Duration::from_millis(100));
    }
    site.stop();
    site.start();
    is_not_well(&site, "not-ready");
}

/// The serial number of the certificate that the server presents.
fn presented(site: &Site) -> String {
    let origin = site.directory().split("/acme/").next().expect("a URL");
    let at = origin.trim_start_matches("https://");
    let shown = format!("openssl s_client -connect {at} </dev/null 2>&1 | openssl x509 -noout -serial");
    let shown = run(Command::new("sh").args(["-c", &shown])).ok().stdout;
    shown.trim().trim_start_matches("serial=").to_owned()
}

/// Another certificate than this one is presented, sooner or later.
#[track_caller]
fn is_replaced(site: &Site, old: &str) {
    let end = Instant::now() + PATIENCE;
    while presented(site) == old {
        assert!(Instant::now() < end, "{}", site.server_log());
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[track_caller]
fn end_of_own(site: &Site) -> Value {
    let done = site.gsec(&["serve", "status", "--json"]);
    let report: Value = serde_json::from_str(&done.stdout).unwrap_or_else(|error| panic!("{error}: {done}"));
    report["served"]["own_certificate_end"].clone()
}

#[test]
fn own_certificate_that_is_told_of_is_the_one_that_is_presented_and_not_for_long_a_revoked_one() {
    let site = Site::without_dns();
    is_well(&site);
    let (own, end) = (site.ca().join("ca_conf/server.pem"), end_of_own(&site));
    assert!(end.is_string(), "{end}");
    std::fs::remove_file(&own).expect("removed");
    assert_eq!(end_of_own(&site), end);
    copied(&site.ca_certificate(), &own);
    assert_eq!(end_of_own(&site), end);
    // As long as the signer signs none, the old one is presented, and that is told.
    let policy = site.ca().join("ca_conf/gsec.toml");
    let unlimited = std::fs::read_to_string(&policy).expect("gsec.toml");
    let limited = unlimited.replace("max_per_hour = 0", "max_per_hour = 1");
    std::fs::write(&policy, limited).expect("written");
    let old = presented(&site);
    site.gsec(&["cert", "revoke", "--serial", &old, "--yes"]).ok();
    has_finding(&site, "own-certificate-revoked");
    is_not_well(&site, "not-ready");
    std::fs::write(&policy, unlimited).expect("written");
    is_replaced(&site, &old);
    is_well(&site);
}

#[test]
fn own_certificate_that_is_revoked_is_replaced_at_once() {
    let site = Site::without_dns();
    let old = presented(&site);
    let revoked = site.gsec(&["cert", "revoke", "--serial", &old, "--yes"]).ok();
    // Nobody has to copy the CRL to where this server publishes it.
    assert!(revoked.stdout.contains("publishes the CRL"), "{revoked}");
    assert!(!revoked.stdout.contains("copy"), "{revoked}");
    is_replaced(&site, &old);
    is_well(&site);
}

/// A folder in the place of its file stands for all that keeps it from being written.
#[test]
fn own_certificate_that_could_not_be_kept_is_not_issued() {
    let site = Site::without_dns();
    let (own, old) = (site.ca().join("ca_conf/server.pem"), presented(&site));
    std::fs::remove_file(&own).expect("removed");
    std::fs::create_dir(&own).expect("a folder");
    site.gsec(&["cert", "revoke", "--serial", &old, "--yes"]).ok();
    let end = Instant::now() + PATIENCE;
    while !site.server_log().contains("server.pem` is not a regular file") {
        assert!(Instant::now() < end, "{}", site.server_log());
        std::thread::sleep(Duration::from_millis(200));
    }
    let records = std::fs::read_to_string(site.ca().join("ca_conf/ca.db")).expect("ca.db");
    let own_ones = records.lines().filter(|line| line.ends_with("CN=127.0.0.1"));
    assert_eq!(own_ones.count(), 1, "{records}");
    // Clients that look at revocations do not talk to it, and this lasts.
    is_not_well(&site, "not-ready");
    std::fs::remove_dir(&own).expect("removed");
    site.gsec(&["cert", "issue", "--host", "a.ca.test", "--no-pfx"])
        .ok();
    site.gsec(&["cert", "revoke", "--host", "a.ca.test", "--yes"])
        .ok();
    is_replaced(&site, &old);
    is_well(&site);
}

/// Served all the same, but not as it should be.
#[track_caller]
fn has_finding(site: &Site, slug: &str) {
    let (_, slugs) = status(site);
    assert!(slugs.iter().any(|found| found == slug), "{slug}: {slugs:?}");
}

#[test]
fn journal_that_is_lost_is_told_while_the_signer_runs_and_after_it_began_another() {
    let mut walk = Walk::new();
    is_well(&walk.site);
    let journal = walk.site.ca().join("ca_conf/signer.journal");
    std::fs::remove_file(&journal).expect("removed");
    is_not_well(&walk.site, "signer-refuses");
    let compared = walk.site.gsec(&["ca", "log", "--verify", "--journal"]);
    assert_eq!(compared.status, Some(3), "{compared}");
    assert!(compared.stderr.contains("caused by: no such file"), "{compared}");
    assert!(!compared.stderr.contains("type the same as"), "{compared}");
    walk.site.stop();
    walk.site.start();
    wait_until_ready(&walk.site, true);
    // A new one begins with the first thing that is signed.
    walk.client.obtain(&["a.ca.test"]);
    let site = &walk.site;
    let end = Instant::now() + PATIENCE;
    while !status(site).1.contains(&"journal-new".to_owned()) {
        assert!(Instant::now() < end, "{:?}\n{}", status(site), site.server_log());
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn log_and_records_that_were_altered_are_told() {
    let mut walk = Walk::new();
    walk.client.obtain(&["a.ca.test"]);
    is_well(&walk.site);
    let altered = |name: &str, change: &dyn Fn(&str) -> String, slug: &str| {
        let path = walk.site.ca().join("ca_conf").join(name);
        let before = std::fs::read_to_string(&path).expect("a file");
        std::fs::write(&path, change(&before)).expect("written");
        has_finding(&walk.site, slug);
        assert!(!status(&walk.site).0, "{name}");
        std::fs::write(&path, before).expect("written back");
        assert_eq!(status(&walk.site), (true, Vec::new()), "{name}");
    };
    altered(
        "audit.log",
        &|text| text.replacen("\"action\":\"ca.init\"", "\"action\":\"ca.inid\"", 1),
        "log-damaged",
    );
    altered(
        "ca.db",
        &|text| {
            let lines: Vec<&str> = text.lines().collect();
            lines[..lines.len() - 1]
                .iter()
                .map(|line| format!("{line}\n"))
                .collect()
        },
        "log-damaged",
    );
    let policy = walk.site.ca().join("ca_conf/gsec.toml");
    let before = std::fs::read_to_string(&policy).expect("gsec.toml");
    std::fs::write(&policy, format!("{before}\nnonsense = [\n")).expect("written");
    is_not_well(&walk.site, "not-ready");
    std::fs::write(&policy, before).expect("written back");
    is_well(&walk.site);
}

/// What is wrong and keeps nobody from a certificate is not said to keep him from it.
#[test]
fn what_is_lost_while_certificates_are_issued_is_told_as_that() {
    let mut walk = Walk::new();
    walk.client.obtain(&["a.ca.test"]);
    is_well(&walk.site);
    let (ca, aside) = (walk.site.ca(), walk.site.folder().join("aside"));
    std::fs::rename(ca.join("ca_conf/audit.head"), &aside).expect("moved");
    let told = walk.site.gsec(&["serve", "status"]);
    assert_eq!(told.status, Some(1), "{told}");
    assert!(told.stdout.contains("serving, with errors"), "{told}");
    std::fs::rename(&aside, ca.join("ca_conf/audit.head")).expect("moved back");
    // The signer has the key, and lasts as long as it runs.
    std::fs::rename(ca.join("ca_conf/ca_priv_key.pem"), &aside).expect("moved");
    has_finding(&walk.site, "key-missing");
    walk.client.obtain(&["b.ca.test"]);
    std::fs::rename(&aside, ca.join("ca_conf/ca_priv_key.pem")).expect("moved back");
    is_well(&walk.site);
    // What was signed and is not there cannot be compared.
    let compare = || {
        walk.site
            .gsec(&["ca", "log", "--verify", "--journal"])
            .ok()
            .stdout
    };
    assert!(!compare().contains("no copy"), "{}", compare());
    let records = std::fs::read_to_string(ca.join("ca_conf/ca.db")).expect("ca.db");
    let record = records.lines().find(|line| line.ends_with("CN=b.ca.test"));
    let serial = record
        .expect("a record")
        .split('\t')
        .nth(3)
        .expect("a serial number");
    std::fs::remove_file(ca.join(format!("repository/{serial}.pem"))).expect("removed");
    let said = one_line(&compare());
    assert!(
        said.contains(&format!("no copy of them (serial {serial})")),
        "{said}"
    );
}
