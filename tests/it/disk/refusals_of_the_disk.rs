//! What the disk refuses or has spoilt: files that cannot be read, folders that cannot be written, damage, links, and modes that are too open.
//! Each case reads the message, and after a refusal the directory is as it was, to the inode.

use crate::ca_check;
use crate::ca_check::{assert_clean, assert_consistent, openssl_status};
use crate::common::at::{gsec, gsec_as_nobody, issue, issue_args, issue_serial, make_ca};

use crate::common::machine::{Disk, chmod, copy_tree, give_to_nobody, in_private_mounts, is_root, temp_dir};
use crate::common::snapshot::{Snapshot, assert_unchanged, differences, snapshot};
use crate::common::{Outcome, machine, program, run, snapshot};

use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::PathBuf;
use std::process::Command;

/// A CA that has issued serial 01, in a folder of its own; everything belongs to the user whom the modes bind.
struct Site {
    place: tempfile::TempDir,
    ca: PathBuf,
}

impl Site {
    fn new() -> Self {
        let place = temp_dir();
        let ca = place.path().join("ca");
        make_ca(&ca);
        issue(&ca, "first.example.com").succeeded("the first issue");
        give_to_nobody(place.path());
        Self { place, ca }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.ca.join(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|problem| panic!("{name}: {problem}"))
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    /// Issues as the user who owns all this, whom the modes bind.
    fn issue(&self) -> Outcome {
        run(&mut gsec_as_nobody(&self.ca, issue_args("second.example.com")))
    }

    /// The issue is refused with a message that holds `words`, and nothing has changed.
    #[track_caller]
    fn refuses(&self, situation: &str, words: &[&str]) -> Outcome {
        let before = snapshot(&self.ca);
        let outcome = self.issue().refused(situation, words);
        assert_unchanged(&before, &self.ca, situation);
        outcome
    }

    /// The issue works, gives out a serial never seen before, and says `words` (a warning).
    #[track_caller]
    fn issues(&self, situation: &str, words: &[&str]) -> Outcome {
        let outcome = self.issue().succeeded(situation);
        for word in words {
            assert!(
                outcome.stderr.contains(word),
                "{situation}: no warning mentions `{word}`: {outcome:#?}"
            );
        }
        outcome
    }

    #[track_caller]
    fn reads(&self, situation: &str) {
        for command in [["ca", "show"], ["cert", "list"]] {
            run(&mut gsec_as_nobody(&self.ca, command))
                .succeeded(&format!("{situation}: gsec {}", command.join(" ")));
        }
    }

    #[track_caller]
    fn works_again(&self, situation: &str) {
        self.issue().succeeded(&format!("after {situation}"));
        assert_clean(&self.ca, &format!("after {situation}"));
    }
}

fn has(snapshot: &Snapshot, name: &str) -> bool {
    snapshot.contains_key(name)
}

// ---------------------------------------------------------------------------------------------------------------- may not

#[test]
fn read_only_directory() {
    let site = Site::new();
    for name in ["ca_conf", "repository", ""] {
        chmod(&site.path(name), 0o500);
    }
    site.refuses(
        "a directory with mode 0500",
        &[site.ca.to_str().unwrap(), "ermission denied"],
    );
    site.reads("a directory with mode 0500");
    for name in ["", "ca_conf", "repository"] {
        chmod(&site.path(name), 0o700);
    }
    site.works_again("a read-only directory");
}

#[test]
fn read_only_file_system() {
    in_private_mounts(concat!(module_path!(), "::read_only_file_system"), || {
        let place = Disk::new("size=4m");
        let ca = place.path().join("ca");
        make_ca(&ca);
        issue(&ca, "first.example.com").succeeded("the first issue");
        let before = snapshot(&ca);
        place.remount("ro");
        issue(&ca, "second.example.com").refused(
            "a file system mounted read-only",
            &[ca.to_str().unwrap(), "ead-only file system"],
        );
        assert_unchanged(&before, &ca, "a file system mounted read-only");
        for command in [["ca", "show"], ["cert", "list"]] {
            run(&mut gsec(&ca, command)).succeeded("reading from a file system mounted read-only");
        }
        let elsewhere = place.path().join("new");
        run(&mut gsec(
            &elsewhere,
            ["ca", "init", "--cn", "X", "--key-type", "p256"],
        ))
        .refused(
            "init there",
            &[elsewhere.to_str().unwrap(), "ead-only file system"],
        );
        place.remount("rw");
        issue(&ca, "second.example.com").succeeded("after the remount");
        assert_clean(&ca, "after the remount");
    });
}

#[test]
fn index_unreadable() {
    let site = Site::new();
    chmod(&site.path("ca_conf/ca.db"), 0o000);
    site.refuses("ca.db with mode 0000", &["ca.db", "ermission denied"]);
    run(&mut gsec_as_nobody(&site.ca, ["cert", "list"]))
        .refused("cert list, ca.db with mode 0000", &["ca.db", "ermission denied"]);
    chmod(&site.path("ca_conf/ca.db"), 0o600);
    site.works_again("an unreadable ca.db");
}

#[test]
fn index_missing() {
    let site = Site::new();
    fs::rename(site.path("ca_conf/ca.db"), site.place.path().join("kept")).unwrap();
    // An empty index instead would deny every certificate issued so far.
    site.refuses("no ca.db", &["ca.db"]);
    fs::rename(site.place.path().join("kept"), site.path("ca_conf/ca.db")).unwrap();
    site.works_again("a missing ca.db");
}

#[test]
fn index_not_writable() {
    let site = Site::new();
    chmod(&site.path("ca_conf/ca.db"), 0o400);
    site.refuses("ca.db with mode 0400", &["ca.db", "ermission denied"]);
    chmod(&site.path("ca_conf/ca.db"), 0o600);
    site.works_again("a ca.db that could not be written");
}

#[test]
fn ca_conf_not_writable() {
    let site = Site::new();
    chmod(&site.path("ca_conf"), 0o500);
    site.refuses("ca_conf with mode 0500", &["ca_conf", "ermission denied"]);
    chmod(&site.path("ca_conf"), 0o700);
    site.works_again("an unwritable ca_conf");
}

#[test]
fn ca_conf_not_searchable() {
    let site = Site::new();
    chmod(&site.path("ca_conf"), 0o000);
    let outcome = site
        .issue()
        .refused("ca_conf with mode 0000", &["ca_conf", "ermission denied"]);
    // It is there: saying that there is no CA here would send people to `ca init`.
    assert!(!outcome.stderr.contains("ca init"), "{outcome:#?}");
    chmod(&site.path("ca_conf"), 0o700);
    site.works_again("a closed ca_conf");
}

#[test]
fn repository_not_writable() {
    let site = Site::new();
    chmod(&site.path("repository"), 0o500);
    // Found out before a serial is used for a certificate that cannot be written.
    site.refuses("repository with mode 0500", &["repository", "ermission denied"]);
    chmod(&site.path("repository"), 0o700);
    site.works_again("an unwritable repository");
}

#[test]
fn repository_missing() {
    let site = Site::new();
    fs::rename(site.path("repository"), site.path("elsewhere")).unwrap();
    site.refuses("no repository", &["repository"]);
    fs::rename(site.path("elsewhere"), site.path("repository")).unwrap();
    site.works_again("a missing repository");
}

#[test]
fn repository_is_a_file() {
    let site = Site::new();
    fs::rename(site.path("repository"), site.path("elsewhere")).unwrap();
    site.write("repository", "not a folder\n");
    site.refuses("a file called repository", &["repository"]);
}

#[test]
fn ca_key_unreadable() {
    let site = Site::new();
    chmod(&site.path("ca_conf/ca_priv_key.pem"), 0o000);
    site.refuses(
        "ca_priv_key.pem with mode 0000",
        &["ca_priv_key.pem", "ermission denied"],
    );
    chmod(&site.path("ca_conf/ca_priv_key.pem"), 0o400);
    site.works_again("an unreadable CA key");
}

#[test]
fn ca_key_missing() {
    let site = Site::new();
    fs::remove_file(site.path("ca_conf/ca_priv_key.pem")).unwrap();
    site.refuses("no ca_priv_key.pem", &["ca_priv_key.pem"]);
    site.reads("no ca_priv_key.pem");
}

#[test]
fn lock_file_of_somebody_else() {
    let site = Site::new();
    chmod(&site.path("ca_conf/.lock"), 0o000);
    site.refuses(".lock with mode 0000", &[".lock", "ermission denied"]);
}

#[test]
fn out_dir_that_cannot_be_written() {
    let site = Site::new();
    let closed = site.place.path().join("closed");
    fs::create_dir(&closed).unwrap();
    give_to_nobody(&closed);
    chmod(&closed, 0o500);
    let before = snapshot(&site.ca);
    let arguments = [
        issue_args("second.example.com"),
        vec!["--out-dir".into(), closed.to_str().unwrap().into()],
    ]
    .concat();
    run(&mut gsec_as_nobody(&site.ca, arguments)).refused(
        "an --out-dir with mode 0500",
        &[closed.to_str().unwrap(), "ermission denied"],
    );
    // It costs no serial: what cannot be delivered is not issued.
    assert_unchanged(&before, &site.ca, "an --out-dir with mode 0500");
}

#[test]
fn init_where_nothing_may_be_made() {
    let site = Site::new();
    chmod(site.place.path(), 0o500);
    let new = site.place.path().join("new");
    run(&mut gsec_as_nobody(
        &new,
        ["ca", "init", "--cn", "X", "--key-type", "p256"],
    ))
    .refused(
        "init in a folder with mode 0500",
        &[new.to_str().unwrap(), "ermission denied"],
    );
    assert!(!new.exists());
    chmod(site.place.path(), 0o700);
}

// ---------------------------------------------------------------------------------------------------------------- spoilt: the serial

#[test]
fn serial_number_behind_the_index() {
    let site = Site::new();
    site.issue().succeeded("serial 02");
    site.write("ca_conf/serial.num", "01\n"); // a backup of that one file was restored
    site.issues("serial.num behind ca.db", &[]);
    let state = assert_clean(&site.ca, "after serial.num was behind");
    assert_eq!(
        state
            .records
            .iter()
            .map(|record| record.serial.as_str())
            .collect::<Vec<_>>(),
        ["01", "02", "03"]
    );
    assert_eq!(site.read("ca_conf/serial.num"), b"04\n");
}

#[test]
fn serial_number_behind_the_files() {
    let site = Site::new();
    site.issue().succeeded("serial 02");
    // serial.num and ca.db were restored from a backup, the certificate that was issued since is still there.
    site.write("ca_conf/serial.num", "02\n");
    let index = site.read("ca_conf/ca.db");
    let first_line = index
        .split_inclusive(|byte| *byte == b'\n')
        .next()
        .unwrap()
        .to_vec();
    site.write("ca_conf/ca.db", &first_line);
    let before = site.read("repository/02.pem");
    site.issues("serial.num and ca.db behind the files", &[]);
    assert_eq!(
        site.read("repository/02.pem"),
        before,
        "a certificate was replaced"
    );
    let second = ca_check::inspect(&site.ca).records.pop().unwrap();
    assert_eq!(second.serial, "03");
}

/// As above, and what stands last in ca.db is not a record: the last record counts, wherever it stands.
#[test]
fn serial_number_behind_an_index_that_ends_in_a_comment() {
    for last_line in ["# checked by hand, 2019-03-04\n", "not a record\n"] {
        let site = Site::new();
        site.issue().succeeded("serial 02");
        for (name, path) in snapshot::walk(&site.path("repository")) {
            if name.starts_with("02") {
                fs::remove_file(path).unwrap(); // handed over and cleaned away: only the record tells of it
            }
        }
        let index = site.read("ca_conf/ca.db");
        site.write("ca_conf/ca.db", [&index[..], last_line.as_bytes()].concat());
        site.write("ca_conf/serial.num", "02\n");
        site.issues("serial.num behind, and a last line that is no record", &[]);
        let text = String::from_utf8(site.read("ca_conf/ca.db")).unwrap();
        let serials: Vec<&str> = text.lines().filter_map(|line| line.split('\t').nth(3)).collect();
        assert_eq!(serials, ["01", "02", "03"], "after {last_line:?}");
    }
}

#[test]
fn serial_number_ahead_of_the_index() {
    let site = Site::new();
    site.write("ca_conf/serial.num", "0F\n");
    site.issues("serial.num ahead", &[]);
    site.issues("serial.num ahead, next", &[]);
    let serials: Vec<String> = assert_clean(&site.ca, "after serial.num was ahead")
        .records
        .into_iter()
        .map(|record| record.serial)
        .collect();
    assert_eq!(serials, ["01", "0F", "10"]);
}

#[test]
fn serial_number_that_is_none() {
    for (what, content) in [
        ("empty", &b""[..]),
        ("a word", b"two\n"),
        ("negative", b"-1\n"),
        ("zero octets", b"\0\0\0\0"),
        ("of two lines", b"02\n03\n"),
        (
            "longer than twenty octets",
            b"0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF\n",
        ),
        ("not UTF-8", b"\xff\xfe0\x002\x00"),
    ] {
        let site = Site::new();
        site.write("ca_conf/serial.num", content);
        site.refuses(&format!("a serial.num that is {what}"), &["serial.num"]);
    }
}

#[test]
fn serial_number_as_other_programs_write_it() {
    // Lower case, an odd number of digits, no newline, a carriage return: an editor or an old OpenSSL leaves these.
    for content in ["0a\n", "A\n", "0A", "0A\r\n", "0A\n\n", " 0A\n"] {
        let site = Site::new();
        site.write("ca_conf/serial.num", content);
        site.issues(&format!("serial.num {content:?}"), &[]);
        assert_eq!(
            site.read("ca_conf/serial.num"),
            b"0B\n",
            "after serial.num {content:?}"
        );
        assert_clean(&site.ca, &format!("after serial.num {content:?}"));
    }
}

#[test]
fn serial_number_missing() {
    let site = Site::new();
    fs::remove_file(site.path("ca_conf/serial.num")).unwrap();
    site.refuses("no serial.num", &["serial.num"]);
}

#[test]
fn serial_number_is_a_folder() {
    let site = Site::new();
    fs::remove_file(site.path("ca_conf/serial.num")).unwrap();
    fs::create_dir(site.path("ca_conf/serial.num")).unwrap();
    site.refuses("a folder called serial.num", &["serial.num"]);
}

// ---------------------------------------------------------------------------------------------------------------- spoilt: the index

/// Lines that are no records, between lines that are: every one survives byte for byte, and issuing goes on.
#[test]
fn index_with_lines_that_are_no_records() {
    for (what, damage) in [
        ("a comment", &b"# restored from tape, 2019-03-04\n"[..]),
        ("an empty line", b"\n"),
        ("words", b"this is not a record\n"),
        ("a short line", b"V\t300101000000Z\t\t0C\n"),
        ("a long line", b"V\t300101000000Z\t\t0C\tunknown\t/CN=x\tmore\n"),
        ("a bad status", b"X\t300101000000Z\t\t0C\tunknown\t/CN=x\n"),
        ("a bad date", b"V\tyesterday\t\t0C\tunknown\t/CN=x\n"),
        ("a bad serial", b"V\t300101000000Z\t\tXYZ\tunknown\t/CN=x\n"),
        ("zero octets", b"\0\0\0\0\0\0\0\0\n"),
        ("a carriage return", b"V\t300101000000Z\t\t0C\tunknown\t/CN=x\r\n"),
        (
            "octets that are not UTF-8",
            b"V\t300101000000Z\t\t0C\tunknown\t/CN=\xff\xfe\n",
        ),
        (
            "an escape sequence",
            b"V\t300101000000Z\t\t0C\tunknown\t/CN=\x1b[2Jx\n",
        ),
    ] {
        for last in [false, true] {
            let site = Site::new();
            let good = site.read("ca_conf/ca.db");
            let damaged = if last {
                [&good[..], damage].concat()
            } else {
                [damage, &good[..]].concat()
            };
            site.write("ca_conf/ca.db", &damaged);
            let situation = format!("{what} {} the record", if last { "after" } else { "before" });
            let outcome = site.issues(&situation, &[]);
            assert!(
                !outcome.stderr.contains('\x1b') && !outcome.stdout.contains('\x1b'),
                "{situation}: an escape sequence reached the terminal"
            );
            let after = site.read("ca_conf/ca.db");
            assert!(
                after.starts_with(&damaged),
                "{situation}: the line has changed: {}",
                after.escape_ascii()
            );
            let appended = &after[damaged.len()..];
            assert!(
                appended.starts_with(b"V\t") && appended.iter().filter(|byte| **byte == b'\n').count() == 1,
                "{situation}: {}",
                appended.escape_ascii()
            );
            let listed = run(&mut gsec_as_nobody(&site.ca, ["cert", "list"]))
                .succeeded(&format!("cert list, {situation}"));
            assert!(
                listed.stdout.contains("second.example.com"),
                "{situation}: {listed:#?}"
            );
            assert!(
                !listed.stdout.contains('\x1b') && !listed.stderr.contains('\x1b'),
                "{situation}: an escape sequence reached the terminal"
            );
        }
    }
}

/// OpenSSL drops an unterminated last line without a word, and with the next record appended to it, that record too.
#[test]
fn index_with_a_torn_last_line() {
    for torn in [&b"V\t300101000000Z\t\t02\tunk"[..], b"V", b"\t", b"\0\0\0"] {
        let site = Site::new();
        let good = site.read("ca_conf/ca.db");
        site.write("ca_conf/ca.db", [&good[..], torn].concat());
        site.write("ca_conf/serial.num", "03\n");
        let situation = format!("a torn last line {}", torn.escape_ascii());
        let before = snapshot(&site.ca);
        site.issues(&situation, &["warning", "ca.db"]);
        let after = site.read("ca_conf/ca.db");
        assert!(
            after.starts_with(&good) && after[good.len()..].starts_with(b"V\t"),
            "{situation}: {}",
            after.escape_ascii()
        );
        let state = assert_consistent(&site.ca, &situation);
        assert_eq!(state.records.len(), 2, "{situation}");
        // What was torn off is evidence: it may be the record of a certificate that is out there.
        let new = snapshot(&site.ca);
        let kept: Vec<&String> = new
            .keys()
            .filter(|name| name.starts_with("ca_conf/") && !has(&before, name))
            .collect();
        assert!(
            kept.iter().any(|name| fs::read(site.ca.join(name.as_str()))
                .is_ok_and(|content| content.windows(torn.len()).any(|window| window == torn))),
            "{situation}: the torn line is in none of the new files {kept:?}"
        );
        for name in kept {
            assert_eq!(
                fs::metadata(site.ca.join(name)).unwrap().mode() & 0o077,
                0,
                "{name} can be read by others"
            );
        }
        // Its serial had been durable before it.
        assert_eq!(
            state.records[1].serial, "03",
            "{situation}: the serial of the torn record was given out again"
        );
        site.works_again_with_leftovers(&situation);
    }
}

impl Site {
    #[track_caller]
    fn works_again_with_leftovers(&self, situation: &str) {
        self.issue().succeeded(&format!("after {situation}"));
        assert_consistent(&self.ca, &format!("after {situation}"));
    }
}

#[test]
fn index_that_is_empty_or_only_newlines() {
    let site = Site::new();
    site.write("ca_conf/ca.db", "");
    site.issues("an emptied ca.db", &[]);
    let records = ca_check::inspect(&site.ca).records;
    assert_eq!(records.len(), 1);
    assert_eq!(
        records[0].serial, "02",
        "serial 01 has a certificate in the repository, and serial.num says 02"
    );
}

#[test]
fn index_is_a_folder() {
    let site = Site::new();
    fs::remove_file(site.path("ca_conf/ca.db")).unwrap();
    fs::create_dir(site.path("ca_conf/ca.db")).unwrap();
    site.refuses("a folder called ca.db", &["ca.db"]);
}

/// Opening a named pipe for reading waits for a writer: nothing may hang in a pipeline.
#[test]
fn named_pipes_in_place_of_files_are_refused_and_do_not_hang() {
    for name in [
        "ca_conf/ca.db",
        "ca_conf/serial.num",
        "ca_conf/ca_cert.pem",
        "ca_conf/ca_priv_key.pem",
        "ca_conf/gsec.toml",
    ] {
        let site = Site::new();
        fs::remove_file(site.path(name)).unwrap();
        assert!(
            Command::new("mkfifo")
                .arg("-m")
                .arg("600")
                .arg(site.path(name))
                .status()
                .unwrap()
                .success()
        );
        give_to_nobody(&site.path(name));
        let mut command = Command::new(program("timeout"));
        let plain = gsec_as_nobody(&site.ca, issue_args("second.example.com"));
        command.arg("60").arg(plain.get_program()).args(plain.get_args());
        let outcome = run(&mut command);
        assert_ne!(outcome.status, Some(124), "{name}: it waits for a writer");
        outcome.refused(
            &format!("a named pipe called {name}"),
            &[name.rsplit('/').next().unwrap()],
        );
    }
}

// ---------------------------------------------------------------------------------------------------------------- spoilt: certificate and key

#[test]
fn ca_certificate_that_is_none() {
    for (what, content) in [
        ("empty", &b""[..]),
        ("words", b"not a certificate\n"),
        ("cut off", b"-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUZ\n"),
        (
            "damaged base64",
            b"-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
        ),
        (
            "damaged DER",
            b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ),
    ] {
        let site = Site::new();
        site.write("ca_conf/ca_cert.pem", content);
        site.refuses(&format!("a ca_cert.pem that is {what}"), &["ca_cert.pem"]);
    }
}

#[test]
fn ca_certificate_missing() {
    let site = Site::new();
    fs::remove_file(site.path("ca_conf/ca_cert.pem")).unwrap();
    site.refuses("no ca_cert.pem", &["ca_cert.pem"]);
}

#[test]
fn ca_certificate_of_a_host() {
    let site = Site::new();
    fs::copy(site.path("repository/01.pem"), site.path("ca_conf/ca_cert.pem")).unwrap();
    // Its key does not match either; with the host's own key in place it must still be refused.
    site.refuses("a host certificate as ca_cert.pem", &["ca_cert.pem"]);
    let key = site.read("repository/01_first_priv_key.pem");
    chmod(&site.path("ca_conf/ca_priv_key.pem"), 0o600);
    site.write("ca_conf/ca_priv_key.pem", key);
    site.refuses("a host certificate and its key as CA", &["ca_cert.pem"]);
}

#[test]
fn ca_key_that_does_not_match_the_certificate() {
    let site = Site::new();
    let other = Site::new();
    chmod(&site.path("ca_conf/ca_priv_key.pem"), 0o600);
    site.write("ca_conf/ca_priv_key.pem", other.read("ca_conf/ca_priv_key.pem"));
    chmod(&site.path("ca_conf/ca_priv_key.pem"), 0o400);
    let outcome = site.refuses(
        "the key of another CA",
        &["ca_priv_key.pem", "ca_cert.pem", "does not belong"],
    );
    assert!(
        outcome.stderr.contains("caused by: "),
        "the two keys are not told apart: {outcome:#?}"
    );
}

#[test]
fn ca_key_that_is_none() {
    for (what, content) in [
        ("empty", &b""[..]),
        ("words", b"not a key\n"),
        ("cut off", b"-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n"),
        (
            "damaged DER",
            b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        ),
    ] {
        let site = Site::new();
        chmod(&site.path("ca_conf/ca_priv_key.pem"), 0o600);
        site.write("ca_conf/ca_priv_key.pem", content);
        let outcome = site.refuses(&format!("a ca_priv_key.pem that is {what}"), &["ca_priv_key.pem"]);
        assert!(
            !outcome.stderr.contains("MIGHAgEA"),
            "key material is printed: {outcome:#?}"
        );
    }
}

#[test]
fn settings_that_are_no_toml() {
    let site = Site::new();
    site.write("ca_conf/gsec.toml", "[profiles.host\n");
    site.refuses("a damaged gsec.toml", &["gsec.toml"]);
}

// ---------------------------------------------------------------------------------------------------------------- links

/// Whoever can make a link in a CA directory must not be able to have gsec write elsewhere, as root perhaps.
#[test]
fn links_in_place_of_files_are_not_followed() {
    for name in ["ca_conf/serial.num", "ca_conf/ca.db", "ca_conf/.lock"] {
        for dangling in [false, true] {
            let site = Site::new();
            let target = site.place.path().join("target");
            fs::rename(site.path(name), &target).unwrap();
            if dangling {
                fs::remove_file(&target).unwrap();
            }
            symlink(&target, site.path(name)).unwrap();
            give_to_nobody(&site.path(name));
            let content = fs::read(&target).ok();
            let base = name.rsplit('/').next().unwrap();
            let situation = format!(
                "{base} is a {} link",
                if dangling { "dangling" } else { "symbolic" }
            );
            site.refuses(&situation, &[base, "link"]);
            assert_eq!(
                fs::read(&target).ok(),
                content,
                "{situation}: what it points to has changed"
            );
        }
    }
}

#[test]
fn links_in_place_of_folders_are_not_followed() {
    for name in ["repository", "ca_conf"] {
        let site = Site::new();
        let target = site.place.path().join("target");
        fs::rename(site.path(name), &target).unwrap();
        symlink(&target, site.path(name)).unwrap();
        let before = snapshot(&target);
        let outcome = site
            .issue()
            .refused(&format!("{name} is a link"), &[name, "link"]);
        let lines = differences(&before, &snapshot(&target));
        let lines: Vec<_> = lines.into_iter().filter(|line| !line.contains(".lock")).collect();
        assert!(
            lines.is_empty(),
            "{name} is a link, and it was followed: {lines:?} {outcome:#?}"
        );
    }
}

#[test]
fn a_link_under_the_name_of_the_next_certificate_is_neither_followed_nor_replaced() {
    for (name, dangling) in [
        ("02.pem", false),
        ("02.pem", true),
        ("02_second_priv_key.pem", false),
        ("02_second_priv_key.pem", true),
        ("02_second_cert.pfx", true),
    ] {
        let site = Site::new();
        let target = site.place.path().join("target");
        if !dangling {
            fs::write(&target, "precious\n").unwrap();
        }
        symlink(&target, site.path("repository").join(name)).unwrap();
        let outcome = site.issue();
        let situation = format!(
            "repository/{name} is a {} link",
            if dangling { "dangling" } else { "symbolic" }
        );
        assert!(matches!(outcome.status, Some(0 | 3)), "{situation}: {outcome:#?}");
        assert_eq!(
            fs::read_to_string(&target).ok(),
            (!dangling).then(|| "precious\n".to_owned()),
            "{situation}: the link was followed"
        );
        assert_eq!(
            fs::read_link(site.path("repository").join(name)).unwrap(),
            target,
            "{situation}: the link was replaced"
        );
        // Its name is taken, so that serial is passed over, or the issue is refused and names it.
        if outcome.status == Some(3) {
            assert!(outcome.stderr.contains(name), "{situation}: {outcome:#?}");
        }
        fs::remove_file(site.path("repository").join(name)).unwrap();
        let state = assert_consistent(&site.ca, &situation);
        let serial = issue_serial(&site.ca, "third.example.com", &format!("after {situation}"));
        assert!(
            !state.serials().contains(&serial),
            "{situation}: serial {serial} was given out again"
        );
    }
}

#[test]
fn a_file_under_the_name_of_the_next_certificate_is_not_replaced() {
    for name in [
        "02.pem",
        "02_second_cert.pem",
        "02_second_priv_key.pem",
        "02_second_cert.pfx",
    ] {
        let site = Site::new();
        site.write(&format!("repository/{name}"), "precious\n");
        give_to_nobody(&site.path(&format!("repository/{name}")));
        let outcome = site.issue();
        assert!(matches!(outcome.status, Some(0 | 3)), "{name}: {outcome:#?}");
        assert_eq!(
            site.read(&format!("repository/{name}")),
            b"precious\n",
            "{name} was replaced"
        );
        if outcome.status == Some(3) {
            assert!(outcome.stderr.contains(name), "{outcome:#?}");
        }
        fs::remove_file(site.path(&format!("repository/{name}"))).unwrap();
        assert_consistent(&site.ca, name);
        site.works_again_with_leftovers(name);
    }
}

// ---------------------------------------------------------------------------------------------------------------- too open

#[test]
fn ca_key_that_others_can_read_is_used_with_a_warning_that_names_the_chmod() {
    for mode in [0o444, 0o440, 0o644, 0o640] {
        let site = Site::new();
        chmod(&site.path("ca_conf/ca_priv_key.pem"), mode);
        let outcome = site.issues(
            &format!("ca_priv_key.pem with mode {mode:04o}"),
            &["warning", "ca_priv_key.pem", "chmod"],
        );
        let hint = outcome
            .hints()
            .into_iter()
            .find(|hint| hint.contains("chmod"))
            .unwrap_or_else(|| panic!("no hint: {outcome:#?}"))
            .to_owned();
        // The hint is typed as it stands.
        let typed = hint
            .split('`')
            .nth(1)
            .unwrap_or_else(|| panic!("nothing to type in {hint:?}"))
            .to_owned();
        run(Command::new("sh").arg("-c").arg(&typed).current_dir(&site.ca)).succeeded(&typed);
        assert_eq!(
            fs::metadata(site.path("ca_conf/ca_priv_key.pem")).unwrap().mode() & 0o077,
            0,
            "`{typed}` does not help"
        );
        let quiet = site.issues("after the chmod", &[]);
        assert!(!quiet.stderr.contains("chmod"), "{quiet:#?}");
        // JSON carries the warning inside the document.
        chmod(&site.path("ca_conf/ca_priv_key.pem"), mode);
        let json = run(&mut gsec_as_nobody(
            &site.ca,
            [vec!["--json".into()], issue_args("third.example.com")].concat(),
        ))
        .succeeded("--json")
        .json();
        let warnings = json["warnings"].as_array().unwrap();
        assert!(
            warnings.iter().any(|warning| warning["hint"]
                .as_str()
                .is_some_and(|hint| hint.contains("chmod"))
                && warning["code"].is_string()),
            "{json}"
        );
    }
}

#[test]
fn ca_key_that_others_can_write_is_refused() {
    for mode in [0o620, 0o660, 0o602, 0o666, 0o777] {
        let site = Site::new();
        chmod(&site.path("ca_conf/ca_priv_key.pem"), mode);
        let outcome = site.refuses(
            &format!("ca_priv_key.pem with mode {mode:04o}"),
            &["ca_priv_key.pem"],
        );
        assert!(
            outcome.hints().iter().any(|hint| hint.contains("chmod")),
            "no hint names the chmod: {outcome:#?}"
        );
    }
}

#[test]
fn folders_that_others_can_write_are_refused() {
    for (name, mode) in [
        ("ca_conf", 0o777),
        ("ca_conf", 0o702),
        ("repository", 0o777),
        ("repository", 0o703),
        ("", 0o777),
    ] {
        let site = Site::new();
        chmod(&site.path(name), mode);
        let outcome = site.refuses(
            &format!("{name:?} with mode {mode:04o}"),
            &[if name.is_empty() { "ca" } else { name }],
        );
        assert!(
            outcome.hints().iter().any(|hint| hint.contains("chmod")),
            "no hint names the chmod: {outcome:#?}"
        );
        site.reads(&format!("{name:?} with mode {mode:04o}"));
    }
}

/// Old directories are 0755 with files of mode 0644: that is loose, but nobody else can write there.
#[test]
fn folders_that_others_can_read_are_used() {
    let site = Site::new();
    for name in ["", "ca_conf", "repository"] {
        chmod(&site.path(name), 0o755);
    }
    site.works_again("mode 0755");
}

/// `sudo gsec cert issue` in the directory of a service's user: what it makes belongs to that user, who could not go on otherwise.
#[test]
fn files_made_by_root_get_the_owner_of_the_directory() {
    if !is_root() {
        // Only root can make files for others: there is nothing to test.
        println!("not run: needs root");
        return;
    }
    let site = Site::new();
    issue(&site.ca, "by-root.example.com").succeeded("issue as root in a directory of another user");
    for (name, path) in snapshot::walk(&site.ca) {
        let meta = fs::symlink_metadata(&path).unwrap();
        assert_eq!(
            (meta.uid(), meta.gid()),
            (machine::NOBODY, machine::NOBODY),
            "{name} belongs to {}:{}",
            meta.uid(),
            meta.gid()
        );
    }
    site.works_again("root has issued");
}

/// Whoever owns a folder can put another CA's key and certificate there, whatever the modes of the files in it.
#[test]
fn folders_of_another_user_are_refused() {
    if !is_root() {
        println!("not run: needs root");
        return;
    }
    const SOMEBODY: u32 = 54321;
    for name in ["ca_conf", "repository"] {
        let site = Site::new();
        std::os::unix::fs::chown(site.path(name), Some(SOMEBODY), None).unwrap();
        chmod(&site.path(name), 0o770); // the group of the user who issues may write there
        site.refuses(&format!("{name} of another user"), &[name, "own"]);
    }
}

/// A directory under `openssl ca` has side files that gsec has not made; they are nobody's business.
#[test]
fn side_files_of_openssl_are_left_alone() {
    let site = Site::new();
    for name in [
        "ca_conf/ca.db.old",
        "ca_conf/serial.num.old",
        "ca_conf/ca.db.attr.old",
        "ca_conf/notes.txt",
    ] {
        site.write(name, "older\n");
    }
    let before = snapshot(&site.ca);
    site.issues("side files", &[]);
    let after = snapshot(&site.ca);
    for name in [
        "ca_conf/ca.db.old",
        "ca_conf/serial.num.old",
        "ca_conf/ca.db.attr.old",
        "ca_conf/notes.txt",
    ] {
        assert_eq!(before[name], after[name]);
    }
}

#[test]
fn a_directory_copied_elsewhere_works_there_and_the_first_one_is_not_touched() {
    let site = Site::new();
    let copy = site.place.path().join("copy of ca, with blanks and a 'quote'");
    copy_tree(&site.ca, &copy);
    let before = snapshot(&site.ca);
    run(&mut gsec_as_nobody(&copy, issue_args("moved.example.com"))).succeeded("issue in the copy");
    assert_clean(&copy, "the copy");
    assert_unchanged(&before, &site.ca, "the directory that was copied");
    assert!(openssl_status(&copy, "02").contains("02=Valid (V)"));
}
