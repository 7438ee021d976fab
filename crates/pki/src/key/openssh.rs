//! OpenSSH's own format of private keys (`openssh-key-v1`, PROTOCOL.key in OpenSSH's source), for Ed25519 alone and not encrypted:
//! `ssh-keygen` turns every other key into PKCS #8, but writes Ed25519 in no other format.

use der::Encode;
use der::asn1::OctetString;
use pkcs8::PrivateKeyInfoRef;
use spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use super::document::HALVES_DIFFER;
use super::identifiers::OID_ED25519;
use super::{ForeignKey, KeyDocument, KeyError, KeyForm};

const MAGIC: &[u8] = b"openssh-key-v1\0";
const ED25519: &[u8] = b"ssh-ed25519";
/// Length of an Ed25519 seed, RFC 8032 §5.1.5; OpenSSH writes the public key behind it.
const SEED_BYTES: usize = 32;

/// Reads the content of an `OPENSSH PRIVATE KEY` block.
///
/// # Errors
/// [`KeyError::Foreign`] for what `ssh-keygen` converts.
pub(super) fn decode(content: &[u8]) -> Result<KeyDocument, KeyError> {
    let (seed, public) = seed_and_public_key(content).ok_or(KeyError::Foreign(ForeignKey::OpenSsh))?;
    let damaged = |error: der::Error| KeyError::Damaged(error.to_string());
    let inner = Zeroizing::new(
        OctetString::new(seed)
            .and_then(|bytes| bytes.to_der())
            .map_err(damaged)?,
    );
    let bytes = der::asn1::OctetStringRef::new(&inner).map_err(damaged)?;
    let info = PrivateKeyInfoRef::new(
        AlgorithmIdentifierRef {
            oid: OID_ED25519,
            parameters: None,
        },
        bytes,
    );
    let key = KeyDocument::from_pkcs8(&Zeroizing::new(info.to_der().map_err(damaged)?))?;
    match key.public_key() {
        Some(found) if found.bits() == public => Ok(key.with([KeyForm::OpenSsh])),
        _ => Err(KeyError::Damaged(HALVES_DIFFER.into())),
    }
}

/// Seed and public key of the one Ed25519 key, when it is one and not encrypted.
fn seed_and_public_key(content: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut rest = content.strip_prefix(MAGIC)?;
    let (cipher, _derivation, _options) = (string(&mut rest)?, string(&mut rest)?, string(&mut rest)?);
    let count = number(&mut rest)?;
    let _public = string(&mut rest)?;
    let mut private = string(&mut rest)?;
    if cipher != b"none" || count != 1 || number(&mut private)? != number(&mut private)? {
        return None;
    }
    let (kind, _public, both) = (
        string(&mut private)?,
        string(&mut private)?,
        string(&mut private)?,
    );
    (kind == ED25519 && both.len() == 2 * SEED_BYTES).then(|| both.split_at(SEED_BYTES))
}

/// A string: its length in four bytes, then its content.
fn string<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(number(rest)?).ok()?;
    let (string, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(string)
}

fn number(rest: &mut &[u8]) -> Option<u32> {
    let (number, after) = rest.split_first_chunk::<4>()?;
    *rest = after;
    Some(u32::from_be_bytes(*number))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: [u8; 32] = [7; 32];

    /// A file with this public key behind the seed.
    fn file_with(cipher: &[u8], kind: &[u8], public: &[u8]) -> Vec<u8> {
        let string = |bytes: &[u8]| {
            [
                &u32::try_from(bytes.len()).expect("short").to_be_bytes()[..],
                bytes,
            ]
            .concat()
        };
        let private = [
            vec![1; 8],
            string(kind),
            string(&[2; 32]),
            string(&[&SEED, public].concat()),
            string(b"comment"),
            vec![1, 2, 3],
        ]
        .concat();
        [
            MAGIC,
            &string(cipher),
            &string(b"none"),
            &string(b""),
            &[0, 0, 0, 1],
            &string(b"public"),
            &string(&private),
        ]
        .concat()
    }

    fn public_key() -> Vec<u8> {
        let pair = aws_lc_rs::signature::Ed25519KeyPair::from_seed_unchecked(&SEED).expect("seed");
        aws_lc_rs::signature::KeyPair::public_key(&pair).as_ref().to_vec()
    }

    fn file(cipher: &[u8], kind: &[u8]) -> Vec<u8> {
        file_with(cipher, kind, &public_key())
    }

    #[test]
    fn halves_that_do_not_belong_together_are_refused() {
        assert!(matches!(
            decode(&file_with(b"none", ED25519, &[1; 32])),
            Err(KeyError::Damaged(_))
        ));
        assert!(matches!(
            decode(&file_with(b"none", ED25519, &[])),
            Err(KeyError::Foreign(ForeignKey::OpenSsh))
        ));
    }

    #[test]
    fn ed25519_is_read_and_everything_else_left_to_ssh_keygen() {
        let key = decode(&file(b"none", ED25519)).expect("Ed25519");
        assert_eq!(key.algorithm(), "Ed25519");
        assert!(key.pkcs8().ends_with(&SEED));
        for other in [
            file(b"aes256-ctr", ED25519),
            file(b"none", b"ssh-rsa"),
            file(b"none", ED25519)[..60].to_vec(),
            Vec::new(),
        ] {
            assert!(matches!(
                decode(&other),
                Err(KeyError::Foreign(ForeignKey::OpenSsh))
            ));
        }
    }
}
