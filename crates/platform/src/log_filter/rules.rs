//! Which action each key has.

use std::borrow::Cow;
use std::collections::BTreeMap;

use memchr::memmem;
use thiserror::Error;

use super::Action;
use super::line::{Pair, Value};

/// Why rules are not used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RuleError {
    /// No action.
    #[error("{place}`{action}` is not a filter action")]
    Action {
        /// Where it is: `line 3: `, or nothing.
        place: String,
        /// What is there.
        action: String,
    },
    /// One key with two actions.
    #[error("{place}`{key}` has two different actions")]
    Twice {
        /// Where the second one is.
        place: String,
        /// The key.
        key: String,
    },
    /// An option of `[log-filter]` other than `default-filter-type`, or a section with a name close to the known ones.
    #[error("{place}unknown {kind} `{name}`")]
    Unknown {
        /// Where it is.
        place: String,
        /// `option` or `section`.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// A key without a name.
    #[error("{place}the key is empty")]
    EmptyKey {
        /// Where it is.
        place: String,
    },
    /// Something other than a text where an action is expected.
    #[error("{place}`{key}` is not a text")]
    NotText {
        /// Where it is.
        place: String,
        /// The option.
        key: String,
    },
    /// A line that is neither a section nor an option.
    #[error("line {line}: not a section, an option or a comment")]
    Line {
        /// Its number.
        line: usize,
    },
    /// A file of another form.
    #[error("{0}")]
    Form(String),
    /// A file without one of the sections.
    #[error("neither `[log-filter]` nor `[log-filter-data]` is in it")]
    NoSection,
}

/// Which action each key has, and all other keys.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    default: Action,
    keys: BTreeMap<Vec<u8>, Action>,
    ignores_case: bool,
    /// Keys with something to hide, in their quotes, to find them where no pair can be read.
    needles: Vec<Vec<u8>>,
    /// Whether there is a quote in one of these keys.
    has_quotes: bool,
}

/// Rules on their way from files and options to [`Rules`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleSet {
    /// The action of all keys without one of their own.
    pub default: Option<Action>,
    /// Keys with their actions.
    pub keys: Vec<(String, Action)>,
}

impl RuleSet {
    /// Adds a key, without the blanks around it, which the platform leaves out too; the same key with another action is a contradiction, and the platform does not say which one counts.
    ///
    /// # Errors
    /// [`RuleError::Twice`], [`RuleError::EmptyKey`].
    pub fn add(&mut self, place: &str, key: &str, action: Action) -> Result<(), RuleError> {
        let key = key.trim();
        if key.is_empty() {
            return Err(RuleError::EmptyKey {
                place: place.to_owned(),
            });
        }
        match self.keys.iter().find(|(known, _)| known == key) {
            Some((_, known)) if *known != action => Err(RuleError::Twice {
                place: place.to_owned(),
                key: key.to_owned(),
            }),
            Some(_) => Ok(()),
            None => {
                self.keys.push((key.to_owned(), action));
                Ok(())
            }
        }
    }

    /// Reads `KEY=ACTION`, as it is typed. A key may contain `=`, and so may the texts of a tag.
    ///
    /// # Errors
    /// [`RuleError`].
    pub fn add_typed(&mut self, typed: &str) -> Result<(), RuleError> {
        let splits = typed
            .match_indices('=')
            .map(|(at, _)| (&typed[..at], &typed[at + 1..]));
        for (key, action) in splits {
            if let Some(action) = Action::parse(action) {
                return self.add("", key, action);
            }
        }
        let action = typed.split_once('=').map_or("", |(_, action)| action);
        Err(RuleError::Action {
            place: format!("{typed}: "),
            action: action.to_owned(),
        })
    }
}

impl Rules {
    /// Joins rules: the later set wins over the earlier one.
    ///
    /// # Errors
    /// [`RuleError::Twice`] where two keys differ in case only, and case is ignored.
    pub fn new(sets: &[RuleSet], ignores_case: bool) -> Result<Self, RuleError> {
        let mut rules = Self {
            ignores_case,
            ..Self::default()
        };
        for set in sets {
            let mut folded = RuleSet::default();
            for (key, action) in &set.keys {
                let key = if ignores_case {
                    key.to_lowercase()
                } else {
                    key.clone()
                };
                folded.add("", &key, action.clone())?;
            }
            let keys = folded.keys.into_iter();
            rules
                .keys
                .extend(keys.map(|(key, action)| (key.into_bytes(), action)));
            rules.default = set.default.clone().unwrap_or(rules.default);
        }
        let hiding = rules.keys.iter().filter(|(_, action)| action.hides());
        rules.needles = hiding
            .map(|(key, _)| [b"'", key.as_slice(), b"'"].concat())
            .collect();
        let has_quote = |needle: &Vec<u8>| needle[1..needle.len() - 1].contains(&b'\'');
        rules.has_quotes = rules.needles.iter().any(has_quote);
        Ok(rules)
    }

    /// The action of keys without one of their own.
    pub fn fallback(&self) -> &Action {
        &self.default
    }

    /// The keys with an action of their own, in an order that stays.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.keys.keys().map(Vec::as_slice)
    }

    /// Whether every pair stays as it is.
    pub fn copies_all(&self) -> bool {
        self.default == Action::Copy && self.keys.values().all(|action| *action == Action::Copy)
    }

    /// The action of a key, as it is in the log.
    pub fn action(&self, key: &[u8]) -> &Action {
        self.keys.get(self.folded(key).as_ref()).unwrap_or(&self.default)
    }

    /// The key of the rule that a key of the log has, if it has one of its own.
    pub(super) fn own(&self, key: &[u8]) -> Option<&[u8]> {
        let found = self.keys.get_key_value(self.folded(key).as_ref());
        found.map(|(known, _)| known.as_slice())
    }

    /// Whether a text that is to stay looks as if it contained a pair whose value is to be hidden.
    pub(super) fn mentions(&self, text: &[u8]) -> bool {
        let is_end = |at: usize| {
            text[at] == b'\''
                && text
                    .get(at + 1)
                    .is_none_or(|next| matches!(next, b' ' | b'\t' | b'('))
        };
        let mut ends = memchr::memchr_iter(b'\'', text)
            .filter(|at| is_end(*at))
            .peekable();
        if ends.peek().is_none() {
            return false;
        }
        if self.default.hides() && ends.any(|at| begins_value(&text[at + 1..])) {
            return true;
        }
        self.quotes_key(text)
    }

    /// Whether a key with something to hide is in a text, in its quotes.
    fn quotes_key(&self, text: &[u8]) -> bool {
        let text = self.folded(text);
        self.needles.iter().any(|needle| {
            memmem::find_iter(&text, needle).any(|at| {
                let next = text.get(at + needle.len());
                next.is_none_or(|next| matches!(next, b' ' | b'\t' | b'('))
            })
        })
    }

    /// Whether a key may be a value that is to be hidden, or have a part of one in it, because a quote is missing: alone on its line, it may be the
    /// value of the line before. `odd`: what is in no key.
    pub(super) fn doubts_key(&self, pair: &Pair<'_>, odd: &[u8]) -> bool {
        let key = pair.key;
        let is_of_name =
            |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii() || b"_-.".contains(byte);
        let is_odd = key.iter().any(|byte| odd.contains(byte))
            || memmem::find(key, b" '").is_some()
            || (pair.value == Value::Missing && (self.default.hides() || !key.iter().all(is_of_name)));
        is_odd && self.own(key).is_none() && (self.default.hides() || self.names(key))
    }

    /// Whether a text begins with the key of a pair that may be a longer one with something to hide: with a quote and a blank in it.
    pub(super) fn quotes_longer_key(&self, text: &[u8]) -> bool {
        self.has_quotes && self.quotes_key(text)
    }

    /// Whether a key with something to hide is in a text as a word, in whatever quotes.
    pub(super) fn names(&self, text: &[u8]) -> bool {
        let text = self.folded(text);
        let is_of_word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
        self.needles.iter().any(|needle| {
            let key = &needle[1..needle.len() - 1];
            memmem::find_iter(&text, key).any(|at| {
                let before = at.checked_sub(1).and_then(|before| text.get(before));
                !is_of_word(before) && !is_of_word(text.get(at + key.len()))
            })
        })
    }

    fn folded<'a>(&self, text: &'a [u8]) -> Cow<'a, [u8]> {
        match self.ignores_case {
            true => String::from_utf8_lossy(text).to_lowercase().into_bytes().into(),
            false => text.into(),
        }
    }
}

/// Whether what follows a key would be a value: blanks and a quote or a type, or a list.
fn begins_value(after: &[u8]) -> bool {
    let blanks = after
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count();
    match after.get(blanks) {
        Some(b'\'' | b'[') => blanks > 0,
        Some(b'(') => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(typed: &[&str]) -> RuleSet {
        let mut set = RuleSet::default();
        typed
            .iter()
            .for_each(|typed| set.add_typed(typed).expect("a rule"));
        set
    }

    #[test]
    fn later_rules_win_and_keys_without_one_have_the_default() {
        let file = RuleSet {
            default: Some(Action::Skip),
            keys: set(&["A=hide", "B=hide"]).keys,
        };
        let rules = Rules::new(&[file, set(&["B=copy"])], false).expect("rules");
        let of = |key: &str| rules.action(key.as_bytes()).clone();
        assert_eq!(
            (of("A"), of("B"), of("C"), of("a")),
            (Action::Hide, Action::Copy, Action::Skip, Action::Skip)
        );
    }

    #[test]
    fn typed_keys_may_contain_what_separates_them_from_actions() {
        assert_eq!(set(&["a=b=hide"]).keys, [("a=b".to_owned(), Action::Hide)]);
        let tagged = set(&["k=tag(a=1,b=2)"]).keys;
        assert_eq!(tagged[0].0, "k");
        for typed in ["k", "k=", "k=drop", "=hide", "k=hide=drop"] {
            assert!(RuleSet::default().add_typed(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn two_actions_of_one_key_are_a_contradiction() {
        let mut rules = set(&["A=hide", "A=hide"]);
        assert!(matches!(rules.add_typed("A=copy"), Err(RuleError::Twice { .. })));
        let cases = set(&["A=hide", "a=copy"]);
        assert!(Rules::new(std::slice::from_ref(&cases), false).is_ok());
        assert!(matches!(Rules::new(&[cases], true), Err(RuleError::Twice { .. })));
    }

    #[test]
    fn blanks_around_a_key_are_no_part_of_it() {
        let rules = Rules::new(&[set(&[" PASSWORD = hide "])], false).expect("rules");
        assert_eq!(rules.action(b"PASSWORD"), &Action::Hide);
        let mut one = set(&["K=hide"]);
        assert!(matches!(one.add_typed(" K=skip"), Err(RuleError::Twice { .. })));
        assert!(matches!(one.add_typed(" =skip"), Err(RuleError::EmptyKey { .. })));
    }

    #[test]
    fn case_counts_unless_it_is_ignored() {
        let of = |ignores| {
            let rules = Rules::new(&[set(&["Passwörd=hide"])], ignores).expect("rules");
            rules.action("PASSWÖRD".as_bytes()).clone()
        };
        assert_eq!((of(false), of(true)), (Action::Copy, Action::Hide));
    }

    #[test]
    fn pairs_inside_of_other_texts_are_noticed() {
        let rules = Rules::new(&[set(&["PASSWORD=hide"])], false).expect("rules");
        for text in ["x'\t'PASSWORD'\t'1'", "'PASSWORD'", "'PASSWORD'(list) 'a'"] {
            assert!(rules.mentions(text.as_bytes()), "{text}");
        }
        for text in ["PASSWORD", "'PASSWORDS' 5", "'PASSWORD'x", "it's 5 o'clock"] {
            assert!(!rules.mentions(text.as_bytes()), "{text}");
        }
        let hiding = RuleSet {
            default: Some(Action::Hide),
            keys: set(&["A=copy"]).keys,
        };
        let rules = Rules::new(&[hiding], false).expect("rules");
        assert!(rules.mentions(b"x'\t'B'\t'1'") && !rules.mentions(b"the 'big' dog's bowl"));
    }
}
