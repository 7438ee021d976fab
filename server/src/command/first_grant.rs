//! The first grant: in a directory that is served for the first time, the server's own names and what is below them.

use std::sync::Arc;

use gsec::cli::serve::ServerError;
use gsec_ca::records::Principal;
use gsec_pki::x509::GeneralName;

use super::failed;
use crate::domain::{Grant, Id, NameRule, Subject, Validation};
use crate::engine::{ByIssuer, Change, Issuer, administer};
use crate::state::State;
use crate::web::Site;

/// The name of the setting that says that there was a first grant, or others: it is made once, and not again after the last one was taken back.
const GRANTED_ONCE: &str = "granted_once";

/// What is told where the database is lost, and with it all that was granted.
pub(super) const GRANTS_LOST: &str = "this directory was served before, and server.db is new: nothing is granted, and all accounts and keys are gone; `gsec serve restore` brings them back from a backup, and `gsec serve grant add` grants names";

/// What came of the first grant.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FirstGrant {
    /// It was made, for these names.
    Made(Vec<String>),
    /// Someone has granted, or has taken back what was granted.
    Others,
    /// What was granted was lost with the database.
    Lost,
}

/// In a directory that is served for the first time: the server's names and what is below them, to everybody who proves it.
pub(super) async fn first_grant(
    state: &Arc<dyn State>,
    site: &Site,
    was_served: bool,
    new_random: fn() -> Box<dyn gsec_env::Random>,
    issuer: &Issuer,
) -> Result<FirstGrant, ServerError> {
    let of_state = |error: crate::state::StateError| failed("serve.state", &error);
    let granted_once = state.setting(GRANTED_ONCE.into()).await.map_err(of_state)?;
    if granted_once.is_some() {
        return Ok(FirstGrant::Others);
    }
    let is_granted = !state
        .list_of::<Grant>(None, 1)
        .await
        .map_err(of_state)?
        .is_empty();
    if !is_granted && was_served {
        return Ok(FirstGrant::Lost);
    }
    let note = || state.set_setting(GRANTED_ONCE.into(), Some("yes".into()));
    if is_granted {
        note().await.map_err(of_state)?;
        return Ok(FirstGrant::Others);
    }
    let mut random = new_random();
    let grant = Grant {
        id: Id::from_random(&mut |out| random.fill(out)),
        subject: Subject::Everyone,
        names: site.names().iter().filter_map(granted_at_first).collect(),
        profiles: Vec::new(),
        max_lifetime_days: None,
        validation: Validation::Challenge,
        valid_until: None,
    };
    let by_issuer = ByIssuer {
        issuer: issuer.clone(),
        by: Principal::default(),
    };
    administer(&**state, Change::AddGrant { grant }, &by_issuer)
        .await
        .map_err(|error| failed("serve.grant", &error))?;
    note().await.map_err(of_state)?;
    Ok(FirstGrant::Made(
        site.names().iter().map(GeneralName::value).collect(),
    ))
}

/// A domain and what is below it; an address alone.
fn granted_at_first(name: &GeneralName) -> Option<NameRule> {
    match name {
        GeneralName::Dns(name) => NameRule::suffix(name.as_str()).ok(),
        GeneralName::Ip(address) => NameRule::exact(&address.to_string()).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use gsec_pki::x509::DnsName;

    use super::*;
    use crate::domain::Identifier;

    #[test]
    fn each_name_of_the_server_is_granted_at_first() {
        let domain = GeneralName::Dns(DnsName::parse("ca.test").expect("a name"));
        let address = |text: &str| Identifier::Ip(text.parse().expect("an address"));
        let below = Identifier::dns("a.ca.test").expect("a name");
        let granted = granted_at_first(&domain).expect("a rule");
        assert!(granted.covers(&below) && !granted.covers(&address("127.0.0.1")));
        for own in ["127.0.0.1", "::1"] {
            let granted = granted_at_first(&GeneralName::Ip(own.parse().expect("an address")));
            let granted = granted.expect("a rule");
            assert!(granted.covers(&address(own)), "{own}");
            assert!(!granted.covers(&address("127.0.0.2")) && !granted.covers(&address("::2")));
        }
    }
}
