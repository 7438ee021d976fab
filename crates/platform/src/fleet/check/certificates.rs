//! Certificates of hosts: whether there is one where TLS is wanted, whether it can be used, and whose it is.

use std::collections::HashMap;

use super::facts::{Facts, HostCertificate, Profiles, Purposes};
use super::found::{Draft, Found};
use super::index::{Index, Span, has_tls, is_server};
use super::rules::{FQDN, NO_CERTIFICATE, PROFILE, RELEASE, TWO_CAS};
use crate::finding::quoted;
use crate::inventory::{Certificate, Host, Port};
use crate::transport::Release;
use gsec_pki::encoding::visible::{shortened, visible};
use gsec_pki::x509::path::Severity;

/// So many CAs are told apart.
const MAX_ISSUERS: usize = 8;

pub(super) fn check(index: &Index<'_>, facts: &Facts, found: &mut Found) {
    no_certificate(index, found);
    for app in 0..index.inventory.apps.len() {
        release(index, app, found);
    }
    for host in &index.inventory.hosts {
        no_fqdn(host, found);
    }
    if let Some(profiles) = facts.profiles.seen() {
        host_profiles(index, profiles, found);
    }
    if let Some(certificates) = facts.certificates.seen() {
        fqdns(index, certificates, found);
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
