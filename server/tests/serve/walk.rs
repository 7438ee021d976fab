//! A client on its way through RFC 8555, and what each answer must be.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Answer, Client, Responder};
use crate::site::{Dns, PATIENCE, Site};

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

/// Orders a certificate for a name. Returns the URL and the token of its challenge http-01.
#[track_caller]
pub fn http01_of(client: &mut Client, name: &str) -> (String, String) {
    let order = client.order(&[name]);
    let order = client.asked(&order, None).json();
    let at = order["authorizations"][0].as_str().expect("a URL").to_owned();
    let found = client.asked(&at, None).json();
    let challenges = found["challenges"].as_array().expect("challenges");
    let challenge = challenges.iter().find(|one| one["type"] == "http-01");
    let challenge = challenge.expect("http-01");
    (
        text(challenge, "url").to_owned(),
        text(challenge, "token").to_owned(),
    )
}

/// The challenge is tried until it is given up; the client hurries each attempt. Returns its problem.
#[track_caller]
pub fn given_up(client: &mut Client, challenge: &str, name: &str) -> Value {
    let end = Instant::now() + PATIENCE;
    loop {
        client.asked(challenge, Some(&json!({})));
        let object = is(&client.asked(challenge, None), 200);
        assert_ne!(object["status"], "valid", "{name}");
        if object["status"] == "invalid" {
            return object["error"].clone();
        }
        assert!(Instant::now() < end, "{name}: {object}");
        std::thread::sleep(Duration::from_millis(100));
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
