//! PFX files part by part, as no program writes them. What they are encrypted and authenticated with is computed by gsec itself: whether
//! it does that right, other tests and other programs judge.

use gsec_pki::pbe::{Digest, EncryptionScheme, MacScheme, Password};

use super::der_writer::{
    OCTET_STRING_IN_PIECES, SEQUENCE, algorithm, context, indefinite, number, octet_string, oid, sequence,
    tlv,
};

const DATA: &str = "1.2.840.113549.1.7.1";
const ENCRYPTED_DATA: &str = "1.2.840.113549.1.7.6";
const KEY_BAG: &str = "1.2.840.113549.1.12.10.1.1";
pub const SHROUDED_KEY_BAG: &str = "1.2.840.113549.1.12.10.1.2";
const CERT_BAG: &str = "1.2.840.113549.1.12.10.1.3";
const SAFE_CONTENTS_BAG: &str = "1.2.840.113549.1.12.10.1.6";
const X509_CERTIFICATE: &str = "1.2.840.113549.1.9.22.1";
const PBES2: &str = "1.2.840.113549.1.5.13";
const PBKDF2: &str = "1.2.840.113549.1.5.12";
const PBMAC1: &str = "1.2.840.113549.1.5.14";
pub const HMAC_SHA256: &str = "1.2.840.113549.2.9";
pub const AES_256_CBC: &str = "2.16.840.1.101.3.4.1.42";
pub const SHA1: &str = "1.3.14.3.2.26";

/// A PFX around the octets of an AuthenticatedSafe.
pub fn pfx(authenticated_safe: &[u8], mac: Option<Vec<u8>>) -> Vec<u8> {
    sequence(&[number(3), data(authenticated_safe), mac.unwrap_or_default()])
}

/// A PFX without a MAC, with these ContentInfos.
pub fn pfx_of(safes: &[Vec<u8>]) -> Vec<u8> {
    pfx(&sequence(safes), None)
}

/// A PFX without MAC and encryption, with these bags.
pub fn pfx_of_bags(bags: &[Vec<u8>]) -> Vec<u8> {
    pfx_of(&[data(&sequence(bags))])
}

/// ContentInfo of type id-data.
pub fn data(content: &[u8]) -> Vec<u8> {
    sequence(&[oid(DATA), context(0, &octet_string(content))])
}

/// ContentInfo of type id-encryptedData.
pub fn encrypted_data(algorithm: Vec<u8>, encrypted: &[u8]) -> Vec<u8> {
    let content = sequence(&[oid(DATA), algorithm, tlv(0x80, encrypted)]);
    sequence(&[oid(ENCRYPTED_DATA), context(0, &sequence(&[number(0), content]))])
}

/// ContentInfo with bags that are encrypted as OpenSSL does it, with one iteration.
pub fn encrypted_bags(bags: &[Vec<u8>], password: &str) -> Vec<u8> {
    let scheme = quick_scheme();
    encrypted_data(
        scheme.algorithm_der().expect("DER"),
        &encrypt(&scheme, password, &sequence(bags)),
    )
}

/// PBES2 as OpenSSL has it, with one iteration.
pub fn quick_scheme() -> EncryptionScheme {
    EncryptionScheme::modern(1, &[7; 8], [9; 16])
}

pub fn encrypt(scheme: &EncryptionScheme, password: &str, plain: &[u8]) -> Vec<u8> {
    scheme
        .encrypt(&Password::new(password), plain)
        .expect("encryption")
}

pub fn bag(kind: &str, value: &[u8]) -> Vec<u8> {
    sequence(&[oid(kind), context(0, value)])
}

/// A bag with attributes, each an identifier with its one value.
pub fn bag_with(kind: &str, value: &[u8], attributes: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let attribute = |(kind, value): &(&str, Vec<u8>)| sequence(&[oid(kind), tlv(0x31, value)]);
    sequence(&[
        oid(kind),
        context(0, value),
        tlv(0x31, &attributes.iter().flat_map(attribute).collect::<Vec<u8>>()),
    ])
}

pub fn certificate_bag(der: &[u8]) -> Vec<u8> {
    bag(
        CERT_BAG,
        &sequence(&[oid(X509_CERTIFICATE), context(0, &octet_string(der))]),
    )
}

pub fn key_bag(pkcs8: &[u8]) -> Vec<u8> {
    bag(KEY_BAG, pkcs8)
}

/// A key with friendlyName.
pub fn named_key_bag(pkcs8: &[u8], friendly_name: &str) -> Vec<u8> {
    let name: Vec<u8> = friendly_name.encode_utf16().flat_map(u16::to_be_bytes).collect();
    bag_with(KEY_BAG, pkcs8, &[("1.2.840.113549.1.9.20", tlv(30, &name))])
}

pub fn shrouded_key_bag(algorithm: Vec<u8>, encrypted: &[u8]) -> Vec<u8> {
    bag(SHROUDED_KEY_BAG, &encrypted_key(algorithm, encrypted))
}

/// EncryptedPrivateKeyInfo.
pub fn encrypted_key(algorithm: Vec<u8>, encrypted: &[u8]) -> Vec<u8> {
    sequence(&[algorithm, octet_string(encrypted)])
}

/// As many safeContentsBags within one another; the innermost holds these bags.
pub fn nested_bags(depth: usize, bags: &[Vec<u8>]) -> Vec<u8> {
    (0..depth).fold(bags.concat(), |inside, _| {
        bag(SAFE_CONTENTS_BAG, &tlv(SEQUENCE, &inside))
    })
}

/// MacData; `iterations` is a whole element.
pub fn mac_data(algorithm: Vec<u8>, value: &[u8], salt: &[u8], iterations: Vec<u8>) -> Vec<u8> {
    sequence(&[
        sequence(&[algorithm, octet_string(value)]),
        octet_string(salt),
        iterations,
    ])
}

/// MacData that fits, with one iteration.
pub fn sound_mac(content: &[u8], password: &str, salt: &[u8]) -> Vec<u8> {
    let scheme = MacScheme::pkcs12(Digest::Sha256, salt, 1);
    let value = scheme
        .authenticate(&Password::new(password), content)
        .expect("MAC");
    mac_data(scheme.algorithm_der().expect("DER"), &value, salt, number(1))
}

/// MacData of PBMAC1 that fits, with one iteration; salt and iterations outside are as OpenSSL writes them.
pub fn sound_pbmac1(content: &[u8], password: &str) -> Vec<u8> {
    let identifier = pbmac1(pbkdf2(&[7; 8], number(1), Some(number(32)), HMAC_SHA256));
    let scheme = MacScheme::from_algorithm(&identifier, &[], None).expect("PBMAC1");
    let value = scheme
        .authenticate(&Password::new(password), content)
        .expect("MAC");
    mac_data(identifier, &value, b"NOT USED", number(1))
}

/// AlgorithmIdentifier of the encryption of PKCS #12 and of PBES1: salt and iterations.
pub fn pbe(dotted: &str, salt: &[u8], iterations: Vec<u8>) -> Vec<u8> {
    algorithm(dotted, sequence(&[octet_string(salt), iterations]))
}

/// AlgorithmIdentifier of PBES2.
pub fn pbes2(derivation: Vec<u8>, cipher: Vec<u8>) -> Vec<u8> {
    algorithm(PBES2, sequence(&[derivation, cipher]))
}

/// AlgorithmIdentifier of PBMAC1 with HMAC-SHA-256.
pub fn pbmac1(derivation: Vec<u8>) -> Vec<u8> {
    algorithm(PBMAC1, sequence(&[derivation, sequence(&[oid(HMAC_SHA256)])]))
}

/// AlgorithmIdentifier of PBKDF2 with HMAC of this identifier; `iterations` and `key_length` are whole elements.
pub fn pbkdf2(salt: &[u8], iterations: Vec<u8>, key_length: Option<Vec<u8>>, prf: &str) -> Vec<u8> {
    algorithm(
        PBKDF2,
        sequence(&[
            octet_string(salt),
            iterations,
            key_length.unwrap_or_default(),
            sequence(&[oid(prf)]),
        ]),
    )
}

/// AlgorithmIdentifier of AES-256-CBC with this initialisation vector.
pub fn aes256(iv: &[u8]) -> Vec<u8> {
    algorithm(AES_256_CBC, octet_string(iv))
}

/// The same file as NSS would write it: indefinite lengths outside, the octet strings there in pieces of so many octets.
pub fn pfx_in_pieces(authenticated_safe: &[u8], mac: Vec<u8>, octets: usize) -> Vec<u8> {
    let pieces: Vec<u8> = authenticated_safe.chunks(octets).flat_map(octet_string).collect();
    let string = indefinite(OCTET_STRING_IN_PIECES, &pieces);
    let content = indefinite(SEQUENCE, &[oid(DATA), indefinite(0xa0, &string)].concat());
    indefinite(SEQUENCE, &[number(3), content, mac].concat())
}
