//! The CA's certificates and keys, present and past, and its CRLs.

use std::path::PathBuf;

use time::OffsetDateTime;

use super::names::{Digester, SerialSet};
use super::repository::certificate_of;
use super::{part, unread};
use crate::checks::ca_directory::{
    Bundle, Crl, CrlContent, ForeignRoot, KeyState, LostKey, Part, PreviousKey, is_of_unknown_key,
};
use gsec_ca::authority::{Authority, FormerKeys, OwnPath, Unproven, UnprovenKey, lost_keys};
use gsec_ca::home::{CaDir, PreviousFile, exists};
use gsec_ca::records::file::FileRecords;
use gsec_pki::encoding::sample::Sample;
use gsec_pki::key::{decode_key_document, is_encrypted_key_file};
use gsec_pki::x509::{Certificate, RevocationReason, decode_certificates, decode_crls, rfc3339};

/// What a CRL lists.
pub(super) struct Listed {
    /// Every certificate.
    pub(super) all: SerialSet,
    /// Revoked certificates that are not on hold, so the revocation is final.
    pub(super) for_good: SerialSet,
}

pub(super) struct FoundAuthority {
    pub(super) certificates: Part<Vec<Certificate>>,
    pub(super) key: Part<KeyState>,
    pub(super) previous: Vec<PreviousKey>,
    pub(super) foreign_roots: Vec<ForeignRoot>,
    pub(super) bundle: Bundle,
    pub(super) off_path: Vec<Certificate>,
    pub(super) reaches_root: bool,
    pub(super) crls: Vec<Crl>,
    /// What each CRL lists, in the same order; `None` for one that does not read.
    pub(super) listed: Vec<Option<Listed>>,
    /// What digests them.
    pub(super) digester: Digester,
    /// Roots of former keys whose folder is lost, and which are known by ca_bundle.pem and the audit log.
    pub(super) lost_roots: Vec<Certificate>,
    /// Former keys that only the audit log tells of.
    pub(super) lost_keys: Vec<LostKey>,
    /// Whether there are former keys that could not be read: then nobody knows that none of the CA's keys signed a certificate.
    pub(super) has_unread_keys: bool,
    /// Every certificate of the CA's, present and past, and those above it.
    pub(super) signers: Vec<Certificate>,
}

impl FoundAuthority {
    /// The CA certificate and those of keys before.
    pub(super) fn own(&self) -> impl Iterator<Item = &Certificate> {
        let present = self
            .certificates
            .read()
            .and_then(|certificates| certificates.first());
        present
            .into_iter()
            .chain(self.previous.iter().map(|previous| &previous.certificate))
    }

    /// Whether a certificate is a host's, and about the key of a CA: this one's, now or before, or of one above.
    pub(super) fn is_about_ca_key(&self, certificate: &Certificate) -> bool {
        let is_same_key = |signer: &Certificate| {
            signer != certificate && signer.public_key().is_same_key(certificate.public_key())
        };
        // Certificates of the CA itself, of old ones without basicConstraints too, are self-issued.
        let is_host = !certificate.is_authority() && !certificate.is_self_issued();
        is_host && self.signers.iter().any(is_same_key)
    }

    /// Whether one of the CA's keys signed a certificate.
    pub(super) fn has_issued(&self, certificate: &Certificate) -> bool {
        self.own()
            .chain(&self.lost_roots)
            .any(|own| certificate.is_issued_by(own))
    }

    /// Whether a certificate may be of a key that the CA had, and of which nothing is left.
    pub(super) fn may_be_of_lost_key(&self, certificate: &Certificate) -> bool {
        let own: Vec<&Certificate> = self.own().chain(&self.lost_roots).collect();
        !self.lost_keys.is_empty() && is_of_unknown_key(certificate, &own)
    }
}

pub(super) fn look(directory: &CaDir, now: OffsetDateTime) -> FoundAuthority {
    let certificates = part(
        directory.read(&directory.ca_certificate()),
        |content| match decode_certificates(&content) {
            Ok(certificates) if certificates.is_empty() => Err("it contains no certificate".into()),
            other => other.map_err(|error| error.to_string()),
        },
    );
    let key = part(directory.read(&directory.ca_key()), |content| key_state(&content));
    let present = certificates
        .read()
        .and_then(|certificates: &Vec<Certificate>| certificates.first());
    let read = |present| FormerKeys::read(directory, present, &FileRecords::in_home(directory));
    let former = present.map_or_else(|| Ok(FormerKeys::default()), read);
    let (former, problem) = match former {
        Ok(former) => (former, None),
        Err(error) => (FormerKeys::default(), Some(error)),
    };
    let has_unread = |unproven: &UnprovenKey| unproven.problem == Unproven::Unreadable;
    let has_unread_keys = problem.is_some() || former.unproven.iter().any(has_unread);
    // What may not be read is reported as that.
    let problem = problem.and_then(|error| match error.into_directory().map(unread::<()>) {
        Ok(Part::Unreadable(problem)) => Some(problem),
        Ok(_) => None,
        Err(error) => Some(error.to_string()),
    });
    let bundle = present
        .filter(|_| !has_unread_keys)
        .map(|present| bundle(directory, present, &former, now))
        .unwrap_or_default();
    let lost_roots: Vec<Certificate> = former
        .unproven
        .iter()
        .filter(|unproven| unproven.problem == Unproven::FolderLost)
        .filter_map(|unproven| unproven.certificate.clone())
        .collect();
    let lost_keys = present
        .map(|present| lost_keys_of(directory, present, &former, now))
        .unwrap_or_default();
    let (previous, mut foreign_roots) = previous(directory, former);
    foreign_roots.extend(problem.map(|problem| ForeignRoot {
        is_lost: true,
        folder: directory.previous(),
        problem,
    }));
    let digester = Digester::default();
    let mut files: Vec<(PathBuf, Option<&Certificate>)> = vec![(directory.crl(), present)];
    // A key that was taken away, or whose root has ended, signs no CRL any more.
    let signing = previous
        .iter()
        .filter(|previous| previous.key.is_some() && previous.certificate.not_after() >= now);
    files.extend(signing.map(|previous| {
        let folder = directory.previous_of(previous.certificate.public_key());
        (folder.join(PreviousFile::Crl.name()), Some(&previous.certificate))
    }));
    let (mut crls, mut listed) = (Vec::new(), Vec::new());
    for (number, (path, issuer)) in files.into_iter().enumerate() {
        let (part, list) = crl(directory, &path, issuer, &digester);
        crls.push(Crl {
            path,
            is_current: number == 0,
            part,
        });
        listed.push(list);
    }
    let path = present
        .map(|present| {
            OwnPath::of(
                present,
                certificates.read().into_iter().flatten().skip(1).cloned(),
            )
        })
        .unwrap_or_default();
    let former = previous.iter().map(|previous| &previous.certificate);
    let signers = present
        .into_iter()
        .chain(&path.chain)
        .chain(&path.changeover)
        .chain(former)
        .cloned()
        .collect();
    let reaches_root = path
        .chain
        .last()
        .or(present)
        .is_some_and(Certificate::is_self_issued);
    let off_path = path.foreign;
    FoundAuthority {
        certificates,
        key,
        previous,
        foreign_roots,
        bundle,
        off_path,
        reaches_root,
        crls,
        listed,
        digester,
        lost_roots,
        lost_keys,
        has_unread_keys,
        signers,
    }
}

/// The former keys that only the audit log tells of.
fn lost_keys_of(
    directory: &CaDir,
    present: &Certificate,
    former: &FormerKeys,
    now: OffsetDateTime,
) -> Vec<LostKey> {
    let kept: Vec<Certificate> = directory
        .previous_certificates()
        .unwrap_or_default()
        .iter()
        .filter_map(|path| certificate_of(directory, path))
        .collect();
    let known: Vec<&Certificate> = std::iter::once(present)
        .chain(former.proven.iter().map(|proven| proven.certificate()))
        .chain(
            former
                .unproven
                .iter()
                .filter_map(|unproven| unproven.certificate.as_ref()),
        )
        .chain(&kept)
        .collect();
    let is_there = |folder: &PathBuf| exists(folder).unwrap_or(true);
    let lost = lost_keys(&FileRecords::in_home(directory), &known, now).unwrap_or_default();
    let lost = lost.into_iter().map(|lost| LostKey {
        folder: match lost.identifier {
            Some(identifier) => directory.previous().join(identifier),
            None => directory.previous(),
        },
        changed: lost.changed,
    });
    // What is wrong with a folder that is there, other findings say.
    lost.filter(|lost| !is_there(&lost.folder) || lost.folder == directory.previous())
        .collect()
}

fn key_state(content: &[u8]) -> Result<KeyState, String> {
    if is_encrypted_key_file(content) {
        return Ok(KeyState::Encrypted);
    }
    let document = decode_key_document(content, None).map_err(|error| error.to_string())?;
    let public = document.public_key().ok_or_else(|| {
        format!(
            "a key of type {} does not reveal its public key",
            document.algorithm()
        )
    })?;
    Ok(KeyState::Open { pin: public.pin() })
}

/// What peers trust: all roots whose certificates are in use, and nothing else. Roots of the CA's own that have ended do no harm.
fn bundle(directory: &CaDir, present: &Certificate, former: &FormerKeys, now: OffsetDateTime) -> Bundle {
    let path = directory.bundle();
    let expected = Authority::expected_bundle(present, &former.proven, now)
        .and_then(|pem| decode_certificates(pem.as_bytes()).ok());
    let read = part(directory.read(&path), |content| {
        decode_certificates(&content).map_err(|error| error.to_string())
    });
    let problem = match (&read, expected) {
        (Part::Missing, Some(_)) => Some("it does not exist".to_owned()),
        (Part::Unreadable(problem), _) => Some(problem.clone()),
        (Part::Read(found), expected) => {
            let is_lost = |one: &Certificate| {
                former.unproven.iter().any(|lost| {
                    lost.problem == Unproven::FolderLost && lost.certificate.as_ref() == Some(one)
                })
            };
            let is_own = |one: &&Certificate| {
                *one == present || former.proven.iter().any(|own| own.certificate() == *one) || is_lost(one)
            };
            let stranger = found
                .iter()
                .find(|one| !is_own(one))
                .map(|one| format!("it contains `{}`, which is not a root of this CA", one.subject()));
            let missing = expected.iter().flatten().find(|one| !found.contains(one));
            stranger.or_else(|| {
                missing.map(|one| {
                    format!(
                        "it lacks the root `{}` that expires at {}",
                        one.subject(),
                        rfc3339(one.not_after())
                    )
                })
            })
        }
        _ => None,
    };
    Bundle {
        path,
        problem,
        can_be_written: former.unproven.is_empty() && !former.proven.is_empty(),
    }
}

/// The keys before, and what claims to be one. Nothing can be proven without the present certificate.
fn previous(directory: &CaDir, former: FormerKeys) -> (Vec<PreviousKey>, Vec<ForeignRoot>) {
    let proven = former.proven.iter().map(|previous| {
        let key = previous.file(PreviousFile::Key);
        PreviousKey {
            certificate: previous.certificate().clone(),
            key_problem: Authority::former_key_problem(directory, previous)
                .map(|problem| problem.to_string()),
            cross: previous.file(PreviousFile::NewWithOld),
            cross_problem: previous.cross_problem(),
            key: key.symlink_metadata().is_ok().then_some(key),
        }
    });
    let unproven = former.unproven.into_iter().map(|unproven| ForeignRoot {
        is_lost: unproven.problem == Unproven::FolderLost,
        folder: unproven.folder,
        problem: unproven.problem.to_string(),
    });
    (proven.collect(), unproven.collect())
}

fn crl(
    directory: &CaDir,
    path: &std::path::Path,
    issuer: Option<&Certificate>,
    digester: &Digester,
) -> (Part<CrlContent>, Option<Listed>) {
    let read = part(directory.read(path), |content| match decode_crls(&content) {
        Ok(crls) => crls
            .into_iter()
            .next()
            .ok_or_else(|| "it contains no CRL".to_owned()),
        Err(error) => Err(error.to_string()),
    });
    let crl = match read {
        Part::Read(crl) => crl,
        Part::Missing => return (Part::Missing, None),
        Part::Irregular => return (Part::Irregular, None),
        Part::Forbidden => return (Part::Forbidden, None),
        Part::Unreadable(problem) => return (Part::Unreadable(problem), None),
    };
    let (mut all, mut for_good) = (Vec::with_capacity(crl.revoked()), Vec::new());
    for entry in crl.entries() {
        let digest = digester.digest(&entry.serial.to_string());
        all.push(digest);
        if entry.reason != Some(RevocationReason::CertificateHold) {
            for_good.push(digest);
        }
    }
    let content = CrlContent {
        this_update: crl.this_update(),
        next_update: crl.next_update(),
        number: crl.number().cloned(),
        version: crl.version(),
        signature_algorithm: crl.signature_algorithm(),
        signature: issuer.map(|issuer| crl.verify_signature(issuer.public_key())),
        missing: Sample::default(),
        not_on_hold: Sample::default(),
    };
    (
        Part::Read(content),
        Some(Listed {
            all: SerialSet::new(all),
            for_good: SerialSet::new(for_good),
        }),
    )
}
