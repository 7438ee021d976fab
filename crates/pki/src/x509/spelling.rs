//! The kinds of subjectAltName, in every spelling in which programs write and print them.

/// What a word in front of a name says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// dNSName.
    Dns,
    /// iPAddress.
    Ip,
    /// iPAddress, an IPv4 address.
    Ipv4,
    /// iPAddress, an IPv6 address.
    Ipv6,
    /// rfc822Name.
    Email,
    /// uniformResourceIdentifier.
    Uri,
    /// A kind that gsec does not issue.
    NotIssued,
}

/// Spellings in small letters, without blanks, hyphens and underscores: so `IP Address`, `IPAddress` and `ip_address` are one.
/// Programs are OpenSSL (settings, `-text`), Windows (certutil, the certificate dialogue in English and German, certreq), keytool,
/// GnuTLS' certtool (output, templates) and NSS' certutil.
const SPELLINGS: &[(&str, Kind)] = &[
    // OpenSSL, keytool's `-ext`, certreq: `DNS`. The others: `DNS Name`, `DNS-Name`, `DNSName`, `DNSname`, `dns_name`.
    ("dns", Kind::Dns),
    ("dnsname", Kind::Dns),
    // OpenSSL's settings have `IP`, its `-text` has `IP Address`, Windows in German `IP-Adresse`.
    ("ip", Kind::Ip),
    ("ipaddr", Kind::Ip),
    ("ipaddress", Kind::Ip),
    ("ipadresse", Kind::Ip),
    ("ipv4", Kind::Ipv4),
    ("ipv4address", Kind::Ipv4),
    ("ipv4adresse", Kind::Ipv4),
    ("ipv6", Kind::Ipv6),
    ("ipv6address", Kind::Ipv6),
    ("ipv6adresse", Kind::Ipv6),
    // Windows, keytool and NSS have `RFC822 Name`, GnuTLS' output `RFC822Name`, its templates and OpenSSL's settings `email`.
    ("email", Kind::Email),
    ("emailaddress", Kind::Email),
    ("mailto", Kind::Email),
    ("rfc822", Kind::Email),
    ("rfc822name", Kind::Email),
    // Windows has `URL`, keytool `URIName`, the others `URI`.
    ("uri", Kind::Uri),
    ("uriname", Kind::Uri),
    ("url", Kind::Uri),
    ("uniformresourceidentifier", Kind::Uri),
    // Windows shows an otherName as `Other Name:` with `Principal Name=` or `DS Object Guid=` below, OpenSSL as
    // `othername: UPN::`, a directoryName as `DirName` and `Directory Address`.
    ("othername", Kind::NotIssued),
    ("anderername", Kind::NotIssued),
    ("upn", Kind::NotIssued),
    ("principalname", Kind::NotIssued),
    ("prinzipalname", Kind::NotIssued),
    ("dsobjectguid", Kind::NotIssued),
    ("krb5principalname", Kind::NotIssued),
    ("xmppaddr", Kind::NotIssued),
    ("smtputf8mailbox", Kind::NotIssued),
    ("srvname", Kind::NotIssued),
    ("rid", Kind::NotIssued),
    ("registeredid", Kind::NotIssued),
    ("oidname", Kind::NotIssued),
    ("dirname", Kind::NotIssued),
    ("directoryname", Kind::NotIssued),
    ("directoryaddress", Kind::NotIssued),
    ("x400address", Kind::NotIssued),
];

/// Words that programs write before the whole extension.
const LABELS: [&str; 4] = [
    "x509v3subjectalternativename",
    "subjectalternativename",
    "subjectaltname",
    "san",
];

/// A kind in front of a name, and the name; `None` where no kind is in front. A number after the kind counts it, as in `DNS.1`.
pub(super) fn kind_and_value(text: &str) -> Option<(Kind, &str)> {
    let at = text.find([':', '='])?;
    let kind = kind_of(text.get(..at)?)?;
    Some((kind, unquoted(text.get(at + 1..)?.trim())))
}

fn kind_of(word: &str) -> Option<Kind> {
    let word = folded(word);
    let uncounted = word.trim_end_matches(|character: char| character.is_ascii_digit());
    let word = uncounted.strip_suffix('.').unwrap_or(&word);
    SPELLINGS
        .iter()
        .find(|(spelling, _)| *spelling == word)
        .map(|(_, kind)| *kind)
}

fn folded(word: &str) -> String {
    word.chars()
        .filter(|character| !character.is_whitespace() && !matches!(character, '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// NSS and the templates of certtool put names in quotation marks.
fn unquoted(value: &str) -> &str {
    let inside = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    inside.filter(|inside| !inside.contains('"')).unwrap_or(value)
}

/// The names in a text that may be the whole extension as a program prints it: one name to a line, or several with commas
/// between them, or `&` as certreq has it.
pub(super) fn names_in(text: &str) -> Vec<&str> {
    let text = trimmed(text);
    let (text, is_labelled) = without_label(text);
    let mut names = Vec::new();
    for line in text.lines().map(trimmed) {
        // A quoted local part or an otherName may have commas in it, and gets an error of its own.
        let is_one = line.contains('"') || line.contains(';');
        let parts = if is_one { vec![line] } else { at_separators(line) };
        names.extend(
            parts
                .into_iter()
                .filter(|part| !(part.is_empty() && (is_labelled || text.contains('\n')))),
        );
    }
    if is_labelled
        && names
            .first()
            .is_some_and(|first| first.eq_ignore_ascii_case("critical"))
    {
        names.remove(0);
    }
    if names.is_empty() { vec![text] } else { names }
}

/// Without blanks at the ends, and without the marks that Windows' dialogue copies along.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|character: char| {
        character.is_whitespace() || matches!(character, '\u{200E}' | '\u{200F}' | '\u{FEFF}')
    })
}

/// Splits at commas, and at an `&` before another kind. A comma in a URI has neither a blank nor another kind after it.
fn at_separators(line: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut start = 0;
    for (at, separator) in line.match_indices([',', '&']) {
        let (before, after) = (&line[start..at], &line[at + 1..]);
        let begins_another = after.is_empty() || kind_and_value(after).is_some();
        let is_uri = before.contains("://");
        let is_border =
            begins_another || (separator == "," && (!is_uri || after.starts_with(char::is_whitespace)));
        if is_border {
            names.push(trimmed(before));
            start = at + 1;
        }
    }
    let last = trimmed(&line[start..]);
    if !(last.is_empty() && line.ends_with('&')) {
        names.push(last);
    }
    names
}

/// What follows the name of the extension, if a text begins with it and a kind, `critical` or the end of the line follows.
fn without_label(text: &str) -> (&str, bool) {
    let labelled = text.find([':', '=']).and_then(|at| {
        let after = &text[at + 1..];
        let is_named = LABELS.contains(&folded(&text[..at]).as_str());
        let begins_names = kind_and_value(after).is_some()
            || after.starts_with(['\n', '\r'])
            || trimmed(after).to_lowercase().starts_with("critical");
        (is_named && begins_names).then_some(trimmed(after))
    });
    labelled.map_or((text, false), |names| (names, true))
}

/// The names in a text that has blanks between them: a kind of two words, as `IP Address:`, and blanks beside its colon stay with
/// what follows.
pub(super) fn words_in(text: &str) -> Vec<String> {
    let mut words = text.split_whitespace().peekable();
    let mut names = Vec::new();
    while let Some(word) = words.next() {
        let mut name = word.to_owned();
        while let Some(next) = words.peek() {
            let joined = format!("{name} {next}");
            let is_open = kind_and_value(&name).is_none_or(|(_, value)| value.is_empty());
            let becomes_a_kind = kind_and_value(&joined).is_some();
            if !(is_open && becomes_a_kind) {
                break;
            }
            name = joined;
            words.next();
        }
        names.push(name);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_spelling_is_there_once_and_folded() {
        for (position, (spelling, _)) in SPELLINGS.iter().enumerate() {
            assert_eq!(folded(spelling), *spelling);
            assert!(
                SPELLINGS
                    .iter()
                    .skip(position + 1)
                    .all(|(other, _)| other != spelling),
                "{spelling} twice"
            );
        }
    }

    #[test]
    fn names_of_a_list_are_taken_apart_at_blanks_but_for_those_of_a_kind() {
        assert_eq!(words_in("a.example.com 10.0.0.1"), ["a.example.com", "10.0.0.1"]);
        assert_eq!(
            words_in("IP Address:10.0.0.1 DNS.1 = b.example.com dns: c dns ip"),
            [
                "IP Address:10.0.0.1",
                "DNS.1 = b.example.com",
                "dns: c",
                "dns",
                "ip"
            ]
        );
    }
}
