//! What a command writes, and a person names: into no folder in which a CA keeps its own files, by whatever path, and no two outputs into one file.
//! What is refused is refused before anything is issued or made; what is fine is not refused.

use std::fs;
use std::os::unix::fs::symlink;

use crate::common::machine::{in_private_mounts, temp_dir};
use crate::common::{Scene, tool};

const TYPE: [&str; 3] = ["--key-type", "p256", "--no-pfx"];
const OWN: &str = "is a directory of a CA, and only the CA's own files belong there";

/// A CA at hand with a host, another one in `other`, and what commands read.
fn scene() -> Scene {
    let scene = Scene::with_host();
    scene
        .gsec(&[
            "ca",
            "init",
            "--ca-dir",
            "other",
            "--cn",
            "Other",
            "--key-type",
            "p256",
            "--yes",
        ])
        .run()
        .ok();
    let issue = ["cert", "issue", "--host", "a.example.com", "--ca-dir", "other"];
    scene.gsec(&[&issue[..], &TYPE].concat()).run().ok();
    fs::copy(
        scene.dir.path("other/repository/01_a_priv_key.pem"),
        scene.dir.path("own.key"),
    )
    .expect("a key");
    fs::copy(
        scene.dir.path("other/repository/01.pem"),
        scene.dir.path("own.pem"),
    )
    .expect("a certificate");
    scene.write("log", "12:00:00 a line\n");
    scene.write("passphrase", "correct horse battery staple");
    scene.chmod("passphrase", 0o600);
    scene.write("hosts.csv", "host\nb.example.com\n");
    scene.write("empty.csv", "name\n");
    let fleet = |out: &str| {
        format!(
            "version = 1\nca_dir = \"gsec-ca\"\nout_dir = \"{out}\"\n[defaults]\nkey_type = \"p256\"\n[[host]]\nname = \"f\"\nfqdn = \"f.example.com\"\nbundles = [ {{ for = \"nginx\" }} ]\n"
        )
    };
    scene.write("fleet.toml", fleet("out"));
    let backup = [
        "serve",
        "backup",
        "--out",
        "kept.age",
        "--passphrase-file",
        "passphrase",
        "--ca-dir",
        "other",
    ];
    scene.gsec(&backup).run().ok();
    scene
}

/// Commands, with `@` for what a person names: a file.
const FILES: [&str; 14] = [
    "convert to-der own.pem --out @",
    "convert key own.key --out @",
    "cert issue --host n.example.com --key-type p256 --no-pfx --cert-out @",
    "cert issue --host n.example.com --key-type p256 --no-pfx --key-out @",
    "cert ensure --host n.example.com --key-type p256 --no-pfx --chain-out @",
    "cert renew db1.example.com --no-pfx --cert-out @",
    "cert issue --from hosts.csv --key-type p256 --report @.csv",
    "cert bundle db1.example.com --for nginx --out @",
    "cert bundle db1.example.com --for nginx --out @.tar",
    "ca request --out @",
    "ca request --cn New --key-type p256 --ca-dir new --out @",
    "log filter log --default hide --out @",
    "serve backup --out @ --passphrase-file passphrase",
    "fleet plan --inventory fleet.toml --out @",
];

/// The same, a directory.
const FOLDERS: [&str; 11] = [
    "convert to-pem own.pem --out-dir @",
    "cert issue --host n.example.com --key-type p256 --no-pfx --out-dir @",
    "cert renew db1.example.com --no-pfx --out-dir @",
    "cert request --host n.example.com --key-type p256 --out-dir @",
    "quickstart n.example.com --ca-dir new --out-dir @",
    "man --out @",
    "compat link @",
    "serve restore kept.age --passphrase-file passphrase --dir @",
    "ca init --cn New --key-type p256 --ca-dir @",
    "ca init --cn New --key-type p256 --parent gsec-ca --ca-dir @",
    "ca request --cn New --key-type p256 --ca-dir @",
];

#[test]
fn no_command_writes_into_the_folders_of_a_ca_by_whatever_path() {
    in_private_mounts(
        concat!(
            module_path!(),
            "::no_command_writes_into_the_folders_of_a_ca_by_whatever_path"
        ),
        || {
            let scene = scene();
            symlink("other/repository", scene.dir.path("link")).expect("a link");
            fs::create_dir(scene.dir.path("bound")).expect("a folder");
            tool("mount")
                .args(&["--bind", "other/repository", "bound"])
                .in_dir(scene.dir.path(""))
                .run()
                .ok();
            let folders = [
                "other/repository",
                "other/ca_conf",
                "link",
                "bound",
                "gsec-ca/repository",
            ];
            for folder in folders {
                for command in FILES {
                    refused(&scene, command, &format!("{folder}/new"));
                }
                for command in FOLDERS {
                    refused(&scene, command, &format!("{folder}/new"));
                }
                let apply = scene
                    .read("fleet.toml")
                    .replace("\"out\"", &format!("\"{folder}/out\""));
                scene.write("there.toml", apply);
                refused(&scene, "fleet apply --inventory @", "there.toml");
            }
        },
    );
}

#[track_caller]
fn refused(scene: &Scene, command: &str, named: &str) {
    let line = command.replace('@', named);
    let words: Vec<&str> = line.split(' ').chain(["--yes", "--no-input"]).collect();
    let before = scene.tree();
    let said = scene.gsec(&words).run();
    assert!(
        said.status == Some(3) && format!("{}{}", said.stdout, said.stderr).contains(OWN),
        "{line}: {said}"
    );
    scene.tree().is_unchanged_since(&before);
}

/// A name alone, a copy of a CA's file, and a directory of the same name without a CA make no folder of a CA.
#[test]
fn what_only_looks_like_a_folder_of_a_ca_takes_files() {
    let scene = scene();
    for folder in ["plain", "else/repository", "other/out", "ca_conf"] {
        fs::create_dir_all(scene.dir.path(folder)).expect("a folder");
        for copy in ["01.pem", "01_a_cert.pem"] {
            let from = scene.dir.path(&format!("other/repository/{copy}"));
            fs::copy(from, scene.dir.path(&format!("{folder}/{copy}"))).expect("a copy");
        }
        let log = format!("{folder}/filtered");
        scene
            .gsec(&["log", "filter", "log", "--default", "hide", "--out", &log])
            .run()
            .ok();
        let kept = format!("{folder}/kept.age");
        let backup = [
            "serve",
            "backup",
            "--passphrase-file",
            "passphrase",
            "--out",
            &kept,
        ];
        scene.gsec(&backup).run().ok();
        let restored = format!("{folder}/restored");
        let restore = [
            "serve",
            "restore",
            &kept,
            "--passphrase-file",
            "passphrase",
            "--dir",
            &restored,
        ];
        scene.gsec(&restore).run().ok();
        let init = format!("{folder}/ca");
        scene
            .gsec(&[
                "ca",
                "init",
                "--ca-dir",
                &init,
                "--cn",
                "New",
                "--key-type",
                "p256",
                "--yes",
            ])
            .run()
            .ok();
        let ensure = ["cert", "ensure", "--host", "n.example.com", "--out-dir", folder];
        let key = format!("{folder}/own.key");
        scene
            .gsec(&[&ensure[..], &TYPE, &["--key-out", &key]].concat())
            .run()
            .ok();
    }
}

/// The CA does not exist yet, and its folders do.
#[test]
fn folders_of_the_ca_that_the_same_call_makes_are_its_own_before_they_are() {
    let scene = Scene::empty();
    fs::create_dir_all(scene.dir.path("new/repository")).expect("a folder");
    let request = "ca request --cn New --key-type p256 --ca-dir new --out @";
    refused(&scene, request, "new/repository/new.csr");
    refused(
        &scene,
        "quickstart n.example.com --ca-dir new --out-dir @",
        "new/repository",
    );
}

#[test]
fn two_outputs_of_one_call_are_never_one_file() {
    in_private_mounts(
        concat!(module_path!(), "::two_outputs_of_one_call_are_never_one_file"),
        || {
            let scene = Scene::with_host();
            for folder in ["out", "bound", "clean"] {
                fs::create_dir(scene.dir.path(folder)).expect("a folder");
            }
            tool("mount")
                .args(&["--bind", "out", "bound"])
                .in_dir(scene.dir.path(""))
                .run()
                .ok();
            let before = scene.tree();
            let issue = [
                "cert",
                "issue",
                "n.example.com",
                "--key-type",
                "p256",
                "--no-input",
            ];
            let refuses = |flags: &[&str], status: i32, said: &str| {
                let outcome = scene.gsec(&[&issue[..], flags].concat()).run().code(status);
                assert!(outcome.stderr.contains(said), "{flags:?}: {outcome}");
                scene.tree().is_unchanged_since(&before);
            };
            refuses(
                &["--cert-out", "out/one", "--key-out", "bound/one"],
                2,
                "`--cert-out` and `--key-out` name the same file",
            );
            let same = "is also the name of what is written to";
            for (option, file) in [
                ("--key-out", "out/n_cert.pem"),
                ("--key-out", "bound/n_priv_key.pem"),
                ("--cert-out", "out/n_cert.pem"),
                ("--chain-out", "out/n_chain.pem"),
                ("--pfx-out", "out/./n_cert.pfx"),
                ("--cert-out", "bound/current"),
                ("--cert-out", "out/n_current"),
                ("--cert-out", "out/releases"),
            ] {
                refuses(&["--out-dir", "out", option, file], 3, same);
            }
            refuses(
                &[
                    "--out-dir",
                    "out",
                    "--out-names",
                    "serial",
                    "--key-out",
                    "out/02_n_priv_key.pem",
                ],
                3,
                same,
            );
            let fine = [
                "--out-dir",
                "out",
                "--cert-out",
                "out/N_cert.pem",
                "--key-out",
                "clean/n_priv_key.pem",
                "--chain-out",
                "out/chain.pem",
            ];
            scene.gsec(&[&issue[..], &fine].concat()).run().ok();
        },
    );
}

/// The directory of bundles is another user's to write, or something else is in the place of a bundle: no certificate for what cannot be
/// delivered, and no directory left.
#[test]
fn fleet_apply_issues_nothing_for_a_host_whose_bundles_cannot_be_written() {
    let host = |name: &str| {
        format!(
            "[[host]]\nname = \"{name}\"\nfqdn = \"{name}.example.com\"\nbundles = [ {{ for = \"nginx\" }} ]\n"
        )
    };
    let scene = Scene::with_ca();
    scene.write(
        "fleet.toml",
        format!(
            "version = 1\nca_dir = \"gsec-ca\"\n[defaults]\nkey_type = \"p256\"\n{}{}{}{}",
            host("a"),
            host("b"),
            host("c"),
            host("d")
        ),
    );
    for folder in ["out/a/nginx", "out/b", "out/c"] {
        fs::create_dir_all(scene.dir.path(folder)).expect("a folder");
    }
    scene.write("out/a/nginx/mine.conf", "mine");
    scene.chmod("out/b", 0o777);
    fs::remove_dir(scene.dir.path("out/c")).expect("the folder");
    symlink(temp_dir().path(), scene.dir.path("out/c")).expect("a link");
    let applied = scene.gsec(&["fleet", "apply", "--yes", "--json"]).run().code(3);
    let failed = applied.json();
    let mut hosts: Vec<&str> = failed["failures"]
        .as_array()
        .expect("failures")
        .iter()
        .filter_map(|one| one["host"].as_str())
        .collect();
    hosts.sort_unstable();
    assert_eq!(hosts, ["a", "b", "c"], "{applied}");
    let issued = failed["certificates"].as_array().expect("certificates");
    assert_eq!(
        issued.len(),
        1,
        "only of the host that gets its bundle: {applied}"
    );
    assert_eq!(issued[0]["host"], "d");
    assert!(!scene.exists("gsec-ca/repository/02.pem"));
}
