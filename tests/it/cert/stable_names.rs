//! `--out-dir` and `--cert-out`: the names of delivered files stay when a certificate is renewed, and nothing of others is replaced.

use crate::common;

use std::fs;
use std::os::unix::fs::symlink;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use common::doctor::type_line;
use common::snapshot::walk;
use common::{Outcome, Scene, names_in, records};
use serde_json::{Value, json};

const CA: &str = "gsec-ca/ca_conf/ca_cert.pem";
const HOST: &str = "db1.example.com";

fn scene_with_out() -> Scene {
    let scene = Scene::with_ca();
    fs::create_dir(scene.dir.path("out")).expect("a directory");
    scene
}

/// A call of `cert` with a key that is quickly made.
#[track_caller]
fn cert(scene: &Scene, args: &[&str]) -> Value {
    let call = scene.gsec(&["cert"]).args(args).args(&["--json"]);
    call.run().ok().json()
}

#[track_caller]
fn ensure(scene: &Scene, flags: &[&str]) -> Value {
    cert(scene, &[&["ensure", HOST, "--key-type", "p256"], flags].concat())
}

fn link(scene: &Scene, name: &str) -> String {
    let target = fs::read_link(scene.dir.path(name)).unwrap_or_else(|problem| panic!("{name}: {problem}"));
    target.display().to_string()
}

fn listed(scene: &Scene, folder: &str) -> Vec<String> {
    names_in(scene.dir.path(folder))
}

fn releases(scene: &Scene) -> usize {
    let sets = listed(scene, "out/releases");
    sets.iter().filter(|name| !name.starts_with('.')).count()
}

fn serials(scene: &Scene) -> usize {
    records(&scene.dir.path("gsec-ca/ca_conf/ca.db")).len()
}

/// Certificate and key belong together, and the certificate is of this serial number.
#[track_caller]
fn is_pair(scene: &Scene, certificate: &str, key: &str, serial: &str) {
    let public = |args: &[&str]| scene.openssl(args).stdout;
    assert_eq!(
        public(&["x509", "-in", certificate, "-noout", "-pubkey"]),
        public(&["pkey", "-in", key, "-pubout"])
    );
    assert_eq!(
        public(&["x509", "-in", certificate, "-noout", "-serial"]),
        format!("serial={serial}\n")
    );
}

#[track_caller]
fn db1_is(scene: &Scene, serial: &str) {
    is_pair(scene, "out/db1_cert.pem", "out/db1_priv_key.pem", serial);
    scene.openssl(&["verify", "-CAfile", "out/db1_chain.pem", "out/db1_cert.pem"]);
    let pfx = [
        "pkcs12",
        "-in",
        "out/db1_cert.pfx",
        "-passin",
        "pass:",
        "-nokeys",
        "-clcerts",
    ];
    let pem = scene.openssl(&pfx).stdout;
    scene.write("of_pfx.pem", pem);
    let of_pfx = scene.openssl(&["x509", "-in", "of_pfx.pem", "-noout", "-serial"]);
    assert_eq!(of_pfx.stdout, format!("serial={serial}\n"));
}

#[test]
fn names_stay_when_a_certificate_is_renewed_and_the_old_files_stay_too() {
    let scene = scene_with_out();
    let issued = cert(&scene, &["issue", HOST, "--key-type", "p256", "--out-dir", "out"]);
    let delivered = json!([
        "out/db1_cert.pem",
        "out/db1_priv_key.pem",
        "out/db1_chain.pem",
        "out/db1_cert.pfx"
    ]);
    assert_eq!(issued["files"]["delivered"], delivered);
    let names = [
        "current",
        "db1_cert.pem",
        "db1_cert.pfx",
        "db1_chain.pem",
        "db1_priv_key.pem",
        "releases",
    ];
    assert_eq!(listed(&scene, "out"), names);
    for name in &names[1..5] {
        assert_eq!(link(&scene, &format!("out/{name}")), format!("current/{name}"));
    }
    let first = link(&scene, "out/current");
    assert!(first.starts_with("releases/"), "{first}");
    for name in ["db1_cert.pem", "db1_priv_key.pem", "db1_cert.pfx"] {
        assert_eq!(
            scene.read_bytes(&format!("out/{name}")),
            scene.read_bytes(&format!("gsec-ca/repository/01_{name}"))
        );
    }
    let tree = scene.tree();
    let mode = |name: &str| tree.mode(&format!("out/{first}/{name}")) & 0o7777;
    assert_eq!(
        [
            "db1_cert.pem",
            "db1_priv_key.pem",
            "db1_chain.pem",
            "db1_cert.pfx"
        ]
        .map(mode),
        [0o644, 0o600, 0o644, 0o600]
    );
    db1_is(&scene, "01");

    let renewed = cert(&scene, &["renew", HOST, "--out-dir", "out"]);
    assert_eq!(renewed["files"]["delivered"], delivered);
    assert_eq!(listed(&scene, "out"), names);
    db1_is(&scene, "02");
    let old = |name: &str| format!("out/{first}/{name}");
    is_pair(&scene, &old("db1_cert.pem"), &old("db1_priv_key.pem"), "01");
    assert_eq!(releases(&scene), 2);
    // In the repository nothing is different.
    assert!(
        scene.exists("gsec-ca/repository/02_db1_cert.pem")
            && !scene.exists("gsec-ca/repository/02_db1_chain.pem")
    );
    // A host has the same names however it is typed.
    cert(
        &scene,
        &[
            "issue",
            "DB1.example.com",
            "--key-type",
            "p256",
            "--out-dir",
            "out",
        ],
    );
    assert_eq!(listed(&scene, "out"), names);
    db1_is(&scene, "03");
}

#[test]
fn repeating_changes_nothing() {
    let scene = scene_with_out();
    let flags = ["--out-dir", "out"];
    assert_eq!(ensure(&scene, &flags)["action"], "issued");
    let before = scene.tree();
    for further in [&[][..], &["--check"]] {
        let again = ensure(&scene, &[&flags, further].concat());
        assert_eq!(
            (&again["changed"], &again["action"], &again["reasons"]),
            (&json!(false), &json!("none"), &json!([]))
        );
    }
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn what_is_missing_is_put_back_without_a_new_certificate_or_a_new_set() {
    let scene = scene_with_out();
    ensure(&scene, &["--out-dir", "out"]);
    let set = link(&scene, "out/current");
    let losses: [(&[&str], &[&str]); 5] = [
        (&["out/db1_cert.pem"], &["db1_cert.pem"]),
        (
            &["out/db1_priv_key.pem", "out/db1_cert.pfx"],
            &["db1_priv_key.pem", "db1_cert.pfx"],
        ),
        (
            &["out/current"],
            &[
                "db1_cert.pem",
                "db1_priv_key.pem",
                "db1_chain.pem",
                "db1_cert.pfx",
            ],
        ),
        (&["out/db1_chain.pem"], &["db1_chain.pem"]),
        (
            &["out/current", "out/releases"],
            &[
                "db1_cert.pem",
                "db1_priv_key.pem",
                "db1_chain.pem",
                "db1_cert.pfx",
            ],
        ),
    ];
    for (lost, said) in losses {
        for name in lost {
            let path = scene.dir.path(name);
            let is_folder = fs::symlink_metadata(&path).expect("metadata").is_dir();
            if is_folder {
                fs::remove_dir_all(path)
            } else {
                fs::remove_file(path)
            }
            .expect("removed");
        }
        let said: Value = said.iter().map(|name| format!("out/{name}")).collect();
        let before = scene.tree();
        let checked = scene
            .gsec(&[
                "cert",
                "ensure",
                HOST,
                "--key-type",
                "p256",
                "--out-dir",
                "out",
                "--check",
                "--json",
            ])
            .run()
            .code(1)
            .json();
        assert_eq!(
            (&checked["action"], &checked["restored"]),
            (&json!("would_restore"), &said)
        );
        scene.tree().is_unchanged_since(&before);
        let restored = ensure(&scene, &["--out-dir", "out"]);
        assert_eq!(
            (
                &restored["changed"],
                &restored["action"],
                &restored["restored"],
                &restored["serial"]
            ),
            (&json!(true), &json!("restored"), &said, &json!("01")),
            "{lost:?}"
        );
        assert_eq!(
            (link(&scene, "out/current"), releases(&scene)),
            (set.clone(), 1),
            "{lost:?}"
        );
        db1_is(&scene, "01");
        assert_eq!(ensure(&scene, &["--out-dir", "out"])["changed"], false);
    }
    assert_eq!(serials(&scene), 1);
    // A file of the set that was changed by hand: the set is made again beside it.
    let damaged = format!("out/{set}/db1_cert.pem");
    scene.write(&damaged, "no certificate");
    let restored = ensure(&scene, &["--out-dir", "out"]);
    assert_eq!(restored["reasons"][0]["code"], "output_differs");
    db1_is(&scene, "01");
    assert_eq!(
        (releases(&scene), scene.read(&damaged)),
        (2, "no certificate".to_owned())
    );
    scene.gsec(&["ca", "log", "--verify"]).run().ok();
}

/// A link that was turned back by hand leads to the newest certificate again.
#[test]
fn set_that_is_there_is_used_again() {
    let scene = scene_with_out();
    let flags = ["--out-dir", "out", "--no-keep-key"];
    ensure(&scene, &flags);
    let first = link(&scene, "out/current");
    cert(
        &scene,
        &[
            "renew",
            "01",
            "--out-dir",
            "out",
            "--no-keep-key",
            "--pfx-encryption",
            "modern",
        ],
    );
    let second = link(&scene, "out/current");
    fs::remove_file(scene.dir.path("out/current")).expect("removed");
    symlink(&first, scene.dir.path("out/current")).expect("a link");
    // The key is nowhere but in the set.
    let restored = ensure(&scene, &[&flags[..], &["--no-pfx"]].concat());
    assert_eq!(
        (&restored["action"], &restored["serial"]),
        (&json!("restored"), &json!("02"))
    );
    assert_eq!((link(&scene, "out/current"), releases(&scene)), (second, 2));
    assert_eq!(serials(&scene), 2);
}

#[test]
fn several_hosts_in_one_directory_change_each_by_itself() {
    let scene = scene_with_out();
    scene.write(
        "hosts.csv",
        "host\ndb1.example.com\ndb2.example.com\ndb3.example.com\n",
    );
    let from = [
        "issue",
        "--from",
        "hosts.csv",
        "--key-type",
        "p256",
        "--jobs",
        "1",
        "--out-dir",
        "out",
    ];
    let made = cert(&scene, &from);
    assert_eq!(made["counts"]["issued"], 3);
    assert_eq!(
        made["hosts"][1]["files"]["delivered"],
        json!([
            "out/db2_cert.pem",
            "out/db2_priv_key.pem",
            "out/db2_chain.pem",
            "out/db2_cert.pfx"
        ])
    );
    let pair = |host: u32, serial: &str| {
        is_pair(
            &scene,
            &format!("out/db{host}_cert.pem"),
            &format!("out/db{host}_priv_key.pem"),
            serial,
        );
    };
    (1..=3).for_each(|host| pair(host, &format!("0{host}")));
    let again = cert(&scene, &from);
    assert_eq!(again["counts"]["present"], 3, "{again}");
    assert_eq!(releases(&scene), 3);
    // The first has the link `current`, each other one a link of its own.
    assert_eq!(
        [1, 2, 3].map(|host| link(&scene, &format!("out/db{host}_cert.pem"))),
        [
            "current/db1_cert.pem",
            "db2_current/db2_cert.pem",
            "db3_current/db3_cert.pem"
        ]
    );
    for (host, serial) in [(2, "04"), (1, "05")] {
        cert(
            &scene,
            &["renew", &format!("db{host}.example.com"), "--out-dir", "out"],
        );
        pair(host, serial);
    }
    pair(3, "03");
    // Whose the link is does not change when it is gone for a while.
    fs::remove_file(scene.dir.path("out/current")).expect("removed");
    cert(
        &scene,
        &[
            "issue",
            "db4.example.com",
            "--key-type",
            "p256",
            "--out-dir",
            "out",
        ],
    );
    cert(
        &scene,
        &[
            "ensure",
            "db1.example.com",
            "--key-type",
            "p256",
            "--out-dir",
            "out",
        ],
    );
    for (host, serial) in [(1, "05"), (2, "04"), (3, "03"), (4, "06")] {
        pair(host, serial);
    }
}

#[test]
fn name_of_another_host_is_refused_before_anything_is_issued() {
    let scene = scene_with_out();
    ensure(&scene, &["--out-dir", "out"]);
    scene.openssl_key("other.key");
    let subject = [
        "-subj",
        "/CN=db1.example.org",
        "-addext",
        "subjectAltName=DNS:db1.example.org",
    ];
    scene.openssl(
        &[
            &["req", "-new", "-key", "other.key", "-out", "other.csr"],
            &subject[..],
        ]
        .concat(),
    );
    let said = [
        "error: `out/db1_cert.pem` belongs to `db1.example.com`, and a file of `db1.example.org` would replace it",
        "hint: name files after the whole host name: `--out-names fqdn`",
    ];
    let calls: [&[&str]; 4] = [
        &[
            "cert",
            "issue",
            "db1.example.org",
            "--key-type",
            "p256",
            "--out-dir",
            "out",
        ],
        &[
            "cert",
            "issue",
            "db1.example.org",
            "--key-type",
            "p256",
            "--out-dir",
            "out",
            "--dry-run",
        ],
        &[
            "cert",
            "ensure",
            "db1.example.org",
            "--key-type",
            "p256",
            "--out-dir",
            "out",
        ],
        &[
            "cert",
            "sign",
            "other.csr",
            "--host",
            "db1.example.org",
            "--out-dir",
            "out",
        ],
    ];
    for call in calls {
        scene.refuses(call, 3, &said);
    }
    scene.write("hosts.csv", "host\nweb.example.com\ndb1.example.org\n");
    scene.refuses(
        &[
            "cert",
            "issue",
            "--from",
            "hosts.csv",
            "--key-type",
            "p256",
            "--out-dir",
            "out",
        ],
        3,
        &said,
    );
    scene.write("hosts.csv", "host\nweb.example.com\nweb.example.org\n");
    let from = [
        "issue",
        "--from",
        "hosts.csv",
        "--key-type",
        "p256",
        "--out-dir",
        "out",
    ];
    scene.refuses(
        &[&["cert"], &from[..]].concat(),
        3,
        &[
            "error: `web.example.com` and `web.example.org` would both be written to `out/web_cert.pem`",
            "hint: name files after the whole host name: `--out-names fqdn`",
        ],
    );
    assert_eq!(serials(&scene), 1);
    cert(&scene, &[&from[..], &["--out-names", "fqdn"]].concat());
    cert(
        &scene,
        &[
            "issue",
            "db1.example.org",
            "--key-type",
            "p256",
            "--out-dir",
            "out",
            "--out-names",
            "fqdn",
        ],
    );
    for host in ["web.example.com", "web.example.org", "db1.example.org"] {
        let name = |ending: &str| format!("out/{host}_{ending}");
        let text = scene
            .openssl(&[
                "x509",
                "-in",
                &name("cert.pem"),
                "-noout",
                "-ext",
                "subjectAltName",
            ])
            .stdout;
        assert!(text.contains(&format!("DNS:{host}\n")), "{text}");
        assert!(scene.exists(&name("priv_key.pem")) && scene.exists(&name("chain.pem")));
    }
    // A wildcard is a host of its own.
    cert(
        &scene,
        &[
            "issue",
            "*.example.net",
            "--key-type",
            "p256",
            "--out-dir",
            "out",
            "--out-names",
            "fqdn",
        ],
    );
    assert!(scene.exists("out/wildcard.example.net_cert.pem"));
    db1_is(&scene, "01");
}

#[test]
fn files_that_are_not_gsecs_links_stay_and_the_hint_can_be_typed() {
    let scene = scene_with_out();
    // What gsec wrote before names stayed.
    ensure(&scene, &["--out-dir", "out", "--out-names", "serial"]);
    assert_eq!(
        listed(&scene, "out"),
        ["01_db1_cert.pem", "01_db1_cert.pfx", "01_db1_priv_key.pem"]
    );
    let old = scene.read("out/01_db1_priv_key.pem");
    assert_eq!(ensure(&scene, &["--out-dir", "out"])["action"], "restored");
    assert_eq!((scene.read("out/01_db1_priv_key.pem"), serials(&scene)), (old, 1));

    for (planted, is_link) in [
        ("out/db2_cert.pem", false),
        ("out/db2_priv_key.pem", true),
        ("out/db2_current", false),
    ] {
        if is_link {
            scene.write("mine", "my key");
            symlink("../mine", scene.dir.path(planted)).expect("a link");
        } else {
            scene.write(planted, "mine");
        }
        let call = [
            "cert",
            "issue",
            "db2.example.com",
            "--key-type",
            "p256",
            "--out-dir",
            "out",
        ];
        let said =
            format!("error: `{planted}` exists and is not a link that gsec made, so it is not replaced");
        let hint = format!("hint: move it away: `mv -n {planted} {planted}.old`");
        scene.refuses(&call, 3, &[&said, &hint]);
        scene.refuses(&[&call[..], &["--dry-run"]].concat(), 3, &[&said, &hint]);
        type_line(&scene, &format!("mv -n {planted} {planted}.old")).ok();
    }
    cert(
        &scene,
        &[
            "issue",
            "db2.example.com",
            "--key-type",
            "p256",
            "--out-dir",
            "out",
        ],
    );
    is_pair(&scene, "out/db2_cert.pem", "out/db2_priv_key.pem", "02");
    assert_eq!(scene.read("mine"), "my key");
}

#[test]
fn directory_that_has_a_current_of_its_own_keeps_it() {
    let scene = scene_with_out();
    fs::create_dir(scene.dir.path("out/current")).expect("a directory");
    scene.write("out/current/app", "an application");
    ensure(&scene, &["--out-dir", "out"]);
    assert_eq!(link(&scene, "out/db1_cert.pem"), "db1_current/db1_cert.pem");
    db1_is(&scene, "01");
    assert_eq!(scene.read("out/current/app"), "an application");
}

#[test]
fn certificate_without_a_key_has_no_key_of_an_earlier_one_beside_it() {
    let scene = scene_with_out();
    ensure(&scene, &["--out-dir", "out"]);
    scene.openssl_key("own.key");
    scene.openssl(&[
        "req",
        "-new",
        "-key",
        "own.key",
        "-subj",
        "/CN=db1.example.com",
        "-out",
        "own.csr",
    ]);
    let signed = cert(&scene, &["sign", "own.csr", "--host", HOST, "--out-dir", "out"]);
    assert_eq!(
        signed["files"]["delivered"],
        json!(["out/db1_cert.pem", "out/db1_chain.pem"])
    );
    assert_eq!(
        listed(&scene, "out"),
        ["current", "db1_cert.pem", "db1_chain.pem", "releases"]
    );
    is_pair(&scene, "out/db1_cert.pem", "own.key", "02");
    // The key of `cert request` is a file of its own, and the certificate comes beside it.
    fs::create_dir(scene.dir.path("web")).expect("a directory");
    let host = ["--host", "web1.example.com"];
    let request = ["request", "--key-type", "p256", "--out-dir", "web"];
    cert(&scene, &[&request[..], &host].concat());
    cert(
        &scene,
        &[&["sign", "web/web1_req.pem", "--out-dir", "web"], &host[..]].concat(),
    );
    is_pair(&scene, "web/web1_cert.pem", "web/web1_priv_key.pem", "03");
    let said = [
        "error: `web/web1_priv_key.pem` exists and is not a link that gsec made, so it is not replaced",
        "hint: move it away: `mv -n web/web1_priv_key.pem web/web1_priv_key.pem.old`",
    ];
    scene.refuses(
        &[
            "cert",
            "issue",
            "web1.example.com",
            "--key-type",
            "p256",
            "--out-dir",
            "web",
        ],
        3,
        &said,
    );
}

#[test]
fn directory_in_which_others_could_exchange_a_link_is_refused() {
    let scene = scene_with_out();
    let call = ["cert", "issue", HOST, "--key-type", "p256", "--out-dir", "out"];
    scene.chmod("out", 0o777);
    let said = [
        "error: `…/out` can be written by everybody (mode 0777), who could exchange what the names in it lead to",
        "hint: `chmod go-w …/out`, once you know that nobody has changed it",
        "hint: or write plain files with new names after each renewal: `--out-names serial`",
    ];
    scene.refuses(&call, 3, &said);
    scene.refuses(&[&call[..], &["--dry-run"]].concat(), 3, &said);
    scene.gsec(&call).args(&["--out-names", "serial"]).run().ok();
    scene.chmod("out", 0o755);
    fs::create_dir(scene.dir.path("elsewhere")).expect("a directory");
    symlink("../elsewhere", scene.dir.path("out/releases")).expect("a link");
    scene.refuses(
        &call,
        3,
        &["error: `out/releases` is a symbolic link, which is not followed"],
    );
    fs::remove_file(scene.dir.path("out/releases")).expect("removed");
    fs::create_dir(scene.dir.path("out/releases")).expect("a directory");
    scene.chmod("out/releases", 0o777);
    let refused = scene.gsec(&call).run().code(3);
    assert!(
        refused
            .stderr
            .contains("out/releases` can be written by everybody"),
        "{refused}"
    );
    assert_eq!(listed(&scene, "elsewhere"), Vec::<String>::new());
    scene.chmod("out/releases", 0o755);
    scene.gsec(&call).run().ok();
}

/// Puts something in the place of a path.
type Plant = fn(&str);

/// A directory such as `/tmp`, in which everybody can make files and nobody can remove those of others.
#[test]
fn what_another_user_planted_in_a_common_directory_is_not_used() {
    if !rustix::process::geteuid().is_root() {
        return; // only root can plant for another user
    }
    let nobody = Some(65534);
    let plant: [(&str, Plant, &str); 4] = [
        (
            "out/db1_cert.pem",
            |path| symlink("current/db1_cert.pem", path).expect("a link"),
            "`out/db1_cert.pem` exists and is not a link that gsec made",
        ),
        (
            "out/db1_current",
            |path| symlink("releases/0123456789abcdef", path).expect("a link"),
            "`out/db1_current` exists and is not a link that gsec made",
        ),
        (
            "out/releases",
            |path| fs::create_dir(path).expect("a directory"),
            "`out/releases` belongs to user 65534, who could exchange what the names in it lead to",
        ),
        (
            "out/releases",
            |path| symlink("/tmp", path).expect("a link"),
            "`out/releases` is a symbolic link, which is not followed",
        ),
    ];
    for (name, make, said) in plant {
        let scene = scene_with_out();
        scene.chmod("out", 0o1777);
        make(&scene.dir.path(name));
        std::os::unix::fs::lchown(scene.dir.path(name), nobody, nobody).expect("an owner");
        let before = scene.tree();
        for command in ["issue", "ensure"] {
            let refused = scene
                .gsec(&["cert", command, HOST, "--key-type", "p256", "--out-dir", "out"])
                .run()
                .code(3);
            assert!(refused.stderr.contains(said), "{name}: {refused}");
        }
        scene.tree().is_unchanged_since(&before);
    }
    // Nobody's `current` is not the link of the first host.
    let scene = scene_with_out();
    scene.chmod("out", 0o1777);
    symlink("releases/0123456789abcdef", scene.dir.path("out/current")).expect("a link");
    std::os::unix::fs::lchown(scene.dir.path("out/current"), nobody, nobody).expect("an owner");
    ensure(&scene, &["--out-dir", "out"]);
    assert_eq!(link(&scene, "out/db1_cert.pem"), "db1_current/db1_cert.pem");
    db1_is(&scene, "01");
}

/// Who had only files with numbers in DIR gets the new names, and no new certificates.
#[test]
fn list_that_was_delivered_under_the_old_names_is_not_issued_again() {
    let scene = scene_with_out();
    scene.write("hosts.csv", "host\ndb1.example.com\ndb2.example.com\n");
    let from = [
        "issue",
        "--from",
        "hosts.csv",
        "--key-type",
        "p256",
        "--out-dir",
        "out",
    ];
    // One at a time, so that the serial numbers are in the order of the list.
    cert(
        &scene,
        &[&from[..], &["--out-names", "serial", "--jobs", "1"]].concat(),
    );
    let before = scene.tree();
    for _ in 0..2 {
        let again = cert(&scene, &from);
        assert_eq!(again["counts"]["present"], 2, "{again}");
    }
    assert_eq!(serials(&scene), 2);
    is_pair(&scene, "out/db1_cert.pem", "out/db1_priv_key.pem", "01");
    is_pair(&scene, "out/db2_cert.pem", "out/db2_priv_key.pem", "02");
    let numbered = |name: &&String| name.starts_with("out/");
    for name in before.files().iter().filter(numbered) {
        assert!(scene.exists(name), "{name} is gone");
    }
    scene.gsec(&["ca", "log", "--verify"]).run().ok();
}

#[test]
fn directories_of_the_ca_itself_take_no_other_files() {
    let scene = Scene::with_ca();
    let said = |folder: &str| {
        format!("error: `{folder}` is a directory of a CA, and only the CA's own files belong there")
    };
    let issue = ["cert", "issue", HOST, "--key-type", "p256"];
    for folder in ["gsec-ca/repository", "gsec-ca/ca_conf"] {
        let hint = "hint: choose another directory";
        scene.refuses(
            &[&issue[..], &["--out-dir", folder]].concat(),
            3,
            &[&said(folder), hint],
        );
        let file = format!("{folder}/tls.key");
        scene.refuses(
            &[&issue[..], &["--key-out", &file]].concat(),
            3,
            &[&said(folder), hint],
        );
    }
}

/// Who opens the set that counts, and then reads both files of it, never gets halves of two.
#[test]
fn reader_gets_whole_pairs_while_a_certificate_is_renewed() {
    use gsec_pki::key::{Signer, decode_private_key};
    use gsec_pki::x509::decode_certificates;
    let scene = scene_with_out();
    let flags = ["--no-pfx", "--out-dir", "out"];
    ensure(&scene, &flags);
    let (is_over, reads) = (AtomicBool::new(false), AtomicUsize::new(0));
    let seen = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen = std::collections::BTreeSet::new();
            while !is_over.load(Ordering::Relaxed) {
                let set = fs::canonicalize(scene.dir.path("out/current")).expect("there is always a set");
                let certificate = fs::read(set.join("db1_cert.pem")).expect("a certificate");
                let key = fs::read(set.join("db1_priv_key.pem")).expect("a key");
                let certificate = decode_certificates(&certificate).expect("whole").remove(0);
                let key = decode_private_key(&key, None).expect("whole");
                assert!(key.public_key().is_pair_of(certificate.public_key()));
                seen.insert(certificate.serial().to_string());
                reads.fetch_add(1, Ordering::Relaxed);
            }
            seen
        });
        for _ in 0..8 {
            cert(&scene, &[&["renew", HOST], &flags[..]].concat());
            // A read that began after the renewal.
            let before = reads.load(Ordering::Relaxed);
            while reads.load(Ordering::Relaxed) < before + 2 && !reader.is_finished() {
                std::thread::yield_now();
            }
        }
        is_over.store(true, Ordering::Relaxed);
        reader.join().expect("the reader found no halves")
    });
    assert!(seen.len() >= 8, "it read after each renewal: {seen:?}");
}

#[test]
fn calls_at_the_same_time_leave_whole_pairs() {
    let scene = scene_with_out();
    std::thread::scope(|scope| {
        for host in 1..=4 {
            for _ in 0..3 {
                let scene = &scene;
                scope.spawn(move || {
                    let host = format!("db{host}.example.com");
                    cert(
                        scene,
                        &[
                            "issue",
                            &host,
                            "--key-type",
                            "p256",
                            "--no-pfx",
                            "--out-dir",
                            "out",
                        ],
                    );
                });
            }
        }
    });
    for host in 1..=4 {
        let name = |ending: &str| format!("out/db{host}_{ending}");
        let serial = scene
            .openssl(&["x509", "-in", &name("cert.pem"), "-noout", "-serial"])
            .stdout;
        let serial = serial.trim().trim_start_matches("serial=").to_owned();
        is_pair(&scene, &name("cert.pem"), &name("priv_key.pem"), &serial);
    }
    assert_eq!(releases(&scene), 12);
    let left = walk(std::path::Path::new(&scene.dir.path("out")));
    assert!(left.iter().all(|(name, _)| !name.contains(".gsec-")), "{left:?}");
}

#[test]
fn quickstart_delivers_too() {
    let scene = Scene::empty();
    fs::create_dir(scene.dir.path("out")).expect("a directory");
    let quickstart = |flags: &[&str]| -> Outcome { scene.gsec(&["quickstart", HOST]).args(flags).run().ok() };
    quickstart(&[]);
    let text = quickstart(&["--out-dir", "out"]);
    assert!(
        text.stdout.starts_with(
            "db1.example.com already has a valid certificate, serial 01: only files were written\n"
        ) && text.stdout.contains("out/db1_cert.pem"),
        "{text}"
    );
    db1_is(&scene, "01");
    let before = scene.tree();
    let again = quickstart(&["--out-dir", "out", "--json"]).json();
    assert_eq!(
        (&again["changed"], &again["restored"]),
        (&json!(false), &json!([]))
    );
    scene.tree().is_unchanged_since(&before);
    let other = scene
        .gsec(&["quickstart", "web1.example.com", "--out-dir", "out", "--json"])
        .run()
        .ok();
    assert_eq!(other.json()["files"]["delivered"][0], "out/web1_cert.pem");
}

// ------------------------------------------------------------------------------------------------ single files

const SINGLE: [&str; 8] = [
    "--cert-out",
    "tls.pem",
    "--key-out",
    "tls.key",
    "--chain-out",
    "ca.pem",
    "--pfx-out",
    "tls.pfx",
];

#[test]
fn single_files_are_replaced_by_those_of_the_same_host() {
    let scene = Scene::with_ca();
    let issued = ensure(&scene, &SINGLE);
    assert_eq!(
        issued["files"]["delivered"],
        json!(["tls.pem", "tls.key", "ca.pem", "tls.pfx"])
    );
    is_pair(&scene, "tls.pem", "tls.key", "01");
    let tree = scene.tree();
    assert_eq!(
        ["tls.pem", "tls.key", "ca.pem", "tls.pfx"].map(|name| tree.mode(name) & 0o7777),
        [0o644, 0o600, 0o644, 0o600]
    );
    assert_eq!(ensure(&scene, &SINGLE)["changed"], false);
    cert(&scene, &[&["renew", HOST], &SINGLE[..]].concat());
    is_pair(&scene, "tls.pem", "tls.key", "02");
    scene.openssl(&["verify", "-CAfile", "ca.pem", "tls.pem"]);
    fs::remove_file(scene.dir.path("tls.pem")).expect("removed");
    let restored = ensure(&scene, &SINGLE);
    assert_eq!(
        (&restored["action"], &restored["restored"]),
        (&json!("restored"), &json!(["tls.pem"]))
    );
    // An earlier certificate was put back by hand.
    scene.write("tls.pem", scene.read("gsec-ca/repository/01_db1_cert.pem"));
    let restored = ensure(&scene, &SINGLE);
    assert_eq!(
        (&restored["action"], &restored["reasons"][0]["code"]),
        (&json!("restored"), &json!("output_differs"))
    );
    is_pair(&scene, "tls.pem", "tls.key", "02");
    // After a change of the CA's key its former certificate is an earlier chain.
    scene
        .gsec(&["ca", "rekey", "--key-type", "p256", "--yes"])
        .run()
        .ok();
    assert_eq!(ensure(&scene, &SINGLE)["action"], "issued");
    scene.openssl(&["verify", "-CAfile", CA, "tls.pem"]);
}

#[test]
fn file_that_is_not_an_earlier_one_of_the_host_is_not_replaced() {
    let scene = Scene::with_host();
    scene.issue("db2.example.com", &[]).run().ok();
    scene.openssl_key("foreign.key");
    let repository = |name: &str| format!("gsec-ca/repository/{name}");
    let of_ca = "gsec-ca/ca_conf/ca_priv_key.pem".to_owned();
    let cases: [(&str, String, &str); 10] = [
        (
            "--cert-out",
            repository("02_db2_cert.pem"),
            "a certificate of this CA for `db1.example.com`",
        ),
        (
            "--cert-out",
            CA.to_owned(),
            "a certificate of this CA for `db1.example.com`",
        ),
        (
            "--cert-out",
            repository("01_db1_priv_key.pem"),
            "a certificate of this CA for `db1.example.com`",
        ),
        (
            "--key-out",
            repository("02_db2_priv_key.pem"),
            "an unencrypted private key of this CA for `db1.example.com`",
        ),
        (
            "--key-out",
            of_ca.clone(),
            "an unencrypted private key of this CA for `db1.example.com`",
        ),
        (
            "--key-out",
            "foreign.key".to_owned(),
            "an unencrypted private key of this CA for `db1.example.com`",
        ),
        ("--chain-out", repository("01_db1_cert.pem"), "a chain of this CA"),
        ("--chain-out", "/etc/passwd".to_owned(), "a chain of this CA"),
        (
            "--pfx-out",
            repository("02_db2_cert.pfx"),
            "a PFX, readable with the given password, of this CA for `db1.example.com`",
        ),
        (
            "--pfx-out",
            repository("01_db1_cert.pem"),
            "a PFX, readable with the given password, of this CA for `db1.example.com`",
        ),
    ];
    for (option, source, expected) in cases {
        fs::copy(scene.dir.path(&source), scene.dir.path("there")).expect("a copy");
        let said = format!("error: `there` exists and is not {expected}, so it is not replaced");
        let hint = "hint: move it away: `mv -n there there.old`";
        for command in ["issue", "ensure"] {
            let call = ["cert", command, HOST, "--key-type", "p256", option, "there"];
            let refused = scene.gsec(&call).run().code(3);
            let lines: Vec<&str> = refused.stderr.lines().collect();
            let differs = "error: `there` exists, but does not belong to serial 01";
            assert!(
                lines == [&said[..], hint] || (command == "ensure" && lines == [differs, hint]),
                "{option} {source}: {refused}"
            );
        }
        scene.refuses(
            &["cert", "issue", HOST, "--key-type", "p256", option, "there"],
            3,
            &[&said, hint],
        );
        fs::remove_file(scene.dir.path("there")).expect("removed");
    }
    // Neither a link nor what it leads to.
    scene.write("target", scene.read(&repository("01_db1_cert.pem")));
    symlink("target", scene.dir.path("there")).expect("a link");
    scene.refuses(
        &["cert", "issue", HOST, "--key-type", "p256", "--cert-out", "there"],
        3,
        &["error: `there` is a symbolic link, which is not followed"],
    );
    assert_eq!(serials(&scene), 2);
}

#[test]
fn options_that_do_not_go_together() {
    let scene = Scene::with_ca();
    let issue = ["cert", "issue", HOST, "--key-type", "p256"];
    scene.does_not_understand(
        &[&issue[..], &["--cert-out", "a", "--key-out", "./a"]].concat(),
        "`--cert-out` and `--key-out` name the same file",
    );
    scene.write("hosts.csv", "host\na.example.com\n");
    scene.does_not_understand(
        &["cert", "issue", "--from", "hosts.csv", "--cert-out", "a"],
        "the argument '--from <FILE>' cannot be used with '--cert-out <FILE>'",
    );
    scene.does_not_understand(
        &[&issue[..], &["--out-names", "fqdn"]].concat(),
        "the following required arguments were not provided:…",
    );
    cert(
        &scene,
        &[
            "issue",
            HOST,
            "--key-type",
            "p256",
            "--key-out",
            "a.key",
            "--no-keep-key",
        ],
    );
    assert!(!scene.exists("gsec-ca/repository/01_db1_priv_key.pem"));
    is_pair(&scene, "gsec-ca/repository/01_db1_cert.pem", "a.key", "01");
}

#[test]
fn directory_that_does_not_exist_is_answered_with_what_makes_it() {
    let scene = Scene::with_ca();
    let missing = "an out/dir";
    scene.refuses(
        &["cert", "issue", "db1.example.com", "--out-dir", missing],
        3,
        &[
            "error: cannot write into `an out/dir`: no such file or directory",
            "hint: create the directory first: `mkdir -p 'an out/dir'`",
        ],
    );
    std::fs::create_dir_all(scene.dir.path(missing)).expect("a folder");
    scene.issue("db1.example.com", &["--out-dir", missing]).run().ok();
}

/// Whatever a command writes where a person says.
#[test]
fn no_command_writes_into_the_directories_of_a_ca() {
    let scene = Scene::with_host();
    let prepared = "cp gsec-ca/repository/01_db1_cert.pem leaf.pem && cp gsec-ca/repository/01_db1_priv_key.pem leaf.key &&
        gsec ca request --cn Below --key-type p256 --ca-dir below --out below.csr";
    type_line(&scene, prepared).ok();
    let before = scene.tree();
    for line in [
        "gsec convert key leaf.key --out gsec-ca/ca_conf/ca_priv_key.pem --force",
        "gsec convert to-der leaf.pem --out gsec-ca/ca_conf/audit.log --force",
        "gsec convert to-pem leaf.pem --out gsec-ca/ca_conf/gsec.toml --force",
        "gsec ca sign below.csr --out gsec-ca/ca_conf/previous",
        "gsec ca sign below.csr --out gsec-ca/repository/ZZ.pem",
        "gsec cert bundle 01 --for nginx --out gsec-ca/ca_conf/ca.tar",
        "gsec cert request a.example.com --out-dir gsec-ca/ca_conf",
        "gsec convert to-pem leaf.pem --out-dir gsec-ca/repository/new",
    ] {
        let outcome = type_line(&scene, line).code(3);
        assert!(
            outcome.stderr.contains("only the CA's own files belong there"),
            "{line}: {outcome}"
        );
    }
    scene.tree().is_unchanged_since(&before);
}

/// The key, which is nowhere else, would be replaced by the certificate.
#[test]
fn two_names_of_one_file_are_an_error_however_they_are_spelled() {
    let scene = scene_with_out();
    symlink("out", scene.dir.path("link")).expect("a link");
    let before = scene.tree();
    for (certificate, key) in [
        ("out/a.pem", "out/../out/a.pem"),
        ("out/a.pem", "link/a.pem"),
        ("./out/a.pem", "out/a.pem"),
    ] {
        let line = format!(
            "gsec cert issue {HOST} --key-type p256 --cert-out {certificate} --key-out {key} --no-keep-key"
        );
        let outcome = type_line(&scene, &line).code(2);
        assert!(outcome.stderr.contains("name the same file"), "{outcome}");
    }
    let outcome = type_line(&scene, &format!("gsec cert issue {HOST} --cert-out -")).code(2);
    assert!(outcome.stderr.contains("--stdout"), "{outcome}");
    scene.tree().is_unchanged_since(&before);
}

/// Each attempt would make another CA.
#[test]
fn ca_is_not_certified_where_its_certificate_cannot_be_written() {
    let scene = scene_with_out();
    let prepared = "gsec ca request --cn Below --key-type p256 --ca-dir below --out below.csr && ln -s nowhere out/dangling && mkdir out/folder";
    type_line(&scene, prepared).ok();
    let recorded = || fs::read_to_string(scene.dir.path("gsec-ca/ca_conf/ca.db")).expect("ca.db");
    let before = recorded();
    for out in ["out/dangling", "out/folder", "missing/below.pem"] {
        type_line(&scene, &format!("gsec ca sign below.csr --out {out}")).code(3);
    }
    assert_eq!(recorded(), before);
}
