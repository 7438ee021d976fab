//! CAA (RFC 8659): whether the holder of a domain lets this CA issue for it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::failure::Failure;
use super::reach::Reach;
use crate::domain::{CaaAsking, CaaRecord, Identifier, may_issue};

/// A certificate that is wanted for one name.
#[derive(Debug, Clone, Copy)]
pub struct Issuance<'a> {
    /// The name as it will be in the certificate, a wildcard included.
    pub identifier: &'a Identifier,
    /// The URLs of the account that wants it.
    pub account_urls: &'a [String],
    /// How control was validated, as RFC 8657 §4 calls it.
    pub method: &'a str,
}

/// The servers, and the name.
type Asked = (Vec<SocketAddr>, String);
type Found = Result<Vec<CaaRecord>, Failure>;

/// What was looked up for the names of one order, which have the same names above them: each is asked for once of the same servers.
#[derive(Default)]
struct Known(Mutex<HashMap<Asked, Arc<OnceCell<Found>>>>);

impl Known {
    async fn caa(&self, name: &str, identifier: &Identifier, reach: &Reach<'_>) -> Found {
        let servers = reach.rules.rule_for(identifier).resolvers.clone();
        let cell = {
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            known.entry((servers, name.to_owned())).or_default().clone()
        };
        cell.get_or_init(|| reach.caa(name, identifier)).await.clone()
    }
}

/// Whether each may be issued, in the same order; four at a time.
pub(super) async fn each(asked: &[Issuance<'_>], reach: &Reach<'_>) -> Vec<Result<(), Failure>> {
    let halves = asked.split_at(asked.len() / 2);
    let (one, two) = halves.0.split_at(halves.0.len() / 2);
    let (three, four) = halves.1.split_at(halves.1.len() / 2);
    let known = Known::default();
    let found = tokio::join!(
        in_turn(one, reach, &known),
        in_turn(two, reach, &known),
        in_turn(three, reach, &known),
        in_turn(four, reach, &known)
    );
    [found.0, found.1, found.2, found.3].concat()
}

async fn in_turn(asked: &[Issuance<'_>], reach: &Reach<'_>, known: &Known) -> Vec<Result<(), Failure>> {
    let mut found = Vec::with_capacity(asked.len());
    for one in asked {
        found.push(permitted(one, reach, known).await);
    }
    found
}

/// Climbs from the name to the first that has CAA records (RFC 8659 §3); where none has any, everybody may issue. Addresses have none, and what
/// no rule is about is not looked up.
///
/// # Errors
/// [`Failure::Caa`]; [`Failure::Lookup`] where the DNS does not say whether there are any.
async fn permitted(asked: &Issuance<'_>, reach: &Reach<'_>, known: &Known) -> Result<(), Failure> {
    let issuers = &reach.rules.rule_for(asked.identifier).caa;
    let Identifier::Dns(name) = asked.identifier.without_wildcard() else {
        return Ok(());
    };
    if issuers.is_empty() {
        return Ok(());
    }
    let asking = CaaAsking {
        issuers,
        is_wildcard: asked.identifier.is_wildcard(),
        account_urls: asked.account_urls,
        method: asked.method,
    };
    let mut above = Some(name.as_str());
    while let Some(here) = above {
        let records = known.caa(here, asked.identifier, reach).await?;
        if !records.is_empty() {
            return may_issue(&records, &asking).map_err(|refused| Failure::Caa {
                name: here.to_owned(),
                refused,
            });
        }
        above = here.split_once('.').map(|(_, above)| above);
    }
    Ok(())
}
