//! Who is told what, how often, and what of it is signed and hidden.

use std::io::BufRead;
use std::process::Command;

use rustix::process::{Signal, kill_process};
use serde_json::json;

use super::place::{Answer, Hook, Place, slugs};
use crate::site::run;

/// A place whose backup is missing: an alarm that needs no other time.
fn without_backup(section: &str) -> Place {
    let place = Place::new();
    place.set(&format!(
        "site = \"branch-7\"\nclear_after = 1\nbackup = \"{}\"\n{section}",
        place.folder().join("backup").display()
    ));
    place
}

#[test]
fn an_alarm_is_told_once_and_again_with_the_same_id_when_the_answer_was_lost() {
    let hook = Hook::new(&[Answer::Lost]);
    let place = without_backup(&hook.section(""));
    let first = place.look(1);
    assert_eq!(slugs(&first), ["backup-old"]);
    assert_eq!(
        (&first["sinks"][0]["sent"], &first["sinks"][0]["waiting"]),
        (&json!(0), &json!(1))
    );
    let (lost, _) = (hook.next(), ());
    let second = place.look(1);
    assert_eq!(second["sinks"][0]["waiting"], 0);
    let again = hook.next();
    assert_eq!(lost.header("x-gsec-id"), again.header("x-gsec-id"));
    assert_eq!(lost.body, again.body, "the same event, whole");
    place.look(1);
    assert!(hook.is_quiet(), "it has it");
    let event = again.event();
    assert_eq!(
        (&event["event"], &event["number"], &event["site"]),
        (&json!("raised"), &json!(1), &json!("branch-7"))
    );
    std::fs::write(place.folder().join("backup"), "").expect("a backup");
    assert!(slugs(&place.look(0)).is_empty());
    assert_eq!(hook.next().event()["event"], "cleared");
}

#[test]
fn openssl_finds_the_signature_right() {
    let hook = Hook::new(&[]);
    let place = Place::new();
    let key = place.folder().join("key");
    std::fs::write(&key, "a secret of the hook\n").expect("a key");
    run(Command::new("chmod").arg("600").arg(&key)).ok();
    place.set(&format!(
        "backup = \"/nonexistent/backup\"\n{}",
        hook.section(&format!("secret_file = \"{}\"", key.display()))
    ));
    let looked = place.gsec(&["watch", "--once", "-v"]);
    assert!(!looked.to_string().contains("a secret of the hook"), "{looked}");
    let request = hook.next();
    let time = request.header("x-gsec-timestamp").expect("a time");
    let signed = place.folder().join("signed");
    std::fs::write(&signed, format!("{time}.{}", request.body)).expect("a file");
    let made = run(Command::new("openssl")
        .args(["dgst", "-sha256", "-hmac", "a secret of the hook", "-r"])
        .arg(&signed))
    .ok();
    let expected = made.stdout.split_whitespace().next().expect("a digest");
    assert_eq!(
        request.header("x-gsec-signature"),
        Some(&*format!("v1={expected}"))
    );
}

#[test]
fn the_daemon_ends_at_once_and_is_alone() {
    let hook = Hook::new(&[]);
    let place = without_backup(&hook.section(""));
    let (daemon, mut stdout) = place.daemon(&[]);
    assert_eq!(hook.next().event()["event"], "raised");
    let second = place.gsec(&["watch", "--once"]).fails();
    assert!(
        second.stderr.contains("at work") && second.status == Some(3),
        "{second}"
    );
    let list = place.list();
    assert_eq!(slugs(&list), ["backup-old"], "others may look");
    let key = list["alarms"][0]["key"].as_str().expect("a key");
    place.gsec(&["watch", "--acknowledge", key]).ok();
    assert_eq!(hook.next().event()["state"], "acknowledged");
    std::fs::write(place.folder().join("backup"), "").expect("a backup");
    let mut line = String::new();
    stdout.read_line(&mut line).expect("a line");
    let event: serde_json::Value = serde_json::from_str(&line).expect("an event");
    assert_eq!(event["event"], "cleared", "{event}");
    assert_eq!(hook.next().event(), event);
    assert_eq!(daemon.end(), Some(0));
}

#[test]
fn a_daemon_that_is_killed_between_sending_and_the_receipt_sends_again_with_the_same_id() {
    let hook = Hook::new(&[Answer::Silent]);
    let place = without_backup(&hook.section(""));
    let (daemon, _stdout) = place.daemon(&[]);
    let first = hook.next();
    kill_process(daemon.pid(), Signal::KILL).expect("killed");
    daemon.end();
    let (daemon, _stdout) = place.daemon(&[]);
    let again = hook.next();
    assert_eq!(first.body, again.body);
    assert_eq!(daemon.end(), Some(0));
    place.look(1);
    assert!(hook.is_quiet());
}

#[test]
fn what_the_log_filter_hides_goes_out_nowhere() {
    let hook = Hook::new(&[]);
    let place = Place::new();
    place
        .gsec(&[
            "cert",
            "issue",
            "--host",
            "secret.example.com",
            "--key-type",
            "p256",
        ])
        .ok();
    let host = place.folder().join("secret.example.com");
    std::fs::create_dir(&host).expect("a folder");
    let expired = rcgen::generate_simple_self_signed(["secret.example.com".to_owned()]);
    std::fs::write(host.join("cert.pem"), expired.expect("a certificate").cert.pem()).expect("a file");
    // The files of one host: a certificate beside the key of another.
    let other = rcgen::KeyPair::generate().expect("a key").serialize_pem();
    std::fs::write(host.join("key.pem"), other).expect("a file");
    let policy = place.conf("gsec.toml");
    let text = std::fs::read_to_string(&policy).expect("gsec.toml");
    let hidden = text.replace("[log-filter]", "[log-filter]\ndefault-filter-type = \"hide\"");
    let hidden = match hidden == text {
        true => format!("{text}\n[log-filter]\ndefault-filter-type = \"hide\"\n"),
        false => hidden,
    };
    std::fs::write(&policy, hidden).expect("gsec.toml");
    place.set(&format!(
        "host_dirs = [\"{}\"]\n{}",
        host.display(),
        hook.section("")
    ));
    let looked = place.gsec(&["watch", "--once", "-v"]);
    assert_eq!(looked.status, Some(1), "{looked}");
    let names_of = |text: &str| text.matches("secret").count();
    // What was looked at is the administrator's own words.
    let own = looked.stdout.lines().filter(|line| line.contains("checked"));
    let own: usize = own.map(names_of).sum();
    assert_eq!(names_of(&looked.stdout), own, "{looked}");
    let body = hook.next().body;
    assert_eq!(names_of(&body), 0, "{body}");
    assert!(body.contains("*****"), "{body}");
    assert!(
        place.list().to_string().contains("secret"),
        "who asks for the list gets all"
    );
}

#[test]
fn nothing_is_called_healthy_that_was_not_looked_at() {
    let place = Place::new();
    let nothing = place.gsec(&["watch", "--list"]).ok();
    assert!(nothing.stdout.contains("Nothing was checked"), "{nothing}");
    assert!(!place.conf("watch.db").exists(), "a list makes nothing");
    place.set("host_dirs = [\"/nonexistent\"]\nclear_after = 1\n");
    let blind = place.gsec(&["watch", "--once"]);
    assert_eq!(blind.status, Some(3), "{blind}");
    assert!(blind.stdout.contains("not checked"), "{blind}");
    let list = place.list();
    assert_eq!(slugs(&list), ["cannot-look"]);
    place.set("clear_after = 1\n");
    place.look(0);
    assert!(slugs(&place.list()).is_empty());
}

#[test]
fn settings_that_are_wrong_stop_it_and_name_the_key() {
    let place = Place::new();
    place.set("evry = \"5m\"\n");
    let wrong = place.gsec(&["watch", "--once"]).fails();
    assert!(
        wrong.status == Some(3) && wrong.stderr.contains("evry"),
        "{wrong}"
    );
    let usage = place.gsec(&["watch", "--once", "--every", "5m"]).fails();
    assert_eq!(usage.status, Some(2), "{usage}");
    let short = place.gsec(&["watch", "--every", "1s"]).fails();
    assert_eq!(short.status, Some(2), "{short}");
}
