//! PFX files: who reads them, and whether the chain is there.

use super::Facts;
use super::entries::*;
use super::keys::beside;
use crate::doctor::Finding;
use crate::encoding::shell::quoted;
use crate::pkcs12::{PfxReader, Readability};

/// What is wrong with a PFX.
pub(super) fn check(facts: &Facts) -> Vec<Finding> {
    let Some(protection) = &facts.file.bundle.pfx else { return Vec::new() };
    let mut findings = Vec::new();
    let verdict = |reader: PfxReader| protection.readers.iter().find(|(found, _)| *found == reader).map(|(_, readability)| readability);
    if let Some(Readability::If(condition)) = verdict(PfxReader::OpenSsl3)
        && condition.contains("-legacy")
    {
        let seen = "OpenSSL 3 reads it with `-legacy` only".to_owned();
        findings.push(Finding::new(&PFX_LEGACY, facts.file.name(), seen).remedy(anew(facts, "modern", "")));
    }
    for reader in &facts.readers {
        if let Some(Readability::No(why)) = verdict(*reader) {
            let seen = format!("{} cannot read it: {why}", reader.name());
            findings.push(Finding::new(&PFX_UNREADABLE, facts.file.name(), seen).remedy(anew(facts, "compat", "")));
        }
    }
    findings.extend(without_chain(facts));
    findings
}

/// Writes the file anew beside the old one, under the same password.
fn anew(facts: &Facts, encryption: &str, chain: &str) -> String {
    let password = match facts.password_option.as_str() {
        "" => String::new(),
        option => format!(" {option} {}", option.replacen("--password", "--pfx-password", 1)),
    };
    format!(
        "gsec convert to-pfx --cert {}{chain} --pfx-encryption {encryption} --out {}{password}",
        quoted(&facts.file.path),
        beside(&facts.file, encryption)
    )
}

fn without_chain(facts: &Facts) -> Option<Finding> {
    let arranged = facts.file.bundle.arrange();
    let lonely =
        arranged.entries.iter().find(|entry| entry.key.is_some() && entry.chain.is_empty() && !entry.certificate.certificate.is_self_issued())?;
    let certificate = &lonely.certificate.certificate;
    let seen = format!("the certificate of `{}`, which issued `{}`, is not in it", certificate.issuer(), certificate.subject());
    let finding = Finding::new(&PFX_WITHOUT_CHAIN, facts.file.name(), seen);
    let file = facts
        .trust
        .as_ref()
        .and_then(|trust| trust.ca_certificate.clone().filter(|_| trust.own.iter().any(|own| own.subject() == certificate.issuer())));
    Some(match file {
        Some(file) => finding.remedy(anew(facts, "modern", &format!(" --chain {}", quoted(&file)))),
        None => finding,
    })
}
