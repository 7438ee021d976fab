//! What happens to a value, and values that are hidden in part.

/// What every hidden value is replaced by, whatever its length and type: a length would say something of the value.
pub(super) const HIDDEN: &[u8] = b"****";

/// What happens to a pair of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Action {
    /// It stays as it is.
    #[default]
    Copy,
    /// Its value stays, with a text before and after it.
    Tag {
        /// The text before the value.
        before: String,
        /// The text after the value.
        after: String,
    },
    /// The first so many characters of the value are hidden.
    HideFirst(usize),
    /// The last so many characters of the value are hidden.
    HideLast(usize),
    /// All but the first so many characters of the value are hidden.
    UnhideFirst(usize),
    /// All but the last so many characters of the value are hidden.
    UnhideLast(usize),
    /// The key stays, the value is hidden.
    Hide,
    /// The whole pair is left out.
    Skip,
}

impl Action {
    /// The forms in which actions are written, for messages.
    pub const FORMS: &'static str =
        "copy, hide, skip, hide-first,N, hide-last,N, unhide-first,N, unhide-last,N, tag(BEFORE,AFTER)";

    /// Reads an action as the platform writes it, in any case; `None` if it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let lower = text.to_ascii_lowercase();
        match lower.as_str() {
            "copy" => return Some(Self::Copy),
            "hide" => return Some(Self::Hide),
            "skip" => return Some(Self::Skip),
            _ => {}
        }
        if lower.starts_with("tag(") && lower.ends_with(')') {
            return parse_tag(&text[4..text.len() - 1]);
        }
        let (name, count) = lower.split_once(',')?;
        let count = count.trim();
        let count = Some(count)
            .filter(|count| count.bytes().all(|digit| digit.is_ascii_digit()))?
            .parse()
            .ok()?;
        match name.trim() {
            "hide-first" => Some(Self::HideFirst(count)),
            "hide-last" => Some(Self::HideLast(count)),
            "unhide-first" => Some(Self::UnhideFirst(count)),
            "unhide-last" => Some(Self::UnhideLast(count)),
            _ => None,
        }
    }

    /// Whether something of a value is hidden.
    pub fn hides(&self) -> bool {
        !matches!(self, Self::Copy | Self::Tag { .. })
    }

    /// Which characters of a text of so many are shown. A count beyond the length shows none: it says nothing of how much may be seen.
    fn shown(&self, length: usize) -> std::ops::Range<usize> {
        match *self {
            Self::HideFirst(count) if count <= length => count..length,
            Self::HideLast(count) if count <= length => 0..length - count,
            Self::UnhideFirst(count) if count <= length => 0..count,
            Self::UnhideLast(count) if count <= length => length - count..length,
            _ => 0..0,
        }
    }

    /// Whether the action hides a part of a value only.
    pub(super) fn is_partial(&self) -> bool {
        self.hides() && !matches!(self, Self::Hide | Self::Skip)
    }

    /// The value with a part of it hidden, an asterisk for each character; `None` where all of it is to be hidden.
    pub(super) fn partly(&self, value: &[u8]) -> Option<Vec<u8>> {
        let text = std::str::from_utf8(value).ok()?;
        let shown = self.shown(text.chars().count());
        if shown.is_empty() {
            return None;
        }
        let characters = text.chars().enumerate();
        let masked: String = characters
            .map(|(at, character)| if shown.contains(&at) { character } else { '*' })
            .collect();
        Some(masked.into_bytes())
    }
}

/// The two texts of `tag(BEFORE,AFTER)`; without any, those that the platform takes.
fn parse_tag(inside: &str) -> Option<Action> {
    let (before, after) = match inside.split_once(',') {
        Some((before, after)) => (before.trim(), after.trim()),
        None if inside.trim().is_empty() => ("<#", "#>"),
        None => return None,
    };
    let is_usable = |text: &str| {
        !text.is_empty()
            && !text
                .chars()
                .any(|letter| letter.is_control() || letter == '\'' || letter == '"')
    };
    (is_usable(before) && is_usable(after)).then(|| Action::Tag {
        before: before.to_owned(),
        after: after.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_in_any_case_and_nothing_else() {
        for (text, action) in [
            ("copy", Action::Copy),
            (" Hide ", Action::Hide),
            ("SKIP", Action::Skip),
            ("hide-first,4", Action::HideFirst(4)),
            ("hide-last, 4", Action::HideLast(4)),
            ("unhide-first,0", Action::UnhideFirst(0)),
            ("Unhide-Last,12", Action::UnhideLast(12)),
        ] {
            assert_eq!(Action::parse(text), Some(action), "{text}");
        }
        let tag = |before: &str, after: &str| {
            Some(Action::Tag {
                before: before.into(),
                after: after.into(),
            })
        };
        assert_eq!(Action::parse("tag(<!--,-->)"), tag("<!--", "-->"));
        assert_eq!(Action::parse("tag()"), tag("<#", "#>"));
        for text in [
            "",
            "hidden",
            "drop",
            "hide-first",
            "hide-first,",
            "hide-first,-1",
            "hide-first,+1",
            "hide-first,x",
            "hide-middle,2",
            "tag(<!--)",
            "tag(,)",
            "tag(a\nb,c)",
            "tag(',b)",
            "hide-first,99999999999999999999999",
            "hide;copy",
        ] {
            assert_eq!(Action::parse(text), None, "{text}");
        }
    }

    #[test]
    fn parts_are_hidden_by_character_and_a_count_beyond_the_length_hides_all() {
        let partly = |action: &str, value: &str| {
            let action = Action::parse(action).expect("an action");
            action
                .partly(value.as_bytes())
                .map(|value| String::from_utf8(value).expect("text"))
        };
        assert_eq!(partly("hide-first,2", "8410").as_deref(), Some("**10"));
        assert_eq!(partly("hide-last,1", "8410").as_deref(), Some("841*"));
        assert_eq!(partly("unhide-first,1", "Żółw").as_deref(), Some("Ż***"));
        assert_eq!(partly("unhide-last,2", "8410").as_deref(), Some("**10"));
        for (action, value) in [
            ("hide-first,5", "8410"),
            ("hide-last,4", "8410"),
            ("unhide-first,5", "8410"),
            ("unhide-last,5", "8410"),
            ("unhide-last,0", "8410"),
            ("unhide-first,1", ""),
        ] {
            assert_eq!(partly(action, value), None, "{action}");
        }
        assert_eq!(
            Action::UnhideLast(1).partly(b"\xff\xfe1"),
            None,
            "no characters to count"
        );
    }
}
