//! What is in a CA directory. Reads only; the one thing that it takes is the lock, for a moment, to see whether it can be had.

mod authority;
mod forms;
mod index;
mod names;
mod places;
mod repository;

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use time::OffsetDateTime;

use crate::checks::ca_directory::{
    ChangeoverState, ConfigurationPaths, Facts, Later, Leftovers, Log, Number, Part, Paths, Setting,
    copies_all_extensions, elsewhere, lacks, sets_nothing,
};
use gsec_ca::authority::{
    Authority, Dated, HeadCheck, LogQuestion, ShardFault, Signatures, check_log, policy_of,
};
use gsec_ca::files::{Chattr, FilesError, chattr, disk_space};
use gsec_ca::home::{CaDir, LockWait, StoreError, WriteLock};
use gsec_ca::policy::{Policy, PolicyError, SerialSource};
use gsec_ca::records::file::{FileRecords, host_index_is_sound, unique_subject};
use gsec_pki::encoding::sample::Sample;
use gsec_pki::x509::{Certificate, SerialNumber};

pub(in crate::facts) use index::{Unrecorded, highest_serial};

/// How long to wait for a lock that another process holds.
const LOCK_TIMEOUT: Duration = Duration::from_secs(1);

/// Examines everything in a CA directory. A file that is missing or cannot be read is a fact like any other.
///
/// Reads index, audit log and repository once or twice in full, and uses about 40 bytes of memory per certificate.
///
/// # Errors
/// [`StoreError::NoCa`] if the directory contains nothing of a CA.
pub fn ca_directory(directory: &CaDir, now: OffsetDateTime) -> Result<Facts, StoreError> {
    let conf = directory.conf();
    if let Err(source) = conf.symlink_metadata() {
        return Err(match source.kind() {
            io::ErrorKind::NotFound => StoreError::NoCa {
                directory: directory.root().to_owned(),
                missing: conf,
            },
            _ => StoreError::Files(FilesError::Io {
                action: "open",
                path: conf,
                source,
            }),
        });
    }
    let authority = authority::look(directory, now);
    let policy = policy(directory);
    let unique = part(directory.read(&directory.index_attributes()), |content| {
        Ok(unique_subject(&String::from_utf8_lossy(&content)))
    });
    let (log, told) = log(directory, &authority.signers, now);
    let list = repository::list(directory);
    let question = index::Question {
        directory,
        now,
        authority: &authority,
        told: &told,
        repository: list.as_ref().map(|list| &list.serials),
        subjects_are_unique: unique.read() == Some(&Some(true)),
    };
    let found = index::look(&question);
    let mut places = places::look(directory);
    let (index, gaps) = match found {
        Ok((mut index, gaps)) => {
            places.forbidden.append(&mut index.forbidden);
            (Part::Read(index), gaps)
        }
        Err(error) => (unread(error), Vec::new()),
    };
    let mut crls = authority.crls;
    for (crl, gaps) in crls.iter_mut().zip(gaps) {
        if let Part::Read(content) = &mut crl.part {
            (content.missing, content.not_on_hold) = (gaps.missing, gaps.not_on_hold);
        }
    }
    let (immutable, append_only) = marked(directory);
    let opened = opened(directory);
    Ok(Facts {
        now,
        later: opened
            .as_ref()
            .map(|authority| later(authority, now))
            .unwrap_or_default(),
        faulty_crl_parts: opened
            .as_ref()
            .map(|authority| faulty_crl_parts(authority, now))
            .unwrap_or_default(),
        crl_addresses: policy
            .as_ref()
            .map(|policy| policy.crl_addresses.iter().cloned().collect())
            .unwrap_or_default(),
        names_whole_crl: policy.as_ref().is_ok_and(Policy::could_name_shards),
        is_waiting: directory.is_waiting().unwrap_or(false),
        changeover: match directory.changeover() {
            Ok(None) => ChangeoverState::None,
            Ok(Some(waiting)) if waiting.is_sealed() => ChangeoverState::Sealed,
            Ok(Some(_)) => ChangeoverState::Unfinished,
            Err(StoreError::ForeignChangeover { path, problem }) => {
                ChangeoverState::Foreign { path, problem }
            }
            Err(_) => ChangeoverState::None,
        },
        is_adopted: directory.must_have_log().unwrap_or(true),
        lost_policy: directory.lost_policy().unwrap_or_default(),
        serials_are_random: policy
            .as_ref()
            .is_ok_and(|policy| policy.serial == SerialSource::Random),
        certificates: authority.certificates,
        key: authority.key,
        signer_apart: std::fs::read_link(directory.conf().join("signer.sock")).ok(),
        previous: authority.previous,
        foreign_roots: authority.foreign_roots,
        lost_keys: authority.lost_keys,
        bundle: authority.bundle,
        off_path: authority.off_path,
        reaches_root: authority.reaches_root,
        crls,
        places: places.places,
        forbidden: places.forbidden,
        exposures: places.exposures,
        repository: match list {
            Ok(list) => Part::Read(list.places),
            Err(error) => unread(error),
        },
        disk: disk(directory.root()),
        immutable,
        append_only,
        serial: number(directory, &directory.serial()),
        crl_number: number(directory, &directory.crl_number()),
        index,
        unique_subject: unique,
        log,
        leftovers: places.leftovers,
        odd_forms: forms::look(directory),
        key_forms: forms::of_key(directory),
        lock_holder: lock_holder(directory),
        host_index_is_sound: host_index_is_sound(directory),
        policy_notices: policy
            .as_ref()
            .map(|policy| policy.notices.clone())
            .unwrap_or_default(),
        policy_problem: policy.err(),
        openssl_configuration: configuration(directory),
        other_owner: directory.owner_elsewhere(None),
        paths: paths(directory),
    })
}

/// The CA. Where it does not open, other findings say why.
fn opened(directory: &CaDir) -> Option<Authority> {
    // Opening a CA finishes a change of its key, and looking changes nothing.
    if directory.conf().join(".rekey").symlink_metadata().is_ok() {
        return None;
    }
    Authority::open(directory.clone()).ok()
}

fn faulty_crl_parts(authority: &Authority, now: OffsetDateTime) -> Sample<(String, String)> {
    let faulty = match authority.faulty_shards(now) {
        Ok(faulty) => faulty,
        Err(error) => {
            let parts = authority.directory().crl_shards().display().to_string();
            return [(parts, format!("cannot be compared: {error}"))]
                .into_iter()
                .collect();
        }
    };
    let in_words = |(shard, fault)| {
        let problem = match fault {
            ShardFault::Missing => "is missing, or not this CA's".to_owned(),
            ShardFault::Unread(error) => format!("cannot be used: {error}"),
            ShardFault::Overdue => "is overdue".to_owned(),
            ShardFault::Incomplete => "lacks what the CRL lists".to_owned(),
        };
        (
            authority.directory().crl_shard(shard).display().to_string(),
            problem,
        )
    };
    faulty.into_iter().map(in_words).collect()
}

/// What says a later time than now.
fn later(authority: &Authority, now: OffsetDateTime) -> Vec<Later> {
    let crl = authority.present_crl().ok().flatten();
    let found = authority
        .later_than(now, crl.as_ref())
        .unwrap_or_default()
        .into_iter();
    found
        .map(|later| Later {
            what: later.what.to_string(),
            is_crl: later.what == Dated::Crl,
            at: later.at,
        })
        .collect()
}

/// What killed calls left.
pub(in crate::facts) fn leftovers(directory: &CaDir) -> Leftovers {
    places::look(directory).leftovers
}

/// The current and former certificates of the CA, which signed the certificates in the repository.
pub(in crate::facts) fn own_certificates(directory: &CaDir) -> Vec<Certificate> {
    authority::look(directory, OffsetDateTime::UNIX_EPOCH)
        .own()
        .cloned()
        .collect()
}

fn paths(directory: &CaDir) -> Paths {
    Paths {
        root: directory.root().to_owned(),
        conf: directory.conf(),
        repository: directory.repository(),
        certificate: directory.ca_certificate(),
        request: directory.ca_request(),
        key: directory.ca_key(),
        index: directory.index(),
        index_attributes: directory.index_attributes(),
        serial: directory.serial(),
        crl_number: directory.crl_number(),
        crl: directory.crl(),
        openssl_configuration: directory.openssl_configuration(),
        policy: directory.policy(),
        audit_log: directory.audit_log(),
        host_index: directory.host_index(),
    }
}

/// A part of which nothing was read.
fn unread<T>(error: StoreError) -> Part<T> {
    match error {
        StoreError::Files(FilesError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
            Part::Missing
        }
        StoreError::Files(FilesError::Io { source, .. })
            if source.kind() == io::ErrorKind::PermissionDenied =>
        {
            Part::Forbidden
        }
        StoreError::Files(FilesError::SymbolicLink(_) | FilesError::NotAFile(_)) => Part::Irregular,
        error => Part::Unreadable(error.to_string()),
    }
}

/// A part that is a file, read by `decode`.
fn part<C, T>(content: Result<C, StoreError>, decode: impl FnOnce(C) -> Result<T, String>) -> Part<T> {
    match content.map(decode) {
        Ok(Ok(read)) => Part::Read(read),
        Ok(Err(problem)) => Part::Unreadable(problem),
        Err(error) => unread(error),
    }
}

fn number(directory: &CaDir, path: &Path) -> Part<Number> {
    part(directory.read(path), |content| {
        let text = String::from_utf8_lossy(&content)
            .trim()
            .chars()
            .take(64)
            .collect::<String>();
        Ok(Number {
            value: SerialNumber::parse_hex(&text),
            text,
        })
    })
}

/// The policy, or what is wrong with it; a missing file means the default policy.
fn policy(directory: &CaDir) -> Result<Policy, PolicyError> {
    match directory.read(&directory.policy()) {
        Ok(content) => policy_of(directory, &String::from_utf8_lossy(&content)),
        Err(StoreError::Files(FilesError::Io { source, .. })) if source.kind() == io::ErrorKind::NotFound => {
            Ok(Policy::built_in())
        }
        // Other findings already report an unreadable file, and a link.
        Err(StoreError::Files(FilesError::Io { source, .. }))
            if source.kind() == io::ErrorKind::PermissionDenied =>
        {
            Ok(Policy::built_in())
        }
        Err(StoreError::Files(FilesError::SymbolicLink(_) | FilesError::NotAFile(_))) => {
            Ok(Policy::built_in())
        }
        Err(error) => Err(PolicyError::File {
            problem: error.to_string(),
        }),
    }
}

fn configuration(directory: &CaDir) -> Part<Vec<crate::checks::ca_directory::Setting>> {
    let root = std::path::absolute(directory.root()).unwrap_or_else(|_| directory.root().to_owned());
    part(directory.read(&directory.openssl_configuration()), |content| {
        let text = String::from_utf8_lossy(&content);
        if sets_nothing(&text) {
            return Err("it has none of the settings by which `openssl ca` finds this CA".to_owned());
        }
        if let Some(problem) = lacks(&text) {
            return Err(problem);
        }
        let mut settings = elsewhere(&text, &ConfigurationPaths { root: &root });
        if copies_all_extensions(&text) {
            settings.push(Setting {
                name: "copy_extensions".into(),
                value: "copyall".into(),
                expected: "none".into(),
            });
        }
        Ok(settings)
    })
}

/// The audit log, and what it tells of and `ca.db` does not have.
fn log(directory: &CaDir, signers: &[Certificate], now: OffsetDateTime) -> (Part<Log>, index::Told) {
    if directory
        .audit_log()
        .symlink_metadata()
        .is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
    {
        return (Part::Missing, index::Told::default());
    }
    let signers: Vec<&Certificate> = signers.iter().collect();
    let ask = |has_index| {
        let question = LogQuestion {
            expected_head: None,
            signatures: Signatures::Last,
            signers: &signers,
            has_index,
            now,
        };
        check_log(&FileRecords::in_home(directory), &question)
    };
    // Without an index the log is whole or not all the same.
    let checked = ask(true).or_else(|_| ask(false));
    match checked {
        Err(error) => (
            error
                .into_directory()
                .map_or_else(|error| Part::Unreadable(error.to_string()), unread),
            index::Told::default(),
        ),
        Ok(check) => {
            let log = Log {
                broken: check.problems.first().map(ToString::to_string),
                is_torn: check.torn,
                unannounced: check.unannounced_since,
                unannounced_revocations: check.unannounced_revocations,
                end_is_vouched_for: matches!(check.signed_head, HeadCheck::Found(_)) && !check.begun_later,
                largest_announced: check.largest_announced,
                crl_number: check.crl_number,
            };
            let told = index::Told {
                revocations: check.lost,
                records: check.without_record,
            };
            (Part::Read(log), told)
        }
    }
}

fn disk(root: &Path) -> Option<crate::checks::ca_directory::Disk> {
    let space = disk_space(root)?;
    Some(crate::checks::ca_directory::Disk {
        free_bytes: space.free_octets,
        free_files: space.free_files,
        is_read_only: space.is_read_only,
    })
}

/// What has a mark that keeps it from being changed: immutable, and append-only. The logs only grow; revoking changes a line of `ca.db`.
fn marked(directory: &CaDir) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let replaced = [
        directory.conf(),
        directory.repository(),
        directory.index(),
        directory.serial(),
        directory.crl_number(),
        directory.crl(),
        directory.lock(),
        directory.signed_head(),
    ];
    let appended = [directory.audit_log(), directory.signer_journal()];
    let has = |path: &PathBuf, mark| chattr(path).is_ok_and(|found| found == Some(mark));
    let all = replaced.iter().chain(&appended);
    let immutable = all.filter(|path| has(path, Chattr::Immutable)).cloned().collect();
    let append_only = replaced.iter().filter(|path| has(path, Chattr::AppendOnly));
    (immutable, append_only.cloned().collect())
}

fn lock_holder(directory: &CaDir) -> Option<String> {
    directory.lock().symlink_metadata().ok()?;
    match WriteLock::acquire(directory, &mut LockWait::silent(LOCK_TIMEOUT)) {
        Err(StoreError::Locked { holder, .. }) => Some(holder),
        _ => None,
    }
}

/// When a file was changed.
fn changed(metadata: &std::fs::Metadata) -> Option<OffsetDateTime> {
    metadata
        .modified()
        .ok()
        .map(|time: SystemTime| OffsetDateTime::from(time))
}
