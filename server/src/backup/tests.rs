//! Files in the age format, which `age` judges in tests/serve; and names that lead elsewhere.

use std::io::{Cursor, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{bech32, *};

fn random() -> impl FnMut(&mut [u8]) {
    let mut state = 1_u64;
    move |out| {
        for byte in out {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            *byte = state.to_be_bytes()[0];
        }
    }
}

/// A key pair, and the file that has it.
fn keygen(seed: u8) -> (Recipient, Vec<Identity>, String) {
    let secret = bech32::encode("age-secret-key-", &[seed; 32]).to_uppercase();
    let text = format!("# a comment\n{secret}\n");
    let identities = Identity::parse_all(&text).expect("keys");
    (identities[0].recipient(), identities, text)
}

fn encrypted(lock: &Lock, content: &[u8]) -> Vec<u8> {
    let mut encryptor = Encryptor::begin(Vec::new(), lock, &mut random()).expect("begun");
    // In pieces that fit no chunk.
    for piece in content.chunks(1000) {
        encryptor.write_all(piece).expect("written");
    }
    encryptor.finish().expect("ended")
}

fn decrypted(file: &[u8], opener: &Opener) -> Result<Vec<u8>, String> {
    let mut decryptor = Decryptor::open(Cursor::new(file), opener).map_err(|error| error.to_string())?;
    let mut content = Vec::new();
    decryptor
        .read_to_end(&mut content)
        .map_err(|error| error.to_string())?;
    Ok(content)
}

fn sizes() -> Vec<usize> {
    const CHUNK: usize = 64 * 1024;
    vec![0, 1, 1000, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17]
}

#[test]
fn what_is_written_is_read_whatever_its_length() {
    let ((recipient, identities, _), (other, _, _)) = (keygen(1), keygen(2));
    let lock = Lock::Recipients(vec![other, recipient]);
    let opener = Opener::Identities(identities);
    for size in sizes() {
        let content: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
        let file = encrypted(&lock, &content);
        assert_eq!(
            decrypted(&file, &opener).as_deref(),
            Ok(content.as_slice()),
            "{size}"
        );
    }
}

#[test]
fn file_that_was_changed_or_cut_anywhere_does_not_open() {
    let (recipient, identities, _) = keygen(1);
    let opener = Opener::Identities(identities);
    let content = vec![7; 70_000];
    let file = encrypted(&Lock::Recipients(vec![recipient]), &content);
    assert_eq!(decrypted(&file, &opener).as_deref(), Ok(content.as_slice()));
    let header = file.len() - 70_000 - 2 * 16 - 16;
    let places = (0..header + 40).chain((header + 40..file.len()).step_by(997));
    for at in places.chain([file.len() - 1]) {
        let mut changed = file.clone();
        changed[at] ^= 1;
        assert!(decrypted(&changed, &opener).is_err(), "{at}");
        assert!(decrypted(&file[..at], &opener).is_err(), "cut at {at}");
    }
    assert!(
        decrypted(&[file.as_slice(), b"x"].concat(), &opener).is_err(),
        "something behind it"
    );
    // The first chunk alone, as if it were all: an end that was cut off between two chunks.
    assert!(decrypted(&file[..header + 16 + 65_536 + 16], &opener).is_err());
    let mut decryptor = Decryptor::open(Cursor::new(&file[..file.len() - 1]), &opener).expect("the header");
    let mut read = Vec::new();
    assert_eq!(
        decryptor.read_to_end(&mut read).map_err(|error| error.kind()),
        Err(ErrorKind::InvalidData)
    );
    assert!(decryptor.read(&mut [0; 8]).is_err(), "its end is never said");
}

#[test]
fn other_keys_and_wrong_passphrases_open_nothing() {
    let (recipient, identities, _) = keygen(1);
    let (_, others, _) = keygen(2);
    let of_key = encrypted(&Lock::Recipients(vec![recipient]), b"content");
    let passphrase = |text: &str| Opener::Passphrase(Zeroizing::new(text.to_owned()));
    let under = encrypted(&Lock::Passphrase(Zeroizing::new("right".into())), b"content");
    assert_eq!(
        decrypted(&under, &passphrase("right")).as_deref(),
        Ok(&b"content"[..])
    );
    for (file, opener, why) in [
        (&of_key, Opener::Identities(others), "another key"),
        (&of_key, passphrase("right"), "not under a passphrase"),
        (&under, passphrase("wrong"), "passphrase is wrong"),
        (&under, Opener::Identities(identities), "under a passphrase"),
    ] {
        let error = decrypted(file, &opener).expect_err(why);
        assert!(error.contains(why), "{error}");
    }
    // A cost that would take all memory is not paid.
    let text = String::from_utf8_lossy(&under[..100]).into_owned();
    let at = text.find(" 18\n").expect("the cost");
    for cost in ["21", "63", "64", "00", "-1", "4294967296"] {
        let dear = [&under[..at], format!(" {cost}\n").as_bytes(), &under[at + 4..]].concat();
        assert!(decrypted(&dear, &passphrase("right")).is_err(), "{cost}");
    }
    for file in [
        &b""[..],
        b"age",
        b"age-encryption.org/v2\n",
        b"age-encryption.org/v1\n-> X25519\n",
        &[b'\n'; 100_000],
    ] {
        assert!(decrypted(file, &passphrase("right")).is_err());
    }
}

#[test]
fn keys_that_are_none() {
    let (recipient, _, text) = keygen(1);
    let secret = text.lines().find(|line| line.starts_with("AGE")).expect("a key");
    assert!(Recipient::parse(secret).is_none());
    assert!(Recipient::parse(&recipient.to_string().replace("age1", "age1q")).is_none());
    assert!(Identity::parse_all(&recipient.to_string()).is_none());
    assert!(Identity::parse_all("# nothing\n").is_none());
    assert!(Identity::parse_all(&format!("{secret}\nrubbish\n")).is_none());
}

#[test]
fn names_that_lead_elsewhere_are_no_places() {
    for name in [
        "ca_conf/ca.db",
        "/ca/ca_conf/ca.db",
        "ca//ca_conf/ca.db",
        "ca/../etc/passwd",
        "ca/ca_conf/../../x",
        "ca/ca_conf/..",
        "ca/ca_conf/",
        "ca/ca_conf",
        "ca/repository",
        "ca/repository/a/b",
        "ca/ca_conf/a/b/c/d",
        "ca/ca_conf/.rekey/ca_cert.pem",
        "ca/ca_conf/.lock",
        "ca/ca_conf/a\0b",
        "ca/ca_conf/a\nb",
        "ca/ca_conf/a\\b",
        "ca/x",
        "",
        "x",
        "backup.json/x",
    ] {
        assert_eq!(EntryPath::parse(name.as_bytes()), None, "{name:?}");
    }
    assert_eq!(EntryPath::parse(b"ca/ca_conf/\xff"), None);
    let long = format!("ca/repository/{}", "a".repeat(256));
    assert_eq!(EntryPath::parse(long.as_bytes()), None);
    for name in [
        "ca_conf/ca.db",
        "repository/01.pem",
        "ca_conf/previous/0a/ca_cert.pem",
        "ca_conf/.gsec.toml.last",
    ] {
        let path = EntryPath::of_file(Path::new(name)).expect(name);
        assert_eq!(path, EntryPath::File(PathBuf::from(name)));
        assert_eq!(
            EntryPath::parse(path.name().to_str().expect("text").as_bytes()),
            Some(path)
        );
    }
}

#[test]
fn what_has_a_key_is_known_by_name_and_by_content() {
    let pem = b"-----BEGIN EC PRIVATE KEY-----\n";
    for (name, content, is_key) in [
        (
            "ca_conf/ca_cert.pem",
            &b"-----BEGIN CERTIFICATE-----\n"[..],
            false,
        ),
        ("ca_conf/server.pem", pem, true),
        ("ca_conf/notes.txt", pem, true),
        ("ca_conf/ca_priv_key.pem", b"", true),
        ("repository/01_a_priv_key.pem", b"", true),
        ("repository/01_a_cert.pfx", b"", true),
        ("ca_conf/x", &[0x30, 0x06, 2, 1, 0, 4, 1, 0], true),
        ("ca_conf/x.jks", &[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2], true),
        ("ca_conf/server.db", b"SQLite format 3\0", false),
        ("ca_conf/serve.toml", b"names = [\"ca.test\"]\n", false),
        ("ca_conf/audit.log", b"{\"seq\":1}\n", false),
        ("ca_conf/serial.num", b"01\n", false),
    ] {
        assert_eq!(is_key_material(Path::new(name), content), is_key, "{name}");
    }
    for (name, mode, has_key, expected) in [
        ("ca_conf/ca_cert.pem", 0o644, false, 0o644),
        ("ca_conf/ca_cert.pem", 0o6777, false, 0o644),
        ("ca_conf/ca_priv_key.pem", 0o400, true, 0o400),
        ("ca_conf/server.pem", 0o644, true, 0o600),
        ("ca_conf/server.db", 0o644, false, 0o600),
        ("ca_conf/x", 0, false, 0o400),
    ] {
        assert_eq!(mode_of(Path::new(name), mode, has_key), expected, "{name}");
    }
}
