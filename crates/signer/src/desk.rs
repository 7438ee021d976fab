//! The key at work.

use std::cmp::Ordering;
use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use thiserror::Error;
use time::OffsetDateTime;

use crate::confinement::Confinement;
use crate::journal::{Entry, Journal, JournalError, Opened};
use crate::message::{Announced, Answer, CertifyResult, PROTOCOL, Refusal, Request};
use crate::rates::{Rates, WINDOW};
use gsec_ca::authority::{AuthorityError, OpenCa};
use gsec_ca::home::{CaDir, CaKey, INTENT, Intent, KeyFiles, KeySource, MAX_INTENT_AGE};
use gsec_ca::records::{AuditEnd, CommitLines};
use gsec_env::{Clock, cores, parallel_map};
use gsec_pki::encoding::hex::{Separator, decode, encode};
use gsec_pki::key::{PublicKey, Signer, sha256};
use gsec_pki::x509::{
    CLOCK_SKEW_ALLOWANCE, Certificate, CrlBuilder, CrlShard, CrlTemplate, Issuer, MAX_SERIAL_BYTES,
    RevocationList, SerialNumber, parse_time,
};

/// So many certificates may be announced and not yet asked for.
const MAX_PENDING: usize = 10_000;
/// So many lines of the log may be without a signature between two that are sealed; where the log cannot be looked at, its numbers grow no faster.
const MAX_UNSEALED: u64 = 1_000_000;
/// A log that a new journal begins to follow ends before this line.
const MAX_FIRST: u64 = 1 << 40;
/// The longest text of a reason in the journal.
const MAX_REASON_CHARS: usize = 500;

/// Why there is no desk.
#[derive(Debug, Error)]
pub enum DeskError {
    /// The CA or its key.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// The CA key at work: it signs what it has decided about itself.
pub struct Desk {
    keys: Arc<KeyFiles>,
    /// Whether the log is in other hands, which this process cannot look into.
    is_apart: bool,
    /// What the process has given up, as JSON.
    confinement: Option<String>,
    opened: RwLock<Arc<OpenCa>>,
    clock: Box<dyn Clock + Send + Sync>,
    kept: Mutex<Kept>,
}

/// What is kept from one request to the next.
struct Kept {
    journal: Journal,
    /// Announced, and not yet signed.
    pending: HashMap<SerialNumber, Pending>,
    /// The number of the last line that was sealed.
    log_seq: u64,
    /// The head of the log with it.
    log_head: String,
    /// Serial numbers that were certified.
    used: Used,
    /// How many certificates of each profile were signed, or are being signed, in the last hour.
    rates: Rates,
    /// The commit that was sealed last, as long as nothing was signed that came of it.
    unused: Option<Unused>,
    /// The largest number of a CRL for each key. A part has that of the whole CRL that is signed with it.
    crl_numbers: HashMap<String, SerialNumber>,
    /// The CRL that was last found to list all that is revoked: its number, and the digest of its entries.
    whole: Option<(SerialNumber, Vec<u8>)>,
    /// The last CRL that this process found to list all that is revoked.
    last: CrlBuilder,
}

/// A certificate that a sealed line announces.
struct Pending {
    /// The digest of the intent.
    digest: String,
    sealed: OffsetDateTime,
    /// Which request it is for, as the line calls it: for the journal, and nothing is decided by it.
    request: Option<String>,
}

/// What was announced, and is being signed.
struct Claimed {
    serial: SerialNumber,
    intent: Intent,
    request: Option<String>,
}

/// A commit that was sealed, and of which nothing has come: whoever asked for the seal may have ended before it had the log written.
struct Unused {
    /// The head of the log before it.
    prev: String,
    /// What it announces.
    announced: Vec<SerialNumber>,
}

/// What a CRL is to list, and in which parts, as it was asked for.
struct CrlContent<'a> {
    entries: &'a str,
    shards: &'a [(u16, u16)],
    published: &'a [String],
    expired: &'a [String],
}

/// No, and why.
type Answered<T> = Result<T, Refusal>;

/// What is refused because of how it is asked.
const CODE: &str = "signer.refused";

impl From<String> for Refusal {
    fn from(reason: String) -> Self {
        Self {
            code: CODE.into(),
            reason,
            rate: None,
        }
    }
}

impl From<&str> for Refusal {
    fn from(reason: &str) -> Self {
        reason.to_owned().into()
    }
}

impl Refusal {
    fn about(self, serial: &SerialNumber) -> Self {
        Self {
            reason: format!("{serial}: {}", self.reason),
            ..self
        }
    }
}

/// An error of the CA keeps its name.
impl From<&AuthorityError> for Refusal {
    fn from(error: &AuthorityError) -> Self {
        Self {
            code: error.code().into(),
            reason: sentence(error),
            rate: None,
        }
    }
}

/// How many certificates of a profile are signed in an hour, by this process's own policy.
fn max_per_hour(opened: &OpenCa, profile: &str) -> Option<u32> {
    opened.authority().policy().ok()?.max_per_hour(profile)
}

/// An error with its causes in one sentence.
fn sentence(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

impl Desk {
    /// Opens the key of a CA, and the journal.
    ///
    /// # Errors
    /// [`DeskError`].
    pub fn open(
        directory: CaDir,
        passphrase: Option<&str>,
        journal: &Path,
        clock: Box<dyn Clock + Send + Sync>,
    ) -> Result<Self, DeskError> {
        Self::with(directory, passphrase, journal, clock, false)
    }

    /// As [`Self::open`], where the directory is the signer's own and has no log: the caller's is in hands that are not believed. So it follows what
    /// the journal has sealed.
    ///
    /// # Errors
    /// [`DeskError`].
    pub fn open_apart(
        directory: CaDir,
        passphrase: Option<&str>,
        journal: &Path,
        clock: Box<dyn Clock + Send + Sync>,
    ) -> Result<Self, DeskError> {
        Self::with(directory, passphrase, journal, clock, true)
    }

    fn with(
        directory: CaDir,
        passphrase: Option<&str>,
        journal: &Path,
        clock: Box<dyn Clock + Send + Sync>,
        is_apart: bool,
    ) -> Result<Self, DeskError> {
        let keys = Arc::new(KeyFiles::of(&directory, passphrase));
        let opened = OpenCa::open(directory, keys.clone())?;
        let Opened {
            journal,
            entries,
            earlier,
            recent,
        } = Journal::open(journal, clock.now() - WINDOW)?;
        let mut used = Used::default();
        for serial in earlier.iter().filter_map(|text| SerialNumber::parse_hex(text)) {
            used.add(&serial);
        }
        let mut rates = Rates::default();
        for (time, profile) in &recent {
            rates.add(profile, *time);
        }
        let mut kept = Kept {
            journal,
            pending: HashMap::new(),
            log_seq: 0,
            log_head: String::new(),
            used,
            rates,
            unused: None,
            crl_numbers: HashMap::new(),
            whole: None,
            last: CrlBuilder::new(),
        };
        for (time, entry) in entries {
            kept.count(&entry, time);
            kept.take(entry, time);
        }
        Ok(Self {
            keys,
            is_apart,
            confinement: None,
            opened: RwLock::new(Arc::new(opened)),
            clock,
            kept: Mutex::new(kept),
        })
    }

    /// Says from now on what the process has given up.
    pub(crate) fn confined(self, confinement: Option<Confinement>) -> Self {
        let said = |confinement| serde_json::to_string(&confinement).expect("texts are written as JSON");
        Self {
            confinement: confinement.map(said),
            ..self
        }
    }

    /// The CA as its files say now: another call may have renewed it, or changed its policy.
    fn opened(&self) -> Answered<Arc<OpenCa>> {
        let opened = self.opened.read().unwrap_or_else(PoisonError::into_inner).clone();
        if opened.is_current() {
            return Ok(opened);
        }
        let now = Arc::new(opened.reopened().map_err(|error| Refusal::from(&error))?);
        *self.opened.write().unwrap_or_else(PoisonError::into_inner) = now.clone();
        Ok(now)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers one request of a user.
    pub(crate) fn answer(&self, user: Option<u32>, request: Request) -> Answer {
        let asked = match &request {
            Request::Hello { .. } => "hello",
            Request::Look {} => "look",
            Request::Seal { .. } => "seal",
            Request::Room { .. } => "room",
            Request::Certify { .. } => "certify",
            Request::Crl { .. } => "crl",
        };
        let answered = match request {
            Request::Hello { protocol } => self.hello(protocol),
            // A question is no attempt: what it is answered is in no journal.
            Request::Look {} => return self.look().unwrap_or_else(Answer::Refused),
            Request::Room { profile, count } => {
                return self.room(&profile, count).unwrap_or_else(Answer::Refused);
            }
            Request::Seal { before, line } => self.seal(user, &before, &line),
            Request::Certify { announced } => self.certify(user, announced),
            Request::Crl {
                former_key,
                number,
                this_update,
                next_update,
                entries,
                shards,
                published,
                expired,
            } => self.sign_crl(
                user,
                former_key.as_deref(),
                &number,
                [&this_update, &next_update],
                &CrlContent {
                    entries: &entries,
                    shards: &shards,
                    published: &published,
                    expired: &expired,
                },
            ),
        };
        answered.unwrap_or_else(|refusal| self.refuse(user, asked, refusal))
    }

    /// Something that is no request is in the journal like one that is refused: whoever sends it is no server.
    pub(crate) fn note_no_message(&self, user: Option<u32>, error: &std::io::Error) {
        let _ = self.refuse(user, "message", format!("it is none: {error}").into());
    }

    /// A refusal is in the journal like a signature. Where it cannot be written there, the answer is no all the same.
    fn refuse(&self, user: Option<u32>, asked: &str, refusal: Refusal) -> Answer {
        let entry = refused(asked, &refusal);
        let _ = self.kept().journal.append(vec![entry], user, self.clock.now());
        Answer::Refused(refusal)
    }

    fn hello(&self, protocol: u32) -> Answered<Answer> {
        if protocol != PROTOCOL {
            return Err(format!(
                "the signer speaks version {PROTOCOL} of its protocol, and the caller version {protocol}: restart both"
            ).into());
        }
        let opened = self.opened()?;
        let policy = opened.authority().policy_text();
        Ok(Answer::Hello {
            protocol: PROTOCOL,
            public_key: digits(opened.unlocked().key().public_key().spki()),
            policy: policy.map(|text| digits(&sha256(text.as_bytes()))),
        })
    }

    /// How the audit log ends; `None` where it is in other hands.
    fn end_of_log(&self, opened: &OpenCa) -> Answered<Option<AuditEnd>> {
        if self.is_apart {
            return Ok(None);
        }
        let end = opened.authority().records().audit_end();
        Ok(Some(
            end.map_err(|error| sentence(&error))?
                .unwrap_or_else(AuditEnd::of_nothing),
        ))
    }

    fn look(&self) -> Answered<Answer> {
        let opened = self.opened()?;
        let log = self.end_of_log(&opened)?;
        let kept = self.kept();
        if let Some(log) = log {
            kept.expect_follows(&log)?;
        }
        kept.journal.expect_writable().map_err(|error| sentence(&error))?;
        Ok(self.ready(&kept))
    }

    fn seal(&self, user: Option<u32>, before: &str, line: &str) -> Answered<Answer> {
        let opened = self.opened()?;
        let commit = CommitLines::read(before, line.as_bytes(), INTENT).map_err(|error| sentence(&error))?;
        let key = opened.unlocked().key();
        if commit.key() != digits(&key.public_key().key_identifier()) {
            return Err("the line names another key".into());
        }
        let now = self.clock.now();
        let log = self.end_of_log(&opened)?;
        let mut kept = self.kept();
        match log {
            Some(log)
                if commit.prev != log.head.as_str()
                    || log.seq.checked_add(commit.lines) != Some(commit.seq) =>
            {
                return Err(format!(
                    "line {} does not follow the audit log, which ends with line {}",
                    commit.seq, log.seq
                )
                .into());
            }
            Some(log) => kept.expect_follows(&log)?,
            None => kept.expect_goes_on(&commit)?,
        }
        for (serial, _) in &commit.announced {
            kept.expect_unused(serial)?;
        }
        kept.forget_old(now);
        if kept.pending.len() + commit.announced.len() > MAX_PENDING {
            return Err(format!("{MAX_PENDING} certificates are announced that nobody asked for").into());
        }
        let signature = sign(key, line.as_bytes())?;
        let head = commit.head_message(&signature);
        let head_signature = sign(key, head.as_bytes())?;
        let entry = Entry::Seal {
            log_seq: commit.seq,
            log_head: commit.head_with(&signature),
            log_prev: commit.prev.clone(),
            announced: commit
                .announced
                .iter()
                .map(|(serial, digest)| (serial.to_string(), digest.clone()))
                .collect(),
            requests: commit
                .requests
                .iter()
                .map(|(serial, id)| (serial.to_string(), id.clone()))
                .collect(),
        };
        kept.append(vec![entry], user, now)?;
        Ok(Answer::Sealed {
            line: digits(&signature),
            head,
            head_signature: digits(&head_signature),
        })
    }

    /// A profile that nobody knows has no limit: that it is none, is told when it is certified with.
    fn room(&self, profile: &str, count: u32) -> Answered<Answer> {
        let most = max_per_hour(&*self.opened()?, profile);
        let mut kept = self.kept();
        if let Some(most) = most {
            kept.rates.expect_room(profile, count, most, self.clock.now())?;
        }
        Ok(self.ready(&kept))
    }

    fn ready(&self, kept: &Kept) -> Answer {
        Answer::Ready {
            journal: kept.journal.first().to_owned(),
            confinement: self.confinement.clone(),
        }
    }

    fn certify(&self, user: Option<u32>, announced: Vec<Announced>) -> Answered<Answer> {
        let opened = self.opened()?;
        let now = self.clock.now();
        let claimed: Vec<Answered<Claimed>> = {
            let mut kept = self.kept();
            kept.forget_old(now);
            announced
                .into_iter()
                .map(|announced| {
                    let most = max_per_hour(&opened, &announced.intent.profile);
                    kept.claim(announced, most, now)
                })
                .collect()
        };
        let certify = |index: usize| {
            let claimed = claimed[index].as_ref().map_err(Refusal::clone)?;
            let certificate = opened
                .authority()
                .certify_intent(&claimed.serial, &claimed.intent, opened.unlocked(), now)
                .map_err(|error| Refusal::from(&error).about(&claimed.serial))?;
            Ok((claimed, certificate))
        };
        let certified: Vec<Answered<_>> = parallel_map(cores(), claimed.len(), certify);
        let entries = certified.iter().map(|certified| match certified {
            Ok((claimed, certificate)) => Entry::Certificate {
                serial: claimed.serial.to_string(),
                intent: claimed.intent.digest(),
                sha256: digits(&sha256(certificate.der())),
                profile: Some(claimed.intent.profile.clone()),
                request: claimed.request.clone(),
            },
            Err(refusal) => refused("certificate", refusal),
        });
        let entries = entries.collect();
        let mut kept = self.kept();
        for (claimed, certified) in claimed.iter().zip(&certified) {
            if let (Ok(claimed), Err(_)) = (claimed, certified) {
                kept.rates.take_back(&claimed.intent.profile);
            }
        }
        kept.append(entries, user, now)?;
        drop(kept);
        let results = certified.into_iter().map(|certified| match certified {
            Ok((_, certificate)) => CertifyResult::Certificate(digits(certificate.der())),
            Err(refusal) => CertifyResult::Refused(refusal),
        });
        Ok(Answer::Certified {
            results: results.collect(),
        })
    }

    fn sign_crl(
        &self,
        user: Option<u32>,
        former_key: Option<&str>,
        number: &str,
        [this_update, next_update]: [&str; 2],
        content: &CrlContent<'_>,
    ) -> Answered<Answer> {
        let opened = self.opened()?;
        let now = self.clock.now();
        let number = SerialNumber::parse_hex(number).ok_or("the number of the CRL is none")?;
        let time = |text: &str| parse_time(text).ok_or("a time of the CRL is none");
        let (this_update, next_update) = (time(this_update)?, time(next_update)?);
        if this_update > now + CLOCK_SKEW_ALLOWANCE {
            return Err("the CRL is of the future".into());
        }
        // It begins as much earlier as clocks may differ, and has been on its way.
        if this_update < now - 2 * CLOCK_SKEW_ALLOWANCE {
            return Err("the CRL is of the past".into());
        }
        let entries = decode(content.entries).ok_or("the entries are not in hexadecimal digits")?;
        let builder = CrlBuilder::from_entries(&entries).map_err(|error| sentence(&error))?;
        let template = CrlTemplate {
            number: &number,
            this_update,
            next_update,
        };
        let former = former_key.map(|spki| {
            decode(spki)
                .and_then(|spki| PublicKey::from_spki(&spki).ok())
                .ok_or("the former key is none")
        });
        let former = former.transpose()?;
        let shards: Option<Vec<CrlShard>> = content
            .shards
            .iter()
            .map(|(of, index)| CrlShard::new(*of, *index))
            .collect();
        let shards = shards.ok_or("a part of the CRL is none")?;
        if former.is_some() && !shards.is_empty() {
            return Err("a former key signs no part of the CRL".into());
        }
        self.expect_whole(&opened, (&builder, content.expired), &number, now)?;
        let published = content
            .published
            .iter()
            .map(|part| RevocationList::from_der(&decode(part)?).ok());
        let published: Option<Vec<RevocationList>> = published.collect();
        let published = published.ok_or("a published part of the CRL is none")?;
        let key = former
            .as_ref()
            .unwrap_or_else(|| opened.unlocked().key().public_key());
        let key = digits(&key.key_identifier());
        let mut kept = self.kept();
        if kept.crl_numbers.get(&key).is_some_and(|last| *last >= number) {
            return Err(format!("a CRL with number {number} or a later one was signed before").into());
        }
        let (authority, own) = (opened.authority(), opened.unlocked().key());
        let parts = authority
            .sign_shards(&builder, (&shards, &published), &template, own)
            .map_err(|error| Refusal::from(&error))?;
        let crl = match &former {
            None => signed_crl(builder, &template, authority.certificate(), own)?,
            Some(former) => self.former_crl(&opened, former, builder, &template)?,
        };
        let entry = |crl: &RevocationList, shard: Option<&CrlShard>| Entry::Crl {
            number: number.to_string(),
            sha256: digits(&sha256(crl.der())),
            key: key.clone(),
            shard: shard.map(ToString::to_string),
        };
        let mut entries: Vec<Entry> = parts
            .iter()
            .zip(&shards)
            .map(|(crl, shard)| entry(crl, Some(shard)))
            .collect();
        entries.push(entry(&crl, None));
        kept.append(entries, user, now)?;
        Ok(Answer::Crl {
            shards: parts.iter().map(|crl| digits(crl.der())).collect(),
            crl: digits(crl.der()),
        })
    }

    /// A CRL lists all that is revoked: what the files have as revoked, where the signer can read them, and what the last CRL had, whatever has
    /// become of the files since. What has expired may leave, by the word of its certificate. Those of former keys have the same entries.
    fn expect_whole(
        &self,
        opened: &OpenCa,
        (crl, expired): (&CrlBuilder, &[String]),
        number: &SerialNumber,
        now: OffsetDateTime,
    ) -> Answered<()> {
        let looked = (number.clone(), sha256(crl.entries()).to_vec());
        if self.kept().whole.as_ref() == Some(&looked) {
            return Ok(());
        }
        let authority = opened.authority();
        if !self.is_apart {
            let left_out = authority
                .left_out_of_crl(crl, now)
                .map_err(|error| Refusal::from(&error))?;
            if let Some(first) = left_out.first() {
                return Err(match left_out.len() - 1 {
                    0 => format!("the CRL leaves out {first}, which is revoked").into(),
                    more => format!("the CRL leaves out {first} and {more} more, which are revoked").into(),
                });
            }
        }
        let own = |der: &String| {
            let certificate = Certificate::from_der(&decode(der)?).ok()?;
            let has_expired = certificate.not_after() < now && authority.has_signed(&certificate);
            has_expired.then(|| certificate.serial().clone())
        };
        let expired: HashSet<SerialNumber> = expired.iter().filter_map(own).collect();
        let last = self.kept().last.clone();
        let revoked: HashSet<SerialNumber> = crl.revoked_for_good().collect();
        let may_leave = |serial: &SerialNumber| {
            expired.contains(serial) || (!self.is_apart && authority.has_expired(serial, now))
        };
        let dropped = last
            .revoked_for_good()
            .find(|serial| !revoked.contains(serial) && !may_leave(serial));
        if let Some(serial) = dropped {
            return Err(format!("the CRL takes back that {serial} is revoked, as the last one said").into());
        }
        let mut kept = self.kept();
        kept.last = crl.clone();
        kept.whole = Some(looked);
        Ok(())
    }

    fn former_crl(
        &self,
        opened: &OpenCa,
        key: &PublicKey,
        builder: CrlBuilder,
        template: &CrlTemplate<'_>,
    ) -> Answered<RevocationList> {
        let previous = opened
            .authority()
            .previous()
            .iter()
            .find(|previous| previous.certificate().public_key() == key)
            .ok_or("it was never this CA's key")?;
        let former = self
            .keys
            .open(CaKey::Former(key))
            .map_err(|error| sentence(&error))?
            .ok_or("the former key is not kept any more")?;
        if former.signer.public_key() != key {
            return Err("the file of the former key has another one".into());
        }
        signed_crl(builder, template, previous.certificate(), former.signer.as_ref())
    }
}

fn signed_crl(
    builder: CrlBuilder,
    template: &CrlTemplate<'_>,
    certificate: &Certificate,
    key: &dyn Signer,
) -> Answered<RevocationList> {
    let key_identifier = certificate.key_identifier_for_issued();
    let issuer = Issuer {
        name: certificate.subject(),
        key_identifier: Some(&key_identifier),
        key,
    };
    builder
        .sign(template, &issuer)
        .map_err(|error| sentence(&error).into())
}

impl Kept {
    /// What a line of the journal leaves to be remembered.
    fn take(&mut self, entry: Entry, time: OffsetDateTime) {
        match entry {
            Entry::Seal {
                log_seq,
                log_prev,
                log_head,
                announced,
                requests,
            } => {
                if self.can_take_the_place(&log_prev) {
                    let replaced = self.unused.take().map(|unused| unused.announced);
                    for serial in replaced.unwrap_or_default() {
                        self.pending.remove(&serial);
                    }
                }
                self.log_seq = log_seq;
                self.log_head = log_head;
                let announced: Vec<(SerialNumber, String)> = announced
                    .into_iter()
                    .filter_map(|(serial, digest)| Some((SerialNumber::parse_hex(&serial)?, digest)))
                    .collect();
                self.unused = Some(Unused {
                    prev: log_prev,
                    announced: announced.iter().map(|(serial, _)| serial.clone()).collect(),
                });
                let mut requests: HashMap<SerialNumber, String> = requests
                    .into_iter()
                    .filter_map(|(serial, id)| Some((SerialNumber::parse_hex(&serial)?, id)))
                    .collect();
                for (serial, digest) in announced {
                    let request = requests.remove(&serial);
                    let pending = Pending {
                        digest,
                        sealed: time,
                        request,
                    };
                    self.pending.insert(serial, pending);
                }
            }
            Entry::Certificate { serial, .. } => {
                if let Some(serial) = SerialNumber::parse_hex(&serial) {
                    self.used.add(&serial);
                    self.taken(&serial);
                }
            }
            // It comes of no line: its own follows it. So a commit that came to nothing may still be followed by one in its place, as when the server
            // was killed with a seal in hand and makes a CRL first when it is back.
            Entry::Crl { number, key, .. } => {
                if let Some(number) = SerialNumber::parse_hex(&number) {
                    self.crl_numbers.insert(key, number);
                }
            }
            Entry::Refused { .. } => {}
        }
    }

    /// A line of the journal counts as what was signed then.
    fn count(&mut self, entry: &Entry, time: OffsetDateTime) {
        if let Entry::Certificate {
            profile: Some(profile),
            ..
        } = entry
        {
            self.rates.add(profile, time);
        }
    }

    /// Writes entries to the journal, and only then remembers them.
    fn append(&mut self, entries: Vec<Entry>, user: Option<u32>, now: OffsetDateTime) -> Answered<()> {
        self.journal
            .append(entries.clone(), user, now)
            .map_err(|error| sentence(&error))?;
        for entry in entries {
            self.take(entry, now);
        }
        Ok(())
    }

    /// What was announced and not asked for in time is not signed any more.
    fn forget_old(&mut self, now: OffsetDateTime) {
        self.pending
            .retain(|_, pending| pending.sealed + MAX_INTENT_AGE >= now);
    }

    /// Whether a commit that follows `prev` may take the place of the one that was sealed last: that one followed it too, and nothing came of it.
    fn can_take_the_place(&self, prev: &str) -> bool {
        let unused = self.unused.as_ref();
        unused.is_some_and(|unused| !unused.prev.is_empty() && unused.prev == prev)
    }

    /// Whether the next line can follow the log as it ends: what was sealed last is in it, or came to nothing.
    fn expect_follows(&self, log: &AuditEnd) -> Answered<()> {
        let is_there = match log.seq.cmp(&self.log_seq) {
            Ordering::Greater => true,
            Ordering::Equal => log.head.as_str() == self.log_head,
            Ordering::Less => false,
        };
        match is_there || self.can_take_the_place(log.head.as_str()) {
            true => Ok(()),
            false => Err(format!(
                "line {} of the audit log was sealed before, and the log ends with {} {}: the log went back",
                self.log_seq,
                if log.seq == self.log_seq {
                    "another line"
                } else {
                    "line"
                },
                log.seq
            )
            .into()),
        }
    }

    /// Whether a commit can follow what was sealed last, by the journal alone. Lines without a signature may be between: the next seal covers them.
    fn expect_goes_on(&self, commit: &CommitLines) -> Answered<()> {
        let between = commit
            .seq
            .checked_sub(commit.lines)
            .and_then(|before| before.checked_sub(self.log_seq));
        let goes_on = match between {
            _ if self.can_take_the_place(&commit.prev) => {
                commit.seq <= self.log_seq.saturating_add(commit.lines)
            }
            Some(0) => self.log_seq == 0 || commit.prev == self.log_head,
            // The first seal of a journal follows a log of any length.
            Some(between) => between <= MAX_UNSEALED || self.log_seq == 0 && commit.seq <= MAX_FIRST,
            None => false,
        };
        match goes_on {
            true => Ok(()),
            false => Err(format!(
                "line {} of the audit log was sealed before, and line {} does not follow it",
                self.log_seq, commit.seq
            )
            .into()),
        }
    }

    /// Whether a serial number can be announced: a positive number of at most 20 bytes that no certificate has (RFC 5280 §4.1.2.2).
    fn expect_unused(&self, serial: &SerialNumber) -> Answered<()> {
        let content = serial.content();
        let is_positive =
            content.iter().any(|byte| *byte != 0) && content.first().is_some_and(|first| *first < 0x80);
        if !is_positive || content.len() > MAX_SERIAL_BYTES {
            return Err(format!("{serial}: it is not a serial number of a certificate").into());
        }
        match self.used.has(serial) {
            true => Err(format!("{serial}: a certificate with this serial number was signed before").into()),
            false => Ok(()),
        }
    }

    /// A certificate is signed now: what announces it has its place in the log for good.
    fn taken(&mut self, serial: &SerialNumber) {
        self.pending.remove(serial);
        if self
            .unused
            .as_ref()
            .is_some_and(|unused| unused.announced.contains(serial))
        {
            self.unused = None;
        }
    }

    /// Takes an announced certificate out, so that it is signed once.
    fn claim(&mut self, announced: Announced, most: Option<u32>, now: OffsetDateTime) -> Answered<Claimed> {
        let serial = SerialNumber::parse_hex(&announced.serial).ok_or("a serial number is none")?;
        let digest = announced.intent.digest();
        match self.pending.get(&serial) {
            None => Err(format!("{serial}: no sealed line announces it, or it was signed before").into()),
            Some(pending) if pending.digest != digest => {
                Err(format!("{serial}: it is not what the sealed line announces").into())
            }
            Some(pending) => {
                let request = pending.request.clone();
                let profile = &announced.intent.profile;
                if let Some(most) = most {
                    let room = self.rates.expect_room(profile, 1, most, now);
                    room.map_err(|rate| Refusal::from(rate).about(&serial))?;
                }
                self.rates.add(profile, now);
                self.taken(&serial);
                Ok(Claimed {
                    serial,
                    intent: announced.intent,
                    request,
                })
            }
        }
    }
}

/// Serial numbers, as many as a CA ever gives out: of each 64 bits of a keyed hash. That two of a million numbers have the same is less likely than that
/// the machine errs, and then one certificate is refused.
#[derive(Default)]
struct Used {
    keys: RandomState,
    hashes: HashSet<u64>,
}

impl Used {
    fn add(&mut self, serial: &SerialNumber) {
        self.hashes.insert(self.keys.hash_one(serial));
    }

    fn has(&self, serial: &SerialNumber) -> bool {
        self.hashes.contains(&self.keys.hash_one(serial))
    }
}

fn sign(key: &dyn Signer, message: &[u8]) -> Answered<Vec<u8>> {
    key.sign(message).map_err(|error| sentence(&error).into())
}

fn digits(bytes: &[u8]) -> String {
    encode(bytes, Separator::None)
}

fn refused(asked: &str, refusal: &Refusal) -> Entry {
    Entry::Refused {
        asked: asked.to_owned(),
        reason: refusal.reason.chars().take(MAX_REASON_CHARS).collect(),
    }
}
