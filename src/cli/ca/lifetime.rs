//! How long a CA certificate that is issued anew shall last.

use time::OffsetDateTime;

use crate::cli::value;
use crate::x509::Lifetime;

/// How long a CA lasts: ten years.
pub(super) const DEFAULT_DAYS: u32 = 3650;

#[derive(clap::Args)]
#[command(next_help_heading = "Key and lifetime")]
pub(super) struct LifetimeArgs {
    /// Lifetime in days, counted from now in units of 24 hours [default: 3650]
    #[arg(long, value_name = "N", value_parser = value::days)]
    days: Option<u32>,

    /// End of lifetime: `2036-12-31`, or `2036-12-31T12:00:00Z`
    #[arg(long, value_name = "TIME", value_parser = value::time, conflicts_with = "days")]
    not_after: Option<OffsetDateTime>,
}

impl LifetimeArgs {
    pub(super) fn lifetime(&self) -> Lifetime {
        self.not_after.map_or(Lifetime::days(self.days.unwrap_or(DEFAULT_DAYS)), Lifetime::Until)
    }
}
