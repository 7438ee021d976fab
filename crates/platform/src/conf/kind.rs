//! A file of one of the two servers, and of which.

use super::file::{Conf, Section};
use super::names::is_db_server;

/// What a file is, by what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfKind {
    /// Of DB Server: it has the section `dbserver` or a numbered one, and names no other server.
    DbServer,
    /// Of Configuration Server: a section of it names its DB Server by `server`.
    ConfigurationServer,
    /// Neither.
    Other,
}

impl ConfKind {
    /// Of a file.
    pub fn of(conf: &Conf) -> Self {
        let names_server = |section: &Section| section.key("server").is_some();
        let is_db_server = |section: &Section| is_db_server(&section.name);
        match () {
            () if conf.sections.iter().any(names_server) => Self::ConfigurationServer,
            () if conf.sections.iter().any(is_db_server) => Self::DbServer,
            () => Self::Other,
        }
    }

    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::DbServer => "db_server",
            Self::ConfigurationServer => "configuration_server",
            Self::Other => "other",
        }
    }
}

/// A file with what is known of it beside its content.
#[derive(Debug, Clone)]
pub struct ConfFile {
    /// As it was named.
    pub name: String,
    /// Its content.
    pub conf: Conf,
    /// Its permission bits, where they are known.
    pub mode: Option<u32>,
}
