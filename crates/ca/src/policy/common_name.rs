//! What clients read in a common name.
//!
//! A client that finds no dNSName matches the common name against the host (RFC 6125 §6.4.4, obsoleted by RFC 9525, and still done by
//! OpenSSL, GnuTLS, Java and the old platform): verbatim, with partial wildcards (OpenSSL, Java), as a shell
//! expression (NSS of old), up to a NUL (C programs of old), with or without a trailing dot. So a common name
//! is a display name only if no reading of it can be a host.

use gsec_pki::x509::GeneralName;

/// What a common name can be taken for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// A name for people: it matches no host.
    Display,
    /// A host name, an address, or a mailbox.
    Name(GeneralName),
    /// Something that some client may match.
    Unclear,
}

/// What wildcards and shell expressions are made of.
const PATTERN: [char; 14] = [
    '*', '?', '[', ']', '(', ')', '|', '~', '^', '$', '\\', '{', '}', '<',
];
/// In shell expressions, these alone let a pattern match text without its blanks.
const ALTERNATIVES: [char; 8] = ['*', '?', '[', '|', '~', '^', '\\', '{'];

pub(super) fn read(common_name: &str) -> Reading {
    // Blanks at the ends are not significant in names (RFC 4518 §2.6.1).
    let text = common_name.trim();
    if let Ok(name) = GeneralName::parse_host(text) {
        return Reading::Name(name);
    }
    // No host that a client asks for has a blank in it, so what has one that must match is a display name.
    let has_blank = text.contains(' ');
    if has_blank && !text.contains(ALTERNATIVES) && !text.contains(char::is_control) {
        return Reading::Display;
    }
    match GeneralName::parse_san(&format!("email:{text}")) {
        Ok(mailbox) if !text.contains(PATTERN) => Reading::Name(mailbox),
        _ => Reading::Unclear,
    }
}

/// Whether a value holds text that programs which search the subject as one string take for a common name (CVE-2014-3577).
pub(super) fn hides_common_name(value: &str) -> bool {
    let packed: String = value
        .chars()
        .filter(|character| !character.is_whitespace())
        .collect();
    packed.to_ascii_lowercase().contains("cn=")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_host_can_match_is_a_display_name() {
        for text in [
            "Database one",
            "Database one (test)",
            "Müller & Söhne",
            "a b.example.com",
            "Line 1, floor 2",
        ] {
            assert_eq!(read(text), Reading::Display, "{text}");
        }
    }

    #[test]
    fn what_a_client_could_match_is_not() {
        for text in [
            "ww*.evil.org",
            "*w.evil.org",
            "*",
            "*.*.evil.org",
            "w*w.evil.org",
            "(www|mail).evil.org",
            "*~x y",
            "a[ b]c",
            "x|y z",
            "[::1",
            "1.2.3",
            "0x7f.1",
            "evil..org",
            ".evil.org",
            "www.evil.org\0 two",
            "www.evil.org\0.example.com",
            "Database\u{a0}one",
            "https://www.evil.org/",
            "www.evil.org:443",
            "-x.evil.org",
            "a b@*",
        ] {
            assert_eq!(read(text), Reading::Unclear, "{text}");
        }
    }

    #[test]
    fn names_are_read_as_what_they_are() {
        let name = |text: &str| match read(text) {
            Reading::Name(name) => name.to_string(),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(name(" www.evil.org. "), "dns:www.evil.org");
        assert_eq!(name("mail"), "dns:mail");
        assert_eq!(name("*.evil.org"), "dns:*.evil.org");
        assert_eq!(name("b\u{fc}cher.example"), "dns:xn--bcher-kva.example");
        assert_eq!(name("8.8.8.8"), "ip:8.8.8.8");
        assert_eq!(name("[::1]"), "ip:::1");
        assert_eq!(name("alice@example.com"), "email:alice@example.com");
    }

    #[test]
    fn a_common_name_within_another_value_is_seen() {
        assert!(hides_common_name("x, CN=www.evil.org") && hides_common_name("x,cn = www.evil.org"));
        assert!(!hides_common_name("Example & Sons"));
    }
}
