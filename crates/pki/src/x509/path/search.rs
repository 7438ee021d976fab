//! Building candidate paths: issuers by name, key identifier and signature (RFC 4158), within bounds.
//!
//! Every path that leads to an anchor is handed out, until one is good or a bound is reached; which of them is the best is for
//! the caller to say. The bounds hold for one question, whatever the certificates are.

use std::collections::{HashMap, HashSet};

use super::Question;
use super::finding::{Finding, Rule};
use super::unchecked::why_unchecked;
use crate::encoding::hex::{Separator, encode};
use crate::key::{SignatureAlgorithm, SignatureCheck};
use crate::x509::Certificate;
use crate::x509::name::ComparableName;

/// The most certificates in a path.
pub const MAX_DEPTH: usize = 16;
/// The most signatures that are checked for one question.
pub const MAX_SIGNATURE_CHECKS: usize = 256;
/// The most whole paths that are judged for one question.
pub const MAX_PATHS: usize = 64;
/// The most steps from a certificate to a candidate issuer; each costs little more than a look into a table.
const MAX_STEPS: usize = 20_000;
/// Of many candidates that did not sign, a message names this many.
const SHOWN_CANDIDATES: usize = 3;

/// A path as far as it could be built.
pub(super) struct Built<'a> {
    /// From the target upwards.
    pub(super) path: Vec<&'a Certificate>,
    /// Whether the last one is an anchor.
    pub(super) is_anchored: bool,
    /// Why it ends before an anchor.
    pub(super) problem: Option<Finding>,
    /// The positions of certificates whose signature cannot be checked: the issuer is the next one by its name and key identifier alone.
    pub(super) unchecked: Vec<usize>,
}

impl<'a> Built<'a> {
    /// The target alone, of which nothing more is known.
    pub(super) fn of_target(target: &'a Certificate) -> Self {
        Self {
            path: vec![target],
            is_anchored: false,
            problem: None,
            unchecked: Vec::new(),
        }
    }

    /// Whether the certificate at this position is the anchor.
    pub(super) fn is_anchor(&self, position: usize) -> bool {
        self.is_anchored && position + 1 == self.path.len()
    }
}

/// What the search came to besides the paths that were handed out.
pub(super) struct Searched<'a> {
    /// The best explained path of those that lead to no anchor.
    pub(super) dead_end: Option<Built<'a>>,
    /// The bound that ended the search.
    pub(super) bound: Option<String>,
}

struct Search<'a, 'v> {
    question: &'a Question<'a>,
    /// Anchors first, without duplicates.
    candidates: Vec<&'a Certificate>,
    by_name: HashMap<ComparableName, Vec<usize>>,
    /// By the addresses of the signed certificate and of the candidate.
    checked: HashMap<(usize, usize), SignatureCheck>,
    signatures_left: usize,
    steps_left: usize,
    paths_left: usize,
    /// The positions on the present path whose signature cannot be checked.
    unchecked: Vec<usize>,
    dead_end: Option<(Built<'a>, Finding)>,
    bound: Option<String>,
    /// Takes a whole path, and says whether the search is over.
    visit: &'v mut dyn FnMut(Built<'a>) -> bool,
}

/// Looks for paths from the target to an anchor, depth first; anchors before others, matching key identifiers first, CAs in
/// date before others. Each is handed to `visit`, which says whether that is enough.
pub(super) fn paths<'a>(
    question: &'a Question<'a>,
    visit: &mut dyn FnMut(Built<'a>) -> bool,
) -> Searched<'a> {
    let mut seen = HashSet::new();
    let candidates: Vec<_> = question
        .anchors
        .iter()
        .chain(question.untrusted)
        .filter(|candidate| seen.insert(candidate.der()))
        .collect();
    let mut by_name: HashMap<_, Vec<usize>> = HashMap::new();
    for (index, candidate) in candidates.iter().enumerate() {
        by_name
            .entry(candidate.subject().comparable())
            .or_default()
            .push(index);
    }
    let mut search = Search {
        question,
        candidates,
        by_name,
        checked: HashMap::new(),
        signatures_left: MAX_SIGNATURE_CHECKS,
        steps_left: MAX_STEPS,
        paths_left: MAX_PATHS,
        unchecked: Vec::new(),
        dead_end: None,
        bound: None,
        visit,
    };
    search.extend(&mut vec![question.target]);
    let dead_end = search.dead_end.map(|(built, problem)| Built {
        problem: Some(problem),
        ..built
    });
    Searched {
        dead_end,
        bound: search.bound,
    }
}

/// Why a certificate leads no further.
enum Obstacle<'a> {
    NoCandidate,
    /// The path already contains every candidate.
    Loop,
    /// These candidates did not sign.
    Signature(Vec<(&'a Certificate, SignatureCheck)>),
}

impl<'a> Search<'a, '_> {
    /// Follows every way upwards from the end of `path`; whether the search is over.
    fn extend(&mut self, path: &mut Vec<&'a Certificate>) -> bool {
        let top = *path.last().expect("a path is never empty");
        let is_anchor = self.question.anchors.contains(top);
        // A file of trusted certificates often holds the host's own as well. Programs look for its issuer first.
        if is_anchor && path.len() > 1 {
            return self.whole(path);
        }
        if path.len() >= MAX_DEPTH {
            let message = format!("the path has more than {MAX_DEPTH} certificates");
            self.keep_dead_end(path, Finding::about(Rule::PathTooComplex, top, message));
            return false;
        }
        let (mut refused, mut unsure) = (Vec::new(), Vec::new());
        let (mut is_loop, mut goes_on) = (false, false);
        for candidate in self.issuers_of(top) {
            if self.steps_left == 0 {
                return self.give_up(format!(
                    "more than {MAX_STEPS} steps from certificate to certificate"
                ));
            }
            self.steps_left -= 1;
            if path.iter().any(|earlier| {
                earlier.public_key() == candidate.public_key() && earlier.subject() == candidate.subject()
            }) {
                is_loop = true;
                continue;
            }
            match self.check(top, candidate) {
                None => return self.give_up(format!("more than {MAX_SIGNATURE_CHECKS} signatures")),
                Some(SignatureCheck::Good) => {
                    goes_on = true;
                    path.push(candidate);
                    let is_over = self.extend(path);
                    path.pop();
                    if is_over {
                        return true;
                    }
                }
                Some(SignatureCheck::Unsupported) if may_have_signed(top, candidate) => {
                    unsure.push(candidate)
                }
                Some(check) => refused.push((candidate, check)),
            }
        }
        // What is proven comes first.
        for candidate in unsure {
            goes_on = true;
            self.unchecked.push(path.len() - 1);
            path.push(candidate);
            let is_over = self.extend(path);
            path.pop();
            self.unchecked.pop();
            if is_over {
                return true;
            }
        }
        if is_anchor {
            return self.whole(path);
        }
        if !goes_on {
            let obstacle = match (refused.is_empty(), is_loop) {
                (false, _) => Obstacle::Signature(refused),
                (true, true) => Obstacle::Loop,
                (true, false) => Obstacle::NoCandidate,
            };
            self.keep_dead_end(path, explain(top, &obstacle));
        }
        false
    }

    fn whole(&mut self, path: &[&'a Certificate]) -> bool {
        self.paths_left -= 1;
        let is_enough = (self.visit)(Built {
            path: path.to_vec(),
            is_anchored: true,
            problem: None,
            unchecked: self.unchecked.clone(),
        });
        if !is_enough && self.paths_left == 0 {
            return self.give_up(format!("more than {MAX_PATHS} paths"));
        }
        is_enough
    }

    fn give_up(&mut self, bound: String) -> bool {
        self.bound = Some(bound);
        true
    }

    /// Whether `candidate` signed; `None` when no further signature may be checked.
    fn check(&mut self, signed: &'a Certificate, candidate: &'a Certificate) -> Option<SignatureCheck> {
        let place = (
            std::ptr::from_ref(signed).addr(),
            std::ptr::from_ref(candidate).addr(),
        );
        if let Some(known) = self.checked.get(&place) {
            return Some(*known);
        }
        self.signatures_left = self.signatures_left.checked_sub(1)?;
        let check = signed.verify_signature(candidate.public_key());
        self.checked.insert(place, check);
        Some(check)
    }

    /// The candidates of the issuer's name, the most promising first. With a matching key identifier come those that the
    /// signature is most likely to be by, so that of thousands of the same name few have to be tried.
    fn issuers_of(&self, certificate: &Certificate) -> Vec<&'a Certificate> {
        let named = self
            .by_name
            .get(&certificate.issuer().comparable())
            .map_or(&[][..], Vec::as_slice);
        let mut named: Vec<_> = named.iter().map(|index| self.candidates[*index]).collect();
        let wanted = certificate.authority_key_identifier();
        named.sort_by_cached_key(|candidate| {
            let identifier = match (wanted, candidate.subject_key_identifier()) {
                (Some(wanted), Some(found)) if wanted == found => 0,
                (Some(_), Some(_)) => 2,
                _ => 1,
            };
            let is_in_date =
                candidate.not_before() <= self.question.at && self.question.at <= candidate.not_after();
            (
                identifier,
                !self.question.anchors.contains(candidate),
                !candidate.is_authority(),
                !is_in_date,
            )
        });
        named
    }

    /// Of several dead ends the longest is kept; of those the one where most is known.
    fn keep_dead_end(&mut self, path: &[&'a Certificate], problem: Finding) {
        let rank = |length: usize, problem: &Finding| (length, problem.rule != Rule::IssuerUnknown);
        let is_better = self
            .dead_end
            .as_ref()
            .is_none_or(|(kept, known)| rank(path.len(), &problem) > rank(kept.path.len(), known));
        if is_better {
            let built = Built {
                path: path.to_vec(),
                is_anchored: false,
                problem: None,
                unchecked: self.unchecked.clone(),
            };
            self.dead_end = Some((built, problem.at(path.len() - 1)));
        }
    }
}

/// Whether a certificate of the issuer's name may be the issuer, where the signature cannot be checked: the algorithm is one of its kind of key.
fn may_have_signed(certificate: &Certificate, candidate: &Certificate) -> bool {
    SignatureAlgorithm::may_be_made_with(certificate.signature_algorithm(), candidate.public_key())
}

fn explain(certificate: &Certificate, obstacle: &Obstacle<'_>) -> Finding {
    let issuer = certificate.issuer();
    match obstacle {
        Obstacle::Signature(refused) => signature_finding(certificate, refused),
        Obstacle::Loop | Obstacle::NoCandidate if certificate.is_perhaps_self_signed() => {
            let why = why_unchecked(certificate, certificate);
            let message = format!("it is self-issued, and not among the trusted certificates; {why}");
            Finding::about(Rule::IssuerUnknown, certificate, message)
        }
        Obstacle::Loop | Obstacle::NoCandidate if certificate.is_self_issued() => Finding::about(
            Rule::IssuerUnknown,
            certificate,
            "it is self-signed, and not among the trusted certificates".into(),
        ),
        Obstacle::Loop => {
            let message = format!(
                "the only certificates of its issuer `{issuer}` are already below it: the certificates form \
                 a loop"
            );
            Finding::about(Rule::IssuerUnknown, certificate, message)
        }
        Obstacle::NoCandidate => {
            let identifier = certificate.authority_key_identifier().map(hex);
            let with = identifier.as_ref().map_or(String::new(), |identifier| {
                format!(" (key identifier {identifier})")
            });
            let message = format!(
                "no certificate of its issuer `{issuer}`{with} is among the trusted and intermediate \
                 certificates"
            );
            Finding::about(Rule::IssuerUnknown, certificate, message)
        }
    }
}

fn signature_finding(certificate: &Certificate, refused: &[(&Certificate, SignatureCheck)]) -> Finding {
    let issuer_name = certificate.issuer();
    let algorithm = SignatureAlgorithm::name(certificate.signature_algorithm());
    if let Some((issuer, _)) = refused
        .iter()
        .find(|(_, check)| *check == SignatureCheck::Unsupported)
    {
        let message = format!(
            "its signature ({algorithm}) cannot be by the {} key of `{issuer_name}`: the algorithm is for another \
             kind of key",
            issuer.public_key()
        );
        return Finding::about(Rule::SignatureUnsupported, certificate, message).compared(
            format!("an algorithm for a {} key", issuer.public_key()),
            algorithm,
        );
    }
    let tried = |issuer: &Certificate| {
        format!(
            "{} key, sha256 {}",
            issuer.public_key(),
            hex(&issuer.thumbprints().sha256)
        )
    };
    let mut list: Vec<String> = refused
        .iter()
        .take(SHOWN_CANDIDATES)
        .map(|(issuer, _)| tried(issuer))
        .collect();
    if let Some(more @ 1..) = refused.len().checked_sub(SHOWN_CANDIDATES) {
        list.push(format!("and {more} more"));
    }
    let which = match refused {
        [(issuer, _)] => format!(
            "the key of the certificate with that name ({}) did not sign it",
            tried(issuer)
        ),
        several => format!(
            "none of the {} certificates with that name has the key that signed it ({})",
            several.len(),
            list.join("; ")
        ),
    };
    let wanted = certificate.authority_key_identifier();
    if wanted.is_some()
        && refused
            .iter()
            .any(|(issuer, _)| issuer.subject_key_identifier() == wanted)
    {
        let message = format!(
            "it names `{issuer_name}` and its key as its issuer, but {which}: it was changed after signing, \
             or is damaged"
        );
        return Finding::about(Rule::SignatureWrong, certificate, message)
            .compared("what the issuer signed", "other bytes");
    }
    let identifier = |identifier: Option<&[u8]>| {
        identifier.map_or("no key identifier".to_owned(), |bytes| {
            format!("key identifier {}", hex(bytes))
        })
    };
    let found: Vec<String> = refused
        .iter()
        .take(SHOWN_CANDIDATES)
        .map(|(issuer, _)| identifier(issuer.subject_key_identifier()))
        .collect();
    let (wanted, found) = (identifier(wanted), found.join(", "));
    let message = format!(
        "it names `{issuer_name}` as its issuer, but {which}: another CA with the same name, or a renewed \
         key; expected {wanted}, found {found}"
    );
    Finding::about(Rule::SignatureWrong, certificate, message).compared(wanted, found)
}

fn hex(bytes: &[u8]) -> String {
    encode(bytes, Separator::None)
}
