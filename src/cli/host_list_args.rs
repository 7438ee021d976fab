//! Many hosts in one call: the list, and how it is worked through.

use std::num::NonZero;
use std::path::PathBuf;

/// Where the hosts come from, and how they are worked through.
#[derive(clap::Args, Default)]
#[command(next_help_heading = "Many hosts")]
pub(super) struct ListArgs {
    /// Issue for every host of a list: CSV with a header, JSON or TOML; `-` reads standard input
    ///
    /// The columns are host, cn, san, profile, days, lifetime, not_after, key_type, key_size, ou, org, locality, state, country and
    /// friendly_name; what a row leaves empty is as the other options say. A host that has such a certificate already, with its
    /// files, gets no new one, so the call can be repeated.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["host", "san", "cn", "key", "stdout", "friendly_name", "password"])]
    pub from: Option<PathBuf>,

    /// How many keys are made at once [default: one for each processor]
    #[arg(long, value_name = "N", requires = "from", conflicts_with = "host")]
    pub jobs: Option<NonZero<usize>>,

    /// Go on when a row fails; this is the default
    #[arg(long, requires = "from", conflicts_with_all = ["fail_fast", "host"])]
    pub keep_going: bool,

    /// Begin nothing more after the first row that fails
    #[arg(long, requires = "from", conflicts_with = "host")]
    pub fail_fast: bool,

    /// Issue for hosts as well that have such a certificate
    #[arg(long, requires = "from", conflicts_with = "host")]
    pub again: bool,
}
