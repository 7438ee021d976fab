//! Ports of servers as targets of `gsec doctor`.

use std::net::SocketAddr;

use super::Args;
use super::files::Files;
use super::target::Target;
use crate::cli::connection_args::ConnectionArgs;
use crate::cli::failure::Failure;
use crate::cli::secret::InputPassword;
use crate::doctor::server::{Deployed, Facts, diagnose};
use crate::doctor::{Examination, Expiry, Selection, TargetKind};
use crate::env::Env;
use crate::examine::{Expected, server};
use crate::net::{Depth, ProbeRequest, ServerNameChoice, probe_all};
use crate::tls::{CertificateDemand, Endpoint, Probe};
use crate::x509::{Certificate, DistinguishedName, GeneralName};

/// What is asked about ports.
#[derive(clap::Args)]
pub(super) struct ServerArgs {
    #[command(flatten)]
    pub connection: ConnectionArgs,
}

/// The ports among the targets, probed.
pub(super) struct Servers {
    probed: Vec<Probed>,
    client: Vec<Certificate>,
}

struct Probed {
    endpoint: Endpoint,
    probe: Probe,
    others: Vec<Probe>,
}

/// Probes all ports at once.
pub(super) fn probe(targets: &[Target], args: &Args, password: &InputPassword, env: &mut Env) -> Result<Servers, Failure> {
    let endpoints: Vec<Endpoint> = targets.iter().filter_map(Target::endpoint).collect();
    if endpoints.is_empty() {
        return Ok(Servers { probed: Vec::new(), client: Vec::new() });
    }
    let identity = args.server.connection.identity(password, env)?;
    let shown = identity.iter().flat_map(|identity| identity.certificates().filter_map(|der| Certificate::from_der(der).ok()));
    let client = shown.collect();
    let requests: Vec<ProbeRequest> = endpoints.iter().map(|endpoint| request(endpoint, args, &identity)).collect();
    let probes = probe_all(&requests);
    let others = of_other_addresses(&requests, &probes);
    let probed = endpoints.into_iter().zip(probes).zip(others).map(|((endpoint, probe), others)| Probed { endpoint, probe, others }).collect();
    Ok(Servers { probed, client })
}

/// A port is asked as a client would ask that wants the host which was named.
fn request(endpoint: &Endpoint, args: &Args, identity: &Option<crate::net::ClientIdentity>) -> ProbeRequest {
    let mut request = args.server.connection.request(endpoint.clone(), identity.clone(), Depth::Full);
    if let (ServerNameChoice::Target, Some(name @ GeneralName::Dns(_))) = (&request.server_name, &args.name) {
        request.server_name = ServerNameChoice::Name(name.value());
    }
    request
}

/// What the other addresses of each host present. Behind a proxy there are none.
fn of_other_addresses(requests: &[ProbeRequest], probes: &[Probe]) -> Vec<Vec<Probe>> {
    let mut asked = Vec::new();
    for (place, (request, probe)) in requests.iter().zip(probes).enumerate() {
        let answering = probe.addresses.iter().filter(|outcome| outcome.failure.is_none() && Some(outcome.address) != probe.address);
        if request.proxy.is_none() {
            asked.extend(answering.map(|outcome| (place, at_address(request, probe, outcome.address))));
        }
    }
    let requests_of_others: Vec<ProbeRequest> = asked.iter().map(|(_, request)| request.clone()).collect();
    let mut others: Vec<Vec<Probe>> = probes.iter().map(|_| Vec::new()).collect();
    for ((place, _), probe) in asked.into_iter().zip(probe_all(&requests_of_others)) {
        others[place].push(probe);
    }
    others
}

fn at_address(request: &ProbeRequest, probe: &Probe, address: SocketAddr) -> ProbeRequest {
    let server_name = probe.server_name.clone().map_or(ServerNameChoice::None, ServerNameChoice::Name);
    let target = Endpoint { host: address.ip().to_string(), port: address.port() };
    ProbeRequest { target, server_name, depth: Depth::Chain, ..request.clone() }
}

impl Servers {
    pub(super) fn examine(&self, endpoint: &Endpoint, files: &Files, selection: &Selection, args: &Args, env: &Env) -> Result<Examination, Failure> {
        let probed = self.probed.iter().find(|probed| probed.endpoint == *endpoint).expect("every port was probed");
        let name = args.name.clone().or_else(|| args.server.connection.server_name.clone()).or_else(|| GeneralName::parse_host(&endpoint.host).ok());
        let (trust, authority) = files.known();
        let deployed = files.contents().filter_map(|content| deployed(content, name.as_ref())).collect();
        let facts = server(
            probed.probe.clone(),
            probed.others.clone(),
            Expected {
                name,
                trust,
                authority,
                deployed,
                client: self.client.clone(),
                thumbprint: args.files.thumbprint.clone(),
                expires_within: args.expires_within,
                now: env.clock.now(),
            },
        );
        Ok(Examination {
            target: endpoint.to_string(),
            kind: TargetKind::Server,
            facts: seen(&facts),
            expiries: facts.chain.iter().map(expiry).collect(),
            diagnosis: diagnose(&facts, selection),
        })
    }
}

/// A file is compared with the port when it holds a certificate for this host.
fn deployed(content: &crate::doctor::file::FileContent, name: Option<&GeneralName>) -> Option<Deployed> {
    let covers = |certificate: &&Certificate| {
        let names = certificate.subject_alternative_names().unwrap_or_default();
        name.is_some_and(|wanted| names.iter().any(|name| name.covers(wanted)))
    };
    let certificate = content.certificates().find(covers)?;
    Some(Deployed { path: content.path.clone(), certificate: certificate.clone() })
}

fn expiry(certificate: &Certificate) -> Expiry {
    Expiry { subject: certificate.subject().to_string(), serial: certificate.serial().to_string(), not_after: certificate.not_after() }
}

/// What is worth showing of a port.
fn seen(facts: &Facts) -> Vec<(&'static str, String)> {
    let probe = &facts.probe;
    let mut seen = Vec::new();
    seen.extend(probe.address.map(|address| ("address", address.to_string())));
    seen.extend(probe.server_name.clone().map(|name| ("server name", name)));
    if let Some(negotiated) = &probe.negotiated {
        let group = negotiated.group.map(|group| format!(", {group}")).unwrap_or_default();
        seen.push(("negotiated", format!("{}, {}{group}", negotiated.version, negotiated.suite)));
    }
    let versions: Vec<&str> = probe.offered_versions().map(crate::tls::ProtocolVersion::name).collect();
    seen.push(("versions", versions.join(", ")));
    seen.push(("presents", facts.chain.iter().map(|certificate| certificate.subject().to_string()).collect::<Vec<_>>().join("; ")));
    if let Some(own) = facts.own() {
        let [sha1, sha256] = crate::cli::global::thumbprints(own);
        seen.extend([("sha1", sha1), ("sha256", sha256)]);
    }
    seen.extend(probe.client_authentication.demand.as_ref().map(|demand| ("clients", of_clients(demand))));
    if !facts.chain.is_empty() {
        let trusted =
            |trust: &crate::doctor::file::Trust| trust.anchors.iter().map(|anchor| anchor.subject().to_string()).collect::<Vec<_>>().join("; ");
        seen.push(("trusted", facts.trust.as_deref().map_or_else(|| "nothing is known to be trusted".into(), trusted)));
    }
    seen.push(("took", format!("{} ms", probe.timings.total.as_millis())));
    seen.retain(|(_, value)| !value.is_empty());
    seen
}

fn of_clients(demand: &CertificateDemand) -> String {
    let names: Vec<String> = demand.authorities.iter().filter_map(|der| DistinguishedName::from_der(der).ok()).map(|name| name.to_string()).collect();
    let of = if names.is_empty() { String::new() } else { format!(", of {}", names.join("; ")) };
    format!("certificate {}{of}", demand.demand.name())
}
