//! The key at work.

mod crl;
mod memory;
mod refusal;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use thiserror::Error;

use crate::confinement::Confinement;
use crate::journal::{Entry, Journal, JournalError};
use crate::message::{Announced, Answer, CertifyResult, PROTOCOL, Refusal, Request, digits};
use crate::rates::WINDOW;
use crl::CrlContent;
use gsec_ca::authority::{AuthorityError, OpenCa};
use gsec_ca::home::{CaDir, INTENT, KeyFiles};
use gsec_ca::records::{AuditEnd, CommitLines};
use gsec_env::{Clock, cores, parallel_map};
use gsec_pki::key::{Signer, sha256};
use memory::{Claimed, Memory};
use refusal::{Answered, refused, sentence};

/// So many certificates may be announced and not yet asked for.
const MAX_PENDING: usize = 10_000;

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
    memory: Mutex<Memory>,
}

/// How many certificates of a profile are signed in an hour, by this process's own policy.
fn max_per_hour(opened: &OpenCa, profile: &str) -> Option<u32> {
    opened.authority().policy().ok()?.max_per_hour(profile)
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
        let memory = Memory::of(Journal::open(journal, clock.now() - WINDOW)?);
        Ok(Self {
            keys,
            is_apart,
            confinement: None,
            opened: RwLock::new(Arc::new(opened)),
            clock,
            memory: Mutex::new(memory),
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

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
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
        let _ = self.memory().journal.append(vec![entry], user, self.clock.now());
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
        let memory = self.memory();
        if let Some(log) = log {
            memory.expect_follows(&log)?;
        }
        memory
            .journal
            .expect_writable()
            .map_err(|error| sentence(&error))?;
        Ok(self.ready(&memory))
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
        let mut memory = self.memory();
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
            Some(log) => memory.expect_follows(&log)?,
            None => memory.expect_goes_on(&commit)?,
        }
        for (serial, _) in &commit.announced {
            memory.expect_unused(serial)?;
        }
        memory.forget_old(now);
        if memory.pending.len() + commit.announced.len() > MAX_PENDING {
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
        memory.append(vec![entry], user, now)?;
        Ok(Answer::Sealed {
            line: digits(&signature),
            head,
            head_signature: digits(&head_signature),
        })
    }

    /// A profile that nobody knows has no limit: that it is none, is told when it is certified with.
    fn room(&self, profile: &str, count: u32) -> Answered<Answer> {
        let most = max_per_hour(&*self.opened()?, profile);
        let mut memory = self.memory();
        if let Some(most) = most {
            memory.rates.expect_room(profile, count, most, self.clock.now())?;
        }
        Ok(self.ready(&memory))
    }

    fn ready(&self, memory: &Memory) -> Answer {
        Answer::Ready {
            journal: memory.journal.first().to_owned(),
            confinement: self.confinement.clone(),
        }
    }

    fn certify(&self, user: Option<u32>, announced: Vec<Announced>) -> Answered<Answer> {
        let opened = self.opened()?;
        let now = self.clock.now();
        let claimed: Vec<Answered<Claimed>> = {
            let mut memory = self.memory();
            memory.forget_old(now);
            announced
                .into_iter()
                .map(|announced| {
                    let most = max_per_hour(&opened, &announced.intent.profile);
                    memory.claim(announced, most, now)
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
        let mut memory = self.memory();
        for (claimed, certified) in claimed.iter().zip(&certified) {
            if let (Ok(claimed), Err(_)) = (claimed, certified) {
                memory.rates.take_back(&claimed.intent.profile);
            }
        }
        memory.append(entries, user, now)?;
        drop(memory);
        let results = certified.into_iter().map(|certified| match certified {
            Ok((_, certificate)) => CertifyResult::Certificate(digits(certificate.der())),
            Err(refusal) => CertifyResult::Refused(refusal),
        });
        Ok(Answer::Certified {
            results: results.collect(),
        })
    }
}

fn sign(key: &dyn Signer, message: &[u8]) -> Answered<Vec<u8>> {
    key.sign(message).map_err(|error| sentence(&error).into())
}
