//! What the engine has, as the protocol shows it.

use axum::http::header::ACCEPT;

use super::reply::Reply;
use super::{Call, target};
use crate::acme::{
    AccountObject, AuthorizationObject, ChallengeObject, Directory, JsonText, Meta, Moment, OrderObject,
    OrdersList,
};
use crate::domain::{Account, Authorization, AuthorizationStatus, Challenge, Id, Order, OrderStatus};
use crate::engine::{Answer, Download, ListedOrders};
use gsec_pki::x509::Certificate;

/// How soon a client asks again for what is being done, in seconds.
const SOON: u64 = 1;
const PEM: &str = "application/pem-certificate-chain";
const DER: &str = "application/pkix-cert";

impl Call<'_> {
    fn url(&self, name: &str) -> String {
        self.origin.url(&target::resource(name))
    }

    pub(super) fn directory(&self) -> Reply {
        let settings = self.app.engine.settings();
        Reply::json(&Directory {
            new_nonce: self.url("new-nonce"),
            new_account: self.url("new-account"),
            new_order: self.url("new-order"),
            new_authz: Some(self.url("new-authz")),
            revoke_cert: self.url("revoke-cert"),
            key_change: self.url("key-change"),
            renewal_info: self.url("renewal-info"),
            meta: Meta {
                terms_of_service: settings.terms.clone(),
                external_account_required: settings.requires_external_account,
                profiles: settings.profiles.iter().cloned().collect(),
                ..Meta::default()
            },
        })
    }

    pub(super) fn account(&self, account: &Account) -> Reply {
        Reply::json(&AccountObject {
            status: account.status(),
            contact: account.contacts.clone(),
            terms_of_service_agreed: account.terms_agreed.map(|_| true),
            external_account_binding: None,
            orders: self.origin.url(&target::orders(&account.id, None)),
        })
    }

    pub(super) fn orders(&self, account: &Id, listed: &ListedOrders) -> Reply {
        let reply = Reply::json(&OrdersList {
            orders: listed
                .orders
                .iter()
                .map(|id| self.origin.url(&target::order(id)))
                .collect(),
        });
        match &listed.next {
            Some(next) => reply.linked(&self.origin.url(&target::orders(account, Some(next))), "next"),
            None => reply,
        }
    }

    pub(super) fn order(&self, order: &Order) -> Reply {
        let status = order.status_at(self.app.engine.now());
        let asked = &order.asked;
        let reply = Reply::json(&OrderObject {
            status,
            expires: Some(Moment(order.expires())),
            identifiers: asked.identifiers.iter().map(target::identifier).collect(),
            profile: asked.profile.clone(),
            not_before: asked.not_before.map(Moment),
            not_after: asked.not_after.map(Moment),
            replaces: asked.replaces.clone(),
            error: order
                .problem()
                .and_then(|problem| JsonText::parse(problem.to_owned())),
            authorizations: asked
                .authorizations
                .iter()
                .map(|id| self.origin.url(&target::authorization(id)))
                .collect(),
            finalize: self.origin.url(&target::finalize(&order.id)),
            certificate: order
                .serial()
                .map(|serial| self.origin.url(&target::certificate(serial))),
        });
        match status {
            OrderStatus::Processing => reply.retry_after(SOON),
            _ => reply,
        }
    }

    pub(super) fn authorization(&self, authorization: &Authorization) -> Reply {
        let status = authorization.status_at(self.app.engine.now());
        let object = AuthorizationObject {
            identifier: target::identifier(&authorization.identifier),
            status,
            expires: Some(Moment(authorization.expires())),
            challenges: authorization
                .challenges()
                .iter()
                .map(|challenge| self.challenge_object(authorization, challenge))
                .collect(),
            wildcard: authorization.is_wildcard,
        };
        let reply = Reply::json(&object);
        match (status, authorization.next_attempt()) {
            (AuthorizationStatus::Pending, Some(_)) => reply.retry_after(SOON),
            _ => reply,
        }
    }

    pub(super) fn challenge(&self, authorization: &Authorization, challenge: &Challenge) -> Reply {
        let reply = Reply::json(&self.challenge_object(authorization, challenge))
            .linked(&self.origin.url(&target::authorization(&authorization.id)), "up");
        match challenge.next_attempt() {
            Some(_) => reply.retry_after(SOON),
            None => reply,
        }
    }

    fn challenge_object(&self, authorization: &Authorization, challenge: &Challenge) -> ChallengeObject {
        ChallengeObject {
            kind: challenge.kind,
            url: self
                .origin
                .url(&target::challenge(&authorization.id, &challenge.id)),
            status: challenge.status(),
            validated: challenge.validated().map(Moment),
            error: challenge
                .problem()
                .and_then(|problem| JsonText::parse(problem.to_owned())),
            token: challenge.token.as_str().to_owned(),
        }
    }

    /// The chain as PEM, or the certificate alone as DER where the client asks for it (RFC 8555 §7.4.2).
    pub(super) fn certificate(&self, found: &Download) -> Answer<Reply> {
        let accepts = self
            .headers
            .get_all(ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok());
        let wants_der = accepts
            .flat_map(|value| value.split(','))
            .map(|kind| {
                kind.split(';')
                    .next()
                    .unwrap_or_default()
                    .trim()
                    .to_ascii_lowercase()
            })
            .find(|kind| [PEM, DER, "*/*", "application/*"].contains(&kind.as_str()))
            .is_some_and(|kind| kind == DER);
        let reply = match (wants_der, found.chain.first()) {
            (true, Some(first)) => Reply::empty(200).with_body(DER, first.der().to_vec()),
            _ => {
                let pem: String = found.chain.iter().map(Certificate::to_pem).collect();
                Reply::empty(200).with_body(PEM, pem.into_bytes())
            }
        };
        Ok(reply)
    }
}
