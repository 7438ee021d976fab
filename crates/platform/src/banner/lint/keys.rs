//! The form of the file and the paths of keys.

use super::super::settings::{Part, PathFlaw, Settings};
use super::super::{BANNER_KEY, URLS};
use super::{
    APPLICATION, FORM, HIVE_NAME, Linting, OTHER_HIVE, PARTIAL_OVERRIDE, UNKNOWN_KEY, URL_LAYOUT, WOW6432,
    entries_of, in_words, scopes,
};
use crate::finding::{Finding, is_near};

impl Linting<'_> {
    /// What `regedit` cannot import.
    pub(super) fn form(&mut self, settings: &Settings) {
        if let Some(line) = settings.paths_with_values.first() {
            let found = Finding::new(FORM, "a path and a value in one line: this is not a registry file")
                .at(self.whole(*line))
                .help("write the path in brackets, and below it \"NAME\"=\"value\"; `gsec banner write` makes such a file");
            self.add(found);
        } else if !self.file.has_header && self.file.keys.len() + self.file.odd_lines.len() > 0 {
            let found = Finding::new(
                FORM,
                "the first line is not the one by which regedit knows its files",
            )
            .at(self.whole(1))
            .help("it must be: Windows Registry Editor Version 5.00");
            self.add(found);
        }
        for line in &settings.odd_lines {
            let found = Finding::new(FORM, "neither a key, a value nor a comment")
                .at(self.whole(*line))
                .help("keys are in brackets; values are \"NAME\"=\"text\" or \"NAME\"=dword:00000001, below their key");
            self.add(found);
        }
    }

    pub(super) fn keys(&mut self, settings: &Settings) {
        for key in &settings.keys {
            let hive = key.key.path.split('\\').next().unwrap_or_default();
            let start = key.key.path_at.start;
            let hive_at = self.place(key.key.line, start..start + hive.chars().count());
            for flaw in &key.flaws {
                let found = match flaw {
                    PathFlaw::NoH => Finding::new(HIVE_NAME, format!("`{hive}`: the H is missing"))
                        .help("the hive is called HKEY_LOCAL_MACHINE"),
                    PathFlaw::OtherHive => {
                        Finding::new(OTHER_HIVE, format!("`{hive}`: applications do not look there"))
                            .help(format!("the settings belong to {BANNER_KEY}"))
                    }
                    PathFlaw::Wow64 => Finding::new(
                        WOW6432,
                        "`Wow6432Node`: 32-bit applications find it, 64-bit applications do not",
                    )
                    .help("leave the name out: Windows redirects 32-bit applications by itself"),
                };
                self.add(found.at(hive_at.clone()));
            }
            self.part(&key.part, key.key.line, key.key.path_at.clone());
        }
        self.overrides(settings);
    }

    fn part(&mut self, part: &Part, line: usize, path_at: std::ops::Range<usize>) {
        let place = self.place(line, path_at);
        match part {
            Part::Unknown(name) => {
                let first = name.split('\\').next().unwrap_or_default();
                let words = if is_near(first, URLS) {
                    format!("did you mean {URLS}?")
                } else {
                    format!("below the banner's key, there are {URLS} and the numbers of applications")
                };
                let found = Finding::new(
                    UNKNOWN_KEY,
                    format!("`{name}` is not a key that applications read"),
                );
                self.add(found.at(place).help(words));
            }
            Part::Settings(Some(kind)) if kind.names().is_none() => {
                let found = Finding::new(APPLICATION, format!("`{}` is not the number of an application with a banner", kind.number()))
                    .help("known are 13 (Outbound Contact Manager), 19 (Configuration Manager, Wizard Manager), 44 (Solution Control Interface) and 51 (Interaction Routing Designer)");
                self.add(found.at(place));
            }
            Part::Url {
                scope: Some(kind),
                is_flat,
                ..
            } => {
                let other = if *is_flat {
                    "below URLs in it"
                } else {
                    "without URLs, directly in it"
                };
                let found = Finding::new(
                    URL_LAYOUT,
                    format!(
                        "the guide describes documents of one application in two ways; if {} does not show this one, write it {other}",
                        in_words(Some(*kind))
                    ),
                );
                self.add(found.at(place));
            }
            _ => {}
        }
    }

    /// The key of an application is read instead of the one for all, whole: what only that one has does not count.
    fn overrides(&mut self, settings: &Settings) {
        let left = settings.left();
        let names_of = |part: &Part| -> Vec<String> {
            let entries = entries_of(&left, part);
            entries.iter().filter_map(|entry| entry.name.clone()).collect()
        };
        let has_urls = |scope| {
            left.iter()
                .any(|(part, _)| matches!(part, Part::Url { scope: own, .. } if *own == scope))
        };
        let default = names_of(&Part::Settings(None));
        for scope in scopes(&left).into_iter().flatten() {
            let own = names_of(&Part::Settings(Some(scope)));
            let is_missing = |name: &&String| !own.iter().any(|known| known.eq_ignore_ascii_case(name));
            let mut missing: Vec<&str> = default.iter().filter(is_missing).map(String::as_str).collect();
            if has_urls(None) && !has_urls(Some(scope)) {
                missing.push(URLS);
            }
            if missing.is_empty() {
                continue;
            }
            let key = settings
                .keys
                .iter()
                .find(|key| key.part.scope() == Some(Some(scope)) && !key.key.is_removed);
            let found = Finding::new(
                PARTIAL_OVERRIDE,
                format!(
                    "{} has a key of its own, which lacks {}: what the key for all applications has is not used for it",
                    in_words(Some(scope)),
                    missing.join(", ")
                ),
            )
            .help("repeat in it what is to hold for this application, too");
            let place = key.map(|key| self.place(key.key.line, key.key.path_at.clone()));
            self.add(match place {
                Some(place) => found.at(place),
                None => found,
            });
        }
    }
}
