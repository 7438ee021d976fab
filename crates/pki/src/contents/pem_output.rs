//! Contents as PEM: all of them in one text, or each part for a file of its own.

use std::collections::HashSet;

use zeroize::Zeroizing;

use super::arrange::host_among;
use super::{Arrangement, Bundle, BundleError, BundledCertificate, BundledKey, Entry, Place};
use crate::encoding::pem;
use crate::key::{KeyError, KeyFormat};
use crate::x509::{CertificateRequest, GeneralName, RevocationList};

/// Maximum size of the certificates in all parts together, in bytes.
pub(super) const MAX_PARTS_BYTES: usize = 32 << 20;

/// Whom a part belongs to, for its file's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// A host.
    Host(GeneralName),
    /// An owner whose name is not a host name.
    Named(String),
    /// Without an owner.
    Nobody,
}

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// The certificate of an entry.
    Certificate,
    /// The key of an entry, or one without a certificate.
    PrivateKey,
    /// The issuers of an entry's certificate.
    Chain,
    /// Certificates beside the entries.
    OtherCertificates,
    /// Certificates of a file without entries: a collection.
    Collection,
    /// A certification request.
    Request,
    /// Public keys without a private key or certificate.
    PublicKeys,
    /// CRLs.
    Crls,
}

/// One part.
pub struct PemPart {
    /// Index of its entry, from 0; parts of one entry are consecutive.
    pub entry: usize,
    /// Whom it belongs to.
    pub owner: Owner,
    /// What it is.
    pub kind: PartKind,
    /// Its PEM blocks.
    pub text: Zeroizing<String>,
}

/// A part before its entry has a number.
type OwnedPart = (Owner, PartKind, Zeroizing<String>);

impl PartKind {
    /// What it is, in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::PrivateKey => "private key",
            Self::Chain => "its issuers",
            Self::OtherCertificates => "other certificates",
            Self::Collection => "certificates",
            Self::Request => "certification request",
            Self::PublicKeys => "public keys",
            Self::Crls => "CRLs",
        }
    }
}

impl Bundle {
    /// Everything in one text: the certificate with its issuers comes first, since servers read it first; keys come last, as
    /// [`Self::keys_as_written`] has them.
    /// Empty if the PEM format supports nothing in the file.
    ///
    /// # Errors
    /// [`KeyError::NoTraditionalForm`].
    pub fn to_pem(&self, format: KeyFormat) -> Result<Zeroizing<String>, KeyError> {
        let arranged = self.arrange();
        let mut text = Zeroizing::new(String::new());
        arranged
            .certificates()
            .for_each(|found| text.push_str(&found.certificate.to_pem()));
        text.push_str(&self.requests_pem());
        text.push_str(&self.crls_pem());
        text.push_str(&self.public_keys_pem());
        for found in self.keys_as_written() {
            text.push_str(&found.key.to_pem(format)?);
        }
        Ok(text)
    }

    /// The private keys in the order of [`Self::to_pem`]: those with a certificate first, since servers read the first key of a file and compare
    /// it with the first certificate. Where OpenSSL skipped a key that was before them, it can load it once it is written again.
    pub fn keys_as_written(&self) -> Vec<&BundledKey> {
        let unmatched = self.arrange().unmatched_keys;
        let without: HashSet<*const BundledKey> =
            unmatched.iter().map(|key| std::ptr::from_ref(*key)).collect();
        let with = self
            .keys
            .iter()
            .filter(|key| !without.contains(&std::ptr::from_ref(*key)));
        with.chain(unmatched.iter().copied()).collect()
    }

    /// Whether [`Self::to_pem`] would put another private key in front of the one that OpenSSL loads now, and that one may be in use: it has its
    /// certificate here, or no key has.
    pub fn to_pem_changes_key_in_use(&self) -> bool {
        let in_use = self.keys.iter().find(|key| key.key.is_loaded_by_openssl());
        let (Some(in_use), Some(first)) = (in_use, self.keys_as_written().first().copied()) else {
            return false;
        };
        let unmatched = self.arrange().unmatched_keys;
        let has_certificate = |key: &BundledKey| !unmatched.iter().any(|other| std::ptr::eq(*other, key));
        !std::ptr::eq(in_use, first) && (has_certificate(in_use) || !has_certificate(first))
    }

    /// Each part by itself: for every entry its certificate, key and chain, then what belongs to no entry.
    ///
    /// # Errors
    /// [`KeyError::NoTraditionalForm`]; [`BundleError::TooLarge`] when a chain of many entries would be written too often.
    pub fn to_pem_parts(&self, format: KeyFormat) -> Result<Vec<PemPart>, BundleError> {
        let arranged = self.arrange();
        let mut parts = Vec::new();
        let mut bytes = 0;
        for (number, entry) in arranged.entries.iter().enumerate() {
            bytes += entry
                .path()
                .iter()
                .map(|certificate| certificate.der().len())
                .sum::<usize>();
            if bytes > MAX_PARTS_BYTES {
                return Err(BundleError::TooLarge {
                    entries: arranged.entries.len(),
                });
            }
            parts.extend(entry.to_pem_parts(number, format).map_err(unplaced)?);
        }
        let others = self
            .lonely_parts(&arranged.unmatched_keys, format)?
            .into_iter()
            .chain(self.shared_parts(&arranged));
        let first = arranged.entries.len();
        parts.extend(others.enumerate().map(|(number, (owner, kind, text))| PemPart {
            entry: first + number,
            owner,
            kind,
            text,
        }));
        Ok(parts)
    }

    /// Keys without a certificate, and requests: each has a file of its own.
    fn lonely_parts(&self, keys: &[&BundledKey], format: KeyFormat) -> Result<Vec<OwnedPart>, BundleError> {
        let mut parts = Vec::new();
        for lonely in keys {
            let owner = Owner::Named(lonely.facts.friendly_name.clone().unwrap_or_else(|| "key".into()));
            parts.push((
                owner,
                PartKind::PrivateKey,
                lonely.key.to_pem(format).map_err(unplaced)?,
            ));
        }
        for request in &self.requests {
            let host = host_among(request.names(), request.subject()).map(Owner::Host);
            let named = || {
                request
                    .subject()
                    .common_names()
                    .into_iter()
                    .next()
                    .map(Owner::Named)
            };
            parts.push((
                host.or_else(named).unwrap_or(Owner::Nobody),
                PartKind::Request,
                Zeroizing::new(request.to_pem()),
            ));
        }
        Ok(parts)
    }

    /// Parts without an owner: one file for each kind.
    fn shared_parts(&self, arranged: &Arrangement<'_>) -> Vec<OwnedPart> {
        let kind = if arranged.entries.is_empty() {
            PartKind::Collection
        } else {
            PartKind::OtherCertificates
        };
        let certificates = certificates_pem(&arranged.other_certificates);
        let parts = [
            (kind, certificates),
            (PartKind::PublicKeys, self.public_keys_pem()),
            (PartKind::Crls, self.crls_pem()),
        ];
        parts
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(kind, text)| (Owner::Nobody, kind, Zeroizing::new(text)))
            .collect()
    }

    fn requests_pem(&self) -> String {
        self.requests.iter().map(CertificateRequest::to_pem).collect()
    }

    fn public_keys_pem(&self) -> String {
        self.public_keys
            .iter()
            .map(|key| pem::encode(pem::PUBLIC_KEY, key.spki()))
            .collect()
    }

    fn crls_pem(&self) -> String {
        self.crls.iter().map(RevocationList::to_pem).collect()
    }
}

impl Entry<'_> {
    fn to_pem_parts(&self, number: usize, format: KeyFormat) -> Result<Vec<PemPart>, KeyError> {
        let key = self
            .key
            .map(|found: &BundledKey| found.key.to_pem(format))
            .transpose()?;
        let chain = (!self.chain.is_empty()).then(|| Zeroizing::new(certificates_pem(&self.chain)));
        let certificate = Zeroizing::new(self.certificate.certificate.to_pem());
        let texts = [
            (PartKind::Certificate, Some(certificate)),
            (PartKind::PrivateKey, key),
            (PartKind::Chain, chain),
        ];
        let part = |(kind, text): (PartKind, Option<Zeroizing<String>>)| {
            text.map(|text| PemPart {
                entry: number,
                owner: self.owner(),
                kind,
                text,
            })
        };
        Ok(texts.into_iter().filter_map(part).collect())
    }

    fn owner(&self) -> Owner {
        self.host()
            .map(Owner::Host)
            .or_else(|| self.title().map(Owner::Named))
            .unwrap_or(Owner::Nobody)
    }
}

fn unplaced(source: KeyError) -> BundleError {
    BundleError::Key {
        place: Place::Whole,
        source,
    }
}

fn certificates_pem(list: &[&BundledCertificate]) -> String {
    list.iter().map(|found| found.certificate.to_pem()).collect()
}
