//! CRLs, and certificates that want one.

use std::collections::HashSet;

use super::entries::*;
use super::{Facts, FileContent};
use crate::checks::Finding;
use crate::checks::path::{Home, not_yet_valid_crl};
use gsec_pki::encoding::sample::{MAX_LISTED, list_in_words};
use gsec_pki::encoding::shell::Prose;
use gsec_pki::key::SignatureCheck;
use gsec_pki::x509::path::{Rule, Severity, crl_faults};
use gsec_pki::x509::{Certificate, RevocationList, RevocationReason, SerialNumber, rfc3339};

/// What is wrong with the CRLs in this file, and which is missing for its certificates.
pub(super) fn check(facts: &Facts) -> Vec<Finding> {
    let own = facts.file.bundle.crls.iter().flat_map(|crl| of_crl(facts, crl));
    own.chain(missing(facts)).collect()
}

fn of_crl(facts: &Facts, crl: &RevocationList) -> Vec<Finding> {
    let subject = format!("{}: CRL of {}", facts.file.name(), crl.issuer());
    let option = facts.trust.as_ref().and_then(|trust| {
        trust
            .ca_option
            .clone()
            .filter(|_| trust.own.iter().any(|own| own.subject() == crl.issuer()))
    });
    let home = Home {
        doubts_clock: facts.trust.as_ref().is_some_and(|trust| trust.doubts_clock),
        ca_option: option,
        ..Home::default()
    };
    let with_update = |finding: Finding| match home.update_crl() {
        Some(help) => finding.helps(help),
        None => finding.advise(
            Prose::new("Have the CA ")
                .name(&crl.issuer().to_string())
                .words(" issue a new CRL."),
        ),
    };
    let mut findings = Vec::new();
    if let Some(due) = crl.next_update().filter(|due| *due < facts.now) {
        let seen = format!("the next one was due at {}", rfc3339(due));
        findings.push(with_update(Finding::new(&CRL_STALE, subject.clone(), seen)));
    }
    let begins_later = facts.now < crl.this_update();
    for (severity, told) in faults(facts, crl) {
        let messages: Vec<String> = told.iter().map(|(_, message)| message.clone()).collect();
        let finding = Finding::new(&CRL_FLAW, subject.clone(), messages.join("; ")).weighing(severity);
        let is_about = |rule| told.iter().any(|(of, _)| *of == rule);
        findings.push(if begins_later && severity == Severity::Error {
            finding.helps(not_yet_valid_crl())
        } else if is_about(Rule::CrlIssuerKeyUsage) {
            // A new CRL by the same certificate is no better.
            finding.advise(
                Prose::new("Get a certificate for ")
                    .name(&crl.issuer().to_string())
                    .words(" that permits it to sign CRLs."),
            )
        } else {
            with_update(finding)
        });
    }
    let checks = signature_checks(facts, crl);
    if !checks.is_empty() && checks.iter().all(|check| *check == SignatureCheck::Bad) {
        let seen = format!("the key of the CA certificate `{}` did not sign it", crl.issuer());
        findings.push(with_update(Finding::new(&CRL_FOREIGN, subject.clone(), seen)));
    }
    findings.extend(lost_revocations(facts, crl, subject));
    findings
}

/// What an earlier complete CRL among those that were named lists for ever, and this one does not.
fn lost_revocations(facts: &Facts, crl: &RevocationList, subject: String) -> Option<Finding> {
    // Numbers only grow; thisUpdate may be set back, for peers whose clock is slow.
    let is_later = |other: &RevocationList| {
        let by_number = crl
            .number()
            .zip(other.number())
            .map(|(own, other)| own.cmp(other));
        by_number
            .unwrap_or_else(|| crl.this_update().cmp(&other.this_update()))
            .is_gt()
    };
    let is_before = |other: &&RevocationList| {
        let is_complete = [*other, crl]
            .iter()
            .all(|crl| crl.base_number().is_none() && !crl.names_issuers());
        let is_alike = other.issuer() == crl.issuer()
            && other.authority_key_identifier() == crl.authority_key_identifier();
        is_complete && is_alike && other.has_same_scope(crl) && is_later(other)
    };
    let earlier = facts
        .files()
        .flat_map(|file| &file.bundle.crls)
        .filter(is_before)
        .max_by_key(|other| other.this_update())?;
    let listed: HashSet<String> = crl.entries().map(|entry| entry.serial.to_string()).collect();
    // What is over is left out: of a certificate that is here, that is known.
    let is_over = |serial: &SerialNumber| {
        known(facts)
            .any(|own| own.serial() == serial && own.issuer() == crl.issuer() && own.not_after() < facts.now)
    };
    let ended = [
        Some(RevocationReason::CertificateHold),
        Some(RevocationReason::RemoveFromCrl),
    ];
    let lost: Vec<String> = earlier
        .entries()
        .filter(|entry| {
            !ended.contains(&entry.reason)
                && !listed.contains(&entry.serial.to_string())
                && !is_over(&entry.serial)
        })
        .map(|entry| entry.serial.to_string())
        .collect();
    let lost = list_in_words(&lost, MAX_LISTED);
    let seen = format!(
        "it is from {}, and does not list what the CRL of {} revokes: serial {lost}",
        rfc3339(crl.this_update()),
        rfc3339(earlier.this_update())
    );
    let advice = "Ask the CA whether they expired. If not, its CRL lost them: use the earlier one as well.";
    (!lost.is_empty()).then(|| Finding::new(&CRL_LOST_REVOCATIONS, subject, seen).advise(advice))
}

/// By the key of each certificate that is known of its issuer: whether that key signed it.
fn signature_checks(facts: &Facts, crl: &RevocationList) -> Vec<SignatureCheck> {
    let issuers = known(facts).filter(|certificate| certificate.subject() == crl.issuer());
    issuers
        .map(|issuer| crl.verify_signature(issuer.public_key()))
        .collect()
}

/// Whether the signature of a CRL in this file could not be checked: its issuer is not known, or gsec does not know the algorithm.
pub(super) fn has_unchecked(facts: &Facts) -> bool {
    let is_checked = |crl: &RevocationList| {
        signature_checks(facts, crl)
            .iter()
            .any(|check| *check != SignatureCheck::Unsupported)
    };
    !facts.file.bundle.crls.iter().all(is_checked)
}

/// Whether a complete CRL that a delta CRL goes with is known (RFC 5280 §5.2.4).
fn has_base(facts: &Facts, delta: &RevocationList, base: &SerialNumber) -> bool {
    let trusted = facts.trust.iter().flat_map(|trust| &trust.crls);
    let mut known = facts.files().flat_map(|file| &file.bundle.crls).chain(trusted);
    known.any(|crl| {
        crl.base_number().is_none()
            && crl.has_same_scope(delta)
            && crl.number().is_some_and(|number| number >= base)
    })
}

/// What is wrong with a CRL, besides its age, as `cert verify` has it: the rule and what to say, by weight.
fn faults(facts: &Facts, crl: &RevocationList) -> Vec<(Severity, Vec<(Rule, String)>)> {
    let signers = known(facts).filter(|certificate| {
        certificate.subject() == crl.issuer()
            && crl.verify_signature(certificate.public_key()) == SignatureCheck::Good
    });
    // Of several certificates of its key, peers may have the one that permits most.
    let by_signer = signers.map(|signer| crl_faults(crl, Some(signer), facts.now));
    let found = by_signer
        .min_by_key(Vec::len)
        .unwrap_or_else(|| crl_faults(crl, None, facts.now));
    let mut told: Vec<(Severity, Rule, String)> = found
        .into_iter()
        .filter(|fault| fault.rule != Rule::CrlStale)
        .map(|fault| {
            // Most programs do not ask for nextUpdate.
            let severity = match fault.rule {
                Rule::CrlWithoutNextUpdate => Severity::Notice,
                _ => fault.severity,
            };
            (severity, fault.rule, format!("it {}", fault.message))
        })
        .collect();
    let base = crl.base_number().filter(|base| !has_base(facts, crl, base));
    told.extend(base.map(|base| {
        let message = format!(
            "it is a delta CRL, with only what changed since CRL number {base}, and that CRL is not among the files: alone it is of no use"
        );
        (Severity::Warning, Rule::CrlIncomplete, message)
    }));
    let of = |wanted: Severity| {
        let told = told.iter().filter(|(severity, ..)| *severity == wanted);
        let told = told.map(|(_, rule, message)| (*rule, message.clone()));
        (wanted, told.collect::<Vec<(Rule, String)>>())
    };
    [Severity::Error, Severity::Warning, Severity::Notice]
        .map(of)
        .into_iter()
        .filter(|(_, told)| !told.is_empty())
        .collect()
}

fn known(facts: &Facts) -> impl Iterator<Item = &Certificate> {
    let trusted = facts
        .trust
        .iter()
        .flat_map(|trust| trust.anchors.iter().chain(&trust.between).chain(&trust.own));
    facts.files().flat_map(FileContent::certificates).chain(trusted)
}

/// If CRLs were given, they must include one of the CA of each host's certificate; clients require those of the CAs above it
/// only if configured to.
fn missing(facts: &Facts) -> Option<Finding> {
    let mut crls = facts.files().flat_map(|file| &file.bundle.crls).peekable();
    crls.peek()?;
    let issuers: Vec<_> = crls.map(RevocationList::issuer).collect();
    let lacking = facts
        .heads()
        .into_iter()
        .find(|certificate| !certificate.is_authority() && !issuers.contains(&certificate.issuer()))?;
    let seen = format!("no CRL of `{}` is among the given ones", lacking.issuer());
    let finding = Finding::new(
        &CRL_MISSING,
        format!("{}: {}", facts.file.name(), lacking.subject()),
        seen,
    );
    let home = facts.home(lacking);
    Some(match home.update_crl().filter(|_| home.is_issuer) {
        Some(help) => finding.helps(help),
        None => finding.advise(
            Prose::new("Have the CA ")
                .name(&lacking.issuer().to_string())
                .words(" issue a CRL."),
        ),
    })
}

#[cfg(test)]
mod tests {
    use rcgen::{
        CertificateRevocationListParams, KeyIdMethod, KeyUsagePurpose, RevocationReason as Reason,
        SerialNumber as Serial,
    };

    use super::super::tests::{alone, each, found, host, of_text};
    use super::*;
    use crate::checks::tests::certificates::{Identity, in_days, now, revoked, root};
    use crate::checks::tests::help_of;
    use gsec_pki::encoding::pem;
    use gsec_pki::x509::path::Severity::{Error, Warning};
    use time::Duration;

    fn crl(change: impl FnOnce(&mut CertificateRevocationListParams)) -> String {
        pem::encode(pem::X509_CRL, &root().crl(change))
    }

    #[test]
    fn crl_that_peers_do_not_rely_on() {
        each(&[
            ("it is good", || of_text(&crl(|_| {})), &[]),
            (
                "the next was due a second ago",
                || of_text(&crl(|crl| crl.next_update = now() - Duration::SECOND)),
                &[(
                    "crl-stale",
                    Error,
                    "db1.pem: CRL of CN=Example CA: the next one was due at 2030-03-26T23:59:59Z",
                )],
            ),
            (
                "the next is due now",
                || of_text(&crl(|crl| crl.next_update = now())),
                &[],
            ),
            (
                "it is from tomorrow",
                || of_text(&crl(|crl| crl.this_update = in_days(1))),
                &[(
                    "crl-flaw",
                    Error,
                    "it begins at 2030-03-28T00:00:00Z, and it is now 2030-03-27T00:00:00Z",
                )],
            ),
            (
                "another key of the CA's name signed it",
                || {
                    let other = Identity::root("Example CA");
                    of_text(&pem::encode(pem::X509_CRL, &other.crl(|_| {})))
                },
                &[(
                    "crl-signature-wrong",
                    Error,
                    "the key of the CA certificate `CN=Example CA` did not sign it",
                )],
            ),
            (
                "its CA is not known",
                || {
                    alone(&pem::encode(
                        pem::X509_CRL,
                        &Identity::root("Other CA").crl(|_| {}),
                    ))
                },
                &[],
            ),
            (
                "its number is longer than 20 bytes",
                || of_text(&crl(|crl| crl.crl_number = Serial::from_slice(&[7; 21]))),
                &[("crl-flaw", Warning, "it has a number of more than 20 bytes")],
            ),
            (
                "its CA may not sign CRLs",
                || {
                    let ca = root().again(|ca| ca.key_usages = vec![KeyUsagePurpose::KeyCertSign]);
                    of_text(&crl(|_| {})).but_trust(|trust| trust.anchors = vec![ca.certificate])
                },
                &[(
                    "crl-flaw",
                    Error,
                    "it is signed by a CA whose keyUsage is keyCertSign, without cRLSign",
                )],
            ),
            (
                "another certificate of its key may sign CRLs",
                || {
                    let ca = root().again(|ca| ca.key_usages = vec![KeyUsagePurpose::KeyCertSign]);
                    of_text(&crl(|_| {})).but_trust(|trust| trust.anchors.push(ca.certificate))
                },
                &[],
            ),
            (
                "it names another key",
                || {
                    of_text(&crl(|crl| {
                        crl.key_identifier_method = KeyIdMethod::PreSpecified(vec![7; 20])
                    }))
                },
                &[(
                    "crl-flaw",
                    Warning,
                    "it has an authorityKeyIdentifier that is not the subjectKeyIdentifier",
                )],
            ),
        ]);
    }

    #[test]
    fn crl_that_lacks_what_an_earlier_one_revokes() {
        /// A CRL after one that revokes this.
        fn after(reason: Option<Reason>, change: impl FnOnce(&mut CertificateRevocationListParams)) -> Facts {
            let earlier = crl(|crl| {
                crl.this_update = in_days(-5);
                crl.crl_number = Serial::from_slice(&[6]);
                crl.revoked_certs = vec![rcgen::RevokedCertParams {
                    reason_code: reason,
                    ..revoked(0x2a)
                }];
            });
            of_text(&crl(change)).beside("earlier.pem", &earlier)
        }
        each(&[
            (
                "a certificate is no longer in it",
                || after(None, |_| {}),
                &[(
                    "crl-lost-revocations",
                    Warning,
                    "does not list what the CRL of 2030-03-22T00:00:00Z revokes: serial 2A",
                )],
            ),
            (
                "it is still in it",
                || after(None, |crl| crl.revoked_certs = vec![revoked(0x2a)]),
                &[],
            ),
            (
                "it was on hold",
                || after(Some(Reason::CertificateHold), |_| {}),
                &[],
            ),
            (
                "the other one has a larger number",
                || after(None, |crl| crl.crl_number = Serial::from_slice(&[5])),
                &[],
            ),
        ]);
    }

    #[test]
    fn certificate_without_a_crl_of_its_ca() {
        let other = || pem::encode(pem::X509_CRL, &Identity::root("Other CA").crl(|_| {}));
        let slugs = |facts: &Facts| {
            let found = found(facts);
            found
                .iter()
                .map(|finding| (finding.entry.slug, finding.severity))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            slugs(&of_text(&(host().pem() + &other()))),
            [("crl-missing", Warning)]
        );
        assert_eq!(slugs(&of_text(&(host().pem() + &other() + &crl(|_| {})))), []);
        assert_eq!(slugs(&of_text(&host().pem())), [], "no CRL was given at all");
        let revoked = of_text(&(host().pem() + &crl(|crl| crl.revoked_certs = vec![revoked(0x2a)])));
        assert_eq!(slugs(&revoked), [("certificate-revoked", Error)]);
    }

    #[test]
    fn no_new_crl_is_made_where_this_one_is_from_the_future() {
        let facts = of_text(&crl(|crl| crl.this_update = in_days(1)));
        let help = help_of(&found(&facts)[0]);
        assert!(
            help.starts_with("look: date -u") && !help.contains("fix:"),
            "{help}"
        );
        let stale = of_text(&crl(|crl| crl.next_update = now() - Duration::hours(1))).but_trust(|trust| {
            trust.own = trust.anchors.clone();
            trust.ca_option = Some(gsec_pki::encoding::shell::CommandLine::new("--ca-dir /srv/ca"));
        });
        assert_eq!(
            help_of(&found(&stale)[0]),
            "fix: gsec crl update --ca-dir /srv/ca"
        );
    }
}
