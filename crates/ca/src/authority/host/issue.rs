//! Issuing for a host: plan, reserve and record, sign, write. In this order, whatever is killed when.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::authority::session::KeySeal;
use crate::authority::{
    Authority, AuthorityError, Dated, HostKey, IssuePlan, LaterThanNow, Session, Unlocked, Warning,
};
use crate::files::{FileName, FilesError, OutputFile, check_writable, write_groups};
use crate::home::{HostFile, StoreError};
use crate::policy::SerialSource;
use crate::records::{AuditHead, Forbids, Issued, NewRecord, Part, Reservation, ReservationNote, SerialMode};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::{KeyDocument, KeyFormat, PrivateKey, PublicKey, Signer, encode_private_key};
use gsec_pki::pkcs12::{PfxContent, PfxEncryption, check_friendly_name, check_password, encode_pfx};
use gsec_pki::x509::{Certificate, GeneralName, SerialNumber, decode_certificates, rfc3339};

/// How a PFX is written.
pub struct PfxOrder {
    /// The password; may be empty.
    pub password: Zeroizing<String>,
    /// The algorithms.
    pub encryption: PfxEncryption,
}

/// Which files are written, and where.
pub struct Delivery {
    /// The PFX, when one is requested.
    pub pfx: Option<PfxOrder>,
    /// The form of the key file.
    pub key_format: KeyFormat,
    /// A folder that gets certificate, key and PFX as well.
    pub out_dir: Option<PathBuf>,
    /// Whether key and PFX are kept in the repository.
    pub keep_key: bool,
}

/// A file in a folder that was named for output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveredFile {
    /// Which one it is.
    pub file: HostFile,
    /// Where it is.
    pub path: PathBuf,
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
    /// What was written to another folder as well, in the order certificate, key, PFX.
    pub delivered: Vec<DeliveredFile>,
}

/// A certificate that was issued.
pub struct IssuedHost {
    /// Its serial number.
    pub serial: SerialNumber,
    /// The certificate.
    pub certificate: Certificate,
    /// The host certificate with the intermediates required by a peer, PEM.
    pub certificate_pem: String,
    /// The host's private key, PEM; `None` where only the public half is here.
    pub key_pem: Option<Zeroizing<String>>,
    /// Its files.
    pub files: IssuedFiles,
    /// What was odd.
    pub warnings: Vec<Warning>,
    /// The head of the audit log after it; `None` where there is no log.
    pub audit_head: Option<AuditHead>,
}

/// A host that is ready to be certified: planned, and with its key made.
pub struct ReadyHost<'a> {
    plan: IssuePlan<'a>,
    key: ReadyKey,
}

impl ReadyHost<'_> {
    /// What is planned for it.
    pub fn plan(&self) -> &IssuePlan<'_> {
        &self.plan
    }
}

enum ReadyKey {
    Private {
        key: Arc<PrivateKey>,
        pem: Zeroizing<String>,
    },
    Public(Box<PublicKey>),
}

impl ReadyKey {
    fn public(&self) -> &PublicKey {
        match self {
            Self::Private { key, .. } => key.public_key(),
            Self::Public(key) => key,
        }
    }
}

impl Authority {
    /// The serial number that the next certificate would get; nothing is reserved. `None` when numbers are random.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn next_serial(&self) -> Result<Option<SerialNumber>, AuthorityError> {
        match self.policy()?.serial {
            SerialSource::Sequential => Ok(Some(self.records().next_serial()?)),
            SerialSource::Random => Ok(None),
        }
    }

    /// Issues what was planned.
    ///
    /// # Errors
    /// [`AuthorityError`]. [`AuthorityError::AfterRecord`] when the record was made and files are missing:
    /// the serial number stays used, and the certificate can be revoked.
    pub fn issue_host(
        &self,
        plan: IssuePlan<'_>,
        unlocked: &Unlocked,
        delivery: &Delivery,
        session: &mut Session<'_>,
    ) -> Result<IssuedHost, AuthorityError> {
        let ready = self.ready_host(plan, delivery)?;
        self.issue_ready(&[ready], unlocked, delivery, session)?
            .pop()
            .expect("one for one")
    }

    /// Makes the host's key, outside any lock, after finding out what would fail later.
    ///
    /// # Errors
    /// As [`Authority::expect_deliverable`]; [`AuthorityError::KeyOperation`].
    pub fn ready_host<'a>(
        &self,
        plan: IssuePlan<'a>,
        delivery: &Delivery,
    ) -> Result<ReadyHost<'a>, AuthorityError> {
        self.expect_deliverable(&plan, delivery)?;
        let private = match &plan.host_key {
            HostKey::Certified(key) => {
                return Ok(ReadyHost {
                    key: ReadyKey::Public(key.clone()),
                    plan,
                });
            }
            HostKey::Generate(algorithm) => Arc::new(PrivateKey::generate(*algorithm)?),
            HostKey::Given(key) => key.clone(),
        };
        let pem = encode_private_key(&private, delivery.key_format)?;
        Ok(ReadyHost {
            plan,
            key: ReadyKey::Private { key: private, pem },
        })
    }

    /// Certifies several hosts in one commit: their records, then their certificates. Returns what came of each, in order.
    ///
    /// The lock is held for reserving and recording only; certificates and PFX files are made outside of it.
    ///
    /// # Errors
    /// [`AuthorityError`] when nothing was recorded; else what each host's own result says.
    pub fn issue_ready(
        &self,
        hosts: &[ReadyHost<'_>],
        unlocked: &Unlocked,
        delivery: &Delivery,
        session: &mut Session<'_>,
    ) -> Result<Vec<Result<IssuedHost, AuthorityError>>, AuthorityError> {
        let reservation = self.reserve_for(hosts, unlocked, session)?;
        self.issue_reserved(hosts, &reservation, unlocked, delivery, session)
    }

    /// The second half of [`Authority::issue_ready`]: certificates for hosts that have their records.
    pub(in crate::authority) fn issue_reserved(
        &self,
        hosts: &[ReadyHost<'_>],
        reservation: &Reservation,
        unlocked: &Unlocked,
        delivery: &Delivery,
        session: &mut Session<'_>,
    ) -> Result<Vec<Result<IssuedHost, AuthorityError>>, AuthorityError> {
        let outputs = hosts
            .iter()
            .zip(&reservation.serials)
            .map(|(host, serial)| self.output(host, serial, unlocked, delivery, session));
        // What was signed by a key that has since ceased to be the CA's is discarded before anyone sees it.
        let outputs: Vec<Result<HostOutput, AuthorityError>> = outputs.collect();
        let outputs = match self.expect_same_key() {
            Ok(()) => outputs,
            Err(error) => outputs
                .iter()
                .map(|_| Err(error.again(&self.directory().ca_certificate()).into()))
                .collect(),
        };
        let written = self.write_hosts(hosts, reservation, outputs, delivery, session)?;
        let mut corrected: Vec<Warning> = reservation.notes.iter().map(warning_of).collect();
        corrected.extend(reservation.later_entry.map(|at| Warning::ClockBehind {
            now: session.now,
            later: LaterThanNow {
                what: Dated::AuditLog,
                at,
            },
        }));
        let issued = hosts
            .iter()
            .zip(&reservation.serials)
            .zip(written)
            .map(|((host, serial), written)| {
                let (output, files) = written.map_err(|source| AuthorityError::AfterRecord {
                    serial: serial.clone(),
                    source: Box::new(source),
                })?;
                Ok(IssuedHost {
                    serial: serial.clone(),
                    certificate: output.certificate,
                    certificate_pem: output.certificate_pem,
                    key_pem: output.key_pem,
                    files,
                    warnings: unlocked
                        .warnings()
                        .iter()
                        .chain(&host.plan.warnings)
                        .chain(&corrected)
                        .cloned()
                        .collect(),
                    audit_head: reservation.audit_head.clone(),
                })
            });
        Ok(issued.collect())
    }

    /// Finds out before the record what would fail after it.
    ///
    /// # Errors
    /// [`AuthorityError::Pkcs12`], [`AuthorityError::Store`].
    pub fn expect_deliverable(
        &self,
        plan: &IssuePlan<'_>,
        delivery: &Delivery,
    ) -> Result<(), AuthorityError> {
        if let Some(pfx) = &delivery.pfx {
            check_friendly_name(&plan.friendly_name())?;
            check_password(&pfx.password)?;
        }
        let has_key = !matches!(plan.host_key, HostKey::Certified(_));
        expect_file_names(&plan.host)?;
        self.records().expect_writable()?;
        let Some(folder) = &delivery.out_dir else {
            return Ok(());
        };
        check_writable(folder)?;
        if has_key {
            self.directory().output_folder(folder)?.expect_for_secrets()?;
        }
        Ok(())
    }

    /// Where the files of a serial number would be written.
    pub fn files_to_be(
        &self,
        plan: &IssuePlan<'_>,
        serial: &SerialNumber,
        delivery: &Delivery,
    ) -> IssuedFiles {
        self.wanted_files(
            serial,
            &plan.host,
            !matches!(plan.host_key, HostKey::Certified(_)),
            delivery,
        )
    }

    /// Where a host's files are required: in the repository, and in the folder for output in the order
    /// certificate, key, PFX.
    pub(in crate::authority) fn wanted_files(
        &self,
        serial: &SerialNumber,
        host: &GeneralName,
        has_key: bool,
        delivery: &Delivery,
    ) -> IssuedFiles {
        let place = |file: HostFile| self.records().place(Part::File(serial, Some(host), file));
        let has_pfx = has_key && delivery.pfx.is_some();
        let named = |folder: &PathBuf| {
            let wanted = [
                Some(HostFile::Certificate),
                has_key.then_some(HostFile::Key),
                has_pfx.then_some(HostFile::Pfx),
            ];
            let names = wanted
                .into_iter()
                .flatten()
                .filter_map(|file| Some((file, file.name(serial, Some(host))?)));
            names
                .map(|(file, name)| DeliveredFile {
                    file,
                    path: folder.join(name.as_str()),
                })
                .collect::<Vec<_>>()
        };
        IssuedFiles {
            certificate: place(HostFile::OwnCopy),
            host_certificate: place(HostFile::Certificate),
            private_key: (delivery.keep_key && has_key).then(|| place(HostFile::Key)),
            pfx: (delivery.keep_key && has_pfx).then(|| place(HostFile::Pfx)),
            delivered: delivery.out_dir.iter().flat_map(named).collect(),
        }
    }

    /// Where the next serial number comes from.
    pub(in crate::authority) fn serial_mode(
        &self,
        session: &mut Session<'_>,
    ) -> Result<SerialMode, AuthorityError> {
        Ok(match self.policy()?.serial {
            SerialSource::Sequential => SerialMode::Sequential,
            SerialSource::Random => {
                SerialMode::Random(SerialNumber::from_random(&mut |out| session.random.fill(out)))
            }
        })
    }

    /// The first half of [`Authority::issue_ready`]: serial numbers and records.
    pub(in crate::authority) fn reserve_for(
        &self,
        hosts: &[ReadyHost<'_>],
        unlocked: &Unlocked,
        session: &mut Session<'_>,
    ) -> Result<Reservation, AuthorityError> {
        Ok(self
            .reserve_unless(hosts, unlocked, session, &mut || Ok(false))?
            .expect("nothing forbids it"))
    }

    /// The same, unless `forbids`, which is checked under the lock; see
    /// [`Records::reserve`](crate::records::Records::reserve).
    pub(in crate::authority) fn reserve_unless(
        &self,
        hosts: &[ReadyHost<'_>],
        unlocked: &Unlocked,
        session: &mut Session<'_>,
        forbids: Forbids<'_>,
    ) -> Result<Option<Reservation>, AuthorityError> {
        // Once more: a passphrase may have been requested since the plan was made.
        let brought_along: Vec<&PublicKey> = hosts
            .iter()
            .filter_map(|host| host.plan.host_key.brought_along())
            .collect();
        self.expect_not_compromised(&brought_along)?;
        self.expect_clock_by_log(session.now)?;
        let requester = session.by.clone();
        let mut requests = Vec::with_capacity(hosts.len());
        for ReadyHost { plan, key } in hosts {
            let serial = self.serial_mode(session)?;
            let audit = self
                .audit_entry(session, &plan.audit_facts())
                .with("profile", plan.profile.name.as_str());
            let audit = audit
                .with("not_after", rfc3339(plan.validity.not_after()))
                .with("key_material", key_digits(key.public()));
            let audit = plan
                .audit
                .iter()
                .fold(audit, |audit, (key, value)| audit.with(key, value.clone()));
            requests.push(NewRecord {
                serial,
                expiry: plan.validity.not_after(),
                subject: &plan.subject,
                names: &plan.names,
                profile: Some(&plan.profile.name),
                requester: &requester,
                audit,
            });
        }
        let mut forbids_now = || {
            self.expect_same_key()?;
            forbids()
        };
        Ok(self.records().reserve(
            &requests,
            &session.stamp(Some(&KeySeal(unlocked.key()))),
            &mut session.wait,
            &mut forbids_now,
        )?)
    }

    /// Checks that the CA still has the key that was opened: another call may have changed it (`ca rekey`) since.
    ///
    /// # Errors
    /// [`StoreError::Files`].
    pub(in crate::authority) fn expect_same_key(&self) -> Result<(), StoreError> {
        let path = self.directory().ca_certificate();
        let content = self.directory().read(&path)?;
        let has_same_key = || {
            let now = decode_certificates(&content)
                .ok()
                .and_then(|certificates| certificates.into_iter().next());
            now.is_some_and(|now| now.public_key() == self.certificate().public_key())
        };
        // Keys under another passphrase are the same keys.
        let waiting = self.directory().changeover()?;
        let is_changing = waiting.is_some_and(|waiting| !waiting.is_sealed());
        if !is_changing && (content.as_slice() == self.certificate_file() || has_same_key()) {
            Ok(())
        } else {
            Err(StoreError::Files(FilesError::ChangedMeanwhile(path)))
        }
    }

    /// Signs the certificate of one host, and encodes everything that it is handed.
    fn output(
        &self,
        host: &ReadyHost<'_>,
        serial: &SerialNumber,
        unlocked: &Unlocked,
        delivery: &Delivery,
        session: &mut Session<'_>,
    ) -> Result<HostOutput, AuthorityError> {
        let certificate = self.certify_host(host.plan.permitted(), host.key.public(), serial, unlocked)?;
        let pfx = match (&host.key, &delivery.pfx) {
            (ReadyKey::Private { key, .. }, Some(order)) => {
                Some(self.pfx(key, &certificate, &host.plan.friendly_name(), order, session)?)
            }
            _ => None,
        };
        let key_pem = match &host.key {
            ReadyKey::Private { pem, .. } => Some(pem.clone()),
            ReadyKey::Public(_) => None,
        };
        Ok(HostOutput {
            certificate_pem: self.with_intermediates(&certificate, session.now),
            certificate,
            key_pem,
            pfx,
        })
    }

    /// The CA's own copy of a certificate.
    pub(in crate::authority) fn own_copy(certificate: &Certificate) -> (HostFile, Zeroizing<Vec<u8>>) {
        (
            HostFile::OwnCopy,
            Zeroizing::new(certificate.to_pem().into_bytes()),
        )
    }

    pub(in crate::authority) fn pfx(
        &self,
        key: &PrivateKey,
        certificate: &Certificate,
        friendly_name: &str,
        order: &PfxOrder,
        session: &mut Session<'_>,
    ) -> Result<Zeroizing<Vec<u8>>, AuthorityError> {
        let certificates: Vec<&Certificate> = std::iter::once(certificate)
            .chain(self.certificates_for_pfx(session.now))
            .collect();
        let key = KeyDocument::from(key);
        let content = PfxContent::KeyAndChain {
            key: &key,
            certificates: &certificates,
            friendly_name,
        };
        Ok(encode_pfx(
            &content,
            &order.password,
            order.encryption,
            &mut |out| session.random.fill(out),
        )?)
    }

    /// What a PFX holds besides the host's certificate: everything above it. While a former root lives, no root: Java and Node present the
    /// first certificate that bears the issuer's name, which must then be the cross-certificate.
    fn certificates_for_pfx(&self, now: OffsetDateTime) -> Vec<&Certificate> {
        let changeover = self.changeover(now);
        match changeover.is_empty() {
            true => self.path_upwards().collect(),
            false => self.intermediates().into_iter().chain(changeover).collect(),
        }
    }

    /// What a host presents, as PEM.
    pub(in crate::authority) fn with_intermediates(
        &self,
        certificate: &Certificate,
        now: OffsetDateTime,
    ) -> String {
        std::iter::once(certificate)
            .chain(self.intermediates())
            .chain(self.changeover(now))
            .map(Certificate::to_pem)
            .collect()
    }

    /// Writes what each host is handed: to the requested folder, then where the records keep it.
    fn write_hosts(
        &self,
        hosts: &[ReadyHost<'_>],
        reservation: &Reservation,
        outputs: Vec<Result<HostOutput, AuthorityError>>,
        delivery: &Delivery,
        session: &mut Session<'_>,
    ) -> Result<Vec<Written>, AuthorityError> {
        let mut outputs = outputs;
        if let Some(folder) = &delivery.out_dir {
            self.deliver(hosts, reservation, &mut outputs, folder);
        }
        let whole = outputs
            .iter()
            .enumerate()
            .filter_map(|(at, output)| Some((at, output.as_ref().ok()?)));
        let issued: Vec<Issued<'_>> = whole
            .map(|(at, output)| Issued {
                serial: &reservation.serials[at],
                host: Some(&hosts[at].plan.host),
                files: output
                    .files(delivery.keep_key)
                    .into_iter()
                    .chain([Self::own_copy(&output.certificate)])
                    .collect(),
            })
            .collect();
        let kept = self.records().complete(reservation, &issued, &mut session.wait)?;
        drop(issued);
        let mut kept = kept.into_iter();
        let written = outputs.into_iter().enumerate().map(|(at, output)| {
            let output = output?;
            kept.next().expect("one result for each certificate")?;
            let files = self.wanted_files(
                &reservation.serials[at],
                &hosts[at].plan.host,
                output.key_pem.is_some(),
                delivery,
            );
            Ok((output, files))
        });
        Ok(written.collect())
    }

    /// Writes the files of every host that has not failed into a folder, all with one barrier.
    fn deliver(
        &self,
        hosts: &[ReadyHost<'_>],
        reservation: &Reservation,
        outputs: &mut [Result<HostOutput, AuthorityError>],
        folder: &Path,
    ) {
        let groups = outputs.iter().enumerate().filter_map(|(at, output)| {
            let files = output.as_ref().ok()?.files(true).into_iter();
            let named = files.filter_map(|(file, content)| {
                let name = file.name(&reservation.serials[at], Some(&hosts[at].plan.host))?;
                Some(OutputFile {
                    name,
                    access: file.access(),
                    content,
                })
            });
            Some(named.collect::<Vec<_>>())
        });
        let groups: Vec<Vec<OutputFile>> = groups.collect();
        let mut written = match self.directory().output_folder(folder) {
            Ok(folder) => write_groups(&folder, &groups)
                .into_iter()
                .map(|written| written.map(drop).map_err(StoreError::from))
                .collect(),
            Err(error) => groups
                .iter()
                .map(|_| Err(error.again(folder)))
                .collect::<Vec<_>>(),
        }
        .into_iter();
        for output in outputs.iter_mut().filter(|output| output.is_ok()) {
            if let Err(error) = written.next().expect("one result for each group") {
                *output = Err(error.into());
            }
        }
    }
}

/// What one host is handed, and where it is.
type Written = Result<(HostOutput, IssuedFiles), AuthorityError>;

/// What a host is handed, encoded.
struct HostOutput {
    certificate: Certificate,
    certificate_pem: String,
    key_pem: Option<Zeroizing<String>>,
    pfx: Option<Zeroizing<Vec<u8>>>,
}

impl HostOutput {
    /// Key, PFX and certificate, in this order; the certificate alone without secrets. A certificate without its key would be of no use.
    fn files(&self, with_secrets: bool) -> Vec<(HostFile, Zeroizing<Vec<u8>>)> {
        let of = |file: HostFile, content: &[u8]| (file, Zeroizing::new(content.to_vec()));
        let key = self
            .key_pem
            .as_ref()
            .filter(|_| with_secrets)
            .map(|key| of(HostFile::Key, key.as_bytes()));
        let pfx = self
            .pfx
            .as_ref()
            .filter(|_| with_secrets)
            .map(|pfx| of(HostFile::Pfx, pfx));
        [
            key,
            pfx,
            Some(of(HostFile::Certificate, self.certificate_pem.as_bytes())),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Checks that the files of a host can be named after it.
fn expect_file_names(host: &GeneralName) -> Result<(), AuthorityError> {
    // No serial number is longer (RFC 5280 §4.1.2.2).
    let serial = SerialNumber::from_magnitude(false, &[0x7F; 20]);
    let is_named = HostFile::ALL
        .into_iter()
        .all(|file| file.name(&serial, Some(host)).is_some());
    if is_named {
        return Ok(());
    }
    let source = gsec_pki::x509::NameError::TooLong {
        found: FileName::host_part(host).len(),
        bound: 200,
    };
    Err(AuthorityError::Name {
        text: host.value(),
        source,
    })
}

/// A key as the audit log names it, so that it is known when its certificate is lost.
pub(in crate::authority) fn key_digits(key: &PublicKey) -> String {
    encode(&key.material(), Separator::None)
}

pub(in crate::authority) fn warning_of(note: &ReservationNote) -> Warning {
    match note {
        ReservationNote::TornLine(path) => Warning::TornLine(path.clone()),
        ReservationNote::SerialBehind { said, taken } => Warning::SerialBehind {
            said: said.clone(),
            serial: taken.clone(),
        },
    }
}
