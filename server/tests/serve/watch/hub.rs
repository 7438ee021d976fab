//! A hub and its sites.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::place::{Hook, Place, document, slugs};
use crate::site::{Done, free_port, run};

const SITE: &str = "branch-7.example.com";

/// A CA directory that is a hub.
struct Centre {
    place: Place,
    port: u16,
}

impl Centre {
    fn new(more: &str) -> Self {
        let centre = Self {
            place: Place::new(),
            port: free_port(),
        };
        centre.issue("localhost", "host");
        let (certificate, key) = centre.files("localhost");
        centre.place.set(&format!(
            "clear_after = 1\n[hub]\nlisten = \"127.0.0.1:{}\"\ncertificate_file = \"{}\"\nkey_file = \"{}\"\n{more}",
            centre.port,
            certificate.display(),
            key.display()
        ));
        centre
    }

    fn issue(&self, host: &str, profile: &str) {
        self.place
            .gsec(&[
                "cert",
                "issue",
                "--host",
                host,
                "--profile",
                profile,
                "--key-type",
                "p256",
            ])
            .ok();
    }

    /// Certificate and key of a host.
    fn files(&self, host: &str) -> (PathBuf, PathBuf) {
        let short = host.split('.').next().expect("a label");
        let file = |end: &str| {
            let found = std::fs::read_dir(self.place.folder().join("ca/repository")).expect("a folder");
            let mut paths = found.flatten().map(|entry| entry.path());
            let end = format!("_{short}_{end}.pem");
            paths
                .find(|path| path.to_string_lossy().ends_with(&end))
                .expect("a file")
        };
        (file("cert"), file("priv_key"))
    }

    /// The section of a site.
    fn section(&self, host: &str) -> String {
        let (certificate, key) = self.files(host);
        format!(
            "[[sink]]\nname = \"centre\"\nkind = \"hub\"\nurl = \"https://localhost:{}\"\ncertificate_file = \"{}\"\nkey_file = \"{}\"\ntrust_file = \"{}\"\n",
            self.port,
            certificate.display(),
            key.display(),
            self.place.conf("ca_cert.pem").display()
        )
    }

    /// What anybody may try: the status, and what is said.
    fn curl(&self, own: Option<(&Path, &Path)>, body: &str) -> Done {
        let file = self.place.folder().join("body");
        std::fs::write(&file, body).expect("a file");
        let mut command = Command::new("curl");
        command
            .args(["-s", "-w", "\n%{http_code}", "--cacert"])
            .arg(self.place.conf("ca_cert.pem"))
            .args(["--data-binary", &format!("@{}", file.display())]);
        if let Some((certificate, key)) = own {
            command.arg("--cert").arg(certificate).arg("--key").arg(key);
        }
        run(command.arg(format!("https://localhost:{}/hub/v1/alarms", self.port)))
    }

    #[track_caller]
    fn answers(&self, host: &str, body: &str) -> (String, Value) {
        let (certificate, key) = self.files(host);
        let done = self.curl(Some((&certificate, &key)), body).ok();
        let (answer, status) = done.stdout.rsplit_once('\n').expect("a status");
        (
            status.to_owned(),
            serde_json::from_str(answer).unwrap_or(Value::Null),
        )
    }
}

/// A site with another CA, whose backup is missing.
fn site_of(centre: &Centre) -> Place {
    let site = Place::new();
    site.set(&format!(
        "clear_after = 1\nbackup = \"{}\"\n{}",
        site.folder().join("backup").display(),
        centre.section(SITE)
    ));
    site
}

#[test]
fn a_profile_that_nobody_can_have_is_an_error_at_the_start() {
    let centre = Centre::new("profiles = [\"appliance\", \"nope\"]\n");
    // Where it is none, this does not end.
    let refused = run(Command::new("timeout")
        .args([
            "60",
            env!("CARGO_BIN_EXE_gsecd"),
            "watch",
            "--no-input",
            "--ca-dir",
        ])
        .arg(centre.place.folder().join("ca")));
    assert_eq!(refused.status, Some(3), "{refused}");
    assert!(
        refused.stderr.contains("`hub.profiles` of watch.toml has `nope`"),
        "{refused}"
    );
    assert!(refused.stderr.contains("appliance"), "{refused}");
}

#[test]
fn what_waits_while_the_line_is_down_comes_once_and_goes_on_from_the_hub() {
    let hook = Hook::new(&[]);
    let centre = Centre::new(&hook.section(""));
    centre.issue(SITE, "appliance");
    let site = site_of(&centre);
    let down = site.look(1);
    assert_eq!(
        (&down["sinks"][0]["sent"], &down["sinks"][0]["waiting"]),
        (&json!(0), &json!(1))
    );
    let (daemon, _stdout) = centre.place.daemon(&[]);
    let up = site.look(1);
    assert_eq!(
        (&up["sinks"][0]["sent"], &up["sinks"][0]["waiting"]),
        (&json!(1), &json!(0)),
        "{up}"
    );
    let event = hook.next().event();
    assert_eq!(
        (&event["site"], &event["alarm"]["slug"]),
        (&json!(SITE), &json!("backup-old"))
    );
    assert!(
        event["id"]
            .as_str()
            .is_some_and(|id| id.starts_with(&format!("{SITE}/")))
    );
    site.look(1);
    assert!(hook.is_quiet(), "it came once");
    let list = centre.place.list();
    assert_eq!(list["sites"][0]["name"], SITE, "{list}");
    assert_eq!(list["sites"][0]["alarms"][0]["slug"], "backup-old");
    assert!(slugs(&list).is_empty(), "it is not the hub's own: {list}");
    std::fs::write(site.folder().join("backup"), "").expect("a backup");
    site.look(0);
    assert_eq!(hook.next().event()["event"], "cleared");
    assert_eq!(centre.place.list()["sites"][0]["alarms"], json!([]));
    assert_eq!(daemon.end(), Some(0));
}

#[test]
fn nobody_speaks_without_a_certificate_of_the_right_profile() {
    let centre = Centre::new("");
    for (host, profile) in [
        (SITE, "appliance"),
        ("web.example.com", "host"),
        ("gone.example.com", "appliance"),
    ] {
        centre.issue(host, profile);
    }
    centre
        .place
        .gsec(&["cert", "revoke", "--host", "gone.example.com", "--yes"])
        .ok();
    let (daemon, _stdout) = centre.place.daemon(&[]);
    let beat = json!({"schema": "gsec/hub/1", "site_id": "ab", "events": []}).to_string();
    let (status, answer) = centre.answers(SITE, &beat);
    assert_eq!((status.as_str(), answer), ("200", json!({"acknowledged": 0})));
    assert_eq!(
        centre.answers("web.example.com", &beat).0,
        "403",
        "another profile"
    );
    assert_eq!(centre.answers("gone.example.com", &beat).0, "403", "revoked");
    assert_eq!(centre.curl(None, &beat).status, Some(56), "no certificate");
    let stranger = Place::new();
    stranger
        .gsec(&[
            "cert",
            "issue",
            "--host",
            SITE,
            "--profile",
            "appliance",
            "--key-type",
            "p256",
        ])
        .ok();
    let other = Centre {
        place: stranger,
        port: centre.port,
    };
    let (certificate, key) = other.files(SITE);
    let strange = centre.curl(Some((&certificate, &key)), &beat);
    assert_eq!(strange.status, Some(56), "another CA: {strange}");
    let sites = centre.place.list();
    assert_eq!(sites["sites"].as_array().map(Vec::len), Some(1), "{sites}");
    assert_eq!(daemon.end(), Some(0));
}

#[test]
fn a_hub_takes_nothing_twice_and_nothing_that_is_no_batch() {
    let hook = Hook::new(&[]);
    let centre = Centre::new(&hook.section(""));
    centre.issue(SITE, "appliance");
    let (daemon, _stdout) = centre.place.daemon(&[]);
    let event = |number: u64, key: &str| {
        json!({"number": number, "event": {
            "schema": "gsec/watch.event/1", "id": format!("x-{number}"), "number": number, "site": "I am another",
            "event": "raised", "at": "2026-12-01T12:00:00Z", "since": "2026-12-01T12:00:00Z", "state": "raised",
            "acknowledged_by": null,
            "alarm": {"key": key, "kind": "crl", "slug": "ca-crl-overdue", "severity": "error", "title": "t",
                      "detail": "\u{1b}[31mred\nline", "subject": null, "names": [], "remedies": []}
        }})
    };
    let batch = |site_id: &str, events: &[Value]| {
        json!({"schema": "gsec/hub/1", "site_id": site_id, "events": events}).to_string()
    };
    let first = batch("ab", &[event(3, "a"), event(7, "b")]);
    for _ in 0..2 {
        let (status, answer) = centre.answers(SITE, &first);
        assert_eq!((status.as_str(), answer), ("200", json!({"acknowledged": 7})));
    }
    assert_eq!(hook.next().event()["site"], SITE);
    assert_eq!(hook.next().event()["alarm"]["key"], "b");
    assert!(hook.is_quiet(), "twice");
    // A site that has lost its memory begins again.
    let (_, answer) = centre.answers(SITE, &batch("cd", &[event(1, "a")]));
    assert_eq!(answer, json!({"acknowledged": 1}));
    assert_eq!(hook.next().event()["id"], format!("{SITE}/x-1"));
    let shown = centre.place.gsec(&["watch", "--list"]).ok();
    assert!(!shown.stdout.contains('\u{1b}'), "{shown}");
    let falling = batch("cd", &[event(9, "a"), event(8, "b")]);
    let many: Vec<Value> = (10..1100).map(|number| event(number, "a")).collect();
    let rows = [
        ("not JSON".to_owned(), "400"),
        (batch("not hex", &[]), "400"),
        (falling, "400"),
        (batch("cd", &many), "400"),
        (first.replace("gsec/hub/1", "gsec/hub/2"), "400"),
        (first.replace("x-3", "x>\\r\\nBcc: a@b.c"), "400"),
        (first.replacen("2026-12-01T12:00:00Z", "now\\nforged", 1), "400"),
        (first.replace("ca-crl-overdue", "a\\nb"), "400"),
        (first.replace("gsec/watch.event/1", "gsec/watch.event/2"), "400"),
        (
            first.replace("\"ca-crl-overdue\"", &format!("\"{}\"", "x".repeat(300))),
            "400",
        ),
        ("x".repeat(2 * 1024 * 1024), "413"),
    ];
    for (body, expected) in rows {
        assert_eq!(
            centre.answers(SITE, &body).0,
            expected,
            "{}",
            &body[..body.len().min(80)]
        );
    }
    let (_, answer) = centre.answers(SITE, &batch("cd", &[]));
    assert_eq!(answer, json!({"acknowledged": 1}), "nothing of it was taken");
    assert_eq!(daemon.end(), Some(0));
}

#[test]
fn a_site_that_says_nothing_is_an_alarm_until_it_does() {
    let centre = Centre::new(&format!("silent_after = \"1h\"\nsites = [\"{SITE}\"]\n"));
    centre.issue(SITE, "appliance");
    assert_eq!(slugs(&centre.place.look(1)), ["site-silent"]);
    let (daemon, _stdout) = centre.place.daemon(&[]);
    // A daemon at the site says that it is there before there is anything to tell.
    let site = Place::new();
    site.set(&format!("clear_after = 1\n{}", centre.section(SITE)));
    let (at_site, _out) = site.daemon(&[]);
    let end = std::time::Instant::now() + crate::site::PATIENCE;
    while centre.place.list()["sites"][0]["heard"].is_null() {
        assert!(std::time::Instant::now() < end, "it is not heard");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert_eq!(at_site.end(), Some(0));
    assert_eq!(daemon.end(), Some(0));
    let found = document(centre.place.gsec(&["watch", "--once", "--json"]), 0);
    assert!(slugs(&found).is_empty(), "{found}");
}
