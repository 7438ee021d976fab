//! The audit log, looked at: is it whole, and does it record everything that the index has?

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::ops::ControlFlow;

use time::OffsetDateTime;

use crate::authority::{Authority, AuthorityError};
use crate::records::{
    AuditEntry, AuditFields, AuditLine, BrokenLink, ChainCheck, Entry, HEAD_LOST, HeadFile, LOG_CUT, Record,
    RecordStatus, Records, Revocation, SIGNED_ACTIONS, Told, ToldRevocation, announces, joined, takes_over,
};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::encoding::sample::Sample;
use gsec_pki::encoding::visible::visible;
use gsec_pki::key::{PublicKey, SignatureAlgorithm, SignatureCheck, verify_signature};
use gsec_pki::x509::{Certificate, SerialNumber, parse_time, rfc3339};

/// What was found in the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogCheck {
    /// Whether there is a log.
    pub is_there: bool,
    /// Whole lines.
    pub lines: u64,
    /// Lines that are signed by the CA key.
    pub signed: u64,
    /// The last line that is signed: everything up to it is as it was when it was signed.
    pub last_signed: Option<u64>,
    /// Lines after the last one that is signed: nothing but the chain binds them.
    pub unsigned_at_end: u64,
    /// The hash of the last line; `None` for an empty log.
    pub head: Option<String>,
    /// What `audit.head` shows.
    pub signed_head: HeadCheck,
    /// Whether there is an `audit.head`, whatever it shows.
    pub has_head_file: bool,
    /// What is wrong, in the order of the lines as far as it is about one.
    pub problems: Vec<LogProblem>,
    /// What shows that lines are missing, or are not as they were written; nothing else that is wrong with it does.
    pub loss: Option<String>,
    /// Lines after which `audit.head` was found missing or empty, and made anew.
    pub heads_lost: u64,
    /// Whether the last line is unterminated, as after a crash.
    pub torn: bool,
    /// Whether the head that was expected is there; `None` when none was.
    pub expected_head_found: Option<bool>,
    /// Whether the log was started later than the CA, so that it does not record what was before.
    pub begun_later: bool,
    /// Records that the log does not announce: of `openssl ca`, or from before the log.
    pub unannounced: Sample<String>,
    /// Of these, those in the index after one that the log announces; all where the log starts with the CA.
    pub unannounced_since: Sample<String>,
    /// Records that were revoked since the log started, without a line about it: `openssl ca -revoke` writes
    /// none.
    pub unannounced_revocations: Sample<String>,
    /// Announced certificates that have no record: a crash between the two, or the record was lost.
    pub unrecorded: Sample<String>,
    /// Revocations that the log records, and that the records do not have, or with a weaker reason; not of
    /// certificates that have expired and whose record was taken out.
    pub lost: Sample<LostRevocation>,
    /// Certificates that the log announces, that have no record and have not expired, and that nothing shows
    /// as revoked.
    pub without_record: Sample<ToldRecord>,
    /// The largest serial number that the log announces and that a sequential CA counts on from.
    pub largest_announced: Option<SerialNumber>,
    /// The largest number of a CRL.
    pub crl_number: Option<SerialNumber>,
    now: Option<OffsetDateTime>,
}

/// A revocation in the log that the records do not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostRevocation {
    /// The certificate.
    pub serial: SerialNumber,
    /// What the log says.
    pub told: Revocation,
    /// What the records have of it.
    pub found: FoundInstead,
    /// What else the log says of it; where there is a record, only the serial number.
    pub record: ToldRecord,
}

/// What the records have where the log has a revocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundInstead {
    /// No record.
    Nothing,
    /// It is not revoked.
    NotRevoked,
    /// It is revoked for a weaker reason, or on hold.
    Weaker(Revocation),
}

/// What the log says of a certificate that it announces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldRecord {
    /// The serial number.
    pub serial: SerialNumber,
    /// When it was announced.
    pub announced: Option<OffsetDateTime>,
    /// The end of its validity.
    pub not_after: Option<OffsetDateTime>,
    /// Its subject, unless the log filter hides it.
    pub subject: Option<String>,
}

impl std::fmt::Display for LostRevocation {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let reason = |revocation: &Revocation| {
            visible(
                &revocation
                    .spelled_reason()
                    .unwrap_or_else(|| "unspecified".into()),
            )
        };
        write!(
            out,
            "serial {} was revoked ({}), but ca.db ",
            self.serial,
            reason(&self.told)
        )?;
        match &self.found {
            FoundInstead::Nothing => out.write_str("has no record of it"),
            FoundInstead::NotRevoked => out.write_str("does not say so"),
            FoundInstead::Weaker(weaker) => write!(out, "gives a weaker reason ({})", reason(weaker)),
        }
    }
}

/// What `audit.head`, the CA key's word on how far the log had come, shows of the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum HeadCheck {
    /// None was kept: gsec 0.1.0 kept none, and nothing was signed since.
    #[default]
    NotKept,
    /// The log has what it names: this line and all before it.
    Found(u64),
    /// It is missing or damaged, though the log says that one was kept.
    Lost,
    /// The log does not have what it names.
    Contradicts,
}

impl HeadCheck {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotKept => "not_kept",
            Self::Found(_) => "found",
            Self::Lost => "lost",
            Self::Contradicts => "contradicts",
        }
    }
}

/// Something that is wrong with the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogProblem {
    /// The line; `None` where it is about the whole log.
    pub line: Option<u64>,
    /// What is wrong.
    pub problem: String,
}

impl std::fmt::Display for LogProblem {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(out, "line {line}: {}", self.problem),
            None => out.write_str(&self.problem),
        }
    }
}

impl LogCheck {
    /// Whether nothing is wrong with the log as far as it was looked at, and the records have every
    /// revocation in it. What that shows, [`LogCheck::proved`] says.
    pub fn is_sound(&self) -> bool {
        self.is_whole() && self.lost.is_empty()
    }

    /// Whether nothing is wrong with the log itself.
    pub fn is_whole(&self) -> bool {
        self.problems.is_empty() && self.expected_head_found != Some(false)
    }

    /// What is shown by signatures and by a head that was kept elsewhere.
    pub fn proved(&self) -> Vec<String> {
        let mut proved = Vec::new();
        if !self.is_whole() {
            return proved;
        }
        if let Some(line) = self.last_signed {
            proved.push(format!(
                "{} unchanged since the CA key signed line {line}",
                lines_are(1, line)
            ));
        }
        if let HeadCheck::Found(line) = self.signed_head {
            proved.push(format!(
                "no line up to line {line} was cut off since the CA key signed `audit.head`"
            ));
        }
        if self.expected_head_found == Some(true) {
            proved.push("the lines up to the expected head are unchanged since it was noted".into());
        }
        proved
    }

    /// What is not shown.
    pub fn not_proved(&self) -> Vec<String> {
        let mut open = Vec::new();
        match self.last_signed {
            None if self.lines > 0 => open.push(
                "no line is signed by the CA key: anyone who can write the file can rewrite all of them"
                    .into(),
            ),
            Some(line) if self.unsigned_at_end > 0 => {
                open.push(format!(
                    "{} after the last signature: linked only by the chain of hashes",
                    lines_are(line + 1, self.lines)
                ));
            }
            _ => {}
        }
        open.push(match self.signed_head {
            HeadCheck::Found(line) if line < self.lines => {
                format!("whether lines after line {line} were cut off")
            }
            HeadCheck::Found(_) => "whether both `audit.head` and the log were reset to an earlier state; \
                 `--expect-head` with a head noted elsewhere shows it"
                .into(),
            HeadCheck::Contradicts => {
                "which lines were cut off or changed: the log does not contain what `audit.head` references"
                    .into()
            }
            HeadCheck::NotKept | HeadCheck::Lost if self.has_head_file => {
                "whether lines were cut off at the end: `audit.head` exists but proves nothing; the next \
                 change that the CA key signs writes a new one"
                    .into()
            }
            HeadCheck::NotKept | HeadCheck::Lost => "whether lines were cut off at the end: there is no \
                 `audit.head` to prove it; the next change that the CA key \
                 signs writes one"
                .into(),
        });
        if self.unannounced_since.count + self.unannounced_revocations.count > 0
            && matches!(self.signed_head, HeadCheck::Found(_))
        {
            open.push(
                "who made the records, or the revocations, that no line lists: `openssl ca` writes no line, \
                 and a log that was reset lists nothing that came later"
                    .into(),
            );
        }
        if self.begun_later {
            open.push("what was done before the log was started".into());
        }
        if self.heads_lost > 0 {
            open.push("whether lines were cut off before a line `log.head_lost`: `audit.head` was missing or empty then".into());
        }
        open
    }

    fn has_ended(&self, told: &ToldRecord) -> bool {
        told.not_after.zip(self.now).is_some_and(|(end, now)| end < now)
    }

    /// Complains of something that shows that lines are missing or changed.
    fn complain_of_loss(&mut self, line: Option<u64>, problem: impl Into<String>) {
        let found = LogProblem {
            line,
            problem: problem.into(),
        };
        self.loss.get_or_insert_with(|| found.to_string());
        self.problems.push(found);
    }

    fn complain(&mut self, line: Option<u64>, problem: impl Into<String>) {
        self.problems.push(LogProblem {
            line,
            problem: problem.into(),
        });
    }
}

fn lines_are(first: u64, last: u64) -> String {
    if first == last {
        format!("line {first} is")
    } else {
        format!("lines {first} to {last} are")
    }
}

/// How far every signature is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signatures {
    /// The last one, which represents all lines before it: they are bound to it by the chain.
    Last,
    /// Each.
    All,
}

/// What is checked in the log, besides its chain.
pub struct LogQuestion<'a> {
    /// A head that it must have.
    pub expected_head: Option<&'a str>,
    /// How far signatures are checked.
    pub signatures: Signatures,
    /// The CA's certificates, present and past: whose keys may have signed.
    pub signers: &'a [&'a Certificate],
    /// Whether it is compared with the index.
    pub has_index: bool,
    /// Now: of certificates that have expired, the records need not know any more.
    pub now: OffsetDateTime,
}

impl Authority {
    /// Checks the chain of the log, its signatures, and that log and index list the same certificates.
    ///
    /// # Errors
    /// [`AuthorityError::Store`] when log or index cannot be read.
    pub fn check_log(
        &self,
        expected_head: Option<&str>,
        signatures: Signatures,
        now: OffsetDateTime,
    ) -> Result<LogCheck, AuthorityError> {
        let signers: Vec<&Certificate> = self.trusted().collect();
        check_log(
            self.records(),
            &LogQuestion {
                expected_head,
                signatures,
                signers: &signers,
                has_index: true,
                now,
            },
        )
    }
}

/// Checks the log of a directory whatever else is wrong there: its chain, its signatures, `audit.head`, and
/// that log and index list the same certificates.
///
/// Takes some 20 bytes of memory for each certificate.
///
/// # Errors
/// [`AuthorityError::Store`] when log or index cannot be read.
pub fn check_log(records: &dyn Records, question: &LogQuestion<'_>) -> Result<LogCheck, AuthorityError> {
    examine(records, question, &mut |_| {})
}

/// The records that were made or revoked since the log started, and that the log does not mention.
///
/// # Errors
/// [`AuthorityError::Store`] when log or index cannot be read.
pub fn foreign_records(records: &dyn Records) -> Result<Vec<Record>, AuthorityError> {
    let question = LogQuestion {
        expected_head: None,
        signatures: Signatures::Last,
        signers: &[],
        has_index: true,
        now: OffsetDateTime::UNIX_EPOCH,
    };
    let mut found = Vec::new();
    examine(records, &question, &mut |record| found.push(record.clone()))?;
    Ok(found)
}

/// What the log says of a record that is made anew, or that it did not mention: its status, and not who made
/// it, which is unknown.
pub(in crate::authority) fn audit_of_found(record: &Record, entry: AuditEntry) -> AuditEntry {
    let status = match record.status {
        RecordStatus::Valid => "V",
        RecordStatus::Revoked => "R",
        RecordStatus::Expired => "E",
    };
    let entry = entry.about(&record.serial).with("status", status);
    match &record.revocation {
        None => entry,
        Some(revocation) => {
            let entry = entry.with("revoked_at", rfc3339(revocation.at));
            revocation
                .reason
                .iter()
                .fold(entry, |entry, reason| entry.with("reason", reason.as_str()))
        }
    }
}

/// What is learned while the lines are read.
#[derive(Default)]
struct Reading {
    hasher: RandomState,
    /// What the lines say of each serial number, by its digest.
    told: HashMap<u64, u8>,
    revoked: Told,
    last_signed: Option<AuditLine>,
    says_head_is_kept: bool,
    has_kept_heads: bool,
    head_is_there: bool,
    /// Lines after the last signed one that had to be signed.
    unsigned: Vec<Unsigned>,
    /// Such lines before a signature of a later commit, which were not signed when they were written.
    passed: Vec<Unsigned>,
    /// The last signed line before `audit.head` was kept: what is signed later does not replace its
    /// signature.
    last_before_heads: Option<AuditLine>,
    begun: Option<OffsetDateTime>,
}

/// A line of a change that needs the CA key, without a signature.
struct Unsigned {
    line: u64,
    time: String,
    /// What it announces.
    serial: Option<String>,
}

fn examine(
    records: &dyn Records,
    question: &LogQuestion<'_>,
    on_foreign: &mut dyn FnMut(&Record),
) -> Result<LogCheck, AuthorityError> {
    let (mut check, mut chain, mut reading) = (
        LogCheck {
            now: Some(question.now),
            ..LogCheck::default()
        },
        ChainCheck::default(),
        Reading::default(),
    );
    // Before the log: a change that is made meanwhile leaves an older head, which the log has as well.
    let kept = records.signed_head()?;
    check.is_there = records.has_audit_log();
    let mut bad_signature = None;
    records.audit(&mut |decoded| {
        if !decoded.line.is_whole {
            check.torn = true;
            return;
        }
        check.lines += 1;
        chain.follow(&decoded);
        if question
            .expected_head
            .is_some_and(|head| head.eq_ignore_ascii_case(chain.head()))
        {
            check.expected_head_found = Some(chain.broken.is_none());
        }
        if let HeadFile::Read(kept) = &kept {
            reading.head_is_there |=
                kept.seq == check.lines && kept.head == chain.head() && chain.broken.is_none();
        }
        let Some(fields) = &decoded.fields else { return };
        reading.take(fields, &mut check);
        if fields.key.is_some() {
            if question.signatures == Signatures::All {
                bad_signature = bad_signature
                    .take()
                    .or_else(|| problem_of_signature(question.signers, &decoded.line));
            }
            if reading.says_head_is_kept && !reading.has_kept_heads {
                reading.has_kept_heads = true;
                reading.last_before_heads = reading.last_signed.take();
            }
            reading.last_signed = Some(decoded.line);
        }
    })?;
    if let (Some(line), Signatures::Last) = (&reading.last_signed, question.signatures) {
        let before = reading
            .last_before_heads
            .as_ref()
            .and_then(|line| problem_of_signature(question.signers, line));
        bad_signature = before.or_else(|| problem_of_signature(question.signers, line));
    }
    if question.expected_head.is_some() && check.expected_head_found.is_none() {
        check.expected_head_found = Some(false);
    }
    check.head = (check.lines > 0).then(|| chain.head().to_owned());
    for link in chain.broken.into_iter().chain(bad_signature) {
        check.complain_of_loss(Some(link.line), link.problem);
    }
    check.problems.sort_by_key(|problem| problem.line);
    if question.has_index {
        compare_with_records(records, &mut reading, &mut check, on_foreign)?;
    }
    check_beginning(records, &mut check)?;
    check_unsigned(&reading, &mut check);
    check_signed_head(question.signers, &kept, &reading, &mut check);
    Ok(check)
}

impl Reading {
    fn take(&mut self, fields: &AuditFields, check: &mut LogCheck) {
        let action = fields.action.as_str();
        if check.lines == 1 {
            check.begun_later = BEGUN_LATER.contains(&action);
            self.begun = parse_time(&fields.time);
        }
        match action {
            LOG_CUT => check.complain_of_loss(
                Some(check.lines),
                "gsec found there that lines before it had been cut off, or another log had been put in its \
                 place",
            ),
            HEAD_LOST => {
                check.heads_lost += 1;
                check.complain(Some(check.lines), "gsec found there that `audit.head` was missing or damaged: lines before it may have been cut off");
            }
            _ => {}
        }
        if let Some(serial) = &fields.serial {
            let told = self.told.entry(self.hasher.hash_one(serial)).or_default();
            *told |= if announces(action) { ANNOUNCED } else { 0 };
            if announces(action)
                && let Some(number) =
                    SerialNumber::parse_hex(serial).filter(|number| number.content().len() < RANDOM_BYTES)
            {
                check.largest_announced = check.largest_announced.take().max(Some(number));
            }
            match action {
                "cert.revoke" => *told |= REVOKED,
                // Lines of gsec 0.1.0 do not give the status of such a record.
                "cert.record" if fields.status.as_deref() != Some("V") => *told |= REVOKED,
                _ if takes_over(action) && fields.status.as_deref() == Some("R") => *told |= REVOKED,
                _ => {}
            }
        }
        let takes_back = self.revoked.take(fields);
        if let Some(serial) = fields.serial.as_ref().filter(|_| action == "cert.unhold") {
            if takes_back {
                let problem = format!(
                    "it takes back the revocation of serial {serial}, which was not a hold: gsec never does \
                     that"
                );
                check.complain(Some(check.lines), problem);
            } else {
                self.told
                    .entry(self.hasher.hash_one(serial))
                    .and_modify(|told| *told &= !REVOKED);
            }
        }
        if fields.key.is_some() {
            check.signed += 1;
            check.unsigned_at_end = 0;
            check.last_signed = Some(check.lines);
            self.says_head_is_kept = fields.signed_head == Some(true);
            self.settle(fields);
            return;
        }
        check.unsigned_at_end += 1;
        if SIGNED_ACTIONS.contains(&action) && self.unsigned.len() <= MAX_UNSIGNED {
            self.unsigned.push(Unsigned {
                line: check.lines,
                time: fields.time.clone(),
                serial: fields.serial.clone(),
            });
        }
    }

    /// A signature covers its own commit, whose lines all have one time. Lines of an earlier one stay without: a crash may have left them, and
    /// then the next call may announce the same serial number again.
    fn settle(&mut self, signed: &AuditFields) {
        let (covered, passed): (Vec<_>, Vec<_>) = std::mem::take(&mut self.unsigned)
            .into_iter()
            .partition(|line| line.time == signed.time);
        self.passed.extend(passed);
        let announced = |serial: &String| {
            covered.iter().any(|line| line.serial.as_ref() == Some(serial))
                || signed.serial.as_ref() == Some(serial)
        };
        self.passed
            .retain(|line| !line.serial.as_ref().is_some_and(announced));
        self.passed.truncate(MAX_PASSED);
    }

    fn told(&self, serial: &str) -> u8 {
        self.told
            .get(&self.hasher.hash_one(serial))
            .copied()
            .unwrap_or_default()
    }
}

/// A log that starts with nothing, or is not there, in a directory in which there must be one.
fn check_beginning(records: &dyn Records, check: &mut LogCheck) -> Result<(), AuthorityError> {
    if check.lines == 0 && records.must_have_audit_log()? {
        let problem = match (check.is_there, check.torn) {
            (false, _) => "it is missing",
            (true, true) => {
                "it has no complete line, only one without a line feed; a log is started when the CA is made \
                 or adopted"
            }
            (true, false) => "it is empty, and a log is started when the CA is made or adopted",
        };
        check.complain_of_loss(None, problem);
    }
    Ok(())
}

/// Lines of changes that need the CA key, which no signature of their commit covers: gsec has not written them so. One that announces a
/// certificate without a record may be what a crash left in the middle of a commit.
fn check_unsigned(reading: &Reading, check: &mut LogCheck) {
    let is_made = |line: &&Unsigned| {
        line.serial
            .as_deref()
            .is_none_or(|serial| reading.told(serial) & RECORDED != 0)
    };
    let is_too_long = reading.unsigned.len() > MAX_UNSIGNED;
    let at_end = || reading.unsigned.iter().find(|line| is_made(line) || is_too_long);
    if let Some(unsigned) = reading.passed.iter().find(is_made).or_else(at_end) {
        check.complain(
            Some(unsigned.line),
            "it records a change that the CA key signs, but it is not signed",
        );
    }
}

fn check_signed_head(signers: &[&Certificate], kept: &HeadFile, reading: &Reading, check: &mut LogCheck) {
    check.has_head_file = !matches!(kept, HeadFile::Missing);
    check.signed_head = match kept {
        HeadFile::Missing if !reading.says_head_is_kept => HeadCheck::NotKept,
        HeadFile::Missing => {
            check.complain(
                None,
                "`audit.head`, which the CA key signs with each change, is missing: lines \
                 may have been cut off",
            );
            HeadCheck::Lost
        }
        HeadFile::Damaged(problem) => {
            check.complain(
                None,
                format!(
                    "`audit.head` proves nothing: {problem}, or lines were cut off; the next change that \
                     the CA key signs writes a new one"
                ),
            );
            HeadCheck::Lost
        }
        HeadFile::Read(head) => match key_of_log(signers, &head.key) {
            // Without certificates, no signature can be attributed.
            _ if signers.is_empty() => HeadCheck::NotKept,
            Some(key) if is_signed_by(key, &head.message, &head.signature) => {
                if reading.head_is_there {
                    HeadCheck::Found(head.seq)
                } else {
                    let had = if head.seq == 1 {
                        "line 1".to_owned()
                    } else {
                        format!("lines 1 to {}", head.seq)
                    };
                    check.complain_of_loss(
                        None,
                        format!(
                            "it does not contain {had} that the CA key signed in \
                         `audit.head`: lines were cut off or changed"
                        ),
                    );
                    HeadCheck::Contradicts
                }
            }
            _ => {
                check.complain(None, "`audit.head` is not signed by the CA key");
                HeadCheck::Lost
            }
        },
    };
}

fn problem_of_signature(signers: &[&Certificate], line: &AuditLine) -> Option<BrokenLink> {
    // Without certificates, no signature can be attributed.
    if signers.is_empty() {
        return None;
    }
    let key = line.fields().and_then(|fields| fields.key).unwrap_or_default();
    let problem = match (key_of_log(signers, &key), line.signature()) {
        (Some(public), Some((message, signature))) if is_signed_by(public, &message, &signature) => {
            return None;
        }
        (Some(_), Some(_)) => "its signature is not the CA key's signature of its contents",
        (Some(_), None) => "it names a key but has no signature",
        (None, _) => "it is signed by a key that was never this CA's",
    };
    Some(BrokenLink {
        line: line.number,
        problem: problem.into(),
    })
}

/// The CA's key, present or past, that has this identifier.
pub(in crate::authority) fn key_of_log<'a>(
    signers: &[&'a Certificate],
    identifier: &str,
) -> Option<&'a PublicKey> {
    let has_it = |certificate: &&&Certificate| {
        encode(&certificate.public_key().key_identifier(), Separator::None) == identifier
    };
    signers
        .iter()
        .find(has_it)
        .map(|certificate| certificate.public_key())
}

/// Records without a line, and lines without a record.
fn compare_with_records(
    records: &dyn Records,
    reading: &mut Reading,
    check: &mut LogCheck,
    on_foreign: &mut dyn FnMut(&Record),
) -> Result<(), AuthorityError> {
    let mut has_begun = !check.begun_later;
    let mut suspects = HashSet::new();
    records.visit(&mut |_, entry| {
        if let Entry::Record(record) = entry {
            compare_with_record(&record, &mut has_begun, reading, check, on_foreign);
            if reading
                .revoked
                .of(&record.serial)
                .is_some_and(|told| instead(Some(&record), &told.revocation).is_some())
            {
                suspects.insert(record.serial);
            }
        }
        ControlFlow::Continue(())
    })?;
    check.crl_number.clone_from(&reading.revoked.crl_number);
    let is_lost = |told: &&ToldRevocation| reading.told(&told.serial.to_string()) & RECORDED == 0;
    suspects.extend(
        reading
            .revoked
            .iter()
            .filter(is_lost)
            .map(|told| told.serial.clone()),
    );
    let has_unrecorded = reading
        .told
        .values()
        .any(|told| told & (ANNOUNCED | RECORDED) == ANNOUNCED);
    if suspects.is_empty() && !has_unrecorded {
        return Ok(());
    }
    // Rare, so the log is read once more for what it says of them.
    let mut unrecorded: BTreeMap<SerialNumber, ToldRecord> = BTreeMap::new();
    records.audit(&mut |line| {
        let Some(fields) = line.fields.filter(|fields| announces(&fields.action)) else {
            return;
        };
        let serial = fields.serial.clone().unwrap_or_default();
        if reading.told(&serial) & (ANNOUNCED | RECORDED) == ANNOUNCED {
            check.unrecorded.add(serial.to_string());
            let told = SerialNumber::parse_any_hex(&serial).map(|serial| ToldRecord::of(serial, &fields));
            unrecorded.extend(told.map(|told| (told.serial.clone(), told)));
        }
    })?;
    find_lost(records, &reading.revoked, &suspects, unrecorded, check)
}

/// Looks again at what seemed to be lost: a call may have recorded it since, and another line of the same serial number may say it.
fn find_lost(
    records: &dyn Records,
    revoked: &Told,
    suspects: &HashSet<SerialNumber>,
    mut unrecorded: BTreeMap<SerialNumber, ToldRecord>,
    check: &mut LogCheck,
) -> Result<(), AuthorityError> {
    let roll = records.roll()?;
    let mut suspects: Vec<&SerialNumber> = suspects.iter().collect();
    suspects.sort();
    for serial in suspects {
        let known = unrecorded.remove(serial).unwrap_or_else(|| ToldRecord {
            serial: serial.clone(),
            announced: None,
            not_after: None,
            subject: None,
        });
        let Some(told) = revoked.of(serial) else { continue };
        let record = joined(&roll.records_of(serial)?).map(|joined| joined.record);
        let Some(found) = instead(record.as_ref(), &told.revocation) else {
            continue;
        };
        let has_ended = record.map_or_else(
            || check.has_ended(&known),
            |record| check.now.is_some_and(|now| record.expiry < now),
        );
        if has_ended {
            continue;
        }
        check.lost.add(LostRevocation {
            serial: serial.clone(),
            told: told.revocation.clone(),
            found,
            record: known,
        });
    }
    for (serial, told) in unrecorded {
        if check.has_ended(&told) || !roll.records_of(&serial)?.is_empty() {
            continue;
        }
        check.without_record.add(told);
    }
    Ok(())
}

/// What the records have instead of a revocation; `None` where they have it.
fn instead(record: Option<&Record>, told: &Revocation) -> Option<FoundInstead> {
    match record {
        None => Some(FoundInstead::Nothing),
        Some(record) if record.status != RecordStatus::Revoked => Some(FoundInstead::NotRevoked),
        Some(record) => {
            let found = record.revocation.clone().unwrap_or(Revocation {
                at: told.at,
                reason: None,
                extra: None,
            });
            (found.weight() < told.in_index().weight()).then_some(FoundInstead::Weaker(found))
        }
    }
}

impl ToldRecord {
    fn of(serial: SerialNumber, fields: &AuditFields) -> Self {
        let time = |text: &str| parse_time(text);
        Self {
            serial,
            announced: time(&fields.time),
            not_after: fields.not_after.as_deref().and_then(time),
            subject: fields.subject.clone(),
        }
    }
}

fn compare_with_record(
    record: &Record,
    has_begun: &mut bool,
    reading: &mut Reading,
    check: &mut LogCheck,
    on_foreign: &mut dyn FnMut(&Record),
) {
    let serial = record.serial.to_string();
    let told = reading.told.entry(reading.hasher.hash_one(&serial)).or_default();
    *told |= RECORDED;
    let is_announced = *told & ANNOUNCED != 0;
    *has_begun |= is_announced;
    let is_foreign = !is_announced && *has_begun;
    if !is_announced {
        check.unannounced.add(serial.to_string());
    }
    if is_foreign {
        check.unannounced_since.add(serial.to_string());
    }
    let revoked_since =
        |at: OffsetDateTime| !check.begun_later || reading.begun.is_some_and(|begun| at >= begun);
    let is_revoked = record.status == RecordStatus::Revoked
        && record
            .revocation
            .as_ref()
            .map_or(!check.begun_later, |revocation| revoked_since(revocation.at));
    let is_revoked_unseen = is_revoked && *told & REVOKED == 0 && (is_announced || is_foreign);
    if is_revoked_unseen {
        check.unannounced_revocations.add(serial.to_string());
    }
    if is_foreign || is_revoked_unseen {
        on_foreign(record);
    }
}

/// What the first line says in a log that was started after the CA: the CA had issued before, without
/// announcing it.
const BEGUN_LATER: [&str; 2] = ["log.begin", "ca.adopt"];
/// So many lines at most are one commit that a crash can leave unsigned.
const MAX_UNSIGNED: usize = 64;
/// Of lines that a later commit's signature passed over, so many are kept.
const MAX_PASSED: usize = 256;
/// Random serial numbers are this long: a sequential CA does not count on from them.
const RANDOM_BYTES: usize = 16;
const ANNOUNCED: u8 = 1;
const RECORDED: u8 = 2;
const REVOKED: u8 = 4;

pub(in crate::authority) fn is_signed_by(key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    let Some(algorithm) = SignatureAlgorithm::made_with(key) else {
        return false;
    };
    verify_signature(key, &algorithm.identifier_der(), message, signature) == SignatureCheck::Good
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Site, now};
    use gsec_pki::x509::RevocationReason;

    /// A CA that has issued two certificates and revoked one.
    fn site() -> Site {
        let site = Site::new();
        let revoked = site.issue("a.example.com");
        site.issue("b.example.com");
        site.revoke(&revoked, RevocationReason::KeyCompromise);
        site
    }

    fn check(site: &Site, expected_head: Option<&str>) -> LogCheck {
        site.authority
            .check_log(expected_head, Signatures::All, now())
            .expect("a log")
    }

    fn edit(site: &Site, edit: impl FnOnce(Vec<String>) -> Vec<String>) {
        let path = site.authority.directory().audit_log();
        let text = std::fs::read_to_string(&path).expect("the log");
        let lines = edit(text.lines().map(str::to_owned).collect());
        let text: String = lines.into_iter().map(|line| line + "\n").collect();
        std::fs::write(path, text).expect("the log");
    }

    #[test]
    fn log_as_it_was_written_is_whole_and_complete() {
        let site = site();
        let found = check(&site, None);
        assert!(found.is_sound() && found.loss.is_none(), "{found:?}");
        assert_eq!(found.signed_head, HeadCheck::Found(found.lines));
        assert!(found.unannounced.is_empty() && found.without_record.is_empty());
        let head = found.head.clone().expect("a head");
        assert_eq!(check(&site, Some(&head)).expected_head_found, Some(true));
        let other = check(&site, Some(&"0".repeat(head.len())));
        assert!(other.expected_head_found == Some(false) && !other.is_whole());
    }

    #[test]
    fn each_change_of_the_log_is_found() {
        type Change = (&'static str, fn(Vec<String>) -> Vec<String>);
        let changes: [Change; 4] = [
            ("a line is changed", |mut lines| {
                lines[1] = lines[1].replace("a.example.com", "x.example.com");
                lines
            }),
            ("a line is taken out", |mut lines| {
                lines.remove(1);
                lines
            }),
            ("the last line is cut off", |mut lines| {
                lines.pop();
                lines
            }),
            ("two lines change places", |mut lines| {
                lines.swap(1, 2);
                lines
            }),
        ];
        for (change, apply) in changes {
            let site = site();
            edit(&site, apply);
            let found = check(&site, None);
            assert!(!found.is_sound(), "{change}: {found:?}");
            assert!(
                found.proved().is_empty() || !found.problems.is_empty(),
                "{change}"
            );
        }
    }

    #[test]
    fn revocation_that_the_records_lost_is_named() {
        let site = site();
        let index = site.authority.directory().index();
        let text = std::fs::read_to_string(&index).expect("ca.db");
        let restored: String = text
            .lines()
            .map(|line| match line.strip_prefix("R\t") {
                Some(rest) => {
                    let columns: Vec<&str> = rest.split('\t').collect();
                    format!("V\t{}\t\t{}\n", columns[0], columns[2..].join("\t"))
                }
                None => format!("{line}\n"),
            })
            .collect();
        assert_ne!(restored, text);
        std::fs::write(index, restored).expect("an earlier ca.db");
        let found = check(&site, None);
        assert!(found.is_whole() && !found.is_sound(), "{found:?}");
        let lost = found.lost.named().first().expect("the revocation");
        assert_eq!(lost.found, FoundInstead::NotRevoked);
    }
}
