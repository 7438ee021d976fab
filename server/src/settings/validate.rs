//! Sections `[[validate]]`: how names are proven.

use std::net::SocketAddr;

use serde::Deserialize;

use super::list::{List, OneOrMore};
use super::{SettingsError, no_effect, wrong};
use crate::validate::{Rule, Scope};
use gsec_pki::x509::{DnsName, IpSubnet};

/// A section `[[validate]]` as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Validate {
    names: Option<OneOrMore>,
    resolvers: Option<List>,
    http_port: Option<u16>,
    tls_port: Option<u16>,
    allow: Option<List>,
    source: Option<String>,
    authoritative: Option<bool>,
    caa: Option<List>,
}

/// The sections, each about other names: of two about the same ones, one would be without effect, and nobody would see it.
pub(super) fn rules(written: &[Validate]) -> Result<Vec<Rule>, SettingsError> {
    let mut rules: Vec<Rule> = Vec::with_capacity(written.len());
    for section in written {
        let scopes = match &section.names {
            None => vec![(None, Scope::Every)],
            Some(OneOrMore(names)) if names.is_empty() => return Err(wrong("validate.names", &"[]", SCOPE)),
            Some(OneOrMore(names)) => names
                .iter()
                .map(|name| Ok((Some(name), scope(name)?)))
                .collect::<Result<_, _>>()?,
        };
        expect_effect(section, &scopes)?;
        for (name, scope) in scopes {
            if rules.iter().any(|earlier| earlier.scope == scope) {
                return Err(SettingsError::Twice(match name {
                    Some(name) => format!("is about `{name}` twice"),
                    None => "without `names` is there twice".into(),
                }));
            }
            rules.push(rule(section, scope)?);
        }
    }
    Ok(rules)
}

/// Addresses are not proven by dns-01.
fn expect_effect(section: &Validate, scopes: &[(Option<&String>, Scope)]) -> Result<(), SettingsError> {
    let is_of_addresses = scopes.iter().all(|(_, scope)| matches!(scope, Scope::Network(_)));
    for (key, is_set) in [
        ("validate.resolvers", section.resolvers.is_some()),
        ("validate.authoritative", section.authoritative == Some(true)),
    ] {
        if is_of_addresses && is_set {
            return Err(no_effect(key, "a domain in `names`"));
        }
    }
    Ok(())
}

/// What a section is about.
const SCOPE: &str = "a domain or a network, as `example.com` or `10.0.0.0/8`, or a list of them";

fn scope(name: &String) -> Result<Scope, SettingsError> {
    match (IpSubnet::parse(name), DnsName::parse(name)) {
        (Ok(network), _) => Ok(Scope::Network(network)),
        (_, Ok(domain)) if domain.wildcard_parent().is_none() => Ok(Scope::Suffix(domain)),
        _ => Err(wrong("validate.names", name, SCOPE)),
    }
}

fn rule(written: &Validate, scope: Scope) -> Result<Rule, SettingsError> {
    let default = Rule::default();
    let port = |key, value: Option<u16>, default| match value {
        Some(0) => Err(wrong(key, &0, "a port")),
        value => Ok(value.unwrap_or(default)),
    };
    let networks = written.allow.as_ref().map(|List(texts)| {
        let network = |text: &String| {
            IpSubnet::parse(text).map_err(|_| wrong("validate.allow", text, "a network, as `10.0.0.0/8`"))
        };
        texts.iter().map(network).collect::<Result<Vec<_>, _>>()
    });
    let source = written.source.as_ref().map(|text| {
        text.parse()
            .map_err(|_| wrong("validate.source", text, "an address of this machine"))
    });
    Ok(Rule {
        resolvers: match &written.resolvers {
            None => Vec::new(),
            Some(List(texts)) => texts.iter().map(resolver).collect::<Result<_, _>>()?,
        },
        http_port: port("validate.http_port", written.http_port, default.http_port)?,
        tls_port: port("validate.tls_port", written.tls_port, default.tls_port)?,
        allow: networks.transpose()?,
        source: source.transpose()?,
        is_authoritative: written.authoritative.unwrap_or_default(),
        caa: match &written.caa {
            None => Vec::new(),
            Some(List(names)) => issuers(names, &scope)?,
        },
        scope,
    })
}

/// The issuer domain names of this CA. None at all, or for addresses, which have no CAA records, would look like something that is checked.
fn issuers(names: &[String], scope: &Scope) -> Result<Vec<String>, SettingsError> {
    let expected = "domains by which CAA records name this CA, as `[\"ca.example.com\"]`";
    let issuer = |name: &String| match DnsName::parse(&name.to_ascii_lowercase()) {
        // RFC 8659 §4.2: no record can name what has an underscore.
        Ok(domain) if domain.wildcard_parent().is_none() && !domain.as_str().contains('_') => {
            Ok(domain.as_str().to_owned())
        }
        _ => Err(wrong("validate.caa", name, expected)),
    };
    match (names, scope) {
        ([], _) => Err(wrong("validate.caa", &"[]", expected)),
        (_, Scope::Network(network)) => Err(wrong(
            "validate.caa",
            &format!("for {network}"),
            "in a section about domains: addresses have no CAA records",
        )),
        _ => names.iter().map(issuer).collect(),
    }
}

/// An address, with port 53 where it has none.
fn resolver(text: &String) -> Result<SocketAddr, SettingsError> {
    let with_port = || {
        text.parse::<SocketAddr>()
            .ok()
            .filter(|server| server.port() != 0)
    };
    let without = || text.parse().ok().map(|address| SocketAddr::new(address, 53));
    with_port().or_else(without).ok_or_else(|| {
        wrong(
            "validate.resolvers",
            text,
            "an address, as `10.0.0.53` or `10.0.0.53:5353`",
        )
    })
}
