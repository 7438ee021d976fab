//! `audit.log`, read: line by line in bounded memory, and checked as a chain.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, Builder, Scope};

use crate::files::{FilesError, open_own};
use crate::home::{CaDir, StoreError, exists};
use crate::records::audit::chain::MAX_LINE_OCTETS;
use crate::records::{AuditLine, DecodedLine};

/// How much is read at once.
const BLOCK_OCTETS: usize = 256 * 1024;

/// The number of lines handed to a worker at once, and the most bytes.
const MAX_BATCH_LINES: usize = 2048;
const MAX_BATCH_OCTETS: usize = 1024 * 1024;

/// Streams the log; empty where there is none.
pub struct AuditReader {
    path: PathBuf,
    reader: Option<BufReader<File>>,
    number: u64,
}

impl AuditReader {
    /// Opens the log of a CA directory.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub fn open(ca_dir: &CaDir) -> Result<Self, StoreError> {
        let path = ca_dir.audit_log();
        let reader = if exists(&path)? {
            Some(BufReader::with_capacity(
                BLOCK_OCTETS,
                open_own(OpenOptions::new().read(true), &path, "read")?,
            ))
        } else {
            None
        };
        Ok(Self {
            path,
            reader,
            number: 0,
        })
    }

    /// Opens it at a place, and skips what is left of the line there.
    pub(super) fn open_at(ca_dir: &CaDir, offset: u64) -> Result<Self, StoreError> {
        let mut reader = Self::open(ca_dir)?;
        if let Some(file) = reader.reader.as_mut().filter(|_| offset > 0) {
            file.seek(SeekFrom::Start(offset))
                .map_err(StoreError::io("read", &reader.path))?;
            reader.read_line()?;
        }
        Ok(reader)
    }

    fn read_line(&mut self) -> Result<Option<AuditLine>, StoreError> {
        let Some(reader) = &mut self.reader else {
            return Ok(None);
        };
        let mut text = Vec::new();
        let read = reader
            .by_ref()
            .take(MAX_LINE_OCTETS)
            .read_until(b'\n', &mut text)
            .map_err(StoreError::io("read", &self.path))?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        let is_whole = text.last() == Some(&b'\n');
        if is_whole {
            text.pop();
        } else if read as u64 == MAX_LINE_OCTETS {
            return Err(StoreError::Files(FilesError::TooLarge {
                path: self.path.clone(),
                bound: MAX_LINE_OCTETS,
            }));
        }
        Ok(Some(AuditLine {
            number: self.number,
            text,
            is_whole,
        }))
    }
}

impl Iterator for AuditReader {
    type Item = Result<AuditLine, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read_line().transpose()
    }
}

/// A worker's two ends: lines go in, and come out decoded.
struct Decoder {
    lines: SyncSender<Vec<AuditLine>>,
    decoded: Receiver<Vec<DecodedLine>>,
}

impl Decoder {
    /// `None` where the system gives no thread.
    fn spawn<'scope>(scope: &'scope Scope<'scope, '_>) -> Option<Self> {
        let (lines, received) = sync_channel::<Vec<AuditLine>>(1);
        let (sender, decoded) = sync_channel(1);
        let work = move || {
            for batch in received {
                if sender
                    .send(batch.into_iter().map(DecodedLine::from).collect())
                    .is_err()
                {
                    break;
                }
            }
        };
        Builder::new()
            .spawn_scoped(scope, work)
            .ok()
            .map(|_| Self { lines, decoded })
    }
}

impl AuditReader {
    /// Reads all lines and hands them over in order, decoded on all cores: of a log of a million lines, hashing and decoding are
    /// nearly all the work.
    ///
    /// # Errors
    /// As of the lines themselves: [`StoreError::Files`].
    pub fn for_each_decoded(mut self, on: &mut dyn FnMut(DecodedLine)) -> Result<(), StoreError> {
        let mut batch = self.next_batch()?;
        if batch.len() < MAX_BATCH_LINES {
            // The whole of a short log, which no thread would make faster.
            while !batch.is_empty() {
                batch.into_iter().for_each(|line| on(line.into()));
                batch = self.next_batch()?;
            }
            return Ok(());
        }
        thread::scope(|scope| {
            let count = gsec_env::cores();
            let decoders: Vec<Decoder> = (0..count).map_while(|_| Decoder::spawn(scope)).collect();
            if decoders.is_empty() {
                batch.into_iter().for_each(|line| on(line.into()));
                return self.try_for_each(|line| line.map(|line| on(line.into())));
            }
            self.decode_in_turn(batch, &decoders, on)
        })
    }

    /// Gives batches to the decoders one after another, and takes them back in the same order.
    fn decode_in_turn(
        &mut self,
        mut batch: Vec<AuditLine>,
        decoders: &[Decoder],
        on: &mut dyn FnMut(DecodedLine),
    ) -> Result<(), StoreError> {
        let mut take_back = |decoder: &Decoder| {
            decoder
                .decoded
                .recv()
                .expect("a decoder gives back what it takes")
                .into_iter()
                .for_each(&mut *on)
        };
        let mut given = 0;
        while !batch.is_empty() {
            let decoder = &decoders[given % decoders.len()];
            if given >= decoders.len() {
                take_back(decoder);
            }
            decoder
                .lines
                .send(batch)
                .expect("a decoder takes what it is given");
            given += 1;
            batch = self.next_batch()?;
        }
        (given.saturating_sub(decoders.len())..given)
            .for_each(|turn| take_back(&decoders[turn % decoders.len()]));
        Ok(())
    }

    /// The next lines; none at the end.
    fn next_batch(&mut self) -> Result<Vec<AuditLine>, StoreError> {
        let (mut batch, mut octets) = (Vec::new(), 0);
        while batch.len() < MAX_BATCH_LINES && octets < MAX_BATCH_OCTETS {
            let Some(line) = self.read_line()? else { break };
            octets += line.text.len();
            batch.push(line);
        }
        Ok(batch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::audit::chain::first_lines;
    use crate::records::{AuditEntry, AuditStamp, BrokenLink, ChainCheck};

    fn chain(text: &str) -> Option<BrokenLink> {
        let folder = tempfile::tempdir().expect("folder");
        let ca_dir = CaDir::at(folder.path());
        std::fs::create_dir(ca_dir.conf()).expect("ca_conf");
        std::fs::write(ca_dir.audit_log(), text).expect("audit.log");
        let mut check = ChainCheck::default();
        AuditReader::open(&ca_dir)
            .expect("open")
            .for_each_decoded(&mut |line| check.follow(&line))
            .expect("lines");
        check.broken
    }

    fn three_lines() -> String {
        let entries = ["ca.init", "cert.issue", "cert.revoke"]
            .map(|action| AuditEntry::new(action).with("host", "db1"));
        first_lines(
            &entries,
            &AuditStamp {
                time: time::OffsetDateTime::UNIX_EPOCH,
                seal: None,
            },
        )
        .expect("lines")
        .text
    }

    #[test]
    fn a_chain_as_it_was_written_holds() {
        assert_eq!(chain(&three_lines()), None);
        assert_eq!(chain(""), None);
    }

    #[test]
    fn a_changed_a_missing_and_a_swapped_line_are_found() {
        let text = three_lines();
        let lines: Vec<&str> = text.lines().collect();
        let broken_at = |lines: &[&str]| chain(&format!("{}\n", lines.join("\n"))).map(|broken| broken.line);
        assert_eq!(
            broken_at(&[lines[0], &lines[1].replace("db1", "db2"), lines[2]]),
            Some(3)
        );
        assert_eq!(broken_at(&[lines[0], lines[2]]), Some(2));
        assert_eq!(broken_at(&[lines[1], lines[2]]), Some(1));
        assert_eq!(broken_at(&[lines[0], "{}", lines[1]]), Some(2));
        assert_eq!(
            broken_at(&lines[..2]),
            None,
            "a chain that was cut holds; only a head that was kept tells"
        );
    }

    #[test]
    fn a_log_of_many_batches_is_followed_in_order() {
        let entries: Vec<AuditEntry> = (0..3 * MAX_BATCH_LINES + 7)
            .map(|number| AuditEntry::new("cert.issue").with("serial", number.to_string()))
            .collect();
        let text = first_lines(
            &entries,
            &AuditStamp {
                time: time::OffsetDateTime::UNIX_EPOCH,
                seal: None,
            },
        )
        .expect("lines")
        .text;
        assert_eq!(chain(&text), None);
        let at = 2 * MAX_BATCH_LINES + 5;
        let cut: String = text
            .lines()
            .enumerate()
            .filter(|(index, _)| *index != at)
            .map(|(_, line)| format!("{line}\n"))
            .collect();
        assert_eq!(chain(&cut).map(|broken| broken.line), Some(at as u64 + 1));
    }
}
