//! The older forms of private keys: PKCS #1 for RSA and SEC 1 for elliptic curves, made from PKCS #8.

use der::asn1::{BitStringRef, OctetStringRef};
use der::oid::ObjectIdentifier;
use der::{Decode, Encode, Sequence};
use pkcs8::PrivateKeyInfoRef;
use zeroize::Zeroizing;

use super::KeyError;
use crate::encoding::pem;

pub(super) const OID_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
pub(super) const OID_RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
pub(super) const OID_EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
pub(super) const OID_P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
pub(super) const OID_P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
pub(super) const OID_P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
pub(super) const OID_ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// ECPrivateKey, RFC 5915 §3.
#[derive(Sequence)]
struct EcPrivateKey<'a> {
    version: u8,
    private_key: &'a OctetStringRef,
    #[asn1(context_specific = "0", optional = "true")]
    parameters: Option<ObjectIdentifier>,
    #[asn1(context_specific = "1", optional = "true")]
    public_key: Option<BitStringRef<'a>>,
}

/// The curve that a SEC 1 key names.
pub(super) fn sec1_curve(sec1: &[u8]) -> Result<ObjectIdentifier, KeyError> {
    let key = EcPrivateKey::from_der(sec1).map_err(|error| KeyError::Damaged(error.to_string()))?;
    key.parameters.ok_or_else(|| KeyError::Damaged("it does not name its curve".into()))
}

/// Returns the PEM label and DER of a PKCS #8 key in its older form.
///
/// # Errors
/// [`KeyError::NoTraditionalForm`] for algorithms that have none.
pub(super) fn traditional(pkcs8: &[u8]) -> Result<(&'static str, Zeroizing<Vec<u8>>), KeyError> {
    let damaged = |error: der::Error| KeyError::Damaged(error.to_string());
    let info = PrivateKeyInfoRef::from_der(pkcs8).map_err(damaged)?;
    match info.algorithm.oid {
        OID_RSA => Ok((pem::RSA_PRIVATE_KEY, Zeroizing::new(info.private_key.as_bytes().to_vec()))),
        OID_EC_PUBLIC_KEY => {
            let curve = info.algorithm.parameters_oid().map_err(|error| KeyError::Damaged(error.to_string()))?;
            let mut key = EcPrivateKey::from_der(info.private_key.as_bytes()).map_err(damaged)?;
            // Inside PKCS #8 the curve stands in the algorithm only; on its own the key must name it (RFC 5915 §3).
            key.parameters = Some(curve);
            Ok((pem::EC_PRIVATE_KEY, Zeroizing::new(key.to_der().map_err(damaged)?)))
        }
        OID_ED25519 => Err(KeyError::NoTraditionalForm { algorithm: "Ed25519".into() }),
        other => Err(KeyError::NoTraditionalForm { algorithm: other.to_string() }),
    }
}
