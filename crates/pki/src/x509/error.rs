//! What can be wrong with names, certificates and the issuing of them.

use thiserror::Error;
use time::OffsetDateTime;

use super::rfc3339;
use crate::encoding::sniff::ForeignFile;

/// What is wrong with a name that a user typed.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum NameError {
    /// Nothing was typed.
    #[error("it is empty")]
    Empty,
    /// Longer than the upper bound of RFC 5280 Appendix A, or of the DNS.
    #[error("it has {found} characters, and the maximum is {bound}")]
    TooLong {
        /// Characters found.
        found: usize,
        /// The bound.
        bound: usize,
    },
    /// A character that is not allowed in this kind of name.
    #[error("it contains the invalid character `{0}`")]
    Character(String),
    /// A label of the host name is empty (two dots, or a dot in front).
    #[error("a label between dots is empty")]
    EmptyLabel,
    /// An address where a host name is asked for.
    #[error("it is an IP address, and not a host name")]
    Address,
    /// It ends in digits only, as addresses do and host names cannot (RFC 1123 §2.1).
    #[error("it looks like an IP address but is not a valid one")]
    AddressSlip,
    /// The number behind the slash of a network.
    #[error("the prefix behind the slash must be a number from 0 to {most}")]
    Prefix {
        /// The bits of an address.
        most: u8,
    },
    /// An address in a network, and not the network.
    #[error(
        "it is an address in a network of {prefix_bits} bits, and not the network itself: the bits behind the prefix must be 0"
    )]
    HostBits {
        /// The prefix.
        prefix_bits: u8,
    },
    /// A label of the host name starts or ends with a hyphen (RFC 1123 §2.1).
    #[error("the label `{0}` begins or ends with a hyphen")]
    Hyphen(String),
    /// A wildcard elsewhere than as the whole left-most label (RFC 9525 §6.3).
    #[error("`*` must be the whole left-most label, as in `*.example.com`")]
    Wildcard,
    /// An internationalized name without an A-label form (RFC 5891).
    #[error("it is not a valid internationalized domain name")]
    Internationalised,
    /// countryName that is not two letters (RFC 5280 Appendix A, X.520).
    #[error("a country must be two letters, as in `DE`")]
    Country,
    /// An e-mail address that is not `local@domain` in ASCII.
    #[error("it is not an e-mail address of the form `name@example.com` in ASCII")]
    Email,
    /// A URI without scheme, or with characters outside RFC 3986.
    #[error("it is not an absolute URI")]
    Uri,
    /// A URI with a character that must be percent-encoded (RFC 3986 §2.1; of an IRI, RFC 3987 §3.1).
    #[error("a URI must be ASCII: write `{character}` as `{encoded}`")]
    UriCharacter {
        /// It.
        character: char,
        /// Its percent-encoded UTF-8 bytes.
        encoded: String,
    },
    /// An address or subnet that does not parse.
    #[error("it is not an IP address")]
    Ip,
    /// A kind of subjectAltName that gsec does not know.
    #[error("it must begin with `dns:`, `ip:`, `email:` or `uri:`")]
    Kind,
    /// A kind of subjectAltName that gsec knows, and does not issue.
    #[error("gsec does not issue names of this kind; use `dns:`, `ip:`, `email:` or `uri:`")]
    KindNotIssued,
    /// A URL, where a host is expected.
    #[error("it is a URL{}", host.as_ref().map(|host| format!(": type `{host}`")).unwrap_or_default())]
    Url {
        /// The host in it.
        host: Option<String>,
    },
    /// A host with a port, where a host is expected.
    #[error("it has a port: type `{host}`")]
    Port {
        /// The host.
        host: String,
    },
    /// An address with the length of a prefix, where an address is expected.
    #[error("it is a subnet, but certificates contain single addresses")]
    Subnet,
    /// An IPv6 address with a zone (RFC 4007 §11), which no certificate can have: the extension has the sixteen octets (RFC 5280 §4.2.1.6).
    #[error("it has a zone, `%{zone}`, which is only valid on one machine: type `{address}`")]
    Zone {
        /// The zone.
        zone: String,
        /// The address without it.
        address: String,
    },
    /// A name of another kind than the one in front.
    #[error("it is {what}: type `{meant}`")]
    MeantAs {
        /// What it is.
        what: &'static str,
        /// The same with its own kind in front.
        meant: String,
    },
    /// A wildcard as a permitted domain, which covers what lies below it anyway (RFC 5280 §4.2.1.10).
    #[error("a permitted domain covers everything below it: type `{0}`")]
    PermittedWildcard(String),
}

/// What is wrong with a certificate, a CRL or a request that was read.
#[derive(Debug, Error)]
pub enum CertificateError {
    /// The file holds no certificate.
    #[error("it contains no certificate: {found}")]
    NoCertificate {
        /// What was found in its place.
        found: String,
    },
    /// The file holds no CRL.
    #[error("it contains no CRL: {found}")]
    NoCrl {
        /// What was found in its place.
        found: String,
    },
    /// The file holds no request.
    #[error("it contains no CSR: {found}")]
    NoRequest {
        /// What was found in its place.
        found: String,
    },
    /// The file contains several requests, and only one is expected.
    #[error("it contains {found} CSRs, expected one")]
    SeveralRequests {
        /// How many there are.
        found: usize,
    },
    /// A file of another format, which another program converts.
    #[error("it is {}, which gsec cannot read", .0.name())]
    Foreign(ForeignFile),
    /// One of several in a file.
    #[error("PEM block at line {line}: {source}")]
    InBlock {
        /// Line of the block's first line, counted from 1.
        line: usize,
        /// What is wrong with it.
        source: Box<CertificateError>,
    },
    /// PEM that does not decode.
    #[error(transparent)]
    Pem(#[from] crate::encoding::pem::PemError),
    /// Input that is not an X.509 certificate.
    #[error("the certificate is damaged: {0}")]
    Damaged(String),
    /// Something follows the DER of a certificate: how many bytes.
    #[error("{0} bytes follow it: a file in DER contains one certificate, CSR or CRL")]
    Trailing(usize),
    /// Input that is not a certification request.
    #[error("the CSR is damaged: {0}")]
    DamagedRequest(String),
    /// A public key that does not decode.
    #[error(transparent)]
    Key(#[from] crate::key::KeyError),
}

impl CertificateError {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoCertificate { .. } => "x509.no_certificate",
            Self::NoCrl { .. } => "x509.no_crl",
            Self::NoRequest { .. } => "x509.no_request",
            Self::SeveralRequests { .. } => "x509.several_requests",
            Self::Foreign(_) => "input.foreign",
            Self::InBlock { source, .. } => source.code(),
            Self::Pem(_) | Self::Damaged(_) | Self::DamagedRequest(_) | Self::Trailing(_) | Self::Key(_) => {
                "x509.damaged"
            }
        }
    }
}

/// Why a certificate, a CRL or a request cannot be made.
#[derive(Debug, Error)]
pub enum IssueError {
    /// notAfter is not later than notBefore.
    #[error("it would expire at {} and begin at {}", rfc3339(*not_after), rfc3339(*not_before))]
    EmptyValidity {
        /// Start of validity.
        not_before: OffsetDateTime,
        /// End.
        not_after: OffsetDateTime,
    },
    /// A time after 9999-12-31T23:59:59Z, which no certificate can say (RFC 5280 §4.1.2.5).
    #[error("it would expire after the year 9999")]
    BeyondYear9999,
    /// A CRL number that is too long, RFC 5280 §5.2.3.
    #[error("the CRL number has {found} bytes, and the maximum is {bound}")]
    CrlNumber {
        /// Length found, in bytes.
        found: usize,
        /// The bound.
        bound: usize,
    },
    /// DER encoding failed.
    #[error("cannot encode it: {0}")]
    Encoding(#[from] der::Error),
    /// The key refused to sign.
    #[error(transparent)]
    Key(#[from] crate::key::KeyError),
    /// What was made does not read back.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
}

impl IssueError {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::EmptyValidity { .. } => "x509.empty_validity",
            Self::BeyondYear9999 => "x509.beyond_year_9999",
            Self::CrlNumber { .. } => "x509.crl_number",
            Self::Encoding(_) => "x509.encoding",
            Self::Key(error) => error.code(),
            Self::Certificate(error) => error.code(),
        }
    }
}
