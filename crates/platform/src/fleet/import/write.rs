//! A draft as TOML. Every value is written by the writer of the toml crate; comments are lines of gsec's own.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Draft, DraftApp, DraftConnection, DraftHost, DraftPair, DraftPort};
use gsec_pki::encoding::visible::{is_dangerous, visible};

/// Writes a draft as an inventory, with what is doubtful as comments `# gsec: …` before what it is about.
pub fn write(draft: &Draft) -> String {
    let mut draft = draft.clone();
    draft.ca_dir.iter_mut().for_each(guard);
    let mut text = format!(
        "# Inventory of gsec fleet, from {}. Lines with `# gsec:` say what is doubtful; \"gsec fleet check\" says what is wrong.\n",
        visible(&draft.origin)
    );
    text.push_str(&toml(&Root {
        version: 1,
        ca_dir: draft.ca_dir.as_deref().filter(|directory| !directory.is_empty()),
    }));
    doubts(&mut text, &draft.doubts);
    for host in &mut draft.hosts {
        of_host(host).into_iter().for_each(guard);
        entry(&mut text, "host", &host.doubts, host);
    }
    for app in &mut draft.apps {
        of_app(app).into_iter().for_each(guard);
        entry(&mut text, "app", &app.doubts, app);
    }
    for pair in &mut draft.pairs {
        of_pair(pair).into_iter().for_each(guard);
        entry(&mut text, "pair", &pair.doubts, pair);
    }
    text
}

#[derive(Serialize)]
struct Root<'a> {
    version: u8,
    ca_dir: Option<&'a str>,
}

fn entry<T: Serialize>(text: &mut String, key: &str, about: &[String], value: &T) {
    text.push('\n');
    doubts(text, about);
    text.push_str(&toml(&BTreeMap::from([(key, [value])])));
}

fn doubts(text: &mut String, about: &[String]) {
    for doubt in about {
        text.push_str(&format!("# gsec: {}\n", visible(doubt)));
    }
}

fn toml<T: Serialize>(value: &T) -> String {
    let text = toml::to_string(value).expect("texts, numbers and tables of them are TOML");
    text.replace(WRITTEN_GUARD, "\\U")
}

/// What stands before the number of a character that a terminal would act on: it makes the writer choose a string with escapes, in which it is
/// [`WRITTEN_GUARD`], and that becomes an escape with that number.
const GUARD: char = '\u{1}';
const WRITTEN_GUARD: &str = "\\u0001";

/// The writer keeps marks that change the direction of text, and others that cannot be seen, as they are.
fn guard(text: &mut String) {
    if !text.contains(is_dangerous) && !text.contains(WRITTEN_GUARD) {
        return;
    }
    let escaped = |character: char| is_dangerous(character) || character == '\\';
    *text = text
        .chars()
        .map(|character| match escaped(character) {
            true => format!("{GUARD}{:08X}", u32::from(character)),
            false => character.to_string(),
        })
        .collect();
}

fn of_host(host: &mut DraftHost) -> Vec<&mut String> {
    let mut texts = vec![&mut host.name];
    texts.extend(&mut host.fqdn);
    texts.extend(&mut host.names);
    texts.extend(&mut host.address);
    texts.extend(host.annex.values_mut());
    texts
}

fn of_app(app: &mut DraftApp) -> Vec<&mut String> {
    let mut texts = vec![&mut app.name, &mut app.host];
    texts.extend(&mut app.command_line);
    texts.extend(app.options.values_mut());
    texts.extend(app.annex.values_mut());
    for DraftPort { id, transport, .. } in &mut app.ports {
        texts.push(id);
        texts.extend(transport);
    }
    for connection in &mut app.connections {
        let DraftConnection {
            to,
            port,
            client_address,
            transport,
            ..
        } = connection;
        texts.push(to);
        texts.extend([port, client_address, transport].into_iter().flatten());
    }
    texts
}

fn of_pair(pair: &mut DraftPair) -> Vec<&mut String> {
    vec![&mut pair.primary, &mut pair.backup]
}
