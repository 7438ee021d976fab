//! Pairs in T-Library's form.

use super::action::HIDDEN;
use super::line::{Indent, Pair, Value, tlib_pair};
use super::list::Machine;
use super::nesting::Last;
use super::written::{Line, Rest, Written};
use super::{Action, Settings, Syntax};

/// What a list begins with.
const LIST: &[u8] = b"(list)";

/// A line of pairs as far as it was read: the lists that begin on it, one inside of the other.
struct Row {
    indent: Indent,
    /// Where the first pair begins.
    from: usize,
    /// Where the next pair begins.
    at: usize,
    /// Where pairs of the list begin to which the next pair belongs.
    level: Indent,
    /// Whether the line is in a hidden list that began before.
    is_under: bool,
    written: Written,
}

impl Machine {
    /// A line with a pair, from a place on; before it there may be the head of the list.
    pub(super) fn tlib_line(
        &mut self,
        settings: &Settings,
        line: Line<'_>,
        from: usize,
        out: &mut Vec<u8>,
    ) -> Rest {
        let indent = Indent::of(line.content);
        if from == 0 {
            self.list.leave(indent);
        }
        let is_under = self.is_in_hidden_list(indent);
        let mut row = Row {
            indent,
            from,
            at: from,
            level: indent,
            is_under,
            written: if is_under { Written::none() } else { Written::all() },
        };
        loop {
            let pair = tlib_pair(line.content, row.at);
            self.note_key(settings, pair.as_ref());
            match pair {
                Some(pair) if matches!(pair.value, Value::List(_)) => {
                    self.tlib_list(settings, line, &pair, &mut row)
                }
                Some(pair) => break self.tlib_last(settings, line, &pair, &mut row),
                None => break self.tlib_end(settings, line, &mut row),
            }
        }
        self.write(line, &row.written, out)
    }

    /// A pair with a list: what follows on the line is inside of it.
    fn tlib_list(&mut self, settings: &Settings, line: Line<'_>, pair: &Pair<'_>, row: &mut Row) {
        let action = settings.rules.action(pair.key);
        if !row.written.is_hidden && settings.rules.doubts_key(pair, b"\t") {
            self.over_hidden();
            row.written = Written::without(pair.start, line.content);
        } else if !row.written.is_hidden && action.hides() {
            row.written = self.hide_list(action, pair, line.content);
        }
        if !row.is_under {
            self.list.enter_list(row.level, row.written.is_hidden);
        }
        row.at = pair.value_at + LIST.len();
        row.level = row.level.one_deeper();
    }

    /// The last pair of a line.
    fn tlib_last(&mut self, settings: &Settings, line: Line<'_>, pair: &Pair<'_>, row: &mut Row) {
        let is_closed = match pair.value {
            Value::Text(text) => line.is_whole && text.len() > 1 && text.ends_with(b"'"),
            _ => line.is_whole,
        };
        if !row.written.is_hidden {
            row.written = self.tlib_value(settings, line, pair, is_closed);
        }
        let is_first = row.at == row.from;
        let has_place = is_first || row.level != row.indent;
        if row.written.is_hidden && !row.is_under && has_place && self.list.is_indented(row.indent) {
            self.list.enter_pair(row.level);
        }
        let is_missing = pair.value == Value::Missing;
        self.list.last = Last {
            syntax: Syntax::Tlib,
            indent: Some(row.indent),
            is_hidden: row.written.is_hidden,
            is_open: !is_closed && !is_missing,
            is_missing: is_missing && is_first,
        };
        self.list.last.look_for_text(&pair.value);
    }

    /// A line that ends without a pair: a list without any, or the head of a list.
    fn tlib_end(&mut self, settings: &Settings, line: Line<'_>, row: &mut Row) {
        let mut last = Last {
            indent: Some(row.indent),
            is_hidden: row.written.is_hidden,
            ..Last::none(Syntax::Tlib)
        };
        if row.at == row.from {
            last = self.list.last;
        }
        if !row.written.is_hidden && (!line.is_whole || settings.rules.mentions(&line.content[row.at..])) {
            self.over_hidden();
            row.written = Written::up_to(row.at, b"").hiding();
            last.is_hidden = true;
            last.is_open = !line.is_whole;
        }
        self.list.last = last;
    }

    /// What is left of a list that is hidden.
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
        let action = settings.rules.action(pair.key);
        if settings.rules.doubts_key(pair, b"\t") {
            self.over_hidden();
            return Written::without(pair.start, content);
        }
        let is_other = settings.rules.mentions(&content[pair.key_end..])
            || settings.rules.quotes_longer_key(&content[pair.start..]);
        if !action.hides() && (!line.is_whole || is_other) {
            self.over_hidden();
            return instead_of_value(pair, &quoted(HIDDEN)).hiding();
        }
        match action {
            Action::Tag { before, after } if is_closed && pair.value != Value::Missing => {
                self.tag(content, pair.value_at, before, after)
            }
            Action::Copy | Action::Tag { .. } => Written::all(),
            Action::Skip => {
                self.counts.skipped += 1;
                Written::without(pair.start, content)
            }
            // What may follow in the next line is hidden, too.
            _ if pair.value == Value::Missing => {
                self.counts.hidden += 1;
                Written::up_to(pair.key_end, &[b" ", quoted(HIDDEN).as_slice()].concat()).hiding()
            }
            _ => self.tlib_hidden(action, content, pair, is_closed),
        }
    }

    /// What is left of a pair whose value is hidden, or a part of it.
    fn tlib_hidden(&mut self, action: &Action, content: &[u8], pair: &Pair<'_>, is_closed: bool) -> Written {
        let value = &content[pair.value_at..];
        let part = if action.is_partial() && is_closed {
            partly(action, pair.value)
        } else {
            None
        };
        let is_over = action.is_partial() && part.is_none();
        let new = part.flatten().unwrap_or_else(|| quoted(HIDDEN));
        self.count_hidden(value != new, is_over);
        instead_of_value(pair, &new).hiding()
    }
}

/// The key and its separator, and then something else: without a blank between them, it would not be a pair any more.
fn instead_of_value(pair: &Pair<'_>, new: &[u8]) -> Written {
    let separator: &[u8] = if pair.value_at == pair.key_end { b" " } else { b"" };
    Written::up_to(pair.value_at, &[separator, new].concat())
}

fn quoted(inside: &[u8]) -> Vec<u8> {
    [b"'", inside, b"'"].concat()
}

/// A value with a part of it hidden. `None`: it has no parts; `Some(None)`: all of it is to be hidden.
fn partly(action: &Action, value: Value<'_>) -> Option<Option<Vec<u8>>> {
    match value {
        Value::Text(text) => {
            let inside = text.strip_prefix(b"'")?.strip_suffix(b"'")?;
            Some(action.partly(inside).map(|part| quoted(&part)))
        }
        Value::Other(number) if !number.contains(&b' ') => Some(action.partly(number)),
        _ => None,
    }
}
