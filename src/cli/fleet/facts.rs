//! What `gsec fleet check` looks at beside the inventory.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::time::Duration;

use time::OffsetDateTime;

use super::inventory_args::InventoryArgs;
use super::refused;
use crate::cli::failure::Failure;
use crate::cli::order_args::DEFAULT_PROFILE;
use gsec_ca::authority::{Authority, AuthorityError, ReadRecords};
use gsec_ca::policy::{Policy, Profile};
use gsec_ca::records::{Entry, Lookup, RecordStatus, host_names as names_of};
use gsec_deliver::target::TARGETS;
use gsec_doctor::net::{AddressAnswer, Limits, NameAnswer, look_up};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::x509::path::RevocationStatus;
use gsec_pki::x509::{Certificate, ExtendedKeyUsage, GeneralName, SerialNumber};
use gsec_platform::fleet::check::{
    Facts, HostCertificate, Known, Lapsed, LookedUp, Profiles, Purposes, Reverse,
};
use gsec_platform::inventory::{Host, Inventory};

/// How long one name may take, and all of them together.
const LIMITS: Limits = Limits {
    step: Duration::from_secs(5),
    whole: Duration::from_secs(60),
};
/// So many digits tell one key from another.
const KEY_DIGITS: usize = 16;

/// Collects them. What cannot be looked at is not an error: it is said.
pub(super) fn collect(
    args: &InventoryArgs,
    inventory: &Inventory,
    authority: &Result<Authority, Failure>,
    resolves: bool,
    now: OffsetDateTime,
) -> Facts {
    let (certificates, lapsed) = match of_ca(authority, |authority| certificates(authority, inventory, now)) {
        Known::Seen((valid, lapsed)) => (Known::Seen(valid), lapsed),
        Known::Unseen(why) => (Known::Unseen(why), HashMap::new()),
        Known::NotAsked => (Known::NotAsked, HashMap::new()),
    };
    let profiles = of_ca(authority, |authority| Ok(profiles(authority.policy()?)));
    let of_policy = match (authority, &profiles) {
        (Ok(authority), Known::Seen(_)) => refused::by_ca(inventory, authority, now),
        _ => Vec::new(),
    };
    Facts {
        targets: TARGETS.iter().map(|target| target.name).collect(),
        profiles,
        certificates,
        lapsed,
        refused: refused::everywhere(args, inventory)
            .into_iter()
            .chain(of_policy)
            .collect(),
        names: match resolves {
            true => Known::Seen(names(inventory)),
            false => Known::NotAsked,
        },
    }
}

fn of_ca<T>(
    authority: &Result<Authority, Failure>,
    read: impl FnOnce(&Authority) -> Result<T, AuthorityError>,
) -> Known<T> {
    let read = match authority {
        Ok(authority) => read(authority).map_err(|error| Failure::from(error).problem.message),
        Err(failure) => Err(failure.problem.message.clone()),
    };
    match read {
        Ok(known) => Known::Seen(known),
        Err(why) => Known::Unseen(why),
    }
}

fn profiles(policy: &Policy) -> Profiles {
    let all = policy.profile_names().filter_map(|name| {
        let profile = policy.profile(name).ok()?;
        Some((name.to_owned(), purposes(profile)))
    });
    let lifetime = |name: &str| {
        let days = policy.profile(name).ok()?.default_days();
        Some((name.to_owned(), time::Duration::days(days.into())))
    };
    Profiles {
        default: DEFAULT_PROFILE.to_owned(),
        all: all.collect(),
        lifetimes: policy.profile_names().filter_map(lifetime).collect(),
    }
}

fn purposes(profile: &Profile) -> Purposes {
    let usages = &profile.extended_key_usage;
    // A certificate without the extension is for every purpose (RFC 5280 §4.2.1.12).
    let is_for = |wanted: &ExtendedKeyUsage| {
        usages.is_empty() || usages.iter().any(|usage| usage == wanted || usage.is_any())
    };
    Purposes {
        server: is_for(&ExtendedKeyUsage::ServerAuth),
        client: is_for(&ExtendedKeyUsage::ClientAuth),
    }
}

/// The newest valid certificate of each host that has one, and the newest of each other one that had one.
type Certificates = (HashMap<String, HostCertificate>, HashMap<String, Lapsed>);

fn certificates(
    authority: &Authority,
    inventory: &Inventory,
    now: OffsetDateTime,
) -> Result<Certificates, AuthorityError> {
    let mut search = Search {
        authority,
        lookup: authority.records().lookup()?,
        read: ReadRecords::default(),
        now,
    };
    let (mut found, mut lapsed) = (HashMap::new(), HashMap::new());
    let mut without: Vec<&Host> = Vec::new();
    for host in &inventory.hosts {
        let Some(fqdn) = &host.fqdn else { continue };
        match search.newest(&fqdn.value)? {
            Some(certificate) => drop(found.insert(host.name.to_string(), facts(&certificate, host))),
            None => without.push(host),
        }
    }
    if !without.is_empty() {
        let subjects = by_common_name(authority, now)?;
        let fqdns = inventory.hosts.iter().filter_map(|host| host.fqdn.as_ref());
        let fqdns: HashSet<String> = fqdns.map(|name| name.value.to_string()).collect();
        for host in without {
            let other = search.otherwise_named(host, &subjects)?;
            let name = host.name.to_string();
            match other.filter(|certificate| !is_of_another(certificate, host, &fqdns)) {
                Some(certificate) => drop(found.insert(name, facts(&certificate, host))),
                None => lapsed.extend(search.lapsed(host)?.map(|last| (name, last))),
            }
        }
    }
    Ok((found, lapsed))
}

/// The records, opened once for all hosts.
struct Search<'a> {
    authority: &'a Authority,
    lookup: Box<dyn Lookup + 'a>,
    read: ReadRecords,
    now: OffsetDateTime,
}

impl Search<'_> {
    /// The newest valid certificate that names a host.
    fn newest(&mut self, name: &GeneralName) -> Result<Option<Certificate>, AuthorityError> {
        let records = self.lookup.by_host(name)?;
        for record in records.iter().rev().filter(|record| record.is_valid_at(self.now)) {
            let certificate = self.authority.issued_certificate(&record.serial)?;
            let is_meant = |certificate: &Certificate| {
                names_of(certificate).contains(name) && !self.is_revoked(certificate)
            };
            if let Some(certificate) = certificate.filter(is_meant) {
                return Ok(Some(certificate));
            }
        }
        Ok(None)
    }

    /// Whether the records, a CRL or the audit log have it as revoked: a restored copy of ca.db takes nothing back.
    fn is_revoked(&self, certificate: &Certificate) -> bool {
        let standing = self.authority.standing_in(&self.read, certificate);
        matches!(standing.status, RevocationStatus::Revoked { .. })
    }

    /// The newest certificate that names the host, which has no valid one.
    fn lapsed(&mut self, host: &Host) -> Result<Option<Lapsed>, AuthorityError> {
        let Some(fqdn) = &host.fqdn else { return Ok(None) };
        for record in self.lookup.by_host(&fqdn.value)?.iter().rev() {
            let certificate = self.authority.issued_certificate(&record.serial)?;
            if certificate.is_some_and(|certificate| names_of(&certificate).contains(&fqdn.value)) {
                return Ok(Some(Lapsed {
                    serial: record.serial.to_string(),
                    expired_at: (record.status != RecordStatus::Revoked && record.expiry <= self.now)
                        .then_some(record.expiry),
                }));
            }
        }
        Ok(None)
    }

    /// The certificate of a host whose subjectAltName lacks its FQDN: with the FQDN in its subject, or with another name or the address of
    /// the host.
    fn otherwise_named(
        &mut self,
        host: &Host,
        subjects: &HashMap<String, SerialNumber>,
    ) -> Result<Option<Certificate>, AuthorityError> {
        let fqdn = host.fqdn.as_ref().map(|name| name.value.value());
        let in_subject = [fqdn.as_deref(), Some(host.name.as_str())]
            .into_iter()
            .flatten()
            .filter_map(|name| subjects.get(&name.to_lowercase()));
        for serial in in_subject {
            let certificate = self.authority.issued_certificate(serial)?;
            if let Some(certificate) = certificate.filter(|certificate| !self.is_revoked(certificate)) {
                return Ok(Some(certificate));
            }
        }
        let own = GeneralName::parse_host(host.name.as_str()).ok();
        let address = host
            .address
            .as_ref()
            .map(|address| GeneralName::Ip(address.value));
        let further = host.names.iter().map(|name| name.value.clone());
        for name in own.into_iter().chain(further).chain(address) {
            if let Some(certificate) = self.newest(&name)? {
                return Ok(Some(certificate));
            }
        }
        Ok(None)
    }
}

/// The newest valid certificate of each common name that is a host's.
fn by_common_name(
    authority: &Authority,
    now: OffsetDateTime,
) -> Result<HashMap<String, SerialNumber>, AuthorityError> {
    let mut found = HashMap::new();
    authority.records().visit(&mut |_, entry| {
        if let Entry::Record(record) = entry
            && record.is_valid_at(now)
        {
            for name in record.host_names() {
                found.insert(name.value().to_lowercase(), record.serial.clone());
            }
        }
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

/// Whether a certificate has the FQDN of another host: then it is that one's, whatever else it has.
fn is_of_another(certificate: &Certificate, host: &Host, fqdns: &HashSet<String>) -> bool {
    let own = host.fqdn.as_ref().map(|name| name.value.to_string());
    let subject = certificate.subject().common_names();
    let in_subject = subject
        .iter()
        .filter_map(|name| GeneralName::parse_host(name).ok());
    let mut names = names_of(certificate).into_iter().chain(in_subject);
    names.any(|name| {
        let name = name.to_string();
        Some(&name) != own.as_ref() && fqdns.contains(&name)
    })
}

fn facts(certificate: &Certificate, host: &Host) -> HostCertificate {
    let fqdn = host.fqdn.as_ref().map(|name| &name.value);
    let covers = |name: &GeneralName| fqdn.is_some_and(|fqdn| name.covers(fqdn));
    let subject = certificate.subject();
    let common_names = subject.common_names();
    let in_subject = common_names
        .iter()
        .filter_map(|name| GeneralName::parse_host(name).ok())
        .any(|name| covers(&name));
    let names = certificate.subject_alternative_names().unwrap_or_default();
    let key = certificate.authority_key_identifier().map(|key| {
        let digits = encode(key, Separator::None);
        format!(" with key {}", digits.get(..KEY_DIGITS).unwrap_or(&digits))
    });
    HostCertificate {
        serial: certificate.serial().to_string(),
        is_in_subject: in_subject,
        is_in_alternative_names: names.iter().any(covers),
        names: match names.is_empty() {
            true => subject.to_string(),
            false => GeneralName::in_words(names),
        },
        issuer: format!("{}{}", certificate.issuer(), key.unwrap_or_default()),
    }
}

fn names(inventory: &Inventory) -> HashMap<String, LookedUp> {
    let fqdns = inventory.hosts.iter().filter_map(|host| host.fqdn.as_ref());
    let mut names: Vec<String> = fqdns
        .filter(|name| name.value.is_dns_name())
        .map(|name| name.value.value())
        .collect();
    names.sort_unstable();
    names.dedup();
    let answers = look_up(&names, LIMITS).into_iter().map(looked_up);
    names.iter().cloned().zip(answers).collect()
}

fn looked_up(answer: NameAnswer) -> LookedUp {
    match answer {
        NameAnswer::Addresses(addresses) => LookedUp::Found(
            addresses
                .into_iter()
                .map(|(address, back)| (address, reverse(back)))
                .collect(),
        ),
        NameAnswer::NoAddress(why) => LookedUp::Nothing(why),
        NameAnswer::Unanswered(why) => LookedUp::Unanswered(why),
    }
}

fn reverse(answer: AddressAnswer) -> Reverse {
    match answer {
        AddressAnswer::Name(name) => Reverse::Name(name),
        AddressAnswer::NoName => Reverse::Nothing,
        AddressAnswer::Unanswered => Reverse::Unanswered,
    }
}
