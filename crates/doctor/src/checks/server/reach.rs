//! The way to the port, and what answers there.

use super::Facts;
use super::entries::*;
use crate::checks::{Entry, Finding, Help};
use crate::tls::{Behaviour, NoStartTls, OtherChain, PlainProtocol, Refusal, StartTls, recognize, usual_on};
use gsec_pki::encoding::shell::{CommandLine, Prose};
use gsec_pki::x509::path::Severity;

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
        Behaviour::PlainText { said } => {
            let protocol = recognize(said).or_else(|| usual_with_starttls(port));
            found(&PLAIN_TEXT, &plain_protocol(protocol, facts))
        }
        Behaviour::Garbage { said } => match recognize(said) {
            Some(protocol) => found(&PLAIN_TEXT, &plain_protocol(Some(protocol), facts)),
            None => found(&NOT_TLS, &plain_protocol(None, facts)),
        },
        Behaviour::NoStartTls { protocol, reason } => {
            let (entry, help) = no_starttls(*protocol, reason, facts);
            found(entry, &help)
        }
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

/// What it means that TLS was not started, and what can be done about it.
fn no_starttls(protocol: StartTls, reason: &NoStartTls, facts: &Facts) -> (&'static Entry, Vec<Help>) {
    let advice = |words: &'static str| vec![Help::advice(words)];
    match reason {
        NoStartTls::TlsAtOnce => {
            let look = Help::Look(facts.with_starttls("gsec doctor", None));
            (
                &STARTTLS_TLS_AT_ONCE,
                vec![
                    look,
                    Help::advice("Configure clients for TLS from the first byte on this port."),
                ],
            )
        }
        NoStartTls::OtherProtocol { said } => {
            let spoken = recognize(said).or_else(|| usual_on(facts.probe.target.port));
            let spoken = spoken.filter(|spoken| spoken.start_tls() != Some(protocol));
            let mut help: Vec<Help> = spoken
                .and_then(|spoken| starttls(spoken, facts))
                .into_iter()
                .collect();
            help.extend(advice("Name the protocol of this port, or give the right port."));
            (&STARTTLS_OTHER_PROTOCOL, help)
        }
        NoStartTls::NotOffered { .. } => (&STARTTLS_NOT_OFFERED, advice(enabling(protocol))),
        NoStartTls::Refused { .. } => (&STARTTLS_REFUSED, advice("Check the log of the server.")),
        NoStartTls::BytesBehind { .. } => (
            &STARTTLS_BYTES_BEHIND,
            advice(
                "Check the log of the server. Check again from the host of the server: what differs then comes from \
                 a device in between.",
            ),
        ),
        NoStartTls::Closed { .. }
        | NoStartTls::TimedOut { .. }
        | NoStartTls::TooLong { .. }
        | NoStartTls::Broken { .. } => (
            &STARTTLS_UNFINISHED,
            advice("Check the log of the server; if it is only slow, give a longer --timeout."),
        ),
    }
}

/// Where TLS is enabled in the servers that most have.
fn enabling(protocol: StartTls) -> &'static str {
    match protocol {
        StartTls::Smtp => {
            "Enable TLS: in Postfix smtpd_tls_security_level = may, with certificate and key. A firewall that inspects \
             SMTP may remove the offer: check again from the host of the server."
        }
        StartTls::Imap | StartTls::Pop3 => "Enable TLS: in Dovecot ssl = yes, with certificate and key.",
        StartTls::Ftp => "Enable TLS: in vsftpd ssl_enable=YES, with certificate and key.",
        StartTls::Ldap => {
            "Enable TLS: in OpenLDAP olcTLSCertificateFile and olcTLSCertificateKeyFile; Active Directory needs a \
             certificate in the store of the computer."
        }
        StartTls::Postgres => "Enable TLS: in postgresql.conf ssl = on, with certificate and key.",
        StartTls::Mysql => "Enable TLS: ssl_cert and ssl_key in the server's section of my.cnf.",
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

/// The protocol that usually has this port, if TLS can be started in it.
fn usual_with_starttls(port: u16) -> Option<PlainProtocol> {
    usual_on(port).filter(|protocol| protocol.start_tls().is_some())
}

/// The command that has TLS started in a protocol that starts in plain text; OpenSSL knows more protocols than gsec.
fn starttls(protocol: PlainProtocol, facts: &Facts) -> Option<Help> {
    if let Some(protocol) = protocol.start_tls() {
        let command = facts.with_starttls("gsec doctor", Some(protocol));
        let is_named = facts.host() != facts.probe.target.host;
        let name = CommandLine::new("--name").value(&facts.host());
        return Some(Help::Look(if is_named { command.then(&name) } else { command }));
    }
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
    if let Some(finding) = beyond(facts) {
        return finding;
    }
    Finding::new(&TLS_REFUSED, facts.port(), format!("{name}: {reason}"))
        .advise("Check the log of the server, and try its own name with --server-name.")
}

/// A bound of gsec's own is no refusal of the server's: what other programs do with such an answer is not known.
pub(super) fn beyond(facts: &Facts) -> Option<Finding> {
    let refusal = facts.probe.modern_refusal.as_ref()?;
    let is_bound = matches!(refusal, Refusal::Flight(error) if error.is_bound());
    let seen = format!("{refusal}; so gsec could not see the certificate");
    is_bound.then(|| {
        Finding::new(&TLS_REFUSED, facts.port(), seen)
            .weighing(Severity::Warning)
            .advise("Leave in the certificate file of the server only the certificates of its path.")
    })
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
        let advice = match other.chain.is_empty() || probe.chain.is_empty() {
            true => {
                "See what listens at the address that presents nothing, or remove it from the name service."
            }
            false => "Give every address the same certificate.",
        };
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
        .advise(advice)
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
    use crate::tls::{AddressOutcome, SignatureVerdict, StartTlsStep};
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

    fn no_starttls(protocol: StartTls, reason: NoStartTls) -> Facts {
        let port = protocol.usual_port();
        let mut facts = of_behaviour(port, Behaviour::NoStartTls { protocol, reason });
        facts.probe.starttls = Some(protocol);
        facts
    }

    #[test]
    fn ways_in_which_tls_is_not_started() {
        let step = StartTlsStep::Request;
        let rows: [(NoStartTls, &[Expected]); 9] = [
            (
                NoStartTls::TlsAtOnce,
                &[(
                    "starttls-tls-at-once",
                    Error,
                    "TLS from the first byte, and not SMTP",
                )],
            ),
            (
                NoStartTls::other_protocol(b"* OK ready\r\n"),
                &[(
                    "starttls-other-protocol",
                    Error,
                    "not speak SMTP, but IMAP: it says `* OK ready`",
                )],
            ),
            (
                NoStartTls::NotOffered { said: None },
                &[(
                    "starttls-not-offered",
                    Error,
                    "speaks SMTP, but does not offer TLS",
                )],
            ),
            (
                NoStartTls::Refused {
                    step,
                    said: "454 not now".into(),
                },
                &[(
                    "starttls-refused",
                    Error,
                    "refuses to start TLS: it says `454 not now`",
                )],
            ),
            (
                NoStartTls::bytes_behind(b"250 evil\r\n"),
                &[(
                    "starttls-bytes-behind",
                    Error,
                    "bytes that are not TLS follow: `250 evil`",
                )],
            ),
            (
                NoStartTls::Closed { step },
                &[(
                    "starttls-unfinished",
                    Error,
                    "closes the connection when asked to start TLS",
                )],
            ),
            (
                NoStartTls::TimedOut { step },
                &[("starttls-unfinished", Error, "timeout, when asked to start TLS")],
            ),
            (
                NoStartTls::TooLong { step },
                &[("starttls-unfinished", Error, "more than 4096 bytes")],
            ),
            (
                NoStartTls::Broken {
                    step,
                    reason: "no route".into(),
                },
                &[("starttls-unfinished", Error, "no route")],
            ),
        ];
        let found = rows.map(|(reason, expected)| {
            let facts = no_starttls(StartTls::Smtp, reason);
            (diagnose(&facts, &Selection::default()).findings, expected)
        });
        assert_all(
            found
                .iter()
                .map(|(findings, expected)| (expected[0].0, findings.clone(), *expected)),
        );
    }

    #[test]
    fn help_names_the_protocol_that_is_spoken() {
        let help = |protocol, reason| help_of(&behaviour(&no_starttls(protocol, reason))[0]);
        let imap = help(StartTls::Smtp, NoStartTls::other_protocol(b"* OK ready"));
        assert!(
            imap.starts_with("look: gsec doctor db1.example.com:25 --starttls imap\n"),
            "{imap}"
        );
        let greeting = Behaviour::PlainText {
            said: b"220 mx".to_vec(),
        };
        let by_port = help_of(&behaviour(&of_behaviour(25, greeting.clone()))[0]);
        assert!(
            by_port.starts_with("look: gsec doctor db1.example.com:25 --starttls smtp\n"),
            "{by_port}"
        );
        let unknown_port = help_of(&behaviour(&of_behaviour(2525, greeting))[0]);
        assert!(unknown_port.starts_with("advice: "), "{unknown_port}");
        let unknown = help(StartTls::Smtp, NoStartTls::other_protocol(b"hello"));
        assert!(unknown.starts_with("advice: "), "{unknown}");
        let at_once = help(StartTls::Smtp, NoStartTls::TlsAtOnce);
        assert!(
            at_once.starts_with("look: gsec doctor db1.example.com:25\n"),
            "{at_once}"
        );
        for protocol in StartTls::ALL {
            let enabling = help(protocol, NoStartTls::NotOffered { said: None });
            assert!(enabling.starts_with("advice: Enable TLS: "), "{enabling}");
        }
    }

    #[test]
    fn protocols_that_only_openssl_knows_are_left_to_it() {
        let facts = of_behaviour(5222, Behaviour::Silent);
        let help = help_of(&behaviour(&facts)[0]);
        assert!(
            help.starts_with("look: openssl s_client -starttls xmpp -connect db1.example.com:5222\n"),
            "{help}"
        );
        let mut other = of_behaviour(25, Behaviour::Silent);
        other.name = gsec_pki::x509::GeneralName::parse_host("mail.example.com").ok();
        let help = help_of(&behaviour(&other)[0]);
        assert!(
            help.starts_with(
                "look: gsec doctor db1.example.com:25 --starttls smtp --name mail.example.com\n"
            ),
            "{help}"
        );
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
            smtp.starts_with("look: gsec doctor db1.example.com:25 --starttls smtp\n")
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
