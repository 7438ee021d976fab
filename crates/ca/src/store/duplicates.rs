//! Serial numbers that stand in `ca.db` more than once: which line holds, and making comments of the others.

use std::collections::{BTreeMap, HashSet};

use super::index::{Edit, IndexSnapshot, Line, StagedIndex};
use super::{AuditEntry, AuditStamp, Commit, Record, RecordStatus, Revocation, StoreError};
use gsec_pki::x509::SerialNumber;

/// What the lines of one serial number say together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// The number of the line that holds: the last of those with the strongest reason for revocation, else the last.
    pub line: u64,
    /// Its record; a revoked one has the earliest date of all.
    pub record: Record,
}

/// Joins the records of one serial number, each with the number of its line; `None` without any. Where one of them revokes it, it is revoked.
pub fn joined(lines: &[(u64, Record)]) -> Option<Joined> {
    let revoked = |record: &Record| record.revocation.clone().filter(|_| record.status == RecordStatus::Revoked);
    let weight = |record: &Record| (record.status == RecordStatus::Revoked, revoked(record).map(|revocation| revocation.weight()));
    let (line, record) = lines.iter().max_by_key(|(line, record)| (weight(record), *line))?;
    let all = lines.iter().filter_map(|(_, record)| revoked(record)).reduce(|one, other| one.joined(&other));
    let revocation = match (&record.revocation, all) {
        // What follows the reason goes with the reason.
        (Some(kept), Some(all)) if record.status == RecordStatus::Revoked => Some(Revocation { at: all.at, ..kept.clone() }),
        (kept, _) => kept.clone(),
    };
    Some(Joined { line: *line, record: Record { revocation, ..record.clone() } })
}

impl Commit<'_> {
    /// Leaves one line of each serial number that stands in `ca.db` more than once ([`joined`]), and makes comments of the others, so that
    /// nothing of what they say is lost. A serial number that has a line which is damaged is left as it is. Returns what was joined.
    ///
    /// # Errors
    /// [`StoreError`]; then `ca.db` is as it was.
    pub fn join_duplicates(&self, stamp: &AuditStamp<'_>) -> Result<Vec<SerialNumber>, StoreError> {
        let snapshot = IndexSnapshot::open(self.ca_dir())?;
        let (edits, serials) = planned(&snapshot)?;
        if serials.is_empty() {
            return Ok(serials);
        }
        let mut staged = StagedIndex::copy(self.ca_dir(), &snapshot, &edits)?;
        let entries: Vec<AuditEntry> = serials.iter().map(|serial| AuditEntry::new("doctor.fix").about(serial).with("file", "ca.db")).collect();
        self.announce(&entries, stamp)?;
        self.expect_lock()?;
        // `openssl ca` takes no lock.
        if !staged.catch_up()? {
            return Err(StoreError::IndexDamaged { path: self.ca_dir().index(), problem: "another program replaced it meanwhile".into() });
        }
        staged.publish(self.ca_dir())?;
        Ok(serials)
    }
}

/// What is to be changed, in the order of the index, and about which serial numbers.
fn planned(snapshot: &IndexSnapshot) -> Result<(Vec<Edit>, Vec<SerialNumber>), StoreError> {
    let repeated = repeated(snapshot)?;
    let mut lines: BTreeMap<String, Vec<(u64, Record)>> = BTreeMap::new();
    let mut damaged = HashSet::new();
    visit_records(snapshot, &mut |line, record| {
        if repeated.contains(&record.serial) {
            if !line.is_alone() || record.is_flawed() {
                damaged.insert(record.serial.clone());
            }
            lines.entry(record.serial.to_string()).or_default().push((line.number, record));
        }
    })?;
    let (mut edits, mut serials) = (Vec::new(), Vec::new());
    let joined: BTreeMap<String, Joined> = lines.iter().filter_map(|(serial, lines)| Some((serial.clone(), joined(lines)?))).collect();
    visit_records(snapshot, &mut |line, record| {
        let Some(joined) = joined.get(&record.serial.to_string()).filter(|_| !damaged.contains(&record.serial)) else { return };
        if joined.line == line.number {
            edits.extend(Edit::of_line(line, &record, &joined.record));
            serials.push(record.serial);
        } else {
            edits.push(Edit { start: line.offset, length: 0, bytes: b"#".to_vec() });
        }
    })?;
    Ok((edits, serials))
}

fn repeated(snapshot: &IndexSnapshot) -> Result<HashSet<SerialNumber>, StoreError> {
    let (mut seen, mut repeated) = (HashSet::new(), HashSet::new());
    visit_records(snapshot, &mut |_, record| {
        if !seen.insert(record.serial.clone()) {
            repeated.insert(record.serial);
        }
    })?;
    Ok(repeated)
}

fn visit_records(snapshot: &IndexSnapshot, visit: &mut dyn FnMut(&Line<'_>, Record)) -> Result<(), StoreError> {
    snapshot.visit(&mut |line| {
        if let Some(record) = line.record() {
            visit(line, record);
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(line: &str) -> Record {
        Record::decode(line.as_bytes()).expect("a record")
    }

    fn columns(lines: &[&str]) -> (u64, String) {
        let lines: Vec<(u64, Record)> = lines.iter().zip(1..).map(|(line, number)| (number, record(line))).collect();
        let joined = joined(&lines).expect("there is one");
        (joined.line, joined.record.to_line().split('\t').nth(2).expect("a column").to_owned())
    }

    #[test]
    fn a_revoked_line_holds_with_the_strongest_reason_and_the_earliest_date() {
        let valid = "V\t361031201500Z\t\t01\tunknown\t/CN=a";
        let early = "R\t361031201500Z\t260101120000Z,superseded\t01\tunknown\t/CN=a";
        let strong = "R\t361031201500Z\t260201120000Z,keyCompromise\t01\tunknown\t/CN=a";
        let held = "R\t361031201500Z\t260301120000Z,certificateHold\t01\tunknown\t/CN=a";
        assert_eq!(columns(&[valid, valid]), (2, String::new()));
        assert_eq!(columns(&[early, valid]), (1, "260101120000Z,superseded".into()));
        assert_eq!(columns(&[held, valid]), (1, "260301120000Z,certificateHold".into()), "a hold is not taken back by a line beside it");
        assert_eq!(columns(&[strong, early, valid]), (1, "260101120000Z,keyCompromise".into()));
        assert_eq!(columns(&[early, strong]), (2, "260101120000Z,keyCompromise".into()));
    }
}
