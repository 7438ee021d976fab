//! Applications and redundant pairs.

use super::super::{App, AppType, Connection, Kind, Located, Pair, Port, PortMode, Redundancy, is_app_name};
use super::host::{certificate, release, typed};
use super::{Fields, Reader};
use crate::finding::quoted;

impl Reader {
    pub(super) fn app(&mut self, fields: &Fields<'_, '_>) -> Option<App> {
        let name = self.app_name(fields, "name")?;
        let kind = typed(fields.text("kind"), |text| Kind::parse(text))?;
        let own_type = fields.text("type").map(|text| text.value == "server");
        let is_server = own_type.unwrap_or_else(|| kind.is_server());
        Some(App {
            span: fields.span.clone(),
            name,
            host: fields.text("host")?,
            kind,
            app_type: if is_server {
                AppType::Server
            } else {
                AppType::Client
            },
            release: typed(fields.text("release"), release),
            certificate: certificate(fields),
            command_line: fields.texts("command_line"),
            options: fields.options("options"),
            annex: fields.options("annex"),
            ports: fields.tables("port").iter().filter_map(port).collect(),
            connections: fields
                .tables("connection")
                .iter()
                .filter_map(connection)
                .collect(),
        })
    }

    pub(super) fn pair(&mut self, fields: &Fields<'_, '_>) -> Option<Pair> {
        Some(Pair {
            span: fields.span.clone(),
            primary: fields.text("primary")?,
            backup: fields.text("backup")?,
            redundancy: typed(fields.text("redundancy"), |text| match text.as_str() {
                "hot-standby" => Some(Redundancy::HotStandby),
                "warm-standby" => Some(Redundancy::WarmStandby),
                _ => None,
            })?,
        })
    }

    fn app_name(&mut self, fields: &Fields<'_, '_>, key: &str) -> Option<Located<String>> {
        let name = fields.text(key)?;
        if !is_app_name(&name) {
            let seen = format!("an application cannot be called {}", quoted(&name));
            self.wrong_value(
                &name.span,
                seen,
                "at most 255 characters, all of which can be seen",
            );
            return None;
        }
        Some(name)
    }
}

fn port(fields: &Fields<'_, '_>) -> Option<Port> {
    let id = fields.text("id")?;
    let mode = typed(fields.text("mode"), |text| match text.as_str() {
        "unsecured" => Some(PortMode::Unsecured),
        "secured" => Some(PortMode::Secured),
        "auto-detect" => Some(PortMode::AutoDetect),
        _ => None,
    });
    Some(Port {
        span: fields.span.clone(),
        number: fields.port("number")?,
        mode: mode.unwrap_or_else(|| Located::new(PortMode::Unsecured, id.span.clone())),
        ha_sync: fields.flag("ha_sync"),
        certificate: certificate(fields),
        transport: fields.text("transport"),
        probe: fields.text("probe"),
        id,
    })
}

fn connection(fields: &Fields<'_, '_>) -> Option<Connection> {
    Some(Connection {
        span: fields.span.clone(),
        to: fields.text("to")?,
        port: fields.text("port"),
        client_port: fields.port("client_port"),
        client_address: fields.text("client_address"),
        backup_port: fields.port("backup_port"),
        transport: fields.text("transport"),
    })
}
