//! Whether hosts have the certificates of the inventory, and whether their ports serve them.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::time::Duration;

use time::OffsetDateTime;

use super::{Fleet, FleetHost};
use gsec_ca::authority::{Authority, AuthorityError};
use gsec_doctor::net::{Depth, Limits, ProbeRequest, ServerNameChoice, probe};
use gsec_doctor::tls::{Behaviour, Endpoint, NoStartTls, Probe, SignatureVerdict, StartTls};
use gsec_env::parallel_map;
use gsec_pki::x509::path::{Question, Rule, Severity, validate};
use gsec_pki::x509::{Certificate, GeneralName, SerialNumber, decode_certificates};
use gsec_platform::inventory::{App, Certificate as Level, Host, Port, PortMode};

/// A port that is to serve the certificate of its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServingPort {
    /// The place of the host in the fleet.
    pub host: usize,
    /// The application, or the target of the bundle.
    pub of: String,
    /// Its number.
    pub number: u16,
    /// The protocol in which a client asks for TLS.
    pub starttls: Option<String>,
}

/// A port with TLS of which gsec does not know what it is to serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnprobedPort {
    /// The host, as the inventory calls it.
    pub host: String,
    /// The application, or the target of the bundle.
    pub of: String,
    /// Its number.
    pub number: u16,
    /// Why it is not asked.
    pub why: Unprobed,
}

/// Why a port is not asked for its certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unprobed {
    /// A connection to it begins in plain text, in the platform's own protocol.
    AutoDetect,
    /// The inventory gives it no certificate of the CA.
    NoCertificate,
    /// Its certificate is assigned to the application or the port, which does not say which one it is.
    OwnCertificate,
    /// Something is wrong with the host in the inventory.
    Problem,
}

impl fmt::Display for Unprobed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AutoDetect => "an auto-detect port begins in plain text",
            Self::NoCertificate => "the inventory gives it no certificate of this CA",
            Self::OwnCertificate => "its certificate is not that of its host",
            Self::Problem => "its host cannot have a certificate as the inventory is",
        })
    }
}

/// What a port serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PortState {
    /// The certificate that it is to serve.
    Serves,
    /// An older one that this CA issued.
    Old {
        /// Its serial number.
        serial: SerialNumber,
        /// Its end.
        not_after: OffsetDateTime,
    },
    /// One that this CA did not issue.
    Foreign {
        /// Its subject, or its names.
        title: String,
    },
    /// It speaks no TLS.
    Plain,
    /// It cannot be reached, or no certificate was seen.
    Unreachable {
        /// Why.
        why: String,
    },
    /// The CA has no certificate for the host that it could serve.
    NothingToServe,
}

impl PortState {
    /// A stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Serves => "serves",
            Self::Old { .. } => "drift-old",
            Self::Foreign { .. } => "drift-foreign",
            Self::Plain => "drift-plain",
            Self::Unreachable { .. } => "unreachable",
            Self::NothingToServe => "no-certificate",
        }
    }
}

/// The certificate that each host is to serve: the newest valid one.
///
/// # Errors
/// [`AuthorityError`] where the CA cannot be asked.
pub fn expected(
    fleet: &Fleet<'_>,
    authority: &Authority,
    now: OffsetDateTime,
) -> Result<Vec<Option<Certificate>>, AuthorityError> {
    authority.newest_valid_of_each(fleet.hosts.iter().map(|host| &host.name), now)
}

/// The ports that are to serve certificates: those of applications that are secured, and those that bundles name.
pub fn serving_ports(fleet: &Fleet<'_>) -> Vec<ServingPort> {
    let apps = apps_of_hosts(fleet);
    let mut ports = Vec::new();
    for (at, host) in fleet.hosts.iter().enumerate() {
        for bundle in &host.host.bundles {
            ports.extend(bundle.port.as_ref().map(|port| ServingPort {
                host: at,
                of: bundle.target.value.clone(),
                number: port.value,
                starttls: bundle.probe.as_ref().map(|probe| probe.value.clone()),
            }));
        }
        for app in apps.get(host.host.name.as_str()).into_iter().flatten() {
            let asked = app
                .ports
                .iter()
                .filter(|port| why_unprobed(host.host, app, port) == Ok(()));
            ports.extend(asked.map(|port| ServingPort {
                host: at,
                of: app.name.value.clone(),
                number: port.number.value,
                starttls: port.probe.as_ref().map(|probe| probe.value.clone()),
            }));
        }
    }
    ports
}

/// The other ports with TLS of the hosts that were asked for: nothing can be said of what they serve.
pub fn unprobed_ports(fleet: &Fleet<'_>) -> Vec<UnprobedPort> {
    let apps = apps_of_hosts(fleet);
    let served: HashSet<&str> = fleet.hosts.iter().map(|host| host.host.name.as_str()).collect();
    let mut unprobed = Vec::new();
    for host in fleet.inventory.hosts.iter().filter(|host| fleet.admits(host)) {
        let is_served = served.contains(host.name.as_str());
        let mut add = |of: &str, number: u16, why: Unprobed| {
            unprobed.push(UnprobedPort {
                host: host.name.to_string(),
                of: of.to_owned(),
                number,
                why,
            });
        };
        let without = match host.certificate.value {
            Level::None => Unprobed::NoCertificate,
            _ => Unprobed::Problem,
        };
        for bundle in host.bundles.iter().filter(|_| !is_served) {
            if let Some(port) = &bundle.port {
                add(&bundle.target.value, port.value, without);
            }
        }
        for app in apps.get(host.name.as_str()).into_iter().flatten() {
            for port in app
                .ports
                .iter()
                .filter(|port| port.mode.value != PortMode::Unsecured)
            {
                match why_unprobed(host, app, port) {
                    Err(why) => add(&app.name.value, port.number.value, why),
                    Ok(()) if !is_served => add(&app.name.value, port.number.value, without),
                    Ok(()) => {}
                }
            }
        }
    }
    unprobed
}

fn apps_of_hosts<'a>(fleet: &Fleet<'a>) -> HashMap<&'a str, Vec<&'a App>> {
    let mut apps: HashMap<&str, Vec<&App>> = HashMap::new();
    for app in &fleet.inventory.apps {
        apps.entry(app.host.as_str()).or_default().push(app);
    }
    apps
}

/// Whether a port is to serve the certificate of its host to whoever connects.
fn why_unprobed(host: &Host, app: &App, port: &Port) -> Result<(), Unprobed> {
    let level = port
        .certificate
        .as_ref()
        .or(app.certificate.as_ref())
        .unwrap_or(&host.certificate);
    match (port.mode.value, level.value) {
        (PortMode::AutoDetect, _) => Err(Unprobed::AutoDetect),
        (PortMode::Unsecured, _) | (_, Level::None) => Err(Unprobed::NoCertificate),
        (PortMode::Secured, Level::Application | Level::Port) => Err(Unprobed::OwnCertificate),
        (PortMode::Secured, Level::Host) => Ok(()),
    }
}

/// Asks each port for its certificate. What they serve is compared byte for byte with `expected`, one for each host of the fleet.
pub fn probe_ports(
    fleet: &Fleet<'_>,
    authority: &Authority,
    expected: &[Option<Certificate>],
    ports: &[ServingPort],
    jobs: usize,
    step: Duration,
) -> Vec<PortState> {
    parallel_map(jobs, ports.len(), |at| {
        let port = &ports[at];
        let Some(expected) = &expected[port.host] else {
            return PortState::NothingToServe;
        };
        let seen = probe(&request(&fleet.hosts[port.host], port, step));
        judge(expected, &seen, &|serial| copy_of(authority, serial))
    })
}

/// Why a port does not serve a certificate as it is to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotServed {
    /// It serves another one, or none.
    Port(PortState),
    /// Clients of this CA do not accept what it presents.
    Chain(String),
}

/// Asks a port for a certificate, byte for byte, with a chain that leads to these roots, under the name of the host.
///
/// # Errors
/// [`NotServed`].
pub fn is_served(
    host: &FleetHost<'_>,
    port: &ServingPort,
    (expected, roots): (&Certificate, &[Certificate]),
    authority: &Authority,
    now: OffsetDateTime,
    step: Duration,
) -> Result<(), NotServed> {
    let seen = probe(&request(host, port, step));
    let state = judge(expected, &seen, &|serial| copy_of(authority, serial));
    if state != PortState::Serves {
        return Err(NotServed::Port(state));
    }
    let presented: Vec<Certificate> = seen
        .chain
        .iter()
        .skip(1)
        .filter_map(|der| decode_certificates(der).ok())
        .flatten()
        .collect();
    let answer = validate(&Question {
        untrusted: &presented,
        anchors: roots,
        name: Some(&host.name),
        ..Question::about(expected, now)
    });
    let error = answer
        .findings
        .iter()
        .find(|finding| finding.severity == Severity::Error || finding.rule == Rule::SignatureUnchecked);
    match error {
        None => Ok(()),
        Some(finding) => Err(NotServed::Chain(finding.message.clone())),
    }
}

/// The host is reached at its address where the inventory has one, and asked for by its name.
fn request(host: &FleetHost<'_>, port: &ServingPort, step: Duration) -> ProbeRequest {
    let name = match &host.name {
        GeneralName::Dns(name) => Some(name.to_string()),
        _ => None,
    };
    let address = host
        .host
        .address
        .as_ref()
        .map(|address| address.value.to_string());
    let target = Endpoint {
        host: address.unwrap_or_else(|| host.name.value()),
        port: port.number,
    };
    ProbeRequest {
        server_name: name.map_or(ServerNameChoice::Target, ServerNameChoice::Name),
        limits: Limits::of_step(step),
        starttls: port.starttls.as_deref().and_then(StartTls::named),
        ..ProbeRequest::of(target, Depth::Chain)
    }
}

/// The CA's copy of a certificate; of one that cannot be read nobody says that it is this CA's.
fn copy_of(authority: &Authority, serial: &SerialNumber) -> Option<Certificate> {
    authority.issued_certificate(serial).ok().flatten()
}

/// What a port serves, beside what it is to serve. Pure.
fn judge(
    expected: &Certificate,
    seen: &Probe,
    issued: &dyn Fn(&SerialNumber) -> Option<Certificate>,
) -> PortState {
    let Some(leaf) = seen.chain.first() else {
        return without_certificate(&seen.behaviour);
    };
    if matches!(seen.signature, SignatureVerdict::Bad { .. }) {
        return PortState::Foreign {
            title: "it does not have the key of the certificate that it presents".into(),
        };
    }
    if leaf.as_slice() == expected.der() {
        return match &seen.signature {
            // Anybody can present it.
            SignatureVerdict::Unknown { reason } => PortState::Unreachable {
                why: format!(
                    "it presents the certificate, and whether it has its key could not be checked: {reason}"
                ),
            },
            _ => PortState::Serves,
        };
    }
    let presented = decode_certificates(leaf).ok().and_then(|mut all| all.pop());
    let Some(presented) = presented else {
        return PortState::Foreign {
            title: "a certificate that cannot be read".into(),
        };
    };
    let is_own = issued(presented.serial()).is_some_and(|own| own.der() == presented.der());
    if is_own {
        PortState::Old {
            serial: presented.serial().clone(),
            not_after: presented.not_after(),
        }
    } else {
        PortState::Foreign {
            title: presented.title(),
        }
    }
}

fn without_certificate(behaviour: &Behaviour) -> PortState {
    let unreachable = |why: &str| PortState::Unreachable { why: why.to_owned() };
    match behaviour {
        Behaviour::PlainText { .. }
        | Behaviour::Garbage { .. }
        | Behaviour::NoStartTls {
            reason: NoStartTls::NotOffered { .. },
            ..
        } => PortState::Plain,
        Behaviour::NoStartTls { .. } => unreachable(&behaviour.to_string()),
        Behaviour::Refused => unreachable("the port is closed"),
        Behaviour::TimedOut => unreachable("nothing answers within the time"),
        Behaviour::Silent => unreachable("it takes the connection, and sends nothing"),
        Behaviour::Closes => unreachable("it takes the connection, and closes it"),
        Behaviour::Unreachable { reason } | Behaviour::Unresolved { reason } => unreachable(reason),
        _ => unreachable("no certificate was seen"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host() -> Certificate {
        let der = include_bytes!("../../../../tests/data/golden_host.der");
        Certificate::from_der(der).expect("a certificate")
    }

    fn ca() -> Certificate {
        let der = include_bytes!("../../../../tests/data/golden_ca.der");
        Certificate::from_der(der).expect("a certificate")
    }

    /// What a port is told to serve that presents a certificate, and signs the handshake like this; the CA's only copy is that of the host.
    fn judged(presented: &Certificate, expected: &Certificate, signature: SignatureVerdict) -> PortState {
        let target = Endpoint {
            host: "db1.example.com".into(),
            port: 443,
        };
        let seen = Probe {
            chain: vec![presented.der().to_vec()],
            signature,
            ..Probe::of_behaviour(target, Behaviour::Tls)
        };
        judge(expected, &seen, &|serial| {
            Some(host()).filter(|own| own.serial() == serial)
        })
    }

    #[test]
    fn certificate_is_served_only_by_who_has_its_key() {
        let scheme = || "ed448".to_owned();
        let good = || SignatureVerdict::Good { scheme: scheme() };
        let unknown = || SignatureVerdict::Unknown {
            reason: "ed448 with P-256".into(),
        };
        assert_eq!(judged(&host(), &host(), good()), PortState::Serves);
        // Static RSA proves it without a signature.
        assert_eq!(
            judged(&host(), &host(), SignatureVerdict::NotSeen),
            PortState::Serves
        );
        match judged(&host(), &host(), unknown()) {
            PortState::Unreachable { why } => assert_eq!(
                why,
                "it presents the certificate, and whether it has its key could not be checked: ed448 with P-256"
            ),
            other => panic!("{other:?}"),
        }
        let bad = SignatureVerdict::Bad { scheme: scheme() };
        assert!(
            matches!(judged(&host(), &host(), bad), PortState::Foreign { title } if title.starts_with("it does not have the key"))
        );
        for signature in [good(), unknown()] {
            assert!(matches!(
                judged(&host(), &ca(), signature.clone()),
                PortState::Old { .. }
            ));
            let foreign = judged(&ca(), &host(), signature);
            assert!(matches!(foreign, PortState::Foreign { title } if title == ca().title()));
        }
    }
}
