//! Values that the platform takes for something else, or for nothing.

use super::super::options::{Kind, Known, known_in_any_case};
use super::super::reader::{Part, boolean};
use super::super::thumbprint::Thumbprint;
use super::rules::{
    BOOL, CHAIN_RELEASE, CLIENT_OPTION, EMPTY_VALUE, PATH_RELATIVE, QUOTE, SEC_PROTOCOL,
    SEC_PROTOCOL_WINDOWS, THUMBPRINT, WEAK_CIPHER,
};
use super::whole::is_windows_path;
use super::{Platform, Release, View};
use crate::finding::{Finding, is_blank, value_in_short};
use gsec_pki::x509::path::Severity;

/// Values of `sec-protocol`, and whether each is still safe. Empty is the default.
const PROTOCOLS: [(&str, bool); 6] = [
    ("SSLv23", false),
    ("SSLv3", false),
    ("TLSv1", false),
    ("TLSv11", true),
    ("TLSv12", true),
    ("TLSv13", true),
];
/// Parts of the names of cipher suites that protect nothing any more.
const WEAK_PARTS: [&str; 5] = ["NULL", "EXP", "RC4", "DES", "MD5"];

/// Straight and typographic quotation marks.
pub(super) fn is_quote(character: char) -> bool {
    matches!(
        character,
        '"' | '\'' | '`' | '\u{B4}' | '\u{AB}' | '\u{BB}' | '\u{2018}'..='\u{201F}' | '\u{2039}' | '\u{203A}'
    )
}

pub(super) fn check(view: &View<'_>, part: &Part<'_>) -> Vec<Finding> {
    let Some(value) = part.plain_value() else {
        return Vec::new();
    };
    let name = part.plain_name();
    if name.is_empty() {
        return Vec::new();
    }
    if value.is_empty() {
        let at = part.value_start();
        let seen = format!("{} has no value", view.name_in_words(&name, part.start));
        return vec![view.found(EMPTY_VALUE, at..at, seen)];
    }
    if let Some(found) = in_quotes(view, part, value) {
        return vec![found];
    }
    let Some(known) = known_in_any_case(&name) else {
        return Vec::new();
    };
    of_kind(view, part, known, value)
}

fn of_kind(view: &View<'_>, part: &Part<'_>, known: &Known, value: &str) -> Vec<Finding> {
    let range = View::value_range(part);
    match known.kind {
        Kind::Bool if boolean(value).is_none() => {
            let shown = value_in_short(known.name, value);
            let seen = format!(
                "`{shown}` is neither yes nor no, so `{}` is not set: {}",
                known.name, known.without
            );
            vec![view.found(BOOL, range, seen).help("write 1 or 0")]
        }
        Kind::Certificate => certificate(view, part, value),
        Kind::Path => paths(view, part, known, value),
        Kind::Port => port(view, part, known, value),
        Kind::Protocol => protocols(view, part, known, value),
        Kind::Ciphers => ciphers(view, part, value),
        Kind::Bool | Kind::Text => Vec::new(),
    }
}

fn in_quotes(view: &View<'_>, part: &Part<'_>, value: &str) -> Option<Finding> {
    let range = View::value_range(part);
    let at = match () {
        () if value.starts_with(is_quote) => range.start,
        () if value.ends_with(is_quote) => range.end - 1,
        () => return None,
    };
    let seen = "the quotation mark is part of the value";
    Some(
        view.found(QUOTE, at..at + 1, seen)
            .help("write the value without quotation marks"),
    )
}

fn certificate(view: &View<'_>, part: &Part<'_>, value: &str) -> Vec<Finding> {
    let range = View::value_range(part);
    // On UNIX a word of hexadecimal digits may be the name of a file.
    let is_thumbprint = view.platform == Platform::Windows || value.contains([' ', ':']);
    match Thumbprint::of(value) {
        Some(Thumbprint::Sha1) if is_thumbprint => Vec::new(),
        Some(Thumbprint::Other(digits)) if is_thumbprint => {
            let what = match digits {
                64 => "this is a SHA-256 thumbprint; the setting takes SHA-1, of 40 digits".to_owned(),
                digits => format!("the thumbprint has {digits} digits, and SHA-1 has 40"),
            };
            let help = "gsec cert thumbprint prints it in this form";
            vec![view.found(THUMBPRINT, range, what).help(help)]
        }
        None if view.platform == Platform::Windows && !value.contains(['/', '\\', '.']) => {
            let seen = "this is not a thumbprint: it may have only hexadecimal digits, with a blank between two and two";
            let help = "gsec cert thumbprint prints it in this form";
            vec![view.found(THUMBPRINT, range, seen).help(help)]
        }
        _ => {
            let mut found = relative(view, part, "certificate", value);
            let is_early = view.release.is_some_and(|release| release <= Release::V80);
            if value.contains(',') && is_early {
                let seen = "several certificates in `certificate` are read only since Security Pack 8.1.3";
                found.push(view.found(CHAIN_RELEASE, range, seen));
            }
            found
        }
    }
}

fn paths(view: &View<'_>, part: &Part<'_>, known: &Known, value: &str) -> Vec<Finding> {
    let mut found = relative(view, part, known.name, value);
    if known.name == "trusted-ca"
        && value.contains(',')
        && view.release.is_some_and(|release| release <= Release::V76)
    {
        let seen = "several files in `trusted-ca` are read only since release 8.0";
        found.push(view.found(CHAIN_RELEASE, View::value_range(part), seen));
    }
    found
}

/// Each path of a list that a program started elsewhere would not find.
fn relative(view: &View<'_>, part: &Part<'_>, name: &str, value: &str) -> Vec<Finding> {
    if view.platform != Platform::Unix
        || (name != "certificate" && Thumbprint::of(value) == Some(Thumbprint::Sha1))
    {
        return Vec::new();
    }
    let mut at = View::value_range(part).start;
    let mut found = Vec::new();
    for path in value.split(',') {
        let leading = path.chars().take_while(|character| is_blank(*character)).count();
        let plain = path.trim_matches(is_blank);
        let range = at + leading..at + leading + plain.chars().count();
        if !plain.starts_with('/') {
            let seen = match is_windows_path(plain) {
                true => format!("`{name}` is a path of Windows, and this is read on UNIX"),
                false => format!("`{name}` is not a full path: it depends on where the program was started"),
            };
            found.push(
                view.found(PATH_RELATIVE, range, seen)
                    .help("write the path from `/` on"),
            );
        }
        at += path.chars().count() + 1;
    }
    found
}

fn port(view: &View<'_>, part: &Part<'_>, known: &Known, value: &str) -> Vec<Finding> {
    if crate::text::port(value).is_some() {
        return Vec::new();
    }
    let shown = value_in_short(known.name, value);
    let seen = format!("`{shown}` is not a port from 1 to 65535");
    vec![
        view.found(CLIENT_OPTION, View::value_range(part), seen)
            .weighing(Severity::Error),
    ]
}

fn protocols(view: &View<'_>, part: &Part<'_>, known: &Known, value: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let range = View::value_range(part);
    let versions: Vec<&str> = value
        .split([',', ':', ' '])
        .filter(|version| !version.is_empty())
        .collect();
    let weak: Vec<&str> = versions
        .iter()
        .copied()
        .filter(|version| {
            let plain = version.replace(['.', '-'], "").to_lowercase();
            ["sslv2", "sslv23", "sslv3", "tlsv1", "tlsv10"].contains(&plain.as_str())
        })
        .collect();
    let is_listed = PROTOCOLS.iter().any(|(name, _)| *name == value);
    if !weak.is_empty() {
        let seen = format!("{} can be broken; use TLSv12 or later", weak.join(", "));
        found.push(view.found(SEC_PROTOCOL, range.clone(), seen));
    } else if known.name == "sec-protocol" && !is_listed {
        let names: Vec<&str> = PROTOCOLS.iter().map(|(name, _)| *name).collect();
        let shown = value_in_short(known.name, value);
        let seen = format!("`{shown}` is not a value of sec-protocol: {}", names.join(", "));
        found.push(view.found(SEC_PROTOCOL, range.clone(), seen));
    }
    if known.name == "sec-protocol" && view.platform == Platform::Windows {
        let seen = "on Windows the SChannel settings in the registry override sec-protocol";
        found.push(view.found(SEC_PROTOCOL_WINDOWS, range, seen));
    }
    found
}

/// Weak suites that are offered; what a list takes out begins with `!` or `-`.
fn ciphers(view: &View<'_>, part: &Part<'_>, value: &str) -> Vec<Finding> {
    let mut at = View::value_range(part).start;
    let mut found = Vec::new();
    for suite in value.split([':', ',', ' ']) {
        let length = suite.chars().count();
        let is_out = suite.starts_with(['!', '-']);
        let upper = suite.to_ascii_uppercase();
        if let Some(weak) = WEAK_PARTS.iter().find(|weak| !is_out && upper.contains(**weak)) {
            let seen = format!("this cipher suite is weak: {weak}");
            found.push(view.found(WEAK_CIPHER, at..at + length, seen));
        }
        at += length + 1;
    }
    found
}
