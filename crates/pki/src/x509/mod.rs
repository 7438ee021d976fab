//! CERTIFICATES (RFC 5280). Pure: names, validity, serial numbers, issuing, a read-only view of certificates, and path
//! validation. Time and randomness are arguments.

mod build_request;
mod certificate;
mod certreq_inf;
mod certs_only;
mod constraints;
mod crl_shard;
mod distribution;
mod elements;
mod encode;
mod error;
mod extension;
mod file;
mod general_name;
mod issue;
mod issue_crl;
mod key_usage;
mod mention;
mod name;
pub mod ocsp;
pub mod oid;
pub mod path;
mod policies;
mod purpose;
mod read_constraints;
mod reason;
mod reissue;
mod request;
mod revocation_list;
mod serial;
mod spelling;
mod thumbprint;
mod trust_settings;
mod typed;
mod validity;

pub use build_request::{AuthorityWish, RequestTemplate, build_request};
pub use certificate::{
    BasicConstraints, Certificate, decode_certificate_block, decode_certificates, is_certificate_block,
};
pub use certreq_inf::{CertreqInfError, certreq_inf, encode_for_certreq};
pub use certs_only::certificates_only;
pub use constraints::{IpSubnet, NameConstraints, Subtree};
pub use crl_shard::CrlShard;
pub use distribution::{
    DistributionPoint, DistributionPointName, IssuingDistributionPoint, PointName, ReasonSet,
};
pub use error::{CertificateError, IssueError, NameError};
pub use extension::Extension;
pub use general_name::{DnsName, GeneralName, MAX_NAMES_IN_WORDS};
pub use issue::{AuthorityExtensions, EndEntityExtensions, IssueTemplate, Issuer, Role, issue};
pub use issue_crl::{CrlBuilder, CrlTemplate};
pub use key_usage::KeyUsage;
pub use mention::{TypedSubject, TypedThumbprint};
pub use name::{AttributeKind, DistinguishedName, MAX_COMMON_NAME, NameAttribute, NameParts};
pub use policies::{PolicyExtensions, PolicyId};
pub use purpose::ExtendedKeyUsage;
pub use reason::RevocationReason;
pub use reissue::{Reissue, left_out, reissue};
pub use request::{CertificateRequest, decode_request, decode_requests};
pub use revocation_list::{RevocationList, RevokedEntry, crl_ders, decode_crls};
pub use serial::{MAX_SERIAL_BYTES, SerialNumber};
pub use thumbprint::Thumbprints;
pub use trust_settings::{TrustSettings, TrustVerdict};
pub use validity::{
    CLOCK_SKEW_ALLOWANCE, Lifetime, MAX_APPLE_SERVER_LIFETIME, MAX_TIME, Validity, days_left, parse_days,
    parse_time, rfc3339,
};
