//! The audit log, looked at: is it whole, and does it tell of everything that the index has?

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use super::{Authority, AuthorityError};
use crate::encoding::hex::{Separator, encode};
use crate::key::{PublicKey, SignatureAlgorithm, SignatureCheck, verify_signature};
use crate::store::{AuditFields, AuditLine, AuditReader, BrokenLink, CaDir, ChainCheck, IndexEntry, IndexReader};
use crate::x509::Certificate;

/// Of thousands of serial numbers, so many are named.
const MAX_NAMED: usize = 20;

/// What was found in the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogCheck {
    /// Whole lines.
    pub lines: u64,
    /// Lines that are signed by the CA key.
    pub signed: u64,
    /// Lines after the last one that is signed: nothing but the chain binds them.
    pub unsigned_at_end: u64,
    /// The hash of the last line; `None` for an empty log.
    pub head: Option<String>,
    /// The first place where the chain does not hold.
    pub broken: Option<BrokenLink>,
    /// The first signature that is not the CA key's.
    pub bad_signature: Option<BrokenLink>,
    /// Whether the last line is unterminated, as after a crash.
    pub torn: bool,
    /// Whether the head that was expected is there; `None` when none was.
    pub expected_head_found: Option<bool>,
    /// Records that the log does not announce: of `openssl ca`, or from before the log.
    pub unannounced: Named,
    /// Of these, those that stand in the index after one that the log announces; all where the log begins with the CA.
    pub unannounced_since: Named,
    /// Announced certificates that have no record: a crash between the two.
    pub unrecorded: Named,
}

/// Serial numbers: how many, and the first of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub first: Vec<String>,
}

impl Named {
    pub(super) fn add(&mut self, serial: &str) {
        self.count += 1;
        if self.first.len() < MAX_NAMED {
            self.first.push(serial.to_owned());
        }
    }
}

impl LogCheck {
    /// Whether the log is whole: every line in its place, and signed by the CA key where it is signed.
    pub fn is_sound(&self) -> bool {
        self.broken.is_none() && self.bad_signature.is_none() && self.expected_head_found != Some(false)
    }
}

/// How far every signature is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signatures {
    /// The last one, which stands for all lines before it: they are bound to it by the chain.
    Last,
    /// Each.
    All,
}

/// What is asked of the log, beside its chain.
pub struct LogQuestion<'a> {
    /// A head that it must have.
    pub expected_head: Option<&'a str>,
    /// How far signatures are checked.
    pub signatures: Signatures,
    /// The CA's certificates, present and past: whose keys may have signed.
    pub signers: &'a [&'a Certificate],
    /// Whether it is compared with the index.
    pub has_index: bool,
}

impl Authority {
    /// Checks the chain of the log, its signatures, and that log and index tell of the same certificates.
    ///
    /// # Errors
    /// [`AuthorityError::Store`] when log or index cannot be read.
    pub fn check_log(&self, expected_head: Option<&str>, signatures: Signatures) -> Result<LogCheck, AuthorityError> {
        let signers: Vec<&Certificate> = self.trusted().collect();
        check_log(self.directory(), &LogQuestion { expected_head, signatures, signers: &signers, has_index: true }, &mut |_| {})
    }
}

/// Checks the log of a directory whatever else is wrong there: its chain, its signatures, and that log and index tell of the same
/// certificates. Calls `visit` with what each line says, in their order.
///
/// Takes some 20 octets of memory for each certificate.
///
/// # Errors
/// [`AuthorityError::Store`] when log or index cannot be read.
pub fn check_log(directory: &CaDir, question: &LogQuestion<'_>, visit: &mut dyn FnMut(&AuditFields)) -> Result<LogCheck, AuthorityError> {
    let (mut check, mut chain) = (LogCheck::default(), ChainCheck::default());
    let (hasher, mut announced) = (RandomState::new(), HashMap::new());
    let (mut last_signed, mut begins_with_the_ca) = (None, false);
    AuditReader::open(directory)?.for_each_decoded(&mut |decoded| {
        if !decoded.line.is_whole {
            check.torn = true;
            return;
        }
        check.lines += 1;
        chain.follow(&decoded);
        if question.expected_head.is_some_and(|head| head.eq_ignore_ascii_case(chain.head())) {
            check.expected_head_found = Some(chain.broken.is_none());
        }
        let Some(fields) = decoded.fields else { return };
        visit(&fields);
        begins_with_the_ca |= check.lines == 1 && !BEGUN_LATER.contains(&fields.action.as_str());
        if let (Some(serial), true) = (&fields.serial, announces(&fields.action)) {
            *announced.entry(hasher.hash_one(serial)).or_insert(0u8) |= ANNOUNCED;
        }
        if fields.key.is_some() {
            check.signed += 1;
            check.unsigned_at_end = 0;
            if question.signatures == Signatures::All {
                check_signature(question.signers, &decoded.line, &mut check);
            }
            last_signed = Some(decoded.line);
        } else {
            check.unsigned_at_end += 1;
        }
    })?;
    if let (Some(line), Signatures::Last) = (&last_signed, question.signatures) {
        check_signature(question.signers, line, &mut check);
    }
    if question.expected_head.is_some() && check.expected_head_found.is_none() {
        check.expected_head_found = Some(false);
    }
    check.head = (check.lines > 0).then(|| chain.head().to_owned());
    check.broken = chain.broken;
    if question.has_index {
        compare_with_index(directory, begins_with_the_ca, &hasher, announced, &mut check)?;
    }
    Ok(check)
}

fn check_signature(signers: &[&Certificate], line: &AuditLine, check: &mut LogCheck) {
    let key = line.fields().and_then(|fields| fields.key).unwrap_or_default();
    let problem = match (key_of_log(signers, &key), line.signature()) {
        (Some(public), Some((message, signature))) if is_signed_by(public, &message, &signature) => return,
        (Some(_), Some(_)) => "its signature is not the CA key's over what it says",
        (Some(_), None) => "it names a key and has no signature",
        (None, _) => "it is signed by a key that was never this CA's",
    };
    check.bad_signature.get_or_insert(BrokenLink { line: line.number, problem: problem.into() });
}

/// The CA's key, present or past, that has this identifier.
fn key_of_log<'a>(signers: &[&'a Certificate], identifier: &str) -> Option<&'a PublicKey> {
    let has_it = |certificate: &&&Certificate| encode(&certificate.public_key().key_identifier(), Separator::None) == identifier;
    signers.iter().find(has_it).map(|certificate| certificate.public_key())
}

/// Records without a line, and lines without a record.
fn compare_with_index(
    directory: &CaDir,
    begins_with_the_ca: bool,
    hasher: &RandomState,
    mut announced: HashMap<u64, u8>,
    check: &mut LogCheck,
) -> Result<(), AuthorityError> {
    let mut has_begun = begins_with_the_ca;
    for entry in IndexReader::open(directory)? {
        let IndexEntry::Record(record) = entry? else { continue };
        let serial = record.serial.to_string();
        match announced.get_mut(&hasher.hash_one(&serial)) {
            Some(seen) => {
                *seen |= RECORDED;
                has_begun = true;
            }
            None => {
                check.unannounced.add(&serial);
                if has_begun {
                    check.unannounced_since.add(&serial);
                }
            }
        }
    }
    if announced.values().all(|seen| *seen & RECORDED != 0) {
        return Ok(());
    }
    // Rare, so the log is read once more for their names.
    for line in AuditReader::open(directory)? {
        let Some(fields) = line?.fields() else { continue };
        let serial = fields.serial.filter(|_| announces(&fields.action)).unwrap_or_default();
        if announced.get(&hasher.hash_one(&serial)) == Some(&ANNOUNCED) {
            check.unrecorded.add(&serial);
        }
    }
    Ok(())
}

/// What the first line of a log tells that was begun after the CA: the CA had issued before, without announcing it.
const BEGUN_LATER: [&str; 2] = ["log.begin", "ca.adopt"];
const ANNOUNCED: u8 = 1;
const RECORDED: u8 = 2;

/// Whether lines of this action announce a new record.
fn announces(action: &str) -> bool {
    !matches!(action, "cert.revoke" | "cert.unhold" | "cert.restore" | "doctor.fix")
}

fn is_signed_by(key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    let Some(algorithm) = SignatureAlgorithm::made_with(key) else { return false };
    verify_signature(key, &algorithm.identifier_der(), message, signature) == SignatureCheck::Good
}
