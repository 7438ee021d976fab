//! `cert bundle`: what is in a bundle, for each target, and what is refused.

use crate::common;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use common::{Scene, gsec, tool};
use serde_json::Value;

/// Every target, its own options, and owner, group and mode of the files with the key; what is installed besides.
const TARGETS: [(&str, &[&str], &str, &str); 23] = [
    (
        "nginx",
        &[],
        "privkey.pem root:root 0600",
        "ca.pem crl.pem fullchain.pem",
    ),
    (
        "apache",
        &[],
        "privkey.pem root:root 0600",
        "ca.pem crl.pem fullchain.pem",
    ),
    ("haproxy", &[], "combined.pem root:root 0600", "ca.pem crl.pem"),
    (
        "postgresql",
        &[],
        "privkey.pem root:postgres 0640",
        "ca.pem crl.pem fullchain.pem",
    ),
    (
        "mysql",
        &[],
        "privkey.pem mysql:mysql 0600",
        "ca.pem crl.pem fullchain.pem",
    ),
    (
        "redis",
        &[],
        "privkey.pem redis:redis 0600",
        "ca.pem fullchain.pem",
    ),
    (
        "rabbitmq",
        &[],
        "privkey.pem rabbitmq:rabbitmq 0600",
        "ca.pem fullchain.pem",
    ),
    (
        "openldap",
        &[],
        "privkey.pem root:openldap 0640",
        "ca.pem crl.pem fullchain.pem",
    ),
    ("postfix", &[], "keychain.pem root:root 0600", "ca.pem"),
    (
        "dovecot",
        &[],
        "privkey.pem root:root 0600",
        "ca.pem fullchain.pem",
    ),
    (
        "mosquitto",
        &[],
        "privkey.pem root:mosquitto 0640",
        "ca.pem crl.pem fullchain.pem",
    ),
    (
        "stunnel",
        &[],
        "privkey.pem root:root 0600",
        "ca.pem crl.pem fullchain.pem",
    ),
    (
        "prometheus",
        &[],
        "privkey.pem root:prometheus 0640",
        "ca.pem fullchain.pem",
    ),
    (
        "java",
        &["--group", "app"],
        "keystore.p12 root:app 0640",
        "truststore.p12",
    ),
    ("tomcat", &[], "keystore.p12 root:tomcat 0640", "truststore.p12"),
    (
        "unix",
        &["--group", "app"],
        "host_priv_key.pem root:app 0640",
        "ca_cert.pem ca_crl.pem host_cert.pem",
    ),
    ("windows", &[], "host.pfx root:root 0600", "ca.crl ca.crt"),
    (
        "kubernetes",
        &[],
        "secret.yaml root:root 0600",
        "ca-configmap.yaml",
    ),
    (
        "docker",
        &[],
        "certs.d/db1.example.com/client.key root:root 0600",
        "certs.d/db1.example.com/ca.crt certs.d/db1.example.com/client.cert",
    ),
    ("env", &[], "", "ca.pem env.fish env.ps1 env.sh"),
    (
        "systemd",
        &[],
        "privkey.pem root:root 0600",
        "ca.pem fullchain.pem",
    ),
    (
        "ansible",
        &[],
        "gsec_db1_example_com/files/privkey.pem root:root 0600",
        "gsec_db1_example_com/defaults/main.yml gsec_db1_example_com/files/ca.pem gsec_db1_example_com/files/crl.pem gsec_db1_example_com/files/fullchain.pem gsec_db1_example_com/handlers/main.yml gsec_db1_example_com/tasks/main.yml",
    ),
    (
        "generic",
        &["--files", "fc,k,ca,crl,ch,comb"],
        "combined.pem root:root 0600 privkey.pem root:root 0600",
        "ca.pem crl.pem fullchain.pem",
    ),
];

/// A scene with a host's certificate, and a CRL.
fn with_crl() -> Scene {
    let scene = Scene::with_host();
    scene.gsec(&["crl", "update"]).run().ok();
    scene
}

fn manifest(scene: &Scene, bundle: &str) -> Value {
    serde_json::from_str(&scene.read(&format!("{bundle}/manifest.json"))).expect("a manifest")
}

#[test]
fn every_target_has_the_files_owners_and_modes_that_its_service_reads() {
    let scene = with_crl();
    let help = gsec(&["cert", "bundle", "--help"]).run().ok().stdout;
    for (target, options, secret, public) in TARGETS {
        assert!(help.contains(target), "the help lists {target}");
        scene
            .gsec(&["cert", "bundle", "db1.example.com", "--for", target])
            .args(options)
            .run()
            .succeeded(target);
        let bundle = format!("db1.example.com-{target}");
        let files = manifest(&scene, &bundle)["files"]
            .as_array()
            .expect("files")
            .clone();
        let text = |file: &Value, field: &str| file[field].as_str().expect("text").to_owned();
        let is_public = |file: &&Value| text(file, "mode") == "0644";
        let mut listed: Vec<String> = files
            .iter()
            .filter(is_public)
            .map(|file| text(file, "name"))
            .collect();
        listed.sort();
        assert_eq!(listed.join(" "), public, "{target}");
        let mut secrets: Vec<String> = files
            .iter()
            .filter(|file| !is_public(file))
            .map(|file| {
                format!(
                    "{} {}:{} {}",
                    text(file, "name"),
                    text(file, "owner"),
                    text(file, "group"),
                    text(file, "mode")
                )
            })
            .collect();
        secrets.sort();
        assert_eq!(secrets.join(" "), secret, "{target}");
        for file in &files {
            let path = scene.dir.path(&format!("{bundle}/{}", text(file, "name")));
            let mode = fs::metadata(&path).expect("a file").permissions().mode() & 0o7777;
            assert_eq!(mode, if is_public(&file) { 0o644 } else { 0o600 }, "{path}");
        }
        tool("sha256sum")
            .args(&["--check", "--strict", "--quiet", "SHA256SUMS"])
            .in_dir(scene.dir.path(&bundle))
            .run()
            .succeeded(target);
        assert!(
            !scene.read(&format!("{bundle}/snippet.conf")).is_empty(),
            "{target}"
        );
        assert_eq!(
            fs::metadata(scene.dir.path(&bundle)).expect("a folder").mode() & 0o777,
            0o700
        );
    }
}

#[test]
fn files_of_a_target_are_what_they_are_called() {
    let scene = Scene::with_ca_of(&["--path-len", "1"]);
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Issuing CA",
            "--key-type",
            "p256",
            "--parent",
            "gsec-ca",
            "--ca-dir",
            "issuing",
        ])
        .run()
        .ok();
    scene
        .gsec(&[
            "cert",
            "issue",
            "db1.example.com",
            "--key-type",
            "p256",
            "--ca-dir",
            "issuing",
        ])
        .run()
        .ok();
    scene
        .gsec(&[
            "cert",
            "bundle",
            "db1.example.com",
            "--ca-dir",
            "issuing",
            "--for",
            "generic",
            "--out",
            "b",
        ])
        .args(&["--files", "fc,ch,k,ca,comb,kc,ks,ts"])
        .run()
        .ok();
    // The CRL of the CA above is not kept here, and that of this one was not made yet.
    let said = scene
        .gsec(&[
            "cert",
            "bundle",
            "db1.example.com",
            "--ca-dir",
            "issuing",
            "--for",
            "nginx",
            "--json",
        ])
        .run()
        .ok()
        .json();
    let why = |number: usize| {
        said["warnings"][number]["message"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    assert!(why(0).contains("`CN=Issuing CA` has not made one yet"), "{said}");
    assert!(
        why(1).contains("a CA above, is not kept in this directory"),
        "{said}"
    );
    let read = |file: &str| scene.read(&format!("b/{file}"));
    let (full, chain, key, root) = (
        read("fullchain.pem"),
        read("chain.pem"),
        read("privkey.pem"),
        read("ca.pem"),
    );
    assert_eq!(root, scene.read("gsec-ca/ca_conf/ca_cert.pem"));
    assert!(scene.read("issuing/ca_conf/ca_cert.pem").starts_with(&chain));
    assert!(full.ends_with(&chain) && full.matches("BEGIN CERT").count() == 2);
    assert_eq!(read("combined.pem"), format!("{full}{key}"));
    assert_eq!(read("keychain.pem"), format!("{key}{full}"));
    scene.write("root.pem", root);
    scene.write("leaf.pem", full.trim_end_matches(&chain));
    scene.write("chain.pem", chain);
    scene.openssl(&[
        "verify",
        "-CAfile",
        "root.pem",
        "-untrusted",
        "chain.pem",
        "leaf.pem",
    ]);
    let shown = scene.openssl(&[
        "pkcs12",
        "-in",
        "b/keystore.p12",
        "-passin",
        "pass:changeit",
        "-nodes",
    ]);
    assert_eq!(shown.stdout.matches("BEGIN CERT").count(), 2, "{shown}");
    assert!(shown.stdout.contains("friendlyName: db1.example.com"), "{shown}");
}

/// What README.txt and `install.sh --help` say follows is what follows for this target.
#[test]
fn what_is_said_to_follow_is_of_this_target() {
    let scene = Scene::with_host();
    let host = common::Host::new(&scene, common::SHELLS[0]);
    for (target, options, says) in [
        ("nginx", &[][..], ["Then nginx -t checks", "Then nginx reloads"]),
        ("haproxy", &[], ["Then haproxy -c checks", "Then HAProxy reloads"]),
        ("redis", &[], ["", "Then CONFIG SET has Redis read the files"]),
        (
            "tomcat",
            &[],
            ["Then keytool reads the stores", "Then Tomcat is restarted"],
        ),
        (
            "prometheus",
            &[],
            ["Then promtool checks", "No service is reloaded: Prometheus reads"],
        ),
        (
            "env",
            &[],
            ["", "No service is reloaded: programs read the variables"],
        ),
        (
            "unix",
            &["--group", "root"],
            ["", "No service is reloaded: applications"],
        ),
        (
            "docker",
            &[],
            ["", "No service is reloaded: the daemon reads certs.d"],
        ),
        ("generic", &[], ["", "No service is reloaded: no unit was named"]),
        (
            "generic",
            &["--reload", "vsftpd"],
            ["", "Then the unit is reloaded, or restarted"],
        ),
        (
            "java",
            &["--group", "root"],
            [
                "Then keytool reads the stores",
                "No service is reloaded: Java programs",
            ],
        ),
        (
            "java",
            &["--group", "root", "--service", "app"],
            ["Then keytool reads", "Then the unit is restarted"],
        ),
        (
            "systemd",
            &[],
            [
                "Then systemd-analyze verify checks",
                "No service is reloaded: no unit was named",
            ],
        ),
    ] {
        scene
            .gsec(&["cert", "bundle", "01", "--for", target, "--out", "b", "--force"])
            .args(options)
            .run()
            .ok();
        let help = host.install("b", &["--help"]).ok().stdout;
        for text in [scene.read("b/README.txt"), help] {
            for words in says {
                assert!(text.contains(words), "{target} {options:?}: {words}\n{text}");
            }
            let follows = text.matches("\nThen ").count() + text.matches("No service is reloaded").count();
            assert_eq!(
                follows,
                says.iter().filter(|words| !words.is_empty()).count(),
                "{target}\n{text}"
            );
        }
    }
}

#[test]
fn crls_are_left_out_where_one_of_the_path_is_missing() {
    let scene = Scene::with_host();
    let said = scene
        .gsec(&["cert", "bundle", "01", "--for", "nginx", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(said["warnings"][0]["code"], "bundle-crl-missing", "{said}");
    let why = |said: &serde_json::Value| {
        said["warnings"][0]["message"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    assert!(why(&said).contains("has not made one yet"), "{said}");
    assert!(!scene.exists("db1.example.com-nginx/crl.pem"));
    assert!(
        !scene
            .read("db1.example.com-nginx/snippet.conf")
            .contains("ssl_crl")
    );
    scene.gsec(&["crl", "update"]).run().ok();
    scene
        .gsec(&["cert", "bundle", "01", "--for", "nginx", "--out", "with"])
        .run()
        .ok();
    assert!(scene.read("with/crl.pem").contains("BEGIN X509 CRL"));
    assert!(scene.read("with/snippet.conf").contains("ssl_crl"));
    // The causes are told apart.
    let of_nginx = |args: &[&str]| {
        let call = scene.gsec(&[
            "cert",
            "bundle",
            "db1.example.com",
            "--for",
            "nginx",
            "--json",
            "--force",
        ]);
        call.args(args).run().ok().json()
    };
    tool("sh")
        .args(&[
            "-c",
            "openssl ca -config ca_conf/ca.conf -gencrl -crl_lastupdate 20200101000000Z -crl_nextupdate 20200201000000Z \
             -out ca_conf/ca_crl.pem",
        ])
        .in_dir(scene.dir.path("gsec-ca"))
        .run()
        .ok();
    assert!(why(&of_nginx(&[])).contains("expired at 2020-02-01T00:00:00Z"));
    scene.write("gsec-ca/ca_conf/ca_crl.pem", "nonsense");
    assert!(why(&of_nginx(&[])).contains("cannot be read"));
    scene.gsec(&["crl", "update"]).run().ok();
    // What reads no CRLs needs none.
    let redis = scene
        .gsec(&["cert", "bundle", "01", "--for", "redis", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(redis["warnings"].as_array().map(Vec::len), Some(0), "{redis}");
}

#[test]
fn same_certificate_makes_the_same_bytes() {
    let scene = with_crl();
    for (target, options, ..) in TARGETS {
        let make = |out: &str| {
            scene
                .gsec(&["cert", "bundle", "01", "--for", target, "--out", out])
                .args(options)
                .run()
                .succeeded(target)
        };
        make(&format!("{target}-1.tar"));
        make(&format!("{target}-2.tar"));
        let archive = scene.read_bytes(&format!("{target}-1.tar"));
        assert!(
            archive == scene.read_bytes(&format!("{target}-2.tar")),
            "{target}"
        );
        let stream = scene
            .gsec(&["cert", "bundle", "01", "--for", target, "--out", "-"])
            .args(options)
            .run()
            .succeeded(target);
        assert!(stream.stdout_bytes == archive, "{target}");
        make(target);
        fs::create_dir(scene.dir.path(&format!("{target}.d"))).expect("a folder");
        tool("tar")
            .args(&["-xf", &format!("../{target}-1.tar"), "--no-same-owner"])
            .in_dir(scene.dir.path(&format!("{target}.d")))
            .run()
            .succeeded(target);
        tool("diff")
            .args(&["-r", target, &format!("{target}.d")])
            .in_dir(scene.dir.path(""))
            .run()
            .succeeded(target);
    }
}

#[test]
fn archive_is_sorted_and_says_nothing_of_the_machine() {
    let scene = with_crl();
    scene
        .gsec(&["cert", "bundle", "01", "--for", "docker", "--out", "b.tar"])
        .run()
        .ok();
    assert_eq!(
        fs::metadata(scene.dir.path("b.tar")).expect("a file").mode() & 0o7777,
        0o600
    );
    let listed = tool("tar")
        .args(&["--numeric-owner", "-tvf", "b.tar"])
        .env("TZ", "UTC")
        .in_dir(scene.dir.path(""))
        .run()
        .ok()
        .stdout;
    let (mut names, mut modes) = (Vec::new(), Vec::new());
    for line in listed.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!((words[1], words[3]), ("0/0", "1970-01-01"), "{line}");
        modes.push(words[0]);
        names.push(words[5]);
    }
    assert!(names.is_sorted(), "{names:?}");
    modes.sort_unstable();
    modes.dedup();
    assert_eq!(modes, ["-rw-------", "-rw-r--r--", "-rwxr-xr-x", "drwxr-xr-x"]);
}

#[test]
fn bundle_that_is_there_is_left_alone_and_nothing_else_is_replaced() {
    let scene = with_crl();
    let nginx = ["cert", "bundle", "01", "--for", "nginx", "--out", "b"];
    scene.gsec(&nginx).run().ok().says("Created");
    let before = scene.tree();
    scene.gsec(&nginx).run().ok().says("Unchanged");
    scene.tree().is_unchanged_since(&before);
    let redis = ["cert", "bundle", "01", "--for", "redis", "--out", "b"];
    let refused = scene.gsec(&redis).args(&["--json"]).run().code(3).error();
    assert_eq!(refused["code"], "bundle-exists");
    scene.tree().is_unchanged_since(&before);
    scene.gsec(&redis).args(&["--force"]).run().ok().says("Replaced");
    assert!(!scene.exists("b/crl.pem"));
    // A folder with something of somebody else is never removed.
    scene.write("b/mine.txt", "mine");
    let before = scene.tree();
    let refused = scene
        .gsec(&nginx)
        .args(&["--force", "--json"])
        .run()
        .code(3)
        .error();
    assert_eq!(refused["code"], "bundle-not-a-bundle");
    scene.write("there.tar", "something else");
    let refused = scene
        .gsec(&[
            "cert",
            "bundle",
            "01",
            "--for",
            "nginx",
            "--out",
            "there.tar",
            "--json",
        ])
        .run()
        .code(3)
        .error();
    assert_eq!(refused["code"], "bundle-exists");
    scene.tree().keeps(&before, &["there.tar"]);
}

#[test]
fn certificate_that_must_not_be_handed_out_is_refused() {
    let scene = Scene::with_host();
    let code = |args: &[&str], status: i32| {
        let before = scene.tree();
        let error = scene
            .gsec(&["cert", "bundle", "--json", "--for"])
            .args(args)
            .run()
            .code(status)
            .error();
        scene.tree().is_unchanged_since(&before);
        error["code"].as_str().expect("a code").to_owned()
    };
    assert_eq!(code(&["unix", "01"], 2), "bundle-target-needs-group");
    assert_eq!(code(&["java", "01"], 2), "bundle-target-needs-group");
    assert_eq!(code(&["nginx", "01", "--mode", "0644"], 2), "bundle-key-mode");
    assert_eq!(code(&["tomcat", "01", "--no-key"], 2), "bundle-target-needs-key");
    assert_eq!(
        code(&["nginx", "01", "--files", "fc"], 2),
        "bundle-not-for-target"
    );
    assert_eq!(
        code(&["nginx", "01", "--names", "old"], 2),
        "bundle-not-for-target"
    );
    assert_eq!(
        code(&["nginx", "01", "--reload", "nginx"], 2),
        "bundle-not-for-target"
    );
    scene.write("password", "secret");
    // What this target cannot use is not passed over in silence.
    for (target, options) in [
        ("nginx", &["--pfx-encryption", "compat"][..]),
        ("nginx", &["--pfx-password-file", "password"]),
        ("kubernetes", &["--pfx-password-file", "password"]),
        ("generic", &["--pfx-encryption", "modern", "--files", "fc,k"]),
        ("windows", &["--group", "genesys"]),
        ("windows", &["--owner", "genesys"]),
        ("windows", &["--service", "nginx"]),
        ("kubernetes", &["--group", "genesys"]),
        ("kubernetes", &["--service", "nginx"]),
        ("env", &["--group", "genesys"]),
        ("env", &["--mode", "0600"]),
        ("env", &["--no-key"]),
        ("env", &["--service", "nginx"]),
        ("generic", &["--owner", "genesys", "--files", "fc,ca"]),
        ("docker", &["--service", "nginx"]),
        ("redis", &["--service", "redis"]),
    ] {
        let asked = [&[target, "01"], options].concat();
        assert_eq!(code(&asked, 2), "bundle-not-for-target", "{asked:?}");
    }
    assert_eq!(code(&["nginx", "77"], 3), "input.not_found");
    scene
        .gsec(&[
            "cert",
            "issue",
            "away.example.com",
            "--key-type",
            "p256",
            "--no-keep-key",
            "--out-dir",
            ".",
        ])
        .run()
        .ok();
    assert_eq!(code(&["nginx", "away.example.com"], 3), "bundle-no-key");
    scene
        .gsec(&["cert", "bundle", "away.example.com", "--for", "nginx", "--no-key"])
        .run()
        .ok();
    assert!(!scene.exists("away.example.com-nginx/privkey.pem"));
    // Another key under the name of the right one.
    fs::copy(
        scene.dir.path("gsec-ca/ca_conf/ca_priv_key.pem"),
        scene.dir.path("gsec-ca/repository/02_away_priv_key.pem"),
    )
    .expect("a copy");
    assert_eq!(code(&["nginx", "away.example.com"], 3), "bundle-no-key");
    scene
        .gsec(&["cert", "revoke", "01", "--reason", "superseded"])
        .run()
        .ok();
    assert_eq!(code(&["nginx", "01"], 3), "bundle-revoked");
}

#[test]
fn certificate_that_has_expired_is_refused() {
    let scene = Scene::with_ca();
    scene
        .gsec(&[
            "cert",
            "issue",
            "db1.example.com",
            "--key-type",
            "p256",
            "--days",
            "1",
        ])
        .run()
        .ok();
    let refused = scene
        .gsec(&["cert", "bundle", "01", "--for", "nginx", "--json"])
        .through(tool("faketime").args(&["-f", "+3d"]))
        .run()
        .code(3)
        .error();
    assert_eq!(refused["code"], "bundle-expired");
    assert!(!scene.exists("db1.example.com-nginx"));
}

/// What means something to a shell, a path or a terminal.
pub(super) const HOSTILE: [&str; 12] = [
    "$(touch x)",
    "`touch x`",
    "a;touch x",
    "a\ntouch x",
    "a'b",
    "a\"b",
    "a b",
    "%PATH%",
    "-rf",
    "../x",
    "a\\b",
    "a\u{2019}; touch x",
];

#[test]
fn names_that_mean_something_to_a_shell_enter_no_script() {
    let scene = with_crl();
    let before = scene.tree();
    for text in HOSTILE {
        for option in ["--name", "--dest", "--owner", "--group", "--service"] {
            // `/opt/-rf` is a path like any other.
            let value = if option == "--dest" && text != "-rf" {
                format!("/opt/{text}")
            } else {
                text.to_owned()
            };
            let refused = scene
                .gsec(&[
                    "cert",
                    "bundle",
                    "01",
                    "--for",
                    "nginx",
                    "--json",
                    &format!("{option}={value}"),
                ])
                .run()
                .code(2)
                .error();
            assert_eq!(refused["code"], "bundle-name-unsafe", "{option}={value:?}");
        }
    }
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn names_in_the_certificate_are_text_in_every_file() {
    let scene = Scene::with_ca();
    let units: Vec<String> = HOSTILE
        .iter()
        .map(|text| format!("--ou={}", text.replace('\n', " ")))
        .collect();
    let units: Vec<&str> = units.iter().map(String::as_str).collect();
    scene
        .gsec(&["cert", "issue", "--host", "db1.example.com", "--key-type", "p256"])
        .args(&units)
        .args(&[
            "--cn",
            "$(touch x)`touch x`;touch x'\"",
            "--org",
            "a'; touch x; \u{2019}; touch x",
        ])
        .run()
        .ok();
    for (target, options, ..) in TARGETS {
        scene
            .gsec(&["cert", "bundle", "01", "--for", target, "--out", target])
            .args(options)
            .run()
            .succeeded(target);
        let tree = common::Tree::of(scene.dir.path(target));
        for name in tree.files().into_iter().filter(|name| !name.ends_with('/')) {
            let content =
                String::from_utf8_lossy(&scene.read_bytes(&format!("{target}/{name}"))).into_owned();
            // In these two it is text that no program runs.
            let is_text = ["manifest.json", "README.txt"].contains(&name.as_str());
            assert_eq!(content.contains("touch x"), is_text, "{target} {name}");
        }
        manifest(&scene, target);
        let readme = scene.read(&format!("{target}/README.txt"));
        let lines = readme.lines().filter(|line| line.contains("touch x")).count();
        assert_eq!(lines, 1, "{readme}");
    }
}

#[test]
fn scripts_are_clean_for_every_target() {
    let scene = with_crl();
    let mut scripts = Vec::new();
    for (target, options, ..) in TARGETS {
        scene
            .gsec(&["cert", "bundle", "01", "--for", target, "--out", target])
            .args(options)
            .run()
            .succeeded(target);
        let script = format!("{target}/install.sh");
        if scene.exists(&script) {
            for shell in common::SHELLS {
                tool(shell[0])
                    .args(&shell[1..])
                    .args(&["-n", &script])
                    .in_dir(scene.dir.path(""))
                    .run()
                    .succeeded(target);
            }
            scripts.push(script);
        }
    }
    assert!(scripts.len() > 20, "{scripts:?}");
    let scripts: Vec<&str> = scripts.iter().map(String::as_str).collect();
    tool("shellcheck")
        .args(&["-s", "sh"])
        .args(&scripts)
        .in_dir(scene.dir.path(""))
        .run()
        .ok();
}

#[test]
fn names_of_the_old_guide_are_links_in_each_release() {
    let scene = with_crl();
    scene
        .gsec(&[
            "cert", "bundle", "01", "--for", "unix", "--group", "root", "--names", "old", "--out", "b",
        ])
        .run()
        .ok();
    let host = common::Host::new(&scene, common::SHELLS[0]);
    host.installs("b", &[]).ok();
    let link = |name: &str| fs::read_link(format!("{}/current/{name}", host.dest())).expect("a link");
    assert_eq!(link("01_db1_cert.pem").to_str(), Some("host_cert.pem"));
    assert_eq!(link("01_db1_priv_key.pem").to_str(), Some("host_priv_key.pem"));
    host.installs("b", &["--uninstall"]).ok();
    assert!(!scene.exists("tls/web"));
}

/// The bundles of the targets that need more than a shell.
fn with_bundles(targets: &[&str]) -> Scene {
    let scene = with_crl();
    for target in targets {
        scene
            .gsec(&[
                "cert",
                "bundle",
                "db1.example.com",
                "--for",
                target,
                "--out",
                target,
            ])
            .run()
            .succeeded(target);
    }
    scene
}

#[test]
fn scripts_for_windows_parse_whatever_quotes_mean_there() {
    let scene = with_bundles(&["windows", "env"]);
    let (install, variables) = (
        scene.dir.path("windows/Install.ps1"),
        scene.dir.path("env/env.ps1"),
    );
    common::python("parse_powershell.py")
        .args(&[&install, &variables])
        .run()
        .ok();
    let script = scene.read_bytes("windows/Install.ps1");
    assert_eq!(script[..3], [0xef, 0xbb, 0xbf]);
    let lines = script.split(|byte| *byte == b'\n');
    assert!(
        lines
            .filter(|line| !line.is_empty())
            .all(|line| line.ends_with(b"\r"))
    );
    // What the parser is for: a text with a quote that PowerShell takes for its end.
    scene.write("broken.ps1", "$a = 'x\u{2019} + 'y'\r\n");
    common::python("parse_powershell.py")
        .args(&[&scene.dir.path("broken.ps1")])
        .run()
        .code(1);
    // Whatever the certificate is called, the scripts are the same.
    let other = Scene::with_ca();
    other
        .gsec(&[
            "cert",
            "issue",
            "other.example.com",
            "--key-type",
            "p256",
            "--org",
            "$(calc)'; calc; '\u{2019}",
        ])
        .run()
        .ok();
    other
        .gsec(&["cert", "bundle", "01", "--for", "windows", "--out", "w"])
        .run()
        .ok();
    for file in ["Install.ps1", "install.cmd"] {
        assert!(other.read_bytes(&format!("w/{file}")) == scene.read_bytes(&format!("windows/{file}")));
    }
    let batch = scene.read("windows/install.cmd");
    assert!(
        batch.is_ascii() && !batch.contains(['%', '!', '^', '&']),
        "{batch}"
    );
}

#[test]
fn thumbprint_for_windows_is_the_certificates() {
    let scene = with_bundles(&["windows"]);
    let shown = scene.openssl(&[
        "x509",
        "-in",
        "gsec-ca/repository/01.pem",
        "-noout",
        "-fingerprint",
        "-sha1",
    ]);
    let (_, colons) = shown.stdout.trim().split_once('=').expect("a digest");
    let pairs = colons.replace(':', " ").to_lowercase();
    assert!(
        scene
            .read("windows/snippet.conf")
            .contains(&format!("certificate={pairs}\r\n"))
    );
    assert!(scene.read("windows/README.txt").contains(&pairs));
    let pfx = scene.openssl(&["pkcs12", "-in", "windows/host.pfx", "-passin", "pass:", "-nodes"]);
    assert_eq!(pfx.stdout.matches("BEGIN CERT").count(), 2, "{pfx}");
    scene.openssl(&[
        "crl",
        "-inform",
        "DER",
        "-in",
        "windows/ca.crl",
        "-noout",
        "-text",
    ]);
}

#[test]
fn kubernetes_takes_the_secret_and_the_map() {
    let scene = with_bundles(&["kubernetes"]);
    let files = [
        scene.dir.path("kubernetes/secret.yaml"),
        scene.dir.path("kubernetes/ca-configmap.yaml"),
    ];
    let check = "import sys, yaml, kubernetes_validate as k\nfor f in sys.argv[1:]:\n    k.validate(yaml.safe_load(open(f)), k.latest_version(), strict=True)\n";
    common::peer_python(&["-c", check, &files[0], &files[1]])
        .run()
        .ok();
    let decode = "import sys, yaml, base64\nd = yaml.safe_load(open(sys.argv[1]))['data']\nsys.stdout.write(base64.b64decode(d[sys.argv[2]]).decode())\n";
    let part = |name: &str| {
        common::peer_python(&["-c", decode, &files[0], name])
            .run()
            .ok()
            .stdout
    };
    assert_eq!(
        part("tls.key"),
        scene.read("gsec-ca/repository/01_db1_priv_key.pem")
    );
    assert_eq!(part("tls.crt"), scene.read("gsec-ca/repository/01_db1_cert.pem"));
    assert_eq!(part("ca.crt"), scene.read("gsec-ca/ca_conf/ca_cert.pem"));
    // The script hands them to kubectl, checked first.
    for shell in common::SHELLS {
        let host = common::Host::new(&scene, shell);
        host.program("kubectl");
        host.install("kubernetes", &[]).ok();
        let files = "-f ./ca-configmap.yaml -f ./secret.yaml";
        let [reaches, check, apply, delete] = [
            "kubectl get --raw /version --request-timeout=20s".to_owned(),
            format!("kubectl apply --dry-run=client {files}"),
            format!("kubectl apply {files}"),
            format!("kubectl delete --ignore-not-found {files}"),
        ];
        assert_eq!(host.called(), [reaches.clone(), check.clone(), apply.clone()]);
        // No cluster, files that it refuses, and files of which it takes a part.
        for (fails, args, status, words, called) in [
            ("get", &[][..], 3, "does not reach the cluster", vec![&reaches]),
            ("apply --dry", &[], 4, "refuses the files", vec![&reaches, &check]),
            (
                "apply -f",
                &[],
                5,
                "did not apply all",
                vec![&reaches, &check, &apply],
            ),
            (
                "get",
                &["--uninstall"],
                3,
                "does not reach the cluster",
                vec![&reaches],
            ),
            (
                "delete",
                &["--uninstall"],
                5,
                "did not delete all",
                vec![&reaches, &delete],
            ),
        ] {
            let log = scene.dir.path("host/log");
            scene.write(
                "host/bin/kubectl",
                format!(
                    "#!/bin/sh\necho \"kubectl $*\" >> '{log}'\ncase \"$*\" in \"{fails}\"*) exit 1 ;; esac\n"
                ),
            );
            scene.chmod("host/bin/kubectl", 0o755);
            let refused = host.install("kubernetes", args).code(status);
            assert!(refused.stderr.contains(words), "{refused}");
            assert_eq!(host.called().iter().collect::<Vec<_>>(), called);
        }
    }
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn role_for_ansible_checks_installs_changes_nothing_twice_and_goes_back() {
    let scene = with_bundles(&["ansible"]);
    scene.issue("db1.example.com", &[]).run().ok();
    scene
        .gsec(&["cert", "bundle", "02", "--for", "ansible", "--out", "later"])
        .run()
        .ok();
    for (bundle, roles) in [("ansible", "first"), ("later", "second")] {
        fs::create_dir_all(scene.dir.path(&format!("{roles}/roles"))).expect("directories");
        tool("cp")
            .args(&[
                "-r",
                &format!("{bundle}/gsec_db1_example_com"),
                &format!("{roles}/roles/"),
            ])
            .in_dir(scene.dir.path(""))
            .run()
            .ok();
    }
    let dest = scene.dir.path("tls/web");
    let play = |roles: &str, check: &str, args: &[&str]| {
        scene.write(
            &format!("{roles}/play.yml"),
            format!("- hosts: all\n  gather_facts: false\n  roles:\n    - role: gsec_db1_example_com\n      vars: {{ gsec_dest: '{dest}', gsec_check: {check} }}\n"),
        );
        let python = std::env::var("GSEC_PEER_PYTHON")
            .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/target/peers/venv/bin/python").into());
        common::peer_python(&[
            "-m",
            "ansible",
            "playbook",
            "-i",
            "localhost,",
            "-c",
            "local",
            "-e",
        ])
        .args(&[&format!("ansible_python_interpreter={python}"), "play.yml"])
        .args(args)
        .in_dir(scene.dir.path(roles))
        .env("ANSIBLE_LOCALHOST_WARNING", "False")
        .env("ANSIBLE_PIPELINING", "True")
        .env("ANSIBLE_HOME", &scene.dir.path("ansible-home"))
        .env("LC_ALL", "C.UTF-8")
        .run()
    };
    fs::create_dir(scene.dir.path("tls")).expect("a directory");
    play("first", "['true']", &["--syntax-check"]).ok();
    let planned = play("first", "['true']", &["--check", "--diff"]).ok();
    assert!(!planned.stdout.contains("PRIVATE KEY"), "{planned}");
    assert!(!scene.exists("tls/web"), "{planned}");
    let key = |serial: &str| scene.read(&format!("gsec-ca/repository/{serial}_db1_priv_key.pem"));
    play("first", "['true']", &[]).ok();
    assert_eq!(scene.read("tls/web/current/privkey.pem"), key("01"));
    let mode = fs::metadata(scene.dir.path("tls/web/current/privkey.pem"))
        .expect("a key")
        .mode()
        & 0o7777;
    assert_eq!(mode, 0o600);
    play("first", "['true']", &[]).ok().says("changed=0");
    play("second", "['false']", &[]).fails().says("led before");
    assert_eq!(scene.read("tls/web/current/privkey.pem"), key("01"));
    play("second", "['true']", &[]).ok();
    assert_eq!(scene.read("tls/web/current/privkey.pem"), key("02"));
}

#[test]
fn passwords_of_stores_are_as_programs_expect_or_as_given_and_never_shown() {
    let scene = with_bundles(&["tomcat", "windows"]);
    let opens = |file: &str, password: &str| {
        common::openssl(&[
            "pkcs12",
            "-in",
            file,
            "-noout",
            "-passin",
            &format!("pass:{password}"),
        ])
        .in_dir(scene.dir.path(""))
        .run()
        .status
            == Some(0)
    };
    assert!(opens("tomcat/keystore.p12", "changeit") && opens("windows/host.pfx", ""));
    scene.write("secret.txt", "geheim 7\n");
    for (target, file) in [("tomcat", "keystore.p12"), ("windows", "host.pfx")] {
        let out = format!("{target}-2");
        let said = scene
            .gsec(&[
                "cert",
                "bundle",
                "01",
                "--for",
                target,
                "--out",
                &out,
                "--pfx-password-file",
                "secret.txt",
            ])
            .run()
            .ok();
        assert!(opens(&format!("{out}/{file}"), "geheim 7") && !opens(&format!("{out}/{file}"), "changeit"));
        assert!(!said.stdout.contains("geheim"), "{said}");
        for name in ["README.txt", "snippet.conf", "manifest.json"] {
            assert!(!scene.read(&format!("{out}/{name}")).contains("geheim"), "{name}");
        }
    }
    let compat = scene
        .gsec(&[
            "cert",
            "bundle",
            "01",
            "--for",
            "windows",
            "--out",
            "old",
            "--pfx-encryption",
            "compat",
        ])
        .run();
    compat.ok();
    let shown = scene.openssl(&[
        "pkcs12",
        "-in",
        "old/host.pfx",
        "-info",
        "-noout",
        "-passin",
        "pass:",
        "-legacy",
    ]);
    assert!(shown.stderr.contains("3-KeyTripleDES"), "{shown}");
}

#[test]
fn java_programs_trust_each_other_with_the_options_of_the_snippet() {
    let scene = with_crl();
    scene
        .gsec(&[
            "cert", "bundle", "01", "--for", "java", "--group", "root", "--out", "java",
        ])
        .args(&["--dest", &scene.dir.path("tls/web")])
        .run()
        .ok();
    let host = common::Host::new(&scene, common::SHELLS[0]);
    host.install("java", &[]).ok();
    let listed = |file: &str| {
        common::java_tool("keytool")
            .args(&[
                "-list",
                "-keystore",
                &scene.dir.path(&format!("tls/web/current/{file}")),
                "-storepass",
                "changeit",
            ])
            .run()
            .ok()
            .stdout
    };
    let (trusted, keys) = (listed("truststore.p12"), listed("keystore.p12"));
    assert!(
        trusted.contains("contains 1 entry") && trusted.contains("trustedCertEntry"),
        "{trusted}"
    );
    assert!(
        keys.contains("contains 1 entry")
            && keys.contains("db1.example.com")
            && keys.contains("PrivateKeyEntry"),
        "{keys}"
    );
    let snippet = scene.read("java/snippet.conf");
    let options: Vec<&str> = snippet.lines().filter(|line| line.starts_with("-D")).collect();
    assert_eq!(options.len(), 6, "{snippet}");
    common::java_class("StoresTalk", &options)
        .args(&["db1.example.com"])
        .run()
        .ok()
        .says("talked CN=db1.example.com");
    common::java_class("StoresTalk", &options)
        .args(&["other.example.com"])
        .run()
        .fails();
    // Without its attribute Java takes the same certificate for none.
    scene.openssl(&[
        "pkcs12",
        "-export",
        "-nokeys",
        "-in",
        "gsec-ca/ca_conf/ca_cert.pem",
        "-out",
        "plain.p12",
        "-passout",
        "pass:changeit",
    ]);
    let plain = common::java_tool("keytool")
        .args(&[
            "-list",
            "-keystore",
            &scene.dir.path("plain.p12"),
            "-storepass",
            "changeit",
        ])
        .run()
        .ok();
    assert!(plain.stdout.contains("contains 0 entries"), "{plain}");
    // A store that is none is refused before anything uses it.
    scene.write("java/keystore.p12", "no store");
    tool("sh")
        .args(&[
            "-c",
            "set -e; for f in *; do [ \"$f\" = SHA256SUMS ] || sha256sum \"$f\"; done > .s; mv .s SHA256SUMS",
        ])
        .in_dir(scene.dir.path("java"))
        .run()
        .ok();
    host.install("java", &[]).code(4);
    assert!(listed("keystore.p12").contains("PrivateKeyEntry"));
}

#[test]
fn variables_bring_programs_with_certificates_of_their_own_to_the_server() {
    let scene = Scene::with_ca();
    scene.issue("localhost", &["--san", "ip:127.0.0.1"]).run().ok();
    scene
        .gsec(&["cert", "bundle", "01", "--for", "env", "--out", "env"])
        .run()
        .ok();
    let host = common::Host::new(&scene, common::SHELLS[0]);
    host.installs("env", &[]).ok();
    let file = |name: &str| {
        scene
            .dir
            .path(&format!("gsec-ca/repository/01_localhost_{name}.pem"))
    };
    let server = common::TlsPort::openssl(&file("cert"), &file("priv_key"), &["-www"]);
    let url = format!("https://{}/", server.target());
    let script = scene.dir.path("tls/web/current/env.sh");
    let call = |before: &str, command: &str| {
        tool("env")
            .args(&[
                "-u",
                "SSL_CERT_FILE",
                "-u",
                "CURL_CA_BUNDLE",
                "-u",
                "REQUESTS_CA_BUNDLE",
                "-u",
                "NODE_EXTRA_CA_CERTS",
                "-u",
                "GIT_SSL_CAINFO",
            ])
            .args(&[
                "-u",
                "SSL_CERT_DIR",
                "timeout",
                "60",
                "sh",
                "-c",
                &format!("{before}{command}"),
            ])
            .run()
    };
    let programs = [
        format!("curl -sS {url}"),
        format!(
            "{} -c \"import urllib.request; print(urllib.request.urlopen('{url}').read())\"",
            common::program("python3").display()
        ),
        format!(
            "node -e \"require('https').get('{url}', r => r.resume()).on('error', e => {{ console.log(e.message); process.exit(1) }})\""
        ),
    ];
    for program in programs {
        call("", &program).fails();
        call(&format!(". '{script}'; "), &program).succeeded(&program);
    }
    let git = format!("git ls-remote {url}");
    call("", &git).fails().says("certificate");
    let reached = call(&format!(". '{script}'; "), &git).fails();
    assert!(!reached.stderr.contains("certificate"), "{reached}");
    // An update of the system's certificates makes it out of date, and the same call puts that right.
    let bundle = scene.read("tls/web/current/bundle.pem");
    assert!(
        bundle.ends_with(&scene.read("gsec-ca/ca_conf/ca_cert.pem")) && bundle.matches("BEGIN").count() > 1
    );
    host.installs("env", &[]).ok().says("unchanged");
}

#[test]
fn docker_finds_the_names_of_the_registry_in_its_own_directory() {
    let scene = with_crl();
    let bundle = [
        "cert",
        "bundle",
        "01",
        "--for",
        "docker",
        "--out",
        "b",
        "--name",
        "registry.example.com:5000",
    ];
    scene.gsec(&bundle).run().ok();
    fs::create_dir_all(scene.dir.path("image/etc")).expect("directories");
    let registry = "image/etc/docker/certs.d/registry.example.com:5000";
    for shell in common::SHELLS {
        let host = common::Host::new(&scene, shell);
        let image = scene.dir.path("image");
        host.install("b", &["--root", &image]).ok();
        for (name, mode) in [("ca.crt", 0o644), ("client.cert", 0o644), ("client.key", 0o600)] {
            let path = scene.dir.path(&format!("{registry}/{name}"));
            assert_eq!(
                fs::read_link(&path).expect("a link").to_str(),
                Some(format!("current/{name}").as_str())
            );
            assert_eq!(fs::metadata(&path).expect("a file").mode() & 0o7777, mode);
            assert_eq!(
                fs::read(&path).expect("a file"),
                scene.read_bytes(&format!("b/certs.d/registry.example.com:5000/{name}"))
            );
        }
        host.install("b", &["--root", &image]).ok().says("unchanged");
        host.install("b", &["--root", &image, "--uninstall"]).ok();
        assert!(!scene.exists(registry));
    }
    for name in [
        "registry:",
        "registry:port",
        "registry:123456",
        "a:b:5000",
        ":5000",
    ] {
        let refused = scene
            .gsec(&[
                "cert", "bundle", "01", "--for", "docker", "--json", "--name", name,
            ])
            .run()
            .code(2)
            .error();
        assert_eq!(refused["code"], "bundle-name-unsafe", "{name}");
    }
}

#[test]
fn longest_name_fits_into_an_archive_that_every_tar_reads() {
    let scene = with_crl();
    let name = "n".repeat(100);
    for target in ["ansible", "nginx"] {
        let (archive, directory) = (format!("{target}.tar"), format!("{target}.d"));
        let bundle = ["cert", "bundle", "01", "--for", target, "--name", &name, "--out"];
        scene.gsec(&bundle).args(&[target]).run().ok();
        scene.gsec(&bundle).args(&[&archive]).run().ok();
        for tar in [&["tar"][..], &["busybox", "tar"]] {
            fs::create_dir(scene.dir.path(&directory)).expect("a directory");
            tool(tar[0])
                .args(&tar[1..])
                .args(&["-xf", &format!("../{archive}")])
                .in_dir(scene.dir.path(&directory))
                .run()
                .ok();
            tool("diff")
                .args(&["-r", target, &directory])
                .in_dir(scene.dir.path(""))
                .run()
                .ok();
            fs::remove_dir_all(scene.dir.path(&directory)).expect("a directory");
        }
    }
    let refused = scene
        .gsec(&[
            "cert",
            "bundle",
            "01",
            "--for",
            "nginx",
            "--json",
            "--name",
            &format!("{name}n"),
        ])
        .run()
        .code(2)
        .error();
    assert_eq!(refused["code"], "bundle-name-unsafe");
}

#[test]
fn systemd_takes_the_credentials_of_the_snippet() {
    let scene = with_crl();
    let dest = scene.dir.path("tls/web");
    scene
        .gsec(&[
            "cert",
            "bundle",
            "01",
            "--for",
            "systemd",
            "--service",
            "web",
            "--dest",
            &dest,
            "--out",
            "b",
        ])
        .run()
        .ok();
    let host = common::Host::new(&scene, common::SHELLS[0]);
    host.install("b", &["--no-reload"]).ok();
    fs::create_dir_all(scene.dir.path("units/web.service.d")).expect("directories");
    scene.write(
        "units/web.service",
        "[Unit]\nDescription=web\n[Service]\nExecStart=/bin/cat %d/privkey.pem\nDynamicUser=yes\n",
    );
    scene.write("units/web.service.d/tls.conf", scene.read("b/snippet.conf"));
    let verify = || {
        tool("systemd-analyze")
            .args(&["verify", "--man=no", &scene.dir.path("units/web.service")])
            .env("SYSTEMD_UNIT_PATH", &format!("{}:", scene.dir.path("units")))
            .run()
    };
    let outcome = verify().ok();
    assert!(!outcome.stderr.contains("tls.conf"), "{outcome}");
    scene.write("units/web.service.d/tls.conf", "[Service]\nLoadCredential=:\n");
    assert!(
        verify().stderr.contains("tls.conf"),
        "what is wrong in it is told"
    );
}
