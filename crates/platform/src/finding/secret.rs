//! Which settings hold a secret, and texts without them.

use super::characters::is_blank;
use super::near::is_near;
use gsec_pki::encoding::visible::{shortened, visible};

/// What stands for a secret.
pub const MASK: &str = "****";

/// Words that are all of a name, or of a part of it between hyphens.
const WHOLE_WORDS: [&str; 3] = ["pass", "dbpass", "pw"];
/// Parts of names of settings that hold a secret.
const SECRET_WORDS: [&str; 6] = ["passw", "passphrase", "pwd", "secret", "credential", "kennwort"];
/// Names that a slip of the fingers makes something else of.
const SECRET_NAMES: [&str; 4] = ["password", "passwd", "dbpassword", "passphrase"];
/// A name of fewer letters is no slip for one of these.
const SHORTEST_SLIP: usize = 5;

/// Whether a setting of this name holds a secret: `password`, `dbpassword`, `*passwd*`, `*-password`, also misspelled.
pub fn is_secret_name(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(|character| !is_blank(*character))
        .collect::<String>()
        .to_lowercase();
    let parts = plain.split(|character: char| !character.is_alphanumeric());
    let is_slip = |part: &str| {
        WHOLE_WORDS.contains(&part)
            || part.chars().count() >= SHORTEST_SLIP && SECRET_NAMES.iter().any(|known| is_near(part, known))
    };
    SECRET_WORDS.iter().any(|word| plain.contains(word)) || parts.chain([plain.as_str()]).any(is_slip)
}

/// A line with everything masked that follows the name of a secret: `password = ****`.
pub fn masked(line: &str) -> String {
    let characters: Vec<char> = line.chars().collect();
    match secret_from(&characters) {
        Some(start) => characters[..start].iter().collect::<String>() + MASK,
        None => line.to_owned(),
    }
}

/// A name or a value as a message quotes it: without a secret, not long, and with nothing that acts on a terminal.
pub fn quoted(text: &str) -> String {
    format!("`{}`", in_short(text))
}

/// A value as a message quotes it next to its name.
pub fn quoted_value(name: &str, value: &str) -> String {
    format!("`{}`", value_in_short(name, value))
}

/// As [`quoted_value`], without the quotes.
pub fn value_in_short(name: &str, value: &str) -> String {
    match is_secret_name(name) {
        true => MASK.to_owned(),
        false => in_short(value),
    }
}

fn in_short(text: &str) -> String {
    visible(&shortened(&masked(text)))
}

/// Where in a line a secret begins. It goes on to the end of the line: a password may hold any character.
pub(super) fn secret_from(line: &[char]) -> Option<usize> {
    let found = [after_separator(line), after_word(line)];
    found
        .into_iter()
        .flatten()
        .min()
        .or_else(|| after_first_word(line))
}

/// Whether a word of a command line says that a secret follows: `-password`, `/pwd`, and also the name alone.
pub fn announces_secret(word: &str) -> bool {
    let plain = word.trim_matches(|character| {
        is_quote(character) || is_dash(character) || character == '/' || is_blank(character)
    });
    let is_name = plain
        .chars()
        .all(|character| is_of_name(character) && !character.is_whitespace() || is_dash(character));
    is_name && is_secret_name(plain)
}

/// After a word that announces a secret, as on a command line: `-password ****`.
fn after_word(line: &[char]) -> Option<usize> {
    let mut at = 0;
    for word in line.split(|character| character.is_whitespace() || *character == ';') {
        let end = at + word.len();
        // A name before `;` has no value.
        let is_followed = line.get(end).is_some_and(|next| *next != ';');
        if is_followed && announces_secret(&word.iter().collect::<String>()) {
            return line[end..]
                .iter()
                .position(|character| !is_blank(*character) && !matches!(character, '=' | ':'))
                .map(|separators| end + separators);
        }
        at = end + 1;
    }
    None
}

/// After `name =` or `name:`.
fn after_separator(line: &[char]) -> Option<usize> {
    let separators = line
        .iter()
        .enumerate()
        .filter(|(_, character)| matches!(character, '=' | ':'))
        .map(|(at, _)| at);
    let found = separators.into_iter().find(|at| {
        let before = &line[..*at];
        let end = before
            .iter()
            .rposition(|character| !is_blank(*character) && !is_quote(*character))
            .map_or(0, |last| last + 1);
        let start = before[..end]
            .iter()
            .rposition(|character| !is_of_name(*character))
            .map_or(0, |last| last + 1);
        is_secret_name(&before[start..end].iter().collect::<String>())
    })?;
    let blanks = line[found + 1..]
        .iter()
        .take_while(|character| is_blank(**character))
        .count();
    let start = found + 1 + blanks;
    (start < line.len()).then_some(start)
}

/// After a secret's name at the beginning of a line, whatever separates it from the secret.
fn after_first_word(line: &[char]) -> Option<usize> {
    let start = line
        .iter()
        .position(|character| is_of_name(*character) && !is_blank(*character))?;
    let length = line[start..]
        .iter()
        .take_while(|character| is_of_name(**character) && !character.is_whitespace())
        .count();
    let word: String = line[start..start + length].iter().collect();
    let rest = &line[start + length..];
    let separators = rest
        .iter()
        .take_while(|character| is_blank(**character) || matches!(character, '=' | ':'))
        .count();
    (is_secret_name(&word) && separators < rest.len()).then_some(start + length + separators)
}

fn is_of_name(character: char) -> bool {
    character.is_alphanumeric()
        || matches!(character, '-' | '_' | '.')
        || (is_blank(character) && character != ' ')
}

/// The hyphen, and what word processors put in its place.
fn is_dash(character: char) -> bool {
    matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn is_quote(character: char) -> bool {
    matches!(character, '"' | '\'' | '`' | '\u{2018}'..='\u{201F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_also_misspelled() {
        for name in [
            "password",
            "PassWord",
            "dbpassword",
            "db-password",
            "old_passwd_2",
            "key-password",
            "pasword",
            "passwrod",
            "pass\u{200b}word",
            "passphrase",
            "client-secret",
            "PWD",
            "pass",
            "db-pass",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "port",
            "host",
            "username",
            "transport",
            "certificate-key",
            "dbserver",
            "history-log-max-records",
            "passive",
            "path",
            "bypass",
            "",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn nothing_of_a_secret_stays_whatever_separates_it_from_its_name() {
        for (line, shown) in [
            ("password = s3cret", "password = ****"),
            ("password=a;b=c d", "password=****"),
            ("  dbpassword\t=\ts3cret", "  dbpassword\t=\t****"),
            (";password = s3cret", ";password = ****"),
            ("# old password: s3cret", "# old password: ****"),
            ("\"password\" = s3cret", "\"password\" = ****"),
            ("password s3cret", "password ****"),
            ("password\ts3cret", "password\t****"),
            ("./cs -password s3cret -port 1", "./cs -password ****"),
            ("./cs\t-pwd\ts3cret", "./cs\t-pwd\t****"),
            ("cs.exe /DBPassword s3cret", "cs.exe /DBPassword ****"),
            ("cs \"-password\" \"s3cret\"", "cs \"-password\" ****"),
            ("cs \u{2013}password s3cret", "cs \u{2013}password ****"),
            ("cs - password s3cret", "cs - password ****"),
            ("cs --db-password s3cret -port=1", "cs --db-password ****"),
            ("setenv PASSWORD s3cret", "setenv PASSWORD ****"),
            (
                "\"ImagePath\"=\"C:\\\\cs.exe -passwd s3cret\"",
                "\"ImagePath\"=\"C:\\\\cs.exe -passwd ****",
            ),
            ("password\u{a0}=\u{200e}s3cret", "password\u{a0}=\u{200e}****"),
            ("transport=tls=1;password s3cret", "transport=tls=1;password ****"),
            ("tls=1; -password s3cret;tls=1", "tls=1; -password ****"),
            ("username = u password = s3cret", "username = u password = ****"),
            (
                "transport=tls=1;key-password=s3cret; tls=1",
                "transport=tls=1;key-password=****",
            ),
        ] {
            assert_eq!(masked(line), shown);
            assert!(!masked(line).contains("s3cret"), "{line}");
        }
    }

    #[test]
    fn other_lines_are_shown_as_they_are() {
        for line in [
            "transport=tls=1; certificate=9a ab",
            "host = compass:1",
            "password =",
            "certificate=/opt/password/cert.pem",
            "",
        ] {
            assert_eq!(masked(line), line);
        }
    }
}
