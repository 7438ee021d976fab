//! When a CA certificate ends.

use clap::Args;
use time::OffsetDateTime;

use crate::cli::value;
use gsec_pki::x509::Lifetime;

/// When a CA certificate ends.
#[derive(Args, Default)]
#[command(next_help_heading = "Key and lifetime")]
pub(super) struct CaLifetimeArgs {
    /// Lifetime in days of 24 hours from now [default: 3650 for a root, 1825 for an intermediate CA]
    #[arg(long, value_name = "N", value_parser = value::days)]
    pub days: Option<u32>,

    /// Expiry date: `2036-12-31`, or `2036-12-31T12:00:00Z`
    #[arg(long, value_name = "TIME", value_parser = value::time, conflicts_with = "days")]
    pub not_after: Option<OffsetDateTime>,
}

impl CaLifetimeArgs {
    /// The requested lifetime, in any of its forms.
    pub(super) fn asked(&self) -> Option<Lifetime> {
        self.days
            .map(Lifetime::days)
            .or(self.not_after.map(Lifetime::Until))
    }
}
