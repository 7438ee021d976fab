//! The way to the port, and what answers there.

use super::Facts;
use super::entries::*;
use crate::checks::{Entry, Finding, Help};
use crate::tls::{Behaviour, OtherChain, PlainProtocol, recognize, usual_on};
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
            format!(
                "{taken} {}, but {address} {}",
                presents(&probe.chain, &probe.behaviour),
                presents(&other.chain, &other.behaviour)
            ),
        )
        .advise("Give every address the same certificate.")
    }));
    findings
}

/// Whether the same client is presented the same each time.
pub(super) fn connections(facts: &Facts) -> Vec<Finding> {
    let (port, is_at_times) = (facts.port(), |other: &&OtherChain| other.is_at_times);
    let others = facts.probe.other_chains.iter().filter(is_at_times);
    others
        .map(|other| {
            let seen = format!(
                "one connection {}, another with the same hello {}",
                presents(&facts.probe.chain, &facts.probe.behaviour),
                presents(&other.chain, &facts.probe.behaviour)
            );
            Finding::new(&CONNECTIONS_DIFFER, port.clone(), seen).advise(
                "Look at each server behind the address: gsec doctor can be told its own address and, with --server-name, the name.",
            )
        })
        .collect()
}

fn presents(chain: &[Vec<u8>], behaviour: &Behaviour) -> String {
    match chain
        .first()
        .map(|der| gsec_pki::x509::Certificate::from_der(der))
    {
        Some(Ok(certificate)) => format!(
            "presents `{}`, serial {}",
            certificate.subject(),
            certificate.serial()
        ),
        Some(Err(_)) => "presents a certificate that cannot be read".into(),
        None => format!("presents nothing ({behaviour})"),
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, SocketAddr};

    use super::super::tests::{each, healthy, of_behaviour};
    use super::super::{Selection, diagnose};
    use super::*;
    use crate::checks::tests::certificates::root;
    use crate::checks::tests::{Expected, assert_all, help_of};
    use crate::tls::{AddressOutcome, SignatureVerdict};
    use gsec_pki::x509::path::Severity::{Error, Warning};

    #[test]
    fn way_to_the_port() {
        let reason = || "no route".to_owned();
        let rows: [(Behaviour, &[Expected]); 14] = [
            (
                Behaviour::Unresolved { reason: reason() },
                &[("host-unresolved", Error, "db1.example.com:443: ")],
            ),
            (Behaviour::ResolutionForbidden, &[("host-unresolved", Error, "")]),
            (
                Behaviour::Unreachable { reason: reason() },
                &[("host-unreachable", Error, "no route")],
            ),
            (Behaviour::Refused, &[("port-refused", Error, "")]),
            (Behaviour::TimedOut, &[("port-timeout", Error, "")]),
            (
                Behaviour::SourceUnusable { reason: reason() },
                &[("own-address-unusable", Error, "no route")],
            ),
            (
                Behaviour::ProxyRefused {
                    said: "HTTP/1.1 403 Forbidden".into(),
                },
                &[("proxy-refused", Error, "403")],
            ),
            (
                Behaviour::PlainText {
                    said: b"220 mail ESMTP Postfix".to_vec(),
                },
                &[("port-plain-text", Error, "")],
            ),
            (
                Behaviour::Garbage {
                    said: vec![0x30, 5, 2, 1, 0],
                },
                &[("port-plain-text", Error, "")],
            ),
            (
                Behaviour::Garbage {
                    said: vec![1, 2, 3, 4, 5, 6],
                },
                &[("port-not-tls", Error, "")],
            ),
            (Behaviour::Closes, &[("port-closes", Error, "")]),
            (Behaviour::Silent, &[("port-silent", Error, "")]),
            (
                Behaviour::Tls,
                &[(
                    "handshake-refused",
                    Error,
                    "without a server name: the handshake failed",
                )],
            ),
            (Behaviour::TlsAndPlainText, &[("port-plain-and-tls", Warning, "")]),
        ];
        let rows =
            rows.map(|(behaviour, expected)| (behaviour.name(), of_behaviour(443, behaviour), expected));
        assert_all(rows.iter().map(|(name, facts, expected)| {
            (*name, diagnose(facts, &Selection::default()).findings, *expected)
        }));
    }

    #[test]
    fn port_that_is_usually_another_protocols_is_called_so() {
        let help = |port| help_of(&behaviour(&of_behaviour(port, Behaviour::Silent))[0]);
        assert!(
            help(443).starts_with("advice: Check whether the service works"),
            "{}",
            help(443)
        );
        let smtp = help(25);
        assert!(
            smtp.starts_with("look: openssl s_client -starttls smtp -connect db1.example.com:25")
                && smtp.contains("usually the one of SMTP"),
            "{smtp}"
        );
    }

    fn address(text: &str) -> SocketAddr {
        SocketAddr::new(text.parse::<IpAddr>().expect("an address"), 443)
    }

    /// The host has these addresses, of which the first answered.
    fn with_addresses(facts: &mut Facts, outcomes: &[(&str, Option<Behaviour>)]) {
        facts.probe.addresses = outcomes
            .iter()
            .map(|(text, failure)| AddressOutcome {
                address: address(text),
                failure: failure.clone(),
            })
            .collect();
        facts.probe.address = Some(address(outcomes[0].0));
    }

    /// What the second address answered.
    fn other(facts: &mut Facts, chain: Option<Vec<Vec<u8>>>) {
        with_addresses(facts, &[("192.0.2.1", None), ("2001:db8::1", None)]);
        let mut other = facts.probe.clone();
        other.address = Some(address("2001:db8::1"));
        other.chain = chain.unwrap_or(other.chain);
        facts.others = vec![other];
    }

    #[test]
    fn connections_of_one_client() {
        fn other(facts: &mut Facts, is_at_times: bool) {
            facts.probe.other_chains = vec![OtherChain {
                clients: Vec::new(),
                is_at_times,
                chain: vec![root().host("db2.example.com").certificate.der().to_vec()],
                signature: SignatureVerdict::NotSeen,
                has_ocsp_response: false,
            }];
        }
        each(&[
            ("each is presented the same", |_| {}, &[]),
            (
                "other clients are presented another",
                |facts| other(facts, false),
                &[],
            ),
            (
                "another is presented at times",
                |facts| other(facts, true),
                &[(
                    "connections-differ",
                    Warning,
                    "another with the same hello presents `CN=db2.example.com`, serial 2A",
                )],
            ),
        ]);
    }

    #[test]
    fn addresses_of_one_host() {
        each(&[
            (
                "both answer",
                |facts| with_addresses(facts, &[("192.0.2.1", None), ("2001:db8::1", None)]),
                &[],
            ),
            ("both present the same", |facts| other(facts, None), &[]),
            (
                "one does not answer",
                |facts| {
                    with_addresses(
                        facts,
                        &[("192.0.2.1", None), ("2001:db8::1", Some(Behaviour::TimedOut))],
                    )
                },
                &[(
                    "addresses-differ",
                    Warning,
                    "192.0.2.1:443 answers, but [2001:db8::1]:443 does not",
                )],
            ),
            (
                "one presents another certificate",
                |facts| {
                    other(
                        facts,
                        Some(vec![root().host("db2.example.com").certificate.der().to_vec()]),
                    )
                },
                &[(
                    "addresses-differ",
                    Warning,
                    "[2001:db8::1]:443 presents `CN=db2.example.com`, serial 2A",
                )],
            ),
            (
                "one presents nothing",
                |facts| other(facts, Some(Vec::new())),
                &[(
                    "addresses-differ",
                    Warning,
                    "but [2001:db8::1]:443 presents nothing",
                )],
            ),
            (
                "one presents what cannot be read",
                |facts| other(facts, Some(vec![b"no certificate".to_vec()])),
                &[(
                    "addresses-differ",
                    Warning,
                    "presents a certificate that cannot be read",
                )],
            ),
            (
                "a name of its own for this machine, of which one address answers",
                |facts| with_addresses(facts, &[("127.0.0.1", None), ("::1", Some(Behaviour::Refused))]),
                &[("addresses-differ", Warning, "[::1]:443")],
            ),
        ]);
        let mut localhost = healthy();
        with_addresses(
            &mut localhost,
            &[("127.0.0.1", None), ("::1", Some(Behaviour::Refused))],
        );
        localhost.probe.target.host = "localhost".into();
        assert!(
            addresses(&localhost).is_empty(),
            "localhost has both families everywhere"
        );
    }
}
