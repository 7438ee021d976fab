//! Who can re-issue a certificate: the local CA, and what it has already issued for the same host.

use time::OffsetDateTime;

use crate::checks::path::{Home, Order, Successor};
use gsec_ca::authority::{Authority, HostKey, HostOrder, algorithm_like};
use gsec_ca::home::{HostFile, PreviousFile};
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::key::{KeyAlgorithm, RsaBits};
use gsec_pki::x509::path::{Question, validate};
use gsec_pki::x509::{Certificate, GeneralName};

/// The most certificates of a host that may take the place of another.
const MAX_SUCCESSORS: usize = 8;

/// What the local CA can do for a certificate: `option` names its directory on a command line, `host` is the certificate's
/// host if that is better known than from its names.
pub fn home(
    authority: &Authority,
    option: &CommandLine,
    certificate: &Certificate,
    host: Option<&GeneralName>,
    now: OffsetDateTime,
) -> Home {
    let home = Home::of(Some(option.clone()), certificate, host);
    let is_issuer = authority.has_issued(certificate).unwrap_or(false);
    let is_named = certificate.issuer() == authority.certificate().subject();
    Home {
        is_issuer,
        is_in_charge: is_named || certificate.is_self_issued(),
        can_renew: is_issuer && can_renew(authority, certificate, now),
        profile: if is_issuer {
            authority.profile_to_name(certificate)
        } else {
            None
        },
        permitted: Order::ALL
            .into_iter()
            .filter(|order| is_permitted(authority, &home, *order, now))
            .collect(),
        successors: home
            .host
            .as_ref()
            .map(|host| successors(authority, certificate, host, now))
            .unwrap_or_default(),
        former_issuer: authority
            .former_issuer(certificate)
            .map(|previous| previous.file(PreviousFile::Certificate)),
        doubts_clock: authority.is_clock_doubtful(now),
        authority: Some((
            authority.certificate().clone(),
            authority.directory().ca_certificate(),
        )),
        ..home
    }
}

/// Sound certificates for a host that this CA issued after another one, the newest first.
fn successors(
    authority: &Authority,
    certificate: &Certificate,
    host: &GeneralName,
    now: OffsetDateTime,
) -> Vec<Successor> {
    let (anchors, between) = authority.anchors();
    let is_sound = |found: &Certificate| {
        validate(&Question {
            untrusted: &between,
            anchors: &anchors,
            name: Some(host),
            ..Question::about(found, now)
        })
        .is_valid()
    };
    let found = authority
        .issued_since(certificate, host, now, MAX_SUCCESSORS)
        .unwrap_or_default();
    let sound = found.into_iter().filter(|found| is_sound(&found.certificate));
    sound
        .filter_map(|found| {
            let kept = |file: HostFile| found.files.kept(file);
            let file = kept(HostFile::Certificate)
                .or(kept(HostFile::OwnCopy))?
                .to_owned();
            Some(Successor {
                file,
                certificate: found.certificate,
            })
        })
        .collect()
}

/// Whether `gsec cert issue` would not be refused by policy.
fn is_permitted(authority: &Authority, home: &Home, order: Order, now: OffsetDateTime) -> bool {
    let Some(host) = &home.host else { return false };
    let key = if order == Order::CommonKey {
        KeyAlgorithm::P256
    } else {
        KeyAlgorithm::Rsa(RsaBits::default())
    };
    let order = HostOrder {
        further_names: home.further_names.clone(),
        ..HostOrder::new(Some(host.clone()), HostKey::Generate(key), order.profile())
    };
    authority.plan_host(order, now).is_ok()
}

/// Whether `gsec cert renew` would not be refused.
fn can_renew(authority: &Authority, certificate: &Certificate, now: OffsetDateTime) -> bool {
    let Ok((algorithm, _)) = algorithm_like(certificate) else {
        return false;
    };
    let (profile, key) = (
        authority.profile_to_name(certificate),
        HostKey::Generate(algorithm),
    );
    authority.renewable_certificate(certificate.serial()).is_ok()
        && authority
            .renewal_of(certificate, profile, key)
            .is_ok_and(|order| authority.plan_host(order, now).is_ok())
}
