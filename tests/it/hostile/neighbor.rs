//! Another user of the machine who can write near the CA: in a folder above it, in `repository/`, in a sticky `ca_conf/`. Whatever he puts
//! there, no key of ours is read, no file of ours changes, nothing is forged, or gsec refuses to work there.
//!
//! The neighbor is another user than the one gsec runs as, so most of these tests need root to begin with.

use crate::common;
use crate::common::at::gsec_as_nobody;
use crate::common::machine::{NOBODY, is_root};
use crate::common::{machine, snapshot};

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::process::Stdio;

use common::doctor::{doctor, finds, type_line};
use common::{Call, ChildGuard, OldCa, Outcome, Scene, Tree, tool};

const CA: &str = "gsec-ca";
const KEY: &str = "gsec-ca/ca_conf/ca_priv_key.pem";
const CERTIFICATE: &str = "gsec-ca/ca_conf/ca_cert.pem";

/// A CA of root's with one host, in a folder that everybody can pass through.
struct Place {
    scene: Scene,
}

impl Place {
    fn new() -> Self {
        let scene = Scene::with_host();
        ["", CA].iter().for_each(|name| scene.chmod(name, 0o755));
        Self { scene }
    }

    /// A line that root types.
    #[track_caller]
    fn sh(&self, line: &str) {
        type_line(&self.scene, line).ok();
    }

    /// A line that the neighbor types.
    #[track_caller]
    fn neighbor(&self, line: &str) {
        as_neighbor(tool("sh").args(&["-c", line]))
            .in_dir(self.scene.dir.path(""))
            .run()
            .ok();
    }

    fn gsec(&self, line: &str) -> Outcome {
        let args: Vec<&str> = line.split_whitespace().collect();
        self.scene.gsec(&args).run()
    }

    /// The same of root for whom the neighbor has typed `sudo`.
    fn sudo(&self, line: &str) -> Outcome {
        let args: Vec<&str> = line.split_whitespace().collect();
        self.scene.gsec(&args).env("SUDO_UID", &NOBODY.to_string()).run()
    }

    /// Whatever signs or writes is refused, says why, and leaves everything as it was.
    #[track_caller]
    fn refuses_to_change(&self, ca: &str, situation: &str) {
        let folder = fs::canonicalize(self.scene.dir.path(ca)).expect("the CA directory");
        let before = Tree::of(&folder);
        for command in [
            "cert issue --host db2.example.com --key-type p256",
            "cert renew 01 --key-type p256",
            "cert revoke 01 --reason keyCompromise",
            "cert revoke 01 --no-crl",
            "crl update",
            "ca renew",
        ] {
            let outcome = self.gsec(&format!("{command} --ca-dir {ca}"));
            assert_eq!(outcome.status, Some(3), "{situation}: {outcome}");
            assert!(outcome.stderr.contains("hint: "), "{situation}: {outcome}");
        }
        Tree::of(&folder).is_unchanged_since(&before);
    }
}

fn as_neighbor(call: Call) -> Call {
    let nobody = format!("--reuid={NOBODY}");
    call.through(tool("setpriv").args(&[&nobody, &format!("--regid={NOBODY}"), "--clear-groups"]))
}

/// Whether there is another user to play the neighbor.
fn has_neighbor() -> bool {
    if !is_root() {
        println!("not run: needs root");
    }
    is_root()
}

// ------------------------------------------------------------------------------------------------ where gsec refuses to work

#[test]
fn nothing_is_signed_or_written_where_another_user_can_exchange_the_ca() {
    if !has_neighbor() {
        return;
    }
    let rows = [
        ("a folder above that everybody can write", "chmod 777 .", CA),
        (
            "a folder above that its group can write",
            "chgrp 54321 . && chmod 775 .",
            CA,
        ),
        ("a folder above that belongs to another user", "chown 65534 .", CA),
        (
            "a sticky folder above that belongs to another user",
            "chown 65534 . && chmod 1777 .",
            CA,
        ),
        (
            "a folder further up",
            "mkdir up && mv gsec-ca up/ && chown 65534 up",
            "up/gsec-ca",
        ),
        (
            "a link that another user made",
            "mkdir -m 1777 up && ln -s ../gsec-ca up/ca && chown -h 65534 up/ca",
            "up/ca",
        ),
        ("the CA directory", "chmod 777 gsec-ca", CA),
        ("ca_conf", "chmod 777 gsec-ca/ca_conf", CA),
        ("a sticky ca_conf", "chmod 1777 gsec-ca/ca_conf", CA),
        ("repository", "chmod 777 gsec-ca/repository", CA),
        ("a sticky repository", "chmod 1777 gsec-ca/repository", CA),
        (
            "ca_conf for a group",
            "chgrp 54321 gsec-ca/ca_conf && chmod 770 gsec-ca/ca_conf",
            CA,
        ),
        ("repository of another user", "chown 65534 gsec-ca/repository", CA),
        ("ca.db of another user", "chown 65534 gsec-ca/ca_conf/ca.db", CA),
        (
            "gsec.toml that everybody can write",
            "chmod 755 gsec-ca/ca_conf && chmod 666 gsec-ca/ca_conf/gsec.toml",
            CA,
        ),
        (
            "the CA key of another user",
            "chown 65534 gsec-ca/ca_conf/ca_priv_key.pem",
            CA,
        ),
    ];
    for (situation, line, ca) in rows {
        let place = Place::new();
        place.sh(line);
        place.refuses_to_change(ca, situation);
        let list = place.gsec(&format!("cert list --ca-dir {ca}"));
        assert!(
            list.status == Some(0)
                && list.stdout.contains("db1.example.com")
                && list.stderr.contains("warning: "),
            "{situation}: {list}"
        );
        let shown = place.gsec(&format!("ca show --json --ca-dir {ca}")).ok().json();
        assert_eq!(
            shown["warnings"][0]["code"], "exposed_to_others",
            "{situation}: {shown:#}"
        );
        let errors: Vec<String> = doctor(&place.scene, &[ca])
            .into_iter()
            .filter(|found| found.severity == "error")
            .map(|found| found.slug)
            .collect();
        let known = ["ca-parent-writable", "ca-writable-by-others", "ca-owner-differs"];
        assert!(
            errors.iter().any(|slug| known.contains(&slug.as_str())),
            "{situation}: {errors:?}"
        );
    }
}

#[test]
fn a_ca_is_not_made_where_another_user_could_exchange_it() {
    if !has_neighbor() {
        return;
    }
    let scene = Scene::empty();
    scene.chmod("", 0o777);
    scene
        .gsec(&["ca", "init", "--cn", "X", "--key-type", "p256"])
        .run()
        .code(3);
    assert!(!scene.exists(CA));
    scene.chmod("", 0o1777);
    scene
        .gsec(&["ca", "init", "--cn", "X", "--key-type", "p256"])
        .run()
        .ok();
}

#[test]
fn a_sticky_folder_of_roots_and_private_groups_above_are_safe() {
    if !has_neighbor() {
        return;
    }
    for line in ["chmod 1777 .", "chgrp 0 . gsec-ca && chmod 775 . gsec-ca"] {
        let place = Place::new();
        place.sh(line);
        place
            .gsec("cert issue --host db2.example.com --key-type p256")
            .ok();
        assert_eq!(
            doctor(&place.scene, &[CA])
                .iter()
                .filter(|found| found.severity == "error")
                .count(),
            0,
            "{line}"
        );
    }
}

// ------------------------------------------------------------------------------------------------ another key for the CA

/// A CA of the neighbor's, under the name of ours.
fn evil_changeover(place: &Place) {
    place.sh("gsec ca init --cn 'Test CA' --key-type p256 --ca-dir evil && chown -R 65534 evil && chmod -R go+rX evil");
    place.sh("chmod 1777 gsec-ca/ca_conf");
    place.neighbor("umask 077; mkdir gsec-ca/ca_conf/.rekey && cp evil/ca_conf/ca_cert.pem evil/ca_conf/ca_priv_key.pem gsec-ca/ca_conf/.rekey/");
}

#[test]
fn a_planted_change_of_key_is_never_finished() {
    if !has_neighbor() {
        return;
    }
    let place = Place::new();
    evil_changeover(&place);
    let (key, certificate) = (place.scene.read(KEY), place.scene.read(CERTIFICATE));
    let is_ours = |situation: &str| {
        place.gsec("cert list").ok();
        place.gsec("doctor gsec-ca");
        place
            .gsec("cert issue --host db2.example.com --key-type p256")
            .code(3)
            .says(if situation == "sticky" { "" } else { ".rekey" });
        assert!(
            place.scene.read(KEY) == key && place.scene.read(CERTIFICATE) == certificate,
            "{situation}"
        );
        assert_eq!(
            finds(&place.scene, &[CA], "rekey-foreign").severity,
            "error",
            "{situation}"
        );
    };
    is_ours("sticky");
    place.sh("chmod 700 gsec-ca/ca_conf");
    is_ours("the folder is closed again, and the plant is in it");
    place.sh("chown -R root gsec-ca/ca_conf/.rekey");
    is_ours("somebody has given it to root");
    place.sh("mkdir -p gsec-ca/ca_conf/.rekey/previous/00 && chmod -R go-rwx gsec-ca/ca_conf/.rekey");
    is_ours("with a folder of a former key");
    let remedy = finds(&place.scene, &[CA], "rekey-foreign").fix.remove(0);
    place.sh(&remedy);
    place
        .gsec("cert issue --host db2.example.com --key-type p256")
        .ok();
    assert!(place.scene.read(KEY) == key);
}

/// The CA's own change of key, cut off after it was decided, is finished all the same.
#[test]
fn a_change_of_key_of_the_cas_own_is_finished_by_the_next_call() {
    let scene = Scene::with_host();
    let old = scene.read(CERTIFICATE);
    let traced = [
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        "trace=rename",
        "-e",
        "inject=rename:signal=KILL:when=3",
    ];
    let outcome = scene
        .gsec(&["ca", "rekey", "--yes"])
        .through(tool("strace").args(&traced))
        .run();
    assert_ne!(outcome.status, Some(0), "{outcome}");
    assert!(scene.exists("gsec-ca/ca_conf/.rekey"), "it was killed elsewhere");
    scene.gsec(&["cert", "list"]).run().ok();
    assert!(!scene.exists("gsec-ca/ca_conf/.rekey") && scene.read(CERTIFICATE) != old);
    scene.issue("db2.example.com", &[]).run().ok();
}

// ------------------------------------------------------------------------------------------------ links to files of ours

#[test]
fn adopting_changes_nothing_that_a_link_or_a_second_name_leads_to() {
    if !has_neighbor() {
        return;
    }
    let scene = Scene::empty();
    scene.chmod("", 0o755);
    let old = OldCa::new();
    type_line(
        &scene,
        &format!(
            "cp -a {} old && mkdir victim && chmod 755 victim && echo x > secret && chmod 644 secret",
            old.path
        ),
    )
    .ok();
    type_line(
        &scene,
        "chmod 755 old old/ca_conf && chmod 777 old/repository && ln secret old/repository/yy_priv_key.pem",
    )
    .ok();
    as_neighbor(tool("sh").args(&[
        "-c",
        "ln -s $PWD/victim old/repository/zz_priv_key.pem; mkfifo old/repository/xx.pfx",
    ]))
    .in_dir(scene.dir.path(""))
    .run()
    .ok();
    let said = scene
        .gsec(&["ca", "adopt", "--yes", "--ca-dir", "old"])
        .run()
        .ok();
    let mode = |name: &str| fs::metadata(scene.dir.path(name)).expect(name).mode() & 0o7777;
    assert_eq!(
        (
            mode("victim"),
            mode("secret"),
            mode("old/repository"),
            mode("old/ca_conf")
        ),
        (0o755, 0o644, 0o700, 0o700),
        "{said}"
    );
    for name in ["zz_priv_key.pem", "yy_priv_key.pem", "xx.pfx"] {
        assert!(
            said.stdout
                .lines()
                .any(|line| line.contains(name) && line.contains("left unchanged")),
            "{name}: {said}"
        );
    }
}

#[test]
fn mending_changes_nothing_that_a_link_or_a_second_name_leads_to() {
    if !has_neighbor() {
        return;
    }
    let place = Place::new();
    place.sh("echo secret > secret && chmod 644 secret && mkdir victim && chmod 755 victim");
    place.sh("chmod 755 gsec-ca gsec-ca/repository && chmod 644 gsec-ca/repository/01_db1_priv_key.pem");
    place.sh("ln secret gsec-ca/repository/yy_priv_key.pem && ln -s ../../victim gsec-ca/repository/zz_priv_key.pem && ln -s ../../secret gsec-ca/repository/05.pem");
    place.gsec("doctor --fix --yes gsec-ca");
    let mode = |name: &str| fs::metadata(place.scene.dir.path(name)).expect(name).mode() & 0o7777;
    assert_eq!((mode("secret"), mode("victim")), (0o644, 0o755));
    assert_eq!(mode("gsec-ca/repository/01_db1_priv_key.pem"), 0o600);
    let found = finds(&place.scene, &[CA], "ca-file-irregular");
    assert!(
        found.fix.iter().all(|fix| !fix.contains("readlink")),
        "{found:#?}"
    );
    found.fix.iter().for_each(|fix| place.sh(fix));
    let has_secret =
        |name: &String| place.scene.read_bytes(&format!("gsec-ca/repository/{name}")) == b"secret\n";
    let with_secret: Vec<String> = Tree::of(place.scene.dir.path("gsec-ca/repository"))
        .files()
        .into_iter()
        .filter(has_secret)
        .collect();
    assert_eq!(
        with_secret,
        ["yy_priv_key.pem"],
        "the file that has this name besides, and no copy"
    );
    assert!(
        doctor(&place.scene, &[CA])
            .iter()
            .all(|found| found.slug != "ca-file-irregular")
    );
}

// ------------------------------------------------------------------------------------------------ secrets

#[test]
fn secrets_go_into_no_pipe_link_device_or_folder_of_another_user() {
    if !has_neighbor() {
        return;
    }
    let place = Place::new();
    place.sh(
        "mkdir -m 777 theirs && chown 65534 theirs && ln -s theirs link && mkdir -m 755 ours && echo old > ours/old.pem && chown 65534 ours/old.pem",
    );
    place.neighbor("mkfifo -m 666 theirs/pipe.pem");
    place.sh("ln -s theirs/pipe.pem pipe.pem && mkfifo ours/pipe.pem && ln -s /dev/zero ours/zero.pem && ln -s nowhere ours/dangling.pem");
    let key = "gsec-ca/repository/01_db1_priv_key.pem";
    let pfx = "gsec-ca/repository/01_db1_cert.pem";
    let before = Tree::of(place.scene.dir.path(CA));
    let outs = [
        "theirs/pipe.pem",
        "pipe.pem",
        "ours/pipe.pem",
        "ours/zero.pem",
        "ours/dangling.pem",
        "/dev/full",
        "theirs/new.pem",
        "link/new.pem",
        "ours/old.pem",
    ];
    for out in outs {
        for force in ["", "--force"] {
            place
                .gsec(&format!("convert key {key} --out {out} {force}"))
                .code(3);
            place
                .gsec(&format!(
                    "convert to-pfx --cert {pfx} --key {key} --out {out} {force}"
                ))
                .code(3);
        }
    }
    for folder in ["theirs", "link"] {
        for command in [
            "cert issue --host db2.example.com --key-type p256 --no-keep-key",
            "cert ensure --host db2.example.com --key-type p256",
            "cert request --host db2.example.com --key-type p256",
        ] {
            place
                .gsec(&format!("{command} --out-dir {folder}"))
                .code(3)
                .says("belongs to user 65534");
        }
        place
            .gsec(&format!("convert to-pem {key} --out-dir {folder}"))
            .code(3);
    }
    Tree::of(place.scene.dir.path(CA)).is_unchanged_since(&before);
    let left: Vec<_> = fs::read_dir(place.scene.dir.path("theirs"))
        .expect("theirs")
        .map(|entry| entry.expect("entry").file_name())
        .collect();
    assert_eq!(left, ["pipe.pem"]);
    // Where nobody else is, they go.
    place.gsec(&format!("convert key {key} --out ours/new.pem")).ok();
    place
        .gsec(&format!("convert key {key} --out ours/new.pem --force"))
        .ok();
    assert!(
        place
            .gsec(&format!("convert key {key} --out /dev/stdout"))
            .ok()
            .stdout
            .contains("PRIVATE KEY")
    );
    place
        .gsec("cert issue --host db2.example.com --key-type p256 --out-dir ours")
        .ok();
}

#[test]
fn a_pipe_without_a_writer_is_given_up_and_one_with_a_writer_is_read() {
    let scene = Scene::empty();
    type_line(&scene, "mkfifo pipe; printf secret > secret").ok();
    let init = [
        "ca",
        "init",
        "--cn",
        "X",
        "--key-type",
        "p256",
        "--encrypt-key",
        "--ca-passphrase-file",
    ];
    scene
        .gsec(&init)
        .args(&["pipe"])
        .run()
        .code(3)
        .says("no data arrived in the pipe");
    assert!(!scene.exists(CA));
    type_line(
        &scene,
        "(cat secret > pipe) & gsec ca init --cn X --key-type p256 --encrypt-key --ca-passphrase-file pipe",
    )
    .ok();
    scene
        .issue("db1.example.com", &["--ca-passphrase-file", "secret"])
        .run()
        .ok();
}

#[test]
fn nothing_is_read_without_a_bound_and_the_error_names_it() {
    let scene = Scene::with_host();
    for (args, bound) in [
        (
            &[
                "convert",
                "key",
                "gsec-ca/repository/01_db1_priv_key.pem",
                "--password-file",
                "/dev/zero",
                "--stdout",
            ][..],
            "65536",
        ),
        (&["cert", "show", "/dev/zero"], "16777216"),
        (&["cert", "issue", "--from", "/dev/zero"], "268435456"),
    ] {
        let outcome = scene.gsec(args).run().fails();
        assert!(
            outcome.stderr.contains(bound) || outcome.status == Some(2),
            "{outcome}"
        );
    }
    let log = scene.dir.path("gsec-ca/ca_conf/audit.log");
    let size = fs::metadata(&log).expect("log").len();
    fs::OpenOptions::new()
        .write(true)
        .open(&log)
        .expect("log")
        .set_len(3 << 30)
        .expect("a sparse file");
    scene
        .issue("db2.example.com", &[])
        .run()
        .code(3)
        .says("longer than 1048576 bytes");
    assert!(!scene.exists("gsec-ca/ca_conf/audit.log.torn-1") && !scene.exists("gsec-ca/repository/02.pem"));
    fs::OpenOptions::new()
        .write(true)
        .open(&log)
        .expect("log")
        .set_len(size)
        .expect("cut");
    for name in ["gsec.toml", "serial.num", "ca.db.attr", "ca_cert.pem"] {
        let path = scene.dir.path(&format!("gsec-ca/ca_conf/{name}"));
        let size = fs::metadata(&path).expect(name).len();
        let large = || fs::OpenOptions::new().write(true).open(&path).expect(name);
        large().set_len(1 << 32).expect("a sparse file");
        scene.issue("db2.example.com", &[]).run().code(3).says("16777216");
        large().set_len(size).expect("cut");
    }
    scene.issue("db2.example.com", &[]).run().ok();
}

/// A process of the same user looks into the memory of one that holds keys; so do core files that a program takes (core(5)).
#[test]
fn memory_of_a_process_that_holds_keys_is_nobody_elses() {
    if !has_neighbor() {
        return;
    }
    let place = Place::new();
    place.sh("chown -R 65534:65534 gsec-ca");
    let lock = fs::File::options()
        .write(true)
        .open(place.scene.dir.path("gsec-ca/ca_conf/.lock"))
        .expect("the lock file");
    lock.lock().expect("the lock");
    let issue = [
        "cert",
        "issue",
        "--host",
        "db2.example.com",
        "--key-type",
        "p256",
        "--lock-timeout",
        "600",
    ];
    let mut command = gsec_as_nobody(std::path::Path::new(&place.scene.dir.path(CA)), issue);
    let mut child = ChildGuard::start(
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped()),
    );
    let mut notice = String::new();
    std::io::BufRead::read_line(
        &mut std::io::BufReader::new(child.0.stderr.take().expect("piped")),
        &mut notice,
    )
    .expect("what it says");
    let pid = child.0.id();
    let look = |file: &str| {
        as_neighbor(tool("head").args(&["-c", "1", &format!("/proc/{pid}/{file}")]))
            .run()
            .status
    };
    assert_eq!(look("cmdline"), Some(0), "everybody may see that");
    assert_eq!((look("environ"), look("maps")), (Some(1), Some(1)));
    drop(lock);
    assert_eq!(child.0.wait().expect("it ends").code(), Some(0), "{notice}");
}

// ------------------------------------------------------------------------------------------------ root in a CA of somebody else

#[test]
fn what_root_does_in_a_users_ca_stays_the_users() {
    if !has_neighbor() {
        return;
    }
    let place = Place::new();
    place.sh("gsec ca rekey --yes && rm gsec-ca/ca_conf/.lock && printf torn >> gsec-ca/ca_conf/ca.db && printf torn >> gsec-ca/ca_conf/audit.log");
    place.sh("chown -R 65534:65534 gsec-ca && printf pp > pp");
    for command in [
        "cert issue --host db2.example.com --key-type p256",
        "cert revoke 02 --reason superseded",
        "crl update",
        "cert renew 01 --key-type p256",
        "cert ensure --host db3.example.com --key-type p256",
        "ca renew --yes",
        "ca rekey --yes",
        "ca passphrase --new-passphrase-file pp",
        "ca passphrase --remove --ca-passphrase-file pp",
    ] {
        let outcome = place.sudo(&format!("{command} --json")).ok();
        assert!(
            outcome.json()["warnings"]
                .as_array()
                .is_some_and(|all| all.iter().any(|one| one["code"] == "acts_for_another_user")),
            "{outcome}"
        );
        for (name, path) in snapshot::walk(std::path::Path::new(&place.scene.dir.path(CA))) {
            let metadata = fs::symlink_metadata(&path).expect("metadata");
            assert_eq!(
                (metadata.uid(), metadata.gid()),
                (NOBODY, NOBODY),
                "{name} after {command}"
            );
        }
    }
    let path = place.scene.dir.path(CA);
    let again = ["cert", "issue", "--host", "db4.example.com", "--key-type", "p256"];
    common::run(&mut gsec_as_nobody(std::path::Path::new(&path), again)).succeeded("the user goes on");
}

/// As `sudo` in the user's own folder: whatever is made there is the user's, also outside the CA directory.
#[test]
fn what_root_writes_in_a_users_folder_is_the_users() {
    if !has_neighbor() {
        return;
    }
    let place = Place::new();
    place.sh(
        "printf 'host\\ndb5.example.com\\ndb6.example.com\\n' > list.csv && mkdir out more pages scripts",
    );
    place.sh("openssl req -new -newkey rsa:2048 -nodes -keyout db4.key -subj /CN=db4.example.com -out db4.csv 2>&1 && mv db4.csv db4.csr");
    place.sh("gsec cert show 01 > /dev/null && chown -R 65534:65534 .");
    for command in [
        "cert issue --host db2.example.com --key-type p256 --out-dir out",
        "cert issue --host db3.example.com --key-type p256 --out-dir out --no-keep-key",
        "cert ensure --host db2.example.com --key-type p256 --out-dir more",
        "cert ensure --host db7.example.com --key-type p256 --out-dir more",
        "cert ensure --host db4.example.com --csr db4.csr --out-dir more",
        "cert issue --from list.csv --key-type p256 --out-dir out",
        "cert sign db4.csr --host db4.example.com --out-dir out",
        "cert renew 01 --key-type p256 --revoke-old --out-dir out",
        "cert revoke 02 --reason certificateHold",
        "cert unhold 02",
        "cert request --host db9.example.com --key-type p256 --out-dir out",
        "cert request --host db9.example.com --key-type p256",
        "ca request --cn Sub --key-type p256 --ca-dir sub --out sub.csr",
        "ca sign sub.csr --out sub.pem",
        "ca accept sub.pem --ca-dir sub --yes",
        "ca renew --yes --parent gsec-ca --ca-dir sub",
        "ca init --cn Another --key-type p256 --ca-dir another",
        "quickstart db8.example.com --ca-dir third",
        "convert to-der gsec-ca/repository/01.pem --out 01.der",
        "convert to-der gsec-ca/repository/01.pem --out 01.der --force",
        "man --out pages",
        "compat link scripts",
    ] {
        place.sudo(command).ok();
        for (name, path) in snapshot::walk(std::path::Path::new(&place.scene.dir.path(""))) {
            let metadata = fs::symlink_metadata(&path).expect("metadata");
            assert_eq!(
                (metadata.uid(), metadata.gid()),
                (NOBODY, NOBODY),
                "{name} after {command}"
            );
        }
    }
    // The same rule where there is no CA: root writes a key for the user who typed sudo, says so, and for nobody else.
    place.sh("mkdir alone && chown 65534:65534 alone");
    let request = "cert request --host db9.example.com --key-type p256 --out-dir alone --json";
    let elsewhere = |sudo: Option<&str>| {
        let args: Vec<&str> = request.split(' ').collect();
        let call = place.scene.gsec(&args);
        let call = call.env("GSEC_CA_DIR", "/nonexistent");
        match sudo {
            Some(user) => call.env("SUDO_UID", user).run(),
            None => call.run(),
        }
    };
    for sudo in [None, Some("65533")] {
        elsewhere(sudo).code(3);
        place.sh("test -z \"$(ls alone)\"");
    }
    let written = elsewhere(Some("65534")).ok().json();
    assert_eq!(
        written["warnings"][0]["code"], "written_for_another_user",
        "{written}"
    );
    place.sh("test \"$(stat -c '%u:%g:%a' alone/*key*)\" = 65534:65534:600");
    // doctor fixes as well: a record that lost its file, attributes that are gone.
    place.sh("rm gsec-ca/ca_conf/ca.db.attr gsec-ca/repository/02.pem");
    place.gsec("doctor gsec-ca --fix --yes");
    // A key that no CA of this user's holds is not written where he can take it, and nothing is left of the attempt.
    place
        .gsec("convert to-pem gsec-ca/repository/02_db2_priv_key.pem --out-dir parts")
        .code(3)
        .says("belongs to user 65534");
    assert!(!place.scene.exists("parts"));
    for (name, path) in snapshot::walk(std::path::Path::new(&place.scene.dir.path(""))) {
        assert_eq!(
            fs::symlink_metadata(&path).expect("metadata").uid(),
            NOBODY,
            "{name} after doctor"
        );
    }
}

#[test]
fn the_lock_file_has_its_mode_whatever_the_umask() {
    for umask in ["000", "777"] {
        let scene = Scene::with_ca();
        fs::remove_file(scene.dir.path("gsec-ca/ca_conf/.lock")).expect("remove");
        type_line(
            &scene,
            &format!("umask {umask}; gsec cert issue --host db1.example.com --key-type p256"),
        )
        .ok();
        assert_eq!(
            scene.tree().mode("gsec-ca/ca_conf/.lock") & 0o7777,
            0o600,
            "umask {umask}"
        );
    }
}

// ------------------------------------------------------------------------------------------------ locks and keys that change

/// The lock file is deleted while a call holds it: the next one makes another file, and still no number is given twice.
#[test]
fn a_lock_whose_file_is_deleted_lets_no_serial_number_be_used_twice() {
    for call in 1..4 {
        let scene = Scene::with_ca();
        let inject = format!("inject=fsync:delay_enter=1500000:when={call}");
        let traced = ["-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-e", &inject];
        let mut first = scene
            .issue("db1.example.com", &["--no-pfx"])
            .through(tool("strace").args(&traced))
            .into_command();
        let mut child = ChildGuard::start(
            first
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        );
        std::thread::sleep(std::time::Duration::from_millis(700));
        let _ = fs::remove_file(scene.dir.path("gsec-ca/ca_conf/.lock"));
        scene.issue("db2.example.com", &["--no-pfx"]).run().ok();
        assert_eq!(child.0.wait().expect("it ends").code(), Some(0), "fsync {call}");
        let serials: Vec<String> = scene
            .read("gsec-ca/ca_conf/ca.db")
            .lines()
            .map(|line| line.split('\t').nth(3).expect("serial").to_owned())
            .collect();
        assert!(
            serials.len() == 2 && serials[0] != serials[1],
            "fsync {call}: {serials:?}"
        );
        scene.gsec(&["ca", "log", "--verify"]).run().ok();
        common::openssl(&["ca", "-config", "ca_conf/ca.conf", "-status", &serials[0]])
            .in_dir(scene.dir.path(CA))
            .run()
            .says("=Valid");
    }
}

/// A call that opened the key before `ca rekey` signs nothing with it afterwards.
#[test]
fn nothing_is_signed_by_a_key_that_was_changed_meanwhile() {
    let scene = Scene::with_ca();
    let traced = [
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        "trace=flock",
        "-e",
        "inject=flock:delay_enter=4000000:when=1",
    ];
    let mut first = scene
        .issue("db1.example.com", &["--no-pfx"])
        .through(tool("strace").args(&traced))
        .into_command();
    let mut child = ChildGuard::start(
        first
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null()),
    );
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let was_issued = scene.exists("gsec-ca/repository/01.pem");
    scene.gsec(&["ca", "rekey", "--yes"]).run().ok();
    let status = child.0.wait().expect("it ends").code();
    // On a machine where the call was done before, there is nothing to see.
    if status == Some(3) {
        assert!(!scene.exists("gsec-ca/repository/01.pem") && scene.read("gsec-ca/ca_conf/ca.db").is_empty());
    } else if !was_issued {
        scene
            .gsec(&[
                "cert",
                "verify",
                "gsec-ca/repository/01.pem",
                "--trust",
                CERTIFICATE,
            ])
            .run()
            .ok();
    }
}

// ------------------------------------------------------------------------------------------------ read-only

#[test]
fn whoever_only_asks_goes_on_where_nothing_can_be_written() {
    machine::in_private_mounts(
        concat!(
            module_path!(),
            "::whoever_only_asks_goes_on_where_nothing_can_be_written"
        ),
        || {
            let scene = Scene::with_host();
            let ca = scene.dir.path(CA);
            tool("mount").args(&["--bind", &ca, &ca]).run().ok();
            tool("mount").args(&["-o", "remount,ro,bind", &ca]).run().ok();
            assert!(fs::write(scene.dir.path("gsec-ca/x"), "x").is_err());
            let ensure = ["cert", "ensure", "--check", "--key-type", "p256", "--host"];
            scene.gsec(&ensure).args(&["db1.example.com"]).run().ok();
            scene.gsec(&ensure).args(&["db2.example.com"]).run().code(1);
            for line in [
                "cert list",
                "cert show 01",
                "cert verify 01",
                "ca show",
                "ca log",
                "ca log --verify",
                "cert revoke 01 --dry-run",
            ] {
                let args: Vec<&str> = line.split_whitespace().collect();
                scene.gsec(&args).run().ok();
            }
            scene.gsec(&["doctor", CA]).run().ok().says("read-only");
            scene.issue("db2.example.com", &[]).run().code(3);
        },
    );
}

/// What all of the above rests on.
#[test]
fn the_neighbor_cannot_read_the_key_himself() {
    if !has_neighbor() {
        return;
    }
    let place = Place::new();
    let outcome = as_neighbor(tool("cat").args(&[&place.scene.dir.path(KEY)]))
        .run()
        .fails();
    assert!(!outcome.stdout.contains("KEY"), "{outcome}");
}

#[test]
fn user_who_may_not_look_is_not_told_that_nothing_is_there() {
    if !has_neighbor() {
        return;
    }
    let place = Place::new();
    place.scene.chmod(CA, 0o700);
    for args in [
        &["cert", "list"][..],
        &["cert", "show", "01", "--ca-dir", CA],
        &["cert", "show", "db1.example.com"],
        &["ca", "show"],
    ] {
        let said = as_neighbor(place.scene.gsec(args)).run().code(3);
        assert!(
            said.stderr.contains("ermission denied") && said.stderr.contains("hint: it belongs to `root`: "),
            "{said}"
        );
    }
    // doctor examines the machine, and says what it did not see.
    let said = as_neighbor(place.scene.gsec(&["doctor", "--json"])).run();
    let document = said.json();
    let ca = document["targets"]
        .as_array()
        .expect("targets")
        .iter()
        .find(|target| target["target"] == CA);
    assert!(
        ca.is_some_and(|target| target.to_string().contains("ermission denied")),
        "{said}"
    );
}
