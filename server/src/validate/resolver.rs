//! Name resolution. This file alone names hickory-resolver.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::time::Duration;

use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig};
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::{Query, ResponseCode};
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::system_conf::read_system_conf;
use hickory_resolver::{Hosts, ResolverBuilder, TokioResolver};

use super::failure::LookupFlaw;
use crate::domain::CaaRecord;

/// The most CNAMEs in a row.
pub(super) const MAX_ALIASES: usize = 8;
/// The most bytes of all TXT or CAA records of a name.
const MAX_TEXT_BYTES: usize = 8192;
/// For one question to one server.
const QUESTION_LIMIT: Duration = Duration::from_secs(2);
/// RFC 1035 §4.2.
pub(super) const DNS_PORT: u16 = 53;
/// Times that a question is put again.
const REPETITIONS: usize = 1;

/// What is looked up, sooner or later.
pub(super) type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, LookupFlaw>> + Send + 'a>>;

/// Asks the DNS.
pub(super) trait Resolve: Send + Sync {
    /// All addresses of a name. `servers`: whom to ask; empty: those that this machine asks.
    fn addresses<'a>(&'a self, name: &'a str, servers: &'a [SocketAddr]) -> Answer<'a, Vec<IpAddr>>;

    /// All TXT records of a name, each with its strings joined (RFC 8555 §8.4), the first name's or its alias's.
    fn texts<'a>(&'a self, name: &'a str, servers: &'a [SocketAddr]) -> Answer<'a, Vec<Vec<u8>>>;

    /// All CAA records of a name, or of its alias.
    fn caa<'a>(&'a self, name: &'a str, servers: &'a [SocketAddr]) -> Answer<'a, Vec<CaaRecord>>;

    /// The DNS servers of the zone that has this name, and no other, at its top.
    fn name_servers<'a>(&'a self, name: &'a str, servers: &'a [SocketAddr]) -> Answer<'a, Vec<String>>;

    /// What one server itself knows of a name.
    fn texts_by<'a>(&'a self, name: &'a str, server: SocketAddr) -> Answer<'a, Said>;
}

/// What a server says that does not ask others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// The TXT records.
    Texts(Vec<Vec<u8>>),
    /// The name is an alias of this one.
    Alias(String),
}

/// Asks DNS servers by UDP, and by TCP when an answer is too long or does not come. Keeps no answer: a record that was missing a moment ago is found,
/// and the machine's own settings are read again.
pub(super) struct System;

impl Resolve for System {
    fn addresses<'a>(&'a self, name: &'a str, servers: &'a [SocketAddr]) -> Answer<'a, Vec<IpAddr>> {
        Box::pin(async move {
            let name = fully_qualified(name)?;
            let listed = in_hosts_file(&name).await;
            if !listed.is_empty() {
                return Ok(listed);
            }
            let (six, four) = tokio::join!(
                ask(servers, &name, RecordType::AAAA, RData::ip_addr),
                ask(servers, &name, RecordType::A, RData::ip_addr),
            );
            merge(six, four)
        })
    }

    fn texts<'a>(&'a self, name: &'a str, servers: &'a [SocketAddr]) -> Answer<'a, Vec<Vec<u8>>> {
        Box::pin(async move {
            let name = fully_qualified(name)?;
            within_bounds(ask(servers, &name, RecordType::TXT, joined).await?, Vec::len)
        })
    }

    fn caa<'a>(&'a self, name: &'a str, servers: &'a [SocketAddr]) -> Answer<'a, Vec<CaaRecord>> {
        Box::pin(async move {
            let name = fully_qualified(name)?;
            let record = |data: &RData| match data {
                RData::CAA(caa) => Some(CaaRecord {
                    is_critical: caa.issuer_critical,
                    tag: caa.tag.clone(),
                    value: caa.value.clone(),
                }),
                _ => None,
            };
            let found = ask(servers, &name, RecordType::CAA, record).await?;
            within_bounds(found, |record| record.tag.len() + record.value.len())
        })
    }

    fn name_servers<'a>(&'a self, name: &'a str, servers: &'a [SocketAddr]) -> Answer<'a, Vec<String>> {
        Box::pin(async move {
            let name = fully_qualified(name)?;
            let host = |data: &RData| match data {
                RData::NS(host) => Some(host.0.to_ascii()),
                _ => None,
            };
            let resolver = resolver(servers, Transport::Both)?;
            let lookup = resolver
                .lookup(name.clone(), RecordType::NS)
                .await
                .map_err(flaw)?;
            let own = lookup.answers().iter().filter(|record| record.name == name);
            Ok(own.filter_map(|record| host(&record.data)).collect())
        })
    }

    fn texts_by<'a>(&'a self, name: &'a str, server: SocketAddr) -> Answer<'a, Said> {
        Box::pin(async move {
            let name = fully_qualified(name)?;
            let mut builder = builder(&[server], Transport::Both)?;
            builder.options_mut().recursion_desired = false;
            let resolver = built(builder)?;
            // First: hickory itself would ask this server where an alias leads, which it need not know.
            match look_up(&resolver, &name, RecordType::CNAME, &alias).await {
                Ok(aliases) => match aliases.first() {
                    Some(next) => return Ok(Said::Alias(next.to_ascii())),
                    None => return Err(LookupFlaw::NoRecord),
                },
                Err(LookupFlaw::NoRecord) => {}
                Err(flaw) => return Err(flaw),
            }
            let found = look_up(&resolver, &name, RecordType::TXT, &joined).await?;
            within_bounds(found, Vec::len).map(Said::Texts)
        })
    }
}

/// A TXT record, its strings joined.
fn joined(data: &RData) -> Option<Vec<u8>> {
    match data {
        RData::TXT(text) => Some(text.txt_data.concat()),
        _ => None,
    }
}

fn alias(data: &RData) -> Option<Name> {
    match data {
        RData::CNAME(alias) => Some(alias.0.clone()),
        _ => None,
    }
}

fn fully_qualified(name: &str) -> Result<Name, LookupFlaw> {
    Name::from_ascii(format!("{}.", name.trim_end_matches('.'))).map_err(|_| LookupFlaw::NotAskable)
}

/// /etc/hosts comes before the DNS, and what is in it is all there is, as everywhere on this machine.
async fn in_hosts_file(name: &Name) -> Vec<IpAddr> {
    let name = name.clone();
    let read = tokio::task::spawn_blocking(move || Hosts::from_system().map(|hosts| listed(&hosts, &name)));
    read.await.map(Result::unwrap_or_default).unwrap_or_default()
}

fn listed(hosts: &Hosts, name: &Name) -> Vec<IpAddr> {
    [RecordType::AAAA, RecordType::A]
        .into_iter()
        .filter_map(|kind| hosts.lookup_static_host(&Query::query(name.clone(), kind)))
        .flat_map(|found| found.answers().to_vec())
        .filter_map(|record| record.data.ip_addr())
        .collect()
}

/// By which protocols DNS servers are asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Transport {
    /// UDP, and TCP when the answer is too long for it.
    Both,
    /// TCP alone: some networks drop the UDP of others.
    Tcp,
}

async fn ask<T>(
    servers: &[SocketAddr],
    name: &Name,
    kind: RecordType,
    pick: impl Fn(&RData) -> Option<T>,
) -> Result<Vec<T>, LookupFlaw> {
    match ask_by(&resolver(servers, Transport::Both)?, name, kind, &pick).await {
        Err(LookupFlaw::Silent) => ask_by(&resolver(servers, Transport::Tcp)?, name, kind, &pick).await,
        answer => answer,
    }
}

async fn ask_by<T>(
    resolver: &TokioResolver,
    name: &Name,
    kind: RecordType,
    pick: &impl Fn(&RData) -> Option<T>,
) -> Result<Vec<T>, LookupFlaw> {
    match look_up(resolver, name, kind, pick).await {
        // hickory gives up on long rows of CNAMEs, and does not say so.
        Err(LookupFlaw::NoRecord) => {
            let end = end_of_aliases(resolver, name).await?;
            match end == *name {
                true => Err(LookupFlaw::NoRecord),
                false => look_up(resolver, &end, kind, pick).await,
            }
        }
        answer => answer,
    }
}

async fn look_up<T>(
    resolver: &TokioResolver,
    name: &Name,
    kind: RecordType,
    pick: &impl Fn(&RData) -> Option<T>,
) -> Result<Vec<T>, LookupFlaw> {
    let lookup = resolver.lookup(name.clone(), kind).await.map_err(flaw)?;
    follow(&lookup, name, pick)
}

async fn end_of_aliases(resolver: &TokioResolver, name: &Name) -> Result<Name, LookupFlaw> {
    let mut name = name.clone();
    for _ in 0..=MAX_ALIASES {
        match look_up(resolver, &name, RecordType::CNAME, &alias).await {
            Ok(aliases) => name = aliases.into_iter().next().unwrap_or(name),
            Err(LookupFlaw::NoRecord) => return Ok(name),
            Err(flaw) => return Err(flaw),
        }
    }
    Err(LookupFlaw::TooManyAliases { most: MAX_ALIASES })
}

fn resolver(servers: &[SocketAddr], transport: Transport) -> Result<TokioResolver, LookupFlaw> {
    built(builder(servers, transport)?)
}

type Builder = ResolverBuilder<TokioRuntimeProvider>;

fn unusable(error: NetError) -> LookupFlaw {
    LookupFlaw::Unusable(error.to_string())
}

fn built(builder: Builder) -> Result<TokioResolver, LookupFlaw> {
    builder.build().map_err(unusable)
}

fn builder(servers: &[SocketAddr], transport: Transport) -> Result<Builder, LookupFlaw> {
    let servers = match servers {
        [] => servers_of_this_machine().map_err(unusable)?,
        servers => servers.to_vec(),
    };
    let config = servers
        .iter()
        .map(|server| name_server(*server, transport))
        .collect();
    let config = ResolverConfig::from_name_servers(config);
    let mut builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
    let options = builder.options_mut();
    options.timeout = QUESTION_LIMIT;
    options.attempts = REPETITIONS;
    options.cache_size = 0;
    options.use_hosts_file = ResolveHosts::Never;
    // The aliases are counted here.
    options.preserve_intermediates = true;
    Ok(builder)
}

fn servers_of_this_machine() -> Result<Vec<SocketAddr>, NetError> {
    let (config, _) = read_system_conf()?;
    let servers = config.name_servers().iter();
    Ok(servers
        .map(|server| SocketAddr::new(server.ip, DNS_PORT))
        .collect())
}

fn name_server(address: SocketAddr, transport: Transport) -> NameServerConfig {
    let mut connections = vec![ConnectionConfig::tcp()];
    if transport == Transport::Both {
        connections.insert(0, ConnectionConfig::udp());
    }
    for connection in &mut connections {
        connection.port = address.port();
    }
    // Resolvers of an internal network are believed when they say that there is nothing.
    NameServerConfig::new(address.ip(), true, connections)
}

/// IPv6 before IPv4. A family that cannot be asked for is no obstacle when the other has an answer: some servers know no AAAA.
fn merge(
    six: Result<Vec<IpAddr>, LookupFlaw>,
    four: Result<Vec<IpAddr>, LookupFlaw>,
) -> Result<Vec<IpAddr>, LookupFlaw> {
    match (six, four) {
        (Ok(six), Ok(four)) => Ok([six, four].concat()),
        (Ok(found), Err(_)) | (Err(_), Ok(found)) => Ok(found),
        (Err(LookupFlaw::NoRecord), Err(flaw)) | (Err(flaw), Err(_)) => Err(flaw),
    }
}

/// The records of the name at the end of the aliases.
fn follow<T>(
    lookup: &Lookup,
    name: &Name,
    pick: &impl Fn(&RData) -> Option<T>,
) -> Result<Vec<T>, LookupFlaw> {
    let mut name = name;
    for _ in 0..=MAX_ALIASES {
        let here = || lookup.answers().iter().filter(|record| record.name == *name);
        let found: Vec<T> = here().filter_map(|record| pick(&record.data)).collect();
        if !found.is_empty() {
            return Ok(found);
        }
        let alias = here().find_map(|record| match &record.data {
            RData::CNAME(alias) => Some(&alias.0),
            _ => None,
        });
        match alias {
            Some(alias) => name = alias,
            None => return Err(LookupFlaw::NoRecord),
        }
    }
    Err(LookupFlaw::TooManyAliases { most: MAX_ALIASES })
}

fn within_bounds<T>(records: Vec<T>, length: impl Fn(&T) -> usize) -> Result<Vec<T>, LookupFlaw> {
    let found = records.iter().map(length).sum();
    match found <= MAX_TEXT_BYTES {
        true => Ok(records),
        false => Err(LookupFlaw::TooLong {
            found,
            most: MAX_TEXT_BYTES,
        }),
    }
}

fn flaw(error: NetError) -> LookupFlaw {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) if none.response_code == ResponseCode::NXDomain => {
            LookupFlaw::NoName
        }
        NetError::Dns(DnsError::NoRecordsFound(none)) if none.response_code == ResponseCode::NoError => {
            LookupFlaw::NoRecord
        }
        NetError::Dns(DnsError::NoRecordsFound(none)) => LookupFlaw::Refused(none.response_code.to_string()),
        NetError::Dns(DnsError::ResponseCode(code)) => LookupFlaw::Refused(code.to_string()),
        NetError::Timeout | NetError::NoConnections | NetError::Busy => LookupFlaw::Silent,
        NetError::Io(error) => LookupFlaw::Unusable(gsec_pki::encoding::visible::system_words(&error)),
        _ => LookupFlaw::Refused("with what it must not".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hosts_file_is_read_with_aliases_and_both_families() {
        let mut hosts = Hosts::default();
        let text = "127.0.0.1 localhost\n10.0.0.5 web.example.com web # 10.0.0.6\nfd00::5 WEB.example.com\n";
        hosts.read_hosts_conf(text.as_bytes()).expect("it is in memory");
        let found = |name| listed(&hosts, &fully_qualified(name).expect("a name"));
        let both: [IpAddr; 2] = [
            "fd00::5".parse().expect("IPv6"),
            "10.0.0.5".parse().expect("IPv4"),
        ];
        assert_eq!(found("web.example.com"), both);
        assert_eq!(found("web"), both[1..]);
        assert_eq!(found("other.example.com"), [] as [IpAddr; 0]);
    }
}
