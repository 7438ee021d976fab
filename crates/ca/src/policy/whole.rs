//! Whether a `gsec.toml` is all of what was written, or the beginning of it. Pure.

/// The line that a file ends with.
pub(super) const LAST_LINE: &str = "# end of gsec.toml";

/// What a text lacks of another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lack {
    /// It says something else.
    Other,
    /// It says as much.
    Nothing,
    /// Whole sections. Who removes them leaves the same text as a file that was cut off just there.
    Sections,
    /// More than that.
    Lines,
}

/// Whether a text has the line that stands at the end of a whole one.
pub(super) fn has_last_line(text: &str) -> bool {
    text.lines().any(is_last_line)
}

/// What a text lacks that says what another one says first, comments aside. A line of which only the beginning is there was cut off only
/// where the text has no line feed after it; otherwise it is another line.
pub(super) fn lack(text: &str, whole: &str) -> Lack {
    let (mut lines, mut expected) = (settings(text).peekable(), settings(whole));
    while let Some(line) = lines.next() {
        let may_be_cut = lines.peek().is_none() && !text.ends_with('\n');
        match expected.next() {
            Some(expected) if expected == line => {}
            Some(expected) if may_be_cut && expected.starts_with(line) => return Lack::Lines,
            _ => return Lack::Other,
        }
    }
    match expected.next() {
        Some(next) if is_commented_out(next, text, whole) => Lack::Other,
        Some(next) if next.starts_with('[') => Lack::Sections,
        Some(_) => Lack::Lines,
        None => Lack::Nothing,
    }
}

/// Whether a text ends where its author says, for whoever knows what was there before: where settings followed the line at the end, as many
/// such lines say nothing.
pub(super) fn ends_after(text: &str, before: &str) -> bool {
    let settings_end = before.lines().rev().skip_while(|line| !is_setting(line));
    let that_are_no_end = settings_end.filter(|line| is_last_line(line)).count();
    text.lines().filter(|line| is_last_line(line)).count() > that_are_no_end
}

/// The lines that say something.
pub(super) fn settings(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| is_setting(line))
}

fn is_setting(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#')
}

fn is_last_line(line: &str) -> bool {
    line.trim() == LAST_LINE
}

/// Whether a line stands in a text as a comment that was not there before: nothing that is cut off gets one.
fn is_commented_out(line: &str, text: &str, before: &str) -> bool {
    let count = |text: &str| {
        let comments = text.lines().filter_map(|line| line.trim().strip_prefix('#'));
        comments
            .filter(|comment| comment.trim_start_matches('#').trim() == line)
            .count()
    };
    count(text) > count(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "a = 365\n[one]\nb = 1\n# [two]\n[two]\nc = 1\n";

    #[test]
    fn what_is_cut_off_is_told_from_what_is_edited() {
        for (text, expected) in [
            ("a = 36", Lack::Lines),
            ("[one]", Lack::Other),
            ("a = 365\n[one]\n", Lack::Lines),
            ("a = 365\n[one]\nb = 1\n", Lack::Sections),
            ("# all\na = 365\n\n[one]\nb = 1", Lack::Sections),
            ("a = 365\n[one]\nb = 1\n# [two]\n", Lack::Sections),
            // An editor.
            ("a = 36\n", Lack::Other),
            ("a = 365\n[one]\nb = 1\n# [two]\n# [two]\n# c = 1\n", Lack::Other),
            ("a = 365\n[one]\nb = 1\n#[two]\n# [two]\n", Lack::Other),
            ("a = 365\n[one]\nb = 1\n[two]\nc = 1", Lack::Nothing),
            ("a = 365\n[one]\nb = 1\n[two]\nc = 1\n[three]\n", Lack::Other),
        ] {
            assert_eq!(lack(text, WHOLE), expected, "{text}");
        }
    }

    #[test]
    fn line_at_the_end_is_none_where_more_followed_it() {
        let line = format!("{LAST_LINE}\n");
        let whole = format!("{WHOLE}{line}");
        assert!(ends_after(&whole, &whole) && !ends_after(WHOLE, &whole) && !ends_after(WHOLE, WHOLE));
        let followed = format!("{whole}[three]\n");
        assert!(!ends_after(&whole, &followed));
        assert!(ends_after(&format!("{whole}{line}"), &followed));
    }
}
