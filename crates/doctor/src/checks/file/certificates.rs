//! Certificates: their paths, ends and names.

use std::path::{Path, PathBuf};

use super::entries::*;
use super::facts::chain_beside;
use super::judgement::Judgement;
use super::pfx::with_chain;
use super::{Facts, FileContent, Trust};
use crate::checks::path::is_self_signed_host;
use crate::checks::path::{
    self, ADDRESS_AS_NAME, AUTHORITY_WITHOUT_KEY_USAGE, CERTIFICATE_EXPIRED, Home, INTERMEDIATE_MISSING,
    Judged, Order, SAN_MISSING, TRUST_SETTINGS, TRUST_UNKNOWN, UNRECORDED, WEAK_SIGNATURE,
};
use crate::checks::{Finding, Help};
use gsec_pki::encoding::shell::{CommandLine, Prose};
use gsec_pki::key::{SignatureAlgorithm, SignatureDigest};
use gsec_pki::x509::path::{Purpose, Rule, Severity};
use gsec_pki::x509::{
    Certificate, DnsName, ExtendedKeyUsage, GeneralName, TrustSettings, days_left, rfc3339,
};

/// What OpenSSL keeps beside certificates in the file.
pub(super) fn trust_settings(facts: &Facts) -> Vec<Finding> {
    let with_settings = facts.file.certificates().filter_map(|certificate| {
        certificate
            .trust_settings()
            .map(|settings| (certificate, settings))
    });
    let of_one = |(certificate, settings): (&Certificate, &TrustSettings)| {
        let (seen, severity) = match settings.is_empty() {
            true => (
                "it is in a `TRUSTED CERTIFICATE` block, which only OpenSSL reads, without settings"
                    .to_owned(),
                Severity::Notice,
            ),
            false => (
                format!(
                    "it is in a `TRUSTED CERTIFICATE` block, which only OpenSSL reads, with settings: {settings}"
                ),
                TRUST_SETTINGS.severity,
            ),
        };
        Finding::new(&TRUST_SETTINGS, named(facts, certificate), seen)
            .weighing(severity)
            .advise(path::PLAIN_CERTIFICATE)
    };
    with_settings.map(of_one).collect()
}

/// What is wrong with the way to what is trusted.
pub(super) fn paths(facts: &Facts) -> Vec<Finding> {
    let file = facts.file.name();
    let of_one = |judged: &Judgement| {
        let Judgement {
            certificate,
            purpose,
            answer,
            ..
        } = judged;
        let (home, name) = (facts.home(certificate), facts.name_for(certificate));
        let judged = Judged {
            certificate,
            subject: &file,
            purpose: *purpose,
            name,
            home: &home,
        };
        let found = path::findings(&judged, answer);
        let about = answer.findings.iter().map(|found| found.position);
        let of_file: Vec<Finding> = about
            .zip(found)
            .map(|(position, finding)| {
                let about = position.and_then(|position| answer.path.get(position));
                renewed_in_file(facts, about.unwrap_or(certificate), finding)
            })
            .collect();
        of_file
    };
    let findings = facts
        .judged()
        .iter()
        .flat_map(of_one)
        .chain(of_another_authority(facts));
    if !is_trust_store(facts) {
        return findings.collect();
    }
    // An expired certificate among many trusted ones does not affect the others.
    let lighter = |finding: Finding| {
        if finding.entry == &CERTIFICATE_EXPIRED {
            finding.weighing(Severity::Warning)
        } else {
            finding
        }
    };
    findings.map(lighter).collect()
}

/// Where a file has an expired certificate and the one that replaced it, the old one need only be removed.
fn renewed_in_file(facts: &Facts, expired: &Certificate, finding: Finding) -> Finding {
    let place = |wanted: &Certificate| facts.file.certificates().position(|own| own == wanted);
    let is_successor = |other: &&Certificate| {
        other.subject() == expired.subject()
            && other.is_authority() == expired.is_authority()
            && other.not_before() <= facts.now
            && facts.now <= other.not_after()
    };
    let newer = facts.file.certificates().find(is_successor);
    let (Some(old), Some(newer)) = (place(expired), newer) else {
        return finding;
    };
    if finding.entry != &CERTIFICATE_EXPIRED {
        return finding;
    }
    let new = place(newer).unwrap_or_default();
    let seen = format!(
        "{}: it is certificate {} in the file, and certificate {} is a newer one, valid until {}",
        finding.seen,
        old + 1,
        new + 1,
        rfc3339(newer.not_after())
    );
    let words = Prose::new("Remove the expired one from the file: certificate ")
        .number(u16::try_from(old + 1).unwrap_or(u16::MAX))
        .words(".");
    Finding {
        seen,
        help: vec![Help::Advice(words)],
        ..finding
    }
}

/// What the local CA's key signed and its records do not have.
pub(super) fn all_unrecorded(facts: &Facts) -> Vec<Finding> {
    let of_one = |(certificate, why): &(Certificate, String)| {
        unrecorded(named(facts, certificate), why, facts.local_ca.as_deref())
    };
    facts.unrecorded.iter().map(of_one).collect()
}

/// A certificate that the CA's key signed, and that its records are not about.
pub(in crate::checks) fn unrecorded(subject: String, why: &str, trust: Option<&Trust>) -> Finding {
    let directory = trust
        .and_then(|trust| trust.ca_option.clone())
        .unwrap_or_default();
    let finding = Finding::new(&UNRECORDED, subject, format!("the CA's key signed it, but {why}"));
    finding.look(CommandLine::new("gsec ca log --verify").then(&directory))
}

/// A local CA exists but is unrelated to the file: the chain could not be checked, and the file must not be reported as
/// valid.
fn of_another_authority(facts: &Facts) -> Option<Finding> {
    let local_ca = facts.local_ca.as_ref().filter(|_| facts.trust.is_none())?;
    let certificate = facts
        .heads()
        .into_iter()
        .next()
        .filter(|head| !(is_self_signed_host(head) && facts.judged().len() == 1))?;
    let own = local_ca.own.first()?;
    let seen = format!(
        "it was issued by `{}`, but the CA here is `{}`: its chain was not checked",
        certificate.issuer(),
        own.subject()
    );
    let finding = Finding::new(&TRUST_UNKNOWN, named(facts, certificate), seen).weighing(Severity::Warning);
    Some(
        finding.advise(
            "Use --trust to say what clients trust, or --ca-dir with the directory of the issuing CA.",
        ),
    )
}

/// Whether the file is a list of several CAs that are trusted.
fn is_trust_store(facts: &Facts) -> bool {
    let judged = facts.judged();
    judged.len() > 1
        && judged
            .iter()
            .all(|judged| !facts.is_for_host(&judged.certificate))
}

/// Intermediates that are available here but that the host would not present.
pub(super) fn intermediates(facts: &Facts) -> Vec<Finding> {
    let lacking = facts.judged().iter().filter(|judged| {
        // A revoked one does not help.
        let has_revoked = || {
            judged
                .answer
                .findings
                .iter()
                .any(|found| matches!(found.rule, Rule::Revoked | Rule::RevokedInRecords))
        };
        judged.lacks_intermediate && !is_record(facts, &judged.certificate) && !has_revoked()
    });
    lacking.flat_map(|judged| intermediate(facts, judged)).collect()
}

fn intermediate(
    facts: &Facts,
    Judgement {
        certificate, answer, ..
    }: &Judgement,
) -> Option<Finding> {
    let trust = facts.trust.as_ref()?;
    let is_there = |issuer: &&Certificate| {
        trust.anchors.contains(issuer)
            || facts
                .files()
                .flat_map(FileContent::certificates)
                .any(|own| own == *issuer)
    };
    let missing: Vec<&Certificate> = answer
        .path
        .iter()
        .skip(1)
        .filter(|issuer| !is_there(issuer))
        .collect();
    let first = missing
        .first()
        .map_or_else(|| certificate.issuer(), |missing| missing.subject());
    let seen = format!(
        "the certificate of its issuer `{first}` is neither in it nor trusted itself, and the root alone \
         does not complete the chain"
    );
    let finding = Finding::new(&INTERMEDIATE_MISSING, facts.file.name(), seen);
    let file_of = |missing: &&Certificate| {
        let below = trust
            .subordinates
            .iter()
            .find(|(below, _)| below == *missing)
            .map(|(_, file)| file);
        below
            .or(trust
                .ca_certificate
                .as_ref()
                .filter(|_| trust.own.contains(missing)))
            .map(PathBuf::as_path)
    };
    let mut files: Option<Vec<&Path>> = missing.iter().map(file_of).collect();
    files.iter_mut().for_each(Vec::dedup);
    Some(
        match files.filter(|files| !files.is_empty() && facts.file.bundle.pfx.is_none()) {
            Some(files) => finding.help(appended(facts, files)),
            None => finding.helps(
                with_chain(facts)
                    .map_or_else(|| facts.home(certificate).renew(certificate), |help| vec![help]),
            ),
        },
    )
}

/// Appends certificates to the file; what is no PEM is written anew, as PEM.
fn appended(facts: &Facts, files: Vec<&Path>) -> Help {
    let file = &facts.file;
    match file.appending.command(files.iter().copied(), &file.path) {
        Some(command) => Help::Fix(command),
        None => {
            let out = chain_beside(file);
            let command = CommandLine::new("gsec convert to-pem")
                .path(&file.path)
                .words("--out")
                .path(&out);
            facts.write_beside(&out, command.words("&& cat").paths(files).words(">>").path(&out))
        }
    }
}

/// Whether the file is a CA's own copy, which hosts do not present: named by its serial number, in the directory
/// `repository` of the local CA or another one.
fn is_record(facts: &Facts, certificate: &Certificate) -> bool {
    let (path, mut repositories) = (
        &facts.file.path,
        facts.trust.iter().filter_map(|trust| trust.repository.as_deref()),
    );
    let folder = path.parent();
    let is_in_repository = repositories.any(|repository| folder == Some(repository))
        || folder.is_some_and(|folder| folder.ends_with("repository"));
    is_in_repository
        && path
            .file_stem()
            .is_some_and(|stem| *stem == *certificate.serial().to_string())
}

/// What ends soon, or out of order.
pub(super) fn ends(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for Judgement {
        certificate: head,
        answer,
        ..
    } in facts.judged()
    {
        let home = facts.home(head);
        for (depth, certificate) in answer.path.iter().enumerate() {
            let left = certificate.not_after() - facts.now;
            if left.is_positive() && left < facts.soon(certificate) {
                let seen = format!(
                    "it expires at {}, in {} days",
                    rfc3339(certificate.not_after()),
                    days_left(certificate.not_after(), facts.now)
                );
                let remedy = if depth > 0 || !facts.is_for_host(certificate) {
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
            let seen = format!(
                "it expires at {}, and `{}`, which it issued, at {}",
                rfc3339(pair[1].not_after()),
                pair[0].subject(),
                rfc3339(pair[0].not_after())
            );
            findings.push(
                Finding::new(&AUTHORITY_ENDS_FIRST, named(facts, &pair[1]), seen)
                    .helps(home.renew_authority(&pair[1])),
            );
        }
    }
    findings
}

/// Server certificates whose lifetime Apple's systems reject.
pub(super) fn lifetime(facts: &Facts) -> Vec<Finding> {
    let heads = facts.judged().iter().map(|judgement| &judgement.certificate);
    heads
        .filter_map(|certificate| too_long(certificate, named(facts, certificate)))
        .collect()
}

/// The finding about one server certificate; none where it may not be a server's, or has expired.
pub(in crate::checks) fn too_long(certificate: &Certificate, subject: String) -> Option<Finding> {
    let days = (certificate.not_after() - certificate.not_before()).whole_days();
    certificate
        .exceeds_apple_lifetime()
        .then(|| Finding::new(&LIFETIME_LONG, subject, format!("it is valid for {days} days")))
}

/// A title for a certificate: with its file if it is not this one, and its position in the file.
fn named(facts: &Facts, certificate: &Certificate) -> String {
    if facts.file.certificates().any(|own| own == certificate) {
        format!("{}: {}", facts.file.name(), certificate.title())
    } else {
        format!("CA certificate {}", certificate.title())
    }
}

/// Names by which no host is found.
pub(super) fn names(facts: &Facts) -> Vec<Finding> {
    let judged = facts.judged().iter().map(|judged| &judged.certificate);
    judged
        .filter(|certificate| is_server(facts, certificate))
        .flat_map(|certificate| of_names(facts, certificate))
        .collect()
}

/// Whether it is, or may be, a server's.
fn is_server(facts: &Facts, certificate: &Certificate) -> bool {
    facts.is_for_host(certificate)
        && facts.purpose != Purpose::Client
        && certificate.permits(&ExtendedKeyUsage::ServerAuth)
}

fn of_names(facts: &Facts, certificate: &Certificate) -> Vec<Finding> {
    let subject = named(facts, certificate);
    let home = facts.home(certificate);
    let common_names = certificate.subject().common_names();
    let issue = || home.issue(certificate, Order::Host);
    let names = certificate.subject_alternative_names().unwrap_or_default();
    let addresses: Vec<String> = names
        .iter()
        .filter(|name| matches!(name, GeneralName::Ip(_)))
        .map(GeneralName::value)
        .collect();
    if names.is_empty() {
        let host = home
            .host
            .as_ref()
            .map(GeneralName::value)
            .or_else(|| common_names.first().cloned())
            .unwrap_or_default();
        let is_asked_for = facts.name.is_some() || facts.purpose == Purpose::Server;
        let severity = if is_asked_for {
            Severity::Error
        } else {
            Severity::Warning
        };
        let seen = format!("its only name is the common name `{host}`, which modern clients ignore");
        return vec![
            Finding::new(&SAN_MISSING, subject, seen)
                .weighing(severity)
                .helps(issue()),
        ];
    }
    let with_address = |address: &str| {
        home.issue_with(
            certificate,
            Order::Host,
            GeneralName::parse_host(address).ok().as_ref(),
            &|_| true,
        )
    };
    let mut findings = Vec::new();
    let as_dns = names
        .iter()
        .filter(|name| name.is_dns_name())
        .map(GeneralName::value);
    if let Some(address) = as_dns
        .filter(|name| name.parse::<std::net::IpAddr>().is_ok())
        .find(|name| !addresses.contains(name))
    {
        let seen = format!("`{address}` is in a dNSName, but an address only counts as iPAddress");
        findings.push(Finding::new(&ADDRESS_AS_NAME, subject.clone(), seen).helps(with_address(&address)));
    }
    if let Some(address) = common_names
        .iter()
        .find(|name| name.parse::<std::net::IpAddr>().is_ok())
        .filter(|name| !addresses.contains(name))
    {
        let seen = format!("`{address}` is only in the common name, but an address only counts as iPAddress");
        findings.push(
            Finding::new(&ADDRESS_AS_NAME, subject.clone(), seen)
                .weighing(Severity::Warning)
                .helps(with_address(address)),
        );
    }
    findings.extend(subject_without_host(
        facts,
        certificate,
        subject,
        &common_names,
        names,
        &home,
    ));
    findings
}

fn subject_without_host(
    facts: &Facts,
    certificate: &Certificate,
    subject: String,
    common_names: &[String],
    names: &[GeneralName],
    home: &Home,
) -> Option<Finding> {
    let hosts: Vec<String> = match &facts.name {
        // If the certificate is for an entirely different host, this would only distract.
        Some(name) if !names.iter().any(|presented| presented.covers(name)) => return None,
        Some(name) => vec![name.value()],
        None => names
            .iter()
            .filter(|name| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_)))
            .map(GeneralName::value)
            .collect(),
    };
    let first = hosts.first()?;
    let is_host = |common: &String| {
        let covers = |host: &String| match (DnsName::parse(common), DnsName::parse(host)) {
            (Ok(common), Ok(host)) => {
                common.covers(&host) || common.as_str().eq_ignore_ascii_case(host.as_str())
            }
            _ => false,
        };
        hosts
            .iter()
            .any(|host| host.eq_ignore_ascii_case(common) || covers(host))
    };
    // A common name is limited to 64 characters (RFC 5280 A.1), so a longer name does not fit.
    if common_names.iter().any(is_host)
        || hosts
            .iter()
            .all(|host| host.len() > gsec_pki::x509::MAX_COMMON_NAME)
    {
        return None;
    }
    let seen = format!(
        "the Subject is `{}`, but the host is `{first}`",
        certificate.title()
    );
    let names_host = |found: &Certificate| found.subject().common_names().iter().any(is_host);
    Some(
        Finding::new(&SUBJECT_WITHOUT_HOST, subject, seen).helps(home.issue_with(
            certificate,
            Order::Host,
            None,
            &names_host,
        )),
    )
}

/// CA certificates that strict clients reject, whatever they issued; and roots with a forgeable self-signature, which is
/// harmless.
pub(super) fn authorities(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for certificate in facts
        .judged()
        .iter()
        .map(|judged| &judged.certificate)
        .filter(|certificate| certificate.is_authority())
    {
        let remedy = || facts.home(certificate).renew_authority(certificate);
        if certificate.key_usage().is_none() && !is_self_signed_host(certificate) {
            findings.push(
                Finding::new(
                    &AUTHORITY_WITHOUT_KEY_USAGE,
                    named(facts, certificate),
                    "it has no keyUsage",
                )
                .helps(remedy()),
            );
        }
        let algorithm = certificate.signature_algorithm();
        if certificate.is_self_issued()
            && matches!(
                SignatureAlgorithm::digest(algorithm),
                SignatureDigest::Md5 | SignatureDigest::Sha1
            )
        {
            let seen = format!(
                "it is self-signed with {}, which clients ignore in a root",
                SignatureAlgorithm::name(algorithm)
            );
            findings.push(
                Finding::new(&WEAK_SIGNATURE, named(facts, certificate), seen)
                    .weighing(Severity::Notice)
                    .helps(remedy()),
            );
        }
    }
    findings
}

/// Certificates that work only with a server that staples OCSP responses.
pub(super) fn staple(facts: &Facts) -> Vec<Finding> {
    let requires = |certificate: &&Certificate| certificate.requires_staple() && !certificate.is_authority();
    let finding = |certificate: &Certificate| {
        must_staple(named(facts, certificate)).helps(facts.home(certificate).issue_like(certificate))
    };
    facts.file.certificates().filter(requires).map(finding).collect()
}

/// A certificate with the TLS feature status_request; whether the server staples is not known.
pub(in crate::checks) fn must_staple(subject: String) -> Finding {
    let seen = format!(
        "it has the TLS feature status_request (must-staple); where the server sends no OCSP response: {MUST_STAPLE_REFUSED_BY}"
    );
    Finding::new(&MUST_STAPLE, subject, seen)
}

/// Who rejects a server that does not staple (tried with GnuTLS 3.7; Firefox documents it).
pub(in crate::checks) const MUST_STAPLE_REFUSED_BY: &str =
    "GnuTLS and Firefox reject the server; OpenSSL, Java, Go and rustls do not look at it";

#[cfg(test)]
mod tests {
    use rcgen::{ExtendedKeyUsagePurpose, SanType};
    use time::Duration;

    use super::super::Trust;
    use super::super::tests::{alone, each, found, healthy, host, of_text};
    use super::*;
    use crate::checks::tests::certificates::{
        Change, Identity, in_days, must_staple, root, signed_with_sha1,
    };
    use crate::checks::tests::help_of;
    use gsec_pki::encoding::pem;
    use gsec_pki::x509::path::Severity::{Error, Notice, Warning};

    fn host_with(change: Change) -> Facts {
        of_text(&root().host_with("db1.example.com", change).pem())
    }

    #[test]
    fn path_of_the_certificate() {
        each(&[
            (
                "it has expired",
                || host_with(|params| params.not_after = in_days(-1)),
                &[(
                    "certificate-expired",
                    Error,
                    "db1.pem: CN=db1.example.com: it expired",
                )],
            ),
            (
                "it has expired, and the one that replaced it is in the file as well",
                || {
                    let expired =
                        root().host_with("db1.example.com", |params| params.not_after = in_days(-1));
                    of_text(&(expired.pem() + &host().pem()))
                },
                &[(
                    "certificate-expired",
                    Error,
                    "it is certificate 1 in the file, and certificate 2 is a newer one",
                )],
            ),
            (
                "another CA issued it",
                || of_text(&Identity::root("Other CA").host("db1.example.com").pem()),
                &[("issuer-unknown", Error, "`CN=Other CA`")],
            ),
            (
                "it signed itself, and others are trusted",
                || of_text(&Identity::self_signed_host("db1.example.com", |_| {}).pem()),
                &[("self-signed", Error, "CN=db1.example.com")],
            ),
            (
                "it signed itself, and whoever meets it may trust it",
                || alone(&Identity::self_signed_host("db1.example.com", |_| {}).pem()),
                &[("self-signed", Warning, "CN=db1.example.com")],
            ),
            (
                "one of several roots that are trusted has expired",
                || {
                    let expired = Identity::root_with("Old CA", |params| params.not_after = in_days(-1));
                    alone(&(root().pem() + &expired.pem()))
                },
                &[("certificate-expired", Warning, "CN=Old CA")],
            ),
        ]);
    }

    #[test]
    fn certificate_that_the_local_ca_does_not_know() {
        each(&[
            (
                "its key signed it, and there is no record",
                || {
                    let host = host();
                    of_text(&host.pem()).but(|facts| {
                        facts.unrecorded = vec![(host.certificate, "ca.db has no record of it".into())]
                    })
                },
                &[(
                    "presented-unrecorded",
                    Error,
                    "the CA's key signed it, but ca.db has no record of it",
                )],
            ),
            (
                "it is another CA's, and nobody said who is trusted",
                || {
                    alone(&Identity::root("Other CA").host("db1.example.com").pem()).but(|facts| {
                        let own = vec![root().certificate.clone()];
                        facts.local_ca = Some(std::sync::Arc::new(Trust {
                            own,
                            ..Trust::default()
                        }));
                    })
                },
                &[(
                    "trust-unknown",
                    Warning,
                    "it was issued by `CN=Other CA`, but the CA here is `CN=Example CA`: its chain was not checked",
                )],
            ),
        ]);
    }

    #[test]
    fn block_of_openssl() {
        each(&[(
            "without settings",
            || of_text(&pem::encode("TRUSTED CERTIFICATE", host().certificate.der())),
            &[(
                "openssl-trust-settings",
                Notice,
                "which only OpenSSL reads, without settings",
            )],
        )]);
    }

    /// A host's certificate from a CA below the root, which the CA here made.
    fn of_subordinate(is_in_file: bool) -> Facts {
        let middle = root().below("Middle CA", |_| {});
        let mut text = middle.host("db1.example.com").pem();
        if is_in_file {
            text += &middle.pem();
        }
        of_text(&text).but_trust(|trust| {
            trust.between = vec![middle.certificate.clone()];
            trust.subordinates = vec![(middle.certificate, "middle.pem".into())];
        })
    }

    #[test]
    fn intermediate_that_the_host_would_not_present() {
        each(&[
            ("it is in the file", || of_subordinate(true), &[]),
            (
                "it is elsewhere",
                || of_subordinate(false),
                &[(
                    "intermediate-missing",
                    Error,
                    "the certificate of its issuer `CN=Middle CA` is neither in it nor trusted",
                )],
            ),
            (
                "it is elsewhere, and the file is the CA's own copy",
                || of_subordinate(false).but_file(|file| file.path = "/srv/ca/repository/2A.pem".into()),
                &[],
            ),
            (
                "it is elsewhere, and the host's certificate is revoked",
                || {
                    of_subordinate(false).but(|facts| {
                        let own = facts.file.certificates().next().expect("the host's").clone();
                        let revoked = gsec_pki::x509::path::RevocationStatus::Revoked {
                            reason: None,
                            since: None,
                        };
                        facts.recorded = vec![(own, revoked)];
                    })
                },
                &[("certificate-revoked", Error, "")],
            ),
        ]);
        assert_eq!(
            help_of(&found(&of_subordinate(false))[0]),
            "fix: cat middle.pem >> db1.pem"
        );
    }

    #[test]
    fn certificate_that_ends_soon() {
        each(&[
            (
                "less than 30 days are left",
                || {
                    host_with(|params| {
                        (params.not_before, params.not_after) =
                            (in_days(-300), in_days(30) - Duration::SECOND);
                    })
                },
                &[("certificate-expires-soon", Warning, "in 29 days")],
            ),
            (
                "30 days are left",
                || {
                    host_with(|params| {
                        (params.not_before, params.not_after) = (in_days(-300), in_days(30));
                    })
                },
                &[],
            ),
            (
                "a third of a short life is left",
                || {
                    host_with(|params| {
                        (params.not_before, params.not_after) = (in_days(-6), in_days(3));
                    })
                },
                &[],
            ),
            (
                "less than a third of a short life is left",
                || {
                    host_with(|params| {
                        (params.not_before, params.not_after) = (in_days(-7), in_days(3));
                    })
                },
                &[("certificate-expires-soon", Warning, "in 3 days")],
            ),
            (
                "it ends within what was asked for",
                || healthy().but(|facts| facts.expires_within = Some(Duration::days(336))),
                &[("certificate-expires-soon", Warning, "in 335 days")],
            ),
            (
                "its CA ends before it",
                || {
                    let short = Identity::root_with("Short CA", |params| params.not_after = in_days(200));
                    of_text(&short.host("db1.example.com").pem())
                        .but_trust(|trust| trust.anchors = vec![short.certificate])
                },
                &[(
                    "ca-ends-first",
                    Warning,
                    "CA certificate CN=Short CA: it expires at ",
                )],
            ),
            (
                "its CA ends with it",
                || {
                    let short = Identity::root_with("Short CA", |params| params.not_after = in_days(335));
                    of_text(&short.host("db1.example.com").pem())
                        .but_trust(|trust| trust.anchors = vec![short.certificate])
                },
                &[],
            ),
        ]);
    }

    #[test]
    fn lifetime_that_apple_rejects() {
        each(&[
            (
                "a server's certificate of more than 825 days",
                || host_with(|params| params.not_after = in_days(-30 + 826)),
                &[("lifetime-over-825-days", Notice, "it is valid for 826 days")],
            ),
            (
                "one of 825 days",
                || host_with(|params| params.not_after = in_days(-30 + 825)),
                &[],
            ),
            (
                "a client's certificate",
                || {
                    host_with(|params| {
                        params.not_after = in_days(-30 + 826);
                        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
                    })
                },
                &[],
            ),
        ]);
    }

    #[test]
    fn names_by_which_no_host_is_found() {
        each(&[
            (
                "no subjectAltName, and no host was asked for",
                || host_with(|params| params.subject_alt_names.clear()),
                &[(
                    "san-missing",
                    Warning,
                    "its only name is the common name `db1.example.com`",
                )],
            ),
            (
                "no subjectAltName, and it is to be a server's",
                || {
                    host_with(|params| params.subject_alt_names.clear())
                        .but(|facts| facts.purpose = Purpose::Server)
                },
                &[(
                    "san-missing",
                    Error,
                    "its only name is the common name `db1.example.com`",
                )],
            ),
            (
                "no subjectAltName, and it is to be a client's",
                || {
                    host_with(|params| params.subject_alt_names.clear())
                        .but(|facts| facts.purpose = Purpose::Client)
                },
                &[],
            ),
            (
                "an address in a dNSName",
                || {
                    host_with(|params| {
                        let address = "192.0.2.7".try_into().expect("a name");
                        params.subject_alt_names.push(SanType::DnsName(address));
                    })
                },
                &[("address-as-name", Error, "`192.0.2.7` is in a dNSName")],
            ),
            (
                "an address in a dNSName and as an address",
                || {
                    host_with(|params| {
                        let address = "192.0.2.7".try_into().expect("a name");
                        params.subject_alt_names.push(SanType::DnsName(address));
                        let address = "192.0.2.7".parse().expect("an address");
                        params.subject_alt_names.push(SanType::IpAddress(address));
                    })
                },
                &[],
            ),
            (
                "an address that is only the common name",
                || {
                    let address: Change = |params| {
                        params.subject_alt_names =
                            vec![SanType::DnsName("db1.example.com".try_into().expect("a name"))];
                    };
                    of_text(&root().host_with("192.0.2.7", address).pem())
                },
                &[
                    (
                        "address-as-name",
                        Warning,
                        "`192.0.2.7` is only in the common name",
                    ),
                    ("subject-without-host", Notice, ""),
                ],
            ),
            (
                "a Subject that is no name of the host",
                || {
                    let name: Change = |params| {
                        params.subject_alt_names =
                            vec![SanType::DnsName("db1.example.com".try_into().expect("a name"))];
                    };
                    of_text(&root().host_with("Database 1", name).pem())
                },
                &[(
                    "subject-without-host",
                    Notice,
                    "the Subject is `CN=Database 1`, but the host is `db1.example.com`",
                )],
            ),
        ]);
    }

    #[test]
    fn certificate_of_a_ca() {
        each(&[
            (
                "it has no keyUsage",
                || alone(&Identity::root_with("Old CA", |params| params.key_usages.clear()).pem()),
                &[(
                    "ca-without-key-usage",
                    Warning,
                    "db1.pem: CN=Old CA: it has no keyUsage",
                )],
            ),
            (
                "a root signed itself with SHA-1",
                || alone(&signed_with_sha1(true).to_pem()),
                &[(
                    "weak-signature",
                    Notice,
                    "it is self-signed with sha1WithRSAEncryption, which clients ignore in a root",
                )],
            ),
        ]);
    }

    #[test]
    fn certificate_that_demands_a_stapled_response() {
        each(&[(
            "a host's",
            || host_with(|params| params.custom_extensions = vec![must_staple()]),
            &[("must-staple", Warning, "it has the TLS feature status_request")],
        )]);
    }
}
