//! Results of looking: `cert list`, `show`, `verify` and `thumbprint`.

use serde::Serialize;

use super::{
    CertificateFacts, HelpFacts, Notice, Page, Report, RequestFacts, RevocationFacts, Row, Screen, Tone,
};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::encoding::sample::{MAX_LISTED, list_in_words};
use gsec_pki::x509::path::{ConsumerVerdict, Finding, RevocationStatus};
use gsec_pki::x509::{Certificate, ExtendedKeyUsage, TrustSettings, rfc3339};

/// One line of `cert list`.
#[derive(Debug, Clone, Serialize)]
pub struct ListedCertificate {
    /// Serial number.
    pub serial: String,
    /// `valid`, `expired` or `revoked`.
    pub status: &'static str,
    /// Subject, as the index has it.
    pub subject: String,
    /// End.
    pub not_after: String,
    /// Time of revocation.
    pub revoked_at: Option<String>,
    /// Reason of revocation.
    pub reason: Option<String>,
    /// Its file, when it is there.
    pub file: Option<String>,
    /// Whether it is the CA's own certificate.
    pub own_ca: bool,
    /// Its names, each with its kind; `null` when the certificate was not read, or is not in the repository.
    pub names: Option<Vec<String>>,
    /// Whole days until the end, negative after it; `null` where the index has no date that can be read.
    pub days_left: Option<i64>,
    /// Serial number of the newest valid certificate that was issued later for the same subject and names.
    pub superseded_by: Option<String>,
    /// What it is for, for people: its names, or where they are not known what the index says.
    #[serde(skip)]
    pub title: String,
}

/// A line of the index that is not a record.
#[derive(Debug, Clone, Serialize)]
pub struct DamagedLineFacts {
    /// Its number.
    pub line: u64,
    /// What is wrong with it.
    pub problem: String,
}

/// What is said of damaged lines after a list.
pub fn damaged_lines_text(lines: &[DamagedLineFacts], screen: Screen) -> String {
    let mut page = Page::default().on(screen);
    lines.iter().for_each(|damaged| {
        page.line(&format!(
            "Line {} of ca.db is damaged: {}",
            damaged.line, damaged.problem
        ))
    });
    page.into_text()
}

/// Notices below a list.
pub fn notices_text(notices: &[Notice], screen: Screen) -> String {
    let mut page = Page::default().on(screen);
    notices.iter().for_each(|notice| {
        page.words(
            2,
            &[
                (Tone::Warning, "warning:"),
                (Tone::Plain, " "),
                (Tone::Plain, &notice.message),
            ],
        );
        if let Some(hint) = &notice.hint {
            page.words(
                2,
                &[(Tone::Notice, "hint:"), (Tone::Plain, " "), (Tone::Plain, hint)],
            );
        }
    });
    page.into_text()
}

impl Row for ListedCertificate {
    const HEADINGS: &'static [&'static str] = &["serial", "status", "expires", "days", "names"];

    fn cells(&self) -> Vec<String> {
        let status = match (&self.reason, &self.superseded_by) {
            (Some(reason), _) => format!("{} ({reason})", self.status),
            (None, Some(serial)) => format!("{}, {serial} is newer", self.status),
            (None, None) => self.status.to_owned(),
        };
        let names = if self.own_ca {
            format!("{} (this CA itself)", self.title)
        } else {
            self.title.clone()
        };
        let (day, days) = match self.days_left {
            Some(days) => (self.not_after.get(..10).unwrap_or_default(), days.to_string()),
            None => ("unknown", String::new()),
        };
        vec![
            self.serial.clone(),
            status,
            day.to_owned(),
            format!("{days:>4}"),
            names,
        ]
    }

    fn verdict(&self) -> Option<(usize, Tone)> {
        let tone = match self.status {
            "valid" => Tone::Good,
            "revoked" => Tone::Bad,
            _ => Tone::Warning,
        };
        Some((1, tone))
    }
}

/// `cert show`.
#[derive(Debug, Clone, Serialize)]
pub struct ShowReport {
    /// Where it was read from.
    pub source: String,
    /// How a PKCS #12 file is protected, and what keys are in it; `null` for other files.
    pub pkcs12: Option<Pkcs12Facts>,
    /// The certificates, in file order.
    pub certificates: Vec<ShownCertificate>,
    /// The CSRs, in file order.
    pub requests: Vec<RequestFacts>,
    /// Which certificate of a host it is; `null` where no host was named.
    pub selected: Option<Selected>,
}

/// The certificate selected by host name: the newest valid one, or the newest if none is valid.
#[derive(Debug, Clone, Serialize)]
pub struct Selected {
    /// The host that was named.
    pub host: String,
    /// Serial number of the selected certificate.
    pub serial: String,
    /// The serial numbers of its other valid certificates, the newest first.
    pub others: Vec<String>,
}

impl Selected {
    /// In words, where there was a choice.
    pub(super) fn in_words(&self) -> Option<String> {
        let others = list_in_words(&self.others, MAX_LISTED);
        (!self.others.is_empty()).then(|| {
            format!(
                "serial {}, the newest valid one; also valid: {others}",
                self.serial
            )
        })
    }
}

/// For what OpenSSL trusts a certificate that is in a `TRUSTED CERTIFICATE` block.
#[derive(Debug, Clone, Serialize)]
pub struct TrustSettingsFacts {
    /// Purposes that it is trusted for, and no other where there is one.
    pub trusted: Vec<String>,
    /// Purposes that it is not trusted for.
    pub rejected: Vec<String>,
    /// The name that its owner gave it.
    pub alias: Option<String>,
    /// All of it in words.
    #[serde(skip)]
    pub text: String,
}

impl From<&TrustSettings> for TrustSettingsFacts {
    fn from(settings: &TrustSettings) -> Self {
        let names = |usages: &[ExtendedKeyUsage]| usages.iter().map(ToString::to_string).collect();
        let text = match settings.is_empty() {
            true => "settings: none; a TRUSTED CERTIFICATE block, which only OpenSSL reads".to_owned(),
            false => format!(
                "settings: {settings}; only OpenSSL reads them, and the TRUSTED CERTIFICATE block that \
                 contains them"
            ),
        };
        Self {
            trusted: names(&settings.trusted),
            rejected: names(&settings.rejected),
            alias: settings.alias.clone(),
            text,
        }
    }
}

/// A certificate, and whether it is revoked.
#[derive(Debug, Clone, Serialize)]
pub struct ShownCertificate {
    /// Everything in it.
    #[serde(flatten)]
    pub facts: CertificateFacts,
    /// OpenSSL's settings of trust beside it; `null` for one that is in no `TRUSTED CERTIFICATE` block.
    pub trust_settings: Option<TrustSettingsFacts>,
    /// What the local CA says about it.
    pub revocation: RevocationFacts,
}

/// A PKCS #12 file.
#[derive(Debug, Clone, Serialize)]
pub struct Pkcs12Facts {
    /// The MAC's algorithms; `null` without a MAC.
    pub mac: Option<String>,
    /// Its private keys.
    pub keys: Vec<EntryFacts>,
    /// For each certificate, in the order of `certificates`: its name and encryption.
    pub certificates: Vec<EntryFacts>,
    /// What else is in it.
    pub others: Vec<String>,
    /// Which programs read it.
    pub readers: Vec<ReaderFacts>,
}

/// A key or a certificate in a PKCS #12 file.
#[derive(Debug, Clone, Serialize)]
pub struct EntryFacts {
    /// Algorithm and size of a key, subject of a certificate.
    pub what: String,
    /// friendlyName.
    pub friendly_name: Option<String>,
    /// localKeyId, in hexadecimal digits.
    pub local_key_id: Option<String>,
    /// SHA-256 of the SubjectPublicKeyInfo, if it can be derived.
    pub public_key_sha256: Option<String>,
    /// The algorithms it is encrypted with; `null` if it is not encrypted.
    pub encryption: Option<String>,
    /// Whether Java takes it as a trusted entry.
    pub trusted: bool,
}

/// Whether a program reads a PKCS #12 file.
#[derive(Debug, Clone, Serialize)]
pub struct ReaderFacts {
    /// The program.
    pub reader: &'static str,
    /// `yes`, `no`, `conditional` or `unknown`.
    pub reads: &'static str,
    /// The condition, or what it cannot read.
    pub why: Option<String>,
}

impl Pkcs12Facts {
    fn text(&self, source: &str, page: &mut Page) {
        page.line(&format!("PKCS #12 file {source}"));
        page.fact("MAC", self.mac.as_deref().unwrap_or("(none)"));
        for key in &self.keys {
            page.fact("private key", &key.what);
            key.details(page);
        }
        for certificate in &self.certificates {
            page.fact("certificate", &certificate.what);
            certificate.details(page);
        }
        page.facts("also in it", self.others.iter().map(String::as_str));
        page.gap();
        page.line("Who reads it:");
        let row = |reader: &ReaderFacts| {
            vec![
                format!("  {}", reader.reader),
                reader.reads.into(),
                reader.why.clone().unwrap_or_default(),
            ]
        };
        page.table(
            &["  program", "reads it", ""],
            &self.readers.iter().map(row).collect::<Vec<_>>(),
        );
    }
}

impl EntryFacts {
    fn details(&self, page: &mut Page) {
        page.fact_if("  name", self.friendly_name.as_deref());
        page.detail("  local key id", self.local_key_id.as_deref().unwrap_or("(none)"));
        page.digest_if("  key sha256", self.public_key_sha256.as_deref());
        page.fact("  encryption", self.encryption.as_deref().unwrap_or("(none)"));
        if self.trusted {
            page.fact("  in Java", "a trusted entry");
        }
    }
}

impl Report for ShowReport {
    const SCHEMA: &'static str = "gsec/cert.show/1";

    fn text(&self, page: &mut Page) {
        if let Some(pkcs12) = &self.pkcs12 {
            pkcs12.text(&self.source, page);
            page.gap();
        }
        for (index, certificate) in self.certificates.iter().enumerate() {
            if index > 0 {
                page.gap();
            }
            match self.certificates.len() {
                1 => page.line(&format!("Certificate in {}", self.source)),
                count => page.line(&format!(
                    "Certificate {} of {count} in {}",
                    index + 1,
                    self.source
                )),
            }
            certificate.facts.text(page);
            if let Some(settings) = &certificate.trust_settings {
                page.fact("openssl trust", &settings.text);
            }
            certificate.revocation.text(page);
        }
        for (index, request) in self.requests.iter().enumerate() {
            if index > 0 || !self.certificates.is_empty() {
                page.gap();
            }
            match self.requests.len() {
                1 => page.line(&format!("CSR in {}", self.source)),
                count => page.line(&format!("CSR {} of {count} in {}", index + 1, self.source)),
            }
            request.text(page);
        }
        page.fact_if(
            "selected",
            self.selected.as_ref().and_then(Selected::in_words).as_deref(),
        );
    }
}

/// One step of a path.
#[derive(Debug, Clone, Serialize)]
pub struct PathStep {
    /// Subject.
    pub subject: String,
    /// Issuer.
    pub issuer: String,
    /// End.
    pub not_after: String,
    /// SHA-256.
    pub thumbprint_sha256: String,
    /// Title in text output: the subject, or a note that it is empty.
    #[serde(skip)]
    pub title: String,
}

impl PathStep {
    /// Several under one label, each with its thumbprint.
    pub(super) fn all(label: &str, steps: &[Self], page: &mut Page) {
        let mut label = label;
        for step in steps {
            let words = format!(
                "{}, until {}, issued by {}",
                step.title, step.not_after, step.issuer
            );
            page.fact(label, &words);
            page.digest("  sha256", &step.thumbprint_sha256);
            label = "";
        }
    }
}

impl From<&Certificate> for PathStep {
    fn from(certificate: &Certificate) -> Self {
        Self {
            title: certificate.title(),
            subject: certificate.subject().to_string(),
            issuer: certificate.issuer().to_string(),
            not_after: rfc3339(certificate.not_after()),
            thumbprint_sha256: encode(&certificate.thumbprints().sha256, Separator::None),
        }
    }
}

/// What CRLs say about a certificate of a path.
#[derive(Debug, Clone, Serialize)]
pub struct StepRevocation {
    /// `not_checked`, `good`, `revoked` or `undetermined`.
    pub status: &'static str,
    /// Why it was revoked, by the name in RFC 5280; `null` when it is not revoked, or the source does not say.
    pub reason: Option<&'static str>,
    /// When the CA processed the revocation.
    pub revoked_at: Option<String>,
    /// Why it could not be determined.
    pub why: Option<String>,
}

impl From<&RevocationStatus> for StepRevocation {
    fn from(status: &RevocationStatus) -> Self {
        let (reason, revoked_at, why) = match status {
            RevocationStatus::NotChecked | RevocationStatus::Good => (None, None, None),
            RevocationStatus::Revoked { reason, since } => {
                (reason.map(|reason| reason.name()), since.map(rfc3339), None)
            }
            RevocationStatus::Undetermined { why } => (None, None, Some(why.clone())),
        };
        Self {
            status: status.name(),
            reason,
            revoked_at,
            why,
        }
    }
}

impl StepRevocation {
    /// A few words for the first line of a text: `not revoked`.
    pub fn in_words(&self) -> String {
        match (self.status, &self.reason, &self.revoked_at) {
            ("good", ..) => "not revoked".into(),
            ("revoked", Some(reason), Some(since)) => format!("revoked since {since} ({reason})"),
            ("revoked", None, Some(since)) => format!("revoked since {since}"),
            ("undetermined", ..) => "revocation undetermined".into(),
            _ => "revocation not checked".into(),
        }
    }
}

/// One certificate of a path that was judged.
#[derive(Debug, Clone, Serialize)]
pub struct JudgedStep {
    /// The certificate.
    #[serde(flatten)]
    pub step: PathStep,
    /// What CRLs say about it.
    pub revocation: StepRevocation,
}

impl JudgedStep {
    fn in_words(&self) -> String {
        let end = format!("{} until {}", self.step.title, self.step.not_after);
        match self.revocation.status {
            "not_checked" => end,
            _ => format!("{end}, {}", self.revocation.in_words()),
        }
    }
}

/// One finding.
#[derive(Debug, Clone, Serialize)]
pub struct FindingFacts {
    /// The rule.
    pub rule: &'static str,
    /// Its weight.
    pub severity: &'static str,
    /// The subject of the certificate.
    pub certificate: String,
    /// Position of that certificate in `path`; `null` if it is not part of the path.
    pub position: Option<usize>,
    /// Both sides, in words.
    pub message: String,
    /// What the rule wants.
    pub expected: Option<String>,
    /// What there is.
    pub found: Option<String>,
    /// Where the rule is written.
    pub rfc: &'static str,
    /// What helps.
    #[serde(flatten)]
    pub help: HelpFacts,
}

impl FindingFacts {
    /// A finding about a path, with what helps.
    pub fn of(finding: &Finding, help: HelpFacts) -> Self {
        Self {
            rule: finding.rule.slug(),
            severity: finding.severity.name(),
            certificate: finding.certificate.clone(),
            position: finding.position,
            message: finding.message.clone(),
            expected: finding.expected.clone(),
            found: finding.found.clone(),
            rfc: finding.rule.source(),
            help,
        }
    }
}

/// What a program makes of the path.
#[derive(Debug, Clone, Serialize)]
pub struct ConsumerFacts {
    /// The program.
    pub consumer: &'static str,
    /// `accepts`, `refuses` or `unknown`.
    pub verdict: &'static str,
    /// The rules that decide.
    pub rules: Vec<&'static str>,
    /// `run` for an answer of the program in gsec's tests, `documentation` for one taken from its documentation.
    pub basis: &'static str,
}

impl From<&ConsumerVerdict> for ConsumerFacts {
    fn from(found: &ConsumerVerdict) -> Self {
        Self {
            consumer: found.consumer.name(),
            verdict: found.verdict.name(),
            rules: found.rules.iter().map(|rule| rule.slug()).collect(),
            basis: if found.consumer.is_from_documentation() {
                "documentation"
            } else {
                "run"
            },
        }
    }
}

/// `cert verify`.
#[derive(Debug, Clone, Serialize)]
pub struct VerifyReport {
    /// The answer.
    pub valid: bool,
    /// Whether it is not known that it is not valid: nothing speaks against it, and a signature could not be checked.
    pub undetermined: bool,
    /// Which certificate of a host it is; `null` where no host was named as the certificate.
    pub selected: Option<Selected>,
    /// Where it was read from.
    pub source: String,
    /// Subject.
    pub subject: String,
    /// Title in text output: the subject, or a note that it is empty.
    #[serde(skip)]
    pub title: String,
    /// Names.
    pub names: Option<Vec<String>>,
    /// The time for which validity was checked.
    pub at: String,
    /// The purpose.
    pub purpose: &'static str,
    /// The host.
    pub name: Option<String>,
    /// Whether subjectAltName has it.
    pub name_in_san: Option<bool>,
    /// Whether the Subject has it.
    pub name_in_subject: Option<bool>,
    /// The path.
    pub path: Vec<JudgedStep>,
    /// Whether it is revoked, according to the given CRLs and the local CA together.
    pub revocation: RevocationFacts,
    /// Verdict of a strict validator: `accepted`, its reason for rejecting, or `null` if it was not run (for a CA
    /// certificate).
    pub strict_validator: Option<String>,
    /// Where it and gsec do not say the same: why, and who behaves like which.
    pub disagreement: Option<String>,
    /// Which programs accept.
    pub consumers: Vec<ConsumerFacts>,
    /// What the programs' verdicts cover: `path`, `dates`, and with the matching options `purpose` and `name`.
    pub consumers_looked_at: Vec<&'static str>,
    /// Whether CRLs were given, which the verdicts of the programs take into account.
    #[serde(skip)]
    pub has_crls: bool,
    /// What was found.
    pub findings: Vec<FindingFacts>,
    /// Subjects of certificates in the path that were taken from the CA directory, and that a program must get from elsewhere.
    pub completed_with: Vec<String>,
    /// SHA-256.
    pub thumbprint_sha256: String,
}

impl VerifyReport {
    /// The answer, as text begins with it.
    pub fn answer_in_words(&self) -> &'static str {
        match () {
            () if self.valid => "valid",
            () if self.undetermined => "UNDETERMINED",
            () => "NOT valid",
        }
    }
}

impl Report for VerifyReport {
    const SCHEMA: &'static str = "gsec/cert.verify/2";

    fn text(&self, page: &mut Page) {
        let wanted = self
            .name
            .as_ref()
            .map(|name| format!(" for `{name}`"))
            .unwrap_or_default();
        let purpose = if self.purpose == "any" {
            String::new()
        } else {
            format!(" as a TLS {}", self.purpose)
        };
        let tone = if self.undetermined {
            Tone::Warning
        } else {
            Tone::of_answer(self.valid)
        };
        let rest = format!("{wanted}{purpose} at {}, {}", self.at, self.revocation_in_words());
        page.words(
            2,
            &[
                (Tone::Plain, &self.source),
                (Tone::Plain, ": "),
                (tone, self.answer_in_words()),
                (Tone::Plain, &rest),
            ],
        );
        page.fact("certificate", &self.title);
        page.digest("sha256", &self.thumbprint_sha256);
        page.fact_if(
            "selected",
            self.selected.as_ref().and_then(Selected::in_words).as_deref(),
        );
        match &self.names {
            Some(names) => page.names("names", names),
            None => page.fact("names", "(no subjectAltName)"),
        }
        if let (Some(in_san), Some(in_subject)) = (self.name_in_san, self.name_in_subject) {
            let word = |yes| if yes { "yes" } else { "no" };
            page.fact(
                "name match",
                &format!("subjectAltName: {}, Subject: {}", word(in_san), word(in_subject)),
            );
        }
        page.detail(
            "rustls",
            self.strict_validator
                .as_deref()
                .unwrap_or("(not relevant for CA certificates)"),
        );
        let path: Vec<String> = self.path.iter().map(JudgedStep::in_words).collect();
        page.facts("path", path.iter().map(String::as_str));
        self.revocation.text(page);
        let from_directory = |subject: &String| {
            format!("{subject}, from the CA directory: programs must get it from the server")
        };
        page.facts(
            "completed with",
            self.completed_with
                .iter()
                .map(from_directory)
                .collect::<Vec<_>>()
                .iter()
                .map(String::as_str),
        );
        let mut label = "for whom";
        for [before, verdict, after] in self.for_whom() {
            let tone = Tone::of_verdict(&verdict);
            page.fact_of(
                label,
                &[(Tone::Plain, &before), (tone, &verdict), (Tone::Plain, &after)],
            );
            label = "";
        }
        page.fact(label, &self.looked_at_in_words());
        page.fact_if("disagreement", self.disagreement.as_deref());
        for finding in &self.findings {
            page.gap();
            page.words(
                2,
                &[
                    (Tone::of_severity(finding.severity), finding.severity),
                    (Tone::Plain, &format!(": {} [", finding.message)),
                    (Tone::Strong, finding.rule),
                    (Tone::Plain, &format!(", {}]", finding.rfc)),
                ],
            );
            page.fact("certificate", &finding.certificate);
            page.fact_if("expected", finding.expected.as_deref());
            page.fact_if("found", finding.found.as_deref());
            finding.help.text(page, 2);
        }
    }
}

impl VerifyReport {
    /// For the first line: of the certificate; and of those above it where it differs.
    fn revocation_in_words(&self) -> String {
        let of_target = match self.revocation.status {
            "good" => "not revoked",
            "revoked" => "revoked",
            "undetermined" => "revocation undetermined",
            _ => "revocation not checked",
        };
        // The last one is the anchor, or what no path leads on from.
        let above = self.path.iter().skip(1).take(self.path.len().saturating_sub(2));
        let revoked: Vec<&str> = above
            .clone()
            .filter(|step| step.revocation.status == "revoked")
            .map(|step| step.step.subject.as_str())
            .collect();
        if !revoked.is_empty() {
            let own = if self.revocation.status == "revoked" {
                "revoked, and "
            } else {
                ""
            };
            return format!("{own}the CA above it is revoked: {}", revoked.join(", "));
        }
        let open = above.filter(|step| self.revocation.status == "good" && step.revocation.status != "good");
        let subjects: Vec<&str> = open.map(|step| step.step.subject.as_str()).collect();
        if subjects.is_empty() {
            of_target.into()
        } else {
            format!("{of_target}, revocation of {} not checked", subjects.join(", "))
        }
    }

    /// What the verdicts of the programs cover, and what they do not.
    fn looked_at_in_words(&self) -> String {
        let documented: Vec<&str> = self
            .consumers
            .iter()
            .filter(|found| found.basis == "documentation")
            .map(|found| found.consumer)
            .collect();
        let by_documentation = if documented.is_empty() {
            String::new()
        } else {
            format!("; {}: from its documentation", documented.join(", "))
        };
        let crls = if self.has_crls {
            "CRLs as of a program that has those given here, and checks them"
        } else {
            "not which CRLs a program has"
        };
        format!(
            "(checked: {}; {crls}{by_documentation})",
            self.consumers_looked_at.join(", ")
        )
    }

    /// Who accepts and who refuses, with the deciding rules; one line where all do the same. The verdict stands alone in the middle.
    fn for_whom(&self) -> Vec<[String; 3]> {
        let of = |verdict| {
            self.consumers
                .iter()
                .filter(move |consumer| consumer.verdict == verdict)
        };
        if let Some(first) = self.consumers.first()
            && of(first.verdict).count() == self.consumers.len()
            && first.verdict != "unknown"
        {
            return vec![[
                "every TLS implementation known to gsec ".into(),
                first.verdict.into(),
                " it".into(),
            ]];
        }
        let accepting: Vec<&str> = of("accepts").map(|consumer| consumer.consumer).collect();
        let accepted = (!accepting.is_empty()).then(|| {
            [
                format!("{}: ", accepting.join(", ")),
                "accepts".into(),
                String::new(),
            ]
        });
        let others = of("refuses").chain(of("unknown"));
        accepted
            .into_iter()
            .chain(others.map(|consumer| {
                [
                    format!("{}: ", consumer.consumer),
                    consumer.verdict.into(),
                    format!(" ({})", consumer.rules.join(", ")),
                ]
            }))
            .collect()
    }
}

/// `cert thumbprint`.
#[derive(Debug, Clone, Serialize)]
pub struct ThumbprintReport {
    /// Where it was read from.
    pub source: String,
    /// Subject.
    pub subject: String,
    /// `sha1` or `sha256`.
    pub hash: &'static str,
    /// In lower-case hexadecimal without separators, as everywhere in JSON.
    pub thumbprint: String,
    /// The thumbprint in the requested format.
    pub formatted: String,
    /// Which certificate of a host it is; `null` where no host was named.
    pub selected: Option<Selected>,
}

impl Report for ThumbprintReport {
    const SCHEMA: &'static str = "gsec/cert.thumbprint/1";

    fn text(&self, page: &mut Page) {
        page.line(&self.formatted);
    }
}
