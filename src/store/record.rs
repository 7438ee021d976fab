//! One line of `ca.db`, OpenSSL's index of issued certificates (`apps/lib/apps.c`, TXT_DB).

use std::borrow::Cow;

use der::oid::ObjectIdentifier;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, Month, OffsetDateTime, UtcOffset};

use crate::x509::{DistinguishedName, RevocationReason, RevokedEntry, SerialNumber};

const FOUR_DIGIT_YEAR: &[BorrowedFormatItem<'_>] = format_description!("[year][month][day][hour][minute][second]Z");
const AFTER_YEAR: &[BorrowedFormatItem<'_>] = format_description!("[month][day][hour][minute][second]Z");
/// What OpenSSL writes in the file column of every line.
const UNKNOWN_FILE: &str = "unknown";
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
    /// Subject in the one-line form of OpenSSL.
    pub subject: String,
}

impl Record {
    /// The record of a certificate to be issued.
    pub fn issued(serial: &SerialNumber, expiry: OffsetDateTime, subject: &DistinguishedName) -> Self {
        // OpenSSL writes the serial number for an empty subject, because its index must not have an empty column there.
        let subject = if subject.is_empty() { serial.to_string() } else { subject.openssl_oneline() };
        Self { status: RecordStatus::Valid, expiry, revocation: None, serial: serial.clone(), file: UNKNOWN_FILE.into(), subject }
    }

    /// Whether it is neither revoked nor expired at `now`.
    pub fn is_valid_at(&self, now: OffsetDateTime) -> bool {
        self.status == RecordStatus::Valid && self.expiry >= now
    }

    /// The entry of a CRL, for a revoked certificate.
    pub fn revoked_entry(&self) -> Option<RevokedEntry> {
        let revocation = self.revocation.as_ref().filter(|_| self.status == RecordStatus::Revoked)?;
        Some(revocation.entry(&self.serial))
    }

    /// Reads a line without its line feed.
    ///
    /// # Errors
    /// What is wrong with the line, for people.
    pub fn parse(line: &str) -> Result<Self, String> {
        let columns = split_columns(line).map_err(|found| format!("6 columns are wanted, and {found} found"))?;
        let [status, expiry, revocation, serial, file, subject] = columns;
        let status = match &*status {
            "V" => RecordStatus::Valid,
            "R" => RecordStatus::Revoked,
            "E" => RecordStatus::Expired,
            _ => return Err("its first column is none of V, R, E".into()),
        };
        Ok(Self {
            status,
            expiry: parse_time(&expiry).ok_or("its second column is no date")?,
            revocation: parse_revocation(&revocation)?,
            serial: SerialNumber::parse_hex(&serial).ok_or("its fourth column is no serial number")?,
            file: file.into_owned(),
            subject: subject.into_owned(),
        })
    }

    /// The line with its line feed, octet for octet as `openssl ca` 3.x writes it.
    pub fn to_line(&self) -> String {
        let status = match self.status {
            RecordStatus::Valid => "V",
            RecordStatus::Revoked => "R",
            RecordStatus::Expired => "E",
        };
        let revocation = self.revocation.as_ref().map(Revocation::to_column).unwrap_or_default();
        let columns = [status, &format_time(self.expiry), &revocation, &self.serial.to_string(), &self.file, &self.subject];
        let escaped: Vec<String> = columns.iter().map(|column| column.replace('\t', "\\\t")).collect();
        format!("{}\n", escaped.join("\t"))
    }
}

impl Revocation {
    /// Whether the certificate is on hold, and may become valid again.
    pub fn is_hold(&self) -> bool {
        matches!(self.reason.as_deref(), Some("certificateHold" | "holdInstruction"))
    }

    /// As it stands in a CRL: OpenSSL's index says three reasons with what follows them in words of its own.
    fn entry(&self, serial: &SerialNumber) -> RevokedEntry {
        let plain = RevokedEntry { serial: serial.clone(), revoked_at: self.at, reason: None, invalidity_date: None, hold_instruction: None };
        let time = || self.extra.as_deref().and_then(parse_time);
        match self.reason.as_deref() {
            Some("keyTime") => RevokedEntry { reason: Some(RevocationReason::KeyCompromise), invalidity_date: time(), ..plain },
            Some("CAkeyTime") => RevokedEntry { reason: Some(RevocationReason::CaCompromise), invalidity_date: time(), ..plain },
            Some("holdInstruction") => {
                let hold_instruction = self.extra.as_deref().and_then(hold_instruction);
                RevokedEntry { reason: Some(RevocationReason::CertificateHold), hold_instruction, ..plain }
            }
            // Only a delta CRL may say that an entry is gone (RFC 5280 §5.3.1).
            Some(name) => RevokedEntry { reason: RevocationReason::parse(name).filter(|reason| *reason != RevocationReason::RemoveFromCrl), ..plain },
            None => plain,
        }
    }

    fn to_column(&self) -> String {
        let parts = [Some(format_time(self.at)), self.reason.clone(), self.extra.clone()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(",")
    }
}

/// Splits at tabs into six columns; TXT_DB puts a backslash before a tab that belongs to a column. Otherwise the number of
/// columns is the error. Copies a column only where a backslash goes: an index may have a million lines.
fn split_columns(line: &str) -> Result<[Cow<'_, str>; 6], usize> {
    let mut columns = [const { Cow::Borrowed("") }; 6];
    let (mut found, mut rest) = (0, Some(line));
    while let Some(text) = rest {
        let (column, after) = match column_end(text) {
            Some(end) => (&text[..end], Some(&text[end + 1..])),
            None => (text, None),
        };
        if let Some(place) = columns.get_mut(found) {
            *place = if column.contains('\t') { Cow::Owned(column.replace("\\\t", "\t")) } else { Cow::Borrowed(column) };
        }
        (found, rest) = (found + 1, after);
    }
    if found == columns.len() { Ok(columns) } else { Err(found) }
}

/// The first tab that ends a column.
fn column_end(text: &str) -> Option<usize> {
    memchr::memchr_iter(b'\t', text.as_bytes()).find(|tab| !text[..*tab].ends_with('\\'))
}

fn parse_revocation(column: &str) -> Result<Option<Revocation>, String> {
    let mut parts = column.splitn(3, ',').map(str::to_owned);
    match parts.next().filter(|at| !at.is_empty()) {
        None => Ok(None),
        Some(at) => {
            let at = parse_time(&at).ok_or("its third column is no date")?;
            Ok(Some(Revocation { at, reason: parts.next(), extra: parts.next() }))
        }
    }
}

/// `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ`, as ASN.1 has times. Read digit by digit: an index may have a million of them.
fn parse_time(text: &str) -> Option<OffsetDateTime> {
    let (year, rest) = match text.len() {
        13 => {
            let year = digits(text.get(..2)?)?;
            (if year < 50 { 2000 + year } else { 1900 + year }, text.get(2..)?)
        }
        15 => (digits(text.get(..4)?)?, text.get(4..)?),
        _ => return None,
    };
    let pair = |at: usize| rest.get(at..at + 2).and_then(digits).and_then(|number| u8::try_from(number).ok());
    if rest.get(10..) != Some("Z") {
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

fn digits(text: &str) -> Option<i32> {
    text.bytes().all(|octet| octet.is_ascii_digit()).then(|| text.parse().ok())?
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
            let record = Record::parse(line.trim_end()).expect(line);
            assert_eq!(record.to_line(), line);
        }
    }

    #[test]
    fn tab_after_a_backslash_belongs_to_its_column() {
        let line = "V\t361031201500Z\t\t0A\tunknown\t/CN=a\\\tb\\c\\\t\n";
        let record = Record::parse(line.trim_end_matches('\n')).expect("six columns");
        assert_eq!(record.subject, "/CN=a\tb\\c\t");
        assert_eq!(record.to_line(), line);
        assert!(Record::parse("V\t361031201500Z\t\t0A\\\tunknown\t/CN=x").unwrap_err().contains("5 found"));
        assert!(Record::parse("V\t361031201500Z\t\t0A\tunknown\t/CN=x\ty").unwrap_err().contains("7 found"));
    }

    #[test]
    fn two_digit_years_end_in_2049() {
        assert_eq!(format_time(datetime!(2049-12-31 23:59:59 UTC)), "491231235959Z");
        assert_eq!(format_time(datetime!(2050-01-01 00:00:00 UTC)), "20500101000000Z");
        assert_eq!(parse_time("491231235959Z"), Some(datetime!(2049-12-31 23:59:59 UTC)));
        assert_eq!(parse_time("500101000000Z"), Some(datetime!(1950-01-01 00:00:00 UTC)));
    }

    #[test]
    fn damaged_lines_say_what_is_wrong() {
        assert!(Record::parse("").unwrap_err().contains("columns"));
        assert!(Record::parse("X\t361031201500Z\t\t0A\tunknown\t/CN=x").unwrap_err().contains("first column"));
        assert!(Record::parse("V\t361331201500Z\t\t0A\tunknown\t/CN=x").unwrap_err().contains("second column"));
        assert!(Record::parse("V\t+61031201500Z\t\t0A\tunknown\t/CN=x").unwrap_err().contains("second column"));
        assert!(Record::parse("V\tsoon\t\t0A\tunknown\t/CN=x").unwrap_err().contains("second column"));
        assert!(Record::parse("V\t361031201500Z\t\t../0A\tunknown\t/CN=x").unwrap_err().contains("fourth column"));
    }
}
