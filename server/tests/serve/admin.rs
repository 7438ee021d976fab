//! The administrator's commands, while a server runs and while none does, and what they mean for clients.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::clients::certbot::certbot;
use crate::clients::write_script;
use crate::publication::until;
use crate::site::{Done, Running, Site, run, wait_for_port};

/// The document of a command that is to succeed.
#[track_caller]
fn json(site: &Site, args: &[&str]) -> Value {
    let done = site.gsec(&[args, &["--json"]].concat()).ok();
    serde_json::from_str(&done.stdout).unwrap_or_else(|error| panic!("{error}: {done}"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

/// Takes back everything that is granted.
fn without_grants(site: &Site) {
    let listed = json(site, &["serve", "grant", "list"]);
    for grant in listed["grants"].as_array().expect("grants") {
        json(site, &["serve", "grant", "remove", text(&grant["id"])]);
    }
}

/// Certbot with a key of an external account. Nobody answers a challenge.
fn with_key(site: &Site, host: &str, kid: &str, hmac: &str) -> Command {
    let folder = site.folder().join("webroot");
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut command = certbot(
        site,
        &[
            "certonly",
            "--webroot",
            "--agree-tos",
            "-m",
            "admin@example.com",
            "-d",
            host,
        ],
    );
    command
        .args(["--eab-kid", kid, "--eab-hmac-key", hmac, "--webroot-path"])
        .arg(folder);
    command
}

/// Certbot of Debian 12 fails to tell what a server answered, and has it in its log.
#[track_caller]
fn says_no_grant(site: &Site, refused: &Done) {
    let log = site.folder().join("certbot/logs/letsencrypt.log");
    let log = std::fs::read_to_string(log).expect("the log of certbot");
    assert!(log.contains("no grant"), "{refused}\n{log}");
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn a_key_that_replaces_the_proof_gets_certificates_without_a_challenge_until_it_is_removed() {
    let site = Site::with("external_account_required = true", None);
    without_grants(&site);
    let made = json(
        &site,
        &[
            "serve",
            "eab",
            "add",
            "web team",
            "--grant",
            "web.ca.test",
            "--granted",
        ],
    );
    assert_eq!(made["by_server"], true);
    let (kid, hmac) = (text(&made["keys"][0]["kid"]), text(&made["hmac_key"]));
    run(&mut with_key(&site, "a.web.ca.test", kid, hmac)).ok();
    let live = site.folder().join("certbot/config/live/a.web.ca.test/cert.pem");
    site.verifies(&live, "a.web.ca.test");
    let outside = run(&mut with_key(&site, "ca.test", kid, hmac)).fails();
    says_no_grant(&site, &outside);
    let listed = site.gsec(&["serve", "eab", "list", "--json"]).ok();
    assert!(
        !listed.stdout.contains(hmac),
        "the HMAC key is shown once: {listed}"
    );
    let listed: Value = serde_json::from_str(&listed.stdout).expect("JSON");
    assert_eq!(listed["keys"][0]["accounts"].as_array().map(Vec::len), Some(1));
    let removed = json(&site, &["serve", "eab", "remove", kid]);
    assert_eq!(removed["keys"][0]["state"], "revoked");
    assert_eq!(removed["grants"].as_array().map(Vec::len), Some(1));
    let again = run(&mut with_key(&site, "b.web.ca.test", kid, hmac)).fails();
    says_no_grant(&site, &again);
    site.is_in_order();
}

/// The lines of the audit log about grants and keys, each with whether the CA key has signed it.
fn noted(site: &Site) -> Vec<(String, bool, Value)> {
    let log = json(site, &["ca", "log"]);
    let lines = log["lines"].as_array().expect("lines").iter();
    lines
        .filter(|line| text(&line["action"]).starts_with("serve."))
        .map(|line| {
            let signed = line["signed"].as_bool().expect("a boolean");
            (text(&line["action"]).to_owned(), signed, line["details"].clone())
        })
        .collect()
}

#[test]
fn who_may_have_what_is_changed_in_the_audit_log_first() {
    let mut site = Site::without_dns();
    let first = noted(&site);
    assert_eq!(first.len(), 1, "the first grant: {first:?}");
    assert_eq!(first[0].0, "serve.grant.add");
    let change = |site: &Site| {
        let args = ["serve", "grant", "add", "--exact", "a.ca.test", "--max-days", "9"];
        let granted = json(site, &args);
        let args = ["serve", "eab", "add", "web team", "--grant", "web.ca.test"];
        let made = json(site, &args);
        let grant = text(&granted["grants"][0]["id"]).to_owned();
        let (kid, hmac) = (text(&made["keys"][0]["kid"]), text(&made["hmac_key"]));
        json(site, &["serve", "grant", "remove", &grant]);
        json(site, &["serve", "eab", "remove", kid]);
        let log = std::fs::read_to_string(site.ca().join("ca_conf/audit.log")).expect("the log");
        assert!(!log.contains(hmac) && !log.contains("web team"));
        (grant, kid.to_owned())
    };
    let expected = [
        "serve.grant.add",
        "serve.eab.add",
        "serve.grant.add",
        "serve.grant.remove",
        "serve.eab.remove",
        "serve.grant.remove",
    ];
    let (grant, kid) = change(&site);
    let lines = noted(&site).split_off(1);
    let actions: Vec<&str> = lines.iter().map(|(action, ..)| action.as_str()).collect();
    assert_eq!(actions, expected);
    // Of lines that are written together, the last is signed.
    let signed: Vec<bool> = lines.iter().map(|(_, signed, _)| *signed).collect();
    assert_eq!(signed, [true, false, true, true, true, true], "{lines:?}");
    let user = rustix::process::geteuid().as_raw();
    assert!(
        lines.iter().all(|(.., facts)| facts["remote_uid"] == user),
        "{lines:?}"
    );
    assert_eq!(lines[0].2["grant"], grant.as_str());
    assert_eq!(lines[0].2["names"], serde_json::json!(["a.ca.test"]));
    assert_eq!(lines[0].2["max_days"], 9);
    assert_eq!(lines[4].2["external_account"], kid.as_str());
    // A list is no change, and what is refused is none either.
    json(&site, &["serve", "grant", "list"]);
    site.gsec(&["serve", "grant", "remove", &grant]).fails();
    assert_eq!(noted(&site).len(), 7);
    site.is_in_order();
    // Without a server the command writes them, and signs where it can.
    assert_eq!(site.stop(), Some(0), "{}", site.server_log());
    change(&site);
    let lines = noted(&site).split_off(7);
    let actions: Vec<&str> = lines.iter().map(|(action, ..)| action.as_str()).collect();
    assert_eq!(actions, expected);
    // Of lines that are written together, the last is signed.
    let signed: Vec<bool> = lines.iter().map(|(_, signed, _)| *signed).collect();
    assert_eq!(signed, [true, false, true, true, true, true], "{lines:?}");
    assert!(
        lines.iter().all(|(.., facts)| facts["remote_uid"] == user),
        "{lines:?}"
    );
    // Where it cannot be written, nothing is changed.
    let log = site.ca().join("ca_conf/audit.log");
    let aside = site.folder().join("audit.log");
    std::fs::rename(&log, &aside).expect("moved");
    std::fs::create_dir(&log).expect("a folder in its place");
    let add = ["serve", "grant", "add", "--name", "b.ca.test"];
    let refused = site.gsec(&add).fails();
    assert!(refused.stderr.contains("the audit log"), "{refused}");
    std::fs::remove_dir(&log).expect("removed");
    std::fs::rename(&aside, &log).expect("back");
    let grants = json(&site, &["serve", "grant", "list"]);
    assert_eq!(grants["grants"].as_array().map(Vec::len), Some(1), "{grants}");
    site.is_in_order();
}

/// The order is made and its name proven; then the grant goes, and finalization comes.
#[test]
#[ignore = "sh tests/serve.sh"]
fn a_grant_that_is_removed_while_an_order_is_open_refuses_it() {
    let site = Site::new();
    without_grants(&site);
    let granted = json(&site, &["serve", "grant", "add", "--name", "ca.test"]);
    let id = text(&granted["grants"][0]["id"]);
    let folder = site.folder().join("web/.well-known/acme-challenge");
    std::fs::create_dir_all(&folder).expect("a folder");
    let _web = Running::start(
        Command::new("python3")
            .args(["-m", "http.server", "--bind", "127.0.0.1", "--directory"])
            .arg(site.folder().join("web"))
            .arg(site.http_port.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null()),
    );
    wait_for_port(site.http_port);
    let hook = site.folder().join("hook.sh");
    let script = |then: &str| {
        let put = format!(
            "printf %s \"$CERTBOT_VALIDATION\" > {}/\"$CERTBOT_TOKEN\"",
            folder.display()
        );
        write_script(&hook, &format!("#!/bin/sh\nset -e\n{put}\n{then}\n"));
    };
    let order = |host: &str| {
        let mut command = certbot(
            &site,
            &[
                "certonly",
                "--manual",
                "--preferred-challenges",
                "http",
                "--agree-tos",
            ],
        );
        command
            .args(["-m", "admin@example.com", "-d", host, "--manual-auth-hook"])
            .arg(&hook);
        command
    };
    script("");
    run(&mut order("a.ca.test")).ok();
    let gsecd = env!("CARGO_BIN_EXE_gsecd");
    let remove = format!(
        "{gsecd} serve grant remove {id} --ca-dir {} >&2",
        site.ca().display()
    );
    script(&remove);
    let refused = run(&mut order("b.ca.test")).fails();
    says_no_grant(&site, &refused);
    assert_eq!(
        json(&site, &["serve", "grant", "list"])["grants"],
        Value::Array(Vec::new())
    );
    let status = json(&site, &["serve", "status"]);
    assert_eq!(status["log"]["issued_today"], 1, "{status}");
}

fn lego(site: &Site, folder: &Path, kid: &str, hmac: &str) -> Command {
    let mut command = Command::new("lego");
    command
        .args([
            "--server",
            site.directory(),
            "--accept-tos",
            "--email",
            "admin@example.com",
            "--path",
        ])
        .arg(folder)
        .args(["--eab", "--kid", kid, "--hmac", hmac, "--domains", "a.ca.test"])
        .args([
            "--http",
            "--http.port",
            &format!("127.0.0.1:{}", site.http_port),
            "run",
        ])
        .env("LEGO_CA_CERTIFICATES", site.ca_certificate());
    command
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn a_key_for_one_account_makes_one_of_twenty_that_ask_at_once() {
    let site = Site::with("external_account_required = true", None);
    let made = json(
        &site,
        &[
            "serve",
            "eab",
            "add",
            "one",
            "--single-use",
            "--grant",
            "ca.test",
            "--granted",
        ],
    );
    let (kid, hmac) = (text(&made["keys"][0]["kid"]), text(&made["hmac_key"]));
    let results: Vec<_> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..20)
            .map(|number| {
                let folder = site.folder().join(format!("lego{number}"));
                let site = &site;
                scope.spawn(move || run(&mut lego(site, &folder, kid, hmac)))
            })
            .collect();
        started
            .into_iter()
            .map(|one| one.join().expect("joined"))
            .collect()
    });
    let (good, bad): (Vec<_>, Vec<_>) = results.into_iter().partition(|done| done.status == Some(0));
    assert_eq!(good.len(), 1, "{}", bad.first().expect("nineteen"));
    for done in &bad {
        assert!(done.stderr.contains("used up"), "{done}");
    }
    let listed = json(&site, &["serve", "eab", "list"]);
    assert_eq!(listed["keys"][0]["state"], "used-up");
    assert_eq!(listed["keys"][0]["uses"], 1);
    assert_eq!(listed["keys"][0]["accounts"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_second_server_says_that_one_runs_and_status_says_what_there_is() {
    let mut site = Site::without_dns();
    let second = site.gsec(&["serve"]).fails();
    assert!(second.stderr.contains("is already running"), "{second}");
    let socket = site.ca().join("ca_conf/server.sock");
    let mode = |path: &Path| {
        use std::os::unix::fs::PermissionsExt;
        std::fs::metadata(path).expect("a socket").permissions().mode() & 0o777
    };
    assert_eq!(mode(&socket), 0o600);
    // The first CRL is made after the server has said that it is ready.
    site.fetched_crl();
    let status = json(&site, &["serve", "status"]);
    assert_eq!(
        (&status["serving"], &status["signer"]["answers"]),
        (&true.into(), &true.into())
    );
    assert_eq!(status["served"]["acme"], site.directory());
    assert_eq!(status["served"]["unready"], Value::Null);
    assert!(status["served"]["own_certificate_end"].is_string(), "{status}");
    assert_eq!(site.stop(), Some(0), "{}", site.server_log());
    assert!(!socket.exists(), "a server that ended leaves no socket");
    let down = site.gsec(&["serve", "status", "--json"]).fails();
    assert_eq!(down.status, Some(1), "{down}");
    let down: Value = serde_json::from_str(&down.stdout).expect("JSON");
    assert_eq!((&down["serving"], &down["served"]), (&false.into(), &Value::Null));
    let slugs: Vec<&str> = down["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|finding| text(&finding["slug"]))
        .collect();
    assert!(slugs.starts_with(&["front-down", "signer-down"]), "{slugs:?}");
    // What is changed while none runs counts when one runs.
    let granted = json(&site, &["serve", "grant", "add", "--name", "example.com"]);
    assert_eq!(granted["by_server"], false);
    site.start();
    let listed = json(&site, &["serve", "grant", "list"]);
    assert_eq!(listed["by_server"], true);
    assert!(listed.to_string().contains(text(&granted["grants"][0]["id"])));
}

#[test]
fn the_address_of_the_crl_is_written_when_that_is_permitted_and_said_when_it_is_not() {
    let mut site = Site::without_dns();
    let policy = site.ca().join("ca_conf/gsec.toml");
    let before = std::fs::read_to_string(&policy).expect("gsec.toml");
    let lines = [
        format!("crl_addresses = [{}]", site.ready["crl"]),
        format!("ocsp_addresses = [{}]", site.ready["ocsp"]),
        format!("issuer_addresses = [{}]", site.ready["ca_certificate"]),
    ];
    assert_eq!(site.ready["missing_settings"], serde_json::json!(lines));
    assert_eq!(site.stop(), Some(0));
    site.start_with(&["--yes"]);
    assert_eq!(site.ready["missing_settings"], Value::Array(Vec::new()));
    let after = std::fs::read_to_string(&policy).expect("gsec.toml");
    for line in &lines {
        assert!(after.lines().any(|written| written == line), "{after}");
    }
    let rest = |text: &str| -> Vec<String> {
        let other = |line: &&str| {
            ["crl", "ocsp", "issuer"]
                .iter()
                .all(|of| !line.starts_with(&format!("{of}_addresses")))
        };
        text.lines().filter(other).map(str::to_owned).collect()
    };
    assert_eq!(rest(&before), rest(&after));
    site.fetched_crl();
    asked_where_the_certificate_says(&site);
    // What an earlier version wrote is completed.
    let line = format!("{}\n", lines[1]);
    std::fs::write(&policy, after.replace(&line, "")).expect("gsec.toml");
    assert_eq!(site.stop(), Some(0));
    site.start();
    assert_eq!(site.ready["missing_settings"], serde_json::json!([lines[1]]));
}

/// A certificate that lasts long says where the responder is, which answers; one that is over soon says no address to ask at.
fn asked_where_the_certificate_says(site: &Site) {
    let out = site.folder().join("out");
    std::fs::create_dir(&out).expect("a directory");
    let of = |days: &str, host: &str| {
        let path = out.to_str().expect("a path");
        site.gsec(&["cert", "issue", "--host", host, "--days", days, "--out-dir", path])
            .ok();
        let certificate = out.join(format!("{}_cert.pem", host.split('.').next().expect("a label")));
        let said = |what: &[&str]| {
            let said = run(Command::new("openssl")
                .args(["x509", "-noout", "-in"])
                .arg(&certificate)
                .args(what));
            said.stdout
        };
        let said = said(&["-ocsp_uri"]) + &said(&["-ext", "crlDistributionPoints"]);
        (certificate, said)
    };
    let (long, said) = of("7", "a.ca.test");
    let url = text(&site.ready["ocsp"]);
    assert!(said.lines().any(|line| line == url), "{said}");
    assert!(said.contains(text(&site.ready["crl"])), "{said}");
    let asked = || {
        let done = run(Command::new("openssl")
            .args(["ocsp", "-issuer"])
            .arg(site.ca_certificate())
            .arg("-cert")
            .arg(&long)
            .args(["-url", url, "-CAfile"])
            .arg(site.ca_certificate()));
        format!("{}{}", done.stdout, done.stderr)
    };
    until("the responder", asked, ": good");
    let shown = site.gsec(&["cert", "show", long.to_str().expect("a path")]).ok();
    let is_shown = |line: &str| line.trim_start().starts_with("OCSP at ") && line.ends_with(url);
    assert!(shown.stdout.lines().any(is_shown), "{shown}");
    let (_, said) = of("6", "b.ca.test");
    assert!(!said.contains("http"), "{said}");
}
