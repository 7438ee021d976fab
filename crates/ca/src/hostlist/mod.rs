//! LISTS. Hosts to issue for, one to a line: CSV (RFC 4180), JSON or TOML become typed entries.
//!
//! A line that is wrong says so and stops no other; only what makes the whole list doubtful refuses it.

mod cell;
mod column;
mod csv;
mod error;
mod format;
mod row;
mod table;

pub use column::Column;
pub use error::{ListError, RowError, RowProblem};
pub use format::ListFormat;
pub use row::{HostEntry, Row};

use row::RowReader;

/// The most rows of a list.
pub const MAX_ROWS: usize = 1_000_000;

/// A list of hosts.
#[derive(Debug)]
pub struct HostList {
    /// What it is written in.
    pub format: ListFormat,
    /// Its rows, in their order, without the empty ones.
    pub rows: Vec<Row>,
}

/// Reads a list. `file_name` tells the format where the content leaves it open.
///
/// # Errors
/// [`ListError`] when the list as a whole cannot be read; what is wrong with one row is in its [`Row::entry`].
pub fn decode_host_list(bytes: &[u8], file_name: Option<&str>) -> Result<HostList, ListError> {
    decode_within(bytes, file_name, MAX_ROWS)
}

fn decode_within(bytes: &[u8], file_name: Option<&str>, max_rows: usize) -> Result<HostList, ListError> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(ListError::NotUtf8 {
            line: 1,
            looks_like_utf16: true,
        });
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Err(ListError::Empty);
    }
    let format = ListFormat::of(bytes, file_name);
    let mut reader = RowReader::new(max_rows);
    match format {
        ListFormat::Csv => csv::read(bytes, &mut reader)?,
        ListFormat::Json => table::read_json(text(bytes)?, &mut reader)?,
        ListFormat::Toml => table::read_toml(text(bytes)?, &mut reader)?,
    }
    Ok(HostList {
        format,
        rows: reader.into_rows(),
    })
}

fn text(bytes: &[u8]) -> Result<&str, ListError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        ListError::NotUtf8 {
            line: before.iter().filter(|octet| **octet == b'\n').count() as u64 + 1,
            looks_like_utf16: false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(bytes: &[u8], file_name: Option<&str>) -> String {
        decode_host_list(bytes, file_name).unwrap_err().to_string()
    }

    #[test]
    fn nothing_at_all_is_no_list() {
        for empty in [&b""[..], b" \r\n\n", b"\xef\xbb\xbf"] {
            assert_eq!(refusal(empty, None), "it is empty");
        }
    }

    #[test]
    fn utf_16_is_named_as_what_it_may_be() {
        let said = refusal(b"\xff\xfeh\0o\0s\0t\0", None);
        assert_eq!(said, "line 1: it is not UTF-8, and looks like UTF-16");
        assert_eq!(
            refusal(b"[\n{\"host\": \"\xe4\"}]", None),
            "line 2: it is not UTF-8"
        );
    }

    #[test]
    fn more_rows_than_the_bound_are_refused() {
        let lists = [
            "host\na.example\nb.example\nc.example\n",
            "[{\"host\":\"a\"},{\"host\":\"b\"},{\"host\":\"c\"}]",
            "[[host]]\n[[host]]\n[[host]]\n",
        ];
        for list in lists {
            assert_eq!(
                decode_within(list.as_bytes(), None, 3)
                    .expect("within")
                    .rows
                    .len(),
                3
            );
            assert_eq!(
                decode_within(list.as_bytes(), None, 2).unwrap_err().to_string(),
                "it has more than 2 rows"
            );
        }
    }
}
