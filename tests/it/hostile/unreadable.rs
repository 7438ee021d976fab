//! What is there and cannot be read is not what is not there: a guard refuses, a list says what it lacks, doctor says it.

use crate::common;

use common::at::plain_as_nobody;
use common::doctor::{findings_of, type_line};
use common::machine::is_root;
use common::{Outcome, Scene, Tree, names_in, run};
use serde_json::Value;

/// How a file is kept from being read: for a user whose files they are, and who is not root.
const WAYS: [(&str, &str); 3] = [
    ("without permission", "chmod 000 FILE"),
    ("a directory in its place", "rm FILE && mkdir FILE"),
    ("a link in its place", "mv FILE FILE.away && ln -s FILE.away FILE"),
];

/// A CA with `db1.example.com` (01), and `db4.example.com`, which has a second name (02); all of it the user's who calls.
struct Place {
    scene: Scene,
}

impl Place {
    fn new() -> Self {
        let scene = Scene::with_host();
        scene
            .issue("db4.example.com", &["--san", "alt.example.com"])
            .run()
            .ok();
        Self { scene }
    }

    /// The same, of which a file cannot be read any more.
    fn without(way: &str, file: &str) -> Self {
        let place = Self::new();
        place.hide(way, file);
        place
    }

    fn hide(&self, way: &str, file: &str) {
        let (_, line) = WAYS.iter().find(|(name, _)| *name == way).expect("a way");
        // A pattern for the shell: nothing in it is quoted.
        self.sh(&format!(
            "for file in gsec-ca/{file}; do {}; done",
            line.replace("FILE", "$file")
        ));
        self.hand_over();
    }

    fn hand_over(&self) {
        if is_root() {
            self.sh("chown -hR 65534:65534 .");
        }
    }

    #[track_caller]
    fn sh(&self, line: &str) {
        type_line(&self.scene, line).ok();
    }

    fn gsec(&self, args: &[&str]) -> Outcome {
        let folder = self.scene.dir.path("");
        let named = args.contains(&"--ca-dir");
        let mut call = plain_as_nobody(args.iter().copied());
        call.current_dir(&folder).env("HOME", &folder);
        if !named {
            call.env("GSEC_CA_DIR", "gsec-ca");
        }
        run(&mut call)
    }

    /// A call that must not go on: it names the file, and changes nothing.
    #[track_caller]
    fn refuses(&self, args: &[&str], file: &str) {
        let folder = self.scene.dir.path("gsec-ca/repository");
        let before = names_in(&folder);
        let refused = self.gsec(args);
        assert_eq!(refused.status, Some(3), "{refused}");
        assert!(refused.stderr.contains(file), "{refused}");
        assert!(refused.stderr.contains("hint: "), "{refused}");
        assert_eq!(names_in(&folder), before, "{refused}");
    }
}

fn codes(document: &Value) -> Vec<&str> {
    let warnings = document["warnings"].as_array().expect("warnings");
    warnings
        .iter()
        .map(|warning| warning["code"].as_str().expect("a code"))
        .collect()
}

#[test]
fn host_whose_certificate_cannot_be_read_gets_no_other() {
    for (way, _) in WAYS {
        let place = Place::without(way, "repository/02.pem");
        for host in ["db4.example.com", "alt.example.com"] {
            let ensure = ["cert", "ensure", host, "--key-type", "p256"];
            place.refuses(&ensure, "02.pem");
            place.refuses(&[&ensure[..], &["--dry-run"]].concat(), "02.pem");
            place.refuses(&["cert", "renew", host, "--host"], "02.pem");
            place.refuses(&["cert", "bundle", host, "--for", "nginx"], "02.pem");
        }
        // Of others the audit log says that they are not meant.
        for line in [
            &["cert", "ensure", "db1.example.com", "--key-type", "p256"][..],
            &["cert", "ensure", "db5.example.com", "--key-type", "p256"],
            &["cert", "issue", "db6.example.com", "--key-type", "p256"],
            &["cert", "revoke", "--serial", "02", "--reason", "superseded"],
        ] {
            place.gsec(line).ok();
        }
        let revoked = place.gsec(&["crl", "show"]).ok();
        assert!(revoked.stdout.contains("02"), "{way}: {revoked}");
    }
}

#[test]
fn hosts_of_a_list_whose_certificate_cannot_be_read_get_no_other() {
    let place = Place::without("without permission", "repository/02.pem");
    place
        .scene
        .write("hosts.csv", "host\ndb1.example.com\ndb4.example.com\n");
    place.hand_over();
    place.refuses(
        &["cert", "issue", "--from", "hosts.csv", "--key-type", "p256"],
        "02.pem",
    );
    place.scene.write(
        "fleet.toml",
        "version = 1\nca_dir = \"gsec-ca\"\n[defaults]\nkey_type = \"p256\"\n\
         [[host]]\nname = \"db4\"\nfqdn = \"db4.example.com\"\n",
    );
    place.hand_over();
    for command in [&["fleet", "plan", "--check"][..], &["fleet", "status"]] {
        let refused = place.gsec(command);
        assert_eq!(refused.status, Some(3), "{refused}");
        let said = format!("{}{}", refused.stdout, refused.stderr);
        assert!(said.contains("02.pem"), "{refused}");
    }
}

#[test]
fn ca_does_not_get_the_name_or_key_of_a_host_whose_certificate_cannot_be_read() {
    for (way, _) in WAYS {
        let place = Place::new();
        place
            .scene
            .issue("sub.example.com", &["--cn", "Sub CA"])
            .run()
            .ok();
        let parent = ["ca", "init", "--parent", "gsec-ca", "--key-type", "p256"];
        let sub = [&parent[..], &["--cn", "Sub CA", "--ca-dir", "sub"]].concat();
        place.hand_over();
        let refused = place.gsec(&sub).code(3);
        assert!(refused.stderr.contains("serial 03"), "{way}: {refused}");
        place.hide(way, "repository/03.pem");
        let refused = place.gsec(&sub).code(3);
        assert!(refused.stderr.contains("03.pem"), "{way}: {refused}");
        // Another name is free, and another key.
        let other = [&parent[..], &["--cn", "Other CA", "--ca-dir", "other"]].concat();
        place.gsec(&other).ok();
    }
    // Who takes the copy away has no more.
    let place = Place::new();
    place
        .scene
        .issue("sub.example.com", &["--cn", "Sub CA"])
        .run()
        .ok();
    std::fs::remove_file(place.scene.dir.path("gsec-ca/repository/03.pem")).expect("a copy");
    let parent = ["ca", "init", "--parent", "gsec-ca", "--key-type", "p256"];
    let refused = place
        .scene
        .gsec(&[&parent[..], &["--cn", "Sub CA", "--ca-dir", "sub"]].concat())
        .run()
        .code(3);
    assert!(refused.stderr.contains("serial 03"), "{refused}");
    // A CA that was certified under the name may be certified again.
    let twice = |dir| [&parent[..], &["--cn", "Twice CA", "--ca-dir", dir]].concat();
    place.scene.gsec(&twice("first")).run().ok();
    std::fs::remove_file(place.scene.dir.path("gsec-ca/repository/04.pem")).expect("a copy");
    let again = place.scene.gsec(&twice("second")).run();
    assert!(!again.stderr.contains("host certificate"), "{again}");
}

#[test]
fn list_says_which_certificates_it_could_not_read() {
    for (way, _) in WAYS {
        let place = Place::without(way, "repository/02.pem");
        let all = place.gsec(&["cert", "list", "--json"]).ok().json();
        assert_eq!(all["certificates"].as_array().expect("rows").len(), 2);
        assert_eq!(codes(&all), ["certificates_not_read"], "{way}");
        let one = place
            .gsec(&["cert", "list", "--host", "alt.example.com", "--json"])
            .ok()
            .json();
        assert_eq!(one["certificates"].as_array().expect("rows").len(), 0);
        assert_eq!(codes(&one), ["certificates_not_read"], "{way}");
        let text = place.gsec(&["cert", "list", "--host", "alt.example.com"]).ok();
        assert!(text.stdout.contains("02.pem"), "{way}: {text}");
        assert!(text.stdout.contains("not in this list"), "{way}: {text}");
        let shown = place.gsec(&["cert", "show", "--host", "alt.example.com"]).code(3);
        assert!(shown.stderr.contains("02.pem"), "{way}: {shown}");
    }
}

#[test]
fn doctor_does_not_call_healthy_what_it_may_not_read() {
    for file in [
        "repository/02.pem",
        "repository/02_*_priv_key.pem",
        "repository/02_*_cert.pem",
    ] {
        let place = Place::without("without permission", file);
        let found = findings_of(&place.gsec(&["doctor", "gsec-ca", "--json"]));
        let slugs: Vec<&str> = found.iter().map(|found| found.slug.as_str()).collect();
        assert_eq!(slugs, ["ca-not-permitted"], "{file}");
        let named = file.rsplit(['/', '*']).next().expect("a name");
        assert!(found[0].seen.contains(named), "{file}: {found:?}");
        assert!(found[0].look[0].contains("gsec doctor"), "{file}: {found:?}");
    }
    let place = Place::without("without permission", "repository/02.pem");
    let only = ["doctor", "gsec-ca", "--only", "ca-leftovers"];
    let before = Tree::of(place.scene.dir.path("gsec-ca"));
    place.gsec(&only).ok();
    Tree::of(place.scene.dir.path("gsec-ca")).is_unchanged_since(&before);
}

/// Parts of the CRL, in a CA that has them.
fn with_parts() -> Place {
    let place = Place::new();
    place.sh(
        "sed -i 's|^crl_addresses = .*|crl_addresses = [\"http://pki.example.com/ca.crl\"]|; s/^crl_shards = .*/crl_shards = 2/' gsec-ca/ca_conf/gsec.toml",
    );
    place.scene.issue("db5.example.com", &[]).run().ok();
    place.scene.gsec(&["crl", "update"]).run().ok();
    place
}

#[test]
fn part_of_the_crl_that_cannot_be_read_is_not_in_order() {
    for (way, _) in WAYS {
        let place = with_parts();
        place.hide(way, "ca_conf/crl/ca-2-0.crl");
        let found = findings_of(&place.gsec(&["doctor", "gsec-ca", "--json"]));
        let parts = found.iter().find(|found| found.slug == "ca-crl-parts");
        let parts = parts.unwrap_or_else(|| panic!("{way}: {found:?}"));
        assert!(parts.seen.contains("ca-2-0.crl"), "{way}: {parts:?}");
        assert!(!parts.seen.contains("ca-2-1.crl"), "{way}: {parts:?}");
        place.refuses(&["crl", "update", "--dry-run"], "ca-2-0.crl");
        place.refuses(&["crl", "update"], "ca-2-0.crl");
    }
    // One that is wrong takes nothing from the others.
    let place = with_parts();
    place.hide("without permission", "ca_conf/crl/ca-2-0.crl");
    place.sh("rm gsec-ca/ca_conf/crl/ca-2-1.crl");
    let found = findings_of(&place.gsec(&["doctor", "gsec-ca", "--json"]));
    let parts = found
        .iter()
        .find(|found| found.slug == "ca-crl-parts")
        .expect("found");
    assert!(
        parts.seen.contains("ca-2-0.crl") && parts.seen.contains("ca-2-1.crl"),
        "{parts:?}"
    );
}

/// A CA whose key was changed, with a certificate of the former one.
fn rekeyed() -> Place {
    let place = Place::new();
    place.scene.gsec(&["ca", "rekey", "--yes"]).run().ok();
    place.scene.issue("db5.example.com", &[]).run().ok();
    place
}

#[test]
fn former_key_that_may_not_be_read_is_not_another_ca() {
    let place = rekeyed();
    place.hide("without permission", "ca_conf/previous/*");
    for command in [
        &["cert", "verify", "db1.example.com", "--host"][..],
        &["cert", "list"],
        &["ca", "show"],
        &["cert", "bundle", "db5.example.com", "--for", "nginx"],
        &["cert", "ensure", "db1.example.com", "--key-type", "p256"],
    ] {
        let refused = place.gsec(command).code(3);
        assert!(refused.stderr.contains("previous"), "{refused}");
        assert!(refused.stderr.contains("permission denied"), "{refused}");
    }
    let found = findings_of(&place.gsec(&["doctor", "gsec-ca", "--json"]));
    let slugs: Vec<&str> = found.iter().map(|found| found.slug.as_str()).collect();
    assert_eq!(slugs, ["ca-not-permitted"], "{found:?}");
    place.sh("chmod 700 gsec-ca/ca_conf/previous/*");
    place.gsec(&["cert", "verify", "db1.example.com", "--host"]).ok();
}

#[test]
fn former_key_that_is_left_out_is_named() {
    for line in [
        ": > gsec-ca/ca_conf/previous/*/ca_cert.pem",
        "cd gsec-ca/ca_conf/previous/*/ && rm ca_cert.pem && mkdir ca_cert.pem",
        "cd gsec-ca/ca_conf/previous/*/ && mv ca_cert.pem away.pem && ln -s away.pem ca_cert.pem",
        ": > gsec-ca/ca_conf/previous/*/old_with_new.pem",
    ] {
        let place = rekeyed();
        for file in ["ca_cert.pem", "old_with_new.pem"] {
            place.sh(&format!("chmod u+w gsec-ca/ca_conf/previous/*/{file}"));
        }
        place.sh(&format!(
            "set -- gsec-ca/ca_conf/previous/*; {}",
            line.replace("gsec-ca/ca_conf/previous/*", "\"$1\"")
        ));
        place.hand_over();
        for command in [
            &["ca", "show", "--json"][..],
            &["cert", "bundle", "db5.example.com", "--for", "nginx", "--json"],
            &["cert", "list", "--json"],
        ] {
            let document = place.gsec(command).ok().json();
            assert!(
                codes(&document).contains(&"former_key_left_out"),
                "{line}: {document}"
            );
        }
    }
}

#[test]
fn ca_that_was_named_and_does_not_open_is_not_left_out() {
    let place = Place::new();
    place.sh("cp gsec-ca/repository/01.pem host.pem && cp gsec-ca/ca_conf/ca_cert.pem root.pem");
    place.hide("without permission", "ca_conf/ca_cert.pem");
    for directory in ["gsec-ca", "nowhere"] {
        for command in [
            &["doctor", "host.pem"][..],
            &["cert", "verify", "host.pem", "--trust", "root.pem"],
            &["cert", "show", "host.pem"],
        ] {
            let named = [command, &["--ca-dir", directory]].concat();
            let refused = place.gsec(&named).code(3);
            assert!(refused.stderr.contains(directory), "{refused}");
        }
    }
}

#[test]
fn show_says_what_it_could_not_read() {
    let place = Place::without("without permission", "ca_conf/ca_priv_key.pem");
    let shown = place.gsec(&["ca", "show", "--json"]).ok().json();
    assert_eq!(codes(&shown), ["key_not_read"]);
    let place = Place::new();
    place.sh(": > gsec-ca/ca_conf/audit.log");
    place.hand_over();
    let shown = place.gsec(&["ca", "show", "--json"]).ok().json();
    assert_eq!(codes(&shown), ["audit_log_lost"]);
    let place = Place::new();
    place.sh(": > gsec-ca/ca_conf/ca.db");
    place.hand_over();
    let ensure = [
        "cert",
        "ensure",
        "db1.example.com",
        "--key-type",
        "p256",
        "--json",
    ];
    let planned = place.gsec(&[&ensure[..], &["--dry-run"]].concat()).ok().json();
    assert_eq!(codes(&planned), ["records_lost"]);
    let asked = place.gsec(&[&ensure[..], &["--check"]].concat()).code(1).json();
    assert_eq!(codes(&asked), ["records_lost"]);
}

/// The CA in an image that has one directory of anchors, and nothing that programs read.
const ANCHORS: &str = "image/usr/local/share/ca-certificates";

#[test]
fn trust_store_that_cannot_be_looked_into_is_not_without_the_ca() {
    for hidden in [
        ANCHORS,
        "image/usr/local/share/ca-certificates/ours.crt",
        "image/usr/local/share",
    ] {
        let place = Place::new();
        place.sh(&format!(
            "mkdir -p {ANCHORS} && cp gsec-ca/ca_conf/ca_cert.pem root.pem && cp root.pem {ANCHORS}/ours.crt"
        ));
        place.sh(&format!("chmod 000 {hidden}"));
        place.hand_over();
        for command in [
            &["trust", "status"][..],
            &["trust", "uninstall", "--yes"],
            &["trust", "uninstall", "--dry-run"],
        ] {
            let asked = [command, &["root.pem", "--root", "image"]].concat();
            let refused = place.gsec(&asked).code(3);
            let said = format!("{}{}", refused.stdout, refused.stderr);
            assert!(said.contains("usr/local/share"), "{refused}");
            assert!(said.contains("permission denied"), "{refused}");
            assert!(!said.contains("not in the store"), "{refused}");
        }
        place.sh(&format!("chmod 755 {hidden} && test -e {ANCHORS}/ours.crt"));
        place
            .gsec(&["trust", "status", "root.pem", "--root", "image"])
            .code(1);
    }
}

#[test]
fn database_of_a_browser_that_cannot_be_looked_into_is_not_left_out() {
    let databases = [".pki/nssdb", ".mozilla/firefox/a.default"];
    for hidden in [
        ".pki/nssdb",
        ".pki",
        ".mozilla",
        ".mozilla/firefox",
        ".mozilla/firefox/a.default",
    ] {
        let place = Place::new();
        place.sh("cp gsec-ca/ca_conf/ca_cert.pem root.pem");
        for database in databases {
            place.sh(&format!(
                "mkdir -p {database} && certutil -N --empty-password -d sql:{database} && certutil -A -n ours -t C,, -i root.pem -d sql:{database}"
            ));
        }
        place.hand_over();
        let status = ["trust", "status", "root.pem", "--store", "nss"];
        place.gsec(&status).ok();
        place.sh(&format!("chmod 000 {hidden}"));
        for command in [
            &status[..],
            &["trust", "uninstall", "root.pem", "--store", "nss", "--dry-run"],
        ] {
            let refused = place.gsec(command).code(3);
            let said = format!("{}{}", refused.stdout, refused.stderr);
            assert!(said.contains(hidden), "{refused}");
            assert!(said.contains("permission denied"), "{refused}");
        }
        place.sh(&format!("chmod 700 {hidden}"));
    }
}

#[test]
fn library_in_a_directory_that_may_not_be_read_is_not_absent() {
    let place = Place::new();
    place.sh("mkdir lib && : > lib/libfoo.so && chmod 000 lib");
    place.hand_over();
    let folder = place.scene.dir.path("lib");
    let mut call = plain_as_nobody(["doctor", "--library", "foo", "--json"]);
    call.env("LD_LIBRARY_PATH", &folder)
        .current_dir(place.scene.dir.path(""));
    let found = findings_of(&run(&mut call));
    let absent = found.iter().find(|found| found.slug == "library-absent");
    let absent = absent.expect("it was not found");
    assert_eq!(absent.severity, "warning");
    assert!(absent.seen.contains(&folder), "{absent:?}");
    assert!(!absent.seen.contains("do not contain"), "{absent:?}");
    place.sh("chmod 755 lib");
}
