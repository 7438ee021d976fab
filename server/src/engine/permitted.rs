//! What an account may ask for: by the grants, and by the policy of the CA.

use time::{Duration, OffsetDateTime};

use crate::acme::{IdentifierObject, NewOrder, Problem, ProblemType, Subproblem};
use crate::domain::Wanted as Asking;
use crate::domain::{Account, Allowed, Grant, GrantRefused, Identifier, Requester, may_request};
use crate::engine::admin::all_versioned;
use crate::engine::fault::kind_of_refusal;
use crate::engine::{Answer, Engine, Fault, IssuerError};
use gsec_ca::authority::{AuthorityError, HostKey, HostOrder, HostSubject};
use gsec_pki::key::KeyAlgorithm;
use gsec_pki::x509::{DistinguishedName, Lifetime, NameParts, rfc3339};

impl Engine {
    /// What the grants allow.
    pub(super) async fn allowed(
        &self,
        account: &Account,
        identifiers: &[Identifier],
        profile: &str,
        lifetime: Option<Duration>,
    ) -> Answer<Allowed> {
        let grants = self.grants().await?;
        let requester = Requester {
            account: &account.id,
            external: account.external.as_ref(),
        };
        let asking = |identifiers| Asking {
            identifiers,
            profile,
            default_profile: &self.settings.default_profile,
            lifetime,
        };
        let now = self.clock.now();
        may_request(&grants, requester, &asking(identifiers), now).map_err(|refused| {
            // Each name that is refused is said, not the first alone.
            let each = identifiers.iter().filter_map(|one| {
                let refused =
                    may_request(&grants, requester, &asking(std::slice::from_ref(one)), now).err()?;
                let object = IdentifierObject::new(one.kind(), &one.to_string());
                Some(Subproblem::new(
                    problem_of(&refused),
                    refused.to_string(),
                    Some(object),
                ))
            });
            let problem = Problem::new(problem_of(&refused), refused.to_string());
            match identifiers.len() {
                1 => problem,
                _ => problem.with_subproblems(each.collect::<Vec<_>>()),
            }
            .into()
        })
    }

    /// How many grants there are.
    ///
    /// # Errors
    /// Status 503.
    pub async fn grant_count(&self) -> Answer<u64> {
        Ok(self.grants().await?.len() as u64)
    }

    async fn grants(&self) -> Answer<Vec<Grant>> {
        let grants = all_versioned::<Grant>(&*self.state).await?;
        Ok(grants.into_iter().map(|found| found.value).collect())
    }

    /// Whether the policy of the CA permits the names, before a client goes to the trouble of proving them. It decides once more, and with the
    /// key, when the certificate is issued.
    pub(super) async fn expect_permitted(&self, request: &NewOrder, profile: &str) -> Answer<()> {
        let now = self.clock.now();
        // RFC 8555 §7.4: what cannot be fulfilled as it stands is an error. The signer signs nothing that is dated otherwise than now: a front that
        // was taken over could lay in certificates for the time after.
        if request.not_before.is_some() {
            return Err(Fault::of(
                ProblemType::Malformed,
                "certificates of this server begin when they are issued: leave `notBefore` out",
            ));
        }
        let (identifiers, profile, not_after) =
            (request.identifiers.clone(), profile.to_owned(), request.not_after);
        let refusals = self.ca.look(move |ca| {
            let plan = |names: &[Identifier]| {
                let algorithm = key_of_profile(ca, &profile);
                let order = HostOrder {
                    lifetime: not_after.map(Lifetime::Until),
                    ..order_of_names(names, HostKey::Generate(algorithm), &profile)
                };
                ca.plan_host(order, now).map(|_| ())
            };
            match plan(&identifiers) {
                Ok(()) => Ok(Vec::new()),
                Err(error) => {
                    let each = identifiers.iter().filter_map(|one| {
                        let error = plan(std::slice::from_ref(one)).err()?;
                        Some((one.clone(), in_words(&error)))
                    });
                    Err((IssuerError::from(&error), each.collect::<Vec<_>>()))
                }
            }
        });
        match refusals.await? {
            Ok::<Vec<()>, _>(_) => Ok(()),
            Err((IssuerError::Refused { code, message, .. }, each)) => {
                let kind = kind_of_refusal(&code);
                let subproblems = each.iter().map(|(one, message)| {
                    let object = IdentifierObject::new(one.kind(), &one.to_string());
                    Subproblem::new(kind, message, Some(object))
                });
                let problem = Problem::new(kind, message);
                Err(problem.with_subproblems(subproblems.collect::<Vec<_>>()).into())
            }
            Err((error, _)) => Err(error.into()),
        }
    }

    /// Whether a certificate can end exactly when an order wants it to (RFC 8555 §7.4): where no grant says how long, within the lifetime of the
    /// profile, and not after the CA.
    ///
    /// # Errors
    /// `malformed`.
    pub(super) async fn expect_lifetime(
        &self,
        not_after: Option<OffsetDateTime>,
        profile: &str,
        allowed: &Allowed,
    ) -> Answer<()> {
        let Some(end) = not_after else {
            return Ok(());
        };
        let now = self.clock.now();
        let refuse = |why: String| Err(Fault::of(ProblemType::Malformed, why));
        if end <= now {
            return refuse("`notAfter` is in the past".into());
        }
        let of_profile = profile.to_owned();
        let looked = self.ca.look(move |ca| {
            let days = profile_days(ca, &of_profile)?;
            Ok::<_, AuthorityError>((days, ca.certificate().not_after()))
        });
        let (days, last) = looked
            .await?
            .map_err(|error| Fault::unavailable(IssuerError::from(&error).to_string()))?;
        let days = allowed.max_lifetime_days.unwrap_or(days);
        if end > now + Duration::days(days.into()) {
            return refuse(format!(
                "`notAfter` is later than {days} days from now, which is the most for profile {profile}"
            ));
        }
        if end > last {
            return refuse(format!(
                "`notAfter` is after the end of the CA, {}",
                rfc3339(last)
            ));
        }
        Ok(())
    }
}

/// The host is the first domain. An address is no common name: clients read one as a domain, and certbot then cannot keep its certificate.
pub(super) fn order_of_names(identifiers: &[Identifier], key: HostKey, profile: &str) -> HostOrder {
    let (domains, addresses): (Vec<_>, Vec<_>) = identifiers
        .iter()
        .partition(|one| matches!(one, Identifier::Dns(_)));
    let order = HostOrder::new(None, key, profile);
    let subject = match domains.is_empty() {
        true => HostSubject::Exact(
            DistinguishedName::build(&NameParts::default()).expect("nothing is encoded as nothing"),
        ),
        false => order.subject,
    };
    let mut names = domains.into_iter().chain(addresses).map(Identifier::general_name);
    HostOrder {
        host: names.next(),
        further_names: names.collect(),
        subject,
        ..order
    }
}

/// A key that the profile takes; which one the client will have is not known yet.
fn key_of_profile(ca: &gsec_ca::authority::Authority, profile: &str) -> KeyAlgorithm {
    let types = ca
        .policy()
        .ok()
        .and_then(|policy| policy.profile(profile).ok())
        .map(|profile| profile.key_types.value.as_slice())
        .unwrap_or_default();
    let known = [
        KeyAlgorithm::P256,
        KeyAlgorithm::P384,
        KeyAlgorithm::P521,
        KeyAlgorithm::Ed25519,
    ];
    known
        .into_iter()
        .find(|algorithm| types.contains(&algorithm.key_type()))
        .unwrap_or(KeyAlgorithm::P256)
}

/// How many days a certificate of a profile lasts where nothing else is asked for.
pub(super) fn profile_days(ca: &gsec_ca::authority::Authority, profile: &str) -> Result<u32, AuthorityError> {
    let profile = ca.policy()?.profile(profile).map_err(AuthorityError::Profile)?;
    Ok(profile.default_days())
}

fn in_words(error: &AuthorityError) -> String {
    IssuerError::from(error).to_string()
}

fn problem_of(refused: &GrantRefused) -> ProblemType {
    match refused {
        GrantRefused::Profile { .. } => ProblemType::InvalidProfile,
        GrantRefused::NoGrant | GrantRefused::Name(_) => ProblemType::RejectedIdentifier,
        GrantRefused::NoName | GrantRefused::Lifetime { .. } => ProblemType::Malformed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identifiers(texts: &[&str]) -> Vec<Identifier> {
        let identifier = |text: &&str| match text.parse() {
            Ok(address) => Identifier::Ip(address),
            Err(_) => Identifier::dns(text).expect("a name"),
        };
        texts.iter().map(identifier).collect()
    }

    #[test]
    fn an_address_is_no_common_name() {
        let rows: [(&[&str], &str, bool); 4] = [
            (&["a.ca.test", "b.ca.test"], "a.ca.test", true),
            (&["127.0.0.1", "b.ca.test"], "b.ca.test", true),
            (&["127.0.0.1", "::1"], "127.0.0.1", false),
            (&["::1"], "::1", false),
        ];
        for (names, host, is_named) in rows {
            let key = HostKey::Generate(KeyAlgorithm::P256);
            let order = order_of_names(&identifiers(names), key, "host");
            assert_eq!(
                order.host.map(|host| host.value()).as_deref(),
                Some(host),
                "{names:?}"
            );
            assert_eq!(order.further_names.len(), names.len() - 1, "{names:?}");
            let has_parts = matches!(order.subject, HostSubject::Parts { .. });
            assert_eq!(has_parts, is_named, "{names:?}");
        }
    }
}
