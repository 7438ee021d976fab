//! VALIDATION. Whether a client controls the names that it asks for (RFC 8555 §8, RFC 8737, RFC 8738), seen from inside a network where not every
//! address may be connected to.
//!
//! [`validate`] tries once; trying again, and when, is the caller's. [`Queue`] keeps it to so many at once.
//!
//! Whatever a target answers is a stranger's: it is read within bounds, within one deadline, and a [`Failure`] shows nothing of it but lengths
//! and numbers. An address is judged once ([`Rules::judge`]), and the address that was judged is the one that is connected to.

mod address;
mod authoritative;
mod caa;
mod deadline;
mod dns01;
mod failure;
mod http01;
mod proof;
mod queue;
mod reach;
mod resolver;
mod rules;
mod this_machine;
mod tls;
mod tls_alpn01;

#[cfg(test)]
mod tests;

pub use address::AddressClass;
pub use caa::Issuance;
pub use failure::{
    CertificateFlaw, Failure, Hop, HttpFlaw, LookupFlaw, NotReached, Place, Problem, RedirectFlaw, Stage,
    TlsFlaw,
};
pub use proof::{Proof, Proven};
pub use queue::{Queue, QueueFull, Slot};
pub use rules::{Refusal, Rule, Rules, Scope};

use std::time::Duration;

use crate::domain::ChallengeKind;
use reach::{Reach, Tcp};
use resolver::System;

/// For one attempt in all: name resolution, connections, redirects, handshakes and answers.
const LIMIT: Duration = Duration::from_secs(10);

/// Tries once to prove control of an identifier.
///
/// # Errors
/// [`Failure`]: what was done, and what is not as it must be.
pub async fn validate(proof: &Proof<'_>, rules: &Rules) -> Result<Proven, Failure> {
    let reach = Reach::new(rules, &System, &Tcp, LIMIT);
    validate_by(proof, &reach).await
}

/// Whether the CAA records of each name permit that this CA issues for it, in the same order; all of them within one time limit.
pub async fn caa_permits(asked: &[Issuance<'_>], rules: &Rules) -> Vec<Result<(), Failure>> {
    let reach = Reach::new(rules, &System, &Tcp, LIMIT);
    caa::each(asked, &reach).await
}

async fn validate_by(proof: &Proof<'_>, reach: &Reach<'_>) -> Result<Proven, Failure> {
    proof.expect_provable()?;
    match proof.kind {
        ChallengeKind::Http01 => http01::prove(proof, reach).await,
        ChallengeKind::Dns01 => dns01::prove(proof, reach).await,
        ChallengeKind::TlsAlpn01 => tls_alpn01::prove(proof, reach).await,
    }
}
