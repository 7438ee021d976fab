//! PKCS #12 files that are damaged, or made to do harm: refused with an error that says why, within bounds of time and memory, and
//! without a word of the key.

use crate::common;

use std::sync::OnceLock;

use common::der_writer::{
    OCTET_STRING_IN_PIECES, SEQUENCE, SET, algorithm, claiming, context, indefinite, integer, nested,
    nested_indefinite, null, number, octet_string, oid, sequence, tlv,
};
use common::pfx_writer::{
    HMAC_SHA256, SHA1, SHROUDED_KEY_BAG, aes256, bag, bag_with, certificate_bag, data, encrypt,
    encrypted_bags, encrypted_data, key_bag, mac_data, named_key_bag, nested_bags, pbe, pbes2, pbkdf2,
    pbmac1, pfx, pfx_in_pieces, pfx_of, pfx_of_bags, quick_scheme, shrouded_key_bag, sound_mac, sound_pbmac1,
};
use common::{Outcome, Scene, SecretKey, gsec, is_harmless, java_tool, openssl, python, reads_as, tool};
use gsec_pki::contents::decode_bundle;
use gsec_pki::encoding::ber;
use gsec_pki::encoding::pem;
use gsec_pki::encoding::sniff::{FileKind, file_kind};
use gsec_pki::pbe::MAX_ITERATIONS;
use gsec_pki::pkcs12::{MAX_CERTIFICATES, MAX_KEYS, decode_pfx};

/// Nothing else that is printed looks like it.
const PASSWORD: &str = "xyzzy-Geheimnis-42";
/// How many octets from either end have each of their bits flipped.
const FLIPPED_OCTETS: usize = 200;
/// More memory than any file has a claim to: this much, and this much for each octet of it, so that 16 MiB may have 256 MiB.
const MOST_MEMORY: usize = 32 << 20;
const MOST_MEMORY_FOR_AN_OCTET: usize = 14;
/// Longer than any message for a person.
const MOST_SAID: usize = 4096;
/// The bound on files, and one octet more.
const TOO_LARGE: usize = (16 << 20) + 1;

const TRIPLE_DES: &str = "1.2.840.113549.1.12.1.3";
const PBES1_MD5_DES: &str = "1.2.840.113549.1.5.3";
const SCRYPT: &str = "1.3.6.1.4.1.11591.4.11";
const ED25519: &str = "1.3.101.112";
const HMAC_MD5: &str = "1.2.840.113549.2.6";

/// One key with its certificate and the CA's, as PEM and in PKCS #12 files of many makers.
struct Material {
    scene: Scene,
    key: SecretKey,
    certificate: Vec<u8>,
    samples: Vec<Sample>,
}

/// A sound file.
struct Sample {
    maker: &'static str,
    file: Vec<u8>,
    password: &'static str,
}

fn material() -> &'static Material {
    static MATERIAL: OnceLock<Material> = OnceLock::new();
    MATERIAL.get_or_init(Material::make)
}

impl Material {
    fn make() -> Self {
        let scene = Scene::empty();
        let key = SecretKey::generate(PASSWORD);
        scene.write("password", PASSWORD);
        scene.write("key.pem", key.pem());
        let request = [
            "req",
            "-x509",
            "-key",
            "key.pem",
            "-subj",
            "/CN=db1.example.com",
            "-days",
            "900",
            "-out",
            "cert.pem",
        ];
        scene.openssl(&request);
        scene.openssl(&["x509", "-in", "cert.pem", "-outform", "DER", "-out", "cert.der"]);
        let certificate = scene.read_bytes("cert.der");
        let mut made = Material {
            scene,
            key,
            certificate,
            samples: Vec::new(),
        };
        made.samples = made.make_samples();
        made
    }

    fn make_samples(&self) -> Vec<Sample> {
        let plain = sequence(&[encrypted_bags(
            &[certificate_bag(&self.certificate), key_bag(&self.key.pkcs8)],
            PASSWORD,
        )]);
        let sample = |maker, file| Sample {
            maker,
            file,
            password: PASSWORD,
        };
        let own = |maker, file| Sample {
            maker,
            file,
            password: "",
        };
        vec![
            sample("OpenSSL", self.by_openssl(&["-iter", "1"])),
            sample("OpenSSL -legacy", self.by_openssl(&["-iter", "1", "-legacy"])),
            sample("Java", self.by_java()),
            sample("NSS", self.by_nss()),
            sample(
                "as NSS writes",
                pfx_in_pieces(&plain, sound_mac(&plain, PASSWORD, &[7; 16]), 100),
            ),
            sample("PBMAC1", pfx(&plain, Some(sound_pbmac1(&plain, PASSWORD)))),
            own("gsec modern", self.by_gsec("modern")),
            own("gsec compat", self.by_gsec("compat")),
        ]
    }

    fn by_openssl(&self, flags: &[&str]) -> Vec<u8> {
        let export = [
            "pkcs12",
            "-export",
            "-in",
            "cert.pem",
            "-inkey",
            "key.pem",
            "-name",
            "db1",
            "-passout",
            "file:password",
            "-out",
            "openssl.pfx",
        ];
        self.scene.openssl(&[&export, flags].concat());
        self.scene.read_bytes("openssl.pfx")
    }

    fn by_java(&self) -> Vec<u8> {
        self.by_openssl(&["-iter", "1"]);
        let once =
            ["mac", "certPbe", "keyPbe"].map(|what| format!("-J-Dkeystore.pkcs12.{what}IterationCount=1"));
        let once: Vec<&str> = once.iter().map(String::as_str).collect();
        let from = [
            "-importkeystore",
            "-srckeystore",
            "openssl.pfx",
            "-srcstorepass:file",
            "password",
        ];
        let to = [
            "-destkeystore",
            "java.pfx",
            "-deststorepass:file",
            "password",
            "-deststoretype",
            "PKCS12",
        ];
        java_tool("keytool")
            .args(&once)
            .args(&from)
            .args(&to)
            .in_dir(self.scene.dir.path(""))
            .run()
            .ok();
        self.scene.read_bytes("java.pfx")
    }

    fn by_nss(&self) -> Vec<u8> {
        self.by_openssl(&["-iter", "1"]);
        std::fs::create_dir(self.scene.dir.path("nss")).expect("a new directory");
        let nss = |name: &str, args: &[&str]| {
            tool(name)
                .args(args)
                .args(&["-d", "sql:nss"])
                .in_dir(self.scene.dir.path(""))
                .run()
                .ok()
        };
        nss("certutil", &["-N", "--empty-password"]);
        nss("pk12util", &["-i", "openssl.pfx", "-w", "password"]);
        nss("pk12util", &["-o", "nss.pfx", "-n", "db1", "-w", "password"]);
        self.scene.read_bytes("nss.pfx")
    }

    /// Under the empty password, which costs the fewest iterations.
    fn by_gsec(&self, encryption: &str) -> Vec<u8> {
        let made = [
            "--cert",
            "cert.pem",
            "--key",
            "key.pem",
            "--pfx-encryption",
            encryption,
            "--out",
            "gsec.pfx",
            "--force",
        ];
        self.scene.gsec(&["convert", "to-pfx"]).args(&made).run().ok();
        self.scene.read_bytes("gsec.pfx")
    }
}

fn sample(maker: &str) -> &'static Sample {
    material()
        .samples
        .iter()
        .find(|sample| sample.maker == maker)
        .unwrap_or_else(|| panic!("no sample of {maker}"))
}

// Damage, through the library: every octet, every bit

#[test]
fn every_sample_is_read_under_its_password_and_under_no_other() {
    for Sample {
        maker,
        file,
        password,
    } in &material().samples
    {
        let contents = decode_pfx(file, password).unwrap_or_else(|error| panic!("{maker}: {error}"));
        assert!(
            contents
                .keys
                .iter()
                .any(|found| found.key.pkcs8() == material().key.pkcs8),
            "{maker}"
        );
        for wrong in [
            "wrong",
            "xyzzy-Geheimnis-42 ",
            "XYZZY-GEHEIMNIS-42",
            "\u{e4}\u{20ac}\u{1f600}",
            if password.is_empty() { "x" } else { "" },
        ] {
            let error = decode_pfx(file, wrong)
                .err()
                .unwrap_or_else(|| panic!("{maker} is read under {wrong:?}"));
            assert!(
                error
                    .to_string()
                    .starts_with("wrong password, or the file is damaged: its MAC ("),
                "{maker}: {error}"
            );
            assert_eq!(error.code(), "pkcs12.wrong_password");
        }
    }
}

#[test]
fn file_cut_short_anywhere_is_refused() {
    for Sample {
        maker,
        file,
        password,
    } in &material().samples
    {
        for length in 0..file.len() {
            let part = &file[..length];
            assert!(
                decode_pfx(part, password).is_err(),
                "{maker}: the first {length} octets of {} are read",
                file.len()
            );
            assert!(
                decode_bundle(part, Some(password)).is_err(),
                "{maker}: the first {length} octets of {} are read",
                file.len()
            );
        }
    }
}

#[test]
fn openssl_file_with_any_bit_flipped_is_refused() {
    no_flipped_bit_is_accepted("OpenSSL");
}

#[test]
fn legacy_openssl_file_with_any_bit_flipped_is_refused() {
    no_flipped_bit_is_accepted("OpenSSL -legacy");
}

#[test]
fn java_file_with_any_bit_flipped_is_refused() {
    no_flipped_bit_is_accepted("Java");
}

#[test]
fn file_in_pieces_with_any_bit_flipped_is_refused() {
    no_flipped_bit_is_accepted("as NSS writes");
}

#[test]
fn modern_file_of_gsec_with_any_bit_flipped_is_refused() {
    no_flipped_bit_is_accepted("gsec modern");
}

#[test]
fn compat_file_of_gsec_with_any_bit_flipped_is_refused() {
    no_flipped_bit_is_accepted("gsec compat");
}

#[track_caller]
fn no_flipped_bit_is_accepted(maker: &str) {
    let Sample { file, password, .. } = sample(maker);
    assert_eq!(
        accepted_flips(file, password, ends_of(file)),
        Vec::<(usize, u8)>::new(),
        "octets and bits of {} octets in all",
        file.len()
    );
}

/// With PBMAC1, salt and iterations in MacData are written for nothing and read by nobody (RFC 9579 section 5): only there may a bit change.
#[test]
fn pbmac1_file_with_any_bit_flipped_that_counts_is_refused() {
    let Sample { file, password, .. } = sample("PBMAC1");
    let accepted = accepted_flips(file, password, ends_of(file));
    let not_used = [octet_string(b"NOT USED"), number(1)].concat();
    let from = file.len() - not_used.len();
    assert_eq!(file[from..], not_used);
    let counts: Vec<_> = accepted.iter().filter(|(at, _)| *at < from).collect();
    assert!(counts.is_empty(), "{counts:?} of {} octets in all", file.len());
}

/// NSS has 600,000 iterations, so only some bits are flipped: in the outermost headers, and at the end.
#[test]
fn nss_file_with_bits_flipped_at_its_ends_is_refused() {
    let Sample { file, password, .. } = sample("NSS");
    let places = (0..48)
        .step_by(3)
        .chain((file.len() - 32..file.len()).step_by(2))
        .map(|at| (at, u8::try_from(at % 8).expect("a bit")));
    assert_eq!(
        accepted_flips(file, password, places),
        Vec::<(usize, u8)>::new(),
        "octets and bits of {} octets in all",
        file.len()
    );
}

/// Each bit of the first and of the last octets.
fn ends_of(file: &[u8]) -> impl Iterator<Item = (usize, u8)> + use<> {
    let length = file.len();
    assert!(length > 2 * FLIPPED_OCTETS);
    (0..FLIPPED_OCTETS)
        .chain(length - FLIPPED_OCTETS..length)
        .flat_map(|at| (0..8).map(move |bit| (at, bit)))
}

/// The bits that do not matter when they are flipped.
fn accepted_flips(
    file: &[u8],
    password: &str,
    places: impl Iterator<Item = (usize, u8)>,
) -> Vec<(usize, u8)> {
    let is_accepted = |(at, bit): &(usize, u8)| {
        let mut damaged = file.to_vec();
        damaged[*at] ^= 1 << bit;
        match (decode_pfx(&damaged, password), file_kind(&damaged)) {
            (Ok(_), _) => true,
            (Err(error), FileKind::Pkcs12) => {
                assert!(!error.to_string().is_empty() && !error.code().is_empty());
                false
            }
            // What no longer looks like PKCS #12 is read as something else.
            (Err(_), _) => decode_bundle(&damaged, Some(password)).is_ok(),
        }
    };
    places.filter(is_accepted).collect()
}

// Damage, through the program: some dozens, in text, in detail and as JSON

#[test]
fn damaged_files_are_refused_without_a_word_of_the_key() {
    for Sample {
        maker,
        file,
        password,
    } in material().samples.iter().filter(|sample| sample.maker != "NSS")
    {
        println!("{maker}");
        let scene = Scene::empty();
        scene.write("password", password);
        for number in 0..6 {
            let at = file.len() * number / 6 + 3;
            let mut flipped = file.clone();
            flipped[at] ^= 0x20;
            scene.write("flipped.pfx", flipped);
            scene.write("cut.pfx", &file[..at]);
            for name in ["flipped.pfx", "cut.pfx"] {
                is_refused_discreetly(
                    &scene,
                    &["convert", "to-pem", name, "--password-file", "password"],
                );
            }
        }
    }
}

#[test]
fn wrong_password_is_refused_without_a_word_of_either() {
    let scene = Scene::empty();
    scene.write("wrong", format!("{PASSWORD}!"));
    for Sample { maker, file, .. } in &material().samples {
        println!("{maker}");
        scene.write("sound.pfx", file);
        for command in [
            &["convert", "to-pem"][..],
            &["convert", "key"],
            &["cert", "show"],
            &["cert", "thumbprint"],
            &["cert", "verify"],
        ] {
            is_refused_discreetly(
                &scene,
                &[command, &["sound.pfx", "--password-file", "wrong"]].concat(),
            );
        }
        is_refused_discreetly(
            &scene,
            &[
                "cert",
                "match",
                "sound.pfx",
                "sound.pfx",
                "--password-file",
                "wrong",
            ],
        );
        is_refused_discreetly(
            &scene,
            &[
                "convert",
                "to-pfx",
                "--cert",
                "sound.pfx",
                "--password-file",
                "wrong",
                "--out",
                "new.pfx",
            ],
        );
    }
    assert!(!scene.exists("new.pfx"));
}

/// Exit status 3, nothing on stdout, an error on stderr, and no octet of password or key in text, in detail or as JSON.
#[track_caller]
fn is_refused_discreetly(scene: &Scene, args: &[&str]) {
    let text = is_discreet(scene.gsec(args).run().code(3));
    assert!(
        text.stdout.is_empty() && text.stderr.starts_with("error: cannot use `"),
        "{text}"
    );
    is_discreet(scene.gsec(args).args(&["-vv"]).run().code(3));
    // With `--json` the result needs a file, or the command line is refused before the input is read.
    let out = ["--json", "--out", "nowhere.pem"];
    let flags = if args[0] == "convert" && args[1] != "to-pfx" {
        &out[..]
    } else {
        &out[..1]
    };
    is_discreet(scene.gsec(args).args(flags).run().code(3)).error();
    assert!(!scene.exists("nowhere.pem"));
}

#[track_caller]
fn is_discreet(outcome: Outcome) -> Outcome {
    let outcome = material().key.is_kept(outcome);
    assert!(
        !outcome.stderr.contains("PRIVATE KEY") && !outcome.stderr.contains("panicked"),
        "{outcome}"
    );
    outcome
}

// Bounds

/// How a hostile file is opened.
const TO_PEM: [&str; 5] = ["convert", "to-pem", "hostile.pfx", "--password-file", "password"];

/// What came of opening a file, with the password of [`PASSWORD`]. Also asserts that it neither hung nor took too much memory, nor died.
#[track_caller]
fn opened(file: &[u8], args: &[&str]) -> Outcome {
    let scene = Scene::empty();
    scene.write("password", PASSWORD);
    scene.write("hostile.pfx", file);
    let outcome = is_bounded(&scene, gsec(args), file.len());
    is_harmless(&outcome);
    is_discreet(outcome)
}

#[track_caller]
fn is_bounded(scene: &Scene, call: common::Call, octets: usize) -> Outcome {
    let outcome = call
        .in_dir(scene.dir.path(""))
        .through(python("peak_memory.py").args(&[&scene.dir.path("peak")]))
        .run();
    let peak: usize = scene.read("peak").parse().expect("a number");
    let bound = (MOST_MEMORY + MOST_MEMORY_FOR_AN_OCTET * octets) / 1024;
    let ended = matches!(outcome.status, Some(0 | 3)) && peak < bound && outcome.stderr.len() < MOST_SAID;
    let shown = (
        &outcome.stdout,
        &outcome.stderr.chars().take(MOST_SAID).collect::<String>(),
    );
    assert!(
        ended,
        "a file of {octets} octets: status {:?} (124: it hangs), {peak} KiB of memory ({bound} KiB is the most), {} octets on stderr: {shown:?}",
        outcome.status,
        outcome.stderr.len()
    );
    outcome
}

/// Asserts that a file is refused, with this as the cause.
#[track_caller]
fn is_refused(file: &[u8], cause: &str) {
    let outcome = opened(file, &TO_PEM).code(3);
    assert!(outcome.stdout.is_empty(), "{outcome}");
    let said = format!("error: cannot use `hostile.pfx`\n  caused by: {cause}");
    assert!(
        outcome.stderr.starts_with(&said),
        "wanted {said:?}, got {outcome}"
    );
}

#[track_caller]
fn is_refused_by_the_library(what: &str, file: &[u8], cause: &str) {
    let error = decode_pfx(file, PASSWORD)
        .err()
        .unwrap_or_else(|| panic!("{what}: accepted"));
    assert_eq!(error.to_string(), cause, "{what}");
}

/// Iteration counts as they stand in an INTEGER, and what is said of them.
fn iteration_counts() -> [(&'static [u8], String); 8] {
    let too_many = |found: &str| {
        format!("it requires {found} iterations of key derivation, and gsec does at most {MAX_ITERATIONS}")
    };
    let damaged =
        |problem: &str| format!("its encryption parameters are damaged: the iteration count is {problem}");
    [
        (&[0x4c, 0x4b, 0x41], too_many("5000001")),
        (&[0x7f, 0xff, 0xff, 0xff], too_many("2147483647")),
        (&[1, 0, 0, 0, 0], too_many("4294967296")),
        (&[0, 0x80, 0, 0, 0, 0, 0, 0, 0], too_many("9223372036854775808")),
        (&[1, 0, 0, 0, 0, 0, 0, 0, 0, 0], too_many("18446744073709551615")), // the number is cut, the refusal stays
        (&[0], damaged("0")),
        (&[0xff], damaged("negative")),
        (&[0x80, 0, 0, 0], damaged("negative")),
    ]
}

type FileWith = fn(Vec<u8>) -> Vec<u8>;

/// Files that ask for iterations in one place each, with what that place is called.
const PLACES_OF_ITERATIONS: [(&str, &str, FileWith); 9] = [
    ("MAC", "its MAC", |count| {
        let safe = sequence(&[]);
        pfx(
            &safe,
            Some(mac_data(algorithm(SHA1, null()), &[0; 20], &[7; 8], count)),
        )
    }),
    ("PBMAC1", "its MAC", |count| {
        let identifier = pbmac1(pbkdf2(&[7; 8], count, Some(number(32)), HMAC_SHA256));
        pfx(
            &sequence(&[]),
            Some(mac_data(identifier, &[0; 32], &[7; 8], number(1))),
        )
    }),
    ("3DES around certificates", "an encrypted part", |count| {
        pfx_of(&[encrypted_data(pbe(TRIPLE_DES, &[7; 8], count), &[0; 16])])
    }),
    ("3DES around a key", "its private key", |count| {
        pfx_of_bags(&[shrouded_key_bag(pbe(TRIPLE_DES, &[7; 8], count), &[0; 16])])
    }),
    ("PBES1 around certificates", "an encrypted part", |count| {
        pfx_of(&[encrypted_data(pbe(PBES1_MD5_DES, &[7; 8], count), &[0; 16])])
    }),
    ("PBES1 around a key", "its private key", |count| {
        pfx_of_bags(&[shrouded_key_bag(pbe(PBES1_MD5_DES, &[7; 8], count), &[0; 16])])
    }),
    ("PBKDF2 around certificates", "an encrypted part", |count| {
        pfx_of(&[encrypted_data(
            pbes2(pbkdf2(&[7; 8], count, None, HMAC_SHA256), aes256(&[9; 16])),
            &[0; 16],
        )])
    }),
    ("PBKDF2 around a key", "its private key", |count| {
        pfx_of_bags(&[shrouded_key_bag(
            pbes2(pbkdf2(&[7; 8], count, None, HMAC_SHA256), aes256(&[9; 16])),
            &[0; 16],
        )])
    }),
    (
        "PBKDF2 around a key, encrypted twice",
        "its private key",
        |count| {
            let key = shrouded_key_bag(
                pbes2(pbkdf2(&[7; 8], count, None, HMAC_SHA256), aes256(&[9; 16])),
                &[0; 16],
            );
            pfx_of(&[encrypted_bags(&[key], PASSWORD)])
        },
    ),
];

#[test]
fn iteration_counts_that_cannot_be_done_are_refused_everywhere() {
    for (place, part, file) in PLACES_OF_ITERATIONS {
        for (count, said) in iteration_counts() {
            is_refused_by_the_library(place, &file(integer(count)), &format!("{part}: {said}"));
        }
        let (most, said) = &iteration_counts()[1];
        is_refused(&file(integer(most)), &format!("{part}: {said}\n"));
    }
}

#[test]
fn iteration_count_that_is_no_number_is_refused() {
    for (place, part, file) in PLACES_OF_ITERATIONS {
        for count in [octet_string(&[1]), integer(&[]), tlv(2, &[0, 0, 1]), null()] {
            let error = decode_pfx(&file(count.clone()), PASSWORD)
                .err()
                .unwrap_or_else(|| panic!("{place}: {count:?} is accepted"));
            assert!(
                error.to_string().contains("is malformed") || error.to_string().starts_with(part),
                "{place}: {error}"
            );
        }
    }
}

/// Many parts, each of which costs the most that one may: the first are done, and what would exceed the sum is not begun. A key for 3DES takes
/// two blocks of digest and its initialisation vector one, each with all iterations.
#[test]
fn iterations_of_all_parts_together_are_bounded() {
    let Material { scene, .. } = material();
    let shrouded = |iterations: &str| {
        let encrypt = [
            "pkcs8",
            "-topk8",
            "-in",
            "key.pem",
            "-passout",
            "file:password",
            "-outform",
            "DER",
            "-out",
            "rc4.der",
        ];
        let quickest = [
            "-v1",
            "PBE-SHA1-RC4-128",
            "-iter",
            iterations,
            "-provider",
            "legacy",
            "-provider",
            "default",
        ];
        scene.openssl(&[&encrypt[..], &quickest].concat());
        bag(SHROUDED_KEY_BAG, &scene.read_bytes("rc4.der"))
    };
    let dear = shrouded_key_bag(pbe(TRIPLE_DES, &[7; 8], number(5_000_000)), &[0; 16]);
    let bags = [vec![shrouded("5000000"), shrouded("1")], vec![dear; 1000]].concat();
    let said = "its private key: its parts together require more than 20000000 iterations of key derivation, \
     the most that gsec does for one file\n";
    is_refused(&pfx_of_bags(&bags), said);
}

fn scrypt(cost: &[u8], block_size: u32, parallelization: u32) -> Vec<u8> {
    let parameters = sequence(&[
        octet_string(&[7; 8]),
        integer(cost),
        number(block_size),
        number(parallelization),
    ]);
    pbes2(algorithm(SCRYPT, parameters), aes256(&[9; 16]))
}

#[test]
fn scrypt_with_too_much_memory_is_refused() {
    let two_to_the_30 = [0x40, 0, 0, 0];
    let two_to_the_63 = [0, 0x80, 0, 0, 0, 0, 0, 0, 0];
    let said = "its key derivation (scrypt) requires more than 64 MiB of memory, the most that gsec uses";
    let excesses = [
        scrypt(&two_to_the_30, 8, 1),
        scrypt(&two_to_the_63, 8, 1),
        scrypt(&[2], 1 << 30, 1),
        scrypt(&[2], u32::MAX, u32::MAX),
        scrypt(&[2], 8, 1 << 29),
        scrypt(&[2, 0], 8192, 1),
    ];
    for excess in excesses {
        is_refused_by_the_library(
            "scrypt",
            &pfx_of(&[encrypted_data(excess.clone(), &[0; 16])]),
            &format!("an encrypted part: {said}"),
        );
        is_refused(
            &pfx_of_bags(&[shrouded_key_bag(excess, &[0; 16])]),
            &format!("its private key: {said}\n"),
        );
    }
    for impossible in [
        scrypt(&[0], 8, 1),
        scrypt(&[1], 8, 1),
        scrypt(&[3], 8, 1),
        scrypt(&[2], 0, 1),
        scrypt(&[2], 1, 0),
    ] {
        let said = "an encrypted part: its encryption parameters are damaged: the parameters of scrypt";
        is_refused_by_the_library("scrypt", &pfx_of(&[encrypted_data(impossible, &[0; 16])]), said);
    }
}

/// Each number alone is within its bound, and the work is their product.
#[test]
fn scrypt_with_too_much_work_is_refused() {
    let excess = scrypt(&[1, 0, 0], 8, 1 << 15);
    let outcome = opened(&pfx_of(&[encrypted_data(excess, &[0; 16])]), &TO_PEM).code(3);
    assert!(
        outcome.stderr.contains("the most that gsec"),
        "the bound is named: {outcome}"
    );
}

#[test]
fn key_of_a_mac_that_is_longer_than_any_digest_is_refused_or_quick() {
    for octets in [1025, u32::MAX] {
        let identifier = pbmac1(pbkdf2(&[7; 8], number(1), Some(number(octets)), HMAC_SHA256));
        let said =
            format!("its MAC: its encryption parameters are damaged: PBMAC1 with a key of {octets} bytes");
        is_refused_by_the_library(
            "PBMAC1",
            &pfx(
                &sequence(&[]),
                Some(mac_data(identifier, &[0; 32], &[], number(1))),
            ),
            &said,
        );
    }
    // Each 16 octets of key cost all iterations again.
    let identifier = pbmac1(pbkdf2(&[7; 8], number(5_000_000), Some(number(1024)), HMAC_MD5));
    opened(
        &pfx(
            &sequence(&[]),
            Some(mac_data(identifier, &[0; 32], &[], number(1))),
        ),
        &TO_PEM,
    )
    .code(3);
}

#[test]
fn salt_of_a_mebibyte_costs_little() {
    let salt = vec![7; 1 << 20];
    let safe = sequence(&[encrypted_bags(
        &[certificate_bag(&material().certificate)],
        PASSWORD,
    )]);
    opened(&pfx(&safe, Some(sound_mac(&safe, PASSWORD, &salt))), &TO_PEM).ok();
    let many = || number(100_000);
    let mac = mac_data(algorithm(SHA1, null()), &[0; 20], &salt, many());
    is_refused(
        &pfx(&safe, Some(mac)),
        "wrong password, or the file is damaged: its MAC (HMAC-SHA-1, PKCS #12 key derivation, 100000 \
         iterations) does not match",
    );
    for identifier in [
        pbe(TRIPLE_DES, &salt, many()),
        pbe(PBES1_MD5_DES, &salt, many()),
        pbes2(pbkdf2(&salt, many(), None, HMAC_SHA256), aes256(&[9; 16])),
    ] {
        is_refused(
            &pfx_of(&[encrypted_data(identifier, &[0; 16])]),
            "wrong password, or the file is damaged: it has no MAC, and an encrypted part (",
        );
    }
}

/// Each of the outer elements in turn says that it has 4 GiB, or 2⁶⁴ octets.
#[test]
fn lengths_beyond_what_is_there_are_refused() {
    let safe = sequence(&[]);
    let string = octet_string(&safe);
    let explicit = context(0, &string);
    let info = [oid("1.2.840.113549.1.7.1"), explicit.clone()].concat();
    let mac = [
        sequence(&[algorithm(SHA1, null()), octet_string(&[0; 20])]),
        octet_string(&[7; 8]),
    ]
    .concat();
    let around = |parts: &[Vec<u8>]| [number(3), parts.concat()].concat();
    let claims: [(&[u8], &str); 4] = [
        (&[0x84, 0xff, 0xff, 0xff, 0xff], "4294967295"),
        (&[0x85, 1, 0, 0, 0, 0], "4294967296"),
        (
            &[0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            "18446744073709551615",
        ),
        (&[0x89, 1, 0, 0, 0, 0, 0, 0, 0, 0], "18446744073709551615"),
    ];
    for (length, wanted) in claims {
        let files = [
            claiming(SEQUENCE, length, &around(&[tlv(SEQUENCE, &info)])),
            sequence(&[number(3), claiming(SEQUENCE, length, &info)]),
            indefinite(SEQUENCE, &around(&[claiming(SEQUENCE, length, &info)])),
            sequence(&[
                number(3),
                sequence(&[oid("1.2.840.113549.1.7.1"), claiming(0xa0, length, &string)]),
            ]),
            sequence(&[
                number(3),
                sequence(&[
                    oid("1.2.840.113549.1.7.1"),
                    context(0, &claiming(4, length, &safe)),
                ]),
            ]),
            sequence(&[
                number(3),
                sequence(&[
                    oid("1.2.840.113549.1.7.1"),
                    context(0, &claiming(OCTET_STRING_IN_PIECES, length, &string)),
                ]),
            ]),
            sequence(&[number(3), tlv(SEQUENCE, &info), claiming(SEQUENCE, length, &mac)]),
            pfx(&claiming(SEQUENCE, length, &[]), None),
            pfx_of(&[data(&claiming(SEQUENCE, length, &[]))]),
            pfx_of(&[encrypted_data(
                quick_scheme().algorithm_der().expect("DER"),
                &encrypt(&quick_scheme(), PASSWORD, &claiming(SEQUENCE, length, &[])),
            )]),
        ];
        for (place, file) in files.iter().enumerate() {
            let error = decode_bundle(file, Some(PASSWORD))
                .err()
                .unwrap_or_else(|| panic!("place {place}: read"))
                .to_string();
            // What is under a password and no list of bags is not told from a wrong password.
            assert!(
                error.contains(&format!("needs {wanted} bytes, and ")) || place == 9,
                "place {place}: {error}"
            );
        }
        opened(&files[0], &TO_PEM)
            .code(3)
            .says(&format!("needs {wanted} bytes, and "));
    }
}

const TOO_DEEP: &str = "it is not a PKCS #12 file, or damaged: more than 32 elements are nested in one \
 another, the most that gsec reads\n";

#[test]
fn elements_nested_too_deeply_are_refused_everywhere() {
    const DEPTH: usize = 10_000;
    let scheme = quick_scheme();
    let identifier = || scheme.algorithm_der().expect("DER");
    let pieces = OCTET_STRING_IN_PIECES;
    for deep in [
        nested(SEQUENCE, DEPTH),
        nested_indefinite(SEQUENCE, DEPTH),
        nested(pieces, DEPTH),
        nested_indefinite(pieces, DEPTH),
    ] {
        let files = [
            sequence(&[number(3), deep.clone()]),
            indefinite(SEQUENCE, &[number(3), deep.clone()].concat()),
            pfx(&deep, None),
            pfx(&deep, Some(sound_mac(&deep, PASSWORD, &[7; 8]))),
            pfx_of(&[data(&deep)]),
            pfx_of_bags(std::slice::from_ref(&deep)),
            pfx_of_bags(&[bag("1.2.3", &deep)]),
            pfx_of_bags(&[key_bag(&deep)]),
        ];
        for (place, file) in files.iter().enumerate() {
            is_refused_by_the_library(&format!("place {place}"), file, TOO_DEEP.trim_end());
        }
        is_refused(&files[0], TOO_DEEP);
        is_refused(&files[5], TOO_DEEP);
        // Here something else is found first: the password did not give a list of bags, or there is no certificate.
        let elsewhere = [
            pfx_of(&[encrypted_bags(std::slice::from_ref(&deep), PASSWORD)]),
            pfx_of_bags(&[shrouded_key_bag(identifier(), &encrypt(&scheme, PASSWORD, &deep))]),
            pfx_of_bags(&[certificate_bag(&deep)]),
        ];
        for (place, file) in elsewhere.iter().enumerate() {
            assert!(decode_pfx(file, PASSWORD).is_err(), "place {place}");
        }
        assert!(decode_bundle(&deep, Some(PASSWORD)).is_err());
        opened(&deep, &TO_PEM).code(3);
    }
}

/// The bound is 32: what lies at it is read.
#[test]
fn nesting_ends_exactly_at_its_bound() {
    for tag in [SEQUENCE, OCTET_STRING_IN_PIECES] {
        assert!(ber::to_der(&nested(tag, ber::MAX_NESTING)).is_ok(), "{tag:x}");
        assert_eq!(
            ber::to_der(&nested(tag, ber::MAX_NESTING + 1)),
            Err(ber::BerError::TooDeep),
            "{tag:x}"
        );
        assert!(
            ber::to_der(&nested_indefinite(tag, ber::MAX_NESTING)).is_ok(),
            "{tag:x}"
        );
        assert_eq!(
            ber::to_der(&nested_indefinite(tag, ber::MAX_NESTING + 1)),
            Err(ber::BerError::TooDeep),
            "{tag:x}"
        );
    }
}

#[test]
fn lists_of_bags_nested_too_deeply_are_refused() {
    let inside = [certificate_bag(&material().certificate)];
    for depth in [0, 1, 7] {
        let contents = decode_pfx(&pfx_of_bags(&[nested_bags(depth, &inside)]), "")
            .unwrap_or_else(|error| panic!("{depth}: {error}"));
        assert_eq!(contents.certificates.len(), 1);
    }
    let said = "it is not a PKCS #12 file, or damaged: a list of keys and certificates is malformed: more \
     than 8 are nested in one another\n";
    is_refused(&pfx_of_bags(&[nested_bags(8, &inside)]), said);
    is_refused(
        &pfx_of(&[encrypted_bags(&[nested_bags(8, &inside)], PASSWORD)]),
        said,
    );
    is_refused(&pfx_of_bags(&[nested_bags(1000, &inside)]), TOO_DEEP);
}

#[test]
fn hundred_thousand_empty_bags_are_refused() {
    const MANY: usize = 100_000;
    let damaged = "it is not a PKCS #12 file, or damaged: a list of keys and certificates is malformed: ";
    is_refused(&pfx_of_bags(&vec![sequence(&[]); MANY]), damaged);
    is_refused(
        &pfx_of(&vec![sequence(&[]); MANY]),
        "it is not a PKCS #12 file, or damaged: the list of its parts is malformed: ",
    );
    let nothing = "nothing in it can be converted: ";
    is_refused(&pfx_of(&vec![data(&sequence(&[])); MANY]), nothing);
    is_refused(&pfx_of_bags(&vec![nested_bags(1, &[]); MANY]), nothing);
    is_refused(&pfx_of_bags(&vec![bag("1.2.3", &null()); MANY]), nothing);
}

/// Files of nothing but the smallest parts that there are.
#[test]
fn mebibytes_of_small_parts_stay_within_memory() {
    let full = |part: &[u8]| part.repeat((4 << 20) / part.len());
    let attribute = sequence(&[oid("1.2.3"), tlv(SET, &null())]);
    let with_attributes = [oid("1.2.3"), context(0, &null()), tlv(SET, &full(&attribute))].concat();
    let in_pieces = tlv(OCTET_STRING_IN_PIECES, &full(&octet_string(b"x")));
    let files = [
        pfx_of(&[data(&tlv(SEQUENCE, &full(&bag("1.2.3", &null()))))]),
        pfx_of(&[data(&full(&null()))]),
        pfx(&tlv(SEQUENCE, &full(&data(&sequence(&[])))), None),
        pfx_of_bags(&[tlv(SEQUENCE, &with_attributes)]),
        sequence(&[
            number(3),
            sequence(&[oid("1.2.840.113549.1.7.1"), context(0, &in_pieces)]),
        ]),
        pem::encode("X", b"")
            .repeat((4 << 20) / pem::encode("X", b"").len())
            .into_bytes(),
    ];
    for file in files {
        opened(&file, &TO_PEM).code(3);
    }
}

#[test]
fn one_large_part_stays_within_memory_however_deep_it_lies() {
    let bags = [nested_bags(7, &[certificate_bag(&vec![0; 15 << 20])])];
    opened(&pfx_of_bags(&bags), &TO_PEM).code(3);
    opened(&pfx_of(&[encrypted_bags(&bags, PASSWORD)]), &TO_PEM).code(3);
}

// Files that are none

#[test]
fn what_is_no_file_or_too_large_is_refused() {
    let scene = Scene::empty();
    std::fs::create_dir(scene.dir.path("folder")).expect("a new directory");
    scene.write("empty.pfx", "");
    scene.write("large.pfx", vec![0; TOO_LARGE]);
    let said = [
        (
            "folder",
            "error: cannot read `folder`: is a directory\nhint: pass a file in it: `ls -l folder` shows what is there\n",
        ),
        (
            "empty.pfx",
            "error: cannot use `empty.pfx`\n  caused by: …it is empty\n",
        ),
        ("large.pfx", "error: `large.pfx` is larger than 16777216 bytes…"),
        ("/dev/zero", "error: `/dev/zero` is larger than 16777216 bytes…"),
    ];
    for (file, said) in said {
        for command in [
            ["convert", "to-pem"],
            ["convert", "to-der"],
            ["convert", "key"],
            ["cert", "show"],
        ] {
            let outcome = is_bounded(&scene, gsec(&[command[0], command[1], file]), TOO_LARGE).code(3);
            assert!(
                outcome.stdout.is_empty() && reads_as(&outcome.stderr, said),
                "{outcome}"
            );
        }
    }
}

#[test]
fn standard_input_has_the_bound_of_a_file() {
    let outcome = gsec(&["convert", "to-pem", "-"])
        .stdin(vec![0; TOO_LARGE])
        .run()
        .code(3);
    assert!(
        outcome.stderr.contains("16777216"),
        "the bound is named: {outcome}"
    );
    let outcome = gsec(&["convert", "to-pem", "-"]).stdin("").run().code(3);
    assert!(outcome.stderr.contains("it is empty"), "{outcome}");
}

#[test]
fn random_octets_are_refused() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |octets: usize| -> Vec<u8> {
        let mut next = || {
            // xorshift64, Marsaglia 2003: the same octets in every run.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        };
        (0..octets).map(|_| next()).collect()
    };
    for length in 0..2000 {
        let noise = random(length);
        let begun = [&[0x30, 0x80, 2, 1, 3, 0x30, 0x80][..], &noise].concat();
        for file in [noise, begun] {
            assert!(
                decode_pfx(&file, "").is_err() && decode_bundle(&file, Some("")).is_err(),
                "{file:?}"
            );
        }
    }
    for octets in [1 << 10, 1 << 20, 16 << 20] {
        opened(&random(octets), &TO_PEM).code(3);
        opened(
            &[&[0x30, 0x80, 2, 1, 3][..], &random(octets - 5)].concat(),
            &TO_PEM,
        )
        .code(3);
    }
}

// Sound files that are hostile all the same

/// A certificate that says `subject`, was issued by `issuer` and has these extensions; its signature is nothing.
fn small_certificate(serial: u32, issuer: &str, subject: &str, extensions: &[Vec<u8>]) -> Vec<u8> {
    let identifier = || sequence(&[oid(ED25519)]);
    let name = |text: &str| sequence(&[tlv(0x31, &sequence(&[oid("2.5.4.3"), tlv(12, text.as_bytes())]))]);
    let validity = sequence(&[tlv(23, b"260101000000Z"), tlv(23, b"490101000000Z")]);
    let public = sequence(&[identifier(), tlv(3, &[&[0][..], &[5; 32]].concat())]);
    let extensions = if extensions.is_empty() {
        Vec::new()
    } else {
        context(3, &sequence(extensions))
    };
    let tbs = sequence(&[
        context(0, &number(2)),
        number(serial),
        identifier(),
        name(issuer),
        validity,
        name(subject),
        public,
        extensions,
    ]);
    sequence(&[tbs, identifier(), tlv(3, &[&[0][..], &[0; 64]].concat())])
}

/// authorityKeyIdentifier and subjectKeyIdentifier.
fn key_identifiers(authority: u32, subject: u32) -> Vec<Vec<u8>> {
    let own = sequence(&[
        oid("2.5.29.14"),
        octet_string(&octet_string(&subject.to_be_bytes())),
    ]);
    let of_issuer = sequence(&[
        oid("2.5.29.35"),
        octet_string(&sequence(&[tlv(0x80, &authority.to_be_bytes())])),
    ]);
    vec![own, of_issuer]
}

/// A key of which only its number is known.
fn ed25519_key(key: u32) -> Vec<u8> {
    let secret = [&key.to_be_bytes()[..], &[7; 28]].concat();
    key_bag(&sequence(&[
        number(0),
        sequence(&[oid(ED25519)]),
        octet_string(&octet_string(&secret)),
    ]))
}

/// All of a file in one text.
const ALL: [&str; 7] = [
    "convert",
    "to-pem",
    "hostile.pfx",
    "--password-file",
    "password",
    "--out",
    "all.pem",
];
/// Each entry in files of its own.
const APART: [&str; 7] = [
    "convert",
    "to-pem",
    "hostile.pfx",
    "--password-file",
    "password",
    "--out-dir",
    "apart",
];

#[test]
fn more_keys_or_certificates_than_anybody_has_are_refused() {
    let keys: Vec<Vec<u8>> = (0..=to_u32(MAX_KEYS)).map(ed25519_key).collect();
    let certificate = certificate_bag(&small_certificate(1, "X", "Y", &[]));
    let certificates = vec![certificate; MAX_CERTIFICATES + 1];
    let said = |what: &str| format!("it contains more than {what}, the most that gsec reads from one file\n");
    is_refused(&pfx_of_bags(&keys), &said("1000 private keys"));
    is_refused(&pfx_of_bags(&certificates), &said("10000 certificates"));
    opened(&pfx_of_bags(&[&keys[1..], &certificates[1..]].concat()), &ALL).ok();
    let text = |label: &str, bags: &[Vec<u8>]| pem::encode(label, b"x").repeat(bags.len());
    let in_text = |label: &str, bags: &[Vec<u8>]| opened(text(label, bags).as_bytes(), &TO_PEM).code(3);
    // What is in these blocks is nothing, so that too many of them is all there is to say, or the first is.
    in_text("PRIVATE KEY", &keys);
    in_text("CERTIFICATE", &certificates);
}

fn to_u32(count: usize) -> u32 {
    u32::try_from(count).expect("a small number")
}

/// Each says that it was issued by another key of the same name, so that each could have issued each.
#[test]
fn certificates_of_one_name_do_not_hang() {
    let certificate = |own: u32| {
        certificate_bag(&small_certificate(
            own + 1,
            "X",
            "X",
            &key_identifiers(own + 1_000_000, own),
        ))
    };
    opened(
        &pfx_of_bags(&(0..to_u32(MAX_CERTIFICATES)).map(certificate).collect::<Vec<_>>()),
        &ALL,
    )
    .ok();
}

#[test]
fn many_keys_beside_many_certificates_of_others_do_not_hang() {
    let certificate = |own: u32| certificate_bag(&small_certificate(own + 1, "X", &format!("Y {own}"), &[]));
    let keys = (0..to_u32(MAX_KEYS)).map(ed25519_key);
    opened(
        &pfx_of_bags(
            &keys
                .chain((0..to_u32(MAX_CERTIFICATES)).map(certificate))
                .collect::<Vec<_>>(),
        ),
        &ALL,
    )
    .ok();
}

/// One key again and again, each time with the same path above its certificate, must not be multiplied.
#[test]
fn one_key_many_times_over_a_long_path_stays_within_memory() {
    let own = certificate_bag(&small_certificate_of_the_key());
    let keys = vec![key_bag(&material().key.pkcs8); MAX_KEYS];
    let path = |certificates: usize, extension: usize| {
        let filler = [sequence(&[oid("1.2.3"), octet_string(&vec![0; extension])])];
        let above = |place: u32| {
            certificate_bag(&small_certificate(
                place + 1,
                &format!("CA {}", place + 1),
                &format!("CA {place}"),
                &filler,
            ))
        };
        let above = (0..to_u32(certificates)).map(above).collect::<Vec<_>>();
        pfx_of_bags(&[keys.clone(), vec![own.clone()], above].concat())
    };
    let long = path(MAX_CERTIFICATES - 1, 16);
    opened(&long, &ALL).ok();
    opened(&long, &APART);
    let heavy = path(40, 100_000);
    opened(&heavy, &ALL).ok();
    opened(&heavy, &APART);
}

/// The certificate of the material's key, issued by the first of a path.
fn small_certificate_of_the_key() -> Vec<u8> {
    let Material { scene, .. } = material();
    scene.openssl(&[
        "req", "-new", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", "ca.key", "-subj", "/CN=CA 0",
        "-utf8", "-out", "ca.pem",
    ]);
    scene.openssl(&[
        "x509",
        "-in",
        "cert.pem",
        "-x509toreq",
        "-signkey",
        "key.pem",
        "-out",
        "host.csr",
    ]);
    scene.openssl(&[
        "x509", "-req", "-in", "host.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-outform", "DER", "-out",
        "host.der",
    ]);
    scene.read_bytes("host.der")
}

#[test]
fn names_in_a_file_cannot_leave_the_folder_or_act_on_a_terminal() {
    let pkcs8 = &material().key.pkcs8;
    let names = [
        "../../evil",
        "/etc/evil",
        "..",
        ".",
        "a/b",
        "a\\b",
        "a\0b",
        "a\u{1b}[31m\u{202e}b",
        "-rf",
        "~",
        "",
        "CON",
        &"x".repeat(5000),
    ];
    let scene = Scene::empty();
    scene.write(
        "hostile.pfx",
        pfx_of_bags(&names.map(|name| named_key_bag(pkcs8, name))),
    );
    let before = scene.tree();
    let outcome = scene
        .gsec(&["convert", "to-pem", "hostile.pfx", "--out-dir", "apart"])
        .run()
        .ok();
    is_harmless(&outcome);
    let added = scene.tree().added_since(&before);
    assert_eq!(
        added.len(),
        names.len() + 1,
        "the folder, and a file for each key: {added:?}"
    );
    for name in &added {
        let name = name
            .strip_prefix("apart/")
            .unwrap_or_else(|| panic!("`{name}` lies elsewhere"));
        let is_sound = |character: char| character.is_ascii_alphanumeric() || "._-/".contains(character);
        assert!(
            name.is_empty()
                || (name.ends_with("_priv_key.pem")
                    && name.chars().all(is_sound)
                    && !name.starts_with(['.', '-'])),
            "{name}"
        );
    }
    for flags in [&[][..], &["--json"], &["-vv"]] {
        is_discreet(
            scene
                .gsec(&["cert", "show", "hostile.pfx"])
                .args(flags)
                .run()
                .ok(),
        );
        is_harmless(
            &scene
                .gsec(&["cert", "show", "hostile.pfx"])
                .args(flags)
                .run()
                .ok(),
        );
    }
}

#[test]
fn attributes_of_any_type_are_passed_over_or_refused() {
    let pkcs8 = &material().key.pkcs8;
    for value in [
        null(),
        octet_string(&[0xff; 3]),
        tlv(30, &[0xd8]),
        tlv(30, &[0xd8, 0]),
        tlv(12, &[0xff]),
        sequence(&[]),
        integer(&[1]),
    ] {
        for kind in [
            "1.2.840.113549.1.9.20",
            "1.2.840.113549.1.9.21",
            "2.16.840.1.113894.746875.1.1",
            "1.2.3",
        ] {
            let file = pfx_of_bags(&[bag_with(
                "1.2.840.113549.1.12.10.1.1",
                pkcs8,
                &[(kind, value.clone())],
            )]);
            assert_eq!(
                decode_pfx(&file, "")
                    .unwrap_or_else(|error| panic!("{kind}: {error}"))
                    .keys
                    .len(),
                1
            );
        }
    }
}

/// OpenSSL reads what this file's own writer makes, so that a refusal here is for the reason that is meant.
#[test]
fn files_of_this_writer_are_sound_where_they_should_be() {
    let Material {
        scene,
        certificate,
        key,
        ..
    } = material();
    let safe = sequence(&[
        encrypted_bags(&[certificate_bag(certificate)], PASSWORD),
        data(&sequence(&[nested_bags(1, &[key_bag(&key.pkcs8)])])),
    ]);
    let mac = || sound_mac(&safe, PASSWORD, &[7; 8]);
    for (name, file) in [
        ("whole.pfx", pfx(&safe, Some(mac()))),
        ("pieces.pfx", pfx_in_pieces(&safe, mac(), 64)),
    ] {
        scene.write(name, file);
        let read = openssl(&["pkcs12", "-in", name, "-passin", "file:password", "-nodes"])
            .in_dir(scene.dir.path(""))
            .run()
            .ok();
        assert!(
            read.stdout.contains("BEGIN CERTIFICATE") && read.stdout.contains("BEGIN PRIVATE KEY"),
            "{name}"
        );
    }
}

// That these tests would see it

#[test]
fn flipped_bit_is_accepted_where_no_mac_protects_it() {
    let file = pfx_of_bags(&[certificate_bag(&material().certificate)]);
    assert!(!accepted_flips(&file, "", ends_of(&file)).is_empty());
}

#[test]
#[should_panic(expected = "octets of the key are printed")]
fn printed_key_is_seen() {
    let Material { scene, key, .. } = material();
    key.is_kept(scene.gsec(&["convert", "to-pem", "key.pem"]).run().ok());
}

#[test]
fn key_in_any_form_is_seen() {
    let Material { scene, key, .. } = material();
    let text = scene
        .openssl(&["pkey", "-in", "key.pem", "-text", "-noout"])
        .stdout;
    let digits = gsec_pki::encoding::hex::encode(&key.pkcs8, gsec_pki::encoding::hex::Separator::None);
    let numbers = format!("{:?}", key.pkcs8);
    for shown in [
        text.into_bytes(),
        digits.into_bytes(),
        numbers.into_bytes(),
        key.pkcs8.clone(),
        key.pem().into_bytes(),
        PASSWORD.into(),
    ] {
        let seen = std::panic::catch_unwind(|| key.is_kept(tool("cat").stdin(&shown).run().ok()));
        assert!(seen.is_err(), "{shown:?}");
    }
    key.is_kept(
        tool("cat")
            .args(&["cert.pem"])
            .in_dir(scene.dir.path(""))
            .run()
            .ok(),
    );
}

#[test]
#[should_panic(expected = "KiB is the most")]
fn program_that_takes_too_much_memory_is_seen() {
    is_bounded(
        &Scene::empty(),
        tool("sh").args(&["-c", "x=$(head -c 99999999 /dev/zero | tr '\\0' x)"]),
        0,
    );
}
