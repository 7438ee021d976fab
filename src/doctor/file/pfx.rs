//! PFX files: who reads them, and whether the chain is there.

use super::Facts;
use super::entries::*;
use super::keys::beside;
use crate::doctor::Finding;
use crate::encoding::shell::CommandLine;
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
        findings.push(Finding::new(&PFX_LEGACY, facts.file.name(), seen).fix(anew(facts, "modern", &CommandLine::default())));
    }
    for reader in &facts.readers {
        if let Some(Readability::No(why)) = verdict(*reader) {
            let seen = format!("{} cannot read it: {why}", reader.name());
            findings.push(Finding::new(&PFX_UNREADABLE, facts.file.name(), seen).fix(anew(facts, "compat", &CommandLine::default())));
        }
    }
    findings.extend(without_chain(facts));
    findings
}

/// Writes the file anew beside the old one, under the same password.
fn anew(facts: &Facts, encryption: &'static str, chain: &CommandLine) -> CommandLine {
    let command = CommandLine::new("gsec convert to-pfx --cert").path(&facts.file.path).then(chain).words("--pfx-encryption").words(encryption);
    command.words("--out").path(&beside(&facts.file, encryption)).then(&facts.password_option).then(&facts.pfx_password_option)
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
        Some(file) => finding.fix(anew(facts, "modern", &CommandLine::new("--chain").path(&file))),
        None => finding,
    })
}
