//! The arguments that give a server its client-side port for the first connection to Configuration Server (old guide, pages 120 to 123).

use gsec_pki::encoding::shell::CommandLine;
use serde::Serialize;

use super::quote::{batch_word, csv_row, label};
use super::{Rendered, Selected, Unwritable};
use crate::finding::quoted;
use crate::fleet::arguments::windows_argument;
use crate::inventory::{App, Connection, Inventory};
use crate::registry::Writer;

const PORT: &str = "-transport-port";
const ADDRESS: &str = "-transport-address";

/// What an application is started with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StartArguments {
    /// The application.
    pub application: String,
    /// Its host.
    pub host: String,
    /// The server that it connects to first.
    pub server: String,
    /// The arguments.
    pub arguments: Vec<String>,
}

/// The arguments of each application that connects to Configuration Server or its proxy from a port or an address of its own.
pub fn start_arguments(inventory: &Inventory, selected: &Selected<'_>) -> Rendered<StartArguments> {
    let mut rendered = Rendered {
        rows: Vec::new(),
        left_out: Vec::new(),
    };
    for app in inventory.apps.iter().filter(|app| selected.has_app(app)) {
        let mut first: Option<&Connection> = None;
        for connection in app.connections.iter().filter(|to| is_own(to)) {
            match inventory.app(&connection.to).map(|server| server.kind.value.is_config()) {
                Some(true) if first.is_none() => first = Some(connection),
                Some(true) => rendered.left_out.push(format!(
                    "the client-side port of {} for {}: it can be started with one only, which is that for {}",
                    quoted(&app.name),
                    quoted(&connection.to),
                    quoted(first.map_or("", |first| &first.to)),
                )),
                Some(false) => (),
                None => rendered.left_out.push(format!(
                    "the client-side port of {} for {}, which is not in the inventory",
                    quoted(&app.name),
                    quoted(&connection.to)
                )),
            }
        }
        rendered
            .rows
            .extend(first.map(|connection| of_app(app, connection)));
    }
    rendered
}

fn is_own(connection: &Connection) -> bool {
    connection.client_port.is_some() || connection.client_address.is_some()
}

fn of_app(app: &App, connection: &Connection) -> StartArguments {
    let port = connection.client_port.as_ref().map(|port| port.value.to_string());
    let address = connection
        .client_address
        .as_ref()
        .map(|address| address.value.clone());
    let port = port.map(|port| [PORT.to_owned(), port]);
    let address = address.map(|address| [ADDRESS.to_owned(), address]);
    StartArguments {
        application: app.name.value.clone(),
        host: app.host.value.clone(),
        server: connection.to.value.clone(),
        arguments: port.into_iter().chain(address).flatten().collect(),
    }
}

fn heading(row: &StartArguments) -> String {
    label(&format!("{} on {}", row.application, row.host))
}

/// For `run.sh`: each block is one application's.
pub fn args_as_sh(rows: &[StartArguments]) -> String {
    let mut text = "# Client-side ports for the first connection to Configuration Server. Each block belongs in the start script of one\n\
        # application, before the command that starts it, which gets \"$@\" at its end.\n"
        .to_owned();
    for row in rows {
        let command = CommandLine::new("set -- \"$@\"").values(&row.arguments);
        text.push_str(&format!("\n# {}\n{command}\n", heading(row)));
    }
    text
}

/// For `startServer.bat`: each block is one application's.
///
/// # Errors
/// [`Unwritable::Batch`].
pub fn args_as_bat(rows: &[StartArguments]) -> Result<String, Unwritable> {
    let mut text = "@rem Client-side ports for the first connection to Configuration Server. Each block belongs in the start file of one\r\n\
        @rem application, before the command that starts it, which gets %%TRANSPORT_ARGS%% at its end.\r\n"
        .to_owned();
    for row in rows {
        let arguments: Vec<&str> = row
            .arguments
            .iter()
            .map(|word| batch_word(word))
            .collect::<Result<_, _>>()?;
        let heading = heading(row);
        text.push_str(&format!(
            "\r\n@rem {heading}\r\n@set \"TRANSPORT_ARGS={}\"\r\n",
            arguments.join(" ")
        ));
    }
    Ok(text)
}

/// A service of Windows that starts an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// The name of the service.
    pub name: String,
    /// The program, with its path.
    pub executable: String,
}

/// For the registry: the whole `ImagePath` of the service, from its program, the arguments that the inventory has and these.
///
/// # Errors
/// [`Unwritable`].
pub fn args_as_reg(
    inventory: &Inventory,
    row: &StartArguments,
    service: &Service,
) -> Result<Vec<u8>, Unwritable> {
    let app = inventory.app(&row.application);
    let mut words = vec![in_quotation_marks(&service.executable)];
    words.extend(
        app.map(others)
            .unwrap_or_default()
            .into_iter()
            .chain(row.arguments.iter().map(String::as_str))
            .map(windows_argument),
    );
    if service.name.is_empty() || service.name.contains(['\\', '/']) {
        return Err(crate::registry::WriteError::Path(service.name.clone()).into());
    }
    let mut writer = Writer::default();
    writer.key(&format!(
        "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\{}",
        service.name
    ))?;
    writer.text("ImagePath", &words.join(" "))?;
    Ok(writer.into_bytes())
}

/// A program whose path has blanks and no quotation marks is one that Windows may not find, or may find elsewhere.
fn in_quotation_marks(executable: &str) -> String {
    match windows_argument(executable) {
        quoted if quoted.starts_with('"') => quoted,
        plain => format!("\"{plain}\""),
    }
}

/// The arguments of an application without those for the client-side port.
fn others(app: &App) -> Vec<&str> {
    let mut words = app.command_line.iter().map(|word| word.as_str());
    let mut kept = Vec::new();
    while let Some(word) = words.next() {
        match word {
            PORT | ADDRESS => drop(words.next()),
            other => kept.push(other),
        }
    }
    kept
}

/// As a table.
pub fn args_as_csv(rows: &[StartArguments]) -> String {
    let head = csv_row(["application", "host", "server", "arguments"]);
    let rows = rows.iter().map(|row| {
        let arguments = row.arguments.join(" ");
        csv_row([&row.application, &row.host, &row.server, &arguments])
    });
    std::iter::once(head).chain(rows).collect()
}
