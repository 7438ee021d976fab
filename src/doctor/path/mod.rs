//! What path validation finds, as findings of doctor with what mends them. Shared by all groups that meet certificates.

mod entries;

pub use entries::*;

use std::path::PathBuf;

use crate::doctor::{Entry, Finding, Help};
use crate::encoding::shell::{CommandLine, Prose};
use crate::x509::path::{self, Answer, Purpose, Rule};
use crate::x509::{Certificate, ExtendedKeyUsage, GeneralName};

/// What is known of the CA that can issue another certificate.
#[derive(Debug, Clone, Default)]
pub struct Home {
    /// The option that names the directory of the CA whose certificates are trusted here, as it is typed after a command: empty
    /// when the directory is found by itself. `None`: no such directory is known.
    pub ca_option: Option<CommandLine>,
    /// Whether this CA issued the certificate, so that it can be renewed by its serial number.
    pub is_issuer: bool,
    /// The profile that must be named to renew it.
    pub profile: Option<String>,
    /// The file of another certificate for the same host that this CA issued already and that is good for longer: it need only be installed.
    pub successor: Option<PathBuf>,
}

impl Home {
    /// Issues again what a certificate has, with a new key; or installs what was issued already.
    pub fn renew(&self, certificate: &Certificate, host: Option<&str>) -> Help {
        match (&self.ca_option, host) {
            _ if self.successor.is_some() => self.install(),
            (Some(option), _) if self.is_issuer => {
                let command = CommandLine::new("gsec cert renew").value(&certificate.serial().to_string());
                let profile = self.profile.as_ref().map(|profile| CommandLine::new("--profile").value(profile)).unwrap_or_default();
                Help::Fix(command.then(&profile).then(option))
            }
            (Some(_), Some(host)) => self.issue(certificate, host, ""),
            _ => elsewhere(certificate),
        }
    }

    /// What the CA issued already need only be installed.
    fn install(&self) -> Help {
        let file = self.successor.as_deref().unwrap_or(std::path::Path::new(""));
        Help::Advice(Prose::new("Install ").path(file).words(" with its key on the server, and reload it."))
    }

    /// Issues for a host, with further flags; or installs what was issued already.
    pub fn issue(&self, certificate: &Certificate, host: &str, flags: &'static str) -> Help {
        if self.successor.is_some() && flags.is_empty() {
            return self.install();
        }
        let command = |option: &CommandLine| Help::Fix(CommandLine::new("gsec cert issue --host").value(host).words(flags).then(option));
        self.ca_option.as_ref().map_or_else(|| elsewhere(certificate), command)
    }

    /// Issues for what a certificate was good for and no more; or installs what was issued already.
    pub fn issue_like(&self, certificate: &Certificate, host: &str) -> Help {
        if self.successor.is_some() {
            return self.install();
        }
        let flags = match certificate.extended_key_usage() {
            Some([ExtendedKeyUsage::ClientAuth]) => "--profile tls-client",
            Some([ExtendedKeyUsage::ServerAuth]) => "--profile tls-server",
            _ => "",
        };
        self.issue(certificate, host, flags)
    }

    /// Renews the certificate of a CA.
    pub fn renew_authority(&self, certificate: &Certificate) -> Help {
        match &self.ca_option {
            Some(option) if self.is_issuer => Help::Fix(CommandLine::new("gsec ca renew").then(option)),
            _ => Help::Advice(Prose::new("Have the CA ").name(&certificate.subject().to_string()).words(" renew its certificate.")),
        }
    }
}

fn elsewhere(certificate: &Certificate) -> Help {
    if certificate.is_self_issued() {
        return Help::advice("Have a CA that clients trust issue a certificate for the host.");
    }
    Help::Advice(Prose::new("Have the CA ").name(&certificate.issuer().to_string()).words(" issue a new certificate."))
}

/// A certificate that was judged.
pub struct Judged<'a> {
    /// It.
    pub certificate: &'a Certificate,
    /// How a person names it: the file or port that it came from.
    pub subject: &'a str,
    /// What it was to be used for.
    pub purpose: Purpose,
    /// The host that it was to be for.
    pub name: Option<&'a GeneralName>,
    /// Who can mend it.
    pub home: &'a Home,
}

/// The entry of a rule.
pub fn entry_of(rule: Rule) -> &'static Entry {
    match rule {
        Rule::Expired => &CERTIFICATE_EXPIRED,
        Rule::NotYetValid => &NOT_YET_VALID,
        Rule::IssuerUnknown => &ISSUER_UNKNOWN,
        Rule::SignatureWrong => &SIGNATURE_WRONG,
        Rule::NameMismatch => &NAME_MISMATCH,
        Rule::NoSubjectAlternativeName => &SAN_MISSING,
        Rule::AddressAsName => &ADDRESS_AS_NAME,
        Rule::ExtendedKeyUsage | Rule::ExtendedKeyUsageEmpty | Rule::EndEntityKeyUsage => &USAGE_MISSING,
        Rule::WeakDigest => &WEAK_SIGNATURE,
        Rule::WeakKey => &WEAK_KEY,
        Rule::Revoked | Rule::RevokedInRecords => &REVOKED,
        Rule::IssuerNotAuthority | Rule::IssuerKeyUsage | Rule::PathLength | Rule::NameConstraints | Rule::NameConstraintsUnreadable => {
            &AUTHORITY_UNFIT
        }
        Rule::AuthorityWithoutKeyUsage => &AUTHORITY_WITHOUT_KEY_USAGE,
        Rule::UnknownCriticalExtension | Rule::WronglyCritical => &UNKNOWN_CRITICAL_EXTENSION,
        Rule::KeyIdentifierMismatch => &KEY_IDENTIFIER_MISMATCH,
        Rule::AuthorityAsEndEntity => &AUTHORITY_AS_HOST,
        Rule::AnchorNotSelfSigned => &TRUST_ONLY_INTERMEDIATE,
        _ => &CERTIFICATE_FLAW,
    }
}

/// Every entry that [`findings`] can give.
pub static PATH_ENTRIES: &[&Entry] = &[
    &CERTIFICATE_EXPIRED,
    &NOT_YET_VALID,
    &ISSUER_UNKNOWN,
    &SELF_SIGNED,
    &SIGNATURE_WRONG,
    &NAME_MISMATCH,
    &SAN_MISSING,
    &ADDRESS_AS_NAME,
    &USAGE_MISSING,
    &WEAK_SIGNATURE,
    &WEAK_KEY,
    &REVOKED,
    &AUTHORITY_UNFIT,
    &AUTHORITY_WITHOUT_KEY_USAGE,
    &UNKNOWN_CRITICAL_EXTENSION,
    &KEY_IDENTIFIER_MISMATCH,
    &AUTHORITY_AS_HOST,
    &TRUST_ONLY_INTERMEDIATE,
    &CERTIFICATE_FLAW,
];

/// What validation found, in doctor's terms.
pub fn findings(judged: &Judged<'_>, answer: &Answer) -> Vec<Finding> {
    answer
        .findings
        .iter()
        .map(|found| {
            let own = judged.certificate.title();
            let is_own = is_own(judged, found);
            let subject =
                if is_own { format!("{}: {own}", judged.subject) } else { format!("{}: CA certificate {}", judged.subject, found.certificate) };
            let is_self_signed = found.rule == Rule::IssuerUnknown && is_own && judged.certificate.is_self_issued();
            let entry = if is_self_signed { &SELF_SIGNED } else { entry_of(found.rule) };
            let keys = both_keys(found).unwrap_or_default();
            let finding = Finding::new(entry, subject, format!("{}{keys} ({})", found.message, found.rule.source())).weighing(found.severity);
            help(judged, answer, found).into_iter().fold(finding, Finding::help)
        })
        .collect()
}

/// Two CAs of one name are told apart by their keys.
fn both_keys(found: &path::Finding) -> Option<String> {
    let (wanted, there) = (found.expected.as_ref()?, found.found.as_ref()?);
    (found.rule == Rule::SignatureWrong).then(|| format!("; it names {wanted}, and the one at hand has {there}"))
}

/// Whether something was found about the certificate in question itself, not about one above it.
fn is_own(judged: &Judged<'_>, found: &path::Finding) -> bool {
    found.position.map_or_else(|| found.certificate == judged.certificate.title(), |position| position == 0)
}

/// What helps with something that validation found.
pub fn help(judged: &Judged<'_>, answer: &Answer, found: &path::Finding) -> Vec<Help> {
    if found.rule.is_about_a_crl() {
        return new_crl(judged.home);
    }
    if is_own(judged, found) { of_target(judged, found.rule) } else { of_issuer(judged, answer, found) }
}

/// A new certificate does not help where a CRL is the fault.
fn new_crl(home: &Home) -> Vec<Help> {
    match &home.ca_option {
        Some(option) if home.is_issuer => vec![Help::Fix(CommandLine::new("gsec crl update").then(option))],
        _ => vec![Help::advice("Get a new CRL from the CA that issued the certificate.")],
    }
}

/// The host for which a new certificate is issued: the wanted one, else the certificate's own.
fn host_of(judged: &Judged<'_>) -> Option<String> {
    let is_host = |name: &&GeneralName| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_));
    let own = || judged.certificate.subject_alternative_names().unwrap_or_default().iter().find(is_host).map(GeneralName::value);
    let common = || judged.certificate.subject().common_names().into_iter().next();
    judged.name.map(GeneralName::value).or_else(own).or_else(common)
}

/// What helps with something about the certificate itself.
pub(in crate::doctor) fn of_target(judged: &Judged<'_>, rule: Rule) -> Vec<Help> {
    let Judged { certificate, home, .. } = judged;
    if certificate.is_authority() && judged.name.is_none() && !matches!(rule, Rule::NotYetValid | Rule::IssuerUnknown | Rule::SignatureWrong) {
        return vec![home.renew_authority(certificate)];
    }
    let host = host_of(judged);
    if matches!(rule, Rule::IssuerUnknown | Rule::SignatureWrong) {
        return of_issuing(judged, rule, host.as_deref());
    }
    let Some(host) = host else { return vec![home.renew(certificate, None)] };
    match rule {
        // The same key again is no better.
        Rule::WeakKey | Rule::KeyUnknown | Rule::KeyUnreadable if home.ca_option.is_none() => {
            vec![Help::advice("Make a new key, RSA of 2048 bits or more or P-256 by its name, and have the CA issue a certificate for it.")]
        }
        // A revoked one is not renewed; it falls to the last line.
        Rule::Expired => vec![home.renew(certificate, Some(&host))],
        Rule::NotYetValid => vec![Help::Look(CommandLine::new("date -u"))],
        Rule::ExtendedKeyUsage if judged.purpose == Purpose::Client => vec![home.issue(certificate, &host, "--profile tls-client")],
        Rule::Revoked | Rule::RevokedInRecords => vec![home.issue_like(certificate, &host)],
        _ => vec![home.issue(certificate, &host, "")],
    }
}

fn of_issuer(judged: &Judged<'_>, answer: &Answer, found: &path::Finding) -> Vec<Help> {
    let by_name = || answer.path.iter().find(|certificate| certificate.title() == found.certificate);
    let Some(issuer) = found.position.and_then(|position| answer.path.get(position)).or_else(by_name) else { return Vec::new() };
    match found.rule {
        Rule::NotYetValid => vec![Help::Look(CommandLine::new("date -u"))],
        Rule::AnchorNotSelfSigned => vec![trust_as_well(issuer)],
        // What its own root would have to be is known; of what is missing between, only the server's admin knows.
        Rule::IssuerUnknown if issuer.is_self_issued() => vec![trust_if_right(issuer)],
        Rule::IssuerUnknown | Rule::SignatureWrong => vec![why_not_trusted(found.rule, &issuer.issuer().to_string())],
        Rule::Revoked | Rule::RevokedInRecords => vec![Help::Advice(
            Prose::new("This CA needs a new key, and a certificate for it from ").name(&issuer.issuer().to_string()).words("; what it issued, too."),
        )],
        _ => vec![judged.home.renew_authority(issuer)],
    }
}

/// Why nothing that is trusted vouches for a certificate, the likeliest first.
fn of_issuing(judged: &Judged<'_>, rule: Rule, host: Option<&str>) -> Vec<Help> {
    let Judged { certificate, home, .. } = judged;
    let issuer = certificate.issuer().to_string();
    let again = home.ca_option.as_ref().and(host).map(|host| home.issue(certificate, host, ""));
    if certificate.is_self_issued() && rule == Rule::IssuerUnknown {
        return vec![again.unwrap_or_else(|| elsewhere(certificate))];
    }
    let mut all: Vec<Help> = again.into_iter().collect();
    all.push(why_not_trusted(rule, &issuer));
    all
}

fn why_not_trusted(rule: Rule, issuer: &str) -> Help {
    Help::Advice(match rule {
        Rule::SignatureWrong => Prose::new("Two CAs have the name ")
            .name(issuer)
            .words(", or one has two keys. Find out by the key identifiers which one issued this certificate, and trust that one only if it is the right one."),
        _ => Prose::new("Either the server does not send its intermediate: have its admin append the certificate of ")
            .name(issuer)
            .words(" to the certificate file. Or it is of another CA: trust the root of that CA only if it is the right one."),
    })
}

fn trust_if_right(issued: &Certificate) -> Help {
    let words = Prose::new("Get the certificate of the CA ").name(&issued.issuer().to_string());
    Help::Advice(words.words(", and trust it if it is the right one."))
}

/// OpenSSL accepts a path only when it ends in a root that is trusted.
pub(in crate::doctor) fn trust_as_well(issued: &Certificate) -> Help {
    Help::Advice(Prose::new("Trust the certificate of ").name(&issued.issuer().to_string()).words(" as well."))
}

/// Whether each certificate is issued by the one behind it; the names tell. One that stands there twice in a row disturbs nobody.
pub fn is_in_order(chain: &[Certificate]) -> bool {
    chain.windows(2).all(|pair| pair[0].issuer() == pair[1].subject() || pair[0] == pair[1])
}
