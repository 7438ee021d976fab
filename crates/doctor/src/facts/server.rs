//! The facts about a port: the probe's results, compared with the trusted certificates, the local CA and the user's
//! requirements.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use super::home;
use crate::checks::Appending;
use crate::checks::file::Trust;
use crate::checks::path::{Home, crls_for, is_about_kept_crls};
use crate::checks::server::{ClientCause, Deployed, Facts, Records};
use crate::net::{Depth, ProbeRequest, ServerNameChoice, probe_all};
use crate::tls::{Endpoint, Negotiated, OtherChain, Probe};
use gsec_ca::authority::{Authority, ReadRecords, Recorded};
use gsec_ca::records::Record;
use gsec_pki::key::PublicKey;
use gsec_pki::x509::path::{Answer, Finding, Purpose, Question, RevocationStatus, Rule, Severity, validate};
use gsec_pki::x509::{Certificate, GeneralName, decode_crls, rfc3339};

/// What a port is expected to be.
pub struct Expected<'a> {
    /// The host that its certificate must match.
    pub name: Option<GeneralName>,
    /// The trusted certificates; `None` if the user did not give any.
    pub trust: Option<Arc<Trust>>,
    /// The local CA, and whether it was merely found by default: then it is used only for certificates that it issued.
    pub authority: Option<(&'a Authority, bool)>,
    /// Certificate files that were named with the port.
    pub deployed: Vec<Deployed>,
    /// The private key that the server should use: its file, and its public half, or why that is not known.
    pub key: Option<(PathBuf, Result<PublicKey, String>)>,
    /// The client certificate that was offered.
    pub client: Vec<Certificate>,
    /// The file that it is in, and whether something can be appended to it.
    pub client_file: Option<(PathBuf, Appending)>,
    /// The expected thumbprint of the certificate.
    pub thumbprint: Option<String>,
    /// How soon is soon.
    pub expires_within: Option<Duration>,
    /// Now.
    pub now: OffsetDateTime,
}

/// What a probe saw, and what others saw at the other addresses of the same host.
#[derive(Debug, Clone)]
pub struct ProbedHost {
    probe: Probe,
    others: Vec<Probe>,
}

/// Probes ports in parallel, and then what the other addresses of their hosts present. Behind a proxy these are unknown.
pub fn probe_hosts(requests: &[ProbeRequest]) -> Vec<ProbedHost> {
    let probes = probe_all(requests);
    let mut asked = Vec::new();
    for (place, (request, probe)) in requests.iter().zip(&probes).enumerate() {
        let answering = probe
            .addresses
            .iter()
            .filter(|outcome| outcome.failure.is_none() && Some(outcome.address) != probe.address);
        if request.proxy.is_none() {
            asked.extend(answering.map(|outcome| (place, at_address(request, probe, outcome.address))));
        }
    }
    let requests_of_others: Vec<ProbeRequest> = asked.iter().map(|(_, request)| request.clone()).collect();
    let mut hosts: Vec<ProbedHost> = probes
        .into_iter()
        .map(|probe| ProbedHost {
            probe,
            others: Vec::new(),
        })
        .collect();
    for ((place, _), probe) in asked.into_iter().zip(probe_all(&requests_of_others)) {
        hosts[place].others.push(probe);
    }
    hosts
}

fn at_address(request: &ProbeRequest, probe: &Probe, address: SocketAddr) -> ProbeRequest {
    let server_name = probe
        .server_name
        .clone()
        .map_or(ServerNameChoice::None, ServerNameChoice::Name);
    let target = Endpoint {
        host: address.ip().to_string(),
        port: address.port(),
    };
    ProbeRequest {
        target,
        server_name,
        depth: Depth::Chain,
        ..request.clone()
    }
}

/// Gathers everything about a port.
pub fn server(host: ProbedHost, expected: &Expected<'_>) -> Facts {
    let also = host
        .probe
        .other_chains
        .iter()
        .map(|other| Facts {
            clients: Some(other.to_string()),
            ..presented(to_clients_of(&host.probe, other), Vec::new(), expected)
        })
        .collect();
    Facts {
        also,
        ..presented(host.probe, host.others, expected)
    }
}

/// The probe as such a client would have seen it.
fn to_clients_of(probe: &Probe, other: &OtherChain) -> Probe {
    let negotiated = probe.negotiated.clone().map(|negotiated| Negotiated {
        has_ocsp_response: other.has_ocsp_response,
        ..negotiated
    });
    Probe {
        chain: other.chain.clone(),
        other_chains: Vec::new(),
        signature: other.signature.clone(),
        negotiated,
        ..probe.clone()
    }
}

/// Everything about what a probe saw first.
fn presented(probe: Probe, others: Vec<Probe>, expected: &Expected<'_>) -> Facts {
    let (mut chain, mut unreadable) = (Vec::new(), Vec::new());
    for (place, der) in probe.chain.iter().enumerate() {
        match Certificate::from_der(der) {
            Ok(certificate) => chain.push(certificate),
            Err(error) => unreadable.push(format!("certificate {}: {error}", place + 1)),
        }
    }
    let own_place = own_place(&chain, &unreadable);
    let is_own_readable = probe.chain.get(own_place).is_some_and(|der| {
        chain
            .get(own_place)
            .is_some_and(|own| own.der() == der.as_slice())
    });
    let own = chain.get(own_place).filter(|_| is_own_readable);
    let records = own
        .zip(expected.authority)
        .map(|(own, (authority, _))| records(authority, own));
    let local_records = |certificate: &Certificate, host: Option<&GeneralName>| {
        let option = expected
            .trust
            .as_ref()
            .and_then(|trust| trust.ca_option.as_ref())?;
        expected
            .authority
            .map(|(authority, _)| home(authority, option, certificate, host, expected.now))
    };
    let of_server = own
        .and_then(|own| local_records(own, expected.name.as_ref()))
        .unwrap_or_default();
    let is_found_only = expected.authority.is_some_and(|(_, is_found)| is_found);
    let below = expected
        .authority
        .map(|(authority, _)| subordinates(authority, &chain))
        .unwrap_or_default();
    let revoked_below = expected
        .authority
        .map(|(authority, _)| revoked_subordinates(authority, &chain))
        .unwrap_or_default();
    let is_issued_locally = !revoked_below.is_empty()
        || records
            .as_ref()
            .is_some_and(|records| records.is_issuer || !of_server.successors.is_empty())
        || !below.is_empty();
    let trust = expected
        .trust
        .clone()
        .filter(|_| !is_found_only || is_issued_locally || leads_to(expected.trust.as_deref(), &chain));
    let between = |with_known: bool| {
        let known = trust
            .iter()
            .filter(|_| with_known)
            .flat_map(|trust| trust.between.iter().chain(&trust.own));
        let below = below
            .iter()
            .filter(|_| with_known)
            .map(|(certificate, _)| certificate);
        let others = chain
            .iter()
            .enumerate()
            .filter(|(place, _)| *place != own_place)
            .map(|(_, other)| other);
        others
            .chain(known)
            .chain(below)
            .chain(revoked_below.iter().filter(|_| with_known))
            .cloned()
            .collect::<Vec<_>>()
    };
    let answer = own.map(|own| judge(own, &between(false), trust.as_deref(), expected));
    let whole = own
        .map(|own| judge(own, &between(true), trust.as_deref(), expected))
        .filter(|answer| !is_open(answer));
    // Where the CA that issued it is revoked, that is the cause, and not that its certificate is missing.
    let by_revoked = whole.as_ref().filter(|whole| has_revoked_issuer(whole)).cloned();
    let whole = whole.filter(|_| by_revoked.is_none());
    let answer = by_revoked.or(answer);
    let intermediate_file = whole.as_ref().and_then(|whole| {
        below
            .iter()
            .find(|(certificate, _)| whole.path.contains(certificate))
    });
    let intermediate_file = intermediate_file.map(|(_, file)| file.clone());
    let is_trusted = trust.is_some();
    let of_client = expected
        .client
        .first()
        .filter(|_| is_trusted)
        .and_then(|client| local_records(client, None))
        .unwrap_or_default();
    let client_causes = expected
        .client
        .first()
        .map(|client| client_causes(client, trust.as_deref(), expected))
        .unwrap_or_default();
    Facts {
        answer,
        own_place,
        is_whole_with_known: whole.is_some(),
        intermediate_file,
        client_causes,
        home: if is_trusted { of_server } else { Home::default() },
        client_home: of_client,
        records: records.filter(|_| trust.as_ref().is_some_and(|trust| trust.ca_option.is_some())),
        trust,
        probe,
        others,
        clients: None,
        also: Vec::new(),
        chain,
        unreadable,
        name: expected.name.clone(),
        deployed: expected.deployed.clone(),
        key: expected.key.clone(),
        client: expected.client.clone(),
        client_file: expected.client_file.clone(),
        thumbprint: expected.thumbprint.clone(),
        now: expected.now,
        expires_within: expected.expires_within,
    }
}

/// The host's own certificate is the first, unless that is a CA certificate and the only host certificate follows it.
fn own_place(chain: &[Certificate], unreadable: &[String]) -> usize {
    let hosts: Vec<usize> = chain
        .iter()
        .enumerate()
        .filter(|(_, certificate)| !certificate.is_authority())
        .map(|(place, _)| place)
        .collect();
    match hosts.as_slice() {
        [only] if unreadable.is_empty() => *only,
        _ => 0,
    }
}

/// Certificates of CAs that the local CA issued and that may have issued a presented certificate whose issuer is not among
/// the presented ones.
pub fn subordinates(authority: &Authority, chain: &[Certificate]) -> Vec<(Certificate, PathBuf)> {
    let open = without_issuer(authority, chain);
    open.map(|certificate| authority.subordinates_named(certificate.issuer()))
        .unwrap_or_default()
}

/// The first presented certificate whose issuer is neither presented nor the local CA.
fn without_issuer<'a>(authority: &Authority, chain: &'a [Certificate]) -> Option<&'a Certificate> {
    let is_known = |certificate: &Certificate| {
        let mut known = chain.iter().chain(authority.trusted());
        known.any(|known| certificate.may_be_issued_by(known))
    };
    chain.iter().find(|certificate| !is_known(certificate))
}

fn revoked_subordinates(authority: &Authority, chain: &[Certificate]) -> Vec<Certificate> {
    let open = without_issuer(authority, chain);
    open.map(|certificate| authority.revoked_subordinates_named(certificate.issuer()))
        .unwrap_or_default()
}

fn has_revoked_issuer(answer: &Answer) -> bool {
    let is_above = |found: &Finding| found.position.is_some_and(|position| position > 0);
    answer
        .findings
        .iter()
        .any(|found| matches!(found.rule, Rule::Revoked | Rule::RevokedInRecords) && is_above(found))
}

/// What can be seen from here of why a server refuses a client certificate.
fn client_causes(client: &Certificate, trust: Option<&Trust>, expected: &Expected<'_>) -> Vec<ClientCause> {
    let known = trust
        .iter()
        .flat_map(|trust| trust.between.iter().chain(&trust.own));
    let untrusted: Vec<Certificate> = expected.client.iter().skip(1).chain(known).cloned().collect();
    let anchors = trust.map_or(&[][..], |trust| &trust.anchors);
    let answer = validate(&Question {
        untrusted: &untrusted,
        anchors,
        purpose: Purpose::Client,
        ..Question::about(client, expected.now)
    });
    // Whom the server trusts for clients is for the server to say.
    let is_its_own = |rule: Rule| {
        !matches!(
            rule,
            Rule::IssuerUnknown | Rule::SignatureWrong | Rule::StrictValidator | Rule::CrlMissing
        )
    };
    let flaws = answer
        .findings
        .into_iter()
        .filter(|found| {
            found.severity == Severity::Error
                && found.position.is_none_or(|place| place == 0)
                && is_its_own(found.rule)
        })
        .map(ClientCause::Flaw);
    let authority = expected.authority.map(|(authority, _)| authority);
    let is_revoked = authority.is_some_and(|authority| {
        matches!(
            authority.standing(client).status,
            RevocationStatus::Revoked { .. }
        )
    });
    let crl = authority
        .filter(|authority| authority.has_signed(client))
        .and_then(|authority| {
            let content = authority.directory().read(&authority.directory().crl()).ok()?;
            decode_crls(&content)
                .ok()?
                .into_iter()
                .next()?
                .next_update()
                .filter(|due| *due < expected.now)
        });
    flaws
        .chain(is_revoked.then_some(ClientCause::Revoked))
        .chain(crl.map(|due| ClientCause::CrlOverdue { due }))
        .collect()
}

fn judge(
    own: &Certificate,
    untrusted: &[Certificate],
    trust: Option<&Trust>,
    expected: &Expected<'_>,
) -> Answer {
    let authority = expected.authority.map(|(authority, _)| authority);
    let read = ReadRecords::default();
    let records = |certificate: &Certificate| {
        authority.map_or(RevocationStatus::NotChecked, |authority| {
            authority.standing_in(&read, certificate).status
        })
    };
    let crls = crls_for(own, trust.iter().flat_map(|trust| &trust.crls));
    let mut answer = validate(&Question {
        untrusted,
        anchors: trust.map_or(&[], |trust| &trust.anchors),
        purpose: Purpose::Server,
        name: expected.name.as_ref(),
        crls: &crls,
        records: Some(&records),
        ..Question::about(own, expected.now)
    });
    answer.findings.retain(|found| !is_about_kept_crls(found.rule));
    answer
}

fn is_open(answer: &Answer) -> bool {
    answer
        .findings
        .iter()
        .any(|found| matches!(found.rule, Rule::IssuerUnknown | Rule::SignatureWrong))
}

/// Whether the certificates name a CA that is trusted.
fn leads_to(trust: Option<&Trust>, chain: &[Certificate]) -> bool {
    let known = |trust: &Trust| {
        trust
            .anchors
            .iter()
            .chain(&trust.between)
            .chain(&trust.own)
            .map(|known| known.subject().clone())
            .collect::<Vec<_>>()
    };
    trust.map(known).is_some_and(|known| {
        chain
            .iter()
            .any(|certificate| known.contains(certificate.issuer()))
    })
}

/// What the CA knows of a certificate that a port presents.
fn records(authority: &Authority, own: &Certificate) -> Records {
    let is_issuer = authority.has_signed(own);
    let recorded = if is_issuer {
        authority.recorded(own).ok()
    } else {
        None
    };
    let record = recorded.as_ref().and_then(Recorded::record);
    Records {
        is_issuer,
        is_recorded: matches!(recorded, Some(Recorded::Itself(_))),
        unrecorded: recorded.as_ref().and_then(|recorded| recorded.why_not(own)),
        revoked: record.and_then(revoked),
    }
}

fn revoked(record: &Record) -> Option<String> {
    let revocation = record.revocation.as_ref()?;
    let reason = revocation
        .reason
        .as_ref()
        .map(|reason| format!(" ({reason})"))
        .unwrap_or_default();
    Some(format!("on {}{reason}", rfc3339(revocation.at)))
}
