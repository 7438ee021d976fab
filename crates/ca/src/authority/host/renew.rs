//! Renewing a host's certificate: a new certificate with the names, the subject and the usages of an old one.

use std::path::PathBuf;

use thiserror::Error;

use crate::authority::host::order::{HostKey, HostOrder, HostSubject};
use crate::authority::{Authority, AuthorityError, Warning};
use crate::home::HostFile;
use crate::policy::Profile;
use crate::records::{Part, RecordStatus, host_names};
use gsec_pki::key::{AlgorithmError, KeyAlgorithm, PublicKey, RsaBits};
use gsec_pki::x509::{Certificate, GeneralName, SerialNumber, decode_certificates};

/// Why a certificate is not renewed.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum RenewalError {
    /// It was revoked.
    #[error("serial {serial} is revoked{}, and cannot be renewed", reason.as_deref().map(|reason| format!(" ({reason})")).unwrap_or_default())]
    Revoked {
        /// The serial number.
        serial: SerialNumber,
        /// Why, by the reason's name in OpenSSL.
        reason: Option<String>,
        /// The host named in it.
        host: Option<String>,
    },
    /// Its file is missing.
    #[error("serial {serial} is recorded, but its certificate is not in the repository")]
    NotKept {
        /// The serial number.
        serial: SerialNumber,
        /// The host that its record names.
        host: Option<String>,
        /// The host's file, which has the same certificate, and the missing one.
        host_file: Option<(PathBuf, PathBuf)>,
    },
    /// It is a CA's.
    #[error("serial {serial} is the certificate of {}, not of a host", if *is_own { "this CA itself" } else { "a CA" })]
    OfAuthority {
        /// The serial number.
        serial: SerialNumber,
        /// Whether it is this CA's own.
        is_own: bool,
    },
    /// It has names that gsec shows and does not issue.
    #[error(
        "serial {serial} has names that are not issued here: {}",
        GeneralName::in_words(names)
    )]
    NamesNotIssued {
        /// The serial number.
        serial: SerialNumber,
        /// These names.
        names: Vec<GeneralName>,
    },
    /// It names no host at all.
    #[error("serial {serial} has no subjectAltName, and no common name that is a host name")]
    NoName {
        /// The serial number.
        serial: SerialNumber,
    },
    /// No profile gives its usages.
    #[error("no profile has the usages of serial {serial}: {}", usages_in_words(usages))]
    NoProfile {
        /// The serial number.
        serial: SerialNumber,
        /// Its extKeyUsage.
        usages: Vec<String>,
    },
    /// Several profiles give its usages, and the audit log does not say which it was.
    #[error("serial {serial} may belong to any of the profiles {}, and audit.log does not say which", profiles.join(", "))]
    SeveralProfiles {
        /// The serial number.
        serial: SerialNumber,
        /// These profiles.
        profiles: Vec<String>,
    },
    /// A key of a kind that gsec does not make.
    #[error("keys of the type of serial {serial} ({kind}) are not made here")]
    KeyKind {
        /// The serial number.
        serial: SerialNumber,
        /// The kind.
        kind: String,
    },
}

fn usages_in_words(usages: &[String]) -> String {
    if usages.is_empty() {
        "any usage, since it names none".into()
    } else {
        usages.join(", ")
    }
}

impl RenewalError {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Revoked { .. } => "renewal.revoked",
            Self::NotKept { .. } => "renewal.not_kept",
            Self::OfAuthority { .. } => "renewal.of_ca",
            Self::NamesNotIssued { .. } => "renewal.names_not_issued",
            Self::NoName { .. } => "renewal.no_name",
            Self::NoProfile { .. } => "renewal.no_profile",
            Self::SeveralProfiles { .. } => "renewal.several_profiles",
            Self::KeyKind { .. } => "renewal.key_kind",
        }
    }
}

/// The kind of a new key that takes the place of an old one: the same; of RSA keys the next size that is made.
///
/// # Errors
/// [`RenewalError::KeyKind`].
pub fn algorithm_like(old: &Certificate) -> Result<(KeyAlgorithm, Option<Warning>), RenewalError> {
    let key: &PublicKey = old.public_key();
    let asked = key.size_bits().unwrap_or_default();
    let unknown = || RenewalError::KeyKind {
        serial: old.serial().clone(),
        kind: key.to_string(),
    };
    match KeyAlgorithm::new(key.key_type().ok_or_else(unknown)?, Some(asked)) {
        Ok(algorithm) => Ok((algorithm, None)),
        Err(AlgorithmError::RsaSize(_)) => {
            let size = RsaBits::at_least(asked.max(RsaBits::default().bits())).ok_or_else(unknown)?;
            Ok((
                KeyAlgorithm::Rsa(size),
                Some(Warning::KeySizeRoundedUp {
                    asked,
                    made: size.bits(),
                }),
            ))
        }
        Err(_) => Err(unknown()),
    }
}

impl Authority {
    /// The certificate of a serial number, if it may be renewed.
    ///
    /// # Errors
    /// [`AuthorityError::Renewal`], [`AuthorityError::Store`].
    pub fn renewable_certificate(&self, serial: &SerialNumber) -> Result<Certificate, AuthorityError> {
        let record = self.records().find(serial)?;
        let own = self.own_certificates()?;
        if record
            .as_ref()
            .is_some_and(|record| self.own_certificate_of(record, &own).is_some())
        {
            return Err(RenewalError::OfAuthority {
                serial: serial.clone(),
                is_own: true,
            }
            .into());
        }
        let certificate = self.issued_certificate(serial)?;
        let host = record
            .as_ref()
            .and_then(|record| record.host_names().into_iter().next());
        if let Some(record) = record.filter(|record| record.status == RecordStatus::Revoked) {
            let host = certificate
                .as_ref()
                .and_then(|certificate| host_names(certificate).first().map(GeneralName::value));
            let reason = record.revocation.and_then(|revocation| revocation.reason);
            return Err(RenewalError::Revoked {
                serial: serial.clone(),
                reason,
                host,
            }
            .into());
        }
        // A copy of ca.db that was restored does not bring it back.
        let witnesses = self.witnesses()?;
        if let Some((certificate, found)) = certificate
            .as_ref()
            .and_then(|found| Some((found, witnesses.revocation_of_certificate(found)?)))
        {
            let host = host_names(certificate).first().map(GeneralName::value);
            let reason = found.reason;
            return Err(RenewalError::Revoked {
                serial: serial.clone(),
                reason,
                host,
            }
            .into());
        }
        match certificate {
            None => {
                let host_file = host.as_ref().and_then(|host| self.host_file_of(serial, host));
                Err(RenewalError::NotKept {
                    serial: serial.clone(),
                    host: host.map(|host| host.value()),
                    host_file,
                }
                .into())
            }
            Some(certificate) if certificate.is_authority() => Err(RenewalError::OfAuthority {
                serial: serial.clone(),
                is_own: false,
            }
            .into()),
            Some(certificate) => Ok(certificate),
        }
    }

    /// The host's file with a certificate whose copy is missing, and where the copy was.
    fn host_file_of(&self, serial: &SerialNumber, host: &GeneralName) -> Option<(PathBuf, PathBuf)> {
        let content = self
            .records()
            .content(serial, Some(host), HostFile::Certificate)
            .ok()??;
        let first = decode_certificates(&content).ok()?.into_iter().next()?;
        let is_same = first.serial() == serial && self.has_issued(&first).is_ok_and(|issued| issued);
        let place = |file| self.records().place(Part::File(serial, Some(host), file));
        is_same.then(|| (place(HostFile::Certificate), place(HostFile::OwnCopy)))
    }

    /// The order for a certificate with the names, in their order, and the subject, byte for byte, of an old one; with the profile
    /// of the old one when none is named. Give it to [`Authority::plan_host`].
    ///
    /// # Errors
    /// [`AuthorityError::Renewal`], [`AuthorityError::Store`].
    pub fn renewal_of(
        &self,
        old: &Certificate,
        profile: Option<String>,
        key: HostKey,
    ) -> Result<HostOrder, AuthorityError> {
        let mut names = names_to_renew(old)?;
        let profile = match profile {
            Some(profile) => profile,
            None => self.profile_of(old)?,
        };
        let further_names = names.split_off(1);
        Ok(HostOrder {
            further_names,
            subject: HostSubject::Exact(old.subject().clone()),
            replaces: Some(Box::new(old.clone())),
            ..HostOrder::new(names.pop(), key, &profile)
        })
    }

    /// The profile under which a certificate was issued: the one that gives its usages; of several the one that the record
    /// or the audit log names.
    pub(in crate::authority) fn profile_of(&self, old: &Certificate) -> Result<String, AuthorityError> {
        let (serial, usages) = (old.serial().clone(), old.extended_key_usage().unwrap_or_default());
        let mut profiles: Vec<String> = self
            .policy()?
            .profile_for(usages)
            .into_iter()
            .map(|profile: &Profile| profile.name.clone())
            .collect();
        if profiles.is_empty() {
            let usages = usages.iter().map(ToString::to_string).collect();
            return Err(RenewalError::NoProfile { serial, usages }.into());
        }
        if profiles.len() == 1 {
            return Ok(profiles.remove(0));
        }
        let of_record = self.records().find(&serial)?.and_then(|record| record.request);
        let of_log = || -> Result<_, AuthorityError> {
            let line = self.logged_issue(old, &|line| line.profile.is_some())?;
            Ok(line.and_then(|line| line.profile))
        };
        let named = named_profile(of_record.and_then(|request| request.profile), of_log)?;
        named
            .filter(|named| profiles.contains(named))
            .ok_or_else(|| RenewalError::SeveralProfiles { serial, profiles }.into())
    }

    /// The profile that must be named to renew a certificate; `None` where [`Authority::renewal_of`] finds it by itself. Of several that
    /// give the same usages any will do.
    pub fn profile_to_name(&self, old: &Certificate) -> Option<String> {
        match self.profile_of(old) {
            Err(AuthorityError::Renewal(RenewalError::SeveralProfiles { profiles, .. })) => {
                profiles.into_iter().next()
            }
            _ => None,
        }
    }
}

/// The profile that the record of a certificate names. Records in files do not keep it, and the audit log is read for it.
fn named_profile<E>(
    of_record: Option<String>,
    of_log: impl FnOnce() -> Result<Option<String>, E>,
) -> Result<Option<String>, E> {
    match of_record {
        Some(profile) => Ok(Some(profile)),
        None => of_log(),
    }
}

/// The names of subjectAltName, at least one; without that extension the first common name that is a host's, as programs of old read it.
pub(in crate::authority) fn names_to_renew(old: &Certificate) -> Result<Vec<GeneralName>, RenewalError> {
    let serial = || old.serial().clone();
    if let Some(names) = old.subject_alternative_names().filter(|names| !names.is_empty()) {
        let is_unfit = |name: &&GeneralName| !name.is_issued_as_it_stands();
        let unfit: Vec<GeneralName> = names.iter().filter(is_unfit).cloned().collect();
        return if unfit.is_empty() {
            Ok(names.to_vec())
        } else {
            Err(RenewalError::NamesNotIssued {
                serial: serial(),
                names: unfit,
            })
        };
    }
    let common_names = old.subject().common_names();
    let host = common_names
        .iter()
        .find_map(|name| GeneralName::parse_host(name).ok());
    let host = host.ok_or_else(|| RenewalError::NoName { serial: serial() })?;
    Ok(vec![host])
}

#[cfg(test)]
mod tests {
    use crate::authority::HostOrder;
    use crate::tests::{Identity, Site, host, order, serial};
    use gsec_pki::key::KeyType;
    use gsec_pki::x509::{Lifetime, RevocationReason};

    use super::*;

    #[test]
    fn the_log_is_read_only_where_the_record_names_no_profile() {
        let recorded = named_profile(Some("hub".into()), || -> Result<_, ()> {
            panic!("the record names it")
        });
        assert_eq!(recorded, Ok(Some("hub".into())));
        assert_eq!(
            named_profile(None, || Ok::<_, ()>(Some("host".into()))),
            Ok(Some("host".into()))
        );
    }

    #[test]
    fn new_key_is_of_the_kind_of_the_old_one() {
        let ca = Identity::root("Example CA");
        let like = |key: &rcgen::KeyPair| algorithm_like(&ca.host_of_key("a.example.com", key));
        for (algorithm, expected) in [
            (&rcgen::PKCS_ECDSA_P256_SHA256, KeyAlgorithm::P256),
            (&rcgen::PKCS_ECDSA_P384_SHA384, KeyAlgorithm::P384),
            (&rcgen::PKCS_ED25519, KeyAlgorithm::Ed25519),
        ] {
            let key = rcgen::KeyPair::generate_for(algorithm).expect("a key");
            assert_eq!(like(&key), Ok((expected, None)));
        }
        let site = Site::new();
        let old = site.issue("a.example.com");
        assert_eq!(old.public_key().key_type(), Some(KeyType::P256));
    }

    #[test]
    fn names_that_a_renewal_has() {
        let ca = Identity::root("Example CA");
        let names = |change: crate::tests::Change| {
            names_to_renew(&ca.host("a.example.com", change).certificate).map_err(|error| error.code())
        };
        assert_eq!(names(|_| {}), Ok(vec![host("a.example.com")]));
        assert_eq!(
            names(|params| params.subject_alt_names.clear()),
            Ok(vec![host("a.example.com")]),
            "old programs read the common name"
        );
        let nobody = ca.host("", |_| {}).certificate;
        assert_eq!(
            names_to_renew(&nobody).map_err(|error| error.code()),
            Err("renewal.no_name")
        );
        let address = names(|params| {
            let name = "10.0.0.9".try_into().expect("a name");
            params.subject_alt_names = vec![rcgen::SanType::DnsName(name)];
        });
        assert_eq!(address, Err("renewal.names_not_issued"));
    }

    fn renewable(site: &Site, number: &SerialNumber) -> Result<(), &'static str> {
        let found = site.authority.renewable_certificate(number);
        found.map(drop).map_err(|error| error.code())
    }

    #[test]
    fn which_certificates_may_be_renewed() {
        let site = Site::new();
        let (valid, revoked, gone) = (
            site.issue("a.example.com"),
            site.issue("b.example.com"),
            site.issue("c.example.com"),
        );
        site.revoke(&revoked, RevocationReason::Superseded);
        std::fs::remove_file(site.authority.file_of(gone.serial()).expect("its file")).expect("removed");
        assert_eq!(renewable(&site, valid.serial()), Ok(()));
        assert_eq!(renewable(&site, revoked.serial()), Err("renewal.revoked"));
        assert_eq!(renewable(&site, gone.serial()), Err("renewal.not_kept"));
        assert_eq!(
            renewable(&site, &serial("7F")),
            Err("renewal.not_kept"),
            "there is none"
        );
    }

    #[test]
    fn revocation_that_only_the_log_knows_stops_a_renewal() {
        let site = Site::new();
        let certificate = site.issue("a.example.com");
        let index = site.authority.directory().index();
        let before = std::fs::read(&index).expect("ca.db");
        site.revoke(&certificate, RevocationReason::Superseded);
        std::fs::write(&index, before).expect("ca.db");
        let site = site.reopened();
        assert_eq!(renewable(&site, certificate.serial()), Err("renewal.revoked"));
    }

    #[test]
    fn profile_of_a_renewal() {
        let site = Site::new();
        let issue = |profile: &str| {
            let order = HostOrder {
                profile: profile.into(),
                lifetime: Some(Lifetime::days(30)),
                ..order("a.example.com")
            };
            site.issue_order(order).expect("a certificate")
        };
        let key = || HostKey::Generate(KeyAlgorithm::P256);
        let profile = |old: &Certificate| {
            let order = site.authority.renewal_of(old, None, key());
            order.map(|order| order.profile).map_err(|error| error.code())
        };
        // tls-client and appliance give the same usages: the log says which it was.
        for name in ["host", "server", "appliance", "tls-client", "hub"] {
            assert_eq!(profile(&issue(name)), Ok(name.to_owned()));
        }
        let foreign = Identity::root("Example CA").host("a.example.com", |params| {
            params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::CodeSigning];
        });
        assert_eq!(profile(&foreign.certificate), Err("renewal.no_profile"));
        let unlogged = Identity::root("Example CA").host("a.example.com", |params| {
            params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
        });
        assert_eq!(profile(&unlogged.certificate), Err("renewal.several_profiles"));
        assert_eq!(
            site.authority.profile_to_name(&unlogged.certificate).as_deref(),
            Some("appliance")
        );
        let named = site
            .authority
            .renewal_of(&foreign.certificate, Some("host".into()), key());
        assert_eq!(named.expect("an order").profile, "host");
    }
}
