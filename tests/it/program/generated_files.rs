//! Completions, manual pages and the help of all commands, as they are kept in the tree, are what the program prints.

use crate::common;

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

#[test]
fn manual_pages_name_their_command_and_render() {
    for entry in std::fs::read_dir(format!("{ROOT}/docs/man")).expect("docs/man") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .expect("a name")
            .to_owned();
        let page = std::fs::read_to_string(&path).expect("a page");
        assert!(page.contains(&format!(".TH {name} 1")), "{name}: its title");
        assert!(
            page.contains("EXAMPLES") || page.contains("SUBCOMMANDS"),
            "{name}: the page has what --help has"
        );
        renders(&path.display().to_string());
    }
}

/// groff is no peer that gsec must agree with, so a machine without it is not asked.
fn renders(path: &str) {
    let Ok(output) = std::process::Command::new("groff")
        .args(["-man", "-Tutf8", "-ww", path])
        .output()
    else {
        return;
    };
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{path}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
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
