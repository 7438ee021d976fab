//! Pairs in the form of the Platform SDK.

use super::line::{Indent, KVLIST, Pair, SUPPRESSED, Value, blanks, has_odd_quotes, psdk_pair};
use super::list::Machine;
use super::nesting::Last;
use super::written::{Line, Rest, Written};
use super::{Action, Settings, Syntax};

impl Machine {
    /// A line in which there may be pairs: one alone, or several one after the other. Where one is hidden that is followed by others, these are
    /// hidden too: its value may contain what looks like them.
    pub(super) fn psdk_line(&mut self, settings: &Settings, line: Line<'_>, out: &mut Vec<u8>) -> Rest {
        let content = line.content;
        let indent = Indent::of(content);
        let first = blanks(content);
        if content.get(first) == Some(&b'\'') {
            self.list.leave(indent);
        }
        let is_under = self.is_in_hidden_list(indent);
        let mut written = if is_under { Written::none() } else { Written::all() };
        let mut last = None;
        let mut at = 0;
        while let Some(pair) = psdk_pair(content, at) {
            self.note_key(settings, Some(&pair));
            let may_be_other = settings.rules.quotes_longer_key(&content[at..pair.key_end]);
            at = match pair.value {
                Value::List(_) => pair.value_at + KVLIST.len(),
                _ => pair.value_at,
            };
            let has_more = psdk_pair(content, at).is_some();
            if !written.is_hidden {
                written = self.psdk_value(settings, line, &pair, has_more, may_be_other);
            }
            if pair.start == first && !is_under {
                self.psdk_enter(indent, &pair, written.is_hidden);
            }
            let ends_hidden = written.is_hidden && has_more;
            let mut of_pair = Last {
                syntax: Syntax::Psdk,
                indent: Some(indent),
                is_hidden: written.is_hidden,
                is_open: if ends_hidden && line.is_whole {
                    // Of several pairs, one may be in the text of another.
                    has_odd_quotes(&content[pair.value_at..]) && !content.ends_with(b"\"")
                } else {
                    is_open_text(&pair, line)
                },
                is_missing: pair.value == Value::Missing,
            };
            of_pair.look_for_text(&pair.value);
            last = Some(of_pair);
            if ends_hidden {
                self.note_keys(settings, content, at);
                self.counts.over_hidden += u64::from(!is_under);
                break;
            }
        }
        if !written.is_hidden && (!line.is_whole || settings.rules.mentions(&content[at..])) {
            self.over_hidden();
            written = Written::up_to(at, if last.is_some() { SUPPRESSED } else { b"" }).hiding();
            last = Some(Last {
                indent: Some(indent),
                is_hidden: true,
                is_open: !line.is_whole || last.is_some_and(|last| last.is_open),
                ..Last::none(Syntax::Psdk)
            });
        }
        self.list.last = last.unwrap_or(self.list.last);
        self.write(line, &written, out)
    }

    /// Remembers the keys of pairs that are not looked at any more.
    fn note_keys(&mut self, settings: &Settings, content: &[u8], from: usize) {
        let mut at = from;
        while let Some(pair) = psdk_pair(content, at) {
            self.note_key(settings, Some(&pair));
            at = pair.value_at.max(pair.key_end);
        }
    }

    /// What is deeper belongs to a list; and below a hidden pair without one, no pair should be.
    fn psdk_enter(&mut self, indent: Indent, pair: &Pair<'_>, is_hidden: bool) {
        if matches!(pair.value, Value::List(_)) {
            self.list.enter_list(indent, is_hidden);
        } else if is_hidden && self.list.is_indented(indent) {
            self.list.enter_pair(indent);
        }
    }

    fn psdk_value(
        &mut self,
        settings: &Settings,
        line: Line<'_>,
        pair: &Pair<'_>,
        has_more: bool,
        may_be_other: bool,
    ) -> Written {
        let content = line.content;
        let action = match settings.rules.action(pair.key) {
            action if may_be_other && !action.hides() => &Action::Hide,
            action => action,
        };
        if settings.rules.doubts_key(pair, b"\t\"") {
            self.over_hidden();
            return Written::without(pair.start, content);
        }
        let is_alone = line.is_whole && !has_more && !is_open_text(pair, line);
        match (action, pair.value) {
            (Action::Tag { before, after }, Value::Text(_) | Value::Other(_)) if is_alone => {
                self.tag(content, pair.value_at, before, after)
            }
            (Action::Copy | Action::Tag { .. }, _) => Written::all(),
            (Action::Skip, _) => {
                self.counts.skipped += 1;
                Written::without(pair.start, content)
            }
            (_, Value::Suppressed) if content.ends_with(SUPPRESSED) => Written::all().hiding(),
            _ => self.psdk_hidden(action, content, pair, is_alone),
        }
    }

    /// What is left of a pair whose value is hidden, or a part of it.
    fn psdk_hidden(&mut self, action: &Action, content: &[u8], pair: &Pair<'_>, is_alone: bool) -> Written {
        let part = if action.is_partial() && is_alone {
            partly(action, pair.value)
        } else {
            None
        };
        if let Some(Some(part)) = part {
            self.count_hidden(content[pair.value_at..] != part, false);
            return Written::up_to(pair.value_at, &part).hiding();
        }
        self.count_hidden(true, action.is_partial() && part.is_none());
        Written::up_to(pair.key_end, &[b" ", SUPPRESSED].concat()).hiding()
    }
}

/// Whether a text goes on in the next line.
fn is_open_text(pair: &Pair<'_>, line: Line<'_>) -> bool {
    match pair.value {
        Value::Text(text) => !(line.is_whole && text.len() > 1 && text.ends_with(b"\"")),
        _ => !line.is_whole,
    }
}

/// A value with a part of it hidden. `None`: it has no parts; `Some(None)`: all of it is to be hidden.
fn partly(action: &Action, value: Value<'_>) -> Option<Option<Vec<u8>>> {
    match value {
        Value::Text(text) => {
            let inside = text.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
            let quoted = |part: Vec<u8>| [b"\"", part.as_slice(), b"\""].concat();
            Some(action.partly(inside).map(quoted))
        }
        Value::Other(number) if !number.contains(&b' ') => Some(action.partly(number)),
        _ => None,
    }
}
