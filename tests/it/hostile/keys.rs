//! Private keys that are damaged, or made to do harm: refused with an error that says why, or read as what they now are, and never shown.

use crate::common;

use std::sync::OnceLock;

use common::der_writer::{algorithm, context, integer, null, number, octet_string, oid, sequence, tlv};
use common::pfx_writer::{
    AES_256_CBC, HMAC_SHA256, aes256, encrypt, encrypted_key, key_bag, pbe, pbes2, pbkdf2, pfx_of_bags,
    quick_scheme,
};
use common::{Outcome, Scene, SecretKey, is_harmless, openssl, tool};
use der::{Any, Decode};
use gsec_pki::encoding::pem;
use gsec_pki::key::{KeyDocument, KeyError, KeyFormat, decode_key_document};
use gsec_pki::pkcs12::decode_pfx;

/// Nothing else that is printed looks like it.
const PASSWORD: &str = "xyzzy-Geheimnis-42";
/// How many octets from either end have each of their bits flipped.
const FLIPPED_OCTETS: usize = 200;
/// Longer than any message for a person.
const MOST_SAID: usize = 4096;

const EC_PUBLIC_KEY: &str = "1.2.840.10045.2.1";
const PRIME_FIELD: &str = "1.2.840.10045.1.1";
const CURVES: [&str; 3] = ["prime256v1", "secp384r1", "secp521r1"];

/// One key, as OpenSSL writes it in every form.
struct Material {
    scene: Scene,
    key: SecretKey,
    /// Name and DER; the last is encrypted under [`PASSWORD`].
    forms: Vec<(&'static str, Vec<u8>)>,
    /// SEC 1 keys, one on each of [`CURVES`].
    on_curves: [(&'static str, Vec<u8>); 3],
}

fn material() -> &'static Material {
    static MATERIAL: OnceLock<Material> = OnceLock::new();
    MATERIAL.get_or_init(|| {
        let scene = Scene::empty();
        let key = SecretKey::generate(PASSWORD);
        scene.write("password", PASSWORD);
        scene.write("p256.pem", key.pem());
        scene.openssl(&[
            "genpkey",
            "-algorithm",
            "RSA",
            "-pkeyopt",
            "rsa_keygen_bits:2048",
            "-out",
            "rsa.pem",
        ]);
        scene.openssl(&["genpkey", "-algorithm", "ED25519", "-out", "ed25519.pem"]);
        let der = |args: &[&str]| {
            scene.openssl(&[args, &["-outform", "DER", "-out", "form.der"]].concat());
            scene.read_bytes("form.der")
        };
        let forms = vec![
            (
                "PKCS #8 of P-256",
                der(&["pkcs8", "-topk8", "-nocrypt", "-in", "p256.pem"]),
            ),
            (
                "PKCS #8 of RSA",
                der(&["pkcs8", "-topk8", "-nocrypt", "-in", "rsa.pem"]),
            ),
            (
                "PKCS #8 of Ed25519",
                der(&["pkcs8", "-topk8", "-nocrypt", "-in", "ed25519.pem"]),
            ),
            ("PKCS #1", der(&["rsa", "-traditional", "-in", "rsa.pem"])),
            ("SEC 1", der(&["ec", "-in", "p256.pem"])),
            (
                "encrypted PKCS #8",
                der(&[
                    "pkcs8",
                    "-topk8",
                    "-in",
                    "p256.pem",
                    "-iter",
                    "1",
                    "-passout",
                    "file:password",
                ]),
            ),
        ];
        let on_curve = |name| {
            (
                name,
                openssl(&["ecparam", "-name", name, "-genkey", "-noout", "-outform", "DER"])
                    .run()
                    .ok()
                    .stdout_bytes,
            )
        };
        Material {
            scene,
            key,
            forms,
            on_curves: CURVES.map(on_curve),
        }
    })
}

fn form(name: &str) -> &'static [u8] {
    &material()
        .forms
        .iter()
        .find(|(form, _)| *form == name)
        .unwrap_or_else(|| panic!("no form {name}"))
        .1
}

// Damage, through the library: every octet, every bit

#[test]
fn key_cut_short_anywhere_is_refused() {
    for (form, der) in &material().forms {
        assert!(decode_key_document(der, Some(PASSWORD)).is_ok(), "{form}");
        for length in 0..der.len() {
            assert!(
                decode_key_document(&der[..length], Some(PASSWORD)).is_err(),
                "{form}: the first {length} octets of {} are read",
                der.len()
            );
        }
    }
}

#[test]
fn pem_cut_short_anywhere_is_refused_and_does_not_become_another_key() {
    let text = material().key.pem();
    for length in 0..text.trim_end().len() {
        assert!(
            decode_key_document(&text.as_bytes()[..length], None).is_err(),
            "{length} of {}",
            text.len()
        );
    }
}

#[test]
fn key_of_a_curve_with_any_bit_flipped_is_refused_or_another_key() {
    flipped_bits_are_refused_or_give_another_key("PKCS #8 of P-256");
    flipped_bits_are_refused_or_give_another_key("SEC 1");
    flipped_bits_are_refused_or_give_another_key("PKCS #8 of Ed25519");
}

#[test]
fn rsa_key_with_any_bit_flipped_is_refused_or_another_key() {
    flipped_bits_are_refused_or_give_another_key("PKCS #8 of RSA");
    flipped_bits_are_refused_or_give_another_key("PKCS #1");
}

#[test]
fn encrypted_key_with_any_bit_flipped_is_refused_or_another_key() {
    flipped_bits_are_refused_or_give_another_key("encrypted PKCS #8");
}

#[track_caller]
fn flipped_bits_are_refused_or_give_another_key(name: &str) {
    let der = form(name);
    let at_an_end = |at: &usize| *at < FLIPPED_OCTETS || at + FLIPPED_OCTETS >= der.len();
    for at in (0..der.len()).filter(at_an_end) {
        for bit in 0..8 {
            let mut damaged = der.to_vec();
            damaged[at] ^= 1 << bit;
            match decode_key_document(&damaged, Some(PASSWORD)) {
                Ok(document) => can_be_written_and_read(&document, &format!("{name}, octet {at}, bit {bit}")),
                Err(error) => assert!(!error.to_string().is_empty() && !error.code().is_empty()),
            }
        }
    }
}

#[track_caller]
fn can_be_written_and_read(document: &KeyDocument, what: &str) {
    for format in [KeyFormat::Pkcs8, KeyFormat::Traditional] {
        let text = match document.to_pem(format) {
            Err(KeyError::NoTraditionalForm { .. }) => continue,
            written => written.unwrap_or_else(|error| panic!("{what}: cannot be written: {error}")),
        };
        let again = decode_key_document(text.as_bytes(), None)
            .unwrap_or_else(|error| panic!("{what}: cannot be read again: {error}"));
        assert!(
            again.pkcs8() == document.pkcs8() && again.public_key() == document.public_key(),
            "{what}: is another key when read again"
        );
    }
}

/// What OpenSSH writes, which says the public key twice: what is damaged does not become another key.
#[test]
fn openssh_key_with_any_bit_flipped_is_refused_or_the_same_key() {
    let whole = openssh_key();
    let sound = decode_key_document(whole.as_bytes(), None).expect("an Ed25519 key");
    let block = pem::decode_all(whole.as_bytes()).expect("PEM").remove(0);
    for at in 0..block.content.len() {
        for bit in 0..8 {
            let mut damaged = block.content.to_vec();
            damaged[at] ^= 1 << bit;
            if let Ok(document) = decode_key_document(pem::encode(&block.label, &damaged).as_bytes(), None) {
                assert!(
                    document.pkcs8() == sound.pkcs8(),
                    "octet {at}, bit {bit} of {}: read as another key",
                    damaged.len()
                );
            }
        }
    }
}

#[test]
fn openssh_key_cut_short_anywhere_is_refused() {
    let whole = openssh_key();
    let block = pem::decode_all(whole.as_bytes()).expect("PEM").remove(0);
    for length in 0..block.content.len() {
        let text = pem::encode(&block.label, &block.content[..length]);
        assert!(
            decode_key_document(text.as_bytes(), None).is_err(),
            "{length} of {} octets",
            block.content.len()
        );
    }
}

fn openssh_key() -> String {
    let Material { scene, .. } = material();
    let name = format!("id_{:?}", std::thread::current().id());
    tool("ssh-keygen")
        .args(&["-q", "-N", "", "-t", "ed25519", "-f", &name])
        .in_dir(scene.dir.path(""))
        .run()
        .ok();
    scene.read(&name)
}

/// One wrong password in 256 gives a padding that looks right.
#[test]
fn no_wrong_password_passes_by_chance() {
    let (old, new) = (old_pem(), form("encrypted PKCS #8"));
    for number in 0..3000 {
        let wrong = Some(format!("wrong {number}"));
        for file in [old.as_bytes(), new] {
            let outcome = decode_key_document(file, wrong.as_deref());
            assert!(
                matches!(outcome, Err(KeyError::WrongPassword)),
                "{wrong:?}: {:?}",
                outcome.err()
            );
        }
    }
}

// Keys under Proc-Type and DEK-Info

/// SEC 1 in AES-128-CBC, as OpenSSL before 1.0 wrote keys.
fn old_pem() -> &'static str {
    static OLD: OnceLock<String> = OnceLock::new();
    OLD.get_or_init(|| {
        let Material { scene, .. } = material();
        scene.openssl(&[
            "ec",
            "-in",
            "p256.pem",
            "-aes-128-cbc",
            "-passout",
            "file:password",
            "-out",
            "old.pem",
        ]);
        let text = scene.read("old.pem");
        assert!(text.contains("DEK-Info: AES-128-CBC,"), "{text}");
        text
    })
}

/// What stands after `DEK-Info: `.
fn dek_info() -> &'static str {
    old_pem()
        .lines()
        .find_map(|line| line.strip_prefix("DEK-Info: "))
        .expect("DEK-Info")
}

#[test]
fn old_encrypted_key_is_read_under_its_password() {
    let document = decode_key_document(old_pem().as_bytes(), Some(PASSWORD)).expect("a key");
    assert!(document.pkcs8() == material().key.pkcs8);
}

#[test]
fn damaged_headers_of_an_old_encrypted_key_are_named() {
    let iv = "its encryption parameters are damaged: the initialization vector in DEK-Info";
    let none = "its encryption parameters are damaged: DEK-Info has no initialization vector";
    let unread = |cipher: &str| {
        format!("the private key is encrypted as the cipher {cipher}, which gsec does not support")
    };
    let (cipher, digits) = dek_info()
        .split_once(',')
        .expect("cipher and initialisation vector");
    let with = |info: String| old_pem().replace(dek_info(), &info);
    let cases = [
        (with(format!("{cipher},{}", &digits[2..])), iv.to_owned()),
        (with(format!("{cipher},{}", &digits[1..])), iv.to_owned()),
        (with(format!("{cipher},{digits}00")), iv.to_owned()),
        (with(format!("{cipher},{}", digits.repeat(2))), iv.to_owned()),
        (with(format!("{cipher},zz{}", &digits[2..])), iv.to_owned()),
        (with(format!("{cipher},{}\u{e4}", &digits[2..])), iv.to_owned()),
        (with(format!("{cipher},")), iv.to_owned()),
        (with(format!("DES-EDE3-CBC,{digits}")), iv.to_owned()), // its initialisation vector has 8 octets
        (with(cipher.to_owned()), none.to_owned()),
        (
            old_pem().replace(&format!("DEK-Info: {}\n", dek_info()), ""),
            none.to_owned(),
        ),
        (
            with(format!("CAMELLIA-128-CBC,{digits}")),
            unread("CAMELLIA-128-CBC"),
        ),
        (with(format!("AES-128-GCM,{digits}")), unread("AES-128-GCM")),
        (with(format!("RC2-40-CBC,{digits}")), unread("RC2-40-CBC")),
        (
            with(format!("AES-128-CBC-HMAC,{digits}")),
            unread("AES-128-CBC-HMAC"),
        ),
        (with(format!(",{digits}")), unread("")),
    ];
    for (text, cause) in cases {
        is_refused(
            "old.pem",
            text.as_bytes(),
            &format!("PEM block at line 1: {cause}"),
        );
    }
}

#[test]
fn content_of_an_old_encrypted_key_that_is_cut_is_refused() {
    let lines: Vec<&str> = old_pem().lines().collect();
    let (head, content, foot) = (
        &lines[..4],
        lines[4..lines.len() - 1].concat(),
        lines[lines.len() - 1],
    );
    let with = |content: &str| format!("{}\n{content}\n{foot}\n", head.join("\n"));
    assert!(
        decode_key_document(with(&content).as_bytes(), Some(PASSWORD)).is_ok(),
        "as it was"
    );
    // Base64 as a whole, and no whole blocks; whole blocks; nothing.
    for kept in [content.len() - 8, 64, 4, 0] {
        let outcome = decode_key_document(with(&content[..kept]).as_bytes(), Some(PASSWORD));
        assert!(
            matches!(outcome, Err(KeyError::WrongPassword)),
            "{kept}: {:?}",
            outcome.err()
        );
    }
    is_refused(
        "cut.pem",
        with(&content[..64]).as_bytes(),
        "PEM block at line 1: wrong password, or the file is damaged",
    );
    is_refused(
        "cut.pem",
        with(&content[..63]).as_bytes(),
        "PEM block at line 1 is damaged: …",
    );
}

#[test]
fn name_of_a_cipher_that_is_no_name_is_harmless() {
    for name in [
        "\u{1b}[31m\u{202e}",
        &"X".repeat(1 << 20),
        "AES-128-CBC\u{0}",
        "%s%n",
    ] {
        let text = old_pem().replace(dek_info(), &format!("{name},00"));
        is_refused("old.pem", text.as_bytes(), "PEM block at line 1…");
    }
    let text = material()
        .key
        .pem()
        .replace("PRIVATE KEY", &format!("{} PRIVATE KEY", "X".repeat(1 << 20)));
    is_refused("label.pem", text.as_bytes(), "…");
}

// Keys under PBES2

#[test]
fn damaged_parameters_of_an_encrypted_key_are_named() {
    let derivation = || pbkdf2(&[7; 8], number(1), None, HMAC_SHA256);
    let with_length = |octets: Vec<u8>| pbkdf2(&[7; 8], number(1), Some(octets), HMAC_SHA256);
    let with_prf = |prf: &str| pbkdf2(&[7; 8], number(1), None, prf);
    let damaged = |problem: &str| format!("its encryption parameters are damaged: {problem}");
    let unread =
        |scheme: &str| format!("the private key is encrypted as {scheme}, which gsec does not support");
    let cases = [
        (
            pbes2(derivation(), aes256(&[])),
            damaged("the initialization vector has 0 bytes"),
        ),
        (
            pbes2(derivation(), aes256(&[9; 8])),
            damaged("the initialization vector has 8 bytes"),
        ),
        (
            pbes2(derivation(), aes256(&[9; 17])),
            damaged("the initialization vector has 17 bytes"),
        ),
        (
            pbes2(
                derivation(),
                algorithm("1.2.840.113549.3.7", octet_string(&[9; 6])),
            ),
            damaged("the initialization vector has 6 bytes"),
        ),
        (pbes2(derivation(), algorithm(AES_256_CBC, null())), damaged("…")),
        (
            pbes2(derivation(), sequence(&[oid(AES_256_CBC)])),
            damaged("the initialization vector is missing"),
        ),
        (
            pbes2(with_length(number(16)), aes256(&[9; 16])),
            damaged("the key length does not match the cipher"),
        ),
        (
            pbes2(with_length(number(0)), aes256(&[9; 16])),
            damaged("the key length does not match the cipher"),
        ),
        (
            pbes2(with_length(number(u32::MAX)), aes256(&[9; 16])),
            damaged("the key length does not match the cipher"),
        ),
        (
            pbes2(with_length(integer(&[0xff])), aes256(&[9; 16])),
            damaged("…"),
        ),
        (
            pbes2(with_prf("1.2.3.4"), aes256(&[9; 16])),
            unread("PBKDF2 with …1.2.3.4"),
        ),
        (
            pbes2(
                derivation(),
                algorithm("2.16.840.1.101.3.4.1.46", sequence(&[octet_string(&[9; 12])])),
            ),
            unread("AES-256-GCM"),
        ),
        (
            pbes2(
                derivation(),
                algorithm("1.2.392.200011.61.1.1.1.4", octet_string(&[9; 16])),
            ),
            unread("Camellia-256-CBC"),
        ),
        (
            pbes2(derivation(), algorithm("1.2.3.4", octet_string(&[9; 16]))),
            unread("algorithm 1.2.3.4"),
        ),
        (
            pbes2(algorithm("1.2.3.4", null()), aes256(&[9; 16])),
            unread("the key derivation 1.2.3.4"),
        ),
        (
            pbe("1.2.840.113549.1.5.1", &[7; 8], number(1)),
            unread("PBES1 with MD2 and DES"),
        ),
        (pbes2(null(), null()), damaged("…")),
        (algorithm("1.2.840.113549.1.5.13", null()), damaged("…")),
        (
            sequence(&[oid("1.2.840.113549.1.5.13")]),
            damaged("1.2.840.113549.1.5.13 has no parameters"),
        ),
        (
            pbes2(
                pbkdf2(&[7; 8], integer(&[0x7f, 0xff, 0xff, 0xff]), None, HMAC_SHA256),
                aes256(&[9; 16]),
            ),
            "it requires 2147483647 iterations of key derivation, and gsec does at most 5000000".to_owned(),
        ),
    ];
    for (identifier, cause) in cases {
        let der = encrypted_key(identifier, &[0; 32]);
        is_refused("damaged.der", &der, &cause);
        is_refused(
            "damaged.pem",
            pem::encode(pem::ENCRYPTED_PRIVATE_KEY, &der).as_bytes(),
            &format!("PEM block at line 1: {cause}"),
        );
    }
}

#[test]
fn good_padding_with_garbage_inside_is_no_key() {
    let scheme = quick_scheme();
    let key = &material().key.pkcs8;
    let mut longer = key.clone();
    longer.push(0x41);
    for plain in [
        &b"garbage"[..],
        &[],
        &[0x30, 0],
        &key[..key.len() - 1],
        &longer,
        &sequence(&[number(0), null(), null()]),
    ] {
        let der = encrypted_key(
            scheme.algorithm_der().expect("DER"),
            &encrypt(&scheme, PASSWORD, plain),
        );
        is_refused("garbage.der", &der, "wrong password, or the file is damaged");
    }
    // What is PKCS #8 outside was under this password, and is damaged by itself.
    let hollow = sequence(&[
        number(0),
        algorithm(EC_PUBLIC_KEY, oid("1.2.840.10045.3.1.7")),
        octet_string(&[0x41; 9]),
    ]);
    let der = encrypted_key(
        scheme.algorithm_der().expect("DER"),
        &encrypt(&scheme, PASSWORD, &hollow),
    );
    is_refused("hollow.der", &der, "the private key is damaged: …");
}

/// As many encrypted keys in one text, each of which costs the most that one may.
#[test]
fn iterations_of_all_keys_in_a_text_together_are_bounded() {
    let Material { scene, .. } = material();
    let shrouded = |iterations: &str| {
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
        scene.openssl(
            &[
                &[
                    "pkcs8",
                    "-topk8",
                    "-in",
                    "p256.pem",
                    "-passout",
                    "file:password",
                    "-out",
                    "rc4.pem",
                ][..],
                &quickest,
            ]
            .concat(),
        );
        scene.read("rc4.pem")
    };
    let dear = encrypted_key(
        pbe("1.2.840.113549.1.12.1.3", &[7; 8], number(5_000_000)),
        &[0; 16],
    );
    let text = [
        shrouded("5000000"),
        shrouded("1"),
        pem::encode(pem::ENCRYPTED_PRIVATE_KEY, &dear).repeat(1000),
    ]
    .concat();
    let said = "PEM block at line …: its parts together require more than 20000000 iterations of key \
     derivation, the most that gsec does for one file";
    is_refused("many.pem", text.as_bytes(), said);
}

/// Asserts that a key file is refused for this reason (`…` stands for anything within the line), in text, in detail and as JSON, without a
/// word of key or password.
#[track_caller]
fn is_refused(name: &str, file: &[u8], cause: &str) {
    let Material { key, .. } = material();
    let scene = Scene::empty();
    scene.write("password", PASSWORD);
    scene.write(name, file);
    let call = [
        "convert",
        "key",
        name,
        "--password-file",
        "password",
        "--out",
        "new.pem",
    ];
    let text = is_discreet(key, scene.gsec(&call).run().code(3));
    let lines: Vec<&str> = text.stderr.lines().collect();
    assert_eq!(
        (lines[0], text.stdout.as_str()),
        (format!("error: cannot use `{name}`").as_str(), ""),
        "{text}"
    );
    assert!(
        common::reads_as(lines[1], &format!("  caused by: {cause}")),
        "wanted {cause:?}, got {text}"
    );
    is_discreet(key, scene.gsec(&call).args(&["-vv"]).run().code(3));
    is_discreet(key, scene.gsec(&call).args(&["--json"]).run().code(3)).error();
    assert!(!scene.exists("new.pem"));
}

#[track_caller]
fn is_discreet(key: &SecretKey, outcome: Outcome) -> Outcome {
    assert!(
        outcome.stderr.len() < MOST_SAID,
        "{} octets on stderr",
        outcome.stderr.len()
    );
    is_harmless(&outcome);
    assert!(!outcome.stderr.contains("panicked"), "{outcome}");
    key.is_kept(outcome)
}

// Curves that are spelt out (CVE-2020-0601)

/// ECParameters, RFC 3279 section 2.3.5: the contents of its numbers.
#[derive(Clone)]
struct Parameters {
    prime: Vec<u8>,
    a: Vec<u8>,
    b: Vec<u8>,
    base: Vec<u8>,
    order: Vec<u8>,
    cofactor: Vec<u8>,
}

impl Parameters {
    /// Those of a curve, as OpenSSL spells it out.
    fn of(curve: &str) -> Self {
        let spelt_out = openssl(&[
            "ecparam",
            "-name",
            curve,
            "-param_enc",
            "explicit",
            "-outform",
            "DER",
        ])
        .run()
        .ok()
        .stdout_bytes;
        let parts = |any: &Any| -> Vec<Any> {
            Vec::from_der(&der::Encode::to_der(any).expect("DER")).expect("a SEQUENCE")
        };
        let content = |any: &Any| any.value().to_vec();
        let outer = parts(&Any::from_der(&spelt_out).expect("DER"));
        let (field, coefficients) = (parts(&outer[1]), parts(&outer[2]));
        Parameters {
            prime: content(&field[1]),
            a: content(&coefficients[0]),
            b: content(&coefficients[1]),
            base: content(&outer[3]),
            order: content(&outer[4]),
            cofactor: content(&outer[5]),
        }
    }

    fn der(&self) -> Vec<u8> {
        let coefficients = sequence(&[octet_string(&self.a), octet_string(&self.b)]);
        let field = sequence(&[oid(PRIME_FIELD), integer(&self.prime)]);
        sequence(&[
            number(1),
            field,
            coefficients,
            octet_string(&self.base),
            integer(&self.order),
            integer(&self.cofactor),
        ])
    }

    /// The same with one number altered: its lowest bit, and one in its middle; the cofactor by one.
    fn altered(&self) -> Vec<(String, Parameters)> {
        type Number = fn(&mut Parameters) -> &mut Vec<u8>;
        let numbers: [(&str, Number); 6] = [
            ("prime", |parameters| &mut parameters.prime),
            ("a", |parameters| &mut parameters.a),
            ("b", |parameters| &mut parameters.b),
            ("base point", |parameters| &mut parameters.base),
            ("order", |parameters| &mut parameters.order),
            ("cofactor", |parameters| &mut parameters.cofactor),
        ];
        let mut all = Vec::new();
        for (name, number) in numbers {
            for place in [1, 2, 4] {
                let mut altered = self.clone();
                let octets = number(&mut altered);
                let at = octets.len() - octets.len().div_ceil(place).min(octets.len());
                let last = octets.len() - 1;
                octets[if place == 1 { last } else { at }] ^= u8::try_from(place).expect("a bit");
                all.push((format!("{name}, bit {place}"), altered));
            }
        }
        all
    }
}

/// A key on a curve, with the curve given by these parameters: SEC 1, PKCS #8, encrypted PKCS #8, and with the curve in a block of its own.
fn keys_on(curve: &str, parameters: &[u8]) -> [Vec<u8>; 4] {
    let on_curves = &material().on_curves;
    let (_, sec1) = on_curves
        .iter()
        .find(|(name, _)| *name == curve)
        .expect("a key on each curve");
    let own: Vec<Any> = Vec::from_der(sec1).expect("ECPrivateKey");
    let secret = octet_string(own[1].value());
    let public = context(1, own[3].value());
    let without = sequence(&[number(1), secret.clone(), public.clone()]);
    let pkcs8 = sequence(&[
        number(0),
        algorithm(EC_PUBLIC_KEY, parameters.to_vec()),
        octet_string(&without),
    ]);
    let scheme = quick_scheme();
    let apart = [
        pem::encode(pem::EC_PARAMETERS, parameters),
        pem::encode(pem::EC_PRIVATE_KEY, &without),
    ]
    .concat();
    [
        sequence(&[number(1), secret, context(0, parameters), public]),
        encrypted_key(
            scheme.algorithm_der().expect("DER"),
            &encrypt(&scheme, PASSWORD, &pkcs8),
        ),
        pkcs8,
        apart.into_bytes(),
    ]
}

#[test]
fn curve_that_is_spelt_out_is_read_when_it_is_one_of_nist_s() {
    for curve in CURVES {
        let parameters = Parameters::of(curve);
        let keys = keys_on(curve, &parameters.der()).map(|file| {
            decode_key_document(&file, Some(PASSWORD)).unwrap_or_else(|error| panic!("{curve}: {error}"))
        });
        for key in &keys {
            assert!(key.pkcs8() == keys[0].pkcs8(), "{curve}");
            let name = key.public_key().expect("a public key").to_string();
            assert!(
                CURVES
                    .iter()
                    .zip(["P-256", "P-384", "P-521"])
                    .any(|pair| pair == (&curve, &name)),
                "{curve} is read as {name}"
            );
        }
    }
}

#[test]
fn curve_that_differs_from_a_known_one_in_one_number_is_refused() {
    for curve in CURVES {
        for (what, parameters) in Parameters::of(curve).altered() {
            let [sec1, encrypted, pkcs8, apart] = keys_on(curve, &parameters.der());
            let in_pfx = decode_pfx(&pfx_of_bags(&[key_bag(&pkcs8)]), "");
            assert!(in_pfx.is_err(), "{curve}, {what}: read from PKCS #12");
            for (form, file) in [
                ("SEC 1", sec1),
                ("encrypted", encrypted),
                ("PKCS #8", pkcs8),
                ("in two blocks", apart),
            ] {
                let error = decode_key_document(&file, Some(PASSWORD))
                    .err()
                    .unwrap_or_else(|| panic!("{curve}, {what}, {form}: read"));
                let is_damage = matches!(error, KeyError::Damaged(_));
                assert!(
                    error.to_string().contains("curve") && !is_damage,
                    "{curve}, {what}, {form}: {error}"
                );
            }
        }
    }
}

#[test]
fn refused_curve_is_said_without_a_word_of_the_key() {
    let parameters = Parameters::of("prime256v1").altered().remove(9).1.der();
    let own: Vec<Any> = Vec::from_der(form("SEC 1")).expect("ECPrivateKey");
    let key = sequence(&[
        number(1),
        octet_string(own[1].value()),
        context(0, &parameters),
        context(1, own[3].value()),
    ]);
    is_refused("curve.der", &key, "…curve…");
}

/// The curve of a key is said once: what says two things is refused, or is what the outside says.
#[test]
fn key_that_names_two_curves_is_not_mixed_up() {
    let named = |dotted: &str| oid(dotted);
    let own: Vec<Any> = Vec::from_der(form("SEC 1")).expect("ECPrivateKey");
    let inner = sequence(&[
        number(1),
        octet_string(own[1].value()),
        context(0, &named("1.3.132.0.34")),
        context(1, own[3].value()),
    ]);
    let pkcs8 = sequence(&[
        number(0),
        algorithm(EC_PUBLIC_KEY, named("1.2.840.10045.3.1.7")),
        octet_string(&inner),
    ]);
    if let Ok(document) = decode_key_document(&pkcs8, None) {
        assert!(document.pkcs8() == material().key.pkcs8);
    }
    let text = [
        pem::encode(pem::EC_PARAMETERS, &named("1.3.132.0.34")),
        pem::encode(pem::EC_PRIVATE_KEY, form("SEC 1")),
    ]
    .concat();
    let document = decode_key_document(text.as_bytes(), None).expect("the key names its curve itself");
    assert!(document.pkcs8() == material().key.pkcs8);
}

// Numbers that cannot be

#[test]
fn rsa_numbers_that_cannot_be_are_refused() {
    let own: Vec<Any> = Vec::from_der(form("PKCS #1")).expect("RSAPrivateKey");
    let contents: Vec<Vec<u8>> = own.iter().map(|number| number.value().to_vec()).collect();
    let write = |contents: &[Vec<u8>]| {
        sequence(
            &contents
                .iter()
                .map(|content| integer(content))
                .collect::<Vec<_>>(),
        )
    };
    assert!(decode_key_document(&write(&contents), None).is_ok(), "as it was");
    for at in 1..contents.len() {
        for content in [vec![0], vec![1], vec![2], vec![0xff], vec![0x7f; 1 << 16]] {
            let mut changed = contents.clone();
            changed[at] = content;
            match decode_key_document(&write(&changed), None) {
                Err(error) => assert!(!error.to_string().is_empty()),
                // Too large or small to sign with is still passed on as it is.
                Ok(document) => assert!(document.into_signing_key().is_err(), "number {at}"),
            }
        }
    }
    for fewer in 0..contents.len() {
        assert!(
            decode_key_document(&write(&contents[..fewer]), None).is_err(),
            "{fewer} numbers"
        );
    }
    let negative: Vec<Vec<u8>> = contents
        .iter()
        .map(|content| content.iter().copied().skip_while(|octet| *octet == 0).collect())
        .collect();
    assert!(
        decode_key_document(&write(&negative), None).is_err(),
        "negative numbers"
    );
}

#[test]
fn secret_numbers_outside_their_curve_are_refused() {
    let own: Vec<Any> = Vec::from_der(form("SEC 1")).expect("ECPrivateKey");
    let key = |secret: &[u8], public: &[u8]| {
        sequence(&[
            number(1),
            octet_string(secret),
            context(0, &oid("1.2.840.10045.3.1.7")),
            context(1, &tlv(3, public)),
        ])
    };
    let public: Vec<u8> = Vec::<u8>::from(&own[3].value()[2..]);
    assert!(
        decode_key_document(&key(own[1].value(), &public), None).is_ok(),
        "as it was"
    );
    for secret in [
        vec![0; 32],
        vec![0xff; 32],
        vec![],
        vec![1],
        vec![1; 33],
        vec![1; 1 << 16],
    ] {
        assert!(
            decode_key_document(&key(&secret, &public), None).is_err(),
            "{} octets",
            secret.len()
        );
    }
    let mut elsewhere = public.clone();
    elsewhere[40] ^= 1;
    let infinity = vec![0, 0];
    for wrong in [elsewhere, infinity, vec![0], public[..40].to_vec()] {
        assert!(
            decode_key_document(&key(own[1].value(), &wrong), None).is_err(),
            "a public key that is not its own"
        );
    }
}

// Whose key it is

/// A certificate for this key, as a server has it; and the same in one file with another key.
fn certificate_for(scene: &Scene, key: &str, out: &str) {
    let san = "subjectAltName=DNS:db1.example.com";
    let flags = [
        "-addext",
        san,
        "-addext",
        "basicConstraints=CA:FALSE",
        "-days",
        "90",
        "-out",
        out,
    ];
    scene.openssl(
        &[
            &[
                "req",
                "-new",
                "-x509",
                "-key",
                key,
                "-subj",
                "/CN=db1.example.com",
            ],
            &flags[..],
        ]
        .concat(),
    );
}

/// Python, whose `ssl` is OpenSSL, loads certificate and key together, or not.
fn is_loaded_by_openssl(scene: &Scene, certificate: &str, key: &str) -> bool {
    let script =
        "import ssl,sys; ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(sys.argv[1], sys.argv[2])";
    let call = tool("python3").args(&["-c", script, &scene.dir.path(certificate), &scene.dir.path(key)]);
    call.run().status == Some(0)
}

/// Everything that says whether a key is a certificate's says so exactly when OpenSSL loads both.
#[track_caller]
fn belongs(scene: &Scene, certificate: &str, key: &str, is_pair: bool) {
    assert_eq!(
        is_loaded_by_openssl(scene, certificate, key),
        is_pair,
        "{certificate}, {key}: OpenSSL"
    );
    let said = scene.gsec(&["cert", "match", key, certificate]).run();
    assert_eq!(said.status, Some(i32::from(!is_pair)), "{said}");
    scene.write("both.pem", scene.read(certificate) + &scene.read(key));
    scene.chmod("both.pem", 0o600);
    for args in [
        &[certificate, "--key", key][..],
        &["both.pem"],
        &[certificate, key],
    ] {
        let found = common::doctor::doctor(scene, args);
        let is_told = found.iter().any(|found| found.slug == "key-mismatch");
        assert_eq!(is_told, !is_pair, "{args:?}: {found:#?}");
    }
    let to_pfx = [
        "convert",
        "to-pfx",
        "--cert",
        certificate,
        "--key",
        key,
        "--out",
        "new.pfx",
        "--force",
    ];
    scene.write("secret.txt", "secret\n");
    let said = scene
        .gsec(&to_pfx)
        .args(&["--pfx-password-file", "secret.txt"])
        .run();
    assert_eq!(said.status, Some(if is_pair { 0 } else { 3 }), "{said}");
}

#[test]
fn a_key_belongs_to_a_certificate_exactly_if_openssl_loads_the_two_together() {
    let scene = Scene::empty();
    scene.openssl(&[
        "genpkey",
        "-algorithm",
        "RSA-PSS",
        "-pkeyopt",
        "rsa_keygen_bits:2048",
        "-out",
        "pss.pem",
    ]);
    // The same numbers under the other algorithm: what `openssl rsa` makes of it.
    let pss = scene
        .openssl(&["pkey", "-in", "pss.pem", "-outform", "DER"])
        .stdout_bytes;
    let parts: Vec<Any> = Vec::from_der(&pss).expect("PKCS #8");
    scene.write("rsa.pem", pem::encode("RSA PRIVATE KEY", parts[2].value()));
    scene.openssl(&[
        "ecparam",
        "-name",
        "prime256v1",
        "-genkey",
        "-noout",
        "-out",
        "ec.pem",
    ]);
    scene.openssl(&[
        "ec",
        "-in",
        "ec.pem",
        "-conv_form",
        "compressed",
        "-out",
        "compressed.pem",
    ]);
    scene.openssl(&[
        "ec",
        "-in",
        "ec.pem",
        "-param_enc",
        "explicit",
        "-out",
        "explicit.pem",
    ]);
    scene.openssl(&[
        "ecparam",
        "-name",
        "prime256v1",
        "-genkey",
        "-noout",
        "-out",
        "other.pem",
    ]);
    for key in ["pss", "rsa", "ec", "compressed", "explicit", "other"] {
        scene.chmod(&format!("{key}.pem"), 0o600);
        certificate_for(&scene, &format!("{key}.pem"), &format!("{key}_cert.pem"));
    }
    for (certificate, key, is_pair) in [
        ("pss", "pss", true),
        ("pss", "rsa", false),
        ("rsa", "pss", false),
        ("rsa", "rsa", true),
        ("compressed", "ec", true),
        ("ec", "compressed", true),
        ("ec", "other", false),
        ("compressed", "other", false),
    ] {
        belongs(
            &scene,
            &format!("{certificate}_cert.pem"),
            &format!("{key}.pem"),
            is_pair,
        );
    }
    // Python refuses curves by their numbers; OpenSSL takes them for the curve that they are.
    for (certificate, key) in [("explicit", "ec"), ("ec", "explicit")] {
        scene
            .gsec(&[
                "cert",
                "match",
                &format!("{certificate}_cert.pem"),
                &format!("{key}.pem"),
            ])
            .run()
            .ok();
    }
}

/// Programs take the one curve or the other.
#[test]
fn key_that_names_another_curve_inside_than_outside_is_no_key() {
    let own: Vec<Any> = Vec::from_der(form("SEC 1")).expect("ECPrivateKey");
    let inner = sequence(&[
        number(1),
        octet_string(own[1].value()),
        context(0, &oid("1.2.840.10045.3.1.7")),
        context(1, own[3].value()),
    ]);
    let key = |outer: &str| {
        sequence(&[
            number(0),
            algorithm(EC_PUBLIC_KEY, oid(outer)),
            octet_string(&inner),
        ])
    };
    assert!(decode_key_document(&key("1.2.840.10045.3.1.7"), None).is_ok());
    for outer in ["1.3.132.0.10", "1.3.132.0.34"] {
        is_refused("curve.der", &key(outer), "…it names two curves");
    }
}
