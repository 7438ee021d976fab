//! A value without what the platform stumbles over.

use std::collections::HashSet;

use super::options::{known, known_in_any_case, meant};
use super::reader::parts;
use super::thumbprint::{Thumbprint, spaced};
use crate::finding::{is_blank, is_odd_blank};

/// What is changed beyond blanks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fixes {
    /// Parts go that an earlier one of the same name hides.
    pub drop_shadowed: bool,
    /// Names become the known ones that they were meant to be.
    pub fix_names: bool,
}

/// The length in bytes of `transport=` at the beginning of a text, with the blanks around its name and its `=`.
pub(super) fn prefix(text: &str) -> Option<usize> {
    let rest = text.trim_start_matches(is_blank);
    let name = rest.get(..NAME.len())?;
    let after = rest[NAME.len()..].trim_start_matches(is_blank);
    let value = after.strip_prefix('=')?.trim_start_matches(is_blank);
    name.eq_ignore_ascii_case(NAME).then(|| text.len() - value.len())
}

/// Where the value begins in a text, in characters: behind `transport=` where that was pasted along.
pub fn value_start(text: &str) -> usize {
    text[..prefix(text).unwrap_or(0)].chars().count()
}

const NAME: &str = "transport";

/// The value as it was meant: without blanks and invisible characters around names and values, without empty parts, without the prefix
/// `transport=`, and a thumbprint as `9a ab …`. Order, unknown parts and duplicates stay unless `fixes` says otherwise. What it returns is
/// not changed by it.
pub fn fix(value: &str, fixes: Fixes) -> String {
    let mut fixed = fix_once(value, fixes);
    // Without an empty part before it, a prefix may have come to the beginning.
    while prefix(&fixed).is_some() {
        fixed = fix_once(&fixed, fixes);
    }
    fixed
}

fn fix_once(value: &str, fixes: Fixes) -> String {
    let value = prefix(value).map_or(value, |length| &value[length..]);
    let mut kept: Vec<(String, Option<String>)> = Vec::new();
    let mut names = HashSet::new();
    for part in parts(value) {
        let name = fixed_name(part.plain_name(), fixes);
        let fixed = part.plain_value().map(|value| fixed_value(&name, value));
        let is_empty = name.is_empty() && fixed.is_none();
        let is_shadowed = fixed.is_some() && !names.insert(name.clone()) && fixes.drop_shadowed;
        if !is_empty && !is_shadowed {
            kept.push((name, fixed));
        }
    }
    let written = kept.into_iter().map(|(name, value)| match value {
        Some(value) => format!("{name}={value}"),
        None => name,
    });
    written.collect::<Vec<_>>().join(";")
}

fn fixed_name(name: String, fixes: Fixes) -> String {
    if !fixes.fix_names || known(&name).is_some() {
        return name;
    }
    let known = known_in_any_case(&name).map(|known| known.name);
    known.or_else(|| meant(&name)).map_or(name, str::to_owned)
}

fn fixed_value(name: &str, value: &str) -> String {
    if !name.eq_ignore_ascii_case("certificate") || Thumbprint::of(value).is_none() {
        return value.to_owned();
    }
    spaced(value).unwrap_or_else(|| without_odd_blanks(value))
}

/// A number of digits that is no SHA-1 stays what it is, but for what cannot be seen in it.
fn without_odd_blanks(value: &str) -> String {
    value
        .chars()
        .filter_map(|character| match character {
            odd if is_odd_blank(odd) && odd.is_whitespace() => Some(' '),
            odd if is_odd_blank(odd) => None,
            other => Some(other),
        })
        .collect::<String>()
        .trim_matches(is_blank)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::lint::{Lint, lint, random_values};
    use super::*;

    fn fixed(value: &str) -> String {
        fix(value, Fixes::default())
    }

    #[test]
    fn samples_of_the_guide() {
        let thumbprint = "9a ab db c4 02 29 3a 73 35 90 b0 65 2f 3d 32 b5 1e aa f1 7c";
        for sample in [
            format!("tls=1; certificate={thumbprint}"),
            format!("tls=1; certificate = {thumbprint}"),
        ] {
            assert_eq!(fixed(&sample), format!("tls=1;certificate={thumbprint}"));
        }
        assert_eq!(fixed("port=4001; address=10.0.0.1"), "port=4001;address=10.0.0.1");
    }

    #[test]
    fn order_unknown_parts_and_duplicates_stay_unless_asked_otherwise() {
        let value = "\u{200e} tls =1;;x;TLS=0 ; my-own = a b;tls=0;trustedca=/a;";
        assert_eq!(fixed(value), "tls=1;x;TLS=0;my-own=a b;tls=0;trustedca=/a");
        let all = Fixes {
            drop_shadowed: true,
            fix_names: true,
        };
        assert_eq!(fix(value, all), "tls=1;x;my-own=a b;trusted-ca=/a");
        assert_eq!(fixed("transport = tls=1; port=2"), "tls=1;port=2");
        assert_eq!(fixed("cert\u{200b}ificate=\u{200e}9A:AB"), "certificate=9A:AB");
    }

    #[test]
    fn what_is_fixed_stays_and_has_no_blank_where_none_may_be() {
        let blank = |slug: &str| slug.contains("blank") || slug == "transport-prefix";
        for value in random_values(2_000) {
            for (drop_shadowed, fix_names) in [(false, false), (true, true)] {
                let fixes = Fixes {
                    drop_shadowed,
                    fix_names,
                };
                let once = fix(&value, fixes);
                assert_eq!(fix(&once, fixes), once, "{value:?}");
                let left: Vec<&str> = lint(1, &once, 0, &Lint::default())
                    .iter()
                    .map(|finding| finding.slug)
                    .filter(|slug| blank(slug))
                    .collect();
                assert!(left.is_empty(), "{value:?} {once:?} {left:?}");
            }
        }
    }
}
