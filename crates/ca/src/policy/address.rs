//! `crl_addresses`, `issuer_addresses` and `ocsp_addresses`: addresses that go into every certificate.

use gsec_pki::x509::GeneralName;

/// Checks that clients of any make can read an address as a URI: absolute, of a scheme that is used for CRLs
/// and CA certificates (RFC 5280 §4.2.1.13, §4.2.2.1), in ASCII, with everything else percent-encoded (RFC
/// 3986 §2.1).
///
/// # Errors
/// What is wrong with it.
pub(super) fn check(address: &str) -> Result<(), &'static str> {
    if let Some(odd) = address.chars().find(|character| !character.is_ascii_graphic()) {
        return Err(if odd.is_ascii_control() {
            "it has a control character"
        } else {
            "non-ASCII characters and spaces must be percent-encoded"
        });
    }
    if address.contains(['<', '>', '"', '{', '}', '|', '\\', '^', '`']) {
        return Err("a character in it must be percent-encoded");
    }
    let escapes = || address.split('%').skip(1).map(str::as_bytes);
    if escapes().any(|rest| !(rest.len() >= 2 && rest[..2].iter().all(u8::is_ascii_hexdigit))) {
        return Err("`%` must be followed by two hexadecimal digits");
    }
    let Some((scheme, rest)) = address.split_once("://") else {
        return Err("it must begin with `http://`, `https://` or `ldap://`");
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    if path.contains('#') {
        return Err("a fragment (`#`) is not sent to the server");
    }
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => expect_host(authority),
        // Without a host the client queries the directory it knows (RFC 5280 §4.2.1.13).
        "ldap" | "ldaps" if authority.is_empty() && path.len() > 1 => Ok(()),
        "ldap" | "ldaps" => expect_host(authority),
        _ => Err("it must begin with `http://`, `https://` or `ldap://`"),
    }
}

/// The same for the address of who answers OCSP requests. Answers are signed, and a client that had to check the certificate of a connection
/// first could be asking about that very certificate.
///
/// # Errors
/// What is wrong with it.
pub(super) fn check_responder(address: &str) -> Result<(), &'static str> {
    let scheme = address.get(..7).unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("http://") {
        return Err("it must begin with `http://`");
    }
    check(address)
}

/// `host` or `host:port` (RFC 3986 §3.2). A user name has no business in a certificate.
fn expect_host(authority: &str) -> Result<(), &'static str> {
    if authority.contains('@') {
        return Err("it must not contain a user name or password");
    }
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    };
    if port.is_some_and(|port| port.parse::<u16>().map_or(true, |port| port == 0)) {
        return Err("its port is not a number from 1 to 65535");
    }
    let is_sound = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => match GeneralName::parse_host(host) {
            Ok(GeneralName::Ip(address)) => address.is_ipv4(),
            Ok(GeneralName::Dns(name)) => name.wildcard_parent().is_none(),
            _ => false,
        },
    };
    if is_sound {
        Ok(())
    } else {
        Err("its host is not a host name or an IP address")
    }
}

#[cfg(test)]
mod tests {
    use super::{check, check_responder};

    #[test]
    fn addresses_that_clients_can_fetch() {
        for address in [
            "http://pki.example.com/ca.crl",
            "HTTP://pki.example.com",
            "https://10.0.0.1:8443/a%20b.crl?x=1",
            "http://[fd00::1]:80/ca.crl",
            "http://crl/ca.crl",
            "ldap://dir.example.com/cn=CA,dc=example?certificateRevocationList;binary",
            "ldap:///CN=CA,DC=example?certificateRevocationList",
        ] {
            assert_eq!(check(address), Ok(()), "{address}");
        }
    }

    #[test]
    fn responders_are_asked_without_tls() {
        assert_eq!(check_responder("http://ca.example.com:8080/ocsp/ca"), Ok(()));
        assert_eq!(check_responder("HTTP://ca.example.com"), Ok(()));
        for address in [
            "",
            "http",
            "https://ca.example.com/ocsp",
            "ldap://ca.example.com/ocsp",
            "http://",
            "http://x/\u{fc}",
            "\u{fc}\u{fc}\u{fc}\u{fc}",
        ] {
            assert!(check_responder(address).is_err(), "{address}");
        }
    }

    #[test]
    fn addresses_that_cannot_go_into_certificates() {
        for address in [
            "",
            "http://",
            "http:///ca.crl",
            "pki.example.com/ca.crl",
            "/ca.crl",
            "ftp://pki.example.com/",
            "file:///etc/passwd",
            "javascript:x",
            "http:pki.example.com",
            "http://pki.example.com/a b",
            "http://pki.example.com/\u{fc}",
            "\u{1b}[31mhttp://x/",
            "http://x/\u{7f}",
            "http://x/%",
            "http://x/%2",
            "http://x/%zz",
            "http://x/<a>",
            "http://x/a#b",
            "http://u:p@x/",
            "http://x:0/",
            "http://x:99999/",
            "http://x:/",
            "http://*.example.com/",
            "http://-x/",
            "http://10.0.0.300/",
            "http://[::1/",
            "http://fd00::1/",
            "ldap://",
            "ldap:///",
            "http://x/\n",
            " http://x/",
            "http://x/ ",
        ] {
            assert!(check(address).is_err(), "{address}");
        }
    }
}
