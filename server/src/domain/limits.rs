//! How often something may happen: the generic cell rate algorithm (ITU-T I.371), which keeps one time for each bucket.

use std::net::IpAddr;

use gsec_pki::key::sha256;
use time::{Duration, OffsetDateTime};

use super::id::Id;
use super::identifier::Identifier;

/// How often something may happen: `burst` times at once, and as often again in each `per`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How often. 0 forbids it.
    pub burst: u32,
    /// In which time.
    pub per: Duration,
}

/// How long to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryAfter(pub Duration);

impl RetryAfter {
    /// For the header `Retry-After`: whole seconds, at least one.
    pub fn seconds(self) -> i64 {
        let whole = self.0.whole_seconds();
        let begun = i64::from(self.0.subsec_nanoseconds() > 0);
        whole.saturating_add(begun).max(1)
    }
}

/// Decides whether something may happen now, and returns what is to be kept of it: the theoretical arrival time of the bucket. `tat` is what was
/// kept; `None` for a bucket that nothing was taken from.
///
/// # Errors
/// [`RetryAfter`]; then nothing is to be changed.
pub fn charge(
    tat: Option<OffsetDateTime>,
    now: OffsetDateTime,
    rate: Rate,
) -> Result<OffsetDateTime, RetryAfter> {
    if rate.burst == 0 {
        return Err(RetryAfter(rate.per));
    }
    let interval = rate.per / rate.burst;
    let begins = tat.map_or(now, |tat| tat.max(now));
    let after = begins.saturating_add(interval);
    let excess = (after - now) - rate.per;
    if excess > Duration::ZERO {
        Err(RetryAfter(excess))
    } else {
        Ok(after)
    }
}

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Limit {
    /// New ACME accounts, for each address; of IPv6, for each /64.
    NewAccounts,
    /// New orders, for each account.
    NewOrders,
    /// Challenges that failed for good, for each account and name.
    FailedValidations,
    /// Orders for the same names, for each account.
    SameNames,
}

/// The most orders of an account that are pending at the same time.
pub const MAX_PENDING_ORDERS: u32 = 300;

const HOUR: Duration = Duration::hours(1);

/// The limits that hold where the administrator sets no others.
pub const DEFAULT_RATES: [(Limit, Rate); 4] = [
    (Limit::NewAccounts, Rate { burst: 20, per: HOUR }),
    (
        Limit::NewOrders,
        Rate {
            burst: 300,
            per: Duration::hours(3),
        },
    ),
    (Limit::FailedValidations, Rate { burst: 5, per: HOUR }),
    (
        Limit::SameNames,
        Rate {
            burst: 10,
            per: Duration::days(1),
        },
    ),
];

/// Limits that the administrator has set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// For everybody.
    pub rates: Vec<(Limit, Rate)>,
    /// For one account, or for the accounts of one key of an external account. Nearer than those for everybody.
    pub of: Vec<(Id, Limit, Rate)>,
}

impl Overrides {
    /// The rate that holds for an account. The nearest one counts: the account's, its external account's, everybody's, the default.
    pub fn rate(&self, limit: Limit, account: Option<&Id>, external: Option<&Id>) -> Rate {
        let of = |id: &Id| {
            self.of
                .iter()
                .find(|(whose, which, _)| whose == id && *which == limit)
        };
        let own = account
            .and_then(of)
            .or_else(|| external.and_then(of))
            .map(|(_, _, rate)| *rate);
        let everybody = || {
            self.rates
                .iter()
                .find(|(which, _)| *which == limit)
                .map(|(_, rate)| *rate)
        };
        own.or_else(everybody).unwrap_or_else(|| default_rate(limit))
    }
}

fn default_rate(limit: Limit) -> Rate {
    let found = DEFAULT_RATES.iter().find(|(which, _)| *which == limit);
    found.expect("each limit has a row").1
}

/// What is counted together: half of the SHA-256 digest of what it is, so that a bucket takes the same room for a hundred names as for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bucket([u8; 16]);

impl Bucket {
    /// New accounts from an address. Whoever has one address of IPv6 has its whole /64 (RFC 6177 §2); an IPv4-mapped address is the IPv4 address.
    pub fn new_accounts(from: IpAddr) -> Self {
        let of_v6 = |address: std::net::Ipv6Addr| {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        };
        let network = match from.to_canonical() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => of_v6(address),
        };
        Self::of(&["accounts", &network])
    }

    /// New orders of an account.
    pub fn new_orders(account: &Id) -> Self {
        Self::of(&["orders", account.as_str()])
    }

    /// Failed validations of a name by an account.
    pub fn failed_validations(account: &Id, name: &Identifier) -> Self {
        Self::of(&["failed", account.as_str(), &name.without_wildcard().to_string()])
    }

    /// Orders of an account for the same names, in whatever order.
    pub fn same_names(account: &Id, names: &[Identifier]) -> Self {
        let mut names: Vec<String> = names.iter().map(ToString::to_string).collect();
        names.sort_unstable();
        names.dedup();
        Self::of(&["names", account.as_str(), &names.join(" ")])
    }

    /// No part has a line feed.
    fn of(parts: &[&str]) -> Self {
        let digest = sha256(parts.join("\n").as_bytes());
        let mut half = [0; 16];
        half.copy_from_slice(&digest[..16]);
        Self(half)
    }

    /// The same for what is counted together.
    pub fn octets(&self) -> &[u8; 16] {
        &self.0
    }
}
