//! AlgorithmIdentifiers, and the parameters of password-based algorithms (RFC 8018 Appendix A, RFC 7292 Appendix C).

use der::asn1::{Any, AnyRef, IntRef, OctetString};
use der::oid::ObjectIdentifier;
use der::{Decode, Encode, Sequence};

use super::{MAX_ITERATIONS, PbeError};

/// AlgorithmIdentifier, RFC 5280 §4.1.1.2.
#[derive(Debug, Clone, Sequence)]
pub(super) struct Algorithm {
    pub(super) oid: ObjectIdentifier,
    #[asn1(optional = "true")]
    pub(super) parameters: Option<Any>,
}

impl Algorithm {
    pub(super) fn parse(der: &[u8]) -> Result<Self, PbeError> {
        Ok(Self::from_der(der)?)
    }

    pub(super) fn with(oid: ObjectIdentifier, parameters: &impl EncodeAny) -> der::Result<Self> {
        Ok(Self {
            oid,
            parameters: Some(parameters.encode_any()?),
        })
    }

    /// The parameters, which must be there and of this type.
    pub(super) fn parameters<T>(&self) -> Result<T, PbeError>
    where
        T: for<'a> Decode<'a, Error = der::Error>,
    {
        let any = self
            .parameters
            .as_ref()
            .ok_or_else(|| PbeError::Malformed(format!("{} has no parameters", self.oid)))?;
        Ok(T::from_der(&any.to_der()?)?)
    }

    /// NULL or nothing, as digests and MACs have.
    pub(super) fn expect_no_parameters(&self) -> Result<(), PbeError> {
        match &self.parameters {
            None => Ok(()),
            Some(any) if any.is_null() => Ok(()),
            Some(_) => Err(PbeError::Malformed(format!("{} has parameters", self.oid))),
        }
    }
}

/// Types that can be used as parameters.
pub(super) trait EncodeAny {
    fn encode_any(&self) -> der::Result<Any>;
}

impl<T: Encode> EncodeAny for T {
    fn encode_any(&self) -> der::Result<Any> {
        Any::from_der(&self.to_der()?)
    }
}

/// PBEParameter and pkcs-12PbeParams.
#[derive(Sequence)]
pub(super) struct PbeParameters {
    pub(super) salt: OctetString,
    pub(super) iterations: Any,
}

/// PBES2-params.
#[derive(Sequence)]
pub(super) struct Pbes2Parameters {
    pub(super) key_derivation: Algorithm,
    pub(super) encryption: Algorithm,
}

/// PBMAC1-params.
#[derive(Sequence)]
pub(super) struct Pbmac1Parameters {
    pub(super) key_derivation: Algorithm,
    pub(super) authentication: Algorithm,
}

/// PBKDF2-params; the salt is a CHOICE, and all known programs write its first alternative.
#[derive(Sequence)]
pub(super) struct Pbkdf2Parameters {
    pub(super) salt: OctetString,
    pub(super) iterations: Any,
    #[asn1(optional = "true")]
    pub(super) key_length: Option<u32>,
    #[asn1(optional = "true")]
    pub(super) prf: Option<Algorithm>,
}

/// scrypt-params, RFC 7914 §7.1.
#[derive(Sequence)]
pub(super) struct ScryptParameters {
    pub(super) salt: OctetString,
    pub(super) cost: u64,
    pub(super) block_size: u32,
    pub(super) parallelization: u32,
    #[asn1(optional = "true")]
    pub(super) key_length: Option<u32>,
}

/// An iteration count within the bound.
pub(super) fn iterations(any: &Any) -> Result<u32, PbeError> {
    let number = any.decode_as::<IntRef<'_>>()?;
    let bytes = number.as_bytes();
    if bytes.first().is_some_and(|first| first & 0x80 != 0) {
        return Err(PbeError::Malformed("the iteration count is negative".into()));
    }
    let found = bytes.iter().fold(0_u64, |number, byte| {
        if number >> 56 == 0 {
            number << 8 | u64::from(*byte)
        } else {
            u64::MAX
        }
    });
    match u32::try_from(found) {
        Ok(0) => Err(PbeError::Malformed("the iteration count is 0".into())),
        Ok(count) if found <= MAX_ITERATIONS => Ok(count),
        _ => Err(PbeError::TooManyIterations { found }),
    }
}

/// `1 iteration`, `2048 iterations`.
pub(super) fn iterations_in_words(count: u32) -> String {
    format!("{count} iteration{}", if count == 1 { "" } else { "s" })
}

pub(super) fn encoded_iterations(count: u32) -> der::Result<Any> {
    Any::from_der(&count.to_der()?)
}

/// An initialization vector, the only parameter of a cipher in CBC mode.
pub(super) fn initialisation_vector(algorithm: &Algorithm) -> Result<Vec<u8>, PbeError> {
    let any = algorithm
        .parameters
        .as_ref()
        .ok_or_else(|| PbeError::Malformed("the initialization vector is missing".into()))?;
    Ok(AnyRef::from(any).decode_as::<OctetString>()?.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iteration_counts_are_bounded() {
        let count = |der: &[u8]| iterations(&Any::from_der(der).expect("DER"));
        assert_eq!(count(&[2, 2, 8, 0]), Ok(2048));
        assert_eq!(
            count(&[2, 1, 0]),
            Err(PbeError::Malformed("the iteration count is 0".into()))
        );
        assert_eq!(
            count(&[2, 1, 0xff]),
            Err(PbeError::Malformed("the iteration count is negative".into()))
        );
        assert_eq!(
            count(&[2, 4, 0x7f, 0xff, 0xff, 0xff]),
            Err(PbeError::TooManyIterations { found: 0x7fff_ffff })
        );
        assert_eq!(
            count(&[2, 10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            Err(PbeError::TooManyIterations { found: u64::MAX })
        );
        assert!(count(&[4, 1, 1]).is_err());
    }
}
