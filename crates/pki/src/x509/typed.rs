//! Names and serial numbers as people type and paste them: from OpenSSL's settings, browsers, Windows' dialogues, and mail.

use std::net::IpAddr;

use super::general_name::{parse_email, parse_uri, uri_host};
use super::spelling::{Kind, kind_and_value, names_in, words_in};
use super::{DnsName, GeneralName, NameError, SerialNumber};
use crate::encoding::visible::is_dangerous;

/// Services whose name people write in the place of the port.
const SERVICES: [&str; 10] = [
    "http", "https", "ldap", "ldaps", "smtp", "smtps", "imap", "imaps", "ftp", "ftps",
];

impl GeneralName {
    /// Reads a host as `--host` takes it: an IP address if it is one, a host name otherwise.
    ///
    /// # Errors
    /// As [`DnsName::parse`]. For a URL, or a port after the name, the error contains the host.
    pub fn parse_host(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        match text.parse().or_else(|_| unbracketed(text).parse()) {
            Ok(address) => Ok(Self::Ip(address)),
            Err(_) => DnsName::parse(text)
                .map(Self::Dns)
                .map_err(|error| pasted(text).unwrap_or(error)),
        }
    }

    /// Reads a host as [`Self::parse_host`] does, also with its kind in front, as `DNS:N` or `IP Address:A`; as it is written to
    /// certificates ([`Self::canonical`]).
    ///
    /// # Errors
    /// As [`Self::parse_host`].
    pub fn parse_typed_host(text: &str) -> Result<Self, NameError> {
        Self::parse_asked_host(text).map(Self::canonical)
    }

    /// Reads a host that certificates are compared with, as [`Self::parse_typed_host`] does. An IPv4-mapped address stays one: OpenSSL, GnuTLS
    /// and rustls, when they are given one, look for it as it is, and no certificate of the IPv4 address has it (RFC 9525 §6.2).
    ///
    /// # Errors
    /// As [`Self::parse_host`].
    pub fn parse_asked_host(text: &str) -> Result<Self, NameError> {
        match kind_and_value(text.trim()) {
            Some((Kind::Dns | Kind::Ip | Kind::Ipv4 | Kind::Ipv6, _)) => Self::parse_san(text),
            _ => Self::parse_host(text),
        }
    }

    /// Reads one name as `--san` takes it: `dns:N`, `ip:A`, `email:E` or `uri:U`, or as other programs write and print them (`DNS.1 = N`,
    /// `IP Address:A`, `RFC822 Name=E`, `URL=U`). Without a kind it is an address, an e-mail address or a host name, whichever it can be.
    ///
    /// # Errors
    /// What is wrong with the name, and a suggestion where there is a likely one.
    pub fn parse_san(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        match kind_and_value(text) {
            Some((Kind::Dns, value)) => DnsName::parse(value).map(Self::Dns).map_err(|error| {
                match unbracketed(value).parse::<IpAddr>() {
                    Ok(_) => NameError::MeantAs {
                        what: "an IP address",
                        meant: format!("ip:{}", unbracketed(value)),
                    },
                    Err(_) => pasted(value).unwrap_or(error),
                }
            }),
            Some((kind @ (Kind::Ip | Kind::Ipv4 | Kind::Ipv6), value)) => {
                let address = unbracketed(value).parse().map_err(|_| not_an_address(value))?;
                of_family(address, kind).map(Self::Ip)
            }
            Some((Kind::Email, value)) => parse_email(value).map(Self::Email),
            Some((Kind::Uri, value)) => {
                parse_uri(value)
                    .map(Self::Uri)
                    .map_err(|error| match DnsName::parse(value) {
                        Ok(_) => NameError::MeantAs {
                            what: "a host name without a scheme",
                            meant: format!("dns:{value}"),
                        },
                        Err(_) => error,
                    })
            }
            Some((Kind::NotIssued, _)) => Err(NameError::KindNotIssued),
            None => match Self::parse_host(text) {
                Ok(host) => Ok(host),
                Err(_) if text.contains('@') && !text.contains("://") => parse_email(text).map(Self::Email),
                Err(
                    error @ (NameError::Url { .. }
                    | NameError::Port { .. }
                    | NameError::Subnet
                    | NameError::Zone { .. }),
                ) => Err(error),
                Err(_) if text.contains(':') => Err(NameError::Kind),
                Err(error) => Err(error),
            },
        }
    }

    /// Reads names as `--san` takes them: one, or several with commas or line ends between them, or a whole extension as a program prints it.
    ///
    /// # Errors
    /// As [`GeneralName::parse_san`], for the first that is wrong.
    pub fn parse_sans(text: &str) -> Result<Vec<Self>, NameError> {
        names_in(text)
            .into_iter()
            .map(|name| Self::parse_san(name).map(Self::canonical))
            .collect()
    }

    /// Takes a text apart that has blanks between names, in whatever spelling.
    pub fn split_at_blanks(text: &str) -> Vec<String> {
        words_in(text)
    }
}

/// An address, where the kind in front says of which version of IP it is.
fn of_family(address: IpAddr, kind: Kind) -> Result<IpAddr, NameError> {
    match (kind, address) {
        (Kind::Ipv4, IpAddr::V6(_)) => Err(NameError::MeantAs {
            what: "an IPv6 address",
            meant: format!("ip:{address}"),
        }),
        (Kind::Ipv6, IpAddr::V4(_)) => Err(NameError::MeantAs {
            what: "an IPv4 address",
            meant: format!("ip:{address}"),
        }),
        _ => Ok(address),
    }
}

fn unbracketed(text: &str) -> &str {
    text.strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text)
}

fn not_an_address(value: &str) -> NameError {
    match pasted(value) {
        Some(error) => error,
        None if DnsName::parse(value).is_ok() => NameError::MeantAs {
            what: "a host name",
            meant: format!("dns:{value}"),
        },
        None => NameError::Ip,
    }
}

/// What was pasted in the place of a host, and has one in it.
fn pasted(text: &str) -> Option<NameError> {
    if let Some((address, bits)) = text.split_once('/')
        && address.parse::<IpAddr>().is_ok()
        && bits.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Some(NameError::Subnet);
    }
    let host_in = |text: &str| GeneralName::parse_host(text).ok().map(|host| host.value());
    if text.contains("://") {
        return Some(NameError::Url {
            host: uri_host(text).and_then(host_in),
        });
    }
    if let Some(error) = with_zone(text) {
        return Some(error);
    }
    let (host, port) = text.trim_end_matches('/').rsplit_once(':')?;
    let is_number = (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
    let is_port = is_number || SERVICES.contains(&port.to_ascii_lowercase().as_str());
    let is_single = !host.contains(':') || host.ends_with(']');
    (is_port && is_single)
        .then(|| host_in(host).map(|host| NameError::Port { host }))
        .flatten()
}

/// An IPv6 address with a zone (RFC 4007 §11; RFC 6874 writes its `%` as `%25`), with or without brackets and a port.
fn with_zone(text: &str) -> Option<NameError> {
    let text = text
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
        .map_or(text, |(address, _)| address);
    let (address, zone) = text.split_once('%')?;
    let address = address.parse::<std::net::Ipv6Addr>().ok()?;
    Some(NameError::Zone {
        zone: zone
            .strip_prefix("25")
            .filter(|zone| !zone.is_empty())
            .unwrap_or(zone)
            .into(),
        address: address.to_string(),
    })
}

impl SerialNumber {
    /// Reads a serial number as people type and paste it: hexadecimal digits of either case, with or without leading zeros, `0x`, or
    /// `serial=` in front, in pairs with colons or blanks between them, after the decimal number as OpenSSL prints small ones
    /// (`13 (0xd)`), negative ones with a minus sign as OpenSSL prints them, and with the marks that cannot be seen which Windows' dialogue copies along. `None` when it is something else.
    pub fn parse_typed(text: &str) -> Option<Self> {
        let plain: String = text
            .chars()
            .filter(|character| character.is_whitespace() || !is_dangerous(*character))
            .collect();
        let plain = plain.trim().to_ascii_lowercase();
        let digits = without_serial_label(&plain).unwrap_or(&plain);
        if let Some((decimal, hexadecimal)) = digits.strip_suffix(')').and_then(|text| text.split_once("(0x"))
        {
            return Self::parse_hex(hexadecimal)
                .filter(|serial| Self::parse_decimal(decimal).as_ref() == Some(serial));
        }
        let (is_negative, digits) = digits
            .strip_prefix('-')
            .map_or((false, digits), |digits| (true, digits));
        let digits = digits.strip_prefix("0x").unwrap_or(digits);
        let groups: Vec<&str> = digits
            .split([':', ' '])
            .filter(|group| !group.is_empty())
            .collect();
        let digits = match groups.as_slice() {
            [one] => (*one).to_owned(),
            pairs if pairs.iter().all(|pair| pair.len() == 2) => pairs.concat(),
            _ => return None,
        };
        let sign = if is_negative { "-" } else { "" };
        Self::parse_any_hex(&format!("{sign}{digits}"))
    }

    /// Whether a text can only be a serial number: pairs of hexadecimal digits separated by colons, or the words in front of one and a blank.
    pub fn looks_like(text: &str) -> bool {
        if text.trim().contains(char::is_whitespace) && Self::parse_typed(text).is_some() {
            return true;
        }
        let is_pair = |pair: &str| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit());
        // No host name has digits alone, so that two pairs are no host with a port.
        let is_number = |pair: &str| pair.bytes().all(|byte| byte.is_ascii_digit());
        let is_long =
            text.split(':').count() > 2 || text.split_once(':').is_some_and(|(first, _)| is_number(first));
        is_long && text.split(':').all(is_pair)
    }

    /// Parses a decimal number, to recognize a number given in place of a serial number.
    pub fn parse_decimal(text: &str) -> Option<Self> {
        let number: u128 = text.trim().parse().ok()?;
        Self::parse_hex(&format!("{number:x}"))
    }
}

/// What follows the words that programs print in front of a serial number, in small letters: OpenSSL and keytool `Serial Number:`,
/// GnuTLS `Serial Number (hex):`, `openssl x509 -serial` `serial=`, gsec `serial `.
fn without_serial_label(text: &str) -> Option<&str> {
    let rest = ["serial number", "serialnumber", "serial"]
        .into_iter()
        .find_map(|name| text.strip_prefix(name))?;
    let after = rest.trim_start();
    let after = after.strip_prefix("(hex)").map_or(after, str::trim_start);
    match after.strip_prefix(['=', ':']) {
        Some(number) => Some(number.trim_start()),
        None => (after.len() < rest.len()).then_some(after),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn san(text: &str) -> Result<String, String> {
        let names = GeneralName::parse_sans(text).map_err(|error| error.to_string())?;
        Ok(names
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" "))
    }

    #[test]
    fn names_are_understood_in_every_spelling_that_is_clear() {
        for (typed, names) in [
            ("db2.example.com", "dns:db2.example.com"),
            ("DNS:db2.example.com", "dns:db2.example.com"),
            ("dns: db2.example.com ", "dns:db2.example.com"),
            ("DNS.1=db2.example.com", "dns:db2.example.com"),
            ("DNS.12 = db2.example.com", "dns:db2.example.com"),
            ("DNS Name=db2.example.com", "dns:db2.example.com"),
            (
                "dns:a.example.com,dns:b.example.com",
                "dns:a.example.com dns:b.example.com",
            ),
            (
                "DNS:a.example.com, IP Address:10.0.0.5, c.example.com",
                "dns:a.example.com ip:10.0.0.5 dns:c.example.com",
            ),
            ("10.0.0.5", "ip:10.0.0.5"),
            ("::1", "ip:::1"),
            ("[::1]", "ip:::1"),
            ("IP:10.0.0.5", "ip:10.0.0.5"),
            ("IP.1 = 10.0.0.5", "ip:10.0.0.5"),
            ("ip:::1", "ip:::1"),
            ("ip:[::1]", "ip:::1"),
            ("me@example.com", "email:me@example.com"),
            ("rfc822Name:me@example.com", "email:me@example.com"),
            ("uri:https://example.com/a,b", "uri:https://example.com/a,b"),
            ("URI:spiffe://example.com/x", "uri:spiffe://example.com/x"),
            ("*.example.com", "dns:*.example.com"),
            // openssl x509 -text
            (
                "DNS:a.example.com, IP Address:FE80:0:0:0:0:0:0:1, email:me@example.com",
                "dns:a.example.com ip:fe80::1 email:me@example.com",
            ),
            (
                "X509v3 Subject Alternative Name: critical\n    DNS:a.example.com, DNS:b.example.com\n",
                "dns:a.example.com dns:b.example.com",
            ),
            (
                "subjectAltName=critical,DNS:a.example.com,IP:10.0.0.5",
                "dns:a.example.com ip:10.0.0.5",
            ),
            (
                "URI:https://example.com/a,b, DNS:a.example.com",
                "uri:https://example.com/a,b dns:a.example.com",
            ),
            // Windows: certutil, the dialogue, certreq
            (
                "DNS Name=a.example.com\r\nIP Address=10.0.0.5\r\nRFC822 Name=me@example.com\r\nURL=https://example.com/x\r\n",
                "dns:a.example.com ip:10.0.0.5 email:me@example.com uri:https://example.com/x",
            ),
            ("\u{200e}DNS-Name=a.example.com", "dns:a.example.com"),
            ("IP-Adresse=10.0.0.5", "ip:10.0.0.5"),
            (
                "san:dns=a.example.com&ipaddress=10.0.0.5&",
                "dns:a.example.com ip:10.0.0.5",
            ),
            // keytool
            (
                "DNSName: a.example.com\nIPAddress: 10.0.0.5\nRFC822Name: me@example.com\nURIName: https://example.com/",
                "dns:a.example.com ip:10.0.0.5 email:me@example.com uri:https://example.com/",
            ),
            (
                "san=dns:a.example.com,ip:10.0.0.5",
                "dns:a.example.com ip:10.0.0.5",
            ),
            // GnuTLS and NSS
            ("dns_name = \"a.example.com\"", "dns:a.example.com"),
            ("ip_address = \"10.0.0.5\"", "ip:10.0.0.5"),
            (
                "DNS name: \"a.example.com\"\n IP Address: 10.0.0.5",
                "dns:a.example.com ip:10.0.0.5",
            ),
            ("IPv4:10.0.0.5", "ip:10.0.0.5"),
            ("IPv6:[fe80::1]", "ip:fe80::1"),
            ("mailto:me@example.com", "email:me@example.com"),
        ] {
            assert_eq!(san(typed), Ok(names.to_owned()), "{typed}");
        }
    }

    #[test]
    fn what_is_not_clear_is_answered_with_what_to_type() {
        for (typed, said) in [
            ("dns:10.0.0.5", "it is an IP address: type `ip:10.0.0.5`"),
            (
                "ip:db2.example.com",
                "it is a host name: type `dns:db2.example.com`",
            ),
            (
                "uri:db2.example.com",
                "it is a host name without a scheme: type `dns:db2.example.com`",
            ),
            (
                "ip:10.0.0.0/24",
                "it is a subnet, but certificates contain single addresses",
            ),
            (
                "10.0.0.0/24",
                "it is a subnet, but certificates contain single addresses",
            ),
            (
                "https://db2.example.com:8443/x",
                "it is a URL: type `db2.example.com`",
            ),
            (
                "dns:https://db2.example.com",
                "it is a URL: type `db2.example.com`",
            ),
            ("db2.example.com:443", "it has a port: type `db2.example.com`"),
            ("[::1]:443", "it has a port: type `::1`"),
            (
                "upn:user@example.com",
                "gsec does not issue names of this kind; use `dns:`, `ip:`, `email:` or `uri:`",
            ),
            (
                "otherName:1.3.6.1.4.1.311.20.2.3;UTF8:user@example.com",
                "gsec does not issue names of this kind; use `dns:`, `ip:`, `email:` or `uri:`",
            ),
            (
                "RID:1.2.3.4",
                "gsec does not issue names of this kind; use `dns:`, `ip:`, `email:` or `uri:`",
            ),
            (
                "fe80::1%eth0",
                "it has a zone, `%eth0`, which is only valid on one machine: type `fe80::1`",
            ),
            (
                "ip:[fe80::1%25eth0]:443",
                "it has a zone, `%eth0`, which is only valid on one machine: type `fe80::1`",
            ),
            (
                "dns:fe80::1%2",
                "it has a zone, `%2`, which is only valid on one machine: type `fe80::1`",
            ),
            ("IPv4:::1", "it is an IPv6 address: type `ip:::1`"),
            ("IPv6:10.0.0.1", "it is an IPv4 address: type `ip:10.0.0.1`"),
            (
                "Other Name:Principal Name=me@example.com",
                "gsec does not issue names of this kind; use `dns:`, `ip:`, `email:` or `uri:`",
            ),
            (
                "Directory Address:CN=x",
                "gsec does not issue names of this kind; use `dns:`, `ip:`, `email:` or `uri:`",
            ),
            ("san:443", "it has a port: type `san`"),
            ("dns:", "it is empty"),
            ("", "it is empty"),
            ("a.example.com,,b.example.com", "it is empty"),
        ] {
            assert_eq!(san(typed), Err(said.to_owned()), "{typed}");
        }
    }

    #[test]
    fn serial_numbers_are_understood_in_every_spelling() {
        let e8 = [
            "E8D4A51063",
            "e8d4a51063",
            "E8:D4:A5:10:63",
            "00:e8:d4:a5:10:63",
            "e8 d4 a5 10 63",
            "0xE8D4A51063",
            "\u{200e}e8 d4 a5 10 63",
            "Serial Number:\n            e8:d4:a5:10:63",
            "serialNumber=E8D4A51063",
        ];
        let decimal = [
            "13 (0xd)",
            "Serial Number: 13 (0xd)",
            "Serial Number (hex): 0d",
            "Serial number: d",
            "serial 0D",
            "Serial Number = 0D",
        ];
        for (number, spellings) in [
            (
                "0D",
                ["0D", "D", "0d", "0x0D", "000D", "00:0D", "serial=0D"].to_vec(),
            ),
            ("0D", decimal.to_vec()),
            (
                "-07",
                ["-07", "-7", "serial=-07", "-0x7", "Serial Number: -07"].to_vec(),
            ),
            (&"11".repeat(200), vec![&"11".repeat(200)]),
            ("E8D4A51063", e8.to_vec()),
        ] {
            for typed in spellings {
                assert_eq!(
                    SerialNumber::parse_typed(typed)
                        .map(|serial| serial.to_string())
                        .as_deref(),
                    Some(number),
                    "{typed}"
                );
            }
        }
        for typed in [
            "",
            "serial=",
            "0x",
            "db1.example.com",
            "a:b:c",
            "e8d4 a510",
            "--1",
            "-",
            "1-1",
            "serial",
            "x0D",
            "12 (0xd)",
            "serials=0D",
        ] {
            assert_eq!(SerialNumber::parse_typed(typed), None, "{typed}");
        }
        assert!(SerialNumber::looks_like("Serial Number: 13") && !SerialNumber::looks_like("serial:443"));
        assert!(
            SerialNumber::looks_like("00:e8:d4")
                && SerialNumber::looks_like("00:0D")
                && !SerialNumber::looks_like("db:80")
                && !SerialNumber::looks_like("db:443")
                && !SerialNumber::looks_like("fe80::1")
        );
        assert_eq!(
            SerialNumber::parse_decimal("13")
                .map(|serial| serial.to_string())
                .as_deref(),
            Some("0D")
        );
    }
}
