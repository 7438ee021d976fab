//! What `convert`, `cert match` and `cert show` refuse, what they say about it, that what they tell one to type works, and that they leave
//! everything as it was. Every case is asked in text and with `--json`.

use crate::common;

use std::sync::OnceLock;

use common::der_writer::{octet_string, oid, sequence};
use common::pfx_writer::{certificate_bag, encrypted_bags, pfx, sound_mac};
use common::{Outcome, Scene, is_harmless, java_tool, reads_as, tool};

/// Turns the screen red, and the reading direction.
const HOSTILE: &str = "a\u{1b}[31m\u{202e}b";

/// Where a single file can be named, with the others as they should be; `FILE` stands for it.
const READERS: [&[&str]; 10] = [
    &["convert", "to-pem", "FILE", "--out", "new.pem"],
    &["convert", "to-pem", "FILE", "--out-dir", "new"],
    &["convert", "to-der", "FILE", "--out", "new.der"],
    &["convert", "key", "FILE", "--out", "new.pem"],
    &["convert", "to-pfx", "--cert", "FILE", "--out", "new.pfx"],
    &[
        "convert", "to-pfx", "--cert", "cert.pem", "--key", "FILE", "--out", "new.pfx",
    ],
    &[
        "convert", "to-pfx", "--cert", "cert.pem", "--key", "key.pem", "--chain", "FILE", "--out", "new.pfx",
    ],
    &["cert", "match", "FILE", "cert.pem"],
    &["cert", "match", "cert.pem", "FILE"],
    &["cert", "show", "./FILE"],
];

fn reading<'a>(reader: &[&'a str], file: &'a str) -> Vec<&'a str> {
    reader
        .iter()
        .map(|arg| if arg.ends_with("FILE") { file } else { arg })
        .collect()
}

fn with<'a>(start: &[&'a str], rest: &[&'a str]) -> Vec<&'a str> {
    [start, rest].concat()
}

/// A place with `key.pem` and its `cert.pem`, `other_key.pem` and `other_cert.pem`, a request `csr.pem` for the first key, an Ed25519 key,
/// `host.pfx` under the password in the file `right`, and a file `wrong`.
fn scene() -> Scene {
    static FILES: OnceLock<Vec<(String, Vec<u8>)>> = OnceLock::new();
    let files = FILES.get_or_init(|| {
        let scene = Scene::empty();
        scene.write("right", "correct horse");
        scene.write("wrong", "battery staple");
        for (key, certificate, name) in [
            ("key.pem", "cert.pem", "/CN=db1.example.com"),
            ("other_key.pem", "other_cert.pem", "/CN=db2.example.com"),
        ] {
            let new = [
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "90",
                "-subj",
                name,
            ];
            scene.openssl(&[&new[..], &["-keyout", key, "-out", certificate]].concat());
        }
        scene.openssl(&[
            "req",
            "-new",
            "-key",
            "key.pem",
            "-subj",
            "/CN=db1.example.com",
            "-out",
            "csr.pem",
        ]);
        scene.openssl(&["genpkey", "-algorithm", "ED25519", "-out", "ed25519.pem"]);
        scene.openssl(&[
            "pkcs12",
            "-export",
            "-in",
            "cert.pem",
            "-inkey",
            "key.pem",
            "-passout",
            "file:right",
            "-out",
            "host.pfx",
        ]);
        scene
            .tree()
            .files()
            .into_iter()
            .map(|name| (name.clone(), scene.read_bytes(&name)))
            .collect()
    });
    let scene = Scene::empty();
    files
        .iter()
        .for_each(|(name, content)| scene.write(name, content));
    scene
}

/// Refused with exit status 3, for a reason that ends this way, wherever the file is named.
#[track_caller]
fn no_reader_takes(scene: &Scene, file: &str, cause: &str) {
    no_reader_takes_and_all_say(scene, file, cause, &[]);
}

#[track_caller]
fn no_reader_takes_and_all_say(scene: &Scene, file: &str, cause: &str, hints: &[&str]) {
    for reader in READERS {
        let said = [
            format!("error: cannot use `{file}`"),
            format!("  caused by: …{cause}"),
        ];
        scene.refuses(
            &reading(reader, file),
            3,
            &[&[said[0].as_str(), &said[1]], hints].concat(),
        );
    }
}

// Files that are not there, or nothing

#[test]
fn missing_file_is_named() {
    let scene = scene();
    for reader in READERS {
        scene.refuses(
            &reading(reader, "nosuch.pfx"),
            3,
            &[
                "error: cannot read `nosuch.pfx`: no such file or directory",
                "hint: is the name right? `ls -l` shows what is here",
            ],
        );
    }
}

#[test]
fn folder_in_the_place_of_a_file() {
    let scene = scene();
    std::fs::create_dir(scene.dir.path("folder.pem")).expect("a new directory");
    for reader in READERS {
        scene.refuses(
            &reading(reader, "folder.pem"),
            3,
            &[
                "error: cannot read `folder.pem`: is a directory",
                "hint: pass a file in it: `ls -l folder.pem` shows what is there",
            ],
        );
    }
}

#[test]
fn file_that_must_not_be_read() {
    let scene = scene();
    scene.chmod("host.pfx", 0);
    // root may read everything
    if std::fs::File::open(scene.dir.path("host.pfx")).is_err() {
        let refused = scene
            .gsec(&["convert", "to-pem", "host.pfx", "--out", "new.pem"])
            .run()
            .code(3);
        assert_eq!(
            refused.stderr,
            "error: cannot read `host.pfx`: permission denied\n"
        );
    }
}

#[test]
fn empty_file_and_text_that_is_no_pem() {
    let scene = scene();
    scene.write("empty.pem", "");
    scene.write("note.pem", "hello\n");
    scene.write(
        "almost.pem",
        scene.read("key.pem").replace("-----BEGIN", "----BEGIN"),
    );
    no_reader_takes(&scene, "empty.pem", "it is empty");
    no_reader_takes(&scene, "note.pem", "it is neither PEM nor DER");
    no_reader_takes_and_all_say(
        &scene,
        "almost.pem",
        "line 1: the boundary must have five hyphens on each side",
        &["hint: `(umask 077; LC_ALL=C sed …)`"],
    );
}

#[test]
fn damaged_second_block_is_named_by_its_line() {
    let scene = scene();
    let sound = scene.read("cert.pem");
    let line = sound.lines().count() + 2;
    scene.write(
        "second.pem",
        format!("{sound}\n{}", sound.replacen("MI", "!I", 1)),
    );
    scene.write(
        "cut.pem",
        format!("{sound}\n{}", sound.replace("-----END CERTIFICATE-----\n", "")),
    );
    scene.write(
        "unlike.pem",
        format!("{sound}\n{}", sound.replace("END CERTIFICATE", "END X509 CRL")),
    );
    no_reader_takes(
        &scene,
        "second.pem",
        &format!(
            "PEM block at line {line} is damaged: its content is not base64: line {} contains `!`",
            line + 1
        ),
    );
    no_reader_takes_and_all_say(
        &scene,
        "cut.pem",
        &format!("line {line}: a block begins here that has no end"),
        &["hint: is the copy complete?"],
    );
    no_reader_takes(
        &scene,
        "unlike.pem",
        &format!(
            "PEM block at line {line} is damaged: it begins with `CERTIFICATE` and ends with `X509 CRL`"
        ),
    );
}

#[test]
fn second_block_that_is_no_certificate_inside_is_named_by_its_line() {
    let scene = scene();
    let line = scene.read("cert.pem").lines().count() + 1;
    let hollow = gsec_pki::encoding::pem::encode("CERTIFICATE", &sequence(&[]));
    scene.write("hollow.pem", scene.read("cert.pem") + &hollow);
    for reader in READERS.iter().filter(|reader| !reader.contains(&"to-der")) {
        let cause = format!("  caused by: PEM block at line {line}: …");
        scene.refuses(
            &reading(reader, "hollow.pem"),
            3,
            &["error: cannot use `hollow.pem`", &cause],
        );
    }
}

// One thing where another is wanted

#[test]
fn certificate_where_a_key_is_wanted() {
    let scene = scene();
    let said = |found: &str| {
        [
            "error: cannot use `FILE`".to_owned(),
            format!("  caused by: it contains no private key: {found}"),
        ]
    };
    for (file, found) in [("cert.pem", "one certificate"), ("csr.pem", "one CSR")] {
        let said = said(found).map(|line| line.replace("FILE", file));
        for args in [
            &["convert", "key", file, "--out", "new.pem"][..],
            &[
                "convert", "to-pfx", "--cert", "cert.pem", "--key", file, "--out", "new.pfx",
            ],
        ] {
            scene.refuses(args, 3, &[&said[0], &said[1]]);
        }
    }
}

#[test]
fn key_where_a_certificate_is_wanted() {
    let scene = scene();
    for (file, found) in [("key.pem", "one private key"), ("csr.pem", "one CSR")] {
        let said = [
            format!("error: cannot use `{file}`"),
            format!("  caused by: it contains no certificate: {found}"),
        ];
        for args in [
            &[
                "convert", "to-pfx", "--cert", file, "--key", "key.pem", "--out", "new.pfx",
            ][..],
            &[
                "convert", "to-pfx", "--cert", "cert.pem", "--key", "key.pem", "--chain", file, "--out",
                "new.pfx",
            ],
            &[
                "convert",
                "to-pfx",
                "--cert",
                file,
                "--trust-store",
                "--out",
                "new.pfx",
            ],
        ] {
            scene.refuses(args, 3, &[&said[0], &said[1]]);
        }
    }
    let said = [
        "error: cannot use `key.pem`",
        "  caused by: it contains no certificate: …",
        "hint: it is a private key: …",
    ];
    scene.refuses(&["cert", "show", "key.pem"], 3, &said);
}

#[test]
fn key_and_certificate_that_do_not_match_are_both_named_with_their_pins() {
    let scene = scene();
    let pin = |file: &str| {
        let answer = scene
            .gsec(&["cert", "match", file, file, "--json"])
            .run()
            .ok()
            .json();
        answer["files"][0]["public_key_sha256"]
            .as_str()
            .expect("a pin")
            .to_owned()
    };
    let (own, other) = (pin("cert.pem"), pin("other_key.pem"));
    assert_ne!(own, other);
    let said = [
        "error: the private key in `other_key.pem` does not belong to the certificate in `cert.pem`"
            .to_owned(),
        format!("  caused by: public keys differ (key sha256 {other}, certificate sha256 {own})"),
        "hint: gsec cert match finds the certificate of this key".to_owned(),
    ];
    let to_pfx = [
        "convert",
        "to-pfx",
        "--cert",
        "cert.pem",
        "--key",
        "other_key.pem",
        "--out",
        "new.pfx",
    ];
    scene.refuses(&to_pfx, 3, &[&said[0], &said[1], &said[2]]);
    // What the hint says, typed: the answer is no for one of them and yes for the other.
    let answer = scene
        .gsec(&["cert", "match", "other_key.pem", "cert.pem", "other_cert.pem"])
        .run()
        .code(1);
    let pins = answer.stdout.replace(':', "").to_ascii_lowercase();
    assert!(
        pins.contains(&own) && pins.contains(&other),
        "both pins are named: {answer}"
    );
    let answer = scene
        .gsec(&[
            "cert",
            "match",
            "other_key.pem",
            "cert.pem",
            "other_cert.pem",
            "--json",
        ])
        .run()
        .code(1)
        .json();
    let matches: Vec<&serde_json::Value> = answer["files"]
        .as_array()
        .expect("files")
        .iter()
        .map(|file| &file["matches"])
        .collect();
    assert_eq!(
        (&answer["matches"], matches),
        (&false.into(), vec![&true.into(), &false.into(), &true.into()])
    );
    scene
        .gsec(&["cert", "match", "other_key.pem", "other_cert.pem"])
        .run()
        .ok();
}

/// A public key, or a CSR, says of a file whose key it is about, as a certificate does.
#[test]
fn public_key_or_csr_of_another_key_beside_a_certificate() {
    let scene = scene();
    for (key, name) in [("key.pem", "own"), ("other_key.pem", "other")] {
        scene.openssl(&["pkey", "-in", key, "-pubout", "-out", &format!("{name}.pub")]);
        let request = format!("{name}.csr");
        scene.openssl(&[
            "req",
            "-new",
            "-key",
            key,
            "-subj",
            "/CN=db1.example.com",
            "-out",
            &request,
        ]);
        for kind in ["pub", "csr"] {
            let beside = scene.read("cert.pem") + &scene.read(&format!("{name}.{kind}"));
            scene.write(&format!("{name}.{kind}.pem"), beside);
        }
    }
    for kind in ["pub", "csr"] {
        let [own, other] = ["own", "other"].map(|name| format!("{name}.{kind}.pem"));
        scene.gsec(&["cert", "match", &own, "key.pem"]).run().ok();
        let doctor = |file: &str| scene.gsec(&["doctor", file]).run();
        assert!(!doctor(&own).stdout.contains("key-mismatch"), "{}", doctor(&own));
        for files in [[&other[..], "key.pem"], ["key.pem", &other]] {
            let said = scene.gsec(&["cert", "match"]).args(&files).run().code(1);
            assert!(
                said.stdout.starts_with("They do NOT belong together\n")
                    && said.stdout.contains(&format!("OTHER key  {other}: ")),
                "{said}"
            );
        }
        let found = doctor(&other);
        assert!(
            found.stdout.contains("warning key-mismatch") && !found.stdout.contains("healthy"),
            "{found}"
        );
    }
}

#[test]
fn certificate_without_a_key_for_a_pfx() {
    let said = [
        "error: missing private key",
        "hint: pass it with `--key`, or `--trust-store` for certificates without one",
    ];
    let scene = scene();
    let to_pfx = ["convert", "to-pfx", "--cert", "cert.pem", "--out", "new.pfx"];
    scene.refuses(&to_pfx, 2, &said);
    scene.gsec(&to_pfx).args(&["--key", "key.pem"]).run().ok();
    scene.gsec(&to_pfx).args(&["--trust-store", "--force"]).run().ok();
}

#[test]
fn two_keys_where_one_is_wanted() {
    let scene = scene();
    scene.write("keys.pem", scene.read("key.pem") + &scene.read("other_key.pem"));
    scene.write(
        "all.pem",
        scene.read("keys.pem") + &scene.read("cert.pem") + &scene.read("other_cert.pem"),
    );
    let hint = "hint: split it: `gsec convert to-pem keys.pem --out-dir parts`";
    let said = [
        "error: cannot use `keys.pem`",
        "  caused by: it contains 2 private keys, expected one",
        hint,
    ];
    scene.refuses(&["convert", "key", "keys.pem", "--out", "new.pem"], 3, &said);
    for args in [
        [
            "convert", "to-pfx", "--cert", "cert.pem", "--key", "keys.pem", "--out", "new.pfx",
        ]
        .as_slice(),
        &["convert", "to-pfx", "--cert", "all.pem", "--out", "new.pfx"],
    ] {
        let refused = scene.gsec(args).run().code(3);
        let file = if args.contains(&"all.pem") {
            "all.pem"
        } else {
            "keys.pem"
        };
        assert!(
            refused.stderr.contains(&format!("`{file}`")) && refused.stderr.contains("2 private keys"),
            "file and reason are named: {refused}"
        );
        let hint = hint_of(&refused);
        assert!(
            hint.contains(&format!("`gsec convert to-pem {file} --out-dir parts`")),
            "{refused}"
        );
    }
    for args in [
        ["cert", "match", "keys.pem", "cert.pem"],
        ["cert", "match", "cert.pem", "keys.pem"],
    ] {
        // The one that belongs to the certificate counts, and the other is named.
        scene
            .gsec(&args)
            .run()
            .ok()
            .says("warning: `keys.pem` also contains 1 other private key, not compared here");
    }
    type_hint(&scene, hint, "");
    scene
        .gsec(&["convert", "key", "parts/key_priv_key.pem", "--out", "one.pem"])
        .run()
        .ok();
}

#[test]
fn several_objects_for_der() {
    let scene = scene();
    scene.write("both.pem", scene.read("cert.pem") + &scene.read("key.pem"));
    let hint = "hint: split it first: `gsec convert to-pem both.pem --out-dir parts`";
    let cause =
        "  caused by: it contains 2 (…CERTIFICATE…, …PRIVATE KEY…), and a DER file can contain only one";
    scene.refuses(
        &["convert", "to-der", "both.pem", "--out", "new.der"],
        3,
        &["error: cannot use `both.pem`", cause, hint],
    );
    type_hint(&scene, hint, "");
    scene
        .gsec(&["convert", "to-der", "parts/db1_cert.pem", "--out", "new.der"])
        .run()
        .ok();
}

#[test]
fn pkcs12_for_der() {
    let scene = scene();
    let said = [
        "error: cannot use `host.pfx`",
        "  caused by: it is a PKCS #12 file, which is already DER and contains several things",
        "hint: split it: `gsec convert to-pem host.pfx --out-dir parts`",
    ];
    scene.refuses(&["convert", "to-der", "host.pfx", "--out", "new.der"], 3, &said);
    let typed = said[2].replace("parts`", "parts --password-file right`"); // on a terminal it is asked for
    type_hint(&scene, &typed, "");
    assert!(scene.exists("parts/db1_priv_key.pem"));
}

#[test]
fn old_encrypted_key_for_der() {
    let scene = scene();
    scene.openssl(&[
        "ec",
        "-in",
        "key.pem",
        "-aes-128-cbc",
        "-passout",
        "file:right",
        "-out",
        "old.pem",
    ]);
    let said = [
        "error: cannot use `old.pem`",
        "  caused by: a key encrypted with `Proc-Type: 4,ENCRYPTED` cannot be written as DER",
        "hint: decrypt it first: `gsec convert key … --der --out key.der`, which asks for its password; scripts pass `--password-file`",
    ];
    scene.refuses(&["convert", "to-der", "old.pem", "--out", "new.der"], 3, &said);
    scene
        .gsec(&[
            "convert",
            "key",
            "old.pem",
            "--password-file",
            "right",
            "--der",
            "--out",
            "key.der",
        ])
        .run()
        .ok();
    scene.gsec(&["cert", "match", "key.der", "cert.pem"]).run().ok();
}

// Files of other programs, each with the command that turns it into one that gsec reads

/// What is said of a key wherever it is named, and the hint: the same everywhere.
#[track_caller]
fn is_foreign_key(scene: &Scene, file: &str, what: &str) -> String {
    let show = ["cert", "show", file];
    scene.refuses(
        &show,
        3,
        &[
            &format!("error: cannot use `{file}`"),
            "  caused by: it contains no certificate: …",
        ],
    );
    is_foreign_to(&READERS[..READERS.len() - 1], scene, file, what)
}

/// The same of a file that may hold certificates.
#[track_caller]
fn is_foreign(scene: &Scene, file: &str, what: &str) -> String {
    is_foreign_to(&READERS, scene, file, what)
}

#[track_caller]
fn is_foreign_to(readers: &[&[&str]], scene: &Scene, file: &str, what: &str) -> String {
    let mut hints: Vec<String> = Vec::new();
    for reader in readers {
        let before = scene.tree();
        let refused = scene.gsec(&reading(reader, file)).run().code(3);
        let lines: Vec<&str> = refused.stderr.lines().collect();
        assert_eq!(
            (lines[0], lines.len()),
            (format!("error: cannot use `{file}`").as_str(), 3),
            "{refused}"
        );
        assert!(
            reads_as(lines[1], &format!("  caused by: …it is {what}…")),
            "{refused}"
        );
        is_harmless(&refused);
        scene.tree().is_unchanged_since(&before);
        let json = scene
            .gsec(&reading(reader, file))
            .args(&["--json"])
            .run()
            .code(3)
            .error();
        assert_eq!(
            Some(json["hints"][0].as_str().expect("a hint")),
            lines[2].strip_prefix("hint: "),
            "{refused}"
        );
        hints.push(lines[2].to_owned());
    }
    hints.dedup();
    assert_eq!(hints.len(), 1, "{hints:?}");
    hints.remove(0)
}

/// Runs what stands first in backticks in a hint, in a shell without a terminal, so that questions are answered from `input`.
#[track_caller]
fn type_hint(scene: &Scene, hint: &str, input: &str) {
    let command = hint
        .split('`')
        .nth(1)
        .unwrap_or_else(|| panic!("no command in backticks: {hint}"));
    let here = std::path::Path::new(env!("CARGO_BIN_EXE_gsec"))
        .parent()
        .expect("a folder")
        .to_str()
        .expect("UTF-8")
        .to_owned();
    let path = format!("{here}:{}", std::env::var("PATH").unwrap_or_default());
    println!("$ {command}");
    tool("setsid")
        .args(&["-w", "sh", "-c", &format!("umask 022; {command}")])
        .env("PATH", &path)
        .stdin(input)
        .in_dir(scene.dir.path(""))
        .run()
        .ok();
}

#[track_caller]
fn hint_of(refused: &Outcome) -> &str {
    refused
        .stderr
        .lines()
        .find(|line| line.starts_with("hint: "))
        .unwrap_or_else(|| panic!("no hint: {refused}"))
}

/// Asserts that a file holds the key of a certificate, for its owner alone.
#[track_caller]
fn holds_the_key_of(scene: &Scene, file: &str, certificate: &str, flags: &[&str]) {
    use std::os::unix::fs::PermissionsExt;
    let is_closed = |path: &std::path::Path| {
        let metadata = std::fs::metadata(scene.dir.path(path.to_str().expect("UTF-8"))).expect("a file");
        metadata.permissions().mode() & 0o077 == 0
    };
    let file_and_folder = std::path::Path::new(file).ancestors();
    let mut own = file_and_folder.filter(|path| !path.as_os_str().is_empty());
    let bytes = scene.read_bytes(file);
    let text = String::from_utf8_lossy(&bytes);
    let is_public = text.contains("CERTIFICATE") && !text.contains("PRIVATE KEY");
    assert!(is_public || own.any(is_closed), "others can read {file}");
    scene
        .gsec(&["cert", "match", file, certificate])
        .args(flags)
        .run()
        .ok();
}

#[test]
fn openssh_key_of_a_curve() {
    openssh_key("-t ecdsa", "id key");
}

#[test]
fn openssh_key_of_rsa() {
    openssh_key("-t rsa -b 2048", "id_rsa");
}

/// What most people have; `ssh-keygen` writes it in no other format, so gsec reads it. Under a passphrase, taking that away is enough.
#[test]
fn openssh_key_of_ed25519() {
    let scene = scene();
    for (name, passphrase) in [("id_plain", ""), ("id_locked", "correct horse")] {
        tool("ssh-keygen")
            .args(&["-q", "-N", passphrase, "-f", name, "-t", "ed25519"])
            .in_dir(scene.dir.path(""))
            .run()
            .ok();
    }
    scene
        .gsec(&["convert", "key", "id_plain", "--out", "plain.pem"])
        .run()
        .ok();
    let hint = is_foreign_key(&scene, "id_locked", "a private key in OpenSSH format");
    type_hint(&scene, &hint, "correct horse\n\n\n");
    scene
        .gsec(&["convert", "key", "new.pem", "--out", "read.pem"])
        .run()
        .ok();
}

#[track_caller]
fn openssh_key(kind: &str, name: &str) {
    let scene = scene();
    let kind: Vec<&str> = kind.split(' ').collect();
    tool("ssh-keygen")
        .args(&["-q", "-N", "", "-f", name])
        .args(&kind)
        .in_dir(scene.dir.path(""))
        .run()
        .ok();
    let before = scene.read(name);
    assert!(
        before.starts_with("-----BEGIN OPENSSH PRIVATE KEY-----"),
        "{name}"
    );
    let hint = is_foreign_key(&scene, name, "a private key in OpenSSH format");
    type_hint(&scene, &hint, "\n\n"); // no passphrase, twice
    scene
        .gsec(&["convert", "key", "new.pem", "--out", "read.pem"])
        .run()
        .ok();
    assert_eq!(scene.read(name), before, "the key itself stays as it is");
}

/// `ssh-keygen` does not touch a key that others can read.
#[test]
fn openssh_key_that_others_can_read() {
    let scene = scene();
    tool("ssh-keygen")
        .args(&["-q", "-N", "", "-f", "id", "-t", "ecdsa"])
        .in_dir(scene.dir.path(""))
        .run()
        .ok();
    scene.chmod("id", 0o644);
    let hint = is_foreign_key(&scene, "id", "a private key in OpenSSH format");
    type_hint(&scene, &hint, "\n\n");
    scene
        .gsec(&["convert", "key", "new.pem", "--out", "read.pem"])
        .run()
        .ok();
}

#[test]
fn dsa_key() {
    let scene = scene();
    // The old form by hand: OpenSSL 3 writes it no more. version, p, q, g, public, private
    scene.openssl(&["dsaparam", "-genkey", "-noout", "-out", "dsa8.pem", "1024"]);
    let text = scene
        .openssl(&["pkey", "-in", "dsa8.pem", "-text", "-noout"])
        .stdout;
    let number = |name: &str| {
        let digits: String = text
            .lines()
            .skip_while(|line| !line.trim_start().starts_with(name))
            .skip(1)
            .take_while(|line| line.starts_with("    "))
            .collect();
        let digits: String = digits.chars().filter(char::is_ascii_hexdigit).collect();
        common::der_writer::integer(&gsec_pki::encoding::hex::decode(&digits).expect("hexadecimal"))
    };
    let der = sequence(&[
        common::der_writer::number(0),
        number("P:"),
        number("Q:"),
        number("G:"),
        number("pub:"),
        number("priv:"),
    ]);
    scene.write(
        "dsa.pem",
        gsec_pki::encoding::pem::encode("DSA PRIVATE KEY", &der),
    );
    let hint = is_foreign_key(&scene, "dsa.pem", "a DSA private key in OpenSSL's old format");
    type_hint(&scene, &hint, "correct horse\ncorrect horse\n");
    let read = scene
        .gsec(&[
            "convert",
            "key",
            "new.pem",
            "--password-file",
            "right",
            "--out",
            "read.pem",
        ])
        .run()
        .ok();
    assert!(read.stdout.contains("DSA"), "{read}");
}

#[test]
fn pvk_key() {
    let scene = scene();
    scene.openssl(&[
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=r",
        "-keyout",
        "rsa.pem",
        "-out",
        "rsa_cert.pem",
    ]);
    scene.openssl(&[
        "rsa",
        "-in",
        "rsa.pem",
        "-outform",
        "PVK",
        "-pvk-none",
        "-out",
        "key.pvk",
    ]);
    type_hint(
        &scene,
        &is_foreign(&scene, "key.pvk", "a private key in Microsoft's PVK format"),
        "",
    );
    holds_the_key_of(&scene, "new.pem", "rsa_cert.pem", &[]);
}

/// No `puttygen` here: the command is for people to judge.
#[test]
fn putty_key() {
    let scene = scene();
    for version in [2, 3] {
        scene.write(
            "id.ppk",
            format!("PuTTY-User-Key-File-{version}: ecdsa-sha2-nistp256\r\nEncryption: none\r\n"),
        );
        let hint = is_foreign(&scene, "id.ppk", "a private key in PuTTY format");
        assert_eq!(hint, "hint: `puttygen id.ppk -O private-openssh -o new.pem`");
    }
}

#[test]
fn java_key_store() {
    let scene = scene();
    let import = [
        "-importkeystore",
        "-srckeystore",
        "host.pfx",
        "-srcstorepass:file",
        "right",
        "-deststorepass:file",
        "right",
    ];
    let keytool = |args: &[&str]| {
        java_tool("keytool")
            .args(args)
            .in_dir(scene.dir.path(""))
            .run()
            .ok()
    };
    keytool(&with(
        &import,
        &["-destkeystore", "store.jks", "-deststoretype", "JKS"],
    ));
    let hint = is_foreign(&scene, "store.jks", "a Java key store (JKS)");
    // Destination twice, then source.
    type_hint(&scene, &hint, &"correct horse\n".repeat(3));
    holds_the_key_of(&scene, "new.p12", "cert.pem", &["--password-file", "right"]);
}

/// Whatever a certificate is packed in: the hint gets it out, and leaves what is there.
#[test]
fn what_is_packed_is_named_and_comes_out_by_the_hint() {
    let packers = [
        ("a.gz", "gzip -c cert.pem > a.gz", "compressed by gzip", "new.out"),
        (
            "a.bz2",
            "bzip2 -c cert.pem > a.bz2",
            "compressed by bzip2",
            "new.out",
        ),
        ("a.xz", "xz -c cert.pem > a.xz", "compressed by xz", "new.out"),
        ("a.zip", "zip -q a.zip cert.pem", "a ZIP archive", "new/cert.pem"),
        (
            "stored.zip",
            "zip -q0 stored.zip cert.pem",
            "a ZIP archive",
            "new/cert.pem",
        ),
        ("a.tar", "tar -cf a.tar cert.pem", "a tar archive", "new/cert.pem"),
        (
            "once.b64",
            "base64 cert.pem > once.b64",
            "base64-encoded PEM",
            "new.pem",
        ),
        (
            "secret.yaml",
            "printf 'apiVersion: v1\\nkind: Secret\\ndata:\\n  tls.crt: %s\\n  tls.key: %s\\n' $(base64 -w0 cert.pem) $(base64 -w0 key.pem) > secret.yaml",
            "text with base64-encoded PEM in it",
            "new.pem",
        ),
        (
            "wrapped.yaml",
            "(printf 'data:\\n  tls.crt: |\\n'; base64 -w64 cert.pem | sed 's/^/    /'; printf '  tls.key: >-\\n'; base64 -w76 key.pem | sed 's/^/    /'; echo 'kind: Secret') > wrapped.yaml",
            "text with base64-encoded PEM in it",
            "new.pem",
        ),
        (
            "kubeconfig.json",
            "printf '{\"certificate-authority-data\":\"%s\",\"client-key-data\":\"%s\"}' $(head -c -1 cert.pem | base64 -w0) $(base64 -w0 key.pem) > kubeconfig.json",
            "text with base64-encoded PEM in it",
            "new.pem",
        ),
        (
            "signed.asc",
            "(printf -- '-----BEGIN PGP SIGNED MESSAGE-----\\nHash: SHA256\\n\\n'; sed 's/^-/- -/' cert.pem; printf -- '-----BEGIN PGP SIGNATURE-----\\n\\niQ==\\n=AAAA\\n-----END PGP SIGNATURE-----\\n') > signed.asc",
            "a PGP message",
            "",
        ),
    ];
    for (file, pack, what, out) in packers {
        let scene = scene();
        tool("sh")
            .args(&["-c", pack])
            .in_dir(scene.dir.path(""))
            .run()
            .ok();
        let before = scene.read_bytes(file);
        let hint = is_foreign(&scene, file, what);
        if out.is_empty() {
            continue;
        }
        type_hint(&scene, &hint, "");
        assert_eq!(scene.read_bytes(file), before, "{file}");
        holds_the_key_of(&scene, out, "key.pem", &[]);
    }
}

#[test]
fn keys_of_ssh_and_of_pgp_are_called_so() {
    let scene = scene();
    tool("sh")
        .args(&[
            "-c",
            "ssh-keygen -q -t ecdsa -N '' -f id && ssh-keygen -e -m RFC4716 -f id > rfc4716.pub",
        ])
        .in_dir(scene.dir.path(""))
        .run()
        .ok();
    for file in ["id.pub", "rfc4716.pub"] {
        type_hint(&scene, &is_foreign(&scene, file, "a public key of SSH"), "");
        scene.openssl(&["pkey", "-pubin", "-in", "new.pem", "-noout"]);
        std::fs::remove_file(scene.dir.path("new.pem")).expect("written");
        let _ = std::fs::remove_file(scene.dir.path("new.out"));
    }
    scene.write(
        "key.asc",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: GnuPG v2\n\nmQENBFxxxxxxxxxx\n=Abcd\n-----END PGP PUBLIC KEY BLOCK-----\n",
    );
    is_foreign(&scene, "key.asc", "a PGP block");
    scene.write(
        "page.pem",
        "\n<!DOCTYPE HTML>\n<html><body>Not found</body></html>\n",
    );
    is_foreign(&scene, "page.pem", "an HTML page");
}

/// OpenSSL takes the first line of a password file alone.
#[test]
fn second_line_of_a_password_file_is_told_where_the_password_is_wrong() {
    let scene = scene();
    scene.write("lines", "correct horse\nold password\n");
    let refused = scene
        .gsec(&["cert", "show", "host.pfx", "--password-file", "lines"])
        .run()
        .code(3);
    assert!(
        refused.stderr.contains("the password has several lines"),
        "{refused}"
    );
    scene.openssl(&[
        "pkcs12",
        "-in",
        "host.pfx",
        "-passin",
        "file:lines",
        "-nokeys",
        "-out",
        "out.pem",
    ]);
}

#[test]
fn pkcs7_as_text() {
    pkcs7("PEM");
}

#[test]
fn pkcs7_as_der() {
    pkcs7("DER");
}

#[track_caller]
fn pkcs7(form: &str) {
    let scene = scene();
    scene.openssl(&[
        "crl2pkcs7",
        "-nocrl",
        "-certfile",
        "cert.pem",
        "-certfile",
        "other_cert.pem",
        "-outform",
        form,
        "-out",
        "some certs.p7b",
    ]);
    type_hint(
        &scene,
        &is_foreign(&scene, "some certs.p7b", "a PKCS #7 file"),
        "",
    );
    let read = scene
        .gsec(&["convert", "to-pem", "certs.pem", "--out", "read.pem", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(read["certificates"], 2);
}

#[test]
fn text_in_utf_16() {
    for (form, mark) in [("UTF-16LE", &b"\xff\xfe"[..]), ("UTF-16BE", b"\xfe\xff")] {
        let scene = scene();
        let text = tool("iconv")
            .args(&["-f", "UTF-8", "-t", form])
            .stdin(scene.read("key.pem").replace('\n', "\r\n"))
            .run()
            .ok();
        scene.write("it's wide.pem", [mark, &text.stdout_bytes].concat());
        type_hint(&scene, &is_foreign(&scene, "it's wide.pem", "UTF-16 text"), "");
        holds_the_key_of(&scene, "new.pem", "cert.pem", &[]);
    }
}

#[test]
fn base64_without_boundaries() {
    for line_end in ["\n", "\r\n"] {
        let scene = scene();
        let text: String = scene
            .read("key.pem")
            .lines()
            .filter(|line| !line.starts_with('-'))
            .map(|line| format!("{line}{line_end}"))
            .collect();
        scene.write("bare.txt", text);
        type_hint(
            &scene,
            &is_foreign(&scene, "bare.txt", "base64 without PEM boundaries"),
            "",
        );
        holds_the_key_of(&scene, "new.der", "cert.pem", &[]);
    }
}

/// Base64 with blanks in it, as it comes from a form or a settings file.
#[test]
fn base64_in_one_line_with_blanks() {
    let scene = scene();
    let key = scene.read("key.pem");
    let lines: Vec<&str> = key.lines().filter(|line| !line.starts_with('-')).collect();
    scene.write("bare.txt", lines.join(" \t"));
    type_hint(
        &scene,
        &is_foreign(&scene, "bare.txt", "base64 without PEM boundaries"),
        "",
    );
    holds_the_key_of(&scene, "new.der", "cert.pem", &[]);
    // What base64 -d would not decode to the end, or decode to something else.
    for (text, cause) in [
        (
            lines.concat().trim_end_matches('=').to_owned() + "A",
            "it is neither PEM nor DER",
        ),
        (
            key.replace("-----", "").replace('\n', " "),
            "it is neither PEM nor DER",
        ),
    ] {
        scene.write("bare.txt", text);
        no_reader_takes(&scene, "bare.txt", cause);
    }
}

/// The hyphens of the boundaries were lost, or replaced by other marks.
#[test]
fn boundaries_without_hyphens() {
    for marks in ["", "=====", "*****", "_____"] {
        for line_end in ["\n", "\r\n"] {
            for before in ["", "a note\n\n"] {
                let scene = scene();
                let key = scene.read("key.pem").replace("-----", marks);
                scene.write("bare.pem", before.to_owned() + &key.replace('\n', line_end));
                let cause = format!(
                    "line {}: the boundary must have five hyphens on each side",
                    before.lines().count() + 1
                );
                let hint = "hint: `(umask 077; LC_ALL=C sed …)`";
                no_reader_takes_and_all_say(&scene, "bare.pem", &cause, &[hint]);
                let refused = scene.gsec(&["convert", "key", "bare.pem"]).run().code(3);
                type_hint(&scene, hint_of(&refused), "");
                holds_the_key_of(&scene, "new.pem", "cert.pem", &[]);
            }
        }
    }
    let scene = scene();
    // Not only where all boundaries are like this; and a heading over a block is none.
    let (key, certificate) = (scene.read("key.pem"), scene.read("cert.pem"));
    let line = certificate.lines().count() + 1;
    scene.write("second.pem", certificate.clone() + &key.replace("-----", ""));
    no_reader_takes_and_all_say(
        &scene,
        "second.pem",
        &format!("line {line}: the boundary must have five hyphens on each side"),
        &["hint: `(umask 077; LC_ALL=C sed …)`"],
    );
    scene.write("titled.pem", "BEGIN CERTIFICATE\n".to_owned() + &certificate);
    scene.gsec(&["cert", "show", "titled.pem"]).run().ok();
}

#[test]
fn curve_that_is_spelt_out_and_none_of_nist_s() {
    let scene = scene();
    let flags = [
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:brainpoolP256r1",
        "-pkeyopt",
        "ec_param_enc:explicit",
    ];
    scene.openssl(&with(&["genpkey", "-out", "explicit.pem"], &flags));
    let refused = scene
        .gsec(&["convert", "key", "explicit.pem", "--out", "read.pem"])
        .run()
        .code(3);
    assert!(refused.stderr.contains("curve"), "{refused}");
    type_hint(&scene, hint_of(&refused), "");
    scene
        .gsec(&["convert", "key", "new.pem", "--out", "read.pem"])
        .run()
        .ok();
}

#[test]
fn key_that_is_encrypted_in_a_way_that_is_not_read() {
    let scene = scene();
    for (cipher, name) in [
        ("camellia256", "Camellia-256-CBC"),
        ("aria256", "ARIA-256-CBC"),
        ("seed-cbc", "SEED-CBC"),
        ("bf-cbc", "Blowfish-CBC"),
    ] {
        let providers = ["-provider", "legacy", "-provider", "default"];
        let encrypt = [
            "pkcs8",
            "-topk8",
            "-in",
            "key.pem",
            "-v2",
            cipher,
            "-passout",
            "file:right",
            "-out",
            "odd.pem",
        ];
        scene.openssl(&with(&encrypt, &providers));
        scene.openssl(&with(
            &[
                "pkcs8",
                "-topk8",
                "-in",
                "key.pem",
                "-v2",
                cipher,
                "-passout",
                "file:right",
                "-outform",
                "DER",
                "-out",
                "odd.der",
            ],
            &providers,
        ));
        for (file, place) in [("odd.pem", "PEM block at line 1: "), ("odd.der", "")] {
            let call = [
                "convert",
                "key",
                file,
                "--password-file",
                "right",
                "--out",
                "read.pem",
            ];
            let cause = format!(
                "  caused by: {place}the private key is encrypted as {name}, which gsec does not support"
            );
            scene.refuses(
                &call,
                3,
                &[&format!("error: cannot use `{file}`"), &cause, "hint: …"],
            );
            let refused = scene.gsec(&call).run();
            let to_pfx = [
                "convert",
                "to-pfx",
                "--cert",
                "cert.pem",
                "--key",
                file,
                "--password-file",
                "right",
                "--out",
                "new.pfx",
            ];
            assert_eq!(
                hint_of(&scene.gsec(&to_pfx).run().code(3)),
                hint_of(&refused),
                "the same hint everywhere"
            );
            type_hint(&scene, hint_of(&refused), &"correct horse\n".repeat(3)); // the old one, the new one twice
            holds_the_key_of(&scene, "new.pem", "cert.pem", &["--password-file", "right"]);
        }
    }
}

#[test]
fn pfx_that_is_encrypted_in_a_way_that_is_not_read() {
    let scene = scene();
    let export = [
        "pkcs12",
        "-export",
        "-in",
        "cert.pem",
        "-inkey",
        "key.pem",
        "-passout",
        "file:right",
        "-out",
        "odd.pfx",
    ];
    scene.openssl(&with(&export, &["-keypbe", "camellia-256-cbc"]));
    let call = [
        "convert",
        "to-pem",
        "odd.pfx",
        "--password-file",
        "right",
        "--out",
        "read.pem",
    ];
    let cause =
        "  caused by: its private key: it is protected with Camellia-256-CBC, which gsec does not support";
    scene.refuses(
        &call,
        3,
        &[
            "error: cannot use `odd.pfx`",
            cause,
            "hint: another program may read it: …",
        ],
    );
    let refused = scene.gsec(&call).run().code(3);
    type_hint(&scene, hint_of(&refused), &"correct horse\n".repeat(3)); // the old one, the new one twice
    holds_the_key_of(&scene, "new.pem", "cert.pem", &["--password-file", "right"]);
    let second = hint_of(&refused)
        .split('`')
        .nth(3)
        .expect("a second command")
        .replace("gsec ", "");
    let second: Vec<&str> = second.split(' ').collect();
    scene.gsec(&second).args(&["--password-file", "right"]).run().ok();
    holds_the_key_of(&scene, "new.pfx", "cert.pem", &[]);
}

#[test]
fn pfx_with_two_passwords() {
    let scene = scene();
    scene
        .gsec(&["convert", "to-der", "cert.pem", "--out", "cert.der"])
        .run()
        .ok();
    let safe = sequence(&[encrypted_bags(
        &[certificate_bag(&scene.read_bytes("cert.der"))],
        "battery staple",
    )]);
    scene.write(
        "two.pfx",
        pfx(&safe, Some(sound_mac(&safe, "correct horse", &[7; 8]))),
    );
    let call = [
        "convert",
        "to-pem",
        "two.pfx",
        "--password-file",
        "right",
        "--out",
        "read.pem",
    ];
    let cause = "  caused by: the password matches the MAC, but cannot decrypt an encrypted part (…): that \
     part has a separate password, or the file is damaged";
    scene.refuses(
        &call,
        3,
        &[
            "error: cannot use `two.pfx`",
            cause,
            "hint: `openssl pkcs12 -twopass -in two.pfx -out new.pem` asks for both passwords",
        ],
    );
    type_hint(
        &scene,
        hint_of(&scene.gsec(&call).run()),
        "correct horse\nbattery staple\n",
    );
    scene.gsec(&["cert", "show", "new.pem"]).run().ok();
}

/// A file that came through a pipe is gone: what to type must not name it.
#[test]
fn foreign_file_on_standard_input_has_no_hint_that_names_it() {
    let scene = scene();
    scene.write("id.ppk", "PuTTY-User-Key-File-3: ecdsa-sha2-nistp256\r\n");
    scene.write("both.pem", scene.read("cert.pem") + &scene.read("key.pem"));
    scene.write("keys.pem", scene.read("key.pem") + &scene.read("other_key.pem"));
    for (command, file) in [
        ("key", "id.ppk"),
        ("key", "keys.pem"),
        ("to-der", "both.pem"),
        ("to-der", "host.pfx"),
    ] {
        let refused = scene
            .gsec(&["convert", command, "-", "--out", "new"])
            .stdin(scene.read_bytes(file))
            .run()
            .code(3);
        assert!(refused.stderr.starts_with("error: cannot use "), "{refused}");
        assert!(
            !refused.stderr.contains("./-"),
            "there is no such file: {refused}"
        );
    }
}

// Passwords

#[test]
fn pfx_without_or_with_a_wrong_password() {
    let scene = scene();
    let cause = "  caused by: wrong password, or the file is damaged: its MAC (HMAC-SHA-256, PKCS #12 key \
     derivation, 2048 iterations) does not match";
    let give = "hint: pass its password with `--password-file`, `--password-env` or `--password-stdin`";
    let other = "hint: check for a trailing space, and that the password belongs to this file";
    for reader in READERS.iter().filter(|reader| !reader.contains(&"to-der")) {
        let call = reading(reader, "host.pfx");
        scene.refuses(
            &call,
            3,
            &[
                "error: cannot use `host.pfx`",
                "  caused by: it needs a password, and none was given",
                give,
            ],
        );
        scene.refuses(
            &with(&call, &["--password-file", "wrong"]),
            3,
            &["error: cannot use `host.pfx`", cause, other],
        );
        scene.refuses_with(
            &with(&call, &["--password-stdin"]),
            |call| call.stdin("x\n"),
            3,
            &["error: cannot use `host.pfx`", cause, other],
        );
        scene.refuses_with(
            &with(&call, &["--password-env", "P"]),
            |call| call.env("P", "x"),
            3,
            &["error: cannot use `host.pfx`", cause, other],
        );
        scene.refuses(
            &with(&call, &["--password-file", "nosuch"]),
            3,
            &[
                "error: cannot read `nosuch`: no such file or directory",
                "hint: is the name right? `ls -l` shows what is here",
            ],
        );
        scene.refuses(
            &with(&call, &["--password-env", "NO_SUCH"]),
            3,
            &[
                "error: environment variable `NO_SUCH` is not set",
                "hint: a variable of a shell must be exported…",
            ],
        );
        scene.write("latin1", b"p\xe4ss");
        scene.refuses(
            &with(&call, &["--password-file", "latin1"]),
            3,
            &["error: the password is neither UTF-8 nor UTF-16"],
        );
        let both = "the argument '--password-file <FILE>' cannot be used with '--password-stdin'";
        scene.does_not_understand(
            &with(&call, &["--password-file", "right", "--password-stdin"]),
            both,
        );
    }
}

#[test]
fn encrypted_key_without_or_with_a_wrong_password() {
    let scene = scene();
    scene.openssl(&[
        "pkcs8",
        "-topk8",
        "-in",
        "key.pem",
        "-iter",
        "1",
        "-passout",
        "file:right",
        "-out",
        "locked.pem",
    ]);
    scene.openssl(&[
        "ec",
        "-in",
        "key.pem",
        "-aes-128-cbc",
        "-passout",
        "file:right",
        "-out",
        "old.pem",
    ]);
    let give = "hint: pass its password with `--password-file`, `--password-env` or `--password-stdin`";
    for file in ["locked.pem", "old.pem"] {
        let call = ["convert", "key", file, "--out", "new.pem"];
        let used = format!("error: cannot use `{file}`");
        scene.refuses(&call, 3, &[&used, "  caused by: PEM block at line 1: …", give]);
        let wrong = "  caused by: PEM block at line 1: wrong password, or the file is damaged";
        scene.refuses(
            &with(&call, &["--password-file", "wrong"]),
            3,
            &[&used, wrong, "hint: check for a trailing space…"],
        );
    }
}

#[test]
fn passwords_that_cannot_be_written() {
    let scene = scene();
    let to_pfx = [
        "convert", "to-pfx", "--cert", "cert.pem", "--key", "key.pem", "--out", "new.pfx",
    ];
    let beyond = ["error: the password contains a character beyond U+FFFF, which PKCS #12 cannot represent"];
    scene.refuses_with(
        &with(&to_pfx, &["--pfx-password-stdin"]),
        |call| call.stdin("a\u{1f600}"),
        3,
        &beyond,
    );
    let name = ["error: the friendly name contains a character that PKCS #12 cannot represent: `\u{1f600}`"];
    scene.refuses(&with(&to_pfx, &["--friendly-name", "a\u{1f600}"]), 3, &name);
    scene.refuses(
        &with(&to_pfx, &["--friendly-name", ""]),
        3,
        &["error: the friendly name has 0 characters, and must have 1 to 255"],
    );
    scene.write("empty", "");
    let key = ["convert", "key", "key.pem", "--out", "new.pem"];
    let empty = [
        "error: the new password is empty and would protect nothing",
        "hint: leave it out to write the key unencrypted",
    ];
    scene.refuses(&with(&key, &["--new-password-file", "empty"]), 2, &empty);
    scene.refuses_with(
        &with(&key, &["--new-password-stdin"]),
        |call| call.stdin("\n"),
        2,
        &empty,
    );
    scene.refuses_with(
        &with(&key, &["--new-password-env", "P"]),
        |call| call.env("P", ""),
        2,
        &empty,
    );
    let old_form = [
        "error: `--key-format pkcs1` has no secure encryption",
        "hint: leave it out: PKCS #8 has one",
    ];
    scene.refuses(
        &with(&key, &["--key-format", "pkcs1", "--new-password-file", "right"]),
        2,
        &old_form,
    );
    scene
        .gsec(&with(&key, &["--new-password-file", "right"]))
        .run()
        .ok();
}

#[test]
fn key_without_an_old_form() {
    let scene = scene();
    let said = [
        "error: cannot use `ed25519.pem`",
        "  caused by: Ed25519 keys can only be written as PKCS #8",
    ];
    for command in ["key", "to-pem"] {
        scene.refuses(
            &[
                "convert",
                command,
                "ed25519.pem",
                "--key-format",
                "pkcs1",
                "--out",
                "new.pem",
            ],
            3,
            &said,
        );
    }
    scene.refuses(
        &[
            "convert",
            "to-pem",
            "ed25519.pem",
            "--key-format",
            "pkcs1",
            "--out-dir",
            "new",
        ],
        3,
        &said,
    );
    assert!(!scene.exists("new"), "no folder without files");
}

// Outputs

/// Every way of writing one file; `OUT` stands for it.
const WRITERS: [&[&str]; 5] = [
    &[
        "convert",
        "to-pem",
        "host.pfx",
        "--password-file",
        "right",
        "--out",
        "OUT",
    ],
    &["convert", "to-der", "cert.pem", "--out", "OUT"],
    &["convert", "key", "key.pem", "--out", "OUT"],
    &[
        "convert",
        "key",
        "key.pem",
        "--der",
        "--new-password-file",
        "right",
        "--out",
        "OUT",
    ],
    &[
        "convert", "to-pfx", "--cert", "cert.pem", "--key", "key.pem", "--out", "OUT",
    ],
];

fn writing<'a>(writer: &[&'a str], out: &'a str) -> Vec<&'a str> {
    writer
        .iter()
        .map(|arg| if *arg == "OUT" { out } else { arg })
        .collect()
}

#[test]
fn output_that_exists_is_replaced_with_force_only() {
    let scene = scene();
    for writer in WRITERS {
        scene.write("taken", "something");
        let call = writing(writer, "taken");
        scene.refuses(
            &call,
            3,
            &[
                "error: `taken` already exists",
                "hint: choose another path, or pass `--force` to replace it",
            ],
        );
        scene.gsec(&call).args(&["--force"]).run().ok();
        assert_ne!(scene.read_bytes("taken"), b"something");
    }
    let split = [
        "convert",
        "to-pem",
        "host.pfx",
        "--password-file",
        "right",
        "--out-dir",
        "apart",
    ];
    scene.gsec(&split).run().ok();
    let whole = scene.tree();
    for [name, other] in [
        ["apart/db1_cert.pem", "apart/db1_priv_key.pem"],
        ["apart/db1_priv_key.pem", "apart/db1_cert.pem"],
    ] {
        scene.refuses(
            &split,
            3,
            &[
                "error: `apart/…` already exists",
                "hint: choose another path, or pass `--force` to replace it",
            ],
        );
        std::fs::remove_file(scene.dir.path(name)).expect("it was there");
        // Just as it would be written: a call that was cut off wrote it, and this one writes the rest.
        scene.gsec(&split).run().ok();
        scene.tree().is_unchanged_since(&whole);
        std::fs::remove_file(scene.dir.path(name)).expect("it was there");
        scene.write(other, "something");
        // One with other content is in the way, and nothing is written beside it.
        scene.refuses(
            &split,
            3,
            &[
                "error: `apart/…` already exists",
                "hint: choose another path, or pass `--force` to replace it",
            ],
        );
        scene.gsec(&split).args(&["--force"]).run().ok();
        scene.tree().is_unchanged_since(&whole);
    }
}

/// Input and output may be the same file, with `--force`; without, or when the input cannot be read, it stays.
#[test]
fn output_in_the_place_of_its_input() {
    let scene = scene();
    let call = [
        "convert",
        "key",
        "key.pem",
        "--key-format",
        "pkcs1",
        "--out",
        "key.pem",
    ];
    scene.refuses(
        &call,
        3,
        &["error: `key.pem` already exists", "hint: …`--force`…"],
    );
    let wrong = [
        "convert",
        "to-pem",
        "host.pfx",
        "--password-file",
        "wrong",
        "--out",
        "host.pfx",
        "--force",
    ];
    scene.refuses(
        &wrong,
        3,
        &[
            "error: cannot use `host.pfx`",
            "  caused by: wrong password, …",
            "hint: check for a trailing space…",
        ],
    );
    scene.gsec(&call).args(&["--force"]).run().ok();
    holds_the_key_of(&scene, "key.pem", "cert.pem", &[]);
}

#[test]
fn output_folder_that_is_missing() {
    let scene = scene();
    for writer in WRITERS {
        for flags in [&[][..], &["--force"]] {
            let call = with(&writing(writer, "nowhere/out"), flags);
            scene.refuses(
                &call,
                3,
                &[
                    "error: cannot write into `nowhere`: no such file or directory",
                    "hint: create the directory first: `mkdir -p nowhere`",
                ],
            );
        }
    }
    let split = ["convert", "to-pem", "cert.pem", "--out-dir", "nowhere/apart"];
    scene.refuses(
        &split,
        3,
        &["error: cannot create `nowhere/apart`: no such file or directory"],
    );
}

#[test]
fn output_that_is_a_folder() {
    let scene = scene();
    std::fs::create_dir(scene.dir.path("folder")).expect("a new directory");
    for writer in WRITERS {
        for flags in [&[][..], &["--force"]] {
            scene.refuses(
                &with(&writing(writer, "folder"), flags),
                3,
                &["error: cannot write `folder`: is a directory"],
            );
        }
    }
}

#[test]
fn output_folder_that_is_a_file() {
    let scene = scene();
    for flags in [&[][..], &["--force"]] {
        let call = with(&["convert", "to-pem", "cert.pem", "--out-dir", "key.pem"], flags);
        scene.refuses(
            &call,
            3,
            &[
                "error: cannot write into `key.pem`: not a directory",
                "hint: `key.pem` is a file: pass a directory in its place",
            ],
        );
    }
}

#[test]
fn output_below_a_file() {
    let scene = scene();
    for writer in WRITERS {
        let refused = scene.gsec(&writing(writer, "cert.pem/out")).run().code(3);
        assert!(
            refused.stderr.contains("cert.pem") && refused.stderr.contains("not a directory"),
            "{refused}"
        );
    }
}

#[test]
fn out_and_out_dir_exclude_each_other() {
    let call = [
        "convert",
        "to-pem",
        "cert.pem",
        "--out",
        "new.pem",
        "--out-dir",
        "new",
    ];
    scene().does_not_understand(
        &call,
        "the argument '--out <FILE>' cannot be used with '--out-dir <DIR>'",
    );
}

#[test]
fn json_leaves_no_room_for_a_result_on_standard_output() {
    let scene = scene();
    for writer in WRITERS {
        for out in ["-", "/dev/stdout"] {
            let error = scene
                .gsec(&writing(writer, out))
                .args(&["--json"])
                .run()
                .code(2)
                .error();
            assert_eq!(
                error["message"],
                "both the result and the document of `--json` would go to standard output"
            );
            assert_eq!(error["hints"][0], "pass a file with `--out`");
            assert_eq!(error["code"], "usage");
        }
    }
    for command in ["to-pem", "to-der", "key"] {
        scene
            .gsec(&["convert", command, "key.pem", "--json"])
            .run()
            .code(2)
            .error();
    }
}

#[test]
fn standard_input_gives_one_thing_only() {
    let scene = scene();
    let said = [
        "error: standard input can provide only one value",
        "hint: put the other one in a file",
    ];
    let out = ["--out", "new"];
    for call in [
        &["convert", "to-pem", "-", "--password-stdin"][..],
        &["convert", "to-pem", "-", "--password-file", "-"],
        &["convert", "key", "-", "--password-stdin"],
        &["convert", "key", "-", "--new-password-stdin"],
        &[
            "convert",
            "key",
            "key.pem",
            "--password-stdin",
            "--new-password-stdin",
        ],
        &["convert", "to-pfx", "--cert", "-", "--key", "-"],
        &["convert", "to-pfx", "--cert", "-", "--chain", "-"],
        &[
            "convert",
            "to-pfx",
            "--cert",
            "cert.pem",
            "--key",
            "-",
            "--password-stdin",
        ],
        &[
            "convert", "to-pfx", "--cert", "cert.pem", "--chain", "-", "--chain", "-",
        ],
        &[
            "convert",
            "to-pfx",
            "--cert",
            "cert.pem",
            "--key",
            "key.pem",
            "--password-stdin",
            "--pfx-password-stdin",
        ],
        &["convert", "to-pfx", "--cert", "-", "--pfx-password-file", "-"],
    ] {
        scene.refuses(&with(call, &out), 2, &said);
    }
    for call in [
        &["cert", "match", "-", "-"][..],
        &["cert", "match", "-", "cert.pem", "--password-stdin"],
        &["cert", "show", "-", "--password-stdin"],
    ] {
        scene.refuses(call, 2, &said);
    }
}

// Command lines

#[test]
fn command_lines_that_are_not_understood() {
    let scene = scene();
    let missing = |names: &str| format!("the following required arguments were not provided:{names}…");
    for (args, names) in [
        (&["convert", "to-pem"][..], ""),
        (&["convert", "to-der"], ""),
        (&["convert", "key"], ""),
        (&["convert", "to-pfx", "--cert", "cert.pem"], ""),
        (&["convert", "to-pfx", "--out", "new.pfx"], ""),
        (&["cert", "match"], ""),
    ] {
        scene.does_not_understand(args, &missing(names));
    }
    let hint = "hint: add the file to compare with: a key and a certificate, for example";
    scene.refuses(
        &["cert", "match", "key.pem"],
        2,
        &["error: at least two files are required", hint],
    );
    let form = ["convert", "key", "key.pem", "--key-format", "pkcs12"];
    scene.does_not_understand(&form, "invalid value 'pkcs12' for '--key-format <FORM>'…");
    let how = [
        "convert",
        "to-pfx",
        "--cert",
        "cert.pem",
        "--out",
        "new.pfx",
        "--pfx-encryption",
        "rc2",
    ];
    scene.does_not_understand(&how, "invalid value 'rc2' for '--pfx-encryption <HOW>'…");
    let store = [
        "convert",
        "to-pfx",
        "--cert",
        "cert.pem",
        "--key",
        "key.pem",
        "--trust-store",
        "--out",
        "new.pfx",
    ];
    scene.does_not_understand(
        &store,
        "the argument '--key <FILE>' cannot be used with '--trust-store'",
    );
}

#[test]
fn control_characters_in_arguments_do_not_reach_the_terminal() {
    let scene = scene();
    let calls = READERS
        .iter()
        .map(|reader| reading(reader, HOSTILE))
        .chain(WRITERS.iter().map(|writer| writing(writer, HOSTILE)));
    let below = format!("{HOSTILE}/out");
    let calls = calls.chain(WRITERS.iter().map(|writer| writing(writer, &below)));
    for call in calls {
        is_harmless(&scene.gsec(&call).run());
        is_harmless(&scene.gsec(&call).args(&["--json"]).run());
    }
    for flag in ["--password-file", "--password-env", "--key-format", "--out-dir"] {
        is_harmless(
            &scene
                .gsec(&["convert", "to-pem", "host.pfx", flag, HOSTILE])
                .run()
                .fails(),
        );
    }
}

#[test]
fn control_characters_in_files_do_not_reach_the_terminal() {
    let scene = scene();
    scene.write(
        "label.pem",
        format!("-----BEGIN {HOSTILE}-----\nAAAA\n-----END {HOSTILE}-----\n"),
    );
    scene.write(
        "ends.pem",
        format!("-----BEGIN CERTIFICATE-----\nAAAA\n-----END {HOSTILE}-----\n"),
    );
    scene.write(
        "key.pem",
        format!("-----BEGIN {HOSTILE} PRIVATE KEY-----\nAAAA\n-----END {HOSTILE} PRIVATE KEY-----\n"),
    );
    for file in ["label.pem", "ends.pem", "key.pem"] {
        for reader in READERS {
            is_harmless(&scene.gsec(&reading(reader, file)).run());
            is_harmless(&scene.gsec(&reading(reader, file)).args(&["--json"]).run());
        }
    }
}

/// What a hint quotes can be typed as it stands, whatever the file is called.
#[test]
fn file_names_in_hints_are_quoted_for_the_shell() {
    let scene = scene();
    for name in [
        "it's $(touch evil) mine.pem",
        "-rf.pem",
        "a`touch evil`b.pem",
        "a;touch evil.pem",
        "a\"b.pem",
        "*.pem",
    ] {
        scene.write(
            &format!("./{name}"),
            scene.read("cert.pem") + &scene.read("key.pem"),
        );
        let refused = scene
            .gsec(&["convert", "to-der", "--out", "new.der", "--", name])
            .run()
            .code(3);
        let hint = hint_of(&refused);
        let (from, to) = (
            hint.find('`').expect("a backtick"),
            hint.rfind('`').expect("a backtick"),
        );
        let command = &hint[from + 1..to];
        let here = std::path::Path::new(env!("CARGO_BIN_EXE_gsec"))
            .parent()
            .expect("a folder")
            .display()
            .to_string();
        let path = format!("{here}:{}", std::env::var("PATH").unwrap_or_default());
        tool("sh")
            .args(&["-c", command])
            .env("PATH", &path)
            .in_dir(scene.dir.path(""))
            .run()
            .ok();
        assert!(
            scene.exists("parts/db1_cert.pem") && !scene.exists("evil"),
            "{name}"
        );
        std::fs::remove_dir_all(scene.dir.path("parts")).expect("it was made");
    }
}

/// A certificate, a request and a key of nobody's: nothing is written for what holds nothing.
#[test]
fn files_with_nothing_to_convert() {
    let scene = scene();
    scene.write(
        "params.pem",
        gsec_pki::encoding::pem::encode("EC PARAMETERS", &oid("1.2.840.10045.3.1.7")),
    );
    scene.write(
        "unknown.pem",
        gsec_pki::encoding::pem::encode("TLS SESSION", &octet_string(b"x")),
    );
    for file in ["params.pem", "unknown.pem"] {
        for out in [["--out", "new"], ["--out-dir", "new"]] {
            let refused = scene
                .gsec(&with(&["convert", "to-pem", file], &out))
                .run()
                .code(3);
            assert!(
                refused
                    .stderr
                    .starts_with(&format!("error: cannot use `{file}`\n  caused by: ")),
                "{refused}"
            );
        }
        scene
            .gsec(&["convert", "to-der", file, "--out", "new"])
            .run()
            .code(3);
        scene.gsec(&["cert", "match", file, "cert.pem"]).run().code(3);
    }
    assert!(!scene.exists("new"));
}

/// Whatever was done to a file with a private key, and whatever packs it: what the hint's command writes is for the owner alone.
#[test]
fn private_key_that_the_hint_of_a_damaged_file_takes_out_is_for_its_owner_alone() {
    let original = scene();
    let (key, certificate) = (original.read("key.pem"), original.read("cert.pem"));
    let both = format!("{key}{certificate}");
    let one_line = both.replace('\n', "\\n");
    for (what, text) in [
        ("dashes", both.replace("-----", "\u{2014}\u{2014}")),
        ("a line", both.lines().collect::<Vec<_>>().join("")),
        ("JSON", format!("{{\"pem\": \"{one_line}\"}}\n")),
        ("a variable", format!("PEM=\"{one_line}\"\n")),
        ("an old Mac's", both.replace('\n', "\r")),
        ("a mail", both.lines().map(|line| format!("> {line}\n")).collect()),
        ("lower case", both.replace("BEGIN", "Begin").replace("END", "End")),
        ("NUL", format!("\0\0{both}")),
    ] {
        let scene = scene();
        scene.write("odd.pem", &text);
        let refused = scene
            .gsec(&["convert", "to-pem", "odd.pem", "--out", "x.pem"])
            .run()
            .code(3);
        type_hint(&scene, hint_of(&refused), "");
        println!("{what}");
        holds_the_key_of(&scene, "new.pem", "cert.pem", &[]);
    }
    for (packer, output) in [("gzip", "-c"), ("bzip2", "-c"), ("xz", "-c")] {
        let scene = scene();
        let line = format!("cat key.pem | {packer} {output} > packed");
        tool("sh")
            .args(&["-c", &line])
            .in_dir(scene.dir.path(""))
            .run()
            .ok();
        let refused = scene
            .gsec(&["convert", "key", "packed", "--out", "x.pem"])
            .run()
            .code(3);
        type_hint(&scene, hint_of(&refused), "");
        holds_the_key_of(&scene, "new.out", "cert.pem", &[]);
    }
    // A file without a key is written as the user's other files are.
    let scene = scene();
    scene.write("odd.pem", certificate.replace("-----", "\u{2014}\u{2014}"));
    let refused = scene
        .gsec(&["convert", "to-pem", "odd.pem", "--out", "x.pem"])
        .run()
        .code(3);
    assert!(!hint_of(&refused).contains("umask"), "{refused}");
}

#[test]
fn comment_about_an_end_is_no_boundary_for_the_hint() {
    let scene = scene();
    let certificate = scene.read("cert.pem").replace("-----", "\u{2014}\u{2014}");
    let comments = "# backend server certificate, see the end of this list\n# The end server certificate\n";
    scene.write("odd.pem", format!("{comments}{certificate}"));
    let refused = scene
        .gsec(&["convert", "to-pem", "odd.pem", "--out", "x.pem"])
        .run()
        .code(3);
    type_hint(&scene, hint_of(&refused), "");
    assert_eq!(
        scene.read("new.pem"),
        format!("{comments}{}", scene.read("cert.pem"))
    );
}

#[test]
fn indented_pkcs7_is_taken_apart_by_the_hint() {
    let scene = scene();
    scene.openssl(&[
        "crl2pkcs7",
        "-nocrl",
        "-certfile",
        "cert.pem",
        "-out",
        "plain.p7b",
    ]);
    let indented: String = scene
        .read("plain.p7b")
        .lines()
        .map(|line| format!("    {line}\n"))
        .collect();
    let marked = format!("\u{feff}{}", scene.read("plain.p7b"));
    for text in [indented, marked] {
        scene.write("odd.p7b", text);
        let refused = scene
            .gsec(&["convert", "to-pem", "odd.p7b", "--out", "x.pem"])
            .run()
            .code(3);
        type_hint(&scene, hint_of(&refused), "");
        scene.gsec(&["cert", "match", "certs.pem", "cert.pem"]).run().ok();
        std::fs::remove_file(scene.dir.path("certs.pem")).expect("it was written");
    }
}
