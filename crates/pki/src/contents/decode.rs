//! From bytes to contents.

use std::collections::HashSet;
use std::ops::Range;

use der::Decode;
use der::asn1::{AnyRef, UintRef};

use super::{Bundle, BundleError, BundledCertificate, BundledKey, PfxProtection, Place};
use crate::encoding::pem::{self, Block};
use crate::encoding::sniff::{DerKind, FileKind, file_kind, without_padding};
use crate::key::{
    EncryptedKey, KeyDocument, KeyError, PublicKey, curve_block, decode_key_block, decode_key_document,
    is_encrypted_block, is_key_block,
};
use crate::pbe::Effort;
use crate::pkcs12::{
    BagFacts, MAX_CERTIFICATES, MAX_KEYS, PfxContents, PfxReadError, decode_pfx, readability,
};
use crate::x509::{
    Certificate, CertificateError, CertificateRequest, RevocationList, decode_certificate_block,
    is_certificate_block,
};

/// Labels of certification requests (RFC 7468 §7).
const REQUEST_LABELS: [&str; 2] = [pem::CERTIFICATE_REQUEST, "NEW CERTIFICATE REQUEST"];

/// Reads everything in a file. Without a password, what is encrypted is tried with the empty one.
///
/// # Errors
/// [`BundleError`]: what is wrong, and where. [`BundleError::wants_password`] tells whether a password might help.
pub fn decode_bundle(bytes: &[u8], password: Option<&str>) -> Result<Bundle, BundleError> {
    match file_kind(bytes) {
        FileKind::Pem => decode_pem(bytes, password),
        FileKind::DerSigned => decode_signed(without_padding(bytes)),
        FileKind::DerPrivateKey | FileKind::DerEncryptedKey => {
            let bytes = without_padding(bytes);
            let key = or_empty_password(password, |password| decode_key_document(bytes, Some(password)));
            let key = key.map_err(|source| BundleError::Key {
                place: Place::Whole,
                source,
            })?;
            let encryption = encryption_of(bytes);
            Ok(Bundle {
                keys: vec![plain_key(key, encryption)],
                ..Bundle::default()
            })
        }
        FileKind::DerPublicKey => {
            let key = PublicKey::from_spki(without_padding(bytes)).map_err(|source| BundleError::Key {
                place: Place::Whole,
                source,
            })?;
            Ok(Bundle {
                public_keys: vec![key],
                ..Bundle::default()
            })
        }
        FileKind::Pkcs12 => from_pfx(decode_pfx(bytes, password.unwrap_or_default())?),
        FileKind::Foreign(foreign) => Err(BundleError::Foreign(foreign)),
        other @ (FileKind::Empty | FileKind::Unknown) => Err(BundleError::Unknown(other.name())),
    }
}

fn decode_pem(bytes: &[u8], password: Option<&str>) -> Result<Bundle, BundleError> {
    let blocks = pem::decode_all(bytes)?;
    let curve = curve_block(&blocks);
    let mut effort = Effort::new();
    let oddities = pem::oddities(&blocks).collect();
    let mut bundle = Bundle {
        oddities,
        ..Bundle::default()
    };
    for block in &blocks {
        add_block(block, curve, password, &mut effort, &mut bundle)?;
        let counts = [
            ("private keys", bundle.keys.len(), MAX_KEYS),
            ("certificates", bundle.certificates.len(), MAX_CERTIFICATES),
        ];
        if let Some((what, _, bound)) = counts.into_iter().find(|(_, count, bound)| count > bound) {
            return Err(BundleError::Pfx(PfxReadError::TooMany { what, bound }));
        }
    }
    Ok(bundle)
}

fn add_block(
    block: &Block,
    curve: Option<&[u8]>,
    password: Option<&str>,
    effort: &mut Effort,
    bundle: &mut Bundle,
) -> Result<(), BundleError> {
    let place = Place::Line(block.line);
    let bad_key = |source| BundleError::Key { place, source };
    let bad = |source| BundleError::Certificate { place, source };
    match block.label.as_str() {
        _ if is_certificate_block(block) => bundle
            .certificates
            .push(plain_certificate(decode_certificate_block(block).map_err(bad)?)),
        _ if is_key_block(block) => {
            let key = or_empty_password(password, |password| {
                decode_key_block(block, curve, Some(password), effort)
            })
            .map_err(bad_key)?;
            bundle.keys.push(plain_key(key, encryption_in_words(block)));
        }
        label if REQUEST_LABELS.contains(&label) => bundle
            .requests
            .push(CertificateRequest::from_der(&block.content).map_err(bad)?),
        pem::X509_CRL => bundle
            .crls
            .push(RevocationList::from_der(&block.content).map_err(bad)?),
        pem::PUBLIC_KEY => bundle
            .public_keys
            .push(PublicKey::from_spki(&block.content).map_err(bad_key)?),
        label if pem::PKCS7_LABELS.contains(&label) => {
            return Err(BundleError::Foreign(pem::pkcs7_form(label)));
        }
        pem::PKCS12 => bundle.add(from_pfx(decode_pfx(
            &block.content,
            password.unwrap_or_default(),
        )?)?),
        // It belongs to the key after it, which was read with it.
        pem::EC_PARAMETERS => {}
        label => {
            if pem::DH_PARAMETERS_LABELS.contains(&label) {
                bundle.dh_primes.extend(prime_bits(&block.content));
            }
            bundle.others.add(&format!("`{label}`"));
        }
    }
    Ok(())
}

/// The size of the prime in Diffie-Hellman parameters, which begin with it (PKCS #3 §9, RFC 3279 §2.3.3).
fn prime_bits(der: &[u8]) -> Option<u32> {
    let numbers = Vec::<AnyRef<'_>>::from_der(der).ok()?;
    let prime: UintRef<'_> = numbers.first()?.decode_as().ok()?;
    let first = prime.as_bytes().first()?;
    let bytes = u32::try_from(prime.as_bytes().len()).ok()?;
    Some(bytes * 8 - first.leading_zeros())
}

/// Tries the password, or the empty password if there is none; if the empty one is wrong, a password is required.
fn or_empty_password(
    password: Option<&str>,
    read: impl FnOnce(&str) -> Result<KeyDocument, KeyError>,
) -> Result<KeyDocument, KeyError> {
    match (read(password.unwrap_or_default()), password) {
        (Err(KeyError::WrongPassword), None) => Err(KeyError::Encrypted),
        (read, _) => read,
    }
}

fn encryption_in_words(block: &Block) -> Option<String> {
    match &block.dek_info {
        Some(dek_info) => Some(format!(
            "Proc-Type: 4,ENCRYPTED: {}, MD5",
            dek_info.split(',').next().unwrap_or_default().trim()
        )),
        None if is_encrypted_block(block) => encryption_of(&block.content),
        None => None,
    }
}

/// A certificate, a request or a CRL: they look alike from outside.
fn decode_signed(der: &[u8]) -> Result<Bundle, BundleError> {
    let as_certificate = || {
        Certificate::from_der(der).map(|found| Bundle {
            certificates: vec![plain_certificate(found)],
            ..Bundle::default()
        })
    };
    let as_request = || {
        CertificateRequest::from_der(der).map(|found| Bundle {
            requests: vec![found],
            ..Bundle::default()
        })
    };
    let as_crl = || {
        RevocationList::from_der(der).map(|found| Bundle {
            crls: vec![found],
            ..Bundle::default()
        })
    };
    let kind = match DerKind::of(der) {
        Some(DerKind::Certificate) => as_certificate().err(),
        Some(DerKind::Request) => as_request().err(),
        Some(DerKind::Crl) => as_crl().err(),
        _ => None,
    };
    let neither =
        || CertificateError::Damaged("it is truncated, or not a certificate, CSR or CRL in DER".into());
    let mut said = kind.unwrap_or_else(neither);
    for attempt in [
        &as_certificate as &dyn Fn() -> Result<Bundle, CertificateError>,
        &as_request,
        &as_crl,
    ] {
        match attempt() {
            Ok(bundle) => return Ok(bundle),
            // It is of that kind, and something particular is wrong with it.
            Err(error @ (CertificateError::Trailing(_) | CertificateError::Key(_))) => said = error,
            Err(_) => {}
        }
    }
    Err(BundleError::Certificate {
        place: Place::Whole,
        source: said,
    })
}

fn from_pfx(contents: PfxContents) -> Result<Bundle, BundleError> {
    let readers = readability(&contents);
    let mac = contents.mac.map(|mac| mac.to_string());
    let crls = contents
        .crls
        .iter()
        .map(|der| RevocationList::from_der(der))
        .collect::<Result<_, _>>();
    let in_words = |scheme: Option<crate::pbe::EncryptionScheme>| scheme.map(|scheme| scheme.to_string());
    let keys = contents.keys.into_iter().map(|key| BundledKey {
        key: key.key,
        facts: key.facts,
        encryption: in_words(key.encryption),
    });
    let certificates = contents.certificates.into_iter().map(|found| BundledCertificate {
        certificate: found.certificate,
        facts: found.facts,
        encryption: in_words(found.encryption),
    });
    Ok(Bundle {
        keys: keys.collect(),
        certificates: certificates.collect(),
        crls: crls.map_err(|source| BundleError::Certificate {
            place: Place::Whole,
            source,
        })?,
        others: contents.others,
        pfx: Some(PfxProtection { mac, readers }),
        ..Bundle::default()
    })
}

fn plain_key(key: KeyDocument, encryption: Option<String>) -> BundledKey {
    BundledKey {
        key,
        facts: BagFacts::default(),
        encryption,
    }
}

fn plain_certificate(certificate: Certificate) -> BundledCertificate {
    BundledCertificate {
        certificate,
        facts: BagFacts::default(),
        encryption: None,
    }
}

impl Bundle {
    /// Takes in what another part of the file holds.
    fn add(&mut self, part: Self) {
        self.keys.extend(part.keys);
        self.certificates.extend(part.certificates);
        self.requests.extend(part.requests);
        self.crls.extend(part.crls);
        self.public_keys.extend(part.public_keys);
        self.dh_primes.extend(part.dh_primes);
        self.others.extend(&part.others);
        self.pfx = self.pfx.take().or(part.pfx);
    }

    /// The private keys that programs find in it. Of a PEM file most read the first, whatever follows; OpenSSL skips what it cannot load before
    /// it. Where each key has its certificate, as RSA and EC keys of one host in one file, a program that takes such files pairs them (Apache's
    /// mod_md, Postfix's smtpd_tls_chain_files).
    pub fn keys_in_use(&self) -> &[BundledKey] {
        self.keys_in_use_with(self)
    }

    /// As [`Self::keys_in_use`], where the certificates are in another file.
    pub fn keys_in_use_with(&self, certificates: &Self) -> &[BundledKey] {
        &self.keys[self.places_in_use_with(certificates)]
    }

    /// Which of [`Self::keys`] those are.
    pub fn places_in_use_with(&self, certificates: &Self) -> Range<usize> {
        if self.pfx.is_some() || self.keys.len() <= 1 {
            return 0..self.keys.len();
        }
        let certified: HashSet<Vec<u8>> = certificates
            .certificates
            .iter()
            .map(|found| found.certificate.public_key().pair_identity())
            .collect();
        let is_certified = |key: &BundledKey| {
            key.key
                .public_key()
                .is_some_and(|public| certified.contains(&public.pair_identity()))
        };
        if self.keys.iter().all(is_certified) {
            return 0..self.keys.len();
        }
        let is_loaded = |key: &BundledKey| key.key.is_loaded_by_openssl();
        let first = self.keys.iter().position(is_loaded).unwrap_or(0);
        first..first + 1
    }

    /// The one private key in it.
    ///
    /// # Errors
    /// [`KeyError::NoKey`], [`KeyError::SeveralKeys`].
    pub fn only_key(mut self) -> Result<BundledKey, KeyError> {
        match (self.keys.pop(), self.keys.len()) {
            (Some(key), 0) => Ok(key),
            (None, _) => Err(KeyError::NoKey {
                found: self.in_words(),
            }),
            (Some(_), others) => Err(KeyError::SeveralKeys { count: others + 1 }),
        }
    }

    /// What is in it, for a message about something else that was looked for.
    pub fn in_words(&self) -> String {
        let counted = [
            (self.keys.len(), "private key", "private keys"),
            (self.certificates.len(), "certificate", "certificates"),
            (self.requests.len(), "CSR", "CSRs"),
            (self.crls.len(), "CRL", "CRLs"),
            (self.public_keys.len(), "public key", "public keys"),
        ];
        let found = counted
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, several)| match count {
                1 => format!("one {one}"),
                _ => format!("{count} {several}"),
            });
        let found: Vec<String> = found.chain(self.others.in_words()).collect();
        if found.is_empty() {
            "nothing".into()
        } else {
            found.join(", ")
        }
    }
}

/// The name of the encryption scheme of a key, if it can be parsed.
fn encryption_of(der: &[u8]) -> Option<String> {
    EncryptedKey::from_der(der)
        .ok()
        .map(|key| key.scheme().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{KeyAlgorithm, KeyFormat, PrivateKey, encode_private_key};

    fn key() -> PrivateKey {
        PrivateKey::generate(KeyAlgorithm::P256).expect("key")
    }

    #[test]
    fn every_block_of_a_text_is_sorted() {
        let request = rcgen::CertificateParams::new(vec!["db1.example.com".to_owned()]).expect("names");
        let pair = rcgen::KeyPair::generate().expect("key");
        let request = request
            .serialize_request(&pair)
            .expect("request")
            .pem()
            .expect("PEM");
        let key = encode_private_key(&key(), KeyFormat::Traditional).expect("encode");
        let other = pem::encode("DH PARAMETERS", b"x");
        let bundle =
            decode_bundle(format!("{request}{}{other}", key.as_str()).as_bytes(), None).expect("contents");
        assert_eq!(bundle.in_words(), "one private key, one CSR, `DH PARAMETERS`");
    }

    #[test]
    fn an_encrypted_key_wants_a_password_and_says_where() {
        let text = KeyDocument::from(&key())
            .to_encrypted_pem("right", &mut |out| out.fill(7))
            .expect("encrypt");
        let text = format!("first\n{}", text.as_str());
        let error = decode_bundle(text.as_bytes(), None).err().expect("no password");
        assert!(error.wants_password());
        assert_eq!(
            error.to_string(),
            "PEM block at line 2: the private key is encrypted"
        );
        assert_eq!(
            decode_bundle(text.as_bytes(), Some("right"))
                .expect("contents")
                .keys
                .len(),
            1
        );
    }

    #[test]
    fn foreign_files_are_named() {
        let error = decode_bundle(&[0xfe, 0xed, 0xfe, 0xed], None).err().expect("JKS");
        assert_eq!(
            error.to_string(),
            "it is a Java key store (JKS), which gsec cannot read"
        );
        assert!(!error.wants_password());
    }
}
