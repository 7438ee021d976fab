//! Writing registry files as `regedit` exports them: UTF-16 with a byte order mark, lines that end in CR and LF.

use thiserror::Error;

use super::VERSION_5;

/// How long lines with numbers may be.
const COLUMNS: usize = 80;

/// Why a text cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WriteError {
    /// A line end or a zero would end the value, and begin something else.
    #[error("a registry file cannot contain a text with a line end or a zero character: `{0}`")]
    LineEnd(String),
    /// A bracket in the name of a key.
    #[error("`{0}` cannot be the path of a key")]
    Path(String),
}

/// A file on its way.
#[derive(Debug)]
pub struct Writer {
    text: String,
}

impl Default for Writer {
    fn default() -> Self {
        Self {
            text: format!("{VERSION_5}\r\n"),
        }
    }
}

impl Writer {
    /// Begins a key.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn key(&mut self, path: &str) -> Result<(), WriteError> {
        self.key_line("", path)
    }

    /// Deletes a key with everything below.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn remove_key(&mut self, path: &str) -> Result<(), WriteError> {
        self.key_line("-", path)
    }

    fn key_line(&mut self, sign: &str, path: &str) -> Result<(), WriteError> {
        expect_one_line(path)?;
        if path.contains(['[', ']']) || path.starts_with('-') {
            return Err(WriteError::Path(path.to_owned()));
        }
        self.text.push_str(&format!("\r\n[{sign}{path}]\r\n"));
        Ok(())
    }

    /// A text, REG_SZ.
    ///
    /// # Errors
    /// [`WriteError::LineEnd`].
    pub fn text(&mut self, name: &str, value: &str) -> Result<(), WriteError> {
        expect_one_line(value)?;
        let name = quoted(name)?;
        self.text.push_str(&format!("{name}={}\r\n", quoted(value)?));
        Ok(())
    }

    /// A text with variables that are replaced when it is read, REG_EXPAND_SZ.
    ///
    /// # Errors
    /// [`WriteError::LineEnd`].
    pub fn expand(&mut self, name: &str, value: &str) -> Result<(), WriteError> {
        expect_one_line(value)?;
        let units = value.encode_utf16().chain([0]);
        let bytes: Vec<String> = units
            .flat_map(u16::to_le_bytes)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let mut line = format!("{}=hex(2):", quoted(name)?);
        for (at, byte) in bytes.iter().enumerate() {
            let comma = if at + 1 < bytes.len() { "," } else { "" };
            // A backslash must fit behind it.
            if line.chars().count() + byte.len() + comma.len() + 1 > COLUMNS {
                self.text.push_str(&format!("{line}\\\r\n"));
                line = "  ".into();
            }
            line.push_str(byte);
            line.push_str(comma);
        }
        self.text.push_str(&format!("{line}\r\n"));
        Ok(())
    }

    /// A number, REG_DWORD.
    ///
    /// # Errors
    /// [`WriteError::LineEnd`].
    pub fn number(&mut self, name: &str, value: u32) -> Result<(), WriteError> {
        self.text
            .push_str(&format!("{}=dword:{value:08x}\r\n", quoted(name)?));
        Ok(())
    }

    /// The whole file.
    pub fn into_bytes(self) -> Vec<u8> {
        let text = format!("\u{feff}{}\r\n", self.text);
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }
}

fn quoted(text: &str) -> Result<String, WriteError> {
    expect_one_line(text)?;
    Ok(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

fn expect_one_line(text: &str) -> Result<(), WriteError> {
    if text.contains(['\r', '\n', '\0', '\u{85}', '\u{2028}', '\u{2029}']) {
        Err(WriteError::LineEnd(text.to_owned()))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Data, RegistryFile, decode_text};
    use super::*;
    use crate::text::Encoding;
    use proptest::prelude::*;

    #[test]
    fn file_is_as_regedit_exports_it() {
        let mut file = Writer::default();
        file.remove_key("HKEY_LOCAL_MACHINE\\X\\Y").expect("a key");
        file.key("HKEY_LOCAL_MACHINE\\X").expect("a key");
        file.text("a", "C:\\b \"c\"").expect("a text");
        file.number("n", 400).expect("a number");
        file.expand("URL", "%SystemRoot%\\Contacts.htm").expect("a text");
        let bytes = file.into_bytes();
        assert!(bytes.starts_with(b"\xff\xfeW\0i\0"));
        let (text, _) = decode_text(&bytes);
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(
            lines,
            [
                "Windows Registry Editor Version 5.00",
                "",
                "[-HKEY_LOCAL_MACHINE\\X\\Y]",
                "",
                "[HKEY_LOCAL_MACHINE\\X]",
                "\"a\"=\"C:\\\\b \\\"c\\\"\"",
                "\"n\"=dword:00000190",
                "\"URL\"=hex(2):25,00,53,00,79,00,73,00,74,00,65,00,6d,00,52,00,6f,00,6f,00,74,00,\\",
                "  25,00,5c,00,43,00,6f,00,6e,00,74,00,61,00,63,00,74,00,73,00,2e,00,68,00,74,\\",
                "  00,6d,00,00,00",
                "",
                "",
            ]
        );
        assert!(lines.iter().all(|line| line.chars().count() <= 80));
    }

    #[test]
    fn what_would_end_a_line_is_refused() {
        for text in ["a\nb", "a\rb", "a\0", "a\u{2028}"] {
            let mut file = Writer::default();
            assert!(
                file.text("x", text).is_err()
                    && file.text(text, "x").is_err()
                    && file.expand("x", text).is_err()
            );
            assert!(file.key(text).is_err() && file.number(text, 1).is_err());
        }
        assert!(
            Writer::default().key("A]\r\n[B").is_err()
                && Writer::default().key("A]").is_err()
                && Writer::default().key("-A").is_err()
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(name in "\\PC{0,12}", text in "\\PC{0,60}", number in any::<u32>()) {
            let mut file = Writer::default();
            file.key("HKEY_LOCAL_MACHINE\\X").expect("a key");
            let all = [file.text(&name, &text), file.expand("e", &text), file.number("n", number)];
            prop_assume!(all.iter().all(Result::is_ok));
            let read = RegistryFile::parse(&file.into_bytes());
            prop_assert_eq!(read.encoding, Encoding::Utf16Le);
            prop_assert!(read.has_header && read.odd_lines.is_empty());
            let data: Vec<Data> = read.keys[0].entries.iter().map(|entry| entry.data.clone()).collect();
            prop_assert_eq!(data, vec![Data::Text(text.clone()), Data::Expand(text), Data::Number(number)]);
            prop_assert_eq!(read.keys[0].entries[0].name.as_deref(), Some(name.as_str()));
        }
    }
}
