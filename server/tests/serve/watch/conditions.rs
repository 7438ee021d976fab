//! What is found: each fault made, and seen.

use std::process::{Command, Stdio};

use serde_json::json;

use gsec_pki::x509::Certificate;

use super::place::{Hook, Place, document, slugs};
use crate::client::{Client, Responder};
use crate::site::{Running, Site, free_port, run, wait_for_port};

#[test]
fn a_server_that_was_seen_is_missed_and_comes_back() {
    let mut site = Site::without_dns();
    std::fs::write(site.ca().join("ca_conf/watch.toml"), "clear_after = 1\n").expect("watch.toml");
    let look = |site: &Site, status| {
        let done = site.gsec(&["watch", "--once", "--json"]);
        document(done, status)
    };
    let up = look(&site, 0);
    let looked_at = up["checked"].to_string();
    for what in [
        "the server",
        "the server's own certificate",
        "the end of the audit log",
    ] {
        assert!(looked_at.contains(&format!("\"{what}\"")), "{looked_at}");
    }
    assert_eq!(site.stop(), Some(0));
    assert_eq!(slugs(&look(&site, 1)), ["front-down", "signer-down"]);
    site.start();
    assert!(slugs(&look(&site, 0)).is_empty());
    site.stop();
    std::fs::write(
        site.ca().join("ca_conf/watch.toml"),
        "server = false\nclear_after = 1\n",
    )
    .expect("watch.toml");
    look(&site, 0);
}

#[test]
fn a_changed_log_a_missing_copy_and_an_open_key_are_seen() {
    let place = Place::new();
    place
        .gsec(&["cert", "issue", "--host", "db1.example.com", "--key-type", "p256"])
        .ok();
    place.look(0);
    let log = place.conf("audit.log");
    let text = std::fs::read_to_string(&log).expect("the log");
    std::fs::write(&log, text.replacen("\"action\":\"", "\"action\":\"x", 1)).expect("the log");
    let found = place.look(1);
    assert!(slugs(&found).contains(&"audit-chain-broken"), "{found}");
    assert_eq!(found["alarms"][0]["kind"], "audit-log", "{found}");
    std::fs::remove_file(&log).expect("removed");
    let found = place.look(3);
    assert!(slugs(&found).contains(&"audit-log-missing"), "{found}");
    assert!(
        slugs(&found).contains(&"audit-chain-broken"),
        "a log that is away was not looked at: {found}"
    );
}

#[test]
fn files_of_a_host_that_do_not_go_together_are_seen() {
    let place = Place::new();
    let out = place.folder().join("out");
    std::fs::create_dir(&out).expect("a folder");
    let out_text = out.to_str().expect("a path");
    place
        .gsec(&[
            "cert",
            "issue",
            "--host",
            "db1.example.com",
            "--key-type",
            "p256",
            "--out-dir",
            out_text,
        ])
        .ok();
    let args = ["watch", "--once", "--json", "--host-dir", out_text];
    let well = document(place.gsec(&args), 0);
    assert!(well["checked"].to_string().contains(out_text), "{well}");
    let key = out.join("db1_priv_key.pem");
    std::fs::remove_file(&key).expect("removed");
    std::fs::write(&key, rcgen::KeyPair::generate().expect("a key").serialize_pem()).expect("a file");
    let found = document(place.gsec(&args), 1);
    assert_eq!(found["alarms"][0]["kind"], "host-files", "{found}");
    assert!(slugs(&found).contains(&"key-mismatch"), "{found}");
    // A file that cannot be looked at is not well.
    let own = out.join("loop.pem");
    std::os::unix::fs::symlink(&own, &own).expect("a link");
    let done = place.gsec(&args);
    assert!(done.stdout.contains("loop.pem"), "{done}");
    std::fs::remove_file(&own).expect("removed");
    // In another look nobody asks for these files: then nobody says that they are well again.
    let elsewhere = place.look(0);
    assert!(!elsewhere["checked"].to_string().contains(out_text));
}

#[test]
fn a_port_that_serves_what_has_expired_and_one_where_nobody_is() {
    let place = Place::new();
    let mut params = rcgen::CertificateParams::new(["localhost".to_owned()]).expect("names");
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    let key = rcgen::KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("a certificate");
    let pem = place.folder().join("server.pem");
    std::fs::write(&pem, certificate.pem() + &key.serialize_pem()).expect("a file");
    let port = free_port();
    let server = Running::start(
        Command::new("openssl")
            .args([
                "s_server",
                "-quiet",
                "-accept",
                &format!("127.0.0.1:{port}"),
                "-cert",
            ])
            .arg(&pem)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null()),
    );
    wait_for_port(port);
    let probe = format!("127.0.0.1:{port}");
    let args = ["watch", "--once", "--json", "--probe", &probe];
    let found = document(place.gsec(&args), 1);
    let served = found["alarms"]
        .as_array()
        .expect("alarms")
        .iter()
        .find(|alarm| alarm["slug"] == "certificate-expired");
    assert_eq!(
        served.expect("it has expired")["kind"],
        "expired-served",
        "{found}"
    );
    drop(server);
    let gone = document(place.gsec(&args), 3);
    assert!(
        slugs(&gone).contains(&"certificate-expired"),
        "nobody knows whether it is still served: {gone}"
    );
    assert_eq!(gone["not_checked"].as_array().map(Vec::len), Some(1), "{gone}");
}

/// One certificate of 12 days, looked at on its days: steps at a third, a sixth and a twelfth of its life, then renewed.
#[test]
#[ignore = "sh tests/serve.sh"]
fn a_certificate_is_one_alarm_that_grows_until_it_is_renewed() {
    let hook = Hook::new(&[]);
    let place = Place::new();
    place.set(&format!("clear_after = 1\n{}", hook.section("")));
    let issue = [
        "cert",
        "issue",
        "--host",
        "db1.example.com",
        "--key-type",
        "p256",
        "--days",
        "12",
    ];
    place.gsec(&issue).ok();
    place.look_at("+7 days", 0);
    let mut told = Vec::new();
    for time in [
        "+8 days +1 hour",
        "+9 days",
        "+10 days +1 hour",
        "+11 days +1 hour",
        "+13 days",
    ] {
        place.look_at(time, 1);
    }
    for _ in 0..3 {
        let event = hook.next().event();
        told.push((event["event"].clone(), event["alarm"]["severity"].clone()));
        assert_eq!(event["alarm"]["key"], "expires:01");
        assert_eq!(event["alarm"]["names"], json!(["db1.example.com"]));
    }
    let expected = [("raised", "notice"), ("changed", "warning"), ("changed", "error")];
    assert_eq!(
        told,
        expected.map(|(what, severity)| (json!(what), json!(severity)))
    );
    assert!(hook.is_quiet());
    place.gsec_at("+13 days", &issue).ok();
    place.look_at("+13 days +1 hour", 0);
    assert_eq!(hook.next().event()["event"], "cleared");
}

/// A client that renews by itself, and has not when the time is over that the server suggests to it.
#[test]
#[ignore = "sh tests/serve.sh"]
fn an_acme_client_that_does_not_renew_is_seen() {
    let site = Site::new();
    let responder = Responder::start(site.http_port);
    let mut client = Client::new(&site, &responder);
    client.register();
    let obtained = client.obtain(&["a.ca.test"]);
    let certificate = Certificate::from_der(&obtained.certificate).expect("a certificate");
    let life = (certificate.not_after() - certificate.not_before()).whole_hours();
    let at = |share: i64| {
        let args = ["watch", "--once", "--json", "--no-input", "--ca-dir"];
        let done = run(Command::new("faketime")
            .arg(format!("+{} hours", life * share / 100))
            .arg(env!("CARGO_BIN_EXE_gsecd"))
            .args(args)
            .arg(site.ca()));
        serde_json::from_str::<serde_json::Value>(&done.stdout)
            .unwrap_or_else(|error| panic!("{error}: {done}"))
    };
    let early = at(70);
    assert!(!slugs(&early).contains(&"renewal-overdue"), "{early}");
    let late = at(96);
    let alarm = late["alarms"].as_array().expect("alarms").iter();
    let alarm = alarm.into_iter().find(|alarm| alarm["slug"] == "renewal-overdue");
    assert_eq!(
        alarm.expect("it is overdue")["names"],
        json!(["a.ca.test"]),
        "{late}"
    );
}

/// Nobody is asked for a backup who never made one; who did is missed a day later.
#[test]
#[ignore = "sh tests/serve.sh"]
fn a_backup_that_was_made_once_is_missed_when_the_next_does_not_come() {
    let place = Place::new();
    place.look(0);
    assert!(
        !place.look_at("+26 hours", 0)["checked"]
            .to_string()
            .contains("backup")
    );
    let secret = place.folder().join("passphrase");
    std::fs::write(&secret, "of the backup\n").expect("a file");
    let out = place.folder().join("ca.age");
    let [out_text, secret_text] = [&out, &secret].map(|path| path.to_str().expect("a path"));
    let made = place
        .gsec(&[
            "serve",
            "backup",
            "--out",
            out_text,
            "--passphrase-file",
            secret_text,
        ])
        .ok();
    assert!(
        made.to_string().contains("ca_conf/watch.db"),
        "it says what is not in it: {made}"
    );
    assert!(!made.to_string().contains("watch.db-wal"), "{made}");
    place.look_at("+24 hours", 0);
    assert_eq!(slugs(&place.look_at("+26 hours", 1)), ["backup-old"]);
}

/// A call that was killed between its record and its certificate.
#[test]
#[ignore = "sh tests/serve.sh"]
fn a_serial_number_whose_certificate_never_came_is_seen_after_ten_minutes() {
    let place = Place::new();
    place
        .gsec(&["cert", "issue", "--host", "db1.example.com", "--key-type", "p256"])
        .ok();
    let repository = place.folder().join("ca/repository");
    for entry in std::fs::read_dir(&repository).expect("a folder").flatten() {
        std::fs::remove_file(entry.path()).expect("removed");
    }
    place.look_at("+8 minutes", 0);
    let found = place.look_at("+11 minutes", 1);
    assert_eq!(slugs(&found), ["record-without-file"]);
    assert_eq!(found["alarms"][0]["kind"], "unfinished-serials", "{found}");
}

/// Doctor's own words for what it alone knows: the CRL, and the CA's own certificate.
#[test]
#[ignore = "sh tests/serve.sh"]
fn the_crl_and_the_ca_itself_end() {
    let place = Place::new();
    place
        .gsec(&["cert", "issue", "--host", "db1.example.com", "--key-type", "p256"])
        .ok();
    place
        .gsec(&["cert", "revoke", "--host", "db1.example.com", "--yes"])
        .ok();
    place.gsec(&["crl", "update"]).ok();
    place.look(0);
    let found = place.look_at("+400 days", 1);
    assert!(slugs(&found).contains(&"ca-crl-overdue"), "{found}");
    let found = place.look_at("+36500 days", 1);
    assert!(slugs(&found).contains(&"ca-expired"), "{found}");
    // The clock went back: the last lines of the log are of no time before now, but what was seen is.
    place.gsec_at("+10 days", &["crl", "update"]).ok();
    let found = place.look(1);
    assert!(slugs(&found).contains(&"clock-behind"), "{found}");
}
