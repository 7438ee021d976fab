//! `gsec trust`: each store is asked by the program that uses it, before and after; whoever controls a path, a name or a variable gets nothing trusted.

use crate::common;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::program::terminal::Session;
use common::machine::{NOBODY, chmod, copy_tree};
use common::own_stores::{as_root, stub, trust, without_java_hook, without_program};
use common::snapshot::{Snapshot, differences, snapshot};
use common::{
    ChildGuard, Outcome, Scene, TestDir, TlsPort, free_port, gsec, java_class, java_tool, nginx,
    nginx_configuration, tool, wait_until,
};
use serde_json::Value;

const NAME: &str = "db1.example.com";
pub(super) const CA: &str = "gsec-ca/ca_conf/ca_cert.pem";
pub(super) const JAVA: &str = "/etc/ssl/certs/java/cacerts";
pub(super) const ANCHORS: &str = "/usr/local/share/ca-certificates";

/// The path of a test, for [`with_own_stores`].
macro_rules! own_stores {
    ($name:ident, $body:expr) => {
        common::own_stores::with_own_stores(concat!(module_path!(), "::", stringify!($name)), $body)
    };
}
pub(super) use own_stores;

/// A server of `db1.example.com` with a certificate of the scene's CA.
fn server(scene: &Scene) -> TlsPort {
    let [certificate, key] =
        ["cert", "priv_key"].map(|kind| scene.dir.path(&format!("gsec-ca/repository/01_db1_{kind}.pem")));
    TlsPort::openssl(&certificate, &key, &["-www"])
}

/// Whether curl, OpenSSL and Java, told nothing, trust a server.
fn who_trusts(port: u16) -> [bool; 3] {
    let at = format!("{NAME}:{port}");
    let resolved = format!("{at}:127.0.0.1");
    let curl = tool("curl").args(&[
        "-sS",
        "--noproxy",
        "*",
        "--resolve",
        &resolved,
        &format!("https://{at}/"),
    ]);
    let openssl = tool("openssl").args(&[
        "s_client",
        "-connect",
        &format!("127.0.0.1:{port}"),
        "-verify_return_error",
        "-verify_hostname",
        NAME,
    ]);
    let java = java_class("DefaultClient", &[]).args(&[&port.to_string(), NAME]);
    [curl, openssl, java].map(|call| as_root(call).run().status == Some(0))
}

/// What the stores of a Debian are made of.
pub(super) fn debian_stores() -> Snapshot {
    let mut all = Snapshot::new();
    for folder in ["/etc/ssl", ANCHORS] {
        all.extend(without_inodes(Path::new(folder)));
    }
    all
}

/// A snapshot that tells content, mode and links: a file that is put back is another inode.
pub(super) fn without_inodes(folder: &Path) -> Snapshot {
    let bare = |what: String| match what.split_once(" inode ") {
        Some((mode, rest)) => format!(
            "{mode} {}",
            rest.split_once(' ').map_or("", |(_, content)| content)
        ),
        None => what,
    };
    snapshot(folder)
        .into_iter()
        .map(|(name, what)| (format!("{}/{name}", folder.display()), bare(what)))
        .collect()
}

#[track_caller]
pub(super) fn is_as_before(before: &Snapshot, after: &Snapshot) {
    let lines = differences(before, after);
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}

pub(super) fn states(outcome: &Outcome) -> Vec<(String, String)> {
    let document: Value = outcome.json();
    let stores = document["stores"].as_array().expect("stores").iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    stores
        .map(|store| (text(&store["kind"]), text(&store["state"])))
        .collect()
}

pub(super) fn restored(outcome: &Outcome) -> Vec<String> {
    let document: Value = outcome.json();
    let stores = document["stores"].as_array().expect("stores").iter();
    stores
        .map(|store| store["restored"].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// A database of NSS in a directory of root's home.
pub(super) fn nss_database(place: &str) -> String {
    let folder = format!("/root/{place}");
    fs::create_dir_all(&folder).expect("a directory");
    tool("certutil")
        .args(&["-N", "--empty-password", "-d", &format!("sql:{folder}")])
        .run()
        .ok();
    folder
}

/// Whether NSS finds the scene's server certificate valid with a database.
fn nss_trusts(folder: &str, port: u16) -> bool {
    let said = tool("tstclnt")
        .args(&[
            "-h",
            "127.0.0.1",
            "-p",
            &port.to_string(),
            "-a",
            NAME,
            "-Q",
            "-d",
            &format!("sql:{folder}"),
        ])
        .run();
    said.status == Some(0)
}

#[test]
fn every_program_trusts_the_ca_after_install_and_none_after_uninstall() {
    own_stores!(
        every_program_trusts_the_ca_after_install_and_none_after_uninstall,
        || {
            let scene = Scene::with_host();
            let profiles = [
                ".pki/nssdb",
                ".mozilla/firefox/a.default",
                ".config/mozilla/firefox/b.default",
            ]
            .map(nss_database);
            let server = server(&scene);
            let port = server.port;
            let before = debian_stores();
            let profiles_before: Vec<Snapshot> = profiles
                .iter()
                .map(|folder| without_inodes(Path::new(folder)))
                .collect();
            assert_eq!(who_trusts(port), [false; 3]);
            trust(&scene.dir, &["status", CA])
                .run()
                .code(1)
                .says("NOT trusted");

            let installed = trust(&scene.dir, &["install", CA, "--yes", "--json"]).run().ok();
            let expected = [
                ("system", "installed"),
                ("nss", "installed"),
                ("nss", "installed"),
                ("nss", "installed"),
            ];
            assert_eq!(
                states(&installed),
                expected.map(|(kind, state)| (kind.into(), state.into()))
            );
            assert_eq!(who_trusts(port), [true; 3]);
            assert!(profiles.iter().all(|folder| nss_trusts(folder, port)));
            trust(&scene.dir, &["status", CA])
                .run()
                .ok()
                .says("trusted by every store");

            let with_ca = debian_stores();
            let again = trust(&scene.dir, &["install", CA, "--yes", "--json"]).run().ok();
            assert_eq!(again.json()["changed"], false, "{again}");
            is_as_before(&with_ca, &debian_stores());

            let removed = trust(&scene.dir, &["uninstall", CA, "--yes", "--json"])
                .run()
                .ok();
            assert_eq!(restored(&removed), ["yes"; 4], "{removed}");
            assert_eq!(who_trusts(port), [false; 3]);
            assert!(!profiles.iter().any(|folder| nss_trusts(folder, port)));
            is_as_before(&before, &debian_stores());
            for (folder, before) in profiles.iter().zip(&profiles_before) {
                is_as_before(before, &without_inodes(Path::new(folder)));
            }
            trust(&scene.dir, &["status", CA])
                .run()
                .code(1)
                .says("NOT trusted");
            let nothing = trust(&scene.dir, &["uninstall", CA, "--yes", "--json"])
                .run()
                .ok();
            assert_eq!(nothing.json()["changed"], false);
        }
    );
}

#[test]
fn curl_reaches_a_server_of_a_quickstart_that_was_to_be_trusted() {
    own_stores!(
        curl_reaches_a_server_of_a_quickstart_that_was_to_be_trusted,
        || {
            without_java_hook();
            let dir = TestDir::new();
            let quickstart = |flags: &[&str]| {
                as_root(
                    gsec(&["quickstart", NAME, "--trust"])
                        .args(flags)
                        .in_dir(dir.path("")),
                )
            };
            quickstart(&[]).run().code(2).says("`--yes` gives it");
            assert!(!Path::new(&dir.path("gsec-ca")).exists(), "nothing was made");
            let before = debian_stores();
            let made = quickstart(&["--yes", "--json"]).run().ok();
            assert_eq!(made.json()["trust"][0]["state"], "installed", "{made}");

            let port = free_port();
            dir.write(
            "nginx.conf",
            nginx_configuration(&format!(
                "access_log off; server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {}; ssl_certificate_key {};
                 location / {{ return 200 'welcome\n'; }} }}",
                dir.path("gsec-ca/repository/01_db1_cert.pem"),
                dir.path("gsec-ca/repository/01_db1_priv_key.pem"),
            )),
        );
            let mut process = ChildGuard::start(&mut nginx(&dir).into_command());
            assert!(wait_until(&mut process, || Path::new(&dir.path("nginx.pid")).exists()));
            let at = format!("{NAME}:{port}");
            let curl = || {
                as_root(tool("curl").args(&[
                    "-sS",
                    "--noproxy",
                    "*",
                    "--resolve",
                    &format!("{at}:127.0.0.1"),
                    &format!("https://{at}/"),
                ]))
                .run()
            };
            assert_eq!(curl().ok().stdout, "welcome\n");
            trust(&dir, &["uninstall", "--yes"]).run().ok();
            curl().fails();
            is_as_before(&before, &debian_stores());
        }
    );
}

#[test]
fn nothing_is_changed_without_permission() {
    own_stores!(nothing_is_changed_without_permission, || {
        let scene = Scene::with_ca();
        let before = debian_stores();
        trust(&scene.dir, &["install", CA])
            .run()
            .code(2)
            .says("`--yes` gives it");
        trust(&scene.dir, &["install", CA, "--json"]).run().code(2);
        let dry = trust(&scene.dir, &["install", CA, "--dry-run", "--json"])
            .run()
            .ok();
        assert_eq!(states(&dry), [("system".to_owned(), "would_install".to_owned())]);
        assert!(!Path::new("/var/lib/gsec").exists(), "not even a journal");
        is_as_before(&before, &debian_stores());
    });
}

/// What is not to be trusted, with the name of the refusal.
#[test]
fn a_file_that_is_not_one_ca_in_date_is_refused() {
    own_stores!(a_file_that_is_not_one_ca_in_date_is_refused, || {
        let scene = Scene::with_host();
        scene.openssl_key("key.pem");
        let own = [
            "req",
            "-x509",
            "-key",
            "key.pem",
            "-subj",
            "/CN=Old CA",
            "-addext",
            "keyUsage=keyCertSign",
        ];
        scene.openssl(&[&own[..], &["-days", "1", "-out", "today.pem"]].concat());
        expired(&scene);
        let ca = scene.read(CA);
        let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n";
        scene.write(
            "with-key.pem",
            ca.clone() + &scene.read("gsec-ca/ca_conf/ca_priv_key.pem"),
        );
        scene.write("with-encrypted-key.pem", ca.clone() + encrypted);
        scene.write("two.pem", ca.clone() + &scene.read("today.pem"));
        scene.write("nothing.pem", "no certificate\n");
        let before = debian_stores();
        for (file, code) in [
            ("gsec-ca/repository/01_db1_cert.pem", "trust-not-ca"),
            ("expired.pem", "trust-expired"),
            ("with-key.pem", "trust-private-key"),
            ("with-encrypted-key.pem", "trust-private-key"),
            ("two.pem", "trust-several-certificates"),
        ] {
            let refused = trust(&scene.dir, &["install", file, "--yes", "--json"])
                .run()
                .code(3);
            assert_eq!(refused.error()["code"], code, "{file}: {refused}");
        }
        trust(&scene.dir, &["install", "nothing.pem", "--yes"])
            .run()
            .code(3);
        is_as_before(&before, &debian_stores());
        assert!(!Path::new("/var/lib/gsec").exists());
    });
}

/// A CA that ended years ago.
fn expired(scene: &Scene) {
    dated(scene, ["20200101000000Z", "20210101000000Z"], "expired.pem");
}

/// A CA of `key.pem` with these dates, as `openssl ca` makes it.
pub(super) fn dated(scene: &Scene, [start, end]: [&str; 2], out: &str) {
    scene.write("index.txt", "");
    scene.write(
        "old.conf",
        "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nnew_certs_dir=.\nserial=serial\ndefault_md=sha256\npolicy=p\n\
         unique_subject=no\nx509_extensions=e\n[p]\ncommonName=supplied\n[e]\nbasicConstraints=critical,CA:TRUE\n\
         keyUsage=keyCertSign\n",
    );
    scene.write("serial", format!("{}\n", &start[..4]));
    scene.openssl(&[
        "req",
        "-new",
        "-key",
        "key.pem",
        "-subj",
        "/CN=Old CA",
        "-out",
        "old.csr",
    ]);
    scene.openssl(&[
        "ca",
        "-batch",
        "-config",
        "old.conf",
        "-selfsign",
        "-keyfile",
        "key.pem",
        "-in",
        "old.csr",
        "-notext",
        "-startdate",
        start,
        "-enddate",
        end,
        "-out",
        out,
    ]);
}

/// The names that a subject gets are letters, digits and `-`, and end with the digest.
#[test]
#[ignore = "sh tests/delivery.sh"]
fn subject_of_a_ca_names_no_path_and_no_option() {
    own_stores!(subject_of_a_ca_names_no_path_and_no_option, || {
        without_java_hook();
        let scene = Scene::empty();
        scene.openssl_key("key.pem");
        let long = "x".repeat(60);
        let before = debian_stores();
        for (number, subject) in [
            "/CN=..\\/..\\/..\\/tmp\\/owned",
            "/CN=-rf",
            "/CN=$(touch \\/tmp\\/owned)`touch \\/tmp\\/owned`;'\"",
            "/CN=Zürich ✓ \u{202e}abc",
            "/CN=line\nfeed",
            "/O=no common name",
            &format!("/CN={long}"),
        ]
        .into_iter()
        .enumerate()
        {
            let file = format!("{number}.pem");
            scene.openssl(&[
                "req",
                "-x509",
                "-utf8",
                "-key",
                "key.pem",
                "-subj",
                subject,
                "-days",
                "9",
                "-addext",
                "keyUsage=keyCertSign",
                "-out",
                &file,
            ]);
            let profile = nss_database(&format!(".mozilla/firefox/{number}"));
            trust(
                &scene.dir,
                &[
                    "install",
                    &file,
                    "--store",
                    "system",
                    "--store",
                    &format!("nss:{profile}"),
                    "--yes",
                ],
            )
            .run()
            .ok();
            let names: Vec<String> = fs::read_dir(ANCHORS)
                .expect("a directory")
                .map(|entry| {
                    entry
                        .expect("an entry")
                        .file_name()
                        .to_string_lossy()
                        .into_owned()
                })
                .filter(|name| name.starts_with("gsec-"))
                .collect();
            assert_eq!(names.len(), 1, "{subject}: {names:?}");
            let is_plain =
                |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
            let stem = names[0]
                .strip_suffix(".crt")
                .expect("the ending that Debian wants");
            assert!(
                stem.chars().all(is_plain) && stem.len() <= 80,
                "{subject}: {stem}"
            );
            let mode = fs::metadata(format!("{ANCHORS}/{}", names[0]))
                .expect("a file")
                .permissions()
                .mode();
            assert_eq!(mode & 0o7777, 0o644);
            trust(&scene.dir, &["uninstall", &file, "--store", "system", "--yes"])
                .run()
                .ok();
        }
        is_as_before(&before, &debian_stores());
        assert!(!Path::new("/tmp/owned").exists());
    });
}

#[test]
fn store_that_others_can_write_is_not_made_to_trust_more() {
    own_stores!(store_that_others_can_write_is_not_made_to_trust_more, || {
        let scene = Scene::with_ca();
        let install = || {
            trust(
                &scene.dir,
                &["install", CA, "--store", "system", "--yes", "--json"],
            )
            .run()
        };
        let refused = |what: &str| {
            let before = debian_stores();
            let said = install().code(3);
            assert_eq!(said.error()["code"], "trust-exposed", "{what}: {said}");
            is_as_before(&before, &debian_stores());
        };
        let theirs = format!("{ANCHORS}/theirs.crt");
        fs::write(&theirs, scene.read(CA)).expect("a file");
        chmod(Path::new(&theirs), 0o666);
        refused("a file for everybody");
        chmod(Path::new(&theirs), 0o644);
        std::os::unix::fs::chown(&theirs, Some(NOBODY), None).expect("it is given");
        refused("a file of another user");
        fs::remove_file(&theirs).expect("it goes");
        fs::create_dir("/home/other").expect("a directory");
        std::os::unix::fs::chown("/home/other", Some(NOBODY), None).expect("it is given");
        fs::write("/home/other/ca.crt", scene.read(CA)).expect("a file");
        std::os::unix::fs::symlink("/home/other/ca.crt", &theirs).expect("a link");
        refused("a link to a file of another user");
        fs::remove_file(&theirs).expect("it goes");
        chmod(Path::new(ANCHORS), 0o777);
        refused("a directory for everybody");
        chmod(Path::new(ANCHORS), 0o755);
        install().ok();
    });
}

#[test]
fn link_in_the_place_of_the_file_is_not_followed() {
    own_stores!(link_in_the_place_of_the_file_is_not_followed, || {
        without_java_hook();
        let scene = Scene::with_ca();
        trust(&scene.dir, &["install", CA, "--store", "system", "--yes"])
            .run()
            .ok();
        let name = fs::read_dir(ANCHORS)
            .expect("a directory")
            .map(|entry| entry.expect("an entry").path())
            .find(|path| {
                path.file_name()
                    .is_some_and(|name| name.to_string_lossy().starts_with("gsec-"))
            })
            .expect("its file");
        trust(&scene.dir, &["uninstall", CA, "--store", "system", "--yes"])
            .run()
            .ok();
        fs::write("/etc/precious", "kept").expect("a file");
        std::os::unix::fs::symlink("/etc/precious", &name).expect("a link");
        trust(&scene.dir, &["install", CA, "--store", "system", "--yes"])
            .run()
            .code(3);
        assert_eq!(fs::read_to_string("/etc/precious").expect("it is there"), "kept");
    });
}

/// Whoever changes a store between the two calls keeps the change, and is told of.
#[test]
#[ignore = "sh tests/delivery.sh"]
fn store_that_somebody_else_changed_meanwhile_loses_this_ca_alone() {
    own_stores!(
        store_that_somebody_else_changed_meanwhile_loses_this_ca_alone,
        || {
            let scene = Scene::with_ca();
            let other = Scene::with_ca_of(&["--org", "Other"]);
            let profile = nss_database(".pki/nssdb");
            let java = scene.dir.path("cacerts");
            fs::copy(JAVA, &java).expect("a copy");
            chmod_way(&scene);
            let stores = [
                "--store",
                "system",
                "--store",
                "nss",
                "--store",
                &format!("java:{java}"),
                "--yes",
                "--json",
            ];
            trust(&scene.dir, &[&["install", CA], &stores[..]].concat())
                .run()
                .ok();
            let others = other.dir.path(CA);
            trust(&scene.dir, &["install", &others, "--store", "system", "--yes"])
                .run()
                .ok();
            tool("certutil")
                .args(&[
                    "-A",
                    "-d",
                    &format!("sql:{profile}"),
                    "-t",
                    "C,,",
                    "-n",
                    "other",
                    "-i",
                    &others,
                ])
                .run()
                .ok();
            java_tool("keytool")
                .args(&[
                    "-importcert",
                    "-noprompt",
                    "-alias",
                    "other",
                    "-file",
                    &others,
                    "-keystore",
                    &java,
                ])
                .args(&["-storepass", "changeit"])
                .run()
                .ok();
            let removed = trust(&scene.dir, &[&["uninstall", CA], &stores[..]].concat())
                .run()
                .ok();
            assert_eq!(restored(&removed), ["changed_since"; 3], "{removed}");
            let status = |file: &str| {
                trust(&scene.dir, &[&["status", file], &stores[..6]].concat())
                    .args(&["--json"])
                    .run()
            };
            let all = |state: &str| ["system", "nss", "java"].map(|kind| (kind.to_owned(), state.to_owned()));
            assert_eq!(states(&status(CA).code(1)), all("absent"));
            assert_eq!(states(&status(&others).ok()), all("present"));
            let in_java = java_tool("keytool")
                .args(&["-list", "-keystore", JAVA, "-storepass", "changeit"])
                .run()
                .ok();
            assert_eq!(
                in_java.stdout.matches("debian:gsec-").count(),
                1,
                "of the other one: {in_java}"
            );
        }
    );
}

/// A scene lies in `/tmp`, in a directory of root's alone.
fn chmod_way(scene: &Scene) {
    chmod(Path::new(&scene.dir.path("")), 0o755);
}

#[test]
fn java_store_is_known_by_fingerprint_and_put_back() {
    own_stores!(java_store_is_known_by_fingerprint_and_put_back, || {
        let scene = Scene::with_ca();
        let jdk = scene.dir.path("jdk");
        fs::create_dir_all(format!("{jdk}/lib/security")).expect("a directory");
        let java = format!("{jdk}/lib/security/cacerts");
        fs::copy(JAVA, &java).expect("a copy");
        let before = without_inodes(Path::new(&jdk));
        let call = |what: &str| {
            trust(&scene.dir, &[what, CA, "--store", "java", "--json", "--yes"])
                .env("JAVA_HOME", &jdk)
                .run()
        };
        assert_eq!(
            states(&call("install").ok()),
            [("java".to_owned(), "installed".to_owned())]
        );
        let status = call("status").ok();
        assert!(status.stdout.contains("gsec-test-ca-"), "{status}");
        assert_eq!(restored(&call("uninstall").ok()), ["yes"]);
        is_as_before(&before, &without_inodes(Path::new(&jdk)));
        // Under any other alias it is the same certificate.
        java_tool("keytool")
            .args(&[
                "-importcert",
                "-noprompt",
                "-alias",
                "somebody's",
                "-file",
                &scene.dir.path(CA),
            ])
            .args(&["-keystore", &java, "-storepass", "changeit"])
            .run()
            .ok();
        let again = call("install").ok();
        assert_eq!(
            (again.json()["changed"].clone(), states(&again)[0].1.as_str()),
            (false.into(), "present")
        );
        assert_eq!(restored(&call("uninstall").ok()), ["not_known"]);
        call("status").code(1);
        // Another password.
        java_tool("keytool")
            .args(&[
                "-storepasswd",
                "-new",
                "another-one",
                "-keystore",
                &java,
                "-storepass",
                "changeit",
            ])
            .run()
            .ok();
        let before = without_inodes(Path::new(&jdk));
        assert_eq!(call("install").code(3).error()["code"], "trust-password");
        is_as_before(&before, &without_inodes(Path::new(&jdk)));
        scene.write("password", "another-one\n");
        trust(
            &scene.dir,
            &[
                "install",
                CA,
                "--store",
                &format!("java:{java}"),
                "--java-password-file",
                "password",
            ],
        )
        .args(&["--yes"])
        .run()
        .ok();
        // The store of the system's Java is not one of its own.
        let system = trust(
            &scene.dir,
            &[
                "install",
                CA,
                "--store",
                &format!("java:{JAVA}"),
                "--yes",
                "--json",
            ],
        )
        .run();
        assert_eq!(system.code(3).error()["code"], "trust-of-the-system");
    });
}

#[test]
fn database_with_a_password_is_left_as_it_was_without_it() {
    own_stores!(database_with_a_password_is_left_as_it_was_without_it, || {
        let scene = Scene::with_ca();
        scene.write("password", "a password\n");
        let folder = scene.dir.path("db");
        fs::create_dir(&folder).expect("a directory");
        let database = format!("sql:{folder}");
        tool("certutil")
            .args(&["-N", "-d", &database, "-f", &scene.dir.path("password")])
            .run()
            .ok();
        let before = without_inodes(Path::new(&folder));
        let store = format!("nss:{folder}");
        let call = |more: &[&str]| {
            trust(&scene.dir, &["install", CA, "--store", &store, "--yes", "--json"])
                .args(more)
                .run()
        };
        let refused = call(&[]).code(3);
        assert_eq!(
            refused.json()["stores"][0]["error"]["code"],
            "trust-password",
            "{refused}"
        );
        is_as_before(&before, &without_inodes(Path::new(&folder)));
        call(&["--nss-password-file", "password"]).ok();
        let status = trust(&scene.dir, &["status", CA, "--store", &store, "--json"])
            .run()
            .ok();
        assert_eq!(states(&status), [("nss".to_owned(), "present".to_owned())]);
    });
}

#[test]
fn database_that_a_browser_has_open_is_not_replaced() {
    own_stores!(database_that_a_browser_has_open_is_not_replaced, || {
        let scene = Scene::with_ca();
        let folder = nss_database(".mozilla/firefox/a.default");
        trust(&scene.dir, &["install", CA, "--store", "nss", "--yes"])
            .run()
            .ok();
        std::os::unix::fs::symlink("127.0.1.1:+4711", format!("{folder}/lock")).expect("a link");
        let removed = trust(
            &scene.dir,
            &["uninstall", CA, "--store", "nss", "--yes", "--json"],
        )
        .run()
        .ok();
        assert_eq!(restored(&removed), ["in_use"]);
        trust(&scene.dir, &["status", CA, "--store", "nss"]).run().code(1);
    });
}

#[test]
fn status_tells_stale_and_distrusted_from_absent() {
    own_stores!(status_tells_stale_and_distrusted_from_absent, || {
        let scene = Scene::with_ca();
        let folder = nss_database(".pki/nssdb");
        let database = format!("sql:{folder}");
        let state = |store: &str| {
            let said = trust(&scene.dir, &["status", CA, "--store", store, "--json"])
                .run()
                .code(1);
            states(&said)[0].1.clone()
        };
        assert_eq!(
            (state("system"), state("nss")),
            ("absent".into(), "absent".into())
        );
        fs::copy(scene.dir.path(CA), format!("{ANCHORS}/mine.crt")).expect("a copy");
        assert_eq!(state("system"), "stale");
        fs::copy(scene.dir.path(CA), "/usr/local/share/mine.pem").expect("a copy");
        fs::remove_file(format!("{ANCHORS}/mine.crt")).expect("it goes");
        fs::copy(scene.dir.path(CA), format!("{ANCHORS}/mine.pem")).expect("a copy");
        assert_eq!(state("system"), "absent", "Debian's tool takes `.crt` alone");
        trust(&scene.dir, &["status", CA, "--store", "system"])
            .run()
            .code(1)
            .says("mine.pem` contains this CA, but the tool of the system ignores it");
        let add = |trust: &str| {
            tool("certutil")
                .args(&[
                    "-A",
                    "-d",
                    &database,
                    "-t",
                    trust,
                    "-n",
                    "x",
                    "-i",
                    &scene.dir.path(CA),
                ])
                .run()
                .ok()
        };
        add(",,");
        assert_eq!(state("nss"), "stale");
        tool("certutil")
            .args(&["-M", "-d", &database, "-t", "p,,", "-n", "x"])
            .run()
            .ok();
        assert_eq!(state("nss"), "distrusted");
        let refused = trust(&scene.dir, &["install", CA, "--store", "nss", "--yes", "--json"])
            .run()
            .code(3);
        assert_eq!(refused.error()["code"], "trust-distrusted");
        // What Debian's administrator has switched off.
        tool("sh")
            .args(&[
                "-c",
                "mkdir -p /etc/x && mount -t tmpfs tmpfs /usr/share/ca-certificates",
            ])
            .run()
            .ok();
        fs::copy(scene.dir.path(CA), "/usr/share/ca-certificates/ours.crt").expect("a copy");
        fs::write("/etc/ca-certificates.conf", "# a list\n!ours.crt\n").expect("a list");
        let said = trust(&scene.dir, &["status", CA, "--store", "system"])
            .run()
            .code(1);
        said.says("marked as not trusted")
            .says("/etc/ca-certificates.conf: !ours.crt");
        let refused = trust(&scene.dir, &["install", CA, "--store", "system", "--yes"])
            .run()
            .code(3);
        refused.says("/etc/ca-certificates.conf: !ours.crt");
    });
}

/// The other systems: their directory, their tool with its arguments, and what their programs read.
struct Other {
    layout: &'static str,
    anchors: &'static str,
    suffix: &'static str,
    tool: &'static str,
    arguments: &'static str,
    output: &'static str,
}

const OTHERS: [Other; 4] = [
    Other {
        layout: "redhat",
        anchors: "/etc/pki/ca-trust/source/anchors",
        suffix: ".pem",
        tool: "update-ca-trust",
        arguments: "extract",
        output: "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    },
    Other {
        layout: "suse",
        anchors: "/etc/pki/trust/anchors",
        suffix: ".pem",
        tool: "update-ca-certificates",
        arguments: "",
        output: "/var/lib/ca-certificates/ca-bundle.pem",
    },
    Other {
        layout: "arch",
        anchors: "/etc/ca-certificates/trust-source/anchors",
        suffix: ".crt",
        tool: "trust",
        arguments: "extract-compat",
        output: "/etc/ca-certificates/extracted/tls-ca-bundle.pem",
    },
    Other {
        layout: "freebsd",
        anchors: "/usr/local/etc/ssl/certs",
        suffix: ".crt",
        tool: "certctl",
        arguments: "rehash",
        output: "/etc/ssl/cert.pem",
    },
];

impl Other {
    /// Makes this machine look like one of that kind: Debian's directory of anchors is gone, the tool is a script that logs how it is called.
    fn pretend(&self) {
        fs::remove_dir_all(ANCHORS).expect("it goes");
        fs::create_dir_all(self.anchors).expect("a directory");
        fs::create_dir_all(Path::new(self.output).parent().expect("a directory")).expect("a directory");
        without_program(self.tool);
        self.tool_does(&format!(
            "cat {}/* > {} 2> /dev/null || : > {}",
            self.anchors, self.output, self.output
        ));
        if self.layout == "freebsd" {
            // Its first output is a directory of links, which it has not made here.
            fs::remove_dir_all("/etc/ssl/certs").expect("it goes");
        }
        fs::write(self.output, "").expect("an output");
    }

    fn tool_does(&self, script: &str) {
        stub(self.tool, &format!("echo \"$@\" >> /var/tool.log\n{script}"));
    }

    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.anchors).expect("a directory");
        entries
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect()
    }
}

fn other_system(other: &Other) {
    let scene = Scene::with_ca();
    other.pretend();
    let call = |what: &str| trust(&scene.dir, &[what, CA, "--store", "system", "--yes", "--json"]).run();
    let installed = call("install").ok();
    let store = &installed.json()["stores"][0];
    assert_eq!(
        (store["layout"].as_str(), store["state"].as_str()),
        (Some(other.layout), Some("installed"))
    );
    let files = other.files();
    assert!(files.len() == 1 && files[0].ends_with(other.suffix), "{files:?}");
    let placed = fs::read(format!("{}/{}", other.anchors, files[0])).expect("its file");
    assert_eq!(
        placed,
        scene.read_bytes(CA),
        "one certificate, line feeds, nothing else"
    );
    call("status").ok();
    assert_eq!(restored(&call("uninstall").ok()), ["yes"]);
    assert!(other.files().is_empty());
    let log = fs::read_to_string("/var/tool.log").expect("a log");
    assert_eq!(log, format!("{0}\n{0}\n", other.arguments));

    // A tool that says yes, and does nothing.
    other.tool_does("exit 0");
    let refused = call("install").code(3);
    assert_eq!(
        refused.json()["stores"][0]["error"]["code"],
        "trust-not-effective",
        "{refused}"
    );
    assert!(other.files().is_empty(), "nothing is half done");
    // One that fails.
    other.tool_does("echo 'no space' >&2; exit 1");
    let refused = call("install").code(3);
    assert!(refused.stdout.contains("no space"), "{refused}");
    assert!(other.files().is_empty(), "nothing is half done");
    // One that does not take the CA out again.
    other.tool_does(&format!("cat {}/* >> {}", other.anchors, other.output));
    call("install").ok();
    other.tool_does("exit 0");
    let refused = call("uninstall").code(3);
    assert_eq!(
        refused.json()["stores"][0]["error"]["code"],
        "trust-still-trusted",
        "{refused}"
    );
}

#[test]
fn red_hat_is_changed_by_its_own_tool() {
    own_stores!(red_hat_is_changed_by_its_own_tool, || other_system(&OTHERS[0]));
}

#[test]
fn suse_is_changed_by_its_own_tool() {
    own_stores!(suse_is_changed_by_its_own_tool, || other_system(&OTHERS[1]));
}

#[test]
fn arch_is_changed_by_its_own_tool() {
    own_stores!(arch_is_changed_by_its_own_tool, || other_system(&OTHERS[2]));
}

#[test]
fn freebsd_is_changed_by_its_own_tool() {
    own_stores!(freebsd_is_changed_by_its_own_tool, || other_system(&OTHERS[3]));
}

#[test]
fn image_of_another_system_gets_the_file_and_is_told_what_to_run_inside() {
    for other in &OTHERS {
        let scene = Scene::with_ca();
        let root = scene.dir.path("image");
        fs::create_dir_all(format!("{root}{}", other.anchors)).expect("a directory");
        let call = |what: &str| trust(&scene.dir, &[what, CA, "--root", "image", "--yes", "--json"]).run();
        let placed = call("install").ok();
        let store = placed.json()["stores"][0].clone();
        assert_eq!(
            (store["state"].as_str(), store["layout"].as_str()),
            (Some("placed"), Some(other.layout))
        );
        let inside = format!("{} {}", other.tool, other.arguments);
        assert_eq!(store["run_inside"].as_str(), Some(inside.trim()));
        assert_eq!(
            fs::read_dir(format!("{root}{}", other.anchors))
                .expect("a directory")
                .count(),
            1
        );
        assert_eq!(states(&call("status").code(1))[0].1, "stale");
        assert_eq!(states(&call("uninstall").ok())[0].1, "taken_away");
        assert_eq!(
            fs::read_dir(format!("{root}{}", other.anchors))
                .expect("a directory")
                .count(),
            0
        );
    }
}

/// A Debian image: this machine's own files, below another directory.
fn debian_image(scene: &Scene) -> String {
    let root = scene.dir.path("image");
    for folder in ["/etc/ssl", "/usr/local/share", "/usr/share"] {
        fs::create_dir_all(format!(
            "{root}{}",
            Path::new(folder).parent().expect("one").display()
        ))
        .expect("a directory");
    }
    for folder in [
        "/etc/ssl",
        "/usr/local/share/ca-certificates",
        "/usr/share/ca-certificates",
    ] {
        let to = format!("{root}{folder}");
        fs::create_dir_all(Path::new(&to).parent().expect("one")).expect("a directory");
        copy_tree(Path::new(folder), Path::new(&to));
    }
    fs::copy(
        "/etc/ca-certificates.conf",
        format!("{root}/etc/ca-certificates.conf"),
    )
    .expect("a copy");
    root
}

#[test]
fn debian_image_trusts_the_ca_and_its_links_lead_nowhere_else() {
    own_stores!(debian_image_trusts_the_ca_and_its_links_lead_nowhere_else, || {
        let scene = Scene::with_ca();
        let root = debian_image(&scene);
        let own = debian_stores();
        let call = |what: &str| trust(&scene.dir, &[what, CA, "--root", "image", "--yes", "--json"]).run();
        assert_eq!(
            states(&call("install").ok()),
            [("system".to_owned(), "installed".to_owned())]
        );
        call("status").ok();
        let links = |root: &str| -> Vec<String> {
            let entries = fs::read_dir(format!("{root}/etc/ssl/certs")).expect("a directory");
            entries
                .filter_map(|entry| fs::read_link(entry.expect("an entry").path()).ok())
                .map(|target| target.display().to_string())
                .collect()
        };
        assert!(
            links(&root).iter().all(|target| !target.contains("image")),
            "{:?}",
            links(&root)
        );
        assert!(
            links(&root)
                .iter()
                .any(|target| target.starts_with(&format!("{ANCHORS}/gsec-")))
        );
        is_as_before(&own, &debian_stores());
        call("uninstall").ok();
        assert!(!links(&root).iter().any(|target| target.contains("gsec-")));
        call("status").code(1);
        is_as_before(&own, &debian_stores());
    });
}

/// An image may come from anybody: what is in it gets nothing run, read or written outside.
#[test]
fn hostile_image_leads_no_tool_out_of_it() {
    own_stores!(hostile_image_leads_no_tool_out_of_it, || {
        let scene = Scene::with_ca();
        fs::write("/etc/shadowy", "a secret\n").expect("a file");
        chmod(Path::new("/etc/shadowy"), 0o600);
        let root = debian_image(&scene);
        let certs = format!("{root}/etc/ssl/certs");
        let install = || trust(&scene.dir, &["install", CA, "--root", "image", "--yes", "--json"]).run();
        let is_only_placed = |what: &str| {
            let said = install();
            assert!(
                said.status == Some(3) || states(&said)[0].1 == "placed",
                "{what}: {said}"
            );
            let bundle = fs::read_to_string(format!("{certs}/ca-certificates.crt")).unwrap_or_default();
            assert!(!bundle.contains("a secret"), "{what}");
            assert_eq!(
                fs::read_to_string("/etc/shadowy").expect("it is there"),
                "a secret\n",
                "{what}"
            );
            trust(&scene.dir, &["uninstall", CA, "--root", "image", "--yes"]).run();
        };
        let list = format!("{root}/etc/ca-certificates.conf");
        fs::write(&list, "../../../../../../../../etc/shadowy\n").expect("a list");
        is_only_placed("a list that names a file outside");
        fs::write(&list, "evil.crt\n").expect("a list");
        let evil = format!("{root}/usr/share/ca-certificates/evil.crt");
        std::os::unix::fs::symlink("/etc/shadowy", &evil).expect("a link");
        is_only_placed("a listed file that is a link");
        fs::write(&list, "").expect("a list");
        let anchor = format!("{root}{ANCHORS}/evil.crt");
        std::os::unix::fs::symlink("/etc/shadowy", &anchor).expect("a link");
        is_only_placed("a link among the anchors");
        fs::remove_file(&anchor).expect("it goes");
        fs::create_dir_all(format!("{root}/etc/ca-certificates/update.d")).expect("a directory");
        fs::write(
            format!("{root}/etc/ca-certificates/update.d/evil"),
            "#!/bin/sh\ntouch /etc/owned\n",
        )
        .expect("a hook");
        chmod(
            Path::new(&format!("{root}/etc/ca-certificates/update.d/evil")),
            0o755,
        );
        install().ok();
        assert!(!Path::new("/etc/owned").exists(), "no hook of the image runs");
        trust(&scene.dir, &["uninstall", CA, "--root", "image", "--yes"])
            .run()
            .ok();
        fs::remove_dir_all(&certs).expect("it goes");
        std::os::unix::fs::symlink("/etc/ssl/certs", &certs).expect("a link");
        let own = debian_stores();
        let refused = install().code(3);
        assert_eq!(refused.error()["code"], "trust-link", "{refused}");
        is_as_before(&own, &debian_stores());
    });
}

/// Variables and directories of whoever prepared root's shell.
#[test]
fn root_runs_and_changes_nothing_that_another_user_controls() {
    own_stores!(root_runs_and_changes_nothing_that_another_user_controls, || {
        without_java_hook();
        let scene = Scene::with_ca();
        let evil = "/home/evil";
        fs::create_dir_all(format!("{evil}/bin")).expect("a directory");
        for tool in ["update-ca-certificates", "certutil", "keytool", "trust"] {
            let path = format!("{evil}/bin/{tool}");
            fs::write(&path, "#!/bin/sh\ntouch /etc/owned\n").expect("a script");
            chmod(Path::new(&path), 0o755);
        }
        let profile = format!("{evil}/.mozilla/firefox/a");
        fs::create_dir_all(&profile).expect("a directory");
        copy_tree(
            Path::new(&nss_database(".pki/nssdb")),
            Path::new(&format!("{evil}/.pki-nssdb")),
        );
        fs::remove_dir_all("/root/.pki").expect("it goes");
        for name in ["cert9.db", "key4.db", "pkcs11.txt"] {
            fs::copy(format!("{evil}/.pki-nssdb/{name}"), format!("{profile}/{name}")).expect("a copy");
        }
        fs::create_dir_all(format!("{evil}/jdk/lib/security")).expect("a directory");
        fs::copy(JAVA, format!("{evil}/jdk/lib/security/cacerts")).expect("a copy");
        tool("chown").args(&["-R", &format!("{NOBODY}"), evil]).run().ok();
        let before = without_inodes(Path::new(evil));
        let call = |args: &[&str]| {
            trust(&scene.dir, args)
                .env("HOME", evil)
                .env("XDG_STATE_HOME", &format!("{evil}/state"))
                .env("JAVA_HOME", &format!("{evil}/jdk"))
                .env("PATH", &format!("{evil}/bin:/usr/sbin:/usr/bin:/sbin:/bin"))
                .run()
        };
        let installed = call(&["install", CA, "--yes", "--json"]).ok();
        assert_eq!(
            states(&installed),
            [("system".to_owned(), "installed".to_owned())]
        );
        for store in [
            "java".to_owned(),
            format!("nss:{profile}"),
            format!("java:{evil}/jdk"),
        ] {
            let refused = call(&["install", CA, "--store", &store, "--yes", "--json"]).code(3);
            assert_eq!(refused.error()["code"], "trust-exposed", "{store}: {refused}");
        }
        call(&["uninstall", CA, "--yes"]).ok();
        is_as_before(&before, &without_inodes(Path::new(evil)));
        assert!(
            !Path::new("/etc/owned").exists(),
            "no program of another user was run"
        );
    });
}

/// Under sudo, the browsers are those of the user who typed it, and a process of that user changes them.
#[test]
fn browsers_of_the_user_of_sudo_are_changed_as_that_user() {
    own_stores!(browsers_of_the_user_of_sudo_are_changed_as_that_user, || {
        let scene = Scene::with_ca();
        fs::write(
            "/etc/passwd",
            format!("root:x:0:0:root:/root:/bin/sh\nada:x:{NOBODY}:{NOBODY}::/home/ada:/bin/sh\n"),
        )
        .expect("users");
        let profile = "/home/ada/.mozilla/firefox/a.default";
        fs::create_dir_all(Path::new(profile).parent().expect("one")).expect("a directory");
        copy_tree(Path::new(&nss_database(".pki/nssdb")), Path::new(profile));
        tool("chown")
            .args(&["-R", &format!("{NOBODY}:{NOBODY}"), "/home/ada"])
            .run()
            .ok();
        let before = without_inodes(Path::new(profile));
        let call = |args: &[&str]| trust(&scene.dir, args).env("SUDO_UID", &NOBODY.to_string()).run();
        // Root's own are not meant.
        let installed = call(&["install", CA, "--yes", "--json"]).ok();
        let stores = installed.json()["stores"].clone();
        assert_eq!(stores.as_array().map(Vec::len), Some(2), "{installed}");
        assert_eq!(
            (stores[1]["path"].as_str(), stores[1]["state"].as_str()),
            (Some(profile), Some("installed")),
            "{installed}"
        );
        assert_eq!(stores[1]["user"], NOBODY);
        call(&["status", CA]).ok();
        for entry in fs::read_dir(profile).expect("a directory") {
            let owner = std::os::unix::fs::MetadataExt::uid(
                &entry.expect("an entry").metadata().expect("it is there"),
            );
            assert_eq!(owner, NOBODY);
        }
        assert!(
            Path::new("/home/ada/.local/state/gsec/trust").is_dir(),
            "the user's own journal"
        );
        let removed = call(&["uninstall", CA, "--yes", "--json"]).ok();
        assert_eq!(restored(&removed), ["yes", "yes"], "{removed}");
        is_as_before(&before, &without_inodes(Path::new(profile)));
        // Of no store at all nothing is said.
        fs::remove_dir_all("/home/ada/.mozilla").expect("profiles");
        for args in [
            &["status", CA][..],
            &["install", CA, "--yes"],
            &["uninstall", CA, "--yes"],
        ] {
            let none = call(&[args, &["--store", "nss"]].concat()).code(3);
            assert!(none.stdout.is_empty(), "{none}");
        }
    });
}

#[test]
fn database_that_has_the_ca_and_cannot_be_changed_is_not_said_to_be_without_it() {
    own_stores!(
        database_that_has_the_ca_and_cannot_be_changed_is_not_said_to_be_without_it,
        || {
            let scene = Scene::with_ca();
            let database = nss_database(".pki/nssdb");
            let store = format!("nss:{database}");
            trust(&scene.dir, &["install", CA, "--store", &store, "--yes"])
                .run()
                .ok();
            common::machine::chmod(Path::new(&database), 0o777);
            for args in [&["uninstall", CA, "--yes"][..], &["uninstall", CA, "--dry-run"]] {
                let refused = trust(&scene.dir, args).run().code(3);
                assert!(!refused.stdout.contains("in none of these"), "{refused}");
                assert!(refused.stderr.contains(&database), "{refused}");
            }
        }
    );
}

#[test]
fn user_who_is_not_root_is_told_before_anything_is_changed() {
    own_stores!(user_who_is_not_root_is_told_before_anything_is_changed, || {
        let scene = Scene::with_ca();
        scene.write("ca.pem", scene.read(CA));
        for name in ["", "ca.pem"] {
            chmod(Path::new(&scene.dir.path(name)), 0o755);
        }
        let before = debian_stores();
        let refused = trust(&scene.dir, &["install", "ca.pem", "--yes", "--json"])
            .env("HOME", &scene.dir.path("home"))
            .through(tool("setpriv").args(&["--reuid=65534", "--regid=65534", "--clear-groups"]))
            .run()
            .code(3);
        assert_eq!(refused.error()["code"], "trust-needs-root");
        is_as_before(&before, &debian_stores());
    });
}

/// What is in the journal is believed only as far as it is proven.
#[test]
fn journal_that_was_changed_restores_nothing() {
    own_stores!(journal_that_was_changed_restores_nothing, || {
        let scene = Scene::with_ca();
        let folder = nss_database(".pki/nssdb");
        let stores = ["--store", "nss", "--yes", "--json"];
        trust(&scene.dir, &[&["install", CA], &stores[..]].concat())
            .run()
            .ok();
        let copies = fs::read_dir("/var/lib/gsec/trust")
            .expect("a journal")
            .map(|entry| entry.expect("an entry").path())
            .find(|path| path.extension().is_some_and(|ending| ending == "copy"))
            .expect("copies");
        fs::write(copies.join("cert9.db"), "something else").expect("a file");
        let removed = trust(&scene.dir, &[&["uninstall", CA], &stores[..]].concat())
            .run()
            .ok();
        assert_eq!(restored(&removed), ["not_known"]);
        let database = format!("sql:{folder}");
        tool("certutil").args(&["-L", "-d", &database]).run().ok();
        trust(&scene.dir, &["status", CA, "--store", "nss"]).run().code(1);
        chmod(Path::new("/var/lib/gsec"), 0o777);
        let refused = trust(&scene.dir, &[&["install", CA], &stores[..]].concat())
            .run()
            .code(3);
        assert_eq!(refused.error()["code"], "trust-exposed");
    });
}

/// Every step can be the last one; the same call again makes the whole of it, and then it is undone byte for byte.
#[test]
#[ignore = "sh tests/delivery.sh"]
fn install_that_is_killed_at_any_step_and_repeated_is_whole() {
    own_stores!(install_that_is_killed_at_any_step_and_repeated_is_whole, || {
        let scene = Scene::with_ca();
        OTHERS[0].pretend();
        let folder = nss_database(".pki/nssdb");
        let before = [
            without_inodes(Path::new("/etc/pki")),
            without_inodes(Path::new(&folder)),
        ];
        let stores = ["--store", "system", "--store", "nss", "--yes", "--json"];
        let now = || {
            [
                without_inodes(Path::new("/etc/pki")),
                without_inodes(Path::new(&folder)),
            ]
        };
        let mut killed = 0;
        for (what, other) in [("install", "uninstall"), ("uninstall", "install")] {
            for step in 1.. {
                if what == "uninstall" {
                    trust(&scene.dir, &[&[other, CA], &stores[..]].concat())
                        .run()
                        .ok();
                }
                let steps = "rename,renameat,renameat2,link,linkat,unlink,unlinkat,rmdir,mkdir,mkdirat,clone,clone3,vfork,fsync";
                let inject = format!("inject={steps}:signal=SIGKILL:when={step}");
                let cut = trust(&scene.dir, &[&[what, CA], &stores[..]].concat())
                    .through(tool("strace").args(&["-qq", "-o", "/dev/null", "-e", &inject]))
                    .run();
                let again = trust(&scene.dir, &[&[what, CA], &stores[..]].concat()).run().ok();
                if what == "install" {
                    trust(&scene.dir, &["status", CA, "--store", "system", "--store", "nss"])
                        .run()
                        .ok();
                    trust(&scene.dir, &[&[other, CA], &stores[..]].concat())
                        .run()
                        .ok();
                }
                for (before, after) in before.iter().zip(&now()) {
                    let lines = differences(before, after);
                    assert!(
                        lines.is_empty(),
                        "{what}, step {step}: {}\n{again}",
                        lines.join("\n")
                    );
                }
                let left: Vec<_> = fs::read_dir("/var/lib/gsec/trust")
                    .expect("a journal")
                    .map(|entry| {
                        entry
                            .expect("an entry")
                            .file_name()
                            .to_string_lossy()
                            .into_owned()
                    })
                    .filter(|name| name.ends_with(".json") || name.ends_with(".copy"))
                    .collect();
                assert_eq!(
                    left, [""; 0],
                    "{what}, step {step}: nothing is kept of what is gone"
                );
                if cut.status == Some(0) {
                    break;
                }
                killed += 1;
            }
        }
        assert!(killed > 20, "{killed}");
    });
}

/// FreeBSD's tool takes another root directory.
#[test]
fn tool_that_takes_a_root_directory_is_run_with_it() {
    own_stores!(tool_that_takes_a_root_directory_is_run_with_it, || {
        let scene = Scene::with_ca();
        let root = scene.dir.path("image");
        fs::create_dir_all(format!("{root}{}", OTHERS[3].anchors)).expect("a directory");
        fs::create_dir_all(format!("{root}/etc/ssl/certs")).expect("a directory");
        let anchors = format!("{root}{}", OTHERS[3].anchors);
        stub(
            "certctl",
            &format!(
                "echo \"$@\" >> /var/tool.log\nrm -f {root}/etc/ssl/certs/*; cp {anchors}/* {root}/etc/ssl/certs/ || :"
            ),
        );
        let call = |what: &str| trust(&scene.dir, &[what, CA, "--root", "image", "--yes", "--json"]).run();
        assert_eq!(states(&call("install").ok())[0].1, "installed");
        assert_eq!(states(&call("uninstall").ok())[0].1, "removed");
        let real = fs::canonicalize(&root).expect("a path").display().to_string();
        let log = fs::read_to_string("/var/tool.log").expect("a log");
        assert_eq!(log, format!("-D {real} rehash\n").repeat(2));
    });
}

/// Where the system is not a known one, p11-kit's own program is asked.
#[test]
fn unknown_system_is_changed_through_p11_kit() {
    own_stores!(unknown_system_is_changed_through_p11_kit, || {
        let scene = Scene::with_ca();
        fs::remove_dir_all(ANCHORS).expect("it goes");
        let folder = "/etc/p11-anchors";
        fs::create_dir(folder).expect("a directory");
        let modules = "/usr/share/p11-kit/modules";
        let module = fs::read_to_string(format!("{modules}/p11-kit-trust.module"))
            .expect("the Debian package p11-kit");
        tool("mount").args(&["-t", "tmpfs", "tmpfs", modules]).run().ok();
        fs::write(
            format!("{modules}/p11-kit-trust.module"),
            module.replace("x-init-reserved:", &format!("x-init-reserved: paths='{folder}'")),
        )
        .expect("a module");
        let call = |what: &str| trust(&scene.dir, &[what, CA, "--yes", "--json"]).run();
        assert_eq!(
            states(&call("install").ok()),
            [("p11".to_owned(), "installed".to_owned())]
        );
        call("status").ok();
        assert_eq!(
            states(&call("uninstall").ok()),
            [("p11".to_owned(), "removed".to_owned())]
        );
        call("status").code(1);
    });
}

#[test]
fn machine_without_any_store_is_told_of_the_package() {
    own_stores!(machine_without_any_store_is_told_of_the_package, || {
        let scene = Scene::with_ca();
        fs::remove_dir_all(ANCHORS).expect("it goes");
        without_program("trust");
        let refused = trust(&scene.dir, &["install", CA, "--yes", "--json"])
            .run()
            .code(3);
        assert_eq!(refused.error()["code"], "trust-no-store");
        assert!(refused.stderr.contains("ca-certificates"), "{refused}");
        // Nor is a database changed without its program: the package that has it is named, and nothing is said to be trusted.
        fs::create_dir_all(ANCHORS).expect("a directory");
        nss_database(".pki/nssdb");
        without_program("certutil");
        let installed = trust(&scene.dir, &["install", CA, "--yes"]).run().ok();
        assert!(installed.stderr.contains("libnss3-tools"), "{installed}");
        let status = trust(&scene.dir, &["status", CA, "--json"]).run().code(3);
        assert_eq!(states(&status)[1].1, "unknown");
        trust(&scene.dir, &["install", CA, "--store", "nss", "--yes"])
            .run()
            .code(3);
    });
}

/// Several calls at once: one after the other, and in the end it is as after one.
#[test]
fn calls_at_the_same_time_wait_for_each_other() {
    own_stores!(calls_at_the_same_time_wait_for_each_other, || {
        let scene = Scene::with_ca();
        let folder = nss_database(".pki/nssdb");
        let before = without_inodes(Path::new(&folder));
        let all = |what: &str| {
            std::thread::scope(|scope| {
                let calls: Vec<_> = (0..4)
                    .map(|_| {
                        let call = trust(&scene.dir, &[what, CA, "--store", "nss", "--yes"]);
                        scope.spawn(move || call.run())
                    })
                    .collect();
                calls
                    .into_iter()
                    .for_each(|call| drop(call.join().expect("a call").ok()));
            });
        };
        all("install");
        trust(&scene.dir, &["status", CA, "--store", "nss"]).run().ok();
        all("uninstall");
        is_as_before(&before, &without_inodes(Path::new(&folder)));
    });
}

/// Without root, only the user's own databases are changed, and copies are kept in the user's own directory.
#[test]
fn user_who_is_not_root_changes_own_browsers() {
    own_stores!(user_who_is_not_root_changes_own_browsers, || {
        let scene = Scene::with_ca();
        scene.write("ca.pem", scene.read(CA));
        let home = "/home/ada";
        let profile = format!("{home}/.mozilla/firefox/a.default");
        fs::create_dir_all(Path::new(&profile).parent().expect("one")).expect("a directory");
        copy_tree(Path::new(&nss_database(".pki/nssdb")), Path::new(&profile));
        tool("chown")
            .args(&["-R", &format!("{NOBODY}:{NOBODY}"), home])
            .run()
            .ok();
        for name in ["", "ca.pem"] {
            chmod(Path::new(&scene.dir.path(name)), 0o755);
        }
        let before = without_inodes(Path::new(&profile));
        let call = |what: &str, state: &str| {
            trust(&scene.dir, &[what, "ca.pem", "--store", "nss", "--yes", "--json"])
                .env("HOME", home)
                .env("XDG_STATE_HOME", state)
                .through(tool("setpriv").args(&["--reuid=65534", "--regid=65534", "--clear-groups"]))
                .run()
        };
        // A relative path, or one that others can write, keeps no copies.
        fs::create_dir("/home/everyone").expect("a directory");
        chmod(Path::new("/home/everyone"), 0o777);
        assert_eq!(
            call("install", "/home/everyone").code(3).error()["code"],
            "trust-exposed"
        );
        is_as_before(&before, &without_inodes(Path::new(&profile)));
        assert_eq!(states(&call("install", "relative").ok())[0].1, "installed");
        assert!(Path::new(&format!("{home}/.local/state/gsec/trust")).is_dir());
        assert_eq!(restored(&call("uninstall", "").ok()), ["yes"]);
        is_as_before(&before, &without_inodes(Path::new(&profile)));
    });
}

#[test]
fn person_at_a_terminal_is_shown_the_stores_and_asked() {
    own_stores!(person_at_a_terminal_is_shown_the_stores_and_asked, || {
        without_java_hook();
        let scene = Scene::with_ca();
        let before = debian_stores();
        for (keys, status) in [("n\r", 1), ("\r", 1)] {
            let shown = Session::new(&scene, &["trust", "install"])
                .press("Trust this CA? [y/N]", keys)
                .run()
                .ended(status, 1);
            assert!(
                shown
                    .screen
                    .contains("would be installed: /usr/local/share/ca-certificates"),
                "{}",
                shown.screen
            );
            is_as_before(&before, &debian_stores());
        }
        Session::new(&scene, &["trust", "install"])
            .press("Trust this CA? [y/N]", "y\r")
            .run()
            .ended(0, 1);
        // What is trusted already is not asked about.
        Session::new(&scene, &["trust", "install"]).run().ended(0, 0);
        Session::new(&scene, &["trust", "uninstall"])
            .press("Remove this CA? [y/N]", "y\r")
            .run()
            .ended(0, 1);
        is_as_before(&before, &debian_stores());
        let quickstart = Session::new(&scene, &["quickstart", NAME, "--trust"])
            .press("Trust this CA? [y/N]", "n\r")
            .run()
            .ended(0, 1);
        assert!(
            quickstart.screen.contains("Issued serial 01"),
            "{}",
            quickstart.screen
        );
        is_as_before(&before, &debian_stores());
    });
}

/// A program is killed together with gsec, and leaves half of a file: the same call again begins with what it was.
#[test]
#[ignore = "sh tests/delivery.sh"]
fn store_that_a_program_left_half_written_is_what_it_was() {
    own_stores!(store_that_a_program_left_half_written_is_what_it_was, || {
        let scene = Scene::with_ca();
        let java = scene.dir.path("cacerts");
        fs::copy(JAVA, &java).expect("a copy");
        let before = fs::read(&java).expect("a store");
        let keytool = fs::canonicalize("/usr/bin/keytool")
            .expect("keytool")
            .display()
            .to_string();
        let store = format!("java:{java}");
        for what in ["install", "uninstall"] {
            if what == "uninstall" {
                trust(&scene.dir, &["install", CA, "--store", &store, "--yes"])
                    .run()
                    .ok();
            }
            // In the place of the system's: on a change it writes half of the file, and takes gsec with it.
            let evil = scene.dir.path("keytool");
            let script = format!(
                "#!/bin/sh\ncase $1 in -list) exec {keytool} \"$@\";; esac\nhead -c 1000 {java} > {java}.half\n\
                 cat {java}.half > {java}; rm {java}.half\nkill -9 $PPID\n"
            );
            scene.write("keytool", script);
            chmod(Path::new(&evil), 0o755);
            fs::copy(&evil, "/usr/local/sbin/keytool").expect("a copy");
            chmod(Path::new("/usr/local/sbin/keytool"), 0o755);
            let alternative = "/etc/alternatives/keytool";
            let target = fs::read_link(alternative).expect("a link");
            fs::remove_file(alternative).expect("it goes");
            std::os::unix::fs::symlink("/usr/local/sbin/keytool", alternative).expect("a link");
            let killed = trust(&scene.dir, &[what, CA, "--store", &store, "--yes"]).run();
            assert_eq!(killed.signal, Some(9), "{killed}");
            assert_eq!(fs::read(&java).expect("a store").len(), 1000);
            fs::remove_file(alternative).expect("it goes");
            std::os::unix::fs::symlink(target, alternative).expect("a link");
            trust(&scene.dir, &[what, CA, "--store", &store, "--yes"])
                .run()
                .ok();
            if what == "install" {
                trust(&scene.dir, &["status", CA, "--store", &store]).run().ok();
                trust(&scene.dir, &["uninstall", CA, "--store", &store, "--yes"])
                    .run()
                    .ok();
            }
            assert!(fs::read(&java).expect("a store") == before, "{what}");
        }
    });
}
