//! What is to be proven, and how.

use std::net::SocketAddr;

use super::failure::Failure;
use crate::domain::ChallengeKind;
use crate::domain::Identifier;

/// What a client must show to prove that it controls an identifier.
#[derive(Debug, Clone, Copy)]
pub struct Proof<'a> {
    /// The name or address; never a wildcard, but the name below it.
    pub identifier: &'a Identifier,
    /// The challenge that the client has chosen.
    pub kind: ChallengeKind,
    /// The challenge's token, base64url (RFC 8555 §8.1).
    pub token: &'a str,
    /// Token and thumbprint of the account's key, RFC 8555 §8.1.
    pub key_authorization: &'a str,
}

impl Proof<'_> {
    /// Whether this kind of challenge can prove such an identifier, and the token is one.
    ///
    /// # Errors
    /// [`Failure::NotProvable`].
    pub(super) fn expect_provable(&self) -> Result<(), Failure> {
        let is_address = matches!(self.identifier, Identifier::Ip(_));
        let is_token = !self.token.is_empty()
            && self
                .token
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        // RFC 8738 §7 keeps addresses from dns-01.
        if self.identifier.is_wildcard() || (is_address && self.kind == ChallengeKind::Dns01) || !is_token {
            return Err(Failure::NotProvable {
                identifier: self.identifier.to_string(),
                kind: self.kind,
            });
        }
        Ok(())
    }
}

/// Control of the identifier is proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proven {
    /// Where the proof was found, after redirects; `None` when it was in the DNS.
    pub address: Option<SocketAddr>,
}
