//! What the server answers (RFC 8555 §7.1), as values that serialize. URLs are whole ones.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

use super::identifier_object::IdentifierObject;
use super::moment::Moment;
use super::problem::Problem;
use crate::domain::{AccountStatus, AuthorizationStatus, ChallengeKind, ChallengeStatus, OrderStatus};

/// The directory (§7.1.1, RFC 9773 §4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Directory {
    /// Where nonces are had.
    pub new_nonce: String,
    /// Where accounts are made.
    pub new_account: String,
    /// Where orders are made.
    pub new_order: String,
    /// Where identifiers are authorized in advance; missing where they are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_authz: Option<String>,
    /// Where certificates are revoked.
    pub revoke_cert: String,
    /// Where accounts get another key.
    pub key_change: String,
    /// In front of the identifier of a certificate.
    pub renewal_info: String,
    /// What else is to be known.
    pub meta: Meta,
}

/// Metadata of the directory (§7.1.1, draft-ietf-acme-profiles).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    /// The present terms of service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms_of_service: Option<String>,
    /// Where a person reads about the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// Host names, in lower case, that mean this CA in CAA records.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub caa_identities: Vec<String>,
    /// Whether an account needs an external account binding.
    pub external_account_required: bool,
    /// Each profile, and what it is.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub profiles: BTreeMap<String, String>,
}

/// An account (§7.1.2).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountObject {
    /// Its state.
    pub status: AccountStatus,
    /// URLs of contacts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contact: Vec<String>,
    /// Whether the client agreed to the terms of service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms_of_service_agreed: Option<bool>,
    /// What it is bound to, as the client sent it (§7.3.4).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_account_binding: Option<JsonText>,
    /// Where its orders are listed.
    pub orders: String,
}

/// The orders of an account (§7.1.2.1); what follows is linked in the header of the response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrdersList {
    /// URLs.
    pub orders: Vec<String>,
}

/// An order (§7.1.3).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderObject {
    /// Its state.
    pub status: OrderStatus,
    /// When the server forgets it; there for pending and valid ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Moment>,
    /// What for.
    pub identifiers: Vec<IdentifierObject>,
    /// The profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// As it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Moment>,
    /// As it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_after: Option<Moment>,
    /// The certificate that it replaces (RFC 9773 §5).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// Why it is invalid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<JsonText>,
    /// URLs of authorizations.
    pub authorizations: Vec<String>,
    /// Where the CSR goes.
    pub finalize: String,
    /// Where the certificate is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
}

/// An authorization (§7.1.4).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthorizationObject {
    /// What for; never a wildcard.
    pub identifier: IdentifierObject,
    /// Its state.
    pub status: AuthorizationStatus,
    /// When it ends; there for valid ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Moment>,
    /// How it can be, or was, shown.
    pub challenges: Vec<ChallengeObject>,
    /// Whether the order was for the wildcard below the identifier; missing otherwise.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub wildcard: bool,
}

/// A challenge (§7.1.5, §8).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChallengeObject {
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: ChallengeKind,
    /// Where it is answered.
    pub url: String,
    /// Its state.
    pub status: ChallengeStatus,
    /// When it was solved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validated: Option<Moment>,
    /// What was wrong the last time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<JsonText>,
    /// The token.
    pub token: String,
}

/// JSON that was kept: a problem document, an external account binding.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct JsonText(Box<RawValue>);

impl JsonText {
    /// As [`Problem::to_json`] or [`Binding::to_json`](super::Binding::to_json) wrote it; `None` when it is no JSON.
    pub fn parse(document: String) -> Option<Self> {
        RawValue::from_string(document).ok().map(Self)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }
}

impl PartialEq for JsonText {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl From<&Problem> for JsonText {
    fn from(problem: &Problem) -> Self {
        Self::parse(problem.to_json()).expect("what was written as JSON is JSON")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acme::problem::ProblemType;
    use crate::domain::Identifier;
    use serde_json::{Value, json};
    use time::macros::datetime;

    fn value(answer: &impl Serialize) -> Value {
        serde_json::to_value(answer).expect("JSON")
    }

    #[test]
    fn fields_are_spelt_as_in_the_rfc() {
        let url = |path: &str| format!("https://ca.example/acme/{path}");
        let directory = Directory {
            new_nonce: url("new-nonce"),
            new_account: url("new-account"),
            new_order: url("new-order"),
            new_authz: Some(url("new-authz")),
            revoke_cert: url("revoke-cert"),
            key_change: url("key-change"),
            renewal_info: url("renewal-info"),
            meta: Meta {
                terms_of_service: Some(url("terms")),
                website: Some(url("")),
                caa_identities: vec!["ca.example".into()],
                external_account_required: true,
                profiles: BTreeMap::from([("server".into(), "TLS servers".into())]),
            },
        };
        assert_eq!(
            value(&directory),
            json!({
                "newNonce": url("new-nonce"), "newAccount": url("new-account"), "newOrder": url("new-order"),
                "newAuthz": url("new-authz"), "revokeCert": url("revoke-cert"), "keyChange": url("key-change"),
                "renewalInfo": url("renewal-info"),
                "meta": {
                    "termsOfService": url("terms"), "website": url(""), "caaIdentities": ["ca.example"],
                    "externalAccountRequired": true, "profiles": {"server": "TLS servers"}
                }
            })
        );
        assert_eq!(value(&Meta::default()), json!({"externalAccountRequired": false}));
        let account = AccountObject {
            status: AccountStatus::Deactivated,
            contact: vec!["mailto:a@b.example".into()],
            terms_of_service_agreed: Some(true),
            external_account_binding: JsonText::parse(r#"{"payload":"e30"}"#.into()),
            orders: url("orders"),
        };
        assert_eq!(
            value(&account),
            json!({
                "status": "deactivated", "contact": ["mailto:a@b.example"], "termsOfServiceAgreed": true,
                "externalAccountBinding": {"payload": "e30"}, "orders": url("orders")
            })
        );
        assert_eq!(value(&OrdersList { orders: Vec::new() }), json!({"orders": []}));
    }

    #[test]
    fn an_order_with_its_authorization_and_challenge() {
        let name = Identifier::dns("a.example").expect("a name");
        let problem = Problem::new(ProblemType::Dns, "there is no such name");
        let time = Moment(datetime!(2026-11-30 12:00 +1));
        let order = OrderObject {
            status: OrderStatus::Invalid,
            expires: Some(time),
            identifiers: vec![IdentifierObject::from(&name)],
            profile: Some("server".into()),
            not_before: Some(time),
            not_after: Some(time),
            replaces: Some("AA.AA".into()),
            error: Some((&problem).into()),
            authorizations: vec!["https://ca.example/a".into()],
            finalize: "https://ca.example/f".into(),
            certificate: Some("https://ca.example/c".into()),
        };
        let time = "2026-11-30T11:00:00Z";
        let error = json!({"type": "urn:ietf:params:acme:error:dns", "detail": "there is no such name", "status": 400});
        let identifier = json!({"type": "dns", "value": "a.example"});
        assert_eq!(
            value(&order),
            json!({
                "status": "invalid", "expires": time, "identifiers": [identifier], "profile": "server", "notBefore": time,
                "notAfter": time, "replaces": "AA.AA", "error": error, "authorizations": ["https://ca.example/a"],
                "finalize": "https://ca.example/f", "certificate": "https://ca.example/c"
            })
        );
        let challenge = ChallengeObject {
            kind: ChallengeKind::TlsAlpn01,
            url: "https://ca.example/x".into(),
            status: ChallengeStatus::Invalid,
            validated: None,
            error: order.error.clone(),
            token: "t".into(),
        };
        let authorization = AuthorizationObject {
            identifier: IdentifierObject::from(&name),
            status: AuthorizationStatus::Pending,
            expires: None,
            challenges: vec![challenge],
            wildcard: true,
        };
        assert_eq!(
            value(&authorization),
            json!({
                "identifier": identifier, "status": "pending", "wildcard": true,
                "challenges": [{
                    "type": "tls-alpn-01", "url": "https://ca.example/x", "status": "invalid", "error": error, "token": "t"
                }]
            })
        );
        let plain = AuthorizationObject {
            wildcard: false,
            ..authorization
        };
        assert_eq!(value(&plain).get("wildcard"), None);
    }

    #[test]
    fn states_have_the_words_of_the_rfc() {
        use AuthorizationStatus as A;
        use OrderStatus as O;
        assert_eq!(
            value(&[
                A::Pending,
                A::Valid,
                A::Invalid,
                A::Deactivated,
                A::Expired,
                A::Revoked
            ]),
            json!(["pending", "valid", "invalid", "deactivated", "expired", "revoked"])
        );
        assert_eq!(
            value(&[O::Pending, O::Ready, O::Processing, O::Valid, O::Invalid]),
            json!(["pending", "ready", "processing", "valid", "invalid"])
        );
        use ChallengeStatus as C;
        assert_eq!(
            value(&[C::Pending, C::Processing, C::Valid, C::Invalid]),
            json!(["pending", "processing", "valid", "invalid"])
        );
        assert_eq!(
            value(&[
                AccountStatus::Valid,
                AccountStatus::Deactivated,
                AccountStatus::Revoked
            ]),
            json!(["valid", "deactivated", "revoked"])
        );
        assert_eq!(
            value(&[
                ChallengeKind::Http01,
                ChallengeKind::Dns01,
                ChallengeKind::TlsAlpn01
            ]),
            json!(["http-01", "dns-01", "tls-alpn-01"])
        );
    }

    #[test]
    fn what_was_kept_is_json_or_none() {
        assert_eq!(JsonText::parse("{".into()), None);
        assert_eq!(JsonText::parse("{}".into()).expect("JSON").as_str(), "{}");
    }
}
