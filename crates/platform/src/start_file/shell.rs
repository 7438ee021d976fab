//! A script for a UNIX shell, as words: quotes, backslashes and lines that go on; variables stay unknown.

use super::token::{Command, Open};
use crate::text::Text;

/// The commands of a script, one after the other.
pub(super) fn commands(text: &Text) -> Vec<Command> {
    let mut reader = Reader::default();
    for (line, one) in text.lines.iter().enumerate() {
        let characters: Vec<char> = one.text.chars().collect();
        reader.line(&characters, line);
    }
    reader.end_command();
    reader.commands
}

#[derive(Default)]
struct Reader {
    commands: Vec<Command>,
    command: Command,
    word: Open,
    /// The quotation mark that is open.
    quote: Option<char>,
}

impl Reader {
    fn end_word(&mut self) {
        self.word.end(&mut self.command);
    }

    fn end_command(&mut self) {
        self.end_word();
        if !self.command.0.is_empty() {
            self.commands.push(std::mem::take(&mut self.command));
        }
    }

    fn line(&mut self, characters: &[char], line: usize) {
        let mut at = 0;
        let mut goes_on = false;
        let mut is_at_start = true;
        while let Some(&character) = characters.get(at) {
            let next = characters.get(at + 1).copied();
            let was_at_start = std::mem::replace(&mut is_at_start, false);
            match (character, self.quote) {
                ('\\', None | Some('"')) => match next {
                    // A carriage return at the end of a line is one of Windows.
                    None | Some('\r') => {
                        goes_on = true;
                        break;
                    }
                    Some(escaped) => {
                        let is_kept = self.quote.is_some() && !"\\\"$`".contains(escaped);
                        if is_kept {
                            self.word.push('\\', line, at);
                        }
                        self.word.touch(line, at, at + 1);
                        self.word.push(escaped, line, at + 1);
                        at += 1;
                    }
                },
                ('\'' | '"', None) => {
                    self.quote = Some(character);
                    self.word.touch(line, at, at + 1);
                }
                (mark, Some(open)) if mark == open => {
                    self.quote = None;
                    self.word.touch(line, at, at + 1);
                }
                ('$' | '`', None | Some('"')) => at = self.unknown(characters, line, at),
                (' ' | '\t' | '\r', None) => {
                    self.end_word();
                    is_at_start = true;
                }
                ('#', None) if was_at_start => break,
                (';' | '&' | '|' | '(' | ')', None) => {
                    self.end_command();
                    is_at_start = true;
                }
                (plain, _) => self.word.push(plain, line, at),
            }
            at += 1;
        }
        match self.quote {
            Some(_) => self.word.push('\n', line, characters.len()),
            None if !goes_on => self.end_command(),
            None => {}
        }
    }

    /// A variable or the output of a command; returns the place of its last character.
    fn unknown(&mut self, characters: &[char], line: usize, at: usize) -> usize {
        let rest = &characters[at..];
        let closing = match (rest[0], rest.get(1)) {
            ('`', _) => Some('`'),
            (_, Some('{')) => Some('}'),
            (_, Some('(')) => Some(')'),
            _ => None,
        };
        let length = match closing {
            Some(closing) => rest
                .iter()
                .skip(1)
                .position(|character| *character == closing)
                .map_or(rest.len(), |end| end + 2),
            None => {
                let name = rest
                    .iter()
                    .skip(1)
                    .take_while(|character| character.is_alphanumeric() || **character == '_');
                let special = usize::from(
                    rest.get(1)
                        .is_some_and(|character| "@*#?$!-".contains(*character)),
                );
                1 + name.count().max(special)
            }
        };
        let shown: String = rest[..length].iter().collect();
        // A `$` alone is a character like any other.
        if length == 1 {
            self.word.push('$', line, at);
        } else {
            self.word.unknown(line, at..at + length, &shown);
        }
        at + length - 1
    }
}
