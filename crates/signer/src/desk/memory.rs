//! What the signer remembers from one request to the next, all of it by its journal.

use std::cmp::Ordering;
use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use time::OffsetDateTime;

use super::refusal::{Answered, sentence};
use crate::journal::{Entry, Journal, Opened};
use crate::message::{Announced, Refusal};
use crate::rates::Rates;
use gsec_ca::home::{Intent, MAX_INTENT_AGE};
use gsec_ca::records::{AuditEnd, CommitLines};
use gsec_pki::x509::{CrlBuilder, MAX_SERIAL_BYTES, SerialNumber};

/// So many lines of the log may be without a signature between two that are sealed; where the log cannot be looked at, its numbers grow no faster.
const MAX_UNSEALED: u64 = 1_000_000;
/// A log that a new journal begins to follow ends before this line.
const MAX_FIRST: u64 = 1 << 40;

/// What the signer remembers.
pub(super) struct Memory {
    pub(super) journal: Journal,
    /// Announced, and not yet signed.
    pub(super) pending: HashMap<SerialNumber, Pending>,
    /// The number of the last line that was sealed.
    log_seq: u64,
    /// The head of the log with it.
    log_head: String,
    /// Serial numbers that were certified.
    used: Used,
    /// How many certificates of each profile were signed, or are being signed, in the last hour.
    pub(super) rates: Rates,
    /// The commit that was sealed last, as long as nothing was signed that came of it.
    unused: Option<Unused>,
    /// The largest number of a CRL for each key. A part has that of the whole CRL that is signed with it.
    pub(super) crl_numbers: HashMap<String, SerialNumber>,
    /// The CRL that was last found to list all that is revoked: its number, and the digest of its entries.
    pub(super) whole: Option<(SerialNumber, Vec<u8>)>,
    /// The last CRL that this process found to list all that is revoked.
    pub(super) last: CrlBuilder,
}

/// A certificate that a sealed line announces.
pub(super) struct Pending {
    /// The digest of the intent.
    digest: String,
    sealed: OffsetDateTime,
    /// Which request it is for, as the line calls it: for the journal, and nothing is decided by it.
    request: Option<String>,
}

/// What was announced, and is being signed.
pub(super) struct Claimed {
    pub(super) serial: SerialNumber,
    pub(super) intent: Intent,
    pub(super) request: Option<String>,
}

/// A commit that was sealed, and of which nothing has come: whoever asked for the seal may have ended before it had the log written.
struct Unused {
    /// The head of the log before it.
    prev: String,
    /// What it announces.
    announced: Vec<SerialNumber>,
}

impl Memory {
    /// What a journal leaves to be remembered.
    pub(super) fn of(opened: Opened) -> Self {
        let mut memory = Self {
            journal: opened.journal,
            pending: HashMap::new(),
            log_seq: 0,
            log_head: String::new(),
            used: Used::default(),
            rates: Rates::default(),
            unused: None,
            crl_numbers: HashMap::new(),
            whole: None,
            last: CrlBuilder::new(),
        };
        let earlier = opened.earlier.iter();
        for serial in earlier.filter_map(|text| SerialNumber::parse_hex(text)) {
            memory.used.add(&serial);
        }
        for (time, profile) in &opened.recent {
            memory.rates.add(profile, *time);
        }
        for (time, entry) in opened.entries {
            memory.count(&entry, time);
            memory.take(entry, time);
        }
        memory
    }

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
    pub(super) fn append(
        &mut self,
        entries: Vec<Entry>,
        user: Option<u32>,
        now: OffsetDateTime,
    ) -> Answered<()> {
        self.journal
            .append(entries.clone(), user, now)
            .map_err(|error| sentence(&error))?;
        for entry in entries {
            self.take(entry, now);
        }
        Ok(())
    }

    /// What was announced and not asked for in time is not signed any more.
    pub(super) fn forget_old(&mut self, now: OffsetDateTime) {
        self.pending
            .retain(|_, pending| pending.sealed + MAX_INTENT_AGE >= now);
    }

    /// Whether a commit that follows `prev` may take the place of the one that was sealed last: that one followed it too, and nothing came of it.
    fn can_take_the_place(&self, prev: &str) -> bool {
        let unused = self.unused.as_ref();
        unused.is_some_and(|unused| !unused.prev.is_empty() && unused.prev == prev)
    }

    /// Whether the next line can follow the log as it ends: what was sealed last is in it, or came to nothing.
    pub(super) fn expect_follows(&self, log: &AuditEnd) -> Answered<()> {
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
    pub(super) fn expect_goes_on(&self, commit: &CommitLines) -> Answered<()> {
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
    pub(super) fn expect_unused(&self, serial: &SerialNumber) -> Answered<()> {
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
    pub(super) fn claim(
        &mut self,
        announced: Announced,
        most: Option<u32>,
        now: OffsetDateTime,
    ) -> Answered<Claimed> {
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
