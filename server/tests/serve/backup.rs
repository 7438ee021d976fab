//! Backups: made while the server runs and while none does, read by `age` and `tar`, restored on an empty machine; and backups that somebody else wrote.

use std::io::{Cursor, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use gsec_server::backup::{Decryptor, Encryptor, Identity, Lock, Opener, Recipient};
use serde_json::Value;
use tar::{EntryType, Header};
use zeroize::Zeroizing;

use crate::site::{Done, Site, run};

/// A key of `age`, and where it is.
struct Key {
    path: String,
    public: String,
}

impl Key {
    fn new(folder: &Path, name: &str) -> Self {
        let path = folder.join(name).to_str().expect("a path").to_owned();
        let made = run(Command::new("age-keygen").args(["-o", &path])).ok();
        let public = made
            .stderr
            .trim()
            .strip_prefix("Public key: ")
            .expect("a key")
            .to_owned();
        Self { path, public }
    }

    fn opener(&self) -> Opener {
        let text = std::fs::read_to_string(&self.path).expect("a key");
        Opener::Identities(Identity::parse_all(&text).expect("a key"))
    }
}

fn json(done: Done) -> Value {
    let done = done.ok();
    serde_json::from_str(&done.stdout).unwrap_or_else(|error| panic!("{error}: {done}"))
}

fn issue(site: &Site, ca: &Path, host: &str) -> String {
    let issued = gsec_in(
        site,
        ca,
        &["cert", "issue", "--host", host, "--key-type", "p256", "--json"],
    );
    json(issued)["serial"].as_str().expect("a number").to_owned()
}

/// A command of gsec in some CA directory.
fn gsec_in(_site: &Site, ca: &Path, args: &[&str]) -> Done {
    run(Command::new(env!("CARGO_BIN_EXE_gsecd"))
        .args(args)
        .arg("--ca-dir")
        .arg(ca)
        .arg("--no-input"))
}

fn restore(site: &Site, file: &str, key: &Key, more: &[&str]) -> Done {
    let words = [
        &["serve", "restore", file, "--identity", &key.path, "--json"],
        more,
    ]
    .concat();
    gsec_in(site, &site.ca(), &words)
}

fn path(site: &Site, name: &str) -> String {
    site.folder().join(name).to_str().expect("a path").to_owned()
}

/// The names in a backup, and everything in it, as `age` and `tar` read it.
fn unpacked(file: &str, key: &Key) -> (String, Vec<u8>) {
    let whole = |words: &str| {
        let line = format!("age -d -i {} {file} | tar {words} -f -", key.path);
        let output = Command::new("sh")
            .args(["-c", &line])
            .stderr(Stdio::inherit())
            .output()
            .expect("sh");
        assert!(output.status.success());
        output.stdout
    };
    (
        String::from_utf8(whole("-t")).expect("names"),
        whole("-x --to-stdout"),
    )
}

fn contains(content: &[u8], text: &str) -> bool {
    content
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

/// What `age` makes of standard input.
fn age(arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let mut child = Command::new("age")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("`sh tests/serve.sh` installs age");
    let (mut stdin, input) = (child.stdin.take().expect("a pipe"), input.to_vec());
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("ended");
    writer.join().expect("no panic");
    output.status.success().then_some(output.stdout)
}

#[test]
fn age_reads_what_is_encrypted_here_and_the_other_way_round() {
    let folder = tempfile::tempdir().expect("a folder");
    let [key, other] = ["key", "other"].map(|name| Key::new(folder.path(), name));
    let recipients = [&other, &key].map(|key| Recipient::parse(&key.public).expect("a key"));
    let (lock, opener) = (Lock::Recipients(recipients.to_vec()), key.opener());
    for size in [0, 1, 1000, 65_535, 65_536, 65_537, 131_072, 200_000] {
        let content: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
        let mut random = |out: &mut [u8]| out.fill(size as u8);
        let mut encryptor = Encryptor::begin(Vec::new(), &lock, &mut random).expect("begun");
        encryptor.write_all(&content).expect("written");
        let file = encryptor.finish().expect("ended");
        assert_eq!(
            age(&["-d", "-i", &key.path], &file).as_deref(),
            Some(content.as_slice()),
            "{size}"
        );
        let theirs = age(&["-r", &other.public, "-r", &key.public], &content).expect("encrypted");
        let mut decryptor = Decryptor::open(Cursor::new(theirs), &opener).expect("opened");
        let mut read = Vec::new();
        decryptor.read_to_end(&mut read).expect("read");
        assert!(read == content, "{size}");
    }
}

#[test]
fn backup_of_a_server_that_runs_is_restored_and_goes_on_with_numbers_of_its_own() {
    let mut site = Site::without_dns();
    let key = Key::new(site.folder(), "backup.key");
    let before = issue(&site, &site.ca(), "a.ca.test");
    site.gsec(&["serve", "grant", "add", "--name", "kept.test"]).ok();
    let file = path(&site, "with.age");
    let backup = [
        "serve",
        "backup",
        "--out",
        &file,
        "--with-keys",
        "--recipient",
        &key.public,
        "--json",
    ];
    let made = json(site.gsec(&backup));
    assert_eq!(
        (&made["has_keys"], &made["has_state"]),
        (&Value::from(true), &Value::from(true))
    );
    assert_eq!(made["not_included"], Value::Array(Vec::new()));
    assert_eq!(
        std::fs::metadata(&file).expect("it").permissions().mode() & 0o777,
        0o600
    );
    let (names, _) = unpacked(&file, &key);
    for name in [
        "backup.json",
        "ca/ca_conf/ca_priv_key.pem",
        "ca/ca_conf/server.db",
        "ca/ca_conf/audit.log",
        "counts.json",
    ] {
        assert!(names.lines().any(|line| line == name), "{name}: {names}");
    }
    assert!(!names.contains("sock") && !names.contains(".lock"), "{names}");
    let again = site.gsec(&backup).fails();
    assert!(again.stderr.contains("with.age"), "{again}");
    // What comes after it is not in it, and its numbers are not given out again.
    let after = issue(&site, &site.ca(), "after.ca.test");
    let verified = json(restore(&site, &file, &key, &["--verify"]));
    assert_eq!(verified["ca_key"], "matches");
    assert_eq!(verified["problems"], Value::Array(Vec::new()));
    assert_eq!(verified["counts"], made["counts"]);
    assert_eq!(site.stop(), Some(0), "{}", site.server_log());
    let mut numbers = vec![before, after];
    for name in ["one", "two"] {
        let new = site.folder().join(name);
        let restored = json(restore(
            &site,
            &file,
            &key,
            &["--dir", new.to_str().expect("a path")],
        ));
        assert_eq!(restored["counts"], made["counts"]);
        let log = gsec_in(&site, &new, &["ca", "log", "--verify"]).ok();
        assert!(!log.stdout.is_empty());
        for (part, mode) in [
            ("ca_conf/ca_priv_key.pem", 0o400),
            ("ca_conf/server.db", 0o600),
            ("ca_conf/ca_cert.pem", 0o644),
            ("ca_conf", 0o700),
        ] {
            let found = std::fs::metadata(new.join(part))
                .expect(part)
                .permissions()
                .mode();
            assert_eq!(found & 0o777, mode, "{part}");
        }
        let granted = json(gsec_in(&site, &new, &["serve", "grant", "list", "--json"]));
        assert!(granted.to_string().contains("kept.test"), "{granted}");
        numbers.push(issue(&site, &new, "b.ca.test"));
        gsec_in(&site, &new, &["cert", "revoke", "a.ca.test", "--yes"]).ok();
        let doctor = gsec_in(
            &site,
            &new,
            &["doctor", new.to_str().expect("a path"), "--fail-on", "error"],
        );
        assert_eq!(doctor.status, Some(0), "{doctor}");
        // A second later the next one begins elsewhere.
        std::thread::sleep(std::time::Duration::from_secs(1));
    }
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), 4, "no number twice: {numbers:?}");
    let taken = restore(&site, &file, &key, &["--dir", &path(&site, "one")]).fails();
    assert!(taken.stderr.contains("nothing is replaced"), "{taken}");
    // The restored directory is served: signer's journal, state and log fit.
    let ca = site.ca();
    std::fs::rename(&ca, site.folder().join("lost")).expect("renamed");
    std::fs::rename(site.folder().join("two"), &ca).expect("renamed");
    site.start();
    site.fetched_crl();
    site.gsec(&["serve", "status"]).ok();
    site.is_in_order();
}

#[test]
fn backup_while_others_issue_and_revoke_is_of_one_moment() {
    let site = Site::without_dns();
    let key = Key::new(site.folder(), "backup.key");
    let hosts: String = (0..600).map(|number| format!("h{number}.ca.test\n")).collect();
    let list = path(&site, "hosts.txt");
    std::fs::write(&list, hosts).expect("written");
    std::thread::scope(|scope| {
        let issuing = scope.spawn(|| {
            site.gsec(&["cert", "issue", "--from", &list, "--key-type", "p256"])
                .ok();
            site.gsec(&["cert", "revoke", "h1.ca.test", "--yes"]);
        });
        let mut count = 0;
        while count < 3 || !issuing.is_finished() {
            let file = path(&site, &format!("{count}.age"));
            site.gsec(&[
                "serve",
                "backup",
                "--out",
                &file,
                "--with-keys",
                "--recipient",
                &key.public,
            ])
            .ok();
            let new = path(&site, &format!("new{count}"));
            let restored = json(restore(&site, &file, &key, &["--dir", &new]));
            let counts = &restored["counts"];
            // The CA's records, all with their certificates: a record without one would be the server's own that is being made.
            assert_eq!(counts["records"], counts["certificates"], "{restored}");
            let doctor = gsec_in(&site, Path::new(&new), &["doctor", &new]);
            for fault in [
                "record-without-file",
                "certificate-without-record",
                "record-lost",
                "audit-chain-broken",
            ] {
                assert!(!doctor.stdout.contains(fault), "{fault}: {doctor}");
            }
            count += 1;
        }
    });
    let left = std::fs::read_dir(site.ca().join("ca_conf")).expect("ca_conf");
    let left = left.filter(|entry| {
        entry
            .as_ref()
            .is_ok_and(|entry| entry.file_name().to_string_lossy().ends_with(".copy"))
    });
    assert_eq!(left.count(), 0, "copies");
}

#[test]
fn backup_without_keys_has_none_and_says_so_first_and_last() {
    let mut site = Site::without_dns();
    issue(&site, &site.ca(), "a.ca.test");
    assert_eq!(site.stop(), Some(0), "{}", site.server_log());
    let (secret, file) = (path(&site, "passphrase"), path(&site, "without.age"));
    std::fs::write(&secret, "correct horse\n").expect("written");
    std::fs::write(site.ca().join("ca_conf/watch.db"), "alarms").expect("written");
    std::os::unix::fs::symlink("/etc/hosts", site.ca().join("ca_conf/link.txt")).expect("a link");
    let made = site
        .gsec(&["serve", "backup", "--out", &file, "--passphrase-file", &secret])
        .ok();
    let lines: Vec<&str> = made.stdout.lines().collect();
    assert!(lines[0].contains("without private keys"), "{made}");
    assert!(
        made.stdout.trim_end().contains("\n\nNo private key is in it"),
        "{made}"
    );
    for skipped in ["watch.db, found again", "link.txt"] {
        assert!(made.stdout.contains(skipped), "{made}");
    }
    let opener = Opener::Passphrase(Zeroizing::new("correct horse".into()));
    let content = std::fs::read(&file).expect("the file");
    let mut decryptor = Decryptor::open(Cursor::new(content), &opener).expect("opened");
    let mut archive = Vec::new();
    decryptor.read_to_end(&mut archive).expect("read");
    assert!(!contains(&archive, "PRIVATE KEY"), "a key");
    assert!(!contains(&archive, ".pfx") && contains(&archive, "ca/ca_conf/audit.log"));
    assert!(contains(&archive, "ca/ca_conf/server.db") && contains(&archive, "SQLite format 3"));
    assert!(!contains(&archive, "watch.db") && !contains(&archive, "link.txt"));
    let new = path(&site, "new");
    let words = [
        "serve",
        "restore",
        &file,
        "--passphrase-file",
        &secret,
        "--dir",
        &new,
    ];
    let restored = site.gsec(&words).ok();
    assert!(
        restored
            .stdout
            .lines()
            .next()
            .is_some_and(|line| line.contains("without private keys")),
        "{restored}"
    );
    assert!(
        restored.stdout.contains("\nNo private key is in it"),
        "{restored}"
    );
    let new = Path::new(&new);
    gsec_in(&site, new, &["ca", "log", "--verify"]).ok();
    gsec_in(&site, new, &["cert", "issue", "--host", "b.ca.test"]).fails();
    std::fs::copy(
        site.ca().join("ca_conf/ca_priv_key.pem"),
        new.join("ca_conf/ca_priv_key.pem"),
    )
    .expect("put back");
    issue(&site, new, "b.ca.test");
    let wrong = path(&site, "wrong");
    std::fs::write(&wrong, "wrong horse").expect("written");
    let refused = site
        .gsec(&["serve", "restore", &file, "--passphrase-file", &wrong, "--verify"])
        .fails();
    assert!(refused.stderr.contains("passphrase is wrong"), "{refused}");
}

/// Entries of an archive: name as it is written, kind, link, content.
type Entries = Vec<(Vec<u8>, EntryType, &'static str, Vec<u8>)>;

/// A file as somebody writes it who knows the public key alone.
fn forged(key: &Key, entries: &Entries) -> Vec<u8> {
    let mut seed = 0_u8;
    let mut random = |out: &mut [u8]| {
        for byte in out {
            seed = seed.wrapping_mul(37).wrapping_add(11);
            *byte = seed;
        }
    };
    let recipient = Recipient::parse(&key.public).expect("a key");
    let lock = Lock::Recipients(vec![recipient]);
    let encryptor = Encryptor::begin(Vec::new(), &lock, &mut random).expect("begun");
    let mut archive = tar::Builder::new(encryptor);
    for (name, kind, link, content) in entries {
        let mut header = Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o6777);
        header.set_entry_type(*kind);
        let fields = header.as_gnu_mut().expect("of this kind");
        fields.name[..name.len()].copy_from_slice(name);
        fields.linkname[..link.len()].copy_from_slice(link.as_bytes());
        header.set_cksum();
        archive.append(&header, content.as_slice()).expect("written");
    }
    archive.into_inner().expect("ended").finish().expect("ended")
}

/// What is in a backup.
fn entries(file: &str, key: &Key) -> Entries {
    let content = std::fs::read(file).expect("the file");
    let decryptor = Decryptor::open(Cursor::new(content), &key.opener()).expect("opened");
    let mut archive = tar::Archive::new(decryptor);
    let all = archive.entries().expect("entries").map(|entry| {
        let mut entry = entry.expect("an entry");
        let (name, mut content) = (entry.path_bytes().into_owned(), Vec::new());
        entry.read_to_end(&mut content).expect("its content");
        (name, EntryType::Regular, "", content)
    });
    all.collect()
}

#[test]
fn backup_that_somebody_else_wrote_leads_nowhere_and_leaves_nothing() {
    let mut site = Site::without_dns();
    issue(&site, &site.ca(), "a.ca.test");
    assert_eq!(site.stop(), Some(0), "{}", site.server_log());
    let (key, file, bad) = (
        Key::new(site.folder(), "backup.key"),
        path(&site, "a.age"),
        path(&site, "bad.age"),
    );
    site.gsec(&[
        "serve",
        "backup",
        "--out",
        &file,
        "--with-keys",
        "--recipient",
        &key.public,
    ])
    .ok();
    let sound = entries(&file, &key);
    let outside = site.folder().join("outside");
    std::fs::create_dir(&outside).expect("a folder");
    let new: PathBuf = outside.join("new");
    let last = sound.len() - 1;
    // With counts that fit, so that nothing but the entry is wrong.
    let inserted = |name: &[u8], kind, link| {
        let mut all = sound.clone();
        let mut counts: Value = serde_json::from_slice(&all[last].3).expect("counts");
        for (what, more) in [("files", 1), ("bytes", 7)] {
            counts[what] = (counts[what].as_u64().expect("a number") + more).into();
        }
        all[last].3 = counts.to_string().into_bytes();
        all.insert(last, (name.to_vec(), kind, link, b"content".to_vec()));
        all
    };
    let uncounted = {
        let mut all = sound.clone();
        all.insert(
            last,
            (b"ca/ca_conf/x".to_vec(), EntryType::Regular, "", Vec::new()),
        );
        all
    };
    let changed = |name: &str, change: &dyn Fn(Vec<u8>) -> Vec<u8>| {
        let mut all = sound.clone();
        let found = all
            .iter_mut()
            .find(|entry| entry.0 == name.as_bytes())
            .expect(name);
        found.3 = change(std::mem::take(&mut found.3));
        all
    };
    let text = |change: &dyn Fn(String) -> String, content: Vec<u8>| {
        change(String::from_utf8(content).expect("text")).into_bytes()
    };
    let without = |index: usize| {
        let mut all = sound.clone();
        all.remove(index);
        all
    };
    let mut swapped = sound.clone();
    swapped.swap(0, 1);
    let other_key = run(Command::new("openssl").args([
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
    ]))
    .ok();
    let rows: Vec<(&str, Entries)> = vec![
        ("above", inserted(b"ca/../../x", EntryType::Regular, "")),
        (
            "above in ca_conf",
            inserted(b"ca/ca_conf/../../../x", EntryType::Regular, ""),
        ),
        (
            "absolute",
            inserted(b"/tmp/gsec-was-here", EntryType::Regular, ""),
        ),
        ("a link", inserted(b"ca/ca_conf/x", EntryType::Symlink, "/etc")),
        (
            "a hard link",
            inserted(b"ca/ca_conf/x", EntryType::Link, "/etc/passwd"),
        ),
        ("a device", inserted(b"ca/ca_conf/x", EntryType::Char, "")),
        ("a pipe", inserted(b"ca/ca_conf/x", EntryType::Fifo, "")),
        ("a directory", inserted(b"ca/ca_conf/x", EntryType::Directory, "")),
        (
            "a change of key that nobody began",
            inserted(b"ca/ca_conf/.rekey/ca_cert.pem", EntryType::Regular, ""),
        ),
        ("twice", inserted(b"ca/ca_conf/ca.db", EntryType::Regular, "")),
        ("one more", uncounted),
        ("one fewer", without(last - 1)),
        ("without a cover", without(0)),
        ("without counts", without(last)),
        ("the cover second", swapped),
        (
            "another form",
            changed("backup.json", &|it| {
                text(&|it| it.replace("backup/1", "backup/9"), it)
            }),
        ),
        (
            "another CA",
            changed("backup.json", &|it| {
                text(&|it| it.replace("\"sha256\":\"", "\"sha256\":\"00"), it)
            }),
        ),
        (
            "a key in secret",
            changed("backup.json", &|it| {
                text(&|it| it.replace("\"has_keys\":true", "\"has_keys\":false"), it)
            }),
        ),
        (
            "another key",
            changed("ca/ca_conf/ca_priv_key.pem", &|_| {
                other_key.stdout.clone().into_bytes()
            }),
        ),
        (
            "a changed log",
            changed("ca/ca_conf/audit.log", &|it| {
                text(&|it| it.replacen("a.ca.test", "b.ca.test", 1), it)
            }),
        ),
        (
            "a log that was cut",
            changed("ca/ca_conf/audit.log", &|it| it[..it.len() / 2].to_vec()),
        ),
    ];
    for (what, entries) in &rows {
        std::fs::write(&bad, forged(&key, entries)).expect("written");
        let refused = restore(&site, &bad, &key, &["--dir", new.to_str().expect("a path")]);
        assert_eq!(refused.status, Some(3), "{what}: {refused}");
        let left = std::fs::read_dir(&outside).expect("the folder").count();
        assert_eq!(left, 0, "{what} leaves something");
        let verified = restore(&site, &bad, &key, &["--verify"]);
        assert!(matches!(verified.status, Some(1 | 3)), "{what}: {verified}");
    }
    assert!(!Path::new("/tmp/gsec-was-here").exists() && !site.folder().join("x").exists());
    std::fs::write(&bad, forged(&key, &sound)).expect("written");
    restore(&site, &bad, &key, &["--dir", new.to_str().expect("a path")]).ok();
    // Nobody gets a file that others may change, or with a right that it had elsewhere.
    for entry in std::fs::read_dir(new.join("ca_conf")).expect("ca_conf") {
        let entry = entry.expect("an entry");
        let mode = entry.metadata().expect("it").permissions().mode() & 0o7777;
        assert!(
            [0o600, 0o644, 0o700, 0o400].contains(&mode),
            "{:?}: {mode:o}",
            entry.path()
        );
    }
    // Cut anywhere, it is no backup.
    let whole = std::fs::read(&file).expect("the file");
    for length in [0, 100, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&bad, &whole[..length]).expect("written");
        restore(&site, &bad, &key, &["--verify"]).fails();
    }
    let other = Key::new(site.folder(), "other.key");
    let refused = restore(&site, &file, &other, &["--verify"]).fails();
    assert!(refused.stderr.contains("another key"), "{refused}");
}
