//! Files of the CA that somebody replaced, added to, took away or made a link of: nothing of it is believed that is not proven, doctor says
//! so, and no fix of doctor's makes the CA weaker. A `gsec-ca` of another user's is not taken for one's own.

use std::fs;
use std::os::unix::fs::symlink;

use crate::common;

use common::doctor::{doctor, finds, is_silent, type_line};
use common::{Outcome, Scene, Tree};

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
    let said = sh(scene, &format!("openssl x509 -in {certificate} -noout -ext subjectKeyIdentifier | tail -1 | tr -d ' :' | tr A-F a-f"));
    said.stdout.trim().to_owned()
}

/// A self-signed certificate for a key of another's, in the name of our CA.
fn make_root(scene: &Scene, key: &str, out: &str, subject: &str) {
    sh(
        scene,
        &format!("openssl req -x509 -new -utf8 -key {key} -subj '{subject}' -days 3000 -addext keyUsage=critical,keyCertSign,cRLSign -out {out}"),
    );
}

fn make_key(scene: &Scene, out: &str) {
    sh(scene, &format!("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out {out}"));
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
    assert_eq!(finds(scene, &[CA], "rekey-foreign").severity, "error", "{situation}");
}

#[test]
fn what_the_ca_signed_for_others_proves_no_change_of_its_key() {
    for situation in ["of a host", "of a CA below"] {
        let scene = Scene::with_ca();
        make_key(&scene, "ev.key");
        let issued = if situation == "of a host" {
            sh(&scene, "openssl req -new -key ev.key -subj /CN=h.example.com -out ev.csr && gsec cert sign ev.csr --host h.example.com");
            "gsec-ca/repository/01.pem"
        } else {
            sh(&scene, "openssl req -new -key ev.key -subj '/CN=Sub' -out ev.csr && gsec ca sign ev.csr --out sub.pem");
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
    sh(&scene, &format!("cp {KEY} old.key && cp {CERTIFICATE} old.pem && sleep 1 && gsec ca rekey --yes"));
    let old = folder_of(&scene, "old.pem");
    plant(&scene, "old.pem", "old.key", &format!("gsec-ca/ca_conf/previous/{old}/old_with_new.pem"));
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
        ("another bundle", "cat evca.pem >> gsec-ca/ca_conf/.rekey/ca_bundle.pem"),
        ("another root", "cp evca.pem gsec-ca/ca_conf/.rekey/ca_cert.pem"),
        ("another key", "cp ev.key gsec-ca/ca_conf/.rekey/ca_priv_key.pem"),
        ("another former certificate", "cp evca.pem gsec-ca/ca_conf/.rekey/previous/*/ca_cert.pem"),
        ("another former key", "cp ev.key gsec-ca/ca_conf/.rekey/previous/*/ca_priv_key.pem"),
        ("no former key", "rm gsec-ca/ca_conf/.rekey/previous/*/ca_priv_key.pem"),
        ("another way from the old root", "cp evca.pem gsec-ca/ca_conf/.rekey/previous/*/new_with_old.pem"),
        ("another way to the old root", "cp evca.pem gsec-ca/ca_conf/.rekey/previous/*/old_with_new.pem"),
        ("a file more", "touch gsec-ca/ca_conf/.rekey/x"),
        ("a former key more", "mkdir -m 700 gsec-ca/ca_conf/.rekey/previous/00"),
    ];
    for (situation, edit) in edits {
        let scene = Scene::with_host();
        make_key(&scene, "ev.key");
        make_root(&scene, "ev.key", "evca.pem", "/CN=Test CA");
        let killed = type_line(&scene, "strace -f -qq -o /dev/null -e trace=rename -e inject=rename:signal=KILL:when=2 gsec ca rekey --yes");
        assert!(killed.status != Some(0) && scene.exists("gsec-ca/ca_conf/.rekey/ca_cert.pem"), "{situation}: it was killed elsewhere: {killed}");
        sh(&scene, &format!("cp -a gsec-ca/ca_conf/.rekey kept; chmod u+w gsec-ca/ca_conf/.rekey/*.pem gsec-ca/ca_conf/.rekey/previous/*/*; {edit}"));
        is_refused(&scene, situation);
        sh(&scene, "rm -r gsec-ca/ca_conf/.rekey && mv kept gsec-ca/ca_conf/.rekey && gsec cert list");
        assert!(!scene.exists("gsec-ca/ca_conf/.rekey"), "{situation}: its own is finished");
    }
}

// ------------------------------------------------------------------------------------------------ ca_cert.pem

#[test]
fn a_certificate_appended_to_the_cas_own_is_believed_by_nothing() {
    for (situation, subject) in [("another name", "/CN=Evil CA"), ("the CA's own name", "/CN=Test CA")] {
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
        assert!(found.severity == "error" && found.seen.contains(&subject[1..]), "{situation}: {found:#?}");
        scene.gsec(&["cert", "verify", "leaf.pem", "--name", "bank.example.com"]).run().code(1);
        assert!(doctor(&scene, &["leaf.pem"]).iter().any(|found| found.severity == "error"), "{situation}");
        let shown = scene.gsec(&["ca", "show", "--json"]).run().ok().json();
        assert_eq!(shown["chain"], serde_json::json!([]), "{situation}: {shown}");
        // What it has of its own is as good as before.
        scene.gsec(&["cert", "verify", "01", "--name", "db1.example.com"]).run().ok();
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
        ("behind the root", "cat own.pem evca.pem > sub/ca_conf/ca_cert.pem"),
        (
            "before the root",
            "openssl x509 -in own.pem > sub/ca_conf/ca_cert.pem && cat evca.pem gsec-ca/ca_conf/ca_cert.pem >> sub/ca_conf/ca_cert.pem",
        ),
    ] {
        sh(&scene, &format!("test -e own.pem || cp sub/ca_conf/ca_cert.pem own.pem; {edit}"));
        finds(&scene, &["sub"], "ca-certificate-foreign");
        scene.gsec(&["cert", "verify", "01", "--ca-dir", "sub"]).run().ok();
        let shown = scene.gsec(&["ca", "show", "--json", "--ca-dir", "sub"]).run().ok().json();
        assert_eq!(shown["chain"].as_array().map(Vec::len), Some(1), "{situation}: {shown}");
    }
}

// ------------------------------------------------------------------------------------------------ gsec.toml and audit.log

fn narrow(scene: &Scene) {
    let policy = scene.read(POLICY);
    scene.write(POLICY, policy.replacen("[profile.host]", "[profile.host]\nname_suffixes = [\"example.com\"]", 1));
    scene.issue("evil.org", &[]).run().code(3);
}

#[test]
fn a_policy_that_was_lost_is_not_replaced_by_the_default() {
    for (situation, loss) in [("alone", ""), ("with the log", "gsec-ca/ca_conf/audit.log gsec-ca/ca_conf/audit.head")] {
        let scene = Scene::with_host();
        narrow(&scene);
        sh(
            &scene,
            &format!(
                "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout s.key -subj /CN=Sub -out s.csr; rm {POLICY} {loss}"
            ),
        );
        let found = finds(&scene, &[CA], "policy-missing");
        assert!(found.severity == "error" && found.fix.is_empty(), "{situation}: {found:#?}");
        if !loss.is_empty() {
            assert_eq!(finds(&scene, &[CA], "audit-log-missing").severity, "error");
            scene.gsec(&["ca", "log", "--verify"]).run().code(1);
        }
        for refused in ["cert issue --host evil.org --key-type p256", "cert renew 01", "ca sign s.csr", "cert sign s.csr --host evil.org"] {
            scene.gsec(&refused.split(' ').collect::<Vec<_>>()).run().code(3).says("gsec.toml").says("ca adopt");
        }
        // What makes nobody believed goes on, and writes into a log.
        scene.gsec(&["cert", "revoke", "01", "--reason", "superseded"]).run().ok();
        assert!(scene.exists("gsec-ca/ca_conf/audit.log"), "{situation}");
        let adopted = scene.gsec(&["ca", "adopt", "--yes"]).run().ok();
        assert!(adopted.stdout.contains("default rules"), "{situation}: {adopted}");
        is_silent(&scene, &[CA], "policy-missing");
        scene.issue("db2.example.com", &[]).run().ok();
    }
}

// ------------------------------------------------------------------------------------------------ links

/// Each file and folder of the CA as a link, and what doctor says is typed: nothing is weaker, nothing is lost.
#[test]
fn no_fix_for_a_link_loses_anything() {
    for name in ["gsec.toml", "audit.log", "audit.head", "ca_cert.pem", "ca_priv_key.pem", "ca.db", "ca.db.attr", "serial.num", "ca.conf"] {
        let scene = Scene::with_host();
        narrow(&scene);
        let path = format!("gsec-ca/ca_conf/{name}");
        let before = scene.read_bytes(&path);
        sh(&scene, &format!("mkdir real && mv {path} real/ && ln -s ../../real/{name} {path}"));
        let found = doctor(&scene, &[CA]).into_iter().find(|found| found.slug == "ca-file-irregular").unwrap_or_else(|| panic!("{name}"));
        assert!(found.seen.contains(&format!("../../real/{name}")), "{found:#?}");
        found.fix.iter().for_each(|fix| drop(sh(&scene, fix)));
        assert!(!fs::symlink_metadata(scene.dir.path(&path)).expect(name).is_symlink(), "{found:#?}");
        assert_eq!(scene.read_bytes(&path), before, "{name}");
        assert_eq!(doctor(&scene, &[CA]).iter().filter(|found| found.severity == "error").count(), 0, "{name}: {:#?}", doctor(&scene, &[CA]));
        scene.issue("evil.org", &[]).run().code(3);
        scene.issue("db2.example.com", &[]).run().ok();
        scene.gsec(&["ca", "log", "--verify"]).run().ok();
    }
    for name in ["gsec-ca/ca_conf", "gsec-ca/repository"] {
        let scene = Scene::with_host();
        sh(&scene, &format!("mv {name} real && ln -s ../real {name}"));
        let before = scene.tree();
        let found = finds(&scene, &[CA], "ca-file-irregular");
        assert!(found.fix.is_empty() && found.seen.contains("../real"), "{found:#?}");
        scene.tree().is_unchanged_since(&before);
    }
}

#[test]
fn what_a_link_into_others_hands_leads_to_is_not_copied() {
    let scene = Scene::with_host();
    sh(&scene, &format!("mkdir -m 777 theirs && mv {POLICY} theirs/ && chmod 777 theirs"));
    symlink("../../theirs/gsec.toml", scene.dir.path(POLICY)).expect("a link");
    let found = finds(&scene, &[CA], "ca-file-irregular");
    assert!(found.fix.is_empty() && found.seen.contains("not in trusted hands"), "{found:#?}");
    fs::remove_file(scene.dir.path("theirs/gsec.toml")).expect("it is there");
    let found = finds(&scene, &[CA], "ca-file-irregular");
    assert!(found.fix.is_empty() && found.seen.contains("nothing is there"), "{found:#?}");
}
