//! What this CA knows about one certificate: whether it issued it, and whether it has revoked it.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use crate::authority::status::crl::UncheckedCrl;
use crate::authority::status::witnesses::is_in_force;
use crate::authority::{Authority, PreviousKey};
use crate::records::{Part, Record, RecordStatus, Revocation, Roll, Told, UNKNOWN_REVOCATION_DATE, joined};
use gsec_pki::encoding::visible::visible;
use gsec_pki::key::{PublicKey, SignatureAlgorithm, SignatureCheck};
use gsec_pki::x509::path::RevocationStatus;
use gsec_pki::x509::{Certificate, RevocationList, RevocationReason, SerialNumber, rfc3339};

/// Whether a CA has revoked a certificate, and what was read to find out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The answer; [`RevocationStatus::NotChecked`] of a certificate that none of this CA's keys signed. Never [`RevocationStatus::Good`] where the
    /// signature of the certificate or of the CRL is of an algorithm that gsec cannot check.
    pub status: RevocationStatus,
    /// The files that gave the answer: of `ca.db`, the CRL of the key that signed the certificate, and the audit log.
    pub asked: Vec<PathBuf>,
    /// In words: why a file did not answer, and where the two do not say the same.
    pub problems: Vec<String>,
    /// When the CRL that answered is to be replaced; `None` where none answered, or it does not say.
    pub crl_due: Option<(PathBuf, OffsetDateTime)>,
    /// Whether there is a CRL whose signature is of an algorithm that gsec cannot check.
    pub is_crl_unchecked: bool,
}

/// What was read of one CA's records and CRLs, so that a call that checks several certificates reads each
/// file once.
#[derive(Default)]
pub struct ReadRecords {
    index: OnceCell<Result<Box<dyn Roll>, String>>,
    crls: RefCell<Vec<(PathBuf, Result<RevocationList, Word>)>>,
    told: OnceCell<Result<Told, String>>,
    lost: OnceCell<Option<String>>,
}

/// What one source says.
#[derive(Debug, Clone)]
enum Word {
    /// It could not be read, or is not there.
    Silent(Option<String>),
    /// It is there, and gsec cannot check its signature: it may revoke any certificate, and calls none good.
    Unchecked(String),
    Good,
    Revoked {
        since: Option<OffsetDateTime>,
        reason: Option<RevocationReason>,
        /// How strong the reason is.
        weight: u8,
    },
}

impl Word {
    /// Without an answer.
    fn silenced(self) -> Self {
        match self {
            Self::Silent(why) => Self::Silent(why),
            Self::Unchecked(why) => Self::Unchecked(why),
            Self::Good | Self::Revoked { .. } => Self::Silent(None),
        }
    }

    /// How strong a revocation is; `None` where it is none.
    fn weight(&self) -> Option<u8> {
        match self {
            Self::Revoked { weight, .. } => Some(*weight),
            Self::Silent(_) | Self::Unchecked(_) | Self::Good => None,
        }
    }
}

impl Authority {
    /// Checks `ca.db`, this CA's CRL, and the audit log. A certificate is revoked when one of them says so: a
    /// restored copy of another does not bring it back. It is good when `ca.db` has it and none says that it
    /// is revoked.
    pub fn standing(&self, certificate: &Certificate) -> Standing {
        self.standing_in(&ReadRecords::default(), certificate)
    }

    /// As [`Authority::standing`], with what a call has read already. All checks with the same records must
    /// concern the same CA.
    pub fn standing_in(&self, records: &ReadRecords, certificate: &Certificate) -> Standing {
        let issuer = if self.is_own_certificate(certificate) {
            None
        } else if certificate.is_issued_by(self.certificate()) {
            Some(self.certificate())
        } else {
            self.former_issuer(certificate).map(PreviousKey::certificate)
        };
        let unchecked = || self.unchecked_issuer(certificate);
        let is_checked = issuer.is_some();
        let Some(issuer) = issuer.or_else(unchecked) else {
            return Standing {
                status: RevocationStatus::NotChecked,
                asked: Vec::new(),
                problems: Vec::new(),
                crl_due: None,
                is_crl_unchecked: false,
            };
        };
        let former_key = (issuer != self.certificate()).then(|| issuer.public_key());
        let path = self.records().place(Part::Crl(former_key));
        let (crl, due, of_crl) = self.crl_says(records, (issuer, former_key), &path, certificate);
        let crl_due = due.map(|due| (path.clone(), due));
        let (record, odd) = self.record_says(records, certificate);
        // What the other two say as strongly, the log need not.
        let log = self.log_says(records, certificate);
        let log = if log.weight() > record.weight().max(crl.weight()) {
            log
        } else {
            log.silenced()
        };
        let mut standing = combine([
            (self.records().place(Part::Index), record),
            (path, crl),
            (self.records().place(Part::AuditLog), log),
        ]);
        standing.problems.extend(of_crl.into_iter().chain(odd));
        if standing.status == RevocationStatus::Good
            && let Some(why) = self.lost_in(records)
        {
            standing.problems.retain(|problem| problem != &why);
            standing.status = RevocationStatus::Undetermined { why };
        }
        if standing.status == RevocationStatus::Good && !is_checked {
            let why = format!(
                "the signature ({}) of the certificate could not be checked: gsec does not support it",
                SignatureAlgorithm::name(certificate.signature_algorithm())
            );
            standing.status = RevocationStatus::Undetermined { why };
        }
        Standing { crl_due, ..standing }
    }

    /// The certificate of this CA, present or former, whose key may have signed a certificate in its name, where gsec cannot check that.
    fn unchecked_issuer(&self, certificate: &Certificate) -> Option<&Certificate> {
        let algorithm = certificate.signature_algorithm();
        let mut own =
            std::iter::once(self.certificate()).chain(self.previous().iter().map(PreviousKey::certificate));
        own.find(|own| {
            !self.is_own_certificate(certificate)
                && certificate.may_be_issued_by(own)
                && SignatureAlgorithm::may_be_made_with(algorithm, own.public_key())
        })
    }

    /// Why a revocation may be unknown. Asked only of what nothing has as revoked.
    fn lost_in(&self, read: &ReadRecords) -> Option<String> {
        let lost = || {
            self.lost_beside(self.told_in(read))
                .unwrap_or_else(|error| Some(error.to_string()))
        };
        read.lost.get_or_init(lost).clone()
    }

    /// Whether a certificate is this CA's own, of its present key or a former one: its root, a renewed one, the one from the CA above, or one
    /// that leads from one of its keys to another. None of these needs a record.
    pub fn is_own_certificate(&self, certificate: &Certificate) -> bool {
        let mut keys =
            std::iter::once(self.certificate()).chain(self.previous().iter().map(PreviousKey::certificate));
        let is_of_name = certificate.subject() == self.certificate().subject();
        is_of_name && keys.any(|own| own.public_key().is_same_key(certificate.public_key()))
    }

    /// Whether one of this CA's keys, present or past, signed a certificate that must have a record here.
    pub fn has_signed(&self, certificate: &Certificate) -> bool {
        !self.is_own_certificate(certificate)
            && (certificate.is_issued_by(self.certificate()) || self.former_issuer(certificate).is_some())
    }

    /// The previous CA key that signed a certificate.
    pub fn former_issuer(&self, certificate: &Certificate) -> Option<&PreviousKey> {
        let is_present = certificate.is_issued_by(self.certificate());
        self.previous()
            .iter()
            .find(|previous| !is_present && certificate.is_issued_by(previous.certificate()))
    }

    /// The CRLs of this CA: one for each of its keys.
    pub fn kept_crls(&self) -> Vec<RevocationList> {
        self.crl_keys()
            .filter_map(|key| self.crls_in(&self.records().crl(key).ok()??).ok())
            .flatten()
            .collect()
    }

    /// What the CRLs of this CA say of every certificate, of several the strongest, and why one of them does not answer.
    pub(in crate::authority) fn listed_in_crls(
        &self,
        told: &Told,
    ) -> (HashMap<SerialNumber, Revocation>, Vec<String>) {
        let (mut listed, mut problems) = (HashMap::new(), Vec::new());
        let own = self
            .previous()
            .iter()
            .map(PreviousKey::certificate)
            .map(|former| (former, Some(former.public_key())));
        for (issuer, former_key) in own.chain([(self.certificate(), None)]) {
            let path = self.records().place(Part::Crl(former_key));
            match self.crl_of(issuer, former_key, &path) {
                Ok(crl) => take_entries(&crl, told, &mut listed),
                Err(Word::Silent(Some(why)) | Word::Unchecked(why)) => problems.push(why),
                Err(_) => {}
            }
        }
        (listed, problems)
    }

    /// Whose they are: the former keys, then `None` for the present one.
    pub(in crate::authority) fn crl_keys(&self) -> impl Iterator<Item = Option<&PublicKey>> {
        self.previous()
            .iter()
            .map(|key| Some(key.certificate().public_key()))
            .chain([None])
    }

    /// What the records say, and what is odd about that.
    fn record_says(&self, read: &ReadRecords, certificate: &Certificate) -> (Word, Option<String>) {
        let roll = read
            .index
            .get_or_init(|| self.records().roll().map_err(|error| error.to_string()));
        let roll = match roll {
            Ok(roll) => roll,
            Err(why) => return (Word::Silent(Some(why.clone())), None),
        };
        let lines = match roll.records_of(certificate.serial()) {
            Ok(lines) => lines,
            Err(error) => return (Word::Silent(Some(error.to_string())), None),
        };
        let odd = (lines.len() > 1).then(|| several_lines(&lines));
        let Some(found) = joined(&lines).map(|joined| joined.record) else {
            return (
                Word::Silent(Some(format!(
                    "ca.db has no record of serial {}",
                    certificate.serial()
                ))),
                None,
            );
        };
        if found.status == RecordStatus::Revoked {
            let unknown = || Revocation {
                at: UNKNOWN_REVOCATION_DATE,
                reason: None,
                extra: None,
            };
            return (revoked_word(&found.revocation.unwrap_or_else(unknown)), odd);
        }
        let word = match (
            self.contradiction(certificate, &found),
            roll.unreadable_revocation(),
        ) {
            (Err(error), _) => Word::Silent(Some(error.to_string())),
            // Two certificates under one serial number: the record says nothing reliable about this one.
            (Ok(Some(why)), _) => Word::Silent(Some(why)),
            // A line that revokes an unknown certificate may revoke this one.
            (Ok(None), Some(error)) => Word::Silent(Some(error.to_string())),
            (Ok(None), None) => Word::Good,
        };
        (word, odd)
    }

    /// What the audit log says: it revokes, and never calls anything good.
    fn log_says(&self, read: &ReadRecords, certificate: &Certificate) -> Word {
        match self.told_in(read) {
            Ok(told) => told
                .of(certificate.serial())
                .map_or(Word::Silent(None), |told| revoked_word(&told.revocation)),
            Err(why) => Word::Silent(Some(why.clone())),
        }
    }

    fn told_in<'a>(&self, read: &'a ReadRecords) -> &'a Result<Told, String> {
        read.told
            .get_or_init(|| self.records().told().map_err(|error| error.to_string()))
    }

    /// What a CRL says, when it is to be replaced, and what is odd about it.
    fn crl_says(
        &self,
        read: &ReadRecords,
        (issuer, former_key): (&Certificate, Option<&PublicKey>),
        path: &Path,
        certificate: &Certificate,
    ) -> (Word, Option<OffsetDateTime>, Option<String>) {
        let mut crls = read.crls.borrow_mut();
        if !crls.iter().any(|(known, _)| known == path) {
            crls.push((path.to_owned(), self.crl_of(issuer, former_key, path)));
        }
        match crls.iter().find(|(known, _)| known == path) {
            Some((_, Ok(crl))) => {
                let none = Told::default();
                let told = self.told_in(read).as_ref().unwrap_or(&none);
                let (word, odd) = entry_in(crl, certificate, told);
                let old = || {
                    let old = self.old_crl(crl, told).filter(|_| former_key.is_none());
                    old.map(|old| old.to_string())
                };
                (word, crl.next_update(), odd.or_else(old))
            }
            Some((_, Err(silent))) => (silent.clone(), None, None),
            None => (Word::Silent(None), None, None),
        }
    }

    /// The CRL of one of this CA's keys; otherwise why it says nothing.
    fn crl_of(
        &self,
        issuer: &Certificate,
        former_key: Option<&PublicKey>,
        path: &Path,
    ) -> Result<RevocationList, Word> {
        let content = match self.records().crl(former_key) {
            Ok(Some(content)) => content,
            Ok(None) => return Err(Word::Silent(None)),
            Err(error) => return Err(Word::Silent(Some(error.to_string()))),
        };
        let crl = self.crls_in(&content).map(|crls| crls.into_iter().next());
        let crl = crl.map(|crl| {
            let crl = crl?;
            Some((crl.verify_signature(issuer.public_key()), crl))
        });
        match crl {
            Ok(Some((SignatureCheck::Good, crl))) => Ok(crl),
            Ok(Some((SignatureCheck::Unsupported, crl))) => {
                Err(Word::Unchecked(UncheckedCrl::of(path, &crl).to_string()))
            }
            Ok(_) => Err(Word::Silent(Some(format!(
                "the CRL `{}` is not signed by the issuer of this certificate",
                path.display()
            )))),
            Err(error) => Err(Word::Silent(Some(format!(
                "the CRL `{}` cannot be read: {error}",
                path.display()
            )))),
        }
    }
}

/// The entries about certificates of the CRL's own issuer.
fn take_entries(crl: &RevocationList, told: &Told, listed: &mut HashMap<SerialNumber, Revocation>) {
    let entries = crl.entries().zip(crl.entry_issuers());
    let own = entries.filter(|(entry, issuer)| issuer.is_none() && is_in_force(entry, crl, told));
    for (entry, _) in own {
        let revocation = Revocation::from(&entry);
        match listed.get(&entry.serial) {
            Some(known) if known.weight() >= revocation.weight() => {}
            _ => drop(listed.insert(entry.serial, revocation)),
        }
    }
}

/// What each of several lines of one serial number says.
fn several_lines(lines: &[(u64, Record)]) -> String {
    let words: Vec<String> = lines
        .iter()
        .map(|(line, record)| format!("line {line} {}", status_in_words(record)))
        .collect();
    let serial = lines
        .first()
        .map(|(_, record)| record.serial.to_string())
        .unwrap_or_default();
    format!(
        "ca.db has {} lines for serial {serial}: {}",
        lines.len(),
        words.join(", ")
    )
}

/// The status of a record in words, as `revoked 2026-01-01T12:00:00Z (superseded)`.
pub fn status_in_words(record: &Record) -> String {
    match (record.status, &record.revocation) {
        (RecordStatus::Valid, _) => "valid".into(),
        (RecordStatus::Expired, _) => "expired".into(),
        (RecordStatus::Revoked, None) => "revoked".into(),
        (RecordStatus::Revoked, Some(revocation)) => {
            let date = if revocation.has_date() {
                format!(" {}", rfc3339(revocation.at))
            } else {
                String::new()
            };
            format!(
                "revoked{date} ({})",
                visible(revocation.reason.as_deref().unwrap_or("unspecified"))
            )
        }
    }
}

/// What a CRL says, and that what it says is out of date.
fn entry_in(crl: &RevocationList, certificate: &Certificate, told: &Told) -> (Word, Option<String>) {
    match crl.entry_for(certificate.serial(), certificate.issuer()) {
        Some(entry) if is_in_force(&entry, crl, told) => {
            let word = Word::Revoked {
                since: entry.date_problem.is_none().then_some(entry.revoked_at),
                reason: entry.reason,
                weight: Revocation::from(&entry).weight(),
            };
            (word, None)
        }
        Some(entry) if entry.reason == Some(RevocationReason::CertificateHold) => {
            let which = crl.number().map_or_else(
                || format!("the CRL of {}", rfc3339(crl.this_update())),
                |number| format!("the CRL with number {number}"),
            );
            let odd = format!(
                "{which} lists it as on hold, and the hold was released after that: clients that \
                 have this CRL reject it until they get a new one"
            );
            (Word::Silent(None), Some(odd))
        }
        // It may have left the CRL (RFC 5280 §3.3).
        None if certificate.not_after() < crl.this_update() => (Word::Silent(None), None),
        _ => (Word::Good, None),
    }
}

fn revoked_word(revocation: &Revocation) -> Word {
    let since = Some(revocation.at).filter(|_| revocation.has_date());
    Word::Revoked {
        since,
        reason: revocation.known_reason(),
        weight: revocation.weight(),
    }
}

/// The first word is that of the records, without which nothing is good. Of several revocations the one with the strongest reason counts.
fn combine([records, crl, log]: [(PathBuf, Word); 3]) -> Standing {
    let (mut asked, mut problems) = (Vec::new(), Vec::new());
    for (path, word) in [&records, &crl, &log] {
        match word {
            Word::Silent(why) => problems.extend(why.clone()),
            Word::Unchecked(why) => problems.push(why.clone()),
            Word::Good | Word::Revoked { .. } => asked.push(path.clone()),
        }
    }
    let revoked = [&records, &crl, &log].map(|(path, word)| word.weight().map(|_| path.clone()));
    let revoked: Vec<PathBuf> = revoked.into_iter().flatten().collect();
    let name = |path: &PathBuf| {
        path.file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    match (&records.1, &crl.1) {
        (Word::Revoked { .. }, Word::Good) => problems.push(format!("{} does not list it", name(&crl.0))),
        (Word::Good, Word::Revoked { .. }) => problems.push(format!("{} has it as valid", name(&records.0))),
        _ if records.1.weight().is_none() && log.1.weight().is_some() => {
            let has = if matches!(records.1, Word::Good) {
                "has it as valid"
            } else {
                "has no record of it as revoked"
            };
            problems.push(format!(
                "{} {has}, and {} has it as revoked",
                name(&records.0),
                name(&log.0)
            ));
        }
        _ => {}
    }
    let others = [&crl, &log].into_iter().filter(|other| {
        records
            .1
            .weight()
            .is_some_and(|weight| other.1.weight() > Some(weight))
    });
    problems.extend(others.map(|other| {
        format!(
            "{} has a weaker reason for its revocation than {}",
            name(&records.0),
            name(&other.0)
        )
    }));
    let unchecked = match &crl.1 {
        Word::Unchecked(why) => Some(why.clone()),
        _ => None,
    };
    let is_crl_unchecked = unchecked.is_some();
    let is_good = matches!(records.1, Word::Good) && !is_crl_unchecked;
    let silent = if let Word::Silent(why) = &records.1 {
        why.clone()
    } else {
        None
    };
    // Of two of the same weight, the first.
    let strongest = [records.1, crl.1, log.1]
        .into_iter()
        .rev()
        .max_by_key(Word::weight);
    let status = match strongest {
        Some(Word::Revoked { since, reason, .. }) => RevocationStatus::Revoked { since, reason },
        _ if is_good => RevocationStatus::Good,
        _ => RevocationStatus::Undetermined {
            why: silent.or(unchecked).unwrap_or_else(|| "ca.db is missing".into()),
        },
    };
    if matches!(status, RevocationStatus::Revoked { .. }) {
        asked.retain(|path| revoked.contains(path));
    }
    Standing {
        status,
        asked,
        problems,
        crl_due: None,
        is_crl_unchecked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::Site;
    use crate::tests::{Identity, in_days, of_unknown_algorithm};

    fn revoked(weight: u8) -> Word {
        let reason = match weight {
            4 => RevocationReason::KeyCompromise,
            2 => RevocationReason::Superseded,
            _ => RevocationReason::CertificateHold,
        };
        Word::Revoked {
            since: Some(in_days(-9)),
            reason: Some(reason),
            weight,
        }
    }

    fn standing(records: Word, crl: Word, log: Word) -> Standing {
        combine([
            ("ca.db".into(), records),
            ("ca_crl.pem".into(), crl),
            ("audit.log".into(), log),
        ])
    }

    fn silent(why: Option<&str>) -> Word {
        Word::Silent(why.map(str::to_owned))
    }

    /// The reason for which it is revoked, or the name of another status.
    fn status(standing: &Standing) -> &'static str {
        match &standing.status {
            RevocationStatus::Revoked {
                reason: Some(reason), ..
            } => reason.name(),
            other => other.name(),
        }
    }

    #[test]
    fn records_crl_and_log_say_together() {
        type Row = (
            &'static str,
            Word,
            Word,
            Word,
            &'static str,
            &'static [&'static str],
        );
        let rows: [Row; 11] = [
            ("all is good", Word::Good, Word::Good, silent(None), "good", &[]),
            (
                "there is no CRL",
                Word::Good,
                silent(None),
                silent(None),
                "good",
                &[],
            ),
            (
                "only the CRL answers",
                silent(Some("it is gone")),
                Word::Good,
                silent(None),
                "undetermined",
                &["it is gone"],
            ),
            (
                "nothing answers",
                silent(None),
                silent(None),
                silent(None),
                "undetermined",
                &[],
            ),
            (
                "the records revoke",
                revoked(2),
                revoked(2),
                silent(None),
                "superseded",
                &[],
            ),
            (
                "the records revoke, and the CRL is older",
                revoked(2),
                Word::Good,
                silent(None),
                "superseded",
                &["ca_crl.pem does not list it"],
            ),
            (
                "the CRL revokes, and the records were restored",
                Word::Good,
                revoked(2),
                silent(None),
                "superseded",
                &["ca.db has it as valid"],
            ),
            (
                "the log revokes alone",
                Word::Good,
                Word::Good,
                revoked(2),
                "superseded",
                &["ca.db has it as valid, and audit.log has it as revoked"],
            ),
            (
                "the log revokes, and there is no record",
                silent(Some("no record")),
                silent(None),
                revoked(2),
                "superseded",
                &[
                    "no record",
                    "ca.db has no record of it as revoked, and audit.log has it as revoked",
                ],
            ),
            (
                "the CRL has a stronger reason",
                revoked(2),
                revoked(4),
                silent(None),
                "keyCompromise",
                &["ca.db has a weaker reason for its revocation than ca_crl.pem"],
            ),
            (
                "the CRL has a hold alone",
                revoked(2),
                revoked(0),
                silent(None),
                "superseded",
                &[],
            ),
        ];
        for (situation, records, crl, log, expected, problems) in rows {
            let standing = standing(records, crl, log);
            assert_eq!(status(&standing), expected, "{situation}");
            assert_eq!(standing.problems, problems, "{situation}");
        }
    }

    #[test]
    fn only_what_answered_was_asked() {
        let asked = standing(Word::Good, silent(None), silent(Some("x"))).asked;
        assert_eq!(asked, [PathBuf::from("ca.db")]);
    }

    #[test]
    fn entry_of_a_crl_revokes_unless_it_was_removed() {
        let ca = Identity::root("Example CA");
        let certificate = ca
            .host("a.example.com", |params| {
                params.serial_number = Some(rcgen::SerialNumber::from_slice(&[0x2a]));
            })
            .certificate;
        use rcgen::RevocationReason as Reason;
        for (entry, weight) in [
            (vec![(0x2a, Some(Reason::KeyCompromise))], Some(4)),
            (vec![(0x2a, None)], Some(1)),
            (vec![(0x2a, Some(Reason::RemoveFromCrl))], None),
            (vec![(0x2b, Some(Reason::KeyCompromise))], None),
        ] {
            assert_eq!(
                entry_in(&ca.crl(&entry), &certificate, &Told::default())
                    .0
                    .weight(),
                weight,
                "{entry:?}"
            );
        }
        let other = Identity::root("Other CA").crl(&[(0x2a, None)]);
        assert_eq!(
            entry_in(&other, &certificate, &Told::default()).0.weight(),
            None,
            "another CA's number"
        );
    }

    #[test]
    fn what_the_ca_says_of_a_certificate() {
        let site = Site::new();
        let (valid, revoked) = (site.issue("a.example.com"), site.issue("b.example.com"));
        let before = std::fs::read(site.authority.directory().index()).expect("ca.db");
        site.revoke(&revoked, RevocationReason::KeyCompromise);
        let says = |site: &Site, certificate: &Certificate| {
            let standing = site.authority.standing(certificate);
            (status(&standing), standing.problems.len())
        };
        assert_eq!(says(&site, &valid), ("good", 0));
        assert_eq!(says(&site, &revoked), ("keyCompromise", 0));
        assert_eq!(
            says(&site, site.authority.certificate()).0,
            "not_checked",
            "no record of the CA itself is needed"
        );
        let stranger = Identity::root("Example CA")
            .host("a.example.com", |_| {})
            .certificate;
        assert_eq!(says(&site, &stranger).0, "not_checked", "another key signed it");
        std::fs::write(site.authority.directory().index(), before).expect("ca.db");
        let site = site.reopened();
        assert_eq!(says(&site, &revoked), ("keyCompromise", 1), "the log knows it");
        std::fs::write(site.authority.directory().index(), "").expect("ca.db");
        let site = site.reopened();
        assert_eq!(says(&site, &valid), ("undetermined", 1), "there is no record");
        assert_eq!(says(&site, &revoked).0, "keyCompromise");
    }

    #[test]
    fn what_cannot_be_checked_is_neither_wrong_nor_good() {
        let site = Site::new();
        let (valid, revoked) = (site.issue("a.example.com"), site.issue("b.example.com"));
        site.revoke(&revoked, RevocationReason::KeyCompromise);
        let unchecked = |certificate: &Certificate| {
            Certificate::from_der(&of_unknown_algorithm(certificate.der())).expect("a certificate")
        };
        let says = |site: &Site, certificate: &Certificate| {
            let standing = site.authority.standing(certificate);
            let why = match &standing.status {
                RevocationStatus::Undetermined { why } => why.clone(),
                _ => String::new(),
            };
            (status(&standing), why, standing.problems)
        };
        let path = site.authority.file_of(valid.serial()).expect("its file");
        let whole = std::fs::read(&path).expect("the certificate");
        std::fs::remove_file(&path).expect("the file");
        std::fs::write(&path, unchecked(&valid).to_pem()).expect("the file");
        let (name, why, _) = says(&site, &unchecked(&valid));
        std::fs::write(&path, whole).expect("the file");
        assert_eq!(name, "undetermined");
        assert_eq!(
            why,
            "the signature (1.2.840.10045.4.3.9) of the certificate could not be checked: gsec does not support it"
        );
        assert_eq!(says(&site, &unchecked(&revoked)).0, "keyCompromise");

        let crl = RevocationList::from_der(&of_unknown_algorithm(site.update_crl().der())).expect("a CRL");
        std::fs::write(site.authority.directory().crl(), crl.to_pem()).expect("the CRL");
        let site = site.reopened();
        let (name, why, problems) = says(&site, &valid);
        assert_eq!(name, "undetermined");
        assert!(
            why.contains("the signature (1.2.840.10045.4.3.9) of the CRL"),
            "{why}"
        );
        assert!(
            why.ends_with("could not be checked: gsec does not support it"),
            "{why}"
        );
        assert_eq!(problems, [why]);
        assert_eq!(says(&site, &revoked).0, "keyCompromise", "ca.db says it");

        // One that is wrong is told, and ca.db answers alone.
        let wrong = Identity::root("Example CA").crl(&[]);
        std::fs::write(site.authority.directory().crl(), wrong.to_pem()).expect("the CRL");
        let (name, _, problems) = says(&site.reopened(), &valid);
        assert_eq!(name, "good");
        assert!(
            problems[0].ends_with("is not signed by the issuer of this certificate"),
            "{problems:?}"
        );
    }
}
