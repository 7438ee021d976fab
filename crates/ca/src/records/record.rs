//! One line of `ca.db`, OpenSSL's index of issued certificates (`apps/lib/apps.c`, TXT_DB).
//!
//! This is the only reader of such a line, and it reads bytes: people edit the file by hand, and old programs wrote subjects in any
//! encoding. A line that is not as OpenSSL writes it is still a record as long as its serial number can be read, and says what is
//! wrong with it ([`Record::flaw`]): a revocation must not get lost because its date is misspelled.

use std::borrow::Cow;

use der::oid::ObjectIdentifier;
use time::format_description::BorrowedFormatItem;
use time::macros::{datetime, format_description};
use time::{Date, Month, OffsetDateTime, UtcOffset};

use super::Principal;
use gsec_pki::encoding::hex;
use gsec_pki::x509::{
    Certificate, DistinguishedName, GeneralName, RevocationReason, RevokedEntry, SerialNumber, TypedSubject,
};

const FOUR_DIGIT_YEAR: &[BorrowedFormatItem<'_>] =
    format_description!("[year][month][day][hour][minute][second]Z");
const AFTER_YEAR: &[BorrowedFormatItem<'_>] = format_description!("[month][day][hour][minute][second]Z");
/// What OpenSSL writes in the file column of every line.
const UNKNOWN_FILE: &str = "unknown";
/// The length of a UTCTime as OpenSSL writes it, `YYMMDDHHMMSSZ`.
const UTC_TIME_BYTES: usize = 13;
/// UTCTime says years from 1950 to 2049 in two digits (RFC 5280 §4.1.2.5.1).
const TWO_DIGIT_YEARS: std::ops::Range<i32> = 1950..2050;

/// The first column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordStatus {
    /// `V`, not revoked; whether it has expired the second column says.
    Valid,
    /// `R`.
    Revoked,
    /// `E`, set by `openssl ca -updatedb`.
    Expired,
}

/// The third column: when, and perhaps why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// Time of revocation.
    pub at: OffsetDateTime,
    /// The reason by its name in OpenSSL, which is that of RFC 5280 §5.3.1 with few exceptions (`holdInstruction`, `keyTime`).
    pub reason: Option<String>,
    /// What follows the reason: a hold instruction, or the time of a compromise.
    pub extra: Option<String>,
}

/// One issued certificate as the index has it. The subject is for eyes: every decision reads the certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Status.
    pub status: RecordStatus,
    /// End of validity.
    pub expiry: OffsetDateTime,
    /// Revocation, for revoked ones.
    pub revocation: Option<Revocation>,
    /// Serial number.
    pub serial: SerialNumber,
    /// File name, `unknown` in practice.
    pub file: String,
    /// Subject in the one-line form of OpenSSL. A byte that is not UTF-8 is shown as that form shows bytes: `\xE9`.
    pub subject: String,
    /// The request it was made from; `None` where the form of the records does not keep it, as `ca.db` does
    /// not.
    pub request: Option<Box<RecordedRequest>>,
    /// What is wrong with the line, for people; `None` for a line that OpenSSL reads too. What could not be read is
    /// [`UNKNOWN_EXPIRY`] or [`UNKNOWN_REVOCATION_DATE`].
    pub flaw: Option<String>,
}

/// The request a certificate was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedRequest {
    /// The profile; `None` for a CA's.
    pub profile: Option<String>,
    /// Its names.
    pub names: Vec<GeneralName>,
    /// The requester.
    pub requester: Principal,
}

/// A line that is not a record: its serial number cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableLine {
    /// What is wrong with it, for people.
    pub problem: String,
    /// Whether it says that a certificate is revoked, or may say so; of which certificate is unknown.
    pub is_revocation: bool,
    /// Whether nothing but blanks is in it: it can be about no certificate.
    pub is_blank: bool,
}

/// A line of the index that is not a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedLine {
    /// Its number, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub problem: String,
    /// Whether it says that a certificate is revoked, or may say so; of which certificate is unknown.
    pub is_revocation: bool,
    /// Whether nothing but blanks is in it.
    pub is_blank: bool,
}

impl DamagedLine {
    pub(super) fn of(
        line: u64,
        UnreadableLine {
            problem,
            is_revocation,
            is_blank,
        }: UnreadableLine,
    ) -> Self {
        Self {
            line,
            problem,
            is_revocation,
            is_blank,
        }
    }
}

/// A record, or a line that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A record; [`Record::flaw`] says what is wrong with its line.
    Record(Record),
    /// Something else; it is left alone, and reported.
    Damaged(DamagedLine),
}

/// The expiry of a record whose second column is not a date. RFC 5280 §4.1.2.5 has this value for a certificate without a
/// well-defined expiration date.
pub const UNKNOWN_EXPIRY: OffsetDateTime = datetime!(9999-12-31 23:59:59 UTC);
/// The revocation date of a revoked record without a readable one: the earliest that a CRL of gsec's can
/// hold, so that nothing that was signed with the key counts as signed before.
pub const UNKNOWN_REVOCATION_DATE: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

impl Record {
    /// The same, revoked.
    #[must_use]
    pub fn revoked(&self, revocation: Revocation) -> Self {
        Self {
            status: RecordStatus::Revoked,
            revocation: Some(revocation),
            ..self.clone()
        }
    }

    /// The record of a certificate to be issued.
    pub fn issued(serial: &SerialNumber, expiry: OffsetDateTime, subject: &DistinguishedName) -> Self {
        // OpenSSL writes the serial number for an empty subject, because its index must not have an empty column there.
        let subject = if subject.is_empty() {
            serial.to_string()
        } else {
            subject.openssl_oneline()
        };
        Self {
            status: RecordStatus::Valid,
            expiry,
            revocation: None,
            serial: serial.clone(),
            file: UNKNOWN_FILE.into(),
            subject,
            request: None,
            flaw: None,
        }
    }

    /// A revoked record of which nothing is known but the serial number.
    pub fn lost(serial: &SerialNumber) -> Self {
        let (file, subject) = (UNKNOWN_FILE.into(), serial.to_string());
        Self {
            status: RecordStatus::Revoked,
            expiry: UNKNOWN_EXPIRY,
            revocation: None,
            serial: serial.clone(),
            file,
            subject,
            request: None,
            flaw: None,
        }
    }

    /// Whether it is neither revoked nor expired at `now`.
    pub fn is_valid_at(&self, now: OffsetDateTime) -> bool {
        self.status == RecordStatus::Valid && self.expiry >= now
    }

    /// The entry of a CRL; every revoked record has one.
    pub fn revoked_entry(&self) -> Option<RevokedEntry> {
        let unknown = || Revocation {
            at: UNKNOWN_REVOCATION_DATE,
            reason: None,
            extra: None,
        };
        (self.status == RecordStatus::Revoked).then(|| {
            self.revocation
                .clone()
                .unwrap_or_else(unknown)
                .entry(&self.serial)
        })
    }

    /// Reads a line without its line feed.
    ///
    /// # Errors
    /// What is wrong with the line, when no serial number can be read.
    pub fn decode(line: &[u8]) -> Result<Self, UnreadableLine> {
        let line = without_carriage_returns(line);
        let read = match split_columns(line) {
            Ok(columns) => Self::of_columns(line, &columns),
            Err(found) => Self::of_loose_columns(
                line,
                format!(
                    "it has {found} {} instead of 6",
                    if found == 1 { "column" } else { "columns" }
                ),
            ),
        };
        let is_blank = line.trim_ascii().is_empty();
        read.map_err(|found| UnreadableLine {
            is_revocation: found.is_revocation || may_revoke(line),
            is_blank,
            ..found
        })
    }

    /// Whether a line is the record of a certificate that is not revoked, as OpenSSL writes it. Most lines
    /// are, and a search for revocations need not read them further.
    pub(super) fn is_plainly_not_revoked(line: &[u8]) -> bool {
        Self::plain_serial(line).is_some()
    }

    /// The column of the serial number in such a line ([`Self::is_plainly_not_revoked`]).
    pub(super) fn plain_serial(line: &[u8]) -> Option<&[u8]> {
        Self::plain_columns(line).map(|(serial, _)| serial)
    }

    /// The columns of serial number and subject in such a line ([`Self::is_plainly_not_revoked`]), as they are written.
    pub(super) fn plain_columns(line: &[u8]) -> Option<(&[u8], &[u8])> {
        let rest = line.strip_prefix(b"V\t").or_else(|| line.strip_prefix(b"E\t"))?;
        let (_expiry, rest) = short_column(rest)?;
        let (serial, rest) = short_column(rest.strip_prefix(b"\t")?)?;
        let (_file, subject) = short_column(rest)?;
        let is_last = memchr::memchr(b'\t', subject).is_none();
        (is_last && is_plain_serial(serial) && times_in(subject) < 2).then_some((serial, subject))
    }

    /// Where further rows start in a line that is not a comment: an editor, or a program that appended to a
    /// last line without a line feed, has put two into one.
    pub(super) fn further_rows(line: &[u8]) -> Vec<usize> {
        let tabs = memchr::memchr_iter(b'\t', line);
        if tabs.clone().count() < 6 {
            return Vec::new();
        }
        let starts = tabs
            .filter_map(|tab| tab.checked_sub(1))
            .filter(|start| *start > 0);
        starts.filter(|start| begins_a_row(&line[*start..])).collect()
    }

    /// Whether a line says that a certificate is revoked, whatever else is wrong with it: by the letter at
    /// its start, which may follow a byte order mark or other bytes that are not letters, or by a date in its
    /// third column. A comment says nothing.
    pub fn is_revocation(line: &[u8]) -> bool {
        if line.starts_with(b"#") {
            return false;
        }
        if line.starts_with(b"V\t") || line.starts_with(b"E\t") {
            return line
                .split(|byte| *byte == b'\t')
                .nth(2)
                .is_some_and(|column| date_of(column).is_some());
        }
        if matches!(line.trim_ascii_start().first(), Some(b'R' | b'r')) {
            return true;
        }
        let is_r = matches!(
            line.iter().find(|byte| byte.is_ascii_alphanumeric()),
            Some(b'R' | b'r')
        );
        let has_columns = || {
            line.contains(&b'\t')
                || line
                    .split(u8::is_ascii_whitespace)
                    .any(|word| date_of(word).is_some())
        };
        (is_r && has_columns())
            || line
                .split(|byte| *byte == b'\t')
                .nth(2)
                .is_some_and(|column| date_of(column).is_some())
    }

    /// The record in a last line without a line feed, if all that matters of it is there: an editor may have left it so. `openssl ca` passes
    /// over such a line, and a revoked certificate would be valid again.
    pub(super) fn torn(line: &[u8]) -> Option<Self> {
        let tabs = memchr::memchr_iter(b'\t', line).count();
        let record = Self::decode(line).ok()?;
        let is_there = match record.status {
            // The serial number is whole when a tab follows it.
            RecordStatus::Revoked => tabs >= 4,
            RecordStatus::Valid | RecordStatus::Expired => {
                !record.is_flawed()
                    && (record.subject.starts_with('/') || record.subject == record.serial.to_string())
            }
        };
        is_there.then_some(record)
    }

    /// The common names in the subject column, as written there: a `/` or `+` in a value has a backslash
    /// before it, but for what OpenSSL wrote before 3.0.
    pub fn common_names(&self) -> impl Iterator<Item = &str> {
        let mut before = '\0';
        let is_border = move |character| {
            let is_border = matches!(character, '/' | '+') && before != '\\';
            before = character;
            is_border
        };
        self.subject
            .split(is_border)
            .filter_map(|attribute| attribute.strip_prefix("CN="))
    }

    /// The common names in the subject column, as readable text ([`Self::readable_subject`]).
    pub fn readable_common_names(&self) -> impl Iterator<Item = String> {
        self.common_names().map(readable)
    }

    /// The hosts that the subject column names, for a record whose certificate is not available.
    pub fn host_names(&self) -> Vec<GeneralName> {
        self.readable_common_names()
            .filter_map(|name| GeneralName::parse_host(&name).ok())
            .collect()
    }

    /// The subject for people: the bytes that OpenSSL shows as `\xC3\xBC` are decoded: as UTF-8, two or four
    /// bytes a character (BMPString, UniversalString), or else Latin-1, which programs write into a
    /// TeletexString.
    pub fn readable_subject(&self) -> String {
        readable(&self.subject)
    }

    /// The subject as names that people type are compared with it (RFC 5280 §7.1); `None` where it has no attribute that gsec knows.
    pub fn typed_subject(&self) -> Option<TypedSubject> {
        TypedSubject::parse(&self.readable_subject())
    }

    /// Whether only gsec can read the line: `openssl ca` refuses the whole file.
    pub fn is_flawed(&self) -> bool {
        self.flaw.is_some()
    }

    fn of_columns(line: &[u8], columns: &[Cow<'_, [u8]>; 6]) -> Result<Self, UnreadableLine> {
        let [status, expiry, revocation, serial, file, subject] = columns;
        let mut flaws = Vec::new();
        let status = parse_status(line, status, &mut flaws)?;
        let expiry = parse_time(expiry).unwrap_or_else(|| {
            flaws.push("its second column is not a date");
            UNKNOWN_EXPIRY
        });
        let revocation = parse_revocation(revocation, status, &mut flaws);
        // OpenSSL refuses the file; of the two things that the line says, the one that must not get lost counts.
        let status = if revocation.is_some() {
            RecordStatus::Revoked
        } else {
            status
        };
        if times_in(subject) >= 2 {
            return Err(unreadable(
                RecordStatus::Revoked,
                "its last column seems to contain another record",
            ));
        }
        let serial = match (parse_serial(serial), status) {
            (Some(found), _) => {
                if !is_plain_serial(serial) {
                    flaws.push("its serial number is not an even number of digits");
                }
                found
            }
            (None, RecordStatus::Revoked) => {
                flaws.push("its fourth column is not a serial number");
                only_serial(&columns[1..])
                    .ok_or_else(|| unreadable(status, "its fourth column is not a serial number"))?
            }
            (None, _) => return Err(unreadable(status, "its fourth column is not a serial number")),
        };
        Ok(Self {
            status,
            expiry,
            revocation,
            serial,
            file: text_of(file),
            subject: text_of(subject),
            request: None,
            flaw: joined(&flaws),
        })
    }

    /// Reads what can be read of a line with too few columns or too many. Where there is no tab at all, as after an editor that
    /// writes blanks instead, a revocation is read at its blanks.
    fn of_loose_columns(line: &[u8], problem: String) -> Result<Self, UnreadableLine> {
        let is_separator: fn(&u8) -> bool = if line.contains(&b'\t') {
            |byte| *byte == b'\t'
        } else {
            u8::is_ascii_whitespace
        };
        // Any number of blanks may replace one tab.
        let is_column = |column: &&[u8]| line.contains(&b'\t') || !column.is_empty();
        let columns: Vec<Cow<'_, [u8]>> = line
            .split(is_separator)
            .filter(is_column)
            .map(Cow::Borrowed)
            .collect();
        let columns = if columns.is_empty() {
            vec![Cow::Borrowed(line)]
        } else {
            columns
        };
        let mut flaws = vec![problem.as_str()];
        let status = parse_status(line, &columns[0], &mut flaws).map_err(|unreadable| UnreadableLine {
            problem: problem.clone(),
            ..unreadable
        })?;
        if status != RecordStatus::Revoked && !line.contains(&b'\t') {
            return Err(unreadable(status, &problem));
        }
        let is_another_row = |column: &Cow<'_, [u8]>| date_of(column).is_some();
        if columns.iter().skip(6).any(is_another_row)
            || columns.get(5).is_some_and(|column| times_in(column) >= 2)
        {
            return Err(unreadable(
                RecordStatus::Revoked,
                &format!("{problem}, and they seem to contain another record"),
            ));
        }
        let in_place = columns.get(3).and_then(|column| parse_serial(column));
        let serial = in_place
            .or_else(|| only_serial(&columns[1..]))
            .ok_or_else(|| unreadable(status, &format!("{problem}, and no serial number")))?;
        let date = revocation_date(&columns, &serial);
        let is_revoked = status == RecordStatus::Revoked || date.is_some();
        if is_revoked && status != RecordStatus::Revoked {
            flaws.push(NOT_MARKED_REVOKED);
        }
        let status = if is_revoked { RecordStatus::Revoked } else { status };
        let revocation = is_revoked.then(|| Revocation::of_column(date.unwrap_or_default()));
        let subject = line
            .iter()
            .position(|byte| *byte == b'/')
            .map_or(&[][..], |at| &line[at..]);
        Ok(Self {
            status,
            expiry: columns
                .get(1)
                .and_then(|column| parse_time(column))
                .unwrap_or(UNKNOWN_EXPIRY),
            revocation,
            serial,
            file: UNKNOWN_FILE.into(),
            subject: text_of(subject),
            request: None,
            flaw: joined(&flaws),
        })
    }

    /// The line with its line feed, byte for byte as `openssl ca` 3.x writes it.
    pub fn to_line(&self) -> String {
        let escaped = self.columns().map(|column| column.replace('\t', "\\\t"));
        format!("{}\n", escaped.join("\t"))
    }

    /// The columns as `openssl ca` has them; a tab remains in them as it is.
    pub(super) fn columns(&self) -> [String; 6] {
        let status = match self.status {
            RecordStatus::Valid => "V",
            RecordStatus::Revoked => "R",
            RecordStatus::Expired => "E",
        };
        let revocation = self
            .revocation
            .as_ref()
            .map(Revocation::to_column)
            .unwrap_or_default();
        [
            status.into(),
            format_time(self.expiry),
            revocation,
            self.serial.to_string(),
            self.file.clone(),
            self.subject.clone(),
        ]
    }
}

impl Revocation {
    /// One of which neither date nor reason is known.
    pub fn unknown() -> Self {
        Self {
            at: UNKNOWN_REVOCATION_DATE,
            reason: None,
            extra: None,
        }
    }

    /// One at this time, for this reason. OpenSSL writes no reason where none is known, and RFC 5280 §5.3.1 requires it to be left out
    /// of the CRL then.
    pub fn of(reason: Option<RevocationReason>, at: OffsetDateTime) -> Self {
        let named = reason.filter(|reason| *reason != RevocationReason::Unspecified);
        Self {
            at,
            reason: named.and_then(|reason| reason.openssl_name().map(str::to_owned)),
            extra: None,
        }
    }

    /// Whether the certificate is on hold, and may become valid again.
    pub fn is_hold(&self) -> bool {
        self.known_reason() == Some(RevocationReason::CertificateHold)
    }

    /// As it appears in a CRL: OpenSSL's index says three reasons with what follows them in words of its own.
    fn entry(&self, serial: &SerialNumber) -> RevokedEntry {
        let plain = RevokedEntry {
            serial: serial.clone(),
            revoked_at: self.at,
            date_problem: None,
            reason: None,
            invalidity_date: None,
            hold_instruction: None,
        };
        let time = || {
            self.extra
                .as_deref()
                .and_then(|extra| parse_time(extra.as_bytes()))
        };
        match self.reason.as_deref().and_then(reason_name) {
            Some("keyTime") => RevokedEntry {
                reason: Some(RevocationReason::KeyCompromise),
                invalidity_date: time(),
                ..plain
            },
            Some("CAkeyTime") => RevokedEntry {
                reason: Some(RevocationReason::CaCompromise),
                invalidity_date: time(),
                ..plain
            },
            Some("holdInstruction") => {
                let hold_instruction = self.extra.as_deref().and_then(hold_instruction);
                RevokedEntry {
                    reason: Some(RevocationReason::CertificateHold),
                    hold_instruction,
                    ..plain
                }
            }
            // Only a delta CRL may say that an entry is gone (RFC 5280 §5.3.1).
            Some(name) => RevokedEntry {
                reason: RevocationReason::parse(name)
                    .filter(|reason| *reason != RevocationReason::RemoveFromCrl),
                ..plain
            },
            None => plain,
        }
    }

    /// What two revocations of one certificate say together: the earliest date that can be read, and the strongest reason with what
    /// follows it.
    pub fn joined(&self, other: &Self) -> Self {
        let stronger = if other.weight() > self.weight() {
            other
        } else {
            self
        };
        let at = [self, other]
            .into_iter()
            .filter(|one| one.has_date())
            .map(|one| one.at)
            .min();
        Self {
            at: at.unwrap_or(UNKNOWN_REVOCATION_DATE),
            ..stronger.clone()
        }
    }

    /// How much follows from the reason: a compromised key most, a hold least.
    pub fn weight(&self) -> u8 {
        match self.known_reason() {
            Some(reason) if reason.is_compromise() => 4,
            None if self.has_unknown_reason() => 3,
            Some(RevocationReason::CertificateHold | RevocationReason::RemoveFromCrl) => 0,
            None | Some(RevocationReason::Unspecified) => 1,
            Some(_) => 2,
        }
    }

    /// Whether the date could be read.
    pub fn has_date(&self) -> bool {
        self.at != UNKNOWN_REVOCATION_DATE
    }

    /// The reason as RFC 5280 has it, in whatever spelling; `None` where there is none, or an unknown one.
    pub fn known_reason(&self) -> Option<RevocationReason> {
        match reason_name(self.reason.as_deref()?)? {
            "keyTime" => Some(RevocationReason::KeyCompromise),
            "CAkeyTime" => Some(RevocationReason::CaCompromise),
            "holdInstruction" => Some(RevocationReason::CertificateHold),
            name => RevocationReason::parse(name),
        }
    }

    /// The reason as `openssl ca` spells it; an unknown one stays as it is written, and a blank one is none.
    pub fn spelled_reason(&self) -> Option<String> {
        let written = self
            .reason
            .as_deref()
            .filter(|written| !written.trim().is_empty())?;
        Some(reason_name(written).unwrap_or(written).to_owned())
    }

    /// Whether an unknown reason is given.
    pub fn has_unknown_reason(&self) -> bool {
        self.spelled_reason().is_some() && self.known_reason().is_none()
    }

    /// Whether another party has, or may have, the private key. An unknown reason may say so.
    pub fn is_compromise(&self) -> bool {
        self.known_reason()
            .map_or_else(|| self.has_unknown_reason(), RevocationReason::is_compromise)
    }

    /// Whether the reason is one that `openssl ca` reads, or that RFC 5280 has; `true` where there is none.
    fn is_reason_plain(&self) -> bool {
        self.reason
            .as_deref()
            .is_none_or(|written| reason_name(written).is_some_and(|name| name.eq_ignore_ascii_case(written)))
    }

    fn of_column(column: &[u8]) -> Self {
        let mut parts = column.splitn(3, |byte| *byte == b',');
        let at = parts.next().and_then(date_of).unwrap_or(UNKNOWN_REVOCATION_DATE);
        Self {
            at,
            reason: parts.next().map(text_of),
            extra: parts.next().map(text_of),
        }
    }

    /// As OpenSSL's index can say it: with two reasons of RFC 5280 in it, no command of `openssl ca` works any more. A compromise stays one.
    #[must_use]
    pub fn in_index(&self) -> Self {
        match self.known_reason() {
            Some(reason) if self.has_openssl_reason() && !self.is_extra_plain() => Self {
                reason: reason.openssl_name().map(str::to_owned),
                extra: None,
                ..self.clone()
            },
            Some(_) if self.is_reason_of_rfc_alone() => Self {
                reason: self
                    .is_compromise()
                    .then(|| RevocationReason::KeyCompromise.name().to_owned()),
                extra: None,
                ..self.clone()
            },
            _ => self.clone(),
        }
    }

    /// Whether the reason is one of RFC 5280 that OpenSSL's index does not have.
    fn is_reason_of_rfc_alone(&self) -> bool {
        let is_unknown = |reason: RevocationReason| reason.openssl_name().is_none();
        self.known_reason().is_some_and(is_unknown) && !self.has_openssl_reason()
    }

    /// Whether what follows the reason is what OpenSSL needs: an instruction, or a time as GeneralizedTime (`unpack_revinfo` in `apps/ca.c`).
    fn is_extra_plain(&self) -> bool {
        let extra = self.extra.as_deref().unwrap_or_default();
        match self.reason.as_deref().and_then(reason_name) {
            Some("holdInstruction") => hold_instruction(extra).is_some(),
            Some("keyTime" | "CAkeyTime") => {
                extra.len() != UTC_TIME_BYTES && parse_time(extra.as_bytes()).is_some()
            }
            _ => true,
        }
    }

    /// Whether the reason is one of those that only OpenSSL's index has.
    fn has_openssl_reason(&self) -> bool {
        let name = self.reason.as_deref().and_then(reason_name);
        name.is_some_and(|name| OPENSSL_REASONS.contains(&name))
    }

    /// The third column, as OpenSSL writes it.
    pub fn to_column(&self) -> String {
        let said = self.in_index();
        let parts = [Some(format_time(said.at)), said.reason, said.extra];
        parts.into_iter().flatten().collect::<Vec<_>>().join(",")
    }
}

/// The reasons of OpenSSL's index that RFC 5280 does not have: more follows them.
const OPENSSL_REASONS: [&str; 3] = ["keyTime", "CAkeyTime", "holdInstruction"];

/// A reason as `openssl ca` spells it, from any spelling: case, blanks and punctuation do not count, and a number is a reasonCode
/// (RFC 5280 §5.3.1). People edit the column, and a compromised key must not get lost over a blank.
fn reason_name(written: &str) -> Option<&'static str> {
    if let Some(name) = OPENSSL_REASONS.into_iter().find(|name| *name == written) {
        return Some(name);
    }
    let letters: String = written.chars().filter(char::is_ascii_alphanumeric).collect();
    let reason = || {
        letters
            .parse()
            .ok()
            .and_then(RevocationReason::from_code)
            .or_else(|| RevocationReason::parse(&letters))
    };
    let of_openssl = OPENSSL_REASONS
        .into_iter()
        .find(|name| name.eq_ignore_ascii_case(&letters));
    of_openssl.or_else(|| reason().map(|reason| reason.openssl_name().unwrap_or(reason.name())))
}

/// Splits at tabs into six columns; TXT_DB puts a backslash before a tab that belongs to a column. Otherwise the number of
/// columns is the error. Copies a column only where a backslash goes: an index may have a million lines.
fn split_columns(line: &[u8]) -> Result<[Cow<'_, [u8]>; 6], usize> {
    let mut columns: [Cow<'_, [u8]>; 6] = Default::default();
    let (mut found, mut rest) = (0, Some(line));
    while let Some(bytes) = rest {
        let (column, after) = match column_end(bytes) {
            Some(end) => (&bytes[..end], Some(&bytes[end + 1..])),
            None => (bytes, None),
        };
        if let Some(place) = columns.get_mut(found) {
            *place = if column.contains(&b'\t') {
                Cow::Owned(without_tab_escapes(column))
            } else {
                Cow::Borrowed(column)
            };
        }
        (found, rest) = (found + 1, after);
    }
    if found == columns.len() {
        Ok(columns)
    } else {
        Err(found)
    }
}

/// The first tab that ends a column.
pub(super) fn column_end(bytes: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'\t', bytes).find(|tab| !bytes[..*tab].ends_with(b"\\"))
}

fn without_tab_escapes(column: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(column.len());
    for byte in column {
        if *byte == b'\t' && plain.last() == Some(&b'\\') {
            plain.pop();
        }
        plain.push(*byte);
    }
    plain
}

/// What is wrong with a record whose first and third column contradict each other.
const NOT_MARKED_REVOKED: &str = "it has a date of revocation, but its first column is not R";

/// The column of a line with too few or too many columns that says when: after the expiry, which is a date as well.
fn revocation_date<'a>(columns: &'a [Cow<'_, [u8]>], serial: &SerialNumber) -> Option<&'a [u8]> {
    let is_date = |column: &[u8]| date_of(column).is_some() && parse_serial(column).as_ref() != Some(serial);
    let mut dates = columns
        .iter()
        .enumerate()
        .skip(1)
        .filter(|(_, column)| is_date(column));
    let (at, first) = dates.next()?;
    match dates.next() {
        Some((_, second)) => Some(second),
        None => (at >= 2).then_some(first),
    }
}

fn without_carriage_returns(line: &[u8]) -> &[u8] {
    let end = line
        .iter()
        .rposition(|byte| *byte != b'\r')
        .map_or(0, |last| last + 1);
    &line[..end]
}

/// Whether bytes start as a row does: status, expiry, anything, and a serial number.
fn begins_a_row(bytes: &[u8]) -> bool {
    let mut columns = bytes.splitn(5, |byte| *byte == b'\t');
    let status = columns
        .next()
        .is_some_and(|column| matches!(column, b"V" | b"R" | b"E"));
    let expiry = status && columns.next().is_some_and(|column| parse_time(column).is_some());
    expiry
        && columns
            .nth(1)
            .is_some_and(|column| parse_serial(column).is_some())
}

/// Whether a line that is not a record may say that a certificate is revoked: in whatever form a spreadsheet or another program has
/// written it. A line without such a sign is about nothing that a CRL could lose.
fn may_revoke(line: &[u8]) -> bool {
    let mut words = line.split(|byte| !byte.is_ascii_alphanumeric());
    let has_word = || {
        words.any(|word| {
            word.eq_ignore_ascii_case(b"R")
                || word
                    .get(..5)
                    .is_some_and(|word| word.eq_ignore_ascii_case(b"revok"))
        })
    };
    let is_text = |byte: &u8| matches!(byte, b'\t' | b'\r') || !byte.is_ascii_control();
    Record::is_revocation(line) || times_in(line) >= 2 || !line.iter().all(is_text) || { has_word }()
}

/// What precedes the first tab, and what follows it. In so few bytes it is found sooner one by one than by many at a time.
fn short_column(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\t')?;
    Some((&bytes[..end], &bytes[end + 1..]))
}

/// How many times some bytes contain, as ASN.1 has them.
fn times_in(bytes: &[u8]) -> usize {
    let ends = memchr::memchr_iter(b'Z', bytes);
    ends.filter(|end| {
        end.checked_sub(12)
            .is_some_and(|start| bytes[start..*end].iter().all(u8::is_ascii_digit))
    })
    .count()
}

fn unreadable(status: RecordStatus, problem: &str) -> UnreadableLine {
    UnreadableLine {
        problem: problem.to_owned(),
        is_revocation: status == RecordStatus::Revoked,
        is_blank: false,
    }
}

fn joined(flaws: &[&str]) -> Option<String> {
    (!flaws.is_empty()).then(|| flaws.join(", "))
}

/// Everything that looks like a revocation is one: to take one for nothing would be worse than to take something else for one.
fn parse_status(line: &[u8], column: &[u8], flaws: &mut Vec<&str>) -> Result<RecordStatus, UnreadableLine> {
    match column {
        b"V" => Ok(RecordStatus::Valid),
        b"R" => Ok(RecordStatus::Revoked),
        b"E" => Ok(RecordStatus::Expired),
        _ if Record::is_revocation(line) => {
            flaws.push("its first column is not exactly R");
            Ok(RecordStatus::Revoked)
        }
        _ => Err(UnreadableLine {
            problem: "its first column is not V, R or E".into(),
            is_revocation: false,
            is_blank: false,
        }),
    }
}

/// A serial number in any spelling: upper or lower case, any number of leading zeros, an odd number of digits, a minus sign as OpenSSL
/// writes it. In `ca.db` one may be longer than RFC 5280 permits: other programs issue such.
pub(super) fn parse_serial(column: &[u8]) -> Option<SerialNumber> {
    let text = std::str::from_utf8(column).ok()?.trim();
    SerialNumber::parse_any_hex(text).or_else(|| {
        let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
        let digits = digits.trim_start_matches("0x").replace(':', "");
        SerialNumber::parse_any_hex(&format!("{sign}{digits}")).filter(|_| !digits.starts_with('-'))
    })
}

/// Whether OpenSSL reads a serial number as written: an even number of hexadecimal digits.
pub(super) fn is_plain_serial(column: &[u8]) -> bool {
    let digits = column.strip_prefix(b"-").unwrap_or(column);
    !digits.is_empty() && digits.len().is_multiple_of(2) && digits.iter().all(u8::is_ascii_hexdigit)
}

/// The serial number of a line in which it is not in its place: the only column that can be one.
fn only_serial(columns: &[Cow<'_, [u8]>]) -> Option<SerialNumber> {
    let is_date = |column: &[u8]| date_of(column).is_some() || parse_time(&[column, b"Z"].concat()).is_some();
    let mut found: Vec<SerialNumber> = columns
        .iter()
        .filter(|column| !is_date(column))
        .filter_map(|column| parse_serial(column))
        .collect();
    found.dedup();
    if found.len() == 1 { found.pop() } else { None }
}

fn readable(subject: &str) -> String {
    let mut bytes = Vec::with_capacity(subject.len());
    let mut rest = subject;
    while let Some(character) = rest.chars().next() {
        let escaped = rest
            .strip_prefix("\\x")
            .and_then(|after| after.get(..2))
            .and_then(hex::decode);
        match escaped.as_deref() {
            Some(&[byte]) => {
                bytes.push(byte);
                rest = &rest[4..];
            }
            _ => {
                bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                rest = &rest[character.len_utf8()..];
            }
        }
    }
    // BMPString has two bytes a character, UniversalString four; of Latin letters all but the last are zero,
    // which no other text contains.
    bytes.retain(|byte| *byte != 0);
    String::from_utf8(bytes).unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect())
}

/// Bytes as text. What is not UTF-8 is shown byte by byte, as OpenSSL's one-line form shows it.
fn text_of(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        chunk
            .invalid()
            .iter()
            .for_each(|byte| text.push_str(&format!("\\x{byte:02X}")));
    }
    text
}

fn parse_revocation(column: &[u8], status: RecordStatus, flaws: &mut Vec<&str>) -> Option<Revocation> {
    let is_revoked = status == RecordStatus::Revoked;
    if column.trim_ascii().is_empty() && !is_revoked {
        if !column.is_empty() {
            flaws.push("its third column contains spaces");
        }
        return None;
    }
    if !is_revoked {
        flaws.push(NOT_MARKED_REVOKED);
    }
    let revocation = Revocation::of_column(column);
    let date = column.split(|byte| *byte == b',').next().unwrap_or_default();
    match () {
        () if date.is_empty() => flaws.push("it is revoked without a date"),
        () if parse_time(date).is_none() => flaws.push("its third column is not a date that can be read"),
        () if revocation.has_unknown_reason() => {
            flaws.push("its third column has an unknown reason, which counts as a compromised key: write one that RFC 5280 has")
        }
        () if !revocation.is_reason_plain() => flaws.push("the reason in its third column is misspelled"),
        () if date.len() != UTC_TIME_BYTES && is_of_two_digits(revocation.at) => {
            flaws.push("`openssl ca` refuses the date in its third column, which has four digits of the year");
        }
        () if revocation.is_reason_of_rfc_alone() => {
            flaws.push("`openssl ca` does not know the reason in its third column");
        }
        () if !revocation.is_extra_plain() => {
            flaws.push("what must follow the reason in its third column is missing or misspelled");
        }
        () => {}
    }
    Some(revocation)
}

/// The time at the start of a third column, as ASN.1 has it or as people write it: `2026-01-01`,
/// `2026-01-01T12:00:00Z`.
fn date_of(column: &[u8]) -> Option<OffsetDateTime> {
    let date = column.split(|byte| *byte == b',').next()?;
    parse_time(date).or_else(|| {
        let (day, time) = (date.get(..10)?, date.get(10..)?);
        let digits_of = |bytes: &[u8]| {
            bytes
                .iter()
                .copied()
                .filter(u8::is_ascii_digit)
                .collect::<Vec<u8>>()
        };
        if day[4] != b'-' || day[7] != b'-' {
            return None;
        }
        let time = if time.is_empty() {
            b"000000".to_vec()
        } else {
            digits_of(time)
        };
        parse_time(&[digits_of(day), time, b"Z".to_vec()].concat())
    })
}

/// Whether UTCTime can say it. Later than that, `openssl ca` refuses what it must itself write.
fn is_of_two_digits(time: OffsetDateTime) -> bool {
    TWO_DIGIT_YEARS.contains(&time.year())
}

/// `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ`, as ASN.1 has times. Read digit by digit: an index may have a million of them.
fn parse_time(text: &[u8]) -> Option<OffsetDateTime> {
    let (year, rest) = match text.len() {
        13 => {
            let year = digits(text.get(..2)?)?;
            (if year < 50 { 2000 + year } else { 1900 + year }, text.get(2..)?)
        }
        15 => (digits(text.get(..4)?)?, text.get(4..)?),
        _ => return None,
    };
    let pair = |at: usize| {
        rest.get(at..at + 2)
            .and_then(digits)
            .and_then(|number| u8::try_from(number).ok())
    };
    if rest.get(10..) != Some(b"Z") {
        return None;
    }
    let date = Date::from_calendar_date(year, Month::try_from(pair(0)?).ok()?, pair(2)?).ok()?;
    Some(date.with_hms(pair(4)?, pair(6)?, pair(8)?).ok()?.assume_utc())
}

/// An instruction by OpenSSL's name or by its object identifier (X9.57; RFC 3280 §5.3.2 had it last).
fn hold_instruction(text: &str) -> Option<ObjectIdentifier> {
    let dotted = match text {
        "holdInstructionNone" => "1.2.840.10040.2.1",
        "holdInstructionCallIssuer" => "1.2.840.10040.2.2",
        "holdInstructionReject" => "1.2.840.10040.2.3",
        other => other,
    };
    ObjectIdentifier::new(dotted).ok()
}

fn digits(text: &[u8]) -> Option<i32> {
    text.iter().try_fold(0, |number, byte| {
        byte.is_ascii_digit()
            .then(|| number * 10 + i32::from(byte - b'0'))
    })
}

fn format_time(time: OffsetDateTime) -> String {
    let time = time.to_offset(UtcOffset::UTC);
    if TWO_DIGIT_YEARS.contains(&time.year()) {
        let rest = time.format(AFTER_YEAR).expect("a time formats");
        format!("{:02}{rest}", time.year() % 100)
    } else {
        time.format(FOUR_DIGIT_YEAR).expect("a time formats")
    }
}

/// Whether a certificate is the one of a record, by all that the record says of it: a file can be another CA's certificate of the same
/// serial number. A subject that another program spelled differently does not fit, though it may be the same.
pub fn fits_record(certificate: &Certificate, record: &Record) -> bool {
    let has_subject =
        || record.subject.is_empty() || certificate.subject().openssl_oneline() == record.subject;
    *certificate.serial() == record.serial && certificate.not_after() == record.expiry && has_subject()
}

/// The hosts named by a certificate: every dNSName and iPAddress of subjectAltName; without that extension,
/// the common names that parse as a host, as programs of old read them.
pub fn host_names(certificate: &Certificate) -> Vec<GeneralName> {
    let is_host = |name: &&GeneralName| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_));
    match certificate.subject_alternative_names() {
        Some(names) => names.iter().filter(is_host).cloned().collect(),
        None => certificate
            .subject()
            .common_names()
            .iter()
            .filter_map(|name| GeneralName::parse_host(name).ok())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn lines_of_openssl_read_and_write_back_octet_for_octet() {
        for line in [
            "V\t361031201500Z\t\t0A\tunknown\t/C=US/O=Old Contact Centre/CN=db1\n",
            "R\t361031201500Z\t261121201500Z,keyCompromise\t11\tunknown\t/CN=urs1\n",
            "R\t361031201500Z\t261121201500Z,keyTime,20261101000000Z\t12\tunknown\t/CN=x\n",
            "R\t361031201500Z\t261121201500Z,holdInstruction,holdInstructionReject\t13\tunknown\t/CN=x\n",
            "E\t240410000000Z\t\t10\tunknown\t/CN=tserver1\n",
            "V\t20500101000000Z\t\t0100\tunknown\t/CN=a\\/b\\x09\n",
        ] {
            let record = Record::decode(line.trim_end().as_bytes()).expect(line);
            assert_eq!(record.to_line(), line);
        }
    }

    /// `openssl ca` ends at an index with a reason that it does not know.
    #[test]
    fn reason_that_openssl_does_not_know_is_not_written() {
        let column = |reason: &str| {
            Revocation {
                at: time::macros::datetime!(2030-03-27 12:00 UTC),
                reason: Some(reason.into()),
                extra: None,
            }
            .to_column()
        };
        assert_eq!(column("aACompromise"), "300327120000Z,keyCompromise");
        assert_eq!(column("privilegeWithdrawn"), "300327120000Z");
        for reason in ["keyCompromise", "CACompromise", "certificateHold", "something"] {
            assert_eq!(column(reason), format!("300327120000Z,{reason}"));
        }
        // Without what must follow, the file is refused as well.
        assert_eq!(column("keyTime"), "300327120000Z,keyCompromise");
        assert_eq!(column("CAkeyTime"), "300327120000Z,CACompromise");
        assert_eq!(column("holdInstruction"), "300327120000Z,certificateHold");
        for whole in [
            "keyTime,20300101120000Z",
            "holdInstruction,holdInstructionReject",
            "holdInstruction,1.2.3",
        ] {
            let column = Revocation::of_column(format!("300327120000Z,{whole}").as_bytes()).to_column();
            assert_eq!(column, format!("300327120000Z,{whole}"));
        }
    }

    #[test]
    fn tab_after_a_backslash_belongs_to_its_column() {
        let line = "V\t361031201500Z\t\t0A\tunknown\t/CN=a\\\tb\\c\\\t\n";
        let record = Record::decode(line.trim_end_matches('\n').as_bytes()).expect("six columns");
        assert_eq!(record.subject, "/CN=a\tb\\c\t");
        assert_eq!(record.to_line(), line);
        assert!(
            Record::decode(b"V\t361031201500Z\t\t0A\tunknown\t/CN=x\ty")
                .expect("a serial number")
                .flaw
                .expect("a flaw")
                .contains("7 columns")
        );
    }

    #[test]
    fn only_a_line_that_nothing_is_odd_about_is_plain() {
        let rows: [(&[u8], Option<&[u8]>); 8] = [
            (b"V\t361031201500Z\t\t0A\tunknown\t/CN=x", Some(b"0A")),
            (b"E\t\t\t0a\t\t", Some(b"0a")),
            (b"R\t361031201500Z\t\t0A\tunknown\t/CN=x", None),
            (b"V\t361031201500Z\t261121201500Z\t0A\tunknown\t/CN=x", None),
            (b"V\t361031201500Z\t\tA\tunknown\t/CN=x", None),
            (b"V\t361031201500Z\t\t0A\tunknown", None),
            (b"V\t361031201500Z\t\t0A\tunknown\t/CN=x\ty", None),
            (
                b"V\t361031201500Z\t\t0A\tunknown\t/CN=xR361031201500Z261121201500Z",
                None,
            ),
        ];
        for (line, serial) in rows {
            assert_eq!(Record::plain_serial(line), serial, "{}", line.escape_ascii());
        }
    }

    fn of_subject(subject: &str) -> Record {
        decoded(format!("V\t361031201500Z\t\t0A\tunknown\t{subject}").as_bytes())
    }

    #[test]
    fn common_names_of_a_subject_column() {
        let names = |subject: &str| {
            of_subject(subject)
                .common_names()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names("/C=DE/O=x\\/CN=no/OU=CN=no/CN=db1.example.com"),
            ["db1.example.com"]
        );
        assert_eq!(names("/CN=a+CN=b/L=c"), ["a", "b"]);
        assert_eq!(names("0A"), Vec::<String>::new());
    }

    #[test]
    fn bytes_in_a_subject_column_are_shown_as_the_text_that_they_are() {
        assert_eq!(
            of_subject("/O=M\\xC3\\xBCller AG/CN=h1").readable_subject(),
            "/O=Müller AG/CN=h1"
        );
        assert_eq!(
            of_subject("/CN=\\x00h\\x005\\x00.\\x00e").readable_subject(),
            "/CN=h5.e"
        );
        assert_eq!(
            of_subject("/CN=h\\xE9\\x").readable_subject(),
            "/CN=hé\\x",
            "Latin-1, as a TeletexString has it"
        );
        assert_eq!(
            of_subject("/CN=\\x00\\x00\\x00h\\x00\\x00\\x005\\x00\\x00\\x00.\\x00\\x00\\x00e")
                .readable_common_names()
                .collect::<Vec<_>>(),
            ["h5.e"],
            "UniversalString"
        );
    }

    #[test]
    fn two_digit_years_end_in_2049() {
        assert_eq!(format_time(datetime!(2049-12-31 23:59:59 UTC)), "491231235959Z");
        assert_eq!(format_time(datetime!(2050-01-01 00:00:00 UTC)), "20500101000000Z");
        assert_eq!(
            parse_time(b"491231235959Z"),
            Some(datetime!(2049-12-31 23:59:59 UTC))
        );
        assert_eq!(
            parse_time(b"500101000000Z"),
            Some(datetime!(1950-01-01 00:00:00 UTC))
        );
    }

    fn decoded(line: &[u8]) -> Record {
        Record::decode(line)
            .unwrap_or_else(|unreadable| panic!("{unreadable:?}: {}", String::from_utf8_lossy(line)))
    }

    #[test]
    fn a_line_without_a_serial_number_is_not_a_record_and_says_why() {
        for (line, problem, is_revocation) in [
            ("", "1 column ", false),
            (
                "\"V\",\"361031201500Z\",\"\",\"0A\",\"unknown\",\"/CN=x\"",
                "1 column ",
                false,
            ),
            (
                "\"R\",\"361031201500Z\",\"261121201500Z\",\"0A\",\"unknown\",\"/CN=x\"",
                "1 column ",
                true,
            ),
            (
                "V 361031201500Z 261121201500Z 0A unknown /CN=x",
                "1 column ",
                true,
            ),
            (
                "V\t361031201500Z\t\t0A\tunknown\t/CN=x\t\t261121201500Z\t0B\tunknown\t/CN=y",
                "11 columns",
                true,
            ),
            (
                "V\t361031201500Z\t\t0A\tunknown\t/CN=xR 361031201500Z 261121201500Z 0B unknown /CN=y",
                "last column",
                true,
            ),
            ("X\t361031201500Z\t\t0A\tunknown\t/CN=x", "first column", false),
            (
                "V\t361031201500Z\t\t../0A\tunknown\t/CN=x",
                "fourth column",
                false,
            ),
            (
                "R\t361031201500Z\t261121201500Z\txyz\tunknown\t/CN=x",
                "fourth column",
                true,
            ),
            ("R", "1 column ", true),
            ("Removed by Bob", "no serial number", true),
            ("V 361031201500Z 0A unknown /CN=x", "1 column ", false),
            ("E\t361031201500Z\t\tunknown\t/CN=x", "no serial number", false),
        ] {
            let unreadable = Record::decode(line.as_bytes()).expect_err(line);
            assert!(
                unreadable.problem.contains(problem) && unreadable.is_revocation == is_revocation,
                "{line}: {unreadable:?}"
            );
        }
    }

    #[test]
    fn a_revocation_with_a_serial_number_is_one_whatever_else_is_wrong_with_its_line() {
        let new_year = Some(datetime!(2026-01-01 00:00:00 UTC));
        let noon = Some(datetime!(2026-01-01 12:00:00 UTC));
        for (line, at) in [
            (&b"R\t361031201500Z\t\t0A\tunknown\t/CN=x"[..], None),
            (b"R\t361031201500Z\t2026-01-01\t0A\tunknown\t/CN=x", new_year),
            (b"R\t361031201500Z\t2026-01-01T12:00:00Z\ta\tunknown\t/CN=x", noon),
            (
                b"R\t361031201500Z\tyesterday,keyCompromise\t000A\tunknown\t/CN=x",
                None,
            ),
            (b"R\tnever\t260101120000Z\t0a\tunknown\t/CN=x", noon),
            (b"R\t361031201500Z\t260101120000Z\t0A\t/CN=x", noon),
            (b"R\t361031201500Z\t0A\tunknown\t/CN=x", None),
            (b"R\t361031201500Z\t260101120000Z\t0A\tunknown\t/CN=x\ty", noon),
            (
                b"R\t361031201500Z\t260101120000Z,sunspots\t0A\tunknown\t/CN=x",
                noon,
            ),
            (b"R \t361031201500Z\t260101120000Z\t0A\tunknown\t/CN=h\xe9", noon),
            (b"revoked\t361031201500Z\t260101120000Z\t0A\tunknown\t/CN=x", noon),
            (b"R 361031201500Z 260101120000Z 0A unknown /CN=a b", noon),
            (b"R\t361031201500Z\t260101120000Z\tunknown\t0A\t/CN=x", noon),
            (b"R\t0A", None),
        ] {
            let record = decoded(line);
            let entry = record.revoked_entry().expect("a revoked record has an entry");
            assert_eq!(entry.serial.to_string(), "0A", "{record:?}");
            assert_eq!(
                entry.revoked_at,
                at.unwrap_or(UNKNOWN_REVOCATION_DATE),
                "{record:?}"
            );
            assert!(record.is_flawed(), "{record:?}");
        }
        assert!(
            decoded(b"R\t361031201500Z\tyesterday,keyCompromise\t0A\tunknown\t/CN=x")
                .revocation
                .expect("revoked")
                .is_compromise()
        );
    }

    #[test]
    fn any_bytes_and_any_spelling_of_a_serial_number_are_a_record_without_a_flaw() {
        let record = decoded(b"R\t361031201500Z\t261121201500Z\t03\tunknown\t/CN=h\xe92.example.com\r");
        assert_eq!(
            (
                record.serial.to_string().as_str(),
                record.subject.as_str(),
                record.flaw
            ),
            ("03", "/CN=h\\xE92.example.com", None)
        );
        for (spelling, is_flawed) in [
            ("0003", false),
            ("03", false),
            ("3", true),
            (" 03", true),
            ("0x03", true),
        ] {
            let record = decoded(format!("V\t361031201500Z\t\t{spelling}\tunknown\t/CN=x").as_bytes());
            assert_eq!(
                (record.serial.to_string().as_str(), record.is_flawed()),
                ("03", is_flawed),
                "{spelling}"
            );
        }
        let long = decoded(
            format!(
                "R\t361031201500Z\t261121201500Z\t{}\tunknown\t/CN=x",
                "1F".repeat(25)
            )
            .as_bytes(),
        );
        assert_eq!(long.serial.to_string(), "1F".repeat(25));
        assert_eq!(
            decoded(b"R\t361031201500Z\t261121201500Z\t-01\tunknown\t/CN=x").serial,
            SerialNumber::from_content(&[0xFF])
        );
    }

    #[test]
    fn a_valid_record_with_a_bad_date_counts_as_valid_and_can_be_found() {
        for line in [
            "V\tsoon\t\t0A\tunknown\t/CN=x",
            "V\t361331201500Z\t\t0A\tunknown\t/CN=x",
            "V\t361031201500Z\t\t0A\t/CN=x",
        ] {
            let record = decoded(line.as_bytes());
            assert!(
                record.is_valid_at(datetime!(2026-11-21 20:15:00 UTC))
                    && record.is_flawed()
                    && record.revoked_entry().is_none(),
                "{record:?}"
            );
        }
    }
}
