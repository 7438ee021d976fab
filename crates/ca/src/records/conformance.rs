//! What every form of the records must keep, as one suite: [`holds`] panics with the broken promise.
//!
//! A form brings a [`Form`]: how empty records are made, how they are opened again after a crash, and how a
//! crash is requested. The suite tries every crash point of every change.

use std::collections::{BTreeSet, HashSet};
use std::ops::ControlFlow;
use std::time::Duration;

use thiserror::Error;
use time::OffsetDateTime;
use time::macros::datetime;
use zeroize::Zeroizing;

use super::{
    AuditEntry, AuditSeal, AuditStamp, ChainCheck, Entry, HeadFile, Issued, MakeCrl, NewCrl, NewCrlShard,
    NewCrls, NewRecord, Part, Principal, Record, RecordStatus, Records, RecordsError, Reservation,
    Revocation, Revoked, SerialMode, StatusChange, Under,
};
use crate::home::{FaultKind, HostFile, LockWait};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::{KeyAlgorithm, KeyError, PrivateKey, PublicKey, Signer};
use gsec_pki::x509::{
    AttributeKind, AuthorityExtensions, Certificate, CrlShard, DistinguishedName, GeneralName, IssueTemplate,
    Issuer, NameAttribute, NameParts, Role, SerialNumber, Validity, issue,
};

const NOW: OffsetDateTime = datetime!(2026-11-25 10:00:00 UTC);
const END: OffsetDateTime = datetime!(2027-11-25 10:00:00 UTC);
/// No change has more durable steps.
const MAX_STEPS: u32 = 40;

/// A form of the records, and how it is tried.
pub trait Form {
    /// What survives a crash.
    type Store;

    /// The records of a new CA.
    fn empty(&self) -> Self::Store;

    /// Opens them, as the next call does.
    fn open(&self, store: &Self::Store) -> Box<dyn Records>;

    /// Lets so many durable steps of what is opened from now on succeed, and none after them; `None`: all.
    fn fail_after(&self, store: &Self::Store, records: &dyn Records, steps: Option<u32>);

    /// Lets nothing be read any more that is kept of a certificate as the CA's own copy.
    fn make_unreadable(&self, store: &Self::Store, serial: &SerialNumber);
}

/// Does something on a trial's records after the crash point was armed on them; says whether it succeeded.
type AtCrashPoint<'a, F> = &'a mut dyn FnMut(&Trial<'_, F>, &dyn Fn(&dyn Records)) -> bool;

/// Tries everything.
///
/// # Panics
/// With the broken promise.
pub fn holds<F: Form>(form: &F) {
    let promises: [fn(&Trial<'_, F>); 18] = [
        nothing_is_in_new_records,
        serial_numbers_count_up_and_are_recorded_and_announced_before_anything_is_signed,
        a_random_serial_number_is_taken_as_it_is,
        whatever_a_reservation_crashes_at_no_serial_number_is_given_out_twice,
        what_is_forbidden_under_the_lock_changes_nothing,
        a_certificate_is_kept_whole_and_found_by_number_host_key_and_name,
        whatever_completing_crashes_at_the_record_stays_and_the_own_copy_comes_last,
        what_is_kept_is_not_replaced,
        what_is_kept_and_cannot_be_read_is_an_error_and_found_by_every_look,
        a_change_is_announced_before_it_is_made_and_is_made_whole,
        a_record_whose_certificate_never_came_is_revoked_whole_and_its_number_stays_used,
        a_crl_sees_all_that_is_revoked_and_its_number_is_never_given_out_again,
        what_the_maker_of_a_crl_answers_comes_back_and_nothing_is_published,
        a_watch_sees_what_others_record_once,
        whoever_reserves_is_waited_for_until_it_completes_or_ends,
        the_audit_log_is_a_chain_whose_last_line_of_a_commit_is_signed,
        a_key_that_does_not_sign_stops_every_change_with_its_reason,
        many_threads_reserve_and_change_without_a_number_twice_or_a_broken_chain,
    ];
    let authority = Signed::new();
    for promise in promises {
        promise(&Trial {
            form,
            store: form.empty(),
            authority: &authority,
        });
    }
}

/// One trial on records of its own.
struct Trial<'a, F: Form> {
    form: &'a F,
    store: F::Store,
    authority: &'a Signed,
}

/// A CA's key and name.
struct Signed {
    key: PrivateKey,
    name: DistinguishedName,
}

impl Signed {
    fn new() -> Self {
        Self {
            key: PrivateKey::generate(KeyAlgorithm::P256).expect("a key"),
            name: named("Test CA"),
        }
    }

    fn certificate(
        &self,
        serial: &SerialNumber,
        subject: &DistinguishedName,
        names: &[GeneralName],
        key: &PublicKey,
    ) -> Certificate {
        let template = IssueTemplate {
            serial,
            validity: Validity::new(NOW, END).expect("a period"),
            subject,
            public_key: key,
            names,
            role: Role::Authority(AuthorityExtensions::of_root(None, None)),
        };
        issue(
            &template,
            &Issuer {
                name: &self.name,
                key_identifier: None,
                key: &self.key,
            },
        )
        .expect("a certificate")
    }
}

impl AuditSeal for Signed {
    fn key(&self) -> String {
        encode(&self.key.public_key().key_identifier(), Separator::None)
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.key.sign(message)
    }
}

/// A token whose PIN is locked.
struct Locked;

impl AuditSeal for Locked {
    fn key(&self) -> String {
        "0a".into()
    }

    fn sign(&self, _message: &[u8]) -> Result<Vec<u8>, KeyError> {
        Err(KeyError::Signing("the PIN is locked".into()))
    }
}

#[derive(Debug, Error)]
#[error("not now")]
struct NotNow;

fn named(common_name: &str) -> DistinguishedName {
    let parts =
        NameParts::new(
            [NameAttribute::parse(AttributeKind::CommonName, common_name).expect("a common name")],
        );
    DistinguishedName::build(&parts).expect("a name")
}

fn host(name: &str) -> GeneralName {
    GeneralName::parse_host(name).expect("a host")
}

fn wait<T>(work: impl FnOnce(&mut LockWait<'_>) -> T) -> T {
    work(&mut LockWait::silent(Duration::from_secs(60)))
}

impl<F: Form> Trial<'_, F> {
    fn records(&self) -> Box<dyn Records> {
        let records = self.form.open(&self.store);
        self.form.fail_after(&self.store, records.as_ref(), None);
        records
    }

    fn stamp(&self) -> AuditStamp<'_> {
        AuditStamp {
            time: NOW,
            seal: Some(self.authority),
        }
    }

    fn reserve(&self, records: &dyn Records, hosts: &[&str]) -> Result<Reservation, RecordsError> {
        self.reserve_as(records, hosts, &SerialMode::Sequential)
    }

    fn reserve_as(
        &self,
        records: &dyn Records,
        hosts: &[&str],
        serial: &SerialMode,
    ) -> Result<Reservation, RecordsError> {
        let parts: Vec<(DistinguishedName, [GeneralName; 1])> =
            hosts.iter().map(|name| (named(name), [host(name)])).collect();
        let requester = Principal::named(Some("alice".into()));
        let new = parts.iter().map(|(subject, names)| NewRecord {
            serial: serial.clone(),
            expiry: END,
            subject,
            names,
            profile: Some("host"),
            requester: &requester,
            audit: AuditEntry::new("cert.issue").with("host", names[0].to_string()),
        });
        let new: Vec<NewRecord<'_>> = new.collect();
        wait(|wait| records.reserve(&new, &self.stamp(), wait, &mut || Ok(false)))
            .map(|reserved| reserved.expect("nothing forbids it"))
    }

    /// Reserves and completes.
    fn issued(&self, records: &dyn Records, name: &str) -> Certificate {
        let reserved = self.reserve(records, &[name]).expect("reserve");
        let key = PrivateKey::generate(KeyAlgorithm::P256).expect("a key");
        let certificate = self.authority.certificate(
            &reserved.serials[0],
            &named(name),
            &[host(name)],
            key.public_key(),
        );
        let kept = self
            .complete(records, &reserved, &certificate, name)
            .expect("complete");
        assert!(kept.iter().all(Result::is_ok), "what is free is kept");
        certificate
    }

    fn complete(
        &self,
        records: &dyn Records,
        reserved: &Reservation,
        certificate: &Certificate,
        name: &str,
    ) -> Result<Vec<Result<Vec<std::path::PathBuf>, RecordsError>>, RecordsError> {
        let host = host(name);
        wait(|wait| records.complete(reserved, &[issued_of(certificate, &host)], wait))
    }

    fn revoke(
        &self,
        records: &dyn Records,
        serials: &[SerialNumber],
    ) -> Result<Vec<super::ChangedRecord>, RecordsError> {
        let decide = |record: &Record| {
            let revocation = Revocation {
                at: NOW,
                reason: Some("keyCompromise".into()),
                extra: None,
            };
            let is_valid = record.status == RecordStatus::Valid;
            is_valid.then(|| Record {
                status: RecordStatus::Revoked,
                revocation: Some(revocation),
                ..record.clone()
            })
        };
        let change = StatusChange {
            serials,
            decide: &decide,
            audit: &|_| AuditEntry::new("cert.revoke"),
        };
        Ok(wait(|wait| records.change(&change, &self.stamp(), wait))?.records)
    }

    /// What the audit log says: action and serial number of each line. Its chain must hold.
    fn log(&self) -> Vec<(String, Option<String>)> {
        let (mut chain, mut said) = (ChainCheck::default(), Vec::new());
        let read = self.records().audit(&mut |line| {
            assert!(
                line.line.is_whole,
                "every line is whole after the call that wrote it"
            );
            chain.follow(&line);
            let fields = line.fields.expect("a line of the log");
            said.push((fields.action, fields.serial));
        });
        read.expect("the log");
        assert_eq!(
            chain.broken, None,
            "each line of the log is bound to the one before"
        );
        said
    }

    fn announced(&self) -> Vec<String> {
        self.log()
            .into_iter()
            .filter(|(action, _)| action == "cert.issue")
            .filter_map(|(_, serial)| serial)
            .collect()
    }

    fn all(&self) -> Vec<Record> {
        let mut all = Vec::new();
        let visited = self.records().visit(&mut |_, entry| {
            match entry {
                Entry::Record(record) => all.push(record),
                Entry::Damaged(damaged) => panic!("nothing is damaged: {damaged:?}"),
            }
            ControlFlow::Continue(())
        });
        visited.expect("the records");
        all
    }

    /// Does something at every crash point: `work` with a store of its own and the number of steps that succeed, until it succeeds.
    fn at_every_crash_point(&self, work: AtCrashPoint<'_, F>) {
        for steps in 0..MAX_STEPS {
            let trial = Trial {
                form: self.form,
                store: self.form.empty(),
                authority: self.authority,
            };
            let arm = |records: &dyn Records| self.form.fail_after(&trial.store, records, Some(steps));
            if work(&trial, &arm) {
                assert!(steps > 0, "a change has a step that can fail");
                return;
            }
        }
        panic!("a change ends after {MAX_STEPS} steps");
    }
}

fn issued_of<'a>(certificate: &'a Certificate, host: &'a GeneralName) -> Issued<'a> {
    let content = |text: &str| Zeroizing::new(text.as_bytes().to_vec());
    let pem = certificate.to_pem();
    let files = vec![
        (HostFile::Key, content("a private key")),
        (HostFile::Pfx, content("a PFX")),
        (HostFile::Certificate, content(&pem)),
        (HostFile::OwnCopy, content(&pem)),
    ];
    Issued {
        serial: certificate.serial(),
        host: Some(host),
        files,
    }
}

fn nothing_is_in_new_records<F: Form>(trial: &Trial<'_, F>) {
    let records = trial.records();
    let serial = SerialNumber::one();
    assert_eq!(records.find(&serial).expect("find"), None);
    assert_eq!(records.last().expect("last"), None);
    assert_eq!(records.recent().expect("recent"), []);
    assert_eq!(records.by_host(&host("db1.example.com")).expect("by host"), []);
    assert_eq!(
        records.by_key(trial.authority.key.public_key()).expect("by key"),
        []
    );
    let kept = records.certificate(&serial).expect("certificate");
    assert!(kept.is_none() && !records.has(&serial, None, HostFile::OwnCopy));
    assert_eq!(records.next_serial().expect("next"), serial);
    assert!(records.crl(None).expect("CRL").is_none());
    assert!(records.is_quiet());
    assert_eq!(trial.all(), []);
}

fn serial_numbers_count_up_and_are_recorded_and_announced_before_anything_is_signed<F: Form>(
    trial: &Trial<'_, F>,
) {
    let reserved = trial
        .reserve(trial.records().as_ref(), &["a.example.com", "b.example.com"])
        .expect("reserve");
    let serials: Vec<String> = reserved.serials.iter().map(ToString::to_string).collect();
    assert_eq!(
        serials,
        ["01", "02"],
        "numbers count up in the order of the requests"
    );
    // The call is killed here: the next call finds what this one has promised.
    drop(reserved);
    let records = trial.records();
    for (serial, name) in [("01", "a.example.com"), ("02", "b.example.com")] {
        let serial = SerialNumber::parse_hex(serial).expect("a number");
        let found = records.find(&serial).expect("find");
        let record =
            found.unwrap_or_else(|| panic!("serial {serial} is recorded before anything is signed for it"));
        assert_eq!((record.status, record.expiry), (RecordStatus::Valid, END));
        assert_eq!(record.subject, named(name).openssl_oneline());
        assert_eq!(
            records.by_host(&host(name)).expect("by host"),
            [record],
            "without a certificate its common name is used"
        );
    }
    assert_eq!(trial.announced(), ["01", "02"], "and announced");
    assert_eq!(
        records
            .last()
            .expect("last")
            .map(|record| record.serial.to_string()),
        Some("02".into())
    );
    assert_eq!(records.next_serial().expect("next").to_string(), "03");
    let next = trial
        .reserve(records.as_ref(), &["c.example.com"])
        .expect("reserve");
    assert_eq!(next.serials[0].to_string(), "03");
    assert_eq!(next.later_entry, None);
    assert_eq!(
        next.audit_head,
        trial.records().audit_head().expect("head"),
        "the head is that of the log after it"
    );
    // By a value that looked before, and by another.
    for records in [records, trial.records()] {
        let signed = |key: &str| records.audit_was_signed_by(key).expect("the log");
        assert!(signed(&trial.authority.key()) && !signed("00") && !signed(""));
        let mut authorities = 0;
        records
            .audit_of_authorities(&mut |_| authorities += 1)
            .expect("the log");
        assert_eq!(authorities, 0, "hosts are no CAs");
    }
}

fn a_random_serial_number_is_taken_as_it_is<F: Form>(trial: &Trial<'_, F>) {
    let records = trial.records();
    let random = SerialNumber::parse_hex("1122334455667788112233445566778811").expect("a number");
    let mode = SerialMode::Random(random.clone());
    let reserved = trial
        .reserve_as(records.as_ref(), &["a.example.com"], &mode)
        .expect("reserve");
    assert_eq!(reserved.serials, [random]);
    let certificate = trial.authority.certificate(
        &reserved.serials[0],
        &named("a.example.com"),
        &[host("a.example.com")],
        trial.authority.key.public_key(),
    );
    trial
        .complete(records.as_ref(), &reserved, &certificate, "a.example.com")
        .expect("complete");
    let again = trial
        .reserve_as(records.as_ref(), &["b.example.com"], &mode)
        .err()
        .map(|error| error.kind());
    assert_eq!(
        again,
        Some(FaultKind::Taken),
        "a number that was drawn twice is given out once"
    );
    assert_eq!(trial.all().len(), 1);
    assert_eq!(
        records.next_serial().expect("next"),
        SerialNumber::one(),
        "a random number leaves the sequence as it is"
    );
}

fn whatever_a_reservation_crashes_at_no_serial_number_is_given_out_twice<F: Form>(trial: &Trial<'_, F>) {
    trial.at_every_crash_point(&mut |trial, arm| {
        trial.issued(trial.records().as_ref(), "before.example.com");
        let records = trial.records();
        arm(records.as_ref());
        let reserved = trial.reserve(records.as_ref(), &["a.example.com", "b.example.com"]);
        let is_done = reserved.is_ok();
        drop((reserved, records));
        let recorded: Vec<String> = trial
            .all()
            .iter()
            .map(|record| record.serial.to_string())
            .collect();
        let announced = trial.announced();
        assert!(
            recorded.iter().all(|serial| announced.contains(serial)),
            "every record is announced first: {recorded:?}, {announced:?}"
        );
        let new = recorded.len() - 1;
        assert!(
            new == 0 || new == 2,
            "the records of one commit come together: {recorded:?}"
        );
        assert!(!is_done || new == 2, "what was reserved is recorded");
        let next = trial
            .reserve(trial.records().as_ref(), &["c.example.com"])
            .expect("the next call works");
        assert!(
            !announced.contains(&next.serials[0].to_string()),
            "no number that was announced is given out again: {announced:?}"
        );
        is_done
    });
}

fn what_is_forbidden_under_the_lock_changes_nothing<F: Form>(trial: &Trial<'_, F>) {
    let records = trial.records();
    trial.issued(records.as_ref(), "a.example.com");
    let before = (trial.all(), trial.log(), records.next_serial().expect("next"));
    let (subject, requester) = (named("b.example.com"), Principal::default());
    let new = [NewRecord {
        serial: SerialMode::Sequential,
        expiry: END,
        subject: &subject,
        names: &[],
        profile: None,
        requester: &requester,
        audit: AuditEntry::new("cert.issue"),
    }];
    let forbidden =
        wait(|wait| records.reserve(&new, &trial.stamp(), wait, &mut || Ok(true))).expect("asked");
    assert!(forbidden.is_none());
    let failed = wait(|wait| {
        records.reserve(&new, &trial.stamp(), wait, &mut || {
            Err(RecordsError::of_caller(NotNow))
        })
    })
    .err()
    .expect("it fails");
    assert!(
        failed.kind() == FaultKind::Caller && failed.into_cause::<NotNow>().is_ok(),
        "the caller gets its own error back"
    );
    assert_eq!(
        (trial.all(), trial.log(), records.next_serial().expect("next")),
        before
    );
}

fn a_certificate_is_kept_whole_and_found_by_number_host_key_and_name<F: Form>(trial: &Trial<'_, F>) {
    let records = trial.records();
    let first = trial.issued(records.as_ref(), "a.example.com");
    let second = trial.issued(records.as_ref(), "a.example.com");
    trial.issued(records.as_ref(), "b.example.com");
    let records = trial.records();
    let kept = records.certificate(first.serial()).expect("certificate");
    assert_eq!(kept.as_ref(), Some(&first));
    let name = host("a.example.com");
    let serials = |found: Vec<Record>| found.into_iter().map(|record| record.serial).collect::<Vec<_>>();
    let both = vec![first.serial().clone(), second.serial().clone()];
    assert_eq!(
        serials(records.by_host(&name).expect("by host")),
        both,
        "the newest last"
    );
    assert_eq!(
        serials(records.by_key(second.public_key()).expect("by key")),
        [second.serial().clone()]
    );
    let mut lookup = records.lookup().expect("lookup");
    assert_eq!(
        serials(lookup.by_ca_name(first.subject()).expect("by name")),
        both
    );
    let mut another = lookup.another().expect("another");
    assert_eq!(serials(another.by_host(&name).expect("by host")), both);
    for file in HostFile::ALL {
        assert!(records.has(first.serial(), Some(&name), file), "{file:?} is kept");
        let content = records
            .content(first.serial(), Some(&name), file)
            .expect("readable")
            .expect("there");
        let is_secret = content.starts_with(b"a p") || content.starts_with(b"a P");
        assert_eq!(is_secret, file.is_secret());
        assert!(
            !records
                .place(Part::File(first.serial(), Some(&name), file))
                .as_os_str()
                .is_empty()
        );
    }
    let roll = records.roll().expect("roll");
    assert_eq!(roll.records_of(second.serial()).expect("records").len(), 1);
    assert!(roll.unreadable_revocation().is_none());
    let mut seen = 0;
    let visited = records.visit(&mut |place, _| {
        seen += 1;
        assert_eq!(place, seen);
        if seen == 2 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    visited.expect("visit");
    assert_eq!(seen, 2, "nothing comes after a break");
}

fn whatever_completing_crashes_at_the_record_stays_and_the_own_copy_comes_last<F: Form>(
    trial: &Trial<'_, F>,
) {
    let name = host("a.example.com");
    trial.at_every_crash_point(&mut |trial, arm| {
        let records = trial.records();
        let reserved = trial
            .reserve(records.as_ref(), &["a.example.com"])
            .expect("reserve");
        let key = trial.authority.key.public_key();
        let certificate = trial.authority.certificate(
            &reserved.serials[0],
            &named("a.example.com"),
            std::slice::from_ref(&name),
            key,
        );
        arm(records.as_ref());
        let kept = trial.complete(records.as_ref(), &reserved, &certificate, "a.example.com");
        let is_done = kept.is_ok_and(|kept| kept.iter().all(Result::is_ok));
        drop((reserved, records));
        let records = trial.records();
        let serial = certificate.serial();
        assert!(
            records.find(serial).expect("find").is_some(),
            "the record stays, so that it can be revoked"
        );
        let there: Vec<HostFile> = HostFile::ALL
            .into_iter()
            .filter(|file| records.has(serial, Some(&name), *file))
            .collect();
        assert!(
            !there.contains(&HostFile::OwnCopy) || there.len() == HostFile::ALL.len(),
            "the CA's own copy comes last: {there:?}"
        );
        assert_eq!(
            is_done,
            there.contains(&HostFile::OwnCopy),
            "what is said to be done is done: {there:?}"
        );
        let missing = issued_of(&certificate, &name)
            .files
            .into_iter()
            .filter(|(file, _)| !there.contains(file))
            .collect();
        records
            .restore(&Issued {
                serial,
                host: Some(&name),
                files: missing,
            })
            .expect("what is missing can be restored");
        let kept = records.certificate(serial).expect("certificate");
        assert_eq!(kept.as_ref(), Some(&certificate));
        is_done
    });
}

fn what_is_kept_is_not_replaced<F: Form>(trial: &Trial<'_, F>) {
    let records = trial.records();
    let certificate = trial.issued(records.as_ref(), "a.example.com");
    let other = trial.authority.certificate(
        certificate.serial(),
        &named("x"),
        &[host("x.example.com")],
        trial.authority.key.public_key(),
    );
    let own_copy = vec![(HostFile::OwnCopy, Zeroizing::new(other.to_pem().into_bytes()))];
    let again = records
        .restore(&Issued {
            serial: certificate.serial(),
            host: None,
            files: own_copy,
        })
        .err()
        .map(|error| error.kind());
    assert_eq!(again, Some(FaultKind::Taken));
    let kept = records.certificate(certificate.serial()).expect("certificate");
    assert_eq!(kept, Some(certificate));
}

fn what_is_kept_and_cannot_be_read_is_an_error_and_found_by_every_look<F: Form>(trial: &Trial<'_, F>) {
    let records = trial.records();
    let certificate = trial.issued(records.as_ref(), "a.example.com");
    let other = trial.issued(records.as_ref(), "b.example.com");
    let serial = certificate.serial();
    trial.form.make_unreadable(&trial.store, serial);
    for records in [records, trial.records()] {
        assert!(
            records.certificate(serial).is_err(),
            "what cannot be read is not what is not there"
        );
        assert!(records.has(serial, None, HostFile::OwnCopy));
        let kept = records.certificate(other.serial()).expect("certificate");
        assert_eq!(kept.as_ref(), Some(&other));
        let mut lookup = records.lookup().expect("lookup");
        let looks = [
            records.by_host(&host("a.example.com")),
            records.by_key(certificate.public_key()),
            lookup.by_host(&host("a.example.com")),
            lookup.by_key(certificate.public_key()),
            lookup.by_ca_name(certificate.subject()),
        ];
        for (number, found) in looks.into_iter().enumerate() {
            let found = found.expect("a look");
            assert!(
                found.iter().any(|record| record.serial == *serial),
                "look {number} says where to look"
            );
        }
        let of_every_key = lookup.by_key(other.public_key()).expect("a look").into_iter();
        let unknown: Vec<Record> = of_every_key
            .filter(|record| record.serial != *other.serial())
            .collect();
        assert_eq!(
            lookup.of_unknown_key(),
            unknown,
            "what every look for a key finds"
        );
    }
}

fn a_change_is_announced_before_it_is_made_and_is_made_whole<F: Form>(trial: &Trial<'_, F>) {
    let unknown = SerialNumber::parse_hex("77").expect("a number");
    trial.at_every_crash_point(&mut |trial, arm| {
        let records = trial.records();
        let serials: Vec<SerialNumber> = ["a.example.com", "b.example.com", "c.example.com"]
            .map(|name| trial.issued(records.as_ref(), name).serial().clone())
            .to_vec();
        let meant = [serials[0].clone(), serials[2].clone(), unknown.clone()];
        arm(records.as_ref());
        let changed = trial.revoke(records.as_ref(), &meant);
        drop(records);
        let all = trial.all();
        let revoked: Vec<String> = all
            .iter()
            .filter(|record| record.status == RecordStatus::Revoked)
            .map(|record| record.serial.to_string())
            .collect();
        let announced: BTreeSet<String> = trial
            .log()
            .into_iter()
            .filter(|(action, _)| action == "cert.revoke")
            .filter_map(|(_, serial)| serial)
            .collect();
        assert!(
            revoked.iter().all(|serial| announced.contains(serial)),
            "a change is announced before it is made"
        );
        assert!(
            revoked.is_empty() || revoked == ["01", "03"],
            "a change is made whole: {revoked:?}"
        );
        assert_eq!(all.len(), 3, "no record gets lost");
        let Ok(changed) = changed else { return false };
        assert_eq!(revoked, ["01", "03"]);
        assert!(
            changed.len() == 2 && changed.iter().all(|record| record.after.is_some()),
            "what was found is said, and what has no record is not"
        );
        let again = trial.revoke(trial.records().as_ref(), &meant).expect("again");
        assert!(
            again.iter().all(|record| record.after.is_none()),
            "again nothing changes"
        );
        assert_eq!(trial.log().len(), trial.log().len());
        true
    });
}

fn a_record_whose_certificate_never_came_is_revoked_whole_and_its_number_stays_used<F: Form>(
    trial: &Trial<'_, F>,
) {
    trial.at_every_crash_point(&mut |trial, arm| {
        let records = trial.records();
        trial.issued(records.as_ref(), "a.example.com");
        let left = trial
            .reserve(records.as_ref(), &["b.example.com"])
            .expect("reserve");
        let serial = left.serials[0].clone();
        drop((left, records));
        let records = trial.records();
        arm(records.as_ref());
        let voided = trial.revoke(records.as_ref(), std::slice::from_ref(&serial));
        drop(records);
        let records = trial.records();
        let is_revoked = records
            .find(&serial)
            .expect("readable")
            .is_some_and(|record| record.status == RecordStatus::Revoked);
        assert!(
            !is_revoked || trial.log().last() == Some(&("cert.revoke".into(), Some(serial.to_string()))),
            "a change is announced before it is made"
        );
        let next = trial.issued(records.as_ref(), "c.example.com");
        assert!(*next.serial() > serial, "a number that was recorded stays used");
        let all: Vec<String> = trial
            .all()
            .iter()
            .map(|record| record.serial.to_string())
            .collect();
        assert_eq!(all, ["01", "02", "03"]);
        let Ok(voided) = voided else { return false };
        assert!(is_revoked && voided.len() == 1);
        let (mut numbers, mut during) = (Vec::new(), || {});
        let mut making = Listed {
            seen: Vec::new(),
            numbers: std::mem::take(&mut numbers),
            during: &mut during,
            refuses: false,
        };
        wait(|wait| records.publish_crl(&mut making, &trial.stamp(), wait)).expect("a CRL");
        assert_eq!(making.seen, ["02"], "the CRL has it");
        true
    });
}

/// A maker of CRLs that lists serial numbers as text.
struct Listed<'a> {
    seen: Vec<String>,
    numbers: Vec<String>,
    during: &'a mut dyn FnMut(),
    refuses: bool,
}

impl MakeCrl for Listed<'_> {
    fn collect(&mut self, revoked: &dyn Revoked) -> Result<(), RecordsError> {
        self.seen.clear();
        revoked.visit(&mut |found| self.seen.push(found.record.serial.to_string()))?;
        (self.during)();
        Ok(())
    }

    fn check(&mut self) -> Result<(), RecordsError> {
        if self.refuses {
            Err(RecordsError::of_caller(NotNow))
        } else {
            Ok(())
        }
    }

    fn sign(&mut self, number: &SerialNumber) -> Result<NewCrls, RecordsError> {
        self.numbers.push(number.to_string());
        let audit = AuditEntry::new("crl.update").with("crl_number", number.to_string());
        let shards = CrlShard::all(2).map(|shard| NewCrlShard {
            shard,
            der: number.to_string().into_bytes(),
        });
        Ok(NewCrls {
            audit,
            shards: shards.collect(),
            crls: vec![NewCrl {
                former_key: None,
                pem: format!("{number}: {}", self.seen.join(" ")),
            }],
        })
    }
}

fn a_crl_sees_all_that_is_revoked_and_its_number_is_never_given_out_again<F: Form>(trial: &Trial<'_, F>) {
    trial.at_every_crash_point(&mut |trial, arm| {
        let records = trial.records();
        let serials = ["a.example.com", "b.example.com"]
            .map(|name| trial.issued(records.as_ref(), name).serial().clone());
        trial.revoke(records.as_ref(), &serials[..1]).expect("revoke");
        let mut nothing = || {};
        let mut listed = Listed {
            seen: Vec::new(),
            numbers: Vec::new(),
            during: &mut nothing,
            refuses: false,
        };
        arm(records.as_ref());
        let made = wait(|wait| records.publish_crl(&mut listed, &trial.stamp(), wait));
        let is_done = made.is_ok();
        let first = listed.numbers.clone();
        drop(records);
        let records = trial.records();
        let published = records
            .crl(None)
            .expect("readable")
            .map(|content| String::from_utf8_lossy(&content).into_owned());
        if let Some(published) = &published {
            assert_eq!(published, "01: 01", "what is published is what was made");
            assert!(
                trial.log().iter().any(|(action, _)| action == "crl.update"),
                "it is announced first"
            );
            let mut shards = records.crl_shards().expect("readable");
            shards.sort();
            assert!(
                shards == CrlShard::all(2).collect::<Vec<_>>(),
                "its parts are published before it: {shards:?}"
            );
            for shard in shards {
                let part = records.crl_shard(shard).expect("readable");
                assert_eq!(part.as_deref().map(Vec::as_slice), Some(&b"01"[..]), "{shard}");
            }
        }
        let absent = CrlShard::new(4, 0).expect("a part");
        assert!(records.crl_shard(absent).expect("readable").is_none());
        assert_eq!(
            is_done,
            published.is_some(),
            "what is said to be published is there"
        );
        let mut again = Listed {
            seen: Vec::new(),
            numbers: Vec::new(),
            during: &mut || {},
            refuses: false,
        };
        wait(|wait| records.publish_crl(&mut again, &trial.stamp(), wait)).expect("the next CRL");
        assert!(
            again.numbers.iter().all(|number| !first.contains(number)),
            "a number is given out once: {first:?}, {:?}",
            again.numbers
        );
        is_done
    });
}

fn what_the_maker_of_a_crl_answers_comes_back_and_nothing_is_published<F: Form>(trial: &Trial<'_, F>) {
    let records = trial.records();
    let serial = trial.issued(records.as_ref(), "a.example.com").serial().clone();
    trial.revoke(records.as_ref(), &[serial]).expect("revoke");
    let before = trial.log();
    let mut listed = Listed {
        seen: Vec::new(),
        numbers: Vec::new(),
        during: &mut || {},
        refuses: true,
    };
    let failed = wait(|wait| records.publish_crl(&mut listed, &trial.stamp(), wait))
        .err()
        .expect("it fails");
    assert!(
        failed.into_cause::<NotNow>().is_ok(),
        "the maker gets its own error back"
    );
    assert!(records.crl(None).expect("readable").is_none() && trial.log() == before);
}

fn a_watch_sees_what_others_record_once<F: Form>(trial: &Trial<'_, F>) {
    let records = trial.records();
    trial.issued(records.as_ref(), "a.example.com");
    let mut watch = records.watch().expect("watch");
    let mut came = || {
        let mut serials = Vec::new();
        let is_known = watch
            .advance(&mut |record| serials.push(record.serial.to_string()))
            .expect("advance");
        (is_known, serials)
    };
    assert_eq!(came(), (true, vec![]));
    let others = trial.records();
    trial.issued(others.as_ref(), "b.example.com");
    let revoked = trial.issued(others.as_ref(), "c.example.com").serial().clone();
    trial.revoke(others.as_ref(), &[revoked]).expect("revoke");
    assert_eq!(
        came(),
        (true, vec!["02".into(), "03".into()]),
        "whatever was changed meanwhile"
    );
    assert_eq!(came(), (true, vec![]));
}

fn whoever_reserves_is_waited_for_until_it_completes_or_ends<F: Form>(trial: &Trial<'_, F>) {
    let records = trial.records();
    let reserved = trial
        .reserve(records.as_ref(), &["a.example.com"])
        .expect("reserve");
    assert!(!records.is_quiet(), "a call is on its way");
    let mut looks = 0;
    let mut is_pending = || {
        looks += 1;
        Ok(looks < 3)
    };
    assert!(
        wait(|wait| records.wait_for_others(wait, &mut is_pending)).expect("waits"),
        "it is waited for, and it comes"
    );
    drop(reserved);
    assert!(records.is_quiet());
    assert!(
        !wait(|wait| records.wait_for_others(wait, &mut || Ok(true))).expect("does not wait"),
        "who has ended is not waited for"
    );
}

fn the_audit_log_is_a_chain_whose_last_line_of_a_commit_is_signed<F: Form>(trial: &Trial<'_, F>) {
    let records = trial.records();
    let reserved = trial
        .reserve(records.as_ref(), &["a.example.com", "b.example.com"])
        .expect("reserve");
    let unsigned = AuditStamp {
        time: NOW,
        seal: None,
    };
    let head = wait(|wait| records.announce(&[AuditEntry::new("doctor.fix")], &unsigned, Under::Wait(wait)))
        .expect("announce");
    assert_eq!(head, records.audit_head().expect("head"));
    let log = trial.log();
    assert_eq!(log.last().map(|(action, _)| action.as_str()), Some("doctor.fix"));
    let mut signed = Vec::new();
    let read = records.audit(&mut |line| {
        if let Some((message, signature)) = line.line.signature() {
            let algorithm = trial.authority.key.signature_algorithm().identifier_der();
            let check = gsec_pki::key::verify_signature(
                trial.authority.key.public_key(),
                &algorithm,
                &message,
                &signature,
            );
            assert_eq!(
                check,
                gsec_pki::key::SignatureCheck::Good,
                "the signature is the key's"
            );
            signed.extend(line.fields.and_then(|fields| fields.serial));
        }
    });
    read.expect("the log");
    assert_eq!(
        signed,
        ["02"],
        "the last line of a commit is signed, and no other"
    );
    let HeadFile::Read(kept) = records.signed_head().expect("signed head") else {
        panic!("the key has said how far the log had come")
    };
    assert_eq!(kept.seq, log.len() as u64 - 1);
    assert_eq!(records.last_audit_time().expect("time"), Some(NOW));
    let mine = records
        .audit_line(&reserved.serials[1], &(NOW..=NOW), &|fields| {
            fields.action == "cert.issue"
        })
        .expect("find");
    assert_eq!(mine.and_then(|fields| fields.serial), Some("02".into()));
}

fn a_key_that_does_not_sign_stops_every_change_with_its_reason<F: Form>(trial: &Trial<'_, F>) {
    let records = trial.records();
    let serial = trial.issued(records.as_ref(), "a.example.com").serial().clone();
    let before = (trial.all(), trial.log());
    let stamp = AuditStamp {
        time: NOW,
        seal: Some(&Locked),
    };
    let change = StatusChange {
        serials: &[serial],
        decide: &|record| {
            Some(Record {
                status: RecordStatus::Expired,
                ..record.clone()
            })
        },
        audit: &|_| AuditEntry::new("cert.revoke"),
    };
    let (subject, requester) = (named("b.example.com"), Principal::default());
    let new = [NewRecord {
        serial: SerialMode::Sequential,
        expiry: END,
        subject: &subject,
        names: &[],
        profile: None,
        requester: &requester,
        audit: AuditEntry::new("cert.issue"),
    }];
    let failures = [
        wait(|wait| records.change(&change, &stamp, wait)).err(),
        wait(|wait| records.reserve(&new, &stamp, wait, &mut || Ok(false))).err(),
        wait(|wait| records.announce(&[AuditEntry::new("ca.renew")], &stamp, Under::Wait(wait))).err(),
    ];
    for failure in failures {
        let failure = failure.expect("nothing goes unsigned in silence");
        let cause = std::error::Error::source(&failure)
            .map(ToString::to_string)
            .unwrap_or_default();
        assert!(
            cause.contains("the PIN is locked"),
            "the reason is said: {failure}, {cause}"
        );
    }
    assert_eq!((trial.all(), trial.log()), before);
}

fn many_threads_reserve_and_change_without_a_number_twice_or_a_broken_chain<F: Form>(trial: &Trial<'_, F>) {
    const EACH: usize = 12;
    let records = trial.records();
    let records = records.as_ref();
    let work = |name: &str| -> Vec<SerialNumber> {
        let subject = named(name);
        let requester = Principal::default();
        let mut taken = Vec::new();
        for _ in 0..EACH {
            let new = [NewRecord {
                serial: SerialMode::Sequential,
                expiry: END,
                subject: &subject,
                names: &[],
                profile: None,
                requester: &requester,
                audit: AuditEntry::new("cert.issue"),
            }];
            let stamp = AuditStamp {
                time: NOW,
                seal: None,
            };
            let reserved = wait(|wait| records.reserve(&new, &stamp, wait, &mut || Ok(false)))
                .expect("reserve")
                .expect("nothing forbids it");
            let change = StatusChange {
                serials: &reserved.serials,
                decide: &|record| {
                    let revocation = Revocation {
                        at: NOW,
                        reason: None,
                        extra: None,
                    };
                    Some(Record {
                        status: RecordStatus::Revoked,
                        revocation: Some(revocation),
                        ..record.clone()
                    })
                },
                audit: &|_| AuditEntry::new("cert.revoke"),
            };
            wait(|wait| records.change(&change, &stamp, wait)).expect("change");
            taken.extend(reserved.serials);
        }
        taken
    };
    let taken: Vec<SerialNumber> = std::thread::scope(|scope| {
        let work = &work;
        let workers: Vec<_> = ["a.example.com", "b.example.com", "c.example.com"]
            .map(|name| scope.spawn(move || work(name)))
            .into();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("a worker"))
            .collect()
    });
    let distinct: HashSet<&SerialNumber> = taken.iter().collect();
    assert_eq!(
        (taken.len(), distinct.len()),
        (3 * EACH, 3 * EACH),
        "no number is given out twice"
    );
    let all = trial.all();
    assert!(
        all.len() == 3 * EACH && all.iter().all(|record| record.status == RecordStatus::Revoked),
        "no change gets lost"
    );
    assert_eq!(trial.announced().len(), 3 * EACH);
}

#[cfg(test)]
mod tests;
