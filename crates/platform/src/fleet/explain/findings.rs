//! What is wrong with what holds, and what is worth knowing about it.

use super::{Chain, End, LevelKind, Row, Source};
use crate::finding::{Finding, Rule, quoted};
use crate::inventory::{App, AppType, Inventory, Kind};

const SPLIT: Rule = Rule::error("split-certificate");
const ONE_CERTIFICATE: Rule = Rule::notice("one-certificate");
const LOG: Rule = Rule::notice("client-port-log");
const WIZARD: Rule = Rule::notice("client-port-wizard");
const FREE: Rule = Rule::notice("client-port-free");

/// What is found about these chains, which are of one application.
pub fn findings(inventory: &Inventory, chains: &[Chain<'_>]) -> Vec<Finding> {
    let mut found: Vec<Finding> = chains
        .iter()
        .filter_map(|chain| split(inventory, chain))
        .collect();
    if let Some(first) = chains.first() {
        found.extend(of_app(inventory, first.app, chains));
    }
    found
}

/// Certificate, key and CA are of one level in one model, and of several in the other.
fn split(inventory: &Inventory, chain: &Chain<'_>) -> Option<Finding> {
    let differing: Vec<(&Row, &Source)> = chain
        .rows
        .iter()
        .filter(|row| row.differs())
        .filter_map(|row| Some((row, row.each.as_ref()?)))
        .collect();
    let level = |level: LevelKind| level.name();
    let nearest = chain.rows.iter().find_map(|row| row.set.as_ref())?;
    let (_, first) = differing.first()?;
    let options: Vec<String> = differing
        .iter()
        .map(|(row, source)| format!("`{}` from {}", row.option, level(source.level)))
        .collect();
    let seen = format!(
        "{}: if every option is looked up by itself, the platform takes {}; if they come from one level, which is {}, it has none of them",
        end_in_words(chain),
        options.join(", "),
        level(nearest.level),
    );
    let places = differing
        .iter()
        .skip(1)
        .map(|(_, source)| source)
        .filter(|source| source.span != first.span);
    let mut finding = Finding::new(SPLIT, seen).at(inventory.source.place(&nearest.span));
    finding = finding.at(inventory.source.place(&first.span));
    for source in places {
        finding = finding.at(inventory.source.place(&source.span));
    }
    Some(finding.help("write certificate, certificate-key and trusted-ca at the same level"))
}

fn end_in_words(chain: &Chain<'_>) -> String {
    let app = quoted(&chain.app.name);
    match chain.end {
        End::Port(port) => format!("{app}, port {}", quoted(&port.id)),
        End::Connection(to) => format!("{app}, connection to {}", quoted(&to.to)),
        End::Application => app,
    }
}

/// What the old guide says of client-side ports (page 118), and of applications that are both ends.
fn of_app(inventory: &Inventory, app: &App, chains: &[Chain<'_>]) -> Vec<Finding> {
    let mut found = Vec::new();
    if app.app_type == AppType::Server && !app.connections.is_empty() {
        let seen = format!(
            "{} is a server and a client: it has one certificate for both",
            quoted(&app.name)
        );
        found.push(Finding::new(ONE_CERTIFICATE, seen).at(inventory.source.place(&app.name.span)));
    }
    let shown = chains.iter().find_map(|chain| match chain.end {
        End::Connection(to) => to.client_port.as_ref().map(|port| &port.span),
        _ => None,
    });
    let argument = app
        .command_line
        .iter()
        .find(|word| ["-transport-port", "-transport-address"].contains(&word.as_str()))
        .map(|word| &word.span);
    let Some(place) = shown.or(argument).map(|span| inventory.source.place(span)) else {
        return found;
    };
    if matches!(app.kind.value, Kind::TServer | Kind::NetworkTServer) {
        let seen = "T-Server logs warnings about the arguments of the client-side port; ignore them";
        found.push(Finding::new(LOG, seen).at(place.clone()));
    }
    let seen = "Media Configuration Wizard cannot set a client-side port: enter it in Configuration Manager";
    found.push(Finding::new(WIZARD, seen).at(place.clone()));
    let seen = "the installer does not check that the client-side port is free on the host";
    found.push(Finding::new(FREE, seen).at(place));
    found
}
