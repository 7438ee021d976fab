//! Certificates: their paths, ends and names.

use std::path::{Path, PathBuf};

use super::entries::*;
use super::facts::chain_beside;
use super::judgement::Judgement;
use super::pfx::with_chain;
use super::{Facts, FileContent};
use crate::checks::path::{
    self, ADDRESS_AS_NAME, AUTHORITY_WITHOUT_KEY_USAGE, CERTIFICATE_EXPIRED, Home, INTERMEDIATE_MISSING,
    Judged, Order, SAN_MISSING, TRUST_SETTINGS, WEAK_SIGNATURE,
};
use crate::checks::server::{self, TRUST_UNKNOWN};
use crate::checks::{Finding, Help};
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::key::{SignatureAlgorithm, SignatureDigest};
use gsec_pki::x509::path::{Purpose, Rule, Severity};
use gsec_pki::x509::{Certificate, DnsName, ExtendedKeyUsage, GeneralName, TrustSettings, rfc3339};

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
        path::findings(
            &Judged {
                certificate,
                subject: &file,
                purpose: *purpose,
                name,
                home: &home,
            },
            answer,
        )
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

/// What the local CA's key signed and its records do not have.
pub(super) fn unrecorded(facts: &Facts) -> Vec<Finding> {
    let of_one = |(certificate, why): &(Certificate, String)| {
        server::unrecorded(named(facts, certificate), why, facts.local_ca.as_deref())
    };
    facts.unrecorded.iter().map(of_one).collect()
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

/// Whether a certificate that signed itself is a host's and no CA's, whatever its basicConstraints say: `openssl req -x509` makes such.
pub fn is_self_signed_host(certificate: &Certificate) -> bool {
    let is_host = |name: &String| name.contains('.') && DnsName::parse(name).is_ok();
    let has_host = || {
        certificate
            .subject_alternative_names()
            .unwrap_or_default()
            .iter()
            .any(|name| name.host().is_some())
    };
    let is_for_host = || {
        !certificate.is_authority() || has_host() || certificate.subject().common_names().iter().any(is_host)
    };
    certificate.is_issued_by(certificate) && is_for_host()
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
                    left.whole_days()
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
