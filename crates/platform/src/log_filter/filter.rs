//! Pieces of any size become lines, and lines are filtered.

use super::list::Machine;
use super::written::Rest;
use super::{Counts, Header, Settings};

/// The most CRs that end one line together, as text does that was converted twice.
const MAX_CRS: usize = 16;

/// A filter in the middle of a log.
pub struct LogFilter {
    settings: Settings,
    machine: Machine,
    /// The beginning of a line whose end has not come yet.
    pending: Vec<u8>,
    /// What happens to the rest of a line that is too long.
    long: Option<Rest>,
    /// The last byte of a line that is too long.
    last: u8,
    /// CRs behind the line: its end, or the beginning of it.
    crs: usize,
    /// Whether nothing would be changed at all.
    is_idle: bool,
}

impl LogFilter {
    /// A filter at the beginning of a log.
    pub fn new(settings: Settings) -> Self {
        let is_idle = settings.rules.copies_all() && settings.header == Header::Keep;
        Self {
            machine: Machine::new(),
            pending: Vec::new(),
            long: None,
            last: 0,
            crs: 0,
            is_idle,
            settings,
        }
    }

    /// Takes the next piece of the log, and appends to `out` what is certain by now.
    pub fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        if self.is_idle {
            out.extend_from_slice(piece);
            return;
        }
        let mut rest = piece;
        while let Some(first) = rest.first() {
            if self.crs > 0 {
                let is_cr = *first == b'\r' && self.crs < MAX_CRS;
                let is_feed = *first == b'\n';
                self.crs += usize::from(is_cr);
                rest = &rest[usize::from(is_cr || is_feed)..];
                if !is_cr {
                    self.end_after_crs(is_feed, out);
                }
                continue;
            }
            let Some(at) = memchr::memchr2(b'\n', b'\r', rest) else {
                return self.part(rest, None, out);
            };
            let (content, end) = rest.split_at(at);
            let length = match end {
                [b'\n', ..] => 1,
                [b'\r', b'\n', ..] => 2,
                _ => 0,
            };
            if length == 0 {
                self.part(content, None, out);
                self.crs = 1;
            } else {
                self.part(content, Some(&end[..length]), out);
            }
            rest = &end[length.max(1)..];
        }
    }

    /// Ends the log, whose last line may have no end of its own.
    pub fn finish(&mut self, out: &mut Vec<u8>) -> Counts {
        if self.crs > 0 {
            self.end_after_crs(false, out);
        } else if self.long.is_some() || !self.pending.is_empty() {
            self.part(b"", Some(b""), out);
        }
        self.machine.end(out);
        self.counts()
    }

    /// What was done so far.
    pub fn counts(&self) -> Counts {
        self.machine.counts
    }

    /// Whether the output differs from the input so far.
    pub fn has_changed(&self) -> bool {
        self.machine.has_changed
    }

    /// The keys with a rule of their own for which no pair was found so far.
    pub fn unused_keys(&self) -> Vec<String> {
        let keys = self.settings.rules.keys();
        keys.filter(|key| !self.is_idle && !self.machine.found_keys.contains(*key))
            .map(|key| String::from_utf8_lossy(key).into_owned())
            .collect()
    }

    /// A line ends with the CRs that were seen, and a line feed perhaps.
    fn end_after_crs(&mut self, has_feed: bool, out: &mut Vec<u8>) {
        let mut end = vec![b'\r'; std::mem::take(&mut self.crs)];
        end.extend(has_feed.then_some(b'\n'));
        self.part(b"", Some(&end), out);
    }

    /// A part of a line, and its end if it has come.
    fn part(&mut self, content: &[u8], end: Option<&[u8]>, out: &mut Vec<u8>) {
        if self.long.is_some() {
            return self.more_of_long(content, end, out);
        }
        let room = self.settings.max_line - self.pending.len();
        if content.len() > room {
            self.pending.extend_from_slice(&content[..room]);
            let begin = std::mem::take(&mut self.pending);
            self.last = begin.last().copied().unwrap_or_default();
            self.long = Some(self.machine.begin_long(&self.settings, &begin, out));
            return self.more_of_long(&content[room..], end, out);
        }
        let Some(end) = end else {
            return self.pending.extend_from_slice(content);
        };
        if self.pending.is_empty() {
            return self.machine.line(&self.settings, content, end, out);
        }
        self.pending.extend_from_slice(content);
        let mut line = std::mem::take(&mut self.pending);
        self.machine.line(&self.settings, &line, end, out);
        line.clear();
        self.pending = line;
    }

    fn more_of_long(&mut self, content: &[u8], end: Option<&[u8]>, out: &mut Vec<u8>) {
        self.last = content.last().copied().unwrap_or(self.last);
        if let Some(rest) = &mut self.long {
            rest.more(content, out);
        }
        let Some(end) = end else { return };
        if let Some(rest) = self.long.take() {
            self.machine.end_long(&self.settings, &rest, self.last, end, out);
        }
    }
}
