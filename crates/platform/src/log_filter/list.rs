//! Where in a log a line is, and what becomes of it.

use std::collections::BTreeSet;

use memchr::memmem;

use super::line::{
    Attribute, Indent, KVLIST, Pair, Value, attribute, begins_message, has_odd_quotes, is_time_stamped,
    psdk_pair, tlib_pair, unclosed_quote,
};
use super::nesting::{Certainty, Last, List};
use super::written::{Left, Line, Rest, Written, copy};
use super::{Counts, Format, Header, Settings, Syntax};

/// U+FEFF in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// What a masked head shows.
const MASKED_HEAD: &[u8] = b"[***] ** ** ** **";

/// Where the next line is.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// Not in a list, or in one whose head was not there: the file begins in it, or what ended it was a part of a value.
    Outside,
    /// In a list that is filtered.
    Inside,
    /// In a list that is not filtered.
    Excluded(Syntax, Indent),
    /// After a line that ended a list while a hidden value was open. Where that line was a part of the value, what follows still is.
    Cut(Syntax),
}

/// Where in a log a filter is.
#[derive(Debug)]
pub(super) struct Machine {
    place: Place,
    pub(super) list: List,
    /// The line that cut a hidden value, and blank lines after it: they are shown when it is seen that they are no part of the value.
    held: Vec<u8>,
    pub(super) counts: Counts,
    pub(super) has_changed: bool,
    /// Keys of rules for which there was a pair.
    pub(super) found_keys: BTreeSet<Vec<u8>>,
    has_begun: bool,
    /// Whether lines of this log end in CRs alone, as its first one does; `None` before that.
    ends_in_crs: Option<bool>,
    /// A line was hidden that ends in a CR alone, where others end in a line feed: what follows may belong to it.
    goes_on_after_cr: bool,
}

impl Machine {
    pub(super) fn new() -> Self {
        Self {
            place: Place::Outside,
            list: List::new(Syntax::Tlib, None, false),
            held: Vec::new(),
            counts: Counts::default(),
            has_changed: false,
            found_keys: BTreeSet::new(),
            has_begun: false,
            ends_in_crs: None,
            goes_on_after_cr: false,
        }
    }

    /// Takes a line and its end: CRs, a line feed, or both; nothing at the end of the log.
    pub(super) fn line(&mut self, settings: &Settings, content: &[u8], end: &[u8], out: &mut Vec<u8>) {
        let content = self.without_mark(content, out);
        self.note_end(end);
        let line = Line {
            content,
            end,
            is_whole: true,
        };
        self.step(settings, line, out);
    }

    /// Takes the beginning of a line that is too long, and says what happens to the rest of it.
    pub(super) fn begin_long(&mut self, settings: &Settings, begin: &[u8], out: &mut Vec<u8>) -> Rest {
        let line = Line {
            content: self.without_mark(begin, out),
            end: b"",
            is_whole: false,
        };
        self.step(settings, line, out)
    }

    /// Ends a line that was too long. `last` is its last byte before its end.
    pub(super) fn end_long(
        &mut self,
        settings: &Settings,
        rest: &Rest,
        last: u8,
        end: &[u8],
        out: &mut Vec<u8>,
    ) {
        self.note_end(end);
        match rest {
            Rest::Copy | Rest::Scan { .. } => return out.extend_from_slice(end),
            Rest::Drop { printed } => self.end_hidden(*printed, end, out),
            Rest::Found { hidden } => {
                self.begin(Syntax::Psdk, None, false);
                self.end_hidden(true, end, out);
                self.counts.over_hidden += u64::from(*hidden > 0);
                self.has_changed |= *hidden > 0;
                self.list.last = Last {
                    is_hidden: true,
                    is_open: true,
                    ..Last::none(Syntax::Psdk)
                };
            }
        }
        let Last {
            is_hidden,
            is_open,
            syntax,
            ..
        } = self.list.last;
        if is_open && last == syntax.quote() && !(settings.is_strict && is_hidden) {
            self.list.last.is_open = false;
        }
    }

    /// A line without the byte order mark that editors put before the first one.
    fn without_mark<'a>(&mut self, content: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        match content.strip_prefix(BYTE_ORDER_MARK).filter(|_| is_first) {
            Some(rest) => {
                out.extend_from_slice(BYTE_ORDER_MARK);
                rest
            }
            None => content,
        }
    }

    /// The first line says how lines end.
    fn note_end(&mut self, end: &[u8]) {
        if !end.is_empty() {
            self.ends_in_crs.get_or_insert(!end.ends_with(b"\n"));
        }
    }

    /// Whether an end is none where others have a line feed.
    fn is_cr_alone(&self, end: &[u8]) -> bool {
        end.ends_with(b"\r") && self.ends_in_crs == Some(false)
    }

    /// Writes the end of a line of which something was hidden, if something else was shown. What follows a CR alone is hidden too, up to
    /// the line feed; that one stands for all of it.
    fn end_hidden(&mut self, is_shown: bool, end: &[u8], out: &mut Vec<u8>) {
        self.goes_on_after_cr = self.is_cr_alone(end);
        let end = if self.goes_on_after_cr { b"\n" } else { end };
        self.has_changed |= self.goes_on_after_cr;
        out.extend_from_slice(if is_shown { end } else { b"" });
    }

    /// A line after a hidden one that ended in a CR alone.
    fn after_cr(&mut self, line: Line<'_>) -> Rest {
        let last = &mut self.list.last;
        last.is_open = !(line.is_whole && line.content.last() == Some(&last.syntax.quote()));
        self.over_hidden();
        self.vanish(line)
    }

    fn step(&mut self, settings: &Settings, line: Line<'_>, out: &mut Vec<u8>) -> Rest {
        let goes_on = std::mem::take(&mut self.goes_on_after_cr);
        if goes_on && matches!(self.place, Place::Inside) && self.list.last.is_hidden {
            return self.after_cr(line);
        }
        let rest = match self.place {
            Place::Outside => self.orphan(settings, line, out),
            Place::Inside => self.inside(settings, line, out),
            Place::Excluded(syntax, head) => self.excluded(line, syntax, head, out),
            Place::Cut(syntax) => self.after_cut(settings, line, syntax, out),
        };
        rest.unwrap_or_else(|| self.outside(settings, line, out))
    }

    /// A pair outside of every list, with something to hide: it is of a list whose end was imitated, or whose head is in another file.
    fn orphan(&mut self, settings: &Settings, line: Line<'_>, out: &mut Vec<u8>) -> Option<Rest> {
        let content = line.content;
        let pair = tlib_pair(content, 0).filter(|_| settings.format != Format::Psdk)?;
        let is_psdk = settings.format == Format::Auto && psdk_pair(content, 0).is_some();
        if is_psdk || begins_message(content) || !is_believed_alone(settings, content, &pair) {
            return None;
        }
        self.begin(Syntax::Tlib, None, false);
        Some(self.tlib_line(settings, line, 0, out))
    }

    fn excluded(&mut self, line: Line<'_>, syntax: Syntax, head: Indent, out: &mut Vec<u8>) -> Option<Rest> {
        let content = line.content;
        let is_after = attribute(content, syntax).is_some_and(|found| !found.indent.is_deeper_than(head));
        if is_time_stamped(content) || is_after || (syntax == Syntax::Tlib && begins_message(content)) {
            self.place = Place::Outside;
            return None;
        }
        Some(copy(line, out))
    }

    fn after_cut(
        &mut self,
        settings: &Settings,
        line: Line<'_>,
        syntax: Syntax,
        out: &mut Vec<u8>,
    ) -> Option<Rest> {
        let content = line.content;
        if content.is_empty() && self.held.len() < settings.max_line {
            let mut held = std::mem::take(&mut self.held);
            let rest = copy(line, &mut held);
            self.held = held;
            return Some(rest);
        }
        let found = attribute(content, syntax).or_else(|| psdk_head(content));
        let closed = [Syntax::Tlib, Syntax::Psdk].into_iter().find(|form| {
            // Strict filters have passed over lists in the other form.
            let is_possible = *form == syntax || settings.is_strict;
            is_possible && line.is_whole && content.last() == Some(&form.quote())
        });
        let closes = closed.is_some();
        let is_attribute = found.is_some_and(|found| found.is_well_formed() && line.is_whole);
        let is_boundary = is_attribute || (!closes && (is_time_stamped(content) || begins_message(content)));
        if is_boundary {
            out.append(&mut self.held);
            self.place = Place::Outside;
            return None;
        }
        // The value has an end: what cut it was in it, and the list goes on.
        if let Some(syntax) = closed {
            self.held.clear();
            self.counts.cut -= 1;
            self.over_hidden();
            self.place = Place::Inside;
            self.list.syntax = syntax;
            self.list.last.is_open = settings.is_strict;
        }
        self.over_hidden();
        Some(self.vanish(line))
    }

    fn outside(&mut self, settings: &Settings, line: Line<'_>, out: &mut Vec<u8>) -> Rest {
        let content = line.content;
        if settings.format != Format::Psdk
            && let Some(found) = attribute(content, Syntax::Tlib)
            && let Some(length) = found.head_length().or(found.value.is_empty().then_some(0))
        {
            if settings.attributes.has(found.name, Syntax::Tlib) {
                return self.head(settings, line, found, length, out);
            }
            self.place = Place::Excluded(Syntax::Tlib, found.indent);
            return copy(line, out);
        }
        if settings.format == Format::Tlib {
            return copy(line, out);
        }
        let list = memmem::find(content, KVLIST);
        let is_list = list.is_some_and(|at| psdk_pair(content, 0).is_none_or(|pair| at < pair.start));
        if is_list || psdk_pair(content, 0).is_some() {
            let indent = Indent::of(content);
            let named = attribute(content, Syntax::Psdk).filter(|_| is_list);
            if named.is_some_and(|found| !settings.attributes.has(found.name, Syntax::Psdk)) {
                self.place = Place::Excluded(Syntax::Psdk, indent);
                return copy(line, out);
            }
            self.begin(Syntax::Psdk, is_list.then_some(indent), false);
            return self.psdk_line(settings, line, out);
        }
        copy(line, out);
        if line.is_whole {
            return Rest::Copy;
        }
        let known = content.len().saturating_sub(KVLIST.len() - 1);
        Rest::Scan {
            seen: content[known..].to_vec(),
        }
    }

    /// The head of a list, in T-Library's form. Its first pair may be on the same line.
    fn head(
        &mut self,
        settings: &Settings,
        line: Line<'_>,
        found: Attribute<'_>,
        length: usize,
        out: &mut Vec<u8>,
    ) -> Rest {
        self.begin(
            Syntax::Tlib,
            Some(found.indent),
            settings.header == Header::Keep && length > 0,
        );
        let end = found.value_at + length;
        let content = line.content;
        let value = &content[found.value_at..end];
        if settings.header == Header::Keep || value.is_empty() || value == MASKED_HEAD {
            return self.tlib_line(settings, line, end, out);
        }
        self.has_changed = true;
        let masked = [&content[..found.value_at], MASKED_HEAD, &content[end..]].concat();
        let end = found.value_at + MASKED_HEAD.len();
        let line = Line {
            content: &masked,
            ..line
        };
        self.tlib_line(settings, line, end, out)
    }

    fn begin(&mut self, syntax: Syntax, head: Option<Indent>, shows_size: bool) {
        self.place = Place::Inside;
        self.counts.lists += 1;
        self.list = List::new(syntax, head, shows_size);
    }

    /// A line in a list; `None` if it is after it.
    fn inside(&mut self, settings: &Settings, line: Line<'_>, out: &mut Vec<u8>) -> Option<Rest> {
        let content = line.content;
        let last = self.list.last;
        let closes = line.is_whole && content.last() == Some(&last.syntax.quote());
        let is_stamped = is_time_stamped(content);
        let is_continued = last.is_hidden
            && last.is_open
            && closes
            && (last.syntax == Syntax::Tlib || has_odd_quotes(content));
        // A line that is too long cannot wait.
        let is_known = line.is_whole || !(last.is_hidden && last.is_open);
        if is_stamped && !is_continued && is_known {
            return Some(self.end_list(settings, line, out));
        }
        let psdk = || psdk_head(content).filter(|_| settings.format != Format::Tlib);
        let found = attribute(content, self.list.syntax).or_else(psdk);
        if found.is_some_and(|found| self.ends_list(settings, line, found)) {
            return Some(self.end_list(settings, line, out));
        }
        let is_message = begins_message(content);
        if is_message && !last.is_hidden && !last.is_open {
            self.place = Place::Outside;
            return None;
        }
        let pair = self.pair(settings, content);
        if let Some((syntax, pair)) = pair
            && is_believed(settings, &last, &pair)
        {
            return Some(match syntax {
                Syntax::Tlib => self.tlib_line(settings, line, 0, out),
                Syntax::Psdk => self.psdk_line(settings, line, out),
            });
        }
        let looks_otherwise = is_stamped || is_message || found.is_some() || pair.is_some();
        Some(self.belongs_to_last(settings, line, closes, looks_otherwise, out))
    }

    /// The pair of a line, in either form that may occur: where the head of a list was a part of a hidden value, its pairs follow those of another.
    fn pair<'a>(&self, settings: &Settings, content: &'a [u8]) -> Option<(Syntax, Pair<'a>)> {
        let tlib = tlib_pair(content, 0).filter(|_| settings.format != Format::Psdk);
        let psdk = psdk_pair(content, 0)
            .filter(|_| settings.format != Format::Tlib)
            .filter(|psdk| {
                self.list.syntax == Syntax::Psdk || tlib.is_some_and(|tlib| tlib.key_end == psdk.key_end)
            });
        psdk.map(|pair| (Syntax::Psdk, pair))
            .or(tlib.map(|pair| (Syntax::Tlib, pair)))
    }

    /// Whether an attribute ends the list. After a hidden value, only one exactly where the list's own is.
    fn ends_list(&self, settings: &Settings, line: Line<'_>, found: Attribute<'_>) -> bool {
        let last = self.list.last;
        let is_exact = self.list.head.is_none_or(|head| found.indent.is_same(head));
        if last.is_hidden || last.is_open {
            let is_complete = line.is_whole && found.is_well_formed();
            !settings.is_strict && is_exact && (is_complete || !last.is_hidden)
        } else {
            is_exact
                || self
                    .list
                    .head
                    .is_some_and(|head| !found.indent.is_deeper_than(head))
        }
    }

    /// The line that ends a list is outside of it.
    fn end_list(&mut self, settings: &Settings, line: Line<'_>, out: &mut Vec<u8>) -> Rest {
        let Last {
            is_hidden,
            is_open,
            syntax,
            ..
        } = self.list.last;
        self.place = Place::Outside;
        if !(is_hidden && is_open) {
            return self.outside(settings, line, out);
        }
        self.counts.cut += 1;
        let mut held = std::mem::take(&mut self.held);
        let rest = self.outside(settings, line, &mut held);
        if matches!(self.place, Place::Outside) {
            self.place = Place::Cut(syntax);
            self.held = held;
        } else {
            out.append(&mut held);
        }
        rest
    }

    /// Writes what waited for the end of the log.
    pub(super) fn end(&mut self, out: &mut Vec<u8>) {
        out.append(&mut self.held);
    }

    /// A line that is nothing by itself.
    fn belongs_to_last(
        &mut self,
        settings: &Settings,
        line: Line<'_>,
        closes: bool,
        looks_otherwise: bool,
        out: &mut Vec<u8>,
    ) -> Rest {
        let last = &mut self.list.last;
        let was_open = last.is_open;
        if was_open && closes && !(settings.is_strict && last.is_hidden) {
            last.is_open = false;
        } else if line.content.is_empty() && !was_open {
            return copy(line, out);
        }
        let opened = if was_open {
            None
        } else {
            unclosed_quote(line.content)
        };
        if last.is_hidden {
            last.open_with(opened);
            if looks_otherwise {
                self.over_hidden();
            }
            return self.vanish(line);
        }
        // Of a text that is open, the line is a part; otherwise it may be a pair in a form that is not known.
        let is_alone = !was_open || last.indent.is_none();
        let is_doubtful =
            is_alone && (settings.rules.fallback().hides() || settings.rules.names(line.content));
        if is_doubtful || !line.is_whole {
            last.is_hidden |= is_doubtful;
            last.open_with(opened.filter(|_| is_doubtful));
            self.over_hidden();
            return self.vanish(line);
        }
        if settings.rules.mentions(line.content) {
            last.is_hidden = true;
            last.is_open = !closes;
            self.over_hidden();
            return self.vanish(line);
        }
        copy(line, out)
    }

    /// Whether a line is in a hidden list, as far as can be seen.
    pub(super) fn is_in_hidden_list(&mut self, indent: Indent) -> bool {
        let certainty = self.list.is_in_hidden(indent);
        if certainty == Some(Certainty::Doubtful) {
            self.over_hidden();
        }
        certainty.is_some()
    }

    pub(super) fn count_hidden(&mut self, is_new: bool, is_over: bool) {
        if is_new && is_over {
            self.over_hidden();
        } else if is_new {
            self.counts.hidden += 1;
        }
    }

    pub(super) fn tag(&mut self, content: &[u8], value_at: usize, before: &str, after: &str) -> Written {
        let value = &content[value_at..];
        if value.starts_with(before.as_bytes()) && value.ends_with(after.as_bytes()) {
            return Written::all();
        }
        self.counts.tagged += 1;
        Written::up_to(value_at, &[before.as_bytes(), value, after.as_bytes()].concat())
    }

    /// Writes what is left of a line.
    pub(super) fn write(&mut self, line: Line<'_>, written: &Written, out: &mut Vec<u8>) -> Rest {
        if written.is_hidden {
            self.note_head();
        }
        match &written.left {
            Left::All => copy(line, out),
            Left::Nothing => self.vanish(line),
            Left::Begin(keep, then) => {
                let (kept, gone) = line.content.split_at(*keep);
                self.has_changed |= gone != then.as_slice() || !line.is_whole;
                out.extend_from_slice(kept);
                out.extend_from_slice(then);
                if written.is_hidden {
                    self.end_hidden(true, line.end, out);
                } else {
                    out.extend_from_slice(line.end);
                }
                Rest::Drop { printed: true }
            }
        }
    }

    /// Remembers that there was a pair for a rule.
    pub(super) fn note_key(&mut self, settings: &Settings, pair: Option<&Pair<'_>>) {
        if self.found_keys.len() == settings.rules.keys().len() {
            return;
        }
        if let Some(key) = pair.and_then(|pair| settings.rules.own(pair.key))
            && !self.found_keys.contains(key)
        {
            self.found_keys.insert(key.to_vec());
        }
    }

    fn note_head(&mut self) {
        self.counts.shown_heads += u64::from(std::mem::take(&mut self.list.shows_size));
    }

    fn vanish(&mut self, line: Line<'_>) -> Rest {
        self.goes_on_after_cr = self.is_cr_alone(line.end);
        self.has_changed = true;
        Rest::Drop { printed: false }
    }

    pub(super) fn over_hidden(&mut self) {
        self.counts.over_hidden += 1;
    }
}

/// Whether a pair outside of a list is taken for one: something in it is to be hidden, and where that is so by default, it is indented as in
/// a list, or has a tab behind its key.
fn is_believed_alone(settings: &Settings, content: &[u8], pair: &Pair<'_>) -> bool {
    let is_as_in_a_list = pair.start > 0 || content[pair.key_end..pair.value_at].contains(&b'\t');
    let hides = settings.rules.fallback().hides() && settings.rules.action(pair.key).hides();
    (hides && is_as_in_a_list) || settings.rules.mentions(content)
}

/// Whether what looks like a pair is taken for one. In a hidden text that is open it is a part of that; in one that stays, only what would be
/// hidden counts; behind a key without a value, another one may be the value.
fn is_believed(settings: &Settings, last: &Last, pair: &Pair<'_>) -> bool {
    match () {
        () if last.is_open && last.is_hidden => false,
        () if last.is_open => settings.rules.action(pair.key).hides(),
        () => !(last.is_missing && last.is_hidden && pair.value == Value::Missing),
    }
}

/// An attribute with a list in the form of the Platform SDK.
fn psdk_head(content: &[u8]) -> Option<Attribute<'_>> {
    attribute(content, Syntax::Psdk).filter(|found| memmem::find(found.value, KVLIST).is_some())
}
