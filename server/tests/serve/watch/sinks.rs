//! Receivers as people have them.

use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::Value;

use super::place::{Place, slugs};
use crate::site::{PATIENCE, Running, free_port, run, wait_for_port};

/// Waits until a file has a text in it.
#[track_caller]
fn wait_for_text(path: &std::path::Path, text: &str) -> String {
    let end = Instant::now() + PATIENCE;
    loop {
        let content = std::fs::read_to_string(path).unwrap_or_default();
        if content.contains(text) {
            return content;
        }
        assert!(Instant::now() < end, "no `{text}` in {content}");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
}

fn without_backup(sink: &str) -> Place {
    let place = Place::new();
    place.set(&format!(
        "site = \"branch-7\"\nbackup = \"/nonexistent/backup\"\n[[sink]]\nname = \"one\"\n{sink}"
    ));
    place
}

#[test]
fn a_program_gets_the_event() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("event.json");
    let place = without_backup(&format!(
        "kind = \"command\"\ncommand = [\"/usr/bin/tee\", \"{}\"]\n",
        out.display()
    ));
    assert_eq!(place.look(1)["sinks"][0]["sent"], 1);
    let event: Value =
        serde_json::from_str(&std::fs::read_to_string(out).expect("a file")).expect("an event");
    assert_eq!(event["schema"], "gsec/watch.event/1");
}

/// A folder in the place of the database stands for all that keeps it from being written: a disk that is full, a file system that is read-only.
#[test]
fn what_cannot_be_remembered_is_told_and_forgotten_once_it_can_be() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("events");
    let place = without_backup(&format!(
        "kind = \"command\"\ncommand = [\"/usr/bin/tee\", \"-a\", \"{}\"]\n",
        out.display()
    ));
    let told = || std::fs::read_to_string(&out).unwrap_or_default();
    assert_eq!(slugs(&place.look(1)), ["backup-old"]);
    assert_eq!(told().matches("\"event\":\"raised\"").count(), 1, "{}", told());
    let (database, aside) = (place.conf("watch.db"), folder.path().join("aside"));
    std::fs::rename(&database, &aside).expect("moved");
    std::fs::create_dir(&database).expect("a folder");
    let seen = place.look(1);
    assert!(slugs(&seen).contains(&"alarms-not-remembered"), "{seen}");
    assert!(slugs(&seen).contains(&"backup-old"), "{seen}");
    assert!(told().contains("alarms-not-remembered"), "{}", told());
    std::fs::remove_dir(&database).expect("removed");
    std::fs::rename(&aside, &database).expect("moved back");
    // What was raised before stays raised, and is not told again.
    let before = told();
    assert_eq!(slugs(&place.look(1)), ["backup-old"]);
    assert_eq!(told(), before);
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn a_mail_server_takes_mail() {
    let port = free_port();
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("mail.txt");
    let _server = Running::start(
        Command::new("/usr/bin/python3")
            .args(["-u", "-m", "aiosmtpd", "-n", "-l", &format!("127.0.0.1:{port}")])
            .args(["-c", "aiosmtpd.handlers.Debugging", "stdout"])
            .stdout(std::fs::File::create(&out).expect("a file"))
            .stderr(Stdio::null()),
    );
    wait_for_port(port);
    let place = without_backup(&format!(
        "kind = \"mail\"\nserver = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\nfrom = \"gsec@example.com\"\nto = [\"Ops <ops@example.com>\"]\n"
    ));
    assert_eq!(place.look(1)["sinks"][0]["sent"], 1);
    let mail = wait_for_text(&out, "backup:backup-old");
    for part in [
        "Subject: [branch-7] raised warning backup-old",
        "To: Ops <ops@example.com>",
        "Message-ID: <",
    ] {
        assert!(mail.contains(part), "{part}: {mail}");
    }
    // A server that cannot STARTTLS gets nothing.
    let place = without_backup(&format!(
        "kind = \"mail\"\nserver = \"127.0.0.1\"\nport = {port}\nfrom = \"gsec@example.com\"\nto = [\"ops@example.com\"]\n"
    ));
    assert_eq!(place.look(1)["sinks"][0]["sent"], 0);
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn alertmanager_takes_an_alert_and_its_end() {
    let port = free_port();
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("alertmanager.yml");
    std::fs::write(&config, "route:\n  receiver: none\nreceivers:\n- name: none\n").expect("a file");
    let _server = Running::start(
        Command::new("prometheus-alertmanager")
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.path={}", folder.path().join("data").display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .arg("--cluster.listen-address=")
            .stdout(Stdio::null())
            .stderr(Stdio::null()),
    );
    wait_for_port(port);
    let place = without_backup(&format!(
        "kind = \"alertmanager\"\nurl = \"http://127.0.0.1:{port}\"\n"
    ));
    assert_eq!(place.look(1)["sinks"][0]["sent"], 1);
    let alerts = || -> Vec<Value> {
        let url = format!("http://127.0.0.1:{port}/api/v2/alerts");
        let said = run(Command::new("curl").args(["-sf", &url])).ok();
        serde_json::from_str(&said.stdout).expect("alerts")
    };
    let open = alerts();
    assert_eq!(open.len(), 1, "{open:?}");
    assert_eq!(open[0]["labels"]["alertname"], "backup-old");
    assert_eq!(open[0]["labels"]["instance"], "branch-7");
    let settings = std::fs::read_to_string(place.conf("watch.toml")).expect("watch.toml");
    place.set(&settings.replace("backup = \"/nonexistent/backup\"", "clear_after = 1"));
    place.look(0);
    assert!(alerts().is_empty(), "{:?}", alerts());
}

/// rsyslog with GnuTLS, and a certificate of the CA that is watched.
#[test]
#[ignore = "sh tests/serve.sh"]
fn rsyslog_takes_messages_over_tls() {
    let port = free_port();
    let place = Place::new();
    place
        .gsec(&["cert", "issue", "--host", "localhost", "--key-type", "p256"])
        .ok();
    let repository = place.folder().join("ca/repository");
    let file = |end: &str| {
        let found = std::fs::read_dir(&repository).expect("a folder").flatten();
        let mut paths = found.map(|entry| entry.path());
        paths
            .find(|path| path.to_string_lossy().ends_with(end))
            .expect("a file")
    };
    let ca = place.conf("ca_cert.pem");
    let out = place.folder().join("syslog.txt");
    let config = place.folder().join("rsyslog.conf");
    let text = format!(
        "global(workDirectory=\"{}\" defaultNetstreamDriver=\"gtls\" defaultNetstreamDriverCAFile=\"{}\"\n \
         defaultNetstreamDriverCertFile=\"{}\" defaultNetstreamDriverKeyFile=\"{}\")\n\
         module(load=\"imtcp\" streamDriver.name=\"gtls\" streamDriver.mode=\"1\" streamDriver.authMode=\"anon\")\n\
         input(type=\"imtcp\" port=\"{port}\" address=\"127.0.0.1\")\n\
         template(name=\"all\" type=\"string\" string=\"%pri% %timereported:::date-rfc3339% %hostname% %app-name% %msgid% %msg%\\n\")\n\
         action(type=\"omfile\" file=\"{}\" template=\"all\")\n",
        place.folder().display(),
        ca.display(),
        file("_cert.pem").display(),
        file("_priv_key.pem").display(),
        out.display(),
    );
    std::fs::write(&config, text).expect("a file");
    let _server = Running::start(
        Command::new("rsyslogd")
            .arg("-n")
            .arg("-f")
            .arg(&config)
            .arg("-i")
            .arg(place.folder().join("rsyslog.pid"))
            .stdout(Stdio::null())
            .stderr(Stdio::null()),
    );
    wait_for_port(port);
    place.set(&format!(
        "site = \"branch-7\"\nbackup = \"/nonexistent/backup\"\n[[sink]]\nname = \"one\"\nkind = \"syslog\"\ntransport = \"tls\"\n\
         server = \"localhost:{port}\"\ntrust_file = \"{}\"\n",
        ca.display()
    ));
    assert_eq!(place.look(1)["sinks"][0]["sent"], 1);
    let said = wait_for_text(&out, "backup-old");
    // authpriv (10), warning (4).
    assert!(
        said.starts_with("84 ") && said.contains(" branch-7 gsec raised "),
        "{said}"
    );
}
