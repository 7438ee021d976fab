//! The console blocks of README.md and docs/recipes/*.md, run as they stand there: each command succeeds and prints what is shown below it.

use crate::common;

use std::process::{Command, Stdio};

use common::own_stores::with_own_stores;
use common::{ChildGuard, TestDir, free_port, wait_until};

fn readme() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("README.md")
}

/// The port of the server in the README.
const PORT: &str = "4433";
/// Stands for anything within a line, and alone for any lines.
const ANYTHING: &str = "…";

/// A command of a console block, and the lines that the block shows of its output.
struct Shown {
    command: String,
    output: Vec<String>,
    status: i32,
}

fn console_blocks(text: &str) -> Vec<Shown> {
    let mut shown: Vec<Shown> = Vec::new();
    // The info string of the block, where it is one of a console.
    let mut block: Option<&str> = None;
    for line in text.lines() {
        match line.strip_prefix("$ ") {
            _ if line.starts_with("```") => {
                if let Some(last) = shown.last_mut().filter(|_| block == Some(" answer")) {
                    last.status = 1;
                }
                block = line.strip_prefix("```console");
            }
            Some(command) if block.is_some() => shown.push(Shown {
                command: command.into(),
                output: Vec::new(),
                status: 0,
            }),
            None if block.is_some() => shown
                .last_mut()
                .expect("output follows a command")
                .output
                .push(line.into()),
            _ => {}
        }
    }
    shown
}

fn line_fits(line: &str, shown: &str) -> bool {
    let Some((before, rest)) = shown.split_once(ANYTHING) else {
        return line == shown;
    };
    let Some(line) = line.strip_prefix(before) else {
        return false;
    };
    (0..=line.len()).any(|at| line.is_char_boundary(at) && line_fits(&line[at..], rest))
}

/// Whether the lines are those that are shown, one by one and to the end.
fn fits(lines: &[&str], shown: &[String]) -> bool {
    match (lines, shown) {
        (lines, [any, rest @ ..]) if any.trim() == ANYTHING => {
            (0..=lines.len()).any(|at| fits(&lines[at..], rest))
        }
        ([line, lines @ ..], [first, rest @ ..]) => line_fits(line, first) && fits(lines, rest),
        ([], []) => true,
        _ => false,
    }
}

#[test]
fn every_command_of_the_readme_prints_what_is_shown() {
    // What it shows about trust changes the stores of the machine.
    with_own_stores(
        concat!(
            module_path!(),
            "::every_command_of_the_readme_prints_what_is_shown"
        ),
        || {
            let shown = console_blocks(&readme());
            assert!(shown.len() >= 20, "the README shows commands");
            assert_eq!(run("README.md", shown), 1, "the README shows a server");
        },
    );
}

#[test]
fn every_command_of_a_recipe_prints_what_is_shown() {
    with_own_stores(
        concat!(module_path!(), "::every_command_of_a_recipe_prints_what_is_shown"),
        every_recipe,
    );
}

fn every_recipe() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/recipes");
    let pages = std::fs::read_dir(folder).expect("docs/recipes");
    let mut seen = 0;
    for page in pages.map(|page| page.expect("a page").path()) {
        let name = page.file_name().expect("a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&page).expect("a page");
        let shown = console_blocks(&text);
        assert!(!shown.is_empty(), "{name} shows commands");
        assert!(
            readme().contains(&format!("docs/recipes/{name}")),
            "README.md leads to {name}"
        );
        run(&name, shown);
        seen += 1;
    }
    assert!(seen >= 8, "the recipes were read: {seen}");
}

/// Runs what a page shows, from top to bottom in one new directory. Returns how many servers it started.
fn run(page: &str, shown: Vec<Shown>) -> usize {
    let folder = TestDir::new();
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_gsec"))
        .parent()
        .expect("a folder")
        .display()
        .to_string();
    let path = format!("{binary}:{}", std::env::var("PATH").expect("PATH"));
    let port = free_port();
    let mut servers = Vec::new();
    for Shown {
        command,
        output,
        status,
    } in shown
    {
        let with_port = |text: &str| text.replace(PORT, &port.to_string());
        let mut call = Command::new("sh");
        call.current_dir(folder.path(".")).env("PATH", &path);
        if let Some(server) = command.strip_suffix(" &") {
            call.args(["-c", &format!("exec {}", with_port(server))])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            let mut started = ChildGuard::start(&mut call);
            let listens = || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
            assert!(wait_until(&mut started, listens), "{page}: `{command}` ends");
            servers.push(started);
            continue;
        }
        let result = call
            .args(["-c", &with_port(&command)])
            .stdin(Stdio::null())
            .output()
            .expect("sh");
        let printed = String::from_utf8_lossy(&result.stdout).into_owned();
        assert_eq!(
            result.status.code(),
            Some(status),
            "{page}: `{command}`: {printed}{}",
            String::from_utf8_lossy(&result.stderr)
        );
        let lines: Vec<&str> = printed.lines().collect();
        let output: Vec<String> = output.iter().map(|line| with_port(line)).collect();
        assert!(
            output.is_empty() || fits(&lines, &output),
            "{page}: `{command}` does not print\n{}\nbut:\n{printed}",
            output.join("\n")
        );
    }
    servers.len()
}

#[test]
fn what_is_shown_is_compared_line_by_line() {
    let shown = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let lines = ["one", "two 2", "three"];
    for fitting in [
        "one\ntwo 2\nthree",
        "one\n…",
        "…\nthree",
        "one\ntwo …\nthree",
        "one\n  …\nthree",
    ] {
        assert!(fits(&lines, &shown(fitting)), "{fitting}");
    }
    for other in [
        "one",
        "one\nthree",
        "two 2\n…",
        "one\ntwo … 3\nthree",
        "one\ntwo 2\nthree\nfour",
    ] {
        assert!(!fits(&lines, &shown(other)), "{other}");
    }
}

#[test]
fn the_two_commands_are_those_of_ci() {
    let ci = include_str!("../../../.ci/run");
    assert!(
        readme().contains("cargo run --release -- quickstart db1.example.com")
            && ci.contains("quickstart db1.example.com")
    );
    assert!(readme().contains("sh tests/run.sh") && ci.contains("sh tests/run.sh"));
}
