//! PFX files: who reads them, and whether the chain is there.

use super::Facts;
use super::entries::*;
use super::facts::beside;
use crate::checks::{Finding, Help};
use gsec_pki::encoding::shell::{CommandLine, Prose};
use gsec_pki::key::{KeyType, PublicKey};
use gsec_pki::pkcs12::{KEY_WITHOUT_CERTIFICATE, NOT_LINKED, PASSWORD_BEYOND_ASCII, PfxReader, Readability};
use gsec_pki::x509::Certificate;

/// What is wrong with a PFX.
pub(super) fn check(facts: &Facts) -> Vec<Finding> {
    let Some(protection) = &facts.file.bundle.pfx else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    let verdict = |reader: PfxReader| {
        protection
            .readers
            .iter()
            .find(|(found, _)| *found == reader)
            .map(|(_, readability)| readability)
    };
    if let Some(Readability::If(condition)) = verdict(PfxReader::OpenSsl3)
        && condition.contains("-legacy")
    {
        let seen = "OpenSSL 3 can only read it with `-legacy`".to_owned();
        findings.push(Finding::new(&PFX_LEGACY, facts.file.name(), seen).help(rewritten(facts, "modern")));
    }
    for reader in &facts.readers {
        if let Some(Readability::No(why)) = verdict(*reader) {
            let seen = format!("{} cannot read it: {why}", reader.name());
            findings.push(Finding::new(&PFX_UNREADABLE, facts.file.name(), seen).help(readable(facts, why)));
        }
    }
    findings.extend(without_chain(facts));
    // One new file has all that is missing; the same command again would find its file there already.
    let is_fix = |finding: &Finding| finding.help.iter().any(|help| matches!(help, Help::Fix(_)));
    let first = findings
        .iter()
        .position(is_fix)
        .map_or(findings.len(), |place| place + 1);
    for finding in findings.iter_mut().skip(first).filter(|finding| is_fix(finding)) {
        finding.help = vec![Help::advice(
            "The command of the previous finding does this as well.",
        )];
    }
    findings
}

/// Rewrites a PFX with the missing chain, if the local CA has it.
pub(super) fn with_chain(facts: &Facts) -> Option<Help> {
    (facts.file.bundle.pfx.is_some() && missing_chain(facts).is_some()).then(|| rewritten(facts, "modern"))
}

/// What lets a program read it. Another encryption helps against neither a kind of key nor a password that the program does not take.
fn readable(facts: &Facts, why: &str) -> Help {
    match why {
        PASSWORD_BEYOND_ASCII => Help::advice(
            "Write it again with gsec convert to-pfx under a password with only ASCII characters.",
        ),
        KEY_WITHOUT_CERTIFICATE => {
            let command = CommandLine::new("gsec convert to-pfx --key").path(&facts.file.path);
            Help::Advice(
                Prose::new("Write it again with its certificate: ")
                    .typed(&command)
                    .words(", with --cert and the file of the certificate."),
            )
        }
        NOT_LINKED => rewritten(facts, "compat"),
        _ if has_rare_key(facts) => {
            Help::advice("Issue a certificate with a key of another type, such as p256.")
        }
        _ => rewritten(facts, "compat"),
    }
}

/// Whether a key is of a kind that not every program imports.
fn has_rare_key(facts: &Facts) -> bool {
    let is_rare = |key: &PublicKey| {
        !matches!(key.key_type(), Some(kind) if kind != KeyType::Ed25519) || key.is_pss_only()
    };
    let mut keys = facts.file.bundle.keys.iter();
    keys.any(|key| key.key.public_key().is_none_or(is_rare))
}

/// Writes the file again beside the old one, under the same password. Certificates without a key are written as entries that Java trusts.
fn rewritten(facts: &Facts, encryption: &'static str) -> Help {
    let chain = missing_chain(facts).unwrap_or_default();
    let is_trust_store = facts.file.bundle.keys.is_empty();
    let command =
        CommandLine::new("gsec convert to-pfx").words(if is_trust_store { "--trust-store" } else { "" });
    let command = command
        .words("--cert")
        .path(&facts.file.path)
        .then(&chain)
        .words("--pfx-encryption")
        .words(encryption);
    let out = beside(&facts.file, encryption);
    facts.write_beside(
        &out,
        command
            .words("--out")
            .path(&out)
            .then(&facts.password_option)
            .then(&facts.pfx_password_option),
    )
}

fn without_chain(facts: &Facts) -> Option<Finding> {
    let certificate = lonely(facts)?;
    let seen = format!(
        "it does not contain the certificate of `{}`, which issued `{}`",
        certificate.issuer(),
        certificate.title()
    );
    let finding = Finding::new(&PFX_WITHOUT_CHAIN, facts.file.name(), seen);
    Some(if missing_chain(facts).is_some() {
        finding.help(rewritten(facts, "modern"))
    } else {
        finding
    })
}

/// A certificate with its key whose issuer is not in the file.
fn lonely(facts: &Facts) -> Option<Certificate> {
    let arranged = facts.file.bundle.arrange();
    let is_lonely = |entry: &&gsec_pki::contents::Entry<'_>| {
        entry.key.is_some() && entry.chain.is_empty() && !entry.certificate.certificate.is_self_issued()
    };
    arranged
        .entries
        .iter()
        .find(is_lonely)
        .map(|entry| entry.certificate.certificate.clone())
}

/// The option that adds the chain, if it is missing and the local CA is the issuer or issued the issuer's certificate.
fn missing_chain(facts: &Facts) -> Option<CommandLine> {
    let (certificate, trust) = (lonely(facts)?, facts.trust.as_ref()?);
    let below = trust
        .subordinates
        .iter()
        .find(|(below, _)| certificate.may_be_issued_by(below))
        .map(|(_, file)| file);
    let file = below.or(trust
        .ca_certificate
        .as_ref()
        .filter(|_| trust.own.iter().any(|own| certificate.may_be_issued_by(own))))?;
    Some(CommandLine::new("--chain").path(file))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{each, found, healthy, host, of_text};
    use super::*;
    use crate::checks::tests::certificates::root;
    use crate::checks::tests::help_of;
    use gsec_pki::contents::PfxProtection;
    use gsec_pki::x509::path::Severity::{Error, Warning};

    /// A PFX with the chain, as this program reads it.
    fn read_by(reader: PfxReader, readability: Readability) -> Facts {
        let host = host();
        of_text(&(host.pem() + &host.key_pem() + &root().pem())).but(|facts| {
            facts.readers = vec![PfxReader::Java8];
            facts.file_mut().bundle.pfx = Some(PfxProtection {
                mac: None,
                readers: vec![(reader, readability)],
            });
        })
    }

    #[test]
    fn who_reads_a_pfx() {
        use PfxReader::{Java8, OpenSsl3};
        each(&[
            ("everyone does", || read_by(OpenSsl3, Readability::Yes), &[]),
            (
                "OpenSSL 3 does with an option",
                || read_by(OpenSsl3, Readability::If("with -legacy".into())),
                &[("pfx-legacy", Warning, "OpenSSL 3 can only read it with `-legacy`")],
            ),
            (
                "OpenSSL 3 does under another condition",
                || read_by(OpenSsl3, Readability::If("with the right locale".into())),
                &[],
            ),
            (
                "Java cannot, and must",
                || read_by(Java8, Readability::No("it is too new".into())),
                &[("pfx-unreadable", Error, "cannot read it: it is too new")],
            ),
            (
                "Windows cannot, and need not",
                || read_by(PfxReader::Windows2012, Readability::No("it is too new".into())),
                &[],
            ),
            (
                "its chain is missing",
                || {
                    healthy().but_file(|file| {
                        file.bundle.pfx = Some(PfxProtection {
                            mac: None,
                            readers: Vec::new(),
                        });
                    })
                },
                &[(
                    "pfx-without-chain",
                    Warning,
                    "the certificate of `CN=Example CA`, which issued `CN=db1.example.com`",
                )],
            ),
        ]);
    }

    #[test]
    fn chain_is_added_where_the_local_ca_has_it_and_one_command_does_all() {
        let facts = healthy()
            .but_trust(|trust| {
                trust.own = trust.anchors.clone();
                trust.ca_certificate = Some("/srv/ca/ca_conf/ca_cert.pem".into());
            })
            .but_file(|file| {
                file.bundle.pfx = Some(PfxProtection {
                    mac: None,
                    readers: vec![(PfxReader::OpenSsl3, Readability::If("-legacy".into()))],
                });
            });
        let found = found(&facts);
        let help: Vec<String> = found.iter().map(help_of).collect();
        assert!(
            help[0].contains("--chain /srv/ca/ca_conf/ca_cert.pem --pfx-encryption modern"),
            "{help:?}"
        );
        assert_eq!(
            help[1],
            "advice: The command of the previous finding does this as well."
        );
    }
}
