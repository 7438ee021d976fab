//! `crl_addresses` and its like in gsec.toml: whether certificates say where this server publishes the CRL, in parts for a large CA, and answers
//! OCSP requests.

use super::order::{Addresses, FrontOrder, Server, Serving};
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
    let wanted = missing(policy, &addresses, authority.wanted_shards(env.clock.now())?);
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
            "Certificates can name the addresses of the CRL, OCSP and the CA certificate. For that gsec.toml needs:\n{}\n",
            in_lines(wanted.clone()).join("\n")
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

/// A key of gsec.toml, and the value that it is to have, as TOML.
type Setting = (&'static str, String);

/// What stands in gsec.toml where nothing is set.
const UNSET: [&str; 2] = ["[]", "0"];

fn list(addresses: &[String]) -> String {
    serde_json::Value::from(addresses).to_string()
}

/// The keys of addresses, in the order in which they stand in gsec.toml.
fn settings(addresses: &Addresses) -> [Setting; 3] {
    [
        ("crl_addresses", &addresses.crl),
        ("ocsp_addresses", &addresses.ocsp),
        ("issuer_addresses", &addresses.certificate),
    ]
    .map(|(key, address)| (key, list(std::slice::from_ref(address))))
}

fn of_policy(policy: &Policy, key: &str) -> String {
    match key {
        "crl_addresses" => list(&policy.crl_addresses),
        "crl_shards" => policy.crl_shards.to_string(),
        "ocsp_addresses" => list(&policy.ocsp_addresses),
        _ => list(&policy.issuer_addresses),
    }
}

/// What gsec.toml does not set. Where it names another place than this server, the administrator has chosen: then nothing.
fn missing(policy: &Policy, addresses: &Addresses, shards: Option<u16>) -> Vec<Setting> {
    let (unset, set): (Vec<_>, Vec<_>) = settings(addresses)
        .into_iter()
        .partition(|(key, _)| UNSET.contains(&of_policy(policy, key).as_str()));
    let is_own = |(key, value): &Setting| of_policy(policy, key) == *value;
    if !set.iter().all(is_own) {
        return Vec::new();
    }
    unset.into_iter().chain(shards.map(in_parts)).collect()
}

fn in_parts(shards: u16) -> Setting {
    ("crl_shards", shards.to_string())
}

fn in_lines(settings: impl IntoIterator<Item = Setting>) -> Vec<String> {
    let line = |(key, value): Setting| format!("{key} = {value}");
    settings.into_iter().map(line).collect()
}

/// The lines that gsec.toml lacks while a server serves.
pub(super) fn missing_lines(serving: &Serving) -> Vec<String> {
    let addresses = Addresses {
        crl: serving.crl.clone(),
        ocsp: serving.ocsp.clone(),
        certificate: serving.certificate.clone(),
    };
    let is_wanted = |(key, _): &Setting| match *key {
        "ocsp_addresses" => !serving.has_ocsp_addresses || !serving.has_crl_addresses,
        _ => !serving.has_crl_addresses,
    };
    let lacking = settings(&addresses).into_iter().filter(is_wanted);
    in_lines(lacking.chain(serving.wanted_shards.map(in_parts)))
}

/// The edits that set these keys; `None` where what comes of them is not that, and nothing else.
fn planned(content: &[u8], settings: &[Setting]) -> Option<Vec<Edit>> {
    let text = std::str::from_utf8(content).ok()?;
    let edits: Option<Vec<Edit>> = settings
        .iter()
        .map(|(key, value)| edit(text, key, value))
        .collect();
    let edits = joined(edits?);
    let edited = apply_edits(content, &edits)?;
    let policy = Policy::parse(std::str::from_utf8(&edited).ok()?).ok()?;
    let is_so = |(key, value): &Setting| of_policy(&policy, key) == *value;
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

/// Replaces the value of a key of the file's own that sets nothing, else adds the line before the first table.
fn edit(text: &str, key: &str, value: &str) -> Option<Edit> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        if bare.trim_start().starts_with('[') {
            break;
        }
        let is_key = |written: &str| written.trim() == key;
        if let Some((_, old)) = bare.split_once('=').filter(|(written, _)| is_key(written)) {
            let written = old.split('#').next()?;
            let bare_value: String = written.chars().filter(|one| !one.is_whitespace()).collect();
            if !UNSET.contains(&bare_value.as_str()) {
                return None;
            }
            let from = start + bare.len() - old.len() + (written.len() - written.trim_start().len());
            let to = from + written.trim().len();
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
            text.len() + in_lines(settings(&addresses())).join("\n").len() + 1
        );
    }

    #[test]
    fn what_is_missing_beside_own_addresses_is_offered_and_nothing_beside_those_of_another() {
        let (addresses, mut policy) = (addresses(), Policy::parse(&template()).expect("a policy"));
        assert_eq!(missing(&policy, &addresses, None).len(), 3);
        policy.crl_addresses = vec![addresses.crl.clone()];
        policy.issuer_addresses = vec![addresses.certificate.clone()];
        let ocsp = ("ocsp_addresses", list(std::slice::from_ref(&addresses.ocsp)));
        assert_eq!(missing(&policy, &addresses, None), std::slice::from_ref(&ocsp));
        let parts = ("crl_shards", "16".to_owned());
        assert_eq!(missing(&policy, &addresses, Some(16)), [ocsp, parts]);
        policy.crl_addresses = vec!["http://crl.example.com/ca.crl".into()];
        assert_eq!(missing(&policy, &addresses, Some(16)), []);
    }

    #[test]
    fn parts_of_the_crl_are_added_to_its_address() {
        let own = template().replace(
            "crl_addresses = []",
            "crl_addresses = [\"http://ca.example.com:8080/crl/ca.crl\"]",
        );
        let edited = |text: &str| {
            let edits = planned(text.as_bytes(), &[in_parts(16)])?;
            apply_edits(text.as_bytes(), &edits)
        };
        let expected = own.replace("crl_shards = 0", "crl_shards = 16");
        assert_eq!(edited(&own), Some(expected.into_bytes()));
        assert_eq!(edited(&template()), None, "without an address");
        assert_eq!(edited(&own.replace("crl_shards = 0", "crl_shards = 8")), None);
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
