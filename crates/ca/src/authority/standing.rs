//! What this CA knows about one certificate: whether it issued it, and whether it has revoked it.

use std::io;
use std::path::PathBuf;

use time::OffsetDateTime;

use super::{Authority, PreviousKey};
use crate::files::FilesError;
use crate::store::{PreviousFile, RecordFinder, RecordStatus, RevokedRecords, StoreError};
use gsec_pki::key::SignatureCheck;
use gsec_pki::x509::path::RevocationStatus;
use gsec_pki::x509::{Certificate, RevocationList, RevocationReason, decode_crls};

/// Whether a CA has revoked a certificate, and what was read to find out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The answer; [`RevocationStatus::NotChecked`] of a certificate that none of this CA's keys signed.
    pub status: RevocationStatus,
    /// The files that were read and that answered: `ca.db`, and the CRL of the key that signed the certificate.
    pub asked: Vec<PathBuf>,
    /// In words: why a file did not answer, and where the two do not say the same.
    pub problems: Vec<String>,
}

/// What one source says.
enum Word {
    /// It could not be read, or is not there.
    Silent(Option<String>),
    Good,
    Revoked {
        since: Option<OffsetDateTime>,
        reason: Option<RevocationReason>,
    },
}

impl Authority {
    /// Asks `ca.db` and the CRL that this CA keeps. A certificate is revoked when either says so: a restored copy of one of
    /// them does not bring it back. It is good when `ca.db` has it and neither says that it is revoked.
    pub fn standing(&self, certificate: &Certificate) -> Standing {
        let previous = || self.previous().iter().find(|previous| certificate.is_issued_by(previous.certificate()));
        let crl = if certificate == self.certificate() {
            None
        } else if certificate.is_issued_by(self.certificate()) {
            Some((self.certificate(), self.directory().crl()))
        } else {
            previous().map(|previous: &PreviousKey| (previous.certificate(), previous.file(PreviousFile::Crl)))
        };
        let Some((issuer, crl)) = crl else { return Standing { status: RevocationStatus::NotChecked, asked: Vec::new(), problems: Vec::new() } };
        let words = [(self.directory().index(), self.record_says(certificate)), (crl.clone(), self.crl_says(certificate, issuer, crl))];
        combine(words)
    }

    fn record_says(&self, certificate: &Certificate) -> Word {
        let found = match RecordFinder::open(self.directory()).and_then(|mut finder| finder.find(certificate.serial(), None)) {
            Ok(Some(found)) => found.record,
            Ok(None) => return Word::Silent(Some(format!("ca.db has no record of serial {}", certificate.serial()))),
            Err(error) => return Word::Silent(Some(error.to_string())),
        };
        if found.status == RecordStatus::Revoked {
            let since = found.revocation.as_ref().filter(|revocation| revocation.has_date()).map(|revocation| revocation.at);
            return Word::Revoked { since, reason: found.revoked_entry().and_then(|entry| entry.reason) };
        }
        match self.issued_certificate(certificate.serial()) {
            // Two certificates under one serial number: the record says nothing reliable about this one.
            Some(kept) if kept != *certificate => {
                Word::Silent(Some(format!("serial {} in the repository is another certificate", certificate.serial())))
            }
            // A line that revokes nobody knows what may revoke this one.
            _ => match RevokedRecords::open(self.directory()).and_then(|revoked| revoked.visit(&mut |_| {})) {
                Ok(_) => Word::Good,
                Err(error) => Word::Silent(Some(error.to_string())),
            },
        }
    }

    fn crl_says(&self, certificate: &Certificate, issuer: &Certificate, path: PathBuf) -> Word {
        let content = match self.directory().read(&path) {
            Ok(content) => content,
            Err(StoreError::Files(FilesError::Io { source, .. })) if source.kind() == io::ErrorKind::NotFound => return Word::Silent(None),
            Err(error) => return Word::Silent(Some(error.to_string())),
        };
        let crl = match decode_crls(&content).map(|crls| crls.into_iter().next()) {
            Ok(Some(crl)) if crl.verify_signature(issuer.public_key()) == SignatureCheck::Good => crl,
            Ok(_) => return Word::Silent(Some(format!("the CRL `{}` is not signed by the issuer of this certificate", path.display()))),
            Err(error) => return Word::Silent(Some(format!("the CRL `{}` cannot be read: {error}", path.display()))),
        };
        entry_in(&crl, certificate)
    }
}

fn entry_in(crl: &RevocationList, certificate: &Certificate) -> Word {
    match crl.entry_for(certificate.serial(), certificate.issuer()) {
        Some(entry) if entry.reason != Some(RevocationReason::RemoveFromCrl) => Word::Revoked { since: Some(entry.revoked_at), reason: entry.reason },
        _ => Word::Good,
    }
}

/// The first word is that of the records, without which nothing is good.
fn combine([records, crl]: [(PathBuf, Word); 2]) -> Standing {
    let (mut asked, mut problems) = (Vec::new(), Vec::new());
    for (path, word) in [&records, &crl] {
        match word {
            Word::Silent(why) => problems.extend(why.clone()),
            Word::Good | Word::Revoked { .. } => asked.push(path.clone()),
        }
    }
    let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match (&records.1, &crl.1) {
        (Word::Revoked { .. }, Word::Good) => problems.push(format!("{} does not list it", name(&crl.0))),
        (Word::Good, Word::Revoked { .. }) => problems.push(format!("{} has it as valid", name(&records.0))),
        _ => {}
    }
    let status = match (records.1, crl.1) {
        (Word::Revoked { since, reason }, _) | (_, Word::Revoked { since, reason }) => RevocationStatus::Revoked { since, reason },
        (Word::Silent(why), _) => RevocationStatus::Undetermined { why: why.unwrap_or_else(|| "ca.db is missing".into()) },
        (Word::Good, _) => RevocationStatus::Good,
    };
    Standing { status, asked, problems }
}
