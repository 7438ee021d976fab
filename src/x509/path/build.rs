//! Building a candidate path: issuers by name, key identifier and signature.

use super::Question;
use super::finding::{Finding, Rule};
use crate::encoding::hex::{Separator, encode};
use crate::key::{SignatureAlgorithm, SignatureCheck, verify_signature};
use crate::x509::Certificate;

/// The most certificates in a path.
pub const MAX_DEPTH: usize = 16;
/// The most signatures that are checked for one question.
pub const MAX_SIGNATURE_CHECKS: usize = 256;

/// A path as far as it could be built.
pub(super) struct Built<'a> {
    /// From the target upwards.
    pub(super) path: Vec<&'a Certificate>,
    /// Whether the last one is an anchor.
    pub(super) is_anchored: bool,
    /// Why it ends before an anchor.
    pub(super) problem: Option<Finding>,
}

struct Search<'a> {
    question: &'a Question<'a>,
    checks_left: usize,
    /// The longest path that was seen, and why it ends there.
    deepest: Option<(Vec<&'a Certificate>, Finding)>,
}

/// Looks for a path from the target to an anchor, depth first; anchors before others, matching key identifiers first.
pub(super) fn path<'a>(question: &'a Question<'a>) -> Built<'a> {
    let mut search = Search { question, checks_left: MAX_SIGNATURE_CHECKS, deepest: None };
    match search.extend(vec![question.target]) {
        Some(path) => Built { path, is_anchored: true, problem: None },
        None => {
            let (path, problem) = search.deepest.expect("a search that fails says where");
            Built { path, is_anchored: false, problem: Some(problem) }
        }
    }
}

impl<'a> Search<'a> {
    fn extend(&mut self, path: Vec<&'a Certificate>) -> Option<Vec<&'a Certificate>> {
        let top = *path.last().expect("a path is never empty");
        if self.question.anchors.contains(top) {
            return Some(path);
        }
        if path.len() >= MAX_DEPTH {
            return self.fail(path, |top| Finding::about(Rule::PathTooComplex, top, format!("the path has more than {MAX_DEPTH} certificates")));
        }
        let mut signature_problem = None;
        for candidate in self.candidates(top) {
            if path.iter().any(|earlier| earlier.public_key() == candidate.public_key() && earlier.subject() == candidate.subject()) {
                continue;
            }
            if self.checks_left == 0 {
                return self.fail(path, |top| {
                    Finding::about(Rule::PathTooComplex, top, format!("more than {MAX_SIGNATURE_CHECKS} signatures would have to be checked"))
                });
            }
            self.checks_left -= 1;
            match verify_signature(candidate.public_key(), top.signature_algorithm(), top.tbs(), top.signature()) {
                SignatureCheck::Good => {
                    let longer = path.iter().copied().chain([candidate]).collect();
                    if let Some(whole) = self.extend(longer) {
                        return Some(whole);
                    }
                }
                check => signature_problem = Some(signature_finding(top, candidate, check)),
            }
        }
        self.fail(path, |top| signature_problem.unwrap_or_else(|| issuer_unknown(top)))
    }

    fn candidates(&self, top: &Certificate) -> Vec<&'a Certificate> {
        let all = self.question.anchors.iter().chain(self.question.untrusted);
        let mut named: Vec<_> = all.filter(|candidate| candidate.subject() == top.issuer()).collect();
        let identifier_differs = |candidate: &&Certificate| match (top.authority_key_identifier(), candidate.subject_key_identifier()) {
            (Some(wanted), Some(found)) => wanted != found,
            _ => false,
        };
        named.sort_by_key(identifier_differs);
        named
    }

    fn fail(&mut self, path: Vec<&'a Certificate>, problem: impl FnOnce(&Certificate) -> Finding) -> Option<Vec<&'a Certificate>> {
        if self.deepest.as_ref().is_none_or(|(deepest, _)| path.len() > deepest.len()) {
            let top = *path.last().expect("a path is never empty");
            self.deepest = Some((path, problem(top)));
        }
        None
    }
}

fn issuer_unknown(certificate: &Certificate) -> Finding {
    if certificate.is_self_issued() {
        return Finding::about(Rule::IssuerUnknown, certificate, "it is self-signed, and is not among the trusted certificates".into());
    }
    let identifier = certificate
        .authority_key_identifier()
        .map_or(String::new(), |identifier| format!(" (key identifier {})", encode(identifier, Separator::None)));
    let message =
        format!("no certificate of its issuer `{}`{identifier} is among the trusted and the intermediate certificates", certificate.issuer());
    Finding::about(Rule::IssuerUnknown, certificate, message)
}

fn signature_finding(certificate: &Certificate, issuer: &Certificate, check: SignatureCheck) -> Finding {
    let issuer_name = issuer.subject();
    if check == SignatureCheck::Unsupported {
        let algorithm = SignatureAlgorithm::name(certificate.signature_algorithm());
        let message = format!("its signature ({algorithm}) cannot be checked with the {} key of `{issuer_name}`", issuer.public_key());
        return Finding::about(Rule::SignatureUnsupported, certificate, message);
    }
    let thumbprint = encode(&issuer.thumbprints().sha256, Separator::None);
    let message = format!(
        "it names `{issuer_name}` as its issuer, but the key of the certificate of that name (sha256 {thumbprint}) did not sign it: another CA of the same name, or a renewed key"
    );
    Finding::about(Rule::SignatureWrong, certificate, message)
}
