//! POLICY. What this CA issues: the profiles and settings of `gsec.toml`, and one pure answer to "may this be issued?".

mod file;
mod log_filter;
mod profile;
mod rule;
mod suffix;
mod template;

pub use file::{Policy, PolicyError, SerialSource};
pub use log_filter::{FilterType, LogField, LogFilter};
pub use profile::Profile;
pub use rule::{Asked, Refusal, may_issue, may_take_names};
pub use suffix::NameSuffix;
pub use template::{openssl_configuration, policy_file};
