//! Arguments become meaning here, once: below this no text that a person typed is passed on.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use der::oid::ObjectIdentifier;
use time::OffsetDateTime;

use gsec_ca::authority::HostPattern;
use gsec_ca::policy::MAX_CRL_DAYS;
use gsec_doctor::net::SourceAddress;
use gsec_doctor::tls::{Endpoint, EndpointError, StartTls};
use gsec_pki::key::{AlgorithmError, KeyAlgorithm, KeyType};
use gsec_pki::x509::oid;
use gsec_pki::x509::path::Purpose;
use gsec_pki::x509::{
    AttributeKind, DnsName, GeneralName, IpSubnet, Lifetime, NameAttribute, NameError, RevocationReason,
    parse_days, parse_time,
};

use super::failure::Failure;

/// A value out of a closed set that the domain has, by the names that the domain gives.
pub(super) fn one_of<T: Copy + Send + Sync + 'static>(
    all: &'static [T],
    name: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(all.iter().copied().map(name)).map(move |text| {
        let named = all.iter().copied().find(|value| name(*value) == text);
        named.expect("the parser before admits no other name")
    })
}

/// A size in bytes: `4096`, `64KiB`, `1MiB`.
pub(super) fn size(text: &str) -> Result<usize, String> {
    const SMALLEST: usize = 256;
    const LARGEST: usize = 1024 * 1024 * 1024;
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (count, unit) = text.split_at(digits);
    let unit = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => Some(1),
        "k" | "kib" => Some(1024),
        "m" | "mib" => Some(1024 * 1024),
        "g" | "gib" => Some(1024 * 1024 * 1024),
        _ => None,
    };
    let size = count
        .parse::<usize>()
        .ok()
        .zip(unit)
        .and_then(|(count, unit)| count.checked_mul(unit));
    size.filter(|size| (SMALLEST..=LARGEST).contains(size))
        .ok_or_else(|| "must be a size from 256 to 1GiB, such as `64KiB`".into())
}

/// `--format` of `cert request`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum RequestFormat {
    Pem,
    CertreqInf,
}

/// `--key-type` and `--key-size` together.
pub(super) fn key_algorithm(
    key_type: Option<KeyType>,
    key_size: Option<u32>,
) -> Result<KeyAlgorithm, Failure> {
    KeyAlgorithm::new(key_type.unwrap_or_default(), key_size).map_err(|error| match error {
        AlgorithmError::RsaSize(bits) => Failure::usage(format!("{bits}-bit RSA keys are not supported"))
            .hint("pass `--key-size` 2048, 3072, 4096 or 8192"),
        AlgorithmError::Size { key_type, bits } => {
            let said = format!("`--key-size {bits}` cannot be used with `--key-type {key_type}`");
            Failure::usage(said).hint("leave out `--key-size`: it is for RSA")
        }
        AlgorithmError::Unknown => Failure::usage(error.to_string()),
    })
}

pub(super) fn host(text: &str) -> Result<GeneralName, NameError> {
    GeneralName::parse_typed_host(text)
}

/// A host that certificates are compared with.
pub(super) fn compared_host(text: &str) -> Result<GeneralName, NameError> {
    GeneralName::parse_asked_host(text)
}

/// The requested purpose; without one a server's where its name is compared.
pub(super) fn purpose(requested: Option<Purpose>, has_name: bool) -> Purpose {
    requested.unwrap_or(if has_name { Purpose::Server } else { Purpose::Any })
}

/// A host to compare with, and whether it was typed with a dot at its end.
#[derive(Debug, Clone)]
pub(super) struct AskedHost {
    pub(super) host: GeneralName,
    pub(super) has_final_dot: bool,
    /// Typed with letters that are not ASCII; compared is the A-label form (RFC 5890 §2.3.2.1).
    pub(super) is_unicode: bool,
}

pub(super) fn asked_host(text: &str) -> Result<AskedHost, NameError> {
    Ok(AskedHost {
        host: compared_host(text)?,
        has_final_dot: text.trim_end().ends_with('.'),
        is_unicode: !text.is_ascii(),
    })
}

/// What one `--san` gives: a name, or several with commas between them.
#[derive(Debug, Clone)]
pub(super) struct Names(pub(super) Vec<GeneralName>);

pub(super) fn sans(text: &str) -> Result<Names, NameError> {
    GeneralName::parse_sans(text).map(Names)
}

/// Names that are typed without an option, with what was typed.
pub(super) fn typed_sans(text: &str) -> Result<(String, Names), NameError> {
    sans(text).map(|names| (text.to_owned(), names))
}

/// A domain of `--permit-dns`; a leading dot is dropped, since a permitted domain covers itself and what lies below.
pub(super) fn domain(text: &str) -> Result<String, NameError> {
    let name = DnsName::parse(text.strip_prefix('.').unwrap_or(text))?;
    match name.wildcard_parent() {
        Some(parent) => Err(NameError::PermittedWildcard(parent.to_owned())),
        None => Ok(name.as_str().to_owned()),
    }
}

pub(super) fn subnet(text: &str) -> Result<IpSubnet, NameError> {
    IpSubnet::parse(text)
}

pub(super) fn common_name(text: &str) -> Result<NameAttribute, NameError> {
    NameAttribute::parse(AttributeKind::CommonName, text)
}

pub(super) fn email(text: &str) -> Result<NameAttribute, NameError> {
    NameAttribute::parse(AttributeKind::Email, text)
}

pub(super) fn organizational_unit(text: &str) -> Result<NameAttribute, NameError> {
    NameAttribute::parse(AttributeKind::OrganizationalUnit, text)
}

pub(super) fn organization(text: &str) -> Result<NameAttribute, NameError> {
    NameAttribute::parse(AttributeKind::Organization, text)
}

pub(super) fn locality(text: &str) -> Result<NameAttribute, NameError> {
    NameAttribute::parse(AttributeKind::Locality, text)
}

pub(super) fn state(text: &str) -> Result<NameAttribute, NameError> {
    NameAttribute::parse(AttributeKind::State, text)
}

pub(super) fn country(text: &str) -> Result<NameAttribute, NameError> {
    NameAttribute::parse(AttributeKind::Country, text)
}

/// `--lifetime`.
pub(super) fn lifetime(text: &str) -> Result<Lifetime, String> {
    Lifetime::parse(text)
        .ok_or_else(|| "must be a number with a unit: `90m`, `12h`, `30d`, `52w`, `1y`".into())
}

/// `--expires-within`.
pub(super) fn duration(text: &str) -> Result<time::Duration, String> {
    match lifetime(text)? {
        Lifetime::Duration(duration) => Ok(duration),
        Lifetime::Until(_) => Err("must be a number with a unit: `30d`".into()),
    }
}

/// `--timeout`.
pub(super) fn timeout(text: &str) -> Result<std::time::Duration, String> {
    let (number, scale) = match (text.strip_suffix("ms"), text.strip_suffix('s')) {
        (Some(number), _) => (number, 1),
        (None, Some(number)) => (number, 1000),
        (None, None) => (text, 1000),
    };
    let milliseconds = number
        .parse::<u32>()
        .ok()
        .filter(|number| *number > 0)
        .map(|number| u64::from(number) * scale);
    milliseconds
        .map(std::time::Duration::from_millis)
        .ok_or_else(|| "must be seconds, as in `5s`, or milliseconds, as in `500ms`".into())
}

/// `HOST:PORT`.
pub(super) fn endpoint(text: &str) -> Result<Endpoint, EndpointError> {
    Endpoint::parse(text)
}

/// A server whose port may be missing, where `--starttls` says which it is.
#[derive(Debug, Clone)]
pub(super) struct TypedServer(String);

impl TypedServer {
    /// The server, in the port of the protocol unless another was typed.
    pub(super) fn endpoint(&self, protocol: Option<StartTls>) -> Result<Endpoint, Failure> {
        let parsed = match protocol {
            Some(protocol) => Endpoint::parse_or(&self.0, protocol.usual_port()),
            None => Endpoint::parse(&self.0),
        };
        parsed.map_err(|error| Failure::usage(format!("`{}`: {error}", self.0)))
    }
}

pub(super) fn server(text: &str) -> Result<TypedServer, EndpointError> {
    // Which port it is makes no difference here.
    Endpoint::parse_or(text, StartTls::Smtp.usual_port()).map(|_| TypedServer(text.to_owned()))
}

/// `--starttls`.
pub(super) fn starttls() -> impl TypedValueParser<Value = StartTls> {
    one_of(&StartTls::ALL, StartTls::name)
}

/// `--bind`.
pub(super) fn source_address(text: &str) -> Result<SourceAddress, String> {
    SourceAddress::parse(text).ok_or_else(|| {
        "must be an address, as in `10.0.0.1`, or one with a port, as in `10.0.0.1:45678` or `[::1]:45678`".into()
    })
}

/// A point in time.
pub(super) fn time(text: &str) -> Result<OffsetDateTime, String> {
    parse_time(text)
        .ok_or_else(|| "must be a time, as in `2027-01-31T12:00:00Z`, or a date, as in `2027-01-31`".into())
}

/// A certificate policy.
pub(super) fn policy(text: &str) -> Result<ObjectIdentifier, String> {
    let text = if text.eq_ignore_ascii_case("any") || text.eq_ignore_ascii_case("anyPolicy") {
        oid::ANY_POLICY
    } else {
        text
    };
    ObjectIdentifier::new(text)
        .map_err(|_| "must be an object identifier, such as `1.3.6.1.4.1.55555.1.2`, or `any`".into())
}

/// `--reason`. OpenSSL's index does not have names for two reasons of RFC 5280, and with one of them `openssl ca` could not
/// make a CRL any more; removeFromCRL is for delta CRLs only.
pub(super) fn reason(text: &str) -> Result<RevocationReason, String> {
    match RevocationReason::parse(text) {
        Some(RevocationReason::RemoveFromCrl) => Err("gsec cert unhold releases certificates on hold".into()),
        Some(reason) if reason.openssl_name().is_none() => Err(format!(
            "`openssl ca` does not know {}, and could not create a CRL for this CA",
            reason.name()
        )),
        Some(reason) => Ok(reason),
        None => Err("must be a reason of RFC 5280, such as superseded or keyCompromise".into()),
    }
}

/// `--host` of a list.
pub(super) fn host_pattern(text: &str) -> Result<HostPattern, String> {
    if text.trim().is_empty() {
        Err("must be a host, or a pattern such as `*.example.com`".into())
    } else {
        Ok(HostPattern::new(text))
    }
}

/// A SHA-256 in hexadecimal digits.
pub(super) fn sha256(text: &str) -> Result<String, String> {
    let is_one = gsec_pki::encoding::hex::decode(text).is_some_and(|bytes| bytes.len() == 32);
    if is_one {
        Ok(text.to_ascii_lowercase())
    } else {
        Err("must be 64 hexadecimal digits".into())
    }
}

/// A number of days.
pub(super) fn days(text: &str) -> Result<u32, String> {
    parse_days(text).ok_or_else(|| match Lifetime::parse(text) {
        Some(Lifetime::Duration(duration)) if duration >= time::Duration::DAY => {
            format!("must be a whole number of days: type `{}`", duration.whole_days())
        }
        _ => "must be a whole number of days, at least 1".into(),
    })
}

/// After how many days the next CRL is due: no more than gsec.toml permits.
pub(super) fn crl_days(text: &str) -> Result<u32, String> {
    days(text)?;
    parse_days(text)
        .filter(|days| *days <= MAX_CRL_DAYS)
        .ok_or_else(|| format!("must be at most {MAX_CRL_DAYS} days"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use gsec_pki::key::RsaBits;

    #[test]
    fn size_goes_with_rsa_only() {
        assert_eq!(
            key_algorithm(None, None).expect("default"),
            KeyAlgorithm::Rsa(RsaBits::B2048)
        );
        assert_eq!(
            key_algorithm(Some(KeyType::Rsa), Some(4096)).expect("rsa"),
            KeyAlgorithm::Rsa(RsaBits::B4096)
        );
        assert_eq!(
            key_algorithm(Some(KeyType::P384), Some(384)).expect("curve"),
            KeyAlgorithm::P384
        );
        assert!(key_algorithm(Some(KeyType::P256), Some(2048)).is_err());
        assert!(key_algorithm(None, Some(1024)).is_err());
        assert!(key_algorithm(None, Some(2500)).is_err());
    }
}
