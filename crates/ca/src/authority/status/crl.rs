//! Making CRLs. A revocation that the CA once knew is never left out in silence: a line of `ca.db` that says
//! so is listed whatever else is wrong with it, and so is what the present CRL or the audit log lists and
//! `ca.db` has lost.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use time::{Duration, OffsetDateTime};

use crate::authority::clock::LaterThanNow;
use crate::authority::own::previous::{FormerCrlMissing, OpenedKeys, PreviousKey};
use crate::authority::session::AuditFacts;
use crate::authority::status::witnesses::{is_to_be_kept, witnessed};
use crate::authority::{Authority, AuthorityError, Session, Unlocked, Warning};
use crate::files::FilesError;
use crate::home::{CaDir, CrlIntent, StoreError};
use crate::records::{
    AuditEntry, AuditHead, ChangedRecord, DamagedLine, MakeCrl, NewCrl, NewCrlShard, NewCrls, Part, Record,
    RecordStatus, RecordsError, Revocation, Revoked, RevokedLine, UNKNOWN_REVOCATION_DATE,
};
use gsec_pki::encoding::sample::Sample;
use gsec_pki::key::{KeyError, PublicKey, SignatureCheck, Signer};
use zeroize::Zeroizing;

use gsec_pki::x509::{
    CLOCK_SKEW_ALLOWANCE, Certificate, CertificateError, CrlBuilder, CrlTemplate, Issuer, KeyUsage,
    RevocationList, RevocationReason, RevokedEntry, SerialNumber, decode_crls, parse_time,
};

/// How a CRL is to be made.
#[derive(Debug, Clone, Copy, Default)]
pub struct CrlOrder {
    /// After what time the next one is due; as the policy says when `None`.
    pub lifetime: Option<Duration>,
    /// Whether its times may be earlier than those of what the CA directory holds: the present CRL, the audit log, the newest certificate.
    pub allow_earlier: bool,
    /// Whether it may be made although revocations may be unknown; see [`Authority::lost_revocations`].
    pub allow_incomplete: bool,
    /// Whether each of its parts is made anew, also one that says what it must and has more than half of its life left.
    pub every_shard: bool,
}

/// A CRL that was made.
pub struct UpdatedCrl {
    /// The CRL.
    pub crl: RevocationList,
    /// Its file.
    pub path: PathBuf,
    /// The files of those that the keys before signed.
    pub previous: Vec<PathBuf>,
    /// How many of its parts were made with it.
    pub shards: usize,
    /// Those that keys before should have signed and did not.
    pub missing: Vec<FormerCrlMissing>,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
    /// The head of the audit log after it; `None` where there is no log.
    pub audit_head: Option<AuditHead>,
}

/// What a CRL would say.
pub struct CrlPlan {
    /// How many certificates it would revoke.
    pub revoked: u64,
    /// When it would start.
    pub this_update: OffsetDateTime,
    /// When the next one would be due.
    pub next_update: OffsetDateTime,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
}

/// A CRL of this CA's whose signature is of an algorithm that gsec cannot check.
pub struct UncheckedCrl {
    /// Its file.
    pub path: PathBuf,
    /// The algorithm, as `sha224WithRSAEncryption`.
    pub algorithm: String,
}

impl UncheckedCrl {
    pub(in crate::authority) fn of(path: &Path, crl: &RevocationList) -> Self {
        Self {
            path: path.to_owned(),
            algorithm: crl.signature_algorithm(),
        }
    }
}

impl std::fmt::Display for UncheckedCrl {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "the signature ({}) of the CRL `{}` could not be checked: gsec does not support it",
            self.algorithm,
            self.path.display()
        )
    }
}

/// A revoked record that is not as OpenSSL writes it, or whose date cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlawedRevocation {
    /// The number of its line in `ca.db`, from 1.
    pub line: u64,
    /// Its serial number.
    pub serial: SerialNumber,
    /// What is wrong with it.
    pub problem: String,
    /// Of what kind that is.
    pub kind: RevocationFlaw,
}

/// What kind of fault a revoked record has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RevocationFlaw {
    /// Its line is not as OpenSSL writes it.
    Line,
    /// Its line is the last one, and has no line feed.
    Torn,
    /// Other lines are of the same serial number, and revoked too.
    Repeated,
    /// Its date is in the future.
    Date,
}

/// So often the CA is opened anew when others change its key or certificate at the same time.
const MAX_REOPENED: usize = 10;
/// The most flawed lines that are kept to be named.
const MAX_FLAWED: usize = 20;

/// The entries of a CRL.
#[derive(Default)]
struct Collected {
    builder: CrlBuilder,
    serials: HashSet<SerialNumber>,
    /// When the CRL was made that is followed by this one: what had expired and was revoked then was in a CRL after it expired.
    last_made: Option<OffsetDateTime>,
    /// What has left.
    left: HashSet<SerialNumber>,
    /// What is left out if its certificate says too that it has expired (RFC 5280 §3.3).
    leaving: BTreeMap<SerialNumber, RevokedEntry>,
    /// The latest date in it.
    latest: Option<OffsetDateTime>,
    flawed: Vec<FlawedRevocation>,
    flawed_count: u64,
    kept: Vec<SerialNumber>,
    /// The largest number of a CRL in the present one or the audit log.
    largest_number: Option<SerialNumber>,
    /// Serial numbers that are in several revoked lines.
    repeated: HashSet<SerialNumber>,
    unreadable: Vec<DamagedLine>,
}

impl Authority {
    /// Says what a CRL would be. Nothing is made.
    ///
    /// # Errors
    /// As [`Authority::update_crl`].
    pub fn plan_crl(&self, order: CrlOrder, now: OffsetDateTime) -> Result<CrlPlan, AuthorityError> {
        let present = self.present_crl()?;
        let later = self.expect_clock_for_crl(order, now, present.as_ref())?;
        let incomplete = self.expect_all_revocations(order, present.as_ref(), now)?;
        let collected = self.collect(present.as_ref(), now)?;
        let this_update = collected.this_update(present.as_ref(), now);
        let (lifetime, warning) = self.crl_lifetime(order)?;
        let mut warnings = collected.warnings(self.directory(), later, now);
        warnings.extend(warning.into_iter().chain(incomplete));
        Ok(CrlPlan {
            revoked: collected.serials.len() as u64,
            this_update,
            next_update: now.saturating_add(lifetime),
            warnings,
        })
    }

    /// After what time the next CRL is due.
    fn crl_lifetime(&self, order: CrlOrder) -> Result<(Duration, Option<Warning>), AuthorityError> {
        if let Some(lifetime) = order.lifetime {
            return Ok((lifetime, None));
        }
        let (days, warning) = self.crl_days()?;
        Ok((Duration::days(i64::from(days)), warning))
    }

    /// Makes a CRL of everything that is revoked now, and puts it in the place of the old one. It starts a
    /// little earlier, so that a host whose clock is behind accepts it at once, but never before a revocation
    /// in it, nor before the CRL it replaces; the next is due after the lifetime of the order, or as the
    /// policy says.
    ///
    /// The index is read without the lock; a revocation that comes meanwhile is in the CRL all the same.
    ///
    /// Each previous key of the CA signs one as well, in its folder in `previous/`, until its root has ended:
    /// peers check a CRL with the key that issued the certificate. All list all that is revoked, whichever
    /// key issued it, since all have one issuer name and no serial number comes twice.
    ///
    /// # Errors
    /// [`AuthorityError::ClockBehind`] when something in the CA directory is later than this machine's clock,
    /// unless the order allows it; [`AuthorityError::CannotSignCrls`] when the CA certificate does not permit
    /// it; [`AuthorityError::RevocationsUnknown`] when a CRL would forget what nothing at hand knows any more, unless the order allows it;
    /// [`AuthorityError::Store`], also for a line of `ca.db` that revokes an unknown certificate;
    /// [`AuthorityError::Issue`].
    pub fn update_crl(
        &self,
        order: CrlOrder,
        unlocked: &Unlocked,
        session: &mut Session<'_>,
    ) -> Result<UpdatedCrl, AuthorityError> {
        self.expect_crl_issuer()?;
        let present = self.present_crl()?;
        let later = self.expect_clock_for_crl(order, session.now, present.as_ref())?;
        let incomplete = self.expect_all_revocations(order, present.as_ref(), session.now)?;
        let OpenedKeys {
            keys: former,
            missing,
        } = self.open_previous(unlocked, session.now);
        let audit = self.audit_entry(session, &AuditFacts::default());
        let (lifetime, default_lifetime) = self.crl_lifetime(order)?;
        let mut making = Making {
            authority: self,
            unlocked,
            former,
            lifetime,
            present,
            audit,
            now: session.now,
            every_shard: order.every_shard,
            collected: None,
            crl: None,
            shards: 0,
        };
        let published = self.records().publish_crl(
            &mut making,
            &session.stamp(Some(&unlocked.seal())),
            &mut session.wait,
        )?;
        let shards = making.shards;
        let (Some(collected), Some(crl)) = (making.collected, making.crl) else {
            unreachable!("what was published was made")
        };
        let mut places = published.places;
        let path = places.pop().unwrap_or_default();
        let mut warnings = collected.warnings(self.directory(), later, session.now);
        warnings.extend(default_lifetime.into_iter().chain(incomplete));
        Ok(UpdatedCrl {
            crl,
            path,
            previous: places,
            shards,
            missing,
            warnings,
            audit_head: published.audit_head,
        })
    }

    /// Makes a CRL as [`Authority::update_crl`] does; where another call has changed the CA's certificate or key since this one opened
    /// them, with those that there are now.
    ///
    /// # Errors
    /// As [`Authority::update_crl`], [`Authority::open`] and [`Authority::unlock`].
    pub fn update_crl_of_now(
        &self,
        unlocked: &Unlocked,
        session: &mut Session<'_>,
    ) -> Result<UpdatedCrl, AuthorityError> {
        let mut made = self.update_crl(CrlOrder::default(), unlocked, session);
        for _ in 0..MAX_REOPENED {
            let has_changed = match &made {
                Err(AuthorityError::KeyMismatch { .. }) => true,
                Err(error) => error.is_changed_meanwhile(),
                Ok(_) => false,
            };
            if !has_changed {
                break;
            }
            made = Self::open(self.directory().clone()).and_then(|now| {
                let unlocked = now.unlock_with(unlocked.source().clone())?;
                now.update_crl(CrlOrder::default(), &unlocked, session)
            });
        }
        made
    }

    /// Whether the CRLs that there are, those of former keys included, say of these records what they say: that they are revoked, on hold,
    /// or neither.
    pub fn crl_tells_of(&self, records: &[ChangedRecord], now: OffsetDateTime) -> bool {
        let former = self
            .previous()
            .iter()
            .map(PreviousKey::certificate)
            .filter(|certificate| certificate.not_after() >= now);
        let mut keys = former
            .map(|certificate| Some(certificate.public_key()))
            .chain([None]);
        keys.all(|key| self.crl_of_tells_of(key, records))
    }

    fn crl_of_tells_of(&self, key: Option<&PublicKey>, records: &[ChangedRecord]) -> bool {
        let content = self.records().crl(key).ok().flatten();
        let crl = content.and_then(|content| self.crls_in(&content).ok()?.into_iter().next());
        // Clients use none that this CA did not sign, or perhaps did not.
        let Some(crl) = crl.filter(|crl| self.has_signed_crl(crl)) else {
            return false;
        };
        let wanted: HashSet<&SerialNumber> = records.iter().map(|record| &record.before.serial).collect();
        let entries = crl.entries().filter(|entry| wanted.contains(&entry.serial));
        let listed: HashMap<SerialNumber, bool> = entries
            .map(|entry| {
                (
                    entry.serial.clone(),
                    entry.reason == Some(RevocationReason::CertificateHold),
                )
            })
            .collect();
        records.iter().all(|changed| {
            let record = changed.after.as_ref().unwrap_or(&changed.before);
            let is_held = record.revocation.as_ref().is_some_and(Revocation::is_hold);
            let listed = listed.get(&record.serial).copied();
            let may_have_left = listed.is_none() && record.expiry < crl.this_update();
            may_have_left || listed == (record.status == RecordStatus::Revoked).then_some(is_held)
        })
    }

    /// RFC 5280 §4.2.1.3: a CA whose certificate has a keyUsage without cRLSign makes CRLs that no peer
    /// accepts.
    fn expect_crl_issuer(&self) -> Result<(), AuthorityError> {
        if self.certificate().lets_key(KeyUsage::CRL_SIGN) {
            return Ok(());
        }
        Err(AuthorityError::CannotSignCrls {
            path: self.directory().ca_certificate(),
            is_root: self.certificate().is_self_issued(),
        })
    }

    /// A CRL never goes back in time: a client that has the newer one, or that compares dates, would refuse it, and with it everything
    /// that this CA issued. Returns what is later than now all the same.
    fn expect_clock_for_crl(
        &self,
        order: CrlOrder,
        now: OffsetDateTime,
        present: Option<&RevocationList>,
    ) -> Result<Vec<LaterThanNow>, AuthorityError> {
        if !order.allow_earlier {
            self.expect_clock_or(
                "a CRL from now would be older than the one clients already have",
                now,
            )?;
        }
        self.later_than(now, present)
    }

    /// A CRL that leaves out what an earlier one listed makes it valid again at every client.
    fn expect_all_revocations(
        &self,
        order: CrlOrder,
        present: Option<&RevocationList>,
        now: OffsetDateTime,
    ) -> Result<Option<Warning>, AuthorityError> {
        let lost = match self.lost_revocations()? {
            None => self.listed_unchecked(present, now)?,
            lost => lost,
        };
        match lost {
            None => Ok(None),
            Some(problem) if order.allow_incomplete || !self.has_made_crls() => {
                Ok(Some(Warning::RevocationsUnknown { problem }))
            }
            Some(problem) => Err(AuthorityError::RevocationsUnknown {
                conf: self.directory().conf(),
                problem,
            }),
        }
    }

    /// The CRLs in a file. One with many revocations is asked several times in a command, and decoded once while the file stays the same.
    ///
    /// # Errors
    /// As [`decode_crls`].
    pub(in crate::authority) fn crls_in(&self, file: &[u8]) -> Result<Vec<RevocationList>, CertificateError> {
        let mut decoded = self.decoded_crls.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, crls)) = decoded.iter().find(|(known, _)| known == file) {
            return Ok(crls.clone());
        }
        let crls = decode_crls(file)?;
        // One for each key of this CA, and the one that was there before.
        if decoded.len() > self.previous().len() + 1 {
            decoded.remove(0);
        }
        decoded.push((file.to_vec(), crls.clone()));
        Ok(crls)
    }

    /// The CRL that there is, if the CA's key signed it; an unreadable one is useless.
    pub fn present_crl(&self) -> Result<Option<RevocationList>, AuthorityError> {
        let Some(content) = self.records().crl(None)? else {
            return Ok(None);
        };
        let crl = self
            .crls_in(&content)
            .ok()
            .and_then(|crls| crls.into_iter().next());
        Ok(crl.filter(|crl| self.has_signed_crl(crl)))
    }

    /// The file of the present CRL, where its signature cannot be checked.
    ///
    /// # Errors
    /// [`AuthorityError::Records`].
    pub fn unchecked_crl(&self) -> Result<Option<UncheckedCrl>, AuthorityError> {
        Ok(self.read_unchecked()?.map(|(unchecked, _)| unchecked))
    }

    fn read_unchecked(&self) -> Result<Option<(UncheckedCrl, RevocationList)>, AuthorityError> {
        let content = self.records().crl(None)?;
        let first = |content: Zeroizing<Vec<u8>>| self.crls_in(&content).ok()?.into_iter().next();
        let Some(crl) = content.and_then(first) else {
            return Ok(None);
        };
        let checks: Vec<SignatureCheck> = self
            .trusted()
            .filter(|own| own.subject() == crl.issuer())
            .map(|own| crl.verify_signature(own.public_key()))
            .collect();
        let is_unchecked =
            !checks.contains(&SignatureCheck::Good) && checks.contains(&SignatureCheck::Unsupported);
        let path = self.records().place(Part::Crl(None));
        Ok(is_unchecked.then(|| (UncheckedCrl::of(&path, &crl), crl)))
    }

    /// What a CRL whose signature cannot be checked lists, and no CRL that is made now would: it is not believed, and not forgotten in silence.
    fn listed_unchecked(
        &self,
        present: Option<&RevocationList>,
        now: OffsetDateTime,
    ) -> Result<Option<String>, AuthorityError> {
        let Some((unchecked, crl)) = self.read_unchecked()? else {
            return Ok(None);
        };
        let told = self.records().told()?;
        let collected = self.collect(present, now)?;
        let alone = crl
            .entries()
            .filter(|entry| is_to_be_kept(entry, &crl, &told))
            .map(|entry| entry.serial)
            .filter(|serial| !collected.serials.contains(serial) && !collected.left.contains(serial));
        let alone = self.not_to_be_dropped(alone.collect(), now)?;
        let alone: Sample<SerialNumber> = alone.into_iter().collect();
        Ok((!alone.is_empty()).then(|| {
            let serials = alone.listed(ToString::to_string);
            format!("{unchecked}, and it alone lists serial {serials}")
        }))
    }

    pub(super) fn has_signed_crl(&self, crl: &RevocationList) -> bool {
        self.trusted()
            .any(|own| crl.verify_signature(own.public_key()) == SignatureCheck::Good)
    }

    fn collect(
        &self,
        present: Option<&RevocationList>,
        now: OffsetDateTime,
    ) -> Result<Collected, AuthorityError> {
        self.collected(self.records().revoked()?.as_ref(), present, now)
    }

    fn collected(
        &self,
        revoked: &dyn Revoked,
        present: Option<&RevocationList>,
        now: OffsetDateTime,
    ) -> Result<Collected, AuthorityError> {
        // After the records were opened: a hold that is taken back meanwhile is taken back there too, and then all is collected again.
        let told = self.records().told()?;
        let witnessed = witnessed(present, &told);
        let at = (present.map(RevocationList::this_update), now);
        let mut collected = Collected::of_records(revoked, (&HashMap::new(), &witnessed), at)?;
        if !collected.repeated.is_empty() {
            let joined = joined(revoked, &collected.repeated)?;
            collected = Collected::of_records(revoked, (&joined, &witnessed), at)?;
        }
        self.leave(&mut collected, now)?;
        let lost: Vec<SerialNumber> = witnessed
            .keys()
            .filter(|serial| !collected.serials.contains(serial) && !collected.left.contains(serial))
            .cloned()
            .collect();
        for serial in self.not_to_be_dropped(lost, now)? {
            let record = Record {
                revocation: witnessed.get(&serial).cloned(),
                ..Record::lost(&serial)
            };
            let as_listed = present.and_then(|crl| crl.entry_for(&serial, crl.issuer()));
            let entry = as_listed
                .filter(|entry| record.revocation.as_ref() == Some(&Revocation::from(entry)))
                .or_else(|| record.revoked_entry());
            collected.push(&entry.expect("it is revoked"), now)?;
            collected.kept.push(serial);
        }
        collected.largest_number = present
            .and_then(RevocationList::number)
            .cloned()
            .into_iter()
            .chain(told.crl_number)
            .max();
        Ok(collected)
    }

    /// Of what has left the CRL, the certificates of what the last one still had.
    fn certificates_that_leave(
        &self,
        present: &RevocationList,
        left: &HashSet<SerialNumber>,
    ) -> Vec<Certificate> {
        present
            .entries()
            .filter(|entry| left.contains(&entry.serial))
            .filter_map(|entry| self.issued_certificate(&entry.serial).ok().flatten())
            .collect()
    }

    /// Leaves out what has expired by the word of the certificate itself: a record alone could have been changed.
    fn leave(&self, collected: &mut Collected, now: OffsetDateTime) -> Result<(), AuthorityError> {
        for (serial, entry) in std::mem::take(&mut collected.leaving) {
            if collected
                .last_made
                .is_some_and(|made| self.has_expired(&serial, made))
            {
                collected.left.insert(serial);
            } else {
                collected.push(&entry, now)?;
            }
        }
        Ok(())
    }

    /// Whether the repository has the certificate of a serial number, which one of this CA's keys signed, and it ended before then. Of one that
    /// cannot be read that is not known, and it stays revoked.
    pub fn has_expired(&self, serial: &SerialNumber, before: OffsetDateTime) -> bool {
        let seen = || self.seen_expired.lock().unwrap_or_else(PoisonError::into_inner);
        if seen().contains(serial) {
            return true;
        }
        let has = self
            .issued_certificate(serial)
            .ok()
            .flatten()
            .is_some_and(|certificate| certificate.not_after() < before && self.has_signed(&certificate));
        if has {
            seen().insert(serial.clone());
        }
        has
    }

    /// The serial numbers that a CRL that were made now would list.
    pub(super) fn to_be_listed(&self, now: OffsetDateTime) -> Result<Vec<SerialNumber>, AuthorityError> {
        let collected = self.collect(self.present_crl()?.as_ref(), now)?;
        Ok(collected.serials.into_iter().collect())
    }

    /// What a CRL that were made now would list although the records do not say it: each serial number, and the status in its record. A revoked one
    /// has a weaker reason there. Of those that are recorded as valid, only what a CRL alone has as on hold.
    ///
    /// # Errors
    /// As [`Authority::update_crl`].
    pub fn kept_in_crl(
        &self,
        now: OffsetDateTime,
    ) -> Result<Vec<(SerialNumber, Option<RecordStatus>)>, AuthorityError> {
        let (present, told) = (self.present_crl()?, self.records().told()?);
        let kept = self.collect(present.as_ref(), now)?.kept;
        let with_record = |serial: SerialNumber| Ok((self.records().find(&serial)?, serial));
        let kept = kept
            .into_iter()
            .map(with_record)
            .collect::<Result<Vec<_>, AuthorityError>>()?;
        // What is recorded as valid is reported by the reader of the records, but for holds: it does not know which were taken back.
        let is_hold_in_crl = |serial: &SerialNumber| {
            let listed = present
                .as_ref()
                .and_then(|crl| crl.entry_for(serial, crl.issuer()));
            listed.is_some_and(|entry| Revocation::from(&entry).is_hold()) && told.of(serial).is_none()
        };
        let kept = kept.into_iter().filter(|(record, serial)| {
            record
                .as_ref()
                .is_none_or(|record| record.status == RecordStatus::Revoked || is_hold_in_crl(serial))
        });
        Ok(kept
            .map(|(record, serial)| (serial, record.map(|record| record.status)))
            .collect())
    }

    /// Those of certificates that the records do not have as revoked that must be in the next CRL all the
    /// same. A certificate that has expired and whose record has been taken out may be missing (RFC 5280
    /// §3.3).
    pub(in crate::authority) fn not_to_be_dropped(
        &self,
        mut serials: Vec<SerialNumber>,
        now: OffsetDateTime,
    ) -> Result<Vec<SerialNumber>, AuthorityError> {
        if serials.is_empty() {
            return Ok(serials);
        }
        let roll = self.records().roll()?;
        let mut without_record = HashMap::new();
        for serial in &serials {
            if roll.records_of(serial)?.is_empty() {
                without_record.insert(
                    serial.clone(),
                    // Of one that cannot be read the log says it, or it must be listed.
                    self.issued_certificate(serial)
                        .ok()
                        .flatten()
                        .map(|certificate| certificate.not_after()),
                );
            }
        }
        if without_record.values().any(Option::is_none) {
            self.records()
                .audit_lines_with(&["\"not_after\""], &mut |fields| {
                    let serial = fields.serial.as_deref().and_then(SerialNumber::parse_any_hex);
                    if let Some(end @ None) = serial.and_then(|serial| without_record.get_mut(&serial)) {
                        *end = fields.not_after.as_deref().and_then(parse_time);
                    }
                })?;
        }
        serials.retain(|serial| {
            without_record
                .get(serial)
                .is_none_or(|end| end.is_none_or(|end| end >= now))
        });
        serials.sort();
        Ok(serials)
    }
}

/// CRLs that are being made.
struct Making<'a> {
    authority: &'a Authority,
    unlocked: &'a Unlocked,
    former: Vec<(&'a PreviousKey, Box<dyn Signer>)>,
    lifetime: Duration,
    present: Option<RevocationList>,
    audit: AuditEntry,
    now: OffsetDateTime,
    every_shard: bool,
    collected: Option<Collected>,
    /// The present key's.
    crl: Option<RevocationList>,
    /// How many of its parts were made.
    shards: usize,
}

impl Making<'_> {
    fn signed(&mut self, number: &SerialNumber) -> Result<NewCrls, AuthorityError> {
        let Some(collected) = &self.collected else {
            unreachable!("it is collected before it is signed")
        };
        let this_update = collected.this_update(self.present.as_ref(), self.now);
        let template = CrlTemplate {
            number,
            this_update,
            next_update: self.now.saturating_add(self.lifetime),
        };
        let builder = &collected.builder;
        let authority = self.authority;
        let expired = match (self.unlocked.service(), &self.present) {
            (Some(_), Some(present)) => authority.certificates_that_leave(present, &collected.left),
            _ => Vec::new(),
        };
        let mut crls = Vec::with_capacity(self.former.len() + 1);
        for (issuer, key) in &self.former {
            let former = issuer.certificate();
            let crl = match self.unlocked.service() {
                Some(service) => whole_of(service.sign_crl(&CrlIntent {
                    former_key: Some(former.public_key()),
                    template: &template,
                    entries: builder.entries(),
                    shards: &[],
                    published: &[],
                    expired: &expired,
                })?)?,
                None => sign(builder.clone(), &template, former, key.as_ref())?,
            };
            crls.push(NewCrl {
                former_key: Some(former.public_key().clone()),
                pem: crl.to_pem(),
            });
        }
        let wanted = authority.shards_to_make(builder, self.every_shard, self.now)?;
        let (parts, crl) = match self.unlocked.service() {
            Some(service) => {
                let mut signed = service.sign_crl(&CrlIntent {
                    former_key: None,
                    template: &template,
                    entries: builder.entries(),
                    shards: &wanted,
                    published: &authority.shown_shards()?,
                    expired: &expired,
                })?;
                let whole = whole_of(signed.split_off(wanted.len().min(signed.len())))?;
                (signed, whole)
            }
            None => (
                authority.sign_shards(builder, (&wanted, &[]), &template, self.unlocked.key())?,
                sign(
                    builder.clone(),
                    &template,
                    authority.certificate(),
                    self.unlocked.key(),
                )?,
            ),
        };
        let shards = wanted.into_iter().zip(&parts).map(|(shard, crl)| NewCrlShard {
            shard,
            der: crl.der().to_vec(),
        });
        let shards: Vec<NewCrlShard> = shards.collect();
        self.shards = shards.len();
        crls.push(NewCrl {
            former_key: None,
            pem: crl.to_pem(),
        });
        let audit = self
            .audit
            .clone()
            .with("crl_number", number.to_string())
            .with("revoked", crl.revoked());
        self.crl = Some(crl);
        Ok(NewCrls { audit, shards, crls })
    }
}

impl MakeCrl for Making<'_> {
    fn collect(&mut self, revoked: &dyn Revoked) -> Result<(), RecordsError> {
        self.collected = Some(
            self.authority
                .collected(revoked, self.present.as_ref(), self.now)?,
        );
        Ok(())
    }

    fn check(&mut self) -> Result<(), RecordsError> {
        let path = self.authority.directory().ca_certificate();
        let is_same = *self.authority.directory().read(&path)? == self.authority.certificate_file();
        if is_same {
            Ok(())
        } else {
            Err(StoreError::Files(FilesError::ChangedMeanwhile(path)).into())
        }
    }

    fn largest_number(&self) -> Option<SerialNumber> {
        self.collected.as_ref()?.largest_number.clone()
    }

    fn sign(&mut self, number: &SerialNumber) -> Result<NewCrls, RecordsError> {
        Ok(self.signed(number)?)
    }
}

/// Of serial numbers that are in several revoked lines, what all of them say together.
fn joined(
    revoked: &dyn Revoked,
    serials: &HashSet<SerialNumber>,
) -> Result<HashMap<SerialNumber, Revocation>, AuthorityError> {
    let mut all: HashMap<SerialNumber, Revocation> = HashMap::new();
    revoked.visit_readable(&mut |record| {
        if let Some(said) = record
            .revocation
            .as_ref()
            .filter(|_| serials.contains(&record.serial))
        {
            all.entry(record.serial.clone())
                .and_modify(|known| *known = known.joined(said))
                .or_insert_with(|| said.clone());
        }
    })?;
    Ok(all)
}

/// What is known of serial numbers beside a line of `ca.db`: what several lines of one say together, and what a CRL and the audit log say.
type Beside<'a> = (
    &'a HashMap<SerialNumber, Revocation>,
    &'a HashMap<SerialNumber, Revocation>,
);

impl Collected {
    /// The entries of all revoked records; where several lines are of one serial number, what they say together, and where a witness has a
    /// stronger reason, that one.
    fn of_records(
        revoked: &dyn Revoked,
        beside: Beside<'_>,
        (last_made, now): (Option<OffsetDateTime>, OffsetDateTime),
    ) -> Result<Self, AuthorityError> {
        let (mut collected, mut failed) = (Self::default(), None);
        collected.last_made = last_made;
        let unreadable = revoked.visit(&mut |found| {
            if let Err(error) = collected.take(&found, beside, now) {
                failed.get_or_insert(error);
            }
        })?;
        match failed {
            Some(error) => Err(error),
            None => Ok(Self {
                unreadable,
                ..collected
            }),
        }
    }

    fn take(
        &mut self,
        found: &RevokedLine<'_>,
        (joined, witnessed): Beside<'_>,
        now: OffsetDateTime,
    ) -> Result<(), AuthorityError> {
        let joined = joined.get(&found.record.serial);
        let said = joined.or(found.record.revocation.as_ref());
        let stronger = witnessed
            .get(&found.record.serial)
            .filter(|witnessed| said.is_none_or(|said| witnessed.weight() > said.weight()));
        let revocation = match (said, stronger) {
            (Some(said), Some(stronger)) => Some(said.joined(stronger)),
            (said, stronger) => said.or(stronger).cloned(),
        };
        // A date that ca.db lost is taken from the CRL or the log.
        let revocation = revocation.map(|revocation| match witnessed.get(&found.record.serial) {
            Some(witnessed) if !revocation.has_date() => Revocation {
                at: witnessed.at,
                ..revocation
            },
            _ => revocation,
        });
        let record = Record {
            revocation,
            ..found.record.clone()
        };
        let Some(entry) = record.revoked_entry() else {
            return Ok(());
        };
        if stronger.is_some() && !self.serials.contains(&entry.serial) {
            self.kept.push(entry.serial.clone());
        }
        let is_late = entry.revoked_at > now + CLOCK_SKEW_ALLOWANCE;
        let is_first = !self.serials.contains(&entry.serial) && !self.leaving.contains_key(&entry.serial);
        let flaw = match &record.flaw {
            Some(problem) => Some((RevocationFlaw::Line, problem.as_str())),
            None if found.is_torn => Some((RevocationFlaw::Torn, "it does not end with a line feed")),
            None if joined.is_some() && is_first => Some((
                RevocationFlaw::Repeated,
                "other lines revoke it too; the earliest date and the strongest reason count",
            )),
            None if is_late => Some((RevocationFlaw::Date, "its revocation date is in the future")),
            None => None,
        };
        if let Some((kind, problem)) = flaw {
            self.flawed_count += 1;
            if self.flawed.len() < MAX_FLAWED {
                self.flawed.push(FlawedRevocation {
                    line: found.line,
                    serial: record.serial.clone(),
                    problem: problem.to_owned(),
                    kind,
                });
            }
        }
        let was_over = |made| record.expiry < made && entry.revoked_at < made;
        let is_leaving = flaw.is_none() && stronger.is_none() && self.last_made.is_some_and(was_over);
        if is_first && is_leaving {
            self.leaving.insert(entry.serial.clone(), entry);
            Ok(())
        } else if is_first {
            self.push(&entry, now)
        } else {
            self.repeated.insert(entry.serial);
            Ok(())
        }
    }

    /// Adds an entry. None is later than now: a CRL says what is so when it is made.
    fn push(&mut self, entry: &RevokedEntry, now: OffsetDateTime) -> Result<(), AuthorityError> {
        let revoked_at = entry.revoked_at.clamp(UNKNOWN_REVOCATION_DATE, now);
        self.builder.push(&RevokedEntry {
            revoked_at,
            ..entry.clone()
        })?;
        self.latest = self.latest.max(Some(revoked_at));
        self.serials.insert(entry.serial.clone());
        Ok(())
    }

    /// A little before now, but not before anything in the CRL, nor before the CRL it replaces.
    fn this_update(&self, present: Option<&RevocationList>, now: OffsetDateTime) -> OffsetDateTime {
        let present = present
            .map(RevocationList::this_update)
            .filter(|time| *time <= now);
        [Some(now - CLOCK_SKEW_ALLOWANCE), self.latest, present]
            .into_iter()
            .flatten()
            .max()
            .unwrap_or(now)
    }

    fn warnings(&self, directory: &CaDir, later: Vec<LaterThanNow>, now: OffsetDateTime) -> Vec<Warning> {
        let ca_dir = || directory.root().to_owned();
        let clock = later.into_iter().map(|later| Warning::ClockBehind { now, later });
        let flawed = (self.flawed_count > 0).then(|| Warning::FlawedRevocations {
            ca_dir: ca_dir(),
            count: self.flawed_count,
            first: self.flawed.clone(),
        });
        let kept = (!self.kept.is_empty()).then(|| Warning::KeptInCrl {
            ca_dir: ca_dir(),
            serials: self.kept.clone(),
        });
        let unreadable = (!self.unreadable.is_empty()).then(|| Warning::UnreadableLines {
            ca_dir: ca_dir(),
            lines: self.unreadable.clone(),
        });
        clock.chain(flawed).chain(unreadable).chain(kept).collect()
    }
}

/// The whole CRL, which a service signs after its parts.
fn whole_of(signed: Vec<RevocationList>) -> Result<RevocationList, AuthorityError> {
    let [whole] = <[RevocationList; 1]>::try_from(signed).map_err(|signed| {
        let (count, problem) = (signed.len(), "CRLs were signed, and not one");
        KeyError::Signing(format!("{count} {problem}"))
    })?;
    Ok(whole)
}

fn sign(
    builder: CrlBuilder,
    template: &CrlTemplate<'_>,
    certificate: &Certificate,
    key: &dyn Signer,
) -> Result<RevocationList, AuthorityError> {
    let key_identifier = certificate.key_identifier_for_issued();
    let issuer = Issuer {
        name: certificate.subject(),
        key_identifier: Some(&key_identifier),
        key,
    };
    Ok(builder.sign(template, &issuer)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Identity, Site, in_days, named, now, order, serial, session};
    use gsec_pki::x509::DistinguishedName;

    /// Records that are revoked, as the index has them.
    struct Listed(Vec<(Record, bool)>);

    impl Revoked for Listed {
        fn visit(&self, each: &mut dyn FnMut(RevokedLine<'_>)) -> Result<Vec<DamagedLine>, RecordsError> {
            for (number, (record, is_torn)) in self.0.iter().enumerate() {
                each(RevokedLine {
                    line: number as u64 + 1,
                    record,
                    is_torn: *is_torn,
                });
            }
            Ok(Vec::new())
        }

        fn visit_readable(&self, each: &mut dyn FnMut(&Record)) -> Result<(), RecordsError> {
            self.0.iter().for_each(|(record, _)| each(record));
            Ok(())
        }
    }

    fn revocation(days: i64, reason: Option<&str>) -> Revocation {
        Revocation {
            at: in_days(days),
            reason: reason.map(str::to_owned),
            extra: None,
        }
    }

    fn revoked(number: &str, revocation: Option<Revocation>) -> Record {
        let name = DistinguishedName::build(&named("a.example.com")).expect("a name");
        Record {
            status: RecordStatus::Revoked,
            revocation,
            ..Record::issued(&serial(number), in_days(300), &name)
        }
    }

    fn collected(records: Vec<(Record, bool)>, witnessed: &[(&str, Revocation)]) -> Collected {
        let witnessed = witnessed
            .iter()
            .map(|(number, revocation)| (serial(number), revocation.clone()))
            .collect();
        let listed = Listed(records);
        let at = (None, now());
        let once = Collected::of_records(&listed, (&HashMap::new(), &witnessed), at).expect("collected");
        let several = joined(&listed, &once.repeated).expect("joined");
        Collected::of_records(&listed, (&several, &witnessed), at).expect("collected")
    }

    /// The entries of the CRL that would be signed: day and reason of each.
    fn entries(collected: Collected) -> Vec<(String, OffsetDateTime, Option<RevocationReason>)> {
        let site = Site::new();
        let template = CrlTemplate {
            number: &serial("01"),
            this_update: collected.this_update(None, now()),
            next_update: in_days(30),
        };
        let crl = sign(
            collected.builder,
            &template,
            site.authority.certificate(),
            site.unlocked.key(),
        )
        .expect("a CRL");
        crl.entries()
            .map(|entry| (entry.serial.to_string(), entry.revoked_at, entry.reason))
            .collect()
    }

    #[test]
    fn what_a_line_of_the_index_comes_to_in_the_crl() {
        use RevocationReason::{KeyCompromise, Superseded};
        let line = |days, reason| vec![(revoked("2A", Some(revocation(days, reason))), false)];
        let entry = |days, reason| vec![("2A".to_owned(), in_days(days), reason)];
        let rows = [
            (
                "as it is",
                collected(line(-9, Some("superseded")), &[]),
                entry(-9, Some(Superseded)),
            ),
            (
                "without a reason",
                collected(line(-9, None), &[]),
                entry(-9, None),
            ),
            ("in the future", collected(line(9, None), &[]), entry(0, None)),
            (
                "a witness has a stronger reason",
                collected(
                    line(-9, Some("superseded")),
                    &[("2A", revocation(-7, Some("keyCompromise")))],
                ),
                entry(-9, Some(KeyCompromise)),
            ),
            (
                "a witness has a weaker reason",
                collected(
                    line(-9, Some("keyCompromise")),
                    &[("2A", revocation(-12, Some("superseded")))],
                ),
                entry(-9, Some(KeyCompromise)),
            ),
            (
                "the index lost the day, and a witness has it",
                collected(
                    vec![(revoked("2A", Some(Revocation::unknown())), false)],
                    &[("2A", revocation(-7, None))],
                ),
                entry(-7, None),
            ),
            (
                "two lines: the earlier day and the stronger reason",
                collected(
                    [line(-5, Some("keyCompromise")), line(-9, Some("superseded"))].concat(),
                    &[],
                ),
                entry(-9, Some(KeyCompromise)),
            ),
        ];
        for (situation, collected, expected) in rows {
            assert_eq!(entries(collected), expected, "{situation}");
        }
    }

    #[test]
    fn flaws_of_revoked_lines() {
        let line = || revoked("2A", Some(revocation(-9, None)));
        let kinds = |records| {
            let flawed = collected(records, &[]).flawed;
            flawed
                .iter()
                .map(|flaw| (flaw.line, flaw.kind))
                .collect::<Vec<_>>()
        };
        let flawed = Record {
            flaw: Some("it has four columns".into()),
            ..line()
        };
        assert_eq!(kinds(vec![(line(), false)]), []);
        assert_eq!(kinds(vec![(flawed, true)]), [(1, RevocationFlaw::Line)]);
        assert_eq!(kinds(vec![(line(), true)]), [(1, RevocationFlaw::Torn)]);
        assert_eq!(
            kinds(vec![(line(), false), (line(), false)]),
            [(1, RevocationFlaw::Repeated)]
        );
        let late = |time| {
            vec![(
                revoked(
                    "2A",
                    Some(Revocation {
                        at: time,
                        ..revocation(0, None)
                    }),
                ),
                false,
            )]
        };
        assert_eq!(kinds(late(now() + CLOCK_SKEW_ALLOWANCE)), []);
        assert_eq!(
            kinds(late(now() + CLOCK_SKEW_ALLOWANCE + Duration::SECOND)),
            [(1, RevocationFlaw::Date)]
        );
    }

    #[test]
    fn crl_begins_before_now_but_not_before_what_is_in_it_or_before_the_last() {
        let of = |days_or_zero: Option<i64>| {
            let records = days_or_zero.map(|days| (revoked("2A", Some(revocation(days, None))), false));
            collected(records.into_iter().collect(), &[])
        };
        let present = Identity::root("Example CA").crl(&[]);
        assert_eq!(of(None).this_update(None, now()), now() - CLOCK_SKEW_ALLOWANCE);
        assert_eq!(
            of(Some(-9)).this_update(None, now()),
            now() - CLOCK_SKEW_ALLOWANCE
        );
        assert_eq!(of(Some(0)).this_update(None, now()), now());
        assert_eq!(
            of(None).this_update(Some(&present), in_days(-1)),
            present.this_update()
        );
        // What is later than now is for a caller that allows it.
        assert_eq!(
            of(None).this_update(Some(&present), in_days(-2)),
            in_days(-2) - CLOCK_SKEW_ALLOWANCE
        );
    }

    #[test]
    fn numbers_of_crls_only_grow() {
        let site = Site::new();
        let number = |site: &Site| site.update_crl().number().expect("a number").clone();
        let first = number(&site);
        assert!(number(&site) > first);
        // crl.num is from an older backup.
        std::fs::write(site.authority.directory().crl_number(), "01\n").expect("crl.num");
        let third = number(&site);
        assert!(third > first.next().expect("a number"));
        let site = site.without(CaDir::crl);
        std::fs::write(site.authority.directory().crl_number(), "01\n").expect("crl.num");
        assert!(number(&site) > third, "the log knows the last one");
    }

    #[test]
    fn revocation_that_the_index_lost_is_in_the_next_crl() {
        let site = Site::new();
        let certificate = site.issue("a.example.com");
        let before = std::fs::read(site.authority.directory().index()).expect("ca.db");
        site.revoke(&certificate, RevocationReason::KeyCompromise);
        std::fs::write(site.authority.directory().index(), &before).expect("ca.db");
        let site = site.reopened();
        let crl = site.update_crl();
        let listed: Vec<SerialNumber> = crl.entries().map(|entry| entry.serial).collect();
        assert_eq!(listed, [certificate.serial().clone()]);
        assert_eq!(
            site.authority
                .plan_crl(CrlOrder::default(), now())
                .expect("a plan")
                .revoked,
            1
        );
    }

    #[test]
    fn what_only_an_unchecked_crl_lists_is_not_forgotten_in_silence() {
        let site = Site::new();
        let certificate = site.issue("a.example.com");
        site.update_crl();
        let put = |listed: &[(u8, Option<rcgen::RevocationReason>)]| {
            let crl = Identity::root("Example CA").crl_of_unknown_algorithm(listed);
            std::fs::write(site.authority.directory().crl(), crl.to_pem()).expect("the CRL");
        };
        let plan = |allow_incomplete| {
            let order = CrlOrder {
                allow_incomplete,
                ..CrlOrder::default()
            };
            site.authority.plan_crl(order, now())
        };
        assert_eq!(certificate.serial(), &serial("01"));
        put(&[(1, None)]);
        let unchecked = site.authority.unchecked_crl().expect("readable");
        assert_eq!(
            unchecked.map(|crl| crl.algorithm).as_deref(),
            Some("1.2.840.10045.4.3.9")
        );
        assert!(site.authority.present_crl().expect("readable").is_none());
        match plan(false) {
            Err(AuthorityError::RevocationsUnknown { problem, .. }) => {
                assert!(
                    problem.ends_with(
                        "could not be checked: gsec does not support it, and it alone lists serial 01"
                    ),
                    "{problem}"
                );
            }
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("it would leave out serial 01"),
        }
        let planned = plan(true).expect("a plan");
        assert_eq!(planned.revoked, 0, "it is not believed");
        let is_told = |warning: &Warning| matches!(warning, Warning::RevocationsUnknown { .. });
        assert!(planned.warnings.iter().any(is_told));
        for listed in [&[][..], &[(1, Some(rcgen::RevocationReason::RemoveFromCrl))]] {
            put(listed);
            assert_eq!(plan(false).expect("nothing is lost").revoked, 0);
        }
        put(&[(1, None)]);
        site.revoke(&certificate, RevocationReason::Superseded);
        assert_eq!(plan(false).expect("ca.db has it").revoked, 1);
    }

    fn update_at(site: &Site, at: OffsetDateTime) -> Vec<SerialNumber> {
        let made = session("crl.update", at, |session| {
            site.authority
                .update_crl(CrlOrder::default(), &site.unlocked, session)
        });
        made.expect("a CRL")
            .crl
            .entries()
            .map(|entry| entry.serial)
            .collect()
    }

    #[test]
    fn what_has_expired_leaves_the_crl_after_it_was_in_one_that_was_made_later() {
        let site = Site::new();
        let [gone, stays] = ["a.example.com", "b.example.com"].map(|name| {
            let lifetime = if name.starts_with('a') { 10 } else { 100 };
            let mut order = order(name);
            order.lifetime = Some(gsec_pki::x509::Lifetime::days(lifetime));
            site.issue_order(order).expect("a certificate")
        });
        for certificate in [&gone, &stays] {
            site.revoke(certificate, RevocationReason::Superseded);
        }
        let both = [gone.serial().clone(), stays.serial().clone()];
        assert_eq!(update_at(&site, now()), both);
        assert_eq!(update_at(&site, in_days(9)), both);
        assert_eq!(
            update_at(&site, in_days(11)),
            both,
            "the first that was made after it expired"
        );
        assert_eq!(update_at(&site, in_days(12)), both[1..]);
        assert_eq!(update_at(&site, in_days(13)), both[1..]);
        assert_eq!(site.authority.kept_in_crl(in_days(13)).expect("readable"), []);
    }

    #[test]
    fn what_only_a_record_says_to_have_expired_stays_in_the_crl() {
        let site = Site::new();
        let certificate = site.issue("a.example.com");
        site.revoke(&certificate, RevocationReason::Superseded);
        let listed = [certificate.serial().clone()];
        assert_eq!(update_at(&site, now()), listed);
        let index = site.authority.directory().index();
        let text = std::fs::read_to_string(&index).expect("ca.db");
        let end = text.split('\t').nth(1).expect("a time").to_owned();
        std::fs::write(&index, text.replacen(&end, "300101000000Z", 1)).expect("written");
        assert_eq!(update_at(&site, in_days(1)), listed);
        assert_eq!(update_at(&site, in_days(2)), listed);
    }

    #[test]
    fn next_crl_is_due_as_ordered_or_as_the_policy_says() {
        let site = Site::new();
        let due = |lifetime| {
            let order = CrlOrder {
                lifetime,
                ..CrlOrder::default()
            };
            site.authority.plan_crl(order, now()).expect("a plan").next_update
        };
        assert_eq!(due(None), in_days(30));
        assert_eq!(due(Some(Duration::days(2))), in_days(2));
    }
}
