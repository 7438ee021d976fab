//! CAA (RFC 8659), where a rule asks for it: looked at when a name is proven, so that a client learns it early, and each time before a certificate is
//! issued, since a proof counts for weeks, and what a grant replaced the proof of has had no other look.

use crate::acme::{IdentifierObject, Problem, ProblemType, Subproblem};
use crate::domain::{
    Account, Authorization, Challenge, ChallengeKind, ChallengeStatus, GRANTED_METHOD, Identifier,
};
use crate::engine::authorizations::problem_type;
use crate::engine::{Answer, Engine, Fault};
use crate::validate::{Failure, Issuance, caa_permits};

impl Engine {
    /// Whether CAA permits what is being proven.
    ///
    /// # Errors
    /// What the DNS says, or that it does not say anything.
    pub(super) async fn permitted_by_caa(
        &self,
        authorization: &Authorization,
        method: ChallengeKind,
    ) -> Result<(), Failure> {
        let asked = Issuance {
            identifier: &authorization.ordered(),
            account_urls: &(self.account_urls)(&authorization.account),
            method: method.word(),
        };
        caa_permits(&[asked], &self.rules).await.into_iter().collect()
    }

    /// Whether CAA permits every name of an order.
    ///
    /// # Errors
    /// `caa`; `dns`, with a time to come back, where that is all that is wrong. Each name has its own subproblem.
    pub(super) async fn expect_caa(
        &self,
        account: &Account,
        identifiers: &[Identifier],
        authorizations: &[Authorization],
    ) -> Answer<()> {
        let account_urls = (self.account_urls)(&account.id);
        let asked: Vec<Issuance<'_>> = identifiers
            .iter()
            .map(|identifier| Issuance {
                identifier,
                account_urls: &account_urls,
                method: method_of(identifier, authorizations),
            })
            .collect();
        let found = caa_permits(&asked, &self.rules).await;
        let failures = identifiers
            .iter()
            .zip(found)
            .filter_map(|(identifier, found)| Some((identifier, found.err()?)));
        match fault_of(&failures.collect::<Vec<_>>()) {
            Some(fault) => Err(fault),
            None => Ok(()),
        }
    }
}

/// How control of an identifier was validated.
fn method_of(identifier: &Identifier, authorizations: &[Authorization]) -> &'static str {
    let is_valid = |challenge: &&Challenge| challenge.status() == ChallengeStatus::Valid;
    authorizations
        .iter()
        .filter(|authorization| authorization.is_for(identifier))
        .find_map(|authorization| authorization.challenges().iter().find(is_valid))
        .map_or(GRANTED_METHOD, |challenge| challenge.kind.word())
}

/// The first refusal; only where there is none, the first failure of the DNS, which may heal.
fn fault_of(failures: &[(&Identifier, Failure)]) -> Option<Fault> {
    let is_refusal = |(_, failure): &&(&Identifier, Failure)| matches!(failure, Failure::Caa { .. });
    let refused = failures.iter().find(is_refusal);
    let (_, failure) = refused.or_else(|| failures.first())?;
    let problem = Problem::new(problem_type(failure.problem()), failure.to_string());
    let each = failures.iter().map(|(identifier, failure)| {
        let object = IdentifierObject::new(identifier.kind(), &identifier.to_string());
        let kind = problem_type(failure.problem());
        Subproblem::new(kind, failure.to_string(), Some(object))
    });
    let problem = problem.with_subproblems(each.collect::<Vec<_>>());
    Some(match problem.kind() {
        ProblemType::Caa => problem.into(),
        _ => Fault::later(problem),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::CaaRefused;
    use crate::validate::{Hop, LookupFlaw};

    fn silent(name: &str) -> Failure {
        Failure::Lookup {
            records: "CAA records",
            name: name.into(),
            hop: Hop::Own,
            flaw: LookupFlaw::Silent,
        }
    }

    #[test]
    fn a_refusal_is_said_before_a_failure_of_the_dns_and_each_name_has_its_own() {
        let names = ["a.example.com", "b.example.com"].map(|name| Identifier::dns(name).expect("a name"));
        let refused = Failure::Caa {
            name: "example.com".into(),
            refused: CaaRefused::Account,
        };
        let both = [(&names[0], silent("a.example.com")), (&names[1], refused)];
        let fault = fault_of(&both).expect("a fault");
        assert_eq!(fault.problem.kind(), ProblemType::Caa);
        assert_eq!((fault.problem.status(), fault.retry_after), (403, None));
        let kinds: Vec<_> = fault.problem.subproblems().iter().map(Subproblem::kind).collect();
        assert_eq!(kinds, [ProblemType::Dns, ProblemType::Caa]);
        let fault = fault_of(&both[..1]).expect("a fault");
        assert_eq!(fault.problem.kind(), ProblemType::Dns);
        assert_eq!(fault.problem.status(), 503);
        assert!(fault.retry_after.is_some());
        assert!(fault_of(&[]).is_none());
    }
}
