//! The parts of a subject, the same for a CA and for a host.

use clap::Args;

use super::value;
use gsec_pki::x509::NameAttribute;

#[derive(Args, Default)]
#[command(next_help_heading = "Subject")]
pub(super) struct SubjectArgs {
    /// Organizational unit; can be repeated
    #[arg(long = "ou", value_name = "UNIT", value_parser = value::organizational_unit)]
    pub organizational_units: Vec<NameAttribute>,

    /// Organization
    #[arg(long = "org", value_name = "ORG", value_parser = value::organization)]
    pub organization: Option<NameAttribute>,

    /// City
    #[arg(long, value_name = "CITY", value_parser = value::locality)]
    pub locality: Option<NameAttribute>,

    /// State or province
    #[arg(long, value_name = "STATE", value_parser = value::state)]
    pub state: Option<NameAttribute>,

    /// Country, two letters
    #[arg(long, value_name = "CC", value_parser = value::country)]
    pub country: Option<NameAttribute>,
}

impl SubjectArgs {
    /// The parts that were given.
    pub(super) fn attributes(&self) -> impl Iterator<Item = NameAttribute> {
        let single = [&self.organization, &self.locality, &self.state, &self.country];
        single
            .into_iter()
            .flatten()
            .chain(&self.organizational_units)
            .cloned()
    }

    /// Whether no part was given.
    pub(super) fn is_empty(&self) -> bool {
        self.attributes().next().is_none()
    }
}
