//! `crl_addresses` of gsec.toml: whether certificates say where this server publishes the CRL.

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
    let has_none = authority
        .policy()
        .is_ok_and(|policy| policy.crl_addresses.is_empty() && policy.issuer_addresses.is_empty());
    if !has_none || !authority.has_policy_file() || !(global.yes || env.terminal.is_interactive()) {
        return Ok(());
    }
    let path = authority.directory().policy();
    let seen = authority.directory().read(&path)?;
    let addresses = server.addresses(order)?;
    let Some(edits) = planned(&seen, &addresses) else {
        return Ok(());
    };
    let what = || {
        format!(
            "Hosts look for revocations at the address that their certificate has:\n{}\n",
            lines(&addresses)
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

/// The lines as they stand in gsec.toml.
pub(super) fn lines(addresses: &Addresses) -> String {
    format!(
        "crl_addresses = {}\nissuer_addresses = {}",
        value(&addresses.crl),
        value(&addresses.certificate)
    )
}

/// The edits that set both keys; `None` where what comes of them is not that, and nothing else.
fn planned(content: &[u8], addresses: &Addresses) -> Option<Vec<Edit>> {
    let text = std::str::from_utf8(content).ok()?;
    let mut edits = Vec::new();
    for (key, address) in [
        ("crl_addresses", &addresses.crl),
        ("issuer_addresses", &addresses.certificate),
    ] {
        edits.push(edit(text, key, &value(address))?);
    }
    edits.sort_by_key(|edit| edit.range.start);
    if edits[0].range == edits[1].range {
        let both = edits.iter().flat_map(|edit| edit.replacement.clone()).collect();
        edits = vec![Edit {
            range: edits[0].range.clone(),
            replacement: both,
        }];
    }
    let edited = apply_edits(content, &edits)?;
    let is_so = Policy::parse(std::str::from_utf8(&edited).ok()?).is_ok_and(|policy| {
        policy.crl_addresses == [addresses.crl.clone()]
            && policy.issuer_addresses == [addresses.certificate.clone()]
    });
    is_so.then_some(edits)
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
        let edits = planned(text.as_bytes(), &addresses())?;
        let edited = apply_edits(text.as_bytes(), &edits).expect("edits in order");
        Some(String::from_utf8(edited).expect("text"))
    }

    /// The template, with what it leaves open.
    fn template() -> String {
        include_str!("../../../ca_template/gsec.toml").replace("{serial_mode}", "sequential")
    }

    #[test]
    fn the_template_gets_both_lines_and_keeps_every_other_byte() {
        let text = template();
        let expected = text
            .replace(
                "crl_addresses = []",
                "crl_addresses = [\"http://ca.example.com:8080/crl/ca.crl\"]",
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
            .replace("issuer_addresses = []\n", "");
        let edited = edited(&text).expect("an edit");
        let policy = Policy::parse(&edited).expect("a policy");
        assert_eq!(policy.crl_addresses, [addresses().crl]);
        assert_eq!(edited.len(), text.len() + lines(&addresses()).len() + 1);
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
