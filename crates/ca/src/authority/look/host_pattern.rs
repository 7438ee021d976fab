//! A pattern that host names are listed by.

/// Where a host name is looked for, with `*` for any characters, dots included, or none, and `?` for exactly one. Case does
/// not matter. It is for looking, and decides nothing: a certificate's own wildcard is text like any other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPattern(Vec<char>);

impl HostPattern {
    /// Takes any text; without `*` and `?` it matches that name alone.
    pub fn new(text: &str) -> Self {
        Self(text.to_lowercase().chars().collect())
    }

    /// Whether the whole name matches.
    pub fn matches(&self, name: &str) -> bool {
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
