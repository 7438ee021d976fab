//! A place in `ca.db` up to which it was read: whether anything came since is found out without reading what
//! precedes it.

use super::RecordFinder;
use crate::home::{CaDir, StoreError};
use crate::records::Record;
use gsec_pki::x509::SerialNumber;

/// So much of the end of the index is searched for its last record.
const TAIL_BYTES: u64 = 64 * 1024;

/// The end of `ca.db` as it was when it was read.
pub struct IndexPlace {
    ca_dir: CaDir,
    finder: RecordFinder,
    /// Bytes up to the end of the last record.
    end: u64,
    /// The last record's serial number; `None` where the tail held no record.
    last: Option<SerialNumber>,
}

impl IndexPlace {
    /// The place after the last record of the index as it is now. Reads at most the last 64 KiB.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn end_of(ca_dir: &CaDir) -> Result<Self, StoreError> {
        let mut finder = RecordFinder::open(ca_dir)?;
        let mut end = finder.length().saturating_sub(TAIL_BYTES);
        let mut last = None;
        for found in finder.records_from(end)? {
            let found = found?;
            if !found.is_whole {
                break;
            }
            end = found.end();
            last = Some(found.record.serial);
        }
        Ok(Self {
            ca_dir: ca_dir.clone(),
            finder,
            end,
            last,
        })
    }

    /// Visits each record that was appended since, and moves the place behind them. Returns whether the place was found: when
    /// another program replaced the index, it is found by its last record, and `false` says that this record is there no more.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn advance_in_index(&mut self, visit: &mut dyn FnMut(&Record)) -> Result<bool, StoreError> {
        let opened = RecordFinder::open(&self.ca_dir)?;
        self.advance_in(opened, visit)
    }

    /// Visits each record that was appended since, as long as the index is the same file. `false` says that it is another, or shorter; then
    /// the place is the end of that one.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub(super) fn follow(&mut self, visit: &mut dyn FnMut(&Record)) -> Result<bool, StoreError> {
        let opened = RecordFinder::open(&self.ca_dir)?;
        let is_same = opened.is_same_file_as(&self.finder) && opened.length() >= self.end;
        if !is_same {
            *self = Self::end_of(&self.ca_dir.clone())?;
            return Ok(false);
        }
        self.advance_in(opened, visit)
    }

    /// Whether the index was replaced is read from the file that is opened: its name may be another file's a moment later.
    fn advance_in(
        &mut self,
        mut finder: RecordFinder,
        visit: &mut dyn FnMut(&Record),
    ) -> Result<bool, StoreError> {
        let was_replaced = !finder.is_same_file_as(&self.finder);
        let start = match &self.last {
            Some(last) if was_replaced || finder.length() < self.end => {
                finder.find(last, Some(self.end))?.map(|found| found.end())
            }
            // A place without a record before it is the start of an index that was short, or is not known.
            None if was_replaced => (self.end == 0).then_some(0),
            _ => Some(self.end),
        };
        let Some(start) = start else {
            *self = Self::end_of(&self.ca_dir.clone())?;
            return Ok(false);
        };
        self.end = start;
        for found in finder.records_from(start)? {
            let found = found?;
            if !found.is_whole {
                break;
            }
            self.end = found.end();
            visit(&found.record);
            self.last = Some(found.record.serial);
        }
        self.finder = finder;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(serial: &str) -> String {
        format!("V\t361031201500Z\t\t{serial}\tunknown\t/CN=h{serial}.example.com\n")
    }

    fn came(place: &mut IndexPlace) -> (bool, Vec<String>) {
        let mut serials = Vec::new();
        let known = place
            .advance_in_index(&mut |record| serials.push(record.serial.to_string()))
            .expect("advance");
        (known, serials)
    }

    #[test]
    fn what_was_appended_since_is_visited_once_whoever_replaced_the_file() {
        let folder = tempfile::tempdir().expect("folder");
        let ca_dir = CaDir::at(folder.path());
        std::fs::create_dir(ca_dir.conf()).expect("ca_conf");
        let write = |text: &str| std::fs::write(ca_dir.index(), text).expect("write");
        write("");
        let mut place = IndexPlace::end_of(&ca_dir).expect("place");
        assert_eq!(came(&mut place), (true, vec![]));
        write(&[line("01"), line("02")].concat());
        assert_eq!(came(&mut place), (true, vec!["01".into(), "02".into()]));
        assert_eq!(came(&mut place), (true, vec![]));
        // As revoking does: another file, a longer line before the place.
        std::fs::remove_file(ca_dir.index()).expect("replaced");
        write(
            &[
                line("01")
                    .replacen("\t\t", "\t261121201500Z,superseded\t", 1)
                    .replacen('V', "R", 1),
                line("02"),
                line("03"),
            ]
            .concat(),
        );
        assert_eq!(came(&mut place), (true, vec!["03".into()]));
        std::fs::remove_file(ca_dir.index()).expect("replaced");
        write(&line("04"));
        assert_eq!(
            came(&mut place),
            (false, vec![]),
            "the last record is there no more"
        );
        assert_eq!(came(&mut place), (true, vec![]));
    }

    #[test]
    fn an_index_that_is_replaced_while_it_is_looked_at_hides_no_record() {
        let folder = tempfile::tempdir().expect("folder");
        let ca_dir = CaDir::at(folder.path());
        std::fs::create_dir(ca_dir.conf()).expect("ca_conf");
        let (index, kept) = (ca_dir.index(), folder.path().join("kept"));
        // As `unhold` does: the line before the place is shorter, and what comes after it begins before the place.
        let on_hold = line("01").replacen("\t\t", "\t261121201500Z,certificateHold\t", 1);
        std::fs::write(&index, on_hold.replacen('V', "R", 1)).expect("index");
        let mut place = IndexPlace::end_of(&ca_dir).expect("place");
        std::fs::rename(&index, &kept).expect("kept");
        std::fs::write(&index, [line("01"), line("02")].concat()).expect("replaced");
        let opened = RecordFinder::open(&ca_dir).expect("opened");
        std::fs::rename(&kept, &index).expect("the name is the first one's again");
        let mut serials = Vec::new();
        let is_known = place
            .advance_in(opened, &mut |record| serials.push(record.serial.to_string()))
            .expect("advance");
        assert_eq!((is_known, serials), (true, vec!["02".to_owned()]));
    }
}
