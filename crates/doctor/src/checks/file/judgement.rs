//! Results of path validation for the certificates of a file: computed once and used by several checks.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::{Facts, FileContent};
use crate::checks::path::is_self_signed_host;
use crate::checks::path::{crls_for, is_about_kept_crls, is_of_key};
use gsec_pki::x509::path::{Answer, Purpose, Question, RevocationStatus, Rule, Severity, validate};
use gsec_pki::x509::{
    Certificate, DistinguishedName, ExtendedKeyUsage, GeneralName, KeyUsage, RevocationList,
};

/// The most certificates of one file that are judged: each may cost hundreds of signature checks.
const MAX_JUDGED: usize = 200;
/// The most certificates that are offered as issuers of one.
const MAX_CANDIDATES: usize = 200;

/// What is said of one certificate.
pub(super) struct Judgement {
    pub(super) certificate: Certificate,
    /// The purpose that was validated.
    pub(super) purpose: Purpose,
    /// The result for a peer that has the trusted certificates and everything that is in the files or available locally.
    pub(super) answer: Answer,
    /// Whether a peer that has only the trusted certificates and the files' contents would not find a path.
    pub(super) lacks_intermediate: bool,
}

/// All results, computed on first use.
#[derive(Default)]
pub struct Judgements(OnceLock<Vec<Judgement>>);

impl Facts {
    /// Results for the certificates a program would use.
    pub(super) fn judged(&self) -> &[Judgement] {
        self.judgements.0.get_or_init(|| {
            let index = Index::of(self);
            self.heads()
                .into_iter()
                .take(MAX_JUDGED)
                .map(|certificate| index.judge(self, certificate))
                .collect()
        })
    }

    /// The trusted certificate that every certificate of the file leads to; `None` where one was not judged, is not valid, or leads to another.
    pub fn trusted_by(&self) -> Option<&Certificate> {
        let trust = self.trust.as_ref()?;
        let judged = self.judged();
        let mut anchors = judged.iter().map(|judgement| {
            let top = judgement.answer.path.last()?;
            (judgement.answer.is_valid() && trust.anchors.contains(top)).then_some(top)
        });
        let first = anchors.next()??;
        let is_all = judged.len() == self.heads().len() && anchors.all(|anchor| anchor == Some(first));
        is_all.then_some(first)
    }

    /// The host a certificate must match; `None` for one that is looked at as a CA's.
    pub(super) fn name_for(&self, certificate: &Certificate) -> Option<&GeneralName> {
        self.name.as_ref().filter(|_| self.is_for_host(certificate))
    }

    /// Whether a certificate is to be looked at as a host's, as `cert verify` does: one without CA:TRUE always is, and one with CA:TRUE if it
    /// plays that role. `openssl req -x509` makes such, and they are handed to servers.
    pub(super) fn is_for_host(&self, certificate: &Certificate) -> bool {
        !certificate.is_authority() || self.is_server_with_ca_bit(certificate)
    }

    fn is_server_with_ca_bit(&self, certificate: &Certificate) -> bool {
        let names_host = || {
            certificate
                .subject_alternative_names()
                .unwrap_or_default()
                .iter()
                .any(|name| name.host().is_some())
        };
        let is_for_servers = || {
            certificate
                .extended_key_usage()
                .is_some_and(|usages| usages.contains(&ExtendedKeyUsage::ServerAuth))
        };
        let has_key = || {
            self.files()
                .flat_map(FileContent::keys)
                .any(|key| key.is_pair_of(certificate.public_key()))
        };
        // In a list of CAs that are trusted, and beside what it issued, it is a CA's.
        let is_list = || {
            self.file
                .certificates()
                .filter(|other| other.is_authority())
                .nth(MAX_WITH_HOST)
                .is_some()
        };
        let is_issuer = || {
            self.files()
                .flat_map(FileContent::certificates)
                .any(|other| other != certificate && other.is_issued_by(certificate))
        };
        let is_asked = || self.is_first(certificate) && self.asks_for_host() && !self.has_other_host();
        (names_host() || is_for_servers() && has_key()) && !is_list() && !is_issuer() || is_asked()
    }

    fn is_first(&self, certificate: &Certificate) -> bool {
        self.file.certificates().next() == Some(certificate)
    }

    fn asks_for_host(&self) -> bool {
        self.name.is_some() || self.purpose != Purpose::Any
    }

    /// Whether the host that was asked for may be in another of the certificates that were named.
    fn has_other_host(&self) -> bool {
        self.files()
            .flat_map(FileContent::certificates)
            .any(|other| !other.is_authority())
    }

    /// Whether the user says of a certificate that it is a host's, or it has what only a host's has.
    fn is_surely_for_host(&self, certificate: &Certificate) -> bool {
        let of_hosts = KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_ENCIPHERMENT | KeyUsage::KEY_AGREEMENT;
        self.asks_for_host()
            || certificate
                .key_usage()
                .is_none_or(|usage| usage.has_any(of_hosts))
    }
}

/// The most certificates with CA:TRUE in the file of a host whose own is one of them.
const MAX_WITH_HOST: usize = 4;

/// Certificates by their subjects.
struct Index<'a> {
    in_files: HashMap<&'a DistinguishedName, Vec<&'a Certificate>>,
    available: HashMap<&'a DistinguishedName, Vec<&'a Certificate>>,
}

impl<'a> Index<'a> {
    fn of(facts: &'a Facts) -> Self {
        let by_subject = |certificates: &mut dyn Iterator<Item = &'a Certificate>| {
            let mut index: HashMap<&'a DistinguishedName, Vec<&'a Certificate>> = HashMap::new();
            certificates
                .for_each(|certificate| index.entry(certificate.subject()).or_default().push(certificate));
            index
        };
        let between = facts.trust.iter().flat_map(|trust| &trust.between);
        Self {
            in_files: by_subject(&mut facts.files().flat_map(FileContent::certificates)),
            available: by_subject(&mut between.into_iter()),
        }
    }

    fn judge(&self, facts: &Facts, certificate: &Certificate) -> Judgement {
        let is_unknown = |answer: &Answer| {
            answer
                .findings
                .iter()
                .any(|found| found.rule == Rule::IssuerUnknown)
        };
        let purpose = match facts.purpose {
            _ if !facts.is_for_host(certificate) => Purpose::Any,
            Purpose::Any if certificate.is_authority() => Purpose::Server,
            Purpose::Any => stated_purpose(certificate),
            purpose => purpose,
        };
        let mut answer = ask(facts, certificate, purpose, &self.candidates(certificate, true));
        let lacks_intermediate = facts.trust.is_some()
            && facts.is_for_host(certificate)
            && !is_unknown(&answer)
            && is_unknown(&ask(
                facts,
                certificate,
                purpose,
                &self.candidates(certificate, false),
            ));
        leave_out(facts, &mut answer);
        // A CA may have the name of a host, and never be presented by one.
        if certificate.is_authority() && !facts.is_surely_for_host(certificate) {
            let of_host = [
                Rule::AuthorityAsEndEntity,
                Rule::EndEntityKeyUsage,
                Rule::ExtendedKeyUsage,
            ];
            answer
                .findings
                .iter_mut()
                .filter(|found| found.position == Some(0) && of_host.contains(&found.rule))
                .for_each(|found| found.severity = Severity::Warning);
        }
        Judgement {
            certificate: certificate.clone(),
            purpose,
            answer,
            lacks_intermediate,
        }
    }

    /// What may have issued a certificate, and what may have issued that, and so on.
    fn candidates(&self, certificate: &Certificate, with_available: bool) -> Vec<Certificate> {
        let (mut wanted, mut seen, mut found) =
            (vec![certificate.issuer().clone()], HashSet::new(), Vec::new());
        while let Some(name) = wanted.pop().filter(|_| found.len() < MAX_CANDIDATES) {
            if !seen.insert(name.clone()) {
                continue;
            }
            let of_name = |index: &HashMap<&'a DistinguishedName, Vec<&'a Certificate>>| {
                index.get(&name).cloned().unwrap_or_default()
            };
            let available = if with_available {
                of_name(&self.available)
            } else {
                Vec::new()
            };
            for issuer in of_name(&self.in_files)
                .into_iter()
                .chain(available)
                .take(MAX_CANDIDATES)
            {
                wanted.push(issuer.issuer().clone());
                found.push(issuer.clone());
            }
        }
        found
    }
}

/// The purpose the certificate's own extensions state, used if the user does not give one.
fn stated_purpose(certificate: &Certificate) -> Purpose {
    let has = |usage| {
        certificate
            .extended_key_usage()
            .is_some_and(|usages| usages.contains(&usage))
    };
    match () {
        () if has(ExtendedKeyUsage::ServerAuth) => Purpose::Server,
        () if has(ExtendedKeyUsage::ClientAuth) => Purpose::Client,
        () => Purpose::Any,
    }
}

fn ask(facts: &Facts, certificate: &Certificate, purpose: Purpose, untrusted: &[Certificate]) -> Answer {
    let crls = heeded_crls(facts, certificate);
    let anchors = facts
        .trust
        .as_ref()
        .map(|trust| trust.anchors.as_slice())
        .unwrap_or_default();
    let name = facts.name_for(certificate);
    let records = |certificate: &Certificate| {
        let known = facts.recorded.iter().find(|(known, _)| known == certificate);
        known.map_or(RevocationStatus::NotChecked, |(_, status)| status.clone())
    };
    validate(&Question {
        untrusted,
        anchors,
        purpose,
        name,
        crls: &crls,
        records: Some(&records),
        ..Question::about(certificate, facts.now)
    })
}

/// The CRLs that bear on a certificate. A CA whose key was changed has one for each key, under one name: the others are left out. Where the
/// user named none but the wrong one, it stays, so that it is said.
fn heeded_crls(facts: &Facts, certificate: &Certificate) -> Vec<Vec<u8>> {
    let named: Vec<&RevocationList> = facts.files().flat_map(|file| &file.bundle.crls).collect();
    let kept: Vec<&RevocationList> = facts.trust.iter().flat_map(|trust| &trust.crls).collect();
    let all = || named.iter().chain(&kept).copied();
    let has_right_one = all().any(|crl| crl.issuer() == certificate.issuer() && is_of_key(crl, certificate));
    if has_right_one {
        return crls_for(certificate, all());
    }
    named
        .iter()
        .map(|crl| crl.der().to_vec())
        .chain(crls_for(certificate, kept.iter().copied()))
        .collect()
}

/// Whether the user named a CRL of the issuer's name.
fn is_named(facts: &Facts, certificate: &Certificate) -> bool {
    facts
        .files()
        .flat_map(|file| &file.bundle.crls)
        .any(|crl| crl.issuer() == certificate.issuer())
}

/// Removes what does not count here: a missing anchor if there are no trusted certificates, what other checks report, and
/// the self-signature of a root.
fn leave_out(facts: &Facts, answer: &mut Answer) {
    let trusts = facts.trust.is_some();
    let crls_are_named = facts.files().any(|file| !file.bundle.crls.is_empty());
    // A fault of the CRL is reported for the CRL, not for the certificate.
    let of_crl = [
        Rule::CrlVersion,
        Rule::CrlStrictValidatorLimit,
        Rule::CrlWithoutNextUpdate,
        Rule::CrlEntry,
        Rule::CrlUnusable,
    ];
    answer
        .findings
        .iter_mut()
        .filter(|found| of_crl.contains(&found.rule))
        .for_each(|found| found.severity = Severity::Notice);
    let path = &answer.path;
    let is_self_signed = !trusts && path.first().is_some_and(is_self_signed_host);
    answer.findings.retain(|found| match found.rule {
        Rule::IssuerUnknown => trusts || is_self_signed,
        Rule::StrictValidator => trusts,
        // What stands in the file itself is told by a check of its own.
        Rule::TrustSettings if path.len() == 1 => found.severity == Severity::Error,
        Rule::CrlMissing => false,
        rule if !crls_are_named && is_about_kept_crls(rule) => false,
        Rule::CrlSignature => found
            .position
            .and_then(|position| path.get(position))
            .is_none_or(|certificate| is_named(facts, certificate)),
        Rule::WeakDigest => !found
            .position
            .and_then(|position| path.get(position))
            .is_some_and(Certificate::is_self_issued),
        _ => true,
    });
    // If the user did not say which CAs are trusted, peers may trust this certificate directly.
    answer
        .findings
        .iter_mut()
        .filter(|found| found.rule == Rule::IssuerUnknown && is_self_signed)
        .for_each(|found| found.severity = Severity::Warning);
}
