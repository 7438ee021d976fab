//! The known name that was probably meant.

use strsim::osa_distance;

/// The most letters in which a name may differ from the one that was meant: missing, added, changed or exchanged.
const MOST_DIFFERENCES: usize = 2;
/// In a word of up to so many letters, two differences leave nothing of it.
const SHORT_WORD: usize = 4;

/// A longer name is no slip for a known one.
const MAX_NAME: usize = 64;

/// Whether a name is another one but for case and a few letters.
pub fn is_near(name: &str, known: &str) -> bool {
    let most = if known.chars().count() <= SHORT_WORD {
        1
    } else {
        MOST_DIFFERENCES
    };
    name.len() <= MAX_NAME && osa_distance(&name.to_lowercase(), &known.to_lowercase()) <= most
}

/// The known name that is nearest; `None` when none is near.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .filter(|known| is_near(name, known))
        .min_by_key(|known| osa_distance(&name.to_lowercase(), &known.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_words_differ_in_one_letter_and_long_ones_in_two() {
        let known = ["tls", "certificate", "trusted-ca", "port"];
        for (name, meant) in [
            ("trustedca", Some("trusted-ca")),
            ("certifcate", Some("certificate")),
            ("Certificates", Some("certificate")),
            ("tsl", Some("tls")),
            ("prot", Some("port")),
            ("part", Some("port")),
            ("ts", Some("tls")),
            ("t", None),
            ("host", None),
            ("cert", None),
        ] {
            assert_eq!(nearest(name, known), meant, "{name}");
        }
    }
}
