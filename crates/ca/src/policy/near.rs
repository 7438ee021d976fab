//! Names of profiles that are easily mistaken for each other. Pure.
//!
//! Who misspells the name of a built-in profile in `gsec.toml` makes another profile, and the built-in one goes on without the limits that
//! were meant for it. So what could be a slip is an error, and a name that is meant to be another one must look like another one.

use strsim::osa_distance;

/// In a word of up to so many letters one slip is looked for, in a longer one two: of three letters, two leave nothing of the word.
const SHORT_WORD: usize = 4;
/// The most slips in one name.
const MOST_SLIPS: usize = 2;

/// Whether two names differ in capital letters and in what separates words alone.
pub(super) fn is_same_spelled(one: &str, other: &str) -> bool {
    words(one).concat() == words(other).concat()
}

/// Whether a name could be a slip for a known one: letters that are missing, added, wrong or exchanged, at most two of them, and only one in
/// each word of at most four letters. A known name with a number after it is another name.
pub(super) fn is_slip_for(name: &str, known: &str) -> bool {
    let (name, known) = (words(name), words(known));
    if is_numbered(&name, &known) {
        return false;
    }
    if name.len() != known.len() {
        return osa_distance(&name.concat(), &known.concat()) < MOST_SLIPS;
    }
    let of_words: Option<Vec<usize>> = name
        .iter()
        .zip(&known)
        .map(|(name, known)| slips_in_word(name, known))
        .collect();
    of_words.is_some_and(|slips| slips.iter().sum::<usize>() <= MOST_SLIPS)
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

/// The slips in one word; `None` for more than a person makes there.
fn slips_in_word(word: &str, known: &str) -> Option<usize> {
    let most = if known.chars().count() <= SHORT_WORD {
        1
    } else {
        MOST_SLIPS
    };
    // Letters that were left out, added, changed, or exchanged with their neighbor.
    let count = osa_distance(word, known);
    if count <= most {
        return Some(count);
    }
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    (sorted(word) == sorted(known)).then_some(MOST_SLIPS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_one_and_two_letters_are_told_from_other_names() {
        for (name, known) in [
            ("hots", "host"),
            ("hosts", "host"),
            ("hst", "host"),
            ("hsto", "host"),
            ("h\u{43e}st", "host"),
            ("hbu", "hub"),
            ("tls-servr", "tls-server"),
            ("tls_srver", "tls-server"),
            ("tsl-sevrer", "tls-server"),
            ("tlsservr", "tls-server"),
            ("tls-cleint", "tls-client"),
            ("serv", "server"),
            ("aplliance", "appliance"),
        ] {
            assert!(is_slip_for(name, known), "{name} {known}");
        }
        for (name, known) in [
            ("web", "hub"),
            ("db", "hub"),
            ("api", "gui"),
            ("test", "host"),
            ("root", "host"),
            ("dns-server", "tls-server"),
            ("web-server", "tls-server"),
            ("mail-server", "server"),
            ("service", "server"),
            ("host2", "host"),
            ("tls-server-2", "tls-server"),
            ("kiosk", "host"),
        ] {
            assert!(!is_slip_for(name, known), "{name} {known}");
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
    }
}
