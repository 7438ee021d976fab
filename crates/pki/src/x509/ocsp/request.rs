//! An OCSP request, RFC 6960 §4.1.

use der::asn1::OctetString;
use der::oid::ObjectIdentifier;
use der::{Decode, Encode, Tag, Tagged};
use x509_cert::ext::Extension;

use super::cert_id::CertId;
use super::error::OcspRequestError;
use super::limits::{MAX_NONCE_BYTES, MAX_REQUEST_BYTES, MAX_SINGLE_REQUESTS};
use super::wire::{Request, SingleRequest, TbsRequest, VERSION_1, repeated};
use crate::x509::encode::extension_of;
use crate::x509::oid;

/// What a client asks. Who it says it is, and its signature, are checked in form only: everybody gets the same answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcspRequest {
    ids: Vec<CertId>,
    nonce: Option<Vec<u8>>,
}

impl OcspRequest {
    /// A request about certificates, with a nonce of 1 to [`MAX_NONCE_BYTES`] bytes where the response must be of now.
    ///
    /// # Errors
    /// [`OcspRequestError::Empty`], [`OcspRequestError::TooMany`], [`OcspRequestError::Nonce`].
    pub fn new(ids: Vec<CertId>, nonce: Option<Vec<u8>>) -> Result<Self, OcspRequestError> {
        match ids.len() {
            0 => return Err(OcspRequestError::Empty),
            found if found > MAX_SINGLE_REQUESTS => return Err(OcspRequestError::TooMany { found }),
            _ => {}
        }
        if let Some(nonce) = &nonce {
            expect_nonce_size(nonce.len())?;
        }
        Ok(Self { ids, nonce })
    }

    /// Reads a request in DER; what follows it is an error.
    ///
    /// # Errors
    /// [`OcspRequestError`].
    pub fn from_der(der: &[u8]) -> Result<Self, OcspRequestError> {
        if der.len() > MAX_REQUEST_BYTES {
            return Err(OcspRequestError::TooLong { found: der.len() });
        }
        let Request { tbs, signature } = Request::from_der(der).map_err(damaged)?;
        if tbs.version != VERSION_1 {
            return Err(OcspRequestError::Version(u16::from(tbs.version) + 1));
        }
        let certificates = signature.and_then(|signature| signature.certificates);
        if certificates.is_some_and(|list| list.iter().any(|one| one.tag() != Tag::Sequence)) {
            return Err(OcspRequestError::Damaged(
                "a certificate in its signature is not a SEQUENCE".into(),
            ));
        }
        let nonce = read_nonce(&tbs.extensions.unwrap_or_default())?;
        for single in &tbs.list {
            expect_known(single.extensions.as_deref().unwrap_or_default(), &[])?;
        }
        let ids = tbs.list.iter().map(|single| CertId::from_encoded(&single.id));
        Self::new(ids.collect::<Result<_, _>>().map_err(damaged)?, nonce)
    }

    /// The request in DER, unsigned.
    pub fn to_der(&self) -> Vec<u8> {
        let encode = || {
            let single = |id: &CertId| {
                Ok::<_, der::Error>(SingleRequest {
                    id: id.encoded()?,
                    extensions: None,
                })
            };
            let nonce = self.nonce.as_deref().map(nonce_extension).transpose()?;
            let tbs = TbsRequest {
                version: VERSION_1,
                requestor: None,
                list: self.ids.iter().map(single).collect::<Result<_, _>>()?,
                extensions: nonce.map(|nonce| vec![nonce]),
            };
            Request { tbs, signature: None }.to_der()
        };
        encode().expect("what was read or made encodes")
    }

    /// The certificates in question, in the order of the request: from one to [`MAX_SINGLE_REQUESTS`].
    pub fn ids(&self) -> &[CertId] {
        &self.ids
    }

    /// What a response must say again, to be known as one to this request.
    pub fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }
}

/// The nonce extension, RFC 8954 §2.1.
pub(super) fn nonce_extension(nonce: &[u8]) -> Result<Extension, der::Error> {
    let name = ObjectIdentifier::new_unwrap(oid::OCSP_NONCE);
    extension_of(name, false, &OctetString::new(nonce)?)
}

/// The nonce in a list of extensions, if it has the form of one.
pub(super) fn nonce_in(list: &[Extension]) -> Option<Result<Vec<u8>, der::Error>> {
    let nonce = list
        .iter()
        .find(|extension| extension.extn_id == ObjectIdentifier::new_unwrap(oid::OCSP_NONCE))?;
    Some(OctetString::from_der(nonce.extn_value.as_bytes()).map(|nonce| nonce.as_bytes().to_vec()))
}

fn read_nonce(list: &[Extension]) -> Result<Option<Vec<u8>>, OcspRequestError> {
    expect_known(list, &[oid::OCSP_NONCE])?;
    let nonce = nonce_in(list).transpose().map_err(damaged)?;
    if let Some(nonce) = &nonce {
        expect_nonce_size(nonce.len())?;
    }
    Ok(nonce)
}

fn expect_nonce_size(found: usize) -> Result<(), OcspRequestError> {
    match (1..=MAX_NONCE_BYTES).contains(&found) {
        true => Ok(()),
        false => Err(OcspRequestError::Nonce { found }),
    }
}

fn expect_known(list: &[Extension], known: &[&str]) -> Result<(), OcspRequestError> {
    if let Some(name) = repeated(list) {
        return Err(OcspRequestError::RepeatedExtension(name.to_string()));
    }
    let name_of = |extension: &Extension| extension.extn_id.to_string();
    let mut critical = list.iter().filter(|extension| extension.critical).map(name_of);
    match critical.find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(OcspRequestError::CriticalExtension(name)),
        None => Ok(()),
    }
}

fn damaged(error: der::Error) -> OcspRequestError {
    OcspRequestError::Damaged(error.to_string())
}
