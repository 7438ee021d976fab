//! The audit log as lines: what each says, what binds it to the line before, and what the CA key signs. Pure.
//!
//! A line is `{"seq":…,"time":…,"action":…,…,"prev":"…"}`. Where the CA key was open, the last line of a commit has
//! `"key":"…","signed_head":true` and ends in `"signature":"…"`: the key's signature over the line as it would be without `signature`.
//! With it comes a signed head, which names this line: see [`super::SignedHead`].

use serde_json::{Map, Value};

use super::head::{signed_head_line, with_signature};
use super::{AuditEntry, AuditHead, AuditSeal, AuditStamp};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::{KeyError, sha256};
use gsec_pki::x509::rfc3339;

/// The longest line that is read, and that is written; a line with a hundred long names has some 30 KiB.
pub(in crate::records) const MAX_LINE_OCTETS: u64 = 1024 * 1024;
/// What of a line is not details: its number, time, hash and a signature of at most 2 KiB.
const MAX_DETAIL_BYTES: usize = 1024 * 1024 - 16 * 1024;
pub(in crate::records) use super::entry::NOTHING_BEFORE;
/// Reports that the log is not the one the CA key vouched for: lines were cut off, another log was put in its
/// place, or there was no line at all where gsec had started a log.
pub const LOG_CUT: &str = "log.cut";
/// A line that tells that `audit.head` was missing or empty.
pub const HEAD_LOST: &str = "log.head_lost";
/// The changes for which the CA key is always open, so that the last line of each is signed.
pub const SIGNED_ACTIONS: [&str; 13] = [
    "ca.init",
    "ca.request",
    "ca.rekey",
    "ca.passphrase",
    "ca.sign",
    "quickstart",
    "cert.issue",
    "cert.ensure",
    "cert.sign",
    "cert.renew",
    "acme.issue",
    "ocsp.responder",
    "crl.update",
];
/// The SHA-256 that binds the next line to this one.
pub(crate) fn hash_of(line: &[u8]) -> String {
    encode(&sha256(line), Separator::None)
}

/// The end of a log: what the next line is bound to.
pub(in crate::records) struct Position {
    /// The number of the last line; 0 before the first.
    pub(in crate::records) sequence: u64,
    /// The hash of the last line.
    pub(in crate::records) head: String,
}

fn last_line(lines: &[u8]) -> Option<&[u8]> {
    lines.strip_suffix(b"\n")?.rsplit(|byte| *byte == b'\n').next()
}

/// Lines, and what comes with them.
pub(in crate::records) struct NewLines {
    /// The lines.
    pub(in crate::records) text: String,
    /// The hash of the last of them.
    pub(in crate::records) head: AuditHead,
    /// The content of `audit.head` after them; empty where they are not signed.
    pub(in crate::records) signed_head: String,
}

/// The text of a log that starts with these entries.
///
/// # Errors
/// [`KeyError`] when the key does not sign.
pub(in crate::records) fn first_lines(
    entries: &[AuditEntry],
    stamp: &AuditStamp<'_>,
) -> Result<NewLines, KeyError> {
    lines(Position::after(b""), &entries.iter().collect::<Vec<_>>(), stamp)
}

impl Position {
    /// After these whole lines. A last line that is not gsec's own is bound all the same; `ca log --verify` tells.
    pub(in crate::records) fn after(lines: &[u8]) -> Self {
        let Some(line) = last_line(lines) else {
            return Self {
                sequence: 0,
                head: NOTHING_BEFORE.into(),
            };
        };
        let sequence = serde_json::from_slice::<Value>(line)
            .ok()
            .and_then(|line| line.get("seq")?.as_u64())
            .unwrap_or_default();
        Self {
            sequence,
            head: hash_of(line),
        }
    }
}

/// The lines of one commit after a position; the last is signed when the stamp has a seal.
///
/// # Errors
/// [`KeyError`] when the key does not sign.
pub(in crate::records) fn lines(
    mut position: Position,
    entries: &[&AuditEntry],
    stamp: &AuditStamp<'_>,
) -> Result<NewLines, KeyError> {
    let mut text = String::new();
    let time = rfc3339(stamp.time);
    for (index, entry) in entries.iter().enumerate() {
        let seal = stamp.seal.filter(|_| index + 1 == entries.len());
        position.sequence += 1;
        let line = line(&position, entry, &time, seal, &text)?;
        position.head = hash_of(line.as_bytes());
        text.push_str(&line);
        text.push('\n');
    }
    let signed_head = match stamp.seal {
        Some(seal) => signed_head_line(position.sequence, &position.head, seal)?,
        None => String::new(),
    };
    Ok(NewLines {
        text,
        head: AuditHead(position.head),
        signed_head,
    })
}

fn line(
    position: &Position,
    entry: &AuditEntry,
    time: &str,
    seal: Option<&dyn AuditSeal>,
    before: &str,
) -> Result<String, KeyError> {
    let mut fields = Map::new();
    fields.insert("seq".into(), position.sequence.into());
    fields.insert("time".into(), time.into());
    fields.insert("action".into(), entry.action.into());
    fields.extend(
        entry
            .serial
            .iter()
            .map(|serial| ("serial".to_owned(), Value::from(serial.to_string()))),
    );
    fields.extend(bounded(&entry.details));
    if let Some(seal) = seal {
        fields.extend([
            ("key".to_owned(), Value::from(seal.key())),
            ("signed_head".to_owned(), true.into()),
        ]);
    }
    fields.insert("prev".into(), position.head.clone().into());
    let unsigned = Value::Object(fields).to_string();
    let Some(seal) = seal else { return Ok(unsigned) };
    let signature = seal.sign_line(before, unsigned.as_bytes())?;
    Ok(with_signature(unsigned.as_bytes(), &signature))
}

/// The details of an entry. Where they would make the line too long to read, the longest are replaced by
/// their digest.
fn bounded(details: &Map<String, Value>) -> Map<String, Value> {
    let mut lengths: Vec<(usize, &String, String)> = details
        .iter()
        .map(|(key, value)| (value.to_string(), key))
        .map(|(text, key)| (text.len(), key, text))
        .collect();
    let mut total: usize = lengths.iter().map(|(length, ..)| length).sum();
    let mut bounded = details.clone();
    lengths.sort_by_key(|(length, ..)| *length);
    while total > MAX_DETAIL_BYTES
        && let Some((length, key, text)) = lengths.pop()
    {
        let digest = format!("{length} bytes with SHA-256 {}", hash_of(text.as_bytes()));
        total = total - length + digest.len();
        bounded.insert(key.clone(), digest.into());
    }
    bounded
}

#[cfg(test)]
mod tests {
    use super::super::head::SIGNATURE;
    use super::*;
    use time::macros::datetime;

    #[test]
    fn the_last_line_of_a_commit_is_signed_as_it_stands_without_signature() {
        struct Reversed;
        impl AuditSeal for Reversed {
            fn key(&self) -> String {
                "0a".into()
            }

            fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
                Ok(message.iter().rev().copied().collect())
            }
        }
        let stamp = AuditStamp {
            time: datetime!(2026-11-25 10:00:00 UTC),
            seal: Some(&Reversed),
        };
        let NewLines {
            text, signed_head, ..
        } = first_lines(
            &[AuditEntry::new("ca.init"), AuditEntry::new("cert.issue")],
            &stamp,
        )
        .expect("signed");
        assert!(signed_head.starts_with("{\"seq\":2,\"head\":\""), "{signed_head}");
        let lines: Vec<&str> = text.lines().collect();
        assert!(!lines[0].contains(SIGNATURE));
        let (signed, signature) = lines[1].split_once(SIGNATURE).expect("signed");
        let message: Vec<u8> = format!("{signed}}}").bytes().rev().collect();
        assert_eq!(
            signature.trim_end_matches("\"}"),
            encode(&message, Separator::None)
        );
    }

    #[test]
    fn key_that_does_not_sign_gives_its_reason_and_no_line() {
        struct Locked;
        impl AuditSeal for Locked {
            fn key(&self) -> String {
                "0a".into()
            }

            fn sign(&self, _message: &[u8]) -> Result<Vec<u8>, KeyError> {
                Err(KeyError::Signing("the PIN is locked".into()))
            }
        }
        let stamp = AuditStamp {
            time: datetime!(2026-11-25 10:00:00 UTC),
            seal: Some(&Locked),
        };
        let refused = first_lines(&[AuditEntry::new("cert.issue")], &stamp)
            .err()
            .expect("no line");
        assert_eq!(refused.to_string(), "cannot sign: the PIN is locked");
    }
}
