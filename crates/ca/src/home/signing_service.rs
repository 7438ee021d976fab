//! A process apart that has the keys of a CA. It is given what is to be certified, decides about it by itself, and never signs bytes that others put
//! together.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::{KeyError, PublicKey, sha256};
use gsec_pki::x509::{Certificate, CrlShard, CrlTemplate, RevocationList, SerialNumber};

/// What the certificate of a host, or of who answers OCSP requests, is to say, but for its serial number and its issuer. The line of the audit log that announces it has its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intent {
    /// The profile, by name; of who answers OCSP requests the reserved name that no `gsec.toml` has.
    pub profile: String,
    /// Every name of subjectAltName, the host first, each with its kind: `dns:db1.example.com`. Who answers OCSP requests has none.
    pub names: Vec<String>,
    /// The subject, DER in hexadecimal digits.
    pub subject: String,
    /// When it starts, RFC 3339.
    pub not_before: String,
    /// When it ends, RFC 3339.
    pub not_after: String,
    /// SubjectPublicKeyInfo, DER in hexadecimal digits.
    pub public_key: String,
}

/// The key of an intent's digest in the line of the audit log that announces it.
pub const INTENT: &str = "intent";

impl Intent {
    /// SHA-256 of all of it in hexadecimal digits.
    pub fn digest(&self) -> String {
        let text = serde_json::to_vec(self).expect("texts are written as JSON");
        encode(&sha256(&text), Separator::None)
    }
}

/// What a CRL is to say, but for its issuer.
pub struct CrlIntent<'a> {
    /// Which former key signs it; the present one with `None`.
    pub former_key: Option<&'a PublicKey>,
    /// Its number and times.
    pub template: &'a CrlTemplate<'a>,
    /// Its entries, each encoded as RFC 5280 §5.1 has them in revokedCertificates.
    pub entries: &'a [u8],
    /// Which parts of it are to be signed with it, of the same number and times.
    pub shards: &'a [CrlShard],
    /// Published parts, by which it is known under which addresses there are parts that `gsec.toml` does not ask for any more.
    pub published: &'a [RevocationList],
    /// Certificates that have expired and are not in it any more.
    pub expired: &'a [Certificate],
}

/// Signs with the keys of a CA what it has decided about itself.
pub trait SigningService: Send + Sync {
    /// Signs the last line of a commit of the audit log, after those before it, and remembers what they announce.
    ///
    /// # Errors
    /// [`KeyError::Signing`] with the reason.
    fn seal_line(&self, before: &str, line: &[u8]) -> Result<Vec<u8>, KeyError>;

    /// Signs how far the log has come: it must be what was sealed last.
    ///
    /// # Errors
    /// As [`SigningService::seal_line`].
    fn seal_head(&self, head: &[u8]) -> Result<Vec<u8>, KeyError>;

    /// Whether it would sign so many more certificates of a profile in this hour. Nothing is promised: others may ask meanwhile.
    ///
    /// # Errors
    /// [`KeyError::TooMany`]; as [`SigningService::seal_line`].
    fn expect_room(&self, profile: &str, count: u32) -> Result<(), KeyError>;

    /// Signs certificates that a sealed line announces, each once. One answer for each, in their order.
    fn certify(&self, announced: &[(SerialNumber, Intent)]) -> Vec<Result<Certificate, KeyError>>;

    /// Signs a CRL and parts of it: the parts first, in their order, and it last. What is in a part, and at which addresses it is published,
    /// follows from the CRL and from the CA directory.
    ///
    /// # Errors
    /// As [`SigningService::seal_line`].
    fn sign_crl(&self, crl: &CrlIntent<'_>) -> Result<Vec<RevocationList>, KeyError>;
}

/// How far the times of an intent may be from the clock of the process that signs: both are one machine's.
pub const MAX_INTENT_AGE: time::Duration = time::Duration::minutes(10);

/// Whether a certificate that starts then is one of now, and not one that is dated otherwise.
pub fn starts_now(not_before: OffsetDateTime, now: OffsetDateTime, back_dated: time::Duration) -> bool {
    (now - back_dated - MAX_INTENT_AGE..=now + MAX_INTENT_AGE).contains(&not_before)
}
