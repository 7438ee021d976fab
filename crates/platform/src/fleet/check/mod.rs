//! CHECK. What is wrong with an environment as its inventory describes it: names that nothing has, ports that clash, certificates that are
//! missing, connections whose ends do not agree, pairs whose servers differ, client ports.
//!
//! Pure. What is not in the inventory comes in as [`Facts`], and what could not be looked at is said.

mod certificates;
mod client_ports;
mod connections;
mod facts;
mod found;
mod index;
mod names;
mod pairs;
mod ports;
mod references;
mod rules;
mod values;

#[cfg(test)]
mod tests;

pub use facts::{Facts, HostCertificate, Known, Lapsed, LookedUp, Profiles, Purposes, Refused, Reverse};
pub use found::Counts;

use crate::finding::Finding;
use crate::inventory::Inventory;
use found::Found;
use index::Index;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The findings in the order of the file, up to [`MAX_FINDINGS`](crate::finding::MAX_FINDINGS): of more, errors before others.
    pub findings: Vec<Finding>,
    /// How many there are of all.
    pub counts: Counts,
    /// What was not looked at.
    pub not_checked: Vec<NotChecked>,
}

/// Something that was not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotChecked {
    /// Its stable name.
    pub part: &'static str,
    /// What.
    pub what: &'static str,
    /// Why not.
    pub why: String,
    /// Whether it was to be looked at, and could not.
    pub is_prevented: bool,
}

/// Checks an inventory by every rule.
pub fn check(inventory: &Inventory, facts: &Facts) -> Checked {
    let index = Index::of(inventory);
    let mut found = Found::default();
    references::check(&index, facts, &mut found);
    ports::check(&index, &mut found);
    certificates::check(&index, facts, &mut found);
    connections::check(&index, &mut found);
    pairs::check(&index, &mut found);
    client_ports::check(&index, &mut found);
    values::check(&index, &mut found);
    if let Some(resolved) = facts.names.seen() {
        names::check(&index, resolved, &mut found);
    }
    let (findings, counts) = found.into_findings(&inventory.source);
    Checked {
        findings,
        counts,
        not_checked: not_checked(facts),
    }
}

fn not_checked(facts: &Facts) -> Vec<NotChecked> {
    fn of<T>(
        part: &'static str,
        what: &'static str,
        known: &Known<T>,
        not_asked: &str,
    ) -> Option<NotChecked> {
        let (why, is_prevented) = match known {
            Known::Seen(_) => return None,
            Known::Unseen(why) => (why.clone(), true),
            Known::NotAsked => (not_asked.to_owned(), false),
        };
        Some(NotChecked {
            part,
            what,
            why,
            is_prevented,
        })
    }
    let no_ca = "no CA was opened";
    let certificates = "the certificates that hosts have";
    let parts = [
        of("profiles", "the profiles of hosts", &facts.profiles, no_ca),
        of("certificates", certificates, &facts.certificates, no_ca),
        of(
            "names",
            "the names and addresses of hosts",
            &facts.names,
            "only with --resolve",
        ),
        unanswered(facts),
    ];
    parts.into_iter().flatten().collect()
}

/// Names about which the name service did not answer.
fn unanswered(facts: &Facts) -> Option<NotChecked> {
    let names = facts.names.seen()?;
    let reasons = names.iter().filter_map(|(name, answer)| match answer {
        LookedUp::Unanswered(reason) => Some((name, reason)),
        LookedUp::Found(_) | LookedUp::Nothing(_) => None,
    });
    let (name, reason) = reasons.min()?;
    let count = names
        .values()
        .filter(|answer| matches!(answer, LookedUp::Unanswered(_)))
        .count();
    let more = match count {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    Some(NotChecked {
        part: "names",
        is_prevented: true,
        what: "the names of some hosts",
        why: format!(
            "{}{more}: {}",
            crate::finding::quoted(name),
            gsec_pki::encoding::visible::visible(reason)
        ),
    })
}
