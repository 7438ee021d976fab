//! Certificate policies along a path, RFC 5280 §6.1.
//!
//! The valid policy tree of the RFC grows exponentially for crafted certificates. This is a graph instead, as in OpenSSL and
//! BoringSSL: each level has one node per policy with links to its parents, so it is never larger than the certificates
//! themselves.

use std::collections::{BTreeMap, BTreeSet};

use super::constraints::Comparisons;
use crate::encoding::sample::list_in_words_apart;
use crate::x509::path::Question;
use crate::x509::path::finding::{Finding, Rule, Severity};
use crate::x509::path::search::Built;
use crate::x509::{Certificate, PolicyId};

/// Of many policies, a message shows this many.
const SHOWN_POLICIES: usize = 5;

/// Policy findings for a path; none for a path that does not end at an anchor.
pub(super) fn of_path(
    question: &Question<'_>,
    built: &Built<'_>,
    comparisons: &mut Comparisons,
) -> Vec<Finding> {
    if !built.is_anchored || built.path.len() == 1 {
        return Vec::new();
    }
    let size = |certificate: &&Certificate| {
        certificate.policies().asserted.as_ref().map_or(0, Vec::len) + certificate.policies().mappings.len()
    };
    if !comparisons.spend(built.path.iter().map(size).sum()) {
        let message = "its path has more certificate policies than gsec checks".into();
        return vec![Finding::about(Rule::PathTooComplex, question.target, message).at(0)];
    }
    let mut processing = Processing::of(question, built);
    // The anchor itself is not processed (RFC 5280 §6.1).
    for position in (0..built.path.len() - 1).rev() {
        processing.certificate(position);
    }
    processing.wrap_up()
}

/// A policy on one level.
#[derive(Default)]
struct Node {
    /// The policies one level up that it maps from; empty where that is anyPolicy.
    parents: BTreeSet<PolicyId>,
    is_mapped: bool,
}

/// The policies that are valid for the certificates down to one of them.
#[derive(Default)]
struct Level {
    nodes: BTreeMap<PolicyId, Node>,
    /// Whether anyPolicy is among them, and with it every other one.
    has_any: bool,
}

impl Level {
    fn is_empty(&self) -> bool {
        self.nodes.is_empty() && !self.has_any
    }
}

/// A counter of §6.1.2 (d), (e), (f): how many more certificates may pass before something holds, and who said so.
#[derive(Clone)]
struct Countdown {
    left: usize,
    set_by: Option<String>,
}

impl Countdown {
    fn new(path_length: usize, is_set: bool) -> Self {
        Self {
            left: if is_set { 0 } else { path_length + 1 },
            set_by: None,
        }
    }

    fn is_over(&self) -> bool {
        self.left == 0
    }

    fn lower(&mut self, to: Option<u32>, certificate: &Certificate) {
        let Some(to) = to
            .and_then(|to| usize::try_from(to).ok())
            .filter(|to| *to < self.left)
        else {
            return;
        };
        *self = Self {
            left: to,
            set_by: Some(certificate.subject().to_string()),
        };
    }

    fn step(&mut self) {
        self.left = self.left.saturating_sub(1);
    }
}

struct Processing<'a> {
    question: &'a Question<'a>,
    path: &'a [&'a Certificate],
    /// From the certificate below the anchor downwards.
    levels: Vec<Level>,
    /// What the next certificate is held against.
    expected: Level,
    explicit: Countdown,
    any: Countdown,
    mapping: Countdown,
    findings: Vec<Finding>,
}

impl<'a> Processing<'a> {
    fn of(question: &'a Question<'a>, built: &'a Built<'a>) -> Self {
        let (inputs, length) = (question.policies, built.path.len() - 1);
        Self {
            question,
            path: &built.path,
            levels: Vec::new(),
            expected: Level {
                nodes: BTreeMap::new(),
                has_any: true,
            },
            explicit: Countdown::new(length, inputs.require_explicit),
            any: Countdown::new(length, inputs.inhibit_any),
            mapping: Countdown::new(length, inputs.inhibit_mapping),
            findings: Vec::new(),
        }
    }

    /// §6.1.3 (d), (e), (f) for every certificate, §6.1.4 (a), (b), (h), (i), (j) for those that issued the next one, and
    /// §6.1.5 (a), (b) for the last.
    fn certificate(&mut self, position: usize) {
        let certificate = self.path[position];
        let is_last = position == 0;
        let takes_any = !self.any.is_over() || (!is_last && certificate.is_self_issued());
        let mut level = held_against(std::mem::take(&mut self.expected), certificate, takes_any);
        if !is_last {
            self.refuse_mappings_of_any(certificate, position);
            self.expected = mapped(&mut level, certificate, !self.mapping.is_over());
        }
        self.levels.push(level);
        if is_last || !certificate.is_self_issued() {
            self.explicit.step();
        }
        if is_last {
            let demanded = certificate
                .policies()
                .require_explicit
                .filter(|count| *count == 0);
            self.explicit.lower(demanded, certificate);
            return;
        }
        if !certificate.is_self_issued() {
            self.any.step();
            self.mapping.step();
        }
        self.explicit
            .lower(certificate.policies().require_explicit, certificate);
        self.mapping
            .lower(certificate.policies().inhibit_mapping, certificate);
        self.any.lower(certificate.policies().inhibit_any, certificate);
    }

    /// §6.1.4 (a).
    fn refuse_mappings_of_any(&mut self, certificate: &Certificate, position: usize) {
        if let Some((from, to)) = certificate
            .policies()
            .mappings
            .iter()
            .find(|(from, to)| from.is_any() || to.is_any())
        {
            let message = format!("its policyMappings map {from} to {to}, and anyPolicy must not be mapped");
            let finding = Finding::about(Rule::PolicyMappingOfAny, certificate, message);
            self.findings.push(
                finding
                    .compared("policies that are not anyPolicy", format!("{from} to {to}"))
                    .at(position),
            );
        }
    }

    /// §6.1.5 (g).
    fn wrap_up(mut self) -> Vec<Finding> {
        let acceptable: Vec<PolicyId> = self
            .question
            .policies
            .acceptable
            .iter()
            .map(PolicyId::from)
            .collect();
        let is_met = self.is_valid_for(&acceptable);
        let finding = self.no_valid_policy(&acceptable);
        if !is_met && self.explicit.is_over() {
            self.findings.push(finding);
        } else if !is_met && !acceptable.is_empty() {
            self.findings.push(finding.lighter(Severity::Warning));
        }
        self.findings
    }

    fn no_valid_policy(&self, acceptable: &[PolicyId]) -> Finding {
        let target = self.path[0];
        let expected = if acceptable.is_empty() {
            "a policy that every certificate of the path has".to_owned()
        } else {
            in_words(acceptable)
        };
        let found = match &target.policies().asserted {
            Some(asserted) => in_words(asserted),
            None => "no certificatePolicies".to_owned(),
        };
        let demander = match (&self.explicit.set_by, self.explicit.is_over()) {
            (_, false) => "no certificate requires one; it was requested".to_owned(),
            (Some(subject), true) => format!("policyConstraints of `{subject}` require one"),
            (None, true) => "one is required".to_owned(),
        };
        let what = if acceptable.is_empty() {
            "no certificate policy"
        } else {
            "none of the acceptable certificate policies"
        };
        let message = format!(
            "{what} is valid for the whole path ({}), and {demander}",
            self.where_lost()
        );
        Finding::about(Rule::NoValidPolicy, target, message)
            .compared(expected, found)
            .at(0)
    }

    /// The certificate at which the last policy was lost.
    fn where_lost(&self) -> String {
        match self.levels.iter().position(Level::is_empty) {
            Some(level) => {
                let certificate = self.path[self.path.len() - 2 - level];
                let has = certificate
                    .policies()
                    .asserted
                    .as_ref()
                    .map_or("has none".to_owned(), |asserted| {
                        format!("has {}", in_words(asserted))
                    });
                format!("`{}` {has}", certificate.subject())
            }
            None => {
                let valid: Vec<PolicyId> = self
                    .levels
                    .last()
                    .map(|level| level.nodes.keys().cloned().collect())
                    .unwrap_or_default();
                format!("it is valid for {}", in_words(&valid))
            }
        }
    }

    /// Whether a policy that is acceptable is valid for the whole path. What a policy of the last certificate was called
    /// above, before CAs mapped it, decides: the acceptable policies are those of the anchor's domain.
    fn is_valid_for(&self, acceptable: &[PolicyId]) -> bool {
        let Some(last) = self.levels.last().filter(|last| !last.is_empty()) else {
            return false;
        };
        if last.has_any || acceptable.is_empty() || acceptable.iter().any(PolicyId::is_any) {
            return true;
        }
        let mut reached: BTreeSet<&PolicyId> = last.nodes.keys().collect();
        for level in self.levels.iter().rev() {
            let nodes: Vec<(&PolicyId, &Node)> = level
                .nodes
                .iter()
                .filter(|(policy, _)| reached.contains(policy))
                .collect();
            if nodes
                .iter()
                .any(|(policy, node)| node.parents.is_empty() && acceptable.contains(policy))
            {
                return true;
            }
            reached = nodes.into_iter().flat_map(|(_, node)| &node.parents).collect();
        }
        false
    }
}

/// §6.1.3 (d): of the policies that were expected, those that the certificate has.
fn held_against(expected: Level, certificate: &Certificate, takes_any: bool) -> Level {
    let asserted = certificate.policies().asserted.as_deref().unwrap_or_default();
    let has_any = takes_any && asserted.iter().any(PolicyId::is_any);
    let mut level = Level {
        has_any: has_any && expected.has_any,
        nodes: expected.nodes,
    };
    if !has_any {
        // They are in order.
        level
            .nodes
            .retain(|policy, _| asserted.binary_search(policy).is_ok());
    }
    if expected.has_any {
        for policy in asserted.iter().filter(|policy| !policy.is_any()) {
            level.nodes.entry(policy.clone()).or_default();
        }
    }
    level
}

/// §6.1.4 (b): what is expected of the next certificate. Policies that are mapped go on under their other name; where mapping is
/// inhibited they end.
fn mapped(level: &mut Level, certificate: &Certificate, is_allowed: bool) -> Level {
    let mappings = certificate
        .policies()
        .mappings
        .iter()
        .filter(|(from, to)| !from.is_any() && !to.is_any());
    let mut next = Level {
        nodes: BTreeMap::new(),
        has_any: level.has_any,
    };
    for (from, to) in mappings {
        if !is_allowed {
            level.nodes.remove(from);
            continue;
        }
        if level.has_any {
            level.nodes.entry(from.clone()).or_default();
        }
        if let Some(node) = level.nodes.get_mut(from) {
            node.is_mapped = true;
            next.nodes
                .entry(to.clone())
                .or_default()
                .parents
                .insert(from.clone());
        }
    }
    for (policy, _) in level.nodes.iter().filter(|(_, node)| !node.is_mapped) {
        next.nodes
            .entry(policy.clone())
            .or_default()
            .parents
            .insert(policy.clone());
    }
    next
}

fn in_words(policies: &[PolicyId]) -> String {
    if policies.is_empty() {
        "no policy".into()
    } else {
        list_in_words_apart(policies, SHOWN_POLICIES)
    }
}
