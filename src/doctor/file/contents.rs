//! What stands in a file beside what else, and a thumbprint that was copied from somewhere.

use super::Facts;
use super::entries::*;
use super::keys::beside;
use crate::doctor::Finding;
use crate::doctor::path::{CHAIN_ORDER, is_in_order};
use crate::encoding::hex::{Separator, decode, encode};
use crate::encoding::shell::quoted;
use crate::encoding::visible::is_dangerous;
use crate::x509::Certificate;

/// Certificates of one host out of order, and of several hosts.
pub(super) fn order(facts: &Facts) -> Vec<Finding> {
    let file = &facts.file;
    if file.bundle.pfx.is_some() {
        return Vec::new();
    }
    let all: Vec<&Certificate> = file.certificates().collect();
    let hosts: Vec<&Certificate> = all.iter().copied().filter(|certificate| !certificate.is_authority()).collect();
    if let [first, others @ ..] = hosts.as_slice()
        && let Some(other) = others.iter().find(|other| are_strangers(first, other))
    {
        let seen = format!("it has certificates of `{}` and of `{}`", first.subject(), other.subject());
        let finding = Finding::new(&MIXED_HOSTS, file.name(), seen);
        return vec![finding.remedy(format!("gsec convert to-pem {} --out-dir {}", quoted(&file.path), beside(file, "parts")))];
    }
    let chain: Vec<Certificate> = all.iter().map(|certificate| (*certificate).clone()).collect();
    if hosts.len() != 1 || is_in_order(&chain) || !can_be_ordered(facts) {
        return Vec::new();
    }
    let names: Vec<String> = all.iter().map(|certificate| format!("`{}`", certificate.subject())).collect();
    let sorted = beside(file, "sorted");
    let command = format!("gsec convert to-pem {0} --out {sorted} && mv {sorted} {0}", quoted(&file.path));
    vec![Finding::new(&CHAIN_ORDER, file.name(), format!("they stand in this order: {}", names.join(", "))).remedy(command)]
}

/// Whether two certificates have no name in common.
fn are_strangers(one: &Certificate, other: &Certificate) -> bool {
    let names = |certificate: &Certificate| {
        let san = certificate.subject_alternative_names().unwrap_or_default().iter().map(|name| name.value().to_ascii_lowercase());
        san.chain(certificate.subject().common_names()).collect::<Vec<_>>()
    };
    let of_other = names(other);
    !names(one).iter().any(|name| of_other.contains(name))
}

/// Whether all certificates are one chain, if only they stood in order; others among them are no question of order.
fn can_be_ordered(facts: &Facts) -> bool {
    let arranged = facts.file.bundle.arrange();
    matches!(arranged.entries.as_slice(), [entry] if arranged.other_certificates.is_empty() && entry.chain.len() + 1 == facts.file.bundle.certificates.len())
}

/// A thumbprint beside that of the first certificate.
pub(super) fn thumbprint(facts: &Facts) -> Vec<Finding> {
    let (Some(pasted), Some(certificate)) = (&facts.thumbprint, facts.heads().into_iter().next()) else { return Vec::new() };
    let command = format!("gsec cert thumbprint {}", quoted(&facts.file.path));
    let mut findings = Vec::new();
    let hidden: Vec<String> =
        pasted.chars().filter(|character| is_dangerous(*character)).map(|character| format!("U+{:04X}", u32::from(character))).collect();
    if !hidden.is_empty() {
        let seen = format!("it has {}, which cannot be seen", hidden.join(", "));
        findings.push(Finding::new(&THUMBPRINT_INVISIBLE, facts.file.name(), seen).remedy(command.clone()));
    }
    let plain: String = pasted.chars().filter(char::is_ascii_alphanumeric).collect();
    let thumbprints = certificate.thumbprints();
    let is_same = decode(&plain).is_some_and(|octets| octets == thumbprints.sha1 || octets == thumbprints.sha256);
    if !is_same {
        let own = encode(&thumbprints.sha1, Separator::Space);
        let seen = format!("`{}` was given, and that of `{}` is `{own}`", pasted.trim(), certificate.subject());
        findings.push(Finding::new(&THUMBPRINT_MISMATCH, facts.file.name(), seen).remedy(command));
    }
    findings
}
