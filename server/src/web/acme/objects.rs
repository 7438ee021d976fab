//! What the engine has, as the protocol shows it.

use axum::http::header::ACCEPT;

use super::reply::Reply;
use super::target::Chain;
use super::{Call, target};
use crate::acme::{
    AccountObject, AuthorizationObject, ChallengeObject, Directory, JsonText, Meta, Moment, OrderObject,
    OrdersList,
};
use crate::domain::{
    Account, Authorization, AuthorizationStatus, Challenge, ChallengeStatus, Id, Order, OrderStatus,
};
use crate::engine::{Answer, Download, Fault, ListedOrders};
use gsec_pki::x509::{Certificate, certificates_only};

/// How soon a client asks again for what is being done, in seconds.
const SOON: u64 = 1;
const PEM: &str = "application/pem-certificate-chain";
const PKIX_CERT: &str = "application/pkix-cert";
const PKCS7: &str = "application/pkcs7-mime";
/// RFC 5751 §3.2.2.
const PKCS7_CERTS: &str = "application/pkcs7-mime; smime-type=certs-only";

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
                caa_identities: self.app.engine.issuer_names(),
                ..Meta::default()
            },
        })
    }

    pub(super) fn account(&self, account: &Account) -> Reply {
        Reply::json(&AccountObject {
            status: account.status(),
            contact: account.contacts.clone(),
            terms_of_service_agreed: account.terms_agreed.map(|_| true),
            external_account_binding: account.binding.clone().and_then(JsonText::parse),
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
                .map(|serial| self.origin.url(&target::certificate(serial, Chain::Whole))),
        });
        match status {
            OrderStatus::Processing => {
                reply.retry_after(self.app.engine.issued_in(order).unwrap_or_default() + SOON)
            }
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
        let tried = authorization
            .challenges()
            .iter()
            .find(|challenge| challenge.status() == ChallengeStatus::Processing);
        match (status, tried) {
            (AuthorizationStatus::Pending, Some(tried)) => reply.retry_after(self.next_look(tried)),
            _ => reply,
        }
    }

    pub(super) fn challenge(&self, authorization: &Authorization, challenge: &Challenge) -> Reply {
        let reply = Reply::json(&self.challenge_object(authorization, challenge))
            .linked(&self.origin.url(&target::authorization(&authorization.id)), "up");
        match challenge.status() {
            ChallengeStatus::Processing => reply.retry_after(self.next_look(challenge)),
            _ => reply,
        }
    }

    /// In how many seconds there may be something new: after the next attempt (RFC 8555 §8.2).
    fn next_look(&self, challenge: &Challenge) -> u64 {
        let wait = challenge
            .waits_until()
            .map_or(0, |next| (next - self.app.engine.now()).whole_seconds());
        u64::try_from(wait).unwrap_or_default() + SOON
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

    /// The chain in the form that the client asks for (RFC 8555 §7.4.2); what it does not know is answered with PEM, which every client reads.
    pub(super) fn certificate(&self, serial: &str, found: &Download, chain: Chain) -> Answer<Reply> {
        let certificates = match (chain, &found.present) {
            (Chain::Whole, _) => &found.chain,
            (Chain::Present, Some(present)) => present,
            (Chain::Present, None) => return Err(Fault::not_found("certificate")),
        };
        let reply = match (self.wanted_form(), certificates.first()) {
            (PKIX_CERT, Some(first)) => Reply::empty(200)
                .with_body(PKIX_CERT, first.der().to_vec())
                .linked(&self.origin.url(&target::issuer(serial)), "up"),
            (PKCS7, _) => Reply::empty(200).with_body(PKCS7_CERTS, certificates_only(certificates)),
            _ => {
                let pem: String = certificates.iter().map(Certificate::to_pem).collect();
                Reply::empty(200).with_body(PEM, pem.into_bytes())
            }
        };
        let other = match chain {
            Chain::Whole => Chain::Present,
            Chain::Present => Chain::Whole,
        };
        Ok(match found.present {
            Some(_) => reply.linked(&self.origin.url(&target::certificate(serial, other)), "alternate"),
            None => reply,
        })
    }

    /// The certificate of the CA by whose key a certificate was signed, as DER.
    pub(super) fn issuer(found: &Download) -> Reply {
        Reply::empty(200).with_body(PKIX_CERT, found.issuer.der().to_vec())
    }

    /// The form that `Accept` wants most among those that there are; of equals the one that stands first.
    fn wanted_form(&self) -> &'static str {
        let accepts = self.headers.get_all(ACCEPT).iter();
        let named = accepts.filter_map(|value| value.to_str().ok());
        let wishes = named.flat_map(|value| value.split(',')).filter_map(Wish::read);
        let best = wishes.reduce(|best, other| if other.weight > best.weight { other } else { best });
        best.map_or(PEM, |best| best.form)
    }
}

/// One of the forms that a client accepts.
struct Wish {
    form: &'static str,
    /// In thousandths (RFC 9110 §12.4.2).
    weight: u16,
}

impl Wish {
    /// `None` for a form that there is not, and for one that is refused by `q=0`.
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(';').map(|part| part.trim().to_ascii_lowercase());
        let form = match parts.next()?.as_str() {
            PKIX_CERT => PKIX_CERT,
            PKCS7 | "application/pkcs7-certs-only" | "application/x-pkcs7-certificates" => PKCS7,
            PEM | "*/*" | "application/*" => PEM,
            _ => return None,
        };
        let weight = parts
            .find_map(|part| part.strip_prefix("q=")?.trim().parse::<f32>().ok())
            .map_or(1000, |weight| (weight.clamp(0.0, 1.0) * 1000.0) as u16);
        (weight > 0).then_some(Self { form, weight })
    }
}
