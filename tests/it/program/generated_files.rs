//! Completions, manual pages and the help of all commands, as they are kept in the tree, are what the program prints.

use crate::common;

use std::collections::{BTreeMap, BTreeSet};

use super::help_examples::{all_commands, help};
use common::{TestDir, Tree, gsec, tool};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const COMPLETIONS: [(&str, &str); 5] = [
    ("bash", "gsec.bash"),
    ("zsh", "_gsec"),
    ("fish", "gsec.fish"),
    ("powershell", "_gsec.ps1"),
    ("elvish", "gsec.elv"),
];
const REMEDY: &str =
    "is not what the program prints now: run `sh tests/generate.sh`, and look at the difference";

fn kept(path: &str) -> String {
    std::fs::read_to_string(format!("{ROOT}/{path}")).unwrap_or_else(|problem| panic!("{path}: {problem}"))
}

#[test]
fn completions_are_up_to_date() {
    for (shell, file) in COMPLETIONS {
        let path = format!("completions/{file}");
        assert!(
            kept(&path) == gsec(&["completions", shell]).run().ok().stdout,
            "{path} {REMEDY}"
        );
    }
    let there = std::fs::read_dir(format!("{ROOT}/completions"))
        .expect("completions/")
        .count();
    assert_eq!(there, COMPLETIONS.len(), "files in completions/ for no shell");
}

#[test]
fn manual_pages_are_up_to_date() {
    let dir = TestDir::new();
    gsec(&["man", "--out", &dir.path("")]).run().ok();
    let (made, kept) = (Tree::of(dir.path("")), Tree::of(format!("{ROOT}/docs/man")));
    assert_eq!(made.files(), kept.files(), "docs/man {REMEDY}");
    for name in made.files() {
        let read = |folder: &str| std::fs::read_to_string(format!("{folder}/{name}")).expect("a page");
        assert!(
            read(&dir.path("")) == read(&format!("{ROOT}/docs/man")),
            "docs/man/{name} {REMEDY}"
        );
    }
    assert_eq!(gsec(&["man"]).run().ok().stdout, self::kept("docs/man/gsec.1"));
}

/// The pages as the program writes them now, by name.
fn pages() -> BTreeMap<String, String> {
    let dir = TestDir::new();
    gsec(&["man", "--out", &dir.path("")]).run().ok();
    let tree = Tree::of(dir.path(""));
    let page = |file: &String| {
        let text = std::fs::read_to_string(dir.path(file)).expect("a page");
        (file.trim_end_matches(".1").to_owned(), text)
    };
    tree.files().iter().map(page).collect()
}

/// A page as a reader sees it who copies from a narrow terminal. Nothing may be wrong with it.
fn rendered(page: &str) -> String {
    let dir = TestDir::new();
    dir.write("page.1", page);
    let shown = tool("man")
        .args(&[
            "--warnings",
            "-E",
            "UTF-8",
            "-P",
            "cat",
            "-l",
            &dir.path("page.1"),
        ])
        .env("MANWIDTH", "60")
        .run()
        .ok();
    assert_eq!(shown.stderr, "", "{page}");
    shown.stdout
}

#[test]
fn every_command_has_a_manual_page_and_every_reference_leads_to_one() {
    let pages = pages();
    let named = |words: &Vec<String>| [&["gsec".to_owned()], words.as_slice()].concat().join("-");
    let commands: BTreeSet<String> = all_commands().iter().map(named).collect();
    assert_eq!(pages.keys().cloned().collect::<BTreeSet<_>>(), commands);
    for (name, page) in &pages {
        rendered(page);
        let pieces: Vec<&str> = page.split("\\fR(1)").collect();
        let (_, before_references) = pieces.split_last().expect("a piece");
        let references: Vec<String> = before_references
            .iter()
            .filter_map(|piece| piece.rsplit("\\fB").next())
            .map(|name| name.replace("\\-", "-"))
            .collect();
        assert!(references.len() > 1, "{name} refers to others");
        for reference in references {
            assert!(pages.contains_key(&reference), "{name} refers to {reference}");
        }
    }
}

#[test]
fn manual_pages_have_every_section() {
    for (name, page) in pages() {
        assert!(
            page.starts_with(&format!(".TH {name} 1 \"2")),
            "{name}: its title and date"
        );
        let uses_ca = ["ca", "cert", "crl", "doctor", "quickstart"]
            .map(|group| format!("gsec-{group}"))
            .iter()
            .any(|group| name.starts_with(group.as_str()));
        let files = if uses_ca || name == "gsec" {
            &["FILES"][..]
        } else {
            &[]
        };
        let always = [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "OPTIONS",
            "EXAMPLES",
            "EXIT STATUS",
            "ENVIRONMENT",
            "SEE ALSO",
        ];
        for section in always.iter().chain(files) {
            assert!(
                page.contains(&format!("\n.SH \"{section}\"\n")),
                "{name}: {section}"
            );
        }
        assert!(!page.contains("EXTRA") && !page.contains("gsec\\-help"), "{name}");
    }
}

/// On a narrow terminal, with every hyphen and quote as it was typed.
#[test]
fn examples_in_manual_pages_can_be_copied() {
    let mut seen = 0;
    for words in all_commands() {
        let name = [&["gsec".to_owned()], words.as_slice()].concat().join("-");
        let shown = rendered(&pages()[&name]);
        // What other programs make of a bare hyphen or quote differs.
        let source = pages()[&name].clone();
        let examples = source
            .split(".nf\n")
            .nth(1)
            .and_then(|rest| rest.split("\n.fi").next());
        let plain = examples
            .expect("examples")
            .replace("\\-", "")
            .replace("\\(aq", "");
        assert!(!plain.contains(['-', '\'', '`', '~', '^']), "{name}: {plain}");
        let help = help(&words, "--help");
        for example in help.lines().filter_map(|line| line.strip_prefix("  $ ")) {
            seen += 1;
            assert!(
                shown.lines().any(|line| line.trim() == format!("$ {example}")),
                "{name}: {example}: {shown}"
            );
        }
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn texts_are_up_to_date() {
    let script = format!("{ROOT}/tests/python/texts.py");
    let messages = tool("python3").args(&[&script, ROOT]).run().ok().stdout;
    let texts = format!(
        "# Help\n\n{}# Catalog\n\n{}\n# Messages\n\n{messages}",
        kept("docs/help.txt"),
        kept("docs/doctor.md")
    );
    assert!(kept("docs/texts.txt") == texts, "docs/texts.txt {REMEDY}");
}

#[test]
fn catalogue_of_doctor_is_up_to_date() {
    assert!(
        kept("docs/doctor.md")
            == gsec(&["doctor", "--list", "--format", "markdown"])
                .run()
                .ok()
                .stdout,
        "docs/doctor.md {REMEDY}"
    );
}

#[test]
fn schema_of_the_inventory_is_up_to_date() {
    assert!(
        kept("docs/schema/fleet.1.json") == gsec(&["fleet", "schema"]).run().ok().stdout,
        "docs/schema/fleet.1.json {REMEDY}"
    );
}

#[test]
fn help_of_all_commands_is_up_to_date() {
    let kept = format!("\n{}", kept("docs/help.txt"));
    let sections: Vec<&str> = kept.split("\n$ gsec").skip(1).collect(); // examples, which are indented, do not part sections
    assert!(
        sections.len() > 10,
        "docs/help.txt has {} commands",
        sections.len()
    );
    for section in sections {
        let (words, text) = section.split_once("\n\n").expect("a command and its help");
        let printed = gsec(&words.split_whitespace().collect::<Vec<_>>())
            .run()
            .ok()
            .stdout;
        assert!(
            text.trim_end() == printed.trim_end(),
            "docs/help.txt, `gsec{words}`, {REMEDY}"
        );
    }
}
