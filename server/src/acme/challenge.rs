//! What clients ask of challenges (RFC 8555 §7.5.1), and what a challenge is answered with (§8.1).

use super::json::Object;
use super::jwk::Jwk;
use super::jws::Verified;
use super::problem::Problem;

/// What a client asks of a challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChallengeRequest {
    /// To see it.
    Look,
    /// To try it.
    Attempt,
}

impl ChallengeRequest {
    /// Reads a request to the URL of a challenge: `{}` is an attempt, an empty payload is none. What an object has is ignored.
    ///
    /// # Errors
    /// `malformed`.
    pub fn read(request: &Verified) -> Result<Self, Problem> {
        if request.is_post_as_get() {
            return Ok(Self::Look);
        }
        Object::read(request.content()?)?;
        Ok(Self::Attempt)
    }
}

/// The key authorization (RFC 8555 §8.1): the token, and the thumbprint of the account's key.
pub fn key_authorization(token: &str, account: &Jwk) -> String {
    format!("{token}.{}", account.thumbprint())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acme::jws::Jws;
    use crate::acme::samples::{Client, RFC_8037_KEY};

    #[test]
    fn an_object_is_an_attempt_and_nothing_is_a_look() {
        let client = Client::new();
        let read = |payload: &str| {
            let jws = client.sign(&client.header_with_key(), payload).to_string();
            let unverified = Jws::parse(jws.as_bytes()).expect("a JWS");
            ChallengeRequest::read(&unverified.verify(client.jwk().public_key()).expect("verified"))
        };
        assert_eq!(read(""), Ok(ChallengeRequest::Look));
        assert_eq!(read("{}"), Ok(ChallengeRequest::Attempt));
        assert_eq!(read(r#"{"keyAuthorization":"x"}"#), Ok(ChallengeRequest::Attempt));
        for payload in ["null", "[]", "\"\"", " "] {
            assert!(read(payload).is_err(), "{payload}");
        }
    }

    #[test]
    fn a_key_authorization_is_token_and_thumbprint() {
        let jwk = Jwk::parse(RFC_8037_KEY.as_bytes()).expect("a key");
        assert_eq!(
            key_authorization("token", &jwk),
            "token.kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
        );
    }
}
