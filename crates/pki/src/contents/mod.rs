//! CONTENTS. Everything that one file holds, whatever kind of file it is: keys, certificates, requests and CRLs from PEM, DER
//! or PKCS #12, and which of them belong together. Pure.

mod arrange;
mod decode;
mod error;
mod pem_output;
mod pfx_output;

pub use arrange::{Arrangement, Entry};
pub use decode::decode_bundle;
pub use error::{BundleError, Place};
pub use pem_output::{Owner, PartKind, PemPart};
pub use pfx_output::OnlyEntry;

use crate::encoding::pem::Oddity;
use crate::key::{KeyDocument, PublicKey};
use crate::pkcs12::{BagFacts, PassedOver, PfxReader, Readability};
use crate::x509::{Certificate, CertificateRequest, RevocationList};

/// A private key, with what its file says about it.
pub struct BundledKey {
    /// The key.
    pub key: KeyDocument,
    /// Friendly name and identifier; in PKCS #12 only.
    pub facts: BagFacts,
    /// How it was encrypted, in words; `None` when it was not.
    pub encryption: Option<String>,
}

/// A certificate, with what its file says about it.
pub struct BundledCertificate {
    /// The certificate.
    pub certificate: Certificate,
    /// Friendly name and identifier; in PKCS #12 only.
    pub facts: BagFacts,
    /// How it was encrypted, in words; `None` when it was not.
    pub encryption: Option<String>,
}

/// What is particular to a PKCS #12 file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PfxProtection {
    /// Description of the MAC; `None` if the file has none.
    pub mac: Option<String>,
    /// Which programs read it.
    pub readers: Vec<(PfxReader, Readability)>,
}

/// Everything in a file.
#[derive(Default)]
pub struct Bundle {
    /// The keys, in file order.
    pub keys: Vec<BundledKey>,
    /// The certificates, in file order.
    pub certificates: Vec<BundledCertificate>,
    /// The certification requests.
    pub requests: Vec<CertificateRequest>,
    /// The CRLs.
    pub crls: Vec<RevocationList>,
    /// Public keys without a private key or certificate.
    pub public_keys: Vec<PublicKey>,
    /// What else is in it and was passed over.
    pub others: PassedOver,
    /// The sizes in bits of the primes in blocks of Diffie-Hellman parameters.
    pub dh_primes: Vec<u32>,
    /// Lines of PEM blocks that some programs do not load, with the reason.
    pub oddities: Vec<(usize, Oddity)>,
    /// How it is protected, when it is a PKCS #12 file.
    pub pfx: Option<PfxProtection>,
}
