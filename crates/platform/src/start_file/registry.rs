//! The `ImagePath` of services in an export of the registry (`Windows Registry Editor Version 5.00`, or `REGEDIT4`).

use super::token::{Command, Token};
use crate::text::Text;

/// The value that holds a service's command line.
const IMAGE_PATH: &str = "imagepath";

/// The command line of each service.
pub(super) fn commands(text: &Text) -> Vec<Command> {
    let mut commands = Vec::new();
    let mut is_service = false;
    for (position, line) in text.lines.iter().enumerate() {
        let content = line.text.trim();
        if let Some(key) = content.strip_prefix('[') {
            is_service = is_service_key(key.trim_end_matches(']'));
            continue;
        }
        let value = is_service.then(|| image_path(text, position)).flatten();
        commands.extend(value.map(|characters| split(&characters)));
    }
    commands
}

/// `…\Services\NAME`, and not a key below it.
fn is_service_key(key: &str) -> bool {
    let parts: Vec<&str> = key.split('\\').collect();
    matches!(parts.as_slice(), [.., services, _] if services.eq_ignore_ascii_case("services"))
}

/// A character with its place: the line, and where in it what stands for it begins and ends.
type Placed = (char, usize, std::ops::Range<usize>);

fn image_path(text: &Text, position: usize) -> Option<Vec<Placed>> {
    let line = &text.lines[position].text;
    let (name, value) = line.split_once('=')?;
    let is_named = name.trim().trim_matches('"').eq_ignore_ascii_case(IMAGE_PATH);
    let start = name.chars().count() + 1;
    let blanks = value
        .chars()
        .take_while(|character| character.is_whitespace())
        .count();
    let value = value.trim();
    if !is_named {
        return None;
    }
    match value.strip_prefix('"') {
        Some(quoted) => Some(of_string(quoted, position, start + blanks + 1)),
        None => of_bytes(text, position, start + blanks, value),
    }
}

/// `"…"`, in which `\` stands before `\` and `"`.
fn of_string(quoted: &str, line: usize, start: usize) -> Vec<Placed> {
    let characters: Vec<char> = quoted.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&character) = characters.get(at) {
        let escaped = characters.get(at + 1).filter(|_| character == '\\');
        match (character, escaped) {
            ('"', _) => break,
            (_, Some(&escaped)) => {
                found.push((escaped, line, start + at..start + at + 2));
                at += 1;
            }
            (plain, None) => found.push((plain, line, start + at..start + at + 1)),
        }
        at += 1;
    }
    found
}

/// `hex(2):25,00,…` in UTF-16LE, or in bytes where the file is of REGEDIT4; a line that ends in `\` goes on.
fn of_bytes(text: &Text, position: usize, start: usize, value: &str) -> Option<Vec<Placed>> {
    let prefix = value
        .get(..7)
        .filter(|prefix| prefix.to_lowercase().starts_with("hex(2)"))?;
    let mut units: Vec<(u8, usize, std::ops::Range<usize>)> = Vec::new();
    let mut line = position;
    let mut at = start + prefix.chars().count();
    let mut rest: String = value.chars().skip(prefix.chars().count()).collect();
    loop {
        let is_continued = rest.trim_end().ends_with('\\');
        for digits in rest.split(',') {
            let leading = digits
                .chars()
                .take_while(|character| character.is_whitespace())
                .count();
            let plain = digits.trim().trim_end_matches('\\');
            if let Ok(byte) = u8::from_str_radix(plain, 16) {
                units.push((byte, line, at + leading..at + leading + plain.chars().count()));
            }
            at += digits.chars().count() + 1;
        }
        line += 1;
        match text.lines.get(line).filter(|_| is_continued) {
            Some(next) => (rest, at) = (next.text.clone(), 0),
            None => break,
        }
    }
    let is_old = text
        .lines
        .iter()
        .any(|line| line.text.trim().eq_ignore_ascii_case("regedit4"));
    let step = if is_old { 1 } else { 2 };
    let characters = units.chunks(step).filter_map(|unit| {
        let (first, line, range) = unit.first()?;
        let last = unit.last()?;
        let code = match unit {
            [low, high] => u32::from(u16::from_le_bytes([low.0, high.0])),
            _ => u32::from(*first),
        };
        let end = if last.1 == *line { last.2.end } else { range.end };
        Some((
            char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
            *line,
            range.start..end,
        ))
    });
    Some(
        characters
            .take_while(|(character, ..)| *character != '\0')
            .collect(),
    )
}

/// The words of a command line as Windows cuts them: at blanks that are not in double quotes.
fn split(characters: &[Placed]) -> Command {
    let mut command = Command::default();
    let mut open: Option<Token> = None;
    let mut is_quoted = false;
    let mut is_variable = false;
    for (character, line, range) in characters {
        let is_end = matches!(character, ' ' | '\t') && !is_quoted;
        if is_end {
            command.0.extend(open.take());
            is_variable = false;
            continue;
        }
        let word = open.get_or_insert_with(|| Token {
            text: String::new(),
            is_unknown: false,
            line: *line,
            range: range.clone(),
            last_line: *line,
        });
        word.last_line = *line;
        if word.line == *line {
            word.range.end = range.end;
        }
        match character {
            '"' => is_quoted = !is_quoted,
            '%' => {
                word.is_unknown |= is_variable;
                is_variable = !is_variable;
                word.text.push('%');
            }
            other => word.text.push(*other),
        }
    }
    command.0.extend(open);
    command
}
