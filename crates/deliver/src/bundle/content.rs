//! What is in each file.

use zeroize::Zeroizing;

use super::{BundleError, Material, Order};
use crate::target::Content;
use gsec_pki::key::{KeyDocument, KeyFormat, sha256};
use gsec_pki::pkcs12::{PfxContent, encode_pfx};
use gsec_pki::x509::{Certificate, RevocationList};

/// The content of a file; `None` where there is nothing to write: no key, no intermediates, no CRL.
pub(super) fn content(
    what: Content,
    material: &Material,
    order: &Order,
    name: &str,
) -> Result<Option<Zeroizing<Vec<u8>>>, BundleError> {
    let chain = || pem_of(&material.intermediates);
    let full_chain = || format!("{}{}", material.certificate.to_pem(), chain());
    let with_key = |before: &str, after: &str| {
        let key = material
            .key
            .as_ref()
            .and_then(|key| key.to_pem(KeyFormat::Pkcs8).ok())?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(before.len() + key.len() + after.len()));
        bytes.extend_from_slice(before.as_bytes());
        bytes.extend_from_slice(key.as_bytes());
        bytes.extend_from_slice(after.as_bytes());
        Some(bytes)
    };
    let public = |text: String| Some(Zeroizing::new(text.into_bytes()));
    Ok(match what {
        Content::FullChain => public(full_chain()),
        Content::Chain => public(chain()).filter(|text| !text.is_empty()),
        Content::Ca => public(pem_of(&material.roots)),
        Content::Crl if !material.missing_crls.is_empty() => None,
        Content::Crl => public(material.crls.iter().map(RevocationList::to_pem).collect()),
        Content::CrlDer => material
            .issuer_crl()
            .map(|crl| Zeroizing::new(crl.der().to_vec())),
        Content::Key => with_key("", ""),
        Content::Combined => with_key(&full_chain(), ""),
        Content::KeyChain => with_key("", &full_chain()),
        Content::KeyStore => match &material.key {
            Some(key) => Some(key_store(key, material, order, name)?),
            None => None,
        },
        Content::TrustStore => Some(trust_store(material, order, name)?),
    })
}

fn pem_of(certificates: &[Certificate]) -> String {
    certificates.iter().map(Certificate::to_pem).collect()
}

fn key_store(
    key: &KeyDocument,
    material: &Material,
    order: &Order,
    name: &str,
) -> Result<Zeroizing<Vec<u8>>, BundleError> {
    let mut certificates: Vec<&Certificate> = std::iter::once(&material.certificate)
        .chain(&material.intermediates)
        .collect();
    // Windows places what is in the file, and has the root from nowhere else where certutil imports it.
    if order.target.name == "windows" {
        certificates.extend(&material.roots);
    }
    let content = PfxContent::KeyAndChain {
        key,
        certificates: &certificates,
        friendly_name: name,
    };
    let mut seed = Zeroizing::new(key.pkcs8().to_vec());
    certificates
        .iter()
        .for_each(|certificate| seed.extend_from_slice(certificate.der()));
    encode(&content, order, name, &seed)
}

fn trust_store(material: &Material, order: &Order, name: &str) -> Result<Zeroizing<Vec<u8>>, BundleError> {
    let alias = |index: usize| {
        if index == 0 {
            format!("{name}-ca")
        } else {
            format!("{name}-ca-{}", index + 1)
        }
    };
    let certificates: Vec<(&Certificate, String)> = material
        .roots
        .iter()
        .enumerate()
        .map(|(index, root)| (root, alias(index)))
        .collect();
    let seed: Vec<u8> = material
        .roots
        .iter()
        .flat_map(|root| root.der().iter().copied())
        .collect();
    let content = PfxContent::TrustStore {
        certificates: &certificates,
    };
    encode(&content, order, name, &seed)
}

/// The same store each time, byte for byte, so that what has not changed is not installed again: salts come from what is in the store. A salt
/// must differ from others, and need not be secret; for another content, name or encryption it is another. The password does not enter it, or
/// it could be guessed from the salt.
fn encode(
    content: &PfxContent<'_>,
    order: &Order,
    name: &str,
    seed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, BundleError> {
    let encryption = order.store.encryption;
    let mut whole = Zeroizing::new(b"gsec bundle salt 1\0".to_vec());
    for part in [encryption.name().as_bytes(), name.as_bytes(), seed] {
        whole.extend_from_slice(&(part.len() as u64).to_be_bytes());
        whole.extend_from_slice(part);
    }
    let root = Zeroizing::new(sha256(&whole));
    let mut counter = 0_u64;
    let mut salt = |out: &mut [u8]| {
        for chunk in out.chunks_mut(32) {
            let mut block = Zeroizing::new(root.to_vec());
            block.extend_from_slice(&counter.to_be_bytes());
            chunk.copy_from_slice(&sha256(&block)[..chunk.len()]);
            counter += 1;
        }
    };
    Ok(encode_pfx(content, order.password(), encryption, &mut salt)?)
}
