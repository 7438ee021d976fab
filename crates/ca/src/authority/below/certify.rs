//! Certifying a CA below this one: an intermediate CA.

use std::collections::HashSet;
use std::path::PathBuf;

use thiserror::Error;
use time::OffsetDateTime;

use crate::authority::host::decide::is_hosts_alone;
use crate::authority::host::issue::warning_of;
use crate::authority::session::AuditFacts;
use crate::authority::{Authority, AuthorityError, Session, Unlocked, Warning};
use crate::home::HostFile;
use crate::records::{AuditHead, Issued, NewRecord, Part, Record, Reservation, key_digits};
use gsec_pki::key::PublicKey;
use gsec_pki::x509::path::path_room;
use gsec_pki::x509::{
    Certificate, DistinguishedName, GeneralName, Lifetime, NameConstraints, SerialNumber, TypedSubject,
    Validity, rfc3339,
};

/// The lifetime of an intermediate CA when none is requested.
const DEFAULT_DAYS: u32 = 1825;

/// An intermediate CA as requested.
pub struct SubordinateOrder {
    /// Its name.
    pub subject: DistinguishedName,
    /// The contents of subjectAltName.
    pub names: Vec<GeneralName>,
    /// Its lifetime; five years when `None`.
    pub lifetime: Option<Lifetime>,
    /// pathLenConstraint; 0 when `None`, so that it issues for hosts only.
    pub path_len: Option<u8>,
    /// Its own name constraints; those above it hold for it all the same.
    pub constraints: Option<NameConstraints>,
}

/// What will be certified: everything but serial number and key.
pub struct SubordinatePlan {
    /// Its name.
    pub subject: DistinguishedName,
    /// The contents of subjectAltName.
    pub names: Vec<GeneralName>,
    /// Its validity.
    pub validity: Validity,
    /// pathLenConstraint.
    pub path_len: u8,
    /// Its own name constraints.
    pub constraints: Option<NameConstraints>,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
}

/// The certificate of an intermediate CA, as the CA above it keeps it.
pub struct CertifiedSubordinate {
    /// The certificate.
    pub certificate: Certificate,
    /// `<serial>.pem` in the repository of the CA above.
    pub file: PathBuf,
    /// What was odd.
    pub warnings: Vec<Warning>,
    /// The head of the audit log of the CA above; `None` where there is none.
    pub audit_head: Option<AuditHead>,
}

/// Why no CA of this kind can be below this one.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SubordinateError {
    /// RFC 5280 §4.2.1.9: no CA may follow.
    #[error("no CA is allowed below `{issuer}`: `{limited_by}` has pathLenConstraint {path_len}")]
    NoRoom {
        /// The CA that received the request.
        issuer: String,
        /// Whose pathLenConstraint says so.
        limited_by: String,
        /// The pathLenConstraint.
        path_len: u32,
    },
    /// RFC 5280 §4.2.1.9: fewer CAs may follow.
    #[error(
        "a path length of {asked} was requested, but pathLenConstraint {path_len} of `{limited_by}` allows \
         at most {most}"
    )]
    PathLength {
        /// The requested path length.
        asked: u8,
        /// What is left for it.
        most: u32,
        /// Whose pathLenConstraint says so.
        limited_by: String,
        /// The pathLenConstraint.
        path_len: u32,
    },
    /// RFC 5280 §4.2.1.10: a subtree that is not permitted above.
    #[error(
        "`{subtree}` is outside the name constraints of `{limited_by}`, and every client would reject what \
         is issued for it"
    )]
    Subtree {
        /// The subtree.
        subtree: String,
        /// Whose name constraints say so.
        limited_by: String,
    },
    /// RFC 5280 §4.2.1.10: a name of the CA itself that is not permitted above.
    #[error(
        "`{name}` is outside the name constraints of `{limited_by}`, which also apply to the names of CAs"
    )]
    Name {
        /// The name.
        name: String,
        /// Whose name constraints say so.
        limited_by: String,
    },
    /// RFC 5280 §4.1.2.6: a CA has a name.
    #[error("the subject is empty, but a CA must have a name")]
    NoName,
    /// Two CAs of one name on a path: peers could not distinguish which of them issued something.
    #[error(
        "a CA with the name `{subject}` is already on the path, and clients tell CAs apart by their names"
    )]
    NameTaken {
        /// The name.
        subject: String,
    },
    /// A renewal was requested from a CA that is not the one above.
    #[error("the issuer of `{subject}` is `{issuer}`, but the given parent CA is `{parent}`")]
    NotBelow {
        /// The CA that is to be renewed.
        subject: String,
        /// The CA that certified it.
        issuer: String,
        /// The CA that received the request.
        parent: String,
    },
    /// A renewal was requested from a CA with the right name but another key.
    #[error(
        "the certificate of `{subject}` was issued by another CA with the name `{parent}`: the key is \
         different"
    )]
    OtherParent {
        /// The CA that is to be renewed.
        subject: String,
        /// The CA that received the request.
        parent: String,
    },
    /// A host's certificate has the name.
    #[error(
        "`{subject}` is the subject of the host certificate with serial {serial}: programs find the issuer \
         of a certificate by its name, and could confuse the two"
    )]
    HostName {
        /// The name.
        subject: String,
        /// The host's certificate.
        serial: SerialNumber,
    },
    /// The name is the one that certificates of a host get.
    #[error(
        "`{subject}` is the name that a certificate for this host would get: programs find the issuer of a \
         certificate by its name, and could confuse the two"
    )]
    NameOfHost {
        /// The name.
        subject: String,
    },
    /// A host's certificate is about the key.
    #[error(
        "the key is that of the host certificate with serial {serial}: anyone who has the host's key could \
         issue certificates as this CA"
    )]
    HostKey {
        /// The host's certificate.
        serial: SerialNumber,
    },
    /// The key of a CA on the path.
    #[error("the key is that of `{subject}`, which is already on the path")]
    KeyTaken {
        /// Whose key it is.
        subject: String,
    },
}

impl SubordinateError {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoRoom { .. } | Self::PathLength { .. } => "authority.path_length",
            Self::Subtree { .. } | Self::Name { .. } => "authority.name_constraints",
            Self::NoName => "authority.no_name",
            Self::NameTaken { .. } | Self::HostName { .. } | Self::NameOfHost { .. } => {
                "authority.name_taken"
            }
            Self::KeyTaken { .. } | Self::HostKey { .. } => "authority.key_taken",
            Self::NotBelow { .. } | Self::OtherParent { .. } => "authority.not_below",
        }
    }
}

impl Authority {
    /// Checks an order for an intermediate CA against everything on the path up to the root. Nothing is reserved or written.
    ///
    /// # Errors
    /// [`AuthorityError::Subordinate`], [`AuthorityError::NotAnAuthority`], [`AuthorityError::NotInDate`], [`AuthorityError::Issue`],
    /// [`AuthorityError::Store`] when the repository cannot be written.
    pub fn plan_subordinate(
        &self,
        order: SubordinateOrder,
        now: OffsetDateTime,
    ) -> Result<SubordinatePlan, AuthorityError> {
        self.expect_authority()?;
        self.expect_policy()?;
        self.expect_clock(now)?;
        self.expect_new_name(&order.subject)?;
        let path_len = self.path_len_for(order.path_len)?;
        self.expect_within_constraints(&order)?;
        let mut warnings = Vec::new();
        let validity = self.validity_for(
            order.lifetime.unwrap_or_else(|| Lifetime::days(DEFAULT_DAYS)),
            now,
            &mut warnings,
        )?;
        self.records().expect_writable()?;
        Ok(SubordinatePlan {
            subject: order.subject,
            names: order.names,
            validity,
            path_len,
            constraints: order.constraints,
            warnings,
        })
    }

    fn expect_new_name(&self, subject: &DistinguishedName) -> Result<(), SubordinateError> {
        if subject.is_empty() {
            return Err(SubordinateError::NoName);
        }
        match self
            .path_upwards()
            .any(|certificate| certificate.subject() == subject)
        {
            true => Err(SubordinateError::NameTaken {
                subject: subject.to_string(),
            }),
            false => Ok(()),
        }
    }

    /// Checks that no host certificate of this CA has the name of a new CA, and that none will get it. A CA that was certified under such a
    /// name before may be certified again.
    ///
    /// # Errors
    /// [`SubordinateError::HostName`], [`SubordinateError::NameOfHost`]; [`AuthorityError::Store`].
    pub(in crate::authority) fn expect_no_host_name(
        &self,
        subject: &DistinguishedName,
        now: OffsetDateTime,
    ) -> Result<(), AuthorityError> {
        let common_names = subject.common_names();
        let hosts: Vec<GeneralName> = common_names
            .iter()
            .filter_map(|name| GeneralName::parse_host(name).ok())
            .collect();
        let mut lookup = self.records().lookup()?;
        let mut candidates = lookup.by_ca_name(subject)?;
        for host in &hosts {
            candidates.extend(lookup.by_host(host)?);
        }
        // The index goes by certificates; where one is gone, the record has its subject and the audit log says whether it was a CA's.
        let oneline = subject.openssl_oneline();
        let wanted = TypedSubject::parse(&oneline);
        // RFC 5280 §7.1: whatever the case of its letters.
        let has_subject = |record: &Record| {
            record.subject == oneline || wanted.is_some() && record.typed_subject() == wanted
        };
        self.each_record(&mut |record| {
            if has_subject(&record) && candidates.iter().all(|found| found.serial != record.serial) {
                candidates.push(record);
            }
        })?;
        let mut told = HashSet::new();
        self.records().audit_of_authorities(&mut |fields| {
            told.extend(fields.serial.as_deref().and_then(SerialNumber::parse_any_hex));
        })?;
        let mut is_known = false;
        for record in candidates.into_iter().filter(|record| record.expiry > now) {
            let is_authority = match self.issued_certificate(&record.serial)? {
                Some(found) if found.subject() == subject => found.is_authority(),
                Some(_) => continue,
                // One that is revoked and has no certificate never had one.
                None if !has_subject(&record) || record.revoked_entry().is_some() => continue,
                None => told.contains(&record.serial),
            };
            if !is_authority {
                return Err(SubordinateError::HostName {
                    subject: subject.to_string(),
                    serial: record.serial,
                }
                .into());
            }
            is_known = true;
        }
        let is_hosts = subject.attributes().len() == 1 && hosts.first().is_some_and(is_hosts_alone);
        if is_hosts && !is_known {
            Err(SubordinateError::NameOfHost {
                subject: subject.to_string(),
            }
            .into())
        } else {
            Ok(())
        }
    }

    /// Checks that no host certificate of this CA that has not expired is about the key of a new CA.
    ///
    /// # Errors
    /// [`SubordinateError::HostKey`]; [`AuthorityError::Store`].
    pub(in crate::authority) fn expect_no_host_key(
        &self,
        key: &PublicKey,
        now: OffsetDateTime,
    ) -> Result<(), AuthorityError> {
        let others = self
            .certificates_with_key(key)?
            .into_iter()
            .filter(|other| other.record.expiry > now);
        let mut hosts = others.filter(|other| {
            other
                .certificate
                .as_ref()
                .is_some_and(|certificate| !certificate.is_authority())
        });
        hosts.next().map_or(Ok(()), |host| {
            Err(SubordinateError::HostKey {
                serial: host.record.serial,
            }
            .into())
        })
    }

    fn path_len_for(&self, asked: Option<u8>) -> Result<u8, SubordinateError> {
        let wanted = asked.unwrap_or_default();
        let Some(room) = path_room(self.path_upwards()) else {
            return Ok(wanted);
        };
        let limited_by = room.limited_by.subject().to_string();
        let path_len = room
            .limited_by
            .basic_constraints()
            .and_then(|constraints| constraints.path_len)
            .unwrap_or_default();
        match room.authorities.checked_sub(1) {
            None => Err(SubordinateError::NoRoom {
                issuer: self.certificate().subject().to_string(),
                limited_by,
                path_len,
            }),
            Some(most) if u32::from(wanted) > most => Err(SubordinateError::PathLength {
                asked: wanted,
                most,
                limited_by,
                path_len,
            }),
            Some(_) => Ok(wanted),
        }
    }

    fn expect_within_constraints(&self, order: &SubordinateOrder) -> Result<(), SubordinateError> {
        for certificate in self.path_upwards() {
            let Some(above) = certificate.name_constraints() else {
                continue;
            };
            let limited_by = || certificate.subject().to_string();
            if let Some(subtree) = order
                .constraints
                .as_ref()
                .and_then(|constraints| constraints.first_outside(above))
            {
                return Err(SubordinateError::Subtree {
                    subtree: subtree.to_string(),
                    limited_by: limited_by(),
                });
            }
            let in_subject = std::iter::once(GeneralName::Directory(order.subject.clone()));
            let in_subject = in_subject.chain(
                order
                    .subject
                    .email_addresses()
                    .into_iter()
                    .map(GeneralName::Email),
            );
            let mut names = order.names.iter().cloned().chain(in_subject);
            if let Some(name) = names.find(|name| above.unreadable.is_some() || !above.allows(name)) {
                return Err(SubordinateError::Name {
                    name: name.to_string(),
                    limited_by: limited_by(),
                });
            }
        }
        Ok(())
    }

    /// Certifies the key of an intermediate CA: its record first, then its certificate, which is kept in the repository.
    ///
    /// # Errors
    /// [`AuthorityError`]. [`AuthorityError::AfterRecord`] when the record was made and the certificate was
    /// not written.
    pub fn certify_subordinate(
        &self,
        plan: &SubordinatePlan,
        key: &PublicKey,
        unlocked: &Unlocked,
        session: &mut Session<'_>,
    ) -> Result<CertifiedSubordinate, AuthorityError> {
        if let Some(taken) = self
            .authorities()
            .find(|authority| authority.key.is_same_key(key))
        {
            return Err(SubordinateError::KeyTaken {
                subject: taken.subject.to_string(),
            }
            .into());
        }
        self.expect_not_compromised(&[key])?;
        self.expect_clock(session.now)?;
        let reservation = self.reserve_subordinate(plan, key, unlocked, session)?;
        let [serial] = reservation.serials.as_slice() else {
            unreachable!("one number for one request")
        };
        let after_record = |source| AuthorityError::AfterRecord {
            serial: serial.clone(),
            source: Box::new(source),
        };
        let certificate = self.certify_authority(plan, key, serial, unlocked);
        let issued = certificate.iter().map(|certificate| Issued {
            serial,
            host: None,
            files: vec![Self::own_copy(certificate)],
        });
        let kept = self
            .records()
            .complete(&reservation, &issued.collect::<Vec<_>>(), &mut session.wait)?;
        let certificate = certificate.map_err(after_record)?;
        kept.into_iter()
            .next()
            .expect("one result for one certificate")
            .map_err(|error| after_record(error.into()))?;
        let file = self.records().place(Part::File(serial, None, HostFile::OwnCopy));
        let corrected = reservation.notes.iter().map(warning_of);
        let warnings = unlocked
            .warnings()
            .iter()
            .chain(&plan.warnings)
            .cloned()
            .chain(corrected)
            .collect();
        Ok(CertifiedSubordinate {
            certificate,
            file,
            warnings,
            audit_head: reservation.audit_head.clone(),
        })
    }

    fn reserve_subordinate(
        &self,
        plan: &SubordinatePlan,
        key: &PublicKey,
        unlocked: &Unlocked,
        session: &mut Session<'_>,
    ) -> Result<Reservation, AuthorityError> {
        let serial = self.serial_mode(session)?;
        let audit = self.audit_entry(
            session,
            &AuditFacts {
                host: None,
                names: &plan.names,
                subject: Some(&plan.subject),
            },
        );
        let audit = audit
            .with("path_len", plan.path_len)
            .with("not_after", rfc3339(plan.validity.not_after()));
        // When the certificate is lost, the log knows its key.
        let audit = audit.with("key_material", key_digits(key));
        let requester = session.by.clone();
        let request = NewRecord {
            serial,
            expiry: plan.validity.not_after(),
            subject: &plan.subject,
            names: &plan.names,
            profile: None,
            requester: &requester,
            audit,
        };
        let seal = unlocked.seal();
        let stamp = session.stamp(Some(&seal));
        let mut forbids = || Ok(self.expect_same_key().map(|()| false)?);
        let reserved = self
            .records()
            .reserve(&[request], &stamp, &mut session.wait, &mut forbids)?;
        Ok(reserved.expect("nothing forbids it"))
    }

    /// A certificate of this CA's with everything above it, the root last, as PEM.
    pub fn with_path(&self, certificate: &Certificate, now: OffsetDateTime) -> String {
        std::iter::once(certificate)
            .chain(self.path_upwards())
            .chain(self.changeover(now))
            .map(Certificate::to_pem)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Site, host, in_days, named, now, serial};
    use gsec_pki::key::{KeyAlgorithm, PrivateKey, Signer};

    fn order(name: &str) -> SubordinateOrder {
        SubordinateOrder {
            subject: DistinguishedName::build(&named(name)).expect("a name"),
            names: Vec::new(),
            lifetime: None,
            path_len: None,
            constraints: None,
        }
    }

    fn answer(site: &Site, order: SubordinateOrder) -> Result<u8, &'static str> {
        let plan = site.authority.plan_subordinate(order, now());
        plan.map(|plan| plan.path_len).map_err(|error| error.code())
    }

    fn permit(domain: &str) -> Option<NameConstraints> {
        NameConstraints::permit(vec![domain.to_owned()], Vec::new())
    }

    #[test]
    fn ca_below_has_a_name_of_its_own() {
        let site = Site::new();
        assert_eq!(answer(&site, order("Middle CA")), Ok(0));
        assert_eq!(answer(&site, order("EXAMPLE CA")), Err("authority.name_taken"));
        let nobody = SubordinateOrder {
            subject: DistinguishedName::build(&gsec_pki::x509::NameParts::new([])).expect("no name"),
            ..order("Middle CA")
        };
        assert_eq!(answer(&site, nobody), Err("authority.no_name"));
    }

    #[test]
    fn length_of_the_path_below() {
        let asked = |path_len: u8| SubordinateOrder {
            path_len: Some(path_len),
            ..order("Middle CA")
        };
        let rows = [
            (None, 7, Ok(7)),
            (Some(2), 0, Ok(0)),
            (Some(2), 1, Ok(1)),
            (Some(2), 2, Err("authority.path_length")),
            (Some(0), 0, Err("authority.path_length")),
        ];
        for (path_len, wanted, expected) in rows {
            let site = Site::with(|order| order.path_len = path_len);
            assert_eq!(answer(&site, asked(wanted)), expected, "{path_len:?} {wanted}");
        }
    }

    #[test]
    fn names_stay_within_those_of_the_path() {
        let site = Site::with(|order| order.constraints = permit("example.com"));
        let within = |constraints, names: &[&str]| SubordinateOrder {
            constraints,
            names: names.iter().map(|name| host(name)).collect(),
            ..order("Middle CA")
        };
        assert_eq!(answer(&site, within(None, &[])), Ok(0));
        assert_eq!(answer(&site, within(permit("db.example.com"), &[])), Ok(0));
        assert_eq!(
            answer(&site, within(permit("example.org"), &[])),
            Err("authority.name_constraints")
        );
        assert_eq!(answer(&site, within(None, &["a.example.com"])), Ok(0));
        assert_eq!(
            answer(&site, within(None, &["a.example.org"])),
            Err("authority.name_constraints")
        );
    }

    /// RFC 5280 §7.1. Without a certificate, the record is all that is left.
    #[test]
    fn name_in_a_record_is_taken_whatever_the_case_of_its_letters() {
        let site = Site::new();
        let subject = |name: &str| DistinguishedName::build(&named(name)).expect("a name");
        let record = Record::issued(&serial("07"), in_days(100), &subject("Edge Router"));
        let index = site.authority.directory().index();
        std::fs::write(&index, format!("{}\n", record.to_line())).expect("a record");
        for name in ["Edge Router", "edge  ROUTER"] {
            let refused = site.authority.expect_no_host_name(&subject(name), now());
            assert_eq!(
                refused.map_err(|error| error.code()),
                Err("authority.name_taken"),
                "{name}"
            );
        }
        let other = site.authority.expect_no_host_name(&subject("Edge"), now());
        assert!(other.is_ok());
    }

    #[test]
    fn name_and_key_of_a_host_are_no_cas() {
        let site = Site::new();
        let certificate = site.issue("db1.example.com");
        let code = |result: Result<(), AuthorityError>| result.map_err(|error| error.code());
        let subject = |name: &str| DistinguishedName::build(&named(name)).expect("a name");
        let of_name = |name: &str, at| code(site.authority.expect_no_host_name(&subject(name), at));
        assert_eq!(of_name("Middle CA", now()), Ok(()));
        assert_eq!(
            of_name("db1.example.com", now()),
            Err("authority.name_taken"),
            "a host has it"
        );
        assert_eq!(
            of_name("db9.example.com", now()),
            Err("authority.name_taken"),
            "a host would get it"
        );
        assert_eq!(
            of_name("db1", now()),
            Ok(()),
            "one label is a name like any other"
        );
        let of_key = |key, at| code(site.authority.expect_no_host_key(key, at));
        assert_eq!(
            of_key(certificate.public_key(), now()),
            Err("authority.key_taken")
        );
        assert_eq!(
            of_key(certificate.public_key(), in_days(101)),
            Ok(()),
            "the host's has expired"
        );
        let other = PrivateKey::generate(KeyAlgorithm::P256).expect("a key");
        assert_eq!(of_key(other.public_key(), now()), Ok(()));
    }
}
