//! A script for cmd.exe, as words: double quotes, `^`, `%VARIABLES%` that stay unknown.

use super::token::{Command, Open};
use crate::text::Text;

/// The commands of a script, one after the other.
pub(super) fn commands(text: &Text) -> Vec<Command> {
    let mut commands = Vec::new();
    let mut command = Command::default();
    let mut word = Open::default();
    for (line, one) in text.lines.iter().enumerate() {
        let characters: Vec<char> = one.text.trim_end_matches('\r').chars().collect();
        if command.0.is_empty() && is_comment(&one.text) {
            continue;
        }
        let goes_on = read_line(&characters, line, &mut word, &mut command, &mut commands);
        if !goes_on {
            end(&mut word, &mut command, &mut commands);
        }
    }
    end(&mut word, &mut command, &mut commands);
    commands
}

fn end(word: &mut Open, command: &mut Command, commands: &mut Vec<Command>) {
    word.end(command);
    if !command.0.is_empty() {
        commands.push(std::mem::take(command));
    }
}

/// `rem …` and `:: …`, also behind `@`.
fn is_comment(line: &str) -> bool {
    let content = line.trim_start().trim_start_matches('@').to_lowercase();
    content.starts_with(':')
        || content == "rem"
        || content.starts_with("rem ")
        || content.starts_with("rem\t")
}

/// Reads a line; returns whether the command goes on in the next one.
fn read_line(
    characters: &[char],
    line: usize,
    word: &mut Open,
    command: &mut Command,
    commands: &mut Vec<Command>,
) -> bool {
    let mut is_quoted = false;
    let mut at = 0;
    while let Some(&character) = characters.get(at) {
        match character {
            '^' if !is_quoted => match characters.get(at + 1) {
                None => return true,
                Some(escaped) => {
                    word.push(*escaped, line, at + 1);
                    at += 1;
                }
            },
            '"' => {
                is_quoted = !is_quoted;
                word.touch(line, at, at + 1);
            }
            '%' => at = unknown(characters, line, at, word),
            ' ' | '\t' if !is_quoted => word.end(command),
            '&' | '|' | '(' | ')' if !is_quoted => end(word, command, commands),
            plain => word.push(plain, line, at),
        }
        at += 1;
    }
    false
}

/// `%NAME%`, `%1`, `%~dp0`; returns the place of its last character.
fn unknown(characters: &[char], line: usize, at: usize, word: &mut Open) -> usize {
    let rest = &characters[at..];
    let closing = rest
        .iter()
        .skip(1)
        .position(|character| *character == '%')
        .map(|end| end + 2);
    let argument = match rest.get(1) {
        Some('0'..='9' | '*') => Some(2),
        Some('~') => {
            let letters = rest
                .iter()
                .skip(2)
                .take_while(|character| character.is_ascii_alphabetic())
                .count();
            Some((3 + letters).min(rest.len()))
        }
        _ => None,
    };
    let length = argument.or(closing).unwrap_or(1);
    let shown: String = rest[..length].iter().collect();
    if length == 1 {
        word.push('%', line, at);
    } else {
        word.unknown(line, at..at + length, &shown);
    }
    at + length - 1
}
