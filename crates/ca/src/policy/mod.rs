//! POLICY. What this CA issues: the profiles and settings of `gsec.toml`, and one pure answer to "may this be issued?".

mod address;
mod common_name;
mod decision;
mod file;
mod log_filter;
mod near;
mod profile;
mod refusal;
mod suffix;
mod template;
mod whole;

pub use decision::{CertifiedKey, Content, KnownAuthority, Permitted, Surroundings, decide, may_take_names};
pub use file::{
    Addresses, MAX_CRL_DAYS, MissingPart, OCSP_RESPONDER, Policy, PolicyError, PolicyNotice, SerialSource,
    every_key_type,
};
pub use log_filter::{FilterType, HIDDEN, LogField, LogFilter};
pub use profile::{Limit, Profile};
pub use refusal::{Kinship, LimitPlace, Refusal};
pub use suffix::NameSuffix;
pub use template::{openssl_configuration, policy_file};
