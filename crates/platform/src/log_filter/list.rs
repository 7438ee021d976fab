//! Where in a log a line is, and what becomes of it.

use memchr::memmem;

use super::action::HIDDEN;
use super::line::{
    Attribute, Indent, KVLIST, Pair, SUPPRESSED, Value, attribute, begins_message, blanks, is_time_stamped,
    psdk_pair, tlib_pair,
};
use super::{Action, Counts, Format, Header, Settings, Syntax};

/// How deep lists are followed; below that, nothing is shown.
const MAX_DEPTH: usize = 64;
/// What a masked head shows.
const MASKED_HEAD: &[u8] = b"[***] ** ** ** **";
/// What a list begins with in T-Library's form.
const LIST: &[u8] = b"(list)";

/// Where the next line is.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// At the beginning of a file, which may have been cut in the middle of a list.
    Start,
    /// Not in a list.
    Outside,
    /// In a list that is filtered.
    Inside,
    /// In a list of the Platform SDK that is not filtered.
    Excluded(Indent),
    /// After a line that ended a list while a hidden value was open. Where that line was a part of the value, what follows still is.
    Cut(Syntax),
}

/// What happens to the rest of a line that is too long to be looked at.
#[derive(Debug)]
pub(super) enum Rest {
    /// It stays.
    Copy,
    /// It is hidden; `printed`: something of the line was not.
    Drop { printed: bool },
    /// It stays as far as no list of the Platform SDK begins in it. `seen`: the last bytes before.
    Scan { seen: Vec<u8> },
    /// A list has begun in it, and all that follows is hidden, if there is anything.
    Found { hidden: usize },
}

impl Rest {
    pub(super) fn more(&mut self, content: &[u8], out: &mut Vec<u8>) {
        match self {
            Self::Copy => out.extend_from_slice(content),
            Self::Drop { .. } => {}
            Self::Found { hidden } => *hidden += content.len(),
            Self::Scan { seen } => {
                let known = seen.len();
                seen.extend_from_slice(content);
                let end = |needle: &[u8]| memmem::find(seen, needle).map(|at| at + needle.len());
                if let Some(end) = [end(KVLIST), end(b"' [")].into_iter().flatten().min() {
                    let end = end.max(known);
                    out.extend_from_slice(&seen[known..end]);
                    let hidden = seen.len() - end;
                    *self = Self::Found { hidden };
                } else {
                    out.extend_from_slice(content);
                    seen.drain(..seen.len().saturating_sub(KVLIST.len() - 1));
                }
            }
        }
    }
}

/// A list that encloses others.
#[derive(Debug, Clone, Copy)]
struct Level {
    /// The indentation of the line on which it begins: what belongs to it is deeper.
    indent: Indent,
    is_hidden: bool,
}

/// The last pair, to which lines belong that are nothing by themselves.
#[derive(Debug, Clone, Copy)]
struct Last {
    syntax: Syntax,
    /// `None`: only the head of the list has been there.
    indent: Option<Indent>,
    is_hidden: bool,
    /// Its text has no closing quote yet.
    is_open: bool,
    /// There was nothing behind its key.
    is_missing: bool,
}

/// A list and how far it has come.
#[derive(Debug)]
struct List {
    syntax: Syntax,
    /// The indentation of its attribute; `None` where that is unknown.
    head: Option<Indent>,
    levels: Vec<Level>,
    /// Where hidden lists began in it, also those that have ended.
    hidden_at: Vec<Indent>,
    is_too_deep: bool,
    last: Last,
    /// Whether its head shows its size, and nothing was hidden in it yet.
    shows_size: bool,
}

impl Last {
    fn none(syntax: Syntax) -> Self {
        Self {
            syntax,
            indent: None,
            is_hidden: false,
            is_open: false,
            is_missing: false,
        }
    }
}

/// A line without its end, and its end.
#[derive(Clone, Copy)]
struct Line<'a> {
    content: &'a [u8],
    end: &'a [u8],
    /// Whether it is all of it.
    is_whole: bool,
}

/// Where in a log a filter is.
#[derive(Debug)]
pub(super) struct Machine {
    place: Place,
    list: List,
    pub(super) counts: Counts,
    pub(super) has_changed: bool,
}

impl Machine {
    pub(super) fn new() -> Self {
        Self {
            place: Place::Start,
            list: List {
                syntax: Syntax::Tlib,
                head: None,
                levels: Vec::new(),
                hidden_at: Vec::new(),
                is_too_deep: false,
                last: Last::none(Syntax::Tlib),
                shows_size: false,
            },
            counts: Counts::default(),
            has_changed: false,
        }
    }

    /// Takes a line with its end.
    pub(super) fn line(&mut self, settings: &Settings, line: &[u8], out: &mut Vec<u8>) {
        let without_feed = line.strip_suffix(b"\n").unwrap_or(line);
        let content = without_feed.strip_suffix(b"\r").unwrap_or(without_feed);
        let line = Line {
            content,
            end: &line[content.len()..],
            is_whole: true,
        };
        self.step(settings, line, out);
    }

    /// Takes the beginning of a line that is too long, and says what happens to the rest of it.
    pub(super) fn begin_long(&mut self, settings: &Settings, begin: &[u8], out: &mut Vec<u8>) -> Rest {
        let line = Line {
            content: begin,
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
        let feed = &end[end.len() - usize::from(end.ends_with(b"\n"))..];
        match rest {
            // The CR has been copied.
            Rest::Copy | Rest::Scan { .. } => return out.extend_from_slice(feed),
            Rest::Drop { printed } => out.extend_from_slice(if *printed { end } else { b"" }),
            Rest::Found { hidden } => {
                out.extend_from_slice(end);
                self.begin(Syntax::Psdk, None, false);
                let is_more_than_cr = *hidden > end.len() - feed.len();
                self.counts.over_hidden += u64::from(is_more_than_cr);
                self.has_changed |= is_more_than_cr;
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

    fn step(&mut self, settings: &Settings, line: Line<'_>, out: &mut Vec<u8>) -> Rest {
        let rest = match self.place {
            Place::Start => self.at_start(settings, line, out),
            Place::Outside => None,
            Place::Inside => self.inside(settings, line, out),
            Place::Excluded(head) => self.excluded(line, head, out),
            Place::Cut(syntax) => self.after_cut(settings, line, syntax, out),
        };
        rest.unwrap_or_else(|| self.outside(settings, line, out))
    }

    /// Pairs at the beginning of a file are of a list whose head is in another one.
    fn at_start(&mut self, settings: &Settings, line: Line<'_>, out: &mut Vec<u8>) -> Option<Rest> {
        let content = line.content;
        if is_time_stamped(content) || begins_message(content) || attribute(content, Syntax::Tlib).is_some() {
            self.place = Place::Outside;
        } else if settings.format != Format::Psdk
            && (settings.format == Format::Tlib || psdk_pair(content, 0).is_none())
            && tlib_pair(content, 0).is_some()
        {
            self.begin(Syntax::Tlib, None, false);
            return Some(self.tlib_line(settings, line, 0, out));
        }
        None
    }

    fn excluded(&mut self, line: Line<'_>, head: Indent, out: &mut Vec<u8>) -> Option<Rest> {
        let ends = |found: Attribute<'_>| !found.indent.is_deeper_than(head);
        if is_time_stamped(line.content) || attribute(line.content, Syntax::Psdk).is_some_and(ends) {
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
        if content.is_empty() {
            return Some(copy(line, out));
        }
        let found = attribute(content, syntax).or_else(|| psdk_head(content));
        // Strict filters have passed over lists in the other form.
        let closes = line.is_whole && matches!(content.last(), Some(b'\'' | b'"'));
        let is_attribute = found.is_some_and(|found| found.is_well_formed() && line.is_whole);
        let is_boundary = is_attribute || (!closes && (is_time_stamped(content) || begins_message(content)));
        if is_boundary {
            self.place = Place::Outside;
            return None;
        }
        // The value has an end: what cut it was in it, and the list goes on.
        if closes {
            self.place = Place::Inside;
            self.list.last.is_open = settings.is_strict;
        }
        self.over_hidden();
        Some(self.vanish())
    }

    fn outside(&mut self, settings: &Settings, line: Line<'_>, out: &mut Vec<u8>) -> Rest {
        let content = line.content;
        if settings.format != Format::Psdk
            && let Some(found) = attribute(content, Syntax::Tlib)
            && let Some(length) = found.head_length().or(found.value.is_empty().then_some(0))
            && settings.attributes.has(found.name, Syntax::Tlib)
        {
            return self.head(settings, line, found, length, out);
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
                self.place = Place::Excluded(indent);
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
        self.list.syntax = syntax;
        self.list.head = head;
        self.list.levels.clear();
        self.list.hidden_at.clear();
        self.list.is_too_deep = false;
        self.list.last = Last::none(syntax);
        self.list.shows_size = shows_size;
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
        if is_stamped && !is_continued {
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
        let rest = self.outside(settings, line, out);
        if is_hidden && is_open {
            self.counts.cut += 1;
            if matches!(self.place, Place::Outside) {
                self.place = Place::Cut(syntax);
            }
        }
        rest
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
        if last.is_open && closes && !(settings.is_strict && last.is_hidden) {
            last.is_open = false;
        } else if line.content.is_empty() && !last.is_open {
            return copy(line, out);
        }
        if last.is_hidden {
            if looks_otherwise {
                self.over_hidden();
            }
            return self.vanish();
        }
        let is_without_pair = last.indent.is_none() && settings.rules.fallback().hides();
        if is_without_pair || !line.is_whole {
            self.over_hidden();
            return self.vanish();
        }
        if settings.rules.mentions(line.content) {
            last.is_hidden = true;
            last.is_open = !closes;
            self.over_hidden();
            return self.vanish();
        }
        copy(line, out)
    }

    /// A line with a pair in T-Library's form, from a place on; before it there may be the head of the list.
    fn tlib_line(&mut self, settings: &Settings, line: Line<'_>, from: usize, out: &mut Vec<u8>) -> Rest {
        let content = line.content;
        let indent = Indent::of(content);
        if from == 0 {
            self.list.leave(indent);
        }
        let mut written = Written::all();
        let (mut at, mut level) = (from, indent);
        let is_under = self.is_under_hidden(indent);
        let mut is_hidden = is_under;
        if is_under {
            written = Written::none();
        }
        while let Some(pair) = tlib_pair(content, at) {
            if let Value::List(_) = pair.value {
                let action = settings.rules.action(pair.key);
                if !is_hidden && action.hides() {
                    is_hidden = true;
                    written = self.hide_list(action, &pair, content);
                }
                if !is_under {
                    self.list.enter_list(level, is_hidden);
                }
                (at, level) = (pair.value_at + LIST.len(), level.one_deeper());
                continue;
            }
            let is_closed = match pair.value {
                Value::Text(text) => line.is_whole && text.len() > 1 && text.ends_with(b"'"),
                _ => line.is_whole,
            };
            if !is_hidden {
                written = self.tlib_value(settings, line, &pair, is_closed);
                is_hidden = written.is_hidden;
            }
            // What is deeper than a hidden pair that is no list is not where a pair should be.
            if is_hidden && !is_under && (at == from || level != indent) {
                self.list.enter(level, true);
            }
            self.list.last = Last {
                syntax: Syntax::Tlib,
                indent: Some(indent),
                is_hidden,
                is_open: !is_closed && pair.value != Value::Missing,
                is_missing: pair.value == Value::Missing && at == from,
            };
            return self.write(line, &written, out);
        }
        if at > from {
            self.list.last = Last {
                syntax: Syntax::Tlib,
                indent: Some(indent),
                is_hidden,
                is_open: false,
                is_missing: false,
            };
        }
        if !is_hidden && (!line.is_whole || settings.rules.mentions(&content[at..])) {
            self.over_hidden();
            written = Written::up_to(at, b"").hiding();
            self.list.last.is_hidden = true;
            self.list.last.is_open = !line.is_whole;
        }
        self.write(line, &written, out)
    }

    fn is_under_hidden(&mut self, indent: Indent) -> bool {
        if self.list.is_too_deep {
            self.over_hidden();
            return true;
        }
        if self.list.is_unplaced(indent) {
            self.over_hidden();
            return true;
        }
        self.list.levels.iter().any(|level| level.is_hidden)
    }

    /// What is left of a list that is hidden, whose key is in T-Library's form.
    fn hide_list(&mut self, action: &Action, pair: &Pair<'_>, content: &[u8]) -> Written {
        let shown = pair.value_at + LIST.len();
        if *action == Action::Skip {
            self.counts.skipped += 1;
            return Written::without(pair.start, content);
        }
        let hidden = [b" '", HIDDEN, b"'"].concat();
        self.counts.hidden += u64::from(content[shown..] != hidden);
        Written::up_to(shown, &hidden).hiding()
    }

    fn tlib_value(
        &mut self,
        settings: &Settings,
        line: Line<'_>,
        pair: &Pair<'_>,
        is_closed: bool,
    ) -> Written {
        let content = line.content;
        let value = &content[pair.value_at..];
        let action = settings.rules.action(pair.key);
        let quoted = |inside: &[u8]| [b"'", inside, b"'"].concat();
        if !action.hides() && (!line.is_whole || settings.rules.mentions(&content[pair.key_end..])) {
            self.over_hidden();
            return Written::up_to(pair.value_at, &quoted(HIDDEN)).hiding();
        }
        if pair.value == Value::Missing && action.hides() && *action != Action::Skip {
            // What may follow in the next line is hidden, too.
            self.counts.hidden += 1;
            return Written::up_to(pair.key_end, &[b" ", quoted(HIDDEN).as_slice()].concat()).hiding();
        }
        if pair.value == Value::Missing && !action.hides() {
            return Written::all();
        }
        let inside = value
            .strip_prefix(b"'")
            .and_then(|inside| inside.strip_suffix(b"'"));
        let masked = || match pair.value {
            Value::Text(_) => Some(inside?).map(|inside| action.partly(inside).map(|part| quoted(&part))),
            _ if !value.contains(&b' ') => Some(action.partly(value)),
            _ => None,
        };
        match action {
            Action::Copy => Written::all(),
            Action::Tag { before, after } if is_closed => self.tag(content, pair.value_at, before, after),
            Action::Tag { .. } => Written::all(),
            Action::Skip => {
                self.counts.skipped += 1;
                Written::without(pair.start, content)
            }
            _ => {
                let part = if action.is_partial() && is_closed {
                    masked()
                } else {
                    None
                };
                let is_over = action.is_partial() && part.is_none();
                let new = part.flatten().unwrap_or_else(|| quoted(HIDDEN));
                self.count_hidden(value != new, is_over);
                Written::up_to(pair.value_at, &new).hiding()
            }
        }
    }

    fn count_hidden(&mut self, is_new: bool, is_over: bool) {
        if is_new && is_over {
            self.over_hidden();
        } else if is_new {
            self.counts.hidden += 1;
        }
    }

    fn tag(&mut self, content: &[u8], value_at: usize, before: &str, after: &str) -> Written {
        let value = &content[value_at..];
        if value.starts_with(before.as_bytes()) && value.ends_with(after.as_bytes()) {
            return Written::all();
        }
        self.counts.tagged += 1;
        Written::up_to(value_at, &[before.as_bytes(), value, after.as_bytes()].concat())
    }

    /// A line in which there may be pairs in the form of the Platform SDK: one alone, or several one after the other. Where one is hidden that is
    /// followed by others, these are hidden too: its value may contain what looks like them.
    fn psdk_line(&mut self, settings: &Settings, line: Line<'_>, out: &mut Vec<u8>) -> Rest {
        let content = line.content;
        let indent = Indent::of(content);
        let first = blanks(content);
        if content.get(first) == Some(&b'\'') {
            self.list.leave(indent);
        }
        let mut written = Written::all();
        let is_under = self.is_under_hidden(indent);
        let mut is_hidden = is_under;
        if is_under {
            written = Written::none();
        }
        let (mut at, mut is_open, mut is_missing, mut has_pair) = (0, false, false, false);
        while let Some(pair) = psdk_pair(content, at) {
            has_pair = true;
            let rest = &content[pair.value_at..];
            at = match pair.value {
                Value::List(_) => pair.value_at + KVLIST.len(),
                _ => pair.value_at,
            };
            let has_more = psdk_pair(content, at).is_some();
            let action = settings.rules.action(pair.key);
            (is_open, is_missing) = (is_open_text(&pair, line), pair.value == Value::Missing);
            if !is_hidden {
                written = self.psdk_value(settings, line, &pair, has_more);
                is_hidden = written.is_hidden;
            }
            if pair.start == first && matches!(pair.value, Value::List(_)) && !is_under {
                self.list.enter_list(indent, is_hidden);
            } else if pair.start == first && is_hidden && !is_under {
                self.list.enter(indent, true);
            }
            if is_hidden && has_more {
                self.count_others(action, &written);
                is_open |= has_odd_quotes(rest);
                break;
            }
        }
        let is_mentioned = |from: usize| settings.rules.mentions(&content[from..]);
        if !is_hidden && (!line.is_whole || is_mentioned(at)) {
            self.over_hidden();
            written = Written::up_to(at, if has_pair { SUPPRESSED } else { b"" }).hiding();
            (is_hidden, is_open, has_pair) = (true, !line.is_whole || is_open, true);
        }
        if has_pair {
            self.list.last = Last {
                syntax: Syntax::Psdk,
                indent: Some(indent),
                is_hidden,
                is_open,
                is_missing,
            };
        }
        self.write(line, &written, out)
    }

    /// Pairs after a hidden one on the same line are hidden with it.
    fn count_others(&mut self, action: &Action, written: &Written) {
        if matches!(written.left, Left::Begin(..)) && action.hides() {
            self.over_hidden();
        }
    }

    fn psdk_value(
        &mut self,
        settings: &Settings,
        line: Line<'_>,
        pair: &Pair<'_>,
        has_more: bool,
    ) -> Written {
        let content = line.content;
        let value = &content[pair.value_at..];
        let action = settings.rules.action(pair.key);
        let is_alone = line.is_whole && !has_more && !is_open_text(pair, line);
        match (action, pair.value) {
            (Action::Copy, _) | (Action::Tag { .. }, Value::Missing | Value::List(_) | Value::Suppressed) => {
                Written::all()
            }
            (Action::Tag { before, after }, _) if is_alone => self.tag(content, pair.value_at, before, after),
            (Action::Tag { .. }, _) => Written::all(),
            (Action::Skip, _) => {
                self.counts.skipped += 1;
                Written::without(pair.start, content)
            }
            (_, Value::Suppressed) if content.ends_with(SUPPRESSED) => Written::all().hiding(),
            _ => {
                let part = (action.is_partial() && is_alone)
                    .then(|| partly(action, pair.value))
                    .flatten();
                let is_over = action.is_partial() && part.is_none();
                if let Some(Some(part)) = part {
                    self.count_hidden(value != part, false);
                    return Written::up_to(pair.value_at, &part).hiding();
                }
                self.count_hidden(true, is_over);
                Written::up_to(pair.key_end, &[b" ", SUPPRESSED].concat()).hiding()
            }
        }
    }

    /// Writes what is left of a line.
    fn write(&mut self, line: Line<'_>, written: &Written, out: &mut Vec<u8>) -> Rest {
        if written.is_hidden {
            self.note_head();
        }
        match &written.left {
            Left::All => copy(line, out),
            Left::Nothing => self.vanish(),
            Left::Begin(keep, then) => {
                let (kept, gone) = line.content.split_at(*keep);
                self.has_changed |= gone != then.as_slice() || !line.is_whole;
                out.extend_from_slice(kept);
                out.extend_from_slice(then);
                out.extend_from_slice(line.end);
                Rest::Drop { printed: true }
            }
        }
    }

    fn note_head(&mut self) {
        self.counts.shown_heads += u64::from(std::mem::take(&mut self.list.shows_size));
    }

    fn vanish(&mut self) -> Rest {
        self.has_changed = true;
        Rest::Drop { printed: false }
    }

    fn over_hidden(&mut self) {
        self.counts.over_hidden += 1;
    }
}

impl List {
    /// Leaves the lists to which a line with this indentation does not belong. Where the indentation says nothing, none is left.
    fn leave(&mut self, indent: Indent) {
        while let Some(level) = self.levels.last() {
            let is_usable = self.head.is_none_or(|head| indent.is_deeper_than(head));
            let is_after = indent.is_same(level.indent) || level.indent.is_deeper_than(indent);
            if !is_usable || !is_after {
                return;
            }
            self.levels.pop();
        }
    }

    /// Whether nothing shows that a line does not belong to a hidden list that began before it.
    fn is_unplaced(&self, indent: Indent) -> bool {
        let is_shallow = self.head.is_some_and(|head| !indent.is_deeper_than(head));
        let is_other =
            |at: &Indent| !(indent.is_same(*at) || indent.is_deeper_than(*at) || at.is_deeper_than(indent));
        let is_uncertain = self.hidden_at.len() >= MAX_DEPTH || self.hidden_at.iter().any(is_other);
        !self.hidden_at.is_empty() && (is_shallow || is_uncertain)
    }

    fn enter_list(&mut self, indent: Indent, is_hidden: bool) {
        if is_hidden && self.hidden_at.len() < MAX_DEPTH && !self.hidden_at.contains(&indent) {
            self.hidden_at.push(indent);
        }
        self.enter(indent, is_hidden);
    }

    fn enter(&mut self, indent: Indent, is_hidden: bool) {
        if self.levels.len() == MAX_DEPTH {
            self.is_too_deep = true;
        } else {
            self.levels.push(Level { indent, is_hidden });
        }
    }
}

/// What is left of a line.
enum Left {
    All,
    Nothing,
    /// So much of its beginning, and then something else.
    Begin(usize, Vec<u8>),
}

/// What is written of a line.
struct Written {
    left: Left,
    /// Whether lines that belong to it are hidden.
    is_hidden: bool,
}

impl Written {
    fn all() -> Self {
        Self {
            left: Left::All,
            is_hidden: false,
        }
    }

    fn none() -> Self {
        Self {
            left: Left::Nothing,
            is_hidden: true,
        }
    }

    fn up_to(keep: usize, then: &[u8]) -> Self {
        Self {
            left: Left::Begin(keep, then.to_vec()),
            is_hidden: false,
        }
    }

    /// Without what begins at a place: nothing, where only white space is before it.
    fn without(start: usize, content: &[u8]) -> Self {
        if blanks(content) >= start {
            Self::none()
        } else {
            Self::up_to(start, b"").hiding()
        }
    }

    fn hiding(self) -> Self {
        Self {
            is_hidden: true,
            ..self
        }
    }
}

fn copy(line: Line<'_>, out: &mut Vec<u8>) -> Rest {
    out.extend_from_slice(line.content);
    out.extend_from_slice(line.end);
    Rest::Copy
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

/// Whether a text in the form of the Platform SDK goes on in the next line.
fn is_open_text(pair: &Pair<'_>, line: Line<'_>) -> bool {
    match pair.value {
        Value::Text(text) => !(line.is_whole && text.len() > 1 && text.ends_with(b"\"")),
        _ => !line.is_whole,
    }
}

/// A value in the form of the Platform SDK with a part of it hidden. `None`: it has no parts; `Some(None)`: all of it is to be hidden.
fn partly(action: &Action, value: Value<'_>) -> Option<Option<Vec<u8>>> {
    match value {
        Value::Text(text) => {
            let inside = text.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
            Some(
                action
                    .partly(inside)
                    .map(|part| [b"\"", part.as_slice(), b"\""].concat()),
            )
        }
        Value::Other(number) if !number.contains(&b' ') => Some(action.partly(number)),
        _ => None,
    }
}

/// An attribute with a list in the form of the Platform SDK.
fn psdk_head(content: &[u8]) -> Option<Attribute<'_>> {
    attribute(content, Syntax::Psdk).filter(|found| memmem::find(found.value, KVLIST).is_some())
}

fn has_odd_quotes(text: &[u8]) -> bool {
    memchr::memchr_iter(b'"', text).count() % 2 == 1
}
