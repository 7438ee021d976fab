//! A client on its way through RFC 8555, and what each answer must be.

use serde_json::Value;

use crate::client::{Answer, Client, Responder};
use crate::site::{Dns, Site};

/// A server, and a client that has an account there.
pub struct Walk {
    pub site: Site,
    pub responder: Responder,
    pub client: Client,
}

impl Walk {
    pub fn new() -> Self {
        Self::with("")
    }

    /// With more in `serve.toml`.
    pub fn with(settings: &str) -> Self {
        let site = Site::with(settings, Some(Dns::start()));
        let responder = Responder::start(site.http_port);
        let mut client = Client::new(&site, &responder);
        client.register();
        Self {
            site,
            responder,
            client,
        }
    }

    /// A client with another key, and no account.
    pub fn another(&self) -> Client {
        Client::new(&self.site, &self.responder)
    }
}

#[track_caller]
pub fn is(answer: &Answer, status: u16) -> Value {
    assert_eq!(answer.status, status, "{}", answer.text());
    answer.json()
}

#[track_caller]
pub fn refuses(answer: &Answer, status: u16, kind: &str) {
    let found = (answer.status, answer.problem());
    assert_eq!(found, (status, Some(kind.to_owned())), "{}", answer.text());
}

#[track_caller]
pub fn text<'v>(object: &'v Value, name: &str) -> &'v str {
    object[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name}: {object}"))
}

pub fn is_base64url(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}
