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
pub(crate) fn program() -> PathBuf {
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

/// Why it failed, as JSON.
#[track_caller]
fn failure(done: &Done) -> Value {
    let document: Value =
        serde_json::from_str(&done.stderr).unwrap_or_else(|error| panic!("{error}: {done}"));
    document["error"].clone()
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

/// A CA whose key has a directory and a user of its own.
struct Apart {
    folder: tempfile::TempDir,
}

/// Who has the key.
const SIGNER: u32 = 61_018;

impl Apart {
    /// With former keys, as they are moved too.
    fn new() -> Self {
        let site = Self::bare();
        site.as_root(&["ca", "init", "--cn", "Example CA", "--key-type", "p256"])
            .ok();
        site.as_root(&["ca", "rekey", "--yes"]).ok();
        give(&site.ca(), FRONT);
        site
    }

    /// A place for it, and nothing there.
    fn bare() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).expect("a mode");
        Self { folder }
    }

    /// The same, with the key moved.
    fn moved() -> Self {
        let site = Self::new();
        site.move_away().ok();
        site
    }

    fn ca(&self) -> PathBuf {
        self.folder.path().join("ca")
    }

    /// The signer's directory.
    fn own(&self) -> PathBuf {
        self.folder.path().join("signer")
    }

    fn in_ca(&self, name: &str) -> PathBuf {
        self.ca().join("ca_conf").join(name)
    }

    fn in_own(&self, name: &str) -> PathBuf {
        self.own().join("ca_conf").join(name)
    }

    fn as_root(&self, args: &[&str]) -> Done {
        self.done(Command::new(program()), args)
    }

    fn front(&self, args: &[&str]) -> Done {
        self.done(as_user(FRONT, &program()), args)
    }

    fn done(&self, mut command: Command, args: &[&str]) -> Done {
        run(command
            .args(args)
            .arg("--ca-dir")
            .arg(self.ca())
            .arg("--no-input"))
    }

    fn move_away(&self) -> Done {
        let own = self.own().to_string_lossy().into_owned();
        self.as_root(&[
            "serve",
            "move-key",
            "--to",
            &own,
            "--user",
            &SIGNER.to_string(),
            "--json",
        ])
    }

    fn move_back(&self) -> Done {
        let own = self.own().to_string_lossy().into_owned();
        self.as_root(&["serve", "move-key", "--from", &own, "--json"])
    }

    /// The signer alone, as its unit starts it.
    fn signer(&self) -> Running {
        let mut command = as_user(SIGNER, &program());
        command
            .args(["serve", "signer", "--no-input", "--signer-dir"])
            .arg(self.own())
            .stdin(Stdio::null());
        let signer = Running::start(&mut command);
        wait_until("the signer", || self.front_can_connect());
        signer
    }

    fn front_can_connect(&self) -> bool {
        std::os::unix::net::UnixStream::connect(self.own().join("signer.sock")).is_ok()
    }

    /// `gsec serve`, started by root; with it, the process ids of signer and front.
    fn server(&self) -> Running {
        let server = Running::start(
            Command::new(program())
                .args(["serve", "--no-input", "--json", "--name", "127.0.0.1"])
                .args(["--ca-dir".as_ref(), self.ca().as_os_str()])
                .args(["--signer-dir".as_ref(), self.own().as_os_str()])
                .args([
                    format!("--listen=127.0.0.1:{}", crate::site::free_port()),
                    format!("--http=127.0.0.1:{}", crate::site::free_port()),
                ])
                .stdin(Stdio::null())
                .stdout(Stdio::null()),
        );
        wait_until("the server", || {
            self.as_root(&["serve", "status"]).status == Some(0)
        });
        server
    }

    /// What a shell of the front's user says.
    fn shell(&self, script: &str) -> Done {
        let mut command = as_user(FRONT, Path::new("sh"));
        run(command.arg("-c").arg(script).current_dir(self.folder.path()))
    }
}

/// The users of a process: real, effective, saved, and of its files; and its groups.
fn users_of(pid: &str) -> (String, String) {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("a process");
    let line = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.expect("a line")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    (line("Uid:"), line("Groups:"))
}

/// The last line of the audit log, with whether the CA key has signed it.
fn last_line(site: &Apart) -> (String, bool, Value) {
    let log = json(&site.as_root(&["ca", "log", "--json"]).ok());
    let line = log["lines"]
        .as_array()
        .and_then(|lines| lines.last())
        .expect("a line");
    let action = line["action"].as_str().expect("an action").to_owned();
    (action, line["signed"] == true, line["details"].clone())
}

#[test]
fn line_about_the_key_is_signed_wherever_the_key_is_and_says_who_asked() {
    if !is_root() {
        return;
    }
    let site = Apart::moved();
    let (action, is_signed, facts) = last_line(&site);
    assert!(is_signed && action == "serve.move_key", "{action}: {facts}");
    assert_eq!(facts["remote_uid"], 0, "{facts}");
    drop(site.server());
    wait_until("the end of the server", || !site.front_can_connect());
    let add = ["serve", "grant", "add", "--name", "a.example.com"];
    // The front's user cannot read the key, and the line says who it is all the same.
    site.front(&add).ok();
    let (action, is_signed, facts) = last_line(&site);
    assert!(!is_signed && action == "serve.grant.add", "{action}: {facts}");
    assert_eq!(facts["remote_uid"], FRONT, "{facts}");
    let back = json(&site.move_back().ok());
    let has = |list: &str, name: &str| {
        let list = back[list].as_array().expect("a list");
        list.iter().any(|file| file == name)
    };
    assert!(
        has("moved", "ca_priv_key.pem") && !has("moved", "gsec.toml"),
        "{back}"
    );
    assert!(has("files", "gsec.toml"), "{back}");
    let (action, is_signed, facts) = last_line(&site);
    assert!(is_signed && action == "serve.move_key", "{action}: {facts}");
    site.as_root(&["ca", "log", "--verify", "--journal"]).ok();
    site.move_away().ok();
    let server = site.server();
    site.front(&["cert", "issue", "db1.example.com", "--key-type", "p256"])
        .ok();
    site.as_root(&["ca", "log", "--verify", "--journal"]).ok();
    drop(server);
}

#[test]
fn started_by_root_each_process_has_a_user_of_its_own() {
    if !is_root() {
        return;
    }
    let site = Apart::moved();
    let server = site.server();
    let pid = server.pid().as_raw_nonzero();
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).expect("children");
    let mut users: Vec<(String, String)> = children.split_whitespace().map(users_of).collect();
    users.sort();
    let all = |user: u32| (format!("{user} {user} {user} {user}"), String::new());
    assert_eq!(users, [all(FRONT), all(SIGNER)]);
    let status = json(&site.as_root(&["serve", "status", "--json"]).ok());
    assert_eq!(status["mode"], "two_users", "{status}");
    assert_eq!(status["front"]["user"], FRONT, "{status}");
    assert_eq!(status["signer"]["user"], SIGNER, "{status}");
    // Root finds the journal where the signer has it; the front does not.
    assert!(
        status["journal"]["lines"].as_u64().is_some_and(|lines| lines > 2),
        "{status}"
    );
    let status = json(&site.front(&["serve", "status", "--json"]).ok());
    assert_eq!(status["journal"], Value::Null, "{status}");
    let left = status["not_checked"].to_string();
    assert!(left.contains("this user may not look at it"), "{status}");
    site.front(&["cert", "issue", "db1.example.com", "--key-type", "p256"])
        .ok();
    // The former key goes on signing its CRL.
    let crl = json(&site.front(&["crl", "update", "--json"]).ok());
    assert_eq!(crl["previous_files"].as_array().map(Vec::len), Some(1), "{crl}");
    let ca = site.ca().to_string_lossy().into_owned();
    let doctor = site.front(&["doctor", &ca, "--json"]);
    let found = |slug: &str| doctor.stdout.contains(&format!("\"slug\": \"{slug}\""));
    assert!(found("ca-key-apart"), "{doctor}");
    assert!(
        !found("ca-key-missing") && !found("previous-key-unusable"),
        "{doctor}"
    );
    // Neither is moved while it is in use.
    assert!(site.move_back().fails().stderr.contains("is already running"));
    assert_eq!(server.end(), Some(0));
}

/// What somebody can do who has taken over the front: everything that its user can.
#[test]
fn the_fronts_user_has_no_way_to_the_key_the_policy_and_the_journal() {
    if !is_root() {
        return;
    }
    let site = Apart::moved();
    let _signer = site.signer();
    site.front(&["cert", "issue", "db1.example.com", "--key-type", "p256"])
        .ok();
    assert!(!site.in_ca("ca_priv_key.pem").exists());
    let former = run(Command::new("find")
        .arg(site.ca())
        .args(["-name", "ca_priv_key.pem"]))
    .ok();
    assert_eq!(former.stdout, "");
    for attempt in [
        "cat signer/ca_conf/ca_priv_key.pem",
        "cat signer/ca_conf/signer.journal",
        "ls signer",
        "ls signer/ca_conf",
        "echo x >> signer/ca_conf/gsec.toml",
        "cp ca/ca_conf/gsec.toml signer/ca_conf/gsec.toml",
        "mv ca/ca_conf/gsec.toml signer/gsec.toml",
        "mv signer/ca_conf signer/other",
        "mv signer other",
        "rm -f signer/signer.sock",
        "ln -s /tmp signer/link",
        "chmod 777 signer",
    ] {
        let done = site.shell(attempt);
        assert!(done.status.is_some_and(|status| status != 0), "{attempt}: {done}");
    }
    // To whom it may go, to it nobody else may.
    let other = site.done(
        as_user(OTHER, &program()),
        &["cert", "issue", "db2.example.com", "--key-type", "p256"],
    );
    assert_eq!(other.status, Some(3), "{other}");
}

/// The front's own gsec.toml permits everything; the signer's does not.
#[test]
fn a_policy_that_the_front_exchanged_permits_nothing() {
    if !is_root() {
        return;
    }
    let site = Apart::new();
    let policy = std::fs::read_to_string(site.in_ca("gsec.toml")).expect("gsec.toml");
    let strict = policy.replacen("name_suffixes = []", "name_suffixes = [\"example.com\"]", 1);
    std::fs::write(site.in_ca("gsec.toml"), &strict).expect("gsec.toml");
    site.move_away().ok();
    let server = site.server();
    let good = ["cert", "issue", "db1.example.com", "--key-type", "p256", "--json"];
    let evil = ["cert", "issue", "db1.example.org", "--key-type", "p256", "--json"];
    // As it is: the command's own policy refuses.
    let refused = site.front(&evil);
    assert_eq!(refused.status, Some(3), "{refused}");
    let code = failure(&refused)["code"].clone();
    assert!(
        code.as_str().is_some_and(|code| code.starts_with("policy.")),
        "{refused}"
    );
    // The front exchanges its copy, and its certificate beside.
    std::fs::write(site.in_ca("gsec.toml"), &policy).expect("gsec.toml");
    let after = site.front(&evil);
    assert_eq!(after.status, Some(3), "{after}");
    let after = failure(&after);
    assert_eq!(after["code"], code, "{after}");
    assert!(after.to_string().contains("the signer refused"), "{after}");
    let status = json(&site.as_root(&["serve", "status", "--json"]).ok());
    let slugs: Vec<&str> = status["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter_map(|finding| finding["slug"].as_str())
        .collect();
    assert!(
        slugs.contains(&"policy-differs") && slugs.contains(&"signer-refused"),
        "{status}"
    );
    let issued = json(&site.front(&good).ok());
    let codes: Vec<&Value> = issued["warnings"]
        .as_array()
        .expect("warnings")
        .iter()
        .map(|warning| &warning["code"])
        .collect();
    assert_eq!(codes, ["signer_signs", "signer_has_another_policy"]);
    let journal = std::fs::read_to_string(site.in_own("signer.journal")).expect("the journal");
    let refusals = journal
        .lines()
        .filter(|line| line.contains("\"signed\":\"refused\""));
    assert_eq!(refusals.count(), 1, "{journal}");
    // What it has back is the signer's policy, and the front's is gone.
    assert_eq!(server.end(), Some(0));
    site.move_back().ok();
    assert_eq!(
        std::fs::read_to_string(site.in_ca("gsec.toml")).expect("gsec.toml"),
        strict
    );
    assert_eq!(site.front(&evil).status, Some(3));
}

/// Root, who can read both, sees whatever the front keeps from the CA.
#[test]
fn the_journal_shows_what_the_front_does_not_tell_the_ca() {
    if !is_root() {
        return;
    }
    let site = Apart::moved();
    let server = site.server();
    for host in ["db1.example.com", "db2.example.com"] {
        site.front(&["cert", "issue", host, "--key-type", "p256"]).ok();
    }
    assert_eq!(server.end(), Some(0));
    let verify = ["ca", "log", "--verify", "--journal", "--json"];
    let sound = json(&site.as_root(&verify).ok());
    let journal = &sound["journal"];
    assert_eq!(journal["contradictions"], Value::Array(Vec::new()), "{sound}");
    assert_eq!(
        journal["not_proved"],
        Value::Array(Vec::new()),
        "two users: {sound}"
    );
    assert_eq!(
        journal["path"],
        site.in_own("signer.journal").to_string_lossy().as_ref(),
        "{sound}"
    );
    // The front itself may not look into it.
    let front = site.front(&verify);
    assert_eq!(front.status, Some(3), "{front}");
    assert!(front.stderr.contains("and for root"), "{front}");
    // It takes the record of a certificate out, and says nothing of it in the log either.
    let records = std::fs::read_to_string(site.in_ca("ca.db")).expect("records");
    let kept: Vec<&str> = records
        .lines()
        .filter(|line| !line.contains("db2.example.com"))
        .collect();
    std::fs::write(site.in_ca("ca.db"), kept.join("\n") + "\n").expect("written");
    let log = std::fs::read_to_string(site.in_ca("audit.log")).expect("the log");
    let at = log
        .lines()
        .position(|line| line.contains("db2.example.com"))
        .expect("a line");
    let cut: String = log.split_inclusive('\n').take(at).collect();
    std::fs::write(site.in_ca("audit.log"), cut).expect("written");
    std::fs::remove_file(site.in_ca("audit.head")).expect("removed");
    let told = site.as_root(&verify);
    assert_eq!(told.status, Some(1), "{told}");
    let told = json(&told);
    let codes: Vec<&str> = told["journal"]["contradictions"]
        .as_array()
        .expect("contradictions")
        .iter()
        .filter_map(|found| found["code"].as_str())
        .collect();
    for code in [
        "log_line_missing",
        "certificate_unannounced",
        "certificate_unrecorded",
    ] {
        assert!(codes.contains(&code), "{code}: {told}");
    }
    let text = site.as_root(&["ca", "log", "--verify", "--journal"]);
    assert_eq!(text.status, Some(1), "{text}");
    assert!(
        text.stdout.contains("does NOT agree with log and records"),
        "{text}"
    );
}

/// A signer whose directory another user can write decides by what that user wants: so it does not begin.
#[test]
fn a_signer_that_others_can_tell_what_to_decide_does_not_begin() {
    if !is_root() {
        return;
    }
    let begins = |fault: &dyn Fn(&Apart)| {
        let site = Apart::moved();
        fault(&site);
        let mut command = as_user(SIGNER, &program());
        command
            .args(["serve", "signer", "--no-input", "--signer-dir"])
            .arg(site.own());
        let done = run(Command::new("timeout")
            .arg("20")
            .arg(command.get_program())
            .args(command.get_args()));
        (done.status, done.stderr)
    };
    let mode = |path: PathBuf, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("a mode");
    };
    type Fault<'a> = (&'a str, &'a dyn Fn(&Apart));
    let faults: [Fault<'_>; 6] = [
        ("gsec.toml for everybody to write", &|site| {
            mode(site.in_own("gsec.toml"), 0o666);
            mode(site.own().join("ca_conf"), 0o711);
            mode(site.own(), 0o2711);
        }),
        ("gsec.toml of the front", &|site| {
            chown(site.in_own("gsec.toml"), Some(FRONT), None).expect("given");
        }),
        ("the certificate of the front", &|site| {
            chown(site.in_own("ca_cert.pem"), Some(FRONT), None).expect("given");
        }),
        ("a folder that the front's group can write", &|site| {
            mode(site.own(), 0o2770)
        }),
        ("a folder of the front", &|site| {
            chown(site.own(), Some(FRONT), None).expect("given");
            mode(site.own(), 0o2711);
        }),
        ("a folder above for everybody", &|site| {
            mode(site.folder.path().to_owned(), 0o777)
        }),
    ];
    for (what, fault) in faults {
        let (status, stderr) = begins(fault);
        assert_eq!(status, Some(3), "{what}: {stderr}");
    }
}

/// What is moved is never nowhere, and comes back as it was, with the journal that goes on.
#[test]
fn the_key_is_moved_and_comes_back_whole() {
    if !is_root() {
        return;
    }
    let site = Apart::new();
    let key = std::fs::read(site.in_ca("ca_priv_key.pem")).expect("the key");
    let report = json(&site.move_away().ok());
    assert_eq!(
        (&report["apart"], &report["user"]),
        (&Value::Bool(true), &Value::from(SIGNER)),
        "{report}"
    );
    assert_eq!(
        std::fs::read(site.in_own("ca_priv_key.pem")).expect("the key"),
        key
    );
    let lines = {
        let _signer = site.signer();
        site.front(&["cert", "issue", "db1.example.com", "--key-type", "p256"])
            .ok();
        std::fs::read_to_string(site.in_own("signer.journal"))
            .expect("a journal")
            .lines()
            .count()
    };
    assert_eq!(lines, 2);
    let rekey = site.front(&["ca", "rekey", "--yes"]);
    assert_eq!(rekey.status, Some(3), "{rekey}");
    assert!(rekey.stderr.contains("gsec serve move-key --from"), "{rekey}");
    assert!(
        rekey.stderr.contains("which is in the signer's own directory"),
        "{rekey}"
    );
    assert!(!rekey.stderr.contains("hint: or "), "{rekey}");
    // A call that was cut off before it had removed the key is typed again.
    std::fs::write(site.in_ca("ca_priv_key.pem"), &key).expect("the key");
    site.move_away().ok();
    assert!(!site.in_ca("ca_priv_key.pem").exists());
    // Not over the key of somebody else.
    let other = Apart::new();
    let taken = other.as_root(&[
        "serve",
        "move-key",
        "--to",
        &site.own().to_string_lossy(),
        "--user",
        &SIGNER.to_string(),
    ]);
    assert!(taken.fails().stderr.contains("is there already"));
    let foreign = other.as_root(&["serve", "move-key", "--from", &site.own().to_string_lossy()]);
    assert!(foreign.fails().stderr.contains("another CA"));
    site.move_back().ok();
    assert_eq!(
        std::fs::read(site.in_ca("ca_priv_key.pem")).expect("the key"),
        key
    );
    assert_eq!(std::fs::read_dir(site.own()).expect("the folder").count(), 0);
    assert!(!site.in_ca("signer.sock").is_symlink());
    site.front(&["ca", "rekey", "--yes"]).ok();
    site.front(&["cert", "issue", "db2.example.com", "--key-type", "p256"])
        .ok();
    site.move_away().ok();
    let _signer = site.signer();
    site.front(&["cert", "issue", "db3.example.com", "--key-type", "p256"])
        .ok();
    site.front(&["ca", "log", "--verify"]).ok();
    let log = std::fs::read_to_string(site.in_ca("audit.log")).expect("the log");
    let moved = log.lines().filter(|line| line.contains("\"serve.move_key\""));
    assert_eq!(moved.count(), 4, "{log}");
    let journal = gsec_signer::check_journal(&site.in_own("signer.journal")).expect("a journal");
    assert_eq!(journal.certificates.len(), 2, "it goes on");
}

/// The commands that the unit of the signer says to type, and then what both units start, as the users that they name; systemd itself is not there.
#[test]
fn the_units_are_set_up_and_started_as_they_say() {
    if !is_root() {
        return;
    }
    let site = Apart::bare();
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../contrib/systemd");
    let unit = |name: &str| std::fs::read_to_string(format!("{root}/{name}")).expect("a unit");
    let (signer, serve) = (unit("gsec-signer.service"), unit("gsec-serve.service"));
    let here = |line: &str| {
        let folder = site.folder.path().to_string_lossy();
        let line = line.replace("/var/lib/gsec-ca", &format!("{folder}/ca"));
        let line = line.replace("/var/lib/gsec-signer", &format!("{folder}/signer"));
        let line = line.replace("-o gsec -g gsec", &format!("-o {FRONT} -g {FRONT}"));
        let line = line.replace("--user gsec-signer", &format!("--user {SIGNER}"));
        let as_front = format!("setpriv --reuid={FRONT} --regid={FRONT} --clear-groups ");
        let line = line.replace("sudo -u gsec ", &as_front).replace("sudo ", "");
        let program = program().to_string_lossy().into_owned();
        line.replace("/usr/bin/gsec", "gsec")
            .replace(" gsec ", &format!(" {program} "))
            .replace("ca.example.com", "127.0.0.1")
    };
    let typed: Vec<&str> = signer
        .lines()
        .filter_map(|line| line.strip_prefix("#   "))
        .filter(|line| line.contains("sudo "))
        .collect();
    assert_eq!(typed.len(), 9, "{typed:?}");
    let of_the_machine = ["useradd", "systemctl", "sudo cp"];
    for line in typed {
        if !of_the_machine.iter().any(|words| line.contains(words)) {
            run(Command::new("sh").arg("-c").arg(here(&format!(" {line}")))).ok();
        }
    }
    let setting = |unit: &str, name: &str| {
        let line = unit.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("{name}")).to_owned()
    };
    assert_eq!(setting(&signer, "User="), "gsec-signer");
    assert_eq!(setting(&serve, "User="), "gsec");
    let start = |unit: &str, user: u32, further: &[String]| {
        let words = here(&format!(
            " {}",
            setting(unit, "ExecStart=").replace("/usr/bin/gsec", "gsec")
        ));
        let mut words = words.split_whitespace();
        let mut command = as_user(user, Path::new(words.next().expect("a program")));
        command.args(words).args(further).env("GSEC_CA_DIR", site.ca());
        Running::start(command.stdin(Stdio::null()).stdout(Stdio::null()))
    };
    let port = || crate::site::free_port();
    let _signer = start(&signer, SIGNER, &[]);
    wait_until("the signer", || site.front_can_connect());
    let ports = [
        format!("--listen=127.0.0.1:{}", port()),
        format!("--http=127.0.0.1:{}", port()),
    ];
    let _front = start(&serve, FRONT, &ports);
    wait_until("the front", || {
        site.as_root(&["serve", "status"]).status == Some(0)
    });
    let status = json(&site.as_root(&["serve", "status", "--json"]).ok());
    assert_eq!(status["mode"], "two_users", "{status}");
}

/// How open the units are, of 10, as systemd rates them.
#[test]
fn the_units_are_as_closed_as_they_are_said_to_be() {
    for (unit, most) in [("gsec-serve.service", 2.0), ("gsec-signer.service", 0.5)] {
        let path = format!("{}/../contrib/systemd/{unit}", env!("CARGO_MANIFEST_DIR"));
        let done = run(Command::new("systemd-analyze")
            .args(["security", "--no-pager", "--offline=true"])
            .arg(&path))
        .ok();
        let level = done
            .stdout
            .lines()
            .find_map(|line| line.split("Overall exposure level for ").nth(1))
            .and_then(|rest| rest.split(": ").nth(1)?.split(' ').next()?.parse::<f64>().ok());
        assert!(level.is_some_and(|level| level <= most), "{done}");
    }
}

/// Each example of the help, as it stands but for its user and its folder.
#[test]
fn the_examples_of_the_help_move_the_key() {
    if !is_root() {
        return;
    }
    let site = Apart::new();
    let help = site.as_root(&["serve", "move-key", "--help"]).ok().stdout;
    let section = help.split("\nEXAMPLES\n").nth(1).expect("examples");
    let examples: Vec<&str> = section
        .lines()
        .map_while(|line| line.strip_prefix("  $ gsec "))
        .collect();
    assert_eq!(examples.len(), 2, "{help}");
    for example in examples {
        let words: Vec<String> = example
            .split(' ')
            .map(|word| match word {
                "/var/lib/gsec-signer" => site.own().to_string_lossy().into_owned(),
                "gsec-signer" => SIGNER.to_string(),
                word => word.to_owned(),
            })
            .collect();
        site.as_root(&words.iter().map(String::as_str).collect::<Vec<_>>())
            .ok();
    }
}

#[test]
fn a_key_is_not_given_to_whom_it_is_kept_from() {
    if !is_root() {
        return;
    }
    let site = Apart::new();
    let own = site.own().to_string_lossy().into_owned();
    let to = |user: &str| site.as_root(&["serve", "move-key", "--to", &own, "--user", user]);
    for user in ["root", "0", &FRONT.to_string()] {
        assert!(
            to(user).fails().stderr.contains("nothing is kept from the front"),
            "{user}"
        );
    }
    assert!(
        to("nobody-of-this-name")
            .fails()
            .stderr
            .contains("there is no user")
    );
    // Where the front can write, it could put another directory in its place.
    let inside = site.ca().join("signer").to_string_lossy().into_owned();
    site.as_root(&[
        "serve",
        "move-key",
        "--to",
        &inside,
        "--user",
        &SIGNER.to_string(),
    ])
    .fails();
    site.front(&["serve", "move-key", "--to", &own, "--user", &SIGNER.to_string()])
        .fails();
    assert!(!site.own().exists() && site.in_ca("ca_priv_key.pem").exists());
    // Of two users in one directory, the signer could do nothing there.
    let apart = Apart::moved();
    let serve = apart.as_root(&["serve", "--name", "127.0.0.1"]);
    assert!(serve.fails().stderr.contains("--signer-dir"));
    chown(site.in_ca("ca_priv_key.pem"), Some(0), None).expect("given");
    let serve = site.as_root(&["serve", "--name", "127.0.0.1"]);
    assert!(serve.fails().stderr.contains("gsec serve move-key"));
}
