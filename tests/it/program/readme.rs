//! The console blocks of README.md, run as they stand there: each command succeeds and prints what is shown below it.

use crate::common;

use std::process::Command;

use common::TestDir;

const README: &str = include_str!("../../../README.md");

/// A command of a console block, and the lines that the block shows of its output.
struct Shown {
    command: String,
    output: Vec<String>,
}

fn console_blocks() -> Vec<Shown> {
    let mut shown: Vec<Shown> = Vec::new();
    let mut is_console = false;
    for line in README.lines() {
        match line.strip_prefix("$ ") {
            _ if line.starts_with("```") => is_console = line == "```console",
            Some(command) if is_console => shown.push(Shown {
                command: command.into(),
                output: Vec::new(),
            }),
            None if is_console => shown
                .last_mut()
                .expect("output follows a command")
                .output
                .push(line.into()),
            _ => {}
        }
    }
    shown
}

#[test]
fn every_command_of_the_readme_prints_what_is_shown() {
    let folder = TestDir::new();
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_gsec"))
        .parent()
        .expect("a folder")
        .display()
        .to_string();
    let path = format!("{binary}:{}", std::env::var("PATH").expect("PATH"));
    let shown = console_blocks();
    assert!(shown.len() >= 6, "the README shows commands");
    for Shown { command, output } in shown {
        let result = Command::new("sh")
            .args(["-c", &command])
            .current_dir(folder.path("."))
            .env("PATH", &path)
            .output()
            .expect("sh");
        let printed = String::from_utf8_lossy(&result.stdout).into_owned();
        assert!(
            result.status.success(),
            "`{command}`: {}",
            String::from_utf8_lossy(&result.stderr)
        );
        for line in output {
            assert!(
                printed.lines().any(|printed| printed == line),
                "`{command}` does not print `{line}`, but:\n{printed}"
            );
        }
    }
}

#[test]
fn the_two_commands_are_those_of_ci() {
    let ci = include_str!("../../../.ci/run");
    assert!(
        README.contains("cargo run --release -- quickstart db1.example.com")
            && ci.contains("quickstart db1.example.com")
    );
    assert!(README.contains("sh tests/run.sh") && ci.contains("sh tests/run.sh"));
}
