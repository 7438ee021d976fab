//! Ports of servers as targets of `gsec doctor`.

use std::path::PathBuf;

use super::Args;
use super::files::Files;
use super::left_out::stopped;
use super::target::Target;
use crate::cli::connection_args::ConnectionArgs;
use crate::cli::failure::Failure;
use crate::cli::input::Source;
use crate::cli::secret::InputPassword;
use gsec_doctor::checks::server::{Deployed, Facts, diagnose, not_checked};
use gsec_doctor::checks::{Appending, Examination, Expiry, Selection, TargetKind};
use gsec_doctor::facts::{Expected, ProbedHost, probe_hosts, server};
use gsec_doctor::net::{ClientIdentity, Depth, ProbeRequest, ServerNameChoice};
use gsec_doctor::tls::{CertificateDemand, Endpoint};
use gsec_env::Env;
use gsec_pki::x509::{Certificate, DistinguishedName, GeneralName, days_left};

/// Options for targets that are ports.
#[derive(clap::Args)]
pub(super) struct ServerArgs {
    #[command(flatten)]
    pub connection: ConnectionArgs,
}

/// The ports among the targets, probed.
pub(super) struct Servers {
    probed: Vec<(Endpoint, ProbedHost)>,
    client: Vec<Certificate>,
    client_file: Option<(PathBuf, Appending)>,
}

/// Probes all ports at once.
pub(super) fn probe(
    targets: &[Target],
    args: &Args,
    password: &InputPassword,
    env: &mut Env,
) -> Result<Servers, Failure> {
    let endpoints: Vec<Endpoint> = targets.iter().filter_map(Target::endpoint).collect();
    if endpoints.is_empty() {
        return Ok(Servers {
            probed: Vec::new(),
            client: Vec::new(),
            client_file: None,
        });
    }
    let identity = args.server.connection.identity(password, env)?;
    let shown = identity.iter().flat_map(|identity| {
        identity
            .certificates()
            .filter_map(|der| Certificate::from_der(der).ok())
    });
    let client = shown.collect();
    let client_file = match &args.server.connection.client_cert {
        Some(path) if path.as_os_str() != "-" => Some((path.clone(), Source::read(path, env)?.appending())),
        _ => None,
    };
    let requests: Vec<ProbeRequest> = endpoints
        .iter()
        .map(|endpoint| request(endpoint, args, &identity))
        .collect();
    Ok(Servers {
        probed: endpoints.into_iter().zip(probe_hosts(&requests)).collect(),
        client,
        client_file,
    })
}

/// Probes a port in the way of a client that connects to the given host.
fn request(endpoint: &Endpoint, args: &Args, identity: &Option<ClientIdentity>) -> ProbeRequest {
    let mut request = args
        .server
        .connection
        .request(endpoint.clone(), identity.clone(), Depth::Full);
    if let (ServerNameChoice::Target, Some(name @ GeneralName::Dns(_))) = (&request.server_name, &args.name) {
        request.server_name = ServerNameChoice::Name(name.value());
    }
    request
}

impl Servers {
    pub(super) fn examine(
        &self,
        endpoint: &Endpoint,
        files: &Files,
        selection: &Selection,
        args: &Args,
        env: &Env,
    ) -> Result<Examination, Failure> {
        let (_, probed) = self
            .probed
            .iter()
            .find(|(probed, _)| probed == endpoint)
            .expect("every port was probed");
        let name = args
            .name
            .clone()
            .or_else(|| args.server.connection.server_name.clone())
            .or_else(|| GeneralName::parse_host(&endpoint.host).ok());
        let (trust, authority) = files.known();
        let deployed = files
            .contents()
            .filter_map(|content| deployed(content, name.as_ref()))
            .collect();
        let facts = server(
            probed.clone(),
            &Expected {
                name,
                trust,
                authority,
                deployed,
                key: files.key(),
                client: self.client.clone(),
                client_file: self.client_file.clone(),
                thumbprint: args.files.thumbprint.clone(),
                expires_within: args.expires_within,
                now: env.clock.now(),
            },
        );
        let diagnosis = diagnose(&facts, selection);
        if facts.chain.is_empty() && facts.unreadable.is_empty() {
            stopped(&endpoint.to_string(), &diagnosis, || {
                diagnose(&facts, &Selection::default())
            })?;
        }
        Ok(Examination {
            target: endpoint.to_string(),
            kind: TargetKind::Server,
            facts: seen(&facts),
            expiries: all_certificates(&facts).map(Expiry::from).collect(),
            not_checked: not_checked(&facts),
            is_unseen: facts.hides_certificates() && diagnosis.left_out.is_empty(),
            summary: summary(&facts),
            diagnosis,
        })
    }
}

/// A file is compared with the port when it holds a certificate for this host.
fn deployed(
    content: &gsec_doctor::checks::file::FileContent,
    name: Option<&GeneralName>,
) -> Option<Deployed> {
    let covers = |certificate: &&Certificate| {
        let names = certificate.subject_alternative_names().unwrap_or_default();
        name.is_some_and(|wanted| names.iter().any(|name| name.covers(wanted)))
    };
    let certificate = content.certificates().find(covers)?;
    Some(Deployed {
        path: content.path.clone(),
        certificate: certificate.clone(),
    })
}

/// Every certificate that is presented to some client, once.
fn all_certificates(facts: &Facts) -> impl Iterator<Item = &Certificate> {
    let mut seen = std::collections::HashSet::new();
    facts
        .chain
        .iter()
        .chain(facts.also.iter().flat_map(|also| &also.chain))
        .filter(move |certificate| seen.insert(certificate.der()))
}

/// A healthy port in one line.
fn summary(facts: &Facts) -> Option<String> {
    let (own, negotiated) = (facts.own()?, facts.probe.negotiated.as_ref()?);
    let ends = facts
        .all_own()
        .map(Certificate::not_after)
        .min()
        .unwrap_or(own.not_after());
    let days = days_left(ends, facts.now);
    let top = facts.answer.as_ref().and_then(|answer| answer.path.last());
    let anchor = top.filter(|top| {
        facts
            .trust
            .as_ref()
            .is_some_and(|trust| trust.anchors.contains(top))
    });
    let trusted = anchor
        .map(|anchor| format!(", trusted by `{}`", anchor.subject()))
        .unwrap_or_default();
    let certificates = if facts.chain.len() == 1 {
        "1 certificate".to_owned()
    } else {
        format!("{} certificates", facts.chain.len())
    };
    let others = match facts.also.len() {
        0 => String::new(),
        1 => " (another certificate to other clients)".into(),
        count => format!(" ({count} other certificates to other clients)"),
    };
    Some(format!(
        "{}, {days} days left, {certificates} presented{others}{trusted}",
        negotiated.version
    ))
}

/// What is worth showing of a port.
fn seen(facts: &Facts) -> Vec<(&'static str, String)> {
    let probe = &facts.probe;
    let mut seen = Vec::new();
    seen.extend(probe.address.map(|address| ("address", address.to_string())));
    seen.extend(probe.server_name.clone().map(|name| ("server name", name)));
    seen.extend(
        probe
            .starttls
            .map(|protocol| ("starttls", protocol.name().to_owned())),
    );
    if let Some(negotiated) = &probe.negotiated {
        let group = negotiated
            .group
            .map(|group| format!(", {group}"))
            .unwrap_or_default();
        seen.push((
            "negotiated",
            format!("{}, {}{group}", negotiated.version, negotiated.suite),
        ));
    }
    let versions: Vec<&str> = probe
        .offered_versions()
        .map(gsec_doctor::tls::ProtocolVersion::name)
        .collect();
    seen.push(("versions", versions.join(", ")));
    seen.push((
        "presents",
        facts
            .chain
            .iter()
            .map(|certificate| certificate.subject().to_string())
            .collect::<Vec<_>>()
            .join("; "),
    ));
    for also in &facts.also {
        let names: Vec<String> = also
            .chain
            .iter()
            .map(|certificate| certificate.subject().to_string())
            .collect();
        let clients = also.clients.as_deref().unwrap_or_default();
        let serial = also
            .own()
            .map(|own| format!(", serial {}", own.serial()))
            .unwrap_or_default();
        seen.push((
            "presents also",
            format!("{}{serial}, to {clients}", names.join("; ")),
        ));
    }
    if let Some(own) = facts.own() {
        let [sha1, sha256] = crate::cli::global::thumbprints(own);
        seen.extend([("sha1", sha1), ("sha256", sha256)]);
    }
    seen.extend(
        probe
            .client_authentication
            .demand
            .as_ref()
            .map(|demand| ("clients", of_clients(demand))),
    );
    if !facts.chain.is_empty() {
        let trusted = |trust: &gsec_doctor::checks::file::Trust| {
            trust
                .anchors
                .iter()
                .map(|anchor| anchor.subject().to_string())
                .collect::<Vec<_>>()
                .join("; ")
        };
        seen.push((
            "trusted",
            facts
                .trust
                .as_deref()
                .map_or_else(|| "no certificate is trusted".into(), trusted),
        ));
    }
    seen.push(("took", format!("{} ms", probe.timings.total.as_millis())));
    seen.retain(|(_, value)| !value.is_empty());
    seen
}

fn of_clients(demand: &CertificateDemand) -> String {
    let names: Vec<String> = demand
        .authorities
        .iter()
        .filter_map(|der| DistinguishedName::from_der(der).ok())
        .map(|name| name.to_string())
        .collect();
    let of = if names.is_empty() {
        String::new()
    } else {
        format!(", of {}", names.join("; "))
    };
    format!("certificate {}{of}", demand.demand.name())
}
