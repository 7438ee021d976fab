//! Issuing for a host: plan, reserve and record, sign, write. In this order, whatever is killed when.

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::{Authority, AuthorityError, HostKey, IssuePlan, Unlocked, Warning};
use crate::env::Env;
use crate::key::{KeyDocument, KeyFormat, PrivateKey, Signer, encode_private_key};
use crate::pkcs12::{PfxContent, PfxEncryption, check_friendly_name, check_password, encode_pfx};
use crate::policy::SerialSource;
use crate::store::{
    Access, FileName, LockWait, OutputFile, RecordStore, Reservation, ReservationNote, ReservationRequest, SerialMode, StoreError, check_writable,
    write_new_files,
};
use crate::x509::{Certificate, EndEntityExtensions, GeneralName, IssueTemplate, Issuer, Role, SerialNumber, issue};

/// How a PFX is written.
pub struct PfxOrder {
    /// The password; may be empty.
    pub password: Zeroizing<String>,
    /// The algorithms.
    pub encryption: PfxEncryption,
    /// The friendly name; the host when `None`.
    pub friendly_name: Option<String>,
}

impl PfxOrder {
    fn name_for(&self, host: &GeneralName) -> String {
        self.friendly_name.clone().unwrap_or_else(|| host.value())
    }
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
        self.expect_deliverable(&plan, delivery)?;
        let generated;
        let key = match &plan.key {
            HostKey::Given(key) => key.as_ref(),
            HostKey::Generate(algorithm) => {
                generated = PrivateKey::generate(*algorithm)?;
                &generated
            }
        };
        let key_pem = encode_private_key(key, delivery.key_format)?;
        let reservation = self.reserve(&plan, wait, env)?;
        let serial = reservation.serial.clone();
        let written = self
            .certify(&plan, key, &serial, unlocked)
            .and_then(|certificate| self.hand_over(&plan, (key, &key_pem), certificate, &serial, delivery, env));
        let (certificate, certificate_pem, files) =
            written.map_err(|source| AuthorityError::AfterRecord { serial: serial.clone(), source: Box::new(source) })?;
        self.directory().confirm(&reservation, wait)?;
        let mended = reservation.notes.iter().map(|note| warning_of(note, &serial));
        let warnings = unlocked.warnings().iter().chain(&plan.warnings).cloned().chain(mended).collect();
        Ok(IssuedHost { serial, certificate, certificate_pem, key_pem, files, warnings })
    }

    /// Finds out before the record what would fail after it.
    ///
    /// # Errors
    /// [`AuthorityError::Pkcs12`], [`AuthorityError::Store`].
    pub fn expect_deliverable(&self, plan: &IssuePlan<'_>, delivery: &Delivery) -> Result<(), AuthorityError> {
        if let Some(pfx) = &delivery.pfx {
            check_friendly_name(&pfx.name_for(&plan.host))?;
            check_password(&pfx.password)?;
        }
        check_writable(&self.directory().repository())?;
        Ok(delivery.out_dir.as_deref().map_or(Ok(()), check_writable)?)
    }

    /// Where the files of a serial number would be written.
    pub fn files_to_be(&self, plan: &IssuePlan<'_>, serial: &SerialNumber, delivery: &Delivery) -> IssuedFiles {
        let name = |ending: &str| FileName::for_host(serial, &FileName::host_part(&plan.host), ending);
        let kept = |ending: &str| name(ending).map(|name| self.directory().in_repository(&name));
        let endings = [Some("cert.pem"), Some("priv_key.pem"), delivery.pfx.as_ref().map(|_| "cert.pfx")];
        let delivered =
            delivery.out_dir.iter().flat_map(|folder| endings.iter().flatten().filter_map(|ending| Some(folder.join(name(ending)?.as_str()))));
        IssuedFiles {
            certificate: self.directory().in_repository(&FileName::certificate(serial)),
            host_certificate: kept("cert.pem").unwrap_or_default(),
            private_key: kept("priv_key.pem").filter(|_| delivery.keep_key),
            pfx: kept("cert.pfx").filter(|_| delivery.keep_key && delivery.pfx.is_some()),
            delivered: delivered.collect(),
        }
    }

    fn reserve(&self, plan: &IssuePlan<'_>, wait: &mut LockWait<'_>, env: &mut Env) -> Result<Reservation, AuthorityError> {
        let serial = match self.policy().serial {
            SerialSource::Sequential => SerialMode::Sequential,
            SerialSource::Random => SerialMode::Random(SerialNumber::from_random(&mut |out| env.random.fill(out))),
        };
        let request = ReservationRequest { serial, expiry: plan.validity.not_after(), subject: &plan.subject, now: env.clock.now() };
        Ok(self.directory().reserve(&request, wait)?)
    }

    fn certify(&self, plan: &IssuePlan<'_>, key: &PrivateKey, serial: &SerialNumber, unlocked: &Unlocked) -> Result<Certificate, AuthorityError> {
        let template = IssueTemplate {
            serial,
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
        let key_identifier = self.certificate().key_identifier_for_issued();
        let issuer = Issuer { name: self.certificate().subject(), key_identifier: Some(&key_identifier), key: unlocked.key() };
        Ok(issue(&template, &issuer)?)
    }

    /// Encodes everything that the host is handed, and writes it.
    fn hand_over(
        &self,
        plan: &IssuePlan<'_>,
        (key, key_pem): (&PrivateKey, &Zeroizing<String>),
        certificate: Certificate,
        serial: &SerialNumber,
        delivery: &Delivery,
        env: &mut Env,
    ) -> Result<(Certificate, String, IssuedFiles), AuthorityError> {
        let pfx = delivery.pfx.as_ref().map(|pfx| self.pfx(key, &certificate, &pfx.name_for(&plan.host), pfx, env)).transpose()?;
        let output = HostOutput { certificate_pem: self.with_intermediates(&certificate), key_pem, pfx };
        let files = self.write_host(serial, &plan.host, &certificate, &output, delivery)?;
        Ok((certificate, output.certificate_pem, files))
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
        let key = KeyDocument::from(key);
        let content = PfxContent::KeyAndChain { key: &key, certificates: &certificates, friendly_name };
        Ok(encode_pfx(&content, &order.password, order.encryption, &mut |out| env.random.fill(out))?)
    }

    fn with_intermediates(&self, certificate: &Certificate) -> String {
        std::iter::once(certificate).chain(self.intermediates()).map(Certificate::to_pem).collect()
    }

    fn write_host(
        &self,
        serial: &SerialNumber,
        host: &GeneralName,
        certificate: &Certificate,
        output: &HostOutput<'_>,
        delivery: &Delivery,
    ) -> Result<IssuedFiles, AuthorityError> {
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

/// A repository file of that serial that appeared meanwhile was made by a program that takes no lock.
fn serial_taken(error: StoreError, authority: &Authority, serial: &SerialNumber) -> AuthorityError {
    match error {
        StoreError::WouldReplace(path) if path.starts_with(authority.directory().repository()) => {
            StoreError::SerialTaken { serial: serial.clone(), path }.into()
        }
        error => error.into(),
    }
}

fn warning_of(note: &ReservationNote, serial: &SerialNumber) -> Warning {
    match note {
        ReservationNote::TornLine(path) => Warning::TornLine(path.clone()),
        ReservationNote::SerialBehind { said } => Warning::SerialBehind { said: said.clone(), serial: serial.clone() },
    }
}
