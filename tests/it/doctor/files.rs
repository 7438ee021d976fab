//! `gsec doctor` on files: each fault is made for real, is found, and is gone when what doctor says was typed; and where all is well,
//! nothing is said.

use crate::common;

use common::Scene;
use common::doctor::{doctor, finds, is_silent, type_remedy};
use common::pem_forms::written_oddly;

const CERTIFICATE: &str = "gsec-ca/repository/01_db1_cert.pem";
const KEY: &str = "gsec-ca/repository/01_db1_priv_key.pem";
const PFX: &str = "gsec-ca/repository/01_db1_cert.pfx";
const CA: &str = "gsec-ca/ca_conf/ca_cert.pem";
const CRL: &str = "gsec-ca/ca_conf/ca_crl.pem";
/// Stands for the thumbprint of the certificate, which each run makes anew.
const OWN_THUMBPRINT: &str = "{thumbprint}";

type Args = Vec<String>;

fn args(words: &[&str]) -> Args {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// What becomes of the finding when its remedy was typed.
enum After {
    /// It is gone, with the same arguments.
    Gone,
    /// It is gone where the files are used that the remedy made.
    GoneWith(&'static [&'static str]),
    /// What mends it cannot be typed on this machine alone.
    Said,
}

/// One fault.
struct Fault {
    slug: &'static str,
    /// Makes it, and says with which arguments doctor finds it.
    make: fn(&Scene) -> Args,
    after: After,
    /// Arguments with which the same check says nothing, in a scene without the fault.
    healthy: &'static [&'static str],
}

const fn fault(
    slug: &'static str,
    make: fn(&Scene) -> Args,
    after: After,
    healthy: &'static [&'static str],
) -> Fault {
    Fault {
        slug,
        make,
        after,
        healthy,
    }
}

const RENEWED: &[&str] = &["gsec-ca/repository/02_db1_cert.pem"];
const NEW_AFTER_OPENSSL: &[&str] = &["gsec-ca/repository/03_db1_cert.pem"];

const FAULTS: &[Fault] = &[
    // The right key is here, and it is named; nothing is issued for the wrong one.
    fault("key-mismatch", another_key, After::Said, &[CERTIFICATE, KEY]),
    fault(
        "key-not-compared",
        certificate_as_key,
        After::Said,
        &[CERTIFICATE, "--key", KEY],
    ),
    fault(
        "key-form",
        key_with_its_public_half,
        After::GoneWith(&["version2_plain.pem"]),
        &[KEY],
    ),
    fault("file-writable-by-others", writable_ca, After::Gone, &[CA]),
    fault("key-readable-by-others", readable_key, After::Gone, &[KEY]),
    fault("key-writable-by-others", writable_key, After::Gone, &[KEY]),
    fault(
        "key-encrypted",
        encrypted_key,
        After::GoneWith(&["locked_plain.pem"]),
        &[KEY],
    ),
    fault(
        "key-in-public-file",
        key_beside_ca,
        After::GoneWith(&["ca_public.pem"]),
        &[CA],
    ),
    fault(
        "certificate-expired",
        expired,
        After::GoneWith(NEW_AFTER_OPENSSL),
        &[CERTIFICATE],
    ),
    fault(
        "certificate-not-yet-valid",
        not_yet_valid,
        After::Said,
        &[CERTIFICATE],
    ),
    fault(
        "certificate-expires-soon",
        ends_soon,
        After::GoneWith(RENEWED),
        &[CERTIFICATE],
    ),
    fault("ca-ends-first", ca_ends_first, After::Gone, &[CERTIFICATE]),
    fault(
        "issuer-unknown",
        foreign_trust,
        After::Said,
        &[CERTIFICATE, "--trust", CA],
    ),
    fault("self-signed", self_signed, After::Said, &[CERTIFICATE]),
    fault(
        "issuer-signature-wrong",
        ca_of_same_name,
        After::Said,
        &[CERTIFICATE, "--trust", CA],
    ),
    fault(
        "intermediate-missing",
        without_intermediate,
        After::Gone,
        &[CERTIFICATE],
    ),
    fault("chain-order", wrong_order, After::Gone, &[CERTIFICATE, CA]),
    fault(
        "several-cas",
        of_two_cas,
        After::GoneWith(&["gsec-ca/repository/03_db2_cert.pem", CERTIFICATE]),
        &[CERTIFICATE, CA],
    ),
    fault(
        "mixed-hosts",
        two_hosts,
        After::GoneWith(&["both_parts.pem/db1_cert.pem"]),
        &[CERTIFICATE],
    ),
    fault(
        "name-mismatch",
        other_name,
        After::GoneWith(&["gsec-ca/repository/02_db2_cert.pem", "--name", "db2.example.com"]),
        &[CERTIFICATE, "--name", "db1.example.com"],
    ),
    fault(
        "san-missing",
        without_san,
        After::GoneWith(NEW_AFTER_OPENSSL),
        &[CERTIFICATE],
    ),
    fault(
        "address-as-name",
        address_as_name,
        After::GoneWith(&["gsec-ca/repository/03_10.0.0.9_cert.pem"]),
        &[CERTIFICATE],
    ),
    fault(
        "subject-without-host",
        other_common_name,
        After::GoneWith(&["gsec-ca/repository/03_db1_cert.pem"]),
        &[CERTIFICATE],
    ),
    fault(
        "extended-key-usage",
        for_mail_only,
        After::GoneWith(&["gsec-ca/repository/03_db1_cert.pem", "--purpose", "server"]),
        &[CERTIFICATE, "--purpose", "server"],
    ),
    fault(
        "weak-key",
        short_key,
        After::GoneWith(NEW_AFTER_OPENSSL),
        &[CERTIFICATE],
    ),
    fault(
        "weak-signature",
        sha1,
        After::GoneWith(NEW_AFTER_OPENSSL),
        &[CERTIFICATE],
    ),
    fault(
        "certificate-revoked",
        revoked,
        After::GoneWith(&["gsec-ca/repository/02_db1_cert.pem", "gsec-ca/ca_conf/ca_crl.pem"]),
        &[CERTIFICATE],
    ),
    fault("ca-certificate-unfit", host_as_ca, After::Said, &[CERTIFICATE]),
    fault("ca-without-key-usage", ca_without_key_usage, After::Said, &[CA]),
    fault(
        "unknown-critical-extension",
        unknown_critical,
        After::GoneWith(NEW_AFTER_OPENSSL),
        &[CERTIFICATE],
    ),
    fault(
        "key-identifier-mismatch",
        other_key_identifier,
        After::Said,
        &[CERTIFICATE],
    ),
    fault(
        "certificate-flaw",
        serial_zero,
        After::GoneWith(RENEWED),
        &[CERTIFICATE],
    ),
    fault("crl-stale", stale_crl, After::Gone, &[CRL]),
    fault("crl-flaw", weak_crl, After::Gone, &[CRL]),
    fault(
        "crl-missing",
        crl_of_another,
        After::GoneWith(&[CERTIFICATE, "other.crl", "gsec-ca/ca_conf/ca_crl.pem"]),
        &[CERTIFICATE, CRL],
    ),
    fault("crl-signature-wrong", crl_of_same_name, After::Said, &[CRL]),
    fault("pfx-legacy", rc2, After::GoneWith(&["old_modern.pfx"]), &[PFX]),
    fault(
        "pfx-unreadable",
        modern_for_windows,
        After::GoneWith(&["01_db1_cert_compat.pfx", "--read-by", "windows2016"]),
        &[PFX, "--read-by", "windows2019"],
    ),
    fault(
        "pfx-without-chain",
        pfx_alone,
        After::GoneWith(&["alone_modern.pfx"]),
        &[PFX],
    ),
    fault(
        "thumbprint-mismatch",
        foreign_thumbprint,
        After::Said,
        &[CERTIFICATE, "--thumbprint", OWN_THUMBPRINT],
    ),
    fault(
        "thumbprint-invisible-character",
        pasted_thumbprint,
        After::Said,
        &[CERTIFICATE, "--thumbprint", OWN_THUMBPRINT],
    ),
];

#[test]
fn every_fault_is_found_and_its_remedy_mends_it() {
    for fault in FAULTS {
        println!("{}", fault.slug);
        let scene = Scene::with_host();
        let made = (fault.make)(&scene);
        let made: Vec<&str> = made.iter().map(String::as_str).collect();
        let found = finds(&scene, &made, fault.slug);
        assert!(
            found.fix.len() + found.look.len() + found.advice.len() > 0,
            "{found:#?}"
        );
        // What was issued for the host already is only installed.
        if found.fix.is_empty()
            && found
                .advice
                .first()
                .is_some_and(|words| words.starts_with("Install 'gsec-ca/repository/01_db1_cert.pem'"))
        {
            continue;
        }
        let (typed, after) = match fault.after {
            After::Said => continue,
            After::Gone => (type_remedy(&scene, &found), made.as_slice()),
            After::GoneWith(after) => (type_remedy(&scene, &found), after),
        };
        assert!(typed > 0, "nothing can be typed: {found:#?}");
        is_silent(&scene, after, fault.slug);
    }
}

#[test]
fn where_all_is_well_every_check_is_silent() {
    let scene = Scene::with_host();
    scene.gsec(&["crl", "update"]).run().ok();
    let thumbprint = scene.gsec(&["cert", "thumbprint", CERTIFICATE]).run().ok().stdout;
    for fault in FAULTS {
        let asked: Vec<&str> = fault
            .healthy
            .iter()
            .map(|word| {
                if *word == OWN_THUMBPRINT {
                    thumbprint.trim()
                } else {
                    word
                }
            })
            .collect();
        is_silent(&scene, &asked, fault.slug);
    }
    let all = [
        CERTIFICATE,
        KEY,
        PFX,
        CA,
        "gsec-ca/repository/01.pem",
        "gsec-ca/ca_conf/ca_priv_key.pem",
    ];
    let said = doctor(&scene, &all);
    assert!(said.is_empty(), "{said:#?}");
    let text = scene.gsec(&["doctor"]).args(&all).run().ok();
    assert!(
        text.stdout.lines().count() == all.len()
            && text.stdout.lines().all(|line| line.contains(": healthy: ")),
        "one line for each: {text}"
    );
}

/// A request and a key of OpenSSL's making.
fn request(scene: &Scene, name: &str, subject: &str, flags: &[&str]) {
    let (key, request) = (format!("{name}.key"), format!("{name}.req"));
    let kind: &[&str] = if flags.contains(&"-newkey") {
        &[]
    } else {
        &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    };
    scene.openssl(
        &[
            &[
                "req", "-new", "-nodes", "-subj", subject, "-keyout", &key, "-out", &request,
            ],
            kind,
            flags,
        ]
        .concat(),
    );
}

/// A certificate of this CA by `openssl ca`, under serial 02.
fn by_openssl(scene: &Scene, subject: &str, request_flags: &[&str], flags: &[&str]) -> Args {
    request(scene, "made", subject, request_flags);
    let ca = [
        "ca",
        "-batch",
        "-notext",
        "-config",
        "ca_conf/ca.conf",
        "-in",
        "../made.req",
        "-out",
        "../made.pem",
    ];
    common::openssl(&[&ca[..], flags].concat())
        .in_dir(scene.dir.path("gsec-ca"))
        .run()
        .ok();
    args(&["made.pem"])
}

const DB1: [&str; 2] = ["-addext", "subjectAltName=DNS:db1.example.com"];

fn another_key(scene: &Scene) -> Args {
    scene.openssl(&[
        "genpkey",
        "-algorithm",
        "RSA",
        "-pkeyopt",
        "rsa_keygen_bits:2048",
        "-out",
        "other.pem",
    ]);
    args(&[CERTIFICATE, "--key", "other.pem"])
}

fn certificate_as_key(_: &Scene) -> Args {
    args(&[CERTIFICATE, "--key", CERTIFICATE])
}

/// PKCS #8 version 2 of a new Ed25519 key (RFC 5958 §2), as Rust programs write it.
fn key_with_its_public_half(scene: &Scene) -> Args {
    let pkcs8 = scene
        .openssl(&[
            "genpkey",
            "-algorithm",
            "ed25519",
            "-out",
            "v1.pem",
            "-outform",
            "PEM",
        ])
        .ok();
    drop(pkcs8);
    let der = |args: &[&str]| scene.openssl(args).ok().stdout_bytes;
    let private = der(&["pkey", "-in", "v1.pem", "-outform", "DER"]);
    let public = der(&["pkey", "-in", "v1.pem", "-pubout", "-outform", "DER"]);
    scene.write("version2.pem", version2(&private, &public[public.len() - 32..]));
    scene.chmod("version2.pem", 0o600);
    args(&["version2.pem"])
}

/// PKCS #8 version 2 in PEM, of a version 1 in DER that is shorter than 128 bytes, and these bits as its public key.
fn version2(version1: &[u8], public: &[u8]) -> String {
    let field = [&[0x81, u8::try_from(public.len() + 1).expect("short"), 0], public].concat();
    let content = [&[2, 1, 1], &version1[5..], &field].concat();
    let length = u8::try_from(content.len()).expect("short");
    assert!(length < 128 && version1[..5] == [0x30, version1[1], 2, 1, 0]);
    gsec_pki::encoding::pem::encode("PRIVATE KEY", &[&[0x30, length], &content[..]].concat())
}

fn writable_ca(scene: &Scene) -> Args {
    scene.write("trusted.pem", scene.read(CA));
    scene.chmod("trusted.pem", 0o666);
    args(&["trusted.pem"])
}

fn readable_key(scene: &Scene) -> Args {
    scene.chmod(KEY, 0o644);
    args(&[KEY])
}

fn writable_key(scene: &Scene) -> Args {
    scene.chmod(KEY, 0o620);
    args(&[KEY])
}

fn encrypted_key(scene: &Scene) -> Args {
    scene.write("secret.txt", "a passphrase\n");
    scene
        .gsec(&[
            "convert",
            "key",
            KEY,
            "--out",
            "locked.pem",
            "--new-password-file",
            "secret.txt",
        ])
        .run()
        .ok();
    args(&["locked.pem", "--password-file", "secret.txt"])
}

fn key_beside_ca(scene: &Scene) -> Args {
    scene.write(
        "ca.pem",
        [scene.read(CA), scene.read("gsec-ca/ca_conf/ca_priv_key.pem")].concat(),
    );
    args(&["ca.pem"])
}

fn expired(scene: &Scene) -> Args {
    by_openssl(
        scene,
        "/CN=db1.example.com",
        &DB1,
        &["-startdate", "20200101000000Z", "-enddate", "20210101000000Z"],
    )
}

fn not_yet_valid(scene: &Scene) -> Args {
    by_openssl(
        scene,
        "/CN=db1.example.com",
        &DB1,
        &["-startdate", "20990101000000Z", "-enddate", "21000101000000Z"],
    )
}

fn ends_soon(_: &Scene) -> Args {
    args(&[CERTIFICATE, "--expires-within", "100d"])
}

/// `--days` of the CA is what it has now; the host's certificate was made by OpenSSL, which does not look at the CA's end.
fn ca_ends_first(scene: &Scene) -> Args {
    std::fs::remove_dir_all(scene.dir.path("gsec-ca")).expect("the CA goes");
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Test CA",
            "--key-type",
            "p256",
            "--days",
            "400",
        ])
        .run()
        .ok();
    by_openssl(scene, "/CN=db1.example.com", &DB1, &["-days", "500"])
}

fn other_ca(scene: &Scene, common_name: &str) {
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            common_name,
            "--key-type",
            "p256",
            "--ca-dir",
            "other-ca",
        ])
        .run()
        .ok();
}

fn foreign_trust(scene: &Scene) -> Args {
    other_ca(scene, "Other CA");
    args(&[CERTIFICATE, "--trust", "other-ca/ca_conf/ca_cert.pem"])
}

fn self_signed(scene: &Scene) -> Args {
    request(
        scene,
        "own",
        "/CN=db1.example.com",
        &[
            "-x509",
            "-days",
            "90",
            "-addext",
            "subjectAltName=DNS:db1.example.com",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
        ],
    );
    args(&["own.req", "--trust", CA])
}

fn ca_of_same_name(scene: &Scene) -> Args {
    other_ca(scene, "Test CA");
    args(&[CERTIFICATE, "--trust", "other-ca/ca_conf/ca_cert.pem"])
}

fn without_intermediate(scene: &Scene) -> Args {
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
        .issue("db3.example.com", &["--ca-dir", "issuing"])
        .run()
        .ok();
    scene.openssl(&[
        "x509",
        "-in",
        "issuing/repository/01_db3_cert.pem",
        "-out",
        "alone.pem",
    ]);
    args(&["alone.pem", "--ca-dir", "issuing"])
}

fn wrong_order(scene: &Scene) -> Args {
    scene.write("chain.pem", [scene.read(CA), scene.read(CERTIFICATE)].concat());
    args(&["chain.pem"])
}

fn two_hosts(scene: &Scene) -> Args {
    scene.issue("db2.example.com", &[]).run().ok();
    let both = [
        CERTIFICATE,
        KEY,
        "gsec-ca/repository/02_db2_cert.pem",
        "gsec-ca/repository/02_db2_priv_key.pem",
    ];
    scene.write("both.pem", both.map(|name| scene.read(name)).concat());
    scene.chmod("both.pem", 0o600);
    args(&["both.pem"])
}

/// Two hosts of this CA and one of another, which issues it anew.
fn of_two_cas(scene: &Scene) -> Args {
    other_ca(scene, "Other CA");
    scene
        .issue("db2.example.com", &["--ca-dir", "other-ca"])
        .run()
        .ok();
    scene.issue("db3.example.com", &[]).run().ok();
    args(&[
        "other-ca/repository/01_db2_cert.pem",
        CERTIFICATE,
        "gsec-ca/repository/02_db3_cert.pem",
    ])
}

fn other_name(_: &Scene) -> Args {
    args(&[CERTIFICATE, "--name", "db2.example.com"])
}

fn without_san(scene: &Scene) -> Args {
    by_openssl(scene, "/CN=db1.example.com", &[], &[])
}

fn address_as_name(scene: &Scene) -> Args {
    by_openssl(
        scene,
        "/CN=10.0.0.9",
        &["-addext", "subjectAltName=DNS:10.0.0.9"],
        &[],
    )
}

fn other_common_name(scene: &Scene) -> Args {
    by_openssl(scene, "/CN=Database one", &DB1, &[])
}

fn for_mail_only(scene: &Scene) -> Args {
    scene.write(
        "mail.cnf",
        "[mail]\nbasicConstraints=CA:FALSE\nextendedKeyUsage=emailProtection\nauthorityKeyIdentifier=keyid\n",
    );
    let mut made = by_openssl(
        scene,
        "/CN=db1.example.com",
        &DB1,
        &["-extfile", "../mail.cnf", "-extensions", "mail"],
    );
    made.extend(args(&["--purpose", "server"]));
    made
}

fn short_key(scene: &Scene) -> Args {
    by_openssl(
        scene,
        "/CN=db1.example.com",
        &[&DB1[..], &["-newkey", "rsa:1024"]].concat(),
        &[],
    )
}

fn sha1(scene: &Scene) -> Args {
    by_openssl(scene, "/CN=db1.example.com", &DB1, &["-md", "sha1"])
}

fn revoked(scene: &Scene) -> Args {
    scene.gsec(&["cert", "revoke", "01"]).run().ok();
    scene.gsec(&["crl", "update"]).run().ok();
    args(&[CERTIFICATE, "gsec-ca/ca_conf/ca_crl.pem"])
}

/// A host's certificate, below which another one stands.
fn host_as_ca(scene: &Scene) -> Args {
    request(
        scene,
        "below",
        "/CN=below.example.com",
        &["-addext", "subjectAltName=DNS:below.example.com"],
    );
    scene.openssl(&[
        "x509",
        "-req",
        "-in",
        "below.req",
        "-CA",
        CERTIFICATE,
        "-CAkey",
        KEY,
        "-set_serial",
        "7",
        "-days",
        "9",
        "-out",
        "below.pem",
        "-copy_extensions",
        "copy",
    ]);
    scene.write(
        "below_chain.pem",
        [scene.read("below.pem"), scene.read(CERTIFICATE)].concat(),
    );
    args(&["below_chain.pem", "--trust", CA])
}

fn ca_without_key_usage(scene: &Scene) -> Args {
    request(
        scene,
        "bare",
        "/CN=Bare CA",
        &[
            "-x509",
            "-days",
            "90",
            "-addext",
            "basicConstraints=critical,CA:TRUE",
        ],
    );
    args(&["bare.req", "--trust", "bare.req"])
}

fn unknown_critical(scene: &Scene) -> Args {
    by_openssl(
        scene,
        "/CN=db1.example.com",
        &[&DB1[..], &["-addext", "1.2.3.4=critical,DER:0500"]].concat(),
        &[],
    )
}

/// The CA's certificate made anew with its own key, and another key identifier.
fn other_key_identifier(scene: &Scene) -> Args {
    let key = "gsec-ca/ca_conf/ca_priv_key.pem";
    let extensions = [
        "-addext",
        "basicConstraints=critical,CA:TRUE",
        "-addext",
        "keyUsage=critical,keyCertSign,cRLSign",
        "-addext",
        "subjectKeyIdentifier=0102030405",
    ];
    scene.openssl(
        &[
            &[
                "req",
                "-x509",
                "-key",
                key,
                "-subj",
                "/CN=Test CA",
                "-days",
                "900",
                "-out",
                "other_ski.pem",
            ],
            &extensions[..],
        ]
        .concat(),
    );
    args(&[CERTIFICATE, "--trust", "other_ski.pem"])
}

/// openssl x509, because `openssl ca` takes the number that is next.
fn serial_zero(scene: &Scene) -> Args {
    request(scene, "zero", "/CN=db1.example.com", &DB1);
    scene.write(
        "host.cnf",
        "basicConstraints=CA:FALSE\nsubjectAltName=DNS:db1.example.com\nauthorityKeyIdentifier=keyid\n",
    );
    let ca = [
        "-CA",
        CA,
        "-CAkey",
        "gsec-ca/ca_conf/ca_priv_key.pem",
        "-set_serial",
        "0",
        "-days",
        "90",
        "-extfile",
        "host.cnf",
    ];
    scene.openssl(&[&["x509", "-req", "-in", "zero.req", "-out", "zero.pem"], &ca[..]].concat());
    args(&["zero.pem"])
}

fn stale_crl(scene: &Scene) -> Args {
    let flags = [
        "ca",
        "-gencrl",
        "-config",
        "ca_conf/ca.conf",
        "-crl_lastupdate",
        "20200101000000Z",
        "-crl_nextupdate",
        "20210101000000Z",
    ];
    common::openssl(&flags)
        .args(&["-out", "ca_conf/ca_crl.pem"])
        .in_dir(scene.dir.path("gsec-ca"))
        .run()
        .ok();
    args(&["gsec-ca/ca_conf/ca_crl.pem"])
}

fn weak_crl(scene: &Scene) -> Args {
    let flags = [
        "ca",
        "-gencrl",
        "-config",
        "ca_conf/ca.conf",
        "-crldays",
        "30",
        "-md",
        "sha1",
    ];
    common::openssl(&flags)
        .args(&["-out", "ca_conf/ca_crl.pem"])
        .in_dir(scene.dir.path("gsec-ca"))
        .run()
        .ok();
    args(&["gsec-ca/ca_conf/ca_crl.pem"])
}

fn crl_of_another(scene: &Scene) -> Args {
    other_ca(scene, "Other CA");
    scene.gsec(&["crl", "update", "--ca-dir", "other-ca"]).run().ok();
    scene.write("other.crl", scene.read("other-ca/ca_conf/ca_crl.pem"));
    args(&[CERTIFICATE, "other.crl"])
}

fn crl_of_same_name(scene: &Scene) -> Args {
    other_ca(scene, "Test CA");
    scene.gsec(&["crl", "update", "--ca-dir", "other-ca"]).run().ok();
    args(&["other-ca/ca_conf/ca_crl.pem"])
}

fn pfx_by_openssl(scene: &Scene, name: &str, flags: &[&str]) -> Args {
    scene.openssl(
        &[
            &[
                "pkcs12",
                "-export",
                "-in",
                CERTIFICATE,
                "-inkey",
                KEY,
                "-passout",
                "pass:",
                "-out",
                name,
            ],
            flags,
        ]
        .concat(),
    );
    scene.chmod(name, 0o600);
    args(&[name])
}

fn rc2(scene: &Scene) -> Args {
    pfx_by_openssl(
        scene,
        "old.pfx",
        &["-legacy", "-certpbe", "PBE-SHA1-RC2-40", "-certfile", CA],
    )
}

fn modern_for_windows(_: &Scene) -> Args {
    args(&[PFX, "--read-by", "windows2016"])
}

fn pfx_alone(scene: &Scene) -> Args {
    pfx_by_openssl(scene, "alone.pfx", &[])
}

fn foreign_thumbprint(scene: &Scene) -> Args {
    let printed = scene.gsec(&["cert", "thumbprint", CA]).run().ok().stdout;
    args(&[CERTIFICATE, "--thumbprint", printed.trim()])
}

fn pasted_thumbprint(scene: &Scene) -> Args {
    let printed = scene.gsec(&["cert", "thumbprint", CERTIFICATE]).run().ok().stdout;
    args(&[
        CERTIFICATE,
        "--thumbprint",
        &format!("\u{200e}{}", printed.trim()),
    ])
}

#[test]
fn a_pfx_with_two_faults_is_written_again_once() {
    let scene = Scene::with_host();
    let file = pfx_by_openssl(&scene, "leg.pfx", &["-legacy", "-certpbe", "PBE-SHA1-RC2-40"]);
    let file: Vec<&str> = file.iter().map(String::as_str).collect();
    let report = scene.gsec(&[&["doctor"][..], &file].concat()).run();
    assert!(
        report.stdout.contains("pfx-legacy") && report.stdout.contains("pfx-without-chain"),
        "{report}"
    );
    assert_eq!(
        report.stdout.matches("--pfx-encryption modern").count(),
        1,
        "{report}"
    );
    assert!(
        report.stdout.contains("--chain gsec-ca/ca_conf/ca_cert.pem"),
        "{report}"
    );
}

#[test]
fn a_chain_that_is_sorted_keeps_its_mode() {
    let scene = Scene::with_host();
    wrong_order(&scene);
    scene.chmod("chain.pem", 0o640);
    let found = finds(&scene, &["chain.pem"], "chain-order");
    type_remedy(&scene, &found);
    is_silent(&scene, &["chain.pem"], "chain-order");
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &std::fs::metadata(scene.dir.path("chain.pem"))
            .expect("a file")
            .permissions(),
    );
    assert_eq!(mode & 0o777, 0o640);
}

#[test]
fn pem_that_openssl_does_not_load_is_never_healthy_and_is_written_again_by_what_is_typed() {
    let scene = Scene::with_host();
    scene.gsec(&["crl", "update"]).run().ok();
    scene.openssl(&["req", "-new", "-key", KEY, "-subj", "/CN=x", "-out", "r.csr"]);
    scene.openssl(&["x509", "-in", CERTIFICATE, "-out", "c.pem"]);
    for (what, file) in [("x509", "c.pem"), ("pkey", KEY), ("req", "r.csr"), ("crl", CRL)] {
        let loads = |name: &str| {
            common::openssl(&[what, "-in", name, "-noout"])
                .in_dir(scene.dir.path(""))
                .run()
                .status
                == Some(0)
        };
        for (way, text) in written_oddly(&scene.read(file)) {
            println!("{what}: {way}");
            let _ = std::fs::remove_file(scene.dir.path("odd.pem"));
            scene.write("odd.pem", text);
            scene.chmod("odd.pem", 0o600);
            let found = doctor(&scene, &["odd.pem"])
                .into_iter()
                .find(|found| found.slug == "pem-form");
            let by_openssl = found.as_ref().is_some_and(|found| found.severity == "warning");
            assert_ne!(
                by_openssl || way == "in YAML",
                loads("odd.pem"),
                "{what}, {way}: {found:#?}"
            );
            let Some(found) = found else { continue };
            // Whoever reads the YAML gives programs what OpenSSL loads.
            if way == "in YAML" {
                assert!(found.severity == "notice" && found.fix.is_empty(), "{found:#?}");
                continue;
            }
            let weight = if found.seen.contains("OpenSSL (and with it nginx") {
                "warning"
            } else {
                "notice"
            };
            assert_eq!(found.severity, weight, "{found:#?}");
            if way == "hyphens before" {
                assert!(found.advice[0].contains("other text"), "{found:#?}");
                continue;
            }
            assert_eq!(type_remedy(&scene, &found), 1, "{found:#?}");
            is_silent(&scene, &["odd.pem"], "pem-form");
            assert!(loads("odd.pem"), "{what}, {way}");
        }
    }
}

/// What else is in a file is its owner's: no remedy drops it.
#[test]
fn pem_among_other_text_is_never_replaced_by_the_pem_alone() {
    let scene = Scene::with_host();
    let block = scene.read(CERTIFICATE);
    let block = &block[block.find("-----BEGIN").expect("PEM")..];
    let odd = block.replacen('\n', "\n\n", 2);
    let turned = scene.read(CA) + &scene.read(CERTIFICATE);
    for (name, content, slug) in [
        (
            "prose.txt",
            format!("password: x\n{odd}replicas: 3\n"),
            "pem-form",
        ),
        (
            "comment.pem",
            format!("# do not renew before May\n{odd}"),
            "pem-form",
        ),
        ("turned.pem", format!("# ours\n{turned}"), "chain-order"),
    ] {
        scene.write(name, &content);
        let found = finds(&scene, &[name], slug);
        assert!(found.fix.is_empty() && found.advice.len() == 1, "{found:#?}");
        let (_, command) = found.advice[0].split_once(": gsec ").expect("a command");
        let words: Vec<&str> = command.split(' ').collect();
        scene.gsec(&words).run().ok();
        assert_eq!(scene.read(name), content, "{name}");
        is_silent(&scene, &[*words.last().expect("a name")], slug);
    }
    // The same through the handshake.
    let before = scene.read("turned.pem");
    let said = scene
        .gsec(&[
            "doctor",
            "handshake",
            "--server-cert",
            "turned.pem",
            "--server-key",
            KEY,
            "--trust",
            CA,
        ])
        .run();
    assert!(
        said.stdout
            .contains("The file contains other text, which gsec would lose")
            && !said.stdout.contains("fix:"),
        "{said}"
    );
    assert_eq!(scene.read("turned.pem"), before);
}

#[test]
fn pem_in_yaml_is_a_notice_as_long_as_yaml_takes_its_indentation_away() {
    let scene = Scene::with_host();
    let block = scene.read(CERTIFICATE);
    let block = &block[block.find("-----BEGIN").expect("PEM")..];
    let indented = |by: &str| -> String { block.lines().map(|line| format!("{by}{line}\n")).collect() };
    let (four, six) = (indented("    "), indented("      "));
    for (text, severity) in [
        (
            format!("db:\n  password: x\ntls:\n  crt: |\n{four}  replicas: 3\n"),
            "notice",
        ),
        (format!("tls:\n  crt: |-  # ours\n{four}{four}"), "notice"),
        (format!("certs:\n  - |\n{four}\n  - |2\n{four}"), "notice"),
        // A line is joined with the next, or keeps blanks before it.
        (format!("tls:\n  crt: >\n{four}"), "warning"),
        (format!("tls:\n  crt: |\n    # ours\n{six}"), "warning"),
        (format!("tls:\n  crt: |\n{four}  key: x\n{six}"), "warning"),
    ] {
        scene.write("values.yaml", &text);
        let found = finds(&scene, &["values.yaml"], "pem-form");
        assert_eq!(found.severity, severity, "{text}{found:#?}");
        assert!(found.fix.is_empty(), "{found:#?}");
        assert_eq!(scene.read("values.yaml"), text);
    }
}

#[test]
fn pem_of_a_locked_key_is_judged_and_never_unlocked() {
    let scene = Scene::with_host();
    scene.write("pass", "changeit");
    scene.openssl(&[
        "rsa",
        "-in",
        &rsa(&scene),
        "-aes128",
        "-traditional",
        "-passout",
        "file:pass",
        "-out",
        "old.key",
    ]);
    scene.openssl(&[
        "pkcs8",
        "-topk8",
        "-in",
        KEY,
        "-passout",
        "file:pass",
        "-out",
        "new.key",
    ]);
    for file in ["old.key", "new.key"] {
        scene.chmod(file, 0o600);
        is_silent(&scene, &[file], "pem-form");
        let indented = scene
            .read(file)
            .lines()
            .map(|line| format!("  {line}\n"))
            .collect::<String>();
        scene.write("odd.key", indented);
        scene.chmod("odd.key", 0o600);
        for password in [&[][..], &["--password-file", "pass"]] {
            let found = finds(&scene, &[&["odd.key"], password].concat(), "pem-form");
            assert!(found.fix.is_empty() && found.advice.len() == 1, "{found:#?}");
        }
    }
}

fn rsa(scene: &Scene) -> String {
    scene.openssl(&["genrsa", "-out", "rsa.key", "2048"]);
    "rsa.key".into()
}

#[test]
fn byte_order_mark_is_a_notice_since_openssl_passes_over_it() {
    let scene = Scene::with_host();
    scene.write("marked.pem", format!("\u{feff}{}", scene.read(CERTIFICATE)));
    let found = finds(&scene, &["marked.pem"], "pem-form");
    assert!(
        found.severity == "notice" && found.seen.ends_with("Java and Go cannot load it"),
        "{found:#?}"
    );
    scene.openssl(&["x509", "-in", "marked.pem", "-noout"]);
    // In the middle, OpenSSL does not find the block.
    scene.write(
        "middle.pem",
        format!("{}\u{feff}{}", scene.read(CERTIFICATE), scene.read(CA)),
    );
    assert_eq!(finds(&scene, &["middle.pem"], "pem-form").severity, "warning");
}

#[test]
fn settings_of_trust_that_openssl_keeps_in_a_file_are_told() {
    let scene = Scene::with_host();
    scene.openssl(&[
        "x509",
        "-in",
        CA,
        "-addreject",
        "serverAuth",
        "-addtrust",
        "emailProtection",
        "-setalias",
        "Old root",
        "-out",
        "set.pem",
    ]);
    scene.openssl(&["x509", "-in", CA, "-trustout", "-out", "none.pem"]);
    let found = finds(&scene, &["set.pem"], "openssl-trust-settings");
    assert!(
        found.severity == "warning"
            && found
                .seen
                .ends_with("trusted for emailProtection only; rejected for serverAuth; alias `Old root`"),
        "{found:#?}"
    );
    assert_eq!(
        finds(&scene, &["none.pem"], "openssl-trust-settings").severity,
        "notice"
    );
    is_silent(&scene, &[CA], "openssl-trust-settings");
}

/// A CRL of the CA by `openssl ca`, with these extensions.
fn crl_with(scene: &Scene, extensions: &str, out: &str) {
    let settings = scene.read("gsec-ca/ca_conf/ca.conf")
        + "\n[ odd_crl ]\nauthorityKeyIdentifier = keyid\n"
        + extensions;
    scene.write("gsec-ca/ca_conf/odd.conf", settings);
    let flags = [
        "ca",
        "-gencrl",
        "-config",
        "ca_conf/odd.conf",
        "-crldays",
        "30",
        "-crlexts",
        "odd_crl",
        "-out",
    ];
    common::openssl(&flags)
        .args(&[&format!("../{out}")])
        .in_dir(scene.dir.path("gsec-ca"))
        .run()
        .ok();
    std::fs::remove_file(scene.dir.path("gsec-ca/ca_conf/odd.conf")).expect("the settings");
}

#[test]
fn a_crl_that_nobody_can_use_alone_is_not_healthy() {
    let scene = Scene::with_host();
    crl_with(&scene, "2.5.29.20 = DER:020102\n", "base.crl");
    crl_with(
        &scene,
        "2.5.29.20 = DER:020103\n2.5.29.27 = critical,DER:020102\n",
        "delta.crl",
    );
    crl_with(
        &scene,
        "2.5.29.20 = DER:020103\n2.5.29.27 = critical,DER:020109\n",
        "later.crl",
    );
    let long = format!("2.5.29.20 = DER:021501{}\n", "00".repeat(20));
    crl_with(&scene, &long, "long.crl");
    let alone = finds(&scene, &["delta.crl", "--trust", CA], "crl-flaw");
    assert!(
        alone.seen.contains("a delta CRL") && alone.severity == "warning",
        "{alone:#?}"
    );
    is_silent(&scene, &["delta.crl", "base.crl", "--trust", CA], "crl-flaw");
    finds(&scene, &["later.crl", "base.crl", "--trust", CA], "crl-flaw");
    let long = finds(&scene, &["long.crl", "--trust", CA], "crl-flaw");
    assert!(long.seen.contains("more than 20 bytes"), "{long:#?}");
}

#[test]
fn a_key_alone_in_a_pfx_is_read_by_java_and_for_nss_there_is_a_remedy() {
    let scene = Scene::with_host();
    scene.write("secret.txt", "secret\n");
    scene.openssl(&[
        "pkcs12",
        "-export",
        "-nocerts",
        "-inkey",
        KEY,
        "-out",
        "key.p12",
        "-passout",
        "file:secret.txt",
    ]);
    let asked = |reader| ["key.p12", "--password-file", "secret.txt", "--read-by", reader];
    let found = finds(&scene, &asked("nss"), "pfx-unreadable");
    assert!(found.seen.contains("its key has no certificate"), "{found:#?}");
    assert!(
        found.fix.is_empty() && !found.advice.is_empty(),
        "no command makes the certificate: {found:#?}"
    );
    for reader in ["openssl3", "java8", "java17"] {
        is_silent(&scene, &asked(reader), "pfx-unreadable");
    }
}

#[test]
fn pkcs8_with_the_public_key_of_another_is_no_key_and_its_own_is_read_by_all_once_converted() {
    let scene = Scene::empty();
    key_with_its_public_half(&scene);
    assert_ne!(
        common::openssl(&["pkey", "-noout", "-in", &scene.dir.path("version2.pem")])
            .run()
            .status,
        Some(0)
    );
    scene
        .gsec(&["convert", "key", "version2.pem", "--out", "again.pem"])
        .run()
        .ok();
    scene.openssl(&["pkey", "-noout", "-in", "again.pem"]);
    assert_eq!(
        scene.read("again.pem"),
        scene.read("v1.pem"),
        "version 1, as OpenSSL writes it"
    );
    let der = scene
        .openssl(&["pkey", "-in", "v1.pem", "-outform", "DER"])
        .ok()
        .stdout_bytes;
    scene.write("wrong.pem", version2(&der, &[9; 32]));
    scene.refuses(
        &["doctor", "wrong.pem"],
        3,
        &[
            "error: cannot use `wrong.pem`",
            "…its private and its public half do not match",
        ],
    );
}

/// Apple's systems reject such server certificates, whoever issued them; issuing warns, and so does everything that is asked later.
#[test]
fn server_certificate_of_more_than_825_days() {
    let slug = "lifetime-over-825-days";
    let scene = Scene::with_ca();
    for (host, days, profile, is_told) in [
        ("long.example.com", "1000", "host", true),
        ("short.example.com", "825", "host", false),
        ("client.example.com", "1000", "tls-client", false),
    ] {
        let issued = scene
            .gsec(&["cert", "issue", "--key-type", "p256", "--no-pfx", "--host", host])
            .args(&["--days", days, "--profile", profile, "--json"])
            .run()
            .ok()
            .json();
        let file = issued["files"]["certificate"]
            .as_str()
            .expect("a file")
            .to_owned();
        if is_told {
            assert_eq!(finds(&scene, &[&file], slug).severity, "notice");
            let key = issued["files"]["private_key"].as_str().expect("a key").to_owned();
            let path = |file: &str| scene.dir.path(file);
            let server = common::TlsPort::openssl(&path(&file), &path(&key), &[]);
            finds(&scene, &[&server.target(), "--name", host], slug);
        } else {
            is_silent(&scene, &[&file], slug);
        }
        let verified = scene
            .gsec(&["cert", "verify", &file, "--purpose", "server"])
            .run();
        assert_eq!(verified.stderr.contains("Apple"), is_told, "{host}: {verified}");
    }
}

#[test]
fn first_certificate_of_another_host_than_the_keys_is_an_error() {
    let scene = Scene::with_host();
    scene.issue("web2.example.org", &[]).run().ok();
    let [other, own, key] = ["02_web2_cert", "01_db1_cert", "01_db1_priv_key"]
        .map(|name| scene.read(&format!("gsec-ca/repository/{name}.pem")));
    scene.write("both.pem", format!("{other}{own}{key}"));
    scene.chmod("both.pem", 0o600);
    let found = doctor(&scene, &["both.pem"]);
    let told: Vec<(&str, &str)> = found
        .iter()
        .map(|found| (found.slug.as_str(), found.severity.as_str()))
        .collect();
    assert_eq!(
        told,
        [("chain-order", "error"), ("mixed-hosts", "warning")],
        "{found:#?}"
    );
}

#[test]
fn short_diffie_hellman_parameters_in_a_file_are_told() {
    let scene = Scene::with_host();
    let certificate = scene.read("gsec-ca/repository/01_db1_cert.pem");
    for (bits, severity) in [(512, Some("error")), (1024, Some("warning")), (2048, None)] {
        // Any odd number will do, since nobody computes with it.
        let prime = [&[0][..], &vec![0xff; bits / 8]].concat();
        let der = common::der_writer::sequence(&[
            common::der_writer::tlv(2, &prime),
            common::der_writer::number(2),
        ]);
        for label in ["DH PARAMETERS", "X9.42 DH PARAMETERS"] {
            let block = gsec_pki::encoding::pem::encode(label, &der);
            scene.write("alone.pem", &block);
            scene.write("both.pem", format!("{certificate}{block}"));
            for file in ["alone.pem", "both.pem"] {
                let found = doctor(&scene, &[file]);
                let told = found.iter().find(|found| found.slug == "dh-parameters-short");
                assert_eq!(
                    told.map(|found| found.severity.as_str()),
                    severity,
                    "{file}, {label}: {found:#?}"
                );
            }
        }
    }
}

/// The file was appended to: what is old in it is named by its place, and to be removed.
#[test]
fn expired_certificate_beside_the_one_that_replaced_it_is_to_be_removed() {
    let scene = Scene::empty();
    let config = "[ca]\ndefault_ca = c\n[c]\ndatabase = index\nnew_certs_dir = .\nserial = serial\npolicy = p\n\
                  default_md = sha256\nunique_subject = no\n[p]\ncommonName = supplied\n\
                  [i]\nbasicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign,cRLSign\n\
                  subjectKeyIdentifier = hash\n[h]\nbasicConstraints = CA:FALSE\nsubjectAltName = DNS:db1.example.com\n";
    scene.write("ca.conf", config);
    scene.write("index", "");
    scene.write("serial", "1001\n");
    let key = |name: &str| {
        scene.openssl_key(name);
    };
    for name in ["root.key", "ica.key", "host.key"] {
        key(name);
    }
    scene.openssl(&[
        "req",
        "-x509",
        "-new",
        "-key",
        "root.key",
        "-subj",
        "/CN=Root",
        "-days",
        "3650",
        "-addext",
        "basicConstraints=critical,CA:TRUE",
        "-addext",
        "keyUsage=critical,keyCertSign,cRLSign",
        "-out",
        "root.pem",
    ]);
    scene.openssl(&[
        "req", "-new", "-key", "ica.key", "-subj", "/CN=ICA", "-out", "ica.csr",
    ]);
    scene.openssl(&[
        "req",
        "-new",
        "-key",
        "host.key",
        "-subj",
        "/CN=db1.example.com",
        "-out",
        "host.csr",
    ]);
    let sign = |csr: &str, by: &str, kind: &str, dates: [&str; 2], out: &str| {
        let (certificate, key) = (format!("{by}.pem"), format!("{by}.key"));
        scene.openssl(&[
            "ca",
            "-config",
            "ca.conf",
            "-batch",
            "-notext",
            "-in",
            csr,
            "-cert",
            &certificate,
            "-keyfile",
            &key,
            "-extensions",
            kind,
            "-startdate",
            dates[0],
            "-enddate",
            dates[1],
            "-out",
            out,
        ]);
    };
    let (past, present) = (
        ["20200101000000Z", "20210101000000Z"],
        ["20260101000000Z", "20330101000000Z"],
    );
    sign("ica.csr", "root", "i", past, "ica_old.pem");
    sign("ica.csr", "root", "i", present, "ica.pem");
    sign("host.csr", "ica", "h", past, "host_old.pem");
    sign("host.csr", "ica", "h", present, "host.pem");
    for (files, place) in [
        (["host.pem", "ica_old.pem", "ica.pem"], 2),
        (["host.pem", "ica.pem", "ica_old.pem"], 3),
        (["host.pem", "host_old.pem", "ica.pem"], 2),
        (["host.pem", "ica.pem", "host_old.pem"], 3),
    ] {
        scene.write("full.pem", files.map(|file| scene.read(file)).concat());
        let found = finds(
            &scene,
            &["full.pem", "--trust", "root.pem"],
            "certificate-expired",
        );
        let advice = format!("Remove the expired one from the file: certificate {place}.");
        assert_eq!(found.advice, [advice], "{files:?}: {found:?}");
        assert!(
            found.fix.is_empty() && found.seen.contains("2033-01-01"),
            "{found:?}"
        );
    }
    // Where there is no newer one, the CA's help stays.
    scene.write(
        "full.pem",
        ["host.pem", "ica_old.pem"].map(|file| scene.read(file)).concat(),
    );
    let found = finds(
        &scene,
        &["full.pem", "--trust", "root.pem"],
        "certificate-expired",
    );
    assert!(
        found.advice.iter().all(|advice| !advice.contains("Remove")),
        "{found:?}"
    );
    // Its own certificate as what is trusted: another certificate would not help.
    scene.write(
        "full.pem",
        ["host.pem", "ica.pem"].map(|file| scene.read(file)).concat(),
    );
    let found = finds(
        &scene,
        &["full.pem", "--trust", "host.pem"],
        "trust-only-intermediate",
    );
    assert!(found.advice[0].contains("root above 'CN=ICA'"), "{found:?}");
}

/// What `--skip` and `--only` leave out is not called fine where it is known.
#[test]
fn what_was_left_out_and_is_known_is_named_in_the_line() {
    let scene = Scene::with_host();
    scene.openssl_key("other.key");
    scene.chmod("other.key", 0o600);
    let certificate = "gsec-ca/repository/01_db1_cert.pem";
    let line = |args: &[&str]| {
        scene
            .gsec(&["doctor", "--format", "nagios"])
            .args(args)
            .run()
            .stdout
    };
    let said = line(&[certificate, "--key", "other.key", "--only", "weak-key"]);
    assert!(
        said.contains("weak-key; the private key was not compared"),
        "{said}"
    );
    let said = line(&[certificate, "--only", "weak-key"]);
    assert!(!said.contains("compared"), "{said}");
    scene.write(
        "ca.conf",
        "[ca]\ndefault_ca = c\n[c]\ndatabase = index\nnew_certs_dir = .\nserial = serial\npolicy = p\n\
         default_md = sha256\n[p]\ncommonName = supplied\n[h]\nsubjectAltName = DNS:db1.example.com\n",
    );
    scene.write("index", "");
    scene.write("serial", "1001\n");
    scene.openssl(&[
        "req",
        "-new",
        "-key",
        "other.key",
        "-subj",
        "/CN=db1.example.com",
        "-out",
        "host.csr",
    ]);
    scene.openssl(&[
        "ca",
        "-config",
        "ca.conf",
        "-batch",
        "-notext",
        "-in",
        "host.csr",
        "-selfsign",
        "-keyfile",
        "other.key",
        "-extensions",
        "h",
        "-startdate",
        "20200101000000Z",
        "-enddate",
        "20210101000000Z",
        "-out",
        "old.pem",
    ]);
    let said = line(&[
        "old.pem",
        "--trust",
        "old.pem",
        "--skip",
        "certificate-expired",
        "--skip",
        "ca-certificate-unfit",
    ]);
    let counted = "CN=db1.example.com expired at 2021-01-01T00:00:00Z, which was not counted";
    assert!(said.contains(counted), "{said}");
}
