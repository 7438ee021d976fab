//! What each program makes of a path: what depends on the rule alone (`consumers`), and what a program computes (`names`, `usages`,
//! `constraints`, `crls` and `choice`).

mod choice;
mod constraints;
mod crls;
mod names;
mod usages;

use choice::Choice;
use usages::Objection;

use super::consumers::{Consumer, ConsumerVerdict, Place, Verdict, is_refused_by_some, verdict_of};
use super::finding::{Finding, Form, Rule, Severity};
use super::rules::{OfPath, common_name_equals};
use super::search::Built;
use super::{Question, RevocationStatus};
use crate::x509::extension::name_of;
use crate::x509::{RevocationList, oid};

fn place_of(finding: &Finding, built: &Built<'_>) -> Place {
    match finding.position {
        _ if finding.is_imposed_by_anchor => Place::Anchor,
        Some(position) if built.is_anchor(position) => Place::Anchor,
        Some(1..) => Place::Between,
        _ => Place::Anywhere,
    }
}

/// Rules about keys that not every program can use.
const OF_KEYS: [Rule; 5] = [
    Rule::WeakKey,
    Rule::KeyUnreadable,
    Rule::KeyUnknown,
    Rule::PssKey,
    Rule::ExplicitCurve,
];
/// The rules about the host's name.
const OF_NAMES: [Rule; 4] = [
    Rule::NameMismatch,
    Rule::PartialWildcard,
    Rule::NoSubjectAlternativeName,
    Rule::AddressAsName,
];
/// Rules that OpenSSL's strict mode applies only to chains of more than one certificate.
const OF_CHAINS: [Rule; 6] = [
    Rule::CertSignWithoutAuthority,
    Rule::PathLengthWithoutAuthority,
    Rule::NoAuthorityKeyIdentifier,
    Rule::NoSubjectKeyIdentifier,
    Rule::AuthorityWithoutKeyUsage,
    Rule::BasicConstraintsNotCritical,
];
/// Rules that make a path unsound for a program that takes a path of its own.
const OF_CHOICE: [Rule; 3] = [
    Rule::IssuerUnknown,
    Rule::KeyIdentifierMismatch,
    Rule::AnchorNotSelfSigned,
];

/// Rules about the target that another issuer may satisfy.
const OF_ISSUERS: [Rule; 7] = [
    Rule::NameConstraints,
    Rule::NameConstraintsWildcard,
    Rule::NameConstraintsKind,
    Rule::NameConstraintsCommonName,
    Rule::NoValidPolicy,
    Rule::SignatureWrong,
    Rule::SerialReused,
];

/// Input of the programs' verdicts: the question, the path and what gsec found.
pub(super) struct Judged<'q, 'a> {
    pub(super) question: &'q Question<'a>,
    pub(super) built: &'q Built<'a>,
    pub(super) findings: &'q [Finding],
    /// The CRLs that were given and can be read.
    pub(super) crls: &'q [RevocationList],
    /// What the CRLs say about each certificate of the path.
    pub(super) statuses: &'q [RevocationStatus],
    /// Whether webpki accepts, with the CRLs as rustls asks for them.
    pub(super) strict: Option<bool>,
    /// Judges a path that a program chooses for itself.
    pub(super) judge: &'q dyn Fn(&Built<'a>) -> OfPath,
}

/// What decides for one program.
#[derive(Clone, Copy)]
struct Decision {
    /// Whether it is about a path that the program chose for itself, which is not the one that is shown.
    is_elsewhere: bool,
    rule: Rule,
    verdict: Verdict,
    position: usize,
}

impl<'a> Judged<'_, 'a> {
    /// Every program's verdict on the path, and findings for reasons that gsec has no rule of its own for.
    pub(super) fn verdicts(&self) -> (Vec<ConsumerVerdict>, Vec<Finding>) {
        let decided: Vec<(Consumer, Vec<Decision>)> = Consumer::ALL
            .into_iter()
            .map(|consumer| (consumer, self.decisions(consumer)))
            .collect();
        let verdicts = decided
            .iter()
            .map(|(consumer, decisions)| self.verdict(*consumer, decisions))
            .collect();
        (
            verdicts,
            self.further_findings(&decided)
                .into_iter()
                .chain(self.chosen_elsewhere(&decided))
                .chain(crls::of_every_certificate(self))
                .collect(),
        )
    }

    /// For rustls its own verdict counts, where there is one.
    fn verdict(&self, consumer: Consumer, decisions: &[Decision]) -> ConsumerVerdict {
        let rules = |wanted| {
            let mut rules: Vec<Rule> = decisions
                .iter()
                .filter(|decision| decision.verdict == wanted)
                .map(|decision| decision.rule)
                .collect();
            rules.sort_unstable();
            rules.dedup();
            rules
        };
        let (refusing, unsure) = (rules(Verdict::Refuses), rules(Verdict::Unknown));
        let own = self.strict.filter(|_| consumer == Consumer::Rustls);
        let of_keys = |rules: &[Rule]| {
            let found: Vec<Rule> = OF_KEYS.into_iter().filter(|rule| rules.contains(rule)).collect();
            (!found.is_empty()).then_some(found)
        };
        let (verdict, rules) = match own {
            // The key of the target is first used in the handshake, which the validator does not see.
            Some(true) if of_keys(&refusing).is_some() => {
                (Verdict::Refuses, of_keys(&refusing).unwrap_or_default())
            }
            Some(true) if of_keys(&unsure).is_some() => {
                (Verdict::Unknown, of_keys(&unsure).unwrap_or_default())
            }
            // The validator is given the certificate, which a program does not find in such a block.
            Some(true) if refusing.contains(&Rule::TrustSettings) => {
                (Verdict::Refuses, vec![Rule::TrustSettings])
            }
            Some(true) => (Verdict::Accepts, Vec::new()),
            // A certificate without a CRL that webpki takes for its own.
            Some(false) if refusing.is_empty() && unsure.is_empty() && !self.question.crls.is_empty() => (
                Verdict::Refuses,
                vec![crls::of_strict_validator(self.crls, self.built)],
            ),
            Some(false) if refusing.is_empty() => (Verdict::Refuses, unsure),
            _ if !refusing.is_empty() => (Verdict::Refuses, refusing),
            _ if !unsure.is_empty() => (Verdict::Unknown, unsure),
            _ => (Verdict::Accepts, Vec::new()),
        };
        ConsumerVerdict {
            consumer,
            verdict,
            rules,
        }
    }

    /// What decides, with doubt where it is not known which path the program takes.
    fn decisions(&self, consumer: Consumer) -> Vec<Decision> {
        let decisions = self.certain_decisions(consumer);
        let is_uncertain = choice::is_uncertain(consumer, self.question, self.built);
        let may_go_back = choice::may_go_back(consumer, self.question, self.built);
        if !self.built.is_anchored || !(is_uncertain || may_go_back) {
            return decisions;
        }
        // Whatever path it takes, the target is on it.
        let is_of_target = |decision: &Decision| {
            !decision.is_elsewhere
                && decision.position == 0
                && !OF_CHOICE.contains(&decision.rule)
                && !OF_ISSUERS.contains(&decision.rule)
        };
        let doubted = decisions.into_iter().map(|decision| Decision {
            verdict: if is_of_target(&decision) {
                decision.verdict
            } else {
                Verdict::Unknown
            },
            ..decision
        });
        // One that goes back finds a path where there is one.
        let doubt = is_uncertain.then_some(Decision {
            is_elsewhere: false,
            rule: Rule::IssuerChoice,
            verdict: Verdict::Unknown,
            position: 0,
        });
        doubted.chain(doubt).collect()
    }

    fn certain_decisions(&self, consumer: Consumer) -> Vec<Decision> {
        let own = choice::of(consumer, self.question).filter(|_| self.built.is_anchored);
        match own {
            Some(Choice::Path(own)) if own.path != self.built.path => {
                let named = self
                    .findings
                    .iter()
                    .filter(|finding| OF_NAMES.contains(&finding.rule))
                    .cloned();
                let OfPath {
                    findings, revocation, ..
                } = (self.judge)(&own);
                let findings: Vec<Finding> = findings.into_iter().chain(named).collect();
                let decisions = self.decisions_on(
                    consumer,
                    &crls::OfPath {
                        built: &own,
                        findings: &findings,
                        statuses: &revocation,
                    },
                );
                decisions
                    .into_iter()
                    .map(|decision| Decision {
                        is_elsewhere: true,
                        ..decision
                    })
                    .collect()
            }
            own => {
                let own_path = crls::OfPath {
                    built: self.built,
                    findings: self.findings,
                    statuses: self.statuses,
                };
                let mut decisions = self.decisions_on(consumer, &own_path);
                let is_refused = decisions.iter().any(|decision| {
                    decision.verdict == Verdict::Refuses && OF_CHOICE.contains(&decision.rule)
                });
                match own {
                    Some(Choice::DeadEnd(position)) if !is_refused => {
                        // GnuTLS puts what was sent in an order that is not known in all its turns.
                        let verdict = if consumer == Consumer::GnuTls {
                            Verdict::Unknown
                        } else {
                            Verdict::Refuses
                        };
                        decisions.push(Decision {
                            rule: Rule::IssuerChoice,
                            verdict,
                            position,
                            is_elsewhere: false,
                        });
                    }
                    None if consumer != Consumer::Go
                        && consumer != Consumer::Rustls
                        && choice::is_ambiguous(self.question, self.built) =>
                    {
                        decisions.push(Decision {
                            rule: Rule::IssuerChoice,
                            verdict: Verdict::Unknown,
                            position: 0,
                            is_elsewhere: false,
                        });
                    }
                    _ => {}
                }
                decisions
            }
        }
    }

    fn decisions_on(&self, consumer: Consumer, own: &crls::OfPath<'_, 'a>) -> Vec<Decision> {
        let (built, findings) = (own.built, own.findings);
        let compared = self
            .question
            .name
            .and_then(|name| names::accepts(consumer, self.question.target, name));
        let is_decided = |rule: Rule| {
            usages::decides(consumer, rule)
                || crls::decides(consumer, rule)
                || compared.is_some() && OF_NAMES.contains(&rule)
        };
        let is_left = |finding: &&Finding| !is_decided(finding.rule) && !is_of_another(consumer, finding);
        let of_findings = findings.iter().filter(is_left).map(|finding| Decision {
            rule: finding.rule,
            verdict: self.of_finding(consumer, finding, built),
            position: finding.position.unwrap_or(0),
            is_elsewhere: false,
        });
        let computed = usages::objections(consumer, self.question, built)
            .into_iter()
            .chain(constraints::objections(consumer, self.question.purpose, built));
        let computed = computed.chain(crls::objections(consumer, self, own));
        let computed = computed.map(
            |Objection {
                 rule,
                 verdict,
                 position,
             }| Decision {
                rule,
                verdict,
                position,
                is_elsewhere: false,
            },
        );
        let of_name = (compared == Some(false)).then(|| {
            let is_of_name = |finding: &&Finding| {
                OF_NAMES.contains(&finding.rule) || finding.form == Form::AlternativeNames
            };
            let reported = findings.iter().find(is_of_name);
            Decision {
                rule: reported.map_or(Rule::NameMatching, |finding| finding.rule),
                verdict: Verdict::Refuses,
                position: 0,
                is_elsewhere: false,
            }
        });
        of_findings.chain(computed).chain(of_name).collect()
    }

    fn of_finding(&self, consumer: Consumer, finding: &Finding, built: &Built<'_>) -> Verdict {
        let in_subject = || {
            self.question
                .name
                .is_some_and(|name| common_name_equals(self.question.target, name))
        };
        match (consumer, finding.rule) {
            // It falls back to the common name, which must be the host's.
            (Consumer::Windows, Rule::NoSubjectAlternativeName) if !in_subject() => Verdict::Refuses,
            // `check_extensions` in crypto/x509/x509_vfy.c: of a chain of one it asks none of these.
            (Consumer::OpenSslStrict | Consumer::Python, rule)
                if built.path.len() == 1 && OF_CHAINS.contains(&rule) =>
            {
                Verdict::Accepts
            }
            // It compares the certificate with the trusted ones before it looks inside.
            (Consumer::GnuTls, Rule::UnknownCriticalExtension) if built.path.len() == 1 => Verdict::Accepts,
            // It passes the extensions over, and only then the names are missing.
            (Consumer::Go, Rule::ExtensionsBeforeVersion3) if self.question.name.is_none() => {
                Verdict::Unknown
            }
            // Which of two constraints it takes is not known.
            (Consumer::Nss, Rule::NameConstraints) if has_double_constraints(built) => Verdict::Unknown,
            _ => verdict_of(consumer, finding.rule, finding.form, place_of(finding, built)),
        }
    }

    /// That programs choose a path of their own, and refuse it.
    fn chosen_elsewhere(&self, decided: &[(Consumer, Vec<Decision>)]) -> Option<Finding> {
        let refuses_own =
            |decision: &&Decision| decision.is_elsewhere && decision.verdict == Verdict::Refuses;
        let refused: Vec<(Consumer, &Decision)> = decided
            .iter()
            .filter_map(|(consumer, list)| Some((*consumer, list.iter().find(refuses_own)?)))
            .collect();
        let (first, decision) = *refused.first()?;
        let Choice::Path(own) = choice::of(first, self.question)? else {
            return None;
        };
        let culprit = own.path.get(decision.position).copied()?;
        let is_new = !self.built.path.contains(&culprit);
        let certificate = if is_new { culprit } else { self.question.target };
        let title = |consumer: Consumer| title_for(Rule::IssuerChoice, consumer);
        let names: Vec<&str> = refused.iter().map(|(consumer, _)| title(*consumer)).collect();
        let message = format!(
            "there is a valid path, but {} takes another one, via `{}` (serial {}), and rejects it ({})",
            names.join(", "),
            culprit.subject(),
            culprit.serial(),
            decision.rule.slug()
        );
        Some(Finding::about(Rule::IssuerChoice, certificate, message).lighter(Severity::Warning))
    }

    /// Why programs refuse what gsec has nothing against: one finding for each rule.
    fn further_findings(&self, decided: &[(Consumer, Vec<Decision>)]) -> Vec<Finding> {
        let mut further: Vec<Finding> = Vec::new();
        let refused = decided
            .iter()
            .flat_map(|(_, decisions)| decisions)
            .filter(|decision| decision.verdict == Verdict::Refuses && !decision.is_elsewhere);
        for decision in refused {
            if self
                .findings
                .iter()
                .chain(&further)
                .any(|finding| finding.rule == decision.rule)
            {
                continue;
            }
            let has = |decisions: &Vec<Decision>, verdict| {
                decisions
                    .iter()
                    .any(|other| other.rule == decision.rule && other.verdict == verdict)
            };
            let title = |consumer: Consumer| title_for(decision.rule, consumer);
            let who = |verdict| {
                let names: Vec<&str> = decided
                    .iter()
                    .filter(|(_, list)| has(list, verdict))
                    .map(|(consumer, _)| title(*consumer))
                    .collect();
                (!names.is_empty()).then(|| names.join(", "))
            };
            let is_refused_by_openssl = decided
                .iter()
                .any(|(consumer, list)| *consumer == Consumer::OpenSsl && has(list, Verdict::Refuses));
            let by_curl = self
                .question
                .name
                .filter(|_| decision.rule == Rule::NameMatching && is_refused_by_openssl);
            let by_curl = by_curl
                .and_then(|name| names::curl_accepts(self.question.target, name))
                .map(|accepts| {
                    format!(
                        "; curl compares names by itself, and {}",
                        if accepts { "accepts" } else { "rejects it too" }
                    )
                });
            let refusing = who(Verdict::Refuses).map(|names| format!("rejected by {names}"));
            let unsure = who(Verdict::Unknown).map(|names| format!("possibly by {names}"));
            let list: Vec<String> = refusing.into_iter().chain(unsure).collect();
            let certificate = self
                .built
                .path
                .get(decision.position)
                .copied()
                .unwrap_or(self.question.target);
            let of_curl = by_curl.unwrap_or_default();
            let message = format!(
                "{}: {}{of_curl}",
                reason(decision.rule, certificate, self),
                list.join(", ")
            );
            further.push(
                Finding::about(decision.rule, certificate, message)
                    .at(decision.position)
                    .lighter(Severity::Warning),
            );
        }
        further
    }
}

/// The name of a program in text about a rule: curl, which uses OpenSSL, is told apart where it does something of its own.
fn title_for(rule: Rule, consumer: Consumer) -> &'static str {
    match (rule, consumer) {
        // It compares names itself.
        (Rule::NameMatching, Consumer::OpenSsl) => "OpenSSL (X509_check_host)",
        // It sets X509_V_FLAG_PARTIAL_CHAIN (lib/vtls/openssl.c, since 7.68).
        (Rule::IssuerChoice | Rule::AnchorNotSelfSigned, Consumer::OpenSsl) => "OpenSSL (nginx)",
        _ => consumer.title(),
    }
}

fn has_double_constraints(built: &Built<'_>) -> bool {
    built.path.iter().any(|certificate| {
        certificate
            .duplicate_extensions()
            .contains(&oid::NAME_CONSTRAINTS)
    })
}

/// GnuTLS holds only the target against name constraints (`gnutls_x509_name_constraints_check_crt`).
fn is_of_another(consumer: Consumer, finding: &Finding) -> bool {
    consumer == Consumer::GnuTls
        && finding.rule == Rule::NameConstraints
        && finding.position.is_some_and(|position| position > 0)
}

/// Why a rule is broken for some programs, in words.
fn reason(rule: Rule, certificate: &crate::x509::Certificate, judged: &Judged<'_, '_>) -> String {
    let (question, crls) = (judged.question, judged.crls);
    let key = certificate.public_key();
    let usage = certificate
        .key_usage()
        .map_or_else(String::new, |usage| usage.to_string());
    let purpose = question.purpose.name();
    match rule {
        Rule::NameMatching => format!(
            "not every program accepts its names for `{}`",
            question.name.map(|name| name.value()).unwrap_or_default()
        ),
        Rule::AnyUsageInAuthority => format!(
            "its extKeyUsage contains anyExtendedKeyUsage but not the \
             purpose of a TLS {purpose}; in a CA that is not enough"
        ),
        Rule::NetscapeCertificateType => {
            format!("its Netscape certificate type does not contain the purpose of a TLS {purpose}")
        }
        Rule::KeyUsageForTls => format!(
            "its keyUsage is {usage}: with a {key} key, TLS 1.3 and every suite with ECDHE need \
             digitalSignature, which OpenSSL requires for EC keys only in TLS 1.2; NSS requires \
             keyEncipherment for RSA keys"
        ),
        Rule::NameConstraintsCommonName => {
            "its common name is taken as a host name or an address, since subjectAltName has none of that \
             kind, and name constraints do not permit it"
                .into()
        }
        Rule::UnknownCriticalExtension => {
            let list: Vec<String> = certificate
                .processed_critical_extensions()
                .filter(|oid| is_refused_by_some(oid))
                .map(|oid| name_of(oid).to_owned())
                .collect();
            format!(
                "it has a critical extension that not every program supports ({})",
                list.join(", ")
            )
        }
        Rule::NameConstraintsKind => {
            "its name constraints cover kinds of names that not every program compares".into()
        }
        Rule::SelfIssuedCounted => {
            "a self-issued CA below it is checked like any other CA, unlike in RFC 5280".into()
        }
        Rule::CrlUnusable => crls::why_unusable(crls, certificate).into(),
        Rule::CrlMissing => "none of the given CRLs is from its issuer".into(),
        Rule::CrlScope => "the CRL covers other certificates".into(),
        Rule::CrlStale | Rule::CrlNotYetValid => "the CRL that it would use is not currently valid".into(),
        Rule::CrlEntry => "a given CRL contains an entry with its number, and not every program checks what \
             else the CRL says"
            .into(),
        Rule::CrlUnsupported => "the CRL has a critical extension that not every program supports".into(),
        Rule::IssuerNotAuthority => "it is trusted itself, but is not a CA certificate".into(),
        Rule::IssuerChoice if !choice::is_ambiguous(question, judged.built) => {
            "a program that looks up the issuer by its name and key identifier finds no path to a trusted \
             certificate"
                .into()
        }
        Rule::IssuerChoice => "several certificates with its issuer's name were given, and a program that \
             picks one does not try the others"
            .into(),
        _ => format!("it breaks the rule {}", rule.slug()),
    }
}
