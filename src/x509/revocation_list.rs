//! A CRL that was read (RFC 5280 §5).

use time::OffsetDateTime;
use x509_parser::prelude::FromDer;
use x509_parser::revocation_list::CertificateRevocationList;

use super::{CertificateError, DistinguishedName};
use crate::encoding::pem;

/// A certificate revocation list: by whom, of when, and how many it revokes.
#[derive(Debug, Clone)]
pub struct RevocationList {
    der: Vec<u8>,
    issuer: DistinguishedName,
    this_update: OffsetDateTime,
    next_update: Option<OffsetDateTime>,
    revoked: usize,
}

impl RevocationList {
    /// Reads one CRL in DER; what follows it is an error.
    ///
    /// # Errors
    /// [`CertificateError::Damaged`].
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        let (rest, parsed) =
            CertificateRevocationList::from_der(der).map_err(|_| CertificateError::Damaged("it is cut short, or no CRL in DER".into()))?;
        if !rest.is_empty() {
            return Err(CertificateError::Trailing(rest.len()));
        }
        Ok(Self {
            issuer: DistinguishedName::from_parsed(parsed.issuer()),
            this_update: parsed.last_update().to_datetime(),
            next_update: parsed.next_update().map(|time| time.to_datetime()),
            revoked: parsed.iter_revoked_certificates().count(),
            der: der.to_vec(),
        })
    }

    /// The whole CRL, DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The CRL as one PEM block.
    pub fn to_pem(&self) -> String {
        pem::encode(pem::X509_CRL, &self.der)
    }

    /// Who signed it.
    pub fn issuer(&self) -> &DistinguishedName {
        &self.issuer
    }

    /// When it was made.
    pub fn this_update(&self) -> OffsetDateTime {
        self.this_update
    }

    /// When the next one is due.
    pub fn next_update(&self) -> Option<OffsetDateTime> {
        self.next_update
    }

    /// How many certificates it revokes.
    pub fn revoked(&self) -> usize {
        self.revoked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_that_are_no_crl_are_refused() {
        assert!(RevocationList::from_der(&[0x30, 0]).is_err());
        assert!(RevocationList::from_der(&[]).is_err());
    }
}
