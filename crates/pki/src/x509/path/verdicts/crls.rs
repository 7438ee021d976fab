//! What programs make of the given CRLs when revocation checking is enabled.
//!
//! Each function follows the program's own code, and tests/it/interop/consumers.rs runs the programs on the same CRLs.
//! OpenSSL means `-crl_check`, which checks the host's certificate only. curl, nginx and Node.js check every certificate
//! (`-crl_check_all`); what they reject in addition becomes a finding of its own.

use time::Duration;

use super::Judged;
use super::usages::Objection;
use crate::key::SignatureCheck;
use crate::x509::oid;
use crate::x509::path::consumers::Consumer;
use crate::x509::path::consumers::Verdict::{self, Refuses, Unknown};
use crate::x509::path::finding::{Finding, Rule, Severity};
use crate::x509::path::rules::{
    covers, has_plain_times, is_readable_for_openssl, is_unusual_crl, unsupported_by_openssl,
};
use crate::x509::path::search::Built;
use crate::x509::path::{Question, RevocationStatus};
use crate::x509::{
    Certificate, DistributionPoint, KeyUsage, PointName, ReasonSet, RevocationList, RevocationReason,
};

/// What the CRLs come to on one path.
pub(super) struct OfPath<'p, 'a> {
    pub(super) built: &'p Built<'a>,
    pub(super) findings: &'p [Finding],
    /// What the rules make of the CRLs for each certificate of the path.
    pub(super) statuses: &'p [RevocationStatus],
}

/// Whether what this program makes of the rule is said here, and not in the table.
pub(super) fn decides(consumer: Consumer, rule: Rule) -> bool {
    let is_of_crls = rule.is_about_a_crl() || matches!(rule, Rule::Revoked | Rule::RevocationUndetermined);
    is_of_crls
        && !matches!(rule, Rule::CrlStrictValidatorLimit | Rule::CrlUnusualEncoding)
        && !matches!(consumer, Consumer::Windows | Consumer::Nss | Consumer::Rustls)
}

/// What the program has against the path because of the CRLs.
pub(super) fn objections(
    consumer: Consumer,
    judged: &Judged<'_, '_>,
    own: &OfPath<'_, '_>,
) -> Vec<Objection> {
    let (question, crls) = (judged.question, judged.crls);
    if question.crls.is_empty() && !question.require_crl {
        return Vec::new();
    }
    match consumer {
        Consumer::OpenSsl | Consumer::OpenSslStrict | Consumer::Python | Consumer::Node => {
            of_openssl(question, crls, own)
        }
        Consumer::Java => as_far_as_known(of_java(question, crls, own), crls, own),
        Consumer::GnuTls => as_far_as_known(of_gnutls(crls, own), crls, own),
        // crypto/x509 of Go looks at no CRL. What webpki says is known.
        Consumer::Go | Consumer::Rustls | Consumer::Windows | Consumer::Nss => Vec::new(),
    }
}

/// What a program with a parser of its own has against the CRLs: of one that is written in an unusual way, or that gsec cannot read or check,
/// it is not known what it reads.
fn as_far_as_known(
    objections: Vec<Objection>,
    crls: &[RevocationList],
    own: &OfPath<'_, '_>,
) -> Vec<Objection> {
    let doubtful = [
        Rule::CrlUnreadable,
        Rule::CrlAlgorithmMismatch,
        Rule::SignatureUnchecked,
    ];
    let reported = own
        .findings
        .iter()
        .map(|finding| finding.rule)
        .find(|rule| doubtful.contains(rule));
    let unusual = crls
        .iter()
        .any(is_unusual_crl)
        .then_some(Rule::CrlUnusualEncoding);
    let Some(doubt) = unusual.or(reported) else {
        return objections;
    };
    let doubted = objections.into_iter().map(|objection| Objection {
        verdict: Unknown,
        ..objection
    });
    let doubt = Objection {
        rule: doubt,
        verdict: Unknown,
        position: 0,
    };
    doubted.chain([doubt]).collect()
}

/// Where a program that checks the CRLs of every certificate refuses a path that one accepts which checks the host's alone.
pub(super) fn of_every_certificate(judged: &Judged<'_, '_>) -> Option<Finding> {
    let (question, crls, built) = (judged.question, judged.crls, judged.built);
    if question.crls.is_empty() || openssl(question, crls, built, 0).is_some() {
        return None;
    }
    let (position, rule) = (1..built.path.len())
        .find_map(|position| Some((position, openssl(question, crls, built, position)?)))?;
    if rule == Rule::Revoked || rule == Rule::CrlMissing {
        // Both are reported already.
        return None;
    }
    let message = format!(
        "programs that check the CRLs of every certificate reject the path ({}): `openssl verify \
         -crl_check_all`, curl --crlfile, ssl_crl of nginx",
        rule.slug()
    );
    Some(
        Finding::about(Rule::CrlUnusable, built.path[position], message)
            .at(position)
            .lighter(Severity::Notice),
    )
}

fn of_openssl(question: &Question<'_>, crls: &[RevocationList], own: &OfPath<'_, '_>) -> Vec<Objection> {
    let refusal = |position: usize| openssl(question, crls, own.built, position).map(|rule| (position, rule));
    // Where its issuer was not found, the CRL that applies is unknown: the missing issuer is reported.
    let is_open = !own.built.is_anchored && own.built.path.len() == 1;
    let target = refusal(0).filter(|(_, rule)| !is_open || *rule == Rule::Revoked);
    // Who checks only the host's certificate does not see that a CA above it is revoked; curl and nginx do.
    let revoked_above = || {
        (1..own.built.path.len())
            .find_map(|position| refusal(position).filter(|(_, rule)| *rule == Rule::Revoked))
    };
    let refused = target.or_else(revoked_above);
    refused
        .map(|(position, rule)| Objection {
            rule: reported_rule(crls, own, rule, position),
            verdict: Refuses,
            position,
        })
        .into_iter()
        .collect()
}

/// The rule under which gsec already reports the same problem, if it does.
fn reported_rule(crls: &[RevocationList], own: &OfPath<'_, '_>, rule: Rule, position: usize) -> Rule {
    let is_told = |wanted: Rule| {
        own.findings
            .iter()
            .any(|finding| finding.rule == wanted && finding.position == Some(position))
    };
    let alike: &[Rule] = match rule {
        Rule::Revoked => &[
            Rule::Revoked,
            Rule::CrlEntry,
            Rule::CrlScope,
            Rule::CrlSignature,
            Rule::CrlSigner,
            Rule::CrlIncomplete,
        ],
        Rule::CrlMissing => &[
            Rule::CrlMissing,
            Rule::CrlIncomplete,
            Rule::CrlKeyIdentifier,
            Rule::CrlUnreadable,
            Rule::CrlUnusualEncoding,
            Rule::RevocationUndetermined,
            // A CRL of another key of the same CA.
            Rule::CrlSignature,
            Rule::CrlSigner,
        ],
        Rule::CrlSignature => &[Rule::CrlSignature, Rule::CrlSigner, Rule::CrlAlgorithmMismatch],
        _ => &[],
    };
    let alike = alike.iter().copied().find(|alike| is_told(*alike));
    alike.unwrap_or(match rule {
        // A CRL from another issuer cannot be used.
        Rule::CrlMissing if is_there(crls, own.built.path[position]) => Rule::CrlUnusable,
        Rule::Revoked => Rule::CrlEntry,
        rule => rule,
    })
}

/// Whether there is a CRL by the issuer of a certificate, or by one whom the certificate names for that.
fn is_there(crls: &[RevocationList], certificate: &Certificate) -> bool {
    crls.iter().any(|crl| names(crl, certificate))
}

fn names(crl: &RevocationList, certificate: &Certificate) -> bool {
    let by_points = || {
        certificate
            .distribution_points()
            .iter()
            .flat_map(|point| &point.crl_issuer)
            .filter_map(PointName::directory)
    };
    crl.issuer() == certificate.issuer() || by_points().any(|name| name == crl.issuer())
}

/// Under which rule webpki refuses a path that it accepts without CRLs: it wants one for each certificate below the anchor.
pub(super) fn of_strict_validator(crls: &[RevocationList], built: &Built<'_>) -> Rule {
    let below = built.path.iter().take(built.path.len().saturating_sub(1));
    if below.into_iter().all(|certificate| is_there(crls, certificate)) {
        Rule::CrlUnusable
    } else {
        Rule::CrlMissing
    }
}

/// Why no program, or not every one, can use the CRLs that are there for a certificate, in words.
pub(super) fn why_unusable(crls: &[RevocationList], certificate: &Certificate) -> &'static str {
    let is_limited = |crl: &RevocationList| {
        crl.issuing_distribution_point()
            .is_some_and(|limits| limits.is_indirect || limits.reasons.is_some())
    };
    if crls.iter().any(|crl| names(crl, certificate) && is_limited(crl)) {
        return "none of the given CRLs can be used for it: OpenSSL does not use an indirect CRL, or one for \
             only some reasons, without -extended_crl";
    }
    "not every program can use one of the CRLs given for it"
}

/// What a CRL has to be chosen for, in the order of weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    knows_all_extensions: bool,
    is_in_scope: bool,
    is_in_time: bool,
    is_by_issuer: bool,
}

/// crypto/x509/x509_vfy.c, `check_cert`: why OpenSSL, without X509_V_FLAG_EXTENDED_CRL_SUPPORT and X509_V_FLAG_USE_DELTAS, refuses the
/// certificate at this position for the CRLs.
fn openssl(
    question: &Question<'_>,
    crls: &[RevocationList],
    built: &Built<'_>,
    position: usize,
) -> Option<Rule> {
    let certificate = built.path[position];
    let mut reasons = ReasonSet::NONE;
    while !reasons.is_all() {
        let Some((crl, signer, score, covered)) = openssl_choice(question, crls, built, position, reasons)
        else {
            return Some(Rule::CrlMissing);
        };
        if let Some(rule) = openssl_refusal(question, crl, signer, score) {
            return Some(rule);
        }
        let entry = crl.entry_for(certificate.serial(), certificate.issuer());
        if entry.is_some_and(|entry| entry.reason != Some(RevocationReason::RemoveFromCrl)) {
            return Some(Rule::Revoked);
        }
        if covered == reasons {
            return Some(Rule::CrlMissing);
        }
        reasons = covered;
    }
    None
}

/// `get_crl_sk`: the CRL of the best score; of several the latest.
fn openssl_choice<'c, 'a>(
    question: &Question<'_>,
    crls: &'c [RevocationList],
    built: &Built<'a>,
    position: usize,
    known: ReasonSet,
) -> Option<(&'c RevocationList, &'a Certificate, Score, ReasonSet)> {
    let scored = crls.iter().filter_map(|crl| {
        let (signer, score, reasons) = openssl_score(question, crl, built, position, known)?;
        Some((crl, signer, score, reasons))
    });
    scored.reduce(|best, next| {
        let is_better = (next.2, next.0.this_update()) > (best.2, best.0.this_update());
        if is_better { next } else { best }
    })
}

/// `get_crl_score`; `None` of a CRL that it does not look at.
fn openssl_score<'a>(
    question: &Question<'_>,
    crl: &RevocationList,
    built: &Built<'a>,
    position: usize,
    known: ReasonSet,
) -> Option<(&'a Certificate, Score, ReasonSet)> {
    let certificate = built.path[position];
    let limits = crl.issuing_distribution_point();
    if limits
        .is_some_and(|limits| limits.is_indirect || limits.reasons.is_some() || has_several_limits(limits))
    {
        return None;
    }
    if !is_readable_for_openssl(crl) {
        return None;
    }
    // The store hands out CRLs of the certificate's issuer only.
    if crl.issuer() != certificate.issuer() {
        return None;
    }
    let signer = openssl_signer(crl, built, position)?;
    let scope = openssl_scope(crl, certificate);
    let reasons = scope.unwrap_or(ReasonSet::NONE).union(known);
    if scope.is_some() && reasons == known {
        return None;
    }
    let score = Score {
        knows_all_extensions: unsupported_by_openssl(crl).is_empty(),
        is_in_scope: scope.is_some(),
        is_in_time: time_refusal(question, crl).is_none(),
        is_by_issuer: built
            .path
            .get(position + 1)
            .is_none_or(|issuer| std::ptr::eq(*issuer, signer)),
    };
    Some((signer, score, reasons))
}

/// `setup_idp`: an issuingDistributionPoint with more than one of the three limits is invalid.
fn has_several_limits(limits: &crate::x509::IssuingDistributionPoint) -> bool {
    [limits.only_users, limits.only_authorities, limits.only_attributes]
        .into_iter()
        .filter(|limit| *limit)
        .count()
        > 1
}

/// `crl_akid_check`: the issuer on the path, or a certificate of its name above.
fn openssl_signer<'a>(crl: &RevocationList, built: &Built<'a>, position: usize) -> Option<&'a Certificate> {
    let is_candidate = |candidate: &Certificate| {
        crl.authority_key_identifier()
            .zip(candidate.subject_key_identifier())
            .is_none_or(|(wanted, found)| wanted == found)
    };
    let next = built
        .path
        .get(position + 1)
        .or(built.path.get(position))
        .copied()
        .filter(|issuer| is_candidate(issuer));
    let above = || {
        let mut above = built.path.iter().skip(position + 2).copied();
        above.find(|candidate| candidate.subject() == crl.issuer() && is_candidate(candidate))
    };
    next.or_else(above)
}

/// `crl_crldp_check`: the reasons for which the CRL is about the certificate.
fn openssl_scope(crl: &RevocationList, certificate: &Certificate) -> Option<ReasonSet> {
    let limits = crl.issuing_distribution_point();
    let is_about_others = limits.is_some_and(|limits| {
        limits.only_attributes
            || if certificate.is_authority() {
                limits.only_users
            } else {
                limits.only_authorities
            }
    });
    if is_about_others {
        return None;
    }
    let wanted = limits
        .and_then(|limits| limits.name.as_ref())
        .map(|name| name.names(crl.issuer()));
    let is_relevant = |point: &DistributionPoint| {
        let names: Vec<PointName> = point
            .name
            .as_ref()
            .map(|name| name.names(certificate.issuer()))
            .unwrap_or_default();
        // A point without a name belongs to every CRL of its issuer (`idp_check_dp`).
        wanted.as_ref().is_none_or(|wanted| {
            point.name.is_none()
                || names
                    .iter()
                    .any(|name| wanted.iter().any(|wanted| wanted.is_same(name)))
        })
    };
    let is_by = |point: &DistributionPoint| {
        let is_named = |name: &PointName| name.directory().is_some_and(|name| name == crl.issuer());
        point.crl_issuer.is_empty() || point.crl_issuer.iter().any(is_named)
    };
    let point = certificate
        .distribution_points()
        .iter()
        .find(|point| is_by(point) && is_relevant(point));
    match point {
        Some(point) => Some(point.reasons.unwrap_or(ReasonSet::ALL)),
        None => wanted.is_none().then_some(ReasonSet::ALL),
    }
}

/// `check_crl` and `cert_crl`, up to the entry.
fn openssl_refusal(
    question: &Question<'_>,
    crl: &RevocationList,
    signer: &Certificate,
    score: Score,
) -> Option<Rule> {
    let is_complete = crl.base_number().is_none();
    if is_complete && !signer.lets_key(KeyUsage::CRL_SIGN) {
        return Some(Rule::CrlIssuerKeyUsage);
    }
    if is_complete && !score.is_in_scope {
        return Some(Rule::CrlScope);
    }
    if let Some(rule) = time_refusal(question, crl) {
        return Some(rule);
    }
    if crl.verify_signature(signer.public_key()) == SignatureCheck::Bad {
        return Some(Rule::CrlSignature);
    }
    (!score.knows_all_extensions).then_some(Rule::CrlUnsupported)
}

/// `check_crl_time`.
fn time_refusal(question: &Question<'_>, crl: &RevocationList) -> Option<Rule> {
    if !has_plain_times(crl) {
        return Some(Rule::CrlUnusualEncoding);
    }
    if question.at < crl.this_update() {
        return Some(Rule::CrlNotYetValid);
    }
    crl.next_update()
        .filter(|next| question.at > *next)
        .map(|_| Rule::CrlStale)
}

/// sun.security.provider.certpath.RevocationChecker and DistributionPointFetcher: every certificate below the anchor needs a CRL that
/// says that it is good.
fn of_java(question: &Question<'_>, crls: &[RevocationList], own: &OfPath<'_, '_>) -> Vec<Objection> {
    let below = own.built.path.len().saturating_sub(1);
    let refused = own
        .statuses
        .iter()
        .take(below)
        .enumerate()
        .find_map(|(position, status)| {
            let decided = match status {
                RevocationStatus::Undetermined { .. } | RevocationStatus::NotChecked => {
                    java_undetermined(crls, own, position).map(|rule| (rule, Refuses))
                }
                // Of several it may take others than gsec: an overdue one that lists the certificate revokes nothing.
                RevocationStatus::Revoked { .. } => {
                    java_doubt(question, crls, own, position).map(|(_, verdict)| (Rule::Revoked, verdict))
                }
                RevocationStatus::Good => java_doubt(question, crls, own, position),
            };
            decided.map(|(rule, verdict)| Objection {
                rule: reported_rule(crls, own, rule, position),
                verdict,
                position,
            })
        });
    refused.into_iter().collect()
}

/// What Java has against a certificate that gsec knows nothing of.
fn java_undetermined(crls: &[RevocationList], own: &OfPath<'_, '_>, position: usize) -> Option<Rule> {
    let rule = worst(own.findings, position);
    let is_waived = match rule {
        // Of an entry that is about another certificate it does not look at the extensions.
        Rule::CrlUnsupported => crls
            .iter()
            .all(|crl| crl.unreadable_extensions().is_empty() && java_knows(crl)),
        // An anchor is a name and a key.
        Rule::CrlIssuerKeyUsage => own.built.is_anchor(position + 1),
        _ => false,
    };
    (!is_waived).then_some(rule)
}

/// What Java has against a certificate of which the CRLs say something.
fn java_doubt(
    question: &Question<'_>,
    crls: &[RevocationList],
    own: &OfPath<'_, '_>,
    position: usize,
) -> Option<(Rule, Verdict)> {
    let certificate = own.built.path[position];
    // Any certificate of the name that was given may be the signer's.
    let given = || {
        own.built
            .path
            .iter()
            .copied()
            .chain(question.anchors)
            .chain(question.untrusted)
    };
    let is_candidate = |crl: &RevocationList, issuer: &Certificate| {
        crl.authority_key_identifier()
            .zip(issuer.subject_key_identifier())
            .is_none_or(|(wanted, found)| wanted == found)
    };
    let is_by_named = |crl: &RevocationList| {
        given().any(|issuer| issuer.subject() == crl.issuer() && is_candidate(crl, issuer))
    };
    // java.security.cert.X509CRLSelector takes no CRL without nextUpdate, and none of another time; `MAX_CLOCK_SKEW`.
    const SKEW: Duration = Duration::minutes(15);
    let is_in_time = |crl: &RevocationList| {
        crl.next_update()
            .is_some_and(|next| crl.this_update() <= question.at + SKEW && next >= question.at - SKEW)
    };
    // RFC 5280 §5.1.2.1; it cannot read a CRL of another version.
    let is_readable = |crl: &RevocationList| crl.version() <= 2;
    let is_taken =
        |crl: &&RevocationList| is_readable(crl) && is_in_time(crl) && java_knows(crl) && is_by_named(crl);
    // It knows nothing of delta CRLs by itself.
    let is_complete = |crl: &&RevocationList| crl.base_number().is_none();
    let taken: Vec<&RevocationList> = crls
        .iter()
        .filter(|crl| covers(crl, certificate) && is_taken(crl))
        .filter(is_complete)
        .collect();
    if taken.is_empty() {
        let rule = match worst(own.findings, position) {
            Rule::CrlMissing => Rule::CrlUnusable,
            rule => rule,
        };
        return Some((rule, Refuses));
    }
    // Whatever the reason of the entry is.
    let is_listed = |crl: &&RevocationList| {
        crl.entry_for(certificate.serial(), certificate.issuer())
            .is_some()
    };
    let (listing, silent): (Vec<&RevocationList>, Vec<&RevocationList>) =
        taken.into_iter().partition(is_listed);
    // `verifyCRL` takes the first that covers all reasons, in the order of a HashSet, and leaves the others: which one is not determined.
    let is_rivaled = listing
        .iter()
        .all(|crl| silent.iter().any(|other| other.has_same_scope(crl)));
    // `RevocationChecker`: what is revoked from a later time on is valid until then. A CRL whose issuer is spelled otherwise is not
    // always found.
    let is_sure = |crl: &&RevocationList| {
        let entry = crl.entry_for(certificate.serial(), certificate.issuer());
        entry.is_some_and(|entry| entry.revoked_at < question.at)
            && crl.issuer().has_same_encoding(certificate.issuer())
    };
    let verdict = match is_rivaled || !listing.iter().any(is_sure) {
        true => Unknown,
        false => Refuses,
    };
    if !listing.is_empty() {
        return Some((Rule::Revoked, verdict));
    }
    // It may come to a CRL of this name by another key first, and give up (`verifyCRL`).
    let issuer = own.built.path.get(position + 1)?;
    let is_of_another_key = |crl: &RevocationList| {
        crl.issuer() == certificate.issuer()
            && crl.verify_signature(issuer.public_key()) == SignatureCheck::Bad
    };
    crls.iter()
        .any(is_of_another_key)
        .then_some((Rule::CrlSignature, Unknown))
}

/// `DistributionPointFetcher.verifyCRL` and `RevocationChecker.checkApprovedCRLs`: issuingDistributionPoint and deltaCRLIndicator may be
/// critical.
fn java_knows(crl: &RevocationList) -> bool {
    crl.critical_extensions()
        .iter()
        .all(|oid| [oid::ISSUING_DISTRIBUTION_POINT, oid::DELTA_CRL_INDICATOR].contains(&oid.as_str()))
}

/// The rule about a CRL that weighs most at this position.
fn worst(findings: &[Finding], position: usize) -> Rule {
    let is_own =
        |finding: &&Finding| finding.rule.is_about_a_crl() && finding.rule != Rule::CrlStrictValidatorLimit;
    let of_crls = findings
        .iter()
        .filter(|finding| is_own(finding) && finding.position == Some(position));
    of_crls
        .min_by_key(|finding| finding.severity)
        .map_or(Rule::CrlMissing, |finding| finding.rule)
}

/// lib/x509/verify-high.c and crl.c, `_gnutls_x509_crt_check_revocation`: a CRL of the issuer's name that has the number; nothing else
/// about it is looked at, since `gnutls_certificate_set_x509_crl_file` does not ask for more.
fn of_gnutls(crls: &[RevocationList], own: &OfPath<'_, '_>) -> Vec<Objection> {
    let below = own.built.path.len().saturating_sub(1).max(1);
    let is_listed = |certificate: &Certificate| {
        let lists = |crl: &&RevocationList| {
            crl.issuer().has_same_encoding(certificate.issuer())
                && crl.entries().any(|entry| entry.serial == *certificate.serial())
        };
        crls.iter().any(|crl| lists(&crl))
    };
    let listed = own
        .built
        .path
        .iter()
        .take(below)
        .position(|certificate| is_listed(certificate));
    listed
        .map(|position| Objection {
            rule: reported_rule(crls, own, Rule::Revoked, position),
            verdict: Refuses,
            position,
        })
        .into_iter()
        .collect()
}
