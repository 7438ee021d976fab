//! Where secrets stand that their own lines do not give away: a word behind `-password` in the line before, a name written with escapes.

use super::{Inventory, Located, Settings};
use crate::finding::{announces_secret, is_secret_name, masked};

/// The bytes at which they begin, in their order.
pub(super) fn secrets(inventory: &Inventory) -> Vec<usize> {
    let of_hosts = inventory.hosts.iter().flat_map(|host| of_settings(&host.annex));
    let of_apps = inventory.apps.iter().flat_map(|app| {
        let transports = app.ports.iter().map(|port| &port.transport);
        let transports = transports.chain(app.connections.iter().map(|connection| &connection.transport));
        of_words(&app.command_line)
            .chain(of_settings(&app.options))
            .chain(of_settings(&app.annex))
            .chain(transports.flatten().filter(|value| has_secret(value)).map(start))
    });
    let mut found: Vec<usize> = of_hosts.chain(of_apps).collect();
    found.sort_unstable();
    found
}

fn start<T>(value: &Located<T>) -> usize {
    value.span.start
}

fn has_secret(value: &Located<String>) -> bool {
    masked(value) != value.value
}

fn of_words(words: &[Located<String>]) -> impl Iterator<Item = usize> + '_ {
    let is_announced = |at: usize| at > 0 && announces_secret(&words[at - 1]);
    let secret = move |(at, word): &(usize, &Located<String>)| is_announced(*at) || has_secret(word);
    words
        .iter()
        .enumerate()
        .filter(secret)
        .map(|(_, word)| start(word))
}

fn of_settings(settings: &Settings) -> impl Iterator<Item = usize> + '_ {
    settings
        .0
        .iter()
        .filter(|(name, value)| is_secret_name(name) || has_secret(value))
        .map(|(_, value)| start(value))
}
