//! Names and serial numbers as people type and paste them: from OpenSSL's settings, browsers, Windows' dialogues, and mail.

use super::general_name::{parse_email, parse_uri, uri_host};
use super::{DnsName, GeneralName, NameError, SerialNumber};
use crate::encoding::visible::is_dangerous;

/// Prefixes of names of other kinds, which gsec does not issue.
const NOT_ISSUED: [&str; 7] = ["upn", "othername", "rid", "registeredid", "dirname", "directoryname", "x400address"];

/// Services whose name people write in the place of the port.
const SERVICES: [&str; 10] = ["http", "https", "ldap", "ldaps", "smtp", "smtps", "imap", "imaps", "ftp", "ftps"];

impl GeneralName {
    /// Reads a host as `--host` takes it: an IP address if it is one, a host name otherwise.
    ///
    /// # Errors
    /// As [`DnsName::parse`]. For a URL, or a port after the name, the error contains the host.
    pub fn parse_host(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        match text.parse().or_else(|_| unbracketed(text).parse()) {
            Ok(address) => Ok(Self::Ip(address)),
            Err(_) => DnsName::parse(text).map(Self::Dns).map_err(|error| pasted(text).unwrap_or(error)),
        }
    }

    /// Reads one name as `--san` takes it: `dns:N`, `ip:A`, `email:E` or `uri:U`, as OpenSSL's settings write it too (`DNS.1 = N`,
    /// `IP Address:A`). Without a kind it is an address, an e-mail address or a host name, whichever it can be.
    ///
    /// # Errors
    /// What is wrong with the name, and a suggestion where there is a likely one.
    pub fn parse_san(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        match kind_and_value(text) {
            Some(("dns", value)) => DnsName::parse(value).map(Self::Dns).map_err(|error| match unbracketed(value).parse::<std::net::IpAddr>() {
                Ok(_) => NameError::MeantAs { what: "an IP address", meant: format!("ip:{}", unbracketed(value)) },
                Err(_) => pasted(value).unwrap_or(error),
            }),
            Some(("ip", value)) => unbracketed(value).parse().map(Self::Ip).map_err(|_| not_an_address(value)),
            Some(("email", value)) => parse_email(value).map(Self::Email),
            Some(("uri", value)) => parse_uri(value).map(Self::Uri).map_err(|error| match DnsName::parse(value) {
                Ok(_) => NameError::MeantAs { what: "a host name without a scheme", meant: format!("dns:{value}") },
                Err(_) => error,
            }),
            Some((_, _)) => Err(NameError::KindNotIssued),
            None => match Self::parse_host(text) {
                Ok(host) => Ok(host),
                Err(_) if text.contains('@') && !text.contains("://") => parse_email(text).map(Self::Email),
                Err(error @ (NameError::Url { .. } | NameError::Port { .. } | NameError::Subnet)) => Err(error),
                Err(_) if text.contains(':') => Err(NameError::Kind),
                Err(error) => Err(error),
            },
        }
    }

    /// Reads names as `--san` takes them: one, or several with commas between them.
    ///
    /// # Errors
    /// As [`GeneralName::parse_san`], for the first that is wrong.
    pub fn parse_sans(text: &str) -> Result<Vec<Self>, NameError> {
        // A URI may contain a comma, and so may a quoted local part, which gets an error of its own.
        let is_one = matches!(kind_and_value(text.trim()), Some(("uri", _))) || text.contains(['"', ';']);
        if is_one { Ok(vec![Self::parse_san(text)?]) } else { text.split(',').map(Self::parse_san).collect() }
    }
}

/// A kind as people write it, in gsec's word for it, and what follows; `None` where no kind is in front. A kind that gsec does not
/// issue is empty.
fn kind_and_value(text: &str) -> Option<(&'static str, &str)> {
    let at = text.find([':', '='])?;
    let (kind, value) = (text.get(..at)?.trim().to_ascii_lowercase(), text.get(at + 1..)?.trim());
    let plain = kind.trim_end_matches(|character: char| character.is_ascii_digit());
    let plain = plain.strip_suffix('.').unwrap_or(&kind);
    let kind = match plain {
        "dns" | "dnsname" | "dns name" => "dns",
        "ip" | "ip address" | "ipaddress" => "ip",
        "email" | "e-mail" | "rfc822" | "rfc822name" | "mailto" => "email",
        "uri" | "url" => "uri",
        other if NOT_ISSUED.contains(&other) => "",
        _ => return None,
    };
    Some((kind, value))
}

fn unbracketed(text: &str) -> &str {
    text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text)
}

fn not_an_address(value: &str) -> NameError {
    match pasted(value) {
        Some(error) => error,
        None if DnsName::parse(value).is_ok() => NameError::MeantAs { what: "a host name", meant: format!("dns:{value}") },
        None => NameError::Ip,
    }
}

/// What was pasted in the place of a host, and has one in it.
fn pasted(text: &str) -> Option<NameError> {
    if let Some((address, bits)) = text.split_once('/')
        && address.parse::<std::net::IpAddr>().is_ok()
        && bits.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Some(NameError::Subnet);
    }
    let host_in = |text: &str| GeneralName::parse_host(text).ok().map(|host| host.value());
    if text.contains("://") {
        return Some(NameError::Url { host: uri_host(text).and_then(host_in) });
    }
    let (host, port) = text.trim_end_matches('/').rsplit_once(':')?;
    let is_number = (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
    let is_port = is_number || SERVICES.contains(&port.to_ascii_lowercase().as_str());
    let is_single = !host.contains(':') || host.ends_with(']');
    (is_port && is_single).then(|| host_in(host).map(|host| NameError::Port { host })).flatten()
}

impl SerialNumber {
    /// Reads a serial number as people type and paste it: hexadecimal digits of either case, with or without leading zeros, `0x`, or
    /// `serial=` in front, in pairs with colons or blanks between them, and with the marks that cannot be seen which Windows' dialogue
    /// copies along. `None` when it is something else.
    pub fn parse_typed(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(|character| !is_dangerous(*character)).collect();
        let plain = plain.trim().to_ascii_lowercase();
        let named = ["serial number", "serialnumber", "serial"].into_iter().find_map(|name| {
            let rest = plain.strip_prefix(name)?.trim_start();
            rest.strip_prefix(['=', ':']).map(str::trim_start)
        });
        let digits = named.unwrap_or(&plain);
        let digits = digits.strip_prefix("0x").unwrap_or(digits);
        let groups: Vec<&str> = digits.split([':', ' ']).filter(|group| !group.is_empty()).collect();
        match groups.as_slice() {
            [one] => Self::parse_hex(one),
            pairs if pairs.iter().all(|pair| pair.len() == 2) => Self::parse_hex(&pairs.concat()),
            _ => None,
        }
    }

    /// Whether a text can only be a serial number: pairs of hexadecimal digits separated by colons.
    pub fn looks_like(text: &str) -> bool {
        let is_pair = |pair: &str| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit());
        text.split(':').count() > 2 && text.split(':').all(is_pair)
    }

    /// Parses a decimal number, to recognize a number given in place of a serial number.
    pub fn parse_decimal(text: &str) -> Option<Self> {
        let number: u128 = text.trim().parse().ok()?;
        Self::parse_hex(&format!("{number:x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn san(text: &str) -> Result<String, String> {
        let names = GeneralName::parse_sans(text).map_err(|error| error.to_string())?;
        Ok(names.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
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
            ("dns:a.example.com,dns:b.example.com", "dns:a.example.com dns:b.example.com"),
            ("DNS:a.example.com, IP Address:10.0.0.5, c.example.com", "dns:a.example.com ip:10.0.0.5 dns:c.example.com"),
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
        ] {
            assert_eq!(san(typed), Ok(names.to_owned()), "{typed}");
        }
    }

    #[test]
    fn what_is_not_clear_is_answered_with_what_to_type() {
        for (typed, said) in [
            ("dns:10.0.0.5", "it is an IP address: type `ip:10.0.0.5`"),
            ("ip:db2.example.com", "it is a host name: type `dns:db2.example.com`"),
            ("uri:db2.example.com", "it is a host name without a scheme: type `dns:db2.example.com`"),
            ("ip:10.0.0.0/24", "it is a subnet, and a certificate names single addresses"),
            ("10.0.0.0/24", "it is a subnet, and a certificate names single addresses"),
            ("https://db2.example.com:8443/x", "it is a URL: type `db2.example.com`"),
            ("dns:https://db2.example.com", "it is a URL: type `db2.example.com`"),
            ("db2.example.com:443", "it has a port: type `db2.example.com`"),
            ("[::1]:443", "it has a port: type `::1`"),
            ("upn:user@example.com", "gsec does not issue names of this kind; it issues `dns:`, `ip:`, `email:` and `uri:`"),
            (
                "otherName:1.3.6.1.4.1.311.20.2.3;UTF8:user@example.com",
                "gsec does not issue names of this kind; it issues `dns:`, `ip:`, `email:` and `uri:`",
            ),
            ("RID:1.2.3.4", "gsec does not issue names of this kind; it issues `dns:`, `ip:`, `email:` and `uri:`"),
            ("dns:", "it is empty"),
            ("", "it is empty"),
            ("a.example.com,,b.example.com", "it is empty"),
        ] {
            assert_eq!(san(typed), Err(said.to_owned()), "{typed}");
        }
    }

    #[test]
    fn serial_numbers_are_understood_in_every_spelling() {
        let e8 = ["E8D4A51063", "e8d4a51063", "E8:D4:A5:10:63", "00:e8:d4:a5:10:63", "e8 d4 a5 10 63", "0xE8D4A51063", "\u{200e}e8 d4 a5 10 63"];
        for (number, spellings) in [("0D", ["0D", "D", "0d", "0x0D", "000D", "00:0D", "serial=0D"]), ("E8D4A51063", e8)] {
            for typed in spellings {
                assert_eq!(SerialNumber::parse_typed(typed).map(|serial| serial.to_string()).as_deref(), Some(number), "{typed}");
            }
        }
        for typed in ["", "serial=", "0x", "db1.example.com", "a:b:c", "e8d4 a510", "-1", "serial", "x0D"] {
            assert_eq!(SerialNumber::parse_typed(typed), None, "{typed}");
        }
        assert!(SerialNumber::looks_like("00:e8:d4") && !SerialNumber::looks_like("db:443") && !SerialNumber::looks_like("fe80::1"));
        assert_eq!(SerialNumber::parse_decimal("13").map(|serial| serial.to_string()).as_deref(), Some("0D"));
    }
}
