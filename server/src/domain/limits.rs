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
    /// Names in new orders, for each account: each of them takes room until it is proven or its order ends.
    NewNames,
    /// Orders for the same names, for each account.
    SameNames,
}

impl Limit {
    /// What is said to whoever is over it.
    pub fn exceeded(self) -> &'static str {
        match self {
            Self::NewAccounts => "too many new accounts from this address",
            Self::NewOrders => "too many orders of this account",
            Self::FailedValidations => "too many failed validations of this name by this account",
            Self::NewNames => "too many names in the orders of this account",
            Self::SameNames => "too many orders of this account for the same names",
        }
    }
}

/// The most orders of an account that are pending at the same time.
pub const MAX_PENDING_ORDERS: u32 = 300;

const HOUR: Duration = Duration::hours(1);

/// The limits that hold where the administrator sets no others.
pub const DEFAULT_RATES: [(Limit, Rate); 5] = [
    (Limit::NewAccounts, Rate { burst: 20, per: HOUR }),
    (
        Limit::NewOrders,
        Rate {
            burst: 300,
            per: Duration::hours(3),
        },
    ),
    (
        Limit::NewNames,
        Rate {
            burst: 1000,
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

    /// Names in new orders of an account.
    pub fn new_names(account: &Id) -> Self {
        Self::of(&["new names", account.as_str()])
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-30 10:00:00 UTC);
    const RATE: Rate = Rate { burst: 5, per: HOUR };

    fn id(number: u8) -> Id {
        Id::from_random(&mut |out| out.fill(number))
    }

    #[test]
    fn the_burst_passes_and_what_comes_after_it_waits_its_share() {
        let mut tat = None;
        for _ in 0..5 {
            tat = Some(charge(tat, NOW, RATE).expect("within the burst"));
        }
        let refused = charge(tat, NOW, RATE).expect_err("beyond the burst");
        assert_eq!(refused.seconds(), 720);
        let early = NOW + Duration::seconds(719);
        assert_eq!(charge(tat, early, RATE).expect_err("too early").seconds(), 1);
        let later = NOW + Duration::seconds(720);
        tat = Some(charge(tat, later, RATE).expect("its share is due"));
        assert!(charge(tat, later, RATE).is_err());
        let next_day = NOW + Duration::days(1);
        let all = (0..9).scan(tat, |tat, _| {
            *tat = Some(charge(*tat, next_day, RATE).ok()?);
            Some(())
        });
        assert_eq!(all.count(), 5, "what was not used is not saved beyond the burst");
    }

    #[test]
    fn nothing_passes_where_nothing_may() {
        let never = Rate { burst: 0, per: HOUR };
        assert_eq!(charge(None, NOW, never), Err(RetryAfter(HOUR)));
        assert_eq!(RetryAfter(Duration::milliseconds(1)).seconds(), 1);
        assert_eq!(RetryAfter(Duration::milliseconds(2001)).seconds(), 3);
    }

    proptest! {
        #[test]
        fn in_no_time_more_passes_than_the_burst_and_its_share(
            burst in 1..20_u32,
            per in 1..4000_i64,
            pauses in proptest::collection::vec(0..400_i64, 1..120),
        ) {
            let rate = Rate { burst, per: Duration::seconds(per) };
            let (mut tat, mut now) = (None, NOW);
            let mut passed: Vec<OffsetDateTime> = Vec::new();
            for pause in pauses {
                now += Duration::seconds(pause);
                match charge(tat, now, rate) {
                    Ok(after) => {
                        tat = Some(after);
                        passed.push(now);
                    }
                    Err(RetryAfter(wait)) => {
                        prop_assert!(wait > Duration::ZERO && wait <= rate.per);
                        prop_assert!(charge(tat, now + wait, rate).is_ok());
                        prop_assert!(charge(tat, now + wait - Duration::NANOSECOND, rate).is_err());
                    }
                }
            }
            for (index, from) in passed.iter().enumerate() {
                for (count, until) in passed[index..].iter().enumerate() {
                    let share = (*until - *from).as_seconds_f64() * f64::from(burst) / rate.per.as_seconds_f64();
                    prop_assert!((count + 1) as f64 <= f64::from(burst) + share + 0.001);
                }
            }
        }
    }

    #[test]
    fn what_is_counted_together_has_one_bucket() {
        let from = |text: &str| Bucket::new_accounts(text.parse().expect("an address"));
        assert_eq!(from("2001:db8:1:2::1"), from("2001:db8:1:2:ffff::9"));
        assert_ne!(from("2001:db8:1:2::1"), from("2001:db8:1:3::1"));
        assert_eq!(from("10.0.0.1"), from("::ffff:10.0.0.1"));
        assert_ne!(from("10.0.0.1"), from("10.0.0.2"));
        assert_ne!(from("::ffff:10.0.0.1"), from("::ffff:10.0.0.2"));
        let names = |text: &[&str]| -> Vec<Identifier> {
            let named = text.iter().map(|name| Identifier::dns(name).expect("a name"));
            named.collect()
        };
        let same = |text: &[&str]| Bucket::same_names(&id(1), &names(text));
        assert_eq!(
            same(&["a.example", "b.example"]),
            same(&["B.example", "a.example", "a.example"])
        );
        assert_ne!(same(&["a.example", "b.example"]), same(&["a.example"]));
        assert_ne!(same(&["a.example"]), same(&["*.a.example"]));
        assert_ne!(
            same(&["a.example"]),
            Bucket::same_names(&id(2), &names(&["a.example"]))
        );
        let [name, wildcard] =
            ["a.example", "*.a.example"].map(|name| Identifier::dns(name).expect("a name"));
        assert_eq!(
            Bucket::failed_validations(&id(1), &name),
            Bucket::failed_validations(&id(1), &wildcard)
        );
        assert_ne!(Bucket::new_orders(&id(1)), Bucket::new_orders(&id(2)));
    }

    #[test]
    fn the_nearest_limit_holds() {
        let rate = |burst: u32| Rate { burst, per: HOUR };
        let mut overrides = Overrides::default();
        let holds = |overrides: &Overrides| {
            let of = |account, external| overrides.rate(Limit::NewAccounts, account, external).burst;
            [
                of(None, None),
                of(Some(&id(3)), Some(&id(2))),
                of(Some(&id(1)), Some(&id(2))),
            ]
        };
        assert_eq!(holds(&overrides), [20, 20, 20]);
        overrides.rates.push((Limit::NewAccounts, rate(7)));
        overrides.rates.push((Limit::NewOrders, rate(99)));
        assert_eq!(holds(&overrides), [7, 7, 7]);
        overrides.of.push((id(2), Limit::NewAccounts, rate(8)));
        overrides.of.push((id(1), Limit::NewAccounts, rate(9)));
        assert_eq!(holds(&overrides), [7, 8, 9]);
        for limit in [
            Limit::NewAccounts,
            Limit::NewOrders,
            Limit::FailedValidations,
            Limit::SameNames,
        ] {
            assert!(Overrides::default().rate(limit, None, None).burst > 0);
        }
    }
}
