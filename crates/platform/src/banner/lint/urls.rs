//! The documents.

use std::collections::HashSet;

use super::super::settings::{Part, Scope, Settings, is_remote, number, text, variables};
use super::{
    ERROR_PAGE, HTTPS, LOCK_OUT, Linting, NOT_EXPANDED, NUMBERING, URL_BLANK, URL_MISSING, VARIABLE, find,
    in_words, scopes,
};
use crate::finding::{Finding, Place};
use crate::registry::{Data, Entry};

impl Linting<'_> {
    pub(super) fn urls(&mut self, settings: &Settings) {
        let left = settings.left();
        for scope in scopes(&left) {
            self.numbering(settings, &left, scope);
            self.documents(settings, &left, scope);
        }
    }

    /// The keys of the documents, each once, with one line that it has.
    fn url_keys<'a>(
        &self,
        settings: &'a Settings,
        left: &[(&'a Part, &'a Entry)],
        scope: Scope,
    ) -> Vec<(&'a Part, Place)> {
        let left: HashSet<&Part> = left.iter().map(|(part, _)| *part).collect();
        let (mut keys, mut known) = (Vec::new(), HashSet::new());
        for key in settings.keys.iter().filter(|key| !key.key.is_removed) {
            let is_of_scope = matches!(&key.part, Part::Url { scope: own, .. } if *own == scope);
            let is_left = key.key.entries.is_empty() || left.contains(&key.part);
            if is_of_scope && is_left && known.insert(&key.part) {
                keys.push((&key.part, self.place(key.key.line, key.key.path_at.clone())));
            }
        }
        keys
    }

    fn numbering(&mut self, settings: &Settings, left: &[(&Part, &Entry)], scope: Scope) {
        let keys = self.url_keys(settings, left, scope);
        let mut numbers: Vec<u32> = Vec::new();
        for (part, place) in &keys {
            let Part::Url { name, .. } = part else { continue };
            match part.number() {
                Some(number) => numbers.push(number),
                None => {
                    let found = Finding::new(NUMBERING, format!("`{name}` is not a number of a document"));
                    self.add(
                        found
                            .at(place.clone())
                            .help("documents are numbered 1, 2, 3 and so on, in decimal"),
                    );
                }
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        let gap = (1..).zip(&numbers).find(|(expected, number)| expected != *number);
        if let Some((expected, number)) = gap {
            let place = keys
                .iter()
                .find(|(part, _)| part.number() == Some(*number))
                .map(|(_, place)| place.clone());
            let found = Finding::new(
                NUMBERING,
                format!("document {number} follows a gap: there is no document {expected}"),
            );
            let found = found.help("documents are numbered 1, 2, 3 and so on, without a gap");
            self.add(match place {
                Some(place) => found.at(place),
                None => found,
            });
        }
    }

    fn documents(&mut self, settings: &Settings, left: &[(&Part, &Entry)], scope: Scope) {
        let keys = self.url_keys(settings, left, scope);
        let (mut remote, mut local, mut error_pages) = (Vec::new(), 0, Vec::new());
        for (part, place) in &keys {
            let url = find(left, part, "URL").filter(|entry| entry.data != Data::Removed);
            if let Some(entry) = find(left, part, "ErrorPage").filter(|entry| number(&entry.data) == Ok(1)) {
                error_pages.push(entry);
            }
            match url.map(|entry| (entry, text(&entry.data))) {
                None => {
                    let found = Finding::new(URL_MISSING, "a document without `URL`: it cannot be shown");
                    self.add(found.at(place.clone()));
                }
                Some((entry, Some((url, expands)))) => {
                    self.url(entry, url, expands);
                    if is_remote(url) {
                        remote.push(entry);
                    } else {
                        local += 1;
                    }
                }
                // Its type is wrong, which is said of it.
                Some((_, None)) => {}
            }
        }
        let has_settings = left.iter().any(|(part, _)| **part == Part::Settings(scope));
        if keys.is_empty() && has_settings {
            let place = settings
                .keys
                .iter()
                .find(|key| key.part == Part::Settings(scope) && !key.key.is_removed);
            let found = Finding::new(
                URL_MISSING,
                format!(
                    "no document for {}: without `URL`, everything else is ignored",
                    in_words(scope)
                ),
            );
            let place = place.map(|key| self.place(key.key.line, key.key.path_at.clone()));
            self.add(match place {
                Some(place) => found.at(place),
                None => found,
            });
        }
        let mandatory = find(left, &Part::Settings(scope), "AckMandatory");
        let is_mandatory = mandatory.is_some_and(|entry| number(&entry.data) == Ok(1));
        if let (true, [only], 0, Some(mandatory)) = (is_mandatory, remote.as_slice(), local, mandatory) {
            let found = Finding::new(
                LOCK_OUT,
                "if the only document cannot be loaded, users cannot log in: `AckMandatory` is 1",
            )
            .at(self.data(mandatory))
            .at(self.data(only))
            .help("add further documents, and a local file as the last one");
            self.add(found);
        }
        // A part of the settings does not say how the rest of them is.
        if !is_mandatory && has_settings {
            for entry in error_pages {
                let found = Finding::new(
                    ERROR_PAGE,
                    "an error page has no effect while `AckMandatory` is 0",
                );
                self.add(found.at(self.data(entry)));
            }
        }
    }

    /// The place of a document.
    fn url(&mut self, entry: &Entry, url: &str, expands: bool) {
        let named = variables(url);
        let letters: Vec<char> = url.chars().collect();
        if url.trim().is_empty() {
            let found = Finding::new(URL_MISSING, "`URL` is empty: the document cannot be shown");
            return self.add(found.at(self.data(entry)));
        }
        let outside = |at: &usize| !named.iter().any(|name| name.contains(at));
        let blank = (0..letters.len())
            .filter(outside)
            .find(|at| letters[*at].is_whitespace());
        // In the path of a file, blanks are usual.
        if let Some(at) = blank.filter(|at| url.contains("://") || *at == 0 || *at + 1 == letters.len()) {
            let found = Finding::new(URL_BLANK, "there is a blank in the place of the document");
            self.add(
                found
                    .at(self.inside(entry, url, at..at + 1))
                    .help("remove it; within an address, a blank is written %20"),
            );
        }
        for name in named {
            let variable: String = letters[name.clone()].iter().collect();
            if variable.contains(' ') {
                let found = Finding::new(
                    VARIABLE,
                    format!("`{variable}`: no variable has a blank in its name"),
                );
                let near = variable.replace(' ', "");
                self.add(
                    found
                        .at(self.inside(entry, url, name))
                        .help(format!("did you mean `{near}`?")),
                );
            } else if !expands {
                let found = Finding::new(
                    NOT_EXPANDED,
                    format!("`{variable}` is not replaced: the type of the value is REG_SZ"),
                );
                let help = "write it as REG_EXPAND_SZ, hex(2); `gsec banner write --expand` does";
                self.add(found.at(self.inside(entry, url, name)).help(help));
            }
        }
        if url.trim_start().to_ascii_lowercase().starts_with("https:") {
            let found = Finding::new(HTTPS, "Genesys Desktop loads the document by http only");
            self.add(found.at(self.data(entry)));
        }
    }

    /// Where a part of a text is: known where the text is in the line as it is.
    fn inside(&self, entry: &Entry, url: &str, range: std::ops::Range<usize>) -> Place {
        let line: Vec<char> = self.file.line(entry.line).chars().collect();
        let text: Vec<char> = url.replace('\\', "\\\\").chars().collect();
        let plain: Vec<char> = url.chars().collect();
        let from = entry.data_at.start;
        let find = |text: &[char]| {
            line.get(from..)?
                .windows(text.len().max(1))
                .position(|part| part == text)
                .map(|at| from + at)
        };
        // Every backslash before it takes two characters.
        let doubled = |at: usize| at + plain[..at].iter().filter(|letter| **letter == '\\').count();
        if let Some(start) = find(&plain) {
            return self.place(entry.line, start + range.start..start + range.end);
        }
        match find(&text) {
            Some(start) => self.place(
                entry.line,
                start + doubled(range.start)..start + doubled(range.end),
            ),
            None => self.data(entry),
        }
    }
}
