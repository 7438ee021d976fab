//! A host certificate as requested, wherever that comes from: arguments, a row of a list, a request, a certificate that is renewed.

use std::collections::HashSet;
use std::sync::Arc;

use crate::policy::CertifiedKey;
use gsec_pki::key::{KeyAlgorithm, PrivateKey, PublicKey, Signer};
use gsec_pki::x509::{
    Certificate, CertificateRequest, DistinguishedName, GeneralName, Lifetime, NameAttribute,
};

/// The key of a host.
#[derive(Clone)]
pub enum HostKey {
    /// To be made.
    Generate(KeyAlgorithm),
    /// Brought along.
    Given(Arc<PrivateKey>),
    /// Only its public half is here: of a certification request, or of a certificate that is renewed.
    Certified(Box<PublicKey>),
}

/// Where names come from, beside those that the order gives.
#[derive(Clone)]
pub enum Names {
    /// From nowhere.
    Given,
    /// From a certification request (PKCS #10), which shows that its author has the key: it must be the key of the order
    /// ([`HostKey::of_request`]).
    FromRequest {
        /// The request.
        request: Box<CertificateRequest>,
        /// Whether its names are certified too, as far as the profile permits. Without it the order must give each of them.
        takes_names: bool,
    },
}

/// The subject of a host.
#[derive(Clone)]
pub enum HostSubject {
    /// Made of these.
    Parts {
        /// The parts but for the common name.
        parts: Vec<NameAttribute>,
        /// The common name; the host when `None`.
        common_name: Option<NameAttribute>,
    },
    /// This one, byte for byte.
    Exact(DistinguishedName),
}

/// A host certificate as requested.
#[derive(Clone)]
pub struct HostOrder {
    /// The host itself: it names the files, and is first in subjectAltName. The first host name or address among the names when `None`.
    pub host: Option<GeneralName>,
    /// Further names.
    pub further_names: Vec<GeneralName>,
    /// Where more names come from.
    pub names: Names,
    /// The subject.
    pub subject: HostSubject,
    /// The profile.
    pub profile: String,
    /// Its lifetime; as the profile says when `None`.
    pub lifetime: Option<Lifetime>,
    /// The key.
    pub key: HostKey,
    /// The friendly name of the PFX; the host when `None`.
    pub friendly_name: Option<String>,
    /// The certificate in whose place it comes, for the audit log.
    pub replaces: Option<Box<Certificate>>,
}

impl HostOrder {
    /// A certificate with defaults for everything else.
    pub fn new(host: Option<GeneralName>, key: HostKey, profile: &str) -> Self {
        Self {
            host,
            further_names: Vec::new(),
            names: Names::Given,
            subject: HostSubject::default(),
            profile: profile.to_owned(),
            lifetime: None,
            key,
            friendly_name: None,
            replaces: None,
        }
    }
}

impl HostSubject {
    /// This one, with `parts` in the place of its own parts of the same kinds, and with `common_name` where one is given.
    #[must_use]
    pub fn with(&self, parts: &[NameAttribute], common_name: Option<&NameAttribute>) -> Self {
        let (own, own_name) = match self {
            Self::Parts { parts, common_name } => (parts.as_slice(), common_name.as_ref()),
            Self::Exact(_) => (&[][..], None),
        };
        let is_replaced = |own: &NameAttribute| parts.iter().any(|part| part.kind() == own.kind());
        let kept = own.iter().filter(|own| !is_replaced(own));
        Self::Parts {
            parts: kept.chain(parts).cloned().collect(),
            common_name: common_name.or(own_name).cloned(),
        }
    }
}

/// The common name is the host.
impl Default for HostSubject {
    fn default() -> Self {
        Self::Parts {
            parts: Vec::new(),
            common_name: None,
        }
    }
}

impl HostKey {
    /// The key of a request.
    pub fn of_request(request: &CertificateRequest) -> Self {
        Self::Certified(Box::new(request.public_key().clone()))
    }

    /// The public key, unless it is yet to be made: a new key has no owner yet.
    pub(in crate::authority) fn brought_along(&self) -> Option<&PublicKey> {
        match self {
            Self::Generate(_) => None,
            Self::Given(key) => Some(key.public_key()),
            Self::Certified(key) => Some(key),
        }
    }

    /// The key as policy decides about it.
    pub(in crate::authority) fn certified(&self) -> CertifiedKey {
        match self {
            Self::Generate(algorithm) => CertifiedKey::New(*algorithm),
            Self::Given(key) => CertifiedKey::Known(Box::new(key.public_key().clone())),
            Self::Certified(key) => CertifiedKey::Known(key.clone()),
        }
    }
}

/// Names in their order, each once. A request may have a hundred thousand of them.
pub(in crate::authority) fn without_repeats(names: impl Iterator<Item = GeneralName>) -> Vec<GeneralName> {
    let mut seen = HashSet::new();
    names.filter(|name| seen.insert(folded(name))).collect()
}

/// A text that is the same for equal names: case does not count in host names.
pub(in crate::authority) fn folded(name: &GeneralName) -> String {
    match name {
        GeneralName::Dns(name) => format!("dns:{}", name.as_str().to_ascii_lowercase()),
        // Names of one kind that gsec cannot issue differ from those that it can, though they may read the same.
        GeneralName::Directory(_) | GeneralName::Other { .. } => format!("other:{name}"),
        name => name.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gsec_pki::x509::AttributeKind;

    #[test]
    fn parts_of_a_kind_take_the_place_of_all_of_that_kind() {
        let part = |kind, text| NameAttribute::parse(kind, text).expect("a part");
        let defaults = HostSubject::Parts {
            parts: vec![
                part(AttributeKind::OrganizationalUnit, "A"),
                part(AttributeKind::OrganizationalUnit, "B"),
                part(AttributeKind::Organization, "Org"),
            ],
            common_name: None,
        };
        let own = [part(AttributeKind::OrganizationalUnit, "C")];
        let HostSubject::Parts { parts, common_name } = defaults.with(&own, None) else {
            panic!("made of parts");
        };
        let values: Vec<&str> = parts.iter().map(NameAttribute::value).collect();
        assert_eq!((values, common_name), (vec!["Org", "C"], None));
    }
}
