//! Values that other rooms judge: transport parameters, options, start parameters.

use super::found::{Draft, Found};
use super::index::{Index, Security, Span};
use crate::finding::{Finding, Place};
use crate::inventory::{Located, PortMode, Settings};
use crate::transport::{self, Lint, Platform, Release, Role};

pub(super) fn check(index: &Index<'_>, found: &mut Found) {
    for host in &index.inventory.hosts {
        let known = Lint {
            role: Some(Role::Host),
            platform: Some(index.inventory.platform(host)),
            release: index.inventory.release(host),
        };
        options(index, &host.annex, &known, found);
    }
    for (at, app) in index.inventory.apps.iter().enumerate() {
        let platform = index.platform(at);
        let release = index.release(at).map(|(release, _)| release);
        let known = |role| lint_as(role, platform, release);
        options(index, &app.options, &known(Role::Application), found);
        options(index, &app.annex, &known(Role::Application), found);
        for port in &app.ports {
            let is_secured = port.mode.value != PortMode::Unsecured;
            transport(
                index,
                at,
                port.transport.as_ref(),
                &known(Role::Port),
                is_secured,
                found,
            );
        }
        for connection in &app.connections {
            transport(
                index,
                at,
                connection.transport.as_ref(),
                &known(Role::Connection),
                true,
                found,
            );
        }
        for (word, finding) in index.words[at].lint() {
            if let Some(word) = app.command_line.get(word) {
                found.push(Draft::of(finding, vec![word.span.clone()]));
            }
        }
    }
}

fn lint_as(role: Role, platform: Option<Platform>, release: Option<Release>) -> Lint {
    Lint {
        role: Some(role),
        platform,
        release,
    }
}

/// Transport parameters of a port or a connection. Alone they may lack what another level has, or the mode of the port says.
fn transport(
    index: &Index<'_>,
    app: usize,
    value: Option<&Located<String>>,
    known: &Lint,
    is_tls_elsewhere: bool,
    found: &mut Found,
) {
    let Some(value) = value.filter(|value| !value.is_empty()) else {
        return;
    };
    let Security { trusted_ca, .. } = &index.security[app];
    for finding in transport::lint(1, value, 0, known) {
        let is_said_elsewhere = match finding.slug {
            // `fleet-no-certificate` looks at every level.
            "transport-no-certificate" => true,
            "transport-no-trusted-ca" => trusted_ca.is_some(),
            "transport-tls-off" => is_tls_elsewhere && transport::find(value, "tls").is_none(),
            _ => false,
        };
        if !is_said_elsewhere {
            let spans = finding
                .places
                .iter()
                .map(|place| inside(index, value, place.column - 1, place.length))
                .collect();
            found.push(without_places(finding, spans));
        }
    }
}

fn without_places(finding: Finding, spans: Vec<Span>) -> Draft {
    let places: Vec<Place> = Vec::new();
    Draft::of(Finding { places, ..finding }, spans)
}

/// The bytes of some characters of a text; where it is written with escapes, or in several lines, those of the whole text.
fn inside(index: &Index<'_>, text: &Located<String>, from: usize, length: usize) -> Span {
    let whole = text.span.clone();
    let written = index
        .inventory
        .source
        .text()
        .get(whole.clone())
        .unwrap_or_default();
    let bare = written
        .strip_prefix(['"', '\''])
        .and_then(|rest| rest.strip_suffix(['"', '\'']));
    let start = match bare {
        Some(bare) if bare == text.value => whole.start + 1,
        _ if written == text.value => whole.start,
        _ => return whole,
    };
    let byte = |character: usize| {
        let at = text.value.char_indices().nth(character);
        at.map_or(text.value.len(), |(at, _)| at)
    };
    start + byte(from)..start + byte(from + length)
}

/// Options of a section `security`: the rules for their names and values are those of transport parameters, and the platform takes the
/// blanks around them away.
fn options(index: &Index<'_>, settings: &Settings, known: &Lint, found: &mut Found) {
    let mut joined = String::new();
    let mut starts = Vec::new();
    let mut length = 0;
    for (name, value) in &settings.0 {
        starts.push(length);
        // In an option `;` separates nothing.
        let text = format!("{}={};", name.replace([';', '='], ","), value.replace(';', ","));
        length += text.chars().count();
        joined.push_str(&text);
    }
    let place = |place: &Place| -> Option<Span> {
        let at = place.column - 1;
        let number = starts.partition_point(|start| *start <= at).checked_sub(1)?;
        let (name, value) = settings.0.get(number)?;
        let from = at - starts[number];
        let name_length = name.chars().count();
        Some(match from.checked_sub(name_length + 1) {
            Some(from) => inside(
                index,
                value,
                from,
                place.length.min(value.chars().count().saturating_sub(from)),
            ),
            None => inside(
                index,
                name,
                from,
                place.length.min(name_length - from.min(name_length)),
            ),
        })
    };
    for finding in transport::lint(1, &joined, 0, known) {
        let spans: Vec<Span> = finding.places.iter().filter_map(place).collect();
        found.push(without_places(finding, spans));
    }
}
