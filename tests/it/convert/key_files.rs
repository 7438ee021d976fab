//! Every private key file that an administrator meets, made by OpenSSL and GnuTLS and read by gsec: the same key, octet for octet, as
//! OpenSSL has it. And what gsec writes is read by OpenSSL, GnuTLS and Python.

use crate::common;

use common::{Call, Outcome, Scene, python, tool};

const PASSWORD: &str = "pass word";
/// What `-provider` must name for the algorithms that OpenSSL 3 has put aside.
const LEGACY: [&str; 4] = ["-provider", "legacy", "-provider", "default"];

/// Ways of making a plain key that gsec signs with, with what gsec calls it.
const KEYS: [(&str, &str, &[&str]); 5] = [
    (
        "rsa.pem",
        "RSA 2048",
        &["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    ),
    (
        "p256.pem",
        "P-256",
        &[
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
        ],
    ),
    (
        "p384.pem",
        "P-384",
        &[
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:P-384",
        ],
    ),
    (
        "p521.pem",
        "P-521",
        &[
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:P-521",
        ],
    ),
    ("ed25519.pem", "Ed25519", &["genpkey", "-algorithm", "ED25519"]),
];

/// A key as OpenSSL has it.
struct Key {
    /// Plain PKCS #8 in DER.
    pkcs8: Vec<u8>,
    /// Digest of its SubjectPublicKeyInfo.
    public_sha256: String,
}

impl Key {
    /// What OpenSSL reads in a plain key file.
    fn of(scene: &Scene, file: &str) -> Self {
        Key {
            pkcs8: scene
                .openssl(&["pkcs8", "-topk8", "-nocrypt", "-in", file, "-outform", "DER"])
                .stdout_bytes,
            public_sha256: public_sha256(scene, file, &[]),
        }
    }

    /// Makes a key of this kind in [`KEYS`] and reads it.
    fn make(scene: &Scene, file: &str) -> Self {
        let (_, _, how) = KEYS
            .iter()
            .find(|(name, ..)| *name == file)
            .expect("a kind of key");
        scene.openssl(&[how, &["-out", file][..]].concat());
        Key::of(scene, file)
    }

    /// Asserts that gsec reads this file as this key; returns what it says about it.
    #[track_caller]
    fn is_read_from(&self, scene: &Scene, file: &str, password: Option<&str>) -> serde_json::Value {
        let said = self.octets_are_read_from(scene, file, password);
        assert_eq!(
            said["public_key_sha256"],
            self.public_sha256.as_str(),
            "`{file}`: {said}"
        );
        said
    }

    /// The same where gsec cannot tell the public key.
    #[track_caller]
    fn octets_are_read_from(&self, scene: &Scene, file: &str, password: Option<&str>) -> serde_json::Value {
        let said = converted(scene, file, password).ok().json();
        assert!(
            scene.read_bytes("read.der") == self.pkcs8,
            "`{file}` is read as another key, or in another form: {said}"
        );
        assert_eq!(
            said["was_encrypted"].is_string(),
            password.is_some(),
            "`{file}`: {said}"
        );
        said
    }
}

/// Reads a key file with gsec into `read.der`.
fn converted(scene: &Scene, file: &str, password: Option<&str>) -> Outcome {
    let call = scene.gsec(&[
        "convert", "key", file, "--der", "--out", "read.der", "--force", "--json",
    ]);
    match password {
        Some(password) => call.args(&["--password-stdin"]).stdin(password).run(),
        None => call.run(),
    }
}

/// The digest of the public key that OpenSSL reads in a private key file.
fn public_sha256(scene: &Scene, file: &str, how: &[&str]) -> String {
    let public = scene.openssl(&[&["pkey", "-in", file, "-pubout", "-outform", "DER"], how].concat());
    sha256(&public.stdout_bytes)
}

fn sha256(octets: &[u8]) -> String {
    let digest = common::openssl(&["dgst", "-sha256", "-r"])
        .stdin(octets)
        .run()
        .ok();
    digest.stdout.split(' ').next().expect("a digest").to_owned()
}

/// A PEM block as OpenSSL's own encoder would write it.
fn pem_block(label: &str, octets: &[u8]) -> String {
    let base64 = common::openssl(&["base64"]).stdin(octets).run().ok().stdout;
    format!("-----BEGIN {label}-----\n{base64}-----END {label}-----\n")
}

/// Encrypts a plain key with `openssl pkcs8 -topk8` and these flags.
fn encrypt(scene: &Scene, file: &str, password: &str, how: &[&str], to: &str) {
    scene.write("password", password);
    scene.openssl(
        &[
            &[
                "pkcs8",
                "-topk8",
                "-in",
                file,
                "-out",
                to,
                "-passout",
                "file:password",
            ],
            how,
            &LEGACY,
        ]
        .concat(),
    );
}

/// Encrypts a plain key as OpenSSL did before PKCS #8: `Proc-Type: 4,ENCRYPTED`.
fn encrypt_traditionally(scene: &Scene, file: &str, password: &str, cipher: &str, to: &str) {
    scene.write("password", password);
    let command: &[&str] = if file.starts_with("rsa") {
        &["rsa", "-traditional"]
    } else {
        &["ec"]
    };
    scene.openssl(
        &[
            command,
            &["-in", file, cipher, "-out", to, "-passout", "file:password"],
            &LEGACY,
        ]
        .concat(),
    );
    assert!(
        scene.read(to).contains("\nProc-Type: 4,ENCRYPTED\nDEK-Info: "),
        "{}",
        scene.read(to)
    );
}

/// Asserts that a wrong password, and none, are refused as such.
#[track_caller]
fn wants_its_password(scene: &Scene, file: &str) {
    let wrong = converted(scene, file, Some("pass word ")).code(3);
    assert_eq!(wrong.error()["code"], "key.wrong_password", "`{file}`: {wrong}");
    let none = converted(scene, file, None).code(3);
    assert_eq!(none.error()["code"], "key.encrypted", "`{file}`: {none}");
}

// Plain

#[test]
fn plain_keys_of_every_kind_and_form() {
    let scene = Scene::empty();
    for (file, name, _) in KEYS {
        let key = Key::make(&scene, file);
        assert_eq!(key.is_read_from(&scene, file, None)["algorithm"], name);
        scene.openssl(&[
            "pkcs8",
            "-topk8",
            "-nocrypt",
            "-in",
            file,
            "-outform",
            "DER",
            "-out",
            "pkcs8.der",
        ]);
        key.is_read_from(&scene, "pkcs8.der", None);
        for form in ["PEM", "DER"] {
            match name {
                "RSA 2048" => scene.openssl(&[
                    "rsa",
                    "-traditional",
                    "-in",
                    file,
                    "-outform",
                    form,
                    "-out",
                    "traditional",
                ]),
                "Ed25519" => continue,
                _ => scene.openssl(&["ec", "-in", file, "-outform", form, "-out", "traditional"]),
            };
            key.is_read_from(&scene, "traditional", None);
        }
    }
}

#[test]
fn keys_from_the_older_commands() {
    let scene = Scene::empty();
    for (how, label) in [
        (&["genrsa", "2048"][..], "PRIVATE KEY"),
        (&["genrsa", "-traditional", "2048"], "RSA PRIVATE KEY"),
        // With a block `EC PARAMETERS` before the key.
        (&["ecparam", "-name", "prime256v1", "-genkey"], "EC PRIVATE KEY"),
        (
            &["ecparam", "-name", "secp384r1", "-genkey", "-noout"],
            "EC PRIVATE KEY",
        ),
    ] {
        scene.write("key.pem", scene.openssl(how).stdout);
        assert!(
            scene
                .read("key.pem")
                .contains(&format!("-----BEGIN {label}-----")),
            "{how:?}"
        );
        Key::of(&scene, "key.pem").is_read_from(&scene, "key.pem", None);
    }
}

#[test]
fn curve_stands_in_a_block_of_its_own_and_not_in_the_key() {
    let scene = Scene::empty();
    let key = Key::make(&scene, "p384.pem");
    // Within PKCS #8 the key has no parameters: that is the last element.
    let structure = scene.openssl(&["asn1parse", "-in", "p384.pem"]).stdout;
    let offset = structure
        .lines()
        .last()
        .and_then(|line| line.trim().split(':').next())
        .expect("an offset")
        .to_owned();
    scene.openssl(&[
        "asn1parse",
        "-in",
        "p384.pem",
        "-strparse",
        &offset,
        "-noout",
        "-out",
        "bare.der",
    ]);
    let bare = pem_block("EC PRIVATE KEY", &scene.read_bytes("bare.der"));
    let parameters = scene.openssl(&["ecparam", "-name", "secp384r1"]).stdout;
    scene.write("both.pem", format!("{parameters}{bare}"));
    key.is_read_from(&scene, "both.pem", None);
    scene.write("bare.pem", bare);
    let alone = converted(&scene, "bare.pem", None).code(3);
    assert!(
        alone.error()["caused_by"]
            .to_string()
            .contains("does not name its curve"),
        "{alone}"
    );
}

#[test]
fn curves_that_are_spelt_out_are_read_by_their_names() {
    let scene = Scene::empty();
    for file in ["p256.pem", "p384.pem", "p521.pem"] {
        let key = Key::make(&scene, file);
        scene.openssl(&[
            "pkey",
            "-in",
            file,
            "-ec_param_enc",
            "explicit",
            "-out",
            "pkcs8.pem",
        ]);
        scene.openssl(&["ec", "-in", file, "-param_enc", "explicit", "-out", "sec1.pem"]);
        scene.openssl(&[
            "ec",
            "-in",
            file,
            "-param_enc",
            "explicit",
            "-outform",
            "DER",
            "-out",
            "sec1.der",
        ]);
        encrypt(&scene, "pkcs8.pem", PASSWORD, &[], "encrypted.pem");
        for spelt_out in ["pkcs8.pem", "sec1.pem", "sec1.der"] {
            assert!(
                scene.read_bytes(spelt_out).len() > 300,
                "`{spelt_out}` of `{file}` has the numbers of its curve"
            );
            key.is_read_from(&scene, spelt_out, None);
        }
        key.is_read_from(&scene, "encrypted.pem", Some(PASSWORD));
    }
    let how = [
        "ecparam",
        "-name",
        "prime256v1",
        "-param_enc",
        "explicit",
        "-genkey",
    ];
    scene.write("both.pem", scene.openssl(&how).stdout);
    scene.openssl(&[
        "pkey",
        "-in",
        "both.pem",
        "-ec_param_enc",
        "named_curve",
        "-out",
        "named.pem",
    ]);
    Key::of(&scene, "named.pem").is_read_from(&scene, "both.pem", None);
}

#[test]
fn curve_that_is_spelt_out_and_none_of_nists_is_refused_with_the_command_that_names_it() {
    let scene = Scene::empty();
    scene.openssl(&[
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:brainpoolP256r1",
        "-pkeyopt",
        "ec_param_enc:explicit",
        "-out",
        "key.pem",
    ]);
    scene.openssl(&[
        "pkey",
        "-in",
        "key.pem",
        "-ec_param_enc",
        "named_curve",
        "-out",
        "named.pem",
    ]);
    printed_command_helps(
        &scene,
        "key.pem",
        "explicit curve parameters",
        &Key::of(&scene, "named.pem"),
        false,
    );
}

/// The public half of an EC key may be absent, or written in other ways; it is the same key.
#[test]
fn public_half_may_be_missing_or_compressed() {
    let scene = Scene::empty();
    let key = Key::make(&scene, "p256.pem");
    for how in [
        &["-no_public"][..],
        &["-conv_form", "compressed"],
        &["-conv_form", "hybrid"],
    ] {
        scene.openssl(&[&["ec", "-in", "p256.pem", "-out", "other.pem"], how].concat());
        let said = converted(&scene, "other.pem", None).ok().json();
        assert_eq!(said["public_key_sha256"], key.public_sha256.as_str(), "{how:?}");
        assert_eq!(
            public_sha256(&scene, "read.der", &["-ec_conv_form", "uncompressed"]),
            key.public_sha256,
            "{how:?}: OpenSSL reads what gsec wrote"
        );
    }
}

// Keys of others

/// Makers of keys that gsec does not sign with: what `convert key` calls them, what `cert issue` does, and whether gsec can tell the public key.
const KEYS_OF_OTHERS: [(&str, &str, bool, &[&str]); 11] = [
    ("Ed448", "Ed448", false, &["genpkey", "-algorithm", "ED448"]),
    ("X25519", "X25519", false, &["genpkey", "-algorithm", "X25519"]),
    ("X448", "X448", false, &["genpkey", "-algorithm", "X448"]),
    (
        "RSA-PSS 2048",
        "RSA-PSS",
        true,
        &[
            "genpkey",
            "-algorithm",
            "RSA-PSS",
            "-pkeyopt",
            "rsa_keygen_bits:2048",
        ],
    ),
    (
        "RSA-PSS 2048",
        "RSA-PSS",
        true,
        &[
            "genpkey",
            "-algorithm",
            "RSA-PSS",
            "-pkeyopt",
            "rsa_keygen_bits:2048",
            "-pkeyopt",
            "rsa_pss_keygen_md:sha256",
        ],
    ),
    (
        "RSA 1024",
        "RSA with 1024 bits",
        true,
        &["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
    ),
    (
        "RSA 2048",
        "RSA",
        true,
        &[
            "genpkey",
            "-algorithm",
            "RSA",
            "-pkeyopt",
            "rsa_keygen_bits:2048",
            "-pkeyopt",
            "rsa_keygen_primes:3",
        ],
    ),
    (
        "secp256k1",
        "secp256k1",
        true,
        &[
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:secp256k1",
        ],
    ),
    (
        "brainpoolP256r1",
        "brainpoolP256r1",
        true,
        &[
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:brainpoolP256r1",
        ],
    ),
    (
        "brainpoolP384r1",
        "brainpoolP384r1",
        true,
        &[
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:brainpoolP384r1",
        ],
    ),
    (
        "DSA",
        "DSA",
        false,
        &["genpkey", "-paramfile", "dsa_parameters.pem"],
    ),
];

#[test]
fn keys_of_other_algorithms_are_converted_and_named_and_not_signed_with() {
    let scene = Scene::with_ca();
    scene.openssl(&["dsaparam", "-out", "dsa_parameters.pem", "1024"]);
    let mut wrong = Vec::new();
    for (name, refused_as, public_is_told, how) in KEYS_OF_OTHERS {
        scene.openssl(&[how, &["-out", "key.pem"]].concat());
        encrypt(&scene, "key.pem", PASSWORD, &[], "encrypted.pem");
        let key = Key::of(&scene, "key.pem");
        for (file, password) in [("key.pem", None), ("encrypted.pem", Some(PASSWORD))] {
            let said = converted(&scene, file, password);
            let is_right = said.status == Some(0)
                && scene.read_bytes("read.der") == key.pkcs8
                && said.json()["algorithm"] == name
                && said.json()["public_key_sha256"].as_str()
                    == Some(key.public_sha256.as_str()).filter(|_| public_is_told);
            if !is_right {
                wrong.push(format!("{name}: {said}"));
            }
        }
        let before = scene.tree();
        let refused = scene
            .gsec(&[
                "cert",
                "issue",
                "--host",
                "db1.example.com",
                "--key",
                "key.pem",
                "--json",
            ])
            .run()
            .code(3);
        scene.tree().is_unchanged_since(&before);
        let cause = refused.error()["caused_by"].to_string();
        if !(cause.contains(refused_as) && refused.error()["code"] == "key.algorithm_unsupported") {
            wrong.push(format!("{name}: {refused}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn forms_that_another_program_converts_are_named_with_the_command_that_does() {
    let scene = Scene::empty();
    scene.openssl(&["dsaparam", "-out", "dsa_parameters.pem", "1024"]);
    scene.openssl(&["genpkey", "-paramfile", "dsa_parameters.pem", "-out", "dsa.pem"]);
    let key = Key::of(&scene, "dsa.pem");
    scene.write("old.pem", scene.openssl(&["dsa", "-in", "dsa.pem"]).stdout);
    if scene.read("old.pem").contains("BEGIN DSA PRIVATE KEY") {
        printed_command_helps(&scene, "old.pem", "old format", &key, false);
    } else {
        // OpenSSL 3 writes PKCS #8 here too.
        key.octets_are_read_from(&scene, "old.pem", None);
    }
}

// PKCS #8, encrypted

/// Flags of `openssl pkcs8 -topk8`, and what the result is encrypted with.
const SCHEMES: [(&[&str], &str); 22] = [
    (
        &["-v2", "aes-128-cbc"],
        "PBES2: AES-128-CBC, PBKDF2 with HMAC-SHA-256, 2048 iterations",
    ),
    (
        &["-v2", "aes-192-cbc"],
        "PBES2: AES-192-CBC, PBKDF2 with HMAC-SHA-256, 2048 iterations",
    ),
    (
        &["-v2", "aes-256-cbc"],
        "PBES2: AES-256-CBC, PBKDF2 with HMAC-SHA-256, 2048 iterations",
    ),
    (
        &["-v2", "des3"],
        "PBES2: 3DES-CBC, PBKDF2 with HMAC-SHA-256, 2048 iterations",
    ),
    (
        &["-v2", "des-cbc"],
        "PBES2: DES-CBC, PBKDF2 with HMAC-SHA-256, 2048 iterations",
    ),
    (
        &["-v2prf", "hmacWithSHA1"],
        "PBES2: AES-256-CBC, PBKDF2 with HMAC-SHA-1, 2048 iterations",
    ),
    (
        &["-v2prf", "hmacWithSHA224"],
        "PBES2: AES-256-CBC, PBKDF2 with HMAC-SHA-224, 2048 iterations",
    ),
    (
        &["-v2prf", "hmacWithSHA256", "-iter", "2"],
        "PBES2: AES-256-CBC, PBKDF2 with HMAC-SHA-256, 2 iterations",
    ),
    (
        &["-v2prf", "hmacWithSHA384", "-iter", "100000"],
        "PBES2: AES-256-CBC, PBKDF2 with HMAC-SHA-384, 100000 iterations",
    ),
    (
        &["-v2prf", "hmacWithSHA512"],
        "PBES2: AES-256-CBC, PBKDF2 with HMAC-SHA-512, 2048 iterations",
    ),
    (&["-scrypt"], "PBES2: AES-256-CBC, scrypt with N=16384, r=8, p=1"),
    (
        &[
            "-scrypt",
            "-v2",
            "aes-128-cbc",
            "-scrypt_N",
            "1024",
            "-scrypt_r",
            "4",
            "-scrypt_p",
            "2",
        ],
        "PBES2: AES-128-CBC, scrypt with N=1024, r=4, p=2",
    ),
    (&["-v1", "PBE-MD5-DES"], "PBES1: DES-CBC, MD5, 2048 iterations"),
    (&["-v1", "PBE-SHA1-DES"], "PBES1: DES-CBC, SHA-1, 2048 iterations"),
    (
        &["-v1", "PBE-MD5-RC2-64"],
        "PBES1: RC2-64-CBC, MD5, 2048 iterations",
    ),
    (
        &["-v1", "PBE-SHA1-RC2-64"],
        "PBES1: RC2-64-CBC, SHA-1, 2048 iterations",
    ),
    (
        &["-v1", "PBE-SHA1-3DES"],
        "PKCS #12 PBE: 3DES-CBC, SHA-1, 2048 iterations",
    ),
    (
        &["-v1", "PBE-SHA1-2DES"],
        "PKCS #12 PBE: 3DES-CBC with two keys, SHA-1, 2048 iterations",
    ),
    (
        &["-v1", "PBE-SHA1-RC2-40"],
        "PKCS #12 PBE: RC2-40-CBC, SHA-1, 2048 iterations",
    ),
    (
        &["-v1", "PBE-SHA1-RC2-128"],
        "PKCS #12 PBE: RC2-128-CBC, SHA-1, 2048 iterations",
    ),
    (
        &["-v1", "PBE-SHA1-RC4-40"],
        "PKCS #12 PBE: RC4-40, SHA-1, 2048 iterations",
    ),
    (
        &["-v1", "PBE-SHA1-RC4-128"],
        "PKCS #12 PBE: RC4-128, SHA-1, 2048 iterations",
    ),
];

#[test]
fn pkcs8_under_every_encryption_of_openssl() {
    let scene = Scene::empty();
    for file in ["p256.pem", "rsa.pem"] {
        let key = Key::make(&scene, file);
        for (how, named) in SCHEMES {
            encrypt(&scene, file, PASSWORD, how, "encrypted.pem");
            let said = key.is_read_from(&scene, "encrypted.pem", Some(PASSWORD));
            assert_eq!(said["was_encrypted"], named, "{how:?}");
            encrypt(
                &scene,
                file,
                PASSWORD,
                &[how, &["-outform", "DER"]].concat(),
                "encrypted.der",
            );
            key.is_read_from(&scene, "encrypted.der", Some(PASSWORD));
            if file == "p256.pem" {
                wants_its_password(&scene, "encrypted.pem");
                wants_its_password(&scene, "encrypted.der");
            }
        }
    }
}

#[test]
fn every_kind_of_key_encrypted() {
    let scene = Scene::empty();
    for (file, ..) in KEYS {
        let key = Key::make(&scene, file);
        for how in [&["-v2", "aes-256-cbc"][..], &["-v1", "PBE-SHA1-3DES"]] {
            encrypt(&scene, file, PASSWORD, how, "encrypted.pem");
            key.is_read_from(&scene, "encrypted.pem", Some(PASSWORD));
        }
    }
}

/// PBES2 and PBES1 take the octets, PKCS #12 its two octets for each character, and OpenSSL's old way again the octets.
#[test]
fn passwords_with_blanks_and_of_all_scripts() {
    let scene = Scene::empty();
    let key = Key::make(&scene, "p256.pem");
    let long = "0123456789".repeat(10);
    for password in [
        "x",
        "pass word",
        " both ends ",
        "tab\tbed",
        "pässwörd €",
        "пароль",
        "密码",
        "e\u{301}",
        "\"quoted' $HOME `x` \\n",
        &long,
    ] {
        for how in [
            &["-v2", "aes-256-cbc"][..],
            &["-scrypt", "-scrypt_N", "1024"],
            &["-v1", "PBE-SHA1-3DES"],
            &["-v1", "PBE-MD5-DES"],
        ] {
            encrypt(&scene, "p256.pem", password, how, "encrypted.pem");
            key.is_read_from(&scene, "encrypted.pem", Some(password));
        }
        encrypt_traditionally(&scene, "p256.pem", password, "-aes256", "encrypted.pem");
        key.is_read_from(&scene, "encrypted.pem", Some(password));
    }
}

// Proc-Type: 4,ENCRYPTED

#[test]
fn traditional_keys_under_every_cipher() {
    let scene = Scene::empty();
    for file in ["rsa.pem", "p256.pem", "p521.pem"] {
        let key = Key::make(&scene, file);
        for (cipher, named) in [
            ("-aes128", "AES-128-CBC"),
            ("-aes192", "AES-192-CBC"),
            ("-aes256", "AES-256-CBC"),
            ("-des3", "DES-EDE3-CBC"),
            ("-des", "DES-CBC"),
        ] {
            encrypt_traditionally(&scene, file, PASSWORD, cipher, "encrypted.pem");
            let said = key.is_read_from(&scene, "encrypted.pem", Some(PASSWORD));
            assert_eq!(
                said["was_encrypted"],
                format!("Proc-Type: 4,ENCRYPTED: {named}, MD5")
            );
            wants_its_password(&scene, "encrypted.pem");
        }
    }
}

/// There is no checksum inside: whatever the decryption gives must be a key, else the password was wrong.
#[test]
fn many_wrong_passwords_never_give_a_key() {
    let scene = Scene::empty();
    Key::make(&scene, "p256.pem");
    encrypt_traditionally(&scene, "p256.pem", PASSWORD, "-des", "old.pem");
    encrypt(
        &scene,
        "p256.pem",
        PASSWORD,
        &["-v1", "PBE-SHA1-RC4-40", "-iter", "1"],
        "rc4.pem",
    );
    let files = ["old.pem", "rc4.pem"].map(|file| scene.read_bytes(file));
    for number in 0..2000 {
        let password = format!("wrong {number}");
        for file in &files {
            let error = gsec_pki::key::decode_key_document(file, Some(&password))
                .err()
                .unwrap_or_else(|| panic!("`{password}` gives a key"));
            assert_eq!(error.code(), "key.wrong_password", "`{password}`: {error}");
        }
    }
}

#[test]
fn old_encrypted_key_is_issued_for() {
    let scene = Scene::with_ca();
    let key = Key::make(&scene, "rsa.pem");
    encrypt_traditionally(&scene, "rsa.pem", PASSWORD, "-des3", "old.pem");
    let issue = [
        "cert",
        "issue",
        "--host",
        "db1.example.com",
        "--key",
        "old.pem",
        "--json",
        "--password-file",
        "password",
    ];
    let issued = scene.gsec(&issue).run().ok().json();
    let certificate = issued["files"]["certificate"].as_str().expect("a certificate");
    let public = scene
        .openssl(&["x509", "-in", certificate, "-noout", "-pubkey"])
        .stdout;
    let public = common::openssl(&["pkey", "-pubin", "-outform", "DER"])
        .stdin(public)
        .run()
        .ok()
        .stdout_bytes;
    assert_eq!(sha256(&public), key.public_sha256);
}

// As editors, mailers and people leave them

#[test]
fn key_files_that_went_through_many_hands() {
    let scene = Scene::empty();
    let key = Key::make(&scene, "p256.pem");
    encrypt_traditionally(&scene, "p256.pem", PASSWORD, "-aes128", "old.pem");
    encrypt(&scene, "p256.pem", PASSWORD, &[], "encrypted.pem");
    let about = scene
        .openssl(&["pkey", "-in", "p256.pem", "-text", "-noout"])
        .stdout;
    type Change<'a> = (&'a str, &'a dyn Fn(&str) -> String);
    let changes: [Change<'_>; 9] = [
        ("line ends of Windows", &|text| text.replace('\n', "\r\n")),
        ("a byte order mark", &|text| format!("\u{feff}{text}")),
        ("both", &|text| format!("\u{feff}{}", text.replace('\n', "\r\n"))),
        ("blanks at the ends of lines", &|text| text.replace('\n', "  \n")),
        ("no line feed at the end", &|text| text.trim_end().to_owned()),
        ("what OpenSSL says about the key before it", &|text| {
            format!("{about}{text}")
        }),
        ("attributes of a bag before it", &|text| {
            format!("Bag Attributes\n    friendlyName: db1\nKey Attributes: <No Attributes>\n{text}")
        }),
        ("indented by blanks", &|text| {
            text.lines().map(|line| format!("    {line}\n")).collect()
        }),
        ("indented by a tab", &|text| {
            text.lines().map(|line| format!("\t{line}\n")).collect()
        }),
    ];
    let mut wrong = Vec::new();
    for (situation, change) in changes {
        for (file, password) in [
            ("p256.pem", None),
            ("encrypted.pem", Some(PASSWORD)),
            ("old.pem", Some(PASSWORD)),
        ] {
            scene.write("changed.pem", change(&scene.read(file)));
            let said = converted(&scene, "changed.pem", password);
            if said.status != Some(0) || scene.read_bytes("read.der") != key.pkcs8 {
                wrong.push(format!("{file}, {situation}: {said}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn label_may_be_wrong_where_openssl_does_not_mind() {
    let scene = Scene::empty();
    let mut wrong = Vec::new();
    for (file, traditional) in [("rsa.pem", "RSA PRIVATE KEY"), ("p256.pem", "EC PRIVATE KEY")] {
        let key = Key::make(&scene, file);
        encrypt(&scene, file, PASSWORD, &[], "encrypted.pem");
        let command: &[&str] = if file == "rsa.pem" {
            &["rsa", "-traditional"]
        } else {
            &["ec"]
        };
        scene.openssl(&[command, &["-in", file, "-out", "traditional.pem"]].concat());
        for (from, right, label, password) in [
            (file, "PRIVATE KEY", traditional, None),
            ("traditional.pem", traditional, "PRIVATE KEY", None),
            (file, "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", None),
            (
                "encrypted.pem",
                "ENCRYPTED PRIVATE KEY",
                "PRIVATE KEY",
                Some(PASSWORD),
            ),
        ] {
            scene.write(
                "labelled.pem",
                scene
                    .read(from)
                    .replace(&format!("{right}-----"), &format!("{label}-----")),
            );
            scene.write("password", PASSWORD);
            scene.openssl(&[
                "pkey",
                "-in",
                "labelled.pem",
                "-passin",
                "file:password",
                "-noout",
            ]);
            let said = converted(&scene, "labelled.pem", password);
            if said.status != Some(0) || scene.read_bytes("read.der") != key.pkcs8 {
                wrong.push(format!("{right} under `{label}`: {said}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

// GnuTLS

#[test]
fn keys_of_gnutls() {
    let scene = Scene::empty();
    for (kind, name) in [
        (&["rsa", "--bits", "2048"][..], "RSA 2048"),
        (&["ecdsa", "--curve", "secp256r1"], "P-256"),
        (&["ecdsa", "--curve", "secp521r1"], "P-521"),
        (&["ed25519"], "Ed25519"),
    ] {
        let make = |flags: &[&str]| {
            let call = tool("certtool")
                .args(&["--generate-privkey", "--outfile", "key.pem", "--key-type"])
                .args(kind)
                .args(flags);
            call.in_dir(scene.dir.path("")).run().ok();
        };
        // Plain, certtool writes a description before the block.
        make(&[]);
        let key = Key::of(&scene, "key.pem");
        assert_eq!(key.is_read_from(&scene, "key.pem", None)["algorithm"], name);
        make(&["--pkcs8", "--password", PASSWORD]);
        scene.write("password", PASSWORD);
        scene.openssl(&[
            "pkey",
            "-in",
            "key.pem",
            "-passin",
            "file:password",
            "-out",
            "plain.pem",
        ]);
        Key::of(&scene, "plain.pem").is_read_from(&scene, "key.pem", Some(PASSWORD));
    }
}

#[test]
fn every_encryption_of_gnutls() {
    let scene = Scene::empty();
    let key = Key::make(&scene, "p256.pem");
    for cipher in [
        "3des",
        "3des-pkcs12",
        "aes-128",
        "aes-192",
        "aes-256",
        "rc2-40",
        "arcfour",
    ] {
        let protect = [
            "--to-p8",
            "--load-privkey",
            "p256.pem",
            "--outfile",
            "encrypted.pem",
            "--pkcs-cipher",
            cipher,
        ];
        let passwords: &[&str] = if cipher.ends_with("pkcs12") || cipher == "aes-256" {
            &[PASSWORD, "pässwörd €"]
        } else {
            &[PASSWORD]
        };
        for password in passwords {
            tool("certtool")
                .args(&protect)
                .args(&["--password", password])
                .in_dir(scene.dir.path(""))
                .run()
                .ok();
            key.is_read_from(&scene, "encrypted.pem", Some(password));
        }
        wants_its_password(&scene, "encrypted.pem");
    }
}

/// `certtool` encrypts under the empty password too, which is no plain key.
#[test]
fn empty_password_of_gnutls() {
    let scene = Scene::empty();
    let key = Key::make(&scene, "p256.pem");
    let protect = [
        "--to-p8",
        "--load-privkey",
        "p256.pem",
        "--outfile",
        "encrypted.pem",
        "--pkcs-cipher",
        "aes-256",
        "--empty-password",
    ];
    tool("certtool")
        .args(&protect)
        .in_dir(scene.dir.path(""))
        .run()
        .ok();
    assert!(
        scene
            .read("encrypted.pem")
            .starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    );
    key.is_read_from(&scene, "encrypted.pem", Some(""));
}

// What is not read

/// Asserts that a file is refused with a reason that says this, and that the command in the hint gives a file that gsec reads as this key.
#[track_caller]
fn printed_command_helps(scene: &Scene, file: &str, reason: &str, key: &Key, is_encrypted: bool) {
    let refused = converted(scene, file, Some(PASSWORD)).code(3);
    let error = refused.error();
    let cause = error["caused_by"].to_string().to_lowercase();
    assert!(
        cause.contains(&reason.to_lowercase()),
        "`{reason}` is not named by {refused}"
    );
    let hint = error["hints"][0]
        .as_str()
        .unwrap_or_else(|| panic!("no hint: {refused}"));
    let command = hint
        .split('`')
        .nth(1)
        .unwrap_or_else(|| panic!("no command in `{hint}`"));
    // What a person types at its questions: of one file OpenSSL takes a line for each.
    scene.write("password", format!("{PASSWORD}\n{PASSWORD}\n"));
    let answers = if is_encrypted {
        " -passin file:password -passout file:password"
    } else {
        " -passout file:password"
    };
    tool("sh")
        .args(&["-c", &format!("{command}{answers}")])
        .in_dir(scene.dir.path(""))
        .run()
        .ok();
    assert!(
        converted(scene, "new.pem", Some(PASSWORD)).status == Some(0)
            && scene.read_bytes("read.der") == key.pkcs8,
        "after `{command}`"
    );
}

#[test]
fn ciphers_that_are_not_read_are_named_and_the_printed_command_helps() {
    let scene = Scene::empty();
    let key = Key::make(&scene, "p256.pem");
    for (cipher, name) in [
        ("camellia-128-cbc", "Camellia-128"),
        ("camellia-192-cbc", "Camellia-192"),
        ("camellia-256-cbc", "Camellia-256"),
        ("aria-128-cbc", "ARIA-128"),
        ("aria-192-cbc", "ARIA-192"),
        ("aria-256-cbc", "ARIA-256"),
        ("seed-cbc", "SEED"),
    ] {
        encrypt(&scene, "p256.pem", PASSWORD, &["-v2", cipher], "refused key.pem");
        printed_command_helps(&scene, "refused key.pem", name, &key, true);
        encrypt(
            &scene,
            "p256.pem",
            PASSWORD,
            &["-v2", cipher, "-outform", "DER"],
            "refused.der",
        );
        printed_command_helps(&scene, "refused.der", name, &key, true);
    }
    for (cipher, name) in [
        ("-camellia256", "Camellia-256"),
        ("-aria128", "ARIA-128"),
        ("-seed", "SEED"),
    ] {
        encrypt_traditionally(&scene, "p256.pem", PASSWORD, cipher, "refused.pem");
        printed_command_helps(&scene, "refused.pem", name, &key, true);
    }
}

// What gsec writes

/// Asserts that others read this key in a file that gsec wrote.
fn others_read(scene: &Scene, file: &str, password: Option<&str>, key: &Key) {
    let der = file.ends_with(".der");
    scene.write("password", password.unwrap_or_default());
    let with_password: &[&str] = if password.is_some() {
        &["-passin", "file:password"]
    } else {
        &[]
    };
    assert_eq!(
        public_sha256(scene, file, with_password),
        key.public_sha256,
        "OpenSSL, `{file}`"
    );
    let mut arguments = vec![scene.dir.path(file)];
    arguments.extend(password.map(str::to_owned));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    assert_eq!(
        python("key_digest.py").args(&arguments).run().ok().stdout.trim(),
        key.public_sha256,
        "Python, `{file}`"
    );
    let call = tool("certtool")
        .args(&["--load-privkey", file, "--pubkey-info", "--outder"])
        .args(if der { &["--inder"] } else { &[] });
    let call = match password {
        Some(password) => call.args(&["--password", password]),
        None => call,
    };
    assert_eq!(
        sha256(&call.in_dir(scene.dir.path("")).run().ok().stdout_bytes),
        key.public_sha256,
        "GnuTLS, `{file}`"
    );
}

#[test]
fn every_form_that_gsec_writes_is_read_by_others() {
    let scene = Scene::empty();
    for (file, name, _) in KEYS {
        let key = Key::make(&scene, file);
        for (form, label) in [
            ("pkcs8", "PRIVATE KEY"),
            (
                "pkcs1",
                if name == "RSA 2048" {
                    "RSA PRIVATE KEY"
                } else {
                    "EC PRIVATE KEY"
                },
            ),
        ] {
            let write = |flags: &[&str]| {
                scene
                    .gsec(&[&["convert", "key", file, "--force", "--key-format", form], flags].concat())
                    .run()
            };
            if form == "pkcs1" && name == "Ed25519" {
                write(&["--out", "written.pem"])
                    .code(3)
                    .says("Ed25519 keys can only be written as PKCS #8");
                continue;
            }
            write(&["--out", "written.pem"]).ok();
            assert!(
                scene
                    .read("written.pem")
                    .starts_with(&format!("-----BEGIN {label}-----\n")),
                "{}",
                scene.read("written.pem")
            );
            others_read(&scene, "written.pem", None, &key);
            write(&["--out", "written.der", "--der"]).ok();
            others_read(&scene, "written.der", None, &key);
            key.is_read_from(&scene, "written.pem", None);
            key.is_read_from(&scene, "written.der", None);
        }
    }
}

#[test]
fn traditional_forms_are_those_of_openssl() {
    let scene = Scene::empty();
    for (file, command) in [
        ("rsa.pem", &["rsa", "-traditional"][..]),
        ("p256.pem", &["ec"]),
        ("p384.pem", &["ec"]),
        ("p521.pem", &["ec"]),
    ] {
        Key::make(&scene, file);
        let theirs = scene.openssl(&[command, &["-in", file]].concat()).stdout;
        let ours = scene
            .gsec(&["convert", "key", file, "--key-format", "pkcs1"])
            .run()
            .ok()
            .stdout;
        assert_eq!(ours, theirs, "{file}");
    }
}

#[test]
fn encrypted_keys_are_read_by_others_under_every_password() {
    let scene = Scene::empty();
    for file in ["rsa.pem", "p256.pem", "ed25519.pem"] {
        let key = Key::make(&scene, file);
        let passwords: &[&str] = if file == "p256.pem" {
            &[PASSWORD, "pässwörd €", " x "]
        } else {
            &[PASSWORD]
        };
        for password in passwords {
            scene.write("new", format!("{password}\n"));
            let locked = [
                "convert",
                "key",
                file,
                "--out",
                "locked.pem",
                "--new-password-file",
                "new",
                "--force",
            ];
            scene.gsec(&locked).run().ok();
            assert!(
                scene
                    .read("locked.pem")
                    .starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
            );
            others_read(&scene, "locked.pem", Some(password), &key);
            let said = key.is_read_from(&scene, "locked.pem", Some(password));
            assert_eq!(
                said["was_encrypted"],
                "PBES2: AES-256-CBC, PBKDF2 with HMAC-SHA-256, 600000 iterations"
            );
        }
    }
    let key = Key::of(&scene, "rsa.pem");
    scene
        .gsec(&[
            "convert",
            "key",
            "rsa.pem",
            "--out",
            "locked.der",
            "--der",
            "--new-password-stdin",
            "--force",
        ])
        .stdin(PASSWORD)
        .run()
        .ok();
    others_read(&scene, "locked.der", Some(PASSWORD), &key);
}

#[test]
fn new_password_comes_from_file_variable_or_stdin() {
    let scene = Scene::empty();
    let key = Key::make(&scene, "p256.pem");
    scene.write("new", "pass word\r\n");
    let write = |flags: &[&str]| {
        scene.gsec(
            &[
                &["convert", "key", "p256.pem", "--out", "locked.pem", "--force"],
                flags,
            ]
            .concat(),
        )
    };
    let calls: [Call; 3] = [
        write(&["--new-password-file", "new"]),
        write(&["--new-password-env", "NEW_PASSWORD"]).env("NEW_PASSWORD", PASSWORD),
        write(&["--new-password-stdin"]).stdin("pass word\n"),
    ];
    for call in calls {
        let said = call.run().ok();
        assert!(
            said.stdout
                .starts_with("Created locked.pem (private key, encrypted)\n"),
            "{said}"
        );
        key.is_read_from(&scene, "locked.pem", Some(PASSWORD));
    }
}

#[test]
fn encrypting_that_would_protect_nothing_is_refused() {
    let scene = Scene::empty();
    Key::make(&scene, "p256.pem");
    scene.write("empty", "\n");
    let convert = ["convert", "key", "p256.pem", "--out", "locked.pem"];
    scene.does_not_understand(
        &[&convert[..], &["--new-password-file", "empty"]].concat(),
        "the new password is empty and …",
    );
    scene.write("new", PASSWORD);
    let old_form = [
        &convert[..],
        &["--key-format", "pkcs1", "--new-password-file", "new"],
    ]
    .concat();
    scene.does_not_understand(&old_form, "`--key-format pkcs1` has no secure encryption");
}

#[test]
fn password_is_changed_in_one_call() {
    let scene = Scene::empty();
    let key = Key::make(&scene, "rsa.pem");
    encrypt_traditionally(&scene, "rsa.pem", "old one", "-des3", "old.pem");
    scene.write("old", "old one");
    scene.write("new", "new one");
    scene
        .gsec(&[
            "convert",
            "key",
            "old.pem",
            "--password-file",
            "old",
            "--new-password-file",
            "new",
            "--out",
            "new.pem",
        ])
        .run()
        .ok();
    key.is_read_from(&scene, "new.pem", Some("new one"));
}
