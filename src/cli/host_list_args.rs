//! Many hosts in one call: the list, and how it is worked through.

use std::num::NonZero;
use std::path::PathBuf;

/// Where the hosts come from, and how they are worked through.
#[derive(clap::Args, Default)]
#[command(next_help_heading = "Many hosts")]
pub(super) struct ListArgs {
    /// Issue for every host in a list: CSV with a header, JSON or TOML; `-` for standard input
    ///
    /// The columns are host, cn, san, profile, days, lifetime, not_after, key_type, key_size, ou, org,
    /// locality, state, country and friendly_name; empty cells take the values of the other options. A host
    /// that already has a matching certificate, with its files, gets no new one, so the command can be
    /// repeated.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["typed_names", "host", "san", "cn", "key", "stdout", "friendly_name", "password", "cert_out", "key_out", "chain_out", "pfx_out"])]
    pub from: Option<PathBuf>,

    /// Number of keys to make at the same time [default: one per processor]
    #[arg(long, value_name = "N", requires = "from", conflicts_with = "host")]
    pub jobs: Option<NonZero<usize>>,

    /// Continue when a row fails; this is the default
    #[arg(long, requires = "from", conflicts_with_all = ["fail_fast", "host"])]
    pub keep_going: bool,

    /// Stop at the first row that fails
    #[arg(long, requires = "from", conflicts_with = "host")]
    pub fail_fast: bool,

    /// Issue even for hosts that already have a matching certificate
    #[arg(long, requires = "from", conflicts_with = "host")]
    pub again: bool,
}
