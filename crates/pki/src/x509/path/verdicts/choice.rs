//! The path built by a program that never backtracks: at each certificate it chooses one issuer by name and key identifier,
//! and verifies the signature only afterwards.

use crate::key::SignatureCheck;
use crate::x509::Certificate;
use crate::x509::path::Question;
use crate::x509::path::consumers::Consumer;
use crate::x509::path::rules::is_written_oddly;
use crate::x509::path::search::{Built, MAX_DEPTH};

/// What a program comes to that does not go back.
pub(super) enum Choice<'a> {
    /// A path to an anchor; its signatures are good.
    Path(Built<'a>),
    /// It ends at this position: the issuer is missing, or its key did not sign.
    DeadEnd(usize),
}

/// The program's own choice; `None` for programs that try every path.
pub(super) fn of<'a>(consumer: Consumer, question: &Question<'a>) -> Option<Choice<'a>> {
    let path = match consumer {
        Consumer::OpenSsl | Consumer::OpenSslStrict | Consumer::Node => openssl(question, false),
        Consumer::Python => openssl(question, true),
        Consumer::GnuTls => gnutls(question),
        _ => return None,
    };
    Some(match path {
        Err(position) => Choice::DeadEnd(position),
        Ok(path) => match path.windows(2).position(|pair| !is_signed(pair[0], pair[1])) {
            Some(position) => Choice::DeadEnd(position),
            None => Choice::Path(Built {
                path,
                is_anchored: true,
                problem: None,
                unchecked: Vec::new(),
            }),
        },
    })
}

/// Whether at some certificate of the path there is more than one issuer to choose from.
pub(super) fn is_ambiguous(question: &Question<'_>, built: &Built<'_>) -> bool {
    let is_other = |candidate: &Certificate, certificate: &Certificate, above: &Certificate| {
        candidate != above && candidate != certificate && is_named(certificate, candidate)
    };
    built
        .path
        .windows(2)
        .any(|pair| given(question).any(|candidate| is_other(candidate, pair[0], pair[1])))
}

/// Whether the program tries other paths: what it has against one of them, it need not have against another.
pub(super) fn may_go_back(consumer: Consumer, question: &Question<'_>, built: &Built<'_>) -> bool {
    matches!(consumer, Consumer::Go | Consumer::Java | Consumer::Nss) && is_ambiguous(question, built)
}

/// Whether it is not known which path the program takes: there are several, and it does not go back from one that fails.
pub(super) fn is_uncertain(consumer: Consumer, question: &Question<'_>, built: &Built<'_>) -> bool {
    // Certificates in the name of a CA on the path that are not on it: of the same key, or not.
    let is_namesake = |candidate: &Certificate, has_same_key: bool| {
        let is_of_name = |issuer: &&&Certificate| issuer.subject() == candidate.subject();
        let mut issuers = built.path.iter().skip(1).filter(is_of_name);
        !built.path.contains(&candidate)
            && issuers.any(|issuer| is_of_same_key(issuer, candidate) == has_same_key)
    };
    let is_rival = |candidate: &Certificate| {
        is_namesake(candidate, false) || (is_namesake(candidate, true) && !is_in_date(question, candidate))
    };
    // A certificate that is trusted itself, where its issuer is given as well: some programs go on to the issuer.
    let is_trusted_itself = question.anchors.contains(question.target)
        && !question.target.is_self_issued()
        && given(question).any(|candidate| candidate.subject() == question.target.issuer());
    if is_trusted_itself && matches!(consumer, Consumer::GnuTls | Consumer::Nss | Consumer::Python) {
        return true;
    }
    // Programs pass over a CA certificate that they cannot read, and differ in what they can.
    let is_odd_namesake = |candidate: &Certificate| {
        (is_namesake(candidate, false) || is_namesake(candidate, true)) && is_written_oddly(candidate)
    };
    if given(question).any(is_odd_namesake) {
        return consumer != Consumer::Rustls;
    }
    match consumer {
        Consumer::OpenSsl | Consumer::OpenSslStrict | Consumer::Node | Consumer::Python => {
            built.path.iter().any(|certificate| {
                let mut candidates = question
                    .untrusted
                    .iter()
                    .filter(|candidate| *candidate != *certificate && is_named(certificate, candidate));
                let first = candidates.next();
                let is_anchored_here = question
                    .anchors
                    .iter()
                    .any(|anchor| is_named(certificate, anchor));
                !is_anchored_here && candidates.any(|other| Some(other) != first)
            })
        }
        Consumer::Java => question.untrusted.iter().any(is_rival),
        Consumer::GnuTls => {
            let is_same = |candidate: &Certificate| is_namesake(candidate, true);
            // An intermediate CA that is trusted, and another certificate of it.
            let is_issued = built.path.last().is_some_and(|anchor| !anchor.is_self_issued());
            given(question).any(is_rival)
                || question.anchors.iter().any(is_same)
                || (is_issued && question.untrusted.iter().any(is_same))
        }
        Consumer::Go | Consumer::Nss | Consumer::Rustls | Consumer::Windows => false,
    }
}

fn given<'a>(question: &'a Question<'_>) -> impl Iterator<Item = &'a Certificate> {
    question.anchors.iter().chain(question.untrusted)
}

fn is_in_date(question: &Question<'_>, candidate: &Certificate) -> bool {
    candidate.not_before() <= question.at && question.at <= candidate.not_after()
}

fn is_of_same_key(one: &Certificate, other: &Certificate) -> bool {
    one.public_key().material() == other.public_key().material()
}

fn is_signed(certificate: &Certificate, issuer: &Certificate) -> bool {
    // What cannot be checked here is not what decides.
    certificate.verify_signature(issuer.public_key()) != SignatureCheck::Bad
}

/// Whether the candidate has the issuer's name and, where both say one, its key identifier.
fn is_named_by_key(certificate: &Certificate, candidate: &Certificate) -> bool {
    let identifiers = certificate
        .authority_key_identifier()
        .zip(candidate.subject_key_identifier());
    certificate.issuer() == candidate.subject() && identifiers.is_none_or(|(said, found)| said == found)
}

/// Whether the candidate is all that the certificate says of its issuer.
fn is_named(certificate: &Certificate, candidate: &Certificate) -> bool {
    is_named_by_key(certificate, candidate)
        && certificate
            .authority_serial()
            .is_none_or(|serial| serial == candidate.serial())
        && certificate
            .authority_issuer()
            .is_none_or(|issuer| issuer == candidate.issuer())
}

/// crypto/x509/x509_vfy.c, `build_chain`, and `X509_STORE_CTX_get1_issuer`: what is trusted comes first, and of several the first that
/// is in date.
fn openssl<'a>(question: &Question<'a>, is_partial: bool) -> Result<Vec<&'a Certificate>, usize> {
    let is_in_date = |candidate: &Certificate| {
        candidate.not_before() <= question.at && question.at < candidate.not_after()
    };
    let choose = |list: &'a [Certificate], certificate: &Certificate, path: &[&Certificate]| {
        let is_candidate = |candidate: &&Certificate| {
            is_named(certificate, candidate) && (!path.contains(candidate) || *candidate == certificate)
        };
        let in_date = list
            .iter()
            .find(|candidate| is_candidate(candidate) && is_in_date(candidate));
        in_date.or_else(|| {
            list.iter()
                .filter(is_candidate)
                .max_by_key(|candidate| candidate.not_after())
        })
    };
    let mut path = vec![question.target];
    let mut is_trusted = question.anchors.contains(question.target);
    while path.len() <= MAX_DEPTH {
        let top = path[path.len() - 1];
        if is_trusted && (is_partial || top.is_self_issued()) {
            return Ok(path);
        }
        let found = match choose(question.anchors, top, &path) {
            Some(found) => {
                is_trusted = true;
                Some(found)
            }
            None if is_trusted => None,
            None => choose(question.untrusted, top, &path),
        };
        match found {
            Some(found) if found != top => path.push(found),
            Some(_) => return Ok(path),
            None => break,
        }
    }
    Err(path.len() - 1)
}

/// lib/x509/verify-high.c, `gnutls_x509_trust_list_verify_crt2`, and `find_issuer`: what was sent is put in order and cut where it is
/// trusted; of several trusted issuers the last one that is in date counts.
fn gnutls<'a>(question: &Question<'a>) -> Result<Vec<&'a Certificate>, usize> {
    let mut path = vec![question.target];
    while path.len() <= MAX_DEPTH {
        let top = path[path.len() - 1];
        if question.anchors.contains(top) {
            return Ok(path);
        }
        // A cross-certificate is cut off where its name and key are trusted (`_gnutls_check_if_same_key2`).
        let is_same = |anchor: &&Certificate| {
            anchor.subject().has_same_encoding(top.subject()) && is_of_same_key(anchor, top)
        };
        if let Some(anchor) = question.anchors.iter().find(is_same).filter(|_| path.len() > 1) {
            path.pop();
            path.push(anchor);
            return Ok(path);
        }
        let is_candidate =
            |candidate: &&Certificate| is_named_by_key(top, candidate) && !path.contains(candidate);
        match question.untrusted.iter().find(is_candidate) {
            Some(next) => path.push(next),
            None => break,
        }
    }
    let top = path[path.len() - 1];
    let mut chosen: Option<&Certificate> = None;
    for candidate in question
        .anchors
        .iter()
        .filter(|candidate| is_named_by_key(top, candidate))
    {
        if chosen.is_none() || is_in_date(question, candidate) {
            chosen = Some(candidate);
        }
    }
    match chosen {
        Some(anchor) => {
            path.push(anchor);
            Ok(path)
        }
        None => Err(path.len() - 1),
    }
}
