//! What can be found, and how much it weighs.

use crate::finding::Rule;

pub(super) const SECTION_NUMBER: Rule = Rule::error("conf-section-number");
pub(super) const PORT_MISSING: Rule = Rule::error("conf-port-missing");
pub(super) const HOST_MISSING: Rule = Rule::error("conf-host-missing");
pub(super) const PORT_RANGE: Rule = Rule::error("conf-port-range");
pub(super) const PORT_CLASH: Rule = Rule::error("conf-port-clash");
pub(super) const SECTION_DUPLICATE: Rule = Rule::error("conf-section-duplicate");
pub(super) const KEY_DUPLICATE: Rule = Rule::error("conf-key-duplicate");
pub(super) const TRANSPORT_ORPHAN: Rule = Rule::warning("conf-transport-orphan");
pub(super) const SECURED_DEFAULT: Rule = Rule::notice("conf-secured-default");
pub(super) const SERVER_SECTION_MISSING: Rule = Rule::error("conf-server-section-missing");
pub(super) const PORT_NOT_OFFERED: Rule = Rule::error("conf-port-not-offered");
pub(super) const ONE_END_SECURE: Rule = Rule::error("conf-one-end-secure");
pub(super) const HOST_DIFFERS: Rule = Rule::warning("conf-host-differs");
pub(super) const CERTIFICATE_HOST: Rule = Rule::notice("conf-certificate-host");
pub(super) const WRAPPED: Rule = Rule::error("conf-wrapped");
pub(super) const PASSWORD_READABLE: Rule = Rule::warning("conf-password-readable");
pub(super) const CASE: Rule = Rule::warning("conf-case");
pub(super) const STRAY_LINE: Rule = Rule::warning("conf-stray-line");
pub(super) const ENCODING: Rule = Rule::notice("conf-encoding");
pub(super) const KIND: Rule = Rule::notice("conf-kind");
pub(super) const RESTART: Rule = Rule::notice("conf-restart");
pub(super) const TOO_MANY: Rule = Rule::error("conf-too-many");
