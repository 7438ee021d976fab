//! ACME over HTTP (RFC 8555 §6, §7): which request is what, and the answers' headers.

mod objects;
mod reply;
mod signed;
mod target;

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::header::{ALLOW, HOST};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;

use super::App;
use super::connection::Peer;
use super::site::{Origin, Site};
use crate::acme::{
    AccountRequest, AuthorizationRequest, ChallengeRequest, KeyChange, NewAccount, NewOrder, Problem,
    ProblemType, Revocation, SignedBy, Verified, read_finalize, read_new_authorization,
};
use crate::domain::{Account, Id};
use crate::engine::{AccountUrls, Answer, Fault, Revoker};
use crate::notice::Asked;
use crate::state::Versioned;
use reply::Reply;
use target::Target;

/// All URLs of an account: one below each name of the server.
pub fn account_urls(site: &Site) -> AccountUrls {
    let origins: Vec<Origin> = site.origins().collect();
    Arc::new(move |account| {
        let path = target::account(account);
        origins.iter().map(|origin| origin.url(&path)).collect()
    })
}

/// A request on its way.
struct Call<'a> {
    app: &'a App,
    origin: Origin,
    method: Method,
    /// Path and query, as they were sent.
    path: String,
    headers: HeaderMap,
    body: Bytes,
    peer: Peer,
    /// By which it is known in the logs.
    id: Id,
    /// The account that has signed it, once that was believed.
    signed_by: OnceLock<Id>,
}

/// Answers one request.
pub(super) async fn answer(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let origin = app.site.origin(host_of(&uri, &headers));
    let call = Call {
        app: &app,
        origin,
        path: uri.path_and_query().map_or_else(String::new, ToString::to_string),
        method,
        headers,
        body,
        peer,
        id: app.engine.new_id(),
        signed_by: OnceLock::new(),
    };
    let (is_head, begun) = (call.method == Method::HEAD, Instant::now());
    let target = Target::parse(uri.path(), uri.query());
    let label = target.as_ref().map_or("other", Target::label);
    let methods = target.as_ref().map_or("", Target::methods);
    let (replied, needs_nonce) = match target {
        Some(target) => {
            let needs_nonce = call.method == Method::POST || matches!(target, Target::NewNonce);
            let is_directory = matches!(target, Target::Directory);
            (
                call.dispatch(target).await.map(|reply| (reply, is_directory)),
                needs_nonce,
            )
        }
        None => (Err(Fault::not_found("resource")), call.method == Method::POST),
    };
    let reply = match replied {
        Ok((reply, true)) => reply,
        Ok((reply, false)) => reply.with_index(&call.origin),
        Err(fault) => {
            if fault.cause.is_some() {
                app.engine.tell("a request", &fault);
            }
            Reply::of_fault(&fault).with_index(&call.origin)
        }
    };
    // RFC 9110 §15.5.6.
    let reply = match reply.status() {
        405 => reply.with(ALLOW, methods),
        _ => reply,
    };
    let reply = match needs_nonce {
        true => reply.with_nonce(&app.engine.new_nonce()),
        false => reply,
    };
    app.engine.metrics().answered(label, reply.status());
    app.engine.log().asked(&Asked {
        id: call.id.as_str(),
        resource: label,
        status: reply.status(),
        problem: reply
            .problem()
            .map(|problem| (problem.kind().name(), problem.detail())),
        account: call.signed_by.get().map(Id::as_str),
        from: call.peer.address(),
        took: begun.elapsed(),
    });
    reply.into_response(is_head)
}

/// `Host` of HTTP/1.1, `:authority` of HTTP/2.
fn host_of<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    uri.authority()
        .map(axum::http::uri::Authority::as_str)
        .or_else(|| headers.get(HOST)?.to_str().ok())
}

impl Call<'_> {
    async fn dispatch(&self, target: Target) -> Answer<Reply> {
        let is_get = matches!(self.method, Method::GET | Method::HEAD);
        match (target, is_get, &self.method) {
            (Target::Directory, true, _) => Ok(self.directory()),
            (Target::NewNonce, true, &Method::HEAD) => Ok(Reply::empty(200).uncached()),
            (Target::NewNonce, true, _) => Ok(Reply::empty(204).uncached()),
            (Target::RenewalInfo(id), true, _) => self.renewal_info(&id).await,
            (target, false, &Method::POST) => self.post(target).await,
            (target, ..) => Err(Problem::new(
                ProblemType::Malformed,
                format!("{} is not for {}", self.method, target.name()),
            )
            .with_status(405)
            .into()),
        }
    }

    async fn post(&self, target: Target) -> Answer<Reply> {
        match target {
            Target::NewAccount => self.new_account().await,
            Target::RevokeCert => self.revoke().await,
            Target::RenewalInfo(_) => Err(Problem::new(
                ProblemType::Malformed,
                "renewalInfo is asked with GET",
            )
            .with_status(405)
            .into()),
            target => {
                let (verified, account) = self.by_account().await?;
                self.of_account(target, &verified, account).await
            }
        }
    }

    async fn of_account(
        &self,
        target: Target,
        verified: &Verified,
        account: Versioned<Account>,
    ) -> Answer<Reply> {
        let engine = &self.app.engine;
        match target {
            Target::Directory => {
                verified.expect_post_as_get()?;
                Ok(self.directory())
            }
            Target::NewNonce => {
                verified.expect_post_as_get()?;
                Ok(Reply::empty(204).uncached())
            }
            Target::NewOrder => {
                let order = engine
                    .new_order(&account.value, NewOrder::read(verified.content()?)?)
                    .await?;
                Ok(self
                    .order(&order)
                    .created()
                    .at(&self.origin.url(&target::order(&order.id))))
            }
            Target::NewAuthz => {
                let identifier = read_new_authorization(verified.content()?)?;
                let (made, is_new) = engine.new_authorization(&account.value, identifier).await?;
                let reply = self
                    .authorization(&made)
                    .at(&self.origin.url(&target::authorization(&made.id)));
                Ok(if is_new { reply.created() } else { reply })
            }
            Target::KeyChange => self.change_key(verified, account).await,
            Target::Account(id) => {
                expect_own(&account.value, &id)?;
                let changed = engine
                    .change_account(account, AccountRequest::read(verified)?)
                    .await?;
                Ok(self.account(&changed))
            }
            Target::Orders(id, after) => {
                expect_own(&account.value, &id)?;
                verified.expect_post_as_get()?;
                let listed = engine.orders(&account.value, after).await?;
                Ok(self.orders(&id, &listed))
            }
            Target::Order(id) => {
                verified.expect_post_as_get()?;
                Ok(self.order(&engine.order(&account.value, &id).await?))
            }
            Target::Finalize(id) => {
                let request = read_finalize(verified.content()?)?;
                let order = engine
                    .finalize(&account.value, verified.key(), &id, request, &self.id)
                    .await?;
                Ok(self.order(&order).at(&self.origin.url(&target::order(&order.id))))
            }
            Target::Authorization(id) => {
                let request = AuthorizationRequest::read(verified)?;
                Ok(self.authorization(&engine.authorization(&account.value, &id, request).await?))
            }
            Target::Challenge(authorization, id) => {
                let (authorization, challenge) = match ChallengeRequest::read(verified)? {
                    ChallengeRequest::Look => {
                        engine.challenge_of(&account.value, &authorization, &id).await?
                    }
                    ChallengeRequest::Attempt => engine.attempt(&account.value, &authorization, &id).await?,
                };
                Ok(self.challenge(&authorization, &challenge))
            }
            Target::Certificate(serial, chain) => {
                verified.expect_post_as_get()?;
                let found = engine.certificate(&account.value, &serial).await?;
                self.certificate(&serial, &found, chain)
            }
            Target::Issuer(serial) => {
                verified.expect_post_as_get()?;
                Ok(Self::issuer(&engine.certificate(&account.value, &serial).await?))
            }
            Target::NewAccount | Target::RevokeCert | Target::RenewalInfo(_) => {
                Err(Fault::not_found("resource"))
            }
        }
    }

    async fn new_account(&self) -> Answer<Reply> {
        let (verified, jwk) = self.by_key().await?;
        let request = NewAccount::read(verified.content()?)?;
        let found = self
            .app
            .engine
            .new_account(request, &jwk, verified.url(), self.peer.address())
            .await?;
        let reply = self
            .account(&found.account)
            .at(&self.origin.url(&target::account(&found.account.id)));
        Ok(if found.is_new { reply.created() } else { reply })
    }

    async fn change_key(&self, verified: &Verified, account: Versioned<Account>) -> Answer<Reply> {
        let change = KeyChange::read(verified)?;
        match self.app.engine.change_key(account, &change.new_key).await? {
            Ok(account) => Ok(self.account(&account)),
            Err(taken) => Ok(Reply::of_fault(
                &Problem::new(ProblemType::Malformed, "another account has that key")
                    .with_status(409)
                    .into(),
            )
            .at(&self.origin.url(&target::account(&taken)))),
        }
    }

    async fn revoke(&self) -> Answer<Reply> {
        let unverified = self.unverified()?;
        let engine = &self.app.engine;
        match unverified.signed_by().clone() {
            SignedBy::Account(_) => {
                let (verified, account) = self.by_account().await?;
                let request = Revocation::read(verified.content()?)?;
                engine.revoke(request, Revoker::Account(&account.value)).await?;
            }
            SignedBy::Key(_) => {
                let (verified, _) = self.by_key().await?;
                let request = Revocation::read(verified.content()?)?;
                engine.revoke(request, Revoker::Key(verified.key())).await?;
            }
        }
        Ok(Reply::empty(200))
    }

    async fn renewal_info(&self, id: &str) -> Answer<Reply> {
        let renewal = self.app.engine.renewal_info(id).await?;
        Ok(Reply::json(&renewal.info).retry_after(renewal.ask_again))
    }
}

/// An account's own URL is for its own key only (RFC 8555 §7.3.2).
fn expect_own(account: &Account, id: &Id) -> Answer<()> {
    if account.id == *id {
        return Ok(());
    }
    Err(Problem::new(
        ProblemType::Unauthorized,
        "the request is signed by another account",
    )
    .with_status(403)
    .into())
}
