//! `gsec trust` where something fails: a tool, a disk, a file that cannot be read. What was there is there again, and what is said of a store is so.

use crate::common;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::trust::{
    ANCHORS, CA, JAVA, dated, debian_stores, is_as_before, nss_database, own_stores, restored, states,
    without_inodes,
};
use common::machine::{NOBODY, chmod};
use common::own_stores::{as_root, stub, trust, without_java_hook, without_program};
use common::{Call, Scene, gsec, tool};

const BUNDLE: &str = "/etc/ssl/certs/ca-certificates.crt";
const SYSTEM: [&str; 4] = ["--store", "system", "--yes", "--json"];
/// What Debian's tool does first.
const CLEAR: &str = "find /etc/ssl/certs -type l -exec rm -f {} +";

/// What a tool does that fails, each in its own way.
const FAILURES: [&str; 6] = [
    "exit 1",
    "find /etc/ssl/certs -type l -exec rm -f {} +; exit 1",
    "find /etc/ssl/certs -type l -exec rm -f {} +; : > /etc/ssl/certs/ca-certificates.crt; exit 1",
    "rm -f /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/java/cacerts; exit 1",
    "find /etc/ssl/certs -type l -exec rm -f {} +; kill -9 $$",
    // It says that all is well.
    "find /etc/ssl/certs -type l -exec rm -f {} +; : > /etc/ssl/certs/java/cacerts",
];

/// A script in the place of a program, as long as this lives.
struct InPlace {
    program: String,
}

/// In the script, `$real` is the program.
fn in_place_of(name: &str, script: &str) -> InPlace {
    let program = fs::canonicalize(common::program(name)).expect("a program");
    let program = program.display().to_string();
    let [real, new] = ["real", "stub"].map(|kind| format!("/var/{kind}-{name}"));
    // A program of Java finds its libraries by its own path.
    let is_link_enough = name == "keytool";
    let real = if is_link_enough { &program } else { &real };
    if !is_link_enough {
        fs::copy(&program, real).expect("a copy");
    }
    fs::write(&new, format!("#!/bin/sh\nreal={real}\n{script}\n")).expect("a script");
    chmod(Path::new(&new), 0o755);
    let program = if is_link_enough {
        fs::remove_file("/etc/alternatives/keytool").expect("a link");
        symlink(&new, "/etc/alternatives/keytool").expect("a link");
        real.clone()
    } else {
        tool("mount").args(&["--bind", &new, &program]).run().ok();
        program
    };
    InPlace { program }
}

impl Drop for InPlace {
    fn drop(&mut self) {
        if self.program.ends_with("keytool") {
            let _ = fs::remove_file("/etc/alternatives/keytool");
            let _ = symlink(&self.program, "/etc/alternatives/keytool");
        } else {
            tool("umount").args(&[&self.program]).run();
        }
    }
}

fn change(scene: &Scene, what: &str) -> Call {
    trust(&scene.dir, &[&[what, CA], &SYSTEM[..]].concat())
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn what_a_failing_tool_has_emptied_is_put_back() {
    own_stores!(what_a_failing_tool_has_emptied_is_put_back, || {
        without_java_hook();
        let scene = Scene::with_ca();
        let before = debian_stores();
        for script in FAILURES {
            let _tool = in_place_of("update-ca-certificates", script);
            let refused = change(&scene, "install").run().code(3);
            assert_eq!(states(&refused)[0].1, "failed", "{script}");
            is_as_before(&before, &debian_stores());
        }
        change(&scene, "install").run().ok();
        let with_ca = debian_stores();
        for script in FAILURES {
            let _tool = in_place_of("update-ca-certificates", script);
            let refused = change(&scene, "uninstall").run().code(3);
            assert_eq!(states(&refused)[0].1, "failed", "{script}");
            is_as_before(&with_ca, &debian_stores());
            trust(&scene.dir, &["status", CA]).run().ok();
        }
        let removed = change(&scene, "uninstall").run().ok();
        assert_eq!(restored(&removed), ["yes"], "{removed}");
        is_as_before(&before, &debian_stores());
    });
}

/// Covers a directory by a small disk with the same in it, and fills it up to so many bytes.
fn on_a_small_disk(folder: &str, free: u64) {
    let script = format!(
        "set -e; cp -a {folder} /var/kept; size=$(du -sB 4096 /var/kept | cut -f 1)
         mount -t tmpfs -o mode=0755,size=$(( size * 4096 + {free} + 2097152 )) tmpfs {folder}; cp -a /var/kept/. {folder}/
         left=$(df --output=avail -B 4096 {folder} | tail -n 1)
         head -c $(( left * 4096 - {free} )) /dev/zero > {folder}/filling; rm -rf /var/kept"
    );
    tool("sh").args(&["-c", &script]).run().succeeded(folder);
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn disk_that_is_full_is_seen_before_anything_is_changed() {
    own_stores!(disk_that_is_full_is_seen_before_anything_is_changed, || {
        without_java_hook();
        let scene = Scene::with_ca();
        for folder in ["/etc/ssl/certs", ANCHORS, "/var/lib/gsec"] {
            fs::create_dir_all(folder).expect("a directory");
            if folder.ends_with("gsec") {
                fs::create_dir_all("/var/lib/gsec/trust").expect("a directory");
            }
            on_a_small_disk(folder, 0);
            let before = debian_stores();
            let refused = change(&scene, "install").run().code(3);
            assert!(
                format!("{refused}").contains("no space left"),
                "{folder}: {refused}"
            );
            is_as_before(&before, &debian_stores());
            fs::remove_file(format!("{folder}/filling")).expect("it goes");
            change(&scene, "install").run().ok();
            if folder != ANCHORS {
                let with_ca = debian_stores();
                tool("sh")
                    .args(&[
                        "-c",
                        &format!("cat /dev/zero > {folder}/filling 2> /dev/null || :"),
                    ])
                    .run()
                    .ok();
                let full = debian_stores();
                let refused = change(&scene, "uninstall").run().code(3);
                assert!(format!("{refused}").contains("no space left"), "{refused}");
                is_as_before(&full, &debian_stores());
                fs::remove_file(format!("{folder}/filling")).expect("it goes");
                is_as_before(&with_ca, &debian_stores());
            }
            change(&scene, "uninstall").run().ok();
        }
    });
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn what_cannot_be_put_back_is_named() {
    own_stores!(what_cannot_be_put_back_is_named, || {
        without_java_hook();
        let scene = Scene::with_ca();
        on_a_small_disk("/etc/ssl/certs", 1024 * 1024);
        let before = debian_stores();
        let tool = in_place_of(
            "update-ca-certificates",
            &format!("{CLEAR}; : > {BUNDLE}; cat /dev/zero > /etc/ssl/certs/more 2> /dev/null; exit 1"),
        );
        let refused = change(&scene, "install").run().code(3);
        let error = &refused.json()["stores"][0]["error"];
        assert_eq!(error["code"], "trust-not-put-back", "{refused}");
        let message = error["message"].as_str().unwrap_or_default();
        assert!(
            message.contains("update-ca-certificates` failed") && message.contains(BUNDLE),
            "{message}"
        );
        // All but the bundle is back, and the same call makes it whole when there is room.
        let after = debian_stores();
        let links = |stores: &common::snapshot::Snapshot| {
            stores
                .iter()
                .filter(|(name, _)| name.ends_with(".0") || name.ends_with(".pem"))
                .count()
        };
        assert_eq!(links(&before), links(&after));
        fs::remove_file("/etc/ssl/certs/more").expect("it goes");
        drop(tool);
        change(&scene, "install").run().ok();
        trust(&scene.dir, &["status", CA]).run().ok();
    });
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn store_of_a_browser_or_of_java_is_as_before_where_its_tool_fails() {
    own_stores!(
        store_of_a_browser_or_of_java_is_as_before_where_its_tool_fails,
        || {
            let scene = Scene::with_ca();
            let java = scene.dir.path("cacerts");
            fs::copy(JAVA, &java).expect("a copy");
            let database = nss_database(".pki/nssdb");
            let tools = [
                (
                    "keytool",
                    format!("java:{java}"),
                    format!("head -c 1000 {java} > {java}.half; cat {java}.half > {java}; rm {java}.half"),
                ),
                (
                    "certutil",
                    format!("nss:{database}"),
                    format!("echo broken > {database}/cert9.db; rm -f {database}/key4.db"),
                ),
            ];
            for (name, store, harm) in tools {
                let folder = if name == "keytool" {
                    scene.dir.path("")
                } else {
                    database.clone()
                };
                let now = || without_inodes(Path::new(&folder));
                let call =
                    |what: &str| trust(&scene.dir, &[what, CA, "--store", &store, "--yes", "--json"]).run();
                let failing = format!("case $1 in -list|-L) exec $real \"$@\";; esac\n{harm}\nexit 1");
                for what in ["install", "uninstall"] {
                    let before = now();
                    let tool = in_place_of(name, &failing);
                    let refused = call(what).code(3);
                    assert_eq!(states(&refused)[0].1, "failed", "{refused}");
                    is_as_before(&before, &now());
                    drop(tool);
                    call(what).ok();
                }
            }
        }
    );
}

/// The name of the CA's file among the anchors.
fn own_file(scene: &Scene) -> String {
    change(scene, "install").run().ok();
    let mut names = fs::read_dir(ANCHORS)
        .expect("a directory")
        .map(|entry| entry.expect("an entry").path().display().to_string());
    let name = names.find(|name| name.contains("/gsec-")).expect("its file");
    change(scene, "uninstall").run().ok();
    name
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn what_somebody_else_put_at_the_name_of_the_file_stays() {
    own_stores!(what_somebody_else_put_at_the_name_of_the_file_stays, || {
        without_java_hook();
        let scene = Scene::with_ca();
        let name = own_file(&scene);
        let of_ca = scene.read(CA);
        fs::write("/etc/precious", "kept").expect("a file");
        for kind in ["link", "dangling", "link to the CA", "file", "more", "directory"] {
            match kind {
                "link" => symlink("/etc/precious", &name).expect("a link"),
                "dangling" => symlink("/etc/nothing", &name).expect("a link"),
                "link to the CA" => {
                    fs::write("/etc/precious-ca", &of_ca).expect("a file");
                    symlink("/etc/precious-ca", &name).expect("a link");
                }
                "file" => fs::write(&name, "notes\n").expect("a file"),
                "more" => fs::write(&name, format!("{of_ca}{of_ca}")).expect("a file"),
                _ => fs::create_dir(&name).expect("a directory"),
            }
            let before = debian_stores();
            let refused = change(&scene, "install").run().code(3);
            assert_eq!(refused.error()["code"], "trust-occupied", "{kind}: {refused}");
            is_as_before(&before, &debian_stores());
            tool("rm").args(&["-r", "-f", &name]).run().ok();
        }
        // What comes there while the tool runs is not what this call wrote.
        for plant in ["ln -s /etc/precious", "cp /etc/precious"] {
            let _tool = in_place_of(
                "update-ca-certificates",
                &format!("rm -f {name}; {plant} {name}; exit 1"),
            );
            change(&scene, "install").run().code(3);
            assert!(Path::new(&name).exists(), "{plant}");
            fs::remove_file(&name).expect("it goes");
        }
        assert_eq!(fs::read_to_string("/etc/precious").expect("it is there"), "kept");
    });
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn store_that_cannot_be_read_is_unknown() {
    own_stores!(store_that_cannot_be_read_is_unknown, || {
        without_java_hook();
        let scene = Scene::with_ca();
        scene.write("ca.pem", scene.read(CA));
        for name in ["", "ca.pem"] {
            chmod(Path::new(&scene.dir.path(name)), 0o755);
        }
        let as_user = |store: &[&str]| {
            let user = NOBODY.to_string();
            trust(&scene.dir, &[&["status", "ca.pem"], store].concat())
                .env("HOME", &scene.dir.path("home"))
                .through(tool("setpriv").args(&[
                    &format!("--reuid={user}"),
                    &format!("--regid={user}"),
                    "--clear-groups",
                ]))
                .run()
        };
        let system = ["--store", "system"];
        as_user(&system).code(1).says("NOT trusted");
        chmod(Path::new(BUNDLE), 0o600);
        let unknown = as_user(&system).code(3).says("unknown").says(BUNDLE);
        assert!(!unknown.stdout.contains("NOT trusted"), "{unknown}");
        let document = as_user(&["--store", "system", "--json"]).code(3);
        assert_eq!(states(&document), [("system".into(), "unknown".into())]);
        chmod(Path::new(BUNDLE), 0o644);
        chmod(Path::new("/etc/ssl/certs"), 0o700);
        as_user(&system).code(3).says("unknown");
        chmod(Path::new("/etc/ssl/certs"), 0o755);
        // One store that is without it is an answer, whatever the other one is.
        let database = nss_database(".pki/nssdb");
        fs::write(format!("{database}/cert9.db"), "not a database").expect("a file");
        let nss = format!("nss:{database}");
        trust(&scene.dir, &["status", CA, "--store", &nss])
            .run()
            .code(3)
            .says("unknown");
        trust(&scene.dir, &["status", CA, "--store", &nss, "--store", "system"])
            .run()
            .code(1)
            .says("NOT trusted");
        change(&scene, "install").run().ok();
        let said = trust(&scene.dir, &["status", CA, "--store", &nss, "--store", "system"])
            .run()
            .code(3);
        assert!(said.stdout.contains("1 of 2 stores could not be read"), "{said}");
        // A database that lists a name, and fails when it is asked for it, does not say that the CA is absent.
        let _tool = in_place_of(
            "certutil",
            "case \"$*\" in *-n*) echo 'certutil: an error of the disk' >&2; exit 255;; esac
             printf '\nCertificate Nickname   Trust Attributes\n\nx   C,,\n'",
        );
        trust(&scene.dir, &["status", CA, "--store", &nss])
            .run()
            .code(3)
            .says("an error of the disk");
    });
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn ca_that_is_not_in_date_or_switched_off_is_not_called_trusted() {
    own_stores!(
        ca_that_is_not_in_date_or_switched_off_is_not_called_trusted,
        || {
            without_java_hook();
            let scene = Scene::with_ca();
            scene.openssl_key("key.pem");
            dated(&scene, ["20200101000000Z", "20210101000000Z"], "expired.pem");
            dated(&scene, ["20980101000000Z", "20990101000000Z"], "later.pem");
            let database = nss_database(".pki/nssdb");
            for (file, state, words) in [
                ("expired.pem", "expired", "in the store, but expired"),
                ("later.pem", "not_yet_valid", "in the store, but not valid yet"),
            ] {
                fs::copy(scene.dir.path(file), format!("{ANCHORS}/{file}.crt")).expect("a copy");
                tool("certutil")
                    .args(&[
                        "-A",
                        "-d",
                        &format!("sql:{database}"),
                        "-t",
                        "C,,",
                        "-n",
                        file,
                        "-i",
                    ])
                    .args(&[&scene.dir.path(file)])
                    .run()
                    .ok();
                tool("update-ca-certificates").run().ok();
                let digest = tool("openssl")
                    .args(&[
                        "x509",
                        "-in",
                        &scene.dir.path(file),
                        "-noout",
                        "-fingerprint",
                        "-sha256",
                    ])
                    .run()
                    .ok();
                let digest = digest
                    .stdout
                    .trim()
                    .split_once('=')
                    .expect("a digest")
                    .1
                    .to_owned();
                for selector in [file, &digest] {
                    let said = trust(&scene.dir, &["status", selector, "--json"]).run().code(1);
                    let expected = ["system", "nss"].map(|kind| (kind.to_owned(), state.to_owned()));
                    assert_eq!(states(&said), expected, "{said}");
                    assert!(said.json()["ca"]["not_after"].is_string(), "{said}");
                    trust(&scene.dir, &["status", selector]).run().code(1).says(words);
                }
            }
            // Switched off, and the tool has not been called since.
            fs::create_dir_all("/usr/local/share/none").expect("a directory");
            tool("mount")
                .args(&["-t", "tmpfs", "tmpfs", "/usr/share/ca-certificates"])
                .run()
                .ok();
            fs::copy(scene.dir.path(CA), "/usr/share/ca-certificates/ours.crt").expect("a copy");
            fs::write("/etc/ca-certificates.conf", "ours.crt\n").expect("a list");
            tool("update-ca-certificates").run().ok();
            let status = || trust(&scene.dir, &["status", CA, "--store", "system"]).run();
            status().ok();
            fs::write("/etc/ca-certificates.conf", "!ours.crt\n").expect("a list");
            status()
                .code(1)
                .says("marked as not trusted")
                .says("/etc/ca-certificates.conf: !ours.crt; programs trust it until `update-ca-certificates --fresh` is run");
            tool("update-ca-certificates").run().ok();
            let said = status().code(1);
            assert!(!said.stdout.contains("programs trust it"), "{said}");
        }
    );
}

/// Without its program, Java's store is looked into as far as it shows by itself what it has.
#[test]
#[ignore = "sh tests/delivery.sh"]
fn ca_that_stays_in_java_s_store_is_not_said_to_be_removed() {
    own_stores!(ca_that_stays_in_java_s_store_is_not_said_to_be_removed, || {
        let scene = Scene::with_ca();
        change(&scene, "install").run().ok();
        let java = fs::read(JAVA).expect("a store");
        let der = tool("openssl")
            .args(&["x509", "-in", CA, "-outform", "DER", "-out", "ca.der"])
            .in_dir(scene.dir.path(""))
            .run();
        der.ok();
        let der = scene.read_bytes("ca.der");
        assert!(
            java.windows(der.len()).any(|part| part == der),
            "the hook has put it there"
        );
        // What was kept of the stores is lost, and so is Java.
        fs::remove_dir_all("/var/lib/gsec").expect("it goes");
        without_java_hook();
        without_program("keytool");
        let before = debian_stores();
        let refused = change(&scene, "uninstall").run().code(3);
        assert_eq!(
            refused.json()["stores"][0]["error"]["code"],
            "trust-no-program",
            "{refused}"
        );
        is_as_before(&before, &debian_stores());
        // A store that shows that it is without the CA is no reason.
        tool("umount")
            .args(&[&fs::canonicalize("/usr/bin/keytool")
                .expect("a path")
                .display()
                .to_string()])
            .run()
            .ok();
        tool("keytool")
            .args(&[
                "-delete",
                "-noprompt",
                "-storepass",
                "changeit",
                "-keystore",
                JAVA,
                "-alias",
            ])
            .args(&[&alias_of(&scene)])
            .run()
            .ok();
        without_program("keytool");
        change(&scene, "uninstall").run().ok();
        trust(&scene.dir, &["status", CA]).run().code(1);
    });
}

fn alias_of(scene: &Scene) -> String {
    let listed = trust(&scene.dir, &["status", CA, "--json"]).run();
    let places = listed.json()["related"][0]["places"].clone();
    places[0].as_str().expect("an alias").to_owned()
}

/// A store that fails does not keep what was done in another from being told, in a document that is whole.
#[test]
#[ignore = "sh tests/delivery.sh"]
fn document_of_a_call_that_failed_in_one_store_has_what_was_done_in_the_other() {
    own_stores!(
        document_of_a_call_that_failed_in_one_store_has_what_was_done_in_the_other,
        || {
            without_java_hook();
            let scene = Scene::with_ca();
            nss_database(".pki/nssdb");
            let call = |what: &str| trust(&scene.dir, &[what, CA, "--yes", "--json"]).run();
            for (what, done) in [("install", "installed"), ("uninstall", "removed")] {
                let tool = in_place_of("update-ca-certificates", "exit 1");
                let said = call(what).code(3);
                let expected = [("system", "failed"), ("nss", done)];
                assert_eq!(
                    states(&said),
                    expected.map(|(kind, state)| (kind.into(), state.into()))
                );
                assert_eq!(said.json()["stores"][0]["error"]["code"], "trust-program-failed");
                assert_eq!(said.json()["changed"], true);
                drop(tool);
                call(what).ok();
            }
        }
    );
}

/// Of an image, only what is in it is said.
#[test]
#[ignore = "sh tests/delivery.sh"]
fn programs_of_this_machine_are_not_said_to_be_in_an_image() {
    own_stores!(programs_of_this_machine_are_not_said_to_be_in_an_image, || {
        let scene = Scene::with_ca();
        for folder in ["usr/local/share/ca-certificates", "etc/ssl/certs", "usr/bin"] {
            fs::create_dir_all(scene.dir.path(&format!("image/{folder}"))).expect("a directory");
        }
        stub("node", "exit 0");
        let programs = |root: &[&str]| {
            let said = trust(
                &scene.dir,
                &[&["status", CA, "--store", "system", "--json"], root].concat(),
            )
            .run();
            let document = said.json();
            let found = document["other_programs"].as_array().expect("programs").iter();
            found
                .map(|program| program["path"].as_str().unwrap_or_default().to_owned())
                .collect::<Vec<_>>()
        };
        assert!(programs(&[]).iter().any(|path| path.ends_with("/node")));
        assert_eq!(programs(&["--root", "image"]), [""; 0]);
        scene.write("image/usr/bin/node", "");
        let inside = programs(&["--root", "image"]);
        assert!(
            inside.len() == 1 && inside[0].ends_with("image/usr/bin/node"),
            "{inside:?}"
        );
    });
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn quickstart_whose_ca_could_not_be_trusted_says_why_in_its_document() {
    own_stores!(
        quickstart_whose_ca_could_not_be_trusted_says_why_in_its_document,
        || {
            without_java_hook();
            let scene = Scene::empty();
            fs::create_dir_all("/var/lib/gsec/trust").expect("a directory");
            chmod(Path::new("/var/lib/gsec"), 0o777);
            let call = gsec(&["quickstart", "db1.example.com", "--trust", "--yes", "--json"]);
            let said = as_root(call.in_dir(scene.dir.path(""))).run().code(3);
            let document = said.json();
            assert_eq!(document["ca_created"], true, "{said}");
            assert_eq!(document["warnings"][0]["code"], "trust-exposed", "{said}");
        }
    );
}
