//! The journal beside what the CA remembers: whatever the signer signed must be known there.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::ops::ControlFlow;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use crate::journal::{Entry, JournalError, follow};
use crate::message::digits;
use crate::{JOURNAL_NAME, SOCKET_NAME};
use gsec_ca::authority::{Authority, AuthorityError};
use gsec_ca::home::{CaDir, HostFile, INTENT};
use gsec_ca::records::Entry as Recorded;
use gsec_pki::key::sha256;
use gsec_pki::x509::SerialNumber;

/// A line of the log that is signed is written a moment later: so often is looked again, and after so long.
const LOOKS: usize = 3;
const PAUSE: Duration = Duration::from_millis(100);

/// Where the journal of a CA directory is: in it; or where a signer with a directory of its own has it, to which the link of its socket leads.
pub fn journal_of(directory: &CaDir) -> PathBuf {
    let beside = directory.conf().join(JOURNAL_NAME);
    let apart = || {
        let socket = std::fs::read_link(directory.conf().join(SOCKET_NAME)).ok()?;
        Some(CaDir::at(socket.parent()?).conf().join(JOURNAL_NAME))
    };
    match beside.symlink_metadata() {
        Ok(_) => beside,
        Err(_) => apart().unwrap_or(beside),
    }
}

/// In what the journal and the CA's memory contradict each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contradiction {
    /// The journal was altered, or lines were taken out of it.
    Damaged {
        /// Where, and how.
        problem: String,
    },
    /// A certificate was signed that `ca.db` has no record of.
    Unrecorded {
        /// Its serial number.
        serial: SerialNumber,
        /// SHA-256 of its DER.
        sha256: String,
    },
    /// A certificate was signed that no line of the log announces as it was signed.
    Unannounced {
        /// Its serial number.
        serial: SerialNumber,
    },
    /// The CA's copy of a certificate is not what was signed.
    OtherCopy {
        /// Its serial number.
        serial: SerialNumber,
    },
    /// A line was signed that the log does not have: it was cut.
    SealMissing {
        /// The number of the line.
        line: u64,
    },
    /// A line was signed that is another one in the log: it was made anew.
    SealDiffers {
        /// The number of the line.
        line: u64,
    },
    /// The log has a line for the signer that the journal does not have: the journal was cut.
    SealUnknown {
        /// The number of the line.
        line: u64,
    },
    /// The CRL in use is older than one that was signed.
    CrlWentBack {
        /// Its number.
        present: SerialNumber,
        /// The number of the newest that was signed.
        signed: SerialNumber,
    },
}

impl Contradiction {
    /// Its name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Damaged { .. } => "journal_damaged",
            Self::Unrecorded { .. } => "certificate_unrecorded",
            Self::Unannounced { .. } => "certificate_unannounced",
            Self::OtherCopy { .. } => "certificate_differs",
            Self::SealMissing { .. } => "log_line_missing",
            Self::SealDiffers { .. } => "log_line_differs",
            Self::SealUnknown { .. } => "journal_line_missing",
            Self::CrlWentBack { .. } => "crl_went_back",
        }
    }
}

impl fmt::Display for Contradiction {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged { problem } => out.write_str(problem),
            Self::Unrecorded { serial, sha256 } => {
                write!(
                    out,
                    "certificate {serial} was signed, and ca.db has no record of it (sha256 {sha256})"
                )
            }
            Self::Unannounced { serial } => {
                write!(
                    out,
                    "certificate {serial} was signed, and no line of audit.log announces it as it was signed"
                )
            }
            Self::OtherCopy { serial } => {
                write!(
                    out,
                    "the CA's copy of certificate {serial} is not the certificate that was signed"
                )
            }
            Self::SealMissing { line } => {
                write!(
                    out,
                    "line {line} of audit.log was signed, and is missing: the log was cut, or a command ended before it wrote it"
                )
            }
            Self::SealDiffers { line } => {
                write!(
                    out,
                    "line {line} of audit.log is not the line that was signed: the log was rewritten"
                )
            }
            Self::SealUnknown { line } => {
                write!(
                    out,
                    "line {line} of audit.log is for the signer, and its journal does not have it: the journal was cut"
                )
            }
            Self::CrlWentBack { present, signed } => {
                write!(
                    out,
                    "the CRL has number {present}, and number {signed} was signed"
                )
            }
        }
    }
}

/// What a journal comes to beside what the CA remembers.
#[derive(Debug, Default)]
pub struct Comparison {
    /// How many lines it has, up to the first that is damaged.
    pub lines: u64,
    /// How many certificates were signed.
    pub certificates: u64,
    /// How many lines of the log were.
    pub seals: u64,
    /// How many CRLs were.
    pub crls: u64,
    /// How many requests were refused.
    pub refused: u64,
    /// The first line of the log that was signed.
    pub first_line: Option<u64>,
    /// How many lines of the log before that are for a signer: of an earlier journal.
    pub older: u64,
    /// Lines of the log that were signed, and whose places others took before anything came of them.
    pub replaced: Vec<u64>,
    /// Certificates that were signed and of which the CA has no copy, so that they were not compared.
    pub without_copy: Vec<SerialNumber>,
    /// Whether it is in other hands than the CA directory. What is in the same hands can be changed together.
    pub is_apart: bool,
    /// What is wrong.
    pub contradictions: Vec<Contradiction>,
}

/// Compares a journal with the audit log, the records and the CA's copies.
///
/// # Errors
/// [`JournalError::Io`] when it cannot be read; [`AuthorityError`] when the records cannot.
pub fn compare_journal(
    authority: &Authority,
    path: &Path,
) -> Result<Result<Comparison, JournalError>, AuthorityError> {
    let mut looks = 0;
    loop {
        looks += 1;
        let compared = match look(authority, path)? {
            Ok(compared) => compared,
            Err(error) => return Ok(Err(error)),
        };
        // What the signer signs while this is read is in one of the two first.
        if compared.contradictions.is_empty() || looks == LOOKS {
            return Ok(Ok(compared));
        }
        std::thread::sleep(PAUSE);
    }
}

/// What the journal says, and what of it still stands.
#[derive(Default)]
struct Signed {
    /// Serial numbers with the digest of the intent and SHA-256 of the certificate.
    certificates: Vec<(SerialNumber, String, String)>,
    /// Lines of the log, with the head of the log at each.
    seals: BTreeMap<u64, String>,
    /// What these lines announce.
    announced: HashSet<SerialNumber>,
    /// The last line, as long as nothing has come of it: its number, the head before it, and what it announces.
    unused: Option<(u64, String, Vec<SerialNumber>)>,
    /// The largest number of a CRL, by key.
    crls: HashMap<String, SerialNumber>,
}

impl Signed {
    fn take(&mut self, entry: Entry, compared: &mut Comparison) {
        compared.lines += 1;
        match entry {
            Entry::Seal {
                log_seq,
                log_head,
                log_prev,
                announced,
                ..
            } => {
                compared.seals += 1;
                compared.first_line.get_or_insert(log_seq);
                let is_in_its_place =
                    |(_, prev, _): &mut (u64, String, Vec<_>)| !prev.is_empty() && *prev == log_prev;
                if let Some((line, _, announced)) = self.unused.take_if(is_in_its_place) {
                    compared.replaced.push(line);
                    self.seals.remove(&line);
                    announced.iter().for_each(|serial| {
                        self.announced.remove(serial);
                    });
                }
                let announced = announced
                    .iter()
                    .filter_map(|(serial, _)| SerialNumber::parse_hex(serial))
                    .collect::<Vec<_>>();
                self.announced.extend(announced.iter().cloned());
                self.seals.insert(log_seq, log_head);
                self.unused = Some((log_seq, log_prev, announced));
            }
            Entry::Certificate {
                serial,
                intent,
                sha256,
                ..
            } => {
                compared.certificates += 1;
                if let Some(serial) = SerialNumber::parse_hex(&serial) {
                    self.unused
                        .take_if(|(_, _, announced)| announced.contains(&serial));
                    self.certificates.push((serial, intent, sha256));
                }
            }
            Entry::Crl { number, key, .. } => {
                compared.crls += 1;
                if let Some(number) = SerialNumber::parse_hex(&number) {
                    self.crls.insert(key, number);
                }
            }
            Entry::Refused { .. } => compared.refused += 1,
        }
    }
}

fn look(authority: &Authority, path: &Path) -> Result<Result<Comparison, JournalError>, AuthorityError> {
    // What comes to the log after the journal was read is not in it.
    let lines_before = lines_of(authority)?;
    let (mut compared, mut signed) = (Comparison::default(), Signed::default());
    let mut found = Vec::new();
    let is_damaged = match follow(path, &mut |entry, _| signed.take(entry, &mut compared)) {
        Ok(()) => false,
        Err(error @ JournalError::Io { .. }) => return Ok(Err(error)),
        Err(error) => {
            found.push(Contradiction::Damaged {
                problem: error.to_string(),
            });
            true
        }
    };
    let mut announced: HashMap<SerialNumber, String> = HashMap::new();
    authority.records().audit_lines(&mut |line| {
        if !line.is_whole {
            return ControlFlow::Break(());
        }
        if let Some(head) = signed.seals.remove(&line.number)
            && head != digits(&sha256(&line.text))
        {
            found.push(Contradiction::SealDiffers { line: line.number });
        }
        if let Some((serial, intent)) = announcement(&line.text) {
            let is_new = line.number > lines_before;
            match compared.first_line {
                _ if signed.announced.contains(&serial) || is_new || is_damaged => {}
                Some(first) if line.number >= first => {
                    found.push(Contradiction::SealUnknown { line: line.number });
                }
                _ => compared.older += 1,
            }
            announced.insert(serial, intent);
        }
        ControlFlow::Continue(())
    })?;
    found.extend(
        signed
            .seals
            .keys()
            .map(|line| Contradiction::SealMissing { line: *line }),
    );
    let mut recorded = HashSet::new();
    authority.records().visit(&mut |_, entry| {
        if let Recorded::Record(record) = entry {
            recorded.insert(record.serial);
        }
        ControlFlow::Continue(())
    })?;
    for (serial, intent, sha256_of) in signed.certificates {
        let copy = authority.records().certificate(&serial)?;
        let is_other = match copy {
            Some(copy) => digits(&sha256(copy.der())) != sha256_of,
            // Something is there, and not of this number.
            None if authority.records().has(&serial, None, HostFile::OwnCopy) => true,
            None => {
                compared.without_copy.push(serial.clone());
                false
            }
        };
        if is_other {
            found.push(Contradiction::OtherCopy {
                serial: serial.clone(),
            });
        }
        if announced.get(&serial) != Some(&intent) {
            found.push(Contradiction::Unannounced {
                serial: serial.clone(),
            });
        }
        if !recorded.contains(&serial) {
            found.push(Contradiction::Unrecorded {
                serial,
                sha256: sha256_of,
            });
        }
    }
    found.extend(crl_that_went_back(authority, &signed.crls)?);
    compared.is_apart = owner(path) != owner(&authority.directory().conf());
    compared.contradictions = found;
    Ok(Ok(compared))
}

fn lines_of(authority: &Authority) -> Result<u64, AuthorityError> {
    let mut lines = 0;
    authority.records().audit_lines(&mut |line| {
        if line.is_whole {
            lines = line.number;
        }
        ControlFlow::Continue(())
    })?;
    Ok(lines)
}

/// What a line announces to a signer: the serial number of a certificate, and the digest of what will be asked for it.
fn announcement(line: &[u8]) -> Option<(SerialNumber, String)> {
    let fields: Value = serde_json::from_slice(line).ok()?;
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    Some((
        SerialNumber::parse_hex(text("serial")?)?,
        text(INTENT)?.to_owned(),
    ))
}

fn crl_that_went_back(
    authority: &Authority,
    signed: &HashMap<String, SerialNumber>,
) -> Result<Option<Contradiction>, AuthorityError> {
    let key = authority.certificate().public_key().key_identifier();
    let Some(signed) = signed.get(&digits(&key)) else {
        return Ok(None);
    };
    let crl = authority.present_crl()?;
    let present = crl.as_ref().and_then(|crl| crl.number());
    Ok(present
        .filter(|present| *present < signed)
        .map(|present| Contradiction::CrlWentBack {
            present: present.clone(),
            signed: signed.clone(),
        }))
}

fn owner(path: &Path) -> Option<u32> {
    path.metadata().ok().map(|found| found.uid())
}
