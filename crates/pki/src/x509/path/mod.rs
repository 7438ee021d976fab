//! Path validation, RFC 5280 §6: the strict verdict of a maintained validator, and gsec's own explanation, certificate by
//! certificate and rule by rule.

mod consumers;
mod finding;
mod limits;
mod revocation;
mod rules;
mod search;
mod strict;
mod unchecked;
mod verdicts;

use der::oid::ObjectIdentifier;
use time::OffsetDateTime;

pub use consumers::{Consumer, ConsumerVerdict, Verdict};
pub use finding::{Finding, Rule, Severity};
pub use limits::{PathRoom, path_room, purposes_excluded};
pub use revocation::RevocationStatus;
pub use rules::{CrlEffect, CrlFault, crl_faults};
pub use search::{MAX_DEPTH, MAX_PATHS, MAX_SIGNATURE_CHECKS};
pub use unchecked::why_unchecked;

use super::{Certificate, GeneralName};
use search::Built;

/// The intended use of a certificate.
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
    /// Every purpose.
    pub const ALL: [Self; 3] = [Self::Server, Self::Client, Self::Any];

    /// The name that `--purpose` takes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
            Self::Any => "any",
        }
    }
}

/// The inputs of RFC 5280 §6.1.1 (c), (e), (f), (g) about certificate policies. The default accepts every policy and demands none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PolicyInputs<'a> {
    /// user-initial-policy-set: the policies that are acceptable. Empty: every policy (anyPolicy).
    pub acceptable: &'a [ObjectIdentifier],
    /// initial-explicit-policy: the path must be valid for at least one of the acceptable policies.
    pub require_explicit: bool,
    /// initial-any-policy-inhibit: anyPolicy in a certificate does not match other policies.
    pub inhibit_any: bool,
    /// initial-policy-mapping-inhibit: no CA may map a policy to another one.
    pub inhibit_mapping: bool,
}

/// A question about one certificate.
pub struct Question<'a> {
    /// The certificate.
    pub target: &'a Certificate,
    /// Possible intermediates between the certificate and an anchor, in any order.
    pub untrusted: &'a [Certificate],
    /// What is trusted.
    pub anchors: &'a [Certificate],
    /// The time to decide for.
    pub at: OffsetDateTime,
    /// Intended use.
    pub purpose: Purpose,
    /// The host the certificate must match.
    pub name: Option<&'a GeneralName>,
    /// Whether a matching common name is enough if the certificate has no dNSName, as old clients accept.
    pub allow_common_name: bool,
    /// CRLs, DER.
    pub crls: &'a [Vec<u8>],
    /// Whether every certificate of the path below the anchor needs a CRL that says that it is not revoked.
    pub require_crl: bool,
    /// Initial inputs of policy processing.
    pub policies: PolicyInputs<'a>,
    /// Looks up a certificate in the records of its CA, if they are available; [`RevocationStatus::NotChecked`] for
    /// certificates that the CA did not issue.
    pub records: Option<&'a dyn Fn(&Certificate) -> RevocationStatus>,
}

impl<'a> Question<'a> {
    /// A question about a certificate for any use, to which nothing else was given.
    pub fn about(target: &'a Certificate, at: OffsetDateTime) -> Self {
        Self {
            target,
            untrusted: &[],
            anchors: &[],
            at,
            purpose: Purpose::Any,
            name: None,
            allow_common_name: false,
            crls: &[],
            require_crl: false,
            policies: PolicyInputs::default(),
            records: None,
        }
    }
}

/// The answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The certificates from the target upwards, as far as they could be found; an anchor last when the path is whole.
    pub path: Vec<Certificate>,
    /// Revocation status of each certificate of `path`, in its order; an anchor is never checked.
    pub revocation: Vec<RevocationStatus>,
    /// Those of the CRLs that were given, by their numbers, that say whether the target is revoked.
    pub answering_crls: Vec<usize>,
    /// Everything that was found, the most specific first.
    pub findings: Vec<Finding>,
    /// Whether subjectAltName covers the host; `None` when no host was given.
    pub name_in_san: Option<bool>,
    /// Whether a common name equals the host.
    pub name_in_subject: Option<bool>,
    /// What the strict validator says: `Ok`, its refusal, or `None` where it does not decide (a CA certificate as target).
    pub strict: Option<Result<(), String>>,
    /// Where the strict validator and gsec do not say the same: who is right, and who behaves like which.
    pub disagreement: Option<String>,
    /// Which programs would accept.
    pub consumers: Vec<ConsumerVerdict>,
}

impl Answer {
    /// Whether the certificate is valid for this question.
    pub fn is_valid(&self) -> bool {
        !has_error(&self.findings) && !has_unchecked(&self.findings)
    }

    /// Whether nothing speaks against the certificate, and a signature on its path could not be checked, so that it is not known whether it is
    /// valid.
    pub fn is_undetermined(&self) -> bool {
        !has_error(&self.findings) && has_unchecked(&self.findings)
    }

    /// The CAs between the target and what is trusted of which nothing says whether they are revoked.
    pub fn unchecked_authorities(&self) -> impl Iterator<Item = &Certificate> {
        let is_open = |status: &RevocationStatus| {
            matches!(
                status,
                RevocationStatus::NotChecked | RevocationStatus::Undetermined { .. }
            )
        };
        // The last one is the anchor, or what no path leads on from.
        let between = self.path.len().saturating_sub(2);
        let above = self.path.iter().zip(&self.revocation).skip(1).take(between);
        above
            .filter(move |(_, status)| is_open(status))
            .map(|(authority, _)| authority)
    }

    /// Revocation status of the target.
    pub fn target_revocation(&self) -> &RevocationStatus {
        self.revocation.first().unwrap_or(&RevocationStatus::NotChecked)
    }
}

fn has_error(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

fn has_unchecked(findings: &[Finding]) -> bool {
    findings
        .iter()
        .any(|finding| finding.rule == Rule::SignatureUnchecked)
}

/// A path and everything that was found on it.
struct Judged<'a> {
    built: Built<'a>,
    findings: Vec<Finding>,
    revocation: Vec<RevocationStatus>,
    answering: Vec<usize>,
}

impl Judged<'_> {
    /// Few errors before few unchecked signatures before few warnings before few certificates.
    fn rank(&self) -> (usize, usize, usize, usize) {
        let unchecked = |finding: &&Finding| finding.rule == Rule::SignatureUnchecked;
        let count = |severity| {
            self.findings
                .iter()
                .filter(|finding| finding.severity == severity)
                .count()
        };
        (
            count(Severity::Error),
            self.findings.iter().filter(unchecked).count(),
            count(Severity::Warning),
            self.built.path.len(),
        )
    }
}

/// Answers a question. Bounded: at most 16 certificates in a path, 64 paths, 256 signatures of certificates and 250,000 comparisons of
/// names with name constraints; what goes beyond is refused.
pub fn validate(question: &Question<'_>) -> Answer {
    // Certificates know whole seconds, and the second of notAfter belongs to the validity (RFC 5280 §4.1.2.5).
    let question = &Question {
        at: question.at.replace_nanosecond(0).unwrap_or(question.at),
        ..*question
    };
    let crls = rules::ReadCrls::of(question);
    let (mut comparisons, companions) = (rules::Comparisons::default(), rules::Companions::default());
    let mut best: Option<Judged<'_>> = None;
    let mut strict: Option<strict::Verdict> = None;
    let is_asked = !question.target.is_authority();
    let searched = search::paths(question, &mut |built| {
        let rules::OfPath {
            findings,
            revocation,
            answering,
        } = rules::of_path(question, &built, &mut comparisons, &companions, crls.all());
        if is_asked && strict.as_ref().is_none_or(Result::is_err) {
            strict = Some(strict::verdict(question, &built));
        }
        let judged = Judged {
            built,
            findings,
            revocation,
            answering,
        };
        let is_enough = matches!(judged.rank(), (0, 0, 0, _));
        if best.as_ref().is_none_or(|best| judged.rank() < best.rank()) {
            best = Some(judged);
        }
        is_enough
    });
    let mut judged = best.unwrap_or_else(|| {
        let built = searched
            .dead_end
            .unwrap_or_else(|| Built::of_target(question.target));
        let rules::OfPath {
            findings,
            revocation,
            answering,
        } = rules::of_path(question, &built, &mut comparisons, &companions, crls.all());
        strict = is_asked.then(|| strict::verdict(question, &built));
        Judged {
            built,
            findings,
            revocation,
            answering,
        }
    });
    if !judged.built.is_anchored || has_error(&judged.findings) {
        judged
            .findings
            .extend(searched.bound.map(|bound| too_complex(question.target, &bound)));
    }
    finish(question, &crls, &companions, judged, strict)
}

fn too_complex(target: &Certificate, bound: &str) -> Finding {
    let message = format!(
        "the search for a path was abandoned: there are {bound} to check among the given certificates"
    );
    Finding::about(Rule::PathTooComplex, target, message).at(0)
}

fn finish<'a>(
    question: &'a Question<'a>,
    crls: &rules::ReadCrls,
    companions: &rules::Companions<'a>,
    judged: Judged<'a>,
    strict: Option<strict::Verdict>,
) -> Answer {
    let Judged {
        built,
        findings: of_path,
        revocation,
        answering: answering_crls,
    } = judged;
    let mut findings: Vec<Finding> = rules::of_name(question)
        .into_iter()
        .chain(built.problem.clone())
        .chain(of_path)
        .collect();
    let disagreement = strict
        .as_ref()
        .and_then(|strict| disagreement(question, &built, strict, &mut findings));
    findings.sort_by_key(|finding| finding.severity);
    let judge = |own: &Built<'a>| {
        rules::of_path(
            question,
            own,
            &mut rules::Comparisons::default(),
            companions,
            crls.all(),
        )
    };
    let is_accepted = strict.as_ref().map(|verdict| {
        verdict.is_ok() && strict::takes_name(question) && strict::has_every_crl(question, &built)
    });
    let judged = verdicts::Judged {
        question,
        built: &built,
        findings: &findings,
        crls: crls.lists(),
        statuses: &revocation,
        strict: is_accepted,
        judge: &judge,
    };
    let (consumers, further) = judged.verdicts();
    let revocation = revocation
        .into_iter()
        .zip(rules::recorded(question, &built))
        .map(|(crls, records)| crls.or(records))
        .collect();
    findings.extend(further);
    findings.sort_by_key(|finding| finding.severity);
    Answer {
        answering_crls,
        path: built.path.into_iter().cloned().collect(),
        revocation,
        findings,
        name_in_san: question.name.map(|name| rules::san_covers(question.target, name)),
        name_in_subject: question
            .name
            .map(|name| rules::common_name_equals(question.target, name)),
        strict: strict.map(|verdict| verdict.map_err(|refusal| refusal.to_string())),
        disagreement,
        consumers,
    }
}

/// What to say where the two verdicts differ. A refusal that gsec knows no good reason for makes the answer no.
fn disagreement(
    question: &Question<'_>,
    built: &Built<'_>,
    strict: &strict::Verdict,
    findings: &mut Vec<Finding>,
) -> Option<String> {
    // Where gsec has not checked the signature, it does not contradict whoever refuses it.
    if has_unchecked(findings) {
        return None;
    }
    match (
        strict,
        findings
            .iter()
            .find(|finding| finding.severity == Severity::Error),
    ) {
        (Err(refusal), None) => {
            let known = refusal.known_limit(built, findings);
            let why = known.unwrap_or("gsec finds no reason of its own for that");
            let message = format!("the strict validator (rustls-webpki) rejects it: {refusal}; {why}");
            let rule = refusal.rule(built, findings);
            findings.push(
                Finding::about(rule, question.target, message)
                    .compared("accepted", refusal.to_string())
                    .at(0),
            );
            Some(format!(
                "rustls-webpki rejects it ({refusal}): {why}. Programs with rustls reject it, whatever \
                 others do"
            ))
        }
        // It is given the certificate, which programs with rustls do not find in the block.
        (Ok(()), Some(finding)) if finding.rule == Rule::TrustSettings => None,
        (Ok(()), Some(finding)) => Some(format!(
            "rustls-webpki accepts it: it does not check what gsec rejects ({}). Programs with rustls accept \
             it, and stricter ones reject it",
            finding.rule.slug()
        )),
        _ => None,
    }
}
