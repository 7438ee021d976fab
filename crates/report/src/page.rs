//! Text laid out for reading: sentences, and facts in two columns.

use gsec_pki::encoding::visible::visible;

/// Width of the left column.
const LABEL_WIDTH: usize = 14;

/// A text under construction. Values go through [`visible`], because they may come from elsewhere.
#[derive(Debug, Default)]
pub struct Page {
    text: String,
    verbose: bool,
}

impl Page {
    /// An empty text, which takes details only when `verbose`.
    pub fn new(verbose: bool) -> Self {
        Self {
            text: String::new(),
            verbose,
        }
    }

    /// A fact that is shown with `-v` only.
    pub fn detail(&mut self, label: &str, value: &str) {
        if self.verbose {
            self.fact(label, value);
        }
    }

    /// A fact that is shown with `-v` only, when there is one.
    pub fn detail_if(&mut self, label: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.detail(label, value);
        }
    }

    /// A sentence; what is not gsec's own in it is shown safely.
    pub fn line(&mut self, sentence: &str) {
        self.text.push_str(&visible(sentence));
        self.text.push('\n');
    }

    /// A fact: its label, and its value.
    pub fn fact(&mut self, label: &str, value: &str) {
        self.line(&format!("  {label:<LABEL_WIDTH$} {value}"));
    }

    /// A fact, when there is one.
    pub fn fact_if(&mut self, label: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.fact(label, value);
        }
    }

    /// Several values under one label, which is printed before the first.
    pub fn facts<'a>(&mut self, label: &str, values: impl IntoIterator<Item = &'a str>) {
        let mut label = label;
        for value in values {
            self.fact(label, value);
            label = "";
        }
    }

    /// Names under one label: of thousands the first fifty, and how many more there are; JSON has all.
    pub fn names(&mut self, label: &str, names: &[String]) {
        const SHOWN: usize = 50;
        self.facts(label, names.iter().take(SHOWN).map(String::as_str));
        if let Some(more @ 1..) = names.len().checked_sub(SHOWN) {
            self.fact("", &format!("and {more} more; `--json` has them all"));
        }
    }

    /// An empty line.
    pub fn gap(&mut self) {
        self.text.push('\n');
    }

    /// Columns under headings, each as wide as its widest cell; the last one runs free. Returns the widths.
    pub fn table(&mut self, headings: &[&str], rows: &[Vec<String>]) -> Vec<usize> {
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(|cell| visible(cell)).collect())
            .collect();
        let headings: Vec<String> = headings.iter().map(|heading| (*heading).to_owned()).collect();
        let all = || std::iter::once(&headings).chain(&rows);
        let width = |column: usize| {
            all()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        };
        let widths: Vec<usize> = (0..headings.len()).map(width).collect();
        for row in all() {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell:<width$}"))
                .collect();
            self.text.push_str(cells.join("  ").trim_end());
            self.text.push('\n');
        }
        widths
    }

    /// The whole text.
    pub fn into_text(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_cannot_act_on_the_terminal() {
        let mut page = Page::default();
        page.fact("subject", "CN=a\u{1b}[2J\nx");
        page.table(&["a"], &[vec!["b\u{202e}".into()]]);
        assert_eq!(
            page.into_text(),
            "  subject        CN=a\\x1B[2J\\x0Ax\na\nb\\u{202E}\n"
        );
    }

    #[test]
    fn columns_are_aligned_and_the_last_is_not_padded() {
        let mut page = Page::default();
        page.table(&["serial", "subject"], &[vec!["01".into(), "CN=x".into()]]);
        assert_eq!(page.into_text(), "serial  subject\n01      CN=x\n");
    }
}
