//! The machine on which gsec runs: its names, its certificates, its libraries.

mod checks;
mod entries;
mod facts;
mod systems;

pub use entries::*;
pub use facts::{Deployment, Facts, Libraries, Names, SearchPath, Standing, System, TrustStores};

use crate::checks::{Diagnosis, Entry, Selection};

/// Examines a machine, in what was gathered.
pub fn diagnose(facts: &Facts, selection: &Selection) -> Diagnosis {
    let mut diagnosis = Diagnosis::of(facts, checks::CHECKS, selection);
    diagnosis.retain(|entry| is_known(facts, entry));
    diagnosis
}

/// Whether there is anything to look at for an entry.
fn is_known(facts: &Facts, entry: &Entry) -> bool {
    let is_among = |entries: &[&Entry]| entries.contains(&entry);
    match () {
        () if is_among(&[&NAME_NOT_QUALIFIED, &NAME_UNKNOWN, &NAME_DIFFERS]) => facts.names.is_some(),
        () if is_among(&[&AUTHORITY_ABSENT, &CERTIFICATE_ABSENT]) => facts.deployment.is_some(),
        () if is_among(&[&CERTIFICATE_OF_ANOTHER]) => facts
            .deployment
            .as_ref()
            .is_some_and(|deployment| !deployment.hosts.is_empty()),
        () if is_among(&[&LIBRARY_ABSENT]) => facts
            .libraries
            .as_ref()
            .is_some_and(|libraries| !libraries.wanted.is_empty()),
        () if is_among(&[&AUTHORITY_NOT_TRUSTED, &AUTHORITY_TRUST_BROKEN]) => {
            facts.trust.as_ref().is_some_and(|trust| !trust.stores.is_empty())
        }
        () if is_among(&[&SYSTEM_WITHOUT_TLS]) => facts.system.is_some(),
        () => true,
    }
}

#[cfg(test)]
pub(in crate::checks) use checks::CHECKS;
