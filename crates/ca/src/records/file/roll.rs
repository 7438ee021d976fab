//! All of `ca.db`, read once, for queries about any number of serial numbers.

use std::cell::{Cell, RefCell};
use std::hash::{BuildHasher, RandomState};
use std::io::{BufReader, Seek, SeekFrom};

use super::index::{IndexSnapshot, Line, Lines};
use crate::home::{CaDir, StoreError};
use crate::records::{DamagedLine, Record};
use gsec_pki::x509::SerialNumber;

/// Where the record of a serial number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    digest: u64,
    line: u64,
    offset: u64,
}

/// Where each serial number is in `ca.db`, as it was when it was read: 24 bytes a record.
pub struct SerialRoll {
    snapshot: IndexSnapshot,
    digests: RandomState,
    /// In the order of the index, and of the digests from the second question on: most calls ask once, and looking through all takes a
    /// fraction of the time of sorting them.
    places: RefCell<Vec<Place>>,
    is_asked: Cell<bool>,
    is_sorted: Cell<bool>,
    unreadable: Option<DamagedLine>,
}

impl SerialRoll {
    /// Reads the index from start to end.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn read(ca_dir: &CaDir) -> Result<Self, StoreError> {
        let mut roll = Self {
            snapshot: IndexSnapshot::open(ca_dir)?,
            digests: RandomState::new(),
            places: RefCell::default(),
            is_asked: Cell::default(),
            is_sorted: Cell::default(),
            unreadable: None,
        };
        let (mut places, mut unreadable) = (Vec::new(), None);
        let mut place = |line: &Line<'_>, serial: &SerialNumber| {
            places.push(Place {
                digest: roll.digests.hash_one(serial),
                line: line.number,
                offset: line.offset,
            });
        };
        roll.snapshot.visit(&mut |line| {
            // Most lines are of valid certificates, and need not be read to their end.
            if let Some(serial) = line.plain_serial() {
                place(line, &serial);
                return Ok(());
            }
            match line.entry() {
                Some(Ok(record)) => place(line, &record.serial),
                Some(Err(found)) if found.is_revocation && unreadable.is_none() => {
                    unreadable = Some(DamagedLine::of(line.number, found))
                }
                _ => {}
            }
            Ok(())
        })?;
        (roll.places, roll.unreadable) = (places.into(), unreadable);
        Ok(roll)
    }

    /// A line that says, or may say, that an unknown certificate is revoked.
    pub fn unreadable_line(&self) -> Option<StoreError> {
        let DamagedLine { line, problem, .. } = self.unreadable.clone()?;
        Some(StoreError::RevocationUnreadable {
            path: self.snapshot.path().to_owned(),
            line,
            problem,
        })
    }

    /// Every record of a serial number with the number of its line, in the order of the index. More than one is a fault of the index.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn in_index(&self, serial: &SerialNumber) -> Result<Vec<(u64, Record)>, StoreError> {
        let places = self.places_of(self.digests.hash_one(serial)).into_iter();
        let records = places.map(|place| Ok(self.record_at(&place)?.map(|record| (place.line, record))));
        let records: Vec<Option<(u64, Record)>> = records.collect::<Result<_, StoreError>>()?;
        Ok(records
            .into_iter()
            .flatten()
            .filter(|(_, record)| record.serial == *serial)
            .collect())
    }

    fn places_of(&self, digest: u64) -> Vec<Place> {
        let mut places = self.places.borrow_mut();
        if !self.is_asked.replace(true) {
            return places
                .iter()
                .filter(|place| place.digest == digest)
                .copied()
                .collect();
        }
        if !self.is_sorted.replace(true) {
            places.sort_unstable();
        }
        let first = places.partition_point(|place| place.digest < digest);
        let same = places[first..].iter().take_while(|place| place.digest == digest);
        same.copied().collect()
    }

    fn record_at(&self, place: &Place) -> Result<Option<Record>, StoreError> {
        let cannot = || StoreError::io("read", self.snapshot.path());
        let mut file = self.snapshot.file();
        file.seek(SeekFrom::Start(place.offset)).map_err(cannot())?;
        let mut lines = Lines::new(BufReader::new(file), place.offset);
        Ok(lines.next().map_err(cannot())?.and_then(|line| line.record()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_a_serial_number_is_found_whatever_is_around_it() {
        let folder = tempfile::tempdir().expect("folder");
        let ca_dir = CaDir::at(folder.path());
        std::fs::create_dir(ca_dir.conf()).expect("ca_conf");
        let row = |serial: &str, name: &str| format!("V\t361031201500Z\t\t{serial}\tunknown\t/CN={name}\n");
        let index = [
            row("01", "a"),
            "# note\n".into(),
            row("02", "b"),
            row("1", "c"),
            "\n".into(),
            row("03", "d"),
        ]
        .concat();
        std::fs::write(ca_dir.index(), index).expect("ca.db");
        let roll = SerialRoll::read(&ca_dir).expect("read");
        let found = |serial: &str| {
            let records = roll
                .in_index(&SerialNumber::parse_hex(serial).expect("a number"))
                .expect("read");
            records
                .into_iter()
                .map(|(line, record)| (line, record.subject))
                .collect::<Vec<_>>()
        };
        assert_eq!(found("01"), [(1, "/CN=a".to_owned()), (4, "/CN=c".to_owned())]);
        assert_eq!(found("03"), [(6, "/CN=d".to_owned())]);
        assert_eq!(found("04"), []);
        assert!(roll.unreadable_line().is_none());
    }
}
