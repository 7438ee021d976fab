//! `ca_conf/.hosts.idx` as a file: sorted entries of one size in pages, each with its own digest, because the file is written
//! without waiting for the disk, and after a power failure any page of it may hold zeros.
//!
//! The first page is the header: magic, number of entries, how far `ca.db` is covered and what was in it. The others hold the entries.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::files::{TEMPORARY_PREFIX, open_own, parent_of};
use gsec_pki::key::sha256;
use gsec_pki::x509::{MAX_SERIAL_BYTES, SerialNumber};

/// The start of the header; the number counts the versions of the format.
const MAGIC: &[u8; 16] = b"gsec-hosts-idx/5";
/// Bytes of a page.
const PAGE_OCTETS: usize = 4096;
/// Bytes of the digest in front of each page.
const DIGEST_OCTETS: usize = 8;
/// A serial number: its length in bytes, and the bytes.
const SERIAL_OCTETS: usize = 1 + MAX_SERIAL_BYTES + 1;
/// An entry: the key of a name, the offset of a line, a serial number.
const ENTRY_OCTETS: usize = 8 + 8 + SERIAL_OCTETS;
/// Entries of a page.
const ENTRIES_OF_PAGE: usize = (PAGE_OCTETS - DIGEST_OCTETS) / ENTRY_OCTETS;

type Page = [u8; PAGE_OCTETS];

/// One name of one certificate. Sorts by key, then by offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Entry([u8; ENTRY_OCTETS]);

impl Entry {
    pub(super) fn new(key: u64, offset: u64, serial: &SerialNumber) -> Self {
        let mut octets = [0; ENTRY_OCTETS];
        octets[..8].copy_from_slice(&key.to_be_bytes());
        octets[8..16].copy_from_slice(&offset.to_be_bytes());
        octets[16..].copy_from_slice(&serial_field(serial));
        Self(octets)
    }

    pub(super) fn key(&self) -> u64 {
        number_at(&self.0, 0)
    }

    /// Where the line was when the entry was made.
    pub(super) fn offset(&self) -> u64 {
        number_at(&self.0, 8)
    }

    pub(super) fn serial(&self) -> SerialNumber {
        read_serial_field(&self.0[16..])
    }
}

/// How far the index is covered: up to and including this line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Coverage {
    /// Serial number of the line.
    pub(super) serial: SerialNumber,
    /// Its offset when it was covered.
    pub(super) offset: u64,
    /// Digest of what never changes in the line, to tell it from one of another index.
    pub(super) identity: u64,
    /// By how many bytes lines may have moved, at most, since the oldest of the entries was made.
    pub(super) drift: u64,
    /// How many records are covered.
    pub(super) records: u64,
    /// The sum of what never changes in them ([`Coverage::identity`]): in another `ca.db`, or in one in which lines were put between
    /// others, it is another.
    pub(super) digest: u64,
    /// `ca.db` when this was last compared with it.
    pub(super) stamp: Stamp,
}

/// What identifies an unchanged file without reading it: device, inode, length, time of the last change of
/// its content, and of anything about it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Stamp([u64; 5]);

impl Stamp {
    #[cfg(unix)]
    pub(super) fn of(metadata: &std::fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        let nanoseconds = |seconds: i64, rest: i64| {
            seconds
                .wrapping_mul(1_000_000_000)
                .wrapping_add(rest)
                .cast_unsigned()
        };
        let content = nanoseconds(metadata.mtime(), metadata.mtime_nsec());
        Self([
            metadata.dev(),
            metadata.ino(),
            metadata.len(),
            content,
            nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
        ])
    }

    /// Elsewhere nothing says so much of a file: it is compared each time.
    #[cfg(not(unix))]
    pub(super) fn of(_metadata: &std::fs::Metadata) -> Self {
        Self::default()
    }

    /// What it is made of, to be compared.
    pub(super) fn numbers(self) -> [u64; 5] {
        self.0
    }

    /// Whether it says anything.
    pub(super) fn is_known(&self) -> bool {
        *self != Self::default()
    }
}

/// Those of a name with its kind, `dns:db1.example.com`, in whatever case it is written.
pub(super) fn digest_of_name(name: &str) -> u64 {
    digest(name.to_ascii_lowercase().as_bytes())
}

/// The first 64 bits of SHA-256.
pub(super) fn digest(octets: &[u8]) -> u64 {
    number_at(&sha256(octets), 0)
}

/// An open cache whose header is sound.
pub(super) struct SortedPages {
    file: File,
    entries: u64,
    pub(super) covered: Coverage,
}

/// The bytes are not those that were written.
pub(super) struct DamagedPage;

impl SortedPages {
    /// Opens a cache; `None` when there is none, or it is damaged, cut short, of another version or no regular file.
    pub(super) fn open(path: &Path) -> Option<Self> {
        Self::read(open_own(OpenOptions::new().read(true), path, "read").ok()?).ok()
    }

    fn read(file: File) -> Result<Self, DamagedPage> {
        let length = file.metadata().map_err(|_| DamagedPage)?.len();
        let header = page_at(&file, 0)?;
        let fields = &header[DIGEST_OCTETS..];
        let (magic, fields) = fields.split_at(MAGIC.len());
        let [entries, offset, identity, drift, records, digest] =
            [0, 8, 16, 24, 32, 40].map(|at| number_at(fields, at));
        let stamp = Stamp([48, 56, 64, 72, 80].map(|at| number_at(fields, at)));
        let is_sound = magic == MAGIC
            && pages_of(entries)
                .checked_add(1)
                .and_then(|pages| pages.checked_mul(PAGE_OCTETS as u64))
                == Some(length);
        let covered = Coverage {
            serial: read_serial_field(&fields[88..]),
            offset,
            identity,
            drift,
            records,
            digest,
            stamp,
        };
        if is_sound {
            Ok(Self {
                file,
                entries,
                covered,
            })
        } else {
            Err(DamagedPage)
        }
    }

    /// The entries of a key, by offset.
    pub(super) fn find(&self, key: u64) -> Result<Vec<Entry>, DamagedPage> {
        let (mut low, mut high) = (0, pages_of(self.entries));
        // The first page whose last entry has the key or a greater one.
        while low < high {
            let middle = low + (high - low) / 2;
            let is_before = self
                .entries_of(middle)?
                .last()
                .is_some_and(|last| last.key() < key);
            (low, high) = if is_before {
                (middle + 1, high)
            } else {
                (low, middle)
            };
        }
        let mut found = Vec::new();
        for number in low..pages_of(self.entries) {
            let entries = self.entries_of(number)?;
            found.extend(entries.iter().filter(|entry| entry.key() == key));
            if entries.last().is_none_or(|last| last.key() != key) {
                break;
            }
        }
        Ok(found)
    }

    /// Writes anew what the header says of the file that is covered; one that cannot be written is compared again the next time.
    pub(super) fn restamp(&self, path: &Path, covered: Coverage) {
        let written = open_own(OpenOptions::new().write(true), path, "write")
            .ok()
            .filter(|file| is_same_file(&self.file, file));
        if let Some(file) = written {
            let _ = PageWriter::new(&file).write_header(self.entries, &covered);
        }
    }

    /// Whether every page is as it was written.
    pub(super) fn is_sound(&self) -> bool {
        self.all()
            .is_ok_and(|mut entries| entries.all(|entry| entry.is_ok()))
    }

    /// The entries of a page; the first after the header is page 0.
    fn entries_of(&self, number: u64) -> Result<Vec<Entry>, DamagedPage> {
        let page = page_at(&self.file, number.saturating_add(1))?;
        Ok(self.entries_in(&page, number))
    }

    fn entries_in(&self, page: &Page, number: u64) -> Vec<Entry> {
        let before = number.saturating_mul(ENTRIES_OF_PAGE as u64);
        let here = usize::try_from(self.entries.saturating_sub(before))
            .unwrap_or(usize::MAX)
            .min(ENTRIES_OF_PAGE);
        page[DIGEST_OCTETS..]
            .chunks_exact(ENTRY_OCTETS)
            .take(here)
            .filter_map(|octets| octets.try_into().ok().map(Entry))
            .collect()
    }

    /// All entries in order, to be merged with others.
    fn all(&self) -> io::Result<impl Iterator<Item = io::Result<Entry>>> {
        (&self.file).seek(SeekFrom::Start(PAGE_OCTETS as u64))?;
        let mut reader = BufReader::with_capacity(64 * PAGE_OCTETS, &self.file);
        let pages = (0..pages_of(self.entries)).map(move |number| {
            let mut page = [0; PAGE_OCTETS];
            reader.read_exact(&mut page)?;
            expect_digest(&page, number + 1)
                .map_err(|DamagedPage| io::Error::from(io::ErrorKind::InvalidData))?;
            Ok(self.entries_in(&page, number))
        });
        Ok(pages.flat_map(|page: io::Result<Vec<Entry>>| {
            let (entries, error) = match page {
                Ok(entries) => (entries, None),
                Err(error) => (Vec::new(), Some(Err(error))),
            };
            entries.into_iter().map(Ok).chain(error)
        }))
    }
}

/// Writes a cache of the entries of an old one, without those that are `gone`, and of new ones, which are sorted, in place of whatever
/// has the path. Nothing is made durable: it is a cache.
///
/// # Errors
/// As the operating system says; [`io::ErrorKind::InvalidData`] when the old one is damaged.
pub(super) fn merge(
    path: &Path,
    old: Option<&SortedPages>,
    new: &[Entry],
    gone: &HashSet<Entry>,
    covered: Coverage,
) -> io::Result<SortedPages> {
    let kept = old.map_or(0, |old| old.entries).saturating_sub(gone.len() as u64);
    let entries = kept.saturating_add(new.len() as u64);
    let folder = parent_of(path);
    // Mode 0600 from the first moment, as tempfile makes files.
    let temporary = tempfile::Builder::new()
        .prefix(TEMPORARY_PREFIX)
        .suffix(".tmp")
        .tempfile_in(folder)?;
    crate::files::set_mode_and_owner(temporary.as_file(), folder, crate::files::PRIVATE_MODE)?;
    let mut writer = PageWriter::new(temporary.as_file());
    writer.write_header(entries, &covered)?;
    let mut new = new.iter().copied().peekable();
    if let Some(old) = old {
        for entry in old.all()? {
            let entry = entry?;
            if gone.contains(&entry) {
                continue;
            }
            while let Some(earlier) = new.next_if(|new| *new < entry) {
                writer.push(earlier)?;
            }
            writer.push(entry)?;
        }
    }
    new.try_for_each(|entry| writer.push(entry))?;
    writer.finish()?;
    let file = temporary.persist(path).map_err(|refused| refused.error)?;
    Ok(SortedPages {
        file,
        entries,
        covered,
    })
}

#[cfg(unix)]
pub(super) fn is_same_file(one: &File, other: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |file: &File| {
        file.metadata()
            .map(|metadata| (metadata.dev(), metadata.ino()))
            .ok()
    };
    place(one).is_some() && place(one) == place(other)
}

#[cfg(not(unix))]
pub(super) fn is_same_file(_one: &File, _other: &File) -> bool {
    false
}

/// Fills pages with entries.
struct PageWriter<'a> {
    out: BufWriter<&'a File>,
    page: Page,
    filled: usize,
    number: u64,
}

impl<'a> PageWriter<'a> {
    fn new(file: &'a File) -> Self {
        Self {
            out: BufWriter::with_capacity(64 * PAGE_OCTETS, file),
            page: [0; PAGE_OCTETS],
            filled: DIGEST_OCTETS,
            number: 0,
        }
    }

    fn write_header(&mut self, entries: u64, covered: &Coverage) -> io::Result<()> {
        let numbers = [
            entries,
            covered.offset,
            covered.identity,
            covered.drift,
            covered.records,
            covered.digest,
        ];
        self.put(MAGIC);
        numbers
            .iter()
            .chain(&covered.stamp.0)
            .for_each(|number| self.put(&number.to_be_bytes()));
        self.put(&serial_field(&covered.serial));
        self.end_page()
    }

    fn push(&mut self, entry: Entry) -> io::Result<()> {
        self.put(&entry.0);
        if self.filled + ENTRY_OCTETS > PAGE_OCTETS {
            self.end_page()
        } else {
            Ok(())
        }
    }

    fn put(&mut self, octets: &[u8]) {
        self.page[self.filled..self.filled + octets.len()].copy_from_slice(octets);
        self.filled += octets.len();
    }

    fn end_page(&mut self) -> io::Result<()> {
        let digest = page_digest(&self.page, self.number);
        self.page[..DIGEST_OCTETS].copy_from_slice(&digest.to_be_bytes());
        self.out.write_all(&self.page)?;
        (self.page, self.filled, self.number) = ([0; PAGE_OCTETS], DIGEST_OCTETS, self.number + 1);
        Ok(())
    }

    fn finish(mut self) -> io::Result<()> {
        if self.filled > DIGEST_OCTETS {
            self.end_page()?;
        }
        self.out.flush()
    }
}

/// Pages that so many entries take, without the header.
fn pages_of(entries: u64) -> u64 {
    entries.div_ceil(ENTRIES_OF_PAGE as u64)
}

fn page_at(mut file: &File, number: u64) -> Result<Page, DamagedPage> {
    let mut page = [0; PAGE_OCTETS];
    let start = number.checked_mul(PAGE_OCTETS as u64).ok_or(DamagedPage)?;
    file.seek(SeekFrom::Start(start))
        .and_then(|_| file.read_exact(&mut page))
        .map_err(|_| DamagedPage)?;
    expect_digest(&page, number)?;
    Ok(page)
}

fn expect_digest(page: &Page, number: u64) -> Result<(), DamagedPage> {
    if number_at(page, 0) == page_digest(page, number) {
        Ok(())
    } else {
        Err(DamagedPage)
    }
}

/// The number of the page is digested with it, so that no page is taken for another.
fn page_digest(page: &Page, number: u64) -> u64 {
    let mut octets = *page;
    octets[..DIGEST_OCTETS].copy_from_slice(&number.to_be_bytes());
    digest(&octets)
}

fn serial_field(serial: &SerialNumber) -> [u8; SERIAL_OCTETS] {
    let content = serial.content();
    // A record's serial number has at most 20 bytes, and a zero byte in front.
    let length = content.len().min(SERIAL_OCTETS - 1);
    let mut field = [0; SERIAL_OCTETS];
    field[0] = u8::try_from(length).unwrap_or(0);
    field[1..=length].copy_from_slice(&content[..length]);
    field
}

fn read_serial_field(field: &[u8]) -> SerialNumber {
    let length = field.first().map_or(0, |length| usize::from(*length));
    SerialNumber::from_content(field.get(1..=length).unwrap_or_default())
}

/// The 8-byte number at a place.
fn number_at(octets: &[u8], at: usize) -> u64 {
    let octets = octets.get(at..at + 8).and_then(|octets| octets.try_into().ok());
    octets.map_or(0, u64::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serial(number: u64) -> SerialNumber {
        SerialNumber::parse_hex(&format!("{number:X}")).expect("a number")
    }

    fn covered(number: u64) -> Coverage {
        Coverage {
            serial: serial(number),
            offset: 7 * number,
            identity: 3,
            drift: 4,
            records: 5,
            digest: 6,
            stamp: Stamp([1, 2, 3, 4, 5]),
        }
    }

    /// Entries of the keys 0, 10, 20, …: three of each.
    fn entries(from: u64, to: u64) -> Vec<Entry> {
        (from..to)
            .map(|number| Entry::new(number / 3 * 10, number, &serial(number)))
            .collect()
    }

    fn found(pages: &SortedPages, key: u64) -> Vec<u64> {
        pages
            .find(key)
            .ok()
            .expect("sound")
            .iter()
            .map(Entry::offset)
            .collect()
    }

    #[test]
    fn every_key_is_found_in_what_was_merged() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("idx");
        let (odd, even): (Vec<Entry>, Vec<Entry>) = entries(0, 3000)
            .into_iter()
            .partition(|entry| entry.offset() % 2 == 1);
        let first = merge(&path, None, &odd, &HashSet::new(), covered(1)).expect("written");
        merge(&path, Some(&first), &even, &HashSet::new(), covered(0xFF)).expect("merged");
        let pages = SortedPages::open(&path).expect("sound");
        assert_eq!(pages.covered, covered(0xFF));
        for group in 0..1000 {
            assert_eq!(
                found(&pages, group * 10),
                [group * 3, group * 3 + 1, group * 3 + 2],
                "{group}"
            );
            assert_eq!(found(&pages, group * 10 + 5), Vec::<u64>::new());
        }
        let entry = pages.find(10).ok().expect("sound")[0];
        assert_eq!((entry.serial(), entry.offset()), (serial(3), 3));
        assert_eq!(
            std::fs::read_dir(folder.path()).expect("list").count(),
            1,
            "no temporary file stays"
        );
    }

    #[test]
    fn key_of_more_entries_than_a_page_holds_is_found_whole() {
        let folder = tempfile::tempdir().expect("folder");
        let entries: Vec<Entry> = (0..500)
            .map(|number| Entry::new(number / 400, number, &serial(number)))
            .collect();
        let pages = merge(
            &folder.path().join("idx"),
            None,
            &entries,
            &HashSet::new(),
            covered(1),
        )
        .expect("written");
        assert_eq!(found(&pages, 0).len(), 400);
        assert_eq!(found(&pages, 1).len(), 100);
    }

    #[test]
    fn entries_that_are_gone_are_left_out_and_a_new_stamp_is_read_back() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("idx");
        let first = merge(&path, None, &entries(0, 300), &HashSet::new(), covered(1)).expect("written");
        let gone = HashSet::from([entries(0, 300)[4]]);
        let second = merge(&path, Some(&first), &[], &gone, covered(2)).expect("merged");
        assert_eq!(
            (found(&second, 10), found(&second, 20)),
            (vec![3, 5], vec![6, 7, 8])
        );
        second.restamp(
            &path,
            Coverage {
                stamp: Stamp([9; 5]),
                ..covered(2)
            },
        );
        let read = SortedPages::open(&path).expect("sound");
        assert_eq!((read.covered.stamp, read.is_sound()), (Stamp([9; 5]), true));
        first.restamp(&path, covered(3));
        assert_eq!(
            SortedPages::open(&path).expect("sound").covered.stamp,
            Stamp([9; 5]),
            "another file has the name"
        );
    }

    #[test]
    fn damage_is_noticed_wherever_it_is() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("idx");
        merge(&path, None, &entries(0, 500), &HashSet::new(), covered(1)).expect("written");
        let sound = std::fs::read(&path).expect("read");
        for at in (0..sound.len()).step_by(97) {
            let mut damaged = sound.clone();
            damaged[at] ^= 1;
            std::fs::write(&path, &damaged).expect("write");
            let notices = SortedPages::open(&path).is_none_or(|pages| {
                merge(
                    &folder.path().join("other"),
                    Some(&pages),
                    &[],
                    &HashSet::new(),
                    covered(2),
                )
                .is_err()
            });
            assert!(notices, "octet {at}");
        }
        let swapped = [
            &sound[..4096],
            &sound[8192..12288],
            &sound[4096..8192],
            &sound[12288..],
        ]
        .concat();
        for content in [
            &[][..],
            &sound[..100],
            &sound[..8192],
            &vec![0; sound.len()],
            &swapped,
        ] {
            std::fs::write(&path, content).expect("write");
            assert!(SortedPages::open(&path).is_none_or(|pages| pages.find(10).is_err()));
        }
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_reads_it_and_a_link_in_its_place_is_replaced() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("folder");
        let (path, target) = (folder.path().join("idx"), folder.path().join("target"));
        std::fs::write(&target, "kept").expect("write");
        std::os::unix::fs::symlink(&target, &path).expect("link");
        assert!(SortedPages::open(&path).is_none());
        merge(&path, None, &entries(0, 5), &HashSet::new(), covered(1)).expect("written");
        let metadata = path.symlink_metadata().expect("metadata");
        assert_eq!(
            (metadata.is_file(), metadata.permissions().mode() & 0o7777),
            (true, 0o600)
        );
        assert_eq!(std::fs::read(&target).expect("read"), b"kept");
    }
}
