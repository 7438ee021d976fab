//! How many certificates are signed in an hour, whoever asks.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::client::{Answer, base64url, request_for};
use crate::site::{PATIENCE, run};
use crate::walk::{Walk, is, refuses, text};

/// So long a client waits for its certificate.
const PATIENCE_OF_SERVER: Duration = Duration::from_secs(2);

fn journal(walk: &Walk) -> Vec<Value> {
    let path = walk.site.ca().join("ca_conf/signer.journal");
    let text = std::fs::read_to_string(path).expect("a journal");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

/// `gsec.toml`, which says how many are signed in an hour.
struct Policy {
    path: PathBuf,
    text: String,
}

impl Policy {
    fn of(walk: &Walk) -> Self {
        let path = walk.site.ca().join("ca_conf/gsec.toml");
        let text = std::fs::read_to_string(&path).expect("gsec.toml");
        Self { path, text }
    }

    /// So many from now on; 0 is no limit.
    fn allows(&self, most: u32) {
        let set = format!("max_per_hour = {most}");
        std::fs::write(&self.path, self.text.replace("max_per_hour = 0", &set)).expect("gsec.toml");
    }
}

fn next_serial(walk: &Walk) -> String {
    std::fs::read_to_string(walk.site.ca().join("ca_conf/serial.num")).expect("a number")
}

#[test]
fn order_stays_ready_where_the_signer_signs_no_more_in_this_hour() {
    let mut walk = Walk::new();
    let policy = Policy::of(&walk);
    policy.allows(2);
    walk.client.obtain(&["a.ca.test"]);
    walk.client.obtain(&["b.ca.test"]);
    let url = walk.client.order(&["c.ca.test"]);
    let order = walk.client.asked(&url, None).json();
    walk.client.prove(&order);
    let finalize = text(&order, "finalize").to_owned();
    let csr = json!({"csr": base64url(&request_for(&["c.ca.test"]))});
    let (before, serial) = (journal(&walk).len(), next_serial(&walk));
    let expect_limited = |walk: &mut Walk| {
        let answer = walk.client.asked(&finalize, Some(&csr));
        refuses(&answer, 429, "rateLimited");
        let wait: u64 = answer
            .header("retry-after")
            .and_then(|wait| wait.parse().ok())
            .expect("a number");
        assert!((3000..=3601).contains(&wait), "{wait}");
        assert_eq!(walk.client.asked(&url, None).json()["status"], "ready");
    };
    expect_limited(&mut walk);
    expect_limited(&mut walk);
    // It was a question and no attempt: neither the journal nor the status has a refusal.
    assert_eq!(journal(&walk).len(), before);
    let status = walk.site.gsec(&["serve", "status", "--json"]).stdout;
    assert!(
        !status.contains("signer-refused"),
        "{status} {:?}",
        journal(&walk)
    );
    is_told_to_be_full(&walk);
    // Neither a serial number nor a record went into it, and starting both again changes nothing.
    assert_eq!(next_serial(&walk), serial);
    walk.site.stop();
    walk.site.start();
    expect_limited(&mut walk);
    assert_eq!(next_serial(&walk), serial);
    // Who may change the policy may allow more.
    policy.allows(3);
    assert_eq!(
        is(&walk.client.asked(&finalize, Some(&csr)), 200)["status"],
        "valid"
    );
}

/// It is no fault, and nobody has to guess why hosts get nothing.
#[track_caller]
fn is_told_to_be_full(walk: &Walk) {
    let status = walk.site.gsec(&["serve", "status", "--json"]).ok().stdout;
    let status: Value = serde_json::from_str(&status).expect("JSON");
    assert_eq!(status["findings"], json!([]));
    let full = &status["served"]["full_profiles"][0];
    assert_eq!(full["profile"], "host", "{status}");
    assert_eq!(full["max_per_hour"], 2, "{status}");
    let text = walk.site.gsec(&["serve", "status"]).ok().stdout;
    assert!(
        text.contains("2 of 2 certificates of this hour are signed"),
        "{text}"
    );
    let url = walk.site.directory().replace("/acme/directory", "/health/ready");
    let ca = walk.site.ca_certificate();
    let asked = run(Command::new("curl").args(["-sf", "--cacert"]).arg(ca).arg(url)).ok();
    let ready: Value = serde_json::from_str(&asked.stdout).expect("JSON");
    assert_eq!(
        (&ready["status"], &ready["full_profiles"][0]["profile"]),
        (&json!("ready"), &json!("host")),
        "{ready}"
    );
}

/// Of those that come at once, so many get their certificate as there is room for.
#[test]
fn those_that_come_together_get_what_there_is() {
    let walk = Walk::new();
    let policy = Policy::of(&walk);
    policy.allows(3);
    let mut all = Vec::new();
    let mut urls = Vec::new();
    for number in 0..8 {
        let name = format!("n{number}.ca.test");
        let mut client = walk.another();
        client.register();
        let url = client.order(&[&name]);
        let order = client.asked(&url, None).json();
        client.prove(&order);
        let csr = json!({"csr": base64url(&request_for(&[&name]))});
        urls.push(url);
        all.push((client, text(&order, "finalize").to_owned(), csr));
    }
    let (answers, took): (Vec<u16>, Vec<Duration>) = std::thread::scope(|scope| {
        let asking: Vec<_> = all
            .iter_mut()
            .map(|(client, finalize, csr)| {
                scope.spawn(move || {
                    let begin = Instant::now();
                    (client.asked(finalize, Some(csr)).status, begin.elapsed())
                })
            })
            .collect();
        asking.into_iter().map(|one| one.join().expect("ended")).collect()
    });
    assert!(
        answers.iter().all(|status| [200, 429].contains(status)),
        "{answers:?}"
    );
    // Who was told so may ask again; an order is in no other state, unless its client waited for too long to be told.
    let mut counts = BTreeMap::new();
    for (((client, ..), url), (answered, took)) in all.iter_mut().zip(&urls).zip(answers.iter().zip(&took)) {
        let order = client.asked(url, None);
        let status = text(&order.json(), "status").to_owned();
        match (*answered, status.as_str()) {
            (429, "ready") | (200, "valid") => {}
            (200, "processing") if *took >= PATIENCE_OF_SERVER => waits_for_room(&order),
            (answered, status) => panic!("{answered} and then {status}"),
        }
        *counts.entry(status).or_insert(0) += 1;
    }
    assert_eq!(counts["valid"], 3, "{counts:?}");
    let lines = journal(&walk);
    let signed = lines
        .iter()
        .filter(|line| line["signed"] == "certificate" && line["profile"] == "host")
        .count();
    assert_eq!(signed, 3, "{lines:?}");
    policy.allows(8);
    for ((client, finalize, csr), url) in all.iter_mut().zip(&urls) {
        if client.asked(url, None).json()["status"] == "ready" {
            assert_eq!(is(&client.asked(finalize, Some(csr)), 200)["status"], "valid");
        }
    }
    walk.site.gsec(&["ca", "log", "--verify"]).ok();
}

/// The time to come back is when the signer signs again.
#[track_caller]
fn waits_for_room(order: &Answer) {
    assert_eq!(order.json()["status"], "processing");
    let wait: u64 = order
        .header("retry-after")
        .and_then(|wait| wait.parse().ok())
        .expect("a number");
    assert!((3000..=3602).contains(&wait), "{wait}");
}

/// Its client was told that it is processing, before the signer said that it signs no more.
#[test]
fn order_that_nobody_waits_for_is_tried_when_there_is_room_and_told_once() {
    let mut walk = Walk::new();
    let policy = Policy::of(&walk);
    walk.client.obtain(&["a.ca.test"]);
    let url = walk.client.order(&["b.ca.test"]);
    let order = walk.client.asked(&url, None).json();
    walk.client.prove(&order);
    let parts = walk.site.parts();
    let (_, signer) = parts
        .iter()
        .find(|(part, _)| *part == "signer")
        .expect("a signer");
    let signer = Pid::from_raw(i32::try_from(*signer).expect("a number")).expect("an id");
    kill_process(signer, Signal::STOP).expect("stopped");
    let csr = json!({"csr": base64url(&request_for(&["b.ca.test"]))});
    let answer = walk.client.asked(text(&order, "finalize"), Some(&csr));
    assert_eq!(is(&answer, 200)["status"], "processing");
    policy.allows(1);
    kill_process(signer, Signal::CONT).expect("on its way again");
    let told = |walk: &Walk| {
        walk.site
            .server_log()
            .matches("has reached its `max_per_hour`")
            .count()
    };
    let end = Instant::now() + PATIENCE;
    while walk.client.asked(&url, None).header("retry-after") == Some("1") {
        assert!(Instant::now() < end, "{}", walk.site.server_log());
        std::thread::sleep(Duration::from_millis(50));
    }
    let end = Instant::now() + Duration::from_secs(8);
    while Instant::now() < end {
        std::thread::sleep(Duration::from_millis(500));
        waits_for_room(&walk.client.asked(&url, None));
    }
    assert_eq!(told(&walk), 1, "{}", walk.site.server_log());
    // It is not lost: a server that starts looks at each.
    policy.allows(0);
    walk.site.stop();
    walk.site.start();
    walk.client.follow(&url, &request_for(&["b.ca.test"]));
}

/// What others have used up does not keep the server from its work.
#[test]
fn server_starts_without_a_new_certificate_of_its_own() {
    let mut walk = Walk::new();
    let policy = Policy::of(&walk);
    policy.allows(1);
    let own = walk.site.ca().join("ca_conf/server.pem");
    let old = std::fs::read(&own).expect("a certificate");
    walk.site.stop();
    // The old one has other names, and is valid.
    walk.site
        .start_with(&["--name", "127.0.0.1", "--name", "ca.test", "--name", "new.test"]);
    let directory = walk.site.directory().to_owned();
    let asked = |walk: &mut Walk| {
        // The connection that is open may be one to the server that was stopped.
        let mut answers = (0..2).map(|_| walk.client.send("GET", &directory, None, b""));
        answers.any(|answer| answer.is_ok_and(|answer| answer.status == 200))
    };
    assert!(asked(&mut walk));
    assert_eq!(std::fs::read(&own).expect("a certificate"), old);
    let log = walk.site.server_log();
    assert!(
        log.contains("profile `tls-server` has reached its `max_per_hour`"),
        "{log}"
    );
    let status = walk.site.gsec(&["serve", "status"]).fails();
    assert!(
        status.stdout.contains("does not have its name `new.test`"),
        "{status}"
    );
    // Where there is none, what needs none is served, and the rest once it is there.
    walk.site.stop();
    std::fs::remove_file(&own).expect("removed");
    walk.site.start();
    walk.site.fetched_crl();
    assert!(!asked(&mut walk));
    assert!(!own.exists());
    let status = walk.site.gsec(&["serve", "status"]).fails();
    assert!(status.stdout.contains("no certificate of its own"), "{status}");
    policy.allows(0);
    let end = Instant::now() + PATIENCE;
    while !asked(&mut walk) {
        assert!(Instant::now() < end, "{}", walk.site.server_log());
        std::thread::sleep(Duration::from_millis(200));
    }
    let status = walk.site.gsec(&["serve", "status"]).ok();
    assert!(!status.stdout.contains("no certificate of its own"), "{status}");
    assert_eq!(walk.site.stop(), Some(0));
}
