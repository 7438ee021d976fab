//! The older forms of private keys: PKCS #1 for RSA and SEC 1 for elliptic curves, made from PKCS #8.

use der::asn1::{AnyRef, BitStringRef, OctetStringRef, UintRef};
use der::{Decode, Encode, Sequence, Tag, Tagged};
use pkcs8::PrivateKeyInfoRef;
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfo};
use zeroize::Zeroizing;

use super::identifiers::{OID_EC_PUBLIC_KEY, OID_ED25519, OID_RSA, OID_RSA_PSS, algorithm_name};
use super::public::bit_length;
use super::{KeyError, KeyForm, PublicKey};
use crate::encoding::pem;

/// ECPrivateKey, RFC 5915 §3.
#[derive(Sequence)]
struct EcPrivateKey<'a> {
    version: u8,
    private_key: &'a OctetStringRef,
    #[asn1(context_specific = "0", optional = "true")]
    parameters: Option<AnyRef<'a>>,
    #[asn1(context_specific = "1", optional = "true")]
    public_key: Option<BitStringRef<'a>>,
}

/// The one version of an ECPrivateKey, RFC 5915 §3.
const SEC1_VERSION: u8 = 1;

/// RSAPrivateKey, RFC 8017 A.1.2: nine INTEGERs, and a SEQUENCE after them when it has more than two primes.
fn rsa_numbers(pkcs1: &[u8]) -> Result<Vec<UintRef<'_>>, KeyError> {
    const NUMBERS: usize = 9;
    let elements = Vec::<AnyRef<'_>>::from_der(pkcs1).map_err(damaged)?;
    if elements.len() < NUMBERS {
        return Err(KeyError::Damaged("it has too few numbers for an RSA key".into()));
    }
    elements
        .into_iter()
        .take(NUMBERS)
        .map(|element| element.decode_as().map_err(damaged))
        .collect()
}

/// The tag of the second element in a SEQUENCE: what follows the version of a key.
pub(super) fn second_tag(der: &[u8]) -> Result<Option<Tag>, KeyError> {
    let elements = Vec::<AnyRef<'_>>::from_der(der).map_err(damaged)?;
    Ok(elements.get(1).map(Tagged::tag))
}

/// Bits of the modulus of a PKCS #1 key, and its primes: two, or more (version 1).
pub(super) fn rsa_shape(pkcs1: &[u8]) -> Result<(u32, usize), KeyError> {
    let numbers = rsa_numbers(pkcs1)?;
    let primes = if numbers[0].as_bytes() == [0] { 2 } else { 3 };
    Ok((bit_length(numbers[1].as_bytes()), primes))
}

/// What a SEC 1 key says about its curve: a name, or all its numbers.
pub(super) fn sec1_parameters(sec1: &[u8]) -> Result<Option<AnyRef<'_>>, KeyError> {
    Ok(EcPrivateKey::from_der(sec1).map_err(damaged)?.parameters)
}

/// What is particular about a SEC 1 key on a curve of so many bits, where they are known: its public half, its secret number.
pub(super) fn particular_to_curves(sec1: &[u8], bits: Option<u32>) -> Result<Vec<KeyForm>, KeyError> {
    let key = EcPrivateKey::from_der(sec1).map_err(damaged)?;
    // A point that is neither compressed nor hybrid begins with 4 (SEC 1 §2.3.3).
    let public = match key.public_key.map(|bits| bits.raw_bytes().first().copied()) {
        None => Some(KeyForm::WithoutPublicHalf),
        Some(Some(4)) => None,
        Some(_) => Some(KeyForm::PointForm),
    };
    let own = u32::try_from(key.private_key.as_bytes().len()).unwrap_or(u32::MAX);
    let is_long = bits.is_some_and(|bits| own > bits.div_ceil(8));
    Ok(public
        .into_iter()
        .chain(is_long.then_some(KeyForm::LongSecret))
        .collect())
}

/// An RSAPrivateKey with the version that says how many primes it has, and what is particular about the version that it had (RFC 8017 A.1.2).
pub(super) fn with_defined_version(pkcs1: &[u8]) -> Result<(Zeroizing<Vec<u8>>, Vec<KeyForm>), KeyError> {
    const NUMBERS: usize = 9;
    let version = rsa_numbers(pkcs1)?[0];
    let mut elements = Vec::<AnyRef<'_>>::from_der(pkcs1).map_err(damaged)?;
    let as_it_is = Zeroizing::new(pkcs1.to_vec());
    let is_empty = |further: &AnyRef<'_>| further.tag() == Tag::Sequence && further.value().is_empty();
    let has_further = match elements.get(NUMBERS..) {
        Some([]) | None => false,
        Some([further]) => !is_empty(further),
        // What is that is for who reads it to say.
        Some(_) => return Ok((as_it_is, Vec::new())),
    };
    let several = has_further.then_some(KeyForm::SeveralPrimes);
    let odd = match (version.as_bytes(), has_further) {
        ([0], _) => return Ok((as_it_is, Vec::new())),
        ([1], true) => return Ok((as_it_is, several.into_iter().collect())),
        ([1], false) => KeyForm::WithoutFurtherPrimes,
        _ => KeyForm::UndefinedVersion,
    };
    elements.truncate(if has_further { NUMBERS + 1 } else { NUMBERS });
    let defined = [u8::from(has_further)];
    elements[0] = AnyRef::new(Tag::Integer, &defined).map_err(damaged)?;
    let written = Zeroizing::new(elements.to_der().map_err(damaged)?);
    Ok((written, std::iter::once(odd).chain(several).collect()))
}

/// A SEC 1 key as used inside PKCS #8, where the algorithm names the curve (RFC 5915 §3).
pub(super) fn sec1_without_parameters(sec1: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let mut key = EcPrivateKey::from_der(sec1).map_err(damaged)?;
    if key.version != SEC1_VERSION {
        return Err(KeyError::Damaged(format!(
            "its version is {}, and must be {SEC1_VERSION} (RFC 5915 §3)",
            key.version
        )));
    }
    key.parameters = None;
    Ok(Zeroizing::new(key.to_der().map_err(damaged)?))
}

/// The public key contained in a private key of an algorithm that gsec does not sign with, if there is one.
pub(super) fn public_key_within(
    algorithm: AlgorithmIdentifierRef<'_>,
    key: &[u8],
) -> Result<Option<PublicKey>, KeyError> {
    let bits = match algorithm.oid {
        OID_RSA | OID_RSA_PSS => {
            let numbers = rsa_numbers(key)?;
            Some(vec![numbers[1], numbers[2]].to_der().map_err(damaged)?)
        }
        OID_EC_PUBLIC_KEY => EcPrivateKey::from_der(key)
            .map_err(damaged)?
            .public_key
            .map(|bits| bits.raw_bytes().to_vec()),
        _ => None,
    };
    bits.map(|bits| public_key_of(algorithm, &bits)).transpose()
}

/// The public key of an algorithm with this content.
pub(super) fn public_key_of(
    algorithm: AlgorithmIdentifierRef<'_>,
    bits: &[u8],
) -> Result<PublicKey, KeyError> {
    let info = SubjectPublicKeyInfo {
        algorithm,
        subject_public_key: BitStringRef::from_bytes(bits).map_err(damaged)?,
    };
    PublicKey::from_spki(&info.to_der().map_err(damaged)?)
}

fn damaged(error: der::Error) -> KeyError {
    KeyError::Damaged(error.to_string())
}

/// Returns the PEM label and DER of a PKCS #8 key in its older form.
///
/// # Errors
/// [`KeyError::NoTraditionalForm`] for algorithms that have none.
pub(super) fn traditional(pkcs8: &[u8]) -> Result<(&'static str, Zeroizing<Vec<u8>>), KeyError> {
    let info = PrivateKeyInfoRef::from_der(pkcs8).map_err(damaged)?;
    match info.algorithm.oid {
        OID_RSA => Ok((
            pem::RSA_PRIVATE_KEY,
            Zeroizing::new(info.private_key.as_bytes().to_vec()),
        )),
        OID_EC_PUBLIC_KEY => {
            let curve = info
                .algorithm
                .parameters_oid()
                .map_err(|error| KeyError::Damaged(error.to_string()))?;
            let mut key = EcPrivateKey::from_der(info.private_key.as_bytes()).map_err(damaged)?;
            // Inside PKCS #8 only the algorithm names the curve; on its own the key must name it (RFC 5915 §3).
            key.parameters = Some(AnyRef::from(&curve));
            Ok((
                pem::EC_PRIVATE_KEY,
                Zeroizing::new(key.to_der().map_err(damaged)?),
            ))
        }
        OID_ED25519 => Err(KeyError::NoTraditionalForm {
            algorithm: "Ed25519".into(),
        }),
        other => Err(KeyError::NoTraditionalForm {
            algorithm: algorithm_name(&other),
        }),
    }
}
