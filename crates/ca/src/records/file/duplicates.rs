//! Serial numbers that appear in `ca.db` more than once: which line holds, and making comments of the others.

use std::collections::{BTreeMap, HashSet};

use super::Commit;
use super::index::{Edit, IndexSnapshot, Line, StagedIndex};
use crate::home::StoreError;
use crate::records::{AuditEntry, AuditStamp, Joined, Record, joined};
use gsec_pki::x509::SerialNumber;

impl Commit<'_> {
    /// Leaves one line of each serial number that appears in `ca.db` more than once ([`joined`]), and makes
    /// comments of the others, so that nothing of what they say is lost. A serial number that has a line
    /// which is damaged is left as it is. Returns what was joined.
    ///
    /// # Errors
    /// [`StoreError`]; then `ca.db` is as it was.
    pub fn join_duplicates(
        &self,
        audit: &AuditEntry,
        stamp: &AuditStamp<'_>,
    ) -> Result<Vec<SerialNumber>, StoreError> {
        let snapshot = IndexSnapshot::open(self.ca_dir())?;
        let (edits, serials) = planned(&snapshot)?;
        if serials.is_empty() {
            return Ok(serials);
        }
        let mut staged = StagedIndex::copy(self.ca_dir(), &snapshot, &edits)?;
        let entries: Vec<AuditEntry> = serials.iter().map(|serial| audit.clone().about(serial)).collect();
        self.announce(&entries, stamp)?;
        self.expect_lock()?;
        // `openssl ca` takes no lock.
        if !staged.catch_up()? {
            return Err(StoreError::IndexDamaged {
                path: self.ca_dir().index(),
                problem: "another program replaced it meanwhile".into(),
            });
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
            lines
                .entry(record.serial.to_string())
                .or_default()
                .push((line.number, record));
        }
    })?;
    let (mut edits, mut serials) = (Vec::new(), Vec::new());
    let joined: BTreeMap<String, Joined> = lines
        .iter()
        .filter_map(|(serial, lines)| Some((serial.clone(), joined(lines)?)))
        .collect();
    visit_records(snapshot, &mut |line, record| {
        let Some(joined) = joined
            .get(&record.serial.to_string())
            .filter(|_| !damaged.contains(&record.serial))
        else {
            return;
        };
        if joined.line == line.number {
            edits.extend(Edit::of_line(line, &record, &joined.record));
            serials.push(record.serial);
        } else {
            edits.push(Edit {
                start: line.offset,
                length: 0,
                bytes: b"#".to_vec(),
            });
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

fn visit_records(
    snapshot: &IndexSnapshot,
    visit: &mut dyn FnMut(&Line<'_>, Record),
) -> Result<(), StoreError> {
    snapshot.visit(&mut |line| {
        if let Some(record) = line.record() {
            visit(line, record);
        }
        Ok(())
    })
}
