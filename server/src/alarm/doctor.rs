//! What doctor finds, as conditions: its slugs, its words, its remedies.

use gsec_doctor::checks::ca_directory::{Facts, Part};
use gsec_doctor::checks::{Diagnosis, Finding};
use time::Duration;

use super::{Condition, Kind, Severity};

/// A certificate that was announced may take so long to be written.
const UNFINISHED: Duration = Duration::minutes(10);

const RECORDS: &str = "the records of the CA";
const LOG: &str = "the audit log of the CA";
const CRL: &str = "the CRL of the CA";
const REST: &str = "the CA directory";

/// What was found in each part of the CA directory, or why that part could not be looked at.
pub type Parts = Vec<(&'static str, Result<Vec<Condition>, String>)>;

/// A CA directory, as doctor has looked at it.
pub fn of_ca_directory(facts: &Facts, diagnosis: &Diagnosis) -> Parts {
    let unread = [
        (RECORDS, why_unread(&facts.index, true)),
        (LOG, why_unread(&facts.log, facts.is_adopted)),
        (
            CRL,
            facts.crls.iter().find_map(|crl| why_unread(&crl.part, false)),
        ),
        (REST, why_unread(&facts.certificates, true)),
    ];
    let conditions: Vec<Condition> = diagnosis
        .findings
        .iter()
        .filter(|finding| is_told(finding, facts))
        .map(of_finding)
        .collect();
    unread
        .into_iter()
        .map(|(scope, why)| {
            let of_scope = conditions.iter().filter(|condition| condition.scope == scope);
            // What says that the part cannot be read is in the rest of the directory, which is looked at.
            (scope, why.map_or_else(|| Ok(of_scope.cloned().collect()), Err))
        })
        .collect()
}

fn why_unread<T>(part: &Part<T>, must_be_there: bool) -> Option<String> {
    match part {
        Part::Read(_) => None,
        Part::Missing => must_be_there.then(|| "it is missing".into()),
        Part::Irregular => Some("something else is in its place".into()),
        Part::Forbidden => Some("no permission to read it".into()),
        Part::Unreadable(reason) => Some(reason.clone()),
    }
}

/// What a person should do something about. Certificates that end are counted by the life of each.
fn is_told(finding: &Finding, facts: &Facts) -> bool {
    match finding.entry.slug {
        "ca-expired" | "ca-expires-soon" | "certificates-expire-soon" => false,
        "record-without-file" => facts.index.read().is_some_and(|index| {
            let is_old = |announced: Option<time::OffsetDateTime>| {
                announced.is_none_or(|announced| announced + UNFINISHED <= facts.now)
            };
            index.without_file.first.iter().any(|lone| is_old(lone.announced))
        }),
        slug => kind_of(slug) != Kind::CaDirectory || Severity::from(finding.severity) > Severity::Notice,
    }
}

fn kind_of(slug: &str) -> Kind {
    match slug {
        "ca-chain-expired" => Kind::CaExpires,
        "record-without-file" => Kind::UnfinishedSerials,
        "clock-behind" => Kind::Clock,
        slug if slug.starts_with("ca-crl-") || slug.starts_with("crl-number-") => Kind::Crl,
        slug if slug.starts_with("audit-") => Kind::AuditLog,
        slug if slug.starts_with("ca-disk-") => Kind::Disk,
        _ => Kind::CaDirectory,
    }
}

/// What must be read so that it is known whether a finding is over.
fn scope_of(slug: &str) -> &'static str {
    match slug {
        "index-missing" | "audit-log-missing" | "ca-crl-damaged" => REST,
        "ca-crl-missing"
        | "ca-crl-not-made"
        | "ca-crl-incomplete"
        | "ca-crl-outdated"
        | "ca-crl-in-one-piece" => RECORDS,
        "record-lost" | "revocation-lost" | "records-not-announced" => LOG,
        "host-keys-readable-by-others" => REST,
        slug if slug.starts_with("audit-") => LOG,
        slug if slug.starts_with("ca-crl-") => CRL,
        slug if [
            "index-",
            "record",
            "certificate",
            "compromised-",
            "names-",
            "host-",
        ]
        .iter()
        .any(|start| slug.starts_with(start)) =>
        {
            RECORDS
        }
        _ => REST,
    }
}

fn of_finding(finding: &Finding) -> Condition {
    let slug = finding.entry.slug;
    let kind = kind_of(slug);
    Condition {
        tells_names: !matches!(kind, Kind::Disk | Kind::Clock | Kind::Crl | Kind::AuditLog),
        ..told(scope_of(slug), kind, finding)
    }
}

fn told(scope: &str, kind: Kind, finding: &Finding) -> Condition {
    let entry = finding.entry;
    let condition = Condition::new(scope, kind, entry.slug, finding.severity.into(), entry.title);
    Condition {
        remedies: remedies(finding),
        tells_names: true,
        ..condition.about(&finding.subject).seen(&finding.seen)
    }
}

/// The commands and words of the finding, or else the words of the catalog.
fn remedies(finding: &Finding) -> Vec<String> {
    use gsec_doctor::checks::Help;
    let words = |help: &Help| match help {
        Help::Fix(command) | Help::Look(command) => command.to_string(),
        Help::Advice(words) => words.to_string(),
    };
    match finding.help.as_slice() {
        [] => vec![finding.entry.remedy.to_owned()],
        helps => helps.iter().map(words).collect(),
    }
}

/// What is watched of a port: what it presents. How well its TLS is set up, `gsec doctor HOST:PORT` says.
const PRESENTED: [&str; 13] = [
    "addresses-differ",
    "certificate-expired",
    "certificate-not-yet-valid",
    "certificate-revoked",
    "chain-order",
    "intermediate-missing",
    "issuer-signature-wrong",
    "issuer-unknown",
    "name-mismatch",
    "presented-outdated",
    "presented-unreadable",
    "presented-unrecorded",
    "san-missing",
];

/// What a port serves, as doctor has looked at it.
pub fn of_port(port: &str, diagnosis: &Diagnosis) -> Vec<Condition> {
    let kind = |finding: &Finding| match finding.entry.slug {
        "certificate-expired" => Kind::ExpiredServed,
        _ => Kind::Probe,
    };
    heavy(diagnosis)
        .filter(|finding| PRESENTED.contains(&finding.entry.slug))
        .map(|finding| {
            let condition = told(port, kind(finding), finding);
            // The subject is the name of the certificate; the port is what is watched.
            let key = format!(
                "{}:{}:{port}:{}",
                condition.kind.name(),
                condition.slug,
                finding.subject
            );
            Condition { key, ..condition }
        })
        .collect()
}

/// A file in the directory of a host, as doctor has looked at it. That its certificates end is counted by the life of each.
pub fn of_files(scope: &str, diagnosis: &Diagnosis) -> Vec<Condition> {
    heavy(diagnosis)
        .filter(|finding| !["certificate-expired", "certificate-expires-soon"].contains(&finding.entry.slug))
        .map(|finding| told(scope, Kind::HostFiles, finding))
        .collect()
}

fn heavy(diagnosis: &Diagnosis) -> impl Iterator<Item = &Finding> {
    diagnosis
        .findings
        .iter()
        .filter(|finding| Severity::from(finding.severity) > Severity::Notice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gsec_doctor::checks::ca_directory::ENTRIES;

    #[test]
    fn every_kind_that_doctor_has_checks_for_gets_some() {
        let kinds: std::collections::BTreeSet<Kind> =
            ENTRIES.iter().map(|entry| kind_of(entry.slug)).collect();
        for kind in [
            Kind::CaExpires,
            Kind::UnfinishedSerials,
            Kind::Clock,
            Kind::Crl,
            Kind::AuditLog,
            Kind::Disk,
            Kind::CaDirectory,
        ] {
            assert!(kinds.contains(&kind), "{}", kind.name());
        }
    }

    /// The slugs that are named here are doctor's: one that is renamed there is missed here.
    #[test]
    fn slugs_that_decide_are_in_the_catalog() {
        let named = [
            "ca-expired",
            "ca-expires-soon",
            "certificates-expire-soon",
            "record-without-file",
            "ca-chain-expired",
            "clock-behind",
            "index-missing",
            "audit-log-missing",
            "ca-crl-damaged",
            "ca-crl-missing",
            "ca-crl-not-made",
            "ca-crl-incomplete",
            "ca-crl-outdated",
            "ca-crl-in-one-piece",
            "record-lost",
            "revocation-lost",
            "records-not-announced",
            "host-keys-readable-by-others",
            "certificate-expired",
            "certificate-expires-soon",
            "ca-disk-full",
            "audit-chain-broken",
        ];
        for slug in named.iter().chain(&PRESENTED) {
            assert!(gsec_doctor::checks::entry(slug).is_some(), "{slug}");
        }
    }
}
