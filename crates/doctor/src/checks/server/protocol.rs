//! Versions and cipher suites.

use super::Facts;
use super::entries::*;
use crate::checks::Finding;
use crate::tls::{NamedGroup, NegotiatedBy, ProtocolVersion, SignatureVerdict, SuiteWeakness};
use gsec_pki::x509::path::Severity;

/// Suites without real protection.
const BROKEN: [SuiteWeakness; 6] = [
    SuiteWeakness::NoEncryption,
    SuiteWeakness::Anonymous,
    SuiteWeakness::Export,
    SuiteWeakness::SingleDes,
    SuiteWeakness::Rc4,
    SuiteWeakness::SmallBlocks,
];
/// RFC 9325 §4.4.
const MIN_PRIME_BITS: u32 = 2048;

const SET_VERSIONS: &str = "In nginx: `ssl_protocols TLSv1.2 TLSv1.3;`. In Apache: `SSLProtocol -all +TLSv1.2 +TLSv1.3`. In Java: add `TLSv1, TLSv1.1` to `jdk.tls.disabledAlgorithms`.";
/// A server that has nothing newer is not helped by taking away what it has.
const ADD_VERSIONS: &str = "In nginx: `ssl_protocols TLSv1.2 TLSv1.3;`. In Apache: `SSLProtocol -all +TLSv1.2 +TLSv1.3`. In Java: have the server enable TLSv1.2 and TLSv1.3 (`setEnabledProtocols`, or `jdk.tls.server.protocols` where nothing sets them), and update one that does not have these.";
const SET_SUITES: &str = "In nginx: `ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;`. In Apache: `SSLCipherSuite ECDHE+AESGCM:ECDHE+CHACHA20`.";

/// Versions that are of yesterday.
pub(super) fn versions(facts: &Facts) -> Vec<Finding> {
    let offered: Vec<ProtocolVersion> = facts.probe.offered_versions().collect();
    let old: Vec<&str> = offered
        .iter()
        .filter(|version| version.is_deprecated())
        .map(|version| version.name())
        .collect();
    if old.is_empty() {
        return Vec::new();
    }
    let accepts = old.join(", ");
    let finding = match offered.iter().all(|version| version.is_deprecated()) {
        true => {
            let seen = format!("it accepts {accepts} and nothing newer");
            Finding::new(&PROTOCOL_OUTDATED, facts.port(), seen).advise(ADD_VERSIONS)
        }
        false => {
            let seen = format!("it accepts {accepts}");
            Finding::new(&PROTOCOL_OLD_ACCEPTED, facts.port(), seen).advise(SET_VERSIONS)
        }
    };
    vec![finding]
}

/// Suites that modern clients do not support, and suites without real protection.
pub(super) fn suites(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    let probe = &facts.probe;
    let by_old_hello = probe
        .negotiated
        .as_ref()
        .filter(|negotiated| negotiated.by == NegotiatedBy::OldHello && !negotiated.version.is_deprecated());
    // Where the group is the reason, `groups` says so.
    let beyond = super::reach::beyond(facts).filter(|_| by_old_hello.is_some());
    if let Some(finding) = beyond {
        findings.push(finding);
    } else if let Some(negotiated) = by_old_hello.filter(|_| facts.probe.uncommon_group().is_none()) {
        let reason = probe
            .modern_refusal
            .as_ref()
            .map(|refusal| format!("; the answer to rustls: {refusal}"))
            .unwrap_or_default();
        let seen = format!(
            "the best that it supports is {} with {}{reason}",
            negotiated.suite, negotiated.version
        );
        // Where the suite is one of today, it is something else that a modern client does not take.
        let suite = negotiated.suite;
        let is_modern =
            suite.is_tls13() || suite.name().starts_with("TLS_ECDHE_") && suite.weaknesses().is_empty();
        let is_pss_only = facts
            .chain
            .first()
            .is_some_and(|own| own.public_key().is_pss_only());
        if is_modern && is_pss_only {
            let seen = "rustls: the handshake fails, because the key of its certificate is for RSASSA-PSS \
                 only, which rustls, Go and Windows do not support; OpenSSL does";
            findings.push(
                Finding::new(&TLS_REFUSED, facts.port(), seen.to_owned())
                    .weighing(Severity::Warning)
                    .advise("Issue a certificate with a key of type RSA or P-256."),
            );
            return findings;
        }
        findings.push(match is_modern {
            true => Finding::new(&TLS_REFUSED, facts.port(), seen)
                .advise("Check the log of the server, and the size and type of the key of its certificate."),
            false => Finding::new(&SUITES_OUTDATED, facts.port(), seen).advise(SET_SUITES),
        });
    }
    let broken = probe
        .weak_suites
        .iter()
        .filter(|offer| BROKEN.contains(&offer.weakness));
    let accepted: Vec<String> = broken
        .filter_map(|offer| offer.accepted)
        .map(|(version, suite)| format!("{suite} with {version}"))
        .collect();
    if !accepted.is_empty() {
        findings.push(
            Finding::new(
                &SUITES_BROKEN,
                facts.port(),
                format!("it accepts {}", accepted.join(", ")),
            )
            .advise(SET_SUITES),
        );
    }
    findings
}

/// Who offers a group that rustls does not (from the documentation of each; tried with OpenSSL 3).
fn who_offers(group: NamedGroup) -> &'static str {
    match group.0 {
        0x0019 => "OpenSSL, GnuTLS, Java, Go and Firefox offer it; rustls and Chrome do not",
        0x001E => "OpenSSL, GnuTLS and Java offer it; rustls, Go and browsers do not",
        0x0100..=0x0104 => "OpenSSL, GnuTLS, Java and Firefox offer it; rustls, Go and Chrome do not",
        0x11EB | 0x11ED | 0x0200..=0x0202 => "rustls, Go and browsers do not offer it",
        _ => "OpenSSL, GnuTLS, rustls, Go, Node.js and browsers do not offer it",
    }
}

/// Whether a library offers the group as it is installed.
fn is_offered(group: NamedGroup) -> bool {
    !matches!(group.0, 0x0015 | 0x0016 | 0x001A..=0x001C | 0x001F..=0x0021)
}

/// Servers whose signatures are made with SHA-1 alone.
pub(super) fn signature(facts: &Facts) -> Vec<Finding> {
    let Some(refusal) = &facts.probe.refusal_without_sha1 else {
        return Vec::new();
    };
    let scheme = match &facts.probe.signature {
        SignatureVerdict::Good { scheme } | SignatureVerdict::Bad { scheme } => scheme.as_str(),
        SignatureVerdict::Unknown { .. } | SignatureVerdict::NotSeen => "SHA-1",
    };
    let seen = format!("it signs with {scheme}; its answer to a client that does not offer SHA-1: {refusal}");
    vec![Finding::new(&SIGNATURE_SHA1, facts.port(), seen).advise(
        "Remove the setting that allows SHA-1 alone: SignatureAlgorithms in OpenSSL's configuration, SSLOpenSSLConfCmd SignatureAlgorithms in Apache, ssl_conf_command SignatureAlgorithms in nginx. An old server needs a newer TLS library.",
    )]
}

/// Servers that answer only some of the time.
pub(super) fn dropped(facts: &Facts) -> Vec<Finding> {
    let seen = match facts.probe.dropped_connections {
        0 => return Vec::new(),
        1 => "it closed a connection without an answer".to_owned(),
        count => format!("it closed {count} connections without an answer"),
    };
    let seen = format!(
        "{seen}, though it answers the same handshake at other times; what else is found may be incomplete"
    );
    vec![Finding::new(&CONNECTIONS_DROPPED, facts.port(), seen).advise(
        "Check the log of the server, its limits on connections, and each server behind the address; then check again.",
    )]
}

/// Groups that not all clients offer, and servers without certificates.
pub(super) fn groups(facts: &Facts) -> Vec<Finding> {
    if let Some(group) = facts.probe.uncommon_group() {
        let unseen = if facts.probe.chain.is_empty() {
            "; so gsec could not see the certificate"
        } else {
            ""
        };
        let seen = format!(
            "it chooses {group}, and takes none of the groups that rustls offers: {}{unseen}",
            who_offers(group)
        );
        let severity = match is_offered(group) {
            true => GROUPS_UNCOMMON.severity,
            false => Severity::Error,
        };
        return vec![Finding::new(&GROUPS_UNCOMMON, facts.port(), seen).weighing(severity).advise(
            "Allow X25519 and P-256 too. In nginx: ssl_ecdh_curve X25519:prime256v1:secp384r1. In Apache: SSLOpenSSLConfCmd Groups X25519:P-256:P-384.",
        )];
    }
    let Some(suite) = facts.probe.without_certificates else {
        return Vec::new();
    };
    let how = if suite.has(SuiteWeakness::Anonymous) {
        "without any authentication"
    } else {
        "by a secret that both ends must know"
    };
    let seen = format!(
        "it takes {suite}, {how}, and no cipher suite with certificates: there is no certificate to look at"
    );
    vec![
        Finding::new(&NO_CERTIFICATES, facts.port(), seen)
            .advise("Give the server a certificate, if its clients rely on certificates."),
    ]
}

/// Diffie-Hellman, renegotiation.
pub(super) fn details(facts: &Facts) -> Vec<Finding> {
    let probe = &facts.probe;
    let bits = probe
        .negotiated
        .as_ref()
        .and_then(|negotiated| negotiated.prime_bits)
        .filter(|bits| *bits < MIN_PRIME_BITS);
    let prime = bits.map(|bits| {
        let seen = format!("the prime has {bits} bits, and the minimum is {MIN_PRIME_BITS}");
        Finding::new(&SHORT_PRIME, facts.port(), seen).advise(
            "Make a longer prime with openssl dhparam -out dhparam.pem 2048, and configure that file \
                 on the server: ssl_dhparam in nginx.",
        )
    });
    let renegotiation = (probe.secure_renegotiation == Some(false)).then(|| {
        Finding::new(
            &RENEGOTIATION,
            facts.port(),
            "it does not answer the extension renegotiation_info",
        )
        .advise("Update the TLS library of the server.")
    });
    prime.into_iter().chain(renegotiation).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{ECDHE_SUITE, MODERN_SUITE, STATIC_RSA_SUITE, each, findings};
    use super::*;
    use crate::checks::tests::certificates::root;
    use crate::tls::{CipherSuite, Offer, OfferAnswer, ProtocolVersion, Refusal, WeakSuiteOffer};
    use gsec_pki::x509::path::Severity::{Error, Warning};

    fn accept_only(facts: &mut Facts, versions: &[ProtocolVersion]) {
        facts.probe.versions.clear();
        versions.iter().for_each(|version| facts.accept(*version));
    }

    #[test]
    fn versions_that_are_taken() {
        each(&[
            (
                "TLS 1.0 and 1.1, and nothing newer",
                |facts| accept_only(facts, &[ProtocolVersion::Tls10, ProtocolVersion::Tls11]),
                &[(
                    "protocol-outdated",
                    Error,
                    "it accepts TLS 1.0, TLS 1.1 and nothing newer",
                )],
            ),
            (
                "TLS 1.1 beside newer ones",
                |facts| facts.accept(ProtocolVersion::Tls11),
                &[("protocol-old-accepted", Warning, "it accepts TLS 1.1")],
            ),
            (
                "TLS 1.1 is refused",
                |facts| {
                    facts.probe.versions.push(Offer {
                        version: ProtocolVersion::Tls11,
                        answer: OfferAnswer::Refused(Refusal::Closed),
                    });
                },
                &[],
            ),
            (
                "TLS 1.2 alone",
                |facts| accept_only(facts, &[ProtocolVersion::Tls12]),
                &[],
            ),
        ]);
    }

    /// No modern library can connect; an old hello gets this.
    fn old_hello(facts: &mut Facts, suite: CipherSuite, group: Option<NamedGroup>) {
        facts.probe.modern_refusal = Some(Refusal::Closed);
        let negotiated = facts.negotiated_mut();
        negotiated.by = NegotiatedBy::OldHello;
        (negotiated.version, negotiated.suite, negotiated.group) = (ProtocolVersion::Tls12, suite, group);
    }

    #[test]
    fn suites_that_are_taken() {
        each(&[
            (
                "only suites without forward secrecy",
                |facts| old_hello(facts, STATIC_RSA_SUITE, None),
                &[(
                    "cipher-suites-outdated",
                    Error,
                    "the best that it supports is TLS_RSA_WITH_AES_128_CBC_SHA with TLS 1.2; the answer to rustls",
                )],
            ),
            (
                "a modern suite, and something else is in the way",
                |facts| old_hello(facts, ECDHE_SUITE, Some(NamedGroup::X25519)),
                &[(
                    "handshake-refused",
                    Error,
                    "the best that it supports is TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                )],
            ),
            (
                "a suite with RC4",
                |facts| weak_suite(facts, SuiteWeakness::Rc4),
                &[(
                    "cipher-suites-broken",
                    Warning,
                    "it accepts TLS_RSA_WITH_AES_128_CBC_SHA with TLS 1.2",
                )],
            ),
            (
                "a suite with a static key, which still protects",
                |facts| weak_suite(facts, SuiteWeakness::StaticRsa),
                &[],
            ),
        ]);
    }

    fn weak_suite(facts: &mut Facts, weakness: SuiteWeakness) {
        facts.probe.weak_suites = vec![
            WeakSuiteOffer {
                weakness,
                accepted: Some((ProtocolVersion::Tls12, STATIC_RSA_SUITE)),
            },
            WeakSuiteOffer {
                weakness: SuiteWeakness::Anonymous,
                accepted: None,
            },
        ];
    }

    #[test]
    fn groups_that_are_taken() {
        const X448: NamedGroup = NamedGroup(0x001E);
        each(&[
            (
                "only one that rustls does not have",
                |facts| old_hello(facts, ECDHE_SUITE, Some(X448)),
                &[(
                    "key-exchange-uncommon",
                    Warning,
                    "it chooses x448, and takes none of the groups that rustls offers",
                )],
            ),
            (
                "only one that nobody offers",
                |facts| old_hello(facts, ECDHE_SUITE, Some(NamedGroup(0x001A))),
                &[("key-exchange-uncommon", Error, "it chooses brainpoolP256r1")],
            ),
            (
                "only such a one, and the suite is outdated as well",
                |facts| old_hello(facts, STATIC_RSA_SUITE, Some(X448)),
                &[("cipher-suites-outdated", Error, "")],
            ),
            (
                "rustls connects, whatever the group is",
                |facts| facts.negotiated_mut().group = Some(X448),
                &[],
            ),
        ]);
    }

    #[test]
    fn server_without_certificates() {
        each(&[
            (
                "it wants a shared secret",
                |facts| {
                    (facts.probe.chain, facts.chain, facts.answer) = (Vec::new(), Vec::new(), None);
                    // TLS_PSK_WITH_AES_128_GCM_SHA256.
                    facts.probe.without_certificates = Some(CipherSuite(0x00A8));
                },
                &[(
                    "server-without-certificates",
                    Error,
                    "by a secret that both ends must know",
                )],
            ),
            (
                "it is anonymous",
                |facts| {
                    (facts.probe.chain, facts.chain, facts.answer) = (Vec::new(), Vec::new(), None);
                    // TLS_DH_anon_WITH_AES_128_CBC_SHA.
                    facts.probe.without_certificates = Some(CipherSuite(0x0034));
                },
                &[("server-without-certificates", Error, "without any authentication")],
            ),
        ]);
    }

    #[test]
    fn signatures_and_connections() {
        each(&[
            (
                "it signs with SHA-1 alone",
                |facts| facts.probe.refusal_without_sha1 = Some(Refusal::Closed),
                &[(
                    "handshake-signature-sha1",
                    Error,
                    "its answer to a client that does not offer SHA-1",
                )],
            ),
            (
                "it closed a connection, and answered the next one",
                |facts| facts.probe.dropped_connections = 1,
                &[(
                    "connections-dropped",
                    Warning,
                    "it closed a connection without an answer",
                )],
            ),
            (
                "it closed two",
                |facts| facts.probe.dropped_connections = 2,
                &[("connections-dropped", Warning, "it closed 2 connections")],
            ),
        ]);
    }

    #[test]
    fn primes_and_renegotiation() {
        each(&[
            (
                "a prime of 2047 bits",
                |facts| facts.negotiated_mut().prime_bits = Some(2047),
                &[(
                    "diffie-hellman-short",
                    Warning,
                    "the prime has 2047 bits, and the minimum is 2048",
                )],
            ),
            (
                "a prime of 2048 bits",
                |facts| facts.negotiated_mut().prime_bits = Some(2048),
                &[],
            ),
            (
                "no secure renegotiation",
                |facts| facts.probe.secure_renegotiation = Some(false),
                &[("renegotiation-insecure", Warning, "renegotiation_info")],
            ),
            (
                "secure renegotiation",
                |facts| facts.probe.secure_renegotiation = Some(true),
                &[],
            ),
        ]);
    }

    #[test]
    fn key_for_pss_alone_is_a_limit_of_rustls() {
        // The key is RSA as every other; what says PSS is its algorithm.
        let certificate = root().host_of_pss_key("db1.example.com");
        assert!(certificate.public_key().is_pss_only());
        let found = findings(|facts| {
            facts.present(&[&certificate]);
            old_hello(facts, MODERN_SUITE, Some(NamedGroup::X25519));
        });
        let refused = found
            .iter()
            .find(|finding| finding.entry == &TLS_REFUSED)
            .expect("refused");
        assert!(
            refused.severity == Warning && refused.seen.contains("RSASSA-PSS"),
            "{}",
            refused.seen
        );
    }
}
