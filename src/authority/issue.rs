//! Issuing for a host: plan, reserve and record, sign, write. In this order, whatever is killed when.

use std::path::PathBuf;

use time::{Duration, OffsetDateTime};
use zeroize::Zeroizing;

use super::{Authority, AuthorityError, Unlocked, Warning};
use crate::env::Env;
use crate::key::{KeyAlgorithm, KeyFormat, PrivateKey, Signer, encode_private_key};
use crate::pkcs12::{PfxContent, PfxEncryption, check_friendly_name, check_password, encode_pfx};
use crate::policy::{Asked, Profile, SerialSource, may_issue};
use crate::store::{
    Access, FileName, LockWait, OutputFile, RecordStore, Reservation, ReservationNote, ReservationRequest, SerialMode, StoreError, check_writable,
    write_new_files,
};
use crate::x509::{
    AttributeKind, CLOCK_SKEW_ALLOWANCE, Certificate, DistinguishedName, EndEntityExtensions, ExtendedKeyUsage, GeneralName, IssueError,
    IssueTemplate, Issuer, Lifetime, MAX_COMMON_NAME, NameAttribute, NameParts, Role, SerialNumber, Validity, issue,
};

/// Apple's systems refuse server certificates that last longer (support article 103769), private CAs' too.
const MAX_APPLE_SERVER_LIFETIME: Duration = Duration::days(825);

/// The key of a host.
pub enum HostKey {
    /// To be made.
    Generate(KeyAlgorithm),
    /// Brought along.
    Given(Box<PrivateKey>),
}

/// A host certificate as it is asked for.
pub struct HostOrder {
    /// The host itself: it names the files, and stands first in subjectAltName.
    pub host: GeneralName,
    /// Further names.
    pub further_names: Vec<GeneralName>,
    /// The parts of the subject but for the common name.
    pub subject: Vec<NameAttribute>,
    /// The common name; the host when `None`.
    pub common_name: Option<NameAttribute>,
    /// The profile.
    pub profile: String,
    /// How long it shall last; as the profile says when `None`.
    pub lifetime: Option<Lifetime>,
    /// The key.
    pub key: HostKey,
}

/// How a PFX is written.
pub struct PfxOrder {
    /// The password; may be empty.
    pub password: Zeroizing<String>,
    /// The algorithms.
    pub encryption: PfxEncryption,
    /// The friendly name; the host when `None`.
    pub friendly_name: Option<String>,
}

/// Which files are written, and where.
pub struct Delivery {
    /// The PFX, when one is wanted.
    pub pfx: Option<PfxOrder>,
    /// The form of the key file.
    pub key_format: KeyFormat,
    /// A folder that gets certificate, key and PFX as well.
    pub out_dir: Option<PathBuf>,
    /// Whether key and PFX are kept in the repository.
    pub keep_key: bool,
}

/// What will be issued: everything but serial number, key and signature.
pub struct IssuePlan<'a> {
    /// The profile.
    pub profile: &'a Profile,
    /// Every name, the host first, none twice.
    pub names: Vec<GeneralName>,
    /// The subject.
    pub subject: DistinguishedName,
    /// The validity.
    pub validity: Validity,
    /// The kind of key and its size.
    pub key_type: String,
    /// Bits of the key.
    pub key_bits: u32,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
    host: GeneralName,
    key: HostKey,
}

/// Where the files of an issued certificate are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssuedFiles {
    /// `<serial>.pem`.
    pub certificate: PathBuf,
    /// `<serial>_<host>_cert.pem`.
    pub host_certificate: PathBuf,
    /// `<serial>_<host>_priv_key.pem`, if kept.
    pub private_key: Option<PathBuf>,
    /// `<serial>_<host>_cert.pfx`, if kept.
    pub pfx: Option<PathBuf>,
    /// What was written to another folder as well.
    pub delivered: Vec<PathBuf>,
}

/// A certificate that was issued.
pub struct IssuedHost {
    /// Its serial number.
    pub serial: SerialNumber,
    /// The certificate.
    pub certificate: Certificate,
    /// The host certificate with the intermediates that a peer needs, PEM.
    pub certificate_pem: String,
    /// The host's private key, PEM.
    pub key_pem: Zeroizing<String>,
    /// Its files.
    pub files: IssuedFiles,
    /// What was odd.
    pub warnings: Vec<Warning>,
}

impl Authority {
    /// Checks an order against profile and policy. Nothing is reserved or written.
    ///
    /// # Errors
    /// [`AuthorityError::Profile`], [`AuthorityError::Refused`], [`AuthorityError::NotInDate`], [`AuthorityError::Issue`].
    pub fn plan_host(&self, order: HostOrder, now: OffsetDateTime) -> Result<IssuePlan<'_>, AuthorityError> {
        let mut warnings = Vec::new();
        let profile = self.policy().profile(&order.profile).map_err(AuthorityError::Profile)?;
        let names = without_repeats(std::iter::once(order.host.clone()).chain(order.further_names));
        let common_name = order.common_name.or_else(|| common_name_of(&order.host, &mut warnings));
        let wanted = order.lifetime.unwrap_or_else(|| Lifetime::days(profile.lifetime_days));
        let validity = self.validity_for(wanted, now, &mut warnings)?;
        let (key_type, key_bits) = order.key.description();
        let asked = Asked {
            names: &names,
            common_name: common_name.as_ref().map(NameAttribute::value),
            lifetime: validity.not_after() - now,
            key_type: &key_type,
            key_bits,
            constraints: self.certificate().name_constraints(),
        };
        may_issue(self.policy(), profile, &asked).map_err(|source| AuthorityError::Refused { path: self.directory().policy(), source })?;
        warn_about_names(&order.host, common_name.as_ref(), &names, &mut warnings);
        if key_type == "ed25519" {
            warnings.push(Warning::Ed25519);
        }
        if profile.extended_key_usage.contains(&ExtendedKeyUsage::ServerAuth) && validity.not_after() - now > MAX_APPLE_SERVER_LIFETIME {
            warnings.push(Warning::LongServerLifetime);
        }
        let parts = NameParts::new(order.subject.into_iter().chain(common_name));
        let subject = DistinguishedName::build(&parts).map_err(IssueError::from)?;
        Ok(IssuePlan { profile, names, subject, validity, key_type, key_bits, warnings, host: order.host, key: order.key })
    }

    /// Begin a little back-dated, but not before the CA's own; end cut to the CA's own.
    fn validity_for(&self, wanted: Lifetime, now: OffsetDateTime, warnings: &mut Vec<Warning>) -> Result<Validity, AuthorityError> {
        let authority = self.certificate();
        let (not_before, not_after) = (authority.not_before(), authority.not_after());
        if now < not_before || not_after < now {
            return Err(AuthorityError::NotInDate { not_before, not_after });
        }
        let end = wanted.end(now)?;
        if end <= now {
            return Err(IssueError::EmptyValidity { not_before: now, not_after: end }.into());
        }
        if end > not_after {
            warnings.push(Warning::LifetimeCut { not_after });
        }
        Ok(Validity::new((now - CLOCK_SKEW_ALLOWANCE).max(not_before), end.min(not_after))?)
    }

    /// The serial number that the next certificate would get; nothing is reserved. `None` when numbers are random.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn next_serial(&self) -> Result<Option<SerialNumber>, AuthorityError> {
        match self.policy().serial {
            SerialSource::Sequential => Ok(Some(self.directory().next_serial()?)),
            SerialSource::Random => Ok(None),
        }
    }

    /// Issues what was planned.
    ///
    /// The key is made, and the PFX encrypted, outside the lock; the lock is held for reserving and recording only.
    ///
    /// # Errors
    /// [`AuthorityError`]. [`AuthorityError::AfterRecord`] when the record stands and files are missing: the serial
    /// number stays used, and the certificate can be revoked.
    pub fn issue_host(
        &self,
        plan: IssuePlan<'_>,
        unlocked: &Unlocked,
        delivery: &Delivery,
        wait: &mut LockWait<'_>,
        env: &mut Env,
    ) -> Result<IssuedHost, AuthorityError> {
        let friendly_name = delivery.pfx.as_ref().map(|pfx| pfx.friendly_name.clone().unwrap_or_else(|| plan.host.value()));
        friendly_name.as_deref().map(check_friendly_name).transpose()?;
        delivery.pfx.as_ref().map(|pfx| check_password(&pfx.password)).transpose()?;
        check_writable(&self.directory().repository())?;
        delivery.out_dir.as_deref().map(check_writable).transpose()?;
        let key = match plan.key {
            HostKey::Generate(algorithm) => Box::new(PrivateKey::generate(algorithm)?),
            HostKey::Given(key) => key,
        };
        let key_pem = encode_private_key(&key, delivery.key_format)?;
        let serial = match self.policy().serial {
            SerialSource::Sequential => SerialMode::Sequential,
            SerialSource::Random => SerialMode::Random(SerialNumber::from_random(&mut |out| env.random.fill(out))),
        };
        let request = ReservationRequest { serial, expiry: plan.validity.not_after(), subject: &plan.subject, now: env.clock.now() };
        let reservation = self.directory().reserve(&request, wait)?;
        let mut warnings: Vec<_> = unlocked.warnings().iter().cloned().chain(plan.warnings.iter().cloned()).collect();
        warnings.extend(reservation.notes.iter().map(|note| warning_of(note, &reservation)));
        let template = IssueTemplate {
            serial: &reservation.serial,
            validity: plan.validity,
            subject: &plan.subject,
            public_key: key.public_key(),
            names: &plan.names,
            role: Role::EndEntity(EndEntityExtensions {
                key_usage: &plan.profile.key_usage,
                extended_key_usage: &plan.profile.extended_key_usage,
                crl_addresses: &self.policy().crl_addresses,
                issuer_addresses: &self.policy().issuer_addresses,
            }),
        };
        let mut finish = || -> Result<_, AuthorityError> {
            let certificate = self.sign(&template, unlocked)?;
            let pfx = match (&delivery.pfx, &friendly_name) {
                (Some(order), Some(friendly_name)) => Some(self.pfx(&key, &certificate, friendly_name, order, env)?),
                _ => None,
            };
            let output = HostOutput { certificate_pem: self.with_intermediates(&certificate), key_pem: &key_pem, pfx };
            let files = self.write_host(&reservation, &plan.host, &certificate, &output, delivery)?;
            Ok((certificate, output.certificate_pem, files))
        };
        let serial = reservation.serial.clone();
        let (certificate, certificate_pem, files) =
            finish().map_err(|source| AuthorityError::AfterRecord { serial: serial.clone(), source: Box::new(source) })?;
        self.directory().confirm(&reservation, wait)?;
        Ok(IssuedHost { serial, certificate, certificate_pem, key_pem, files, warnings })
    }

    fn sign(&self, template: &IssueTemplate<'_>, unlocked: &Unlocked) -> Result<Certificate, AuthorityError> {
        let key_identifier = self.certificate().key_identifier_for_issued();
        let issuer = Issuer { name: self.certificate().subject(), key_identifier: Some(&key_identifier), key: unlocked.key() };
        Ok(issue(template, &issuer)?)
    }

    fn pfx(
        &self,
        key: &PrivateKey,
        certificate: &Certificate,
        friendly_name: &str,
        order: &PfxOrder,
        env: &mut Env,
    ) -> Result<Zeroizing<Vec<u8>>, AuthorityError> {
        let certificates: Vec<&Certificate> = std::iter::once(certificate).chain(self.path_upwards()).collect();
        let content = PfxContent { key, certificates: &certificates, friendly_name };
        Ok(encode_pfx(&content, &order.password, order.encryption, &mut |out| env.random.fill(out))?)
    }

    fn with_intermediates(&self, certificate: &Certificate) -> String {
        std::iter::once(certificate).chain(self.intermediates()).map(Certificate::to_pem).collect()
    }

    fn write_host(
        &self,
        reservation: &Reservation,
        host: &GeneralName,
        certificate: &Certificate,
        output: &HostOutput<'_>,
        delivery: &Delivery,
    ) -> Result<IssuedFiles, AuthorityError> {
        let serial = &reservation.serial;
        let as_kept =
            OutputFile { name: FileName::certificate(serial), access: Access::Public, content: Zeroizing::new(certificate.to_pem().into_bytes()) };
        let for_host = |with_secrets| output.files(serial, host, with_secrets);
        let kept: Vec<OutputFile> = std::iter::once(as_kept).chain(for_host(delivery.keep_key)?).collect();
        let delivered = match &delivery.out_dir {
            Some(folder) => write_new_files(folder, &for_host(true)?)?,
            None => Vec::new(),
        };
        let mut written = self.directory().write_to_repository(&kept).map_err(|error| serial_taken(error, self, serial))?.into_iter();
        Ok(IssuedFiles {
            certificate: written.next().unwrap_or_default(),
            host_certificate: written.next().unwrap_or_default(),
            private_key: written.next(),
            pfx: written.next(),
            delivered,
        })
    }
}

/// What a host is handed, encoded.
struct HostOutput<'a> {
    certificate_pem: String,
    key_pem: &'a Zeroizing<String>,
    pfx: Option<Zeroizing<Vec<u8>>>,
}

impl HostOutput<'_> {
    /// Certificate, key and PFX, in this order; the certificate alone without secrets.
    fn files(&self, serial: &SerialNumber, host: &GeneralName, with_secrets: bool) -> Result<Vec<OutputFile>, AuthorityError> {
        let host_part = FileName::host_part(host);
        let file = |ending: &str, access: Access, content: &[u8]| {
            let name = FileName::for_host(serial, &host_part, ending).ok_or_else(|| AuthorityError::Name {
                text: host.value(),
                source: crate::x509::NameError::TooLong { found: host_part.len(), bound: 200 },
            })?;
            Ok(OutputFile { name, access, content: Zeroizing::new(content.to_vec()) })
        };
        let certificate = file("cert.pem", Access::Public, self.certificate_pem.as_bytes());
        let key = with_secrets.then(|| file("priv_key.pem", Access::Secret, self.key_pem.as_bytes()));
        let pfx = self.pfx.as_ref().filter(|_| with_secrets).map(|pfx| file("cert.pfx", Access::Secret, pfx));
        [Some(certificate), key, pfx].into_iter().flatten().collect()
    }
}

impl HostKey {
    fn description(&self) -> (String, u32) {
        match self {
            Self::Generate(algorithm) => (algorithm.type_name().to_owned(), algorithm.bits()),
            Self::Given(key) => (key.public_key().type_name(), key.public_key().size_bits().unwrap_or_default()),
        }
    }
}

/// A repository file of that serial that appeared meanwhile was made by a program that takes no lock.
fn serial_taken(error: StoreError, authority: &Authority, serial: &SerialNumber) -> AuthorityError {
    match error {
        StoreError::WouldReplace(path) if path.starts_with(authority.directory().repository()) => {
            StoreError::SerialTaken { serial: serial.clone(), path }.into()
        }
        error => error.into(),
    }
}

fn warning_of(note: &ReservationNote, reservation: &Reservation) -> Warning {
    match note {
        ReservationNote::TornLine(path) => Warning::TornLine(path.clone()),
        ReservationNote::SerialBehind { said } => Warning::SerialBehind { said: said.clone(), serial: reservation.serial.clone() },
    }
}

fn without_repeats(names: impl Iterator<Item = GeneralName>) -> Vec<GeneralName> {
    names.fold(Vec::new(), |mut unique, name| {
        if !unique.contains(&name) {
            unique.push(name);
        }
        unique
    })
}

/// The host as common name, unless it is too long for one (RFC 5280 Appendix A.1, ub-common-name).
fn common_name_of(host: &GeneralName, warnings: &mut Vec<Warning>) -> Option<NameAttribute> {
    let name = host.value();
    let length = name.chars().count();
    if length > MAX_COMMON_NAME {
        warnings.push(Warning::CommonNameLeftOut { name, length });
        return None;
    }
    NameAttribute::parse(AttributeKind::CommonName, &name).ok()
}

fn warn_about_names(host: &GeneralName, common_name: Option<&NameAttribute>, names: &[GeneralName], warnings: &mut Vec<Warning>) {
    if let Some(common_name) = common_name.filter(|common_name| !common_name.value().eq_ignore_ascii_case(&host.value())) {
        warnings.push(Warning::CommonNameDiffers { common_name: common_name.value().to_owned(), host: host.value() });
    }
    for name in names {
        if let GeneralName::Dns(dns) = name
            && !dns.is_qualified()
        {
            warnings.push(Warning::NotQualified { name: dns.to_string() });
        }
    }
}
