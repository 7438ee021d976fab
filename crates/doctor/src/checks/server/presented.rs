//! What the server presents: the certificate and the way to what is trusted, and what it was expected to be.

use super::Facts;
use super::entries::*;
use crate::checks::Finding;
use crate::checks::file::{
    AUTHORITY_ENDS_FIRST, EXPIRES_SOON, KEY_MISMATCH, KEY_NOT_COMPARED, MUST_STAPLE_REFUSED_BY,
    SUBJECT_WITHOUT_HOST, Trust, soon, thumbprint_findings, too_long, unrecorded,
};
use crate::checks::path::{
    CHAIN_ORDER, Home, INTERMEDIATE_MISSING, ISSUER_UNKNOWN, Judged, Order, REVOKED, SELF_SIGNED,
    SIGNATURE_WRONG, Successor, TRUST_UNKNOWN, chain_and_strays, findings, is_in_order,
};
use crate::tls::{SignatureVerdict, WithoutServerName};
use gsec_pki::encoding::shell::Prose;
use gsec_pki::key::PublicKey;
use gsec_pki::x509::path::{Purpose, Rule, Severity};
use gsec_pki::x509::{Certificate, DnsName, GeneralName, days_left, rfc3339};

fn named(facts: &Facts, certificate: &Certificate) -> String {
    format!("{}: {}", facts.subject(), certificate.title())
}

fn home(facts: &Facts) -> Home {
    facts.home.clone()
}

pub(super) fn unreadable(facts: &Facts) -> Vec<Finding> {
    let finding = |problem: &String| {
        Finding::new(&UNREADABLE_CERTIFICATE, facts.subject(), problem.clone())
            .look(facts.at_port("gsec cert fetch"))
    };
    facts.unreadable.iter().map(finding).collect()
}

/// Whether the server has the key of what it presents, and whether that is the key that was named.
pub(super) fn key(facts: &Facts) -> Vec<Finding> {
    let Some(own) = facts.own() else { return Vec::new() };
    // `order` reports a CA certificate in the first place; the key is still the host's.
    if let SignatureVerdict::Bad { scheme } = &facts.probe.signature
        && facts.own_place == 0
    {
        let seen = format!(
            "the server's signature of the handshake ({scheme}) does not verify with the key of the certificate ({})",
            own.public_key()
        );
        return vec![
            Finding::new(&KEY_MISMATCH, named(facts, own), seen)
                .advise("On the server, compare the two files with gsec cert match."),
        ];
    }
    // What was named is compared with all that is presented, once.
    if facts.clients.is_some() {
        return Vec::new();
    }
    let is_of_none = |key: &PublicKey| !facts.all_own().any(|own| key.is_pair_of(own.public_key()));
    let file = match &facts.key {
        Some((file, Ok(key))) if is_of_none(key) => file,
        Some((_, Err(why))) => {
            return vec![Finding::new(&KEY_NOT_COMPARED, named(facts, own), why.clone())];
        }
        _ => return Vec::new(),
    };
    let seen = format!(
        "the key in {} does not match the certificate, serial {}, that the server presents",
        file.display(),
        own.serial()
    );
    vec![
        Finding::new(&KEY_MISMATCH, named(facts, own), seen)
            .advise("Reload the server. If that does not help, find out which files it uses."),
    ]
}

/// What path validation says, but for what is said in other words by [`issuers`].
pub(super) fn path(facts: &Facts) -> Vec<Finding> {
    let (Some(own), Some(answer)) = (facts.own(), &facts.answer) else {
        return Vec::new();
    };
    let mut answer = answer.clone();
    if facts.trust.is_none() {
        let is_self_signed = is_self_signed(own);
        answer.findings.retain(|found| {
            !matches!(found.rule, Rule::IssuerUnknown | Rule::StrictValidator)
                || is_self_signed && found.rule == Rule::IssuerUnknown
        });
    }
    let home = home(facts);
    let subject = facts.subject();
    let judged = Judged {
        certificate: own,
        subject: &subject,
        purpose: Purpose::Server,
        name: facts.name.as_ref(),
        home: &home,
    };
    let is_reported_elsewhere = |finding: &Finding| {
        let is_about_issuers = [&ISSUER_UNKNOWN, &SELF_SIGNED, &SIGNATURE_WRONG].contains(&finding.entry);
        let is_revoked_in_records = facts
            .records
            .as_ref()
            .is_some_and(|records| records.revoked.is_some());
        is_about_issuers && lacks_intermediate(facts) || finding.entry == &REVOKED && is_revoked_in_records
    };
    findings(&judged, &answer)
        .into_iter()
        .filter(|finding| !is_reported_elsewhere(finding))
        .collect()
}

fn leads_nowhere(facts: &Facts) -> bool {
    let is_open = |rule| matches!(rule, Rule::IssuerUnknown | Rule::SignatureWrong);
    facts.trust.is_some()
        && facts
            .answer
            .as_ref()
            .is_some_and(|answer| answer.findings.iter().any(|found| is_open(found.rule)))
}

fn lacks_intermediate(facts: &Facts) -> bool {
    leads_nowhere(facts) && facts.is_whole_with_known
}

/// Whether the certificate is self-signed, and not by a CA.
fn is_self_signed(certificate: &Certificate) -> bool {
    certificate.is_issued_by(certificate)
}

/// The certificate the local CA issued for this host, if the presented one comes from another CA and there is no
/// simpler explanation: it is not self-signed, its path lacks no known intermediate, and its CA is not one with the same
/// name and another key.
fn intercepted(facts: &Facts) -> Option<&Certificate> {
    let records = facts.records.as_ref()?;
    let issued = &facts.home.successors.first()?.certificate;
    let findings = &facts.answer.as_ref()?.findings;
    let has_same_name = findings.iter().any(|found| found.rule == Rule::SignatureWrong);
    let is_plain = has_same_name || facts.own().is_none_or(is_self_signed) || facts.is_whole_with_known;
    (leads_nowhere(facts) && !records.is_issuer && !is_plain).then_some(issued)
}

/// Why the way from the presented certificate leads to nothing that is trusted.
pub(super) fn issuers(facts: &Facts) -> Vec<Finding> {
    let Some(own) = facts.own() else { return Vec::new() };
    let Some(trust) = &facts.trust else {
        if is_self_signed(own) {
            return Vec::new();
        }
        let finding = Finding::new(
            &TRUST_UNKNOWN,
            named(facts, own),
            format!("it was issued by `{}`", own.issuer()),
        );
        return vec![
            finding.advise("Use --trust to say what clients trust, or --ca-dir with the CA directory."),
        ];
    };
    if lacks_intermediate(facts) {
        return vec![intermediate_missing(facts, own, trust)];
    }
    let intercepted = intercepted(facts).map(|issued| {
        let seen = format!(
            "it was issued by `{}`, but the CA here has issued serial {} for this host, which the server \
             does not present",
            own.issuer(),
            issued.serial()
        );
        Finding::new(&INTERCEPTED, named(facts, own), seen).advise(
            Prose::new("Compare with what gsec cert fetch localhost:")
                .number(facts.probe.target.port)
                .words(" prints on the host itself."),
        )
    });
    intercepted.into_iter().collect()
}

fn intermediate_missing(facts: &Facts, own: &Certificate, trust: &Trust) -> Finding {
    let top = facts
        .answer
        .as_ref()
        .and_then(|answer| answer.path.last())
        .unwrap_or(own);
    let seen = format!(
        "{} certificate(s) are presented, but not the certificate of `{}`",
        facts.chain.len(),
        top.issuer()
    );
    let finding = Finding::new(&INTERMEDIATE_MISSING, named(facts, own), seen);
    let own = trust
        .ca_certificate
        .as_ref()
        .filter(|_| trust.own.iter().any(|own| top.may_be_issued_by(own)));
    let file = facts.intermediate_file.as_ref().or(own);
    match file {
        Some(file) => finding.advise(
            Prose::new("Append ")
                .path(file)
                .words(" to the certificate file of the server, and reload it."),
        ),
        None => finding.advise(
            Prose::new("Append the certificate of ")
                .name(&top.issuer().to_string())
                .words(" to the certificate file of the server, and reload it."),
        ),
    }
}

pub(super) fn order(facts: &Facts) -> Vec<Finding> {
    if facts.probe.chain.len() != facts.chain.len() || is_in_order(&facts.chain) && facts.own_place == 0 {
        return Vec::new();
    }
    let names: Vec<String> = facts
        .chain
        .iter()
        .map(|certificate| format!("`{}`", certificate.subject()))
        .collect();
    let (chain, strays) = chain_and_strays(&facts.chain, facts.own_place);
    // A certificate that did not issue any of the others is not a question of order.
    if let Some(stray) = strays
        .first()
        .filter(|_| facts.own_place == 0 && is_in_order(&chain))
    {
        let seen = format!(
            "`{}` is presented, but issued none of the others: {}",
            stray.subject(),
            names.join(", ")
        );
        let words = Prose::new("Remove ")
            .name(&stray.subject().to_string())
            .words(" from the certificate file of the server.");
        return vec![
            Finding::new(&CHAIN_ORDER, facts.subject(), seen)
                .weighing(Severity::Notice)
                .advise(words),
        ];
    }
    let finding = match facts.own_place {
        0 => Finding::new(
            &CHAIN_ORDER,
            facts.subject(),
            format!("they are in this order: {}", names.join(", ")),
        ),
        place => {
            let seen = format!(
                "a CA certificate comes first and the host's own is number {}, so clients take the CA as the \
                 host: {}",
                place + 1,
                names.join(", ")
            );
            Finding::new(&CHAIN_ORDER, facts.subject(), seen).weighing(Severity::Error)
        }
    };
    vec![finding.advise("On the server, use gsec convert to-pem to write the file in the right order.")]
}

/// Whether Apple's systems reject the server's certificate for its lifetime.
pub(super) fn lifetime(facts: &Facts) -> Vec<Finding> {
    let own = facts.answer.as_ref().and_then(|answer| answer.path.first());
    own.filter(|certificate| !certificate.is_authority())
        .and_then(|certificate| too_long(certificate, named(facts, certificate)))
        .into_iter()
        .collect()
}

/// What ends soon, or before what it issued.
pub(super) fn ends(facts: &Facts) -> Vec<Finding> {
    let Some(answer) = &facts.answer else {
        return Vec::new();
    };
    let home = home(facts);
    let mut findings = Vec::new();
    for (depth, certificate) in answer.path.iter().enumerate() {
        let left = certificate.not_after() - facts.now;
        if left.is_positive() && left < soon(certificate, facts.expires_within) {
            let seen = format!(
                "it expires at {}, in {} days",
                rfc3339(certificate.not_after()),
                days_left(certificate.not_after(), facts.now)
            );
            let remedy = if depth > 0 {
                home.renew_authority(certificate)
            } else {
                home.renew(certificate)
            };
            findings.push(Finding::new(&EXPIRES_SOON, named(facts, certificate), seen).helps(remedy));
        }
    }
    for pair in answer
        .path
        .windows(2)
        .filter(|pair| pair[1].not_after() < pair[0].not_after() && pair[1].not_after() > facts.now)
    {
        let (issuer, issued) = (&pair[1], &pair[0]);
        let ends = [issuer, issued].map(|certificate| rfc3339(certificate.not_after()));
        let seen = format!(
            "it expires at {}, and `{}`, which it issued, at {}",
            ends[0],
            issued.subject(),
            ends[1]
        );
        findings.push(
            Finding::new(&AUTHORITY_ENDS_FIRST, named(facts, issuer), seen)
                .helps(home.renew_authority(issuer)),
        );
    }
    findings
}

/// Old peers look at the common name.
pub(super) fn subject(facts: &Facts) -> Vec<Finding> {
    let Some(own) = facts.own() else { return Vec::new() };
    let names = own.subject_alternative_names().unwrap_or_default();
    let is_for_host = facts
        .name
        .as_ref()
        .is_none_or(|wanted| names.iter().any(|name| name.covers(wanted)));
    let hosts: Vec<&GeneralName> = names
        .iter()
        .chain(&facts.name)
        .filter(|name| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_)))
        .collect();
    let has_host = own.subject().common_names().iter().any(|common| {
        let as_name = DnsName::parse(common).ok();
        hosts.iter().any(|host| match (&as_name, host) {
            (Some(common), GeneralName::Dns(host)) => common.covers(host) || common == host,
            _ => *common == host.value(),
        })
    });
    let has_room = hosts
        .iter()
        .any(|host| host.value().len() <= gsec_pki::x509::MAX_COMMON_NAME);
    if names.is_empty() || !is_for_host || has_host || !has_room {
        return Vec::new();
    }
    let seen = format!(
        "the Subject is `{}`, but the host is `{}`",
        own.subject(),
        facts.host()
    );
    let host = facts.host();
    let names_host = |found: &Certificate| found.subject().common_names().contains(&host);
    vec![
        Finding::new(&SUBJECT_WITHOUT_HOST, named(facts, own), seen).helps(home(facts).issue_with(
            own,
            Order::Host,
            None,
            &names_host,
        )),
    ]
}

/// What the CA's own records say.
pub(super) fn records(facts: &Facts) -> Vec<Finding> {
    let (Some(own), Some(records)) = (facts.own(), &facts.records) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    let home = home(facts);
    if let Some(words) = &records.revoked {
        let finding = Finding::new(
            &REVOKED,
            named(facts, own),
            format!("the CA revoked serial {} {words}", own.serial()),
        );
        findings.push(finding.helps(home.issue_like(own)));
    }
    if let Some(why) = &records.unrecorded {
        findings.push(unrecorded(named(facts, own), why, facts.trust.as_deref()));
    }
    let is_revoked = records.revoked.is_some();
    let is_at_its_end = own.not_after() - facts.now < soon(own, facts.expires_within) || is_revoked;
    let replaces = |found: &&Successor| found.certificate.not_after() > own.not_after() || is_revoked;
    if let Some(found) = home
        .successors
        .iter()
        .find(replaces)
        .filter(|_| records.is_issuer && is_at_its_end)
    {
        let seen = format!(
            "it presents serial {} until {}, but serial {} until {} was issued",
            own.serial(),
            rfc3339(own.not_after()),
            found.certificate.serial(),
            rfc3339(found.certificate.not_after())
        );
        findings.push(Finding::new(&PRESENTED_OUTDATED, named(facts, own), seen).help(found.install()));
    }
    findings
}

/// Whether the files that were named are what the server presents.
pub(super) fn files(facts: &Facts) -> Vec<Finding> {
    let Some(own) = facts.own().filter(|_| facts.clients.is_none()) else {
        return Vec::new();
    };
    let differs = facts
        .deployed
        .iter()
        .filter(|deployed| facts.all_own().all(|own| deployed.certificate != *own));
    let finding = |deployed: &super::Deployed| {
        let seen = format!(
            "it presents serial {} until {}, but {} has serial {} until {}",
            own.serial(),
            rfc3339(own.not_after()),
            deployed.path.display(),
            deployed.certificate.serial(),
            rfc3339(deployed.certificate.not_after())
        );
        Finding::new(&PRESENTED_DIFFERS, named(facts, own), seen)
            .advise("Reload the server. If that does not help, find out which file it uses.")
    };
    differs.map(finding).collect()
}

pub(super) fn thumbprint(facts: &Facts) -> Vec<Finding> {
    let own = facts.own().filter(|_| facts.clients.is_none());
    let (Some(pasted), Some(own)) = (&facts.thumbprint, own) else {
        return Vec::new();
    };
    let findings = |own| {
        let command = facts.at_port("gsec cert thumbprint");
        thumbprint_findings(pasted, own, &facts.port(), &command)
    };
    // It is right if it is that of any of them.
    let best = facts.all_own().map(findings).min_by_key(Vec::len);
    best.unwrap_or_else(|| findings(own))
}

/// Clients that send no name.
pub(super) fn server_name(facts: &Facts) -> Vec<Finding> {
    let Some(own) = facts.own() else { return Vec::new() };
    let without = match &facts.probe.without_server_name {
        Some(WithoutServerName::OtherChain(chain)) => {
            match chain.first().map(|der| Certificate::from_der(der)) {
                Some(Ok(other)) if other == *own => return Vec::new(),
                Some(Ok(other)) => format!(
                    "it presents `{}`, serial {} of `{}`",
                    other.subject(),
                    other.serial(),
                    other.issuer()
                ),
                _ => "it presents another certificate".into(),
            }
        }
        // A library that is refused in any case learns nothing about names.
        Some(WithoutServerName::Refused(refusal)) if facts.probe.modern_refusal.is_none() => {
            format!("the server rejects it: {refusal}")
        }
        Some(WithoutServerName::Same | WithoutServerName::Unknown | WithoutServerName::Refused(_)) | None => {
            return Vec::new();
        }
    };
    let name = facts.probe.server_name.as_deref().unwrap_or_default();
    let seen = format!(
        "with the server name `{name}` it presents `{}`, serial {} of `{}`, and without one {without}",
        own.subject(),
        own.serial(),
        own.issuer()
    );
    vec![
        Finding::new(&SERVER_NAME_NEEDED, facts.port(), seen)
            .advise("Make this certificate the server's default, if such clients connect."),
    ]
}

/// A certificate that requires a stapled OCSP response, and none is stapled.
pub(super) fn staple(facts: &Facts) -> Vec<Finding> {
    let Some(own) = facts.own().filter(|own| own.requires_staple()) else {
        return Vec::new();
    };
    let is_stapled = facts
        .probe
        .negotiated
        .as_ref()
        .is_some_and(|negotiated| negotiated.has_ocsp_response);
    if is_stapled {
        return Vec::new();
    }
    let seen = format!(
        "it has the TLS feature status_request (must-staple), and the server sends no OCSP response: {MUST_STAPLE_REFUSED_BY}"
    );
    let finding = Finding::new(&STAPLE_MISSING, named(facts, own), seen);
    vec![finding.helps(home(facts).issue_like(own)).advise(
        "Use a certificate without this feature, or turn OCSP stapling on in the server, if the CA has an OCSP responder: gsec has none.",
    )]
}

#[cfg(test)]
mod tests {
    use rcgen::SanType;
    use time::Duration;

    use super::super::tests::{each, findings, has_fix, own};
    use super::super::{Deployed, Facts, Records};
    use super::*;
    use crate::checks::tests::certificates::{Change, Identity, in_days, must_staple, root};
    use crate::checks::tests::help_of;
    use crate::tls::Refusal;
    use gsec_pki::x509::path::Severity::{Error, Notice, Warning};

    fn present_with(facts: &mut Facts, change: Change) {
        facts.present(&[&root().host_with("db1.example.com", change).certificate]);
    }

    /// A host's certificate from a CA below the root, with that CA's.
    fn below() -> (Certificate, Certificate) {
        let middle = root().below("Middle CA", |_| {});
        (middle.host("db1.example.com").certificate, middle.certificate)
    }

    fn bad_signature() -> SignatureVerdict {
        SignatureVerdict::Bad {
            scheme: "ecdsa_secp256r1_sha256".into(),
        }
    }

    #[test]
    fn key_of_the_server() {
        each(&[
            (
                "it is another than that of its certificate",
                |facts| facts.probe.signature = bad_signature(),
                &[(
                    "key-mismatch",
                    Error,
                    "the server's signature of the handshake (ecdsa_secp256r1_sha256) does not verify",
                )],
            ),
            (
                "a key was named, and is another",
                |facts| facts.key = Some(("db1.key".into(), Ok(own().public_key().clone()))),
                &[(
                    "key-mismatch",
                    Error,
                    "the key in db1.key does not match the certificate, serial 2A",
                )],
            ),
            (
                "a key was named, and is the right one",
                |facts| facts.key = Some(("db1.key".into(), Ok(facts.chain[0].public_key().clone()))),
                &[],
            ),
            (
                "a key was named, and cannot be read",
                |facts| facts.key = Some(("db1.key".into(), Err("it is encrypted".into()))),
                &[("key-not-compared", Warning, "it is encrypted")],
            ),
        ]);
    }

    #[test]
    fn what_clients_trust() {
        each(&[
            (
                "nobody said what",
                |facts| {
                    facts.trust = None;
                    facts.judge();
                },
                &[("trust-unknown", Notice, "it was issued by `CN=Example CA`")],
            ),
            (
                "another CA",
                |facts| {
                    facts.trust_mut().anchors = vec![Identity::root("Other CA").certificate];
                    facts.judge();
                },
                &[("issuer-unknown", Error, "")],
            ),
            (
                "the root, and the certificate has expired",
                |facts| present_with(facts, |params| params.not_after = in_days(-1)),
                &[(
                    "certificate-expired",
                    Error,
                    "db1.example.com:443: CN=db1.example.com",
                )],
            ),
            (
                "the root, and the certificate below it is not presented",
                |facts| {
                    facts.present(&[&below().0]);
                    facts.is_whole_with_known = true;
                },
                &[(
                    "intermediate-missing",
                    Error,
                    "1 certificate(s) are presented, but not the certificate of `CN=Middle CA`",
                )],
            ),
            (
                "the root, and everything is presented",
                |facts| {
                    let (host, middle) = below();
                    facts.present(&[&host, &middle]);
                },
                &[],
            ),
            (
                "the root, and one certificate cannot be read",
                |facts| facts.unreadable = vec!["the second: it is empty".into()],
                &[("presented-unreadable", Error, "the second: it is empty")],
            ),
        ]);
    }

    /// What the local CA issued for the host.
    fn successor(change: Change) -> Successor {
        Successor {
            certificate: root().host_with("db1.example.com", change).certificate,
            file: "/srv/ca/repository/2B_db1_cert.pem".into(),
        }
    }

    /// The server presents another CA's certificate, and the local CA has issued one for the host.
    fn foreign(facts: &mut Facts) {
        facts.present(&[&Identity::root("Other CA").host("db1.example.com").certificate]);
        facts.records = Some(Records::default());
        facts.home.successors = vec![successor(|_| {})];
    }

    #[test]
    fn certificate_of_another_ca_in_the_place_of_ours() {
        each(&[
            (
                "something may be in between",
                foreign,
                &[
                    ("issuer-unknown", Error, ""),
                    (
                        "certificate-intercepted",
                        Notice,
                        "it was issued by `CN=Other CA`, but the CA here has issued serial 2A for this host",
                    ),
                ],
            ),
            (
                "it signed itself",
                |facts| {
                    foreign(facts);
                    facts.present(&[&Identity::self_signed_host("db1.example.com", |_| {}).certificate]);
                },
                &[("self-signed", Error, "")],
            ),
            (
                "the CA here has issued none",
                |facts| {
                    foreign(facts);
                    facts.home.successors.clear();
                },
                &[("issuer-unknown", Error, "")],
            ),
        ]);
    }

    #[test]
    fn order_of_what_is_presented() {
        each(&[
            (
                "the CA comes first",
                |facts| {
                    let (host, middle) = below();
                    facts.own_place = 1;
                    facts.present(&[&middle, &host]);
                },
                &[(
                    "chain-order",
                    Error,
                    "a CA certificate comes first and the host's own is number 2",
                )],
            ),
            (
                "the root comes before the CA below it",
                |facts| {
                    let (host, middle) = below();
                    facts.present(&[&host, &root().certificate, &middle]);
                },
                &[(
                    "chain-order",
                    Warning,
                    "they are in this order: `CN=db1.example.com`, `CN=Example CA`, `CN=Middle CA`",
                )],
            ),
            (
                "a stranger is among them",
                |facts| {
                    let (host, middle) = below();
                    let other = Identity::root("Other CA").certificate;
                    facts.present(&[&host, &other, &middle]);
                },
                &[(
                    "chain-order",
                    Notice,
                    "`CN=Other CA` is presented, but issued none of the others",
                )],
            ),
        ]);
    }

    #[test]
    fn certificate_that_ends_soon_or_lives_long() {
        each(&[
            (
                "less than 30 days are left",
                |facts| {
                    present_with(facts, |params| {
                        (params.not_before, params.not_after) =
                            (in_days(-300), in_days(30) - Duration::SECOND);
                    });
                },
                &[("certificate-expires-soon", Warning, "in 29 days")],
            ),
            (
                "30 days are left",
                |facts| {
                    present_with(facts, |params| {
                        (params.not_before, params.not_after) = (in_days(-300), in_days(30));
                    });
                },
                &[],
            ),
            (
                "its CA ends before it",
                |facts| {
                    let short = Identity::root_with("Short CA", |params| params.not_after = in_days(200));
                    facts.trust_mut().anchors = vec![short.certificate.clone()];
                    facts.present(&[&short.host("db1.example.com").certificate]);
                },
                &[(
                    "ca-ends-first",
                    Warning,
                    "db1.example.com:443: CN=Short CA: it expires at ",
                )],
            ),
            (
                "it lives for 826 days",
                |facts| present_with(facts, |params| params.not_after = in_days(-30 + 826)),
                &[("lifetime-over-825-days", Notice, "826 days")],
            ),
            (
                "it lives for 825 days",
                |facts| present_with(facts, |params| params.not_after = in_days(-30 + 825)),
                &[],
            ),
        ]);
    }

    #[test]
    fn subject_that_is_no_name_of_the_host() {
        each(&[
            (
                "words",
                |facts| {
                    let words = root().host_with("Database 1", |params| {
                        params.subject_alt_names =
                            vec![SanType::DnsName("db1.example.com".try_into().expect("a name"))];
                    });
                    facts.present(&[&words.certificate]);
                },
                &[(
                    "subject-without-host",
                    Notice,
                    "the Subject is `CN=Database 1`, but the host is `db1.example.com`",
                )],
            ),
            (
                "a wildcard that covers it",
                |facts| {
                    let wildcard = root().host_with("*.example.com", |params| {
                        params.subject_alt_names =
                            vec![SanType::DnsName("db1.example.com".try_into().expect("a name"))];
                    });
                    facts.present(&[&wildcard.certificate]);
                },
                &[],
            ),
        ]);
    }

    fn with_records(facts: &mut Facts, change: fn(&mut Records)) {
        let mut records = Records {
            is_issuer: true,
            is_recorded: true,
            ..Records::default()
        };
        change(&mut records);
        facts.records = Some(records);
    }

    #[test]
    fn what_the_records_of_the_ca_say() {
        each(&[
            (
                "it is revoked",
                |facts| with_records(facts, |records| records.revoked = Some("on Monday".into())),
                &[("certificate-revoked", Error, "the CA revoked serial 2A on Monday")],
            ),
            (
                "there is no record of it",
                |facts| {
                    with_records(facts, |records| {
                        records.unrecorded = Some("ca.db has no record of it".into())
                    })
                },
                &[(
                    "presented-unrecorded",
                    Error,
                    "the CA's key signed it, but ca.db has no record of it",
                )],
            ),
            (
                "it ends soon, and another was issued",
                |facts| {
                    with_records(facts, |_| {});
                    present_with(facts, |params| {
                        (params.not_before, params.not_after) = (in_days(-300), in_days(20));
                    });
                    facts.home.successors = vec![successor(|_| {})];
                },
                &[
                    ("certificate-expires-soon", Warning, ""),
                    ("presented-outdated", Warning, "it presents serial 2A until "),
                ],
            ),
            (
                "another was issued, and there is time",
                |facts| {
                    with_records(facts, |_| {});
                    facts.home.successors = vec![successor(|params| params.not_after = in_days(700))];
                },
                &[],
            ),
        ]);
    }

    #[test]
    fn what_was_named_beside_the_port() {
        each(&[
            (
                "a file with another certificate",
                |facts| {
                    facts.deployed = vec![Deployed {
                        path: "db1.pem".into(),
                        certificate: own().certificate,
                    }];
                },
                &[(
                    "presented-differs",
                    Warning,
                    "it presents serial 2A until 2031-02-25T00:00:00Z, but db1.pem has serial 2A",
                )],
            ),
            (
                "a file with the same certificate",
                |facts| {
                    facts.deployed = vec![Deployed {
                        path: "db1.pem".into(),
                        certificate: facts.chain[0].clone(),
                    }];
                },
                &[],
            ),
            (
                "another thumbprint",
                |facts| facts.thumbprint = Some("00 11".into()),
                &[("thumbprint-mismatch", Error, "`00 11` was given")],
            ),
            (
                "its thumbprint with an invisible character",
                |facts| {
                    let own = facts.chain[0].thumbprints().sha256;
                    let digits =
                        gsec_pki::encoding::hex::encode(&own, gsec_pki::encoding::hex::Separator::None);
                    facts.thumbprint = Some(format!("\u{200e}{digits}"));
                },
                &[("thumbprint-invisible-character", Error, "U+200E")],
            ),
        ]);
    }

    #[test]
    fn certificate_that_demands_a_stapled_response() {
        each(&[
            (
                "none is sent",
                |facts| present_with(facts, |params| params.custom_extensions = vec![must_staple()]),
                &[("must-staple-missing", Error, "the server sends no OCSP response")],
            ),
            (
                "one is sent",
                |facts| {
                    present_with(facts, |params| params.custom_extensions = vec![must_staple()]);
                    facts.negotiated_mut().has_ocsp_response = true;
                },
                &[],
            ),
        ]);
    }

    #[test]
    fn clients_that_send_no_name() {
        each(&[
            (
                "they get another certificate",
                |facts| {
                    let other = root().host("db2.example.com").certificate.der().to_vec();
                    facts.probe.without_server_name = Some(WithoutServerName::OtherChain(vec![other]));
                },
                &[(
                    "server-name-needed",
                    Notice,
                    "and without one it presents `CN=db2.example.com`, serial 2A",
                )],
            ),
            (
                "they are rejected",
                |facts| facts.probe.without_server_name = Some(WithoutServerName::Refused(Refusal::Closed)),
                &[(
                    "server-name-needed",
                    Notice,
                    "and without one the server rejects it",
                )],
            ),
            (
                "they get the same",
                |facts| facts.probe.without_server_name = Some(WithoutServerName::Same),
                &[],
            ),
            (
                "they get the same certificate with others behind it",
                |facts| {
                    let chain = vec![facts.probe.chain[0].clone(), root().certificate.der().to_vec()];
                    facts.probe.without_server_name = Some(WithoutServerName::OtherChain(chain));
                },
                &[],
            ),
        ]);
    }

    #[test]
    fn no_command_is_given_for_what_another_machine_must_do() {
        let found = findings(|facts| {
            facts.present(&[&below().0]);
            facts.is_whole_with_known = true;
            facts.intermediate_file = Some("/srv/ca/middle.pem".into());
        });
        assert!(!has_fix(&found[0]));
        assert_eq!(
            help_of(&found[0]),
            "advice: Append '/srv/ca/middle.pem' to the certificate file of the server, and reload it."
        );
    }
}
