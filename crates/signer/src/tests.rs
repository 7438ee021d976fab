//! A CA whose key another process has: what it signs, and what someone gets who has taken over the caller.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration as Wait, Instant};

use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::journal::{Entry, Journal};
use crate::message::{Announced, Answer, CertifyResult, PROTOCOL, Request};
use crate::{Client, Desk, RemoteKeys, check_journal, serve};
use gsec_ca::authority::{
    Authority, AuthorityError, AuthorityOrder, CrlOrder, Delivery, HostKey, HostOrder, HourlyLimit,
    IssuedHost, NewAuthority, OutFiles, OutNames, Session, Signatures, StatusOrder, Unlocked,
};
use gsec_ca::home::{CaDir, Intent, LockWait};
use gsec_ca::policy::{OCSP_RESPONDER, SerialSource};
use gsec_ca::records::Principal;
use gsec_env::{Clock, Random};
use gsec_pki::key::{KeyAlgorithm, KeyFormat, PrivateKey, SignatureCheck};
use gsec_pki::x509::{
    AttributeKind, CrlBuilder, CrlShard, ExtendedKeyUsage, GeneralName, NameAttribute, NameParts,
    RevocationList, RevocationReason, RevokedEntry, rfc3339,
};

const NOW: OffsetDateTime = datetime!(2030-03-27 12:00 UTC);

/// A clock that a test sets.
#[derive(Clone)]
struct Set(Arc<Mutex<OffsetDateTime>>);

impl Clock for Set {
    fn now(&self) -> OffsetDateTime {
        *self.0.lock().expect("one at a time")
    }
}

struct Counter(u64);

impl Random for Counter {
    fn fill(&mut self, out: &mut [u8]) {
        for byte in out {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            *byte = self.0.to_be_bytes()[0];
        }
    }
}

fn session<T>(action: &'static str, now: OffsetDateTime, work: impl FnOnce(&mut Session<'_>) -> T) -> T {
    let mut random = Counter(now.unix_timestamp().unsigned_abs());
    work(&mut Session {
        action,
        now,
        random: &mut random,
        by: Principal::default(),
        wait: LockWait::silent(Wait::from_secs(10)),
    })
}

/// A CA directory, and a signer for it at a socket.
struct Site {
    folder: tempfile::TempDir,
    authority: Authority,
    clock: Set,
}

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let name = NameParts::new(NameAttribute::parse(AttributeKind::CommonName, "Example CA"));
        let order = AuthorityOrder {
            name,
            algorithm: KeyAlgorithm::P256,
            lifetime: None,
            path_len: None,
            constraints: None,
            serial: SerialSource::Sequential,
        };
        let new = NewAuthority::plan(CaDir::at(folder.path().join("ca")), order, NOW).expect("a plan");
        let created = session("ca.init", NOW, |session| new.create(None, session)).expect("a CA");
        let authority = Authority::open(created.directory).expect("the CA");
        Self {
            folder,
            authority,
            clock: Set(Arc::new(Mutex::new(NOW))),
        }
    }

    fn journal(&self) -> PathBuf {
        self.folder.path().join("journal")
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("signer.sock")
    }

    fn desk(&self) -> Desk {
        let directory = self.authority.directory().clone();
        Desk::open(directory, None, &self.journal(), Box::new(self.clock.clone())).expect("a desk")
    }

    fn started(&self) -> Unlocked {
        let path = self.socket();
        let (desk, socket) = (self.desk(), path.clone());
        thread::spawn(move || serve(desk, &socket, false, || None));
        let end = Instant::now() + Wait::from_secs(60);
        let client = loop {
            match Client::connect(&path) {
                Ok(client) => break client,
                Err(error) => assert!(Instant::now() < end, "{error}"),
            }
            thread::sleep(Wait::from_millis(5));
        };
        self.authority
            .unlock_with(RemoteKeys::of(client))
            .expect("the key elsewhere")
    }

    fn issue(&self, name: &str, unlocked: &Unlocked) -> Result<IssuedHost, AuthorityError> {
        let host = GeneralName::parse_host(name).expect("a host");
        let order = HostOrder::new(Some(host), HostKey::Generate(KeyAlgorithm::P256), "host");
        let delivery = Delivery {
            pfx: None,
            key_format: KeyFormat::Pkcs8,
            out_dir: None,
            out_names: OutNames::default(),
            out_files: OutFiles::default(),
            keep_key: true,
        };
        let plan = self.authority.plan_host(order, NOW)?;
        session("cert.issue", NOW, |session| {
            self.authority.issue_host(plan, unlocked, &delivery, session)
        })
    }
}

/// What an attacker sends who has taken over the process that talks to the network: he knows every message, and has no key.
struct Attacker {
    desk: Desk,
    site: Site,
    /// How many serial numbers were used that nothing else is said of.
    used: u64,
}

impl Attacker {
    fn new() -> Self {
        let site = Site::new();
        Self {
            desk: site.desk(),
            site,
            used: 64,
        }
    }

    fn key_digits(&self) -> String {
        let key = self.site.authority.certificate().public_key();
        gsec_pki::encoding::hex::encode(&key.key_identifier(), gsec_pki::encoding::hex::Separator::None)
    }

    fn log(&self) -> PathBuf {
        self.site.authority.directory().audit_log()
    }

    /// A line that follows the log and announces an intent under a serial number.
    fn line(&self, serial: &str, intent: &Intent) -> String {
        let end = self.site.authority.records().audit_end();
        let end = end.expect("a log").expect("a line");
        self.line_after(end.seq, end.head.as_str(), serial, intent)
    }

    fn line_after(&self, seq: u64, head: &str, serial: &str, intent: &Intent) -> String {
        format!(
            "{{\"seq\":{},\"time\":\"2030-03-27T12:00:00Z\",\"action\":\"cert.issue\",\"serial\":\"{serial}\",\"intent\":\"{}\",\
             \"key\":\"{}\",\"signed_head\":true,\"prev\":\"{head}\"}}",
            seq.wrapping_add(1),
            intent.digest(),
            self.key_digits(),
        )
    }

    /// The line with its signature.
    fn seal_line(&self, line: &str) -> Result<String, String> {
        match self.desk.answer(
            None,
            Request::Seal {
                before: String::new(),
                line: line.into(),
            },
        ) {
            Answer::Sealed { line: signature, .. } => {
                let open = line.strip_suffix('}').expect("an object");
                Ok(format!("{open},\"signature\":\"{signature}\"}}\n"))
            }
            Answer::Refused(refusal) => Err(refusal.reason),
            other => panic!("{other:?}"),
        }
    }

    /// Has a line sealed, and ends before the log has it.
    fn seal_alone(&self, serial: &str, intent: &Intent) -> Result<(), String> {
        self.seal_line(&self.line(serial, intent)).map(drop)
    }

    /// Has a line sealed, and writes it.
    fn seal(&self, serial: &str, intent: &Intent) -> Result<(), String> {
        let sealed = self.seal_line(&self.line(serial, intent))?;
        let mut log = std::fs::File::options()
            .append(true)
            .open(self.log())
            .expect("the log");
        log.write_all(sealed.as_bytes()).expect("written");
        Ok(())
    }

    /// Puts the log back to where it was one line ago.
    fn cut_log(&self) {
        let text = std::fs::read_to_string(self.log()).expect("the log");
        let whole = text.strip_suffix('\n').expect("a line");
        let last = whole.rfind('\n').expect("a line before");
        std::fs::write(self.log(), &text[..=last]).expect("written");
    }

    /// The signer, started again.
    fn restarted(self) -> Self {
        let Self { desk, site, used } = self;
        drop(desk);
        Self {
            desk: site.desk(),
            site,
            used,
        }
    }

    fn certify(&self, serial: &str, intent: &Intent) -> Result<(), String> {
        let announced = Announced {
            serial: serial.into(),
            intent: intent.clone(),
        };
        match self.desk.answer(
            None,
            Request::Certify {
                announced: vec![announced],
            },
        ) {
            Answer::Certified { mut results } => match results.pop() {
                Some(CertifyResult::Certificate(_)) => Ok(()),
                Some(CertifyResult::Refused(refusal)) => Err(refusal.reason),
                None => panic!("no result"),
            },
            Answer::Refused(refusal) => Err(refusal.reason),
            other => panic!("{other:?}"),
        }
    }

    fn sealed_and_certified(&mut self, intent: &Intent) -> Result<(), String> {
        self.used += 1;
        let serial = format!("{:02X}", self.used);
        self.seal(&serial, intent)?;
        self.certify(&serial, intent)
    }

    fn refusals(&self) -> u64 {
        check_journal(&self.site.journal()).expect("a journal").refused
    }
}

fn hex(bytes: &[u8]) -> String {
    gsec_pki::encoding::hex::encode(bytes, gsec_pki::encoding::hex::Separator::None)
}

/// An intent that is permitted.
fn intent() -> Intent {
    let key = PrivateKey::generate(KeyAlgorithm::P256).expect("a key");
    use gsec_pki::key::Signer as _;
    let name = NameParts::new(NameAttribute::parse(AttributeKind::CommonName, "db1.example.com"));
    let subject = gsec_pki::x509::DistinguishedName::build(&name).expect("a name");
    Intent {
        profile: "host".into(),
        names: vec!["dns:db1.example.com".into()],
        subject: hex(subject.der()),
        not_before: rfc3339(NOW - Duration::minutes(5)),
        not_after: rfc3339(NOW + Duration::days(100)),
        public_key: hex(key.public_key().spki()),
    }
}

#[test]
fn certificates_crls_and_the_log_come_out_as_with_the_key_at_hand() {
    let site = Site::new();
    let unlocked = site.started();
    let first = site.issue("db1.example.com", &unlocked).expect("issued");
    let second = site.issue("db2.example.com", &unlocked).expect("issued");
    let ca = site.authority.certificate().public_key();
    for issued in [&first, &second] {
        assert_eq!(issued.certificate.verify_signature(ca), SignatureCheck::Good);
    }
    let order = StatusOrder::Revoke(RevocationReason::KeyCompromise);
    session("cert.revoke", NOW, |session| {
        site.authority.change_status(
            std::slice::from_ref(&first.serial),
            order,
            Some(&unlocked),
            session,
        )
    })
    .expect("revoked");
    let crl = session("crl.update", NOW, |session| {
        site.authority.update_crl(CrlOrder::default(), &unlocked, session)
    })
    .expect("a CRL")
    .crl;
    assert_eq!(crl.verify_signature(ca), SignatureCheck::Good);
    assert_eq!(
        crl.entries().map(|entry| entry.serial).collect::<Vec<_>>(),
        [first.serial]
    );
    let log = site
        .authority
        .check_log(None, Signatures::All, NOW)
        .expect("a log");
    assert!(log.problems.is_empty(), "{:?}", log.problems.len());
    assert_eq!(log.unsigned_at_end, 0);
    let journal = check_journal(&site.journal()).expect("a journal");
    assert_eq!(journal.certificates.len(), 2);
    assert_eq!(journal.refused, 0);
    let (_, head) = journal.seals.last().expect("seals");
    assert_eq!(Some(head), log.head.as_ref(), "the journal knows the log");
}

#[test]
fn nothing_else_is_signed_with_a_key_that_is_elsewhere() {
    let site = Site::new();
    let unlocked = site.started();
    let signed = unlocked.key().sign(b"a certificate that somebody put together");
    assert!(signed.is_err_and(|error| error.to_string().contains("the signer has the key")));
}

#[test]
fn permitted_intent_is_signed_once_and_only_when_it_is_announced() {
    let attacker = Attacker::new();
    let intent = intent();
    assert!(
        attacker
            .certify("0A", &intent)
            .unwrap_err()
            .contains("no sealed line announces it")
    );
    attacker.seal("0A", &intent).expect("sealed");
    assert!(
        attacker.certify("0B", &intent).is_err(),
        "under another serial number"
    );
    attacker.certify("0A", &intent).expect("certified");
    assert!(attacker.certify("0A", &intent).is_err(), "a second time");
    assert_eq!(attacker.refusals(), 3);
}

#[test]
fn altered_intent_is_refused_and_stays_announced() {
    let attacker = Attacker::new();
    let announced = intent();
    let altered = [
        Intent {
            names: vec!["dns:db2.example.com".into()],
            ..announced.clone()
        },
        Intent {
            not_after: rfc3339(NOW + Duration::days(101)),
            ..announced.clone()
        },
        Intent {
            profile: "client".into(),
            ..announced.clone()
        },
        Intent {
            public_key: intent().public_key,
            ..announced.clone()
        },
        Intent {
            subject: String::new(),
            ..announced.clone()
        },
    ];
    attacker.seal("0A", &announced).expect("sealed");
    for altered in &altered {
        let refused = attacker.certify("0A", altered).unwrap_err();
        assert!(
            refused.contains("not what the sealed line announces"),
            "{refused}"
        );
    }
    assert_eq!(attacker.refusals(), altered.len() as u64);
    attacker.certify("0A", &announced).expect("certified");
}

#[test]
fn announced_intent_that_policy_refuses_is_not_signed() {
    let mut attacker = Attacker::new();
    let policy = attacker.site.authority.directory().policy();
    let text = std::fs::read_to_string(&policy).expect("gsec.toml");
    let limited = text.replace("name_suffixes = []", "name_suffixes = [\"example.com\"]");
    let limited = limited.replace("max_lifetime_days = 0", "max_lifetime_days = 200");
    std::fs::write(&policy, limited).expect("gsec.toml");
    let own = attacker.site.authority.certificate().clone();
    let good = intent();
    attacker.sealed_and_certified(&good).expect("what is permitted");
    let rows = [
        (
            "a name outside",
            Intent {
                names: vec!["dns:db1.example.org".into()],
                ..intent()
            },
        ),
        (
            "a second name outside",
            Intent {
                names: vec!["dns:db1.example.com".into(), "dns:evil.test".into()],
                ..intent()
            },
        ),
        (
            "a wildcard outside",
            Intent {
                names: vec!["dns:*.org".into()],
                ..intent()
            },
        ),
        (
            "an evil neighbor",
            Intent {
                names: vec!["dns:evilexample.com".into()],
                ..intent()
            },
        ),
        (
            "no name",
            Intent {
                names: Vec::new(),
                ..intent()
            },
        ),
        (
            "a name of no kind",
            Intent {
                names: vec!["db1.example.com".into()],
                ..intent()
            },
        ),
        (
            "a name with a NUL",
            Intent {
                names: vec!["dns:db1.example.com\0.evil.test".into()],
                ..intent()
            },
        ),
        (
            "the CA's name",
            Intent {
                subject: hex(own.subject().der()),
                ..intent()
            },
        ),
        (
            "the CA's key",
            Intent {
                public_key: hex(own.public_key().spki()),
                ..intent()
            },
        ),
        (
            "no profile",
            Intent {
                profile: "authority".into(),
                ..intent()
            },
        ),
        (
            "too long",
            Intent {
                not_after: rfc3339(NOW + Duration::days(201)),
                ..intent()
            },
        ),
        (
            "longer than the CA",
            Intent {
                not_after: "2999-01-01T00:00:00Z".into(),
                ..intent()
            },
        ),
        (
            "of the past",
            Intent {
                not_before: rfc3339(NOW - Duration::days(30)),
                ..intent()
            },
        ),
        (
            "of the future",
            Intent {
                not_before: rfc3339(NOW + Duration::days(30)),
                ..intent()
            },
        ),
        (
            "a key that is none",
            Intent {
                public_key: "3000".into(),
                ..intent()
            },
        ),
        (
            "a subject that is none",
            Intent {
                subject: "ffff".into(),
                ..intent()
            },
        ),
    ];
    for (situation, intent) in &rows {
        assert!(attacker.sealed_and_certified(intent).is_err(), "{situation}");
    }
    assert_eq!(
        attacker.refusals(),
        rows.len() as u64,
        "every attempt is in the journal"
    );
    let journal = check_journal(&attacker.site.journal()).expect("a journal");
    assert_eq!(journal.certificates.len(), 1);
}

/// An intent for an OCSP responder that is permitted, of this CA.
fn responder_intent() -> Intent {
    let key = PrivateKey::generate(KeyAlgorithm::P256).expect("a key");
    use gsec_pki::key::Signer as _;
    let name = NameParts::new(NameAttribute::parse(
        AttributeKind::CommonName,
        "Example CA OCSP responder",
    ));
    let subject = gsec_pki::x509::DistinguishedName::build(&name).expect("a name");
    let start = NOW - Duration::minutes(5);
    Intent {
        profile: OCSP_RESPONDER.into(),
        names: Vec::new(),
        subject: hex(subject.der()),
        not_before: rfc3339(start),
        not_after: rfc3339(start + Duration::days(14)),
        public_key: hex(key.public_key().spki()),
    }
}

#[test]
fn ocsp_responder_comes_out_as_with_the_key_at_hand() {
    let site = Site::new();
    let unlocked = site.started();
    let key = PrivateKey::generate(KeyAlgorithm::P256).expect("a key");
    use gsec_pki::key::Signer as _;
    let issued = session("ocsp.responder", NOW, |session| {
        site.authority
            .issue_ocsp_responder(key.public_key(), &unlocked, session)
    })
    .expect("issued")
    .certificate;
    let ca = site.authority.certificate();
    assert!(issued.is_issued_by(ca));
    assert_eq!(
        issued.extended_key_usage(),
        Some(&[ExtendedKeyUsage::OcspSigning][..])
    );
    assert_eq!(issued.public_key(), key.public_key());
    let log = site
        .authority
        .check_log(None, Signatures::All, NOW)
        .expect("a log");
    assert!(log.problems.is_empty(), "{}", log.problems.len());
    let journal = check_journal(&site.journal()).expect("a journal");
    assert_eq!((journal.certificates.len(), journal.refused), (1, 0));
}

#[test]
fn announced_ocsp_responder_is_signed_only_as_the_signer_would_make_it() {
    let mut attacker = Attacker::new();
    let own = attacker.site.authority.certificate().clone();
    let good = responder_intent();
    assert!(
        attacker.certify("0A", &good).is_err(),
        "no line of the log announces it"
    );
    attacker.sealed_and_certified(&good).expect("what is permitted");
    let later = |days: i64| rfc3339(NOW - Duration::minutes(5) + Duration::days(days));
    let rows = [
        (
            "a name in it",
            Intent {
                names: vec!["dns:db1.example.com".into()],
                ..responder_intent()
            },
        ),
        (
            "a host as its subject",
            Intent {
                subject: intent().subject,
                ..responder_intent()
            },
        ),
        (
            "the CA as its subject",
            Intent {
                subject: hex(own.subject().der()),
                ..responder_intent()
            },
        ),
        (
            "nobody as its subject",
            Intent {
                subject: "3000".into(),
                ..responder_intent()
            },
        ),
        (
            "longer than two weeks",
            Intent {
                not_after: later(15),
                ..responder_intent()
            },
        ),
        (
            "a second longer",
            Intent {
                not_after: rfc3339(NOW - Duration::minutes(5) + Duration::days(14) + Duration::SECOND),
                ..responder_intent()
            },
        ),
        (
            "as long as the CA",
            Intent {
                not_after: rfc3339(own.not_after()),
                ..responder_intent()
            },
        ),
        (
            "of the next two weeks",
            Intent {
                not_before: later(14),
                not_after: later(28),
                ..responder_intent()
            },
        ),
        (
            "of the last two weeks",
            Intent {
                not_before: later(-10),
                not_after: later(4),
                ..responder_intent()
            },
        ),
        (
            "the CA's key",
            Intent {
                public_key: hex(own.public_key().spki()),
                ..responder_intent()
            },
        ),
        (
            "a key that is none",
            Intent {
                public_key: "3000".into(),
                ..responder_intent()
            },
        ),
    ];
    for (situation, intent) in &rows {
        assert!(attacker.sealed_and_certified(intent).is_err(), "{situation}");
    }
    assert_eq!(
        attacker.refusals(),
        rows.len() as u64 + 1,
        "every attempt is in the journal"
    );
    let journal = check_journal(&attacker.site.journal()).expect("a journal");
    assert_eq!(journal.certificates.len(), 1);
}

#[test]
fn host_does_not_speak_for_the_ca() {
    let mut attacker = Attacker::new();
    let policy = attacker.site.authority.directory().policy();
    let text = std::fs::read_to_string(&policy).expect("gsec.toml");
    // Whoever can write gsec.toml too gets no such profile, neither by its usage nor by the reserved name.
    for section in [
        "[profile.ocsp]\nextended_key_usage = [\"OCSPSigning\"]\n",
        "[profile.ocsp-responder]\nlifetime_days = 900\n",
    ] {
        std::fs::write(&policy, text.replace("# end of", &format!("{section}# end of"))).expect("gsec.toml");
        for profile in ["ocsp", OCSP_RESPONDER, "host"] {
            let asked = Intent {
                profile: profile.into(),
                ..intent()
            };
            assert!(
                attacker.sealed_and_certified(&asked).is_err(),
                "{section} {profile}"
            );
        }
        assert!(
            attacker.sealed_and_certified(&responder_intent()).is_err(),
            "no rules, no certificate"
        );
    }
    std::fs::write(&policy, text).expect("gsec.toml");
    attacker
        .sealed_and_certified(&intent())
        .expect("the policy as it was");
    let announced = responder_intent();
    attacker.seal("7F", &announced).expect("sealed");
    let other = Intent {
        public_key: responder_intent().public_key,
        ..announced
    };
    assert!(
        attacker
            .certify("7F", &other)
            .unwrap_err()
            .contains("not what the sealed line announces"),
        "for another key than the log has"
    );
}

#[test]
fn policy_that_changed_meanwhile_counts() {
    let attacker = Attacker::new();
    let intent = intent();
    attacker.seal("0A", &intent).expect("sealed");
    let policy = attacker.site.authority.directory().policy();
    let text = std::fs::read_to_string(&policy).expect("gsec.toml");
    std::fs::write(
        &policy,
        text.replace("name_suffixes = []", "name_suffixes = [\"example.org\"]"),
    )
    .expect("gsec.toml");
    assert!(attacker.certify("0A", &intent).is_err());
}

/// It has its key, its journal and its policy, and nothing that tells of the CA's past.
#[test]
fn signer_of_its_own_directory_signs_nothing_once_its_policy_is_gone() {
    let (attacker, intent) = (Attacker::new(), intent());
    attacker.seal("0A", &intent).expect("sealed");
    let directory = attacker.site.authority.directory();
    let (policy, log) = (directory.policy(), directory.audit_log());
    for path in [directory.signed_head(), directory.openssl_configuration(), log] {
        std::fs::remove_file(path).expect("removed");
    }
    std::fs::write(directory.signer_journal(), "").expect("a journal");
    let aside = attacker.site.folder.path().join("aside");
    std::fs::rename(&policy, aside).expect("moved");
    let refused = attacker.certify("0A", &intent).expect_err("a refusal");
    assert!(refused.contains("is missing, but this CA had one"), "{refused}");
}

#[test]
fn announcement_ends_after_ten_minutes() {
    let attacker = Attacker::new();
    let intent = intent();
    attacker.seal("0A", &intent).expect("sealed");
    *attacker.site.clock.0.lock().expect("the clock") = NOW + Duration::minutes(11);
    assert!(
        attacker
            .certify("0A", &intent)
            .unwrap_err()
            .contains("no sealed line")
    );
}

#[test]
fn log_cannot_be_sealed_twice_from_the_same_place() {
    let attacker = Attacker::new();
    let first = intent();
    attacker.seal("0A", &first).expect("sealed");
    attacker.certify("0A", &first).expect("certified");
    attacker.cut_log();
    assert!(
        attacker
            .seal("0B", &intent())
            .unwrap_err()
            .contains("the log went back")
    );
    let looked = attacker.desk.answer(None, Request::Look {});
    assert!(matches!(&looked, Answer::Refused(refusal) if refusal.reason.contains("the log went back")));
    // Another line in its place, which the key has not signed.
    let line = attacker.line("0B", &intent());
    let mut log = std::fs::read_to_string(attacker.log()).expect("the log");
    log.push_str(&format!("{line}\n"));
    std::fs::write(attacker.log(), log).expect("written");
    assert!(
        attacker
            .seal("0C", &intent())
            .unwrap_err()
            .contains("another line")
    );
}

/// The numbers of lines, and what they are bound to, are those of the log, and nobody else's.
#[test]
fn line_that_does_not_follow_the_log_is_not_sealed() {
    let attacker = Attacker::new();
    let end = attacker.site.authority.records().audit_end();
    let end = end.expect("a log").expect("a line");
    let nothing = "0".repeat(64);
    for (seq, head) in [
        (end.seq, nothing.as_str()),
        (end.seq + 1, end.head.as_str()),
        (end.seq - 1, end.head.as_str()),
        (u64::MAX - 1, end.head.as_str()),
        (u64::MAX, end.head.as_str()),
    ] {
        let line = attacker.line_after(seq, head, "0A", &intent());
        let refused = attacker.seal_line(&line).unwrap_err();
        assert!(
            refused.contains("does not follow the audit log"),
            "{seq}: {refused}"
        );
    }
    assert!(matches!(
        attacker.desk.answer(None, Request::Look {}),
        Answer::Ready { .. }
    ));
    let before = attacker.refusals();
    attacker.seal("0A", &intent()).expect("the log goes on");
    assert_eq!(attacker.refusals(), before, "a look is no attempt");
}

#[test]
fn serial_number_is_used_once_whatever_the_log_announces() {
    let mut attacker = Attacker::new();
    let (first, second) = (intent(), intent());
    attacker.seal("0A", &first).expect("sealed");
    attacker.certify("0A", &first).expect("certified");
    for _ in 0..2 {
        for serial in ["0A", "0a", "000A"] {
            let refused = attacker.seal(serial, &second).unwrap_err();
            assert!(refused.contains("was signed before"), "{serial}: {refused}");
        }
        attacker = attacker.restarted();
    }
    for serial in ["00", "0000", &"FF".repeat(20), &"80".repeat(20)] {
        let refused = attacker.seal(serial, &second).unwrap_err();
        assert!(refused.contains("not a serial number"), "{serial}: {refused}");
    }
    attacker
        .seal(&"7F".repeat(20), &second)
        .expect("the largest that there is");
}

/// Old enough that the signer does not read them when it starts, but for the serial number.
#[test]
fn serial_number_of_long_ago_is_not_used_again() {
    let attacker = Attacker::new();
    let first = intent();
    attacker.seal("0A", &first).expect("sealed");
    attacker.certify("0A", &first).expect("certified");
    let Attacker { desk, site, used } = attacker;
    drop(desk);
    filled(&site, 17 * 1024 * 1024);
    assert!(std::fs::metadata(site.journal()).expect("a journal").len() > 17 * 1024 * 1024);
    let attacker = Attacker {
        desk: site.desk(),
        site,
        used,
    };
    let refused = attacker.seal("0A", &intent()).unwrap_err();
    assert!(refused.contains("was signed before"), "{refused}");
}

#[test]
fn what_is_no_message_is_in_the_journal() {
    let site = Site::new();
    let _unlocked = site.started();
    let count = || check_journal(&site.journal()).expect("a journal").refused;
    let frame = |text: &str| [&(text.len() as u32).to_be_bytes()[..], text.as_bytes()].concat();
    let messages: [Vec<u8>; 5] = [
        frame("{\"ask\":\"sign\"}"),
        frame("{\"ask\":\"look\",\"more\":1}"),
        frame(&"[".repeat(100_000)),
        vec![0xff; 4],
        frame("{}")[..5].to_vec(),
    ];
    for (number, message) in (1..).zip(messages) {
        let mut stream = UnixStream::connect(site.socket()).expect("connected");
        stream.write_all(&message).expect("sent");
        stream.shutdown(Shutdown::Write).expect("the end");
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(answer.is_empty(), "it is let go");
        let end = Instant::now() + Wait::from_secs(60);
        while count() < number {
            assert!(Instant::now() < end, "message {number} is not in the journal");
            thread::sleep(Wait::from_millis(5));
        }
    }
}

/// The log itself may not have got the line: its writer was killed, or its disk was full.
#[test]
fn commit_that_came_to_nothing_is_followed_by_one_in_its_place() {
    let attacker = Attacker::new();
    let (lost, next, last) = (intent(), intent(), intent());
    attacker.seal_alone("0A", &lost).expect("sealed");
    attacker.seal_alone("0B", &next).expect("sealed in its place");
    assert!(
        attacker.certify("0A", &lost).is_err(),
        "announced by no line of the log"
    );
    let attacker = attacker.restarted();
    assert!(
        attacker.certify("0A", &lost).is_err(),
        "not after a restart either"
    );
    attacker
        .seal("0C", &last)
        .expect("a signer that was killed knows it");
    assert!(
        attacker.certify("0B", &next).is_err(),
        "announced by no line of the log"
    );
    attacker.certify("0C", &last).expect("certified");
    attacker.cut_log();
    assert!(attacker.seal("0D", &next).is_err(), "something came of it");
}

#[test]
fn lines_that_are_no_commit_are_not_sealed() {
    let attacker = Attacker::new();
    let good = attacker.line("0A", &intent());
    let other_key = good.replace(&attacker.key_digits(), "00");
    for line in [
        "",
        "{}",
        "{\"seq\":9,\"prev\":\"00\"}",
        "a certificate",
        &other_key,
    ] {
        let answer = attacker.desk.answer(
            None,
            Request::Seal {
                before: String::new(),
                line: line.into(),
            },
        );
        assert!(matches!(answer, Answer::Refused(_)), "{line}");
    }
}

#[test]
fn signer_that_was_killed_knows_what_it_sealed_and_signed() {
    let attacker = Attacker::new();
    let (first, second) = (intent(), intent());
    attacker.seal("0A", &first).expect("sealed");
    attacker.seal("0B", &second).expect("sealed");
    attacker.certify("0A", &first).expect("certified");
    let attacker = attacker.restarted();
    assert!(attacker.certify("0A", &first).is_err(), "signed before");
    attacker.certify("0B", &second).expect("announced before");
    attacker.cut_log();
    assert!(
        attacker
            .seal("0C", &first)
            .unwrap_err()
            .contains("the log went back")
    );
}

#[test]
fn journal_that_was_altered_or_is_not_ones_own_is_not_used() {
    let site = Site::new();
    drop(site.desk());
    let attacker = Attacker {
        desk: site.desk(),
        site,
        used: 64,
    };
    for serial in ["0A", "0B"] {
        attacker.seal(serial, &intent()).expect("sealed");
    }
    let Attacker { desk, site, .. } = attacker;
    let open = || {
        let directory = site.authority.directory().clone();
        Desk::open(directory, None, &site.journal(), Box::new(site.clock.clone()))
            .map(|_| ())
            .map_err(|error| error.to_string())
    };
    assert!(
        open().unwrap_err().contains("lock"),
        "two signers with one journal"
    );
    drop(desk);
    let text = std::fs::read_to_string(site.journal()).expect("the journal");
    // A machine that stopped while it wrote.
    std::fs::write(site.journal(), &text[..text.len() - 10]).expect("written");
    open().expect("a torn line is taken away");
    assert_eq!(check_journal(&site.journal()).expect("whole").lines, 1);
    std::fs::write(site.journal(), text.replacen("\"0A\"", "\"0F\"", 1)).expect("written");
    assert!(open().unwrap_err().contains("does not follow"));
    std::fs::remove_file(site.journal()).expect("removed");
    std::os::unix::fs::symlink("/dev/null", site.journal()).expect("a link");
    assert!(open().is_err(), "a link is not followed");
}

impl Attacker {
    fn crl(&self, number: &str) -> Result<(), String> {
        let answer = self.desk.answer(
            None,
            Request::Crl {
                former_key: None,
                number: number.into(),
                this_update: rfc3339(NOW),
                next_update: rfc3339(NOW + Duration::days(30)),
                entries: String::new(),
                shards: Vec::new(),
                published: Vec::new(),
                expired: Vec::new(),
            },
        );
        match answer {
            Answer::Crl { .. } => Ok(()),
            Answer::Refused(refusal) => Err(refusal.reason),
            other => panic!("{other:?}"),
        }
    }
}

/// The server was killed with a seal in hand, and the first thing that it does when it is back is a CRL, which is signed before its line is sealed.
#[test]
fn crl_does_not_keep_the_log_from_going_on_where_it_is() {
    let attacker = Attacker::new();
    let (lost, next) = (intent(), intent());
    attacker.seal_alone("0A", &lost).expect("sealed");
    let attacker = attacker.restarted();
    attacker.crl("05").expect("a CRL");
    attacker.seal("0B", &next).expect("sealed in its place");
    attacker.certify("0B", &next).expect("certified");
    assert!(attacker.certify("0A", &lost).is_err());
    attacker.crl("06").expect("a CRL");
    attacker.cut_log();
    assert!(attacker.seal("0C", &lost).is_err(), "something came of it");
}

#[test]
fn crls_only_go_forward() {
    let attacker = Attacker::new();
    let crl = |number: &str| attacker.crl(number);
    crl("05").expect("a CRL");
    crl("06").expect("a CRL");
    assert!(crl("06").is_err());
    assert!(crl("05").is_err());
    for this_update in [NOW - Duration::minutes(11), NOW + Duration::minutes(6)] {
        let dated = attacker.desk.answer(
            None,
            Request::Crl {
                former_key: None,
                number: "07".into(),
                this_update: rfc3339(this_update),
                next_update: rfc3339(NOW + Duration::days(30)),
                entries: String::new(),
                shards: Vec::new(),
                published: Vec::new(),
                expired: Vec::new(),
            },
        );
        assert!(matches!(dated, Answer::Refused(_)), "of {this_update}");
    }
    let forged = attacker.desk.answer(
        None,
        Request::Crl {
            former_key: None,
            number: "07".into(),
            this_update: rfc3339(NOW),
            next_update: rfc3339(NOW + Duration::days(30)),
            entries: hex(attacker.site.authority.certificate().der()),
            shards: Vec::new(),
            published: Vec::new(),
            expired: Vec::new(),
        },
    );
    assert!(
        matches!(forged, Answer::Refused(_)),
        "a certificate in the place of entries"
    );
}

#[test]
fn versions_that_do_not_fit_say_so() {
    let attacker = Attacker::new();
    let answer = attacker.desk.answer(
        None,
        Request::Hello {
            protocol: PROTOCOL + 1,
        },
    );
    assert!(matches!(answer, Answer::Refused(refusal) if refusal.reason.contains("restart both")));
}

/// A signer that answers one request, is killed while it has the next in hand, and is started again a moment later.
#[test]
fn request_is_asked_again_of_a_signer_that_was_started_again() {
    use crate::frame::{read_message, write_message};
    use crate::message::MAX_MESSAGE_BYTES;
    let site = Site::new();
    let socket = site.socket();
    let dying = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
    let (desk, path) = (site.desk(), socket.clone());
    let signer = thread::spawn(move || {
        let (mut stream, _) = dying.accept().expect("a caller");
        let hello = read_message(&mut stream, MAX_MESSAGE_BYTES)
            .expect("read")
            .expect("a request");
        write_message(&mut stream, &desk.answer(None, hello), MAX_MESSAGE_BYTES).expect("written");
        // It seals, and is killed before it has answered.
        let seal = read_message(&mut stream, MAX_MESSAGE_BYTES)
            .expect("read")
            .expect("a request");
        assert!(matches!(desk.answer(None, seal), Answer::Sealed { .. }));
        drop((dying, stream, desk));
        thread::sleep(Wait::from_millis(200));
    });
    let client = Client::connect(&path).expect("connected");
    let unlocked = site
        .authority
        .unlock_with(RemoteKeys::of(client))
        .expect("the key");
    thread::scope(|scope| {
        let issued = scope.spawn(|| site.issue("db1.example.com", &unlocked));
        signer.join().expect("ended");
        let (desk, path) = (site.desk(), socket.clone());
        thread::spawn(move || serve(desk, &path, false, || None));
        issued.join().expect("no panic").expect("issued all the same");
    });
    let journal = check_journal(&site.journal()).expect("a journal");
    assert_eq!((journal.seals.len(), journal.certificates.len()), (2, 1));
    let log = site
        .authority
        .check_log(None, Signatures::All, NOW)
        .expect("a log");
    assert!(log.problems.is_empty() && log.unsigned_at_end == 0);
}

#[test]
fn journal_that_was_removed_or_replaced_ends_all_signing() {
    let attacker = Attacker::new();
    attacker.seal("0A", &intent()).expect("sealed");
    let path = attacker.site.journal();
    let aside = path.with_extension("aside");
    std::fs::rename(&path, &aside).expect("moved");
    assert!(
        attacker
            .seal("0B", &intent())
            .unwrap_err()
            .contains("removed, replaced or changed")
    );
    std::fs::copy(&aside, &path).expect("copied");
    assert!(
        attacker
            .crl("05")
            .unwrap_err()
            .contains("removed, replaced or changed")
    );
    let looked = attacker.desk.answer(None, Request::Look {});
    assert!(
        matches!(&looked, Answer::Refused(refusal) if refusal.reason.contains("removed, replaced or changed"))
    );
    std::fs::rename(&aside, &path).expect("moved back");
    attacker.seal("0C", &intent()).expect("sealed");
    // As `logrotate` does with `copytruncate`.
    let whole = std::fs::read(&path).expect("the journal");
    let open = || {
        std::fs::OpenOptions::new()
            .write(true)
            .open(&path)
            .expect("the journal")
    };
    open().set_len(0).expect("cut off");
    let refused = attacker.seal("0D", &intent()).unwrap_err();
    assert!(refused.contains("removed, replaced or changed"), "{refused}");
    std::io::Write::write_all(&mut open(), &whole).expect("written back");
    attacker.seal("0E", &intent()).expect("sealed");
    // One journal is told from another.
    let first = |attacker: &Attacker| match attacker.desk.answer(None, Request::Look {}) {
        Answer::Ready { journal, .. } => journal,
        other => panic!("{other:?}"),
    };
    let before = first(&attacker);
    let attacker = attacker.restarted();
    assert_eq!(first(&attacker), before);
    std::fs::remove_file(&path).expect("removed");
    let attacker = attacker.restarted();
    attacker.crl("07").expect("a CRL");
    assert_ne!(first(&attacker), before);
}

/// The directory of the caller permits what the signer's policy does not, as where the two have a file each.
#[test]
fn refusal_of_the_signer_has_the_name_of_its_rule() {
    let site = Site::new();
    let client = {
        let _ = site.started();
        Client::connect(&site.socket()).expect("connected")
    };
    assert!(client.decides_by(site.authority.policy_text()));
    assert!(!client.decides_by(None) && !client.decides_by(Some("")));
    let unlocked = site
        .authority
        .unlock_with(RemoteKeys::of(client))
        .expect("the key");
    let codes: Vec<&str> = unlocked.warnings().iter().map(|warning| warning.code()).collect();
    assert_eq!(codes, ["signer_signs"]);
    let policy = site.authority.directory().policy();
    let text = std::fs::read_to_string(&policy).expect("gsec.toml");
    std::fs::write(
        &policy,
        text.replace("name_suffixes = []", "name_suffixes = [\"example.org\"]"),
    )
    .expect("gsec.toml");
    let error = site.issue("db1.example.com", &unlocked).err().expect("a refusal");
    let local = Authority::open(site.authority.directory().clone()).expect("the CA");
    let host = GeneralName::parse_host("db1.example.com").expect("a host");
    let order = HostOrder::new(Some(host), HostKey::Generate(KeyAlgorithm::P256), "host");
    let own = local.plan_host(order, NOW).err().expect("a refusal");
    assert_eq!(error.refused_as(), Some(own.code()), "{error}");
}

/// A CA that signs two certificates of its default profile in an hour.
fn two_in_an_hour(attacker: &Attacker) {
    let policy = attacker.site.authority.directory().policy();
    let text = std::fs::read_to_string(&policy).expect("gsec.toml");
    std::fs::write(&policy, text.replace("max_per_hour = 0", "max_per_hour = 2")).expect("gsec.toml");
}

/// [`intent`] as it is asked for at a time.
fn intent_at(now: OffsetDateTime) -> Intent {
    Intent {
        not_before: rfc3339(now - Duration::minutes(5)),
        ..intent()
    }
}

#[test]
fn attacker_gets_no_more_in_an_hour_than_policy_says() {
    let mut attacker = Attacker::new();
    two_in_an_hour(&attacker);
    let asked = |attacker: &mut Attacker| {
        let now = attacker.site.clock.now();
        attacker.sealed_and_certified(&intent_at(now))
    };
    assert_eq!(asked(&mut attacker), Ok(()));
    *attacker.site.clock.0.lock().expect("the clock") = NOW + Duration::minutes(20);
    assert_eq!(asked(&mut attacker), Ok(()));
    let refused = |attacker: &mut Attacker, again_in: &str| {
        let before = attacker.refusals();
        let reason = asked(attacker).expect_err("too many");
        assert!(reason.contains("`max_per_hour` of profile `host`"), "{reason}");
        assert!(reason.contains(&format!("in {again_in} s")), "{reason}");
        assert_eq!(attacker.refusals(), before + 1, "each is in the journal");
    };
    refused(&mut attacker, "2400");
    // Neither starting it again nor a limit that others have changed makes it forget; another profile counts for itself.
    let mut attacker = attacker.restarted();
    refused(&mut attacker, "2400");
    let now = attacker.site.clock.now();
    let other = Intent {
        profile: "server".into(),
        ..intent_at(now)
    };
    assert_eq!(attacker.sealed_and_certified(&other), Ok(()));
    *attacker.site.clock.0.lock().expect("the clock") = NOW + Duration::hours(1);
    assert_eq!(asked(&mut attacker), Ok(()));
    refused(&mut attacker, "1200");
}

/// What was refused for another reason has not used anything up.
#[test]
fn what_was_not_signed_does_not_count() {
    let mut attacker = Attacker::new();
    two_in_an_hour(&attacker);
    for _ in 0..3 {
        let wrong = Intent {
            names: vec!["dns:*".into()],
            ..intent()
        };
        assert!(attacker.sealed_and_certified(&wrong).is_err());
        let unknown = Intent {
            profile: "no such profile".into(),
            ..intent()
        };
        assert!(attacker.sealed_and_certified(&unknown).is_err());
    }
    assert_eq!(attacker.sealed_and_certified(&intent()), Ok(()));
    assert_eq!(attacker.sealed_and_certified(&intent()), Ok(()));
    assert!(attacker.sealed_and_certified(&intent()).is_err());
}

/// Several callers at once get no more than one.
#[test]
fn what_is_being_signed_counts() {
    let attacker = Attacker::new();
    two_in_an_hour(&attacker);
    let intents: Vec<(String, Intent)> = (0..8)
        .map(|number| (format!("{:02X}", 0x40 + number), intent()))
        .collect();
    for (serial, intent) in &intents {
        attacker.seal(serial, intent).expect("sealed");
    }
    let signed: usize = thread::scope(|scope| {
        let callers: Vec<_> = intents
            .chunks(2)
            .map(|some| {
                let attacker = &attacker;
                scope.spawn(move || {
                    let signed = some
                        .iter()
                        .filter(|(serial, intent)| attacker.certify(serial, intent).is_ok());
                    signed.count()
                })
            })
            .collect();
        callers
            .into_iter()
            .map(|caller| caller.join().expect("ended"))
            .sum()
    });
    assert_eq!(signed, 2);
}

/// Writes into a journal, with which no signer works, until it is so long.
fn filled(site: &Site, length: u64) {
    let mut journal = Journal::open(&site.journal(), OffsetDateTime::UNIX_EPOCH)
        .expect("a journal")
        .journal;
    let refused = Entry::Refused {
        asked: "certificate".into(),
        reason: "x".repeat(500),
    };
    while std::fs::metadata(site.journal()).expect("a journal").len() < length {
        journal
            .append(vec![refused.clone(); 100], None, NOW)
            .expect("written");
    }
}

/// A journal that is longer than what is read of its end counts as a whole, and no line twice: one that is before that end, and one that is near its
/// beginning.
#[test]
fn lines_before_the_end_of_a_long_journal_count_once() {
    const TAIL: u64 = 16 * 1024 * 1024;
    for (before, more) in [(0, 2 * 1024 * 1024), (300 * 1024, 100 * 1024)] {
        let Attacker { desk, site, used } = Attacker::new();
        drop(desk);
        filled(&site, before);
        let mut attacker = Attacker {
            desk: site.desk(),
            site,
            used,
        };
        assert_eq!(attacker.sealed_and_certified(&intent()), Ok(()));
        let Attacker { desk, site, used } = attacker;
        drop(desk);
        filled(&site, TAIL + more);
        let mut attacker = Attacker {
            desk: site.desk(),
            site,
            used,
        };
        two_in_an_hour(&attacker);
        assert_eq!(attacker.sealed_and_certified(&intent()), Ok(()), "{before}");
        assert!(attacker.sealed_and_certified(&intent()).is_err(), "{before}");
    }
}

/// What the line of the log says of the request is in the line of the journal, also where the signer was started again between the two; what is no id
/// is not, and nothing is refused for it.
#[test]
fn journal_says_which_request_a_certificate_is_for() {
    let mut attacker = Attacker::new();
    for (serial, said, kept) in [
        ("0A", "\"Yw3-_x\"", Some("Yw3-_x")),
        ("0B", "\"\\u001b[31m\"", None),
        ("0C", "7", None),
    ] {
        let intent = intent();
        let line = attacker.line(serial, &intent);
        let line = line.replacen("\"key\":", &format!("\"request_id\":{said},\"key\":"), 1);
        let sealed = attacker.seal_line(&line).expect("sealed");
        let mut log = std::fs::File::options()
            .append(true)
            .open(attacker.log())
            .expect("the log");
        log.write_all(sealed.as_bytes()).expect("written");
        attacker = attacker.restarted();
        attacker.certify(serial, &intent).expect("certified");
        let journal = std::fs::read_to_string(attacker.site.journal()).expect("a journal");
        let last = journal.lines().last().expect("a line");
        let last: serde_json::Value = serde_json::from_str(last).expect("JSON");
        assert_eq!(
            (last["signed"].as_str(), last["request"].as_str()),
            (Some("certificate"), kept),
            "{said}: {last}"
        );
    }
}

/// Where a command asks the signer, nothing is recorded of what it would not sign.
#[test]
fn what_is_too_many_costs_no_serial_number() {
    let site = Site::new();
    let policy = site.authority.directory().policy();
    let text = std::fs::read_to_string(&policy).expect("gsec.toml");
    std::fs::write(&policy, text.replace("max_per_hour = 0", "max_per_hour = 1")).expect("gsec.toml");
    let site = Site {
        authority: Authority::open(site.authority.directory().clone()).expect("the CA"),
        ..site
    };
    let unlocked = site.started();
    site.issue("db1.example.com", &unlocked).expect("issued");
    let next = site.authority.next_serial().expect("a number");
    let error = site.issue("db2.example.com", &unlocked).err().expect("too many");
    assert_eq!(error.refused_as(), Some("policy.max_per_hour"), "{error}");
    let limit = HourlyLimit {
        profile: "host",
        most: 1,
        left: 0,
        again_in: 3600,
    };
    assert_eq!(error.too_many(), Some(limit));
    assert_eq!(site.authority.next_serial().expect("a number"), next);
}

/// Each line of the journal says which user asked.
#[test]
fn journal_says_which_user_asked() {
    let site = Site::new();
    let unlocked = site.started();
    site.issue("db1.example.com", &unlocked).expect("issued");
    let text = std::fs::read_to_string(site.journal()).expect("a journal");
    let own = format!("\"user\":{},", rustix::process::geteuid().as_raw());
    assert!(
        text.lines().count() == 2 && text.lines().all(|line| line.contains(&own)),
        "{text}"
    );
}

/// Where the log is in other hands, the journal alone says what can follow.
#[test]
fn signer_that_cannot_look_at_the_log_follows_its_journal() {
    let site = Site::new();
    let desk = Desk::open_apart(
        site.authority.directory().clone(),
        None,
        &site.journal(),
        Box::new(site.clock.clone()),
    )
    .expect("a desk");
    let attacker = Attacker { desk, site, used: 64 };
    let (one, head) = (intent(), "aa".repeat(32));
    let seal = |after: u64, head: &str, serial: &str| {
        attacker.seal_line(&attacker.line_after(after, head, serial, &one))
    };
    seal(u64::MAX - 1, &head, "0A").expect_err("the last number that there is");
    seal(5_000_000, &head, "0A").expect("a long log, as the first");
    let sealed = check_journal(&attacker.site.journal()).expect("a journal").seals;
    let (line, end) = sealed.last().cloned().expect("a seal");
    attacker.certify("0A", &one).expect("certified");
    seal(5_000_000, &head, "0B").expect_err("in the place of what something came of");
    seal(4_000_000, &head, "0B").expect_err("further back");
    seal(line, &head, "0B").expect_err("after another line than the one that was sealed");
    seal(line + 2_000_000, &head, "0B").expect_err("too far on");
    seal(u64::MAX - 1, &head, "0B").expect_err("the last number that there is");
    seal(line, &end, "0A").expect_err("the same serial number");
    seal(line, &end, "0B").expect("what follows");
    seal(line, &end, "0C").expect("in its place: nothing came of it");
    seal(line + 10, &head, "0D").expect("after lines without a signature");
}

/// What contradicts what, by name.
fn contradictions(site: &Site) -> Vec<&'static str> {
    let authority = Authority::open(site.authority.directory().clone()).expect("the CA");
    let compared = crate::compare_journal(&authority, &site.journal())
        .expect("records")
        .expect("a journal");
    let mut codes: Vec<&str> = compared.contradictions.iter().map(|found| found.code()).collect();
    codes.sort_unstable();
    codes
}

/// A CA with three certificates and a CRL, and a file of it.
fn signed_three() -> (Site, Unlocked) {
    let site = Site::new();
    let unlocked = site.started();
    for host in ["db1.example.com", "db2.example.com", "db3.example.com"] {
        site.issue(host, &unlocked).expect("issued");
    }
    session("crl.update", NOW, |session| {
        site.authority.update_crl(CrlOrder::default(), &unlocked, session)
    })
    .expect("a CRL");
    (site, unlocked)
}

type Fault = fn(&Site);

fn changed(path: PathBuf, change: impl Fn(String) -> String) {
    let text = std::fs::read_to_string(&path).expect("a file");
    let after = change(text.clone());
    assert_ne!(after, text, "{}", path.display());
    std::fs::write(path, after).expect("written");
}

fn without_line(text: &str, number: usize) -> String {
    let lines = text.split_inclusive('\n').enumerate();
    lines
        .filter(|(at, _)| *at != number)
        .map(|(_, line)| line)
        .collect()
}

#[test]
fn journal_agrees_with_what_the_ca_remembers_until_somebody_changes_either() {
    let (site, _unlocked) = signed_three();
    assert_eq!(contradictions(&site), [""; 0]);
    let faults: [(&str, Fault, &[&str]); 8] = [
        (
            "a record is taken out",
            |site| changed(site.authority.directory().index(), |text| without_line(&text, 1)),
            &["certificate_unrecorded"],
        ),
        (
            "the last line of the log is cut off, that of the CRL",
            |site| {
                changed(site.authority.directory().audit_log(), |text| {
                    without_line(&text, 4)
                })
            },
            &["log_line_missing"],
        ),
        (
            "the log is cut off behind the first certificate",
            |site| {
                changed(site.authority.directory().audit_log(), |text| {
                    text.split_inclusive('\n').take(2).collect()
                });
            },
            &[
                "certificate_unannounced",
                "certificate_unannounced",
                "log_line_missing",
                "log_line_missing",
                "log_line_missing",
            ],
        ),
        (
            "a line of the log is made anew, for another host",
            |site| {
                changed(site.authority.directory().audit_log(), |text| {
                    text.replacen("db3.example.com", "db4.example.com", 1)
                });
            },
            &["log_line_differs"],
        ),
        (
            "a line of the journal is taken out",
            |site| changed(site.journal(), |text| without_line(&text, 2)),
            &["journal_damaged"],
        ),
        (
            "a line of the journal is altered",
            |site| {
                changed(site.journal(), |text| {
                    text.replacen("\"serial\":\"02\"", "\"serial\":\"09\"", 1)
                })
            },
            &["journal_damaged"],
        ),
        (
            "the journal is cut off behind the first certificate",
            |site| {
                changed(site.journal(), |text| {
                    text.split_inclusive('\n').take(2).collect()
                })
            },
            &["journal_line_missing", "journal_line_missing"],
        ),
        (
            "the copy of a certificate is another one",
            |site| {
                let in_repository = |name: &str| site.authority.directory().repository().join(name);
                std::fs::copy(in_repository("01.pem"), in_repository("02.pem")).expect("copied");
            },
            &["certificate_differs"],
        ),
    ];
    for (what, fault, expected) in faults {
        let (site, _unlocked) = signed_three();
        fault(&site);
        let found = contradictions(&site);
        assert!(!found.is_empty(), "{what}");
        assert_eq!(found, expected, "{what}");
    }
}

#[test]
fn crl_that_was_put_back_is_told() {
    let (site, unlocked) = signed_three();
    let path = site.authority.directory().crl();
    let old = std::fs::read(&path).expect("a CRL");
    session("crl.update", NOW, |session| {
        site.authority.update_crl(CrlOrder::default(), &unlocked, session)
    })
    .expect("a CRL");
    assert_eq!(contradictions(&site), [""; 0]);
    std::fs::write(path, old).expect("put back");
    assert_eq!(contradictions(&site), ["crl_went_back"]);
}

/// Whoever has taken over the front gets a certificate, and writes nothing of it down.
#[test]
fn certificate_that_the_front_keeps_for_itself_is_told() {
    let (attacker, intent) = (Attacker::new(), intent());
    attacker.seal_alone("0A", &intent).expect("sealed");
    attacker.certify("0A", &intent).expect("certified");
    let Attacker { desk, site, .. } = attacker;
    drop(desk);
    assert_eq!(
        contradictions(&site),
        [
            "certificate_unannounced",
            "certificate_unrecorded",
            "log_line_missing"
        ]
    );
}

/// A seal of which nothing came, and another in its place, as after a front that was killed.
#[test]
fn seal_that_another_took_the_place_of_contradicts_nothing() {
    let attacker = Attacker::new();
    attacker.seal_alone("0A", &intent()).expect("sealed");
    let Attacker { desk, site, .. } = attacker;
    assert_eq!(
        contradictions(&site),
        ["log_line_missing"],
        "as long as nothing follows"
    );
    drop(desk);
    let unlocked = site.started();
    site.issue("db1.example.com", &unlocked).expect("issued");
    assert_eq!(contradictions(&site), [""; 0]);
    let compared = crate::compare_journal(&site.authority, &site.journal())
        .expect("records")
        .expect("a journal");
    assert_eq!(
        (compared.replaced, compared.seals, compared.certificates),
        (vec![2], 2, 1)
    );
}

/// A CA whose CRL has two parts, with a revoked certificate.
fn with_parts() -> (Site, gsec_pki::x509::Certificate) {
    let site = Site::new();
    let path = site.authority.directory().policy();
    let text = std::fs::read_to_string(&path).expect("gsec.toml");
    let text = text
        .replace("crl_addresses = []", "crl_addresses = [\"http://x/ca.crl\"]")
        .replace("crl_shards = 0", "crl_shards = 2");
    std::fs::write(path, text).expect("written");
    let authority = Authority::open(site.authority.directory().clone()).expect("the CA");
    let site = Site { authority, ..site };
    let unlocked = site.started();
    let issued = site.issue("db1.example.com", &unlocked).expect("issued");
    site.issue("db2.example.com", &unlocked).expect("issued");
    let order = StatusOrder::Revoke(RevocationReason::KeyCompromise);
    session("cert.revoke", NOW, |session| {
        let serials = [issued.serial.clone()];
        site.authority
            .change_status(&serials, order, Some(&unlocked), session)
    })
    .expect("revoked");
    let made = session("crl.update", NOW, |session| {
        site.authority.update_crl(CrlOrder::default(), &unlocked, session)
    });
    assert_eq!(made.expect("a CRL").shards, 2);
    (site, issued.certificate)
}

#[test]
fn parts_of_the_crl_come_out_as_with_the_key_at_hand() {
    let (site, revoked) = with_parts();
    let ca = site.authority.certificate().public_key();
    for shard in CrlShard::all(2) {
        let crl = site
            .authority
            .crl_shard(shard)
            .expect("readable")
            .expect("a part");
        assert_eq!(crl.verify_signature(ca), SignatureCheck::Good);
        let address = format!("http://x/ca-{shard}.crl");
        let point = crl.issuing_distribution_point().expect("a point");
        assert_eq!(point.addresses().collect::<Vec<_>>(), [address.as_str()]);
        let is_named = revoked.crl_addresses() == [address];
        assert_eq!(crl.revoked() == 1, is_named, "{shard}");
    }
    let journal = std::fs::read_to_string(site.journal()).expect("the journal");
    for shard in CrlShard::all(2) {
        assert!(journal.contains(&format!("\"shard\":\"{shard}\"")), "{journal}");
    }
    assert_eq!(check_journal(&site.journal()).expect("whole").refused, 0);
}

#[test]
fn attacker_gets_no_crl_and_no_part_of_one_without_what_is_revoked() {
    let (site, revoked) = with_parts();
    let present = site.authority.present_crl().expect("readable").expect("a CRL");
    // The journal of the desk that made them is held by it.
    let journal = site.folder.path().join("another");
    let directory = site.authority.directory().clone();
    let desk = Desk::open(directory, None, &journal, Box::new(site.clock.clone())).expect("a desk");
    let asked = |number: &str, entries: &[u8], shards: &[(u16, u16)]| {
        let answer = desk.answer(
            None,
            Request::Crl {
                former_key: None,
                number: number.into(),
                this_update: rfc3339(NOW),
                next_update: rfc3339(NOW + Duration::days(30)),
                entries: hex(entries),
                shards: shards.to_vec(),
                published: Vec::new(),
                expired: Vec::new(),
            },
        );
        match answer {
            Answer::Crl { shards, .. } => Ok(shards),
            Answer::Refused(refusal) => Err(refusal.reason),
            other => panic!("{other:?}"),
        }
    };
    let index = CrlShard::of_serial(2, revoked.serial()).expect("a part").index();
    let whole = present.entries_der();
    for shards in [&[][..], &[(2, index)], &[(2, 1 - index)]] {
        let reason = asked("7001", &[], shards).unwrap_err();
        let expected = format!("leaves out {}", revoked.serial());
        assert!(reason.contains(&expected), "{reason}");
    }
    for shards in [&[(4, 0)][..], &[(2, 2)], &[(3, 1)], &[(0, 0)]] {
        assert!(asked("7001", whole, shards).is_err(), "{shards:?}");
    }
    // Where a part of another index is in the place of one, its address is not taken over.
    let home = site.authority.directory();
    let path = |index| home.crl_shard(CrlShard::new(2, index).expect("a part"));
    std::fs::copy(path(index), path(1 - index)).expect("copied");
    let signed = asked("7001", whole, &[(2, 1 - index), (2, index)]).expect("signed");
    let read = |digits: &String| {
        let der = gsec_pki::encoding::hex::decode(digits).expect("digits");
        RevocationList::from_der(&der).expect("a CRL")
    };
    let [other, own] = [read(&signed[0]), read(&signed[1])];
    let address = |crl: &RevocationList| {
        let point = crl.issuing_distribution_point().expect("a point");
        point.addresses().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(address(&own), revoked.crl_addresses());
    assert_eq!((own.revoked(), other.revoked()), (1, 0));
    assert_eq!(address(&other), [format!("http://x/ca-2-{}.crl", 1 - index)]);
    assert!(asked("7001", whole, &[(2, index)]).is_err(), "a number once");
    // What ca.db says no more, the last CRL and the log still say.
    let index_file = home.index();
    let text = std::fs::read_to_string(&index_file).expect("ca.db");
    let forged: String = text
        .lines()
        .filter(|line| !line.starts_with('R'))
        .map(|line| format!("{line}\n"))
        .collect();
    std::fs::write(&index_file, forged).expect("written");
    assert!(asked("7002", &[], &[]).is_err());
    // Nor where they do not either: what the signer has signed it remembers.
    std::fs::remove_file(home.crl()).expect("removed");
    let log = home.audit_log();
    let text = std::fs::read_to_string(&log).expect("the log");
    let forged = text.lines().filter(|line| !line.contains("\"cert.revoke\""));
    std::fs::write(&log, forged.map(|line| format!("{line}\n")).collect::<String>()).expect("written");
    let reason = asked("7002", &[], &[]).unwrap_err();
    assert!(reason.contains("takes back"), "{reason}");
    let on_hold = {
        let entry = present.entries().next().expect("an entry");
        let mut builder = CrlBuilder::new();
        let held = RevokedEntry {
            reason: Some(RevocationReason::CertificateHold),
            ..entry
        };
        builder.push(&held).expect("an entry");
        builder
    };
    assert!(
        asked("7002", on_hold.entries(), &[]).is_err(),
        "for good is no hold"
    );
    assert!(asked("7002", whole, &[]).is_ok());
}

/// A signer that reads nothing of what the caller can write: what it must know of that, it is shown, and believes what the CA has signed.
#[test]
fn signer_apart_is_shown_addresses_and_what_has_expired() {
    let (site, revoked) = with_parts();
    let present = site.authority.present_crl().expect("readable").expect("a CRL");
    let shown = site.authority.crl_shard(CrlShard::new(2, 0).expect("a part"));
    let shown = hex(shown.expect("readable").expect("a part").der());
    let home = site.authority.directory().clone();
    std::fs::remove_dir_all(home.crl_shards()).expect("removed");
    std::fs::remove_dir_all(home.repository()).expect("removed");
    for path in [home.audit_log(), home.signed_head(), home.crl()] {
        std::fs::remove_file(path).expect("removed");
    }
    std::fs::write(home.index(), "").expect("written");
    std::fs::create_dir(home.repository()).expect("created");
    let policy = std::fs::read_to_string(home.policy()).expect("gsec.toml");
    std::fs::write(home.policy(), policy.replace("crl_shards = 2", "crl_shards = 4")).expect("written");
    let journal = site.folder.path().join("another");
    let desk = Desk::open_apart(home, None, &journal, Box::new(site.clock.clone())).expect("a desk");
    let asked =
        |number: &str, entries: &[u8], shards: &[(u16, u16)], published: &[String], expired: &[String]| {
            let now = *site.clock.0.lock().expect("a clock");
            let request = Request::Crl {
                former_key: None,
                number: number.into(),
                this_update: rfc3339(now),
                next_update: rfc3339(now + Duration::days(30)),
                entries: hex(entries),
                shards: shards.to_vec(),
                published: published.to_vec(),
                expired: expired.to_vec(),
            };
            match desk.answer(None, request) {
                Answer::Crl { shards, .. } => Ok(shards),
                Answer::Refused(refusal) => Err(refusal.reason),
                other => panic!("{other:?}"),
            }
        };
    let whole = present.entries_der();
    assert!(asked("7001", whole, &[(4, 0)], &[], &[]).is_ok());
    let unknown = asked("7002", whole, &[(2, 1)], &[], &[]).unwrap_err();
    assert!(unknown.contains("no certificate names part 2-1"), "{unknown}");
    let signed = asked("7002", whole, &[(2, 1)], &[shown], &[]).expect("signed");
    let der = gsec_pki::encoding::hex::decode(&signed[0]).expect("digits");
    let part = RevocationList::from_der(&der).expect("a CRL");
    let point = part.issuing_distribution_point().expect("a point");
    assert_eq!(point.addresses().collect::<Vec<_>>(), ["http://x/ca-2-1.crl"]);
    let certificate = [hex(revoked.der())];
    assert!(
        asked("7003", &[], &[], &[], &certificate).is_err(),
        "it has not expired"
    );
    *site.clock.0.lock().expect("a clock") = revoked.not_after() + Duration::DAY;
    assert!(asked("7003", &[], &[], &[], &[]).is_err(), "nothing shows it");
    assert!(asked("7003", &[], &[], &[], &certificate).is_ok());
}
