//! Kinds of applications.

/// A kind of application, of those that the old guide speaks of (pages 62, 63, 117 and 118).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "Kind::title has the words")]
pub enum Kind {
    TServer,
    NetworkTServer,
    StatServer,
    DbServer,
    Ocm,
    Router,
    ConfigManager,
    ConfigServer,
    ConfigProxy,
    CustomServer,
    MessageServer,
    Scs,
    Sci,
    Ird,
    Ocs,
    Cpd,
    CpdProxy,
    TLibraryClient,
    GenericServer,
    GenericClient,
}

/// Kind, name in the inventory, the platform's name, its number among CfgAppType, whether others connect to it.
const TABLE: [(Kind, &str, &str, Option<u32>, bool); 20] = [
    (Kind::TServer, "tserver", "T-Server", Some(1), true),
    (
        Kind::NetworkTServer,
        "network-tserver",
        "Network T-Server",
        None,
        true,
    ),
    (Kind::StatServer, "stat-server", "Stat Server", Some(2), true),
    (Kind::DbServer, "db-server", "DB Server", Some(8), true),
    (Kind::Ocm, "ocm", "Outbound Contact Manager", Some(13), false),
    (Kind::Router, "router", "Universal Routing Server", Some(15), true),
    (
        Kind::ConfigManager,
        "config-manager",
        "Configuration Manager",
        Some(19),
        false,
    ),
    (
        Kind::ConfigServer,
        "config-server",
        "Configuration Server",
        Some(21),
        true,
    ),
    (
        Kind::ConfigProxy,
        "config-proxy",
        "Configuration Server Proxy",
        None,
        true,
    ),
    (
        Kind::CustomServer,
        "custom-server",
        "Custom Server",
        Some(28),
        true,
    ),
    (
        Kind::MessageServer,
        "message-server",
        "Message Server",
        Some(42),
        true,
    ),
    (Kind::Scs, "scs", "Solution Control Server", Some(43), true),
    (Kind::Sci, "sci", "Solution Control Interface", Some(44), false),
    (Kind::Ird, "ird", "Interaction Routing Designer", Some(51), false),
    (Kind::Ocs, "ocs", "Outbound Contact Server", None, true),
    (Kind::Cpd, "cpd", "CPD Server", None, true),
    (Kind::CpdProxy, "cpd-proxy", "CPD Proxy", None, true),
    (
        Kind::TLibraryClient,
        "tlib-client",
        "T-Library client",
        None,
        false,
    ),
    (
        Kind::GenericServer,
        "generic-server",
        "server of another kind",
        Some(107),
        true,
    ),
    (
        Kind::GenericClient,
        "generic-client",
        "client of another kind",
        Some(108),
        false,
    ),
];

/// The names, as the table has them.
pub(super) const NAMES: [&str; 20] = {
    let mut names = [""; 20];
    let mut at = 0;
    while at < names.len() {
        names[at] = TABLE[at].1;
        at += 1;
    }
    names
};

impl Kind {
    /// Every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.0)
    }

    fn row(self) -> &'static (Kind, &'static str, &'static str, Option<u32>, bool) {
        &TABLE[self as usize]
    }

    /// What the inventory calls it.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        self.row().2
    }

    /// Its number in the platform's exports (CfgAppType), where that is known.
    pub fn number(self) -> Option<u32> {
        self.row().3
    }

    /// Whether others connect to it. What does not is a client: in the old guide a GUI application.
    pub fn is_server(self) -> bool {
        self.row().4
    }

    /// The kind of that name in the inventory.
    pub fn parse(name: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// The kind of that number in an export.
    pub fn of_number(number: u32) -> Option<Self> {
        TABLE.iter().find(|row| row.3 == Some(number)).map(|row| row.0)
    }

    /// Whether it is Configuration Server or its proxy, the only ones that have auto-detect ports.
    pub fn is_config(self) -> bool {
        matches!(self, Self::ConfigServer | Self::ConfigProxy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_in_its_row_and_found_by_name_and_number() {
        for (at, kind) in Kind::all().enumerate() {
            assert_eq!(kind as usize, at, "{kind:?}");
            assert_eq!(Kind::parse(kind.name()), Some(kind));
            assert!(
                kind.number()
                    .is_none_or(|number| Kind::of_number(number) == Some(kind))
            );
        }
        assert_eq!((Kind::parse("T-Server"), Kind::of_number(9999)), (None, None));
    }
}
