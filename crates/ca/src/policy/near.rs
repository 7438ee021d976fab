//! Names of profiles that are easily mistaken for each other. Pure.
//!
//! Who misspells the name of a built-in profile in `gsec.toml` makes another profile, and the built-in one goes on without the limits that
//! were meant for it. What is hardly a name but by a slip is an error; what is near, as `servers` is, may be meant, and is only told.

use strsim::osa_distance;

/// In a word of fewer letters, one that is missing or doubled makes another word too easily: `hot`, `hst`.
const LONG_WORD: usize = 5;
/// In a word of up to so many letters one difference is near, in a longer one two: of three letters, two leave nothing of the word.
const SHORT_WORD: usize = 4;
/// The most differences in one name that is near.
const MOST_DIFFERENCES: usize = 2;
/// The first letter that is none of the Latin alphabet: Greek and Cyrillic have letters that look the same.
const FIRST_NOT_LATIN: char = '\u{370}';

/// Whether two names differ in capital letters and in what separates words alone. What separates two numbers makes two names: `rack1-1` is
/// not `rack11`.
pub(super) fn is_same_spelled(one: &str, other: &str) -> bool {
    spelled(one) == spelled(other)
}

/// Whether a name is hardly anything but a slip for a known one: in a word, two letters are exchanged, one looks like the right one but is
/// of another alphabet, or in a longer word one is doubled, or missing before its last one. Separators may differ, too.
pub(super) fn is_slip_for(name: &str, known: &str) -> bool {
    let (name, known) = (words(name), words(known));
    if name.len() != known.len() {
        return is_slip_in_word(&name.concat(), &known.concat());
    }
    let mut words = name
        .iter()
        .zip(&known)
        .filter(|(name, known)| name != known)
        .peekable();
    words.peek().is_some() && words.all(|(name, known)| is_slip_in_word(name, known))
}

/// Whether a name has as many words as a known one, and at most two letters that differ: missing, added, changed or exchanged, and only one
/// in each word of at most four letters. A known name with a number after it is another name.
pub(super) fn is_near(name: &str, known: &str) -> bool {
    let (name, known) = (words(name), words(known));
    if is_numbered(&name, &known) || name.len() != known.len() {
        return false;
    }
    let differences = |(name, known): (&String, &String)| {
        let most = if known.chars().count() <= SHORT_WORD {
            1
        } else {
            MOST_DIFFERENCES
        };
        Some(osa_distance(name, known)).filter(|count| *count <= most)
    };
    let of_words: Option<Vec<usize>> = name.iter().zip(&known).map(differences).collect();
    of_words.is_some_and(|counts| counts.iter().sum::<usize>() <= MOST_DIFFERENCES)
}

/// A name without capital letters and separators, but for those between two numbers.
fn spelled(name: &str) -> String {
    let mut spelled = String::new();
    for word in words(name) {
        if spelled.ends_with(|letter: char| letter.is_ascii_digit())
            && word.starts_with(|letter: char| letter.is_ascii_digit())
        {
            spelled.push('-');
        }
        spelled.push_str(&word);
    }
    spelled
}

/// The words of a name, in small letters.
fn words(name: &str) -> Vec<String> {
    name.to_lowercase()
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn is_numbered(name: &[String], known: &[String]) -> bool {
    let name = name.concat();
    let without_number = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    without_number.len() < name.len() && without_number == known.concat()
}

fn is_slip_in_word(word: &str, known: &str) -> bool {
    if osa_distance(word, known) != 1 {
        return false;
    }
    let (word, known): (Vec<char>, Vec<char>) = (word.chars().collect(), known.chars().collect());
    let same = word
        .iter()
        .zip(&known)
        .take_while(|(letter, right)| letter == right)
        .count();
    match word.len() {
        // Two letters differ, or one.
        length if length == known.len() => {
            word.get(same + 1) != known.get(same + 1) || word.get(same) >= Some(&FIRST_NOT_LATIN)
        }
        _ if known.len() < LONG_WORD => false,
        length if length < known.len() => same < length,
        _ => same > 0 && word.get(same) == word.get(same - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_names_that_may_be_meant() {
        for (name, known) in [
            ("hots", "host"),
            ("ohst", "host"),
            ("h\u{43e}st", "host"),
            ("hbu", "hub"),
            ("servr", "server"),
            ("serrver", "server"),
            ("serverr", "server"),
            ("tls-servr", "tls-server"),
            ("tls_srver", "tls-server"),
            ("tsl-sevrer", "tls-server"),
            ("tlsservr", "tls-server"),
            ("tls-cleint", "tls-client"),
        ] {
            assert!(is_slip_for(name, known), "{name} {known}");
        }
        for (name, known) in [
            ("vhost", "host"),
            ("post", "host"),
            ("most", "host"),
            ("ghost", "host"),
            ("hot", "host"),
            ("cost", "host"),
            ("hosts", "host"),
            ("ui", "gui"),
            ("tub", "hub"),
            ("serve", "server"),
            ("servers", "server"),
            ("tls-clients", "tls-client"),
            ("appliances", "appliance"),
        ] {
            assert!(
                !is_slip_for(name, known) && is_near(name, known),
                "{name} {known}"
            );
        }
        for (name, known) in [
            ("shot", "host"),
            ("hsto", "host"),
            ("hub-a", "hub"),
            ("server-a", "server"),
            ("web", "hub"),
            ("db", "hub"),
            ("test", "host"),
            ("dns-server", "tls-server"),
            ("mail-server", "server"),
            ("service", "server"),
            ("host2", "host"),
            ("tls-server-2", "tls-server"),
            ("kiosk", "host"),
        ] {
            assert!(
                !is_slip_for(name, known) && !is_near(name, known),
                "{name} {known}"
            );
        }
    }

    #[test]
    fn capitals_and_separators_make_no_other_name() {
        for name in [
            "TLS-server",
            "tls_server",
            "tls.server",
            "TLSServer",
            " tls server ",
        ] {
            assert!(is_same_spelled(name, "tls-server"), "{name}");
        }
        assert!(!is_same_spelled("tls-server2", "tls-server"));
        assert!(!is_same_spelled("rack1-1", "rack11"));
    }
}
