//! Which kinds of applications have TLS between them, and which clients can be told their own port: the tables of the old guide.

use crate::inventory::Kind;

/// What the guide says of TLS between two kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// It lists them.
    Listed,
    /// It says that there is none.
    Excluded,
    /// It does not list them.
    Unlisted,
    /// One of them is of a kind that the guide does not have.
    Unknown,
}

/// The pages of the table of connections with TLS.
pub const TLS_PAGES: &str = "62 and 63";
/// The page of the table of clients with a port of their own.
pub const CLIENT_PORT_PAGES: &str = "117 and 118";
/// The page that says that T-Servers of a pair have TLS between them only in hot standby.
pub const HOT_STANDBY_PAGE: u32 = 63;

/// Kinds between which there is TLS, whichever of them is the client.
const PEERS: [(Kind, &[Kind]); 7] = [
    (
        Kind::ConfigServer,
        &[
            Kind::ConfigManager,
            Kind::ConfigProxy,
            Kind::DbServer,
            Kind::ConfigServer,
        ],
    ),
    (
        Kind::Scs,
        &[Kind::Sci, Kind::ConfigServer, Kind::ConfigProxy, Kind::Scs],
    ),
    (
        Kind::Sci,
        &[Kind::ConfigServer, Kind::ConfigProxy, Kind::DbServer],
    ),
    (
        Kind::TServer,
        &[
            Kind::TServer,
            Kind::NetworkTServer,
            Kind::ConfigServer,
            Kind::ConfigProxy,
            // T-Library clients.
            Kind::TLibraryClient,
            Kind::StatServer,
            Kind::CustomServer,
        ],
    ),
    (
        Kind::Ocs,
        &[
            Kind::Cpd,
            Kind::CpdProxy,
            Kind::ConfigServer,
            Kind::ConfigProxy,
            Kind::TServer,
            Kind::DbServer,
        ],
    ),
    (
        Kind::Cpd,
        &[
            Kind::CpdProxy,
            Kind::TServer,
            Kind::ConfigServer,
            Kind::ConfigProxy,
        ],
    ),
    (Kind::MessageServer, &[Kind::DbServer]),
];

/// Clients that can be told their own port, and the servers to which.
const CLIENT_PORTS: [(Kind, &[Kind]); 7] = [
    (Kind::TServer, &[Kind::ConfigServer, Kind::ConfigProxy]),
    (Kind::NetworkTServer, &[Kind::ConfigServer, Kind::ConfigProxy]),
    (
        Kind::Router,
        &[
            Kind::ConfigServer,
            Kind::ConfigProxy,
            Kind::TServer,
            Kind::CustomServer,
        ],
    ),
    (Kind::CustomServer, &[Kind::ConfigServer, Kind::ConfigProxy]),
    (Kind::Ocs, &[Kind::ConfigServer, Kind::ConfigProxy, Kind::TServer]),
    (Kind::Cpd, &[Kind::ConfigServer, Kind::ConfigProxy, Kind::TServer]),
    (
        Kind::CpdProxy,
        &[Kind::ConfigServer, Kind::ConfigProxy, Kind::TServer],
    ),
];

/// What the guide says of TLS between a client and a server of these kinds.
pub fn tls(client: Kind, server: Kind) -> Tls {
    let is_generic = |kind| matches!(kind, Kind::GenericServer | Kind::GenericClient);
    let is_routing = |kind| matches!(kind, Kind::Router | Kind::Ird);
    let has = |one: Kind, other: Kind| {
        PEERS
            .iter()
            .any(|(kind, others)| *kind == one && others.contains(&other))
    };
    match () {
        // Message Server is a client of DB Server, and a server of all others.
        () if server == Kind::MessageServer => Tls::Excluded,
        () if is_generic(client) || is_generic(server) => Tls::Unknown,
        // Routing has it with everything that has it.
        () if is_routing(client) || is_routing(server) => Tls::Listed,
        () if has(client, server) || has(server, client) => Tls::Listed,
        () => Tls::Unlisted,
    }
}

/// Whether the guide lists that a client of this kind can be told its own port for a server of that kind.
pub fn has_client_port(client: Kind, server: Kind) -> bool {
    CLIENT_PORTS
        .iter()
        .any(|(kind, servers)| *kind == client && servers.contains(&server))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_is_between_peers_in_either_direction_but_message_server() {
        for (client, server, expected) in [
            (Kind::ConfigManager, Kind::ConfigServer, Tls::Listed),
            (Kind::ConfigServer, Kind::DbServer, Tls::Listed),
            (Kind::ConfigProxy, Kind::ConfigServer, Tls::Listed),
            (Kind::Scs, Kind::Scs, Tls::Listed),
            (Kind::TServer, Kind::ConfigProxy, Tls::Listed),
            (Kind::TLibraryClient, Kind::TServer, Tls::Listed),
            (Kind::Router, Kind::StatServer, Tls::Listed),
            (Kind::Ocs, Kind::CpdProxy, Tls::Listed),
            (Kind::MessageServer, Kind::DbServer, Tls::Listed),
            (Kind::DbServer, Kind::MessageServer, Tls::Excluded),
            (Kind::Router, Kind::MessageServer, Tls::Excluded),
            (Kind::StatServer, Kind::ConfigServer, Tls::Unlisted),
            (Kind::Cpd, Kind::DbServer, Tls::Unlisted),
            (Kind::GenericServer, Kind::ConfigServer, Tls::Unknown),
        ] {
            assert_eq!(tls(client, server), expected, "{client:?} {server:?}");
        }
    }

    #[test]
    fn six_kinds_of_servers_can_be_told_their_port() {
        for (client, server, expected) in [
            (Kind::TServer, Kind::ConfigServer, true),
            (Kind::TServer, Kind::TServer, false),
            (Kind::NetworkTServer, Kind::ConfigProxy, true),
            (Kind::Router, Kind::CustomServer, true),
            (Kind::CustomServer, Kind::TServer, false),
            (Kind::Ocs, Kind::TServer, true),
            (Kind::CpdProxy, Kind::TServer, true),
            (Kind::StatServer, Kind::ConfigServer, false),
            (Kind::ConfigServer, Kind::TServer, false),
        ] {
            assert_eq!(has_client_port(client, server), expected, "{client:?} {server:?}");
        }
    }
}
