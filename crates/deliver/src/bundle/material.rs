//! What the CA has of a certificate: key, path, roots and CRLs.

use std::fmt;

use time::OffsetDateTime;

use super::BundleError;
use gsec_ca::authority::Authority;
use gsec_pki::encoding::visible::visible;
use gsec_pki::key::{KeyDocument, KeyError, SignatureCheck, decode_key_document};
use gsec_pki::x509::path::RevocationStatus;
use gsec_pki::x509::{Certificate, GeneralName, RevocationList, SerialNumber, rfc3339};

/// No path is longer.
const MAX_PATH: usize = 16;

/// A CA of the path of which there is no CRL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingCrl {
    /// The CA.
    pub issuer: String,
    /// Why it is not in the bundle.
    pub why: CrlLack,
}

/// Why there is no CRL of a CA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrlLack {
    /// This CA has made none for this key.
    NotMade,
    /// The one that this CA made last has expired.
    Expired(OffsetDateTime),
    /// The one that is kept cannot be read, or another key signed it.
    Unreadable,
    /// The signature of the one that is kept is of an algorithm that cannot be checked.
    Unchecked,
    /// The CA is another one, above this one: its CRL is not kept here.
    OfAnotherCa,
}

impl fmt::Display for MissingCrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let issuer = visible(&self.issuer);
        match self.why {
            CrlLack::NotMade => write!(f, "`{issuer}` has not made one yet"),
            CrlLack::Expired(end) => write!(f, "that of `{issuer}` expired at {}", rfc3339(end)),
            CrlLack::Unchecked => write!(
                f,
                "the signature of that of `{issuer}` could not be checked: gsec does not support its algorithm"
            ),
            CrlLack::Unreadable => write!(f, "that of `{issuer}` cannot be read, or another key signed it"),
            CrlLack::OfAnotherCa => {
                write!(f, "that of `{issuer}`, a CA above, is not kept in this directory")
            }
        }
    }
}

/// What a bundle is made of.
pub struct Material {
    /// The certificate.
    pub certificate: Certificate,
    /// Its key; `None` where it stays on the host.
    pub key: Option<KeyDocument>,
    /// Its issuers, without the root, each the issuer of the one before.
    pub intermediates: Vec<Certificate>,
    /// What clients trust: the root of its path first.
    pub roots: Vec<Certificate>,
    /// CRLs of its issuers, the nearest first. Servers refuse every client where that of one issuer is missing, so they count only when all are here.
    pub crls: Vec<RevocationList>,
    /// Issuers without one.
    pub missing_crls: Vec<MissingCrl>,
    /// Why it is not known whether it was revoked; `None` where it is known that it was not.
    pub unknown_revocation: Option<String>,
}

/// What the bundles of one CA have in common, so that many of them are made of what was read once.
pub struct Sources {
    roots: Vec<Certificate>,
    /// The certificates of the CA and of those above it.
    known: Vec<Certificate>,
    crls: Vec<RevocationList>,
    /// The certificates of this CA itself: it makes their CRLs.
    own: Vec<Certificate>,
    /// Whether a CRL is kept for the present key, the first of them, whatever is in it.
    is_crl_kept: bool,
    unknown_revocation: Option<String>,
}

impl Sources {
    /// Reads them. That a revocation may have been lost is for the caller to ask.
    ///
    /// # Errors
    /// [`BundleError::Authority`].
    pub fn read(authority: &Authority) -> Result<Self, BundleError> {
        let (roots, between) = authority.anchors();
        let own = authority.own_certificates()?;
        let known = authority
            .path_upwards()
            .cloned()
            .chain(between)
            .chain(own.clone());
        Ok(Self {
            roots,
            known: known.collect(),
            crls: authority.kept_crls(),
            own,
            is_crl_kept: !matches!(authority.records().crl(None), Ok(None)),
            unknown_revocation: None,
        })
    }

    /// With the reason why it is not known whether something was revoked.
    #[must_use]
    pub fn unknown(self, why: Option<String>) -> Self {
        Self {
            unknown_revocation: why,
            ..self
        }
    }
}

impl Material {
    /// Collects what the CA has. Reads files, and changes nothing; the CA's key is not needed.
    ///
    /// # Errors
    /// [`BundleError::NotFound`], [`BundleError::Expired`], [`BundleError::Revoked`], [`BundleError::NoKey`], [`BundleError::Authority`].
    pub fn gather(
        authority: &Authority,
        serial: &SerialNumber,
        without_key: bool,
        now: OffsetDateTime,
    ) -> Result<Self, BundleError> {
        let certificate = authority
            .issued_certificate(serial)?
            .ok_or_else(|| BundleError::NotFound(serial.to_string()))?;
        if now < certificate.not_before() || now > certificate.not_after() {
            return Err(BundleError::Expired {
                serial: serial.to_string(),
                not_before: certificate.not_before(),
                not_after: certificate.not_after(),
            });
        }
        let unknown_revocation = match authority.standing(&certificate).status {
            RevocationStatus::Revoked { reason, .. } => {
                return Err(BundleError::Revoked {
                    serial: serial.to_string(),
                    reason,
                });
            }
            RevocationStatus::Good => None,
            RevocationStatus::NotChecked => Some("no key of this CA signed it".to_owned()),
            RevocationStatus::Undetermined { why } => Some(why),
        };
        let sources = Sources {
            unknown_revocation,
            ..Sources::read(authority)?
        };
        Self::of_valid(authority, &sources, certificate, without_key, now)
    }

    /// Collects what the CA has for a certificate that was found in date and not revoked.
    ///
    /// # Errors
    /// [`BundleError::NoKey`], [`BundleError::Authority`].
    pub fn of_valid(
        authority: &Authority,
        sources: &Sources,
        certificate: Certificate,
        without_key: bool,
        now: OffsetDateTime,
    ) -> Result<Self, BundleError> {
        let key = if without_key {
            None
        } else {
            Some(key_of(authority, &certificate)?)
        };
        let (path, roots) = path_of(sources, &certificate);
        let (crls, missing_crls) = crls_of(sources, &path, &roots, now);
        Ok(Self {
            certificate,
            key,
            intermediates: path,
            roots,
            crls,
            missing_crls,
            unknown_revocation: sources.unknown_revocation.clone(),
        })
    }

    /// Its first name, for people.
    pub fn host(&self) -> String {
        let names = self.certificate.subject_alternative_names().unwrap_or_default();
        names
            .iter()
            .find_map(GeneralName::host)
            .map(|host| host.value())
            .or_else(|| self.certificate.subject().common_names().into_iter().next())
            .unwrap_or_else(|| format!("serial-{}", self.certificate.serial()))
    }

    /// The CRL of the CA that issued the certificate.
    pub(super) fn issuer_crl(&self) -> Option<&RevocationList> {
        self.crls
            .iter()
            .find(|crl| crl.issuer() == self.certificate.issuer())
    }
}

/// The private key, where the CA keeps it.
fn key_of(authority: &Authority, certificate: &Certificate) -> Result<KeyDocument, BundleError> {
    let no_key = |why: String| BundleError::NoKey {
        serial: certificate.serial().to_string(),
        why,
    };
    let content = authority
        .kept_key(certificate)?
        .ok_or_else(|| no_key("it was made elsewhere, or not kept".into()))?;
    let key = match decode_key_document(&content, None) {
        Ok(key) => key,
        Err(KeyError::Encrypted) => return Err(no_key("its file is encrypted under a password".into())),
        Err(error) => return Err(no_key(error.to_string())),
    };
    if key.is_pair_of(certificate.public_key()) == Some(true) {
        Ok(key)
    } else {
        Err(no_key("the file that has its name is another key".into()))
    }
}

/// Issuer by issuer up to a root, and all roots that clients of this CA trust, that one first.
fn path_of(sources: &Sources, certificate: &Certificate) -> (Vec<Certificate>, Vec<Certificate>) {
    let mut roots = sources.roots.clone();
    let mut path: Vec<Certificate> = Vec::new();
    let mut last = certificate;
    while path.len() < MAX_PATH {
        if let Some(at) = roots.iter().position(|root| last.is_issued_by(root)) {
            let root = roots.remove(at);
            roots.insert(0, root);
            break;
        }
        let is_next = |issuer: &&Certificate| {
            last.is_issued_by(issuer) && !path.iter().any(|before| before.der() == issuer.der())
        };
        let Some(issuer) = sources.known.iter().find(is_next) else {
            break;
        };
        path.push(issuer.clone());
        last = issuer;
    }
    (path, roots)
}

/// Why nothing that is kept is a CRL of an issuer.
fn lack_of(issuer: &Certificate, sources: &Sources) -> CrlLack {
    let has_key = |own: &Certificate| own.public_key() == issuer.public_key();
    let is_unchecked = sources.crls.iter().any(|crl| {
        crl.issuer() == issuer.subject()
            && crl.verify_signature(issuer.public_key()) == SignatureCheck::Unsupported
    });
    match () {
        () if !sources.own.iter().any(has_key) => CrlLack::OfAnotherCa,
        () if is_unchecked => CrlLack::Unchecked,
        () if sources.is_crl_kept && sources.own.first().is_some_and(has_key) => CrlLack::Unreadable,
        () => CrlLack::NotMade,
    }
}

/// The newest CRL in force of each issuer of the path.
fn crls_of(
    sources: &Sources,
    path: &[Certificate],
    roots: &[Certificate],
    now: OffsetDateTime,
) -> (Vec<RevocationList>, Vec<MissingCrl>) {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for issuer in path.iter().chain(roots.first()) {
        let own = sources.crls.iter().filter(|crl| {
            crl.issuer() == issuer.subject()
                && crl.verify_signature(issuer.public_key()) == SignatureCheck::Good
        });
        let lack = |why| MissingCrl {
            issuer: issuer.title(),
            why,
        };
        match own.max_by_key(|crl| crl.this_update()) {
            None => missing.push(lack(lack_of(issuer, sources))),
            Some(crl) => match crl.next_update().filter(|end| *end < now) {
                Some(end) => missing.push(lack(CrlLack::Expired(end))),
                None => found.push(crl.clone()),
            },
        }
    }
    (found, missing)
}
