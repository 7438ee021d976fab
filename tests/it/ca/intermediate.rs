//! Intermediate CAs, judged by OpenSSL and GnuTLS: made below a CA in another directory, and what may not be made there.

use crate::common;
use crate::common::{at, machine, strace};

use common::der_writer::tlv;
use common::forge::{Recipe, SUBJECT_KEY_IDENTIFIER, attributes};
use common::{KEY_TYPES, Outcome, Scene, reads_as, tool};

/// A root in `root`, and below it an intermediate CA in `sub`.
fn two_levels(root_flags: &[&str], sub_flags: &[&str]) -> Scene {
    let scene = Scene::empty();
    init(&scene, "Root CA", "root", root_flags);
    init(
        &scene,
        "Issuing CA",
        "sub",
        &[&["--parent", "root"], sub_flags].concat(),
    );
    scene
}

/// Makes a CA with a key that is quickly made, unless the flags say otherwise.
fn init(scene: &Scene, cn: &str, directory: &str, flags: &[&str]) -> serde_json::Value {
    let key: &[&str] = if flags.contains(&"--key-type") {
        &[]
    } else {
        &["--key-type", "p256"]
    };
    let args = [
        &["ca", "init", "--cn", cn, "--ca-dir", directory, "--json"],
        key,
        flags,
    ]
    .concat();
    scene.gsec(&args).run().ok().json()
}

fn issue(scene: &Scene, directory: &str, host: &str, flags: &[&str]) -> serde_json::Value {
    scene
        .issue(host, &["--ca-dir", directory, "--json"])
        .args(flags)
        .run()
        .ok()
        .json()
}

fn certificate(directory: &str) -> String {
    format!("{directory}/ca_conf/ca_cert.pem")
}

fn text(scene: &Scene, file: &str) -> String {
    scene.openssl(&["x509", "-in", file, "-noout", "-text"]).stdout
}

/// Makes a CRL of every CA, and asks OpenSSL with all of them. The first directory is the root's, the last the issuer's.
fn openssl_verify(scene: &Scene, directories: &[&str], file: &str) -> Outcome {
    let (mut crls, mut between) = (String::new(), String::new());
    for directory in directories {
        scene.gsec(&["crl", "update", "--ca-dir", directory]).run().ok();
        crls.push_str(&scene.read(&format!("{directory}/ca_conf/ca_crl.pem")));
    }
    for directory in &directories[1..] {
        between.push_str(&scene.read(&certificate(directory)));
    }
    scene.write("crls.pem", crls);
    scene.write("between.pem", between);
    // A root alone, so that nothing but the chain that is handed over leads there.
    let args = [
        "verify",
        "-x509_strict",
        "-crl_check_all",
        "-purpose",
        "sslserver",
        "-CAfile",
        &certificate(directories[0]),
        "-CRLfile",
        "crls.pem",
    ];
    common::openssl(&[&args[..], &["-untrusted", "between.pem", file]].concat())
        .in_dir(scene.dir.path(""))
        .run()
}

fn gnutls_verify(scene: &Scene, root: &str, chain: &str) -> Outcome {
    tool("certtool")
        .args(&[
            "--verify",
            "--load-ca-certificate",
            &certificate(root),
            "--infile",
            chain,
        ])
        .in_dir(scene.dir.path(""))
        .run()
}

/// How many certificates stand in a PEM file.
fn certificates_in(scene: &Scene, file: &str) -> usize {
    scene.read(file).matches("BEGIN CERTIFICATE").count()
}

#[test]
fn two_levels_of_every_kind_of_key_satisfy_openssl_and_gnutls() {
    for kind in &KEY_TYPES {
        println!("key type {}", kind.name);
        let scene = two_levels(kind.flags, kind.flags);
        let issued = issue(&scene, "sub", "db1.example.com", &[]);
        let chain = issued["files"]["host_certificate"].as_str().expect("a file");
        assert_eq!(
            certificates_in(&scene, chain),
            2,
            "host and intermediate, no root"
        );
        openssl_verify(&scene, &["root", "sub"], chain).ok();
        gnutls_verify(&scene, "root", chain).ok();
        scene
            .gsec(&[
                "cert",
                "verify",
                chain,
                "--trust",
                &certificate("root"),
                "--name",
                "db1.example.com",
            ])
            .run()
            .ok();
        // The chain in the CA's own certificate file goes up to the root, and the root knows what it has certified.
        assert_eq!(certificates_in(&scene, &certificate("sub")), 2);
        let record = scene.read("root/repository/01.pem");
        assert!(scene.read(&certificate("sub")).starts_with(&record));
        scene
            .gsec(&["cert", "list", "--ca-dir", "root"])
            .run()
            .ok()
            .says("CN=Issuing CA");
        for directory in ["root", "sub"] {
            scene
                .gsec(&["ca", "log", "--verify", "--all-signatures", "--ca-dir", directory])
                .run()
                .ok();
        }
    }
}

#[test]
fn three_levels_chain_up_to_the_root_and_revocation_cuts_them_off() {
    let scene = two_levels(
        &["--path-len", "2", "--serial-mode", "random"],
        &["--path-len", "1"],
    );
    init(&scene, "Branch CA", "branch", &["--parent", "sub"]);
    scene.write("secret", "password");
    let issued = issue(
        &scene,
        "branch",
        "db1.example.com",
        &["--pfx-password-file", "secret"],
    );
    let chain = issued["files"]["host_certificate"].as_str().expect("a file");
    assert_eq!(
        (
            certificates_in(&scene, chain),
            certificates_in(&scene, &certificate("branch"))
        ),
        (3, 3)
    );
    openssl_verify(&scene, &["root", "sub", "branch"], chain).ok();
    gnutls_verify(&scene, "root", chain).ok();
    // A PFX has the root too.
    let pfx = issued["files"]["pfx"].as_str().expect("a file");
    scene.openssl(&[
        "pkcs12",
        "-in",
        pfx,
        "-passin",
        "file:secret",
        "-nokeys",
        "-out",
        "of-pfx.pem",
    ]);
    assert_eq!(certificates_in(&scene, "of-pfx.pem"), 4);
    // Each CRL is its own CA's; one that lists an intermediate stops everything below it.
    let shown = scene
        .gsec(&["ca", "show", "--ca-dir", "branch", "--json"])
        .run()
        .ok()
        .json();
    let crl = scene
        .gsec(&["crl", "show", "--ca-dir", "branch", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(crl["authority_key_identifier"], shown["subject_key_identifier"]);
    scene
        .gsec(&[
            "cert",
            "revoke",
            "01",
            "--reason",
            "cACompromise",
            "--ca-dir",
            "sub",
        ])
        .run()
        .ok();
    let cut_off = openssl_verify(&scene, &["root", "sub", "branch"], chain).fails();
    assert!(cut_off.stderr.contains("certificate revoked"), "{cut_off}");
}

#[test]
fn the_certificate_is_what_rfc_5280_wants_of_an_intermediate() {
    let scene = Scene::empty();
    init(&scene, "Root CA", "root", &[]);
    scene.edit(
        "root/ca_conf/gsec.toml",
        "crl_addresses = []",
        "crl_addresses = [\"http://pki.example.com/root.crl\"]",
    );
    scene.edit(
        "root/ca_conf/gsec.toml",
        "issuer_addresses = []",
        "issuer_addresses = [\"http://pki.example.com/root.cer\"]",
    );
    let made = init(
        &scene,
        "Issuing CA",
        "sub",
        &[
            "--parent",
            "root",
            "--email",
            "ca@example.com",
            "--permit-dns",
            "example.com",
        ],
    );
    let said = text(&scene, &certificate("sub"));
    for part in [
        "X509v3 Basic Constraints: critical\n                CA:TRUE, pathlen:0",
        "X509v3 Key Usage: critical\n                Certificate Sign, CRL Sign",
        "URI:http://pki.example.com/root.crl",
        "CA Issuers - URI:http://pki.example.com/root.cer",
        "email:ca@example.com",
        "DNS:example.com",
    ] {
        assert!(said.contains(part), "`{part}` is not in {said}");
    }
    let [sub, root] = ["sub", "root"].map(|directory| {
        scene
            .gsec(&["ca", "show", "--ca-dir", directory, "--json"])
            .run()
            .ok()
            .json()
    });
    assert_eq!(sub["authority_key_identifier"], root["subject_key_identifier"]);
    assert_eq!(
        (&sub["issuer"], &sub["serial"], &sub["path_len"]),
        (&root["subject"], &"01".into(), &0.into())
    );
    assert_eq!(
        (&made["parent"]["issuer"], &made["serial"]),
        (&root["subject"], &"01".into())
    );
    assert_eq!(sub["chain"][0]["thumbprint_sha256"], root["thumbprint_sha256"]);
    // Five years, unless the CA above ends before.
    let days = |from: &str| scene.openssl(&["x509", "-in", &certificate("sub"), "-noout", "-checkend", from]);
    days(&(1824 * 86_400).to_string());
    let short = Scene::empty();
    init(&short, "Root CA", "root", &["--days", "100"]);
    let cut = init(&short, "Issuing CA", "sub", &["--parent", "root"]);
    assert_eq!(cut["warnings"][0]["code"], "lifetime_cut");
    let end = short
        .gsec(&["ca", "show", "--ca-dir", "root", "--json"])
        .run()
        .ok()
        .json()["not_after"]
        .clone();
    assert_eq!(cut["not_after"], end);
    // Both logs tell of it, and the child's settings are its own.
    let log = scene
        .gsec(&["ca", "log", "--ca-dir", "root", "--jsonl"])
        .run()
        .ok();
    assert!(
        log.stdout.lines().last().expect("a line").contains("\"ca.sign\""),
        "{log}"
    );
    assert!(scene.read("sub/ca_conf/gsec.toml").contains("crl_addresses = []"));
}

#[test]
fn path_lengths_that_leave_no_room_are_refused() {
    let scene = Scene::empty();
    init(&scene, "Leaf Root", "none", &["--path-len", "0"]);
    let below = |parent: &'static str, flags: &[&'static str]| {
        [
            &[
                "ca", "init", "--cn", "New CA", "--ca-dir", "new", "--parent", parent,
            ],
            flags,
        ]
        .concat()
    };
    let none = [
        "error: no CA is allowed below `CN=Leaf Root`: `CN=Leaf Root` has pathLenConstraint 0",
        "hint: did you mean another CA, one made with `--path-len 1` or more?",
    ];
    scene.refuses(&below("none", &[]), 3, &none);
    scene.refuses(&below("none", &["--dry-run"]), 3, &none);
    init(&scene, "Root CA", "root", &["--path-len", "1"]);
    let one = [
        "error: a path length of 1 was requested, but pathLenConstraint 1 of `CN=Root CA` allows at most 0",
        "hint: pass `--path-len 0` or less",
    ];
    scene.refuses(&below("root", &["--path-len", "1"]), 3, &one);
    init(&scene, "Issuing CA", "sub", &["--parent", "root"]);
    scene.refuses(
        &below("sub", &[]),
        3,
        &["error: no CA is allowed below `CN=Issuing CA`:…", "hint: …"],
    );
    assert!(!scene.exists("new"));
    let free = two_levels(&[], &["--path-len", "3"]);
    let fits = init(
        &free,
        "Branch CA",
        "branch",
        &["--parent", "sub", "--path-len", "2"],
    );
    assert_eq!(fits["path_len"], 2);
    let too_long = [
        "error: a path length of 3 was requested, but pathLenConstraint 3 of `CN=Issuing CA` allows at most \
         2",
        "hint: …",
    ];
    free.refuses(&below("sub", &["--path-len", "3"]), 3, &too_long);
}

#[test]
fn constraints_above_hold_below() {
    let scene = Scene::empty();
    init(
        &scene,
        "Root CA",
        "root",
        &["--permit-dns", "example.com", "--permit-ip", "10.0.0.0/8"],
    );
    let below = |flags: &[&'static str]| {
        [
            &[
                "ca", "init", "--cn", "New CA", "--ca-dir", "new", "--parent", "root",
            ],
            flags,
        ]
        .concat()
    };
    let outside = |subtree: &str| {
        format!(
            "error: `{subtree}` is outside the name constraints of `CN=Root CA`, and every client would \
             reject what is issued for it"
        )
    };
    let hint = "hint: leave it out: what the CAs above permit applies here too";
    scene.refuses(
        &below(&["--permit-dns", "example.org"]),
        3,
        &[&outside("dns:example.org"), hint],
    );
    scene.refuses(
        &below(&["--permit-dns", "a.example.com", "--permit-dns", "com"]),
        3,
        &[&outside("dns:com"), hint],
    );
    scene.refuses(
        &below(&["--permit-ip", "10.0.0.0/7"]),
        3,
        &[&outside("ip:10.0.0.0/7"), hint],
    );
    let email = "error: `email:ca@example.com` is outside the name constraints of `CN=Root CA`, which also \
     apply to the names of CAs";
    scene.refuses(
        &below(&["--email", "ca@example.com"]),
        3,
        &[email, "hint: leave out `--email`; …"],
    );

    let made = init(
        &scene,
        "Issuing CA",
        "sub",
        &["--parent", "root", "--permit-dns", "branch.example.com"],
    );
    assert_eq!(
        made["next"][0], "gsec cert issue --host db1.branch.example.com --ca-dir sub",
        "what is proposed is permitted"
    );
    init(&scene, "Open CA", "open", &["--parent", "root"]);
    let refused = |name: &str| {
        let caused = format!(
            "  caused by: `{name}` is outside the name constraints of the CA certificate, and every client \
             would reject it"
        );
        ["error: this certificate must not be issued".to_owned(), caused]
    };
    for (directory, host, name) in [
        ("sub", "db1.example.com", "dns:db1.example.com"),
        ("sub", "10.0.0.1", "ip:10.0.0.1"),
        ("open", "db1.example.org", "dns:db1.example.org"),
    ] {
        let said = refused(name);
        scene.refuses(
            &["cert", "issue", "--host", host, "--ca-dir", directory],
            3,
            &[&said[0], &said[1]],
        );
    }
    let chain = issue(&scene, "sub", "db1.branch.example.com", &[])["files"]["host_certificate"].clone();
    openssl_verify(&scene, &["root", "sub"], chain.as_str().expect("a file")).ok();
    gnutls_verify(&scene, "root", chain.as_str().expect("a file")).ok();
    let chain =
        issue(&scene, "open", "db1.example.com", &["--san", "ip:10.1.2.3"])["files"]["host_certificate"]
            .clone();
    openssl_verify(&scene, &["root", "open"], chain.as_str().expect("a file")).ok();
}

#[test]
fn names_that_stand_on_the_path_are_refused() {
    let scene = two_levels(&[], &["--path-len", "1"]);
    for (parent, cn) in [
        ("root", "Root CA"),
        ("sub", "Issuing CA"),
        ("sub", "Root CA"),
        ("sub", "ROOT  ca"),
    ] {
        let said = format!(
            "error: a CA with the name `CN={cn}` is already on the path, and clients tell CAs apart by their \
             names"
        );
        scene.refuses(
            &["ca", "init", "--cn", cn, "--ca-dir", "new", "--parent", parent],
            3,
            &[&said, "hint: pass another name with `--cn`"],
        );
    }
}

#[test]
fn the_key_above_is_opened_from_each_kind_of_secret_and_a_dry_run_opens_none() {
    let scene = Scene::empty();
    scene.write("above", "above\n");
    scene.write("own", "own\n");
    init(&scene, "Root CA", "root", &["--ca-passphrase-file", "above"]);
    let below = |directory: &'static str, cn: &'static str| {
        [
            "ca",
            "init",
            "--key-type",
            "p256",
            "--parent",
            "root",
            "--ca-dir",
            directory,
            "--cn",
            cn,
        ]
    };
    let hint = "hint: give the passphrase of `root/ca_conf/ca_priv_key.pem` with `--parent-passphrase-file`, `--parent-passphrase-env` or `--parent-passphrase-stdin`";
    scene.refuses(
        &below("a", "A"),
        3,
        &[
            "error: cannot use `root/ca_conf/ca_priv_key.pem`",
            "  caused by: …",
            hint,
        ],
    );
    let wrong = [&below("a", "A")[..], &["--parent-passphrase-file", "own"]].concat();
    scene.refuses(
        &wrong,
        3,
        &[
            "error: cannot use `root/ca_conf/ca_priv_key.pem`",
            "  caused by: wrong passphrase, or the file is damaged",
            "hint: …",
        ],
    );
    scene
        .gsec(&below("a", "A"))
        .args(&["--parent-passphrase-file", "above"])
        .run()
        .ok();
    scene
        .gsec(&below("b", "B"))
        .args(&["--parent-passphrase-env", "ABOVE"])
        .env("ABOVE", "above")
        .run()
        .ok();
    scene
        .gsec(&below("c", "C"))
        .args(&["--parent-passphrase-stdin"])
        .stdin("above\n")
        .run()
        .ok();
    // The new key has a passphrase of its own.
    let both = ["--parent-passphrase-stdin", "--ca-passphrase-file", "own"];
    scene
        .gsec(&below("d", "D"))
        .args(&both)
        .stdin("above")
        .run()
        .ok()
        .says("(encrypted)");
    issue(&scene, "d", "db1.example.com", &["--ca-passphrase-file", "own"]);
    scene.does_not_understand(
        &[
            &below("e", "E")[..],
            &["--parent-passphrase-stdin", "--ca-passphrase-stdin"],
        ]
        .concat(),
        "standard input can provide only one value",
    );
    scene.does_not_understand(
        &[
            "ca",
            "init",
            "--cn",
            "X",
            "--parent-passphrase-file",
            "above",
            "--ca-dir",
            "e",
        ],
        "the following required arguments were not provided:…",
    );
    scene.write("root/ca_conf/ca_priv_key.pem", "no key");
    let before = scene.tree();
    let planned = scene
        .gsec(&below("e", "E"))
        .args(&["--dry-run", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(
        (
            &planned["dry_run"],
            &planned["serial"],
            &planned["parent"]["issuer"]
        ),
        (&true.into(), &"05".into(), &"CN=Root CA".into())
    );
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn what_cannot_be_made_is_found_out_before_the_ca_above_records_it() {
    let scene = two_levels(&[], &[]);
    let args = |directory: &'static str, parent: &'static str| {
        [
            "ca",
            "init",
            "--cn",
            "New CA",
            "--key-type",
            "p256",
            "--parent",
            parent,
            "--ca-dir",
            directory,
        ]
    };
    scene.refuses(
        &args("sub", "root"),
        3,
        &["error: `sub/ca_conf` exists already", "hint: …"],
    );
    scene.refuses(
        &args("new", "nowhere"),
        3,
        &[
            "error: no CA in `nowhere`: `nowhere/ca_conf` does not exist",
            "hint: …",
        ],
    );
    scene.write(
        "root/ca_conf/ca_priv_key.pem",
        scene.read("sub/ca_conf/ca_priv_key.pem"),
    );
    scene.chmod("root/ca_conf/ca_priv_key.pem", 0o400);
    let pair = "error: private key `root/ca_conf/ca_priv_key.pem` does not belong to certificate `root/ca_conf/ca_cert.pem`";
    scene.refuses(
        &args("new", "root"),
        3,
        &[pair, "  caused by: …", "hint: …", "hint: …"],
    );
}

#[test]
fn directories_that_may_not_be_written_stop_it_before_the_record() {
    use std::os::unix::fs::chown;
    use std::path::PathBuf;
    let scene = two_levels(&[], &[]);
    let place = PathBuf::from(scene.dir.path(""));
    std::fs::create_dir(place.join("closed")).expect("a folder");
    if machine::is_root() {
        machine::give_to_nobody(&place);
        chown(place.join("closed"), Some(0), Some(0)).expect("chown");
    }
    let attempt = |directory: &str, situation: &str| {
        let before = scene.tree();
        let flags = [
            "ca",
            "init",
            "--cn",
            "New CA",
            "--key-type",
            "p256",
            "--parent",
            &scene.dir.path("root"),
        ];
        let refused = common::run(&mut at::gsec_as_nobody(&place.join(directory), flags));
        refused.refused(situation, &["ermission denied"]);
        scene.tree().is_unchanged_since(&before);
    };
    scene.chmod("closed", 0o555);
    attempt("closed/new", "a new CA where nothing may be made");
    scene.chmod("root/repository", 0o500);
    if machine::is_root() {
        chown(place.join("root/repository"), Some(0), Some(0)).expect("chown");
        scene.chmod("root/repository", 0o555);
    }
    attempt("new", "a CA above whose repository may not be written");
}

#[test]
fn killed_between_the_record_and_the_new_directory_it_can_be_revoked_and_made_again() {
    let scene = Scene::empty();
    init(&scene, "Root CA", "root", &[]);
    let place = std::path::PathBuf::from(scene.dir.path(""));
    let call = |directory: &str| {
        let parent = scene.dir.path("root");
        at::gsec(
            &place.join(directory),
            [
                "ca",
                "init",
                "--cn",
                "Issuing CA",
                "--key-type",
                "p256",
                "--parent",
                &parent,
            ],
        )
    };
    let (outcome, calls) = strace::trace(&call("traced"), &place.join("log"));
    outcome.succeeded("init --parent under strace");
    let last = calls
        .iter()
        .find(|call| call.is_rename_to(&place.join("traced/ca_conf")))
        .expect("the rename of the whole directory");
    let killed = strace::inject(&call("new"), &place.join("log"), last, "signal=SIGKILL");
    assert_eq!(killed.signal, Some(9), "{killed:?}");
    // The CA above knows what it has certified; what is not whole is no CA.
    scene
        .gsec(&["cert", "list", "--ca-dir", "root"])
        .run()
        .ok()
        .says("02");
    assert!(!scene.exists("new/ca_conf"));
    scene
        .gsec(&["ca", "log", "--verify", "--ca-dir", "root"])
        .run()
        .ok();
    scene
        .gsec(&["cert", "revoke", "02", "--ca-dir", "root"])
        .run()
        .ok();
    init(&scene, "Issuing CA", "new", &["--parent", "root"]);
    let chain = issue(&scene, "new", "db1.example.com", &[])["files"]["host_certificate"].clone();
    openssl_verify(&scene, &["root", "new"], chain.as_str().expect("a file")).ok();
    // A call that fails instead says how to take the record back.
    let failed = strace::inject(&call("other"), &place.join("log"), last, "error=EIO");
    failed.refused(
        "a directory that does not get its name",
        &["serial 04 is recorded", "`gsec cert revoke 04 --ca-dir "],
    );
}

#[test]
fn everything_works_in_the_directory_of_an_intermediate() {
    let scene = two_levels(&["--org", "Example"], &["--serial-mode", "random"]);
    let quick = scene
        .gsec(&["quickstart", "db1.example.com", "--ca-dir", "sub", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(
        (&quick["ca_created"], &quick["verified"]),
        (&false.into(), &true.into())
    );
    let serial = quick["serial"].as_str().expect("a serial");
    let verified = scene
        .gsec(&[
            "cert",
            "verify",
            serial,
            "--name",
            "db1.example.com",
            "--ca-dir",
            "sub",
            "--json",
        ])
        .run()
        .ok()
        .json();
    let path: Vec<&str> = verified["path"]
        .as_array()
        .expect("a path")
        .iter()
        .filter_map(|step| step["subject"].as_str())
        .collect();
    assert_eq!(
        path,
        ["CN=db1.example.com", "CN=Issuing CA", "O=Example, CN=Root CA"],
        "up to the root"
    );
    scene
        .gsec(&["ca", "show", "--ca-dir", "sub"])
        .run()
        .ok()
        .says("Intermediate CA in sub")
        .says("yes, with at most 0 intermediate CAs below");
    scene
        .gsec(&["ca", "adopt", "--yes", "--ca-dir", "sub"])
        .run()
        .ok()
        .says("There is nothing to change");
    scene
        .gsec(&["cert", "revoke", "db1.example.com", "--ca-dir", "sub"])
        .run()
        .ok();
    let revoked = openssl_verify(
        &scene,
        &["root", "sub"],
        quick["files"]["host_certificate"].as_str().expect("a file"),
    )
    .fails();
    assert!(revoked.stderr.contains("certificate revoked"), "{revoked}");
    // `openssl ca` takes the first certificate of the file for the CA's, which it is.
    let counting = two_levels(&[], &[]);
    counting.openssl(&[
        "req",
        "-new",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        "k.pem",
        "-subj",
        "/CN=a.example.com",
        "-addext",
        "subjectAltName=DNS:a.example.com",
        "-out",
        "a.csr",
    ]);
    let in_sub = |args: &[&str]| {
        common::openssl(&[&["ca", "-batch", "-config", "ca_conf/ca.conf"], args].concat())
            .in_dir(counting.dir.path("sub"))
            .run()
            .ok()
    };
    in_sub(&["-in", "../a.csr", "-out", "../a.pem"]);
    openssl_verify(&counting, &["root", "sub"], "a.pem").ok();
    in_sub(&["-gencrl", "-out", "../theirs.crl"]);
    counting
        .gsec(&["cert", "list", "--ca-dir", "sub"])
        .run()
        .ok()
        .says("a.example.com");
}

/// A CA in `sub` that waits, its request in `sub.csr`.
fn waiting(scene: &Scene, flags: &[&str]) {
    let key: &[&str] = if flags.contains(&"--key-type") {
        &[]
    } else {
        &["--key-type", "p256"]
    };
    let args = [
        "ca",
        "request",
        "--cn",
        "Issuing CA",
        "--ca-dir",
        "sub",
        "--out",
        "sub.csr",
    ];
    scene.gsec(&[&args[..], key, flags].concat()).run().ok();
}

/// A root of OpenSSL's in `foreign.pem`, with its key in `foreign.key`.
fn foreign_root(scene: &Scene, name: &str, flags: &[&str]) {
    let subject = format!("/O=Elsewhere/CN={name}");
    let (key, file) = (format!("{name}.key"), format!("{name}.pem"));
    let new = [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        &key,
        "-out",
        &file,
        "-subj",
        &subject,
    ];
    scene.openssl(
        &[
            &new[..],
            &["-addext", "keyUsage=critical,keyCertSign,cRLSign"],
            flags,
        ]
        .concat(),
    );
}

/// Has OpenSSL certify `request` under the root of this name into `out`, with these extensions.
fn foreign_sign(scene: &Scene, root: &str, request: &str, out: &str, extensions: &str, flags: &[&str]) {
    scene.write(
        "ext.cnf",
        format!("subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n{extensions}"),
    );
    let (certificate, key) = (format!("{root}.pem"), format!("{root}.key"));
    let sign = [
        "x509",
        "-req",
        "-in",
        request,
        "-CA",
        &certificate,
        "-CAkey",
        &key,
        "-CAcreateserial",
        "-extfile",
        "ext.cnf",
        "-out",
        out,
    ];
    scene.openssl(&[&sign[..], flags].concat());
}

const CA_EXTENSIONS: &str =
    "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n";

#[test]
fn every_kind_of_key_crosses_an_air_gap() {
    for kind in &KEY_TYPES {
        println!("key type {}", kind.name);
        let scene = Scene::empty();
        init(&scene, "Root CA", "root", kind.flags);
        waiting(&scene, kind.flags);
        let request = scene.openssl(&["req", "-in", "sub.csr", "-noout", "-text", "-verify"]);
        assert!(
            request.stdout.contains("CA:TRUE") && request.stdout.contains("Certificate Sign, CRL Sign"),
            "{request}"
        );
        assert_eq!(scene.read("sub.csr"), scene.read("sub/ca_conf/ca_req.pem"));
        scene
            .gsec(&["ca", "sign", "sub.csr", "--out", "signed.pem", "--ca-dir", "root"])
            .run()
            .ok()
            .says("CN=Issuing CA");
        scene
            .gsec(&["ca", "accept", "signed.pem", "--ca-dir", "sub"])
            .run()
            .ok()
            .says("Accepted the certificate of `CN=Issuing CA` in sub");
        assert_eq!(scene.read("signed.pem"), scene.read(&certificate("sub")));
        let chain = issue(&scene, "sub", "db1.example.com", &[])["files"]["host_certificate"].clone();
        openssl_verify(&scene, &["root", "sub"], chain.as_str().expect("a file")).ok();
        gnutls_verify(&scene, "root", chain.as_str().expect("a file")).ok();
        for directory in ["root", "sub"] {
            scene
                .gsec(&["ca", "log", "--verify", "--all-signatures", "--ca-dir", directory])
                .run()
                .ok();
        }
    }
}

#[test]
fn a_ca_without_its_certificate_says_what_it_waits_for() {
    let scene = Scene::empty();
    waiting(&scene, &[]);
    let said =
        "error: the CA in `sub` is waiting for its certificate: its CSR is in `sub/ca_conf/ca_req.pem`";
    let hint = "hint: once it is signed, install the certificate: gsec ca accept, with `--ca-dir sub`";
    for command in [
        &["ca", "show"][..],
        &["cert", "issue", "--host", "db1.example.com"],
        &["cert", "list"],
        &["crl", "update"],
        &["ca", "log"],
        &["ca", "request"],
        &["ca", "sign", "sub.csr"],
        &["ca", "passphrase"],
        &["quickstart", "db1.example.com"],
        &["ca", "init", "--cn", "Another"],
        &["ca", "request", "--cn", "Another"],
    ] {
        scene.refuses(&[command, &["--ca-dir", "sub"]].concat(), 3, &[said, hint]);
    }
    scene.refuses(
        &[
            "ca", "init", "--cn", "Below", "--parent", "sub", "--ca-dir", "new",
        ],
        3,
        &[said, hint],
    );
    // Where nobody names it, it is found as every other CA.
    let found = Scene::empty();
    found
        .gsec(&["ca", "request", "--cn", "Issuing CA", "--key-type", "p256"])
        .run()
        .ok()
        .says("which is waiting for its certificate");
    found.refuses(
        &["cert", "list"],
        3,
        &[
            "error: the CA in `gsec-ca` is waiting for its certificate: …",
            "hint: …",
        ],
    );
}

/// Whether such a root has signed itself is not known; that it is not trusted is not what is wrong with it.
#[test]
fn a_root_whose_own_signature_cannot_be_checked_is_called_that() {
    for (digest, said) in [
        (
            "-sha224",
            "error: whether the certificate of `CN=Issuing CA` is valid is not known: `…`: its signature could not be checked: gsec does not support sha224WithRSAEncryption with the RSA 2048 key of `…`",
        ),
        ("-md5", "error: the certificate of `CN=Issuing CA` is not valid"),
    ] {
        let scene = Scene::empty();
        waiting(&scene, &[]);
        scene.openssl(&[
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            digest,
            "-nodes",
            "-keyout",
            "root.key",
            "-out",
            "root.pem",
            "-subj",
            "/CN=Root",
            "-addext",
            "keyUsage=critical,keyCertSign,cRLSign",
        ]);
        foreign_sign(
            &scene,
            "root",
            "sub.csr",
            "sub.pem",
            CA_EXTENSIONS,
            &["-days", "20", "-sha256"],
        );
        let accept = [
            "ca", "accept", "sub.pem", "--chain", "root.pem", "--ca-dir", "sub",
        ];
        let refused = scene.gsec(&accept).run().code(3);
        let first = refused.stderr.lines().next().unwrap_or_default();
        assert!(reads_as(first, said), "{refused}");
        assert!(
            refused.stderr.contains("its signature could not be checked"),
            "{refused}"
        );
        for untrue in ["self-signed", "pass the certificates above it"] {
            assert!(!refused.stderr.contains(untrue), "{refused}");
        }
    }
}

#[test]
fn a_foreign_root_certifies_and_the_path_is_sorted_whatever_the_order() {
    let scene = Scene::empty();
    waiting(&scene, &[]);
    foreign_root(&scene, "root", &[]);
    scene.openssl(&[
        "req",
        "-new",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        "middle.key",
        "-out",
        "middle.csr",
        "-subj",
        "/CN=Middle",
    ]);
    foreign_sign(
        &scene,
        "root",
        "middle.csr",
        "middle.pem",
        &CA_EXTENSIONS.replace("pathlen:0", "pathlen:1"),
        &["-days", "30"],
    );
    foreign_sign(
        &scene,
        "middle",
        "sub.csr",
        "sub.pem",
        CA_EXTENSIONS,
        &["-days", "20"],
    );
    let missing = [
        "error: the certificate of `CN=Issuing CA` is not valid",
        "  caused by: `…`: no certificate of its issuer `…`… is among the trusted and intermediate \
         certificates (RFC 5280 §6.1)",
        "hint: pass the certificates above it with `--chain FILE`, including the root",
    ];
    scene.refuses(&["ca", "accept", "sub.pem", "--ca-dir", "sub"], 3, &missing);
    scene.refuses(
        &[
            "ca",
            "accept",
            "sub.pem",
            "--chain",
            "middle.pem",
            "--ca-dir",
            "sub",
        ],
        3,
        &missing,
    );
    scene.refuses(
        &[
            "ca", "accept", "sub.pem", "--chain", "root.pem", "--ca-dir", "sub",
        ],
        3,
        &missing,
    );
    // The root first, the CA's own last, and the one in between in DER.
    scene.write(
        "mixed.pem",
        format!("{}{}", scene.read("root.pem"), scene.read("sub.pem")),
    );
    scene.openssl(&[
        "x509",
        "-in",
        "middle.pem",
        "-outform",
        "DER",
        "-out",
        "middle.der",
    ]);
    let before = scene.tree();
    let accept = [
        "ca",
        "accept",
        "mixed.pem",
        "--chain",
        "middle.der",
        "--ca-dir",
        "sub",
    ];
    scene
        .gsec(&[&accept[..], &["--dry-run"]].concat())
        .run()
        .ok()
        .says("Would accept");
    scene.tree().is_unchanged_since(&before);
    scene.gsec(&accept).run().ok();
    let wanted: String = ["sub.pem", "middle.pem", "root.pem"]
        .iter()
        .map(|file| scene.read(file))
        .collect();
    assert_eq!(scene.read(&certificate("sub")), wanted);
    let chain = issue(&scene, "sub", "db1.example.com", &[])["files"]["host_certificate"].clone();
    let chain = chain.as_str().expect("a file");
    assert_eq!(certificates_in(&scene, chain), 3);
    scene.openssl(&[
        "verify",
        "-x509_strict",
        "-purpose",
        "sslserver",
        "-CAfile",
        "root.pem",
        "-untrusted",
        chain,
        chain,
    ]);
    // Once more changes nothing.
    let before = scene.tree();
    scene.gsec(&accept).run().ok().says("nothing was changed");
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn certificates_that_are_not_this_ca_s_are_refused() {
    let scene = Scene::empty();
    waiting(&scene, &[]);
    foreign_root(&scene, "root", &["-days", "30"]);
    let accept = |file: &'static str| ["ca", "accept", file, "--chain", "root.pem", "--ca-dir", "sub"];
    let key = "error: no certificate contains the key of this CA (sha256 …): there is `O=Elsewhere, \
     CN=root`, `O=Elsewhere, CN=root`";
    scene.refuses(&accept("root.pem"), 3, &[key, "hint: …"]);
    foreign_sign(
        &scene,
        "root",
        "sub.csr",
        "host.pem",
        "basicConstraints=CA:FALSE\n",
        &["-days", "20"],
    );
    let no_ca = "error: the certificate of `CN=Issuing CA` is not a CA certificate: its basicConstraints do \
     not say CA:TRUE";
    scene.refuses(&accept("host.pem"), 3, &[no_ca, "hint: …"]);
    foreign_sign(
        &scene,
        "root",
        "sub.csr",
        "usage.pem",
        "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,cRLSign\n",
        &["-days", "20"],
    );
    scene.refuses(
        &accept("usage.pem"),
        3,
        &["error: …its keyUsage does not have keyCertSign", "hint: …"],
    );
    foreign_sign(
        &scene,
        "root",
        "sub.csr",
        "past.pem",
        CA_EXTENSIONS,
        &["-days", "-1"],
    );
    // OpenSSL writes an end before the begin.
    let expired = [
        "error: the certificate of `CN=Issuing CA` is not valid",
        "  caused by: `CN=Issuing CA`: it expired at …, and it is now …",
        "  caused by: `CN=Issuing CA`: it expires at …, before it begins at …",
        "hint: …",
    ];
    scene.refuses(&accept("past.pem"), 3, &expired);
    // A root of the same name and another key did not sign it.
    foreign_sign(
        &scene,
        "root",
        "sub.csr",
        "sub.pem",
        CA_EXTENSIONS,
        &["-days", "20"],
    );
    foreign_root(&scene, "root", &["-days", "30"]);
    let forged = [
        "error: the certificate of `CN=Issuing CA` is not valid",
        "  caused by: …did not sign it: another CA with the same name, or a renewed key…(RFC 5280 §6.1.3 (a)(1))",
        "hint: …",
    ];
    scene.refuses(&accept("sub.pem"), 3, &forged);
    // A path that has no room for it.
    foreign_root(
        &scene,
        "short",
        &[
            "-days",
            "30",
            "-addext",
            "basicConstraints=critical,CA:TRUE,pathlen:0",
        ],
    );
    foreign_sign(
        &scene,
        "short",
        "sub.csr",
        "deep.pem",
        CA_EXTENSIONS,
        &["-days", "20"],
    );
    let room = "error: no CA is allowed below `O=Elsewhere, CN=short`: `O=Elsewhere, CN=short` has \
     pathLenConstraint 0";
    scene.refuses(
        &[
            "ca",
            "accept",
            "deep.pem",
            "--chain",
            "short.pem",
            "--ca-dir",
            "sub",
        ],
        3,
        &[room, "hint: …"],
    );
    scene.refuses(
        &["ca", "accept", "sub.csr", "--ca-dir", "sub"],
        3,
        &["error: cannot use `sub.csr`", "  caused by: …"],
    );
    scene.refuses(
        &["ca", "accept", "nosuch.pem", "--ca-dir", "sub"],
        3,
        &[
            "error: cannot read `nosuch.pem`: no such file or directory",
            "hint: is the name right? `ls -l` shows what is here",
        ],
    );
    // One that lets the key sign no CRLs is taken, with a warning.
    foreign_sign(
        &scene,
        "root",
        "sub.csr",
        "nocrl.pem",
        "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n",
        &["-days", "20"],
    );
    let taken = scene
        .gsec(&[&accept("nocrl.pem")[..], &["--json"]].concat())
        .run()
        .ok()
        .json();
    assert_eq!(taken["warnings"][0]["code"], "no_crl_sign");
}

#[test]
fn a_renewed_certificate_takes_the_old_one_s_place_and_what_was_issued_holds() {
    let scene = two_levels(&[], &["--permit-dns", "example.com"]);
    let chain = issue(&scene, "sub", "db1.example.com", &[])["files"]["host_certificate"].clone();
    let old = scene.read(&certificate("sub"));
    scene
        .gsec(&["ca", "request", "--ca-dir", "sub", "--out", "renewal.csr"])
        .run()
        .ok();
    let printed = scene.gsec(&["ca", "request", "--ca-dir", "sub"]).run().ok();
    scene.write("printed.csr", &printed.stdout);
    scene.openssl(&["req", "-in", "printed.csr", "-noout", "-verify"]);
    scene
        .gsec(&[
            "ca",
            "sign",
            "renewal.csr",
            "--permit-dns",
            "example.com",
            "--days",
            "900",
            "--out",
            "renewed.pem",
            "--ca-dir",
            "root",
        ])
        .run()
        .ok();
    let accepted = scene
        .gsec(&["ca", "accept", "renewed.pem", "--ca-dir", "sub", "--json"])
        .run()
        .ok()
        .json();
    assert_eq!(scene.read(accepted["kept"].as_str().expect("a path")), old);
    assert_eq!(scene.read(&certificate("sub")), scene.read("renewed.pem"));
    openssl_verify(&scene, &["root", "sub"], chain.as_str().expect("a file")).ok();
    // Another name would leave the issued certificate without an issuer.
    scene
        .gsec(&[
            "ca",
            "sign",
            "renewal.csr",
            "--cn",
            "New Name",
            "--out",
            "named.pem",
            "--ca-dir",
            "root",
        ])
        .run()
        .ok();
    let name = "error: the certificate is for `CN=New Name`, but this CA has issued certificates as \
     `CN=Issuing CA`: no client would find their issuer any more";
    scene.refuses(
        &["ca", "accept", "named.pem", "--ca-dir", "sub"],
        3,
        &[name, "hint: …"],
    );
    // So would another key identifier.
    scene.write("root.pem", scene.read(&certificate("root")));
    scene.write("root.key", scene.read("root/ca_conf/ca_priv_key.pem"));
    scene.write(
        "ext.cnf",
        format!("subjectKeyIdentifier=0102030405\nauthorityKeyIdentifier=keyid\n{CA_EXTENSIONS}"),
    );
    scene.openssl(&[
        "x509",
        "-req",
        "-in",
        "renewal.csr",
        "-CA",
        "root.pem",
        "-CAkey",
        "root.key",
        "-set_serial",
        "4711",
        "-days",
        "90",
        "-extfile",
        "ext.cnf",
        "-out",
        "ski.pem",
    ]);
    scene.refuses(
        &["ca", "accept", "ski.pem", "--ca-dir", "sub"],
        3,
        &[
            "error: its subject key identifier is 0102030405, but the certificates of this CA reference … as \
         their issuer's",
            "hint: …",
        ],
    );
    // And certificates that name the old one by issuer and serial number hold with no other.
    let conf = "sub/ca_conf/ca.conf";
    scene.edit(
        conf,
        "authorityKeyIdentifier = keyid:always\n\n[ crl ]",
        "authorityKeyIdentifier = keyid:always, issuer:always\n\n[ crl ]",
    );
    scene.openssl(&[
        "req",
        "-new",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        "k.pem",
        "-subj",
        "/CN=a.example.com",
        "-addext",
        "subjectAltName=DNS:a.example.com",
        "-out",
        "a.csr",
    ]);
    common::openssl(&[
        "ca",
        "-batch",
        "-config",
        "ca_conf/ca.conf",
        "-in",
        "../a.csr",
        "-notext",
        "-out",
        "../a.pem",
    ])
    .in_dir(scene.dir.path("sub"))
    .run()
    .ok();
    scene
        .gsec(&[
            "ca",
            "sign",
            "renewal.csr",
            "--permit-dns",
            "example.com",
            "--out",
            "third.pem",
            "--ca-dir",
            "root",
        ])
        .run()
        .ok();
    let bound = "error: 1 valid certificates reference the present CA certificate by its issuer and serial \
     number, and are not valid with any other: 02";
    scene.refuses(
        &["ca", "accept", "third.pem", "--ca-dir", "sub"],
        3,
        &[bound, "hint: …"],
    );
}

#[test]
fn a_request_gets_what_the_administrator_gives_and_the_rest_is_listed() {
    let scene = Scene::empty();
    init(&scene, "Root CA", "root", &["--path-len", "2"]);
    waiting(
        &scene,
        &[
            "--path-len",
            "1",
            "--permit-dns",
            "example.com",
            "--email",
            "ca@example.com",
            "--org",
            "Example",
        ],
    );
    let sign = |flags: &[&str]| {
        scene
            .gsec(&[&["ca", "sign", "sub.csr", "--ca-dir", "root", "--json"], flags].concat())
            .run()
            .ok()
            .json()
    };
    let plain = sign(&[]);
    assert_eq!(
        (&plain["path_len"], &plain["subject"]),
        (
            &0.into(),
            &"O=Example, CN=Issuing CA, emailAddress=ca@example.com".into()
        )
    );
    assert_eq!(
        plain["ignored"],
        serde_json::json!(["basicConstraints CA:TRUE, pathlen:1", "nameConstraints"])
    );
    let given = sign(&[
        "--path-len",
        "1",
        "--permit-dns",
        "example.com",
        "--permit-ip",
        "10.0.0.0/8",
        "--days",
        "10",
        "--cn",
        "Branch CA",
        "--out",
        "branch.pem",
    ]);
    assert_eq!(
        (&given["path_len"], &given["subject"]),
        (&1.into(), &"CN=Branch CA".into())
    );
    assert_eq!(
        given["ignored"],
        serde_json::json!([
            "subject O=Example, CN=Issuing CA, emailAddress=ca@example.com",
            "subjectAltName email:ca@example.com"
        ])
    );
    let said = text(&scene, "branch.pem");
    assert!(
        said.contains("CA:TRUE, pathlen:1")
            && said.contains("DNS:example.com")
            && said.contains("IP:10.0.0.0/255.0.0.0"),
        "{said}"
    );
    let stream = scene
        .gsec(&["ca", "sign", "sub.csr", "--stdout", "--ca-dir", "root"])
        .run()
        .ok();
    assert_eq!(stream.stdout.matches("BEGIN CERTIFICATE").count(), 2);
    // A host's request is certified if that is what is wanted, and said to be odd.
    scene.openssl(&[
        "req",
        "-new",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        "k.pem",
        "-subj",
        "/CN=Branch CA",
        "-out",
        "host.csr",
    ]);
    let odd = scene
        .gsec(&[
            "ca",
            "sign",
            "host.csr",
            "--ca-dir",
            "root",
            "--dry-run",
            "--json",
        ])
        .run()
        .ok()
        .json();
    assert_eq!(odd["warnings"][0]["code"], "ca_not_asked");
}

#[test]
fn requests_that_no_ca_should_certify_are_refused() {
    let scene = Scene::empty();
    init(&scene, "Root CA", "root", &[]);
    let sign = |file: &'static str| ["ca", "sign", file, "--ca-dir", "root"];
    scene
        .gsec(&["ca", "request", "--ca-dir", "root", "--out", "own.csr"])
        .run()
        .ok();
    let anew = "hint: create a CSR with the new CA's own key, with gsec ca request in a separate directory";
    scene.refuses(
        &sign("own.csr"),
        3,
        &["error: the CSR requests the name of this CA, `CN=Root CA`", anew],
    );
    scene.openssl(&[
        "req",
        "-new",
        "-key",
        "root/ca_conf/ca_priv_key.pem",
        "-subj",
        "/CN=Other",
        "-out",
        "key.csr",
    ]);
    scene.refuses(
        &sign("key.csr"),
        3,
        &["error: the CSR contains the key of this CA, `CN=Root CA`", anew],
    );
    scene.openssl(&[
        "req", "-new", "-newkey", "rsa:1024", "-nodes", "-keyout", "weak.key", "-subj", "/CN=Weak", "-out",
        "weak.csr",
    ]);
    scene.refuses(
        &sign("weak.csr"),
        3,
        &[
            "error: the key of the CSR is not certified: it is an RSA key of 1024 bits, and the minimum is \
             2048",
            anew,
        ],
    );
    waiting(&scene, &[]);
    scene.openssl(&["req", "-in", "sub.csr", "-outform", "DER", "-out", "sub.der"]);
    let mut damaged = scene.read_bytes("sub.der");
    *damaged.last_mut().expect("octets") ^= 1;
    scene.write("damaged.der", &damaged);
    scene.refuses(
        &sign("damaged.der"),
        3,
        &[
            "error: the CSR is not signed by its own key (ecdsa-with-SHA256), or was changed since",
            "hint: …",
        ],
    );
    scene.openssl(&[
        "req",
        "-new",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        "k.pem",
        "-subj",
        "/",
        "-out",
        "nameless.csr",
    ]);
    scene.refuses(
        &sign("nameless.csr"),
        3,
        &[
            "error: the subject is empty, but a CA must have a name",
            "hint: pass another name with `--cn`",
        ],
    );
    scene.does_not_understand(
        &[&sign("sub.csr")[..], &["--org", "X"]].concat(),
        "`--cn` is required to give the CA another name",
    );
    scene.does_not_understand(
        &["ca", "request", "--path-len", "1", "--ca-dir", "root"],
        "these options are for a new CA, and its name is missing",
    );
    // What exists is not replaced, and that is found out before anything is recorded.
    scene.write("there.pem", "mine");
    scene.refuses(
        &[&sign("sub.csr")[..], &["--out", "there.pem"]].concat(),
        3,
        &["error: `there.pem` already exists, and is never replaced"],
    );
    scene.refuses(
        &[
            "ca",
            "request",
            "--cn",
            "X",
            "--ca-dir",
            "x",
            "--out",
            "there.pem",
        ],
        3,
        &["error: `there.pem` already exists,…"],
    );
    // A dry run needs no key.
    scene.write("root/ca_conf/ca_priv_key.pem", "no key");
    let before = scene.tree();
    scene
        .gsec(&[&sign("sub.csr")[..], &["--dry-run"]].concat())
        .run()
        .ok()
        .says(
            "Would sign the CSR of CA `CN=Issuing CA` from sub.csr (serial 01, if no other command issues \
         first)",
        );
    scene
        .gsec(&["ca", "request", "--ca-dir", "root", "--dry-run"])
        .run()
        .ok()
        .says("Would create a CSR");
    scene
        .gsec(&["ca", "request", "--cn", "X", "--ca-dir", "x", "--dry-run"])
        .run()
        .ok()
        .says("Would create");
    scene.tree().is_unchanged_since(&before);
}

#[test]
fn a_path_length_further_up_counts_the_intermediates_in_between() {
    let scene = Scene::empty();
    waiting(&scene, &[]);
    foreign_root(
        &scene,
        "root",
        &[
            "-days",
            "30",
            "-addext",
            "basicConstraints=critical,CA:TRUE,pathlen:1",
        ],
    );
    foreign_sign(
        &scene,
        "root",
        "sub.csr",
        "sub.pem",
        &CA_EXTENSIONS.replace(",pathlen:0", ""),
        &["-days", "20"],
    );
    scene
        .gsec(&[
            "ca", "accept", "sub.pem", "--chain", "root.pem", "--ca-dir", "sub",
        ])
        .run()
        .ok();
    // Its own certificate limits nothing, but the root's one intermediate is this CA itself.
    let below = [
        "ca", "init", "--cn", "Below", "--parent", "sub", "--ca-dir", "new",
    ];
    let said =
        "error: no CA is allowed below `CN=Issuing CA`: `O=Elsewhere, CN=root` has pathLenConstraint 1";
    scene.refuses(
        &below,
        3,
        &[said, "hint: did you mean another CA, one closer to the root?"],
    );
}

/// What a certificate may do, as OpenSSL prints it.
fn limits(scene: &Scene, file: &str) -> String {
    scene
        .openssl(&[
            "x509",
            "-in",
            file,
            "-noout",
            "-subject",
            "-pubkey",
            "-ext",
            "basicConstraints,keyUsage,nameConstraints,subjectKeyIdentifier",
        ])
        .stdout
}

#[test]
fn an_intermediate_ca_is_renewed_by_the_ca_above() {
    let scene = two_levels(
        &["--path-len", "3"],
        &["--path-len", "1", "--permit-dns", "example.com", "--days", "30"],
    );
    let before = issue(&scene, "sub", "db1.example.com", &["--days", "20"]);
    let old = (
        scene.read(&certificate("sub")),
        limits(&scene, &certificate("sub")),
    );
    let renewed = scene
        .gsec(&[
            "ca", "renew", "--ca-dir", "sub", "--parent", "root", "--days", "700", "--json",
        ])
        .run()
        .ok()
        .json();
    assert_eq!(
        (
            &renewed["dry_run"],
            &renewed["previous_serial"],
            &renewed["serial"]
        ),
        (&false.into(), &"01".into(), &"02".into())
    );
    assert_eq!(
        limits(&scene, &certificate("sub")),
        old.1,
        "name, key and limits stay"
    );
    assert_eq!(scene.read(renewed["kept"].as_str().expect("a path")), old.0);
    assert!(
        scene
            .read(&certificate("sub"))
            .starts_with(&scene.read("root/repository/02.pem"))
    );
    assert_eq!(renewed["parent"]["certificate"], "root/repository/02.pem");
    let after = issue(&scene, "sub", "db2.example.com", &["--days", "600"]);
    for issued in [&before, &after] {
        openssl_verify(
            &scene,
            &["root", "sub"],
            issued["files"]["host_certificate"].as_str().expect("a file"),
        )
        .ok();
    }
    gnutls_verify(
        &scene,
        "root",
        after["files"]["host_certificate"].as_str().expect("a file"),
    )
    .ok();
    for directory in ["root", "sub"] {
        let log = scene
            .gsec(&[
                "ca",
                "log",
                "--verify",
                "--all-signatures",
                "--ca-dir",
                directory,
                "--json",
            ])
            .run()
            .ok()
            .json();
        assert_eq!(
            (&log["sound"], &log["unrecorded"]["count"]),
            (&true.into(), &0.into()),
            "{directory}"
        );
    }
}

#[test]
fn only_the_ca_above_renews_an_intermediate_ca() {
    let scene = two_levels(&[], &[]);
    init(&scene, "Another CA", "other", &[]);
    let before = scene.tree();
    let not_alone = [
        "error: `sub/ca_conf/ca_cert.pem` was issued by `CN=Root CA`, and only a root CA can do this on its \
         own",
        "hint: to renew it: pass the directory of the parent CA with `--parent DIR`",
        "hint: if the parent CA is elsewhere: `gsec ca request --ca-dir sub` writes the CSR for it to sign; install the result with gsec ca accept",
        "hint: for a new key: make a new CA with gsec ca init and `--parent`",
    ];
    scene.refuses(&["ca", "renew", "--ca-dir", "sub"], 3, &not_alone);
    let foreign = [
        "error: the issuer of `CN=Issuing CA` is `CN=Root CA`, but the given parent CA is `CN=Another CA`",
        "hint: pass the directory of its issuing CA: `--parent DIR`",
    ];
    scene.refuses(
        &["ca", "renew", "--ca-dir", "sub", "--parent", "other"],
        3,
        &foreign,
    );
    let itself = [
        "error: the issuer of `CN=Root CA` is `CN=Root CA`, but the given parent CA is `CN=Root CA`",
        "hint: it is self-signed: renew it without `--parent`",
    ];
    scene.refuses(
        &["ca", "renew", "--ca-dir", "root", "--parent", "root"],
        3,
        &itself,
    );
    scene.does_not_understand(
        &[
            "ca",
            "renew",
            "--ca-dir",
            "sub",
            "--parent",
            "root",
            "--keep-serial",
        ],
        "the argument '--parent <DIR>' cannot be used with '--keep-serial'",
    );
    let seen = scene
        .gsec(&[
            "ca",
            "renew",
            "--ca-dir",
            "sub",
            "--parent",
            "root",
            "--dry-run",
            "--json",
        ])
        .run()
        .ok()
        .json();
    assert_eq!(
        (&seen["dry_run"], &seen["serial"], &seen["parent"]["certificate"]),
        (&true.into(), &"02".into(), &serde_json::Value::Null)
    );
    scene.tree().is_unchanged_since(&before);
}

/// `ca request --out` that was cut off between the CA directory and the file.
#[test]
fn request_of_a_ca_that_waits_is_written_elsewhere_by_the_same_call_alone() {
    let scene = Scene::empty();
    let request = [
        "ca",
        "request",
        "--cn",
        "Sub CA",
        "--key-type",
        "p256",
        "--permit-dns",
        "example.com",
        "--ca-dir",
        "sub",
    ];
    scene.gsec(&request).run().ok();
    let before = scene.tree();
    for other in [
        &[
            "ca",
            "request",
            "--cn",
            "Other CA",
            "--key-type",
            "p256",
            "--permit-dns",
            "example.com",
            "--ca-dir",
            "sub",
        ][..],
        &[
            "ca",
            "request",
            "--cn",
            "Sub CA",
            "--key-type",
            "p384",
            "--permit-dns",
            "example.com",
            "--ca-dir",
            "sub",
        ],
        &[
            "ca",
            "request",
            "--cn",
            "Sub CA",
            "--key-type",
            "p256",
            "--ca-dir",
            "sub",
        ],
        &[
            "ca",
            "request",
            "--cn",
            "Sub CA",
            "--key-type",
            "p256",
            "--permit-dns",
            "example.com",
            "--path-len",
            "1",
            "--ca-dir",
            "sub",
        ],
        &[
            "ca",
            "request",
            "--cn",
            "Sub CA",
            "--key-type",
            "p256",
            "--permit-dns",
            "example.com",
            "--encrypt-key",
            "--ca-dir",
            "sub",
        ],
    ] {
        scene
            .gsec(&[other, &["--out", "sub.csr"]].concat())
            .run()
            .code(3)
            .says("is waiting for its certificate");
    }
    scene
        .gsec(&request)
        .run()
        .code(3)
        .says("is waiting for its certificate");
    scene.tree().is_unchanged_since(&before);
    let again = [&request[..], &["--out", "sub.csr"]].concat();
    scene.gsec(&[&again[..], &["--dry-run"]].concat()).run().ok();
    scene.tree().is_unchanged_since(&before);
    let said = scene.gsec(&[&again[..], &["--json"]].concat()).run().ok().json();
    assert_eq!(
        (&said["created"], &said["files"]),
        (&false.into(), &serde_json::json!(["sub.csr"])),
        "{said}"
    );
    assert_eq!(scene.read("sub.csr"), scene.read("sub/ca_conf/ca_req.pem"));
    scene.gsec(&again).run().code(3);
}

/// A parent CA may limit an intermediate CA in ways that only show when clients reject what it issued.
#[test]
fn what_a_parent_takes_from_a_ca_is_told_when_it_is_accepted_and_ever_after() {
    let limits =
        "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\nextendedKeyUsage=clientAuth\n";
    let scene = Scene::empty();
    foreign_root(&scene, "foreign", &[]);
    waiting(&scene, &[]);
    foreign_sign(&scene, "foreign", "sub.csr", "signed.pem", limits, &[]);
    let accepted = scene
        .gsec(&[
            "ca",
            "accept",
            "signed.pem",
            "--chain",
            "foreign.pem",
            "--yes",
            "--ca-dir",
            "sub",
        ])
        .run()
        .ok();
    for told in ["does not have cRLSign", "does not have serverAuth"] {
        assert!(accepted.stderr.contains(told), "{told}: {accepted}");
    }
    assert!(
        !accepted.stderr.contains("does not have clientAuth"),
        "{accepted}"
    );
    let issue = |host: &str, profile: &str| {
        scene
            .gsec(&[
                "cert",
                "issue",
                "--host",
                host,
                "--profile",
                profile,
                "--ca-dir",
                "sub",
            ])
            .run()
            .ok()
            .stderr
    };
    assert!(issue("db1.example.com", "tls-server").contains("does not have serverAuth"));
    assert!(!issue("client.example.com", "tls-client").contains("does not have"));
    let doctor = scene.gsec(&["doctor", "sub"]).run();
    for slug in ["ca-without-crl-sign", "ca-purpose-excluded"] {
        assert!(doctor.stdout.contains(slug), "{slug}: {doctor}");
    }
    // No command makes a CRL with this certificate, and none is offered.
    let revoked = scene
        .gsec(&["cert", "revoke", "01", "--ca-dir", "sub", "--json"])
        .run()
        .code(3);
    assert_eq!(revoked.error()["code"], "authority.no_crl_sign");
    assert!(!revoked.stderr.contains("gsec crl update"), "{revoked}");
    let doctor = scene.gsec(&["doctor", "sub"]).run();
    assert!(!doctor.stdout.contains("fix: gsec crl update"), "{doctor}");
    scene.gsec(&["crl", "update", "--ca-dir", "sub"]).run().code(3);
}

/// The CA above spells its own name otherwise in what it signs: other string type, other letters (RFC 5280 §7.1).
#[test]
fn a_ca_below_one_that_spells_its_name_otherwise_has_its_path() {
    let scene = Scene::empty();
    waiting(&scene, &[]);
    let request = gsec_pki::x509::decode_request(scene.read("sub.csr").as_bytes()).expect("a request");
    let root = Recipe::ca("Corp Root").self_signed();
    let identifier = tlv(0x04, &request.public_key().key_identifier());
    let below = || {
        Recipe::ca("Issuing CA")
            .change(|recipe| recipe.spki = Some(request.public_key().spki().to_vec()))
            .with(SUBJECT_KEY_IDENTIFIER, false, identifier.clone())
    };
    let sub = below()
        .change(|recipe| recipe.issuer = Some(attributes(&[("2.5.4.3", 0x13, "CORP ROOT")])))
        .signed_by(&root);
    scene.write("chain.pem", sub.pem() + &root.pem());
    scene
        .gsec(&["ca", "accept", "chain.pem", "--ca-dir", "sub"])
        .run()
        .ok();
    let found = scene.gsec(&["doctor", "sub"]).run();
    assert!(
        !found.stdout.contains("ca-chain-broken") && !found.stdout.contains("ca-certificate-foreign"),
        "{found}"
    );
    issue(&scene, "sub", "db1.example.com", &[]);
    let pfx = "sub/repository/01_db1_cert.pfx";
    let shown = scene.gsec(&["cert", "show", pfx]).run().ok();
    assert!(
        shown.stdout.contains("CN=Issuing CA") && shown.stdout.matches("CN=Corp Root").count() > 1,
        "{shown}"
    );
    // Its own name must keep its bytes, by which some programs find the issuer of what it has issued.
    let otherwise = below().change(|recipe| {
        recipe.serial = vec![0x77];
        recipe.subject = attributes(&[("2.5.4.3", 0x13, "Issuing CA")]);
    });
    scene.write("otherwise.pem", otherwise.signed_by(&root).pem() + &root.pem());
    scene.refuses(
        &["ca", "accept", "otherwise.pem", "--ca-dir", "sub"],
        3,
        &[
            "error: the name `CN=Issuing CA` is encoded with other string types or letters than in the certificates that this CA has issued: Go and rustls, among others, would not find their issuer any more",
            "hint: ask the parent CA for a certificate with the present name and key: `gsec ca request --ca-dir sub` writes the CSR",
        ],
    );
}
