//! `crl_addresses` and its like in gsec.toml: whether certificates say where this server publishes the CRL, and answers OCSP requests.

use super::order::{Addresses, FrontOrder, Server};
use crate::cli::ask;
use crate::cli::failure::Failure;
use crate::cli::global::{Global, shown};
use gsec_ca::authority::Authority;
use gsec_ca::files::{Edit, apply_edits, edit_file};
use gsec_ca::policy::Policy;
use gsec_env::Env;

/// Offers to write the server's addresses into gsec.toml, where it has none. With `--yes` they are written; where nobody can be asked, nothing is:
/// what the server prints says which lines to add.
pub(super) fn offer(
    authority: &Authority,
    order: &FrontOrder,
    global: &Global,
    env: &mut Env,
    server: &'static dyn Server,
) -> Result<(), Failure> {
    let Ok(policy) = authority.policy() else {
        return Ok(());
    };
    let addresses = server.addresses(order)?;
    let wanted = missing(policy, &addresses);
    if wanted.is_empty() || !authority.has_policy_file() || !(global.yes || env.terminal.is_interactive()) {
        return Ok(());
    }
    let path = authority.directory().policy();
    let seen = authority.directory().read(&path)?;
    let Some(edits) = planned(&seen, &wanted) else {
        return Ok(());
    };
    let what = || {
        format!(
            "Hosts look for revocations at the address that their certificate has:\n{}\n",
            in_lines(&wanted).join("\n")
        )
    };
    let question = format!("Write this into {}?", shown(&path));
    let is_wanted = ask::permission(what, &question, true, ask::Unasked::GoesOn, global, env)?;
    if !is_wanted {
        return Ok(());
    }
    let mut is_as_seen = false;
    edit_file(&path, |content| {
        is_as_seen = content == seen.as_slice();
        if is_as_seen { edits } else { Vec::new() }
    })?;
    match is_as_seen {
        true => Ok(()),
        false => Err(Failure::cannot(
            "serve.policy_changed",
            format!("`{}` was changed meanwhile: nothing was written", shown(&path)),
        )
        .hint("start the server again")),
    }
}

fn value(address: &str) -> String {
    format!("[{}]", serde_json::Value::from(address))
}

/// A key of gsec.toml, and the address that it is to have.
type Setting<'a> = (&'static str, &'a str);

/// All keys, in the order in which they stand in gsec.toml.
fn settings(addresses: &Addresses) -> [Setting<'_>; 3] {
    [
        ("crl_addresses", &addresses.crl),
        ("ocsp_addresses", &addresses.ocsp),
        ("issuer_addresses", &addresses.certificate),
    ]
}

fn of_policy<'a>(policy: &'a Policy, key: &str) -> &'a [String] {
    match key {
        "crl_addresses" => &policy.crl_addresses,
        "ocsp_addresses" => &policy.ocsp_addresses,
        _ => &policy.issuer_addresses,
    }
}

/// What gsec.toml does not set. Where it names another place than this server, the administrator has chosen: then nothing.
fn missing<'a>(policy: &Policy, addresses: &'a Addresses) -> Vec<Setting<'a>> {
    let (unset, set): (Vec<_>, Vec<_>) = settings(addresses)
        .into_iter()
        .partition(|(key, _)| of_policy(policy, key).is_empty());
    let is_own = |(key, address): &Setting<'_>| of_policy(policy, key) == [(*address).to_owned()];
    if set.iter().all(is_own) { unset } else { Vec::new() }
}

/// A line of gsec.toml.
pub(super) fn setting(key: &str, address: &str) -> String {
    format!("{key} = {}", value(address))
}

fn in_lines(settings: &[Setting<'_>]) -> Vec<String> {
    let line = |(key, address): &Setting<'_>| setting(key, address);
    settings.iter().map(line).collect()
}

/// The lines of all keys as they stand in gsec.toml.
pub(super) fn lines(addresses: &Addresses) -> Vec<String> {
    in_lines(&settings(addresses))
}

/// The edits that set these keys; `None` where what comes of them is not that, and nothing else.
fn planned(content: &[u8], settings: &[Setting<'_>]) -> Option<Vec<Edit>> {
    let text = std::str::from_utf8(content).ok()?;
    let edits: Option<Vec<Edit>> = settings
        .iter()
        .map(|(key, address)| edit(text, key, &value(address)))
        .collect();
    let edits = joined(edits?);
    let edited = apply_edits(content, &edits)?;
    let policy = Policy::parse(std::str::from_utf8(&edited).ok()?).ok()?;
    let is_so = |(key, address): &Setting<'_>| of_policy(&policy, key) == [(*address).to_owned()];
    settings.iter().all(is_so).then_some(edits)
}

/// In the order of the file, those of one place as one.
fn joined(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort_by_key(|edit| edit.range.start);
    edits.into_iter().fold(Vec::new(), |mut joined: Vec<Edit>, edit| {
        match joined.last_mut() {
            Some(last) if last.range == edit.range => last.replacement.extend(edit.replacement),
            _ => joined.push(edit),
        }
        joined
    })
}

/// Replaces the empty list of a key of the file's own, else adds the line before the first table.
fn edit(text: &str, key: &str, value: &str) -> Option<Edit> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        if bare.trim_start().starts_with('[') {
            break;
        }
        let is_key = |written: &str| written.trim() == key;
        if let Some((_, old)) = bare.split_once('=').filter(|(written, _)| is_key(written)) {
            let list = old.split('#').next()?;
            let is_empty: String = list.chars().filter(|one| !one.is_whitespace()).collect();
            if is_empty != "[]" {
                return None;
            }
            let from = start + bare.len() - old.len() + list.find('[')?;
            let to = start + bare.len() - old.len() + list.find(']')? + 1;
            return Some(Edit {
                range: from..to,
                replacement: value.into(),
            });
        }
        start += line.len();
    }
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let before = if start > 0 && !text[..start].ends_with('\n') {
        line_end
    } else {
        ""
    };
    Some(Edit {
        range: start..start,
        replacement: format!("{before}{key} = {value}{line_end}").into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses() -> Addresses {
        Addresses {
            crl: "http://ca.example.com:8080/crl/ca.crl".into(),
            ocsp: "http://ca.example.com:8080/ocsp/ca".into(),
            certificate: "http://ca.example.com:8080/ca/ca.cer".into(),
        }
    }

    fn edited(text: &str) -> Option<String> {
        let addresses = addresses();
        let edits = planned(text.as_bytes(), &settings(&addresses))?;
        let edited = apply_edits(text.as_bytes(), &edits).expect("edits in order");
        Some(String::from_utf8(edited).expect("text"))
    }

    /// The template, with what it leaves open.
    fn template() -> String {
        include_str!("../../../ca_template/gsec.toml").replace("{serial_mode}", "sequential")
    }

    #[test]
    fn the_template_gets_all_lines_and_keeps_every_other_byte() {
        let text = template();
        let expected = text
            .replace(
                "crl_addresses = []",
                "crl_addresses = [\"http://ca.example.com:8080/crl/ca.crl\"]",
            )
            .replace(
                "ocsp_addresses = []",
                "ocsp_addresses = [\"http://ca.example.com:8080/ocsp/ca\"]",
            )
            .replace(
                "issuer_addresses = []",
                "issuer_addresses = [\"http://ca.example.com:8080/ca/ca.cer\"]",
            );
        assert_eq!(edited(&text), Some(expected));
    }

    #[test]
    fn keys_that_are_not_there_come_before_the_first_section() {
        let text = template()
            .replace("crl_addresses = []\n", "")
            .replace("ocsp_addresses = []\n", "")
            .replace("issuer_addresses = []\n", "");
        let edited = edited(&text).expect("an edit");
        let policy = Policy::parse(&edited).expect("a policy");
        assert_eq!(policy.crl_addresses, [addresses().crl]);
        assert_eq!(policy.ocsp_addresses, [addresses().ocsp]);
        assert_eq!(
            edited.len(),
            text.len() + lines(&addresses()).join("\n").len() + 1
        );
    }

    #[test]
    fn what_is_missing_beside_own_addresses_is_offered_and_nothing_beside_those_of_another() {
        let (addresses, mut policy) = (addresses(), Policy::parse(&template()).expect("a policy"));
        assert_eq!(missing(&policy, &addresses).len(), 3);
        policy.crl_addresses = vec![addresses.crl.clone()];
        policy.issuer_addresses = vec![addresses.certificate.clone()];
        assert_eq!(
            missing(&policy, &addresses),
            [("ocsp_addresses", addresses.ocsp.as_str())]
        );
        policy.crl_addresses = vec!["http://crl.example.com/ca.crl".into()];
        assert_eq!(missing(&policy, &addresses), []);
    }

    #[test]
    fn a_comment_behind_the_list_and_other_line_ends_stay() {
        let text = template()
            .replace("crl_addresses = []", "crl_addresses = [ ] # none []")
            .replace('\n', "\r\n");
        let edited = edited(&text).expect("an edit");
        assert!(edited.contains("crl\"] # none []\r\n"), "{edited}");
    }

    #[test]
    fn what_is_set_already_or_is_no_policy_is_left_alone() {
        let other = template().replace(
            "crl_addresses = []",
            "crl_addresses = [\"http://x.example.com/\"]",
        );
        for text in [
            other.as_str(),
            "crl_addresses = [\n]\n",
            "no policy",
            "crl_addresses = []\nnot_a_key = 1\n",
        ] {
            assert_eq!(edited(text), None, "{text}");
        }
    }
}
