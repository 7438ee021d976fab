//! What in a file belongs together: keys, their certificates, and the issuers of those.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use super::{Bundle, BundledCertificate, BundledKey};
use crate::key::SignatureCheck;
use crate::x509::{Certificate, DistinguishedName, GeneralName};

/// An end-entity certificate, with its key if the file contains it, and its chain of issuers.
pub struct Entry<'a> {
    /// Its key.
    pub key: Option<&'a BundledKey>,
    /// The certificate.
    pub certificate: &'a BundledCertificate,
    /// Its issuer, that one's issuer, and so on, as far as the file has them.
    pub chain: Vec<&'a BundledCertificate>,
}

/// The contents of a file, put in order.
pub struct Arrangement<'a> {
    /// Who is who.
    pub entries: Vec<Entry<'a>>,
    /// Keys without a certificate.
    pub unmatched_keys: Vec<&'a BundledKey>,
    /// Certificates that belong to no entry.
    pub other_certificates: Vec<&'a BundledCertificate>,
}

impl<'a> Arrangement<'a> {
    /// All certificates, each once: every entry's, with its issuers after it, then the others, hosts before CAs: servers take the first of a file.
    pub fn certificates(&self) -> impl Iterator<Item = &'a BundledCertificate> {
        let mut seen = HashSet::new();
        let in_entries = self
            .entries
            .iter()
            .flat_map(|entry| std::iter::once(entry.certificate).chain(entry.chain.iter().copied()));
        let (authorities, hosts): (Vec<_>, Vec<_>) = self
            .other_certificates
            .iter()
            .copied()
            .partition(|found| found.certificate.is_authority());
        in_entries
            .chain(hosts)
            .chain(authorities)
            .filter(move |found| seen.insert(found.certificate.der()))
    }
}

impl Bundle {
    /// Puts the contents in order. In a file without keys, the only certificate that did not issue another one is an entry;
    /// if there are several, the file is a collection without entries.
    pub fn arrange(&self) -> Arrangement<'_> {
        let index = Index::of(&self.certificates, !self.keys.is_empty());
        let mut entered = HashSet::new();
        let mut entries: Vec<Entry<'_>> = Vec::new();
        let mut unmatched_keys = Vec::new();
        for key in &self.keys {
            match index.certificate_of(key) {
                // A key that is there twice is one entry.
                Some(certificate) if !entered.insert(std::ptr::from_ref(certificate)) => {}
                Some(certificate) => entries.push(Entry {
                    key: Some(key),
                    certificate,
                    chain: index.chain_of(certificate),
                }),
                None => unmatched_keys.push(key),
            }
        }
        if self.keys.is_empty() {
            entries.extend(self.only_end(&index).map(|certificate| Entry {
                key: None,
                certificate,
                chain: index.chain_of(certificate),
            }));
        }
        // NSS writes an issuer once for each of its keys: copies count as one.
        let in_entries = entries
            .iter()
            .flat_map(|entry| entry.path().into_iter().map(Certificate::der).collect::<Vec<_>>());
        let mut used: HashSet<&[u8]> = in_entries.collect();
        let other_certificates = self
            .certificates
            .iter()
            .filter(|found| used.insert(found.certificate.der()))
            .collect();
        Arrangement {
            entries,
            unmatched_keys,
            other_certificates,
        }
    }

    /// If all pairs of key and certificate are for one host, such as an RSA and an EC key, the pair whose certificate comes
    /// first in the file; `None` if they are for different hosts, since the choice would then be ambiguous.
    pub fn first_pair<'a, 'b>(&self, arranged: &'b Arrangement<'a>) -> Option<&'b Entry<'a>> {
        let names = |entry: &Entry<'_>| {
            let certificate = &entry.certificate.certificate;
            let names = certificate
                .subject_alternative_names()
                .unwrap_or_default()
                .iter()
                .map(|name| name.value().to_ascii_lowercase());
            names
                .chain(certificate.subject().common_names())
                .collect::<Vec<_>>()
        };
        let first = arranged.entries.first()?;
        let of_first = names(first);
        let is_one_host = arranged
            .entries
            .iter()
            .all(|entry| names(entry).iter().any(|name| of_first.contains(name)));
        let place = |entry: &&Entry<'_>| {
            self.certificates
                .iter()
                .position(|found| std::ptr::eq(found, entry.certificate))
        };
        arranged
            .entries
            .iter()
            .filter(|entry| entry.key.is_some())
            .min_by_key(place)
            .filter(|_| is_one_host && arranged.unmatched_keys.is_empty())
    }

    /// The one certificate that no other in the file is issued by. Copies count as one.
    fn only_end<'a>(&'a self, index: &Index<'a>) -> Option<&'a BundledCertificate> {
        let issuers: HashSet<&[u8]> = self
            .certificates
            .iter()
            .filter_map(|found| index.issuer_of(found))
            .map(|issuer| issuer.certificate.der())
            .collect();
        let mut ends = self
            .certificates
            .iter()
            .filter(|found| !issuers.contains(found.certificate.der()));
        let end = ends.next()?;
        ends.all(|other| other.certificate == end.certificate)
            .then_some(end)
    }
}

/// The most certificates in a chain; real ones have two to four.
const MAX_CHAIN: usize = 32;

/// Subject, and subjectKeyIdentifier where there is one.
type NameAndIdentifier<'a> = (&'a DistinguishedName, Option<&'a [u8]>);

/// Certificates by what others name them by. A file may have thousands, so that none may be compared with each other.
struct Index<'a> {
    /// By [`crate::key::PublicKey::pair_identity`].
    by_key: HashMap<Vec<u8>, Vec<&'a BundledCertificate>>,
    by_local_key_id: HashMap<&'a [u8], &'a BundledCertificate>,
    by_name: HashMap<&'a DistinguishedName, Vec<&'a BundledCertificate>>,
    by_name_and_identifier: HashMap<NameAndIdentifier<'a>, Vec<&'a BundledCertificate>>,
    /// By the addresses of the signed certificate and of the one whose key was tried.
    checked: RefCell<HashMap<(usize, usize), SignatureCheck>>,
}

impl<'a> Index<'a> {
    /// The most certificates of one name that are tried as issuers.
    const MAX_ALIKE: usize = 32;
    /// The most signatures that are checked; after that, names and key identifiers decide alone.
    const MAX_SIGNATURE_CHECKS: usize = 1024;

    /// Certificates are looked up by key only where there are keys.
    fn of(certificates: &'a [BundledCertificate], by_key: bool) -> Self {
        let mut index = Self {
            by_key: HashMap::new(),
            by_local_key_id: HashMap::new(),
            by_name: HashMap::new(),
            by_name_and_identifier: HashMap::new(),
            checked: RefCell::default(),
        };
        for found in certificates {
            let certificate = &found.certificate;
            if by_key {
                let identity = certificate.public_key().pair_identity();
                index.by_key.entry(identity).or_default().push(found);
            }
            if let Some(identifier) = &found.facts.local_key_id {
                index.by_local_key_id.entry(identifier).or_insert(found);
            }
            let name = certificate.subject();
            let alike = [
                index.by_name.entry(name).or_default(),
                index
                    .by_name_and_identifier
                    .entry((name, certificate.subject_key_identifier()))
                    .or_default(),
            ];
            let is_new = |alike: &&mut Vec<&BundledCertificate>| {
                alike.len() < Self::MAX_ALIKE && alike.iter().all(|other| other.certificate != *certificate)
            };
            alike
                .into_iter()
                .filter(is_new)
                .for_each(|alike| alike.push(found));
        }
        index
    }

    /// The certificate of a key: the one with the same identifier and this key, otherwise any with this key. A key whose
    /// public half cannot be derived is matched by its identifier alone.
    fn certificate_of(&self, key: &BundledKey) -> Option<&'a BundledCertificate> {
        let identifier = key.facts.local_key_id.as_deref();
        let Some(public) = key.key.public_key() else {
            return self.by_local_key_id.get(identifier?).copied();
        };
        let with_key = self.by_key.get(&public.pair_identity())?;
        let same_identifier = |found: &&&BundledCertificate| {
            identifier.is_some() && found.facts.local_key_id.as_deref() == identifier
        };
        with_key
            .iter()
            .find(same_identifier)
            .or(with_key.first())
            .copied()
    }

    /// The chain of issuers; stops where a loop would start again.
    fn chain_of(&self, certificate: &'a BundledCertificate) -> Vec<&'a BundledCertificate> {
        let mut seen = HashSet::from([std::ptr::from_ref(certificate)]);
        let next = |last: &&'a BundledCertificate| {
            self.issuer_of(last)
                .filter(|issuer| seen.insert(std::ptr::from_ref(*issuer)))
        };
        std::iter::successors(Some(certificate), next)
            .skip(1)
            .take(MAX_CHAIN)
            .collect()
    }

    /// The issuer: of those with the issuer's name (RFC 5280 §7.1) the one whose key signed. Where no signature can be checked, the one that
    /// the key identifiers, if both contain one, do not exclude (§4.2.1.1); where none is right, only one that the key identifier names,
    /// for then the certificate was changed. `None` for a root.
    fn issuer_of(&self, of: &'a BundledCertificate) -> Option<&'a BundledCertificate> {
        let certificate = &of.certificate;
        let name = certificate.issuer();
        let with = |identifier| {
            self.by_name_and_identifier
                .get(&(name, identifier))
                .into_iter()
                .flatten()
        };
        let wanted = certificate.authority_key_identifier();
        let likely = wanted
            .into_iter()
            .flat_map(|wanted| with(Some(wanted)).chain(with(None)));
        let of_name = self.by_name.get(name).into_iter().flatten();
        let mut candidates = likely
            .chain(of_name)
            .copied()
            .filter(|candidate| candidate.certificate != *certificate)
            .peekable();
        candidates.peek()?;
        let is_root = certificate.is_self_issued()
            && names_by_identifier(certificate, certificate) != Some(false)
            && self.check(of, of) != Some(SignatureCheck::Bad);
        if is_root {
            return None;
        }
        let (mut possible, mut named) = (None, None);
        for candidate in candidates {
            let by_identifier = names_by_identifier(certificate, &candidate.certificate);
            match self.check(of, candidate) {
                Some(SignatureCheck::Good) => return Some(candidate),
                Some(SignatureCheck::Bad) if by_identifier == Some(true) => {
                    named.get_or_insert(candidate);
                }
                Some(SignatureCheck::Bad) => {}
                Some(SignatureCheck::Unsupported) | None if by_identifier != Some(false) => {
                    possible.get_or_insert(candidate);
                }
                Some(SignatureCheck::Unsupported) | None => {}
            }
        }
        possible.or(named)
    }

    /// Whether the key of one certificate signed another; `None` when no further signature may be checked.
    fn check(&self, signed: &BundledCertificate, by: &BundledCertificate) -> Option<SignatureCheck> {
        let place = (std::ptr::from_ref(signed).addr(), std::ptr::from_ref(by).addr());
        let mut checked = self.checked.borrow_mut();
        if let Some(known) = checked.get(&place) {
            return Some(*known);
        }
        (checked.len() < Self::MAX_SIGNATURE_CHECKS).then(|| {
            let check = signed.certificate.verify_signature(by.certificate.public_key());
            checked.insert(place, check);
            check
        })
    }
}

/// Whether the key identifiers say that one issued the other; `None` unless both contain one.
fn names_by_identifier(issued: &Certificate, issuer: &Certificate) -> Option<bool> {
    let identifiers = issued
        .authority_key_identifier()
        .zip(issuer.subject_key_identifier());
    identifiers.map(|(wanted, has)| wanted == has)
}

impl Entry<'_> {
    /// The host of the certificate: its first DNS name or address, otherwise a common name that is a host name.
    pub fn host(&self) -> Option<GeneralName> {
        let certificate = &self.certificate.certificate;
        host_among(
            certificate.subject_alternative_names().unwrap_or_default(),
            certificate.subject(),
        )
    }

    /// The common name, else the friendly name.
    pub fn title(&self) -> Option<String> {
        let facts = self
            .key
            .map(|key| &key.facts)
            .into_iter()
            .chain([&self.certificate.facts]);
        let friendly = facts.filter_map(|facts| facts.friendly_name.clone()).next();
        self.certificate
            .certificate
            .subject()
            .common_names()
            .into_iter()
            .next()
            .or(friendly)
    }
}

/// The first DNS name or address, else a common name that is one.
pub(super) fn host_among(names: &[GeneralName], subject: &DistinguishedName) -> Option<GeneralName> {
    let is_host = |name: &&GeneralName| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_));
    let from_common_name = || {
        subject
            .common_names()
            .iter()
            .find_map(|name| GeneralName::parse_host(name).ok())
    };
    names.iter().find(is_host).cloned().or_else(from_common_name)
}

#[cfg(test)]
mod tests {
    use crate::contents::decode_bundle;
    use rcgen::{
        BasicConstraints, CertificateParams, CertifiedIssuer, DnType, DnValue, IsCa, Issuer, KeyPair,
    };

    fn authority(name: &str) -> CertificateParams {
        let mut params = CertificateParams::new(Vec::<String>::new()).expect("no names");
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
    }

    fn host(name: &str) -> CertificateParams {
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        params.distinguished_name = rcgen::DistinguishedName::new();
        params
    }

    struct Chain {
        root: String,
        intermediate: String,
        host: String,
        key: String,
    }

    fn chain(name: &str) -> Chain {
        let pair = || KeyPair::generate().expect("key");
        let root = CertifiedIssuer::self_signed(authority("root"), pair()).expect("root");
        let intermediate =
            CertifiedIssuer::signed_by(authority("intermediate"), pair(), &root).expect("intermediate");
        let key = pair();
        let host = host(name).signed_by(&key, &intermediate).expect("host");
        Chain {
            root: root.pem(),
            intermediate: intermediate.pem(),
            host: host.pem(),
            key: key.serialize_pem(),
        }
    }

    #[test]
    fn chain_is_found_in_any_order() {
        let made = chain("db1.example.com");
        let text = [made.root.as_str(), &made.key, &made.intermediate, &made.host].concat();
        let bundle = decode_bundle(text.as_bytes(), None).expect("contents");
        let arranged = bundle.arrange();
        let entry = &arranged.entries[0];
        assert!(entry.key.is_some());
        assert_eq!(entry.host().expect("a host").to_string(), "dns:db1.example.com");
        let names: Vec<_> = entry
            .chain
            .iter()
            .map(|issuer| issuer.certificate.subject().to_string())
            .collect();
        assert_eq!(names, ["CN=intermediate", "CN=root"]);
        assert!(arranged.other_certificates.is_empty() && arranged.unmatched_keys.is_empty());
    }

    #[test]
    fn without_keys_the_one_that_issued_nobody_is_the_entry() {
        let made = chain("db1.example.com");
        let bundle = decode_bundle(
            [made.root.as_str(), &made.host, &made.intermediate]
                .concat()
                .as_bytes(),
            None,
        )
        .expect("contents");
        let arranged = bundle.arrange();
        assert_eq!(arranged.entries.len(), 1);
        assert_eq!(arranged.entries[0].chain.len(), 2);
        let two = [made.root.as_str(), &chain("db2.example.com").root].concat();
        let bundle = decode_bundle(two.as_bytes(), None).expect("contents");
        assert_eq!(
            (
                bundle.arrange().entries.len(),
                bundle.arrange().other_certificates.len()
            ),
            (0, 2)
        );
    }

    #[test]
    fn a_key_goes_with_the_certificate_that_has_it() {
        let (one, two) = (chain("db1.example.com"), chain("db2.example.com"));
        let bundle = decode_bundle([one.host.as_str(), &two.host, &two.key].concat().as_bytes(), None)
            .expect("contents");
        let arranged = bundle.arrange();
        assert_eq!(
            arranged.entries[0].host().expect("a host").to_string(),
            "dns:db2.example.com"
        );
        assert_eq!(arranged.other_certificates.len(), 1);
        let lonely =
            decode_bundle([one.host.as_str(), &two.key].concat().as_bytes(), None).expect("contents");
        assert_eq!(lonely.arrange().unmatched_keys.len(), 1);
    }

    /// One certificate in the name of another CA, as a file has it when keys were changed.
    #[test]
    fn of_several_issuers_of_one_name_the_signature_decides() {
        let pair = || KeyPair::generate().expect("key");
        let root = CertifiedIssuer::self_signed(authority("root"), pair()).expect("root");
        let intermediate =
            || CertifiedIssuer::signed_by(authority("intermediate"), pair(), &root).expect("a CA");
        let (wrong, right) = (intermediate(), intermediate());
        let key = pair();
        let mut params = host("db1.example.com");
        for has_identifier in [false, true] {
            params.use_authority_key_identifier_extension = has_identifier;
            let host = params.signed_by(&key, &right).expect("host").pem();
            for order in [[&wrong, &right], [&right, &wrong]] {
                let authorities = order.map(|one| one.pem()).concat();
                let text = [host.as_str(), &authorities, &key.serialize_pem()].concat();
                let bundle = decode_bundle(text.as_bytes(), None).expect("contents");
                let arranged = bundle.arrange();
                let chain: Vec<_> = arranged.entries[0]
                    .chain
                    .iter()
                    .map(|issuer| issuer.certificate.der())
                    .collect();
                assert_eq!(chain, [right.der().as_ref()]);
                assert_eq!(arranged.other_certificates.len(), 1);
            }
            // Nothing says that the other one is the issuer.
            let text = [host.as_str(), &wrong.pem(), &key.serialize_pem()].concat();
            let bundle = decode_bundle(text.as_bytes(), None).expect("contents");
            assert!(bundle.arrange().entries[0].chain.is_empty());
        }
    }

    #[test]
    fn an_issuer_spelled_in_another_string_type_is_found() {
        let pair = || KeyPair::generate().expect("key");
        let (of_authority, key) = (pair(), pair());
        let root = authority("Root").self_signed(&of_authority).expect("root").pem();
        let mut spelled = authority("Root");
        spelled.distinguished_name = rcgen::DistinguishedName::new();
        let printable = DnValue::PrintableString("ROOT".try_into().expect("letters"));
        spelled.distinguished_name.push(DnType::CommonName, printable);
        let issuer = Issuer::from_params(&spelled, &of_authority);
        let host = host("db1.example.com")
            .signed_by(&key, &issuer)
            .expect("host")
            .pem();
        let text = [host, root, key.serialize_pem()].concat();
        let bundle = decode_bundle(text.as_bytes(), None).expect("contents");
        assert_eq!(bundle.arrange().entries[0].chain.len(), 1);
    }
}
