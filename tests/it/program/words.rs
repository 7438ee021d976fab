//! The words that a user reads: the help of every command, the catalog of doctor, the messages in the source, README, docs and the files of
//! a new CA directory have one word for one thing, and none of those that only this project used.

use crate::common;

use std::collections::BTreeSet;

use super::help_examples::{all_commands, help};
use common::{gsec, tool};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Words and phrases that may not appear, and what to write instead. Letters are compared without case, blanks and line ends are one
/// space, and a phrase begins and ends with a word.
const WORDS: &[(&str, &str)] = &[
    ("mend", "fix"),
    ("mends", "fixes"),
    ("mended", "fixed"),
    ("anew", "again"),
    ("once more", "again"),
    ("is wanted", "must be; expected"),
    ("are wanted", "must be; expected"),
    ("as wanted", "up to date; matching"),
    ("not wanted", "no longer requested"),
    ("shall", "must"),
    ("whoever", "anyone who, or the role"),
    ("who asks", "the caller, or the role"),
    ("everybody", "everyone"),
    ("somebody", "someone"),
    ("nobody knows", "it is unknown"),
    ("nobody can", "it is unknown, or who cannot"),
    ("octet", "byte"),
    ("octets", "bytes"),
    ("certify a request", "sign a CSR"),
    ("certifies a request", "signs a CSR"),
    ("request (CSR)", "CSR"),
    ("is about the key", "contains the key"),
    ("is about another key", "belongs to a different key"),
    ("the upper CA", "parent CA"),
    ("the CA above", "parent CA"),
    ("parted by", "separated by"),
    ("heed", "check"),
    ("stands in", "is in"),
    ("stand in", "are in"),
    ("stands beside", "is next to"),
    ("stands there", "is there; occurs"),
    ("stands only", "is only in"),
    ("stands before", "comes before"),
    ("as it stands", "unchanged"),
    ("as they stand", "unchanged"),
    ("lies in", "is in"),
    ("lies outside", "is outside"),
    ("lie outside", "are outside"),
    ("lie within", "are nested in"),
    ("beside it", "next to it"),
    ("folder", "directory"),
    ("folders", "directories"),
    ("catalogue", "catalog"),
    ("colour", "color"),
    ("honoured", "honored"),
    ("organisation", "organization"),
    ("organisational", "organizational"),
    ("licence", "license"),
    ("licences", "licenses"),
    ("labelled", "labeled"),
    ("dialogue", "dialog"),
    ("dialogues", "dialogs"),
    ("initialisation", "initialization"),
    ("internationalised", "internationalized"),
    ("serialise", "serialize"),
    ("misspelt", "misspelled"),
    ("spelt", "spelled"),
    ("that is none", "invalid"),
    ("and is none", "but is not valid"),
    ("it is no", "it is not"),
    ("is no option", "unknown option"),
    ("that is no", "that is not"),
    ("does not read", "cannot be read; is unreadable"),
    ("do not read", "cannot be read"),
    ("does not hold", "is not valid; does not contain"),
    ("is not there", "is missing; does not exist"),
    ("must not stand", "is an invalid character"),
    ("is asked for", "prompts for; is requested"),
    ("was asked for", "was requested"),
    ("at hand", "here; available"),
    ("hand over", "deliver; distribute"),
    ("hand out", "distribute"),
    ("handed", "delivered; passed"),
    ("come together", "the handshake succeeds"),
    ("comes about", "the handshake succeeds"),
    ("come about", "the handshake succeeds"),
    ("the two ends", "client and server"),
    ("hangs up", "closes the connection"),
    ("without a word", "without an answer"),
    ("says nothing", "sends nothing"),
    ("pass over", "skip; ignore"),
    ("passes over", "skips; ignores"),
    ("passed over", "skipped"),
    ("of use", "useful"),
    ("of old", "legacy"),
    ("in a blank", "with a space"),
    ("by blanks", "by spaces"),
    ("given out", "issued; assigned"),
    ("put it back", "restore it"),
    ("torn", "incomplete"),
    ("is the least", "the minimum is"),
    ("is the most", "the maximum is"),
    ("at the least", "at least"),
    ("at the most", "at most"),
    ("alone has", "only has"),
    ("all the same", "anyway"),
    ("tells of", "lists; reports"),
    ("a call", "a command"),
    ("another call", "another command"),
    ("this call", "this command"),
    ("the same call", "the same command"),
    ("of calls", "of commands"),
    ("goes on unchanged", "works unchanged"),
    ("goes on working", "still works"),
    ("go on working", "still work"),
    ("not looked at", "not checked; skipped"),
    ("was looked at", "was checked"),
    ("is certified anew", "is renewed"),
    ("demands", "requires"),
    ("demand", "require"),
    ("may be given several times", "can be repeated"),
    ("knows no", "does not support"),
    ("knows nothing", "has no information"),
    ("of a sound size", "of sufficient size"),
    ("is whole", "is intact; is complete"),
    ("not whole", "not complete"),
    ("in other hands", "leaked"),
    ("is of version", "is version"),
    ("puts it back", "restores it"),
];

/// Where a phrase is right after all: the text around it, and why.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("octet string", "the name of an ASN.1 type"),
    (
        "Have the CA above renewed",
        "any CA of the path, and not only the parent",
    ),
];

/// A text that is read, and where it is from.
struct Text {
    place: String,
    text: String,
}

fn file(path: &str) -> Text {
    Text {
        place: path.to_owned(),
        text: std::fs::read_to_string(format!("{ROOT}/{path}")).expect("a file of the repository"),
    }
}

/// Everything that a user reads, but for the changelog, which tells of words that were.
fn texts() -> Vec<Text> {
    let mut texts: Vec<Text> = all_commands()
        .iter()
        .map(|words| Text {
            place: format!("gsec {} --help", words.join(" ")),
            text: help(words, "--help"),
        })
        .collect();
    texts.push(Text {
        place: "gsec doctor --list --format markdown".to_owned(),
        text: gsec(&["doctor", "--list", "--format", "markdown"])
            .run()
            .ok()
            .stdout,
    });
    let said = tool("python3")
        .args(&[&format!("{ROOT}/tests/python/texts.py"), ROOT])
        .run()
        .ok()
        .stdout;
    texts.extend(said.split("\n## ").map(|section| {
        let (place, text) = section.split_once("\n\n").expect("a file and its messages");
        Text {
            place: place.trim_start_matches("## ").to_owned(),
            text: text.to_owned(),
        }
    }));
    texts.extend(
        [
            "README.md",
            "docs/dependencies.md",
            "docs/performance.md",
            "contrib/ansible/README.md",
            "contrib/ansible/plugins/modules/gsec_certificate.py",
            "ca_template/ca.conf",
            "ca_template/gsec.toml",
        ]
        .map(file),
    );
    texts
}

/// Lower case, with one space for each run of white space and for what begins a comment line of a template.
fn flat(text: &str) -> String {
    let lines = text.lines().map(|line| line.trim_start_matches(['#', ' ']));
    lines
        .flat_map(str::split_whitespace)
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// Where a phrase is in a flat text, as whole words.
fn places<'a>(text: &'a str, phrase: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_word =
        |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_-{}".contains(&byte));
    text.match_indices(phrase).map(|(at, _)| at).filter(move |&at| {
        let before = at.checked_sub(1).map(|at| text.as_bytes()[at]);
        let after = text.as_bytes().get(at + phrase.len()).copied();
        !is_word(before) && !is_word(after)
    })
}

/// What is found of the words in a text, each with what is around it; notes the exceptions that were used.
fn found(text: &Text, used: &mut BTreeSet<&'static str>) -> Vec<String> {
    let flat = flat(&text.text);
    let mut found = Vec::new();
    for (phrase, instead) in WORDS {
        let phrase = phrase.to_lowercase();
        for at in places(&flat, &phrase) {
            let excepted = EXCEPTIONS.iter().find(|(around, _)| {
                let around = around.to_lowercase();
                flat.match_indices(&around)
                    .any(|(start, _)| start <= at && at + phrase.len() <= start + around.len())
            });
            match excepted {
                Some((around, _)) => drop(used.insert(around)),
                None => {
                    let is_boundary = |place: &usize| flat.is_char_boundary(*place);
                    let start = (0..=at.saturating_sub(40)).rfind(is_boundary).unwrap_or(0);
                    let end = (at + phrase.len() + 40..flat.len())
                        .find(is_boundary)
                        .unwrap_or(flat.len());
                    found.push(format!(
                        "{}: `{phrase}` ({instead}): …{}…",
                        text.place,
                        &flat[start..end]
                    ));
                }
            }
        }
    }
    found
}

#[test]
fn what_a_user_reads_has_no_word_of_the_list() {
    let texts = texts();
    assert!(texts.len() > 150, "{} texts are not all", texts.len());
    let mut used = BTreeSet::new();
    let found: Vec<String> = texts.iter().flat_map(|text| found(text, &mut used)).collect();
    assert!(found.is_empty(), "{} places:\n{}", found.len(), found.join("\n"));
    for (around, _) in EXCEPTIONS {
        assert!(
            used.contains(around),
            "the exception `{around}` is not needed any more"
        );
    }
}

#[test]
fn a_word_of_the_list_is_found_across_lines_and_in_capitals_and_not_inside_of_words() {
    let text = |text: &str| Text {
        place: "here".to_owned(),
        text: text.to_owned(),
    };
    for bad in ["Once\n# more", "It MENDS it", "two octets, and", "(whoever)"] {
        assert_eq!(found(&text(bad), &mut BTreeSet::new()).len(), 1, "{bad}");
    }
    for good in ["recommends", "an OCTET STRING", "commended", "heeded-by"] {
        assert_eq!(found(&text(good), &mut BTreeSet::new()), Vec::<String>::new());
    }
}

#[test]
fn the_first_line_of_each_help_is_short_and_has_no_full_stop() {
    for words in all_commands() {
        let help = help(&words, "--help");
        let first = help.lines().next().expect("a line");
        assert!(first.chars().count() <= 70, "gsec {}: {first}", words.join(" "));
        assert!(
            words.is_empty() || !first.ends_with('.'),
            "gsec {}: {first}",
            words.join(" ")
        );
    }
}
