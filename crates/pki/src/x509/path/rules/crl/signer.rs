//! Who signed a CRL, and whether that signer is permitted, RFC 5280 §6.3.3 (f), (g).

use super::{Crls, MAX_OTHER_SIGNERS, Memory};
use crate::key::{SignatureAlgorithm, SignatureCheck};
use crate::x509::path::finding::{Finding, Rule, Severity};
use crate::x509::path::search::{self, Built};
use crate::x509::path::{Question, rules};
use crate::x509::{Certificate, KeyUsage, RevocationList};

/// The certificate whose key signed the CRL for the certificate at this position: a CA above it on the path, or another
/// certificate with that name that chains to the same anchor.
///
/// # Errors
/// A finding if there is no such certificate.
pub(super) fn of<'a>(
    question: &'a Question<'a>,
    built: &Built<'a>,
    position: usize,
    index: usize,
    crls: Crls<'_>,
) -> Result<&'a Certificate, Finding> {
    let (crl, certificate) = (&crls.read.lists[index], built.path[position]);
    let is_named = |candidate: &&&Certificate| candidate.subject() == crl.issuer();
    let above = built.path.get(position + 1..).unwrap_or_default();
    let mut checks = Vec::new();
    for candidate in above.iter().filter(is_named) {
        let check = crls
            .read
            .memory
            .borrow_mut()
            .check(index, crl, candidate)
            .ok_or_else(|| too_many(certificate))?;
        if check == SignatureCheck::Good {
            return Ok(candidate);
        }
        checks.push((*candidate, check));
    }
    if crls.is_nested || !built.is_anchored {
        return Err(unsigned(certificate, crl, &checks));
    }
    let others = question
        .anchors
        .iter()
        .chain(question.untrusted)
        .filter(|candidate| is_named(&candidate));
    let mut refusal = None;
    for candidate in others.filter(|candidate| !above.contains(candidate)) {
        let check = crls
            .read
            .memory
            .borrow_mut()
            .check(index, crl, candidate)
            .ok_or_else(|| too_many(certificate))?;
        if check != SignatureCheck::Good {
            checks.push((candidate, check));
            continue;
        }
        match vouched_for(question, built, candidate, crls) {
            Ok(()) => return Ok(candidate),
            Err(why) => refusal = refusal.or(Some(untrusted(certificate, candidate, &why))),
        }
    }
    Err(refusal.unwrap_or_else(|| unsigned(certificate, crl, &checks)))
}

fn too_many(certificate: &Certificate) -> Finding {
    let message = "there are more CRLs and keys with the issuer's name than gsec tries".into();
    Finding::about(Rule::PathTooComplex, certificate, message)
}

fn unsigned(
    certificate: &Certificate,
    crl: &RevocationList,
    checks: &[(&Certificate, SignatureCheck)],
) -> Finding {
    let (name, algorithm) = (crl.issuer(), crl.signature_algorithm());
    // What nobody could check is not wrong.
    let is_unchecked = |(_, check): &(&Certificate, SignatureCheck)| *check == SignatureCheck::Unsupported;
    if checks.iter().any(is_unchecked) {
        let message = format!(
            "the signature ({algorithm}) of a CRL that names `{name}` as its issuer could not be checked: gsec does not support it"
        );
        return Finding::about(Rule::SignatureUnchecked, certificate, message)
            .compared("a signature that gsec can check", algorithm);
    }
    let message = match checks.is_empty() {
        true => format!("the certificate of `{name}`, named as the issuer of a CRL, is not available"),
        false => format!(
            "a CRL that names `{name}` as its issuer is not signed by the key that signed the certificate"
        ),
    };
    let finding = Finding::about(Rule::CrlSignature, certificate, message);
    match checks.first() {
        Some((candidate, _)) => finding.compared(
            format!("a signature by the {} key", candidate.public_key()),
            algorithm,
        ),
        None => finding,
    }
}

fn untrusted(certificate: &Certificate, signer: &Certificate, why: &str) -> Finding {
    let message = format!(
        "a CRL is signed by another key of `{}`, whose certificate cannot be used for that: {why}",
        signer.subject()
    );
    Finding::about(Rule::CrlSigner, certificate, message)
}

/// Whether a certificate outside the path may sign CRLs: its extensions must allow it, and it must chain to the path's own
/// anchor or to one with the same name, such as a CA has after a key change.
fn vouched_for(
    question: &Question<'_>,
    built: &Built<'_>,
    signer: &Certificate,
    crls: Crls<'_>,
) -> Result<(), String> {
    match signer.key_usage() {
        Some(usage) if !usage.has(KeyUsage::CRL_SIGN) => {
            return Err("its keyUsage does not have cRLSign".into());
        }
        None if !signer.is_authority() => {
            return Err("it has no keyUsage, and is not a CA certificate".into());
        }
        _ => {}
    }
    let anchor = built.path[built.path.len() - 1];
    let key = (signer.der().to_vec(), anchor.der().to_vec());
    if let Some(known) = crls.read.memory.borrow().signers.get(&key) {
        return known.clone();
    }
    if crls.read.memory.borrow().signers.len() == MAX_OTHER_SIGNERS {
        return Err(format!(
            "gsec checks at most {MAX_OTHER_SIGNERS} such certificates"
        ));
    }
    let is_of_anchor = |other: &&Certificate| *other == anchor || other.subject() == anchor.subject();
    let anchors: Vec<Certificate> = question.anchors.iter().filter(is_of_anchor).cloned().collect();
    let asked = Question {
        untrusted: question.untrusted,
        anchors: &anchors,
        crls: question.crls,
        ..Question::about(signer, question.at)
    };
    let verdict = leads_to_anchor(&asked, crls);
    crls.read.memory.borrow_mut().signers.insert(key, verdict.clone());
    verdict
}

fn leads_to_anchor(question: &Question<'_>, crls: Crls<'_>) -> Result<(), String> {
    let mut verdict = Err("there is no path from it to the trust anchor".to_owned());
    let companions = rules::Companions::default();
    search::paths(question, &mut |built| {
        let judged = rules::of_path(
            question,
            &built,
            &mut rules::Comparisons::default(),
            &companions,
            crls.nested(),
        );
        verdict = match judged
            .findings
            .into_iter()
            .find(|finding| finding.severity == Severity::Error)
        {
            Some(error) => Err(format!("`{}`: {}", error.certificate, error.message)),
            None => Ok(()),
        };
        verdict.is_ok()
    });
    verdict
}

impl Memory {
    /// Whether this key signed the CRL; `None` when no further signature may be checked.
    fn check(
        &mut self,
        index: usize,
        crl: &RevocationList,
        candidate: &Certificate,
    ) -> Option<SignatureCheck> {
        let key = (index, candidate.public_key().spki().to_vec());
        if let Some(known) = self.checks.get(&key) {
            return Some(*known);
        }
        self.checks_left = self.checks_left.checked_sub(1)?;
        let check = crl.verify_signature(candidate.public_key());
        self.checks.insert(key, check);
        Some(check)
    }
}

/// Whether a signature is by MD5 or SHA-1.
pub(super) fn is_weak(crl: &RevocationList) -> bool {
    use crate::key::SignatureDigest;
    matches!(
        SignatureAlgorithm::digest(crl.signature_algorithm_der()),
        SignatureDigest::Md5 | SignatureDigest::Sha1
    )
}
