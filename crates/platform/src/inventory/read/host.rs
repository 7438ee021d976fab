//! A host.

use std::net::IpAddr;
use std::ops::RangeInclusive;

use super::super::{Bundle, Certificate, Host, HostName, KeyMade, Located, Os, Push, PushMode};
use super::{Fields, Reader};
use crate::finding::quoted;
use crate::transport::{Platform, Release};
use gsec_pki::key::{KeyAlgorithm, KeyType};
use gsec_pki::x509::{GeneralName, Lifetime};
use time::Duration;

/// The kind of host of that name.
pub(super) fn platform(text: &Located<String>) -> Option<Platform> {
    Platform::ALL
        .into_iter()
        .find(|platform| platform.name() == text.value)
}

/// The release of that name.
pub(super) fn release(text: &Located<String>) -> Option<Release> {
    Release::ALL
        .into_iter()
        .chain([Release::V75])
        .find(|release| release.name() == text.value)
}

fn os(text: &str) -> Option<Os> {
    Some(match text {
        "linux" => Os::Linux,
        "solaris" => Os::Solaris,
        "aix" => Os::Aix,
        "hp-ux" => Os::HpUx,
        "freebsd" => Os::FreeBsd,
        "windows" => Os::Windows,
        "windows-2016" => Os::Windows2016,
        _ => return None,
    })
}

/// A type and, of RSA keys, a size: `rsa`, `rsa:3072`, `p256`.
fn key_algorithm(text: &str) -> Option<KeyAlgorithm> {
    let (name, bits) = text
        .split_once(':')
        .map_or((text, None), |(name, bits)| (name, Some(bits)));
    let bits = bits.map(str::parse).transpose().ok()?;
    KeyAlgorithm::new(name.parse::<KeyType>().ok()?, bits).ok()
}

/// What `parse` makes of a text, at its place.
pub(super) fn typed<T>(
    text: Option<Located<String>>,
    parse: impl FnOnce(&Located<String>) -> Option<T>,
) -> Option<Located<T>> {
    let text = text?;
    Some(Located::new(parse(&text)?, text.span))
}

impl Reader {
    pub(super) fn host(&mut self, fields: &Fields<'_, '_>) -> Option<Host> {
        let name = fields.text("name")?;
        let Some(parsed) = HostName::parse(&name) else {
            let help = "letters, digits, `.`, `_`, `-` and blanks; no `-` or `.` at the beginning";
            self.wrong_value(
                &name.span,
                format!("a host cannot be called {}", quoted(&name)),
                help,
            );
            return None;
        };
        let name = Located::new(parsed, name.span);
        Some(Host {
            span: fields.span.clone(),
            fqdn: self.fqdn(fields, &name),
            names: fields
                .texts("names")
                .into_iter()
                .filter_map(|text| self.san(text))
                .collect(),
            address: self.address(fields),
            platform: typed(fields.text("platform"), platform),
            os: typed(fields.text("os"), |text| os(text)),
            release: typed(fields.text("release"), release),
            lca_port: fields.port("lca_port"),
            reserved_ports: fields
                .texts("reserved_ports")
                .into_iter()
                .filter_map(|text| self.ports(text))
                .collect(),
            certificate: certificate(fields)
                .unwrap_or_else(|| Located::new(Certificate::Host, name.span.clone())),
            profile: fields.text("profile"),
            key_type: self.key_type(fields, "key_type"),
            renew_before: self.duration(fields, "renew_before"),
            key: key_made(fields).unwrap_or_else(|| Located::new(KeyMade::Here, name.span.clone())),
            bundles: fields.tables("bundles").iter().filter_map(bundle).collect(),
            push: fields.table("push").map(|fields| push(&fields)),
            annex: fields.options("annex"),
            name,
        })
    }

    /// The fully qualified name; where none is given, the name, if it can be one.
    fn fqdn(&mut self, fields: &Fields<'_, '_>, name: &Located<HostName>) -> Option<Located<GeneralName>> {
        let Some(text) = fields.text("fqdn") else {
            let name_as_host = GeneralName::parse_host(name.value.as_str()).ok()?;
            return Some(Located::new(name_as_host, name.span.clone()));
        };
        match GeneralName::parse_host(&text) {
            Ok(name) => Some(Located::new(name, text.span)),
            Err(error) => {
                self.wrong_value(
                    &text.span,
                    format!("{} is not a host: {error}", quoted(&text)),
                    "as in db1.example.com",
                );
                None
            }
        }
    }

    fn san(&mut self, text: Located<String>) -> Option<Located<GeneralName>> {
        match GeneralName::parse_san(&text) {
            Ok(name) => Some(Located::new(name, text.span)),
            Err(error) => {
                let help = "as in dns:db1.example.com or ip:10.0.0.5";
                self.wrong_value(
                    &text.span,
                    format!("{} is not a name: {error}", quoted(&text)),
                    help,
                );
                None
            }
        }
    }

    /// A port, or the first and the last of several.
    fn ports(&mut self, text: Located<String>) -> Option<Located<RangeInclusive<u16>>> {
        let (first, last) = text.split_once('-').unwrap_or((&text, &text));
        let range = crate::text::port(first)
            .zip(crate::text::port(last))
            .filter(|(first, last)| first <= last);
        match range {
            Some((first, last)) => Some(Located::new(first..=last, text.span)),
            None => {
                let seen = format!("`reserved_ports` cannot be {}", quoted(&text));
                self.wrong_value(&text.span, seen, "as in 41001 or 41001-41100");
                None
            }
        }
    }

    fn address(&mut self, fields: &Fields<'_, '_>) -> Option<Located<IpAddr>> {
        let text = fields.text("address")?;
        let address = text.parse().ok();
        if address.is_none() {
            self.wrong_value(
                &text.span,
                format!("{} is no IP address", quoted(&text)),
                "as in 10.0.0.5 or fd00::5",
            );
        }
        Some(Located::new(address?, text.span))
    }

    pub(super) fn duration(&mut self, fields: &Fields<'_, '_>, key: &str) -> Option<Located<Duration>> {
        let text = fields.text(key)?;
        match Lifetime::parse(&text) {
            Some(Lifetime::Duration(duration)) => Some(Located::new(duration, text.span)),
            _ => {
                self.wrong_value(
                    &text.span,
                    format!("`{key}` cannot be {}", quoted(&text)),
                    "as in 30d, 12h or 6w",
                );
                None
            }
        }
    }

    /// A key type that the form permits.
    pub(super) fn key_type(&self, fields: &Fields<'_, '_>, key: &str) -> Option<Located<KeyAlgorithm>> {
        typed(fields.text(key), |text| key_algorithm(text))
    }
}

/// At which level a certificate is assigned.
pub(super) fn certificate(fields: &Fields<'_, '_>) -> Option<Located<Certificate>> {
    typed(fields.text("certificate"), |text| {
        Some(match text.as_str() {
            "host" => Certificate::Host,
            "application" => Certificate::Application,
            "port" => Certificate::Port,
            "none" => Certificate::None,
            _ => return None,
        })
    })
}

fn key_made(fields: &Fields<'_, '_>) -> Option<Located<KeyMade>> {
    typed(fields.text("key"), |text| match text.as_str() {
        "ca" => Some(KeyMade::Here),
        "on-host" => Some(KeyMade::OnHost),
        _ => None,
    })
}

fn bundle(fields: &Fields<'_, '_>) -> Option<Bundle> {
    Some(Bundle {
        span: fields.span.clone(),
        target: fields.text("for")?,
        name: fields.text("name"),
        dest: fields.text("dest"),
        owner: fields.text("owner"),
        group: fields.text("group"),
        mode: fields.text("mode"),
        service: fields.text("service"),
        files: fields.texts("files"),
        pfx_encryption: fields.text("pfx_encryption"),
        port: fields.port("port"),
        probe: fields.text("probe"),
        old_names: fields.flag("old_names").is_some_and(|flag| flag.value),
    })
}

fn push(fields: &Fields<'_, '_>) -> Push {
    let is_direct = fields.text("mode").is_some_and(|mode| mode.value == "direct");
    Push {
        span: fields.span.clone(),
        mode: if is_direct {
            PushMode::Direct
        } else {
            PushMode::Receiver
        },
        user: fields.text("user"),
        address: fields.text("address"),
        port: fields.port("port"),
        order: fields.number("order").map_or(0, |order| order.value),
        ssh_config: fields.text("ssh_config"),
    }
}
