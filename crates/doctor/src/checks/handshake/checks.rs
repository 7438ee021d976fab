//! The checks, in the order in which a handshake would stumble.

use super::entries::*;
use super::{Facts, Presented, Trust};
use crate::checks::file::{KEY_FORM, KEY_MISMATCH, MUST_STAPLE, forms_in_words, must_staple};
use crate::checks::path::{
    CHAIN_ORDER, INTERMEDIATE_MISSING, ISSUER_UNKNOWN, Judged, Order, PATH_ENTRIES, TRUST_ONLY_INTERMEDIATE,
    UNREAD_BY_RUSTLS, chain_and_strays, findings, is_in_order, trust_as_well,
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
    let place = presented
        .chain
        .windows(2)
        .position(|pair| pair[0].issuer() != pair[1].subject())?;
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
            let accepting = match presented.programs(Verdict::Accepts).as_slice() {
                [] => "no program".to_owned(),
                accepting => accepting.join(", "),
            };
            let seen = format!(
                "it is accepted by {accepting}, but rejected by {}",
                presented.programs(Verdict::Refuses).join(", ")
            );
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
