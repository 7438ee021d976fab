//! A private key as it is kept and handed on: any algorithm, not only those that gsec signs with.

use der::asn1::{AnyRef, OctetStringRef};
use der::oid::ObjectIdentifier;
use der::{Decode, Encode, Tag, Tagged};
use pkcs8::PrivateKeyInfoRef;
use spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use super::identifiers::{OID_EC_PUBLIC_KEY, OID_RSA, OID_RSA_PSS, OPENSSL_ALGORITHMS, algorithm_name};
use crate::encoding::bit_string::{unused_bits, unused_bits_in_words};

use super::{ForeignKey, KeyError, KeyForm, PrivateKey, PublicKey, Signer, explicit_curve, forms};

/// A private key as PKCS #8 in zeroized memory, with its public key if that can be derived. It does not implement `Debug`,
/// so that it cannot be printed.
pub struct KeyDocument {
    pkcs8: Zeroizing<Vec<u8>>,
    algorithm: String,
    public: Option<PublicKey>,
    forms: Vec<KeyForm>,
    /// The key as the library checked it, where it was read: checking an RSA key again would take as long as signing.
    signing: Option<PrivateKey>,
}

impl KeyDocument {
    /// Parses PKCS #8, version 1 or 2 (RFC 5958 §2). Explicit curve parameters become a named curve, and version 2 becomes
    /// version 1, which every program reads.
    ///
    /// # Errors
    /// [`KeyError::Damaged`], also if it names two curves, or contains the public key of another key; [`KeyError::Foreign`] for explicit
    /// parameters of an unknown curve.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        let info = PrivateKeyInfoRef::from_der(der).map_err(damaged)?;
        let document = match info.algorithm.oid {
            OID_EC_PUBLIC_KEY => {
                let parameters = info
                    .algorithm
                    .parameters
                    .ok_or_else(|| KeyError::Damaged("it does not name its curve".into()))?;
                let key = info.private_key.as_bytes();
                // OpenSSL takes the inner curve, GnuTLS the outer, and Python refuses it.
                let inner = forms::sec1_parameters(key)?;
                if inner.is_some_and(|inner| curve_of(inner).ok() != curve_of(parameters).ok()) {
                    return Err(KeyError::Damaged("it names two curves".into()));
                }
                Self::from_curve_key(key, parameters)?
            }
            OID_RSA => Self::from_rsa(info.algorithm.parameters, info.private_key.as_bytes())?,
            _ => Self::from_info(info.algorithm, info.private_key.as_bytes())?,
        };
        let Some(bits) = info.public_key else {
            return Ok(document);
        };
        let claimed = forms::public_key_of(info.algorithm, bits.raw_bytes())?;
        match &document.public {
            Some(own) if !own.is_pair_of(&claimed) => Err(KeyError::Damaged(HALVES_DIFFER.into())),
            _ => Ok(document.with([KeyForm::Version2])),
        }
    }

    /// Reads a PKCS #1 RSAPrivateKey (RFC 8017 A.1.2).
    ///
    /// # Errors
    /// [`KeyError::Damaged`].
    pub fn from_pkcs1(der: &[u8]) -> Result<Self, KeyError> {
        Self::from_rsa(None, der)
    }

    /// An RSAPrivateKey with the parameters of its algorithm, which are NULL or, against RFC 8017 A.1, absent or something else.
    fn from_rsa(parameters: Option<AnyRef<'_>>, pkcs1: &[u8]) -> Result<Self, KeyError> {
        let algorithm = AlgorithmIdentifierRef {
            oid: OID_RSA,
            parameters: Some(AnyRef::NULL),
        };
        let odd = parameters
            .filter(|parameters| *parameters != AnyRef::NULL)
            .map(|_| KeyForm::RsaParameters);
        Ok(Self::from_info(algorithm, pkcs1)?.with(odd))
    }

    /// Reads a SEC 1 ECPrivateKey (RFC 5915 §3). One that does not name its curve is on the curve of `parameters`: the content
    /// of the `EC PARAMETERS` block before it.
    ///
    /// # Errors
    /// As [`KeyDocument::from_pkcs8`].
    pub fn from_sec1(der: &[u8], parameters: Option<&[u8]>) -> Result<Self, KeyError> {
        let own = forms::sec1_parameters(der)?;
        let outside = parameters.map(AnyRef::from_der).transpose().map_err(damaged)?;
        let parameters = own
            .or(outside)
            .ok_or_else(|| KeyError::Damaged("it does not name its curve".into()))?;
        let apart = own.is_none().then_some(KeyForm::CurveApart);
        Ok(Self::from_curve_key(der, parameters)?.with(apart))
    }

    fn from_curve_key(sec1: &[u8], parameters: AnyRef<'_>) -> Result<Self, KeyError> {
        let curve = curve_of(parameters)?;
        has_whole_bytes(sec1)?;
        let key = forms::sec1_without_parameters(sec1)?;
        let document = Self::from_info(
            AlgorithmIdentifierRef {
                oid: OID_EC_PUBLIC_KEY,
                parameters: Some(AnyRef::from(&curve)),
            },
            &key,
        )?;
        let named = parameters.tag() == Tag::ObjectIdentifier;
        let explicit = (!named).then_some(KeyForm::ExplicitCurve);
        let bits = document.public.as_ref().and_then(PublicKey::size_bits);
        Ok(document
            .with(explicit)
            .with(forms::particular_to_curves(sec1, bits)?))
    }

    fn from_info(algorithm: AlgorithmIdentifierRef<'_>, key: &[u8]) -> Result<Self, KeyError> {
        if [OID_RSA, OID_RSA_PSS].contains(&algorithm.oid) {
            let (key, particular) = forms::with_defined_version(key)?;
            return Ok(Self::from_usual(algorithm, &key)?.with(particular));
        }
        Self::from_usual(algorithm, key)
    }

    fn from_usual(algorithm: AlgorithmIdentifierRef<'_>, key: &[u8]) -> Result<Self, KeyError> {
        let info = PrivateKeyInfoRef::new(algorithm, OctetStringRef::new(key).map_err(damaged)?);
        let pkcs8 = Zeroizing::new(info.to_der().map_err(damaged)?);
        match PrivateKey::from_pkcs8(&pkcs8) {
            Ok(key) => Ok(Self {
                pkcs8: Zeroizing::new(key.pkcs8().to_vec()),
                algorithm: key.public_key().to_string(),
                public: Some(key.public_key().clone()),
                forms: Vec::new(),
                signing: Some(key),
            }),
            // Not for signing, but for handing on.
            Err(KeyError::AlgorithmUnsupported { .. }) => {
                let public = forms::public_key_within(algorithm, key)?;
                let name = name_of(&algorithm, public.as_ref());
                Ok(Self {
                    pkcs8,
                    algorithm: name,
                    public,
                    forms: Vec::new(),
                    signing: None,
                })
            }
            Err(error) => Err(error),
        }
    }

    /// The key as PKCS #8 version 1, DER.
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// Its algorithm and size, for people.
    pub fn algorithm(&self) -> &str {
        &self.algorithm
    }

    /// Its public key; `None` where only the algorithm's own arithmetic could tell.
    pub fn public_key(&self) -> Option<&PublicKey> {
        self.public.as_ref()
    }

    /// What is particular about the form in which it was written, for which some programs do not load it.
    pub fn forms(&self) -> &[KeyForm] {
        &self.forms
    }

    /// What stays particular when gsec writes it again: [`Self::pkcs8`] is in the usual form as far as gsec knows the algorithm.
    pub fn forms_as_written(&self) -> Vec<KeyForm> {
        Self::from_pkcs8(&self.pkcs8)
            .map(|written| written.forms)
            .unwrap_or_default()
    }

    /// The same key, written in a form with these particularities too.
    #[must_use]
    pub(super) fn with(mut self, forms: impl IntoIterator<Item = KeyForm>) -> Self {
        self.forms.extend(forms);
        self
    }

    /// Whether programs with OpenSSL 3.0 load it. Of a PEM file they take the first key that they can load, and skip what comes before it.
    pub fn is_loaded_by_openssl(&self) -> bool {
        OPENSSL_ALGORITHMS.iter().any(|algorithm| self.is_of(algorithm))
            && self.forms.iter().all(|form| form.is_read_by_openssl())
    }

    /// Whether it is a key of this algorithm.
    pub(super) fn is_of(&self, algorithm: &ObjectIdentifier) -> bool {
        PrivateKeyInfoRef::from_der(&self.pkcs8).is_ok_and(|info| info.algorithm.oid == *algorithm)
    }

    /// Whether its public half is this; `None` where gsec cannot derive the public half of the algorithm, and that is the same.
    pub fn is_pair_of(&self, public: &PublicKey) -> Option<bool> {
        match &self.public {
            Some(own) => Some(own.is_pair_of(public)),
            None if self.algorithm == public.to_string() => None,
            None => Some(false),
        }
    }

    /// The key for signing.
    ///
    /// # Errors
    /// [`KeyError::AlgorithmUnsupported`] names what gsec does not sign with.
    pub fn into_signing_key(self) -> Result<PrivateKey, KeyError> {
        self.signing
            .map_or_else(|| PrivateKey::from_pkcs8(&self.pkcs8), Ok)
    }
}

impl From<&PrivateKey> for KeyDocument {
    fn from(key: &PrivateKey) -> Self {
        let pkcs8 = Zeroizing::new(key.pkcs8().to_vec());
        Self {
            pkcs8,
            algorithm: key.public_key().to_string(),
            public: Some(key.public_key().clone()),
            forms: Vec::new(),
            signing: None,
        }
    }
}

/// What is wrong with a key that contains the public key of another one.
pub(super) const HALVES_DIFFER: &str = "its private and its public half do not match";

/// The name of a curve that is named, or is a known one by its numbers.
fn curve_of(parameters: AnyRef<'_>) -> Result<ObjectIdentifier, KeyError> {
    match parameters.decode_as() {
        Ok(curve) => Ok(curve),
        Err(_) => explicit_curve::name(&parameters.to_der().map_err(damaged)?)
            .ok_or(KeyError::Foreign(ForeignKey::ExplicitCurve)),
    }
}

/// Algorithm and size, or curve.
fn name_of(algorithm: &AlgorithmIdentifierRef<'_>, public: Option<&PublicKey>) -> String {
    let curve = || algorithm.parameters_oid().map(|curve| algorithm_name(&curve));
    match (algorithm.oid, public) {
        (OID_RSA_PSS, Some(public)) => format!("RSA-PSS {}", public.size_bits().unwrap_or_default()),
        (_, Some(public)) => public.to_string(),
        (OID_EC_PUBLIC_KEY, None) => curve().unwrap_or_else(|_| algorithm_name(&algorithm.oid)),
        (oid, None) => algorithm_name(&oid),
    }
}

/// Whether the bytes have the outer structure of a PKCS #8 key, which shows that a decryption succeeded.
pub(super) fn is_pkcs8(bytes: &[u8]) -> bool {
    PrivateKeyInfoRef::from_der(bytes).is_ok()
}

/// The library only says that it does not like the encoding.
fn has_whole_bytes(der: &[u8]) -> Result<(), KeyError> {
    unused_bits(der).map_or(Ok(()), |unused| {
        Err(KeyError::Damaged(unused_bits_in_words(unused)))
    })
}

fn damaged(error: der::Error) -> KeyError {
    KeyError::Damaged(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{KeyAlgorithm, RsaBits};

    #[test]
    fn every_form_gives_the_same_public_key() {
        for algorithm in [
            KeyAlgorithm::Rsa(RsaBits::B2048),
            KeyAlgorithm::P256,
            KeyAlgorithm::P521,
            KeyAlgorithm::Ed25519,
        ] {
            let key = PrivateKey::generate(algorithm).expect("generate");
            let document = KeyDocument::from_pkcs8(key.pkcs8()).expect("own PKCS #8");
            assert_eq!(document.public_key(), Some(key.public_key()), "{algorithm}");
            assert_eq!(document.algorithm(), algorithm.to_string());
        }
    }

    #[test]
    fn curve_may_stand_in_a_block_of_its_own() {
        let key = PrivateKey::generate(KeyAlgorithm::P384).expect("generate");
        let info = PrivateKeyInfoRef::from_der(key.pkcs8()).expect("PKCS #8");
        let sec1 = info.private_key.as_bytes();
        let curve = info.algorithm.parameters.expect("curve").to_der().expect("DER");
        assert!(matches!(
            KeyDocument::from_sec1(sec1, None),
            Err(KeyError::Damaged(_))
        ));
        assert_eq!(
            KeyDocument::from_sec1(sec1, Some(&curve))
                .expect("key")
                .public_key(),
            Some(key.public_key())
        );
    }
}
