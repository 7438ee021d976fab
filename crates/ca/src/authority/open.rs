//! Opening a CA directory, and its key.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use zeroize::Zeroizing;

use crate::authority::session::KeySeal;
use crate::files::{FilesError, PRIVATE_MODE, replace_file};
use crate::home::{CaDir, CaKey, KeyFiles, KeySource, LockWait, SigningService, StoreError};
use crate::policy::{Policy, PolicyError, SerialSource, policy_file};
use crate::records::file::FileRecords;
use crate::records::{Records, RevocationState};
use gsec_pki::key::{Signer, is_encrypted_key_file};
use gsec_pki::x509::{Certificate, RevocationList, SerialNumber, decode_certificates};

use crate::authority::own::path::OwnPath;
use crate::authority::own::previous::{FormerKeys, PreviousKey, UnprovenKey};
use crate::authority::status::compromise::KnownCompromises;
use crate::authority::{AuthorityError, Warning};

/// A CA directory that was opened for reading: its certificate and its policy. The key stays closed.
pub struct Authority {
    directory: CaDir,
    records: Arc<dyn Records>,
    certificate: Certificate,
    certificate_file: Zeroizing<Vec<u8>>,
    chain: Vec<Certificate>,
    /// Keys above that were certified by the keys before them.
    pub(super) above_changeover: Vec<Certificate>,
    pub(super) previous: Vec<PreviousKey>,
    pub(super) unproven: Vec<UnprovenKey>,
    /// What issues only where nothing is wrong with it.
    policy: Policy,
    policy_problem: Option<PolicyError>,
    /// The text of `gsec.toml`, where it is a policy.
    policy_text: Option<String>,
    policy_is_kept: OnceLock<()>,
    /// Files of CRLs with what they are.
    pub(super) decoded_crls: Mutex<Vec<(Vec<u8>, Vec<RevocationList>)>>,
    /// Serial numbers of certificates of this CA's that were seen to have expired.
    pub(super) seen_expired: Mutex<HashSet<SerialNumber>>,
    /// Keys that were compromised, and the state of revocations that this follows from.
    pub(super) compromised: Mutex<Option<(RevocationState, Arc<KnownCompromises>)>>,
    /// `crl_days` of a file that does not read otherwise.
    crl_days_alone: Option<u32>,
    has_policy_file: bool,
}

/// The CA's key, opened and found to belong to the certificate.
pub struct Unlocked {
    signer: Box<dyn Signer>,
    source: Arc<dyn KeySource>,
    service: Option<Arc<dyn SigningService>>,
    warnings: Vec<Warning>,
}

impl Authority {
    /// Opens the CA in a directory.
    ///
    /// # Errors
    /// [`AuthorityError::Store`] when there is none, [`AuthorityError::Certificate`]. A `gsec.toml` that does not read is an error
    /// only for what asks for [`Authority::policy`]: a revocation does not wait for it.
    pub fn open(directory: CaDir) -> Result<Self, AuthorityError> {
        let directory = directory.expect_ca()?;
        let records = FileRecords::open(&directory)?;
        Self::open_with(directory, Arc::new(records))
    }

    /// Opens the CA in a directory whose records are kept elsewhere.
    ///
    /// # Errors
    /// As [`Authority::open`].
    pub fn open_with(directory: CaDir, records: Arc<dyn Records>) -> Result<Self, AuthorityError> {
        // A user with read access only goes on without: what there is left concerns the key.
        let _ = finish_changeover(&directory, None);
        let path = directory.ca_certificate();
        let wrong = |source| AuthorityError::Certificate {
            path: path.clone(),
            source,
        };
        let certificate_file = directory.read(&path)?;
        let mut certificates = decode_certificates(&certificate_file).map_err(wrong)?.into_iter();
        let Some(certificate) = certificates.next() else {
            return Err(wrong(gsec_pki::x509::CertificateError::NoCertificate {
                found: "nothing".into(),
            }));
        };
        let has_policy_file = directory.has_policy()?;
        let ReadPolicy {
            policy,
            problem: policy_problem,
            crl_days_alone,
            text: policy_text,
        } = ReadPolicy::of(&directory, has_policy_file)?;
        let FormerKeys {
            proven: previous,
            unproven,
        } = FormerKeys::read(&directory, &certificate, records.as_ref())?;
        let OwnPath {
            chain,
            changeover: above_changeover,
            ..
        } = OwnPath::of(&certificate, certificates);
        Ok(Self {
            previous,
            unproven,
            directory,
            records,
            certificate,
            certificate_file,
            chain,
            above_changeover,
            policy,
            policy_problem,
            policy_text,
            policy_is_kept: OnceLock::new(),
            decoded_crls: Mutex::default(),
            seen_expired: Mutex::default(),
            compromised: Mutex::default(),
            crl_days_alone,
            has_policy_file,
        })
    }

    /// What a user who only reads here should know: where another user could exchange the CA, and who owns it
    /// where root looks at it.
    pub fn doubts(&self) -> Vec<Warning> {
        let exposures = self
            .directory
            .exposures()
            .unwrap_or_default()
            .into_iter()
            .map(Warning::Exposed);
        let acts_for = self.directory.acts_for().ok().flatten().map(Warning::ActsFor);
        let changeover = match self.directory.changeover() {
            Ok(Some(waiting)) if waiting.is_sealed() => {
                Some(Warning::SealedChangeover(self.directory.sealed().to_string()))
            }
            Ok(_) => None,
            Err(error) => Some(Warning::ForeignChangeover(error.to_string())),
        };
        let policy = self.policy_problem.clone().map(Warning::PolicyDamaged);
        let former = self
            .unproven
            .iter()
            .filter_map(|unproven| unproven.doubt(&self.certificate));
        exposures
            .chain(acts_for)
            .chain(changeover)
            .chain(former)
            .chain(policy)
            .collect()
    }

    /// Finishes what a change of key or passphrase left that was cut off, if its keys open with this passphrase and are the CA's. Returns a
    /// warning where the passphrase of the CA's own keys was to be changed, and does not open them: the present ones stay.
    ///
    /// # Errors
    /// [`StoreError::ForeignChangeover`]; [`StoreError::Locked`]; [`StoreError::Files`].
    pub fn finish_changeover(&self, passphrase: Option<&str>) -> Result<Option<Warning>, StoreError> {
        match finish_changeover(&self.directory, passphrase) {
            Err(error @ StoreError::SealedChangeover(_)) => {
                Ok(Some(Warning::SealedChangeover(error.to_string())))
            }
            result => result.map(|()| None),
        }
    }

    /// The directory.
    pub fn directory(&self) -> &CaDir {
        &self.directory
    }

    /// What the CA remembers.
    pub fn records(&self) -> &dyn Records {
        self.records.as_ref()
    }

    pub(super) fn shared_records(&self) -> Arc<dyn Records> {
        self.records.clone()
    }

    /// The CA certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The content of `ca_cert.pem` when the CA was opened.
    pub(super) fn certificate_file(&self) -> &[u8] {
        &self.certificate_file
    }

    /// The certificates above it, the root last; empty for a root.
    pub fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    /// The policy: what issues certificates, or requests one of its values, asks here.
    ///
    /// # Errors
    /// [`AuthorityError::PolicyFile`] when `gsec.toml` does not read.
    pub fn policy(&self) -> Result<&Policy, AuthorityError> {
        match &self.policy_problem {
            Some(source) => Err(AuthorityError::PolicyFile {
                path: self.directory.policy(),
                source: source.clone(),
            }),
            None => Ok(&self.policy),
        }
    }

    /// The text of `gsec.toml`, where it is a policy.
    pub fn policy_text(&self) -> Option<&str> {
        self.policy_text.as_deref()
    }

    /// What decides how data of a request appear in the audit log; where it is not known, nothing that it could hide appears.
    pub(super) fn policy_for_log(&self) -> &Policy {
        &self.policy
    }

    /// In how many days the next CRL is due: as `gsec.toml` says, or where it does not read and not even that can be taken from it, the
    /// default, with a warning.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn crl_days(&self) -> Result<(u32, Option<Warning>), AuthorityError> {
        let problem = match &self.policy_problem {
            Some(problem) => Some(problem.to_string()),
            None => self
                .directory
                .lost_policy()?
                .map(|_| "the file is lost".to_owned()),
        };
        let days = self.policy.crl_days;
        Ok(match (problem, self.crl_days_alone) {
            (None, _) => (days, None),
            (Some(_), Some(days)) => (days, None),
            (Some(problem), None) => (days, Some(Warning::DefaultCrlLifetime { days, problem })),
        })
    }

    /// Whether there is a `gsec.toml`; the old scripts left none.
    pub fn has_policy_file(&self) -> bool {
        self.has_policy_file
    }

    /// Certificates that a peer needs between a host's and the root: the CA's own unless it is the root, and those above
    /// it but the root.
    pub fn intermediates(&self) -> Vec<&Certificate> {
        self.path_upwards()
            .filter(|certificate| !certificate.is_self_issued())
            .collect()
    }

    /// The CA certificate and those above it.
    pub fn path_upwards(&self) -> impl Iterator<Item = &Certificate> {
        std::iter::once(&self.certificate).chain(&self.chain)
    }

    /// What a peer trusts, and the intermediates that lead there: the root, those that the CA had before, and
    /// what is below, or the CA certificate alone where no root is known.
    pub fn anchors(&self) -> (Vec<Certificate>, Vec<Certificate>) {
        let (roots, between): (Vec<&Certificate>, Vec<&Certificate>) = self
            .trusted()
            .partition(|certificate| certificate.is_self_issued());
        match roots.is_empty() {
            true => (vec![self.certificate.clone()], self.chain.clone()),
            false => (
                roots.into_iter().cloned().collect(),
                between.into_iter().cloned().collect(),
            ),
        }
    }

    /// Whether the key file is encrypted, so that its passphrase must be requested before
    /// [`Authority::unlock`].
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn key_is_encrypted(&self) -> Result<bool, AuthorityError> {
        Ok(is_encrypted_key_file(
            &self.directory.read(&self.directory.ca_key())?,
        ))
    }

    /// Opens the key in the directory; see [`Authority::unlock_with`].
    ///
    /// # Errors
    /// As [`Authority::unlock_with`].
    pub fn unlock(&self, passphrase: Option<&str>) -> Result<Unlocked, AuthorityError> {
        self.unlock_with(Arc::new(KeyFiles::of(&self.directory, passphrase)))
    }

    /// Opens the key, after checking which other users can change the CA's files, and that key and
    /// certificate are a pair.
    ///
    /// # Errors
    /// [`AuthorityError::Store`] when others can write; [`AuthorityError::Key`]; [`AuthorityError::KeyUnusable`];
    /// [`AuthorityError::KeyMismatch`]; [`AuthorityError::NotAnAuthority`].
    pub fn unlock_with(&self, source: Arc<dyn KeySource>) -> Result<Unlocked, AuthorityError> {
        self.expect_authority()?;
        self.directory.expect_guarded()?;
        // What kept it from being finished when the CA was opened, such as another user's folder in its
        // place, is an error here.
        let passphrase = source.files().and_then(KeyFiles::passphrase);
        let sealed = self.finish_changeover(passphrase)?;
        let mut warnings: Vec<_> = self
            .directory
            .acts_for()?
            .map(Warning::ActsFor)
            .into_iter()
            .chain(sealed)
            .collect();
        warnings.extend(self.policy.doubts().cloned().map(Warning::Policy));
        let Some(opened) = source.open(CaKey::Present)? else {
            return Err(StoreError::io("read", &self.directory.ca_key())(
                std::io::ErrorKind::NotFound.into(),
            )
            .into());
        };
        warnings.extend(opened.looseness.map(Warning::KeyReadable));
        let service = source.service();
        if service.is_some() {
            warnings.push(Warning::SignerSigns(opened.place.clone()));
        }
        let certified = self.certificate.public_key();
        if opened.signer.public_key() != certified {
            return Err(AuthorityError::mismatch(
                opened.place,
                opened.signer.public_key(),
                self.directory.ca_certificate(),
                certified,
            ));
        }
        Ok(Unlocked {
            signer: opened.signer,
            service,
            source,
            warnings,
        })
    }

    /// Checks that the certificate is one of a CA whose key signs others.
    pub(super) fn expect_authority(&self) -> Result<(), AuthorityError> {
        match self.certificate.lacking_for_authority() {
            Some(problem) => Err(AuthorityError::NotAnAuthority {
                path: self.directory.ca_certificate(),
                problem,
            }),
            None => Ok(()),
        }
    }
}

/// `gsec.toml` as it was read, or what is known without it.
struct ReadPolicy {
    policy: Policy,
    problem: Option<PolicyError>,
    crl_days_alone: Option<u32>,
    text: Option<String>,
}

impl ReadPolicy {
    fn of(directory: &CaDir, has_file: bool) -> Result<Self, StoreError> {
        let unknown = |problem, crl_days_alone| Self {
            policy: Policy::unknown(),
            problem,
            crl_days_alone,
            text: None,
        };
        if !has_file {
            return Ok(match directory.lost_policy()? {
                Some(_) => unknown(None, None),
                None => Self {
                    policy: Policy::built_in(),
                    problem: None,
                    crl_days_alone: None,
                    text: None,
                },
            });
        }
        let content = match directory.read(&directory.policy()) {
            Ok(content) => content,
            Err(error) => {
                let problem = match error {
                    StoreError::Files(FilesError::Io { source, .. }) => source.to_string(),
                    other => other.to_string(),
                };
                return Ok(unknown(Some(PolicyError::File { problem }), None));
            }
        };
        let text = String::from_utf8_lossy(&content);
        Ok(match policy_of(directory, &text) {
            Ok(policy) => Self {
                policy,
                problem: None,
                crl_days_alone: None,
                text: Some(text.into_owned()),
            },
            Err(problem) => unknown(Some(problem), Policy::crl_days_alone(&text)),
        })
    }
}

/// The policy of a CA directory that a text is: whole in itself, and not cut off, as far as can be told from the file that something was
/// issued by last, and in a CA that was made with a file that has a last line, from that line. A beginning of one of them is no policy, unless
/// it says that it is all ([`Policy::expect_not_cut`]). What was written since, and never issued by, is known of no file.
///
/// # Errors
/// As [`Policy::from_file`].
pub fn policy_of(directory: &CaDir, text: &str) -> Result<Policy, PolicyError> {
    let policy = Policy::from_file(text)?;
    if let Ok(last) = directory.read(&directory.last_policy()) {
        policy.expect_not_cut(text, &String::from_utf8_lossy(&last))?;
    }
    if directory.began_with_a_last_line() {
        Policy::expect_last_line(text)?;
    }
    Ok(policy)
}

impl Authority {
    /// Keeps `gsec.toml` as something is issued by it, so that it is noticed when only its beginning is left. Where it cannot be kept, nothing
    /// else is lost. It is for the owner alone: `gsec.toml` may be.
    pub(super) fn keep_policy(&self) {
        let Some(text) = self
            .policy_text
            .as_ref()
            .filter(|_| self.policy_is_kept.set(()).is_ok())
        else {
            return;
        };
        let path = self.directory.last_policy();
        let is_kept = match self.directory.read(&path) {
            Ok(kept) => *kept == text.as_bytes(),
            // Of the file of a new CA nothing can be lost.
            Err(_) => SerialSource::ALL
                .iter()
                .any(|serial| *text == policy_file(*serial)),
        };
        if !is_kept {
            let _ = replace_file(&self.directory.conf(), &path, PRIVATE_MODE, text.as_bytes());
        }
    }
}

/// How long the rest of a change of key is waited for; the holder of the lock does it itself.
const CHANGEOVER_TIMEOUT: Duration = Duration::from_secs(10);

/// Does what is left where a change of key was cut off.
fn finish_changeover(directory: &CaDir, passphrase: Option<&str>) -> Result<(), StoreError> {
    let mut wait = LockWait::silent(CHANGEOVER_TIMEOUT);
    directory.finish_changeover(passphrase, &mut wait)
}

impl Unlocked {
    /// The key. Where a process apart has it, this one signs nothing.
    pub fn key(&self) -> &dyn Signer {
        self.signer.as_ref()
    }

    /// The process that has the key, where it is not here.
    pub(super) fn service(&self) -> Option<&dyn SigningService> {
        self.service.as_deref()
    }

    /// The key's part in a commit of the audit log.
    pub(super) fn seal(&self) -> KeySeal<'_> {
        KeySeal {
            key: self.key(),
            service: self.service(),
        }
    }

    /// The passphrase of the key files; `None` where they have none, or where there are no files.
    pub fn passphrase(&self) -> Option<Zeroizing<String>> {
        let passphrase = self.source.files()?.passphrase()?;
        Some(Zeroizing::new(passphrase.to_owned()))
    }

    /// Where it and the CA's other keys come from.
    pub(super) fn source(&self) -> &Arc<dyn KeySource> {
        &self.source
    }

    /// With one more thing to be told.
    #[must_use]
    pub fn noting(mut self, warning: Option<Warning>) -> Self {
        self.warnings.extend(warning);
        self
    }

    /// What was loose about it, and who signs with it.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}
