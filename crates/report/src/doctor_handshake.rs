//! Result of `gsec doctor handshake`.

use serde::Serialize;
use time::OffsetDateTime;

use super::{DoctorFinding, Page, PathStep, Report, StepRevocation, Tone};
use gsec_doctor::checks::Diagnosis;
use gsec_doctor::checks::handshake::{Attempt, Facts, Presented, Trust};
use gsec_doctor::tls::rehearsal::Party;
use gsec_pki::x509::path::Severity;
use gsec_pki::x509::{GeneralName, rfc3339};

/// One end.
#[derive(Debug, Clone, Serialize)]
pub struct HandshakeEnd {
    /// The file with the certificates.
    pub certificate_file: String,
    /// The file with the key.
    pub key_file: String,
    /// Algorithm and size of the key.
    pub key: String,
    /// The certificates as they would be presented.
    pub presented: Vec<PathStep>,
    /// Whether the other end accepts; `None` when it does not ask.
    pub accepted: Option<bool>,
    /// Whether it is not known that the other end rejects it: nothing speaks against it, and a signature could not be checked.
    pub undetermined: bool,
    /// What the local CA says about its certificate. CRLs are not checked.
    pub revocation: StepRevocation,
    /// The CAs between its certificate and what the other end trusts, of which nothing says whether they are revoked.
    pub unchecked_cas: Vec<String>,
}

/// What came of one version.
#[derive(Debug, Clone, Serialize)]
pub struct RehearsedVersion {
    /// The version.
    pub version: &'static str,
    /// Whether the two come together.
    pub agrees: bool,
    /// The cipher suite.
    pub cipher_suite: Option<String>,
    /// The group of the key exchange.
    pub group: Option<String>,
    /// Who ends it.
    pub refused_by: Option<&'static str>,
    /// Why, in the library's words.
    pub reason: Option<String>,
}

/// `doctor handshake`.
#[derive(Debug, Clone, Serialize)]
pub struct HandshakeReport {
    /// The answer; where rustls could not rehearse the handshake, whether nothing speaks against it.
    pub agrees: bool,
    /// Why rustls could not rehearse the handshake, if only its own limits prevent it: it does not support such a key, or
    /// rejects a certificate that OpenSSL accepts.
    pub not_rehearsed: Option<String>,
    /// The time at both ends.
    pub at: String,
    /// The host the client connects to.
    pub name: Option<String>,
    /// The server.
    pub server: HandshakeEnd,
    /// The client, when it has a certificate.
    pub client: Option<HandshakeEnd>,
    /// Whom the client trusts.
    pub client_trusts: Vec<String>,
    /// Whom the server trusts for clients; `None` when it does not ask.
    pub server_trusts: Option<Vec<String>>,
    /// What rustls does, for each version.
    pub rehearsals: Vec<RehearsedVersion>,
    /// What was found.
    pub findings: Vec<DoctorFinding>,
    /// The slugs of what was looked for.
    pub checked: Vec<&'static str>,
}

impl HandshakeReport {
    /// The report of a rehearsal.
    pub fn of(facts: &Facts, diagnosis: Diagnosis, at: OffsetDateTime) -> Self {
        let has_error = diagnosis
            .findings
            .iter()
            .any(|finding| finding.severity == Severity::Error);
        Self {
            agrees: !has_error
                && (facts.attempts.iter().all(|attempt| attempt.outcome.is_ok())
                    || facts.not_rehearsed().is_some()),
            not_rehearsed: facts.not_rehearsed().map(|refusal| refusal.words.clone()),
            at: rfc3339(at),
            name: facts.name.as_ref().map(GeneralName::value),
            server: end(&facts.server, true),
            client: facts
                .client
                .as_ref()
                .map(|client| end(client, facts.server_trust.is_some())),
            client_trusts: subjects(&facts.client_trust),
            server_trusts: facts.server_trust.as_ref().map(subjects),
            rehearsals: facts.attempts.iter().map(rehearsed).collect(),
            findings: diagnosis.findings.into_iter().map(DoctorFinding::from).collect(),
            checked: diagnosis.checked.into_iter().map(|entry| entry.slug).collect(),
        }
    }
}

fn end(presented: &Presented, is_asked: bool) -> HandshakeEnd {
    HandshakeEnd {
        certificate_file: presented.file.display().to_string(),
        key_file: presented.key_file.display().to_string(),
        key: presented.key_algorithm.clone(),
        presented: presented.chain.iter().map(PathStep::from).collect(),
        accepted: is_asked.then(|| presented.answer.is_valid() && !presented.is_refused_by_most()),
        undetermined: is_asked && presented.answer.is_undetermined(),
        revocation: presented.answer.target_revocation().into(),
        unchecked_cas: presented
            .answer
            .unchecked_authorities()
            .map(|authority| authority.subject().to_string())
            .collect(),
    }
}

fn subjects(trust: &Trust) -> Vec<String> {
    trust
        .anchors
        .iter()
        .map(|anchor| anchor.subject().to_string())
        .collect()
}

fn rehearsed(attempt: &Attempt) -> RehearsedVersion {
    let (agreed, refused) = (attempt.outcome.as_ref().ok(), attempt.outcome.as_ref().err());
    RehearsedVersion {
        version: attempt.version.name(),
        agrees: agreed.is_some(),
        cipher_suite: agreed.map(|agreed| agreed.cipher_suite.clone()),
        group: agreed.map(|agreed| agreed.group.clone()),
        refused_by: refused.map(|refusal| refusal.by.name()),
        reason: refused.map(|refusal| refusal.words.clone()),
    }
}

impl RehearsedVersion {
    /// `is_limit`: rustls's own limits are what prevents it.
    fn in_words(&self, is_limit: bool) -> String {
        match (self.refused_by, &self.reason) {
            (Some(_), Some(reason)) if is_limit => format!("{}: not rehearsed: {reason}", self.version),
            (Some(by), Some(reason)) => format!("{}: the {by} rejects it: {reason}", self.version),
            _ => {
                format!(
                    "{}: yes, {}, {}",
                    self.version,
                    self.cipher_suite.as_deref().unwrap_or_default(),
                    self.group.as_deref().unwrap_or_default()
                )
            }
        }
    }
}

impl HandshakeEnd {
    fn text(&self, party: Party, page: &mut Page) {
        let verdict = match self.accepted {
            Some(true) => (Tone::Good, "accepted"),
            Some(false) if self.undetermined => (Tone::Warning, "not known to be accepted"),
            Some(false) => (Tone::Bad, "NOT accepted"),
            None => (Tone::Plain, "not requested"),
        };
        let by = format!(" by the {}", party.other().name());
        page.fact_of(
            party.name(),
            &[
                (Tone::Plain, &self.certificate_file),
                (Tone::Plain, ", "),
                verdict,
                (Tone::Plain, &by),
            ],
        );
        page.fact("  key", &format!("{}, {}", self.key_file, self.key));
        PathStep::all("  presents", &self.presented, page);
        let own = self.revocation.in_words();
        let of_cas = if self.unchecked_cas.is_empty() {
            String::new()
        } else {
            format!(", revocation of {} not checked", self.unchecked_cas.join(", "))
        };
        page.fact("  revocation", &format!("{own}{of_cas}"));
    }
}

impl Report for HandshakeReport {
    const SCHEMA: &'static str = "gsec/doctor.handshake/2";

    fn text(&self, page: &mut Page) {
        let name = self
            .name
            .as_ref()
            .map(|name| format!(" for `{name}`"))
            .unwrap_or_default();
        let answer = if self.agrees { "succeeds" } else { "FAILS" };
        match &self.not_rehearsed {
            Some(_) if self.agrees => page.line(&format!(
                "The handshake{name} at {} was not rehearsed: it fails with rustls, which cannot rehearse it; nothing was \
                 found that prevents it with OpenSSL",
                self.at
            )),
            _ if !self.agrees && self.rehearsals.iter().all(|rehearsed| rehearsed.agrees) => page.words(
                2,
                &[
                    (
                        Tone::Plain,
                        &format!("The handshake succeeds{name} at {} with rustls, but ", self.at),
                    ),
                    (Tone::Bad, "FAILS"),
                    (Tone::Plain, " with other programs"),
                ],
            ),
            _ => page.words(
                2,
                &[
                    (Tone::Plain, "The handshake "),
                    (Tone::of_answer(self.agrees), answer),
                    (
                        Tone::Plain,
                        &format!("{name} at {}, rehearsed with rustls", self.at),
                    ),
                ],
            ),
        }
        let rehearsals: Vec<String> = self
            .rehearsals
            .iter()
            .map(|rehearsed| rehearsed.in_words(self.not_rehearsed.is_some()))
            .collect();
        page.facts("rehearsed", rehearsals.iter().map(String::as_str));
        self.server.text(Party::Server, page);
        page.facts(
            "  trusts",
            self.server_trusts.iter().flatten().map(String::as_str),
        );
        match &self.client {
            Some(client) => client.text(Party::Client, page),
            None => page.fact("client", "no certificate"),
        }
        page.facts("  trusts", self.client_trusts.iter().map(String::as_str));
        self.findings.iter().for_each(|finding| finding.text(page, ""));
        page.detail("looked for", &self.checked.join(", "));
    }
}
