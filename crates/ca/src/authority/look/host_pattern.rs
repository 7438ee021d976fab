//! A pattern that host names are listed by.

/// Where a host name is looked for, with `*` for any characters, dots included, or none, and `?` for exactly one. Case does
/// not matter. A word without dots is also looked for as the first label. It is for looking, and decides nothing: a certificate's own wildcard
/// is text like any other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPattern(Vec<char>);

impl HostPattern {
    /// Takes any text; without `*` and `?` it matches that name alone, or as a single word the first label of names.
    pub fn new(text: &str) -> Self {
        Self(text.to_lowercase().chars().collect())
    }

    /// Whether the whole name matches, or its first label.
    pub fn matches(&self, name: &str) -> bool {
        // A number would be the first part of addresses.
        let is_word = self.0.iter().any(|character| character.is_alphabetic())
            && !self.0.iter().any(|character| ".:*?".contains(*character));
        let label = name.split_once('.').filter(|_| is_word).map(|(label, _)| label);
        self.matches_whole(name) || label.is_some_and(|label| self.matches_whole(label))
    }

    fn matches_whole(&self, name: &str) -> bool {
        let name: Vec<char> = name.to_lowercase().chars().collect();
        let (mut pattern, mut rest) = (self.0.as_slice(), name.as_slice());
        // What follows the last star, and what of the name it was tried on: if it fails, the star takes one character more.
        let mut retry: Option<(&[char], &[char])> = None;
        loop {
            match (pattern, rest) {
                ([], []) => return true,
                (['*', after @ ..], _) => {
                    retry = Some((after, rest));
                    pattern = after;
                }
                ([wanted, after @ ..], [found, others @ ..]) if *wanted == '?' || wanted == found => {
                    (pattern, rest) = (after, others)
                }
                _ => {
                    let Some((after, [_, fewer @ ..])) = retry else {
                        return false;
                    };
                    retry = Some((after, fewer));
                    (pattern, rest) = (after, fewer);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn star_takes_any_characters_and_question_mark_one() {
        let matches = |pattern: &str, name: &str| HostPattern::new(pattern).matches(name);
        for (pattern, name) in [
            ("db1.example.com", "DB1.example.COM"),
            ("*", ""),
            ("*", "a.b"),
            ("db?.*", "db1.example.com"),
            ("*.example.com", "a.b.example.com"),
            ("*a*b*", "xxaabxx"),
            ("*ab", "aaab"),
            ("10.0.0.*", "10.0.0.17"),
            ("**", "x"),
            ("web2", "web2.example.com"),
            ("WEB2", "web2"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("db1.example.com", "db1.example.com.x"),
            ("db?", "db"),
            ("db?", "db12"),
            ("*.example.com", "example.com"),
            ("a*b", "abc"),
            ("", "a"),
            ("", ".example.com"),
            ("web", "web2.example.com"),
            ("10", "10.0.0.5"),
            ("example", "web2.example.com"),
            ("web?", "web2.example.com"),
            ("?", ""),
        ] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn pattern_of_many_stars_takes_no_time() {
        assert!(!HostPattern::new(&"*a".repeat(100)).matches(&"a".repeat(99)));
        assert!(!HostPattern::new(&format!("{}b", "*a".repeat(100))).matches(&"a".repeat(10_000)));
    }
}
