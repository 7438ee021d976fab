//! What is written of a line, and what happens to the rest of one that is too long.

use memchr::memmem;

use super::line::{KVLIST, blanks};

/// A line without its end, and its end.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) content: &'a [u8],
    pub(super) end: &'a [u8],
    /// Whether it is all of it.
    pub(super) is_whole: bool,
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

/// What is left of a line.
pub(super) enum Left {
    All,
    Nothing,
    /// So much of its beginning, and then something else.
    Begin(usize, Vec<u8>),
}

/// What is written of a line.
pub(super) struct Written {
    pub(super) left: Left,
    /// Whether lines that belong to it are hidden.
    pub(super) is_hidden: bool,
}

impl Written {
    pub(super) fn all() -> Self {
        Self {
            left: Left::All,
            is_hidden: false,
        }
    }

    pub(super) fn none() -> Self {
        Self {
            left: Left::Nothing,
            is_hidden: true,
        }
    }

    pub(super) fn up_to(keep: usize, then: &[u8]) -> Self {
        Self {
            left: Left::Begin(keep, then.to_vec()),
            is_hidden: false,
        }
    }

    /// Without what begins at a place: nothing, where only white space is before it.
    pub(super) fn without(start: usize, content: &[u8]) -> Self {
        if blanks(content) >= start {
            Self::none()
        } else {
            Self::up_to(start, b"").hiding()
        }
    }

    pub(super) fn hiding(self) -> Self {
        Self {
            is_hidden: true,
            ..self
        }
    }
}

/// Writes a line as it is.
pub(super) fn copy(line: Line<'_>, out: &mut Vec<u8>) -> Rest {
    out.extend_from_slice(line.content);
    out.extend_from_slice(line.end);
    Rest::Copy
}
