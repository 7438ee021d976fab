//! A list and how far it has come: which lists enclose the next line, and which pair was the last one.

use super::Syntax;
use super::line::{Indent, Value, unclosed_quote};

/// How deep lists are followed; below that, nothing is shown.
const MAX_DEPTH: usize = 64;

/// A list that encloses others.
#[derive(Debug, Clone, Copy)]
struct Level {
    /// The indentation of the line on which it begins: what belongs to it is deeper.
    indent: Indent,
    is_hidden: bool,
}

/// The last pair, to which lines belong that are nothing by themselves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Last {
    pub(super) syntax: Syntax,
    /// `None`: only the head of the list has been there.
    pub(super) indent: Option<Indent>,
    pub(super) is_hidden: bool,
    /// Its text has no closing quote yet.
    pub(super) is_open: bool,
    /// There was nothing behind its key.
    pub(super) is_missing: bool,
}

/// A list and how far it has come.
#[derive(Debug)]
pub(super) struct List {
    pub(super) syntax: Syntax,
    /// The indentation of its attribute; `None` where that is unknown.
    pub(super) head: Option<Indent>,
    levels: Vec<Level>,
    /// Where hidden lists began in it, also those that have ended.
    hidden_at: Vec<Indent>,
    is_too_deep: bool,
    pub(super) last: Last,
    /// Whether its head shows its size, and nothing was hidden in it yet.
    pub(super) shows_size: bool,
}

impl Last {
    pub(super) fn none(syntax: Syntax) -> Self {
        Self {
            syntax,
            indent: None,
            is_hidden: false,
            is_open: false,
            is_missing: false,
        }
    }
}

impl Last {
    /// A hidden value that is no text may have one in it, which goes on in the next line: a key with a blank in it, or a form that is not known.
    pub(super) fn look_for_text(&mut self, value: &Value<'_>) {
        if let Value::Other(value) = value
            && self.is_hidden
            && !self.is_open
        {
            self.open_with(unclosed_quote(value));
        }
    }

    /// A line that belongs to it has a text that goes on in the next line.
    pub(super) fn open_with(&mut self, quote: Option<Syntax>) {
        if let Some(syntax) = quote {
            self.syntax = syntax;
            self.is_open = true;
        }
    }
}

impl List {
    pub(super) fn new(syntax: Syntax, head: Option<Indent>, shows_size: bool) -> Self {
        Self {
            syntax,
            head,
            levels: Vec::new(),
            hidden_at: Vec::new(),
            is_too_deep: false,
            last: Last::none(syntax),
            shows_size,
        }
    }

    /// Whether a line in it is in a list that is hidden, and whether that is certain.
    pub(super) fn is_in_hidden(&self, indent: Indent) -> Option<Certainty> {
        if self.is_too_deep || self.is_unplaced(indent) {
            return Some(Certainty::Doubtful);
        }
        self.levels
            .iter()
            .any(|level| level.is_hidden)
            .then_some(Certainty::Certain)
    }

    /// Leaves the lists to which a line with this indentation does not belong. Where the indentation says nothing, none is left.
    pub(super) fn leave(&mut self, indent: Indent) {
        while let Some(level) = self.levels.last() {
            let is_usable = self.is_indented(indent);
            let is_after = indent.is_same(level.indent) || level.indent.is_deeper_than(indent);
            if !is_usable || !is_after {
                return;
            }
            self.levels.pop();
        }
    }

    /// Whether nothing shows that a line does not belong to a hidden list that began before it.
    fn is_unplaced(&self, indent: Indent) -> bool {
        let is_shallow = !self.is_indented(indent);
        let is_other =
            |at: &Indent| !(indent.is_same(*at) || indent.is_deeper_than(*at) || at.is_deeper_than(indent));
        let is_uncertain = self.hidden_at.len() >= MAX_DEPTH || self.hidden_at.iter().any(is_other);
        !self.hidden_at.is_empty() && (is_shallow || is_uncertain)
    }

    pub(super) fn enter_list(&mut self, indent: Indent, is_hidden: bool) {
        if is_hidden && self.hidden_at.len() < MAX_DEPTH && !self.hidden_at.contains(&indent) {
            self.hidden_at.push(indent);
        }
        self.enter(indent, is_hidden);
    }

    /// A hidden pair without a list: what is deeper may be a part of its value.
    pub(super) fn enter_pair(&mut self, indent: Indent) {
        self.enter(indent, true);
    }

    /// Whether the indentation of a line says something of its place: pairs that are where their attribute is show no place.
    pub(super) fn is_indented(&self, indent: Indent) -> bool {
        self.head.is_none_or(|head| indent.is_deeper_than(head))
    }

    fn enter(&mut self, indent: Indent, is_hidden: bool) {
        if self.levels.len() == MAX_DEPTH {
            self.is_too_deep = true;
        } else {
            self.levels.push(Level { indent, is_hidden });
        }
    }
}

/// How sure it is that a line belongs to a hidden list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Certainty {
    /// Its indentation says so.
    Certain,
    /// Nothing says that it does not.
    Doubtful,
}
