//! `gsec doctor DIRECTORY`: each thing that can be wrong with a CA directory is made for real, found, and gone after what doctor
//! says to type, or after `--fix`. A healthy directory gives no finding.

use crate::common;
use crate::common::machine;

use std::fs;
use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
use std::path::Path;

use common::doctor::{Found, findings_of, finds, is_silent, type_line_in};
use common::{ChildGuard, OldCa, Scene, TestCa, TestDir, Tree, gsec, openssl, tool, wait_until};

/// A CA of two hosts and a revoked one, with a copy of it from before a fault.
struct Site {
    ca: TestCa,
}

const QUICK: [&str; 3] = ["--key-type", "p256", "--no-pfx"];

impl Site {
    fn new() -> Self {
        let ca = TestCa::named("Doctor Test CA", &["--key-type", "p256"]);
        ["db1", "db2", "old"]
            .iter()
            .for_each(|host| drop(ca.issue(&format!("{host}.example.com"), &QUICK)));
        ca.gsec(&["cert", "revoke", "--reason", "keyCompromise", "--serial", "03"])
            .run()
            .ok();
        Site::of(ca)
    }

    /// Keeps a copy as `BACKUP`, which is how remedies call one.
    fn of(ca: TestCa) -> Self {
        let site = Site { ca };
        site.sh("cp -a ca BACKUP");
        site
    }

    fn findings(&self) -> Vec<Found> {
        findings_of(&gsec(&["doctor", "--json", &self.ca.path]).run())
    }

    fn find(&self, slug: &str) -> Option<Found> {
        self.findings().into_iter().find(|found| found.slug == slug)
    }

    #[track_caller]
    fn finds(&self, slug: &str) -> Found {
        let all = self.findings();
        let place = all.iter().position(|found| found.slug == slug);
        let place = place.unwrap_or_else(|| panic!("`{slug}` is not found: {all:#?}"));
        all.into_iter().nth(place).expect("it is there")
    }

    #[track_caller]
    fn is_silent_about(&self, slug: &str) {
        let found = self.find(slug);
        assert!(found.is_none(), "{found:#?}");
    }

    /// A line in a shell, in the folder that holds `ca` and `BACKUP`.
    #[track_caller]
    fn sh(&self, line: &str) {
        type_line_in(&self.ca.dir, line).ok();
    }

    /// Types what a finding says, in its order.
    #[track_caller]
    fn type_remedy(&self, found: &Found) {
        if found
            .advice
            .iter()
            .any(|words| words == "Restore it from a backup.")
        {
            let path = found
                .subject
                .strip_prefix(&format!("{}/", self.ca.path))
                .expect("a file of the CA");
            self.sh(&format!("cp -pr BACKUP/{path} ca/{path}"));
        } else {
            assert!(found.fix.len() + found.look.len() > 0, "{found:#?}");
        }
        found
            .look
            .iter()
            .chain(&found.fix)
            .for_each(|command| self.sh(command));
    }

    #[track_caller]
    fn fix(&self) -> Vec<Found> {
        let outcome = gsec(&["doctor", "--json", "--fix", "--yes", &self.ca.path]).run();
        findings_of(&outcome)
    }

    /// Issuing and revoking work in it, by gsec and by OpenSSL.
    #[track_caller]
    fn works(&self) {
        self.ca.issue("new.example.com", &QUICK);
        self.ca.gsec(&["crl", "update"]).run().ok();
        self.ca.openssl_ca(&["-gencrl", "-out", "checked.crl"]).run().ok();
        let _ = fs::remove_file(format!("{}/checked.crl", self.ca.path));
    }
}

/// The fault is found, and gone when what doctor says is typed.
#[track_caller]
fn is_gone_when_typed(slug: &str, fault: &str) -> Site {
    let site = Site::new();
    site.is_silent_about(slug);
    site.sh(fault);
    let found = site.finds(slug);
    site.type_remedy(&found);
    site.is_silent_about(slug);
    site
}

/// As [`is_gone_when_typed`]; `--fix` mends it too, does nothing the second time, and takes nothing away; the CA works then.
#[track_caller]
fn is_fixed(slug: &str, fault: &str) -> Site {
    is_gone_when_typed(slug, fault);
    let site = Site::new();
    site.sh(fault);
    site.finds(slug);
    let before = Tree::of(&site.ca.path);
    let dry = gsec(&["doctor", "--json", "--fix", "--dry-run", &site.ca.path]).run();
    assert!(
        !dry.json()["fixed"].as_array().expect("fixed").is_empty(),
        "{dry}"
    );
    Tree::of(&site.ca.path).is_unchanged_since(&before);
    let left: Vec<Found> = site
        .fix()
        .into_iter()
        .filter(|found| found.slug == slug)
        .collect();
    assert!(left.is_empty(), "{left:#?}");
    site.is_silent_about(slug);
    let mended = Tree::of(&site.ca.path);
    site.fix();
    Tree::of(&site.ca.path).is_unchanged_since(&mended);
    site.works();
    site
}

#[test]
fn healthy_directories_give_no_finding() {
    let site = Site::new();
    assert_eq!(site.findings().len(), 0, "{:#?}", site.findings());
    site.ca
        .gsec(&["cert", "ensure", "--host", "db1.example.com"])
        .args(&QUICK)
        .run()
        .ok();
    site.ca.gsec(&["ca", "renew", "--days", "4000"]).run().ok();
    assert_eq!(site.findings().len(), 0, "renewed: {:#?}", site.findings());
    site.ca.gsec(&["ca", "rekey"]).run().ok();
    site.ca.issue("db3.example.com", &QUICK);
    site.ca.gsec(&["crl", "update"]).run().ok();
    assert_eq!(site.findings().len(), 0, "another key: {:#?}", site.findings());
    let sub = site.ca.dir.path("sub");
    gsec(&[
        "ca",
        "init",
        "--ca-dir",
        &sub,
        "--cn",
        "Sub CA",
        "--key-type",
        "p256",
        "--parent",
        &site.ca.path,
    ])
    .run()
    .ok();
    common::issue(&sub, "db1.example.com", &QUICK);
    for path in [&sub, &site.ca.path] {
        let outcome = gsec(&["doctor", "--json", path]).run().ok();
        assert_eq!(outcome.json()["healthy"], true, "{outcome}");
    }
    let random = TestCa::named("Random", &["--key-type", "p256", "--serial-mode", "random"]);
    random.issue("db1.example.com", &QUICK);
    gsec(&["doctor", "--json", &random.path])
        .run()
        .ok()
        .says("\"healthy\": true");
    let encrypted = TestDir::new();
    let passphrase = encrypted.write("passphrase", "secret");
    let path = encrypted.path("ca");
    gsec(&[
        "ca",
        "init",
        "--ca-dir",
        &path,
        "--cn",
        "Encrypted",
        "--key-type",
        "p256",
        "--ca-passphrase-file",
        &passphrase,
    ])
    .run()
    .ok();
    gsec(&["doctor", "--json", &path])
        .run()
        .ok()
        .says("\"healthy\": true");
}

#[test]
fn a_waiting_ca_is_told_and_nothing_else() {
    let site = Site::new();
    let waiting = site.ca.dir.path("waiting");
    gsec(&[
        "ca",
        "request",
        "--ca-dir",
        &waiting,
        "--cn",
        "Waiting CA",
        "--key-type",
        "p256",
    ])
    .run()
    .ok();
    let found = findings_of(&gsec(&["doctor", "--json", &waiting]).run());
    assert_eq!(
        found.iter().map(|found| found.slug.as_str()).collect::<Vec<_>>(),
        ["ca-waiting"]
    );
    let request = format!("{waiting}/ca_conf/ca_req.pem");
    let signed = site.ca.dir.path("signed.pem");
    site.ca
        .gsec(&["ca", "sign", &request, "--out", &signed])
        .run()
        .ok();
    gsec(&[
        "ca",
        "accept",
        &signed,
        "--chain",
        &site.ca.certificate,
        "--ca-dir",
        &waiting,
    ])
    .run()
    .ok();
    gsec(&["doctor", "--json", &waiting])
        .run()
        .ok()
        .says("\"healthy\": true");
}

#[test]
fn an_old_directory_shows_what_is_loose_and_weak_and_is_quiet_after_the_remedies() {
    let old = OldCa::new();
    let findings = || findings_of(&gsec(&["doctor", "--json", &old.path]).run());
    let before = findings();
    let slugs: Vec<&str> = before.iter().map(|found| found.slug.as_str()).collect();
    for slug in [
        "ca-key-usage-missing",
        "ca-signature-weak",
        "ca-constraints-not-critical",
        "ca-key-readable-by-others",
        "host-keys-readable-by-others",
    ] {
        assert!(slugs.contains(&slug), "{slug} is not among {slugs:?}");
    }
    // 0E and 0F have the key of 11, which was revoked as compromised.
    let errors: Vec<&str> = before
        .iter()
        .filter(|found| found.severity == "error")
        .map(|found| found.slug.as_str())
        .collect();
    assert_eq!(errors, ["compromised-key-in-use"], "{before:#?}");
    for found in &before {
        found
            .fix
            .iter()
            .for_each(|command| drop(type_line_in(&old.dir, command).ok()));
    }
    assert_eq!(findings().len(), 0, "{:#?}", findings());
    old.openssl_ca(&["-updatedb"]).ok();
}

#[test]
fn an_adopted_directory_is_healthy_but_for_the_certificate_and_the_crl() {
    let old = OldCa::new();
    old.gsec(&["ca", "adopt", "--yes"]).ok();
    old.gsec(&["ca", "renew", "--yes"]).ok();
    old.gsec(&["cert", "revoke", "0E", "0F", "--reason", "keyCompromise"])
        .ok();
    old.gsec(&["crl", "update"]).ok();
    gsec(&["doctor", "--json", &old.path])
        .run()
        .ok()
        .says("\"healthy\": true");
}

// ------------------------------------------------------------------------------------------------ certificate and key

/// Puts another certificate of the CA's key in its place: `extensions` of a configuration, and its dates.
fn another_certificate(site: &Site, digest: &str, extensions: &str, dates: [&str; 2]) {
    let config = format!(
        "[ca]\ndefault_ca=c\n[c]\ndatabase=index\nnew_certs_dir=.\nrand_serial=yes\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n[e]\n{extensions}\n"
    );
    site.ca.dir.write("own.cnf", config);
    site.ca.dir.write("index", "");
    site.sh("openssl req -new -key ca/ca_conf/ca_priv_key.pem -subj '/CN=Doctor Test CA' -out own.csr");
    let [from, to] = dates;
    site.sh(&format!(
        "openssl ca -batch -notext -config own.cnf -extensions e -selfsign -md {digest} -keyfile ca/ca_conf/ca_priv_key.pem -in own.csr -out own.pem \
         -startdate \"$(date -u -d '{from}' +%Y%m%d%H%M%SZ)\" -enddate \"$(date -u -d '{to}' +%Y%m%d%H%M%SZ)\" && cp own.pem ca/ca_conf/ca_cert.pem"
    ));
}

const SOUND: &str =
    "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash";
const LONG: [&str; 2] = ["1 day ago", "9 years"];

#[test]
fn weak_ca_certificates_are_found_and_renewed() {
    for (slug, digest, extensions) in [
        (
            "ca-key-usage-missing",
            "sha256",
            "basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash",
        ),
        (
            "ca-constraints-not-critical",
            "sha256",
            "basicConstraints=CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash",
        ),
        ("ca-signature-weak", "sha1", SOUND),
    ] {
        let site = Site::new();
        another_certificate(&site, digest, extensions, LONG);
        let found = site.finds(slug);
        site.type_remedy(&found);
        site.is_silent_about(slug);
    }
}

#[test]
fn a_certificate_of_no_ca_is_found() {
    let site = Site::new();
    another_certificate(&site, "sha256", "basicConstraints=critical,CA:FALSE", LONG);
    assert_eq!(site.finds("ca-not-authority").severity, "error");
    site.sh("cp -p BACKUP/ca_conf/ca_cert.pem ca/ca_conf/");
    site.is_silent_about("ca-not-authority");
}

#[test]
fn a_short_ca_key_is_found() {
    let dir = TestDir::new();
    let line = "mkdir -p -m 700 ca/ca_conf ca/repository && cd ca/ca_conf && openssl req -x509 -newkey rsa:1024 -nodes -keyout ca_priv_key.pem \
                -subj /CN=Short -days 30 -out ca_cert.pem && chmod 400 ca_priv_key.pem && : > ca.db && echo 01 > serial.num";
    type_line_in(&dir, line).ok();
    let found = findings_of(&gsec(&["doctor", "--json", &dir.path("ca")]).run());
    assert!(
        found.iter().any(|found| found.slug == "ca-key-weak"),
        "{found:#?}"
    );
}

/// As `gsec serve move-key` leaves it: no key, and a link to the socket of who has it.
#[test]
fn key_that_the_signer_has_is_no_fault() {
    let dir = TestDir::new();
    let line = "gsec ca init --cn X --key-type p256 --ca-dir ca && mkdir apart && mv ca/ca_conf/ca_priv_key.pem apart && \
                ln -s \"$PWD/apart/signer.sock\" ca/ca_conf/signer.sock";
    type_line_in(&dir, line).ok();
    let found = findings_of(&gsec(&["doctor", "--json", &dir.path("ca")]).run());
    let has = |slug: &str| found.iter().any(|found| found.slug == slug);
    assert!(has("ca-key-apart") && !has("ca-key-missing"), "{found:#?}");
}

#[test]
fn the_dates_of_the_ca_certificate_are_looked_at() {
    for (slug, dates, mends) in [
        ("ca-not-yet-valid", ["2 days", "9 years"], false),
        ("ca-expired", ["9 years ago", "1 day ago"], true),
        ("ca-expires-soon", ["9 years ago", "40 days"], true),
        ("ca-expires-before-certificates", ["1 day ago", "50 days"], true),
    ] {
        let site = Site::new();
        another_certificate(&site, "sha256", SOUND, dates);
        let found = site.finds(slug);
        site.type_remedy(&found);
        if !mends {
            site.sh("cp -p BACKUP/ca_conf/ca_cert.pem ca/ca_conf/");
        }
        site.is_silent_about(slug);
    }
}

#[test]
fn what_stands_above_an_intermediate_ca_is_followed() {
    let site = Site::new();
    let sub = site.ca.dir.path("sub");
    gsec(&[
        "ca",
        "init",
        "--ca-dir",
        &sub,
        "--cn",
        "Sub CA",
        "--key-type",
        "p256",
        "--parent",
        &site.ca.path,
    ])
    .run()
    .ok();
    let finds = |slug: &str| {
        findings_of(&gsec(&["doctor", "--json", &sub]).run())
            .into_iter()
            .find(|found| found.slug == slug)
    };
    assert!(finds("ca-chain-broken").is_none());
    site.sh(
        "cp -p sub/ca_conf/ca_cert.pem full.pem && openssl x509 -in full.pem -out sub/ca_conf/ca_cert.pem",
    );
    assert!(
        finds("ca-chain-broken")
            .expect("the root is missing")
            .seen
            .contains("no root follows")
    );
    // Another key of the same name above.
    site.sh("gsec ca init --ca-dir other --cn 'Doctor Test CA' --key-type p256 && cat other/ca_conf/ca_cert.pem >> sub/ca_conf/ca_cert.pem");
    assert!(
        finds("ca-chain-broken")
            .expect("another root")
            .seen
            .contains("not signed by the key")
    );
    another_certificate(&site, "sha256", SOUND, ["9 years ago", "1 day ago"]);
    site.sh(
        "openssl x509 -in full.pem -out sub/ca_conf/ca_cert.pem && cat own.pem >> sub/ca_conf/ca_cert.pem",
    );
    assert_eq!(
        finds("ca-chain-expired").expect("an expired root").severity,
        "error"
    );
    site.sh("cp -p full.pem sub/ca_conf/ca_cert.pem");
    assert!(finds("ca-chain-expired").is_none() && finds("ca-chain-broken").is_none());
}

#[test]
fn missing_damaged_and_exchanged_files_of_the_ca_are_put_back_from_a_backup() {
    for (slug, fault) in [
        ("ca-certificate-missing", "rm ca/ca_conf/ca_cert.pem"),
        ("ca-certificate-damaged", "echo nonsense > ca/ca_conf/ca_cert.pem"),
        ("ca-key-missing", "rm -f ca/ca_conf/ca_priv_key.pem"),
        (
            "ca-key-unreadable",
            "chmod 600 ca/ca_conf/ca_priv_key.pem; echo nonsense > ca/ca_conf/ca_priv_key.pem",
        ),
        (
            "ca-key-mismatch",
            "openssl genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-256 -out k.pem && chmod 400 k.pem && mv -f k.pem ca/ca_conf/ca_priv_key.pem",
        ),
        ("audit-log-missing", "rm ca/ca_conf/audit.log"),
        ("index-missing", "rm ca/ca_conf/ca.db"),
    ] {
        let site = is_gone_when_typed(slug, fault);
        assert_eq!(site.findings().len(), 0, "{slug}: {:#?}", site.findings());
        site.works();
    }
}

#[test]
fn a_change_of_key_that_was_cut_off_is_finished() {
    let killed = "strace -f -qq -o /dev/null -e trace=rename -e inject=rename:signal=KILL:when=3 gsec ca rekey --yes --ca-dir ca";
    is_fixed(
        "rekey-unfinished",
        &format!("{killed} || test -d ca/ca_conf/.rekey"),
    );
}

#[test]
fn a_former_key_whose_root_has_ended_is_told() {
    let site = Site::new();
    another_certificate(&site, "sha256", SOUND, ["9 years ago", "1 day ago"]);
    let ended = fs::read(site.ca.dir.path("own.pem")).expect("the ended root");
    site.sh("cp -p BACKUP/ca_conf/ca_cert.pem ca/ca_conf/ && gsec ca rekey --ca-dir ca && gsec crl update --ca-dir ca");
    site.is_silent_about("previous-key-ended");
    let previous = fs::read_dir(site.ca.conf("previous"))
        .expect("previous")
        .next()
        .expect("a key")
        .expect("a folder")
        .path();
    fs::write(previous.join("ca_cert.pem"), ended).expect("write");
    let found = site.finds("previous-key-ended");
    site.type_remedy(&found);
    site.is_silent_about("previous-key-ended");
    assert!(previous.join("ca_cert.pem").exists());
}

// ------------------------------------------------------------------------------------------------ modes, owners, kinds

#[test]
fn loose_modes_are_found_and_tightened() {
    for (slug, fault) in [
        (
            "ca-key-readable-by-others",
            "chmod 444 ca/ca_conf/ca_priv_key.pem",
        ),
        ("ca-writable-by-others", "chmod 666 ca/ca_conf/ca_priv_key.pem"),
        ("ca-writable-by-others", "chmod 777 ca/repository"),
        ("ca-writable-by-others", "chmod 757 ca"),
        (
            "ca-writable-by-others",
            "chmod 755 ca/ca_conf; chmod 666 ca/ca_conf/gsec.toml",
        ),
        ("ca-folder-open", "chmod 755 ca/ca_conf"),
        (
            "ca-file-readable-by-others",
            "chmod 755 ca/ca_conf; chmod 644 ca/ca_conf/ca.db",
        ),
        (
            "host-keys-readable-by-others",
            "chmod 755 ca/repository; chmod 644 ca/repository/*_priv_key.pem",
        ),
        (
            "ca-writable-by-others",
            "chmod 755 ca/repository; chmod 666 ca/repository/01.pem",
        ),
    ] {
        let site = is_fixed(slug, fault);
        assert_eq!(site.findings().len(), 0, "{slug}: {:#?}", site.findings());
    }
    // What nobody can reach harms nobody.
    let site = Site::new();
    site.sh("chmod 644 ca/ca_conf/ca.db ca/repository/*_priv_key.pem");
    assert_eq!(site.findings().len(), 0, "{:#?}", site.findings());
}

#[test]
fn hundreds_of_open_keys_are_tightened_by_one_command() {
    let fault = "chmod 755 ca/repository; for n in $(seq 100 160); do echo x > ca/repository/${n}_h_priv_key.pem; chmod 644 ca/repository/${n}_h_priv_key.pem; done";
    is_gone_when_typed("host-keys-readable-by-others", fault);
}

#[test]
fn a_folder_above_that_everybody_can_write_in_is_found() {
    let site = is_gone_when_typed(
        "ca-parent-writable",
        "mkdir -p up && mv ca up/ca && ln -s up/ca ca && chmod 777 up",
    );
    assert_eq!(
        site.findings().len(),
        0,
        "the directory itself may be named by a link: {:#?}",
        site.findings()
    );
}

#[test]
fn files_of_somebody_else_are_given_to_the_owner_of_the_directory() {
    if !machine::is_root() {
        return; // nobody else can give files away
    }
    is_gone_when_typed("ca-owner-differs", "chown 12345 ca/ca_conf/ca.db");
    let site = Site::new();
    site.sh("chown 12345 ca/repository/01_db1_priv_key.pem ca/ca_conf");
    let found = site.finds("ca-owner-differs");
    assert_eq!(found.severity, "error", "{found:#?}");
    site.type_remedy(&found);
    site.is_silent_about("ca-owner-differs");
}

/// Whoever may not read the CA is told so, and nothing that would put something in the place of what is there.
#[test]
fn who_may_not_read_the_directory_is_told_that_and_nothing_else() {
    let site = Site::new();
    site.sh("chmod 755 . ca");
    let findings = || {
        let call = gsec(&["doctor", "--json", &site.ca.path]);
        let nobody = format!("--reuid={}", machine::NOBODY);
        let call = if machine::is_root() {
            call.through(tool("setpriv").args(&[&nobody, "--clear-groups"]))
        } else {
            call
        };
        findings_of(&call.run())
            .into_iter()
            .filter(|found| found.severity != "notice")
            .map(|found| found.slug)
            .collect::<Vec<_>>()
    };
    if !machine::is_root() {
        site.sh("chmod 000 ca/ca_conf");
    }
    assert_eq!(findings(), ["ca-not-permitted"]);
    site.sh("chmod 755 ca/ca_conf ca/repository");
    if !machine::is_root() {
        site.sh("chmod 000 ca/ca_conf/ca.db ca/ca_conf/serial.num ca/ca_conf/audit.log");
    }
    let found = findings();
    assert!(
        found
            .iter()
            .all(|slug| slug == "ca-not-permitted" || slug == "host-keys-readable-by-others")
            && !found.is_empty(),
        "{found:#?}"
    );
    site.is_silent_about("audit-chain-broken");
    if machine::is_root() {
        site.is_silent_about("ca-not-permitted");
    }
}

#[test]
fn links_and_other_things_in_the_places_of_files_are_found() {
    is_gone_when_typed(
        "ca-file-irregular",
        "mv ca/ca_conf/ca.db elsewhere && ln -s \"$PWD/elsewhere\" ca/ca_conf/ca.db",
    );
    is_gone_when_typed(
        "ca-file-irregular",
        "mv ca/repository/01.pem elsewhere && ln -s \"$PWD/elsewhere\" ca/repository/01.pem",
    );
    is_gone_when_typed("ca-folder-missing", "rm -r ca/repository");
    // Those of former keys are replaced like its own.
    for place in ["ca_crl.pem", "old_with_new.pem"] {
        let site = Site::new();
        site.ca.gsec(&["ca", "rekey"]).run().ok();
        site.sh(&format!(
            "cd ca/ca_conf/previous/*/ && rm -f {place} && mkdir {place}"
        ));
        site.finds("ca-file-irregular");
    }
    // Moved away, they would be lost, and without its policy a CA permits more.
    for fault in [
        "mv ca/repository elsewhere && ln -s \"$PWD/elsewhere\" ca/repository",
        "rm ca/ca_conf/gsec.toml && mkfifo -m 644 ca/ca_conf/gsec.toml",
    ] {
        let site = Site::new();
        site.sh(fault);
        let found = site.finds("ca-file-irregular");
        assert!(found.fix.is_empty() && !found.advice.is_empty(), "{found:#?}");
    }
}

// ------------------------------------------------------------------------------------------------ ca.db and the numbers

#[test]
fn lines_that_are_no_records_become_comments() {
    let site = is_gone_when_typed(
        "index-bad-lines",
        "sed -i '1a nonsense' ca/ca_conf/ca.db && echo >> ca/ca_conf/ca.db",
    );
    site.works();
    // A record that is damaged is found again by its certificate.
    let site = is_gone_when_typed("index-bad-lines", "sed -i '1s/^V/X/' ca/ca_conf/ca.db");
    let found = site.finds("certificate-without-record");
    site.type_remedy(&found);
    assert_eq!(site.findings().len(), 0, "{:#?}", site.findings());
    site.works();
}

#[test]
fn torn_last_lines_are_set_aside() {
    let site = is_fixed("index-torn-line", "printf 'V\\t3610' >> ca/ca_conf/ca.db");
    assert_eq!(
        fs::read(site.ca.conf("ca.db.torn-1")).expect("it is kept"),
        b"V\t3610"
    );
    is_fixed("audit-log-torn", "printf '{\"seq\":' >> ca/ca_conf/audit.log");
}

#[test]
fn serial_numbers_that_stand_there_twice_are_found_and_the_revoked_line_holds() {
    let site = is_gone_when_typed(
        "index-duplicate-serials",
        "sed -n 1p ca/ca_conf/ca.db >> ca/ca_conf/ca.db",
    );
    site.works();
    let site = is_gone_when_typed(
        "index-duplicate-serials",
        "sed -n 's/^R\\t\\([^\\t]*\\)\\t[^\\t]*/V\\t\\1\\t/p' ca/ca_conf/ca.db >> ca/ca_conf/ca.db",
    );
    let index = fs::read_to_string(site.ca.conf("ca.db")).expect("ca.db");
    assert!(
        index.lines().any(|line| line.starts_with("R\t"))
            && index.lines().any(|line| line.starts_with("#V\t")),
        "{index}"
    );
}

#[test]
fn subjects_that_may_have_one_certificate_only_are_told_where_they_have_two() {
    let fault = "gsec cert issue --ca-dir ca --host db1.example.com --key-type p256 --no-pfx && echo 'unique_subject = yes' > ca/ca_conf/ca.db.attr";
    let site = is_gone_when_typed("index-duplicate-subjects", fault);
    site.works();
}

#[test]
fn expired_records_that_openssl_would_stumble_over_are_marked() {
    let old = OldCa::new();
    let finds = || {
        findings_of(&gsec(&["doctor", "--json", &old.path]).run())
            .into_iter()
            .find(|found| found.slug == "index-expired-not-marked")
    };
    assert!(finds().is_none());
    type_line_in(&old.dir, "sed -i 's/^E/V/' old/ca_conf/ca.db").ok();
    let found = finds().expect("it is found");
    type_line_in(&old.dir, &found.fix[0]).ok();
    assert!(finds().is_none());
}

#[test]
fn a_missing_attribute_file_is_written_anew() {
    is_fixed("index-attributes-missing", "rm ca/ca_conf/ca.db.attr");
    is_fixed(
        "index-attributes-missing",
        "echo '# nothing' > ca/ca_conf/ca.db.attr",
    );
}

#[test]
fn serial_num_is_raised_above_everything_that_is_in_use() {
    let next = |site: &Site| fs::read_to_string(site.ca.conf("serial.num")).expect("serial.num");
    for (slug, fault) in [
        ("serial-number-behind", "echo 02 > ca/ca_conf/serial.num"),
        ("serial-number-damaged", "echo nonsense > ca/ca_conf/serial.num"),
        ("serial-number-damaged", "rm ca/ca_conf/serial.num"),
        ("serial-number-damaged", ": > ca/ca_conf/serial.num"),
    ] {
        let site = is_gone_when_typed(slug, fault);
        assert_eq!(next(&site), "04\n", "{fault}");
        is_fixed(slug, fault);
    }
    // OpenSSL does not read an odd number of digits; the number stays.
    let site = is_gone_when_typed("serial-number-damaged", "echo 400 > ca/ca_conf/serial.num");
    assert_eq!(next(&site), "0400\n");
    // A file counts as much as a record.
    let site = is_gone_when_typed(
        "serial-number-behind",
        "cp ca/repository/01.pem ca/repository/1F.pem",
    );
    assert_eq!(next(&site), "20\n");
}

#[test]
fn crl_num_is_raised_above_the_number_of_the_crl() {
    for (slug, fault) in [
        ("crl-number-damaged", "rm ca/ca_conf/crl.num"),
        ("crl-number-damaged", "echo nonsense > ca/ca_conf/crl.num"),
        ("crl-number-damaged", "echo 100 > ca/ca_conf/crl.num"),
        ("crl-number-behind", "echo 01 > ca/ca_conf/crl.num"),
    ] {
        is_fixed(slug, fault);
    }
}

// ------------------------------------------------------------------------------------------------ records and certificates

#[test]
fn a_record_that_a_killed_call_left_is_revoked() {
    let site = is_fixed(
        "record-without-file",
        "rm ca/repository/02* && touch -d '1 hour ago' ca/ca_conf/ca.db",
    );
    let index = fs::read_to_string(site.ca.conf("ca.db")).expect("ca.db");
    assert!(
        index.lines().any(|line| line.starts_with("R\t")
            && line.contains("\t02\t")
            && line.contains("cessationOfOperation")),
        "{index}"
    );
    // The CRL of the same call has it.
    site.ca.gsec(&["crl", "show"]).run().ok().says("02");
}

#[test]
fn a_record_of_a_call_that_may_be_at_work_is_left_alone() {
    let site = Site::new();
    site.sh("rm ca/repository/02*");
    assert_eq!(site.finds("record-without-file").severity, "notice");
    let before = Tree::of(&site.ca.path);
    site.fix();
    Tree::of(&site.ca.path).is_unchanged_since(&before);
}

#[test]
fn a_record_whose_files_were_deleted_is_not_revoked_unasked() {
    let site = Site::new();
    // OpenSSL makes the file before the record: no kill leaves this.
    site.sh("openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k.pem -subj /CN=openssl -out ca/r.csr");
    site.ca.openssl_ca(&["-in", "r.csr", "-out", "r.pem"]).run().ok();
    site.sh("rm ca/r.csr ca/r.pem ca/repository/04.pem ca/ca_conf/*.old && touch -d '1 hour ago' ca/ca_conf/ca.db");
    let found = site.finds("record-without-file");
    assert!(found.seen.contains("deleted"), "{found:#?}");
    site.fix();
    site.finds("record-without-file");
    site.type_remedy(&found);
    site.is_silent_about("record-without-file");
}

#[test]
fn the_cas_copy_of_a_certificate_is_made_from_the_hosts_file() {
    let site = is_fixed("certificate-copy-missing", "rm ca/repository/02.pem");
    let [ours, theirs] = ["02.pem", "02_db2_cert.pem"]
        .map(|name| fs::read(format!("{}/repository/{name}", site.ca.path)).expect("a file"));
    assert_eq!(ours, theirs);
}

#[test]
fn certificates_that_an_older_ca_db_does_not_know_are_recorded_and_revoked_ones_stay_revoked() {
    let fault = "cp -p ca/ca_conf/ca.db old.db && for h in x y z; do gsec cert issue --ca-dir ca --host $h.example.com --key-type p256 --no-pfx; done && \
                 gsec cert revoke --ca-dir ca --serial 05 --reason superseded && cp -p ca/ca_conf/ca.db new.db && cp -p old.db ca/ca_conf/ca.db";
    let site = is_fixed("certificate-without-record", fault);
    site.sh("cp -p new.db ca/ca_conf/wanted.db && head -6 ca/ca_conf/ca.db | cmp - ca/ca_conf/wanted.db && rm ca/ca_conf/wanted.db");
    site.ca.gsec(&["ca", "log", "--verify"]).run().ok();
    assert_eq!(site.findings().len(), 0, "{:#?}", site.findings());
}

#[test]
fn certificates_of_another_ca_are_moved_away_and_never_recorded() {
    let fault = "gsec ca init --ca-dir other --cn Other --key-type p256 && gsec cert issue --ca-dir other --host db9.example.com --key-type p256 --no-pfx && \
                 cp other/repository/01.pem ca/repository/7E.pem && echo 7F > ca/ca_conf/serial.num";
    let site = is_gone_when_typed("certificate-of-another-ca", fault);
    assert!(Path::new(&site.ca.dir.path("ca/7E.pem")).exists());
    // In the place of one of this CA's.
    is_gone_when_typed(
        "certificate-of-another-ca",
        &fault.replace("repository/7E.pem", "repository/01.pem"),
    );
}

#[test]
fn a_record_that_says_something_else_than_its_certificate_is_corrected() {
    let end = "sed -i '1s/^V\\t[0-9]*Z/V\\t400101000000Z/' ca/ca_conf/ca.db";
    let site = is_fixed("certificate-differs-from-record", end);
    site.sh("head -3 ca/ca_conf/ca.db | cmp - BACKUP/ca_conf/ca.db");
    let site = is_fixed(
        "certificate-differs-from-record",
        "sed -i '2s/CN=db2/CN=db7/' ca/ca_conf/ca.db",
    );
    site.sh("head -3 ca/ca_conf/ca.db | cmp - BACKUP/ca_conf/ca.db");
    // Another certificate under its name: that is put right from the host's file, and no record changed.
    let site = is_gone_when_typed(
        "certificate-differs-from-record",
        "cp ca/repository/02.pem ca/repository/01.pem",
    );
    site.sh("cmp ca/ca_conf/ca.db BACKUP/ca_conf/ca.db && cmp ca/repository/01.pem BACKUP/repository/01.pem");
    is_gone_when_typed("certificate-file-damaged", "echo nonsense > ca/repository/01.pem");
    is_gone_when_typed(
        "certificate-file-damaged",
        "echo nonsense > ca/repository/0F.pem && echo 10 > ca/ca_conf/serial.num",
    );
}

/// The fix for a damaged file touches that file alone, overwrites nothing, and is offered only where it works.
#[test]
fn a_damaged_certificate_file_is_put_back_and_nothing_is_overwritten() {
    for (situation, more, is_fixable) in [
        ("alone", "true", true),
        (
            "with a name that the shell would read",
            "cp -p ca/repository/01_*_cert.pem 'ca/repository/01_a b$(touch x)_cert.pem'",
            true,
        ),
        (
            "with an older one set aside",
            "echo old > ca/repository/01.pem.before",
            true,
        ),
        (
            "with another certificate in the host's file",
            "cp ca/repository/02.pem $(ls ca/repository/01_*_cert.pem)",
            false,
        ),
        ("without the host's file", "rm ca/repository/01_*_cert.pem", false),
        (
            "with a damaged host's file",
            "echo nonsense > $(ls ca/repository/01_*_cert.pem)",
            false,
        ),
    ] {
        let site = Site::new();
        site.sh(&format!(
            "chmod u+w ca/repository/*; {more}; echo nonsense > ca/repository/01.pem"
        ));
        let before = common::Tree::of(site.ca.dir.path("ca/repository"));
        let found = site.finds("certificate-file-damaged");
        assert!(
            found.subject.ends_with("01.pem") && found.fix.is_empty() != is_fixable,
            "{situation}: {found:#?}"
        );
        if !is_fixable {
            assert!(!found.advice.is_empty(), "{situation}: {found:#?}");
            continue;
        }
        assert!(
            found.fix.iter().all(|fix| !fix.contains('*')),
            "{situation}: {found:#?}"
        );
        site.type_remedy(&found);
        site.is_silent_about("certificate-file-damaged");
        site.sh("cmp ca/repository/01.pem BACKUP/repository/01.pem && test ! -e x");
        let after = common::Tree::of(site.ca.dir.path("ca/repository"));
        after.keeps(&before, &["01.pem"]);
        site.sh("grep -q nonsense ca/repository/01.pem.before*");
    }
}

#[test]
fn a_revocation_that_an_older_ca_db_forgot_is_made_again() {
    let fault = "cp -p ca/ca_conf/ca.db old.db && gsec cert revoke --ca-dir ca --serial 01 --reason keyCompromise && cp -p old.db ca/ca_conf/ca.db";
    let site = is_fixed("revocation-lost", fault);
    site.sh(
        "grep -q '^R.*keyCompromise.*\t01\t' ca/ca_conf/ca.db && openssl crl -noout -text -in ca/ca_conf/ca_crl.pem | grep -q 'Serial Number: 01'",
    );
    // Only the CRL knows.
    let site = is_fixed(
        "revocation-lost",
        &format!(
            "cp -p ca/ca_conf/audit.log old.log; cp -p ca/ca_conf/audit.head old.head; {fault} && cp -p old.log ca/ca_conf/audit.log && cp -p old.head ca/ca_conf/audit.head"
        ),
    );
    site.sh("grep -q '^R.*keyCompromise.*\t01\t' ca/ca_conf/ca.db");
    // A hold that was taken back is none.
    let site = Site::new();
    site.sh("gsec cert revoke --ca-dir ca --serial 01 --reason certificateHold && gsec cert unhold --ca-dir ca --serial 01");
    assert_eq!(site.findings().len(), 0, "{:#?}", site.findings());
}

#[test]
fn certificates_that_expire_soon_are_told_until_they_have_a_successor() {
    let fault = "cd ca && openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ../k.pem -subj /CN=db5.example.com \
                 -addext subjectAltName=DNS:db5.example.com -out ../r.csr && \
                 openssl ca -batch -config ca_conf/ca.conf -in ../r.csr -out ../r.pem -startdate $(date -u -d '80 days ago' +%Y%m%d%H%M%SZ) \
                 -enddate $(date -u -d '20 days' +%Y%m%d%H%M%SZ)";
    let site = is_gone_when_typed("certificates-expire-soon", fault);
    // One that lasts three weeks at all does not end soon in the first of them.
    site.sh("gsec cert issue --ca-dir ca --host short.example.com --days 21 --key-type p256 --no-pfx");
    site.is_silent_about("certificates-expire-soon");
}

// ------------------------------------------------------------------------------------------------ audit log and CRL

#[test]
fn a_changed_audit_log_is_found_and_never_mended() {
    let site = Site::new();
    site.is_silent_about("audit-chain-broken");
    site.sh("sed -i '2s/db1/db7/' ca/ca_conf/audit.log");
    let found = site.finds("audit-chain-broken");
    assert!(found.seen.starts_with("line 3: "), "{found:#?}");
    let before = Tree::of(&site.ca.path);
    site.fix();
    Tree::of(&site.ca.path).is_unchanged_since(&before);
    type_line_in(&site.ca.dir, &found.look[0]).code(1);
    site.sh("cp -p BACKUP/ca_conf/audit.log ca/ca_conf/");
    site.is_silent_about("audit-chain-broken");
}

#[test]
fn a_log_that_was_cut_is_told_from_what_openssl_issued() {
    let site = Site::new();
    site.sh("gsec cert issue --ca-dir ca --host db8.example.com --key-type p256 --no-pfx && cp -p BACKUP/ca_conf/audit.log ca/ca_conf/");
    let found = site.finds("audit-chain-broken");
    assert!(found.seen.contains("lines were cut off or changed"), "{found:#?}");
    let site = Site::new();
    site.sh("openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k.pem -subj /CN=openssl -out ca/r.csr");
    site.ca.openssl_ca(&["-in", "r.csr", "-out", "r.pem"]).run().ok();
    site.ca.openssl_ca(&["-revoke", "repository/01.pem"]).run().ok();
    site.sh("gsec crl update --ca-dir ca");
    let all = site.findings();
    assert!(
        all.len() == 1 && all[0].slug == "records-not-announced" && all[0].severity == "notice",
        "{all:#?}"
    );
    assert!(
        all[0].seen.contains("recorded without a line")
            && all[0].seen.contains("revoked without a line: serial 01"),
        "{all:#?}"
    );
    // Once the records are taken into the log, they are nothing odd any more, whatever comes after.
    site.fix();
    assert_eq!(site.findings().len(), 0, "{:#?}", site.findings());
    site.sh("gsec cert issue --ca-dir ca --host db9.example.com --key-type p256 --no-pfx && gsec ca log --verify --ca-dir ca");
    assert_eq!(site.findings().len(), 0, "{:#?}", site.findings());
}

#[test]
fn crls_are_made_anew() {
    let by_openssl = |from: &str, to: &str| {
        format!(
            "cd ca && openssl ca -config ca_conf/ca.conf -gencrl -crl_lastupdate $(date -u -d '{from}' +%Y%m%d%H%M%SZ) \
             -crl_nextupdate $(date -u -d '{to}' +%Y%m%d%H%M%SZ) -out ca_conf/ca_crl.pem"
        )
    };
    for (slug, fault) in [
        ("ca-crl-missing", "rm ca/ca_conf/ca_crl.pem".to_owned()),
        ("ca-crl-damaged", "echo nonsense > ca/ca_conf/ca_crl.pem".into()),
        (
            "ca-crl-of-another-key",
            "gsec ca init --ca-dir other --cn Other --key-type p256 && gsec crl update --ca-dir other && cp other/ca_conf/ca_crl.pem ca/ca_conf/"
                .into(),
        ),
        ("ca-crl-overdue", by_openssl("40 days ago", "10 days ago")),
        ("ca-crl-due-soon", by_openssl("29 days ago", "1 day")),
        ("ca-crl-incomplete", "gsec cert revoke --ca-dir ca --serial 01 --no-crl".into()),
        (
            "ca-crl-outdated",
            "gsec cert revoke --ca-dir ca --serial 01 --reason certificateHold && gsec cert unhold --ca-dir ca --serial 01 --no-crl"
                .into(),
        ),
        (
            "ca-crl-outdated",
            "gsec cert revoke --ca-dir ca --serial 01 --reason certificateHold && gsec cert revoke --ca-dir ca --serial 01 --reason keyCompromise --no-crl"
                .into(),
        ),
    ] {
        let site = is_fixed(slug, &fault);
        site.sh("openssl crl -in ca/ca_conf/ca_crl.pem -CAfile ca/ca_conf/ca_cert.pem -noout");
    }
}

/// Sets the address of the CRL, and in how many parts it is.
fn in_parts(count: u16) -> String {
    format!(
        "sed -i 's|^crl_addresses = .*|crl_addresses = [\"http://pki.example.com/ca.crl\"]|; s/^crl_shards = .*/crl_shards = {count}/' ca/ca_conf/gsec.toml"
    )
}

#[test]
fn parts_of_the_crl_are_made_again() {
    for fault in [
        "rm ca/ca_conf/crl/ca-2-1.crl",
        "cp ca/ca_conf/crl/ca-2-0.crl ca/ca_conf/crl/ca-2-1.crl",
        "cp -r ca/ca_conf/crl OLD && gsec cert revoke --ca-dir ca --serial 01 && cp OLD/* ca/ca_conf/crl/",
    ] {
        let fault = format!("{} && gsec crl update --ca-dir ca && {fault}", in_parts(2));
        is_fixed("ca-crl-parts", &fault);
    }
    let site = Site::new();
    site.sh(&format!("{} && gsec crl update --ca-dir ca", in_parts(2)));
    site.is_silent_about("ca-crl-parts");
}

#[test]
fn parts_of_the_crl_are_asked_for_where_there_are_many_certificates() {
    let site = Site::new();
    site.sh(&in_parts(0));
    site.is_silent_about("ca-crl-in-one-piece");
    site.sh(
        "seq 1048576 1058576 | while read n; do printf 'V\\t491231235959Z\\t\\t%06X\\tunknown\\t/CN=h%d.example.com\\n' $n $n; done >> ca/ca_conf/ca.db",
    );
    let found = site.findings();
    assert!(
        found.iter().any(|found| found.slug == "ca-crl-in-one-piece"),
        "{found:#?}"
    );
    site.sh(&in_parts(16));
    site.is_silent_about("ca-crl-in-one-piece");
}

#[test]
fn the_crls_of_former_keys_are_looked_at_too() {
    let site = Site::new();
    site.sh("gsec ca rekey --ca-dir ca && gsec cert revoke --ca-dir ca --serial 01 --no-crl");
    let found: Vec<Found> = site
        .findings()
        .into_iter()
        .filter(|found| found.slug == "ca-crl-incomplete")
        .collect();
    assert_eq!(found.len(), 2, "{found:#?}");
    site.type_remedy(&found[1]);
    site.is_silent_about("ca-crl-incomplete");
}

// ------------------------------------------------------------------------------------------------ leftovers and settings

#[test]
fn leftovers_of_killed_calls_are_removed_when_they_are_gsecs_own_and_old() {
    let old = "echo secret > ca/repository/.gsec-a1B2c3.tmp && touch -d '2 hours ago' ca/repository/.gsec-a1B2c3.tmp";
    let site = is_fixed("ca-leftovers", old);
    assert!(!Path::new(&format!("{}/repository/.gsec-a1B2c3.tmp", site.ca.path)).exists());
    is_gone_when_typed(
        "ca-leftovers",
        "echo x > ca/ca_conf/ca.db.new && touch -d '2 hours ago' ca/ca_conf/ca.db.new",
    );
    is_gone_when_typed(
        "ca-leftovers",
        "mkdir ca/.gsec-a1B2c3 && touch -d '2 hours ago' ca/.gsec-a1B2c3",
    );
    // What is young may be of a call at work, and what is not gsec's is not touched.
    let site = Site::new();
    site.sh("echo x > ca/repository/.gsec-a1B2c3.tmp && echo mine > ca/repository/.gsec-notes && touch -d '2 hours ago' ca/repository/.gsec-notes");
    assert_eq!(site.findings().len(), 0, "{:#?}", site.findings());
}

#[test]
fn who_holds_the_lock_is_named_and_can_be_ended() {
    let site = Site::new();
    // It execs, so that who holds the lock is one process.
    let mut command = tool("flock")
        .args(&["-F", &site.ca.conf(".lock"), "sleep", "1000"])
        .into_command();
    let mut holder = ChildGuard::start(&mut command);
    assert!(wait_until(&mut holder, || type_line_in(
        &site.ca.dir,
        "flock -n ca/ca_conf/.lock true"
    )
    .status
        != Some(0)));
    let found = site.finds("ca-lock-held");
    assert!(found.seen.contains("process"), "{found:#?}");
    // To end a process is nothing to be pasted: it is named, and how to look at it.
    assert!(found.fix.is_empty() && found.advice.len() == 1, "{found:#?}");
    site.type_remedy(&found);
    site.sh(&found.look[0].replace("ps -fp", "kill"));
    site.is_silent_about("ca-lock-held");
}

#[test]
fn a_damaged_index_of_hosts_is_removed() {
    let fault = "gsec cert ensure --ca-dir ca --host db1.example.com --key-type p256 --no-pfx; touch -d '1 hour ago' ca/ca_conf/ca.db; \
                 gsec cert ensure --ca-dir ca --host db1.example.com --key-type p256 --no-pfx; printf nonsense > ca/ca_conf/.hosts.idx";
    is_fixed("host-index-damaged", fault);
}

#[test]
fn settings_are_read() {
    let site = Site::new();
    site.sh("sed -i '1i nonsense = 1' ca/ca_conf/gsec.toml");
    let found = site.finds("policy-damaged");
    assert!(found.seen.contains("line 1"), "{found:#?}");
    assert!(found.fix.is_empty() && !found.advice.is_empty(), "{found:#?}");
    site.sh("sed -i 1d ca/ca_conf/gsec.toml");
    site.is_silent_about("policy-damaged");
    is_fixed("openssl-configuration-missing", "rm ca/ca_conf/ca.conf");
    let site = is_gone_when_typed(
        "openssl-configuration-elsewhere",
        "sed -i 's|^database .*|database = /srv/other/ca.db|' ca/ca_conf/ca.conf",
    );
    site.works();
}

#[test]
fn a_full_and_a_read_only_disk_are_told() {
    machine::in_private_mounts(
        concat!(module_path!(), "::a_full_and_a_read_only_disk_are_told"),
        || {
            let dir = TestDir::new();
            let run = |line: &str| drop(type_line_in(&dir, line).ok());
            run(
                "mkdir disk && mount -t tmpfs -o size=256m,mode=700 tmpfs disk && gsec ca init --ca-dir disk/ca --cn Disk --key-type p256",
            );
            let finds = |slug: &str| {
                findings_of(&gsec(&["doctor", "--json", &dir.path("disk/ca")]).run())
                    .into_iter()
                    .any(|found| found.slug == slug)
            };
            assert!(!finds("ca-disk-full"));
            run("head -c 220m /dev/zero > disk/ballast");
            assert!(finds("ca-disk-full"));
            run("rm disk/ballast && mount -o remount,ro disk");
            assert!(!finds("ca-disk-full") && finds("ca-disk-read-only"));
            run("mount -o remount,rw disk");
            assert!(!finds("ca-disk-read-only"));
            run("umount disk");
        },
    );
}

/// Not every file system has marks, and not every machine lets root set them.
#[test]
fn marks_that_bind_root_too_are_told() {
    let (slug, dir) = ("ca-cannot-be-changed", TestDir::new());
    let can_mark = type_line_in(&dir, "touch x && chattr +a x && chattr -a x").status == Some(0);
    if can_mark {
        for fault in [
            "chattr +i ca/ca_conf/ca.db",
            "chattr +a ca/repository",
            "chattr +i ca/ca_conf/.lock",
        ] {
            is_gone_when_typed(slug, fault);
        }
    }
}

// ------------------------------------------------------------------------------------------------ everything at once

/// Whatever becomes of one file, the rest is looked at, and every finding is said in whole.
#[test]
fn each_part_is_examined_by_itself() {
    let names = [
        "ca_cert.pem",
        "ca_priv_key.pem",
        "ca.db",
        "ca.db.attr",
        "serial.num",
        "crl.num",
        "ca_crl.pem",
        "ca.conf",
        "gsec.toml",
        "audit.log",
        "audit.head",
        ".lock",
    ];
    let site = Site::new();
    for name in names {
        for kind in ["missing", "empty", "nonsense", "zeros", "folder", "link", "pipe"] {
            let path = site.ca.conf(name);
            let _ = fs::remove_file(&path);
            match kind {
                "missing" => {}
                "empty" => fs::write(&path, "").expect("write"),
                "nonsense" => fs::write(&path, "nonsense\n\t\t\t\t\t\n").expect("write"),
                "zeros" => fs::write(&path, vec![0; 100_000]).expect("write"),
                "folder" => fs::create_dir(&path).expect("folder"),
                "link" => symlink("/dev/zero", &path).expect("link"),
                _ => drop(tool("mkfifo").args(&[&path]).run().ok()),
            }
            let outcome = gsec(&["doctor", "--json", &site.ca.path]).run();
            assert!(matches!(outcome.status, Some(0 | 1)), "{name} {kind}: {outcome}");
            findings_of(&outcome);
            let metadata = fs::symlink_metadata(&path);
            assert!(
                metadata.as_ref().is_err() == (kind == "missing") || name == ".lock",
                "{name} {kind}: doctor changes nothing"
            );
            assert!(kind != "pipe" || metadata.expect("it is there").file_type().is_fifo());
            site.sh(&format!(
                "rm -rf ca/ca_conf/{name} && cp -a BACKUP/ca_conf/{name} ca/ca_conf/"
            ));
        }
    }
    assert_eq!(site.findings().len(), 0, "{:#?}", site.findings());
    site.sh("rm -r ca/ca_conf/* ca/repository");
    assert!(site.findings().len() > 4);
    gsec(&["doctor", &site.ca.dir.path("")]).run().code(3);
}

/// Killed at whatever moment, `--fix` leaves a directory that works, and a second one finishes what is left.
#[test]
fn a_mend_that_is_killed_is_finished_by_the_next() {
    let fault = "for n in 1 2 3 4 5 6; do gsec cert issue --ca-dir ca --host h$n.example.com --key-type p256 --no-pfx; done; gsec cert revoke --ca-dir ca --serial 05; \
                 cp -p BACKUP/ca_conf/ca.db BACKUP/ca_conf/serial.num ca/ca_conf/; rm ca/ca_conf/ca.db.attr ca/ca_conf/crl.num; chmod 755 ca/repository";
    let site = Site::new();
    site.sh(fault);
    site.sh("cp -a ca faulty");
    let mut killed = 0;
    for name in [
        "write",
        "fsync",
        "fdatasync",
        "rename",
        "renameat2",
        "linkat",
        "chmod",
    ] {
        for call in 1.. {
            site.sh("rm -rf ca && cp -a faulty ca");
            let [trace, inject] = [
                format!("trace={name}"),
                format!("inject={name}:signal=KILL:when={call}"),
            ];
            let traced = ["-f", "-qq", "-o", "/dev/null", "-e", &trace, "-e", &inject];
            let outcome = gsec(&["doctor", "--fix", "--yes", "-q", &site.ca.path])
                .through(tool("strace").args(&traced))
                .run();
            if matches!(outcome.status, Some(0 | 1)) {
                break;
            }
            killed += 1;
            let left = site.fix();
            let serious: Vec<&Found> = left.iter().filter(|found| found.severity != "notice").collect();
            assert!(serious.is_empty(), "killed at {name} {call}: {serious:#?}");
            site.ca.gsec(&["ca", "log", "--verify"]).run().ok();
            if call % 5 == 1 {
                site.works();
            }
        }
    }
    assert!(killed > 20, "it was killed {killed} times only");
}

#[test]
fn old_directories_made_by_openssl_are_mended_as_well() {
    let old = OldCa::new();
    let finds = |slug: &str| {
        findings_of(&gsec(&["doctor", "--json", &old.path]).run())
            .into_iter()
            .any(|found| found.slug == slug)
    };
    type_line_in(
        &old.dir,
        "sed -i 1d old/ca_conf/ca.db && echo 0E > old/ca_conf/serial.num",
    )
    .ok();
    assert!(finds("certificate-without-record") && finds("serial-number-behind"));
    findings_of(&gsec(&["doctor", "--json", "--fix", "--yes", &old.path]).run());
    assert!(!finds("certificate-without-record") && !finds("serial-number-behind"));
    assert!(
        !Path::new(&old.file("ca_conf/audit.log")).exists(),
        "a directory that was not adopted gets no audit log"
    );
    old.openssl_ca(&["-gencrl", "-out", "x.crl"]).fails(); // the old scripts' configuration has no crlnumber
    openssl(&["verify", "-CAfile", &old.certificate, &old.host_certificate(0)])
        .run()
        .ok();
    let mode = fs::metadata(old.file("ca_conf/ca_priv_key.pem"))
        .expect("key")
        .permissions()
        .mode();
    assert_eq!(mode & 0o077, 0);
}

/// gsec reads more forms of PEM than OpenSSL does: what OpenSSL cannot load is not healthy.
#[test]
fn files_that_openssl_cannot_load_are_told() {
    for (file, command) in [
        ("ca_conf/ca_cert.pem", &["x509", "-noout", "-in"][..]),
        ("ca_conf/ca_crl.pem", &["crl", "-noout", "-in"]),
        ("ca_conf/ca_priv_key.pem", &["pkey", "-noout", "-in"]),
        ("repository/01_db1_cert.pem", &["x509", "-noout", "-in"]),
    ] {
        for form in ["empty line", "DER"] {
            let scene = common::Scene::with_ca();
            scene
                .gsec(&["cert", "issue", "--host", "db1.example.com", "--key-type", "p256"])
                .run()
                .ok();
            scene.gsec(&["crl", "update"]).run().ok();
            let path = format!("gsec-ca/{file}");
            let loads = || {
                let openssl = openssl(&[command, &[path.as_str()]].concat());
                openssl.in_dir(scene.dir.path("")).run().status == Some(0)
            };
            assert!(loads(), "{path}");
            scene.gsec(&["doctor", "gsec-ca"]).run().ok();
            match form {
                "DER" => {
                    let text = scene.read(&path);
                    let block = &gsec_pki::encoding::pem::decode_all(text.as_bytes()).expect("PEM")[0];
                    scene.write(&path, &*block.content);
                }
                _ => {
                    // After the second line of base64.
                    let text = scene.read(&path);
                    let (at, _) = text.match_indices('\n').nth(2).expect("three lines");
                    scene.write(&path, format!("{}\n{}", &text[..at], &text[at..]));
                }
            }
            // OpenSSL 3 finds out by itself that a file is DER; what is built on it for PEM does not.
            assert!(form == "DER" || !loads(), "{path}");
            let doctor = scene.gsec(&["doctor", "gsec-ca"]).run().code(1);
            assert!(
                doctor.stdout.contains("pem-form") || doctor.stdout.contains("damaged"),
                "{path}, {form}: {doctor}"
            );
        }
    }
}

/// gsec works with a key under another label, and `openssl ca` does not.
#[test]
fn key_of_the_ca_that_openssl_cannot_load_is_told() {
    let scene = Scene::with_ca();
    let key = "gsec-ca/ca_conf/ca_priv_key.pem";
    is_silent(&scene, &["gsec-ca"], "key-form");
    scene.openssl(&["ec", "-in", key, "-out", "sec1.pem"]);
    scene.write(key, scene.read("sec1.pem").replace("EC PRIVATE", "RSA PRIVATE"));
    scene.chmod(key, 0o600);
    let found = finds(&scene, &["gsec-ca"], "key-form");
    assert!(
        found.severity == "warning" && found.seen.contains("labeled `RSA PRIVATE KEY`"),
        "{found:?}"
    );
    let openssl = openssl(&["pkey", "-noout", "-in", &scene.dir.path(key)]).run();
    assert_ne!(openssl.status, Some(0), "{openssl}");
    scene.issue("db1.example.com", &[]).run().ok();
}
