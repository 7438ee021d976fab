//! Revoking certificates, taking a hold back, and making CRLs.

use std::collections::HashSet;
use std::path::PathBuf;

use time::{Duration, OffsetDateTime};

use super::session::{AuditFacts, KeySeal};
use super::{Authority, AuthorityError, Session, Unlocked};
use crate::key::Signer;
use crate::store::{AuditHead, ChangedRecord, Commit, PreviousFile, Record, RecordStatus, RecordStore, Revocation, RevokedRecords, StatusChange};
use crate::x509::{CLOCK_SKEW_ALLOWANCE, Certificate, CrlBuilder, CrlTemplate, Issuer, RevocationList, RevocationReason, SerialNumber};

/// What came of revoking, or of taking a hold back.
pub struct StatusOutcome {
    /// The records that were found; those that stayed as they were have no `after`.
    pub records: Vec<ChangedRecord>,
    /// Serial numbers without a record.
    pub missing: Vec<SerialNumber>,
    /// The head of the audit log after it; `None` where nothing was changed, or there is no log.
    pub audit_head: Option<AuditHead>,
}

impl StatusOutcome {
    /// Whether any record was changed.
    pub fn is_changed(&self) -> bool {
        self.records.iter().any(|record| record.after.is_some())
    }
}

/// A CRL that was made.
pub struct UpdatedCrl {
    /// The CRL.
    pub crl: RevocationList,
    /// Its file.
    pub path: PathBuf,
    /// The files of those that the keys before signed.
    pub previous: Vec<PathBuf>,
    /// The head of the audit log after it; `None` where there is no log.
    pub audit_head: Option<AuditHead>,
}

/// What becomes of certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusOrder {
    /// They are revoked. One that is revoked already stays as it is, but for a hold, which becomes a revocation of that day.
    Revoke(RevocationReason),
    /// Holds are taken back: they are valid again. One that is not on hold stays as it is.
    Unhold,
}

impl StatusOrder {
    /// The record as it will be; `None` when it stays as it is.
    fn decide(self, record: &Record, now: OffsetDateTime) -> Option<Record> {
        let hold = record.revocation.as_ref().filter(|revocation| revocation.is_hold());
        match (self, &record.revocation, hold) {
            (Self::Revoke(reason), None, _) => Some(revoked(record, reason, now)),
            (Self::Revoke(reason), _, Some(hold)) if reason != RevocationReason::CertificateHold => Some(revoked(record, reason, hold.at)),
            (Self::Unhold, _, Some(_)) => Some(Record { status: RecordStatus::Valid, revocation: None, ..record.clone() }),
            _ => None,
        }
    }

    /// The reason as the audit log says it.
    fn reason(self) -> RevocationReason {
        match self {
            Self::Revoke(reason) => reason,
            Self::Unhold => RevocationReason::RemoveFromCrl,
        }
    }
}

fn revoked(record: &Record, reason: RevocationReason, at: OffsetDateTime) -> Record {
    // OpenSSL writes no reason where none is known, and RFC 5280 §5.3.1 wants it left out of the CRL then.
    let name = reason.openssl_name().filter(|_| reason != RevocationReason::Unspecified).map(str::to_owned);
    Record { status: RecordStatus::Revoked, revocation: Some(Revocation { at, reason: name, extra: None }), ..record.clone() }
}

impl Authority {
    /// Says what [`Authority::change_status`] would do. Nothing is changed.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn plan_status(&self, serials: &[SerialNumber], order: StatusOrder, now: OffsetDateTime) -> Result<StatusOutcome, AuthorityError> {
        let records = self.directory().preview(serials, &|record| order.decide(record, now))?;
        Ok(StatusOutcome { missing: missing(serials, &records), records, audit_head: None })
    }

    /// Revokes certificates by serial number, or takes holds back, in one commit. The CRL is another matter:
    /// [`Authority::update_crl`].
    ///
    /// # Errors
    /// [`AuthorityError::Store`]; then nothing is changed.
    pub fn change_status(
        &self,
        serials: &[SerialNumber],
        order: StatusOrder,
        unlocked: Option<&Unlocked>,
        session: &mut Session<'_>,
    ) -> Result<StatusOutcome, AuthorityError> {
        let now = session.now;
        let entry = self.audit_entry(session, &AuditFacts::default()).with("reason", order.reason().name());
        let change = StatusChange { serials, decide: &|record| order.decide(record, now), audit: &|_| entry.clone() };
        let seal = unlocked.map(|unlocked| KeySeal(unlocked.key()));
        let stamp = session.stamp(seal.as_ref().map(|seal| seal as _));
        let changes = self.directory().change(&change, &stamp, &mut session.wait)?;
        Ok(StatusOutcome { missing: missing(serials, &changes.records), records: changes.records, audit_head: changes.audit_head })
    }

    /// Makes a CRL of everything that is revoked now, and puts it in the place of the old one. It begins a little earlier, so
    /// that a host whose clock is behind accepts it at once; the next is due after `lifetime`, or as the policy says.
    ///
    /// The index is read without the lock; a revocation that comes meanwhile is in the CRL all the same.
    ///
    /// Each key that the CA had before signs one as well, in its folder in `previous/`, until its root has ended: peers check a CRL
    /// with the key that issued the certificate. All list all that is revoked, whichever key issued it, since all have one issuer name
    /// and no serial number comes twice.
    ///
    /// # Errors
    /// [`AuthorityError::NotAnAuthority`] when the CA certificate does not permit it; [`AuthorityError::Store`],
    /// [`AuthorityError::Issue`].
    pub fn update_crl(&self, lifetime: Option<Duration>, unlocked: &Unlocked, session: &mut Session<'_>) -> Result<UpdatedCrl, AuthorityError> {
        self.expect_crl_issuer()?;
        let previous_keys = self.open_previous(unlocked, session.now)?;
        let revoked = RevokedRecords::open(self.directory())?;
        let mut builder = crl_of(&revoked)?;
        let commit = Commit::begin(self.directory(), &mut session.wait)?;
        if !revoked.still_hold(&commit)? {
            builder = crl_of(&RevokedRecords::open(self.directory())?)?;
        }
        commit.expect_unchanged(&self.directory().ca_certificate(), self.certificate_file())?;
        let number = commit.take_crl_number()?;
        let sign = |builder, issuer: &Certificate, key: &dyn Signer| self.sign_crl(builder, &number, lifetime, (issuer, key), session.now);
        let mut previous = Vec::with_capacity(previous_keys.len());
        for (issuer, key) in &previous_keys {
            previous.push((issuer.file(PreviousFile::Crl), sign(builder.clone(), issuer.certificate(), key)?));
        }
        let crl = sign(builder, self.certificate(), unlocked.key())?;
        let entry = self.audit_entry(session, &AuditFacts::default());
        let entry = entry.with("crl_number", number.to_string()).with("revoked", crl.revoked());
        let audit_head = commit.announce(&[entry], &session.stamp(Some(&KeySeal(unlocked.key()))))?;
        for (path, crl) in &previous {
            commit.replace_public(path, crl.to_pem().as_bytes())?;
        }
        let path = self.directory().crl();
        commit.replace_public(&path, crl.to_pem().as_bytes())?;
        Ok(UpdatedCrl { crl, path, previous: previous.into_iter().map(|(path, _)| path).collect(), audit_head })
    }

    fn sign_crl(
        &self,
        builder: CrlBuilder,
        number: &SerialNumber,
        lifetime: Option<Duration>,
        (certificate, key): (&Certificate, &dyn Signer),
        now: OffsetDateTime,
    ) -> Result<RevocationList, AuthorityError> {
        let lifetime = lifetime.unwrap_or_else(|| Duration::days(i64::from(self.policy().crl_days)));
        let template = CrlTemplate { number, this_update: now - CLOCK_SKEW_ALLOWANCE, next_update: now + lifetime };
        let key_identifier = certificate.key_identifier_for_issued();
        let issuer = Issuer { name: certificate.subject(), key_identifier: Some(&key_identifier), key };
        Ok(builder.sign(&template, &issuer)?)
    }

    /// RFC 5280 §4.2.1.3: a CA whose certificate has a keyUsage without cRLSign makes CRLs that nobody accepts.
    fn expect_crl_issuer(&self) -> Result<(), AuthorityError> {
        match self.certificate().key_usage() {
            Some(usage) if !usage.has("cRLSign") => {
                let problem = "its keyUsage does not have cRLSign, so nobody would accept its CRL";
                Err(AuthorityError::NotAnAuthority { path: self.directory().ca_certificate(), problem })
            }
            _ => Ok(()),
        }
    }
}

fn missing(serials: &[SerialNumber], records: &[ChangedRecord]) -> Vec<SerialNumber> {
    let found: HashSet<&SerialNumber> = records.iter().map(|record| &record.before.serial).collect();
    serials.iter().filter(|serial| !found.contains(serial)).cloned().collect()
}

fn crl_of(revoked: &RevokedRecords) -> Result<CrlBuilder, AuthorityError> {
    let (mut builder, mut failed) = (CrlBuilder::new(), None);
    revoked.visit(&mut |record| {
        if let Some(Err(error)) = record.revoked_entry().map(|entry| builder.push(&entry)) {
            failed.get_or_insert(error);
        }
    })?;
    match failed {
        Some(error) => Err(error.into()),
        None => Ok(builder),
    }
}
