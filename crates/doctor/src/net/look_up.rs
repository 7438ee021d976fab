//! Names become addresses, and addresses names again, many at once.

use std::net::IpAddr;
use std::sync::mpsc;
use std::time::Instant;

use dns_lookup::{LookupError, LookupErrorKind};

use super::Limits;
use gsec_env::parallel_map;
use gsec_pki::encoding::visible::system_words;

/// So many names are looked up at once: the work is waiting.
const WORKERS: usize = 32;
/// The most addresses of a name that are looked up backwards.
const MAX_ADDRESSES: usize = 8;

/// What the system's name service says of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameAnswer {
    /// Its addresses, each with what it leads back to.
    Addresses(Vec<(IpAddr, AddressAnswer)>),
    /// It has none, in the words of the system.
    NoAddress(String),
    /// There was no answer, for this reason.
    Unanswered(String),
}

/// What the system's name service says of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddressAnswer {
    /// Its name.
    Name(String),
    /// It has none.
    NoName,
    /// There was no answer.
    Unanswered,
}

/// Looks up names and their addresses, at most for as long as the limits say: each name, and all of them together.
pub fn look_up(names: &[String], limits: Limits) -> Vec<NameAnswer> {
    let begin = Instant::now();
    parallel_map(WORKERS, names.len(), |number| {
        let left = limits.whole.saturating_sub(begin.elapsed());
        if left.is_zero() {
            return NameAnswer::Unanswered(format!("all names together took longer than {:?}", limits.whole));
        }
        one(&names[number], limits.step.min(left))
    })
}

fn one(name: &str, limit: std::time::Duration) -> NameAnswer {
    // The system's resolver does not support a timeout: it keeps running in its thread after ours.
    let (answer, answered) = mpsc::channel();
    let asked = name.to_owned();
    let spawned = std::thread::Builder::new().spawn(move || answer.send(ask(&asked)));
    if let Err(error) = spawned {
        return NameAnswer::Unanswered(system_words(&error));
    }
    answered
        .recv_timeout(limit)
        .unwrap_or_else(|_| NameAnswer::Unanswered(format!("no answer within {limit:?}")))
}

fn ask(name: &str) -> NameAnswer {
    let found = match dns_lookup::lookup_host(name) {
        Ok(found) => found,
        Err(error) if is_no(&error) => return NameAnswer::NoAddress(words(error)),
        Err(error) => return NameAnswer::Unanswered(words(error)),
    };
    let mut addresses: Vec<IpAddr> = found.collect();
    addresses.sort();
    addresses.dedup();
    let back = |address: IpAddr| {
        let answer = match dns_lookup::lookup_addr(&address) {
            Ok(name) => AddressAnswer::Name(name),
            Err(error) if is_no(&error) => AddressAnswer::NoName,
            Err(_) => AddressAnswer::Unanswered,
        };
        (address, answer)
    };
    NameAnswer::Addresses(addresses.into_iter().take(MAX_ADDRESSES).map(back).collect())
}

/// Whether the answer is no. Other errors are none: the name service was not there, or failed.
fn is_no(error: &LookupError) -> bool {
    matches!(error.kind(), LookupErrorKind::NoName | LookupErrorKind::NoData)
}

fn words(error: LookupError) -> String {
    let words = system_words(&error.into());
    words
        .strip_prefix("failed to lookup address information: ")
        .unwrap_or(&words)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn own_machine_is_found_and_leads_back() {
        let limits = Limits::of_step(Duration::from_secs(30));
        let found = look_up(&["localhost".to_owned(), "127.0.0.1".to_owned()], limits);
        for answer in &found {
            let NameAnswer::Addresses(addresses) = answer else {
                panic!("{found:?}");
            };
            let is_own = |(address, _): &(IpAddr, AddressAnswer)| address.is_loopback();
            assert!(!addresses.is_empty() && addresses.iter().all(is_own), "{found:?}");
        }
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn where_no_time_is_left_nothing_is_asked() {
        let limits = Limits {
            step: Duration::from_secs(5),
            whole: Duration::ZERO,
        };
        let found = look_up(&["localhost".to_owned()], limits);
        assert!(
            matches!(found.as_slice(), [NameAnswer::Unanswered(_)]),
            "{found:?}"
        );
    }
}
