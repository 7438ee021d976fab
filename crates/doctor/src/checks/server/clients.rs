//! Whom the server wants to see.

use super::entries::*;
use super::{ClientCause, Facts};
use crate::checks::handshake::{CLIENT_CERTIFICATE_MISSING, ISSUE_FOR_CLIENT};
use crate::checks::path::{Judged, REVOKED, of_target};
use crate::checks::{Appending, Finding, Help};
use crate::tls::{CertificateDemand, Demand};
use gsec_pki::encoding::sample::in_words;
use gsec_pki::encoding::shell::{CommandLine, Prose};
use gsec_pki::x509::path::{Purpose, Severity};
use gsec_pki::x509::{Certificate, DistinguishedName, rfc3339};

/// Of many names, a message shows this many.
const SHOWN_AUTHORITIES: usize = 10;

/// What the server says to a client with a certificate, or without.
pub(super) fn check(facts: &Facts) -> Vec<Finding> {
    let authentication = &facts.probe.client_authentication;
    match (&authentication.demand, facts.client.is_empty()) {
        (None, true) => Vec::new(),
        (None, false) => vec![
            Finding::new(
                &CLIENT_CERTIFICATE_UNASKED,
                facts.port(),
                "it does not request a client certificate, but one was given",
            )
            .advise("Enable client certificates on the server, if it must identify its clients."),
        ],
        (Some(demand), true) => missing(facts, demand).into_iter().collect(),
        (Some(demand), false) => refused(facts, demand).into_iter().collect(),
    }
}

/// A server that requires client certificates is not faulty; but the examination ends there.
fn missing(facts: &Facts, demand: &CertificateDemand) -> Option<Finding> {
    if !matches!(demand.demand, Demand::Required | Demand::RequiredByApplication) {
        return None;
    }
    let seen = format!(
        "it requires a client certificate{}, but none was given",
        of_authorities(demand)
    );
    let finding = Finding::new(&CLIENT_CERTIFICATE_MISSING, facts.port(), seen).weighing(Severity::Notice);
    let issue = facts
        .trust
        .as_ref()
        .filter(|trust| trust.own.iter().any(|own| names(demand).contains(own.subject())));
    let issue = issue
        .and_then(|trust| trust.ca_option.as_ref())
        .map(|_| Help::advice(ISSUE_FOR_CLIENT));
    Some(
        issue
            .into_iter()
            .fold(finding, Finding::help)
            .advise("To look further, pass the certificate of a client with --client-cert and --client-key."),
    )
}

fn refused(facts: &Facts, demand: &CertificateDemand) -> Option<Finding> {
    let client = facts.client.first()?;
    let refusal = facts.probe.client_authentication.refusal.as_ref();
    let accepted = names(demand);
    let is_listed = accepted.is_empty()
        || facts
            .client
            .iter()
            .any(|certificate| accepted.contains(certificate.issuer()));
    let said = refusal.map_or_else(
        || "the server accepts the certificate anyway".to_owned(),
        |refusal| format!("the server rejects it: {refusal}"),
    );
    let intermediates = missing_intermediates(facts, &accepted);
    if !intermediates.is_empty() && (refusal.is_some() || !is_listed) {
        return Some(intermediate_missing(facts, client, &intermediates, &said));
    }
    if !is_listed && client.is_issued_by(client) {
        let seen = format!(
            "`{}` is self-signed, but the server requests a certificate{}; {said}",
            client.subject(),
            of_authorities(demand)
        );
        let finding = Finding::new(&CLIENT_AUTHORITY_NOT_LISTED, facts.port(), seen);
        let finding = finding.weighing(weight(refusal.is_some()));
        return Some(finding.advise("Have one of these CAs issue a certificate for the client, or add this certificate itself to what the server trusts for clients."));
    }
    if !is_listed {
        let seen = format!(
            "`{}` was issued by the CA `{}`, but the server requests one{}; {said}",
            client.subject(),
            client.issuer(),
            of_authorities(demand)
        );
        let finding = Finding::new(&CLIENT_AUTHORITY_NOT_LISTED, facts.port(), seen);
        let finding = finding.weighing(weight(refusal.is_some()));
        return Some(finding.advise("Have one of these CAs issue the client certificate, or add its CA to what the server trusts for clients."));
    }
    if refusal.is_none() {
        let seen = format!(
            "the CA here has revoked `{}`, serial {}, but the server accepts it",
            client.subject(),
            client.serial()
        );
        let finding = || Finding::new(&REVOKED, facts.port(), seen).weighing(Severity::Warning);
        let is_revoked = facts
            .client_causes
            .iter()
            .any(|cause| matches!(cause, ClientCause::Revoked));
        return is_revoked.then(|| {
            finding().advise(
                "Give the server the CA's newest CRL, and have it check client certificates against it.",
            )
        });
    }
    let causes: Vec<String> = facts.client_causes.iter().map(cause_in_words).collect();
    let causes = if causes.is_empty() {
        String::new()
    } else {
        format!("; the cause may be: {}", causes.join("; "))
    };
    let seen = format!(
        "`{}`, serial {}: {said}{causes}",
        client.subject(),
        client.serial()
    );
    let finding = Finding::new(&CLIENT_CERTIFICATE_REFUSED, facts.port(), seen);
    let found = facts
        .client_causes
        .iter()
        .flat_map(|cause| help_for(facts, client, cause))
        .fold(finding, Finding::help);
    Some(found.advise(match facts.client_causes.is_empty() {
        true => {
            "Its dates and its purpose were checked here and are fine. On the server: does it trust the \
             CA of this certificate, and has its CRL for clients expired or does it list this one?"
        }
        false => {
            "If it is none of these, check on the server: does it trust the CA of this certificate, and \
             has its CRL for clients expired or does it list this one?"
        }
    }))
}

/// What a server that refuses weighs, and one that does not.
fn weight(is_refused: bool) -> Severity {
    if is_refused {
        Severity::Error
    } else {
        Severity::Warning
    }
}

/// CA certificates that are known here, in the order upwards, which the client does not present and which lead to a CA that the server trusts.
/// Where the server does not say whom it trusts, any intermediate may be missing there.
fn missing_intermediates<'a>(facts: &'a Facts, accepted: &[DistinguishedName]) -> Vec<&'a Certificate> {
    const MOST: usize = 8;
    let known: Vec<&Certificate> = facts
        .chain
        .iter()
        .chain(
            facts
                .trust
                .iter()
                .flat_map(|trust| trust.between.iter().chain(&trust.own).chain(&trust.anchors)),
        )
        .filter(|known| known.is_authority() && !known.is_self_issued())
        .collect();
    let mut missing: Vec<&Certificate> = Vec::new();
    let Some(mut top) = facts.client.last() else {
        return missing;
    };
    while missing.len() < MOST {
        let is_next = |known: &&&Certificate| top.is_issued_by(known) && !missing.contains(*known);
        let Some(next) = known.iter().find(is_next) else {
            break;
        };
        missing.push(next);
        top = next;
        if accepted.contains(top.issuer()) {
            return missing;
        }
    }
    if accepted.is_empty() { missing } else { Vec::new() }
}

fn intermediate_missing(
    facts: &Facts,
    client: &Certificate,
    missing: &[&Certificate],
    said: &str,
) -> Finding {
    let names: Vec<String> = missing
        .iter()
        .map(|found| format!("`{}`", found.subject()))
        .collect();
    let top = missing
        .last()
        .map_or_else(String::new, |top| top.issuer().to_string());
    let seen = format!(
        "`{}` was issued by `{}`, and the client does not present {}, issued by `{top}`; {said}",
        client.subject(),
        client.issuer(),
        names.join(", ")
    );
    let finding = Finding::new(&CLIENT_INTERMEDIATE_MISSING, facts.port(), seen);
    let words = Prose::new("Append the certificate of ")
        .name(
            &missing
                .iter()
                .map(|found| found.subject().to_string())
                .collect::<Vec<_>>()
                .join(", "),
        )
        .words(" to the certificate file of the client.");
    let finding = match append_own(facts, missing).or_else(|| append_from_server(facts, missing)) {
        Some(command) => finding.fix(command),
        None => finding,
    };
    finding.advise(words)
}

/// Appends the certificate of the CA at hand, where it is what is missing.
fn append_own(facts: &Facts, missing: &[&Certificate]) -> Option<CommandLine> {
    let (file, appending) = facts.client_file.as_ref()?;
    let trust = facts.trust.as_ref()?;
    let [only] = missing else { return None };
    let own = trust.own.first().filter(|own| own == only)?;
    let certificate = trust
        .ca_certificate
        .as_deref()
        .filter(|_| !own.is_self_issued())?;
    appending.command([certificate], file)
}

/// Appends what the server presents too to the client's file.
fn append_from_server(facts: &Facts, missing: &[&Certificate]) -> Option<CommandLine> {
    let (file, appending) = facts.client_file.as_ref()?;
    let places: Option<Vec<String>> = missing
        .iter()
        .map(|wanted| {
            let place = facts.probe.chain.iter().position(|der| der == wanted.der())?;
            Some(format!("n=={}", place + 1))
        })
        .collect();
    let program = format!("/^-----BEGIN/{{n++}} {}", places?.join("||"));
    let sni = facts
        .probe
        .server_name
        .as_ref()
        .filter(|name| **name != facts.probe.target.host);
    let fetch = facts.at_port("gsec cert fetch");
    let fetch = match sni {
        Some(name) => fetch.words("--server-name").value(name),
        None => fetch,
    };
    let blocks = fetch.words("| awk").value(&program);
    match appending {
        Appending::AsItIs => Some(blocks.words(">>").path(file)),
        Appending::AfterLineFeed => Some(
            CommandLine::new("{ echo;")
                .then(&blocks)
                .glued("; } >>")
                .path(file),
        ),
        Appending::Never => None,
    }
}

fn cause_in_words(cause: &ClientCause) -> String {
    match cause {
        ClientCause::Flaw(found) => found.message.clone(),
        ClientCause::Revoked => "the CA here has revoked it".into(),
        ClientCause::CrlOverdue { due } => {
            format!(
                "the nextUpdate of its CA's CRL was {}, and a server with an old CRL rejects every client",
                rfc3339(*due)
            )
        }
    }
}

fn help_for(facts: &Facts, client: &Certificate, cause: &ClientCause) -> Vec<Help> {
    let home = &facts.client_home;
    match cause {
        ClientCause::Flaw(found) => of_target(
            &Judged {
                certificate: client,
                subject: "",
                purpose: Purpose::Client,
                name: None,
                home,
            },
            found.rule,
        ),
        ClientCause::Revoked => vec![Help::advice(
            "Issue another certificate for the client, with --profile tls-client.",
        )],
        ClientCause::CrlOverdue { .. } => home
            .update_crl()
            .unwrap_or_default()
            .into_iter()
            .chain([Help::advice("Copy the new CRL to the server, and reload it.")])
            .collect(),
    }
}

fn names(demand: &CertificateDemand) -> Vec<DistinguishedName> {
    demand
        .authorities
        .iter()
        .filter_map(|der| DistinguishedName::from_der(der).ok())
        .collect()
}

fn of_authorities(demand: &CertificateDemand) -> String {
    let names = names(demand);
    if names.is_empty() {
        return String::new();
    }
    let shown = names.iter().take(SHOWN_AUTHORITIES);
    let shown = shown.map(|name| format!("`{name}`")).collect();
    format!(" of {}", in_words(shown, names.len() as u64))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{each, findings, has_fix};
    use super::*;
    use crate::checks::tests::certificates::{Change, Identity, in_days, root};
    use crate::checks::tests::help_of;
    use crate::tls::{ClientAuthentication, Refusal};
    use gsec_pki::x509::path::Severity::{Error, Notice, Warning};

    /// The server asks for a certificate of these CAs.
    fn ask(facts: &mut Facts, demand: Demand, authorities: &[&Certificate]) {
        facts.probe.client_authentication = ClientAuthentication {
            demand: Some(CertificateDemand {
                demand,
                authorities: authorities
                    .iter()
                    .map(|one| one.subject().der().to_vec())
                    .collect(),
                schemes: Vec::new(),
            }),
            sent: false,
            refusal: None,
        };
    }

    /// The client sends a certificate of the root, and the server says this.
    fn send(facts: &mut Facts, refusal: Option<Refusal>, change: Change) {
        facts.client = vec![root().host_with("app1.example.com", change).certificate];
        let authentication = &mut facts.probe.client_authentication;
        (authentication.sent, authentication.refusal) = (true, refusal);
    }

    fn root_certificate() -> &'static Certificate {
        &root().certificate
    }

    #[test]
    fn client_without_a_certificate() {
        each(&[
            (
                "the server insists",
                |facts| ask(facts, Demand::Required, &[root_certificate()]),
                &[(
                    "client-certificate-missing",
                    Notice,
                    "it requires a client certificate of `CN=Example CA`, but none was given",
                )],
            ),
            (
                "the application insists",
                |facts| ask(facts, Demand::RequiredByApplication, &[]),
                &[(
                    "client-certificate-missing",
                    Notice,
                    "it requires a client certificate, but none was given",
                )],
            ),
            (
                "the server does not insist",
                |facts| ask(facts, Demand::Optional, &[]),
                &[],
            ),
            (
                "it is not known whether it insists",
                |facts| ask(facts, Demand::Unknown, &[]),
                &[],
            ),
        ]);
    }

    #[test]
    fn client_with_a_certificate() {
        each(&[
            (
                "the server does not ask",
                |facts| send(facts, None, |_| {}),
                &[(
                    "client-certificate-unasked",
                    Notice,
                    "it does not request a client certificate, but one was given",
                )],
            ),
            (
                "the server takes it",
                |facts| {
                    ask(facts, Demand::Required, &[root_certificate()]);
                    send(facts, None, |_| {});
                },
                &[],
            ),
            (
                "the server rejects it",
                |facts| {
                    ask(facts, Demand::Required, &[root_certificate()]);
                    send(facts, Some(Refusal::Closed), |_| {});
                },
                &[(
                    "client-certificate-refused",
                    Error,
                    "`CN=app1.example.com`, serial 2A: the server rejects it",
                )],
            ),
            (
                "the server rejects it, and its CA revoked it",
                |facts| {
                    ask(facts, Demand::Required, &[root_certificate()]);
                    send(facts, Some(Refusal::Closed), |_| {});
                    facts.client_causes =
                        vec![ClientCause::Revoked, ClientCause::CrlOverdue { due: in_days(-1) }];
                },
                &[(
                    "client-certificate-refused",
                    Error,
                    "the cause may be: the CA here has revoked it; the nextUpdate of its CA's CRL was 2030-03-26",
                )],
            ),
            (
                "the server takes it, though its CA revoked it",
                |facts| {
                    ask(facts, Demand::Required, &[root_certificate()]);
                    send(facts, None, |_| {});
                    facts.client_causes = vec![ClientCause::Revoked];
                },
                &[(
                    "certificate-revoked",
                    Warning,
                    "the CA here has revoked `CN=app1.example.com`, serial 2A, but the server accepts it",
                )],
            ),
        ]);
    }

    fn other_ca() -> Certificate {
        Identity::root("Other CA").certificate
    }

    #[test]
    fn ca_of_the_client_that_the_server_does_not_list() {
        each(&[
            (
                "it rejects the client",
                |facts| {
                    ask(facts, Demand::Required, &[&other_ca()]);
                    send(facts, Some(Refusal::Closed), |_| {});
                },
                &[(
                    "client-ca-not-listed",
                    Error,
                    "was issued by the CA `CN=Example CA`, but the server requests one of `CN=Other CA`; the server rejects it",
                )],
            ),
            (
                "it accepts the client",
                |facts| {
                    ask(facts, Demand::Required, &[&other_ca()]);
                    send(facts, None, |_| {});
                },
                &[(
                    "client-ca-not-listed",
                    Warning,
                    "the server accepts the certificate anyway",
                )],
            ),
            (
                "the client's certificate signed itself",
                |facts| {
                    ask(facts, Demand::Required, &[root_certificate()]);
                    send(facts, Some(Refusal::Closed), |_| {});
                    facts.client = vec![Identity::self_signed_host("app1.example.com", |_| {}).certificate];
                },
                &[(
                    "client-ca-not-listed",
                    Error,
                    "`CN=app1.example.com` is self-signed",
                )],
            ),
        ]);
    }

    /// The client presents no more than its own, from a CA below the root that the server trusts.
    fn without_intermediate(facts: &mut Facts) {
        let middle = root().below("Middle CA", |_| {});
        ask(facts, Demand::Required, &[root_certificate()]);
        send(facts, Some(Refusal::Closed), |_| {});
        facts.client = vec![middle.host("app1.example.com").certificate];
        facts.trust_mut().between = vec![middle.certificate];
    }

    #[test]
    fn intermediate_that_the_client_does_not_present() {
        each(&[
            (
                "it is known here",
                without_intermediate,
                &[(
                    "client-intermediate-missing",
                    Error,
                    "the client does not present `CN=Middle CA`, issued by `CN=Example CA`",
                )],
            ),
            (
                "it is presented",
                |facts| {
                    without_intermediate(facts);
                    let middle = facts.trust_mut().between[0].clone();
                    facts.client.push(middle);
                },
                &[("client-certificate-refused", Error, "")],
            ),
            (
                "it is not known here",
                |facts| {
                    without_intermediate(facts);
                    facts.trust_mut().between.clear();
                },
                &[(
                    "client-ca-not-listed",
                    Error,
                    "was issued by the CA `CN=Middle CA`",
                )],
            ),
        ]);
    }

    #[test]
    fn intermediate_is_appended_where_its_file_is_known() {
        let with_file = |appending| {
            findings(|facts| {
                without_intermediate(facts);
                facts.client_file = Some(("app1.pem".into(), appending));
                let trust = facts.trust_mut();
                trust.own = trust.between.clone();
                trust.ca_certificate = Some("/srv/ca/ca_conf/ca_cert.pem".into());
            })
        };
        let found = with_file(Appending::AsItIs);
        assert!(
            help_of(&found[0]).starts_with("fix: cat /srv/ca/ca_conf/ca_cert.pem >> app1.pem"),
            "{}",
            help_of(&found[0])
        );
        assert!(
            !has_fix(&with_file(Appending::Never)[0]),
            "DER is destroyed by it"
        );
    }
}
