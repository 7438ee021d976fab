//! Signed requests: everything that is checked before one is believed (RFC 8555 §6).

use axum::http::header::CONTENT_TYPE;

use super::{Call, target};
use crate::acme::{Jwk, Jws, Problem, ProblemType, Unverified, Verified};
use crate::domain::Account;
use crate::engine::{Answer, Fault};
use crate::state::Versioned;

/// RFC 8555 §6.2.
const JOSE: &str = "application/jose+json";

impl Call<'_> {
    /// The request as it was read: nothing of it is believed yet. What is cheap is checked first.
    pub(super) fn unverified(&self) -> Answer<Unverified> {
        let kind = self.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let essence = kind.map(|kind| kind.split(';').next().unwrap_or_default().trim());
        if !essence.is_some_and(|essence| essence.eq_ignore_ascii_case(JOSE)) {
            return Err(
                Problem::new(ProblemType::Malformed, format!("the content type must be {JOSE}"))
                    .with_status(415)
                    .into(),
            );
        }
        let unverified = Jws::parse(&self.body)?;
        unverified.expect_url(&self.origin.url(&self.path))?;
        Ok(unverified)
    }

    /// A request that an account has signed.
    pub(super) async fn by_account(&self) -> Answer<(Verified, Versioned<Account>)> {
        let unverified = self.unverified()?;
        let kid = unverified.expect_account()?;
        let id = self.origin.path_of(kid).and_then(target::account_of);
        self.app.engine.redeem(unverified.nonce()).await?;
        let account = self.app.engine.account(id).await?;
        let key = Jwk::parse(account.value.key.jwk.as_bytes()).map_err(|fault| {
            Fault::unavailable(format!("the key of account {}: {fault}", account.value.id))
        })?;
        let verified = unverified.verify(key.public_key())?;
        let _ = self.signed_by.set(account.value.id.clone());
        Ok((verified, account))
    }

    /// A request that is signed by the key that it carries.
    pub(super) async fn by_key(&self) -> Answer<(Verified, Jwk)> {
        let unverified = self.unverified()?;
        let jwk = unverified.expect_jwk().map_err(Problem::from)?.clone();
        self.app.engine.redeem(unverified.nonce()).await?;
        let verified = unverified.verify(jwk.public_key())?;
        Ok((verified, jwk))
    }
}
