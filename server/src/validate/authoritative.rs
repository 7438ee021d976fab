//! What the DNS servers of a zone themselves say, past whatever others keep of it.

use std::net::SocketAddr;

use super::failure::LookupFlaw;
use super::reach::Reach;
use super::resolver::{MAX_ALIASES, Said};
use super::this_machine::is_this_machine;
use crate::domain::Identifier;

/// The most names of DNS servers of a zone that are looked up, and the most addresses that are asked.
const MAX_SERVERS: usize = 4;

/// All TXT records of a name, by the first server of its zone that has some. The servers are found by those of the identifier's rule, and asked
/// only where the rule lets this server connect.
///
/// # Errors
/// [`LookupFlaw`].
pub(super) async fn texts(
    name: &str,
    identifier: &Identifier,
    reach: &Reach<'_>,
) -> Result<Vec<Vec<u8>>, LookupFlaw> {
    let mut name = name.to_owned();
    for _ in 0..=MAX_ALIASES {
        let servers = servers_of(&name, identifier, reach).await?;
        match first_answer(&name, &servers, reach).await? {
            Said::Texts(texts) => return Ok(texts),
            Said::Alias(next) => name = next,
        }
    }
    Err(LookupFlaw::TooManyAliases { most: MAX_ALIASES })
}

async fn first_answer(name: &str, servers: &[SocketAddr], reach: &Reach<'_>) -> Result<Said, LookupFlaw> {
    let mut last = LookupFlaw::Silent;
    for server in servers {
        match reach.resolver.texts_by(name, *server).await {
            Ok(said) => return Ok(said),
            Err(flaw) => last = flaw,
        }
    }
    Err(last)
}

/// The servers of the zone that a name is in: those of the nearest name that has some.
async fn servers_of(
    name: &str,
    identifier: &Identifier,
    reach: &Reach<'_>,
) -> Result<Vec<SocketAddr>, LookupFlaw> {
    let resolvers = &reach.rules.rule_for(identifier).resolvers;
    let mut above = Some(name.trim_end_matches('.'));
    let mut hosts = Vec::new();
    while let (true, Some(here)) = (hosts.is_empty(), above) {
        match reach.resolver.name_servers(here, resolvers).await {
            Ok(found) => hosts = found,
            Err(LookupFlaw::NoName | LookupFlaw::NoRecord) => {}
            Err(flaw) => return Err(flaw),
        }
        above = here.split_once('.').map(|(_, above)| above);
    }
    let mut servers = Vec::new();
    for host in hosts.iter().take(MAX_SERVERS) {
        for address in reach
            .resolver
            .addresses(host, resolvers)
            .await
            .unwrap_or_default()
        {
            let target = SocketAddr::new(address, reach.dns_port);
            servers.extend(reach.rules.judge(identifier, target, &is_this_machine));
        }
    }
    servers.truncate(MAX_SERVERS);
    match servers.is_empty() {
        true => Err(LookupFlaw::NoServer { named: hosts.len() }),
        false => Ok(servers),
    }
}
