//! Whether a change of key that waits to be finished is one that this CA began.
//!
//! Otherwise any user able to put a folder `.rekey` into `ca_conf/` could give the CA a key of their own. The
//! proof is the certificate of the new key that the old one signed (RFC 4210 §4.4): a CA certificate in the
//! CA's own name, which the CA gives to no one else.
//!
//! An encrypted key shows only with its passphrase whose it is. Until a call that has the passphrase has looked, it stays where it is.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::changeover::DECIDED;
use super::exists;
use super::{CaDir, PreviousFile, StoreError};
use crate::files::{FilesError, read_own_file};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::{PublicKey, SignatureCheck, Signer, decode_private_key, is_encrypted_key_file};
use gsec_pki::x509::{Certificate, RevocationList, decode_certificates, decode_crls};

/// A change of key, or of its passphrase, that waits to be finished, and of which nothing speaks against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changeover {
    /// The encrypted files of the CA's own keys in it, and the public keys that they must belong to. Another key that comes with its
    /// certificate is not among them: the present key has certified that, and stays in `previous/`.
    sealed: Vec<(PathBuf, PublicKey)>,
}

impl Changeover {
    /// Whether encrypted keys are in it, so that only their passphrase shows whether they are the CA's.
    pub fn is_sealed(&self) -> bool {
        !self.sealed.is_empty()
    }

    /// Whether every encrypted key in it opens with this passphrase, and is the CA's.
    ///
    /// # Errors
    /// [`StoreError::Files`]; [`StoreError::ForeignChangeover`] when a key opens and is not the CA's.
    pub fn opens_with(&self, passphrase: Option<&str>) -> Result<bool, StoreError> {
        for (path, expected) in &self.sealed {
            let Ok(key) = decode_private_key(&read_own_file(path)?, passphrase) else {
                return Ok(false);
            };
            if key.public_key() != expected {
                return Err(StoreError::ForeignChangeover {
                    path: path.clone(),
                    problem: "the key in it is not the CA's".into(),
                });
            }
        }
        Ok(true)
    }
}

impl CaDir {
    /// A change of key that waits to be finished.
    ///
    /// # Errors
    /// [`StoreError::Files`]; [`StoreError::ForeignChangeover`] when it is not this CA's.
    pub fn changeover(&self) -> Result<Option<Changeover>, StoreError> {
        let decided = self.conf().join(DECIDED);
        if !exists(&decided)? {
            return Ok(None);
        }
        let wrong = |problem: String| StoreError::ForeignChangeover {
            path: decided.clone(),
            problem,
        };
        expect_owned(self, &decided).map_err(|error| wrong(error.to_string()))?;
        if let Some(problem) = self.problem_of(&decided)? {
            return Err(wrong(problem));
        }
        Ok(Some(Changeover {
            sealed: self.sealed_in(&decided)?,
        }))
    }

    /// The encrypted keys that are to go to the places of the CA's own, where there is no new certificate.
    fn sealed_in(&self, decided: &Path) -> Result<Vec<(PathBuf, PublicKey)>, StoreError> {
        if exists(&decided.join(PreviousFile::Certificate.name()))? {
            return Ok(Vec::new());
        }
        let mut staged = vec![(decided.to_owned(), self.ca_certificate())];
        let previous = decided.join("previous");
        for name in all_names_in(&previous)? {
            let certificate = self.previous().join(&name).join(PreviousFile::Certificate.name());
            staged.push((previous.join(&name), certificate));
        }
        let mut sealed = Vec::new();
        for (folder, certificate) in staged {
            let key = folder.join(PreviousFile::Key.name());
            if exists(&key)? && is_encrypted_key_file(&read_own_file(&key)?) {
                sealed.push((key, first_certificate(&certificate)?.public_key().clone()));
            }
        }
        Ok(sealed)
    }

    /// Why what is staged does not follow from the present key. When the new certificate has gone to its place, everything has: an
    /// empty folder may be left, and a key that goes nowhere.
    fn problem_of(&self, decided: &Path) -> Result<Option<String>, StoreError> {
        let new_path = decided.join(PreviousFile::Certificate.name());
        if !exists(&new_path)? {
            return self.problem_of_keys(decided);
        }
        let (new, present) = (
            first_certificate(&new_path)?,
            first_certificate(&self.ca_certificate())?,
        );
        if let Some(problem) = self.problem_of_root(&new, &present)? {
            return Ok(Some(problem));
        }
        let staged = decided.join("previous");
        let folder = encode(&present.public_key().key_identifier(), Separator::None);
        let names = names_in(
            decided,
            &["ca_bundle.pem", "ca_cert.pem", "ca_priv_key.pem", "previous"],
        )?;
        let former = names_in(&staged, &[&folder])?
            .map(|_| "it has a former key that is not the present one".to_owned());
        let files = names_in(&staged.join(&folder), &PreviousFile::ALL.map(PreviousFile::name))?;
        let stray = |name: String| format!("`{name}` is not part of a key change");
        if let Some(problem) = names.map(stray).or(former).or(files.map(stray)) {
            return Ok(Some(problem));
        }
        // Interrupted between two of them, some have gone to their places.
        let places = [staged.join(&folder), self.previous().join(&folder)];
        let change = Change {
            ca_dir: self,
            decided,
            places: &places,
            new: &new,
            present: &present,
        };
        change.problem()
    }

    /// Why a certificate is not that of the CA's next root. The certificate by which the present key certifies a *former* key is signed by
    /// the right key, and is not a proof: with it, a holder of the former key could put that back.
    fn problem_of_root(
        &self,
        new: &Certificate,
        present: &Certificate,
    ) -> Result<Option<String>, StoreError> {
        if !new.subject().has_same_encoding(present.subject()) {
            return Ok(Some(format!(
                "its certificate is for `{}`, but this CA is `{}`",
                new.subject(),
                present.subject()
            )));
        }
        if !is_root(new) {
            return Ok(Some("its certificate is not a self-signed CA certificate".into()));
        }
        let is_known = new.public_key().is_same_key(present.public_key())
            || exists(&self.previous_of(new.public_key()))?;
        Ok(is_known.then(|| "its key is one that the CA has now or had before".into()))
    }
}

/// A change of key that is looked at before it is finished.
struct Change<'a> {
    ca_dir: &'a CaDir,
    decided: &'a Path,
    /// Where the files of the present key are, or will be.
    places: &'a [PathBuf],
    new: &'a Certificate,
    present: &'a Certificate,
}

impl Change<'_> {
    fn problem(&self) -> Result<Option<String>, StoreError> {
        let mut problem = None;
        for place in self.places {
            let file = |file: PreviousFile| place.join(file.name());
            problem = problem
                .or(self.problem_of_cross(&file(PreviousFile::NewWithOld), &file(PreviousFile::OldWithNew))?);
            let kept = file(PreviousFile::Certificate);
            if exists(&kept)? && first_certificate(&kept)? != *self.present {
                problem = problem.or(Some(
                    "the certificate of the former key in it is not the CA's present one".into(),
                ));
            }
            let crl = file(PreviousFile::Crl);
            if exists(&crl)? && place.starts_with(self.decided) && !self.is_own_crl(&crl)? {
                problem = problem.or(Some("the CRL in it is not the CA's".into()));
            }
        }
        let mut problem = match problem {
            None if !self.any_place_has(PreviousFile::NewWithOld)? => {
                Some("its key is not certified by the present one".into())
            }
            problem => problem,
        };
        problem = problem.or(self.problem_of_keys()?);
        Ok(problem.or(self.problem_of_bundle()?))
    }

    fn any_place_has(&self, file: PreviousFile) -> Result<bool, StoreError> {
        for place in self.places {
            if exists(&place.join(file.name()))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn problem_of_cross(
        &self,
        new_with_old: &Path,
        old_with_new: &Path,
    ) -> Result<Option<String>, StoreError> {
        if exists(new_with_old)? {
            let cross = first_certificate(new_with_old)?;
            // gsec starts its validity with the new root's, and not before the present one's; that of a
            // former key starts with that key.
            let is_next =
                cross.not_before() >= self.present.not_before() && is_cross(&cross, self.new, self.present);
            if !is_next {
                return Ok(Some("its key is not certified by the present one".into()));
            }
        }
        let is_right =
            !exists(old_with_new)? || is_cross(&first_certificate(old_with_new)?, self.present, self.new);
        Ok((!is_right)
            .then(|| "the certificate of the present key in it is not signed by the new one".into()))
    }

    /// The new key fits its certificate, as far as can be seen without a passphrase, and the present one is kept: a change of key loses none.
    fn problem_of_keys(&self) -> Result<Option<String>, StoreError> {
        let key_path = self.decided.join(PreviousFile::Key.name());
        if !exists(&key_path)? {
            return Ok(None);
        }
        let content = read_own_file(&key_path)?;
        let is_other = || {
            decode_private_key(&content, None).map_or(true, |key| key.public_key() != self.new.public_key())
        };
        if !is_encrypted_key_file(&content) && is_other() {
            return Ok(Some("its key and its certificate do not match".into()));
        }
        let present = read_own_file(&self.ca_dir.ca_key())?;
        let (mut is_kept, mut is_replaced) = (false, false);
        for place in self.places {
            let kept = place.join(PreviousFile::Key.name());
            if exists(&kept)? {
                let is_same = *read_own_file(&kept)? == *present;
                (is_kept, is_replaced) = (is_kept | is_same, is_replaced | !is_same);
            }
        }
        Ok((!is_kept || is_replaced)
            .then(|| "the present key would be lost: it is not kept as a former key".into()))
    }

    fn is_own_crl(&self, path: &Path) -> Result<bool, StoreError> {
        let content = read_own_file(path)?;
        let is_copy = exists(&self.ca_dir.crl())? && *read_own_file(&self.ca_dir.crl())? == *content;
        let is_signed = |crls: Vec<RevocationList>| {
            crls.iter()
                .all(|crl| crl.verify_signature(self.present.public_key()) == SignatureCheck::Good)
        };
        Ok(is_copy || decode_crls(&content).is_ok_and(is_signed))
    }

    /// What peers would trust: the new root, the present one, and former ones whose keys the keys after them have certified.
    fn problem_of_bundle(&self) -> Result<Option<String>, StoreError> {
        let path = self.decided.join("ca_bundle.pem");
        if !exists(&path)? {
            return Ok(None);
        }
        let wrong = |source| StoreError::Certificate {
            path: path.clone(),
            source,
        };
        let mut waiting = decode_certificates(&read_own_file(&path)?).map_err(wrong)?;
        let mut trusted = vec![self.new.clone(), self.present.clone()];
        waiting.retain(|certificate| !trusted.contains(certificate));
        while !waiting.is_empty() {
            let mut next = None;
            for (place, certificate) in waiting.iter().enumerate() {
                if self.is_former(certificate, &trusted)? {
                    next = Some(place);
                    break;
                }
            }
            let Some(place) = next else {
                let subject = waiting
                    .first()
                    .map(|certificate| certificate.subject().to_string())
                    .unwrap_or_default();
                return Ok(Some(format!(
                    "its bundle has a certificate for `{subject}` that is not a root of this CA"
                )));
            };
            trusted.push(waiting.remove(place));
        }
        Ok(None)
    }

    fn is_former(&self, certificate: &Certificate, later: &[Certificate]) -> Result<bool, StoreError> {
        let folder = self.ca_dir.previous_of(certificate.public_key());
        let cross = folder.join(PreviousFile::OldWithNew.name());
        if !is_root(certificate) || !exists(&cross)? {
            return Ok(false);
        }
        let cross = first_certificate(&cross)?;
        Ok(later.iter().any(|later| is_cross(&cross, certificate, later)))
    }
}

impl CaDir {
    /// As [`CaDir::problem_of`] where there is no new certificate: then it is the CA's own keys that are written again, under another
    /// passphrase. Of what is encrypted, [`Changeover::opens_with`] decides.
    fn problem_of_keys(&self, decided: &Path) -> Result<Option<String>, StoreError> {
        let key = PreviousFile::Key.name();
        if names_in(decided, &[key, "previous"])?.is_some() {
            return Ok(Some("it contains no certificate of the new key".into()));
        }
        let mut staged = vec![(decided.join(key), self.ca_certificate())];
        let previous = decided.join("previous");
        for name in all_names_in(&previous)? {
            let own = self.previous().join(&name).join(PreviousFile::Certificate.name());
            if names_in(&previous.join(&name), &[key])?.is_some() || !exists(&own)? {
                return Ok(Some("it has a former key that the CA does not know".into()));
            }
            staged.push((previous.join(&name).join(key), own));
        }
        for (path, certificate) in staged {
            if !exists(&path)? {
                continue;
            }
            let content = read_own_file(&path)?;
            let certificate = first_certificate(&certificate)?;
            let is_other = || {
                decode_private_key(&content, None)
                    .map_or(true, |key| key.public_key() != certificate.public_key())
            };
            if !is_encrypted_key_file(&content) && is_other() {
                return Ok(Some("it has a key that is not the CA's".into()));
            }
        }
        Ok(None)
    }
}

/// Whether a certificate is a root: of a CA, and signed by its own key.
pub(crate) fn is_root(certificate: &Certificate) -> bool {
    let is_signed = certificate.is_self_issued()
        && certificate.verify_signature(certificate.public_key()) == SignatureCheck::Good;
    is_signed && certificate.lacking_for_authority().is_none()
}

/// Whether a certificate says that the key of one root of the CA is certified by the key of another (RFC 4210 §4.4). It is a CA certificate in
/// the CA's name: the certificate of a host or of a CA below, which the key has signed as well, is not.
pub(crate) fn is_cross(cross: &Certificate, of: &Certificate, by: &Certificate) -> bool {
    let is_of = cross.public_key().is_same_key(of.public_key()) && cross.subject() == of.subject();
    let is_by =
        cross.issuer() == by.subject() && cross.verify_signature(by.public_key()) == SignatureCheck::Good;
    is_of && is_by && cross.subject() == by.subject() && cross.lacking_for_authority().is_none()
}

/// The first name in a folder that is not among those expected; none where the folder is missing.
fn names_in(folder: &Path, expected: &[&str]) -> Result<Option<String>, StoreError> {
    let stray = |name: &OsString| !name.to_str().is_some_and(|name| expected.contains(&name));
    let stray = all_names_in(folder)?.into_iter().find(stray);
    Ok(stray.map(|name| name.to_string_lossy().into_owned()))
}

/// The names in a folder; none where it is missing.
fn all_names_in(folder: &Path) -> Result<Vec<OsString>, StoreError> {
    if !exists(folder)? {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(folder).map_err(StoreError::io("read", folder))?;
    entries
        .map(|entry| Ok(entry.map_err(StoreError::io("read", folder))?.file_name()))
        .collect()
}

fn first_certificate(path: &Path) -> Result<Certificate, StoreError> {
    let wrong = |source| StoreError::Certificate {
        path: path.to_owned(),
        source,
    };
    let first = decode_certificates(&read_own_file(path)?)
        .map_err(wrong)?
        .into_iter()
        .next();
    first.ok_or_else(|| {
        wrong(gsec_pki::x509::CertificateError::NoCertificate {
            found: "nothing".into(),
        })
    })
}

/// Checks that the folder and all that is in it belong to users that may change the CA, and that no other
/// user can write there.
#[cfg(unix)]
fn expect_owned(ca_dir: &CaDir, folder: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::MetadataExt;

    use crate::files::{Trusted, expect_plain};
    let trusted = Trusted::for_directory(ca_dir.root())?;
    let mut left = vec![folder.to_owned()];
    while let Some(path) = left.pop() {
        let metadata = path.symlink_metadata().map_err(StoreError::io("open", &path))?;
        expect_plain(&path, &metadata, &trusted)?;
        let mode = metadata.mode() & 0o7777;
        if mode & 0o022 != 0 {
            let by = if mode & 0o002 != 0 {
                "everybody"
            } else {
                "its group"
            };
            return Err(StoreError::Files(FilesError::Writable { path, mode, by }));
        }
        if metadata.is_dir() {
            for entry in std::fs::read_dir(&path).map_err(StoreError::io("read", &path))? {
                left.push(entry.map_err(StoreError::io("read", &path))?.path());
            }
        }
    }
    Ok(())
}

/// Owners and modes are a matter of UNIX.
#[cfg(not(unix))]
fn expect_owned(_ca_dir: &CaDir, _folder: &Path) -> Result<(), StoreError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use rcgen::IsCa;

    use super::*;
    use crate::tests::{Identity, Site};
    use gsec_pki::key::decode_key_document;

    #[test]
    fn what_is_a_root() {
        let root = Identity::root("Example CA");
        assert!(is_root(&root.certificate));
        assert!(!is_root(&root.below("Middle CA", |_| {}).certificate));
        assert!(!is_root(&root.host("db1.example.com", |_| {}).certificate));
        let no_ca = Identity::root_with("Example CA", |params| params.is_ca = IsCa::ExplicitNoCa);
        assert!(!is_root(&no_ca.certificate));
        let of_same_name = root.below("Example CA", |_| {});
        assert!(!is_root(&of_same_name.certificate), "another key signed it");
    }

    #[test]
    fn what_certifies_the_next_key() {
        let (old, new) = (Identity::root("Example CA"), Identity::root("Example CA"));
        let cross = old.certify(&new);
        assert!(is_cross(&cross, &new.certificate, &old.certificate));
        assert!(
            !is_cross(&cross, &old.certificate, &new.certificate),
            "the other way round"
        );
        assert!(
            !is_cross(&new.certificate, &new.certificate, &old.certificate),
            "it signed itself"
        );
        let by_other = Identity::root("Example CA").certify(&new);
        assert!(
            !is_cross(&by_other, &new.certificate, &old.certificate),
            "another key signed it"
        );
        let of_other = Identity::root("Other CA");
        let of_other_name = old.certify(&of_other);
        assert!(
            !is_cross(&of_other_name, &of_other.certificate, &old.certificate),
            "another CA's name"
        );
        let host = old.host("Example CA", |params| params.subject_alt_names.clear());
        assert!(
            !is_cross(&host.certificate, &host.certificate, &old.certificate),
            "a host's"
        );
    }

    /// What is said of a folder with this file in the place of a change of key that was decided.
    fn problem(site: &Site, file: Option<(&str, String)>) -> Option<String> {
        let directory = site.authority.directory();
        let decided = directory.conf().join(DECIDED);
        std::fs::create_dir(&decided).expect("a folder");
        if let Some((name, content)) = file {
            std::fs::write(decided.join(name), content).expect("a file");
        }
        let found = directory.changeover();
        std::fs::remove_dir_all(&decided).expect("removed");
        match found {
            Ok(waiting) => {
                assert!(waiting.is_some_and(|waiting| !waiting.is_sealed()));
                None
            }
            Err(StoreError::ForeignChangeover { problem, .. }) => Some(problem),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn change_of_key_that_the_ca_did_not_begin() {
        let site = Site::new();
        let theirs = Identity::root("Example CA");
        let own_key = std::fs::read_to_string(site.authority.directory().ca_key()).expect("the key");
        let (key, certificate) = ("ca_priv_key.pem", "ca_cert.pem");
        let other_name = Identity::root("Other CA").certificate.to_pem();
        let rows = [
            ("nothing is left of it", None, None),
            ("the CA's own key", Some((key, own_key)), None),
            (
                "another key",
                Some((key, theirs.key_pem())),
                Some("it has a key that is not the CA's"),
            ),
            (
                "something else",
                Some(("notes.txt", String::new())),
                Some("it contains no certificate of the new key"),
            ),
            (
                "a certificate that the present key has not certified",
                Some((certificate, theirs.certificate.to_pem())),
                Some("its key is not certified by the present one"),
            ),
            (
                "a certificate of another name",
                Some((certificate, other_name)),
                Some("its certificate is for `CN=Other CA`, but this CA is `CN=Example CA`"),
            ),
            (
                "the present certificate",
                Some((certificate, site.authority.certificate().to_pem())),
                Some("its key is one that the CA has now or had before"),
            ),
        ];
        for (situation, file, expected) in rows {
            assert_eq!(problem(&site, file).as_deref(), expected, "{situation}");
        }
    }

    #[test]
    fn encrypted_key_waits_for_its_passphrase() {
        let site = Site::new();
        let directory = site.authority.directory();
        let decided = directory.conf().join(DECIDED);
        std::fs::create_dir(&decided).expect("a folder");
        let own =
            decode_key_document(&std::fs::read(directory.ca_key()).expect("the key"), None).expect("a key");
        let mut random = |out: &mut [u8]| out.fill(7);
        let sealed = own.to_encrypted_pem("secret", &mut random).expect("encrypted");
        std::fs::write(decided.join("ca_priv_key.pem"), sealed.as_bytes()).expect("a file");
        let waiting = directory.changeover().expect("the CA's").expect("a change");
        assert!(waiting.is_sealed());
        assert!(!waiting.opens_with(None).expect("an answer"));
        assert!(!waiting.opens_with(Some("wrong")).expect("an answer"));
        assert!(waiting.opens_with(Some("secret")).expect("an answer"));
    }
}
