//! What can be found, and how much it weighs.

use crate::finding::Rule;

pub(super) const BLANK_BEFORE_NAME: Rule = Rule::error("transport-blank-before-name");
pub(super) const BLANK_BEFORE_EQUALS: Rule = Rule::error("transport-blank-before-equals");
pub(super) const BLANK_AFTER_EQUALS: Rule = Rule::error("transport-blank-after-equals");
pub(super) const BLANK_BEFORE_SEMICOLON: Rule = Rule::error("transport-blank-before-semicolon");
pub(super) const ODD_BLANK: Rule = Rule::error("transport-odd-blank");
pub(super) const TOO_LONG: Rule = Rule::error("transport-too-long");
pub(super) const QUOTE: Rule = Rule::error("transport-quote");
pub(super) const NAME_CASE: Rule = Rule::error("transport-name-case");
pub(super) const NAME_NEAR: Rule = Rule::warning("transport-name-near");
pub(super) const NO_EQUALS: Rule = Rule::error("transport-no-equals");
pub(super) const EMPTY_VALUE: Rule = Rule::warning("transport-empty-value");
pub(super) const DUPLICATE: Rule = Rule::warning("transport-duplicate");
pub(super) const PREFIX: Rule = Rule::error("transport-prefix");
pub(super) const BOOL: Rule = Rule::error("transport-bool");
pub(super) const NO_CERTIFICATE: Rule = Rule::error("transport-no-certificate");
pub(super) const NO_TRUSTED_CA: Rule = Rule::error("transport-no-trusted-ca");
pub(super) const THUMBPRINT: Rule = Rule::error("transport-thumbprint");
pub(super) const PATH_RELATIVE: Rule = Rule::error("transport-path-relative");
pub(super) const MIXED_FORMS: Rule = Rule::warning("transport-mixed-forms");
pub(super) const TLS_OFF: Rule = Rule::warning("transport-tls-off");
pub(super) const CLIENT_OPTION: Rule = Rule::warning("transport-client-option");
pub(super) const CRL_WITHOUT_TLS: Rule = Rule::warning("transport-crl-without-tls");
pub(super) const SEC_PROTOCOL: Rule = Rule::warning("transport-sec-protocol");
pub(super) const SEC_PROTOCOL_WINDOWS: Rule = Rule::notice("sec-protocol-windows");
pub(super) const WEAK_CIPHER: Rule = Rule::warning("transport-weak-cipher");
pub(super) const CHAIN_RELEASE: Rule = Rule::warning("transport-chain-release");
pub(super) const UNKNOWN: Rule = Rule::notice("transport-unknown");
