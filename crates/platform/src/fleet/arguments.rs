//! Arguments as programs of Windows take them.

/// An argument as Windows programs take it out of their command line (`CommandLineToArgvW`): backslashes are doubled before a quotation mark.
pub fn windows_argument(text: &str) -> String {
    let is_plain = !text.is_empty() && !text.contains([' ', '\t', '"']);
    if is_plain {
        return text.to_owned();
    }
    let mut written = String::from("\"");
    let mut backslashes = 0;
    for character in text.chars() {
        match character {
            '\\' => backslashes += 1,
            '"' => {
                written.push_str(&"\\".repeat(backslashes * 2 + 1));
                written.push('"');
                backslashes = 0;
            }
            other => {
                written.push_str(&"\\".repeat(backslashes));
                written.push(other);
                backslashes = 0;
            }
        }
    }
    written.push_str(&"\\".repeat(backslashes * 2));
    written.push('"');
    written
}
