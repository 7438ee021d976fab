//! What one line of a log is: a time stamp, an attribute, a pair of a list.

use super::Syntax;

/// The white space that a line begins with: tabs, then blanks. What is mixed otherwise cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Indent {
    tabs: usize,
    blanks: usize,
    is_odd: bool,
}

impl Indent {
    pub(super) fn of(line: &[u8]) -> Self {
        let tabs = line.iter().take_while(|byte| **byte == b'\t').count();
        let blanks = line[tabs..].iter().take_while(|byte| **byte == b' ').count();
        Self {
            tabs,
            blanks,
            is_odd: line.get(tabs + blanks) == Some(&b'\t'),
        }
    }

    /// Whether it is that of a line inside of what the other line begins.
    pub(super) fn is_deeper_than(self, other: Self) -> bool {
        !self.is_odd
            && !other.is_odd
            && ((self.tabs == other.tabs && self.blanks > other.blanks)
                || (self.tabs > other.tabs && other.blanks == 0))
    }

    /// Whether both are the same, and can be compared.
    pub(super) fn is_same(self, other: Self) -> bool {
        !self.is_odd && self == other
    }

    /// Where the pairs of a nested list begin that is itself the first pair of another list, on the same line: known where tabs are counted.
    pub(super) fn one_deeper(self) -> Self {
        let tab = usize::from(self.blanks == 0);
        Self {
            tabs: self.tabs + tab,
            ..self
        }
    }
}

/// The white space at the beginning.
pub(super) fn blanks(line: &[u8]) -> usize {
    line.iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count()
}

/// Whether a line begins with a time: `@HH:MM:SS`, `HH:MM:SS.mmm` or a date and a time as in ISO 8601.
pub(super) fn is_time_stamped(line: &[u8]) -> bool {
    let Some(first) = line.first() else { return false };
    if *first == b'@' {
        return begins_with_time(&line[1..]);
    }
    if !first.is_ascii_digit() {
        return false;
    }
    let is_date = matches_form(line, b"dddd-dd-dd") && matches!(line.get(10), Some(b'T' | b' '));
    if is_date {
        return begins_with_time(&line[11..]);
    }
    begins_with_time(line) && matches_form(&line[8..], b".ddd")
}

fn begins_with_time(text: &[u8]) -> bool {
    let number = |at: usize| (text[at] - b'0') * 10 + (text[at + 1] - b'0');
    matches_form(text, b"dd:dd:dd") && number(0) < 24 && number(3) < 60 && number(6) < 61
}

/// Whether a text begins with a form in which `d` is a digit and all else is itself.
fn matches_form(text: &[u8], form: &[u8]) -> bool {
    let matches = |(byte, form): (&u8, &u8)| {
        if *form == b'd' {
            byte.is_ascii_digit()
        } else {
            byte == form
        }
    };
    text.len() >= form.len() && text.iter().zip(form).all(matches)
}

/// Whether a line begins a message without a time of its own.
pub(super) fn begins_message(line: &[u8]) -> bool {
    [&b"message "[..], b"request to ", b"received from "]
        .iter()
        .any(|begin| line.starts_with(begin))
        || (line.starts_with(b"'") && line.ends_with(b" attributes:"))
}

/// An attribute of a message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attribute<'a> {
    pub(super) indent: Indent,
    /// Its name, without `Attribute`.
    pub(super) name: &'a [u8],
    /// What follows the name and the blanks after it.
    pub(super) value: &'a [u8],
    /// Where that begins in the line.
    pub(super) value_at: usize,
}

/// An attribute as T-Library prints it, `AttributeNAME`, blanks and its value; or as the Platform SDK does, `NAME [type] = ` and its value.
pub(super) fn attribute(line: &[u8], syntax: Syntax) -> Option<Attribute<'_>> {
    let start = blanks(line);
    let indent = Indent::of(line);
    let after = line[start..]
        .strip_prefix(b"Attribute")
        .filter(|rest| rest.first().is_some_and(u8::is_ascii_uppercase));
    let named = after.unwrap_or(if syntax == Syntax::Psdk {
        &line[start..]
    } else {
        b""
    });
    let length = named
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
        .count();
    let (name, rest) = named.split_at(length);
    if name.is_empty() {
        return None;
    }
    let gap = blanks(rest);
    let is_attribute = match after {
        Some(_) => rest.is_empty() || gap > 0,
        None => psdk_value(&rest[gap..]).is_some(),
    };
    is_attribute.then(|| Attribute {
        indent,
        name,
        value: &rest[gap..],
        value_at: line.len() - rest.len() + gap,
    })
}

/// What follows `[type] = `, or `= `.
pub(super) fn psdk_value(text: &[u8]) -> Option<&[u8]> {
    let after_type = match text.strip_prefix(b"[") {
        Some(inside) => {
            let end = inside.iter().take(64).position(|byte| *byte == b']')?;
            let after = &inside[end + 1..];
            &after[blanks(after)..]
        }
        None => text,
    };
    let value = after_type.strip_prefix(b"=")?;
    Some(&value[blanks(value)..])
}

impl Attribute<'_> {
    /// Where the value ends that makes it the head of a list: `[n]` and the first bytes of the list in hexadecimal, or both masked; then dots.
    pub(super) fn head_length(&self) -> Option<usize> {
        let inside = self.value.strip_prefix(b"[")?;
        let count = inside.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let count = if inside.starts_with(b"***") { 3 } else { count };
        let mut rest = inside.get(count..).filter(|_| count > 0)?.strip_prefix(b"]")?;
        while let [b' ', one, two, after @ ..] = rest
            && ((one.is_ascii_hexdigit() && two.is_ascii_hexdigit()) || [*one, *two] == *b"**")
            && after
                .first()
                .is_none_or(|next| matches!(next, b' ' | b'.' | b'\t'))
        {
            rest = after;
        }
        let dots = rest.iter().take_while(|byte| **byte == b'.').count();
        Some(self.value.len() - rest.len() + dots)
    }

    /// Whether its value is complete: a text in quotes begins with one, too. What ends in a quote only may be the end of another text.
    pub(super) fn is_well_formed(&self) -> bool {
        let value = psdk_value(self.value).unwrap_or(self.value);
        match value.last() {
            Some(quote @ (b'\'' | b'"')) => value.len() > 1 && value[0] == *quote,
            _ => true,
        }
    }
}

/// A pair of a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    /// Where its opening quote is.
    pub(super) start: usize,
    pub(super) key: &'a [u8],
    /// Where the closing quote of its key ends.
    pub(super) key_end: usize,
    /// Where its value begins.
    pub(super) value_at: usize,
    pub(super) value: Value<'a>,
}

/// What a pair has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// Nothing on this line.
    Missing,
    /// A text: what is on this line from its opening quote on.
    Text(&'a [u8]),
    /// A number, or something in a form that is not documented.
    Other(&'a [u8]),
    /// Another list; its first pair may follow.
    List(&'a [u8]),
    /// Hidden already, by the program that wrote the log.
    Suppressed,
}

/// The pair that begins at a place of a line, as T-Library prints it. The key ends at the first quote before a blank, a tab or a parenthesis.
pub(super) fn tlib_pair(line: &[u8], at: usize) -> Option<Pair<'_>> {
    let start = at + blanks(&line[at..]);
    let inside = line[start..].strip_prefix(b"'")?;
    let is_end = |at: &usize| {
        inside
            .get(at + 1)
            .is_none_or(|next| matches!(next, b' ' | b'\t' | b'('))
    };
    let length = memchr::memchr_iter(b'\'', inside).find(is_end)?;
    let key_end = start + 1 + length + 1;
    let value_at = key_end + blanks(&line[key_end..]);
    let rest = &line[value_at..];
    let value = match rest.first() {
        None => Value::Missing,
        Some(b'\'') => Value::Text(rest),
        Some(_) => match rest.strip_prefix(b"(list)") {
            Some(nested) => Value::List(nested),
            None => Value::Other(rest),
        },
    };
    Some(Pair {
        start,
        key: &inside[..length],
        key_end,
        value_at,
        value,
    })
}

/// The first pair at or after a place of a line, as the Platform SDK prints it: `'KEY' [type] = value`, or `'KEY' = KVList:`.
pub(super) fn psdk_pair(line: &[u8], from: usize) -> Option<Pair<'_>> {
    let own_line = from + blanks(&line[from..]);
    let is_own_line = from == 0 && line.get(own_line) == Some(&b'\'');
    for end in memchr::memmem::find_iter(&line[from..], b"' ").map(|at| from + at) {
        let after = end + 1 + blanks(&line[end + 1..]);
        let Some(value) = pair_value(&line[after..]) else {
            continue;
        };
        let start = if is_own_line && own_line < end {
            own_line
        } else {
            match memchr::memrchr(b'\'', &line[from..end]) {
                Some(at) => from + at,
                None => continue,
            }
        };
        let length = match value {
            Value::Missing => 0,
            Value::Suppressed => line.len() - after,
            Value::Text(rest) | Value::Other(rest) | Value::List(rest) => rest.len(),
        };
        let list = if matches!(value, Value::List(_)) {
            KVLIST.len()
        } else {
            0
        };
        return Some(Pair {
            start,
            key: &line[start + 1..end],
            key_end: end + 1,
            value_at: line.len() - length - list,
            value,
        });
    }
    None
}

/// What the Platform SDK prints before the pairs of a list.
pub(super) const KVLIST: &[u8] = b"KVList:";
/// What it prints for a value that its own filter hides.
pub(super) const SUPPRESSED: &[u8] = b"[output suppressed]";

fn pair_value(text: &[u8]) -> Option<Value<'_>> {
    if text.starts_with(SUPPRESSED) {
        return Some(Value::Suppressed);
    }
    let has_type = text.first() == Some(&b'[');
    let value = psdk_value(text)?;
    if let Some(nested) = value.strip_prefix(KVLIST) {
        return Some(Value::List(nested));
    }
    if !has_type {
        return None;
    }
    Some(match value.first() {
        None => Value::Missing,
        Some(b'"') => Value::Text(value),
        Some(_) => Value::Other(value),
    })
}

/// The quote of a text that begins in a line and does not end there, whatever else the line is. Where quotes are mixed up, one at the end of the
/// line ends it.
pub(super) fn unclosed_quote(line: &[u8]) -> Option<Syntax> {
    let mut open = None;
    for (at, byte) in line.iter().enumerate() {
        let syntax = match byte {
            b'\'' => Syntax::Tlib,
            b'"' => Syntax::Psdk,
            _ => continue,
        };
        let before = at.checked_sub(1).map(|before| line[before]);
        let begins = before.is_none_or(|before| b" \t=:([,\xa0".contains(&before));
        let next = line.get(at + 1);
        open = match open {
            None if begins => Some(syntax),
            Some(_) if next.is_none() => None,
            Some(known) if known == syntax && next.is_some_and(|next| b" \t)],=:;".contains(next)) => None,
            _ => open,
        };
    }
    open
}

/// Whether a quote has no other one.
pub(super) fn has_odd_quotes(text: &[u8]) -> bool {
    memchr::memchr_iter(b'"', text).count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_from_numbers() {
        for line in [
            "@11:49:08.3881 [0]",
            "@11:49:08",
            "11:49:08.388_T_I",
            "2026-11-29T12:00:00Z x",
            "2026-11-29 12:00:00,1",
        ] {
            assert!(is_time_stamped(line.as_bytes()), "{line}");
        }
        for line in [
            "",
            "@",
            "11:49:08",
            "11:49:08.38",
            "25:49:08.388",
            "11:60:08.388",
            " 11:49:08.388",
            "2026-11-29",
            "2026-11-29X12:00:00",
        ] {
            assert!(!is_time_stamped(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn heads_of_lists_are_those_with_a_size() {
        let head =
            |line: &str| attribute(line.as_bytes(), Syntax::Tlib).and_then(|found| found.head_length());
        for line in [
            "\tAttributeUserData\t[111] 00 27 01 00",
            "AttributeUserData [149] 00 01 03 00..",
            "    AttributeReasons    [2]",
            "AttributeUserData\t[***] ** ** ** **",
        ] {
            let found = attribute(line.as_bytes(), Syntax::Tlib).expect("an attribute");
            assert_eq!(found.head_length(), Some(found.value.len()), "{line}");
        }
        for line in [
            "AttributeUserData\t[]",
            "AttributeUserData\t5",
            "AttributeUserData",
            "Attributeuserdata\t[1]",
        ] {
            assert_eq!(head(line), None, "{line}");
        }
        let found = attribute(b"AttributeUserData [1] 00 'A'\t'b'", Syntax::Tlib).expect("an attribute");
        assert_eq!(&found.value[found.head_length().expect("a head")..], b" 'A'\t'b'");
    }

    #[test]
    fn key_ends_at_the_first_quote_before_a_separator() {
        let pair = |line: &'static str| tlib_pair(line.as_bytes(), 0).map(|pair| (pair.key, pair.value));
        let text = |line: &'static str| line.as_bytes();
        assert_eq!(pair("\t\t'A'\t'b'"), Some((text("A"), Value::Text(text("'b'")))));
        assert_eq!(
            pair("'O'Brien' 5"),
            Some((text("O'Brien"), Value::Other(text("5"))))
        );
        assert_eq!(
            pair("  'L'(list) 'A' 1"),
            Some((text("L"), Value::List(text(" 'A' 1"))))
        );
        assert_eq!(pair("'A'"), Some((text("A"), Value::Missing)));
        for line in ["", "A 5", "'A", "'A'b", "'"] {
            assert_eq!(pair(line), None, "{line}");
        }
    }

    #[test]
    fn text_that_does_not_end_in_its_line() {
        for (line, quote) in [
            ("A 'b", Some(Syntax::Tlib)),
            ("'b it's so", Some(Syntax::Tlib)),
            ("\"A\" [str] = \"b 'c' d", Some(Syntax::Psdk)),
            ("x='b' y=\"", Some(Syntax::Psdk)),
            ("'", Some(Syntax::Tlib)),
            ("A 'b'", None),
            ("'A'b [str] = \"c\"", None),
            ("it's so", None),
            ("('a' \"b\")", None),
            ("", None),
        ] {
            assert_eq!(unclosed_quote(line.as_bytes()), quote, "{line}");
        }
    }

    #[test]
    fn pairs_of_the_sdk_have_a_type() {
        let pair = |line: &'static str| {
            psdk_pair(line.as_bytes(), 0).map(|pair| (pair.key, pair.value, pair.value_at))
        };
        assert_eq!(
            pair("\t'A' [str] = \"b\""),
            Some((&b"A"[..], Value::Text(b"\"b\""), 13))
        );
        assert_eq!(pair("'A' [int] = 5"), Some((&b"A"[..], Value::Other(b"5"), 12)));
        assert_eq!(
            pair("'O' x' [int] = 5"),
            Some((&b"O' x"[..], Value::Other(b"5"), 15))
        );
        assert_eq!(pair("'L' = KVList: "), Some((&b"L"[..], Value::List(b" "), 6)));
        assert_eq!(
            pair("12:00:00.000 got KVList: 'A' [str] = \"b\""),
            Some((&b"A"[..], Value::Text(b"\"b\""), 37))
        );
        assert_eq!(
            pair("'A' [output suppressed]").map(|pair| pair.1),
            Some(Value::Suppressed)
        );
        for line in ["'A' 5", "A [str] = \"b\"", "'A' = 5", "'A' [x"] {
            assert_eq!(pair(line), None, "{line}");
        }
    }

    #[test]
    fn mixed_white_space_is_neither_deeper_nor_the_same() {
        let indent = |line: &str| Indent::of(line.as_bytes());
        assert!(
            indent("\t\tx").is_deeper_than(indent("\tx")) && indent("    x").is_deeper_than(indent("  x"))
        );
        assert!(indent("\t x").is_deeper_than(indent("\tx")) && indent(" x").is_deeper_than(indent("x")));
        for (one, other) in [
            ("\tx", "    x"),
            ("    x", "\tx"),
            (" \tx", "x"),
            ("\t\tx", "\t x"),
            ("x", "x"),
        ] {
            assert!(!indent(one).is_deeper_than(indent(other)), "{one:?} {other:?}");
        }
        assert!(indent("\tx").is_same(indent("\ty")) && !indent(" \tx").is_same(indent(" \tx")));
    }
}
