//! Name constraints along a path, RFC 5280 §4.2.1.10 and §6.1.3 (b), (c).

use super::host::presented;
use crate::x509::path::Question;
use crate::x509::path::finding::{Finding, Form, Rule};
use crate::x509::path::search::Built;
use crate::x509::{Certificate, DnsName, GeneralName, NameConstraints, Subtree};

/// How many more comparisons of a name with a subtree are allowed for one question. 250,000, as in Go and rustls; only input
/// made to exhaust a validator needs more.
pub(in crate::x509::path) struct Comparisons(usize);

impl Default for Comparisons {
    fn default() -> Self {
        Self(250_000)
    }
}

impl Comparisons {
    pub(super) fn spend(&mut self, count: usize) -> bool {
        let left = self.0.checked_sub(count);
        self.0 = left.unwrap_or(0);
        left.is_some()
    }
}

/// Report at most this many of the names outside the constraints one by one.
const SHOWN_NAMES: usize = 10;

pub(super) fn of_path(
    question: &Question<'_>,
    built: &Built<'_>,
    comparisons: &mut Comparisons,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (position, authority) in built.path.iter().enumerate().skip(1) {
        let Some(constraints) = authority.name_constraints() else {
            continue;
        };
        if let Some(problem) = &constraints.unreadable {
            let message = format!("its name constraints cannot be evaluated: {problem}");
            let form = Form::of_unreadable(constraints);
            findings.push(
                Finding::about(Rule::NameConstraintsUnreadable, authority, message)
                    .at(position)
                    .of_form(form),
            );
            continue;
        }
        let is_imposed_by_anchor = built.is_anchor(position);
        // Self-issued intermediates are exempt, the last certificate is not (§6.1.3 (b)).
        let below = built
            .path
            .iter()
            .enumerate()
            .take(position)
            .filter(|(below, certificate)| *below == 0 || !certificate.is_self_issued());
        for (position, certificate) in below {
            match outside(question, certificate, authority, constraints, comparisons) {
                Some(outside) => findings.extend(outside.into_iter().map(|finding| Finding {
                    is_imposed_by_anchor,
                    ..finding.at(position)
                })),
                None => {
                    let message = "checking its names against the name constraints of the CAs would take \
                         more than 250,000 comparisons"
                        .into();
                    findings.push(Finding::about(Rule::PathTooComplex, certificate, message).at(position));
                    return findings;
                }
            }
        }
    }
    findings
}

/// The names of a certificate that its CA may not issue for; `None` when that takes too long to say.
fn outside(
    question: &Question<'_>,
    certificate: &Certificate,
    authority: &Certificate,
    constraints: &NameConstraints,
    comparisons: &mut Comparisons,
) -> Option<Vec<Finding>> {
    let further = further_names(question, certificate);
    let names = presented(certificate).iter().chain(&further);
    let subtrees = constraints.permitted.len() + constraints.excluded.len();
    let mut findings = Vec::new();
    let mut more = 0;
    for name in names {
        if !comparisons.spend(subtrees) {
            return None;
        }
        if constraints.allows(name) {
            continue;
        }
        if findings.len() == SHOWN_NAMES {
            more += 1;
            continue;
        }
        let form = form_of(name, certificate, constraints);
        findings.push(finding(certificate, authority, constraints, name).of_form(form));
    }
    if more > 0 {
        let message = format!(
            "{more} more of its names are outside the name constraints of `{}`",
            authority.subject()
        );
        findings.push(Finding::about(Rule::NameConstraints, certificate, message));
    }
    Some(findings)
}

/// Names outside subjectAltName that constraints apply to: the Subject, e-mail addresses in it, and a common name where it is
/// to be taken for a host's.
fn further_names(question: &Question<'_>, certificate: &Certificate) -> Vec<GeneralName> {
    let subject = certificate.subject();
    let mut names: Vec<GeneralName> = subject
        .email_addresses()
        .into_iter()
        .map(GeneralName::Email)
        .collect();
    if !subject.is_empty() {
        names.push(GeneralName::Directory(subject.clone()));
    }
    if question.allow_common_name && !presented(certificate).iter().any(GeneralName::is_dns_name) {
        names.extend(
            subject
                .common_names()
                .iter()
                .filter_map(|name| DnsName::parse(name).ok())
                .map(GeneralName::Dns),
        );
    }
    names
}

/// id-on-SmtpUTF8Mailbox, RFC 9598 §3.
const SMTP_UTF8_MAILBOX: &str = "1.3.6.1.5.5.7.8.9";

/// Which form of name it is, where programs tell them apart.
fn form_of(name: &GeneralName, certificate: &Certificate, constraints: &NameConstraints) -> Form {
    let is_presented = presented(certificate).contains(name);
    let is_excluded = constraints.permits(name);
    match name {
        GeneralName::Email(address) if !is_presented || address.is_empty() => Form::SubjectEmail,
        GeneralName::Email(address)
            if address
                .split_once('@')
                .is_none_or(|(local, host)| local.is_empty() || host.contains('@')) =>
        {
            Form::Malformed
        }
        GeneralName::Dns(_) if !is_presented => Form::CommonName,
        GeneralName::Directory(_) if is_excluded => Form::ExcludedDirectory,
        GeneralName::Directory(_) => Form::UnpermittedDirectory,
        GeneralName::Uri(_) if !is_excluded => Form::UnpermittedUri,
        GeneralName::Uri(_) => Form::ExcludedUri,
        GeneralName::Email(_) => Form::Mailbox,
        GeneralName::Other { kind: "dns", .. } => Form::Malformed,
        GeneralName::Other { kind: "ip", .. } => Form::MalformedAddress,
        GeneralName::Other {
            kind: "otherName",
            text,
        } if text == SMTP_UTF8_MAILBOX => Form::Utf8Mailbox,
        GeneralName::Other {
            kind: "otherName", ..
        } => Form::OtherName,
        GeneralName::Other { .. } => Form::OtherKind,
        GeneralName::Ip(address) if !is_excluded && !has_family(constraints, address.is_ipv4()) => {
            Form::OtherFamily
        }
        _ => Form::Plain,
    }
}

/// Whether the constraints permit a block of addresses of this family.
fn has_family(constraints: &NameConstraints, is_ipv4: bool) -> bool {
    constraints
        .permitted
        .iter()
        .any(|subtree| matches!(subtree, Subtree::Ip(block) if block.is_ipv4() == is_ipv4))
}

fn finding(
    certificate: &Certificate,
    authority: &Certificate,
    constraints: &NameConstraints,
    name: &GeneralName,
) -> Finding {
    let of = authority.subject();
    if let Some(excluded) = constraints.excluded_by(name) {
        if constraints.excludes_only_by_wildcard(name) {
            let message = format!(
                "`{name}` also covers `{excluded}`, which the name constraints of `{of}` exclude: OpenSSL \
                 accepts it anyway"
            );
            return Finding::about(Rule::NameConstraintsWildcard, certificate, message)
                .compared(format!("nothing in {excluded}"), name.to_string());
        }
        let message = format!("`{name}` is in `{excluded}`, which the name constraints of `{of}` exclude");
        return Finding::about(Rule::NameConstraints, certificate, message)
            .compared(format!("nothing in {excluded}"), name.to_string());
    }
    let permitted: Vec<String> = constraints
        .permitted_for(name)
        .take(SHOWN_NAMES)
        .map(ToString::to_string)
        .collect();
    let message = format!(
        "`{name}` is outside the name constraints of `{of}`, which permit {}",
        permitted.join(", ")
    );
    Finding::about(Rule::NameConstraints, certificate, message)
        .compared(permitted.join(", "), name.to_string())
}
