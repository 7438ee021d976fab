//! Pieces of any size become lines, and lines are filtered.

use super::list::Machine;
use super::written::Rest;
use super::{Counts, Header, Settings};

/// A filter in the middle of a log.
pub struct LogFilter {
    settings: Settings,
    machine: Machine,
    /// The beginning of a line whose end has not come yet.
    pending: Vec<u8>,
    /// What happens to the rest of a line that is too long.
    long: Option<Rest>,
    /// The last two bytes of a line that is too long.
    last: [u8; 2],
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
            last: [0; 2],
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
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
            let (line, after) = rest.split_at(end);
            self.part(line, out);
            rest = after;
        }
    }

    /// Ends the log, whose last line may have no end of its own.
    pub fn finish(&mut self, out: &mut Vec<u8>) -> Counts {
        if self.long.is_some() {
            self.end_long(b"", out);
        } else if !self.pending.is_empty() {
            let line = std::mem::take(&mut self.pending);
            self.machine.line(&self.settings, &line, out);
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

    /// A part of a line, or the rest of it: only then it ends in a line feed.
    fn part(&mut self, part: &[u8], out: &mut Vec<u8>) {
        let content = part.strip_suffix(b"\n").unwrap_or(part);
        let is_end = content.len() < part.len();
        if self.long.is_some() {
            return self.more_of_long(content, is_end, out);
        }
        let room = self.settings.max_line - self.pending.len();
        if content.len() > room {
            self.pending.extend_from_slice(&content[..room]);
            let begin = std::mem::take(&mut self.pending);
            self.last = [0; 2];
            self.note_last(&begin);
            self.long = Some(self.machine.begin_long(&self.settings, &begin, out));
            self.more_of_long(&content[room..], is_end, out);
        } else if !is_end {
            self.pending.extend_from_slice(part);
        } else if self.pending.is_empty() {
            self.machine.line(&self.settings, part, out);
        } else {
            self.pending.extend_from_slice(part);
            let mut line = std::mem::take(&mut self.pending);
            self.machine.line(&self.settings, &line, out);
            line.clear();
            self.pending = line;
        }
    }

    fn more_of_long(&mut self, content: &[u8], is_end: bool, out: &mut Vec<u8>) {
        self.note_last(content);
        if let Some(rest) = &mut self.long {
            rest.more(content, out);
        }
        if is_end {
            self.end_long(b"\n", out);
        }
    }

    fn note_last(&mut self, content: &[u8]) {
        for byte in content.iter().rev().take(2).rev() {
            self.last = [self.last[1], *byte];
        }
    }

    fn end_long(&mut self, end: &[u8], out: &mut Vec<u8>) {
        let Some(rest) = self.long.take() else { return };
        // Lines may end in CR and LF.
        let last = if self.last[1] == b'\r' {
            self.last[0]
        } else {
            self.last[1]
        };
        let cr: &[u8] = if self.last[1] == b'\r' { b"\r" } else { b"" };
        self.machine
            .end_long(&self.settings, &rest, last, &[cr, end].concat(), out);
    }
}
