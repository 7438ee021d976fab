//! `gsec convert`, and what `gsec cert` says of keys and PKCS #12 files: where results go and how they lie there, what is replaced and what is
//! not, in which order things stand, and whence passwords come.

use crate::common;
use crate::common::at;
use crate::common::machine::{Disk, in_private_mounts, temp_dir};

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::process::Stdio;

use common::{Call, Outcome, Scene, Tree, tool};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair};
use serde_json::{Value, json};

const HOST: &str = "db1.example.com";

// What is converted

/// A host's certificate and key, and the CAs above it, in PEM.
struct Made {
    host: String,
    key: String,
    issuer: String,
    root: String,
}

fn named(cn: Option<&str>, names: &[&str]) -> CertificateParams {
    let mut params = CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
        .expect("names");
    params.distinguished_name = DistinguishedName::new();
    params.use_authority_key_identifier_extension = true;
    cn.into_iter()
        .for_each(|cn| params.distinguished_name.push(DnType::CommonName, cn));
    params
}

fn authority(cn: &str) -> CertificateParams {
    let mut params = named(Some(cn), &[]);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

fn pair() -> KeyPair {
    KeyPair::generate().expect("a key")
}

impl Made {
    fn new(cn: Option<&str>, names: &[&str]) -> Self {
        let root = CertifiedIssuer::self_signed(authority("Root"), pair()).expect("a root");
        let issuer = CertifiedIssuer::signed_by(authority("Issuer"), pair(), &root).expect("an issuer");
        let key = pair();
        let host = named(cn, names).signed_by(&key, &issuer).expect("a certificate");
        let pem = |text: String| text.replace("\r\n", "\n");
        Made {
            host: pem(host.pem()),
            key: pem(key.serialize_pem()),
            issuer: pem(issuer.pem()),
            root: pem(root.pem()),
        }
    }

    /// For a host with this name.
    fn of(name: &str) -> Self {
        Made::new(None, &[name])
    }

    /// Certificates in the order in which servers want them, then the key.
    fn in_order(&self) -> String {
        [&self.host, &self.issuer, &self.root, &self.key]
            .map(String::as_str)
            .concat()
    }
}

/// A place with a host's files: `host.pem`, `host.key`, `issuer.pem`, `root.pem`, and all of it in `host.pfx` under the empty password.
fn scene_of(made: &Made) -> Scene {
    let scene = Scene::empty();
    for (name, content) in [
        ("host.pem", &made.host),
        ("host.key", &made.key),
        ("issuer.pem", &made.issuer),
        ("root.pem", &made.root),
    ] {
        scene.write(name, content);
    }
    export(&scene, "host.pfx", "", &[]);
    scene
}

/// Makes a PKCS #12 file of what [`scene_of`] has, the root before the issuer, with further flags of OpenSSL.
fn export(scene: &Scene, to: &str, password: &str, flags: &[&str]) {
    scene.write("issuers.pem", scene.read("root.pem") + &scene.read("issuer.pem"));
    let password = format!("pass:{password}");
    let export = [
        "pkcs12",
        "-export",
        "-in",
        "host.pem",
        "-inkey",
        "host.key",
        "-certfile",
        "issuers.pem",
        "-out",
        to,
        "-passout",
        &password,
    ];
    scene.openssl(&[&export[..], flags].concat());
}

/// One of each: what is converted, the flags that say into what, whether that is a secret, and the file's name.
const CONVERSIONS: [(&[&str], bool); 8] = [
    (&["convert", "to-pem", "host.pfx"], true),
    (&["convert", "to-pem", "host.pem"], false),
    (&["convert", "to-der", "host.pem"], false),
    (&["convert", "to-der", "host.key"], true),
    (&["convert", "to-der", "locked.key"], true),
    (&["convert", "key", "host.pfx"], true),
    (
        &["convert", "to-pfx", "--cert", "host.pem", "--key", "host.key"],
        true,
    ),
    (
        &["convert", "to-pfx", "--cert", "root.pem", "--trust-store"],
        true,
    ),
];

fn scene_of_conversions() -> Scene {
    let scene = scene_of(&Made::of(HOST));
    scene.openssl(&[
        "pkcs8",
        "-topk8",
        "-in",
        "host.key",
        "-out",
        "locked.key",
        "-passout",
        "pass:secret",
    ]);
    scene
}

fn mode(scene: &Scene, name: &str) -> u32 {
    fs::symlink_metadata(scene.dir.path(name))
        .expect("metadata")
        .permissions()
        .mode()
        & 0o7777
}

/// The labels of the PEM blocks in a text.
fn labels(text: &str) -> Vec<&str> {
    text.lines()
        .filter_map(|line| line.strip_prefix("-----BEGIN "))
        .filter_map(|line| line.strip_suffix("-----"))
        .collect()
}

/// The PEM blocks in a text, sorted, without what stands between them.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks: Vec<String> = text
        .split("-----BEGIN ")
        .skip(1)
        .map(|rest| rest.split_once("-----END ").expect("an end").0.to_owned())
        .collect();
    blocks.sort();
    blocks
}

// Standard output and input

#[test]
fn everything_goes_to_stdout_unless_a_file_is_named() {
    let scene = scene_of(&Made::of(HOST));
    let expected = scene.gsec(&["convert", "to-pem", "host.pfx"]).run().ok();
    assert_eq!(
        labels(&expected.stdout),
        ["CERTIFICATE", "CERTIFICATE", "CERTIFICATE", "PRIVATE KEY"]
    );
    assert_eq!(expected.stderr, "");
    let pfx = scene.read_bytes("host.pfx");
    for args in [
        &["host.pfx", "--out", "-"][..],
        &["-"],
        &["-", "--out", "-"],
        &["-", "-o-"],
    ] {
        let said = scene
            .gsec(&["convert", "to-pem"])
            .args(args)
            .stdin(&pfx)
            .run()
            .ok();
        assert!(
            said.stdout == expected.stdout && said.stderr.is_empty(),
            "{args:?}: {said}"
        );
    }
    assert!(!scene.exists("-"));
    let made = scene
        .gsec(&["convert", "to-pfx", "--cert", "-", "--out", "-"])
        .stdin(&expected.stdout)
        .run()
        .ok();
    let back = scene
        .gsec(&["convert", "to-pem", "-"])
        .stdin(&made.stdout_bytes)
        .run()
        .ok();
    assert_eq!(back.stdout, expected.stdout, "through two pipes and back");
    let der = scene
        .gsec(&["convert", "to-der", "-"])
        .stdin(scene.read("host.pem"))
        .run()
        .ok();
    assert_eq!(
        der.stdout_bytes,
        scene
            .openssl(&["x509", "-in", "host.pem", "-outform", "DER"])
            .stdout_bytes
    );
}

/// The same set as OpenSSL's, with whatever it writes in between left out.
#[test]
fn pem_is_what_openssl_takes_out() {
    let scene = scene_of(&Made::of(HOST));
    for flags in [
        &[][..],
        &["-name", "my host", "-caname", "its issuer"],
        &["-legacy"],
    ] {
        export(&scene, "theirs.pfx", "", flags);
        let legacy: &[&str] = if flags.contains(&"-legacy") {
            &["-legacy"]
        } else {
            &[]
        };
        let theirs = scene.openssl(
            &[
                &["pkcs12", "-nodes", "-in", "theirs.pfx", "-passin", "pass:"],
                legacy,
            ]
            .concat(),
        );
        let ours = scene.gsec(&["convert", "to-pem", "theirs.pfx"]).run().ok();
        assert_eq!(blocks(&ours.stdout), blocks(&theirs.stdout), "{flags:?}");
    }
}

#[test]
fn stdout_has_no_room_for_a_document_too() {
    let scene = scene_of_conversions();
    for (convert, _) in CONVERSIONS {
        let to_stdout = if convert[1] == "to-pfx" {
            [convert, &["--out", "-"]].concat()
        } else {
            convert.to_vec()
        };
        let refused = scene.gsec(&to_stdout).args(&["--json"]).run().code(2);
        assert_eq!(
            refused.error()["message"],
            "both the result and the document of `--json` would go to standard output",
            "{convert:?}"
        );
    }
}

#[test]
fn standard_input_gives_one_thing() {
    let scene = scene_of_conversions();
    for args in [
        &["convert", "to-pem", "-", "--password-stdin"][..],
        &["convert", "to-pem", "-", "--password-file", "-"],
        &["convert", "key", "-", "--new-password-stdin"],
        &[
            "convert",
            "key",
            "host.key",
            "--password-stdin",
            "--new-password-stdin",
        ],
        &["convert", "to-pfx", "--cert", "-", "--key", "-", "--out", "x.pfx"],
        &[
            "convert",
            "to-pfx",
            "--cert",
            "host.pem",
            "--chain",
            "-",
            "--pfx-password-stdin",
            "--out",
            "x.pfx",
        ],
        &["cert", "match", "-", "-"],
        &["cert", "match", "-", "host.pem", "--password-stdin"],
        &["cert", "show", "-", "--password-stdin"],
        &["cert", "thumbprint", "-", "--password-stdin"],
        &["cert", "verify", "-", "--password-stdin", "--trust", "root.pem"],
    ] {
        let before = scene.tree();
        let refused = scene.gsec(args).stdin("x").run().code(2);
        assert!(
            refused.stdout.is_empty()
                && refused
                    .stderr
                    .starts_with("error: standard input can provide only one value\n"),
            "{refused}"
        );
        scene.tree().is_unchanged_since(&before);
    }
}

// Files that are named

fn gsec_under_umask(scene: &Scene, umask: &str, args: &[&str]) -> Outcome {
    tool("sh")
        .args(&["-c", "umask $0 && exec \"$@\"", umask, env!("CARGO_BIN_EXE_gsec")])
        .args(args)
        .in_dir(scene.dir.path(""))
        .run()
}

#[test]
fn keys_are_for_their_owner_only_and_the_rest_for_all_whatever_the_umask() {
    let scene = scene_of_conversions();
    for umask in ["000", "022", "077", "777"] {
        for (convert, is_secret) in CONVERSIONS {
            gsec_under_umask(&scene, umask, &[convert, &["--out", "out", "--force"]].concat()).ok();
            assert_eq!(
                mode(&scene, "out"),
                if is_secret { 0o600 } else { 0o644 },
                "{convert:?} under umask {umask}"
            );
        }
    }
}

#[test]
fn file_that_was_there_gives_its_mode_to_nobody() {
    let scene = scene_of_conversions();
    for (convert, is_secret) in CONVERSIONS {
        scene.write("out", "open to all");
        scene.chmod("out", 0o666);
        scene
            .gsec(&[convert, &["--out", "out", "--force"]].concat())
            .run()
            .ok();
        assert_eq!(
            mode(&scene, "out"),
            if is_secret { 0o600 } else { 0o644 },
            "{convert:?}"
        );
    }
}

#[test]
fn nothing_is_replaced_unless_forced() {
    let scene = scene_of_conversions();
    for (convert, _) in CONVERSIONS {
        scene.write("out", "precious");
        let convert = [convert, &["--out", "out"]].concat();
        let hint = "hint: choose another path, or pass `--force` to replace it";
        scene.refuses(&convert, 3, &["error: `out` already exists", hint]);
        let before = fs::metadata(scene.dir.path("out")).expect("metadata").ino();
        let opened = fs::File::open(scene.dir.path("out")).expect("a file");
        scene.gsec(&convert).args(&["--force"]).run().ok();
        assert_ne!(
            fs::metadata(scene.dir.path("out")).expect("metadata").ino(),
            before,
            "{convert:?}: it is another file"
        );
        let mut kept = String::new();
        (&opened).read_to_string(&mut kept).expect("the old file");
        assert_eq!(
            kept, "precious",
            "{convert:?}: whoever reads the old one reads it whole"
        );
        scene.chmod("out", 0o600);
    }
}

#[test]
fn readers_find_the_old_file_or_the_new_one() {
    let scene = scene_of(&Made::of(HOST));
    let path = scene.dir.path("out");
    let states =
        ["host.pfx", "host.pem"].map(|from| scene.gsec(&["convert", "to-pem", from]).run().ok().stdout_bytes);
    fs::write(&path, &states[0]).expect("a file");
    let writer_is_alive = std::sync::Arc::new(());
    let token = std::sync::Arc::downgrade(&writer_is_alive);
    let reader = std::thread::spawn(move || {
        let mut seen = [0, 0];
        while token.strong_count() > 0 {
            let found = fs::read(&path).expect("there is always a file");
            let state = states
                .iter()
                .position(|state| *state == found)
                .expect("one of the two, whole");
            seen[state] += 1;
        }
        seen
    });
    for from in ["host.pem", "host.pfx"].repeat(10) {
        scene
            .gsec(&["convert", "to-pem", from, "--out", "out", "--force"])
            .run()
            .ok();
    }
    drop(writer_is_alive);
    let seen = reader.join().expect("the reader");
    assert!(seen.iter().all(|count| *count > 0), "both were seen: {seen:?}");
    assert!(
        !scene.tree().files().iter().any(|name| name.contains(".tmp")),
        "nothing is left over"
    );
}

#[test]
fn link_is_neither_followed_nor_replaced() {
    let scene = scene_of_conversions();
    for (convert, _) in CONVERSIONS {
        scene.write("target", "precious");
        for target in ["target", "nowhere"] {
            symlink(target, scene.dir.path("link")).expect("a link");
            let convert = [convert, &["--out", "link"]].concat();
            scene.gsec(&convert).run().code(3).says("`link` already exists");
            scene
                .gsec(&convert)
                .args(&["--force"])
                .run()
                .code(3)
                .says("`link` is a symbolic link");
            assert!(
                scene.read("target") == "precious" && !scene.exists("nowhere"),
                "{convert:?}"
            );
            fs::remove_file(scene.dir.path("link")).expect("removed");
        }
    }
}

#[test]
fn folders_are_not_written_over_and_not_made() {
    let scene = scene_of(&Made::of(HOST));
    fs::create_dir(scene.dir.path("folder")).expect("a folder");
    let to = |out: &'static str| ["convert", "to-pem", "host.pem", "--force", "--out", out];
    scene.refuses(
        &to("folder"),
        3,
        &["error: cannot write `folder`: is a directory"],
    );
    scene.refuses(
        &to("no/such.pem"),
        3,
        &[
            "error: cannot write into `no`: no such file or directory",
            "hint: create the directory first: `mkdir -p no`",
        ],
    );
    scene.refuses(
        &to("host.key/x.pem"),
        3,
        &[
            "error: cannot … `host.key…`: not a directory",
            "hint: `host.key` is a file: pass a directory in its place",
        ],
    );
    scene.does_not_understand(
        &["convert", "to-pem", "host.pem", "--out", "x", "--out-dir", "y"],
        "the argument '--out <FILE>' cannot be used with '--out-dir <DIR>'",
    );
}

// Pipes and devices

#[test]
fn named_pipe_gets_what_is_public_and_no_secret() {
    let scene = scene_of_conversions();
    tool("mkfifo").args(&[&scene.dir.path("pipe")]).run().ok();
    for (convert, _) in CONVERSIONS {
        scene.gsec(&[convert, &["--out", "pipe"]].concat()).run().code(3);
    }
    let convert = ["convert", "to-pem", "host.pem"];
    let expected = scene.gsec(&convert).run().ok().stdout_bytes;
    let path = scene.dir.path("pipe");
    let reader = std::thread::spawn(move || fs::read(path).expect("what comes through the pipe"));
    scene
        .gsec(&[&convert[..], &["--out", "pipe"]].concat())
        .run()
        .ok();
    assert!(reader.join().expect("the reader") == expected);
    assert!(
        fs::symlink_metadata(scene.dir.path("pipe"))
            .expect("metadata")
            .file_type()
            .is_fifo()
    );
}

#[test]
fn null_device_is_written_into() {
    let scene = scene_of(&Made::of(HOST));
    scene
        .gsec(&["convert", "to-pem", "host.pfx", "--out", "/dev/null"])
        .run()
        .ok();
    assert!(
        fs::metadata("/dev/null")
            .expect("metadata")
            .file_type()
            .is_char_device()
    );
    scene
        .gsec(&["convert", "to-pem", "host.pfx", "--out", "/dev/full"])
        .run()
        .code(3)
        .says("`/dev/full` is not a regular file");
    let full = scene
        .gsec(&["convert", "to-pem", "host.pem", "--out", "/dev/full"])
        .run()
        .code(3);
    assert!(
        full.stdout.is_empty()
            && full
                .stderr
                .starts_with("error: cannot write `/dev/full`: no space left on device"),
        "{full}"
    );
}

/// `--out /dev/stdout` is what people type whose other tools have no `-`. Nothing else may then stand in that output.
#[test]
fn standard_output_by_its_other_names() {
    let scene = scene_of_conversions();
    for (convert, _) in CONVERSIONS
        .into_iter()
        .filter(|(convert, _)| convert[1] != "to-pfx")
    {
        let expected = scene.gsec(convert).run().ok().stdout_bytes;
        for name in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
            let said = scene.gsec(&[convert, &["--out", name]].concat()).run().ok();
            assert!(said.stdout_bytes == expected, "{convert:?} to {name}: {said}");
        }
    }
    scene
        .gsec(&["convert", "to-pem", "host.pem", "--out", "/dev/stdout", "--json"])
        .run()
        .code(2);
}

/// Runs a conversion to DER whose standard output is a new file, and returns how it ended and what is in that file.
fn redirected(scene: &Scene, out: &[&str]) -> (Option<i32>, Vec<u8>) {
    let file = fs::File::create(scene.dir.path("redirected")).expect("a file");
    let command = scene
        .gsec(&["convert", "to-der", "host.pem", "--out"])
        .args(out)
        .into_command()
        .stdin(Stdio::null())
        .stdout(file)
        .status();
    (command.expect("gsec runs").code(), scene.read_bytes("redirected"))
}

#[test]
fn standard_output_may_be_a_file() {
    let scene = scene_of(&Made::of(HOST));
    let expected = scene
        .openssl(&["x509", "-in", "host.pem", "-outform", "DER"])
        .stdout_bytes;
    for name in ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
        assert_eq!(redirected(&scene, &[name]), (Some(0), expected.clone()), "{name}");
    }
}

/// The link here is as `/dev/stdout` is one, and in a place where nobody else needs it. With `--force` it must not be taken for a file.
#[test]
fn standard_output_by_a_link_of_ones_own() {
    let scene = scene_of(&Made::of(HOST));
    let expected = scene
        .openssl(&["x509", "-in", "host.pem", "-outform", "DER"])
        .stdout_bytes;
    symlink("/proc/self/fd/1", scene.dir.path("stdout")).expect("a link");
    for flags in [&["stdout"][..], &["stdout", "--force"]] {
        assert_eq!(
            redirected(&scene, flags),
            (Some(0), expected.clone()),
            "{flags:?}"
        );
        assert!(
            fs::symlink_metadata(scene.dir.path("stdout"))
                .expect("metadata")
                .is_symlink(),
            "the link is still there"
        );
    }
}

/// A key in a pipe whose reader has gone is nowhere.
#[test]
fn result_that_does_not_arrive_is_a_failure() {
    let scene = scene_of_conversions();
    for (convert, _) in CONVERSIONS {
        let to_stdout = if convert[1] == "to-pfx" {
            [convert, &["--out", "-"]].concat()
        } else {
            convert.to_vec()
        };
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = scene
            .gsec(&to_stdout)
            .into_command()
            .stdin(Stdio::null())
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .expect("gsec runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.code() == Some(3) && said.starts_with("error: cannot write to stdout: "),
            "{convert:?}: {said}"
        );
    }
}

// Folders

/// Takes a file apart into `parts`, and returns the names there.
#[track_caller]
fn taken_apart(scene: &Scene, file: &str, flags: &[&str]) -> Vec<String> {
    scene
        .gsec(&["convert", "to-pem", file, "--out-dir", "parts"])
        .args(flags)
        .run()
        .ok();
    Tree::of(scene.dir.path("parts")).files()
}

fn forget_parts(scene: &Scene) {
    fs::remove_dir_all(scene.dir.path("parts")).expect("removed");
}

#[test]
fn parts_have_the_hosts_name_and_their_modes_whatever_the_umask() {
    let made = Made::of(HOST);
    let scene = scene_of(&made);
    for umask in ["000", "022", "077", "777"] {
        let said = gsec_under_umask(
            &scene,
            umask,
            &["convert", "to-pem", "host.pfx", "--out-dir", "parts"],
        )
        .ok();
        let expected = "Created parts/db1_cert.pem (certificate)\nCreated parts/db1_priv_key.pem (private key)\nCreated parts/db1_chain.pem (its issuers)\n";
        assert!(said.stdout.starts_with(expected), "{said}");
        assert_eq!(
            Tree::of(scene.dir.path("parts")).files(),
            ["db1_cert.pem", "db1_chain.pem", "db1_priv_key.pem"]
        );
        let modes = [
            "parts",
            "parts/db1_cert.pem",
            "parts/db1_chain.pem",
            "parts/db1_priv_key.pem",
        ]
        .map(|name| mode(&scene, name));
        assert_eq!(modes, [0o700, 0o644, 0o644, 0o600], "under umask {umask}");
        assert_eq!(scene.read("parts/db1_cert.pem"), made.host);
        assert_eq!(scene.read("parts/db1_priv_key.pem"), made.key);
        assert_eq!(
            scene.read("parts/db1_chain.pem"),
            format!("{}{}", made.issuer, made.root),
            "upwards"
        );
        forget_parts(&scene);
    }
}

#[test]
fn folder_that_is_there_keeps_its_mode_and_what_is_in_it() {
    let scene = scene_of(&Made::of(HOST));
    fs::create_dir(scene.dir.path("parts")).expect("a folder");
    scene.chmod("parts", 0o750);
    scene.write("parts/notes.txt", "mine");
    assert_eq!(
        taken_apart(&scene, "host.pfx", &[]),
        ["db1_cert.pem", "db1_chain.pem", "db1_priv_key.pem", "notes.txt"]
    );
    assert_eq!(
        (mode(&scene, "parts"), scene.read("parts/notes.txt").as_str()),
        (0o750, "mine")
    );
}

#[test]
fn there_are_only_the_parts_that_there_are() {
    let scene = scene_of(&Made::of(HOST));
    let with = |names: &[&str]| {
        scene.write(
            "in.pem",
            names.iter().map(|name| scene.read(name)).collect::<String>(),
        )
    };
    for (content, parts) in [
        (
            &["host.key", "host.pem"][..],
            &["db1_cert.pem", "db1_priv_key.pem"][..],
        ),
        (&["host.pem", "issuer.pem"], &["db1_cert.pem", "db1_chain.pem"]),
        (
            &["root.pem", "host.pem", "issuer.pem"],
            &["db1_cert.pem", "db1_chain.pem"],
        ),
        (&["host.pem"], &["db1_cert.pem"]),
        (&["root.pem"], &["Root_cert.pem"]),
        (&["host.key"], &["key_priv_key.pem"]),
        // Two that did not issue each other: a trust store.
        (&["root.pem", "host.pem"], &["certs.pem"]),
        // The root is no issuer of the host as far as this file goes.
        (
            &["host.key", "host.pem", "root.pem"],
            &["db1_cert.pem", "db1_priv_key.pem", "other_certs.pem"],
        ),
    ] {
        with(content);
        assert_eq!(taken_apart(&scene, "in.pem", &[]), parts, "{content:?}");
        forget_parts(&scene);
    }
}

#[test]
fn requests_crls_and_public_keys_have_files_of_their_own() {
    let scene = scene_of(&Made::of(HOST));
    several_objects(&scene);
    for (file, part) in [("host.csr", "db1_csr.pem"), ("ca.crl", "crl.pem")] {
        assert_eq!(taken_apart(&scene, file, &[]), [part]);
        assert_eq!(scene.read(&format!("parts/{part}")), scene.read(file));
        assert_eq!(mode(&scene, &format!("parts/{part}")), 0o644);
        forget_parts(&scene);
    }
    assert_eq!(
        taken_apart(&scene, "public.pem", &[]).len(),
        1,
        "what goes to standard output goes into a folder too"
    );
    forget_parts(&scene);
    scene.write(
        "all.pem",
        ["host.pem", "host.key", "host.csr", "ca.crl", "public.pem"]
            .map(|name| scene.read(name))
            .concat(),
    );
    let parts = taken_apart(&scene, "all.pem", &[]);
    let written: String = parts
        .iter()
        .map(|name| scene.read(&format!("parts/{name}")))
        .collect();
    assert_eq!(
        blocks(&written),
        blocks(&scene.read("all.pem")),
        "nothing is lost: {parts:?}"
    );
}

/// Adds `host.csr`, `public.pem` and `ca.crl` to a place.
fn several_objects(scene: &Scene) {
    scene.openssl(&[
        "req",
        "-new",
        "-key",
        "host.key",
        "-subj",
        &format!("/CN={HOST}"),
        "-addext",
        "subjectAltName=DNS:db1.example.com",
        "-out",
        "host.csr",
    ]);
    scene.openssl(&["pkey", "-in", "host.key", "-pubout", "-out", "public.pem"]);
    scene.write("index", "");
    scene.write("number", "01\n");
    scene.write("crl.conf", "[ca]\ndefault_ca = x\n[x]\ndatabase = index\ncrlnumber = number\ndefault_md = sha256\ndefault_crl_days = 30\n");
    scene.openssl(&[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        "ca.key",
        "-subj",
        "/CN=CA",
        "-out",
        "ca.pem",
    ]);
    scene.openssl(&[
        "ca", "-gencrl", "-config", "crl.conf", "-keyfile", "ca.key", "-cert", "ca.pem", "-out", "ca.crl",
    ]);
}

#[test]
fn names_of_files_come_from_the_certificate() {
    for (cn, names, expected) in [
        (None, &["db1.example.com", "db2.example.com"][..], "db1"),
        (Some("other.example.com"), &["db1.example.com"], "db1"),
        (None, &["DB1.Example.COM"], "DB1"),
        (None, &["*.example.com"], "wildcard"),
        (None, &["10.0.0.1"], "10.0.0.1"),
        (None, &["fd00::1"], "fd00--1"),
        (Some("db3.example.com"), &[], "db3"),
        (Some("Database three"), &[], "Database_three"),
        (Some("Bücher Ü"), &[], "B_cher__"),
    ] {
        let scene = scene_of(&Made::new(cn, names));
        assert_eq!(
            taken_apart(&scene, "host.pem", &[]),
            [format!("{expected}_cert.pem")],
            "{cn:?} {names:?}"
        );
    }
    let scene = scene_of(&Made::new(None, &[]));
    export(&scene, "host.pfx", "", &["-name", "My Server"]);
    let parts = [
        "My_Server_cert.pem",
        "My_Server_chain.pem",
        "My_Server_priv_key.pem",
    ];
    assert_eq!(
        taken_apart(&scene, "host.pfx", &[]),
        parts,
        "a certificate that names nobody goes by its friendly name"
    );
}

/// A PEM file with an entry for each of these hosts.
fn entries(hosts: &[&str]) -> (Vec<Made>, String) {
    let made: Vec<Made> = hosts.iter().map(|host| Made::of(host)).collect();
    let text = made.iter().map(Made::in_order).collect();
    (made, text)
}

#[test]
fn entries_of_one_host_do_not_meet() {
    for (hosts, names) in [
        (&["db1.example.com", "db1.example.com"][..], &["db1", "db1-2"][..]),
        (
            &["db1.example.com", "DB1.example.org", "db1.example.net"],
            &["db1", "DB1-2", "db1-3"],
        ),
        (&["db1.example.com", "db2.example.com"], &["db1", "db2"]),
    ] {
        let (made, text) = entries(hosts);
        let scene = Scene::empty();
        scene.write("in.pem", text);
        assert_eq!(taken_apart(&scene, "in.pem", &[]).len(), 3 * hosts.len());
        for (made, name) in made.iter().zip(names) {
            assert_eq!(
                scene.read(&format!("parts/{name}_cert.pem")),
                made.host,
                "{hosts:?}"
            );
            assert_eq!(
                scene.read(&format!("parts/{name}_priv_key.pem")),
                made.key,
                "{hosts:?}"
            );
            assert_eq!(
                scene.read(&format!("parts/{name}_chain.pem")),
                format!("{}{}", made.issuer, made.root),
                "{hosts:?}"
            );
        }
    }
}

#[test]
fn name_that_was_made_up_does_not_meet_one_that_is_there() {
    for hosts in [
        ["db1.example.com", "db1.example.com", "db1-2.example.com"],
        ["db1-2.example.com", "DB1.example.com", "db1.example.com"],
    ] {
        let (made, text) = entries(&hosts);
        let scene = Scene::empty();
        scene.write("in.pem", text);
        for flags in [&[][..], &["--force"]] {
            let parts = taken_apart(&scene, "in.pem", flags);
            assert_eq!(parts.len(), 9, "{hosts:?} {flags:?}: {parts:?}");
            let written: String = parts
                .iter()
                .map(|name| scene.read(&format!("parts/{name}")))
                .collect();
            assert!(
                made.iter().all(|made| written.contains(&made.key)),
                "{hosts:?} {flags:?}: a key is lost"
            );
        }
    }
}

/// Names that would be somewhere else, hidden, an option, or nothing at all.
const HOSTILE_NAMES: [&str; 16] = [
    "../x",
    "../../../../../../tmp/gsec-was-here",
    "/tmp/gsec-was-here",
    "..",
    ".",
    "",
    ".hidden",
    "-rf",
    "--out",
    "a/b",
    "a\\b",
    "a\u{1b}[31m\nb\r\tc\u{7f}",
    "\u{202e}gpj.exe",
    "Bücher € 密码",
    "con:aux|*?\"<>",
    "$(touch gsec-was-here) `x` ;",
];

/// Asserts that everything that came of it lies in `parts`, under names that are harmless, and that what was said is harmless too.
#[track_caller]
fn stays_in_its_folder(scene: &Scene, before: &Tree, said: &Outcome, situation: &str) {
    let after = scene.tree();
    after.keeps(before, &[]);
    let added = after.added_since(before);
    assert!(added.len() > 1, "{situation}: {said}");
    for name in added
        .iter()
        .filter_map(|name| name.strip_prefix("parts/"))
        .filter(|name| !name.is_empty())
    {
        let is_harmless = name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "._-".contains(character));
        assert!(
            is_harmless && !name.starts_with(['.', '-']) && name.len() <= 255,
            "{situation}: {name:?}"
        );
    }
    assert!(
        added.iter().all(|name| name.starts_with("parts/")),
        "{situation}: {added:?}"
    );
    assert!(!fs::exists("/tmp/gsec-was-here").expect("looked"), "{situation}");
    common::is_harmless(said);
}

#[test]
fn hostile_common_names_stay_in_the_folder() {
    let long = "x".repeat(3000);
    for name in HOSTILE_NAMES.into_iter().chain([long.as_str()]) {
        let scene = Scene::empty();
        scene.write("in.pem", Made::new(Some(name), &[]).in_order());
        let before = scene.tree();
        for flags in [&[][..], &["--json", "--force"]] {
            let said = scene
                .gsec(&["convert", "to-pem", "in.pem", "--out-dir", "parts"])
                .args(flags)
                .run()
                .ok();
            stays_in_its_folder(&scene, &before, &said, name);
        }
    }
}

#[test]
fn hostile_friendly_names_stay_in_the_folder() {
    let long = "x".repeat(300);
    let scene = scene_of(&Made::new(None, &[]));
    for name in HOSTILE_NAMES.into_iter().chain([long.as_str()]) {
        export(&scene, "in.pfx", "", &["-name", name, "-caname", name]);
        scene.openssl(&[
            "pkcs12",
            "-export",
            "-nocerts",
            "-inkey",
            "host.key",
            "-name",
            name,
            "-out",
            "lonely.pfx",
            "-passout",
            "pass:",
        ]);
        for file in ["in.pfx", "lonely.pfx"] {
            let before = scene.tree();
            let said = scene
                .gsec(&["convert", "to-pem", file, "--out-dir", "parts"])
                .run()
                .ok();
            stays_in_its_folder(&scene, &before, &said, name);
            forget_parts(&scene);
            common::is_harmless(&scene.gsec(&["cert", "show", file, "-v"]).run().ok());
            common::is_harmless(&scene.gsec(&["cert", "show", file, "--json"]).run().ok());
            let said = scene.gsec(&["convert", "to-pem", file]).run().ok();
            assert!(
                said.stdout.lines().all(|line| line.is_ascii()),
                "no attributes between the blocks: {said}"
            );
        }
    }
}

#[test]
fn hostile_dns_names_stay_in_the_folder() {
    for name in [
        "../x",
        "..",
        ".example.com",
        "-rf.example.com",
        "a/b.example.com",
        "\u{1b}[31m.example.com",
    ] {
        let scene = Scene::empty();
        scene.write("in.pem", Made::new(Some("fallback"), &[name]).in_order());
        let before = scene.tree();
        let said = scene
            .gsec(&["convert", "to-pem", "in.pem", "--out-dir", "parts"])
            .run();
        match said.status {
            Some(0) => stays_in_its_folder(&scene, &before, &said, name),
            _ => {
                // A name that is none may make the certificate damaged.
                said.code(3);
                scene.tree().is_unchanged_since(&before);
            }
        }
    }
}

#[test]
fn one_name_that_is_taken_keeps_all_from_being_written() {
    let made = Made::of(HOST);
    let scene = scene_of(&made);
    fs::create_dir(scene.dir.path("parts")).expect("a folder");
    let names = [
        "parts/db1_cert.pem",
        "parts/db1_chain.pem",
        "parts/db1_priv_key.pem",
    ];
    for taken in names {
        scene.write(taken, "precious");
        let hint = "hint: choose another path, or pass `--force` to replace it";
        scene.refuses(
            &["convert", "to-pem", "host.pfx", "--out-dir", "parts"],
            3,
            &[&format!("error: `{taken}` already exists"), hint],
        );
        fs::remove_file(scene.dir.path(taken)).expect("removed");
    }
    names.iter().for_each(|name| scene.write(name, "old"));
    scene
        .gsec(&["convert", "to-pem", "host.pfx", "--out-dir", "parts", "--force"])
        .run()
        .ok();
    assert_eq!(scene.read("parts/db1_priv_key.pem"), made.key);
    assert_eq!(names.map(|name| mode(&scene, name)), [0o644, 0o644, 0o600]);
}

#[test]
fn links_in_the_folder_are_not_followed() {
    let scene = scene_of(&Made::of(HOST));
    fs::create_dir(scene.dir.path("parts")).expect("a folder");
    scene.write("target", "precious");
    symlink("../target", scene.dir.path("parts/db1_priv_key.pem")).expect("a link");
    symlink("../nowhere", scene.dir.path("parts/db1_cert.pem")).expect("a link");
    scene
        .gsec(&["convert", "to-pem", "host.pfx", "--out-dir", "parts"])
        .run()
        .code(3);
    scene
        .gsec(&["convert", "to-pem", "host.pfx", "--out-dir", "parts", "--force"])
        .run()
        .code(3)
        .says("is a symbolic link");
    assert!(scene.read("target") == "precious" && !scene.exists("nowhere"));
}

#[test]
fn folder_in_the_place_of_a_part_keeps_all_from_being_written() {
    let scene = scene_of(&Made::of(HOST));
    fs::create_dir_all(scene.dir.path("parts/db1_priv_key.pem")).expect("a folder");
    for flags in [&[][..], &["--force"]] {
        let before = scene.tree();
        scene
            .gsec(&["convert", "to-pem", "host.pfx", "--out-dir", "parts"])
            .args(flags)
            .run()
            .code(3);
        scene.tree().is_unchanged_since(&before);
    }
}

// Disks that refuse

#[test]
fn refused_input_makes_no_folder_and_no_file() {
    let scene = scene_of(&Made::of(HOST));
    scene.write("wrong", "wrong");
    scene.write("damaged.pfx", &scene.read_bytes("host.pfx")[..600]);
    scene.write("empty.pem", "");
    for args in [
        &["host.pfx", "--password-file", "wrong"][..],
        &["damaged.pfx"],
        &["empty.pem"],
        &["nosuch.pfx"],
        &["issuers"],
    ] {
        for out in [&["--out-dir", "parts"][..], &["--out", "out.pem"], &[]] {
            let before = scene.tree();
            let refused = scene
                .gsec(&["convert", "to-pem"])
                .args(args)
                .args(out)
                .run()
                .code(3);
            assert!(
                refused.stdout.is_empty() && refused.stderr.starts_with("error: "),
                "{refused}"
            );
            scene.tree().is_unchanged_since(&before);
        }
    }
}

#[test]
fn folder_that_is_not_ones_own_is_refused() {
    let scene = scene_of(&Made::of(HOST));
    let world = temp_dir(); // what nobody can enter and read
    fs::set_permissions(world.path(), fs::Permissions::from_mode(0o755)).expect("chmod");
    let input = world.path().join("host.pem");
    fs::write(&input, scene.read("host.pem") + &scene.read("root.pem")).expect("a file");
    fs::set_permissions(&input, fs::Permissions::from_mode(0o644)).expect("chmod");
    let closed = world.path().join("closed");
    fs::create_dir(&closed).expect("a folder");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).expect("chmod");
    let path = |path: &std::path::Path| path.to_str().expect("UTF-8").to_owned();
    for out in [
        ["--out".to_owned(), path(&closed.join("out.pem"))],
        ["--out-dir".into(), path(&closed)],
        ["--out-dir".into(), path(&closed.join("new"))],
    ] {
        let args = [
            vec!["convert".to_owned(), "to-pem".into(), path(&input)],
            out.to_vec(),
        ]
        .concat();
        let outcome = common::run(&mut at::gsec_as_nobody(world.path(), &args));
        outcome.refused(&format!("{out:?}"), &["closed", "ermission denied"]);
        assert_eq!(fs::read_dir(&closed).expect("a list").count(), 0, "{out:?}");
    }
}

#[test]
fn full_disk_leaves_nothing_half_written() {
    in_private_mounts(
        concat!(module_path!(), "::full_disk_leaves_nothing_half_written"),
        || {
            const PAGE: usize = 4096;
            let scene = scene_of(&Made::of(HOST));
            let disk = Disk::new("size=64k");
            let folder = disk.path().join("parts").to_str().expect("UTF-8").to_owned();
            fs::create_dir(&folder).expect("a folder");
            let convert = ["convert", "to-pem", "host.pfx", "--out-dir", &folder];
            let file = format!("{folder}/out.pem");
            let mut done = Vec::new();
            for pages in 0..=4 {
                for old in [None, Some("old")] {
                    fs::remove_dir_all(&folder).expect("removed");
                    fs::create_dir(&folder).expect("a folder");
                    if let Some(old) = old {
                        ["db1_cert.pem", "db1_priv_key.pem", "out.pem"]
                            .iter()
                            .for_each(|name| fs::write(format!("{folder}/{name}"), old).expect("a file"));
                    }
                    let ballast = disk.path().join("ballast");
                    let mut filler = fs::File::create(&ballast).expect("a file");
                    while filler.write_all(&[0; PAGE]).is_ok() {}
                    let taken = filler.metadata().expect("metadata").len() as usize / PAGE;
                    filler.set_len(((taken - pages) * PAGE) as u64).expect("room");
                    let before = Tree::of(&folder);
                    let force: &[&str] = if old.is_some() { &["--force"] } else { &[] };
                    let all = scene.gsec(&convert).args(force).run();
                    if all.status != Some(0) {
                        all.code(3).says("no space left on device");
                        Tree::of(&folder).is_unchanged_since(&before);
                        done.push(false);
                    } else {
                        done.push(true);
                    }
                    if pages == 0 {
                        scene
                            .gsec(&["convert", "to-pem", "host.pfx", "--out", &file])
                            .args(force)
                            .run()
                            .code(3)
                            .says("no space left on device");
                        Tree::of(&folder).is_unchanged_since(&before);
                    }
                    drop(filler);
                    fs::remove_file(&ballast).expect("removed");
                }
            }
            assert!(
                done.iter().any(|done| !done) && done[done.len() - 1],
                "refused at first, done in the end: {done:?}"
            );
        },
    );
}

// DER

#[test]
fn der_and_back_gives_the_same_octets() {
    let scene = scene_of_conversions();
    several_objects(&scene);
    for file in ["host.pem", "host.csr", "ca.crl", "host.key", "public.pem"] {
        scene
            .gsec(&["convert", "to-der", file, "--out", "out.der", "--force"])
            .run()
            .ok();
        assert_eq!(scene.read_bytes("out.der"), der_of(&scene, file), "{file}");
        let back = scene.gsec(&["convert", "to-pem", "out.der"]).run().ok();
        assert_eq!(back.stdout, scene.read(file), "{file}");
        let again = scene.gsec(&["convert", "to-der", "out.der"]).run().ok();
        assert!(
            again.stdout_bytes == scene.read_bytes("out.der"),
            "{file}: DER stays as it is"
        );
    }
}

/// The octets of the only block in a PEM file, as OpenSSL has them.
fn der_of(scene: &Scene, file: &str) -> Vec<u8> {
    scene.openssl(&["asn1parse", "-in", file, "-noout", "-out", "theirs.der"]);
    scene.read_bytes("theirs.der")
}

#[test]
fn keys_keep_their_form_in_der() {
    let scene = Scene::empty();
    scene.write(
        "rsa.pem",
        scene.openssl(&["genrsa", "-traditional", "2048"]).stdout,
    );
    scene.write(
        "ec.pem",
        scene
            .openssl(&["ecparam", "-name", "prime256v1", "-genkey", "-noout"])
            .stdout,
    );
    for (file, label) in [("rsa.pem", "RSA PRIVATE KEY"), ("ec.pem", "EC PRIVATE KEY")] {
        scene
            .gsec(&["convert", "to-der", file, "--out", "out.der", "--force"])
            .run()
            .ok();
        assert_eq!(labels(&scene.read(file)), [label]);
        assert_eq!(scene.read_bytes("out.der"), der_of(&scene, file), "{label}");
        assert_eq!(
            scene
                .gsec(&["convert", "to-pem", "out.der", "--key-format", "pkcs1"])
                .run()
                .ok()
                .stdout,
            scene.read(file)
        );
        assert_eq!(
            labels(&scene.gsec(&["convert", "to-pem", "out.der"]).run().ok().stdout),
            ["PRIVATE KEY"]
        );
    }
}

#[test]
fn curve_in_a_block_of_its_own_is_not_lost_in_der() {
    let scene = Scene::empty();
    scene.write(
        "both.pem",
        scene
            .openssl(&["ecparam", "-name", "secp384r1", "-genkey"])
            .stdout,
    );
    let pkcs8 = scene
        .openssl(&[
            "pkcs8", "-topk8", "-nocrypt", "-in", "both.pem", "-outform", "DER",
        ])
        .stdout_bytes;
    scene
        .gsec(&["convert", "to-der", "both.pem", "--out", "out.der"])
        .run()
        .ok();
    assert!(
        scene
            .gsec(&["convert", "key", "out.der", "--der"])
            .run()
            .ok()
            .stdout_bytes
            == pkcs8
    );
    // The same without the curve in the key itself, as it stands inside PKCS #8, where it is the last element.
    let structure = common::openssl(&["asn1parse", "-inform", "DER"])
        .stdin(&pkcs8)
        .run()
        .ok()
        .stdout;
    let offset: usize = structure
        .lines()
        .last()
        .and_then(|line| line.trim().split(':').next())
        .expect("an offset")
        .parse()
        .expect("a number");
    let header = structure
        .lines()
        .last()
        .and_then(|line| line.split("hl=").nth(1))
        .and_then(|rest| rest.split(' ').next())
        .expect("a length");
    let bare = gsec_pki::encoding::pem::encode(
        "EC PRIVATE KEY",
        &pkcs8[offset + header.parse::<usize>().expect("a number")..],
    );
    scene.write(
        "bare.pem",
        format!(
            "{}{bare}",
            scene.openssl(&["ecparam", "-name", "secp384r1"]).stdout
        ),
    );
    assert!(
        scene
            .gsec(&["convert", "key", "bare.pem", "--der"])
            .run()
            .ok()
            .stdout_bytes
            == pkcs8
    );
    let said = scene
        .gsec(&["convert", "to-der", "bare.pem", "--out", "out.der", "--force"])
        .run();
    if said.status == Some(0) {
        let read = scene.gsec(&["convert", "key", "out.der", "--der"]).run().ok();
        assert!(read.stdout_bytes == pkcs8, "what was written is the key");
    } else {
        said.code(3);
    }
}

#[test]
fn encrypted_key_stays_encrypted_in_der() {
    let scene = scene_of_conversions();
    let said = scene
        .gsec(&["convert", "to-der", "locked.key", "--out", "locked.der"])
        .run()
        .ok();
    assert_eq!(said.stdout, "Created locked.der (an encrypted private key)\n");
    assert_eq!(scene.read_bytes("locked.der"), der_of(&scene, "locked.key"));
    let again = scene.gsec(&["convert", "to-der", "locked.der"]).run().ok();
    assert!(again.stdout_bytes == scene.read_bytes("locked.der"));
    // PEM has the key in the clear, for which the password is wanted.
    scene.refuses(
        &["convert", "to-pem", "locked.der", "--out", "open.pem"],
        3,
        &[
            "error: cannot use `locked.der`",
            "  caused by: the private key is encrypted",
            WANTS_PASSWORD,
        ],
    );
    let opened = scene
        .gsec(&["convert", "to-pem", "locked.der", "--password-stdin"])
        .stdin("secret")
        .run()
        .ok();
    assert_eq!(opened.stdout, scene.read("host.key"));
}

#[test]
fn der_holds_one_object() {
    let scene = scene_of(&Made::of(HOST));
    scene.write("two.pem", scene.read("host.pem") + &scene.read("host.key"));
    let convert = |file: &'static str| ["convert", "to-der", file, "--out", "out.der"];
    scene.refuses(
        &convert("two.pem"),
        3,
        &[
            "error: cannot use `two.pem`",
            "  caused by: it contains 2 (CERTIFICATE, PRIVATE KEY), and a DER file can contain only one",
            "hint: split it first: `gsec convert to-pem two.pem --out-dir parts`",
        ],
    );
    scene.refuses(
        &convert("host.pfx"),
        3,
        &[
            "error: cannot use `host.pfx`",
            "  caused by: it is a PKCS #12 file, which is already DER and contains several things",
            "hint: split it: `gsec convert to-pem host.pfx --out-dir parts`",
        ],
    );
    scene.write("text", "no block in it\n");
    scene.refuses(
        &convert("text"),
        3,
        &[
            "error: cannot use `text`",
            "  caused by: it is neither PEM nor DER",
        ],
    );
}

#[test]
fn old_encrypted_key_has_no_form_in_der_and_the_printed_command_opens_it() {
    let scene = scene_of(&Made::of(HOST));
    scene.openssl(&[
        "ec",
        "-in",
        "host.key",
        "-aes128",
        "-passout",
        "pass:secret",
        "-out",
        "old.key",
    ]);
    let refused = scene
        .gsec(&["convert", "to-der", "old.key"])
        .run()
        .code(3)
        .says("a key encrypted with `Proc-Type: 4,ENCRYPTED` cannot be written as DER");
    scene.write("password", "secret");
    let command = refused
        .stderr
        .split('`')
        .find(|part| part.starts_with("gsec "))
        .expect("a command");
    let command = format!("{command} --password-file password");
    let folder = std::path::Path::new(env!("CARGO_BIN_EXE_gsec"))
        .parent()
        .expect("a folder")
        .display();
    let path = format!("{folder}:{}", std::env::var("PATH").expect("PATH"));
    tool("sh")
        .args(&["-c", &command])
        .in_dir(scene.dir.path(""))
        .env("PATH", &path)
        .run()
        .ok();
    assert_eq!(scene.read_bytes("key.der"), der_of(&scene, "host.key"));
}

// Order

/// All orders of some things.
fn permutations(things: &[usize]) -> Vec<Vec<usize>> {
    if things.is_empty() {
        return vec![Vec::new()];
    }
    let with_first = |index: usize| {
        let mut rest = things.to_vec();
        let first = rest.remove(index);
        permutations(&rest)
            .into_iter()
            .map(move |order| [vec![first], order].concat())
    };
    (0..things.len()).flat_map(with_first).collect()
}

#[test]
fn host_comes_first_then_its_issuers_upwards_then_the_key() {
    let made = Made::of(HOST);
    let scene = Scene::empty();
    let parts = [&made.host, &made.issuer, &made.root, &made.key];
    for order in permutations(&[0, 1, 2, 3]) {
        let text: String = order.iter().map(|part| parts[*part].as_str()).collect();
        let said = scene.gsec(&["convert", "to-pem", "-"]).stdin(text).run().ok();
        assert_eq!(said.stdout, made.in_order(), "{order:?}");
    }
}

#[test]
fn order_is_told_without_a_key_too() {
    let made = Made::of(HOST);
    let scene = Scene::empty();
    let parts = [&made.host, &made.issuer, &made.root];
    for order in permutations(&[0, 1, 2]) {
        let text: String = order.iter().map(|part| parts[*part].as_str()).collect();
        let said = scene.gsec(&["convert", "to-pem", "-"]).stdin(text).run().ok();
        assert_eq!(said.stdout, parts.map(String::as_str).concat(), "{order:?}");
    }
}

/// Each host with its own issuers, then what is left, then the keys.
#[test]
fn several_hosts_each_with_its_issuers() {
    let (made, text) = entries(&["db1.example.com", "db2.example.com"]);
    let stranger = Made::of("db3.example.com");
    let scene = Scene::empty();
    let said = scene
        .gsec(&["convert", "to-pem", "-"])
        .stdin(format!("{}{text}", stranger.host))
        .run()
        .ok();
    let chain = |made: &Made| {
        [&made.host, &made.issuer, &made.root]
            .map(String::as_str)
            .concat()
    };
    let expected = [
        chain(&made[0]),
        chain(&made[1]),
        stranger.host,
        made[0].key.clone(),
        made[1].key.clone(),
    ]
    .concat();
    assert_eq!(said.stdout, expected);
}

// cert match

#[test]
fn everything_about_one_key_matches_in_any_order() {
    let scene = scene_of_conversions();
    several_objects(&scene);
    scene.write(
        "chain.pem",
        scene.read("root.pem") + &scene.read("host.pem") + &scene.read("issuer.pem"),
    );
    scene
        .gsec(&["convert", "to-der", "host.pem", "--out", "host.der"])
        .run()
        .ok();
    scene
        .gsec(&[
            "convert",
            "key",
            "host.key",
            "--key-format",
            "pkcs1",
            "--der",
            "--out",
            "key.der",
        ])
        .run()
        .ok();
    let files = [
        "host.key",
        "host.pem",
        "chain.pem",
        "host.csr",
        "public.pem",
        "host.pfx",
        "host.der",
        "key.der",
    ];
    for start in 0..files.len() {
        let mut order = files;
        order.rotate_left(start);
        let said = scene.gsec(&["cert", "match"]).args(&order).run().ok();
        assert!(
            said.stdout.starts_with("They belong together") && said.stderr.is_empty(),
            "{said}"
        );
    }
    let json = scene
        .gsec(&["cert", "match", "--json"])
        .args(&files)
        .run()
        .ok()
        .json();
    assert_eq!(json["matches"], true);
    let listed = json["files"].as_array().expect("files");
    let public = scene
        .openssl(&["pkey", "-in", "host.key", "-pubout", "-outform", "DER"])
        .stdout_bytes;
    let digest = common::openssl(&["dgst", "-sha256", "-r"])
        .stdin(public)
        .run()
        .ok()
        .stdout;
    for (file, name) in listed.iter().zip(files) {
        assert_eq!((&file["source"], &file["matches"]), (&json!(name), &json!(true)));
        assert!(
            digest.starts_with(file["public_key_sha256"].as_str().expect("a digest")),
            "{file}"
        );
    }
    let kinds: Vec<&str> = listed.iter().filter_map(|file| file["kind"].as_str()).collect();
    let key = "private key";
    assert_eq!(
        kinds,
        [
            key,
            "certificate",
            "certificate",
            "certification request",
            "public key",
            key,
            "certificate",
            key
        ]
    );
    assert_eq!(listed[3]["subject"], "CN=db1.example.com");
}

#[test]
fn another_key_is_a_no() {
    let scene = scene_of(&Made::of(HOST));
    scene.openssl_key("other.key");
    for (files, matches) in [
        (&["host.key", "root.pem"][..], &[true, false][..]),
        (&["root.pem", "host.key"], &[true, false]),
        (&["other.key", "host.pem", "host.pfx"], &[true, false, false]),
        (
            &["host.key", "host.pem", "other.key", "host.pfx"],
            &[true, true, false, true],
        ),
        (&["issuer.pem", "host.pfx"], &[true, false]),
    ] {
        let said = scene.gsec(&["cert", "match"]).args(files).run().code(1);
        assert!(said.stdout.starts_with("They do NOT belong together\n"), "{said}");
        // The PFX has the issuer's certificate too.
        let has_other = files.first() == Some(&"issuer.pem");
        assert_eq!(
            said.stderr
                .contains("`host.pfx` also contains the certificate of the other key"),
            has_other,
            "{said}"
        );
        let json = scene
            .gsec(&["cert", "match", "--json"])
            .args(files)
            .run()
            .code(1)
            .json();
        let verdicts: Vec<bool> = json["files"]
            .as_array()
            .expect("files")
            .iter()
            .filter_map(|file| file["matches"].as_bool())
            .collect();
        assert_eq!(
            (json["matches"].as_bool(), verdicts.as_slice()),
            (Some(false), matches),
            "{files:?}"
        );
    }
}

#[test]
fn what_cannot_be_compared_is_neither_yes_nor_no() {
    let scene = scene_of_conversions();
    scene.openssl(&["genpkey", "-algorithm", "ED448", "-out", "ed448.key"]);
    scene.write("text", "nothing\n");
    for (file, cause) in [
        ("nosuch.pem", None),
        ("text", Some("it is neither PEM nor DER")),
        (
            "ed448.key",
            Some("cannot derive the public key of a key of Ed448"),
        ),
        (
            "locked.key",
            Some("PEM block at line 1: the private key is encrypted"),
        ),
    ] {
        for files in [["host.pem", file], [file, "host.pem"]] {
            let before = scene.tree();
            let said = scene
                .gsec(&["cert", "match", "--json"])
                .args(&files)
                .run()
                .code(3);
            if let Some(cause) = cause {
                let error = said.error();
                assert_eq!(
                    (&error["message"], &error["caused_by"]),
                    (&json!(format!("cannot use `{file}`")), &json!([cause])),
                    "{said}"
                );
            }
            scene.tree().is_unchanged_since(&before);
        }
    }
    scene
        .gsec(&["cert", "match", "locked.key", "host.pem", "--password-stdin"])
        .stdin("secret")
        .run()
        .ok();
    scene.gsec(&["cert", "match", "host.pem"]).run().code(2);
}

// cert show, thumbprint and verify of PKCS #12

#[test]
fn contents_and_protection_are_shown() {
    let scene = scene_of(&Made::of(HOST));
    export(
        &scene,
        "modern.pfx",
        "secret",
        &["-name", "my host", "-caname", "above"],
    );
    export(
        &scene,
        "compat.pfx",
        "secret",
        &[
            "-keypbe",
            "PBE-SHA1-3DES",
            "-certpbe",
            "PBE-SHA1-3DES",
            "-macalg",
            "sha1",
        ],
    );
    export(&scene, "old.pfx", "secret", &["-legacy"]);
    export(
        &scene,
        "bare.pfx",
        "secret",
        &["-keypbe", "NONE", "-certpbe", "NONE", "-nomac"],
    );
    let [sha1, sha256] =
        ["SHA-1", "SHA-256"].map(|digest| format!("HMAC-{digest}, PKCS #12 key derivation, 2048 iterations"));
    let three_des = "PKCS #12 PBE: 3DES-CBC, SHA-1, 2048 iterations";
    let aes = "PBES2: AES-256-CBC, PBKDF2 with HMAC-SHA-256, 2048 iterations";
    let rc2 = "PKCS #12 PBE: RC2-40-CBC, SHA-1, 2048 iterations";
    for (file, mac, key, certificates) in [
        ("modern.pfx", Some(sha256.as_str()), Some(aes), Some(aes)),
        (
            "compat.pfx",
            Some(sha1.as_str()),
            Some(three_des),
            Some(three_des),
        ),
        ("old.pfx", Some(sha1.as_str()), Some(three_des), Some(rc2)),
        ("bare.pfx", None, None, None),
    ] {
        let shown = scene
            .gsec(&["cert", "show", file, "--json", "--password-stdin"])
            .stdin("secret")
            .run()
            .ok()
            .json();
        let pkcs12 = &shown["pkcs12"];
        assert_eq!(
            (pkcs12["mac"].as_str(), pkcs12["keys"][0]["encryption"].as_str()),
            (mac, key),
            "{file}"
        );
        assert_eq!(
            (
                pkcs12["keys"][0]["what"].as_str(),
                pkcs12["keys"].as_array().map(Vec::len)
            ),
            (Some("P-256"), Some(1)),
            "{file}"
        );
        let listed = pkcs12["certificates"].as_array().expect("certificates");
        assert!(
            listed.len() == 3
                && listed
                    .iter()
                    .all(|found| found["encryption"].as_str() == certificates),
            "{file}: {pkcs12}"
        );
        let column = |list: &Value, key: &str| {
            list.as_array()
                .expect("a list")
                .iter()
                .map(|found| found[key].clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            column(&pkcs12["certificates"], "what"),
            column(&shown["certificates"], "subject"),
            "{file}: one order"
        );
        assert_eq!(
            column(&pkcs12["certificates"], "public_key_sha256"),
            column(&shown["certificates"], "public_key_sha256"),
            "{file}"
        );
        let text = scene
            .gsec(&["cert", "show", file, "-v", "--password-stdin"])
            .stdin("secret")
            .run()
            .ok()
            .stdout;
        for fact in mac.into_iter().chain(key).chain(certificates).chain([
            "P-256",
            "CN=Issuer",
            "CN=Root",
            "dns:db1.example.com",
        ]) {
            assert!(text.contains(fact), "{file}: `{fact}` is not in\n{text}");
        }
        for reader in pkcs12["readers"].as_array().expect("readers") {
            let [name, reads] = ["reader", "reads"].map(|key| reader[key].as_str().expect("text"));
            let is_its = |line: &&str| line.trim_start().starts_with(&format!("{name} "));
            let line = text
                .lines()
                .find(is_its)
                .unwrap_or_else(|| panic!("{name} is not in\n{text}"));
            assert!(
                line.contains(&format!(" {reads}"))
                    && line.contains(reader["why"].as_str().unwrap_or_default()),
                "{reader}: {line}"
            );
        }
    }
}

#[test]
fn names_in_the_file_are_shown() {
    let scene = scene_of(&Made::of(HOST));
    export(&scene, "named.pfx", "", &["-name", "mein Rechner €"]);
    let shown = scene
        .gsec(&["cert", "show", "named.pfx", "--json"])
        .run()
        .ok()
        .json();
    let (key, certificates) = (&shown["pkcs12"]["keys"][0], &shown["pkcs12"]["certificates"]);
    assert_eq!(
        (&key["friendly_name"], &certificates[0]["friendly_name"]),
        (&json!("mein Rechner €"), &json!("mein Rechner €"))
    );
    assert_eq!(key["local_key_id"], certificates[0]["local_key_id"]);
    // OpenSSL takes the SHA-1 thumbprint for it.
    assert_eq!(key["local_key_id"], shown["certificates"][0]["thumbprint_sha1"]);
    assert_eq!(
        (
            &certificates[1]["friendly_name"],
            &certificates[1]["local_key_id"]
        ),
        (&json!(null), &json!(null))
    );
}

#[test]
fn thumbprint_of_a_pfx_is_the_hosts() {
    let scene = scene_of(&Made::of(HOST));
    let expected = scene.gsec(&["cert", "thumbprint", "host.pem"]).run().ok().stdout;
    assert_eq!(
        scene.gsec(&["cert", "thumbprint", "host.pfx"]).run().ok().stdout,
        expected
    );
    export(&scene, "locked.pfx", "secret", &[]);
    assert_eq!(
        scene
            .gsec(&["cert", "thumbprint", "locked.pfx", "--password-stdin"])
            .stdin("secret")
            .run()
            .ok()
            .stdout,
        expected
    );
    scene.openssl(&[
        "pkcs12", "-export", "-nocerts", "-inkey", "host.key", "-out", "key.pfx", "-passout", "pass:",
    ]);
    scene
        .gsec(&["cert", "thumbprint", "key.pfx"])
        .run()
        .code(3)
        .says("it contains no certificate");
}

#[test]
fn verifying_a_pfx_is_about_the_host_by_the_chain_in_it() {
    let scene = scene_of(&Made::of(HOST));
    let verify = |file: &str, name: &str| {
        scene
            .gsec(&[
                "cert", "verify", file, "--trust", "root.pem", "--name", name, "--json",
            ])
            .run()
    };
    let valid = verify("host.pfx", HOST).ok().json();
    let path: Vec<&str> = valid["path"]
        .as_array()
        .expect("a path")
        .iter()
        .filter_map(|step| step["subject"].as_str())
        .collect();
    assert_eq!(
        (valid["valid"].as_bool(), path.as_slice()),
        (Some(true), &["", "CN=Issuer", "CN=Root"][..]),
        "{valid}"
    );
    assert_eq!(
        verify("host.pfx", "db2.example.com").code(1).json()["valid"],
        false
    );
    assert_eq!(
        verify("host.pem", HOST).code(1).json()["valid"],
        false,
        "without the chain there is no path"
    );
    // The chain may come from a PFX too.
    scene
        .gsec(&[
            "cert",
            "verify",
            "host.pem",
            "--trust",
            "root.pem",
            "--untrusted",
            "host.pfx",
            "--name",
            HOST,
        ])
        .run()
        .ok();
    export(&scene, "locked.pfx", "secret", &[]);
    let locked = [
        "cert",
        "verify",
        "locked.pfx",
        "--trust",
        "root.pem",
        "--name",
        HOST,
        "--password-stdin",
    ];
    scene.gsec(&locked).stdin("secret\n").run().ok();
    scene.gsec(&locked).stdin("wrong").run().code(3);
}

#[test]
fn issuing_for_a_key_in_a_pfx() {
    let scene = Scene::with_ca();
    scene.write("host.pem", Made::of(HOST).in_order());
    scene.write("other.pem", Made::of(HOST).in_order());
    scene.openssl(&[
        "pkcs12",
        "-export",
        "-in",
        "host.pem",
        "-out",
        "host.pfx",
        "-passout",
        "pass:secret",
    ]);
    let issue = [
        "cert",
        "issue",
        "--host",
        HOST,
        "--key",
        "host.pfx",
        "--json",
        "--password-stdin",
    ];
    let issued = scene.gsec(&issue).stdin("secret").run().ok().json();
    let certificate = issued["files"]["certificate"].as_str().expect("a certificate");
    scene.gsec(&["cert", "match", "host.pem", certificate]).run().ok();
    scene
        .gsec(&["cert", "match", "other.pem", certificate])
        .run()
        .code(1);
}

// Passwords

const WANTS_PASSWORD: &str =
    "hint: pass its password with `--password-file`, `--password-env` or `--password-stdin`";

/// A place with `locked.pfx` and `locked.key` under `secret`.
fn locked_scene() -> Scene {
    let scene = scene_of_conversions();
    export(&scene, "locked.pfx", "secret", &[]);
    scene
}

/// Calls that open something encrypted.
const OPENING: [&[&str]; 10] = [
    &["convert", "to-pem", "locked.pfx"],
    &["convert", "to-pem", "locked.key"],
    &["convert", "to-pfx", "--cert", "locked.pfx", "--out", "-"],
    &[
        "convert",
        "to-pfx",
        "--cert",
        "host.pem",
        "--key",
        "locked.key",
        "--out",
        "-",
    ],
    &["convert", "key", "locked.pfx"],
    &["convert", "key", "locked.key"],
    &["cert", "show", "locked.pfx"],
    &["cert", "thumbprint", "locked.pfx"],
    &["cert", "verify", "locked.pfx", "--trust", "root.pem"],
    &["cert", "match", "locked.pfx", "locked.key"],
];

#[test]
fn password_comes_from_file_variable_or_stdin() {
    let scene = locked_scene();
    scene.write("one line", "secret\n");
    scene.write("of windows", "secret\r\n");
    scene.write("bare", "secret");
    for opening in OPENING {
        let calls: [Call; 5] = [
            scene.gsec(opening).args(&["--password-file", "one line"]),
            scene.gsec(opening).args(&["--password-file", "of windows"]),
            scene.gsec(opening).args(&["--password-file", "bare"]),
            scene
                .gsec(opening)
                .args(&["--password-env", "PFX_SECRET"])
                .env("PFX_SECRET", "secret"),
            scene.gsec(opening).args(&["--password-stdin"]).stdin("secret\n"),
        ];
        for call in calls {
            let said = call.run().ok();
            assert!(!said.stdout_bytes.is_empty() && said.stderr.is_empty(), "{said}");
        }
    }
}

#[test]
fn wrong_password_is_said_and_none_too() {
    let scene = locked_scene();
    let before = scene.tree();
    for opening in OPENING {
        for wrong in ["wrong", "secret ", "Secret", "", "secret\n\n"] {
            let said = scene
                .gsec(opening)
                .args(&["--password-stdin"])
                .stdin(wrong)
                .run()
                .code(3);
            assert!(
                said.stdout.is_empty() && said.stderr.starts_with("error: cannot use `locked."),
                "{said}"
            );
            assert!(
                said.stderr.contains("wrong password, or the file is damaged"),
                "{opening:?} with {wrong:?}: {said}"
            );
        }
        for flags in [&[][..], &["--no-input"]] {
            let none = scene.gsec(opening).args(flags).run().code(3);
            assert!(
                none.stdout.is_empty() && none.stderr.ends_with(&format!("{WANTS_PASSWORD}\n")),
                "{opening:?}: {none}"
            );
        }
    }
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn wrong_password_has_a_code_of_its_own() {
    let scene = locked_scene();
    for (file, wrong, none) in [
        ("locked.pfx", "pkcs12.wrong_password", "pkcs12.wrong_password"),
        ("locked.key", "key.wrong_password", "key.encrypted"),
    ] {
        let convert = ["convert", "to-pem", file, "--out", "out.pem", "--json"];
        assert_eq!(
            scene
                .gsec(&convert)
                .args(&["--password-stdin"])
                .stdin("wrong")
                .run()
                .code(3)
                .error()["code"],
            wrong
        );
        assert_eq!(scene.gsec(&convert).run().code(3).error()["code"], none);
    }
}

#[test]
fn password_that_cannot_be_read_is_said() {
    let scene = locked_scene();
    scene.write("latin1", b"p\xe4ss");
    for opening in OPENING {
        for (flags, said) in [
            (
                ["--password-file", "nosuch"],
                "error: cannot read `nosuch`: no such file or directory",
            ),
            (
                ["--password-env", "PFX_SECRET_NOT_SET"],
                "error: environment variable `PFX_SECRET_NOT_SET` is not set",
            ),
            (
                ["--password-file", "latin1"],
                "error: the password is neither UTF-8 nor UTF-16",
            ),
        ] {
            let refused = scene.gsec(opening).args(&flags).run().code(3);
            assert!(
                refused.stdout.is_empty() && refused.stderr.starts_with(said),
                "{opening:?}: {refused}"
            );
        }
        scene
            .gsec(opening)
            .args(&["--password-stdin", "--password-file", "x"])
            .run()
            .code(2);
    }
}

/// A password that nobody needs is no harm: one command line serves plain files and encrypted ones.
#[test]
fn password_for_what_is_not_encrypted_is_not_used() {
    let scene = scene_of_conversions();
    for args in [
        &["convert", "to-pem", "host.key"][..],
        &["convert", "key", "host.key"],
        &["cert", "match", "host.key", "host.pem"],
        &["cert", "show", "host.pem"],
    ] {
        scene
            .gsec(args)
            .args(&["--password-stdin"])
            .stdin("whatever")
            .run()
            .ok();
    }
}

/// Whoever asked for a key gets it in the file that was named, and no stream has it.
#[test]
fn secrets_are_in_the_result_only() {
    let scene = locked_scene();
    scene.write("password", "xyzzy-Geheimnis-42");
    export(&scene, "locked.pfx", "xyzzy-Geheimnis-42", &[]);
    scene.openssl(&[
        "pkcs8",
        "-topk8",
        "-in",
        "host.key",
        "-out",
        "locked.key",
        "-passout",
        "pass:xyzzy-Geheimnis-42",
    ]);
    let line = scene.read("host.key").lines().nth(1).expect("base64").to_owned();
    let is_discreet = |args: &[&str], flags: &[&str]| {
        let said = scene
            .gsec(args)
            .args(flags)
            .args(&["--password-file", "password"])
            .run()
            .ok();
        for stream in [&said.stdout, &said.stderr] {
            assert!(
                !stream.contains(&line) && !stream.contains("xyzzy") && !stream.contains("BEGIN PRIVATE"),
                "{said}"
            );
        }
    };
    for input in ["locked.pfx", "locked.key"] {
        for flags in [
            &["--out", "out.pem"][..],
            &["--out", "out.pem", "--json"],
            &["--out", "out.pem", "-vv"],
            &["--out-dir", "parts", "-v"],
        ] {
            is_discreet(&["convert", "to-pem", input, "--force"], flags);
        }
        is_discreet(
            &["convert", "key", input, "--force", "-vv", "--out", "out.pem"],
            &[],
        );
        is_discreet(&["cert", "match", input, "host.pem", "-vv"], &[]);
    }
    for flags in [&["-vv"], &["--json"]] {
        is_discreet(&["cert", "show", "locked.pfx"], flags);
    }
}
