//! The way to the port, and what answers there.

use super::Facts;
use super::entries::*;
use crate::checks::{Entry, Finding, Help};
use crate::tls::{Behaviour, PlainProtocol, Probe, recognize, usual_on};
use gsec_pki::encoding::shell::{CommandLine, Prose};

/// How the port behaves, unless it speaks TLS and nothing else.
pub(super) fn behaviour(facts: &Facts) -> Vec<Finding> {
    let probe = &facts.probe;
    let (host, port) = (&probe.target.host, probe.target.port);
    let look = |words: &'static str| Help::Look(CommandLine::new(words).value(host));
    let found = |entry: &'static Entry, help: &[Help]| {
        let finding = Finding::new(entry, facts.port(), probe.behaviour.to_string());
        vec![help.iter().cloned().fold(finding, Finding::help)]
    };
    match &probe.behaviour {
        Behaviour::Tls if probe.negotiated.is_none() && probe.without_certificates.is_none() => {
            vec![refused(facts)]
        }
        Behaviour::Tls => Vec::new(),
        Behaviour::TlsAndPlainText => found(
            &PLAIN_AND_TLS,
            &[Help::advice(
                "Have the service require TLS, once all clients support it.",
            )],
        ),
        Behaviour::PlainText { said } => found(&PLAIN_TEXT, &plain_protocol(recognize(said), facts)),
        Behaviour::Garbage { said } => match recognize(said) {
            Some(protocol) => found(&PLAIN_TEXT, &plain_protocol(Some(protocol), facts)),
            None => found(&NOT_TLS, &plain_protocol(None, facts)),
        },
        Behaviour::Closes => found(
            &PORT_CLOSES,
            &closed_or_silent(facts, "Check the log of the service."),
        ),
        Behaviour::Silent => found(
            &PORT_SILENT,
            &closed_or_silent(
                facts,
                "Check whether the service works, and whether TLS is enabled for this port.",
            ),
        ),
        Behaviour::Refused => {
            let words = Prose::new(
                "Start the service. On its host, ss -tln shows whether a program listens on port ",
            )
            .number(port);
            found(&PORT_REFUSED, &[Help::Advice(words.words("."))])
        }
        Behaviour::Unreachable { .. } => found(&HOST_UNREACHABLE, &[look("ip route get")]),
        Behaviour::TimedOut => found(
            &PORT_TIMEOUT,
            &[look("ping -c 3"), Help::advice("Check the firewalls in between.")],
        ),
        Behaviour::Unresolved { .. } => found(&HOST_UNRESOLVED, &[look("getent hosts")]),
        Behaviour::ResolutionForbidden => found(
            &HOST_UNRESOLVED,
            &[Help::advice("Give the host's address, or leave out --no-dns.")],
        ),
        Behaviour::SourceUnusable { .. } => {
            found(&OWN_ADDRESS, &[Help::Look(CommandLine::new("ip address"))])
        }
        Behaviour::ProxyRefused { .. } => found(
            &PROXY_REFUSED,
            &[Help::Advice(
                Prose::new("Allow CONNECT to ")
                    .name(&facts.port())
                    .words(" in the proxy."),
            )],
        ),
    }
}

/// What can be done about a port with another protocol than TLS.
fn plain_protocol(protocol: Option<PlainProtocol>, facts: &Facts) -> Vec<Help> {
    let Some(protocol) = protocol else {
        return vec![Help::advice("Give the right port, or enable TLS in the service.")];
    };
    let mut all: Vec<Help> = starttls(protocol, facts).into_iter().collect();
    all.push(Help::Advice(match (protocol.starttls, protocol.tls_port) {
        (Some(_), Some(port)) => Prose::new("In ")
            .words(protocol.name)
            .words(
                " the client starts TLS, as this command does. With TLS from the first byte it is usually \
                 on port ",
            )
            .number(port)
            .words("."),
        (Some(_), None) => Prose::new("In ")
            .words(protocol.name)
            .words(" the client starts TLS, as this command does."),
        (None, Some(port)) => Prose::new("Enable TLS in the service, or give its port with TLS: for ")
            .words(protocol.name)
            .words(" usually ")
            .number(port)
            .words("."),
        (None, None) => Prose::new("This port speaks ")
            .words(protocol.name)
            .words(" without TLS. Enable TLS in the service, or give the right port."),
    }));
    all
}

/// The command that negotiates TLS in a protocol that starts in plain text (RFC 3207, RFC 2595, RFC 4217 and so on).
fn starttls(protocol: PlainProtocol, facts: &Facts) -> Option<Help> {
    let name = protocol.starttls?;
    Some(Help::Look(
        CommandLine::new("openssl s_client -starttls")
            .words(name)
            .words("-connect")
            .value(&facts.port()),
    ))
}

/// A service that waits for its client to speak takes a ClientHello for nonsense; the number of the port tells which it may be.
fn closed_or_silent(facts: &Facts, otherwise: &'static str) -> Vec<Help> {
    let Some(protocol) = usual_on(facts.probe.target.port) else {
        return vec![Help::advice(otherwise)];
    };
    let words = Prose::new("This port is usually the one of ")
        .words(protocol.name)
        .words(", which does not start with TLS. ")
        .words(otherwise);
    starttls(protocol, facts)
        .into_iter()
        .chain([Help::Advice(words)])
        .collect()
}

/// A server that speaks TLS and comes to terms with no hello of any age.
fn refused(facts: &Facts) -> Finding {
    let probe = &facts.probe;
    let reason = probe
        .modern_refusal
        .as_ref()
        .map_or_else(|| "the handshake failed".into(), ToString::to_string);
    let name = probe.server_name.as_ref().map_or_else(
        || "without a server name".into(),
        |name| format!("for the server name `{name}`"),
    );
    Finding::new(&TLS_REFUSED, facts.port(), format!("{name}: {reason}"))
        .advise("Check the log of the server, and try its own name with --server-name.")
}

/// Whether every address of the host answers, and presents the same.
pub(super) fn addresses(facts: &Facts) -> Vec<Finding> {
    let probe = &facts.probe;
    let Some(taken) = probe.address else {
        return Vec::new();
    };
    // The name localhost has both families everywhere, and a server that listens on one of them is fine.
    let is_localhost = probe.target.host == "localhost" || probe.target.host.ends_with(".localhost");
    let failed = probe
        .addresses
        .iter()
        .filter(|outcome| !(is_localhost && outcome.address.ip().is_loopback()));
    let failed = failed.filter_map(|outcome| Some((outcome.address, outcome.failure.as_ref()?)));
    let mut findings: Vec<Finding> = failed
        .map(|(address, failure)| {
            let finding = Finding::new(
                &ADDRESSES_DIFFER,
                facts.port(),
                format!("{taken} answers, but {address} does not: {failure}"),
            );
            finding.advise("Have the service listen there too, or remove the address from the name service.")
        })
        .collect();
    let differs = facts
        .others
        .iter()
        .filter(|other| other.behaviour.is_connected() && other.chain != probe.chain);
    findings.extend(differs.map(|other| {
        let address = other
            .address
            .map(|address| address.to_string())
            .unwrap_or_default();
        Finding::new(
            &ADDRESSES_DIFFER,
            facts.port(),
            format!("{taken} {}, but {address} {}", presents(probe), presents(other)),
        )
        .advise("Give every address the same certificate.")
    }));
    findings
}

fn presents(probe: &Probe) -> String {
    match probe
        .chain
        .first()
        .map(|der| gsec_pki::x509::Certificate::from_der(der))
    {
        Some(Ok(certificate)) => format!(
            "presents `{}`, serial {}",
            certificate.subject(),
            certificate.serial()
        ),
        Some(Err(_)) => "presents a certificate that cannot be read".into(),
        None => format!("presents nothing ({})", probe.behaviour),
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, SocketAddr};

    use super::*;
    use crate::tls::{AddressOutcome, Endpoint};
    use gsec_pki::x509::path::Severity;

    fn address(text: &str) -> SocketAddr {
        SocketAddr::new(text.parse::<IpAddr>().expect("an address"), 443)
    }

    /// A host with these addresses, of which the first answered.
    fn facts(outcomes: &[(&str, Option<Behaviour>)], others: Vec<Probe>) -> Facts {
        let mut probe = Probe::of_behaviour(
            Endpoint {
                host: "db1.example.com".into(),
                port: 443,
            },
            Behaviour::Tls,
        );
        probe.addresses = outcomes
            .iter()
            .map(|(text, failure)| AddressOutcome {
                address: address(text),
                failure: failure.clone(),
            })
            .collect();
        probe.address = Some(probe.addresses[0].address);
        probe.chain = vec![b"one".to_vec()];
        Facts::of_probe(probe, others)
    }

    #[test]
    fn addresses_that_answer_alike_are_no_finding() {
        let same = facts(&[("192.0.2.1", None), ("2001:db8::1", None)], Vec::new());
        assert!(addresses(&same).is_empty());
        let mut other = same.probe.clone();
        other.address = Some(address("2001:db8::1"));
        assert!(addresses(&facts(&[("192.0.2.1", None), ("2001:db8::1", None)], vec![other])).is_empty());
        let mut loopback = facts(
            &[("127.0.0.1", None), ("::1", Some(Behaviour::Refused))],
            Vec::new(),
        );
        assert_eq!(addresses(&loopback).len(), 1, "a name of its own");
        loopback.probe.target.host = "localhost".into();
        assert!(addresses(&loopback).is_empty(), "localhost");
    }

    #[test]
    fn address_that_does_not_answer_is_a_warning() {
        for (failure, severity) in [
            (Behaviour::Refused, Severity::Warning),
            (Behaviour::TimedOut, Severity::Warning),
        ] {
            let found = addresses(&facts(
                &[("192.0.2.1", None), ("2001:db8::1", Some(failure))],
                Vec::new(),
            ));
            assert_eq!(
                found.iter().map(|finding| finding.severity).collect::<Vec<_>>(),
                [severity]
            );
            assert!(
                found[0]
                    .seen
                    .starts_with("192.0.2.1:443 answers, but [2001:db8::1]:443 does not"),
                "{}",
                found[0].seen
            );
        }
    }

    #[test]
    fn other_certificate_at_another_address_is_a_warning() {
        let first = facts(&[("192.0.2.1", None), ("2001:db8::1", None)], Vec::new());
        let mut other = first.probe.clone();
        (other.address, other.chain) = (Some(address("2001:db8::1")), Vec::new());
        let found = addresses(&facts(&[("192.0.2.1", None), ("2001:db8::1", None)], vec![other]));
        assert_eq!(found[0].severity, Severity::Warning);
        assert!(
            found[0].seen.contains("but [2001:db8::1]:443 presents nothing"),
            "{}",
            found[0].seen
        );
    }
}
