//! A port that speaks TLS and presents a good certificate, and rows of what is found where one thing is not so.

use std::sync::Arc;

use super::*;
use crate::checks::file::Trust;
use crate::checks::path::Home;
use crate::checks::tests::certificates::{self, Identity, now};
use crate::checks::tests::{Expected, assert_all};
use crate::checks::{Finding, Help};
use crate::tls::{
    Behaviour, CipherSuite, Endpoint, NamedGroup, Negotiated, NegotiatedBy, Offer, OfferAnswer, Probe,
    ProtocolVersion, SignatureVerdict,
};
use gsec_pki::x509::path::{Purpose, Question, validate};
use gsec_pki::x509::{Certificate, GeneralName};

/// What all checks of a port can find.
pub(in crate::checks) fn all_checks() -> Vec<&'static Entry> {
    [REACH, PROTOCOL, PRESENTED, WITHOUT_NAME]
        .into_iter()
        .flatten()
        .flat_map(|check| check.entries.iter().copied())
        .collect()
}

/// A situation, what makes it of a healthy port, and all that is found.
pub(super) type Row = (&'static str, fn(&mut Facts), &'static [Expected]);

/// Asks every check about each situation.
#[track_caller]
pub(super) fn each(rows: &[Row]) {
    assert_all(
        rows.iter()
            .map(|(situation, change, expected)| (*situation, findings(*change), *expected)),
    );
}

/// All that is found where this is changed.
pub(super) fn findings(change: impl FnOnce(&mut Facts)) -> Vec<Finding> {
    let mut facts = healthy();
    change(&mut facts);
    diagnose(&facts, &Selection::default()).findings
}

/// `TLS_AES_128_GCM_SHA256`.
pub(super) const MODERN_SUITE: CipherSuite = CipherSuite(0x1301);
/// `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`.
pub(super) const ECDHE_SUITE: CipherSuite = CipherSuite(0xC02F);
/// `TLS_RSA_WITH_AES_128_CBC_SHA`.
pub(super) const STATIC_RSA_SUITE: CipherSuite = CipherSuite(0x002F);

/// A port with this behavior, on which nothing else was seen.
pub(super) fn of_behaviour(port: u16, behaviour: Behaviour) -> Facts {
    let target = Endpoint {
        host: "db1.example.com".into(),
        port,
    };
    Facts {
        probe: Probe::of_behaviour(target, behaviour),
        others: Vec::new(),
        clients: None,
        also: Vec::new(),
        chain: Vec::new(),
        unreadable: Vec::new(),
        name: None,
        answer: None,
        own_place: 0,
        is_whole_with_known: false,
        intermediate_file: None,
        trust: None,
        records: None,
        deployed: Vec::new(),
        key: None,
        client: Vec::new(),
        client_file: None,
        client_causes: Vec::new(),
        home: Home::default(),
        client_home: Home::default(),
        thumbprint: None,
        now: now(),
        expires_within: None,
    }
}

/// The certificate that the server presents.
pub(super) fn own() -> Identity {
    certificates::root().host("db1.example.com")
}

/// A server with TLS 1.2 and 1.3 and a certificate from a CA that is trusted.
pub(super) fn healthy() -> Facts {
    let mut facts = of_behaviour(443, Behaviour::Tls);
    facts.probe.server_name = Some("db1.example.com".into());
    facts.probe.negotiated = Some(Negotiated {
        by: NegotiatedBy::ModernLibrary,
        version: ProtocolVersion::Tls13,
        suite: MODERN_SUITE,
        group: Some(NamedGroup::X25519),
        prime_bits: None,
        application_protocol: None,
        has_ocsp_response: false,
    });
    facts.probe.signature = SignatureVerdict::Good {
        scheme: "ecdsa_secp256r1_sha256".into(),
    };
    facts.accept(ProtocolVersion::Tls12);
    facts.accept(ProtocolVersion::Tls13);
    facts.name = GeneralName::parse_host("db1.example.com").ok();
    facts.trust = Some(Arc::new(Trust {
        anchors: vec![certificates::root().certificate.clone()],
        ..Trust::default()
    }));
    facts.present(&[&own().certificate]);
    facts
}

impl Facts {
    /// The server takes this version.
    pub(super) fn accept(&mut self, version: ProtocolVersion) {
        let answer = OfferAnswer::Accepted { suite: ECDHE_SUITE };
        self.probe.versions.push(Offer { version, answer });
    }

    /// What was negotiated.
    pub(super) fn negotiated_mut(&mut self) -> &mut Negotiated {
        self.probe.negotiated.as_mut().expect("something was negotiated")
    }

    /// The server presents these, and path validation judges them.
    pub(super) fn present(&mut self, chain: &[&Certificate]) {
        self.chain = chain.iter().map(|one| (*one).clone()).collect();
        self.probe.chain = self.chain.iter().map(|one| one.der().to_vec()).collect();
        self.judge();
    }

    /// Asks path validation again, after what is trusted was changed.
    pub(super) fn judge(&mut self) {
        let anchors = self
            .trust
            .as_ref()
            .map(|trust| trust.anchors.clone())
            .unwrap_or_default();
        let target = &self.chain[self.own_place];
        self.answer = Some(validate(&Question {
            untrusted: &self.chain,
            anchors: &anchors,
            purpose: Purpose::Server,
            name: self.name.as_ref(),
            ..Question::about(target, self.now)
        }));
    }

    /// What is trusted, to change it.
    pub(super) fn trust_mut(&mut self) -> &mut Trust {
        self.trust
            .as_mut()
            .and_then(Arc::get_mut)
            .expect("something is trusted")
    }
}

/// Whether a finding has help that is a command to fix it.
pub(super) fn has_fix(finding: &Finding) -> bool {
    finding.help.iter().any(|help| matches!(help, Help::Fix(_)))
}

#[test]
fn healthy_port_has_no_findings() {
    each(&[
        ("as it should be", |_| {}, &[]),
        (
            "the local CA has a record of the certificate",
            |facts| {
                facts.records = Some(Records {
                    is_issuer: true,
                    is_recorded: true,
                    ..Records::default()
                });
            },
            &[],
        ),
    ]);
}

#[test]
fn nothing_is_said_of_what_was_not_reached() {
    let facts = of_behaviour(443, Behaviour::Refused);
    let diagnosis = diagnose(&facts, &Selection::default());
    let checked: Vec<&str> = diagnosis.checked.iter().map(|entry| entry.slug).collect();
    for slug in ["certificate-expired", "protocol-outdated", "certificate-revoked"] {
        assert!(!checked.contains(&slug), "{slug}");
    }
}
