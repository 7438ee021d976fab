//! The CA's previous keys: what they issued is still this CA's, and they go on signing the CRL for it.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use thiserror::Error;
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::authority::{Authority, AuthorityError, Session, Unlocked, Warning};
use crate::files::FilesError;
use crate::home::{
    CaDir, CaKey, Held, KeyFiles, KeySource, KeySourceError, PreviousFile, StoreError, is_cross, is_root,
};
use crate::records::{AuditEntry, Records, Under};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::{PublicKey, SignatureCheck, Signer, is_encrypted_key_file};
use gsec_pki::x509::{Certificate, CertificateError, decode_certificates, parse_time};

/// A key that the CA had before.
pub struct PreviousKey {
    folder: PathBuf,
    certificate: Certificate,
    /// The certificate of the next key, signed by this one.
    new_with_old: Option<Certificate>,
}

impl PreviousKey {
    /// Its root certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// What is wrong with `new_with_old.pem`, by which peers that trust this root alone find the way to what the keys after it have issued;
    /// `None` when nothing is.
    pub fn cross_problem(&self) -> Option<&'static str> {
        match (
            &self.new_with_old,
            self.file(PreviousFile::NewWithOld).symlink_metadata().is_ok(),
        ) {
            (Some(_), _) => None,
            (None, true) => Some("it is not the certificate of the next key of this CA, signed by this one"),
            (None, false) => Some("it is missing"),
        }
    }

    /// Believes of `new_with_old.pem` only that this key certifies the one that follows it.
    fn followed_by(mut self, next: &Certificate) -> Self {
        self.new_with_old = self
            .new_with_old
            .filter(|cross| is_cross(cross, next, &self.certificate));
        self
    }

    /// A file of it.
    pub fn file(&self, file: PreviousFile) -> PathBuf {
        self.folder.join(file.name())
    }
}

/// Why a certificate under `previous/` is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unproven {
    /// It does not read, or is not a file of its own.
    #[error("it is not a readable certificate")]
    Unreadable,
    /// RFC 4210 §4.4: a change of key keeps the name.
    #[error("it is for another name than the CA's")]
    OtherName,
    /// The folder is named by another key.
    #[error("its directory is not named after its key identifier")]
    OtherFolder,
    /// A root is signed by its own key.
    #[error("it is not signed by its own key")]
    NotSelfSigned,
    /// `old_with_new.pem` is missing, or not signed by a key of this CA.
    #[error("no key of this CA has certified its key (`old_with_new.pem`)")]
    NotCertified,
    /// There is no folder of it.
    #[error("its directory is missing: the audit log has its signatures, and `ca_bundle.pem` has its root")]
    FolderLost,
}

/// A folder under `previous/` that is not proven to be of a key that the CA had. Nothing in it is trusted;
/// its name and its key are still never certified.
pub struct UnprovenKey {
    /// The folder.
    pub folder: PathBuf,
    /// Its certificate, where that reads.
    pub certificate: Option<Certificate>,
    /// What it lacks.
    pub problem: Unproven,
}

/// What is under `ca_conf/previous/`.
#[derive(Default)]
pub struct FormerKeys {
    /// The previous keys of this CA.
    pub proven: Vec<PreviousKey>,
    /// What is not proven to be of such a key.
    pub unproven: Vec<UnprovenKey>,
}

/// Why a key that the CA had before signs no CRL.
#[derive(Debug, Error)]
pub enum FormerKeyProblem {
    /// The key file is missing.
    #[error("`{}` is missing", .0.display())]
    Missing(PathBuf),
    /// The key file does not read, or is of another key.
    #[error("{}", in_words(.0))]
    Unusable(Box<AuthorityError>),
    /// The folder is not proven to be of a key of this CA.
    #[error("`{}`: {problem}", path.display())]
    Unproven {
        /// The certificate.
        path: PathBuf,
        /// What it lacks.
        problem: Unproven,
    },
}

/// An error and its cause in one sentence.
fn in_words(error: &AuthorityError) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// A CRL that a former key should sign, and does not.
#[derive(Debug)]
pub struct FormerCrlMissing {
    /// Where it would be.
    pub path: PathBuf,
    /// Why it is not made.
    pub problem: FormerKeyProblem,
}

impl FormerKeys {
    /// Reads what is under `previous/`, and believes nothing that the present key has not certified, by itself or through a key that it
    /// has certified: each change of key leaves the old key's certificate signed by the new one (RFC 4210 §4.4).
    ///
    /// # Errors
    /// [`AuthorityError::Store`] when a folder or file may not be read.
    pub fn read(
        directory: &CaDir,
        present: &Certificate,
        records: &dyn Records,
    ) -> Result<Self, AuthorityError> {
        let (mut waiting, mut found) = (Vec::new(), Self::default());
        for folder in directory.previous_keys()? {
            match Candidate::read(directory, &folder, present)? {
                // The folder of a certificate that was renewed for the same key has nothing to add.
                Ok(candidate) if candidate.key.certificate.public_key() == present.public_key() => {}
                Ok(candidate) => waiting.push(candidate),
                Err((certificate, problem)) => found.unproven.push(UnprovenKey {
                    folder,
                    certificate,
                    problem,
                }),
            }
        }
        let mut certifiers = vec![present.clone()];
        while let Some(certifier) = certifiers.pop() {
            let (proven, others): (Vec<_>, Vec<_>) = waiting
                .into_iter()
                .partition(|candidate: &Candidate| candidate.is_certified_by(&certifier));
            certifiers.extend(proven.iter().map(|candidate| candidate.key.certificate.clone()));
            found.proven.extend(
                proven
                    .into_iter()
                    .map(|candidate| candidate.key.followed_by(&certifier)),
            );
            waiting = others;
        }
        found
            .unproven
            .extend(waiting.into_iter().map(|candidate| UnprovenKey {
                folder: candidate.key.folder,
                certificate: Some(candidate.key.certificate),
                problem: Unproven::NotCertified,
            }));
        found.take_lost(directory, present, records)?;
        found.proven.sort_by(|one, other| one.folder.cmp(&other.folder));
        Ok(found)
    }
}

impl FormerKeys {
    /// Adds the roots in `ca_bundle.pem` whose folder is missing: peers trust them. That the key was this CA's is known by the audit log, whose
    /// lines it signed.
    fn take_lost(
        &mut self,
        directory: &CaDir,
        present: &Certificate,
        records: &dyn Records,
    ) -> Result<(), AuthorityError> {
        let Some(content) = read_if_there(directory, &directory.bundle()).unwrap_or_default() else {
            return Ok(());
        };
        for root in decode_certificates(&content).unwrap_or_default() {
            let key = root.public_key();
            let is_known = {
                let unproven = self
                    .unproven
                    .iter()
                    .filter_map(|unproven| unproven.certificate.as_ref());
                let mut known = self
                    .proven
                    .iter()
                    .map(PreviousKey::certificate)
                    .chain(unproven)
                    .chain([present]);
                known.any(|known| known.public_key().is_same_key(key))
            };
            let is_lost = !is_known && root.subject() == present.subject();
            if is_lost && is_root(&root) && !directory.was_a_key_before(key)? && has_signed_log(records, key)
            {
                self.unproven.push(UnprovenKey {
                    folder: directory.previous_of(key),
                    certificate: Some(root),
                    problem: Unproven::FolderLost,
                });
            }
        }
        Ok(())
    }
}

/// A key of the CA's before a change of key of which only the audit log tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostKey {
    /// Its key identifier in hexadecimal digits, which is the name of its folder in `previous/`; `None` where the line is not signed.
    pub identifier: Option<String>,
    /// When it was changed, RFC 3339, as the log says.
    pub changed: String,
}

/// The former keys that the audit log tells of and of which nothing is left. `known` are the CA's certificates that are known: its present one, and
/// every one that is kept. A key whose root has ended at `now` is none of them: peers need nothing of it any more.
///
/// # Errors
/// [`AuthorityError::Records`].
pub fn lost_keys(
    records: &dyn Records,
    known: &[&Certificate],
    now: OffsetDateTime,
) -> Result<Vec<LostKey>, AuthorityError> {
    let digits = |bytes: &[u8]| encode(bytes, Separator::None);
    let thumbprints: HashSet<String> = known
        .iter()
        .map(|one| digits(&one.thumbprints().sha256))
        .collect();
    let keys: HashSet<String> = known
        .iter()
        .map(|one| digits(&one.public_key().key_identifier()))
        .collect();
    let (mut ends, mut found) = (HashMap::new(), Vec::new());
    records.audit_lines_with(&["\"ca.rekey\"", "\"ca.renew\""], &mut |line| {
        if line.action == "ca.rekey"
            && let Some(previous) = &line.previous_sha256
        {
            let is_known = match &line.key {
                Some(key) => keys.contains(key),
                None => thumbprints.contains(previous),
            };
            let end: Option<OffsetDateTime> = ends.get(previous).copied().flatten();
            if !is_known && end.is_none_or(|end| end >= now) {
                found.push(LostKey {
                    identifier: line.key.clone(),
                    changed: line.time.clone(),
                });
            }
        }
        if let Some(own) = line.sha256 {
            ends.insert(own, line.not_after.as_deref().and_then(parse_time));
        }
    })?;
    Ok(found)
}

/// Whether a key has signed lines of the audit log: then it was this CA's. A log that cannot be read does not say so.
pub(in crate::authority) fn has_signed_log(records: &dyn Records, key: &PublicKey) -> bool {
    let digits = encode(&key.key_identifier(), Separator::None);
    records.audit_was_signed_by(&digits).unwrap_or(false)
}

/// A folder under `previous/` that looks like one of this CA's.
struct Candidate {
    key: PreviousKey,
    old_with_new: Option<Certificate>,
}

impl Candidate {
    fn read(
        directory: &CaDir,
        folder: &Path,
        present: &Certificate,
    ) -> Result<Result<Self, (Option<Certificate>, Unproven)>, AuthorityError> {
        let read = |file: PreviousFile| match first_certificate(directory, folder.join(file.name())) {
            Ok(certificate) => Ok(certificate),
            Err(AuthorityError::Store(error @ StoreError::Files(FilesError::Io { .. }))) => Err(error),
            Err(_) => Ok(None),
        };
        let Some(certificate) = read(PreviousFile::Certificate)? else {
            return Ok(Err((None, Unproven::Unreadable)));
        };
        let problem = if certificate.subject() != present.subject() {
            Some(Unproven::OtherName)
        } else if directory.previous_of(certificate.public_key()) != folder {
            Some(Unproven::OtherFolder)
        } else if certificate.verify_signature(certificate.public_key()) == SignatureCheck::Bad {
            Some(Unproven::NotSelfSigned)
        } else {
            None
        };
        if let Some(problem) = problem {
            return Ok(Err((Some(certificate), problem)));
        }
        let key = PreviousKey {
            folder: folder.to_owned(),
            new_with_old: read(PreviousFile::NewWithOld)?,
            certificate,
        };
        Ok(Ok(Self {
            key,
            old_with_new: read(PreviousFile::OldWithNew)?,
        }))
    }

    fn is_certified_by(&self, certifier: &Certificate) -> bool {
        self.old_with_new
            .as_ref()
            .is_some_and(|cross| is_cross(cross, &self.key.certificate, certifier))
    }
}

/// The content of a file that may be missing.
pub(in crate::authority) fn read_if_there(
    directory: &CaDir,
    path: &Path,
) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
    match directory.read(path) {
        Err(StoreError::Files(FilesError::Io { source, .. }))
            if source.kind() == std::io::ErrorKind::NotFound =>
        {
            Ok(None)
        }
        content => content.map(Some),
    }
}

/// The first certificate in a file; `None` without the file.
pub(in crate::authority) fn first_certificate(
    directory: &CaDir,
    path: PathBuf,
) -> Result<Option<Certificate>, AuthorityError> {
    let Some(content) = read_if_there(directory, &path)? else {
        return Ok(None);
    };
    let wrong = |source: CertificateError| AuthorityError::Certificate {
        path: path.clone(),
        source,
    };
    Ok(decode_certificates(&content).map_err(wrong)?.into_iter().next())
}

impl Authority {
    /// The CA's previous keys.
    pub fn previous(&self) -> &[PreviousKey] {
        &self.previous
    }

    /// What trusts everything that this CA issued: its certificate, those above it, and those of the keys before.
    pub fn trusted(&self) -> impl Iterator<Item = &Certificate> {
        self.path_upwards()
            .chain(self.previous.iter().map(PreviousKey::certificate))
    }

    /// What hosts hand over besides their own certificate while peers still trust a former root: the present key certified by
    /// the one before, that one by the one before it, and so on while their roots are in date. Below a root whose key was changed it is what
    /// the parent CA handed over.
    pub fn changeover(&self, now: OffsetDateTime) -> Vec<&Certificate> {
        let (mut found, mut key) = (Vec::new(), self.certificate().public_key());
        while found.len() < self.previous.len() {
            let certifies = |previous: &&PreviousKey| {
                previous
                    .new_with_old
                    .as_ref()
                    .is_some_and(|cross| cross.public_key() == key)
            };
            let Some(step) = self.previous.iter().find(certifies) else {
                break;
            };
            let Some(cross) = step
                .new_with_old
                .as_ref()
                .filter(|cross| cross.not_after() >= now)
            else {
                break;
            };
            found.push(cross);
            key = step.certificate.public_key();
        }
        found.extend(
            self.above_changeover
                .iter()
                .filter(|cross| cross.not_after() >= now),
        );
        found
    }

    /// Opens the keys that still sign a CRL: those whose root is in date. With them comes which of these CRLs cannot be made: peers go on
    /// reading the last one of that key, and do not learn what is revoked from now on.
    pub(in crate::authority) fn open_previous(
        &self,
        unlocked: &Unlocked,
        now: OffsetDateTime,
    ) -> OpenedKeys<'_> {
        let mut opened = OpenedKeys::default();
        for previous in self
            .previous
            .iter()
            .filter(|previous| previous.certificate.not_after() >= now)
        {
            match open_key_of(unlocked.source().as_ref(), previous) {
                Ok(key) => opened.keys.push((previous, key)),
                Err(problem) => opened.missing.push(FormerCrlMissing {
                    path: previous.file(PreviousFile::Crl),
                    problem,
                }),
            }
        }
        for unproven in self
            .unproven
            .iter()
            .filter(|unproven| unproven.may_be_own(self.certificate(), now))
        {
            let path = unproven.folder.join(PreviousFile::Certificate.name());
            let problem = FormerKeyProblem::Unproven {
                path,
                problem: unproven.problem,
            };
            opened.missing.push(FormerCrlMissing {
                path: unproven.folder.join(PreviousFile::Crl.name()),
                problem,
            });
        }
        opened
    }

    /// What is wrong with the key file of a key that the CA had before, as far as can be seen without a passphrase; `None` when nothing is.
    pub fn former_key_problem(directory: &CaDir, previous: &PreviousKey) -> Option<FormerKeyProblem> {
        let content = directory.read(&previous.file(PreviousFile::Key));
        match content {
            Ok(content) if is_encrypted_key_file(&content) => None,
            _ => open_key_of(&KeyFiles::of(directory, None), previous).err(),
        }
    }
}

fn open_key_of(source: &dyn KeySource, previous: &PreviousKey) -> Result<Box<dyn Signer>, FormerKeyProblem> {
    let certified = previous.certificate.public_key();
    let unusable = |error: AuthorityError| FormerKeyProblem::Unusable(Box::new(error));
    let opened = source
        .open(CaKey::Former(certified))
        .map_err(|error| match error {
            KeySourceError::Key { place, source } => unusable(AuthorityError::Key { path: place, source }),
            error => unusable(error.into()),
        })?;
    let Some(opened) = opened else {
        return Err(FormerKeyProblem::Missing(previous.file(PreviousFile::Key)));
    };
    if opened.signer.public_key() != certified {
        let certificate = previous.file(PreviousFile::Certificate);
        return Err(unusable(AuthorityError::mismatch(
            opened.place,
            opened.signer.public_key(),
            certificate,
            certified,
        )));
    }
    Ok(opened.signer)
}

/// The CA's previous keys, opened.
#[derive(Default)]
pub(in crate::authority) struct OpenedKeys<'a> {
    pub(in crate::authority) keys: Vec<(&'a PreviousKey, Box<dyn Signer>)>,
    /// Of those that do not open, what is not made.
    pub(in crate::authority) missing: Vec<FormerCrlMissing>,
}

impl UnprovenKey {
    /// That it may be of a key of this CA, and is left out of all that the CA's former keys are for.
    pub(in crate::authority) fn doubt(&self, present: &Certificate) -> Option<Warning> {
        let may_be_own = |certificate: &Certificate| certificate.subject() == present.subject();
        let is_doubtful = self.certificate.as_ref().is_none_or(may_be_own);
        is_doubtful.then(|| Warning::FormerKeyLeftOut {
            folder: self.folder.clone(),
            problem: self.problem,
        })
    }

    /// Whether it may be of a key that this CA had, whose root is in date: then its CRL is missed.
    fn may_be_own(&self, present: &Certificate, now: OffsetDateTime) -> bool {
        self.certificate.as_ref().is_none_or(|certificate| {
            certificate.subject() == present.subject() && certificate.not_after() >= now
        })
    }
}

impl Authority {
    /// What peers must trust while certificates of former keys are in use: `ca_bundle.pem` as it must be; `None` where the CA has one root.
    pub fn expected_bundle(
        present: &Certificate,
        former: &[PreviousKey],
        now: OffsetDateTime,
    ) -> Option<String> {
        let is_needed = former.iter().any(|former| former.certificate.not_after() >= now);
        is_needed.then(|| bundle(present, former.iter().map(PreviousKey::certificate), now))
    }

    /// Writes `ca_bundle.pem` anew.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub(in crate::authority) fn write_bundle(
        &self,
        entry: &AuditEntry,
        session: &mut Session<'_>,
    ) -> Result<(), AuthorityError> {
        let Some(bundle) = Self::expected_bundle(self.certificate(), &self.previous, session.now) else {
            return Ok(());
        };
        let held = Held::begin(self.directory(), &mut session.wait)?;
        held.expect_unchanged(&self.directory().ca_certificate(), self.certificate_file())?;
        self.records().announce(
            std::slice::from_ref(entry),
            &session.stamp(None),
            Under::Held(&held),
        )?;
        Ok(held.replace_public(&self.directory().bundle(), bundle.as_bytes())?)
    }
}

/// What peers trust while certificates of former keys are in use, as PEM: the newest root, and the others that have not ended.
pub(in crate::authority) fn bundle<'a>(
    newest: &'a Certificate,
    others: impl Iterator<Item = &'a Certificate>,
    now: OffsetDateTime,
) -> String {
    std::iter::once(newest)
        .chain(others.filter(|other| other.not_after() >= now))
        .map(Certificate::to_pem)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Identity, Site, in_days, now};

    /// What is believed of a CA whose key was changed, after something was done to the folder of the old one.
    fn believed(change: impl FnOnce(&Path)) -> (usize, Vec<Unproven>) {
        let site = Site::new().rekeyed();
        let folder = site.authority.previous()[0].folder.clone();
        change(&folder);
        let site = site.reopened();
        let unproven = site
            .authority
            .unproven
            .iter()
            .map(|unproven| unproven.problem)
            .collect();
        (site.authority.previous().len(), unproven)
    }

    fn write(folder: &Path, file: PreviousFile, certificate: &Certificate) {
        std::fs::write(folder.join(file.name()), certificate.to_pem()).expect("a file");
    }

    #[test]
    fn former_key_is_believed_only_where_the_present_one_certified_it() {
        let remove = |file: PreviousFile| {
            move |folder: &Path| std::fs::remove_file(folder.join(file.name())).expect("removed")
        };
        assert_eq!(believed(|_| {}), (1, vec![]));
        assert_eq!(
            believed(remove(PreviousFile::Key)),
            (1, vec![]),
            "it signs no CRL, and is the CA's"
        );
        assert_eq!(
            believed(remove(PreviousFile::OldWithNew)),
            (0, vec![Unproven::NotCertified])
        );
        assert_eq!(
            believed(remove(PreviousFile::Certificate)),
            (0, vec![]),
            "a certificate that was renewed leaves such a folder too; the log knows of a key that was changed"
        );
        assert_eq!(
            believed(|folder| std::fs::write(folder.join("ca_cert.pem"), "no certificate").expect("a file")),
            (0, vec![Unproven::Unreadable])
        );
        let stranger = Identity::root("Example CA");
        assert_eq!(
            believed(|folder| write(folder, PreviousFile::Certificate, &stranger.certificate)),
            (0, vec![Unproven::OtherFolder])
        );
        let other = Identity::root("Other CA").certificate;
        assert_eq!(
            believed(|folder| write(folder, PreviousFile::Certificate, &other)),
            (0, vec![Unproven::OtherName])
        );
        let forged = stranger.certify(&Identity::root("Example CA"));
        assert_eq!(
            believed(|folder| write(folder, PreviousFile::OldWithNew, &forged)),
            (0, vec![Unproven::NotCertified])
        );
        assert_eq!(
            believed(|folder| std::fs::remove_dir_all(folder).expect("removed")),
            (0, vec![Unproven::FolderLost]),
            "bundle and log know it"
        );
    }

    #[test]
    fn peers_of_a_former_root_are_led_to_the_present_one_until_it_ends() {
        let site = Site::new().rekeyed();
        let authority = &site.authority;
        assert_eq!(authority.changeover(now()).len(), 1);
        let end = authority.changeover(now())[0].not_after();
        assert_eq!(authority.changeover(end).len(), 1);
        assert!(authority.changeover(end + time::Duration::SECOND).is_empty());
        assert_eq!(authority.previous()[0].cross_problem(), None);
        assert_eq!(authority.trusted().count(), 2);
    }

    #[test]
    fn certificate_of_a_former_key_is_still_this_cas() {
        let site = Site::new();
        let old = site.issue("a.example.com");
        let site = site.rekeyed();
        let new = site.issue("b.example.com");
        assert!(site.authority.has_signed(&old) && site.authority.has_signed(&new));
        assert!(site.authority.former_issuer(&old).is_some() && site.authority.former_issuer(&new).is_none());
        assert!(
            !site.authority.has_signed(
                &Identity::root("Example CA")
                    .host("a.example.com", |_| {})
                    .certificate
            )
        );
    }

    #[test]
    fn former_key_of_which_nothing_is_left_is_known_by_the_log() {
        let site = Site::new();
        let former = site.authority.certificate().clone();
        let site = site.rekeyed();
        let (records, present) = (site.authority.records(), site.authority.certificate());
        let lost = |known: &[&Certificate], at| lost_keys(records, known, at).expect("an answer").len();
        assert_eq!(lost(&[present, &former], now()), 0);
        assert_eq!(lost(&[present], now()), 1);
        assert_eq!(lost(&[present], in_days(1)), 1);
        assert!(has_signed_log(records, former.public_key()));
        assert!(!has_signed_log(
            records,
            Identity::root("Example CA").certificate.public_key()
        ));
    }
}
