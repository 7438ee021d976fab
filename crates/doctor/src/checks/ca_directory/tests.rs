//! A CA directory in which nothing is wrong, and rows of what is found where one thing is.

use time::Duration;

use super::*;
use crate::checks::tests::certificates::{self, in_days, now};
use crate::checks::tests::{Expected, assert_all};
use crate::checks::{AutoFix, Diagnosis, Selection};
use gsec_pki::encoding::sample::Sample;
use gsec_pki::key::SignatureCheck;
use gsec_pki::x509::SerialNumber;

/// A situation, what makes it of a healthy directory, and all that is found.
pub(super) type Row = (&'static str, fn(&mut Facts), &'static [Expected]);

/// Asks every check about each situation.
#[track_caller]
pub(super) fn each(rows: &[Row]) {
    assert_all(
        rows.iter()
            .map(|(situation, change, expected)| (*situation, findings(*change), *expected)),
    );
}

/// All that is found where this is changed.
pub(super) fn findings(change: impl FnOnce(&mut Facts)) -> Vec<crate::checks::Finding> {
    let mut facts = healthy();
    change(&mut facts);
    Diagnosis::of(&facts, CHECKS, &Selection::default()).findings
}

/// What `--fix` does in this situation, finding by finding.
pub(super) fn fixes(change: impl FnOnce(&mut Facts)) -> Vec<Option<CaFix>> {
    let of_directory = |found: crate::checks::Finding| match found.auto_fix {
        Some(AutoFix::CaDirectory { root, auto_fix }) => {
            assert_eq!(root, std::path::Path::new("/srv/ca"));
            Some(auto_fix)
        }
        Some(AutoFix::SetMode { .. }) => panic!("a mode: {}", found.seen),
        None => None,
    };
    findings(change).into_iter().map(of_directory).collect()
}

pub(crate) fn serial(number: u32) -> SerialNumber {
    SerialNumber::parse_hex(&format!("{number:08X}")).expect("a serial number")
}

pub(crate) fn sample<T>(all: impl IntoIterator<Item = T>) -> Sample<T> {
    all.into_iter().collect()
}

pub(super) fn number(text: &str) -> Part<Number> {
    Part::Read(Number {
        text: text.into(),
        value: SerialNumber::parse_hex(text),
    })
}

impl Facts {
    /// What was read of `ca.db`.
    pub(crate) fn index_mut(&mut self) -> &mut Index {
        match &mut self.index {
            Part::Read(index) => index,
            other => panic!("no ca.db: {other:?}"),
        }
    }

    /// What was read of `audit.log`.
    pub(super) fn log_mut(&mut self) -> &mut Log {
        match &mut self.log {
            Part::Read(log) => log,
            other => panic!("no audit.log: {other:?}"),
        }
    }

    /// What the CA's own CRL says.
    pub(super) fn crl_mut(&mut self) -> &mut CrlContent {
        match &mut self.crls[0].part {
            Part::Read(crl) => crl,
            other => panic!("no CRL: {other:?}"),
        }
    }

    /// The first place of this role.
    pub(super) fn place_mut(&mut self, role: Role) -> &mut Place {
        let mut places = self.places.iter_mut();
        places.find(|place| place.role == role).expect("such a place")
    }

    /// The modes of the repository's files.
    pub(super) fn repository_mut(&mut self) -> &mut RepositoryPlaces {
        match &mut self.repository {
            Part::Read(places) => places,
            other => panic!("no repository: {other:?}"),
        }
    }

    /// Puts other certificates in the place of the CA's.
    pub(super) fn set_path<'a>(&mut self, path: impl IntoIterator<Item = &'a certificates::Identity>) {
        let path = path.into_iter().map(|one| one.certificate.clone()).collect();
        self.certificates = Part::Read(path);
    }
}

fn place(path: &str, role: Role, wanted_mode: u32) -> Place {
    Place {
        path: format!("/srv/ca{path}").into(),
        role,
        file_type: match role {
            Role::Root | Role::Folder => FileType::Folder,
            _ => FileType::File,
        },
        link: None,
        mode: wanted_mode,
        wanted_mode,
        folder_mode: 0o700,
        owner: 0,
    }
}

fn paths() -> Paths {
    let at = |name: &str| format!("/srv/ca/{name}").into();
    Paths {
        root: "/srv/ca".into(),
        conf: at("ca_conf"),
        repository: at("repository"),
        certificate: at("ca_conf/ca_cert.pem"),
        request: at("ca_conf/ca_req.pem"),
        key: at("ca_conf/ca_priv_key.pem"),
        index: at("ca_conf/ca.db"),
        index_attributes: at("ca_conf/ca.db.attr"),
        serial: at("ca_conf/serial.num"),
        crl_number: at("ca_conf/crl.num"),
        crl: at("ca_conf/ca_crl.pem"),
        openssl_configuration: at("ca_conf/ca.conf"),
        policy: at("ca_conf/gsec.toml"),
        audit_log: at("ca_conf/audit.log"),
        host_index: at("ca_conf/.hosts.idx"),
    }
}

/// A CA that gsec made, with two certificates, of which one is revoked and in the CRL.
pub(crate) fn healthy() -> Facts {
    let paths = paths();
    let crl = CrlContent {
        this_update: in_days(-1),
        next_update: Some(in_days(29)),
        number: Some(serial(1)),
        version: 2,
        signature: Some(SignatureCheck::Good),
        signature_algorithm: "sha224WithRSAEncryption".into(),
        missing: Sample::default(),
        not_on_hold: Sample::default(),
    };
    Facts {
        now: now(),
        later: Vec::new(),
        is_waiting: false,
        changeover: ChangeoverState::None,
        is_adopted: true,
        lost_policy: None,
        serials_are_random: false,
        certificates: Part::Read(vec![certificates::root().certificate.clone()]),
        key: Part::Read(KeyState::Encrypted),
        signer_apart: None,
        previous: Vec::new(),
        foreign_roots: Vec::new(),
        lost_keys: Vec::new(),
        other_owner: None,
        bundle: Bundle::default(),
        off_path: Vec::new(),
        reaches_root: true,
        crls: vec![Crl {
            path: paths.crl.clone(),
            is_current: true,
            part: Part::Read(crl),
        }],
        faulty_crl_parts: Sample::default(),
        names_whole_crl: true,
        crl_addresses: Sample::default(),
        places: vec![
            place("", Role::Root, 0o755),
            place("/ca_conf", Role::Folder, 0o700),
            place("/ca_conf/ca_priv_key.pem", Role::CaKey, 0o400),
            place("/ca_conf/ca.db", Role::Private, 0o600),
            place("/ca_conf/ca_cert.pem", Role::Public, 0o644),
        ],
        forbidden: Vec::new(),
        exposures: Vec::new(),
        repository: Part::Read(RepositoryPlaces {
            certificates: 2,
            ..RepositoryPlaces::default()
        }),
        immutable: Vec::new(),
        append_only: Vec::new(),
        disk: Some(Disk {
            free_bytes: 1 << 40,
            free_files: Some(1_000_000),
            is_read_only: false,
        }),
        serial: number("03"),
        crl_number: number("02"),
        index: Part::Read(Index {
            records: 2,
            changed: Some(now() - Duration::hours(1)),
            highest: Some(serial(2)),
            revoked: 1,
            compared: 2,
            ..Index::default()
        }),
        unique_subject: Part::Read(Some(false)),
        log: Part::Read(Log {
            end_is_vouched_for: true,
            largest_announced: Some(serial(2)),
            crl_number: Some(serial(1)),
            ..Log::default()
        }),
        leftovers: Leftovers::default(),
        odd_forms: Vec::new(),
        key_forms: Vec::new(),
        lock_holder: None,
        host_index_is_sound: Some(true),
        policy_problem: None,
        policy_notices: Vec::new(),
        openssl_configuration: Part::Read(Vec::new()),
        paths,
    }
}

#[test]
fn healthy_directory_has_no_findings() {
    each(&[("as gsec made it", |_| {}, &[])]);
}
