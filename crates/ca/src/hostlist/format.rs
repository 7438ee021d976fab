//! What a list is written in.

/// The formats of lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListFormat {
    /// RFC 4180, with a header line.
    Csv,
    /// An array of objects, or an object with such an array as `hosts`.
    Json,
    /// Tables `[[host]]`.
    Toml,
}

impl ListFormat {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Json => "JSON",
            Self::Toml => "TOML",
        }
    }

    /// Recognized by the content where it is plain, then by the ending of the file's name, then by a look for
    /// tables.
    pub(super) fn of(bytes: &[u8], file_name: Option<&str>) -> Self {
        let content = bytes.trim_ascii_start();
        let ending = file_name
            .and_then(|name| name.rsplit_once('.'))
            .map(|(_, ending)| ending.to_ascii_lowercase());
        match (content, ending.as_deref()) {
            ([b'{', ..], _) => Self::Json,
            ([b'[', rest @ ..], _) if rest.first() != Some(&b'[') => Self::Json,
            ([b'[', ..], _) | (_, Some("toml")) => Self::Toml,
            (_, Some("json")) => Self::Json,
            (_, Some("csv" | "tsv")) => Self::Csv,
            _ if content
                .split(|octet| *octet == b'\n')
                .any(|line| line.trim_ascii_start().starts_with(b"[[host]]")) =>
            {
                Self::Toml
            }
            _ => Self::Csv,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ListFormat::{self, Csv, Json, Toml};

    #[test]
    fn content_goes_before_the_name() {
        let told = |text: &str, name| ListFormat::of(text.as_bytes(), name);
        assert_eq!(told("\n [{}]", Some("hosts.csv")), Json);
        assert_eq!(told("{\"hosts\": []}", None), Json);
        assert_eq!(told("[[host]]", Some("hosts.json")), Toml);
        assert_eq!(told("# mine\n  [[host]]\r\n", None), Toml);
        assert_eq!(told("# mine\n", Some("HOSTS.TOML")), Toml);
        assert_eq!(told("host\n[[host]]\n", Some("a.b.csv")), Csv);
        assert_eq!(
            (told("host;cn", None), told("nothing", Some("x.json"))),
            (Csv, Json)
        );
    }
}
