//! The way to a target: its addresses, looked up once; each of them judged; one of those connected to.

use std::future::Future;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::time::Duration;

use gsec_pki::encoding::visible::system_words;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use super::deadline::Deadline;
use super::failure::{Failure, Hop, LookupFlaw, NotReached, Place, Stage};
use super::resolver::{DNS_PORT, Resolve};
use super::rules::Rules;
use super::this_machine::is_this_machine;
use crate::domain::{CaaRecord, Identifier};

/// The most addresses of each family that are tried.
const MAX_TRIED: usize = 4;

/// A connection, sooner or later.
pub(super) type Connecting<'a> = Pin<Box<dyn Future<Output = io::Result<TcpStream>> + Send + 'a>>;

/// Connects by TCP.
pub(super) trait Connect: Send + Sync {
    /// Connects to an address, from `source` where there is one.
    fn connect(&self, address: SocketAddr, source: Option<IpAddr>) -> Connecting<'_>;
}

/// The network.
pub(super) struct Tcp;

impl Connect for Tcp {
    fn connect(&self, address: SocketAddr, source: Option<IpAddr>) -> Connecting<'_> {
        Box::pin(async move {
            let socket = if address.is_ipv4() {
                TcpSocket::new_v4()?
            } else {
                TcpSocket::new_v6()?
            };
            if let Some(source) = source {
                socket.bind(SocketAddr::new(source, 0))?;
            }
            socket.connect(address).await
        })
    }
}

/// The way to every target of one attempt.
pub(super) struct Reach<'a> {
    pub(super) rules: &'a Rules,
    pub(super) resolver: &'a dyn Resolve,
    connector: &'a dyn Connect,
    pub(super) deadline: Deadline,
    /// Where the DNS servers of zones are asked.
    pub(super) dns_port: u16,
}

/// A connection on which nothing was said yet.
pub(super) struct Connected {
    pub(super) stream: TcpStream,
    pub(super) address: SocketAddr,
    pub(super) place: Place,
}

impl<'a> Reach<'a> {
    /// For one attempt, which begins now and takes no longer than `limit`.
    pub(super) fn new(
        rules: &'a Rules,
        resolver: &'a dyn Resolve,
        connector: &'a dyn Connect,
        limit: Duration,
    ) -> Self {
        let deadline = Deadline::after(limit);
        Self {
            rules,
            resolver,
            connector,
            deadline,
            dns_port: DNS_PORT,
        }
    }

    /// All CAA records of a name itself, by the DNS servers of the identifier's rule; none where it has none, or is no name.
    ///
    /// # Errors
    /// [`Failure::Lookup`]: whether there are any is not known.
    pub(super) async fn caa(&self, name: &str, identifier: &Identifier) -> Result<Vec<CaaRecord>, Failure> {
        let servers = &self.rules.rule_for(identifier).resolvers;
        let flaw = match self.deadline.within(self.resolver.caa(name, servers)).await {
            Ok(Ok(found)) => return Ok(found),
            Ok(Err(LookupFlaw::NoName | LookupFlaw::NoRecord)) => return Ok(Vec::new()),
            Ok(Err(flaw)) => flaw,
            Err(_) => LookupFlaw::Over(self.deadline.limit()),
        };
        Err(Failure::Lookup {
            records: "CAA records",
            name: name.to_owned(),
            hop: Hop::Own,
            flaw,
        })
    }

    /// Connects to a host.
    ///
    /// # Errors
    /// [`Failure::Lookup`]; [`Failure::Forbidden`] if one of the addresses may not be connected to, whatever the others are;
    /// [`Failure::NotConnected`], [`Failure::TimedOut`].
    pub(super) async fn connect(&self, host: &Identifier, port: u16, hop: Hop) -> Result<Connected, Failure> {
        let place = Place {
            host: host.to_string(),
            port,
            address: None,
            hop,
        };
        let addresses = self.addresses(host, hop).await?;
        let targets = self.judged(host, &place, &addresses)?;
        let source = self.rules.rule_for(host).source;
        let mut attempts = Vec::new();
        for (index, target) in targets.iter().enumerate() {
            // A share of the time that is left: an address that does not answer leaves some to the others, and to what is said afterwards.
            let share = self.deadline.left() / u32::try_from(targets.len() - index + 1).unwrap_or(u32::MAX);
            match self.try_one(*target, source, share).await {
                Ok(stream) => {
                    let address = Some(target.ip());
                    return Ok(Connected {
                        stream,
                        address: *target,
                        place: Place { address, ..place },
                    });
                }
                Err(reason) => attempts.push((*target, reason)),
            }
        }
        Err(Failure::NotConnected { place, attempts })
    }

    /// What went wrong when the time was over.
    pub(super) fn timed_out(&self, place: &Place, stage: Stage) -> Failure {
        Failure::TimedOut {
            place: place.clone(),
            stage,
            limit: self.deadline.limit(),
        }
    }

    async fn addresses(&self, host: &Identifier, hop: Hop) -> Result<Vec<IpAddr>, Failure> {
        let name = match host {
            Identifier::Ip(address) => return Ok(vec![*address]),
            Identifier::Dns(name) => name.as_str(),
        };
        let servers = &self.rules.rule_for(host).resolvers;
        let answer = self.deadline.within(self.resolver.addresses(name, servers)).await;
        let flaw = match answer {
            Ok(Ok(addresses)) if !addresses.is_empty() => return Ok(addresses),
            Ok(Ok(_)) => LookupFlaw::NoRecord,
            Ok(Err(flaw)) => flaw,
            Err(_) => LookupFlaw::Silent,
        };
        Err(Failure::Lookup {
            records: "addresses",
            name: name.to_owned(),
            hop,
            flaw,
        })
    }

    /// IPv6 first, each once. The first that may not be connected to is the answer.
    fn judged(
        &self,
        host: &Identifier,
        place: &Place,
        addresses: &[IpAddr],
    ) -> Result<Vec<SocketAddr>, Failure> {
        let (mut six, mut four) = (Vec::new(), Vec::new());
        for address in addresses {
            let target = self
                .rules
                .judge(host, SocketAddr::new(*address, place.port), &is_this_machine)
                .map_err(|refusal| Failure::Forbidden {
                    place: place.clone(),
                    address: *address,
                    refusal,
                })?;
            let family = if target.is_ipv4() { &mut four } else { &mut six };
            if family.len() < MAX_TRIED && !family.contains(&target) {
                family.push(target);
            }
        }
        Ok([six, four].concat())
    }

    async fn try_one(
        &self,
        target: SocketAddr,
        source: Option<IpAddr>,
        share: Duration,
    ) -> Result<TcpStream, NotReached> {
        if let Some(source) = source.filter(|source| source.is_ipv4() != target.is_ipv4()) {
            return Err(NotReached::OtherFamily(source));
        }
        match timeout(share, self.connector.connect(target, source)).await {
            Ok(connected) => connected.map_err(|error| not_reached(&error, share)),
            Err(_) => Err(NotReached::Silent(share)),
        }
    }
}

fn not_reached(error: &io::Error, waited: Duration) -> NotReached {
    match error.kind() {
        ErrorKind::ConnectionRefused => NotReached::Refused,
        ErrorKind::TimedOut => NotReached::Silent(waited),
        _ => NotReached::Unreachable(system_words(error)),
    }
}
