//! Where in a text a byte stands, for messages: parsers tell offsets, and people count lines.

/// The lines of a text.
pub struct Lines<'a> {
    text: &'a str,
    /// Offsets of the line feeds, ascending.
    ends: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Those of `text`; each byte is looked at once.
    pub fn of(text: &'a str) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at).collect();
        Self { text, ends }
    }

    /// The line, from 1, of the byte at `offset`; beyond the end of the text the last line.
    pub fn line(&self, offset: usize) -> usize {
        self.ends.partition_point(|end| *end < offset) + 1
    }

    /// The column, from 1, of the byte at `offset` within its line, in characters.
    pub fn column(&self, offset: usize) -> usize {
        let line = self.line(offset);
        let start = line.checked_sub(2).map_or(0, |before| self.ends[before] + 1);
        let before = self.text.get(start..offset).unwrap_or_default();
        before.chars().count() + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_feeds_end_lines_and_columns_count_characters() {
        let lines = Lines::of("ab\nä=1\n\nz");
        let places: Vec<(usize, usize)> = [0, 2, 3, 5, 7, 8, 9]
            .map(|at| (lines.line(at), lines.column(at)))
            .to_vec();
        assert_eq!(places, [(1, 1), (1, 3), (2, 1), (2, 2), (2, 4), (3, 1), (4, 1)]);
        assert_eq!((lines.line(100), Lines::of("").line(5)), (4, 1));
    }
}
