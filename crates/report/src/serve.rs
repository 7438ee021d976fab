//! What `serve` serves, and what its administrator's commands say.

use serde::Serialize;

use super::{Page, Report, Tone};

/// `serve`, once it answers.
#[derive(Debug, Clone, Serialize)]
pub struct ServeReport {
    /// The CA directory.
    pub ca_dir: String,
    /// The name of the CA.
    pub subject: String,
    /// SHA-256 of its certificate.
    pub sha256: String,
    /// The URL of the ACME directory.
    pub acme: String,
    /// The URL of the CRL.
    pub crl: String,
    /// The URL of the OCSP responder.
    pub ocsp: String,
    /// The URL of the CA certificate.
    pub ca_certificate: String,
    /// The names that the first grant is for, where this start made it.
    pub first_grant: Vec<String>,
    /// Lines that gsec.toml lacks, so that certificates do not say where the CRL, or their part of a large one, is.
    pub missing_settings: Vec<String>,
}

impl Report for ServeReport {
    const SCHEMA: &'static str = "gsec/serve/1";

    fn is_answer(&self) -> bool {
        false
    }

    fn text(&self, page: &mut Page) {
        page.line(&format!("Serving {}, the CA in {}", self.subject, self.ca_dir));
        page.fact("ACME", &self.acme);
        page.fact("CRL", &self.crl);
        page.fact("OCSP", &self.ocsp);
        page.fact("CA certificate", &self.ca_certificate);
        page.fact("SHA-256", &self.sha256);
        if !self.first_grant.is_empty() {
            let names = self.first_grant.join(", ");
            page.fact(
                "granted",
                &format!("{names} and names below, to everyone who proves them by a challenge"),
            );
        }
        if !self.missing_settings.is_empty() {
            page.gap();
            let is_about_parts = |line: &String| line.starts_with("crl_shards");
            page.line(match self.missing_settings.iter().all(is_about_parts) {
                true => "Hosts fetch the CRL of this large CA in one piece; gsec.toml lacks this line:",
                false => "Certificates do not say where the CRL is; gsec.toml lacks these lines:",
            });
            for line in &self.missing_settings {
                page.line(&format!("  {line}"));
            }
        }
    }
}

/// Something that is granted.
#[derive(Debug, Clone, Serialize)]
pub struct GrantFacts {
    /// Its id.
    pub id: String,
    /// `everyone`, `eab` or `account`.
    pub to: &'static str,
    /// The `kid` of the key, or the id of the account; null for everyone.
    pub subject: Option<String>,
    /// The names: domains with what is below them, single names, networks.
    pub names: Vec<GrantedName>,
    /// The profiles; the default profile alone when empty.
    pub profiles: Vec<String>,
    /// The longest lifetime in days; null for what gsec.toml allows.
    pub max_days: Option<u32>,
    /// `challenge` or `granted`.
    pub proof: &'static str,
    /// Until when; null for ever.
    pub until: Option<String>,
    /// Whether its time has run out.
    pub expired: bool,
}

/// Names that are granted.
#[derive(Debug, Clone, Serialize)]
pub struct GrantedName {
    /// `below`, `exact` or `network`.
    pub kind: &'static str,
    /// The domain, the name or the network.
    pub value: String,
}

impl GrantFacts {
    fn names_in_words(&self) -> String {
        let one = |name: &GrantedName| match name.kind {
            "below" => format!("{} and below", name.value),
            _ => name.value.clone(),
        };
        self.names.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    fn to_in_words(&self) -> String {
        match &self.subject {
            Some(subject) => format!("{} {subject}", self.to),
            None => self.to.to_owned(),
        }
    }

    fn rest_in_words(&self) -> String {
        let mut words = vec![match self.proof {
            "granted" => "no challenge".to_owned(),
            _ => "by challenge".to_owned(),
        }];
        words.push(match self.profiles.as_slice() {
            [] => "the default profile".to_owned(),
            profiles => format!("profile {}", profiles.join(", ")),
        });
        words.extend(self.max_days.map(|days| format!("{days} days at most")));
        let end = if self.expired { "expired" } else { "until" };
        words.extend(self.until.as_ref().map(|until| format!("{end} {until}")));
        words.join("; ")
    }
}

fn table_of_grants(grants: &[GrantFacts], page: &mut Page) {
    let rows: Vec<Vec<String>> = grants
        .iter()
        .map(|grant| {
            vec![
                grant.id.clone(),
                grant.to_in_words(),
                grant.names_in_words(),
                grant.rest_in_words(),
            ]
        })
        .collect();
    page.table(&["id", "to", "names", "how"], &rows);
}

/// `serve grant`.
#[derive(Debug, Clone, Serialize)]
pub struct ServeGrantReport {
    /// The CA directory.
    pub ca_dir: String,
    /// `add`, `list` or `remove`.
    pub action: &'static str,
    /// Whether a server runs, and did it.
    pub by_server: bool,
    /// What was granted, is granted, or was taken back.
    pub grants: Vec<GrantFacts>,
}

impl Report for ServeGrantReport {
    const SCHEMA: &'static str = "gsec/serve.grant/1";

    fn is_answer(&self) -> bool {
        self.action == "list"
    }

    fn text(&self, page: &mut Page) {
        match (self.action, self.grants.as_slice()) {
            ("list", []) => page.line("Nothing is granted: no host gets a certificate from the server"),
            ("list", grants) => table_of_grants(grants, page),
            (action, grants) => {
                let done = if action == "add" { "Granted" } else { "Taken back" };
                for grant in grants {
                    page.line(&format!("{done}: {}", grant.names_in_words()));
                    page.fact("to", &grant.to_in_words());
                    page.fact("how", &grant.rest_in_words());
                    page.fact("id", &grant.id);
                }
            }
        }
    }
}

/// A key of an external account, without what is secret of it.
#[derive(Debug, Clone, Serialize)]
pub struct EabKeyFacts {
    /// Its `kid`.
    pub kid: String,
    /// Whose it is.
    pub name: String,
    /// Whether it makes one account only.
    pub single_use: bool,
    /// How many accounts it has made.
    pub uses: u64,
    /// Until when it makes accounts; null for ever.
    pub until: Option<String>,
    /// `usable`, `used-up`, `expired` or `revoked`.
    pub state: &'static str,
    /// The accounts that it has made; the first hundred.
    pub accounts: Vec<String>,
}

/// `serve eab`. It has no `Debug`: a new key is a secret.
#[derive(Serialize)]
pub struct ServeEabReport {
    /// The CA directory.
    pub ca_dir: String,
    /// `add`, `list` or `remove`.
    pub action: &'static str,
    /// Whether a server runs, and did it.
    pub by_server: bool,
    /// The keys.
    pub keys: Vec<EabKeyFacts>,
    /// The HMAC key of a new key, base64url; null for all others: it is shown once.
    pub hmac_key: Option<SecretText>,
    /// What was granted to the new key, or taken back with those that were removed.
    pub grants: Vec<GrantFacts>,
}

/// A secret that is shown, because it was asked for. It has no `Debug`.
#[derive(Serialize)]
#[serde(transparent)]
pub struct SecretText(String);

impl SecretText {
    /// From its text.
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl Drop for SecretText {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.0);
    }
}

impl Report for ServeEabReport {
    const SCHEMA: &'static str = "gsec/serve.eab/1";

    fn is_answer(&self) -> bool {
        self.action != "remove"
    }

    fn text(&self, page: &mut Page) {
        match (self.action, self.keys.as_slice()) {
            ("list", []) => page.line("There is no key of an external account"),
            ("list", keys) => table_of_keys(keys, page),
            (_, keys) => {
                for key in keys {
                    let done = if self.action == "add" {
                        "Key for"
                    } else {
                        "Revoked: key for"
                    };
                    page.line(&format!("{done} {}", key.name));
                    page.fact("kid", &key.kid);
                    if let Some(secret) = &self.hmac_key {
                        page.fact("HMAC key", &secret.0);
                    }
                    page.fact_if("until", key.until.as_deref());
                }
                let label = if self.action == "add" {
                    "granted"
                } else {
                    "taken back"
                };
                for grant in &self.grants {
                    page.fact(
                        label,
                        &format!("{} ({})", grant.names_in_words(), grant.rest_in_words()),
                    );
                }
                if self.hmac_key.is_some() {
                    page.line("The HMAC key is not shown again");
                }
            }
        }
    }
}

fn table_of_keys(keys: &[EabKeyFacts], page: &mut Page) {
    let rows: Vec<Vec<String>> = keys
        .iter()
        .map(|key| {
            let uses = match key.single_use {
                true => format!("{} of 1", key.uses),
                false => key.uses.to_string(),
            };
            vec![
                key.kid.clone(),
                key.state.to_owned(),
                uses,
                key.until.clone().unwrap_or_else(|| "-".into()),
                key.accounts.len().to_string(),
                key.name.clone(),
            ]
        })
        .collect();
    page.table(&["kid", "state", "uses", "until", "accounts", "name"], &rows);
}

/// A process of the server.
#[derive(Debug, Clone, Serialize)]
pub struct ProcessFacts {
    /// Whether it answers.
    pub answers: bool,
    /// The socket at which it was asked.
    pub socket: String,
    /// Its process id, as the kernel tells it; null where nobody listens.
    pub pid: Option<u32>,
    /// The number of its user, as its socket says; null where it does not answer.
    pub user: Option<u32>,
    /// Why it does not answer, or would not sign; null where nothing is wrong with it.
    pub problem: Option<String>,
}

/// How far the kernel holds a process to what it gave up.
#[derive(Debug, Clone, Serialize)]
pub struct HoldFacts {
    /// `whole`, `part` or `no`.
    pub in_force: &'static str,
    /// What is missing, and why; null where nothing is.
    pub missing: Option<String>,
}

/// What a process gave up before it took the first request, as it says itself: the name of each, and how far it holds. In JSON an object.
#[derive(Debug, Clone)]
pub struct ConfinementFacts(pub Vec<(&'static str, HoldFacts)>);

impl Serialize for ConfinementFacts {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, hold)| (*name, hold)))
    }
}

impl ConfinementFacts {
    /// What holds in one line, and then what does not.
    fn text(&self, process: &str, page: &mut Page) {
        let held = self.0.iter().filter(|(_, hold)| hold.missing.is_none());
        let held = held.map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let held = if held.is_empty() { "nothing" } else { &held };
        page.fact("confined", &format!("{process}: {}", held.replace('_', " ")));
        for (name, hold) in &self.0 {
            if let Some(missing) = &hold.missing {
                let how = match hold.in_force {
                    "no" => "goes without",
                    _ => "in part",
                };
                page.fact(how, &format!("{process}: {}: {missing}", name.replace('_', " ")));
            }
        }
    }
}

/// A profile that has reached its `max_per_hour`.
#[derive(Debug, Clone, Serialize)]
pub struct FullProfileFacts {
    /// Its name.
    pub profile: String,
    /// How many certificates of it are signed in an hour.
    pub max_per_hour: u32,
    /// When there is room for more.
    pub room_at: String,
}

/// What the front says of itself.
#[derive(Debug, Clone, Serialize)]
pub struct FrontFacts {
    /// The version of its program.
    pub version: String,
    /// Its names.
    pub names: Vec<String>,
    /// The URL of the ACME directory.
    pub acme: String,
    /// The URL of the CRL.
    pub crl: String,
    /// The URL of the OCSP responder.
    pub ocsp: String,
    /// The URL of the CA certificate.
    pub ca_certificate: String,
    /// Since when it serves.
    pub since: String,
    /// Whether it can issue; why not, where it cannot.
    pub unready: Option<String>,
    /// When the signer was found to have another journal than before; null where it never was.
    pub journal_changed: Option<String>,
    /// How many grants there are; without any, no host gets a certificate.
    pub grants: u64,
    /// Profiles of which no more certificates are signed in this hour: orders of theirs wait, and that is as it should be.
    pub full_profiles: Vec<FullProfileFacts>,
    /// Names that wait to be proven, of all accounts.
    pub waiting_names: u64,
    /// How many of these there may be; 0 where the front does not say.
    pub most_waiting_names: u64,
    /// Orders that wait to be finalized.
    pub pending_orders: u64,
    /// Challenges and orders that should have been taken up more than 10 minutes ago.
    pub overdue: u64,
    /// The end of the certificate that it presents; null where it has none.
    pub own_certificate_end: Option<String>,
    /// Whether that is revoked.
    pub own_certificate_revoked: bool,
}

/// The CRL as it is published.
#[derive(Debug, Clone, Serialize)]
pub struct PublishedCrl {
    /// When it was made.
    pub this_update: String,
    /// When the next one is due; null where it does not say.
    pub next_update: Option<String>,
    /// Whether that is over.
    pub overdue: bool,
}

/// The journal of the signer.
#[derive(Debug, Clone, Serialize)]
pub struct JournalFacts {
    /// The file.
    pub path: String,
    /// Its lines.
    pub lines: u64,
    /// Certificates that were signed.
    pub certificates: u64,
    /// Requests that were refused.
    pub refused: u64,
    /// When the last one was; null where there was none.
    pub last_refused: Option<String>,
    /// Why it could not be followed from the first line to the last; null where it could.
    pub problem: Option<String>,
}

/// The audit log.
#[derive(Debug, Clone, Serialize)]
pub struct ServedLog {
    /// Its whole lines.
    pub lines: u64,
    /// Whether the last one has a signature.
    pub last_sealed: bool,
    /// Certificates that were issued by ACME since midnight, UTC.
    pub issued_today: u64,
    /// What is wrong with it, or with the records beside it; null where nothing was found.
    pub problem: Option<String>,
}

/// Something that is not well.
#[derive(Debug, Clone, Serialize)]
pub struct ServedFinding {
    /// `error` where hosts get no certificates, or what is published or written cannot be relied on; else `notice`.
    pub severity: &'static str,
    /// A stable name.
    pub slug: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

/// `serve status`.
#[derive(Debug, Clone, Serialize)]
pub struct ServeStatusReport {
    /// The CA directory.
    pub ca_dir: String,
    /// Whether certificates are issued and the CRL is in date, as far as that was looked at.
    pub serving: bool,
    /// The process that talks to the network.
    pub front: ProcessFacts,
    /// The process that has the CA key.
    pub signer: ProcessFacts,
    /// What the process that talks to the network gave up; null where it does not say.
    pub front_confinement: Option<ConfinementFacts>,
    /// What the process that has the CA key gave up; null where it does not say.
    pub signer_confinement: Option<ConfinementFacts>,
    /// Whether the two have a user each; null where not both answer.
    pub mode: Option<ServedMode>,
    /// What the front says; null where it does not answer.
    pub served: Option<FrontFacts>,
    /// The CRL; null where there is none.
    pub crl: Option<PublishedCrl>,
    /// The signer's journal; null where it was not found.
    pub journal: Option<JournalFacts>,
    /// The audit log.
    pub log: ServedLog,
    /// What is not well.
    pub findings: Vec<ServedFinding>,
    /// What was not looked at.
    pub not_checked: Vec<String>,
}

/// Whose the two processes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ServedMode {
    /// One user's: who takes over the front can read the key file.
    OneUser,
    /// Two users': the front has no way to the key but the signer's socket.
    TwoUsers,
}

impl ServedMode {
    fn words(self) -> &'static str {
        match self {
            Self::OneUser => "one: an attacker who takes over the front can read the key file",
            Self::TwoUsers => "two: the front has no way to the key but the signer's socket",
        }
    }
}

impl Report for ServeStatusReport {
    const SCHEMA: &'static str = "gsec/serve.status/1";

    fn text(&self, page: &mut Page) {
        let issues = self.front.answers
            && self.signer.answers
            && self
                .served
                .as_ref()
                .is_some_and(|served| served.unready.is_none());
        let (tone, word) = match (self.serving, issues) {
            (true, _) => (Tone::Good, "serving"),
            (false, true) => (Tone::Bad, "serving, with errors"),
            (false, false) => (Tone::Bad, "not served"),
        };
        page.words(
            2,
            &[(Tone::Plain, &self.ca_dir), (Tone::Plain, ": "), (tone, word)],
        );
        for (label, process) in [("front", &self.front), ("signer", &self.signer)] {
            let of = [("process", process.pid), ("user", process.user)];
            let of = of
                .iter()
                .filter_map(|(what, number)| Some(format!("{what} {}", (*number)?)));
            let of = of.collect::<Vec<_>>().join(", ");
            let of = match of.is_empty() {
                true => of,
                false => format!(" ({of})"),
            };
            let said = match &process.problem {
                None => format!("answers at {}{of}", process.socket),
                Some(_) if process.answers => {
                    format!("answers at {}{of}, and would not sign", process.socket)
                }
                Some(problem) => format!("does not answer at {}: {problem}", process.socket),
            };
            page.fact(label, &said);
        }
        if let Some(mode) = self.mode {
            page.fact("users", mode.words());
        }
        for (process, confinement) in [
            ("front", &self.front_confinement),
            ("signer", &self.signer_confinement),
        ] {
            if let Some(confinement) = confinement {
                confinement.text(process, page);
            }
        }
        if let Some(served) = &self.served {
            served.text(page);
        }
        match &self.crl {
            None => page.fact("CRL", "none yet"),
            Some(crl) => {
                let next = crl.next_update.as_deref().map(|next| page.with_distance(next));
                let next = next.unwrap_or_else(|| "no time".into());
                page.fact("CRL", &format!("issued {}, next due {next}", crl.this_update));
            }
        }
        if let Some(journal) = &self.journal {
            let count = format!(
                "{} lines, {} certificates, {} refused",
                journal.lines, journal.certificates, journal.refused
            );
            page.fact("journal", journal.problem.as_deref().unwrap_or(&count));
        }
        let sealed = if self.log.last_sealed {
            "signed"
        } else {
            "not signed"
        };
        page.fact(
            "audit log",
            &format!("{} lines, the last one is {sealed}", self.log.lines),
        );
        page.fact("issued today", &format!("{} by ACME", self.log.issued_today));
        for finding in &self.findings {
            let padding = " ".repeat(8_usize.saturating_sub(finding.severity.len()));
            page.words(
                8,
                &[
                    (Tone::of_severity(finding.severity), finding.severity),
                    (Tone::Plain, &padding),
                    (Tone::Plain, &finding.message),
                ],
            );
            page.line(&format!("        {}", finding.remedy));
        }
        for part in &self.not_checked {
            page.line(&format!("Not checked: {part}"));
        }
    }
}

impl FrontFacts {
    fn text(&self, page: &mut Page) {
        page.fact("names", &self.names.join(", "));
        page.fact("ACME", &self.acme);
        page.fact("CRL URL", &self.crl);
        page.fact("OCSP", &self.ocsp);
        page.fact("CA certificate", &self.ca_certificate);
        page.detail("version", &self.version);
        page.fact("since", &self.since);
        page.fact("pending orders", &self.pending_orders.to_string());
        for full in &self.full_profiles {
            let (most, room) = (full.max_per_hour, page.with_distance(&full.room_at));
            let signed = format!("{most} of {most} certificates of this hour are signed; room at {room}");
            page.fact("rate limit", &format!("profile {}: {signed}", full.profile));
        }
        match &self.own_certificate_end {
            Some(end) => page.fact(
                "certificate",
                &format!("its own, until {}", page.with_distance(end)),
            ),
            None => page.fact("certificate", "none of its own"),
        }
    }
}
