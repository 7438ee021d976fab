//! Issuing for a host: plan, reserve and record, sign, write. In this order, whatever is killed when.

use std::path::Path;
use std::sync::Arc;

use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::authority::host::intent::intent_of;
use crate::authority::host::stable_names::Contents;
use crate::authority::{
    Authority, AuthorityError, Dated, Delivery, HostKey, IssuePlan, IssuedFiles, LaterThanNow, OutNames,
    PfxOrder, Session, Unlocked, Warning,
};
use crate::files::{FileName, FilesError, OutputFile, write_groups};
use crate::home::{HostFile, INTENT, Intent, StoreError};
use crate::policy::SerialSource;
use crate::records::{
    AuditHead, Forbids, Issued, NewRecord, Part, Reservation, ReservationNote, SerialMode, key_digits,
};
use gsec_pki::key::{KeyDocument, PrivateKey, PublicKey, Signer, encode_private_key};
use gsec_pki::pkcs12::{PfxContent, check_friendly_name, check_password, encode_pfx};
use gsec_pki::x509::{Certificate, GeneralName, SerialNumber, decode_certificates, rfc3339};

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

    fn intent(&self) -> Intent {
        intent_of(self.plan.permitted(), self.key.public())
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
        let certificates = self.certify_hosts(hosts, &reservation.serials, unlocked);
        let outputs = hosts
            .iter()
            .zip(certificates)
            .map(|(host, certificate)| self.output(host, certificate?, delivery, session));
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
        expect_file_names(plan.host())?;
        self.records().expect_writable()?;
        self.expect_places(plan.host(), has_key, delivery)
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
            plan.host(),
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
        IssuedFiles {
            kept: delivery.kept(has_key).map(|file| (file, place(file))).collect(),
            delivered: delivery.delivered(serial, host, has_key),
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
        self.expect_room_for(hosts, unlocked)?;
        let requester = session.by.clone();
        let mut requests = Vec::with_capacity(hosts.len());
        for host in hosts {
            let ReadyHost { plan, key } = host;
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
            let audit = match unlocked.service() {
                Some(_) => audit.with(INTENT, host.intent().digest()),
                None => audit,
            };
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
            &session.stamp(Some(&unlocked.seal())),
            &mut session.wait,
            &mut forbids_now,
        )?)
    }

    /// Checks that another process that has the key would sign one more certificate of a profile, where the policy says how many that are in an
    /// hour. What it refused after the record would cost a serial number.
    ///
    /// # Errors
    /// [`KeyError::TooMany`](gsec_pki::key::KeyError::TooMany).
    pub fn expect_room(&self, profile: &str, count: u32, unlocked: &Unlocked) -> Result<(), AuthorityError> {
        match unlocked.service() {
            Some(service) if self.policy()?.max_per_hour(profile).is_some() => {
                Ok(service.expect_room(profile, count)?)
            }
            _ => Ok(()),
        }
    }

    fn expect_room_for(&self, hosts: &[ReadyHost<'_>], unlocked: &Unlocked) -> Result<(), AuthorityError> {
        for (index, host) in hosts.iter().enumerate() {
            let profile = &host.plan.profile.name;
            let is_of = |other: &&ReadyHost<'_>| other.plan.profile.name == *profile;
            // A group has few hosts, and fewer profiles.
            if !hosts[..index].iter().any(|other| is_of(&other)) {
                let count = hosts.iter().filter(is_of).count();
                self.expect_room(profile, u32::try_from(count).unwrap_or(u32::MAX), unlocked)?;
            }
        }
        Ok(())
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

    /// Signs the certificate of each host, or has all of them signed where another process has the key.
    fn certify_hosts(
        &self,
        hosts: &[ReadyHost<'_>],
        serials: &[SerialNumber],
        unlocked: &Unlocked,
    ) -> Vec<Result<Certificate, AuthorityError>> {
        let numbered = hosts.iter().zip(serials);
        let Some(service) = unlocked.service() else {
            return numbered
                .map(|(host, serial)| {
                    self.certify_host(host.plan.permitted(), host.key.public(), serial, unlocked)
                })
                .collect();
        };
        let announced: Vec<_> = numbered
            .map(|(host, serial)| (serial.clone(), host.intent()))
            .collect();
        let certified = service.certify(&announced).into_iter();
        certified
            .map(|certified| certified.map_err(AuthorityError::from))
            .collect()
    }

    /// Encodes everything that a host is handed.
    fn output(
        &self,
        host: &ReadyHost<'_>,
        certificate: Certificate,
        delivery: &Delivery,
        session: &mut Session<'_>,
    ) -> Result<HostOutput, AuthorityError> {
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
        self.presented(certificate, now)
            .map(Certificate::to_pem)
            .collect()
    }

    /// What a host presents: its certificate, and those that a peer needs between it and a root that it may know.
    pub fn presented<'a>(
        &'a self,
        certificate: &'a Certificate,
        now: OffsetDateTime,
    ) -> impl Iterator<Item = &'a Certificate> {
        std::iter::once(certificate)
            .chain(self.intermediates())
            .chain(self.changeover(now))
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
        self.deliver(hosts, reservation, &mut outputs, delivery, session);
        let whole = outputs
            .iter()
            .enumerate()
            .filter_map(|(at, output)| Some((at, output.as_ref().ok()?)));
        let issued: Vec<Issued<'_>> = whole
            .map(|(at, output)| Issued {
                serial: &reservation.serials[at],
                host: Some(hosts[at].plan.host()),
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
                hosts[at].plan.host(),
                output.key_pem.is_some(),
                delivery,
            );
            Ok((output, files))
        });
        Ok(written.collect())
    }

    /// Writes the files of every host that has not failed to where a person wanted them: into a folder all with one barrier.
    fn deliver(
        &self,
        hosts: &[ReadyHost<'_>],
        reservation: &Reservation,
        outputs: &mut [Result<HostOutput, AuthorityError>],
        delivery: &Delivery,
        session: &Session<'_>,
    ) {
        if let Some(folder) = &delivery.out_dir {
            let whole: Vec<(usize, &HostOutput)> = outputs
                .iter()
                .enumerate()
                .filter_map(|(at, output)| Some((at, output.as_ref().ok()?)))
                .collect();
            let of_host = |(at, output): &(usize, &HostOutput)| {
                (
                    hosts[*at].plan.host(),
                    &reservation.serials[*at],
                    output.files(true),
                )
            };
            let handed = whole.iter().map(of_host).collect();
            let written = self.write_into(folder, handed, delivery, session);
            let places: Vec<usize> = whole.iter().map(|(at, _)| *at).collect();
            for (at, written) in places.into_iter().zip(written) {
                if let Err(error) = written {
                    outputs[at] = Err(error);
                }
            }
        }
        for ((output, host), serial) in outputs.iter_mut().zip(hosts).zip(&reservation.serials) {
            let written = output.as_ref().ok().map(|output| {
                let places = delivery.delivered(serial, host.plan.host(), output.key_pem.is_some());
                self.write_single(&places, &self.with_chain(output.files(true), session.now))
            });
            if let Some(Err(error)) = written {
                *output = Err(error);
            }
        }
    }

    /// Writes the files of several hosts into a folder. Returns what came of each host.
    fn write_into(
        &self,
        folder: &Path,
        hosts: Vec<(&GeneralName, &SerialNumber, Contents)>,
        delivery: &Delivery,
        session: &Session<'_>,
    ) -> Vec<Result<(), AuthorityError>> {
        if delivery.out_names != OutNames::Serial {
            let with_chain = |(host, _, contents)| (host, self.with_chain(contents, session.now));
            let hosts = hosts.into_iter().map(with_chain).collect();
            return self.publish(folder, hosts, delivery, session.wait.timeout);
        }
        let groups = hosts.into_iter().map(|(host, serial, contents)| {
            let named = contents.into_iter().filter_map(|(file, content)| {
                let name = file.name(serial, Some(host))?;
                Some(OutputFile {
                    name,
                    access: file.access(),
                    content,
                })
            });
            named.collect()
        });
        let groups: Vec<Vec<OutputFile>> = groups.collect();
        match self.directory().output_folder(folder) {
            Ok(folder) => write_groups(&folder, &groups)
                .into_iter()
                .map(|written| written.map(drop).map_err(AuthorityError::from))
                .collect(),
            Err(error) => groups.iter().map(|_| Err(error.again(folder).into())).collect(),
        }
    }

    fn with_chain(&self, mut contents: Contents, now: OffsetDateTime) -> Contents {
        contents.push((HostFile::Chain, Zeroizing::new(self.chain_pem(now).into_bytes())));
        contents
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
    fn files(&self, with_secrets: bool) -> Contents {
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

pub(in crate::authority) fn warning_of(note: &ReservationNote) -> Warning {
    match note {
        ReservationNote::TornLine(path) => Warning::TornLine(path.clone()),
        ReservationNote::SerialBehind { said, taken } => Warning::SerialBehind {
            said: said.clone(),
            serial: taken.clone(),
        },
    }
}
