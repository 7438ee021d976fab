//! What goes over the socket. Every message is one JSON object in a frame.

use serde::{Deserialize, Serialize};

use gsec_ca::home::Intent;
use gsec_pki::encoding::hex::{Separator, encode};

/// The version of these messages. Both ends are of one installation, but one of them may have been started before an upgrade.
pub(crate) const PROTOCOL: u32 = 5;

/// The longest message. A CRL of a million entries has some forty megabytes, and twice that in hexadecimal digits.
pub(crate) const MAX_MESSAGE_BYTES: u32 = 256 * 1024 * 1024;

/// A request.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Request {
    /// Who are you?
    Hello {
        /// The version that the client speaks.
        protocol: u32,
    },
    /// Would you seal the next line of the audit log as it is now? Nothing is signed.
    Look {},
    /// Sign the last line of a commit of the audit log.
    Seal {
        /// The lines before it.
        before: String,
        /// The line.
        line: String,
    },
    /// Would you sign so many more certificates of a profile in this hour? Nothing is signed.
    Room {
        /// The profile.
        profile: String,
        /// How many.
        count: u32,
    },
    /// Sign certificates that sealed lines announce.
    Certify {
        /// Each with its serial number, in hexadecimal digits.
        announced: Vec<Announced>,
    },
    /// Sign a CRL, and parts of it.
    Crl {
        /// SubjectPublicKeyInfo of the former key that is to sign, in hexadecimal digits; the present one when `None`.
        former_key: Option<String>,
        /// cRLNumber, in hexadecimal digits.
        number: String,
        /// RFC 3339.
        this_update: String,
        /// RFC 3339.
        next_update: String,
        /// The entries, DER in hexadecimal digits.
        entries: String,
        /// Which parts of it are to be signed with it: of how many, and which.
        #[serde(default)]
        shards: Vec<(u16, u16)>,
        /// Published parts, which say under which addresses there are parts: DER in hexadecimal digits.
        #[serde(default)]
        published: Vec<String>,
        /// Certificates that have expired and leave the CRL: DER in hexadecimal digits.
        #[serde(default)]
        expired: Vec<String>,
    },
}

/// A certificate that a sealed line announces.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Announced {
    pub(crate) serial: String,
    pub(crate) intent: Intent,
}

/// An answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Answer {
    /// To [`Request::Hello`].
    Hello {
        /// The version that the signer speaks.
        protocol: u32,
        /// SubjectPublicKeyInfo of the CA key, in hexadecimal digits.
        public_key: String,
        /// SHA-256 of the `gsec.toml` by which the signer decides, in hexadecimal digits; `None` where it has none.
        policy: Option<String>,
    },
    /// To [`Request::Look`] and [`Request::Room`]: yes.
    Ready {
        /// The hash of the first line of the journal; empty before there is one.
        journal: String,
        /// What the process has given up, as JSON: those who only want to know whether it signs do not read it.
        confinement: Option<String>,
    },
    /// To [`Request::Seal`]: the signatures over the line, and over what `audit.head` is to say then.
    Sealed {
        /// Hexadecimal digits.
        line: String,
        /// What `audit.head` is to say.
        head: String,
        /// Hexadecimal digits.
        head_signature: String,
    },
    /// To [`Request::Certify`], in the order of the request.
    Certified {
        /// One for each.
        results: Vec<CertifyResult>,
    },
    /// To [`Request::Crl`]: DER in hexadecimal digits.
    Crl {
        /// The parts, in the order of the request.
        #[serde(default)]
        shards: Vec<String>,
        /// The CRL.
        crl: String,
    },
    /// No, and why.
    Refused(Refusal),
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refusal {
    /// The name of its kind for scripts: of a rule of the policy the one that a command has for it which has the key.
    pub(crate) code: String,
    /// A sentence without a full stop.
    pub(crate) reason: String,
    /// Where it is because of how many were signed before: the text of a [`Rate`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rate: Option<String>,
}

/// Of which profile as many certificates were signed as are signed in an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rate {
    /// So many in an hour.
    pub(crate) most: u32,
    /// So many it would sign now.
    pub(crate) left: u32,
    /// In so many seconds it signs more.
    pub(crate) again_in: u32,
    pub(crate) profile: String,
}

impl Rate {
    /// The three numbers and the profile, with a space between: every command reads it, and a text is read by what is there for others.
    pub(crate) fn to_text(&self) -> String {
        format!("{} {} {} {}", self.most, self.left, self.again_in, self.profile)
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(4, ' ');
        let mut number = || parts.next()?.parse().ok();
        let (most, left, again_in) = (number()?, number()?, number()?);
        Some(Self {
            most,
            left,
            again_in,
            profile: parts.next()?.to_owned(),
        })
    }
}

/// What came of one certificate.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CertifyResult {
    /// DER in hexadecimal digits.
    Certificate(String),
    /// None.
    Refused(Refusal),
}

/// Bytes as the messages and the journal have them: hexadecimal digits.
pub(crate) fn digits(bytes: &[u8]) -> String {
    encode(bytes, Separator::None)
}
