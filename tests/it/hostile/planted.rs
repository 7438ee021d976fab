//! Files of the CA that somebody replaced, added to, took away or made a link of: nothing of it is believed that is not proven, doctor says
//! so, and no fix of doctor's makes the CA weaker. A `gsec-ca` of another user's is not taken for one's own.

use std::fs;
use std::os::unix::fs::symlink;

use crate::common;
use crate::common::machine::{NOBODY, copy_tree, is_root};

use common::doctor::{doctor, finds, is_silent, type_line};
use common::{Call, Outcome, Scene, Tree, tool};

const CA: &str = "gsec-ca";
const KEY: &str = "gsec-ca/ca_conf/ca_priv_key.pem";
const CERTIFICATE: &str = "gsec-ca/ca_conf/ca_cert.pem";
const POLICY: &str = "gsec-ca/ca_conf/gsec.toml";

#[track_caller]
fn sh(scene: &Scene, line: &str) -> Outcome {
    type_line(scene, line).ok()
}

/// The folder in `previous/` of a key, by the certificate.
fn folder_of(scene: &Scene, certificate: &str) -> String {
    let said = sh(
        scene,
        &format!(
            "openssl x509 -in {certificate} -noout -ext subjectKeyIdentifier | tail -1 | tr -d ' :' | tr A-F a-f"
        ),
    );
    said.stdout.trim().to_owned()
}

/// A self-signed certificate for a key of another's, in the name of our CA.
fn make_root(scene: &Scene, key: &str, out: &str, subject: &str) {
    sh(
        scene,
        &format!(
            "openssl req -x509 -new -utf8 -key {key} -subj '{subject}' -days 3000 -addext keyUsage=critical,keyCertSign,cRLSign -out {out}"
        ),
    );
}

fn make_key(scene: &Scene, out: &str) {
    sh(
        scene,
        &format!("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out {out}"),
    );
}

// ------------------------------------------------------------------------------------------------ a change of key

/// Plants a change of key: a root, its key, and what is to prove it.
fn plant(scene: &Scene, root: &str, key: &str, proof: &str) {
    let folder = folder_of(scene, CERTIFICATE);
    sh(
        scene,
        &format!(
            "umask 077; mkdir -p gsec-ca/ca_conf/.rekey/previous/{folder} && cp {root} gsec-ca/ca_conf/.rekey/ca_cert.pem && cp {key} gsec-ca/ca_conf/.rekey/ca_priv_key.pem && cp {KEY} gsec-ca/ca_conf/.rekey/previous/{folder}/ && cp {proof} gsec-ca/ca_conf/.rekey/previous/{folder}/new_with_old.pem && chmod -R go-w gsec-ca/ca_conf/.rekey"
        ),
    );
}

#[track_caller]
fn is_refused(scene: &Scene, situation: &str) {
    let before = Tree::of(scene.dir.path("gsec-ca/ca_conf"));
    scene.gsec(&["cert", "list"]).run().ok();
    scene.gsec(&["ca", "show"]).run().ok();
    scene.issue("db2.example.com", &[]).run().code(3).says(".rekey");
    Tree::of(scene.dir.path("gsec-ca/ca_conf")).is_unchanged_since(&before);
    assert_eq!(
        finds(scene, &[CA], "rekey-foreign").severity,
        "error",
        "{situation}"
    );
}

#[test]
fn what_the_ca_signed_for_others_proves_no_change_of_its_key() {
    for situation in ["of a host", "of a CA below"] {
        let scene = Scene::with_ca();
        make_key(&scene, "ev.key");
        let issued = if situation == "of a host" {
            sh(
                &scene,
                "openssl req -new -key ev.key -subj /CN=h.example.com -out ev.csr && gsec cert sign ev.csr --host h.example.com",
            );
            "gsec-ca/repository/01.pem"
        } else {
            sh(
                &scene,
                "openssl req -new -key ev.key -subj '/CN=Sub' -out ev.csr && gsec ca sign ev.csr --out sub.pem",
            );
            "gsec-ca/repository/01.pem"
        };
        make_root(&scene, "ev.key", "evca.pem", "/CN=Test CA");
        plant(&scene, "evca.pem", "ev.key", issued);
        is_refused(&scene, situation);
    }
}

/// Whoever has the former key, from a backup for one, also has the certificate by which the present key certifies it.
#[test]
fn a_former_key_cannot_be_put_back() {
    let scene = Scene::with_host();
    sh(
        &scene,
        &format!("cp {KEY} old.key && cp {CERTIFICATE} old.pem && sleep 1 && gsec ca rekey --yes"),
    );
    let old = folder_of(&scene, "old.pem");
    plant(
        &scene,
        "old.pem",
        "old.key",
        &format!("gsec-ca/ca_conf/previous/{old}/old_with_new.pem"),
    );
    is_refused(&scene, "with its folder");
    sh(&scene, &format!("mv gsec-ca/ca_conf/previous/{old} away"));
    is_refused(&scene, "without its folder");
    // In a new root of the same key.
    make_root(&scene, "old.key", "again.pem", "/CN=Test CA");
    sh(&scene, "cp again.pem gsec-ca/ca_conf/.rekey/ca_cert.pem");
    is_refused(&scene, "in a new root");
}

/// A change of the CA's own that was cut off, and to which somebody adds something.
#[test]
fn every_file_of_a_key_change_is_looked_at() {
    let edits = [
        (
            "another bundle",
            "cat evca.pem >> gsec-ca/ca_conf/.rekey/ca_bundle.pem",
        ),
        ("another root", "cp evca.pem gsec-ca/ca_conf/.rekey/ca_cert.pem"),
        ("another key", "cp ev.key gsec-ca/ca_conf/.rekey/ca_priv_key.pem"),
        (
            "another former certificate",
            "cp evca.pem gsec-ca/ca_conf/.rekey/previous/*/ca_cert.pem",
        ),
        (
            "another former key",
            "cp ev.key gsec-ca/ca_conf/.rekey/previous/*/ca_priv_key.pem",
        ),
        (
            "no former key",
            "rm gsec-ca/ca_conf/.rekey/previous/*/ca_priv_key.pem",
        ),
        (
            "another way from the old root",
            "cp evca.pem gsec-ca/ca_conf/.rekey/previous/*/new_with_old.pem",
        ),
        (
            "another way to the old root",
            "cp evca.pem gsec-ca/ca_conf/.rekey/previous/*/old_with_new.pem",
        ),
        ("a file more", "touch gsec-ca/ca_conf/.rekey/x"),
        (
            "a former key more",
            "mkdir -m 700 gsec-ca/ca_conf/.rekey/previous/00",
        ),
    ];
    for (situation, edit) in edits {
        let scene = Scene::with_host();
        make_key(&scene, "ev.key");
        make_root(&scene, "ev.key", "evca.pem", "/CN=Test CA");
        let killed = type_line(
            &scene,
            "strace -f -qq -o /dev/null -e trace=rename -e inject=rename:signal=KILL:when=2 gsec ca rekey --yes",
        );
        assert!(
            killed.status != Some(0) && scene.exists("gsec-ca/ca_conf/.rekey/ca_cert.pem"),
            "{situation}: it was killed elsewhere: {killed}"
        );
        sh(
            &scene,
            &format!(
                "cp -a gsec-ca/ca_conf/.rekey kept; chmod u+w gsec-ca/ca_conf/.rekey/*.pem gsec-ca/ca_conf/.rekey/previous/*/*; {edit}"
            ),
        );
        is_refused(&scene, situation);
        sh(
            &scene,
            "rm -r gsec-ca/ca_conf/.rekey && mv kept gsec-ca/ca_conf/.rekey && gsec cert list",
        );
        assert!(
            !scene.exists("gsec-ca/ca_conf/.rekey"),
            "{situation}: its own is finished"
        );
    }
}

/// The form that a change of the passphrase leaves which was cut off, with a key that is not the CA's: nobody can tell before it is opened.
#[test]
fn an_encrypted_key_that_was_planted_does_not_take_the_place_of_the_cas() {
    for (situation, passphrase) in [
        ("plain", &[][..]),
        ("encrypted", &["--ca-passphrase-file", "own"]),
    ] {
        let scene = Scene::empty();
        scene.write("own", "the CA's own passphrase");
        scene.write("theirs", "somebody else's");
        scene
            .gsec(&["ca", "init", "--cn", "Test CA", "--key-type", "p256"])
            .args(passphrase)
            .run()
            .ok();
        is_silent(&scene, &[CA], "rekey-sealed");
        make_key(&scene, "ev.key");
        sh(
            &scene,
            "umask 077; mkdir gsec-ca/ca_conf/.rekey && openssl pkcs8 -topk8 -in ev.key -passout file:theirs -out gsec-ca/ca_conf/.rekey/ca_priv_key.pem",
        );
        let (key, planted) = (
            scene.read(KEY),
            scene.read("gsec-ca/ca_conf/.rekey/ca_priv_key.pem"),
        );
        for reading in ["cert list", "ca show", "ca log --verify", "doctor gsec-ca"] {
            scene.gsec(&reading.split(' ').collect::<Vec<_>>()).run().ok();
        }
        let found = finds(&scene, &[CA], "rekey-sealed");
        assert!(
            found.severity == "warning" && found.fix.is_empty(),
            "{situation}: {found:#?}"
        );
        let updated = scene
            .gsec(&["crl", "update", "--json"])
            .args(passphrase)
            .run()
            .ok();
        assert!(
            updated.stdout.contains("sealed_changeover"),
            "{situation}: {updated}"
        );
        scene
            .issue("db1.example.com", passphrase)
            .run()
            .ok()
            .says(".rekey");
        // Whoever knows what it is encrypted with gains nothing either: it is not the CA's key.
        scene
            .issue("db2.example.com", &["--ca-passphrase-file", "theirs"])
            .run()
            .code(3)
            .says(".rekey");
        scene
            .gsec(&["ca", "rekey", "--yes"])
            .args(passphrase)
            .run()
            .code(3)
            .says(".rekey");
        assert!(
            scene.read(KEY) == key && scene.read("gsec-ca/ca_conf/.rekey/ca_priv_key.pem") == planted,
            "{situation}: both keys are where they were"
        );
        sh(&scene, "mv gsec-ca/ca_conf/.rekey away");
        scene.issue("db3.example.com", passphrase).run().ok();
        is_silent(&scene, &[CA], "rekey-sealed");
    }
}

/// A change of passphrase that was cut off is finished by whoever has the new passphrase, and by the same call again; the key as it was
/// works until then.
#[test]
fn a_change_of_passphrase_is_finished_with_its_passphrase_alone() {
    let set = "gsec ca passphrase --new-passphrase-file new";
    let changed = "gsec ca passphrase --ca-passphrase-file old --new-passphrase-file new";
    for (command, old) in [(set, &[][..]), (changed, &["--ca-passphrase-file", "old"])] {
        let before = Scene::empty();
        before.write("old", "the old one");
        before
            .gsec(&["ca", "init", "--cn", "Test CA", "--key-type", "p256"])
            .args(old)
            .run()
            .ok();
        before.gsec(&["ca", "rekey", "--yes"]).args(old).run().ok();
        for again in [command, "gsec crl update --ca-passphrase-file new"] {
            for rename in [2, 3] {
                let scene = Scene::empty();
                scene.write("old", "the old one");
                scene.write("new", "the new one");
                copy_tree(
                    before.dir.path("gsec-ca").as_ref(),
                    scene.dir.path("gsec-ca").as_ref(),
                );
                let situation = format!("`{command}`, killed at {rename}, then `{again}`");
                let killed = type_line(
                    &scene,
                    &format!(
                        "strace -f -qq -o /dev/null -e trace=rename -e inject=rename:signal=KILL:when={rename} {command}"
                    ),
                );
                let staged = "gsec-ca/ca_conf/.rekey/ca_priv_key.pem";
                assert!(
                    killed.status != Some(0) && scene.exists(staged),
                    "{situation}: it was killed elsewhere: {killed}"
                );
                let key = scene.read(KEY);
                scene.gsec(&["cert", "list"]).run().ok();
                finds(&scene, &[CA], "rekey-sealed");
                scene.issue("db1.example.com", old).run().ok().says(".rekey");
                assert!(scene.read(KEY) == key && scene.exists(staged), "{situation}");
                sh(&scene, again);
                assert!(
                    scene.read(KEY) != key && !scene.exists("gsec-ca/ca_conf/.rekey"),
                    "{situation}: it is finished"
                );
                sh(&scene, command);
                let opens = "for key in gsec-ca/ca_conf/ca_priv_key.pem gsec-ca/ca_conf/previous/*/ca_priv_key.pem; do openssl pkey -in $key -noout -passin file:new || exit 1; done";
                sh(&scene, opens);
                scene
                    .issue("db2.example.com", &["--ca-passphrase-file", "new"])
                    .run()
                    .ok();
                scene.gsec(&["ca", "log", "--verify"]).run().ok();
            }
        }
    }
}

// ------------------------------------------------------------------------------------------------ ca_cert.pem

#[test]
fn a_certificate_appended_to_the_cas_own_is_believed_by_nothing() {
    for (situation, subject) in [
        ("another name", "/CN=Evil CA"),
        ("the CA's own name", "/CN=Test CA"),
    ] {
        let scene = Scene::with_host();
        make_key(&scene, "ev.key");
        make_root(&scene, "ev.key", "evca.pem", subject);
        sh(
            &scene,
            "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout leaf.key -subj /CN=bank.example.com -addext subjectAltName=DNS:bank.example.com -out leaf.csr && openssl x509 -req -in leaf.csr -CA evca.pem -CAkey ev.key -days 30 -copy_extensions copy -out leaf.pem",
        );
        is_silent(&scene, &[CA], "ca-certificate-foreign");
        sh(&scene, &format!("cat evca.pem >> {CERTIFICATE}"));
        let found = finds(&scene, &[CA], "ca-certificate-foreign");
        assert!(
            found.severity == "error" && found.seen.contains(&subject[1..]),
            "{situation}: {found:#?}"
        );
        scene
            .gsec(&["cert", "verify", "leaf.pem", "--name", "bank.example.com"])
            .run()
            .code(1);
        let examined = scene.gsec(&["doctor", "leaf.pem"]).run();
        assert!(!examined.stdout.contains("trusted by"), "{situation}: {examined}");
        let shown = scene.gsec(&["ca", "show", "--json"]).run().ok().json();
        assert_eq!(shown["chain"], serde_json::json!([]), "{situation}: {shown}");
        // What it has of its own is as good as before.
        scene
            .gsec(&["cert", "verify", "01", "--name", "db1.example.com"])
            .run()
            .ok();
    }
}

#[test]
fn above_an_intermediate_only_what_certifies_it_is_believed() {
    let scene = Scene::with_ca();
    sh(
        &scene,
        "gsec ca init --cn Sub --parent gsec-ca --ca-dir sub --key-type p256 && gsec cert issue --ca-dir sub --host db1.example.com --key-type p256",
    );
    make_key(&scene, "ev.key");
    make_root(&scene, "ev.key", "evca.pem", "/CN=Test CA");
    is_silent(&scene, &["sub"], "ca-certificate-foreign");
    for (situation, edit) in [
        (
            "behind the root",
            "cat own.pem evca.pem > sub/ca_conf/ca_cert.pem",
        ),
        (
            "before the root",
            "openssl x509 -in own.pem > sub/ca_conf/ca_cert.pem && cat evca.pem gsec-ca/ca_conf/ca_cert.pem >> sub/ca_conf/ca_cert.pem",
        ),
    ] {
        sh(
            &scene,
            &format!("test -e own.pem || cp sub/ca_conf/ca_cert.pem own.pem; {edit}"),
        );
        finds(&scene, &["sub"], "ca-certificate-foreign");
        scene
            .gsec(&["cert", "verify", "01", "--ca-dir", "sub"])
            .run()
            .ok();
        let shown = scene
            .gsec(&["ca", "show", "--json", "--ca-dir", "sub"])
            .run()
            .ok()
            .json();
        assert_eq!(
            shown["chain"].as_array().map(Vec::len),
            Some(1),
            "{situation}: {shown}"
        );
    }
}

// ------------------------------------------------------------------------------------------------ gsec.toml and audit.log

fn narrow(scene: &Scene) {
    scene.edit(
        POLICY,
        "\nname_suffixes = []",
        "\nname_suffixes = [\"example.com\"]",
    );
    scene.issue("evil.org", &[]).run().code(3).says("name_suffixes");
}

#[test]
fn a_policy_that_was_lost_is_not_replaced_by_the_default() {
    for (situation, loss) in [
        ("alone", ""),
        (
            "with the log",
            "gsec-ca/ca_conf/audit.log gsec-ca/ca_conf/audit.head",
        ),
    ] {
        let scene = Scene::with_host();
        narrow(&scene);
        sh(
            &scene,
            &format!(
                "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout s.key -subj /CN=Sub -out s.csr; rm {POLICY} {loss}"
            ),
        );
        let found = finds(&scene, &[CA], "policy-missing");
        assert!(
            found.severity == "error" && found.fix.is_empty(),
            "{situation}: {found:#?}"
        );
        if !loss.is_empty() {
            assert_eq!(finds(&scene, &[CA], "audit-log-missing").severity, "error");
            scene.gsec(&["ca", "log", "--verify"]).run().code(1);
        }
        for refused in [
            "cert issue --host evil.org --key-type p256",
            "cert renew 01",
            "ca sign s.csr",
            "cert sign s.csr --host evil.org",
        ] {
            scene
                .gsec(&refused.split(' ').collect::<Vec<_>>())
                .run()
                .code(3)
                .says("gsec.toml")
                .says("ca adopt");
        }
        let shown = scene.gsec(&["ca", "show", "--json"]).run().ok().json();
        assert_eq!(
            shown["warnings"][0]["code"], "policy_missing",
            "{situation}: {shown}"
        );
        // What makes nobody believed goes on, and writes into a log.
        scene
            .gsec(&["cert", "revoke", "01", "--reason", "superseded"])
            .run()
            .ok();
        assert!(scene.exists("gsec-ca/ca_conf/audit.log"), "{situation}");
        let adopted = scene.gsec(&["ca", "adopt", "--yes"]).run().ok();
        assert!(adopted.stdout.contains("default rules"), "{situation}: {adopted}");
        is_silent(&scene, &[CA], "policy-missing");
        scene.issue("db2.example.com", &[]).run().ok();
    }
}

/// A revocation does not wait for a file that it does not need: only what would issue by the rules of gsec.toml is refused.
#[test]
fn a_policy_that_does_not_read_stops_issuing_and_nothing_else() {
    let filter = "crl_days = 3\n[log-filter]\ndefault-filter-type = \"skip\"\n";
    let faults = [
        ("a syntax error", format!("crl_days = = 3\n{filter}"), 30),
        (
            "no quotation mark at the end",
            format!("serial = \"random\n{filter}"),
            30,
        ),
        ("an unknown key", format!("nonsense = 1\n{filter}"), 3),
        ("a value of the wrong kind", format!("serial = 7\n{filter}"), 3),
        ("a number of days that is none", filter.replace("= 3", "= 0"), 30),
        (
            "a profile with a usage of the CA",
            format!("{filter}[profile.x]\nextended_key_usage = [\"OCSPSigning\"]\n"),
            3,
        ),
        ("another encoding", String::from("\u{feff}c\0r\0l\0"), 30),
        ("a folder in its place", String::new(), 30),
    ];
    for (situation, text, days) in faults {
        let scene = Scene::with_host();
        scene.issue("db2.example.com", &[]).run().ok();
        sh(
            &scene,
            "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout s.key -subj /CN=Sub -out s.csr",
        );
        if text.is_empty() {
            sh(&scene, &format!("mv {POLICY} kept && mkdir {POLICY}"));
        } else {
            scene.write(POLICY, &text);
        }
        let issued = Tree::of(scene.dir.path("gsec-ca/repository"));
        for refused in [
            "cert issue --host db3.example.com --key-type p256",
            "cert ensure --host db3.example.com",
            "cert renew 02",
            "ca sign s.csr",
            "cert sign s.csr --host db3.example.com",
        ] {
            let refused: Vec<&str> = refused.split(' ').collect();
            scene.gsec(&refused).run().code(3).says("gsec.toml");
        }
        Tree::of(scene.dir.path("gsec-ca/repository")).is_unchanged_since(&issued);
        for reading in [
            "ca show",
            "cert list",
            "cert show 01",
            "cert verify 01 --name db1.example.com",
            "ca log --verify",
            "crl update --dry-run",
        ] {
            let said = scene
                .gsec(&reading.split(' ').chain(["--json"]).collect::<Vec<_>>())
                .run()
                .ok()
                .json();
            let told = said["warnings"].as_array().expect("warnings").iter();
            assert!(
                told.into_iter().any(|told| told["code"] == "policy_damaged"),
                "{situation}: `{reading}`: {said}"
            );
        }
        let revoked = scene
            .gsec(&["cert", "revoke", "01", "--reason", "keyCompromise", "--json"])
            .run()
            .ok();
        assert_eq!(
            revoked.stdout.contains("default_crl_lifetime"),
            days == 30,
            "{situation}: {revoked}"
        );
        let crl = sh(
            &scene,
            "openssl crl -in gsec-ca/ca_conf/ca_crl.pem -noout -lastupdate -nextupdate -text",
        );
        assert!(crl.stdout.contains("Serial Number: 01"), "{situation}: {crl}");
        let shown = scene
            .gsec(&["crl", "show", "gsec-ca/ca_conf/ca_crl.pem", "--json"])
            .run()
            .ok()
            .json();
        let end = shown["next_update"].as_str().expect("a time");
        let expected = sh(&scene, &format!("date -u -d '{days} days' +%Y-%m-%d"));
        assert!(end.starts_with(expected.stdout.trim()), "{situation}: {shown}");
        scene
            .gsec(&["cert", "verify", "01", "--name", "db1.example.com"])
            .run()
            .code(1);
        // What the filter would have hidden is not in the log.
        let log = scene.read("gsec-ca/ca_conf/audit.log");
        let last = log
            .lines()
            .rfind(|line| line.contains("cert.revoke"))
            .expect("a line");
        assert!(!last.contains("db1.example.com"), "{situation}: {last}");
        scene.gsec(&["crl", "update", "--days", "5"]).run().ok();
        if !text.is_empty() {
            assert_eq!(
                finds(&scene, &[CA], "policy-damaged").severity,
                "error",
                "{situation}"
            );
        }
        if text.is_empty() {
            sh(&scene, &format!("rmdir {POLICY} && mv kept {POLICY}"));
        } else {
            sh(&scene, &format!("echo '[profile.host]' > {POLICY}"));
        }
        scene.issue("db3.example.com", &[]).run().ok();
    }
}

// ------------------------------------------------------------------------------------------------ links

/// Each file and folder of the CA as a link, and what doctor says is typed: nothing is weaker, nothing is lost.
#[test]
fn no_fix_for_a_link_loses_anything() {
    for name in [
        "gsec.toml",
        "audit.log",
        "audit.head",
        "ca_cert.pem",
        "ca_priv_key.pem",
        "ca.db",
        "ca.db.attr",
        "serial.num",
        "ca.conf",
    ] {
        let scene = Scene::with_host();
        narrow(&scene);
        let path = format!("gsec-ca/ca_conf/{name}");
        let before = scene.read_bytes(&path);
        sh(
            &scene,
            &format!("mkdir real && mv {path} real/ && ln -s ../../real/{name} {path}"),
        );
        let found = doctor(&scene, &[CA])
            .into_iter()
            .find(|found| found.slug == "ca-file-irregular")
            .unwrap_or_else(|| panic!("{name}"));
        assert!(found.seen.contains(&format!("../../real/{name}")), "{found:#?}");
        found.fix.iter().for_each(|fix| drop(sh(&scene, fix)));
        assert!(
            !fs::symlink_metadata(scene.dir.path(&path))
                .expect(name)
                .is_symlink(),
            "{found:#?}"
        );
        assert_eq!(scene.read_bytes(&path), before, "{name}");
        assert_eq!(
            doctor(&scene, &[CA])
                .iter()
                .filter(|found| found.severity == "error")
                .count(),
            0,
            "{name}: {:#?}",
            doctor(&scene, &[CA])
        );
        scene.issue("evil.org", &[]).run().code(3);
        scene.issue("db2.example.com", &[]).run().ok();
        scene.gsec(&["ca", "log", "--verify"]).run().ok();
    }
    for name in ["gsec-ca/ca_conf", "gsec-ca/repository"] {
        let scene = Scene::with_host();
        sh(&scene, &format!("mv {name} real && ln -s ../real {name}"));
        let found = finds(&scene, &[CA], "ca-file-irregular");
        assert!(
            found.fix.is_empty() && found.seen.contains("../real"),
            "{found:#?}"
        );
    }
}

#[test]
fn what_a_link_into_others_hands_leads_to_is_not_copied() {
    let scene = Scene::with_host();
    sh(
        &scene,
        &format!("mkdir -m 777 theirs && mv {POLICY} theirs/ && chmod 777 theirs"),
    );
    symlink("../../theirs/gsec.toml", scene.dir.path(POLICY)).expect("a link");
    let found = finds(&scene, &[CA], "ca-file-irregular");
    assert!(
        found.fix.is_empty() && found.seen.contains("not in trusted hands"),
        "{found:#?}"
    );
    fs::remove_file(scene.dir.path("theirs/gsec.toml")).expect("it is there");
    let found = finds(&scene, &[CA], "ca-file-irregular");
    assert!(
        found.fix.is_empty() && found.seen.contains("nothing is there"),
        "{found:#?}"
    );
}

// ------------------------------------------------------------------------------------------------ former keys

/// A CA with serial 02 of its former key, whose files are in `previous/<key>/`.
fn rekeyed() -> (Scene, String) {
    let scene = Scene::with_host();
    scene.issue("db2.example.com", &[]).run().ok();
    sh(
        &scene,
        &format!(
            "cp {CERTIFICATE} old.pem && cp {KEY} old.key && gsec crl update && gsec ca rekey --yes && cp -a gsec-ca BACKUP"
        ),
    );
    let former = format!("gsec-ca/ca_conf/previous/{}", folder_of(&scene, "old.pem"));
    make_key(&scene, "ev.key");
    make_root(&scene, "ev.key", "evca.pem", "/CN=Test CA");
    sh(&scene, &format!("chmod u+w {former}/*"));
    (scene, former)
}

/// What is revoked without a former key is in the present CRL, and the call says what it could not do.
#[test]
fn a_former_key_that_cannot_sign_is_told_by_whatever_makes_a_crl() {
    for (situation, edit, slug) in [
        ("no key", "rm FORMER/ca_priv_key.pem", "previous-key-unusable"),
        (
            "garbage",
            "echo x > FORMER/ca_priv_key.pem",
            "previous-key-unusable",
        ),
        (
            "another key",
            "cp ev.key FORMER/ca_priv_key.pem",
            "previous-key-unusable",
        ),
        (
            "no proof",
            "rm FORMER/old_with_new.pem",
            "previous-certificate-foreign",
        ),
        (
            "another proof",
            "cp evca.pem FORMER/old_with_new.pem",
            "previous-certificate-foreign",
        ),
        (
            "garbage as certificate",
            "echo x > FORMER/ca_cert.pem",
            "previous-certificate-foreign",
        ),
    ] {
        let (scene, former) = rekeyed();
        sh(&scene, &edit.replace("FORMER", &former));
        let found = finds(&scene, &[CA], slug);
        assert!(found.severity == "error", "{situation}: {found:#?}");
        let lacks = |outcome: Outcome| {
            outcome
                .code(3)
                .says("the CRL of the present key was created")
                .says("hint: restore ")
                .says(&former)
        };
        lacks(
            scene
                .gsec(&["cert", "revoke", "02", "--reason", "keyCompromise"])
                .run(),
        );
        lacks(scene.gsec(&["crl", "update"]).run());
        // Again: it is not done yet.
        if !edit.contains("FORMER/ca_cert") && slug == "previous-key-unusable" {
            lacks(
                scene
                    .gsec(&["cert", "revoke", "02", "--reason", "keyCompromise"])
                    .run(),
            );
        }
        let document = scene.gsec(&["crl", "update", "--json"]).run().code(3).json();
        let warned = document["warnings"]
            .as_array()
            .expect("warnings")
            .iter()
            .any(|warning| warning["code"] == "former_crl_missing");
        assert!(warned && document["revoked"] == 1, "{situation}: {document}");
        // Its key is nobody's, and neither is its name.
        sh(
            &scene,
            "openssl req -new -key old.key -subj /CN=h.example.com -out old.csr",
        );
        scene
            .gsec(&["cert", "sign", "old.csr", "--host", "h.example.com"])
            .run()
            .code(3)
            .says("key");
        sh(
            &scene,
            &format!(
                "cp -p BACKUP{}/* {former}/ && gsec crl update",
                &former["gsec-ca".len()..]
            ),
        );
        assert_eq!(
            doctor(&scene, &[CA])
                .iter()
                .filter(|found| found.severity == "error")
                .count(),
            0,
            "{situation}: {:#?}",
            doctor(&scene, &[CA])
        );
    }
}

#[test]
fn the_key_of_a_folder_without_certificate_is_still_a_former_one() {
    let (scene, former) = rekeyed();
    sh(
        &scene,
        &format!("rm {former}/*.pem && openssl req -new -key old.key -subj /CN=h.example.com -out old.csr"),
    );
    scene
        .gsec(&["cert", "sign", "old.csr", "--host", "h.example.com"])
        .run()
        .code(3);
    scene
        .gsec(&["cert", "issue", "--host", "h.example.com", "--key", "old.key"])
        .run()
        .code(3)
        .says("key");
}

#[test]
fn a_former_key_whose_folder_is_lost_is_known_by_the_log() {
    let (scene, _) = rekeyed();
    sh(
        &scene,
        "rm -r gsec-ca/ca_conf/previous/* && openssl req -new -key old.key -subj /CN=h.example.com -out old.csr",
    );
    scene
        .gsec(&["cert", "sign", "old.csr", "--host", "h.example.com"])
        .run()
        .code(3)
        .says("key");
    let found = finds(&scene, &[CA], "previous-certificate-foreign");
    assert!(found.severity == "error" && found.fix.is_empty(), "{found:#?}");
    is_silent(&scene, &[CA], "ca-bundle-wrong");
    scene
        .gsec(&["cert", "revoke", "01"])
        .run()
        .code(3)
        .says("from a backup")
        .says("ca_bundle.pem");
    scene.gsec(&["crl", "update"]).run().code(3);
    // Even without the file that peers trust.
    sh(&scene, "rm gsec-ca/ca_conf/ca_bundle.pem");
    scene
        .gsec(&["cert", "sign", "old.csr", "--host", "h.example.com"])
        .run()
        .code(3)
        .says("key");
    scene
        .gsec(&["cert", "issue", "--host", "h.example.com", "--key", "old.key"])
        .run()
        .code(3);
    sh(
        &scene,
        "cp -pr BACKUP/ca_conf/previous BACKUP/ca_conf/ca_bundle.pem gsec-ca/ca_conf/ && gsec crl update",
    );
    assert!(
        doctor(&scene, &[CA])
            .iter()
            .all(|found| found.severity != "error")
    );
}

/// Everything of a former key is lost: doctor says so by the audit log, and calls nothing damaged that it cannot check.
#[test]
fn a_former_key_of_which_nothing_is_left_is_told_by_doctor() {
    let scene = Scene::with_host();
    sh(&scene, "gsec ca rekey --yes");
    scene.issue("db2.example.com", &[]).run().ok();
    is_silent(&scene, &[CA], "previous-key-lost");
    sh(&scene, "cp -a gsec-ca whole");
    for (situation, loss) in [
        (
            "with the bundle",
            "rm -r gsec-ca/ca_conf/previous gsec-ca/ca_conf/ca_bundle.pem",
        ),
        (
            "the folder of the key",
            "rm -r gsec-ca/ca_conf/previous/* gsec-ca/ca_conf/ca_bundle.pem",
        ),
    ] {
        sh(&scene, &format!("rm -r gsec-ca && cp -a whole gsec-ca && {loss}"));
        let found = finds(&scene, &[CA], "previous-key-lost");
        assert!(
            found.severity == "error" && found.seen.ends_with("of such a key: serial 01"),
            "{situation}: {found:#?}"
        );
        for slug in ["certificate-file-damaged", "certificate-of-another-ca"] {
            is_silent(&scene, &[CA], slug);
        }
        // What is told to be done: issue again.
        sh(
            &scene,
            "gsec cert revoke 01 --reason superseded; gsec cert issue --host db1.example.com --key-type p256",
        );
        assert_eq!(
            finds(&scene, &[CA], "previous-key-lost").severity,
            "notice",
            "{situation}"
        );
    }
    // With the bundle what the key signed can still be checked: it is no damage, and damage is told.
    sh(
        &scene,
        "rm -r gsec-ca && cp -a whole gsec-ca && rm -r gsec-ca/ca_conf/previous",
    );
    is_silent(&scene, &[CA], "certificate-file-damaged");
    sh(&scene, "rm -r gsec-ca && mv whole gsec-ca");
    is_silent(&scene, &[CA], "previous-key-lost");
}

#[test]
fn a_cross_certificate_that_is_not_proven_is_handed_to_no_host() {
    for (situation, edit) in [
        ("missing", "rm FORMER/new_with_old.pem"),
        ("garbage", "echo x > FORMER/new_with_old.pem"),
        (
            "the new root",
            "cp gsec-ca/ca_conf/ca_cert.pem FORMER/new_with_old.pem",
        ),
        ("another root", "cp evca.pem FORMER/new_with_old.pem"),
        (
            "the other way round",
            "cp FORMER/old_with_new.pem FORMER/new_with_old.pem",
        ),
    ] {
        let (scene, former) = rekeyed();
        is_silent(&scene, &[CA], "previous-cross-certificate-wrong");
        sh(&scene, &edit.replace("FORMER", &former));
        assert_eq!(
            finds(&scene, &[CA], "previous-cross-certificate-wrong").severity,
            "error",
            "{situation}"
        );
        scene.issue("db3.example.com", &[]).run().ok();
        let certificates = scene
            .read("gsec-ca/repository/03_db3_cert.pem")
            .matches("BEGIN CERTIFICATE")
            .count();
        assert_eq!(certificates, 1, "{situation}");
    }
}

#[test]
fn the_bundle_holds_the_roots_and_nothing_else() {
    for (situation, edit) in [
        ("missing", "rm BUNDLE"),
        ("another root", "cp evca.pem BUNDLE"),
        ("one more", "cat evca.pem >> BUNDLE"),
        ("the new root alone", "cp gsec-ca/ca_conf/ca_cert.pem BUNDLE"),
        ("the old root alone", "cp old.pem BUNDLE"),
        ("garbage", "echo x > BUNDLE"),
    ] {
        let (scene, former) = rekeyed();
        is_silent(&scene, &[CA], "ca-bundle-wrong");
        sh(&scene, &edit.replace("BUNDLE", "gsec-ca/ca_conf/ca_bundle.pem"));
        let found = finds(&scene, &[CA], "ca-bundle-wrong");
        assert!(
            found.severity == "error" && !found.fix.is_empty(),
            "{situation}: {found:#?}"
        );
        // With a root that nobody can prove it would be written without it.
        sh(&scene, &format!("mv {former}/old_with_new.pem away.pem"));
        assert!(
            doctor(&scene, &[CA])
                .iter()
                .all(|found| found.slug != "ca-bundle-wrong" || found.fix.is_empty()),
            "{situation}"
        );
        sh(&scene, &format!("mv away.pem {former}/old_with_new.pem"));
        found.fix.iter().for_each(|fix| drop(sh(&scene, fix)));
        is_silent(&scene, &[CA], "ca-bundle-wrong");
        sh(
            &scene,
            "openssl verify -CAfile gsec-ca/ca_conf/ca_bundle.pem gsec-ca/repository/01.pem",
        );
        assert_eq!(
            scene.read("gsec-ca/ca_conf/ca_bundle.pem"),
            scene.read("BACKUP/ca_conf/ca_bundle.pem"),
            "{situation}"
        );
    }
}

// ------------------------------------------------------------------------------------------------ another user's directory

fn as_user(user: u32, call: Call) -> Call {
    let (user, group) = (format!("--reuid={user}"), format!("--regid={user}"));
    call.through(tool("setpriv").args(&[&user, &group, "--clear-groups"]))
}

/// In a folder where everybody can write, another user makes a `gsec-ca`.
#[test]
fn a_ca_of_another_user_is_taken_only_where_it_is_named() {
    if !is_root() {
        println!("not run: needs root");
        return;
    }
    let scene = Scene::empty();
    scene.chmod("", 0o1777);
    as_user(
        NOBODY,
        scene.gsec(&["ca", "init", "--cn", "Evil CA", "--key-type", "p256"]),
    )
    .in_dir(scene.dir.path(""))
    .run()
    .ok();
    as_user(NOBODY, scene.issue("bank.example.com", &[]))
        .in_dir(scene.dir.path(""))
        .run()
        .ok();
    sh(
        &scene,
        "cp gsec-ca/repository/01.pem leaf.pem && chmod 644 leaf.pem && chmod -R a+rX gsec-ca",
    );
    for user in [0, 1234] {
        let gsec = |line: &str| {
            as_user(user, scene.gsec(&line.split(' ').collect::<Vec<_>>())).in_dir(scene.dir.path(""))
        };
        let before = scene.tree();
        for line in [
            "cert verify leaf.pem --name bank.example.com",
            "cert issue --host db1.example.com --key-type p256",
            "cert list",
            "ca show",
            "crl show",
            "quickstart db1.example.com",
        ] {
            let refused = gsec(line).run().code(3);
            assert!(
                refused.stderr.contains("belongs to user 65534")
                    && refused.stderr.contains("--ca-dir gsec-ca"),
                "{user}: {refused}"
            );
            assert!(!refused.stderr.contains("chown"), "{user}: {refused}");
        }
        let examined = gsec("doctor leaf.pem").run();
        assert!(
            !examined.stdout.contains("trusted by") && examined.stderr.contains("belongs to user 65534"),
            "{user}: {examined}"
        );
        scene.tree().is_unchanged_since(&before);
        // Whoever names it has it.
        assert!(
            gsec("ca show --ca-dir gsec-ca")
                .run()
                .ok()
                .stdout
                .contains("Evil CA"),
            "{user}"
        );
        gsec("ca show").env("GSEC_CA_DIR", "gsec-ca").run().ok();
    }
    let examined = doctor(&scene, &[CA]);
    assert!(
        examined
            .iter()
            .any(|found| found.slug == "ca-of-another-user" && found.severity == "warning"),
        "{examined:#?}"
    );
    // For its owner it is his own, and so it is for root who acts for him.
    as_user(NOBODY, scene.gsec(&["ca", "show"]))
        .in_dir(scene.dir.path(""))
        .run()
        .ok();
    scene.gsec(&["ca", "show"]).env("SUDO_UID", "65534").run().ok();
    // Nobody else can say so.
    as_user(1234, scene.gsec(&["ca", "show"]))
        .in_dir(scene.dir.path(""))
        .env("SUDO_UID", "65534")
        .run()
        .code(3);
    // A link of his to a directory of root's.
    sh(
        &scene,
        "gsec ca init --cn Ours --key-type p256 --ca-dir ours && chmod -R go+rX ours && mkdir -m 1777 place",
    );
    as_user(NOBODY, tool("ln").args(&["-s", "../ours", "place/gsec-ca"]))
        .in_dir(scene.dir.path(""))
        .run()
        .ok();
    scene
        .gsec(&["ca", "show"])
        .in_dir(scene.dir.path("place"))
        .run()
        .code(3)
        .says("belongs to user 65534");
}
