//! The checks, in the order in which a handshake would stumble.

use super::entries::*;
use super::{Facts, Presented, Trust};
use crate::checks::file::{KEY_FORM, KEY_MISMATCH, MUST_STAPLE, forms_in_words, must_staple};
use crate::checks::path::{
    CHAIN_ORDER, INTERMEDIATE_MISSING, ISSUER_UNKNOWN, Judged, Order, PATH_ENTRIES, TRUST_ONLY_INTERMEDIATE,
    UNREAD_BY_RUSTLS, break_in_order, chain_and_strays, findings, is_in_order, trust_as_well,
};
use crate::checks::{Appending, Check, Finding, Help};
use crate::tls::rehearsal::{Cause, Party};
use gsec_pki::encoding::shell::{CommandLine, Prose};
use gsec_pki::key::KeyAlgorithm;
use gsec_pki::x509::path::{Purpose, Severity, Verdict};

/// Everything that is looked at.
pub static CHECKS: &[Check<Facts>] = &[
    Check {
        entries: &[&KEY_MISMATCH, &CHAIN_ORDER],
        run: keys_and_order,
    },
    Check {
        entries: &[&KEY_FORM],
        run: key_forms,
    },
    Check {
        entries: &[&KEY_UNUSABLE, &KEY_KIND_RARE],
        run: unusable_keys,
    },
    Check {
        entries: PATH_ENTRIES,
        run: paths,
    },
    Check {
        entries: &[&INTERMEDIATE_MISSING],
        run: intermediates,
    },
    Check {
        entries: &[&CLIENT_CERTIFICATE_MISSING],
        run: client_certificate,
    },
    Check {
        entries: &[&TRUST_ONLY_INTERMEDIATE],
        run: trust,
    },
    Check {
        entries: &[&MUST_STAPLE],
        run: staple,
    },
    Check {
        entries: &[&KEY_KIND_RARE],
        run: rare_keys,
    },
    Check {
        entries: &[&REFUSED_BY_MOST],
        run: refused_by_most,
    },
    Check {
        entries: &[&HANDSHAKE_FAILS],
        run: unexplained,
    },
];

fn named(party: Party, presented: &Presented) -> String {
    format!("{} certificate {}", party.name(), presented.file.display())
}

/// Whether the key belongs to the first certificate, and the others follow in order.
fn keys_and_order(facts: &Facts) -> Vec<Finding> {
    facts
        .presented()
        .flat_map(|(party, presented)| {
            key_finding(party, presented).or_else(|| order_finding(party, presented))
        })
        .collect()
}

/// Keys that gsec reads, and the program that is to use them may not.
fn key_forms(facts: &Facts) -> Vec<Finding> {
    let of_end = |(party, presented): (Party, &Presented)| {
        let (why, severity) = forms_in_words(&presented.key_forms)?;
        let file = presented.key_file.display();
        let finding = Finding::new(
            &KEY_FORM,
            named(party, presented),
            format!("the key in {file}: {why}"),
        );
        Some(finding.weighing(severity))
    };
    facts.presented().filter_map(of_end).collect()
}

fn key_finding(party: Party, presented: &Presented) -> Option<Finding> {
    let Some(key) = presented.public_key.as_ref() else {
        // Of two algorithms it is known without their numbers.
        let own = presented.own().public_key().to_string();
        let seen = format!(
            "the key of {} is {}, but the certificate's is {own}",
            presented.key_file.display(),
            presented.key_algorithm
        );
        let finding = || Finding::new(&KEY_MISMATCH, named(party, presented), seen);
        return (presented.key_algorithm != own).then(finding);
    };
    if presented.own > 0 {
        let (place, own) = (presented.own + 1, presented.own().subject());
        let seen = format!(
            "the key of {} belongs to certificate {place} in it, `{own}`, but must belong to the first",
            presented.key_file.display()
        );
        let finding = Finding::new(&CHAIN_ORDER, named(party, presented), seen).weighing(Severity::Error);
        return Some(finding.help(reordered(presented)));
    }
    if presented.own().public_key().is_pair_of(key) {
        return None;
    }
    let seen = format!(
        "the key of {} is {} (sha256 {}), but the certificate's is {} (sha256 {})",
        presented.key_file.display(),
        presented.key_algorithm,
        pin(key),
        presented.own().public_key(),
        pin(presented.own().public_key()),
    );
    if presented.has_other_key {
        let seen = format!(
            "{seen}; another private key in the file is that of the certificate, but programs read only the first that they can load"
        );
        let words = Prose::new("Take the other private key out of ")
            .path(&presented.key_file)
            .words(", or put it behind the certificate's own.");
        return Some(Finding::new(&KEY_MISMATCH, named(party, presented), seen).advise(words));
    }
    let finding = Finding::new(&KEY_MISMATCH, named(party, presented), seen);
    let look = CommandLine::new("gsec cert match")
        .path(&presented.key_file)
        .path(&presented.file);
    if let Some(right) = &presented.right_key {
        let words = Prose::new("Use ")
            .path(right)
            .words(": it is the key of the certificate.");
        return Some(finding.look(look).advise(words));
    }
    Some(finding.look(look).helps(presented.home.renew(presented.own())))
}

fn pin(key: &gsec_pki::key::PublicKey) -> String {
    gsec_pki::encoding::hex::encode(&key.pin(), gsec_pki::encoding::hex::Separator::None)
}

fn order_finding(party: Party, presented: &Presented) -> Option<Finding> {
    // A certificate that did not issue any of the others is not a question of order, and the root may be absent.
    let (mut chain, _) = chain_and_strays(&presented.chain, presented.own);
    chain.retain(|certificate| !certificate.is_self_issued());
    if !presented.is_pem || is_in_order(&chain) {
        return None;
    }
    let place = break_in_order(&presented.chain)?;
    let seen = format!(
        "certificate {} `{}` was issued by `{}`, but is followed by `{}`",
        place + 1,
        presented.chain[place].subject(),
        presented.chain[place].issuer(),
        presented.chain[place + 1].subject()
    );
    Some(Finding::new(&CHAIN_ORDER, named(party, presented), seen).help(reordered(presented)))
}

/// `convert to-pem` writes what servers read first at the first place.
fn reordered(presented: &Presented) -> Help {
    let by_hand = "Write it in the right order with gsec convert to-pem.";
    presented
        .rewriting
        .help(&presented.file, Some(&presented.ordered), by_hand)
}

fn unusable_keys(facts: &Facts) -> Vec<Finding> {
    let refusals = facts
        .attempts
        .iter()
        .filter_map(|attempt| attempt.outcome.as_ref().err())
        .filter(|refusal| refusal.cause == Cause::OwnCredentials);
    let mut findings = Vec::new();
    // A certificate that cannot be read says nothing about its key.
    let is_read = |presented: &Presented| presented.own().der().len() < UNREAD_BY_RUSTLS;
    for (party, presented) in facts.presented().filter(|(_, presented)| is_read(presented)) {
        if let Some(refusal) = refusals.clone().find(|refusal| refusal.by == party) {
            let finding = match facts.is_limit_of_rustls(refusal) {
                true if !presented.own().public_key().is_pss_only() => {
                    let kind = &presented.key_algorithm;
                    let refusing = match presented.programs(Verdict::Refuses).as_slice() {
                        [] => String::new(),
                        refusing => format!("; rejected by {}", refusing.join(", ")),
                    };
                    let accepting = presented.programs(Verdict::Accepts).join(", ");
                    let unpaired = if presented.public_key.is_none() {
                        "; whether it is the key of the certificate was not checked"
                    } else {
                        ""
                    };
                    let seen = format!(
                        "rustls does not support {kind} keys, so it cannot rehearse the handshake; accepted by {accepting}{refusing}{unpaired}"
                    );
                    Finding::new(&KEY_KIND_RARE, named(party, presented), seen).weighing(Severity::Warning)
                }
                true => {
                    let kind = &presented.key_algorithm;
                    let seen = format!(
                        "rustls does not support {kind} keys, nor do Go, Java before 11 and Windows; OpenSSL \
                         does"
                    );
                    Finding::new(&KEY_UNUSABLE, named(party, presented), seen).weighing(Severity::Warning)
                }
                false => {
                    let seen = format!("a {} key: {}", presented.key_algorithm, refusal.words);
                    Finding::new(&KEY_UNUSABLE, named(party, presented), seen)
                }
            };
            findings.push(finding.helps(new_key(presented)));
        }
    }
    findings
}

fn new_key(presented: &Presented) -> Vec<Help> {
    match presented.home.host {
        Some(_) => presented.home.issue(presented.own(), Order::CommonKey),
        None => vec![Help::advice("Issue a new certificate with a key of type P-256.")],
    }
}

/// Suggested command for a client certificate if the client's name is unknown.
pub(in crate::checks) const ISSUE_FOR_CLIENT: &str = "Issue a certificate for the client with gsec cert issue, --profile tls-client and the client's name as --host.";

/// What each end says of the certificate of the other.
fn paths(facts: &Facts) -> Vec<Finding> {
    let judge = |(party, presented): (Party, &Presented)| {
        let judged = Judged {
            certificate: presented.own(),
            subject: &named(party, presented),
            purpose: if party == Party::Server {
                Purpose::Server
            } else {
                Purpose::Client
            },
            name: facts.name.as_ref().filter(|_| party == Party::Server),
            home: &presented.home,
        };
        let lacks = presented.lacking.is_some();
        // What is missing, and what OpenSSL misses, is said by findings of their own.
        let is_kept = move |finding: &Finding| {
            !(lacks && finding.entry == &ISSUER_UNKNOWN) && finding.entry != &TRUST_ONLY_INTERMEDIATE
        };
        findings(&judged, &presented.answer)
            .into_iter()
            .filter(is_kept)
            .collect::<Vec<_>>()
    };
    let judged_by_nobody = facts.server_trust.is_none();
    facts
        .presented()
        .filter(|(party, _)| !(*party == Party::Client && judged_by_nobody))
        .flat_map(judge)
        .collect()
}

fn intermediates(facts: &Facts) -> Vec<Finding> {
    let finding = |(party, presented): (Party, &Presented)| {
        let lacking = presented.lacking.as_ref()?;
        let seen = format!(
            "{} certificate(s) are presented, and the {} finds no path from them to a trusted one: `{}` is \
             missing, it is in {}",
            presented.chain.len(),
            party.other().name(),
            lacking.certificate.subject(),
            lacking.file.display()
        );
        let command = if lacking.is_ca_file {
            presented
                .appending
                .command([lacking.file.as_path()], &presented.file)
        } else {
            None
        };
        let help = match (
            command,
            presented.is_pem && presented.appending == Appending::Never,
        ) {
            (Some(command), _) => Help::Fix(command),
            (None, true) => Help::Advice(
                Prose::new("")
                    .path(&presented.file)
                    .words(" can contain only one certificate: write both to a PEM file, and present that."),
            ),
            (None, false) => Help::Advice(
                Prose::new("Add that certificate to ")
                    .path(&presented.file)
                    .words("."),
            ),
        };
        Some(Finding::new(&INTERMEDIATE_MISSING, named(party, presented), seen).help(help))
    };
    facts.presented().filter_map(finding).collect()
}

fn client_certificate(facts: &Facts) -> Vec<Finding> {
    let (None, Some(trust)) = (&facts.client, &facts.server_trust) else {
        return Vec::new();
    };
    let authorities: Vec<String> = trust
        .anchors
        .iter()
        .map(|anchor| format!("`{}`", anchor.subject()))
        .collect();
    let seen = format!(
        "the server trusts clients of {}, but the client has no certificate",
        authorities.join(", ")
    );
    let issue = facts
        .server
        .home
        .ca_option
        .as_ref()
        .map(|_| Help::advice(ISSUE_FOR_CLIENT));
    let finding = Finding::new(&CLIENT_CERTIFICATE_MISSING, "client", seen);
    vec![
        issue
            .into_iter()
            .fold(finding, Finding::help)
            .advise("Pass it to the rehearsal with --client-cert and --client-key."),
    ]
}

/// OpenSSL wants to see the root.
fn trust(facts: &Facts) -> Vec<Finding> {
    let ends = [
        (Party::Client, Some(&facts.client_trust), Some(&facts.server)),
        (Party::Server, facts.server_trust.as_ref(), facts.client.as_ref()),
    ];
    let finding = |(party, trust, judged): (Party, Option<&Trust>, Option<&Presented>)| {
        let trust = trust?;
        let top = judged?
            .answer
            .path
            .last()
            .filter(|top| trust.anchors.contains(top) && !top.is_self_issued())?;
        if trust
            .anchors
            .iter()
            .any(|anchor| anchor.subject() == top.issuer())
        {
            return None;
        }
        let files: Vec<String> = trust
            .files
            .iter()
            .map(|file| file.display().to_string())
            .collect();
        let subject = format!("what the {} trusts: {}", party.name(), files.join(", "));
        let seen = format!(
            "the path ends at `{}`, which `{}` issued",
            top.subject(),
            top.issuer()
        );
        Some(Finding::new(&TRUST_ONLY_INTERMEDIATE, subject, seen).help(trust_as_well(top)))
    };
    ends.into_iter().filter_map(finding).collect()
}

fn rare_keys(facts: &Facts) -> Vec<Finding> {
    let rare = |presented: &Presented| {
        matches!(
            presented.own().public_key().algorithm(),
            Some(KeyAlgorithm::Ed25519 | KeyAlgorithm::P521)
        )
    };
    let finding = |(party, presented): (Party, &Presented)| {
        Finding::new(
            &KEY_KIND_RARE,
            named(party, presented),
            format!("its key is {}", presented.own().public_key()),
        )
        .helps(new_key(presented))
    };
    facts
        .presented()
        .filter(|(_, presented)| rare(presented))
        .map(finding)
        .collect()
}

/// What rustls does not look at, and most others do.
fn refused_by_most(facts: &Facts) -> Vec<Finding> {
    let is_asked = |party: Party| party == Party::Server || facts.server_trust.is_some();
    facts
        .presented()
        .filter(|(party, presented)| is_asked(*party) && presented.is_refused_by_most())
        .map(|(party, presented)| {
            let refusing = presented.programs(Verdict::Refuses).join(", ");
            let seen = match presented.programs(Verdict::Accepts).as_slice() {
                [] => format!("it is rejected by {refusing}, and no program is known to accept it"),
                accepting => format!(
                    "it is accepted by {}, but rejected by {refusing}",
                    accepting.join(", ")
                ),
            };
            Finding::new(&REFUSED_BY_MOST, named(party, presented), seen)
                .helps(presented.home.issue_like(presented.own()))
        })
        .collect()
}

/// A server that is rehearsed staples nothing, and the real one may.
fn staple(facts: &Facts) -> Vec<Finding> {
    facts
        .presented()
        .filter(|(party, presented)| *party == Party::Server && presented.own().requires_staple())
        .map(|(party, presented)| {
            must_staple(named(party, presented)).helps(presented.home.issue_like(presented.own()))
        })
        .collect()
}

/// A handshake that fails for a reason that no other check gives.
fn unexplained(facts: &Facts) -> Vec<Finding> {
    let explained = CHECKS
        .iter()
        .filter(|check| !check.entries.contains(&&HANDSHAKE_FAILS))
        .flat_map(|check| (check.run)(facts));
    let has_error = explained
        .into_iter()
        .any(|finding| finding.severity == Severity::Error);
    let refused = facts.attempts.iter().filter_map(|attempt| {
        attempt
            .outcome
            .as_ref()
            .err()
            .map(|refusal| (attempt.version, refusal))
    });
    let finding = |(version, refusal): (crate::tls::rehearsal::Version, &crate::tls::rehearsal::Refusal)| {
        let finding = Finding::new(
            &HANDSHAKE_FAILS,
            version.name(),
            format!(
                "rustls: the {} aborts the handshake: {}",
                refusal.by.name(),
                refusal.words
            ),
        );
        if facts.is_limit_of_rustls(refusal) {
            finding.weighing(Severity::Warning)
        } else {
            finding
        }
    };
    let is_told = |refusal: &crate::tls::rehearsal::Refusal| {
        refusal.cause == Cause::OwnCredentials && facts.is_limit_of_rustls(refusal)
    };
    refused
        .filter(|(_, refusal)| !is_told(refusal))
        .filter(|_| !has_error)
        .map(finding)
        .collect()
}

#[cfg(test)]
mod tests {
    use rcgen::KeyPair;

    use super::super::{Attempt, Lacking};
    use super::*;
    use crate::checks::path::Home;
    use crate::checks::tests::certificates::{Change, Identity, must_staple, now, root};
    use crate::checks::tests::{Expected, assert_all, help_of};
    use crate::checks::{Diagnosis, Rewriting, Selection};
    use crate::tls::rehearsal::{Agreement, Refusal, Version};
    use gsec_pki::key::KeyForm;
    use gsec_pki::x509::path::Severity::{Error, Notice, Warning};
    use gsec_pki::x509::path::{Consumer, Question, validate};
    use gsec_pki::x509::{Certificate, GeneralName};

    /// An end with this chain and the key of its first certificate; the other end trusts the root.
    fn presented(purpose: Purpose, chain: &[&Certificate]) -> Presented {
        let chain: Vec<Certificate> = chain.iter().map(|one| (*one).clone()).collect();
        let name = match purpose {
            Purpose::Server => "server",
            _ => "client",
        };
        Presented {
            file: format!("{name}.pem").into(),
            is_pem: true,
            appending: Appending::AsItIs,
            rewriting: Rewriting::Whole,
            ordered: format!("{name}_sorted.pem").into(),
            right_key: None,
            key_file: format!("{name}.key").into(),
            own: 0,
            public_key: Some(chain[0].public_key().clone()),
            key_algorithm: "P-256".into(),
            key_forms: Vec::new(),
            has_other_key: false,
            answer: validate(&Question {
                untrusted: &chain,
                anchors: std::slice::from_ref(&root().certificate),
                purpose,
                ..Question::about(&chain[0], now())
            }),
            lacking: None,
            home: Home::default(),
            chain,
        }
    }

    fn trust() -> Trust {
        Trust {
            files: vec!["ca.pem".into()],
            anchors: vec![root().certificate.clone()],
        }
    }

    fn agreement(version: Version) -> Attempt {
        Attempt {
            version,
            outcome: Ok(Agreement {
                cipher_suite: "TLS13_AES_128_GCM_SHA256".into(),
                group: "x25519".into(),
            }),
        }
    }

    fn refusal(by: Party, cause: Cause) -> Attempt {
        Attempt {
            version: Version::Tls13,
            outcome: Err(Refusal {
                by,
                cause,
                words: "no common ground".into(),
            }),
        }
    }

    /// A server that asks for no certificate, and a client that trusts its CA.
    fn healthy() -> Facts {
        Facts {
            server: presented(Purpose::Server, &[&root().host("db1.example.com").certificate]),
            server_trust: None,
            client: None,
            client_trust: trust(),
            name: GeneralName::parse_host("db1.example.com").ok(),
            attempts: vec![agreement(Version::Tls13), agreement(Version::Tls12)],
        }
    }

    type Row = (&'static str, fn(&mut Facts), &'static [Expected]);

    fn found(change: impl FnOnce(&mut Facts)) -> Vec<Finding> {
        let mut facts = healthy();
        change(&mut facts);
        Diagnosis::of(&facts, CHECKS, &Selection::default()).findings
    }

    #[track_caller]
    fn each(rows: &[Row]) {
        assert_all(
            rows.iter()
                .map(|(situation, change, expected)| (*situation, found(*change), *expected)),
        );
    }

    fn serve_with(facts: &mut Facts, change: Change) {
        let host = root().host_with("db1.example.com", change).certificate;
        facts.server = presented(Purpose::Server, &[&host]);
    }

    /// A host's certificate from a CA below the root, with that CA's.
    fn below() -> (Certificate, Certificate) {
        let middle = root().below("Middle CA", |_| {});
        (middle.host("db1.example.com").certificate, middle.certificate)
    }

    /// The server asks for a certificate, and the client has one.
    fn with_client(facts: &mut Facts) {
        facts.server_trust = Some(trust());
        facts.client = Some(presented(
            Purpose::Client,
            &[&root().host("app1.example.com").certificate],
        ));
    }

    #[test]
    fn ends_that_understand_each_other() {
        each(&[
            ("a server without clients' certificates", |_| {}, &[]),
            ("both with certificates", with_client, &[]),
        ]);
    }

    #[test]
    fn key_and_order_of_an_end() {
        each(&[
            (
                "the key is another",
                |facts| facts.server.public_key = Some(root().public_key().clone()),
                &[(
                    "key-mismatch",
                    Error,
                    "server certificate server.pem: the key of server.key is P-256",
                )],
            ),
            (
                "the key is of another algorithm, and its public half cannot be derived",
                |facts| {
                    facts.server.public_key = None;
                    facts.server.key_algorithm = "DSA".into();
                },
                &[(
                    "key-mismatch",
                    Error,
                    "the key of server.key is DSA, but the certificate's is P-256",
                )],
            ),
            (
                "the key is another, and the right one comes after it",
                |facts| {
                    facts.server.public_key = Some(root().public_key().clone());
                    facts.server.has_other_key = true;
                },
                &[(
                    "key-mismatch",
                    Error,
                    "but programs read only the first that they can load",
                )],
            ),
            (
                "the key belongs to the second certificate",
                |facts| {
                    let (host, middle) = below();
                    facts.server = presented(Purpose::Server, &[&host, &middle]);
                    facts.server.chain.reverse();
                    facts.server.own = 1;
                },
                &[(
                    "chain-order",
                    Error,
                    "the key of server.key belongs to certificate 2 in it",
                )],
            ),
            (
                "the CA above comes before the one below",
                |facts| {
                    let lower = root().below("Middle CA", |_| {});
                    let lowest = lower.below("Lower CA", |_| {});
                    let host = lowest.host("db1.example.com").certificate;
                    facts.server =
                        presented(Purpose::Server, &[&host, &lower.certificate, &lowest.certificate]);
                },
                &[(
                    "chain-order",
                    Warning,
                    "certificate 1 `CN=db1.example.com` was issued by `CN=Lower CA`, but is followed by `CN=Middle CA`",
                )],
            ),
            (
                "the same in a PFX, which has no order",
                |facts| {
                    let lower = root().below("Middle CA", |_| {});
                    let lowest = lower.below("Lower CA", |_| {});
                    let host = lowest.host("db1.example.com").certificate;
                    facts.server =
                        presented(Purpose::Server, &[&host, &lower.certificate, &lowest.certificate]);
                    facts.server.is_pem = false;
                },
                &[],
            ),
            (
                "the key is PKCS #8 version 2",
                |facts| facts.server.key_forms = vec![KeyForm::Version2],
                &[(
                    "key-form",
                    Warning,
                    "the key in server.key: it is PKCS #8 version 2",
                )],
            ),
            (
                "the key lacks its public half",
                |facts| facts.server.key_forms = vec![KeyForm::WithoutPublicHalf],
                &[(
                    "key-form",
                    Notice,
                    "the key in server.key: it lacks its public half",
                )],
            ),
        ]);
    }

    #[test]
    fn key_that_not_everyone_can_use() {
        each(&[
            (
                "OpenSSL does not take the certificate either",
                |facts| {
                    let mut consumers = facts.server.answer.consumers.iter_mut();
                    let openssl = consumers.find(|found| found.consumer == Consumer::OpenSsl);
                    openssl.expect("OpenSSL").verdict = Verdict::Refuses;
                    facts.attempts = vec![refusal(Party::Server, Cause::OwnCredentials)];
                },
                &[("handshake-key-unusable", Error, "a P-256 key: no common ground")],
            ),
            (
                "only rustls cannot",
                |facts| facts.attempts = vec![refusal(Party::Server, Cause::OwnCredentials)],
                &[(
                    "handshake-key-kind",
                    Warning,
                    "rustls does not support P-256 keys, so it cannot rehearse the handshake; accepted by",
                )],
            ),
            (
                "it is Ed25519",
                |facts| {
                    let key = KeyPair::generate_for(&rcgen::PKCS_ED25519).expect("a key");
                    let host = root().host_of_key("db1.example.com", &key);
                    facts.server = presented(Purpose::Server, &[&host]);
                },
                &[("handshake-key-kind", Notice, "its key is Ed25519")],
            ),
        ]);
    }

    #[test]
    fn certificate_that_the_other_end_rejects() {
        each(&[
            (
                "the server's is another CA's",
                |facts| {
                    let other = Identity::root("Other CA").host("db1.example.com").certificate;
                    facts.server = presented(Purpose::Server, &[&other]);
                    facts.attempts = vec![refusal(Party::Client, Cause::Certificate)];
                },
                &[("issuer-unknown", Error, "server certificate server.pem")],
            ),
            (
                "the client's is another CA's",
                |facts| {
                    with_client(facts);
                    let other = Identity::root("Other CA").host("app1.example.com").certificate;
                    facts.client = Some(presented(Purpose::Client, &[&other]));
                },
                &[("issuer-unknown", Error, "client certificate client.pem")],
            ),
            (
                "the client's is another CA's, and the server does not ask",
                |facts| {
                    let other = Identity::root("Other CA").host("app1.example.com").certificate;
                    facts.client = Some(presented(Purpose::Client, &[&other]));
                },
                &[],
            ),
            (
                "an intermediate is missing, and is here",
                |facts| {
                    let (host, middle) = below();
                    facts.server = presented(Purpose::Server, &[&host]);
                    facts.server.lacking = Some(Lacking {
                        certificate: middle,
                        file: "middle.pem".into(),
                        is_ca_file: true,
                    });
                },
                &[(
                    "intermediate-missing",
                    Error,
                    "1 certificate(s) are presented, and the client finds no path from them to a trusted one: `CN=Middle CA` is missing, it is in middle.pem",
                )],
            ),
            (
                "the client has none",
                |facts| facts.server_trust = Some(trust()),
                &[(
                    "client-certificate-missing",
                    Error,
                    "client: the server trusts clients of `CN=Example CA`, but the client has no certificate",
                )],
            ),
            (
                "a stapled response is demanded",
                |facts| serve_with(facts, |params| params.custom_extensions = vec![must_staple()]),
                &[("must-staple", Warning, "server certificate server.pem")],
            ),
        ]);
    }

    #[test]
    fn root_that_the_client_does_not_have() {
        fn trust_only_middle(facts: &mut Facts) {
            let (host, middle) = below();
            facts.server = presented(Purpose::Server, &[&host]);
            facts.client_trust.anchors = vec![middle];
            facts.server.answer = validate(&Question {
                anchors: &facts.client_trust.anchors,
                purpose: Purpose::Server,
                ..Question::about(&host, now())
            });
        }
        each(&[
            (
                "it trusts the CA below alone",
                trust_only_middle,
                &[(
                    "trust-only-intermediate",
                    Warning,
                    "what the client trusts: ca.pem: the path ends at `CN=Middle CA`, which `CN=Example CA` issued",
                )],
            ),
            (
                "it trusts the root as well",
                |facts| {
                    trust_only_middle(facts);
                    facts.client_trust.anchors.push(root().certificate.clone());
                },
                &[],
            ),
        ]);
    }

    #[test]
    fn handshake_that_fails_for_no_reason_that_is_known() {
        each(&[
            (
                "both are good",
                |facts| facts.attempts = vec![refusal(Party::Client, Cause::NothingInCommon)],
                &[(
                    "handshake-fails",
                    Error,
                    "TLS 1.3: rustls: the client aborts the handshake: no common ground",
                )],
            ),
            (
                "rustls alone does not accept the certificate",
                |facts| facts.attempts = vec![refusal(Party::Client, Cause::Certificate)],
                &[("handshake-fails", Warning, "no common ground")],
            ),
            (
                "another finding gives the reason",
                |facts| {
                    facts.server.public_key = Some(root().public_key().clone());
                    facts.attempts = vec![refusal(Party::Server, Cause::OwnKey)];
                },
                &[("key-mismatch", Error, "")],
            ),
        ]);
    }

    #[test]
    fn certificate_that_rustls_alone_accepts() {
        // OpenSSL and others refuse what the verdicts here say; the rules have nothing against it.
        let found = found(|facts| {
            for found in &mut facts.server.answer.consumers {
                found.verdict = match found.consumer {
                    Consumer::Rustls => Verdict::Accepts,
                    _ => Verdict::Refuses,
                };
            }
        });
        assert_all([(
            "most programs refuse it",
            found,
            &[(
                "handshake-refused-by-most",
                Error,
                "it is accepted by rustls, but rejected by openssl",
            )][..],
        )]);
    }

    #[test]
    fn help_for_the_end_that_is_at_hand() {
        let lacking = |is_ca_file| {
            let found = found(|facts| {
                let (host, middle) = below();
                facts.server = presented(Purpose::Server, &[&host]);
                facts.server.lacking = Some(Lacking {
                    certificate: middle,
                    file: "middle.pem".into(),
                    is_ca_file,
                });
            });
            help_of(&found[0])
        };
        assert_eq!(lacking(true), "fix: cat middle.pem >> server.pem");
        assert_eq!(lacking(false), "advice: Add that certificate to 'server.pem'.");
        let right = found(|facts| {
            facts.server.public_key = Some(root().public_key().clone());
            facts.server.right_key = Some("other.key".into());
        });
        assert!(help_of(&right[0]).contains("Use 'other.key': it is the key of the certificate."));
    }
}
