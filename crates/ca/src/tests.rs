//! For the unit tests of this crate: certificates and CRLs of others, and a CA in a directory of its own that is asked for its decisions.

use std::time::Duration as Wait;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::authority::{
    Acceptance, Authority, AuthorityError, AuthorityOrder, CrlOrder, Delivery, HostKey, HostOrder,
    NewAuthority, OutFiles, OutNames, RekeyOrder, Session, StatusOrder, SubordinateOrder, Unlocked,
};
use crate::home::{CaDir, LockWait};
use crate::policy::SerialSource;
use crate::records::Principal;
use gsec_env::Random;
use gsec_pki::key::{KeyAlgorithm, KeyFormat};
use gsec_pki::x509::{
    AttributeKind, Certificate, CertificateRequest, GeneralName, NameAttribute, NameParts, RevocationList,
    RevocationReason, SerialNumber,
};

/// When everything is decided.
pub(crate) fn now() -> OffsetDateTime {
    datetime!(2030-03-27 12:00 UTC)
}

/// A number of days after [`now`], or before it.
pub(crate) fn in_days(days: i64) -> OffsetDateTime {
    now() + Duration::days(days)
}

pub(crate) fn serial(digits: &str) -> SerialNumber {
    SerialNumber::parse_hex(digits).expect("a serial number")
}

pub(crate) fn host(name: &str) -> GeneralName {
    GeneralName::parse_host(name).expect("a host")
}

/// What a test changes in a good certificate.
pub(crate) type Change = fn(&mut CertificateParams);

/// A certificate of a CA that is not gsec's, with its key.
pub(crate) struct Identity {
    pub(crate) certificate: Certificate,
    params: CertificateParams,
    key: KeyPair,
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    if !name.is_empty() {
        params.distinguished_name.push(DnType::CommonName, name);
    }
    (params.not_before, params.not_after) = (in_days(-365), in_days(3285));
    params
}

fn read(certificate: &rcgen::Certificate) -> Certificate {
    Certificate::from_der(certificate.der()).expect("a certificate")
}

impl Identity {
    /// A root CA.
    pub(crate) fn root(name: &str) -> Self {
        Self::root_with(name, |_| {})
    }

    /// A root CA with something changed.
    pub(crate) fn root_with(name: &str, change: Change) -> Self {
        let mut params = Self::authority(name);
        change(&mut params);
        let key = KeyPair::generate().expect("a key");
        let certificate = read(&params.self_signed(&key).expect("a certificate"));
        Self {
            certificate,
            params,
            key,
        }
    }

    fn authority(name: &str) -> CertificateParams {
        let mut params = params(name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params
    }

    /// A CA below this one with something changed.
    pub(crate) fn below(&self, name: &str, change: Change) -> Self {
        let mut params = Self::authority(name);
        params.use_authority_key_identifier_extension = true;
        change(&mut params);
        self.issued(params, KeyPair::generate().expect("a key"))
    }

    /// A certificate without any extension of a host's but its names.
    pub(crate) fn host(&self, name: &str, change: Change) -> Self {
        let mut params = params(name);
        params.use_authority_key_identifier_extension = true;
        if !name.is_empty() {
            let names = CertificateParams::new(vec![name.to_owned()]).expect("a host");
            params.subject_alt_names = names.subject_alt_names;
        }
        change(&mut params);
        self.issued(params, KeyPair::generate().expect("a key"))
    }

    /// The certificate by which this CA certifies the key of another one under that one's name.
    pub(crate) fn certify(&self, other: &Self) -> Certificate {
        let mut params = other.params.clone();
        params.use_authority_key_identifier_extension = true;
        self.issued(params, other.copied_key()).certificate
    }

    /// The certificate of a CA below this one for the key of a certificate.
    pub(crate) fn below_of_key(&self, name: &str, of: &Certificate, change: Change) -> Certificate {
        let mut params = Self::authority(name);
        params.use_authority_key_identifier_extension = true;
        params.key_identifier_method = rcgen::KeyIdMethod::PreSpecified(of.key_identifier_for_issued());
        change(&mut params);
        let issuer = Issuer::from_params(&self.params, &self.key);
        read(
            &params
                .signed_by(&PublicHalf(of.public_key().bits()), &issuer)
                .expect("a certificate"),
        )
    }

    /// The key as a PEM block, not encrypted.
    pub(crate) fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }

    fn copied_key(&self) -> KeyPair {
        KeyPair::try_from(self.key.serialized_der()).expect("the key")
    }

    fn issued(&self, params: CertificateParams, key: KeyPair) -> Self {
        let issuer = Issuer::from_params(&self.params, &self.key);
        let certificate = read(&params.signed_by(&key, &issuer).expect("a certificate"));
        Self {
            certificate,
            params,
            key,
        }
    }

    /// The certificate of a host for a key of another kind.
    pub(crate) fn host_of_key(&self, name: &str, key: &impl rcgen::PublicKeyData) -> Certificate {
        let issuer = Issuer::from_params(&self.params, &self.key);
        let params = CertificateParams::new(vec![name.to_owned()]).expect("a host");
        read(&params.signed_by(key, &issuer).expect("a certificate"))
    }

    /// A CRL that lists these, with a signature of an algorithm that nobody knows.
    pub(crate) fn crl_of_unknown_algorithm(
        &self,
        revoked: &[(u8, Option<rcgen::RevocationReason>)],
    ) -> RevocationList {
        RevocationList::from_der(&of_unknown_algorithm(self.crl(revoked).der())).expect("a CRL")
    }

    /// A CRL that lists these.
    pub(crate) fn crl(&self, revoked: &[(u8, Option<rcgen::RevocationReason>)]) -> RevocationList {
        let entry = |(serial, reason): &(u8, Option<rcgen::RevocationReason>)| rcgen::RevokedCertParams {
            serial_number: rcgen::SerialNumber::from_slice(&[*serial]),
            revocation_time: in_days(-2),
            reason_code: *reason,
            invalidity_date: None,
        };
        let params = rcgen::CertificateRevocationListParams {
            this_update: in_days(-1),
            next_update: in_days(29),
            crl_number: rcgen::SerialNumber::from_slice(&[7]),
            issuing_distribution_point: None,
            revoked_certs: revoked.iter().map(entry).collect(),
            key_identifier_method: rcgen::KeyIdMethod::Sha256,
        };
        let issuer = Issuer::from_params(&self.params, &self.key);
        let crl = params.signed_by(&issuer).expect("a CRL");
        RevocationList::from_der(crl.der()).expect("a CRL")
    }
}

/// The public half of a P-256 key.
struct PublicHalf<'a>(&'a [u8]);

impl rcgen::PublicKeyData for PublicHalf<'_> {
    fn der_bytes(&self) -> &[u8] {
        self.0
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        &rcgen::PKCS_ECDSA_P256_SHA256
    }
}

/// A request with these names; the first is the common name too.
pub(crate) fn request(names: &[&str], change: Change) -> CertificateRequest {
    let mut params = CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
        .expect("names");
    params.distinguished_name = rcgen::DistinguishedName::new();
    if let Some(name) = names.first() {
        params.distinguished_name.push(DnType::CommonName, *name);
    }
    change(&mut params);
    let key = KeyPair::generate().expect("a key");
    let made = params.serialize_request(&key).expect("a request");
    CertificateRequest::from_der(made.der()).expect("a request")
}

/// Bytes of which no two draws are equal.
struct Counter(u64);

impl Random for Counter {
    fn fill(&mut self, out: &mut [u8]) {
        for byte in out {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            *byte = self.0.to_be_bytes()[0];
        }
    }
}

/// A CA in a directory of its own, made on [`now`], with its key open.
pub(crate) struct Site {
    pub(crate) authority: Authority,
    pub(crate) unlocked: Unlocked,
    folder: tempfile::TempDir,
}

/// Does something that the audit log calls this, at this time.
pub(crate) fn session<T>(
    action: &'static str,
    at: OffsetDateTime,
    work: impl FnOnce(&mut Session<'_>) -> T,
) -> T {
    let mut random = Counter(at.unix_timestamp().unsigned_abs());
    work(&mut Session {
        action,
        now: at,
        random: &mut random,
        by: Principal::default(),
        wait: LockWait::silent(Wait::from_secs(10)),
    })
}

pub(crate) fn named(name: &str) -> NameParts {
    NameParts::new(NameAttribute::parse(AttributeKind::CommonName, name))
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    /// The same with something changed in what the CA is to be.
    pub(crate) fn with(change: impl FnOnce(&mut AuthorityOrder)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut order = authority_order("Example CA");
        change(&mut order);
        let directory = CaDir::at(folder.path().join("ca"));
        let new = NewAuthority::plan(directory, order, now()).expect("a plan");
        let created = session("ca.init", now(), |session| new.create(None, session)).expect("a CA");
        let authority = Authority::open(created.directory).expect("the CA");
        let unlocked = authority.unlock(None).expect("the key");
        Self {
            authority,
            unlocked,
            folder,
        }
    }

    /// A CA of this name that this one has certified; its own directory.
    pub(crate) fn below(&self, name: &str) -> Self {
        let below = Self::with(|order| order.name = named(name));
        let order = SubordinateOrder {
            subject: below.authority.certificate().subject().clone(),
            names: Vec::new(),
            lifetime: None,
            path_len: None,
            constraints: None,
        };
        let plan = self.authority.plan_subordinate(order, now()).expect("a plan");
        let key = below.authority.certificate().public_key();
        let certified = session("ca.sign", now(), |session| {
            self.authority
                .certify_subordinate(&plan, key, &self.unlocked, session)
        });
        let given = [
            certified.expect("a certificate").certificate,
            self.authority.certificate().clone(),
        ];
        let plan = Acceptance::plan(below.authority.directory().clone(), &given, now()).expect("a plan");
        session("ca.accept", now(), |session| plan.accept(session)).expect("accepted");
        below.reopened()
    }

    /// The same CA after a change of its key.
    pub(crate) fn rekeyed(self) -> Self {
        let order = RekeyOrder {
            algorithm: None,
            lifetime: None,
        };
        let plan = self
            .authority
            .plan_rekey(&order, now(), &mut |_| {})
            .expect("a plan");
        let made = session("ca.rekey", now(), |session| {
            self.authority.rekey(&plan, &self.unlocked, session)
        });
        let made = made.expect("another key");
        Self {
            authority: made.authority,
            unlocked: made.unlocked,
            ..self
        }
    }

    /// The same CA with another `gsec.toml`.
    pub(crate) fn with_policy(self, toml: &str) -> Self {
        std::fs::write(self.authority.directory().policy(), toml).expect("gsec.toml");
        self.reopened()
    }

    /// The same CA without one of its files.
    pub(crate) fn without(self, path: impl FnOnce(&CaDir) -> std::path::PathBuf) -> Self {
        std::fs::remove_file(path(self.authority.directory())).expect("the file");
        self.reopened()
    }

    pub(crate) fn reopened(self) -> Self {
        let authority = Authority::open(CaDir::at(self.folder.path().join("ca"))).expect("the CA");
        Self { authority, ..self }
    }

    /// A certificate for a host, issued on [`now`] for a year.
    pub(crate) fn issue(&self, name: &str) -> Certificate {
        self.issue_order(order(name)).expect("a certificate")
    }

    pub(crate) fn issue_order(&self, order: HostOrder) -> Result<Certificate, AuthorityError> {
        let plan = self.authority.plan_host(order, now())?;
        let delivery = delivery();
        session("cert.issue", now(), |session| {
            self.authority
                .issue_host(plan, &self.unlocked, &delivery, session)
        })
        .map(|issued| issued.certificate)
    }

    pub(crate) fn revoke(&self, certificate: &Certificate, reason: RevocationReason) {
        let serials = [certificate.serial().clone()];
        let order = StatusOrder::Revoke(reason);
        session("cert.revoke", now(), |session| {
            self.authority
                .change_status(&serials, order, Some(&self.unlocked), session)
        })
        .expect("revoked");
    }

    pub(crate) fn update_crl(&self) -> RevocationList {
        session("crl.update", now(), |session| {
            self.authority
                .update_crl(CrlOrder::default(), &self.unlocked, session)
        })
        .expect("a CRL")
        .crl
    }
}

/// An order for a CA of this name with nothing particular.
pub(crate) fn authority_order(name: &str) -> AuthorityOrder {
    AuthorityOrder {
        name: named(name),
        algorithm: KeyAlgorithm::P256,
        lifetime: None,
        path_len: None,
        constraints: None,
        serial: SerialSource::Sequential,
    }
}

/// An order for a host with a new key.
pub(crate) fn order(name: &str) -> HostOrder {
    HostOrder::new(Some(host(name)), HostKey::Generate(KeyAlgorithm::P256), "host")
}

/// Certificate and key into the repository, and nowhere else.
pub(crate) fn delivery() -> Delivery {
    Delivery {
        pfx: None,
        key_format: KeyFormat::Pkcs8,
        out_dir: None,
        out_names: OutNames::Serial,
        out_files: OutFiles::default(),
        keep_key: true,
    }
}

/// What is signed with ecdsa-with-SHA256, with an algorithm of X9.62 that nobody uses instead.
pub(crate) fn of_unknown_algorithm(der: &[u8]) -> Vec<u8> {
    const ECDSA_SHA256: &[u8] = b"\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";
    let mut der = der.to_vec();
    for at in 0..der.len() - ECDSA_SHA256.len() {
        if der[at..].starts_with(ECDSA_SHA256) {
            der[at + ECDSA_SHA256.len() - 1] = 9;
        }
    }
    der
}
