//! Reading registry files: everything that is in them, and what of it is not understood.

use std::ops::Range;

use super::{REGEDIT4, VERSION_5, decode_text};
use crate::text::Encoding;

/// What a value has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// REG_SZ.
    Text(String),
    /// REG_EXPAND_SZ: variables such as `%SystemRoot%` are replaced when it is read.
    Expand(String),
    /// REG_DWORD.
    Number(u32),
    /// Any other type, by its number, or what is not of the form of its type.
    Other(String),
    /// The value is deleted.
    Removed,
}

/// A value of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name; `None`: the key's default value.
    pub name: Option<String>,
    /// What it has.
    pub data: Data,
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Where in that line its name is, in characters.
    pub name_at: Range<usize>,
    /// Where in that line its data begin, in characters, to the end of the line.
    pub data_at: Range<usize>,
}

/// A key with values, as often as it occurs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its path, as it is in the file.
    pub path: String,
    /// Whether it is deleted, with everything below.
    pub is_removed: bool,
    /// Its line, from 1.
    pub line: usize,
    /// Where in that line the path is, in characters.
    pub path_at: Range<usize>,
    /// Its values, in their order.
    pub entries: Vec<Entry>,
}

/// A registry file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryFile {
    /// How it is encoded.
    pub encoding: Encoding,
    /// Whether it begins with the line by which `regedit` knows such files.
    pub has_header: bool,
    /// Its keys, in their order.
    pub keys: Vec<Key>,
    /// Lines that are nothing of all this, from 1.
    pub odd_lines: Vec<usize>,
    lines: Vec<String>,
}

impl RegistryFile {
    /// Reads a file, whatever is in it.
    pub fn parse(bytes: &[u8]) -> Self {
        let (text, encoding) = decode_text(bytes);
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let first = lines.iter().position(|line| !line.trim().is_empty());
        let header = first.map(|at| lines[at].trim().to_owned()).unwrap_or_default();
        let is_old = header == REGEDIT4;
        let has_header = is_old || header == VERSION_5;
        let mut file = Self {
            encoding,
            has_header,
            keys: Vec::new(),
            odd_lines: Vec::new(),
            lines,
        };
        let mut at = if has_header {
            first.map_or(0, |at| at + 1)
        } else {
            0
        };
        while at < file.lines.len() {
            at += file.take(at, is_old);
        }
        file
    }

    /// A line as it is in the file, from 1; without its end.
    pub fn line(&self, number: usize) -> &str {
        self.lines.get(number.wrapping_sub(1)).map_or("", String::as_str)
    }

    /// How many lines a value has that begins at a line and may go on in the next ones.
    fn continued(&self, at: usize) -> usize {
        let goes_on = |line: &&String| line.trim_end().ends_with('\\');
        let more = self.lines[at..].iter().take_while(goes_on).count();
        1 + more.min(self.lines.len() - at - 1)
    }

    /// Takes what begins at a line, and returns how many lines it has.
    fn take(&mut self, at: usize, is_old: bool) -> usize {
        let line = self.lines[at].clone();
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(';') {
            return 1;
        }
        if let Some(key) = key(&line, at + 1) {
            self.keys.push(key);
            return 1;
        }
        let Some((name, name_at, data_from)) = name(&line) else {
            self.odd_lines.push(at + 1);
            return 1;
        };
        let mut whole: String = line.chars().skip(data_from).collect();
        let count = match is_hex(&whole) {
            true => self.continued(at),
            false => 1,
        };
        for more in &self.lines[at + 1..at + count] {
            whole.truncate(whole.trim_end().len().saturating_sub(1));
            whole.push_str(more.trim());
        }
        let entry = Entry {
            name,
            data: data(whole.trim(), is_old),
            line: at + 1,
            name_at,
            data_at: data_from..line.trim_end().chars().count().max(data_from),
        };
        match self.keys.last_mut() {
            Some(key) if !key.is_removed => key.entries.push(entry),
            _ => self.odd_lines.push(at + 1),
        }
        count
    }
}

/// Only numbers in hexadecimal go on in the next line.
fn is_hex(data: &str) -> bool {
    let start = data.trim_start().get(..3);
    start.is_some_and(|start| start.eq_ignore_ascii_case("hex"))
}

fn key(line: &str, number: usize) -> Option<Key> {
    let inside = line.trim().strip_prefix('[')?.strip_suffix(']')?;
    let path = inside.strip_prefix('-').unwrap_or(inside);
    let start = line.chars().take_while(|letter| *letter != '[').count() + 1 + inside.chars().count()
        - path.chars().count();
    Some(Key {
        path: path.to_owned(),
        is_removed: path.len() < inside.len(),
        line: number,
        path_at: start..start + path.chars().count(),
        entries: Vec::new(),
    })
}

/// The name of a value, where it is, and where its data begin, in characters.
fn name(line: &str) -> Option<(Option<String>, Range<usize>, usize)> {
    let letters: Vec<char> = line.chars().collect();
    let start = letters.iter().take_while(|letter| letter.is_whitespace()).count();
    let (name, end) = if letters.get(start) == Some(&'@') {
        (None, start + 1)
    } else {
        let (name, end) = quoted(&letters, start)?;
        (Some(name), end)
    };
    let blanks = letters[end..]
        .iter()
        .take_while(|letter| letter.is_whitespace())
        .count();
    (letters.get(end + blanks) == Some(&'=')).then(|| (name, start..end, end + blanks + 1))
}

/// A text in quotes, in which a backslash stands before quotes and backslashes, and where it ends.
fn quoted(letters: &[char], start: usize) -> Option<(String, usize)> {
    if letters.get(start) != Some(&'"') {
        return None;
    }
    let (mut text, mut at) = (String::new(), start + 1);
    loop {
        match letters.get(at)? {
            '"' => return Some((text, at + 1)),
            '\\' => {
                text.push(*letters.get(at + 1)?);
                at += 2;
            }
            letter => {
                text.push(*letter);
                at += 1;
            }
        }
    }
}

fn data(text: &str, is_old: bool) -> Data {
    let other = || Data::Other(text.to_owned());
    if text == "-" {
        return Data::Removed;
    }
    if text.starts_with('"') {
        let letters: Vec<char> = text.chars().collect();
        return match quoted(&letters, 0) {
            Some((value, end)) if letters[end..].iter().all(|letter| letter.is_whitespace()) => {
                Data::Text(value)
            }
            _ => other(),
        };
    }
    let lower = text.to_ascii_lowercase();
    if let Some(digits) = lower.strip_prefix("dword:") {
        let is_number =
            (1..=8).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        return u32::from_str_radix(digits, 16)
            .ok()
            .filter(|_| is_number)
            .map_or_else(other, Data::Number);
    }
    let Some((kind, digits)) = lower.split_once(':') else {
        return other();
    };
    let Some(bytes) = hex(digits) else { return other() };
    let is_half = !is_old && bytes.len() % 2 == 1;
    match kind {
        // Half of a character of UTF-16 is none.
        "hex(1)" | "hex(2)" if is_half => other(),
        "hex(1)" => Data::Text(string(&bytes, is_old)),
        "hex(2)" => Data::Expand(string(&bytes, is_old)),
        "hex(4)" if bytes.len() == 4 => {
            Data::Number(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
        }
        _ => other(),
    }
}

fn hex(digits: &str) -> Option<Vec<u8>> {
    let digits: String = digits.chars().filter(|letter| !letter.is_whitespace()).collect();
    if digits.is_empty() {
        return Some(Vec::new());
    }
    let byte = |pair: &str| {
        u8::from_str_radix(pair, 16)
            .ok()
            .filter(|_| (1..=2).contains(&pair.len()))
    };
    digits.split(',').map(byte).collect()
}

/// The text in bytes that end in a zero: UTF-16, or one byte a character in old files.
fn string(bytes: &[u8], is_old: bool) -> String {
    let text = if is_old {
        bytes.iter().map(|byte| char::from(*byte)).collect()
    } else {
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
            .collect();
        String::from_utf16_lossy(&units)
    };
    text.split('\0').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entries(text: &str) -> Vec<(Option<String>, Data)> {
        let file = RegistryFile::parse(text.as_bytes());
        let all = file.keys.iter().flat_map(|key| &key.entries);
        all.map(|entry| (entry.name.clone(), entry.data.clone()))
            .collect()
    }

    #[test]
    fn every_type_is_read() {
        let text = "Windows Registry Editor Version 5.00\r\n\r\n; a comment\r\n[HKEY_LOCAL_MACHINE\\X]\r\n@=\"d\"\r\n\"a\\\\b\\\"c\"=\"C:\\\\x \\\"y\\\"\"\r\n\
            \"n\" = dword:0000001f\r\n\"e\"=hex(2):25,00,41,00,\\\r\n  25,00,00,00\r\n\"s\"=hex(1):41,00,00,00\r\n\"b\"=hex:01,02\r\n\"gone\"=-\r\n\"odd\"=dword:xyz\r\n";
        let named = |name: &str| Some(name.to_owned());
        assert_eq!(
            entries(text),
            [
                (None, Data::Text("d".into())),
                (named("a\\b\"c"), Data::Text("C:\\x \"y\"".into())),
                (named("n"), Data::Number(31)),
                (named("e"), Data::Expand("%A%".into())),
                (named("s"), Data::Text("A".into())),
                (named("b"), Data::Other("hex:01,02".into())),
                (named("gone"), Data::Removed),
                (named("odd"), Data::Other("dword:xyz".into())),
            ]
        );
        let old = "REGEDIT4\n[HKEY_LOCAL_MACHINE\\X]\n\"e\"=hex(2):25,41,25,00\n";
        assert_eq!(entries(old), [(named("e"), Data::Expand("%A%".into()))]);
    }

    #[test]
    fn only_hexadecimal_data_go_on_in_the_next_line() {
        let named = |name: &str| Some(name.to_owned());
        let text = "REGEDIT4\n[HKLM\\X]\n\"a\"=\"b\\\n\"c\"=dword:1\\\n\"d\"=HEX(2):41,\\\n42,\\\n00\n\"e\"=hex:\\\n";
        assert_eq!(
            entries(text),
            [
                (named("a"), Data::Other("\"b\\".into())),
                (named("c"), Data::Other("dword:1\\".into())),
                (named("d"), Data::Expand("AB".into())),
                (named("e"), Data::Other("hex:\\".into())),
            ]
        );
    }

    #[test]
    fn half_a_character_is_no_text() {
        let version_5 = "Windows Registry Editor Version 5.00\n[HKLM\\X]\n\"a\"=hex(2):41,00,42\n\"b\"=hex(1):41\n\"c\"=hex(2):41,00\n";
        let data: Vec<Data> = entries(version_5).into_iter().map(|entry| entry.1).collect();
        assert_eq!(
            data,
            [
                Data::Other("hex(2):41,00,42".into()),
                Data::Other("hex(1):41".into()),
                Data::Expand("A".into())
            ]
        );
    }

    #[test]
    fn places_are_counted_in_characters() {
        let file = RegistryFile::parse(
            "REGEDIT4\n  [-HKEY_LOCAL_MACHINE\\Ü]\n[HKLM\\X]\n \"ä\" = \"x\"\nodd\n".as_bytes(),
        );
        assert_eq!(
            (file.keys[0].is_removed, file.keys[0].path_at.clone()),
            (true, 4..24)
        );
        let entry = &file.keys[1].entries[0];
        assert_eq!(
            (entry.line, entry.name_at.clone(), entry.data_at.clone()),
            (4, 1..4, 6..10)
        );
        assert_eq!(file.odd_lines, [5]);
        assert_eq!((file.line(5), file.line(0), file.line(9)), ("odd", "", ""));
    }

    #[test]
    fn what_belongs_to_no_key_is_odd() {
        let file = RegistryFile::parse(b"\"a\"=\"b\"\n[-HKLM\\X]\n\"a\"=\"b\"\n[HKLM\\X\n\"a\"\n\"a=1\n");
        assert_eq!(
            (file.has_header, file.odd_lines.len(), file.keys.len()),
            (false, 5, 1)
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let file = RegistryFile::parse(&bytes);
            prop_assert!(file.odd_lines.len() <= 200);
        }

        #[test]
        fn any_lines_are_read(lines in prop::collection::vec("(REGEDIT4|\\[-?[A-Z\\\\]{0,5}\\]?|\"[a\\\\\"]{0,4}\"?=?|hex\\(2\\):|[0-9a-f,]{0,6}|\\\\| ){0,5}", 0..8)) {
            RegistryFile::parse(lines.join("\n").as_bytes());
        }
    }
}
