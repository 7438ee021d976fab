//! Certificates of hosts: whether there is one where TLS is wanted, whether it can be used, and whose it is.

use std::collections::HashMap;

use super::facts::{Facts, HostCertificate, Lapsed, Profiles, Purposes};
use super::found::{Draft, Found};
use super::index::{Index, Span, has_tls, is_server};
use super::rules::{
    CERTIFICATE_EXPIRED, CERTIFICATE_MISSING, CERTIFICATE_REVOKED, FQDN, NO_CERTIFICATE, NOTHING_TO_INSTALL,
    PROFILE, RELEASE, RENEW_BEFORE, TWO_CAS,
};
use crate::finding::quoted;
use crate::inventory::{Certificate, Host, KeyMade, Port};
use crate::transport::Release;
use gsec_pki::encoding::visible::{shortened, visible};
use gsec_pki::x509::path::Severity;
use gsec_pki::x509::rfc3339;

/// So many CAs are told apart.
const MAX_ISSUERS: usize = 8;

pub(super) fn check(index: &Index<'_>, facts: &Facts, found: &mut Found) {
    no_certificate(index, found);
    for app in 0..index.inventory.apps.len() {
        release(index, app, found);
    }
    for host in &index.inventory.hosts {
        no_fqdn(host, found);
        nothing_to_install(host, found);
    }
    if let Some(profiles) = facts.profiles.seen() {
        host_profiles(index, profiles, found);
        renew_before(index, profiles, found);
    }
    if let Some(certificates) = facts.certificates.seen() {
        fqdns(index, certificates, found);
        lapsed(index, &facts.lapsed, found);
        missing(index, facts, certificates, found);
        two_cas(index, certificates, found);
    }
}

/// Of each application the first port or connection that lacks one.
fn no_certificate(index: &Index<'_>, found: &mut Found) {
    let mut places: Vec<Option<(Span, &str)>> = index
        .inventory
        .apps
        .iter()
        .enumerate()
        .map(|(at, app)| {
            let lacks = |port: &&Port| {
                let level = port.certificate.as_ref().map(|level| level.value);
                let transport = port.transport.as_ref().map(|value| value.as_str());
                has_tls(port) && !index.has_certificate(at, level, transport)
            };
            let port = app.ports.iter().find(lacks)?;
            Some((port.mode.span.clone(), "the port has TLS"))
        })
        .collect();
    for link in &index.links {
        if places[link.app].is_none() && index.wants_tls(link) && !index.is_secured_client(link) {
            places[link.app] = Some((link.place(), "the connection has TLS"));
        }
    }
    for (app, place) in places.iter().enumerate() {
        if let Some((span, what)) = place {
            found.push(without_certificate(index, app, span, what));
        }
    }
}

fn without_certificate(index: &Index<'_>, app: usize, span: &Span, what: &str) -> Draft {
    let seen = format!("{what}, and no level gives a certificate");
    let draft = Draft::new(NO_CERTIFICATE, span, seen);
    match index.host_of(app) {
        Some(host) if host.certificate.value == Certificate::None => draft
            .also(&host.certificate.span)
            .help("let the host have one: certificate = \"host\""),
        _ => draft.help("leave out `certificate = \"none\"` of the application and the port"),
    }
}

fn release(index: &Index<'_>, at: usize, found: &mut Found) {
    let (Some(tls), Some((release, span))) = (&index.tls[at], index.release(at)) else {
        return;
    };
    if release < Release::V76 {
        let name = quoted(&index.inventory.apps[at].name);
        let seen = format!("{name} has TLS, and is of a release before 7.6, which cannot");
        let help = "upgrade the components at both ends to 7.6 before (page 88)";
        found.push(Draft::new(RELEASE, &span, seen).also(tls).help(help));
    }
}

fn no_fqdn(host: &Host, found: &mut Found) {
    if host.fqdn.is_none() && host.certificate.value == Certificate::Host {
        let seen = format!(
            "host {} has no fully qualified name, which its certificate needs",
            quoted(host.name.as_str())
        );
        found.push(Draft::new(FQDN, &host.name.span, seen).help("add `fqdn`, as in db1.example.com"));
    }
}

/// What is said of the certificate of a host that has none.
fn nothing_to_install(host: &Host, found: &mut Found) {
    if host.certificate.value != Certificate::None {
        return;
    }
    let settings = [
        host.bundles
            .first()
            .map(|bundle| (&bundle.target.span, "its bundles are")),
        host.push.as_ref().map(|push| (&push.span, "`push` is")),
        host.names.first().map(|name| (&name.span, "`names` is")),
        host.key_type.as_ref().map(|kind| (&kind.span, "`key_type` is")),
        host.renew_before
            .as_ref()
            .map(|margin| (&margin.span, "`renew_before` is")),
        (host.key.value == KeyMade::OnHost).then_some((&host.key.span, "`key` is")),
    ];
    if let Some((span, what)) = settings.into_iter().flatten().next() {
        let name = quoted(host.name.as_str());
        let seen = format!("host {name} has no certificate: {what} without effect");
        let draft = Draft::new(NOTHING_TO_INSTALL, span, seen).also(&host.certificate.span);
        found.push(draft.help("let the host have one (certificate = \"host\"), or remove the others"));
    }
}

/// A margin that is longer than certificates are valid would renew each at once: a third of its lifetime counts instead.
fn renew_before(index: &Index<'_>, profiles: &Profiles, found: &mut Found) {
    let defaults = &index.inventory.defaults;
    let mut is_default_told = false;
    for host in &index.inventory.hosts {
        let margin = host.renew_before.as_ref().or(defaults.renew_before.as_ref());
        let (Some(margin), Certificate::Host) = (margin, host.certificate.value) else {
            continue;
        };
        let profile = host.profile.as_ref().or(defaults.profile.as_ref());
        let profile = profile.map_or(profiles.default.as_str(), |profile| profile.as_str());
        let Some(lifetime) = profiles.lifetimes.get(profile) else {
            continue;
        };
        let is_default = host.renew_before.is_none();
        if margin.value < *lifetime || is_default && is_default_told {
            continue;
        }
        is_default_told |= is_default;
        let seen = format!(
            "certificates of profile {} are valid for {} days only: they are renewed when a third of that is left",
            quoted(profile),
            lifetime.whole_days()
        );
        let help = "write less than the lifetime, or give the host a profile of a longer one";
        found.push(Draft::new(RENEW_BEFORE, &margin.span, seen).help(help));
    }
}

fn lapsed(index: &Index<'_>, lapsed: &HashMap<String, Lapsed>, found: &mut Found) {
    for host in &index.inventory.hosts {
        let Some(Lapsed { serial, expired_at }) = lapsed.get(host.name.as_str()) else {
            continue;
        };
        let (rule, how) = match expired_at {
            Some(at) => (CERTIFICATE_EXPIRED, format!("expired at {}", rfc3339(*at))),
            None => (CERTIFICATE_REVOKED, "is revoked or on hold".to_owned()),
        };
        let name = quoted(host.name.as_str());
        let seen = format!("the newest certificate of host {name}, {serial}, {how}");
        let help = "`gsec fleet apply` issues another, unless it is on hold";
        found.push(Draft::new(rule, name_span(host), seen).help(help));
    }
}

/// The first host without a certificate stands for all: before the first `fleet apply` none has one.
fn missing(
    index: &Index<'_>,
    facts: &Facts,
    certificates: &HashMap<String, HostCertificate>,
    found: &mut Found,
) {
    let hosts = index.inventory.hosts.iter();
    let mut without = hosts.filter(|host| {
        let name = host.name.as_str();
        let has_one = certificates.contains_key(name) || facts.lapsed.contains_key(name);
        host.certificate.value == Certificate::Host && host.fqdn.is_some() && !has_one
    });
    let Some(first) = without.next() else { return };
    let name = quoted(first.name.as_str());
    let seen = match without.count() {
        0 => format!("host {name} has no certificate yet"),
        others => format!("host {name} and {others} more have no certificates yet"),
    };
    found
        .push(Draft::new(CERTIFICATE_MISSING, name_span(first), seen).help("`gsec fleet apply` issues them"));
}

/// Where a host says which name its certificate has.
fn name_span(host: &Host) -> &Span {
    host.fqdn.as_ref().map_or(&host.name.span, |name| &name.span)
}

/// Each host whose own profile does not do; of those that have it from the defaults the first one stands for all.
fn host_profiles(index: &Index<'_>, profiles: &Profiles, found: &mut Found) {
    let mut by_default: Option<(Draft, usize)> = None;
    for (at, host) in index.inventory.hosts.iter().enumerate() {
        let Some(draft) = unfit_profile(index, at, profiles) else {
            continue;
        };
        match &mut by_default {
            _ if host.profile.is_some() => found.push(draft),
            Some((_, others)) => *others += 1,
            None => by_default = Some((draft, 0)),
        }
    }
    if let Some((draft, others)) = by_default {
        let help = match others {
            0 => "give the host another `profile`".to_owned(),
            others => {
                format!("give this host and {others} more another `profile`, or change that of the defaults")
            }
        };
        found.push(draft.help(help));
    }
}

fn unfit_profile(index: &Index<'_>, at: usize, profiles: &Profiles) -> Option<Draft> {
    let host = &index.inventory.hosts[at];
    let named = host
        .profile
        .as_ref()
        .or(index.inventory.defaults.profile.as_ref());
    let name = named.map_or(profiles.default.as_str(), |name| name.as_str());
    let has = profiles.all.get(name)?;
    if host.certificate.value == Certificate::None {
        return None;
    }
    let lacks = |app: &&usize| {
        let needed = needed(is_server(&index.inventory.apps[**app]));
        needed.server && !has.server || needed.client && !has.client
    };
    let app = &index.inventory.apps[*index.apps_of[at].iter().find(lacks)?];
    let (what, needs) = match is_server(app) {
        true => ("a server", "serverAuth and clientAuth"),
        false => ("a client", "clientAuth"),
    };
    let seen = format!(
        "{} is {what}, which needs a certificate for {needs}; profile {} does not give it",
        quoted(&app.name),
        quoted(name)
    );
    let place = named.map_or(&host.name.span, |name| &name.span);
    Some(Draft::new(PROFILE, place, seen).also(&app.name.span))
}

/// Servers are clients of others, too.
fn needed(is_server: bool) -> Purposes {
    Purposes {
        server: is_server,
        client: true,
    }
}

fn fqdns(index: &Index<'_>, certificates: &HashMap<String, HostCertificate>, found: &mut Found) {
    for host in &index.inventory.hosts {
        let (Some(fqdn), Some(certificate)) = (&host.fqdn, certificates.get(host.name.as_str())) else {
            continue;
        };
        let name = quoted(&fqdn.value.value());
        let serial = &certificate.serial;
        let places = (certificate.is_in_subject, certificate.is_in_alternative_names);
        let (seen, severity) = match places {
            (true, true) => continue,
            (true, false) => (
                format!(
                    "certificate {serial} has {name} only in its subject, where current programs do not look"
                ),
                Severity::Warning,
            ),
            (false, true) => (
                format!(
                    "certificate {serial} has {name} only in its subjectAltName, where old programs do not look"
                ),
                Severity::Warning,
            ),
            (false, false) => (
                format!(
                    "certificate {serial} of the host does not have {name}; its names are {}",
                    visible(&shortened(&certificate.names))
                ),
                Severity::Error,
            ),
        };
        let help = "issue the host another certificate";
        found.push(Draft::new(FQDN, &fqdn.span, seen).weighing(severity).help(help));
    }
}

/// The hosts of each issuer are counted, and the first one of each is shown.
fn two_cas(index: &Index<'_>, certificates: &HashMap<String, HostCertificate>, found: &mut Found) {
    let mut issuers: Vec<(&str, &Span, usize)> = Vec::new();
    for host in &index.inventory.hosts {
        let Some(certificate) = certificates.get(host.name.as_str()) else {
            continue;
        };
        let has_room = issuers.len() < MAX_ISSUERS;
        match issuers
            .iter_mut()
            .find(|(issuer, ..)| *issuer == certificate.issuer)
        {
            Some((.., count)) => *count += 1,
            None if has_room => {
                issuers.push((&certificate.issuer, &host.name.span, 1));
            }
            None => (),
        }
    }
    // The CA of the fewest hosts is the odd one.
    issuers.sort_by_key(|(.., count)| *count);
    let [(_, first, _), rest @ ..] = issuers.as_slice() else {
        return;
    };
    if rest.is_empty() {
        return;
    }
    let listed: Vec<String> = issuers
        .iter()
        .map(|(issuer, _, count)| {
            format!(
                "{} ({count} {})",
                visible(&shortened(issuer)),
                if *count == 1 { "host" } else { "hosts" }
            )
        })
        .collect();
    let seen = format!(
        "the certificates of the hosts are of several CAs, or of several keys of one: {}",
        listed.join("; ")
    );
    let draft = Draft::new(TWO_CAS, first, seen)
        .help("one CA for the whole environment: each end trusts one, and refuses certificates of another (page 69)");
    found.push(rest.iter().fold(draft, |draft, (_, span, _)| draft.also(span)));
}
