//! How people name a certificate that another program shows them: by its subject, or by its thumbprint.

use super::Certificate;
use crate::encoding::hex;
use crate::encoding::visible::is_dangerous;

/// Attribute types by the names that programs print, in small letters, and OpenSSL's name for each.
const TYPES: [(&str, &str); 33] = [
    ("cn", "CN"),
    ("commonname", "CN"),
    ("c", "C"),
    ("countryname", "C"),
    ("st", "ST"),
    ("s", "ST"),
    ("sp", "ST"),
    ("stateorprovincename", "ST"),
    ("l", "L"),
    ("localityname", "L"),
    ("o", "O"),
    ("organizationname", "O"),
    ("ou", "OU"),
    ("organizationalunitname", "OU"),
    ("emailaddress", "emailAddress"),
    ("email", "emailAddress"),
    ("e", "emailAddress"),
    ("dc", "DC"),
    ("uid", "UID"),
    ("userid", "UID"),
    ("sn", "SN"),
    ("surname", "SN"),
    ("gn", "GN"),
    ("g", "GN"),
    ("givenname", "GN"),
    ("serialnumber", "serialNumber"),
    ("street", "street"),
    ("title", "title"),
    ("t", "title"),
    ("description", "description"),
    ("postalcode", "postalCode"),
    ("initials", "initials"),
    ("dnqualifier", "dnQualifier"),
];

/// Words that programs print before a subject.
const SUBJECT_LABELS: [&str; 6] = [
    "subject",
    "subject name",
    "subject dn",
    "owner",
    "issued to",
    "dn",
];

/// Words that programs print before a thumbprint.
const THUMBPRINT_WORDS: [&str; 12] = [
    "certificate",
    "cert",
    "x509",
    "fingerprint",
    "thumbprint",
    "fingerabdruck",
    "hash",
    "sha-256",
    "sha256",
    "sha-1",
    "sha1",
    "256",
];

/// A subject as text: in OpenSSL's one-line form (`/C=DE/CN=db1`), or with commas (`C = DE, CN = db1`) in whatever order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedSubject {
    /// Type and value of each attribute as comparison sees them, sorted.
    attributes: Vec<(String, String)>,
}

impl TypedSubject {
    /// Reads it, also with `subject=` in front; `None` when the text does not begin with the type of an attribute and a `=`.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text
            .chars()
            .filter(|character| !is_dangerous(*character) || character.is_whitespace())
            .collect();
        let text = without_label(text.trim());
        let (separators, text): (&[char], &str) = match text.strip_prefix('/') {
            Some(rest) => (&['/', '+'], rest),
            None => (&[',', ';', '+', '\n'], text),
        };
        // A number in front of a `=` is an object identifier, and an attribute without a name is none of gsec's.
        attribute(text)?;
        let mut attributes: Vec<_> = parts(text, separators)
            .into_iter()
            .filter_map(attribute)
            .collect();
        attributes.sort();
        Some(Self { attributes })
    }

    /// Whether both have the same attributes, in whatever order.
    pub fn is(&self, other: &Self) -> bool {
        self == other
    }

    /// Whether it has a common name, and the other all of its attributes.
    pub fn is_part_of(&self, other: &Self) -> bool {
        let has_common_name = self.attributes.iter().any(|(kind, _)| kind == "CN");
        has_common_name
            && self
                .attributes
                .iter()
                .all(|attribute| other.attributes.contains(attribute))
    }

    /// The common names, in small letters.
    pub fn common_names(&self) -> impl Iterator<Item = &str> {
        self.attributes
            .iter()
            .filter(|(kind, _)| kind == "CN")
            .map(|(_, value)| value.as_str())
    }
}

/// What follows the word for a subject, if one is in front.
fn without_label(text: &str) -> &str {
    let Some((label, rest)) = text.split_once(['=', ':']) else {
        return text;
    };
    if SUBJECT_LABELS.contains(&label.trim().to_lowercase().as_str()) {
        rest.trim()
    } else {
        text
    }
}

/// Splits before each attribute: a separator that no attribute follows belongs to the value, as does one that is escaped or quoted.
fn parts<'a>(text: &'a str, separators: &[char]) -> Vec<&'a str> {
    let mut found = Vec::new();
    let (mut start, mut is_escaped, mut is_quoted) = (0, false, false);
    for (at, character) in text.char_indices() {
        let is_border = separators.contains(&character) && !is_escaped && !is_quoted;
        if is_border && attribute(&text[at + 1..]).is_some() {
            found.push(&text[start..at]);
            start = at + 1;
        }
        is_quoted ^= character == '"' && !is_escaped;
        is_escaped = character == '\\' && !is_escaped;
    }
    found.push(&text[start..]);
    found
}

fn attribute(text: &str) -> Option<(String, String)> {
    let (kind, value) = text.split_once('=')?;
    let kind = kind.trim().to_lowercase();
    let (_, kind) = TYPES.iter().find(|(spelling, _)| *spelling == kind)?;
    Some(((*kind).to_owned(), folded(&unescaped(value.trim()))))
}

/// The value of an attribute without quotation marks and the escapes of RFC 4514 §2.4 and of OpenSSL's one-line form.
fn unescaped(value: &str) -> String {
    let value = value
        .strip_prefix('"')
        .and_then(|value| value.strip_suffix('"'))
        .unwrap_or(value);
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some(character) = rest.chars().next() {
        let after = rest.strip_prefix("\\x").or_else(|| rest.strip_prefix('\\'));
        let pair = after.and_then(|after| Some((hex::decode(after.get(..2)?)?, after.get(2..)?)));
        rest = match (pair, after) {
            (Some((byte, behind)), _) => {
                bytes.extend(byte);
                behind
            }
            (None, Some(_)) if rest.len() > 1 => {
                let escaped = rest[1..].chars().next().unwrap_or_default();
                bytes.extend_from_slice(escaped.encode_utf8(&mut [0; 4]).as_bytes());
                &rest[1 + escaped.len_utf8()..]
            }
            _ => {
                bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                &rest[character.len_utf8()..]
            }
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// As names are compared (RFC 5280 §7.1).
fn folded(value: &str) -> String {
    value
        .split_whitespace()
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join(" ")
}

/// A thumbprint as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedThumbprint {
    digest: Vec<u8>,
    /// Whether a word such as `Fingerprint` is in front, so that it can be nothing else.
    pub is_labelled: bool,
}

impl TypedThumbprint {
    /// Reads a SHA-1 or SHA-256 of a certificate as programs print it: with or without words in front, in pairs or in one piece; `None`
    /// when it is something else.
    pub fn parse(text: &str) -> Option<Self> {
        let plain: String = text
            .chars()
            .filter(|character| !is_dangerous(*character))
            .collect();
        let plain = plain.to_ascii_lowercase();
        let mut digits = plain.trim();
        while let Some(rest) = THUMBPRINT_WORDS
            .iter()
            .find_map(|word| without_word(digits, word))
        {
            digits = rest.trim_start_matches([' ', ':', '=', '(', ')']);
        }
        let is_labelled = digits.len() < plain.trim().len();
        let joined: String = digits
            .chars()
            .filter(|character| !matches!(character, ':' | ' ' | '-'))
            .collect();
        let digest = hex::decode(&joined).filter(|digest| matches!(digest.len(), 20 | 32))?;
        Some(Self { digest, is_labelled })
    }

    /// Whether it is that of a certificate.
    pub fn is_of(&self, certificate: &Certificate) -> bool {
        let thumbprints = certificate.thumbprints();
        self.digest == thumbprints.sha1 || self.digest == thumbprints.sha256
    }
}

/// What follows a word, which ends where letters and digits do.
fn without_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    text.strip_prefix(word)
        .filter(|rest| !rest.starts_with(|character: char| character.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_same(one: &str, other: &str) -> bool {
        let read = |text| TypedSubject::parse(text).unwrap_or_else(|| panic!("{text} is a subject"));
        read(one).is(&read(other))
    }

    #[test]
    fn a_subject_is_the_same_in_every_spelling() {
        for typed in [
            "C=DE,O=Example,CN=db1.example.com",
            "C = DE, O = Example, CN = db1.example.com",
            "CN=db1.example.com,O=Example,C=DE",
            "subject=C = DE, O = Example, CN = db1.example.com",
            "subject= /C=DE/O=Example/CN=db1.example.com",
            "Subject: CN=DB1.example.com, O=Example, C=DE",
            "Owner: CN=db1.example.com, O=\"Example\", C=DE",
            "CN=db1.example.com\n  O=Example\n  C=DE\n",
        ] {
            assert!(is_same(typed, "/C=DE/O=Example/CN=db1.example.com"), "{typed}");
        }
        assert!(!is_same("CN=db1.example.com", "/O=Example/CN=db1.example.com"));
        assert!(is_same("O=Example\\, Inc./x, CN=a", "/O=Example, Inc.\\/x/CN=a"));
        assert!(is_same("O=\"Example, CN=b\"", "O=Example\\, CN\\=b"));
        assert!(
            is_same("/O=M\\xC3\\xBCller", "O=M\\C3\\BCller") && is_same("O=Müller", "/O=M\\xC3\\xBCller")
        );
        assert!(is_same("/CN=a/b", "CN=a/b"), "what OpenSSL wrote before 3.0");
        assert!(is_same("E=me@example.com", "/emailAddress=me@example.com"));
        for typed in [
            "",
            "subject=",
            "db1.example.com",
            "/etc/ssl/cert.pem",
            "x=y",
            "serial=0D",
            "/CN",
            "SHA256 Fingerprint=AA:BB",
        ] {
            assert_eq!(TypedSubject::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_part_of_a_subject_needs_a_common_name() {
        let read = |text| TypedSubject::parse(text).expect("a subject");
        let whole = read("/C=DE/O=Example/CN=db1");
        assert!(read("CN=db1").is_part_of(&whole) && read("/C=DE/CN=db1").is_part_of(&whole));
        assert!(!read("C=DE").is_part_of(&whole) && !read("CN=db2").is_part_of(&whole));
    }

    #[test]
    fn a_thumbprint_is_the_same_in_every_spelling() {
        let digits = "8f2c43e9d1a0557b6c0d8e9fa1b2c3d4e5f60718";
        let pairs = |separator: &str| {
            digits
                .as_bytes()
                .chunks(2)
                .map(|pair| String::from_utf8_lossy(pair).to_uppercase())
                .collect::<Vec<_>>()
                .join(separator)
        };
        let plain = TypedThumbprint::parse(digits).expect("a thumbprint");
        assert!(!plain.is_labelled);
        for typed in [
            format!("SHA1 Fingerprint={}", pairs(":")),
            format!("sha1 Fingerprint={}", pairs(":")),
            format!("Fingerprint (SHA-1): {}", pairs(":")),
            format!("Cert Hash(sha1): {}", pairs(" ")),
            format!("SHA1: {}", pairs(":")),
            format!("sha1 {digits}"),
            format!("Thumbprint: \u{200e}{}", pairs(" ")),
        ] {
            let read = TypedThumbprint::parse(&typed).unwrap_or_else(|| panic!("{typed}"));
            assert!(read.digest == plain.digest && read.is_labelled, "{typed}");
        }
        let long = format!("sha256 Fingerprint={}", "AB:".repeat(31) + "AB");
        assert_eq!(
            TypedThumbprint::parse(&long).map(|found| found.digest),
            Some(vec![0xab; 32])
        );
        for typed in [
            "",
            "0D",
            "SHA256 Fingerprint=AA:BB",
            "db1.example.com",
            "MD5 Fingerprint=AA",
        ] {
            assert_eq!(TypedThumbprint::parse(typed), None, "{typed}");
        }
    }
}
