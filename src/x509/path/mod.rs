//! Path validation, RFC 5280 §6: the strict verdict of a maintained validator, and gsec's own explanation, certificate by
//! certificate and rule by rule.

mod build;
mod finding;
mod length;
mod rules;
mod strict;

use time::OffsetDateTime;

pub use finding::{Finding, Rule, Severity};
pub use length::{PathRoom, path_room};

use super::{Certificate, GeneralName};

/// What a certificate shall be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    /// A TLS server: serverAuth.
    Server,
    /// A TLS client: clientAuth.
    Client,
    /// Whatever it says.
    #[default]
    Any,
}

impl Purpose {
    /// The name that `--purpose` takes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
            Self::Any => "any",
        }
    }
}

/// A question about one certificate.
pub struct Question<'a> {
    /// The certificate.
    pub target: &'a Certificate,
    /// Certificates that may stand between it and an anchor, in any order.
    pub untrusted: &'a [Certificate],
    /// What is trusted.
    pub anchors: &'a [Certificate],
    /// The time to decide for.
    pub at: OffsetDateTime,
    /// What it shall be used for.
    pub purpose: Purpose,
    /// The host that it shall be for.
    pub name: Option<&'a GeneralName>,
    /// Whether a common name equal to the host is enough where there is no dNSName, as it was to old peers.
    pub allow_common_name: bool,
    /// CRLs, DER.
    pub crls: &'a [Vec<u8>],
}

/// The answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The certificates from the target upwards, as far as they could be found; an anchor last when the path is whole.
    pub path: Vec<Certificate>,
    /// Everything that was found, the most specific first.
    pub findings: Vec<Finding>,
    /// Whether subjectAltName covers the host; `None` when no host was given.
    pub name_in_san: Option<bool>,
    /// Whether a common name equals the host.
    pub name_in_subject: Option<bool>,
    /// What the strict validator says: `Ok`, its refusal, or `None` where it does not decide (a CA certificate as target).
    pub strict: Option<Result<(), String>>,
}

impl Answer {
    /// Whether the certificate is valid for what was asked.
    pub fn is_valid(&self) -> bool {
        !self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

/// Answers a question. Bounded: at most 16 certificates in a path, and 256 signatures checked.
pub fn validate(question: &Question<'_>) -> Answer {
    let built = build::path(question);
    let mut findings = Vec::new();
    findings.extend(rules::of_name(question));
    findings.extend(built.problem.clone());
    for (depth, certificate) in built.path.iter().enumerate() {
        findings.extend(rules::of_certificate(question, &built, depth, certificate));
    }
    let strict = (!question.target.is_authority()).then(|| strict::verdict(question));
    match &strict {
        Some(Err(strict::Refusal::Revoked)) => {
            findings.push(Finding::about(Rule::Revoked, question.target, "a CRL lists it, or an issuer of it, as revoked".into()));
        }
        Some(Err(strict::Refusal::Other(words))) if !findings.iter().any(|finding| finding.severity == Severity::Error) => {
            findings.push(Finding::about(Rule::StrictValidator, question.target, format!("a strict validator refuses it: {words}")));
        }
        _ => {}
    }
    findings.sort_by_key(|finding| finding.severity);
    Answer {
        path: built.path.into_iter().cloned().collect(),
        findings,
        name_in_san: question.name.map(|name| rules::san_covers(question.target, name)),
        name_in_subject: question.name.map(|name| rules::common_name_equals(question.target, name)),
        strict: strict.map(|verdict| verdict.map_err(|refusal| refusal.to_string())),
    }
}
