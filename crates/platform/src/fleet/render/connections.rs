//! What is entered at a connection for its client-side port, under Advanced (old guide, page 124).

use serde::Serialize;

use super::quote::csv_row;
use super::{Rendered, Selected};
use crate::finding::quoted;
use crate::inventory::{Connection, Inventory};
use crate::transport::{Settings, Unwritable, build, parts};

/// The transport parameters of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConnectionSettings {
    /// The application.
    pub application: String,
    /// Its host.
    pub host: String,
    /// The server that it connects to.
    pub server: String,
    /// The identifier of the server's port.
    pub port: String,
    /// The transport parameters.
    pub transport: String,
}

/// The options that are written from the keys of the inventory.
const OWN: [&str; 3] = ["port", "address", "backup-port"];

/// The transport parameters of each connection that has a client-side port or address.
pub fn connection_settings(inventory: &Inventory, selected: &Selected<'_>) -> Rendered<ConnectionSettings> {
    let mut rendered = Rendered {
        rows: Vec::new(),
        left_out: Vec::new(),
    };
    for app in inventory.apps.iter().filter(|app| selected.has_app(app)) {
        for connection in &app.connections {
            match transport(connection) {
                Ok(None) => (),
                Ok(Some(transport)) => rendered.rows.push(ConnectionSettings {
                    application: app.name.value.clone(),
                    host: app.host.value.clone(),
                    server: connection.to.value.clone(),
                    port: connection.port_id().to_owned(),
                    transport,
                }),
                Err(error) => rendered.left_out.push(format!(
                    "the connection of {} to {}: {error}",
                    quoted(&app.name),
                    quoted(&connection.to)
                )),
            }
        }
    }
    rendered
}

/// What the connection has otherwise, then the client-side port: `port=N;address=A`, without blanks.
fn transport(connection: &Connection) -> Result<Option<String>, Unwritable> {
    let own = build(&Settings {
        port: connection.client_port.as_ref().map(|port| port.value),
        address: connection
            .client_address
            .as_ref()
            .map(|address| address.value.clone()),
        backup_port: connection.backup_port.as_ref().map(|port| port.value),
        ..Settings::default()
    })?;
    if own.is_empty() {
        return Ok(None);
    }
    let given = connection
        .transport
        .as_ref()
        .map_or("", |given| given.value.as_str());
    let kept = parts(given)
        .into_iter()
        .filter(|part| !part.raw.is_empty() && !OWN.contains(&part.name));
    let all: Vec<&str> = kept.map(|part| part.raw).chain([own.as_str()]).collect();
    Ok(Some(all.join(";")))
}

/// As a table.
pub fn connections_as_csv(rows: &[ConnectionSettings]) -> String {
    let head = csv_row(["application", "host", "server", "port", "transport"]);
    let rows = rows.iter().map(|row| {
        csv_row([
            &row.application,
            &row.host,
            &row.server,
            &row.port,
            &row.transport,
        ])
    });
    std::iter::once(head).chain(rows).collect()
}
