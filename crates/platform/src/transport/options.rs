//! The options that a `transport` value can have.

use crate::finding::nearest;

/// What the value of an option is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Yes or no.
    Bool,
    /// The host's certificate: a thumbprint on Windows, else the path of a file.
    Certificate,
    /// Paths of files, with commas between them.
    Path,
    /// A port number.
    Port,
    /// Names of protocol versions.
    Protocol,
    /// Names of cipher suites.
    Ciphers,
    /// Anything else.
    Text,
}

/// An option.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// Its name, as the platform looks for it.
    pub name: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// What the platform does where it does not find the option.
    pub without: &'static str,
}

const fn option(name: &'static str, kind: Kind, without: &'static str) -> Known {
    Known { name, kind, without }
}

/// Every option that is documented, in the order in which gsec writes them.
pub const KNOWN: [Known; 27] = [
    option("tls", Kind::Bool, "TLS is off"),
    option("tls-mutual", Kind::Bool, "no certificate is required of clients"),
    option("certificate", Kind::Certificate, "there is no certificate"),
    option(
        "certificate-key",
        Kind::Path,
        "the private key is looked for in the certificate file",
    ),
    option("trusted-ca", Kind::Path, "no CA is trusted"),
    option("tls-crl", Kind::Path, "revoked certificates are accepted"),
    option(
        "tls-target-name-check",
        Kind::Text,
        "the name in the peer's certificate is not checked",
    ),
    option(
        "sec-protocol",
        Kind::Protocol,
        "the default protocol versions are used",
    ),
    option("cipher-list", Kind::Ciphers, "the default cipher suites are used"),
    option("port", Kind::Port, "any free port is used"),
    option("address", Kind::Text, "any address is used"),
    option("backup-port", Kind::Port, "the port is used for the backup, too"),
    option("tls-target-name", Kind::Text, "the name of the host is expected"),
    option(
        "tls-version",
        Kind::Protocol,
        "the default protocol versions are used",
    ),
    option(
        "protocol-list",
        Kind::Protocol,
        "the default protocol versions are used",
    ),
    option("fips140-enabled", Kind::Bool, "FIPS mode is off"),
    option("provider", Kind::Text, "the default provider is used"),
    option("string-attributes-encoding", Kind::Text, NOT_SET),
    option("lazy-parsing-enabled", Kind::Text, NOT_SET),
    option("operation-timeout", Kind::Text, NOT_SET),
    option("connection-timeout", Kind::Text, NOT_SET),
    option("reuse-address", Kind::Text, NOT_SET),
    option("keep-alive", Kind::Text, NOT_SET),
    option("enable-ipv6", Kind::Text, NOT_SET),
    option("ip-version", Kind::Text, NOT_SET),
    option("listening-nicname", Kind::Text, NOT_SET),
    option("upgrade", Kind::Text, NOT_SET),
];

const NOT_SET: &str = "the default is used";

/// What people write for an option and is too far from its name to be a slip.
const ALSO_CALLED: [(&str, &str); 14] = [
    ("cert", "certificate"),
    ("certs", "certificate"),
    ("thumbprint", "certificate"),
    ("key", "certificate-key"),
    ("cert-key", "certificate-key"),
    ("private-key", "certificate-key"),
    ("ca", "trusted-ca"),
    ("ca-cert", "trusted-ca"),
    ("trusted", "trusted-ca"),
    ("crl", "tls-crl"),
    ("mutual", "tls-mutual"),
    ("ciphers", "cipher-list"),
    ("protocol", "sec-protocol"),
    ("ssl", "tls"),
];

/// The option of exactly this name.
pub fn known(name: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.name == name)
}

/// The option that differs from a name only by capital letters.
pub(super) fn known_in_any_case(name: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.name.eq_ignore_ascii_case(name))
}

/// The option that was probably meant by a name that is none.
pub(super) fn meant(name: &str) -> Option<&'static str> {
    let plain = name.to_lowercase().replace('_', "-");
    let by_another_name = ALSO_CALLED
        .iter()
        .find(|(other, _)| *other == plain)
        .map(|(_, meant)| *meant);
    by_another_name.or_else(|| nearest(&plain, KNOWN.iter().map(|known| known.name)))
}
