//! Object identifiers of extensions, and of what stands in them, in dotted form: the form in which a certificate that was read keeps them, since
//! one may be longer than any type for them holds.

/// subjectKeyIdentifier, RFC 5280 §4.2.1.2.
pub const SUBJECT_KEY_IDENTIFIER: &str = "2.5.29.14";
/// keyUsage, RFC 5280 §4.2.1.3.
pub const KEY_USAGE: &str = "2.5.29.15";
/// subjectAltName, RFC 5280 §4.2.1.6.
pub const SUBJECT_ALT_NAME: &str = "2.5.29.17";
/// issuerAltName, RFC 5280 §4.2.1.7.
pub const ISSUER_ALT_NAME: &str = "2.5.29.18";
/// basicConstraints, RFC 5280 §4.2.1.9.
pub const BASIC_CONSTRAINTS: &str = "2.5.29.19";
/// cRLNumber, RFC 5280 §5.2.3.
pub const CRL_NUMBER: &str = "2.5.29.20";
/// reasonCode of a CRL entry, RFC 5280 §5.3.1.
pub const REASON_CODE: &str = "2.5.29.21";
/// holdInstructionCode of a CRL entry, RFC 3280 §5.3.2.
pub const HOLD_INSTRUCTION: &str = "2.5.29.23";
/// invalidityDate of a CRL entry, RFC 5280 §5.3.2.
pub const INVALIDITY_DATE: &str = "2.5.29.24";
/// deltaCRLIndicator, RFC 5280 §5.2.4.
pub const DELTA_CRL_INDICATOR: &str = "2.5.29.27";
/// issuingDistributionPoint, RFC 5280 §5.2.5.
pub const ISSUING_DISTRIBUTION_POINT: &str = "2.5.29.28";
/// certificateIssuer of a CRL entry, RFC 5280 §5.3.3.
pub const CERTIFICATE_ISSUER: &str = "2.5.29.29";
/// nameConstraints, RFC 5280 §4.2.1.10.
pub const NAME_CONSTRAINTS: &str = "2.5.29.30";
/// cRLDistributionPoints, RFC 5280 §4.2.1.13.
pub const CRL_DISTRIBUTION_POINTS: &str = "2.5.29.31";
/// certificatePolicies, RFC 5280 §4.2.1.4.
pub const CERTIFICATE_POLICIES: &str = "2.5.29.32";
/// anyPolicy, RFC 5280 §4.2.1.4.
pub const ANY_POLICY: &str = "2.5.29.32.0";
/// policyMappings, RFC 5280 §4.2.1.5.
pub const POLICY_MAPPINGS: &str = "2.5.29.33";
/// authorityKeyIdentifier, RFC 5280 §4.2.1.1.
pub const AUTHORITY_KEY_IDENTIFIER: &str = "2.5.29.35";
/// policyConstraints, RFC 5280 §4.2.1.11.
pub const POLICY_CONSTRAINTS: &str = "2.5.29.36";
/// extKeyUsage, RFC 5280 §4.2.1.12.
pub const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
/// anyExtendedKeyUsage, RFC 5280 §4.2.1.12.
pub const ANY_EXTENDED_KEY_USAGE: &str = "2.5.29.37.0";
/// freshestCRL, RFC 5280 §4.2.1.15.
pub const FRESHEST_CRL: &str = "2.5.29.46";
/// inhibitAnyPolicy, RFC 5280 §4.2.1.14.
pub const INHIBIT_ANY_POLICY: &str = "2.5.29.54";
/// authorityInfoAccess, RFC 5280 §4.2.2.1.
pub const AUTHORITY_INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.1";
/// id-ad-ocsp, how authorityInfoAccess names who answers OCSP requests, RFC 5280 §4.2.2.1.
pub const AD_OCSP: &str = "1.3.6.1.5.5.7.48.1";
/// id-ad-caIssuers, how authorityInfoAccess names the issuer's certificate, RFC 5280 §4.2.2.1.
pub const CA_ISSUERS: &str = "1.3.6.1.5.5.7.48.2";
/// id-pkix-ocsp-basic, the kind of response that every responder gives, RFC 6960 §4.2.1.
pub const OCSP_BASIC: &str = "1.3.6.1.5.5.7.48.1.1";
/// id-pkix-ocsp-nonce, which binds a response to a request, RFC 6960 §4.4.1.
pub const OCSP_NONCE: &str = "1.3.6.1.5.5.7.48.1.2";
/// id-pkix-ocsp-nocheck: nobody need ask whether the certificate of a responder is revoked, RFC 6960 §4.2.2.2.1.
pub const OCSP_NO_CHECK: &str = "1.3.6.1.5.5.7.48.1.5";
/// extensionRequest, the extensions that a request asks for, RFC 2985 §5.4.2.
pub const EXTENSION_REQUEST: &str = "1.2.840.113549.1.9.14";
/// The same as Windows writes it, in no RFC.
pub const MICROSOFT_EXTENSION_REQUEST: &str = "1.3.6.1.4.1.311.2.1.14";
/// id-pe-tlsfeature: what a server must staple, RFC 7633 §4.
pub const TLS_FEATURE: &str = "1.3.6.1.5.5.7.1.24";
/// id-pe-proxyCertInfo, RFC 3820 §3.8.
pub const PROXY_CERT_INFO: &str = "1.3.6.1.5.5.7.1.14";
/// Netscape's certificate type, in no RFC.
pub const NETSCAPE_CERT_TYPE: &str = "2.16.840.1.113730.1.1";
/// Keys of Ed448, RFC 8410 §3.
pub const ED448: &str = "1.3.101.113";
