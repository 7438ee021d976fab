//! The lines of one commit, as the process reads them that signs the last of them without having written the log.

use serde_json::Value;

use super::chain::hash_of;
use super::head::{head_message, with_signature};
use gsec_pki::x509::SerialNumber;

/// What the lines of a commit are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitLines {
    /// The number of the last line.
    pub seq: u64,
    /// How many they are.
    pub lines: u64,
    /// What the first line is bound to.
    pub prev: String,
    /// What they announce: serial numbers, each with the digest of what will be asked for it.
    pub announced: Vec<(SerialNumber, String)>,
    /// Which request it was for, as whoever took that calls it; of those that say so in a word of letters, digits, `-` and `_`.
    pub requests: Vec<(SerialNumber, String)>,
    key: String,
    line: Vec<u8>,
}

/// Why lines are not the lines of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommitFault {
    /// A line is no line of an audit log.
    #[error("a line of the commit is not one of an audit log")]
    Line,
    /// A line is not bound to the one before.
    #[error("a line of the commit does not follow the one before it")]
    Chain,
    /// The last line does not say which key is to sign it, or another line does.
    #[error("the last line of a commit, and no other, names the key that signs it")]
    Key,
}

/// The key of the id that the request has which a certificate is issued for, in the line of the audit log.
pub const REQUEST_ID: &str = "request_id";
/// The longest id.
const MAX_REQUEST_ID: usize = 64;

fn is_word(id: &str) -> bool {
    let is_of_word = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    (1..=MAX_REQUEST_ID).contains(&id.len()) && id.bytes().all(is_of_word)
}

impl CommitLines {
    /// Reads the lines before the last, each with its line feed, and the last as it will be signed. `fact` is the key of the digests.
    ///
    /// # Errors
    /// [`CommitFault`].
    pub fn read(before: &str, last: &[u8], fact: &str) -> Result<Self, CommitFault> {
        let mut lines: Vec<&[u8]> = Vec::new();
        for line in before.split_terminator('\n') {
            lines.push(line.as_bytes());
        }
        lines.push(last);
        let (mut announced, mut first, mut end) = (Vec::new(), None, None::<(u64, String)>);
        let (mut key, mut requests) = (None, Vec::new());
        for line in &lines {
            let fields: Value = serde_json::from_slice(line).map_err(|_| CommitFault::Line)?;
            let text = |name: &str| fields.get(name).and_then(Value::as_str);
            let (Some(seq), Some(prev)) = (fields.get("seq").and_then(Value::as_u64), text("prev")) else {
                return Err(CommitFault::Line);
            };
            if key.is_some() || text("signature").is_some() {
                return Err(CommitFault::Key);
            }
            key = text("key").map(str::to_owned);
            match &end {
                None => first = Some(prev.to_owned()),
                Some((before, hash)) if before.checked_add(1) == Some(seq) && hash == prev => {}
                Some(_) => return Err(CommitFault::Chain),
            }
            if let (Some(serial), Some(digest)) =
                (text("serial").and_then(SerialNumber::parse_any_hex), text(fact))
            {
                let request = text(REQUEST_ID).filter(|id| is_word(id));
                requests.extend(request.map(|id| (serial.clone(), id.to_owned())));
                announced.push((serial, digest.to_owned()));
            }
            end = Some((seq, hash_of(line)));
        }
        match (end, first, key) {
            (Some((seq, _)), Some(prev), Some(key)) => Ok(Self {
                seq,
                lines: lines.len() as u64,
                prev,
                announced,
                requests,
                key,
                line: last.to_vec(),
            }),
            _ => Err(CommitFault::Key),
        }
    }

    /// Which key is to sign: its key identifier in hexadecimal digits.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The head of the log once the last line has its signature.
    pub fn head_with(&self, signature: &[u8]) -> String {
        hash_of(with_signature(&self.line, signature).as_bytes())
    }

    /// What `audit.head` is to say then, as it is signed.
    pub fn head_message(&self, signature: &[u8]) -> String {
        head_message(self.seq, &self.head_with(signature), &self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::audit::chain::first_lines;
    use crate::records::{AuditEntry, AuditSeal, AuditStamp};
    use gsec_pki::key::KeyError;
    use std::sync::Mutex;

    /// Keeps what it is given to sign, and signs with one byte.
    #[derive(Default)]
    struct Kept(Mutex<Vec<(String, Vec<u8>)>>);

    impl AuditSeal for Kept {
        fn key(&self) -> String {
            "0a".into()
        }

        fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
            self.sign_line("", message)
        }

        fn sign_line(&self, before: &str, line: &[u8]) -> Result<Vec<u8>, KeyError> {
            self.0
                .lock()
                .expect("one thread")
                .push((before.to_owned(), line.to_vec()));
            Ok(vec![7])
        }
    }

    fn serial(digits: &str) -> SerialNumber {
        SerialNumber::parse_hex(digits).expect("digits")
    }

    fn signed() -> Vec<(String, Vec<u8>)> {
        let kept = Kept::default();
        let entry = |number: &str, digest: &str| {
            AuditEntry::new("cert.issue")
                .with("intent", digest)
                .about(&serial(number))
        };
        let stamp = AuditStamp {
            time: time::macros::datetime!(2026-11-25 10:00:00 UTC),
            seal: Some(&kept),
        };
        first_lines(&[entry("0A", "aa"), entry("0B", "bb")], &stamp).expect("signed");
        kept.0.into_inner().expect("one thread")
    }

    #[test]
    fn lines_say_what_is_announced_and_what_the_head_will_be() {
        let signed = signed();
        let (before, last) = &signed[0];
        let commit = CommitLines::read(before, last, "intent").expect("a commit");
        assert_eq!(commit.seq, 2);
        assert_eq!(commit.key(), "0a");
        assert_eq!(
            commit.announced,
            [(serial("0A"), "aa".to_owned()), (serial("0B"), "bb".to_owned())]
        );
        let head = String::from_utf8(signed[1].1.clone()).expect("text");
        assert_eq!(commit.head_message(&[7]), head);
    }

    #[test]
    fn id_of_a_request_is_a_short_word_or_none() {
        let line = |id: &str| {
            let id = serde_json::to_string(id).expect("text");
            format!(
                "{{\"seq\":1,\"serial\":\"0A\",\"intent\":\"aa\",\"request_id\":{id},\"key\":\"0a\",\"prev\":\"\"}}"
            )
        };
        let request = |id: &str| {
            let commit = CommitLines::read("", line(id).as_bytes(), "intent").expect("a commit");
            assert_eq!(commit.announced, [(serial("0A"), "aa".to_owned())], "{id}");
            commit.requests.into_iter().next().map(|(_, id)| id)
        };
        let longest = "x".repeat(64);
        for id in ["a", "Yw_-09", &longest] {
            assert_eq!(request(id).as_deref(), Some(id));
        }
        let longer = "x".repeat(65);
        for id in [
            "",
            &longer,
            "two words",
            "a\"}",
            "a\n{",
            "\u{1b}[31m",
            "\u{202e}a",
            "ä",
        ] {
            assert_eq!(request(id), None, "{id}");
        }
    }

    #[test]
    fn lines_that_are_no_commit() {
        let signed = signed();
        let (before, last) = &signed[0];
        let read = |before: &str, last: &[u8]| CommitLines::read(before, last, "intent").map(|_| ());
        assert_eq!(read("", b"{}"), Err(CommitFault::Line));
        assert_eq!(read("", b"\xff"), Err(CommitFault::Line));
        assert_eq!(read(&before.replace("aa", "ab"), last), Err(CommitFault::Chain));
        assert_eq!(read(&before.repeat(2), last), Err(CommitFault::Chain));
        assert_eq!(read("", before.trim_end().as_bytes()), Err(CommitFault::Key));
        let text = String::from_utf8(last.clone()).expect("text");
        assert_eq!(read(&format!("{text}\n"), last), Err(CommitFault::Key));
        assert_eq!(read("", last), Ok(()), "a commit of one line may follow anything");
    }
}
