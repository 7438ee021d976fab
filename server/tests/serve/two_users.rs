//! Two users: one has the CA directory, the other the key. Each test is root, which alone can be both.

use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::Value;

use crate::site::{Done, PATIENCE, Running, run};

const GSECD: &str = env!("CARGO_BIN_EXE_gsecd");
/// Who has the directory.
const FRONT: u32 = 61_017;
/// Who has nothing.
const OTHER: u32 = 61_019;

fn is_root() -> bool {
    let is_root = rustix::process::geteuid().is_root();
    if !is_root {
        println!("not run: needs root");
    }
    is_root
}

/// The program, for users who cannot enter the folder where it is built.
fn program() -> PathBuf {
    static COPY: std::sync::OnceLock<tempfile::TempDir> = std::sync::OnceLock::new();
    let folder = COPY.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).expect("a mode");
        let place = folder.path().join("gsecd");
        if std::fs::hard_link(GSECD, &place).is_err() {
            // By another process: a program that another test starts meanwhile would inherit the open copy, which then cannot be run.
            run(Command::new("cp").arg(GSECD).arg(&place)).ok();
        }
        folder
    });
    folder.path().join("gsecd")
}

/// A program as another user.
fn as_user(user: u32, program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command
        .args([format!("--reuid={user}"), format!("--regid={user}")])
        .arg("--clear-groups")
        .arg(program);
    command
}

fn give(path: &Path, user: u32) {
    chown(path, Some(user), Some(user)).expect("given away");
    if path.is_dir() {
        for entry in std::fs::read_dir(path).expect("a folder") {
            give(&entry.expect("an entry").path(), user);
        }
    }
}

#[track_caller]
fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "not in time: {what}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[track_caller]
fn json(done: &Done) -> Value {
    serde_json::from_str(&done.stdout).unwrap_or_else(|error| panic!("{error}: {done}"))
}

/// A CA directory of `FRONT`, whose key `FRONT` cannot read.
struct Parted {
    folder: tempfile::TempDir,
}

impl Parted {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).expect("a mode");
        let site = Self { folder };
        site.root(&["ca", "init", "--cn", "Example CA", "--key-type", "p256"])
            .ok();
        give(&site.ca(), FRONT);
        chown(site.key(), Some(0), Some(0)).expect("kept");
        std::fs::create_dir(site.own()).expect("a folder");
        symlink(site.socket(), site.ca().join("ca_conf/signer.sock")).expect("a link");
        site
    }

    fn ca(&self) -> PathBuf {
        self.folder.path().join("ca")
    }

    fn key(&self) -> PathBuf {
        self.ca().join("ca_conf/ca_priv_key.pem")
    }

    /// The signer's folder.
    fn own(&self) -> PathBuf {
        self.folder.path().join("own")
    }

    fn socket(&self) -> PathBuf {
        self.own().join("signer.sock")
    }

    fn journal(&self) -> PathBuf {
        self.own().join("signer.journal")
    }

    fn root(&self, args: &[&str]) -> Done {
        run(Command::new(GSECD)
            .args(args)
            .arg("--ca-dir")
            .arg(self.ca())
            .arg("--no-input"))
    }

    fn user(&self, user: u32, args: &[&str]) -> Done {
        run(as_user(user, &program())
            .args(args)
            .arg("--ca-dir")
            .arg(self.ca())
            .arg("--no-input")
            .env("LOGNAME", "ada"))
    }

    fn front(&self, args: &[&str]) -> Done {
        self.user(FRONT, args)
    }

    /// A signer that the group of `FRONT` may ask.
    fn signer(&self) -> Running {
        let signer = Running::start(
            Command::new(GSECD)
                .args(["serve", "signer", "--group", "--no-input"])
                .args(["--ca-dir".as_ref(), self.ca().as_os_str()])
                .args(["--socket".as_ref(), self.socket().as_os_str()])
                .args(["--journal".as_ref(), self.journal().as_os_str()])
                .stdin(Stdio::null()),
        );
        wait_until("the signer", || self.socket().exists());
        chown(self.socket(), None, Some(FRONT)).expect("a group");
        signer
    }

    fn journal_lines(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.journal()).expect("a journal");
        text.lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    }
}

#[test]
fn the_signer_signs_for_whom_its_socket_admits_where_the_key_cannot_be_read() {
    if !is_root() {
        return;
    }
    let site = Parted::new();
    let _signer = site.signer();
    let issued = site
        .front(&["cert", "issue", "db1.example.com", "--key-type", "p256", "--json"])
        .ok();
    let issued = json(&issued);
    assert_eq!(issued["warnings"][0]["code"], "signer_signs", "{issued}");
    let certificate = issued["files"]["certificate"].as_str().expect("a path");
    site.front(&["cert", "verify", certificate, "--name", "db1.example.com"])
        .ok();
    for args in [
        &["cert", "renew", "db1.example.com", "--key-type", "p256"][..],
        &["cert", "ensure", "db2.example.com", "--key-type", "p256"],
        &["cert", "revoke", "01", "--yes"],
        &["crl", "update"],
    ] {
        let done = site.front(args).ok();
        assert!(done.stderr.contains("has the CA key"), "{done}");
    }
    let list = site.folder.path().join("hosts.csv");
    std::fs::write(&list, "host,key_type\na.example.com,p256\nb.example.com,p256\n").expect("a list");
    site.front(&["cert", "issue", "--from", list.to_str().expect("a path")])
        .ok();
    let (key, request) = (site.ca().join("host.key"), site.ca().join("host.csr"));
    run(as_user(FRONT, Path::new("openssl"))
        .args([
            "req",
            "-new",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=csr.example.com",
        ])
        .args(["-addext", "subjectAltName=DNS:csr.example.com"])
        .args([
            "-keyout".as_ref(),
            key.as_os_str(),
            "-out".as_ref(),
            request.as_os_str(),
        ]))
    .ok();
    site.front(&[
        "cert",
        "sign",
        request.to_str().expect("a path"),
        "--accept-csr-names",
    ])
    .ok();
    site.front(&["ca", "log", "--verify"]).ok();
    // Who asked is in the log by name, and in the journal by what the kernel says.
    let log = std::fs::read_to_string(site.ca().join("ca_conf/audit.log")).expect("the log");
    let issued = log.lines().filter(|line| line.contains("\"cert.issue\""));
    assert!(
        issued.clone().count() >= 3 && issued.clone().all(|line| line.contains("\"ada\"")),
        "{log}"
    );
    let lines = site.journal_lines();
    assert!(lines.iter().all(|line| line["user"] == FRONT), "{lines:?}");
    let certificates = lines.iter().filter(|line| line["signed"] == "certificate");
    assert_eq!(certificates.count(), 6);
}

#[test]
fn what_no_signer_does_says_where_to_do_it_and_changes_nothing() {
    if !is_root() {
        return;
    }
    let site = Parted::new();
    let _signer = site.signer();
    let log = || std::fs::read(site.ca().join("ca_conf/audit.log")).expect("the log");
    let before = log();
    for args in [
        &["ca", "rekey", "--yes"][..],
        &["ca", "renew"],
        &["ca", "passphrase", "--remove"],
        &["ca", "request"],
    ] {
        let done = site.front(args);
        assert_eq!(done.status, Some(3), "{done}");
        assert!(done.stderr.contains("needs the CA key itself"), "{done}");
        assert!(done.stderr.contains("sudo -u root"), "{done}");
    }
    let below = site.ca().join("below").to_string_lossy().into_owned();
    let parent = site.ca().to_string_lossy().into_owned();
    let done = run(as_user(FRONT, &program()).args([
        "ca",
        "init",
        "--cn",
        "Below",
        "--no-input",
        "--parent",
        &parent,
        "--ca-dir",
        &below,
    ]));
    assert_eq!(done.status, Some(3), "{done}");
    assert!(done.stderr.contains("needs the CA key itself"), "{done}");
    assert_eq!(log(), before);
}

#[test]
fn without_a_signer_that_answers_both_ways_are_named() {
    if !is_root() {
        return;
    }
    let site = Parted::new();
    let refused = |what: &str, hints: [&str; 2]| {
        let done = site.front(&["cert", "issue", "db1.example.com", "--key-type", "p256"]);
        assert_eq!(done.status, Some(3), "{what}: {done}");
        for hint in hints {
            assert!(done.stderr.contains(hint), "{what}: {done}");
        }
    };
    refused("no signer", ["start the signer", "sudo -u root"]);
    let signer = site.signer();
    chown(site.socket(), None, Some(OTHER)).expect("a group");
    refused(
        "not admitted",
        ["owner and group say who may ask", "sudo -u root"],
    );
    // Who can read the key signs with it, and asks nobody.
    let done = site
        .root(&["cert", "issue", "db1.example.com", "--key-type", "p256"])
        .ok();
    assert!(!done.stderr.contains("signer"), "{done}");
    drop(signer);
    std::fs::remove_file(site.ca().join("ca_conf/signer.sock")).expect("removed");
    refused("no socket", ["start the signer", "sudo -u root"]);
}
