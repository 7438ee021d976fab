//! The paths of ACME resources.

use crate::domain::{Id, Identifier};

/// Before all of them.
const ROOT: &str = "/acme";
/// The longest serial number in a path: 20 bytes (RFC 5280 §4.1.2.2).
const MAX_SERIAL: usize = 40;

/// What a request is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    Directory,
    NewNonce,
    NewAccount,
    NewOrder,
    NewAuthz,
    RevokeCert,
    KeyChange,
    RenewalInfo(String),
    Account(Id),
    Orders(Id, Option<Id>),
    Order(Id),
    Finalize(Id),
    Authorization(Id),
    Challenge(Id, Id),
    /// By serial number.
    Certificate(String, Chain),
    /// The certificate of the CA that issued the certificate with a serial number.
    Issuer(String),
}

/// Which certificates come with the one that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chain {
    /// Those that lead every peer to a root that it trusts: while a former root is trusted, to that one too.
    Whole,
    /// Those that lead to the present root.
    Present,
}

impl Target {
    pub(super) fn parse(path: &str, query: Option<&str>) -> Option<Self> {
        let rest = path.strip_prefix(ROOT)?.strip_prefix('/')?;
        let parts: Vec<&str> = rest.split('/').collect();
        let after = match query {
            None => None,
            Some(query) => Some(Id::parse(query.strip_prefix("after=")?)?),
        };
        let target = match parts.as_slice() {
            ["directory"] => Self::Directory,
            ["new-nonce"] => Self::NewNonce,
            ["new-account"] => Self::NewAccount,
            ["new-order"] => Self::NewOrder,
            ["new-authz"] => Self::NewAuthz,
            ["revoke-cert"] => Self::RevokeCert,
            ["key-change"] => Self::KeyChange,
            ["renewal-info", id] => Self::RenewalInfo((*id).to_owned()),
            ["account", id] => Self::Account(Id::parse(id)?),
            ["account", id, "orders"] => return Some(Self::Orders(Id::parse(id)?, after)),
            ["order", id] => Self::Order(Id::parse(id)?),
            ["order", id, "finalize"] => Self::Finalize(Id::parse(id)?),
            ["authz", id] => Self::Authorization(Id::parse(id)?),
            ["challenge", authorization, id] => Self::Challenge(Id::parse(authorization)?, Id::parse(id)?),
            ["certificate", serial] if is_serial(serial) => {
                Self::Certificate((*serial).to_owned(), Chain::Whole)
            }
            ["certificate", serial, "present"] if is_serial(serial) => {
                Self::Certificate((*serial).to_owned(), Chain::Present)
            }
            ["certificate", serial, "issuer"] if is_serial(serial) => Self::Issuer((*serial).to_owned()),
            _ => return None,
        };
        // Only the list of orders has a query.
        query.is_none().then_some(target)
    }

    /// What it is called among numbers: of the directory, the names there.
    pub(super) fn label(&self) -> &'static str {
        match self {
            Self::Directory => "directory",
            Self::Account(_) => "account",
            Self::Orders(..) => "orders",
            Self::Order(_) => "order",
            Self::Authorization(_) => "authorization",
            Self::Challenge(..) => "challenge",
            Self::Certificate(..) | Self::Issuer(_) => "certificate",
            other => other.name(),
        }
    }

    /// The methods of HTTP by which it is asked (RFC 8555 §6.3, RFC 9773 §4.1).
    pub(super) fn methods(&self) -> &'static str {
        match self {
            Self::Directory | Self::NewNonce => "GET, HEAD, POST",
            Self::RenewalInfo(_) => "GET, HEAD",
            _ => "POST",
        }
    }

    /// For people.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Directory => "the directory",
            Self::NewNonce => "newNonce",
            Self::NewAccount => "newAccount",
            Self::NewOrder => "newOrder",
            Self::NewAuthz => "newAuthz",
            Self::RevokeCert => "revokeCert",
            Self::KeyChange => "keyChange",
            Self::RenewalInfo(_) => "renewalInfo",
            Self::Account(_) => "an account",
            Self::Orders(..) => "the orders of an account",
            Self::Order(_) => "an order",
            Self::Finalize(_) => "finalize",
            Self::Authorization(_) => "an authorization",
            Self::Challenge(..) => "a challenge",
            Self::Certificate(..) => "a certificate",
            Self::Issuer(_) => "the issuer of a certificate",
        }
    }
}

/// The form that the server itself writes.
fn is_serial(text: &str) -> bool {
    (1..=MAX_SERIAL).contains(&text.len())
        && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

pub(super) fn resource(name: &str) -> String {
    format!("{ROOT}/{name}")
}

pub(super) fn account(id: &Id) -> String {
    format!("{ROOT}/account/{id}")
}

/// The account that a path is of.
pub(super) fn account_of(path: &str) -> Option<Id> {
    match Target::parse(path, None)? {
        Target::Account(id) => Some(id),
        _ => None,
    }
}

pub(super) fn orders(account: &Id, after: Option<&Id>) -> String {
    let query = after.map_or_else(String::new, |after| format!("?after={after}"));
    format!("{ROOT}/account/{account}/orders{query}")
}

pub(super) fn order(id: &Id) -> String {
    format!("{ROOT}/order/{id}")
}

pub(super) fn finalize(id: &Id) -> String {
    format!("{ROOT}/order/{id}/finalize")
}

pub(super) fn authorization(id: &Id) -> String {
    format!("{ROOT}/authz/{id}")
}

pub(super) fn challenge(authorization: &Id, id: &Id) -> String {
    format!("{ROOT}/challenge/{authorization}/{id}")
}

pub(super) fn certificate(serial: &str, chain: Chain) -> String {
    let part = match chain {
        Chain::Whole => "",
        Chain::Present => "/present",
    };
    format!("{ROOT}/certificate/{serial}{part}")
}

pub(super) fn issuer(serial: &str) -> String {
    format!("{ROOT}/certificate/{serial}/issuer")
}

/// The object of an identifier, as it stands in answers.
pub(super) fn identifier(identifier: &Identifier) -> crate::acme::IdentifierObject {
    crate::acme::IdentifierObject::new(identifier.kind(), &identifier.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_is_read_as_what_it_was_written_for() {
        let id = |byte: u8| Id::from_random(&mut |out| out.fill(byte));
        let rows = [
            (resource("directory"), Target::Directory),
            (account(&id(1)), Target::Account(id(1))),
            (order(&id(1)), Target::Order(id(1))),
            (finalize(&id(1)), Target::Finalize(id(1))),
            (authorization(&id(1)), Target::Authorization(id(1))),
            (challenge(&id(1), &id(2)), Target::Challenge(id(1), id(2))),
            (
                certificate("0a", Chain::Whole),
                Target::Certificate("0a".into(), Chain::Whole),
            ),
            (
                certificate("0a", Chain::Present),
                Target::Certificate("0a".into(), Chain::Present),
            ),
            (issuer("0a"), Target::Issuer("0a".into())),
        ];
        for (path, target) in rows {
            assert_eq!(Target::parse(&path, None), Some(target), "{path}");
        }
        assert_eq!(
            Target::parse(&orders(&id(1), None), Some(&format!("after={}", id(2)))),
            Some(Target::Orders(id(1), Some(id(2))))
        );
        assert_eq!(account_of(&account(&id(3))), Some(id(3)));
    }

    #[test]
    fn other_paths_are_nothing() {
        for path in [
            "/acme",
            "/acme/",
            "/acme/directory/",
            "/acme//directory",
            "/acme/order/x",
            "/acme/certificate/0A",
            "/acme/certificate/../../ca_conf/ca_priv_key",
            "/ACME/directory",
        ] {
            assert_eq!(Target::parse(path, None), None, "{path}");
        }
        assert_eq!(Target::parse("/acme/directory", Some("x=1")), None);
    }
}
