//! The audit log, read: what a line says, and whether the chain of lines holds. Pure.

use serde::Deserialize;

use super::chain::{NOTHING_BEFORE, hash_of};
use super::head::signed_parts;
use gsec_pki::x509::RevocationReason;

/// A line of the log as written.
pub struct AuditLine {
    /// Its number in the file, from 1.
    pub number: u64,
    /// The line without its line feed.
    pub text: Vec<u8>,
    /// Whether it ends in a line feed; only the last may not, after a crash.
    pub is_whole: bool,
}

/// What every line says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AuditFields {
    /// Its number in the log, from 1.
    pub seq: u64,
    /// When, RFC 3339.
    pub time: String,
    /// What, named as the command.
    pub action: String,
    /// The certificate concerned.
    pub serial: Option<String>,
    /// The profile it was issued under.
    pub profile: Option<String>,
    /// Why it was revoked.
    pub reason: Option<String>,
    /// The certificate it replaces.
    pub replaces: Option<String>,
    /// Whether the call that wrote it revokes that one too.
    pub revokes_old: Option<bool>,
    /// SHA-256 of what makes the certified key the key ([`gsec_pki::key::PublicKey::material`]), in hexadecimal digits.
    pub key_material: Option<String>,
    /// The hash of the line before.
    pub prev: String,
    /// Which key signed it.
    pub key: Option<String>,
    /// Whether `audit.head` was kept when it was written.
    pub signed_head: Option<bool>,
    /// The status of a record that the line adds to the log.
    pub status: Option<String>,
    /// When such a record says that it was revoked, RFC 3339.
    pub revoked_at: Option<String>,
    /// When the certificate ends, RFC 3339.
    pub not_after: Option<String>,
    /// Its subject.
    pub subject: Option<String>,
    /// How many CAs may follow below; only lines about the certificate of a CA have it.
    pub path_len: Option<u32>,
    /// SHA-256 of the certificate of a CA, the new one of its own.
    pub sha256: Option<String>,
    /// SHA-256 of the CA certificate that another took the place of.
    pub previous_sha256: Option<String>,
    /// The number of a CRL: of the one that the line is about; where a hold is released, the largest that one had by then.
    pub crl_number: Option<String>,
    /// SHA-256 of the CRL that was there when a hold was released, in hexadecimal digits.
    pub crl_sha256: Option<String>,
}

impl AuditFields {
    /// Whether it tells of a hold, the only revocation that can be taken back (RFC 5280, section 5.3.1).
    pub fn is_hold(&self) -> bool {
        let reason = self.reason.as_deref().unwrap_or_default();
        // As `openssl ca -crl_hold` names it.
        reason == "holdInstruction"
            || RevocationReason::parse(reason) == Some(RevocationReason::CertificateHold)
    }
}

impl AuditLine {
    /// What it says; `None` when it is not a line of gsec's.
    pub fn fields(&self) -> Option<AuditFields> {
        serde_json::from_slice(&self.text).ok()
    }

    /// What is signed, and the signature; `None` for an unsigned line.
    pub fn signature(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        signed_parts(&self.text)
    }
}

/// A line with all that takes time about it.
pub struct DecodedLine {
    /// The line.
    pub line: AuditLine,
    /// What it says; `None` when it is not a line of gsec's.
    pub fields: Option<AuditFields>,
    /// The hash to which the next line is bound.
    hash: String,
}

impl From<AuditLine> for DecodedLine {
    fn from(line: AuditLine) -> Self {
        Self {
            fields: line.fields(),
            hash: hash_of(&line.text),
            line,
        }
    }
}

/// Where a chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenLink {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong there.
    pub problem: String,
}

/// Follows the chain from line to line.
pub struct ChainCheck {
    expected: String,
    sequence: u64,
    /// The first place where it does not hold.
    pub broken: Option<BrokenLink>,
}

impl Default for ChainCheck {
    fn default() -> Self {
        Self {
            expected: NOTHING_BEFORE.into(),
            sequence: 0,
            broken: None,
        }
    }
}

impl ChainCheck {
    /// Takes the next line.
    pub fn follow(&mut self, decoded: &DecodedLine) {
        let problem = match &decoded.fields {
            None => Some("it is not a line of an audit log".to_owned()),
            Some(fields) if fields.prev != self.expected => {
                Some("the line before it is not the one that it was written after".to_owned())
            }
            Some(fields) if fields.seq != self.sequence + 1 => Some(format!(
                "its number is {}, expected {}",
                fields.seq,
                self.sequence + 1
            )),
            Some(_) => None,
        };
        if let (None, Some(problem)) = (&self.broken, problem) {
            self.broken = Some(BrokenLink {
                line: decoded.line.number,
                problem,
            });
        }
        self.expected.clone_from(&decoded.hash);
        self.sequence = decoded
            .fields
            .as_ref()
            .map_or(self.sequence + 1, |fields| fields.seq);
    }

    /// The hash of the last line that was taken.
    pub fn head(&self) -> &str {
        &self.expected
    }
}
