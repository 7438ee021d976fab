//! Who can issue another certificate: the CA at hand, and what it has issued for the same host already.

use time::OffsetDateTime;

use crate::authority::Authority;
use crate::doctor::path::Home;
use crate::encoding::shell::CommandLine;
use crate::x509::path::RevocationStatus;
use crate::x509::{Certificate, ExtendedKeyUsage, GeneralName};

/// What the CA at hand can do for a certificate: `option` names its directory on a command line, `host` is who the certificate is for where that is
/// known better than from its names.
pub fn home(authority: &Authority, option: &CommandLine, certificate: &Certificate, host: Option<&GeneralName>, now: OffsetDateTime) -> Home {
    let is_issuer = authority.has_issued(certificate).unwrap_or(false);
    let named = || certificate.subject_alternative_names().unwrap_or_default().iter().find(|name| name.host().is_some());
    let host = host.or_else(|| named().filter(|_| !certificate.is_authority()));
    let is_for_host = host.is_none_or(|host| certificate.subject_alternative_names().unwrap_or_default().contains(host));
    let is_in_use = is_issuer && is_for_host && !matches!(authority.standing(certificate).status, RevocationStatus::Revoked { .. });
    let successor = host.and_then(|host| authority.find_valid(host, now).ok().flatten());
    let successor = successor.filter(|found| found.certificate != *certificate && replaces(&found.certificate, certificate, is_in_use));
    Home {
        ca_option: Some(option.clone()),
        is_issuer,
        profile: if is_issuer { authority.profile_to_name(certificate) } else { None },
        successor: successor.map(|found| found.files.host_certificate),
    }
}

/// Whether another certificate can take the place of one: it is good for what the old one is good for, and expires later where the old one is this
/// CA's as well and not revoked.
fn replaces(new: &Certificate, old: &Certificate, is_in_use: bool) -> bool {
    let allows = |certificate: &Certificate, usage: &ExtendedKeyUsage| {
        certificate.extended_key_usage().is_none_or(|usages| usages.contains(usage) || usages.contains(&ExtendedKeyUsage::Any))
    };
    let is_for_clients_only = !allows(old, &ExtendedKeyUsage::ServerAuth) && allows(old, &ExtendedKeyUsage::ClientAuth);
    let wanted = if is_for_clients_only { ExtendedKeyUsage::ClientAuth } else { ExtendedKeyUsage::ServerAuth };
    (!is_in_use || new.not_after() > old.not_after()) && allows(new, &wanted)
}
